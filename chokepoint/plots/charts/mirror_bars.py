"""对镜条：同一批对象，左右各一种计数。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .._style import MUTED, canvas


def mirror_bars(frame: pd.DataFrame, *, titles: tuple[str, str], colors: Mapping[str, str] | None = None) -> Figure:
    """左右对镜的条形：中间写名字，左边一种计数，右边另一种，两边同一尺度。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为行名（自上而下），两列非负整数，依次画在左、右。
    titles : (str, str)
        左、右两边的标题，含单位。
    colors : mapping, optional
        行名 → 颜色；缺省为灰。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, (left, right) = canvas(0.9 + 0.3 * len(frame), ncols=2)
    y = np.arange(len(frame))[::-1]
    shade = [(colors or {}).get(name, MUTED) for name in frame.index]
    reach = frame.to_numpy().max() * 1.18
    for ax, column, title in zip((left, right), frame.columns, titles, strict=True):
        ax.barh(y, frame[column], color=shade, height=0.66)
        side, where = (-4, "right") if ax is left else (4, "left")
        for at, value in zip(y, frame[column], strict=True):
            ax.annotate(
                f"{value:g}", (value, at), (side, 0), textcoords="offset points", ha=where, va="center", fontsize=9.5
            )
        ax.set_title(title, fontsize=10)
        ax.set_xlim(0, reach)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        ax.grid(False)
        ax.tick_params(axis="y", length=0)
        ax.set_yticks(y, frame.index if ax is right else [""] * len(frame))
    left.invert_xaxis()
    left.spines["left"].set_visible(False)
    left.spines["right"].set_visible(True)
    return fig
