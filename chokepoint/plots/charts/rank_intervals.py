"""名次区间：一行一个对象，横线是名次的范围，右侧是进入前列的比例。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .._style import MUTED, PALETTE, canvas


def rank_intervals(
    frame: pd.DataFrame, *, top: int, firm: float, xlabel: str, share: str, names: tuple[str, str]
) -> Figure:
    """名次区间图：名次 1 在最左；稳在前列的行用另一种颜色。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为名称（自上而下）；列 ``low``、``median``、``high``、``reference`` 名次，``top_share`` 0–1。
    top : int
        “前几名”，画一条竖线。
    firm : float
        ``top_share`` 不低于它的行着重画。
    xlabel : str
        横轴标题。
    share : str
        右侧一列的表头。
    names : tuple of str
        中位名次、参照名次两种记号的图例文字。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(1.25 + 0.25 * len(frame))
    y = np.arange(len(frame))[::-1]
    colors = np.where(frame["top_share"] >= firm, PALETTE[1], PALETTE[0])
    ax.axvline(top + 0.5, color=MUTED, linewidth=1, linestyle="--", zorder=1)
    ax.hlines(y, frame["low"], frame["high"], color=colors, linewidth=5, alpha=0.35)
    ax.scatter(frame["median"], y, color=colors, s=38, zorder=3)
    ax.scatter(frame["reference"], y, facecolor="white", edgecolor=colors, marker="D", s=20, linewidth=1.2, zorder=4)
    right = frame["high"].max() + 1.5
    for at, value in zip(y, frame["top_share"], strict=True):
        text = "<1%" if 0 < value < 0.005 else f"{value:.0%}"
        ax.annotate(text, (1.0, at), xycoords=("axes fraction", "data"), ha="right", va="center", fontsize=9)
    ax.annotate(share, (1.0, len(frame) - 0.2), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=9)
    ax.set_yticks(y, frame.index, fontsize=9)
    ax.set_xlim(0, right * 1.16)
    ax.set_ylim(-0.7, len(frame) - 0.3)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.tick_params(axis="y", length=0)
    ax.plot([], [], "o", color=PALETTE[0], markersize=6, label=names[0])
    ax.plot([], [], "D", color=PALETTE[0], markerfacecolor="white", markersize=4.5, label=names[1])
    ax.plot([], [], "--", color=MUTED, label=f"前 {top} 名")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3, columnspacing=1.2)
    return fig
