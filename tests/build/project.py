"""用过即弃的小项目：真的工具、真的数据包、两章样书。"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from chokepoint.data import _package
from tools import execute
from tools.paths import ENV, ROOT

COPIED = [
    "_config.yml",
    "CITATION.cff",
    "requirements.lock",
    "pyproject.toml",
    "dodo.py",
    "tools",
    "chokepoint",
    "data",
]
ROOM = '"""样房间。"""\n\n\ndef double(number):\n    """两倍。"""\n    return number * 2\n'
#: 两章各用一张表；甲另用一个第三方包，乙另用一个房间。
TABLES = {"a": "status_updates", "b": "other_lists"}
CODE = {
    "a": 'import filelock\nfrom chokepoint import data\n\nrows = len(data.load("status_updates"))\nprint(rows)',
    "b": "import os, time\nfrom chokepoint import data, demo_room\n\n"
    'time.sleep(float(os.environ.get("STUB_SLEEP", "0")))\n'
    'print(demo_room.double(len(data.load("other_lists"))))',
}


#: 样书的数据包里留下的表：两章用的，与测试改动的；它们指到的表也留。
KEPT = {*TABLES.values(), "chokepoint_shares", "aspi_map"}


def fewer_tables(folder: Path) -> None:
    """数据包只留几张表：说明与校验都照真的，只是校验得快。"""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    points = {
        r["name"]: {k["reference"]["resource"] or r["name"] for k in r["schema"].get("foreignKeys", [])}
        for r in package["resources"]
    }
    kept = set(KEPT)
    while more := set().union(*(points[name] for name in kept)) - kept:
        kept |= more
    for table in folder.glob("*.csv"):
        if table.stem not in kept:
            table.unlink()
    package["resources"] = [r for r in package["resources"] if r["name"] in kept]
    sources = next(r for r in package["resources"] if r["name"] == "sources")
    sources |= _cited_only(folder)
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _cited_only(folder: Path) -> dict:
    """来源表只留还有表引用的；返回新的行数、字节数与摘要。"""

    def read(table):
        return list(csv.DictReader(io.StringIO(table.read_text("utf-8"), newline="")))

    path = folder / "sources.csv"
    tables = [t for t in folder.glob("*.csv") if t != path]
    cited = {v for t in tables for r in read(t) for k, v in r.items() if k.endswith("source_id")}
    rows = [row for row in read(path) if row["source_id"] in cited]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")
    return {"rows": len(rows), **_package.seal(path.read_bytes())}


class Project:
    """一份拷贝。"""

    def __init__(self, root: Path):
        self.root = root
        root.mkdir()
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, root / name)
        fewer_tables(root / "data")
        for name in ("_ext", "_slides", "_static", "_templates"):
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / "book" / name, root / "book" / name, ignore=ignore)
        shutil.copy(ROOT / "book" / "references.bib", root / "book")
        (root / "chokepoint" / "demo_room.py").write_text(ROOM, "utf-8")
        (root / "book" / "index.md").write_text("# 首页\n\n样书。\n", "utf-8")
        toc = "format: jb-book\nroot: book/index\nchapters:\n  - file: book/a\n  - file: book/b\n"
        (root / "_toc.yml").write_text(toc.replace("chapters:", "parts:\n- caption: 样章\n  chapters:"), "utf-8")
        for name, code in CODE.items():
            self.write(name, code)

    def chapter(self, name: str) -> Path:
        return self.root / "book" / f"{name}.ipynb"

    def write(self, name: str, code: str) -> None:
        """写一章没有执行过的。"""
        cells = [nbformat.v4.new_markdown_cell(f"# 样章 {name}", id="text"), nbformat.v4.new_code_cell(code, id="code")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), self.chapter(name))

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess:
        """在项目里运行一条 Python 命令。"""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=self.environment(**env),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def environment(self, **env: str) -> dict[str, str]:
        """只认这一份拷贝；不出 PDF。"""
        kept = {k: v for k, v in os.environ.items() if k not in {"CHOKEPOINT_DATA", "BOOK_HTML"}}
        return {**kept, **ENV, "PYTHONPATH": str(self.root), "BOOK_PDF": "0", **env}

    def doit(self, *tasks: str, **env: str) -> tuple[set[str], subprocess.CompletedProcess]:
        """构建；返回真正执行了的章与结果。"""
        result = self.run("-m", "doit", "run", *tasks, **env)
        return set(re.findall(r"▶ 执行 book/(\w+)\.ipynb", result.stdout)), result

    def stale(self) -> set[str]:
        """过期的章：问 doit 所问的同一个函数，只是指到这份拷贝。"""
        execute._pins.cache_clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CHOKEPOINT_DATA", str(self.root / "data"))
            patch.setattr(execute, "PACKAGE", self.root / "chokepoint")
            patch.setattr(execute, "LOCK", self.root / "requirements.lock")
            found = {name for name in CODE if not execute.fresh(self.chapter(name))}
        execute._pins.cache_clear()
        return found

    @contextlib.contextmanager
    def edited(self, name: str, pattern: str, new: str, count: int = 1):
        """改一个文件，用完还原。"""
        path = self.root / name
        before = path.read_bytes()
        text, hits = re.subn(pattern, new, before.decode(), count=count, flags=re.M)
        assert hits, f"没有改到 {name}：{pattern}"
        path.write_bytes(text.encode())
        try:
            yield path
        finally:
            path.write_bytes(before)


def snapshot(folder: Path) -> dict[str, bytes]:
    """一个文件夹的全部内容。"""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
