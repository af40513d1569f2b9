"""核对：专利、增加值、研发、产业基础、国产化与标准必要专利各表。"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from chokepoint import data

from ._check import Check, compare, count

#: 试的错位年数：前后各三年。
LAGS = range(-3, 4)


def _zh() -> pd.Series:
    """经济体代码到中文名。"""
    return data.load("countries").set_index("iso3")["name_zh"]


def _growth(series: pd.Series) -> pd.Series:
    """逐年的对数增速；零当作缺失。"""
    return np.log(series.astype(float).replace(0, np.nan)).diff()


def _best_lag(left: pd.Series, right: pd.Series) -> int:
    """把右边推后几年，两边的增速最相关；两边都以连续的年份为索引。"""
    fit = {lag: _growth(left).corr(_growth(right).shift(lag)) for lag in LAGS}
    return max(fit, key=fit.get)


def _pairs(labels: Iterable, left: Iterable, right: Iterable) -> pd.DataFrame:
    """成对的数。"""
    return pd.DataFrame({"label": list(labels), "left": list(left), "right": list(right)})


def _lag_pairs(left: pd.DataFrame, right: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """每一列最合的错位年数，与零相比。"""
    best = [_best_lag(left[column], right[column]) for column in left.columns]
    return _pairs(names, best, [0] * len(best))


def _by_economy(table: pd.DataFrame, value: str = "value") -> pd.DataFrame:
    """行为年份、列为经济体的合计。"""
    return table.pivot_table(index="year", columns="iso3", values=value, aggfunc="sum").astype(float)


def _panel(*indicators: str) -> pd.DataFrame:
    """国际比较表里的几个指标：行为（经济体，年份），列为指标。"""
    table = data.load("innovation_panel")
    table = table[table["indicator"].isin(indicators)]
    return table.pivot(index=["iso3", "year"], columns="indicator", values="value")[list(indicators)]


def _rd(*indicators: str, status: str = "final") -> pd.DataFrame:
    """中国研发经费表里的几个指标：行为年份，列为指标。"""
    table = data.load("cn_rd")
    table = table[table["indicator"].isin(indicators) & (table["status"] == status)]
    return table.pivot(index="year", columns="indicator", values="value").reindex(columns=list(indicators))


def _base(indicator: str, status: str = "observed") -> pd.Series:
    """产业基础表里的一个指标（中国），以年份为索引。"""
    table = data.load("industrial_base")
    kept = table[(table["indicator"] == indicator) & (table["iso3"] == "CHN") & (table["status"] == status)]
    return kept.set_index("year")["value"]


def _named(index: pd.MultiIndex) -> list[str]:
    """（经济体，年份）写成中文。"""
    zh = _zh()
    return [f"{zh[iso3]}，{year}" for iso3, year in index]


def _spans(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """每条序列的起、止与年数。"""
    return table.groupby(by)["year"].agg(["min", "max", "nunique"]).astype(int)


def _patent_names(index: pd.MultiIndex) -> list[str]:
    """（口径，领域，经济体）写成中文。"""
    fields, zh = data.labels("patents", "field"), _zh()
    kinds = {"inpadoc_family": "同族", "uspto_grant": "美国授权"}
    return [f"{zh[iso3]}，{fields[field]}，{kinds[measure]}" for measure, field, iso3 in index]


def patent_fields_coded() -> Check:
    """专利表的领域与归类表的领域一样多。"""
    return count(
        data.load("patents")["field"].nunique(),
        len(data.load("patent_fields")),
        tables=("patents", "patent_fields"),
        title="专利表的每个技术领域都有归类",
        against="技术领域与四大支柱的对应表",
        remark="一个领域一行；归类本身是编写者的判断，没有外部标准可核。",
    )


def patent_years_consecutive() -> Check:
    """每条专利序列的年份连续。"""
    spans = _spans(data.load("patents"), ["measure", "field", "iso3"])
    return compare(
        _pairs(_patent_names(spans.index), spans["nunique"], spans["max"] - spans["min"] + 1),
        tables=("patents",),
        title="专利：每条序列的年份连续",
        against="起止年之间应有的年数",
        tolerance=0,
        unit="年",
        remark="年份是按行序还原的，所以这一条只防漏行和错行；还原得对不对，看下面几条。",
    )


def patent_series_end_together() -> Check:
    """同一附表里各经济体止于同一年。"""
    spans = _spans(data.load("patents"), ["measure", "field", "iso3"])
    world = spans["max"].xs("WLD", level="iso3")
    return compare(
        _pairs(_patent_names(spans.index), spans["max"], world.reindex(spans.index.droplevel("iso3"))),
        tables=("patents",),
        title="专利：同一附表各经济体止于同一年",
        against="同一附表世界合计的末年",
        tolerance=0,
        unit="年",
        remark="半导体的美国授权取自 2024 年版，止于 2022 年；其余止于 2020 年。",
    )


def patent_families_against_grants() -> Check:
    """美国：两种口径的增速在零错位处最合。"""
    table = data.load("patents")
    table = table[table["iso3"] == "USA"]
    wide = {
        measure: rows.pivot(index="year", columns="field", values="value") for measure, rows in table.groupby("measure")
    }
    families, grants = wide["inpadoc_family"], wide["uspto_grant"]
    zh = data.labels("patents", "field")
    return compare(
        _lag_pairs(families, grants, families.columns.map(zh)),
        tables=("patents",),
        title="专利的年份：美国的同族与美国授权，增速最合的错位年数",
        against="另一种口径（不同的附表，分别还原）",
        tolerance=0,
        unit="年",
        remark="美国发明人的同族多以美国专利局的授权为首次授权，两张附表的起伏应在同一年；逐领域比较，前后各试三年。",
    )


def patent_editions_semiconductors() -> Check:
    """半导体（2024 年版）与其余领域（2022 年版）的增速在零错位处最合。"""
    table = data.load("patents")
    table = table[table["measure"] == "uspto_grant"]
    chips = table["field"] == "semiconductors"
    semiconductors, others = _by_economy(table[chips]), _by_economy(table[~chips])
    return compare(
        _lag_pairs(semiconductors, others, semiconductors.columns.map(_zh())),
        tables=("patents",),
        title="专利的年份：半导体与其余领域的美国授权，增速最合的错位年数",
        against="另一版附表：半导体 25 年（2024 年版），其余 23 年（2022 年版）",
        tolerance=0,
        floor=0.6,
        unit="年",
        remark=(
            "两版长度不同，起点若错一年，零错位就不会最合。授权多的美国、日本、韩国、德国、中国台湾与欧盟、世界都合；"
            "中国、法国、英国、瑞士的半导体授权早年很少，逐年起伏近于噪声，分不出错位，不是反证。"
        ),
    )


def _cnipa() -> pd.Series:
    """国内发明专利授权，以年份为索引。"""
    table = data.load("index_checks")
    return table[table["benchmark"] == "cnipa_grants"].set_index("year")["value"].sort_index()


def _china_families() -> pd.Series:
    """中国的同族，24 个领域合计。"""
    table = data.load("patents")
    return _by_economy(table[table["measure"] == "inpadoc_family"])["CHN"]


def patent_china_best_lag() -> Check:
    """中国的同族与国内发明专利授权，增速在零错位处最合。"""
    best = _best_lag(_china_families(), _cnipa())
    return compare(
        _pairs(["中国，24 个领域合计"], [best], [0]),
        tables=("patents", "index_checks"),
        title="专利的年份：中国的同族与国内发明专利授权，增速最合的错位年数",
        against="《中国科技统计年鉴》的国内发明专利授权，年份是原表所印",
        tolerance=0,
        unit="年",
        remark="中国的同族绝大多数以国内授权为首次授权；这是年份之外独立的一方，前后各试三年。",
    )


def patent_china_growth() -> Check:
    """中国的同族与国内发明专利授权，逐年增速。"""
    ours, theirs = _china_families().pct_change() * 100, _cnipa().pct_change().dropna() * 100
    return compare(
        _pairs(theirs.index.map("{} 年".format), ours.reindex(theirs.index), theirs),
        tables=("patents", "index_checks"),
        title="专利的年份：中国的同族逐年增速",
        against="《中国科技统计年鉴》的国内发明专利授权",
        tolerance=10,
        floor=0.8,
        unit="个百分点",
        remark="同族只算 24 个领域，含香港，按发明人分数计，水平低两三成；2013 年的停顿与 2015 年的跳升在同一年。",
    )


def _indicator(table: pd.DataFrame, indicator: str) -> pd.Series:
    """国际比较表的一个指标，以（经济体，年份）为索引。"""
    return table[table["indicator"] == indicator].set_index(["iso3", "year"])["value"]


def pct_groups_sum() -> Check:
    """PCT：五个技术大类之和等于全部。"""
    groups = ["pct_electrical", "pct_instruments", "pct_chemistry", "pct_mechanical", "pct_other"]
    wide = _panel("pct_all", *groups)
    return compare(
        _pairs(_named(wide.index), wide[groups].sum(axis=1), wide["pct_all"]),
        tables=("innovation_panel",),
        title="PCT 申请：五个技术大类之和",
        against="全部申请（另一张附表）",
        tolerance=0.01,
        floor=0.95,
        remark="六张附表的年份分别还原，处处相加得上。世界合计 2019、2021 年少一两百件，或是没有归类；其余是取整。",
    )


def pct_against_wipo() -> Check:
    """PCT：当年与次年公布数的平均，对照世界知识产权组织按申请年的数。"""
    wipo = data.load("index_checks")
    wipo = wipo[wipo["benchmark"] == "wipo_pct"].set_index(["iso3", "year"])["value"]
    published = _indicator(data.load("innovation_panel"), "pct_all")
    both = pd.DataFrame({"wipo": wipo, "now": published, "next": published.groupby("iso3").shift(-1)}).dropna()
    return compare(
        _pairs(_named(both.index), both[["now", "next"]].mean(axis=1), both["wipo"]),
        tables=("innovation_panel", "index_checks"),
        title="PCT 申请的年份与水平：当年与次年公布数的平均",
        against="世界知识产权组织按申请年公布的数",
        tolerance=10,
        remark=(
            "公布比申请晚半年左右，所以取两年的平均；一个按受理局，一个按申请人国别。美国 2014 年的公布数偏高。"
            "PCT 的年份也是还原的：整列晚标一年会露出来，早标一年则看不出，只能靠行数与标题所印的起止年。"
        ),
    )


def value_added_years_consecutive() -> Check:
    """增加值与进出口：每条序列的年份连续。"""
    one = _spans(data.load("industry_value_added"), ["industry", "iso3"])
    two = _spans(data.load("kti_trade"), ["iso3"])
    industries, zh = data.labels("industry_value_added", "industry"), _zh()
    labels = [f"{zh[k]}，{industries[i]}" for i, k in one.index] + [f"{zh[k]}，进出口" for k in two.index]
    spans = pd.concat([one.reset_index(drop=True), two.reset_index(drop=True)])
    return compare(
        _pairs(labels, spans["nunique"], spans["max"] - spans["min"] + 1),
        tables=("industry_value_added", "kti_trade"),
        title="增加值与进出口：每条序列的年份连续",
        against="起止年之间应有的年数",
        tolerance=0,
        unit="年",
        remark="两表的年份是附表的列名，不是还原的；这一条只防漏行。",
    )


def value_added_parts() -> Check:
    """分行业之和等于小计，小计之和等于合计。"""
    wide = data.load("industry_value_added").pivot(index=["iso3", "year"], columns="industry", values="value")
    wide = wide.astype(float)
    totals = {
        "kti_services": ["it_services", "software_publishing", "scientific_rd_services"],
        "kti_total": ["kti_manufacturing", "kti_services"],
    }
    known = [*totals, *totals["kti_services"], "kti_manufacturing"]
    totals["kti_manufacturing"] = [c for c in wide.columns if c not in known]
    zh = data.labels("industry_value_added", "industry")
    parts = [
        _pairs([f"{zh[total]}，{name}" for name in _named(wide.index)], wide[columns].sum(axis=1), wide[total])
        for total, columns in totals.items()
    ]
    return compare(
        pd.concat(parts),
        tables=("industry_value_added",),
        title="增加值：分行业之和",
        against="小计与合计（另外的附表）",
        tolerance=0.1,
        remark="15 张附表处处相加得上；差来自取整，最大的是新加坡的服务业。",
    )


def value_added_against_exports() -> Check:
    """增加值与出口的增速在零错位处最合。"""
    added = data.load("industry_value_added")
    added = _by_economy(added[added["industry"] == "kti_manufacturing"])
    exports = _by_economy(data.load("kti_trade"), "exports")
    both = added.columns.intersection(exports.columns)
    return compare(
        _lag_pairs(added[both], exports[both], both.map(_zh())),
        tables=("industry_value_added", "kti_trade"),
        title="增加值：制造业增加值与出口，增速最合的错位年数",
        against="进出口表（经合组织，与增加值不同源）",
        tolerance=0,
        unit="年",
        remark="2009 年的下跌与 2010 年的回升在两表同年出现；前后各试三年。",
    )


def _un_growth() -> pd.DataFrame:
    """联合国制造业增加值的逐年增速（百分数）：索引为（经济体，年份）。"""
    table = data.load("index_checks")
    table = table[table["benchmark"] == "un_manufacturing"].set_index(["iso3", "year"])["value"].sort_index()
    return table.groupby("iso3").pct_change().dropna() * 100


def _kti_growth(lag: int) -> pd.Series:
    """知识技术密集型制造业增加值的增速（百分数），推后 ``lag`` 年。"""
    table = data.load("industry_value_added")
    table = _by_economy(table[table["industry"] == "kti_manufacturing"]).pct_change().shift(lag) * 100
    return table.unstack().dropna()


def value_added_against_un() -> Check:
    """制造业增加值的增速，对照联合国带年份的数。"""
    theirs = _un_growth()
    return compare(
        _pairs(_named(theirs.index), _kti_growth(0).reindex(theirs.index), theirs),
        tables=("industry_value_added", "index_checks"),
        title="增加值：知识技术密集型制造业的增速，2006、2007 年",
        against="联合国统计司的制造业增加值，年份是原表所印",
        tolerance=6,
        floor=0.8,
        unit="个百分点",
        remark="一个是知识技术密集型部分，一个是全部制造业，且为当时的初版，增速本不会相等；这里只求大体同步。英国差得最多。",
    )


def value_added_un_best_lag() -> Check:
    """与联合国的增速相差最小的错位年数。"""
    theirs = _un_growth()
    gaps = {lag: (_kti_growth(lag).reindex(theirs.index) - theirs).abs().mean() for lag in LAGS}
    gaps = {lag: gap for lag, gap in gaps.items() if not np.isnan(gap)}
    return compare(
        _pairs(["8 个经济体，2006、2007 年"], [min(gaps, key=gaps.get)], [0]),
        tables=("industry_value_added", "index_checks"),
        title="增加值：与联合国的增速平均相差最小的错位年数",
        against="联合国统计司的制造业增加值，年份是原表所印",
        tolerance=0,
        unit="年",
        remark="8 个经济体、两年共 16 个增速；前后各试三年，平均绝对差在零错位处最小。",
    )


def trade_world_balance() -> Check:
    """世界出口等于世界进口。"""
    world = data.load("kti_trade")
    world = world[world["iso3"] == "WLD"]
    return compare(
        _pairs(world["year"].map("世界 {}".format), world["exports"], world["imports"]),
        tables=("kti_trade",),
        title="知识技术密集型产业：世界出口",
        against="世界进口",
        tolerance=0,
        remark="经合组织的增加值贸易库本已配平，所以这一条只防抄录错误。",
    )


def _shares_sum(parts: list[str], title: str, remark: str, floor: float = 1.0) -> Check:
    """几个占比之和与百分之百相比。"""
    wide = _panel(*parts)
    return compare(
        _pairs(_named(wide.index), wide.sum(axis=1), [100] * len(wide)),
        tables=("innovation_panel",),
        title=title,
        against="百分之百",
        tolerance=0.25,
        floor=floor,
        unit="个百分点",
        remark=remark,
    )


def gerd_performers_sum() -> Check:
    """执行部门的占比相加为百分之百。"""
    parts = ["gerd_by_business", "gerd_by_government", "gerd_by_higher_education", "gerd_by_nonprofit"]
    return _shares_sum(parts, "研发经费按执行部门：各部门占比之和", "差来自取整；德国的非营利机构原表并入其他部门。")


def gerd_funders_sum() -> Check:
    """资金来源的占比相加为百分之百。"""
    parts = ["gerd_from_business", "gerd_from_government", "gerd_from_other_domestic", "gerd_from_abroad"]
    return _shares_sum(
        parts, "研发经费按资金来源：各来源占比之和", "中国没有“国内其他”一项，三项合计 97.2%；其余为取整。", floor=0.9
    )


def gerd_types_sum() -> Check:
    """活动类型的占比相加为百分之百。"""
    parts = ["gerd_basic", "gerd_applied", "gerd_experimental", "gerd_other_type"]
    return _shares_sum(parts, "研发经费按活动类型：各类占比之和", "差来自一位小数的取整；印度四成以上没有归入三类。")


def cn_rd_types_sum() -> Check:
    """三类活动之和等于总额。"""
    parts = ["rd_basic", "rd_applied", "rd_experimental"]
    wide = _rd("rd_total", *parts).dropna()
    return compare(
        _pairs(wide.index.map("{} 年".format), wide[parts].sum(axis=1), wide["rd_total"]),
        tables=("cn_rd",),
        title="中国研发经费：基础、应用、试验发展之和",
        against="公报的总额",
        tolerance=0.01,
        remark="差来自一位小数的取整。",
    )


def cn_rd_performers_sum() -> Check:
    """执行主体之和，对照总额。"""
    parts = ["rd_by_enterprise", "rd_by_institute", "rd_by_university"]
    wide = _rd("rd_total", "rd_by_other", *parts)
    wide = wide.dropna(subset=["rd_total", *parts])
    total = wide[parts].sum(axis=1) + wide["rd_by_other"].fillna(0)
    return compare(
        _pairs(wide.index.map("{} 年".format), total, wide["rd_total"]),
        tables=("cn_rd",),
        title="中国研发经费：执行主体之和",
        against="公报的总额",
        tolerance=3,
        remark="公报通常只列三类，差额就是其他主体，占 1% 到 2.5%；公布了其他主体的 2022 年完全相等。",
    )


def cn_rd_basic_share() -> Check:
    """基础研究占比与由金额算出的相同。"""
    wide = pd.concat([_rd("rd_basic_share", "rd_basic", "rd_total", status=s) for s in ("final", "preliminary")])
    wide = wide.dropna()
    return compare(
        _pairs(wide.index.map("{} 年".format), wide["rd_basic_share"], wide["rd_basic"] / wide["rd_total"] * 100),
        tables=("cn_rd",),
        title="中国研发经费：公报所印的基础研究占比",
        against="基础研究经费除以总额",
        tolerance=0.06,
        unit="个百分点",
        remark="初步数与终值都算在内；差来自公报的取整。",
    )


def cn_rd_preliminary() -> Check:
    """初步数与终值。"""
    table = data.load("cn_rd").pivot(index=["indicator", "year"], columns="status", values="value")
    both = table[["preliminary", "final"]].dropna()
    zh = data.labels("cn_rd", "indicator")
    return compare(
        _pairs([f"{zh[k]}，{year}" for k, year in both.index], both["preliminary"], both["final"]),
        tables=("cn_rd",),
        title="中国研发经费：年初的初步数",
        against="秋季公报的终值",
        tolerance=2,
        floor=0.6,
        remark="2017、2024 两年。2024 年都在 0.6% 以内；2017 年分项差得多，高等学校低了一成，基础研究低了 5.7%。",
    )


def cn_rd_personnel() -> Check:
    """全时人员乘人均经费，对照总额。"""
    wide = _rd("rd_total", "rd_per_fte", "rd_personnel_fte").dropna()
    return compare(
        _pairs(wide.index.map("{} 年".format), wide["rd_per_fte"] * wide["rd_personnel_fte"], wide["rd_total"]),
        tables=("cn_rd",),
        title="中国研发经费：全时人员乘人均经费",
        against="公报的总额",
        tolerance=1,
        floor=0.5,
        remark="2021 年吻合。2018 年的 419 万人年取自较早的报告，比公报所隐含的人数少 4% 多，不宜连线。",
    )


def _wdi_china() -> pd.Series:
    """世界银行的中国研发强度，以年份为索引。"""
    return _indicator(data.load("innovation_panel"), "gerd_to_gdp").loc["CHN"]


def rd_intensity_first_published() -> Check:
    """研发强度：世界银行对照公报当年所印的数。"""
    ours = _rd("rd_intensity")["rd_intensity"].dropna()
    wdi = _wdi_china().reindex(ours.index).dropna()
    return compare(
        _pairs(wdi.index.map("{} 年".format), wdi, ours.reindex(wdi.index)),
        tables=("innovation_panel", "cn_rd"),
        title="中国研发强度：世界银行",
        against="公报当年公布的数（GDP 修订前）",
        tolerance=0.09,
        unit="个百分点",
        remark="2018 年及以前世界银行偏低，与第四次经济普查修订 GDP 的时间相合；2019 年起几乎相同。",
    )


def rd_intensity_revised() -> Check:
    """研发强度：世界银行对照第五次经济普查修订后的数。"""
    table = data.load("cn_rd")
    revised = table[(table["indicator"] == "rd_intensity_revised") & (table["status"] == "final")]
    revised = revised.set_index("year")["value"]
    wdi = _wdi_china().reindex(revised.index).dropna()
    return compare(
        _pairs(wdi.index.map("{} 年".format), wdi, revised.reindex(wdi.index)),
        tables=("innovation_panel", "cn_rd"),
        title="中国研发强度：世界银行（2025 年副本）",
        against="第五次经济普查修订 GDP 后的数",
        tolerance=0.05,
        unit="个百分点",
        remark="2012 年相同，2020 年世界银行仍是修订前的水平，高 0.05：它的近年还没有随第五次经济普查修订。",
    )


def rd_structure_two_sources() -> Check:
    """2021 年执行部门的构成：两个来源。"""
    oecd = _panel("gerd_by_business", "gerd_by_government", "gerd_by_higher_education").loc[("CHN", 2021)]
    row = _rd("rd_total", "rd_by_enterprise", "rd_by_university").loc[2021]
    firms, universities = (row[["rd_by_enterprise", "rd_by_university"]] / row["rd_total"] * 100).tolist()
    return compare(
        _pairs(["企业", "政府与其他", "高等学校"], oecd, [firms, 100 - firms - universities, universities]),
        tables=("innovation_panel", "cn_rd"),
        title="中国研发经费的执行构成，2021 年：经合组织",
        against="公报的金额算出的占比",
        tolerance=0.1,
        unit="个百分点",
        remark="经合组织的“政府机构”等于公报的研究机构加其他主体，与研究机构不是一回事。",
    )


def rd_basic_two_sources() -> Check:
    """2019 年基础研究占比：两个来源。"""
    oecd = _panel("gerd_basic")["gerd_basic"].loc["CHN"]
    ours = _rd("rd_basic_share")["rd_basic_share"].reindex(oecd.index)
    return compare(
        _pairs(oecd.index.map("{} 年".format), oecd, ours),
        tables=("innovation_panel", "cn_rd"),
        title="中国基础研究占比：经合组织",
        against="公报",
        tolerance=0.05,
        unit="个百分点",
        remark="只有 2019 年可比；差来自取整。",
    )


def eci_rank_order() -> Check:
    """经济复杂度：得分的先后与名次的先后一致。"""
    table = data.load("index_checks")
    table = table[(table["benchmark"] == "harvard_eci") & (table["edition"] == "2017")]
    wide = table.pivot(index=["iso3", "year"], columns="measure", values="value")
    order = wide["index_score"].groupby("year").rank(ascending=False)
    return compare(
        _pairs(_named(wide.index), wide["index_rank"].groupby("year").rank(), order),
        tables=("index_checks",),
        title="经济复杂度：10 国之间名次的先后",
        against="得分的先后",
        tolerance=0,
        unit="位",
        remark="得分与名次是原数据的两列，抄错任何一格都会打乱先后。",
    )


def cae_two_editions() -> Check:
    """制造强国指数：2020 年版得分的先后与 2021 年版名次。"""
    table = data.load("index_checks")
    table = table[table["benchmark"] == "cae_manufacturing"]
    score = table[(table["edition"] == "2020") & (table["year"] == 2019)].set_index("iso3")["value"]
    rank = table[(table["edition"] == "2021") & (table["measure"] == "index_rank")].set_index("iso3")["value"]
    return compare(
        _pairs(score.index.map(_zh()), score.rank(ascending=False), rank.reindex(score.index)),
        tables=("index_checks",),
        title="制造强国指数：2019 年得分的先后",
        against="次年一版的名次（另一来源）",
        tolerance=0,
        unit="位",
        remark="两版相邻，七国的先后没有变；得分的水平不在核对之列。",
    )


def accreditation_sum() -> Check:
    """认可机构：三类之和等于合计。"""
    parts = pd.DataFrame({k: _base(k) for k in ("cnas_labs", "cnas_inspection", "cnas_certification")})
    total = _base("cnas_all").reindex(parts.index)
    return compare(
        _pairs(parts.index.map("{} 年".format), parts.sum(axis=1), total),
        tables=("industrial_base",),
        title="认可机构：实验室、检验机构、认证机构之和",
        against="公布的合计",
        tolerance=0.1,
        remark="2017、2019 年相等；2024 年三类之和少 16 家，或因审定与核查机构另计。",
    )


def guide_sum() -> Check:
    """共性技术指南：五个部分之和等于合计。"""
    parts = ["guide_raw_materials", "guide_equipment", "guide_electronics", "guide_consumer", "guide_energy_saving"]
    return count(
        int(sum(_base(part).iloc[0] for part in parts)),
        int(_base("guide_total").iloc[0]),
        tables=("industrial_base",),
        title="共性技术指南：五个部分的条目之和",
        against="指南的合计",
        remark="2017 年版指南。",
    )


def little_giants() -> Check:
    """“小巨人”：第三批按地区之和；前三批之和与净数。"""
    new = _base("little_giant_new")
    regions = sum(_base(f"little_giant_b3_{part}").iloc[0] for part in ("east", "central", "west"))
    net = _base("little_giant_net")
    batches = new[new.index <= net.index[0]].sum()
    return compare(
        _pairs(["第三批按地区", "前三批之和与净数"], [regions, batches], [new[net.index[0]], net.iloc[0]]),
        tables=("industrial_base",),
        title="专精特新“小巨人”：分地区之和、前三批之和",
        against="当批认定数、当时公布的净数",
        tolerance=4,
        remark="地区之和相等；前三批之和比净数多 3.4%，差额是取消或未通过复核的，所以各批不能简单相加成存量。",
    )


def platforms_add_up() -> Check:
    """平台的存量与增量。"""
    centres, added = _base("innovation_centres"), _base("innovation_centres_145")
    iiot, new = _base("iiot_platforms"), _base("iiot_platforms_new")
    return compare(
        _pairs(
            ["国家制造业创新中心", "双跨平台"],
            [centres[2020] + added.iloc[0], iiot[2023] + new.iloc[0]],
            [centres[2025], iiot[2024]],
        ),
        tables=("industrial_base",),
        title="平台：期初存量加新增",
        against="期末存量",
        tolerance=1,
        unit="个",
        remark="创新中心 16 加 16 为 32，公布 33；双跨平台 28 加 23 为 51，公布 50，应有退出。各取自不同的报道。",
    )


def inspection_scale() -> Check:
    """规模以上机构：由收入与占比推出的全行业收入，应在相邻两年之间。"""
    large, share = _base("inspection_large_revenue"), _base("inspection_large_share")
    year = large.index[0]
    revenue = _base("inspection_revenue")
    middle = np.sqrt(revenue[year - 1] * revenue[year + 1])
    return compare(
        _pairs([f"{year} 年"], [large[year] / share[year] * 100], [middle]),
        tables=("industrial_base",),
        title="检验检测：由规模以上机构的收入与占比推出的全行业收入",
        against="前后两年全行业收入的几何平均",
        tolerance=5,
        remark="2023 年全行业收入不在表里，只能推；推出的数比前后两年的平均高 2% 多，与两年之间的增长相容。",
    )


def inspection_instruments() -> Check:
    """检验检测仪器：国产加进口等于总量。"""
    table = data.load("localisation")
    table = table[table["item"] == "inspection_sector_instruments"].set_index("measure")["value"]
    year = 2024
    return compare(
        _pairs(
            ["台套数", "原值"],
            [table["domestic_units"] + table["imported_units"], table["domestic_value"] + table["imported_value"]],
            [_base("inspection_instruments")[year], _base("inspection_instrument_value")[year]],
        ),
        tables=("localisation", "industrial_base"),
        title="检验检测仪器：国产加进口",
        against="统计简报的总量（另一份发布）",
        tolerance=0.01,
        remark="2024 年；这是国产化各说法里唯一分子分母齐全的官方统计。",
    )


def bearing_ownership() -> Check:
    """轴承：三类企业的收入占比之和。"""
    table = data.load("localisation")
    kinds = ["foreign_firm_revenue_share", "state_firm_revenue_share", "private_firm_revenue_share"]
    table = table[(table["item"] == "bearings") & table["measure"].isin(kinds)]
    return compare(
        _pairs(["轴承，2023 年"], [table["value"].sum()], [100]),
        tables=("localisation",),
        title="轴承行业：外资、国有、民营企业的收入占比之和",
        against="百分之百",
        tolerance=0.01,
        unit="个百分点",
        remark="其余各行的说法没有可以相加的分项，无从核对，这正是它们不可计算的原因。",
    )


def _sep(definition: str, as_of: str, measure: str) -> pd.Series:
    """一种口径一个时点的数，以权利人为索引。"""
    table = data.load("sep_5g")
    kept = (table["definition"] == definition) & (table["as_of"] == as_of) & (table["measure"] == measure)
    return table[kept].set_index("holder")["value"]


def sep_two_definitions() -> Check:
    """两种口径的份额相差多少。"""
    effective = _sep("caict_effective", "2021-12", "sep_share")
    declared = _sep("iplytics_declared", "2021-02", "sep_share")
    zh = data.load("sep_5g").drop_duplicates("holder").set_index("holder")["holder_zh"]
    both = effective.index.intersection(declared.index)
    return compare(
        _pairs(both.map(zh), effective[both], declared[both]),
        tables=("sep_5g",),
        title="5G 标准必要专利份额：信通院有效族，2021 年末",
        against="IPlytics 声明族，2021 年初",
        tolerance=1.6,
        unit="个百分点",
        remark="同一家企业因口径与时点可差一个半百分点，比两年间的变化还大，所以不可连线。",
    )


def sep_families() -> Check:
    """全球与中国的族数。"""
    declared = _sep("cnipa_declared", "2022-06", "sep_families")
    effective = _sep("caict_effective", "2021-12", "sep_families")
    share = _sep("cnipa_declared", "2022-06", "sep_share")
    return compare(
        _pairs(
            ["全球族数：信通院对国知局", "中国的份额：由族数算对所印"],
            [effective["world"], declared["china"] / declared["world"] * 100],
            [declared["world"], share["china"]],
        ),
        tables=("sep_5g",),
        title="5G 标准必要专利：全球族数与中国的份额",
        against="国家知识产权局的族数与所印的份额",
        tolerance=5,
        remark="族数相差 2%，时点差半年；份额印作近 40%，由族数算为 38.3%，与工业和信息化部“超过 38%”相合。",
    )


#: 本组的核对，按先后。
CHECKS = [
    patent_fields_coded,
    patent_years_consecutive,
    patent_series_end_together,
    patent_families_against_grants,
    patent_editions_semiconductors,
    patent_china_best_lag,
    patent_china_growth,
    pct_groups_sum,
    pct_against_wipo,
    value_added_years_consecutive,
    value_added_parts,
    value_added_against_exports,
    value_added_against_un,
    value_added_un_best_lag,
    trade_world_balance,
    gerd_performers_sum,
    gerd_funders_sum,
    gerd_types_sum,
    cn_rd_types_sum,
    cn_rd_performers_sum,
    cn_rd_basic_share,
    cn_rd_preliminary,
    cn_rd_personnel,
    rd_intensity_first_published,
    rd_intensity_revised,
    rd_structure_two_sources,
    rd_basic_two_sources,
    eci_rank_order,
    cae_two_editions,
    accreditation_sum,
    guide_sum,
    little_giants,
    platforms_add_up,
    inspection_scale,
    inspection_instruments,
    bearing_ownership,
    sep_two_definitions,
    sep_families,
]
