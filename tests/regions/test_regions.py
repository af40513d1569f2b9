"""收敛与空间相关：与逐项展开的定义、穷举的置换和已知的极端对照。"""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from chokepoint import regions

CHAIN = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")]
VALUES = pd.Series({"a": 1.0, "b": 2.0, "c": 4.0, "d": 3.0, "e": 9.0})


def by_definition(values, pairs):
    """逐对展开：行标准化的权重，一项一项地加。"""
    mean = sum(values.values()) / len(values)
    near = {u: [v for pair in pairs for v in pair if u in pair and v != u] for u in values}
    total = sum((values[u] - mean) * (values[v] - mean) / len(near[u]) for u in values for v in near[u])
    weight = sum(1 for u in values if near[u])
    return len(values) / weight * total / sum((x - mean) ** 2 for x in values.values())


def test_moran_is_its_definition():
    found = regions.moran(VALUES, CHAIN, draws=99)
    assert found.estimate == pytest.approx(by_definition(VALUES.to_dict(), CHAIN))
    assert found.expected == -1 / 4


def test_moran_does_not_mind_order_or_strangers():
    mixed = [(b, a) for a, b in CHAIN] + [("a", "外"), CHAIN[0]]
    assert regions.moran(VALUES, mixed, draws=9).estimate == pytest.approx(
        regions.moran(VALUES, CHAIN, draws=9).estimate
    )


def test_moran_p_is_near_the_exhaustive_one():
    expected = -1 / 4
    every = [by_definition(dict(zip("abcde", p, strict=True)), CHAIN) for p in permutations(VALUES)]
    own = by_definition(VALUES.to_dict(), CHAIN)
    exact = np.mean([abs(v - expected) >= abs(own - expected) - 1e-12 for v in every])
    found = regions.moran(VALUES, CHAIN, draws=20_000)
    assert found.p == pytest.approx(exact, abs=0.015)
    assert np.mean(every) == pytest.approx(expected, abs=0.15)  # 行标准化时期望也是 -1/(n-1)


def test_a_chequerboard_repels_and_two_halves_attract():
    cells = [(i, j) for i in range(6) for j in range(6)]
    near = [((i, j), (i + 1, j)) for i in range(5) for j in range(6)] + [
        ((i, j), (i, j + 1)) for i in range(6) for j in range(5)
    ]
    index = pd.MultiIndex.from_tuples(cells)
    board = pd.Series([(i + j) % 2 for i, j in cells], index=index, dtype=float)
    halves = pd.Series([float(i < 3) for i, _ in cells], index=index)
    assert regions.moran(board, near, draws=499).estimate == pytest.approx(-1)
    assert regions.moran(halves, near, draws=499).p == pytest.approx(1 / 500)
    assert regions.moran(halves, near, draws=499).estimate > 0.7


@pytest.mark.parametrize(
    ("values", "pairs", "message"),
    [
        (VALUES.iloc[:3], CHAIN, "至少四个"),
        (VALUES.where(VALUES < 9), CHAIN, "缺 1 个"),
        (VALUES * 0, CHAIN, "全都相同"),
        (VALUES, [("a", "a")], "与自己相邻"),
        (VALUES, [("x", "y")], "没有一对"),
    ],
)
def test_moran_refuses(values, pairs, message):
    with pytest.raises(ValueError, match=message):
        regions.moran(values, pairs)


def test_exact_catch_up_is_found():
    """按已知的速度收敛，不加噪声：回归恰好找回它，速度换算回去。"""
    first = pd.Series(np.exp([0.0, 0.5, 1.0, 2.0, 3.0, 4.0]), index=list("abcdef"))
    rate, years = 0.03, 12
    target = np.exp(2.0)
    last = target * (first / target) ** np.exp(-rate * years)
    b = regions.beta_convergence(first, last.iloc[::-1], years)  # 次序不同也对得上
    assert b.estimate == pytest.approx(-(1 - np.exp(-rate * years)) / years)
    assert regions.speed(b, years).estimate == pytest.approx(rate)
    sd = regions.dispersion(pd.DataFrame([first, last], index=[2011, 2023]))["sd_log"]
    assert sd[2023] / sd[2011] == pytest.approx(np.exp(-rate * years))


def test_beta_matches_the_closed_form_with_hc3():
    rng = np.random.default_rng(7)
    first = pd.Series(rng.lognormal(0, 1, 31))
    last = first * rng.lognormal(0.5, 0.3, 31)
    found = regions.beta_convergence(first, last, 10)
    x, y = np.log(first), np.log(last / first) / 10
    design = np.column_stack([np.ones(31), x])
    inverse = np.linalg.inv(design.T @ design)
    b = inverse @ design.T @ y
    hat = np.einsum("ij,jk,ik->i", design, inverse, design)
    meat = design.T @ (design * (((y - design @ b) / (1 - hat)) ** 2).to_numpy()[:, None])
    se = np.sqrt((inverse @ meat @ inverse)[1, 1])
    from scipy.stats import t

    assert found == pytest.approx((b[1], b[1] - t.ppf(0.975, 29) * se, b[1] + t.ppf(0.975, 29) * se))


def test_speed_orders_its_ends_and_knows_infinity():
    found = regions.speed(regions.Interval(-0.02, -0.2, 0.01), 10)
    assert found.low == pytest.approx(-np.log(1.1) / 10)
    assert found.high == np.inf


def test_dispersion_by_hand():
    found = regions.dispersion(pd.DataFrame({"a": [1.0], "b": [3.0]}, index=[2020]))
    assert found.loc[2020, "cv"] == pytest.approx(0.5)
    assert found.loc[2020, "sd_log"] == pytest.approx(np.log(3) / 2)


@pytest.mark.parametrize("wrong", [0.0, None])
def test_convergence_refuses(wrong):
    first = pd.Series([1.0, 2, 3, 4, 5])
    last = first.astype(object).where(first < 5, wrong).astype(float)
    with pytest.raises(ValueError, match="正数"):
        regions.beta_convergence(first, last, 5)
    with pytest.raises(ValueError, match="正数"):
        regions.dispersion(pd.DataFrame([first, last]))
    with pytest.raises(ValueError, match="单位不同"):
        regions.beta_convergence(first, first.iloc[:4], 5)
