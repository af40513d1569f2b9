"""记下本进程用过哪些表，并给出每个表的摘要：一章的执行钥匙由此而来。"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from . import _package
from ._reader import LINE, read, values

#: 代表整个数据包的名字。
EVERYTHING = "*"

_used: set[str] = set()


def using(*names: str) -> None:
    """登记用到的表。"""
    _used.update(names)


def loaded() -> list[str]:
    """本进程到此用过的表，按名字排序；``*`` 表示用到整个数据包。

    Returns
    -------
    list of str
    """
    return sorted(_used)


def cited(name: str, edition: str | None = None) -> list[str]:
    """一个表（的一版）引用的来源代码，去重、排序（不登记）。"""
    return sorted({s for column in _package.source_columns(name) for s in values(name, column, edition)})


def _parts(name: str) -> list[bytes]:
    if name == EVERYTHING:
        folder: Path = _package.directory()
        return [(folder / _package.DESCRIPTOR).read_bytes(), *(_package.raw(n) for n in _package.resources())]
    resource = {k: v for k, v in _package.resource(name).items() if k not in _package.SEAL}
    used = {licence["name"] for licence in resource["licenses"]}
    described = {
        "resource": resource,
        "licences": [t for t in _package.descriptor()["licenceTerms"] if t["name"] in used],
        "units": _package.descriptor().get("unitRanges", {}),
    }
    if _package.source_columns(name):
        sources = read(_package.SOURCES).drop(columns=LINE)
        described["sources"] = sources[sources["source_id"].isin(cited(name))].values.tolist()
        described["sources_schema"] = _package.resource(_package.SOURCES)["schema"]
    older = [_package.raw(name, e["edition"]) for e in resource.get("editions", [])]
    return [_package.raw(name), *older, json.dumps(described, ensure_ascii=False, sort_keys=True).encode()]


def table_key(name: str) -> str:
    """一个表的摘要：数据、字段说明、许可、所引来源，任何一样变了就变。

    Parameters
    ----------
    name : str
        表名；``*`` 为整个数据包。

    Returns
    -------
    str
        十六进制 sha256。别的表、没有引用的来源变了，不影响它。

    Raises
    ------
    TableError
        没有这个表，或文件读不了。
    """
    digest = hashlib.sha256()
    for part in _parts(name):
        digest.update(f"{len(part)}\0".encode() + part)
    return digest.hexdigest()
