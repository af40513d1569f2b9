"""证据矩阵：一行一个对象，一列一面镜子，圆点越大越深证据越好，空格留空。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from .._style import canvas


def lens_dots(frame: pd.DataFrame, *, legend: dict[str, float]) -> Figure:
    """证据矩阵。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为名称（自上而下），列为镜子；值 0–1，0 为没有查到，留空。
    legend : dict
        图例文字 → 值。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(1.2 + 0.215 * len(frame))
    rows, columns = frame.shape
    shade = LinearSegmentedColormap.from_list("lens", ["#C6DBEF", "#6BAED6", "#08306B"])
    y, x = np.meshgrid(np.arange(rows)[::-1], np.arange(columns), indexing="ij")
    values = frame.to_numpy(dtype=float)
    ax.hlines(np.arange(rows), -0.5, columns - 0.5, color="#EDEDED", linewidth=0.8, zorder=0)
    seen = values > 0
    found = values[seen]
    ax.scatter(x[seen], y[seen], s=20 + 55 * found, c=found, cmap=shade, vmin=0, vmax=1, edgecolor="#2171B5", lw=0.7)
    ax.set_yticks(np.arange(rows)[::-1], frame.index, fontsize=9.5)
    ax.set_xticks(range(columns), frame.columns, fontsize=9)
    ax.xaxis.tick_top()
    ax.set_xlim(-0.5, columns - 0.5)
    ax.set_ylim(-0.7, rows - 0.3)
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    for text, value in legend.items():
        ax.scatter([], [], s=20 + 55 * value, color=[shade(value)], edgecolor="#2171B5", lw=0.7, label=text)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=len(legend), columnspacing=1.2)
    return fig
