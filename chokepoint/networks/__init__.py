"""二分网络：谁与什么相连，以及由此投影出的共现关系。"""

from __future__ import annotations

import networkx as nx
import pandas as pd
from scipy.stats import hypergeom

__all__ = ["chance", "cooccurrence", "projection"]


def cooccurrence(incidence: pd.DataFrame) -> pd.DataFrame:
    """列与列同时为真的行数。

    Parameters
    ----------
    incidence : pandas.DataFrame, shape (n, k)
        布尔关联矩阵，行为对象，列为属性。

    Returns
    -------
    pandas.DataFrame, shape (k, k)
        对称整数矩阵;对角线是每个属性的行数。

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


def projection(pairs: pd.DataFrame, top: str, bottom: str) -> nx.Graph:
    """把“``top``—``bottom``”二分网络投影到 ``top`` 一侧。

    Parameters
    ----------
    pairs : pandas.DataFrame
        每行一条边，含列 ``top`` 与 ``bottom``;同一条边不得重复。
    top, bottom : str
        两列的列名。

    Returns
    -------
    networkx.Graph
        节点为 ``top`` 的取值，属性 ``degree_bottom`` 是它在二分网络中的度;
        边权 ``weight`` 是共同相连的 ``bottom`` 个数。

    Raises
    ------
    ValueError
        有重复的边。
    """
    if pairs.duplicated([top, bottom]).any():
        again = pairs.loc[pairs.duplicated([top, bottom]), [top, bottom]].iloc[0].tolist()
        raise ValueError(f"边 {again} 重复")
    graph = nx.Graph()
    left = [("top", v) for v in pairs[top].unique()]
    graph.add_nodes_from(left)
    graph.add_edges_from((("top", t), ("bottom", b)) for t, b in pairs[[top, bottom]].itertuples(index=False))
    projected = nx.bipartite.weighted_projected_graph(graph, left)
    nx.set_node_attributes(projected, {v: graph.degree(v) for v in left}, "degree_bottom")
    return nx.relabel_nodes(projected, {v: v[1] for v in left})
