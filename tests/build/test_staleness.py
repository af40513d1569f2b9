"""什么改了，哪一章才重跑。"""

import csv
import io
import json

import nbformat
import pytest

from .project import TABLES, Project


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """两章都执行过、书也搭好的项目。"""
    project = Project(tmp_path_factory.mktemp("project") / "book")
    ran, result = project.doit()
    assert result.returncode == 0, result.stdout + result.stderr
    assert ran == {"a", "b"}, result.stdout
    return project


def test_a_cold_build_publishes_the_book(project):
    html = project.root / "_build" / "html"
    assert (html / "index.html").exists()
    assert (html / "book" / "a.html").exists()
    record = nbformat.read(project.chapter("a"), as_version=4).metadata.chokepoint
    assert TABLES["a"] in record["depends"]["tables"]
    assert TABLES["b"] not in record["depends"]["tables"]
    assert "demo_room.py" not in record["depends"]["modules"]
    assert "filelock" in record["depends"]["packages"]


def test_nothing_is_repeated(project):
    before = project.chapter("a").read_bytes(), project.chapter("b").read_bytes()
    ran, result = project.doit()
    assert result.returncode == 0
    assert ran == set()
    assert "▶ 搭 HTML" not in result.stdout
    assert before == (project.chapter("a").read_bytes(), project.chapter("b").read_bytes())


def test_a_sentence_rebuilds_the_page_and_runs_nothing(project):
    with project.edited("book/a.ipynb", "# 样章 a", "# 样章 a 改了一句"):
        ran, result = project.doit()
        assert result.returncode == 0, result.stdout
        assert ran == set()
        assert "改了一句" in (project.root / "_build" / "html" / "book" / "a.html").read_text("utf-8")


def free_text(project, table):
    """表里最后一行中一个可以随便改的文字单元。"""
    text = (project.root / "data" / f"{table}.csv").read_text("utf-8")
    row = list(csv.DictReader(io.StringIO(text)))[-1]
    schema = descriptor(project, table)["schema"]
    free = [
        f["name"]
        for f in schema["fields"]
        if f["type"] == "string"
        and set(f.get("constraints", {})) <= {"required"}
        and not any(f["name"] in k["fields"] for k in schema.get("foreignKeys", []))
        and f["name"] not in schema["primaryKey"]
        and row[f["name"]]
    ]
    assert free, f"{table} 没有可以随便改的文字列"
    return row[free[0]]


def descriptor(project, table):
    package = json.loads((project.root / "data" / "datapackage.json").read_text("utf-8"))
    return next(r for r in package["resources"] if r["name"] == table)


@pytest.mark.parametrize("chapter", ["a", "b"])
def test_a_datum_makes_only_its_chapter_stale(project, chapter):
    table = TABLES[chapter]
    path = project.root / "data" / f"{table}.csv"
    before = path.read_text("utf-8")
    head, _, tail = before.rpartition(free_text(project, table))
    path.write_text(f"{head}改动过的字{tail}", "utf-8")
    try:
        assert project.stale() == {chapter}
    finally:
        path.write_text(before, "utf-8")


@pytest.mark.parametrize("chapter", ["a", "b"])
def test_a_schema_makes_only_its_chapter_stale(project, chapter):
    path = project.root / "data" / "datapackage.json"
    before = path.read_text("utf-8")
    package = json.loads(before)
    next(r for r in package["resources"] if r["name"] == TABLES[chapter])["schema"]["fields"][0]["description"] = "改"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2), "utf-8")
    try:
        assert project.stale() == {chapter}
    finally:
        path.write_text(before, "utf-8")


def cited(project, chapter):
    """只有这一章的表引用的一个来源。"""

    def ids(table):
        rows = csv.DictReader(io.StringIO((project.root / "data" / f"{table}.csv").read_text("utf-8")))
        return {row["source_id"] for row in rows}

    other = {"a": "b", "b": "a"}[chapter]
    mine = ids(TABLES[chapter]) - ids(TABLES[other])
    assert mine
    return sorted(mine)[0]


@pytest.mark.parametrize("chapter", ["a", "b"])
def test_a_cited_source_makes_only_its_chapter_stale(project, chapter):
    path = project.root / "data" / "sources.csv"
    before = path.read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(before)))
    row = next(r for r in rows if r["source_id"] == cited(project, chapter))
    row["grade"] = {"A": "B", "B": "A"}[row["grade"]]
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")
    try:
        assert project.stale() == {chapter}
    finally:
        path.write_text(before, "utf-8")


#: 文件、改动、应过期的章。
EDITS = [
    ("chokepoint/demo_room.py", "两倍", "加倍", {"b"}),
    ("chokepoint/networks/__init__.py", '^"""', '"""改。', set()),
    ("chokepoint/data/__init__.py", "数据房间", "数据之房间", {"a", "b"}),
    ("requirements.lock", r"^filelock==[\d.]+", "filelock==99.0", {"a"}),
    ("requirements.lock", r"^pandas==[\d.]+", "pandas==99.0", {"a", "b"}),
    ("requirements.lock", r"^playwright==[\d.]+", "playwright==99.0", set()),
    ("requirements.lock", "^#", "# 改", set()),
    ("data/datapackage.json", r'^(  "title": ")', r"\1改", set()),
    ("book/index.md", "样书", "样书，改", set()),
    ("book/a.ipynb", r"print\(rows\)", "print(rows )", {"a"}),
]


@pytest.mark.parametrize(("name", "pattern", "new", "expected"), EDITS)
def test_an_edit_makes_its_users_stale(project, name, pattern, new, expected):
    with project.edited(name, pattern, new):
        assert project.stale() == expected


def test_an_unrelated_table_makes_nothing_stale(project):
    path = project.root / "data" / "datapackage.json"
    before = path.read_text("utf-8")
    package = json.loads(before)
    next(r for r in package["resources"] if r["name"] == "aspi_map")["description"] += "，"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2), "utf-8")
    try:
        assert project.stale() == set()
    finally:
        path.write_text(before, "utf-8")


def test_a_deleted_output_is_made_again_byte_for_byte(project):
    """删掉存下的输出：钥匙还在，也不能当作最新；重跑后文件与原来逐字节相同。"""
    path = project.chapter("b")
    before = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = []
    nbformat.write(notebook, path)
    assert project.stale() == {"b"}
    ran, result = project.doit("chapter")
    assert ran == {"b"}, result.stdout + result.stderr
    assert path.read_bytes() == before


def test_the_command_line_agrees(project):
    """命令行报告的与上面所问的一致。"""
    with project.edited("chokepoint/demo_room.py", "两倍", "加倍"):
        result = project.run("-m", "tools.execute", "--status")
    assert "最新 book/a.ipynb" in result.stdout
    assert "过期 book/b.ipynb" in result.stdout
