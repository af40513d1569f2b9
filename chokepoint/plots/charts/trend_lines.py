"""折线：几条线随年份走，线名写在末端。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from .._style import MUTED, canvas

#: 末端线名之间至少隔开画布高度的几分之几。
GAP = 0.06


def trend_lines(
    frame: pd.DataFrame,
    *,
    ylabel: str,
    colors: list[str],
    hollow: tuple[int, ...] = (),
    ticks: tuple[float, ...] = (),
    level: float | None = None,
    start_at_zero: bool = False,
) -> Figure:
    """随年份变化的几条线，线名写在末端，不用图例。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为年份（整数），一列一条线，列名即线名；缺失的点略过，两边相连（要断开的用 ``broken_lines``）。
    ylabel : str
        纵轴标题，含单位；写在图的左上方。
    colors : list of str
        各线的颜色，与列同序。
    hollow : tuple of int
        这些年份的点画成空心：数据不全，读时要留意。
    ticks : tuple of float
        给出则纵轴为对数，只标这些刻度。
    level : float, optional
        一条水平的参照线。
    start_at_zero : bool
        纵轴从零起（对数轴不适用）。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(3.7)
    for (name, line), color in zip(frame.items(), colors, strict=True):
        line = line.dropna()
        ax.plot(line.index, line, color=color, linewidth=2, zorder=2, label=name)
        solid, open_ = line[~line.index.isin(hollow)], line[line.index.isin(hollow)]
        ax.scatter(solid.index, solid, color=color, s=22, zorder=3)
        ax.scatter(open_.index, open_, facecolor="white", edgecolor=color, s=34, linewidth=1.6, zorder=4)
    if ticks:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(FixedLocator(ticks))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    elif start_at_zero:
        ax.set_ylim(bottom=0)
    if level is not None:
        ax.axhline(level, color=MUTED, linewidth=1, linestyle="--", zorder=1)
    ax.set_title(ylabel, loc="left", fontsize=10)
    ax.grid(axis="y")
    ax.grid(visible=False, axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    _name_ends(ax, frame, colors)
    return fig


def _name_ends(ax, frame: pd.DataFrame, colors: list[str]) -> None:
    """线名写在右侧；挤在一起的上下推开。"""
    ends = {name: line.dropna().iloc[-1] for name, line in frame.items()}
    to_axes = ax.transData + ax.transAxes.inverted()
    year = frame.index[-1]
    heights = {name: float(to_axes.transform((year, value))[1]) for name, value in ends.items()}
    order = sorted(heights, key=heights.get)
    placed = spread([heights[name] for name in order], GAP)
    tint = dict(zip(frame.columns, colors, strict=True))
    for name, y in zip(order, placed, strict=True):
        ax.annotate(
            name, (1, y), (8, 0), xycoords="axes fraction", textcoords="offset points",
            va="center", color=tint[name], fontsize=9.5, annotation_clip=False,
        )  # fmt: skip


def spread(positions: list[float], gap: float) -> list[float]:
    """升序的位置，推开到至少相隔 ``gap``，总的移动尽量小：挤成一团的，以团的中心为准。"""
    groups: list[list[float]] = []
    for p in positions:
        groups.append([p])
        while len(groups) > 1 and _span(groups[-2], gap)[1] + gap > _span(groups[-1], gap)[0]:
            last = groups.pop()
            groups[-1] += last
    return [float(v) for g in groups for v in np.linspace(*_span(g, gap), len(g))]


def _span(group: list[float], gap: float) -> tuple[float, float]:
    middle, half = sum(group) / len(group), gap * (len(group) - 1) / 2
    return middle - half, middle + half
