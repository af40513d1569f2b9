"""核对：科技金融、数字化、容错条款、人才、科学素质与前沿领域各表。"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from chokepoint import data

from ._check import Check, compare, count


def _pairs(labels: Iterable, left: Iterable, right: Iterable) -> pd.DataFrame:
    """成对的数。"""
    return pd.DataFrame({"label": list(labels), "left": list(left), "right": list(right)})


def _series(table: str, name: str, **where: str) -> pd.DataFrame:
    """一个表里的一个指标；``where`` 的列取所给的值，空串为空格子。"""
    found = data.load(table)
    found = found[found["series"] == name]
    for column, value in where.items():
        found = found[found[column].isna() if value == "" else found[column] == value]
    return found


def _by_year(table: str, name: str, **where: str) -> pd.Series:
    """一个指标，以年份为索引。"""
    return _series(table, name, **where).set_index("year")["value"]


def _dated(name: str) -> pd.Series:
    """科技金融表里一个累计指标，以时点为索引；只写到月的按月末。"""
    found = _series("innovation_finance", name)
    days = [pd.Timestamp(p) + pd.offsets.MonthEnd(0) if len(p) == 7 else pd.Timestamp(p) for p in found["period"]]
    return pd.Series(found["value"].to_numpy(), index=pd.DatetimeIndex(days)).sort_index()


def _between(series: pd.Series) -> pd.Series:
    """每个内点由前后两点按天数直线推出的值。"""
    days = series.index.to_julian_date().to_numpy()
    values = series.to_numpy(float)
    inner = range(1, len(series) - 1)
    found = [np.interp(days[i], days[[i - 1, i + 1]], values[[i - 1, i + 1]]) for i in inner]
    return pd.Series(found, index=series.index[1:-1])


def star_first_two_years() -> Check:
    """科创板：头两年各上市的家数之和。"""
    listed = _dated("star_listed_cumulative")
    return count(
        int(_series("innovation_finance", "star_listings_12m")["value"].sum()),
        int(listed[pd.Timestamp("2021-07-21")]),
        tables=("innovation_finance",),
        title="科创板：头两个十二个月上市的公司之和",
        against="开市两周年的累计",
        remark="首年的家数是由次年与增量推出的，两周年的累计另外公布，三个数合得上。",
    )


def star_between_neighbours() -> Check:
    """科创板：每个时点与前后两点之间的直线。"""
    names = {"star_listed_cumulative": "家数", "star_ipo_funds_cumulative": "募资"}
    frames = []
    for name, zh in names.items():
        ours = _dated(name)
        line = _between(ours)
        frames.append(_pairs([f"{zh}，{d:%Y-%m-%d}" for d in line.index], ours[line.index], line))
    return compare(
        pd.concat(frames, ignore_index=True),
        tables=("innovation_finance",),
        title="科创板的累计家数与募资：每个时点",
        against="前后两个时点（各自另一家媒体）之间的直线",
        tolerance=10,
        remark=(
            "家数都在 6% 之内。募资 2022 年 11 月比直线高两成：发行集中在 2021 年下半年到 2022 年，此后放慢，不是抄错。"
            "时点不等距，只能求差，不能当逐年数。"
        ),
        floor=0.8,
    )


def pledge_growth() -> Check:
    """质押融资：由两年的金额算出的增速。"""
    amount = _by_year("innovation_finance", "ip_pledge_amount")
    growth = _by_year("innovation_finance", "ip_pledge_growth")
    return compare(
        _pairs(["2024 年前三季度"], [(amount[2024] / amount[2023] - 1) * 100], [growth[2024]]),
        tables=("innovation_finance",),
        title="专利商标质押融资：由两年前三季度的金额算出的增速",
        against="次年发布会公布的增速",
        tolerance=0.5,
        unit="个百分点",
        remark="两年的金额出自不同的报道，口径相合；其余各年期间不同，无从算增速。",
    )


def nc_rate_between() -> Check:
    """2021 年的数控化率，两说各与前后两年之间的直线比。"""
    found = _series("digitalisation", "key_process_nc_rate")
    known = found[found["conflict"].isna()].set_index("year")["value"]
    both = found[found["conflict"].notna()]
    years = [2020, 2023]
    line = [np.interp(year, years, known[years].to_numpy(float)) for year in both["year"].astype(int)]
    return compare(
        _pairs([f"2021 年，{value:g}%" for value in both["value"]], both["value"], line),
        tables=("digitalisation",),
        title="关键工序数控化率：2021 年的两说",
        against="2020 与 2023 年（另外两次发布）之间的直线",
        tolerance=1,
        floor=0.5,
        unit="个百分点",
        remark="55.3 与直线相差不到半个百分点；51.3 比上一年还低，当是误写。样本前后说法不同，所以只当旁证。",
    )


def iiot_parts() -> Check:
    """工业互联网：核心与渗透之和。"""
    names = ["iiot_core_value_added", "iiot_spillover_value_added", "iiot_value_added"]
    core, spill, total = (_by_year("digitalisation", name, conflict="") for name in names)
    years = core.index.intersection(spill.index).intersection(total.index)
    return compare(
        _pairs(years.map("{} 年".format), core[years] + spill[years], total[years]),
        tables=("digitalisation",),
        title="工业互联网增加值：核心与渗透之和",
        against="公布的总规模",
        tolerance=0.1,
        remark="只有 2024 年两部分齐全，相等。",
    )


def iiot_implied_gdp() -> Check:
    """由增加值与占比推出的 GDP。"""
    value, share = (_by_year("digitalisation", name) for name in ("iiot_value_added", "iiot_gdp_share"))
    rd = data.load("cn_rd")
    rd = rd[rd["status"].isin(["final", "derived"])].pivot(index="year", columns="indicator", values="value")
    intensity = rd["rd_intensity"].fillna(rd["rd_intensity_revised"])
    implied = (value / share * 100).dropna()
    gdp = (rd["rd_total"] / intensity * 100).reindex(implied.index)
    return compare(
        _pairs(implied.index.map("{} 年".format), implied, gdp),
        tables=("digitalisation", "cn_rd"),
        title="工业互联网：由增加值与占 GDP 的比重推出的 GDP",
        against="由研发经费与研发强度推出的 GDP",
        tolerance=1,
        floor=0.8,
        remark=(
            "2019、2021、2023 年相差不到 0.2%，2022 年（预计）差不到 1%；"
            "2024 年少 2.6%，报告用的多半是五经普修订之前的 GDP，占比偏高。"
        ),
    )


def cross_platforms() -> Check:
    """双跨平台：白皮书与另一来源。"""
    base = data.load("industrial_base")
    base = base[base["indicator"] == "iiot_platforms"].sort_values("year")
    return count(
        int(_series("digitalisation", "iiot_cross_platforms")["value"].iloc[0]),
        int(base["value"].iloc[0]),
        tables=("digitalisation", "industrial_base"),
        title="跨行业跨领域工业互联网平台：白皮书的数",
        against="产业基础表里 2022 年遴选的结果（另一来源）",
        remark="相等；设备数、应用程序数、5G 工厂数只有一家说，没有可比的。",
    )


def _literacy(year: int) -> pd.Series:
    """一年的科学素质，以人群为索引，全国为 ``all``；分省的不算。"""
    found = _series("innovation_culture", "science_literacy", province="")
    found = found[found["year"] == year]
    return found.assign(entity=found["entity"].fillna("all")).set_index("entity")["value"]


def literacy_sexes() -> Check:
    """男女的中点与全国。"""
    years = [2015, 2023]
    found = [_literacy(year) for year in years]
    return compare(
        _pairs([f"{y} 年" for y in years], [f[["male", "female"]].mean() for f in found], [f["all"] for f in found]),
        tables=("innovation_culture",),
        title="公民科学素质：男女两组的中点",
        against="公布的全国数",
        tolerance=0.1,
        unit="个百分点",
        remark="成年人口男女相近，中点应近于全国；2023 年的分组与全国出自不同的转载。",
    )


def literacy_groups_enclose() -> Check:
    """各种分组的最高与最低应夹着全国。"""
    groups = {
        "城乡": ["urban", "rural"],
        "地区": ["east_region", "central_region", "west_region"],
        "学历": ["edu_bachelor_plus", "edu_college", "edu_high", "edu_middle", "edu_primary_less"],
    }
    rows = []
    for year in (2010, 2015, 2022, 2023):
        found = _literacy(year)
        for zh, names in groups.items():
            here = found[found.index.isin(names)]
            if len(here):
                rows.append((f"{zh}，{year} 年", np.clip(found["all"], here.min(), here.max()), found["all"]))
    return compare(
        _pairs(*zip(*rows, strict=True)),
        tables=("innovation_culture",),
        title="公民科学素质：全国数落在各组之间",
        against="城乡、地区、学历各组的最低与最高",
        tolerance=0,
        unit="个百分点",
        remark=(
            "都在其间。由城乡两组反推的城镇权重，2010 年约 48%，2023 年约 62%，与城镇化的方向相合；"
            "各组的样本量没有公布，不能再细核。"
        ),
    )


def ai_counts_two_vintages() -> Check:
    """AI Index 发布时的数与追溯后的数：中国在中美之中的占比。"""
    index = _series("frontier", "ai_notable_models_aiindex").pivot(index="year", columns="iso3", values="value")
    epoch = data.load("ai_models").pivot(index="year", columns="iso3", values="value").astype(float)
    years = index.index
    left, right = (t.loc[years, "CHN"] / (t.loc[years, "CHN"] + t.loc[years, "USA"]) * 100 for t in (index, epoch))
    return compare(
        _pairs(years.map("{} 年".format), left, right),
        tables=("frontier", "ai_models"),
        title="知名人工智能模型：中国占中美之和，AI Index 发布当时",
        against="Epoch AI 2025 年末快照的追溯计数",
        tolerance=10,
        unit="个百分点",
        remark=(
            "两者同源而时点不同：个数差得多（中国 2024 年发布时 15 个，追溯后 31 个），"
            "占比差 2–9 个百分点，追溯后都更高。用发布当时的数，会夸大中美在个数上的差距。"
        ),
    )


def ai_countries_cover_world() -> Check:
    """各国之和不小于世界合计。"""
    table = data.load("ai_models")
    world = table[table["iso3"] == "WLD"].set_index("year")["value"].astype(float)
    parts = table[table["iso3"] != "WLD"].groupby("year")["value"].sum().astype(float)
    return compare(
        _pairs(world.index.map("{} 年".format), np.minimum(parts.reindex(world.index), world), world),
        tables=("ai_models",),
        title="知名人工智能模型：各国之和盖过世界合计",
        against="世界合计（一个模型计一次）",
        tolerance=0,
        unit="个",
        remark="合作的模型在各国各计一次，各国之和比世界多 16%–44%；小于世界就是漏了国家。",
    )


def pipeline_implied_world() -> Check:
    """由中国的在研药物数与占比推出的全球数。"""
    ours = _by_year("frontier", "drug_pipeline", iso3="CHN")
    share = _by_year("frontier", "drug_pipeline_share", iso3="CHN")
    world = _by_year("frontier", "drug_pipeline", iso3="WLD")
    year = ours.index[0]
    return compare(
        _pairs([f"{year} 年"], [ours[year] / share[year] * 100], [np.sqrt(world[year - 1] * world[year + 1])]),
        tables=("frontier",),
        title="在研药物：由中国的个数与占比推出的全球数",
        against="前后两年全球数的几何平均",
        tolerance=10,
        remark="推出的高 6.8%：个数是 4 月的、占比按涉及中国的活动，全球数是一月的盘点，三者口径略有不同。",
    )


def provisions_within_corpus() -> Check:
    """收了条款的法规数不多于出现用语的文件数。"""
    table = data.load("tolerance_provisions")
    kept = table[table["scope"] == "province"].drop_duplicates(["province", "instrument", "date"])
    ours = kept["province"].value_counts()
    counts = data.load("tolerance_counts").groupby("province")["with_terms"].sum()
    zh = data.load("provinces").set_index("province")["name_zh"]
    both = counts.astype(float)
    mine = ours.reindex(both.index, fill_value=0)
    return compare(
        _pairs(both.index.map(zh), np.maximum(mine, both), both),
        tables=("tolerance_provisions", "tolerance_counts", "provinces"),
        title="容错条款：收了条款的法规数不超过出现用语的文件数",
        against="同一语料里字面匹配的文件数",
        tolerance=0,
        unit="份",
        remark=(
            "七个省市都不超过。收了条款的 30 部里，28 部在出现用语的 50 份之内，另两部的文件名没有日期；"
            "其余的在收集时判为金融、代理等无关的语境，没有逐份复核。"
        ),
    )


def transfer_rules_same_year() -> Check:
    """促进科技成果转化条例的年份，与收益分配表的比。"""
    table = data.load("tolerance_provisions")
    table = table[table["instrument"].str.contains("促进科技成果转化条例")].drop_duplicates(["province", "date"])
    ours = table.set_index("province")["date"].str[:4].astype(int)
    rules = data.load("revenue_rules")
    theirs = rules[rules["scope"] == "province"].groupby("province")["year"].max().astype(int)
    both = ours.index.intersection(theirs.index)
    zh = data.load("provinces").set_index("province")["name_zh"]
    return compare(
        _pairs(both.map(zh), ours[both], theirs[both]),
        tables=("tolerance_provisions", "revenue_rules"),
        title="各省促进科技成果转化条例的年份",
        against="收益分配表（另外收集的条文）",
        tolerance=0,
        unit="年",
        remark="五个省市都相同。河南一部的文件名写 2001 年，与此不合，查全文才知道是 2019 年的新条例，已更正。",
    )


def talent_sums() -> Check:
    """集成电路从业人员三个环节之和；缺口；第三批名单的校数。"""
    staff = data.load("talent")
    staff = staff[(staff["series"] == "ic_employees") & (staff["year"] == 2017)].set_index("entity")["value"]
    parts = staff.drop("ic_all").sum()
    demand, gap = (_by_year("talent", name)[2023] for name in ("ic_demand_forecast", "ic_gap_forecast"))
    now = _by_year("talent", "ic_employees", entity="ic_all")[2020]
    third = _series("talent", "engineer_college_universities", entity="batch_3")["value"].iloc[0]
    members = len(_series("talent", "engineer_college_member", entity="batch_3"))
    return compare(
        _pairs(
            ["集成电路三个环节，2017 年", "预测的需求减现有人数", "第三批卓越工程师学院的名单"],
            [parts, demand - now, members],
            [staff["ic_all"], gap, third],
        ),
        tables=("talent",),
        title="人才：分项之和、需求减现有人数、名单的校数",
        against="公布的合计、缺口与新增校数",
        tolerance=2,
        remark="三个环节相加等于全行业，名单的校数与公布的相同；缺口写作“将近 23 万”，相减为 22.6 万。",
    )


def rd_density_growth() -> Check:
    """研发人员密度的增长与全时人员的增长。"""
    density = _by_year("talent", "rd_per_10k_employed")
    panel = data.load("province_panel")
    panel = panel[(panel["scope"] == "national") & (panel["indicator"] == "rd_fte_total")].set_index("year")["value"]
    first, last = density.index.min(), density.index.max()
    return compare(
        _pairs([f"{first}–{last} 年"], [density[last] / density[first]], [panel[last] / panel[first]]),
        tables=("talent", "province_panel"),
        title="每万名就业人员中的研发人员：增长的倍数",
        against="研发人员全时当量增长的倍数（统计年鉴）",
        tolerance=3,
        remark="密度增长略快，与同期就业人员减少约 2% 相合；密度印成整数，取整可差 1%。",
    )


#: 本组的核对，按先后。
CHECKS = [
    star_first_two_years,
    star_between_neighbours,
    pledge_growth,
    nc_rate_between,
    iiot_parts,
    iiot_implied_gdp,
    cross_platforms,
    provisions_within_corpus,
    transfer_rules_same_year,
    talent_sums,
    rd_density_growth,
    literacy_sexes,
    literacy_groups_enclose,
    ai_counts_two_vintages,
    ai_countries_cover_world,
    pipeline_implied_world,
]
