"""估计与区间：一行一个估计，横线是区间，另可标出几个分段的值。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .._style import INK, MUTED, PALETTE, canvas

_MARKERS = ("<", ">", "D")


def estimate_ranges(
    frame: pd.DataFrame,
    *,
    xlabel: str,
    name: str = "估计与区间",
    marks: Mapping[str, str] | None = None,
    level: float = 0,
    color: str = PALETTE[0],
) -> Figure:
    """一行一个估计：实心点是估计，横线是区间，空心的标记是分段的值，竖的虚线是参照值。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为行名（自上而下），列 ``estimate``、``low``、``high``，另有 ``marks`` 各列；缺失的不画。
    xlabel : str
        横轴标题，含单位。
    name : str
        估计的图例文字。
    marks : mapping, optional
        列名 → 图例文字，至多三列。
    level : float
        参照值，缺省为零。
    color : str
        估计与区间的颜色。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        ``marks`` 多于三列。
    """
    marks = dict(marks or {})
    if len(marks) > len(_MARKERS):
        raise ValueError(f"最多标 {len(_MARKERS)} 列，得到 {len(marks)} 列")
    fig, ax = canvas(1.3 + 0.4 * len(frame))
    y = np.arange(len(frame))[::-1]
    ax.hlines(y, frame["low"], frame["high"], color=color, linewidth=5, alpha=0.3)
    ax.scatter(frame["estimate"], y, color=color, s=52, zorder=3, label=name)
    for (column, text), marker, edge in zip(marks.items(), _MARKERS, PALETTE[1:], strict=False):
        ax.scatter(
            frame[column], y + 0.24, facecolor="white", edgecolor=edge, linewidth=1.4, s=38, marker=marker,
            zorder=4, label=text,
        )  # fmt: skip
    ax.axvline(level, color=MUTED, linewidth=1, linestyle="--", zorder=1)
    ax.set_yticks(y, frame.index, color=INK)
    ax.set_ylim(-0.6, len(frame) - 0.35)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=4, columnspacing=1.0,
               handletextpad=0.2)  # fmt: skip
    return fig
