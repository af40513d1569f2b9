"""记录条：一年一条，按来源堆积；来源中断处画断点，此后的条打斜线，前后不可比。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from .._style import INK, MUTED, canvas


def archive_bars(
    frame: pd.DataFrame, *, break_at: float, labels: tuple[str, str], ylabel: str, colors: Mapping[str, str]
) -> Figure:
    """堆积的竖条与一道断点；断点之后的条打斜线，底色变灰。

    Parameters
    ----------
    frame : pandas.DataFrame
        一行一条：``left``、``right`` 起止（小数年，不得跨过断点），其余各列由下而上，列名见 ``colors``，值为非负整数。
    break_at : float
        断点，小数年。
    labels : (str, str)
        断点前、后两边写在顶上的话（短）。
    ylabel : str
        纵轴标题，写在图的左上方。
    colors : mapping
        列名 → 颜色，次序即堆积的次序。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        有一条跨过断点。
    """
    if ((frame["left"] < break_at) & (frame["right"] > break_at)).any():
        raise ValueError(f"有一条跨过断点 {break_at:g}：断点前后要分开数")
    fig, ax = canvas(3.6)
    bottom = pd.Series(0.0, index=frame.index)
    after = frame["left"] >= break_at
    for name, color in colors.items():
        for part, hatch in ((frame[~after], None), (frame[after], "////")):
            ax.bar(
                part["left"], part[name], part["right"] - part["left"], bottom[part.index], align="edge",
                color=color, edgecolor="white", linewidth=0.9, hatch=hatch,
            )  # fmt: skip
        bottom += frame[name]
    right = frame["right"].max() + 0.2
    ax.axvspan(break_at, right, color="#F0F0F0", zorder=0)
    ax.axvline(break_at, color=INK, linewidth=1.2, linestyle=(0, (3, 2)), zorder=3)
    for text, place, side in zip(labels, (-4, 4), ("right", "left"), strict=True):
        ax.annotate(text, (break_at, 1), (place, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
                    ha=side, va="top", fontsize=9, color=MUTED)  # fmt: skip
    ax.set_xlim(frame["left"].min() - 0.2, right)
    ax.set_ylim(0, bottom.max() * 1.12)
    ax.set_title(ylabel, loc="left", fontsize=10)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(visible=False, axis="x")
    fig.legend(
        handles=[Patch(facecolor=color, label=name) for name, color in colors.items()],
        loc="outside lower center", ncols=len(colors), columnspacing=1.2,
    )  # fmt: skip
    return fig
