"""中心—外围的小网络。"""

from __future__ import annotations

import networkx as nx
import numpy as np
from matplotlib.figure import Figure

from .._style import INK, MUTED, canvas


def hub_network(graph: nx.Graph, labels: dict[str, str], colors: dict[str, str], size: str) -> Figure:
    """小网络：度最大的三个居中，其余围一圈；圆越大、线越粗，数目越多。

    Parameters
    ----------
    graph : networkx.Graph
        边属性 ``weight``；节点属性 ``size`` 所指的是圆的大小。
    labels, colors : dict
        节点 → 名称、颜色；没有颜色的画成灰色。
    size : str
        表示大小的节点属性名。

    Returns
    -------
    matplotlib.figure.Figure
    """
    order = sorted(graph, key=lambda v: (-graph.nodes[v][size], v))
    position = _hub_layout(graph, order[:3], order[3:])
    fig, ax = canvas(4.2)
    widths = [0.8 + 1.0 * d["weight"] for *_, d in graph.edges(data=True)]
    nx.draw_networkx_edges(graph, position, width=widths, edge_color="#B8B8B8", ax=ax)
    nx.draw_networkx_nodes(
        graph,
        position,
        nodelist=order,
        node_size=[110 * graph.nodes[v][size] + 120 for v in order],
        node_color=[colors.get(v, MUTED) for v in order],
        ax=ax,
    )
    for node in order:
        x, y = position[node]
        inside = node in order[:3]
        text = f"{labels[node]} {graph.nodes[node][size]}"
        drop = 0 if inside else -(6 + 0.5 * (110 * graph.nodes[node][size] + 120) ** 0.5)
        ax.annotate(
            text,
            (x, y),
            (0, drop),
            textcoords="offset points",
            ha="center",
            va="center" if inside else "top",
            color="white" if inside else INK,
            fontsize=10,
        )
    ax.margins(0.12)
    ax.set_axis_off()
    return fig


def _hub_layout(graph: nx.Graph, hubs: list, others: list) -> dict:
    """中心节点摆成三角，外围节点各自靠近与它相连的中心。"""
    position = nx.circular_layout(hubs, scale=0.42)
    pull = {v: sum((position[h] * graph.has_edge(v, h) for h in hubs), np.zeros(2)) for v in others}
    angle = {v: float(np.arctan2(p[1], p[0])) if p.any() else np.pi for v, p in pull.items()}
    ring = sorted(others, key=lambda v: (angle[v], v))
    turn = np.linspace(-np.pi, np.pi, len(ring), endpoint=False) + np.pi / max(len(ring), 1)
    return position | {v: np.array([np.cos(t), np.sin(t)]) for v, t in zip(ring, turn, strict=True)}
