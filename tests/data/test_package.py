"""整个数据包：我们的检查、frictionless 的独立检查、与另行陈述的事实核对。"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter

import frictionless
import pytest

from chokepoint import data
from chokepoint.__main__ import main

from .copies import REAL, copied, resources


def independent(folder) -> frictionless.Report:
    return frictionless.validate(str(folder / "datapackage.json"))


def said(report: data.Report) -> str:
    return "\n".join(str(p) for p in report.problems)


def test_real_package_passes_our_check():
    report = data.check()
    assert report.ok, str(report)
    assert set(report.rows) == set(resources())


def test_real_package_passes_frictionless():
    report = independent(REAL)
    assert report.valid, report.to_summary()
    assert len(report.tasks) == len(resources())


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("chokepoints", "pillar", "gadgets"),
        ("chokepoint_barriers", "source_id", "claims-nobody"),
        ("status_updates", "tech_id", "36"),
    ],
)
def test_both_validators_refuse_the_same_break(table, column, value):
    with copied() as copy:
        copy.set(table, 2, column, value)
        assert not data.check().ok
        assert not independent(copy.folder).valid


def test_command_succeeds_on_the_real_package(capsys):
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert "数据包合格" in out
    assert f"来源 {len(data.load('sources'))} 个" in out


def test_command_fails_on_a_broken_package():
    with copied() as copy:
        line = copy.set("countries", 0, "kind", "planet")
        done = subprocess.run(
            [sys.executable, "-m", "chokepoint", "check"],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
    assert done.returncode == 1
    assert f"表 countries，第 {line} 行，列 kind，值“planet”" in done.stdout
    assert "数据包合格" not in done.stdout
    assert "Traceback" not in done.stderr


def test_orphan_source():
    with copied() as copy:
        rows = copy.rows("sources")
        copy.write("sources", [*rows, ["claims-orphan", *rows[1][1:]]])
        with copy.resource("sources") as resource:
            resource["rows"] += 1
        assert "claims-orphan" in said(data.check())


def test_file_without_a_description():
    with copied() as copy:
        (copy.folder / "stray.csv").write_text("a\n1\n", "utf-8")
        assert "stray.csv" in said(data.check())


@pytest.mark.parametrize(
    "key",
    [
        "title",
        "description",
        "rows",
        "coverage",
        "vintage",
        "cannot_support",
        "attribution",
        "licenses",
        "sources",
        "schema",
    ],
)
def test_description_without_a_required_key(key):
    with copied() as copy:
        with copy.resource("aspi_map") as resource:
            del resource[key]
        report = data.check()
        assert [p.table for p in report.problems if p.column == key] == ["aspi_map"]


@pytest.mark.parametrize(
    ("table", "change", "expected"),
    [
        ("aspi_map", lambda r: r.update(cannot_support=[]), "cannot_support"),
        ("aspi_map", lambda r: r["licenses"].append({"name": "WTFPL", "path": "https://example.org"}), "WTFPL"),
        ("aspi_map", lambda r: r["schema"]["fields"][0].pop("title"), "title"),
        ("aspi_map", lambda r: r["schema"]["fields"][0].update(type="text"), "类型应为"),
        ("aspi_map", lambda r: r["schema"]["fields"][5]["labels"].pop("none"), "一一对应"),
        ("aspi_map", lambda r: r["schema"]["fields"][5]["constraints"].pop("enum"), "一一对应"),
        ("aspi_map", lambda r: r["schema"].update(primaryKey=[]), "主键"),
        ("aspi_map", lambda r: r["schema"].update(uniqueKeys=[["colour"]]), "colour"),
        ("aspi_map", lambda r: r["schema"].update(foreignKeys=[]), "每一行都要有来源"),
        ("aspi_map", lambda r: r["schema"]["foreignKeys"][0]["reference"].update(resource="attic"), "attic"),
        ("aspi_map", lambda r: r.update(name="hs_proxy"), "不重复"),
        ("chokepoints", lambda r: r["schema"]["fields"][8]["labels"].update(materials="关键材料"), None),
        ("status_updates", lambda r: r["schema"]["fields"][3]["labels"].update(day="某日"), "标签应与表"),
        ("status_updates", lambda r: r["schema"]["fields"][2].update(precisionField="colour"), "colour"),
    ],
)
def test_description_that_is_wrong(table, change, expected):
    with copied() as copy:
        with copy.resource(table) as resource:
            change(resource)
        report = data.check()
        if expected is None:
            assert report.ok
        else:
            assert expected in said(report)


def test_description_that_is_not_json():
    with copied() as copy:
        path = copy.folder / "datapackage.json"
        path.write_text(path.read_text("utf-8")[:-20], "utf-8")
        assert "合法的 JSON" in said(data.check())


# 与另行陈述的事实核对 ---------------------------------------------------------------------------------


def test_thirty_five_technologies():
    assert data.load("chokepoints")["tech_id"].tolist() == list(range(1, 36))


def test_eight_barriers_for_every_technology():
    barriers = data.load("chokepoint_barriers")
    assert Counter(barriers["tech_id"]) == dict.fromkeys(range(1, 36), 8)
    assert barriers.groupby("tech_id")["barrier"].nunique().eq(8).all()


def test_articles_fall_within_the_series():
    found = data.load("chokepoints")
    exact = found[found["date_precision"] == "day"]
    assert exact["tech_id"].tolist() == [1, 2, 3, 4, 14, 20, 24, 28]
    assert exact["article_date"].between("2018-04-19", "2018-07-05").all()
    assert set(found.loc[found["date_precision"] == "year", "article_date"]) == {"2018"}


def test_updates_come_after_the_series():
    updates = data.load("status_updates")
    assert (updates["date"].str.len() == updates["date_precision"].map({"year": 4, "month": 7, "day": 10})).all()
    assert updates["date"].min() > "2018-07-05"
    assert updates["date"].max() < "2026-06"
    assert set(range(1, 36)) - set(updates["tech_id"]) == {4, 8, 22, 28, 31, 32, 33}
    assert len(updates) == 65


def test_conflicts_are_mutual():
    updates = data.load("status_updates").dropna(subset="conflicts_with")
    pairs = set(zip(updates["update_id"], updates["conflicts_with"], strict=True))
    assert pairs == {(b, a) for a, b in pairs} == {("U30", "U31"), ("U31", "U30"), ("U44", "U45"), ("U45", "U44")}


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [("chokepoint_shares", "share_min", "share_max"), ("status_updates", "value_min", "value_max")],
)
def test_point_values_are_points(table, low, high):
    frame = data.load(table)
    points = frame[frame["bound"].isin(["exact", "about"])]
    assert len(points) > 0
    assert (points[low] == points[high]).all()
    ranges = frame[frame["bound"] == "range"]
    assert len(ranges) > 0
    assert (ranges[low] < ranges[high]).all()


def test_gaps():
    gaps = data.load("chokepoint_gaps")
    assert len(gaps) == 13
    assert set(gaps.loc[~gaps["like_for_like"], "tech_id"]) == {5, 19, 32, 33, 35}


def test_proxies_and_matches():
    assert Counter(data.load("hs_proxy")["proxy_quality"]) == {"good": 3, "partial": 29, "poor": 29, "none": 6}
    assert Counter(data.load("aspi_map")["match_strength"]) == {"strong": 10, "partial": 12, "none": 14}
    for table in ("hs_proxy", "aspi_map"):
        assert set(data.load(table)["tech_id"]) == set(range(1, 36))


@pytest.mark.parametrize(
    ("status", "present", "table"),
    [
        ("suppliers_status", {"named", "partly_named"}, "chokepoint_suppliers"),
        ("countries_status", {"named"}, "chokepoint_countries"),
    ],
)
def test_status_agrees_with_the_rows(status, present, table):
    found = data.load("chokepoints")
    named = set(found.loc[found[status].isin(present), "tech_id"])
    assert named == set(data.load(table)["tech_id"])
    assert named < set(range(1, 36))


def test_one_name_for_one_supplier():
    suppliers = data.load("chokepoint_suppliers")
    assert suppliers.groupby("supplier")["supplier_zh"].nunique().eq(1).all()
    assert suppliers.groupby("supplier_zh")["supplier"].nunique().eq(1).all()


def test_countries_are_those_used_and_no_more():
    used = set()
    for name, resource in resources().items():
        for key in resource["schema"].get("foreignKeys", []):
            if key["reference"]["resource"] == "countries":
                used |= set(data.load(name)[key["fields"]].dropna())
    assert set(data.load("countries")["iso3"]) == used


def test_codes_outside_the_standard_say_so():
    """世界、集团与“其余”的代码不是 ISO 3166-1，备注里都说明了。"""
    countries = data.load("countries").set_index("iso3")
    assert (countries["note"].isna() == (countries["kind"] == "country")).all()
    assert countries.loc[["TWN", "HKG"], "name_zh"].tolist() == ["中国台湾", "中国香港"]


def test_conflicting_rows_are_kept_in_groups():
    """标了冲突的行，同号的至少有另一行：冲突的双方都在。"""
    marked = 0
    for name, resource in resources().items():
        if "conflict" in [f["name"] for f in resource["schema"]["fields"]]:
            groups = data.load(name)["conflict"].dropna().value_counts()
            assert (groups >= 2).all(), name
            marked += len(groups)
    assert marked > 10


def test_nothing_points_at_a_workplace():
    """数据里没有本机路径、没有其他目录、没有本机地址。"""
    pattern = re.compile(rb"(?<![\w.])/(work|tmp|home)/|\.\./|file:|localhost|seed:", re.I)
    for path in sorted(REAL.iterdir()):
        assert not pattern.search(path.read_bytes()), path.name


def test_every_source_says_where_it_can_be_read():
    sources = data.load("sources")
    missing = sources[sources["url_kind"] == "none"]
    assert missing["url"].isna().all()
    assert missing["note"].notna().all()
    assert sources["url"].dropna().is_unique
