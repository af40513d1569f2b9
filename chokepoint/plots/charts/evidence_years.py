"""有数的年份：一行一个指标，一年一点；没有数的年份空着，整行没有的也留着空行。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from .._style import INK, MUTED, canvas


def evidence_years(
    rows: pd.DataFrame,
    points: pd.DataFrame,
    *,
    stages: Mapping[str, str],
    colors: Mapping[str, str],
    empty: str = "没有找到",
    target: str = "目标",
) -> Figure:
    """一行一个指标，有数的年份画点，目标画空心菱形，没有数的行只写“没有找到”。

    Parameters
    ----------
    rows : pandas.DataFrame
        自上而下的各行：列 ``row`` 行名、``stage`` 环节代码。
    points : pandas.DataFrame
        列 ``row``、``x`` 年份、``kind``（``observed`` 或 ``target``）。
    stages : mapping
        环节代码 → 图例文字，按此次序。
    colors : mapping
        环节代码 → 颜色。
    empty : str
        空行上写的字。
    target : str
        目标的图例文字；没有目标则不画图例。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    KeyError
        点所在的行不在 ``rows`` 里。
    """
    strange = set(points["row"]) - set(rows["row"])
    if strange:
        raise KeyError(f"这些点没有对应的行：{'、'.join(sorted(map(str, strange)))}")
    fig, ax = canvas(1.15 + 0.3 * len(rows))
    y = dict(zip(rows["row"], np.arange(len(rows))[::-1], strict=True))
    tint = rows["stage"].map(colors).set_axis(rows["row"])
    first, last = points["x"].min(), points["x"].max()
    seen = points[points["kind"] == "observed"]
    goals = points[points["kind"] == "target"]
    for name, at in y.items():
        ax.axhline(at, color="#EDEDED", linewidth=0.8, zorder=0)
        if name not in set(points["row"]):
            ax.annotate(empty, ((first + last) / 2, at), ha="center", va="center", fontsize=9, color=MUTED,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
    ax.scatter(seen["x"], seen["row"].map(y), color=seen["row"].map(tint), s=44, zorder=3)
    ax.scatter(
        goals["x"], goals["row"].map(y), marker="D", facecolor="none", edgecolor=INK, s=58, linewidth=1.2, zorder=4
    )
    for upper, lower in zip(rows.itertuples(), rows.iloc[1:].itertuples(), strict=False):
        if upper.stage != lower.stage:
            ax.axhline((y[upper.row] + y[lower.row]) / 2, color="#BDBDBD", linewidth=0.9, zorder=1)
    ax.set_yticks(list(y.values()), list(y))
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(first - 0.8, last + 0.8)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.tick_params(axis="y", length=0)
    handles = [Line2D([], [], marker="o", linestyle="", color=colors[s], label=stages[s]) for s in stages]
    if len(goals):
        handles.append(
            Line2D([], [], marker="D", linestyle="", markerfacecolor="none", markeredgecolor=INK, label=target)
        )
    fig.legend(handles=handles, loc="outside upper center", ncols=len(handles), handletextpad=0.1, columnspacing=1.0)
    return fig
