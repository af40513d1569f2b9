"""报警条：一行一个指标，一格一期，深浅说明平静、越线还是报警；没有数的空着。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from .._style import INK, MUTED, canvas

#: 平静、越线而未报警、报警；斜线使黑白打印也分得开。
COLORS = ("#E4E9EE", "#F6C28B", "#D55E00")
#: 一格里写得下字的最多列数。
ROOMY = 8


def alarm_strips(
    state: pd.DataFrame,
    texts: pd.DataFrame | None = None,
    *,
    levels: tuple[str, str, str],
    xlabel: str,
    group: pd.Series | None = None,
) -> Figure:
    """一行一个指标、一格一期的状态图。

    Parameters
    ----------
    state : pandas.DataFrame
        索引为行名（自上而下），列为期；0 平静、1 越线而未报警、2 报警，缺失为没有数（只画虚线框）。
    texts : pandas.DataFrame, optional
        同形的文字，写在格里；列多于 :data:`ROOMY` 时不可给。
    levels : tuple of str
        三种状态的名字，写进图例。
    xlabel : str
        横轴标题。
    group : pandas.Series, optional
        行的分组，索引同 ``state``；组与组之间画一道线。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        状态不是 0、1、2，文字与状态的行列不同，或列太多写不下字。
    """
    values = state.to_numpy(dtype=float)
    if not np.isin(values[~np.isnan(values)], (0, 1, 2)).all():
        raise ValueError("状态只能是 0、1、2，或缺失")
    if texts is not None and not (texts.index.equals(state.index) and texts.columns.equals(state.columns)):
        raise ValueError("文字与状态两张表的行列不同")
    if texts is not None and state.shape[1] > ROOMY:
        raise ValueError(f"格里写字至多 {ROOMY} 列，得到 {state.shape[1]} 列")
    rows, columns = state.shape
    fig, ax = canvas(1.2 + 0.36 * rows)
    for r, c in np.ndindex(rows, columns):
        x, y = c, rows - 1 - r
        box = {"xy": (x + 0.04, y + 0.1), "width": 0.92, "height": 0.8}
        if np.isnan(values[r, c]):
            ax.add_patch(Rectangle(**box, facecolor="none", edgecolor="#BDBDBD", linestyle=(0, (2, 2)), linewidth=0.7))
            continue
        level = int(values[r, c])
        ax.add_patch(Rectangle(**box, facecolor=COLORS[level], edgecolor=MUTED if level else "none", linewidth=0.8,
                               hatch="///" if level == 1 and texts is None else None))  # fmt: skip
        if texts is not None:
            ax.text(x + 0.5, y + 0.5, texts.iat[r, c], ha="center", va="center", fontsize=9.5, color=INK)
    if group is not None:
        kinds = group.reindex(state.index).to_numpy()
        for at in np.flatnonzero(kinds[1:] != kinds[:-1]):
            ax.axhline(rows - 1 - at, color=INK, linewidth=1)
    ax.set_xlim(0, columns)
    ax.set_ylim(0, rows)
    every = 1 if columns <= ROOMY else 4
    shown = np.arange(columns)[::-1][::every][::-1]
    ax.set_xticks(shown + 0.5, [str(state.columns[i]) for i in shown])
    ax.set_yticks(np.arange(rows)[::-1] + 0.5, state.index)
    ax.tick_params(length=0)
    ax.set_xlabel(xlabel)
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)
    handles = [
        Patch(facecolor=COLORS[i], edgecolor=MUTED, label=name, hatch="///" if i == 1 and texts is None else None)
        for i, name in enumerate(levels)
    ]
    handles.append(Patch(facecolor="none", edgecolor="#BDBDBD", linestyle=(0, (2, 2)), label="没有数"))
    fig.legend(handles=handles, loc="outside upper center", ncols=2, columnspacing=1.2, handlelength=1.4)
    return fig
