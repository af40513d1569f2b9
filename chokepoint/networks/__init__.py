"""网络：谁与什么相连（二分网络），由此投影出的共现关系，以及它们与零模型之差。

零模型回答“这个数是不是只因为有人参加得多、有的联合体人多”：:func:`shuffle` 保住每个成员参加几个、每个联合体有几人，
别的全部打乱；:func:`against_chance` 把任何一个统计量与打乱之后的相比。
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from scipy.stats import hypergeom

__all__ = [
    "Chance",
    "against_chance",
    "bipartite",
    "chance",
    "cooccurrence",
    "core",
    "expected_links",
    "pair_mixing",
    "projection",
    "pruned",
    "rewired",
    "shuffle",
]

#: 随机打乱的种子，使结果逐字可复现。
SEED = 20260101


class Chance(NamedTuple):
    """实测的统计量与零模型的分布。"""

    observed: float
    expected: float
    low: float
    high: float
    p: float


def cooccurrence(incidence: pd.DataFrame) -> pd.DataFrame:
    """列与列同时为真的行数。

    Parameters
    ----------
    incidence : pandas.DataFrame, shape (n, k)
        布尔关联矩阵，行为对象，列为属性。

    Returns
    -------
    pandas.DataFrame, shape (k, k)
        对称整数矩阵；对角线是每个属性的行数。

    Raises
    ------
    ValueError
        矩阵有缺失。
    """
    if incidence.isna().to_numpy().any():
        raise ValueError("关联矩阵有缺失")
    x = incidence.astype(int)
    return x.T @ x


def chance(incidence: pd.DataFrame, first: str, second: str) -> dict[str, float]:
    """两列的共现数与“两列无关”时应有的数。

    固定两列各自的总数，共现数服从超几何分布；上侧概率即单侧 Fisher 精确检验 [1]_。

    Parameters
    ----------
    incidence : pandas.DataFrame, shape (n, k)
        布尔关联矩阵。
    first, second : str
        两列的列名。

    Returns
    -------
    dict
        ``observed`` 共现数；``expected`` 无关时的期望；``p`` 无关时达到或超过 ``observed`` 的概率，0–1。

    References
    ----------
    .. [1] R. A. Fisher (1935), "The logic of inductive inference", *Journal of the Royal
       Statistical Society* 98(1), 39–82.
    """
    x = incidence[[first, second]].astype(bool)
    both, n = int(x.all(axis=1).sum()), len(x)
    a, b = (int(v) for v in x.sum())
    return {"observed": both, "expected": a * b / n, "p": float(hypergeom.sf(both - 1, n, a, b))}


def _once(pairs: pd.DataFrame, top: str, bottom: str) -> None:
    """每条边只许出现一次。"""
    again = pairs.loc[pairs.duplicated([top, bottom]), [top, bottom]]
    if len(again):
        raise ValueError(f"边 {again.iloc[0].tolist()} 重复")


def bipartite(pairs: pd.DataFrame, top: str, bottom: str) -> nx.Graph:
    """由“``top``—``bottom``”的边建二分图。

    Parameters
    ----------
    pairs : pandas.DataFrame
        每行一条边，同一条边不得重复。
    top, bottom : str
        两列的列名。

    Returns
    -------
    networkx.Graph
        节点为 ``("top", 值)`` 与 ``("bottom", 值)``，两侧同名也不相混；属性 ``bipartite`` 分别为 0、1。

    Raises
    ------
    ValueError
        有重复的边。
    """
    _once(pairs, top, bottom)
    graph = nx.Graph()
    graph.add_nodes_from([("top", v) for v in pairs[top].unique()], bipartite=0)
    graph.add_nodes_from([("bottom", v) for v in pairs[bottom].unique()], bipartite=1)
    graph.add_edges_from((("top", t), ("bottom", b)) for t, b in pairs[[top, bottom]].itertuples(index=False))
    return graph


def projection(pairs: pd.DataFrame, top: str, bottom: str, weight: Literal["count", "newman"] = "count") -> nx.Graph:
    """把“``top``—``bottom``”二分网络投影到 ``top`` 一侧。

    Parameters
    ----------
    pairs : pandas.DataFrame
        每行一条边，含列 ``top`` 与 ``bottom``；同一条边不得重复。
    top, bottom : str
        两列的列名。
    weight : {"count", "newman"}
        边权：共同相连的 ``bottom`` 个数；或每个共同的 ``bottom`` 只算 ``1/(人数-1)`` [1]_，使一个大联合体
        不至于凭人多就主宰投影，而每人的边权之和等于他参加的（不止一人的）联合体数。

    Returns
    -------
    networkx.Graph
        节点为 ``top`` 的取值，属性 ``degree_bottom`` 是它在二分网络中的度；边属性 ``weight``。

    Raises
    ------
    ValueError
        有重复的边。

    References
    ----------
    .. [1] M. E. J. Newman (2001), "Scientific collaboration networks. II", *Physical Review E* 64, 016132.
    """
    graph = bipartite(pairs, top, bottom)
    left = [v for v in graph if v[0] == "top"]
    project = {
        "count": nx.bipartite.weighted_projected_graph,
        "newman": nx.bipartite.collaboration_weighted_projected_graph,
    }[weight]
    projected = project(graph, left)
    nx.set_node_attributes(projected, {v: graph.degree(v) for v in left}, "degree_bottom")
    return nx.relabel_nodes(projected, {v: v[1] for v in left})


# ---- 零模型 -----------------------------------------------------------------------------------------


def shuffle(
    pairs: pd.DataFrame, top: str, bottom: str, rng: np.random.Generator, trades: int | None = None
) -> pd.DataFrame:
    """打乱一个二分网络，保住两侧每个节点的度（curveball 算法 [1]_）。

    每一步任取两个 ``bottom``，把只属于其中一个的 ``top`` 混在一起重新分，各自的个数不变。足够多步之后，
    度相同的二分网络出现的机会都一样。

    Parameters
    ----------
    pairs : pandas.DataFrame
        每行一条边，同一条边不得重复。
    top, bottom : str
        两列的列名。
    rng : numpy.random.Generator
        随机数。
    trades : int, optional
        交换多少步；缺省为 ``bottom`` 个数的十倍，至少一百。

    Returns
    -------
    pandas.DataFrame
        列 ``top``、``bottom``，行数不变。

    Raises
    ------
    ValueError
        有重复的边。

    References
    ----------
    .. [1] G. Strona et al. (2014), "A fast and unbiased procedure to randomize ecological binary matrices with
       fixed row and column totals", *Nature Communications* 5, 4114.
    """
    _once(pairs, top, bottom)
    names = {v: i for i, v in enumerate(pairs[top].unique())}
    groups = {b: {names[v] for v in part} for b, part in pairs.groupby(bottom, sort=False)[top]}
    members = list(groups.values())
    steps = max(100, 10 * len(members)) if trades is None else trades
    for first, second in rng.integers(0, len(members), size=(steps, 2)) if len(members) > 1 else ():
        if first == second:
            continue
        one, other = members[first], members[second]
        loose = sorted(one ^ other)
        rng.shuffle(loose)
        both, mine = one & other, len(one - other)
        members[first], members[second] = both | set(loose[:mine]), both | set(loose[mine:])
    back = list(names)
    rows = [(back[v], b) for b, group in zip(groups, members, strict=True) for v in sorted(group)]
    return pd.DataFrame(rows, columns=[top, bottom])


def rewired(graph: nx.Graph, rng: np.random.Generator, swaps: int = 10) -> nx.Graph:
    """打乱一张无向图，保住每个节点的度（成对换边，networkx 的 ``double_edge_swap``）。

    Parameters
    ----------
    graph : networkx.Graph
        无自环；边权不保留。
    rng : numpy.random.Generator
        随机数。
    swaps : int
        平均每条边换几次。

    Returns
    -------
    networkx.Graph
        节点与各自的度不变的新图。
    """
    out = nx.Graph(graph.edges)
    out.add_nodes_from(graph.nodes(data=True))
    wanted = swaps * out.number_of_edges()
    return nx.double_edge_swap(out, wanted, max_tries=100 * wanted, seed=int(rng.integers(2**31)))


def against_chance(
    observed: float, draw: Callable[[np.random.Generator], float], draws: int = 1_000, seed: int = SEED
) -> Chance:
    """一个统计量与它在零模型里的分布。

    Parameters
    ----------
    observed : float
        实测值。
    draw : callable
        由随机数发生器抽一次零模型，返回同一个统计量。
    draws, seed : int
        抽几次、种子。

    Returns
    -------
    Chance
        ``observed``；``expected`` 零模型的平均；``low``、``high`` 它的 2.5% 与 97.5% 分位；``p`` 双侧概率：
        与平均之差不小于实测的占比，连同实测在内。

    Raises
    ------
    ValueError
        有一次抽出的不是有限的数。
    """
    rng = np.random.default_rng(seed)
    found = np.array([float(draw(rng)) for _ in range(draws)])
    if not np.isfinite(found).all() or not np.isfinite(observed):
        raise ValueError("统计量不是有限的数：它在零模型里没有定义")
    middle = float(found.mean())
    far = int((np.abs(found - middle) >= abs(observed - middle) - 1e-12).sum())
    low, high = np.quantile(found, [0.025, 0.975])
    return Chance(float(observed), middle, float(low), float(high), (1 + far) / (1 + draws))


def pair_mixing(pairs: pd.DataFrame, top: str, bottom: str, kind: pd.Series) -> float:
    """同在一个 ``bottom`` 里的两个 ``top``，有多大比例不是同一类。

    每个 ``bottom`` 里的每一对算一次；在几个 ``bottom`` 里都碰上的一对，碰上几次算几次。

    Parameters
    ----------
    pairs : pandas.DataFrame
        每行一条边。
    top, bottom : str
        两列的列名。
    kind : pandas.Series
        ``top`` → 类别；每个 ``top`` 都要有，且不缺。

    Returns
    -------
    float
        0–1。

    Raises
    ------
    ValueError
        有 ``top`` 没有类别，或没有一个 ``bottom`` 有两个成员。
    """
    kinds = pairs[top].map(kind)
    if kinds.isna().any():
        raise ValueError(f"{pairs.loc[kinds.isna(), top].iloc[0]} 没有类别")
    counts = pd.crosstab(pairs[bottom].to_numpy(), kinds.to_numpy())
    size = counts.sum(axis=1)
    every = float((size * (size - 1)).sum())
    if not every:
        raise ValueError("没有两个成员同在一处")
    return 1 - float((counts * (counts - 1)).to_numpy().sum()) / every


def expected_links(links: pd.DataFrame, a: str, b: str, value: str, totals: pd.Series) -> pd.Series:
    r"""两方之间若只由各自的总量决定，应有多少联系，实际是它的几倍。

    :math:`IC_{xy}=(C_{xy}/C_x)/(C_y/C_w)`，:math:`C_w` 为全部的总量（国家科学基金会的国际合作指数）。

    Parameters
    ----------
    links : pandas.DataFrame
        一行一对。
    a, b, value : str
        两端与联系数的列名。
    totals : pandas.Series
        各方的总量与 ``"WLD"`` 的总量。

    Returns
    -------
    pandas.Series
        与 ``links`` 同索引；1 是恰如总量所料，大于 1 是偏多。

    Raises
    ------
    KeyError
        有一方或 ``"WLD"`` 没有总量。
    """
    missing = sorted(({*links[a], *links[b], "WLD"}) - set(totals.index))
    if missing:
        raise KeyError(f"没有总量：{'、'.join(map(str, missing))}")
    return links[value] * totals["WLD"] / (links[a].map(totals) * links[b].map(totals))


# ---- 结构 -------------------------------------------------------------------------------------------


def core(graph: nx.Graph) -> tuple[list, float]:
    r"""核心—边缘：最像“核心彼此都相连、边缘彼此都不相连”的那个核心 [1]_，按 Lip 的快速解法 [2]_。

    使 :math:`\sum_{i<j\in 核心}(1-A_{ij})+\sum_{i<j\in 边缘}A_{ij}` 最小；核心与边缘之间不作要求。最优的核心必是
    度最大的若干个，所以只需逐个数过去。

    Parameters
    ----------
    graph : networkx.Graph
        无向图，不计边权，至少三个节点，至少一条边而不是人人相连。

    Returns
    -------
    nodes : list
        核心的节点，度大者在前（同度按名）。
    fit : float
        与理想形状的相关系数（只看核心之间与边缘之间的对），-1 到 1；这两类对的连边全都一样时没有定义，为 nan。

    Raises
    ------
    ValueError
        图太小，没有边，或人人相连。

    References
    ----------
    .. [1] S. P. Borgatti, M. G. Everett (1999), "Models of core/periphery structures", *Social Networks* 21, 375–395.
    .. [2] S. Z. W. Lip (2011), "A fast algorithm for the discrete core/periphery bipartitioning problem",
       arXiv:1102.5511.
    """
    n, edges = graph.number_of_nodes(), graph.number_of_edges()
    if n < 3 or not 0 < edges < n * (n - 1) / 2:
        raise ValueError(f"核心—边缘要至少三个节点、有边而不是人人相连；现有 {n} 个节点、{edges} 条边")
    order = sorted(graph, key=lambda v: (-graph.degree(v), str(v)))
    degrees = np.array([graph.degree(v) for v in order])
    # 核心取前 k 个时的代价 = 边数 + k(k-1)/2 - 前 k 个的度之和
    sizes = np.arange(1, n)
    cost = sizes * (sizes - 1) / 2 - np.cumsum(degrees)[:-1]
    size = int(sizes[np.argmin(cost)])
    inside = order[:size]
    outside = graph.subgraph(order[size:])
    linked = [graph.subgraph(inside).number_of_edges(), outside.number_of_edges()]
    pairs = [size * (size - 1) / 2, (n - size) * (n - size - 1) / 2]
    row, column = np.array(pairs), sum(linked)
    total = row.sum()
    spread = row[0] * row[1] * column * (total - column)
    fit = (linked[0] * total - row[0] * column) / np.sqrt(spread) if spread else float("nan")
    return inside, float(fit)


def pruned(pairs: pd.DataFrame, top: str, bottom: str, removed: int = 1) -> pd.DataFrame:
    """依次拿掉参加得最多的 ``top``，网络还剩多少连在一起。

    每次拿掉当时度最大的一个（同度按名），``bottom`` 不拿掉；最大的一片按还剩的 ``bottom`` 数。

    Parameters
    ----------
    pairs : pandas.DataFrame
        每行一条边，同一条边不得重复。
    top, bottom : str
        两列的列名。
    removed : int
        拿掉几个。

    Returns
    -------
    pandas.DataFrame
        索引 0 到 ``removed``：``gone`` 这一步拿掉的（第 0 步为空），``edges`` 还剩的边的占比，``largest`` 最大的一片里
        ``bottom`` 的占比，``pieces`` 有几片（只有一个孤零零的 ``bottom`` 也算一片），``alone`` 一个 ``top`` 也不剩的
        ``bottom`` 数。

    Raises
    ------
    ValueError
        有重复的边，或要拿掉的比有的还多。
    """
    graph = bipartite(pairs, top, bottom)
    lower = {v for v in graph if v[0] == "bottom"}
    if not 0 <= removed <= len(graph) - len(lower):
        raise ValueError(f"只有 {len(graph) - len(lower)} 个成员，拿不掉 {removed} 个")
    edges, rows, gone = graph.number_of_edges(), [], None
    for step in range(removed + 1):
        if step:
            upper = [v for v in graph if v[0] == "top"]
            biggest = min(upper, key=lambda v: (-graph.degree(v), str(v[1])))
            graph.remove_node(biggest)
            gone = biggest[1]
        pieces = [len(part & lower) for part in map(set, nx.connected_components(graph)) if part & lower]
        rows.append(
            {
                "gone": gone,
                "edges": graph.number_of_edges() / edges,
                "largest": max(pieces) / len(lower),
                "pieces": len(pieces),
                "alone": sum(graph.degree(v) == 0 for v in lower),
            }
        )
    return pd.DataFrame(rows)
