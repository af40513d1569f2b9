"""按字段说明逐格校验并转换类型：一次报出全部问题。"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator

import pandas as pd
import pandera.pandas as pa

from . import _package
from ._errors import Problem, TableError
from ._reader import LINE, read, values

#: 各类型的写法：（正则，期望）。
WRITTEN = {
    "string": (r"[\s\S]*", "应为文字"),
    "integer": (r"-?[0-9]{1,15}", "应为整数"),
    "number": (r"-?[0-9]{1,15}(\.[0-9]+)?", "应为数，不带单位、千分位或指数"),
    "boolean": (r"true|false", "应为 true 或 false"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "应为 ISO 日期，如 2018-04-19"),
}
#: 只有空格子表示缺失；这些写法一律不收。
PSEUDO_MISSING = [
    "NA",
    "N/A",
    "n/a",
    "na",
    "NaN",
    "nan",
    "none",
    "None",
    "null",
    "NULL",
    "-",
    "—",
    "/",
    "无",
    "not_seen",
    "not_quoted",
    "not_applicable",
    "unknown",
]
#: 记下的例外，和可以差这么多（四舍五入）。
SUM_SLACK = 0.05
ON_CALENDAR = "应是日历上有的年、月或日"
PRECISION = {"year": 4, "month": 7, "day": 10}

# 一条行内约束：期望的说法、牵涉的列（第一列为报错所指）、逐行判断。
RowRule = tuple[str, list[str], Callable[[pd.DataFrame], pd.Series]]


def _failures(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """pandera 惰性校验，返回全部不合格之处（列、说法、行标签）。"""
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        return error.failure_cases[["column", "check", "index"]]
    return pd.DataFrame(columns=["column", "check", "index"])


def _calendar(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text, format="ISO8601", errors="coerce").notna()


def _written(field: dict) -> list[pa.Check]:
    """类型、首尾空白、假缺失：在原文上检查。"""
    pattern, expected = WRITTEN[field["type"]]
    checks = [
        pa.Check(lambda s: (s == "") | s.str.fullmatch(pattern), error=expected),
        pa.Check(lambda s: s == s.str.strip(), error="首尾不应有空白"),
        pa.Check(lambda s: ~s.str.contains(r"[\x00-\x1f\x7f]"), error="不应有换行、制表符等控制字符"),
    ]
    if field["type"] == "date":
        checks.append(pa.Check(lambda s: (s == "") | _calendar(s), error=ON_CALENDAR))
    if "enum" not in field.get("constraints", {}):
        checks.append(pa.Check(lambda s: ~s.isin(PSEUDO_MISSING), error="缺失应写成空格子"))
    return checks


def _convert(text: pd.Series, field: dict) -> pd.Series:
    """按类型转换；写法不对的格子已经报过，这里记为缺失。"""
    pattern, _ = WRITTEN[field["type"]]
    clean = text.where(text.str.fullmatch(pattern) & (text != ""))
    match field["type"]:
        case "integer":
            return pd.to_numeric(clean).astype("Int64")
        case "number":
            return pd.to_numeric(clean).astype("float64")
        case "boolean":
            return clean.map({"true": True, "false": False}).astype("boolean")
        case "date":
            return pd.to_datetime(clean, format="%Y-%m-%d", errors="coerce")
        case _:
            return clean.astype("str")


def _constraints(field: dict) -> list[pa.Check]:
    """取值、范围、格式：在转换后的值上检查。"""
    rules = field.get("constraints", {})
    checks = []
    if "enum" in rules:
        checks.append(pa.Check.isin(rules["enum"], error=f"应为下列之一：{'、'.join(map(str, rules['enum']))}"))
    if "minimum" in rules:
        checks.append(pa.Check.ge(rules["minimum"], error=f"应不小于 {rules['minimum']}"))
    if "maximum" in rules:
        checks.append(pa.Check.le(rules["maximum"], error=f"应不大于 {rules['maximum']}"))
    if "minLength" in rules:
        checks.append(pa.Check.str_length(min_value=rules["minLength"], error=f"应至少有 {rules['minLength']} 个字"))
    if "pattern" in rules:
        checks.append(pa.Check(lambda s: s.str.fullmatch(rules["pattern"]), error=f"应符合格式 {rules['pattern']}"))
    if field.get("partialDate"):
        checks.append(pa.Check(_calendar, error=ON_CALENDAR))
    return checks


def _unique(schema: dict) -> Iterator[RowRule]:
    keys = [_package.as_list(schema.get("primaryKey")), *schema.get("uniqueKeys", [])]
    keys += [[f["name"]] for f in schema["fields"] if f.get("constraints", {}).get("unique")]
    for key in dict.fromkeys(tuple(k) for k in keys if k):
        columns = list(key)
        yield (
            f"{'、'.join(columns)} 不应重复",
            columns,
            lambda d, c=columns: ~d.duplicated(c, keep=False) | d[c].isna().all(axis=1),
        )


def _conditional(schema: dict) -> Iterator[RowRule]:
    """``rules``：某些列取某值时，另一些列必填或必空。"""
    for rule in schema.get("rules", []):
        said = "且".join(f"{c} 为 {'、'.join(codes)}" for c, codes in rule["when"].items())

        def applies(d: pd.DataFrame, when: dict = rule["when"]) -> pd.Series:
            return pd.concat([d[c].isin(codes) for c, codes in when.items()], axis=1).all(axis=1)

        for column in rule.get("required", []):
            yield f"{said} 时必填", [column], lambda d, c=column, on=applies: ~on(d) | d[c].notna()
        for column in rule.get("empty", []):
            yield f"{said} 时应为空", [column], lambda d, c=column, on=applies: ~on(d) | d[c].isna()


def _related(schema: dict, unit_ranges: dict) -> Iterator[RowRule]:
    """列与列的关系：低值不大于高值、日期与精度相符、数值与单位相符。"""
    for low, high in schema.get("orderedPairs", []):
        yield (
            f"应不大于 {high}",
            [low],
            lambda d, a=low, b=high: (d[a] <= d[b]).fillna(False) | d[a].isna() | d[b].isna(),
        )
    for field in schema["fields"]:
        name, precision, unit = field["name"], field.get("precisionField"), field.get("unitField")
        if precision:
            yield (
                f"应与 {precision} 相符（年四位、月七位、日十位）",
                [name],
                lambda d, c=name, p=precision: (d[c].str.len() == d[p].map(PRECISION)) | d[c].isna(),
            )
        if unit:
            for code, (least, most) in unit_ranges.items():
                yield (
                    f"{unit} 为 {code} 时应在 {least} 到 {most} 之间",
                    [name],
                    lambda d, c=name, u=unit, k=code, lo=least, hi=most: (
                        (d[u] != k) | d[c].isna() | d[c].between(lo, hi)
                    ),
                )


def _known(name: str) -> dict[str, tuple[str, list[str]]]:
    """外键各列：所指之处的说法，与那里现有的值（原文）。"""
    return {
        column: (f"表 {table} 的 {other}", values(table, other)) for column, table, other in _package.foreign_keys(name)
    }


def _group_sums(frame: pd.DataFrame, schema: dict) -> Iterator[tuple[int, str, str]]:
    """``groupSums``：同组各行之和应在范围内；``known`` 里记下的例外，和应恰好是所记的数。"""
    for rule in schema.get("groupSums", []):
        by, value = rule["by"], rule["value"]
        kept = frame
        for column, codes in rule.get("where", {}).items():
            kept = kept[kept[column].isin(codes)]
        kept = kept.dropna(subset=[*by, value])
        recorded = {tuple(map(str, item["group"])): item["sum"] for item in rule.get("known", [])}
        seen = set()
        for group, rows in kept.groupby(by, sort=False):
            label = tuple(map(str, group if isinstance(group, tuple) else (group,)))
            seen.add(label)
            total = float(rows[value].sum())
            low, high = rule["minimum"], rule["maximum"]
            if label in recorded:
                low, high = recorded[label] - SUM_SLACK, recorded[label] + SUM_SLACK
            if not low <= total <= high:
                said = f"{'、'.join(by)} 为 {'，'.join(label)} 的各行之和应在 {low:g} 到 {high:g} 之间，现为 {total:g}"
                yield int(rows.index[0]), value, said
        for label in recorded.keys() - seen:
            yield int(frame.index[0]), value, f"groupSums 的例外 {'，'.join(label)} 没有对应的行"


def _check(name: str, text: pd.DataFrame, resource: dict, known: dict, unit_ranges: dict) -> pd.DataFrame:
    schema = resource["schema"]
    fields = {f["name"]: f for f in schema["fields"]}
    written = _failures(
        text, pa.DataFrameSchema({c: pa.Column(None, _written(f), nullable=True) for c, f in fields.items()})
    )
    frame = pd.DataFrame({c: _convert(text[c], f) for c, f in fields.items()}, index=text.index)

    columns = {}
    for column, field in fields.items():
        checks = _constraints(field)
        if column in known:
            place, values = known[column]
            allowed = set(_convert(pd.Series(values, dtype="str"), field).dropna())
            checks.append(pa.Check(lambda s, a=allowed: s.isin(a), error=f"应是{place} 里有的值"))
        required = field.get("constraints", {}).get("required", False)
        columns[column] = pa.Column(None, checks, nullable=not required)
    rules = [*_unique(schema), *_conditional(schema), *_related(schema, unit_ranges)]
    tabular = [
        pa.Check(lambda d, t=test: t(d).astype("bool"), error=f"{said}\0{i}", ignore_na=False)
        for i, (said, _, test) in enumerate(rules)
    ]
    typed = _failures(frame, pa.DataFrameSchema(columns, checks=tabular))

    already = set(zip(written["column"], written["index"], strict=True))
    found = [(int(i), c, said) for c, said, i in written.itertuples(index=False, name=None)]
    for column, said, index in typed.itertuples(index=False, name=None):
        involved = [column]
        if "\0" in said:
            said, at = said.split("\0")
            involved = rules[int(at)][1]
        if not any((c, index) in already for c in involved):
            said = "必填，不应为空" if said == "not_nullable" else said
            found.append((int(index), "+".join(involved), said))
    if not found:
        found = list(_group_sums(frame, schema))
    if found:
        raise TableError(
            [
                Problem(
                    name,
                    said,
                    row=int(text.at[i, LINE]),
                    column=c,
                    value="，".join(text.at[i, part] for part in c.split("+")),
                )
                for i, c, said in sorted(set(found))
            ]
        )
    return frame


#: 表与文件 → 校验时文件的时刻与大小、内容的摘要、校验好的表。
_CACHE: dict[tuple[str, str], tuple[tuple, str, pd.DataFrame]] = {}


def candidate(name: str, content: bytes, rows: int | None = None) -> pd.DataFrame:
    """一份 CSV 原文合不合一个表的字段说明。

    Parameters
    ----------
    name : str
        表名。
    content : bytes
        CSV 原文，不必是数据目录里的那份。
    rows : int, optional
        应有几行；缺省不查。

    Returns
    -------
    pandas.DataFrame
        校验并转换好的表。

    Raises
    ------
    TableError
        列出全部不合格之处。
    """
    unit_ranges = _package.descriptor().get("unitRanges", {})
    return _check(name, read(name, content, rows), _package.resource(name), _known(name), unit_ranges)


def validated(name: str, edition: str | None = None) -> pd.DataFrame:
    """一个表，校验并转换好；同样的内容在同一进程里只校验一次。

    Parameters
    ----------
    name : str
        表名。
    edition : str, optional
        哪一版，缺省为现行版。

    Returns
    -------
    pandas.DataFrame
        供本包内部只读使用；要改请先复制。

    Raises
    ------
    TableError
        列出全部不合格之处。
    """
    version, now = _package.version(name, edition), _package.stamps(name, edition)
    where = name, version["path"]
    before, key, frame = _CACHE.get(where, ((), "", None))
    if before != now:  # 文件动过：内容也变了才重新校验
        content = _package.raw(name, edition)
        context = [_package.resource(name), _known(name), _package.descriptor().get("unitRanges", {})]
        digest = hashlib.sha256(content + json.dumps(context, ensure_ascii=False).encode()).hexdigest()
        if key != digest:
            frame = candidate(name, content, version.get("rows"))
        _CACHE[where] = now, digest, frame
    return frame
