"""转移方格：一行一个起点，一列一个去向，格里是比例和区间，颜色越深越多。"""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .._style import INK, canvas, ink_on

#: 颜色取到色表的几分之几：留出浅字的余地。
DEPTH = 0.85


def transition_grid(frame: pd.DataFrame, *, names: Mapping[str, str], xlabel: str, ylabel: str) -> Figure:
    """由一种状态到另一种状态的比例；对角线（没有变）加框。

    Parameters
    ----------
    frame : pandas.DataFrame
        列 ``start``、``end``、``total``、``estimate``、``low``、``high``（0–1），一行一格；行与列照表里首次出现的次序。
    names : mapping of str to str
        状态 → 名字。
    xlabel, ylabel : str
        两轴标题。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        同一格有两行，或某一行的比例加起来不是一。
    """
    if frame.duplicated(["start", "end"]).any():
        raise ValueError("同一格有两行")
    known = frame.dropna(subset=["estimate"])
    sums = known.groupby("start")["estimate"].sum()
    if ((sums - 1).abs() > 1e-9).any():
        raise ValueError(f"由“{(sums - 1).abs().idxmax()}”出发的比例加起来不是一")
    starts, ends = list(dict.fromkeys(frame["start"])), list(dict.fromkeys(frame["end"]))
    total = frame.groupby("start")["total"].first()
    fig, ax = canvas(1.2 + 0.62 * len(starts))
    shades = mpl.colormaps["Blues"]
    for row in known.itertuples():
        x, y = ends.index(row.end), starts.index(row.start)
        color = mpl.colors.to_hex(shades(row.estimate * DEPTH))
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=color, edgecolor="white"))
        ax.annotate(f"{row.estimate:.0%}", (x, y), (0, 6), textcoords="offset points", ha="center", va="center",
                    color=ink_on(color))  # fmt: skip
        ax.annotate(f"{row.low:.0%}–{row.high:.0%}", (x, y), (0, -9), textcoords="offset points", ha="center",
                    va="center", fontsize=8.5, color=ink_on(color))  # fmt: skip
        if row.start == row.end:
            ax.add_patch(
                Rectangle((x - 0.48, y - 0.48), 0.96, 0.96, fill=False, edgecolor=INK, linewidth=1.3, zorder=4)
            )
    ax.set(xlim=(-0.5, len(ends) - 0.5), ylim=(len(starts) - 0.5, -0.5), xlabel=xlabel)
    ax.set_title(ylabel, loc="left", fontsize=10)
    ax.set_xticks(range(len(ends)), [names[e] for e in ends])
    ax.set_yticks(range(len(starts)), [f"{names[s]}\n{total[s]} 次" for s in starts])
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for side in ax.spines.values():
        side.set_visible(False)
    return fig
