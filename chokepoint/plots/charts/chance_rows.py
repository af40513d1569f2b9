"""与零模型相比：一行一个统计量，灰条是打乱之后的范围，圆点是实测，都除以打乱之后的平均。"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .._style import INK, MUTED, PALETTE, canvas


def chance_rows(frame: pd.DataFrame, *, xlabel: str, right: float = 2.5, row: float = 0.3) -> Figure:
    """实测与零模型，都以零模型的平均为一；与打乱的分得清的实心，分不清的空心。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为行名（自上而下）；列 ``observed``、``low``、``high``（已除以零模型的平均）、``outside`` 是否分得清、
        ``text`` 写在右侧的文字、``group`` 分节的名字，同一节相邻。
    xlabel : str
        横轴标题。
    right : float
        横轴的右端；灰条可以出界，在边上截断。
    row : float
        行高，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        有实测落在横轴之外。
    """
    if not frame["observed"].between(0, right).all():
        raise ValueError(f"实测落在横轴之外：{frame['observed'].max():g}，右端 {right:g}")
    groups = frame["group"].to_numpy()
    starts = [i for i in range(len(frame)) if i == 0 or groups[i] != groups[i - 1]]
    fig, ax = canvas(1.3 + row * (len(frame) + len(starts)))
    y, at, names = [], 0.0, []
    for i, group in enumerate(groups):
        if i in starts:
            names.append((at, group))
            at -= 1
        y.append(at)
        at -= 1
    for place, item in zip(y, frame.itertuples(), strict=True):
        ax.barh(place, min(item.high, right) - item.low, left=item.low, height=0.46, color="#CFCFCF", zorder=2)
        inside = not item.outside
        ax.scatter(item.observed, place, s=48, zorder=4, linewidth=1.6, edgecolor=PALETTE[0], clip_on=False,
                   facecolor="white" if inside else PALETTE[0])  # fmt: skip
        ax.annotate(item.text, (1, place), (6, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                    va="center", fontsize=9, color=MUTED if inside else INK)  # fmt: skip
    for place, name in names:
        ax.annotate(name, (0, place), (4, 0), textcoords="offset points", va="center", fontsize=9.5, weight="bold",
                    color=INK, zorder=5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
    ax.axvline(1, color=INK, linewidth=1, linestyle="--", zorder=1)
    ax.set_yticks(y, frame.index)
    ax.set_ylim(at + 0.4, 0.6)
    ax.set_xlim(0, right)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    dot = {"marker": "o", "linestyle": "", "markeredgecolor": PALETTE[0], "markersize": 7, "markeredgewidth": 1.6}
    fig.legend(
        handles=[
            Patch(color="#CFCFCF", label="打乱之后，中间 95%"),
            Line2D([], [], markerfacecolor=PALETTE[0], label="实测，分得清", **dot),
            Line2D([], [], markerfacecolor="white", label="实测，分不清", **dot),
        ],
        loc="outside upper center", ncols=3, columnspacing=1.2, handletextpad=0.3,
    )  # fmt: skip
    return fig
