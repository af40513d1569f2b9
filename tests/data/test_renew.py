"""换新：比较两版、封存、旧版留存；出错时什么也不写。"""

from __future__ import annotations

import math
import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint import data
from chokepoint.__main__ import main

from .copies import copied, resources, size

TABLE = "chokepoint_gaps"


def changed(copy, folder, edit) -> str:
    """把 ``edit`` 用在一个表的各行（不含表头）上，写成数据目录之外的新文件。"""
    rows = copy.rows(TABLE)
    body = edit(rows[0], rows[1:])
    path = folder / "new.csv"
    path.write_text("\n".join(",".join(f'"{c}"' for c in row) for row in [rows[0], *body]) + "\n", "utf-8")
    return str(path)


def raised(header, body):
    """改一格、删一行、增一行。"""
    at = header.index("frontier_max")
    body[0][at] = str(float(body[0][at]) * 2)
    added = [*body[1]]
    added[header.index("metric")] = "unit_price"
    return [*body[:-1], added]


def snapshot(copy) -> dict[str, bytes]:
    return {p.relative_to(copy.folder).as_posix(): p.read_bytes() for p in copy.folder.rglob("*") if p.is_file()}


def test_compare_names_every_difference():
    old = pd.DataFrame({"k": ["a", "b", "c"], "v": [10.0, 20.0, None], "t": ["甲", "乙", "丙"]})
    new = pd.DataFrame({"k": ["d", "c", "a"], "t": ["丁", "丙", "改"], "v": [1.0, 3.0, 15.0]})
    found = data.compare(old, new, ["k"])
    assert found.added["k"].tolist() == ["d"]
    assert found.removed["k"].tolist() == ["b"]
    assert found.unchanged == 0
    cells = {(r.k, r.column): (r.old, r.new, r.change, r.percent) for r in found.revised.itertuples()}
    assert cells.keys() == {("a", "v"), ("a", "t"), ("c", "v")}
    assert cells["a", "v"] == (10.0, 15.0, 5.0, 50.0)
    assert cells["a", "t"][:2] == ("甲", "改")
    assert math.isnan(cells["a", "t"][2])
    assert math.isnan(cells["c", "v"][3])
    assert "增 1 行，删 1 行，改 2 行（3 格），不变 0 行" in str(found)
    assert "k=a 的 v：10 → 15（+50.00%）" in str(found)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(-3, 3)),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(-3, 3)),
)
def test_compare_agrees_with_dictionaries(one, two):
    def frame(values):
        return pd.DataFrame(
            {"k": pd.Series(list(values), dtype="str"), "v": pd.Series(list(values.values()), dtype="Int64")}
        )

    found = data.compare(frame(one), frame(two), ["k"])
    assert set(found.added["k"]) == two.keys() - one.keys()
    assert set(found.removed["k"]) == one.keys() - two.keys()
    both = one.keys() & two.keys()
    assert {(r.k, r.old, r.new) for r in found.revised.itertuples()} == {
        (k, one[k], two[k]) for k in both if one[k] != two[k]
    }
    assert found.unchanged == sum(one[k] == two[k] for k in both)


def test_compare_refuses_what_it_cannot_align():
    one = pd.DataFrame({"k": ["a", "a"], "v": [1, 2]})
    with pytest.raises(ValueError, match="旧版的主键 k 有重复"):
        data.compare(one, one, ["k"])
    with pytest.raises(ValueError, match="列不同：w"):
        data.compare(one.iloc[:1], one.iloc[:1].assign(w=1), ["k"])


def test_looking_writes_nothing(tmp_path):
    with copied() as copy:
        path, before = changed(copy, tmp_path, raised), snapshot(copy)
        found = data.renew(TABLE, path, "2027")
        assert (len(found.added), len(found.removed)) == (1, 1)
        assert found.revised[["column", "percent"]].values.tolist() == [["frontier_max", 100.0]]
        assert snapshot(copy) == before


def test_old_edition_stays_beside_the_new(tmp_path):
    with copied() as copy:
        path = changed(copy, tmp_path, raised)
        before, old_file = data.load(TABLE), copy.path(TABLE).read_bytes()
        found = data.renew(TABLE, path, "2027", vintage="2027 年重查", write=True)
        assert (copy.folder / "editions" / f"{TABLE}@2026.csv").read_bytes() == old_file
        pd.testing.assert_frame_equal(data.load(TABLE, edition="2026"), before)
        after = data.load(TABLE)
        assert len(after) == len(before)
        assert not after.equals(before)
        assert resources()[TABLE]["vintage"] == "2027 年重查"
        assert str(data.diff(TABLE, "2026")) == str(found)
        assert data.check().ok, str(data.check())
        assert "**往期版**：2026" in data.catalogue_page("list")


def test_a_table_is_renewed_again_and_again(tmp_path):
    with copied() as copy:
        first = data.load(TABLE)
        for edition in ("2027", "2028-06"):
            data.renew(TABLE, changed(copy, tmp_path, lambda h, b: b[:-1]), edition, write=True)
        assert [len(data.load(TABLE, edition=e)) for e in ("2026", "2027", "2028-06")] == [
            len(first),
            len(first) - 1,
            len(first) - 2,
        ]
        assert len(data.diff(TABLE, "2026").removed) == 2
        assert data.check().ok


@pytest.mark.parametrize(
    ("edit", "edition", "said"),
    [
        (lambda h, b: [[*r[:-1], "NA"] for r in b], "2027", "缺失应写成空格子"),
        (lambda h, b: [["99", *r[1:]] for r in b], "2027", "表 chokepoints 的 tech_id"),
        (lambda h, b: b + b[:1], "2027", "不应重复"),
        (lambda h, b: [r[:-1] for r in b], "2027", "应有 10 列"),
        (raised, "2026", "晚于 2026"),
        (raised, "2025", "晚于 2026"),
        (raised, "next", "晚于 2026"),
    ],
)
def test_refused_renewal_writes_nothing(edit, edition, said, tmp_path):
    with copied() as copy:
        path, before = changed(copy, tmp_path, edit), snapshot(copy)
        with pytest.raises(data.TableError, match=said):
            data.renew(TABLE, path, edition, write=True)
        assert snapshot(copy) == before


def test_a_renewal_cut_short_loses_nothing(tmp_path, monkeypatch):
    """在每一次换名之前断电：旧的内容总还在，检查总能发现。"""
    for cut in range(3):
        with copied() as copy:
            path = changed(copy, tmp_path, raised)
            old, done, replace = copy.path(TABLE).read_bytes(), [], os.replace

            def stop(source, target, cut=cut, done=done, replace=replace):
                if len(done) == cut:
                    raise KeyboardInterrupt
                done.append(replace(source, target))

            monkeypatch.setattr(os, "replace", stop)
            with pytest.raises(KeyboardInterrupt):
                data.renew(TABLE, path, "2027", write=True)
            monkeypatch.setattr(os, "replace", replace)
            assert old in snapshot(copy).values()
            assert not data.check().ok


def test_absent_file_and_absent_edition(tmp_path):
    with copied():
        with pytest.raises(data.TableError, match="没有找到或不能读"):
            data.renew(TABLE, tmp_path / "nowhere.csv", "2027")
        with pytest.raises(data.TableError, match="没有 1999 这一版；现有：2026"):
            data.load(TABLE, edition="1999")


def test_old_editions_are_validated_and_sealed(tmp_path):
    with copied() as copy:
        data.renew(TABLE, changed(copy, tmp_path, raised), "2027", write=True)
        path = copy.folder / "editions" / f"{TABLE}@2026.csv"
        path.write_text(path.read_text("utf-8").replace("percent", "per_cent", 1), "utf-8")
        said = str(data.check())
        assert "per_cent" in said
        path.write_text(path.read_text("utf-8").replace("per_cent", "nm", 1), "utf-8")
        assert "往期版不应改动" in str(data.check())


# 封存 -------------------------------------------------------------------------------------------------


def edited(copy):
    """一处合乎格式的改动：别的检查都看不出。"""
    path = copy.path("countries")
    path.write_text(path.read_text("utf-8").replace("日本", "东瀛"), "utf-8")


def test_a_plausible_edit_is_found_by_its_seal_alone():
    with copied() as copy:
        edited(copy)
        assert "东瀛" in set(data.load("countries")["name_zh"])
        assert data.check(sealed=False).ok
        assert [(p.table, p.value) for p in data.check().problems] == [("countries", "2026")]


def test_sealing_accepts_an_intended_edit():
    with copied() as copy:
        edited(copy)
        assert data.seal() == ["countries"]
        assert data.check().ok
        assert data.seal() == []


def test_sealing_counts_rows_anew():
    with copied() as copy:
        rows = copy.rows(TABLE)
        copy.write(TABLE, rows[:-1])
        with pytest.raises(data.TableError, match=f"seal {TABLE}"):
            data.load(TABLE)
        assert data.seal([TABLE]) == [TABLE]
        assert len(data.load(TABLE)) == size(TABLE) - 1


def test_a_bad_table_cannot_be_sealed():
    with copied() as copy:
        copy.set(TABLE, 0, "unit", "furlong")
        before = snapshot(copy)
        with pytest.raises(data.TableError, match="furlong"):
            data.seal([TABLE])
        assert snapshot(copy) == before


def test_sealing_does_not_make_a_chapter_stale():
    with copied() as copy:
        edited(copy)
        before = data.table_key("countries")
        data.seal()
        assert data.table_key("countries") == before


def test_commands(tmp_path, capsys):
    with copied() as copy:
        path = changed(copy, tmp_path, raised)
        assert main(["renew", TABLE, path, "--edition", "2027"]) == 0
        assert "增 1 行，删 1 行，改 1 行" in (out := capsys.readouterr().out)
        assert "没有写" in out
        assert main(["renew", TABLE, path, "--edition", "2027", "--write"]) == 0
        assert "已换新" in capsys.readouterr().out
        assert main(["diff", TABLE, "2026"]) == 0
        assert "+100.00%" in capsys.readouterr().out
        assert main(["renew", TABLE, path, "--edition", "2026"]) == 1
        assert "晚于 2027" in capsys.readouterr().err
        edited(copy)
        assert main(["check"]) == 1
        assert main(["check", "--edited"]) == 0
        assert main(["seal"]) == 0
        assert "countries" in capsys.readouterr().out
        assert main(["check"]) == 0
