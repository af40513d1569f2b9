"""日期条：只知年份的画一整年，知道月份的画一小格，行与行比早晚。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .._style import PALETTE, canvas

_MARKERS = ("o", "s", "^", "D")
#: 再短的时段也画这么宽（年），否则看不见。
LEAST = 0.1


def date_spans(
    frame: pd.DataFrame, *, xlabel: str, kinds: tuple[str, ...], colors: Mapping[str, str] | None = None
) -> Figure:
    """一行一个当事者，一条一件事；条的长短是日期的精度，不是事情的长短。

    Parameters
    ----------
    frame : pandas.DataFrame
        一行一件事：``row`` 行名（自上而下按首次出现）、``start``、``end``（小数年）、``kind`` 种类；可有 ``group``
        （组间画线）。
    xlabel : str
        横轴标题。
    kinds : tuple of str
        种类，次序即图例的次序。
    colors : mapping, optional
        种类 → 颜色；缺省取色板。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        有一件事的种类不在 ``kinds`` 里，或结束早于开始。
    """
    if not set(frame["kind"]) <= set(kinds):
        raise ValueError(f"没有列出的种类：{'、'.join(sorted(set(frame['kind']) - set(kinds)))}")
    if (frame["end"] <= frame["start"]).any():
        raise ValueError("有一件事的结束不晚于开始")
    tint = dict(zip(kinds, PALETTE, strict=False)) | dict(colors or {})
    mark = dict(zip(kinds, _MARKERS, strict=False))
    rows = list(dict.fromkeys(frame["row"]))
    fig, ax = canvas(1.3 + 0.34 * len(rows))
    height = {name: len(rows) - 1 - i for i, name in enumerate(rows)}
    for item in frame.itertuples():
        middle, half = (item.start + item.end) / 2, max(item.end - item.start, LEAST) / 2
        ax.hlines(height[item.row], middle - half, middle + half, color=tint[item.kind], linewidth=9, alpha=0.35)
        ax.scatter(middle, height[item.row], color=tint[item.kind], marker=mark[item.kind], s=30, zorder=3)
    if "group" in frame:
        group = frame.drop_duplicates("row")["group"].to_numpy()
        for at in np.flatnonzero(group[1:] != group[:-1]):
            ax.axhline(len(rows) - 1.5 - at, color="#BFBFBF", linewidth=0.8)
    for kind in kinds:
        ax.scatter([], [], color=tint[kind], marker=mark[kind], s=36, label=kind)
    ax.set_yticks([height[name] for name in rows], rows)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    ax.tick_params(axis="y", length=0)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=len(kinds), handletextpad=0.2)
    return fig
