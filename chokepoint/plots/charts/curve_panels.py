"""上下几栏的曲线：横轴是任意的量（不是年份），竖的虚线是门槛，纵轴可取对数。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from .._style import MUTED, canvas


def curve_panels(
    panels: Mapping[str, pd.DataFrame],
    *,
    xlabel: str,
    colors: Mapping[str, str],
    names: Mapping[str, str],
    ticks: Mapping[str, tuple[float, ...]],
    marks: Mapping[float, str] | None = None,
    height: float = 5.4,
) -> Figure:
    """几栏曲线，共用一条横轴；各栏纵轴取对数，只标给定的刻度。

    Parameters
    ----------
    panels : mapping
        栏题（含单位）→ 表；索引为横轴的量，列为线的代码，值为正数，不缺。
    xlabel : str
        横轴标题，含单位。
    colors, names : mapping
        线的代码 → 颜色、图例文字。
    ticks : mapping
        栏题 → 纵轴的刻度。
    marks : mapping, optional
        横轴的位置 → 短话：各栏画竖的虚线，短话写在最上一栏的顶上。
    height : float
        高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        有缺失或不是正数。
    """
    fig, axes = canvas(height, nrows=len(panels), sharex=True)
    axes = [axes] if len(panels) == 1 else list(axes)
    for ax, (title, frame) in zip(axes, panels.items(), strict=True):
        if frame.isna().any(axis=None) or (frame <= 0).any(axis=None):
            raise ValueError(f"“{title}”一栏有缺失或不是正数，画不成对数轴")
        for code, line in frame.items():
            ax.plot(line.index, line, color=colors[code], linewidth=2, label=names[code])
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(FixedLocator(ticks[title]))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        ax.set_title(title, loc="left", fontsize=10, pad=17 if marks and ax is axes[0] else None)
        ax.grid(axis="y")
        ax.grid(visible=False, axis="x")
        for x in marks or {}:
            ax.axvline(x, color=MUTED, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
    axes[-1].set_xlabel(xlabel)
    for x, text in (marks or {}).items():
        axes[0].annotate(text, (x, 1), (0, 2), xycoords=("data", "axes fraction"), textcoords="offset points",
                         ha="center", va="bottom", fontsize=9, color=MUTED)  # fmt: skip
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3, columnspacing=1.2)
    return fig
