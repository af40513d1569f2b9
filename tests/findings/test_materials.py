"""“关键基础材料”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import itertools
import math
import random
import re
from collections import defaultdict

import numpy as np
import pytest

from chokepoint import inference
from chokepoint.findings import aero_engine, import_dependence, industry_chain
from chokepoint.findings import materials as mat
from tools.paths import BOOK
from tools.text import read

from .raw import rows

CHAPTER = BOOK / "pillars" / "materials.ipynb"


def scores(year):
    return {
        r["material"]: (float(r["supply_risk"]), float(r["economic_importance"])) for r in rows("crm_scores", year=year)
    }


def hit(pair):
    return pair[0] >= 1.0 and pair[1] >= 2.8


def baskets(measure, basket="graphite"):
    return {r["month"]: float(r[measure]) for r in rows("basket_exports", basket=basket)}


def tonnes(hs6, year, measure="quantity"):
    return {r["partner_iso3"]: float(r[measure]) for r in rows("mineral_exports", hs6=hs6, year=year)}


@pytest.fixture(scope="module")
def h():
    return mat.headline()


# ---- 欧盟的评分 ----
def test_counts_and_moves_by_hand(h):
    for year in mat.EDITIONS:
        now = scores(year)
        assert mat.counts().loc[year, "assessed"] == len(now)
        assert mat.counts().loc[year, "critical"] == sum(map(hit, now.values()))
        assert mat.counts(strict=True).loc[year, "critical"] == sum(r > 1.0 and e > 2.8 for r, e in now.values())
    for (first, last), row in mat.moves().iterrows():
        a, b = scores(first), scores(last)
        both = a.keys() & b.keys()
        assert row["common"] == len(both)
        assert row["entered"] == sum(not hit(a[m]) and hit(b[m]) for m in both)
        assert row["left"] == sum(hit(a[m]) and not hit(b[m]) for m in both)
        assert row["added"] == sum(hit(b[m]) for m in b.keys() - a.keys())
        assert row["removed"] == sum(hit(a[m]) for m in a.keys() - b.keys())
        assert row["after"] == row["before"] + row["entered"] - row["left"] + row["added"] - row["removed"]
        assert len(row["names_in"]) == row["entered"]
        assert len(row["names_out"]) == row["left"]
    assert (h["critical_first"], h["critical_last"]) == (26, 32)


def test_the_break_by_hand():
    panel = set.intersection(*(set(scores(y)) for y in mat.EDITIONS))
    mean = {y: [sum(scores(y)[m][i] for m in panel) / len(panel) for i in (0, 1)] for y in mat.EDITIONS}
    jump = mat.method_jump()
    assert jump["count"] == len(panel)
    for i, name in ((0, "risk"), (1, "importance")):
        assert jump[f"{name}_break"] == pytest.approx(mean[2017][i] - mean[2014][i])
        assert jump[f"{name}_same"] == pytest.approx(mean[2020][i] - mean[2017][i])
    lines = mat.method_lines().set_index(["line", "x"])
    for year in mat.EDITIONS:
        row = lines.loc["供应风险（固定名单）", year]
        assert row["y"] == pytest.approx(mean[year][0])
        assert row["low"] < row["y"] < row["high"]
        assert row["segment"] == ("新" if year >= 2017 else "旧")


def test_every_point_of_the_interactive_figure():
    payload = mat.plane_payload()
    names = mat.material_names()
    for k, year in enumerate(payload["years"]):
        shown = {m["name"]: m["at"][k] for m in payload["materials"] if m["at"][k]}
        assert shown == {names[c]: [e, r, hit((r, e))] for c, (r, e) in scores(year).items()}
        assert str(len(scores(year))) in payload["said"][k]
        assert ("不适用" in payload["said"][k]) == (year < 2017)
    assert payload["materials"][payload["start"]]["name"] == "镓"


# ---- 集中度 ----
def test_bounds_hold_every_way_of_sharing_the_rest():
    draw = random.Random(3)
    found = mat.source_bounds()["国际能源署 2024 年"]
    names = mat.node_names()
    for material, stage in mat.COMPARED:
        part = rows("iea_minerals", material=material, stage=stage, year=2024)
        if not part:
            assert math.isnan(found.loc[names[material, stage], "low"])
            continue
        listed = [float(r["share"]) for r in part if r["iso3"] != "ROW"]
        total = max(100.0, sum(float(r["share"]) for r in part))
        low, high = found.loc[names[material, stage]]
        assert low == pytest.approx(sum((v / total) ** 2 for v in listed))
        for _ in range(50):
            cut = [draw.random() ** 3 for _ in range(5)]
            rest = [(total - sum(listed)) * c / sum(cut) for c in cut]
            assert low - 1e-12 <= sum((v / total) ** 2 for v in listed + rest) <= high + 1e-12


def test_yearly_concentration_and_leaders_by_hand():
    share = defaultdict(dict)
    for r in rows("mineral_production"):
        share[r["material"], r["stage"], int(r["year"])][r["iso3"]] = float(r["share"])
    hhi = mat.yearly_hhi()
    for (material, stage, year), part in share.items():
        assert hhi.loc[year, (material, stage)] == pytest.approx(
            sum((v / sum(part.values())) ** 2 for v in part.values())
        )
        if year == 2022:
            assert part[mat.leaders()[material, stage]] == max(part.values())
    thin = sum(part.get("CHN", 0) < mat.THIN for (*_, year), part in share.items() if year == 2022)
    assert len(mat.little_at_home()) == thin
    assert mat.trend_points().groupby("line").size().eq(5).all()


def test_eu_view_by_hand():
    said, view = mat.eu_view_summary(), mat.eu_view()
    find = {s: {r["node_id"]: float(r["share"]) for r in rows("crm_provision", scope=s, iso3="CHN") if not r["caution"]}
            for s in ("global_production", "eu_sourcing")}  # fmt: skip
    node = {r["node_id"]: r for r in rows("crm_nodes")}
    pairs = set()
    for key in find["global_production"].keys() & find["eu_sourcing"].keys():
        group = node[key]["material_group"]
        name = (group, node[key]["stage"]) if group in ("lrees", "hrees") else key
        pairs.add((name, find["global_production"][key], find["eu_sourcing"][key]))
    big = [(w, u) for _, w, u in pairs if w >= 50]
    assert len(view) == len(pairs)
    assert said["count"] == len(big)
    assert said["less"] == sum(u - w < -1 for w, u in big)
    assert said["more"] == sum(u - w > 1 for w, u in big)
    assert said["less"] + said["same"] + said["more"] == said["count"]
    other = mat.eu_view_other_ways()
    assert (other["all"], other["all_less"]) == (len(pairs), sum(u - w < -1 for _, w, u in pairs))
    high = [(w, u) for _, w, u in pairs if u >= 50]
    assert (other["union"], other["union_less"]) == (len(high), sum(u - w < -1 for w, u in high))
    assert len(other["alike"]) == other["union"] - other["union_less"]
    known = {r["node_id"] for r in rows("crm_provision", scope="eu_sourcing")}
    china = {r["node_id"] for r in rows("crm_provision", scope="eu_sourcing", iso3="CHN")}
    assert other["unlisted"] == sum(v >= 50 and k in known - china for k, v in find["global_production"].items())


def test_chance_of_a_clear_trend_by_enumeration():
    """五个点：把次序、把升降全部列出来，数区间不含零的。"""
    years = range(2018, 2023)
    orders = list(itertools.permutations(range(5)))
    clear = sum(inference.slope(years, order).excludes() for order in orders)
    kinds = len(mat.trend())
    assert mat.trend_chance()["independent"] == pytest.approx(kinds * clear / len(orders))
    paths = [np.cumsum([0, *steps]) for steps in itertools.product((1.0, -1.0), repeat=4)]
    straight = sum(abs(p[-1]) == 4 for p in paths)
    assert mat.trend_chance()["walk"] == pytest.approx(kinds * straight / len(paths))
    for name, row in mat.trend().iterrows():
        line = mat.yearly_hhi()[[p for p in mat.yearly_hhi() if mat._mineral(p) == name]].iloc[:, 0].diff().dropna()
        assert row["clear"] == ((line > 0).all() or (line < 0).all()), name


# ---- 出口 ----
def test_totals_and_shares_by_hand(h):
    for hs6 in mat.CODES:
        for year in range(2018, 2025):
            part = tonnes(hs6, year)
            assert mat.totals(hs6).loc[year, "quantity"] == pytest.approx(sum(part.values()))
        assert mat.destinations(hs6).sum().to_numpy() == pytest.approx(100)
        change = mat.year_change(hs6)
        assert change.estimate == pytest.approx(
            math.log(sum(tonnes(hs6, 2024).values()) / sum(tonnes(hs6, 2022).values()))
        )
        assert change.low < change.estimate < change.high
    both = [sum(sum(tonnes(c, y).values()) for c in ("250410", "380110")) for y in (2022, 2024)]
    assert h["graphite_year"] == pytest.approx(both[1] / both[0])
    basket = [sum(v for m, v in baskets("quantity").items() if m.startswith(str(y))) for y in (2022, 2024)]
    assert h["graphite_year"] == pytest.approx(basket[1] / basket[0], rel=1e-3)
    last = tonnes("811292", 2024)
    assert h["hong_kong"] == pytest.approx(last["HKG"] / sum(last.values()))
    old = mat.year_placebos("250410")
    assert old["2019 → 2021"] == pytest.approx(
        math.log(sum(tonnes("250410", 2021).values()) / sum(tonnes("250410", 2019).values()))
    )
    assert list(old.index) == ["2018 → 2020", "2019 → 2021", "2020 → 2022"]


def test_movers_by_hand():
    for hs6 in mat.CODES:
        a, b = tonnes(hs6, 2022), tonnes(hs6, 2024)
        gap = {k: b[k] - a[k] for k in a.keys() & b.keys() if k != "ROW" and a[k] and b[k]}
        found, names = mat.movers(hs6), import_dependence.names()
        assert found["down"] == names[min(gap, key=gap.get)]
        assert found["up"] == names[max(gap, key=gap.get)]
        assert found["down_by"] == pytest.approx(-min(gap.values()))


@pytest.mark.parametrize("measure", ["quantity", "value"])
def test_before_and_after_by_hand(h, measure):
    """没有季节与趋势时，系数就是两段对数均值之差。"""
    series = baskets(measure)
    months = sorted(series)
    cut = months.index("2023-12")
    mean = [np.mean([math.log(series[m]) for m in part]) for part in (months[cut - 12 : cut], months[cut : cut + 12])]
    assert h[measure] == pytest.approx(math.exp(mean[1] - mean[0]))
    kept = [m for m in months if m not in ("2023-10", "2023-11")]
    cut = kept.index("2023-12")
    mean = [np.mean([math.log(series[m]) for m in part]) for part in (kept[cut - 12 : cut], kept[cut : cut + 12])]
    assert mat.graphite(measure, drop=mat.RUSH).estimate == pytest.approx(mean[1] - mean[0])


def test_placebo_dates_by_hand():
    series = baskets("quantity")
    months = [m for m in sorted(series) if m < "2023-12"]
    logs = [math.log(series[m]) for m in months]
    fake = [np.mean(logs[i : i + 12]) - np.mean(logs[i - 12 : i]) for i in range(12, len(logs) - 11)]
    real = mat.graphite().estimate
    rank = mat.graphite_rank()
    assert rank["count"] == len(fake)
    assert rank["lower"] == sum(f <= real for f in fake)
    assert rank["lowest"] == pytest.approx(math.exp(min(fake)))
    assert rank["p"] == pytest.approx((1 + sum(abs(f) >= abs(real) for f in fake)) / (1 + len(fake)))


def test_rush_and_basket_part_by_hand():
    series = baskets("quantity")
    before = [m for m in sorted(series) if m < "2023-10"][-12:]
    base = np.mean([series[m] for m in before])
    assert mat.rush()["last"] == pytest.approx(series["2023-11"] / base)
    assert mat.rush()["first"] == pytest.approx(series["2023-12"] / base)
    for measure in ("value", "quantity"):
        whole = sum(v for m, v in baskets(measure, "minor_metals_and_compounds").items() if m.startswith("2022"))
        assert mat.basket_part()[measure] == pytest.approx(sum(tonnes("811292", 2022, measure).values()) / whole)


def test_japan_placebo_by_hand():
    value = {
        (r["goods"], int(r["year"])): float(r["value"]) for r in rows("japan_trade", flow="import", partner_iso3="CHN")
    }
    goods = {g for g, _ in value if not g.endswith("_total")} - {"all_goods", "integrated_circuits", "aircraft"}
    off = []
    for year in range(2011, 2025):
        moved = [math.log(value[g, year] / value[g, year - 2]) for g in goods]
        off += [m - np.median(moved) for m in moved]
    found = mat.japan_placebo()
    assert found["goods"] == len(goods)
    assert found["count"] == len(off)
    assert found["typical"] == pytest.approx(np.median(np.abs(off)))
    natural = math.log(tonnes("250410", 2024)["JPN"] / tonnes("250410", 2022)["JPN"])
    assert found["natural"] == pytest.approx(natural)
    assert found["natural_p"] == pytest.approx((1 + sum(abs(o) >= abs(natural) for o in off)) / (1 + len(off)))


# ---- 光刻胶、硅片、各种说法 ----
def test_resist_and_wafer_by_hand(h):
    def share(year):
        part = {r["partner_iso3"]: float(r["value"])
                for r in rows("japan_trade", flow="export", goods="photographic_supplies", year=year)}  # fmt: skip
        return part["CHN"] / part["WLD"]

    assert h["resist_first"] == pytest.approx(share(2009))
    assert h["resist_last"] == pytest.approx(share(2025))
    slopes = [(share(b) - share(a)) / (b - a) for a in range(2009, 2026) for b in range(a + 1, 2026)]
    assert mat.resist_trend().estimate == pytest.approx(np.median(slopes) * 100)
    wafer = rows("chip_provision", release=2026, node_id="wafer", provider_kind="country", provider="CHN")
    assert h["wafer"] == pytest.approx(float(wafer[0]["share"]) / 100)


def test_fibre_and_alloy_by_hand():
    cap = {r["iso3"]: float(r["value"]) for r in rows("green_materials", series="carbon_fibre_capacity_share")}
    found = mat.carbon_fibre()
    assert found["low"] == pytest.approx(sum((v / 100) ** 2 for v in cap.values()))
    assert found["high"] == pytest.approx(found["low"] + ((100 - sum(cap.values())) / 100) ** 2)
    demand = {r["year"]: float(r["value"]) for r in rows("green_materials", series="superalloy_demand")}
    made = float(rows("green_materials", series="superalloy_capacity")[0]["value"])
    assert mat.superalloy_ratio() == pytest.approx({"same": made / demand["2019"], "other": made / demand["2020"]})


def test_claims_are_kept_one_by_one():
    table = mat.claims_table()
    resist = table[table["material"] == "光刻胶"]
    assert sorted(resist["number"]) == [5.0, 10.0, 30.0]
    assert table["publisher"].notna().all()
    assert table["value"].str.endswith("%").all()
    expected = list(rows("localisation", pillar="materials", unit="percent"))
    assert table["source_id"].isin([r["source_id"] for r in expected]).sum() == len(expected)


class TestSentences:
    """正文里的定性判断，逐句守住：数据变了而句子没有变，这里就失败。"""

    def test_the_method_break_dwarfs_the_step_after_it(self):
        jump = mat.method_jump()
        assert abs(jump["importance_break"]) > 3 * abs(jump["importance_same"])

    def test_the_list_grew_for_two_reasons(self, h):
        assert h["crossed"] > 0
        assert h["set_change"] > 0

    def test_forcing_the_new_lines_makes_a_false_trend(self):
        jump = mat.method_jump()
        assert jump["forced"] < jump["now"]

    def test_strict_thresholds_keep_the_rise(self):
        strict = mat.counts(strict=True)["critical"]
        assert strict[2017] < strict[2020] < strict[2023]
        assert strict[2023] != mat.counts()["critical"][2023]

    def test_bauxite_became_aluminium(self):
        assert hit(scores(2020)["bauxite"])
        assert "bauxite" not in scores(2023)
        assert not hit(scores(2020)["aluminium"])
        assert hit(scores(2023)["aluminium"])

    def test_mean_risk_of_the_panel_fell_from_2020_to_2023(self):
        lines = mat.method_lines().set_index(["line", "x"])["y"]
        assert lines["供应风险（固定名单）", 2023] < lines["供应风险（固定名单）", 2020]

    def test_extremes_named_in_the_alt_text(self):
        plane = mat.plane()
        assert plane["y"].idxmax() == "hrees"
        assert plane["x"].idxmax() == "tungsten"

    def test_nickel_is_time_and_graphite_is_definition(self):
        near, recent, energy = (t for t in list(mat.source_bounds().values())[1:])
        nickel, graphite = "镍（开采）", "天然石墨（开采）"
        assert near.loc[nickel, "low"] < recent.loc[nickel, "low"] < energy.loc[nickel, "low"]
        assert recent.loc[graphite, "low"] < near.loc[graphite, "low"] < energy.loc[graphite, "low"]

    def test_niobium_gallium_germanium_are_concentrated_in_every_source(self):
        for table in mat.source_bounds().values():
            for name in ("铌（开采）", "镓（冶炼）", "锗（冶炼）"):
                assert math.isnan(table.loc[name, "low"]) or table.loc[name, "low"] > import_dependence.antitrust()

    def test_cobalt_is_dug_elsewhere_and_smelted_in_china(self):
        assert max(mat.share_of("CHN", "cobalt", "extraction").values()) < 5
        assert min(mat.share_of("CHN", "cobalt", "processing").values()) > 50

    def test_few_trends_are_clear_and_the_named_ones_are_not(self):
        trend = mat.trend()
        assert trend["clear"].sum() < len(trend) / 4
        assert not trend.loc[["镍", "锗", "锂", "天然石墨"], "clear"].any()
        assert (trend.loc[["镍", "锗"], "estimate"] > 0).all()
        assert (trend.loc[["锂", "天然石墨"], "estimate"] < 0).all()

    def test_the_eu_mostly_gets_less_from_china_than_the_world_does(self):
        said = mat.eu_view_summary()
        assert said["low"] > 0.5
        assert said["more_names"] == ["镁（冶炼）"]
        other = mat.eu_view_other_ways()
        assert other["all_less"] > other["all"] / 2
        assert other["union_less"] <= other["union"] / 2
        assert other["unlisted"] > 0

    def test_graphite_quantity_turns_round_with_the_window_and_price_leads_value(self, h):
        assert h["quantity"] < 1 < h["graphite_year"]
        series = mat.monthly()["graphite"]
        assert series["2022-12":"2023-11"].mean() > series["2022-01":"2022-12"].mean()
        price = math.log(h["value"]) - math.log(h["quantity"])
        assert price < math.log(h["quantity"]) < 0

    def test_who_leads_graphite_is_not_in_dispute(self):
        for table in mat._source_shares().values():
            part = table[(table["material"] == "natural_graphite") & (table["stage"] == "extraction")]
            assert part.loc[part["share"].idxmax(), "iso3"] == "CHN"

    def test_chance_explains_about_as_many_trends_as_were_found(self):
        chance, clear = mat.trend_chance(), int(mat.trend()["clear"].sum())
        assert chance["independent"] < 1 < clear
        assert abs(chance["walk"] - clear) < 1

    def test_graphite_quantity_is_not_firm_but_price_is(self, h):
        assert h["quantity_high"] < 1 < h["quiet_high"]
        quantity, value, price = (mat.robust(m) for m in mat.MEASURES)
        assert quantity["clear"] == 1
        assert price["clear"] == price["count"]
        assert quantity["clear"] < value["clear"] < price["clear"]
        assert inference.change_ratio(mat.graphite(before=24)).estimate > 0.95

    def test_the_rush_was_the_record_and_prices_fell_before(self):
        price = mat.monthly("price")["graphite"]
        assert mat.rush()["record"]
        assert mat.rush()["first"] < 1 < mat.rush()["last"]
        assert price["2023-04":"2023-09"].mean() < 0.8 * price["2022-07":"2022-12"].mean()

    def test_other_prices_fell_too(self):
        assert (mat.other_prices() < 1).all()

    def test_polysilicon_is_a_useless_control(self):
        assert math.exp(mat.graphite_placebos().loc["polysilicon", "estimate"]) > 3

    def test_no_fake_date_is_lower_but_many_are_as_large(self):
        rank = mat.graphite_rank()
        assert rank["lower"] == 0
        assert rank["p"] > 0.2
        assert rank["lowest"] == pytest.approx(math.exp(mat.graphite().estimate), abs=0.005)

    def test_the_two_graphites_moved_apart(self):
        natural, artificial = mat.year_change("250410"), mat.year_change("380110")
        assert natural.high < 0 < artificial.low
        assert natural.estimate < mat.year_placebos("250410").min()

    def test_the_five_metal_code_rose_and_hong_kong_is_much_of_it(self):
        share = mat.destinations("811292").loc["中国香港"]
        assert share[2024] == mat.destinations("811292")[2024].max()
        assert share[2021] > share[2022]
        whole, without = mat.year_change("811292"), mat.year_change("811292", without=("HKG",))
        assert without.estimate < whole.estimate / 2

    def test_graphite_has_no_such_concentration(self):
        assert all(mat.destinations(c).drop("其余")[2024].max() < 30 for c in ("250410", "380110"))

    def test_baskets_that_show_nothing(self):
        assert not mat.basket_change("minor_metals_and_compounds", mat.GALLIUM_EVENT).excludes()
        assert not mat.basket_change("rare_earths_and_magnets").excludes()

    def test_japan_alone_is_not_unusual(self):
        found = mat.japan_placebo()
        assert found["natural_p"] > 0.1
        assert found["artificial_p"] > 0.1

    def test_resist_share_leads_and_rises_fastest(self):
        last = mat.resist_points().query("x == 2025").set_index("line")["y"]
        assert last.idxmax() == "中国"
        assert mat.resist_trend().low > 0
        assert mat.resist_trend("TWN").low > 0
        assert mat.resist_rank()["rank"] == 1
        america = mat.resist_points().query("line == '美国'").set_index("x")["y"]
        assert america.idxmax() == 2015
        assert america[2025] < america[2015]

    def test_chip_materials_have_few_numbers_and_no_new_ones(self):
        chips = mat.chip_materials()
        assert chips["numbered"] == ["光掩模", "硅晶圆"]
        assert chips["years"] == [2019]
        assert len(chips["numbered"]) < chips["total"] / 4
        assert mat.wafer_carried_over()
        assert industry_chain.chip_shares().query("node == 'photoresists'")["share"].isna().all()

    def test_no_claim_is_an_original_official_statistic(self):
        table = mat.claims_table()
        assert "官方统计" not in set(table["strength"])
        assert table["strength"].str.startswith(mat.WEAK).sum() > len(table) / 2

    def test_the_alloy_is_weak_here_and_in_the_engine_chapter(self):
        table = mat.claims_table().set_index("material")
        assert table.loc["高温合金", "strength"] == "弱来源"
        assert set(table.loc["海绵钛", "strength"]) == {"中来源"}
        graded = aero_engine.items().query("table == 'green_materials'")
        kept = graded[graded["key"].isin(["superalloy_self_sufficiency", "ti_sponge_share"])].set_index("key")[
            "strength"
        ]
        assert kept.groupby(level=0).first().to_dict() == {
            "superalloy_self_sufficiency": "weak",
            "ti_sponge_share": "medium",
        }

    def test_what_was_not_found_is_not_in_the_data(self):
        text = " ".join(r["said"] + r["material"] for _, r in mat.claims_table().iterrows())
        assert not re.search("陶瓷基|树脂基|钛合金|铝锂|单晶|特种钢", text)

    def test_the_alternative_denominator_changes_the_alloy(self):
        ratio = mat.superalloy_ratio()
        assert ratio["other"] < 0.5 < ratio["same"]


def test_exercises_are_answered_by_the_package():
    """练习的答案用的是同样的调用。"""
    source = "\n".join("".join(c["source"]) for c in read(CHAPTER)["cells"])
    assert "before=9, after=9" in source
    assert mat.OTHER_WINDOW == 9
    quantity, value = (inference.change_ratio(mat.graphite(m, before=9, after=9)) for m in ("quantity", "value"))
    quiet = inference.change_ratio(mat.graphite(before=9, after=9, drop=mat.RUSH))
    assert quantity.estimate < quiet.estimate
    assert value.high < 1
