"""证据阶梯逐项图。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .._style import PALETTE, canvas


def rung_dots(frame: pd.DataFrame, rungs: list[str], *, solid: str, hollow: str, flag: str) -> Figure:
    """证据阶梯逐项图：一行一项，圆点落在最高一级；右侧三角表示另有“仍依赖”的证据。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为名称（自上而下）；列 ``rung``（0 为无证据，1–k 对应 ``rungs``）、
        ``solid``（布尔，实心与否）、``flag``（布尔，是否画三角）。
    rungs : list of str
        各级名称，自低到高，第一个是“没有”。
    solid, hollow, flag : str
        三种记号的图例文字。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(1.2 + 0.215 * len(frame))
    y = np.arange(len(frame))[::-1]
    rung = frame["rung"].to_numpy()
    ax.hlines(y[rung > 0], 0, rung[rung > 0], color="#D9D9D9", linewidth=1.2)
    for filled in (True, False):
        chosen = (rung > 0) & (frame["solid"].to_numpy() == filled)
        face = PALETTE[0] if filled else "white"
        ax.scatter(rung[chosen], y[chosen], s=34, facecolor=face, edgecolor=PALETTE[0], linewidth=1.4, zorder=3)
    flagged = frame["flag"].to_numpy(dtype=bool)
    ax.scatter(np.full(flagged.sum(), len(rungs) - 0.3), y[flagged], marker="<", s=30, color=PALETTE[1])
    ax.set_yticks(y, frame.index, fontsize=9.5)
    ax.set_xticks(range(len(rungs)), rungs)
    ax.xaxis.tick_top()
    ax.set_xlim(-0.3, len(rungs))
    ax.set_ylim(-0.7, len(frame) - 0.3)
    ax.tick_params(length=0)
    handles = [
        Line2D([], [], marker="o", linestyle="", color=PALETTE[0], label=solid),
        Line2D([], [], marker="o", linestyle="", markerfacecolor="white", color=PALETTE[0], label=hollow),
        Line2D([], [], marker="<", linestyle="", color=PALETTE[1], label=flag),
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.2, handletextpad=0.3)
    return fig
