"""换新：封存一个表、把新版放到旧版旁边、说清两版差在哪里。"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from . import _package
from ._errors import Problem, TableError
from ._use import using
from ._validate import candidate, validated

#: 打印时每一类最多列这么多处。
SHOWN = 20
EDITION = r"[0-9]{4}(-[0-9]{2}){0,2}"


@dataclass(frozen=True)
class Diff:
    """同一个表两版之差，按主键对齐。

    Attributes
    ----------
    key : tuple of str
        主键各列。
    added, removed : pandas.DataFrame
        只在新版、只在旧版里的行。
    revised : pandas.DataFrame
        两版都有而值不同的格子，一格一行；列：主键各列、``column``、``old``、``new``、
        ``change``（新减旧，只有数有）、``percent``（相对旧值的变化，%；旧值为零或不是数则缺失）。
    unchanged : int
        两版都有且逐格相同的行数。
    """

    key: tuple[str, ...]
    added: pd.DataFrame
    removed: pd.DataFrame
    revised: pd.DataFrame
    unchanged: int

    def __str__(self) -> str:
        rows = len(self.revised[list(self.key)].drop_duplicates())
        lines = [
            f"增 {len(self.added)} 行，删 {len(self.removed)} 行，改 {rows} 行（{len(self.revised)} 格），"
            f"不变 {self.unchanged} 行"
        ]
        moved = self.revised["percent"].dropna().abs()
        if len(moved):
            lines.append(f"改动的数：相对旧值变化的中位数 {moved.median():.2f}%，最大 {moved.max():.2f}%")
        for said, frame in (("增", self.added), ("删", self.removed)):
            lines += self._listed(said, [self._named(row) for _, row in frame.iterrows()])
        cells = []
        for _, row in self.revised.iterrows():
            extra = "" if pd.isna(row["percent"]) else f"（{row['percent']:+.2f}%）"
            cells.append(f"{self._named(row)} 的 {row['column']}：{_shown(row['old'])} → {_shown(row['new'])}{extra}")
        return "\n".join(lines + self._listed("改", cells))

    def _named(self, row: pd.Series) -> str:
        return "，".join(f"{c}={row[c]}" for c in self.key)

    @staticmethod
    def _listed(said: str, items: list[str]) -> list[str]:
        more = [f"  ……其余 {len(items) - SHOWN} 处从略"] if len(items) > SHOWN else []
        return [f"  {said}：{item}" for item in items[:SHOWN]] + more


def _shown(value) -> str:
    return "（空）" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)


def compare(old: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> Diff:
    """比较两版。

    Parameters
    ----------
    old, new : pandas.DataFrame
        旧版与新版，列相同，``key`` 在各自里面不重复。
    key : list of str
        主键各列。

    Returns
    -------
    Diff

    Raises
    ------
    ValueError
        两版的列不同，或主键有重复。
    """
    if set(old.columns) != set(new.columns):
        raise ValueError(f"两版的列不同：{'、'.join(sorted(set(old.columns) ^ set(new.columns)))}")
    for said, frame in (("旧版", old), ("新版", new)):
        if frame.duplicated(key).any():
            raise ValueError(f"{said}的主键 {'、'.join(key)} 有重复")
    before, after = old.set_index(key), new.set_index(key)[[c for c in old.columns if c not in key]]
    both = before.index.intersection(after.index)
    cells = []
    for column in after.columns:
        a, b = before.loc[both, column], after.loc[both, column]
        changed = ~((a == b).fillna(False).astype(bool) | (a.isna() & b.isna()))
        part = pd.DataFrame({"column": column, "old": a[changed].astype(object), "new": b[changed].astype(object)})
        numeric = pd.api.types.is_numeric_dtype(a) and not pd.api.types.is_bool_dtype(a)
        gap = (b - a)[changed].astype("float64") if numeric else pd.Series(float("nan"), index=part.index)
        base = a[changed].astype("float64").abs() if numeric else gap
        cells.append(part.assign(change=gap, percent=(gap / base.where(base != 0) * 100)))
    revised = pd.concat(cells).sort_index(kind="stable").reset_index() if cells else pd.DataFrame()
    touched = len(revised[key].drop_duplicates())
    return Diff(
        key=tuple(key),
        added=after.loc[after.index.difference(both, sort=False)].reset_index(),
        removed=before.loc[before.index.difference(both, sort=False)].reset_index(),
        revised=revised,
        unchanged=len(both) - touched,
    )


def _key(name: str) -> list[str]:
    return _package.as_list(_package.resource(name)["schema"]["primaryKey"])


def diff(name: str, edition: str) -> Diff:
    """一个表的现行版与某个往期版之差。

    Parameters
    ----------
    name : str
        表名。
    edition : str
        往期版的代号，见 ``datapackage.json`` 中这个表的 ``editions``。

    Returns
    -------
    Diff

    Raises
    ------
    TableError
        没有这个表或这一版，或哪一版不合格。
    """
    using(name)
    return compare(validated(name, edition), validated(name), _key(name))


def _write(path: Path, content: bytes) -> None:
    """写在旁边再换名：任何时候都是完整的旧文件或完整的新文件。"""
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)


def _save(descriptor: dict) -> None:
    _write(
        _package.directory() / _package.DESCRIPTOR,
        (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode(),
    )


def _copy() -> dict:
    """说明文件的副本：缓存里的那份只读。"""
    return json.loads(json.dumps(_package.descriptor()))


def seal(names: list[str] | None = None) -> list[str]:
    """有意改了 CSV 之后，重新登记行数、字节数与摘要。

    Parameters
    ----------
    names : list of str, optional
        表名；缺省为全部。

    Returns
    -------
    list of str
        登记有变的表。

    Raises
    ------
    TableError
        没有某个表，或内容不合格：不合格的表不能封存，什么也不写。
    """
    content = _copy()
    every = {r["name"]: r for r in content["resources"]}
    changed = []
    for name in names or list(every):
        rows = len(candidate(name, _package.raw(name)))
        found = {"rows": rows, **_package.seal(_package.raw(name))}
        if any(every[name].get(k) != v for k, v in found.items()):
            every[name].update(found)
            changed.append(name)
    if changed:
        _save(content)
    return changed


def renew(name: str, path: str | Path, edition: str, vintage: str | None = None, write: bool = False) -> Diff:
    """用新文件换下一个表，旧版留在旁边。

    新文件要合乎现行的字段说明；新来源先加进来源表。旧版移到 ``editions/<表名>@<旧代号>.csv``，
    以后用 ``load(name, edition=旧代号)`` 取。

    Parameters
    ----------
    name : str
        表名。
    path : str or Path
        新的 CSV。
    edition : str
        新版的代号：年份，或年月、日期。
    vintage : str, optional
        新版的版次说明（给读者看）；缺省沿用旧的。
    write : bool
        假则只比较，什么也不写。

    Returns
    -------
    Diff
        新版对现行版。

    Raises
    ------
    TableError
        没有这个表、新文件读不了或不合格，或代号不合、已经用过：什么也不写。
    """
    resource = _package.resource(name)
    taken = [resource["edition"], *(e["edition"] for e in resource.get("editions", []))]
    if not re.fullmatch(EDITION, edition) or edition <= max(taken):
        said = f"新版的代号应是晚于 {max(taken)} 的年份、年月或日期"
        raise TableError([Problem(name, said, column="edition", value=edition)])
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise TableError([Problem(name, f"应有新的 CSV 文件 {path}，没有找到或不能读")]) from error
    new = candidate(name, content)
    found = compare(validated(name), new, _key(name))
    if write:
        old, folder = _package.raw(name), _package.directory()
        kept = f"{_package.EDITIONS}/{name}@{resource['edition']}.csv"
        described = _copy()
        mine = next(r for r in described["resources"] if r["name"] == name)
        record = {"edition": mine["edition"], "vintage": mine["vintage"], "path": kept, "rows": mine["rows"]}
        mine["editions"] = [{**record, **_package.seal(old)}, *mine.get("editions", [])]
        mine.update(edition=edition, vintage=vintage or mine["vintage"], rows=len(new), **_package.seal(content))
        _write(folder / kept, old)
        _write(folder / mine["path"], content)
        _save(described)
    return found
