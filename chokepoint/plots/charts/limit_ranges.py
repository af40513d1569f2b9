"""界线图：一行几种口径，各是一点或一段，与竖直的门槛相比。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .._style import INK, MUTED, PALETTE, canvas

_MARKERS = ("o", "s", "D", "^")


def limit_ranges(
    groups: dict[str, pd.DataFrame],
    *,
    xlabel: str,
    limits: dict[str, float],
    colors: tuple[str, ...] = PALETTE,
    right: float = 1.0,
) -> Figure:
    """一行一个对象，每种口径画一点（确定）或一段（只知上下界），竖线是门槛。

    Parameters
    ----------
    groups : dict of str to pandas.DataFrame
        口径名 → 表；索引为行名（各表相同，自上而下），列 ``low``、``high``，缺失的不画。
    xlabel : str
        横轴标题，含单位。
    limits : dict of str to float
        门槛的名字 → 位置。
    colors : tuple of str
        各口径的颜色。
    right : float
        横轴的右端。

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = next(iter(groups.values())).index
    fig, ax = canvas(1.2 + (0.13 + 0.13 * len(groups)) * len(rows))
    base = np.arange(len(rows))[::-1].astype(float)
    step = 0.7 / max(len(groups), 2)
    for at, ((name, frame), color) in enumerate(zip(groups.items(), colors, strict=False)):
        y = base + step * ((len(groups) - 1) / 2 - at)
        low, high = frame["low"].to_numpy(dtype=float), frame["high"].to_numpy(dtype=float)
        ax.hlines(y, low, high, color=color, linewidth=5, alpha=0.35)
        marker = _MARKERS[at % len(_MARKERS)]
        for ends in (low, high):
            ax.scatter(ends, y, color=color, s=26, marker=marker, zorder=3)
        ax.scatter([], [], color=color, s=36, marker=marker, label=name)
    for name, position in limits.items():
        ax.axvline(position, color=INK, linewidth=1, linestyle="--", zorder=1)
        ax.annotate(name, (position, 1), (3, 2), xycoords=("data", "axes fraction"), textcoords="offset points",
                    fontsize=9, color=MUTED, ha="left", va="bottom")  # fmt: skip
    for edge in base[:-1] - 0.5:
        ax.axhline(edge, color="#E4E4E4", linewidth=0.8, zorder=0)
    ax.set_yticks(base, rows)
    ax.set_ylim(-0.5, len(rows) - 0.5)
    ax.set_xlim(0, right)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    fig.legend(
        *ax.get_legend_handles_labels(), loc="outside upper center", ncols=3, columnspacing=1.2, handletextpad=0.2
    )
    return fig
