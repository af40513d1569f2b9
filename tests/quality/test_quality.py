"""核对：算得对，每次核对都能失败，每张表要么核对过、要么说明为什么没有。"""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest

from chokepoint import data, quality
from tests.data.copies import copied, resources

RUNS = [run for group in quality.register().values() for run in group]


def pairs(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["label", "left", "right"])


def compared(frame, **more):
    given = {"tables": ("t",), "title": "甲", "against": "乙", "tolerance": 1.0, "remark": "说明。"}
    return quality.compare(frame, **{**given, **more})


def test_relative_and_absolute_gaps():
    frame = pairs(("a", 101.0, 100.0), ("b", 90.0, 100.0), ("c", 200.0, 200.0))
    check = compared(frame, floor=0.6)
    assert (check.compared, check.agree, check.where) == (3, 2, "b")
    assert (check.median, check.worst) == (1.0, 10.0)
    assert check.ok
    assert not compared(frame, floor=0.7).ok
    assert compared(frame, unit="亿元", tolerance=0).worst == 10.0


def test_a_check_with_nothing_to_compare_is_an_error():
    with pytest.raises(ValueError, match="没有一对"):
        compared(pairs())
    with pytest.raises(ValueError, match="缺失"):
        compared(pairs(("a", None, 1.0)))
    with pytest.raises(ValueError, match="分母里有零"):
        compared(pairs(("a", 1.0, 0.0)))


def test_counts():
    given = {"tables": ("t",), "title": "甲", "against": "乙", "remark": "说明。"}
    assert quality.count(5, 5, **given).ok
    assert not quality.count(5, 6, **given).ok
    assert quality.count(5, 6, tolerance=1, **given).worst == 1.0


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)
def test_real_data_pass(run):
    check = run()
    assert check.ok, check
    assert check.tables
    assert set(check.tables) <= set(resources())
    assert check.remark.endswith("。")


def tripled(copy, table: str) -> None:
    """每隔一行，把数乘以三（不动整数列和主键）。"""
    rows, schema = copy.rows(table), resources()[table]["schema"]
    moved = [f["name"] for f in schema["fields"] if f["type"] in ("number", "integer")]
    for column in set(moved) - set(schema["primaryKey"]) - {"year"}:
        at = rows[0].index(column)
        for row in rows[1::2]:
            row[at] = f"{float(row[at]) * 3:g}" if row[at] else ""
    copy.write(table, rows)


def halved(copy, table: str) -> None:
    """每隔一行删一行，行数照实登记。"""
    rows = copy.rows(table)
    copy.write(table, [rows[0], *rows[1::2]])
    with copy.resource(table) as resource:
        resource["rows"] = len(rows[1::2])


def notices(run, change, table: str) -> bool:
    """改坏这张表，装不进来或核对不过，都算发现。"""
    with copied() as copy:
        change(copy, table)
        try:
            return not run().ok
        except (data.TableError, ValueError, KeyError, IndexError, nx.NetworkXError):
            return True


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)
def test_every_check_can_fail(run):
    tables = [t for t in run().tables if t not in ("countries", "sources")]
    assert any(notices(run, change, table) for table in tables for change in (tripled, halved))


def test_every_table_is_checked_or_says_why_not():
    checked = {table for check in quality.checks() for table in check.tables}
    silent = {name for name, r in resources().items() if not r.get("unchecked")}
    assert silent - checked == set()
    assert {n for n in checked if resources()[n].get("unchecked")} == set()


def test_sentences_and_tables():
    every = quality.checks()
    lines = quality.lines(every)
    for check in every:
        assert all(any(check.title in said for said in lines[name]) for name in check.tables)
    for unit in {c.unit for c in every}:
        table, mine = quality.table(every, unit), [c for c in every if c.unit == unit]
        assert table["对数"].sum() == sum(c.compared for c in mine)
        assert table["比什么"].iloc[0] == max(mine, key=lambda c: (c.median, c.worst)).title
