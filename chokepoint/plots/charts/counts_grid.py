"""方格图：每格一个计数。"""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from .._style import canvas


def counts_grid(frame: pd.DataFrame, *, xlabel: str = "", ylabel: str = "", lower: bool = False) -> Figure:
    """方格图：每格一个计数，颜色越深越多。

    Parameters
    ----------
    frame : pandas.DataFrame
        行名、列名即两轴的标签，值为整数。
    xlabel, ylabel : str
        两轴标题。
    lower : bool
        对称矩阵只画下三角（含对角线）。

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows, columns = frame.shape
    fig, ax = canvas(0.9 + 0.48 * rows)
    mask = np.triu(np.ones((rows, columns), dtype=bool), 1) if lower else None
    sns.heatmap(frame, mask=mask, annot=True, fmt="g", cmap="Blues", cbar=False, linewidths=1.5, square=False, ax=ax)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.tick_params(length=0)
    ax.grid(False)
    ax.set_yticklabels(ax.get_yticklabels(), rotation=0)
    if max(len(str(c)) for c in frame.columns) * columns > 30:
        ax.set_xticklabels(ax.get_xticklabels(), rotation=35, ha="right", rotation_mode="anchor")
    else:
        ax.set_xticklabels(ax.get_xticklabels(), rotation=0)
    return fig
