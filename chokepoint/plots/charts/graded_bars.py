"""分级条：一行一种数法，各段是证据由强到弱的各档，最弱的一档空心。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .._style import MUTED, canvas, ink_on
from .graded_dots import SHADES


def graded_bars(frame: pd.DataFrame, *, xlabel: str) -> Figure:
    """横向堆积条，颜色与 :func:`chokepoint.plots.graded_dots` 相同：越深证据越强，最后一档空心。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为条名（自上而下）；列为各档，由强到弱，值为非负整数。一个也没有的档不进图例。
    xlabel : str
        横轴标题，含单位。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        档数超过颜色。
    """
    if len(frame.columns) > len(SHADES) + 1:
        raise ValueError(f"最多画 {len(SHADES) + 1} 档，得到 {len(frame.columns)} 档")
    fig, ax = canvas(1.3 + 0.5 * len(frame))
    y, left = np.arange(len(frame))[::-1], np.zeros(len(frame))
    for at, column in enumerate(frame.columns):
        values = frame[column].to_numpy(dtype=float)
        weakest = at == len(frame.columns) - 1
        face = "#FFFFFF" if weakest else SHADES[at]
        if values.any():
            bars = ax.barh(
                y, values, left=left, height=0.62, color=face, label=column,
                edgecolor=MUTED if weakest else "white", linewidth=1.2,
            )  # fmt: skip
            ax.bar_label(
                bars, [f"{v:g}" if v else "" for v in values], label_type="center", color=ink_on(face), fontsize=9.5
            )
        left += values
    ax.set_yticks(y, frame.index)
    ax.set_xlim(0, left.max() * 1.02)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=3, columnspacing=1.2)
    return fig
