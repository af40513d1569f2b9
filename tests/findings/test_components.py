"""“核心基础零部件”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import re
from itertools import combinations
from statistics import median

import pandas as pd
import pytest

from chokepoint import data
from chokepoint.findings import components as cmp
from tools.paths import BOOK

from .raw import one, rows

CHAPTER = BOOK / "pillars" / "components.ipynb"
SAID = {
    "self_sufficiency",
    "import_dependence",
    "domestic_share",
    "domestic_share_items",
    "import_share_units",
    "import_dependent_share",
    "domestic_blank_share",
}


def said(**equal):
    return [r for r in rows("localisation", **equal) if r["measure"] in SAID and r["status"] != "target"]


def bearing(indicator, year=2023):
    return one("trade_totals", goods="rolling_bearings", indicator=indicator, year=year)


def japan(goods, year, partner="CHN", flow="export"):
    part = one("japan_trade", goods=goods, year=year, partner_iso3=partner, flow=flow)
    return part / one("japan_trade", goods=goods, year=year, partner_iso3="WLD", flow=flow)


def bearings_to_china(goods="rolling_bearings", hong_kong=False):
    """中国（可并入香港）占日本出口的份额，%：年 → 值。"""
    wanted = {"CHN", "HKG"} if hong_kong else {"CHN"}
    part, whole = {}, {}
    for r in rows("japan_trade", goods=goods, flow="export"):
        year = int(r["year"])
        if r["partner_iso3"] == "WLD":
            whole[year] = float(r["value"])
        if r["partner_iso3"] in wanted:
            part[year] = part.get(year, 0) + float(r["value"])
    return {y: 100 * part[y] / whole[y] for y in whole}


@pytest.fixture(scope="module")
def h():
    return cmp.headline()


# ---- 数字 ----
def test_claims_are_the_table_in_order_of_strength():
    table = cmp.claims()
    assert len(table) == len(rows("localisation"))
    assert tuple(data.labels("localisation", "evidence")) == cmp.EVIDENCE_ORDER
    place = [cmp.EVIDENCE_ORDER.index(e) for e in table["evidence"]]
    assert place == sorted(place)
    assert (table["strength"] >= "industry_association").sum() == sum(p <= 4 for p in place)
    origin = {r["source_id"]: r for r in rows("sources")}
    assert table["grade"].tolist() == [origin[s]["grade"] for s in table["source_id"]]
    assert table["url_kind"].tolist() == [origin[s]["url_kind"] for s in table["source_id"]]
    assert table[["item_zh", "measure_zh", "evidence_zh", "band", "short"]].notna().all().all()
    assert len(cmp.claims("materials")) == len(rows("localisation", pillar="materials"))
    with pytest.raises(ValueError, match="支柱"):
        cmp.claims("software")


def test_bands_cover_every_kind_of_evidence_once():
    inside = [code for codes in cmp.BANDS.values() for code in codes]
    assert tuple(inside) == cmp.EVIDENCE_ORDER


def test_said_values_carry_their_bound():
    table = cmp.claims().set_index(["item", "measure", "year"])["said"]
    assert table["smart_terminal_processors", "import_dependence", 2018] == "≥70%"
    assert table["cryo_em", "domestic_share", 2025] == "≤5%"
    assert table["key_components_and_materials", "self_sufficiency", 2015] == "约 20%"
    assert table["bearings", "export_units", 2023] == "64.53 亿套"


def test_counts_of_claims_by_hand(h):
    everything, mine = said(), said(pillar="components")
    assert (h["all_claims"], h["claims"]) == (len(everything), len(mine)) == (18, 8)
    assert h["official"] == sum(r["evidence"] in ("official_statistics", "industry_association") for r in mine)
    per = {}
    for r in everything:
        per[r["source_id"]] = per.get(r["source_id"], 0) + 1
    assert h["top_two"] == sum(sorted(per.values())[-2:]) == 9
    grade = {r["source_id"]: r["grade"] for r in rows("sources")}
    assert h["primary"] == sum(grade[r["source_id"]] == "A" for r in everything)


def test_band_counts_by_hand():
    band = {e: b for b, codes in cmp.BANDS.items() for e in codes}
    order = list(cmp.EVIDENCE_ORDER)

    def tally(found):
        return [sum(band[r["evidence"]] == b for r in found) for b in cmp.BANDS]

    def best(found, key):
        kept = {}
        for r in found:
            old = kept.get(r[key])
            if old is None or order.index(r["evidence"]) < order.index(old["evidence"]):
                kept[r[key]] = r
        return list(kept.values())

    everything = said()
    robots = [
        r["source_id"] for r in rows("trade_totals", goods="industrial_robots", indicator="domestic_supplier_share")
    ]
    robots += [r["source_id"] for r in rows("status_updates", tech_id=15, metric="domestic_share")]
    robots = [{"evidence": cmp.ROBOT_SOURCES[s][1]} for s in robots]
    lines = [r for r in rows("localisation", pillar="components") if r["status"] != "target"]
    expected = [
        tally(lines),
        tally(said(pillar="components")),
        tally(said(pillar="components") + robots),
        tally(everything),
        tally(best(everything, "item")),
        tally(best(everything, "source_id")),
    ]
    assert cmp.band_counts().to_numpy().tolist() == expected


def test_weak_shares_by_hand(h):
    order, table = list(cmp.EVIDENCE_ORDER), cmp.weak_shares()
    everything = said()
    for cut, floor in cmp.CUTS.items():
        below = sum(order.index(r["evidence"]) > order.index(floor) for r in everything)
        assert table.loc["全部支柱：说法", cut] == pytest.approx(below / len(everything))
    only = table.drop("零部件：表中每一行").to_numpy()
    assert (h["weak_low"], h["weak_high"]) == (only.min(), only.max())
    assert (only[:, 1:] >= only[:, :-1]).all()
    whole = cmp.with_whole_list()
    unsourced = [r for r in everything if r["evidence"] == "unsourced"]
    (title,) = [r["title"] for r in rows("sources", source_id="pillars-import20-list")]
    total = int(re.search(r"\d+", title)[0])
    assert (whole["kept"], whole["total"]) == (len(unsourced), total) == (4, 20)
    assert whole["now"] == pytest.approx(4 / 18)
    assert whole["then"] == pytest.approx(20 / 34)


def test_bearing_prices_and_import_shares_by_hand(h):
    price = {s: bearing(f"{s}_value") / bearing(f"{s}_quantity") for s in ("import", "export")}
    assert h["price"] == pytest.approx(price["import"] / price["export"])
    units = bearing("production_quantity") - bearing("export_quantity") + bearing("import_quantity")
    assert h["units"] == pytest.approx(bearing("import_quantity") / units)
    table = cmp.bearing_table().set_index(["what", "year"])
    for side, name in (("import", "进口"), ("export", "出口")):
        assert table.loc[(name, 2023), "each"] == pytest.approx(price[side])
    assert table.loc[("进口", 2021), "each"] == pytest.approx(54.7 / 29.64)
    assert table.loc[("国内产出", 2023), "each"] == pytest.approx(2180 / 202 / cmp.rate())
    assert pd.isna(table.loc[("出口", 2021), "each"])
    assert pd.isna(cmp.import_share(2021))
    low, high = cmp.rounding_range()
    assert low < h["price"] < high
    assert (round(low, 2), round(high, 2)) == (1.71, 1.71)
    share = cmp.mix_share(h["price"])
    assert (1 - share) + share * cmp.PRICE_MULTIPLE == pytest.approx(h["price"])
    with pytest.raises(ValueError, match="1 与"):
        cmp.mix_share(11)
    with pytest.raises(ValueError, match="units"):
        cmp.import_share(by="weight")


def test_exchange_rate_by_hand():
    found = rows("trade_totals", goods="integrated_circuits", indicator="export_value", year=2024)
    by_unit = {r["unit"]: float(r["value"]) for r in found}
    assert cmp.rate() == pytest.approx(by_unit["CNY_100m"] / by_unit["USD_100m"])


def test_ownership_bounds_hold_every_split_of_exports(h):
    """外资承担多少出口都试一遍：本土份额总在界内，两端都取得到。"""
    for exchange, scale in ((cmp.rate(), 1.0), (6.4, 1.0), (7.8, 1.0), (cmp.rate(), 0.8), (cmp.rate(), 1.2)):
        revenue = bearing("industry_revenue") * scale
        foreign = revenue * one("localisation", item="bearings", measure="foreign_firm_revenue_share") / 100
        sold, bought = bearing("export_value") * exchange, bearing("import_value") * exchange
        used, found = revenue - sold + bought, cmp.owned(exchange, scale)
        seen = []
        for step in range(101):
            abroad = min(foreign, sold) * step / 100
            seen.append((revenue - foreign - (sold - abroad)) / used)
        assert found["low"] == pytest.approx(min(seen))
        assert found["high"] == pytest.approx(max(seen))
        assert found["domestic"] == pytest.approx((revenue - sold) / used)
        assert found["low"] < found["even"] < found["high"] <= found["domestic"] + 1e-12
    assert (h["owned_low"], h["owned_high"], h["domestic"]) == tuple(
        cmp.owned()[k] for k in ("low", "high", "domestic")
    )
    assert 1 - h["value"] == pytest.approx(h["domestic"])
    shares = []
    for exchange, scale in (
        (cmp.rate(), 1),
        (cmp.rate() * 0.9, 1),
        (cmp.rate() * 1.1, 1),
        (cmp.rate(), 0.8),
        (cmp.rate(), 1.2),
    ):
        inside = bearing("industry_revenue") * scale / exchange
        shares.append(bearing("import_value") / (inside - bearing("export_value") + bearing("import_value")))
    assert cmp.value_range() == pytest.approx((min(shares), max(shares)))
    flip = cmp.scale_flip()
    assert cmp.owned(scale=flip)["high"] == pytest.approx(cmp.owned(scale=flip)["domestic"])
    assert cmp.owned(scale=flip + 0.01)["high"] < cmp.owned(scale=flip + 0.01)["domestic"]


def test_firm_shares_are_a_whole():
    assert cmp.firm_shares().sum() == pytest.approx(1)


def test_robots_by_hand(h):
    rise = cmp.robot_rise()
    mine = {u: one("status_updates", "value_min", update_id=u) for u in ("U34", "U36")}
    ifr = one("trade_totals", goods="industrial_robots", indicator="domestic_supplier_share")
    assert rise["same"] == h["same"] == pytest.approx(mine["U36"] - mine["U34"])
    assert rise["spliced"] == h["spliced"] == pytest.approx(mine["U36"] - ifr)
    assert rise["spliced"] - rise["same"] == pytest.approx(rise["gap"])
    units = [one("trade_totals", indicator=f"{s}_supplier_units") for s in ("domestic", "foreign")]
    assert rise["units"] == pytest.approx(units[0] / sum(units) * 100)
    assert round(rise["units"]) == ifr
    put = {i: one("trade_totals", indicator="annual_installations", iso3=i, year=2024) for i in ("CHN", "WLD")}
    assert cmp.installations() == pytest.approx(put["CHN"] / put["WLD"])
    dense = {r["iso3"]: float(r["value"]) for r in rows("trade_totals", indicator="robot_density", year=2023)}
    assert cmp.density_margins()["DEU"] == pytest.approx(dense["CHN"] / dense["DEU"] - 1)
    assert cmp.density_margins()["JPN"] == pytest.approx(dense["CHN"] / dense["JPN"] - 1)


def test_inventory_by_hand():
    table = cmp.inventory()
    for part, (items, techs, prefixes, _, _) in cmp.PARTS.items():
        mine = [r for r in said() if r["item"] in items]
        later = [r for r in rows("status_updates") if int(r["tech_id"]) in techs]
        assert table.loc[part, "claims"] == len(mine)
        assert table.loc[part, "updates"] == len(later)
        assert table.loc[part, "shares"] == sum(r["metric"].endswith(("_share", "top5_share")) for r in later)
        assert table.loc[part, "codes"] == sum(r["hs6"].startswith(prefixes) for r in rows("hs_products"))
    assert cmp.early_shares()["pumps"] == one("chokepoint_shares", "share_min", tech_id=19)
    assert cmp.early_shares()["tbm"] == one("chokepoint_shares", "share_min", tech_id=24)
    assert cmp.tactile() == one("status_updates", "value_min", update_id="U09")


def test_japan_by_hand(h):
    lines = cmp.japan_lines()
    for code, name in cmp.JAPAN.items():
        for year in (2009, 2019, 2020, 2025):
            assert lines.loc[year, name] == pytest.approx(japan(code, year) * 100)
    assert (h["japan_first"], h["japan_last"]) == (lines.loc[2009, "滚动轴承"], lines.loc[2025, "滚动轴承"])
    assert h["relative_last"] == pytest.approx(japan("rolling_bearings", 2025) / japan("all_goods", 2025))
    assert h["relative_first"] == pytest.approx(japan("rolling_bearings", 2009) / japan("all_goods", 2009))
    both = japan("rolling_bearings", 2025) + japan("rolling_bearings", 2025, "HKG")
    assert cmp.with_hong_kong()[2025] == pytest.approx(both * 100)
    code = "electrical_measuring_instruments"
    for flow in ("export", "import"):
        assert cmp.instruments_both_ways()[flow] == pytest.approx(japan(code, 2025, flow=flow) * 100)
    yen = {f: one("japan_trade", goods=code, year=2025, partner_iso3="CHN", flow=f) for f in ("export", "import")}
    assert cmp.instruments_surplus() == pytest.approx(yen["export"] / yen["import"])


def test_levels_by_hand():
    lines = {"share": bearings_to_china(), "share_hk": bearings_to_china(hong_kong=True)}
    for name, hk in (("ratio", False), ("ratio_hk", True)):
        everything = bearings_to_china("all_goods", hk)
        lines[name] = {y: v / everything[y] for y, v in bearings_to_china(hong_kong=hk).items()}
    table = cmp.levels()
    for name, line in lines.items():
        top = max((v, y) for y, v in line.items() if y < 2020)
        low = min((v, y) for y, v in line.items() if y >= 2020)
        assert table.loc[name, ["before", "after"]].tolist() == pytest.approx([top[0], low[0]])
        assert table.loc[name, ["before_year", "after_year"]].tolist() == [top[1], low[1]]
        assert table.loc[name, "holds"] == (low[0] > top[0])


def test_slopes_are_medians_of_pairs():
    found = cmp.japan_slopes()
    for name in cmp.JAPAN.values():
        for start in cmp.STARTS:
            line = cmp.japan_lines().loc[start:, name]
            pairs = [(line[b] - line[a]) / (b - a) for a, b in combinations(line.index, 2)]
            assert found.loc[(name, start), "estimate"] == pytest.approx(median(pairs))
    table = cmp.slope_rows()
    for side, hk in (("不计香港", False), ("并入香港", True)):
        for start in cmp.STARTS:
            line = {y: v for y, v in bearings_to_china(hong_kong=hk).items() if y >= start}
            pairs = [(line[b] - line[a]) / (b - a) for a, b in combinations(sorted(line), 2)]
            assert table.loc[f"{side}，{start} 年起", "estimate"] == pytest.approx(median(pairs))
    assert len(cmp.slopes_said()) == len(table) == 2 * len(cmp.STARTS)


def test_jump_by_hand():
    value = {
        (p, y): one("japan_trade", goods="rolling_bearings", flow="export", partner_iso3=p, year=y)
        for p in ("CHN", "WLD")
        for y in (2019, 2020)
    }
    before = value["CHN", 2019] / value["WLD", 2019] * 100
    only = value["CHN", 2020] / (value["CHN", 2020] + value["WLD", 2019] - value["CHN", 2019]) * 100
    found = cmp.jump()
    assert found["own"] == pytest.approx(only - before)
    assert found["total"] == pytest.approx(value["CHN", 2020] / value["WLD", 2020] * 100 - before)
    assert found["own"] + found["others"] == pytest.approx(found["total"])
    rest = value["WLD", 2020] - value["CHN", 2020]
    first = value["CHN", 2019] / (value["CHN", 2019] + rest) * 100
    assert found["own_last"] == pytest.approx(value["CHN", 2020] / value["WLD", 2020] * 100 - first)


def test_pace_by_hand():
    found = cmp.pace()
    assert found["past"] == pytest.approx((33.3 - 20) / 4)
    assert found["need"] == pytest.approx((70 - 33.3) / 6)
    assert found["past_high"] == pytest.approx((33.3 + 2.5 - 20 + 2.5) / 4)
    assert found["need_low"] == pytest.approx((70 - 33.3 - 2.5) / 6)


def test_how_many():
    assert cmp.how_many(0) == "没有一条"
    assert cmp.how_many(3, "行") == "有 3 行"


class TestSentences:
    """正文里的定性判断：数据一变，判断若不再成立，这里就会失败。"""

    def test_no_official_statistic_and_no_primary_text(self, h):
        assert h["official"] == h["primary"] == h["outcomes"] == 0
        mine = said(pillar="components")
        best = min(cmp.EVIDENCE_ORDER.index(r["evidence"]) for r in mine)
        assert cmp.EVIDENCE_ORDER[best] == "official_speech_restated"
        assert all("口径没有说明" in r["note"] for r in mine if r["evidence"] == "official_speech_restated")
        weakest = {r["item"] for r in mine if r["evidence"] == "unsourced"}
        assert weakest == {"mid_high_end_sensors", "aero_engines_domestic_market"}
        assert set(cmp.debate()["url_kind"]) == {"repost"}
        assert cmp.chip_claims() == sum("chip" in r["item"] or "processor" in r["item"] for r in mine) == 3

    def test_robots_are_the_exception(self):
        """“能用台数核对的份额只有机器人整机一项”“其中国际机器人联合会的看得到原文”。"""
        table = cmp.robot_shares()
        own = table[table["evidence"] == "industry_association"]
        assert set(own["who"]) == {"国际机器人联合会", "机器人分会"}
        assert set(own.loc[own["grade"] == "A", "who"]) == {"国际机器人联合会"}
        units = {r["goods"] for r in rows("trade_totals", indicator="domestic_supplier_units")}
        assert units == {"industrial_robots"}

    def test_the_two_heaviest_sources_are_the_speech_and_the_list(self):
        assert set(cmp.heaviest().index) == {"pillars-miit-xinguobin-2018", "pillars-import20-list"}
        assert "辛国斌" in cmp.heaviest()["title"].iloc[0]

    def test_counting_every_row_reverses_the_picture(self):
        table = cmp.band_counts()
        assert table.loc["零部件：表中每一行"].idxmax() == "行业协会"
        assert table["行业协会"].drop(["零部件：表中每一行", "零部件：连同机器人"]).eq(0).all()
        assert table.loc["零部件：连同机器人", "行业协会"] > 0
        assert table["官方统计"].eq(0).all()
        only = rows("localisation", pillar="components", evidence="industry_association")
        assert {r["item"] for r in only} == {"bearings"}
        assert len({r["source_id"] for r in only}) == 1

    def test_order_of_speech_and_association_does_not_matter(self):
        """两类总在同一边：每一种划法里，要么都算弱，要么都不算。"""
        order = cmp.EVIDENCE_ORDER.index
        pair = ("official_speech_restated", "industry_association")
        for floor in cmp.CUTS.values():
            assert len({order(e) > order(floor) for e in pair}) == 1

    def test_targets_have_no_outcome_and_one_speaker(self):
        table = cmp.target_points()
        assert cmp.outcomes() == 0
        own = rows("localisation", item="key_components_and_materials")
        assert {r["source_id"] for r in own} == {"pillars-sina-liyizhong-2019"}
        (title,) = [r["title"] for r in rows("sources", source_id="pillars-sina-liyizhong-2019")]
        assert "材料" not in title
        other = table[table["line"] == "配套能力"]
        base = table[(table["line"] == "自给率") & (table["x"] == 2015)]
        assert other["x"].tolist() == base["x"].tolist() == [2015]
        assert other["y"].iloc[0] > 3 * base["y"].iloc[0]

    def test_needed_pace_exceeds_the_past_even_with_slack(self):
        found = cmp.pace()
        assert found["past_high"] < found["need_low"]

    def test_bearings_in_surplus_dearer_imports_same_share_by_units_and_value(self, h):
        assert bearing("export_value") > bearing("import_value")
        assert h["price"] > 1
        assert round(h["units"], 3) == round(h["value"], 3)
        low, high = cmp.value_range()
        tools = cmp.instrument_import_shares()
        assert max(high / h["units"], h["units"] / low) < 1.5 < tools["value"] / tools["units"]
        assert tools["value"] > 4 * tools["units"]
        each = cmp.bearing_table().query("year == 2023").set_index("what")["each"]
        assert each["进口"] < 1.2 * each["国内产出"]
        assert cmp.mix_share(h["price"]) < 0.1

    def test_complement_is_a_ceiling_and_its_strictness_depends_on_revenue(self):
        table = cmp.owned_scenarios()
        assert (table["domestic"] >= table["high"] - 1e-9).all()
        assert table["domestic"].iloc[0] > table["high"].iloc[0]
        assert table.loc["收入打 8 折", "domestic"] == pytest.approx(table.loc["收入打 8 折", "high"])
        assert 0.9 < cmp.scale_flip() < 1

    def test_splicing_overstates_but_keeps_the_direction(self):
        rise = cmp.robot_rise()
        assert rise["spliced"] > rise["same"] > 0
        assert (rise["first"], rise["last"]) == (2020, 2024)
        ifr = rows("trade_totals", goods="industrial_robots", indicator="domestic_supplier_share")
        assert [r["year"] for r in ifr] == ["2020"]
        assert set(cmp.robot_shares()["source_id"]) == set(cmp.ROBOT_SOURCES)
        (foreign,) = rows("trade_totals", indicator="foreign_supplier_share")
        assert "在华生产" in foreign["note"]
        assert foreign["year"] == "2020"

    def test_reducers_cost_most(self):
        assert cmp.cost_shares().index[0] == "减速器"

    def test_density_rank_hangs_on_the_denominator(self):
        margin = cmp.density_margins()
        assert 0 < margin["DEU"] < margin["JPN"] < 0.15
        assert margin[["KOR", "SGP"]].lt(0).all()
        assert set(cmp.densities().query("iso3 == 'CHN'")["segment"]) == {"修订前", "修订后"}
        notes = [r["note"] for r in rows("trade_totals", indicator="robot_density", iso3="CHN")]
        assert all("修订过分母" in n for n in notes)
        (origin,) = rows("sources", source_id="trade-robominds-2024-ifr")
        assert "新的就业分母" in origin["note"]
        assert cmp.foreign_robots() > 50
        assert cmp.installations() > 0.5

    def test_nothing_usable_for_reducers_sensors_hydraulics(self):
        table = cmp.inventory()
        none = table[table["computable"] == "无"]
        assert list(none.index) == ["减速器", "伺服与控制器", "传感器", "液压件"]
        assert none["solid"].eq(0).all()
        assert table.loc["传感器", "best"] == "没有出处"
        metrics = {r["metric"] for r in rows("status_updates", tech_id=5)}
        assert "domestic_share" not in metrics
        assert {r["value_status"] for r in rows("status_updates", tech_id=19)} == {"not_quoted"}
        assert one("chokepoint_shares", "share_min", tech_id=19) == 70
        assert rows("chokepoint_shares", tech_id=19)[0]["bound"] == "at_least"
        (borer,) = rows("chokepoint_shares", tech_id=24)
        assert "略嫌绝对" in borer["note"]
        sensors = [r for r in rows("hs_products") if r["hs6"].startswith(cmp.PARTS["传感器"][2])]
        assert sorted(r["hs_validity"] for r in sensors) == ["both", "only_2022"]

    def test_japanese_share_rose_and_fell_back_above_its_past(self):
        lines = cmp.japan_lines()
        line = lines["滚动轴承"]
        assert line.idxmax() == 2020
        assert line[2025] > line[2019] > 0
        assert line[2025] > line[2009]
        assert cmp.levels()["holds"].to_dict() == {"share": True, "share_hk": False, "ratio": True, "ratio_hk": True}
        assert lines.loc[2025, "全部商品"] < lines.loc[2009, "全部商品"]
        ratio = cmp.relative()
        assert ratio[2025] == ratio.max() > ratio[2019]
        hk = cmp.with_hong_kong()
        assert 0 < hk[2025] - hk[2009] < line[2025] - line[2009]

    def test_the_sign_of_the_trend_depends_on_the_start(self):
        assert cmp.rising_rows() == ["不计香港，2009 年起"]
        table = cmp.slope_rows()
        assert table.loc["不计香港，2009 年起", "low"] > 0
        assert table.loc["不计香港，2020 年起", "estimate"] < 0 < table.loc["不计香港，2020 年起", "high"]

    def test_the_jump_is_mostly_the_rest_of_the_world(self):
        found = cmp.jump()
        assert 0 < found["own"] < found["others"] / 3
        assert 0 < found["own_last"] < (found["total"] - found["own_last"]) / 3
        change = cmp.yen_and_share()
        assert change["yen"] < 0
        assert change["china"] < 0

    def test_no_reverse_flow_except_instruments(self):
        assert not cmp.has_imports()
        assert not cmp.has_imports("pumps_centrifuges")
        assert cmp.has_imports("electrical_measuring_instruments")
        both = cmp.instruments_both_ways()
        assert abs(both["export"] - both["import"]) < 3
        assert cmp.instruments_surplus() > 1.5

    def test_imports_and_output_both_fell(self):
        assert set(cmp.bearing_changes()) == {"进口套数变", "进口金额变", "产量变"}
        assert all(text.strip().startswith("−") for text in cmp.bearing_changes().values())

    def test_origins_are_the_three(self):
        (row,) = rows("import_origins", goods="rolling_bearings")
        assert row["partner_group"] == "deu_jpn_twn"
        assert (float(row["value"]), row["bound"], row["year"]) == (cmp.bearing_origins(), "about", "2021")

    def test_sentences_are_still_in_the_chapter(self):
        text = CHAPTER.read_text(encoding="utf-8")
        for sentence in (
            "没有一条看得到一手文本",
            "不包括机器人整机",
            "轴承并不比别的商品先失去中国这个买家",
            "补数总在横条的右端或更右",
            "可用的国产化数据，没有找到",
            "没有成绩单",
        ):
            assert sentence in text
