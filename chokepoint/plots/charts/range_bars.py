"""范围条：一类一行，横线是范围，圆点是主口径。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .._style import PALETTE, canvas


def range_bars(frame: pd.DataFrame, *, xlabel: str, colors: list[str] | None = None) -> Figure:
    """一类一行：横线是可能的范围，圆点是主口径的值。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为类别名（自上而下画），列 ``low``、``main``、``high``。
    xlabel : str
        横轴标题，含单位。
    colors : list of str, optional
        各行的颜色。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(0.9 + 0.52 * len(frame))
    colors = colors or [PALETTE[0]] * len(frame)
    y = np.arange(len(frame))[::-1]
    ax.hlines(y, frame["low"], frame["high"], color=colors, linewidth=6, alpha=0.35)
    ax.scatter(frame["main"], y, color=colors, s=70, zorder=3)
    for at, (_, row) in zip(y, frame.iterrows(), strict=True):
        ax.annotate(f"{row['main']:g}", (row["main"], at), (0, 9), textcoords="offset points", ha="center")
    ax.set_yticks(y, frame.index)
    ax.set_ylim(-0.6, len(frame) - 0.25)
    ax.set_xlim(left=0)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.tick_params(axis="y", length=0)
    return fig
