"""“跨区域协同”一章的数字：从 CSV 另行重算，并看守每一句定性的话。"""

from collections import defaultdict
from math import log

import numpy as np
import pytest

from chokepoint.findings import cross_regional as crr

from .raw import rows

PANEL, NATION, FLAGS = defaultdict(dict), {}, {}
for _row in rows("province_panel"):
    _key = (_row["indicator"], int(_row["year"]))
    if _row["scope"] == "national":
        NATION[_key] = float(_row["value"])
    else:
        PANEL[_key][_row["province"]] = float(_row["value"])
        if _row["flag"] == "outlier":
            FLAGS[(*_key, _row["province"])] = float(_row["value"])
NAME = {r["province"]: r["name_zh"] for r in rows("provinces") if r["macro_region"]}
REGION = {r["province"]: r["macro_region"] for r in rows("provinces") if r["macro_region"]}
OUT, IN = "tech_contract_out_value", "tech_contract_in_value"
JINJI, JZA = ("CN-TJ", "CN-HE"), ("CN-JS", "CN-ZJ", "CN-AH")


def naive_gini(values):
    """定义本身：两两之差。"""
    x = list(values)
    return sum(abs(a - b) for a in x for b in x) / (2 * len(x) ** 2 * (sum(x) / len(x)))


def without(table, *drop):
    return {p: v for p, v in table.items() if p not in drop}


def ratio(over, under, drop=()):
    return [over[p] / under[p] for p in over if p not in drop]


def value(indicator, entity, year):
    return next(
        float(r["value"])
        for r in rows("regional_indicators")
        if (r["indicator"], r["entity"], r["year"]) == (indicator, entity, str(year))
    )


class TestEvenness:
    def test_gini_from_the_definition(self):
        found = crr.evenness()
        for year, column in ((2011, "first"), (2023, "last")):
            fte, book = PANEL["rd_fte_total", year], PANEL["rd_internal_total", year]
            expected = {
                "研发经费": PANEL["rd_expenditure", year].values(),
                "研发人员": fte.values(),
                "发明专利授权": PANEL["patent_grant_invention", year].values(),
                "研发经费 ÷ GDP": PANEL["rd_intensity", year].values(),
                "研发经费 ÷ 人员": ratio(book, fte),
                "发明专利 ÷ 人员": ratio(PANEL["patent_grant_invention", year], fte),
            }
            for name, values in expected.items():
                assert found.loc[name, column] == pytest.approx(naive_gini(values)), name

    def test_contracts_leave_tibet_out_and_start_in_2012(self):
        found = crr.evenness()
        for year, column in ((2012, "first"), (2023, "last")):
            for name, code in (("技术合同输出", OUT), ("技术合同吸纳", IN)):
                own = without(PANEL[code, year], "CN-XZ")
                assert len(own) == 30
                assert found.loc[name, column] == pytest.approx(naive_gini(own.values()))
                per = ratio(own, PANEL["rd_internal_total", year])
                assert found.loc[name.replace("技术", "") + " ÷ 研发经费", column] == pytest.approx(naive_gini(per))
        assert "CN-XZ" not in PANEL[OUT, 2016]

    def test_between_share_from_the_formula(self):
        values = PANEL["rd_expenditure", 2023]
        total, mean = sum(values.values()), sum(values.values()) / 31
        whole = sum(v / mean * log(v / mean) for v in values.values()) / 31
        between = 0
        for region in set(REGION.values()):
            own = [v for p, v in values.items() if REGION[p] == region]
            between += sum(own) / total * log(sum(own) / total / (len(own) / 31))
        assert crr.evenness().loc["研发经费", "between_last"] == pytest.approx(between / whole)

    def test_intervals_hold_their_estimate_and_are_not_points(self):
        found = crr.evenness()
        assert (found["low"] < found["change"]).all()
        assert (found["change"] < found["high"]).all()
        assert ((found["last"] - found["first"]) - found["change"]).abs().max() < 1e-12

    def test_mismatch(self):
        money, people = PANEL["rd_internal_total", 2011], PANEL["rd_fte_total", 2011]
        expected = 1 - sum(min(money[p] / sum(money.values()), people[p] / sum(people.values())) for p in money)
        assert crr.mismatch(2011) == pytest.approx(expected)


class TestNet:
    def test_net_and_ratio(self):
        found = crr.net(2023)
        for code in NAME:
            sold, bought = PANEL[OUT, 2023][code], PANEL[IN, 2023][code]
            assert found.loc[code, "net"] == pytest.approx(sold - bought)
            assert found.loc[code, "ratio"] == pytest.approx((sold - bought) / (sold + bought))

    def test_missing_stays_missing(self):
        assert np.isnan(crr.net(2013).loc["CN-XZ", "net"])

    def test_signs(self):
        expected = {p: sum(PANEL[OUT, y][p] > PANEL[IN, y][p] for y in range(2019, 2024)) for p in NAME}
        assert crr.signs().to_dict() == expected
        table = crr.sign_table()
        assert table["n"].sum() == 31
        assert table["in_share"].sum() == pytest.approx(1)

    def test_top(self):
        surplus = sorted((PANEL[OUT, 2023][p] - PANEL[IN, 2023][p] for p in NAME), reverse=True)
        positive = [v for v in surplus if v > 0]
        assert crr.top_surplus()["share"] == pytest.approx(sum(surplus[:3]) / sum(positive))
        assert crr.top_surplus()["exporters"] == len(positive)


class TestConvergence:
    def test_slope_and_speed_by_hand(self):
        first, last = PANEL["rd_intensity", 2011], PANEL["rd_intensity", 2023]
        x = np.array([log(first[p]) for p in NAME])
        y = np.array([log(last[p] / first[p]) / 12 for p in NAME])
        b = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
        found = crr.beta_rows().loc["强度，2011–2023"]
        assert found["estimate"] == pytest.approx(100 * b)
        assert found["speed"] == pytest.approx(-100 * log(1 + 12 * b) / 12)
        assert crr.half_life(found["speed"] / 100) == pytest.approx(log(2) / (-log(1 + 12 * b) / 12))

    def test_spreads_by_hand(self):
        for year in (2011, 2023):
            v = np.array(list(PANEL["rd_intensity", year].values()))
            got = crr.sigma().loc[year]
            assert got["对数标准差"] == pytest.approx(np.log(v).std())
            assert got["变异系数"] == pytest.approx(v.std() / v.mean())
            assert got["基尼系数"] == pytest.approx(naive_gini(v))
        change = crr.sigma_change()["estimate"]
        assert change.to_dict() == pytest.approx((crr.sigma().loc[2023] / crr.sigma().loc[2011] - 1).to_dict())

    def test_lines_break_where_gdp_does(self):
        lines = crr.sigma_lines()
        assert set(lines.loc[lines["x"] <= 2018, "segment"]) == {"旧口径"}
        assert set(lines.loc[lines["x"] >= 2019, "segment"]) == {"新口径"}

    def test_gdp_ratio(self):
        for year in (2011, 2018, 2019):
            own = sum(PANEL["rd_expenditure", year][p] / PANEL["rd_intensity", year][p] for p in NAME)
            whole = NATION["rd_expenditure", year] / NATION["rd_intensity", year]
            assert crr.gdp_ratio()[year] == pytest.approx(own / whole)

    def test_vintages(self):
        revised = {int(r["year"]): float(r["value"]) for r in rows("cn_rd")
                   if r["indicator"] == "rd_intensity_revised" and r["status"] != "preliminary"}  # fmt: skip
        both = crr.national_vintages()
        assert both.loc[2023, "revised"] == revised[2023]
        assert both.loc[2023, "first"] == NATION["rd_intensity", 2023]


class TestMoran:
    def test_by_definition(self):
        values = PANEL["rd_intensity", 2023]
        near = defaultdict(list)
        for r in rows("province_neighbours"):
            if r["province_a"] in NAME and r["province_b"] in NAME:
                near[r["province_a"]].append(r["province_b"])
                near[r["province_b"]].append(r["province_a"])
        mean = sum(values.values()) / 31
        top = sum((values[p] - mean) * (values[q] - mean) / len(near[p]) for p in near for q in near[p])
        found = crr.moran("研发经费 ÷ GDP", 2023)
        assert found.estimate == pytest.approx(top / sum((v - mean) ** 2 for v in values.values()))
        assert len(crr.neighbours()) == len(crr.neighbours(strait=False)) + 1 == sum(map(len, near.values())) / 2

    def test_within_shuffles_inside_regions_only(self):
        """另写一遍：逐次、逐地区打乱。种子不同，所以只容许随机的出入。"""
        pairs, rng = crr.neighbours(), np.random.default_rng(7)
        near = {p: [b if a == p else a for a, b in pairs if p in (a, b)] for p in NAME}
        for log_first in (False, True):
            values = {p: log(v) if log_first else v for p, v in PANEL["rd_intensity", 2023].items()}
            mean = np.mean(list(values.values()))

            def index(v, mean=mean):
                top = sum((v[p] - mean) * np.mean([v[q] - mean for q in near[p]]) for p in v)
                return top / sum((x - mean) ** 2 for x in v.values())

            drawn = []
            for _ in range(300):
                mixed = {}
                for region in set(REGION.values()):
                    own = [p for p in NAME if REGION[p] == region]
                    mixed.update(zip(own, rng.permutation([values[p] for p in own]), strict=True))
                drawn.append(index(mixed))
            found = crr.moran_within(log=log_first)
            assert found.estimate == pytest.approx(index(values))
            assert found.expected == pytest.approx(np.mean(drawn), abs=0.02)
            assert (found.low, found.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.06)
        assert crr.moran_within().estimate == pytest.approx(crr.moran("研发经费 ÷ GDP", 2023).estimate)


class TestFlows:
    def test_shares(self):
        found = crr.flows()
        bj, sh = value("tech_flow_value", "bj_to_jh", 2023), value("tech_flow_value", "sh_to_jza", 2018)
        row = found.loc["北京→津冀，2023"]
        assert row["of_out"] == pytest.approx(bj / PANEL[OUT, 2023]["CN-BJ"])
        into = sum(PANEL[IN, 2023][p] for p in JINJI)
        assert row["of_in"] == pytest.approx(bj / into)
        assert row["even"] == pytest.approx(into / sum(without(PANEL[IN, 2023], "CN-BJ").values()))
        assert found.loc["上海→苏浙皖，2018", "of_in"] == pytest.approx(sh / sum(PANEL[IN, 2018][p] for p in JZA))
        grown = value("tech_flow_value_growth", "bj_to_jh", 2023)
        assert found.loc["北京→津冀，2022（倒推）", "value"] == pytest.approx(bj / (1 + grown / 100))
        assert found["of_outflow"].notna().sum() == 1
        assert row["relative"] == pytest.approx(
            bj / PANEL[OUT, 2023]["CN-BJ"] * sum(without(PANEL[IN, 2023], "CN-BJ").values()) / into
        )

    def test_balance_bounds(self):
        out, bought = PANEL[OUT, 2023]["CN-BJ"], PANEL[IN, 2023]["CN-BJ"]
        flow, share = value("tech_flow_value", "bj_to_jh", 2023), value("tech_flow_share_of_outflow", "bj_to_jh", 2023)
        got = crr.beijing_balance()
        assert got["outward"] == pytest.approx(flow / share * 100)
        worst = min(bought - (out - flow / s * 100) for s in (share - 0.05, share + 0.05))
        assert got["bought_least"] == pytest.approx(worst)
        assert got["reverse_most"] == pytest.approx(min(sum(PANEL[OUT, 2023][p] for p in JINJI), bought))

    def test_cumulative_and_shanghai(self):
        into = sum(PANEL[IN, y][p] for y in range(2014, 2021) for p in JINJI)
        assert crr.cumulative_share()["share"] == pytest.approx(
            value("tech_flow_value_cumulative", "bj_to_jh", 2020) / into
        )
        row = crr.flows().loc["上海→苏浙皖，2023"]
        need = crr.shanghai_needed()
        sold = PANEL[OUT, 2023]["CN-SH"]
        assert row["value"] / (sold * need["ceiling"]) == pytest.approx(row["even"])
        assert row["value"] / (sold * need["like"]) / row["even"] == pytest.approx(need["as_beijing"])

    def test_internal(self):
        got = crr.yrd_internal()
        assert got["total"] * value("tech_flow_share_yrd", "sh_to_jza", 2023) / 100 == pytest.approx(744.32)


class TestOutliers:
    def test_every_flag_is_examined(self):
        found = crr.outlier_rows()
        assert sorted(found["value"]) == sorted(FLAGS.values())
        assert set(zip(found["name"], found["year"], strict=True)) == {(NAME[p], y) for _, y, p in FLAGS}

    def test_repair_uses_the_nearest_years_without_a_flag(self):
        fixed = crr.repaired(OUT)
        assert fixed.loc[2021, "CN-GX"] == pytest.approx((PANEL[OUT, 2020]["CN-GX"] + PANEL[OUT, 2022]["CN-GX"]) / 2)
        assert fixed.loc[2023, "CN-HL"] == PANEL[OUT, 2022]["CN-HL"]
        wanted = (PANEL[OUT, 2017]["CN-QH"] + PANEL[OUT, 2020]["CN-QH"]) / 2
        assert fixed.loc[2018, "CN-QH"] == fixed.loc[2019, "CN-QH"] == pytest.approx(wanted)
        same = crr.wide(OUT).ne(fixed) & crr.wide(OUT).notna()
        assert same.to_numpy().sum() == sum(code == OUT for code, *_ in FLAGS)

    def test_remainder(self):
        assert crr.remainder()[2021] == pytest.approx(NATION[OUT, 2021] - sum(PANEL[OUT, 2021].values()))

    def test_jumps(self):
        found = []
        for year in range(2013, 2023):
            for p in NAME:
                near = [PANEL[OUT, y].get(p) for y in (year - 1, year, year + 1)]
                if None in near:
                    continue
                times = near[1] / (near[0] * near[2]) ** 0.5
                if times > 2 or times < 0.5:
                    found.append((NAME[p], year))
        got = crr.jumps()
        assert set(zip(got["name"], got["year"], strict=True)) == set(found)
        assert len(got) == len(found)

    def test_said(self):
        assert crr.said((-0.05, -0.091, 0.0), "+.2f") == "−0.05（95% 区间 −0.09 到 +0.00）"
        assert crr.said((-0.001, -0.2, 0.3), ".1f", brief=True) == "0.0（−0.2 到 0.3）"


class TestSentences:
    """正文里定性的话。数据变了而话没改，这里失败。"""

    def test_one_line_answer(self):
        found = crr.evenness()
        assert found.loc["研发经费", "low"] < 0 < found.loc["研发经费", "high"]
        assert found.loc["研发经费 ÷ 人员", "high"] < 0
        assert "研发人员" in crr.verdicts()["less"]
        assert "技术合同输出" in crr.verdicts()["unclear"]

    def test_output_evened_because_of_beijing(self):
        whole, rest = crr.gini_change("技术合同输出"), crr.gini_change("技术合同输出", drop=("CN-BJ",))
        assert (whole[0] - whole[1]) > 5 * (rest[0] - rest[1]) > 0
        others = [crr.gini_change("技术合同输出", drop=(p,)) for p in NAME if p not in ("CN-BJ", "CN-XZ")]
        assert min(a - b for a, b in others) > 0.1  # 去掉别的任何一省，仍明显下降
        assert crr.share_of("CN-BJ", OUT, 2023) < crr.share_of("CN-BJ", OUT, 2012) / 2
        left = crr.rest_change()
        assert left.estimate == pytest.approx(rest[1] - rest[0])
        assert left.low < 0 < left.high
        grown, own = crr.output_growth(), [without(PANEL[OUT, y], "CN-XZ") for y in (2012, 2023)]
        assert grown["beijing"] == pytest.approx(own[1]["CN-BJ"] / own[0]["CN-BJ"])
        assert grown["rest"] == pytest.approx(
            sum(without(own[1], "CN-BJ").values()) / sum(without(own[0], "CN-BJ").values())
        )
        assert grown["rest"] > grown["beijing"] > 1

    def test_only_output_falls_clearly_among_totals(self):
        change = crr.evenness()["change"].iloc[:5]
        assert list(change.index[change < -0.05]) == ["技术合同输出"]
        assert change[["研发经费", "发明专利授权"]].abs().max() < 0.01

    def test_people_moved_toward_money(self):
        gap = [crr.mismatch(y) for y in range(2011, 2024)]
        assert gap[-1] < gap[0]
        assert min(np.diff(gap)) < 0 < max(np.diff(gap))  # 中间有起落
        found = crr.evenness()
        clear = found[(found["low"] > 0) | (found["high"] < 0)]
        edge = clear[["low", "high"]].abs().min(axis=1)
        assert edge.idxmin() == "研发人员"  # 离零最近、最不牢的
        ends = crr.evenness()
        assert ends.loc["研发经费 ÷ GDP", "last"] < ends.loc["研发经费", "last"]
        assert ends.loc["研发经费 ÷ 人员", "last"] < ends.loc["研发经费", "last"]

    def test_surpluses_leave_the_country(self):
        assert NATION[OUT, 2023] == pytest.approx(NATION[IN, 2023])
        assert sum(PANEL[OUT, 2023].values()) > sum(PANEL[IN, 2023].values())

    def test_guangdong_and_jiangsu(self):
        assert set(crr.net()["name"].iloc[-2:]) == {"广东", "江苏"}
        spent = PANEL["rd_expenditure", 2023]
        assert set(sorted(spent, key=spent.get)[-2:]) == {"CN-GD", "CN-JS"}

    def test_break(self):
        ratio, jump = crr.gdp_ratio(), crr.gdp_jump()
        assert list(jump.index[:3]) == ["天津", "吉林", "黑龙江"]
        assert ratio[2018] > 1 > ratio[2019]
        assert ratio[2011] == pytest.approx(max(ratio), abs=0.01)
        assert ratio.loc[2013:2018].is_monotonic_decreasing
        assert crr.intensity_without_break()["spending"] < 0
        whole = [NATION["rd_expenditure", y] / NATION["rd_intensity", y] for y in (2018, 2019)]
        assert crr.national_gdp_growth() == pytest.approx(whole[1] / whole[0] - 1)
        assert crr.national_gdp_growth() > 0

    def test_convergence_cannot_be_told(self):
        found = crr.beta_rows()
        assert (found["speed"] > 0).all()
        assert list(found.index[found["speed_low"] > 0]) == ["强度，去藏琼青新"]
        main = found.loc["强度，2011–2023"]
        assert main["speed_low"] < 0 < 100 * crr.TEXTBOOK < main["speed_high"]

    def test_rulers_disagree(self):
        spread, spent = crr.sigma_change(), crr.sigma_change("rd_expenditure")
        assert spread.loc["变异系数", "high"] < 0 < spread.loc["对数标准差", "high"]
        assert ((spent["low"] < 0) & (spent["high"] > 0)).all()
        before, after = (
            crr.sigma_change("rd_intensity", *years).loc["变异系数"] for years in ((2011, 2018), (2019, 2023))
        )
        assert before["low"] < 0 < before["high"]
        assert after["low"] < 0
        assert abs(after["high"]) < 0.01  # 贴着零
        first, last = crr.relative_intensity(2011), crr.relative_intensity(2023)
        assert all(last[p] < first[p] for p in ("北京", "新疆", "青海"))

    def test_neighbours(self):
        for year in range(2011, 2024):
            for strait in (True, False):
                found = crr.moran("研发经费 ÷ GDP", year, strait)
                assert found.estimate > found.high
        for year in range(2012, 2024):
            found = crr.moran("合同输出 ÷ 研发经费", year)
            assert found.low < found.estimate < found.high

    def test_regions_take_most_of_it_and_the_rest_is_unclear(self):
        for logged in (False, True):
            inside = crr.moran_within(log=logged)
            assert inside.low < inside.estimate < inside.high
            assert inside.expected > inside.estimate / 2  # 大半跟着地区走
        assert crr.moran_within().p > 0.2
        tight = crr.moran_within(log=True)
        assert tight.p < 0.1
        assert tight.high - tight.estimate < 0.05  # 贴着上沿
        values = np.log(crr.wide("rd_intensity"))
        for year in (2011, 2023):
            free = crr.regions.moran(values.loc[year], crr.neighbours(), draws=999)
            assert free.estimate > free.high

    def test_buyers_differ_from_sellers(self):
        outside = crr.buying_outside()
        assert len(outside) == 12
        assert 0 < outside.sum() < len(outside)
        wide, own = crr.moran("研发经费 ÷ GDP", 2016), crr.moran("合同吸纳 ÷ 研发经费", 2016)
        assert own.high < own.estimate < wide.high  # 有的年份范围更窄，图上的灰带看不出
        assert outside[2022]
        assert outside[2023]
        per = {p: PANEL[IN, 2023][p] / PANEL["rd_internal_total", 2023][p] for p in NAME if p != "CN-XZ"}
        most = sorted(per, key=per.get, reverse=True)[:3]
        assert crr.buying_most() == [NAME[p] for p in most]
        spent = PANEL["rd_internal_total", 2023]
        assert all(spent[p] < np.median(list(spent.values())) for p in most)

    def test_rise_leans_on_hebei(self):
        change = crr.moran_drop_one()["change"]
        assert change.idxmin() == "河北"
        assert change["河北"] < change.drop("河北").min() / 2
        pairs = [set(pair) for pair in crr.neighbours()]
        assert {"CN-HE", "CN-BJ"} in pairs
        assert {"CN-HE", "CN-TJ"} in pairs
        for place in ("CN-BJ", "CN-TJ"):
            gap = [abs(PANEL["rd_intensity", y][place] - PANEL["rd_intensity", y]["CN-HE"]) / NATION["rd_intensity", y]
                   for y in (2011, 2023)]  # fmt: skip
            assert gap[1] < gap[0]
        step = crr.moran("研发经费 ÷ GDP", 2019).estimate - crr.moran("研发经费 ÷ GDP", 2018).estimate
        assert step > 0

    def test_flows_and_denominators(self):
        flow = crr.flows()
        share = flow["of_in"]
        assert share["北京→津冀，2022（倒推）"] < share["北京→津冀，2013"] < share["北京→津冀，2023"]
        assert share["上海→苏浙皖，2023"] < share["上海→苏浙皖，2018"]
        assert flow.loc["上海→苏浙皖，2023", "value"] > flow.loc["上海→苏浙皖，2018", "value"]
        for column in ("of_out", "relative"):
            assert flow[column].iloc[:3].is_monotonic_increasing
        rise = flow["relative"].iloc[:3].diff()
        assert rise.iloc[2] > rise.iloc[1]  # 升幅大半在末一年
        assert flow["relative"].iloc[4] < flow["relative"].iloc[3]
        assert share["北京→津冀，2013"] < crr.cumulative_share()["share"] > share["北京→津冀，2022（倒推）"]
        bj = flow.loc["北京→津冀，2023"]
        assert bj["of_outflow"] > 2 * bj["even"]
        assert crr.shanghai_needed()["as_beijing"] < 1.25
        assert crr.beijing_balance()["bought_least"] > 1_000

    def test_versions_would_chain_backwards(self):
        versions = crr.index_versions()
        assert list(versions.index) == ["2022", "2023", "2024"]
        assert value("yrd_subindex_outcome_sharing", "yrd", 2022) > value("yrd_subindex_outcome_sharing", "yrd", 2023)

    def test_three_kinds_of_outlier(self):
        out = {y: PANEL[OUT, y] for y in range(2012, 2024)}
        gx = [out[y]["CN-GX"] for y in (2020, 2021, 2022)]
        assert gx[1] > 4 * gx[0]
        assert gx[1] > 4 * gx[2]
        assert max(out[y]["CN-QH"] for y in range(2019, 2024)) < min(out[y]["CN-QH"] for y in range(2013, 2019))
        assert all(out[y]["CN-QH"] < out[y + 1]["CN-QH"] for y in range(2012, 2018))  # 到 2018 年一路连得上
        more = {side: row["value"] - row["instead"] for side, row in
                crr.outlier_rows().query("name == '广西'").set_index("side").iterrows()}  # fmt: skip
        assert more["吸纳"] == pytest.approx(more["输出"], rel=0.1)
        left, fixed = crr.remainder(), crr.remainder(repair=True)
        assert left[2020] < left[2021] < left[2022]
        assert fixed[2021] > max(left[2020], left[2022])
        assert left[2022] < fixed[2023] < left[2023]  # 黑龙江怎样写都说得通

    def test_flags_are_not_all(self):
        found = crr.jumps()
        assert found["flagged"].sum() < len(found) / 2
        assert set(found.loc[found["name"] == "重庆", "year"]) == set(range(2014, 2020))

    def test_effects(self):
        for name in ("技术合同输出", "技术合同吸纳", "合同输出 ÷ 研发经费"):
            (a, b), (c, d) = crr.gini_change(name), crr.gini_change(name, repair=True)
            assert abs((b - a) - (d - c)) < 0.02
        flips = [(p, y) for p, y in (("CN-HL", 2023), ("CN-QH", 2018), ("CN-GX", 2021))
                 if crr.net(y).loc[p, "net"] * crr.net(y, True).loc[p, "net"] < 0]  # fmt: skip
        assert flips == [("CN-HL", 2023), ("CN-QH", 2018)]
        for year in (2021, 2023):
            found = crr.moran("合同输出 ÷ 研发经费", year, repair=True)
            assert found.low < found.estimate < found.high

    def test_signs_survive_the_repair(self):
        raw, fixed = crr.signs(), crr.signs(repair=True)
        assert set(raw.index[raw == 5]) <= set(fixed.index[fixed == 5])
        assert set(raw.index[raw == 0]) == set(fixed.index[fixed == 0])

    def test_reproduced(self):
        found = crr.reproduced()
        assert found.compared - found.agree == 1
        assert found.where.startswith("长三角")
