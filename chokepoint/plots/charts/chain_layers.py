"""分层画一条产业链：自上而下，从源头到产出。"""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .._style import MUTED, WIDTH, canvas, ink_on

#: 一行最多放几个节点，一个节点的名称一行最多几个字（最多两行）。
PER_ROW = 4
CHARS = 8


def layers(graph: nx.DiGraph) -> list[list]:
    """各层的节点：离产出最远的步数相同的在一层，环里的节点同在一层。

    Parameters
    ----------
    graph : networkx.DiGraph
        有向图，可以有环。

    Returns
    -------
    list of list
        自源头起；层内的次序使连边少交叉，只由节点名与连边决定。
    """
    condensed = nx.condensation(graph)
    height: dict = {}
    for part in reversed(list(nx.topological_sort(condensed))):
        height[part] = max((height[p] + 1 for p in condensed.successors(part)), default=0)
    most = max(height.values(), default=0)
    level = {v: most - height[part] for v, part in condensed.graph["mapping"].items()}
    rows = [sorted((v for v in level if level[v] == k), key=str) for k in range(max(level.values(), default=-1) + 1)]
    rows = [row for row in rows if row]
    for sweep in range(6):
        order = range(1, len(rows)) if sweep % 2 == 0 else range(len(rows) - 2, -1, -1)
        for k in order:
            near = rows[k - 1] if sweep % 2 == 0 else rows[k + 1]
            place = {v: (i + 0.5) / len(near) for i, v in enumerate(near)}
            links = graph.predecessors if sweep % 2 == 0 else graph.successors

            def middle(v, links=links, place=place, row=tuple(rows[k])):
                found = [place[u] for u in links(v) if u in place]
                return sum(found) / len(found) if found else (row.index(v) + 0.5) / len(row)

            rows[k] = sorted(rows[k], key=lambda v: (round(middle(v), 9), str(v)))
    return rows


def two_lines(text: str) -> str:
    """名称排成至多两行：先在括号前断，再按字数断；右括号与标点不放在行首，放不下的以省略号收尾。"""
    if len(text) <= CHARS:
        return text
    cut = text.rfind("（")
    if not (0 < cut <= CHARS and len(text) - cut <= CHARS):
        cut = CHARS
        while cut > 1 and text[cut] in "）》”、，。":
            cut -= 1
    rest = text[cut:]
    return f"{text[:cut]}\n{rest if len(rest) <= CHARS else rest[: CHARS - 1] + '…'}"


def chain_layers(
    graph: nx.DiGraph, labels: Mapping, groups: Mapping, colors: Mapping[str, str], dashed: tuple = ()
) -> Figure:
    """分层的产业链图：一个方框一个节点，自上而下，线从投入连到产出。

    Parameters
    ----------
    graph : networkx.DiGraph
        产业链，可以有环；节点太多时请先取一部分。
    labels, groups : mapping
        节点 → 名称、组名。
    colors : mapping of str to str
        组名 → 颜色，也是图例的次序；没有节点的组不进图例。
    dashed : tuple
        边框画成虚线的节点（如在环里的）。

    Returns
    -------
    matplotlib.figure.Figure
    """
    lines = []
    for row in layers(graph):
        parts = -(-len(row) // PER_ROW)
        size = -(-len(row) // parts)
        lines += [row[i : i + size] for i in range(0, len(row), size)]
    fig, ax = canvas(0.7 + 0.82 * len(lines))
    place, width = {}, WIDTH / PER_ROW
    for k, row in enumerate(lines):
        for i, v in enumerate(row):
            # 隔行错开一点，竖直的长线不至于穿过方框
            place[v] = ((i - (len(row) - 1) / 2) * width + (0.09 if k % 2 else -0.09) * (len(row) < PER_ROW), -0.82 * k)
    for a, b in graph.edges:
        (x0, y0), (x1, y1) = place[a], place[b]
        back = y1 >= y0
        curve = "arc3,rad=0.35" if back else "arc3,rad=0.04" if abs(y1 - y0) < 1 else "arc3,rad=0.12"
        style = {"arrowstyle": "-|>", "color": MUTED, "linewidth": 0.9, "shrinkA": 12, "shrinkB": 15, "alpha": 0.75}
        ax.annotate("", (x1, y1), (x0, y0), arrowprops=style | {"connectionstyle": curve, "mutation_scale": 8})
    for v, (x, y) in place.items():
        color = colors[groups[v]]
        text = two_lines(str(labels[v]))
        box = {
            "boxstyle": "round,pad=0.35",
            "facecolor": color,
            "edgecolor": "#222222" if v in dashed else "white",
            "linestyle": "--" if v in dashed else "-",
            "linewidth": 1.2,
        }
        ax.text(x, y, text, ha="center", va="center", fontsize=9, color=ink_on(color), bbox=box, zorder=5)
    ax.set_xlim(-WIDTH / 2, WIDTH / 2)
    ax.set_ylim(-0.82 * (len(lines) - 1) - 0.45, 0.45)
    ax.set_axis_off()
    used = [g for g in colors if g in set(groups.values())]
    handles = [Line2D([], [], marker="s", linestyle="", markersize=9, color=colors[g], label=g) for g in used]
    fig.legend(handles=handles, loc="outside upper center", ncols=3, columnspacing=1.2, handletextpad=0.3)
    return fig
