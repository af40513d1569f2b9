"""核对：省级面板、区域与技术转移、国际比较、机制与案例各表。"""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx
import pandas as pd
from scipy.optimize import brentq

from chokepoint import data

from ._check import Check, compare, count

#: 全国数只含 31 省的指标：各省之和应等于全国。
CLOSED = [
    "rd_expenditure",
    "rd_internal_total",
    "rd_basic",
    "rd_applied",
    "rd_experimental",
    "rd_fund_enterprise",
    "rd_fund_government",
    "rd_fund_foreign",
    "rd_fund_other",
    "rd_fte_total",
    "rd_fte_researcher",
    "budget_total",
    "budget_science",
    "paper_sci",
    "paper_ei",
]
#: 全国数含港澳台与境外的指标：各省之和应小于全国。
OPEN = [
    "tech_contract_out_value",
    "tech_contract_out_count",
    "tech_contract_in_value",
    "tech_contract_in_count",
    "patent_grant_total",
    "patent_grant_invention",
    "patent_valid_invention",
]


def _pairs(labels: Iterable, left: Iterable, right: Iterable) -> pd.DataFrame:
    """成对的数。"""
    return pd.DataFrame({"label": list(labels), "left": list(left), "right": list(right)})


def _zh() -> pd.Series:
    """省份代码到简称。"""
    return data.load("provinces").set_index("province")["name_zh"]


def _panel(*indicators: str, scope: str = "province") -> pd.DataFrame:
    """省级面板的几个指标：行为（省份，年份）或年份，列为指标。"""
    table = data.load("province_panel")
    table = table[table["indicator"].isin(indicators) & (table["scope"] == scope)]
    index = ["province", "year"] if scope == "province" else ["year"]
    return table.pivot(index=index, columns="indicator", values="value")[list(indicators)]


def _named(index: pd.MultiIndex) -> list[str]:
    """（省份，年份）写成中文。"""
    zh = _zh()
    return [f"{zh[province]}，{year}" for province, year in index]


def _sums(indicators: list[str]) -> pd.DataFrame:
    """各省之和与全国，成对。"""
    zh = data.labels("province_panel", "indicator")
    parts = _panel(*indicators).groupby("year").sum(min_count=1).stack()
    whole = _panel(*indicators, scope="national").stack()
    both = pd.DataFrame({"left": parts, "right": whole}).dropna()
    return _pairs([f"{zh[i]}，{year}" for year, i in both.index], both["left"], both["right"])


def _regional(indicator: str, entity: str = "national") -> pd.Series:
    """一个零散指标，以年份为索引。"""
    table = data.load("regional_indicators")
    kept = table[(table["indicator"] == indicator) & (table["entity"] == entity)]
    return kept.set_index("year")["value"]


def neighbour_counts() -> Check:
    """省界求得的邻省数与公布的邻省数。"""
    edges = data.load("province_neighbours")
    edges = edges[edges["kind"] == "land"]
    provinces = data.load("provinces")
    degree = pd.concat([edges["province_a"], edges["province_b"]]).value_counts()
    return compare(
        _pairs(provinces["name_zh"], degree.reindex(provinces["province"], fill_value=0), provinces["land_neighbours"]),
        tables=("province_neighbours", "provinces"),
        title="省份的邻接：由省界求得的邻省数",
        against="另一来源逐省公布的邻省数",
        tolerance=0,
        unit="个",
        remark="34 个省级行政区全都相同：内蒙古、陕西各八个，河北、四川各七个；广东的六个含港澳；海南、台湾没有。",
    )


def neighbours_connected() -> Check:
    """邻接图连成一片。"""
    edges = data.load("province_neighbours")
    graph = nx.from_pandas_edgelist(edges, "province_a", "province_b")
    return count(
        len(max(nx.connected_components(graph), key=len)),
        int(data.load("provinces")["province"].nunique()) - 1,
        tables=("province_neighbours", "provinces"),
        title="省份的邻接：连成一片的省份数",
        against="全部省级行政区，台湾除外",
        remark="算上海南与广东隔海峡的一对。",
    )


def provinces_in_regions() -> Check:
    """四大地区的省份数与面板的省份数。"""
    return count(
        int(data.load("provinces")["macro_region"].notna().sum()),
        int(data.load("province_panel")["province"].nunique()),
        tables=("provinces", "province_panel"),
        title="四大地区所列的省份数",
        against="统计年鉴分省的表里的省份数",
        remark="31 个；港澳台不在四大地区之内。",
    )


def tiles_near() -> Check:
    """格子地图上，相邻的省份相距几格。"""
    tiles = data.load("provinces").dropna(subset="tile_col").set_index("province")[["tile_col", "tile_row"]]
    edges = data.load("province_neighbours")
    edges = edges[edges["province_a"].isin(tiles.index) & edges["province_b"].isin(tiles.index)]
    left, right = tiles.loc[edges["province_a"]].to_numpy(), tiles.loc[edges["province_b"]].to_numpy()
    zh = _zh()
    names = [f"{zh[a]}与{zh[b]}" for a, b in zip(edges["province_a"], edges["province_b"], strict=True)]
    return compare(
        _pairs(names, abs(left - right).max(axis=1), [1] * len(edges)),
        tables=("provinces", "province_neighbours"),
        title="格子地图：相邻的省份相距几格",
        against="紧挨着（横、竖、斜）",
        tolerance=0,
        floor=0.85,
        unit="格",
        remark="多数相邻的省份在格子上也紧挨着；不挨着的多牵涉内蒙古、甘肃这样狭长的省份，格子图画不出来。",
    )


def panel_closed_sums() -> Check:
    """只含 31 省的指标：各省之和与全国。"""
    return compare(
        _sums(CLOSED),
        tables=("province_panel",),
        title="省级面板：研发、财政与论文，31 省之和",
        against="同表另行公布的全国数",
        tolerance=0.1,
        floor=0.98,
        remark="对不上的两处：2012 年企业资金缺北京，少 4.8%；2013 年 EI 论文少 0.6%，原副本如此。",
    )


def panel_open_sums() -> Check:
    """全国含境外的指标：各省之和与全国。"""
    return compare(
        _sums(OPEN),
        tables=("province_panel",),
        title="省级面板：技术合同与专利，31 省之和",
        against="同表另行公布的全国数",
        tolerance=10,
        floor=0.85,
        remark=(
            "全国数含港澳台与境外，各省之和一律不大于全国；吸纳方差得最多，因为一部分买方在境外。"
            "差得最多的是 2010 年的吸纳额，少 22%。"
        ),
    )


def panel_contract_balance() -> Check:
    """全国的输出等于吸纳。"""
    wide = _panel(*OPEN[:4], scope="national")
    return compare(
        _pairs(
            [f"{kind}，{year}" for kind in ("成交额", "项数") for year in wide.index],
            pd.concat([wide[OPEN[0]], wide[OPEN[1]]]),
            pd.concat([wide[OPEN[2]], wide[OPEN[3]]]),
        ),
        tables=("province_panel",),
        title="技术合同：全国输出",
        against="全国吸纳（另一张表）",
        tolerance=0.001,
        remark="一份合同有一个卖方、一个买方，合计必须相等。",
    )


def panel_bulletin_yearbook() -> Check:
    """公报与年鉴的研发经费。"""
    wide = _panel("rd_expenditure", "rd_internal_total").dropna()
    return compare(
        _pairs(_named(wide.index), wide["rd_expenditure"], wide["rd_internal_total"]),
        tables=("province_panel",),
        title="分省研发经费：公报",
        against="《中国科技统计年鉴》（另一次发布）",
        tolerance=0.35,
        floor=0.97,
        remark=(
            "公报取整到千万元，差得多的都是总额小的省份：青海、海南、宁夏在 0.1%–0.35% 之间，"
            "超出容差的只有西藏，2011 年差 4%，其余各年不到 2.1%。"
        ),
    )


def panel_parts() -> Check:
    """活动类型与资金来源各自加总。"""
    types = _panel("rd_internal_total", "rd_basic", "rd_applied", "rd_experimental").dropna()
    funds = _panel(
        "rd_internal_total", "rd_fund_enterprise", "rd_fund_government", "rd_fund_foreign", "rd_fund_other"
    ).dropna()
    left = pd.concat([table.drop(columns="rd_internal_total").sum(axis=1) for table in (types, funds)])
    names = [f"{n}，{kind}" for kind, t in (("活动类型", types), ("资金来源", funds)) for n in _named(t.index)]
    return compare(
        _pairs(names, left, pd.concat([types["rd_internal_total"], funds["rd_internal_total"]])),
        tables=("province_panel",),
        title="分省研发经费：三种活动之和、四种资金之和",
        against="年鉴的总额",
        tolerance=0.05,
        floor=0.99,
        remark=(
            "三张表分别发布；原副本有的经过识别，识别错一位就会在这里露出来。"
            "唯一超出的是上海 2021 年的活动类型，多 0.11%，原副本如此，没有改。"
        ),
    )


def panel_against_bulletin() -> Check:
    """全国的研发经费、强度与基础研究，对照中国研发经费表。"""
    ours = _panel("rd_expenditure", "rd_intensity", "rd_basic", scope="national")
    table = data.load("cn_rd")
    table = table[table["status"] == "final"].pivot(index="year", columns="indicator", values="value")
    theirs = table.rename(columns={"rd_total": "rd_expenditure"}).reindex(columns=ours.columns)
    both = pd.DataFrame({"left": ours.stack(), "right": theirs.stack()}).dropna()
    zh = data.labels("province_panel", "indicator")
    return compare(
        _pairs([f"{zh[i]}，{year}" for year, i in both.index], both["left"], both["right"]),
        tables=("province_panel", "cn_rd"),
        title="全国的研发经费、强度与基础研究",
        against="中国研发经费表的终值（另行收集）",
        tolerance=0.1,
        floor=0.9,
        remark="强度两边都是当年首次公布的数。",
    )


def contracts_two_sources() -> Check:
    """快报与年报的技术合同成交额，对照年鉴。"""
    table = data.load("regional_indicators")
    table = table[(table["indicator"] == "tech_contract_value") & (table["bound"] == "exact")]
    names = data.labels("regional_indicators", "entity")
    out, whole = _panel(OPEN[0])[OPEN[0]], _panel(OPEN[0], scope="national")[OPEN[0]]
    rows = []
    for row in table.itertuples():
        place = {"jjj": ["CN-BJ", "CN-TJ", "CN-HE"], "yrd": ["CN-SH", "CN-JS", "CN-ZJ", "CN-AH"]}.get(row.entity)
        if row.entity == "national" and row.year in whole.index:
            rows.append((f"全国，{row.year}", row.value, whole[row.year]))
        elif row.entity == "province" and (row.province, row.year) in out.index:
            rows.append((f"{_zh()[row.province]}，{row.year}", row.value, out[row.province, row.year]))
        elif place:
            rows.append((f"{names[row.entity]}，{row.year}", row.value, sum(out[p, row.year] for p in place)))
    return compare(
        pd.DataFrame(rows, columns=["label", "left", "right"]),
        tables=("regional_indicators", "province_panel"),
        title="技术合同成交额：快报、年报与新闻",
        against="《中国科技统计年鉴》的输出额",
        tolerance=0.5,
        floor=0.8,
        remark=(
            "全国、北京、京津冀相同或相差不到千分之一；京津冀、长三角的右边由各省相加。"
            "2019 年快报的长三角比三省一市之和多 9%，没有写明怎么算的，不宜引用。"
        ),
    )


def transfer_modes() -> Check:
    """科技成果转化：分项之和。"""
    who = "universities_institutes"

    def at(name: str, year: int) -> float:
        return _regional(name, who)[year]

    return compare(
        _pairs(
            ["三种方式的金额，2023", "三种方式的项数，2023", "六种方式的金额，2020", "六种方式的项数，2020"],
            [
                sum(at(f"transfer_value_{m}", 2023) for m in ("assignment", "licence", "equity")),
                sum(at(f"transfer_count_{m}", 2023) for m in ("assignment", "licence", "equity")),
                sum(at(f"transfer_value_{m}", 2020) for m in ("3modes", "dev_cons_serv")),
                sum(at(f"transfer_count_{m}", 2020) for m in ("3modes", "dev_cons_serv")),
            ],
            [
                at("transfer_value_3modes", 2023),
                at("transfer_count_3modes", 2023),
                at("transfer_value_6modes", 2020),
                at("transfer_count_6modes", 2020),
            ],
        ),
        tables=("regional_indicators",),
        title="科技成果转化：分项之和",
        against="公布的合计",
        tolerance=0.05,
        remark="三种方式是转让、许可、作价投资；六种方式另加技术开发、咨询、服务，后三种占了大半。",
    )


def fund_shares() -> Check:
    """大基金：投资分布合计，与银行的出资占比。"""
    table = data.load("regional_indicators")
    parts = table[table["indicator"].str.startswith("fund_allocation_")]["value"].sum()
    third = table[table["entity"] == "big_fund_3"].set_index("indicator")["value"]
    return compare(
        _pairs(
            ["一期投资分布之和", "三期六大行的占比"],
            [parts, third["fund_bank_amount"] / third["fund_registered_capital"] * 100],
            [100, third["fund_bank_share"]],
        ),
        tables=("regional_indicators",),
        title="大基金：投资分布之和；六大行出资除以注册资本",
        against="百分之百；公布的占比",
        tolerance=0.01,
        unit="个百分点",
        remark="有的报道把六大行的占比印作 37.06%，与出资额不合，没有收。",
    )


def innovation_rank_order() -> Check:
    """区域创新能力：得分的先后与名次。"""
    table = data.load("regional_indicators")
    table = table[(table["year"] == 2019) & table["indicator"].str.startswith("regional_innovation_")]
    wide = table.pivot(index="province", columns="indicator", values="value").dropna()
    return compare(
        _pairs(
            wide.index.map(_zh()),
            wide["regional_innovation_score"].rank(ascending=False),
            wide["regional_innovation_rank"],
        ),
        tables=("regional_indicators",),
        title="区域创新能力，2019 年：得分的先后",
        against="公布的名次",
        tolerance=0,
        unit="位",
        remark="得分与名次是两列，抄错一格先后就乱；西藏的得分原页印错，没有收，它列最末，不影响先后。",
    )


def industrialisation_two_sources() -> Check:
    """发明专利产业化率：两个来源都说了的年份。"""
    table = data.load("regional_indicators")
    table = table[table["indicator"] == "invention_patent_industrialisation_rate"]
    twice = table.groupby(["entity", "year"])["value"].agg(["first", "last", "size"])
    twice = twice[twice["size"] > 1]
    zh = data.labels("regional_indicators", "entity")
    return compare(
        _pairs([f"{zh[e]}，{y}" for e, y in twice.index], twice["first"], twice["last"]),
        tables=("regional_indicators",),
        title="发明专利产业化率：一个来源",
        against="另一个来源",
        tolerance=0.05,
        unit="个百分点",
        remark="2021 年全部专利权人的一行由次年的增幅倒推，与另一来源所印相同。",
    )


def gerd_against_panel() -> Check:
    """各国研发经费的构成：附表与国际比较表。"""
    ours = data.load("gerd_structure")
    ours = ours[(ours["edition"] == "2021") & (ours["unit"] == "percent")].set_index(["iso3", "year", "indicator"])
    theirs = data.load("innovation_panel").set_index(["iso3", "year", "indicator"])
    both = ours[["value"]].join(theirs["value"].rename("other"), how="inner")
    names = data.load("countries").set_index("iso3")["name_zh"]
    zh = data.labels("gerd_structure", "indicator")
    return compare(
        _pairs([f"{names[i]}，{zh[k]}，{y}" for i, y, k in both.index], both["value"], both["other"]),
        tables=("gerd_structure", "innovation_panel"),
        title="研发经费的构成",
        against="国际比较表（同一附表，另一次转录）",
        tolerance=0.1,
        floor=0.95,
        unit="个百分点",
        remark="两次转录出自同一张附表，只能查出抄错，查不出原表的错；独立的一方见下一条。",
    )


def gerd_china() -> Check:
    """中国的执行构成：附表与公报。"""
    table = data.load("gerd_structure")
    china = table[(table["iso3"] == "CHN")].pivot(index="year", columns="indicator", values="value")
    rd = data.load("cn_rd")
    rd = rd[rd["status"] == "final"].pivot(index="year", columns="indicator", values="value")
    years = china.index.intersection(rd.dropna(subset=["rd_by_enterprise", "rd_by_university"]).index)
    rows = []
    for year in years:
        for ours, theirs, name in (
            ("gerd_by_business", "rd_by_enterprise", "企业"),
            ("gerd_by_higher_education", "rd_by_university", "高等学校"),
        ):
            share = rd.at[year, theirs] / rd.at[year, "rd_total"] * 100
            rows.append((f"{name}，{year}", china.at[year, ours], share))
    return compare(
        pd.DataFrame(rows, columns=["label", "left", "right"]),
        tables=("gerd_structure", "cn_rd"),
        title="中国研发经费的执行构成：NCSES 附表",
        against="公报的金额算出的占比",
        tolerance=0.1,
        unit="个百分点",
        remark="附表经经合组织取自国家统计局，公报是源头；只差取整。",
    )


def university_totals() -> Check:
    """大学：两种合著推出的论文总数应当相容。"""
    table = data.load("universities")
    papers = table["international_papers"] / table["international_share"]
    return compare(
        _pairs(table["university"], table["industry_papers"] / papers, table["industry_share"]),
        tables=("universities",),
        title="大学的校企合著占比：由论文数与国际合著推出",
        against="所印的占比",
        tolerance=0.1,
        floor=0.99,
        unit="个百分点",
        remark="国际合著的篇数除以占比得论文总数，再除校企合著的篇数；所印的占比只有一位小数，差在取整之内。",
    )


def ip_world_balance() -> Check:
    """知识产权使用费：世界的支出与收入。"""
    table = data.load("ip_charges")
    wide = table[(table["iso3"] == "WLD")].pivot(index="year", columns="flow", values="value")
    return compare(
        _pairs([f"{y} 年" for y in wide.index], wide["payments"], wide["receipts"]),
        tables=("ip_charges",),
        title="知识产权使用费：世界的支出",
        against="世界的收入",
        tolerance=15,
        floor=0.8,
        remark="一国的支出是另一国的收入，理应相等；差在各国登记不全与离岸地，这就是这类数字的误差有多大。",
    )


def ip_china_rates() -> Check:
    """中国 2018 年：人民币与美元的数隐含的汇率。"""
    table = data.load("ip_charges")
    china = table[(table["iso3"] == "CHN") & (table["year"] == 2018)].pivot(
        index="flow", columns="unit", values="value"
    )
    rate = china["CNY_100m"] / china["USD_100m"]
    return compare(
        _pairs(["支出与收入"], [rate["payments"]], [rate["receipts"]]),
        tables=("ip_charges",),
        title="中国的知识产权使用费，2018 年：支出一项隐含的汇率",
        against="收入一项隐含的汇率",
        tolerance=1,
        remark="商务部的人民币数与世界银行的美元数各自发布，两项隐含的汇率都在 6.6 上下，与当年的平均汇率相合。",
    )


def ip_china_part_year() -> Check:
    """中国 2020 年：前八个月折成全年，对照世界银行。"""
    part = data.load("openness")
    part = part[(part["year"] == 2020) & (part["period"] == "jan_aug")].set_index("indicator")["value"]
    table = data.load("ip_charges")
    year = table[(table["iso3"] == "CHN") & (table["year"] == 2020)].set_index("flow")["value"]
    return compare(
        _pairs(
            ["收入", "收支合计"],
            [part["ip_royalties_exports"] * 12 / 8, part["ip_royalties_total"] * 12 / 8],
            [year["receipts"], year["receipts"] + year["payments"]],
        ),
        tables=("openness", "ip_charges"),
        title="中国的知识产权使用费，2020 年：前八个月按月份折成全年",
        against="世界银行的全年数",
        tolerance=7,
        remark="新闻里的前八个月与世界银行的全年是两个来源；下半年略多，折算偏低。",
    )


def iter_shares() -> Check:
    """ITER：费用份额与十一分之几。"""
    table = data.load("iter_contributions")
    kept = table[table["measure"] == "construction_cost_share"].set_index("iso3")["value"]
    names = data.load("countries").set_index("iso3")["name_zh"]
    ideal = [500 / 11 if code == "EUU" else 100 / 11 for code in kept.index]
    return compare(
        _pairs(kept.index.map(names), kept, ideal),
        tables=("iter_contributions",),
        title="国际热核聚变实验堆：各方的费用份额",
        against="协定的比例（欧盟十一分之五，其余各十一分之一）",
        tolerance=0.2,
        unit="个百分点",
        remark="所印的 45.6 与 9.1 相加是 100.2，是取整；常见的 45.46 与 9.09 正是十一分之五与十一分之一。",
    )


def iter_items() -> Check:
    """ITER：七方都有采购项。"""
    table = data.load("iter_contributions")
    kinds = table.groupby("measure")["iso3"].nunique()
    return count(
        int(kinds["procurement_item"]),
        int(kinds["construction_cost_share"]),
        tables=("iter_contributions",),
        title="国际热核聚变实验堆：承担采购项的方数",
        against="分担费用的方数（另一来源）",
        remark="七方都以实物出资。",
    )


def facility_counts() -> Check:
    """开放共享考核：逐单位的名单数出来的与公布的。"""
    table = data.load("facility_ratings")
    ratings = table[table["year"] == 2024]["rating"].value_counts()
    zh = data.labels("facility_ratings", "rating")
    kinds = ["excellent", "good", "qualified", "poor"]
    rated = _regional("facility_rated")
    return compare(
        _pairs(
            [*(f"{zh[k]}，2024" for k in kinds), *(f"参评，{y}" for y in rated.index)],
            [*(int(ratings[k]) for k in kinds), *(int((table["year"] == y).sum()) for y in rated.index)],
            [*(_regional(f"facility_{k}")[2024] for k in kinds), *rated],
        ),
        tables=("facility_ratings", "regional_indicators"),
        title="科研设施开放共享考核：逐单位的名单数出来的",
        against="新闻公布的个数（另一来源）",
        tolerance=0,
        unit="个",
        remark="2020 年与 2024 年可核；其余各年没有找到公布的个数。",
    )


def game_thresholds() -> Check:
    """研发合作的门槛：不用闭式解，从利润函数的一阶条件数值求根。"""

    def noncooperative(beta: float) -> float:
        return brentq(lambda x: 2 * (2 - beta) * (1 + (1 + beta) * x) / 9 - x, -50, 0.999e6)

    def rd_only(beta: float) -> float:
        return brentq(lambda x: 2 * (1 + beta) * (1 + (1 + beta) * x) / 9 - x, -50, 0.999e6)

    def full(beta: float) -> float:
        return brentq(lambda x: (1 + beta) * (1 + (1 + beta) * x) / 4 - x, -50, 0.999e6)

    def slope(beta: float) -> float:
        cross = 2 * (2 - beta) * (2 * beta - 1) / 9
        own = 2 * (2 - beta) ** 2 / 9 - 1
        return abs(cross / own) - 1

    found = {
        "beta_stability_threshold": brentq(slope, 0.1, 0.45),
        "beta_noncoop_vs_full": brentq(lambda b: noncooperative(b) - full(b), 0.1, 0.45),
        "beta_noncoop_vs_rdcoop": brentq(lambda b: noncooperative(b) - rd_only(b), 0.3, 0.7),
    }
    table = data.load("game_models")
    table = table[table["element"] == "threshold"].set_index("symbol")
    names = ["稳定的门槛", "不合作与完全合作相等", "不合作与研发合作相等"]
    return compare(
        _pairs(
            [*names, *(f"{n}（文献）" for n in names)],
            [*table.loc[list(found), "value"], *table.loc[list(found), "published"]],
            [*found.values(), *found.values()],
        ),
        tables=("game_models",),
        title="研发合作的门槛：表中的数与文献所印的数",
        against="从利润函数的一阶条件数值求根",
        tolerance=0.01,
        unit="溢出率",
        remark="b·γ 取一。表中四位小数与求根相差不到万分之一；文献的 0.17 是 0.1771 截尾，不是四舍五入。",
    )


def battery_shares() -> Check:
    """动力电池：由装机与产能算出的份额，对照所印的份额。"""
    table = data.load("battery_chain")
    installed = table[table["indicator"] == "ev_battery_installed"]
    world = installed[installed["iso3"] == "WLD"].set_index("year")["value"]
    firms = installed[installed["entity"].notna()].set_index(["entity", "year"])["value"]
    printed = table[table["indicator"] == "ev_battery_share"].set_index(["entity", "year"])["value"]
    zh = data.labels("battery_chain", "entity")
    return compare(
        _pairs(
            [f"{zh[e]}，{y}" for e, y in firms.index],
            [value / world[y] * 100 for (_, y), value in firms.items()],
            [printed[key] for key in firms.index],
        ),
        tables=("battery_chain",),
        title="动力电池装机份额：企业装机除以全球装机",
        against="所印的份额",
        tolerance=0.1,
        unit="个百分点",
        remark="分子、分母、份额取自同一次发布，只差取整。",
    )


def battery_capacity() -> Check:
    """电芯产能：由各国产能算出的占比，对照所印的占比。"""
    table = data.load("battery_chain")
    wide = table[table["indicator"].isin(["cell_capacity", "cell_capacity_share"])]
    wide = wide.pivot(index="iso3", columns="indicator", values="value")
    names = data.load("countries").set_index("iso3")["name_zh"]
    return compare(
        _pairs(
            wide.index.map(names),
            wide["cell_capacity"] / wide["cell_capacity"].sum() * 100,
            wide["cell_capacity_share"],
        ),
        tables=("battery_chain",),
        title="电芯产能：各国产能除以各国之和",
        against="所印的占比（取整）",
        tolerance=0.5,
        unit="个百分点",
        remark="各国之和为 1163（原文没有另印合计的来源）；占比取整到个位，所以容差为半个百分点。",
    )


def battery_output() -> Check:
    """锂离子电池产量：三类之和。"""
    table = data.load("battery_chain")
    table = table[(table["year"] == 2023) & (table["period"] == "full_year")].set_index("indicator")["value"]
    parts = ["li_battery_output_consumer", "li_battery_output_power", "li_battery_output_storage"]
    return compare(
        _pairs(["2023 年"], [table[parts].sum()], [table["li_battery_output"]]),
        tables=("battery_chain",),
        title="锂离子电池产量：消费、动力、储能三类之和",
        against="公布的合计",
        tolerance=0.01,
        remark="2023 年，工业和信息化部。",
    )


def odi_share() -> Check:
    """对外直接投资：制造业占比。"""
    table = data.load("openness")
    table = table[table["year"] == 2020].set_index("indicator")["value"]
    return compare(
        _pairs(
            ["2020 年"],
            [table["odi_flow_manufacturing"] / table["odi_flow_total"] * 100],
            [table["odi_flow_manufacturing_share"]],
        ),
        tables=("openness",),
        title="对外直接投资流量：制造业除以合计",
        against="公布的占比",
        tolerance=0.05,
        unit="个百分点",
        remark="其余指标各只有一个来源，没有可以相加的分项。",
    )


#: 本组的核对，按先后。
CHECKS = [
    neighbour_counts,
    neighbours_connected,
    provinces_in_regions,
    tiles_near,
    panel_closed_sums,
    panel_open_sums,
    panel_contract_balance,
    panel_bulletin_yearbook,
    panel_parts,
    panel_against_bulletin,
    contracts_two_sources,
    transfer_modes,
    fund_shares,
    innovation_rank_order,
    industrialisation_two_sources,
    gerd_against_panel,
    gerd_china,
    university_totals,
    ip_world_balance,
    ip_china_rates,
    ip_china_part_year,
    iter_shares,
    iter_items,
    facility_counts,
    game_thresholds,
    battery_shares,
    battery_capacity,
    battery_output,
    odi_share,
]
