"""攻关组合：与穷举比，与教科书的极端情形比，错的输入指名道姓。"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from chokepoint import portfolio


def random_items(seed: int, n: int = 9) -> pd.DataFrame:
    """测试用的生成数据。"""
    rng = np.random.default_rng(seed)
    frame = {"cost": rng.uniform(1, 10, n), "success": rng.uniform(0.1, 0.9, n), "risk": rng.uniform(0, 5, n)}
    return pd.DataFrame(frame, index=[f"项{i}" for i in range(n)])


def random_bundles(seed: int, items: pd.DataFrame) -> dict:
    """测试用的成套：三套，第一套有两种办法，彼此有重叠。"""
    rng = np.random.default_rng(100 + seed)

    def some(k):
        return frozenset(rng.choice(items.index, k, replace=False))

    return {"甲": [some(2), some(3)], "乙": [some(2)], "丙": [some(4)]}


def everything(items: pd.DataFrame, feasible) -> float:
    """穷举：可行组合里期望消去的风险最多是多少。"""
    gain = (items["success"] * items["risk"]).to_numpy()
    return max(gain @ np.array(x) for x in product([0, 1], repeat=len(items)) if feasible(np.array(x)))


def removed(items: pd.DataFrame, chosen: pd.Series) -> float:
    return float((items["success"] * items["risk"])[chosen].sum())


@pytest.mark.parametrize("seed", range(6))
class TestAgainstEnumeration:
    def test_best(self, seed):
        items = random_items(seed)
        cost = items["cost"].to_numpy()
        chosen = portfolio.best(items, 20)
        assert cost @ chosen <= 20 + 1e-6
        assert removed(items, chosen) == pytest.approx(everything(items, lambda x: cost @ x <= 20))

    def test_whole_costs_take_the_other_road_to_the_same_value(self, seed):
        items = random_items(seed).assign(cost=lambda t: t["cost"].round())
        cost = items["cost"].to_numpy()
        chosen = portfolio.best(items, 20)
        assert cost @ chosen <= 20
        assert removed(items, chosen) == pytest.approx(everything(items, lambda x: cost @ x <= 20))
        other = portfolio.best(items.assign(cost=items["cost"] / 3), 20 / 3 + 1e-9)
        assert removed(items, other) == pytest.approx(removed(items, chosen))

    def test_chance(self, seed):
        items = random_items(seed, 7)
        costs = portfolio.scenarios(items, 0.6, count=20, seed=seed)
        chosen = portfolio.chance(items, 15, costs, 0.2)
        c = costs.to_numpy()
        assert portfolio.overrun(chosen, costs, 15) <= 0.2
        wanted = everything(items, lambda x: ((x @ c) > 15).mean() <= 0.2)
        assert removed(items, chosen) == pytest.approx(wanted)

    def test_robust(self, seed):
        items = random_items(seed, 7)
        d = items["cost"] * 0.5
        cost, extra = items["cost"].to_numpy(), d.to_numpy()

        def feasible(x):
            return cost @ x + np.sort(extra * x)[::-1][:2].sum() <= 15

        chosen = portfolio.robust(items, 15, d, 2)
        assert feasible(chosen.to_numpy())
        assert removed(items, chosen) == pytest.approx(everything(items, feasible))

    def test_no_rule_beats_the_best(self, seed):
        items = random_items(seed)
        ideal = removed(items, portfolio.best(items, 20))
        for by in portfolio.RULES:
            chosen = portfolio.rule(items, 20, by)
            assert items["cost"][chosen].sum() <= 20 + 1e-6
            assert removed(items, chosen) <= ideal + 1e-9

    def test_complete(self, seed):
        items = random_items(seed, 8)
        bundles = random_bundles(seed, items)
        cost, chance = items["cost"].to_numpy(), items["success"]
        chosen = portfolio.complete(items, 20, bundles)
        assert items["cost"][chosen].sum() <= 20 + 1e-6

        def worth(have):
            return sum(
                max((chance[list(way)].prod() for way in ways if way <= have), default=0) for ways in bundles.values()
            )

        every = [np.array(x, dtype=bool) for x in product([0, 1], repeat=8)]
        wanted = max(worth(set(items.index[x])) for x in every if cost @ x <= 20)
        assert worth(set(items.index[chosen])) == pytest.approx(wanted)

    def test_reserve_is_feasible_and_no_better_than_chance(self, seed):
        items = random_items(seed, 7)
        costs = portfolio.scenarios(items, 0.6, count=20, seed=seed)
        kept = portfolio.reserve(items, 15, costs, 0.2)
        assert portfolio.overrun(kept, costs, 15) <= 0.2
        exact = removed(items, portfolio.chance(items, 15, costs, 0.2))
        assert 0 < removed(items, kept) <= exact + 1e-9


class TestBundles:
    ITEMS = pd.DataFrame({"cost": 1.0, "success": [0.9, 0.9, 0.2], "risk": [1.1, 1, 5]}, index=["a", "b", "c"])
    PAIR = {"一对": [frozenset("ab")]}

    def test_a_pair_beats_the_single_that_adds_up_to_more(self):
        assert portfolio.best(self.ITEMS, 2).tolist() == [True, False, True]
        assert portfolio.complete(self.ITEMS, 2, self.PAIR).tolist() == [True, True, False]

    def test_half_a_pair_is_not_bought(self):
        assert not portfolio.complete(self.ITEMS, 1, self.PAIR).any()

    def test_completed(self):
        done = pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 0, 1]], columns=list("abc")).astype(bool)
        either = {"甲": [frozenset("ab"), frozenset("c")], "乙": [frozenset("a")]}
        assert portfolio.completed(done, either).to_numpy().tolist() == [[True, True], [False, True], [True, False]]

    def test_errors(self):
        with pytest.raises(ValueError, match="至少要有一套"):
            portfolio.complete(self.ITEMS, 1, {})
        with pytest.raises(ValueError, match="没有凑齐的办法"):
            portfolio.complete(self.ITEMS, 1, {"空": []})
        with pytest.raises(ValueError, match="不在各项之中"):
            portfolio.complete(self.ITEMS, 1, {"甲": [frozenset("az")]})


class TestExtremes:
    def test_gamma_ends(self):
        items = random_items(1)
        d = items["cost"] * 0.4
        assert portfolio.robust(items, 20, d, 0).equals(portfolio.best(items, 20))
        worst = items.assign(cost=items["cost"] + d)
        full = portfolio.robust(items, 20, d, len(items))
        assert removed(items, full) == pytest.approx(removed(items, portfolio.best(worst, 20)))

    def test_certain_costs_make_chance_the_knapsack(self):
        items = random_items(2)
        costs = portfolio.scenarios(items, 0, count=5)
        assert removed(items, portfolio.chance(items, 20, costs, 0)) == pytest.approx(
            removed(items, portfolio.best(items, 20))
        )

    def test_nothing_and_everything(self):
        items = random_items(3)
        assert not portfolio.best(items, 0).any()
        assert portfolio.best(items, items["cost"].sum() + 1).all()

    def test_items_without_gain_are_left_out(self):
        items = pd.DataFrame({"cost": 1.0, "success": [1.0, 0, 1], "risk": [1.0, 1, 0]}, index=["有", "不成", "无险"])
        assert portfolio.best(items, 9).tolist() == [True, False, False]

    def test_greedy_can_be_wrong(self):
        # 性价比最高的一项占去预算，装不下两项合起来更好的
        items = pd.DataFrame({"cost": [1.0, 10], "success": [1.0, 1], "risk": [2.0, 10]}, index=["小", "大"])
        assert portfolio.best(items, 10).tolist() == [False, True]
        assert portfolio.rule(items, 10).tolist() == [True, False]


class TestResidual:
    def test_by_hand(self):
        items = pd.DataFrame({"cost": [1.0, 1], "success": [0.5, 1], "risk": [6.0, 2]}, index=["a", "b"])
        assert portfolio.residual(items, pd.Series({"a": True, "b": False})) == pytest.approx(1 - 3 / 8)

    def test_frontier_never_rises(self):
        found = portfolio.frontier(random_items(4), np.arange(0, 40, 4))
        assert (found["residual"].diff().dropna() <= 1e-9).all()
        assert (found["spent"] <= found["budget"] + 1e-6).all()
        greedy = portfolio.frontier(random_items(4), np.arange(0, 40, 4), by="risk")
        assert (greedy["residual"] >= found["residual"] - 1e-9).all()
        assert (greedy["residual"] > found["residual"] + 0.01).any()


class TestScenarios:
    def test_mean_is_kept(self):
        items = random_items(5)
        costs = portfolio.scenarios(items, 0.5, count=40_000)
        assert (costs.mean(axis=1) / items["cost"]).to_numpy() == pytest.approx(1, abs=0.02)
        assert np.log(costs).std(axis=1).to_numpy() == pytest.approx(0.5, abs=0.01)

    def test_common_part_moves_costs_together(self):
        items = random_items(5)
        logs = np.log(portfolio.scenarios(items, 0.5, count=20_000, common=0.6))
        assert logs.std(axis=1).to_numpy() == pytest.approx(0.5, abs=0.01)
        assert np.corrcoef(logs)[0, 1:] == pytest.approx(0.6, abs=0.02)
        with pytest.raises(ValueError, match="common"):
            portfolio.scenarios(items, 0.5, common=1.2)

    def test_overrun_counts(self):
        costs = pd.DataFrame([[1.0, 2, 3, 4], [9, 9, 9, 9]], index=["a", "b"])
        assert portfolio.overrun(pd.Series({"a": True, "b": False}), costs, 2) == 0.5


class TestRegret:
    def test_zero_for_the_truth_and_positive_elsewhere(self):
        first, second = random_items(6), random_items(7)
        plans = {"照第一套": portfolio.best(first, 20)}
        found = portfolio.regret({"一": first, "二": second}, plans, 20)
        assert found.at["一", "照第一套"] == pytest.approx(0)
        assert found.at["二", "照第一套"] > 0

    def test_dearer_truth_stops_in_order(self):
        items = pd.DataFrame({"cost": [1.0, 1], "success": [1.0, 1], "risk": [1.0, 3]}, index=["a", "b"])
        dear = items.assign(cost=2.0)
        plans = {"先 a": pd.Series({"a": True, "b": True}), "先 b": pd.Series({"b": True, "a": True})}
        found = portfolio.regret({"贵": dear}, plans, 2)
        assert found.loc["贵"].tolist() == pytest.approx([0.5, 0])

    def test_filled_skips_or_stops(self):
        costs = np.array([[3.0, 1, 2], [1, 3, 2]])
        assert portfolio.filled(costs, 3).tolist() == [[True, False, False], [True, False, True]]
        assert portfolio.filled(costs, 3, skip=False).tolist() == [[True, False, False], [True, False, False]]

    def test_regret_may_skip_what_cannot_be_paid(self):
        items = pd.DataFrame({"cost": [3.0, 1], "success": [1.0, 1], "risk": [1.0, 1]}, index=["a", "b"])
        plans = {"先 a": pd.Series({"a": True, "b": True})}
        assert portfolio.regret({0: items}, plans, 2).loc[0, "先 a"] == pytest.approx(0)
        assert portfolio.regret({0: items}, plans, 2, skip=False).loc[0, "先 a"] == pytest.approx(0.5)


class TestErrors:
    @pytest.mark.parametrize(("column", "value"), [("cost", 0), ("success", 1.5), ("risk", -1)])
    def test_bad_value_names_item_and_column(self, column, value):
        items = random_items(8)
        items.loc["项3", column] = value
        with pytest.raises(ValueError, match=f"项3 的 {column}"):
            portfolio.best(items, 5)

    def test_others(self):
        items = random_items(9)
        with pytest.raises(ValueError, match="缺列"):
            portfolio.best(items.drop(columns="risk"), 5)
        with pytest.raises(ValueError, match="预算"):
            portfolio.best(items, -1)
        with pytest.raises(ValueError, match="不认识的规则"):
            portfolio.rule(items, 5, "luck")
        with pytest.raises(ValueError, match="对不上"):
            portfolio.residual(items, pd.Series({"x": True}))
        with pytest.raises(ValueError, match="允许超支"):
            portfolio.chance(items, 5, portfolio.scenarios(items, 0.1, 3), 1)
        with pytest.raises(ValueError, match="gamma"):
            portfolio.robust(items, 5, items["cost"], 99)
        for wrong, text in ({"risk": 1}, "允许超支"), ({"steps": 0}, "至少一档"):
            with pytest.raises(ValueError, match=text):
                portfolio.reserve(items, 5, portfolio.scenarios(items, 0.1, 3), **wrong)
