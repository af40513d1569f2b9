"""构建出错、被杀时：说清楚，不伤旧书，下次照样做完。"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from .project import Project, snapshot


@pytest.fixture
def project(tmp_path):
    """没有执行过的项目，旁边有一本旧书。"""
    project = Project(tmp_path / "book")
    html = project.root / "_build" / "html"
    html.mkdir(parents=True)
    (html / "index.html").write_text("旧书", "utf-8")
    (project.root / "_build" / "chokepoint-book.pdf").write_bytes(b"%PDF- old")
    return project


def old_book(project):
    build = project.root / "_build"
    return snapshot(build / "html"), (build / "chokepoint-book.pdf").read_bytes()


def test_a_raising_notebook_is_named_and_the_others_still_run(project):
    project.write("a", 'x = 1\nraise ValueError("坏在这里")')
    before, stored = old_book(project), project.chapter("a").read_bytes()
    result = project.run("-m", "tools.book")
    said = result.stdout + result.stderr
    assert result.returncode != 0
    for word in ("book/a.ipynb", "第 2 格", "ValueError", "坏在这里"):
        assert word in said
    assert "▶ 搭 HTML" not in said
    assert project.stale() == {"a"}
    assert project.chapter("a").read_bytes() == stored
    assert old_book(project) == before


def test_a_warning_on_stderr_is_refused(project):
    project.write("a", 'import warnings\nwarnings.warn("留神")')
    result = project.run("-m", "tools.execute", "book/a.ipynb")
    assert result.returncode != 0
    assert "第 2 格" in result.stderr
    assert project.stale() == {"a", "b"}


def test_a_malformed_table_stops_before_any_chapter(project):
    """改坏的是两章都不加载的表：照样一章也不跑。"""
    before = old_book(project)
    path = project.root / "data" / "chokepoint_shares.csv"
    lines = path.read_text("utf-8").split("\n")
    column = lines[0].split(",").index("year")
    cells = lines[2].split(",")
    cells[column] = "去年"
    lines[2] = ",".join(cells)
    path.write_text("\n".join(lines), "utf-8")
    result = project.run("-m", "tools.book")
    said = result.stdout + result.stderr
    assert result.returncode != 0
    for word in ("chokepoint_shares", "3", "year", "去年"):
        assert word in said
    assert "▶ 执行" not in said
    assert project.stale() == {"a", "b"}
    assert old_book(project) == before


def test_a_broken_page_leaves_the_old_book(project):
    """书没搭成（断了的引用）：旧书不动。"""
    (project.root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
    (project.root / "book" / "index.md").write_text("# 首页\n\n{numref}`fig-nowhere`\n", "utf-8")
    before = old_book(project)
    _, result = project.doit()
    assert result.returncode != 0
    assert "fig-nowhere" in result.stdout + result.stderr
    assert "▶ 换入" not in result.stdout
    assert old_book(project) == before


def test_a_killed_execution_leaves_the_stored_notebook_whole(project):
    stored = project.chapter("b").read_bytes()
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.execute", "book/b.ipynb"],
        cwd=project.root,
        env=project.environment(STUB_SLEEP="60"),
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while time.monotonic() < deadline and not children.read_text().strip():
        time.sleep(0.2)
    time.sleep(2)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert project.chapter("b").read_bytes() == stored
    (project.root / "book" / ".b.ipynb.part").write_text('{"cells": [', "utf-8")  # 写到一半被杀
    assert project.stale() == {"a", "b"}
    result = project.run("-m", "tools.execute", "book/b.ipynb")
    assert result.returncode == 0, result.stderr
    assert project.stale() == {"a"}
    assert nbformat.read(project.chapter("b"), as_version=4).cells[1].outputs
    assert not list((project.root / "book").glob(".*.part"))


#: 换入时在第几次改名、复制之前被杀。
KILLER = """
import os, pathlib, shutil, signal
from tools import stage

moment, wanted = 0, {moment}

def dying(action):
    def act(*args, **kwargs):
        global moment
        moment += 1
        if moment == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        return action(*args, **kwargs)
    return act

pathlib.Path.rename = dying(pathlib.Path.rename)
os.replace = dying(os.replace)
copy2, shutil.copy2 = shutil.copy2, dying(shutil.copy2)
shutil.copytree.__defaults__ = tuple(shutil.copy2 if d is copy2 else d for d in shutil.copytree.__defaults__)
stage.main(["publish"])
"""


def staged(project):
    """一旁搭好的新书。"""
    new = project.root / "_build" / "stage" / "html" / "_build" / "html"
    (new / "book").mkdir(parents=True)
    for name in ("index.html", "book/a.html", "book/b.html"):
        (new / name).write_text(f"新书 {name}", "utf-8")
    (project.root / "_build" / "stage" / "chokepoint-book.pdf").write_bytes(b"%PDF- new")
    epub = new.parent / "epub" / "chokepoint-book.epub"
    epub.parent.mkdir()
    epub.write_bytes(b"PK new")
    return snapshot(new)


def test_publishing_killed_at_any_moment_is_finished_by_the_next_run(project):
    new = staged(project)
    old_html, old_pdf = old_book(project)
    both = {**new, "chokepoint-book.pdf": b"%PDF- new", "chokepoint-book.epub": b"PK new"}
    build = project.root / "_build"
    killed = 0
    for moment in range(1, 30):
        result = project.run("-c", KILLER.format(moment=moment), BOOK_PDF="1")
        if result.returncode == 0:
            break
        assert result.returncode == -signal.SIGKILL, result.stderr
        killed += 1
        assert project.run("-c", "from tools import stage; stage.recover()").returncode == 0
        assert snapshot(build / "html") in (old_html, both), f"第 {moment} 步被杀后，书是半本"
        assert (build / "chokepoint-book.pdf").read_bytes() in (old_pdf, b"%PDF- new")
        epub = build / "chokepoint-book.epub"
        assert not epub.exists() or epub.read_bytes() == b"PK new"
        assert not (build / "stage" / "publish.key").exists()
    assert killed >= 7
    assert snapshot(build / "html") == both
    assert (build / "chokepoint-book.pdf").read_bytes() == b"%PDF- new"
    assert not (build / "html.old").exists()
    assert not (build / "html.next").exists()
