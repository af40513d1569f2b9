"""表格在纸上的排法：列宽、对齐、字号、跨页。"""

import importlib.util
import re
import sys

import pytest
from docutils import nodes

from tools.paths import BOOK

spec = importlib.util.spec_from_file_location("zhbook_tables", BOOK / "_ext" / "zhbook" / "tables.py")
tables = importlib.util.module_from_spec(spec)
sys.modules["zhbook_tables"] = tables
spec.loader.exec_module(tables)


def table(head, rows, align=None):
    group = nodes.tgroup(cols=len(head))
    made = nodes.table("", group)
    for part, lines in ((nodes.thead(), [head]), (nodes.tbody(), rows)):
        for line in lines:
            row = nodes.row()
            for i, text in enumerate(line):
                classes = [f"text-{align[i]}"] if align else []
                row += nodes.entry("", nodes.paragraph("", text), classes=classes)
            part += row
        group += part
    return made


def widths(layout):
    """折行列占版心的比例。"""
    return [float(share) for share in re.findall(r"p\{([\d.]+)\\linewidth\}", layout.spec)]


def test_narrow_table_keeps_natural_columns():
    plan = tables.layout(table(["支柱", "项数"], [["材料", "9"]], ["left", "right"]))
    assert (plan.spec, plan.size, plan.long, plan.crowded) == ("lr", "normalsize", False, False)


def test_wide_text_wraps_and_fits_the_page():
    long = "需要长期的工艺积累与材料验证，" * 6
    plan = tables.layout(table(["技术", "难点", "份额"], [["光刻机", long, "0.2"]], ["left", "left", "right"]))
    assert plan.spec.startswith("l")
    assert plan.spec.endswith("r")
    assert 0.5 < sum(widths(plan)) < 0.95
    assert not plan.crowded


def test_all_columns_together_stay_within_the_page():
    rows = [["很长的说明文字" * 4] * 8] * 3
    plan = tables.layout(table(["列名"] * 8, rows))
    room = 1 - 8 * tables.SEPARATION / tables.PAGE_WIDTH
    assert len(widths(plan)) == 8
    assert sum(widths(plan)) <= room + 1e-3
    assert plan.size != "normalsize"


def test_long_tables_may_break_across_pages():
    rows = [[str(i), "短"] for i in range(40)]
    assert tables.layout(table(["号", "值"], rows)).long
    assert not tables.layout(table(["号", "值"], rows[:10])).long


def test_impossible_table_is_reported():
    rows = [["unbreakableidentifier" * 2] * 8]
    assert tables.layout(table(["a"] * 8, rows)).crowded


@pytest.mark.parametrize(("text", "least"), [("光刻", 2.0), ("28nm", 1.9), ("1,234.5", 2.5)])
def test_text_width(text, least):
    assert least <= tables.text_width(text) <= least + 1.5
