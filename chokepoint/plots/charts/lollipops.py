"""棒棒糖图：一行一个数，数写在点旁。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from .._style import MUTED, canvas


def lollipops(
    values: pd.Series,
    *,
    xlabel: str,
    colors: list[str],
    legend: dict[str, str] | None = None,
    ticks: tuple[float, ...] = (),
    start: float = 0,
    spec: str = ",.0f",
    row: float = 0.29,
) -> Figure:
    """一行一个数：点在数上，细线连到起点，数写在点的右边。

    Parameters
    ----------
    values : pandas.Series
        索引为行名（自上而下，可含换行），值为正数。
    xlabel : str
        横轴标题，含单位。
    colors : list of str
        各行的颜色。
    legend : dict of str to str, optional
        颜色 → 图例文字。
    ticks : tuple of float
        给出则横轴为对数，只标这些刻度；此时 ``start`` 须大于 0。
    start : float
        细线的起点，如 0，或比值的 1。
    spec : str
        数的格式，如 ``",.0f"``、``".3g"``。
    row : float
        行高，英寸。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(0.9 + row * len(values) + (0.3 if legend else 0))
    y = np.arange(len(values))[::-1]
    ax.hlines(y, start, values, color="#C9C9C9", linewidth=1.4)
    ax.scatter(values, y, color=colors, s=48, zorder=3)
    for at, value in zip(y, values, strict=True):
        ax.annotate(f"{value:{spec}}", (value, at), (7, 0), textcoords="offset points", va="center", fontsize=9.5)
    if ticks:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(FixedLocator(ticks))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        ax.set_xlim(start * 0.88, values.max() * 2.2)
        ax.axvline(start, color=MUTED, linewidth=1)
    else:
        ax.set_xlim(start, start + (values.max() - start) * 1.15)
    ax.set_yticks(y, values.index)
    ax.set_ylim(-0.6, len(values) - 0.4)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    if legend:
        handles = [Line2D([], [], marker="o", linestyle="", color=c, label=text) for c, text in legend.items()]
        fig.legend(handles=handles, loc="outside upper center", ncols=3, handletextpad=0.2)
    return fig
