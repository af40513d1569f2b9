"""“动态评估”一章的数字：从 CSV 另行重算，并看守每一句定性的话。"""

from collections import Counter
from math import comb, log

import numpy as np
import pytest

from chokepoint.findings import assessment as ass

from .by_hand import fisher
from .raw import one, rows

TARGETS = {r["target_id"]: r for r in rows("targets")}
VERDICT = Counter(r["verdict"] for r in TARGETS.values())
MET = {c for c, r in TARGETS.items() if r["verdict"] in ("met", "met_early")}
MISSED = {c for c, r in TARGETS.items() if r["verdict"] == "missed"}
#: 目标年不晚于结果的末年，而表里还记作未到期的：其实是没有查到。
OVERDUE = {
    c for c, r in TARGETS.items()
    if r["verdict"] == "pending" and int(r["target_year"]) <= max(int(o["year"]) for o in rows("target_outcomes"))
}  # fmt: skip
DUE = {c for c, r in TARGETS.items() if r["verdict"] not in ("pending", "dropped")} | OVERDUE
ABSENT = {c for c, r in TARGETS.items() if r["verdict"] == "not_collected"} | OVERDUE
#: 带“国产、自给、保障、满足、依存、占世界”字样的指标，与章里按代码的归法互相核对。
SUPPLY_CODES = {
    "technology_dependence", "smart_equipment_satisfaction", "industrial_software_satisfaction",
    "core_components_materials_self_supply", "ic_self_sufficiency", "robot_domestic_share",
    "smartphone_chip_domestic_share", "industrial_sensor_domestic_share", "ic_world_share", "ic_domestic_supply",
    "own_ic_share_in_key_systems", "chip_production_world_share",
}  # fmt: skip
SUPPLY = {c for c, r in TARGETS.items() if r["indicator"] in SUPPLY_CODES}


def deduplicated(codes):
    seen, kept = set(), set()
    for code in (c for c in TARGETS if c in codes):
        key = tuple(TARGETS[code][k] for k in ("indicator", "target_year", "target_value"))
        if key not in seen:
            seen.add(key)
            kept.add(code)
    return kept


class TestRates:
    def test_main(self):
        row = ass.rates().loc["照表里的判定"]
        assert (row["met"], row["missed"]) == (len(MET), len(MISSED))
        assert row["unknown"] == len(DUE) - len(MET) - len(MISSED)
        assert row["known"] == pytest.approx(len(MET) / (len(MET) + len(MISSED)))
        assert row["least"] == pytest.approx(len(MET) / len(DUE))
        assert row["most"] == pytest.approx(1 - len(MISSED) / len(DUE))

    def test_variants(self):
        found = ass.rates()
        assert found.loc["只有预计的也算达到", "met"] == len(MET) + VERDICT["met_on_projection"]
        assert found.loc["临界的算未达到", "missed"] == len(MISSED) + VERDICT["borderline"]
        assert found.loc["推断的判定当作不知道", "missed"] == len(MISSED - {"mic_ic70", "ic12_demand"})
        left = found.loc["不计本书没有查到的"]
        assert left[["met", "missed", "unknown"]].sum() == len(DUE - ABSENT)
        once = found.loc["同一个目标只算一次"]
        assert once[["met", "missed", "unknown"]].sum() == len(deduplicated(DUE))

    def test_not_found_is_never_missed(self):
        table = ass.targets()
        silent = table["verdict"].isin(["not_collected", "no_public_outcome", "definition_broken"])
        assert not table.loc[silent, "group"].isin([ass.MET, ass.MISSED]).any()

    def test_overdue_is_not_found(self):
        table = ass.targets()
        assert set(table.index[table["group"] == ass.ABSENT]) == ABSENT
        assert table.loc[table["group"] == ass.PENDING, "target_year"].min() > 2025
        assert {"mic_robot70"} == OVERDUE

    def test_kinds(self):
        found = ass.by_kind()
        assert found.to_numpy().sum() == len(TARGETS)
        assert found.loc[ass.SUPPLY].sum() == len(SUPPLY)
        assert found.loc[ass.SUPPLY, "没有公开测量"] == VERDICT["no_public_outcome"]

    def test_every_code_is_an_indicator(self):
        known = {r["indicator"] for r in TARGETS.values()}
        assert set(ass._codes(ass._CODED)) | set(ass._codes(ass._ELSE)) <= known

    def test_supply(self):
        found = ass.supply_ways()["照判定"]
        own = (len(MET & SUPPLY), len(MISSED & SUPPLY))
        rest = (len(MET - SUPPLY), len(MISSED - SUPPLY))
        assert (found["met"], found["missed"], found["rest_met"], found["rest_missed"]) == (*own, *rest)
        assert found["p"] == pytest.approx(fisher(*own, *rest))
        sure = MISSED - {"mic_ic70", "ic12_demand"}
        assert ass.supply_ways()["推断的不算"]["p"] == pytest.approx(
            fisher(0, len(sure & SUPPLY), len(MET), len(sure - SUPPLY))
        )

    def test_supply_gap(self):
        n, m = len(DUE & SUPPLY), len(DUE - SUPPLY)
        low = len(MET & SUPPLY) / n - (1 - len(MISSED - SUPPLY) / m)
        high = (1 - len(MISSED & SUPPLY) / n) - len(MET - SUPPLY) / m
        assert ass.supply_gap() == pytest.approx((low, high))

    def test_baseline(self):
        found = ass.measured()
        has = {c for c in DUE if TARGETS[c]["baseline_value"]}
        a, b, c, d = len(MET & has), len(MISSED & has), len(MET - has), len(MISSED - has)
        assert found["with_"] == (a, b, len(has) - a - b)
        assert found["met"].p == pytest.approx(fisher(a, b, c, d))
        assert found["known"].p == pytest.approx(fisher(a + b, len(has) - a - b, c + d, len(DUE - has) - c - d))
        assert found["supply"] == len(has & SUPPLY)
        rest = [len(part - SUPPLY) for part in (MET & has, MISSED & has, MET - has, MISSED - has)]
        assert found["met_rest"].p == pytest.approx(fisher(*rest))
        assert (found["met_rest"].odds.estimate < 1) == (rest[0] * rest[3] < rest[1] * rest[2])

    def test_supply_chips(self):
        assert ass.supply_chips() == len({"mic_ic40", "mic_ic70", "ic12_demand"} & MISSED & SUPPLY)


class TestRejudged:
    def expected(self, code):
        """目标年或以前最近一年的数，朴素地比。"""
        goal = TARGETS[code]
        year, line = int(goal["target_year"]), float(goal["target_value"])
        own = [
            r for r in rows("target_outcomes", target_id=code)
            if r["definition_match"] != "different" and r["status"] != "forecast"
        ]  # fmt: skip
        inside = [r for r in own if int(r["year"]) <= year]
        if not inside:
            return "late"
        last = max(int(r["year"]) for r in inside)
        calls = set()
        for r in inside:
            if int(r["year"]) == last:
                good = float(r["value"]) >= line if goal["comparator"] == "at_least" else float(r["value"]) <= line
                calls.add("borderline" if r["bound"] == "about" else "met" if good else "missed")
        call = calls.pop() if len(calls) == 1 else "mixed"
        return "early" if call == "missed" and last < year else call

    def test_each(self):
        found = ass.rejudged()
        usable = {
            r["target_id"]
            for r in rows("target_outcomes")
            if r["definition_match"] != "different" and r["status"] != "forecast"
        }
        assert set(found.index) == usable
        for code in usable:
            assert found.loc[code, "number"] == self.expected(code), code

    def test_agreement(self):
        firm = {"met": ("met", "met_early"), "missed": ("missed",), "borderline": ("borderline", "met_on_projection")}
        called = {c: self.expected(c) for c in ass.rejudged().index}
        same = {c for c, call in called.items() if call in firm and TARGETS[c]["verdict"] in firm[call]}
        # 同一指标另有一个目标记着提前，自己的数只有目标年的：算对不上
        same -= {c for c in same if TARGETS[c]["verdict"] == "met_early" and not ass.rejudged().loc[c, "early"]}
        loose = {
            c for c, call in called.items()
            if call not in firm and TARGETS[c]["verdict"] not in ("met", "met_early", "missed")
        }  # fmt: skip
        assert ass.headline()["agree"] == len(same)
        assert ass.headline()["differ"] == len(called) - len(same) - len(loose)

    def test_forecasts_are_not_outcomes(self):
        assert not {"mlp06_st_contrib", "st13_contrib"} & set(ass.rejudged().index)

    def test_margins(self):
        found, calls = ass.margins(), Counter()
        for code, row in ass.rejudged().iterrows():
            goal, line = TARGETS[code], float(TARGETS[code]["target_value"])
            if row["number"] == "late":
                continue
            near = abs(row["value"] - line) <= 0.05 * line or row["number"] == "borderline"
            good = row["value"] >= line if goal["comparator"] == "at_least" else row["value"] <= line
            inside = row["year"] == int(goal["target_year"])
            calls["borderline" if near else "met" if good else "missed" if inside else "early"] += 1
        assert found.loc[0.05].to_dict() == {k: calls[k] for k in ("met", "missed", "borderline")}
        assert found["borderline"].is_monotonic_increasing

    def test_replaced(self):
        assert len(ass.replaced()) == VERDICT["dropped"] + VERDICT["definition_broken"]


class TestTiming:
    def test_intensity_was_two_years_late(self):
        series = {int(r["year"]): float(r["value"]) for r in rows("cn_rd", indicator="rd_intensity", status="final")}
        by = min(y for y, v in series.items() if v >= 2.5)
        row = ass.timing().loc["mlp06_rd_gdp"]
        assert (row["by"], row["after"]) == (by, max(y for y in series if y < by))
        assert row["early"] == 2020 - by
        revised = [
            int(r["year"]) for r in rows("cn_rd", indicator="rd_intensity_revised") if float(r["value"]) >= 2.5
        ]  # fmt: skip
        assert ass.intensity_late() == min(revised) - 2020

    def test_growth_of_the_total_is_mostly_the_economy(self):
        start, end = (one("cn_rd", indicator="rd_intensity", status="final", year=y) for y in (2013, 2020))
        low, high = (one("cn_rd", indicator="rd_total", status="final", year=y) for y in (2013, 2020))
        assert ass.growth_by_economy() == (
            pytest.approx(log((high / end) / (low / start)) / log(high / low)),
            2013,
            2020,
        )

    def test_the_baseline_year_does_not_count(self):
        # “高于‘十三五’实际”：2020 年就是基数，不算达到
        row = ass.timing().loc["fyp14_rd_intensity"]
        assert (row["after"], row["by"]) == (2020, 2021)

    def test_definitions_are_not_joined(self):
        # 研发强度只用首次公布数：修订后的 2024、2025 年不接上去
        assert ass.track("rd_to_gdp").index.max() == max(
            int(r["year"]) for r in rows("cn_rd", indicator="rd_intensity", status="final")
        )

    def test_ranks_count_downwards(self):
        assert ass.timing().loc["mic_density", "by"] == 2019


class TestBacktest:
    def test_basic_research_by_hand(self):
        series = {int(r["year"]): float(r["value"]) for r in rows("cn_rd", indicator="rd_basic_share", status="final")}
        found = ass.cases()["fyp14_basic_share"]
        base = float(TARGETS["fyp14_basic_share"]["baseline_value"])
        for year in (2021, 2022, 2023, 2024):
            done = (series[year] - base) / (year - 2020)
            assert found[year] == pytest.approx((8 - series[year]) / (2025 - year) / done)

    def test_counts(self):
        found, frame = ass.hits(), ass.backtest()
        assert found["hit"] + found["silent"] == sum(c in MISSED - set(ass.INFERRED) for c in frame.index)
        assert found["false"] + found["quiet"] == sum(c in MET for c in frame.index)
        assert found["p"] == pytest.approx(fisher(found["hit"], found["silent"], found["false"], found["quiet"]))
        assert ass.hits(without=ass.THIN)["p"] == pytest.approx(fisher(found["hit"] - 1, 0, 0, found["quiet"]))

    def test_no_target_twice(self):
        assert deduplicated(ass.cases()) == set(ass.cases())


class TestGraph:
    def held(self, release, line=65):
        shares = {}
        for r in rows("chip_provision", release=release, provider_kind="country", share_status="reported"):
            shares.setdefault(r["node_id"], {})[r["provider"]] = float(r["share"])
        best = {n: max(((v, p) for p, v in own.items() if p != "VAR"), default=(0, "")) for n, own in shares.items()}
        return set(shares), {n: p for n, (v, p) in best.items() if v >= line}

    def test_split(self):
        (had, old), (has, new) = self.held("2022"), self.held("2026")
        found, both = ass.graph(), had & has
        assert found["both"] == len(both)
        assert found["stay"] == len(both & set(old) & set(new))
        assert found["left"] == len((both & set(old)) - set(new))
        assert found["entered"] == len((both & set(new)) - set(old))
        assert found["fresh"] == len(set(new) - had)
        assert found["swapped"] == sum(old[n] != new[n] for n in both & set(old) & set(new))
        assert len(ass.switched()) == found["left"] + found["entered"] + found["swapped"]

    def test_lines(self):
        for line, grown in ass.graph_lines().items():
            (had, old), (has, new) = self.held("2022", line), self.held("2026", line)
            both = had & has
            assert grown == len(both & set(new)) - len(both & set(old))

    def test_bars_add_up(self):
        bars = ass.graph_bars()
        assert (bars.iloc[1] + bars.iloc[2]).tolist() == bars.iloc[3].tolist()

    def test_mcnemar(self):
        a, b = sorted((ass.graph()["left"], ass.graph()["entered"]))
        n = a + b
        assert ass.graph()["p"] == pytest.approx(min(1, 2 * sum(comb(n, k) for k in range(a + 1)) / 2**n))


class TestWatch:
    def runs(self, changes):
        """连续两期为正算起报，一不为正就解除；缺失跳过。"""
        streak, on, starts = 0, False, []
        for year, value in changes.items():
            if np.isnan(value):
                continue
            streak = streak + 1 if value > 0 else 0
            now = streak >= 2 or (on and value > 0)
            if now and not on:
                starts.append(year)
            on = now
        return starts

    def test_starts(self):
        found = ass.alarms()
        for name, changes in ass.watched().items():
            assert found.loc[found["name"] == name, "start"].tolist() == self.runs(changes), name

    def test_worse_is_positive_and_gaps_are_not_bridged(self):
        series = {int(r["year"]): float(r["value"]) for r in rows("cn_rd", indicator="rd_intensity", status="final")}
        found = ass.watched()["研发经费与 GDP 之比"]
        assert found[2014] == pytest.approx(series[2013] - series[2014])
        assert 2015 not in series
        assert np.isnan(found[2015])
        assert np.isnan(found[2016])

    def test_grid_uses_the_same_rule(self):
        brief = (ass.alarms()["kind"] == "brief").sum()
        assert ass.rule_grid().loc["原", "连续 2 期"] == f"{len(ass.alarms())}（{brief}）"

    def test_chance_total(self):
        for unit, seen in (("次", len(ass.alarms())), ("年", ass.alarms()["length"].sum())):
            found = ass.chance().loc[unit]
            assert found.loc["合计", "seen"] == found["seen"].iloc[:-1].sum() == seen
            assert found["mean"].iloc[:-1].sum() == pytest.approx(found.loc["合计", "mean"])


class TestTolerance:
    def test_counts(self):
        found, table = ass.tolerance(), rows("tolerance_provisions")
        assert found["total"].sum() == len(table)
        close = [r for r in table if r["consequence"] == "reapply_or_close"]
        assert found.loc["可以结题，或不影响再申请", "原始记录"] == sum(
            r["needs_original_record"] == "true" for r in close
        )

    def test_caps(self):
        expected = sorted(float(r["value"]) for r in rows("innovation_culture", series="fund_loss_tolerance"))
        assert sorted(ass.loss_caps()["value"]) == expected


class TestSentences:
    def test_more_unknown_than_known(self):
        h = ass.headline()
        assert h["unknown"] > h["met"] + h["missed"]

    def test_bounds_cross_the_line_however_counted(self):
        found = ass.rates()
        assert (found["least"] < ass.HALF).all()
        assert (found["most"] > ass.HALF).all()

    def test_supply_none_met_mostly_unknown_and_undecided(self):
        assert not MET & SUPPLY
        assert MISSED & SUPPLY
        row = ass.kind_rates().iloc[0]
        assert row["unknown"] > row["missed"] + row["met"]
        low, high = ass.supply_gap()
        assert low < 0 < high

    def test_unmeasured_are_all_supply(self):
        assert {c for c, r in TARGETS.items() if r["verdict"] == "no_public_outcome"} <= SUPPLY

    def test_most_quantities_were_not_found_and_ratios_have_the_outcomes(self):
        found = ass.by_kind()
        assert found.loc["数量", "本书没有查到"] > found.loc["数量"].sum() / 2
        known = found[["达到", "未达到"]].sum(axis=1)
        assert known.idxmax() == "比率"

    def test_what_survives_recoding(self):
        found = ass.relabelled()
        assert (found[["unmeasured", "lowest"]] > 0.8).all().all()
        assert (found["none"] < 0.75).all()
        assert found["none"].iloc[-1] < 0.5

    def test_no_verdict_turned_over(self):
        found = ass.rejudged()
        assert not ((found["recorded"] == ass.MET) & (found["number"] == "missed")).any()
        assert not ((found["recorded"] == ass.MISSED) & (found["number"] == "met")).any()
        assert found["agrees"].mean() > 0.8

    def test_many_verdicts_sit_on_the_line(self):
        found = ass.margins()
        assert found["met"].iloc[-1] < found["met"].iloc[0]
        assert found["missed"].iloc[-1] < found["missed"].iloc[0]

    def test_baseline_cannot_be_told(self):
        found = ass.measured()
        for side in (found["met"], found["known"]):
            assert side.odds.estimate > 1 > side.odds.low
        assert found["met_rest"].odds.estimate < 1 < found["met_rest"].odds.high
        assert found["supply"] == 0
        assert found["bounds"][0] < 0 < found["bounds"][1]

    def test_money_met_ratio_missed_in_one_plan(self):
        assert TARGETS["mlp06_rd_total"]["verdict"] == "met"
        assert TARGETS["mlp06_rd_gdp"]["verdict"] == "missed"
        assert TARGETS["mlp06_rd_total"]["plan"] == TARGETS["mlp06_rd_gdp"]["plan"]
        assert ass.timing().loc["mlp06_rd_total", "by"] < 2020

    def test_given_away(self):
        assert ass.timing_counts()["given"] == ["研发经费与 GDP 之比"]
        goal = TARGETS["fyp14_rd_intensity"]
        assert goal["baseline_value"] == goal["target_value"]
        assert ass.timing().loc["fyp14_rd_intensity", "by"] == int(goal["baseline_year"]) + 1

    def test_the_late_year_depends_on_the_gdp(self):
        assert ass.intensity_late() > ass.timing_counts()["late"]["研发经费与 GDP 之比"]
        assert ass.growth_by_economy()[0] > 0.5

    def test_late_and_never(self):
        found = ass.timing_counts()
        assert set(found["late"]) == {"研发经费与 GDP 之比", "国产工业机器人市场份额"}
        assert len(found["never"]) == 3

    def test_drafts_lost_and_basic_research_without_a_number(self):
        gone = [r for r in TARGETS.values() if r["verdict"] == "dropped"]
        assert {r["plan"] for r in gone} == {"smartmfg14_draft", "fyp15"}
        assert not TARGETS["fyp15_basic"]["target_value"]
        assert TARGETS["fyp14_basic_share"]["verdict"] == "missed"

    def test_graph_grew_by_fresh_nodes(self):
        found = ass.graph()
        grown = found["new_single"] - found["old_single"]
        assert found["fresh"] > 0.8 * grown
        assert found["p"] > 0.5
        lines = ass.graph_lines()
        assert lines.iloc[0] > 0 > lines.iloc[-1]
        assert lines.index.is_monotonic_increasing

    def test_carried_nodes_are_not_among_the_changed(self):
        old = {r["node_id"] for r in rows("chip_provision", release="2022", provider_kind="country") if r["share"]}
        year = {}
        for r in rows("chip_provision", release="2026", provider_kind="country"):
            if r["share"] and r["node_id"] in old:
                year[r["node_id"]] = max(year.get(r["node_id"], 0), int(r["year"]))
        carried = {n for n, y in year.items() if y == 2019}
        assert len(carried) == ass.graph()["carried"]
        assert not carried & set(ass.switched().index)

    def test_china_lost_its_only_node_by_a_renaming(self):
        moves = ass.switched()
        own = moves[moves["then"].str.startswith("中国 ")]
        assert own["trap"].tolist() == ["ASM Pacific"]
        assert own["now"].str.startswith("新加坡").all()

    def test_the_chase_separates_and_lines_hardly_matter(self):
        found = ass.hits()
        assert found["silent"] == found["false"] == 0
        for line in ass.LINES:
            assert ass.hits(line, 1)["hit"] == found["hit"]
            assert ass.hits(line, 1)["false"] == 0
        assert ass.hits(ass.BEHIND, 3)["hit"] < found["hit"]

    def test_the_contrast_is_easy_and_one_case_is_thin(self):
        assert ass.all_early()
        met = [c for c in ass.cases() if c in MET]
        assert {TARGETS[c]["verdict"] for c in met} == {"met_early"}
        (thin,) = ass.THIN
        assert ass.backtest().loc[thin, "years"] == 1
        robot = {int(r["year"]): r for r in rows("target_outcomes", target_id=thin)}
        assert robot[2015]["source_id"] != robot[2016]["source_id"]
        assert 0 < float(robot[2015]["value"]) - float(robot[2016]["value"]) < 0.5

    def test_robots_are_catching_up_under_alarm(self):
        robot = ass.cases()["mic_robot70"]
        assert robot.iloc[-1] < robot[2020]
        assert robot.iloc[-1] > ass.BEHIND

    def test_drift_is_no_better_than_chance(self):
        for unit in ("次", "年"):
            luck = ass.chance().loc[(unit, "合计")]
            assert luck["low"] <= luck["seen"] <= luck["high"]
            assert luck["p"] > 0.1
        years = ass.chance().loc["年"].drop("合计")
        assert list(years.index[years["p"] < 0.05]) == ["国际合著占比"]
        assert 1 - (1 - years["p"].min()) ** len(years) > 0.05

    def test_three_years_leave_few_and_no_false_alarm(self):
        found = ass.alarms(ass.Watch(0.0, "above", 3))
        assert 0 < len(found) < len(ass.alarms()) / 2
        assert not (found["kind"] == "brief").any()

    def test_only_two_comparisons_pass(self):
        found = ass.comparisons()
        cut = 0.05 / len(found)
        assert list(found.index[found < cut]) == ["自给类与其余", "落后的报警"]
        assert ass.supply_ways()["推断的不算"]["p"] > cut
        assert ass.hits(without=ass.THIN)["p"] > cut

    def test_sources_are_mostly_second_hand(self):
        grade = {r["source_id"]: r["grade"] for r in rows("sources")}
        for table in ("targets", "target_outcomes"):
            cited = [grade[r["source_id"]] for r in rows(table)]
            assert cited.count("B") > 0.8 * len(cited)

    def test_not_found_is_the_widest_gap(self):
        assert len(ABSENT) > ass.headline()["unknown"] / 2

    def test_tolerance_words(self):
        found = ass.tolerance()
        top = found.iloc[0]
        assert found.index[0] == "免责、减责或不追责"
        assert top["勤勉尽责"] > 0.75 * top["total"]
        assert top["没有牟利"] > 0.75 * top["total"]
        close = found.loc["可以结题，或不影响再申请"]
        assert close["原始记录"] == close["total"]
        assert close["没有牟利"] == 0
        idle = found.loc[["只倡导氛围", "只要求建立机制"]]
        assert not idle[["勤勉尽责", "原始记录", "没有牟利"]].to_numpy().any()
        caps = ass.loss_caps()["value"]
        assert one("innovation_culture", entity="gz_single_project") == caps.max()
        assert one("innovation_culture", entity="gz_industry_total") == caps.min()
        table = rows("innovation_culture", series="fund_loss_tolerance")
        assert {r["entity"].split("_")[0] for r in table} == {"gz", "chengdu"}
        assert all("尽职" in r["note"] for r in table if r["entity"].startswith("gz"))
