"""用过即弃的小项目：真的工具、真的数据包、两章样书。"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

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
        for name in ("_ext", "_static", "_templates"):
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
