"""第一部分的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

from collections import Counter, defaultdict

import pytest

from chokepoint.findings import identify

from .raw import rows


@pytest.fixture(scope="module")
def h():
    return identify.headline()


def best_rung(strengths):
    order = {name: i for i, name in enumerate(identify.RUNGS, 1)}
    best = defaultdict(int)
    for row in rows("status_updates"):
        if row["direction"] == "progress" and row["source_strength"] in strengths:
            best[row["tech_id"]] = max(best[row["tech_id"]], order[row["solidity"]])
    return best


def test_pillars_by_hand():
    tech = rows("chokepoints")
    found = identify.pillar_bounds()
    main = Counter(r["pillar"] for r in tech)
    both = Counter(p for r in tech for p in {r["pillar"], r["pillar_alt"]} - {""})
    fixed = Counter(r["pillar"] for r in tech if r["pillar_alt"] in ("", r["pillar"]))
    for pillar, row in found.iterrows():
        assert (row["main"], row["low"], row["high"]) == (main[pillar], fixed[pillar], both[pillar])
    assert found["main"].sum() == len(tech)


def test_countries_by_hand():
    named = defaultdict(set)
    for r in rows("chokepoint_countries"):
        named[r["tech_id"]].add(r["iso3"])
    found = identify.supplier_countries()
    for iso3, row in found.iterrows():
        holders = [s for s in named.values() if iso3 in s]
        assert row["named"] == len(holders)
        assert row["sole"] == sum(len(s) == 1 for s in holders)
        assert row["weighted"] == pytest.approx(sum(1 / len(s) for s in holders))
    assert found["weighted"].sum() == pytest.approx(len(named))
    assert found["name_zh"].notna().all()


def test_ladder_by_hand(h):
    total = len(rows("chokepoints"))
    for name, strengths in identify.STRENGTHS.items():
        best = best_rung(strengths)
        expected = Counter(best.values())
        expected[0] = total - len(best)
        assert identify.ladder_counts().loc[name].tolist() == [expected[i] for i in range(5)]
    every, strong = best_rung({"weak", "medium", "strong"}), best_rung({"strong"})
    assert h["any_progress"] == len(every)
    assert h["any_strong"] == len(strong)
    assert h["share_strong"] == sum(v == 4 for v in strong.values())
    assert h["volume_all"] == sum(v >= 3 for v in every.values())


def test_every_progress_row_stands_on_the_ladder():
    found = {r["solidity"] for r in rows("status_updates") if r["direction"] == "progress"}
    assert found <= set(identify.RUNGS)


def test_dependence_by_hand(h):
    stuck = {r["tech_id"] for r in rows("status_updates") if r["direction"] in identify.DEPENDENCE}
    assert h["dependence"] == len(stuck)
    assert h["both"] == len(stuck & set(best_rung({"weak", "medium", "strong"})))


def test_barriers_by_hand(h):
    present = [r for r in rows("chokepoint_barriers") if r["present"] == "true"]
    counts = Counter(r["barrier"] for r in present)
    assert identify.barrier_ranks()["count"].to_dict() == dict(counts)
    assert h["knowhow"] == counts["process_knowhow"]
    by_tech = defaultdict(set)
    for r in present:
        by_tech[r["tech_id"]].add(r["barrier"])
    pairs = identify.barrier_pairs()
    for a in pairs:
        for b in pairs:
            assert pairs.loc[a, b] == sum({a, b} <= s for s in by_tech.values())


def test_visibility_by_hand(h):
    proxy, match = defaultdict(list), defaultdict(list)
    for r in rows("hs_proxy"):
        proxy[r["tech_id"]].append(identify.PROXY_ORDER.index(r["proxy_quality"]))
    for r in rows("aspi_map"):
        match[r["tech_id"]].append(identify.MATCH_ORDER.index(r["match_strength"]))
    assert h["proxy_good"] == sum(min(v) == 0 for v in proxy.values())
    assert h["blind"] == sum(min(proxy[t]) >= 2 and min(match[t]) == 2 for t in proxy)
    assert identify.visibility_grid().to_numpy().sum() == h["total"]


def test_same_seed_same_draws():
    assert identify.barrier_ranks().equals(identify.barrier_ranks())


def test_tables_of_the_chapter():
    table = identify.barrier_table().set_index("barrier_zh")
    assert table.loc["工艺诀窍", "rank_range"] == "1"
    seen = Counter(
        r["barrier"] for r in rows("chokepoint_barriers") if r["present"] == "true" and r["basis"] == "text_seen"
    )
    assert table["text_seen"].sum() == sum(seen.values())
    latest = max((r for r in rows("other_lists") if r["china_leads"]), key=lambda r: int(r["year"]))
    assert identify.paper_lead() == {
        "year": int(latest["year"]),
        "total": int(latest["n_items"]),
        "china": int(latest["china_leads"]),
    }
    assert len(identify.comparable_lists()) == len(rows("other_lists"))
    gaps = [r for r in rows("chokepoint_gaps") if r["like_for_like"] == "true"]
    assert identify.quantified_gaps()["domestic"].tolist()[0] == gaps[0]["domestic_min"]
    assert len(identify.quantified_gaps()) == len(gaps)
    assert set(identify.list_columns()["field"]) <= set(rows("chokepoints")[0])


class TestSentences:
    """正文里没有写成数字的判断：数据变了、判断不再成立，就在这里失败。"""

    def test_knowhow_leads_and_stays(self, h):
        assert h["knowhow_top"] > 0.95
        assert identify.barrier_ranks(basis=("text_seen",)).index[0] == "process_knowhow"

    def test_material_companionship_is_firmer_than_equipment(self):
        stuff = identify.barrier_chance("process_knowhow", "materials")["p"]
        tools = identify.barrier_chance("process_knowhow", "precision_equipment")["p"]
        assert stuff < 0.01 < tools < 0.05

    def test_three_pillars_overlap_and_one_is_narrow(self):
        bounds = identify.pillar_bounds()
        width = (bounds["high"] - bounds["low"]).sort_values()
        assert width.index[0] == "technology_base"
        rest = bounds.drop("technology_base")
        assert rest["low"].max() < rest["high"].min()

    def test_progress_shrinks_by_more_than_half(self, h):
        assert h["any_strong"] < h["any_progress"] / 2

    def test_every_country_enters_through_a_hub(self):
        graph = identify.supplier_network()
        hubs = set(identify.supplier_countries().index[:3])
        assert all({a, b} & hubs for a, b in graph.edges)
        assert all(graph.has_edge(a, b) for a in hubs for b in hubs if a < b)

    def test_lead_of_the_first_country_depends_on_the_count(self):
        first, second = (row for _, row in identify.supplier_countries().head(2).iterrows())
        assert first["named"] > second["named"]
        assert first["sole"] <= second["sole"]
        assert first["weighted"] - second["weighted"] < first["named"] - second["named"]

    def test_conflicting_sources_are_all_weak(self):
        assert set(identify.conflicts()["strength_zh"]) == {"弱"}
