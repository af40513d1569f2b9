"""一次核对：成对的数、容差、在容差之内的有多少、差得最多的在哪里。"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Check:
    """一次核对的结果。

    Attributes
    ----------
    tables : tuple of str
        牵涉的表。
    title : str
        比什么。
    against : str
        与什么比：独立的另一方。
    unit : str
        差的单位：``%``（相对差）或左右两边自己的单位（绝对差）。
    tolerance : float
        容差，单位同 ``unit``。
    compared, agree : int
        比了多少对，其中在容差之内的多少对。
    median, worst : float
        差的中位数与最大值（取绝对值），单位同 ``unit``。
    where : str
        差得最多的是哪一对。
    floor : float
        至少应有多大比例在容差之内，0–1。
    remark : str
        差从哪里来，怎样用。
    """

    tables: tuple[str, ...]
    title: str
    against: str
    unit: str
    tolerance: float
    compared: int
    agree: int
    median: float
    worst: float
    where: str
    floor: float
    remark: str

    @property
    def share(self) -> float:
        """在容差之内的比例，0–1。"""
        return self.agree / self.compared

    @property
    def ok(self) -> bool:
        """够不够得上 ``floor``。"""
        return self.share >= self.floor


def compare(
    pairs: pd.DataFrame,
    *,
    tables: tuple[str, ...],
    title: str,
    against: str,
    tolerance: float,
    remark: str,
    floor: float = 1.0,
    unit: str = "%",
) -> Check:
    """成对的数逐对相比。

    Parameters
    ----------
    pairs : pandas.DataFrame
        列 ``label``（哪一对）、``left``（本书的数）、``right``（另一方的数，相对差以它为分母，不能为零）。
    tables, title, against, tolerance, remark, floor, unit
        见 :class:`Check`；``unit`` 为 ``%`` 时比相对差，否则比绝对差。

    Returns
    -------
    Check

    Raises
    ------
    ValueError
        一对也没有、有缺失，或相对差的分母为零：核对不能空转。
    """
    if pairs.empty:
        raise ValueError(f"核对“{title}”没有一对可比的数")
    if pairs[["left", "right"]].isna().any(axis=None):
        raise ValueError(f"核对“{title}”里有缺失的数")
    gap = (pairs["left"].astype(float) - pairs["right"].astype(float)).abs()
    if unit == "%":
        if (pairs["right"] == 0).any():
            raise ValueError(f"核对“{title}”的分母里有零")
        gap = gap / pairs["right"].astype(float).abs() * 100
    gap = gap.round(9)
    at = gap.reset_index(drop=True).idxmax()
    return Check(
        tables=tuple(tables),
        title=title,
        against=against,
        unit=unit,
        tolerance=tolerance,
        compared=len(gap),
        agree=int((gap <= tolerance).sum()),
        median=float(gap.median()),
        worst=float(gap.max()),
        where=str(pairs["label"].iloc[at]),
        floor=floor,
        remark=remark,
    )


def count(
    left: int, right: int, *, tables: tuple[str, ...], title: str, against: str, remark: str, tolerance: float = 0
) -> Check:
    """两个计数相比，差以“个”计。

    Parameters
    ----------
    left, right : int
        本书的数与另一方的数。
    tables, title, against, remark, tolerance
        见 :class:`Check`。

    Returns
    -------
    Check
    """
    pairs = pd.DataFrame({"label": [title], "left": [left], "right": [right]})
    return compare(pairs, tables=tables, title=title, against=against, tolerance=tolerance, remark=remark, unit="个")
