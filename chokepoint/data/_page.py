"""数据目录一章的页面：由数据包生成 Markdown。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from . import _package
from ._catalogue import catalogue, describe
from ._provenance import anchor, cited_rows
from ._use import EVERYTHING, using
from ._validate import validated

#: 一种许可适用的表不超过这么多就逐一列名。
LISTED = 8
PREVIEW_ROWS = 5
PREVIEW_COLUMNS = 7
_TYPES = {"integer": "整数", "number": "数", "string": "文字", "boolean": "真假", "date": "日期"}


def terms() -> pd.DataFrame:
    """本书数据用到的各种许可，由宽到严。

    Returns
    -------
    pandas.DataFrame
        列：``许可``、``可再分发``、``可商用``、``条件``、``适用的表``（表的标题，顿号相连；很多时只说张数）。
    """
    using(EVERYTHING)
    rows = []
    for item in _package.descriptor()["licenceTerms"]:
        held = [r["title"] for r in _package.resources().values() if item["name"] in {x["name"] for x in r["licenses"]}]
        if held:
            rows.append(
                {
                    "许可": item["title"],
                    "可再分发": "是" if item["redistribution"] else "否",
                    "可商用": "否" if item["noncommercial"] else "是",
                    "条件": item["terms"],
                    "适用的表": "、".join(held) if len(held) <= LISTED else f"{len(held)} 张表，见各表",
                }
            )
    return pd.DataFrame(rows)


def _safe(value) -> str:
    """单元格文字：竖线、星号等 Markdown 记号转义，换行变空格。"""
    text = " ".join(str(value).split())
    for mark in "\\|*_`[]<>{}$":
        text = text.replace(mark, "\\" + mark)
    return text


def _short(value, most: int) -> str:
    text = "" if pd.isna(value) else str(value)
    return _safe(text if len(text) <= most else text[: most - 2] + "……")


def _fields(name: str) -> str:
    about = describe(name)
    lines = ["| 字段 | 含义 | 类型 |", "|:---|:---|:---|"]
    for row in about.itertuples():
        kind = _TYPES.get(row.type, row.type) + (f"（{row.unit}）" if row.unit else "")
        meaning = "。".join(dict.fromkeys(t.rstrip("。") for t in (row.title, row.description) if t))
        extra = [row.key, f"取值：{row.allowed}" if row.allowed else ""]
        meaning = "；".join([meaning, *(t for t in extra if t)])
        lines.append(f"| {_safe(row.field)} | {_safe(meaning)} | {kind}{'' if row.required else '，可空'} |")
    return "\n".join(lines)


def _preview(name: str) -> str:
    frame = validated(name).head(PREVIEW_ROWS)
    wanted = [c for c in frame.columns if not c.endswith("source_id") and c != "note"][:PREVIEW_COLUMNS]
    lines = ["| " + " | ".join(map(_safe, wanted)) + " |", "|" + ":---|" * len(wanted)]
    lines += ["| " + " | ".join(_short(row[c], 16) for c in wanted) + " |" for _, row in frame.iterrows()]
    return "\n".join(lines)


def _source(row) -> str:
    grade = f"{row.grade} 级"
    date = f"，{row.published}" if pd.notna(row.published) else ""
    kind = {"repost": "（转载页）"}.get(row.url_kind, "")
    where = f"[原文]({row.url}){kind}" if pd.notna(row.url) else "（没有可公开的网址）"
    note = f"。{_safe(row.note).rstrip('。')}" if pd.notna(row.note) else ""
    return f"- {grade}｜{_safe(row.title)}。{_safe(row.publisher)}{date}。{where}{note}"


def _dropdown(title: str, body: str) -> str:
    return f"`````{{only}} html\n````{{dropdown}} {title}\n{body}\n````\n`````"


def _section(row, checks: list[str]) -> str:
    cites = cited_rows([row.name]).sort_values(["grade", "source_id"])
    limits = "\n".join(f"- {_safe(text)}" for text in row.cannot_support)
    older = [f"{e['edition']}（{e['vintage']}）" for e in _package.resource(row.name).get("editions", [])]
    kept = f"\n- **往期版**：{_safe('、'.join(older))}" if older else ""
    parts = [
        f"({anchor(row.name)})=\n## {row.title}",
        f"{_safe(row.description)}文件 `{row.name}.csv`，{row.rows:,} 行 {row.columns} 列。",
        f"- **覆盖**：{_safe(row.coverage)}\n- **版次**：{_safe(row.vintage)}{kept}\n"
        f"- **许可**：{_safe(row.licences)}\n- **署名**：{_safe(row.attribution)}\n"
        f"- **下载**：{{download}}`{row.name}.csv </data/{row.name}.csv>`",
        f"**不能说明什么**\n\n{limits}",
    ]
    reason = _package.resource(row.name).get("unchecked")
    said = checks or ([f"没有做：{reason}"] if reason else [])
    if said:
        parts.append("**核对**\n\n" + "\n".join(f"- {_safe(text)}" for text in said))
    parts.append(_dropdown(f"字段：{row.columns} 个", _fields(row.name)))
    parts.append(_dropdown("前几行", _preview(row.name)))
    if len(cites) and row.name != _package.SOURCES:
        parts.append(_dropdown(f"来源：{len(cites)} 个", "\n".join(_source(r) for r in cites.itertuples())))
    return "\n\n".join(parts)


def _members(group: str) -> list[str]:
    found = [name for name, r in _package.resources().items() if r["group"] == group]
    if not found:
        known = "、".join(item["name"] for item in _package.descriptor()["groups"])
        raise ValueError(f"没有 {group} 这一组表；现有：{known}")
    return found


def catalogue_page(group: str, checks: Mapping[str, list[str]] | None = None) -> str:
    """一组表的各节：说明、局限、核对、字段、前几行、来源与下载。

    Parameters
    ----------
    group : str
        组名，见 ``datapackage.json`` 的 ``groups``。
    checks : mapping of str to list of str, optional
        各表的核对结果，一条一句。

    Returns
    -------
    str
        MyST Markdown；每张表一节，锚点见 :func:`anchor`。字段、前几行与来源折叠在网页里，
        印刷版不印。

    Raises
    ------
    ValueError
        没有这一组。
    TableError
        组里有表不合格。
    """
    names, checks = _members(group), checks or {}
    using(*names)
    parts = [_section(row, checks.get(row.name, [])) for row in catalogue(names).itertuples(index=False)]
    return "\n\n".join(parts)


def source_list() -> str:
    """全部来源的清单，由来源表生成：先 A 级后 B 级，同级按发布者。

    Returns
    -------
    str
        MyST Markdown 的列表。
    """
    using(_package.SOURCES)
    rows = validated(_package.SOURCES).sort_values(["grade", "publisher", "source_id"])
    return "\n".join(_source(r) for r in rows.itertuples())


def table_list() -> str:
    """全部的表，一表一行，按组排列，表名链接到它的那一节。

    Returns
    -------
    str
        MyST Markdown 的表，标签 ``tbl-catalogue-tables``。
    """
    groups = {item["name"]: item["title"] for item in _package.descriptor()["groups"]}
    lines = ["| 表与说明 | 组 | 行 | 来源（其中 A 级） | 许可 |", "|:---|:---|---:|---:|:---|"]
    for row in catalogue().itertuples(index=False):
        group = groups[_package.resource(row.name)["group"]]
        said = _safe(row.description.split("。")[0])
        lines.append(
            f"| [{row.title}](#{anchor(row.name)})。{said} | {group} | {row.rows:,} | {row.n_sources}（{row.n_a}） "
            f"| {_safe(row.licences)} |"
        )
    table = "\n".join(lines)
    return f"({anchor('all')})=\n````{{table}} 全部的表\n:name: tbl-catalogue-tables\n\n{table}\n````"
