"""坏数据必须被拒绝，并说清表、行、列、值。每条性质都在真数据包的副本上改坏一处。"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chokepoint import data

from .copies import columns, copied, resources, size

# 不做缩小：每个反例本来就只改坏一格，缩小只会拖慢失败
few = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
TABLES = sorted(resources())


@st.composite
def cell(draw, wanted=lambda field: True):
    """真数据包里符合条件的一格：（表，列，第几条记录）。"""
    table, column = draw(st.sampled_from(columns(wanted)))
    return table, column, draw(st.integers(0, size(table) - 1))


def refused(table: str) -> list[data.Problem]:
    """取这个表必须失败；返回问题，并确认消息里写着它们。"""
    with pytest.raises(data.TableError) as caught:
        data.load(table)
    for problem in caught.value.problems[:20]:
        assert str(problem) in str(caught.value)
    return caught.value.problems


def named(table: str, row: int, column: str, value: str) -> str:
    """取这个表必须失败，且恰好指出这一格；返回期望。"""
    found = [p for p in refused(table) if (p.table, p.row, p.value) == (table, row, value) and p.column == column]
    assert found, f"没有指出 {table} 第 {row} 行 {column}"
    return "；".join(p.expected for p in found)


def test_untouched_copy_is_accepted():
    """对照：不改就通过，下面各条的失败都来自所改的那一处。"""
    with copied():
        for table in TABLES:
            assert len(data.load(table)) == size(table)
        assert data.check().ok


@few
@given(st.sampled_from(columns()))
def test_missing_column(where):
    table, column = where
    with copied() as copy:
        rows = copy.rows(table)
        at = rows[0].index(column)
        copy.write(table, [r[:at] + r[at + 1 :] for r in rows])
        assert [(p.table, p.row, p.column) for p in refused(table)] == [(table, 1, column)]


@few
@given(st.sampled_from(TABLES), st.data())
def test_swapped_columns(table, draw):
    with copied() as copy:
        rows = copy.rows(table)
        a, b = draw.draw(st.lists(st.integers(0, len(rows[0]) - 1), min_size=2, max_size=2, unique=True))
        for row in rows:
            row[a], row[b] = row[b], row[a]
        copy.write(table, rows)
        problems = refused(table)
        assert {p.column for p in problems} == {rows[0][a], rows[0][b]}
        assert {p.table for p in problems} == {table}


@few
@given(st.sampled_from(TABLES), st.data())
def test_duplicate_key(table, draw):
    last = size(table) - 1
    first, second = draw.draw(st.lists(st.integers(0, last), min_size=2, max_size=2, unique=True))
    key = resources()[table]["schema"]["primaryKey"]
    key = [key] if isinstance(key, str) else key
    with copied() as copy:
        rows = copy.rows(table)
        rows[second + 1] = list(rows[first + 1])
        copy.write(table, rows)
        value = "，".join(rows[first + 1][rows[0].index(c)] for c in key)
        for row in (first, second):
            found = [p for p in refused(table) if p.row == row + 2 and p.column == "+".join(key)]
            assert found
            assert "不应重复" in found[0].expected
            assert found[0].value == value


@few
@given(cell(lambda f: f["name"].endswith("source_id") and "unique" not in f.get("constraints", {})))
def test_unknown_source(where):
    table, column, row = where
    with copied() as copy:
        line = copy.set(table, row, column, "claims-no-such-source")
        assert "表 sources 的 source_id" in named(table, line, column, "claims-no-such-source")


@few
@given(cell(lambda f: "enum" in f.get("constraints", {})))
def test_off_enumeration(where):
    """包括单位写错：单位也是枚举。"""
    table, column, row = where
    with copied() as copy:
        line = copy.set(table, row, column, "kilo_percent")
        assert "下列之一" in named(table, line, column, "kilo_percent")


def test_wrong_unit():
    with copied() as copy:
        line = copy.set("status_updates", 0, "unit", "nanometre")
        assert "nm" in named("status_updates", line, "unit", "nanometre")


@few
@given(
    cell(lambda f: f["type"] in ("integer", "number")),
    st.sampled_from(["十几", "12nm", "1,000", "1e3", "12.5.1", "１２", "10-19", "inf", "0x1F", "9" * 20]),
)
def test_text_where_a_number_belongs(where, value):
    table, column, row = where
    with copied() as copy:
        line = copy.set(table, row, column, value)
        assert "应为" in named(table, line, column, value)


@few
@given(cell(lambda f: f["type"] == "boolean"), st.sampled_from(["yes", "1", "True", "是"]))
def test_text_where_a_truth_value_belongs(where, value):
    table, column, row = where
    with copied() as copy:
        line = copy.set(table, row, column, value)
        assert "true 或 false" in named(table, line, column, value)


@few
@given(cell(lambda f: f.get("constraints", {}).get("required")))
def test_required_cell_left_empty(where):
    table, column, row = where
    with copied() as copy:
        line = copy.set(table, row, column, "")
        named(table, line, column, "")


@few
@given(cell(lambda f: "minimum" in f.get("constraints", {})))
def test_out_of_range(where):
    table, column, row = where
    with copied() as copy:
        line = copy.set(table, row, column, "-7")
        assert "应不小于" in named(table, line, column, "-7")


def test_percent_above_one_hundred():
    with copied() as copy:
        line = copy.set("chokepoint_shares", 1, "share_max", "100.5")
        assert "percent" in named("chokepoint_shares", line, "share_max", "100.5")


@pytest.mark.parametrize(
    ("table", "column", "value", "place"),
    [
        ("status_updates", "conflicts_with", "U99", "表 status_updates 的 update_id"),
        ("chokepoint_countries", "iso3", "ZZZ", "表 countries 的 iso3"),
    ],
)
def test_unknown_foreign_key(table, column, value, place):
    with copied() as copy:
        line = copy.set(table, 3, column, value)
        assert place in named(table, line, column, value)


def test_foreign_key_follows_the_other_table():
    """被引用的一行改了名，引用它的每一行都要报。"""
    with copied() as copy:
        lines = [i for i, r in enumerate(copy.rows("chokepoint_countries"), 1) if r[1] == "JPN"]
        row = next(i for i, r in enumerate(copy.rows("countries")) if r[0] == "JPN") - 1
        copy.set("countries", row, "iso3", "JPX")
        assert [p.row for p in refused("chokepoint_countries")] == lines


@few
@given(st.sampled_from(TABLES), st.data())
def test_broken_encoding(table, draw):
    with copied() as copy:
        content = copy.path(table).read_bytes()
        at = draw.draw(st.integers(0, len(content)))
        copy.path(table).write_bytes(content[:at] + b"\xff" + content[at:])
        problem = refused(table)[0]
        assert (problem.table, problem.row) == (table, content[:at].count(b"\n") + 1)
        assert "UTF-8" in problem.expected


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_other_encodings(encoding):
    with copied() as copy:
        path = copy.path("chokepoints")
        path.write_bytes(path.read_text("utf-8").encode(encoding))
        assert "UTF-8" in refused("chokepoints")[0].expected


@few
@given(st.sampled_from(TABLES), st.data())
def test_truncated_file(table, draw):
    """在任何一个字节处截断都要发现，包括恰好在行末。"""
    with copied() as copy:
        content = copy.path(table).read_bytes()
        ends = [i + 1 for i, byte in enumerate(content[:-1]) if byte == 10]
        at = draw.draw(st.one_of(st.integers(0, len(content) - 1), st.sampled_from(ends)))
        copy.path(table).write_bytes(content[:at])
        assert {p.table for p in refused(table)} == {table}


@pytest.mark.parametrize("lost", [1, 4])
def test_truncated_in_the_last_cell(lost):
    """列数、行数都对，只丢了最后一格的末尾。"""
    with copied() as copy:
        content = copy.path("sources").read_bytes()
        copy.path("sources").write_bytes(content[:-lost])
        assert "换行" in refused("sources")[0].expected


@pytest.mark.parametrize("table", TABLES)
def test_absent_file(table):
    with copied() as copy:
        copy.path(table).unlink()
        assert "没有找到" in refused(table)[0].expected


@few
@given(
    cell(lambda f: f["type"] == "string" and "enum" not in f.get("constraints", {})),
    st.sampled_from(["none", "NA", "not_seen", "无", "-"]),
)
def test_only_an_empty_cell_means_missing(where, value):
    table, column, row = where
    with copied() as copy:
        line = copy.set(table, row, column, value)
        assert "缺失应写成空格子" in named(table, line, column, value)


@few
@given(cell(lambda f: f["type"] == "string"), st.sampled_from([" {}", "{} ", "{}\t", "甲\n{}"]))
def test_stray_whitespace(where, form):
    table, column, row = where
    with copied() as copy:
        value = form.format(copy.rows(table)[row + 1][copy.rows(table)[0].index(column)])
        line = copy.set(table, row, column, value)
        named(table, line, column, value)


@few
@given(st.sampled_from(TABLES), st.data())
def test_wrong_number_of_cells(table, draw):
    row = draw.draw(st.integers(1, size(table)))
    change = draw.draw(st.sampled_from([lambda r: [*r, "多"], lambda r: r[:-1]]))
    with copied() as copy:
        rows = copy.rows(table)
        rows[row] = change(rows[row])
        copy.write(table, rows)
        problem = refused(table)[0]
        assert (problem.row, f"应有 {len(rows[0])} 列" in problem.expected) == (row + 1, True)


def test_unmatched_quote():
    with copied() as copy:
        path = copy.path("countries")
        path.write_text(path.read_text("utf-8").replace("荷兰", '"荷兰'), "utf-8")
        assert "引号" in refused("countries")[-1].expected


def test_line_numbers_survive_a_cell_with_a_line_break():
    """报的是文件里的行号，不是第几条记录。"""
    with copied() as copy:
        copy.set("chokepoints", 0, "note", "上\n下")
        copy.set("chokepoints", 4, "sector", "toys")
        assert [(p.row, p.column) for p in refused("chokepoints")] == [(2, "note"), (7, "sector")]


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "said"),
    [
        ("status_updates", 0, "date", "2023", "date_precision"),
        ("status_updates", 0, "date", "2023-13", "日历"),
        ("chokepoints", 0, "article_date", "2018-02-30", "日历"),
        ("status_updates", 0, "bound", "", "必填"),
        ("status_updates", 11, "metric", "power", "应为空"),
        ("chokepoint_shares", 0, "share_min", "3", "应为空"),
        ("chokepoint_gaps", 0, "frontier_min", "25", "frontier_max"),
        ("hs_proxy", 6, "hs6", "852349", "应为空"),
        ("hs_proxy", 0, "hs6", "", "必填"),
        ("aspi_map", 0, "aspi_domain", "", "必填"),
        ("sources", 0, "url", "", "必填"),
        ("chokepoints", 0, "name_zh", "Lithography", "格式"),
    ],
)
def test_cells_that_contradict_each_other(table, row, column, value, said):
    with copied() as copy:
        line = copy.set(table, row, column, value)
        assert said in named(table, line, column, value)


def test_full_dates():
    """完整日期一类的字段，现有的表还没有用到。"""
    with copied() as copy:
        with copy.resource("sources") as resource:
            field = next(f for f in resource["schema"]["fields"] if f["name"] == "accessed")
            field.update(type="date", constraints={})
        rows = copy.rows("sources")
        at = rows[0].index("accessed")
        copy.write("sources", [rows[0], *([*r[:at], "2026-11-24", *r[at + 1 :]] for r in rows[1:])])
        assert str(data.load("sources")["accessed"].dtype).startswith("datetime64")
        for value in ("2018-02-30", "2018-04", "2018/04/19"):
            line = copy.set("sources", 0, "accessed", value)
            named("sources", line, "accessed", value)


def test_every_problem_is_counted_and_twenty_are_shown():
    with copied() as copy:
        rows = copy.rows("chokepoint_barriers")
        for row in rows[1:31]:
            row[rows[0].index("present")] = "maybe"
        copy.write("chokepoint_barriers", rows)
        with pytest.raises(data.TableError) as caught:
            data.load("chokepoint_barriers")
        assert len(caught.value.problems) == 30
        message = str(caught.value)
        assert "共 30 处" in message
        assert message.count("maybe") == 20
        assert "其余 10 处" in message


def test_several_kinds_of_problem_at_once():
    with copied() as copy:
        copy.set("status_updates", 0, "value_min", "many")
        copy.set("status_updates", 1, "unit", "furlong")
        copy.set("status_updates", 2, "source_id", "claims-nobody")
        assert {(p.row, p.column) for p in refused("status_updates")} >= {
            (2, "value_min"),
            (3, "unit"),
            (4, "source_id"),
        }


def test_unknown_table():
    assert "没有这个表" in refused("no_such_table")[0].expected


def test_absent_directory(monkeypatch, tmp_path):
    monkeypatch.setenv("CHOKEPOINT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(data.TableError, match="CHOKEPOINT_DATA"):
        data.load("chokepoints")
    assert not data.check().ok
