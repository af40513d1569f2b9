"""第一部分“识别短板”的主要数字。

``chokepoint_list`` 一章、首页与结语都从这里取数，所以同一个数只算一次。
"""

from __future__ import annotations

import networkx as nx
import pandas as pd

from .. import coding, data, networks

#: 证据阶梯，自低到高：宣布 → 样机 → 量产 → 独立统计的份额。
RUNGS = ("announced", "sampled", "volume_production", "independent_share")

#: 图上用的短名，“未查到”在先。
RUNG_NAMES = ("未查到", "宣布", "样机", "量产", "独立份额")

#: 三种证据口径：来源强度不低于……
STRENGTHS = {
    "全部来源": ("weak", "medium", "strong"),
    "去掉弱来源": ("medium", "strong"),
    "只留强来源": ("strong",),
}

#: “仍依赖”的两类证据。
DEPENDENCE = ("dependence_level", "persisting_dependence")

#: 贸易代理与论文名录的匹配等级，自好到差。
PROXY_ORDER = ("good", "partial", "poor", "none")
MATCH_ORDER = ("strong", "partial", "none")

#: 障碍编码敏感性：每格以此概率随机翻转，抽这么多次。
FLIP = 0.10
DRAWS = 5_000
SEED = 2018


def technologies() -> pd.DataFrame:
    """三十五项技术，索引为 ``tech_id``（1–35）。"""
    return data.load("chokepoints").set_index("tech_id")


def pillar_bounds() -> pd.DataFrame:
    """四大支柱各有几项：主编码，及逐项改用备选编码时的最少与最多。

    Returns
    -------
    pandas.DataFrame, shape (4, 3)
        索引为支柱代码，列 ``main``、``low``、``high``，单位为项。
    """
    tech = technologies()
    return coding.category_bounds(tech["pillar"], tech["pillar_alt"])


def supplier_countries() -> pd.DataFrame:
    """被点名的供应国家和地区。

    Returns
    -------
    pandas.DataFrame
        索引为 ISO 3166-1 alpha-3；``name_zh``；``named`` 点名它的技术项数；
        ``sole`` 只点名它一家的项数；``weighted`` 每项技术按点名数均分后的项数。
        按 ``named``、``sole`` 降序。
    """
    pairs = data.load("chokepoint_countries")
    names = data.load("countries").set_index("iso3")["name_zh"]
    per_tech = pairs.groupby("tech_id")["iso3"].transform("size")
    pairs = pairs.assign(sole=per_tech == 1, weighted=1 / per_tech)
    frame = pairs.groupby("iso3").agg(named=("tech_id", "size"), sole=("sole", "sum"), weighted=("weighted", "sum"))
    frame.insert(0, "name_zh", names.reindex(frame.index))
    return frame.sort_values(["named", "sole", "weighted"], ascending=False, kind="stable")


def supplier_network() -> nx.Graph:
    """供应国共现网络：两国同被点名的技术项数为边权，节点属性 ``named`` 为点名项数。"""
    graph = networks.projection(data.load("chokepoint_countries"), "iso3", "tech_id")
    nx.set_node_attributes(graph, {v: d["degree_bottom"] for v, d in graph.nodes(data=True)}, "named")
    return graph


def barriers() -> pd.DataFrame:
    """障碍编码矩阵，35 行 × 8 列的布尔值；列为障碍代码。"""
    return data.load("chokepoint_barriers").pivot(index="tech_id", columns="barrier", values="present").astype(bool)


def barrier_ranks(basis: tuple[str, ...] | None = None) -> pd.DataFrame:
    """八类障碍各涉及几项，以及随机翻转部分编码后的名次范围。

    Parameters
    ----------
    basis : tuple of str, optional
        只用这些编码依据的技术（如 ``("text_seen",)``）；默认全部。

    Returns
    -------
    pandas.DataFrame
        见 :func:`chokepoint.coding.recode_ranks`。
    """
    coded = barriers()
    if basis is not None:
        seen = data.load("chokepoint_barriers").groupby("tech_id")["basis"].first()
        coded = coded[seen.reindex(coded.index).isin(basis)]
    return coding.recode_ranks(coded, FLIP, DRAWS, SEED)


def barrier_pairs() -> pd.DataFrame:
    """八类障碍两两共现的项数，行列同序，按单项总数降序。"""
    counts = networks.cooccurrence(barriers())
    order = barriers().sum().sort_values(ascending=False, kind="stable").index
    return counts.loc[order, order]


def barrier_chance(first: str, second: str) -> dict[str, float]:
    """两类障碍的共现数与互不相关时应有的数，见 :func:`chokepoint.networks.chance`。"""
    return networks.chance(barriers(), first, second)


def evidence_ladder(strengths: tuple[str, ...] = STRENGTHS["全部来源"]) -> pd.DataFrame:
    """每项技术的最高一级进展证据，以及有没有“仍依赖”的证据。

    Parameters
    ----------
    strengths : tuple of str
        计入的来源强度。

    Returns
    -------
    pandas.DataFrame, shape (35, 5)
        索引 ``tech_id``；``name_zh``；``pillar``；``rung`` 0–4（0 为没有查到，其余对应 :data:`RUNGS`）；
        ``dependence`` 布尔；``latest`` 所计证据中最晚的日期（ISO 文本，可缺）。
    """
    updates = data.load("status_updates")
    updates = updates[updates["source_strength"].isin(strengths)]
    progress = updates[updates["direction"] == "progress"]
    rung = progress["solidity"].map({r: i for i, r in enumerate(RUNGS, 1)})
    if rung.isna().any():
        strange = sorted(set(progress["solidity"][rung.isna()]))
        raise ValueError(f"进展证据的等级 {strange} 不在阶梯 {RUNGS} 中")
    frame = technologies()[["name_zh", "pillar"]].copy()
    frame["rung"] = rung.groupby(progress["tech_id"]).max().reindex(frame.index, fill_value=0).astype(int)
    frame["dependence"] = frame.index.isin(updates["tech_id"][updates["direction"].isin(DEPENDENCE)])
    frame["latest"] = updates.groupby("tech_id")["date"].max().reindex(frame.index)
    return frame


def ladder_counts() -> pd.DataFrame:
    """三种证据口径下，各级各有几项技术。

    Returns
    -------
    pandas.DataFrame, shape (3, 5)
        行为口径（:data:`STRENGTHS` 的键），列为 :data:`RUNG_NAMES`；每行之和为技术总数。
    """
    rows = {name: evidence_ladder(s)["rung"].value_counts() for name, s in STRENGTHS.items()}
    counts = pd.DataFrame(rows).T.reindex(columns=range(len(RUNG_NAMES))).fillna(0).astype(int)
    return counts.set_axis(RUNG_NAMES, axis=1)


def ladder_detail() -> pd.DataFrame:
    """逐项图所需：最高级别、该级别是否有中等以上来源、是否另有“仍依赖”的证据，自高到低。"""
    everything, firmer = evidence_ladder(), evidence_ladder(STRENGTHS["去掉弱来源"])
    frame = everything.assign(solid=firmer["rung"] == everything["rung"], flag=everything["dependence"])
    return frame.sort_values(["rung", "solid"], ascending=False, kind="stable")


def visibility() -> pd.DataFrame:
    """每项技术在贸易代码和论文名录中的最好匹配。

    Returns
    -------
    pandas.DataFrame, shape (35, 2)
        索引 ``tech_id``；``proxy`` 取 :data:`PROXY_ORDER` 之一，``match`` 取 :data:`MATCH_ORDER` 之一。
    """

    def best(table: str, column: str, order: tuple[str, ...]) -> pd.Series:
        frame = data.load(table)
        rank = frame[column].map({v: i for i, v in enumerate(order)})
        return rank.groupby(frame["tech_id"]).min().map(dict(enumerate(order)))

    return pd.DataFrame(
        {
            "proxy": best("hs_proxy", "proxy_quality", PROXY_ORDER),
            "match": best("aspi_map", "match_strength", MATCH_ORDER),
        }
    )


def visibility_grid() -> pd.DataFrame:
    """贸易代理质量 × 论文名录匹配的项数，行列自好到差。"""
    seen = visibility()
    return pd.crosstab(seen["proxy"], seen["match"]).reindex(index=PROXY_ORDER, columns=MATCH_ORDER, fill_value=0)


def headline() -> dict[str, float]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        单位均为“项”，另注明者除外：``total`` 技术总数；``any_progress`` 查到任何进展证据；
        ``share_all``/``share_strong`` 达到“独立份额”一级（全部来源/只留强来源）；
        ``any_strong`` 有强来源进展证据；``both`` 进展与“仍依赖”证据并存；
        ``knowhow`` 以工艺诀窍为障碍；``knowhow_top`` 翻转编码后它仍居首的比例（0–1）；
        ``volume_all``/``volume_strong`` 达到量产及以上；``dependence`` 有“仍依赖”的证据；
        ``named`` 点名了供应国的技术；``usa``/``japan`` 点名美国/日本，``usa_sole``/``japan_sole`` 只点名它一家；
        ``proxy_good`` 有良好贸易代理；``blind`` 贸易（差或无）与论文名录（无）都看不见；
        ``components``、``components_low``、``components_high`` 核心基础零部件的主编码与范围。
    """
    every, strong = evidence_ladder(), evidence_ladder(STRENGTHS["只留强来源"])
    ranks, countries, seen, bounds = barrier_ranks(), supplier_countries(), visibility(), pillar_bounds()
    top = len(RUNGS)
    return {
        "total": len(every),
        "any_progress": int((every["rung"] > 0).sum()),
        "any_strong": int((strong["rung"] > 0).sum()),
        "share_all": int((every["rung"] == top).sum()),
        "share_strong": int((strong["rung"] == top).sum()),
        "volume_all": int((every["rung"] >= top - 1).sum()),
        "volume_strong": int((strong["rung"] >= top - 1).sum()),
        "both": int(((every["rung"] > 0) & every["dependence"]).sum()),
        "dependence": int(every["dependence"].sum()),
        "knowhow": int(ranks.loc["process_knowhow", "count"]),
        "knowhow_top": float(ranks.loc["process_knowhow", "top_share"]),
        "named": int(data.load("chokepoint_countries")["tech_id"].nunique()),
        "usa": int(countries.loc["USA", "named"]),
        "japan": int(countries.loc["JPN", "named"]),
        "usa_sole": int(countries.loc["USA", "sole"]),
        "japan_sole": int(countries.loc["JPN", "sole"]),
        "proxy_good": int((seen["proxy"] == "good").sum()),
        "blind": int((seen["proxy"].isin(["poor", "none"]) & (seen["match"] == "none")).sum()),
        "components": int(bounds.loc["components", "main"]),
        "components_low": int(bounds.loc["components", "low"]),
        "components_high": int(bounds.loc["components", "high"]),
    }


def quantified_gaps() -> pd.DataFrame:
    """清单中国内与前沿用同一指标报告的差距。

    Returns
    -------
    pandas.DataFrame
        每行一项技术：``name_zh``、``metric_zh``、``domestic``、``frontier``（文字，可为区间）、``unit_zh``。
        只收同一指标、可以直接对照的行。
    """
    gaps = data.load("chokepoint_gaps")
    gaps = gaps[gaps["like_for_like"]]

    def span(side: str) -> list[str]:
        low, high = gaps[f"{side}_min"], gaps[f"{side}_max"]
        return [f"{a:g}" if a == b else f"{a:g}–{b:g}" for a, b in zip(low, high, strict=True)]

    return pd.DataFrame(
        {
            "name_zh": technologies()["name_zh"].reindex(gaps["tech_id"]).to_numpy(),
            "metric_zh": gaps["metric"].map(data.labels("chokepoint_gaps", "metric")).to_numpy(),
            "domestic": span("domestic"),
            "frontier": span("frontier"),
            "unit_zh": gaps["unit"].map(data.labels("chokepoint_gaps", "unit")).to_numpy(),
        }
    )


def conflicts() -> pd.DataFrame:
    """同一指标上互相冲突的记录，并列而不取平均。

    Returns
    -------
    pandas.DataFrame
        每行一条记录：``name_zh``、``event``、``date``、``strength_zh``，冲突的排在一起。
    """
    updates = data.load("status_updates")
    clash = updates[updates["conflicts_with"].notna()].sort_values(["tech_id", "date"])
    return pd.DataFrame(
        {
            "name_zh": technologies()["name_zh"].reindex(clash["tech_id"]).to_numpy(),
            "event": clash["event"].to_numpy(),
            "date": clash["date"].to_numpy(),
            "strength_zh": clash["source_strength"].map(data.labels("status_updates", "source_strength")).to_numpy(),
        }
    )


def list_columns() -> pd.DataFrame:
    """清单的主要列，以及每一列是报道所载还是编者所编。"""
    about = data.describe("chokepoints").set_index("field")
    shown = ["article_date", "status_2018", "pillar", "pillar_alt", "object_type"]
    return about.loc[shown, ["title", "description"]].reset_index(names="field")


def barrier_table() -> pd.DataFrame:
    """八类障碍的项数、名次、扰动后的名次范围，以及只计见到原文者的项数。

    Returns
    -------
    pandas.DataFrame, shape (8, 5)
        列 ``barrier_zh``、``count``、``rank``、``rank_range``（文字）、``text_seen``。
    """
    ranks, seen = barrier_ranks(), barrier_ranks(basis=("text_seen",))
    names = data.labels("chokepoint_barriers", "barrier")
    spans = zip(ranks["rank_low"], ranks["rank_high"], strict=True)
    return pd.DataFrame(
        {
            "barrier_zh": ranks.index.map(names),
            "count": ranks["count"].to_numpy(),
            "rank": ranks["rank"].to_numpy(),
            "rank_range": [f"{low}" if low == high else f"{low}–{high}" for low, high in spans],
            "text_seen": seen["count"].reindex(ranks.index).to_numpy(),
        }
    )


def comparable_lists() -> pd.DataFrame:
    """同类清单：名称、发布者、类别、年份、条目数。"""
    lists = data.load("other_lists")
    kind = lists["issuer_kind"].map(data.labels("other_lists", "issuer_kind"))
    return lists.assign(kind_zh=kind)[["list_name_zh", "issuer", "kind_zh", "year", "n_items"]]


def paper_lead() -> dict[str, int]:
    """最近一版论文名录：``year``、``total`` 领域数、``china`` 中国领先的领域数。"""
    latest = data.load("other_lists").dropna(subset="china_leads").sort_values("year").iloc[-1]
    return {"year": int(latest["year"]), "total": int(latest["n_items"]), "china": int(latest["china_leads"])}
