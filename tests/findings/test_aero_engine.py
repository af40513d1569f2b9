"""“案例：航空发动机”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import math
import re
from collections import Counter
from datetime import date
from itertools import combinations
from statistics import median

import pytest

from chokepoint.findings import aero_engine as aero
from chokepoint.findings import materials

from .raw import one, rows

METALS = {
    *("nickel", "cobalt", "chromium", "molybdenum", "tungsten", "tantalum"),
    *("niobium", "rhenium", "hafnium", "titanium_metal", "aluminium"),
}


def provision(scope, metals=METALS):
    """节点 → {经济体: 份额}。"""
    found = {}
    for r in rows("crm_provision", scope=scope):
        material = r["node_id"].removeprefix("mat_").rpartition("_")[0]
        if material in metals:
            found.setdefault(r["node_id"], {})[r["iso3"]] = float(r["share"])
    return found


def leaders(scope, metals=METALS):
    return {node: max(share.items(), key=lambda x: x[1]) for node, share in provision(scope, metals).items()}


@pytest.fixture(scope="module")
def h():
    return aero.headline()


# ---- 金属 ----
def test_stages_by_hand(h):
    assert set(aero.COMPOSITION) == METALS
    world, europe = leaders("global_production"), leaders("eu_sourcing")
    assert (h["metals"], h["nodes"], h["eu_nodes"]) == (len(METALS), len(world), len(europe))
    assert h["china_top"] == sum(who == "CHN" for who, _ in world.values())
    assert h["eu_top"] == sum(who == "CHN" for who, _ in europe.values())
    for limit, every, china in ((65, "held", "held_china"), (50, "loose", "loose_china")):
        over = [who for who, share in world.values() if share >= limit]
        assert (h[every], h[china]) == (len(over), over.count("CHN"))
    frame = aero.stages().set_index("node")
    assert {n: (r["provider"], r["share"]) for n, r in frame.iterrows()} == world
    g7 = {"CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA"}
    for node, share in provision("global_production").items():
        assert frame.loc[node, "g7"] == pytest.approx(sum(v for k, v in share.items() if k in g7))


def test_lists_come_from_the_uses_and_the_scores():
    named, air = set(), set()
    for r in rows("crm_edges", relation="used_in"):
        what = r["application"].lower()
        metal = r["from_node"].removeprefix("mat_").rpartition("_")[0]
        metal = "titanium_metal" if metal == "titanium" else metal
        if "superalloy" in what or "super alloy" in what:
            named.add(metal)
        if "aerospace" in what or "aeronautic" in what or "(air," in what:
            air.add(metal)
    lists = aero.lists()
    assert set(lists["用途写明高温合金"]) == named
    assert set(lists["用途写明高温合金或航空"]) == named | air
    assert set(lists["成分表与用途的并集"]) == METALS | named | air
    scores = {r["material"]: r for r in rows("crm_scores", year=2023)}
    critical = {
        m for m in METALS if float(scores[m]["supply_risk"]) >= 1 and float(scores[m]["economic_importance"]) >= 2.8
    }
    assert set(lists["成分表中欧盟判为关键的"]) == critical
    assert all(len(found) == len(set(found)) for found in lists.values())


def test_list_table_counts_by_hand():
    table = aero.list_table().set_index("list")
    names = {r["iso3"]: r["name_zh"] for r in rows("countries")}
    for name, metals in aero.lists().items():
        world = leaders("global_production", set(metals))
        assert table.loc[name, "nodes"] == len(world)
        for column, limit in (("loose", 50), ("main", 65), ("strict", 80)):
            expected = Counter(names[who] for who, share in world.values() if share >= limit)
            said = table.loc[name, column]
            found = Counter()
            for part in [] if said == "没有" else said.split("、"):
                who = part.rstrip("0123456789").strip()
                found[who] = int(part[len(part.rstrip("0123456789")) :])
            assert found == expected, (name, column)


def test_titanium_and_titanium_metal_share_the_mine():
    """钛的用途并入金属钛，前提是开采一级的份额相同。"""
    both = provision("global_production", {"titanium", "titanium_metal"})
    assert both["mat_titanium_extraction"] == both["mat_titanium_metal_extraction"]
    uses = {r["application"] for r in rows("crm_edges", relation="used_in", from_node="mat_titanium_processing")}
    assert not any("pigment" in u.lower() or "paint" in u.lower() for u in uses)


def test_stopped_by_hand():
    """采断则炼断：两个环节里有一个失去达到阈值，这种金属就拿不到。"""
    names = {m: aero.metal_name(m) for m in METALS}
    shares = provision("global_production")
    for providers in (("CHN",), ("BRA",), ("COD",), ("ZAF",), ("FRA",), ("FRA", "USA"), aero.G7, ("CHL", "USA")):
        for limit in (50, 65, 80):
            dead = {
                node.removeprefix("mat_").rpartition("_")[0]
                for node, share in shares.items()
                if sum(share.get(p, 0) for p in providers) >= limit
            }
            assert set(aero.stopped(providers, limit)) == {names[m] for m in dead}, (providers, limit)


def test_chain_has_one_end_and_every_metal():
    graph = aero.chain().graph
    assert aero.chain().outputs() == ["superalloy"]
    assert graph.in_degree("superalloy") == len(METALS)


def test_newest_sources_by_hand():
    crm = {}
    for node, share in provision("global_production").items():
        material, _, stage = node.removeprefix("mat_").rpartition("_")
        crm[material, stage] = share
    for name, year, keep in (("mineral_production", 2022, METALS | {"titanium"}), ("iea_minerals", 2024, METALS)):
        later = {}
        for r in rows(name, year=year):
            if r["material"] in keep and r["iso3"] != "ROW":
                material = "titanium_metal" if r["material"] == "titanium" else r["material"]
                later.setdefault((material, r["stage"]), {})[r["iso3"]] = float(r["share"])
        crm |= later
    expected = {(m, s): max(v.items(), key=lambda x: x[1]) for (m, s), v in crm.items()}
    over = sorted(round(share, 4) for _, share in expected.values() if share >= 65)
    assert sorted(aero.newest_held()["share"].round(4)) == over


def test_self_sufficiency_is_capacity_over_demand():
    found = aero.self_sufficiency()
    capacity = one("green_materials", series="superalloy_capacity", year=2019)
    demand = one("green_materials", series="superalloy_demand", year=2019)
    assert found["ratio"] == pytest.approx(capacity / demand * 100)
    assert found["ratio"] == pytest.approx(found["stated"])


# ---- 行业与买卖 ----
def theil_sen(pairs):
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(sorted(pairs), 2))


def share(iso3, year):
    world = one("industry_value_added", industry="aerospace", iso3="WLD", year=year)
    return one("industry_value_added", industry="aerospace", iso3=iso3, year=year) / world * 100


def test_value_added_by_hand(h):
    assert h["value_china"] == pytest.approx(share("CHN", 2019))
    assert h["value_usa"] == pytest.approx(share("USA", 2019))
    assert h["value_eu"] == pytest.approx(share("EUU", 2019))
    assert h["value_first"] == pytest.approx(share("CHN", 2002))
    assert [round(h[k]) for k in ("value_china", "value_usa")] == [8, 55]
    world = {r["year"]: float(r["value"]) for r in rows("industry_value_added", industry="aerospace", iso3="WLD")}
    for iso3 in ("CHN", "USA", "GBR"):
        line = rows("industry_value_added", industry="aerospace", iso3=iso3)
        pairs = [(int(r["year"]), float(r["value"]) / world[r["year"]] * 100) for r in line]
        assert aero.value_slopes().loc[iso3, "estimate"] == pytest.approx(theil_sen(pairs))


def test_value_residual_by_hand():
    listed = {r["iso3"]: float(r["value"]) for r in rows("industry_value_added", industry="aerospace", year=2019)}
    world = listed.pop("WLD")
    rest = world - sum(v for k, v in listed.items() if k not in {"DEU", "FRA", "ITA"})
    assert aero.value_residual() == pytest.approx(rest / world * 100)
    assert not {"CAN", "BRA", "RUS"} & set(listed)


def test_trade_by_hand(h):
    sides = [
        one("trade_totals", goods="aircraft_hs88", indicator=f"{s}_value", year=2018, iso3="CHN")
        for s in ("import", "export")
    ]
    assert h["ratio"] == pytest.approx(sides[0] / sides[1])
    flow = {
        r["partner_iso3"]: float(r["value"]) for r in rows("japan_trade", flow="import", goods="aircraft", year=2018)
    }
    assert h["japan_usa"] == pytest.approx(flow["USA"] / flow["WLD"] * 100)
    out = {y: one("japan_trade", flow="export", goods="aircraft", partner_iso3="WLD", year=y) for y in (2019, 2021)}
    assert aero.japan_export_drop() == pytest.approx(out[2021] / out[2019])


def test_engine_patents_by_hand():
    found = aero.engine_patents()
    for measure, short in (("inpadoc_family", "family"), ("uspto_grant", "grant")):
        equal = {"field": "engines_pumps_turbines", "year": 2020, "measure": measure}
        world = one("patents", iso3="WLD", **equal)
        for iso3 in ("CHN", "USA"):
            assert found[f"{short}_{iso3.lower()}"] == pytest.approx(one("patents", iso3=iso3, **equal) / world)


# ---- 交付 ----
def test_year_end_by_hand():
    found = aero.year_end()
    first, stop, last = date(2025, 9, 30), date(2025, 12, 22), date(2025, 12, 31)
    assert (found["days"], found["left"]) == ((stop - first).days, (last - stop).days)
    assert (found["so_far"], found["count"], found["early"]) == (13, 13 - 5, 5)
    assert found["faster"] == pytest.approx((12 / 9) / (8 / 83))
    # 负二项：Gamma(8.5, 83) 先验预测，逐项相加。
    r, p = 8.5, 83 / 92
    mass = [math.exp(math.lgamma(k + r) - math.lgamma(r) - math.lgamma(k + 1)) * p**r * (1 - p) ** k for k in range(60)]
    total, low, high = 0.0, None, None
    for k, m in enumerate(mass):
        total += m
        low = k if low is None and total >= 0.025 else low
        high = k if high is None and total >= 0.975 else high
    assert (found["low"], found["high"]) == (13 + low, 13 + high)
    assert found["chance"] == pytest.approx(sum(mass[12:]), rel=1e-6)


def test_partial_years_and_targets_are_never_full_years():
    table = aero.deliveries()
    for row in rows("aero_engine"):
        if row["series"] in {"c919_deliveries", "c919_airline_actual_intake"}:
            (kind,) = table.loc[
                (table["series"] == row["series"])
                & (table["period"] == row["period"])
                & (table["year"] == int(row["year"])),
                "kind",
            ]
            assert kind == ("partial" if "/" in row["period"] else "full")
        elif row["status"] == "target" and row["series"].startswith("c919"):
            assert (
                table.loc[(table["series"] == row["series"]) & (table["period"] == row["period"]), "kind"]
                .eq("target")
                .all()
            )
    assert table[(table["year"] == 2025) & (table["kind"] == "full")].empty


def test_fleet_and_backlog_by_hand():
    fleet, backlog = aero.fleet_check(), aero.backlog()
    made = {y: one("aero_engine", series="c919_deliveries", year=y) for y in (2023, 2024)}
    assert (fleet["low"], fleet["high"]) == (1 + sum(made.values()), 1 + sum(made.values()) + 5)
    assert fleet["fleet"] == one("aero_engine", series="c919_fleet_in_service")
    assert backlog["years"] == pytest.approx(one("aero_engine", series="c919_orders_big3") / made[2024])


# ---- 证据 ----
def test_evidence_counts_by_hand(h):
    """逐条从原表再数一遍：强弱来自原表，没有强弱一栏的按来源。"""
    tally = Counter()
    for aspect, groups in aero.ASPECTS.items():
        for table, column, keys in groups:
            for r in rows(table):
                if r[column] not in keys:
                    continue
                strength = r.get("source_strength") or r.get("evidence")
                strength = strength or ("medium" if r["source_id"] == "gaps-ti-2021" else "weak")
                tally[aspect, strength] += 1
    counts = aero.evidence_counts()
    short = {v: k for k, v in aero.STRENGTHS.items()}
    for aspect in aero.ASPECTS:
        for column in counts:
            assert counts.loc[aspect, column] == tally[aspect, short[column]]
    assert h["items"] == sum(tally.values())
    assert h["items_kept"] == sum(n for (_, s), n in tally.items() if s in {"strong", "medium"})


def test_weak_sources_by_hand(h):
    cj = [r for r in rows("aero_engine") if r["series"].startswith("cj")]
    assert (h["claims"], h["claims_kept"]) == (len(cj), sum(r["source_strength"] != "weak" for r in cj))
    events = rows("events", topic="aero_engine")
    own = [e for e in events if e["event_id"].startswith("cj")]
    assert (h["cj"], h["cj_kept"]) == (len(own), sum(e["source_strength"] != "weak" for e in own))
    # 另有涡轴的两件，写在进展表里。
    assert h["events"] == len(events) + 2
    assert h["events"] - h["events_kept"] == sum(e["source_strength"] == "weak" for e in events)


def test_every_event_of_the_topic_is_on_the_timeline():
    placed = {key for members in aero.TRACKS.values() for key in members}
    assert {e["event_id"] for e in rows("events", topic="aero_engine")} == placed - {"U22", "U23"}
    frame = aero.timeline()
    assert (frame["end"] > frame["start"]).all()
    assert frame.loc[frame["precision"] == "year", ["start", "end"]].diff(axis=1)["end"].round(6).eq(1).all()


def test_implied_hours_by_hand():
    found = aero.implied_hours()
    assert found["low"] == pytest.approx(5000 / (date(2026, 2, 28) - date(2023, 1, 1)).days)
    assert found["high"] == pytest.approx(5000 / (date(2026, 2, 1) - date(2023, 12, 31)).days)


class TestSentences:
    """正文里不带数字的判断，逐句守住。"""

    def test_metals_belong_to_several(self, h):
        assert aero.solid_metals() == ["钨", "铌"]
        assert h["held_china"] * 2 == h["held"]
        top = aero.stages().set_index(["material", "stage"])["provider"]
        assert top["tungsten", "processing"] == "CHN"
        assert top["niobium", "extraction"] == "BRA"
        assert top["rhenium", "processing"] == "CHL"
        assert top["hafnium", "processing"] == "FRA"
        mined = set(aero.stages().query("stage == 'extraction'")["provider"])
        assert {"IDN", "COD", "ZAF", "BRA", "AUS"} <= mined
        by_stage = aero.stages().query("provider == 'CHN'")["stage"].value_counts()
        assert by_stage["processing"] > by_stage["extraction"]

    def test_list_scope_and_threshold_change_the_answer(self, h):
        table = aero.list_table().set_index("list")
        assert table.loc["用途写明高温合金", "main"] == "没有"
        assert "没有" not in set(table["main"].drop("用途写明高温合金"))
        assert h["eu_top"] * 2 < h["china_top"]
        assert {"刚果（金）1", "南非 1"} <= set(table.loc["成分表", "loose"].split("、"))
        assert {"beryllium", "magnesium"} <= set(aero.lists()["用途写明高温合金或航空"]) - METALS
        held = aero.stages(["beryllium", "magnesium"]).query("share >= 65")
        assert set(held[held["material"] == "beryllium"]["provider"]) == {"USA"}
        assert "nickel" not in aero.with_uses()
        assert {"vanadium", "zirconium"} <= set(aero.lists()["用途写明高温合金"])
        assert (table["china"] > 0).all()

    def test_vetoes_lie_on_several_sides(self):
        table = aero.vetoes()
        assert table.loc["中国", 65.0] == "钨"
        assert table.loc["巴西", 65.0] == "铌"
        assert table.loc["法国＋美国", 65.0] == "铪" == table.loc["七国集团", 65.0]
        assert "法国" not in table.index

    def test_sources_disagree_on_nickel_and_cobalt(self, h):
        frame = aero.source_shares()
        assert frame.loc[("nickel", "processing", "CHN"), "crm"] > frame.loc[("nickel", "processing", "IDN"), "crm"]
        assert frame.loc[("nickel", "processing", "CHN"), "iea"] < frame.loc[("nickel", "processing", "IDN"), "iea"]
        fresh = aero.newest_held()
        assert fresh.loc["钴开采", "provider"] == "COD"
        assert fresh.loc["钴加工", "provider"] == "CHN"
        assert len(fresh) > h["held"]
        slope = aero.nickel_mining()["slope"]
        assert slope.estimate > 0
        assert not slope.excludes()

    def test_china_hardly_makes_some(self):
        assert aero.THIN == materials.THIN
        assert aero.thin_metals() == ["铌", "铪"]
        assert aero.thin_metals(limit=aero.THIN_LOOSE) == ["钽", "铌", "铼", "铪"]
        most = {}
        for node, share in provision("global_production").items():
            metal = node.removeprefix("mat_").rpartition("_")[0]
            most[metal] = max(most.get(metal, 0), share.get("CHN", 0))
        assert {m for m, v in most.items() if v < 5} == {"niobium", "hafnium"}

    def test_value_added_moves_as_the_text_says(self):
        shares, slopes = aero.value_shares(), aero.value_slopes()
        ahead = shares["CHN"] > shares["DEU"]
        assert ahead.loc[2018:].all()
        assert not ahead.loc[2017]
        assert slopes.loc["USA", "low"] < 0 < slopes.loc["USA", "high"]
        assert slopes.loc["GBR", "high"] < 0
        assert slopes["estimate"].idxmin() == "GBR"
        assert slopes.loc["CHN", "low"] > 0
        late = aero.value_slopes(aero.RECENT).loc["CHN"]
        early = aero.value_slopes(end=aero.RECENT - 1).loc["CHN"]
        assert late["estimate"] > early["estimate"]
        assert late["low"] < early["high"]
        assert slopes.loc["CHN", "estimate"] < min(early["estimate"], late["estimate"])
        assert shares.loc[2011, "CHN"] < shares.loc[2010, "CHN"]
        ranks = aero.china_ranks().loc[2019]
        assert ranks["bloc"] > ranks["alone"]

    def test_japan_buys_more_from_america(self):
        japan, china = aero.japan_origins()["aircraft"]["USA"], aero.aircraft_trade()["usa"]
        assert (japan.reindex(china.index) > china).all()
        assert china.index.tolist() == [2016, 2017, 2018]
        assert japan.idxmin() == 2021
        assert japan.min() < china.min()

    def test_aircraft_fall_short_at_a_constant_rate_but_the_rate_has_changed(self):
        plain, rush = aero.year_end(), aero.year_end(rush=True)
        assert plain["count"] / plain["days"] > 2 * plain["early"] / 273
        assert plain["faster"] > 10
        assert plain["high"] < plain["target"]
        assert plain["high"] < rush["high"] < plain["target"]
        fleet = aero.fleet_check()
        assert fleet["low"] <= fleet["fleet"] <= fleet["high"]

    def test_licence_event(self):
        licence = aero.timeline().query("track == '许可'")
        assert licence["date"].tolist() == ["2025-05", "2025-06"]
        found = [rows("events", event_id=key)[0] for key in ("leap_suspension", "leap_lifted")]
        assert {r["source_strength"] for r in found} == {"medium"}
        assert len({r["source_id"] for r in found}) == 1

    def test_the_engine_vanishes_with_the_weak_sources(self, h):
        assert h["claims_kept"] == h["cj_kept"] == h["engine_strong"] == 0
        left = set(aero.timeline(weak=False)["track"])
        assert left == {"试验设施", "机构", "涡轴与取证", "C919", "许可"}
        counts = aero.evidence_counts()
        assert counts.index[counts.sum(axis=1) == 0].tolist() == ["工艺"]
        assert counts.sum(axis=1).idxmax() == "协同"
        assert counts["强"].idxmax() == "适航与软件"
        other = aero.evidence_counts(alternative=True)
        assert other.loc["工艺", "强"] == 1
        assert other.loc["整机与零部件", "强"] == 2
        assert other.to_numpy().sum() == counts.to_numpy().sum()
        assert set(aero.timeline().query("strength == 'strong'")["track"]) == {"涡轴与取证"}

    def test_the_processes_row_is_empty_because_nothing_was_found(self):
        """“工艺”一行在 ASPECTS 里写成空的，所以从原表按词再找一遍。"""
        words = re.compile("铸|锻|涂层|焊|叶片|单晶|增材")
        air = {r["tech_id"] for r in rows("chokepoints", sector="aerospace")}
        lines = [(r["row_id"], r) for r in rows("aero_engine")]
        lines += [(r["event_id"], r) for r in rows("events", topic="aero_engine")]
        lines += [(r["update_id"], r) for r in rows("status_updates") if r["tech_id"] in air]
        lines += [(r["item"], r) for r in rows("localisation") if "aero" in r["item"]]
        found = {key for key, r in lines if words.search(" ".join(r.values()))}
        assert found == {"U37"} == set(aero.process_rows()["key"])

    def test_every_series_is_counted_or_left_out_on_purpose(self):
        """没有归入六个方面的序列：整机（飞机）的交付与目标、市场规模、商飞的资本。"""
        counted = {k for groups in aero.ASPECTS.values() for t, _, keys in groups for k in keys if t == "aero_engine"}
        left = {r["series"] for r in rows("aero_engine")} - counted
        assert left == {
            *("c919_airline_actual_intake", "c919_airline_planned_intake", "c919_deliveries", "c919_delivery_target"),
            *("c919_fleet_in_service", "aero_engine_market", "comac_registered_capital"),
        }

    def test_test_facilities_have_no_strong_source(self):
        found = aero.items().query("aspect == '试验设施'")
        assert set(found.loc[found["strength"] == "medium", "key"]) == {
            "altitude_cell_country_rank",
            "altitude_cell_start",
            "altitude_cell_accept",
        }
        assert "strong" not in set(found["strength"])

    def test_the_list_of_aviation_technologies(self):
        table = aero.listed_technologies()
        assert "好" not in set(table["proxy"])
        named = table[table["countries"] != "—"]
        assert named["countries"].str.contains("美国").all()
        assert not rows("status_updates", tech_id=4)

    def test_blank_cells_stay_blank(self):
        blank = aero.grid().isna()
        assert blank.loc["工艺"].all()
        assert (blank == (aero.evidence_counts() == 0).to_numpy()).all().all()
        assert set(aero.gaps()["aspect"]) == set(aero.ASPECTS)
        assert aero.gaps().set_index("aspect").loc["工艺", "best"] == "—"

    def test_suppliers_are_counts(self):
        table = aero.suppliers()
        assert table.index.tolist() == ["美国", "欧洲", "中国"]
        assert all(r["unit"] == "count" for r in rows("aero_engine", series="c919_suppliers"))

    def test_patents_turn_over_with_the_counting_rule(self):
        found = aero.engine_patents()
        assert found["family_chn"] > found["family_usa"]
        assert found["grant_chn"] < found["grant_usa"]

    def test_the_exercise_has_the_answer_it_claims(self):
        metals = (*aero.COMPOSITION, "ruthenium")
        more = aero.stages(metals)
        assert int(more["share"].ge(65).sum()) == int(aero.stages()["share"].ge(65).sum()) + 1
        assert more.iloc[-1]["provider"] == "ZAF"
        assert aero.stopped(("ZAF",), metals=metals) == ["钌"]
