"""带范围的点：一行一个数，数写在右边；横线是换一种口径时的范围，行可以分组。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .._style import MUTED, PALETTE, canvas


def ranged_dots(frame: pd.DataFrame, *, xlabel: str, spec: str = ".1f", row: float = 0.29) -> Figure:
    """一行一个数与它的范围，数（与范围）写在最右的点旁。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为行名（自上而下）；列 ``value``、``low``、``high``；可有 ``group``（同组的行排在一起，组间画线、换色）
        与 ``solid``（假的画成空心：没有列出，不是测得的零）。
    xlabel : str
        横轴标题，含单位。
    spec : str
        数的格式。
    row : float
        行高，英寸。

    Returns
    -------
    matplotlib.figure.Figure
    """
    group = frame.get("group", pd.Series("", index=frame.index)).to_numpy()
    solid = frame.get("solid", pd.Series(True, index=frame.index)).to_numpy(dtype=bool)
    order = {name: i for i, name in enumerate(dict.fromkeys(group))}
    colors = [PALETTE[order[g] % len(PALETTE)] for g in group]
    fig, ax = canvas(0.8 + row * len(frame))
    y = np.arange(len(frame))[::-1]
    ax.hlines(y, 0, frame["value"], color="#D9D9D9", linewidth=1.2, zorder=1)
    ax.hlines(y, frame["low"], frame["high"], color=colors, linewidth=6, alpha=0.35, zorder=2)
    for at, color, filled, item in zip(y, colors, solid, frame.itertuples(), strict=True):
        face = color if filled else "white"
        ax.scatter(item.value, at, s=42, facecolor=face, edgecolor=color, linewidth=1.5, zorder=3, clip_on=False)
        ax.annotate(
            said(item.value, item.low, item.high, spec) if filled else "没有列出",
            (max(item.high, item.value), at), (8, 0), textcoords="offset points", va="center", fontsize=9,
            color="#222222" if filled else MUTED,
        )  # fmt: skip
    for at in np.flatnonzero(group[1:] != group[:-1]):
        ax.axhline(y[at] - 0.5, color="#BFBFBF", linewidth=0.8)
    ax.set_yticks(y, frame.index)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_xlim(0, frame["high"].max() * 1.36)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    return fig


def said(value: float, low: float, high: float, spec: str = ".1f") -> str:
    """点旁的文字：数，范围看得出时附上范围，如 ``3.8（3.8–13.6）``。

    Parameters
    ----------
    value, low, high : float
        数与范围。
    spec : str
        数的格式。

    Returns
    -------
    str
    """
    main, ends = f"{value:{spec}}", (f"{low:{spec}}", f"{high:{spec}}")
    return main if ends[0] == ends[1] == main else f"{main}（{ends[0]}–{ends[1]}）"
