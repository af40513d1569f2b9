"""说了多少、做了多少：一行一个数，目标空心，不足一年的数只画成下限。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .._style import PALETTE, canvas

_KINDS = {"full": ("o", True), "partial": (">", True), "target": ("D", False)}


def promised_counts(
    frame: pd.DataFrame,
    *,
    xlabel: str,
    names: dict[str, str],
    interval: dict[str, tuple[float, float]] | None = None,
) -> Figure:
    """一行一个数：全年的实心圆，不足一年的实心三角（只是下限），目标空心菱形，互不相连。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为行名（自上而下）；``value`` 数，``kind`` 取 ``full``、``partial``、``target``。
    xlabel : str
        横轴标题，含单位。
    names : dict
        ``kind`` → 图例文字；有 ``interval`` 时另给 ``interval`` 的文字。
    interval : dict, optional
        行名 → （下限，上限）：在这一行画一条横线。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(1.25 + 0.3 * len(frame))
    y = np.arange(len(frame))[::-1]
    color = {"full": PALETTE[0], "partial": PALETTE[0], "target": PALETTE[1]}
    for at, (label, row) in zip(y, frame.iterrows(), strict=True):
        marker, solid = _KINDS[row["kind"]]
        shade, reach = color[row["kind"]], row["value"]
        ax.hlines(at, 0, reach, color="#D9D9D9", linewidth=1.4, linestyle="-" if solid else (0, (2, 2)))
        ax.scatter([reach], [at], marker=marker, s=52, facecolor=shade if solid else "white", edgecolor=shade,
                   linewidth=1.6, zorder=3)  # fmt: skip
        low, high = (interval or {}).get(label, (reach, reach))
        ax.hlines(at, low, high, color=PALETTE[0], linewidth=5, alpha=0.35)
        ax.annotate(f"{reach:g}", (max(reach, high), at), (8, 0), textcoords="offset points", va="center", fontsize=9.5)
    ax.set_yticks(y, frame.index)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_xlim(0, frame["value"].max() * 1.1)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    marks = [
        Line2D([], [], marker=_KINDS[k][0], linestyle="", color=color[k], label=names[k],
               markerfacecolor=color[k] if _KINDS[k][1] else "white") for k in _KINDS if k in names
    ]  # fmt: skip
    if interval:
        marks.append(Line2D([], [], color=PALETTE[0], linewidth=5, alpha=0.35, label=names["interval"]))
    fig.legend(handles=marks, loc="outside upper center", ncols=2, columnspacing=1.2, handletextpad=0.7)
    return fig
