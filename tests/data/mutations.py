"""改坏一张表的各种办法，每种一个函数：改成了返回真，这张表用不上这种改法返回假。

``STAGE`` 说每种改法在哪一步被挡住：``load`` 一装入就报错；``seal`` 内容仍合乎格式，只有与登记的摘要比才发现。
"""

from __future__ import annotations

import json
import random

from .copies import Copy, resources

LOAD, SEAL = "load", "seal"


def _fields(table: str, wanted) -> list[str]:
    return [f["name"] for f in resources()[table]["schema"]["fields"] if wanted(f)]


def _pick(chance: random.Random, items: list):
    return chance.choice(items) if items else None


def _set(copy: Copy, table: str, chance: random.Random, wanted, value) -> bool:
    column = _pick(chance, _fields(table, wanted))
    rows = copy.rows(table)
    if column is None:
        return False
    at = rows[0].index(column)
    filled = [i for i, row in enumerate(rows) if i and row[at]]
    if not filled:
        return False
    row = chance.choice(filled)
    rows[row][at] = value(rows[row][at]) if callable(value) else value
    copy.write(table, rows)
    return True


def drop_row(copy, table, chance):
    """删一行"""
    rows = copy.rows(table)
    del rows[chance.randrange(1, len(rows))]
    copy.write(table, rows)
    return True


def duplicate_row(copy, table, chance):
    """重复一行，行数照实登记"""
    rows = copy.rows(table)
    rows.append(list(chance.choice(rows[1:])))
    copy.write(table, rows)
    with copy.resource(table) as resource:
        resource["rows"] += 1
    return True


def drop_column(copy, table, chance):
    """删一列"""
    rows = copy.rows(table)
    at = chance.randrange(len(rows[0]))
    copy.write(table, [row[:at] + row[at + 1 :] for row in rows])
    return True


def swap_columns(copy, table, chance):
    """两列对调"""
    rows = copy.rows(table)
    a, b = chance.sample(range(len(rows[0])), 2)
    for row in rows:
        row[a], row[b] = row[b], row[a]
    copy.write(table, rows)
    return True


def retype(copy, table, chance):
    """数写成带单位的文字"""
    return _set(copy, table, chance, lambda f: f["type"] in ("integer", "number"), lambda v: f"约{v}")


def thousands(copy, table, chance):
    """数加千分位或指数"""
    return _set(copy, table, chance, lambda f: f["type"] in ("integer", "number"), "1,234e3")


def fake_missing(copy, table, chance):
    """缺失写成 NA"""
    return _set(copy, table, chance, lambda f: f["type"] != "boolean", "NA")


def empty_required(copy, table, chance):
    """必填的格子留空"""
    return _set(copy, table, chance, lambda f: f.get("constraints", {}).get("required"), "")


def unknown_key(copy, table, chance):
    """外键指向没有的东西"""
    keys = {k["fields"] for k in resources()[table]["schema"].get("foreignKeys", [])}
    return _set(copy, table, chance, lambda f: f["name"] in keys, "claims-no-such-thing")


def off_enumeration(copy, table, chance):
    """取值不在枚举里"""
    return _set(copy, table, chance, lambda f: "enum" in f.get("constraints", {}), "no_such_code")


def out_of_range(copy, table, chance):
    """数小于下限"""
    return _set(copy, table, chance, lambda f: "minimum" in f.get("constraints", {}), "-99999999")


def wrong_encoding(copy, table, chance):
    """改用别的编码存"""
    path = copy.path(table)
    stored = path.read_bytes()
    changed = stored.decode("utf-8").encode(chance.choice(["gb18030", "utf-16", "utf-8-sig"]), "replace")
    if changed == stored:  # 全是 ASCII 的表，用国标编码存下来一个字节也不变：不算改坏
        return False
    path.write_bytes(changed)
    copy.reseal(table)
    return True


def truncate(copy, table, chance):
    """文件被截断"""
    path = copy.path(table)
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])
    copy.reseal(table)
    return True


def break_sum(copy, table, chance):
    """份额之和对不上"""
    rules = [r for r in resources()[table]["schema"].get("groupSums", []) if r["maximum"] - r["minimum"] < 5]
    if not rules:
        return False
    rule, rows = chance.choice(rules), copy.rows(table)
    where = {rows[0].index(c): codes for c, codes in rule.get("where", {}).items()}
    at, by = rows[0].index(rule["value"]), [rows[0].index(c) for c in rule["by"]]
    kept = [r for r in rows[1:] if r[at] and all(r[i] in codes for i, codes in where.items()) and all(r[i] for i in by)]
    kept = [r for r in kept if float(r[at]) * 0.9 > rule["maximum"] - rule["minimum"] + 1]
    row = chance.choice(kept)
    row[at] = f"{float(row[at]) / 10:g}"
    copy.write(table, rows)
    return True


def rescale(copy, table, chance):
    """有范围的一列百分数整列乘一千"""
    bounded = _fields(table, lambda f: f["type"] == "number" and "maximum" in f.get("constraints", {}))
    column = _pick(chance, bounded)
    if column is None:
        return False
    rows = copy.rows(table)
    at = rows[0].index(column)
    for row in rows[1:]:
        row[at] = f"{float(row[at]) * 1000:.10g}" if row[at] else ""
    copy.write(table, rows)
    return any(row[at] and float(row[at]) for row in rows[1:])


def _loose(table: str) -> list[str]:
    """没有求和、大小、主键或下限约束的数：改了也合乎格式。"""
    schema = resources()[table]["schema"]
    bound = {r["value"] for r in schema.get("groupSums", [])} | set(schema["primaryKey"])
    bound |= {c for pair in schema.get("orderedPairs", []) for c in pair}
    return _fields(
        table,
        lambda f: f["type"] == "number" and f["name"] not in bound and not f.get("constraints", {}).get("minimum"),
    )


def plausible_value(copy, table, chance):
    """一个数改成同样合理的另一个数"""
    loose = _loose(table)
    return _set(copy, table, chance, lambda f: f["name"] in loose, lambda v: f"{float(v) * 0.9:.10f}")


def swap_cells(copy, table, chance):
    """同一列的数两两对调"""
    column = _pick(chance, _loose(table))
    if column is None:
        return False
    rows = copy.rows(table)
    at = rows[0].index(column)
    units = [
        i for i, name in enumerate(rows[0]) if name == "unit"
    ]  # 跨单位对调，单位的规则一装入就拦得住：那是另一种错
    filled = [row for row in rows[1:] if row[at]]
    pairs = [
        (a, b) for a, b in zip(filled, filled[1:], strict=False) if a[at] != b[at] and all(a[i] == b[i] for i in units)
    ]
    if not pairs:
        return False
    one, two = chance.choice(pairs)
    one[at], two[at] = two[at], one[at]
    copy.write(table, rows)
    return True


def other_unit(copy, table, chance):
    """单位换成枚举里的另一个"""
    ranged = {"percent"}
    rules = json.dumps(resources()[table]["schema"].get("rules", []))
    keys = {*resources()[table]["schema"]["primaryKey"], *(["unit"] if '"unit"' in rules else [])}
    codes = [c for f in resources()[table]["schema"]["fields"] if f["name"] == "unit" for c in f.get("labels", {})]
    codes = [c for c in codes if c not in ranged]
    if len(codes) < 2 or "unit" in keys:
        return False
    return _set(
        copy, table, chance, lambda f: f["name"] == "unit", lambda v: chance.choice([c for c in codes if c != v])
    )


def reorder_rows(copy, table, chance):
    """行的次序变了"""
    rows = copy.rows(table)
    if len(rows) < 3:
        return False
    copy.write(table, [rows[0], *reversed(rows[1:])])
    return True


def reworded_note(copy, table, chance):
    """一句备注换了说法"""
    return _set(copy, table, chance, lambda f: f["name"] == "note", lambda v: v + "（改）")


#: 每种改法在哪一步被挡住。
STAGE = {
    drop_row: LOAD,
    duplicate_row: LOAD,
    drop_column: LOAD,
    swap_columns: LOAD,
    retype: LOAD,
    thousands: LOAD,
    fake_missing: LOAD,
    empty_required: LOAD,
    unknown_key: LOAD,
    off_enumeration: LOAD,
    out_of_range: LOAD,
    wrong_encoding: LOAD,
    truncate: LOAD,
    break_sum: LOAD,
    rescale: LOAD,
    plausible_value: SEAL,
    swap_cells: SEAL,
    other_unit: SEAL,
    reorder_rows: SEAL,
    reworded_note: SEAL,
}
