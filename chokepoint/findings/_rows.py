"""从一张表里取恰好一行、一个数：几章共用。"""

from __future__ import annotations

from functools import cache

import pandas as pd

from .. import data


@cache
def _table(name: str) -> pd.DataFrame:
    return data.load(name)


def row(table: str, /, **equal) -> pd.Series:
    """各列等于所给值的那一行。

    Parameters
    ----------
    table : str
        表名。
    **equal
        列名到值；``None`` 表示这一格是空的。

    Returns
    -------
    pandas.Series
        索引为列名。

    Raises
    ------
    ValueError
        找到的不是恰好一行。
    """
    found = _table(table)
    for column, wanted in equal.items():
        found = found[found[column].isna() if wanted is None else found[column] == wanted]
    if len(found) != 1:
        said = "、".join(f"{column}={wanted}" for column, wanted in equal.items())
        raise ValueError(f"表 {table} 里 {said}：应有一行，得到 {len(found)}")
    return found.iloc[0]


def value(table: str, /, **equal) -> float:
    """那一行的 ``value``，单位见表；条件与报错同 :func:`row`。"""
    return float(row(table, **equal)["value"])
