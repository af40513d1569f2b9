"""效应行：一行一个估计和它的区间，比没有变（1 倍）多还是少，分节排列。"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from .._style import INK, MUTED, PALETTE, canvas

#: 种类 → 颜色、记号、是否实心。
KINDS = {"main": (PALETTE[1], "o", True), "variant": (PALETTE[0], "o", False), "placebo": (MUTED, "D", True)}


def effect_rows(
    frame: pd.DataFrame, *, xlabel: str, ticks: tuple[float, ...], legend: dict[str, str], row: float = 0.27
) -> Figure:
    """倍数与区间，横轴为对数；竖线是 1（没有变）。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为行名（自上而下）；列 ``estimate``、``low``、``high``（正的倍数）、``kind``（:data:`KINDS` 的键）、
        ``group`` 分节的名字，同一节相邻。
    xlabel : str
        横轴标题。
    ticks : tuple of float
        横轴的刻度（对数）；两端即画布的两端。
    legend : dict of str to str
        种类 → 图例文字。
    row : float
        行高，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        有估计落在刻度之外；区间可以出界，在边上截断。
    """
    if not frame["estimate"].between(ticks[0], ticks[-1]).all():
        found = f"{frame['estimate'].min():g}–{frame['estimate'].max():g}"
        raise ValueError(f"估计应在刻度 {ticks[0]:g}–{ticks[-1]:g} 之内，现为 {found}")
    heads = frame["group"].ne(frame["group"].shift())
    at, spots, titles = 0.0, [], []
    for label, new in zip(frame["group"], heads, strict=True):
        if new:
            titles.append((at, label))
            at += 1
        spots.append(at)
        at += 1
    fig, ax = canvas(1.1 + row * at)
    ax.set_xscale("log")
    ax.set_xlim(ticks[0] * 0.93, ticks[-1] * 1.07)
    ax.axvline(1, color=INK, linewidth=1, linestyle="--", zorder=1)
    for y, found in zip(spots, frame.itertuples(), strict=True):
        color, marker, solid = KINDS[found.kind]
        ax.hlines(y, max(found.low, ticks[0] * 0.93), min(found.high, ticks[-1] * 1.07), color=color, linewidth=2.2,
                  alpha=0.75)  # fmt: skip
        ax.scatter(found.estimate, y, s=40, marker=marker, facecolor=color if solid else "white", edgecolor=color,
                   linewidth=1.4, zorder=3)  # fmt: skip
    ax.set_ylim(at - 0.3, -0.6)
    ax.set_yticks([*spots, *(y for y, _ in titles)], [*frame.index, *(t for _, t in titles)])
    for tick in ax.get_yticklabels()[len(spots) :]:
        tick.set_fontweight("bold")
        tick.set_color(MUTED)
    for y, _ in titles[1:]:
        ax.axhline(y - 0.55, color="#D0D0D0", linewidth=0.8)
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    handles = [
        Line2D([], [], color=KINDS[k][0], marker=KINDS[k][1], linewidth=2.2, markersize=6,
               markerfacecolor=KINDS[k][0] if KINDS[k][2] else "white", label=text)
        for k, text in legend.items()
    ]  # fmt: skip
    fig.legend(handles=handles, loc="outside lower center", ncols=len(handles), columnspacing=1.2)
    return fig
