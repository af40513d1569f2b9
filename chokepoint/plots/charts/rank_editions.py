"""名次的版次图：名次一在最上，同一版次才相连，不同版次一律断开。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .._style import canvas
from .broken_lines import runs
from .trend_lines import spread

#: 线名之间至少隔开画布高度的几分之几。
NAME_GAP = 0.065


def rank_editions(
    points: pd.DataFrame, *, ylabel: str, colors: Mapping[str, str], labelled: bool = True, height: float = 4.2
) -> Figure:
    """各标尺的名次，线名写在最后一点的右边，不用图例。

    Parameters
    ----------
    points : pandas.DataFrame
        一行一点：``line`` 标尺名、``x`` 年、``y`` 名次（正整数）、``segment`` 版次、``kind``
        （``observed`` 实心，``uncertain`` 空心）。
    ylabel : str
        纵轴标题，写在图的左上方。
    colors : mapping
        标尺名 → 颜色。
    labelled : bool
        是否写出名次：每条线的首末两点，与相连的各段的首末两点。
    height : float
        高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        名次小于 1。
    """
    if (points["y"] < 1).any():
        raise ValueError("名次从 1 起")
    fig, ax = canvas(height)
    table = points.sort_values("x")
    for name, color in colors.items():
        own = table[table["line"] == name]
        for part in runs(own, None):
            ax.plot(part["x"], part["y"], color=color, linewidth=1.8, zorder=2)
            solid, open_ = part[part["kind"] == "observed"], part[part["kind"] == "uncertain"]
            ax.scatter(solid["x"], solid["y"], color=color, s=26, zorder=3)
            ax.scatter(open_["x"], open_["y"], facecolor="white", edgecolor=color, s=32, linewidth=1.5, zorder=4)
            if labelled:
                _write_ranks(ax, part, own, table, color)
    bottom = points["y"].max() + 3
    ax.set_ylim(bottom, -1)
    ax.set_xlim(points["x"].min() - 1, points["x"].max() + 1)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.set_yticks([1, *range(10, int(bottom), 10)])
    ax.set_title(ylabel, loc="left", fontsize=10)
    ax.grid(axis="y")
    ax.grid(visible=False, axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    last = table.groupby("line").tail(1).set_index("line")["y"]
    heights = ((bottom - last) / (bottom + 1)).sort_values()
    for name, y in zip(heights.index, spread(list(heights), NAME_GAP), strict=True):
        ax.annotate(
            name, (1, y), (8, 0), xycoords="axes fraction", textcoords="offset points",
            va="center", color=colors[name], fontsize=9.5, annotation_clip=False,
        )  # fmt: skip
    return fig


def _write_ranks(ax, part: pd.DataFrame, own: pd.DataFrame, table: pd.DataFrame, color: str) -> None:
    """名次写在点的上方；上方紧挨着别的点的，写在下方。"""
    ends = {own.index[0], own.index[-1]} | ({part.index[0], part.index[-1]} if len(part) > 1 else set())
    for at in part.index.intersection(list(ends)):
        x, y = part.loc[at, "x"], part.loc[at, "y"]
        near = table[(abs(table["x"] - x) <= 1) & (table["y"] < y) & (table["y"] >= y - 4)]
        dy, va = (-6, "top") if len(near) else (6, "bottom")
        ax.annotate(
            f"{y:.0f}", (x, y), (0, dy), textcoords="offset points", ha="center", va=va, fontsize=8.5, color=color
        )
