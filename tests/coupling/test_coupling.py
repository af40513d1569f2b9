"""耦合协调度：手算、恒等式、边界、打乱与区间。"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint import coupling

UNIT = st.floats(0.01, 1)


def two(a: float, b: float) -> pd.DataFrame:
    return pd.DataFrame({"x": [a], "y": [b]})


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """测试用的生成数据：四十个对象，五项指标，前三项相关。"""
    rng = np.random.default_rng(3)
    base = rng.lognormal(size=40)
    columns = {f"a{i}": base * rng.lognormal(sigma=0.3, size=40) for i in range(3)}
    return pd.DataFrame(columns | {"b0": rng.lognormal(size=40), "b1": rng.lognormal(size=40)})


SYSTEMS = {"甲": ["a0", "a1", "a2"], "乙": ["b0", "b1"]}


class TestDegree:
    def test_by_hand(self):
        # 0.2 与 0.8：几何平均 0.4，算术平均 0.5；修正式 √[(1−0.6)·0.25]
        assert coupling.coupling(two(0.2, 0.8))[0] == pytest.approx(0.8)
        assert coupling.coupling(two(0.2, 0.8), "corrected")[0] == pytest.approx(np.sqrt(0.4 * 0.25))

    def test_three_systems_by_hand(self):
        level = pd.DataFrame({"x": [0.1], "y": [0.4], "z": [0.8]})
        assert coupling.coupling(level)[0] == pytest.approx(0.032 ** (1 / 3) / (1.3 / 3))
        gap = (0.3 + 0.7 + 0.4) / 3
        assert coupling.coupling(level, "corrected")[0] == pytest.approx(np.sqrt((1 - gap) * np.sqrt(0.125 * 0.5)))

    @given(UNIT, UNIT)
    def test_original_d_is_the_fourth_root_of_the_product(self, a, b):
        assert coupling.coordination(two(a, b))["d"][0] == pytest.approx((a * b) ** 0.25)

    @given(UNIT, UNIT)
    def test_corrected_never_exceeds_original(self, a, b):
        c = {form: coupling.coupling(two(a, b), form)[0] for form in coupling.FORMS}
        assert 0 <= c["corrected"] <= c["original"] + 1e-12 <= 1 + 2e-12

    @given(UNIT)
    def test_equal_systems_are_fully_coupled(self, a):
        for form in coupling.FORMS:
            found = coupling.coordination(two(a, a), form)
            assert found["c"][0] == pytest.approx(1)
            assert found["d"][0] == pytest.approx(np.sqrt(a))

    def test_a_zero_system_is_uncoupled(self):
        assert coupling.coupling(two(0, 0.7))[0] == coupling.coupling(two(0, 0.7), "corrected")[0] == 0
        assert coupling.coordination(two(0, 0))["d"][0] == 0

    def test_published_pairs_agree(self):
        """王淑佳等（2021）表 8 的京津冀各市 2008 年：由通行的 C 得出两个水平之比，再由修正的 C 得出差，应互相说得通。

        差与比定出两个水平，二者都须在 0–1 之间；写错任何一个式子，都会有城市落到外面。
        """
        original = [0.9989, 0.9935, 0.8868, 0.9073, 0.6821, 0.8328, 0.6816, 0.7789, 0.6871, 0.6101, 0.8017, 0.7867]
        corrected = [0.9404, 0.8660, 0.5440, 0.5769, 0.3006, 0.4780, 0.3344, 0.4171, 0.3278, 0.2700, 0.4374, 0.4196]
        for c, m in zip(original, corrected, strict=True):
            root = (1 - np.sqrt(1 - c**2)) / c
            ratio = root**2
            gap = 1 - m**2 / ratio
            high = gap / (1 - ratio)
            assert 0 < high <= 1
            level = two(ratio * high, high)
            assert coupling.coupling(level)[0] == pytest.approx(c)
            assert coupling.coupling(level, "corrected")[0] == pytest.approx(m)

    def test_weight_moves_t_only(self):
        plain, leaning = (coupling.coordination(two(0.2, 0.8), weight=w) for w in (None, {"x": 3, "y": 1}))
        assert plain["c"][0] == leaning["c"][0]
        assert leaning["t"][0] == pytest.approx(0.35)

    @pytest.mark.parametrize("bad", [1.2, -0.1, np.nan])
    def test_out_of_range_names_the_place(self, bad):
        with pytest.raises(ValueError, match="子系统 y 在 0 的值"):
            coupling.coupling(two(0.5, bad))

    def test_one_system_and_unknown_form(self):
        with pytest.raises(ValueError, match="两个子系统"):
            coupling.coupling(pd.DataFrame({"x": [0.5]}))
        with pytest.raises(ValueError, match="不认识的写法"):
            coupling.coupling(two(0.5, 0.5), "simple")


class TestGrade:
    def test_borders_belong_to_the_lower_grade(self):
        found = coupling.grade(pd.Series([0, 0.1, 0.11, 0.5, 0.95, 1]))
        assert found.tolist() == ["极度失调", "极度失调", "严重失调", "濒临失调", "优质协调", "优质协调"]

    def test_out_of_range(self):
        with pytest.raises(ValueError, match="0 到 1"):
            coupling.grade(pd.Series([1.01]))


class TestLevels:
    def test_best_and_worst_span_the_range(self):
        panel = pd.DataFrame({"a": [1.0, 2, 4], "b": [10.0, 20, 40]})
        found = coupling.levels(panel, {"甲": ["a"], "乙": ["b"]})
        assert found.to_numpy() == pytest.approx(np.array([[0.01] * 2, [0.01 + 0.99 / 3] * 2, [1.0] * 2]))
        logged = coupling.levels(panel, {"甲": ["a"], "乙": ["b"]}, scale="log")
        assert logged["甲"].tolist() == pytest.approx([0.01, 0.505, 1.0])

    def test_rank_ignores_size(self, panel):
        stretched = panel.assign(a0=panel["a0"] ** 3)
        same = [coupling.levels(p, SYSTEMS, scale="rank") for p in (panel, stretched)]
        pd.testing.assert_frame_equal(*same)

    def test_never_above_one(self, panel):
        # 五列相同、主成分赋权：加权之和差一个浮点误差而超过 1，随后会被 coordination 当作坏数拒绝
        same = panel.assign(**dict.fromkeys(panel, panel["a0"]))
        found = coupling.levels(same.assign(c=panel["b0"]), {"甲": list(panel), "乙": ["c"]}, weighting="pca")
        assert found.to_numpy().max() == 1
        coupling.coordination(found)

    def test_errors(self, panel):
        with pytest.raises(ValueError, match="没有指标"):
            coupling.levels(panel, {"甲": ["nowhere"], "乙": ["b0"]})
        with pytest.raises(ValueError, match="取对数"):
            coupling.levels(panel.assign(b0=0.0), SYSTEMS, scale="log")
        with pytest.raises(ValueError, match="归一办法"):
            coupling.levels(panel, SYSTEMS, scale="z-score")


class TestDraws:
    def test_reproducible_and_in_range(self, panel):
        (first, how), (second, _) = (coupling.draws(panel, SYSTEMS, count=12) for _ in range(2))
        pd.testing.assert_frame_equal(first, second)
        assert first.shape == (40, 12)
        assert ((first >= 0) & (first <= 1)).to_numpy().all()
        assert set(how) == {"form", "scale", "weighting", "dropped"}

    def test_every_way_is_used(self, panel):
        _, how = coupling.draws(panel, SYSTEMS, count=60)
        assert set(how["form"]) == set(coupling.FORMS)
        assert set(how["scale"]) == set(coupling.SCALES)
        assert {"", "a0", "a1", "a2"} == set(how["dropped"])  # 两项的子系统不去

    def test_each_draw_is_the_chosen_way(self, panel):
        # 两个子系统相同：C 为 1，子系统的权不起作用，D 只剩水平的平方根，可由记下的做法逐次重算
        values, how = coupling.draws(panel, {"甲": ["a0", "a1"], "乙": ["a0", "a1"]}, count=30)
        for i, way in how.iterrows():
            u = coupling.levels(panel, {"甲": ["a0", "a1"]}, way["scale"], way["weighting"])["甲"]
            assert values[i].tolist() == pytest.approx(np.sqrt(u).tolist())

    def test_draws_keep_the_index(self, panel):
        named = panel.set_index(pd.MultiIndex.from_product([[1, 2], range(20)], names=["年", "省"]))
        found, _ = coupling.draws(named, SYSTEMS, count=5)
        plain, _ = coupling.draws(panel, SYSTEMS, count=5)
        assert found.index.equals(named.index)
        assert np.array_equal(found, plain)

    def test_interval_holds_the_middle(self):
        values = pd.DataFrame([np.arange(101.0)])
        assert coupling.intervals(values).iloc[0].tolist() == pytest.approx([50, 5, 95])

    def test_separable_is_paired(self):
        common = np.linspace(0, 1, 50)
        values = pd.DataFrame([common + 0.01, common, 1 - common])
        found = coupling.separable(values)
        assert found.iloc[0, 1]
        assert not found.iloc[1, 0]
        assert not found.iloc[0, 2]
        assert not found.iloc[2, 0]
        with pytest.raises(ValueError, match="要求的占比"):
            coupling.separable(values, 0.5)


class TestShuffled:
    def test_ordered_pairs_beat_shuffled(self):
        x = np.linspace(0.05, 1, 40)
        real, middle, low, high = coupling.shuffled(pd.DataFrame({"x": x, "y": x}), "corrected", count=300)
        assert low < middle < high < real

    def test_reversed_pairs_fall_below(self):
        x = np.linspace(0.05, 1, 40)
        real, _, low, _ = coupling.shuffled(pd.DataFrame({"x": x, "y": x[::-1]}), "corrected", count=300)
        assert real < low

    def test_size_alone_vanishes_within_groups(self):
        # 两边都等于组的大小：随意打乱低得多，组内打乱什么也不变
        group = pd.Series(np.repeat([0, 1, 2, 3], 10))
        level = pd.DataFrame({"x": 0.2 + 0.2 * group, "y": 0.2 + 0.2 * group})
        real, mean, *_ = coupling.shuffled(level, "corrected", count=100)
        assert mean < 0.9 * real
        assert coupling.shuffled(level, "corrected", count=100, within=group) == pytest.approx((real,) * 4)

    def test_pairing_inside_groups_is_still_seen(self):
        x = np.linspace(0.05, 1, 40)
        group = pd.Series(np.arange(40) // 10)
        real, _, _, high = coupling.shuffled(pd.DataFrame({"x": x, "y": x}), "corrected", count=300, within=group)
        assert real > high

    def test_everyone_has_a_group(self):
        with pytest.raises(ValueError, match="没有组的对象"):
            coupling.shuffled(pd.DataFrame({"x": [0.2, 0.4], "y": [0.3, 0.5]}), within=pd.Series([0], index=[0]))
