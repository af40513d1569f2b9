"""四象限散点：同一批对象的两种测法，各以一为界，两轴都是对数。"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from .._style import INK, MUTED, canvas


def quadrant_scatter(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    group: str,
    xlabel: str,
    ylabel: str,
    colors: Mapping[str, str],
    names: Mapping[str, str],
    marked: Mapping[str, tuple[float, float]] | Collection[str] = (),
    ticks: tuple[float, ...] = (0.3, 0.5, 0.7, 1, 1.5),
) -> Figure:
    """散点图，横竖两条线在 1 处，斜线上两种测法相等。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为名称；列 ``x``、``y`` 为正数，``group`` 为组的代码。
    x, y, group : str
        列名。
    xlabel, ylabel : str
        轴标题（对数刻度要写明）。
    colors, names : mapping
        组的代码 → 颜色、图例文字，次序即图例的次序。
    marked : mapping or collection of str
        写出名字的点；映射的值为文字相对于点的位移（磅），横向为负则右对齐。
    ticks : tuple of float
        两轴标出的刻度。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(5.1)
    for code, color in colors.items():
        own = frame[frame[group] == code]
        ax.scatter(own[x], own[y], color=color, s=42, zorder=3, edgecolor="white", linewidth=0.6)
    low, high = frame[[x, y]].min().min() / 1.12, frame[[x, y]].max().max() * 1.12
    ax.plot([low, high], [low, high], color=MUTED, linewidth=0.8, linestyle=":", zorder=1)
    for draw in (ax.axhline, ax.axvline):
        draw(1, color=MUTED, linewidth=1, linestyle="--", zorder=1)
    shift = marked if isinstance(marked, Mapping) else dict.fromkeys(marked, (6, 0))
    for name, (dx, dy) in shift.items():
        ax.annotate(
            name, (frame.loc[name, x], frame.loc[name, y]), (dx, dy), textcoords="offset points",
            ha="left" if dx >= 0 else "right", va="center", fontsize=9, color=INK,
        )  # fmt: skip
    for axis, scale in ((ax.xaxis, ax.set_xscale), (ax.yaxis, ax.set_yscale)):
        scale("log")
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.set_xlim(frame[x].min() / 1.15, frame[x].max() * 1.22)
    ax.set_ylim(frame[y].min() / 1.15, frame[y].max() * 1.15)
    ax.set_xlabel(xlabel)
    ax.set_title(ylabel, loc="left", fontsize=10)
    ax.grid(False)
    handles = [Line2D([], [], marker="o", linestyle="", color=c, label=names[code]) for code, c in colors.items()]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, handletextpad=0.1, columnspacing=1.0)
    return fig
