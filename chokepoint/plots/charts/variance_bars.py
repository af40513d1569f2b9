"""方差分解：浅条为总指数，深条为一阶指数。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .._style import INK, PALETTE, canvas


def variance_bars(frame: pd.DataFrame, *, xlabel: str, names: tuple[str, str]) -> Figure:
    """Sobol 指数：一行一处选择，浅条是总指数（带误差线），里面的深条是一阶指数；条末标总指数。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为选择的名称（自上而下），列 ``first``、``total``、``total_ci``（置信区间的半宽），0–1；
        一阶指数的估计小于零的，画作零。
    xlabel : str
        横轴标题。
    names : tuple of str
        总指数、一阶指数的图例文字。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(1.2 + 0.36 * len(frame))
    y = np.arange(len(frame))[::-1]
    total, first = frame["total"].to_numpy(), frame["first"].clip(lower=0).to_numpy()
    spread = frame["total_ci"].to_numpy()
    ax.barh(y, total, height=0.62, color="#B3D1E5", label=names[0])
    ax.barh(y, first, height=0.32, color=PALETTE[0], label=names[1])
    ax.errorbar(total, y, xerr=spread, fmt="none", ecolor=INK, elinewidth=1, capsize=2.5)
    for at, value, ci in zip(y, total, spread, strict=True):
        ax.annotate(f"{value:.2f}", (value + ci, at), (5, 0), textcoords="offset points", va="center", fontsize=9.5)
    ax.set_yticks(y, frame.index)
    ax.set_xlim(0, (total + spread).max() * 1.15)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return fig
