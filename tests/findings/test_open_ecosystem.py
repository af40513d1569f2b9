"""“开放合作”一章的数字：从 CSV 另行重算，并看守每一句定性的话。"""

import re
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from chokepoint.findings import open_ecosystem as oe

from .raw import one, rows

EVENTS = rows("export_controls")
DATED = [(date.fromisoformat(r["date"]), r) for r in EVENTS if r["date_precision"] == "day"]
TIGHT = [(d, r) for d, r in DATED if r["action"] in ("impose", "expand")]
THEIRS = sorted({d.toordinal() for d, r in TIGHT if r["direction"] == "against_china"})
OURS = sorted({d.toordinal() for d, r in TIGHT if r["direction"] == "by_china"})
RARE = {r["node_id"] for r in rows("crm_nodes") if r["material_group"] in ("lrees", "hrees")}
BAD = {r["node_id"] for r in rows("crm_provision") if r["caution"] == "contradicted"}
TRIO = ("USA", "JPN", "NLD")

WORLD = defaultdict(dict)
for _r in rows("crm_provision", scope="global_production"):
    WORLD[_r["node_id"]][_r["iso3"]] = float(_r["share"])
CHIP = defaultdict(dict)
for _r in rows("chip_provision", release="2026", provider_kind="country"):
    CHIP[_r["node_id"]][_r["provider"]] = float(_r["share"]) if _r["share"] else None
STAGES = {r["node_id"] for r in rows("chip_nodes", kind="stage")}


def gone(table, who, skip=()):
    """每个有具名份额的节点失去多少：``who`` 是去掉的供应者，``None`` 是中国以外全部（不含余数）。"""
    out = {}
    for node, shares in table.items():
        if node in skip or not any(v is not None for v in shares.values()):
            continue
        kept = {p: v or 0 for p, v in shares.items() if p != "VAR"}
        out[node] = min(100, sum(v for p, v in kept.items() if (p != "CHN" if who is None else p in who)))
    return out


def chips(who):
    return gone(CHIP, who, STAGES)


def minerals(who, rare=True):
    return gone(WORLD, who, BAD | (set() if rare else RARE))


def count(lost, threshold=65):
    return sum(v + 1e-9 >= threshold for v in lost.values())


def down_the_line(lost, threshold=65):
    """矿产图：开采断了，加工也断。"""
    dead = {n for n, v in lost.items() if v + 1e-9 >= threshold}
    edges = [(r["from_node"], r["to_node"]) for r in rows("crm_edges", relation="goes_into")]
    return dead | {b for a, b in edges if a in dead and b not in BAD}


def mean(lost):
    return sum(lost.values()) / len(lost)


class TestAccounts:
    def test_rail_slope_from_all_pairs(self):
        own = {
            int(r["year"]): float(r["value"])
            for r in rows("openness", indicator="hsr_operating_length", period="full_year")
        }
        slopes = [(own[b] - own[a]) / (b - a) for a, b in combinations(sorted(own), 2)]
        assert oe.rail_slope().estimate == pytest.approx(np.median(slopes))
        assert oe.rail_slope().low < oe.rail_slope().estimate < oe.rail_slope().high
        assert oe.rail_blank() == [y for y in range(2015, 2024) if y not in own]

    def test_lower_bounds_stand_apart(self):
        points = oe.rail_points()
        bounds = rows("openness", indicator="hsr_operating_length", bound="at_least")
        assert (points["segment"] == "下限").sum() == len(bounds) > 0
        assert set(points.loc[points["segment"] == "下限", "kind"]) == {"uncertain"}

    def test_implied_world(self):
        flow, share = (one("openness", indicator=f"odi_flow_{k}", year=2020) for k in ("total", "world_share"))
        found = oe.abroad().loc[2020]
        assert found["world"] == pytest.approx(flow / share * 100)
        assert found["low"] < found["world"] < found["high"]
        cut = oe.denominator()
        assert cut["share"] == pytest.approx(cut["flow"] / cut["world"])

    def test_manufacturing_agrees_with_its_stated_share(self):
        part, whole = (one("openness", indicator=f"odi_flow_{k}", year=2020) for k in ("manufacturing", "total"))
        assert 100 * part / whole == pytest.approx(
            one("openness", indicator="odi_flow_manufacturing_share", year=2020), abs=0.05
        )


class TestWaves:
    def test_half_years(self):
        found, label = oe.waves(), {"impose": "新设", "expand": "扩大或收紧", "relax": "放松或撤销", "suspend": "暂停"}
        expected = Counter(
            (r["direction"], f"{d.year} {'上' if d.month <= 6 else '下'}", label[r["action"]]) for d, r in DATED
        )
        assert sum(f.to_numpy().sum() for f in found.values()) == len(DATED) == len(EVENTS) - 1
        for (side, half, action), n in expected.items():
            assert found[side].loc[half, action] == n

    def test_entity_series_never_join(self):
        points = oe.entity_points()
        for series, name in (("listed_2022_05", oe.SNAPSHOT), ("china_in_rules", oe.RULES)):
            for year in (2018, 2020, 2023, 2025):
                own = [
                    int(r["entries"]) for r in rows("entity_list_monthly", series=series) if r["month"][:4] == str(year)
                ]
                got = points.loc[(points["line"] == name) & (points["x"] == year), "y"].tolist()
                assert got == ([sum(own)] if own else [])
        later = points[points["line"] == oe.RULES]
        assert later["segment"].is_unique
        assert set(later["kind"]) == {"uncertain"}

    def test_totals_and_overlap(self):
        total = oe.entity_totals()
        assert total["snapshot"] == sum(int(r["entries"]) for r in rows("entity_list_monthly", series="listed_2022_05"))
        assert total["rules"] == sum(
            int(r["china_entries"] or 0) for r in rows("entity_list_rules") if r["date"] > "2022-05"
        )
        assert (oe.overlap()["rules"] == oe.overlap()["alive"]).all()


def naive(theirs, ours, window, least=1):
    """一对日子一对日子地数：（中方在后，对方在后）。"""
    after = [any(least <= b - a <= window for b in ours) for a in theirs]
    back = [any(least <= a - b <= window for a in theirs) for b in ours]
    return sum(after) / len(after), sum(back) / len(back)


class TestAnswer:
    @pytest.mark.parametrize("window", oe.WINDOWS)
    def test_observed(self, window):
        found = oe.answered()
        assert found["observed"].xs(window, level="window").tolist() == pytest.approx(naive(THEIRS, OURS, window))
        again = oe.answered("同一天也算")["observed"].xs(window, level="window")
        assert again.tolist() == pytest.approx(naive(THEIRS, OURS, window, least=0))

    def test_null_from_another_shuffle(self):
        """用标准库另打乱一次：平均应当相近。"""
        import random

        rng, got = random.Random(5), []
        end = date.fromisoformat(oe.LAST_DAY).toordinal()
        for _ in range(400):
            moved = []
            for year, n in Counter(date.fromordinal(d).year for d in OURS).items():
                first, last = date(year, 1, 1).toordinal(), min(date(year, 12, 31).toordinal(), end)
                moved += rng.sample(range(first, last + 1), n)
            got.append(naive(THEIRS, moved, 30))
        for value, direction in zip(np.mean(got, axis=0), (oe.AFTER_THEM, oe.AFTER_US), strict=True):
            assert oe.answered().loc[(direction, 30), "mean"] == pytest.approx(value, abs=0.02)

    def test_moved_days_stay_in_their_block(self):
        _, by = oe.days()
        moved = oe._moved(by, False, np.random.default_rng(1))
        years = moved.astype("datetime64[D]").astype("datetime64[Y]")
        assert (years == by.astype("datetime64[D]").astype("datetime64[Y]")).all()
        assert all(len(set(row)) == len(row) for row in moved[:50])

    def test_ways_change_the_days(self):
        theirs, ours = oe.days()
        assert (len(theirs), len(ours)) == (len(THEIRS), len(OURS))
        assert len(oe.days(laws=False)[1]) == len(
            {d for d, r in TIGHT if r["direction"] == "by_china" and r["instrument"] != "law"}
        )
        usa = {d.toordinal() for d, r in TIGHT if r["direction"] == "against_china" and r["iso3"] == "USA"}
        assert len(oe.days(usa=True)[0]) == len(usa)
        assert min(oe.days(since=2023)[0]) >= (date(2023, 1, 1) - date(1970, 1, 1)).days
        assert (oe.days(lead=6)[1] == ours).all()
        assert set(oe.days(lead=6)[0]) != set(theirs)

    def test_a_planted_reply_is_found(self):
        """若中方总在三天后跟上，检验要看得出来。"""
        theirs = np.array(THEIRS) - date(1970, 1, 1).toordinal()
        real = oe.followed(theirs, (theirs[::3] + 3)[None])[0]
        fake = oe.followed(theirs, oe._moved(theirs[::3] + 3, False, np.random.default_rng(2)))
        assert (fake[:, 0] >= real[0]).mean() < 0.01

    def test_adjusted_is_never_below_the_best_single(self):
        for way in oe.WAYS:
            found = oe.answered(way)
            assert (found["adjusted"] >= 1 / (oe.DRAWS + 1) - 1e-12).all()
            assert found["adjusted"].between(0, 1).all()

    def test_leads_read_from_the_notes(self):
        for event, gap in oe.documented_leads().items():
            (row,) = rows("export_controls", event_id=event)
            said = [date.fromisoformat(d) for d in re.findall(r"\d{4}-\d{2}-\d{2}", row["note"] + row["event"])]
            assert gap in [(date.fromisoformat(row["date"]) - d).days for d in said]


class TestClosing:
    @pytest.mark.parametrize(
        ("closing", "who"),
        [(oe.USA_ONLY, ("USA",)), (oe.ALLIES, TRIO), (oe.EVERYONE, None), (oe.CHINA_SHUTS, ("CHN",))],
    )
    def test_lost_and_stopped(self, closing, who):
        for graph, found in ((oe.CHIPS, chips(who)), (oe.MINERALS, minerals(who))):
            own = oe.lost(graph, closing)
            assert own.to_dict() == pytest.approx(found)
            assert oe.stopped(graph, closing, column="own") == count(found)
            assert oe.average(graph, closing).estimate == pytest.approx(mean(found))
            for part in oe.PARTS:
                assert oe.partly(graph, closing, part) == sum(v * part + 1e-9 >= 65 for v in found.values())
        for threshold in (50, 65, 80):
            dead = down_the_line(minerals(who), threshold)
            assert oe.stopped(oe.MINERALS, closing, threshold=threshold) == len(dead)

    def test_without_rare_earths(self):
        nodes = [r["node_id"] for r in rows("crm_nodes", kind="raw_material") if r["node_id"] not in BAD | RARE]
        assert len(oe.kept(oe.MINERALS, rare=False)) == len(nodes)
        dead = down_the_line(minerals(("CHN",), rare=False))
        assert oe.without_rare()[65] == pytest.approx(len(dead) / len(nodes))
        elements = {r["material"] for r in rows("crm_nodes") if r["node_id"] in RARE} - {"lrees", "hrees"}
        assert oe.rare_earths() == len(elements) == 15

    def test_unsure_nodes_list_the_closer_without_a_share(self):
        """说不准的：列了中国而没有给份额，只看自己；连同传导只会更多。"""
        for who, closing in ((("CHN",), oe.CHINA_SHUTS), (TRIO, oe.ALLIES)):
            dead = count(chips(who))
            hidden = 0
            for node, shares in CHIP.items():
                if node in STAGES or not any(p in who and v is None for p, v in shares.items()):
                    continue
                given = [v for p, v in shares.items() if v is not None and p != "VAR"]
                lost = sum(shares.get(p) or 0 for p in who)
                hidden += lost < 65 <= lost + max(0, 100 - sum(given))
            own = oe.stopped(oe.CHIPS, closing, column="own", state="unknown")
            assert oe.stopped(oe.CHIPS, closing, column="own") == dead
            assert own == hidden
            assert oe.stopped(oe.CHIPS, closing, state="unknown") >= own
        assert oe.stopped(oe.MINERALS, oe.CHINA_SHUTS, state="unknown") == 0

    @pytest.mark.parametrize("rare", [True, False])
    def test_many_against_one_from_another_bootstrap(self, rare):
        theirs, ours = minerals(None, rare), minerals(("CHN",), rare)
        nodes = {r["node_id"]: r for r in rows("crm_nodes", kind="raw_material")}
        sums = defaultdict(lambda: np.zeros(2))
        for n in theirs:
            own = nodes[n]["material_group"] if n in RARE else nodes[n]["material"]
            sums[own] += (theirs[n] - ours[n], 1)
        table = np.array(list(sums.values()))
        rng, found = np.random.default_rng(11), oe.many_against_one(rare)
        drawn = table[rng.integers(len(table), size=(2000, len(table)))].sum(axis=1)
        want = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
        assert found.estimate == pytest.approx(mean(theirs) - mean(ours))
        assert (found.low, found.high) == pytest.approx(want, abs=6)

    def test_node_weights(self):
        for rare in (True, False):
            a, b = len(chips(())), len(minerals((), rare=rare))
            assert oe.node_weight(rare) == pytest.approx(a / (a + b))
        assert (oe.named_nodes(oe.CHIPS), oe.named_nodes(oe.MINERALS)) == (len(chips(())), len(minerals(())))

    def test_downstream_uses(self):
        dead = down_the_line(minerals(("CHN",)))
        hit = [r for r in rows("crm_edges", relation="used_in") if r["from_node"] in dead]
        found = oe.uses_lost(oe.CHINA_SHUTS)
        named = {r["node_id"] for r in rows("crm_nodes", kind="industry_sector") if r["nace"]}
        assert found["uses"] == len(hit)
        assert found["sectors"] == len({r["to_node"] for r in hit} & named)

    def test_balance_from_the_formula(self):
        def weight(them, c, m):
            c1, c2, m1, m2 = mean(c(them)), mean(c(("CHN",))), mean(m(them)), mean(m(("CHN",)))
            return 100 * (m2 - m1) / (c1 - c2 + m2 - m1)

        found = oe.balances()
        assert found.loc["美日荷对中国，平均失去", "estimate"] == pytest.approx(weight(TRIO, chips, minerals))
        assert found.loc["只有美国对中国", "estimate"] == pytest.approx(weight(("USA",), chips, minerals))
        bare = weight(TRIO, chips, lambda who: minerals(who, rare=False))
        assert found.loc["不含 15 种稀土", "estimate"] == pytest.approx(bare)
        assert (found["low"] < found["estimate"]).all()
        assert (found["estimate"] < found["high"]).all()

    def test_ranks(self):
        total = Counter()
        for node, shares in CHIP.items():
            for p, v in shares.items():
                total[p] += 0 if node in STAGES or v is None or p == "VAR" else v
        total.pop("VAR", None)
        assert oe.rank_among(oe.CHIPS)["rank"] == 1 + sum(v > total["CHN"] for v in total.values())
        others = [p for p in total if p != "CHN"]
        best = max(combinations(others, 3), key=lambda t: sum(total[p] for p in t))
        assert set(best) == set(TRIO)
        assert oe.trio_rank()["rank"] == 1


class TestSentences:
    def test_share_fell_because_the_denominator_grew(self):
        cut, world = oe.denominator(), oe.abroad()["world"]
        assert cut["flow"] > 1 > cut["share"]
        assert world[2020] < 0.6 * world.drop(2020).min()
        flow = {y: one("openness", indicator="odi_flow_total", year=y) for y in (2016, 2023, 2024)}
        assert oe.since_peak() == pytest.approx(flow[2024] / flow[2016])
        assert max(flow[2023], flow[2024]) < flow[2016]

    def test_tender_conflicts_and_new_length_disagrees(self):
        assert oe.tender() == [140, 200]
        assert {r["conflict"] for r in rows("openness", indicator="emu_tender_2004_trainsets")} == {"K01"}
        assert oe.rail_gap()["new"] != oe.rail_gap()["grown"]

    def test_waves(self):
        early = [r for r in EVENTS if r["direction"] == "by_china" and r["date"] < "2023"]
        assert {r["instrument"] for r in early} == {"law"}
        assert oe.domains(oe.BY).idxmax() == "矿产与材料"
        assert set(oe.domains(oe.AGAINST).index[:2]) <= {"芯片与制造设备", "人工智能与高性能计算", "通用或多领域"}
        assert "、" in oe.peak(oe.AGAINST)["when"]
        assert "、" not in oe.peak(oe.BY)["when"]
        a, b = oe.loosened(oe.AGAINST), oe.loosened(oe.BY)
        assert min(a.high, b.high) - max(a.low, b.low) > 0.5 * (a.high - a.low)
        assert oe.truce() <= 3

    def test_december_2024_is_out_of_order(self):
        (ours,) = [r for r in EVENTS if r["date"] == "2024-12-03"]
        assert ours["direction"] == "by_china"
        theirs = [r for r in EVENTS if r["date"] == "2024-12-05"]
        assert theirs
        assert all("2024-12-02" in r["note"] for r in theirs)

    def test_nobody_is_shown_to_answer(self):
        ways = oe.answer_table()
        assert (ways["them_p"] > 0.05).all()
        assert ways["them_p"].idxmin() == "联邦公报的日期前移 6 天"
        assert ways.loc["主口径", "them"] == 0
        assert ways.loc["主口径", "us"] > 0
        assert ways.loc["主口径", "us_p"] < 0.05
        assert ways.loc["日期不动，打乱归属", "us"] == 0
        assert ways.loc[["日期不动，打乱归属", "在半年之内打乱", "不算法律的施行"], "us_p"].min() > 0.05
        assert list(ways.index)[-3] == "日期不动，打乱归属"
        last, main = ways.iloc[-1], ways.iloc[0]
        assert last["ratio_us"] - last["ratio_them"] < main["ratio_us"] - main["ratio_them"]

    def test_flows(self):
        text = oe.flows().set_index("flow")["change"]
        head = {k: float(v.split("（")[0]) for k, v in text.items()}
        assert head["日本卖出的设备里，中国的份额"] > 1
        assert head["世界装机里，中国的份额"] > 1
        assert head["美国卖出的处理器里，中国的份额"] < 1
        placebo = oe.flows().set_index("flow")["placebo"]
        assert "，0 个更低" in placebo["美国卖出的处理器里，中国的份额"]
        assert "，0 个更低" in placebo["中国石墨一篮的出口量"]
        assert oe.flows()["p"].min() > 0.05
        spans = [[float(v) for v in re.search(r"（(.+)–(.+)）", t).groups()] for t in text]
        assert all(high < 1 or low > 1 for low, high in spans)

    def test_opposite_directions(self):
        for t in oe.THRESHOLDS:
            for reading in ("any", "all"):
                pair = [oe.stopped(oe.CHIPS, c, threshold=t, reading=reading) for c in (oe.ALLIES, oe.CHINA_SHUTS)]
                assert pair[0] > pair[1], t
                unsure = oe.stopped(oe.CHIPS, oe.CHINA_SHUTS, threshold=t, reading=reading, state="unknown")
                assert (pair[0] > pair[1] + unsure) == (t < 100), t
            for rare in (True, False):
                a, b, c = (
                    oe.stopped(oe.MINERALS, c, rare=rare, threshold=t) for c in (oe.ALLIES, oe.CHINA_SHUTS, oe.EVERYONE)
                )
                if t < 100:
                    assert a < b < c, (t, rare)
        top = max(oe.THRESHOLDS)
        assert oe.stopped(oe.MINERALS, oe.EVERYONE, threshold=top) < oe.stopped(
            oe.MINERALS, oe.CHINA_SHUTS, threshold=top
        )
        bare = {c: oe.stopped(oe.MINERALS, c, rare=False, threshold=top) for c in oe.CLOSINGS}
        assert bare[oe.ALLIES] == bare[oe.CHINA_SHUTS] == 0 < bare[oe.EVERYONE]

    def test_product(self):
        stops = oe.product_stops()
        assert stops[oe.ALLIES] == "做不出、说不准"
        assert stops[oe.CHINA_SHUTS] == "说不准"

    def test_one_against_all_hangs_on_rare_earths(self):
        whole, bare = oe.many_against_one(), oe.many_against_one(rare=False)
        assert whole.low < 0 < whole.estimate
        assert bare.low > 0

    def test_half_open_door_breaks_nothing(self):
        assert all(oe.partly(g, c, 0.5) == 0 for g in (oe.CHIPS, oe.MINERALS) for c in oe.CLOSINGS)

    def test_who_loses_more_turns_with_the_choice(self):
        found, line = oe.balances(), 100 * oe.node_weight()
        main, usa = found.iloc[0], found.loc["只有美国对中国"]
        assert main["estimate"] < line < main["high"]
        assert usa["low"] < line < usa["estimate"]
        bare = found[["稀土" in name for name in found.index]]
        assert len(bare) == 2
        assert (bare["high"] < 100 * oe.node_weight(rare=False)).all()
        assert (bare["estimate"] < main["estimate"]).all()
        assert list(found.index[found["estimate"] > line]) == ["只有美国对中国"]
        assert oe.rank_among(oe.MINERALS)["rank"] == 1
        assert oe.rank_among(oe.CHIPS)["rank"] > 1

    def test_headline(self):
        found = oe.headline()
        assert found["events"] == len(EVENTS)
        assert found["minerals_china"] == oe.stopped(oe.MINERALS, oe.CHINA_SHUTS)
