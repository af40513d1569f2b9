"""格子地图：一省一格，格里写简称，颜色是数值；没有数的画斜线，不当作零。"""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from .._style import INK, MUTED, canvas, ink_on

#: 一边为橙、一边为蓝，色盲可辨；中间近白。
DIVERGING = mpl.colors.LinearSegmentedColormap.from_list(
    "tile_diverging", ["#B35806", "#FDB863", "#F7F7F7", "#92C5DE", "#08519C"]
)
#: 由浅到深。
SEQUENTIAL = mpl.colors.LinearSegmentedColormap.from_list("tile_sequential", ["#EFF3FF", "#6BAED6", "#08306B"])


def tile_grid(
    tiles: pd.DataFrame,
    panels: Mapping[str, pd.Series],
    *,
    label: str,
    diverging: bool = False,
    limits: tuple[float, float] | None = None,
    power: float = 1.0,
    spec: str | None = None,
    bar_spec: str = "g",
    ncols: int = 1,
    row: float = 0.4,
) -> Figure:
    """一省一格的示意图，几栏共用一条色标；格的大小与位置不表示面积和距离。

    Parameters
    ----------
    tiles : pandas.DataFrame
        索引为代码；列 ``name`` 简称、``col`` 自西向东第几列、``row`` 自北向南第几行，都从 1 起，不重叠。
    panels : mapping of str to pandas.Series
        栏题 → 数值，索引为代码；缺失的、没有列出的格画斜线。只有一栏时栏题可为空串。
    label : str
        色标的说明，含单位。
    diverging : bool
        两色：零在正中，负为橙，正为蓝，两端取绝对值最大者；否则由浅到深，从最小值到最大值。
    limits : tuple of float, optional
        色标的两端；两色时须对称。超出的按端点着色。
    power : float
        着色前把数值取几次方（保留正负号），在 0 与 1 之间：数值悬殊时用 0.5，使中间的看得出；图注里要说明。
    spec : str, optional
        给出则在简称下写数，用这个格式。
    bar_spec : str
        色标刻度的格式。
    ncols : int
        几栏并排。
    row : float
        一格的高度，英寸；并排时格宽由画布定。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        格重叠、有数值的代码没有格、没有一个数值，``power`` 不在 (0, 1] 内，或两色的两端不对称。
    """
    if tiles.duplicated(["col", "row"]).any():
        raise ValueError(f"格重叠：{'、'.join(tiles['name'][tiles.duplicated(['col', 'row'], keep=False)])}")
    stray = {code for values in panels.values() for code in values.dropna().index} - set(tiles.index)
    if stray:
        raise ValueError(f"这些代码没有格：{'、'.join(sorted(map(str, stray)))}")
    if not 0 < power <= 1:
        raise ValueError(f"幂应在 0 与 1 之间，现为 {power}")
    known = np.concatenate([values.dropna().to_numpy(dtype=float) for values in panels.values()])
    if not known.size:
        raise ValueError("没有一个数值")
    low, high = limits or _ends(known, diverging)
    if diverging and low != -high:
        raise ValueError(f"两色的两端应对称，现为 {low:g} 与 {high:g}")
    colors = DIVERGING if diverging else SEQUENTIAL
    nrows = -(-len(panels) // ncols)
    width, height = int(tiles["col"].max()), int(tiles["row"].max())
    fig, axes = canvas(0.75 + nrows * (row * height + 0.3 * any(panels)), nrows=nrows, ncols=ncols, squeeze=False)
    size = 9 if ncols == 1 else 7.5
    for ax, (title, values) in zip(axes.flat, panels.items(), strict=False):
        _draw(ax, tiles, values, lambda v: mpl.colors.to_hex(colors(place(v, low, high, power))), spec, size)
        ax.set(xlim=(0.45, width + 0.55), ylim=(height + 0.55, 0.45))
        ax.set_title(title, loc="left", fontsize=10)
    for ax in axes.flat:
        ax.set_axis_off()
    _bar(fig, axes, colors, (low, high, power), label, bar_spec)
    if any(values.reindex(tiles.index).isna().any() for values in panels.values()):
        fig.legend(
            handles=[Patch(facecolor="white", edgecolor=MUTED, hatch="////", label="没有数")],
            loc="outside lower right", fontsize=9,
        )  # fmt: skip
    return fig


def place(value: float, low: float, high: float, power: float = 1.0) -> float:
    """数值在色标上的位置，0–1；两端以外的停在两端。

    Parameters
    ----------
    value, low, high : float
        数值与色标的两端。
    power : float
        保留正负号取几次方；1 即线性。

    Returns
    -------
    float
    """
    bent, start, stop = (float(np.sign(v) * np.abs(v) ** power) for v in (value, low, high))
    return float(np.clip((bent - start) / (stop - start), 0, 1)) if stop > start else 0.5


def _ends(known: np.ndarray, diverging: bool) -> tuple[float, float]:
    most = float(np.abs(known).max())
    return (-most, most) if diverging else (float(known.min()), float(known.max()))


def _draw(ax, tiles: pd.DataFrame, values: pd.Series, tint, spec: str | None, size: float) -> None:
    for code, tile in tiles.iterrows():
        value = float(values.get(code, np.nan))
        missing = np.isnan(value)
        color = "#FFFFFF" if missing else tint(value)
        ax.add_patch(
            Rectangle((tile["col"] - 0.47, tile["row"] - 0.47), 0.94, 0.94, facecolor=color,
                      edgecolor=MUTED if missing else "#BDBDBD", linewidth=0.7, hatch="////" if missing else None)
        )  # fmt: skip
        ink = INK if missing else ink_on(color)
        backing = {"facecolor": "white", "edgecolor": "none", "pad": 0.6} if missing else None
        written = spec is not None and not missing
        ax.text(tile["col"], tile["row"] - (0.18 if written else 0), tile["name"], ha="center", va="center",
                fontsize=size, color=ink, bbox=backing)  # fmt: skip
        if written:
            ax.text(
                tile["col"], tile["row"] + 0.22, _said(value, spec), ha="center", va="center", fontsize=8.5, color=ink
            )


def _bar(fig, axes, colors, scale: tuple[float, float, float], label: str, spec: str) -> None:
    low, high, power = scale
    norm = mpl.colors.FuncNorm(
        (lambda v: np.sign(v) * np.abs(v) ** power, lambda v: np.sign(v) * np.abs(v) ** (1 / power)), low, high
    )
    middle = 0.0 if low < 0 < high else (low + high) / 2
    bar = fig.colorbar(
        mpl.cm.ScalarMappable(norm, colors), ax=axes, location="bottom", shrink=0.55, aspect=28, pad=0.02, anchor=(0, 1)
    )
    bar.set_ticks([low, middle, high], labels=[_said(v, spec) for v in (low, middle, high)])
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)
    bar.set_label(label, fontsize=9)


def _said(value: float, spec: str) -> str:
    """数的写法：零不带正号，减号用数学的减号。"""
    return f"{value:{spec if value else spec.replace('+', '')}}".replace("-", "\N{MINUS SIGN}")
