"""编码敏感性：与逐一穷举的结果对照。"""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.coding import category_bounds, recode_ranks

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
