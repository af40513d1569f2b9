"""省际：差距有没有缩小（收敛），相邻的像不像（空间相关）。

集中度（基尼、泰尔）在 :mod:`chokepoint.concentration`。这里不认得任何一张表：相邻关系由使用者给出。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm

from ..inference import LEVEL, SEED, Interval

__all__ = ["Moran", "beta_convergence", "dispersion", "moran", "speed"]


class Moran(NamedTuple):
    """空间自相关与它的置换检验。"""

    estimate: float
    expected: float
    low: float
    high: float
    p: float


def moran(values: pd.Series, neighbours: Iterable[tuple], draws: int = 9_999, seed: int = SEED) -> Moran:
    r"""Moran 指数 :math:`I=\frac{n}{S_0}\frac{z'Wz}{z'z}`，权重按行标准化，检验用置换 [1]_。

    有孤立的单位（没有邻居）时，它不进入任何一对，但仍参与平均与方差。

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        一个单位一个数，不缺；至少四个。
    neighbours : iterable of (unit, unit)
        相邻的对，不分先后；不在 ``values`` 里的对略去。
    draws, seed : int
        把数在单位之间重新分配的次数、种子。

    Returns
    -------
    Moran
        ``estimate``；``expected`` 无关时的期望 ``-1/(n-1)``；``low``、``high`` 是重新分配得到的 2.5% 与 97.5% 分位；
        ``p`` 双侧概率（与期望之差不小于实测的占比，连同实测在内）。

    Raises
    ------
    ValueError
        太少、有缺失、全都相同、有单位与自己相邻，或没有一对相邻。

    References
    ----------
    .. [1] P. A. P. Moran (1950), "Notes on continuous stochastic phenomena", *Biometrika* 37, 17–23.
    """
    if len(values) < 4 or values.isna().any():
        raise ValueError(f"空间相关要至少四个单位、没有缺失，得到 {len(values)} 个、缺 {int(values.isna().sum())} 个")
    if values.nunique() == 1:
        raise ValueError("各单位的数全都相同，谈不上相关")
    place = {unit: i for i, unit in enumerate(values.index)}
    weights = np.zeros((len(values), len(values)))
    for a, b in neighbours:
        if a == b:
            raise ValueError(f"{a} 与自己相邻")
        if a in place and b in place:
            weights[place[a], place[b]] = weights[place[b], place[a]] = 1
    if not weights.any():
        raise ValueError("没有一对相邻")
    degree = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, degree, out=np.zeros_like(weights), where=degree > 0)

    z = values.to_numpy(dtype=float) - float(values.mean())
    scale = len(z) / weights.sum() / (z @ z)
    rng = np.random.default_rng(seed)
    shuffled = np.array([rng.permutation(z) for _ in range(draws)])
    found = scale * np.einsum("di,ij,dj->d", shuffled, weights, shuffled, optimize=True)
    estimate, expected = float(scale * (z @ weights @ z)), -1 / (len(z) - 1)
    far = (np.abs(found - expected) >= abs(estimate - expected) - 1e-12).sum()
    low, high = np.quantile(found, [0.025, 0.975])
    return Moran(estimate, expected, float(low), float(high), float((1 + far) / (1 + draws)))


def beta_convergence(first: pd.Series, last: pd.Series, years: int, level: float = LEVEL) -> Interval:
    r"""β 收敛：年均对数增长对期初对数水平回归，:math:`\frac1T\ln\frac{y_T}{y_0}=a+b\ln y_0+e` [1]_。

    ``b`` 为负，即起点低的增长快。它既可能来自追赶，也可能来自期初的测量误差（误差使 ``b`` 偏向负），所以要与
    :func:`dispersion` 一起看：差距不缩小，追赶就没有结果。标准误对异方差稳健（HC3）。

    Parameters
    ----------
    first, last : pandas.Series
        期初与期末的水平，正数，索引同为各单位。
    years : int
        相隔几年，正数。
    level : float
        置信水平，0–1。

    Returns
    -------
    Interval
        ``b``，每年；:func:`speed` 换成收敛速度。

    Raises
    ------
    ValueError
        索引不同、有缺失、不是正数，或不足五个单位。

    References
    ----------
    .. [1] R. J. Barro, X. Sala-i-Martin (1992), "Convergence", *Journal of Political Economy* 100(2), 223–251.
    """
    if set(first.index) != set(last.index) or first.index.has_duplicates:
        raise ValueError("期初与期末的单位不同，或有重复")
    last = last.reindex(first.index)
    if (
        first.isna().any()
        or last.isna().any()
        or (first <= 0).any()
        or (last <= 0).any()
        or len(first) < 5
        or years <= 0
    ):
        raise ValueError("收敛回归要至少五个单位，期初期末都是正数、没有缺失，年数为正")
    start = np.log(first.to_numpy(dtype=float))
    growth = (np.log(last.to_numpy(dtype=float)) - start) / years
    fit = sm.OLS(growth, sm.add_constant(start)).fit(cov_type="HC3", use_t=True)
    low, high = fit.conf_int(1 - level)[1]
    return Interval(float(fit.params[1]), float(low), float(high))


def speed(b: Interval, years: int) -> Interval:
    """收敛速度：``-ln(1 + b T) / T``，每年缩小差距的比例（Barro 与 Sala-i-Martin, 1992）。

    Parameters
    ----------
    b : Interval
        :func:`beta_convergence` 的估计。
    years : int
        相隔几年。

    Returns
    -------
    Interval
        每年，正数为收敛；``1 + b T`` 不为正的一端记为无穷。
    """
    rate = [float(-np.log1p(v * years) / years) if 1 + v * years > 0 else np.inf for v in b]
    return Interval(rate[0], min(rate[1:]), max(rate[1:]))


def dispersion(panel: pd.DataFrame) -> pd.DataFrame:
    """σ 收敛：各年在单位之间的离散程度。

    Parameters
    ----------
    panel : pandas.DataFrame
        索引为年份，一列一个单位，正数、不缺。

    Returns
    -------
    pandas.DataFrame
        索引为年份：``sd_log`` 对数的标准差，``cv`` 变异系数（都用总体标准差，除以 n）。

    Raises
    ------
    ValueError
        有缺失或不是正数，或不足两个单位。
    """
    if panel.isna().to_numpy().any() or (panel <= 0).to_numpy().any() or panel.shape[1] < 2:
        raise ValueError("离散程度要至少两个单位，都是正数、没有缺失")
    values = panel.astype(float)
    return pd.DataFrame(
        {"sd_log": np.log(values).std(axis=1, ddof=0), "cv": values.std(axis=1, ddof=0) / values.mean(axis=1)}
    )
