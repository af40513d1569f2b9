"""检查整个数据包：说明文件、每个表、文件与说明是否一一对应、来源有没有没用到的。"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import _package
from ._errors import Problem, TableError
from ._use import cited
from ._validate import WRITTEN, validated

#: 每个表的说明必须有的键，与它的类型。
REQUIRED = {
    "title": str,
    "group": str,
    "description": str,
    "path": str,
    "rows": int,
    "coverage": str,
    "vintage": str,
    "edition": str,
    "bytes": int,
    "hash": str,
    "attribution": str,
    "cannot_support": list,
    "licenses": list,
    "sources": list,
    "schema": dict,
}
#: 往期版的说明必须有的键。
OLDER = {"edition": str, "vintage": str, "path": str, "rows": int, "bytes": int, "hash": str}
TERMS = {"name": str, "title": str, "redistribution": bool, "noncommercial": bool, "terms": str}


@dataclass
class Report:
    """检查的结果。

    Attributes
    ----------
    problems : list of Problem
        全部问题，空为合格。
    rows : dict of str to int
        检查合格的表与各自的行数。
    n_sources : int
        来源数。
    """

    problems: list[Problem] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    n_sources: int = 0

    @property
    def ok(self) -> bool:
        """有没有通过。"""
        return not self.problems

    def __str__(self) -> str:
        lines = [f"  {name}：{count} 行" for name, count in self.rows.items()]
        lines.append(f"查过 {len(self.rows)} 个合格的表，共 {sum(self.rows.values())} 行，来源 {self.n_sources} 个")
        if self.ok:
            return "\n".join([*lines, "数据包合格"])
        return "\n".join([*lines, f"不合格，共 {len(self.problems)} 处：", *(f"  {p}" for p in self.problems)])


def _typed(owner: str, found: dict, wanted: dict[str, type]) -> list[Problem]:
    """必需的键是否都在、类型对不对、是否为空。"""
    problems = []
    for key, kind in wanted.items():
        if key not in found:
            problems.append(Problem(owner, f"{_package.DESCRIPTOR} 中应有这个键", column=key))
        elif not isinstance(found[key], kind) or found[key] in ("", [], {}):
            problems.append(
                Problem(
                    owner,
                    f"{_package.DESCRIPTOR} 中这个键应为非空的 {kind.__name__}",
                    column=key,
                    value=str(found[key]),
                )
            )
    return problems


def _fields(name: str, schema: dict) -> list[Problem]:
    problems = []
    columns = [f.get("name", "") for f in schema.get("fields", [])]
    for item in schema.get("fields", []):
        column = item.get("name", "")
        problems += [
            Problem(name, f"字段说明应有 {key}", column=column) for key in ("title", "description") if not item.get(key)
        ]
        if item.get("type") not in WRITTEN:
            problems.append(
                Problem(name, f"类型应为 {'、'.join(WRITTEN)} 之一", column=column, value=str(item.get("type")))
            )
        enum = item.get("constraints", {}).get("enum")
        if (enum is None) != ("labels" not in item) or (enum is not None and list(item["labels"]) != enum):
            problems.append(Problem(name, "enum 与 labels 应一一对应、次序相同", column=column))
        problems += [
            Problem(name, f"{key} 应指向本表的列", column=column, value=item[key])
            for key in ("precisionField", "unitField")
            if key in item and item[key] not in columns
        ]
    named = [
        *_package.as_list(schema.get("primaryKey")),
        *sum(schema.get("uniqueKeys", []), []),
        *sum(schema.get("orderedPairs", []), []),
    ]
    for rule in schema.get("rules", []):
        named += [*rule["when"], *rule.get("required", []), *rule.get("empty", [])]
    for rule in schema.get("groupSums", []):
        named += [*rule["by"], rule["value"], *rule.get("where", {})]
    problems += [Problem(name, "键或规则所提的列应在本表里", column=c) for c in named if c not in columns]
    if not schema.get("primaryKey"):
        problems.append(Problem(name, "应有主键 primaryKey"))
    return problems


def _keys(name: str, schema: dict, known: dict[str, dict]) -> list[Problem]:
    problems = []
    columns = [f.get("name", "") for f in schema.get("fields", [])]
    for key in schema.get("foreignKeys", []):
        target = key["reference"]["resource"] or name
        others = [f["name"] for f in known.get(target, {}).get("schema", {}).get("fields", [])]
        here, there = _package.as_list(key["fields"]), _package.as_list(key["reference"]["fields"])
        if len(here) != len(there):
            problems.append(Problem(name, "外键两边的列数应相同", column="、".join(here)))
        for column, other in zip(here, there, strict=False):
            if column not in columns or other not in others:
                problems.append(Problem(name, f"外键应连接两个现有的列，所指为 {target}.{other}", column=column))
    cites = any(k["reference"]["resource"] == _package.SOURCES for k in schema.get("foreignKeys", []))
    if name != _package.SOURCES and not cites:
        problems.append(Problem(name, f"应有指向 {_package.SOURCES} 的外键：每一行都要有来源"))
    return problems


def _labels_agree(known: dict[str, dict]) -> list[Problem]:
    """全书一套词汇：同名的列里，同一代码的标签处处相同。"""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    problems = []
    for name, resource in known.items():
        for item in resource["schema"]["fields"]:
            for code, label in item.get("labels", {}).items():
                where, first = seen.setdefault((item["name"], code), (name, label))
                if label != first:
                    problems.append(
                        Problem(
                            name, f"代码 {code} 的标签应与表 {where} 相同（{first}）", column=item["name"], value=label
                        )
                    )
    return problems


def _described(found: dict) -> list[Problem]:
    """说明文件本身：键、字段、许可、外键。"""
    owner, problems = _package.DESCRIPTOR, []
    terms = found.get("licenceTerms") or []
    if not terms:
        problems.append(Problem(owner, "应有 licenceTerms（各种许可，由宽到严）"))
    for item in terms:
        problems += _typed(owner, item, TERMS)
    groups = [item.get("name") for item in found.get("groups") or [{}]]
    problems += [
        Problem(owner, "表的 group 应在 groups 之中", column=str(r.get("name")), value=str(r.get("group")))
        for r in found["resources"]
        if r.get("group") not in groups
    ]
    names = [r.get("name") for r in found["resources"]]
    problems += [
        Problem(owner, "表名应有且不重复", value=str(n)) for n in dict.fromkeys(names) if not n or names.count(n) > 1
    ]
    if problems:
        return problems
    known = _package.resources()
    for name, resource in known.items():
        here = _typed(name, resource, REQUIRED)
        for older in resource.get("editions", []):
            here += _typed(name, older, OLDER)
        if not here:
            here = _fields(name, resource["schema"]) + _keys(name, resource["schema"], known)
            held = [item.get("name") for item in resource["licenses"]]
            here += [
                Problem(name, "许可应在 licenceTerms 之中", column="licenses", value=str(x))
                for x in held
                if x not in [t["name"] for t in terms]
            ]
        problems += here
    return problems or _labels_agree(known)


def _files(known: dict[str, dict]) -> list[Problem]:
    """目录里的文件与说明是否一一对应。"""
    folder = _package.directory()
    listed = {v["path"] for r in known.values() for v in [r, *r.get("editions", [])]}
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    return [
        Problem(_package.DESCRIPTOR, "数据目录里的这个文件没有说明", value=p)
        for p in sorted(present - listed - {_package.DESCRIPTOR})
    ]


def _changed(name: str, edition: str) -> list[Problem]:
    """文件与登记的字节数、摘要是否相符。"""
    registered, found = _package.version(name, edition), _package.seal(_package.raw(name, edition))
    if all(registered.get(k) == v for k, v in found.items()):
        return []
    said = f"内容与登记的摘要不符；若确是有意改动，看过差别之后运行 python -m chokepoint seal {name}"
    return [Problem(name, said if edition == _package.resource(name)["edition"] else "往期版不应改动", value=edition)]


def check(sealed: bool = True) -> Report:
    """检查整个数据包。

    Parameters
    ----------
    sealed : bool
        真则每个文件还要与登记的摘要逐字节相符，连合乎格式的改动也发现；假则只查内容合不合格，
        改一个数试一试时用。

    Returns
    -------
    Report
        全部问题与查过的数目；不抛 :class:`TableError`。
    """
    report = Report()
    try:
        report.problems += _described(_package.descriptor())
    except TableError as error:
        report.problems += error.problems
    if report.problems:
        return report
    known = _package.resources()
    report.problems += _files(known)
    used: set[str] = set()
    for name, resource in known.items():
        for edition in [resource["edition"], *(e["edition"] for e in resource.get("editions", []))]:
            try:
                count = len(validated(name, edition))
                report.rows.setdefault(name, count)
                used.update(cited(name, edition))
                report.problems += _changed(name, edition) if sealed else []
            except TableError as error:
                report.problems += [p for p in error.problems if p not in report.problems]
    if _package.SOURCES in report.rows:
        every = validated(_package.SOURCES)["source_id"]
        report.n_sources = len(every)
        if len(report.rows) == len(known):
            report.problems += [
                Problem(_package.SOURCES, "没有任何表引用这个来源：删去它，或补上引用", column="source_id", value=s)
                for s in sorted(set(every) - used)
            ]
    return report
