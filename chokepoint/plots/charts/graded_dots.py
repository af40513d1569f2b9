"""分级点图：一行一个说法，横轴是它说的数，颜色的深浅是证据的强弱。"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .._style import INK, MUTED, canvas

#: 由强到弱的深浅；最后一档总是空心。
SHADES = ("#08306B", "#2171B5", "#4A98C9", "#7FB9DA", "#B5D4E9")
EDGE = "#2171B5"

#: 说明文字占横轴的一份，说明写在横轴右端之外。
ROOM = 0.03
#: 横轴两端各留的一份，放得下端点上的点与箭头。
MARGIN = 0.06


def graded_dots(
    frame: pd.DataFrame,
    *,
    xlabel: str,
    left: float = 0,
    right: float | None = None,
    height: float | None = None,
    rows: float = 0.27,
) -> Figure:
    """一行一个说法（名字相同的画在同一行），点的深浅表示证据的强弱。

    实心越深证据越强，最弱的一档空心；“至少”“至多”画成指向右、左的箭头；目标画成空心菱形，从不与实绩相连。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为行名（自上而下）；列 ``value``（横轴的单位）、``band``（有序分类，由强到弱，最后一档空心）；
        可有 ``bound``（``at_least``、``at_most``，其余当作点值）、``status``（``target`` 画菱形）、
        ``text``（写在右侧的短字，如年份，不宜超过六个字；同一行不同的几个连起来写）、``group``（相邻两行的组不同则画一条分隔线）。
    xlabel : str
        横轴标题，含单位。
    left, right : float
        横轴两端；右端缺省由数据定。
    height : float, optional
        高度，英寸；缺省由行数定。
    rows : float
        每行的高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        ``band`` 不是有序分类，或档数超过颜色。
    """
    band = frame["band"]
    if not isinstance(band.dtype, pd.CategoricalDtype) or not band.cat.ordered:
        raise ValueError("band 要有序分类，由强到弱，这样才知道哪一档最弱")
    bands = list(band.cat.categories)
    if len(bands) > len(SHADES) + 1:
        raise ValueError(f"最多画 {len(SHADES) + 1} 档，得到 {len(bands)} 档")
    names = list(dict.fromkeys(frame.index))
    y_of = {name: len(names) - 1 - i for i, name in enumerate(names)}
    lines = len(names) + sum(str(name).count("\n") for name in names) * 0.6
    fig, ax = canvas(height or 1.25 + rows * lines)
    right = float(frame["value"].max()) * 1.1 if right is None else right
    span = right - left
    step, edges = span * 0.1, (left - span * MARGIN, right + span * MARGIN)
    seen, arrows, targets = set(), False, False
    for name, row in frame.iterrows():
        y, x, level = y_of[name], float(row["value"]), row["band"]
        bound, target = row.get("bound"), row.get("status") == "target"
        weakest = bands.index(level) == len(bands) - 1
        face = "white" if weakest or target else SHADES[bands.index(level)]
        edge = MUTED if weakest else (EDGE if bands.index(level) else SHADES[0])
        if bound in ("at_least", "at_most"):
            arrows = True
            tip = min(x + step, edges[1]) if bound == "at_least" else max(x - step, edges[0])
            ax.annotate(
                "",
                (tip, y),
                (x, y),
                arrowprops={"arrowstyle": "->", "color": edge, "lw": 1.5, "shrinkA": 0, "shrinkB": 0},
                zorder=2,
            )
        if target:
            targets = True
        else:
            seen.add(level)
        ax.scatter(x, y, s=44 if not target else 40, marker="D" if target else "o", facecolor=face, edgecolor=edge,
                   linewidth=1.4, zorder=4, clip_on=False)  # fmt: skip
    if "text" in frame:
        said = frame["text"].astype(str).groupby(level=0, sort=False).agg(lambda words: "、".join(dict.fromkeys(words)))
        for name, words in said.items():
            ax.annotate(
                words, (1 + ROOM, y_of[name]), xycoords=("axes fraction", "data"),
                va="center", fontsize=9, color=MUTED, annotation_clip=False,
            )  # fmt: skip
    if "group" in frame:
        group = frame["group"].groupby(level=0, sort=False).first()
        for above, below in zip(names[:-1], names[1:], strict=True):
            if group[above] != group[below]:
                ax.axhline(y_of[below] + 0.5, color=MUTED, linewidth=0.8)
    ax.hlines(np.arange(len(names)), *edges, color="#EDEDED", linewidth=0.8, zorder=0)
    ax.set_yticks([y_of[name] for name in names], names)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.set_xlim(*edges)
    ax.set_xlabel(xlabel)
    ax.tick_params(axis="y", length=0)
    handles = []
    for at, level in enumerate(bands):
        if level in seen:
            weakest = at == len(bands) - 1
            face = "white" if weakest else SHADES[at]
            edge = MUTED if weakest else (EDGE if at else SHADES[0])
            handles.append(_mark("o", face, edge, level))
    if targets:
        handles.append(_mark("D", "white", EDGE, "目标"))
    if arrows:
        handles.append(
            Line2D([], [], marker=r"$\leftrightarrow$", markersize=11, linestyle="", color=INK, label="界限")
        )
    fig.legend(handles=handles, loc="outside lower center", ncols=4, columnspacing=1.0, handletextpad=0.2)
    return fig


def _mark(marker: str, face: str, edge: str, label: str) -> Line2D:
    return Line2D([], [], marker=marker, linestyle="", markersize=7, markerfacecolor=face, markeredgecolor=edge,
                  markeredgewidth=1.4, label=label)  # fmt: skip
