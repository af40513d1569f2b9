"""大事记：一行一件事，记号说明日期精确到什么程度，颜色说明来源强弱。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from .._style import MUTED, canvas

#: 精度 → 记号；只知年份的画成跨全年的横条。
_MARKERS = {"day": "o", "month": "s"}
_ROW, _HEAD = 0.215, 0.235


def dated_events(
    frame: pd.DataFrame,
    *,
    start: float,
    colors: Mapping[str, str],
    hollow: str,
    strengths: Mapping[str, str],
    precisions: Mapping[str, str],
) -> Figure:
    """分线的大事记，自上而下按线、按日期。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为事件的短名；``track`` 所属的线、``start`` 与 ``end`` 十进制年份、``precision``（``day``、``month``、
        ``year``）、``strength``、``date``。
    start : float
        横轴从哪一年起；更早的写在左端，带箭头与年份。
    colors : mapping
        强弱 → 颜色。
    hollow : str
        画成空心的一种强弱。
    strengths, precisions : mapping
        强弱、精度 → 图例文字，次序即图例的次序。

    Returns
    -------
    matplotlib.figure.Figure
    """
    heads = frame["track"].ne(frame["track"].shift())
    y = -(np.arange(len(frame)) * _ROW + heads.cumsum().to_numpy() * _HEAD)
    fig, ax = canvas(1.15 + len(frame) * _ROW + int(heads.sum()) * _HEAD)
    right = float(frame["end"].max()) + 0.6
    for at, head, row in zip(y, heads, frame.itertuples(), strict=True):
        color = colors[row.strength]
        face = "white" if row.strength == hollow else color
        if head:
            ax.annotate(row.track, (start, at + _HEAD * 0.95), (2, 0), textcoords="offset points", fontsize=9,
                        color=MUTED, va="center")  # fmt: skip
            ax.plot([start, right], [at + _HEAD * 0.55] * 2, color="#E4E4E4", linewidth=0.8, zorder=0)
        if row.end < start:
            ax.annotate(f"← {row.date[:4]} 年", (start, at), (3, 0), textcoords="offset points", fontsize=9,
                        color=color, va="center")  # fmt: skip
        elif row.precision == "year":
            ax.barh(
                at, row.end - row.start, left=row.start, height=0.09, facecolor=face, edgecolor=color, linewidth=1.4
            )
        else:
            middle = (row.start + row.end) / 2
            ax.scatter([middle], [at], marker=_MARKERS[row.precision], s=34, facecolor=face, edgecolor=color,
                       linewidth=1.5, zorder=3)  # fmt: skip
    ax.set_yticks(y, frame.index, fontsize=9.5)
    ax.set_xlim(start, right)
    ax.set_ylim(y[-1] - _ROW * 0.7, y[0] + _HEAD * 1.4)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    shapes = {**_MARKERS, "year": "_"}
    plain = {"linestyle": "", "markersize": 6}
    marks = [
        Line2D([], [], marker=shapes[k], color=MUTED, markeredgewidth=3 if k == "year" else 1, label=text, **plain)
        for k, text in precisions.items()
    ]
    marks += [
        Line2D(
            [],
            [],
            marker="o",
            color=colors[k],
            markerfacecolor="white" if k == hollow else colors[k],
            label=text,
            **plain,
        )
        for k, text in strengths.items()
    ]
    fig.legend(handles=marks, loc="outside lower center", ncols=3, columnspacing=1.2, handletextpad=0.3)
    return fig
