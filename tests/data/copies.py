"""数据包的副本：测试在副本上改坏，再看它被拒绝。"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chokepoint.data import _package

REAL = Path(__file__).resolve().parents[2] / "data"


class Copy:
    """一份可以改坏的数据包。"""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"

    def rows(self, table: str) -> list[list[str]]:
        """含表头。"""
        return list(csv.reader(io.StringIO(self.path(table).read_text("utf-8"), newline="")))

    def write(self, table: str, rows: list[list[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        self.path(table).write_text(text.getvalue(), "utf-8")
        self.reseal(table)

    def reseal(self, table: str) -> None:
        """登记新的字节数与摘要（不改行数）：此后的拒绝都不是因为摘要。"""
        with self.resource(table) as resource:
            resource.update(_package.seal(self.path(table).read_bytes()))

    def restore(self, table: str) -> None:
        """把一个表与说明文件恢复成真的：同一份副本接着改下一张表。"""
        for path in (self.path(table), self.folder / "datapackage.json"):
            shutil.copy(REAL / path.name, path)

    def set(self, table: str, row: int, column: str, value: str) -> int:
        """改第 ``row`` 条记录（从 0 起）的一格，返回它在文件里的行号。"""
        rows = self.rows(table)
        rows[row + 1][rows[0].index(column)] = value
        self.write(table, rows)
        return row + 2

    @contextmanager
    def descriptor(self) -> Iterator[dict]:
        """改说明文件。"""
        path = self.folder / "datapackage.json"
        content = json.loads(path.read_text("utf-8"))
        yield content
        path.write_text(json.dumps(content, ensure_ascii=False) + "\n", "utf-8")

    @contextmanager
    def resource(self, table: str) -> Iterator[dict]:
        """改一个表的说明。"""
        with self.descriptor() as content:
            yield next(r for r in content["resources"] if r["name"] == table)


@contextmanager
def copied() -> Iterator[Copy]:
    """复制真数据包，并让 ``CHOKEPOINT_DATA`` 指向副本。"""
    before = os.environ.get("CHOKEPOINT_DATA")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "data"
        shutil.copytree(REAL, target)
        os.environ["CHOKEPOINT_DATA"] = str(target)
        try:
            yield Copy(target)
        finally:
            if before is None:
                del os.environ["CHOKEPOINT_DATA"]
            else:
                os.environ["CHOKEPOINT_DATA"] = before


def resources() -> dict[str, dict]:
    """真数据包里各表的说明。"""
    return _package.resources()


def columns(wanted=lambda field: True) -> list[tuple[str, str]]:
    """真数据包里符合条件的（表，列）。"""
    return [(name, f["name"]) for name, r in resources().items() for f in r["schema"]["fields"] if wanted(f)]


def size(table: str) -> int:
    """真数据包里一个表的记录数，直接数文件。"""
    with (REAL / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1
