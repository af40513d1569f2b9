"""综合指数：与定义、逐一穷举和性质对照。"""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from chokepoint.composite import (
    AGGREGATIONS,
    CHOICES,
    NORMALISATIONS,
    WEIGHTINGS,
    Choice,
    aggregate,
    choice_table,
    coverage,
    cronbach_alpha,
    impute,
    leave_one_out,
    loadings,
    monte_carlo,
    normalise,
    rank_draws,
    ranks,
    redundant,
    score,
    sobol,
    weights,
)

WHOLE = arrays(np.int64, st.tuples(st.integers(3, 7), st.integers(2, 4)), elements=st.integers(-5, 5)).map(
    lambda x: pd.DataFrame(x, columns=list("abcd")[: x.shape[1]])
)
METHODS = [c for c in CHOICES if c.name in ("normalisation", "weighting", "aggregation")]


@pytest.fixture
def frame():
    rng = np.random.default_rng(11)
    common = rng.random((12, 1))
    return pd.DataFrame(common + rng.random((12, 5)), index=[f"u{i}" for i in range(12)], columns=list("abcde"))


# ── 缺失 ──────────────────────────────────────────────────────────────


@pytest.fixture
def gappy():
    return pd.DataFrame({"a": [1.0, 2, None, 10], "b": [5.0, None, None, 7], "c": [0.0, 1, 2, 3]}, index=list("wxyz"))


def test_coverage_counts_both_ways(gappy):
    by_name = coverage(gappy)
    assert by_name["missing"].to_dict() == {"b": 2, "a": 1, "c": 0}
    assert by_name.loc["b", "where"] == "x、y"
    assert by_name.loc["a", "share"] == 0.75
    by_unit = coverage(gappy, by="unit")
    assert by_unit["present"].to_dict() == {"y": 1, "x": 2, "w": 3, "z": 3}
    assert by_unit.loc["y", "where"] == "a、b"


def test_impute_none_drops_and_says_so(gappy):
    found = impute(gappy)
    assert list(found.values.index) == ["w", "z"]
    assert found.report[["unit", "indicator", "action"]].to_numpy().tolist() == [
        ["x", "b", "dropped"],
        ["y", "a", "dropped"],
        ["y", "b", "dropped"],
    ]


def test_impute_median_and_bounds(gappy):
    median = impute(gappy, "median")
    assert (median.values.at["y", "a"], median.values.at["x", "b"]) == (2, 6)
    assert median.low.equals(median.values)
    assert median.high.equals(median.values)
    loose = impute(gappy, "bounds", limits={"b": (0, 9)})
    assert (loose.low.at["y", "a"], loose.high.at["y", "a"]) == (1, 10)
    assert (loose.low.at["y", "b"], loose.high.at["y", "b"]) == (0, 9)
    assert (loose.low < loose.high).to_numpy().sum() == gappy.isna().to_numpy().sum() == len(loose.report)


def test_impute_refuses(gappy):
    with pytest.raises(ValueError, match="插补办法"):
        impute(gappy, "mean")
    with pytest.raises(ValueError, match="没有一个值"):
        impute(gappy.assign(d=np.nan), "median")
    with pytest.raises(ValueError, match="一个不剩"):
        impute(gappy.drop(index=["w", "z"]).assign(b=[1, None], a=[None, 1]))
    with pytest.raises(ValueError, match="不含中位数"):
        impute(gappy, "bounds", limits={"b": (8, 9)})


# ── 结构 ──────────────────────────────────────────────────────────────


def test_alpha_of_copies_and_of_strangers():
    base = pd.Series([1.0, 4, 2, 8, 5])
    assert cronbach_alpha(pd.DataFrame({"x": base, "y": 3 * base + 1})) == pytest.approx(1)
    square = pd.DataFrame({"x": [1.0, 1, -1, -1], "y": [1.0, -1, 1, -1]})
    assert cronbach_alpha(square) == pytest.approx(0)
    with pytest.raises(ValueError, match="方向"):
        cronbach_alpha(pd.DataFrame({"x": base, "y": -base}))


def test_redundant_finds_the_pair(frame):
    twin = frame.assign(f=-2 * frame["a"])
    assert redundant(twin, 0.999)[["first", "second"]].to_numpy().tolist() == [["a", "f"]]
    assert redundant(twin, 0.999)["r"].item() == pytest.approx(-1)
    assert redundant(frame, 0.999).empty


def test_varimax_beats_every_other_rotation(frame):
    """两个因子时，varimax 就是一个角度：逐个角度试，没有更好的。"""
    found = loadings(frame, 2).to_numpy()
    size = np.sqrt((found**2).sum(axis=1, keepdims=True))

    def simplicity(x):
        return ((x / size) ** 2).var(axis=0).sum()

    turns = np.linspace(0, np.pi / 2, 721)
    tried = [simplicity(found @ [[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]]) for t in turns]
    assert simplicity(found) == pytest.approx(max(tried), rel=1e-4)
    assert min(tried) < 0.9 * max(tried)


def test_rotation_keeps_communalities(frame):
    values, vectors = np.linalg.eigh(np.corrcoef(frame.T))
    plain = vectors[:, -2:] * np.sqrt(values[-2:])
    assert (loadings(frame, 2) ** 2).sum(axis=1).tolist() == pytest.approx((plain**2).sum(axis=1).tolist())


# ── 归一、赋权、合成 ─────────────────────────────────────────────────


@settings(max_examples=60, deadline=None)
@given(WHOLE, st.sampled_from(NORMALISATIONS))
def test_normalisation_keeps_order_and_direction_flips_it(x, method):
    up = normalise(x, method)
    down = normalise(x, method, dict.fromkeys(x, -1))
    flipped = -up if method == "z-score" else 1 - up
    assert np.allclose(down, flipped)
    for name in x:
        order = np.sign(np.subtract.outer(x[name].to_numpy(), x[name].to_numpy()))
        gaps = np.subtract.outer(up[name].to_numpy(), up[name].to_numpy())
        assert (np.sign(np.where(np.abs(gaps) < 1e-12, 0, gaps)) == order).all()


@settings(max_examples=60, deadline=None)
@given(WHOLE, st.sampled_from(WEIGHTINGS[:4]), st.floats(0.1, 50), st.floats(-9, 9))
def test_weights_sum_to_one_and_ignore_units(x, method, scale, shift):
    if method == "pca":  # 特征值相等时主成分的方向不定，权也不定
        varying = x.loc[:, x.nunique() > 1]
        assume(varying.shape[1] < 2 or np.diff(np.linalg.eigvalsh(varying.corr())).min() > 1e-6)
    found = weights(x, method)
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()
    assert np.allclose(weights(x * scale + shift, method), found, atol=1e-6)
    flat = [c for c in x if x[c].nunique() == 1]
    if method != "equal" and len(flat) < x.shape[1]:
        spread = {name: found[name] for name in flat}
        assert all(value == pytest.approx(0) for value in spread.values()) or found.nunique() == 1


def test_constant_columns_are_neutral(frame):
    with_flat = frame.assign(flat=7.0)
    assert (normalise(with_flat)["flat"] == 0.5).all()
    assert (normalise(with_flat, "z-score")["flat"] == 0).all()
    assert (normalise(with_flat, "rank")["flat"] == 0.5).all()
    for method in ("entropy", "critic", "pca"):
        found = weights(with_flat, method)
        assert found["flat"] == 0
        assert np.allclose(found[list("abcde")], weights(frame, method))


def test_entropy_and_critic_by_hand(frame):
    unit = (frame - frame.min()) / (frame.max() - frame.min())
    spread, rest = [], []
    for name in unit:
        p = unit[name] / unit[name].sum()
        spread.append(1 + sum(v * math.log(v) for v in p if v > 0) / math.log(len(p)))
        rest.append(unit[name].std() * sum(1 - unit[name].corr(unit[other]) for other in unit))
    assert weights(frame, "entropy").tolist() == pytest.approx([v / sum(spread) for v in spread])
    assert weights(frame, "critic").tolist() == pytest.approx([v / sum(rest) for v in rest])


@settings(max_examples=40, deadline=None)
@given(arrays(float, (4, 3), elements=st.floats(0.1, 9)), st.lists(st.floats(0.1, 5), min_size=3, max_size=3))
def test_geometric_never_exceeds_arithmetic(x, w):
    x, w = pd.DataFrame(x, columns=list("abc")), pd.Series(w, index=list("abc"))
    low, high = aggregate(x, w, "geometric"), aggregate(x, w)
    assert (low <= high + 1e-9).all()
    by_hand = [math.prod(v ** (p / w.sum()) for v, p in zip(row, w, strict=True)) for row in x.to_numpy()]
    assert low.tolist() == pytest.approx(by_hand)


def test_geometric_score_lifts_to_the_floor_first(frame):
    """0–1 的分数线性抬到 [floor, 1];z 分数换成 1 + z/10。"""
    unit = (frame - frame.min()) / (frame.max() - frame.min())
    lifted = 0.2 + 0.8 * unit
    by_hand = lifted.prod(axis=1) ** (1 / 5)
    assert score(frame, aggregation="geometric", floor=0.2).tolist() == pytest.approx(by_hand.tolist())
    z = 1 + (frame - frame.mean()) / frame.std() / 10
    assert score(frame, "z-score", aggregation="geometric").tolist() == pytest.approx((z.prod(axis=1) ** 0.2).tolist())
    with pytest.raises(ValueError, match="下限"):
        score(frame, floor=0)


def test_refusals(frame):
    with pytest.raises(ValueError, match="为正"):
        aggregate(frame - 1, weights(frame), "geometric")
    with pytest.raises(ValueError, match="对不上"):
        aggregate(frame, weights(frame.drop(columns="a")))
    with pytest.raises(ValueError, match="u3 的 b"):
        normalise(frame.mask((frame.index == "u3")[:, None] & (frame.columns == "b")))
    with pytest.raises(ValueError, match="方向"):
        normalise(frame, direction={"a": 2})
    with pytest.raises(ValueError, match="方向"):
        normalise(frame, direction={"zz": 1})
    with pytest.raises(ValueError, match="归一办法"):
        score(frame, "log")
    with pytest.raises(ValueError, match="同时给出权重"):
        weights(frame, "given")
    with pytest.raises(ValueError, match="无穷大"):
        normalise(frame.assign(a=np.inf))


def test_ranks_share_the_best_place():
    assert ranks(pd.Series([3.0, 5, 3, 5, 1, 3 + 1e-15])).tolist() == [3, 1, 3, 1, 6, 3]
    with pytest.raises(ValueError, match="没有分数"):
        ranks(pd.Series([1.0, np.nan]))


# ── 不确定性 ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("direction", [None, {"a": -1, "d": -1}])
def test_draws_equal_one_at_a_time(frame, direction):
    chosen, drawn = rank_draws(frame, METHODS, n=300, seed=5, direction=direction)
    assert len(chosen.drop_duplicates()) == 3 * 4 * 2
    for i in chosen.drop_duplicates().index:
        alone = ranks(score(frame, *chosen.loc[i], direction=direction))
        assert drawn.loc[i].tolist() == alone.tolist()


def test_draws_with_loose_data_equal_one_at_a_time(frame):
    """数据停在上限：一次一个地算，逐一相等。"""
    high = frame + np.random.default_rng(2).random(frame.shape) * (frame.columns == "c")
    ends = [*METHODS, Choice("data", "测试", True, range=(1.0, 1.0))]
    chosen, drawn = rank_draws(frame, ends, n=200, seed=1, high=high, direction={"c": -1})
    moved = False
    for i in range(60):
        assert drawn.loc[i].tolist() == ranks(score(high, *chosen.loc[i], direction={"c": -1})).tolist()
        moved |= drawn.loc[i].tolist() != ranks(score(frame, *chosen.loc[i], direction={"c": -1})).tolist()
    assert moved


def test_loose_data_stay_in_their_interval():
    """唯一不确定的格子在 [0, 4] 上均匀：它高过 3 的机会是四分之一。"""
    frame = pd.DataFrame({"x": [0.0, 3.0, 10.0]}, index=list("pqr"))
    low, high = frame.copy(), frame.copy()
    high.loc["p", "x"] = 4
    found = monte_carlo(frame, [CHOICES[4]], n=20_000, seed=3, top=2, low=low, high=high)
    assert found.loc["p", "top_share"] == pytest.approx(0.25, abs=0.01)
    assert found.loc["q", "top_share"] == pytest.approx(0.75, abs=0.01)
    assert found.loc["r", ["low", "high"]].tolist() == [1, 1]


def test_perturbation_has_the_exact_odds():
    """两项指标、权 1.2:1,各乘 [0.75, 1.25] 上的均匀数：甲居首的机会按面积是 0.795833。"""
    frame = pd.DataFrame({"x": [1.0, 0, 0.2], "y": [0.0, 1, 0.2]}, index=["甲", "乙", "丙"])
    given_choice = Choice("weighting", "测试", True, values=("given",))
    found = monte_carlo(frame, [given_choice, CHOICES[3]], n=40_000, seed=8, top=1, given={"x": 1.2, "y": 1})
    assert found.loc["甲", "top_share"] == pytest.approx(0.795833, abs=0.008)
    assert found.loc["丙"].tolist() == [3, 3, 3, 3, 0]


def test_summary_is_that_of_the_draws(frame):
    _, drawn = rank_draws(frame, n=999, seed=4)
    found = monte_carlo(frame, n=999, seed=4, top=3)
    assert found["median"].to_dict() == drawn.median().to_dict()
    for unit in frame.index:
        ordered = sorted(drawn[unit])
        assert (found.loc[unit, "low"], found.loc[unit, "high"]) == (ordered[50], ordered[948])
        assert found.loc[unit, "top_share"] == (drawn[unit] <= 3).mean()
    assert found["reference"].to_dict() == ranks(score(frame)).to_dict()


def test_same_seed_same_result(frame):
    assert monte_carlo(frame, n=500, seed=1).equals(monte_carlo(frame, n=500, seed=1))
    assert not rank_draws(frame, n=500, seed=1)[1].equals(rank_draws(frame, n=500, seed=2)[1])
    assert sobol(frame, n=64, seed=0).equals(sobol(frame, n=64, seed=0))


def exact_sobol(frame, choices):
    """三处离散做法等可能：逐一穷举，按定义算一阶与总指数。"""
    options = [c.values for c in choices]
    reference = ranks(score(frame))
    y = np.empty([len(v) for v in options])
    for place in itertools.product(*[range(len(v)) for v in options]):
        picked = {c.name: v[k] for c, v, k in zip(choices, options, place, strict=True)}
        y[place] = (ranks(score(frame, **picked)) - reference).abs().mean()
    axes = set(range(len(choices)))
    first = [y.mean(axis=tuple(axes - {i})).var() / y.var() for i in axes]
    total = [y.var(axis=i).mean() / y.var() for i in axes]
    return pd.DataFrame({"first": first, "total": total}, index=[c.name for c in choices])


def test_sobol_equals_enumeration(frame):
    exact = exact_sobol(frame, METHODS)
    found = sobol(frame, METHODS, n=2048, seed=6)[["first", "total"]].loc[exact.index]
    assert np.abs(found - exact).to_numpy().max() < 0.05
    assert exact["total"].max() - exact["total"].min() > 0.1


def test_sobol_of_a_single_choice_is_one(frame):
    found = sobol(frame, [CHOICES[0]], n=512, seed=1)
    assert found["total"].item() == pytest.approx(1, abs=0.05)
    assert found["first"].item() == pytest.approx(1, abs=0.05)


def test_sobol_of_an_immovable_unit_is_missing(frame):
    frame.loc["u0"] = frame.max() + 1
    assert sobol(frame, unit="u0", n=64).isna().to_numpy().all()
    assert sobol(frame, unit="u5", n=64).notna().to_numpy().all()


def test_leave_one_out_recomputes(frame):
    found = leave_one_out(frame, weighting="critic", direction={"b": -1})
    whole = ranks(score(frame, weighting="critic", direction={"b": -1}))
    without = ranks(score(frame.drop(columns="b"), weighting="critic"))
    assert (found["b"] == without - whole).all()
    assert found.to_numpy().any()
    given_weights = {"a": 1, "b": 0, "c": 1, "d": 1, "e": 1}
    assert (leave_one_out(frame, weighting="given", given=given_weights)["b"] == 0).all()


def test_choice_table_prints_every_range():
    table = choice_table()
    assert list(table.index) == ["normalisation", "weighting", "aggregation", "perturbation", "data"]
    assert table.loc["perturbation", "values"] == "0.75–1.25"
    assert table.loc["aggregation", "values"] == "、".join(AGGREGATIONS)
    assert table["invented"].to_dict()["perturbation"] is True
    assert table["origin"].str.len().min() > 5


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "colour", "values": ("red",)}, "没有叫"),
        ({"name": "weighting", "values": ("equal", "equal")}, "重复"),
        ({"name": "weighting", "values": ("votes",)}, "不认识"),
        ({"name": "weighting", "range": (0.0, 1.0)}, "要给 values"),
        ({"name": "perturbation", "range": (0.0, 1.0)}, "范围"),
        ({"name": "perturbation", "range": (1.2, 0.8)}, "范围"),
        ({"name": "data", "range": (0.0, 1.5)}, "范围"),
        ({"name": "data", "range": (0.0, 1.0), "origin": ""}, "出处"),
    ],
)
def test_choice_refuses(wrong, message):
    with pytest.raises(ValueError, match=message):
        Choice(**{"origin": "测试", "invented": True, **wrong})


def test_uncertainty_refuses(frame):
    with pytest.raises(ValueError, match="至少 100"):
        rank_draws(frame, n=99)
    with pytest.raises(ValueError, match="top"):
        monte_carlo(frame, top=13)
    with pytest.raises(ValueError, match="上下限之间"):
        monte_carlo(frame, low=frame + 1, high=frame + 2)
    with pytest.raises(ValueError, match="行列不一致"):
        monte_carlo(frame, low=frame.iloc[::-1])
    with pytest.raises(ValueError, match="2 的幂"):
        sobol(frame, n=100)
    with pytest.raises(ValueError, match="没有对象"):
        sobol(frame, unit="zz")
    with pytest.raises(ValueError, match="无从分解"):
        sobol(frame, [Choice("weighting", "测试", True, values=("equal",))])
    with pytest.raises(ValueError, match="名称重复"):
        choice_table([CHOICES[0], CHOICES[0]])


def test_ten_thousand_draws_of_sixty_units_take_seconds():
    """一万次、六十个对象、八项指标，半数格子不确定：十几秒之内（通常两三秒）。"""
    import time

    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.random((60, 8)))
    high = frame + (rng.random((60, 8)) < 0.5)
    start = time.process_time()
    monte_carlo(frame, low=frame, high=high)
    assert time.process_time() - start < 15


# ── 去掉一项指标 ──────────────────────────────────────────────────────


def test_omission_equals_zero_weight(frame):
    choices = [Choice("omission", "x", True, values=("none", "b", "d"))]
    drawn, placed = rank_draws(frame, choices, n=200, seed=3)
    assert set(drawn["omission"]) == {"none", "b", "d"}
    for dropped in ("none", "b", "d"):
        kept = frame.drop(columns=dropped, errors="ignore")
        expected = ranks(score(kept))
        rows = placed[(drawn["omission"] == dropped).to_numpy()]
        assert (rows == expected).all(axis=None)


def test_omission_shows_in_sobol_and_reference_keeps_all(frame):
    choices = [Choice("omission", "x", True, values=("none", "b", "d"))]
    assert sobol(frame, choices, n=256).index.tolist() == ["omission"]
    reference = monte_carlo(frame, choices, n=100, top=3)["reference"].reindex(frame.index)
    assert reference.tolist() == ranks(score(frame)).tolist()


def test_omission_refuses(frame):
    with pytest.raises(ValueError, match="第一个取值"):
        Choice("omission", "x", True, values=("a", "none"))
    with pytest.raises(ValueError, match="不在表中"):
        rank_draws(frame, [Choice("omission", "x", True, values=("none", "zz"))], n=100)
    only = [Choice("omission", "x", True, values=("none", "a")), Choice("weighting", "x", True, values=("given",))]
    with pytest.raises(ValueError, match="没有权"):
        rank_draws(frame, only, n=100, given={"a": 1, "b": 0, "c": 0, "d": 0, "e": 0})
