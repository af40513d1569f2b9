"""数据目录：整个数据包有哪些表，每个表有哪些字段。"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from . import _package
from ._provenance import cited_rows
from ._use import EVERYTHING, using
from ._validate import validated


def labels(table: str, field: str) -> dict[str, str]:
    """一个枚举字段的取值与中文标签，按说明中的次序。

    Parameters
    ----------
    table, field : str
        表名与列名。

    Returns
    -------
    dict of str to str
        代码到标签。

    Raises
    ------
    TableError
        没有这个表。
    KeyError
        没有这一列，或它没有标签。
    """
    using(table)
    found = _package.fields(table)
    if field not in found:
        raise KeyError(f"表 {table} 没有列 {field}；现有：{'、'.join(found)}")
    if "labels" not in found[field]:
        raise KeyError(f"表 {table} 的列 {field} 没有标签")
    return dict(found[field]["labels"])


def describe(name: str) -> pd.DataFrame:
    """一个表的字段表。

    Parameters
    ----------
    name : str
        表名。

    Returns
    -------
    pandas.DataFrame
        列：``field``、``title``、``type``、``unit``、``required``、``allowed``（枚举的代码与标签）、
        ``key``（主键或所指的表）、``description``。
    """
    using(name)
    primary = set(_package.as_list(_package.resource(name)["schema"].get("primaryKey")))
    points = {column: table for column, table, _ in _package.foreign_keys(name)}
    rows = []
    for column, field in _package.fields(name).items():
        keys = (["主键"] if column in primary else []) + ([f"见 {points[column]}"] if column in points else [])
        rows.append(
            {
                "field": column,
                "title": field["title"],
                "type": field["type"],
                "unit": field.get("unit", ""),
                "required": field.get("constraints", {}).get("required", False),
                "allowed": "；".join(f"{code}（{label}）" for code, label in field.get("labels", {}).items()),
                "key": "，".join(keys),
                "description": field["description"],
            }
        )
    return pd.DataFrame(rows)


def catalogue(names: Iterable[str] | None = None) -> pd.DataFrame:
    """数据目录，一个表一行。

    Parameters
    ----------
    names : iterable of str, optional
        只要这些表；默认整个数据包。

    Returns
    -------
    pandas.DataFrame
        列：``name``、``title``、``description``、``path``、``rows``、``columns``、``n_sources``、``n_a``、
        ``share_a``（0–1，没有来源列的表为缺失）、``licences``、``coverage``、``vintage``、
        ``cannot_support``（列表）、``attribution``。

    Raises
    ------
    TableError
        任何一个表不合格。
    """
    names = list(names) if names is not None else None
    using(*(names or [EVERYTHING]))
    rows = []
    for name in names or _package.resources():
        resource = _package.resource(name)
        frame, cites = validated(name), cited_rows([name])
        n_a = int((cites["grade"] == "A").sum())
        rows.append(
            {
                "name": name,
                "title": resource["title"],
                "description": resource["description"],
                "path": resource["path"],
                "rows": len(frame),
                "columns": frame.shape[1],
                "n_sources": len(cites),
                "n_a": n_a,
                "share_a": n_a / len(cites) if len(cites) else float("nan"),
                "licences": "、".join(item["title"] for item in resource["licenses"]),
                "coverage": resource["coverage"],
                "vintage": resource["vintage"],
                "cannot_support": list(resource["cannot_support"]),
                "attribution": resource["attribution"],
            }
        )
    return pd.DataFrame(rows)


def origins() -> pd.DataFrame:
    """整个数据包的行，按来源的等级与网址类别各有多少。

    一行引几个来源的，按第一个来源列；没有来源列的表（来源表自己）不算。

    Returns
    -------
    pandas.DataFrame
        列：``grade``、``url_kind``、``rows``（行数，其和为有来源列的各表的行数）。
    """
    using(EVERYTHING)
    kinds = validated(_package.SOURCES).set_index("source_id")[["grade", "url_kind"]]
    cited = [validated(n)[_package.source_columns(n)[0]] for n in _package.resources() if _package.source_columns(n)]
    rows = kinds.loc[pd.concat(cited)]
    return rows.groupby(["grade", "url_kind"]).size().rename("rows").reset_index()
