"""证据矩阵：行是路径，列是环节，深浅是证据的厚薄，空格子就是空的。"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from .._style import INK, MUTED, canvas, ink_on


def evidence_matrix(
    depth: pd.DataFrame, labels: pd.DataFrame, *, levels: Sequence[str], colors: Sequence[str]
) -> Figure:
    """方格矩阵：颜色为等级，格里写字；第零级不上色、不写字，只有虚线框；第一级画斜线。

    Parameters
    ----------
    depth : pandas.DataFrame
        行名、列名即两轴的标签，值为 0 起的整数等级。
    labels : pandas.DataFrame
        同形的文字，可含换行。
    levels : sequence of str
        各级的名字，自 0 起，写进图例。
    colors : sequence of str
        各级的底色；第零级的不用。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        两张表的行列不同，或等级超出 ``levels``。
    """
    if not depth.index.equals(labels.index) or not depth.columns.equals(labels.columns):
        raise ValueError("等级与文字两张表的行列不同")
    if depth.to_numpy().min() < 0 or depth.to_numpy().max() >= len(levels):
        raise ValueError(f"等级应在 0 到 {len(levels) - 1} 之间")
    rows, columns = depth.shape
    fig, ax = canvas(0.95 + 0.72 * rows)
    for r, c in np.ndindex(rows, columns):
        level, x, y = int(depth.iat[r, c]), c, rows - 1 - r
        box = {"xy": (x + 0.03, y + 0.04), "width": 0.94, "height": 0.92}
        if level == 0:
            ax.add_patch(Rectangle(**box, facecolor="none", edgecolor=MUTED, linestyle=(0, (3, 3)), linewidth=1))
            continue
        hatch = "////" if level == 1 else None
        ax.add_patch(Rectangle(**box, facecolor=colors[level], edgecolor="#C9C9C9" if hatch else "none", hatch=hatch))
        ax.text(
            x + 0.5, y + 0.5, labels.iat[r, c], ha="center", va="center", fontsize=9.5,
            color=_ink(level, levels, colors),
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5} if hatch else None,
        )  # fmt: skip
    ax.set_xlim(0, columns)
    ax.set_ylim(0, rows)
    ax.set_xticks(np.arange(columns) + 0.5, depth.columns)
    ax.set_yticks(np.arange(rows)[::-1] + 0.5, depth.index)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)
    handles = [
        Patch(
            facecolor="none" if i == 0 else colors[i], edgecolor=MUTED if i == 0 else "#C9C9C9",
            linestyle=(0, (3, 3)) if i == 0 else "-", hatch="////" if i == 1 else None, label=name,
        )
        for i, name in enumerate(levels)
    ]  # fmt: skip
    fig.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.0, handlelength=1.4)
    return fig


def _ink(level: int, levels: Sequence[str], colors: Sequence[str]) -> str:
    """格里的字色：只有最深一级用反白，中间的蓝底上白字对比不够。"""
    return ink_on(colors[level]) if level == len(levels) - 1 else INK
