"""套叠的区间：一行几种口径，各有一个点、一段粗条和一条细线。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .._style import MUTED, PALETTE, canvas


def nested_ranges(
    groups: Mapping[str, pd.DataFrame],
    *,
    xlabel: str,
    level: float | None = None,
    inner: str = "",
    outer: str = "",
    colors: tuple[str, ...] = PALETTE,
) -> Figure:
    """一行一个对象，每种口径画一个点、一段粗条（窄区间），可另有一条细线（宽区间）。

    Parameters
    ----------
    groups : mapping
        口径名 → 表；索引为行名（各表相同，自上而下），列 ``main``、``low``、``high``，可有 ``least``、``most``。
    xlabel : str
        横轴标题，含单位。
    level : float, optional
        一条竖直的参照线。
    inner, outer : str
        粗条、细线的图例文字；空则不写。
    colors : tuple of str
        各口径的颜色；第二种口径的点是空心的，黑白打印也分得开。

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = next(iter(groups.values())).index
    fig, ax = canvas(1.35 + (0.14 + 0.2 * len(groups)) * len(rows))
    base = np.arange(len(rows))[::-1].astype(float)
    step = 0.62 / max(len(groups), 2)
    handles = []
    for at, ((name, frame), color) in enumerate(zip(groups.items(), colors, strict=False)):
        y = base + step * ((len(groups) - 1) / 2 - at)
        if {"least", "most"} <= set(frame):
            ax.hlines(y, frame["least"], frame["most"], color=color, linewidth=1.3, zorder=1)
        ax.hlines(y, frame["low"], frame["high"], color=color, linewidth=6.5, alpha=0.35, zorder=2)
        face = "white" if at % 2 else color
        ax.scatter(frame["main"], y, facecolor=face, edgecolor=color, linewidth=1.6, s=44, zorder=3)
        handles.append(
            Line2D([], [], marker="o", linestyle="", markerfacecolor=face, markeredgecolor=color, label=name)
        )
    if inner:
        handles.append(Line2D([], [], color=MUTED, linewidth=6.5, alpha=0.45, label=inner))
    if outer:
        handles.append(Line2D([], [], color=MUTED, linewidth=1.3, label=outer))
    if level is not None:
        ax.axvline(level, color=MUTED, linewidth=1, linestyle="--", zorder=0)
    for edge in base[:-1] - 0.5:
        ax.axhline(edge, color="#E4E4E4", linewidth=0.8, zorder=0)
    ax.set_yticks(base, rows)
    ax.set_ylim(-0.55, len(rows) - 0.45)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    fig.legend(handles=handles, loc="outside upper center", ncols=2 if len(handles) > 3 else len(handles))
    return fig
