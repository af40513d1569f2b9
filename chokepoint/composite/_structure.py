"""指标之间的结构：相关、内部一致性、主成分。"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: 特征值不小于它的主成分才保留（Kaiser 准则）。
KAISER = 1.0
_ROTATIONS = 200


def complete(frame: pd.DataFrame, least: int = 3) -> pd.DataFrame:
    """没有缺失、至少 ``least`` 行、列名与行名不重复的浮点表；否则报错。"""
    if frame.isna().to_numpy().any():
        unit, name = frame.stack(future_stack=True).pipe(lambda s: s[s.isna()]).index[0]
        raise ValueError(f"指标表有缺失（如 {unit} 的 {name}），先决定缺失怎么补")
    if len(frame) < least or not frame.shape[1]:
        raise ValueError(f"至少要有 {least} 个对象、一项指标，现为 {len(frame)} 个、{frame.shape[1]} 项")
    if not (frame.index.is_unique and frame.columns.is_unique):
        raise ValueError("对象或指标重名")
    frame = frame.astype(float)
    if not np.isfinite(frame.to_numpy()).all():
        raise ValueError("指标表有无穷大")
    return frame


def _varying(frame: pd.DataFrame) -> pd.DataFrame:
    frame = complete(frame)
    flat = [str(c) for c in frame.columns if frame[c].nunique() == 1]
    if flat:
        raise ValueError(f"指标 {'、'.join(flat)} 对所有对象都一样，没有相关可言")
    return frame


def correlations(frame: pd.DataFrame, method: str = "pearson") -> pd.DataFrame:
    """指标两两相关系数。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象，列为指标，不得缺失。
    method : {"pearson", "spearman"}
        线性相关或名次相关。

    Returns
    -------
    pandas.DataFrame, shape (q, q)
        −1 到 1 的对称矩阵。

    Raises
    ------
    ValueError
        有缺失、对象少于 3 个、有常数列，或不认识的方法。
    """
    if method not in ("pearson", "spearman"):
        raise ValueError(f"method 应为 pearson 或 spearman，现为 {method!r}")
    return _varying(frame).corr(method=method)


def redundant(frame: pd.DataFrame, threshold: float = 0.9, method: str = "pearson") -> pd.DataFrame:
    """相关强到近乎重复计数的指标对。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象，列为指标，不得缺失。
    threshold : float
        相关系数绝对值的下限，0–1。
    method : {"pearson", "spearman"}
        相关的算法。

    Returns
    -------
    pandas.DataFrame
        每对一行：``first``、``second``、``r``，按绝对值降序。

    Raises
    ------
    ValueError
        同 :func:`correlations`。
    """
    r = correlations(frame, method)
    upper = [(a, b, r.at[a, b]) for i, a in enumerate(r) for b in r.columns[i + 1 :]]
    pairs = pd.DataFrame(upper, columns=["first", "second", "r"])
    pairs = pairs[pairs["r"].abs() >= threshold]
    return pairs.sort_values("r", key=abs, ascending=False, kind="stable", ignore_index=True)


def _alpha(r: np.ndarray) -> float:
    q = len(r)
    return q / (q - 1) * (1 - q / r.sum())


def cronbach_alpha(frame: pd.DataFrame) -> float:
    """Cronbach α：标准化之后各指标测的是不是同一个东西。

    α = Q/(Q−1) · (1 − Q/Σr)，Σr 是相关矩阵所有元素之和；即《手册》式 (18) 用于标准化的指标。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象，列为方向一致的指标，至少两项，不得缺失。

    Returns
    -------
    float
        至多为 1；指标互不相关为 0，负数表示指标彼此相反。

    Raises
    ------
    ValueError
        有缺失、有常数列、少于两项指标，或相关之和不为正。
    """
    r = correlations(frame).to_numpy()
    if len(r) < 2:
        raise ValueError("一项指标谈不上一致性")
    if r.sum() <= 1e-9:
        raise ValueError("各指标之和没有方差，先把指标的方向理成一致")
    return _alpha(r)


def alpha_if_dropped(frame: pd.DataFrame) -> pd.DataFrame:
    """逐项去掉一项指标之后的 α，及该项与其余之和的相关。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        同 :func:`cronbach_alpha`，至少三项指标。

    Returns
    -------
    pandas.DataFrame, shape (q, 2)
        ``total`` 与其余（标准化）指标之和的相关，−1 到 1；``alpha`` 去掉它之后的 α。

    Raises
    ------
    ValueError
        同 :func:`cronbach_alpha`。
    """
    if frame.shape[1] < 3:
        raise ValueError("至少三项指标才能去掉一项再看")
    z = (_varying(frame) - frame.mean()) / frame.std()
    rest = {c: z.drop(columns=c) for c in z}
    return pd.DataFrame(
        {
            "total": {c: z[c].corr(others.sum(axis=1)) for c, others in rest.items()},
            "alpha": {c: cronbach_alpha(others) for c, others in rest.items()},
        }
    )


def eigenvalues(frame: pd.DataFrame) -> pd.DataFrame:
    """相关矩阵的特征值。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象，列为指标，不得缺失。

    Returns
    -------
    pandas.DataFrame, shape (q, 3)
        索引为主成分次序（从 1 起）；``eigenvalue``、``share``（占总方差，0–1）、``cumulative``。

    Raises
    ------
    ValueError
        同 :func:`correlations`。
    """
    values = np.linalg.eigvalsh(correlations(frame).to_numpy())[::-1].clip(0)
    share = values / values.sum()
    index = pd.RangeIndex(1, len(values) + 1, name="component")
    return pd.DataFrame({"eigenvalue": values, "share": share, "cumulative": share.cumsum()}, index=index)


def varimax(raw: np.ndarray) -> np.ndarray:
    """Kaiser 归一的 varimax 旋转，可成批 (..., q, m)。"""
    size = np.sqrt((raw**2).sum(axis=-1, keepdims=True))
    unit = np.divide(raw, size, out=np.zeros_like(raw), where=size > 0)
    turn = np.broadcast_to(np.eye(raw.shape[-1]), (*raw.shape[:-2], raw.shape[-1], raw.shape[-1])).copy()
    rows = (size > 0).sum(axis=-2, keepdims=True).clip(1)  # 常数列的载荷全是 0，不算进平均
    before = 0.0
    for _ in range(_ROTATIONS):
        now = unit @ turn
        target = now**3 - now * ((now**2).sum(axis=-2, keepdims=True) / rows)
        left, fit, right = np.linalg.svd(np.swapaxes(unit, -1, -2) @ target)
        turn = left @ right
        total = fit.sum(axis=-1)
        if np.all(total <= before * (1 + 1e-9)):
            break
        before = total
    return unit @ turn * size


def principal(r: np.ndarray, factors: int | None) -> list[tuple[np.ndarray, np.ndarray]]:
    """一批相关矩阵 (b, q, q) 的旋转载荷，按保留的个数分组：（下标，载荷 (b', q, m)）。"""
    values, vectors = np.linalg.eigh(r)
    values, vectors = values[:, ::-1].clip(0), vectors[:, :, ::-1]
    kept = (values >= KAISER - 1e-9).sum(axis=1).clip(1) if factors is None else np.full(len(r), factors)
    groups = []
    for m in np.unique(kept):
        rows = np.flatnonzero(kept == m)
        groups.append((rows, varimax(vectors[rows, :, :m] * np.sqrt(values[rows, None, :m]))))
    return groups


def loadings(frame: pd.DataFrame, factors: int | None = None) -> pd.DataFrame:
    """主成分提取、varimax 旋转之后的载荷（《手册》第 4 步表 9）。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象，列为指标，不得缺失。
    factors : int, optional
        保留几个；省略则取特征值不小于 1 的（Kaiser 准则），至少一个。

    Returns
    -------
    pandas.DataFrame, shape (q, factors)
        指标与因子的相关，−1 到 1；列从 1 起，按解释的方差降序，每列绝对值最大者取正号。

    Raises
    ------
    ValueError
        同 :func:`correlations`；或个数不在 1 到指标数之间。
    """
    r = correlations(frame)
    if factors is not None and not 1 <= factors <= len(r):
        raise ValueError(f"因子数应在 1–{len(r)} 之间，现为 {factors}")
    found = principal(r.to_numpy()[None], factors)[0][1][0]
    found = found[:, np.argsort(-(found**2).sum(axis=0), kind="stable")]
    peak = found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])]
    columns = pd.RangeIndex(1, found.shape[1] + 1, name="factor")
    return pd.DataFrame(found * np.where(peak < 0, -1, 1), index=r.index, columns=columns)
