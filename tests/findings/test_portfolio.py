"""“攻关组合”一章的数字：从 CSV 与另一种算法重算，并看守每一句定性的话。"""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp

from chokepoint import chain, portfolio
from chokepoint.findings import chokepoint_index as index
from chokepoint.findings import industry_chain as chips
from chokepoint.findings import portfolio as pf

from .raw import rows

NODES = {r["node_id"]: r for r in rows("chip_nodes") if r["in_release_2026"].lower() == "true"}
EDGES = [(r["from_node"], r["to_node"], r["relation"]) for r in rows("chip_edges", release="2026")]
SHARES = [r for r in rows("chip_provision", release="2026", provider_kind="country") if r["share"]]
SIZE = {r["node_id"]: float(r["market_size"]) for r in rows("chip_market_size", release="2026")}
BLOC = {"USA", "JPN", "NLD"}
ORDER = list(pf.risks().index)


def naive_held(line):
    lost = {v: sum(float(r["share"]) for r in SHARES if r["node_id"] == v and r["provider"] in BLOC) for v in ORDER}
    return {v for v, share in lost.items() if share >= line - 1e-9}


def naive_needs(v, held):
    """悲观读法：由 ``v`` 往上，不经过工序，遇到的全部卡住的叶子。"""
    above = [a for a, b, r in EDGES if b == v and r != "in_stage" and NODES[a]["kind"] != "process"]
    below = any(b == v and r == "is_type_of" for _, b, r in EDGES)
    own = set() if below or v not in held else {v}
    return own.union(*(naive_needs(a, held) for a in above))


def steps_only():
    """去掉工序之间的连边：只看每道工序自己的投入。"""
    kinds = {v: r["kind"] for v, r in NODES.items()}
    kept = [e for e in EDGES if not (kinds[e[0]] == "process" and kinds[e[1]] in ("process", "output"))]
    edges = pd.DataFrame(kept, columns=["from_node", "to_node", "relation"])
    return chain.build(pd.DataFrame({"node": list(kinds), "kind": list(kinds.values())}), edges)


class TestItems:
    def test_costs(self):
        found = pf.costs()
        for name, power in {"equal": 0, "root": 0.5, "size": 1}.items():
            weight = {v: SIZE[v] ** power for v in ORDER}
            whole = sum(weight.values())
            assert found[name].to_dict() == {v: max(1, round(10_000 * w / whole)) for v, w in weight.items()}
        firm = index.panel().values["firm"]
        assert found["firm"].rank().equals(found["firm"].rank())
        assert np.corrcoef(found["firm"], firm[ORDER])[0, 1] > 0.9999

    def test_success_ends(self):
        firm = index.panel().values["firm"][ORDER]
        for name, (first, last) in pf.ENDS.items():
            found = pf.items(success=name)["success"]
            assert found[firm.idxmin()] == pytest.approx(first)
            assert found[firm.idxmax()] == pytest.approx(last)

    def test_smaller_turns_the_size_only(self):
        risks, values = pf.risks(), index.panel().values.loc[ORDER]
        scaled = (values - values.min()) / (values.max() - values.min())
        assert risks["score"].to_numpy() == pytest.approx(scaled.mean(axis=1).to_numpy())
        turned = scaled.assign(size=1 - scaled["size"]).mean(axis=1)
        assert risks["smaller"].to_numpy() == pytest.approx(turned.to_numpy())


@pytest.mark.parametrize("key", [("root", "falling", "score"), ("size", "rising", "top"), ("firm", "even", "smaller")])
def test_best_equals_a_solver(key):
    table, budget = pf.items(*key), pf.allowance(key[0])
    gain = (table["success"] * table["risk"]).to_numpy()
    found = milp(-gain, constraints=LinearConstraint(table["cost"].to_numpy()[None], -np.inf, budget),
                 integrality=np.ones(len(gain)), bounds=(0, 1), options={"mip_rel_gap": 0})  # fmt: skip
    chosen = pf.best(*key)
    assert table["cost"][chosen].sum() <= budget
    assert gain[chosen].sum() == pytest.approx(-found.fun)


def test_reference_is_the_top_of_the_index():
    count = int(pf.BUDGET * pf.costs()["equal"].sum() // pf.costs()["equal"].iloc[0])
    assert pf.best()[pf.best()].index.tolist() == ORDER[:count]


def test_overlap_by_hand():
    base, found = set(ORDER[:17]), pf.overlap()
    plans = [pf.best(cost=c) for c in ("root", "size", "firm")]
    share = [100 * len(base & set(p.index[p])) / 17 for p in plans]
    assert found.loc["花费", ["estimate", "low", "high"]].tolist() == pytest.approx(
        [np.mean(share), min(share), max(share)]
    )
    assert found.loc["花费", "chance"] == pytest.approx(100 * np.mean([p.sum() / len(ORDER) for p in plans]))


def test_drawn_risks_keep_the_scores():
    drawn = pf.drawn_risks()
    assert len(drawn) == pf.DRAWS
    ladder = np.sort(pf.risks()["score"])
    ties = np.abs(np.sort(drawn.to_numpy(), axis=1) - ladder).max(axis=1)
    assert (ties < 0.05).all()
    assert (drawn.nunique() > 1).mean() > 0.9


def test_noise_and_shuffles_by_another_seed():
    base, rng, got = set(ORDER[:17]), np.random.default_rng(9), {"花费：随机起伏": [], "花费：打乱": []}
    table = pf.items()
    for i in range(90):
        for name, cost in (
            ("花费：随机起伏", np.exp(pf.NOISE * rng.normal(size=len(ORDER)))),
            ("花费：打乱", rng.permutation(pf.costs()[("root", "size", "firm")[i % 3]].to_numpy())),
        ):
            chosen = portfolio.rule(table.assign(cost=cost), pf.BUDGET * cost.sum(), "ratio")
            got[name].append(100 * len(base & set(chosen.index[chosen])) / 17)
    for name, share in got.items():
        assert pf.overlap().loc[name, "estimate"] == pytest.approx(np.mean(share), abs=5)


@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("truth", [("equal", "falling"), ("size", "even"), ("firm", "rising")])
def test_regret_by_hand(truth, skip):
    table, budget = pf.items(*truth), pf.allowance(truth[0])
    gain = table["success"] * table["risk"] / table["risk"].sum()
    best = gain[pf.best(*truth)].sum()
    for plan in pf.COSTS:
        guess = pf.items(plan)
        left, got = budget, 0.0
        for v in sorted(ORDER, key=lambda v: (-guess.at[v, "risk"] / guess.at[v, "cost"], ORDER.index(v))):
            if table.at[v, "cost"] > left:
                if skip:
                    continue
                break
            left -= table.at[v, "cost"]
            got += gain[v]
        assert pf.regrets(skip).loc[truth, plan] == pytest.approx(100 * (best - got), abs=1e-6)


def walked(cost, gain, budget):
    """照次序投，付不起的跳过，消去多少。"""
    got = 0.0
    for c, g in zip(cost, gain, strict=True):
        if c <= budget:
            budget, got = budget - c, got + g
    return got


def test_unrelated_by_another_seed():
    table, budget = pf.items("size"), pf.allowance("size")
    gain, rng, got = (table["risk"] / table["risk"].sum() / 2).to_numpy(), np.random.default_rng(5), []
    for _ in range(150):
        cost = rng.permutation(table["cost"].to_numpy())
        ideal = gain[portfolio.best(table.assign(cost=cost), budget).to_numpy()].sum()
        order = rng.permutation(len(cost))
        got.append([ideal - walked(cost, gain, budget), ideal - walked(cost[order], gain[order], budget)])
    mine, luck = 100 * np.mean(got, axis=0)
    found = pf.unrelated()
    assert found["index"] == pytest.approx(mine, abs=3)
    assert found["random"] == pytest.approx(luck, abs=3)


def test_random_order_regret_by_another_seed():
    table, budget = pf.items("size"), pf.allowance("size")
    gain, cost = (table["success"] * table["risk"] / table["risk"].sum()).to_numpy(), table["cost"].to_numpy()
    rng, got = np.random.default_rng(7), []
    for _ in range(1500):
        order = rng.permutation(len(cost))
        got.append(walked(cost[order], gain[order], budget))
    best = gain[pf.best("size").to_numpy()].sum()
    assert pf.regrets().loc[("size", "even"), "random"] == pytest.approx(100 * (best - np.mean(got)), abs=1.5)


class TestBundles:
    @pytest.mark.parametrize("line", pf.LINES)
    def test_held(self, line):
        assert set(pf.held(line)) == naive_held(line)

    def test_hard_reading_by_walking_up(self):
        held = naive_held(65)
        wanted = {p: naive_needs(p, held) for p, r in NODES.items() if r["kind"] == "process"}
        wanted = {p: need for p, need in wanted.items() if need}
        assert {p: set(ways[0]) for p, ways in pf.bundles("all").items()} == wanted
        assert all(len(ways) == 1 for ways in pf.bundles("all").values())
        assert pf.whole("all") == [frozenset().union(*wanted.values())]

    @pytest.mark.parametrize("reading", list(pf.READINGS))
    def test_the_chain_room_agrees(self, reading):
        graph, rule, held = steps_only(), chips.rules()[reading], set(pf.held())
        rng = np.random.default_rng(3)
        plans = [set(ORDER[:k]) for k in (0, 17, 71)] + [
            set(rng.choice(ORDER, 45, replace=False)) | set(pf.whole("any")[0]) for _ in range(2)
        ]
        for plan in plans:
            state = chain.knock_out(graph, nodes=sorted(held - plan), rule=rule)["state"]
            wanted = sum(state[p] == "producible" for p in pf.bundles(reading))
            assert pf.freed(pd.Series([v in plan for v in ORDER], index=ORDER), reading) == wanted

    @pytest.mark.parametrize("reading", list(pf.READINGS))
    def test_every_way_frees_the_product_and_no_smaller(self, reading):
        whole, held, end = chips.chip_chain(), set(pf.held()), chips.product()

        def product(plan):
            state = chain.knock_out(whole, nodes=sorted(held - plan), rule=chips.rules()[reading])["state"]
            return state[end] == "producible"

        way = pf.whole(reading)[0]
        assert product(set(way))
        for missing in sorted(way)[:4]:
            assert not product(set(way) - {missing})

    def test_thin_by_formula(self):
        sizes = [len(ways[0]) for ways in pf.bundles("all").values()]
        for share in (0.25, 0.6):
            assert pf.spread_thin(share) == pytest.approx(sum(share**m for m in sizes), abs=0.09)

    def test_steady_by_hand_and_not_by_ties(self):
        # 去掉它之后，期望凑齐的套数严格变少：不是并列时碰巧选中
        found = pf.steady()
        for cost, success, reading in (("size", "falling", "all"), ("firm", "rising", "any"), ("equal", "even", "all")):
            items, budget, bundles = pf.items(cost, success), pf.allowance(cost), pf.bundles(reading)

            def value(sets, items=items, budget=budget):
                chosen = portfolio.complete(items, budget, sets)
                have = frozenset(chosen.index[chosen])
                ways = [[items["success"][list(w)].prod() for w in g if w <= have] for g in sets.values()]
                return sum(max(w, default=0) for w in ways)

            for node in found:
                less = {p: [w for w in ways if node not in w] for p, ways in bundles.items()}
                assert value({p: w for p, w in less.items() if w}) < value(bundles) - 1e-6, (cost, reading, node)

    def test_steady_steps(self):
        held, found = naive_held(65), set(pf.steady())
        wanted = [naive_needs(p, held) for p, r in NODES.items() if r["kind"] == "process"]
        assert pf.steady_steps() == sorted(len(need) for need in wanted if need and need <= found)

    def test_thin_needed_by_formula(self):
        p = pf.thin_needed()
        goal = pf.bundle_curve("all").loc[25, "complete"]
        assert sum(p ** len(ways[0]) for ways in pf.bundles("all").values()) == pytest.approx(goal)

    @pytest.mark.parametrize("reading", list(pf.READINGS))
    def test_rough_picks(self, reading):
        top = [v for v in ORDER if v in naive_held(65)][:17]
        own, luck = pf.rough_picks(reading)
        assert own == pf.freed(pd.Series([v in top for v in ORDER], index=ORDER), reading)
        rng = np.random.default_rng(4)
        drawn = [set(rng.choice(ORDER, 17, replace=False)) for _ in range(400)]
        freed = [pf.freed(pd.Series([v in d for v in ORDER], index=ORDER), reading) for d in drawn]
        assert luck == pytest.approx(np.mean(freed), abs=0.25)

    def test_depth_by_walking_down(self):
        for line in pf.LINES:
            have, place = set(), 0
            while not any(way <= have for way in pf.whole("any", line)):
                have.add(ORDER[place])
                place += 1
            assert pf.depth_summary(line)["reference"] == place

    def test_whole_table(self):
        found = pf.whole_table().set_index("reading")
        assert found.at["悲观读法", "count"] == len(naive_held(65))
        for reading, name in pf.READINGS.items():
            count = min(map(len, pf.whole(reading)))
            assert found.at[name, "p90"] == pytest.approx(0.9**count)
            assert found.at[name, "needed"] ** count == pytest.approx(0.5)
        cost = pf.costs()["size"]
        cheapest = min(sum(cost[v] for v in way) for way in pf.whole("any"))
        assert found.at["乐观读法", "size"] == pytest.approx(cheapest / cost.sum())


class TestReserve:
    def test_overrun_by_other_draws(self):
        found = pf.reserve_curve()
        count = int(pf.best().sum())
        rng = np.random.default_rng(11)
        s = pf.SPREAD
        spent = pf.costs()["equal"].iloc[0] * np.exp(rng.normal(-s * s / 2, s, (20_000, count))).sum(axis=1)
        assert found.loc[0, "own"] == pytest.approx(100 * (spent > pf.allowance()).mean(), abs=4)

    def test_chance_plans_keep_their_promise_on_their_own_draws(self):
        table = pf.robustness().set_index("how")
        for alpha in pf.ALPHAS:
            assert table.at[f"超支不过 {alpha:.0%}（独立）", "own"] <= alpha + 0.03
            assert table.at[f"超支不过 {alpha:.0%}（部分同涨）", "common"] <= alpha + 0.03


class TestSentences:
    def test_no_item_is_in_every_set_at_the_reference_budget(self):
        found = {b: pf.verdicts(b) for b in pf.OTHER_BUDGETS}
        assert not found[0.1]["always"]
        assert not found[0.25]["always"]
        assert found[0.5]["always"]

    def test_the_most_chosen_is_not_the_first(self):
        rate = pf.chosen_share()
        assert rate.index[0] != index.names()[ORDER[0]]
        assert rate["合计"].iloc[0] < 1
        place = pf.place(rate.index[0])
        assert place["rank"] <= index.TOP
        assert place["size"] < len(ORDER) / 3

    def test_costs_move_the_list_and_draws_do_not(self):
        over = pf.overlap()
        assert over.loc["成功概率的高低", ["low", "high"]].tolist() == [100, 100]
        assert over.loc["花费", "estimate"] <= over.loc["花费", "chance"]
        assert over.loc["花费：打乱", "estimate"] > over.loc["花费：打乱", "chance"] + 5
        assert over.loc["花费：随机起伏", "estimate"] < over.loc["指数的抽取", "estimate"] - 3
        assert over.loc["指数的抽取", "low"] > over.loc["花费", "high"]
        assert over.loc["风险的读法", "low"] > over.loc["花费", "high"]

    def test_ratio_is_nearly_the_best_and_the_others_are_not(self):
        gaps = pf.rule_gaps()
        assert gaps["ratio"].max() < 0.01
        assert gaps["risk"].max() > 0.2
        assert gaps["cheap"].max() > 0.2

    def test_index_order_against_luck(self):
        found, halted = pf.regrets(), pf.regrets(False)
        assert len(found) == len(pf.COSTS) * len(pf.SUCCESSES)
        for frame in (found, halted):
            assert len(frame) / 4 < (frame["equal"] > frame["random"]).sum() < 3 * len(frame) / 4
        assert (found.loc["equal", "equal"] < found.loc["equal", "random"]).all()
        assert found.loc[("size", "even"), "equal"] > found.loc[("size", "even"), "random"] + 1
        assert found[list(pf.COSTS)].max().min() > 10
        assert found[list(pf.COSTS)].max().min() < found["random"].max()

    def test_index_helps_when_costs_are_unrelated(self):
        found = pf.unrelated()
        assert found["index"] < found["random"]
        assert found["better"] > 0.6

    def test_common_rises_undo_the_reserve(self):
        found = pf.reserve_curve()
        assert found.loc[20, "own"] < 8 < 15 < found.loc[20, "common"]
        assert 0 < found.loc[20, "residual"] - found.loc[0, "residual"] < (100 - found.loc[0, "residual"]) / 5

    def test_bundles_beat_items_everywhere(self):
        pairs = pf.against_additive()
        assert (pairs["complete"] > pairs["best"]).all()
        assert not pairs["product"].any()
        # 乐观读法里，参照的预算本来买得起成品，所以“凑不齐”不是必然；悲观读法里谁也买不起
        price = pf.whole_table().set_index("reading")[list(pf.COSTS)]
        assert (price.loc["乐观读法"] < pf.BUDGET).all()
        assert (price.loc["悲观读法"] > pf.BUDGET).all()
        for reading in pf.READINGS:
            curve = pf.bundle_curve(reading).iloc[1:-1]
            assert (curve["thin"] < curve["complete"]).all()

    def test_index_does_not_reach_the_product_clearly_sooner(self):
        for line in pf.LINES:
            found = pf.depth_summary(line)
            assert found["p"] > 0.05
            assert found["low"] <= found["reference"] <= found["high"]
        assert pf.depth_summary()["reference"] > 3 * pf.whole_table()["count"].min()

    def test_keys_include_the_unremarkable(self):
        wanted = {"wet_etching_and_cleaning_tools", "cmp_tools", "packaging_tools"}
        assert {index.names()[v] for v in wanted} <= set(pf.keys())
        assert all(ORDER.index(v) > len(ORDER) / 2 for v in wanted)

    def test_steady_names_exist_only_for_bundles(self):
        assert pf.steady()
        assert all(n > 0 for n in pf.steady_counts().values())
        assert pf.additive_always() == 0
        assert max(pf.steady_steps()) <= 2
        for reading in pf.READINGS:
            own, luck = pf.rough_picks(reading)
            assert own == pf.bundle_curve(reading).loc[25, "best"]
            assert luck < own < luck + 2 < pf.bundle_curve(reading).loc[25, "complete"]

    def test_the_last_to_come_are_low_on_the_list(self):
        last = sorted(pf.keys(), key=lambda name: pf.place(name)["rank"])[-3:]
        assert all(pf.place(name)["rank"] > len(ORDER) / 2 for name in last)
        assert set(last) == {"湿法刻蚀与清洗设备", "化学机械平坦化（CMP）设备", "封装设备"}

    def test_survivals(self):
        found = pf.survivals().set_index("claim")
        pairs = pf.against_additive()
        assert found.at["成套挑，凑齐的工序比逐项挑多", "held"] == (pairs["complete"] > pairs["best"]).sum()
        assert (
            found.at["照指数从高到低，好过随机的次序", "held"] == (pf.regrets()["equal"] < pf.regrets()["random"]).sum()
        )
        full = found.index[found["verdict"] == "全成立"]
        assert len(full) == 5
        assert found.at["逐项挑的组合凑不齐成品（乐观读法）", "tried"] == len(pf.parameter_sets())
        assert not any(name in claim for claim in full for name in index.names())


def test_picker_ships_what_the_package_uses():
    given = pf.picker()
    table = pf.items("firm", "falling", "top")
    for kind, code, column in (("cost", "firm", "cost"), ("success", "falling", "success"), ("risk", "top", "risk")):
        (values,) = [c["values"] for c in given[kind] if c["code"] == code]
        assert values == table[column].tolist()
    assert [len(r["steps"]) for r in given["readings"]] == [len(pf.bundles(r)) for r in pf.READINGS]
    assert given["reference"] == list(range(17))
    assert portfolio.best(pf.items(), pf.allowance()).sum() == 17
