"""“产学研协同”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import math
import re
from statistics import median

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from chokepoint import inference
from chokepoint.findings import industry_university as iu
from tools.paths import BOOK
from tools.text import read

from .raw import rows

CHAPTER = BOOK / "collaboration" / "industry_university.ipynb"
RATE = "invention_patent_industrialisation_rate"
BOTH = "universities_institutes"


def said(indicator, year, **equal):
    (value,) = {float(r["value"]) for r in rows("regional_indicators", indicator=indicator, year=year, **equal)}
    return value


def nation(indicator, year):
    (row,) = rows("province_panel", scope="national", indicator=indicator, year=year)
    return float(row["value"])


def bulletin(indicator, year):
    (row,) = rows("cn_rd", indicator=indicator, year=year, status="final")
    return float(row["value"])


def gerd(iso3, edition, indicator):
    (row,) = rows("gerd_structure", iso3=iso3, edition=edition, indicator=indicator)
    return float(row["value"])


@pytest.fixture(scope="module")
def schools():
    found = rows("universities")
    for r in found:
        for key in ("industry_share", "international_share", "top10_share", "international_papers", "industry_papers"):
            r[key] = float(r[key])
        r["inside"] = r["mainland"] == "true"
        r["papers"] = r["international_papers"] / r["international_share"] * 100
    return found


def column(found, key, inside):
    return np.array([r[key] for r in found if r["inside"] is inside])


def beats(a, b):
    """逐对数：前一组较大的占比，相等算一半。"""
    return sum((x > b).sum() + 0.5 * (x == b).sum() for x in a) / (len(a) * len(b))


# ---- 产业化率 ----
def test_rates_and_their_hollow_points():
    lines = iu.rate_lines().set_index(["line", "x"])
    assert (
        lines.loc[("高等学校", 2022), "y"] == said(RATE, 2022, entity="universities") == iu.rate("universities", 2022)
    )
    hollow = {k for k, v in lines["kind"].items() if v == "uncertain"}
    derived = {int(r["year"]) for r in rows("regional_indicators", indicator=RATE, entity="firms", status="derived")}
    assert hollow == {("企业", y) for y in derived}
    assert lines.loc[("全部专利权人", 2021), "kind"] == "observed", "另有直接公布的"
    assert iu.survey_scope()["universities"] == 2


def test_sample_needed_makes_the_difference_just_significant():
    n, p, q = iu.patents_needed(), 0.030, 0.039
    spread = math.sqrt((p * (1 - p) + q * (1 - q)) / n)
    assert (q - p) / spread == pytest.approx(1.96, abs=0.001)
    assert n > 3000


def test_revenue_and_stock():
    assert iu.joint_revenue()["more"] == pytest.approx(1033 / 830 - 1)
    assert iu.stock()["share"] == pytest.approx(676 / 914)


# ---- 合同与转化 ----
def test_market_by_hand():
    market, growth = iu.market(), iu.market_growth()
    assert list(market.index) == list(range(2012, 2024))
    for year in (2012, 2018, 2023):
        value, rd = nation("tech_contract_out_value", year), nation("rd_internal_total", year)
        assert market.loc[year, "ratio"] == pytest.approx(value / rd)
        assert market.loc[year, "mean"] == pytest.approx(value / nation("tech_contract_out_count", year) * 1e4)
    assert growth["value"] == pytest.approx(growth["count"] * growth["mean"])
    first = iu.first_above_rd()
    assert market.loc[first - 1, "ratio"] < 1 < market.loc[first:, "ratio"].min()


def test_contract_types_by_hand():
    parts = iu.services()
    assert parts.loc[2013, "service"] == pytest.approx(3416.9 / 7469.1)
    assert parts.loc[2013, "rest"] == pytest.approx(1 - (3416.9 + 2773.4) / 7469.1)
    assert parts.loc[2019, "service"] == pytest.approx(12418.1 / 22398.4)


def test_transfer_table_by_hand():
    table = iu.transfer_table()
    for year, units in ((2017, 2766), (2020, 3554), (2023, 4028)):
        value = said("transfer_value_3modes", year, entity=BOTH)
        count = said("transfer_count_3modes", year, entity=BOTH)
        row = table.loc[year]
        assert row["units"] == units
        assert row["mean"] == pytest.approx(value / count * 1e4)
        assert row["each"] == pytest.approx(value / units * 1e4)
        assert row["market"] == pytest.approx(value / nation("tech_contract_out_value", year))
    assert table.loc[2023, "part"] == pytest.approx(241.3 / 2054.4)
    assert math.isnan(table.loc[2017, "part"])
    rd = bulletin("rd_by_university", 2023) + bulletin("rd_by_institute", 2023)
    assert iu.against_rd()["narrow"] == pytest.approx(241.3 / rd)


# ---- 谁出钱 ----
def test_net_flow_by_hand():
    net = iu.net_china()
    for year in (2013, 2018, 2021, 2023):
        paid, spent = nation("rd_fund_enterprise", year), bulletin("rd_by_enterprise", year)
        assert net[year] == pytest.approx((paid - spent) / bulletin("rd_total", year) * 100)
    assert not {2015, 2019, 2020} & set(net.index), "图注说这几年没有"
    pace = iu.net_pace()
    for part, found in (((2013, 2014, 2016, 2017, 2018), pace.before.estimate), ((2021, 2022, 2023), pace.after)):
        assert found == pytest.approx(median((net[b] - net[a]) / (b - a) for a in part for b in part if b > a))
    assert pace.jump == pytest.approx(net[2021] - net[2018] - 3 * pace.before.estimate)
    outside = 100 - bulletin("rd_by_enterprise", 2023) / bulletin("rd_total", 2023) * 100
    assert iu.outside_floor()["share"] == pytest.approx(net[2023] / outside)
    assert iu.outside_floor(2013)["points"] == 0


def test_payers_and_bounds_by_hand():
    every = {r["iso3"] for r in rows("gerd_structure", edition=2021, indicator="gerd_from_business")} - {"OED", "EUU"}
    positive = {i for i in every if gerd(i, 2021, "gerd_from_business") > gerd(i, 2021, "gerd_by_business")}
    assert set(iu.payers().index) == positive
    bounds, empty = iu.bounds(), 0
    assert set(bounds.index) == every
    for iso3 in every:
        paid, done = gerd(iso3, 2021, "gerd_from_business"), gerd(iso3, 2021, "gerd_by_higher_education")
        assert bounds.loc[iso3, "low"] == pytest.approx(max(0, paid + done - 100) / done * 100)
        assert bounds.loc[iso3, "high"] == pytest.approx(min(paid, done) / done * 100)
        empty += paid >= done and paid + done <= 100
    assert iu.uninformative() == empty


def test_editions_are_never_joined():
    lines = iu.net_lines()
    assert lines[lines["line"] != "中国"].groupby(["line", "segment"]).size().eq(1).all()
    table = iu.structure_table()
    assert len(table) == 2 * len(iu.COMPARED)
    assert (table["net"] == (table["paid"] - table["done"]).round(1)).all()


# ---- 校企合著 ----
def test_superiority_is_the_mann_whitney_statistic(schools):
    a, b = (column(schools, "industry_share", side) for side in (True, False))
    every = iu.variants().loc["全部大学"]
    assert every["estimate"] == pytest.approx(stats.mannwhitneyu(a, b).statistic / (len(a) * len(b)))
    assert every["estimate"] == pytest.approx(beats(a, b))
    assert (every["inside"], every["outside"]) == (len(a), len(b)) == (197, 979)
    assert iu.median_gap().estimate == pytest.approx(median(a) - median(b))
    assert iu.international().estimate == pytest.approx(
        beats(*(column(schools, "international_share", side) for side in (True, False)))
    )


def test_superiority_on_made_up_schools():
    table = pd.DataFrame({"mainland": [True, True, False, False], "x": [1, 3, 2, 3], "near": [0, 10, 0, 10]})
    assert iu.superiority(table, "x", draws=5).found.estimate == pytest.approx((0 + 0 + 1 + 0.5) / 4)
    assert iu.superiority(table, "x", near={"near": 1}, draws=5).found.estimate == pytest.approx((0 + 0.5) / 2)
    with pytest.raises(ValueError, match="没有可比"):
        iu.superiority(table.assign(near=[0, 0, 99, 99]), "x", near={"near": 1}, draws=5)


def test_matched_estimate_by_hand(schools):
    others = [r for r in schools if not r["inside"]]
    each = []
    for own in (r for r in schools if r["inside"]):
        near = np.array(
            [r["industry_share"] for r in others if abs(r["international_share"] - own["international_share"]) < 3.001]
        )
        each.append(beats([own["industry_share"]], near))
    assert iu.variants().loc["国际合著相近的", "estimate"] == pytest.approx(np.mean(each))
    big = [r for r in schools if r["papers"] >= 8000]
    assert iu.variants().loc["论文不少于 8,000 篇", "estimate"] == pytest.approx(
        beats(*(column(big, "industry_share", side) for side in (True, False)))
    )


def test_bootstrap_interval_is_near_an_independent_one(schools):
    a, b = (column(schools, "industry_share", side) for side in (True, False))
    rng = np.random.default_rng(7)
    tried = [
        stats.mannwhitneyu(rng.choice(a, len(a)), rng.choice(b, len(b))).statistic / (len(a) * len(b))
        for _ in range(150)
    ]
    every = iu.variants().loc["全部大学"]
    assert np.quantile(tried, [0.025, 0.975]) == pytest.approx([every["low"], every["high"]], abs=0.02)


def test_rank_correlations_by_hand(schools):
    impact = iu.impact()
    for name, part in (
        ("合并", schools),
        ("中国内地", [r for r in schools if r["inside"]]),
        ("其他地方", [r for r in schools if not r["inside"]]),
    ):
        values = {k: stats.rankdata([r[k] for r in part]) for k in
                  ("industry_share", "top10_share", "international_share", "papers")}  # fmt: skip
        plain = stats.spearmanr(values["industry_share"], values["top10_share"]).statistic
        assert impact.loc[name, "estimate"] == pytest.approx(plain)
        held = np.column_stack([np.ones(len(part)), values["international_share"], values["papers"]])
        left = [
            values[k] - held @ np.linalg.lstsq(held, values[k], rcond=None)[0]
            for k in ("industry_share", "top10_share")
        ]
        assert impact.loc[f"{name}，扣两样", "estimate"] == pytest.approx(np.corrcoef(*left)[0, 1], abs=1e-6)


def test_how_many_must_be_wrong(schools):
    k = iu.misassigned()
    own = sorted(column(schools, "industry_share", True))
    other = column(schools, "industry_share", False)
    assert beats(own[k:], np.append(other, own[:k])) >= 0.5 > beats(own[k - 1 :], np.append(other, own[: k - 1]))


# ---- 名单 ----
def test_leads_by_hand():
    found = rows("rd_projects", year=2018)
    firms = [r for r in found if r["org_type"] == "enterprise"]
    assert iu.leads().loc["企业", "share"] == pytest.approx(len(firms) / len(found))
    former = [r for r in firms if "研究" in r["lead"]]
    assert iu.former_institutes()["count"] == len(former)
    assert iu.former_institutes()["share"] == pytest.approx((len(firms) - len(former)) / len(found))
    programmes = {r["programme"] for r in found}
    none = programmes - {r["programme"] for r in firms}
    chance = iu.no_firm()
    assert chance.observed == len(none)
    # 零模型的期望有解析式：各专项一个企业也没有抽到的超几何概率之和
    sizes = [sum(r["programme"] == p for r in found) for p in programmes]
    expected = sum(stats.hypergeom.pmf(0, len(found), len(firms), n) for n in sizes)
    assert chance.expected == pytest.approx(expected, abs=0.25)
    assert chance.high < chance.observed


def test_broken_lines_in_the_lab_list_are_joined():
    table = iu.lab_table()
    hosts = {}
    for r in rows("key_labs", lab_type="enterprise"):
        hosts.setdefault(r["lab"], []).append(r["institution"])
    double = {lab: names for lab, names in hosts.items() if len(names) > 1}
    assert table.loc["企业类", "listed"] == len(double)
    broken = {lab for lab, names in double.items() if min(map(len, names)) <= 7}
    assert table.loc["企业类", "joint"] == len(double) - len(broken)
    left = {i for lab in set(double) - broken for i in double[lab]}
    assert left == {
        "江西江中制药（集团）有限责任公司", "江西本草天工科技有限责任公司",
        "中国铁道科学研究院", "中国中车股份有限公司",
        "中国汽车工程研究院股份有限公司", "重庆长安汽车股份有限公司",
        "蚌埠玻璃工业设计研究院", "中国洛阳浮法玻璃集团有限责任公司",
    }  # fmt: skip
    assert not [i for i in iu.labs()["institution"] if len(i) < 4], "没有剩下的半截名称"
    assert iu._joined(["究所", "中国电子科技集团公司第二十八研"]) == ["中国电子科技集团公司第二十八研究所"]
    assert iu._joined(["中国铁道科学研究院", "中国中车股份有限公司"]) == ["中国铁道科学研究院", "中国中车股份有限公司"]


def test_lab_mixing_by_hand():
    hosts = {}
    for r in rows("key_labs", lab_type="discipline"):
        hosts.setdefault(r["lab"], []).append("大学" in r["institution"])
    pairs = [(a, b) for h in hosts.values() for i, a in enumerate(h) for b in h[i + 1 :]]
    assert iu.lab_mixing().observed == pytest.approx(sum(a != b for a, b in pairs) / len(pairs))
    assert iu.lab_mixing().p > 0.05, "正文说与碰巧分不出"


# ---- 复算 ----
def test_reproduced_values_are_close():
    found = iu.reproduced()
    assert found.count == 15
    assert found.largest < 0.005
    assert found.largest == pytest.approx(
        abs(nation("rd_fund_government", 2021) / nation("rd_internal_total", 2021) * 100 / 19.0 - 1)
    )


def test_phrases():
    assert iu.said(inference.Interval(-1.94, -2.2, -1.5), 1, "个百分点").startswith("-1.9 个百分点（95% 区间")
    assert iu.span(inference.Interval(0.287, 0.254, 0.32)) == "0.29（0.25 到 0.32）"
    assert iu.size_window() == pytest.approx(math.exp(0.3))


@pytest.fixture(scope="module")
def text():
    return "\n".join(c["source"] for c in read(CHAPTER)["cells"] if c["cell_type"] == "markdown")


class TestSentences:
    """正文的定性判断，逐句对数据。"""

    def test_no_unsourced_table_of_university_funding(self, text):
        assert "**本书没有这个数。**" in text
        for name in ("gerd_structure", "innovation_panel", "cn_rd", "regional_indicators", "province_panel"):
            found = {r["indicator"] for r in rows(name)}
            assert not [i for i in found if re.search(r"(university|higher).*(business|enterprise|firm)", i)]

    def test_nothing_is_said_of_the_unseen_questionnaire(self, text):
        for claim in ("税收优惠", "算进企业的分子", "囤专利", "区间取中值", "母公司", "没有公布的，是"):
            assert claim not in text, claim
        assert "没有收到问卷的原文" in text
        assert "没有收到不等于没有公布" in text

    def test_rates_are_not_monotone_in_size(self):
        sizes = iu.firm_sizes()
        assert sizes.iloc[1] > sizes.iloc[0] > sizes.iloc[-1]

    def test_no_university_rate_after_2022(self, text):
        assert "2023 年以后高校的数" in text
        assert {r["year"] for r in rows("regional_indicators", indicator=RATE, entity="universities")} == {
            "2021",
            "2022",
        }

    def test_contracts_outgrow_research(self):
        growth = iu.market_growth()
        assert growth["value"] > 2 * growth["rd"]
        ratio = iu.market()["ratio"]
        assert (ratio.diff().dropna() > 0).all(), "年年超过而且越超越多"

    def test_contracts_get_smaller(self):
        table = iu.transfer_table()
        assert table["mean"].is_monotonic_decreasing
        assert table["each"].is_monotonic_increasing
        assert table.loc[2023, "each"] > 121 / iu.other_unit_count() * 1e4, "换成另一种单位数也升"
        assert table["market"].is_monotonic_decreasing

    def test_only_china_changes_sign(self):
        signs = iu.structure_table().groupby("name")["net"].agg(lambda s: s.gt(0).nunique())
        assert signs.to_dict() == {name: 1 + (name == "中国") for name in signs.index}
        university = iu.structure_table().groupby("edition")["university"].idxmin()
        assert set(iu.structure_table().loc[university, "name"]) == {"中国"}

    def test_the_sign_changes_in_the_gap(self):
        net = iu.net_china()
        assert net[2018] < 0 < net[2021]
        pace = iu.net_pace()
        assert pace.before.low > 0
        assert pace.before.low < pace.after < pace.before.high, "快慢相仿"
        assert 0 < net[2023] - pace.jump < 0.6, "扣去多升的，仍为正，但很小"
        share = iu.government_share()
        assert share[2023] < share[2013] - 0.03

    def test_the_gap_vanishes_only_when_matched_on_the_channel(self):
        table = iu.variants()
        assert table.loc["全部大学", "high"] < 0.5
        assert table.loc["论文不少于 8,000 篇", "high"] < table.loc["全部大学", "low"]
        for name in ("校名是工科的", "国际合著相近的", "规模、国际合著都相近"):
            assert table.loc[name, "low"] < 0.5 < table.loc[name, "high"]
        for name in ("规模相近的", "高被引相近的", "校名不是工科的"):
            assert table.loc[name, "high"] < 0.5
        widths = iu.near_widths()
        assert widths.iloc[0] > 0.5 > widths.iloc[-1]
        assert widths.is_monotonic_decreasing

    def test_impact_differs_between_the_groups(self):
        impact = iu.impact()
        assert impact.loc["中国内地", "high"] < impact.loc["其他地方", "low"]
        assert impact.loc["中国内地", "low"] > 0, "弱的正相关"
        assert impact.loc["中国内地，扣两样", "low"] < 0 < impact.loc["中国内地，扣两样", "high"]
        assert impact.loc["其他地方，扣两样", "low"] > 0
        assert abs(impact["estimate"].iloc[0] - impact.loc["其他地方", "estimate"]) < 0.05
        assert iu.impact_without_other_fields() == pytest.approx(impact.loc["中国内地", "estimate"], abs=0.05)

    def test_oil_schools_lead(self):
        names = iu.top_mainland()["name"]
        assert names.str.contains("石油").sum() >= 3
        fields = iu.field_medians()
        assert fields["normal"] < fields["technical"]

    def test_programmes_divide_the_labour(self):
        table = iu.by_programme()
        assert table.index[0] == "重大科学仪器设备开发"
        assert {"干细胞及转化研究", "量子调控与量子信息"} <= set(table.index[table["firms"] == 0])

    def test_no_lab_joins_a_university_and_a_firm(self):
        assert iu.lab_table()["firm_university"].sum() == 0
        assert iu.headline()["listed"] - iu.headline()["joint"] == 15
