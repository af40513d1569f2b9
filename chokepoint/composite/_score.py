"""归一、赋权、合成、排名。

内部一律成批计算：数组的最后两维是（对象，指标），前面可以有抽取的一维，
所以单独算一次与蒙特卡洛里算一万次用的是同一段代码。
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from ._structure import complete, principal

NORMALISATIONS = ("min-max", "z-score", "rank")
WEIGHTINGS = ("equal", "entropy", "critic", "pca", "given")
AGGREGATIONS = ("arithmetic", "geometric")
#: 几何平均要求正数：0–1 的分数先线性抬到 [GEOMETRIC_FLOOR, 1]。本书自定，非出自文献。
GEOMETRIC_FLOOR = 0.01
#: z 分数取几何平均之前换成“均值 100、标准差 10”的分数，再除以 100（Mazziotta & Pareto, 2016）。
Z_SCALE = 0.1
#: 排名之前舍去的位数以下不算差别，免得浮点误差拆散并列。
_DECIMALS = 12


def _spread(x: np.ndarray) -> np.ndarray:
    return x.max(axis=-2, keepdims=True) - x.min(axis=-2, keepdims=True)


def min_max(x: np.ndarray) -> np.ndarray:
    spread = _spread(x)
    return np.divide(x - x.min(axis=-2, keepdims=True), spread, out=np.full(x.shape, 0.5), where=spread > 0)


def normalised(x: np.ndarray, method: str) -> np.ndarray:
    """方向已经理顺的数组 (..., n, q) 归一。"""
    if method == "min-max":
        return min_max(x)
    if method == "z-score":
        centred = x - x.mean(axis=-2, keepdims=True)
        varies = np.broadcast_to(_spread(x) > 0, x.shape)
        return np.divide(centred, x.std(axis=-2, ddof=1, keepdims=True), out=np.zeros(x.shape), where=varies)
    return (rankdata(x, axis=-2) - 1) / (x.shape[-2] - 1)


def positive(x: np.ndarray, method: str, floor: float) -> np.ndarray:
    """归一后的数组换成正数，供几何平均。"""
    return np.maximum(1 + Z_SCALE * x, floor) if method == "z-score" else floor + (1 - floor) * x


def oriented(frame: pd.DataFrame, direction: Mapping[str, int] | None) -> pd.DataFrame:
    """方向为 −1 的列取反。"""
    signs = pd.Series(1, index=frame.columns)
    for name, sign in (direction or {}).items():
        if name not in signs.index or sign not in (1, -1):
            raise ValueError(f"方向 {name}={sign} 不对：应为表中的指标，取 1 或 -1")
        signs[name] = sign
    return frame * signs


def entropy(x: np.ndarray) -> np.ndarray:
    """非负数组 (..., n, q) 的熵权。"""
    total = x.sum(axis=-2, keepdims=True)
    p = np.divide(x, total, out=np.full(x.shape, 1 / x.shape[-2]), where=total > 0)
    disorder = -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-2) / np.log(x.shape[-2])
    return _to_one((1 - disorder).clip(0))


def correlation(x: np.ndarray, flat: float) -> np.ndarray:
    """(b, n, q) 的相关矩阵 (b, q, q)；常数列与别列的相关记作 ``flat``，与自己亦然。"""
    centred = x - x.mean(axis=-2, keepdims=True)
    size = np.sqrt((centred**2).sum(axis=-2, keepdims=True))
    varies = _spread(x) > 0
    unit = np.divide(centred, size, out=np.zeros(x.shape), where=np.broadcast_to(varies, x.shape))
    r = np.swapaxes(unit, -1, -2) @ unit
    both = np.swapaxes(varies, -1, -2) & varies
    return np.where(both, r.clip(-1, 1), flat)


def critic(x: np.ndarray) -> np.ndarray:
    """(b, n, q) 的 CRITIC 权；常数列为 0，也不影响别列。"""
    spread = np.where(_spread(x)[..., 0, :] > 0, x.std(axis=-2, ddof=1), 0)
    return _to_one(spread * (1 - correlation(x, flat=1.0)).sum(axis=-1))


def pca(x: np.ndarray, factors: int | None = None) -> np.ndarray:
    """(b, n, q) 的主成分权：每项指标取它载荷最大的因子上的平方载荷。"""
    found = np.zeros((x.shape[0], x.shape[2]))
    for rows, load in principal(correlation(x, flat=0.0), factors):
        found[rows] = (load**2).max(axis=-1)
    return _to_one(found)


def _to_one(w: np.ndarray) -> np.ndarray:
    """缩放到和为 1；全为 0（没有任何差别）则等权。"""
    total = w.sum(axis=-1, keepdims=True)
    return np.divide(w, total, out=np.full(w.shape, 1 / w.shape[-1]), where=total > 1e-15)


def base_weights(x: np.ndarray, method: str, given: np.ndarray | None) -> np.ndarray:
    """方向已经理顺的数组 (b, n, q) 的权 (b, q)。"""
    if method == "given":
        if given is None:
            raise ValueError("赋权办法 given 要同时给出权重")
        return np.broadcast_to(given, (x.shape[0], x.shape[2]))
    if method == "entropy":
        return entropy(min_max(x))
    if method == "critic":
        return critic(min_max(x))
    if method == "pca":
        return pca(x)
    return np.full((x.shape[0], x.shape[2]), 1 / x.shape[2])


def combined(x: np.ndarray, w: np.ndarray, method: str) -> np.ndarray:
    """(b 或 1, n, q) 与 (b, q) 合成 (b, n)。"""
    if method == "geometric":
        return np.exp((np.log(x) @ w[:, :, None])[..., 0])
    return (x @ w[:, :, None])[..., 0]


def ranked(x: np.ndarray) -> np.ndarray:
    """(b, n) 的名次，大者为 1，并列取最小。"""
    return rankdata(-np.round(x, _DECIMALS), axis=-1, method="min").astype(int)


def given_weights(given: Mapping[str, float] | pd.Series | None, columns: pd.Index) -> np.ndarray | None:
    """给定的权按列名取齐，缩放到和为 1。"""
    if given is None:
        return None
    given = pd.Series(given, dtype=float)
    if set(given.index) != set(columns):
        raise ValueError(f"给定的权与指标对不上：{sorted(set(given.index) ^ set(columns), key=str)}")
    if given.isna().any() or (given < 0).any() or given.sum() <= 0:
        raise ValueError("权重应为非负数，且不全为 0")
    return (given / given.sum()).reindex(columns).to_numpy()


def _known(value: str, options: tuple[str, ...], what: str) -> None:
    if value not in options:
        raise ValueError(f"{what}应为 {'、'.join(options)} 之一，现为 {value!r}")


def normalise(
    frame: pd.DataFrame,
    method: str = "min-max",
    direction: Mapping[str, int] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """把各项指标放到可比的尺度上。

    ``min-max`` 为 (x−min)/(max−min)，``z-score`` 为 (x−均值)/标准差（自由度 n−1，同《手册》表 15），
    ``rank`` 为升序名次线性换到 0–1（并列取平均）。对所有对象都一样的指标不含信息，取中间值：
    ``min-max`` 与 ``rank`` 为 0.5，``z-score`` 为 0。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象（至少 3 个；给全了 ``bounds`` 时 1 个也可），列为指标，不得缺失。
    method : {"min-max", "z-score", "rank"}
        归一办法。
    direction : mapping, optional
        指标名到 1（越大越要紧）或 −1（越小越要紧）；省略为 1。
    bounds : mapping, optional
        只用于 ``min-max``：指标名到固定的（最小，最大），单位同指标，代替样本里的最小与最大；
        超出者截到两端（如人类发展指数的 goalposts）。

    Returns
    -------
    pandas.DataFrame, shape (n, q)
        ``min-max``、``rank`` 在 0–1 之间，``z-score`` 均值 0、标准差 1；大者要紧。

    Raises
    ------
    ValueError
        有缺失、重名、对象太少、不认识的办法或方向，或 ``bounds`` 次序颠倒、指标不存在。
    """
    _known(method, NORMALISATIONS, "归一办法")
    bounds = dict(bounds or {})
    if bounds and method != "min-max":
        raise ValueError("固定的最小与最大只用于 min-max")
    frame = complete(frame, least=1 if set(bounds) >= set(frame.columns) else 3)
    for name, (low, high) in bounds.items():
        if name not in frame or not low < high:
            raise ValueError(f"指标 {name} 的固定范围 {low}–{high} 不对")
    data = oriented(frame, direction)
    found = frame.copy()
    found[:] = normalised(data.to_numpy(), method) if len(frame) > 1 else 0.5
    for name, (low, high) in bounds.items():
        scaled = ((frame[name] - low) / (high - low)).clip(0, 1)
        found[name] = 1 - scaled if (direction or {}).get(name, 1) == -1 else scaled
    return found


def weights(
    frame: pd.DataFrame,
    method: str = "equal",
    direction: Mapping[str, int] | None = None,
    given: Mapping[str, float] | pd.Series | None = None,
    factors: int | None = None,
    raw: bool = False,
) -> pd.Series:
    """各项指标的权。

    - ``equal`` 等权。
    - ``entropy`` 熵权：p = x/Σx，e = −Σp·ln p/ln n，w ∝ 1−e [1]_。
    - ``critic``：w ∝ σ·Σ(1−r)，σ 是标准差，r 是与别的指标的相关 [2]_。
    - ``pca``：主成分提取、varimax 旋转，每项指标归入载荷绝对值最大的因子；因子内的权是平方载荷占该因子方差的比，
      因子之间按所解释的方差加权（《手册》6.1 节），两者相乘即 w ∝ 最大载荷的平方。
    - ``given`` 给定。

    熵权与 CRITIC 用按方向做过 min-max 的数，不随归一办法而变；没有差别的指标权为 0（等权与给定除外）。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象（至少 3 个），列为指标，不得缺失。
    method : {"equal", "entropy", "critic", "pca", "given"}
        赋权办法。
    direction : mapping, optional
        同 :func:`normalise`。
    given : mapping or pandas.Series, optional
        指标名到非负的权，不必和为 1。
    factors : int, optional
        ``pca`` 保留几个因子；省略则取特征值不小于 1 的。
    raw : bool
        熵权与 CRITIC 直接用原数，不先做 min-max（核对文献的算例用）；熵权要求非负。

    Returns
    -------
    pandas.Series, shape (q,)
        非负，和为 1。

    Raises
    ------
    ValueError
        有缺失、不认识的办法、权与指标对不上、熵权遇到负数，或因子数越界。

    References
    ----------
    .. [1] X. Xu (2004), "A note on the subjective and objective integrated approach to determine
       attribute weights", *European Journal of Operational Research* 156(2), 530–532.
    .. [2] D. Diakoulaki, G. Mavrotas & L. Papayannakis (1995), "Determining objective weights in multiple
       criteria problems: the CRITIC method", *Computers & Operations Research* 22(7), 763–770.
    """
    _known(method, WEIGHTINGS, "赋权办法")
    frame = complete(frame)
    if factors is not None and not 1 <= factors <= frame.shape[1]:
        raise ValueError(f"因子数应在 1–{frame.shape[1]} 之间，现为 {factors}")
    x = oriented(frame, direction).to_numpy()[None]
    if raw and method == "entropy":
        if (x < 0).any():
            raise ValueError("熵权要求非负的数")
        found = entropy(x)
    elif raw and method == "critic":
        found = critic(x)
    elif method == "pca":
        found = pca(x, factors)
    else:
        found = base_weights(x, method, given_weights(given, frame.columns))
    return pd.Series(found[0], index=frame.columns, name="weight")


def aggregate(scores: pd.DataFrame, weights: pd.Series, method: str = "arithmetic") -> pd.Series:
    """加权合成。

    算术平均 Σw·x 允许一项的长处抵掉另一项的短处；几何平均 Πx^w 只部分允许（《手册》6.10、6.11 节）。

    Parameters
    ----------
    scores : pandas.DataFrame, shape (n, q)
        归一后的分数，不得缺失；几何平均要求全部为正（:func:`score` 会先抬到正数）。
    weights : pandas.Series, shape (q,)
        非负的权，索引为指标名；会缩放到和为 1。
    method : {"arithmetic", "geometric"}
        合成办法。

    Returns
    -------
    pandas.Series, shape (n,)
        综合分，尺度同 ``scores``。

    Raises
    ------
    ValueError
        有缺失、权与指标对不上、不认识的办法，或几何平均遇到不为正的分数。
    """
    _known(method, AGGREGATIONS, "合成办法")
    scores = complete(scores, least=1)
    w = given_weights(weights, scores.columns)
    x = scores.to_numpy()[None]
    if method == "geometric" and (x <= 0).any():
        raise ValueError("几何平均要求分数全部为正")
    return pd.Series(combined(x, w[None], method)[0], index=scores.index, name="score")


def score(
    frame: pd.DataFrame,
    normalisation: str = "min-max",
    weighting: str = "equal",
    aggregation: str = "arithmetic",
    direction: Mapping[str, int] | None = None,
    given: Mapping[str, float] | pd.Series | None = None,
    floor: float = GEOMETRIC_FLOOR,
) -> pd.Series:
    """归一、赋权、合成一步到位。

    几何平均之前，0–1 的分数线性抬到 [``floor``, 1]；z 分数换成 1 + 0.1·z，不足 ``floor`` 的取 ``floor``
    （对象不到一百个时不会发生）。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象（至少 3 个），列为指标，不得缺失。
    normalisation, weighting, aggregation : str
        见 :func:`normalise`、:func:`weights`、:func:`aggregate`。
    direction : mapping, optional
        同 :func:`normalise`。
    given : mapping or pandas.Series, optional
        ``weighting="given"`` 的权。
    floor : float
        几何平均的下限，0–1 之间（不含两端）。

    Returns
    -------
    pandas.Series, shape (n,)
        综合分，大者要紧。

    Raises
    ------
    ValueError
        同上述各函数；或 ``floor`` 越界。
    """
    if not 0 < floor < 1:
        raise ValueError(f"几何平均的下限应在 0 与 1 之间，现为 {floor}")
    scores = normalise(frame, normalisation, direction)
    if aggregation == "geometric":
        scores = pd.DataFrame(positive(scores.to_numpy(), normalisation, floor), scores.index, scores.columns)
    return aggregate(scores, weights(frame, weighting, direction, given), aggregation)


def ranks(scores: pd.Series) -> pd.Series:
    """名次：分数最高为 1，并列都取最好的一名。

    Parameters
    ----------
    scores : pandas.Series, shape (n,)
        综合分，不得缺失；相差不到 1e-12 算并列。

    Returns
    -------
    pandas.Series, shape (n,)
        整数，1–n。

    Raises
    ------
    ValueError
        有缺失。
    """
    if scores.isna().any():
        raise ValueError(f"{list(scores.index[scores.isna()])} 没有分数，无从排名")
    return pd.Series(ranked(scores.to_numpy(dtype=float)[None])[0], index=scores.index, name="rank")
