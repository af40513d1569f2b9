"""集中度：供应握在几家手里，名单不全时它落在什么范围。

份额一律用 0–1。名单不全是常态，所以每个指标都分两种：只给名单时的值，
以及未列出的部分怎样分布都跑不出去的上下界（:func:`hhi_bounds`、:func:`cr_bounds`）。
缺失的份额不当作零，先由调用者决定怎么算。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

__all__ = [
    "EC_DELTA_HIGH",
    "EC_DELTA_MIDDLE",
    "EC_HIGH",
    "EC_LOW",
    "HHI_POINTS",
    "SUM_TOLERANCE",
    "US_DELTA",
    "US_HIGH",
    "US_MODERATE",
    "Bounds",
    "bloc_hhi",
    "cr",
    "cr_bounds",
    "equivalent_number",
    "gini",
    "hhi",
    "hhi_bounds",
    "theil",
    "theil_groups",
]

#: 反垄断文件用百分数平方，独家供应为 10 000 点；本房间用 0–1，乘以它即得点数。
HHI_POINTS = 10_000

#: 份额之和超出总数多少仍算四舍五入（0–1 的份额，即半个百分点）。
SUM_TOLERANCE = 0.005

#: 美国司法部与联邦贸易委员会《合并指南》（2023 年 12 月 18 日）第 2.1 节，单位为点：超过 1 800 为高度集中，
#: 此时增加超过 100 点即推定损害竞争；1 000–1 800 为中度集中一说见司法部的 HHI 说明页。
#: https://www.justice.gov/atr/herfindahl-hirschman-index
US_MODERATE = 1_000
US_HIGH = 1_800
US_DELTA = 100

#: 欧盟委员会《横向合并评估指南》(2004/C 31/03) 第 19、20 段，单位为点：合并后低于 1 000 一般不必细查；
#: 1 000–2 000 而增幅低于 250、或高于 2 000 而增幅低于 150，一般也不认为有问题。
EC_LOW = 1_000
EC_HIGH = 2_000
EC_DELTA_MIDDLE = 250
EC_DELTA_HIGH = 150

#: ``cap`` 的取法：不设上限、给定的上限，或以名单里最小的一家为上限。
Cap = float | Literal["smallest"] | None


class Bounds(NamedTuple):
    """下界与上界。"""

    low: float
    high: float


def _values(values: Iterable[float], what: str) -> np.ndarray:
    found = np.asarray(list(values), dtype=float)
    if not found.size:
        raise ValueError(f"{what}是空的")
    if np.isnan(found).any():
        raise ValueError(f"{what}有 {int(np.isnan(found).sum())} 个缺失，先决定缺失怎么算")
    if not np.isfinite(found).all():
        raise ValueError(f"{what}有无穷大")
    if (found < 0).any():
        raise ValueError(f"{what}有负数：{found.min():g}")
    return found


def _shares(shares: Iterable[float], tolerance: float) -> np.ndarray:
    found = _values(shares, "份额")
    if found.sum() > 1 + tolerance:
        raise ValueError(f"份额之和为 {found.sum():g}，超过 1（容差 {tolerance:g}）；份额应为 0–1，不是百分数")
    if not found.any():
        raise ValueError("份额全是零")
    return found


def hhi(shares: Iterable[float], tolerance: float = SUM_TOLERANCE) -> float:
    r"""赫芬达尔—赫希曼指数 :math:`\sum_i s_i^2` [1]_。

    份额之和不足 1 时，这是名单本身的平方和，也就是真值的下界（见 :func:`hhi_bounds`）。

    Parameters
    ----------
    shares : iterable of float, shape (n,)
        各家份额，0–1，和不超过 1。
    tolerance : float
        和可以超出 1 多少。

    Returns
    -------
    float
        0–1；乘以 :data:`HHI_POINTS` 得点数。份额之和为 1 时不小于 1/n。

    Raises
    ------
    ValueError
        空、缺失、负数、全零，或和超过 1。

    References
    ----------
    .. [1] S. A. Rhoades (1993), "The Herfindahl-Hirschman Index", *Federal Reserve Bulletin* 79, 188–189.
    """
    return float(np.square(_shares(shares, tolerance)).sum())


def equivalent_number(shares: Iterable[float], tolerance: float = SUM_TOLERANCE) -> float:
    """相当于几家规模相同的供应者：1/HHI。

    Parameters
    ----------
    shares : iterable of float, shape (n,)
        各家份额，0–1；应列全，名单不全时结果偏大。
    tolerance : float
        和可以超出 1 多少。

    Returns
    -------
    float
        单位为家；份额列全时在 1 与 n 之间。

    Raises
    ------
    ValueError
        同 :func:`hhi`。
    """
    return 1 / hhi(shares, tolerance)


def _listing(
    listed: Iterable[float], total: float, cap: Cap, tolerance: float
) -> tuple[np.ndarray, tuple[float, int, float]]:
    """名单里的份额，以及未列出部分最集中的分法（每家多大，有几家，零头）；都已除以总数。"""
    if not 0 < total < np.inf:
        raise ValueError(f"总数应为正数，现为 {total}")
    shares = _values(listed, "份额") / total
    rest = float(1 - shares.sum())
    if rest < -tolerance:
        raise ValueError(f"份额之和为 {shares.sum() * total:g}，超过总数 {total:g}")
    limit = np.inf if cap is None else float(shares.min()) if cap == "smallest" else float(cap) / total
    if not limit > 0:
        raise ValueError(
            "未列出者的上限应为正数" + ("，而名单里最小的一家是零" if cap == "smallest" else f"，现为 {cap}")
        )
    if rest < 1e-12:  # 只差舍入误差，没有未列出的部分
        return shares, (0.0, 0, 0.0)
    if rest <= limit:
        return shares, (rest, 1, 0.0)
    count = int(rest / limit + 1e-9)
    return shares, (limit, count, max(rest - count * limit, 0.0))


def hhi_bounds(listed: Iterable[float], total: float = 1, cap: Cap = None, tolerance: float = SUM_TOLERANCE) -> Bounds:
    """只列出一部分供应者时，HHI 的上下界。

    下界：未列出的部分由无穷多家分掉（取不到，但可以任意接近）。上界：全归一家；若知道未列出者不超过
    ``cap``，则尽量凑成 ``cap`` 大小的几家加一个零头——平方和是凸函数，任何别的分法都不会更大。

    Parameters
    ----------
    listed : iterable of float, shape (n,)
        列出者的份额或数量，与 ``total`` 同单位。
    total : float
        总数；0–1 的份额用 1，百分数用 100，数量用总量。
    cap : float, "smallest" or None
        未列出者单独一家的上限，与 ``total`` 同单位；名单确知是前几名时用 ``"smallest"``，
        即不超过名单里最小的一家。
    tolerance : float
        名单之和可以超出总数的几分之几。

    Returns
    -------
    Bounds
        ``low``、``high``,0–1。名单列全时两者相等。

    Raises
    ------
    ValueError
        空、缺失、负数，和超过总数，总数或上限不是正数。
    """
    shares, (size, count, left) = _listing(listed, total, cap, tolerance)
    low = float(np.square(shares).sum())
    return Bounds(low, low + count * size**2 + left**2)


def _count(k: int) -> int:
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise ValueError(f"家数应为正整数，现为 {k}")
    return int(k)


def cr(shares: Iterable[float], k: int, tolerance: float = SUM_TOLERANCE) -> float:
    """前 ``k`` 家的份额之和（CRk）。

    Parameters
    ----------
    shares : iterable of float, shape (n,)
        各家份额，0–1，和不超过 1；不足 ``k`` 家时全部相加。
    k : int
        家数，至少 1。
    tolerance : float
        和可以超出 1 多少。

    Returns
    -------
    float
        0–1（份额之和超出 1 时可超出同样多）。

    Raises
    ------
    ValueError
        份额同 :func:`hhi`；``k`` 不是正整数。
    """
    return float(np.sort(_shares(shares, tolerance))[::-1][: _count(k)].sum())


def cr_bounds(
    listed: Iterable[float], k: int, total: float = 1, cap: Cap = None, tolerance: float = SUM_TOLERANCE
) -> Bounds:
    """只列出一部分供应者时，前 ``k`` 家份额之和的上下界。

    未列出部分的两种极端分法同 :func:`hhi_bounds`。

    Parameters
    ----------
    listed : iterable of float, shape (n,)
        列出者的份额或数量，与 ``total`` 同单位。
    k : int
        家数，至少 1。
    total, cap, tolerance
        同 :func:`hhi_bounds`。

    Returns
    -------
    Bounds
        ``low``、``high``,0–1。

    Raises
    ------
    ValueError
        同 :func:`hhi_bounds`；``k`` 不是正整数。
    """
    k = _count(k)
    shares, (size, count, left) = _listing(listed, total, cap, tolerance)
    low = np.sort(shares)[::-1][:k].sum()
    high = np.sort(np.concatenate([shares, np.full(min(count, k), size), [left]]))[::-1][:k].sum()
    return Bounds(float(low), float(high))


def bloc_hhi(shares: pd.Series, blocs: Mapping[str, Iterable[str]], tolerance: float = SUM_TOLERANCE) -> float:
    """把结盟的供应者并成一家之后的 HHI。

    Parameters
    ----------
    shares : pandas.Series, shape (n,)
        索引为供应者，值为份额，0–1。
    blocs : mapping of str to iterable of str
        集团名 → 成员；不在任何集团里的各算一家。成员可以不供应这一样东西。
    tolerance : float
        和可以超出 1 多少。

    Returns
    -------
    float
        0–1，不小于不合并时的 :func:`hhi`。

    Raises
    ------
    ValueError
        份额同 :func:`hhi`；供应者重复；一个供应者属于两个集团。
    """
    if shares.index.has_duplicates:
        raise ValueError(f"供应者重复：{'、'.join(map(str, shares.index[shares.index.duplicated()].unique()))}")
    _shares(shares, tolerance)
    home: dict[str, str] = {}
    for bloc, members in blocs.items():
        for member in members:
            if home.setdefault(member, bloc) != bloc:
                raise ValueError(f"{member} 同时属于集团 {home[member]} 与 {bloc}")
    owner = [("集团", home[p]) if p in home else ("单独", p) for p in shares.index]
    merged: dict[tuple[str, str], float] = {}
    for key, share in zip(owner, shares.to_numpy(dtype=float), strict=True):
        merged[key] = merged.get(key, 0.0) + float(share)
    return float(sum(v * v for v in merged.values()))


def gini(values: Iterable[float]) -> float:
    r"""基尼系数 :math:`\sum_{i,j}|x_i-x_j| / (2n^2\bar x)`。

    Parameters
    ----------
    values : iterable of float, shape (n,)
        非负的量，不必是份额。

    Returns
    -------
    float
        0（均等）到 1-1/n（一家独有）；不作小样本修正。

    Raises
    ------
    ValueError
        空、缺失、负数，或全零。
    """
    x = np.sort(_values(values, "数值"))
    if not x.any():
        raise ValueError("数值全是零")
    n = x.size
    return float(((2 * np.arange(1, n + 1) - n - 1) * (x / x.max())).sum() / (n * (x / x.max()).sum()))


def theil(values: Iterable[float]) -> float:
    r"""泰尔指数 :math:`T=\frac1n\sum_i \frac{x_i}{\bar x}\ln\frac{x_i}{\bar x}`，约定 :math:`0\ln0=0` [1]_。

    Parameters
    ----------
    values : iterable of float, shape (n,)
        非负的量，不必是份额。

    Returns
    -------
    float
        0（均等）到 ln n（一家独有）。

    Raises
    ------
    ValueError
        空、缺失、负数，或全零。

    References
    ----------
    .. [1] H. Theil (1967), *Economics and Information Theory*, North-Holland.
    """
    x = _values(values, "数值")
    if not x.any():
        raise ValueError("数值全是零")
    ratio = x / x.mean()
    inside = ratio > 0
    return float((ratio[inside] * np.log(ratio[inside])).sum() / x.size)


def theil_groups(values: pd.Series, groups: pd.Series) -> pd.DataFrame:
    r"""泰尔指数按组分解：:math:`T=\sum_g s_g T_g + \sum_g s_g\ln\frac{s_g}{n_g/n}`。

    前一项是组内，后一项是组间；:math:`s_g` 为组的总量份额，:math:`n_g/n` 为组的个数份额。

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        非负的量。
    groups : pandas.Series, shape (n,)
        所属的组，索引须与 ``values`` 相同，不得缺失。

    Returns
    -------
    pandas.DataFrame
        索引为组；``n`` 个数，``share`` 总量份额（0–1），``theil`` 组内泰尔指数（全零的组为 0），
        ``within`` 与 ``between`` 两项贡献。两列全部相加等于 :func:`theil`；单个组的 ``between`` 可以为负。

    Raises
    ------
    ValueError
        数值同 :func:`theil`；索引不一致，或组有缺失。
    """
    if not values.index.equals(groups.index):
        raise ValueError("数值与组的索引不一致")
    if groups.isna().any():
        raise ValueError(f"组在 {list(groups.index[groups.isna()])} 处缺失")
    theil(values)
    total, rows = float(values.sum()), {}
    for name, part in values.groupby(groups.to_numpy()):
        share, size = float(part.sum()) / total, len(part) / len(values)
        own = theil(part) if share else 0.0
        between = share * float(np.log(share / size)) if share else 0.0
        rows[name] = {"n": len(part), "share": share, "theil": own, "within": share * own, "between": between}
    return pd.DataFrame.from_dict(rows, orient="index")
