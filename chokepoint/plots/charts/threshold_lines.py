"""阈值阶梯线：横轴是阈值，一条线是一家握有的个数。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .._style import MUTED, canvas


def threshold_lines(
    frame: pd.DataFrame,
    *,
    xlabel: str,
    ylabel: str,
    mark: float,
    mark_label: str,
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str] | None = None,
) -> Figure:
    """阈值阶梯线，线的右端写名字。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为阈值（升序），一列一条线，值为个数。
    xlabel, ylabel : str
        两轴标题，含单位。
    mark, mark_label : float and str
        所取的阈值与它的说明，画一条竖线。
    names, colors : mapping, optional
        列名 → 线端的名字、颜色；缺省用列名、灰色。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(3.3)
    ax.axvline(mark, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    top = frame.to_numpy().max()
    ax.annotate(mark_label, (mark, top * 1.04), (4, 0), textcoords="offset points", va="center", fontsize=9.5)
    ends = _spread(frame.iloc[-1].to_dict(), top * 0.075)
    for name, values in frame.items():
        color = (colors or {}).get(name, MUTED)
        ax.step(frame.index, values, where="mid", color=color, linewidth=2)
        ax.annotate(
            (names or {}).get(name, name),
            (frame.index[-1], ends[name]),
            (6, 0),
            textcoords="offset points",
            va="center",
            color=color,
        )
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.02 * top, top * 1.1), xlim=(frame.index[0], frame.index[-1]))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(True, axis="y")
    return fig


def _spread(values: dict, gap: float) -> dict:
    """把线端的名字上下错开，至少相隔 ``gap``；最低的不动。"""
    placed, last = {}, None
    for name, value in sorted(values.items(), key=lambda item: item[1]):
        placed[name] = value if last is None else max(value, last + gap)
        last = placed[name]
    return placed
