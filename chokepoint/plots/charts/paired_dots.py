"""一行两点：比较同一对象的两种计数。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .._style import PALETTE, canvas


def paired_dots(frame: pd.DataFrame, *, xlabel: str, names: dict[str, str]) -> Figure:
    """一行两点：比较同一对象的两种计数（如全部与独家）。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为行名（自上而下），两列数值。
    xlabel : str
        横轴标题，含单位。
    names : dict
        列名 → 图例文字，两项，依次为实心、空心。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(1.2 + 0.34 * len(frame))
    y = np.arange(len(frame))[::-1]
    first, second = names
    ax.hlines(y, frame[[first, second]].min(axis=1), frame[[first, second]].max(axis=1), color="#C9C9C9")
    ax.scatter(frame[first], y, color=PALETTE[0], s=55, zorder=3, label=names[first])
    ax.scatter(
        frame[second], y, facecolor="white", edgecolor=PALETTE[1], s=55, zorder=4, linewidth=1.6, label=names[second]
    )
    ax.set_yticks(y, frame.index)
    ax.set_xlim(left=-0.4)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.tick_params(axis="y", length=0)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return fig
