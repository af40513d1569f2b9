"""取表、标签、来源行、许可、目录与摘要。"""

from __future__ import annotations

import os
import subprocess
import sys

import pandas as pd
import pytest

from chokepoint import data
from chokepoint.data import _validate

from .copies import REAL, copied, resources


def in_new_process(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "CHOKEPOINT_DATA": str(REAL)},
    ).stdout.strip()


def test_importing_the_package_loads_no_room():
    code = """if True:
        import sys, chokepoint
        print([m for m in sys.modules if m.startswith('chokepoint.')], 'pandas' in sys.modules)"""
    assert in_new_process(code) == "[] False"


def test_rooms_open_on_first_use():
    code = """if True:
        import sys, chokepoint
        chokepoint.data
        print('chokepoint.data' in sys.modules, 'chokepoint.plots' in sys.modules)"""
    assert in_new_process(code) == "True False"


def test_unknown_room():
    import chokepoint

    with pytest.raises(AttributeError, match="没有名为 attic 的房间"):
        chokepoint.attic  # noqa: B018


def test_types():
    updates = data.load("status_updates")
    assert updates["tech_id"].dtype == "Int64"
    assert updates["value_min"].dtype == "float64"
    assert data.load("chokepoint_barriers")["present"].dtype == "boolean"
    assert pd.api.types.is_string_dtype(updates["event"])
    assert updates["value_min"].isna().any()
    assert not (updates == "").any().any()


def test_attributes_name_table_and_sources():
    frame = data.load("other_lists")
    assert frame.attrs["table"] == "other_lists"
    cited = set(frame["source_id"]) | set(frame["leads_source_id"].dropna())
    assert frame.attrs["sources"] == sorted(cited)
    assert set(frame.attrs["sources"]) > set(frame["source_id"])


def test_each_load_is_a_fresh_copy():
    first = data.load("countries")
    first.loc[0, "name_zh"] = "改过"
    first.attrs["sources"].append("改过")
    again = data.load("countries")
    assert "改过" not in set(again["name_zh"])
    assert "改过" not in again.attrs["sources"]


def test_a_change_on_disk_is_seen_at_once():
    with copied() as copy:
        before = data.load("chokepoints").loc[0, "name_zh"]
        copy.set("chokepoints", 0, "name_zh", "改过的名字")
        assert data.load("chokepoints").loc[0, "name_zh"] == "改过的名字" != before


def test_the_same_content_is_checked_once(monkeypatch):
    """写了一遍而内容没变，不重新校验；内容变了，同样大小也看得出。"""
    checked = []
    candidate = _validate.candidate
    monkeypatch.setattr(_validate, "candidate", lambda name, *rest: checked.append(name) or candidate(name, *rest))
    with copied() as copy:
        name = data.load("chokepoints").loc[0, "name_zh"]
        data.load("chokepoints")
        copy.path("chokepoints").write_bytes(copy.path("chokepoints").read_bytes())
        data.load("chokepoints")
        assert checked == ["chokepoints"]
        copy.set("chokepoints", 0, "name_zh", name[::-1])
        assert data.load("chokepoints").loc[0, "name_zh"] == name[::-1] != name
    assert checked == ["chokepoints", "chokepoints"]


def test_loaded_records_what_was_used():
    code = """if True:
        from chokepoint import data
        print(*data.loaded())
        data.load('countries'); data.labels('chokepoints', 'pillar'); data.source_line(['hs_proxy'])
        data.table_key('aspi_map')
        print(*data.loaded())
        data.describe('aspi_map'); data.catalogue(['sources'])
        print(*data.loaded())
        data.catalogue()
        print(*data.loaded())"""
    assert in_new_process(code).split("\n") == [
        "chokepoints countries hs_proxy",
        "aspi_map chokepoints countries hs_proxy sources",
        "* aspi_map chokepoints countries hs_proxy sources",
    ]


def test_labels_follow_the_schema():
    assert data.labels("chokepoints", "pillar") == {
        "components": "核心基础零部件",
        "materials": "关键基础材料",
        "processes": "先进基础工艺",
        "technology_base": "产业技术基础",
    }
    assert list(data.labels("status_updates", "solidity"))[:4] == [
        "announced",
        "sampled",
        "volume_production",
        "independent_share",
    ]
    with pytest.raises(KeyError, match="没有标签"):
        data.labels("chokepoints", "name_zh")
    with pytest.raises(KeyError, match="没有列"):
        data.labels("chokepoints", "colour")


def test_source_line_counts_each_source_once():
    both = data.sources(["chokepoints", "chokepoint_barriers"])
    assert both["source_id"].is_unique
    cited = set(data.load("chokepoints").attrs["sources"]) | set(data.load("chokepoint_barriers").attrs["sources"])
    assert list(both["source_id"]) == sorted(cited)
    grades = both["grade"].value_counts()
    assert data.source_line(["chokepoints", "chokepoint_barriers"]) == (
        f"数据：35 项卡脖子技术、八类障碍；来源 {len(cited)} 个（A 级 {grades['A']} 个、B 级 {grades['B']} 个）；"
        "许可：CC BY 4.0"
    )


def test_source_line_follows_the_grades():
    with copied() as copy:
        before = data.source_line("other_lists")
        cited = data.load("other_lists").attrs["sources"]
        rows = copy.rows("sources")
        at = next(i for i, r in enumerate(rows[1:]) if r[0] in cited and r[rows[0].index("grade")] == "B")
        copy.set("sources", at, "grade", "A")
        assert data.source_line("other_lists") != before


def test_source_line_links():
    line = data.source_line("chokepoints", markdown=True)
    assert f"[35 项卡脖子技术](#{data.anchor('chokepoints')})" in line
    assert "(https://creativecommons.org/licenses/by/4.0/" in line


def test_noncommercial_data_bind_whatever_is_made_from_them():
    assert data.licence(["hs_proxy", "chokepoints"])["name"] == "CC-BY-4.0"
    with copied() as copy:
        with copy.descriptor() as content:
            terms = next(t for t in content["licenceTerms"] if t["noncommercial"])
            next(r for r in content["resources"] if r["name"] == "hs_proxy")["licenses"] = [terms]
        for names in (["hs_proxy", "chokepoints"], ["chokepoints", "hs_proxy"]):
            bound = data.licence(names)
            assert bound["noncommercial"]
            assert data.source_line(names).endswith(f"许可：{bound['title']}")
        assert not data.licence(["chokepoints"])["noncommercial"]


def test_no_table_no_line():
    with pytest.raises(ValueError, match="至少要给一个表名"):
        data.source_line([])


def test_catalogue_and_fields():
    found = data.catalogue().set_index("name")
    assert list(found.index) == list(resources())
    for name, row in found.iterrows():
        frame = data.load(name)
        assert (row["rows"], row["columns"]) == frame.shape
        assert list(data.describe(name)["field"]) == list(frame.columns)
    assert found.loc["sources", "share_a"] == pytest.approx((data.load("sources")["grade"] == "A").mean())


@pytest.mark.parametrize(
    ("touch", "changes", "keeps"),
    [
        (lambda c: c.set("countries", 0, "note", "改过"), ["countries"], ["chokepoint_countries", "chokepoints"]),
        (lambda c: c.set("chokepoints", 0, "note", "改过"), ["chokepoints"], ["chokepoint_barriers", "hs_proxy"]),
    ],
)
def test_key_follows_its_own_rows_only(touch, changes, keeps):
    with copied() as copy:
        before = {n: data.table_key(n) for n in [*changes, *keeps, "*"]}
        touch(copy)
        after = {n: data.table_key(n) for n in before}
    assert [n for n in before if after[n] != before[n]] == [*changes, "*"]
    assert [n for n in before if after[n] == before[n]] == keeps


def test_key_follows_the_grade_of_a_cited_source():
    with copied() as copy:
        rows = copy.rows("sources")
        at = next(i for i, r in enumerate(rows[1:]) if r[0] == "claims-hs-datahub")
        before = {n: data.table_key(n) for n in resources()}
        copy.set("sources", at, "grade", "A")
        changed = {n for n in before if data.table_key(n) != before[n]}
    assert changed == {"hs_proxy", "sources"}


def test_key_ignores_a_source_it_does_not_cite():
    with copied() as copy:
        before = data.table_key("hs_proxy")
        rows = copy.rows("sources")
        copy.write("sources", [*rows, ["claims-zz-new", *rows[1][1:]]])
        with copy.resource("sources") as resource:
            resource["rows"] += 1
        assert data.table_key("hs_proxy") == before


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r["schema"]["fields"][0].update(title="别的标题"),
        lambda r: r["schema"]["fields"][3]["constraints"].update(minLength=1),
        lambda r: r.update(title="别的表名"),
        lambda r: r["licenses"].pop(),
    ],
)
def test_key_follows_the_description(change):
    with copied() as copy:
        before, other = data.table_key("other_lists"), data.table_key("chokepoints")
        with copy.resource("other_lists") as resource:
            change(resource)
        assert data.table_key("other_lists") != before
        assert data.table_key("chokepoints") == other


def test_key_follows_the_terms_of_its_licence():
    with copied() as copy:
        before, other = data.table_key("hs_proxy"), data.table_key("chokepoints")
        with copy.descriptor() as content:
            next(t for t in content["licenceTerms"] if t["name"] == "PDDL-1.0")["title"] = "别的名字"
        assert data.table_key("hs_proxy") != before
        assert data.table_key("chokepoints") == other


def test_key_of_an_absent_table():
    with pytest.raises(data.TableError, match="没有这个表"):
        data.table_key("no_such_table")


def test_origins_count_every_row_once():
    found = data.origins()
    tables = [data.load(n) for n in resources() if n != "sources"]
    assert found["rows"].sum() == sum(map(len, tables))
    grades = data.load("sources").set_index("source_id")["grade"]
    first_hand = sum(int((frame["source_id"].map(grades) == "A").sum()) for frame in tables)
    assert found.loc[found["grade"] == "A", "rows"].sum() == first_hand


def test_the_whole_package_is_named_as_a_whole():
    line = data.source_line(list(resources()), markdown=True)
    assert f"数据：[全部 {len(resources())} 张表](#data-all)；" in line
    assert "35 项" not in line
