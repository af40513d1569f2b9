"""“产业技术基础”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import math
from itertools import combinations
from statistics import median

import pytest

from chokepoint.findings import technology_base as tec

from .raw import one, rows


def years(indicator, status="observed"):
    """年份 → 实绩，照 ``as_of`` 的年份。"""
    found = rows("industrial_base", indicator=indicator, iso3="CHN", status=status)
    return {int(r["as_of"][:4]): float(r["value"]) for r in found}


def tool(measure):
    return one("localisation", item="inspection_sector_instruments", measure=measure)


def share(units):
    return tool(f"imported_{units}") / (tool(f"imported_{units}") + tool(f"domestic_{units}"))


def firms(definition, as_of):
    found = rows("sep_5g", definition=definition, as_of=as_of, holder_kind="firm", measure="sep_share")
    return {r["holder_zh"]: (float(r["value"]), r["hq_iso3"]) for r in found}


CAICT, IPLYTICS = firms("caict_effective", "2021-12"), firms("iplytics_declared", "2021-02")
COMMON = CAICT.keys() & IPLYTICS.keys()


# ---- 数字 ----
def test_two_denominators():
    assert tec.headline()["units"] == pytest.approx(share("units"))
    assert tec.headline()["value"] == pytest.approx(share("value"))
    assert (round(share("units"), 3), round(share("value"), 3)) == (0.070, 0.348)


def test_ratio_of_averages_two_ways():
    exact = tool("imported_value") / tool("imported_units") / (tool("domestic_value") / tool("domestic_units"))
    table = tec.average_ratio()
    assert table.loc["counts", "estimate"] == pytest.approx(exact)
    assert tec.odds_ratio(share("units"), share("value")) == pytest.approx(exact)
    for how in ("counts", "shares"):
        assert table.loc[how, "low"] < exact < table.loc[how, "high"]
    corners = [tec.odds_ratio(0.070 + a, 0.348 + b) for a in (-5e-4, 5e-4) for b in (-5e-4, 5e-4)]
    assert (table.loc["shares", "low"], table.loc["shares", "high"]) == pytest.approx((min(corners), max(corners)))


def test_how_wrong_it_would_have_to_be():
    moved = tec.reclassify() * tool("domestic_value")
    assert tool("imported_value") + moved == pytest.approx(tool("domestic_value") - moved)
    cut = tool("imported_value") * (1 - tec.discount())
    assert cut / (cut + tool("domestic_value")) == pytest.approx(share("units"))


def test_series_points_and_growth():
    table = tec.series_table()
    for indicator, points in table["points"].items():
        assert points == len(rows("industrial_base", indicator=indicator, iso3="CHN", status="observed"))
    revenue = years("inspection_revenue")
    slopes = [math.log(revenue[b] / revenue[a]) / (b - a) for a, b in combinations(sorted(revenue), 2)]
    assert tec.growth("inspection_revenue").estimate == pytest.approx(math.expm1(median(slopes)))
    growth = tec.sector_growth()
    assert growth.loc["营业收入（现价）", "after"] == pytest.approx((revenue[2024] / revenue[2021]) ** (1 / 3) - 1)
    assert [tec.least_p(n) < 0.05 for n in (4, 5)] == [False, True]


def test_the_series_are_all_that_have_two_points():
    """表上说“全部”：标准、计量、认可、检验检测里，占比与名次以外，有不止一个时点的一个不漏。"""
    topics = {"standards", "metrology", "accreditation", "inspection"}
    found = {}
    for r in rows("industrial_base", iso3="CHN", status="observed"):
        if r["topic"] in topics and r["unit"] not in ("percent", "rank"):
            found.setdefault(r["indicator"], []).append(r["as_of"])
    assert set(tec.SERIES) == {indicator for indicator, when in found.items() if len(when) > 1}


def test_slowdown_by_hand():
    """每个量、每个可能的分界年，后段年均是否低于前段。"""
    slower = []
    for indicator in tec.SECTOR:
        found = years(indicator)
        first, *inner, last = sorted(found)
        for y in inner:
            before, after = ((found[b] / found[a]) ** (1 / (b - a)) for a, b in ((first, y), (y, last)))
            slower.append(after < before)
    assert tec.slowdown() == (sum(slower), len(slower))


def test_headline_share_and_counts_cover_the_same_years():
    part, whole = years("inspection_public_share"), years("inspection_bodies")
    both = sorted(part.keys() & whole.keys())
    h = tec.headline()
    assert (h["public_first"], h["public_last"]) == pytest.approx((part[both[0]] / 100, part[both[-1]] / 100))
    count = [part[y] * whole[y] for y in (both[0], both[-1])]
    assert h["public_count_change"] == pytest.approx(count[1] / count[0] - 1)


def test_public_bodies_by_hand():
    part, whole = years("inspection_public_share"), years("inspection_bodies")
    found = tec.public_bodies()
    assert list(found.index) == sorted(part.keys() & whole.keys())
    for year, row in found.iterrows():
        assert row["public"] == pytest.approx(part[year] / 100 * whole[year])
        assert row["public"] + row["other"] == pytest.approx(whole[year])


def test_public_slope_uses_one_brief():
    part = {y: v for y, v in years("inspection_public_share").items() if y <= 2022}
    slopes = [(part[b] - part[a]) / (b - a) / 100 for a, b in combinations(sorted(part), 2)]
    assert tec.public_slope().estimate == pytest.approx(median(slopes))
    assert (
        rows("industrial_base", indicator="inspection_public_share", as_of="2022")[0]["source_id"]
        != (rows("industrial_base", indicator="inspection_public_share", as_of="2024")[0]["source_id"])
    )


def test_sep_bounds_by_hand():
    found = tec.sep_bounds()
    for name, listing in ((tec.SEP[tec.CAICT], CAICT), (tec.SEP[tec.IPLYTICS], IPLYTICS)):
        own = sum(v for v, hq in listing.values() if hq == "CHN")
        rest = 100 - sum(v for v, _ in listing.values())
        assert tuple(found.loc[name, ["low", "high"]]) == pytest.approx((own, own + rest))
    china = one("sep_5g", definition="cnipa_declared", holder="china", measure="sep_families")
    world = one("sep_5g", definition="cnipa_declared", holder="world", measure="sep_families")
    row = found.loc[tec.SEP[tec.CNIPA]]
    assert tec.cnipa_share()["estimate"] == pytest.approx(100 * china / world)
    assert (row["low"], row["high"]) == pytest.approx(
        (100 * (china - 500) / (world + 500), 100 * (china + 500) / (world - 500))
    )
    assert tec.sep_overlap() == pytest.approx((found["low"].max(), found["high"].min()))


def test_sep_common_by_hand():
    assert set(tec.sep_common().index) == COMMON
    total = tec.sep_common_total()
    own = [n for n in COMMON if CAICT[n][1] == "CHN"]
    assert total["firms"] == len(own)
    assert total["caict"] == pytest.approx(sum(CAICT[n][0] for n in own))
    assert total["iplytics"] == pytest.approx(sum(IPLYTICS[n][0] for n in own))
    for key, listing in (("caict", CAICT), ("iplytics", IPLYTICS)):
        assert total[f"{key}_part"] == pytest.approx(
            100 * sum(listing[n][0] for n in own) / sum(listing[n][0] for n in COMMON)
        )
    missing = {n: v for n, (v, hq) in CAICT.items() if hq != "CHN" and n not in IPLYTICS}
    assert tec.sep_unlisted().to_dict() == pytest.approx(missing)
    opposite = [
        {a, b}
        for a, b in combinations(COMMON, 2)
        if (CAICT[a][0] - CAICT[b][0]) * (IPLYTICS[a][0] - IPLYTICS[b][0]) < 0
    ]
    assert sorted(map(sorted, tec.sep_flips()["flipped"])) == sorted(map(sorted, opposite))


def test_essential_ratio():
    s = tec.cnipa_share()["estimate"] / 100
    assert tec.sep_essential(1) == pytest.approx(100 * s)
    kept = 0.4
    assert tec.sep_essential(0.5) == pytest.approx(100 * s * kept * 0.5 / (s * kept * 0.5 + (1 - s) * kept))


def test_centres_and_giants():
    seen, goal = years("innovation_centres"), years("innovation_centres", "target")
    found = tec.centre_targets()
    assert found["target"].to_dict() == {y: goal[y] for y in (2020, 2025)}
    assert found["observed"].to_dict() == {y: seen[y] for y in (2020, 2025)}
    batches = years("little_giant_new")
    review = tec.giants_review()
    assert review["total"] == sum(batches.values())
    first = sum(batches[y] for y in sorted(batches)[:3])
    assert review["dropped"] == first - one("industrial_base", indicator="little_giant_net")


def test_japan_and_patents():
    for goods, name in tec.JAPAN.items():
        for year in (2009, 2018, 2025):
            sides = [
                one("japan_trade", flow=f, partner_iso3="CHN", goods=goods, year=year) for f in ("export", "import")
            ]
            assert tec.japan_ratio().loc[year, name] == pytest.approx(sides[0] / sides[1])
    for measure in tec.MEASURES:
        own, world = (one("patents", year=2020, iso3=c, field="measurement", measure=measure) for c in ("CHN", "WLD"))
        assert tec.patent_shares().loc["测量", measure] == pytest.approx(100 * own / world)


def test_japan_starts_by_hand():
    """以 2010 年为起点：区间由 Kendall 的正态近似取秩，这里只核对点数与方向，与全期的一行相同。"""
    starts, ratio = tec.japan_starts(), tec.japan_ratio()
    assert starts.index[0] == ratio.index[0]
    assert len(ratio) - list(ratio.index).index(starts.index[-1]) == tec.TREND_POINTS
    for name in ratio:
        found = ratio[name][ratio.index >= 2013]
        slopes = [math.log(found[b] / found[a]) / (b - a) for a, b in combinations(found.index, 2)]
        assert tec.japan_slopes(2013).loc[name, "estimate"] == pytest.approx(math.expm1(median(slopes)))
        assert bool(starts.loc[2013, name]) == (tec.japan_slopes(2013).loc[name, "high"] < 0)


def test_large_instruments_come_from_the_source():
    imported, total = tec.large_count()
    stated = one("localisation", item="large_research_instruments", measure="import_share_units")
    assert 100 * imported / total == pytest.approx(stated, abs=0.5)
    assert tec.mixture("units") * imported / total == pytest.approx(share("units"))


class TestSentences:
    def test_only_inspection_has_enough_points(self):
        table = tec.series_table()
        assert set(table.loc[table["points"] >= tec.TREND_POINTS, "topic_zh"]) == {"检验检测"}

    def test_all_grow_and_all_slow_down(self):
        growth = tec.sector_growth()
        assert growth["low"].gt(0).all()
        assert (growth["after"] < growth["before"]).all()
        slower, cases = tec.slowdown()
        assert slower == cases

    def test_loose_series_say_what_the_text_says(self):
        loose = tec.loose_growth()
        assert loose.loc["认可机构（合计）", "low"] > 0
        assert loose.loc["规模以上机构数", "low"] > 0
        assert len(loose) == 3
        issued = loose.loc["国家标准（当年发布）"]
        assert issued["low"] < -0.2 < 1 < issued["high"]

    def test_share_falls_every_year_but_counts_fall_less(self):
        part = years("inspection_public_share")
        assert all(part[b] < part[a] for a, b in zip(sorted(part), sorted(part)[1:], strict=False))
        table = tec.public_bodies()
        fall = 1 - table.iloc[-1] / table.iloc[0]
        assert fall["public"] < fall["share"] / 2
        assert table["other"].iloc[-1] > 2 * table["other"].iloc[0]

    def test_unsaid_denominators_are_all_high(self):
        claims = tec.instrument_claims()
        assert claims.loc[claims["per"] == tec.NOT_SAID, "low"].min() > 100 * share("value")
        top = claims.iloc[-1]
        assert (top["per"], top["band"]) == (tec.NOT_SAID, "没有出处")
        assert claims["computable"].iloc[0]
        research = claims[claims["name"].str.startswith("大型科研仪器")]
        assert set(research["per"]) == {"台套"}
        assert research["low"].min() > claims.loc[claims["per"] == tec.NOT_SAID, "low"].min()

    def test_japan_still_sells_more_and_falls_lately(self):
        ratio = tec.japan_ratio()
        assert ratio.gt(1).all(axis=None)
        assert (ratio.iloc[-1] < ratio.iloc[0]).all()
        assert tec.japan_slopes()["high"].lt(0).all()
        assert tec.japan_slopes()["high"].gt(-0.01).all()
        starts = tec.japan_starts()
        assert starts["科学与光学仪器"].mean() > 0.7
        assert starts["电气计量测试仪器"].mean() < 0.5
        assert starts["电气计量测试仪器"].iloc[0]
        electric = ratio["电气计量测试仪器"]
        assert electric[2020] > electric[2015]
        assert ratio["科学与光学仪器"][2025] < ratio["科学与光学仪器"][2014]
        assert ratio["科学与光学仪器"].idxmax() == 2014

    def test_first_by_families_not_by_grants(self):
        table = tec.patent_shares()
        assert table["inpadoc_family_rank"].eq(1).all()
        assert table["uspto_grant_rank"].gt(2).all()

    def test_lists_explain_the_gap(self):
        h = tec.headline()
        assert abs(h["sep_common_gap"]) < 0.1 * (h["sep_iplytics"] - h["sep_caict"])
        low, high = tec.sep_overlap()
        assert low < high
        assert {tec.sep_lead(d)["first"] for d in (tec.CAICT, tec.IPLYTICS)} == {"华为"}
        widths = tec.sep_bounds().query("listed > 0")
        assert (widths["high"] - widths["low"]).idxmax() == widths["listed"].idxmin() == tec.sep_bounds().index[1]
        everyone = tec.sep_bounds().iloc[3]
        assert everyone["high"] - everyone["low"] < (widths["high"] - widths["low"]).min()
        assert tec.cnipa_share()["high"] < tec.cnipa_share()["stated"]

    def test_declared_counts_do_not_favour_china(self):
        total = tec.sep_common_total()
        assert total["iplytics_part"] < total["caict_part"]
        seconds = tec.sep_shares(tec.CAICT)["share"]
        assert seconds.iloc[1:].max() / seconds.iloc[0] == tec.sep_lead(tec.CAICT)["break_even"]

    def test_target_met_then_not_yet(self):
        found = tec.centre_targets()
        assert found.loc[2020, "observed"] >= found.loc[2020, "target"]
        assert found.loc[2025, "observed"] < found.loc[2025, "target"]

    def test_germany_above_china_in_secretariats(self):
        share_of = tec.secretariats()["share"]
        assert share_of["DEU"] > share_of["CHN"]
        assert {r["year"] for r in rows("industrial_base", indicator="iso_secretariats")} == {"2016"}
