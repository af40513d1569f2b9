"""“国际协同”一章的数字：中国与世界的科研合作转了没有，何时，与谁，在哪条渠道。

合著按整数计数：一篇论文涉及几个经济体，每个都计一篇；“占比”是有国外机构的论文除以全部论文。两版数据（:data:`OLD`、
:data:`NEW`）从不相接；前后比较只在同一版之内。这里的区间有三种：Theil–Sen 斜率的、Poisson 计数的与零模型的，各处说明。
"""

from __future__ import annotations

from functools import cache

import networkx as nx
import numpy as np
import pandas as pd
from scipy import stats

from .. import data, inference, networks

#: 两版合著数据：前一版管 1996–2002 年与 1996、2020 年的连边，后一版管 2003–2022 年。
OLD, NEW = "2021-05", "2023-04"
#: 线图上的经济体，次序即图例的次序。
SHOWN = ("CHN", "USA", "JPN", "KOR", "IND", "WLD")
#: 人工智能成边的门槛（篇），发布者所定。
EDGE = 400
#: 另试的门槛。
EDGES = (100, 200, 400, 800, 1600, 3200)
#: 转折的主口径从这一年起：避开 2003–2006 年占比先跌的另一处弯折。
START = 2006
#: 零模型抽几次；一般网络每条边换几次，二分网络每个项目交换几步。
DRAWS, SWAPS, TRADES = 150, 3, 3
#: 每一版连边的两个年份。
PAIRS = {OLD: ("1996", "2020"), NEW: ("2003", "2022")}
#: 亲疏图的分组，只为着色：其余归“其他”。
GROUPS = {
    "asia": ("JPN", "KOR", "TWN", "SGP", "MYS", "THA", "VNM", "IDN", "IND", "PAK"),
    "english": ("USA", "GBR", "CAN", "AUS", "NZL", "IRL"),
    "europe": ("AUT", "BEL", "CHE", "CZE", "DEU", "DNK", "ESP", "FIN", "FRA", "GRC", "ITA", "NLD", "NOR", "POL",
               "PRT", "SWE", "RUS"),
}  # fmt: skip
#: 图上写出名字的点与文字的位移（磅）。
GROWTH_MARKS = {
    "中国": (8, 0), "越南": (-8, 0), "希腊": (8, -9), "以色列": (8, -7), "印度": (8, 0), "沙特阿拉伯": (8, 0),
    "巴基斯坦": (-8, 0), "美国": (8, -7), "捷克": (8, 3),
}  # fmt: skip
INDEX_MARKS = {
    "美国": (-8, 7), "新加坡": (-8, 0), "马来西亚": (-8, 0), "巴基斯坦": (8, 0), "中国台湾": (8, 0), "日本": (8, -4),
    "韩国": (8, 0), "澳大利亚": (-8, 6), "英国": (-8, 2), "俄罗斯": (-8, 4), "印度尼西亚": (8, 0), "巴西": (9, -1),
    "印度": (8, -4), "德国": (8, 5),
}  # fmt: skip
#: 欧盟项目里算作人员交流与个人资助的资助方式。
MOBILITY = "MSCA|ERC"
#: 欧盟项目前后各取哪几年；2025 年起没有登记完，2021 年两个框架计划交接。
BEFORE, AFTER = (2015, 2020), (2022, 2024)
#: 2025 年起的开始年没有登记完。
INCOMPLETE = 2025
#: 机构类型没有写明的自成一类。
UNSTATED = "not_stated"


@cache
def names() -> dict[str, str]:
    """经济体的代码 → 中文名。"""
    return data.load("countries").set_index("iso3")["name_zh"].to_dict()


def name(iso3: str) -> str:
    """经济体的中文名。"""
    return names()[iso3]


# ---- 占比 -------------------------------------------------------------------------------------------


@cache
def papers(field: str = "all_fields") -> pd.DataFrame:
    """论文数，索引为（版次、经济体、年份），列为四种计数与 ``share``（国际合著占比，百分数）。"""
    table = data.load("coauthorship")
    table = table[table["field"] == field]
    wide = table.pivot(index=["vintage", "iso3", "year"], columns="measure", values="value").astype(float)
    return wide.assign(share=wide["international"] / wide["total"] * 100)


def series(iso3: str, column: str = "share", field: str = "all_fields", start: int = 2003) -> pd.Series:
    """后一版里一个经济体的一条数列，索引为年份。"""
    found = papers(field).loc[(NEW, iso3), column]
    found.index = found.index.astype(int)
    return found[found.index >= start].rename(iso3)


def share_lines(field: str = "all_fields", shown: tuple[str, ...] = SHOWN) -> pd.DataFrame:
    """各经济体的国际合著占比，供断线图：``line``、``x``、``y``（%）、``segment`` 版次。"""
    wide = papers(field)["share"].reset_index()
    wide = wide[wide["iso3"].isin(shown)]
    return pd.DataFrame(
        {
            "line": wide["iso3"].map(names()),
            "x": wide["year"].astype(int),
            "y": wide["share"],
            "segment": wide["vintage"],
        }
    ).reset_index(drop=True)


def without(iso3: str = "CHN", field: str = "all_fields") -> pd.Series:
    """世界上没有这个经济体署名的论文，国际合著占多少，百分数。

    世界合计每篇只算一次，一个经济体的论文是它的子集，所以同一种计数可以相减。
    """
    world, own = papers(field).loc[(NEW, "WLD")], papers(field).loc[(NEW, iso3)]
    rest = world[["international", "total"]] - own[["international", "total"]]
    found = rest["international"] / rest["total"] * 100
    found.index = found.index.astype(int)
    return found


def turn_without(field: str = "all_fields", start: int = START) -> inference.Turning:
    """世界去掉中国（:func:`without`）之后，占比的转折。"""
    found = without("CHN", field)
    return inference.turning_point(found[found.index >= start])


@cache
def turn(iso3: str, column: str = "share", field: str = "all_fields", start: int = START) -> inference.Turning:
    """转折：占比用百分点，篇数取自然对数（斜率即每年的增长率，近似）。"""
    found = series(iso3, column, field, start)
    return inference.turning_point(found if column == "share" else np.log(found))


@cache
def turns(field: str = "all_fields", start: int = START) -> pd.DataFrame:
    """每个经济体占比的转折（要从 ``start`` 起年年有数）。

    Returns
    -------
    pandas.DataFrame
        索引为代码，不含世界；``when``、``first``、``last`` 候选的首尾，``before``、``after`` 每年几个百分点，``p``。
    """
    shares = papers(field)["share"].loc[NEW].unstack("iso3")
    shares = shares[shares.index >= start].dropna(axis=1).drop(columns="WLD")
    rows = {}
    for iso3 in shares:
        found = turn(iso3, field=field, start=start)
        rows[iso3] = (found.when, min(found.candidates), max(found.candidates), found.before, found.after, found.p)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["when", "first", "last", "before", "after", "p"])


def turned_down(field: str = "all_fields", start: int = START, level: float = 0.05) -> list[str]:
    """先升后降、且直线说不过去（p 低于 ``level``）的经济体，代码按字母。"""
    found = turns(field, start)
    return sorted(found.index[(found["p"] < level) & (found["before"] > 0) & (found["after"] < 0)])


def span(found: inference.Turning) -> str:
    """候选集的写法：连着的写首尾，不连的分几段，如 ``2006–2008、2017–2019``。"""
    years = [int(v) for v in found.candidates]
    runs = [[years[0]]]
    for year in years[1:]:
        if year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "、".join(f"{r[0]}" if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)


def turn_table() -> pd.DataFrame:
    """转折一览：换数列、换起点、换对象。

    Returns
    -------
    pandas.DataFrame
        索引为行名；``start``、``when``、``span``、``before``、``after``、``p``，占比的变化是百分点/年，篇数的是 %/年。
    """
    asked = [
        ("中国，占比", "CHN", "share", "all_fields", 2003),
        ("中国，占比", "CHN", "share", "all_fields", START),
        ("中国，国际合著篇数", "CHN", "international", "all_fields", START),
        ("中国，只有国内机构的篇数", "CHN", "domestic_only", "all_fields", START),
        *[(f"{name(c)}，占比", c, "share", "all_fields", START) for c in ("USA", "JPN", "KOR", "IND", "WLD")],
        ("中国，人工智能占比", "CHN", "share", "ai", 2003),
        ("中国，人工智能占比", "CHN", "share", "ai", 2008),
        ("世界，人工智能占比", "WLD", "share", "ai", 2008),
    ]
    rows = []
    for label, iso3, column, field, start in asked:
        found, scale = turn(iso3, column, field, start), 1 if column == "share" else 100
        rows.append(
            (label, start, found.when, span(found), found.before * scale, found.after * scale, found.p, scale == 1)
        )
    for label, field, start in (
        ("世界去掉中国，占比", "all_fields", START),
        ("世界去掉中国，人工智能占比", "ai", 2008),
    ):
        found = turn_without(field, start)
        rows.append((label, start, found.when, span(found), found.before, found.after, found.p, True))
    columns = ["label", "start", "when", "span", "before", "after", "p", "points"]
    return pd.DataFrame(rows, columns=columns)


def first_narrow(late: int = 2017) -> int:
    """人工智能占比的起点移到哪一年，转折的候选里才没有 ``late`` 年以后的（2003–2012 年里找）。"""
    return next(y for y in range(2003, 2013) if max(turn("CHN", field="ai", start=y).candidates) <= late)


def p_said(p: float) -> str:
    """p 值的写法：小的写成上限。"""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def signed(value: float) -> str:
    """带符号的两位小数；取整为零的写正号。"""
    return f"{round(value, 2) + 0.0:+.2f}"


# ---- 篇数 -------------------------------------------------------------------------------------------


def growth(first: int = 2018, last: int = 2022) -> pd.DataFrame:
    """两年之间国际合著与只有国内机构的论文各是原来的几倍，全部学科。

    Returns
    -------
    pandas.DataFrame
        索引为代码，不含世界；``international``、``domestic_only`` 倍数，``change`` 占比的变化（百分点），``group``。
    """
    now, then = papers().loc[NEW].xs(last, level="year"), papers().loc[NEW].xs(first, level="year")
    frame = (now / then)[["international", "domestic_only"]].assign(change=now["share"] - then["share"])
    frame = frame.dropna().drop(index="WLD")
    return frame.assign(group=np.where(frame.index == "CHN", "china", np.where(frame["change"] < 0, "down", "up")))


def paces(bend: int = 2018) -> pd.DataFrame:
    """中国的论文每年增长多少：弯折前（:data:`START` 起）与弯折后，Theil–Sen 斜率（对数，百分比）。

    Returns
    -------
    pandas.DataFrame
        索引 ``international``、``domestic_only``；列为（``before``/``after``，``estimate``/``low``/``high``）。
    """
    rows = {}
    for column in ("international", "domestic_only"):
        logs = np.log(series("CHN", column, start=START))
        parts = {"before": logs[logs.index <= bend], "after": logs[logs.index >= bend]}
        rows[column] = {
            (side, key): value * 100
            for side, part in parts.items()
            for key, value in inference.slope(part.index, part)._asdict().items()
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def blame(bend: int = 2018) -> float:
    """国际与国内之比的增速变慢，有多大比例是因为国际合著慢了（其余是国内快了），0–1。

    对数之比的增速 = 国际的增速 − 国内的增速，两样的变化恰好相加。用弯折前后的年均对数增长。
    """
    change = {}
    for column in ("international", "domestic_only"):
        logs = np.log(series("CHN", column, start=START))
        last = int(logs.index[-1])
        before = (logs[bend] - logs[START]) / (bend - START)
        change[column] = (logs[last] - logs[bend]) / (last - bend) - before
    slower, faster = -change["international"], change["domestic_only"]
    return float(slower / (slower + faster))


def revision() -> dict[str, float]:
    """2020 年中国的国际合著篇数在两版里差多少（前一版比后一版，小数），折成占比几个百分点；2018–2020 年占比的极差。"""
    links = data.load("coauthorship_links")
    old = links[(links["period"] == "2020") & (links["iso3_a"] == "WLD") & (links["iso3_b"] == "CHN")]["value"].iloc[0]
    own = series("CHN", start=2018).loc[2018:2020]
    gap = float(old) / series("CHN", "international")[2020] - 1
    return {"gap": gap, "points": gap * own[2020], "spread": float(own.max() - own.min())}


# ---- 与谁 -------------------------------------------------------------------------------------------


@cache
def links(period: str, field: str = "all_fields") -> pd.DataFrame:
    """一个时期的合著连边，不含世界合计的行。"""
    table = data.load("coauthorship_links")
    return table[(table["field"] == field) & (table["period"] == period) & (table["iso3_a"] != "WLD")]


def partners(iso3: str, period: str, field: str = "all_fields") -> pd.Series:
    """一个经济体与各伙伴的合著篇数，索引为伙伴的代码。"""
    table = links(period, field)
    one = table[table["iso3_a"] == iso3].set_index("iso3_b")["value"]
    other = table[table["iso3_b"] == iso3].set_index("iso3_a")["value"]
    return pd.concat([one, other]).astype(float).sort_index()


def _us_shares() -> pd.DataFrame:
    """美国占各经济体国际论文的比重（百分数），行为经济体，列为年；2022 年由连边补上（同一版）。"""
    table = data.load("us_coauthor_shares")
    table = table[(table["direction"] == "us_in_partner") & (table["vintage"] == NEW)]
    wide = table.pivot(index="iso3", columns="year", values="value").dropna()
    wide.columns = wide.columns.astype(int)
    total = papers().loc[NEW].xs(2022, level="year")["international"]
    return wide.assign(**{"2022": partners("USA", "2022") / total * 100}).rename(columns={"2022": 2022})


@cache
def with_us(iso3: str = "CHN") -> pd.DataFrame:
    """一个经济体的论文，有美国机构的与没有美国机构的国际合著各占全部论文的多少。

    两部分相加恰是国际合著占比。公布的比重只有两位小数，篇数因此有约万分之一的舍入误差。

    Returns
    -------
    pandas.DataFrame
        索引为年（2003–2021 年隔年与 2022 年）；``papers`` 有美国机构的篇数，``others`` 其余国际合著的篇数，
        ``us``、``rest`` 占全部论文的百分数，``of_international`` 美国占国际论文的百分数。
    """
    own = _us_shares().loc[iso3]
    table = papers().loc[(NEW, iso3)]
    table.index = table.index.astype(int)
    table = table.loc[own.index]
    shared = table["international"] * own / 100
    return pd.DataFrame(
        {
            "papers": shared,
            "others": table["international"] - shared,
            "us": shared / table["total"] * 100,
            "rest": (table["international"] - shared) / table["total"] * 100,
            "of_international": own,
        }
    )


def us_lines() -> pd.DataFrame:
    """中国论文里两部分的占比，供断线图。"""
    found = with_us()
    parts = {"没有美国机构": found["rest"], "有美国机构": found["us"]}
    return pd.concat(
        [pd.DataFrame({"line": k, "x": v.index, "y": v.to_numpy()}) for k, v in parts.items()], ignore_index=True
    )


def fall(first: int = 2019, last: int = 2022) -> pd.DataFrame:
    """占比的变化里，有美国机构的与没有美国机构的各贡献多少；每个与美国比重齐全的经济体一行。

    Returns
    -------
    pandas.DataFrame
        索引为代码；``us``、``rest``、``all`` 百分点，``papers`` 有美国机构的篇数是原来的几倍，``others`` 其余的几倍，
        ``of_international`` 美国占国际论文比重的变化（百分点）。按 ``us`` 升序。
    """
    rows = {}
    for iso3 in _us_shares().index:
        found = with_us(iso3)
        change = found.loc[last] - found.loc[first]
        ratio = found.loc[last] / found.loc[first]
        rows[iso3] = (
            change["us"], change["rest"], change["us"] + change["rest"], ratio["papers"], ratio["others"],
            change["of_international"],
        )  # fmt: skip
    columns = ["us", "rest", "all", "papers", "others", "of_international"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).sort_values("us")


def us_turn(column: str) -> inference.Turning:
    """:func:`with_us` 一列的转折（隔年的点）。"""
    return inference.turning_point(with_us()[column])


def rest_in_bend(bend: int = 2019, start: int = 2009) -> float:
    """占比由升到降的一弯，有多大比例是没有美国机构的部分停了升（其余是有美国机构的部分由升到降），0–1。

    弯是 ``bend`` 以后每年的变化减 ``start`` 至 ``bend`` 每年的变化，两部分的恰好相加；``start`` 取两部分都在升的首年。
    """
    found = with_us()[["us", "rest"]]
    last = int(found.index[-1])
    turn = (found.loc[last] - found.loc[bend]) / (last - bend) - (found.loc[bend] - found.loc[start]) / (bend - start)
    return float(turn["rest"] / turn.sum())


@cache
def closeness(period: str) -> pd.DataFrame:
    """中国与每个伙伴的亲疏，两种“只由总量决定”的零模型。

    ``index`` 是国家科学基金会的国际合作指数（:func:`chokepoint.networks.expected_links`）。一篇多国论文在每一对里都计，
    所以它的平均随多国论文变多而升高。``closed`` 换一种零模型：一对应有的连边为两方各一个系数之积，系数取得使每一方
    应有的连边之和等于实有之和（不与自己相连），于是各方的平均恰为一。世界的国际合著总数，2020 年只有后一版的，
    它只整体移动 ``index``，不改变次序。

    Returns
    -------
    pandas.DataFrame
        索引为伙伴；``count``、``index``、``closed``，``low``、``high`` 为 ``index`` 的区间（合著篇数占中国国际论文之比
        的 Wilson 区间，只说计数的起伏）。
    """
    table = data.load("coauthorship_links")
    totals = table[(table["period"] == period) & (table["iso3_a"] == "WLD")].set_index("iso3_b")["value"].astype(float)
    totals["WLD"] = papers()["international"].xs("WLD", level="iso3").xs(int(period), level="year").iloc[0]
    edges = links(period)
    found = edges.assign(index=networks.expected_links(edges, "iso3_a", "iso3_b", "value", totals))
    own = found[(found["iso3_a"] == "CHN") | (found["iso3_b"] == "CHN")]
    other = own["iso3_b"].where(own["iso3_a"] == "CHN", own["iso3_a"])
    frame = pd.DataFrame({"count": own["value"].to_numpy(), "index": own["index"].to_numpy()}, index=other.to_numpy())
    frame["closed"] = _closed(edges)["CHN"]
    for iso3, row in frame.iterrows():
        ends = inference.proportion(int(row["count"]), int(totals["CHN"]))
        scale = row["index"] / ends.estimate if ends.estimate else np.nan
        frame.loc[iso3, ["low", "high"]] = ends.low * scale, ends.high * scale
    return frame.astype(float).sort_index()


def _closed(edges: pd.DataFrame) -> pd.DataFrame:
    """实有的连边除以闭合零模型应有的连边：方阵，对角线没有定义。"""
    both = pd.concat([edges, edges.rename(columns={"iso3_a": "iso3_b", "iso3_b": "iso3_a"})])
    matrix = both.pivot_table(index="iso3_a", columns="iso3_b", values="value", aggfunc="sum").fillna(0.0)
    strength = matrix.sum(axis=1).to_numpy(dtype=float)
    weight = strength / np.sqrt(strength.sum())
    for _ in range(500):
        weight = np.sqrt(weight * strength / (weight.sum() - weight))
    expected = np.outer(weight, weight)
    np.fill_diagonal(expected, np.nan)
    return matrix / expected


def moves(vintage: str) -> pd.DataFrame:
    """同一版的两个年份，中国与各伙伴的亲疏：``then``、``now``（指数）、``then_closed``、``now_closed``、``group``。"""
    first, last = (closeness(period) for period in PAIRS[vintage])
    frame = pd.DataFrame(
        {"then": first["index"], "now": last["index"], "then_closed": first["closed"], "now_closed": last["closed"]}
    ).dropna()
    group = {code: key for key, codes in GROUPS.items() for code in codes}
    return frame.assign(group=frame.index.map(group).fillna("other"))


def flipped(vintage: str) -> list[str]:
    """换一种零模型，更近还是更远就翻转的伙伴，代码按字母。"""
    frame = moves(vintage)
    same = np.sign(frame["now"] - frame["then"]) == np.sign(frame["now_closed"] - frame["then_closed"])
    return sorted(frame.index[~same])


def agreement(vintage: str) -> dict[str, int]:
    """两种零模型说的方向（更近还是更远）一样的伙伴有几个，共几个；各自有几个伙伴大于一。"""
    frame = moves(vintage)
    return {
        "same": len(frame) - len(flipped(vintage)),
        "all": len(frame),
        "index": int((frame["now"] > 1).sum()),
        "closed": int((frame["now_closed"] > 1).sum()),
    }


# ---- 人工智能的网络 ---------------------------------------------------------------------------------


def graph(threshold: int = EDGE) -> nx.Graph:
    """人工智能合著的经济体网络：二十年累计达到门槛的成边，权为篇数。"""
    table = links("2003-2022", "ai")
    edges = table[table["value"] >= threshold].assign(weight=lambda t: t["value"].astype(int))
    return nx.from_pandas_edgelist(edges, "iso3_a", "iso3_b", edge_attr="weight")


def centralities(threshold: int = EDGE) -> pd.DataFrame:
    """六种中心性：度、强度、介数（未归一）、接近中心性（只在自己那一片里算）、加权 PageRank、加权特征向量中心性。"""
    g = graph(threshold)
    return pd.DataFrame(
        {
            "degree": dict(g.degree),
            "strength": dict(g.degree(weight="weight")),
            "betweenness_raw": nx.betweenness_centrality(g, normalized=False),
            "closeness": nx.closeness_centrality(g, wf_improved=False),
            "pagerank_weighted": nx.pagerank(g, tol=1e-12),
            "eigenvector_weighted": nx.eigenvector_centrality(g, weight="weight", max_iter=2000, tol=1e-10),
        }
    ).astype(float)


def _ranks(values: pd.Series) -> pd.Series:
    return values.round(10).rank(ascending=False, method="min")


@cache
def reproduced() -> pd.DataFrame:
    """公布的数值与名次，由连边重算，对上几个。

    Returns
    -------
    pandas.DataFrame
        索引为指标；``values`` 公布了几个数值，``equal`` 取整之后相同的个数，``gap`` 最大差，``ranks`` 公布了几个名次，
        ``same`` 相同的个数，``default`` 换成软件的缺省算法后名次相同的个数（只有接近中心性不同）。
    """
    table = data.load("ai_network_metrics")
    table = table[table["level"] == "country"]
    ours = centralities()
    rows = {}
    for metric in ours:
        part = table[table["metric"] == metric].set_index("node")
        known = part["value"].dropna().astype(float)
        gap = (ours[metric].reindex(known.index) - known).abs()
        found = _ranks(ours[metric]).reindex(part.index)
        other = _ranks(pd.Series(nx.closeness_centrality(graph()))) if metric == "closeness" else found
        rank = part["rank"].astype(int)
        rows[metric] = (
            len(known), int((gap <= 0.5).sum()), gap.max() if len(known) else np.nan,
            len(rank), int((found == rank).sum()), int((other.reindex(part.index) == rank).sum()),
        )  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["values", "equal", "gap", "ranks", "same", "default"])


def thresholds() -> pd.DataFrame:
    """换成边的门槛：节点数、边数，中国与美国的度与强度的名次。"""
    rows = {}
    for threshold in EDGES:
        found, g = centralities(threshold)[["degree", "strength"]].apply(_ranks), graph(threshold)
        ends = [int(found.loc[c, m]) for c in ("CHN", "USA") for m in ("degree", "strength")]
        rows[threshold] = (len(g), g.number_of_edges(), *ends)
    columns = ["nodes", "edges", "chn_degree", "chn_strength", "usa_degree", "usa_strength"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _within(g: nx.Graph) -> float:
    """连边里两端同属一组（:data:`GROUPS`）的占比。"""
    group = {code: key for key, codes in GROUPS.items() for code in codes}
    return float(np.mean([group.get(a, a) == group.get(b, b) for a, b in g.edges]))


@cache
def ai_chance(draws: int = DRAWS) -> dict[str, networks.Chance]:
    """人工智能网络与保住每个节点的度、打乱连边之后相比：``triangles`` 传递性，``within`` 同组的边的占比。"""
    g, rng = graph(), np.random.default_rng(networks.SEED)
    worlds = [networks.rewired(g, rng, SWAPS) for _ in range(draws)]
    return {
        key: networks.against_chance(found(g), _replay(worlds, found), draws)
        for key, found in {"triangles": nx.transitivity, "within": _within}.items()
    }


def _replay(worlds: list, statistic):
    """把已经抽好的零模型逐个取出来算统计量，几个统计量可以共用。"""
    left = iter(worlds)
    return lambda _rng: statistic(next(left))


def ai_partners() -> pd.DataFrame:
    """人工智能里中国与各伙伴的亲疏（二十年累计，国际合作指数）；``all`` 为全部学科 2022 年的。"""
    edges = links("2003-2022", "ai")
    totals = papers("ai").loc[NEW]["international"].groupby("iso3").sum()
    found = edges.assign(index=networks.expected_links(edges, "iso3_a", "iso3_b", "value", totals))
    own = found[(found["iso3_a"] == "CHN") | (found["iso3_b"] == "CHN")]
    other = own["iso3_b"].where(own["iso3_a"] == "CHN", own["iso3_a"])
    frame = pd.DataFrame({"ai": own["index"].to_numpy()}, index=other.to_numpy())
    return frame.assign(all=closeness("2022")["index"]).sort_values("ai", ascending=False)


# ---- 欧盟项目 ---------------------------------------------------------------------------------------


@cache
def projects() -> pd.DataFrame:
    """欧盟项目，另有 ``mobility``：是不是人员交流与个人资助。"""
    table = data.load("eu_projects")
    return table.assign(mobility=table["funding_scheme"].str.contains(MOBILITY))


def eu_years() -> pd.DataFrame:
    """各开始年的项目数，供断线图；区间为 Poisson 计数的 95% 精确区间（Garwood, 1936）。"""
    counts = projects().groupby(["mobility", "start_year"]).size().unstack("mobility", fill_value=0)
    tail = (1 - inference.LEVEL) / 2
    parts = []
    for mobile, label in ((False, "研究与创新"), (True, "人员交流")):
        n = counts[mobile].to_numpy()
        parts.append(
            pd.DataFrame(
                {
                    "line": label,
                    "x": counts.index.astype(int),
                    "y": n,
                    "low": np.where(n > 0, stats.chi2.ppf(tail, 2 * np.maximum(n, 1)) / 2, 0.0),
                    "high": stats.chi2.ppf(1 - tail, 2 * (n + 1)) / 2,
                    "kind": np.where(counts.index >= INCOMPLETE, "uncertain", "observed"),
                    "segment": np.where(counts.index >= INCOMPLETE, "b", "a"),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def eu_change(after: tuple[int, int] = AFTER) -> dict[str, inference.Interval]:
    """每年开始的项目数，后几年是前几年的几倍：``research``、``mobility``。

    给定总数，后几年的个数服从二项分布，由比例的 Wilson 区间换算成倍数。
    """
    found = {}
    years = (BEFORE[1] - BEFORE[0] + 1) / (after[1] - after[0] + 1)
    for key, mobile in (("research", False), ("mobility", True)):
        table = projects()[projects()["mobility"] == mobile]
        late = int(table["start_year"].between(*after).sum())
        early = int(table["start_year"].between(*BEFORE).sum())
        share = inference.proportion(late, early + late)
        found[key] = inference.Interval(*(v / (1 - v) * years for v in share))
    return found


def eu_contrast() -> inference.Interval:
    """研究与创新的倍数除以人员交流的倍数：前后两段、两类的比值比，对数尺度的 95% 区间（Woolf, 1955）。

    年数相消；当作 Poisson 计数，人员交流的年际起落比这大，所以区间偏窄。
    """
    table = projects()
    counts = [
        int(table.loc[table["mobility"] == mobile, "start_year"].between(*years).sum())
        for mobile in (False, True)
        for years in (AFTER, BEFORE)
    ]
    estimate = counts[0] / counts[1] / (counts[2] / counts[3])
    half = stats.norm.ppf((1 + inference.LEVEL) / 2) * np.sqrt(sum(1 / n for n in counts))
    return inference.Interval(estimate, float(estimate * np.exp(-half)), float(estimate * np.exp(half)))


@cache
def chinese_members() -> pd.DataFrame:
    """中国内地机构参加的项目：``project_id``、``org``、``programme``、``org_type``（没有写的自成一类）、``province``。"""
    table = data.load("eu_project_members")
    table = table[table["iso3"] == "CHN"].merge(projects()[["project_id", "programme"]], on="project_id")
    kinds = table.groupby("org").agg({"org_type": "first", "province": "first"}).fillna(UNSTATED)
    return table[["project_id", "org", "programme"]].merge(kinds, left_on="org", right_index=True)


@cache
def eu_chance(draws: int = DRAWS) -> dict[str, networks.Chance]:
    """同在一个项目里的两家中国机构，不同类型（``org_type``）、不同省份（``province``）的占比，与打乱之后相比。

    打乱保住每家参加几个、每个项目有几家，并且只在同一个框架计划之内换。
    """
    table, rng = chinese_members(), np.random.default_rng(networks.SEED)
    parts = [part[["org", "project_id"]] for _, part in table.groupby("programme")]
    worlds = [
        pd.concat([networks.shuffle(p, "org", "project_id", rng, TRADES * p["project_id"].nunique()) for p in parts])
        for _ in range(draws)
    ]
    found = {}
    for column in ("org_type", "province"):
        kind = table.drop_duplicates("org").set_index("org")[column]
        found[column] = networks.against_chance(
            _mixed(table, kind),
            _replay(worlds, lambda w, kind=kind: _mixed(w, kind)),
            draws,
        )
    return found


def _mixed(pairs: pd.DataFrame, kind: pd.Series) -> float:
    """与 :func:`chokepoint.networks.pair_mixing` 同一个数，用整数编码，抽几百次时快十几倍。"""
    project = pd.factorize(pairs["project_id"])[0]
    own = pd.factorize(pairs["org"].map(kind))[0]
    every = np.bincount(project).astype(float)
    same = np.unique(project * (own.max() + 1) + own, return_counts=True)[1].astype(float)
    return float(1 - (same * (same - 1)).sum() / (every * (every - 1)).sum())


# ---- 使用费、境外研发、ITER -------------------------------------------------------------------------


@cache
def charges() -> pd.DataFrame:
    """知识产权使用费（亿美元）：索引为（经济体、年），``payments``、``receipts``、``ratio`` 支出 ÷ 收入。

    中国 2023 年只公布收支合计与收入，支出由相减而得（取整到亿美元）。
    """
    table = data.load("ip_charges")
    table = table[table["unit"] == "USD_100m"]
    wide = table.pivot(index=["iso3", "year"], columns="flow", values="value").astype(float)
    paid = wide["payments"].fillna(wide["total"] - wide["receipts"])
    return wide.assign(payments=paid, ratio=paid / wide["receipts"])[["payments", "receipts", "ratio"]]


def charge_lines(
    shown: tuple[str, ...] = ("CHN", "KOR", "IND", "DEU", "JPN", "USA"), start: int = 1997
) -> pd.DataFrame:
    """支出 ÷ 收入，供断线图；中国 2023 年取自新闻，画成空心。"""
    frame = charges()["ratio"].dropna().reset_index()
    frame = frame[frame["iso3"].isin(shown) & (frame["year"] >= start)]
    return pd.DataFrame(
        {
            "line": frame["iso3"].map(names()),
            "x": frame["year"].astype(int),
            "y": frame["ratio"],
            "kind": np.where(frame["year"] > 2020, "uncertain", "observed"),
        }
    ).reset_index(drop=True)


def charge_jump() -> dict[str, float]:
    """中国的支出 ÷ 收入由 2016 年到 2017 年的一跳，与其余各年相比。

    Returns
    -------
    dict
        ``receipts`` 收入的倍数，``payments`` 支出的倍数，``next`` 收入第二大的一年倍数（2005 年以后），``share`` 由
        2005 年到 2020 年比值的下降（对数）有多大比例落在这一跳里，``slope`` 2005–2016 年每年的变化（%，Interval）。
    """
    own = charges().loc["CHN"].loc[2005:2020]
    step = own / own.shift()
    logs = np.log(own["ratio"])
    early = logs.loc[:2016]
    return {
        "receipts": float(step.loc[2017, "receipts"]),
        "payments": float(step.loc[2017, "payments"]),
        "next": float(step["receipts"].drop(2017).max()),
        "share": float((logs[2017] - logs[2016]) / (logs[2020] - logs[2005])),
        "slope": inference.Interval(*(v * 100 for v in inference.slope(early.index, early))),
    }


def charge_gaps() -> list[int]:
    """1997 年到最近一年之间，中国没有支出与收入两个数的年份。"""
    have = charges().loc["CHN"]["ratio"].dropna().index
    return [year for year in range(int(have.min()), int(have.max()) + 1) if year not in set(have)]


def us_abroad() -> pd.DataFrame:
    """美国企业在各地执行的研发占其境外研发的比重（百分数），行为经济体，列为年；``total`` 一行为合计（亿美元）。"""
    table = data.load("us_rd_abroad")
    table = table[table["level"].isin(["country", "total"])]
    wide = table.pivot(index="location", columns="year", values="value").astype(float)
    wide.columns = wide.columns.astype(int)
    shares = wide / wide.loc["total"] * 100
    shares.loc["total"] = wide.loc["total"] / 100
    return shares


def us_abroad_slope(iso3: str) -> inference.Interval:
    """比重每年变几个百分点，Theil–Sen。"""
    own = us_abroad().loc[iso3]
    return inference.slope(own.index, own)


def us_in_china() -> pd.Series:
    """美国企业在中国执行的研发，亿美元，索引为年。"""
    table = data.load("us_rd_abroad")
    found = table[table["location"] == "CHN"].set_index("year")["value"].astype(float) / 100
    found.index = found.index.astype(int)
    return found


def iter_shares() -> pd.Series:
    """ITER 建造费用的份额（百分数），索引为代码，自大到小。"""
    table = data.load("iter_contributions")
    return table[table["measure"] == "construction_cost_share"].set_index("iso3")["value"].sort_values(ascending=False)


# ---- 汇总 -------------------------------------------------------------------------------------------


def channels() -> pd.DataFrame:
    """各渠道：起点、近年，与判断所依据的数。

    Returns
    -------
    pandas.DataFrame
        ``channel``、``unit``、``then``、``peak``、``now``（文字，含年份）、``verdict``。
    """
    share, ai, us = series("CHN", start=START), series("CHN", field="ai", start=2008), with_us()
    eu, ip, abroad = eu_change(), charges().loc["CHN"]["ratio"].dropna(), us_abroad().loc["CHN"]
    years = projects().groupby(["mobility", "start_year"]).size()

    def point(values: pd.Series, year: int, digits: int = 1) -> str:
        return f"{values[year]:.{digits}f}（{year}）"

    def row(label, unit, values, verdict, digits=1, least=False):
        best = values.idxmin() if least else values.idxmax()
        return (label, unit, *(point(values, y, digits) for y in (values.index[0], best, values.index[-1])), verdict)

    research, mobile = (years[flag].loc[: AFTER[1]] for flag in (False, True))
    found = [
        row("合著，全部学科", "占论文 %", share, f"转降，{span(turn('CHN'))}"),
        row("合著，人工智能", "占论文 %", ai, f"转降，{span(turn('CHN', field='ai', start=2008))}（看起点）"),
        row("合著，有美国机构", "占论文 %", us["us"], f"转降，{span(us_turn('us'))}"),
        row("合著，没有美国机构", "占论文 %", us["rest"], "升转平，看不出降"),
        row("欧盟项目，研究与创新", "个/年", research, f"{eu['research'].estimate:.2f} 倍", 0),
        row("欧盟项目，人员交流", "个/年", mobile, f"{eu['mobility'].estimate:.2f} 倍，分不出", 0),
        row("使用费，支出 ÷ 收入", "倍", ip[ip.index >= 2005], "多半是一年之内的跳", least=True),
        row("美企在华研发", "占其境外 %", abroad, "平"),
    ]
    return pd.DataFrame(found, columns=["channel", "unit", "then", "peak", "now", "verdict"])


@cache
def headline() -> dict[str, float]:
    """本章的主要数字。

    Returns
    -------
    dict
        ``peak``、``last`` 中国占比（%），``drop`` 两者之差（百分点），``count`` 国际合著 2022 年是 2018 年的几倍，
        ``domestic`` 国内的几倍，``down`` 2018–2022 年占比下降的经济体数，``economies`` 共几个，``us`` 与 ``rest``
        2019–2022 年两部分的变化，``us_papers`` 有美国机构的篇数的倍数，``blame`` 国际变慢占多大比例。
    """
    share, grown, part = series("CHN"), growth(), fall()
    return {
        "peak": float(share.max()),
        "peak_year": int(share.idxmax()),
        "last": float(share[2022]),
        "drop": float(share.max() - share[2022]),
        "count": float(grown.loc["CHN", "international"]),
        "domestic": float(grown.loc["CHN", "domestic_only"]),
        "down": int((grown["change"] < 0).sum()),
        "economies": len(grown),
        "us": float(part.loc["CHN", "us"]),
        "rest": float(part.loc["CHN", "rest"]),
        "us_share": float(part.loc["CHN", "us"] / part.loc["CHN", "all"]),
        "us_papers": float(part.loc["CHN", "papers"]),
        "others": float(part.loc["CHN", "others"]),
        "blame": blame(),
    }
