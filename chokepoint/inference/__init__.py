"""估计与它的不确定：比例、斜率、自助法、前后比较和安慰剂。

每个函数返回 :class:`Interval`（估计与区间），或一行一个估计的表。计算交给 scipy 与 statsmodels，
这里只负责把“估计的是什么、与谁比”写清楚。区间只说抽样与波动的不确定，不说口径、转写与因果的不确定。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

__all__ = [
    "LEVEL",
    "SEED",
    "Interval",
    "before_after",
    "bootstrap",
    "change_ratio",
    "placebo_dates",
    "placebo_series",
    "placebo_share",
    "proportion",
    "slope",
    "transitions",
    "turning_point",
]

#: 区间的置信水平。
LEVEL = 0.95
#: 随机抽样的种子，使结果逐字可复现。
SEED = 20260101


class Interval(NamedTuple):
    """一个估计和它的区间，单位与所估计的量相同。"""

    estimate: float
    low: float
    high: float

    def excludes(self, value: float = 0) -> bool:
        """区间是否不含 ``value``。"""
        return not self.low <= value <= self.high


def proportion(successes: int, trials: int, level: float = LEVEL) -> Interval:
    """比例的 Wilson 得分区间（Wilson, 1927）。

    Parameters
    ----------
    successes, trials : int
        命中的个数、总数；``0 <= successes <= trials``，``trials >= 1``。
    level : float
        置信水平，0–1。

    Returns
    -------
    Interval
        0–1。

    Raises
    ------
    ValueError
        个数不合理。
    """
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"比例要 0 ≤ 命中数 ≤ 总数、总数至少为 1，得到 {successes} 与 {trials}")
    found = stats.binomtest(int(successes), int(trials)).proportion_ci(level, method="wilson")
    return Interval(successes / trials, float(found.low), float(found.high))


def bootstrap(
    frame: pd.DataFrame,
    statistic: Callable[[pd.DataFrame], float],
    draws: int = 2_000,
    seed: int = SEED,
    level: float = LEVEL,
) -> Interval:
    """整行重抽样的自助区间（百分位法；Efron, 1979）。

    Parameters
    ----------
    frame : pandas.DataFrame
        一行一个互相独立的单位（企业、伙伴、领域），不是同一单位的各年。
    statistic : callable
        由同样列的表算出一个数。
    draws, seed : int
        重抽的次数、种子。
    level : float
        置信水平，0–1。

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        不足两行。
    """
    if len(frame) < 2:
        raise ValueError(f"自助法至少要两行，得到 {len(frame)} 行")
    found = stats.bootstrap(
        (np.arange(len(frame)),),
        lambda rows: statistic(frame.iloc[np.asarray(rows, dtype=int)]),
        n_resamples=draws,
        vectorized=False,
        confidence_level=level,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(float(statistic(frame)), float(found.low), float(found.high))


def slope(x: Iterable[float], y: Iterable[float], level: float = LEVEL) -> Interval:
    """Theil–Sen 斜率：所有点对斜率的中位数，区间由 Kendall 秩相关反推（Sen, 1968）。

    少数离群的年份动不了它；``y`` 若取自然对数，斜率即每期的增长率（近似）。

    Parameters
    ----------
    x, y : iterable of float
        等长，至少四个点，不能有缺失。
    level : float
        置信水平，0–1。

    Returns
    -------
    Interval
        ``y`` 的单位除以 ``x`` 的单位。

    Raises
    ------
    ValueError
        点不够、有缺失，或长度不等。
    """
    x, y = np.asarray(list(x), dtype=float), np.asarray(list(y), dtype=float)
    if x.shape != y.shape or len(x) < 4 or np.isnan(x).any() or np.isnan(y).any():
        raise ValueError(f"斜率要两列等长、至少四个点、没有缺失，得到 {len(x)} 与 {len(y)} 个")
    found = stats.theilslopes(y, x, alpha=level)
    return Interval(float(found.slope), float(found.low_slope), float(found.high_slope))


def _logs(series: pd.Series) -> pd.Series:
    series = series.sort_index()
    if series.isna().any() or (series <= 0).any():
        raise ValueError(f"前后比较取对数，数列“{series.name}”里不能有缺失、零或负数")
    if series.index.has_duplicates:
        raise ValueError(f"数列“{series.name}”有重复的时期")
    return np.log(series.astype(float))


def _design(index: pd.Index, event, season: int | None, trend: bool) -> np.ndarray:
    columns = [np.ones(len(index)), (index >= event).astype(float)]
    if trend:
        columns.append(np.arange(len(index)) / len(index))
    if season:
        phase = np.arange(len(index)) % season
        columns += [(phase == k).astype(float) for k in range(1, season)]
    return np.column_stack(columns)


def before_after(
    series: pd.Series,
    event,
    *,
    before: int | None = None,
    after: int | None = None,
    season: int | None = None,
    trend: bool = False,
    lags: int | None = None,
    level: float = LEVEL,
) -> Interval:
    """事件前后的对数变化：对数值对“事件之后”的虚拟变量回归，标准误对自相关稳健（Newey 与 West, 1987）。

    估计的是同一数列自己的前后之差，不是事件的效应：同时发生的别的事都在里面。要说效应，须与没有遇上
    这件事的数列比（:func:`placebo_series`），与没有这件事的日子比（:func:`placebo_dates`）。

    Parameters
    ----------
    series : pandas.Series
        正数，索引为等距的时期（年份或 ``YYYY-MM``），可以比较先后。
    event : 与索引同类
        事件后的第一期。
    before, after : int, optional
        事件前、后各取几期；缺省为全部。
    season : int, optional
        一年几期；给出则扣除季节（月度为 12）。
    trend : bool
        是否同时容许一条直线趋势（短数列慎用：趋势与阶跃难分）。
    lags : int, optional
        Bartlett 核的滞后阶数；缺省取 ``floor(4 (T/100)^(2/9))``。
    level : float
        置信水平，0–1。

    Returns
    -------
    Interval
        对数点；:func:`change_ratio` 换成倍数。区间用 t 分布。

    Raises
    ------
    ValueError
        数列不是正数，或事件的某一边不足两期、自由度不足。
    """
    logs = _logs(series)
    left, right = logs[logs.index < event], logs[logs.index >= event]
    left = left if before is None else left.iloc[-before:]
    right = right if after is None else right.iloc[:after]
    if min(len(left), len(right)) < 2 or min(len(left) - (before or 0), len(right) - (after or 0)) < 0:
        raise ValueError(f"数列“{series.name}”在 {event} 之前有 {len(left)} 期、之后有 {len(right)} 期，不够比较")
    y = pd.concat([left, right])
    x = _design(y.index, event, season, trend)
    if len(y) <= x.shape[1]:
        raise ValueError(f"数列“{series.name}”只有 {len(y)} 期，估不出 {x.shape[1]} 个系数")
    lags = int(4 * (len(y) / 100) ** (2 / 9)) if lags is None else lags
    fit = sm.OLS(y.to_numpy(), x).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
    low, high = fit.conf_int(1 - level)[1]
    return Interval(float(fit.params[1]), float(low), float(high))


def change_ratio(change: Interval) -> Interval:
    """对数变化换成倍数：``exp``；1 是没有变。"""
    return Interval(*(float(np.exp(v)) for v in change))


def placebo_dates(series: pd.Series, event, *, before: int, after: int, **options) -> pd.DataFrame:
    """假的日子：真事件之前，每个前后都够长的日子各算一次同样的前后之差。

    真事件的估计若与这些差不多大，就谈不上特别。

    Parameters
    ----------
    series, event, before, after, options
        见 :func:`before_after`；真事件及以后的各期一概不用。

    Returns
    -------
    pandas.DataFrame
        索引为假事件的时期，列 ``estimate``、``low``、``high``（对数点）；互相重叠，不独立。

    Raises
    ------
    ValueError
        真事件之前不够长，一个假日子也放不下。
    """
    past = series.sort_index()
    past = past[past.index < event]
    dates = past.index[before : len(past) - after + 1]
    if dates.empty:
        raise ValueError(
            f"数列“{series.name}”在 {event} 之前只有 {len(past)} 期，放不下前 {before} 后 {after} 的假事件"
        )
    rows = [before_after(past, date, before=before, after=after, **options) for date in dates]
    return pd.DataFrame(rows, index=dates)


def placebo_series(frame: pd.DataFrame, treated: str, event, **options) -> pd.DataFrame:
    """别的数列：同一天、同样的算法，没有遇上这件事的各算一次，并算受影响的一列与它们各自之比。

    Parameters
    ----------
    frame : pandas.DataFrame
        索引为时期，一列一个数列，都是正数。
    treated : str
        遇上事件的一列。
    event, options
        见 :func:`before_after`。

    Returns
    -------
    pandas.DataFrame
        索引为各列（``treated`` 居首）；``estimate``、``low``、``high`` 是它自己的前后之差，
        ``versus``、``versus_low``、``versus_high`` 是 ``treated`` 与它之比的前后之差（双重差分；自己一行缺失），
        都是对数点。

    Raises
    ------
    KeyError
        没有 ``treated`` 这一列。
    """
    if treated not in frame:
        raise KeyError(f"没有名为 {treated} 的数列；现有：{'、'.join(map(str, frame.columns))}")
    rows = {}
    for name in [treated, *frame.columns.drop(treated)]:
        own = before_after(frame[name], event, **options)
        ratio = (frame[treated] / frame[name]).rename(f"{treated}/{name}")
        versus = (np.nan,) * 3 if name == treated else before_after(ratio, event, **options)
        rows[name] = (*own, *versus)
    columns = ["estimate", "low", "high", "versus", "versus_low", "versus_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def placebo_share(estimate: float, placebos: Iterable[float]) -> float:
    """连同真的在内，绝对值不小于真估计的占多大比例（置换检验的 p 值；安慰剂不独立时只作参考）。

    Parameters
    ----------
    estimate : float
        真事件的估计。
    placebos : iterable of float
        安慰剂的估计，至少一个。

    Returns
    -------
    float
        ``(1 + 个数) / (1 + 总数)``，0–1；最小只能到 ``1 / (1 + 总数)``。

    Raises
    ------
    ValueError
        没有安慰剂，或有缺失。
    """
    others = np.asarray(list(placebos), dtype=float)
    if not len(others) or np.isnan(others).any() or np.isnan(estimate):
        raise ValueError("至少要有一个安慰剂，且不能有缺失")
    return float((1 + (np.abs(others) >= abs(estimate)).sum()) / (1 + len(others)))


class Turning(NamedTuple):
    """转折的时期和它的置信集，连同两段的斜率。"""

    when: float
    candidates: tuple[float, ...]
    before: float
    after: float
    p: float


def turning_point(series: pd.Series, margin: int = 3, level: float = LEVEL) -> Turning:
    """折线的转折在哪一年：逐个年份试一条连续的两段直线，取残差最小的；凡是与它相差不显著的年份都算候选。

    对每个候选年份，回归项是直线与“过了这一年之后的年数”，由 statsmodels 算；候选集由似然比反推：
    ``n ln(SSR/SSR_min)`` 不超过卡方分布（自由度 1）的分位数（Hansen, 2000，取近似）。数列短、残差有自相关时，
    真正的不确定比候选集大。是否真有转折，用 Davies（1987）的难处说明：年份是挑出来的，``p`` 只能是普通 F 检验按
    候选个数作 Bonferroni 修正的上界。

    Parameters
    ----------
    series : pandas.Series
        索引为年份（可比较、可相减），不缺。
    margin : int
        转折两边至少各留几期（不算转折那一期）。
    level : float
        置信水平，0–1。

    Returns
    -------
    Turning
        ``when`` 残差最小的一期；``candidates`` 候选的各期；``before``、``after`` 转折前后每期的变化；
        ``p`` 没有转折（一条直线）的检验，已作 Bonferroni 修正，0–1。

    Raises
    ------
    ValueError
        有缺失、时期重复，或太短。
    """
    series = series.sort_index()
    if series.isna().any() or series.index.has_duplicates:
        raise ValueError(f"数列“{series.name}”有缺失或重复的时期")
    tried = series.index[margin : len(series) - margin]
    if len(tried) < 2 or len(series) < 6:
        raise ValueError(f"数列“{series.name}”只有 {len(series)} 期，找不出转折")
    t = series.index.to_numpy(dtype=float)
    y = series.to_numpy(dtype=float)
    line = sm.OLS(y, sm.add_constant(t - t[0])).fit()
    fits = {}
    for when in tried:
        bend = np.maximum(t - when, 0)
        fits[when] = sm.OLS(y, np.column_stack([np.ones_like(t), t - t[0], bend])).fit()
    best = min(fits, key=lambda when: fits[when].ssr)
    scale = max(fits[best].ssr, np.finfo(float).tiny)
    limit = stats.chi2.ppf(level, 1)
    near = tuple(when for when in tried if len(y) * np.log(max(fits[when].ssr, scale) / scale) <= limit)
    chosen = fits[best]
    p = min(1.0, float(chosen.compare_f_test(line)[1]) * len(tried))
    return Turning(best, near, float(chosen.params[1]), float(chosen.params[1] + chosen.params[2]), p)


def transitions(
    panel: pd.DataFrame, unit: str, time: str, state: str, order: list, level: float = LEVEL
) -> pd.DataFrame:
    """相邻两期之间，由一种状态到另一种状态的比例，各带 Wilson 区间。

    只数两期都在册的单位；下一期不在册的不算，另由使用者说明有多少。同一单位的多次转移不独立，区间偏窄。

    Parameters
    ----------
    panel : pandas.DataFrame
        一行一个单位一期。
    unit, time, state : str
        列名；``time`` 为整数，相邻指差 1。
    order : list
        全部状态，按次序；也是结果的次序。
    level : float
        置信水平，0–1。

    Returns
    -------
    pandas.DataFrame
        列 ``start``、``end``、``count``、``total``（由 ``start`` 出发的次数）、``estimate``、``low``、``high``（0–1）；
        没有出发过的状态，后三列缺失。

    Raises
    ------
    ValueError
        同一单位同一期有两行，或有不在 ``order`` 里的状态。
    """
    if panel.duplicated([unit, time]).any():
        again = panel.loc[panel.duplicated([unit, time]), [unit, time]].iloc[0].tolist()
        raise ValueError(f"{again[0]} 在 {again[1]} 有两行")
    strange = set(panel[state]) - set(order)
    if strange:
        raise ValueError(f"不认识的状态：{'、'.join(map(str, sorted(strange)))}")
    following = panel[[unit, time, state]].assign(**{time: panel[time] - 1})
    moves = panel[[unit, time, state]].merge(following, on=[unit, time], suffixes=("_start", "_end"))
    counts = pd.crosstab(moves[f"{state}_start"], moves[f"{state}_end"]).reindex(
        index=order, columns=order, fill_value=0
    )
    rows = []
    for start in order:
        total = int(counts.loc[start].sum())
        for end in order:
            found = proportion(int(counts.loc[start, end]), total, level) if total else Interval(*(np.nan,) * 3)
            rows.append((start, end, int(counts.loc[start, end]), total, *found))
    return pd.DataFrame(rows, columns=["start", "end", "count", "total", "estimate", "low", "high"])
