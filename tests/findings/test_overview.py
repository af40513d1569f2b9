"""“四大支柱全景”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import math
import random
from collections import defaultdict
from itertools import product

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from chokepoint import plots
from chokepoint.findings import overview as ovw

from .raw import one, rows

PILLARS = ("components", "materials", "processes", "technology_base")


@pytest.fixture(scope="module")
def h():
    return ovw.headline()


@pytest.fixture(scope="module")
def patents():
    found = defaultdict(float)
    for r in rows("patents"):
        found[r["measure"], int(r["year"]), r["field"], r["iso3"]] += float(r["value"])
    return found


@pytest.fixture(scope="module")
def fields():
    return {r["field"]: r["pillar"] or "outside" for r in rows("patent_fields")}


def by_hand(patents, groups, measure, pillar, year=2020, iso3="CHN"):
    """一个支柱的份额与 RTA。"""
    own = [f for f, p in groups.items() if p == pillar]
    part = [sum(patents[measure, year, f, who] for f in own) for who in (iso3, "WLD")]
    whole = [sum(patents[measure, year, f, who] for f in groups) for who in (iso3, "WLD")]
    share = part[0] / part[1]
    return share, share / (whole[0] / whole[1])


# ---- 数字 ----
def test_headline_by_hand(h, patents, fields):
    for measure, short in (("inpadoc_family", "family"), ("uspto_grant", "grant")):
        for pillar in PILLARS:
            share, rta = by_hand(patents, fields, measure, pillar)
            assert h[f"share_{short}_{pillar}"] == pytest.approx(share)
            assert h[f"rta_{short}_{pillar}"] == pytest.approx(rta)
        whole = [sum(patents[measure, 2020, f, who] for f in fields) for who in ("CHN", "WLD")]
        assert h[f"all_{short}"] == pytest.approx(whole[0] / whole[1])
    assert [round(h[f"share_family_{p}"] * 100) for p in PILLARS] == [40, 62, 54, 53]
    assert [round(h[f"share_grant_{p}"] * 100) for p in PILLARS] == [7, 5, 4, 7]
    assert [round(h[f"rta_family_{p}"], 2) for p in PILLARS] == [0.80, 1.22, 1.07, 1.05]
    assert [round(h[f"rta_grant_{p}"], 2) for p in PILLARS] == [1.02, 0.72, 0.61, 1.04]


def test_share_lines_by_hand(patents, fields):
    lines = ovw.share_lines("inpadoc_family")
    assert (lines.index.min(), lines.index.max()) == (1998, 2020)
    for year, pillar in product((1998, 2009, 2020), PILLARS):
        assert lines.loc[year, pillar] == pytest.approx(
            100 * by_hand(patents, fields, "inpadoc_family", pillar, year)[0]
        )


def test_the_three_counts_of_2019(patents, fields):
    table = ovw.three_counts()
    assert table.index.name == "2019"
    for iso3, name in (("CHN", "中国"), ("USA", "美国"), ("KOR", "韩国")):
        filed = [one("index_checks", benchmark="wipo_pct", year=2019, iso3=who) for who in (iso3, "WLD")]
        assert table.loc[name, "pct"] == pytest.approx(100 * filed[0] / filed[1])
        own = [sum(patents["uspto_grant", 2019, f, who] for f in fields) for who in (iso3, "WLD", "USA")]
        assert table.loc[name, "grant"] == pytest.approx(100 * own[0] / own[1])
        assert ovw.foreign_share(2019)[iso3] == pytest.approx(own[0] / (own[1] - own[2]))


def test_ranges_by_enumeration(patents, fields):
    """去一领域与任意换归类的上下界：照定义逐种组合硬算（一个支柱）。"""
    measure, pillar = "uspto_grant", "materials"
    base = by_hand(patents, fields, measure, pillar)
    whole = base[0] / base[1]

    def rta(own):
        return (
            sum(patents[measure, 2020, f, "CHN"] for f in own)
            / sum(patents[measure, 2020, f, "WLD"] for f in own)
            / whole
        )

    own = [f for f, p in fields.items() if p == pillar]
    each = [rta([f for f in own if f != out]) for out in own]
    assert ovw.left_out(measure).loc[pillar].tolist() == pytest.approx([min(each), max(each)])
    other = {f: ovw.ALTERNATIVES.get(f, (p,))[0] for f, p in fields.items()}
    sure = [f for f in fields if fields[f] == other[f] == pillar]
    free = [f for f in fields if (fields[f] == pillar) != (other[f] == pillar)]
    every = [
        rta([*sure, *(f for f, on in zip(free, bits, strict=True) if on)]) for bits in product((0, 1), repeat=len(free))
    ]
    assert ovw.remapped(measure).loc[pillar].tolist() == pytest.approx([min(every), max(every)])
    assert len(every) > 8


def test_alternatives_name_real_fields_and_really_differ(fields):
    for field, (pillar, reason) in ovw.ALTERNATIVES.items():
        assert pillar in (*PILLARS, "outside")
        assert pillar != fields[field]
        assert reason


def test_value_added_by_hand(h):
    for year, key in ((2002, "value_first"), (2019, "value_last")):
        china, world = (
            one("industry_value_added", industry="kti_manufacturing", year=year, iso3=i) for i in ("CHN", "WLD")
        )
        assert h[key] == pytest.approx(china / world)
        japan = one("industry_value_added", industry="kti_manufacturing", year=year, iso3="JPN")
        assert ovw.without_japan()[year] == pytest.approx(china / (world - japan))
    china, world = (
        one("industry_value_added", industry="software_publishing", year=2019, iso3=i) for i in ("CHN", "WLD")
    )
    assert h["software"] == pytest.approx(china / world)


def test_trade_by_hand():
    own, world = (rows("kti_trade", year=2018, iso3=i)[0] for i in ("CHN", "WLD"))
    last = ovw.trade_shares().loc[2018]
    assert last["exports"] == pytest.approx(float(own["exports"]) / float(world["exports"]))
    assert last["ratio"] == pytest.approx(float(own["exports"]) / float(own["imports"]))


def test_spearman_by_hand(patents, fields):
    """无并列时的秩差公式。"""
    order = sorted(fields)
    ranks = []
    for m in ovw.MEASURES:
        value = {f: patents[m, 2020, f, "CHN"] / patents[m, 2020, f, "WLD"] for f in order}
        ranked = sorted(order, key=value.get)
        ranks.append([ranked.index(f) for f in order])
    n, d = len(order), sum((a - b) ** 2 for a, b in zip(*ranks, strict=True))
    table = ovw.agreement()
    assert table.loc["中国", "estimate"] == pytest.approx(1 - 6 * d / (n * (n * n - 1)))
    assert table.loc["中国", "low"] < table.loc["中国", "estimate"] < table.loc["中国", "high"]


def test_counting_error_is_the_smallest_cell(patents, fields):
    own = {p: sum(patents["uspto_grant", 2020, f, "CHN"] for f in fields if fields[f] == p) for p in PILLARS}
    total = sum(patents["uspto_grant", 2020, f, "CHN"] for f in fields)
    worst = max(math.sqrt(1 / v - 1 / total) for v in own.values())
    assert ovw.counting_error() == pytest.approx(math.exp(1.959964 * worst) - 1, abs=1e-4)


def log_rta(patents, fields, measure):
    whole = [sum(patents[measure, 2020, f, who] for f in fields) for who in ("CHN", "WLD")]
    return {
        f: math.log(patents[measure, 2020, f, "CHN"] / patents[measure, 2020, f, "WLD"] / (whole[0] / whole[1]))
        for f in fields
    }


def explained(values, groups):
    """组间平方和占比：由总平方和减组内平方和。"""
    kept = [f for f in values if groups[f] in PILLARS]

    def squares(some):
        mean = sum(values[f] for f in some) / len(some)
        return sum((values[f] - mean) ** 2 for f in some)

    inside = sum(squares(own) for p in PILLARS if (own := [f for f in kept if groups[f] == p]))
    return 1 - inside / squares(kept)


def test_signal_by_hand(patents, fields):
    other = {f: ovw.ALTERNATIVES.get(f, (p,))[0] for f, p in fields.items()}
    table = ovw.signal_range()
    for m in ovw.MEASURES:
        values = log_rta(patents, fields, m)
        assert ovw.pillar_signal(m)["share"] == pytest.approx(explained(values, fields))
        assert table.loc[m, "main"] == pytest.approx(explained(values, fields))
        assert table.loc[m, "alternative"] == pytest.approx(explained(values, other))


def test_random_mappings_by_another_seed(patents, fields):
    """另一批随机换归类：分位数应当相近。"""
    rng, table = random.Random(7), ovw.signal_range()
    for m in ovw.MEASURES:
        values = log_rta(patents, fields, m)
        drawn = sorted(
            explained(
                values,
                {
                    f: ovw.ALTERNATIVES[f][0] if f in ovw.ALTERNATIVES and rng.random() < 0.5 else p
                    for f, p in fields.items()
                },
            )
            for _ in range(2000)
        )
        for column, at in (("low", 100), ("median", 1000), ("high", 1899)):
            assert table.loc[m, column] == pytest.approx(drawn[at], abs=0.03)


def test_a_useless_grouping_is_found_useless():
    """把支柱的标签随手打乱，再作置换检验：与随手分组没有分别；原来的分组则有。"""
    main = ovw.mapping()
    kept = main[main != ovw.OUTSIDE]
    names = random.Random(3).sample(list(kept), len(kept))
    assert ovw.pillar_signal(ovw.FAMILY, groups=pd.Series(names, index=kept.index))["p"] > 0.1
    assert ovw.pillar_signal(ovw.FAMILY)["p"] < 0.01


def test_eda_claims_by_hand():
    table = ovw.eda_claims()
    assert table.loc["没有写年份"].tolist() == [10, 10, 15, 15]
    assert table.loc["2020 年"].tolist() == [11.5, 11.5, 0, 5]
    assert table.loc["2025 年"].tolist() == [10, 10, 20, 20]
    both = rows("eda_software", conflict="K03")
    assert {r["series"] for r in both} == {"eda_big3_share", "eda_domestic_share"}
    assert sum(float(r["value"]) for r in both) > 100


def test_revenue_growth_by_hand():
    level = {int(r["year"]): float(r["value"]) for r in rows("eda_software", series="industrial_software_revenue")}
    table = ovw.revenue_growth()
    assert list(table.index) == [2023, 2024]
    for year in table.index:
        assert table.loc[year, "implied"] == pytest.approx(100 * (level[year] / level[year - 1] - 1))


def test_lenses_and_grades():
    eda = ovw.eda_provision()
    assert eda["CHN"] == one("chip_provision", "share", release="2026", node_id=ovw.EDA_NODE, provider="CHN")
    grade = {r["source_id"]: r["grade"] for r in rows("sources")}
    listed = rows("eda_software")
    assert ovw.eda_grades() == {
        "rows": len(listed),
        "grade_a": sum(grade[r["source_id"]] == "A" for r in listed),
        "undated": sum(r["year_status"] == "not_stated" for r in listed),
    }
    low, high = sorted(float(r["value"]) for r in rows("eda_software", conflict="K01"))
    assert ovw.market_gap() == pytest.approx(high / low - 1)
    assert ovw.grants_jump() == pytest.approx(
        one("index_checks", benchmark="cnipa_grants", year=2015)
        / one("index_checks", benchmark="cnipa_grants", year=2014)
        - 1
    )


def test_the_picker_carries_what_the_package_computes(h):
    """网页上照这份数据只做加法与除法：在这里照样做一遍，与包里的相同。"""
    given = ovw.picker()
    for economy, iso3 in enumerate(ovw.PEERS):
        for m, measure in enumerate(ovw.MEASURES):
            whole = sum(f["counts"][m][economy] for f in given["fields"]) / sum(f["world"][m] for f in given["fields"])
            for p, pillar in enumerate(ovw.PILLARS):
                own = [f for f in given["fields"] if f["main"] == p]
                share = sum(f["counts"][m][economy] for f in own) / sum(f["world"][m] for f in own)
                assert share / whole == pytest.approx(ovw.advantage(measure).loc[pillar, iso3])
    (software,) = [f for f in given["fields"] if f["software"]]
    assert given["pillars"][software["alternative"]] == "产业基础软件"


# ---- 图 ----
def test_charts_refuse_what_they_cannot_draw():
    with pytest.raises(ValueError, match="缺失"):
        plots.panel_lines({"甲": pd.DataFrame({"a": [1.0, None]})}, colors={"a": "#000000"}, names={"a": "甲"})
    bad = pd.DataFrame({"line": ["甲"], "x": [2000], "y": [0], "segment": ["一"], "kind": ["observed"]})
    with pytest.raises(ValueError, match="名次"):
        plots.rank_editions(bad, ylabel="位", colors={"甲": "#000000"})
    plt.close("all")


def test_editions_are_never_joined():
    points = ovw.rank_points()
    fig = plots.rank_editions(
        points, ylabel="位", colors=dict(zip(ovw.BENCHMARKS.values(), plots.PALETTE, strict=False))
    )
    drawn = sum(len(line.get_xdata()) > 1 for line in fig.axes[0].lines)
    sizes = points.groupby(["line", "segment"]).size()
    assert drawn == (sizes > 1).sum()
    plt.close("all")


class TestSentences:
    """正文里没有写成数字的判断：数据变了、判断不再成立，就在这里失败。"""

    def test_the_counts_disagree_widely_but_not_for_china_alone(self, h):
        for pillar in PILLARS:
            assert h[f"share_family_{pillar}"] / h[f"share_grant_{pillar}"] > 5
        tops = [ovw.share_lines(m).max(axis=None) for m in ovw.MEASURES]
        assert tops[0] > 5 * tops[1]
        table = ovw.three_counts()
        assert table.loc["美国", "grant"] > 3 * table.loc["美国", "family"]
        assert table.loc["中国", "grant"] < table.loc["中国", "pct"] < table.loc["中国", "family"]

    def test_the_order_turns_over_every_year_since_1999(self):
        assert ovw.swapped_years() == list(range(1999, 2021))

    def test_pillars_mean_something_in_families_and_under_the_main_mapping_only(self):
        assert ovw.pillar_signal(ovw.FAMILY)["p"] < 0.01
        assert ovw.pillar_signal(ovw.GRANT)["p"] > 0.5
        family, grant = ovw.signal_range().loc[ovw.FAMILY], ovw.signal_range().loc[ovw.GRANT]
        assert family["main"] > family["high"]
        assert family["alternative"] < family["main"] / 4
        assert grant["alternative"] > grant["main"]

    def test_all_alternatives_at_once_overturn_the_order(self):
        family, grant = (ovw.advantage(m, groups=ovw.alternatives())["CHN"] for m in ovw.MEASURES)
        assert family.idxmax() == "technology_base"
        assert ovw.advantage(ovw.GRANT)["CHN"]["processes"] < 1 < grant["processes"]

    def test_single_moves_rarely_matter_and_random_ones_do(self):
        table = ovw.claim_table()
        assert table["main"].all()
        assert (table["single"] >= table["moves"] - 4).all()
        assert table["random"].idxmax() == "同族：零部件低于平均"
        assert table.loc[["同族：零部件低于平均", "同族：材料高于平均"], "random"].min() > 0.9
        assert table.loc[["同族：零部件低于平均", "同族：材料高于平均"], "single"].eq(22).all()
        assert table["random"].idxmin() == ovw.SWAP
        assert table.loc[ovw.SWAP, "random"] < 0.6
        assert table.loc[ovw.SWAP, "single"] == table.loc[ovw.SWAP, "moves"] - 1

    def test_software_made_the_technology_base_look_strong(self):
        four, five = (ovw.advantage(ovw.GRANT, groups=g)["CHN"] for g in (None, ovw.five()))
        assert four.idxmax() == "technology_base"
        assert four["technology_base"] > 1
        assert five["technology_base"] < 1
        assert five[list(PILLARS)].idxmax() == "components"

    def test_who_moves_the_leader(self):
        assert ovw.movers(ovw.FAMILY) == ["电气机械、装置与能源"]
        moved = ovw.single_moves().loc["电气机械、装置与能源", ovw.FAMILY]
        assert moved == "先进基础工艺"
        assert "计算机技术" in ovw.movers(ovw.GRANT)

    def test_two_intervals_hold_zero_and_a_third_touches_it(self):
        table = ovw.agreement()
        assert set(table.index[table["low"] < -0.05]) == {"中国", "韩国"}
        assert abs(table.loc["美国", "low"]) < 0.05
        assert table["low"].drop(["中国", "韩国", "美国"]).min() > 0.05
        assert list(table.index[:2]) == ["中国台湾", "日本"]

    def test_remapping_is_wider_than_counting(self):
        for m in ovw.MEASURES:
            table = ovw.ranges(m)
            assert ((table["most"] - table["least"]) / table["main"] > 2 * ovw.counting_error()).all()
            crosses = (table["least"] < 1) & (table["most"] > 1)
            assert crosses.all()

    def test_the_base_does_not_change_the_order(self):
        assert ovw.base_shift()["order"] == 1
        assert max(ovw.year_shift().values()) < ovw.headline()["rta_family_materials"] - 1

    def test_output(self):
        pairs = ovw.value_pairs()
        assert (pairs["last"] > pairs["first"]).all()
        assert len(pairs) == 12
        assert (pairs.index[0], pairs.index[-1]) == ("电气设备", "软件出版")
        assert ovw.lead_years("kti_manufacturing") == list(range(2011, 2020))
        assert ovw.lead_years("kti_services") == []
        assert ovw.lead_years("kti_total") == [2018]
        own, peer = (one("industry_value_added", industry="kti_total", year=2018, iso3=i) for i in ("CHN", "USA"))
        assert ovw.lead_margin("kti_total", 2018) == pytest.approx(own / peer - 1)
        assert 0 < own / peer - 1 < 0.01
        trade = ovw.trade_shares()["ratio"]
        assert trade.iloc[0] < 1 < trade.iloc[-1]

    def test_ranks_disagree(self):
        assert ovw.rank("unido_cip", "2018", 2016) == 3
        assert ovw.rank("harvard_eci", "2017", 2016) == 26
        assert ovw.rank("unido_cip", "2018", 2016, "index_rank_co2") == 20
        old, new, later = (ovw.rank("unido_cip", e, y) for e, y in (("2009", 2000), ("2013", 2000), ("2009", 2005)))
        assert old - new > old - later > 0
        latest = max(r["edition"] for r in rows("index_checks", benchmark="aspi_tracker"))
        assert latest == "2025-12"
        (tier,) = rows("index_checks", benchmark="cae_manufacturing", edition="2025")
        assert float(tier["value"]) == 2
        with pytest.raises(KeyError):
            ovw.rank("unido_cip", "2018", 1990)

    def test_software_has_no_code(self):
        items = ovw.software_items()
        assert items.index[items["proxy"] != "无"].tolist() == [15]
        lens = ovw.software_lenses()
        assert lens["china"].iloc[1] == "53.5%"
        assert lens["china"].iloc[-1] == "1%"

    def test_research_and_design_software_is_lowest(self):
        kinds = ovw.domestic_by_class()
        assert (kinds.index[0], kinds.index[-1]) == ("经营管理类", "研发设计类")

    def test_japan_keeps_its_order_but_for_materials(self):
        family, grant = (ovw.advantage(m)["JPN"] for m in ovw.MEASURES)
        assert family.idxmax() == "components"
        assert family["processes"] > 1
        assert grant["processes"] > 1
        assert family["technology_base"] < 1
        assert grant["technology_base"] < 1
        assert family["materials"] < 1 < grant["materials"]

    def test_semiconductors_moved_on_after_2020(self):
        tail = ovw.semiconductor_tail()
        assert tail[2022] > tail[2020]
        assert tail.index.max() == 2022

    def test_electronics_and_optics_are_the_export_side(self):
        groups = ovw.quadrants()
        assert set(groups["grant_only"]) == {"光学", "半导体", "电信", "电气机械、装置与能源"}
        assert groups["family_only"][:3] == ["化学工程", "基础材料化学", "机床"]
