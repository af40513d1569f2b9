"""相关方格：正负两色。"""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from .._style import canvas


def correlation_grid(frame: pd.DataFrame) -> Figure:
    """两两相关的下三角：蓝为正，橙为负，越深越强；格内写两位小数。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (q, q)
        对称的相关矩阵，−1 到 1，行名即列名。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(0.9 + 0.44 * len(frame))
    shown = frame.iloc[1:, :-1]
    mask = np.triu(np.ones(shown.shape, dtype=bool), 1)
    text = shown.map(lambda v: f"{v:.2f}".replace("-", "−"))
    palette = sns.diverging_palette(28, 245, s=85, l=45, as_cmap=True)
    sns.heatmap(shown, mask=mask, annot=text, fmt="", cmap=palette, vmin=-1, vmax=1, cbar=False, linewidths=1.5, ax=ax)
    ax.set(xlabel="", ylabel="")
    ax.tick_params(length=0)
    ax.grid(False)
    ax.set_yticklabels(ax.get_yticklabels(), rotation=0)
    ax.set_xticklabels(ax.get_xticklabels(), rotation=0)
    return fig
