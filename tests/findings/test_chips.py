"""“案例：芯片制造”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import math
import re
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from chokepoint.findings import chips
from tools.paths import BOOK
from tools.text import read

from .raw import one, rows

CHAPTER = BOOK / "collaboration" / "chips.ipynb"


def series(name, field="value", **equal):
    return {int(r["year"]): float(r[field]) for r in rows(name, **equal)}


def step(shares, event):
    """对数值在事件前后的平均之差换成倍数：只有一个虚拟变量时，回归的系数就是它。"""
    logs = {y: math.log(v) for y, v in shares.items()}
    before = [v for y, v in logs.items() if y < event]
    after = [v for y, v in logs.items() if y >= event]
    return math.exp(sum(after) / len(after) - sum(before) / len(before))


def japan(iso3, goods="semiconductor_machinery"):
    own = series("japan_trade", flow="export", goods=goods, partner_iso3=iso3)
    world = series("japan_trade", flow="export", goods=goods, partner_iso3="WLD")
    return {y: own[y] / world[y] for y in own if y >= 2018}


def chip(exporter, hs6):
    found = [r for r in rows("exports_to_china", exporter_iso3=exporter, hs6=hs6) if r["world_total"]]
    return {int(r["year"]): float(r["value"]) / float(r["world_total"]) for r in found if int(r["year"]) <= 2024}


def installed(iso3):
    return series("chip_equipment_billings", iso3=iso3, period="annual")


def to_china(exporter, hs6="848620"):
    return {y: v / 100 for y, v in series("exports_to_china", exporter_iso3=exporter, hs6=hs6).items()}


def decimal(text):
    day = date.fromisoformat(text)
    return day.year + (day - date(day.year, 1, 1)).days / (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days


@pytest.fixture(scope="module")
def text():
    return "\n".join("".join(c["source"]) for c in read(CHAPTER)["cells"])


# ---- 沿链 ----
def test_shares_along_the_chain():
    found = chips.links()
    for label, node in (("设计合计", "stage_design"), ("EDA 软件", "electronic_design_automation_software")):
        found_rows = rows("chip_provision", release=2026, node_id=node, provider_kind="country")
        shares = {r["provider"]: float(r["share"]) for r in found_rows if r["share"] and r["provider"] != "VAR"}
        china = shares.pop("CHN")
        assert found.loc[label, "china"] == china
        assert found.loc[label, "top"] == max(shares, key=shares.get)
        assert found.loc[label, "largest"] == max(shares.values())
    assert set(chips.leads()) == {"晶圆制造合计", "封装测试合计"}, "正文说中国只在这两个合计里居首"
    assert (found.drop(chips.leads())["china"] < 10).all()
    every = {}
    for r in rows("chip_provision", release=2026, provider_kind="country"):
        if r["share"] and r["provider"] != "VAR":
            every.setdefault(r["node_id"], {})[r["provider"]] = float(r["share"])
    first = {k for k, v in every.items() if max(v, key=v.get) == "CHN"}
    kinds = {r["node_id"]: (r["kind"], r["name_zh"]) for r in rows("chip_nodes")}
    seen = chips.leading()
    assert (seen["all"], seen["first"]) == (len(every), len(first))
    assert len(seen["others"]) == len(first) - 2
    assert all((("tool", v)) in kinds.values() for v in seen["others"]), "正文说图外的都是设备的细分"
    low, high = chips.behind()
    assert low == pytest.approx(41 / 9)
    assert high == pytest.approx(96)


def test_front_end_holder_by_hand():
    size = {r["node_id"]: float(r["market_size"]) for r in rows("chip_market_size", release=2026)}
    nodes = ["deposition_tools", "lithography_tools", "etch_and_clean_tools", "ion_implanters", "cmp_tools",
             "process_control_tools"]  # fmt: skip
    usa = sum(size[n] * one("chip_provision", "share", release=2026, node_id=n, provider="USA", provider_kind="country")
              for n in nodes) / sum(size[n] for n in nodes)  # fmt: skip
    assert chips.links().loc["前道设备", "largest"] == pytest.approx(usa)


# ---- 先后 ----
def test_seven_nm_came_before_the_american_rule():
    row = rows("node_timeline", event_id="smic_7nm_shipment")[0]
    assert (row["date"], row["claim_status"]) == ("2021-07", "teardown")
    assert chips.early()["control"] == pytest.approx(decimal("2022-10-07") - decimal("2021-08-01"))
    assert chips.early()["popular"] == pytest.approx(2023 - decimal("2021-08-01"))
    assert "企业没有证实" in row["note"]


def test_funds_and_controls_before_each_node():
    found = chips.popular().set_index("node")
    assert list(found["controls"]) == ["没有"] * 3
    assert list(found["funds"]) == ["一期", "一期", "一期、二期"]
    notes = {r["entity"]: r["note"] for r in rows("regional_indicators", indicator="fund_registered_capital")}
    for code, name in chips.FUNDS.items():
        assert chips.founded()[name] in notes[code]
    first = min(decimal(r["date"] + "-01") for r in rows("node_timeline", event_id="smic_28nm_mpw"))
    assert first < decimal(chips.founded()["一期"]), "正文说 28 nm 的首次流片在一期之前"
    last = decimal("2023-10-01")
    assert chips.after_fund_chance() == pytest.approx((last - decimal("2014-09-26")) / (last - first))
    (smic,) = rows("node_timeline", event_id="smic_founded")
    start = decimal(smic["date"])
    assert chips.after_fund_chance(founding=True) == pytest.approx((last - decimal("2014-09-26")) / (last - start))
    assert chips.after_fund_chance(founding=True) < 0.5 < chips.after_fund_chance(), "起点一换，多半就不是多半"
    volume = [r["date"] for r in rows("node_timeline", actor="smic", milestone="volume_production")]
    assert min(volume) > chips.founded()["一期"], "正文说表里没有基金以前量产的节点"
    assert chips._earlier(2020.0, 2021.0, {"甲": "2020-05-01", "乙": "2019-01-01"}) == "甲？、乙"


# ---- 账 ----
def test_books_by_hand():
    usa, jpn, cpu = to_china("USA"), to_china("JPN"), to_china("USA", "854231")
    dutch = series("import_origins", goods="lithography_machines", indicator="import_quantity", partner_iso3="NLD")
    assert chips.relative(chips.BOOKS[3], 2023) == pytest.approx(usa[2023] / usa[2021])
    assert chips.relative(chips.BOOKS[0], 2024) == pytest.approx(jpn[2024] / jpn[2021])
    assert chips.relative(chips.BOOKS[4], 2024) == pytest.approx(cpu[2024] / cpu[2021])
    assert chips.relative(chips.BOOKS[2], 2024) == pytest.approx(installed("CHN")[2024] / installed("CHN")[2021])
    assert dutch[2023] / dutch[2022] > 2 > 1 > dutch[2022] / dutch[2021], "正文说 2022 年减少、2023 年翻了一番还多"
    frame = chips.books()
    assert frame[frame["kind"] == "uncertain"][["line", "x"]].to_numpy().tolist() == [[chips.BOOKS[0], 2025]]
    jpn_status = {r["year"]: r["status"] for r in rows("exports_to_china", exporter_iso3="JPN", hs6="848620")}
    assert jpn_status["2025"] == "preliminary"


def test_the_fall_of_2022_is_more_than_the_rule_could_do():
    found = chips.straddle()
    assert found["after"] == pytest.approx((date(2023, 1, 1) - date(2022, 10, 7)).days / 365)
    usa, cpu = to_china("USA"), to_china("USA", "854231")
    assert found["tools"] == pytest.approx(1 - usa[2022] / usa[2021])
    assert found["chips"] == pytest.approx(1 - cpu[2022] / cpu[2021])
    assert min(found["tools"], found["chips"]) > found["after"]
    other = one("import_origins", indicator="partner_export_yoy", partner_iso3="USA", year=2022)
    assert found["second"] == pytest.approx(-other / 100)
    assert 0 < found["second"] - found["after"] < 0.02, "正文说另一个来源仅略多于那些日子"


def test_buyer_shares_and_the_japanese_fall():
    for iso3, name in (("NLD", "荷兰"), ("JPN", "日本"), ("USA", "美国")):
        first, last = (
            one("import_origins", goods="semiconductor_equipment", indicator="import_share", partner_iso3=iso3,
                period="q3", year=y)
            for y in (2021, 2023)
        )  # fmt: skip
        assert f"{name} {first:.0f}%→{last:.0f}%" in chips.quarters_said()
        assert (first < last) == (iso3 == "NLD"), "正文说让出份额的是美国与日本"
    usd = to_china("JPN")
    yen = series("japan_trade", flow="export", goods="semiconductor_machinery", partner_iso3="CHN")
    fall = chips.japan_fall()
    assert fall["dollars"] == pytest.approx(1 - usd[2025] / usd[2024])
    assert fall["yen"] == pytest.approx(1 - yen[2025] / yen[2024])
    assert 0 < fall["yen"] < fall["dollars"]


def test_who_fell_depends_on_the_first_year():
    frame = chips.sellers()
    since = frame[frame.index.str.contains(f" {chips.BASE}–")].dropna(subset="seller")
    assert set(since[since["ratio"] < 1]["seller"]) == {"USA"}, "从 2021 年算，少的都是美国的"
    assert (since[since["seller"] == "USA"]["ratio"] < 1).all()
    late = frame[frame.index.str.contains(" 2023–2024")].set_index("seller")["ratio"]
    for iso3 in ("USA", "JPN", "NLD"):
        rise = one("import_origins", indicator="import_value_yoy_usd", partner_iso3=iso3, year=2024)
        assert late[iso3] == pytest.approx(1 + rise / 100)
    assert late.min() == late["USA"] > 1, "从 2023 年算，买方记的美国也多了，只是比别人慢"
    assert set(frame[frame.index.str.contains(" 2018–2024")]["seller"]) == {"SGP", "KOR"}
    rise = {
        r["partner_iso3"]: float(r["value"]) for r in rows("import_origins", indicator="import_value_growth_since_2018")
    }
    buyer = frame[frame["side"] == "buyer"]
    for iso3 in ("SGP", "KOR"):
        assert buyer.set_index("seller")["ratio"][iso3] == pytest.approx(1 + rise[iso3] / 100)
    assert frame.index[frame["seller"] == "KOR"][0].endswith("≥ 4.10 倍")
    money = {
        int(r["year"]): float(r["value"])
        for r in rows("import_origins", goods="semiconductor_equipment", partner_iso3="USA", indicator="import_value")
    }
    assert buyer[buyer["seller"] == "USA"]["ratio"].min() == pytest.approx(money[2024] / money[2021])
    drawn = chips.seller_rows()
    assert drawn["kind"].tolist() == ["main" if v < 1 else "variant" for v in frame["ratio"]]


# ---- 前后比较 ----
def test_japanese_equipment_by_hand():
    own = step(japan("CHN"), 2023)
    assert chips.headline()["japan"].estimate == pytest.approx(own)
    assert chips.headline()["japan"].low > 1
    partners = {p: step(japan(p), 2023) for p in chips.PARTNERS}
    assert [p for p, v in partners.items() if v > own] == ["MYS"]
    goods = [step(japan("CHN", g), 2023) for g in chips.GOODS]
    assert chips.ranks()["goods"]["higher"] == sum(v > own for v in goods) == 2
    far = sum(abs(math.log(v)) >= abs(math.log(own)) for v in goods)
    assert chips.ranks()["goods"]["p"] == pytest.approx((1 + far) / (1 + len(goods)))
    every, share = japan("CHN", "all_goods"), japan("CHN")
    assert chips.versus_goods().estimate == pytest.approx(step({y: share[y] / every[y] for y in share}, 2023))
    mys = japan("MYS")
    assert chips.versus_partner("MYS").estimate == pytest.approx(step({y: share[y] / mys[y] for y in share}, 2023))
    assert chips.versus_partner("MYS").high < 1
    before, after = ([v for y, v in mys.items() if (y < 2023) == early] for early in (True, False))
    assert chips.japan_mean("MYS") == pytest.approx((sum(before) / len(before), sum(after) / len(after)))
    assert max(mys.values()) < 0.03, "正文说马来西亚只占一小块"
    assert all(chips.versus_partner(p).estimate > 1 for p in chips.PARTNERS if p != "MYS")


def test_goods_do_not_overlap():
    assert "semiconductor_devices" not in chips.GOODS, "它含集成电路"
    assert not [g for g in chips.GOODS if g.endswith("_total") or g == "all_goods"]
    listed = {r["goods"] for r in rows("japan_trade", flow="export")}
    parents = {"all_goods", "machinery_total", "electrical_machinery_total", "chemicals_total", "semiconductor_devices"}
    assert listed - parents - {chips.EQUIPMENT} == set(chips.GOODS), "除合计与设备之外，一种不少"


def test_american_processors_by_hand():
    own = step(chip("USA", "854231"), 2023)
    assert chips.headline()["processor"].estimate == pytest.approx(own)
    assert chips.headline()["processor"].high < 1
    found = {k: step(chip(*k), 2023) for k in chips.others()}
    assert own < min(found.values()) < own * 1.02, "正文说安慰剂没有一个更低，最低的几乎一样"
    assert min(found, key=found.get) == ("TWN", "847330")
    assert chips.placebo_lowest()[1] == pytest.approx(min(found.values()))
    assert chips.ranks()["chips"]["p"] == pytest.approx(1 / (1 + len(found)))
    usa, kor = chip("USA", "854231"), chip("KOR", "854231")
    assert chips.headline()["same"].estimate == pytest.approx(step({y: usa[y] / kor[y] for y in usa}, 2023))
    assert chips.headline()["same"].high < 1 < found["KOR", "854231"]
    assert {k[0] for k in chips.others()} == {"KOR", "TWN", "JPN"}
    fake = chips.fake_dates(chips.chip_series(chips.TREATED), 3, 2)
    short = chips.change(chips.chip_series(chips.TREATED), before=3, after=2).estimate
    assert (fake > short).all()
    assert (fake > 1).all(), "正文说假日子没有一个降到这样"
    assert len(rows("exports_to_china", exporter_iso3="TWN", hs6="854231")) == 0


def test_installed_share_by_hand():
    world = installed("WLD")
    share = {y: v / world[y] for y, v in installed("CHN").items()}
    region = chips.change(chips.region("CHN"))
    assert region.estimate == pytest.approx(step(share, 2023))
    assert region.low > 1
    flat = chips.change(chips.region("CHN"), trend=True)
    assert flat.low < 1 < flat.high, "正文说容许趋势就分不出"


def test_choices_that_flip_the_verdict():
    chip_rows, tool_rows = chips.processor_effects(), chips.equipment_effects()
    assert chip_rows.loc["2022 年起", "low"] < 1 < chip_rows.loc["2022 年起", "high"]
    assert (chip_rows[chip_rows["group"] == "中国占美国的处理器出口"]["estimate"] < 1).all()
    assert chip_rows.loc["容许直线趋势", "estimate"] < chip_rows.loc["2023 年起", "estimate"]
    own = tool_rows[tool_rows["group"] == "中国占日本的设备出口"]
    assert own.loc["2022 年起", "low"] < 1 < own.loc["2022 年起", "high"]
    assert own.loc["去掉 2023 年", "low"] > 1
    without = {y: v for y, v in japan("CHN").items() if y != 2023}
    assert own.loc["去掉 2023 年", "estimate"] == pytest.approx(step(without, 2024))


def test_the_picker_agrees_with_the_functions():
    found = chips.cases()
    assert found["start"] == [0, 0, 0, 1]
    first = found["ledgers"][0]["found"][0][0][1]
    assert first == pytest.approx(chips.headline()["japan"], abs=1e-4)
    ways = found["ledgers"][0]["ways"]
    assert found["ledgers"][0]["found"][ways.index("与马来西亚之比")][0][1] == pytest.approx(
        chips.versus_partner("MYS"), abs=1e-4
    )
    assert found["ledgers"][1]["found"][0][0][2] is None, "去掉 2023 年之后，装机只剩一年"
    counts = chips.verdict_table()
    assert chips.malaysia_only() == ["与马来西亚之比"]
    assert counts.loc[chips.BOOKS[4], "up"] == 0
    cells = [c for v in found["ledgers"] for way in v["found"] for start in way for c in start if c]
    assert counts.to_numpy().sum() == len(cells)
    assert all(c[1] <= c[0] <= c[2] for c in cells)


# ---- 上限 ----
def test_shortfalls_by_hand():
    usa, jpn = to_china("USA"), to_china("JPN")
    china = {y: v * 10 for y, v in installed("CHN").items()}
    past = [y for y in usa if y <= 2021]
    assert min(past) == 2017
    ratio = {y: usa[y] / china[y] for y in past}
    assert max(ratio.values()) > ratio[2021]
    x, z = np.array(past, float), np.array([math.log(usa[y] / jpn[y]) for y in past])
    slope, level = np.polyfit(x, z, 1)
    would = [
        usa[2021],
        ratio[2021] * china[2023],
        max(ratio.values()) * china[2023],
        usa[2021] * jpn[2023] / jpn[2021],
        math.exp(level + slope * 2023) * jpn[2023],
    ]
    found = chips.shortfalls()
    assert found["would"].tolist() == pytest.approx(would)
    assert found["gap"].tolist() == pytest.approx([w - usa[2023] for w in would])
    assert (found["gap"] > 0).all()
    top = chips.most()
    assert top["part_high"] == pytest.approx((max(would) - usa[2023]) / china[2023])
    assert top["added"] == pytest.approx(china[2023] - china[2021])
    assert top["added"] > top["high"], "正文说别处增加的比少卖的多"


# ---- 协同 ----
def test_funds_by_hand():
    found = chips.funds()
    capital = {r["entity"]: float(r["value"]) for r in rows("regional_indicators", indicator="fund_registered_capital")}
    assert found["capital"].tolist() == [capital[c] for c in chips.FUNDS]
    assert chips.headline()["capital"] == pytest.approx(987.2 + 2041.5 + 3440)
    third = rows("consortium_members", consortium_id="bigfund-3")
    stake = [float(r["stake"]) for r in third]
    seen = chips.third_phase()
    assert seen["named"] == pytest.approx(sum(stake) / 100)
    assert (seen["count"], seen["rest"]) == (len(third), 19 - len(third))
    assert seen["low"] == pytest.approx(sum((s / 100) ** 2 for s in stake))
    assert seen["high"] == pytest.approx(seen["low"] + (1 - seen["named"]) ** 2)
    assert (found["named"] < found["holders"]).all(), "正文说名单没有一期是全的"
    assert chips.fund_rows()["term"].tolist() == ["没有找到", "没有找到", "15 年"]


def test_no_fund_indicator_is_an_outcome():
    codes = {r["indicator"] for r in rows("regional_indicators") if r["entity"].startswith("big_fund")}
    inputs = {"fund_registered_capital", "fund_raised", "fund_shareholders", "fund_term", "fund_bank_share",
              "fund_bank_amount", "fund_mof_share"}  # fmt: skip
    assert {c for c in codes if not c.startswith("fund_allocation_")} == inputs
    assert len(chips.fund_indicators()) == len(codes)
    split = chips.allocation()
    assert split.index[-1] == "装备材料", "正文说分得最少的是装备材料"
    assert split.sum() == pytest.approx(100)


def test_capital_against_tools():
    rate = rows("trade_totals", goods="integrated_circuits", indicator="export_value", year=2024)
    money = {r["unit"]: float(r["value"]) for r in rate if r["period"] == "full_year"}
    china = {y: v * 10 for y, v in installed("CHN").items()}
    found = chips.capital_against_tools()
    dollars = found["total"] / (money["CNY_100m"] / money["USD_100m"])
    assert found["years"] == pytest.approx(dollars / china[2024])


def test_recurring_shareholders():
    lists = {}
    for r in rows("consortium_members"):
        if r["consortium_id"].startswith("bigfund-") or r["consortium_id"] == "smic-jingcheng":
            lists.setdefault(r["member_zh"], set()).add(r["consortium_id"])
    again = {k: len(v) for k, v in lists.items() if len(v) > 1}
    assert chips.recurring().to_dict() == again


def test_mixing_rests_on_one_list():
    kinds = {}
    for r in rows("consortium_members", list_status="complete"):
        if r["consortium_id"] in chips.complete_ids():
            kinds.setdefault(r["consortium_id"], []).append(r["org_type"])

    def crossing(ids):
        pairs = [a != b for k in ids for a, b in combinations(kinds[k], 2)]
        return sum(pairs) / len(pairs)

    every, rest = chips.mixing_chance(), chips.mixing_chance("rise")
    assert every.observed == pytest.approx(crossing(kinds))
    assert rest.observed == pytest.approx(crossing([k for k in kinds if k != "rise"]))
    assert every.observed < every.low
    assert every.p < 0.05
    assert rest.p > 0.2, "正文说不计 RISE 就与随机分不开"
    assert rest.low <= rest.observed <= rest.high
    pool = {r["member_zh"]: r["consortium_type"] for r in rows("consortium_members", list_status="complete")}
    assert list(pool.values()).count("standard_drafting") > len(pool) / 2, "正文说大多来自标准起草组"
    assert chips.shared_members() == 0, "正文说没有一个共同的成员"
    assert set(kinds["rise"]) == {"enterprise"}
    foreign = {k: {r["iso3"] for r in rows("consortium_members", consortium_id=k)} for k in chips.CONSORTIA}
    assert [k for k, v in foreign.items() if v != {"CHN"}] == ["rise"]


def test_chip_consortia_are_not_hand_picked_away():
    """按领域看，表里与芯片有关的名单，除基金、光电子、传感器与功放以外都在。"""
    words = ("集成电路", "处理器指令集", "操作系统")
    found = {r["consortium_id"] for r in rows("consortium_members") if any(w in r["field_zh"] for w in words)}
    assert {k for k in found if not k.startswith("bigfund")} == set(chips.CONSORTIA)


# ---- 说法 ----
def test_claims_are_graded_by_the_table():
    said = [r for r in rows("localisation") if r["item"] in chips.CLAIMED]
    found = chips.claims()
    assert len(found) == len(said) + len(chips.EARLY)
    assert chips.graded()["ranked"] == len(said) < chips.graded()["all"], "正文说其余没有分级"
    assert chips.graded()["official"] == sum(r["evidence"] == "official_statistics" for r in said) == 0
    assert chips.graded()["unclear"] == sum("口径没有说明" in r["note"] for r in said)
    market = [r for r in said if r["item"] == "chips_market"][0]
    assert "含外资" in market["note"]
    assert float(market["value"]) == 23


# ---- 重算 ----
def test_reproduced_values():
    found = chips.reproduced_summary()
    frame = chips.reproduced()
    assert found["count"] == len(frame) == 21
    assert found["largest"] == pytest.approx((frame["computed"] / frame["published"] - 1).abs().max())
    assert found["largest"] < 0.002
    world = rows("chip_equipment_billings", year=2024, iso3="WLD", period="annual")[0]
    parts = [
        float(r["value"]) for r in rows("chip_equipment_billings", year=2024, period="annual") if r["iso3"] != "WLD"
    ]
    both = frame[(frame["what"] == "装机额之和") & (frame["published"] == float(world["value"]) * 10)].iloc[0]
    assert both["computed"] == pytest.approx(sum(parts) * 10)


class TestSentences:
    """正文的定性判断，逐句对数据。"""

    def test_dates_in_the_text_are_the_dates_used(self, text):
        for day in chips.CONTROLS.values():
            moment = date.fromisoformat(day)
            assert f"{moment.month} 月 {moment.day} 日" in text
        assert {"bis2022", "meti2023", "nld2023"} <= set(re.findall(r"\{cite\}`([^`]+)`", text))

    def test_no_records_of_american_tools_after_2023(self, text):
        assert "美国的设备至 2023 年" in text
        assert max(to_china("USA")) == 2023

    def test_totals_state_no_basis(self, text):
        assert "依据没有写明" in text
        for node in ("stage_design", "stage_fabrication", "stage_assembly_testing_and_packaging_atp"):
            (row,) = rows("chip_provision", release=2026, node_id=node, provider="CHN", provider_kind="country")
            assert row["share_basis"] == "not_stated"

    def test_korea_did_not_fall_but_parts_did(self, text):
        assert "韩国与中国台湾对内地也降了差不多同样的倍数" in text
        own = step(chip("USA", "854231"), 2023)
        for iso3 in ("KOR", "TWN"):
            assert abs(step(chip(iso3, "847330"), 2023) - own) < 0.05

    def test_share_rebounded_into_its_old_range(self):
        share = chip("USA", "854231")
        old = [share[y] for y in range(2014, 2019)]
        assert chips.processor_span(2014, 2018) == pytest.approx((min(old), max(old)))
        assert share[2023] < min(old) < share[2024] < max(old) < share[2021]

    def test_no_cause_is_claimed_in_the_answer(self, text):
        answer = text.split("**一句话回答**")[1].split("阅读时间")[0]
        assert "分不开" in answer
        assert "管制改变了" not in text.split("## 小结")[1].split("## 练习")[0]
        assert chips.ranks()["chips"]["p"] > 0.05

    def test_the_range_is_not_called_a_bound(self, text):
        assert "**不是真正的上限**" in text
        assert "至多" not in text

    def test_rise_of_deposition_and_etch_is_in_the_other_chapter(self):
        known = chips.prc.step_change()["known"]
        assert known["薄膜沉积"]
        assert known["刻蚀与清洗"]
