"""一份报告的全部数字：只调用链、集中度、综合指数三个房间，不另立算法。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import pandas as pd

from chokepoint import chain, composite, concentration

#: 缺省的余数名：它们的份额说不清归谁，不算一家。
RESIDUAL = ("ROW", "VAR", "WLD", "其他", "其余", "其它", "未列出")

#: 三种状态的中文名，自坏到好。
STATE_NAMES = {"blocked": "断供", "unknown": "说不清", "producible": "可得"}

#: 没有份额的节点怎样算：有投入的看投入，没有投入的记未知；一律未知；一律不受影响。
NO_SHARES = ("auto", "unknown", "available")

#: 断供情景最多算这么多家，按“单独断供能直接卡住的节点数、份额之和”取前面的。
MAX_SCENARIOS = 40

#: 至少这么多个节点有份额才排名，所列份额至少占这么多（%）的节点才参加。
MIN_RANKED = 5
MIN_LISTED = 50.0

#: 排名的抽取次数与种子。
DRAWS = 2_000
SEED = 4

#: 情景表里“国外全部”的名字，与替未列出的国外份额用的供应者名。
FOREIGN = "国外全部"
_ABROAD = "\0国外未列出"
_OWN = "\0自制"


@dataclass(frozen=True)
class Options:
    """出报告的选项。

    Attributes
    ----------
    residual : tuple of str
        余数名。
    threshold : float
        一家占到多少就算卡在它手里，百分数。
    blocs : mapping of str to tuple of str
        集团名 → 成员。
    domestic : str or None
        本国或本方的供应者名。
    product : str or None
        看哪一个产品；缺省取上游最多的最终产出。
    tolerance : float
        份额之和可以超出 100 多少个百分点。
    no_shares : str
        没有份额的节点怎样算，见 :data:`NO_SHARES`。
    """

    residual: tuple[str, ...] = RESIDUAL
    threshold: float = chain.CHOKE_SHARE
    blocs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    domestic: str | None = None
    product: str | None = None
    tolerance: float = chain.SUM_TOLERANCE
    no_shares: str = "auto"

    def rule(self) -> chain.Rule:
        """断供的算法。"""
        silent = "unknown" if self.no_shares == "auto" else self.no_shares
        return chain.Rule(threshold=self.threshold, residual=self.residual, no_shares=silent)


def named(graph: chain.Chain, options: Options) -> pd.DataFrame:
    """有名有姓的供应者的各行，余数除外。"""
    return graph.shares[~graph.shares["provider"].isin(options.residual)]


def node_table(graph: chain.Chain, options: Options) -> pd.DataFrame:
    """每个节点一行：名称、环节、位置、供应者数、最大一家、集中度的上下界。

    Returns
    -------
    pandas.DataFrame
        索引为节点。``low``、``high`` 是逐家计的 HHI 上下界（点，0–10 000），``bloc_low``、``bloc_high`` 把每个
        集团并成一家；没有份额的为缺失。``reach``、``upstream`` 直接与间接的下游、上游节点数；
        ``home`` 本方的份额（%），没有指明或没有列出为缺失。
    """
    position = chain.centralities(graph)
    labels = {v: d.get("name") or v for v, d in graph.graph.nodes(data=True)}
    shares = named(graph, options)
    rows = {}
    for node in graph.graph:
        own = shares[shares["node"] == node]
        known = own.dropna(subset=["share"]).sort_values(["share", "provider"], ascending=[False, True])
        row = {
            "name": labels[node],
            "stage": graph.graph.nodes[node].get("stage") or "",
            "providers": len(own),
            "listed": float(known["share"].sum()) if len(known) else np.nan,
            "top": known["provider"].iloc[0] if len(known) else "",
            "top_share": float(known["share"].iloc[0]) if len(known) else np.nan,
            "reach": int(position.at[node, "out_reach"]),
            "upstream": int(position.at[node, "in_reach"]),
            "betweenness": float(position.at[node, "betweenness"]),
            "home": _share_of(known, options.domestic),
        }
        rows[node] = row | _bounds(own, known, options)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("node")


def _share_of(known: pd.DataFrame, provider: str | None) -> float:
    """某一家的份额；没有指明、没有列出或不知道的为缺失。"""
    found = known.loc[known["provider"] == provider, "share"]
    return float(found.iloc[0]) if provider is not None and len(found) else np.nan


def _bounds(own: pd.DataFrame, known: pd.DataFrame, options: Options) -> dict[str, float]:
    """一个节点的 HHI 上下界：逐家计，与把集团并成一家。"""
    if known.empty or not known["share"].sum():
        return dict.fromkeys(("low", "high", "bloc_low", "bloc_high"), np.nan)
    points, slack = concentration.HHI_POINTS, options.tolerance / 100
    slack = max(slack, concentration.SUM_TOLERANCE)
    low, high = concentration.hhi_bounds(known["share"], total=100, tolerance=slack)
    found = {"low": low * points, "high": high * points, "bloc_low": np.nan, "bloc_high": np.nan}
    if not options.blocs:
        return found
    shares = known.set_index("provider")["share"] / 100
    merged = concentration.bloc_hhi(shares, options.blocs, tolerance=slack)
    rest = max(0.0, 1 - float(shares.sum()))
    most = merged + rest**2  # 未列出的归一家外人
    for members in options.blocs.values():
        # 未列出的也可能全是这个集团的：成员没有全部列出、或列了名而份额不知道时，才有这种可能
        if set(members) - set(known["provider"]):
            inside = float(shares[shares.index.isin(members)].sum())
            most = max(most, merged + rest**2 + 2 * rest * inside)
    return found | {"bloc_low": merged * points, "bloc_high": most * points}


def single(graph: chain.Chain, options: Options, nodes: pd.DataFrame) -> pd.DataFrame:
    """握在一家手里的节点，按份额降序；``home`` 是否为本方（没有指明本方时为缺失）。"""
    found = chain.single_provider(graph.shares, options.threshold, options.residual)
    found = found.join(nodes[["name", "stage", "reach"]])
    found["home"] = (found["provider"] == options.domestic) if options.domestic else pd.NA
    return found


def holders(single_nodes: pd.DataFrame) -> pd.DataFrame:
    """各供应者独家握着几个节点，按环节分列；按总数降序，并列按名字。"""
    if single_nodes.empty:
        return pd.DataFrame(columns=["total"])
    stage = single_nodes["stage"].replace("", "节点")
    table = pd.crosstab(single_nodes["provider"], stage)
    table = table[sorted(table.columns, key=lambda c: (-table[c].sum(), c))]
    table.insert(0, "total", table.sum(axis=1))
    return table.sort_index(kind="stable").sort_values("total", ascending=False, kind="stable")


def _augmented(graph: chain.Chain, options: Options) -> chain.Chain:
    """``auto``：没有份额而有投入的节点看作自制，只受投入影响。"""
    if options.no_shares != "auto":
        return graph
    production = graph.production()
    silent = [v for v in graph.graph if v not in set(graph.shares["node"]) and production.in_degree(v)]
    extra = pd.DataFrame({"node": silent, "provider": _OWN, "share": 100.0})
    return chain.Chain(graph.graph, pd.concat([graph.shares, extra], ignore_index=True)) if silent else graph


def _with_abroad(graph: chain.Chain, options: Options) -> chain.Chain:
    """本方份额已知的节点，其余份额必是国外的：补成一家，好算“国外全部断供”。"""
    shares = graph.shares
    home = shares[(shares["provider"] == options.domestic) & shares["share"].notna()].set_index("node")["share"]
    known = shares[~shares["provider"].isin(options.residual) & shares["share"].notna()]
    listed = known.groupby("node")["share"].sum()
    inside = shares["node"].isin(home.index)
    drop = inside & (shares["provider"].isin(options.residual) | shares["share"].isna())
    rest = (100 - listed.reindex(home.index)).clip(lower=0)
    extra = pd.DataFrame({"node": rest.index, "provider": _ABROAD, "share": rest.to_numpy(dtype=float)})
    return chain.Chain(graph.graph, pd.concat([shares[~drop], extra], ignore_index=True))


def _ordered(graph: chain.Chain, options: Options) -> list[str]:
    """供应者，按单独能直接卡住的节点数、份额之和排。"""
    shares = named(graph, options)
    shares = shares.assign(holds=shares["share"] >= options.threshold, share=shares["share"].fillna(0.0))
    by = shares.groupby("provider").agg(holds=("holds", "sum"), share=("share", "sum")).sort_index()
    by["share"] = by["share"].round(6)
    return list(by.sort_values(["holds", "share"], ascending=False, kind="stable").index)


def _counted(graph: chain.Chain) -> list[str]:
    """断供时数得着的节点：只作归类的阶段（没有投入产出，也没有份额）不数。"""
    production, with_shares = graph.production(), set(graph.shares["node"])
    stages = {b for _, b, r in graph.graph.edges(data="relation") if r == "in_stage"}
    return [v for v in graph.graph if not (v in stages and not production.degree(v) and v not in with_shares)]


def scenarios(graph: chain.Chain, options: Options, product: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """逐一去掉各供应者与集团，还剩什么。

    Parameters
    ----------
    graph : Chain
        链。
    options : Options
        选项。
    product : str or None
        看哪一个产品。

    Returns
    -------
    counts : pandas.DataFrame
        一个情景一行：``kind``（供应者、集团或国外）、``name``、``blocked``、``unknown``、``producible``（节点数，
        只作归类的阶段不数）、``outputs_blocked``、``outputs_unknown``、``outputs``（最终产出数）、
        ``product``（产品的状态，没有产品为空）。按断供、说不清降序。
    states : pandas.DataFrame
        行为节点，列为情景名，值为 ``blocked``、``unknown``、``producible``。
    """
    base, rule = _augmented(graph, options), options.rule()
    present = set(named(graph, options)["provider"])
    cases = [("供应者", p, base, [p]) for p in _ordered(graph, options)[:MAX_SCENARIOS]]
    cases += [("集团", bloc, base, [m for m in members if m in present]) for bloc, members in options.blocs.items()]
    if options.domestic in present:
        abroad = _with_abroad(base, options)
        gone = set(abroad.shares["provider"]) - {options.domestic, _OWN, *options.residual}
        cases.append(("国外", FOREIGN, abroad, sorted(gone)))
    outputs, counted = set(graph.outputs()), _counted(graph)
    rows, states = [], {}
    for kind, name, where, gone in cases:
        state = chain.knock_out(where, gone, rule=rule)["state"]
        counts = state[counted].value_counts()
        of_outputs = state[state.index.isin(outputs)].value_counts()
        rows.append(
            {
                "kind": kind,
                "name": name,
                **{s: int(counts.get(s, 0)) for s in chain.STATES},
                "outputs_blocked": int(of_outputs.get("blocked", 0)),
                "outputs_unknown": int(of_outputs.get("unknown", 0)),
                "outputs": len(outputs),
                "product": state[product] if product is not None else "",
            }
        )
        states[name] = state
    columns = ["kind", "name", *chain.STATES, "outputs_blocked", "outputs_unknown", "outputs", "product"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.sort_values(["blocked", "unknown"], ascending=False, kind="stable").reset_index(drop=True)
    return table, pd.DataFrame(states, index=pd.Index(list(graph.graph), name="node"))


def choose_product(graph: chain.Chain, options: Options, nodes: pd.DataFrame) -> str | None:
    """看哪一个产品：指明的，否则上游最多的最终产出（并列取代号在前的）。"""
    if options.product is not None:
        return options.product
    outputs = graph.outputs()
    return max(outputs, key=lambda v: (nodes.at[v, "upstream"], -outputs.index(v))) if outputs else None


def routes(graph: chain.Chain, product: str, nodes: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """产品的必经点与最小点割。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``name``、``stage``、``dominates``（必经点）、``cut``（在最小点割里）。
    int
        最小点割的大小。

    Raises
    ------
    ValueError
        没有源头通到产品，见 :func:`chokepoint.chain.dominators`。
    """
    dominators = chain.dominators(graph, product)
    cut = chain.min_cut(graph, product)
    must = dominators.index[dominators["dominates"]]
    keep = [v for v in dominators.index if v in set(must) | set(cut.index)]
    frame = nodes.loc[keep, ["name", "stage", "top", "top_share"]]
    return frame.assign(dominates=[v in must for v in keep], cut=[v in cut.index for v in keep]), len(cut)


#: 排名所用的指标：列名 → 中文名。
INDICATORS = {"concentration": "集中（逐家 HHI）", "reach": "下游所及", "betweenness": "居中（介数）"}


def ranking(nodes: pd.DataFrame, options: Options) -> tuple[pd.DataFrame, str]:
    """卡脖子程度的小型排名：等权、几种做法各抽几千次，给名次区间。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``name``、``reference``（等权、最小最大归一、算术平均的名次）、``median``、``low``、``high``
        （名次的 5% 与 95% 分位）、``top_share``。数据不够时没有行。
    str
        用了什么，或为什么不排。
    """
    empty = pd.DataFrame(columns=["name", "reference", "median", "low", "high", "top_share"])
    fit = nodes[(nodes["listed"] >= MIN_LISTED) & nodes["low"].notna()]
    if len(fit) < MIN_RANKED:
        text = (
            f"没有排名：列出的份额至少占 {MIN_LISTED:g}% 的节点只有 {len(fit)} 个，少于 {MIN_RANKED} 个；"
            "份额知道得太少，排出来的只是填表的多少"
        )
        return empty, text
    home = (fit["home"].fillna(0.0) / 100) ** 2 * concentration.HHI_POINTS  # 本方手里的集中不算卡脖子
    low, most = fit["low"] - home, fit["high"] - home
    frame = pd.DataFrame({"concentration": low, "reach": fit["reach"], "betweenness": fit["betweenness"]})
    frame = frame.astype(float)
    varying = [c for c in frame if frame[c].max() - frame[c].min() > 1e-9]
    if len(varying) < 2:
        flat = "、".join(INDICATORS[c] for c in frame if c not in varying)
        return empty, f"没有排名：{flat}在各节点之间没有差别，剩下的指标不足两项"
    frame = frame[varying]
    high = frame.assign(concentration=most) if "concentration" in frame else frame
    top = min(10, len(frame))
    found = composite.monte_carlo(frame, n=DRAWS, seed=SEED, top=top, low=frame, high=high)
    found.insert(0, "name", fit["name"].reindex(found.index))
    used = "、".join(INDICATORS[c] for c in varying) + ("（HHI 不计本方的份额）" if options.domestic else "")
    text = (
        f"指标：{used}。{len(frame)} 个节点参加（列出的份额至少占 {MIN_LISTED:g}%）；归一、赋权、合成的几种通行做法，"
        f"权的浮动，以及未列出的份额归谁，合在一起抽取 {DRAWS} 次"
    )
    return found, text


def outline(graph: chain.Chain, nodes: pd.DataFrame, options: Options) -> pd.DataFrame:
    """图是什么样：一行一件事，列 ``item``、``value``、``remark``。"""
    production = graph.production()
    relations = pd.Series([r for *_, r in graph.graph.edges(data="relation")], dtype=object).value_counts()
    loops = [c for c in nx.strongly_connected_components(production) if len(c) > 1]
    sources = [v for v in production if not production.in_degree(v) and production.out_degree(v)]
    alone = [v for v in graph.graph if not graph.graph.degree(v)]
    acyclic = nx.condensation(production)
    shares = named(graph, options)
    listed = nodes["listed"].dropna()
    residual = sorted(set(graph.shares["provider"]) & set(options.residual))
    stages = [s for s in nodes["stage"].unique() if s]
    rows = [
        ("节点", len(graph.graph), _joined(stages, "分属") if stages else "没有填环节"),
        ("关系", graph.graph.number_of_edges(), "，".join(f"{RELATION_NAMES[r]} {n} 条" for r, n in relations.items())),
        ("源头", len(sources), _joined([nodes.at[v, "name"] for v in sources])),
        ("最终产出", len(graph.outputs()), _joined([nodes.at[v, "name"] for v in graph.outputs()])),
        ("最长的路", nx.dag_longest_path_length(acyclic), "从源头到产出经过几步；环算一步"),
        ("环", len(loops), "；".join(_joined([nodes.at[v, "name"] for v in sorted(c)]) for c in loops) or "没有"),
        ("孤立的节点", len(alone), _joined([nodes.at[v, "name"] for v in alone]) if alone else "没有"),
        ("有供应者的节点", int((nodes["providers"] > 0).sum()), f"占 {(nodes['providers'] > 0).mean():.0%}"),
        (
            "份额基本列全的节点",
            int((listed >= 95).sum()),
            f"列出的份额至少占 95%；其余 {int((listed < 95).sum())} 个列得不全",
        ),
        ("供应者", shares["provider"].nunique(), _joined(residual, "余数不算一家：") if residual else "没有余数名"),
        ("份额不知道的行", int(shares["share"].isna().sum()), "记作未知，不是零"),
    ]
    return pd.DataFrame(rows, columns=["item", "value", "remark"])


RELATION_NAMES = {"goes_into": "投入", "is_type_of": "是一种", "in_stage": "属于阶段"}


def _joined(names: Iterable[str], before: str = "", most: int = 6) -> str:
    names = [str(n) for n in names]
    return before + "、".join(names[:most]) + ("等" if len(names) > most else "")
