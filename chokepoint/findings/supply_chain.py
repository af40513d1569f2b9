"""“产业链上下游协同”一章的数字：联合体由谁维系，联合体是不是供应链。

网络只用名单完整的联合体；它们是找得到名单的便利样本，不是普查。零模型保住每个成员参加几个、每个名单有几人，
别的全部打乱（:func:`chokepoint.networks.shuffle`），所以问的是“除了谁参加得多、哪张名单长，还剩下什么”。
供应链一侧只有货物与份额，没有企业之间的交易。
"""

from __future__ import annotations

import re
from functools import cache

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .. import concentration, data, inference, networks
from . import import_dependence, industry_university, materials

#: 城市轨道交通信号的六项团体标准同出一系；合成一张时用的代码。
FAMILY, MERGED = "tcamet-", "tcamet"
#: 零模型抽几次，每张名单平均换几步；合著网络换边较慢，少抽几次，每条边平均换几次。
DRAWS, TRADES, REWIRED, SWAPS = 120, 5, 60, 2
#: 种子。
SEED = 20260301
#: 依次拿掉几个成员。
STEPS = 6
#: 区间与打乱范围的水平。
LEVEL = f"{inference.LEVEL:.0%}"
#: 名字里看得见的商号：母公司、子公司与不同写法合成一家（只用于敏感性检验；股权不在表里）。
BRANDS = ("浪潮", "中软国际", "阿里巴巴", "联通")
#: 名单上相遇几次以上才算反复合作的几种取法。
REPEATS = (2, 3, 5)

#: 网络 → 名称。
NETWORKS = {
    "consortia": "联合体", "merged": "联合体（一系标准合一）", "standards": "只看标准起草组",
    "standards_merged": "只看标准起草组（一系合一）", "openeuler": "openEuler",
}  # fmt: skip


# ---- 热身：复算公布的网络 ---------------------------------------------------------------------------


@cache
def ai_graph() -> nx.Graph:
    """人工智能合著的机构网络，边权为篇数。"""
    links = data.load("ai_links").assign(weight=lambda t: t["value"].astype(int))
    return nx.from_pandas_edgelist(links, "institution_a", "institution_b", edge_attr="weight")


def published(metric: str) -> pd.Series:
    """公布的机构指标，索引为机构。"""
    rows = data.load("ai_network_metrics").query("level == 'institution' and metric == @metric")
    return rows.set_index("node")["value"].astype(float)


def ai_economy() -> pd.Series:
    """机构 → 所在经济体（编者标注）。"""
    rows = data.load("ai_network_metrics").query("level == 'institution'")
    return rows.drop_duplicates("node").set_index("node")["iso3"]


def replicated() -> pd.DataFrame:
    """机构的度与强度，由连边复算，对照公布的值。

    Returns
    -------
    pandas.DataFrame
        索引为指标代码；``values`` 核对几个，``same`` 完全相同的，``largest`` 最大的差，``top`` 最高的机构，
        ``value`` 它的值。
    """
    graph, rows = ai_graph(), {}
    for metric, weight in (("degree", None), ("strength", "weight")):
        ours = pd.Series(dict(graph.degree(weight=weight)), dtype=float)
        theirs = published(metric)
        gap = (ours.reindex(theirs.index.union(ours.index)) - theirs).abs()
        rows[metric] = {
            "values": len(gap), "same": int((gap == 0).sum()), "largest": float(gap.max(skipna=False)),
            "top": ours.idxmax(), "value": float(ours.max()),
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


# ---- 联合体与开源社区 -------------------------------------------------------------------------------


@cache
def roster() -> pd.DataFrame:
    """名单完整的联合体：列 ``group``、``member``、``kind``（联合体类型）、``org_type``、``province``、``iso3``。"""
    rows = data.load("consortium_members").query("list_status == 'complete'")
    names = {"consortium_id": "group", "member_zh": "member", "consortium_type": "kind"}
    rows = rows.rename(columns=names)[["group", "member", "kind", "org_type", "province", "iso3"]]
    return rows.reset_index(drop=True)


@cache
def pairs(network: str = "consortia") -> pd.DataFrame:
    """一种网络的“成员—名单”，列 ``member``、``group``。

    Parameters
    ----------
    network : str
        :data:`NETWORKS` 的键；或 ``openeuler_active``（不含已归档的小组），``brands``（名字含 :data:`BRANDS` 里同一个
        商号的合成一个成员）。带 ``merged`` 的与 ``brands`` 把 :data:`FAMILY` 一系合成一张名单。

    Raises
    ------
    KeyError
        没有这种网络。
    """
    if network in ("openeuler", "openeuler_active"):
        rows = data.load("openeuler_sigs").rename(columns={"sig": "group", "org": "member"})
        rows = rows[rows["sig_status"] == "active"] if network == "openeuler_active" else rows
    elif network in NETWORKS or network == "brands":
        rows = roster()
        rows = rows[rows["kind"] == "standard_drafting"] if network.startswith("standards") else rows
        if network.endswith("merged") or network == "brands":
            rows = rows.assign(group=rows["group"].mask(rows["group"].str.startswith(FAMILY), MERGED))
        if network == "brands":
            stem = rows["member"].str.extract(f"({'|'.join(BRANDS)})", expand=False)
            rows = rows.assign(member=stem.fillna(rows["member"]))
    else:
        raise KeyError(network)
    return rows[["member", "group"]].drop_duplicates().reset_index(drop=True)


@cache
def traits(network: str = "consortia") -> pd.DataFrame:
    """成员 → ``org_type``、``province``；不知道的缺失。"""
    if network.startswith("openeuler"):
        rows = data.load("openeuler_sigs").rename(columns={"org": "member"})
    else:
        rows = roster()
    return rows.drop_duplicates("member").set_index("member")[["org_type", "province"]]


def matrix(table: pd.DataFrame, members: pd.Index, groups: pd.Index) -> np.ndarray:
    """“成员—名单”表成 0–1 关联矩阵，行为成员，列为名单。"""
    out = np.zeros((len(members), len(groups)), dtype=np.int32)
    out[members.get_indexer(table["member"]), groups.get_indexer(table["group"])] = 1
    return out


def crossing(found: np.ndarray, kind: np.ndarray) -> float:
    """同在一张名单里的两个成员，类别不同的占比；不知道类别（``-1``）的成员不算。

    与 :func:`chokepoint.networks.pair_mixing` 同一个量，只是用矩阵算，供零模型反复抽取。
    """
    known = found[kind >= 0]
    size = known.sum(axis=0)
    counts = np.stack([known[kind[kind >= 0] == k].sum(axis=0) for k in np.unique(kind[kind >= 0])])
    return 1 - float((counts * (counts - 1)).sum()) / float((size * (size - 1)).sum())


def left(found: np.ndarray, gone: list[int]) -> tuple[float, int]:
    """拿掉几个成员之后：最大的一片里名单的占比，与一个成员也不剩的名单数。"""
    kept = np.delete(found, gone, axis=0)
    rows, columns = np.nonzero(kept)
    n, m = kept.shape
    shape = (n + m, n + m)
    _, part = connected_components(coo_array((np.ones(len(rows)), (rows, columns + n)), shape=shape), directed=False)
    return float(np.bincount(part[n:]).max() / m), int((kept.sum(axis=0) == 0).sum())


def statistics(found: np.ndarray, kinds: dict[str, np.ndarray], core: bool) -> dict[str, float]:
    """一张“成员—名单”矩阵的统计量：跨类占比、反复相遇的对数、核心—边缘的拟合、拿掉最大成员之后。"""
    weight = found @ found.T
    upper = weight[np.triu_indices_from(weight, 1)]
    out = {f"cross_{name}": crossing(found, kind) for name, kind in kinds.items()}
    out |= {f"repeat_{k}": int((upper >= k).sum()) for k in REPEATS}
    out["partners"] = int((upper > 0).sum())
    if core:
        graph = nx.empty_graph(len(weight))
        graph.add_edges_from(np.argwhere(np.triu(weight, 1)).tolist())
        nodes, out["core_fit"] = networks.core(graph)
        out["core_size"] = len(nodes)
    out["largest"] = left(found, [])[0]
    out["largest_left"], out["alone"] = left(found, [int(found.sum(axis=1).argmax())])
    return out


def _codes(network: str, members: pd.Index) -> dict[str, np.ndarray]:
    known = traits(network).reindex(members)
    return {"type": pd.factorize(known["org_type"])[0], "province": pd.factorize(known["province"])[0]}


@cache
def draws(network: str, times: int = DRAWS, seed: int = SEED) -> tuple[dict[str, float], pd.DataFrame]:
    """一种网络的统计量，与打乱 ``times`` 次之后的统计量（一行一次）。"""
    table = pairs(network)
    members, groups = pd.Index(table["member"].unique()), pd.Index(table["group"].unique())
    kinds, core = _codes(network, members), network in ("consortia", "openeuler")
    rng, trades = np.random.default_rng(seed), max(100, TRADES * len(groups))
    mixed = (networks.shuffle(table, "member", "group", rng, trades) for _ in range(times))
    rows = [statistics(matrix(one, members, groups), kinds, core) for one in mixed]
    return statistics(matrix(table, members, groups), kinds, core), pd.DataFrame(rows)


@cache
def ai_draws(times: int = REWIRED, seed: int = SEED) -> tuple[dict[str, float], pd.DataFrame]:
    """合著网络：跨经济体的边的占比与核心—边缘的拟合，与保度换边之后的。"""
    graph, home = ai_graph(), ai_economy()

    def said(one: nx.Graph) -> dict[str, float]:
        cross = [home[a] != home[b] for a, b in one.edges]
        nodes, fit = networks.core(one)
        return {"cross_economy": float(np.mean(cross)), "core_fit": fit, "core_size": len(nodes)}

    rng = np.random.default_rng(seed)
    return said(graph), pd.DataFrame([said(networks.rewired(graph, rng, SWAPS)) for _ in range(times)])


@cache
def chance(network: str, name: str) -> networks.Chance:
    """一个统计量对零模型：实测、平均、中间 95% 与双侧概率。``network`` 另可取 ``ai``。"""
    observed, frame = ai_draws() if network == "ai" else draws(network)
    values = iter(frame[name])
    return networks.against_chance(observed[name], lambda _: next(values), draws=len(frame))


#: 图上的行：网络、统计量、行名、写法（百分比、个数或小数）。
ROWS = (
    ("consortia", "cross_type", "跨类型的对", "share"), ("consortia", "cross_province", "跨省的对", "share"),
    ("consortia", "repeat_2", "反复相遇的对", "count"), ("consortia", "largest", "最大一片占名单", "share"),
    ("consortia", "core_fit", "核心—边缘的拟合", "fit"),
    ("merged", "cross_type", "跨类型的对", "share"), ("merged", "cross_province", "跨省的对", "share"),
    ("merged", "largest", "最大一片占名单", "share"),
    ("standards", "cross_type", "跨类型的对", "share"), ("standards_merged", "cross_type", "跨类型的对", "share"),
    ("openeuler", "cross_type", "跨类型的对", "share"), ("openeuler", "cross_province", "跨省的对", "share"),
    ("openeuler", "repeat_2", "反复相遇的对", "count"), ("openeuler", "largest", "最大一片占小组", "share"),
    ("openeuler", "alone", "拿掉华为后空的小组", "count"), ("openeuler", "core_fit", "核心—边缘的拟合", "fit"),
    ("ai", "cross_economy", "跨经济体的边", "share"), ("ai", "core_fit", "核心—边缘的拟合", "fit"),
)  # fmt: skip
#: 写法 → 格式。
SPECS = {"share": ".0%", "count": ".3g", "fit": ".2f"}


@cache
def chance_table() -> pd.DataFrame:
    """实测与零模型，供图用。

    Returns
    -------
    pandas.DataFrame
        ``observed``、``low``、``high`` 已除以零模型的平均；``raw``、``mean`` 为原值；``p`` 双侧概率，``outside``
        概率不到百分之五。
    """
    rows, groups = [], NETWORKS | {"ai": "人工智能合著"}
    for network, name, label, how in ROWS:
        c, spec = chance(network, name), SPECS[how]
        rows.append({
            "label": label, "group": groups[network], "network": network, "name": name, "raw": c.observed,
            "mean": c.expected, "observed": c.observed / c.expected, "low": c.low / c.expected,
            "high": c.high / c.expected, "p": c.p, "outside": c.p < 1 - inference.LEVEL,
            "text": f"{c.observed:{spec}}（打乱 {c.expected:{spec}}）",
        })  # fmt: skip
    return pd.DataFrame(rows).set_index("label")


def of(network: str, name: str) -> pd.Series:
    """:data:`ROWS` 里的一行。"""
    return chance_table().query("network == @network and name == @name").iloc[0]


def repeat_view() -> pd.DataFrame:
    """:func:`repeats` 写成表：网络、门槛、实测、平均、范围、概率。"""
    rows = repeats()
    ends = [f"{low:.0f}–{high:.0f}" for low, high in zip(rows["low"], rows["high"], strict=True)]
    rows = rows.assign(span=ends, p=rows["p"].map("{:.3f}".format), expected=rows["expected"].round(1))
    rows["observed"] = rows["observed"].astype(int)
    return rows[["network", "times", "observed", "expected", "span", "p"]]


def repeats() -> pd.DataFrame:
    """反复相遇的对：几种网络、几个门槛，``observed``、``expected``、``low``、``high``、``p``。"""
    rows = [
        {"network": NETWORKS[n], "times": k, **chance(n, f"repeat_{k}")._asdict()}
        for n in ("consortia", "merged", "openeuler")
        for k in REPEATS
    ]
    return pd.DataFrame(rows)


def where() -> pd.DataFrame:
    """跨领域的成员，各在什么领域、几张名单（行为成员，列为领域，值为名单数）。

    按名字就跨领域的在前；合并商号才跨领域的在后，行名注明合了几个名字。
    """
    lists = data.load("consortium_members").drop_duplicates("consortium_id").set_index("consortium_id")["field_zh"]
    table, names = pairs("brands"), roster()["member"]
    grid = pd.crosstab(table["member"], table["group"].map(lists.rename({f"{FAMILY}04010-3": MERGED})))
    grid = grid[(grid > 0).sum(axis=1) > 1]
    many = {b: names[names.str.contains(b)].nunique() for b in BRANDS}
    order = sorted(grid.index, key=lambda m: (m in many, -grid.loc[m].sum(), m))
    grid = grid.loc[order, grid.sum() > 0]
    grid = grid[grid.sum().sort_values(ascending=False, kind="stable").index]
    return grid.rename(index=lambda m: f"{m}（{many[m]} 个名字）" if m in many else short(m))


def short(name: str) -> str:
    """机构名的短写：去掉“（集团）股份有限公司”一类。"""
    return re.sub(r"(集团)?(股份)?有限(责任)?公司", "", name)


@cache
def standing() -> pd.DataFrame:
    """参加不止一张名单的成员：两种边权下的名次，与拿掉它之后最大的一片。

    Returns
    -------
    pandas.DataFrame
        索引为成员；``lists`` 名单数，``family`` 其中同系标准的，``count``、``newman`` 两种投影的强度，``count_rank``、
        ``newman_rank`` 名次（并列取最前），``largest`` 单独拿掉它之后最大一片的名单占比。
    """
    table = pairs()
    out = pd.DataFrame({"lists": table.groupby("member").size()})
    family = table[table["group"].str.startswith(FAMILY)].groupby("member").size()
    out["family"] = family.reindex(out.index, fill_value=0)
    for weight, value in strengths("consortia").items():
        out[weight] = value.astype(float)
        out[f"{weight}_rank"] = out[weight].rank(ascending=False, method="min").astype(int)
    members, groups = pd.Index(table["member"].unique()), pd.Index(table["group"].unique())
    found = matrix(table, members, groups)
    out["largest"] = pd.Series({m: left(found, [i])[0] for i, m in enumerate(members)})
    return out.sort_values(["lists", "family", "count"], ascending=[False, True, False], kind="stable")


def several() -> pd.DataFrame:
    """:func:`standing` 里参加不止一张名单的。"""
    return standing().query("lists > 1")


@cache
def strengths(network: str) -> pd.DataFrame:
    """投影之后各成员的强度：列 ``count``（相遇几次都算）、``newman``（每张名单平分）。"""
    return pd.DataFrame(
        {
            w: pd.Series(dict(networks.projection(pairs(network), "member", "group", w).degree(weight="weight")))
            for w in ("count", "newman")
        }
    ).round(9)


def rank_view() -> pd.DataFrame:
    """:func:`several` 写成表：成员、名单数、其中同系的、强度与两列名次。"""
    columns = ["lists", "family", "count", "count_rank", "newman_rank"]
    return several()[columns].astype(int).rename(index=short).reset_index()


def rank_change(network: str = "consortia") -> dict[str, object]:
    """两种边权的名次相不相同。

    Returns
    -------
    dict
        ``rho`` 参加不止一张名单的成员的 Spearman 秩相关（只参加一张的在 Newman 权下全部并列，不算）；
        ``first`` 计数权的第一名，``newman`` Newman 权的第一名（并列全列出）；``members`` 参加不止一张的有几个
        （太少时 ``rho`` 没有意义）。
    """
    table, many = strengths(network), pairs(network).groupby("member").size()
    some = table.loc[many.index[many > 1]]
    best = {w: table.index[table[w] == table[w].max()].tolist() for w in table}
    return {"rho": float(some["count"].corr(some["newman"], method="spearman")), "first": best["count"],
            "newman": best["newman"], "members": len(some)}  # fmt: skip


@cache
def loose_core(network: str, times: int = 20, seed: int = SEED) -> float:
    """只保住成员数与边数、不保住度的随机图，核心—边缘拟合的平均；``network`` 另可取 ``ai``。"""
    graph = ai_graph() if network == "ai" else networks.projection(pairs(network), "member", "group")
    n, edges = graph.number_of_nodes(), graph.number_of_edges()
    return float(np.mean([networks.core(nx.gnm_random_graph(n, edges, seed=seed + i))[1] for i in range(times)]))


def core_members(network: str = "consortia") -> dict[str, object]:
    """核心—边缘的核心：``size`` 个数，``inside`` 其中在最长那张名单里的，``longest`` 它的长度，``names`` 前几名。"""
    table = pairs(network)
    nodes, fit = networks.core(networks.projection(table, "member", "group"))
    sizes = table.groupby("group").size()
    largest = set(table.loc[table["group"] == sizes.idxmax(), "member"])
    return {"size": len(nodes), "fit": fit, "inside": len(set(nodes) & largest), "longest": int(sizes.max()),
            "names": list(nodes)[:5]}  # fmt: skip


def bridges(network: str = "consortia") -> list[str]:
    """割点：拿掉其中任何一个，就有名单与别的断开的成员，自多到少。"""
    graph = networks.bipartite(pairs(network), "member", "group")
    found = [v[1] for v in nx.articulation_points(graph) if v[0] == "top"]
    many = pairs(network).groupby("member").size()
    return sorted(found, key=lambda m: (-many[m], m))


def pieces(network: str = "consortia") -> list[int]:
    """网络分成几片，各有几张名单，自大到小。"""
    graph = networks.bipartite(pairs(network), "member", "group")
    return sorted((sum(v[0] == "bottom" for v in part) for part in nx.connected_components(graph)), reverse=True)


@cache
def attack(network: str, how: str = "degree", times: int = DRAWS // 2, seed: int = SEED) -> pd.DataFrame:
    """依次拿掉成员，最大的一片还占多少名单。

    Parameters
    ----------
    network : str
        :func:`pairs` 认得的网络。
    how : {"degree", "random"}
        先拿参加得最多的（:func:`chokepoint.networks.pruned`），或随机（平均与中间 95%）。

    Returns
    -------
    pandas.DataFrame
        索引为拿掉几个（0 到 :data:`STEPS`）；``largest``、``low``、``high``（0–1）、``alone``（没有成员的名单数），
        按度的另有 ``gone``。
    """
    table = pairs(network)
    if how == "degree":
        out = networks.pruned(table, "member", "group", STEPS)
        return out.assign(low=out["largest"], high=out["largest"])[["largest", "low", "high", "alone", "gone"]]
    members, groups = pd.Index(table["member"].unique()), pd.Index(table["group"].unique())
    found, rng = matrix(table, members, groups), np.random.default_rng(seed)
    orders = [rng.permutation(len(members))[:STEPS].tolist() for _ in range(times)]
    runs = np.array([[left(found, order[:k]) for k in range(STEPS + 1)] for order in orders])
    low, high = np.quantile(runs[:, :, 0], [0.025, 0.975], axis=0)
    return pd.DataFrame({"largest": runs[:, :, 0].mean(0), "low": low, "high": high, "alone": runs[:, :, 1].mean(0)})


#: 拿掉成员的几条线：线名、网络、先拿谁。
LINES = (
    ("openEuler：随机", "openeuler", "random"), ("openEuler：先拿最大", "openeuler", "degree"),
    ("联合体：随机", "merged", "random"), ("联合体：先拿最大", "merged", "degree"),
    ("合并商号：先拿最大", "brands", "degree"),
)  # fmt: skip


def attack_points() -> pd.DataFrame:
    """拿掉成员的几条线（联合体用同系标准合成一张的），列 ``line``、``x``、``y``、``low``、``high``（%）。"""
    rows = []
    for line, network, how in LINES:
        frame = attack(network, how)[["largest", "low", "high"]] * 100
        if how != "random":
            frame[["low", "high"]] = np.nan
        rows.append(frame.rename(columns={"largest": "y"}).rename_axis("x").reset_index().assign(line=line))
    return pd.concat(rows, ignore_index=True)


def mixing_kinds() -> pd.DataFrame:
    """各类联合体里跨类型、跨省的对的占比，席位多的在前。

    Returns
    -------
    pandas.DataFrame
        索引为类型的中文名；``lists``、``seats`` 个数，``type``、``province``（0–1，没有可比的对的缺失）。
    """
    label, known, rows = data.labels("consortium_members", "consortium_type"), traits(), {}

    def share(part: pd.DataFrame, column: str) -> float:
        usable = part[part["member"].map(known[column]).notna()]
        usable = usable[usable.groupby("group")["member"].transform("size") > 1]
        return networks.pair_mixing(usable, "member", "group", known[column]) if len(usable) else float("nan")

    for kind, part in roster().groupby("kind"):
        part = part[["member", "group"]]
        found = (part["group"].nunique(), len(part), share(part, "org_type"), share(part, "province"))
        rows[label[kind]] = dict(zip(("lists", "seats", "type", "province"), found, strict=True))
    return pd.DataFrame.from_dict(rows, orient="index").sort_values("seats", ascending=False, kind="stable")


def mixing() -> pd.DataFrame:
    """:func:`mixing_kinds`，再加几张网的合计与打乱之后的平均。

    Returns
    -------
    pandas.DataFrame
        索引为名称；``lists``、``seats``、``type``、``type_null``、``province``、``province_null``（0–1，没有的缺失）。
    """
    wanted = {
        "consortia": "全部", "merged": "全部，一系合一", "standards": "标准起草组，组内打乱",
        "standards_merged": "标准起草组，一系合一", "openeuler": "openEuler",
    }  # fmt: skip
    rows = {}
    for network, name in wanted.items():
        kind, place, table = chance(network, "cross_type"), chance(network, "cross_province"), pairs(network)
        rows[name] = {
            "lists": table["group"].nunique(), "seats": len(table), "type": kind.observed, "type_null": kind.expected,
            "province": place.observed, "province_null": place.expected,
        }  # fmt: skip
    whole = pd.concat([mixing_kinds(), pd.DataFrame.from_dict(rows, orient="index")])
    return whole.astype({"lists": int, "seats": int})[list(rows["全部"])]


def unknown_bounds(column: str) -> concentration.Bounds:
    """openEuler 里类型（或省份）不明的成员，都算同类与都算异类，跨类占比落在哪里（0–1）。"""
    table, known = pairs("openeuler"), traits("openeuler")[column]
    same = cross = doubt = 0
    for _, part in table.groupby("group")["member"]:
        kinds = part.map(known)
        n, sure = len(kinds), kinds.dropna()
        total = n * (n - 1) // 2
        certain = len(sure) * (len(sure) - 1) // 2
        alike = int(sum(k * (k - 1) // 2 for k in sure.value_counts()))
        same, cross, doubt = same + alike, cross + certain - alike, doubt + total - certain
    whole = same + cross + doubt
    return concentration.Bounds(cross / whole, (cross + doubt) / whole)


# ---- 登记的人次、国家计划、实验室 -------------------------------------------------------------------


def seats() -> dict[str, float]:
    """openEuler 登记的人次：``named`` 写明组织的，``all`` 全部（表的说明里的数），``first`` 华为的人次。"""
    table = data.load("openeuler_sigs")
    text = data.catalogue(["openeuler_sigs"])["coverage"].iloc[0]
    total = int(re.search(r"([\d,]+) 人次", text)[1].replace(",", ""))
    by = table.groupby("org")["people"].sum().sort_values(ascending=False)
    return {"named": int(by.sum()), "all": total, "first": int(by.iloc[0]), "org": by.index[0],
            "second": int(by.iloc[1])}  # fmt: skip


def seat_share() -> dict[str, float]:
    """华为占登记人次的份额：``named`` 在写明组织的人次里，``low``、``high`` 没有写组织的全不是、全是（0–1）。"""
    s = seats()
    missing = s["all"] - s["named"]
    return {"named": s["first"] / s["named"], "low": s["first"] / s["all"], "high": (s["first"] + missing) / s["all"]}


def seat_hhi() -> concentration.Bounds:
    """登记人次的 HHI 上下界，没有写组织的人次全归一家或散开。"""
    by = data.load("openeuler_sigs").groupby("org")["people"].sum().astype(float)
    s = seats()
    biggest = by.copy()
    biggest.loc[s["org"]] += s["all"] - s["named"]
    return concentration.Bounds(concentration.hhi_bounds(by, s["all"]).low, concentration.hhi(biggest / s["all"]))


#: 牵头最多的几家。
TOP = 10
#: 名字的开头：中国科学院的研究所合成一家。
ACADEMY = "中国科学院"


def leads(merged: bool = False) -> dict[str, float]:
    """国家重点研发计划名单完整的一年里，牵头单位的集中。

    Parameters
    ----------
    merged : bool
        中国科学院名下的合成一家。

    Returns
    -------
    dict
        ``projects`` 项目数，``leads`` 单位数，``hhi``、``equal`` 相当于几家，``top`` 前 :data:`TOP` 家（0–1），
        ``first`` 第一家，``share`` 它的占比。
    """
    lead = industry_university.projects()["lead"]
    lead = lead.mask(lead.str.startswith(ACADEMY), ACADEMY) if merged else lead
    share = lead.value_counts(normalize=True)
    return {
        "projects": len(lead), "leads": len(share), "hhi": concentration.hhi(share), "first": share.index[0],
        "equal": concentration.equivalent_number(share), "top": concentration.cr(share, TOP),
        "share": float(share.iloc[0]),
    }  # fmt: skip


# ---- 供应链：电池 -----------------------------------------------------------------------------------

#: 电池的四种矿物：名称、年鉴里的代码、国际能源署开采与精炼的代码。
METALS = (
    ("锂", "lithium", "lithium", "lithium"), ("镍", "nickel", "nickel", "nickel"), ("钴", "cobalt", "cobalt", "cobalt"),
    ("石墨", "natural_graphite", "natural_graphite", "graphite"),
)  # fmt: skip
#: 环节，自上游而下；没有数的也列出。
STAGES = (
    *(f"{m[0]}：开采" for m in METALS), *(f"{m[0]}：精炼" for m in METALS), "正极材料", "负极材料", "隔膜", "电解液",
    "电芯：按产地", "电芯：按企业", "整车", "电池需求：按市场",
)  # fmt: skip
KINDS = ("2022 年", "2023 年", "2024 年", "2025 年", "年份未写明")


@cache
def _battery() -> pd.DataFrame:
    return data.load("battery_chain")


def makers(year: int) -> pd.Series:
    """电芯企业占全球装机的份额（0–1），单独列出的企业。"""
    rows = _battery().query("indicator == 'ev_battery_share' and year == @year and entity != 'china_six'")
    return rows.set_index("entity")["value"].astype(float) / 100


#: 份额印到一位小数，半个单位。
ROUNDING = 0.0005


def maker_bounds(year: int, rounding: float = ROUNDING) -> concentration.Bounds:
    """电芯企业的 HHI 上下界，计入取整。

    Parameters
    ----------
    year : int
        2022、2023 或 2025（2024 年只有一家的份额）。没有列出的极分散，或全归一家。
    rounding : float
        每个份额可以上下多少。

    Returns
    -------
    concentration.Bounds
        0–1。
    """
    share = makers(year)
    low = concentration.hhi_bounds((share - rounding).clip(lower=0)).low
    rest = 1 - share.sum()
    return concentration.Bounds(low, concentration.hhi_bounds(share + rounding * np.sign(share - rest)).high)


#: 单独列出的电芯企业里的中国企业。
CHINESE = ("catl", "byd", "calb", "gotion", "eve", "sunwoda")
#: “前十家里的六家中国企业合计”是几家。
SIX = 6


def maker_six(year: int = 2025) -> dict[str, float]:
    """来源另给了六家中国企业的合计，由它推出没有单列的几家，收紧 HHI 的下界。

    Returns
    -------
    dict
        ``hidden`` 没有单列的中国企业至少合占多少（0–1，计入取整），``count`` 它们的家数，``low`` 收紧的下界：
        列出的都取小端，没有单列的平分 ``hidden``。
    """
    share, rows = makers(year), _battery().query("entity == 'china_six' and year == @year")
    own = share[share.index.isin(CHINESE)]
    count = SIX - len(own)
    hidden = float(rows["value"].iloc[0]) / 100 - ROUNDING - float((own + ROUNDING).sum())
    return {"hidden": hidden, "count": count, "low": maker_bounds(year).low + hidden**2 / count}


def maker_table() -> pd.DataFrame:
    """电芯企业的 HHI，一年一行：``listed`` 列出几家，``covered`` 合计份额，``first`` 第一家，``low``、``high`` 等。"""
    rows = {}
    for year in (2022, 2023, 2025):
        share, wide = makers(year), maker_bounds(year)
        rows[year] = {"listed": len(share), "covered": float(share.sum()), "low": wide.low, "high": wide.high,
                      "first": float(share.max())}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def china_definitions() -> dict[str, dict[str, float]]:
    """中国在正极、负极、电芯的占比：``stated`` 2022 年的报告，``later`` 年份未写明的转述（百分数，没有的缺失）。"""
    names = {"cathode": "cathode_capacity", "anode": "anode_capacity", "cells": "cells"}
    table, out = _battery(), {}
    for key, name in names.items():
        rows = table[table["indicator"] == f"china_share_{name}"]
        early, late = rows[rows["year"].notna()]["value"], rows[rows["year"].isna()]["value"]
        out[key] = {"stated": float(early.iloc[0]) if len(early) else np.nan,
                    "later": float(late.iloc[0]) if len(late) else np.nan}  # fmt: skip
    return out


def _alone(share: float) -> concentration.Bounds:
    """只知一家的份额（百分数）时的 HHI 上下界。"""
    return concentration.hhi_bounds([share / 100])


@cache
def stage_points() -> pd.DataFrame:
    """各环节的 HHI 上下界：``row``、``kind``（年份）、``low``、``high``；没有数的环节没有行。"""
    rows = []
    energy, book = data.load("iea_minerals").query("year == 2024"), materials.yearly_hhi()
    for name, old, mined, refined in METALS:
        value = float(book.loc[2022, (old, "extraction")])
        rows.append((f"{name}：开采", "2022 年", value, value))
        for stage, code, called in (("extraction", mined, "开采"), ("processing", refined, "精炼")):
            part = energy[(energy["material"] == code) & (energy["stage"] == stage)].set_index("iso3")["share"]
            rows.append((f"{name}：{called}", "2024 年", *materials.shares_bounds(part)))
    said = china_definitions()
    rows.append(("正极材料", "2022 年", *_alone(said["cathode"]["stated"])))
    rows.append(("正极材料", "年份未写明", *_alone(said["cathode"]["later"])))
    rows.append(("负极材料", "年份未写明", *_alone(said["anode"]["later"])))
    rows.append(("电芯：按产地", "2022 年", *capacity_bounds()))
    rows.append(("电芯：按产地", "年份未写明", *_alone(said["cells"]["later"])))
    rows += [("电芯：按企业", f"{y} 年", *maker_bounds(y)) for y in (2022, 2023, 2025)]
    market = _battery().query("indicator == 'ev_battery_demand_share'")["value"].astype(float)
    rows.append(("电池需求：按市场", "2024 年", *concentration.hhi_bounds(market, 100)))
    return pd.DataFrame(rows, columns=["row", "kind", "low", "high"])


def capacity_bounds() -> concentration.Bounds:
    """2022 年电芯产能按国的 HHI 上下界；“其余”是余额。"""
    cells = _battery().query("indicator == 'cell_capacity'").set_index("iso3")["value"].astype(float)
    return concentration.hhi_bounds(cells.drop("ROW"), cells.sum())


def blank_stages() -> list[str]:
    """没有数的环节。"""
    return [s for s in STAGES if s not in set(stage_points()["row"])]


def end_uses() -> dict[str, object]:
    """四种电池矿物在终端用途表里的连边：``material`` 有用途的矿物，``battery`` 其中写明用于电池的份额（百分数）。

    Returns
    -------
    dict
        ``known`` 有终端用途连边的矿物名，``battery`` 矿物名 → 用于电池的份额，``inputs`` 开采到精炼的投入连边数。
    """
    edges, node = data.load("crm_edges"), data.load("crm_nodes").set_index("node_id")["material"]
    edges = edges.assign(material=edges["from_node"].map(node))
    code = {m[1]: m[0] for m in METALS}
    ours = edges[edges["material"].isin(code)]
    used = ours[ours["relation"] == "used_in"]
    cell = used[used["application"].str.fullmatch("Batteries")]
    return {
        "known": [code[m] for m in dict.fromkeys(used["material"])],
        "battery": {code[m]: float(s) for m, s in cell[["material", "share"]].itertuples(index=False)},
        "inputs": int((ours["relation"] == "goes_into").sum()),
    }


# ---- 日本的电池海关 ---------------------------------------------------------------------------------


@cache
def japan_shares() -> pd.DataFrame:
    """美国、欧盟、中国大陆占日本电池出口的份额（0–1），行为年。"""
    wide = {p: import_dependence.japan_shares(partner=p)["batteries"] for p in ("USA", "EUU", "CHN")}
    return pd.DataFrame(wide).dropna(how="all")


def japan_bounds() -> pd.DataFrame:
    """日本电池出口按去向的 HHI 上下界，行为年；没有列出的去向是余额。"""
    return import_dependence.japan_hhi("batteries")


def japan_points() -> pd.DataFrame:
    """去向的份额（%），列 ``line``、``x``、``y``、``segment``；欧盟在英国退出处断开。"""
    share = japan_shares() * 100
    rows = share.rename(columns={"USA": "美国", "EUU": "欧盟", "CHN": "中国大陆"}).melt(
        ignore_index=False, var_name="line", value_name="y"
    )
    rows = rows.reset_index(names="x").astype({"x": int})
    return rows.assign(segment=np.where((rows["line"] == "欧盟") & (rows["x"] >= 2020), "不含英国", "同一口径"))


def japan_slopes() -> dict[str, inference.Interval]:
    """对华、对美份额的年变化（百分点）：全部年份，与 2014 年以后（``*_late``）。"""
    share, out = japan_shares() * 100, {}
    for iso3 in ("CHN", "USA"):
        out[iso3] = inference.slope(share.index, share[iso3])
        late = share.loc[2014:, iso3]
        out[f"{iso3}_late"] = inference.slope(late.index, late)
    return out


def share_fall() -> dict[str, float]:
    """对华份额的降幅（0–1）里，前一段（到 2014 年）占多少。"""
    share = japan_shares()["CHN"]
    first, middle, last = share.loc[[share.index[0], 2014, share.index[-1]]]
    return {"first": first, "last": last, "early": (first - middle) / (first - last)}


# ---- 联合体与供应链：连不连得上 ---------------------------------------------------------------------


def touching() -> pd.DataFrame:
    """电池链里点名的企业，出现在哪张名单上：``entity``、``member``、``group``、``status``（名单是否完整）。"""
    label, named = data.labels("battery_chain", "entity"), named_makers()
    table, rows = data.load("consortium_members"), []
    for code in named:
        hit = table[table["member_zh"].str.contains(label[code], regex=False)]
        rows += [(label[code], r.member_zh, r.consortium_zh, r.list_status) for r in hit.itertuples()]
    return pd.DataFrame(rows, columns=["entity", "member", "group", "status"])


def named_makers() -> list[str]:
    """电池链里有装机份额或装机量的单独企业（代码）。"""
    rows = _battery().query("indicator in ['ev_battery_share', 'ev_battery_installed'] and entity == entity")
    return sorted(set(rows["entity"]) - {"china_six"})


def separator() -> pd.DataFrame:
    """名单里提到隔膜的行：联合体、成员、名单是否完整。"""
    table = data.load("consortium_members")
    return table[table["consortium_zh"].str.contains("隔膜")][["consortium_zh", "member_zh", "list_status"]]


#: 车联网标准的代码。
VEHICLE = "gbt-45315-2025"


def vehicle_list() -> dict[str, int]:
    """车联网标准的起草组：``members`` 成员数，``cars`` 名称里有“汽车”的，``makers`` 电池链里点名的电芯企业。"""
    names = roster().query("group == @VEHICLE")["member"]
    label = data.labels("battery_chain", "entity")
    found = [any(label[c] in n for c in named_makers()) for n in names]
    return {"members": len(names), "cars": int(names.str.contains("汽车").sum()), "makers": int(sum(found))}


def battery_lists() -> int:
    """完整的名单里，领域是电池或新能源汽车的有几张。"""
    fields = data.load("consortium_members").query("list_status == 'complete'").drop_duplicates("consortium_id")
    return int(fields["field_zh"].str.contains("电池|新能源汽车").sum())


def venture() -> dict[str, float]:
    """上汽与宁德时代的合资：``planned`` 规划产能（GWh），``share`` 由注册资本的备注读出的两家持股。"""
    rows = _battery().query("indicator in ['jv_planned_capacity', 'jv_registered_capital']").set_index("entity")
    note = rows["note"].dropna()
    stake = {e: [int(v) for v in re.findall(r"(\d+)%", text)] for e, text in note.items()}
    return {"planned": float(rows.loc["jv_both", "value"]), "stake": stake}


def recorded() -> pd.DataFrame:
    """各表记了什么：有方向、有数量、有金额、有单价的行各占多少。

    Returns
    -------
    pandas.DataFrame
        索引为表的中文名；``rows`` 行数，``direction`` 有起点与终点的行，``quantity`` 有数量（人次、GWh、块数）的行，
        ``money`` 有金额的行，``price`` 同一口径、同一期既有数量又有金额的对数。
    """
    lists, battery = data.load("consortium_members"), _battery()
    edges, trade = data.load("crm_edges"), data.load("japan_trade").query("goods == 'batteries'")
    sigs = data.load("openeuler_sigs")
    unit = battery["unit"]
    volume, value = unit.isin(["GWh", "pieces_100m"]), unit.eq("CNY_100m")
    return pd.DataFrame.from_dict(
        {
            "联合体名单": (len(lists), 0, 0, int(lists["amount"].notna().sum()), 0),
            "openEuler 登记": (len(sigs), 0, int(sigs["people"].notna().sum()), 0, 0),
            "关键材料的连边": (len(edges), int(edges["to_node"].notna().sum()), 0, 0, 0),
            "电池链": (len(battery), int(battery["indicator"].str.contains("exports").sum()), int(volume.sum()),
                       int(value.sum()), len(priced())),
            "日本电池海关": (len(trade), int((trade["partner_iso3"] != "WLD").sum()), 0,
                             int(trade["value"].notna().sum()), 0),
        },
        orient="index",
        columns=["rows", "direction", "quantity", "money", "price"],
    )  # fmt: skip


def priced() -> pd.DataFrame:
    """电池链里同一指标、同一期既有数量又有金额的：``quantity``（GWh）、``money``（亿元）、``ratio``（元/Wh）。"""
    table = _battery()
    key = table["indicator"].str.replace("_value", "").str.replace("_units", "")
    table = table.assign(key=key)
    money = table[table["unit"] == "CNY_100m"].set_index(["key", "year", "period"])["value"]
    volume = table[table["unit"].isin(["GWh", "pieces_100m"])].set_index(["key", "year", "period"])["value"]
    both = money.index.intersection(volume.index)
    out = pd.DataFrame({"quantity": volume.loc[both], "money": money.loc[both]})
    return out.assign(ratio=out["money"] / out["quantity"] / 10)


def span(low: float, high: float) -> str:
    """两个比例（0–1）之间写成 ``28%–38%``。"""
    return f"{low:.0%}–{high:.0%}"


def rivals() -> dict[str, object]:
    """反复相遇的对。

    Returns
    -------
    dict
        ``repeat`` 几对，``inside`` 全在同系标准里的；``sheets``、``members`` 那一系的名单与成员，
        ``always`` 张张都在的。
    """
    table = pairs()
    graph = networks.projection(table, "member", "group")
    again = [(a, b) for a, b, d in graph.edges(data=True) if d["weight"] > 1]
    family = table[table["group"].str.startswith(FAMILY)]
    inside = set(family["member"])
    sheets = family["group"].nunique()
    return {"repeat": len(again), "inside": sum(a in inside and b in inside for a, b in again), "sheets": sheets,
            "members": len(inside), "always": int((family.groupby("member").size() == sheets).sum())}  # fmt: skip


@cache
def headline() -> dict[str, object]:
    """关键发现与摘要用的数。"""
    table, oe, lists, brands = several(), attack("openeuler"), attack("merged"), attack("brands")
    made, crossing_all = maker_table(), where()
    return {
        "lists": roster()["group"].nunique(), "all": data.load("consortium_members")["consortium_id"].nunique(),
        "members": roster()["member"].nunique(), "several": len(table), "family": int((table["family"] > 0).sum()),
        "merged": pairs("merged")["group"].nunique(),
        "bridges": [short(m) for m in bridges()], "largest": float(attack("consortia").loc[0, "largest"]),
        "merged_before": float(lists.loc[0, "largest"]), "merged_after": float(lists.loc[2, "largest"]),
        "gone": [short(m) for m in lists.loc[1:2, "gone"]], "brands_after": float(brands.loc[2, "largest"]),
        "brands_before": float(brands.loc[0, "largest"]), "cross_brands": len(crossing_all),
        "oe_before": float(oe.loc[0, "largest"]), "oe_after": float(oe.loc[1, "largest"]),
        "oe_alone": int(oe.loc[1, "alone"]), "oe_first": oe.loc[1, "gone"],
        "sigs": pairs("openeuler")["group"].nunique(), "orgs": pairs("openeuler")["member"].nunique(),
        "oe_groups": int((pairs("openeuler")["member"] == oe.loc[1, "gone"]).sum()),
        "capacity": capacity_bounds().low, "makers_low": float(made.loc[2022, "low"]),
        "makers_high": float(made.loc[2022, "high"]), "blank": blank_stages(),
        "touch": touching()["entity"].nunique(), "makers": len(named_makers()),
        "touch_complete": int((touching()["status"] == "complete").sum()),
    }  # fmt: skip
