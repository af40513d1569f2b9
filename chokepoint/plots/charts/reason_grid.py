"""缘由三角：同一批对象两两一格，颜色与格里的一个字说能不能比、不能比的第一个缘由。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from .._style import MUTED, canvas, ink_on


def reason_grid(frame: pd.DataFrame, *, colors: Mapping[str, str], legend: Mapping[str, str]) -> Figure:
    """下三角的方格，对角线写对象的名字，每格一个字。

    Parameters
    ----------
    frame : pandas.DataFrame
        方阵，行名与列名相同（可含换行）；下三角（不含对角线）的值是缘由，``colors`` 的键，一到两个字。
    colors : mapping
        缘由 → 底色，次序即图例的次序。
    legend : mapping
        缘由 → 图例文字。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        行名与列名不同，或有缘由没有颜色。
    """
    if not frame.index.equals(frame.columns):
        raise ValueError("行名与列名不同")
    cells = {(r, c): frame.iat[r, c] for r, c in np.ndindex(frame.shape) if c < r}
    if strange := set(cells.values()) - set(colors):
        raise ValueError(f"没有颜色的缘由：{'、'.join(map(str, sorted(strange, key=str)))}")
    size = len(frame)
    fig, ax = canvas(1.0 + 0.29 * size)
    for (r, c), reason in cells.items():
        y = size - 1 - r
        ax.add_patch(Rectangle((c + 0.04, y + 0.04), 0.92, 0.92, facecolor=colors[reason], edgecolor="none"))
        ax.text(c + 0.5, y + 0.48, reason, ha="center", va="center", fontsize=8, color=ink_on(colors[reason]))
    for i in range(size - 1):
        ax.text(i + 0.1, size - 1 - i + 0.48, str(i + 1), ha="left", va="center", fontsize=8, color=MUTED)
    ax.set_xlim(0, size - 1)
    ax.set_ylim(0, size)
    ax.set_xticks([])
    ax.set_yticks(np.arange(size)[::-1] + 0.5, [f"{name} {i + 1}" for i, name in enumerate(frame.index)], fontsize=8.5)
    ax.tick_params(length=0)
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)
    handles = [Patch(facecolor=colors[k], label=legend[k]) for k in colors if k in set(cells.values())]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.0, handlelength=1.2)
    return fig
