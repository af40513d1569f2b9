"""“进口依赖”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import math
import random
import re
from collections import defaultdict
from itertools import combinations

import pytest

from chokepoint import data, trade
from chokepoint.findings import import_dependence as imp
from tests.trade.files import write
from tools.paths import BOOK
from tools.text import read

from .raw import one, rows

CHAPTER = BOOK / "identify" / "import_dependence.ipynb"
ALLIES = {"USA", "JPN", "NLD"}
YEARS = range(2016, 2021)


def exports(year, hs6="848620"):
    return {r["iso3"]: float(r["value"]) for r in rows("semi_equipment_trade", year=year, hs6=hs6, flow="export")}


def squares(amounts, bloc=frozenset()):
    """逐家相加的平方和，联盟先并成一家。"""
    total, merged = sum(amounts.values()), defaultdict(float)
    for owner, amount in amounts.items():
        merged["联盟" if owner in bloc else owner] += amount
    return sum((v / total) ** 2 for v in merged.values())


@pytest.fixture(scope="module")
def h():
    return imp.headline()


# ---- 数字 ----
def test_ratios_by_hand(h):
    for year in YEARS:
        for iso3 in imp.COMPARED:
            sides = {
                f: one("semi_equipment_trade", year=year, hs6="848620", flow=f, iso3=iso3) for f in ("import", "export")
            }
            assert imp.ratios().loc[year, iso3] == pytest.approx(sides["import"] / sides["export"])
    assert [round(h[f"ratio_{y}"], 1) for y in (2016, 2018, 2020)] == [14.0, 31.7, 19.8]
    change = imp.ratio_change(2016, 2018)
    assert change["ratio"] == pytest.approx(h["ratio_2018"] / h["ratio_2016"])
    assert change["ratio"] == pytest.approx(change["import"] / change["export"])


def test_coverage_by_hand():
    for year in YEARS:
        for flow in ("import", "export"):
            found = rows("semi_equipment_trade", year=year, hs6="848620", flow=flow)
            assert imp.coverage().loc[year, flow] == sum(int(r["n_reporters"]) for r in found)


def test_world_concentration_by_hand(h):
    table = imp.bloc_table()
    for name, members in imp.BLOCS.items():
        for code, label in imp.CODES.items():
            assert table.loc[name, label] == pytest.approx(squares(exports(2019, code), set(members)))
    for year, row in imp.bloc_years().iterrows():
        pairs = [squares(exports(year), set(p)) for p in combinations(imp.MEMBERS, 2)]
        assert row["pair"] == pytest.approx(max(pairs))
        assert row["national"] == pytest.approx(squares(exports(year)))
        assert row["allies"] == pytest.approx(squares(exports(year), ALLIES))
    assert h["bloc_share"] == pytest.approx(sum(exports(2019)[i] for i in ALLIES) / sum(exports(2019).values()))
    assert h["export_share"] == pytest.approx(exports(2020)["CHN"] / sum(exports(2020).values()))


def test_every_case_of_the_interactive_figure():
    cases = imp.bloc_cases()
    assert len(cases["cases"]) == 2 ** len(imp.MEMBERS)
    for mask in random.Random(7).sample(range(len(cases["cases"])), 20) + [0, cases["start"]]:
        bloc = {m for i, m in enumerate(imp.MEMBERS) if mask // 2**i % 2}
        for value, code in zip(cases["cases"][mask], imp.CODES, strict=True):
            assert value == pytest.approx(squares(exports(2019, code), bloc), abs=5e-4 + 1e-9)
    assert {m for i, m in enumerate(imp.MEMBERS) if cases["start"] // 2**i % 2} == ALLIES


def test_fixed_panel_by_hand():
    everyone = set.intersection(*(set(exports(y)) for y in YEARS)) - {"ROW"}
    for year in YEARS:
        kept = {k: v for k, v in exports(year).items() if k in everyone}
        assert imp.panel_years()[year] == pytest.approx(squares(kept, ALLIES))


def test_origin_bounds_hold_every_way_of_sharing_the_rest():
    """余额随便分给几家（也可以分给没有点名的盟友），真值都在上下界之间；上界取得到。"""
    draw = random.Random(1)
    bounds = imp.origin_bounds()
    for (goods, indicator, year, period), label in imp.LISTS.items():
        found = rows("import_origins", goods=goods, indicator=indicator, year=year, period=period)
        listed = {r["partner_iso3"]: float(r["value"]) for r in found if r["partner_group"] == "single"}
        total = 100.0
        if indicator == "import_value":
            total = next(float(r["value"]) for r in found if r["partner_group"] == "major_origins")
        rest, row = total - sum(listed.values()), bounds.loc[label]
        assert row["listed"] == len(listed)
        assert row["rest"] == pytest.approx(rest / total)
        assert row["low"] == pytest.approx(sum((v / total) ** 2 for v in listed.values()))
        assert row["high"] == pytest.approx(row["low"] + (rest / total) ** 2)
        others = ["甲", "乙", "丙", *sorted(ALLIES - set(listed))]
        for _ in range(200):
            cut = [draw.random() ** 3 for _ in others]
            truth = listed | {o: rest * c / sum(cut) for o, c in zip(others, cut, strict=True)}
            assert row["low"] - 1e-12 <= squares(truth) <= row["high"] + 1e-12
            assert row["bloc_low"] - 1e-12 <= squares(truth, ALLIES) <= row["bloc_high"] + 1e-12
        ends = [squares(listed | {o: rest}, ALLIES) for o in others]
        assert row["bloc_high"] == pytest.approx(max(ends))


def test_rounding_widens_the_bounds():
    draw, listed = random.Random(2), {"JPN": 25.0, "NLD": 30.0, "USA": 9.0}
    found = rows("import_origins", goods="semiconductor_equipment", indicator="import_share", year=2023, period="q3")
    assert listed == {r["partner_iso3"]: float(r["value"]) for r in found}
    for bloc in (frozenset(), ALLIES):
        low, high = imp.rounded_bounds(imp.JUDGED, tuple(bloc))
        for _ in range(300):
            true = {k: v + draw.uniform(-0.5, 0.5) for k, v in listed.items()}
            rest = 100 - sum(true.values())
            assert low <= sum((v / 100) ** 2 for v in ([sum(true.values())] if bloc else true.values()))
            assert squares(true | {"甲": rest}, bloc) <= high + 1e-12


def test_unit_values_by_hand(h):
    def chips(side, what, unit, year):
        found = rows("trade_totals", goods="integrated_circuits", indicator=f"{side}_{what}", iso3="CHN", year=year)
        return {float(r["value"]) for r in found if r["period"] == "full_year" and r["unit"] == unit}

    gaps = imp.computed_gaps("integrated_circuits")["ratio"]
    for (year, _, unit), value in gaps.items():
        pick = {
            (s, w): chips(s, w, u, year)
            for s in ("import", "export")
            for w, u in (("value", unit), ("quantity", "pieces_100m"))
        }
        possible = [
            (a / b) / (c / d)
            for a in pick["import", "value"] for b in pick["import", "quantity"]
            for c in pick["export", "value"] for d in pick["export", "quantity"]
        ]  # fmt: skip
        assert any(value == pytest.approx(p) for p in possible)
        assert max(possible) / min(possible) < 1.001
    assert gaps.index.get_level_values("year").is_unique
    assert h["gap_ic_first"] == pytest.approx((2601.43 / 3769.96) / (668.77 / 2043.51))
    assert h["gap_ic_last"] == pytest.approx((30400 / 5917) / (14400 / 3495))
    assert h["gap_machine"] == one("trade_totals", indicator="import_export_unit_value_ratio", year=2014)
    assert imp.unit_values()["ratio"]["滚动轴承 2023"] == pytest.approx((38.38 / 22.01) / (65.81 / 64.53))
    assert imp.unit_values()["ratio"].gt(0).all()


def test_machine_balance_by_hand():
    table = imp.machine_balance()
    for r in table.itertuples():
        assert r.ratio == pytest.approx(r[table.columns.get_loc("import") + 1] / r.export)
    assert 2011 not in set(table["year"])
    assert table.query("goods == 'machine_tools_and_tools' and year == 2010")["ratio"].iloc[0] == pytest.approx(
        157.2 / 70.3
    )


def test_japan_by_hand(h):
    def share(goods, year, flow="export"):
        pair = {r["partner_iso3"]: float(r["value"]) for r in rows("japan_trade", flow=flow, goods=goods, year=year)}
        return pair["CHN"] / pair["WLD"]

    assert h["japan_first"] == pytest.approx(share("semiconductor_machinery", 2018))
    assert h["japan_last"] == pytest.approx(share("semiconductor_machinery", 2025))
    assert h["japan_peak"] == pytest.approx(max(share("semiconductor_machinery", y) for y in range(2018, 2026)))
    assert h["photo_first"] == pytest.approx(share("photographic_supplies", 2009))
    assert h["photo_last"] == pytest.approx(share("photographic_supplies", 2025))
    both = imp.japan_both_ways()
    assert both.loc["集成电路", "export"] == pytest.approx(100 * share("integrated_circuits", 2025))
    assert both.loc["计算机及部件", "import"] == pytest.approx(100 * share("computers", 2025, "import"))
    for year, row in imp.japan_hhi().iterrows():
        found = rows("japan_trade", flow="export", goods="semiconductor_machinery", year=year)
        value = {r["partner_iso3"]: float(r["value"]) for r in found}
        world = value.pop("WLD")
        value.pop("EUU")
        low = sum((v / world) ** 2 for v in value.values())
        assert (row["low"], row["rest"]) == pytest.approx((low, 1 - sum(value.values()) / world))
        assert row["high"] == pytest.approx(low + row["rest"] ** 2)
    yen = imp.yen_and_share()
    assert yen["share"] == pytest.approx(
        share("semiconductor_machinery", 2024) / share("semiconductor_machinery", 2022)
    )


def test_studies_are_the_published_counts(h):
    found = imp.studies()
    for r in found.itertuples():
        published = rows("dependency_results", study=r.study, iso3=r.iso3, result=r.result)
        assert r.value == float(max(published, key=lambda p: int(p["year"]))["value"])
    assert set(found["result"]) == {
        r["result"] for r in rows("dependency_results", unit="count")
        if "dependent_products" in r["result"] or r["result"].startswith(("strategic_products", "critical_products"))
    } - {"dependent_products_cumulative", "dependent_products_on_china_member_average"}  # fmt: skip
    assert h["strict"] == one("dependency_results", study="cepii_geodep", result="dependent_products")
    assert h["most"] == max(found.query("iso3 == 'CHN'")["value"])


def test_verdicts_by_hand(h):
    table = imp.verdicts().set_index(["study", "criterion"])
    one_by_one, bloc = imp.measured(), imp.measured(imp.ALLIES)
    expected = {
        ("cepii_geodep", "import_concentration"): ("不成立", "不定"),
        ("cepii_geodep", "world_export_concentration"): ("不成立", "成立"),
        ("cepii_geodep", "import_export_ratio"): ("成立", "成立"),
        ("merics_2024", "import_export_ratio"): ("成立", "成立"),
        ("merics_2020", "partner_share"): ("不成立", "成立"),
        ("cha_2023", "group_share"): ("不定", "不定"),
        ("ec_2021", "import_concentration"): ("没有门槛", "没有门槛"),
        ("ec_2021", "import_export_ratio"): ("成立", "成立"),
    }
    assert {k: (table.loc[k, "single"], table.loc[k, "bloc"]) for k in table.index} == expected
    assert one_by_one["world_hhi"].tolist() == pytest.approx(
        [f(squares(exports(y)) for y in YEARS) for f in (min, max)]
    )
    assert bloc["world_hhi"].tolist() == pytest.approx(
        [f(squares(exports(y), ALLIES) for y in YEARS) for f in (min, max)]
    )
    assert (h["fails"], h["flips"]) == (3, 2)


@pytest.mark.parametrize(
    ("low", "high", "operator", "limit", "verdict"),
    [
        (0.4, 0.5, "gt", 0.4, "不定"),
        (0.4, 0.5, "ge", 0.4, "成立"),
        (0.1, 0.4, "gt", 0.4, "不成立"),
        (0.1, 0.4, "ge", 0.4, "不定"),
        (0.1, 0.2, "gt", math.nan, "没有门槛"),
    ],
)
def test_a_verdict_needs_both_ends(low, high, operator, limit, verdict):
    assert imp._verdict(low, high, operator, limit) == verdict


def test_the_screen_of_the_room_agrees_with_the_verdicts():
    """房间里的筛法，套在两端上，给出的判断与表相同。"""
    for members, column in (((), "single"), (imp.ALLIES, "bloc")):
        flags = trade.screens(imp.measured(members), ["cepii_2024"])["cepii_2024"]
        table = imp.verdicts().query("study == 'cepii_geodep'").set_index("criterion")[column]
        names = {"c1": "import_concentration", "c2": "world_export_concentration", "c3": "import_export_ratio"}
        for flag, criterion in names.items():
            held = set(flags[flag])
            assert table[criterion] == ("成立" if held == {True} else "不成立" if held == {False} else "不定")


def test_thresholds_of_the_room_are_those_of_the_table():
    """房间的常数与判据表不许各说各的；表里没有见到的，房间须标为没有见到。"""
    study = {"ec_2021": "ec_2021", "cepii_2024": "cepii_geodep", "merics_2024": "merics_2024",
             "merics_2020": "merics_2020", "cha_2023": "cha_2023"}  # fmt: skip
    kind = {
        "import_hhi": "import_concentration", "world_hhi": "world_export_concentration", "ratio": "import_export_ratio",
        "years_held": "persistence", "external_share": "import_share_of_demand", "partner_share": "partner_share",
    }  # fmt: skip
    checked = 0
    for r in trade.variant_table(study).dropna(subset="measure").itertuples():
        criterion = "group_share" if r.criterion == "group" else kind[r.measure]
        (row,) = rows("dependency_criteria", study=study[r.variant], criterion=criterion)
        if row["threshold"]:
            assert (float(row["threshold"]), {"gt": ">", "ge": ">="}[row["operator"]]) == (r.threshold, r.operator)
        else:
            assert not r.seen
        checked += 1
    assert checked == 11


def test_conflicts_and_mirrors_by_hand():
    clash = imp.conflicts()
    narrow = one("semi_equipment_trade", year=2020, hs6="848620", flow="import", iso3="CHN") / 100
    assert narrow in set(clash["value"])
    published = [r for r in rows("trade_totals", goods="semiconductor_equipment", indicator="import_value")
                 if r["conflict"] or r["year"] == "2020"]  # fmt: skip
    assert sorted(clash.query("kind == 'published'")["value"]) == sorted(float(r["value"]) for r in published)
    mirror = imp.mirrors().set_index(["goods", "iso3", "year"])
    korea = mirror.loc[("integrated_circuits", "KOR", 2024)]
    sold = [r for r in rows("exports_to_china", exporter_iso3="KOR", year=2024) if r["hs6"] in imp.CHIPS]
    assert korea["exporter"] == pytest.approx(sum(float(r["value"]) for r in sold) / 100)
    assert korea["importer"] == pytest.approx(5962 / (11351.6 / 1595.5))
    japan = mirror.loc[("semiconductor_equipment", "JPN", 2022)]
    assert japan["ratio"] == pytest.approx(107.36 / 57.204)
    hongkong = [r for r in rows("exports_to_china", exporter_iso3="HKG", year=2024) if r["hs6"] in imp.CHIPS]
    assert imp.hong_kong() == pytest.approx(sum(float(r["value"]) for r in hongkong) / 100)


def test_small_lookups():
    assert imp.churn("churn_one_year") == one("dependency_results", result="churn_one_year")
    assert imp.sensitive_products().loc[2020, "count"] == 169
    assert imp.chip_exports()["KOR"] == one("wto_ic_exports", iso3="KOR", year=2018)
    assert "WLD" not in imp.chip_exports()
    assert imp.blind_spots()["count"].sum() == len(rows("chokepoints"))
    assert imp.threshold() == 0.4
    assert imp.antitrust() == 0.18


def test_the_code_on_the_page_runs(tmp_path, capsys):
    """正文里给读者的那段筛法，在同样格式的生成文件上跑得通；只换文件夹与伙伴。"""
    text = "\n".join(c["source"] for c in read(CHAPTER)["cells"] if c["cell_type"] == "markdown")
    (code,) = re.findall(r"```python\n(from chokepoint import data, trade\n.*?)```", text, re.S)
    folder = write(tmp_path / "baci", 2020, 2021, 2022)
    code = code.replace('"BACI_HS17_V202401b"', repr(str(folder))).replace('"NLD"', '"DEU"')
    assert str(folder) in code
    space = {}
    exec(code, space)
    printed = capsys.readouterr().out
    assert printed.splitlines()[0].isdigit()
    assert len(space["measured"].xs(2022, level="year").reindex(data.load("hs_products")["hs6"])) == len(
        rows("hs_products")
    )


class TestSentences:
    """正文里没有写成数字的判断：数据变了、判断不再成立，就在这里失败。"""

    def test_others_lead_in_two_years(self):
        assert [imp.ratio_ranks(y)[0] for y in YEARS] == ["中国台湾", "中国", "以色列", "中国", "中国"]
        assert imp.china_first() == ["2017 年", "2019 年", "2020 年"]

    def test_those_below_the_listing_line_are_higher_still(self):
        """没有单列出口的：2016、2017 年以色列至少有这么高，比单列的都高；别的年份没有这样的。"""
        higher = {}
        for year in YEARS:
            total = sum(exports(year).values())
            bought = rows("semi_equipment_trade", year=year, hs6="848620", flow="import")
            low = {
                r["iso3"]: float(r["value"]) / (0.001 * total)
                for r in bought
                if r["iso3"] not in exports(year) and r["iso3"] != "ROW"
            }
            floors = imp.ratio_floors(year)
            assert sorted(floors) == pytest.approx(sorted(low.values()))
            assert min(v for k, v in exports(year).items() if k != "ROW") >= imp.LISTED * total
            higher[year] = {k: round(v, 1) for k, v in low.items() if v > imp.ratios().loc[year].max()}
        assert higher == {2016: {"ISR": 52.0}, 2017: {"ISR": 49.9}, 2018: {}, 2019: {}, 2020: {}}
        assert imp.ratio_floors(2016).index[0] == "以色列"
        assert imp.floors_said() == "以色列（2016 年至少 52.0）、以色列（2017 年至少 49.9）"

    def test_each_products_own_top_three_pass(self):
        table = imp.own_top()
        for code in imp.CODES:
            sold = exports(2019, code)
            top = sorted((i for i in sold if i != "ROW"), key=sold.get, reverse=True)[:3]
            assert set(table.loc[code, "members"]) == set(top)
            assert table.loc[code, "hhi"] == pytest.approx(squares(sold, set(top)))
            assert (set(top) == ALLIES) == (code == "848620")
        assert table["hhi"].gt(imp.threshold()).all()
        assert table["hhi"].round(2).tolist() == [0.58, 0.41, 0.55]

    def test_the_full_year_list_of_the_chamber_cannot_decide(self):
        (row,) = rows("import_origins", goods="semiconductor_equipment", partner_group="jpn_nld_usa")
        assert (row["year"], row["period"], row["bound"]) == ("2022", "full_year", "at_least")
        share = float(row["value"]) / 100
        found = imp.chamber()
        assert (found["share"], found["low"]) == pytest.approx((share, share**2))
        assert found["low"] < imp.threshold()

    def test_the_two_growth_rates_are_in_different_currencies(self):
        said = rows("import_origins", goods="integrated_circuits", indicator="import_value", partner_iso3="JPN")
        assert {r["unit"][:3] for r in said} == {"CNY"}

    def test_net_importers_and_exporters(self):
        table = imp.ratios()
        assert table[["CHN", "TWN", "KOR"]].gt(1).all().all()
        assert table[["USA", "JPN", "NLD"]].lt(1).all().all()

    def test_the_rise_is_imports_and_the_fall_is_exports(self):
        up, down = imp.ratio_change(2016, 2018), imp.ratio_change(2018, 2020)
        assert up["import"] > up["ratio"] * 0.9
        assert up["export"] < 1
        assert down["ratio"] < 1 < down["import"]

    def test_chip_exporters_with_high_ratios(self):
        sold = imp.chip_exports()
        assert min(sold["TWN"], sold["KOR"]) > sold["USA"]

    def test_alone_between_the_two_standards_together_above_both(self, h):
        for year in YEARS:
            row = imp.bloc_years().loc[year]
            assert imp.antitrust() < row["national"] < imp.threshold() < row["allies"]
            assert (row["pair"] > imp.threshold()) == (year < 2018)
            assert imp.world_hhi(year, ("USA", "JPN")) > imp.threshold() or year >= 2018
            assert imp.panel_years()[year] > imp.threshold()

    def test_the_same_merger_fails_elsewhere(self):
        table = imp.bloc_table()
        assert table.loc["美、日、荷", ["测试检验仪器", "光学检验仪器"]].lt(imp.threshold()).all()
        assert table["测试检验仪器"].lt(imp.threshold()).all()
        large = {i for code in ("903082", "903141") for i in imp.suppliers(2019, code).index[:5]}
        assert {"SGP", "MYS", "ISR"} <= large

    def test_equipment_lists_fall_on_either_side_of_the_line(self):
        equipment = imp.origin_bounds().filter(like="半导体设备", axis=0)
        assert equipment["high"].lt(imp.threshold()).all()
        assert equipment["bloc_low"].gt(imp.threshold()).all()
        low, _ = imp.rounded_bounds(imp.JUDGED, imp.ALLIES)
        assert low < imp.threshold()

    def test_chips_need_no_bloc_and_scanners_no_allies(self):
        table = imp.origin_bounds()
        assert table.loc["集成电路 2024", "bloc_high"] < imp.threshold() < table.loc["光刻机 2023", "low"]
        assert table.loc["集成电路 2024", "bloc_low"] - table.loc["集成电路 2024", "low"] < 0.02

    def test_unit_value_gaps(self):
        table = imp.unit_values()
        chips = table.query("goods == 'integrated_circuits'")["ratio"]
        assert chips.is_monotonic_decreasing
        assert chips.min() > 1
        assert table.query("goods in ['steel_products', 'rolling_bearings']")["ratio"].between(1, 2).all()
        (note,) = {
            r["note"].split("；")[1]
            for r in rows("trade_totals", indicator="import_export_unit_value_ratio", year=2014)
        }
        assert "手持小型机床" in note

    def test_machine_tools_turn_to_surplus(self):
        table = imp.machine_balance().set_index(["goods", "year"])["ratio"]
        assert table["machine_tools_and_tools"].iloc[0] > 1 > table["machine_tools_and_tools"].iloc[-1]
        assert table["metal_cutting_machine_tools", 2021] > 1 > table["metal_cutting_machine_tools", 2024]

    def test_japan_shares_move_apart(self):
        shares = imp.japan_shares()
        first, last = shares.loc[2018], shares.loc[2025]
        assert last["all_goods"] < first["all_goods"]
        assert last["semiconductor_machinery"] > first["semiconductor_machinery"]
        assert last["photographic_supplies"] > first["photographic_supplies"]
        tools = shares["semiconductor_machinery"]
        assert tools.idxmax() == 2024
        yen = imp.yen_and_share()
        assert yen["value"] > yen["share"]
        hhi = imp.japan_hhi()
        assert hhi.loc[2024, "low"] > hhi["high"].drop(2024).max()

    def test_japan_both_ways(self):
        table = imp.japan_both_ways()
        assert (table["export"] - table["import"]).iloc[0] > 0 > (table["export"] - table["import"]).iloc[-1]
        assert set(table.index[-2:]) == {"汽车零部件", "计算机及部件"}
        assert {"有色金属", "集成电路", "科学与光学仪器"} <= set(table.index[:5])

    def test_the_part_is_larger_than_the_whole(self):
        table = imp.studies().query("iso3 == 'CHN'").set_index("study")
        assert not table.loc["cha_2023", "overall"]
        assert table.loc["cepii_geodep", "overall"]
        assert table.loc["cha_2023", "value"] > table.loc["cepii_geodep", "value"]
        older = imp.sensitive_products()
        assert older.loc[2020, "count"] < older.loc[2001, "count"]
        assert older.loc[2020, "share"] > older.loc[2001, "share"]

    def test_mirrors_disagree_as_the_text_says(self):
        mirror = imp.mirrors().query("goods == 'integrated_circuits'").set_index("iso3")
        assert mirror.loc["KOR", "codes"] == len(imp.CHIPS)
        assert mirror["ratio"].gt(1).all()
        said = {r["partner_iso3"] for r in rows("import_origins", goods="integrated_circuits")}
        assert "HKG" not in said
        same = imp.same_amount()
        assert same["china"] > 0.4
        assert same["japan"] < 0

    def test_full_year_below_part_of_the_year(self):
        clash = imp.conflicts().query("year == 2025").set_index("period_zh")["value"]
        assert clash["全年"] < clash["1–10 月"]

    def test_the_exercise_has_the_answer_it_claims(self):
        """2019 年：日、荷、新加坡过线；把新加坡换成韩国，不过。"""
        assert imp.world_hhi(2019, ("JPN", "NLD", "KOR")) < imp.threshold() < imp.world_hhi(2019, ("JPN", "NLD", "SGP"))
