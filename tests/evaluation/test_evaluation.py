"""评估：判定、上下界、优势比、进度与监测规则，逐条与手算或另一种算法比。"""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from chokepoint import evaluation
from chokepoint.evaluation import Watch


class TestJudge:
    @pytest.mark.parametrize(
        ("outcome", "target", "comparator", "margin", "expected"),
        [
            (2.4, 2.5, "ge", 0, "missed"),
            (2.5, 2.5, "ge", 0, "met"),
            (2.4, 2.5, "ge", 0.05, "borderline"),
            (2.6, 2.5, "ge", 0.05, "borderline"),
            (3.0, 5, "le", 0, "met"),
            (6.0, 5, "le", 0, "missed"),
        ],
    )
    def test_cases(self, outcome, target, comparator, margin, expected):
        assert evaluation.judge(outcome, target, comparator, margin) == expected

    def test_errors(self):
        with pytest.raises(ValueError, match="方向"):
            evaluation.judge(1, 1, "eq")
        with pytest.raises(ValueError, match="判定要有"):
            evaluation.judge(np.nan, 1, "ge")


class TestMetBounds:
    def test_by_hand(self):
        found = evaluation.met_bounds(6, 2, 12)
        assert (found.low, found.high) == (0.3, 0.9)
        assert found.known.estimate == 0.75
        # Wilson 区间：解 (p̂−p)² = z²·p(1−p)/n
        z, n, p = stats.norm.ppf(0.975), 8, 0.75
        roots = np.roots([1 + z**2 / n, -(2 * p + z**2 / n), p**2])
        assert sorted(roots) == pytest.approx([found.known.low, found.known.high])

    def test_nothing_unknown_closes_the_bounds(self):
        found = evaluation.met_bounds(3, 1, 0)
        assert found.low == found.high == found.known.estimate

    def test_errors(self):
        with pytest.raises(ValueError, match="至少一个有结果"):
            evaluation.met_bounds(0, 0, 3)


class TestAssociation:
    def test_against_the_hypergeometric(self):
        found = evaluation.association((8, 2), (3, 7))
        # 双侧 Fisher：超几何分布里不比实测更可能的各表之和
        law = stats.hypergeom(20, 11, 10)
        chances = law.pmf(np.arange(1, 11))
        assert found.p == pytest.approx(chances[chances <= law.pmf(8) * (1 + 1e-9)].sum())
        assert found.odds.low < found.odds.estimate < found.odds.high

    def test_order_turns_it_over(self):
        one, two = evaluation.association((8, 2), (3, 7)), evaluation.association((3, 7), (8, 2))
        assert one.odds.estimate == pytest.approx(1 / two.odds.estimate)
        assert one.p == pytest.approx(two.p)

    def test_errors(self):
        with pytest.raises(ValueError, match="每组"):
            evaluation.association((0, 0), (1, 1))
        with pytest.raises(ValueError, match="全成或全败"):
            evaluation.association((3, 0), (2, 0))


class TestPace:
    def test_by_hand(self):
        done, needed = evaluation.pace(pd.Series({2015: 10.0, 2020: 20.0}), 40, 2025)
        assert (done, needed) == (2, 4)

    def test_errors(self):
        with pytest.raises(ValueError, match="两个不同年份"):
            evaluation.pace(pd.Series({2015: 10.0}), 40, 2025)
        with pytest.raises(ValueError, match="应晚于"):
            evaluation.pace(pd.Series({2015: 10.0, 2020: 20.0}), 40, 2020)


class TestDifferenceBounds:
    def test_by_hand(self):
        low, high = evaluation.difference_bounds((3, 1, 4), (2, 2, 0))
        assert (low, high) == pytest.approx((3 / 8 - 2 / 4, 7 / 8 - 2 / 4))

    def test_nothing_unknown_is_a_point(self):
        low, high = evaluation.difference_bounds((3, 1, 0), (2, 2, 0))
        assert low == high == pytest.approx(0.25)


class TestLag:
    def test_by_hand(self):
        found = evaluation.lag(pd.Series({2020: 6.0, 2021: 6.5, 2023: 6.6, 2025: 9.0}), 8, 2025)
        # 2021：已有每年 0.5，所需 1.5/4；2023：已有 0.6/3，所需 1.4/2；2025 是目标年，不用
        assert found.to_dict() == pytest.approx({2021: 0.375 / 0.5, 2023: 0.7 / 0.2})

    def test_already_there_and_going_back(self):
        found = evaluation.lag(pd.Series({2020: 10.0, 2021: 9.0, 2022: 21.0}), 20, 2025)
        assert found[2021] == np.inf
        assert found[2022] == 0

    def test_lower_is_better(self):
        found = evaluation.lag(pd.Series({2015: 20.0, 2016: 18.0}), 10, 2020)
        assert found[2016] == pytest.approx(1)

    def test_the_future_changes_nothing(self):
        short = pd.Series({2020: 6.0, 2021: 6.5, 2022: 6.6})
        longer = pd.concat([short, pd.Series({2023: 99.0})])
        assert evaluation.lag(longer, 8, 2025)[2022] == evaluation.lag(short, 8, 2025)[2022]

    def test_errors(self):
        with pytest.raises(ValueError, match="至少要两个数"):
            evaluation.lag(pd.Series({2020: 1.0, 2025: 2.0}), 3, 2025)
        with pytest.raises(ValueError, match="目标等于起点"):
            evaluation.lag(pd.Series({2020: 1.0, 2021: 2.0}), 1, 2025)


class TestEpisodes:
    def test_three_kinds(self):
        # 报警：第 2 期（一期就解除）、第 5–7 期（持续）、第 10 期（还没有到）
        watched = evaluation.watch(pd.Series([1, 6, 1, 1, 6, 6, 6, 1, 1, 6], index=range(1, 11)), Watch(5))
        found = evaluation.episodes(watched)
        assert found["start"].tolist() == [2, 5, 10]
        assert found["length"].tolist() == [1, 3, 1]
        assert found["kind"].tolist() == ["brief", "lasting", "open"]
        assert evaluation.episodes(watched, patience=3)["kind"].tolist() == ["brief", "brief", "open"]

    def test_gaps_do_not_count(self):
        watched = evaluation.watch(pd.Series([6, np.nan, np.nan, 1]), Watch(5))
        assert evaluation.episodes(watched)["length"].tolist() == [1]

    def test_none(self):
        assert evaluation.episodes(evaluation.watch(pd.Series([1, 2]), Watch(5))).empty

    def test_errors(self):
        with pytest.raises(ValueError, match="至少一期"):
            evaluation.episodes(evaluation.watch(pd.Series([1, 2]), Watch(5)), patience=0)


class TestShuffledAlarms:
    def test_against_all_orders(self):
        changes = [1.0, 1.0, -1.0, -1.0]
        exact = [
            len(evaluation.episodes(evaluation.watch(pd.Series(order), Watch(0, runs=2))))
            for order in permutations(changes)
        ]
        drawn = evaluation.shuffled_alarms(pd.Series(changes), Watch(0, runs=2), draws=4000, seed=1)
        years = [evaluation.watch(pd.Series(o), Watch(0, runs=2))["alarm"].sum() for o in permutations(changes)]
        assert drawn.mean() == pytest.approx(np.mean(exact), abs=0.03)
        drawn = evaluation.shuffled_alarms(pd.Series(changes), Watch(0, runs=2), draws=4000, seed=1, periods=True)
        assert drawn.mean() == pytest.approx(np.mean(years), abs=0.03)

    def test_gaps_stay_in_place(self):
        # 缺口沿用上一期的状态，两头的各一个升不会凑成连续之外的东西
        drawn = evaluation.shuffled_alarms(pd.Series([1.0, np.nan, 1.0]), Watch(0, runs=2), draws=100, seed=1)
        assert (drawn == 1).all()  # 一段，一个有数的期

    def test_errors(self):
        with pytest.raises(ValueError, match="至少 100 次"):
            evaluation.shuffled_alarms(pd.Series([1.0]), Watch(0), draws=10, seed=1)


class TestWatch:
    def test_a_single_crossing_is_not_enough(self):
        found = evaluation.watch(pd.Series([1, 6, 1, 6, 7, 1]), Watch(5, runs=2))
        assert found["crossed"].tolist() == [False, True, False, True, True, False]
        assert found["alarm"].tolist() == [False, False, False, False, True, False]

    def test_release_keeps_the_alarm(self):
        found = evaluation.watch(pd.Series([6, 4.5, 4.5, 3.9, 4.5]), Watch(5, release=4))
        assert found["alarm"].tolist() == [True, True, True, False, False]

    def test_below(self):
        found = evaluation.watch(pd.Series([3, 1, 2.5, 3.5]), Watch(2, side="below", release=3))
        assert found["alarm"].tolist() == [False, True, True, False]

    def test_a_gap_changes_nothing(self):
        found = evaluation.watch(pd.Series([6, np.nan, 6, np.nan]), Watch(5, runs=2))
        assert found["alarm"].tolist() == [False, False, True, True]

    def test_errors(self):
        with pytest.raises(ValueError, match="永远解除不了"):
            Watch(5, release=6)
        with pytest.raises(ValueError, match="永远解除不了"):
            Watch(5, side="below", release=4)
        with pytest.raises(ValueError, match="方向"):
            Watch(5, side="beyond")
        with pytest.raises(ValueError, match="至少连续"):
            Watch(5, runs=0)
