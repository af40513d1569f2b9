"""供应链图：节点、关系、份额，以及一次说全的检查。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

#: 关系及其方向：投入 → 产出；子类 → 父类；环节 → 阶段。
RELATIONS = ("goes_into", "is_type_of", "in_stage")

#: 会传导断供的关系；``in_stage`` 只是归类，不传导。
PRODUCTION_RELATIONS = ("goes_into", "is_type_of")

#: 一个节点的份额之和超出 100 多少个百分点仍算四舍五入；各家都取整的来源要放宽到几个百分点。
SUM_TOLERANCE = 0.5

#: 不妨碍建图、但读者应当知道的问题。
TOLERATED = ("cycle", "orphan")


@dataclass(frozen=True)
class Problem:
    """材料里的一处问题。

    Attributes
    ----------
    kind : str
        类别代码，``cycle`` 与 ``orphan`` 不妨碍建图，其余都妨碍。
    where : str
        在哪一张表的哪一个节点或哪一条边。
    message : str
        错在哪里。
    fix : str
        怎样改。
    """

    kind: str
    where: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}：{self.message}；{self.fix}"


class ChainError(ValueError):
    """材料建不成图；``problems`` 是全部问题。"""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


@dataclass(frozen=True)
class Chain:
    """一张供应链图。

    Attributes
    ----------
    graph : networkx.DiGraph
        已冻结；节点属性是节点表的其余各列，边属性 ``relation`` 见 :data:`RELATIONS`。
    shares : pandas.DataFrame
        列 ``node``、``provider``、``share``（百分数，0–100）；``share`` 缺失表示有此供应者而份额未知，不是零。
    """

    graph: nx.DiGraph
    shares: pd.DataFrame

    def production(self, relations: Iterable[str] = PRODUCTION_RELATIONS) -> nx.DiGraph:
        """只留某几种关系的图，节点不变。"""
        if unknown := set(relations) - set(RELATIONS):
            raise ValueError(f"没有关系 {'、'.join(sorted(unknown))}；现有 {'、'.join(RELATIONS)}")
        graph = nx.DiGraph()
        graph.add_nodes_from(self.graph)
        graph.add_edges_from((a, b) for a, b, r in self.graph.edges(data="relation") if r in relations)
        return graph

    def outputs(self) -> list[str]:
        """最终产出：没有 ``goes_into`` 与 ``is_type_of`` 的去向，而有来路。"""
        graph = self.production()
        return sorted((v for v in graph if not graph.out_degree(v) and graph.in_degree(v)), key=str)


def _columns(table: pd.DataFrame, name: str, needed: tuple[str, ...]) -> Iterator[Problem]:
    for column in needed:
        if column not in table:
            yield Problem("column", name, f"缺少列 {column}", f"{name}须有列 {'、'.join(needed)}")


def _blank(column: pd.Series) -> pd.Series:
    return column.isna() | (column.astype(str).str.strip() == "")


def _node_problems(nodes: pd.DataFrame) -> Iterator[Problem]:
    if _blank(nodes["node"]).any():
        yield Problem("blank", "节点表", f"有 {int(_blank(nodes['node']).sum())} 行没有节点", "补上或删去")
    for node in nodes.loc[nodes["node"].duplicated() & ~_blank(nodes["node"]), "node"].unique():
        yield Problem("duplicate_node", f"节点 {node}", "在节点表里不止一行", "合并成一行")


def _edge_problems(edges: pd.DataFrame, known: set) -> Iterator[Problem]:
    for a, b, relation in edges[["from_node", "to_node", "relation"]].itertuples(index=False):
        where = f"边 {a} → {b}"
        for end in dict.fromkeys((a, b)):
            if end not in known:
                yield Problem("unknown_node", where, f"节点表里没有 {end}", "补上节点，或改正拼写")
        if a == b:
            yield Problem("self_loop", where, "自己指向自己", "删去这条边")
        if relation not in RELATIONS:
            yield Problem("unknown_relation", where, f"不认得关系 {relation}", f"改成 {'、'.join(RELATIONS)} 之一")
    for (a, b), part in edges.groupby(["from_node", "to_node"], sort=False, dropna=False)["relation"]:
        if part.nunique(dropna=False) > 1:
            found = "、".join(map(str, part.unique()))
            yield Problem("several_relations", f"边 {a} → {b}", f"同时有关系 {found}", "一对节点只留一种关系")
        elif len(part) > 1:
            yield Problem("duplicate_edge", f"边 {a} → {b}", f"重复了 {len(part)} 次", "只留一条")


def _cycle_problems(edges: pd.DataFrame) -> Iterator[Problem]:
    for relations, kind in ((("is_type_of",), "type_cycle"), (PRODUCTION_RELATIONS, "cycle")):
        kept = edges[edges["relation"].isin(relations) & (edges["from_node"] != edges["to_node"])]
        graph = nx.DiGraph(kept[["from_node", "to_node"]].itertuples(index=False, name=None))
        for part in sorted((sorted(c, key=str) for c in nx.strongly_connected_components(graph)), key=str):
            if len(part) < 2:
                continue
            loop = [a for a, _ in nx.find_cycle(graph.subgraph(part), part[0])]
            path = " → ".join(map(str, [*loop, loop[0]]))
            others = [v for v in part if v not in loop]
            message = f"构成环 {path}" + (f"，同在环中的还有 {'、'.join(map(str, others))}" if others else "")
            fix = "子类与父类不能互为对方，删去一条" if kind == "type_cycle" else "确是反复的工序就保留，否则删去一条边"
            yield Problem(kind, f"节点 {'、'.join(map(str, part))}", message, fix)


def _share_problems(
    shares: pd.DataFrame, known: set, providers: Iterable[str] | None, tolerance: float
) -> Iterator[Problem]:
    allowed = None if providers is None else set(providers)
    numbers = pd.to_numeric(shares["share"], errors="coerce")
    wrong = (numbers.isna() & ~shares["share"].isna()) | np.isinf(numbers)
    names = zip(shares["node"], shares["provider"], _blank(shares["provider"]), strict=True)
    values = zip(shares["share"], numbers, wrong, strict=True)
    for (node, provider, nameless), (raw, number, bad) in zip(names, values, strict=True):
        where = f"份额 {node}—{provider}"
        if node not in known:
            yield Problem("unknown_node", where, f"节点表里没有 {node}", "补上节点，或改正拼写")
        if nameless:
            yield Problem("blank", where, "没有供应者", "补上供应者；说不清的余数用一个余数名")
        elif allowed is not None and provider not in allowed:
            yield Problem("unknown_provider", where, f"不认得供应者 {provider}", "补进供应者名单，或改正拼写")
        if bad:
            yield Problem("not_a_number", where, f"份额 {raw} 不是有限的数", "写百分数；未知就留空")
        elif number < 0:
            yield Problem("negative_share", where, f"份额为负：{number:g}", "改正；未知就留空，不写负数")
    for (node, provider), size in shares.groupby(["node", "provider"], sort=False).size().items():
        if size > 1:
            yield Problem("duplicate_share", f"份额 {node}—{provider}", f"重复了 {size} 次", "合并成一行")
    for node, total in numbers.where(~wrong).groupby(shares["node"], sort=False).sum().items():
        if total > 100 + tolerance + 1e-9:
            fix = f"改正，或把容差放宽（现为 {tolerance:g} 个百分点）"
            yield Problem("over_100", f"节点 {node}", f"份额之和为 {total:g}%，超过 100%", fix)


_EMPTY = {"node": [], "provider": [], "share": []}


def check(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    shares: pd.DataFrame | None = None,
    providers: Iterable[str] | None = None,
    tolerance: float = SUM_TOLERANCE,
) -> tuple[Problem, ...]:
    """一次列出材料里的全部问题。

    Parameters
    ----------
    nodes : pandas.DataFrame
        一行一个节点，列 ``node``，其余列随意。
    edges : pandas.DataFrame
        一行一条边，列 ``from_node``、``to_node``、``relation``。
    shares : pandas.DataFrame, optional
        一行一个供应者，列 ``node``、``provider``、``share``（百分数，缺失为未知）。
    providers : iterable of str, optional
        认得的供应者（含余数名）；缺省不查。
    tolerance : float
        份额之和可以超出 100 多少个百分点。

    Returns
    -------
    tuple of Problem
        次序固定；没有问题时为空。``kind`` 有 ``column``、``blank``、``duplicate_node``、``unknown_node``、
        ``self_loop``、``unknown_relation``、``several_relations``、``duplicate_edge``、``type_cycle``、
        ``cycle``、``orphan``、``unknown_provider``、``not_a_number``、``negative_share``、``duplicate_share``、
        ``over_100``。缺列时只报缺列。
    """
    shares = pd.DataFrame(_EMPTY) if shares is None else shares
    missing = [
        *_columns(nodes, "节点表", ("node",)),
        *_columns(edges, "边表", ("from_node", "to_node", "relation")),
        *_columns(shares, "份额表", ("node", "provider", "share")),
    ]
    if missing:
        return tuple(missing)
    known = set(nodes["node"].dropna())
    touched = {*edges["from_node"], *edges["to_node"]}
    orphans = [
        Problem("orphan", f"节点 {node}", "没有一条边", "补上关系；确是孤立的就保留")
        for node in nodes["node"].dropna().unique()
        if node not in touched
    ]
    return (
        *_node_problems(nodes),
        *_edge_problems(edges, known),
        *_cycle_problems(edges),
        *orphans,
        *_share_problems(shares, known, providers, tolerance),
    )


def build(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    shares: pd.DataFrame | None = None,
    providers: Iterable[str] | None = None,
    tolerance: float = SUM_TOLERANCE,
) -> Chain:
    """由三张表建图。

    参数同 :func:`check`。环与孤立节点不妨碍建图，其余问题都妨碍。

    Returns
    -------
    Chain
        图已冻结；份额缺失保持缺失。

    Raises
    ------
    ChainError
        ``problems`` 列出全部妨碍建图的问题。
    """
    if problems := [p for p in check(nodes, edges, shares, providers, tolerance) if p.kind not in TOLERATED]:
        raise ChainError(problems)
    shares = pd.DataFrame(_EMPTY) if shares is None else shares
    graph = nx.DiGraph()
    for row in nodes.to_dict("records"):
        node = row.pop("node")
        graph.add_node(node)
        graph.nodes[node].update(row)
    for a, b, relation in edges[["from_node", "to_node", "relation"]].itertuples(index=False):
        graph.add_edge(a, b, relation=relation)
    kept = shares[["node", "provider", "share"]].reset_index(drop=True)
    return Chain(nx.freeze(graph), kept.assign(share=pd.to_numeric(kept["share"]).astype(float)))
