"""核对：政策、管制、实体清单、财政金融、指标序列与规划目标各表。"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from chokepoint import data

from ._check import Check, compare, count

#: 文号的发文机关代字属于谁。
PREFIXES = {"国办发": "state_council_office", "国办函": "state_council_office"}
PREFIXES |= {"国发": "state_council", "国函": "state_council", "国令": "state_council"}
#: 政策表里的数字，与目标表里同一个目标：（文件，目标）。
PLEDGES = {
    "p001": "mlp06_rd_gdp",
    "p023": "ic12_sales",
    "p036": "ico_sales15",
    "p047": "mic_core70",
    "p072": "st13_contrib",
    "p080": "qj17_components",
    "p123": "fyp14_rd_growth",
    "p125": "smd_level2",
    "p126": "pledge_parks",
    "p135": "sm14_digital70",
    "p137": "sme_cloud22",
    "p147": "pa_contracts",
    "p150": "zs_platforms",
    "p156": "mfgdig27",
    "p169": "fyp15_patents",
}
#: 政策表里的数字，与财政表里同一个数：（文件，项目，量什么）。
FUNDS = [
    ("p039", "big_fund_1", "fund_size"),
    ("p111", "big_fund_2", "registered_capital"),
    ("p117", "ic_cit_28nm", "exempt_years"),
    ("p121", "ic_cit_28nm", "exempt_years"),
    ("p142", "super_deduction", "rate_general"),
    ("p143", "super_deduction", "rate_ic_machine_tools"),
    ("p152", "big_fund_3", "registered_capital"),
    ("p168", "vc_guidance_fund", "central_capital"),
]
#: 财政表与地区指标表里同一个数：（项目，财政表的量，地区指标表的指标）。
PHASES = [
    ("big_fund_1", "fund_size", "fund_raised"),
    ("big_fund_1", "registered_capital", "fund_registered_capital"),
    ("big_fund_1", "share_design", "fund_allocation_design"),
    ("big_fund_1", "share_equipment_materials", "fund_allocation_equipment_material"),
    ("big_fund_1", "share_manufacturing", "fund_allocation_manufacturing"),
    ("big_fund_1", "share_packaging", "fund_allocation_packaging_test"),
    ("big_fund_2", "mof_share", "fund_mof_share"),
    ("big_fund_2", "registered_capital", "fund_registered_capital"),
    ("big_fund_3", "fund_life", "fund_term"),
    ("big_fund_3", "mof_share", "fund_mof_share"),
    ("big_fund_3", "registered_capital", "fund_registered_capital"),
    ("big_fund_3", "six_state_banks", "fund_bank_amount"),
]
#: 实体清单的行业报道，中国之外的不在内：这些事件的数只含中国。
PRESS = ["s005", "s009", "s021"]


def _pairs(labels: Iterable, left: Iterable, right: Iterable) -> pd.DataFrame:
    """成对的数。"""
    return pd.DataFrame({"label": list(labels), "left": list(left), "right": list(right)})


def _zh(table: str, field: str, codes: pd.Series) -> list[str]:
    """代码写成中文名。"""
    return list(codes.map(data.labels(table, field)))


def _numbered() -> pd.DataFrame:
    """取自目录、有文号的文件，连同首位发文机关。"""
    first = data.load("policy_issuers").query("issuer_order == 1")[["policy_id", "issuer"]]
    table = data.load("policies").merge(first, on="policy_id")
    return table[(table["seen_in"] == "gov_index") & table["doc_number"].notna()]


def _series(indicator: str, **kept: str) -> pd.Series:
    """序列表里的一个指标，以年份为索引；``kept`` 再按别的列挑选。"""
    table = data.load("policy_series")
    table = table[table["indicator"] == indicator]
    for column, value in kept.items():
        table = table[table[column] == value]
    return table.set_index("year")["value"]


def policy_numbers_year() -> Check:
    """文号里的年份与成文日的年份。"""
    table = _numbered()
    year = table["doc_number"].str.extract(r"〔(\d{4})〕")[0].astype(float)
    table, year = table[year.notna()], year.dropna()
    return compare(
        _pairs(table["doc_number"], year, table["date"].str[:4].astype(int)),
        tables=("policies", "policy_issuers"),
        title="政策：文号里的年份",
        against="目录另列的成文日",
        tolerance=0,
        unit="年",
        remark="文号与成文日是目录的两栏；国务院令的编号不含年份，不在内。取自法律与新闻的文件没有文号可核。",
    )


def policy_numbers_issuer() -> Check:
    """由文号的代字数出的发文机关，与发文机关表。"""
    table = _numbered()
    by_number = (
        table["doc_number"].str[:3].where(table["doc_number"].str.startswith("国办"), table["doc_number"].str[:2])
    )
    by_number = by_number.map(PREFIXES).value_counts()
    recorded = table["issuer"].value_counts().reindex(by_number.index)
    return compare(
        _pairs(_zh("policy_issuers", "issuer", by_number.index.to_series()), recorded, by_number),
        tables=("policies", "policy_issuers"),
        title="政策：发文机关的文件数",
        against="由文号的代字数出的文件数",
        tolerance=0,
        unit="个",
        remark="国发、国函、国令属国务院，国办发、国办函属国务院办公厅；部门联合发文没有文号可核。",
    )


def policy_published() -> Check:
    """原文网址里的日期与公开日。"""
    table = _numbered()
    at = table["url"].str.extract(r"/content/(\d{4}-\d{2})/(\d{2})/").agg("-".join, axis=1)
    days = (pd.to_datetime(at) - pd.Timestamp("2000-01-01")).dt.days
    said = (pd.to_datetime(table["published"]) - pd.Timestamp("2000-01-01")).dt.days
    return compare(
        _pairs(table["doc_number"], days, said),
        tables=("policies", "policy_issuers"),
        title="政策：原文网址里的日期",
        against="目录另列的公开日",
        tolerance=0,
        unit="天",
        remark="网址由网站按上网日生成；两栏逐条相符，说明抄录没有错行。",
    )


def policy_issuers_counted() -> Check:
    """具名的发文机关数。"""
    table = data.load("policies").set_index("policy_id")
    rows = data.load("policy_issuers").groupby("policy_id").size().reindex(table.index, fill_value=0)
    return compare(
        _pairs(table["title"], rows, table["issuers_named"]),
        tables=("policies", "policy_issuers"),
        title="政策：发文机关表的行数",
        against="政策表所记的具名机关数",
        tolerance=0,
        unit="个",
        remark="两张表由同一栏拆成，只防漏行；写“等几部门”的另有写明数，缺的部门补不出来。",
    )


def policy_pledges() -> Check:
    """政策里的数字与目标表。"""
    pledged = data.load("policies").set_index("policy_id")
    aims = data.load("targets").set_index("target_id")["target_value"]
    return compare(
        _pairs(
            pledged.loc[list(PLEDGES), "title"], pledged.loc[list(PLEDGES), "value"], aims.loc[list(PLEDGES.values())]
        ),
        tables=("policies", "targets"),
        title="政策里的数字：目标值",
        against="目标表的目标值",
        tolerance=0,
        remark="两张表分别由文件与计分表录入，多数出自同一篇转载，所以这一条防的是抄错，不是转载有误。",
    )


def policy_funds() -> Check:
    """政策里的数字与财政表。"""
    stated = data.load("policies").set_index("policy_id")["value"]
    table = data.load("fiscal_instruments").set_index(["programme", "measure"])["value"]
    names = data.labels("fiscal_instruments", "programme")
    return compare(
        _pairs(
            [f"{names[programme]}（{policy}）" for policy, programme, _ in FUNDS],
            [stated[policy] for policy, _, _ in FUNDS],
            [table[programme, measure] for _, programme, measure in FUNDS],
        ),
        tables=("policies", "fiscal_instruments"),
        title="基金规模与税收优惠：政策表的数",
        against="财政表的数",
        tolerance=0,
        remark="大基金一期规模与三期注册资本两边出自不同的报道；其余出自同一篇。",
    )


def fiscal_phases() -> Check:
    """大基金三期的数与地区指标表。"""
    table = data.load("fiscal_instruments").set_index(["programme", "measure"])["value"]
    other = data.load("regional_indicators").set_index(["entity", "indicator"])["value"]
    names, measures = data.labels("fiscal_instruments", "programme"), data.labels("fiscal_instruments", "measure")
    return compare(
        _pairs(
            [f"{names[programme]}，{measures[measure]}" for programme, measure, _ in PHASES],
            [table[programme, measure] for programme, measure, _ in PHASES],
            [other[programme, indicator] for programme, _, indicator in PHASES],
        ),
        tables=("fiscal_instruments", "regional_indicators"),
        title="大基金三期：规模、持股与投向",
        against="地区指标表（另行收集，报道不尽相同）",
        tolerance=0.02,
        remark="一期规模一处取整为 1387，一处写 1387.2 亿元；其余相等。都是报道转述，没有见到基金自己的报表。",
    )


def fiscal_chips_act() -> Check:
    """美国芯片法：两项之和与合计。"""
    table = data.load("fiscal_instruments").query("programme == 'chips_act'").set_index("measure")["value"]
    return compare(
        _pairs(
            ["生产补贴加研发支持"],
            [table["production_incentives"] + table["rd_support"]],
            [table["total_appropriation"]],
        ),
        tables=("fiscal_instruments",),
        title="美国芯片与科学法：生产补贴与研发支持之和",
        against="公布的拨款合计",
        tolerance=1,
        remark="差 5 亿美元，为另列的小项；其余对照各行口径不同，没有可以相加的分项。",
    )


def controls_against_rules() -> Check:
    """实体清单事件的数与增补规则。"""
    events = data.load("export_controls").query("instrument == 'entity_list' and action == 'impose'")
    events = events[events["value_of"].isin(["entities", "china_entries"])]
    rules = data.load("entity_list_rules")
    rules = rules.assign(
        date=rules["date"].dt.strftime("%Y-%m-%d"), n=rules["china_entries"].fillna(rules["entries_added"])
    )
    both = events.merge(rules.groupby("date")["n"].sum(), on="date")
    return compare(
        _pairs(both["event"], both["value"], both["n"]),
        tables=("export_controls", "entity_list_rules"),
        title="实体清单：事件所记的列入数",
        against="同日各项规则之和",
        tolerance=0,
        unit="条",
        remark="按公布日对齐；都出自联邦公报，先后两次抄录。2024 年 12 月的一件没有分列，比的是各国合计。",
    )


def controls_alive() -> Check:
    """事件里仍在册的条目数，与同月的在册条目。"""
    events = data.load("export_controls")
    events = events[events["value_of"].isin(["entries_alive", "entries"])]
    by_month = events.assign(month=events["date"].str[:7]).groupby("month")["value"].sum()
    listed = data.load("entity_list_monthly").query("series == 'listed_2022_05'").groupby("month")["entries"].sum()
    return compare(
        _pairs(by_month.index, by_month, listed.reindex(by_month.index)),
        tables=("export_controls", "entity_list_monthly"),
        title="实体清单：事件所记仍在册的条目，按月",
        against="同月的在册条目",
        tolerance=0,
        floor=0.7,
        unit="条",
        remark="2019 年 5 月与 8 月在册的更多，因为同月 14 日各另有一项规则，没有列为事件；其余各月相等。",
    )


def controls_press() -> Check:
    """行业报道的列入数，与同月仍在册的。"""
    events = data.load("export_controls").set_index("event_id").loc[PRESS]
    listed = data.load("entity_list_monthly").query("series == 'listed_2022_05'").groupby("month")["entries"].sum()
    return compare(
        _pairs(events["event"], events["value"], listed.reindex(events["date"].str[:7])),
        tables=("export_controls", "entity_list_monthly"),
        title="实体清单：报道与公报所说的列入数",
        against="2022 年 5 月仍在册的条目",
        tolerance=0,
        floor=0.6,
        unit="条",
        remark="2018 年 8 月列入 44 家，四年后在册 35 条：有的移除，有的并入一条；2019 年 6 月与 2021 年 4 月相等。",
    )


def entity_list_two_counts() -> Check:
    """逐月与逐年两种计数。"""
    monthly = data.load("entity_list_monthly").query("series == 'listed_2022_05'")
    monthly = monthly.assign(year=monthly["month"].str[:4].astype(int)).groupby(["year", "location"])["entries"].sum()
    yearly = (
        data.load("entity_list_counts").query("list == 'entity_list'").groupby(["year", "location"])["entries"].sum()
    )
    where = data.labels("entity_list_counts", "location")
    every = monthly.index.union(yearly.index)
    return compare(
        _pairs(
            [f"{y} 年，{where[k]}" for y, k in every],
            monthly.reindex(every, fill_value=0),
            yearly.reindex(every, fill_value=0),
        ),
        tables=("entity_list_monthly", "entity_list_counts"),
        title="实体清单：逐月条目加总到年",
        against="按起始年、地址与归类的计数",
        tolerance=0,
        unit="条",
        remark="两张表由同一份快照分别计数；没有起始日的 11 条只在后一张。其余三份清单没有另一份名单可比。",
    )


def entity_list_rules_by_month() -> Check:
    """规则里的中国条目加总到月。"""
    rules = data.load("entity_list_rules").dropna(subset="china_entries")
    by_month = rules.groupby(rules["date"].dt.strftime("%Y-%m"))["china_entries"].sum()
    monthly = data.load("entity_list_monthly").query("series == 'china_in_rules'").set_index("month")["entries"]
    by_month = by_month[by_month.index >= monthly.index.min()]
    return compare(
        _pairs(by_month.index, monthly.reindex(by_month.index), by_month),
        tables=("entity_list_monthly", "entity_list_rules"),
        title="实体清单：规则的中国条目，按月",
        against="逐项规则之和",
        tolerance=0,
        unit="条",
        remark="同一批摘要的两种列法，防漏行与错月；2022 年 8 月以前由快照覆盖，不在内。",
    )


def entity_list_rules_alive() -> Check:
    """规则所写的中国条目，与快照里同月仍在册的。"""
    rules = data.load("entity_list_rules").dropna(subset="china_entries")
    by_month = rules.groupby(rules["date"].dt.strftime("%Y-%m"))["china_entries"].sum()
    listed = data.load("entity_list_monthly").query("series == 'listed_2022_05'").groupby("month")["entries"].sum()
    by_month = by_month[by_month.index <= listed.index.max()]
    return compare(
        _pairs(by_month.index, by_month, listed.reindex(by_month.index)),
        tables=("entity_list_rules", "entity_list_monthly"),
        title="实体清单：规则摘要写明的中国条目，快照之前",
        against="综合筛查名单里同月起始、仍在册的条目",
        tolerance=0,
        unit="条",
        remark="两份不同的政府文件；快照之前写明中国数的规则只有 2021 年 1 月与 4 月两项。",
    )


def entity_list_stock() -> Check:
    """累计条目与存量。"""
    monthly = data.load("entity_list_monthly")
    year = monthly["month"].str[:4].astype(int)
    undated = data.load("entity_list_counts").query("list == 'entity_list'")
    undated = undated[undated["year"].isna()]["entries"].sum()
    stock = _series("entity_list_china_stock")
    ours = [monthly.loc[year <= y, "entries"].sum() + undated for y in stock.index]
    return compare(
        _pairs([f"{y} 年" for y in stock.index], ours, stock),
        tables=("entity_list_monthly", "entity_list_counts", "policy_series"),
        title="实体清单：中国条目的累计",
        against="美国商务部自查所说的存量（据报道）",
        tolerance=12,
        remark="累计低一成上下：此前移除的、摘要没有分列的都不在内，存量的口径也没有说明；所以逐月表只是下限。",
    )


def series_rd_two_sources() -> Check:
    """研发：序列表与研发经费表。"""
    ours = {
        ("rd_expenditure", "final", 2020): ("rd_total", "final"),
        ("rd_expenditure", "final", 2024): ("rd_total", "final"),
        ("rd_expenditure", "preliminary", 2024): ("rd_total", "preliminary"),
        ("basic_research_expenditure", "final", 2024): ("rd_basic", "final"),
        ("basic_research_share", "derived", 2023): ("rd_basic_share", "final"),
        ("basic_research_share", "final", 2024): ("rd_basic_share", "final"),
        ("rd_to_gdp", "observed", 2020): ("rd_intensity", "final"),
        ("rd_to_gdp", "final", 2024): ("rd_intensity_revised", "final"),
        ("rd_to_gdp", "preliminary", 2025): ("rd_intensity_revised", "preliminary"),
    }
    table = data.load("cn_rd").set_index(["indicator", "status", "year"])["value"]
    names = data.labels("policy_series", "indicator")
    return compare(
        _pairs(
            [f"{names[i]}，{y} 年" for i, _, y in ours],
            [_series(i, status=s)[y] for i, s, y in ours],
            [table[i, s, key[2]] for key, (i, s) in ours.items()],
        ),
        tables=("policy_series", "cn_rd"),
        title="研发经费：序列表",
        against="中国研发经费表（另行收集）",
        tolerance=0.01,
        remark="2024 年两边同出一份公报，其余出自不同的发布；与 GDP 之比 2020 年比的是修订前的数。",
    )


def series_rd_ratios() -> Check:
    """基础研究占比与增速：由金额算。"""
    total = _series("rd_expenditure", bound="exact")
    final = total.groupby(level=0).max()
    basic, share = _series("basic_research_expenditure"), _series("basic_research_share")
    both = basic.index.intersection(final.index)
    growth = _series("rd_growth_nominal")
    return compare(
        _pairs(
            [*(f"基础研究占比，{y} 年" for y in both), "研发经费名义增速，2025 年"],
            [*(basic[both] / final[both] * 100), (final[2025] / final[2024] - 1) * 100],
            [*share[both], growth[2025]],
        ),
        tables=("policy_series",),
        title="研发：由金额算出的占比与增速",
        against="公布的占比与增速",
        tolerance=0.05,
        unit="个百分点",
        remark="差来自取整；2024 年取终值 36326.8 亿元，不取初步测算。",
    )


def series_robots() -> Check:
    """机器人：序列表与贸易表。"""
    trade = data.load("trade_totals").query("goods == 'industrial_robots' and iso3 == 'CHN'")
    units = trade[trade["indicator"] == "annual_installations"].set_index("year")["value"] / 1000
    density = trade[trade["indicator"] == "robot_density"].set_index("year")["value"]
    mine = _series("robot_installations")
    old = data.load("policy_series").query("indicator == 'robot_density' and definition == 'ifr_old'")
    old = old[old["source_id"] != "strat-tech-insurance-460"].set_index("year")["value"]
    years, both = mine.index.intersection(units.index), old.index.intersection(density.index)
    return compare(
        _pairs(
            [*(f"年装机量，{y} 年" for y in years), *(f"机器人密度，{y} 年" for y in both)],
            [*mine[years], *old[both]],
            [*units[years], *density[both]],
        ),
        tables=("policy_series", "trade_totals"),
        title="工业机器人：年装机量与密度（旧口径）",
        against="贸易表里国际机器人联合会的公布数",
        tolerance=1,
        floor=0.75,
        remark="2016 年的 9.7 万台是后来改过的，首次公布为 8.7 万台；密度另有一行 392，年份存疑，不在内。",
    )


def series_patents_in_force() -> Check:
    """国内有效发明专利：知识产权局与年鉴。"""
    panel = data.load("province_panel").query("scope == 'national' and indicator == 'patent_valid_invention'")
    panel = panel.set_index("year")["value"] / 10_000
    mine = _series("invention_patents_in_force_domestic", period="year_end")
    years = mine.index.intersection(panel.index)
    return compare(
        _pairs([f"{y} 年末" for y in years], mine[years], panel[years]),
        tables=("policy_series", "province_panel"),
        title="国内有效发明专利",
        against="《中国科技统计年鉴》全国数",
        tolerance=3,
        remark="年鉴高约两个百分点，含港澳台；序列表只算不含港澳台的。",
    )


def series_royalties() -> Check:
    """使用费进出口：人民币与美元公布数隐含的汇率。"""
    table = data.load("ip_charges").query("iso3 == 'CHN'")
    wide = table.pivot_table(index="year", columns=["unit", "flow"], values="value", aggfunc="first").astype(float)
    dollars = (wide["USD_100m"]["payments"] + wide["USD_100m"]["receipts"]).fillna(wide["USD_100m"]["total"])
    base = (wide["CNY_100m"][["payments", "receipts"]].sum(axis=1, min_count=2) / dollars).dropna().iloc[0]
    mine = _series("ip_royalties_trade_total")
    years = [y for y in mine.index if pd.notna(dollars.get(y))]
    return compare(
        _pairs([f"{y} 年" for y in years], [mine[y] / dollars[y] for y in years], [base] * len(years)),
        tables=("policy_series", "ip_charges"),
        title="知识产权使用费进出口：人民币与美元公布数之比",
        against="2018 年同样算出的比值",
        tolerance=8,
        remark="知识产权局的人民币数除以国际收支的美元数，应近于当年汇率；比 2018 年高 5%、6%，与人民币走低同向。",
    )


def series_strengthening() -> Check:
    """工业强基：两处转载。"""
    table = data.load("industrial_base").set_index("indicator")["value"]
    found = {
        "qiangji_projects_cumulative": "strengthening_projects",
        "qiangji_investment_cumulative": "strengthening_investment",
        "qiangji_key_material_projects": "strengthening_material_projects",
    }
    names = data.labels("policy_series", "indicator")
    return compare(
        _pairs(
            [names[i] for i in found],
            [_series(i).iloc[0] for i in found],
            [table[i] for i in found.values()],
        ),
        tables=("policy_series", "industrial_base"),
        title="工业强基工程：项目与投资",
        against="产业基础表（另一处转载）",
        tolerance=0,
        remark="都转自工业和信息化部的同一回顾，防抄错。",
    )


def target_baselines() -> Check:
    """目标表的基数与序列表。"""
    aims = data.load("targets").dropna(subset="baseline_value")
    series = data.load("policy_series").query("status != 'forecast'")
    both = aims.merge(series, left_on=["indicator", "baseline_year"], right_on=["indicator", "year"])
    both = both[both["period"] != "as_of"]
    names = data.labels("targets", "plan")
    zh = data.labels("targets", "indicator")
    labels = [f"{names[p]}：{zh[i]}" for p, i in zip(both["plan"], both["indicator"], strict=True)]
    return compare(
        _pairs(labels, both["baseline_value"], both["value"]),
        tables=("targets", "policy_series"),
        title="规划目标的基数",
        against="序列表同一指标同一年的数",
        tolerance=0.5,
        remark="使用费、满意度与每万人口高价值发明专利的基数取自规划，序列取自后来的发布，是独立的两处。",
    )


def outcomes_in_series() -> Check:
    """结果表与序列表：同一指标、同一年、同一来源。"""
    aims = data.load("targets").set_index("target_id")["indicator"]
    out = data.load("target_outcomes")
    out = out.assign(indicator=out["target_id"].map(aims))
    series = data.load("policy_series")
    both = out.merge(series, on=["indicator", "year", "source_id"], suffixes=("", "_series"))
    both = both.drop_duplicates("outcome_id")
    zh = data.labels("targets", "indicator")
    return compare(
        _pairs(
            [f"{zh[i]}，{y} 年" for i, y in zip(both["indicator"], both["year"], strict=True)],
            both["value"],
            both["value_series"],
        ),
        tables=("target_outcomes", "targets", "policy_series"),
        title="规划目标的结果",
        against="序列表里同一来源的数",
        tolerance=0,
        remark="同一来源分两次录入，防抄错；口径不同或由别的数折算的结果在序列表里没有同名的指标，不在内。",
    )


def verdicts_again() -> Check:
    """按结果重新判定：达到与否。"""
    judged = {"met": 1, "met_early": 1, "met_on_projection": 1, "missed": 0}
    aims = data.load("targets").set_index("target_id")
    out = (
        data.load("target_outcomes")
        .query("definition_match != 'different'")
        .merge(aims, on="target_id", suffixes=("", "_aim"))
    )
    out = out[(out["year"] <= out["target_year"]) & out["verdict"].isin(judged)]
    up = out["comparator"] == "at_least"
    out = out.assign(ok=(up & (out["value"] >= out["target_value"])) | (~up & (out["value"] <= out["target_value"])))
    again = out.groupby("target_id")["ok"].any().astype(int)
    zh = data.labels("targets", "indicator")
    return compare(
        _pairs(aims.loc[again.index, "indicator"].map(zh), again, aims.loc[again.index, "verdict"].map(judged)),
        tables=("targets", "target_outcomes"),
        title="规划目标的判定：达到为 1，未达到为 0",
        against="用结果表按比较方向重新判定",
        tolerance=0,
        unit="级",
        remark="只用目标年及以前、同口径或相近的结果；只有到期以后的结果、或只有口径不同的结果的，不能重判，不在内。",
    )


def verdicts_early() -> Check:
    """提前达到的：首次达到的年份早于目标年。"""
    every = data.load("targets").set_index("target_id")["indicator"]
    aims = data.load("targets").query("verdict == 'met_early'")
    out = data.load("target_outcomes").query("definition_match != 'different'")
    out = out.assign(indicator=out["target_id"].map(every)).drop(columns="target_id")
    out = out.merge(aims, on="indicator", suffixes=("", "_aim"))
    up = out["comparator"] == "at_least"
    out = out[(up & (out["value"] >= out["target_value"])) | (~up & (out["value"] <= out["target_value"]))]
    first = out.groupby("target_id")["year"].min()
    return count(
        int((first < aims.set_index("target_id")["target_year"].reindex(first.index)).sum()),
        len(aims),
        tables=("targets", "target_outcomes"),
        title="首次达到早于目标年的目标",
        against="判为提前达到的目标",
        remark="几个规划用同一指标的，共用结果；每一个判为提前达到的，都有目标年之前的一个同口径或相近的数达到目标。",
    )


#: 本组的核对，按先后。
CHECKS = [
    policy_numbers_year,
    policy_numbers_issuer,
    policy_published,
    policy_issuers_counted,
    policy_pledges,
    policy_funds,
    fiscal_phases,
    fiscal_chips_act,
    controls_against_rules,
    controls_alive,
    controls_press,
    entity_list_two_counts,
    entity_list_rules_by_month,
    entity_list_rules_alive,
    entity_list_stock,
    series_rd_two_sources,
    series_rd_ratios,
    series_robots,
    series_patents_in_force,
    series_royalties,
    series_strengthening,
    target_baselines,
    outcomes_in_series,
    verdicts_again,
    verdicts_early,
]
