"""区间与前后比较：与公式、与手算、与生成的数列（只在检验里用）对照。"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from chokepoint import inference as inf


def months(values, start="2018-01"):
    return pd.Series(values, index=pd.period_range(start, periods=len(values), freq="M").astype(str), name="生成的数列")


class TestProportion:
    @pytest.mark.parametrize(("k", "n"), [(0, 10), (3, 10), (10, 10), (406, 1176)])
    def test_wilson_formula(self, k, n):
        z, p = stats.norm.ppf(0.975), k / n
        middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
        assert inf.proportion(k, n) == pytest.approx((p, max(middle - half, 0), min(middle + half, 1)), abs=1e-12)

    @pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (0, 0)])
    def test_refuses(self, k, n):
        with pytest.raises(ValueError, match="命中数"):
            inf.proportion(k, n)


class TestBootstrap:
    frame = pd.DataFrame({"top": [1.0, 2, 3, 4, 50], "whole": [10.0, 10, 10, 10, 60]})

    def ratio(self, part):
        return part["top"].sum() / part["whole"].sum()

    def test_rows_move_together_and_the_interval_is_the_percentiles(self):
        found = inf.bootstrap(self.frame, self.ratio, draws=400, seed=1)
        rng, drawn = np.random.default_rng(1), []
        for _ in range(400):
            drawn.append(self.ratio(self.frame.iloc[rng.integers(0, 5, 5)]))
        assert found.estimate == pytest.approx(60 / 100)
        assert (found.low, found.high) == pytest.approx(tuple(np.percentile(drawn, [2.5, 97.5])), abs=0.05)

    def test_same_seed_same_interval(self):
        first = inf.bootstrap(self.frame, self.ratio, draws=200)
        assert first == inf.bootstrap(self.frame, self.ratio, draws=200)
        assert first != inf.bootstrap(self.frame, self.ratio, draws=200, seed=2)

    def test_one_row_is_not_a_sample(self):
        with pytest.raises(ValueError, match="两行"):
            inf.bootstrap(self.frame.head(1), self.ratio)


class TestSlope:
    def test_median_of_pairwise_slopes(self):
        x, y = [1, 2, 3, 4, 6], [1.0, 2.5, 2.9, 9.0, 6.2]
        pairs = [(y[j] - y[i]) / (x[j] - x[i]) for i in range(5) for j in range(i + 1, 5)]
        found = inf.slope(x, y)
        assert found.estimate == pytest.approx(np.median(pairs))
        assert found.low <= found.estimate <= found.high

    def test_one_outlier_does_not_move_it(self):
        y = np.arange(10.0)
        assert inf.slope(range(10), np.where(y == 5, 500, y)).estimate == pytest.approx(1)

    @pytest.mark.parametrize("y", [[1, 2, 3], [1, 2, 3, np.nan]])
    def test_refuses(self, y):
        with pytest.raises(ValueError, match="四个点"):
            inf.slope(range(len(y)), y)


def newey_west(x, residuals, lags):
    """逐项写出来的 Bartlett 核，含 n/(n−k) 的小样本修正。"""
    n, k = x.shape
    inside = (x * residuals[:, None]).T @ (x * residuals[:, None])
    for lag in range(1, lags + 1):
        cross = (x[lag:] * residuals[lag:, None]).T @ (x[:-lag] * residuals[:-lag, None])
        inside += (1 - lag / (lags + 1)) * (cross + cross.T)
    bread = np.linalg.inv(x.T @ x)
    return bread @ inside @ bread * n / (n - k)


class TestBeforeAfter:
    rng = np.random.default_rng(7)
    series = months(np.exp(rng.normal(0, 0.2, 60).cumsum() * 0.3 + 2))

    def test_difference_of_mean_logs(self):
        logs = np.log(self.series)
        found = inf.before_after(self.series, "2021-01", before=24, after=12)
        assert found.estimate == pytest.approx(logs["2021-01":"2021-12"].mean() - logs["2019-01":"2020-12"].mean())

    def test_standard_error_by_hand(self):
        y = np.log(self.series["2019-01":"2021-12"]).to_numpy()
        x = np.column_stack([np.ones(36), np.arange(36) >= 24])
        b = np.linalg.lstsq(x, y, rcond=None)[0]
        se = np.sqrt(newey_west(x, y - x @ b, 3)[1, 1])
        half = stats.t.ppf(0.975, 34) * se
        found = inf.before_after(self.series, "2021-01", before=24, after=12, lags=3)
        assert (found.low, found.high) == pytest.approx((b[1] - half, b[1] + half))

    def test_seasons_are_taken_out(self):
        """前七个月全在旺季、后七个月全在淡季：不扣季节会误作下降。"""
        season = np.tile(np.exp(np.r_[np.ones(6), np.zeros(6)]), 4)
        noise = np.exp(np.random.default_rng(3).normal(0, 0.01, 48))
        series = months(season * noise)
        raw = inf.before_after(series, "2020-07", before=7, after=6)
        taken = inf.before_after(series, "2020-07", before=30, after=18, season=12)
        assert raw.estimate < -0.7
        assert abs(taken.estimate) < 0.02

    def test_a_known_step_is_found_and_none_is_not(self):
        noise = np.random.default_rng(5).normal(0, 0.05, 48)
        step = np.where(np.arange(48) >= 24, np.log(0.6), 0)
        with_step = inf.before_after(months(np.exp(noise + step)), "2020-01")
        assert with_step.low < np.log(0.6) < with_step.high
        assert with_step.excludes(0)
        assert not inf.before_after(months(np.exp(noise)), "2020-01").excludes(0)

    def test_trend_absorbs_steady_growth(self):
        growth = months(np.exp(0.02 * np.arange(48) + np.random.default_rng(2).normal(0, 0.01, 48)))
        assert inf.before_after(growth, "2020-01").estimate > 0.4
        assert abs(inf.before_after(growth, "2020-01", trend=True).estimate) < 0.03

    def test_ratio(self):
        assert inf.change_ratio(inf.Interval(0, np.log(0.5), np.log(2))) == pytest.approx((1, 0.5, 2))

    @pytest.mark.parametrize(
        ("change", "options", "message"),
        [
            (lambda s: s.replace(s.iloc[3], 0.0), {}, "不能有缺失、零或负数"),
            (lambda s: s.where(s.index != "2019-05"), {}, "不能有缺失"),
            (lambda s: pd.concat([s, s.head(1)]), {}, "重复的时期"),
            (lambda s: s.head(25), {}, "不够比较"),
            (lambda s: s, {"before": 99}, "不够比较"),
            (lambda s: s, {"before": 3, "after": 3, "season": 12}, "估不出"),
        ],
    )
    def test_refuses(self, change, options, message):
        with pytest.raises(ValueError, match=message):
            inf.before_after(change(self.series), "2020-01", **options)


class TestPlacebo:
    frame = pd.DataFrame(
        np.exp(np.random.default_rng(11).normal(0, 0.05, (60, 3))),
        columns=["甲", "乙", "丙"],
        index=months(np.ones(60)).index,
    )
    frame.loc["2021-07":, "甲"] *= 0.5

    def test_dates_use_nothing_after_the_event(self):
        found = inf.placebo_dates(self.frame["甲"], "2021-07", before=12, after=6)
        assert found.index[0] == "2019-01"
        assert found.index[-1] == "2021-01"
        changed = self.frame["甲"].where(self.frame.index < "2021-07", 9)
        pd.testing.assert_frame_equal(found, inf.placebo_dates(changed, "2021-07", before=12, after=6))
        real = inf.before_after(self.frame["甲"], "2021-07", before=12, after=6).estimate
        assert inf.placebo_share(real, found["estimate"]) == pytest.approx(1 / (1 + len(found)))

    def test_dates_need_room(self):
        with pytest.raises(ValueError, match="放不下"):
            inf.placebo_dates(self.frame["甲"], "2018-10", before=12, after=6)

    def test_series_side_by_side(self):
        found = inf.placebo_series(self.frame, "甲", "2021-07", before=12, after=6)
        assert list(found.index) == ["甲", "乙", "丙"]
        own = found["estimate"]
        assert found.loc["乙", "versus"] == pytest.approx(own["甲"] - own["乙"])
        assert np.isnan(found.loc["甲", "versus"])
        assert found.loc["丙", "versus_high"] < 0 < found.loc["丙", "high"]

    def test_unknown_series(self):
        with pytest.raises(KeyError, match="丁"):
            inf.placebo_series(self.frame, "丁", "2021-07")

    def test_share(self):
        assert inf.placebo_share(-2, [1, -2, 3]) == pytest.approx(3 / 4)
        assert inf.placebo_share(5, [1, -2, 3]) == pytest.approx(1 / 4)
        with pytest.raises(ValueError, match="至少"):
            inf.placebo_share(1, [])


# ---- 转折与转移


def bent(when, before, after, noise, seed=4):
    years = np.arange(2000, 2024)
    rng = np.random.default_rng(seed)
    line = before * (years - 2000) + (after - before) * np.maximum(years - when, 0)
    return pd.Series(line + noise * rng.normal(size=len(years)), index=years, name="折线")


def test_an_exact_bend_is_found_exactly():
    found = inf.turning_point(bent(2016, 0.5, -0.8, 0))
    assert found.when == 2016
    assert (found.before, found.after) == (pytest.approx(0.5), pytest.approx(-0.8))
    assert found.candidates == (2016,)
    assert found.p < 1e-6


def test_noise_widens_the_candidates_and_they_hold_the_truth():
    quiet, loud = (inf.turning_point(bent(2016, 0.5, -0.8, noise)) for noise in (0.05, 0.8))
    assert len(loud.candidates) > len(quiet.candidates)
    assert 2016 in loud.candidates
    held = [2016 in inf.turning_point(bent(2016, 0.5, -0.8, 0.4, seed)).candidates for seed in range(60)]
    assert np.mean(held) > 0.8


def test_a_straight_line_has_no_turn():
    small = [inf.turning_point(bent(2016, 0.3, 0.3, 0.5, seed)).p < 0.05 for seed in range(60)]
    assert np.mean(small) < 0.12


@pytest.mark.parametrize("years", [[2000, 2001, 2002, 2003, 2004], [2000, 2000, 2001, 2002, 2003, 2004, 2005, 2006]])
def test_turning_point_refuses(years):
    with pytest.raises(ValueError, match="找不出转折|重复"):
        inf.turning_point(pd.Series(range(len(years)), index=years))


PANEL = pd.DataFrame(
    [
        ("甲", 2018, "优"),
        ("甲", 2019, "优"),
        ("甲", 2020, "差"),
        ("乙", 2018, "优"),
        ("乙", 2020, "优"),
        ("丙", 2019, "差"),
    ],
    columns=["unit", "year", "grade"],
)


def test_transitions_count_only_consecutive_years():
    found = inf.transitions(PANEL, "unit", "year", "grade", ["优", "差"]).set_index(["start", "end"])
    assert found.loc[("优", "优"), "count"] == 1  # 甲 2018→2019；乙隔了一年，不算
    assert found.loc[("优", "差"), "count"] == 1
    assert found.loc[("优", "差"), ["estimate", "low", "high"]].tolist() == pytest.approx(list(inf.proportion(1, 2)))
    assert found.loc[("差", "差"), "total"] == 0
    assert found.loc[("差", "差"), ["estimate", "low", "high"]].isna().all()


def test_transitions_refuse_what_they_do_not_know():
    with pytest.raises(ValueError, match="不认识的状态：差"):
        inf.transitions(PANEL, "unit", "year", "grade", ["优"])
    with pytest.raises(ValueError, match="甲 在 2018 有两行"):
        inf.transitions(pd.concat([PANEL, PANEL.iloc[:1]]), "unit", "year", "grade", ["优", "差"])
