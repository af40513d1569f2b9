"""核对：论文合著、机构合作、联合体、实验室、研发项目与欧盟项目各表。"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import networkx as nx
import pandas as pd

from chokepoint import data

from ._check import Check, compare

#: 两个经济体合著多少篇才成边：NCSES 公布中心性时的门槛。
COUNTRY_THRESHOLD = 400


def _zh() -> pd.Series:
    """经济体代码到中文名。"""
    return data.load("countries").set_index("iso3")["name_zh"]


def _pairs(labels: Iterable, left: Iterable, right: Iterable) -> pd.DataFrame:
    """成对的数。"""
    return pd.DataFrame({"label": list(labels), "left": list(left), "right": list(right)})


def _links(field: str, period: str) -> pd.DataFrame:
    """一个学科范围一个时期的合著连边，不含世界合计的行。"""
    table = data.load("coauthorship_links")
    return table[(table["field"] == field) & (table["period"] == period) & (table["iso3_a"] != "WLD")]


def _international(period: str) -> pd.Series:
    """连边表里各经济体的国际合著总数（世界合计的行），以代码为索引。"""
    table = data.load("coauthorship_links")
    kept = (table["period"] == period) & (table["iso3_a"] == "WLD")
    return table[kept].set_index("iso3_b")["value"].astype(float)


def _with_us(period: str) -> pd.Series:
    """各经济体与美国的合著篇数，以代码为索引。"""
    table = _links("all_fields", period)
    first = table[table["iso3_a"] == "USA"].set_index("iso3_b")["value"]
    second = table[table["iso3_b"] == "USA"].set_index("iso3_a")["value"]
    return pd.concat([first, second]).astype(float)


def _graph(table: pd.DataFrame, source: str, target: str) -> nx.Graph:
    """连边表成图，权重为篇数。"""
    edges = table.assign(weight=table["value"].astype(int))
    return nx.from_pandas_edgelist(edges, source, target, edge_attr="weight")


def _countries() -> nx.Graph:
    """人工智能合著的经济体网络：达到门槛的对成边。"""
    table = _links("ai", "2003-2022")
    return _graph(table[table["value"] >= COUNTRY_THRESHOLD], "iso3_a", "iso3_b")


def _institutions() -> nx.Graph:
    """人工智能合著的机构网络。"""
    return _graph(data.load("ai_links"), "institution_a", "institution_b")


def _published(level: str, metric: str, value: str = "value") -> pd.Series:
    """公布的一种指标，以节点为索引。"""
    table = data.load("ai_network_metrics")
    return table[(table["level"] == level) & (table["metric"] == metric)].set_index("node")[value].astype(float)


def _centrality(level: str, metric: str, found: dict, **more) -> Check:
    """由连边算出的指标，对照公布的值；节点须完全一样。"""
    ours, theirs = pd.Series(found, dtype=float), _published(level, metric)
    nodes = ours.index.union(theirs.index)
    names = nodes.map(_zh()) if level == "country" else nodes
    links = "coauthorship_links" if level == "country" else "ai_links"
    return compare(
        _pairs(names, ours.reindex(nodes, fill_value=0), theirs.reindex(nodes, fill_value=0)),
        tables=("ai_network_metrics", links),
        **more,
    )


def country_degree() -> Check:
    """经济体的度。"""
    return _centrality(
        "country",
        "degree",
        dict(_countries().degree),
        title="人工智能合著，经济体的度：由连边算出",
        against="NCSES 公布的度",
        tolerance=0,
        unit="个",
        remark="合著四百篇以上成边，38 个经济体全部相同；门槛照发布者的说明。",
    )


def country_strength() -> Check:
    """经济体的强度。"""
    return _centrality(
        "country",
        "strength",
        dict(_countries().degree(weight="weight")),
        title="人工智能合著，经济体的强度：由连边算出",
        against="NCSES 公布的强度",
        tolerance=0,
        unit="篇",
        remark="只加达到门槛的对，所以小于全部合著；38 个经济体全部相同。",
    )


def country_betweenness() -> Check:
    """经济体的介数。"""
    return _centrality(
        "country",
        "betweenness_raw",
        nx.betweenness_centrality(_countries(), normalized=False),
        title="人工智能合著，经济体的介数：由连边算出",
        against="NCSES 公布的介数（取整）",
        tolerance=0.5,
        unit="对",
        remark="差来自公布值取整到个位。",
    )


def institution_degree() -> Check:
    """机构的度。"""
    return _centrality(
        "institution",
        "degree",
        dict(_institutions().degree),
        title="人工智能合著，机构的度：由连边算出",
        against="NCSES 公布的度",
        tolerance=0,
        unit="个",
        remark="合著五十篇以上成边，84 家机构全部相同。",
    )


def institution_strength() -> Check:
    """机构的强度。"""
    return _centrality(
        "institution",
        "strength",
        dict(_institutions().degree(weight="weight")),
        title="人工智能合著，机构的强度：由连边算出",
        against="NCSES 公布的强度",
        tolerance=0,
        unit="篇",
        remark="84 家机构全部相同。",
    )


def institution_betweenness() -> Check:
    """机构的介数。"""
    return _centrality(
        "institution",
        "betweenness_raw",
        nx.betweenness_centrality(_institutions(), normalized=False),
        title="人工智能合著，机构的介数：由连边算出",
        against="NCSES 公布的介数（两位小数）",
        tolerance=0.02,
        unit="对",
        remark="同一张网络、同一种算法，差只来自公布值的取整。",
    )


def institution_closeness() -> Check:
    """机构的接近中心性。"""
    return _centrality(
        "institution",
        "closeness",
        nx.closeness_centrality(_institutions()),
        title="人工智能合著，机构的接近中心性：由连边算出",
        against="NCSES 公布的接近中心性（两位小数）",
        tolerance=0.00501,
        unit="倍",
        remark="网络连通，不必处理不可达的对；差只来自取整。",
    )


def _ranked(metric: str, title: str) -> Check:
    """公布的名次，对照按公布值排出的名次（两级合在一起，数值相同的取最高名次）。"""
    parts = []
    for level in ("country", "institution"):
        value = _published(level, metric)
        names = value.index.map(_zh()) if level == "country" else value.index
        right = value.rank(ascending=False, method="min")
        parts.append(_pairs(names, _published(level, metric, "rank"), right))
    return compare(
        pd.concat(parts, ignore_index=True),
        tables=("ai_network_metrics",),
        title=title,
        against="按公布的数值排出的名次",
        tolerance=0,
        unit="位",
        remark="数值与名次是原表的两列，抄错任何一格都会打乱先后。",
    )


def strength_ranks() -> Check:
    """强度的名次。"""
    return _ranked("strength", "人工智能合著：公布的强度名次")


def _us_shares() -> list[tuple[str, str, str, Callable[[str], pd.Series]]]:
    """可以由连边复算的占比：方向、版次、时期、分母。"""
    ours = {
        "partner_in_us": lambda period: pd.Series(
            _international(period)["USA"], index=_international(period).index, dtype=float
        ),
        "us_in_partner": _international,
    }
    cases = [
        ("partner_in_us", "2021-05", "1996"),
        ("partner_in_us", "2021-05", "2020"),
        ("partner_in_us", "2023-04", "2003"),
        ("us_in_partner", "2023-04", "2003"),
    ]
    return [(d, v, p, ours[d]) for d, v, p in cases]


def us_shares_from_links() -> Check:
    """由连边算出的与美国合著占比，对照公布的占比。"""
    table, parts, zh = data.load("us_coauthor_shares"), [], _zh()
    short = {"partner_in_us": "占美国的", "us_in_partner": "美国所占的"}
    for direction, vintage, period, denominator in _us_shares():
        kept = (table["direction"] == direction) & (table["vintage"] == vintage) & (table["year"] == int(period))
        right = table[kept].set_index("iso3")["value"]
        left = (_with_us(period) / denominator(period) * 100).reindex(right.index)
        parts.append(_pairs([f"{zh[c]}，{period} 年，{short[direction]}" for c in right.index], left, right))
    return compare(
        pd.concat(parts, ignore_index=True),
        tables=("us_coauthor_shares", "coauthorship_links"),
        title="与美国合著的占比：由连边除以国际合著总数",
        against="NCSES 另一张附表公布的百分比",
        tolerance=0.00501,
        unit="个百分点",
        remark="1996、2003、2020 年，两个方向共 56 格；差只来自两位小数的取整，连边的行列次序由此得到证实。",
    )


def us_shares_two_directions() -> Check:
    """两个方向的占比之比，对照两国国际论文总数之比。"""
    table = data.load("us_coauthor_shares")
    table = table[(table["vintage"] == "2023-04")].pivot(index=["iso3", "year"], columns="direction", values="value")
    both = table.dropna()
    papers = data.load("coauthorship")
    papers = papers[(papers["field"] == "all_fields") & (papers["measure"] == "international")]
    papers = papers.set_index(["iso3", "year"])["value"].astype(float)
    us = [papers["USA", year] for _, year in both.index]
    zh = _zh()
    return compare(
        _pairs(
            [f"{zh[c]}，{year} 年" for c, year in both.index],
            both["us_in_partner"] / both["partner_in_us"],
            us / papers.reindex(both.index),
        ),
        tables=("us_coauthor_shares", "coauthorship"),
        title="与美国合著：两个方向的占比相除",
        against="美国与伙伴的国际论文数相除",
        tolerance=0.3,
        remark="同一批论文除以不同的分母，商应等于分母之比，连边没有的年份也能核；差来自百分比的取整。",
    )


def _international_pairs(periods: Iterable[str]) -> pd.DataFrame:
    """逐年表的国际合著数与连边表的世界合计行，按时期配对。"""
    table, parts, zh = data.load("coauthorship"), [], _zh()
    table = table[(table["field"] == "all_fields") & (table["measure"] == "international")]
    for period in periods:
        yearly = table[table["year"] == int(period)].set_index("iso3")["value"].astype(float)
        right = _international(period)
        both = yearly.index.intersection(right.index)
        parts.append(_pairs([f"{zh[c]}，{period} 年" for c in both], yearly[both], right[both]))
    return pd.concat(parts, ignore_index=True)


def international_same_vintage() -> Check:
    """国际合著总数：同一版的两张表。"""
    return compare(
        _international_pairs(["1996", "2003", "2022"]),
        tables=("coauthorship", "coauthorship_links"),
        title="国际合著论文：逐年表",
        against="连边表的世界合计行（同一版，另一张附表）",
        tolerance=0,
        remark="1996、2003、2022 年全部相同。",
    )


def international_two_vintages() -> Check:
    """国际合著总数：两版之差。"""
    return compare(
        _international_pairs(["2020"]),
        tables=("coauthorship", "coauthorship_links"),
        title="2020 年的国际合著论文：2023 年取数的一版",
        against="2021 年取数的一版",
        tolerance=2,
        floor=0.8,
        remark="隔两年再取，中位数差不到 1%，巴基斯坦、土耳其、伊朗多出 3% 以上：跨版连线要留这么大的余地。",
    )


def articles_add_up() -> Check:
    """国内与国际之和，对照全部。"""
    table = data.load("coauthorship")
    table = table[table["field"] == "all_fields"].pivot(index=["iso3", "year"], columns="measure", values="value")
    zh = _zh()
    return compare(
        _pairs(
            [f"{zh[c]}，{year} 年" for c, year in table.index],
            table["domestic_only"] + table["international"],
            table["total"],
        ),
        tables=("coauthorship",),
        title="全部学科的论文：只有国内机构的加有国外机构的",
        against="全部论文",
        tolerance=2,
        floor=0.9,
        remark="地址不全的论文两边都不计，所以和总是略小于全部，早年差得多一些。",
    )


def members_same_total() -> Check:
    """出资额除以持股比例，同一联合体应得同一个总额。"""
    table = data.load("consortium_members").dropna(subset=["stake", "amount"])
    total = table["amount"] / table["stake"] * 100
    middle = total.groupby(table["consortium_id"]).transform("median")
    return compare(
        _pairs(table["member_zh"], total, middle),
        tables=("consortium_members",),
        title="股东的出资额除以持股比例：推出的总额",
        against="同一主体其他股东推出的总额（中位数）",
        tolerance=0.5,
        remark="国家大基金三期的股东分见两个来源，中芯京城见公告；各股东推出的总额一致，差来自持股比例取两位小数。",
    )


def labs_by_area() -> Check:
    """学科类实验室的分领域个数，对照年度报告。"""
    labs = data.load("key_labs")
    labs = labs[labs["lab_type"] == "discipline"].drop_duplicates("lab").groupby("area").size()
    report = data.load("network_results")
    report = report[report["network"] == "discipline_key_labs"]
    right = report.set_index(report["metric"].str.removeprefix("labs_"))["value"]
    names = data.labels("key_labs", "area")
    return compare(
        _pairs(right.index.map(names), labs.reindex(right.index, fill_value=0), right),
        tables=("key_labs", "network_results"),
        title="学科类国家重点实验室的分领域个数：2019 年名单，同名的合为一个",
        against="2016 年年度报告的分领域个数（转述）",
        tolerance=1,
        unit="个",
        remark="原名单把几家依托单位合办的实验室分列成几条，同名的合起来之后与报告几乎逐领域相同，只有一个领域差一个，年份也差三年。",
    )


def projects_numbered_in_a_row() -> Check:
    """每个专项的项目数，对照编号的首尾之差。"""
    table = data.load("rd_projects")
    table = table[table["project_no"].str.fullmatch(r"\d{4}YF[A-Z]\d{5}00")]
    serial = table["project_no"].str[7:12].astype(int)
    groups = serial.groupby([table["year"], table["programme"], table["project_no"].str[:7]])
    spans = groups.agg(["min", "max", "size"])
    return compare(
        _pairs([f"{name}，{year} 年" for year, name, _ in spans.index], spans["size"], spans["max"] - spans["min"] + 1),
        tables=("rd_projects",),
        title="重点研发计划：每个专项的项目数",
        against="项目编号首尾之间应有的个数",
        tolerance=0,
        floor=0.9,
        remark="编号一般连续，绝大多数专项一个不缺；差得多的几组占了两段编号。立项前的编号（SQ 开头）不比。",
    )


def _eu(members: pd.Series, column: str) -> pd.DataFrame:
    """成员表数出的与项目表登记的，逐项目成对。"""
    projects = data.load("eu_projects").set_index("project_id")
    return _pairs(
        [f"{a}（{i}）" for i, a in projects["acronym"].items()],
        members.reindex(projects.index, fill_value=0).astype(float),
        projects[column].astype(float),
    )


def eu_organizations() -> Check:
    """欧盟项目的机构数。"""
    return compare(
        _eu(data.load("eu_project_members").groupby("project_id").size(), "num_organizations"),
        tables=("eu_project_members", "eu_projects"),
        title="欧盟项目的机构数：由成员表数出",
        against="项目表登记的机构数",
        tolerance=0,
        floor=0.95,
        unit="家",
        remark="12 个项目的成员表少一两家，是抽取时按机构名去了重。",
    )


def eu_chinese_organizations() -> Check:
    """欧盟项目的中国机构数。"""
    members = data.load("eu_project_members")
    return compare(
        _eu(members[members["counted_chinese"]].groupby("project_id").size(), "num_chinese_orgs"),
        tables=("eu_project_members", "eu_projects"),
        title="欧盟项目的中国机构数：由成员表数出",
        against="项目表登记的中国机构数",
        tolerance=0,
        unit="家",
        remark="按原库的国家码数，其中 18 行是香港机构；另有 14 行香港机构没有计入。",
    )


def eu_contributions() -> Check:
    """欧盟项目的出资。"""
    return compare(
        _eu(data.load("eu_project_members").groupby("project_id")["ec_contribution"].sum(), "ec_contribution"),
        tables=("eu_project_members", "eu_projects"),
        title="欧盟出资：各机构之和",
        against="项目表登记的欧盟出资",
        tolerance=0.1,
        floor=0.97,
        remark="绝大多数项目一分不差，可见成员表里的零确是没有领取经费；差得最多的项目，成员表有缺。",
    )


def _us_abroad() -> pd.DataFrame:
    """美国企业境外研发，数值转为浮点。"""
    table = data.load("us_rd_abroad")
    return table.assign(value=table["value"].astype(float))


def us_abroad_total() -> Check:
    """各地区之和，对照合计。"""
    table = _us_abroad()
    parts = table[(table["level"] == "region") | (table["region"].isna() & (table["level"] != "total"))]
    left = parts.groupby("year")["value"].sum()
    right = table[table["level"] == "total"].set_index("year")["value"]
    return compare(
        _pairs(right.index.map("{} 年".format), left.reindex(right.index, fill_value=0), right),
        tables=("us_rd_abroad",),
        title="美国企业境外研发：五个地区、加拿大、波多黎各与不能分摊的之和",
        against="原表的合计",
        tolerance=0.01,
        remark="差来自取整到百万美元。",
    )


def us_abroad_regions() -> Check:
    """地区之下各行之和，对照地区合计。"""
    table = _us_abroad().dropna(subset=["region"])
    left = table[table["level"] != "region"].groupby(["year", "region"])["value"].sum()
    right = table[table["level"] == "region"].set_index(["year", "region"])["value"]
    names = data.labels("us_rd_abroad", "region")
    return compare(
        _pairs([f"{names[r]}，{y} 年" for y, r in right.index], left.reindex(right.index, fill_value=0), right),
        tables=("us_rd_abroad",),
        title="美国企业境外研发：地区之下各经济体与其余之和",
        against="原表的地区合计",
        tolerance=0.5,
        remark="差来自取整到百万美元，非洲的数小，显得多些。",
    )


#: 本组的核对，按先后。
CHECKS = [
    international_same_vintage,
    international_two_vintages,
    articles_add_up,
    us_shares_from_links,
    us_shares_two_directions,
    country_degree,
    country_strength,
    country_betweenness,
    institution_degree,
    institution_strength,
    institution_betweenness,
    institution_closeness,
    strength_ranks,
    members_same_total,
    labs_by_area,
    projects_numbered_in_a_row,
    eu_organizations,
    eu_chinese_organizations,
    eu_contributions,
    us_abroad_total,
    us_abroad_regions,
]
