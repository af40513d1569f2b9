"""“产业链上下游协同”一章的数字：由 CSV 另算一遍，句子里的方向与判断逐条守住。"""

import itertools
import json
import random
from collections import Counter, defaultdict

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chokepoint import networks
from chokepoint.findings import supply_chain as sc
from tools.paths import ROOT

from .raw import rows

FEW = 40  # 零模型少抽几次，只查不压线的判断


def complete(merge=False):
    lists = defaultdict(set)
    for r in rows("consortium_members"):
        if r["list_status"] == "complete":
            key = r["consortium_id"]
            lists["一系" if merge and key.startswith("tcamet-") else key].add(r["member_zh"])
    return lists


def stem(member):
    return next((b for b in sc.BRANDS if b in member), member)


def brands():
    return {g: {stem(m) for m in members} for g, members in complete(True).items()}


def sigs():
    lists = defaultdict(set)
    for r in rows("openeuler_sigs"):
        lists[r["sig"]].add(r["org"])
    return lists


def meetings(lists):
    return Counter(pair for group in lists.values() for pair in itertools.combinations(sorted(group), 2))


def linked(lists, gone=()):
    """并查集：拿掉几个成员之后各片的名单数。"""
    parent = {g: g for g in lists}

    def find(x):
        while parent[x] != x:
            x = parent[x]
        return x

    for member in set().union(*lists.values()) - set(gone):
        where = [g for g in lists if member in lists[g]]
        for other in where[1:]:
            parent[find(other)] = find(where[0])
    return sorted(Counter(find(g) for g in lists).values(), reverse=True)


def swapped(lists, rng, steps):
    """另一种保度打乱：任取两条“成员—名单”，互换成员，互换后重复的不换。"""
    edges = [(m, g) for g, group in lists.items() for m in sorted(group)]
    present = set(edges)
    for _ in range(steps):
        i, j = rng.randrange(len(edges)), rng.randrange(len(edges))
        (a, g), (b, k) = edges[i], edges[j]
        if (a, k) in present or (b, g) in present:
            continue
        present -= {(a, g), (b, k)}
        present |= {(a, k), (b, g)}
        edges[i], edges[j] = (a, k), (b, g)
    out = defaultdict(set)
    for m, g in edges:
        out[g].add(m)
    return out


def ends(network, name, times=FEW):
    observed, frame = sc.draws(network, times)
    return observed[name], *frame[name].quantile([0.025, 0.975])


class TestReplication:
    def test_degree_and_strength_equal_the_published(self):
        degree, strength = Counter(), Counter()
        for r in rows("ai_links"):
            for end in ("institution_a", "institution_b"):
                degree[r[end]] += 1
                strength[r[end]] += int(r["value"])
        said = {
            (r["metric"], r["node"]): float(r["value"])
            for r in rows("ai_network_metrics")
            if r["level"] == "institution" and r["metric"] in ("degree", "strength")
        }
        ours = {("degree", k): v for k, v in degree.items()} | {("strength", k): v for k, v in strength.items()}
        assert ours == said
        found = sc.replicated()
        assert found["values"].sum() == len(said)
        assert found["same"].sum() == len(said)
        assert found["largest"].max() == 0

    def test_a_changed_edge_is_noticed(self, monkeypatch):
        graph = sc.ai_graph().copy()
        edge = next(iter(graph.edges))
        graph.edges[edge]["weight"] += 1
        monkeypatch.setattr(sc, "ai_graph", lambda: graph)
        assert sc.replicated().loc["strength", "largest"] == 1
        assert sc.replicated().loc["strength", "same"] == sc.replicated().loc["strength", "values"] - 2


class TestLists:
    def test_counts(self):
        h, lists = sc.headline(), complete()
        assert h["lists"] == len(lists)
        assert h["members"] == len(set().union(*lists.values()))
        assert h["all"] == len({r["consortium_id"] for r in rows("consortium_members")})
        many = Counter(m for group in lists.values() for m in group)
        assert h["several"] == sum(v > 1 for v in many.values())

    def test_brands_by_hand(self):
        field = {r["consortium_id"]: r["field_zh"] for r in rows("consortium_members")}
        lists, where = brands(), defaultdict(set)
        for group, members in complete().items():
            for m in members:
                where[stem(m)].add(field[group])
        crossing = {m for m, fields in where.items() if len(fields) > 1}
        grid = sc.where()
        assert len(grid) == len(crossing) == sc.headline()["cross_brands"]
        assert grid.to_numpy().sum() == sum(m in members for members in lists.values() for m in crossing)
        for b in sc.BRANDS:  # 每个商号都真的合了不止一个名字，跨了领域
            names = {m for members in complete().values() for m in members if b in m}
            assert len(names) > 1
            assert f"{b}（{len(names)} 个名字）" in grid.index

    def test_strengths_two_ways(self):
        lists = complete()
        plain = Counter()
        for group in lists.values():
            for m in group:
                plain[m] += len(group) - 1
        newman = Counter(m for group in lists.values() for m in group if len(group) > 1)
        ours = sc.strengths("consortia")
        assert ours["count"].to_dict() == pytest.approx(dict(plain))
        assert ours["newman"].to_dict() == pytest.approx(dict(newman))

    def test_repeated_pairs(self):
        for network, lists in (("consortia", complete()), ("merged", complete(True)), ("openeuler", sigs())):
            met = meetings(lists)
            observed = sc.draws(network, 2)[0]
            for k in sc.REPEATS:
                assert observed[f"repeat_{k}"] == sum(v >= k for v in met.values())

    def test_crossing_agrees_with_the_room_and_by_hand(self):
        kind = {r["member_zh"]: r["org_type"] for r in rows("consortium_members")}
        pairs = [p for group in complete().values() for p in itertools.combinations(sorted(group), 2)]
        observed = sc.draws("consortia", 2)[0]["cross_type"]
        assert observed == pytest.approx(np.mean([kind[a] != kind[b] for a, b in pairs]))
        known = sc.traits()["org_type"]
        assert observed == pytest.approx(networks.pair_mixing(sc.pairs(), "member", "group", known))

    def test_unknown_bounds_by_hand(self):
        place = {r["org"]: r["province"] for r in rows("openeuler_sigs")}
        low = high = total = 0
        for group in sigs().values():
            for a, b in itertools.combinations(sorted(group), 2):
                total += 1
                known = place[a] and place[b]
                low += bool(known and place[a] != place[b])
                high += not known or place[a] != place[b]
        assert tuple(sc.unknown_bounds("province")) == pytest.approx((low / total, high / total))

    def test_removal_by_union_find(self):
        for network, lists in (("merged", complete(True)), ("brands", brands()), ("openeuler", sigs())):
            frame = sc.attack(network)
            for k in range(4):
                gone = frame["gone"].iloc[1 : k + 1].tolist()
                assert frame.loc[k, "largest"] == pytest.approx(linked(lists, gone)[0] / len(lists))
                assert frame.loc[k, "alone"] == sum(not group - set(gone) for group in lists.values())

    def test_left_agrees_with_pruned(self):
        table = sc.pairs("openeuler")
        members, groups = pd.Index(table["member"].unique()), pd.Index(table["group"].unique())
        found = sc.matrix(table, members, groups)
        first = int(members.get_indexer([sc.attack("openeuler").loc[1, "gone"]])[0])
        share, alone = sc.left(found, [first])
        assert share == pytest.approx(sc.attack("openeuler").loc[1, "largest"])
        assert alone == sc.attack("openeuler").loc[1, "alone"]

    def test_core_by_hand(self):
        table = sc.pairs("openeuler")
        graph = networks.projection(table, "member", "group")
        nodes, fit = networks.core(graph)
        inside = set(nodes)
        x, y = [], []
        for a, b in itertools.combinations(graph, 2):
            if (a in inside) == (b in inside):
                x.append(a in inside)
                y.append(graph.has_edge(a, b))
        assert fit == pytest.approx(np.corrcoef(x, y)[0, 1])
        assert sc.draws("openeuler", 2)[0]["core_fit"] == pytest.approx(fit)

    def test_the_null_agrees_with_another_shuffle(self):
        rng, lists = random.Random(1), complete()
        found = [sum(v >= 2 for v in meetings(swapped(lists, rng, 2_000)).values()) for _ in range(FEW)]
        mean = sc.draws("consortia", FEW)[1]["repeat_2"].mean()
        assert abs(np.mean(found) - mean) < 4 * np.std(found) * (2 / FEW) ** 0.5

    def test_unknown_network(self):
        with pytest.raises(KeyError):
            sc.pairs("没有")


class TestOther:
    def test_seats(self):
        by = Counter()
        for r in rows("openeuler_sigs"):
            by[r["org"]] += int(r["people"])
        s, share = sc.seats(), sc.seat_share()
        assert s["named"] == sum(by.values())
        assert share["named"] == pytest.approx(by["华为"] / sum(by.values()))
        rest = s["all"] - s["named"]
        assert share["high"] == pytest.approx((by["华为"] + rest) / s["all"])
        low, high = sc.seat_hhi()
        assert low == pytest.approx(sum((v / s["all"]) ** 2 for v in by.values()))
        by["华为"] += rest
        assert high == pytest.approx(sum((v / s["all"]) ** 2 for v in by.values()))

    @pytest.mark.parametrize("merged", [False, True])
    def test_leads(self, merged):
        lead = [r["lead"] for r in rows("rd_projects") if r["year"] == "2018"]
        lead = ["中国科学院" if merged and name.startswith("中国科学院") else name for name in lead]
        many = sorted(Counter(lead).values(), reverse=True)
        found = sc.leads(merged)
        assert found["projects"] == len(lead)
        assert found["hhi"] == pytest.approx(sum((v / len(lead)) ** 2 for v in many))
        assert found["top"] == pytest.approx(sum(many[:10]) / len(lead))


class TestChain:
    def test_maker_bounds_by_hand(self):
        share = {
            (r["entity"], r["year"]): float(r["value"]) / 100
            for r in rows("battery_chain")
            if r["indicator"] == "ev_battery_share" and r["entity"] != "china_six"
        }
        for year in (2022, 2023, 2025):
            own = [v for (_, y), v in share.items() if y == str(year)]
            plain = sum(v * v for v in own)
            low, high = sc.maker_bounds(year, rounding=0)
            assert low == pytest.approx(plain)
            assert high == pytest.approx(plain + (1 - sum(own)) ** 2)
            wide = sc.maker_bounds(year)
            assert wide.low < low
            assert wide.high > high

    def test_six_by_hand(self):
        given = {
            r["entity"]: float(r["value"]) / 100
            for r in rows("battery_chain", indicator="ev_battery_share", year="2025")
        }
        six = given.pop("china_six")
        own = [given[e] for e in ("catl", "byd", "calb", "gotion")]
        found = sc.maker_six()
        assert found["count"] == 6 - len(own)
        assert found["hidden"] == pytest.approx(six - sum(own) - 0.0005 * (1 + len(own)))
        low = sum((v - 0.0005) ** 2 for v in given.values())
        assert found["low"] == pytest.approx(low + found["hidden"] ** 2 / found["count"])
        rng = np.random.default_rng(1)
        for _ in range(300):  # 怎样取整、怎样分，都不低于下界
            moved = {k: v + rng.uniform(-1, 1) * 0.0005 for k, v in given.items()}
            rest = six + rng.uniform(-1, 1) * 0.0005 - sum(moved[e] for e in ("catl", "byd", "calb", "gotion"))
            cut = rng.uniform(0, 1)
            parts = [*moved.values(), rest * cut, rest * (1 - cut)]
            assert sum(v * v for v in parts) >= found["low"]

    def test_rounding_covers_every_corner(self):
        rng = np.random.default_rng(0)
        share, (low, high) = sc.makers(2023).to_numpy(), sc.maker_bounds(2023)
        for _ in range(300):
            moved = share + rng.choice([-1, 1], len(share)) * sc.ROUNDING
            assert low - 1e-12 <= (moved**2).sum()
            assert (moved**2).sum() + (1 - moved.sum()) ** 2 <= high + 1e-12

    def test_capacity(self):
        cells = {r["iso3"]: float(r["value"]) for r in rows("battery_chain") if r["indicator"] == "cell_capacity"}
        total, rest = sum(cells.values()), cells.pop("ROW")
        own = sum((v / total) ** 2 for v in cells.values())
        assert tuple(sc.capacity_bounds()) == pytest.approx((own, own + (rest / total) ** 2))

    def test_stages(self):
        points = sc.stage_points()
        assert set(points["row"]) <= set(sc.STAGES)
        assert (points["low"] <= points["high"]).all()
        refined = [
            float(r["share"]) / 100
            for r in rows("iea_minerals")
            if (r["material"], r["stage"], r["year"]) == ("graphite", "processing", "2024") and r["iso3"] != "ROW"
        ]
        found = points[points["row"] == "石墨：精炼"].iloc[0]
        assert found["low"] == pytest.approx(sum(v * v for v in refined), abs=1e-4)

    def test_japan(self):
        value = {
            (r["partner_iso3"], r["year"]): float(r["value"])
            for r in rows("japan_trade")
            if r["goods"] == "batteries" and r["flow"] == "export"
        }
        for iso3, year in itertools.product(("CHN", "USA"), ("2009", "2025")):
            assert sc.japan_shares().loc[int(year), iso3] == pytest.approx(value[iso3, year] / value["WLD", year])

    def test_recorded(self):
        found, battery = sc.recorded(), rows("battery_chain")
        trade = rows("japan_trade", goods="batteries")
        assert found.loc["日本电池海关", "direction"] == sum(r["partner_iso3"] != "WLD" for r in trade) < len(trade)
        assert found.loc["联合体名单", "money"] == sum(bool(r["amount"]) for r in rows("consortium_members"))
        assert found.loc["电池链", "quantity"] == sum(r["unit"] in ("GWh", "pieces_100m") for r in battery)
        assert found.loc["电池链", "money"] == sum(r["unit"] == "CNY_100m" for r in battery)
        columns = rows("consortium_members")[0].keys()
        assert not {"from_node", "to_node", "buyer", "supplier", "quantity", "price"} & set(columns)


class TestSentences:
    """正文里的判断。"""

    def test_opening(self):
        h = sc.headline()
        assert h["bridges"] == h["gone"] == ["中国电子技术标准化研究院", "华为技术"]
        assert h["merged_after"] < h["merged_before"] / 2  # 按名字：去掉就散
        assert h["brands_after"] > h["brands_before"] / 2  # 合并商号：不散
        assert h["cross_brands"] > h["several"] - h["family"]
        assert sc.attack("brands").loc[3, "largest"] < h["brands_before"] / 2
        assert sc.attack("brands").loc[3, "gone"] == "浪潮"
        rivals = sc.rivals()
        assert rivals["repeat"] == rivals["inside"] > 0
        assert h["touch_complete"] == 0

    def test_standard_drafting_has_most_seats(self):
        mix = sc.mixing_kinds()
        assert mix.index[0] == "标准起草组"
        assert mix["seats"].iloc[0] > mix["seats"].sum() / 2
        assert (mix["lists"].iloc[1:] <= 2).all()  # “各类只有一两张名单”

    def test_ranks_turn_over_until_the_family_is_one(self):
        one, other = sc.rank_change(), sc.rank_change("merged")
        assert not set(one["first"]) & set(one["newman"])
        assert set(other["first"]) <= set(other["newman"])
        assert one["rho"] < 0.2
        assert other["members"] < 5  # 太少，不报秩相关
        assert sc.rank_change("openeuler")["rho"] > 0.7
        longest = max(complete().values(), key=len)
        assert one["first"][0] in longest
        assert (sc.several().query("family > 0")["family"] > 1).all()

    def test_core_is_the_longest_list_and_not_beyond_chance(self):
        core = sc.core_members()
        assert core["inside"] >= core["size"] - 1
        for network in ("consortia", "openeuler"):
            observed, low, high = ends(network, "core_fit")
            assert low < observed < high
        for network in ("consortia", "openeuler", "ai"):
            assert sc.chance(network, "core_fit").p > 0.1

    def test_a_looser_null_turns_the_core_over(self):
        for network in ("consortia", "openeuler", "ai"):
            observed = (sc.ai_draws(2) if network == "ai" else sc.draws(network, 2))[0]["core_fit"]
            assert observed > 3 * sc.loose_core(network)

    def test_the_split_is_the_family(self):
        observed, low, _ = ends("consortia", "largest")
        assert observed < low / 1.5
        observed, low, high = ends("merged", "largest")
        assert low <= observed <= high

    def test_crossing_types_is_below_chance(self):
        for network in ("consortia", "merged", "standards", "standards_merged", "openeuler"):
            observed, frame = sc.draws(network, FEW)
            assert observed["cross_type"] < frame["cross_type"].mean()
        for network in ("standards", "standards_merged", "openeuler"):
            observed, low, _ = ends(network, "cross_type")
            assert observed < low
        for network in ("consortia", "merged", "openeuler"):
            observed, low, high = ends(network, "cross_province")
            assert low <= observed <= high

    def test_unknown_types_reach_over_the_null(self):
        assert sc.unknown_bounds("org_type").high > sc.draws("openeuler", FEW)[1]["cross_type"].mean()

    def test_papers_keep_to_their_economy(self):
        observed, frame = sc.ai_draws(30)
        assert observed["cross_economy"] < 0.7 * frame["cross_economy"].min()

    def test_thresholds_turn_the_answer(self):
        observed, frame = sc.draws("consortia", FEW)
        assert observed["repeat_2"] < frame["repeat_2"].mean()
        for k in sc.REPEATS[1:]:
            assert observed[f"repeat_{k}"] > frame[f"repeat_{k}"].quantile(0.975)
        assert sc.draws("merged", 2)[0]["repeat_2"] == 0
        observed, frame = sc.draws("openeuler", FEW)
        assert all(observed[f"repeat_{k}"] > frame[f"repeat_{k}"].mean() for k in sc.REPEATS)

    def test_removing_the_first(self):
        h = sc.headline()
        assert h["oe_first"] == "华为"
        assert h["oe_after"] > 0.5  # “多数小组仍连在一起”
        assert sc.attack("openeuler", "random").loc[1, "alone"] < 1 < h["oe_alone"]
        observed, low, high = ends("openeuler", "alone")
        assert low <= observed <= high
        assert (sc.attack("merged")["alone"].iloc[:3] == 0).all()  # “谁走了名单都还在”
        assert abs(sc.attack("openeuler_active").loc[1, "alone"] - h["oe_alone"]) <= 2

    def test_leads_change_with_the_academy(self):
        assert sc.leads(True)["equal"] < sc.leads()["equal"] / 2

    def test_stages(self):
        points = sc.stage_points()
        assert points.loc[points[points["kind"] == "2024 年"]["low"].idxmax(), "row"] == "石墨：精炼"
        firms = points[points["row"] == "电芯：按企业"]
        assert firms["high"].max() < sc.capacity_bounds().low
        assert sc.blank_stages() == ["隔膜", "电解液", "整车"]

    def test_graphite_leads_among_the_dated(self):
        dated = sc.stage_points().query("kind != '年份未写明'")
        assert dated.loc[dated["low"].idxmax(), "row"] == "石墨：精炼"

    def test_makers_rose_only_by_a_hair(self):
        made, six = sc.maker_table(), sc.maker_six()
        assert made.loc[2023, "high"] > made.loc[2025, "low"]  # 单看列出的，两段相接
        assert 0 < six["low"] - made.loc[2023, "high"] < 0.001  # 用上六家合计，刚刚高过

    def test_places_are_more_concentrated_than_firms_in_the_same_year(self):
        h = sc.headline()
        assert h["makers_high"] == pytest.approx(sc.maker_bounds(2022).high)
        assert h["makers_high"] < h["capacity"] * 0.6  # “按企业则分散得多”

    def test_definitions_differ(self):
        said = sc.china_definitions()
        assert all(said[k]["later"] > said[k]["stated"] for k in ("cathode", "cells"))
        assert np.isnan(said["anode"]["stated"])

    def test_end_uses_are_missing(self):
        uses = sc.end_uses()
        assert uses["known"] == ["钴"]
        assert set(uses["battery"]) == {"钴"}

    def test_japan_turned(self):
        share, slopes, bounds = sc.japan_shares(), sc.japan_slopes(), sc.japan_bounds()
        assert slopes["CHN"].high < 0 < slopes["USA"].low
        assert share.iloc[0].idxmax() == "CHN"
        assert share.iloc[-1].idxmax() == "USA"
        assert sc.share_fall()["early"] > 0.5
        assert bounds["low"].iloc[-1] - bounds["high"].iloc[0] < 0.02  # “只比首末，看不出来”
        middle = bounds["low"].idxmin()
        assert bounds.index[0] < middle < bounds.index[-1]  # “先降后升”
        assert bounds.loc[middle, "high"] < 0.8 * min(bounds["low"].iloc[0], bounds["low"].iloc[-1])

    def test_what_cannot_be_linked(self):
        assert sc.touching()["entity"].unique().tolist() == ["比亚迪"]
        assert (sc.touching()["status"] == "partial").all()
        vehicle = sc.vehicle_list()
        assert vehicle["cars"] > vehicle["members"] / 2
        assert vehicle["makers"] == 0
        names = complete()[sc.VEHICLE]
        assert {"华为技术有限公司", "东软集团股份有限公司"} <= names  # 通信、软件也在，不全是横向
        fields = {r["field_zh"] for r in rows("consortium_members", list_status="complete")}
        assert sc.battery_lists() == sum("电池" in f or "新能源" in f for f in fields) == 0
        assert (sc.separator()["list_status"] == "partial").all()
        assert len(sc.priced()) == 1
        ventures = [r for r in rows("battery_chain") if r["indicator"] == "jv_planned_capacity"]
        assert len(ventures) == 1
        assert not any("宁德时代" in r["member_zh"] or "时代上汽" in r["member_zh"] for r in rows("consortium_members"))

    def test_cross_province_is_the_majority(self):
        for network in ("consortia", "merged", "standards", "openeuler"):
            assert sc.draws(network, 2)[0]["cross_province"] > 0.5


def test_notebook_is_about_the_same_draws():
    text = json.dumps(
        json.loads((ROOT / "book/collaboration/supply_chain.ipynb").read_text("utf-8")), ensure_ascii=False
    )
    assert f"{sc.DRAWS} 次" in text
    assert nx.is_connected(sc.ai_graph())
