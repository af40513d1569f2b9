"""“先进基础工艺”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import math
import re
from datetime import date
from statistics import median

import numpy as np
import pandas as pd
import pytest

from chokepoint import inference, plots
from chokepoint.findings import identify
from chokepoint.findings import processes as prc
from chokepoint.plots.charts import ranged_dots as ranged
from tools.paths import BOOK
from tools.text import read

from .raw import one, rows

CHAPTER = BOOK / "pillars" / "processes.ipynb"


def share(node, provider="CHN", release="2026", kind="country"):
    return one("chip_provision", "share", release=release, node_id=node, provider=provider, provider_kind=kind)


def size(node, release="2026"):
    return one("chip_market_size", "market_size", release=release, node_id=node)


def traded(goods, indicator, year, period="full_year"):
    return one("trade_totals", goods=goods, indicator=indicator, year=year, period=period)


@pytest.fixture(scope="module")
def h():
    return prc.headline()


# ---- 机床 ----
def test_machine_ratios_by_hand(h):
    balance = prc.balance().set_index(["line", "x"])["y"]
    metal, tools = "metalworking_machine_tools", "machine_tools_and_tools"
    assert balance["金属加工机床", 2003] == pytest.approx(41.31 / 3.79)
    assert balance["金属加工机床", 2004] == traded(metal, "import_export_value_ratio", 2004)
    assert balance["金属加工机床", 2006] == pytest.approx(72.4 / 11.9)
    for year, period in ((2021, "jan_nov"), (2024, "jan_oct")):
        sides = [
            sum(traded(f"metal_{kind}_machine_tools", f"{side}_value", year, period) for kind in ("cutting", "forming"))
            for side in ("import", "export")
        ]
        assert balance["金属加工机床", year] == pytest.approx(sides[0] / sides[1])
    assert h["tools_ratio"] == pytest.approx(83.7 / 176)
    assert h["metal_ratio"] == pytest.approx(39.3 / 44.9)
    assert balance["机床工具（全行业）", 2010] == pytest.approx(
        traded(tools, "import_value", 2010) / traded(tools, "export_value", 2010)
    )


def test_every_basket_is_in_surplus_in_2024_but_not_in_2021():
    assert (prc.balance_range(2024) < 1).all()
    assert len(prc.balance_range(2024)) == 4
    assert prc.balance_range(2021)["金属切削机床"] > 1 > prc.balance_range(2021)["金属成形机床"]
    assert prc.balance_range(2021)["金属加工机床"] > 1


def test_the_disputed_year_flips_the_direction():
    tools = "machine_tools_and_tools"
    old = traded(tools, "import_value", 2011) / traded(tools, "export_value", 2011)
    base = 157.2 / 70.3
    found = prc.disputed_direction()
    assert found["as_2008"] == pytest.approx(base / old - 1)
    assert found["as_2008"] > 0
    assert found["as_2011"] == pytest.approx(old / base - 1)
    assert found["as_2011"] < 0
    growth = prc.disputed_growth()
    assert growth["said"] == pytest.approx(0.044)
    assert growth["computed"] == pytest.approx(122.9 / 157.2 - 1)
    assert traded(tools, "export_value", 2008) == traded(tools, "export_value", 2011)
    points = prc.balance().query("kind == 'uncertain'")
    assert sorted(points["x"]) == [2008, 2008, 2011, 2011]
    assert points.groupby("line")["y"].nunique().eq(1).all()
    assert (points.groupby("line")["segment"].nunique() == 2).all(), "存疑的两点不得相连"


def test_pieces_by_hand():
    found = prc.pieces()
    assert found.loc[2003, "low"] == found.loc[2003, "high"] == pytest.approx(540 / (41.31 / 3.79))
    assert found.loc[2014, "low"] == pytest.approx(250 / (136.56 / 33.95))
    assert found.loc[2014, "high"] == pytest.approx(250 / 2.55)
    assert found.loc[2014, "low"] > found.loc[2003, "high"], "正文说件数之比反而升了"
    notes = {r["indicator"]: r["note"] for r in rows("trade_totals", goods="metalworking_machine_tools", year=2014)}
    assert "手持" in notes["import_export_unit_value_ratio"]
    assert "最低值" in notes["import_export_unit_value_ratio"]


@pytest.mark.parametrize("small", [0.0, 0.3, 0.9, 0.996])
@pytest.mark.parametrize("price", [0.0, 0.001, 0.5, 1.0])
def test_like_for_like_is_a_bound(small, price):
    """造一个真有两种机器的出口，单价之比框得住同类之比。"""
    same, imported = 100.0, 700.0
    exported = small * price * same + (1 - small) * same
    gap = imported / exported
    assert (1 - small) * gap <= imported / same + 1e-9 <= gap + 1e-6


def test_like_for_like_by_hand():
    table = prc.like_for_like()
    assert table.loc[0.99, 2014] == pytest.approx(2.5)
    assert table.loc[0.9, 2003] == pytest.approx(54)
    assert prc.handheld_needed()[2014] == pytest.approx(0.996)
    assert prc.cheap_enough()[2014] == pytest.approx(0.004)
    assert prc.like_for_like((prc.handheld_needed()[2014],))[2014].iloc[0] == pytest.approx(1)


def test_japanese_share_has_no_visible_trend():
    shares = {}
    for r in rows("japan_trade", flow="export", goods="metalworking_machinery"):
        shares.setdefault(int(r["year"]), {})[r["partner_iso3"]] = float(r["value"])
    series = {y: v["CHN"] / v["WLD"] * 100 for y, v in shares.items()}
    pairs = [(series[b] - series[a]) / (b - a) for a in series for b in series if b > a]
    found = prc.growing_slope()["machine"]
    assert found.estimate == pytest.approx(median(pairs))
    assert not found.excludes(0)


# ---- 工序 ----
def test_headline_shares_by_hand(h):
    assert (h["lithography"], h["etch"], h["cmp"]) == (0.2, 12.4, 12.6)
    assert h["lithography"] == share("lithography_tools")
    assert h["cmp"] == share("cmp_tools")
    nodes = list(prc.STEPS.values())
    total = sum(size(v) for v in nodes)
    assert h["front"] == pytest.approx(sum(size(v) * share(v) for v in nodes) / total)
    assert h["front_low"] < h["front"] < h["front_high"]


def test_headquarters_ranges_by_hand():
    wet, strip, rtp = (
        prc.hq_range(v)
        for v in ("wet_etching_and_cleaning_tools", "dry_stripping_tools", "rapid_thermal_processing_tools")
    )
    acm = share("wet_etching_and_cleaning_tools", "ACM Research", kind="firm")
    mattson = share("dry_stripping_tools", "Mattson Tech", kind="firm")
    assert wet == pytest.approx((3.8, 3.8 + acm))
    assert strip == pytest.approx((31 - mattson, 31))
    assert rtp == pytest.approx((0, 3.5))
    low, high = prc.hq_range("deposition_tools")
    add = share("electrochemical_plating_tools", "ACM Research", kind="firm") * size("electrochemical_plating_tools")
    take = 3.5 * size("rapid_thermal_processing_tools")
    assert high == pytest.approx(9.8 + add / size("deposition_tools"))
    assert low == pytest.approx(9.8 - take / size("deposition_tools"))


def test_unlisted_is_not_zero():
    steps = prc.steps()
    hidden = set(steps["node"][~steps["named"]])
    assert hidden == {"euv_lithography_tools", "arf_immersion_duv_lithography_tools"}
    assert not [r for r in rows("chip_provision", release=2026, provider="CHN") if r["node_id"] in hidden]


def test_totals_hide_another_node():
    litho = [
        "arf_dry_duv_lithography_tools", "arf_immersion_duv_lithography_tools", "euv_lithography_tools",
        "i_line_lithography_tools", "imprint_lithography", "krf_duv_lithography_tools", "mask_aligners",
        "direct_write_systems", "mask_exposure_systems_e_beam", "mask_exposure_systems_laser_beam",
    ]  # fmt: skip
    audit = prc.audit()
    gap = size("lithography_tools") - sum(size(v) for v in litho)
    assert audit.loc["lithography_tools", "gap"] == pytest.approx(gap / 100)
    assert abs(gap - size("resist_processing_tools")) < 50, "差额与涂胶显影对得上"
    etch = size("dry_etch_tools") - sum(
        size(v) for v in ("conductor_etching_tools", "insulator_etching_tools", "misc_dry_etch_tools")
    )
    assert audit.loc["dry_etch_tools", "gap"] == pytest.approx(etch / 100)
    assert (audit["left"].abs() < 0.5).all(), "补上之后不再差一个节点"
    assert (audit["gap"].abs()[1:] > 5).all(), "不补就差着一个节点"
    blend = sum(
        size(v) * share(v) for v in ("conductor_etching_tools", "insulator_etching_tools", "misc_dry_etch_tools")
    ) + size("dry_etching_tools_adv_pkg") * share("dry_etching_tools_adv_pkg")
    assert round(blend / size("dry_etch_tools"), 1) == 12.4, "原表的份额含先进封装"


def test_the_coater_in_the_lithography_total():
    found = prc.without_coaters()
    inside = share("lithography_tools", "Tokyo Electron", kind="firm") * size("lithography_tools")
    own = share("resist_processing_tools", "Tokyo Electron", kind="firm") * size("resist_processing_tools")
    assert found["coater_in"] == pytest.approx(inside / 1e4)
    assert found["coater_own"] == pytest.approx(own / 1e4)
    assert abs(inside / own - 1) < 0.02
    rest = size("lithography_tools") - size("resist_processing_tools")
    assert found["nld_after"] == pytest.approx(share("lithography_tools", "NLD") * size("lithography_tools") / rest)
    assert not [
        r for r in rows("chip_provision", release=2026, provider="Tokyo Electron", provider_kind="firm")
        if r["node_id"] in prc.leaf_tools("lithography_tools")
    ], "它不造光刻机"  # fmt: skip


# ---- 两版之间 ----
def test_traps_by_hand(h):
    seen = {}
    for r in rows("chip_provision", provider="CHN", provider_kind="country"):
        if r["share"]:
            seen.setdefault(r["node_id"], {})[r["release"]] = float(r["share"])
    assert len(seen) == h["nodes"]
    fell = [v for v in seen if seen[v].get("2026", 0) < seen[v].get("2022", 0)]
    assert len(fell) == h["fell"]
    traps = prc.traps().set_index("kind")
    assert traps["count"].sum() == h["nodes"]
    assert traps.loc["大致可比", "count"] == h["comparable"] == 8
    recoded = {
        r["node_id"]
        for r in rows("chip_provision", provider_kind="firm")
        if r["provider"] in {"ASM Pacific", "Mattson Tech", "Bruker"}
    }
    frame = prc.classified()
    assert traps.loc["涉及改记总部的企业", "down"] == len([v for v in fell if v in recoded])
    assert not set(frame.index[frame["kind"] == "大致可比"]) & recoded
    empty = frame[frame["kind"] == "旧版没有给中国的数"]
    assert {"cmp_tools", "lithography_tools", "conductor_etching_tools"} <= set(empty.index)
    assert h["fell_real"] == 1


def test_cmp_had_names_but_no_number():
    old = rows("chip_provision", release=2022, node_id="cmp_tools")
    assert [r for r in old if r["hq_iso3"] == "CHN" and r["provider_kind"] == "firm"]
    assert all(not r["share"] for r in old)
    assert prc.share_bounds("cmp_tools", "2022") == (0.0, 100.0)


def test_share_bounds_by_hand():
    assert prc.share_bounds("insulator_etching_tools", "2022") == (2.5, 3.5)
    assert prc.share_bounds("plasma_cvd_tools", "2022") == (0.0, 1.0), "1% 可以是 0 到 1%"
    assert prc.share_bounds("ion_implanters", "2022") == (0.0, prc.NEGLIGIBLE)
    others = (16 - 0.5) + 0 + (84 - 0.5)
    assert prc.share_bounds("conductor_etching_tools", "2022") == (0.0, pytest.approx(100 - others))
    assert prc.share_bounds("cmp_tools") == (pytest.approx(12.55), pytest.approx(12.65))


def test_step_changes_by_hand():
    change = prc.step_change()
    nodes = ["conductor_etching_tools", "insulator_etching_tools", "wet_etching_and_cleaning_tools"]
    assert sorted(prc.step_nodes("刻蚀与清洗")) == sorted(nodes)
    old = [size(v, "2022") for v in nodes]
    ends = [(0, 1.0), (2.5, 3.5), (2.5, 3.5)]
    low, high = (sum(e[i] * s for e, s in zip(ends, old, strict=True)) / sum(old) for i in (0, 1))
    assert change.loc["刻蚀与清洗", "low_2022"] == pytest.approx(low)
    assert change.loc["刻蚀与清洗", "high_2022"] == pytest.approx(high)
    new = [size(v) for v in nodes]
    main = sum(share(v) * s for v, s in zip(nodes, new, strict=True)) / sum(new)
    row = change.loc["刻蚀与清洗"]
    assert row["low_2026"] < main < row["high_2026"]
    assert (row["low"], row["high"]) == pytest.approx((row["low_2026"] - high, row["high_2026"] - low))


@pytest.mark.parametrize("options", [{}, {"weights": "2022"}, {"weights": "2026"}, {"as_recorded": True}])
def test_what_stands_stands_under_every_choice(options):
    change = prc.step_change(**options)
    assert list(change.index[change["known"]]) == ["薄膜沉积", "刻蚀与清洗", "离子注入"]
    assert (change.loc[["薄膜沉积", "刻蚀与清洗", "离子注入"], "low"] > 0).all()


def test_the_recoded_firm_moves_deposition_upwards():
    plain, recorded = prc.step_change().loc["薄膜沉积"], prc.step_change(as_recorded=True).loc["薄膜沉积"]
    assert recorded["low"] > plain["low"]
    assert recorded["high"] > plain["high"]
    story = prc.assembly_story().loc["集成组装设备"]
    assert story["naive"] == -98
    assert story["back"] == 2


# ---- 买来多少 ----
def test_ceilings_by_hand(h):
    found = prc.ceilings()
    for goods, (name, node) in prc.IMPORTED.items():
        bought = traded(goods, "import_value", 2025)
        own = share(node) * size(node) / 1e4
        assert found.loc[name, "bought"] == pytest.approx(bought / size(node) * 1e4)
        assert found.loc[name, "ceiling"] == pytest.approx(own / (own + bought) * 100)
        assert found.loc[name, "ceiling_low"] <= found.loc[name, "ceiling"] <= found.loc[name, "ceiling_high"]
    assert found["bought"].max() - found["bought"].min() < 5, "宽口径下各工序相去不远"
    assert h["bought_high"] - h["bought_low"] > 10, "而整齐到什么程度要看分母"
    assert found["ceiling"].max() / found["ceiling"].min() > 40, "自产的上限差得远"


def test_narrow_denominators_by_hand(h):
    found, litho, dry = prc.ceilings(), "lithography_tools", "dry_etch_tools"
    vapour = sum(
        size(f"{kind}_tools")
        for kind in ("chemical_vapor_deposition", "physical_vapor_deposition", "atomic_layer_deposition")
    )
    wide = {"薄膜沉积": size("deposition_tools"), "光刻": size(litho), "干法刻蚀": size(dry)}
    tight = {
        "薄膜沉积": vapour,
        "光刻": size(litho) - size("resist_processing_tools"),
        "干法刻蚀": size(dry) - size("dry_etching_tools_adv_pkg"),
    }
    for name, market in tight.items():
        assert found.loc[name, "bought_high"] == pytest.approx(found.loc[name, "imports"] / market * 1e4)
        assert found.loc[name, "bought_low"] == pytest.approx(found.loc[name, "imports"] / wide[name] * 1e4)
        assert market < wide[name]
    assert (h["bought_low"], h["bought_high"]) == (found["bought_low"].min(), found["bought_high"].max())
    own = share(litho) * size(litho) - share("resist_processing_tools") * size("resist_processing_tools")
    assert prc.narrow(litho)["own"] == pytest.approx(own / 1e4)
    assert prc.narrow("ion_implanters")["market"] == pytest.approx(size("ion_implanters") / 100)


def test_two_import_totals_conflict():
    found = prc.import_totals()
    full = traded("semiconductor_equipment", "import_value", 2025)
    assert found["full"] == full < found["ten"] == traded("semiconductor_equipment", "import_value", 2025, "jan_oct")
    assert found["steps"] == pytest.approx((83.48 + 106.2 + 64.21 + 8.8) / full)


def test_what_ifs_change_etch_but_not_lithography():
    tried = prc.ceiling_what_ifs()
    own, bought = 12.4 * 21900 / 1e4, 64.21
    assert tried.loc["干法刻蚀", "both"] == pytest.approx(own * 2 / (own * 2 + bought * 0.8) * 100)
    assert tried.loc["干法刻蚀", "needed"] == pytest.approx(bought / own)
    assert tried.loc["光刻", "both"] < 2
    assert tried.loc["光刻", "needed"] > 100
    assert tried.loc["干法刻蚀", "both"] - tried.loc["干法刻蚀", "base"] > 20


def test_exporters_by_hand():
    japan, usa = prc.exporter("JPN"), prc.exporter("USA")
    assert japan.loc[2024, "value"] == pytest.approx(
        one("exports_to_china", year=2024, exporter_iso3="JPN", hs6="848620") / 100
    )
    assert list(usa.index) == list(range(2017, 2024)), "正文说美国只到 2023 年"
    assert list(japan.index) == list(range(2017, 2026))
    assert usa["value"].idxmax() == 2021, "图题说 2021 年见顶"
    assert not rows("exports_to_china", exporter_iso3="NLD"), "荷兰完全没有记录"
    kinds = prc.export_lines().set_index(["line", "x"])["kind"]
    assert kinds["日本所记出口", 2025] == "uncertain"
    assert kinds["日本所记出口", 2024] == "observed"
    assert ("美国所记出口", 2024) not in kinds


def test_listed_goods_cannot_bound_the_unlisted():
    """买方所记的美国 2024 年高于同年所列的另一种商品：拿它作上限就错了。"""
    listed = [
        float(r["value"]) / 100
        for r in rows("exports_to_china", year=2024, exporter_iso3="USA")
        if not r["world_total"]
    ]
    assert min(listed) < prc.buyer_side()["usa_2024"]


def test_buyer_side_by_hand():
    found = prc.buyer_side()
    assert found["usa_2021"] == one("import_origins", goods="semiconductor_equipment", partner_iso3="USA", year=2021,
                                    indicator="import_value")  # fmt: skip
    assert found["usa_2024"] == one("import_origins", goods="semiconductor_equipment", partner_iso3="USA", year=2024,
                                    indicator="import_value")  # fmt: skip
    assert found["usa_growth"] > 0
    for iso3 in ("USA", "JPN", "NLD"):
        said = [
            one("import_origins", goods="semiconductor_equipment", partner_iso3=iso3, year=y, period="q3") / 100
            for y in (2021, 2023)
        ]
        assert found[iso3] == pytest.approx(said)
        assert (said[1] > said[0]) == (iso3 == "NLD"), "正文说升的是荷兰"


def test_split_by_hand():
    found = prc.split()
    pairs = {
        y: one("exports_to_china", year=y, exporter_iso3="USA", hs6="848620")
        / one("exports_to_china", year=y, exporter_iso3="JPN", hs6="848620")
        for y in range(2017, 2024)
    }
    assert found["ratio"].to_dict() == pytest.approx(pairs)
    logs = {y: math.log(v) for y, v in pairs.items()}
    before, after = [logs[y] for y in range(2017, 2022)], [logs[2022], logs[2023]]
    assert found["change"].estimate == pytest.approx(math.exp(sum(after) / 2 - sum(before) / 5))
    assert found["change"].high < 1
    assert pairs[2021] < pairs[2017] * 0.7, "管制之前已在降"
    assert found["trend"].low < 1 < found["trend"].high, "扣去趋势，区间含一"
    x = [[1, float(y >= 2022), y - 2017] for y in logs]
    beta = np.linalg.lstsq(np.array(x), np.array(list(logs.values())), rcond=None)[0]
    assert found["trend"].estimate == pytest.approx(math.exp(beta[1]))
    assert all(v < 1 for v in found["placebo"]), "假日子也都在降"
    assert found["p"] == pytest.approx(1 / (1 + len(found["placebo"]))), "p 已是最小值"
    assert found["years"] == len(pairs)


def test_billings_by_hand():
    wide = {(r["year"], r["iso3"]): float(r["value"]) for r in rows("chip_equipment_billings", period="annual")}
    series = {y: wide[str(y), "CHN"] / wide[str(y), "WLD"] * 100 for y in range(2017, 2025)}
    assert prc.billing_share()[2024] * 100 == pytest.approx(series[2024])
    pairs = [(series[b] - series[a]) / (b - a) for a in series for b in series if b > a]
    slopes = prc.billing_slopes()
    assert slopes["CHN"].estimate == pytest.approx(median(pairs))
    assert slopes["CHN"].low > 0
    assert not slopes["KOR"].excludes(0)
    assert not slopes["TWN"].excludes(0)
    assert slopes["JPN"].excludes(0)
    halves = prc.part_years()
    late = halves[halves.index.str.startswith("2025")]
    assert len(late)
    assert (late < prc.billing_share()[2024]).all(), "正文说 2025 年的季度都低于 2024 年"


# ---- 节点 ----
def decimal(day):
    return day.year + (day.timetuple().tm_yday - 1) / (366 if day.year % 4 == 0 else 365)


def test_gaps_by_hand():
    gaps = prc.node_gaps().set_index(["node", "reading"])
    first = gaps.loc[("28 nm 级", "首次量产")]
    assert first["low"] == pytest.approx(decimal(date(2015, 7, 1)) - 2012)
    assert first["high"] == pytest.approx(decimal(date(2015, 10, 1)) - 2011)
    chip = gaps.loc[("14 nm 级", "首次量产")]
    assert (chip["low"], chip["high"]) == pytest.approx((decimal(date(2019, 7, 1)) - 2016, 2020 - 2015))
    late = gaps.loc[("7 nm 级", "手机芯片的拆解")]
    assert late["low"] == pytest.approx(decimal(date(2023, 9, 1)) - 2019)
    assert late["high"] == pytest.approx(decimal(date(2023, 10, 1)) - 2018)


def test_seven_nm_has_no_date_of_its_own():
    seven = rows("node_timeline", node_nm=7)
    assert {r["claim_status"] for r in seven if r["actor"] in {"smic", "techinsights"}} == {"teardown"}
    assert not [r for r in seven if r["actor"] == "smic" and r["milestone"] == "volume_production"]
    assert set(prc.node_spans().query("group == '7 nm 级' and actor != 'tsmc'")["kind"]) == {"拆解推定"}


def test_the_verdict_depends_on_the_reading():
    found = prc.directions()
    assert set(found.to_numpy().ravel()) == {"缩小", "拉大", "分不出"}
    assert found.loc["首次流片", "拆解报告"] == "拉大"
    assert found.loc[prc.REVENUE, "拆解推定的出货"] == "缩小"
    assert (found.loc["首次量产"] == "分不出").all()
    assert {r["milestone"] for e in ("tsmc_28nm", "tsmc_7nm") for r in rows("node_timeline", event_id=e)} == {
        "volume_production"
    }, "参照方的日期全是量产"


def test_the_panel_says_what_the_table_says():
    cases, gaps, found = prc.gap_cases(), prc.node_gaps(), prc.directions()
    assert [level["name"] for level in cases["levels"]] == ["28 nm 级", "7 nm 级"]
    assert cases["verdicts"] == found.to_numpy().tolist()
    for level in cases["levels"]:
        part = gaps[gaps["node"] == level["name"]].set_index("reading")
        for reading in level["readings"]:
            row = part.loc[reading["label"].split("（")[0]]
            assert (reading["low"], reading["high"]) == pytest.approx((row["low"], row["high"]), abs=0.006)
            assert reading["high"] <= cases["top"]


def test_twenty_eight_and_the_note():
    table = prc.twenty_eight()
    assert len(table) == len(rows("node_timeline", node_nm=28))
    tools = table[table["who"].str.contains("上海微电子")]
    assert set(tools["status"]) == {"自媒体或论坛说法，没有证实", "已撤回的说法"}
    assert prc.revenue_shares() == [("2015 年第三季度", 0.1), ("2017 年第三季度", 8.8)]
    assert prc.catalogue_tools() == ["KrF 光刻机 110 nm 以下", "ArF 光刻机 65 nm 以下"]


def test_the_phone_is_graded_alike_in_both_tables():
    (event,) = rows("node_timeline", event_id="techinsights_n2")
    (update,) = rows("status_updates", update_id="U05")
    assert event["source_id"] == update["source_id"]
    assert event["source_strength"] == update["source_strength"]
    assert event["date"] == update["date"]
    assert "由在售推定" in update["note"]


# ---- 增材与绿色 ----
def test_green_by_hand():
    assert prc.exits() == {"latest": 5095 + 1382 - 6430, "spring": 3657 - 3616}
    assert prc.additive_needed() == pytest.approx((200 / 80) ** 0.25 - 1)
    (output,) = rows("green_materials", series="am_output")
    assert output["bound"] == "at_most"
    assert output["year"] == "2016"
    (target,) = rows("green_materials", series="am_sales_target")
    assert target["status"] == "target"
    assert target["year"] == "2020"
    series = {r["series"] for r in rows("green_materials")}
    assert not {s for s in series if "energy" in s or "emission" in s}, "正文说没有能耗与排放"
    assert {s for s in series if s.startswith("am_")} == {"am_output", "am_sales_target"}


# ---- 正文 ----
def test_shared_number():
    assert prc.knowhow() == identify.barrier_ranks().loc["process_knowhow", "count"]


def test_said_is_computed():
    line = prc.said(inference.Interval(1.24, -0.5, 2.0), 1, "个百分点")
    assert line == f"1.2 个百分点（{inference.LEVEL:.0%} 区间 -0.5 到 2.0）"


@pytest.fixture(scope="module")
def text():
    return "\n".join(c["source"] for c in read(CHAPTER)["cells"] if c["cell_type"] == "markdown")


class TestSentences:
    """正文的定性判断，逐句对数据。"""

    def test_every_reading_named_in_the_text_exists(self, text):
        readings = set(prc.node_gaps()["reading"])
        for name in re.findall(r"认“([^”]+)”对“([^”]+)”", text):
            assert set(name) <= readings

    def test_i_line_and_coaters_make_up_the_lithography_share(self, text):
        assert "i 线光刻机和混进来的涂胶显影" in text
        parts = sum(share(v) * size(v) for v in ("i_line_lithography_tools", "resist_processing_tools"))
        assert round(parts / size("lithography_tools"), 1) == share("lithography_tools")
        old = prc.step_nodes("光刻")
        named = [r for r in rows("chip_provision", hq_iso3="CHN") if r["node_id"] in old]
        assert {(r["release"], r["node_id"], r["provider"], r["share_status"]) for r in named} == {
            ("2022", "arf_dry_duv_lithography_tools", "SMEE", "negligible")
        }
        assert "i_line_lithography_tools" not in old
        assert "resist_processing_tools" not in old

    def test_acm_alone_closes_the_gap_with_cmp(self):
        plain, moved = prc.reported("etch_and_clean_tools"), prc.hq_range("etch_and_clean_tools")[1]
        assert share("cmp_tools") - plain > 2
        assert abs(share("cmp_tools") - moved) < 0.5

    def test_the_industry_total_claims_surplus_since_2019(self, text):
        assert "2019 年 6 月" in text
        assert any("2019 年 6 月以来" in r["note"] for r in rows("trade_totals", goods="machine_tools_and_tools"))

    def test_no_weight_based_value(self, text):
        assert "本书收到的材料里没有重量" in text
        machines = [r for r in rows("trade_totals") if "machine_tools" in r["goods"]]
        assert not [
            r for r in machines if r["unit"] in {"tonne", "Mt", "USD_per_tonne"} or "quantity" in r["indicator"]
        ]

    def test_how_wrong_the_new_edition_must_be(self):
        change = prc.step_change()
        for step in ("薄膜沉积", "刻蚀与清洗", "离子注入"):
            row = change.loc[step]
            assert row["factor"] == pytest.approx(row["low_2026"] / row["high_2022"])
        assert change.loc[["薄膜沉积", "刻蚀与清洗"], "factor"].min() > 3
        assert change.loc["离子注入", "factor"] < 2, "正文只把它当线索"
        basis = {r["release"]: set() for r in rows("chip_provision")}
        for r in rows("chip_provision", provider="CHN", provider_kind="country"):
            if r["node_id"] in prc.step_nodes("薄膜沉积"):
                basis[r["release"]].add(r["share_basis"])
        assert basis == {"2022": {"cset_2021"}, "2026": {"techinsights"}}, "两版由不同的一方整理"

    def test_steps_without_import_values_are_named(self):
        goods = {r["goods"] for r in rows("trade_totals", year=2025, indicator="import_value")}
        assert not [g for g in goods if "cmp" in g or "metrology" in g or "inspection" in g]


# ---- 新的图 ----
def test_ranged_dots_text_and_drawing():
    assert ranged.said(3.8, 3.8, 13.6) == "3.8（3.8–13.6）"
    assert ranged.said(12.6, 12.6, 12.6) == "12.6"
    frame = pd.DataFrame(
        {"value": [1.0, 0.0], "low": [0.5, 0.0], "high": [2.0, 0.0], "solid": [True, False]}, index=["甲", "乙"]
    )
    texts = [t.get_text() for t in plots.ranged_dots(frame, xlabel="份额（%）").axes[0].texts]
    assert texts == ["1.0（0.5–2.0）", "没有列出"]


def test_date_spans_refuses_bad_rows():
    good = pd.DataFrame(
        {"row": ["甲", "乙"], "start": [2011.0, 2015.5], "end": [2012.0, 2015.75], "kind": ["量产"] * 2}
    )
    chart = plots.date_spans(good, xlabel="年份", kinds=("量产",))
    assert [t.get_text() for t in chart.axes[0].get_yticklabels()] == ["甲", "乙"]
    with pytest.raises(ValueError, match="没有列出的种类"):
        plots.date_spans(good, xlabel="年份", kinds=("试制",))
    with pytest.raises(ValueError, match="不晚于"):
        plots.date_spans(good.assign(end=2010.0), xlabel="年份", kinds=("量产",))
