"""链上的环节：自上而下一行一个环节，点与横条是各种口径的上下界，没有数的环节画成斜线的空格。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .._style import INK, MUTED, canvas

_MARKERS = ("o", "s", "D", "^", "v")


def stage_ranges(
    points: pd.DataFrame,
    rows: Sequence[str],
    *,
    xlabel: str,
    colors: Mapping[str, str],
    missing: str = "没有数",
    limits: Mapping[str, float] | None = None,
) -> Figure:
    """各环节的上下界；同一行的几种口径上下错开，互不相连。

    Parameters
    ----------
    points : pandas.DataFrame
        一行一点：``row`` 行名、``kind`` 口径、``low``、``high``（0–1）。
    rows : sequence of str
        全部的行名，自上而下；``points`` 里没有的画成空格。
    xlabel : str
        横轴标题。
    colors : mapping
        口径 → 颜色，次序即图例的次序。
    missing : str
        空格里的文字。
    limits : mapping, optional
        门槛的名字 → 位置。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    KeyError
        有口径没有颜色，或有行不在 ``rows`` 里。
    """
    if lost := sorted(set(points["row"]) - set(rows)) or sorted(set(points["kind"]) - set(colors)):
        raise KeyError(f"没有列出：{'、'.join(lost)}")
    fig, ax = canvas(1.2 + 0.32 * len(rows))
    base = dict(zip(rows, np.arange(len(rows))[::-1].astype(float), strict=True))
    mark = dict(zip(colors, _MARKERS, strict=False))
    for name, part in points.groupby("row"):
        shift = np.linspace(0.22, -0.22, len(part)) if len(part) > 1 else [0.0]
        for dy, item in zip(shift, part.itertuples(), strict=True):
            y, color = base[name] + dy, colors[item.kind]
            ax.hlines(y, item.low, item.high, color=color, linewidth=4.5, alpha=0.4)
            ax.scatter([item.low, item.high], [y, y], color=color, s=22, marker=mark[item.kind], zorder=3)
    for name in base.keys() - set(points["row"]):
        ax.add_patch(Rectangle((0, base[name] - 0.34), 1, 0.68, facecolor="none", edgecolor="#BDBDBD", hatch="////",
                               linewidth=0, zorder=1))  # fmt: skip
        ax.text(0.5, base[name], missing, ha="center", va="center", fontsize=9, color=INK, zorder=4,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
    for kind, color in colors.items():
        ax.scatter([], [], color=color, s=34, marker=mark[kind], label=kind)
    for name, position in (limits or {}).items():
        ax.axvline(position, color=INK, linewidth=1, linestyle="--", zorder=1)
        ax.annotate(name, (position, 1), (3, 2), xycoords=("data", "axes fraction"), textcoords="offset points",
                    fontsize=9, color=MUTED, va="bottom")  # fmt: skip
    for edge in range(len(rows) - 1):
        ax.axhline(edge + 0.5, color="#E8E8E8", linewidth=0.7, zorder=0)
    ax.set_yticks(list(base.values()), list(base))
    ax.set_ylim(-0.5, len(rows) - 0.5)
    ax.set_xlim(0, 1)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    fig.legend(
        *ax.get_legend_handles_labels(), loc="outside upper center", ncols=4, columnspacing=1.2, handletextpad=0.2
    )
    return fig
