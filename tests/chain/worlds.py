"""生成的小图，与把表写成图的帮手。"""

from __future__ import annotations

import networkx as nx
import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from chokepoint import chain

#: 机器忙时单个例子可以慢，不因此算失败。
UNHURRIED = settings(deadline=None, derandomize=True, max_examples=40)

EDGE_COLUMNS = ["from_node", "to_node", "relation"]


def chain_of(nodes, edges, shares=(), tolerance=0.5) -> chain.Chain:
    """由节点名、(从，到[，关系]) 与 (节点，供应者，份额) 建图。"""
    rows = [(*e, "goes_into")[:3] for e in edges]
    return chain.build(
        pd.DataFrame({"node": list(nodes)}),
        pd.DataFrame(rows, columns=EDGE_COLUMNS),
        pd.DataFrame(list(shares), columns=["node", "provider", "share"]),
        tolerance=tolerance,
    )


def from_graph(graph) -> chain.Chain:
    """networkx 图 → 供应链图;无向边写成来回两条。"""
    return chain_of(graph, nx.DiGraph(graph).edges)


@st.composite
def graphs(draw, smallest=2, largest=7):
    """有向小图，环不拘，无自环：(节点，边)。"""
    n = draw(st.integers(smallest, largest))
    pairs = [(a, b) for a in range(n) for b in range(n) if a != b]
    return list(range(n)), draw(st.lists(st.sampled_from(pairs), unique=True, max_size=min(len(pairs), 2 * n + 2)))
