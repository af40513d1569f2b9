"""数据目录一章的页面：由数据包生成 Markdown。"""

from __future__ import annotations

import pandas as pd

from . import _package
from ._catalogue import catalogue, describe
from ._provenance import anchor, cited_rows
from ._use import EVERYTHING, using
from ._validate import validated

_TYPES = {"integer": "整数", "number": "数", "string": "文字", "boolean": "真假", "date": "日期"}


def terms() -> pd.DataFrame:
    """本书数据用到的各种许可，由宽到严。

    Returns
    -------
    pandas.DataFrame
        列：``许可``、``可再分发``、``可商用``、``条件``、``适用的表``（表的标题，顿号相连）。
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
                    "适用的表": "、".join(held),
                }
            )
    return pd.DataFrame(rows)


def _safe(value) -> str:
    """单元格文字：竖线、星号等 Markdown 记号转义，换行变空格。"""
    text = " ".join(str(value).split())
    for mark in "\\|*_`[]<>{}$":
        text = text.replace(mark, "\\" + mark)
    return text


def _fields(name: str) -> str:
    frame, about = validated(name), describe(name)
    lines = ["| 字段 | 含义 | 类型 | 首行的值 |", "|:---|:---|:---|:---|"]
    for row in about.itertuples():
        kind = _TYPES.get(row.type, row.type) + (f"（{row.unit}）" if row.unit else "")
        meaning = "。".join(dict.fromkeys(t.rstrip("。") for t in (row.title, row.description) if t))
        extra = [row.key, f"取值：{row.allowed}" if row.allowed else ""]
        meaning = "；".join([meaning, *(t for t in extra if t)])
        first = frame[row.field].iloc[0]
        sample = "—" if pd.isna(first) else str(first)
        sample = sample if len(sample) <= 24 else sample[:23] + "……"
        lines.append(f"| {_safe(row.field)} | {_safe(meaning)} | {kind} | {_safe(sample)} |")
    return "\n".join(lines)


def _source(row) -> str:
    grade = f"{row.grade} 级"
    date = f"，{row.published}" if pd.notna(row.published) else ""
    kind = {"repost": "（转载页）"}.get(row.url_kind, "")
    where = f"[原文]({row.url}){kind}" if pd.notna(row.url) else "（没有可公开的网址）"
    return f"- {grade}｜{_safe(row.title)}。{_safe(row.publisher)}{date}。{where}"


def _section(row) -> str:
    cites = cited_rows([row.name]).sort_values(["grade", "source_id"])
    limits = "\n".join(f"- {_safe(text)}" for text in row.cannot_support)
    parts = [
        f"({anchor(row.name)})=\n### {row.title}",
        f"{_safe(row.description)}文件 `{row.name}.csv`，{row.rows} 行 {row.columns} 列。",
        f"- **覆盖**：{_safe(row.coverage)}\n- **版次**：{_safe(row.vintage)}\n"
        f"- **许可**：{_safe(row.licences)}\n- **署名**：{_safe(row.attribution)}\n"
        f"- **下载**：{{download}}`{row.name}.csv </data/{row.name}.csv>`",
        f"**不能说明什么**\n\n{limits}",
        f"````{{table}} {row.title}：字段\n:name: tbl-fields-{row.name.replace('_', '-')}\n\n{_fields(row.name)}\n````",
    ]
    if len(cites) and row.name != _package.SOURCES:
        listing = "\n".join(_source(r) for r in cites.itertuples())
        parts.append(
            f"`````{{only}} html\n````{{dropdown}} 来源：{len(cites)} 个\n{listing}\n````\n`````\n\n"
            f"`````{{only}} latex\n来源 {len(cites)} 个，逐条见本章末的来源清单。\n`````"
        )
    return "\n\n".join(parts)


def source_list() -> str:
    """全部来源的清单，给 PDF 用（网页上每张表各自列出）。

    Returns
    -------
    str
        MyST Markdown，只在 LaTeX 里出现。
    """
    using(EVERYTHING)
    rows = validated(_package.SOURCES).sort_values(["grade", "source_id"])
    listing = "\n".join(_source(r) for r in rows.itertuples())
    return f"`````{{only}} latex\n{listing}\n`````"


def catalogue_page() -> str:
    """数据目录的各表各节：说明、局限、字段、来源与下载。

    Returns
    -------
    str
        MyST Markdown；每张表一节，锚点见 :func:`anchor`。
    """
    return "\n\n".join(_section(row) for row in catalogue().itertuples(index=False))
