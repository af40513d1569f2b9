"""堆积条：一行一条，段上标数。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .._style import canvas, ink_on


def stacked_bars(frame: pd.DataFrame, *, xlabel: str, colors: list[str]) -> Figure:
    """横向堆积条：一行一条，段上标数，图例在上方。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为条名（自上而下），列为各段（自左而右），值为非负整数。
    xlabel : str
        横轴标题，含单位。
    colors : list of str
        各段颜色，浅色段用深色字。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(1.3 + 0.55 * len(frame))
    y = np.arange(len(frame))[::-1]
    left = np.zeros(len(frame))
    for column, color in zip(frame.columns, colors, strict=True):
        values = frame[column].to_numpy(dtype=float)
        bars = ax.barh(y, values, left=left, color=color, height=0.62, label=column, edgecolor="white")
        texts = [f"{v:g}" if v else "" for v in values]
        ax.bar_label(bars, texts, label_type="center", color=ink_on(color), fontsize=9.5)
        left += values
    ax.set_yticks(y, frame.index)
    ax.set_xlim(0, left.max())
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    ax.grid(False)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=3, columnspacing=1.2)
    return fig
