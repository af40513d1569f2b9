"""缺失：数清楚，补上去，记下来。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

IMPUTATIONS = ("none", "median", "bounds")


@dataclass(frozen=True)
class Imputed:
    """一次插补的结果。

    Attributes
    ----------
    values : pandas.DataFrame, shape (m, q)
        没有缺失的指标表。
    low, high : pandas.DataFrame, shape (m, q)
        每格取值的下限与上限；没有不确定的格子两者都等于 ``values``。
    report : pandas.DataFrame
        每个缺失的格子一行：``unit``、``indicator``、``action``（``dropped`` 对象被剔除，``filled`` 被补上）、
        ``value``、``low``、``high``（剔除者为缺失）。
    """

    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    report: pd.DataFrame


def coverage(frame: pd.DataFrame, by: str = "indicator") -> pd.DataFrame:
    """每项指标或每个对象缺了多少。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象，列为指标。
    by : {"indicator", "unit"}
        按指标还是按对象数。

    Returns
    -------
    pandas.DataFrame
        ``present`` 有值的个数，``missing`` 缺失的个数，``share`` 有值的比例（0–1），
        ``where`` 缺失处的名称（以“、”相连，没有则为空串）；按 ``missing`` 降序。

    Raises
    ------
    ValueError
        ``by`` 不是两者之一，或表是空的。
    """
    if by not in ("indicator", "unit"):
        raise ValueError(f"by 应为 indicator 或 unit，现为 {by!r}")
    if frame.empty:
        raise ValueError("指标表是空的")
    gaps = frame.isna() if by == "indicator" else frame.isna().T
    missing = gaps.sum()
    report = pd.DataFrame(
        {
            "present": len(gaps) - missing,
            "missing": missing,
            "share": 1 - missing / len(gaps),
            "where": ["、".join(str(u) for u in gaps.index[gaps[c]]) for c in gaps.columns],
        }
    )
    return report.sort_values("missing", ascending=False, kind="stable")


def impute(
    frame: pd.DataFrame, method: str = "none", limits: Mapping[str, tuple[float, float]] | None = None
) -> Imputed:
    """处置缺失，并报告动了哪些格子。

    ``none`` 不补：有缺失的对象整行剔除（《手册》的 case deletion）。``median`` 用该指标的中位数补。
    ``bounds`` 也先用中位数补，但承认不知道：缺失的格子可以是 ``limits`` 之间的任何数，
    没有给 ``limits`` 的指标取已见到的最小与最大；供 :func:`monte_carlo` 抽取。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象，列为指标。
    method : {"none", "median", "bounds"}
        处置办法。
    limits : mapping, optional
        指标名到（下限，上限），单位同该指标；只在 ``bounds`` 下有用。

    Returns
    -------
    Imputed
        补好的表、上下限与报告。

    Raises
    ------
    ValueError
        不认识的办法；某项指标全缺；剔除后没有对象；上下限不含中位数或次序颠倒。
    """
    if method not in IMPUTATIONS:
        raise ValueError(f"插补办法应为 {'、'.join(IMPUTATIONS)} 之一，现为 {method!r}")
    gaps = frame.isna()
    empty = [str(c) for c in frame.columns if gaps[c].all()]
    if empty:
        raise ValueError(f"指标 {'、'.join(empty)} 没有一个值")
    cells = [(u, c) for u in frame.index for c in frame.columns if gaps.at[u, c]]
    columns = ["unit", "indicator", "action", "value", "low", "high"]
    if method == "none":
        kept = frame[~gaps.any(axis=1)].astype(float)
        if kept.empty:
            raise ValueError("每个对象都有缺失，剔除后一个不剩")
        report = pd.DataFrame([(u, c, "dropped", None, None, None) for u, c in cells], columns=columns)
        return Imputed(kept, kept, kept, report)
    middle, least, most = frame.median(), frame.min(), frame.max()
    if method == "median":
        least = most = middle
    elif limits:
        for name, (low, high) in limits.items():
            if not low <= middle[name] <= high:
                raise ValueError(f"指标 {name} 的上下限 {low}–{high} 不含中位数 {middle[name]}")
            least[name], most[name] = low, high
    values, low, high = (frame.fillna(by).astype(float) for by in (middle, least, most))
    rows = [(u, c, "filled", values.at[u, c], low.at[u, c], high.at[u, c]) for u, c in cells]
    return Imputed(values, low, high, pd.DataFrame(rows, columns=columns))
