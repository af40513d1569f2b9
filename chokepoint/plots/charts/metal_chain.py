"""小产业链：一行一种材料，自左而右是各环节的最大供应者，最右是用途。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .._style import INK, MUTED, canvas

#: 各列的横向位置（英寸）：环节的圆心，与最右一列文字的左端。
_COLUMNS, _USE = (0.2, 1.72), 3.1
_ROW = 0.34


def metal_chain(
    frame: pd.DataFrame,
    *,
    stages: Mapping[str, str],
    colors: Mapping[str, str],
    threshold: float,
    use: str,
    legend: tuple[str, str, str],
) -> Figure:
    """一行一种材料：圆的大小是最大供应者的份额，圆旁写它是谁、占多少，灰线是图上的投入关系。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为材料名（自上而下）；``stages`` 的各列为（代码，名称，份额）或 ``None``；布尔列 ``linked`` 两个环节是否
        相连；``use`` 用途的文字。
    stages : mapping
        列名 → 列的标题，依次两列。
    colors : mapping
        代码 → 颜色；没有的画成灰色。
    threshold : float
        份额达到它的画成实心，其余空心。
    use : str
        最右一列的标题。
    legend : tuple of str
        实心、空心、没有份额三种记号的图例文字。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(0.95 + _ROW * len(frame))
    y = np.arange(len(frame))[::-1] * _ROW
    for at, (_, row) in zip(y, frame.iterrows(), strict=True):
        ax.plot([-0.05, 4.4], [at - _ROW / 2] * 2, color="#ECECEC", linewidth=0.8, zorder=0)
        for x, column in zip(_COLUMNS, stages, strict=True):
            cell = row[column]
            if cell is None:
                ax.annotate("×", (x, at), ha="center", va="center", color=MUTED, fontsize=10)
                continue
            code, name, share = cell
            color = colors.get(code, MUTED)
            face = color if share >= threshold else "white"
            ax.scatter([x], [at], s=18 + 2.1 * share, facecolor=face, edgecolor=color, linewidth=1.6, zorder=3)
            ax.annotate(f"{name} {share:.0f}", (x, at), (11, 0), textcoords="offset points", va="center",
                        fontsize=9.5, color=INK)  # fmt: skip
        if row["linked"] and all(row[c] is not None for c in stages):
            ax.annotate("", (_COLUMNS[1] - 0.13, at), (_COLUMNS[1] - 0.34, at),
                        arrowprops={"arrowstyle": "->", "color": MUTED, "linewidth": 1.1})  # fmt: skip
        named = row["use"][-1] == "%"
        if named:
            ax.annotate("", (_USE - 0.06, at), (_USE - 0.27, at),
                        arrowprops={"arrowstyle": "->", "color": MUTED, "linewidth": 1.1})  # fmt: skip
        ax.annotate(row["use"], (_USE, at), va="center", fontsize=9.5, color=INK if named else MUTED)
    head = y[0] + _ROW * 0.85
    for x, title in zip((*_COLUMNS, _USE), (*stages.values(), use), strict=True):
        ax.annotate(title, (x - (0.08 if x != _USE else 0), head), va="center", fontsize=9.5, color=MUTED)
    ax.set_yticks(y, frame.index)
    ax.set_ylim(-_ROW * 0.6, head + _ROW * 0.4)
    ax.set_xlim(-0.05, 4.4)
    ax.set_xticks([])
    ax.grid(False)
    ax.tick_params(axis="y", length=0)
    ax.spines[:].set_visible(False)
    marks = [
        Line2D([], [], marker="o", linestyle="", color=MUTED, label=legend[0]),
        Line2D([], [], marker="o", linestyle="", markerfacecolor="white", color=MUTED, label=legend[1]),
        Line2D([], [], marker="x", linestyle="", color=MUTED, label=legend[2]),
    ]
    fig.legend(handles=marks, loc="outside lower center", ncols=3, columnspacing=1.2, handletextpad=0.3)
    return fig
