"""产业链图面：左边是工序的主线，右边一行一种直接投入，方块是它和它的下位、上游。"""

from __future__ import annotations

from collections.abc import Container

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .._style import INK, MUTED, canvas

#: 横向位置（英寸）：辅助工序、主线、工序名、投入名（右对齐）、第一个方块、方块间距。
_SIDE, _SPINE, _PROCESS, _LABEL, _TILES, _PITCH = 0.06, 0.2, 0.33, 2.58, 2.72, 0.154
_ROW, _HEAD = 0.2, 0.24
_SIZE = 58


def chain_map(
    tiles: pd.DataFrame,
    rows: pd.DataFrame,
    *,
    colors: dict[str, str],
    helpers: Container[str] = (),
    stages: dict[str, str] | None = None,
    hollow: str = "",
    ncols: int = 4,
) -> Figure:
    """产业链图面。

    Parameters
    ----------
    tiles : pandas.DataFrame
        索引为节点；``row``、``column``（-1 为工序本身）、``group`` 颜色所按的类；布尔列 ``total`` 中心加点，
        ``numbered`` 为假的画成空心，``fed`` 由辅助工序供给。
    rows : pandas.DataFrame
        自上而下一行一种直接投入：``stage``、``process``、``process_zh``、``label``。
    colors : dict
        类 → 颜色，也是图例的次序。
    helpers : container of str
        供给多道工序的辅助工序，画在主线之外。
    stages : dict, optional
        阶段代码 → 名称；缺省用代码。
    hollow : str
        空心的图例文字；空则不写。
    ncols : int
        图例一行几项。

    Returns
    -------
    matplotlib.figure.Figure
    """
    heads = rows["stage"].ne(rows["stage"].shift())
    y = -(np.arange(len(rows)) * _ROW + heads.cumsum().to_numpy() * _HEAD)
    fig, ax = canvas(0.75 + len(rows) * _ROW + int(heads.sum()) * _HEAD)
    for i in np.flatnonzero(heads):
        name = (stages or {}).get(rows["stage"].iloc[i], rows["stage"].iloc[i])
        ax.text(_PROCESS, y[i] + 0.2, name, fontsize=9, color=MUTED, va="center")
        ax.plot([_PROCESS + 0.62, 4.95], [y[i] + 0.2] * 2, color="#DADADA", linewidth=0.8, zorder=0)
    for at, row in zip(y, rows.itertuples(), strict=True):
        ax.text(_PROCESS, at, row.process_zh, fontsize=9.5, va="center", fontweight="bold")
        ax.text(_LABEL, at, row.label, fontsize=9, va="center", ha="right")
    spine = tiles[tiles["column"] < 0]
    _lines(ax, spine, y, helpers)
    for group, color in colors.items():
        part = tiles[tiles["group"] == group]
        _tiles(ax, part[part["column"] >= 0], y, color)
        side = [_SIDE if v in helpers else _SPINE for v in part.index[part["column"] < 0]]
        at = y[part.loc[part["column"] < 0, "row"]]
        ax.scatter(side, at, s=48, color=color, edgecolor=INK, linewidth=0.6, zorder=4)
    _legend(fig, tiles, colors, hollow, ncols)
    ax.set(xlim=(0, 4.98), ylim=(y.min() - 0.14, 0.1))
    ax.set_axis_off()
    return fig


def _lines(ax, spine: pd.DataFrame, y: np.ndarray, helpers: Container[str]) -> None:
    """主线一根，辅助工序另起一根并短接到它们所供的各道。"""
    side = [v in helpers for v in spine.index]
    main = y[spine["row"][~np.array(side)]]
    ax.plot([_SPINE, _SPINE], [main.max(), main.min()], color=MUTED, linewidth=1.2, zorder=1)
    if any(side):
        fed = [v for v, s in zip(spine.index, side, strict=True) if not s and spine.loc[v, "fed"]]
        ends = y[spine.loc[fed, "row"]]
        ax.plot(
            [_SIDE, _SIDE], [y[spine["row"][np.array(side)]].max(), ends.min()], color=MUTED, linewidth=0.9, zorder=1
        )
        ax.hlines(ends, _SIDE, _SPINE, color=MUTED, linewidth=0.9, zorder=1)


def _tiles(ax, part: pd.DataFrame, y: np.ndarray, color: str) -> None:
    x = _TILES + part["column"].to_numpy() * _PITCH
    at, full = y[part["row"]], part["numbered"].to_numpy()
    face = [color if f else "white" for f in full]
    ax.scatter(x, at, s=_SIZE, marker="s", color=face, edgecolor=color, linewidth=1.2, zorder=3)
    dot = part["total"].to_numpy()
    ink = ["white" if f else color for f in full[dot]]
    ax.scatter(x[dot], at[dot], s=9, color=ink, zorder=4)


def _legend(fig, tiles: pd.DataFrame, colors: dict[str, str], hollow: str, ncols: int) -> None:
    look = {"linestyle": "", "marker": "s", "markersize": 7.5}
    shown = [g for g in colors if (tiles["group"] == g).any()]
    handles = [Line2D([], [], **look, color=colors[g], label=g) for g in shown]
    if hollow:
        handles.append(Line2D([], [], **look, markerfacecolor="white", markeredgecolor=MUTED, label=hollow))
    fig.legend(handles=handles, loc="outside upper center", ncols=ncols, columnspacing=1.0, handletextpad=0.2)
