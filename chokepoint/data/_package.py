"""数据包在哪里、里面有什么：``datapackage.json`` 的读取与取用。"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from ._errors import Problem, TableError

DESCRIPTOR = "datapackage.json"
SOURCES = "sources"
#: 封存的键：只说文件的样子，不说内容的意思，所以不进摘要。
SEAL = ("bytes", "hash")
#: 往期版本在数据目录里的位置。
EDITIONS = "editions"

_parsed: tuple[bytes, dict] = (b"", {})


def directory() -> Path:
    """数据目录：环境变量 ``CHOKEPOINT_DATA``，否则是包旁边的 ``data``。

    Raises
    ------
    TableError
        目录里没有 ``datapackage.json``。
    """
    given = os.environ.get("CHOKEPOINT_DATA")
    path = Path(given) if given else Path(__file__).resolve().parents[2] / "data"
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
    content = (directory() / DESCRIPTOR).read_bytes()
    if content != _parsed[0]:
        _parsed = content, _parse(content)
    return _parsed[1]


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


def raw(name: str, edition: str | None = None) -> bytes:
    """一个表的 CSV 原文；缺省为现行版。

    Raises
    ------
    TableError
        没有这一版，或文件不存在。
    """
    path = directory() / version(name, edition)["path"]
    try:
        return path.read_bytes()
    except OSError as error:
        raise TableError([Problem(name, f"应有文件 {path}，没有找到或不能读")]) from error


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
