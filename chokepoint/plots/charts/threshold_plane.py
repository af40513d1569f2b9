"""门槛平面：一点一个对象，两条线分出右上角；点名的写名字。"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from .._style import INK, MUTED, PALETTE, canvas

#: 名字相对点的几种摆法（点），依次试，取不压别的名字与点的第一种。
PLACES = ((6, 0, "left"), (-6, 0, "right"), (0, 8, "center"), (0, -9, "center"), (6, 7, "left"), (-6, 7, "right"),
          (6, -8, "left"), (-6, -8, "right"))  # fmt: skip


def threshold_plane(
    frame: pd.DataFrame,
    *,
    xlabel: str,
    ylabel: str,
    lines: tuple[float, float],
    names: tuple[str, str],
    height: float = 4.6,
) -> Figure:
    """散点与两条门槛线；达到两条线的实心，其余空心。

    Parameters
    ----------
    frame : pandas.DataFrame
        列 ``x``、``y``、``critical``（布尔）、``name_zh``、``named``（布尔，写不写名字）。
    xlabel, ylabel : str
        两轴标题，含单位。
    lines : (float, float)
        横、纵两轴的门槛。
    names : (str, str)
        图例：达到两条线的、其余的。
    height : float
        高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = canvas(height)
    for mask, face, label in ((frame["critical"], PALETTE[1], names[0]), (~frame["critical"], "white", names[1])):
        part = frame[mask]
        edge = PALETTE[1] if label == names[0] else MUTED
        ax.scatter(part["x"], part["y"], s=34, facecolor=face, edgecolor=edge, linewidth=1.2, zorder=3, label=label)
    ax.axvline(lines[0], color=INK, linewidth=1, linestyle="--", zorder=1)
    ax.axhline(lines[1], color=INK, linewidth=1, linestyle="--", zorder=1)
    ax.set(xlabel=xlabel, xlim=(0, max(frame["x"].max() * 1.08, lines[0] * 2)), ylim=(0, frame["y"].max() * 1.1))
    ax.set_title(ylabel, loc="left", fontsize=10)
    ax.grid(axis="y")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    fig.draw_without_rendering()
    _label(ax, frame)
    return fig


def _label(ax, frame: pd.DataFrame) -> None:
    """给点名的对象写名字，避开已写的名字与别的点；实在避不开的不写。"""
    renderer = ax.figure.canvas.get_renderer()
    points = ax.transData.transform(frame[["x", "y"]].to_numpy())
    placed = []
    for at, row in enumerate(frame.itertuples()):
        if not row.named:
            continue
        for dx, dy, where in PLACES:
            text = ax.annotate(row.name_zh, (row.x, row.y), (dx, dy), textcoords="offset points", ha=where,
                               va="center", fontsize=9, zorder=4)  # fmt: skip
            box = text.get_window_extent(renderer).padded(1)
            hits = any(box.overlaps(other) for other in placed)
            hits |= any(box.contains(*p) for i, p in enumerate(points) if i != at)
            if not hits and ax.bbox.contains(*box.min) and ax.bbox.contains(*box.max):
                placed.append(box)
                break
            text.remove()
