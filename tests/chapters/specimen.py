"""一章样品：样样合格，供各项检查在它的坏副本上证明自己会失败。"""

from __future__ import annotations

import copy

from chokepoint import data
from tools.text import MIME

TABLES = ["chokepoints"]
NOTEBOOK = "{download}`练习笔记本 </_build/exercises/student/样品.ipynb>`"
SOURCE = data.source_line(TABLES, markdown=True)
LICENCE = data.licence(TABLES)["name"]


def markdown(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str, *outputs: dict) -> dict:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs)}


def output(spec: dict, **data: str) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": {MIME: spec, **data}}


def notebook(*cells: dict) -> dict:
    """编好 id 与执行次序的笔记本。"""
    cells = copy.deepcopy(list(cells))
    count = 0
    for index, cell in enumerate(cells):
        cell["id"] = f"cell-{index}"
        if cell["cell_type"] == "code":
            count += 1
            cell["execution_count"] = count
    record = {"key": "k", "depends": {"tables": TABLES, "modules": [], "packages": []}, "fonts": {}}
    return {"cells": cells, "metadata": {"chokepoint": record}, "nbformat": 4, "nbformat_minor": 5}


def chapter() -> dict:
    """合格的一章。"""
    findings = ":::{admonition} 关键发现\n:class: findings\n\n1. 甲占 61%。\n2. 乙占 30%。\n3. 丙占 9%。\n:::"
    figure = {
        "kind": "figure",
        "name": "fig-sample",
        "caption": "甲占样品的大头",
        "alt": "条形图：甲占 61%，乙占 30%，丙占 9%",
        "note": "",
        "source": SOURCE,
        "tables": TABLES,
        "licence": LICENCE,
    }
    table = {
        "kind": "table",
        "name": "tbl-sample",
        "caption": "三者的份额各是多少",
        "note": "",
        "source": SOURCE,
        "tables": TABLES,
        "licence": LICENCE,
        "markdown": "````{table} 三者的份额\n:name: tbl-sample\n\n| 谁 | 份额 |\n|:---|---:|\n| 甲 | 61 |\n````\n",
    }
    value = {
        "output_type": "display_data",
        "metadata": {"scrapbook": {"name": "甲的份额", "mime_prefix": "application/papermill.record/"}},
        "data": {"application/papermill.record/text/plain": "61%"},
    }
    return notebook(
        markdown("(sample)=\n# 样品一章\n\n甲占大头，但分母只有样品。\n\n阅读时间：不长。\n\n你将学到：怎么读份额。"),
        code('from chokepoint import data, plots, prose\n\nsample = data.load("chokepoints")'),
        code(
            "prose.numbers(甲的份额=prose.percent(sample.share.max()))",
            value,
            output({"kind": "values", "values": {"甲的份额": "61%"}}),
        ),
        code("prose.findings(*sample.sentence)", output({"kind": "markdown", "markdown": findings})),
        markdown("## 谁占大头\n\n甲占 {glue:text}`甲的份额`，见{numref}`fig-sample`。"),
        code(
            'plots.figure(fig, "fig-sample", caption=caption, alt=alt, tables=["chokepoints"])',
            output(figure, **{"image/svg+xml": "<svg/>"}),
        ),
        markdown("## 各是多少\n\n{numref}`tbl-sample` 列出三者。"),
        code(
            'plots.table(sample, "tbl-sample", caption=caption, tables=["chokepoints"])',
            output(table, **{"text/html": "<table></table>"}),
        ),
        markdown("## 稳健性与局限\n\n样品不是全体，换一个口径，甲的份额也许变小，次序不变。"),
        markdown("## 小结\n\n读份额先问分母，再问口径，然后才谈结论，不要颠倒次序。"),
        markdown(
            "## 练习\n\n"
            + "\n\n".join(
                f"```{{exercise}} {kind}：份额\n:label: ex-sample-{i}\n\n"
                f"目标：说得出份额的分母。约 5 分钟，难度 ★☆☆。\n\n甲的份额怎么来？{NOTEBOOK}\n```\n\n"
                f"```{{solution}} ex-sample-{i}\n:class: dropdown\n\n用甲除以总数。\n```"
                for i, kind in enumerate(["理解", "动手", "开放"], 1)
            )
        ),
        markdown("## 数据与来源\n\n本章用到一张样表，它的字段、来源与许可都在数据目录里。"),
    )
