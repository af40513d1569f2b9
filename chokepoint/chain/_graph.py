"""图的结构：谁在必经之路上，谁在中间，谁在核心。

这里的“路”是物料或工序的先后，不是“缺一不可”:产品的每一种投入都要到齐，断供的后果由
:func:`~chokepoint.chain.knock_out` 算。
"""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx
import pandas as pd

from ._build import PRODUCTION_RELATIONS, Chain


class _Root:
    """虚拟的源头，不会与任何节点同名。"""


_ROOT = _Root()


def centralities(chain: Chain, relations: Iterable[str] = PRODUCTION_RELATIONS) -> pd.DataFrame:
    """各节点的介数、度与上下游所及。

    Parameters
    ----------
    chain : Chain
        供应链图。
    relations : iterable of str
        算作连边的关系。

    Returns
    -------
    pandas.DataFrame, shape (n, 5)
        索引为节点。``betweenness`` 有向最短路介数，按 (n-1)(n-2) 归一，0–1 [1]_；``in_degree``、``out_degree``
        直接的来路与去向；``in_reach``、``out_reach`` 直接与间接的来路与去向（不含自己）。按介数降序，并列按节点名。

    References
    ----------
    .. [1] U. Brandes (2001), "A faster algorithm for betweenness centrality", *Journal of Mathematical
       Sociology* 25(2), 163–177.
    """
    graph = chain.production(relations)
    frame = pd.DataFrame(
        {
            "betweenness": nx.betweenness_centrality(graph),
            "in_degree": dict(graph.in_degree()),
            "out_degree": dict(graph.out_degree()),
            "in_reach": {v: len(nx.ancestors(graph, v)) for v in graph},
            "out_reach": {v: len(nx.descendants(graph, v)) for v in graph},
        },
        index=pd.Index(sorted(graph, key=str), name="node"),
    )
    # 介数相同而只差舍入误差的，按节点名排，换一台机器次序也不变。
    order = frame["betweenness"].round(12).sort_values(ascending=False, kind="stable").index
    return frame.loc[order]


def _routes(chain: Chain, product, sources: Iterable | None, relations: Iterable[str]) -> tuple[nx.DiGraph, list]:
    """从源头到产品的各条路所成的子图，以及其中的源头。"""
    graph = chain.production(relations)
    if product not in graph:
        raise ValueError(f"图里没有产品 {product}")
    sources = None if sources is None else list(sources)
    if sources is not None and (unknown := [s for s in sources if s not in graph]):
        raise ValueError(f"图里没有源头 {'、'.join(map(str, unknown))}")
    above = nx.ancestors(graph, product)
    wanted = {v for v in above if not graph.in_degree(v)} if sources is None else set(sources)
    if product in wanted:
        raise ValueError(f"产品 {product} 自己就是源头")
    starts = sorted(wanted & above, key=str)
    if not starts:
        raise ValueError(f"没有源头通到 {product}" + ("；它的上游全在环里，请指明源头" if above else ""))
    reached = set(starts).union(*(nx.descendants(graph, s) for s in starts))
    return graph.subgraph((reached & above) | {product}).copy(), starts


def dominators(
    chain: Chain, product: str, sources: Iterable | None = None, relations: Iterable[str] = PRODUCTION_RELATIONS
) -> pd.DataFrame:
    """必经点：从任一源头到产品的每一条路都要经过的节点。

    给所有源头接上一个虚拟的总源头，求支配树 [1]_。只有一个源头时，它自己当然是必经点。

    Parameters
    ----------
    chain : Chain
        供应链图。
    product : str
        产品节点。
    sources : iterable, optional
        源头；缺省为通到产品而没有来路的全部节点。
    relations : iterable of str
        算作连边的关系。

    Returns
    -------
    pandas.DataFrame
        索引为各条路上的节点（含产品）。``immediate`` 直接支配点，缺失表示直接受虚拟总源头支配；
        ``depth`` 在支配树上离总源头几步，至少 1；``dominates`` 是否为产品的必经点（产品自己不算）。
        按 ``depth``、节点名排列。

    Raises
    ------
    ValueError
        没有这个产品、源头或关系；产品自己就是源头；没有源头通到产品。

    References
    ----------
    .. [1] K. D. Cooper, T. J. Harvey, K. Kennedy (2001), "A simple, fast dominance algorithm".
    """
    graph, starts = _routes(chain, product, sources, relations)
    graph.add_edges_from((_ROOT, s) for s in starts)
    above = dict(nx.immediate_dominators(graph, _ROOT))
    above.pop(_ROOT, None)

    def trail(node) -> list:
        found = []
        while node is not _ROOT:
            found.append(node)
            node = above[node]
        return found

    unavoidable = set(trail(product)) - {product}
    frame = pd.DataFrame(
        {
            "immediate": pd.Series({v: None if a is _ROOT else a for v, a in above.items()}, dtype=object),
            "depth": {v: len(trail(v)) for v in above},
            "dominates": {v: v in unavoidable for v in above},
        }
    )
    frame = frame.loc[sorted(frame.index, key=str)].sort_values("depth", kind="stable")
    return frame.rename_axis("node")


def min_cut(
    chain: Chain,
    product: str,
    sources: Iterable | None = None,
    relations: Iterable[str] = PRODUCTION_RELATIONS,
    near: str = "product",
) -> pd.DataFrame:
    """最小点割：至少去掉几个节点，就没有一条路从源头通到产品。

    源头可以去掉，产品不可以。个数唯一，取法可以不唯一：``near`` 取最靠近产品或最靠近源头的一种，
    这两种是唯一的，所以结果不随机器而变（门格尔定理、最大流最小割）。

    Parameters
    ----------
    chain, product, sources, relations
        同 :func:`dominators`。
    near : {"product", "sources"}
        取哪一种。

    Returns
    -------
    pandas.DataFrame
        索引为割里的节点，按节点名排列；行数就是割的大小。``source`` 是否为源头，``to_product`` 离产品最少几步。

    Raises
    ------
    ValueError
        同 :func:`dominators`；``near`` 不认得。
    """
    if near not in ("product", "sources"):
        raise ValueError(f"near 应为 product 或 sources，现为 {near}")
    graph, starts = _routes(chain, product, sources, relations)
    split = nx.DiGraph()
    for v in graph:
        if v != product:
            split.add_edge((v, 0), (v, 1), capacity=1)
    # 不写容量的边容量无限，所以割只落在点上。
    split.add_edges_from(((a, 1), (b, 0)) for a, b in graph.edges if a != product)
    split.add_edges_from((_ROOT, (s, 0)) for s in starts)
    # minimum_cut 把“还能通到汇点”的都归到汇点一侧，所以给出的总是最靠近汇点的一种。
    if near == "product":
        side = nx.minimum_cut(split, _ROOT, (product, 0))[1][1]
        found = [v for v in graph if v != product and (v, 1) in side and (v, 0) not in side]
    else:
        side = nx.minimum_cut(split.reverse(), (product, 0), _ROOT)[1][1]
        found = [v for v in graph if v != product and (v, 0) in side and (v, 1) not in side]
    found.sort(key=str)
    steps = nx.single_source_shortest_path_length(graph.reverse(), product)
    return pd.DataFrame(
        {"source": [v in starts for v in found], "to_product": [steps[v] for v in found]},
        index=pd.Index(found, name="node"),
    )


def k_core(chain: Chain, relations: Iterable[str] = PRODUCTION_RELATIONS) -> pd.DataFrame:
    """各节点的核数：最大的 k，使它在一个人人至少有 k 个邻居的子图里（不计方向）[1]_。

    Parameters
    ----------
    chain : Chain
        供应链图。
    relations : iterable of str
        算作连边的关系。

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        索引为节点；``core`` 核数，不小于 0；``degree`` 不计方向的邻居数。按核数、度降序，并列按节点名。

    References
    ----------
    .. [1] S. B. Seidman (1983), "Network structure and minimum degree", *Social Networks* 5(3), 269–287.
    """
    graph = chain.production(relations).to_undirected()
    frame = pd.DataFrame(
        {"core": nx.core_number(graph), "degree": dict(graph.degree())},
        index=pd.Index(sorted(graph, key=str), name="node"),
    )
    return frame.sort_values(["core", "degree"], ascending=False, kind="stable")
