"""数据包在哪里、里面有什么：``datapackage.json`` 的读取与取用。"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from ._errors import Problem, TableError

T = TypeVar("T")

DESCRIPTOR = "datapackage.json"
SOURCES = "sources"
#: 封存的键：只说文件的样子，不说内容的意思，所以不进摘要。
SEAL = ("bytes", "hash")
#: 往期版本在数据目录里的位置。
EDITIONS = "editions"

#: 没有设 ``CHOKEPOINT_DATA`` 时的数据目录：包旁边的 ``data``。
_BESIDE = Path(__file__).resolve().parents[2] / "data"
_parsed: tuple[tuple, dict] = ((), {})


def directory() -> Path:
    """数据目录：环境变量 ``CHOKEPOINT_DATA``，否则是包旁边的 ``data``。

    Raises
    ------
    TableError
        目录里没有 ``datapackage.json``。
    """
    given = os.environ.get("CHOKEPOINT_DATA")
    path = Path(given) if given else _BESIDE
    if not (path / DESCRIPTOR).is_file():
        origin = "环境变量 CHOKEPOINT_DATA 所指" if given else "缺省"
        raise TableError(
            [
                Problem(
                    DESCRIPTOR,
                    f"{origin}的数据目录 {path} 里应有这个文件；数据在别处时请把 CHOKEPOINT_DATA 设为那个目录",
                )
            ]
        )
    return path


def descriptor() -> dict:
    """读入 ``datapackage.json``；文件没变就不重新解析，所以读的人不要改它。

    Raises
    ------
    TableError
        不是 UTF-8 的 JSON，或没有 ``resources``。
    """
    global _parsed
    path = directory() / DESCRIPTOR
    now = _stamp(path)
    if now != _parsed[0]:
        _parsed = now, _parse(path.read_bytes())
    return _parsed[1]


def _stamp(path: Path) -> tuple[str, int, int, int]:
    """一个文件变了没有，看它的位置、修改时刻、大小与编号。"""
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino


def _parse(content: bytes) -> dict:
    try:
        found = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise TableError([Problem(DESCRIPTOR, f"应是 UTF-8 编码，第 {error.start + 1} 个字节不是")]) from error
    except json.JSONDecodeError as error:
        raise TableError(
            [Problem(DESCRIPTOR, f"应是合法的 JSON：第 {error.lineno} 行第 {error.colno} 列附近有误", row=error.lineno)]
        ) from error
    if not isinstance(found, dict) or not isinstance(found.get("resources"), list):
        raise TableError([Problem(DESCRIPTOR, "应有 resources（各表的说明）")])
    return found


def resources() -> dict[str, dict]:
    """各表的说明，按表名取，保持文件中的次序。"""
    return {r["name"]: r for r in descriptor()["resources"] if isinstance(r, dict) and "name" in r}


def resource(name: str) -> dict:
    """一个表的说明。

    Raises
    ------
    TableError
        数据包里没有这个表。
    """
    known = resources()
    if name not in known:
        raise TableError([Problem(name, f"数据包里没有这个表；现有：{'、'.join(known)}")])
    schema = known[name].get("schema")
    if "path" not in known[name] or not isinstance(schema, dict) or not schema.get("fields"):
        raise TableError([Problem(name, f"{DESCRIPTOR} 中这个表应有 path 和带 fields 的 schema")])
    return known[name]


def fields(name: str) -> dict[str, dict]:
    """一个表的字段说明，按列名取，保持列的次序。"""
    return {f["name"]: f for f in resource(name)["schema"]["fields"]}


def version(name: str, edition: str | None = None) -> dict:
    """一个表的一版在哪里、有几行：``path``、``rows``、``edition``。

    Raises
    ------
    TableError
        没有这个表或这一版。
    """
    found = resource(name)
    every = {found.get("edition"): found, **{e["edition"]: e for e in found.get("editions", [])}}
    if edition is None or edition == found.get("edition"):
        return found
    if edition not in every:
        raise TableError([Problem(name, f"没有 {edition} 这一版；现有：{'、'.join(map(str, every))}")])
    return every[edition]


def _of(name: str, edition: str | None, get: Callable[[Path], T]) -> T:
    """对一个表的文件做一件事；做不了就说清楚。"""
    path = directory() / version(name, edition)["path"]
    try:
        return get(path)
    except OSError as error:
        raise TableError([Problem(name, f"应有文件 {path}，没有找到或不能读")]) from error


def raw(name: str, edition: str | None = None) -> bytes:
    """一个表的 CSV 原文；缺省为现行版。

    Raises
    ------
    TableError
        没有这一版，或文件不存在。
    """
    return _of(name, edition, Path.read_bytes)


def stamps(name: str, edition: str | None = None) -> tuple:
    """一个表、它所指的各表与说明文件的时刻与大小：都没变，校验过的就还作数。

    Raises
    ------
    TableError
        没有这一版，或文件不存在。
    """
    others = sorted({table for _, table, _ in foreign_keys(name)})
    files = [_of(name, edition, _stamp), *(_of(table, None, _stamp) for table in others)]
    return _stamp(directory() / DESCRIPTOR), *files


def as_list(value: str | list[str] | None) -> list[str]:
    """数据包规范里“一个或多个列名”的写法，统一成列表。"""
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def foreign_keys(name: str) -> Iterator[tuple[str, str, str]]:
    """一个表的外键：（本表列，所指的表，所指的列）。空表名按规范指本表。"""
    for key in resource(name)["schema"].get("foreignKeys", []):
        target = key["reference"]
        columns, others = as_list(key["fields"]), as_list(target["fields"])
        for column, other in zip(columns, others, strict=True):
            yield column, target["resource"] or name, other


def source_columns(name: str) -> list[str]:
    """一个表里指向来源表的列。"""
    return [column for column, table, _ in foreign_keys(name) if table == SOURCES]


def seal(content: bytes) -> dict:
    """一个文件的封存：字节数与摘要，写法按 Data Package 规范。"""
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
