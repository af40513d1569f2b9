"""相图：箭头是两方各自往哪里走，线是几条路径，圆点是静止点；参数的来历写在图上。"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .._style import INK, MUTED, PALETTE, canvas

#: 静止点的种类 → 图例、填色。
KINDS = {
    "stable": ("稳定", INK),
    "saddle": ("鞍点", "white"),
    "unstable": ("不稳定", "#BDBDBD"),
    "neutral": ("分不出", "#E4E4E4"),
}
#: 每边几个箭头。
ARROWS = 13


def phase_portrait(
    drift: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    points: pd.DataFrame,
    paths: Iterable[pd.DataFrame],
    *,
    xlabel: str,
    ylabel: str,
    note: str,
) -> Figure:
    """单位正方形上的向量场、静止点与几条路径。

    箭头只表示方向与快慢的次序（长度取速度的平方根）；走到右上角的路径一色，走到别处的另一色。

    Parameters
    ----------
    drift : callable
        由 ``x``、``y`` 两个数组得两个方向的速度。
    points : pandas.DataFrame
        静止点：``x``、``y``、``kind``（:data:`KINDS` 的键）。
    paths : iterable of pandas.DataFrame
        路径，列 ``x``、``y``，至少两行。
    xlabel, ylabel : str
        两轴标题。
    note : str
        写在图下方的一两行：哪些参数有依据，哪些是假想；可含换行。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        静止点的种类不认识，或没有说明参数的来历。
    """
    if strange := set(points["kind"]) - set(KINDS):
        raise ValueError(f"不认识的种类：{'、'.join(sorted(strange))}")
    if not note.strip():
        raise ValueError("相图要写明哪些参数有依据、哪些是假想")
    fig, ax = canvas(5.9)
    centres = (np.arange(ARROWS) + 0.5) / ARROWS
    x, y = np.meshgrid(centres, centres)
    u, v = drift(x, y)
    size = np.hypot(u, v)
    scale = np.sqrt(size / size.max()) / np.where(size, size, 1)
    ax.quiver(x, y, u * scale, v * scale, color="#B9B9B9", angles="xy", scale=19, width=0.0045, headwidth=4.2, zorder=1)
    for path in paths:
        end = path[["x", "y"]].iloc[-1]
        color = PALETTE[0] if (end > 0.5).all() else PALETTE[1]
        ax.plot(path["x"], path["y"], color=color, linewidth=1.7, zorder=2)
        ax.scatter(*path[["x", "y"]].iloc[0], color=color, s=16, zorder=3)
    for row in points.itertuples():
        ax.scatter(
            row.x, row.y, s=88, facecolor=KINDS[row.kind][1], edgecolor=INK, linewidth=1.5, zorder=5, clip_on=False
        )
    ax.set(xlim=(0, 1), ylim=(0, 1), ylabel=ylabel, aspect="equal")
    ax.set_xlabel(f"{xlabel}\n{note}", linespacing=1.6, fontsize=9.5)
    ax.grid(visible=False)
    for side in ax.spines.values():
        side.set_visible(True)
        side.set_color(MUTED)
    handles = [_dot(face, name) for kind, (name, face) in KINDS.items() if kind in set(points["kind"])]
    handles += [
        Line2D([], [], color=PALETTE[0], label="走到都守约"),
        Line2D([], [], color=PALETTE[1], label="走到别处"),
    ]
    fig.legend(handles=handles, loc="outside upper center", ncols=5, columnspacing=1.0, handletextpad=0.3,
               handlelength=1.3)  # fmt: skip
    return fig


def _dot(face: str, name: str) -> Line2D:
    return Line2D([], [], marker="o", linestyle="", markersize=8, markerfacecolor=face, markeredgecolor=INK,
                  markeredgewidth=1.4, label=name)  # fmt: skip
