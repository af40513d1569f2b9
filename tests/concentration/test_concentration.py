"""集中度：与官方算例、定义和所有可能的分法对照。"""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chokepoint import concentration as c

#: 机器忙时单个例子可以慢，不因此算失败。
UNHURRIED = settings(deadline=None, derandomize=True, max_examples=60)
POSITIVE = st.integers(1, 1000)
LISTS = st.lists(POSITIVE, min_size=1, max_size=8)


def shares_of(values):
    return np.array(values) / sum(values)


def test_hhi_of_the_official_example():
    """美国司法部说明页的算例：30、30、20、20 得 2 600 点。"""
    assert c.hhi([0.3, 0.3, 0.2, 0.2]) * c.HHI_POINTS == pytest.approx(2600)


def test_thresholds_are_those_of_the_guidelines():
    assert (c.US_MODERATE, c.US_HIGH, c.US_DELTA) == (1000, 1800, 100)
    assert (c.EC_LOW, c.EC_HIGH, c.EC_DELTA_MIDDLE, c.EC_DELTA_HIGH) == (1000, 2000, 250, 150)


@UNHURRIED
@given(LISTS)
def test_hhi_lies_between_equal_and_single(values):
    found = c.hhi(shares_of(values))
    assert 1 / len(values) - 1e-12 <= found <= 1 + 1e-12
    assert c.equivalent_number(shares_of(values)) == pytest.approx(1 / found)


def test_equivalent_number_counts_equal_suppliers():
    assert c.equivalent_number([0.25] * 4) == pytest.approx(4)


@pytest.mark.parametrize(
    ("shares", "message"),
    [([], "空"), ([0.5, -0.1], "负数"), ([0.7, 0.4], "超过 1"), ([0.5, None], "缺失"), ([0, 0], "全是零")],
)
def test_bad_shares_are_refused(shares, message):
    for measure in (c.hhi, c.equivalent_number, lambda s: c.cr(s, 1)):
        with pytest.raises(ValueError, match=message):
            measure(shares)


def test_percent_by_mistake_is_refused_but_rounding_is_not():
    with pytest.raises(ValueError, match="百分数"):
        c.hhi([60, 40])
    assert c.hhi([0.502, 0.501]) == pytest.approx(0.502**2 + 0.501**2)
    with pytest.raises(ValueError, match="超过 1"):
        c.hhi([0.502, 0.501], tolerance=0)


# ---- 上下界 ----


def test_bounds_by_hand():
    assert c.hhi_bounds([0.5, 0.2]) == pytest.approx((0.29, 0.29 + 0.09))
    assert c.hhi_bounds([0.5, 0.2], cap="smallest") == pytest.approx((0.29, 0.29 + 0.04 + 0.01))
    assert c.hhi_bounds([50, 20], total=100, cap=10) == pytest.approx((0.29, 0.29 + 3 * 0.01))
    assert c.cr_bounds([0.5, 0.2], 2) == pytest.approx((0.7, 0.8))
    assert c.cr_bounds([0.5, 0.2], 3, cap="smallest") == pytest.approx((0.7, 0.9))


def test_bounds_close_when_the_list_is_complete():
    assert c.hhi_bounds([0.1] * 10) == pytest.approx((0.1, 0.1))
    assert c.cr_bounds([0.7, 0.2, 0.1], 2) == pytest.approx((0.9, 0.9))


def test_a_tiny_cap_needs_no_memory():
    low, high = c.hhi_bounds([0.5], cap=1e-12)
    assert low == 0.25
    assert high == pytest.approx(0.25)


def partitions(total, largest):
    """整数 total 分成不超过 largest 的若干份，全部分法。"""
    if total == 0:
        yield []
    for first in range(min(total, largest), 0, -1):
        for rest in partitions(total - first, first):
            yield [first, *rest]


@UNHURRIED
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(0, 8), st.integers(1, 8), st.integers(1, 5))
def test_bounds_hold_for_every_split_and_are_reached(listed, rest, cap, k):
    """把余数分成整数份的每一种分法都不越界;上界由其中一种取到。"""
    total = sum(listed) + rest
    hhi, cr = c.hhi_bounds(listed, total, cap), c.cr_bounds(listed, k, total, cap)
    every = [np.array([*listed, *p]) / total for p in partitions(rest, cap)]
    squares, tops = [np.square(s).sum() for s in every], [np.sort(s)[::-1][:k].sum() for s in every]
    assert max(squares) == pytest.approx(hhi.high)
    assert max(tops) == pytest.approx(cr.high)
    assert min(squares) >= hhi.low - 1e-12
    assert min(tops) >= cr.low - 1e-12
    # 下界取不到，但分得越碎越接近。
    fine = np.concatenate([np.array(listed, dtype=float), np.full(10_000, rest / 10_000)]) / total
    assert np.square(fine).sum() == pytest.approx(hhi.low, abs=1e-3)
    assert np.sort(fine)[::-1][:k].sum() == pytest.approx(cr.low, abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.7, 0.6],), "超过总数"),
        (([0.7], 0), "总数"),
        (([0.7], 1, 0), "上限"),
        (([0.7, 0.0], 1, "smallest"), "最小的一家是零"),
        (([],), "空"),
    ],
)
def test_bad_listings_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        c.hhi_bounds(*arguments)


@pytest.mark.parametrize("k", [0, -1, 1.5, True])
def test_bad_counts_are_refused(k):
    with pytest.raises(ValueError, match="正整数"):
        c.cr([0.5], k)


# ---- 集团 ----


def test_bloc_is_one_supplier():
    shares = pd.Series({"美": 0.4, "日": 0.3, "中": 0.3})
    assert c.bloc_hhi(shares, {}) == pytest.approx(c.hhi(shares))
    assert c.bloc_hhi(shares, {"盟": ["美", "日", "荷"]}) == pytest.approx(0.7**2 + 0.3**2)


def test_a_bloc_named_like_a_supplier_stays_apart():
    assert c.bloc_hhi(pd.Series({"美": 0.5, "日": 0.3, "盟": 0.2}), {"盟": ["美", "日"]}) == pytest.approx(0.68)


@UNHURRIED
@given(LISTS, st.data())
def test_merging_raises_hhi_by_the_cross_products(values, data):
    shares = pd.Series(shares_of(values), index=[f"p{i}" for i in range(len(values))])
    members = data.draw(st.sets(st.sampled_from(list(shares.index))))
    gain = 2 * sum(shares[a] * shares[b] for a, b in combinations(sorted(members), 2))
    assert c.bloc_hhi(shares, {"b": members}) == pytest.approx(c.hhi(shares) + gain)


def test_overlapping_blocs_and_repeated_suppliers_are_refused():
    with pytest.raises(ValueError, match="同时属于"):
        c.bloc_hhi(pd.Series({"美": 0.5}), {"甲": ["美"], "乙": ["美"]})
    with pytest.raises(ValueError, match="重复"):
        c.bloc_hhi(pd.Series([0.5, 0.2], index=["美", "美"]), {})


# ---- 不均等 ----


@UNHURRIED
@given(LISTS)
def test_gini_is_the_mean_difference(values):
    x = np.array(values, dtype=float)
    pairs = np.abs(x[:, None] - x[None, :]).sum() / (2 * len(x) ** 2 * x.mean())
    assert c.gini(values) == pytest.approx(pairs)


def test_gini_and_theil_at_the_ends():
    assert c.gini([5, 5, 5]) == pytest.approx(0)
    assert c.gini([0, 0, 0, 1]) == pytest.approx(0.75)
    assert c.theil([5, 5, 5]) == pytest.approx(0)
    assert c.theil([0, 0, 0, 1]) == pytest.approx(math.log(4))
    # 手算：x/均值 = 0.5、1.5。
    assert c.theil([1, 3]) == pytest.approx((0.5 * math.log(0.5) + 1.5 * math.log(1.5)) / 2)


@UNHURRIED
@given(LISTS, st.integers(2, 50))
def test_scale_does_not_matter(values, factor):
    for measure in (c.gini, c.theil):
        assert measure([v * factor for v in values]) == pytest.approx(measure(values))


@UNHURRIED
@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from("abc")), min_size=1, max_size=12))
def test_theil_parts_add_up(rows):
    values, groups = pd.Series([v for v, _ in rows]), pd.Series([g for _, g in rows])
    assume(values.sum() > 0)
    parts = c.theil_groups(values, groups)
    assert parts[["within", "between"]].to_numpy().sum() == pytest.approx(c.theil(values), abs=1e-12)
    assert parts["n"].sum() == len(rows)
    # 组间部分等于把每个成员换成组均值后的泰尔指数。
    means = values.groupby(groups).transform("mean")
    assert parts["between"].sum() == pytest.approx(c.theil(means), abs=1e-12)


def test_bad_values_and_groups_are_refused():
    for measure in (c.gini, c.theil):
        for values, message in (([], "空"), ([-1, 2], "负数"), ([0, 0], "全是零"), ([1, None], "缺失")):
            with pytest.raises(ValueError, match=message):
                measure(values)
    with pytest.raises(ValueError, match="索引不一致"):
        c.theil_groups(pd.Series([1, 2]), pd.Series(["a", "b"], index=[1, 2]))
    with pytest.raises(ValueError, match="缺失"):
        c.theil_groups(pd.Series([1, 2]), pd.Series(["a", None]))
