"""“换成你的产业链”一章的数字：用 csv 模块从原始文件逐行再算一遍，并守住正文里的定性判断。"""

from collections import defaultdict

import pytest

from chokepoint.findings import industry_chain
from chokepoint.findings import your_own_chain as own

from .raw import rows

RARE = {"lrees", "hrees"}


def by_node(keep=lambda row: True):
    """节点 → {经济体：份额}，全球产量。"""
    found = defaultdict(dict)
    for row in rows("crm_provision"):
        if row["scope"] == "global_production" and keep(row):
            found[row["node_id"]][row["iso3"]] = float(row["share"])
    return found


def counted(threshold, rare_earths, shares=None):
    """最朴素的数法：逐个节点取最大的一家。"""
    shares = by_node() if shares is None else shares
    nodes = {r["node_id"]: r for r in rows("crm_nodes")}
    total = china = 0
    seen = set()
    for node, part in shares.items():
        group = nodes[node]["material_group"]
        if group in RARE:
            key = (group, nodes[node]["stage"], tuple(sorted(part.items())))
            if rare_earths == "apart" or (rare_earths == "grouped" and key in seen):
                continue
            seen.add(key)
        leader = max(part, key=part.get)
        if part[leader] >= threshold:
            total += 1
            china += leader == "CHN"
    return total, china


@pytest.fixture(scope="module")
def h():
    return own.headline()


# ---- 逐数核对 ----
@pytest.mark.parametrize("way", list(own.WAYS))
@pytest.mark.parametrize("threshold", own.THRESHOLDS)
def test_machine_and_hand_agree_with_plain_loops(way, threshold):
    expected = counted(threshold, way)
    assert own.machine_count(way, threshold) == expected
    assert own.hand_count(way, threshold) == expected


def test_published_counts_come_out(h):
    assert (h["china"], h["total"]) == (43, 50)
    assert (h["apart_china"], h["apart_total"]) == (13, 20)
    assert h["agrees"]


def test_the_comparison_can_fail(monkeypatch):
    """证明：改一个份额，另算的与报告的就对不上。"""
    real = own.provision

    def bent(**options):
        frame = real(**options)
        copper = frame["node"] == "mat_copper_processing"
        frame.loc[copper & (frame["provider"] == "CHN"), "share"] = 66.0
        return frame[~copper | (frame["provider"] == "CHN")]

    own.analysed.cache_clear()
    monkeypatch.setattr(own, "provision", bent)
    try:
        assert not own.matches()["same"].any()
    finally:
        own.analysed.cache_clear()


def test_without_doubtful_rows():
    certain = by_node(lambda r: r["censored"] != "true")
    assert own.machine_count("each", censored=False) == counted(65, "each", certain)
    doubtful = {r["node_id"] for r in rows("crm_provision") if r["caution"] and r["scope"] == "global_production"}
    clean = by_node(lambda r: r["node_id"] not in doubtful)
    assert own.machine_count("apart", cautioned=False) == counted(65, "apart", clean)


def test_sensitivity_table_by_hand():
    table = own.sensitivity().set_index("case")
    for threshold in own.THRESHOLDS:
        for way, title in own.WAYS.items():
            total, china = counted(threshold, way)
            assert table.loc[f"阈值 {threshold:g}%", title] == f"{china} / {total}"


def test_tables_written_are_the_tables_read():
    found = own.tables("each")
    nodes = {r["node_id"] for r in rows("crm_nodes")}
    pairs = {(r["from_node"], r["to_node"]) for r in rows("crm_edges")}
    assert set(found["nodes.csv"]["node"]) <= nodes
    written = set(found["edges.csv"][["from_node", "to_node"]].itertuples(index=False, name=None))
    kept = set(found["nodes.csv"]["node"])
    assert written == {(a, b) for a, b in pairs if a in kept and b in kept}
    assert len(found["edges.csv"]) == len(written)
    assert len(found["shares.csv"]) == sum(len(v) for v in by_node().values())


def test_grouping_merges_only_identical_shares():
    shares, merged = by_node(), own._merged("grouped")
    nodes = {r["node_id"]: r for r in rows("crm_nodes")}
    for node, home in merged.items():
        assert shares[node] == shares[home]
        assert nodes[node]["stage"] == nodes[home]["stage"]
        if node != home:
            assert nodes[node]["material_group"] in RARE


def settled(threshold, gone):
    """断供的节点：失去的份额达到阈值，或有一种投入断供；份额不全而可能达到的另算。只用循环。"""
    found = own.tables("grouped")
    nodes = list(found["nodes.csv"]["node"])
    inputs = defaultdict(list)
    for a, b in found["edges.csv"][["from_node", "to_node"]].itertuples(index=False, name=None):
        inputs[b].append(a)
    share = defaultdict(dict)
    for n, p, s in found["shares.csv"].itertuples(index=False, name=None):
        share[n][p] = s
    blocked = {n for n in nodes if gone(share[n]) >= threshold - 1e-9}
    while True:
        more = {n for n in nodes if n not in blocked and any(a in blocked for a in inputs[n])}
        if not more:
            return blocked
        blocked |= more


def test_knock_outs_by_plain_loops(h):
    without = settled(65, lambda part: part.get("CHN", 0))
    assert h["without"] == len(without)

    def abroad(part):
        """本方列了份额，其余都是国外的；没有列的，列出的都是国外的。"""
        return 100 - part["CHN"] if "CHN" in part else sum(part.values())

    assert h["alone"] == len(settled(65, abroad))
    assert h["nodes"] == len(own.tables("grouped")["nodes.csv"])


def test_material_counts_by_plain_loops(h):
    """不含行业的几个数：材料与环节 = 有份额的节点。"""
    stage = own.tables("grouped")["nodes.csv"].set_index("node")["stage"]
    materials = set(stage.index[stage != "行业"])
    assert h["materials"] == len(materials) == 97
    assert h["materials_without"] == len(settled(65, lambda part: part.get("CHN", 0)) & materials) == 18

    def abroad(part):
        return 100 - part["CHN"] if "CHN" in part else sum(part.values())

    assert h["materials_alone"] == len(settled(65, abroad) & materials) == 66


def test_share_of_all_materials_by_plain_loops():
    nodes = {r["node_id"]: r for r in rows("crm_nodes")}
    shares, expected = by_node(), []
    for way in own.WAYS:
        keys = set()
        for node, part in shares.items():
            group = nodes[node]["material_group"]
            if group in RARE and way == "apart":
                continue
            grouped = group in RARE and way == "grouped"
            keys.add((group, nodes[node]["stage"], tuple(sorted(part.items()))) if grouped else node)
        china = counted(65, way)[1]
        expected.append(f"{china} / {len(keys)}")
        assert china / len(keys) < 0.5  # “多半在中国”不成立
    assert [text.split("（")[0] for text in own.of_all()] == expected == ["43 / 122", "18 / 97", "13 / 92"]


def test_homes_by_plain_loops():
    homes = own.homes()
    for code, row in homes.iterrows():
        assert row["without"] == len(settled(65, lambda part, c=code: part.get(c, 0)))

        def abroad(part, c=code):
            return 100 - part[c] if c in part else sum(part.values())

        assert row["alone"] == len(settled(65, abroad))


def test_sectors_by_plain_loops():
    found, table = own.tables("grouped"), own.sectors(own.analysed("grouped", bloc=True))
    without = settled(65, lambda part: part.get("CHN", 0))
    name = found["nodes.csv"].set_index("node")["name"]
    for sector in found["nodes.csv"].query("stage == '行业'")["node"]:
        inputs = set(found["edges.csv"].query("to_node == @sector")["from_node"])
        assert table.loc[name[sector], "inputs"] == len(inputs)
        assert table.loc[name[sector], "without"] == len(inputs & without)


def test_sums_over_a_hundred_by_hand():
    assert own.over_hundred() == sum(round(sum(part.values()), 6) > 100.5 for part in by_node().values())
    assert max(sum(part.values()) for part in by_node().values()) <= 100 + own.TOLERANCE


def test_broken_copy_reports_what_was_broken():
    found = own.broken()
    assert not found["message"].isna().any()
    assert (found["fix"].str.len() > 2).all()
    text = " ".join(found["message"] + found["fix"] + found["where"])
    for piece in (
        "GBK",
        "重复",
        "不认得这种关系",
        "改成 goes_into",
        "构成环",
        "不写百分号",
        "全角",
        "约数",
        "CHN",
        "空着",
        "超过 100%",
    ):
        assert piece in text
    # 改坏的每一处恰有一条；没有改坏的只有孤立节点的提醒
    assert int((~found["warning"]).sum()) == 10


# ---- 正文里的定性判断 ----
class TestSentences:
    """每一条对应正文里的一句话；数据变了而判断不再成立，就在这里失败。"""

    def test_china_alone_loses_more_than_without_china(self, h):
        assert h["alone"] > h["without"]

    def test_no_economy_can_stand_alone(self, h):
        assert (own.homes()["alone"] > h["nodes"] / 2).all()
        assert h["materials_alone"] > h["materials"] / 2

    def test_china_leads_the_list_of_homes(self):
        assert own.homes().index[0] == own.HOME

    def test_usa_leads_more_but_matters_less_than_south_africa(self):
        homes = own.homes()
        assert homes.loc["USA", "leads"] > homes.loc["ZAF", "leads"]
        assert homes.loc["USA", "without"] < homes.loc["ZAF", "without"]

    def test_both_counts_are_majorities_and_differ(self, h):
        assert h["china"] / h["total"] - h["apart_china"] / h["apart_total"] > 0.1

    def test_small_shares_never_reach_the_threshold(self):
        table = own.sensitivity().set_index("case")
        assert table.loc["阈值 65%"].equals(table.loc["去掉只知小于 0.1% 的份额"])

    def test_totals_change_a_lot_with_the_threshold(self):
        low, high = (counted(t, "each")[0] for t in (own.THRESHOLDS[0], own.THRESHOLDS[-1]))
        assert low > 2 * high

    def test_one_more_than_in_the_chapter_before(self, h):
        """重稀土开采的份额不尽相同：比按轻重归组多一处。"""
        counts = industry_chain.material_counts()
        assert h["grouped_total"] == counts.loc["稀土归为轻、重两组", "total"] + 1
        assert h["grouped_china"] == counts.loc["稀土归为轻、重两组", "china"] + 1
        assert (h["china"], h["total"]) == tuple(counts.loc["逐行数", ["china", "total"]])
        assert (h["apart_china"], h["apart_total"]) == tuple(counts.loc["不含稀土", ["china", "total"]])

    def test_heavy_extraction_has_more_than_one_pattern(self):
        nodes = {r["node_id"]: r for r in rows("crm_nodes")}
        patterns = {
            tuple(sorted(part.items()))
            for node, part in by_node().items()
            if nodes[node]["material_group"] == "hrees" and nodes[node]["stage"] == "extraction"
        }
        assert len(patterns) > 1

    def test_no_use_data_for_the_named_materials(self):
        used = {r["from_node"] for r in rows("crm_edges") if r["relation"] == "used_in"}
        for material in ("nickel", "lithium", "natural_graphite"):
            assert not {f"mat_{material}_extraction", f"mat_{material}_processing"} & used

    def test_china_leads_many_of_the_first_and_position_makes_up(self):
        """前列里以中国为最大产地的有几个：最大产地另从原始份额数；它们的下游与居中都不低于中位数。"""
        found = own.analysed("grouped", bloc=True)
        ranking, nodes, shares = found.frames["ranking"], found.frames["nodes"], by_node()
        first = list(ranking.index[: own.FRONT])
        home = [v for v in first if max(shares[v], key=shares[v].get) == "CHN"]
        assert own.front()["home"] == len(home) == 6
        ranked = nodes.loc[ranking.index]
        assert (nodes.loc[home, "reach"] >= ranked["reach"].median()).all()
        assert (nodes.loc[home, "betweenness"] > ranked["betweenness"].median()).all()

    def test_no_downstream_because_the_source_gives_no_use(self):
        found = own.tables("grouped")
        supplying = set(found["edges.csv"]["from_node"])
        ranking = own.analysed("grouped", bloc=True).frames["ranking"]
        idle = [v for v in ranking.index if v not in supplying]
        front = own.front()
        assert (front["idle"], front["ranked"]) == (len(idle), len(ranking)) == (25, 97)
        assert {"mat_lithium_processing", "mat_nickel_processing", "mat_natural_graphite_extraction"} <= set(idle)
        follow = defaultdict(set)
        for r in rows("crm_edges"):
            follow[r["from_node"]].add((r["relation"], r["to_node"]))
        used = {v for v, out in follow.items() if any(relation == "used_in" for relation, _ in out)}
        for v in idle:  # 自己没有用途，加工出来的也没有
            assert v not in used
            assert not {to for _, to in follow[v]} & used
        # 垫底的都没有下游
        assert set(ranking.index[-10:]) <= set(idle)

    def test_ranking_intervals_overlap(self):
        ranking = own.analysed("grouped", bloc=True).frames["ranking"]
        assert (ranking["low"] <= ranking["high"].iloc[0]).sum() > 2

    def test_nearly_every_sector_stops_when_inputs_are_all_needed(self):
        found = own.analysed("grouped", bloc=True)
        states, graph = found.frames["states"], found.chain.graph
        sectors = [v for v in graph if graph.nodes[v]["stage"] == "行业"]
        assert (states.loc[sectors, own.HOME] == "blocked").mean() > 0.6

    def test_kite_turns_on_one_relation(self):
        assert own.kite() == {"before": "说不清", "after": "断供"}
