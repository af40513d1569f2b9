"""“知识产权”一章的数字：直接由 CSV 独立重算，并守住正文里定性的话。"""

from itertools import permutations
from math import log

import numpy as np
import pytest
from scipy import stats

from chokepoint.findings import intellectual_property as ip
from tests.findings.raw import one, rows

GRANT, ALL, VALID = "patent_grant_invention", "patent_grant_total", "patent_valid_invention"
OUT = "tech_contract_out_value"
PANEL = {}
for _r in rows("province_panel", scope="province"):
    PANEL.setdefault((_r["indicator"], int(_r["year"])), {})[_r["province"]] = float(_r["value"])


def series(indicator, year, **equal):
    return one("policy_series", indicator=indicator, year=year, **equal)


def total(indicator, year):
    return sum(PANEL[indicator, year].values()) / 1e4


def fee(iso3, flow, year):
    return one("ip_charges", iso3=iso3, flow=flow, year=year, unit="USD_100m")


def patents(measure, year, iso3):
    return sum(float(r["value"]) for r in rows("patents", measure=measure, year=year, iso3=iso3))


class TestCounts:
    def test_growth_and_scope(self):
        for name in (GRANT, ALL, VALID):
            assert ip.growth(name) == pytest.approx(total(name, 2023) / total(name, 2010))
        assert ip.domestic_share(2023) == pytest.approx(total(GRANT, 2023) / 92.1)
        assert ip.outside_share(2025) == pytest.approx(1 - 532 / 631.8)
        assert ip.outside_share(2021) == pytest.approx(1 - 270.4 / 359.7)

    def test_lines_never_join_two_sources(self):
        lines = ip.count_lines()
        late = lines[lines["x"] > 2023]
        assert set(late["segment"]) == {"series"}
        assert set(lines.loc[lines["x"] < 2022, "segment"]) == {"panel"}

    def test_row_must_be_unique(self):
        with pytest.raises(ValueError, match="应有一行"):
            ip.value("invention_patents_in_force_domestic", 2025)
        with pytest.raises(ValueError, match="备注里没有"):
            ip.noted("ip_cases_heard", 2023, r"降 ([\d.]+)%")


class TestExits:
    def test_identity(self):
        for year in (2011, 2018, 2023):
            gone = total(VALID, year - 1) + total(GRANT, year) - total(VALID, year)
            assert ip.exit_rates()[year] == pytest.approx(gone / total(VALID, year - 1) * 100)
        nation = {(r["indicator"], int(r["year"])): float(r["value"]) for r in rows("province_panel", scope="national")}
        gone = nation[VALID, 2022] + nation[GRANT, 2023] - nation[VALID, 2023]
        assert ip.exit_rates("national")[2023] == pytest.approx(gone / nation[VALID, 2022] * 100)

    def test_recent_solves_the_identity(self):
        late = ip.recent_exit()
        low = min(total(GRANT, 2022) / 79.8, total(GRANT, 2023) / 92.1)
        for rate, share in ((late["low"], low), (late["high"], 1), (ip.exit_rates()[2023], late["needed"])):
            stock = 401.5
            for new in (104.5, 97.2):
                stock = stock * (1 - rate / 100) + share * new
            assert stock == pytest.approx(532, abs=1e-6)
        stock, eve = 359.7, 631.8 / 1.111  # 2024 年末由公布的“增 11.1%”倒推
        for new in (79.8, 92.1, 104.5):
            stock = stock * (1 - late["all_before"] / 100) + new
        assert stock == pytest.approx(eve, abs=1e-6)
        assert late["all_last"] == pytest.approx((eve + 97.2 - 631.8) / eve * 100)

    def test_young_bounds_and_negative_cells(self):
        low, high = ip.young_bounds(2023)
        assert high == pytest.approx(sum(total(GRANT, y) for y in range(2020, 2024)) / total(VALID, 2023))
        assert low == pytest.approx(1 - total(VALID, 2019) / total(VALID, 2023))
        assert low < high
        count = sum(
            PANEL[VALID, y - 1][p] + PANEL[GRANT, y][p] < PANEL[VALID, y][p]
            for y in range(2011, 2024)
            for p in PANEL[VALID, y]
        )
        assert ip.negative_cells() == (count, 13 * 31)


class TestHighValue:
    def test_table(self):
        table = ip.high_value()
        assert table.loc[2023, "share"] == pytest.approx(166.5 / 401.5)
        assert table.loc[2020, "share"] == pytest.approx(229.2 / 532 - 0.029)
        # 由每万人件数与 2023 年隐含的人口另行推算，相差不到百分之一
        people = 166.5 / 11.8
        assert table.loc[2020, "count"] == pytest.approx(6.3 * people, rel=0.01)

    def test_decomposition(self):
        old = 229.2 / 532 - 0.029
        rise, stock = log(229.2 / 532 / old), log(532 / total(VALID, 2020))
        found = ip.from_share()
        assert found.estimate == pytest.approx(rise / (rise + stock))
        assert found.low < found.estimate < found.high
        short = ip.from_share(2023)
        grown = log(229.2 / 166.5)
        assert short.estimate == pytest.approx(1 - log(532 / 401.5) / grown)
        least = log((229.15 / 532.5) / (166.55 / 401.45)) / log(229.15 / 166.55)
        assert short.low == pytest.approx(least)
        assert abs(229.2 / 532 - 0.431) < 0.0005  # 与备注里公布的占比相合

    def test_added(self):
        old = 229.2 / 532 - 0.029
        stock = total(VALID, 2020)
        assert ip.added_share() == pytest.approx((229.2 - old * stock) / (532 - stock))
        assert ip.added_share(2023) == pytest.approx((229.2 - 166.5) / (532 - 401.5))

    def test_sei(self):
        assert ip.sei_share()["of_high"] == pytest.approx(153.4 / 229.2)


class TestAbroad:
    def test_shares(self):
        table = ip.shares()
        for name, measure in (("family", "inpadoc_family"), ("grant", "uspto_grant")):
            want = patents(measure, 2019, "CHN") / patents(measure, 2019, "WLD") * 100
            assert table.loc["CHN", name] == pytest.approx(want)
        assert table.loc["DEU", "receipts"] == pytest.approx(
            fee("DEU", "receipts", 2019) / fee("WLD", "receipts", 2019) * 100
        )

    def test_exact_permutation(self):
        table = ip.shares().drop("CHN")
        f, g, y = (stats.rankdata(table[k]) for k in ("family", "grant", "receipts"))
        rho = {"family": stats.spearmanr(f, y).statistic, "grant": stats.spearmanr(g, y).statistic}
        rho["gap"] = rho["grant"] - rho["family"]
        found, drawn = ip.rank_match(2019, ("CHN",)), {k: [] for k in rho}
        for p in permutations(y):
            a, b = np.corrcoef([f, g, p])[2, :2]
            for k, v in (("family", a), ("grant", b), ("gap", b - a)):
                drawn[k].append(v)
        for k, v in rho.items():
            want = np.mean(np.abs(drawn[k]) >= abs(v) - 1e-9)
            assert (found[k], found[f"{k}_p"]) == pytest.approx((v, want))


class TestCourts:
    def test_changes(self):
        moved = ip.case_changes()
        assert moved["spliced"] == pytest.approx(49 / 54.3 - 1)
        assert moved["spliced_24"] == pytest.approx(54 / 49 - 1)
        assert (moved["concluded"], moved["heard"]) == pytest.approx((0.018, 0.0341))
        lines = ip.case_lines().set_index(["line", "x"])["y"]
        assert lines["审结，工作报告", 2022] == pytest.approx(49 / 1.018)

    def test_punitive(self):
        table = ip.punitive().set_index(["scope", "when"])
        whole, tribunal = "全国法院", "最高法院知识产权法庭"
        assert tuple(table.loc[(whole, "2023"), ["per_low", "per_high"]]) == pytest.approx((319 / 55, 319 / 49))
        assert tuple(table.loc[(whole, "2024"), ["per_low", "per_high"]]) == pytest.approx((460 / 55, 460 / 54))
        assert tuple(table.loc[(whole, "2022"), ["amount_low", "amount_high"]]) == pytest.approx(
            (11.6 / 4.5, 11.6 / 3.5)
        )
        assert tuple(table.loc[(tribunal, "2019–2024"), ["cases", "amount_low"]]) == pytest.approx((28, 9.2))
        assert table.loc[(tribunal, "2025"), "mean_low"] == pytest.approx(113_000 / 30)
        assert table.loc[(tribunal, "2019–2025 累计"), "per_low"] == pytest.approx(58 / 2.3069)

    def test_growth_interval(self):
        found = ip.punitive_growth()
        assert found.estimate == pytest.approx(460 / 319)
        wide = 1.96 * (1 / 460 + 1 / 319) ** 0.5
        assert (found.low, found.high) == pytest.approx((460 / 319 * np.exp(-wide), 460 / 319 * np.exp(wide)), rel=0.01)

    def test_pair(self):
        assert ip.pair(2.577, 3.314, 1) == "2.6–3.3"
        assert ip.pair(11.6, 11.6, 1) == "11.6"
        assert ip.pair(float("nan"), float("nan"), 1) is None


class TestLicensing:
    def test_filings(self):
        table = ip.filings()
        assert table.loc[2023, "all"] == pytest.approx(61.3 / 1.299)
        assert table.loc[2023, "universities"] == pytest.approx(7.6 / 1.391)
        assert table.loc[2025, "universities"] == pytest.approx(7.6 * 1.166)
        assert 8.5 < table.loc[2025, "universities"] < 9  # 与“接近 9 万次”相合
        assert abs(61.3 * 1.137 - 69.7) < 0.05  # 公布的增幅与两年的数相合
        left = ip.action_rest()
        assert left["value"] == pytest.approx(145.8 - 61.3 - 69.7)
        assert left["days"] == pytest.approx(75 / 365)

    def test_intensive(self):
        base = one("targets", "baseline_value", target_id="ip14_pidense")
        got = {y: series("patent_intensive_gdp_share", y) for y in (2020, 2023)}
        assert ip.intensive() == {"base": base, "first": got[2020], "last": got[2023]}
        assert base < got[2020] < got[2023]

    def test_modes(self):
        got = {
            k: one("regional_indicators", indicator=f"transfer_count_{k}", year=2023)
            for k in ("licence", "assignment", "equity")
        }
        assert sum(got.values()) == one("regional_indicators", indicator="transfer_count_3modes", year=2023)
        assert ip.institute_modes()["licence"] == pytest.approx(got["licence"] / sum(got.values()))


class TestFees:
    def test_cover(self):
        found = ip.cover_bounds()
        assert found.estimate == pytest.approx(110 / 427)
        assert (found.low, found.high) == pytest.approx((109.5 / 428, 110.5 / 426))
        assert ip.cover("KOR", 2020) == pytest.approx(fee("KOR", "receipts", 2020) / fee("KOR", "payments", 2020))

    def test_since(self):
        level = 110 / 427
        years = [y for y in range(1990, 2021) if fee("KOR", "receipts", y) / fee("KOR", "payments", y) >= level]
        assert ip.fee_table().loc["韩国", "since"] == years[0]

    def test_split_and_gap(self):
        base = fee("CHN", "receipts", 2020) + fee("CHN", "payments", 2020)
        assert ip.total_split().estimate == pytest.approx((110 - fee("CHN", "receipts", 2020)) / (537 - base))
        gaps = [abs(fee("WLD", "payments", y) / fee("WLD", "receipts", y) - 1) for y in range(2015, 2020)]
        assert ip.world_gap() == pytest.approx(max(gaps))
        yuan = ip.yuan_check()
        assert yuan["total"] == pytest.approx(3194.4 / base)
        assert yuan["receipts"] == pytest.approx(760.2 / 1.271 / fee("CHN", "receipts", 2020))


class TestProvinces:
    def frame(self, patent=GRANT, contract=OUT, own=(2012, 2023), other=(2012, 2023)):
        kept = [p for p in PANEL[patent, own[0]] if all(p in PANEL[contract, y] for y in other)]
        grown = [log(PANEL[patent, own[1]][p] / PANEL[patent, own[0]][p]) for p in kept]
        return np.array(grown), np.array(
            [log(PANEL[contract, other[1]][p] / PANEL[contract, other[0]][p]) for p in kept]
        )

    def test_elasticities(self):
        for label, args in {
            "发明授权与合同输出，2012–2023": {},
            "2018–2023": {"own": (2018, 2023), "other": (2018, 2023)},
            "合同换成 2016–2023": {"own": (2012, 2019), "other": (2016, 2023)},
            "换成全部专利授权": {"patent": ALL},
            "换成合同输出的项数": {"contract": "tech_contract_out_count"},
        }.items():
            x, y = self.frame(**args)
            assert ip.elasticity(label).estimate == pytest.approx(stats.linregress(x, y).slope)
            assert len(x) == len(ip.province_growth(label))

    def test_interval_against_another_bootstrap(self):
        x, y = self.frame()
        rng = np.random.default_rng(3)
        drawn = [np.polyfit(x[i], y[i], 1)[0] for i in rng.integers(0, len(x), (600, len(x)))]
        found = ip.elasticity()
        assert (found.low, found.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.35)

    def test_shuffled_null_is_negative_by_construction(self):
        x, y = self.frame()
        found = ip.shuffled()
        assert found["naive"] == pytest.approx(np.corrcoef(x, y - x)[0, 1])
        assert found["null"] == pytest.approx(-x.std() / np.hypot(x.std(), y.std()), abs=0.02)
        assert found["p"] == pytest.approx(stats.pearsonr(x, y).pvalue, abs=0.01)

    def test_placebo(self):
        x, y = self.frame(patent="budget_total")
        got = ip.placebo()
        assert got["budget"] == pytest.approx(np.corrcoef(x, y)[0, 1])
        own, _ = self.frame()
        assert got["patents"] == pytest.approx(np.corrcoef(own, y)[0, 1])
        # 偏回归：两边各去掉财政支出能说明的，再求斜率
        left = [v - np.polyval(np.polyfit(x, v, 1), x) for v in (own, y)]
        found = ip.beside_budget()
        assert found.estimate == pytest.approx(stats.linregress(*left).slope)
        assert found.low < found.estimate < found.high

    def test_drop_one_and_per_grant(self):
        x, y = self.frame()
        every = [stats.linregress(np.delete(x, i), np.delete(y, i)).slope for i in range(len(x))]
        found = ip.drop_one()
        assert (found.iloc[0], found.iloc[-1]) == pytest.approx((min(every), max(every)))
        kept = [p for p in PANEL[GRANT, 2023] if p != "CN-XZ"]
        want = sum(PANEL[OUT, 2023][p] for p in kept) / sum(PANEL[GRANT, 2023][p] for p in kept) * 1e4
        assert ip.per_grant(2023) == pytest.approx(want)


class TestSentences:
    """正文里定性的话。数据变了而话没改，这里失败。"""

    def test_judges_differ_by_orders(self):
        own = ip.shares().loc["CHN"]
        assert own["family"] > 5 * own["grant"] > 15 * own["receipts"]
        assert own["family"] == ip.shares()["family"].max()

    def test_world_fees_of_2020_are_not_whole(self):
        assert fee("WLD", "payments", 2020) < 0.85 * fee("WLD", "payments", 2019)

    def test_counts(self):
        totals = [total(ALL, y) for y in range(2010, 2024)]
        assert totals.index(max(totals)) == 11  # 2021 年到顶
        assert totals[-1] < totals[-2] < totals[-3]
        assert total(GRANT, 2023) > total(GRANT, 2022) > total(GRANT, 2021)
        given = [series("invention_patents_granted", y) for y in range(2022, 2026)]
        assert given[3] < given[2]
        assert given[0] < given[1] < given[2]
        again = ip.reproduced()
        assert np.allclose(again["panel"], again["published"], atol=0.06)

    def test_exits_fall_while_the_stock_ages_then_break(self):
        rates, late = ip.exit_rates(), ip.recent_exit()
        assert late["all_last"] > late["all_before"]
        assert late["high"] > min(rates[y] for y in range(2011, 2019))
        assert max(rates[y] for y in range(2020, 2024)) < min(rates[y] for y in range(2011, 2019))
        assert rates.idxmin() == 2023
        assert late["low"] > rates[[2020, 2021, 2022, 2023]].max()
        assert late["needed"] < min(ip.domestic_share(2022), ip.domestic_share(2023)) - 0.1
        assert ip.young_bounds(2014)[0] > ip.young_bounds(2023)[1]  # 界不相交，存量确在变老

    def test_high_value_follows_the_stock(self):
        assert ip.from_share().high < 0.1
        assert ip.from_share(2023).high < 0.2
        table = ip.high_value()["share"].dropna()
        assert table.is_monotonic_increasing
        assert ip.sei_share()["of_high"] > 0.5
        assert ip.sei_share()["overlap"] == 0
        assert 0.5 > ip.added_share() > table[2020]

    def test_no_count_is_shown_closer_to_income(self):
        found = ip.match_table()
        assert (found[["family_p", "grant_p"]] > 0.2).all().all()
        assert (found["gap_p"] > 0.05).all()

    def test_fees(self):
        table = ip.fee_table()
        assert (table.loc[["日本", "德国", "美国"], 2020] > 1).all()
        assert table.loc["韩国", 2020] < 1
        ours, theirs = ip.lowest_cover()
        assert ours < theirs
        assert ip.total_split().high < 0.5
        yuan = ip.yuan_check()
        assert yuan["receipts"] == pytest.approx(yuan["total"], rel=0.02)

    def test_neither_dilution_nor_its_opposite_is_shown(self):
        found, kinds = ip.elasticity_rows(), ip.diluted()
        assert kinds["less"] == []
        assert set(kinds["more"]) == {"发明授权与合同输出，2012–2023", "离群值换成前后年的平均", "去北京"}
        assert found["estimate"].min() < 1 < found["estimate"].iloc[0]
        assert len(kinds["unclear"]) > len(found) / 2
        beside = ip.beside_budget()
        assert beside.low < 1 < beside.high
        assert ip.elasticity().low > 1
        fake, calm = ip.shuffled(), ip.placebo()
        assert fake["naive"] > fake["high"]
        assert fake["null"] < 0
        assert calm["budget"] >= calm["patents"] - 0.02
        assert ip.drop_one().min() > 1
        later = ip.shuffled("2018–2023")
        assert later["naive"] > later["low"]
        assert ip.per_grant(2023) > ip.per_grant(2012)

    def test_courts(self):
        moved = ip.case_changes()
        assert moved["concluded"] > 0
        assert moved["heard"] > 0
        assert moved["spliced"] < 0 < moved["spliced_24"]
        rise = ip.case_lines().query("x == 2023").set_index("line")["y"]
        before = (
            ip.case_lines()
            .query("x == 2022")
            .set_index("line")["high"]
            .fillna(ip.case_lines().query("x == 2022").set_index("line")["y"])
        )
        assert all(rise[k] > before[k] for k in ("审结，工作报告", "审理，白皮书"))
        table = ip.punitive().set_index(["scope", "when"])
        assert table.loc[("全国法院", "2024"), "per_high"] < 10
        tribunal = table.loc["最高法院知识产权法庭"]
        assert tribunal.loc["2025", "cases"] > tribunal.loc["2019–2024", "cases"]
        assert tribunal.loc["2025", "amount_low"] == pytest.approx(11.6, rel=0.05)
        assert tribunal.loc["2025", "mean_low"] > 5 * table.loc[("全国法院", "2023"), "mean_low"]

    def test_filings(self):
        table = ip.filings()
        assert table["share"].is_monotonic_increasing
        assert table["share"].iloc[-1] < 0.15
        left = ip.action_rest()
        assert left["share"] > left["days"]

    def test_claims(self):
        assert list(ip.claims()["holds"]) == [True, True, True, False, False, False, True, False]

    def test_sources_after_2023_are_reposts(self):
        grade = {r["source_id"]: r["grade"] for r in rows("sources")}
        used = [r for r in rows("policy_series", strategy="ip_protection") if int(r["year"]) > 2023]
        assert used
        assert {grade[r["source_id"]] for r in used} == {"B"}
