"""“融合的路径”一章的数字：从 CSV 另行重算，并看守每一句定性的话。"""

import json
import re
from itertools import combinations, product

import numpy as np
import pytest

from chokepoint.findings import four_paths as fp
from tools.paths import ROOT

from .raw import one, rows

BOOK = ROOT / "book"
LISTS = {}
for _row in rows("consortium_members", consortium_type="standard_drafting", list_status="complete"):
    LISTS.setdefault(_row["consortium_id"], []).append((int(_row["member_order"]), _row["member_zh"]))
LISTS = {k: [m for _, m in sorted(v)] for k, v in LISTS.items()}


def merged():
    family = sorted(k for k in LISTS if k.startswith("tcamet-"))
    return {k: v for k, v in LISTS.items() if k not in family[1:]}


def places(lists, without=""):
    """参加不止一张名单的成员，各席的位置（0 居首，1 居末）。"""
    named = [m for v in lists.values() for m in v]
    return [i / (len(v) - 1) for v in lists.values() for i, m in enumerate(v) if named.count(m) > 1 and m != without]


def emitted(chapter):
    """一章存下的图表：标签 → 说明。"""
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    bundles = (v for c in cells for o in c.get("outputs", []) for v in o.get("data", {}).values())
    return {b["name"]: b for b in bundles if isinstance(b, dict) and "name" in b}


def in_year(table, year, **equal):
    return one(table, year=str(year), **equal)


class TestDemand:
    def test_words_are_counted_in_the_raw_files(self):
        hits = fp.searched()["hits"]
        laws = [r for r in rows("policies") if re.search("首购|订购", " ".join(r.values()))]
        buying = [r for r in rows("policies") if r["instrument"] == "procurement"]
        assert len(laws) == 1
        assert hits["政府采购"] == len(buying) == 2
        firsts = [r for t in ("status_updates", "events") for r in rows(t) if "首台" in " ".join(r.values())]
        listed = rows("node_timeline", milestone="catalogue_listing")
        assert hits["首台（套）、首批次、首版次"] == len(firsts) + len(listed)
        (source,) = {r["source_id"] for r in listed}
        assert "首台（套）" in " ".join(*(r.values() for r in rows("sources", source_id=source)))
        assert hits["首购、订购"] == len(laws) + len(rows("aero_engine", series="c919_orders_big3"))

    def test_no_insurance_of_first_sets_anywhere(self):
        words = re.compile("首台|首批次|首版次")
        both = [r for t in fp.SEARCHED for r in rows(t) if "保险" in (s := " ".join(r.values())) and words.search(s)]
        assert both == []
        assert fp.searched().loc["首台（套）等的保险", "hits"] == 0

    def test_a_planted_row_would_be_found(self):
        pattern = fp.WORDS["首台（套）等的保险"][0]
        assert re.search(pattern, "首台（套）重大技术装备保险补偿 30 亿元")
        assert re.search(pattern, "新材料首批次应用保费补贴")

    def test_titles_and_rows_searched(self):
        package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
        titles = {r["name"]: r["title"] for r in package["resources"]}
        assert {k: titles[k] for k in fp.SEARCHED} == fp.SEARCHED
        assert fp.looked() == sum(len(rows(t)) for t in fp.SEARCHED)

    def test_shares_of_what_was_bought(self):
        found = fp.bought()["value"]
        name = {"item": "inspection_sector_instruments"}
        for label, side in (("按台套", "units"), ("按原值", "value")):
            home, abroad = (one("localisation", measure=f"{k}_{side}", **name) for k in ("domestic", "imported"))
            assert found[f"检验检测仪器：{label}"] == pytest.approx(100 * home / (home + abroad))
        cells = rows("battery_chain", indicator="domestic_install_share")
        assert found["动力电池：两家合计"] == sum(float(r["value"]) for r in cells)
        share = in_year("policy_series", 2021, indicator="ic_production_share_china_headquartered")
        assert found["集成电路：本土企业产"] == share == fp.bought_spread()["low"]

    def test_scale(self):
        found = fp.scale()
        assert found["demand"] == one("battery_chain", indicator="ev_battery_demand_share", iso3="CHN")
        assert found["chips"] == in_year("policy_series", 2025, indicator="ic_imports")

    def test_aircraft(self):
        found = fp.aircraft()
        planned = one("aero_engine", series="c919_airline_planned_intake")
        taken = one("aero_engine", series="c919_airline_actual_intake")
        assert (found["planned"], found["taken"]) == (planned, taken)
        assert found["made"] == one("aero_engine", series="c919_deliveries", period="2025-01/2025-12-22")
        assert taken / planned == found["share"] < found["most"]


class TestPlatform:
    def test_last_steps(self):
        value = {y: in_year("digitalisation", y, series="iiot_value_added") for y in (2023, 2024)}
        spent = {y: one("cn_rd", year=str(y), indicator="rd_total", status="final") for y in value}
        new = {
            2023: one("cn_rd", year="2023", indicator="rd_intensity_revised"),
            2024: one("cn_rd", year="2024", indicator="rd_intensity_revised", status="final"),
        }
        old = one("cn_rd", year="2023", indicator="rd_intensity", status="final")
        stated = [in_year("digitalisation", y, series="iiot_gdp_share") for y in (2023, 2024)]
        again = {y: value[y] * new[y] / spent[y] for y in value}
        expected = [stated[1] - stated[0], again[2024] - again[2023], again[2024] - value[2023] * old / spent[2023]]
        assert fp.last_steps()["estimate"].to_list() == pytest.approx(expected)

    def test_bounds_hold_every_corner(self):
        spent = one("cn_rd", year="2023", indicator="rd_total", status="final")
        corners = [(46900 + a * 50) * (2.58 + b * 0.01) / spent for a, b in product((-1, 1), (-1, 1))]
        found = fp.share_on(2023, "rd_intensity_revised")
        assert (found.low, found.high) == pytest.approx((min(corners), max(corners)))

    def test_editions_are_never_joined(self):
        lines = fp.share_lines()
        published = lines[lines["line"] == "白皮书公布"]
        source = {int(r["year"]): r["source_id"] for r in rows("digitalisation", series="iiot_gdp_share")}
        assert dict(zip(published["x"], published["segment"], strict=True)) == source
        assert fp.editions() == len(set(source.values()))

    def test_core_and_conflict(self):
        core = one("digitalisation", series="iiot_core_value_added")
        assert fp.core_share() == pytest.approx(core / in_year("digitalisation", 2024, series="iiot_value_added"))
        base = in_year("digitalisation", 2020, series="key_process_nc_rate")
        clash = rows("digitalisation", series="key_process_nc_rate", year="2021")
        assert fp.nc_steps() == pytest.approx([float(r["value"]) - base for r in clash])
        assert fp.digital_table().loc["关键工序数控化率（%）", "conflict"] == "2021 年 55.3 与 51.3"


class TestStandards:
    @pytest.mark.parametrize("way", fp.WAYS)
    def test_position_and_its_expectation(self, way):
        same, without = fp.WAYS[way]
        own = places(merged() if same else LISTS, without)
        found, first = fp.position(way), fp.position(way, first=True)
        assert found.observed == pytest.approx(np.mean(own))
        assert first.observed == pytest.approx(np.mean([p == 0 for p in own]))
        assert found.expected == pytest.approx(0.5, abs=0.02)

    def test_expected_share_of_first_places(self):
        lists = merged()
        named = [m for v in lists.values() for m in v]
        chance = [1 / len(v) for v in lists.values() for m in v if named.count(m) > 1]
        assert fp.position("同系合一", first=True).expected == pytest.approx(np.mean(chance), abs=0.02)

    def test_seats_counted_again(self):
        assert fp.seat_counts() == {"all": len(places(merged())), "rest": len(places(merged(), fp.INSTITUTE))}

    def test_members(self):
        named = [m for v in merged().values() for m in v]
        assert set(fp.multi_members()) == {m for m in named if named.count(m) > 1}

    def test_led(self):
        assert fp.led()["led"] == one("openness", indicator="iso_iec_standards_led_cumulative")


class TestTalent:
    def test_people(self):
        found = fp.chip_people()
        then, now = (in_year("talent", y, series="ic_employees", entity="ic_all") for y in (2017, 2020))
        need = {y: in_year("talent", y, series="ic_demand_forecast") for y in (2020, 2023)}
        assert found["met"] == pytest.approx(now / need[2020])
        assert found["left"] == pytest.approx(need[2023] - now * now / then)
        assert (1 + found["pace"]) ** 3 == pytest.approx(now / then)
        assert (1 + found["needed"]) ** 3 * now == pytest.approx(need[2023])
        assert found["left_low"] < found["left"] < found["left_high"]

    def test_every_forecast_due_by_2025_is_listed(self):
        known = {
            (t, r["row_id" if "row_id" in r else "obs_id"])
            for t in ("talent", "digitalisation", "policy_series")
            for r in rows(t, status="forecast")
            if int(r["year"]) <= 2025
        }
        assert {(v[0], v[1]) for v in fp.FORECASTS.values()} == known

    def test_made_in_the_year_of_the_source(self):
        published = {r["source_id"]: r["published"] for r in rows("sources")}
        for table, key, made, _ in fp.FORECASTS.values():
            (row,) = (r for r in rows(table) if next(iter(r.values())) == key)
            assert str(made) in row["source_id"] or published[row["source_id"]].startswith(str(made))

    def test_ratios(self):
        known = fp.forecasts()["ratio"].dropna()
        assert known.to_list() == pytest.approx([54.1 / 72, 32000 / 31600, 24393.1 / 24000, 23 / 20.5])
        assert fp.checkable() == len(known)

    def test_later_value_has_the_same_definition_but_another_maker(self):
        (said,) = rows("policy_series", obs_id="o153")
        (later,) = rows("localisation", item="chips_market", measure="self_sufficiency")
        assert said["indicator"].endswith("china_located")
        assert "含外资在华产能" in later["note"]
        assert said["year"] == later["year"] == "2023"
        assert said["source_id"] != later["source_id"]

    @pytest.mark.parametrize("year", [2018, 2024])
    def test_colleges(self, year):
        named = {r["name"] for r in rows("talent", series="engineer_college_member")}
        seen = {r["institution"]: r["rating"] for r in rows("facility_ratings", year=str(year))}
        schools = {k: v in ("excellent", "good") for k, v in seen.items() if re.search("大学$|学院$", k)}
        own = [v for k, v in schools.items() if k in named]
        other = [v for k, v in schools.items() if k not in named]
        found = fp.college_ratings(year)
        assert found["seen"] == len(own)
        assert (found["own"].estimate, found["other"].estimate) == pytest.approx((np.mean(own), np.mean(other)))
        assert fp.colleges() == {"universities": 32, "firms": 8, "named": len(named)}


class TestMatrix:
    def test_every_item_is_a_figure_or_table_of_that_chapter(self):
        for chapter in {i.chapter for i in fp.REGISTER}:
            labels = {i.label for i in fp.REGISTER if i.chapter == chapter}
            assert labels <= set(emitted(chapter)), chapter

    def test_no_item_twice(self):
        keys = [(i.label, i.pillar, i.mode) for i in fp.REGISTER]
        assert len(keys) == len(set(keys))

    def test_counts_by_hand(self):
        for name, keep in (
            ("全部", lambda i: True),
            ("有量测", lambda i: i.measured),
            ("两者都要", lambda i: i.measured and i.joint),
        ):
            kept = [i for i in fp.REGISTER if keep(i)]
            cells = {(i.pillar, i.mode) for i in kept}
            found = fp.empties(name)
            assert (found["items"], found["filled"], found["empty"]) == (len(kept), len(cells), 16 - len(cells))
            assert fp.counts(name).to_numpy().sum() == len(kept)

    def test_even_null_matches_the_formula(self):
        found = fp.empties("全部")["even"]
        assert found.expected == pytest.approx(16 * (15 / 16) ** len(fp.REGISTER), abs=0.15)

    def test_links_and_levels_agree(self):
        depth, words = fp.matrix()
        cells = fp.links().set_index("支柱")
        for pillar, mode in product(depth.index, depth.columns):
            empty = depth.loc[pillar, mode] == 0
            assert (cells.loc[pillar, mode] == "（空）") == empty == (words.loc[pillar, mode] == "")

    def test_cross_province_pairs_counted_again(self):
        where = {}
        for r in rows("consortium_members"):
            if r["province"]:
                where.setdefault(r["member_zh"], r["province"])
        pairs = [
            (where[a], where[b]) for v in LISTS.values() for a, b in combinations(v, 2) if a in where and b in where
        ]
        assert fp.cross_province().observed == pytest.approx(np.mean([a != b for a, b in pairs]))

    def test_policies_fill_one_side_only(self):
        both = [r for r in rows("policies") if r["pillar"] and r["mode"]]
        assert fp.policy_margins()["both"] == len(both) == 0

    def test_recoding_nothing_changes_nothing(self):
        calm = fp.recoded(0.0)
        assert calm["base_most"] == calm["joint_base"] == calm["regional_least"] == 1
        assert calm["filled_low"] == calm["filled_high"] == fp.empties()["filled"]


class TestSentences:
    """正文里没有数字的话，也要由数据看守。"""

    def test_demand(self):
        plane, spread = fp.aircraft(), fp.bought_spread()
        assert plane["made"] - plane["taken"] <= 1 < plane["planned"] - plane["made"]
        assert spread["good"] == "检验检测仪器"
        assert spread["high"] - spread["low"] > 3 * spread["within"]
        (cleared,) = (r for r in rows("policies", instrument="procurement") if "清理" in r["title"])
        assert cleared["strategy"] == "open_ecosystem"

    def test_platform(self):
        steps = fp.last_steps()
        assert (steps["low"].iloc[:2] > 0).all()
        assert steps["low"].iloc[2] < 0 < steps["high"].iloc[2]
        assert fp.core_share() < 0.5
        assert np.sign(fp.nc_steps()).tolist() == [1, -1]
        doubted = rows("digitalisation", series="key_process_nc_rate", year="2021")[1]
        assert "疑为误写" in doubted["note"]
        before = rows("digitalisation", series="iiot_value_added", year="2023")
        assert [r["status"] for r in before] == ["forecast"], "2023 年的分子是当年内的预计"
        quotas = fp.mec.quotas()["excellent"]
        assert set(quotas[quotas.index >= 2020]) == {50}
        assert quotas[2019] != 50

    def test_standards(self):
        seat, first = fp.position("同系合一"), fp.position("同系合一", first=True)
        assert seat.observed < seat.expected
        assert first.observed > first.expected
        assert max(seat.p, first.p) < 0.05
        assert fp.seat_counts()["rest"] < 5, "席位太少"
        for flag in (False, True):
            assert fp.position("同系合一，不算电子标准院", first=flag).p > 0.2
            assert fp.position("同系合一，不算华为", first=flag).p < 0.05
            assert fp.position("同系合一，不算北邮", first=flag).p < 0.05
        assert not any("电子标准院" in s for s in fp.survivors())
        leads = [v[0] for v in merged().values() if fp.INSTITUTE in v]
        assert set(leads) == {fp.INSTITUTE}

    def test_talent(self):
        people, before, after = fp.chip_people(), fp.college_ratings(2018), fp.college_ratings()
        assert people["needed"] > people["pace_high"]
        assert people["left_low"] > 0
        assert people["static"] <= people["stated"] < people["static"] + 0.5
        assert min(before["p"], after["p"]) > 0.5
        assert not any(i.path == "talent" for i in fp.REGISTER)

    def test_matrix(self):
        table = fp.counts()
        assert table["cross_regional"].to_dict() == {k: int(k == "technology_base") for k in fp.PILLARS}
        assert table.loc["materials", "industry_university"] == 0
        assert (table == 0).to_numpy().sum() == 4
        strict = fp.counts("两者都要")
        assert strict.drop("technology_base").to_numpy().sum() == 0
        assert fp.counts("量的是协同")["international"].sum() == 0
        assert fp.cross_province().p > 0.05
        for name in fp.THRESHOLDS:
            found = fp.empties(name)
            assert found["chance"].p > 0.05, "保住边际，没有一档分得清"
            assert (found["even"].p > 0.05) == (name != "少跨省的一条"), "随意放，少一条才分得清"
        assert "大学与企业合办的一个也没有" in emitted("collaboration/industry_university")["tbl-iu-labs"]["caption"]

    def test_recoding(self):
        again = fp.recoded()
        assert again["base_most"] > 0.7
        assert again["regional_least"] > 0.95
        assert again["joint_base"] < 0.6
