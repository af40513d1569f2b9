"""来源、证据等级与许可：由用到的表算出图表下面的来源行。"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from . import _package
from ._use import cited, using
from ._validate import validated


def _names(names: str | Iterable[str]) -> list[str]:
    found = list(dict.fromkeys([names] if isinstance(names, str) else names))
    if not found:
        raise ValueError("至少要给一个表名")
    return found


def cited_rows(names: list[str]) -> pd.DataFrame:
    """来源表中被这些表引用的行（不登记）；来源表自己算引用全部。"""
    table = validated(_package.SOURCES)
    every = set(table["source_id"]) if _package.SOURCES in names else set()
    wanted = every.union(*(cited(n) for n in names))
    return table[table["source_id"].isin(wanted)].sort_values("source_id", ignore_index=True)


def sources(names: str | Iterable[str]) -> pd.DataFrame:
    """这些表引用的来源。

    Parameters
    ----------
    names : str or iterable of str
        表名。

    Returns
    -------
    pandas.DataFrame
        来源表中被引用的行，按 ``source_id`` 排序。

    Raises
    ------
    TableError
        没有某个表，或表不合格。
    """
    names = _names(names)
    using(*names)
    return cited_rows(names)


def licence(names: str | Iterable[str]) -> dict:
    """由这些表做成的东西受什么许可约束：其中最严的一种。

    严格程度就是 ``datapackage.json`` 中 ``licenceTerms`` 的次序，后者严于前者。

    Parameters
    ----------
    names : str or iterable of str
        表名。

    Returns
    -------
    dict
        ``name``、``title``、``redistribution``、``noncommercial``、``terms``，有条款网址的另有 ``path``。
    """
    names = _names(names)
    using(*names)
    held = {item["name"] for n in names for item in _package.resource(n)["licenses"]}
    return [terms for terms in _package.descriptor()["licenceTerms"] if terms["name"] in held][-1]


def anchor(name: str) -> str:
    """一个表在数据目录一章中的锚点，如 ``data-chokepoints``。"""
    return f"data-{name}"


def source_line(names: str | Iterable[str], markdown: bool = False) -> str:
    """图表下面的来源行：用了哪些表、多少来源、各等级几个、什么许可。

    Parameters
    ----------
    names : str or iterable of str
        表名，按先后列出；用到整个数据包时不逐一列名。
    markdown : bool
        真则表名链接到数据目录，许可链接到条款。

    Returns
    -------
    str
        一句中文，不带句号。
    """
    names = _names(names)
    terms, cites = licence(names), sources(names)
    titles = {anchor(n): _package.resource(n)["title"] for n in names}
    if set(names) >= set(_package.resources()):
        titles = {anchor("all"): f"全部 {len(names)} 张表"}
    rights = terms["title"]
    listed = "、".join(f"[{title}](#{target})" if markdown else title for target, title in titles.items())
    if markdown and "path" in terms:
        rights = f"[{rights}]({terms['path']})"
    grades = cites["grade"].value_counts()
    share = "、".join(f"{g} 级 {grades[g]} 个" for g in sorted(grades.index))
    return f"数据：{listed}；来源 {len(cites)} 个（{share}）；许可：{rights}"
