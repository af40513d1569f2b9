"""断线图：口径一变线就断，缺的年份空着，目标只画空心的菱形。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from .._style import MUTED, canvas
from .trend_lines import GAP, spread


def broken_lines(
    points: pd.DataFrame,
    *,
    ylabel: str,
    colors: Mapping[str, str],
    breaks: Mapping[float, str] | None = None,
    step: float | None = 1,
    ticks: tuple[float, ...] = (),
    start_at_zero: bool = False,
    level: float | None = None,
    height: float = 3.7,
) -> Figure:
    """几条会断的线，线名写在右侧，不用图例。

    Parameters
    ----------
    points : pandas.DataFrame
        一行一点。列 ``line`` 线名、``x``、``y``；可有 ``segment``（同一条线里口径相同的一段，不同的段不相连）、
        ``low`` 与 ``high``（区间，画成淡色带；单独一点画成竖线）、``kind``：``observed``（缺省，实心）、
        ``uncertain``（空心圆：不全、初步或还原的）、``target``（空心菱形，从不连线）。
    ylabel : str
        纵轴标题，含单位；写在图的左上方。
    colors : mapping
        线名 → 颜色，次序即画的次序。
    breaks : mapping, optional
        横轴位置 → 说明：画一条竖的虚线，说明写在顶上（短，不超过八个字）。
    step : float or None
        相邻两点相隔超过它就断开；``None`` 则同一段一律相连。
    ticks : tuple of float
        给出则纵轴为对数，只标这些刻度（图注里要用话说明）。
    start_at_zero : bool
        纵轴从零起（对数轴不适用）。
    level : float, optional
        一条水平的参照线。
    height : float
        高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    KeyError
        有一条线没有给颜色。
    """
    fig, ax = canvas(height)
    table = (
        points.assign(
            segment=points.get("segment", pd.Series("", index=points.index)).fillna(""),
            kind=points.get("kind", pd.Series("observed", index=points.index)).fillna("observed"),
        )
        .astype({name: float for name in ("x", "y", "low", "high") if name in points})
        .sort_values("x")
    )
    unknown = set(table["line"]) - set(colors)
    if unknown:
        raise KeyError(f"这些线没有给颜色：{'、'.join(sorted(map(str, unknown)))}")
    if ticks:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(FixedLocator(ticks))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    for name, color in colors.items():
        own = table[table["line"] == name]
        for part in runs(own[own["kind"] != "target"], step):
            _draw(ax, part, color)
        target = own[own["kind"] == "target"]
        ax.scatter(
            target["x"], target["y"], marker="D", s=34, facecolor="white", edgecolor=color, linewidth=1.6, zorder=4
        )
    if start_at_zero and not ticks:
        ax.set_ylim(bottom=0)
    if level is not None:
        ax.axhline(level, color=MUTED, linewidth=1, linestyle="--", zorder=1)
    for x, label in (breaks or {}).items():
        ax.axvline(x, color=MUTED, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
        ax.annotate(
            label, (x, 1), (0, 2), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="center", va="bottom", fontsize=8.5, color=MUTED,
        )  # fmt: skip
    ax.set_title(ylabel, loc="left", fontsize=10, pad=16 if breaks else None)
    ax.grid(axis="y")
    ax.grid(visible=False, axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    _name_ends(ax, table, colors)
    return fig


def runs(points: pd.DataFrame, step: float | None) -> list[pd.DataFrame]:
    """连得起来的各段：同一口径，且相邻两点相隔不超过 ``step``。

    Parameters
    ----------
    points : pandas.DataFrame
        一条线的各点，按 ``x`` 升序；列 ``x``、``segment``。
    step : float or None
        相隔多远算断；``None`` 不断。

    Returns
    -------
    list of pandas.DataFrame
    """
    found = []
    for _, part in points.groupby("segment", sort=False):
        cut = (part["x"].astype(float).diff() > step).cumsum() if step is not None else pd.Series(0, index=part.index)
        found += [run for _, run in part.groupby(cut)]
    return found


def _draw(ax, part: pd.DataFrame, color: str) -> None:
    ax.plot(part["x"], part["y"], color=color, linewidth=2, zorder=2)
    if {"low", "high"} <= set(part):
        if len(part) > 1:
            ax.fill_between(part["x"], part["low"], part["high"], color=color, alpha=0.18, linewidth=0, zorder=1)
        else:
            ax.vlines(part["x"], part["low"], part["high"], color=color, linewidth=1.4, zorder=2)
    solid, open_ = part[part["kind"] == "observed"], part[part["kind"] == "uncertain"]
    ax.scatter(solid["x"], solid["y"], color=color, s=22, zorder=3)
    ax.scatter(open_["x"], open_["y"], facecolor="white", edgecolor=color, s=32, linewidth=1.5, zorder=4)


def _name_ends(ax, table: pd.DataFrame, colors: Mapping[str, str]) -> None:
    """线名写在右侧，各在自己最后一点的高度；挤在一起的上下推开。"""
    ax.figure.draw_without_rendering()
    to_axes = ax.transData + ax.transAxes.inverted()
    last = table.groupby("line").tail(1).set_index("line")
    heights = {name: float(to_axes.transform((last.loc[name, "x"], last.loc[name, "y"]))[1]) for name in last.index}
    order = sorted(heights, key=heights.get)
    for name, y in zip(order, spread([heights[name] for name in order], GAP), strict=True):
        ax.annotate(
            name, (1, y), (8, 0), xycoords="axes fraction", textcoords="offset points",
            va="center", color=colors[name], fontsize=9.5, annotation_clip=False,
        )  # fmt: skip
