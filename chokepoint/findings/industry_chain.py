"""“产业链图谱”一章的数字：芯片链与关键材料链上，谁握着哪些节点，断了会怎样。

芯片的份额按企业总部归属，材料的份额按生产地，两者不可相加。两版芯片图一次只用一版。
"""

from __future__ import annotations

import re
from functools import cache

import networkx as nx
import pandas as pd

from .. import data
from ..chain import CHOKE_SHARE, STATES, Chain, Rule, build, centralities, dominators, esri, min_cut, single_provider
from ..chain import knock_out as _knock_out
from ..networks import chance

#: 芯片图的两版；除了比较两版的地方，一律用后一版。
EARLIER, LATEST = "2022", "2026"

#: 余数名：未具名的多国，不是一家供应者。
RESIDUAL = ("VAR",)

#: 一起行动的三家：2026 年版里握有节点最多的、又同在出口管制讨论里被并提的美国、日本、荷兰。
BLOC = ("USA", "JPN", "NLD")

#: 阈值敏感性取的各档，百分数。
THRESHOLDS = tuple(range(50, 81))

#: 份额取整的来源，各家之和可以略超 100；超出这么多个百分点才报错。
ROUNDING = 5.0

#: 练习里换用的较低的线，%。
LOWER = 60

#: 父类有子类时的两种读法。
READINGS = {"any": "乐观读法", "all": "悲观读法"}

#: 断供情景：一家，或几家一起。
SCENARIOS = (
    ("USA",),
    ("JPN",),
    ("NLD",),
    ("DEU",),
    ("SGP",),
    ("CHN",),
    ("KOR",),
    ("TWN",),
    ("USA", "JPN"),
    BLOC,
)

#: 图上画不下的名称的短写。
SHORT = {
    "dao_chip_design": "DAO 芯片设计",
    "core_intellectual_property": "IP 核",
    "wafer_and_photomask_handlers": "晶圆与掩模搬运设备",
}

#: 两版总部记法不同、或与别处记法不同的企业：原库 2026 年版的名字 → 改记到哪里。
RECODED = {"ASM Pacific": "CHN", "ACM Research": "CHN"}

#: 逐节点比较两版时，2026 年版里这些企业的总部记法与 2022 年版不同。
MOVED = ("ASM Pacific", "Mattson Tech", "Bruker")

#: ESRI 参照网络与四种变体。
NETWORK = "diem2022_fig1"
_PARTS = {"esri": "esri", "esri_downstream": "downstream", "esri_upstream": "upstream"}


def names() -> pd.Series:
    """经济体代码 → 中文名。"""
    return data.load("countries").set_index("iso3")["name_zh"]


def chip_nodes(release: str = LATEST) -> pd.DataFrame:
    """某一版的节点，索引为节点代码。"""
    nodes = data.load("chip_nodes").set_index("node_id").rename_axis("node")
    return nodes[nodes[f"in_release_{release}"]]


def chip_shares(release: str = LATEST) -> pd.DataFrame:
    """某一版各经济体的份额，列 ``node``、``provider``、``share``；没有给数的保持缺失。"""
    rows = data.load("chip_provision")
    rows = rows[(rows["release"] == release) & (rows["provider_kind"] == "country")]
    return rows.rename(columns={"node_id": "node"})[["node", "provider", "share"]].reset_index(drop=True)


def chip_chain(release: str = LATEST, shares: pd.DataFrame | None = None) -> Chain:
    """某一版的芯片图；``shares`` 可换成改记总部以后的份额。"""
    edges = data.load("chip_edges")
    edges = edges[edges["release"] == release]
    shares = chip_shares(release) if shares is None else shares
    return build(chip_nodes(release).reset_index(), edges, shares, tolerance=ROUNDING)


@cache
def _latest() -> Chain:
    """后一版的图；图已冻结，可以共用。"""
    return chip_chain()


def product(release: str = LATEST) -> str:
    """最终产出：成品逻辑芯片。"""
    nodes = chip_nodes(release)
    return str(nodes.index[nodes["kind"] == "output"][0])


def inventory() -> pd.DataFrame:
    """两版的图各有多少东西。

    Returns
    -------
    pandas.DataFrame
        列 ``what`` 与两版（``earlier``、``latest``）的个数；行依次为各类节点、有份额的节点、三种关系、终点。
    """
    kinds, relations = data.labels("chip_nodes", "kind"), data.labels("chip_edges", "relation")
    columns = {}
    for name, release in (("earlier", EARLIER), ("latest", LATEST)):
        chain = chip_chain(release)
        count = chip_nodes(release)["kind"].value_counts()
        edge = pd.Series([r for *_, r in chain.graph.edges(data="relation")]).value_counts()
        columns[name] = {
            **{f"节点：{zh}": int(count.get(k, 0)) for k, zh in kinds.items()},
            "节点合计": len(chain.graph),
            "其中给出份额": int(chain.shares.dropna(subset="share")["node"].nunique()),
            **{f"连边：{zh}": int(edge.get(k, 0)) for k, zh in relations.items()},
            "终点": len(chain.outputs()),
        }
    return pd.DataFrame(columns).rename_axis("what").reset_index()


# ---- 图面 ----


def _short(node: str, name: str) -> str:
    """图上的短名：去掉括号里的话与“工艺”。"""
    return SHORT.get(node) or re.sub(r"（[^）]*）", "", name).removesuffix("工艺")


def chain_layout(release: str = LATEST) -> tuple[pd.DataFrame, pd.DataFrame]:
    """把图摊平：一行一种直接投入，投入自己与它的子类、上游排成方块，挂在它最先供给的工序之下。

    Returns
    -------
    tiles : pandas.DataFrame
        索引为节点（工序与成品也在内，``column`` 为 -1）；``name_zh``、``kind``、``row``、``column``，
        ``total`` 它有没有下位或上游，``numbered`` 有没有给出份额，``fed`` 是否由辅助工序直接供给。
    rows : pandas.DataFrame
        一行一种直接投入；``stage``、``process`` 所供工序，``process_zh``、``label`` 图上的名字（同一工序只写一次）。
    """
    chain, nodes = chip_chain(release), chip_nodes(release)
    graph = chain.production()
    order = {v: i for i, v in enumerate(nx.lexicographical_topological_sort(graph))}
    spine = {v for v in graph if nodes.loc[v, "kind"] in ("process", "output")}
    parts = [v for v in graph if v not in spine and graph.degree(v)]
    first = {v: min(graph.successors(v), key=order.get) for v in parts}

    def direct(v: str) -> str:
        return v if first[v] in spine else direct(first[v])

    def below(v: str) -> list[str]:
        return [v, *(w for u in sorted(u for u in parts if first[u] == v) for w in below(u))]

    # 供给多道工序的两道辅助工序排在它们所供的第一道之前，与拓扑次序一致。
    stages = list(data.labels("chip_nodes", "stage"))
    rows, tiles = [], {}
    for process in sorted(spine, key=lambda v: (stages.index(nodes.loc[v, "stage"]), order[v])):
        heads = [v for v in parts if first[v] == process] or [None]
        for head in sorted(heads, key=lambda v: (order.get(v, 0), str(v))):
            label = "" if head is None else _short(head, nodes.loc[head, "name_zh"])
            rows.append({"stage": nodes.loc[process, "stage"], "process": process, "label": label})
            for column, v in enumerate([] if head is None else below(head)):
                tiles[v] = (len(rows) - 1, column)
        tiles[process] = (min(i for i, r in enumerate(rows) if r["process"] == process), -1)
    table = pd.DataFrame(rows)
    names_zh = [_short(p, nodes.loc[p, "name_zh"]) for p in table["process"]]
    table.insert(2, "process_zh", [n if not i or names_zh[i - 1] != n else "" for i, n in enumerate(names_zh)])
    frame = pd.DataFrame.from_dict(tiles, orient="index", columns=["row", "column"]).rename_axis("node")
    frame = nodes.loc[frame.index, ["name_zh", "kind"]].join(frame)
    numbered = set(chain.shares.dropna(subset="share")["node"])
    frame["total"] = [graph.in_degree(v) > 0 for v in frame.index]
    frame["numbered"] = frame.index.isin(numbered)
    side = helpers(release)
    frame["fed"] = [any(graph.has_edge(h, v) for h in side) for v in frame.index]
    return frame.sort_values(["row", "column"]), table


def helpers(release: str = LATEST) -> list[str]:
    """供给不止一道工序的辅助工序。"""
    graph, nodes = chip_chain(release).production(), chip_nodes(release)
    return sorted(v for v in graph if nodes.loc[v, "kind"] == "process" and graph.out_degree(v) > 1)


# ---- 份额 ----


def single(release: str = LATEST, threshold: float = CHOKE_SHARE, shares: pd.DataFrame | None = None) -> pd.DataFrame:
    """握在一家手里的节点：``name_zh``、``kind``、``provider``、``share``，自高到低；阈值含等于。"""
    found = single_provider(chip_shares(release) if shares is None else shares, threshold, RESIDUAL)
    return chip_nodes(release).loc[found.index, ["name_zh", "kind"]].join(found)


def with_shares(release: str = LATEST) -> list[str]:
    """至少有一家给出份额的节点。"""
    return sorted(chip_shares(release).dropna(subset="share")["node"].unique())


def leaves(release: str = LATEST) -> list[str]:
    """没有下位与上游的节点（不含阶段合计）：只数它们就没有重复。"""
    graph, nodes = chip_chain(release).production(), chip_nodes(release)
    return sorted(v for v in graph if not graph.in_degree(v) and nodes.loc[v, "kind"] != "stage")


def threshold_counts(release: str = LATEST) -> pd.DataFrame:
    """阈值由低到高，各经济体握有几个节点。

    Returns
    -------
    pandas.DataFrame
        索引为阈值（百分数，含等于），列为经济体代码，按 65% 处的个数降序，另有 ``total``。
    """
    counts = {t: single(release, t)["provider"].value_counts() for t in THRESHOLDS}
    frame = pd.DataFrame(counts).T.fillna(0).astype(int)
    order = frame.loc[int(CHOKE_SHARE)].sort_values(ascending=False, kind="stable").index
    frame = frame[order]
    frame["total"] = frame.sum(axis=1)
    return frame.rename_axis("threshold")


def holders(release: str = LATEST) -> pd.DataFrame:
    """各经济体握有的节点：全部节点与只数叶子。

    Returns
    -------
    pandas.DataFrame
        索引为经济体代码；``name_zh``，``every`` 全部节点里的个数，``leaf`` 只数叶子，降序。
    """
    found, low = single(release), leaves(release)
    frame = pd.DataFrame(
        {
            "every": found["provider"].value_counts(),
            "leaf": found.loc[found.index.isin(low), "provider"].value_counts(),
        }
    )
    frame = frame.fillna(0).astype(int).sort_values(["every", "leaf"], ascending=False, kind="stable")
    frame.insert(0, "name_zh", names().reindex(frame.index))
    return frame


def bloc_share(release: str = LATEST, members: tuple[str, ...] = BLOC) -> pd.Series:
    """每个节点上几家合计的份额（百分数），索引为有份额的节点。"""
    shares = chip_shares(release).dropna(subset="share")
    kept = shares[shares["provider"].isin(members)]
    return kept.groupby("node")["share"].sum().reindex(with_shares(release), fill_value=0.0)


def best_of(economy: str, release: str = LATEST) -> pd.Series:
    """某经济体份额最高的节点：``name_zh``、``share``、``node``、``year``。"""
    rows = data.load("chip_provision")
    rows = rows[(rows["release"] == release) & (rows["provider"] == economy) & rows["share"].notna()]
    row = rows.sort_values("share", ascending=False, kind="stable").iloc[0]
    name = chip_nodes(release).loc[row["node_id"], "name_zh"]
    return pd.Series({"node": row["node_id"], "name_zh": name, "share": row["share"], "year": row["year"]})


def holder_table() -> pd.DataFrame:
    """握有节点的经济体：两版各几个，2026 年版只数叶子几个，缺了就停的几个。

    Returns
    -------
    pandas.DataFrame
        列 ``name_zh``、``earlier``、``latest``、``leaf``、``critical``，末行合计。
    """
    held, sharp = holders(), critical_holders()["critical"]
    frame = pd.DataFrame({"earlier": single(EARLIER)["provider"].value_counts(), "latest": held["every"]})
    frame = frame.assign(leaf=held["leaf"], critical=sharp).fillna(0).astype(int)
    frame = frame.sort_values(["latest", "earlier"], ascending=False, kind="stable")
    frame.loc["合计"] = frame.sum()
    frame.insert(0, "name_zh", names().reindex(frame.index).fillna("合计"))
    return frame.reset_index(drop=True)


def recoded_shares(release: str = LATEST, firms: dict[str, str] | None = None) -> pd.DataFrame:
    """把 ``firms``（默认 :data:`RECODED`）里的企业改记到另一个总部之后，各经济体的份额；没有给数的保持缺失。"""
    target = RECODED if firms is None else firms
    rows = data.load("chip_provision")
    firms = rows[(rows["release"] == release) & (rows["provider_kind"] == "firm") & rows["provider"].isin(target)]
    firms = firms.dropna(subset="share")
    out = firms.assign(share=-firms["share"])[["node_id", "hq_iso3", "share"]]
    back = firms.assign(hq_iso3=firms["provider"].map(target))[["node_id", "hq_iso3", "share"]]
    moved = pd.concat([out, back]).set_axis(["node", "provider", "share"], axis=1)
    both = pd.concat([chip_shares(release), moved])
    summed = both.groupby(["node", "provider"])["share"].sum(min_count=1).reset_index()
    return summed.assign(share=summed["share"].round(6).clip(lower=0))


# ---- 结构 ----


@cache
def _structure(release: str) -> pd.DataFrame:
    chain, nodes, end = chip_chain(release), chip_nodes(release), product(release)
    nodes = nodes[nodes["kind"] != "stage"]
    graph = chain.production()
    frame = centralities(chain).reindex(nodes.index)[["betweenness", "out_reach"]]
    captive = dict.fromkeys(nodes.index, 0)
    for v in nx.ancestors(graph, end):
        routes = dominators(chain, end, sources=[v])
        for u in routes.index[routes["dominates"]]:
            captive[u] += u != v
    rule = rules()["any"]
    dead = {v: v != end and _knock_out(chain, nodes=[v], rule=rule).loc[end, "state"] == "blocked" for v in nodes.index}
    top = single_provider(chain.shares, 1e-6, RESIDUAL).reindex(nodes.index)
    frame.insert(0, "name_zh", nodes["name_zh"])
    frame.insert(1, "kind_zh", nodes["kind"].map(data.labels("chip_nodes", "kind")))
    frame = frame.assign(captive=pd.Series(captive), critical=pd.Series(dead), share=top["share"])
    frame = frame.assign(provider=top["provider"], single=frame["share"].ge(CHOKE_SHARE))
    return frame.sort_values(["betweenness", "captive"], ascending=False, kind="stable")


def structure(release: str = LATEST) -> pd.DataFrame:
    """每个节点在图上的位置与它的份额，不含阶段合计。

    Returns
    -------
    pandas.DataFrame
        索引为节点，按介数降序；``name_zh``、``kind_zh``、``betweenness``；``captive`` 有几个节点通往成品的每条路都
        要经过它；``critical`` 去掉它、别的都在，按乐观读法成品就做不出（成品自己不算）；``share`` 最大一家的份额
        （没有给出份额的缺失）、``provider`` 是哪一家；``single`` 是否握在一家手里。
    """
    return _structure(release).copy()


#: 两副眼镜的方格图：行与列的名字。
PLACES = ("居中（介数大于零）", "端点（介数为零）")
HOLDS = ("一家独占", "不独占", "没有具名份额")


def lens_grid(release: str = LATEST) -> pd.DataFrame:
    """结构 × 份额的节点数：行为 :data:`PLACES`，列为 :data:`HOLDS`，不含阶段与成品。"""
    frame = structure(release).drop(product(release))
    place = frame["betweenness"].gt(0).map({True: PLACES[0], False: PLACES[1]})
    hold = pd.Series(HOLDS[1], index=frame.index).mask(frame["single"], HOLDS[0]).mask(frame["share"].isna(), HOLDS[2])
    return pd.crosstab(place, hold).reindex(index=PLACES, columns=HOLDS, fill_value=0)


def lens_chance(release: str = LATEST) -> dict[str, float]:
    """有份额的节点里，既“一家独占”又“居中”的：实际 ``observed`` 个，与位置无关时应有 ``expected`` 个。

    居中的都有下级或上游，端点都是叶子（介数按定义为零），所以这个差别不检验“集中是否落在要害上”。
    """
    frame = structure(release).dropna(subset="share")
    marks = pd.DataFrame({"single": frame["single"], "middle": frame["betweenness"] > 0})
    found = chance(marks, "single", "middle")
    return {key: found[key] for key in ("observed", "expected")}


def lens_total(release: str = LATEST) -> pd.Series:
    """有份额的节点里，居中与端点各几个，索引为 :data:`PLACES`。"""
    return lens_grid(release)[list(HOLDS[:2])].sum(axis=1)


def top_structure(count: int = 8, release: str = LATEST) -> pd.DataFrame:
    """介数最高的几个节点：``name_zh``、``kind_zh``、``betweenness``、``captive``、``holder``（最大一家与份额，或“没有份额”）。"""
    frame, called = structure(release).head(count), names()
    held = [
        "没有份额" if pd.isna(s) else f"{called[p]} {s:.1f}%"
        for p, s in zip(frame["provider"], frame["share"], strict=True)
    ]
    return frame[["name_zh", "kind_zh", "betweenness", "captive"]].assign(holder=held).reset_index(drop=True)


def unavoidable(release: str = LATEST) -> list[str]:
    """从任何源头到成品都绕不过的节点（名称），离源头由近到远。"""
    frame = dominators(chip_chain(release), product(release))
    return chip_nodes(release).loc[frame.index[frame["dominates"]], "name_zh"].tolist()


def cut_size(release: str = LATEST) -> int:
    """最小点割的大小：至少去掉几个节点，成品就没有来路。"""
    return len(min_cut(chip_chain(release), product(release)))


def critical_holders(release: str = LATEST) -> pd.DataFrame:
    """两副眼镜合起来：缺了就停（乐观读法）又握在一家手里的节点，各经济体几个；``critical`` 与 ``every``。"""
    frame = structure(release)
    held = frame[frame["single"]]
    counts = pd.DataFrame(
        {"every": held["provider"].value_counts(), "critical": held.loc[held["critical"], "provider"].value_counts()}
    )
    counts = counts.fillna(0).astype(int).sort_values(["every", "critical"], ascending=False, kind="stable")
    counts.insert(0, "name_zh", names().reindex(counts.index))
    return counts


# ---- 断供 ----


def rules(threshold: float = CHOKE_SHARE, remainder: str = "others") -> dict[str, Rule]:
    """两种读法的算法：工序没有供应者，算可得；列了名而没有份额的，总按可能算。"""
    return {
        reading: Rule(threshold, RESIDUAL, remainder=remainder, no_shares="available", subtypes=reading)
        for reading in READINGS
    }


def knock_out(
    providers: tuple[str, ...],
    reading: str = "any",
    remainder: str = "others",
    threshold: float = CHOKE_SHARE,
    shares: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """去掉几家供应者之后各节点的状态，不含阶段合计；``shares`` 可换成改记总部以后的份额。

    列见 :func:`chokepoint.chain.knock_out`。
    """
    chain = _latest() if shares is None else chip_chain(shares=shares)
    found = _knock_out(chain, providers, rule=rules(threshold, remainder)[reading])
    return found[chip_nodes().loc[found.index, "kind"] != "stage"]


#: 一个节点在两种读法之下的结局，自坏到好。
OUTCOMES = ("两种读法都断", "只在悲观读法断", "说不准", "可得")


#: 断供图面的颜色。
OUTCOME_COLORS = {OUTCOMES[0]: "#B34700", OUTCOMES[1]: "#F0A868", OUTCOMES[2]: "#9A9A9A", OUTCOMES[3]: "#BBD7EA"}

#: 图面上各类节点的颜色。
KIND_COLORS = {"工艺": "#222222", "设备": "#0072B2", "材料": "#D55E00", "设计门类": "#CC79A7", "成品": "#009E73"}


def map_by_kind() -> pd.DataFrame:
    """按节点类别着色的图面。"""
    tiles, _ = chain_layout()
    return tiles.assign(group=tiles["kind"].map(data.labels("chip_nodes", "kind")))


def map_by_outcome(providers: tuple[str, ...]) -> pd.DataFrame:
    """按断供结局着色的图面；是否给出份额不再区分。"""
    tiles, _ = chain_layout()
    return tiles.assign(group=outcomes(providers).reindex(tiles.index), numbered=True)


def outcomes(providers: tuple[str, ...]) -> pd.Series:
    """每个节点的结局，取 :data:`OUTCOMES` 之一。"""
    soft, hard = (knock_out(providers, reading)["state"] for reading in READINGS)
    found = pd.Series(OUTCOMES[2], index=soft.index, name="outcome")
    found = found.mask((soft == "producible") & (hard == "producible"), OUTCOMES[3])
    return found.mask(hard == "blocked", OUTCOMES[1]).mask(soft == "blocked", OUTCOMES[0])


def scenario_name(providers: tuple[str, ...]) -> str:
    """情景的名字，如“美国＋日本＋荷兰”。"""
    called = names()
    return "＋".join(called[p] for p in providers)


def scenario_counts() -> pd.DataFrame:
    """各断供情景下四种结局的节点数：行为情景名，列为 :data:`OUTCOMES`。"""
    rows = {scenario_name(s): outcomes(s).value_counts() for s in SCENARIOS}
    return pd.DataFrame(rows).T.reindex(columns=OUTCOMES).fillna(0).astype(int)


_VERDICTS = {"blocked": "做不出", "unknown": "说不准", "producible": "做得出"}


def verdicts() -> pd.DataFrame:
    """各情景下成品芯片做不做得出。

    Returns
    -------
    pandas.DataFrame
        ``scenario``；``soft``、``hard`` 乐观、悲观读法的结论；``soft_unknown`` 乐观读法、但未列出的余数也可能属于被
        去掉者；``own`` 自己的供应者断了的节点数，``any``、``all`` 两种读法下连同传导停下的节点数。
    """
    rows, end = [], product()
    for s in SCENARIOS:
        soft, hard, wide = knock_out(s), knock_out(s, "all"), knock_out(s, remainder="unknown")
        rows.append(
            {
                "scenario": scenario_name(s),
                "own": int((soft["own"] == STATES[0]).sum()),
                "any": int((soft["state"] == STATES[0]).sum()),
                "all": int((hard["state"] == STATES[0]).sum()),
                "soft": _VERDICTS[soft.loc[end, "state"]],
                "hard": _VERDICTS[hard.loc[end, "state"]],
                "soft_unknown": _VERDICTS[wide.loc[end, "state"]],
            }
        )
    return pd.DataFrame(rows)


def chip_by_threshold(reading: str = "any", step: int = 5) -> pd.DataFrame:
    """换阈值之后，一家断供时成品做不做得出：行为情景名，列为阈值，值为做不出、说不准、做得出。"""
    alone, end = [s for s in SCENARIOS if len(s) == 1], product()
    columns = {
        t: [_VERDICTS[knock_out(s, reading, threshold=t).loc[end, "state"]] for s in alone] for t in THRESHOLDS[::step]
    }
    return pd.DataFrame(columns, index=[scenario_name(s) for s in alone])


def china_flip() -> dict[str, object]:
    """去掉中国，悲观读法下成品的结论何时翻成做不出。

    Returns
    -------
    dict
        ``threshold`` :data:`THRESHOLDS` 里能使成品做不出的最高一档，百分数；``before``、``after`` 阈值照旧，
        只把 ASM Pacific 改记到中国前后的结论。
    """
    end = product()

    def verdict(**options) -> str:
        return _VERDICTS[knock_out(("CHN",), "all", **options).loc[end, "state"]]

    moved = recoded_shares(firms={"ASM Pacific": RECODED["ASM Pacific"]})
    return {
        "threshold": max(t for t in THRESHOLDS if verdict(threshold=t) == _VERDICTS["blocked"]),
        "before": verdict(),
        "after": verdict(shares=moved),
    }


def stopped(providers: tuple[str, ...], reading: str = "any") -> list[str]:
    """断供的节点（名称），按图面次序。"""
    found, (tiles, _) = knock_out(providers, reading), chain_layout()
    return tiles.loc[[v for v in tiles.index if found.loc[v, "state"] == STATES[0]], "name_zh"].tolist()


def payload(preset: tuple[str, ...]) -> dict:
    """网页上断供图所用的全部材料：节点、连边、份额与图面，规则由脚本照算。

    Returns
    -------
    dict
        ``nodes`` 一项一个节点 ``[名称，工序 0/1，行，列]``；``edges`` ``[起点，终点，是否子类]``；``shares``
        ``[节点，供应者，份额或 null]``（不含余数）；``silent`` 一行份额也没有的节点；``providers``
        ``[代码，名称，列名的节点数]``；``rows`` 图面各行；``product``、``threshold``、``preset``、``presets``。
    """
    chain, called = chip_chain(), names()
    tiles, rows = chain_layout()
    place = {v: i for i, v in enumerate(tiles.index)}
    listed = chain.shares[~chain.shares["provider"].isin(RESIDUAL) & chain.shares["node"].isin(place)]
    order = listed["provider"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    index = {p: i for i, p in enumerate(order.index)}
    stage = data.labels("chip_nodes", "stage")
    return {
        "nodes": [
            [r.name_zh, int(r.kind in ("process", "output")), int(r.row), int(r.column)] for r in tiles.itertuples()
        ],
        "edges": [
            [place[a], place[b], int(r == "is_type_of")]
            for a, b, r in chain.graph.edges(data="relation")
            if r != "in_stage"
        ],
        "shares": [
            [place[r.node], index[r.provider], None if pd.isna(r.share) else float(r.share)]
            for r in listed.itertuples()
        ],
        "silent": [i for v, i in place.items() if v not in set(chain.shares["node"])],
        "providers": [[p, called[p], int(n)] for p, n in order.items()],
        "rows": [[stage[r.stage], r.process_zh, r.label] for r in rows.itertuples()],
        "product": place[product()],
        "threshold": CHOKE_SHARE,
        "preset": list(preset),
        "presets": [list(s) for s in SCENARIOS if len(s) > 1],
    }


# ---- ESRI ----


def _reference() -> tuple[pd.DataFrame, pd.Series]:
    edges = data.load("method_networks").query("network == @NETWORK")
    ends = [edges[[f"{e}_node", f"{e}_sector"]].set_axis(["node", "sector"], axis=1) for e in ("from", "to")]
    return edges, pd.concat(ends).drop_duplicates().set_index("node")["sector"]


def esri_values() -> pd.DataFrame:
    """ESRI 的参照值与本书重算的值。

    Returns
    -------
    pandas.DataFrame
        一行一个参照值：``node``、``metric``、``variant``、``value``、``tolerance``、``ours``、``gap``（差的绝对值）。
    """
    edges, sectors = _reference()
    table = data.load("method_reference_values").query("network == @NETWORK")
    parts = []
    for variant, part in table.groupby("variant", sort=False):
        production, _, how = variant.partition("_")
        found = esri(edges, sectors, production, how == "replacement")
        ours = [float(found.loc[v, _PARTS[m]]) for v, m in zip(part["node"], part["metric"], strict=True)]
        parts.append(part.assign(ours=ours))
    frame = pd.concat(parts)[["node", "metric", "variant", "value", "tolerance", "ours"]]
    return frame.assign(gap=(frame["ours"] - frame["value"]).abs())


def esri_check() -> dict[str, float]:
    """参照值的个数 ``count``、在容差之内的个数 ``within``、最大的差 ``largest``。"""
    frame = esri_values()
    return {
        "count": len(frame),
        "within": int((frame["gap"] <= frame["tolerance"]).sum()),
        "largest": float(frame["gap"].max()),
    }


def esri_ranges() -> pd.DataFrame:
    """参照网络上每家企业的 ESRI：四种变体的最小、最大，与“列昂惕夫，按份额替代”（主）。

    Returns
    -------
    pandas.DataFrame
        索引为“企业 k”，列 ``low``、``main``、``high``，百分数，取一位小数，按 ``main`` 降序。
    """
    frame = esri_values().query("metric == 'esri'")
    wide = frame.pivot(index="node", columns="variant", values="ours")
    found = pd.DataFrame({"low": wide.min(axis=1), "main": wide["leontief_replacement"], "high": wide.max(axis=1)}).mul(
        100
    )
    found = found.loc[sorted(found.index, key=int)].round(1)
    found = found.sort_values(["main", "high"], ascending=False, kind="stable")
    return found.rename(index="企业 {}".format)


# ---- 镜像：关键材料 ----


def material_shares() -> pd.DataFrame:
    """各材料环节的全球产量份额，列 ``node``、``provider``、``share``。"""
    rows = data.load("crm_provision").query("scope == 'global_production'")
    return rows.rename(columns={"node_id": "node", "iso3": "provider"})[["node", "provider", "share"]]


def material_single(threshold: float = CHOKE_SHARE) -> pd.DataFrame:
    """握在一家手里的材料环节。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``name_zh``、``stage``、``provider``、``share``；``rare`` 是否十几种稀土之一（不含钪）；
        ``contradicted`` 是否与另一公开数字矛盾。自高到低。
    """
    found = single_provider(material_shares(), threshold)
    nodes = data.load("crm_nodes").set_index("node_id").loc[found.index]
    rows = data.load("crm_provision")
    against = set(rows.loc[rows["caution"] == "contradicted", "node_id"])
    frame = nodes[["name_zh", "stage", "material_group"]].join(found)
    frame["rare"] = frame["material_group"].isin(["lrees", "hrees"])
    return frame.assign(contradicted=frame.index.isin(against))


def material_counts() -> pd.DataFrame:
    """四种数法之下，握在一家手里的材料环节与其中的中国。

    Returns
    -------
    pandas.DataFrame
        索引为数法；``china``、``total``、``share``（0–1）。依次为逐行数、稀土按轻重归组、不含稀土、再去掉有矛盾的。
    """
    frame = material_single()
    rare = frame[frame["rare"]].drop_duplicates(["material_group", "stage", "provider"])
    rest = frame[~frame["rare"]]
    ways = {
        "逐行数": frame,
        "稀土归为轻、重两组": pd.concat([rest, rare]),
        "不含稀土": rest,
        "不含稀土与有矛盾的氢": rest[~rest["contradicted"]],
    }
    rows = {k: {"china": int((v["provider"] == "CHN").sum()), "total": len(v)} for k, v in ways.items()}
    counts = pd.DataFrame(rows).T
    return counts.assign(share=counts["china"] / counts["total"])


def mirror() -> pd.DataFrame:
    """两张图上各经济体握有的节点数：芯片（2026 年版）与关键材料（不含稀土与有矛盾的氢）。

    Returns
    -------
    pandas.DataFrame
        索引为经济体代码；``name_zh``、``chips``、``materials``；先按芯片、再按材料降序。
    """
    held = material_single()
    frame = pd.DataFrame(
        {
            "chips": single()["provider"].value_counts(),
            "materials": held.loc[~held["rare"] & ~held["contradicted"], "provider"].value_counts(),
        }
    )
    frame = frame.fillna(0).astype(int).sort_values(["chips", "materials"], ascending=False, kind="stable")
    frame.insert(0, "name_zh", names().reindex(frame.index))
    return frame


def into_electronics() -> pd.DataFrame:
    """中国握有、又用于欧盟电子行业（NACE C26）的材料：名称、全球份额、该行业占欧盟用量的份额，自高到低。"""
    edges = data.load("crm_edges").query("relation == 'used_in' and to_node == 'sector_c26'")
    used = edges.groupby("from_node")["share"].sum()
    held = material_single()
    held = held[(held["provider"] == "CHN") & ~held["contradicted"] & held.index.isin(used.index[used > 0])]
    frame = held[["name_zh", "share"]].assign(used=used.reindex(held.index))
    return frame.sort_values("used", ascending=False, kind="stable")


def material_total() -> int:
    """有全球份额、不属十几种稀土、又不与另一公开数字矛盾的材料环节数。"""
    nodes, rows = data.load("crm_nodes").set_index("node_id"), data.load("crm_provision")
    kept = nodes.loc[material_shares()["node"].unique(), "material_group"]
    against = rows.loc[rows["caution"] == "contradicted", "node_id"]
    return int((~kept.isin(["lrees", "hrees"]) & ~kept.index.isin(against)).sum())


# ---- 中国：两版之间 ----


def _both() -> pd.DataFrame:
    """两版都给出份额的设备节点上，中国的份额；没有给数的缺失。"""
    rows = data.load("chip_provision").query("provider_kind == 'country' and share.notna()")
    seen = rows.groupby("release")["node_id"].agg(set)
    nodes = chip_nodes()
    kept = sorted(v for v in seen[EARLIER] & seen[LATEST] if nodes.loc[v, "kind"] == "tool")
    china = rows[rows["provider"] == "CHN"].pivot(index="node_id", columns="release", values="share").reindex(kept)
    frame = nodes.loc[kept, ["name_zh"]].assign(earlier=china[EARLIER], latest=china[LATEST])
    year = rows[rows["release"] == LATEST].groupby("node_id")["year"].max()
    firms = data.load("chip_provision").query("provider_kind == 'firm'")
    moved = firms[firms["provider"].isin(MOVED)].groupby("node_id")["provider"].agg(lambda s: sorted(set(s)))
    return frame.assign(year=year.reindex(kept), moved=[moved.get(v, []) for v in kept])


def china_change() -> pd.DataFrame:
    """可比的设备：两版都有中国的数、2026 年版不是沿用 2019 年的数、不含总部改记的企业。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``name_zh``、``earlier``（数据 2019 年）、``latest``（数据年份见 ``year``）、``change`` 百分点，
        按变化降序。
    """
    frame = _both().dropna(subset=["earlier", "latest"])
    frame = frame[(frame["year"] > 2019) & (frame["moved"].str.len() == 0)].drop(columns="moved")
    frame = frame.assign(change=frame["latest"] - frame["earlier"])
    return frame.sort_values("change", ascending=False, kind="stable")


def china_new() -> pd.DataFrame:
    """2022 年版没有给中国的数、2026 年版有的设备：不能当作从零涨来。不含总部改记的企业。"""
    frame = _both()
    kept = frame["earlier"].isna() & frame["latest"].notna() & (frame["moved"].str.len() == 0)
    return frame[kept].sort_values("latest", ascending=False, kind="stable")


def china_recoded() -> pd.DataFrame:
    """下降而含 ASM Pacific 的设备：两版的中国份额，2026 年版记在新加坡名下的 ASM Pacific，与加回之后。

    Returns
    -------
    pandas.DataFrame
        ``name_zh``、``earlier``、``latest``（没有列出的缺失）、``asmpt``、``back`` = ``latest`` + ``asmpt``，百分数。
    """
    frame = _both()
    firms = data.load("chip_provision").query("release == @LATEST and provider == 'ASM Pacific'")
    asmpt = firms.set_index("node_id")["share"].reindex(frame.index)
    frame = frame.assign(asmpt=asmpt, back=frame["latest"].fillna(0) + asmpt)
    fell = frame["latest"].fillna(0) < frame["earlier"]
    frame = frame[fell & frame["moved"].map(lambda m: "ASM Pacific" in m)]
    order = frame["earlier"].sort_values(ascending=False, kind="stable").index
    return frame.loc[order, ["name_zh", "earlier", "latest", "asmpt", "back"]]


def headline() -> dict[str, float]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        单位为“个”（节点），另注明者除外：``threshold`` 阈值的写法；
        ``nodes``、``shared`` 2026 年版的节点与有份额的节点；
        ``single``、``single_china``、``single_usa``、``single_jpn`` 握在一家手里的（总数与各家）；
        ``leaf``、``leaf_single`` 有份额的叶子与其中握在一家手里的；
        ``single_2022``、``shared_2022``、``china_2022`` 2022 年版；``strict`` 阈值不含等于时；
        ``bloc`` 美日荷合计达到阈值的；``critical``、``critical_shared``、``critical_single`` 缺了就停的、其中有具名
        份额的、握在一家手里的；``other_shared``、``other_single`` 缺了不停的节点里有具名份额的、握在一家手里的；
        ``material_total``、``material_single``、``material_china`` 材料图（不含稀土与有矛盾的氢）有份额的、握在一家
        手里的、其中在中国的；``material_rows``、``material_rows_china`` 逐行数；
        ``bloc_blocked``、``bloc_blocked_all`` 美日荷断供后停下的（乐观、悲观读法），
        ``chain`` 断供所数的节点。
    """
    found, low, old = single(), set(leaves()), single(EARLIER)
    materials, frame = material_counts().loc["不含稀土与有矛盾的氢"], structure()
    frame = frame.assign(named=frame["share"].notna())
    every = material_counts().loc["逐行数"]
    by = found["provider"].value_counts()
    soft, hard = knock_out(BLOC), knock_out(BLOC, "all")
    return {
        "threshold": f"{CHOKE_SHARE:g}%",
        "nodes": len(chip_nodes()),
        "shared": len(with_shares()),
        "single": len(found),
        "single_china": int(by.get("CHN", 0)),
        "single_usa": int(by.get("USA", 0)),
        "single_jpn": int(by.get("JPN", 0)),
        "strict": int((found["share"] > CHOKE_SHARE).sum()),
        "leaf": len(low & set(with_shares())),
        "leaf_single": int(found.index.isin(low).sum()),
        "single_2022": len(old),
        "shared_2022": len(with_shares(EARLIER)),
        "china_2022": int((old["provider"] == "CHN").sum()),
        "bloc": int((bloc_share() >= CHOKE_SHARE - 1e-9).sum()),
        "critical": int(frame["critical"].sum()),
        "critical_shared": int((frame["critical"] & frame["named"]).sum()),
        "other_shared": int((~frame["critical"] & frame["named"]).sum()),
        "other_single": int((~frame["critical"] & frame["single"]).sum()),
        "critical_single": int((frame["critical"] & frame["single"]).sum()),
        "material_total": material_total(),
        "material_single": int(materials["total"]),
        "material_china": int(materials["china"]),
        "material_rows": int(every["total"]),
        "material_rows_china": int(every["china"]),
        "bloc_blocked": int((soft["state"] == STATES[0]).sum()),
        "bloc_blocked_all": int((hard["state"] == STATES[0]).sum()),
        "chain": len(soft),
    }


# ---- 行文用的几样 ----


def tied(release: str = LATEST) -> pd.DataFrame:
    """份额恰好等于阈值的单一供应者节点。"""
    found = single(release)
    return found[found["share"] == CHOKE_SHARE]


def first_threshold(economy: str, release: str = LATEST) -> int:
    """阈值自高而低，最先让某经济体握有节点的一档，百分数；各档见 :data:`THRESHOLDS`。"""
    counts = threshold_counts(release)[economy]
    return int(counts.index[counts > 0].max())


def critical_names(economy: str = "", release: str = LATEST) -> list[str]:
    """缺了就停、又握在一家手里的节点（名称）；``economy`` 只留某一家握有的。"""
    frame = structure(release)
    kept = frame["critical"] & frame["single"] & (frame["provider"].eq(economy) | (economy == ""))
    return frame.loc[kept].sort_values("share", ascending=False, kind="stable")["name_zh"].tolist()


def nameless(economy: str, release: str = LATEST) -> int:
    """某经济体列了名而没有份额的节点数。"""
    rows = chip_shares(release).query("provider == @economy")
    return int(rows["share"].isna().sum())


def nld_story() -> dict[str, object]:
    """荷兰断供：两种读法停下的个数 ``any``、``all``，成品的结论 ``soft``、``hard``，乐观与悲观都断的 ``names``。"""
    soft, hard = (knock_out(("NLD",), reading)["state"] for reading in READINGS)
    return {
        "any": int((soft == STATES[0]).sum()),
        "all": int((hard == STATES[0]).sum()),
        "soft": _VERDICTS[soft[product()]],
        "hard": _VERDICTS[hard[product()]],
        "names": stopped(("NLD",)),
    }


def recoded_story() -> dict[str, object]:
    """改记总部之后：中国握有的个数 ``china`` 与 ``names``，新加坡前后的个数 ``sgp_before``、``sgp_after``。"""
    found = single(shares=recoded_shares())
    china = found[found["provider"] == "CHN"]
    return {
        "china": len(china),
        "names": china["name_zh"].tolist(),
        "sgp_before": int((single()["provider"] == "SGP").sum()),
        "sgp_after": int((found["provider"] == "SGP").sum()),
    }


def tiny(value: float) -> str:
    """很小的数写成小数，只留一位有效数字：``3.3e-4`` → ``0.0003``。"""
    power = int(f"{value:.0e}".partition("e")[2])
    return f"{value:.{-power}f}"


def market(release: str = LATEST) -> pd.DataFrame:
    """某一版各节点的市场规模：索引为节点，``market_size`` 百万美元、``year``。上级含下级，不可加总。"""
    rows = data.load("chip_market_size")
    return rows[rows["release"] == release].set_index("node_id")[["market_size", "year"]]


def weighted_single() -> dict[str, float]:
    """不按个数、按收入算：2025 年有市场规模、又有份额的叶子设备里，握在一家手里的占多少。

    Returns
    -------
    dict
        ``count`` 叶子设备数；``by_count``、``by_revenue`` 握在一家手里的占个数、占收入的比例（0–1）。
    """
    size, kind = market(), chip_nodes()["kind"]
    kept = [v for v in leaves() if kind[v] == "tool" and v in set(with_shares()) and v in size.index]
    size = size.loc[kept].query("year == 2025")["market_size"]
    held = size.index.isin(single().index)
    return {
        "count": len(size),
        "by_count": float(held.mean()),
        "by_revenue": float(size[held].sum() / size.sum()),
    }


def stage_share(economy: str, stage: str = "stage_fabrication") -> float:
    """某经济体在一个阶段合计里的份额，百分数；它不参与断供。"""
    rows = chip_shares().query("node == @stage and provider == @economy")
    return float(rows["share"].iloc[0])
