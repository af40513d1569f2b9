"""核对房间：每个表与一个独立的东西比一比，差多少如实记下。

>>> from chokepoint import quality
>>> all(c.ok for c in quality.checks())
True
"""

from __future__ import annotations

from importlib import import_module

import pandas as pd

from ._check import Check, compare, count

#: 各组核对所在的模块，按部分排列。
GROUPS = ["claims", "trade", "chips", "minerals", "pillars", "collaboration", "networks", "strategy", "finance"]

__all__ = ["GROUPS", "Check", "checks", "compare", "count", "lines", "register", "table"]


def register() -> dict[str, list]:
    """全部核对函数，按组取。

    Returns
    -------
    dict of str to list of callable
        每个函数不带参数，返回 :class:`Check`。
    """
    return {group: list(import_module(f".{group}", __name__).CHECKS) for group in GROUPS}


def checks(*groups: str) -> list[Check]:
    """做完若干组核对。

    Parameters
    ----------
    *groups : str
        组名，见 :data:`GROUPS`；缺省为全部。

    Returns
    -------
    list of Check
        按组与登记的次序。

    Raises
    ------
    chokepoint.data.TableError
        牵涉的表不合格。
    """
    found = register()
    return [run() for group in groups or GROUPS for run in found[group]]


def _amount(value: float, unit: str) -> str:
    return f"{value:.2f}%" if unit == "%" else f"{value:,.4g} {unit}"


def lines(found: list[Check]) -> dict[str, list[str]]:
    """核对结果写成句子，按表取，给数据目录用。

    Parameters
    ----------
    found : list of Check
        核对结果，见 :func:`checks`。

    Returns
    -------
    dict of str to list of str
        表名到句子的列表；一次核对牵涉几个表，结果写在第一个之下，其余各列一句指过去。
    """
    said: dict[str, list[str]] = {}
    for check in found:
        least, middle, most = (_amount(v, check.unit) for v in (check.tolerance, check.median, check.worst))
        if check.compared == 1:
            gap = f"相差 {most}，容差 {least}。"
        else:
            gap = (
                f"{check.compared:,} 对中 {check.agree:,} 对相差不超过 {least}；"
                f"相差的中位数 {middle}，最大 {most}（{check.where}）。"
            )
        sentence = f"{check.title}（对照：{check.against}）：{gap}{check.remark}"
        first, *others = check.tables
        said.setdefault(first, []).append(sentence)
        for table in others:
            said.setdefault(table, []).append(f"{check.title}：见表 {first}。")
    return said


def table(found: list[Check], unit: str) -> pd.DataFrame:
    """同一单位的核对结果，差的中位数由大到小。

    Parameters
    ----------
    found : list of Check
        核对结果，见 :func:`checks`。
    unit : str
        差的单位，见 :class:`Check`：``%`` 或 ``个百分点`` 等。

    Returns
    -------
    pandas.DataFrame
        列：``比什么``、``与什么比``、``对数``、``容差``、``合``（容差之内的对数）、``差的中位数``、``最大的差``、``最大的在``。
    """
    ordered = sorted((c for c in found if c.unit == unit), key=lambda c: (-c.median, -c.worst))
    return pd.DataFrame(
        {
            "比什么": [c.title for c in ordered],
            "与什么比": [c.against for c in ordered],
            "对数": [c.compared for c in ordered],
            "合": [c.agree for c in ordered],
            "容差": [_amount(c.tolerance, c.unit) for c in ordered],
            "差的中位数": [_amount(c.median, c.unit) for c in ordered],
            "最大的差": [_amount(c.worst, c.unit) for c in ordered],
            "最大的在": [c.where for c in ordered],
        }
    )
