"""版式：字体、颜色、画布。颜色取 Okabe–Ito 色盲安全色板。"""

from __future__ import annotations

import hashlib
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib import font_manager

#: 依次寻找的中文字体;记录在案的图形以第一种为准。
FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
)

INK = "#222222"
MUTED = "#767676"
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6E6E6E")

#: 四大支柱的颜色，全书一致。
PILLAR_COLORS = {
    "components": "#0072B2",
    "materials": "#D55E00",
    "processes": "#009E73",
    "technology_base": "#CC79A7",
}

#: 主要国家和地区的颜色 (ISO 3166-1 alpha-3),全书一致。
COUNTRY_COLORS = {
    "CHN": "#D55E00",
    "USA": "#0072B2",
    "JPN": "#009E73",
    "DEU": "#E69F00",
    "NLD": "#CC79A7",
    "KOR": "#56B4E9",
    "TWN": "#8C6D31",
    "GBR": "#6E6E6E",
    "FRA": "#44308D",
    "IND": "#A11D33",
    "EUU": "#7A7A00",
}

#: 证据阶梯的颜色：没有证据为灰，级别越高越深。
RUNG_COLORS = ("#D9D9D9", "#C6DBEF", "#6BAED6", "#2171B5", "#08306B")

#: 画布宽度 (英寸)。手机 390 px 宽的屏上 10.5 pt 的字约合 10 px，仍可读。
WIDTH = 5.0


def _chinese_fonts() -> list[str]:
    have = {font.name for font in font_manager.fontManager.ttflist}
    found = [name for name in FONTS if name in have]
    if not found:
        raise RuntimeError(
            "没有找到中文字体，图中的汉字会变成方块。请安装 fonts-noto-cjk"
            "(Debian/Ubuntu:sudo apt-get install fonts-noto-cjk),或任一种：" + "、".join(FONTS)
        )
    return found


def _apply() -> None:
    sns.set_theme(style="ticks", font=[*_chinese_fonts(), "DejaVu Sans"], palette=PALETTE)
    mpl.rcParams.update(
        {
            "axes.edgecolor": MUTED,
            "axes.grid": True,
            "axes.grid.axis": "x",
            "axes.labelcolor": INK,
            "axes.labelsize": 10,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.unicode_minus": False,
            "figure.constrained_layout.use": True,
            "figure.dpi": 96,
            "font.size": 10.5,
            "grid.color": "#E4E4E4",
            "legend.fontsize": 9.5,
            "legend.frameon": False,
            "pdf.fonttype": 42,
            "svg.fonttype": "path",
            "svg.hashsalt": "chokepoint",
            "text.color": INK,
            "xtick.color": INK,
            "xtick.labelsize": 9.5,
            "ytick.color": INK,
            "ytick.labelsize": 9.5,
        }
    )


def canvas(height: float = 3.4, *, ncols: int = 1, nrows: int = 1, **kwargs):
    """一张全书统一宽度的画布。

    Parameters
    ----------
    height : float
        高度，英寸。
    ncols, nrows : int
        子图的列数、行数。
    **kwargs
        传给 :func:`matplotlib.pyplot.subplots`。

    Returns
    -------
    fig, ax
        与 ``plt.subplots`` 相同;多于一格时 ``ax`` 是数组。
    """
    return plt.subplots(nrows, ncols, figsize=(WIDTH, height), **kwargs)


def ink_on(color: str) -> str:
    """底色（``#rrggbb``）上该用的字色：深底用白，浅底用深。"""
    r, g, b = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return "white" if 0.2126 * r**2.2 + 0.7152 * g**2.2 + 0.0722 * b**2.2 < 0.4 else INK


def fonts() -> dict[str, str]:
    """当前作图用的中文字体：名称与文件内容的摘要，供判断图片能否逐字节比较。

    Returns
    -------
    dict
        ``{"name": 字体名，"sha256": 文件摘要前 16 位，"freetype": 版本}``。
    """
    name = _chinese_fonts()[0]
    path = Path(font_manager.findfont(name))
    return {
        "name": name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest()[:16],
        "freetype": mpl.ft2font.__freetype_version__,
    }


_apply()
