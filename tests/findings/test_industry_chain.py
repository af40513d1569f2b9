"""产业链图谱的数字：用 csv 模块与循环从原始文件独立再算一遍，并守住正文里的定性判断。"""

import json
from collections import Counter, defaultdict
from functools import cache

import pandas as pd
import pytest

from chokepoint.findings import industry_chain as chain
from tests.chain.reference import simple_esri

from .raw import rows

RARE = {"lrees", "hrees"}


@pytest.fixture(scope="module")
def h():
    return chain.headline()


@cache
def shares(release):
    """节点 → {经济体：份额或 None}。"""
    found = defaultdict(dict)
    for r in rows("chip_provision"):
        if r["release"] == release and r["provider_kind"] == "country":
            found[r["node_id"]][r["provider"]] = float(r["share"]) if r["share"] else None
    return found


@cache
def kinds(release):
    return {r["node_id"]: r["kind"] for r in rows("chip_nodes") if r[f"in_release_{release}"] == "true"}


@cache
def edges(release="2026"):
    return [(r["from_node"], r["to_node"], r["relation"]) for r in rows("chip_edges") if r["release"] == release]


def production(release="2026"):
    return [e for e in edges(release) if e[2] != "in_stage"]


def held(release, threshold=65.0, table=None):
    """节点 → 握着它的一家。"""
    found = {}
    for node, given in (table or shares(release)).items():
        named = {p: s for p, s in given.items() if s is not None and p != "VAR"}
        top = max(named.values(), default=0)
        if top >= threshold:
            found[node] = min(p for p, s in named.items() if s == top)
    return found


# ---- 份额 ----


@pytest.mark.parametrize("release", ["2022", "2026"])
def test_single_providers_by_hand(release):
    found = chain.single(release)
    assert found["provider"].to_dict() == held(release)
    assert set(chain.with_shares(release)) == {
        v for v, given in shares(release).items() if any(s is not None for s in given.values())
    }


def test_the_brief_numbers(h):
    assert (h["single"], h["shared"], h["single_china"], h["strict"]) == (55, 96, 0, 54)
    assert (h["single_2022"], h["shared_2022"], h["china_2022"]) == (22, 43, 1)
    assert (h["material_china"], h["material_single"], h["material_total"]) == (12, 19, 91)
    assert tuple(chain.material_counts().loc["不含稀土", ["china", "total"]]) == (13, 20)
    assert (h["material_rows_china"], h["material_rows"]) == (43, 50)


def test_thresholds_by_hand():
    counts = chain.threshold_counts()
    for t in counts.index:
        expected = Counter(held("2026", t).values())
        assert {k: v for k, v in counts.loc[t].drop("total").items() if v} == dict(expected)
        assert counts.loc[t, "total"] == sum(expected.values())
    assert chain.first_threshold("CHN") == max(t for t in chain.THRESHOLDS if "CHN" in held("2026", t).values())


def test_leaves_and_bloc_by_hand(h):
    fed = {b for _, b, _ in production()}
    low = {v for v, k in kinds("2026").items() if k != "stage" and v not in fed}
    assert set(chain.leaves()) == low
    with_numbers = {v for v in low if any(s is not None for s in shares("2026")[v].values())}
    assert h["leaf"] == len(with_numbers)
    assert h["leaf_single"] == len(low & set(held("2026")))
    joint = [v for v, given in shares("2026").items() if sum(given.get(p) or 0 for p in chain.BLOC) >= 65 - 1e-9]
    assert h["bloc"] == len(joint)


def test_revenue_weighting_by_hand():
    fed = {b for _, b, _ in production()}
    size = {
        r["node_id"]: float(r["market_size"])
        for r in rows("chip_market_size")
        if r["release"] == "2026" and r["year"] == "2025" and kinds("2026")[r["node_id"]] == "tool"
    }
    size = {v: m for v, m in size.items() if v not in fed and any(s is not None for s in shares("2026")[v].values())}
    mine = held("2026")
    found = chain.weighted_single()
    assert found["count"] == len(size)
    assert found["by_count"] == pytest.approx(sum(v in mine for v in size) / len(size))
    assert found["by_revenue"] == pytest.approx(sum(m for v, m in size.items() if v in mine) / sum(size.values()))


def recoded(moving=("ASM Pacific", "ACM Research")):
    table = {v: dict(given) for v, given in shares("2026").items()}
    for r in rows("chip_provision"):
        firm = r["release"] == "2026" and r["provider_kind"] == "firm" and r["share"]
        if firm and r["provider"] in moving:
            given = table[r["node_id"]]
            given[r["hq_iso3"]] = (given.get(r["hq_iso3"]) or 0) - float(r["share"])
            given["CHN"] = (given.get("CHN") or 0) + float(r["share"])
    return table


def test_recoding_headquarters_by_hand():
    before, after = Counter(held("2026").values()), Counter(held("2026", table=recoded()).values())
    story = chain.recoded_story()
    assert (story["china"], story["sgp_before"], story["sgp_after"]) == (after["CHN"], before["SGP"], after["SGP"])
    assert len(story["names"]) == after["CHN"] == 2
    assert all(before[p] == after[p] for p in ("USA", "JPN", "NLD"))


# ---- 结构 ----


def upstream(end, without=None, release="2026"):
    """不经过某个节点而能通到 ``end`` 的节点。"""
    above = defaultdict(set)
    for a, b, _ in production(release):
        above[b].add(a)
    seen, stack = {end}, [end]
    while stack:
        for a in above[stack.pop()] - seen - {without}:
            seen.add(a)
            stack.append(a)
    return seen - {end}


def test_captives_by_brute_force():
    end = chain.product()
    every = upstream(end)
    frame = chain.structure()
    for v in every:
        assert frame.loc[v, "captive"] == len(every - upstream(end, without=v) - {v}), v
    assert chain.unavoidable() == ["测试工艺"]
    assert chain.cut_size() == 1


def test_middle_and_end_by_hand():
    """介数大于零：有一条来路与一条去向，中间没有近路。"""
    pairs = {(a, b) for a, b, _ in production()}
    middle = {
        v
        for v in kinds("2026")
        if any((a, c) not in pairs for a, b in pairs if b == v for x, c in pairs if x == v and a != c)
    }
    frame = chain.structure()
    assert set(frame.index[frame["betweenness"] > 0]) == middle
    grid, mine = Counter(), held("2026")
    for v, kind in kinds("2026").items():
        if kind not in ("stage", "output"):
            numbered = any(s is not None and p != "VAR" for p, s in shares("2026")[v].items())
            place = chain.PLACES[0] if v in middle else chain.PLACES[1]
            grid[place, chain.HOLDS[0] if v in mine else chain.HOLDS[1] if numbered else chain.HOLDS[2]] += 1
    found = chain.lens_grid()
    assert {(r, c): found.loc[r, c] for r in found.index for c in found} == dict(grid)


def state(node, own, reading):
    """照规则递归：0 断供，1 说不准，2 可得。图没有环。"""
    feeds = [a for a, b, r in edges() if b == node and r == "goes_into"]
    types = [a for a, b, r in edges() if b == node and r == "is_type_of"]
    pick = max if reading == "any" else min
    alone = pick(memo(a, own, reading) for a in types) if types and own[node] != -1 else max(own[node], 0)
    return min([alone, *(memo(a, own, reading) for a in feeds)])


def memo(node, own, reading):
    key = ("state", node, reading)
    if key not in own:
        own[key] = state(node, own, reading)
    return own[key]


def alone(gone, remainder="others", threshold=65.0, table=None):
    """每个节点只看自己的供应者。"""
    found, table = {}, table or shares("2026")
    for v in kinds("2026"):
        given = {p: s for p, s in table.get(v, {}).items() if p != "VAR"}
        low = sum(given[p] or 0 for p in gone if p in given)
        hidden = any(p in given and given[p] is None for p in gone)
        silent = not table.get(v)
        rest = 100 - sum(s or 0 for s in given.values())
        high = low + (max(rest, 0) if not silent and (hidden or remainder == "unknown") else 0)
        found[v] = 0 if low + 1e-9 >= threshold else 1 if high + 1e-9 >= threshold else 2
    return found


def test_critical_nodes_by_hand(h):
    end, frame = chain.product(), chain.structure()
    for v in frame.index.drop(end):
        own = dict.fromkeys(kinds("2026"), 2) | {v: -1}
        assert frame.loc[v, "critical"] == (memo(end, own, "any") == 0), v
        assert memo(end, dict.fromkeys(kinds("2026"), 2) | {v: -1}, "all") == 0 or v not in upstream(end)
    assert h["critical"] == int(frame["critical"].sum())
    assert len(chain.critical_names()) == h["critical_single"] == 10
    mine, critical = held("2026"), set(frame.index[frame["critical"]])
    named = {v for v, g in shares("2026").items() if any(s is not None and p != "VAR" for p, s in g.items())}
    named = {v for v in named if kinds("2026")[v] != "stage"}
    assert h["critical_shared"] == len(critical & named) == 23
    assert h["other_shared"] == len(named - critical)
    assert h["other_single"] == len((named - critical) & set(mine))
    assert h["critical_single"] == len(critical & set(mine))


@pytest.mark.parametrize("scenario", chain.SCENARIOS)
def test_knock_out_by_hand(scenario):
    names = ("blocked", "unknown", "producible")
    for remainder in ("others", "unknown"):
        for reading in ("any", "all"):
            own = alone(scenario, remainder)
            found = chain.knock_out(scenario, reading, remainder)["state"]
            expected = {v: names[memo(v, own, reading)] for v, k in kinds("2026").items() if k != "stage"}
            assert found.to_dict() == expected
    row = chain.verdicts().set_index("scenario").loc[chain.scenario_name(scenario)]
    soft = [memo(v, alone(scenario) | {}, "any") for v in found.index]
    assert row["any"] == soft.count(0)


def test_outcomes_add_up(h):
    counts = chain.scenario_counts()
    assert (counts.sum(axis=1) == h["chain"]).all()
    assert h["chain"] == sum(k != "stage" for k in kinds("2026").values())
    table = chain.verdicts().set_index("scenario")
    assert (counts["两种读法都断"] == table["any"]).all()
    assert (counts["两种读法都断"] + counts["只在悲观读法断"] == table["all"]).all()


def test_thresholds_of_the_verdict_by_hand():
    words, end = ("做不出", "说不准", "做得出"), chain.product()
    for reading in ("any", "all"):
        table = chain.chip_by_threshold(reading)
        for t in table.columns:
            for s in (s for s in chain.SCENARIOS if len(s) == 1):
                own = alone(s, threshold=t)
                assert table.loc[chain.scenario_name(s), t] == words[memo(end, own, reading)]


def test_what_flips_the_row_of_china_by_hand():
    end, story = chain.product(), chain.china_flip()
    stops = [t for t in range(50, 81) if memo(end, alone(("CHN",), threshold=t), "all") == 0]
    assert story["threshold"] == max(stops) < chain.CHOKE_SHARE
    words = ("做不出", "说不准", "做得出")
    assert story["before"] == words[memo(end, alone(("CHN",)), "all")] == "说不准"
    moved = recoded(("ASM Pacific",))
    assert story["after"] == words[memo(end, alone(("CHN",), table=moved), "all")] == "做不出"
    given = chain.recoded_shares(firms={"ASM Pacific": "CHN"}).set_index(["node", "provider"])["share"]
    expected = {(v, p): s for v, g in moved.items() for p, s in g.items()}
    assert set(given.index) == set(expected)
    for key, share in expected.items():
        assert pd.isna(given[key]) if share is None else given[key] == pytest.approx(max(share, 0), abs=1e-5), key


# ---- 图面与网页材料 ----


def test_every_node_has_its_own_place():
    tiles, lines = chain.chain_layout()
    assert set(tiles.index) == {v for v, k in kinds("2026").items() if k != "stage"}
    assert not tiles.duplicated(["row", "column"]).any()
    assert tiles["row"].between(0, len(lines) - 1).all()
    head = tiles[tiles["column"] == 0]
    into = {(a, b) for a, b, _ in production()}
    assert all((v, lines["process"].iloc[row]) in into for v, row in head["row"].items())


def test_payload_holds_the_whole_graph():
    pack = chain.payload(("NLD",))
    tiles, _ = chain.chain_layout()
    order = list(tiles.index)
    sent = {(order[a], order[b], "is_type_of" if t else "goes_into") for a, b, t in pack["edges"]}
    assert sent == set(production())
    given = {(order[n], pack["providers"][p][0]): s for n, p, s in pack["shares"]}
    expected = {
        (v, p): s for v, g in shares("2026").items() if kinds("2026")[v] != "stage" for p, s in g.items() if p != "VAR"
    }
    assert given == expected
    assert {order[i] for i in pack["silent"]} == {v for v in order if not shares("2026")[v]}
    assert order[pack["product"]] == "finished_logic_chip"
    assert len(json.dumps(pack, ensure_ascii=False).encode()) < 40_000


# ---- ESRI ----


def test_every_reference_value_against_the_plain_loop():
    net = [r for r in rows("method_networks") if r["network"] == chain.NETWORK]
    sectors = {r[f"{e}_node"]: r[f"{e}_sector"] for r in net for e in ("from", "to")}
    table = pd.DataFrame([(r["from_node"], r["to_node"], float(r["weight"])) for r in net])
    table = table.set_axis(["from_node", "to_node", "weight"], axis=1)
    wanted = [r for r in rows("method_reference_values") if r["network"] == chain.NETWORK]
    worst, at = 0.0, ("esri", "esri_downstream", "esri_upstream")
    for r in wanted:
        production_, _, how = r["variant"].partition("_")
        plain = simple_esri(table, sectors, {r["node"]: 1.0}, production_, how == "replacement", tolerance=1e-8)
        worst = max(worst, abs(plain[at.index(r["metric"])] - float(r["value"])))
    check = chain.esri_check()
    assert check["count"] == check["within"] == len(wanted) == 132
    assert check["largest"] == pytest.approx(worst, abs=1e-12)
    assert check["largest"] < 1e-9


def test_tiny():
    assert chain.tiny(3.33e-11) == "0.00000000003"
    assert chain.tiny(0.25) == "0.2"


# ---- 材料 ----


def test_materials_by_hand():
    given = defaultdict(dict)
    for r in rows("crm_provision"):
        if r["scope"] == "global_production":
            given[r["node_id"]][r["iso3"]] = float(r["share"])
    group = {r["node_id"]: (r["material_group"], r["stage"]) for r in rows("crm_nodes")}
    top = {v: max(g, key=lambda p: (g[p], p)) for v, g in given.items() if max(g.values()) >= 65}
    rest = {v: p for v, p in top.items() if group[v][0] not in RARE}
    rare = {(*group[v], p) for v, p in top.items() if group[v][0] in RARE}
    against = {r["node_id"] for r in rows("crm_provision") if r["caution"] == "contradicted"}
    firm = {v: p for v, p in rest.items() if v not in against}
    expected = [
        (sum(p == "CHN" for p in top.values()), len(top)),
        (
            sum(p == "CHN" for p in rest.values()) + sum(p == "CHN" for *_, p in rare),
            len(rest) + len(rare),
        ),
        (sum(p == "CHN" for p in rest.values()), len(rest)),
        (sum(p == "CHN" for p in firm.values()), len(firm)),
    ]
    counts = chain.material_counts()
    assert list(zip(counts["china"], counts["total"], strict=True)) == expected
    assert chain.material_total() == sum(group[v][0] not in RARE and v not in against for v in given)
    mirror = chain.mirror()
    assert mirror["materials"].to_dict() == dict.fromkeys(mirror.index, 0) | dict(Counter(firm.values()))
    assert mirror["chips"].sum() == len(held("2026"))


def test_electronics_by_hand():
    used = defaultdict(float)
    for r in rows("crm_edges"):
        if r["to_node"] == "sector_c26" and r["share"]:
            used[r["from_node"]] += float(r["share"])
    first = chain.into_electronics().iloc[0]
    assert first.name == "mat_gallium_processing"
    assert first["used"] == used["mat_gallium_processing"] == max(chain.into_electronics()["used"])


# ---- 中国：两版之间 ----


def test_china_change_by_hand():
    firms = defaultdict(set)
    for r in rows("chip_provision"):
        if r["provider_kind"] == "firm":
            firms[r["node_id"]].add(r["provider"])
    year = {
        r["node_id"]: int(r["year"])
        for r in rows("chip_provision")
        if r["release"] == "2026" and r["provider_kind"] == "country" and r["share"]
    }
    both = {}
    for v, kind in kinds("2026").items():
        old, new = shares("2022").get(v, {}).get("CHN"), shares("2026").get(v, {}).get("CHN")
        if kind == "tool" and None not in (old, new):
            both[v] = (old, new)
    clean = {v: p for v, p in both.items() if year[v] > 2019 and not firms[v] & set(chain.MOVED)}
    found = chain.china_change()
    assert {v: (r["earlier"], r["latest"]) for v, r in found.iterrows()} == clean
    assert found["change"].is_monotonic_decreasing


def test_recoded_tools_by_hand():
    found = chain.china_recoded()
    for v, r in found.iterrows():
        asmpt = [
            float(x["share"])
            for x in rows("chip_provision")
            if x["release"] == "2026" and x["node_id"] == v and x["provider"] == "ASM Pacific"
        ]
        assert [r["asmpt"]] == asmpt
        assert r["earlier"] == shares("2022")[v]["CHN"]
        assert r["back"] == pytest.approx((shares("2026")[v].get("CHN") or 0) + asmpt[0])
    assert len(found) == 7


def test_inventory_by_hand():
    table = chain.inventory().set_index("what")
    for column, release in (("earlier", "2022"), ("latest", "2026")):
        assert table.loc["节点合计", column] == len(kinds(release))
        assert table.loc["节点：设备", column] == sum(k == "tool" for k in kinds(release).values())
        assert table.loc["连边：投入", column] == sum(r == "goes_into" for *_, r in edges(release))
        fed, feeding = {b for _, b, _ in production(release)}, {a for a, _, _ in production(release)}
        assert table.loc["终点", column] == len(fed - feeding)


class TestSentences:
    """正文里没有写成数字的判断：数据变了、判断不再成立，就在这里失败。"""

    def test_first_and_second_stay_at_every_threshold(self):
        counts = chain.threshold_counts()
        rest = counts.drop(columns=["USA", "JPN", "total"]).max(axis=1)
        assert (counts["USA"] > counts["JPN"]).all()
        assert (counts["JPN"] > rest).all()

    def test_leaves_are_more_concentrated_in_the_same_order(self, h):
        assert h["leaf_single"] / h["leaf"] > h["single"] / h["shared"]
        assert chain.holders()["leaf"].is_monotonic_decreasing

    def test_revenue_tells_the_same_as_counting(self):
        found = chain.weighted_single()
        assert abs(found["by_revenue"] - found["by_count"]) < 0.05

    def test_only_one_node_sits_on_the_line(self):
        assert chain.tied()["name_zh"].tolist() == ["逻辑芯片设计"]

    def test_the_most_central_are_processes_without_shares(self):
        top = chain.top_structure()
        assert set(top["kind_zh"]) == {"工艺"}
        assert set(top["holder"]) == {"没有份额"}

    def test_the_middle_has_parts_and_the_ends_are_leaves(self):
        """所以方格图检验不了“集中是否落在要害上”。"""
        fed, frame = {b for _, b, _ in production()}, chain.structure().dropna(subset="share")
        middle = set(frame.index[frame["betweenness"] > 0])
        assert middle <= fed
        assert not (set(frame.index) - middle) & fed
        assert chain.lens_total().tolist() == [len(middle), len(frame) - len(middle)]
        types = {b for _, b, r in production() if r == "is_type_of"}
        assert len(middle & types) / len(middle) > 0.5

    def test_the_gap_between_the_places(self):
        frame = chain.structure().dropna(subset="share")
        middle, found = frame["betweenness"] > 0, chain.lens_chance()
        assert found["observed"] == (middle & frame["single"]).sum()
        assert found["expected"] == pytest.approx(middle.sum() * frame["single"].sum() / len(frame))
        assert found["observed"] < found["expected"]

    def test_most_totals_that_nobody_holds_have_held_parts(self):
        """合计摊平子类：没有握在一家手里的合计，多半有握在一家手里的下级。"""
        frame = chain.structure().dropna(subset="share")
        loose = frame.index[(frame["betweenness"] > 0) & ~frame["single"]]
        mixed = [v for v in loose if any(b == v and a in held("2026") for a, b, _ in production())]
        assert len(mixed) / len(loose) > 0.5

    def test_critical_nodes_without_a_named_share(self, h):
        frame = chain.structure()
        bare = frame[frame["critical"] & frame["share"].isna()]
        assert len(bare) == h["critical"] - h["critical_shared"]
        assert bare["kind_zh"].isin(["工艺", "材料"]).mean() > 0.5

    def test_most_materials_have_no_share(self):
        tiles, _ = chain.chain_layout()
        assert tiles.loc[tiles["kind"] == "material", "numbered"].mean() < 0.5

    def test_the_netherlands_turns_on_the_reading(self):
        story = chain.nld_story()
        assert (story["soft"], story["hard"]) == ("做得出", "做不出")
        assert all("光刻机" in name for name in story["names"])
        hard = set(chain.stopped(("NLD",), "all")) - set(story["names"])
        assert {"光刻工艺", "成品逻辑芯片"} <= hard
        assert "薄膜沉积工艺" not in hard

    def test_a_lone_parent_explains_why_the_optimistic_count_is_lower(self):
        row = chain.verdicts().set_index("scenario").loc["荷兰"]
        assert row["own"] == row["any"] + 1
        assert chain.single().loc["lithography_tools", "provider"] == "NLD"

    def test_the_bloc_stops_the_chip_either_way(self):
        table = chain.verdicts().set_index("scenario")
        assert set(table.loc["美国＋日本＋荷兰", ["soft", "hard"]]) == {"做不出"}

    def test_germany_hangs_on_one_small_node(self):
        assert chain.critical_names("DEU") == ["晶体生长炉"]
        size = chain.market()["market_size"]
        assert size["crystal_growing_furnaces"] < 0.01 * size["lithography_tools"]
        firms = [
            r
            for r in rows("chip_provision")
            if (r["release"], r["node_id"], r["provider_kind"]) == ("2026", "crystal_growing_furnaces", "firm")
        ]
        assert len(firms) == 1

    def test_china_stops_nothing_for_sure_but_much_is_open(self):
        row = chain.verdicts().set_index("scenario").loc["中国"]
        assert set(row[["soft", "hard", "soft_unknown"]]) == {"说不准"}
        assert set(row[["own", "any", "all"]]) == {0}
        unnumbered = {v for v, g in shares("2026").items() if "CHN" in g and g["CHN"] is None}
        assert {"electronic_gases", "bond_wires"} <= unnumbered
        assert chain.nameless("CHN") == len(unnumbered)

    def test_taiwan_is_a_blind_spot(self):
        row = chain.verdicts().set_index("scenario").loc["中国台湾"]
        assert row["any"] == row["all"] == 0
        assert all(not shares("2026")[v] for v, k in kinds("2026").items() if k == "process")

    def test_only_one_verdict_moves_with_the_threshold(self):
        table = chain.chip_by_threshold()
        assert list(table.index[table.nunique(axis=1) > 1]) == ["韩国"]

    def test_the_row_of_china_moves_when_read_pessimistically(self):
        table = chain.chip_by_threshold("all")
        assert list(table.index[table.nunique(axis=1) > 1]) == ["中国", "韩国"]
        row = table.loc["中国"]
        assert list(row[row == "做不出"].index) == [t for t in row.index if t <= row[row == "做不出"].index.max()]

    def test_adding_back_narrows_every_fall(self):
        found = chain.china_recoded()
        assert 0 < (found["back"] < found["earlier"]).sum() < len(found)

    def test_reference_firms(self):
        spans = chain.esri_ranges()
        assert spans["low"].iloc[0] == spans["high"].iloc[0]
        assert (spans["main"].iloc[0] > spans["high"].iloc[1:]).all()

    def test_most_of_the_rare_earth_rows_are_repeats(self, h):
        grouped = chain.material_counts().loc["稀土归为轻、重两组", "total"]
        assert (h["material_rows"] - grouped) / h["material_rows"] > 0.5
        assert (chain.material_counts()["share"] > 0.5).all()

    def test_china_holds_no_chip_node_and_leads_the_materials(self):
        assert chain.critical_names("CHN") == []
        assert "CHN" not in set(chain.single()["provider"])
        assert chain.mirror()["materials"].idxmax() == "CHN"

    def test_the_halves_hardly_overlap(self):
        both = chain.mirror()
        assert list(both.index[(both["chips"] > 0) & (both["materials"] > 0)]) == ["USA"]

    def test_integrated_assembly_is_a_recode(self):
        old = {
            r["provider"]: r["hq_iso3"]
            for r in rows("chip_provision")
            if (r["release"], r["node_id"], r["provider_kind"]) == ("2022", "integrated_assembly_tools", "firm")
        }
        assert sorted(old.values()) == ["DEU", "SGP"]
        assert shares("2022")["integrated_assembly_tools"]["CHN"] > 90
        found = chain.china_recoded()
        kept = found[found["back"] >= found["earlier"]]
        assert set(kept.index) == {"integrated_assembly_tools", "wire_bonding_tools"}
        assert (found["back"] > found["latest"].fillna(0)).all()

    def test_the_highest_comparable_share_is_below_the_line(self):
        assert chain.china_change()["latest"].max() < chain.CHOKE_SHARE
        assert chain.china_change()["latest"].idxmax() == chain.china_change().index[0]
