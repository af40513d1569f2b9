"""路径箭头：一个对象一条路，从首年走到末年，箭头是末年；两轴都是对数。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from .._style import INK, MUTED, canvas


def path_arrows(
    points: pd.DataFrame,
    *,
    xlabel: str,
    ylabel: str,
    colors: Mapping[str, str],
    ticks: tuple[float, ...],
    marked: Mapping[str, tuple[float, float]] | None = None,
    height: float = 5.0,
) -> Figure:
    """点名的对象画一路的折线与箭头，其余只画首末两年之间的浅色直箭头；斜线上两边相等。

    Parameters
    ----------
    points : pandas.DataFrame
        一行一点。列 ``name``、``year``、``x``、``y``（正数）。
    xlabel, ylabel : str
        轴标题，要写明是对数刻度；后者写在图的左上方。
    colors : mapping
        点名的对象 → 颜色。
    ticks : tuple of float
        两轴标出的刻度。
    marked : mapping, optional
        名字相对于箭头末端的位移（磅），横向为负则右对齐；没有写的用 (6, 0)。
    height : float
        高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        有数不是正数，或点名的对象没有点。
    """
    if (points[["x", "y"]] <= 0).to_numpy().any():
        raise ValueError("对数刻度要求正数")
    absent = [name for name in colors if name not in set(points["name"])]
    if absent:
        raise ValueError(f"这些对象没有点：{'、'.join(absent)}")
    fig, ax = canvas(height)
    ax.set(xscale="log", yscale="log")
    ends = (points[["x", "y"]].min().min() / 1.2, points[["x", "y"]].max().max() * 1.2)
    ax.plot(ends, ends, color=MUTED, linewidth=0.8, linestyle=":", zorder=1)
    for name, own in points.sort_values("year").groupby("name", sort=False):
        named = name in colors
        path = own[["x", "y"]].to_numpy()
        color = colors.get(name, "#BDBDBD")
        if named:
            ax.plot(*path.T, color=color, linewidth=1.5, marker="o", markersize=2.6, zorder=3)
        ax.annotate("", path[-1], path[-2] if named else path[0], zorder=4 if named else 2,
                    arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.5 if named else 0.9,
                                "shrinkA": 0, "shrinkB": 0, "mutation_scale": 11 if named else 7})  # fmt: skip
        if named:
            dx, dy = (marked or {}).get(name, (6, 0))
            ax.annotate(name, path[-1], (dx, dy), textcoords="offset points", ha="left" if dx >= 0 else "right",
                        va="center", fontsize=9.5, color=INK, zorder=5)  # fmt: skip
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.set_xlim(points["x"].min() / 1.25, points["x"].max() * 1.35)
    ax.set_ylim(points["y"].min() / 1.25, points["y"].max() * 1.25)
    ax.set_xlabel(xlabel)
    ax.set_title(ylabel, loc="left", fontsize=10)
    ax.grid(visible=False)
    return fig
