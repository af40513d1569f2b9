"""“财政与金融”一章的数字：从 CSV 另行重算，并看守每一句定性的话。"""

from math import log

import numpy as np
import pytest
import statsmodels.api as sm

from chokepoint.findings import fiscal_finance as ff

from .raw import one, rows

FACTS = {r["fact_id"]: r for r in rows("fiscal_instruments")}
MONEY = {"CNY_100m", "USD_bn", "EUR_bn"}
AMOUNTS = [k for k, r in FACTS.items() if r["unit"] in MONEY]
PANEL = {}
for _row in rows("province_panel", scope="province"):
    PANEL[_row["indicator"], _row["province"], int(_row["year"])] = float(_row["value"])
PLACES = sorted({p for _, p, _ in PANEL})


def fact(key):
    return float(FACTS[key]["value"])


def finance(key):
    return one("innovation_finance", row_id=key)


def series(indicator, **equal):
    return one("policy_series", indicator=indicator, **equal)


class TestComparable:
    def test_every_amount_is_coded_and_nothing_else(self):
        assert list(ff.amounts().index) == AMOUNTS
        assert {FACTS[k]["measure"] for k in AMOUNTS} == set(ff.KIND)
        assert set(ff.WITHIN) | set(ff.WITHIN.values()) <= set(AMOUNTS)
        assert set(ff.HEADLINE) <= set(AMOUNTS)
        assert not set(ff.TAX) & set(AMOUNTS)

    def test_reasons_pair_by_pair(self):
        def above(key):
            return {ff.WITHIN[key], *above(ff.WITHIN[key])} if key in ff.WITHIN else set()

        counted = dict.fromkeys(ff.REASONS, 0)
        found = ff.reasons()
        for i, a in enumerate(AMOUNTS):
            for b in AMOUNTS[:i]:
                (kind, payer), (other, second) = ff.KIND[FACTS[a]["measure"]], ff.KIND[FACTS[b]["measure"]]
                units = {FACTS[a]["unit"], FACTS[b]["unit"]}
                if a in above(b) or b in above(a):
                    reason = "套"
                elif "混合" in (kind, other):
                    reason = "混"
                elif kind != other:
                    reason = "性"
                elif payer != second:
                    reason = "谁"
                elif FACTS[a]["status"] != FACTS[b]["status"]:
                    reason = "位"
                else:
                    reason = "币" if len(units) == 2 and "EUR_bn" in units else "可"
                assert found.loc[a, b] == found.loc[b, a] == reason
                counted[reason] += 1
        assert ff.tally().to_dict() == counted
        assert ff.relaxed().loc["照规则", "pairs"] == counted["可"]

    def test_relaxing_one_rule_at_a_time(self):
        def above(key):
            return {ff.WITHIN[key], *above(ff.WITHIN[key])} if key in ff.WITHIN else set()

        asked = {"照规则": "ksp", "不问地位": "kp", "不问谁出": "ks", "不问哪一种钱": "sp", "全都不问": ""}
        found = ff.relaxed()
        for label, rules in asked.items():
            kept = china = 0
            for i, a in enumerate(AMOUNTS):
                for b in AMOUNTS[:i]:
                    one_, two = FACTS[a], FACTS[b]
                    (kind, payer), (other, second) = ff.KIND[one_["measure"]], ff.KIND[two["measure"]]
                    ok = a not in above(b) and b not in above(a) and "混合" not in (kind, other)
                    ok &= one_["unit"] == two["unit"] or "EUR_bn" not in (one_["unit"], two["unit"])
                    ok &= "k" not in rules or kind == other
                    ok &= "p" not in rules or payer == second
                    ok &= "s" not in rules or one_["status"] == two["status"]
                    kept += ok
                    china += ok and (one_["iso3"] == "CHN") != (two["iso3"] == "CHN")
            assert (found.loc[label, "pairs"], found.loc[label, "china"]) == (kept, china)
            assert found.loc[label, "share"] == pytest.approx(kept / ff.tally().sum())

    def test_ratios(self):
        found = ff.third_to_first()
        assert found["total"] == pytest.approx(3440 / 987.2)
        assert (found["third"], found["first"]) == (fact("f009"), 10)
        assert "前两期为 10 年" in FACTS["f009"]["note"]
        assert found["yearly"] == pytest.approx(344 / 98.72 * 10 / 15)
        assert found["raised"] == pytest.approx(3440 / 1387)
        stakes = fact("f007") * fact("f008") / 100 + fact("f010") * fact("f011") / 100
        ratio = ff.treasury_ratio()
        assert ratio.value == pytest.approx(fact("f024") / stakes)
        assert ratio.low < ratio.value < ratio.high
        assert ff.american_progress() == pytest.approx(fact("f044") / fact("f040"))
        assert ff.subsidy_concentration() == pytest.approx(series("smic_subsidies") / series("chip_firm_subsidies"))

    def test_third_in_dollars(self):
        rate = {r["unit"]: float(r["value"]) for r in rows("trade_totals", goods="integrated_circuits", year=2024,
                indicator="export_value", period="full_year")}  # fmt: skip
        assert ff.third_in_dollars() == pytest.approx(3440 / rate["CNY_100m"] * rate["USD_100m"])

    def test_government_share(self):
        own = [r for r in rows("gerd_structure", edition="2021") if r["indicator"].startswith("gerd_from_")]
        total = sum(float(r["value"]) for r in own if r["iso3"] == "CHN")
        state = {r["iso3"]: float(r["value"]) for r in own if r["indicator"] == "gerd_from_government"}
        found = ff.government_shares().loc["CHN"]
        assert (found["low"], found["high"]) == pytest.approx((state["CHN"], state["CHN"] + 100 - total))
        rest = [v for k, v in state.items() if k not in ("CHN", "OED", "EUU")]
        rank = ff.government_rank()
        assert rank["low"] == 1 + sum(v < found["low"] for v in rest)
        assert rank["high"] == 1 + sum(v < found["high"] for v in rest)
        assert rank["total"] == len(rest) + 1
        others = ff.government_shares().drop("CHN")
        for code, row in others.iterrows():
            gap = 100 - sum(float(r["value"]) for r in own if r["iso3"] == code)
            assert row["high"] - row["value"] == pytest.approx(gap if gap > ff.ROUNDING else 0)

    def test_wrong_ratio(self):
        top = series("fiscal_st_expenditure", year=2024)
        assert ff.wrong_ratio() == pytest.approx(top / series("rd_expenditure", year=2024, status="final"))


class TestSeries:
    def test_pledge(self):
        whole = {int(r["year"]): float(r["value"]) for r in rows("policy_series", indicator="ip_pledge_finance",
                 period="full_year")}  # fmt: skip
        assert ff.splice()["spliced"] == pytest.approx((whole[2020] / whole[2018]) ** 0.5 - 1)
        assert ff.splice()["mended"] == pytest.approx((whole[2020] / (whole[2018] * (862 + 212) / 862)) ** 0.5 - 1)
        assert ff.last_quarter() == pytest.approx(1 - finance("F28") / whole[2023])
        assert ff.trademark_share() == pytest.approx(212 / (862 + 212))
        assert series("ip_pledge_finance", period="jan_jun") == 862 + 212
        size = ff.per_project()
        assert size[2021].value == pytest.approx(whole[2021] / finance("F32") * 1e4)
        assert size[2023].low == pytest.approx(whole[2023] / (finance("F33") + 500) * 1e4)
        grown = ff.pledge_growth()
        assert grown["amount"] == pytest.approx(grown["projects"] * grown["size"])
        assert grown["amount"] == pytest.approx(whole[2023] / whole[2021])

    def test_only_the_same_definition_is_joined(self):
        found = ff.pledge_lines()
        for _, part in found.groupby("segment"):
            assert len(part) == 1 or part["line"].nunique() == 1
        joined = found[found["segment"] == "专利与商标，全年"]
        assert list(joined["x"]) == [2020, 2021, 2022, 2023]
        assert (found.loc[found["kind"] == "uncertain", "segment"].value_counts() == 1).all()

    def test_insurance(self):
        found = ff.insurance()
        assert (found["low"], found["high"]) == (finance("F37"), finance("F38"))
        assert found["before"] == pytest.approx(finance("F38") / (1 + finance("F39") / 100))
        assert found["thick"] == pytest.approx(finance("F40") / finance("F37"))

    def test_star_bounds_by_search(self):
        """逐年搜：哪些年末的累计数与全部时点相容，新上市的家数最少、最多是几。"""
        points = [("2020-12-07", 200, 200), ("2021-05-31", 282, 282), ("2021-07-21", 311, 311),
                  ("2022-07-21", 311, 440), ("2022-11-30", 486, 486), ("2024-11-05", 577, 577),
                  ("2025-10-31", 592, 592), ("2026-01-05", 600, 600)]  # fmt: skip
        listed = {int(r["value"]) for r in rows("innovation_finance", series="star_listed_cumulative")}
        assert {high for _, _, high in points[:6]} == listed
        ends = {}
        for year in range(2020, 2026):
            day = f"{year}-12-31"
            ends[year] = (max(lo for d, lo, _ in points if d <= day), min(hi for d, _, hi in points if d >= day))
        wide, tight = ff.star_years(plan=False), ff.star_years()
        added = series("star_new_listings_14fyp")
        narrow = (max(ends[2020][0], 577 - added), min(ends[2020][1], 592 - added))
        for year in range(2021, 2026):
            (a, b), (c, d) = ends[year - 1], ends[year]
            assert tuple(wide.loc[year]) == (max(c - b, 0), d - a)
        assert tuple(tight.loc[2021]) == (ends[2021][0] - narrow[1], ends[2021][1] - narrow[0])
        assert tight.loc[2022:].equals(wide.loc[2022:])

    def test_star_chips(self):
        found = ff.star_chips()
        assert found["firms"] == pytest.approx(series("star_semiconductor_companies") / 600)
        whole = series("star_ipo_funds_cumulative", as_of="2025-12")
        assert found["money"] == pytest.approx(series("star_semiconductor_ipo_funds_cumulative") / whole)


class TestChecklist:
    def test_dates_come_from_the_policies(self):
        found = ff.scores()["日子"]
        for name, (key, rest) in ff.PROGRAMMES.items():
            assert len(rest) == len(ff.CONDITIONS) - 1
            assert set(rest) <= set(ff.SCORES)
            precise = key and one_text("policies", "date_precision", policy_id=key) in ("day", "month")
            assert found[name] == (1 if precise else 0)

    def test_met(self):
        for name, count in ff.met().items():
            assert count == sum(v == 1 for v in ff.PROGRAMMES[name][1]) + ff.scores().loc[name, "日子"]

    def test_lenient(self):
        for name, count in ff.lenient().items():
            assert count == sum(v > 0 for v in ff.PROGRAMMES[name][1]) + ff.scores().loc[name, "日子"]

    def test_outline_before_the_fund(self):
        assert one_text("policies", "title", policy_id="p036").startswith("国家集成电路产业发展推进纲要")
        assert ff.announced_before() == 94
        assert one_text("policies", "date", policy_id="p039") == "2014-09-26"


def one_text(table, field, **equal):
    (row,) = rows(table, **equal)
    return row[field]


def direct(lags=3, leads=2, drop=(), levels=False, driver="budget_science", outcome="rd_fund_enterprise"):
    """statsmodels 的公式之外另写一遍：逐行造表，虚拟变量逐个写出，标准误按省聚类。"""
    take = (
        (lambda k, p, y: log(PANEL[k, p, y])) if levels else (lambda k, p, y: log(PANEL[k, p, y] / PANEL[k, p, y - 1]))
    )
    kept = [p for p in PLACES if p not in drop]
    out, design, place = [], [], []
    for p in kept:
        for year in range(2010, 2024):
            try:
                line = [take(driver, p, year - k) for k in range(-leads, lags + 1)]
                y = take(outcome, p, year)
            except KeyError:
                continue
            out.append(y)
            place.append(kept.index(p))
            design.append(line + [1.0 * (p == q) for q in kept] + [1.0 * (year == t) for t in range(2011, 2024)])
    x = np.array(design)
    x = x[:, [i for i in range(x.shape[1]) if x[:, i].any()]]
    x = x[:, :-1]
    fit = sm.OLS(np.array(out), x).fit(cov_type="cluster", cov_kwds={"groups": np.array(place)})
    return fit, len(out)


class TestDesign:
    @pytest.mark.parametrize(
        ("name", "options"),
        [("主要的做法", {}), ("水平值（不差分）", {"levels": True}), ("前推到第三年", {"leads": 3})],
    )  # fmt: skip
    def test_coefficients_and_errors(self, name, options):
        fit, n = direct(**options)
        found, leads = ff.effects(name), options.get("leads", 2)
        for i, k in enumerate(range(-leads, 4)):
            assert found[str(k)].estimate == pytest.approx(fit.params[i])
            assert found[str(k)].se == pytest.approx(fit.bse[i], rel=1e-6)
        assert found["after"].estimate == pytest.approx(sum(fit.params[leads : leads + 4]))
        assert found["near"].estimate == pytest.approx(sum(fit.params[leads : leads + 2]))
        assert found["before"].estimate == pytest.approx(sum(fit.params[leads - 2 : leads]))
        contrast = np.zeros(len(fit.params))
        contrast[leads - 2 : leads], contrast[leads : leads + 2] = -1, 1
        assert found["gap"].estimate == pytest.approx(contrast @ fit.params)
        assert found["gap"].se == pytest.approx(float(fit.t_test(contrast).sd[0, 0]), rel=1e-6)
        assert n == ff.variant_rows().loc[name, "n"]

    def test_bootstrap_interval_against_a_slow_one(self):
        """同样的抽法，逐次重做回归与聚类标准误。"""
        frame = ff.design()
        keys = [c for c in frame.columns if c != "y"]
        places = frame.index.get_level_values("province")
        names, years = sorted(set(places)), sorted(set(frame.index.get_level_values("year")))
        dummies = [[1.0 * (p == q) for q in names] + [1.0 * (y == t) for t in years[1:]] for y, p in frame.index]
        x = np.column_stack([frame[keys].to_numpy(), np.array(dummies)])
        code = np.array([names.index(p) for p in places])
        fit = sm.OLS(frame["y"].to_numpy(), x).fit()
        pick = np.array([1.0 * (k >= 0) for k in keys] + [0.0] * (x.shape[1] - len(keys)))
        centre, rng, drawn = pick @ fit.params, np.random.default_rng(7), []
        for _ in range(100):
            y = fit.fittedvalues + fit.resid * rng.choice([-1.0, 1.0], len(names))[code]
            again = sm.OLS(y, x).fit()
            robust = again.get_robustcov_results("cluster", groups=code)
            drawn.append(abs(pick @ again.params - centre) / np.sqrt(pick @ robust.cov_params() @ pick))
        after = ff.effects()["after"]
        half = np.quantile(drawn, 0.95) * after.se
        assert after.high - after.estimate == pytest.approx(half, rel=0.2)

    def test_the_bootstrap_finds_a_planted_effect(self):
        """种下一个大的效应，区间应当不含零；种在以后年份里，安慰剂应当报警。"""
        frame = ff.design()
        for shift, key in ((0, "after"), (-1, "before")):
            planted = frame.assign(y=frame["y"] + 0.6 * frame[shift])
            found = ff.fit(planted, ff._groups(3, 2))
            assert found[key].low > 0
            assert found[str(shift)].p < 0.01

    def test_per_yuan(self):
        ratio = sum(PANEL["rd_fund_enterprise", p, 2023] for p in PLACES)
        ratio /= sum(PANEL["budget_science", p, 2023] for p in PLACES)
        assert ff.per_yuan().high == pytest.approx(ff.effects()["after"].high * ratio)

    def test_counted(self):
        found = ff.tests_made()
        assert found["coefficients"] == found["leads"] + found["lags"]
        assert found["leads"] == 2 * len(ff.VARIANTS) + 1
        early, late = found["low"] / found["leads"], found["lags_low"] / found["lags"]
        assert early == pytest.approx(late, abs=0.05)
        assert min(early, late) > 2 * ff.ALPHA


class TestSentences:
    """正文里定性的话。数据变了而话没改，这里失败。"""

    def test_most_pairs_cannot_be_compared(self):
        found = ff.relaxed()
        single, free = found.iloc[1:-1], found.iloc[-1]
        assert single["share"].idxmax() == "不问地位"
        assert single["share"].max() < 0.2
        assert free["share"] > 0.5  # 三条都放就翻
        assert found.loc[["照规则", "不问地位", "不问谁出"], "china"].max() == 0
        assert 0 < found.loc["不问哪一种钱", "china"] < 0.1 * free["china"]
        assert ff.tally().drop("可").idxmax() == "性"

    def test_passing_pairs(self):
        found = ff.passing()
        home = [p for p in found if all(v.startswith("大基金") for v in p)]
        assert len(home) == 3
        assert sorted(sorted(v[:2] for v in p) for p in found if p not in home) == [["印度", "美国"], ["日本", "美国"]]

    def test_sources_are_not_strong(self):
        assert {r["source_strength"] for r in FACTS.values()} <= {"medium", "weak"}
        assert {FACTS[k]["source_strength"] for k in ("f021", "f022")} == {"weak"}

    def test_all_versions_say_bigger(self):
        assert min(ff.third_to_first()[k] for k in ("total", "yearly", "raised")) > 1

    def test_splice_makes_growth(self):
        found = ff.splice()
        assert found["spliced"] / 2 < found["mended"] < 0.8 * found["spliced"]  # 夸大了，不是全部

    def test_growth_is_more_projects(self):
        found = ff.pledge_growth()
        assert log(found["projects"]) > 3 * log(found["size"]) > 0

    def test_low_cover_is_near_the_earlier_year(self):
        found = ff.insurance()
        assert found["before_low"] < found["low"] < found["before_high"]
        assert found["before_high"] - found["low"] < 1_000

    def test_one_period_of_the_deduction(self):
        assert ff.deduction()["rows"] == 1

    def test_star(self):
        wide, tight = ff.star_years(plan=False), ff.star_years()
        assert wide.loc[2021, "low"] < wide.loc[2023, "high"]
        assert 0 < tight.loc[2021, "low"] - tight.loc[2023, "high"] < 10
        assert min(wide.loc[[2021, 2022], "low"]) > wide.loc[2025, "high"]
        assert tight.loc[2022, "low"] < tight.loc[2024, "high"]

    def test_nobody_qualifies(self):
        score, met = ff.scores(), ff.met()
        assert met.max() < len(ff.CONDITIONS)
        assert met.index[0] == ff.PROVINCES
        assert met.iloc[1] < met.iloc[0]
        assert (score[["未料", "不挑", "独自"]] < 1).all().all()
        easy = ff.lenient()
        assert easy.max() < len(ff.CONDITIONS)
        top = set(easy.index[easy == easy.max()])
        assert ff.PROVINCES not in top  # 居首的换了
        assert {name.split("（")[0] for name in top} == {"集成电路所得税", "质押融资行动"}

    def test_design_does_not_stand(self):
        found = ff.effects()
        near, before, gap, after = (found[k] for k in ff.SUMS)
        assert near.low > 0  # 一个不含零，一个含零，两者之差含零
        assert before.low < 0 < before.estimate < before.high
        assert gap.low < 0 < gap.high
        assert found["2"].estimate < 0 < after.estimate < near.estimate / 2
        assert after.low < 0 < after.high
        assert all(found[str(-k)].p > ff.ALPHA for k in (1, 2))
        state = ff.effects("结果换成政府资金")["after"]
        assert state.low < 0 < state.high
        yuan = ff.per_yuan()
        assert yuan.low < -0.2
        assert 0.8 < yuan.high < 1.2

    def test_choices_change_it(self):
        levels, bare, further = (ff.effects(k) for k in ("水平值（不差分）", "去掉西藏", "前推到第三年"))
        assert levels["after"].low > 0.2
        assert levels["-1"].p < ff.ALPHA
        assert bare["-1"].p < ff.ALPHA
        assert bare["0"].p < ff.ALPHA
        assert bare["-1"].estimate > bare["0"].estimate
        assert further["0"].p < ff.ALPHA
        assert all(further[str(-k)].p > ff.ALPHA for k in (1, 2, 3))
        assert further["after"].low < 0 < further["after"].high
        assert 0.5 < ff.naive().low < ff.naive().estimate < ff.naive(ff.OTHER).low

    def test_growth_versions_all_include_zero(self):
        found = ff.variant_rows().drop("水平值（不差分）")
        for key in ("after", "gap"):
            assert all(v.low < 0 < v.high for v in found[key])
        heavy = ff.effects("按企业资金加权")
        width = heavy["after"].high - heavy["after"].low
        assert width < 0.5 * (ff.effects()["after"].high - ff.effects()["after"].low)
        assert set(ff.failing()) == {"去掉西藏", "水平值（不差分）", "预算换成科技以外的"}

    def test_treasury_is_a_small_part(self):
        assert fact("f010") < 20

    def test_few_provinces_carry_the_weights(self):
        mean = {
            p: np.mean([v for (k, q, _), v in PANEL.items() if (k, q) == ("rd_fund_enterprise", p)]) for p in PLACES
        }
        assert ff.heaviest() == pytest.approx(sum(sorted(mean.values())[-5:]) / sum(mean.values()))
        assert ff.heaviest() > 0.5

    def test_tibet_jumps(self):
        own = [PANEL["rd_fund_enterprise", "CN-XZ", y] for y in range(2010, 2024)]
        steps = [max(a / b, b / a) for a, b in zip(own, own[1:], strict=False)]
        assert ff.tibet_jump() == pytest.approx(max(steps))
        assert ff.tibet_jump() > 2
