"""编码敏感性：与逐一穷举的结果对照。"""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.coding import category_bounds, recode, recode_ranks, survival

CODES = st.sampled_from(["a", "b", "c"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CODES, st.one_of(st.none(), CODES)), min_size=1, max_size=6))
def test_bounds_equal_brute_force(items):
    main = pd.Series([m for m, _ in items])
    other = pd.Series([a for _, a in items], dtype=object)
    choices = [[m] if a is None else [m, a] for m, a in items]
    found = category_bounds(main, other)
    assert found["main"].sum() == len(items)
    for code in found.index:
        counts = [combo.count(code) for combo in itertools.product(*choices)]
        assert (found.loc[code, "low"], found.loc[code, "high"]) == (min(counts), max(counts))


def test_bounds_refuse_gaps_and_mismatched_index():
    with pytest.raises(ValueError, match="缺失"):
        category_bounds(pd.Series(["a", None]), pd.Series([None, None]))
    with pytest.raises(ValueError, match="索引"):
        category_bounds(pd.Series(["a"]), pd.Series(["a"], index=[7]))


def test_no_flips_keep_every_rank():
    coded = pd.DataFrame({"x": [True, True, False], "y": [True, False, False], "z": [True, True, False]})
    found = recode_ranks(coded, share=0.0, draws=100, seed=1)
    assert found["rank"].to_dict() == {"x": 1, "z": 1, "y": 3}
    assert (found["rank_low"] == found["rank"]).all()
    assert (found["rank_high"] == found["rank"]).all()
    assert found["top_share"].to_dict() == {"x": 1.0, "z": 1.0, "y": 0.0}


def test_full_randomness_forgets_the_coding():
    coded = pd.DataFrame({"x": [True] * 30, "y": [False] * 30})
    found = recode_ranks(coded, share=0.5, draws=4000, seed=2)
    assert abs(found.loc["x", "top_share"] - found.loc["y", "top_share"]) < 0.05


def test_expected_count_under_flips():
    rng = np.random.default_rng(3)
    coded = pd.DataFrame(rng.random((200, 2)) < [0.8, 0.3], columns=["x", "y"])
    found = recode_ranks(coded, share=0.1, draws=500, seed=4)
    assert found.loc["x", "top_share"] == 1.0


@pytest.mark.parametrize(("share", "draws"), [(-0.1, 200), (0.6, 200), (0.1, 99)])
def test_recode_refuses_nonsense(share, draws):
    with pytest.raises(ValueError, match="应在|至少"):
        recode_ranks(pd.DataFrame({"x": [True]}), share=share, draws=draws, seed=0)


def test_recode_refuses_missing():
    with pytest.raises(ValueError, match="缺失"):
        recode_ranks(pd.DataFrame({"x": [True, None]}), share=0.1, draws=100, seed=0)


CODED = (np.arange(200) % 4, np.repeat([0, 1, 2], [120, 60, 20]))


@pytest.mark.parametrize("even", [True, False])
def test_recode_changes_exactly_the_share(even):
    drawn = recode(CODED, 0.2, np.random.default_rng(1), even)
    changed = [new != old for new, old in zip(drawn, CODED, strict=True)]
    assert [c.sum() for c in changed] == [40, 40]
    assert (changed[0] == changed[1]).all()  # 同一批对象
    assert [set(new) <= set(old) for new, old in zip(drawn, CODED, strict=True)] == [True, True]
    assert (CODED[0] == np.arange(200) % 4).all()  # 原来的不动


def test_recode_draws_the_other_categories_as_said():
    rng = np.random.default_rng(2)
    for even, want in ((True, 0.5), (False, 0.25)):  # 由 0 改成 2：均等是一半，依个数是 20 ÷ 80
        moved = np.concatenate([recode(CODED[1:], 1.0, rng, even)[0][:120] for _ in range(40)])
        assert (moved == 2).mean() == pytest.approx(want, abs=0.03)


def test_survival_counts_the_draws():
    def judge(columns):
        return [True, False, columns[1][0] == 0]

    found = survival(CODED, judge, share=0.3, draws=2000, seed=3)
    assert list(found[:2]) == [1, 0]
    assert found[2] == pytest.approx(0.7, abs=0.04)  # 第一个对象没有被抽到的机会
    assert list(survival(CODED, judge, share=0.0, draws=5, seed=3)) == [1, 0, 1]


def test_recode_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="份额"):
        recode(CODED, 1.2, np.random.default_rng(0))
    with pytest.raises(ValueError, match="一类"):
        recode((np.zeros(5, dtype=int),), 0.5, np.random.default_rng(0))
