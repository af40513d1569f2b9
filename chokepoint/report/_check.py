"""三张表合起来查：图的毛病由 ``chain.check`` 找，这里补上行、列、值与改法。"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from chokepoint import chain

from ._fault import Fault
from ._read import EDGES, NODES, SHARES, Table, read

#: 关系的别的写法。
_RELATION_ALIASES = {
    "goes_into": ("投入", "供给", "供应", "用于", "input", "goes into", "goes-into", "used_in"),
    "is_type_of": ("是一种", "子类", "属于", "is a", "is_a", "type_of", "is type of"),
    "in_stage": ("阶段", "环节", "属于阶段", "stage", "in stage"),
}
#: 写“不知道”的各种写法。
_UNKNOWN = {"无", "未知", "不详", "不明", "na", "n/a", "nan", "null", "none", "-", "—", "--", "?", "？", "/"}
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
#: 各份额都不超过 1，而有节点正好合成 1（容差）：多半写成了 0–1 的比例。
FRACTION_TOLERANCE = 0.02
#: 合计恰好等于上限的，不因小数相加的误差而算超出。
SLACK = 1e-9
#: 合计超出 100 不到这么多个百分点，可能只是四舍五入。
ROUNDED = 5.0
#: 孤立的节点超过这么多个就合成一条提醒。
ORPHANS_LISTED = 5


def _share_fix(text: str) -> str:
    """不是数的份额该怎样写。"""
    plain = text.strip().lower()
    if plain in _UNKNOWN:
        return "不知道就空着，什么也不写"
    body = plain.replace("％", "%").replace(" ", "")
    if body.endswith("%") and _NUMBER.fullmatch(body[:-1]):
        return f"写 {body[:-1]}，不写百分号"
    if re.fullmatch(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?", body):
        return f"写 {re.sub('[,，]', '', body)}，不写千分位；这一列是百分数，不是产量"
    if re.fullmatch(r"\d+[,，]\d+", body):
        return f"写 {re.sub('[,，]', '.', body)}，小数点用“.”"
    if re.fullmatch(r"[<＜≤＞>≥约大近]+\d+(?:\.\d+)?%?", body):
        number = re.search(r"\d+(?:\.\d+)?", body)[0]
        return f"写一个数（如 {number}），在备注里写明是界限或约数；说不准就空着"
    if re.fullmatch(r"\d+(?:\.\d+)?[-–—~～至到]\d+(?:\.\d+)?%?", body):
        return "写一个数（如区间的中点），在备注里写明区间；说不准就空着"
    return "写百分数，只写数（如 12.5）；不知道就空着"


def _relation_fix(text: str) -> str:
    names = "、".join(chain.RELATIONS)
    found = next((name for name, others in _RELATION_ALIASES.items() if text.strip().lower() in others), None)
    return f"改成 {found}" if found else f"改成 {names} 之一"


def _node_fix(text: str, known: Iterable[str], labels: Mapping[str, str]) -> str:
    known = list(known)
    parts = [p for p in re.split("[、，；;/]", text) if p.strip()]
    if len(parts) > 1 and all(p.strip() in known for p in parts):
        return "一行只写一条：拆成几行"
    if text in labels:
        return f"这里写代号，不写名称：改成“{labels[text]}”"
    near = get_close_matches(text, known, 1, 0.6) or [k for k in known if k.lower() == text.lower()]
    return f"是不是“{near[0]}”？不是就在 {NODES} 里补上它" if near else f"在 {NODES} 里补上它，或改正拼写"


def _numbers(column: pd.Series) -> pd.Series:
    """份额：合规的变成数，空的变成缺失，其余留作文字（由 chain.check 报）。"""
    return column.map(lambda v: np.nan if v == "" else float(v) if _NUMBER.fullmatch(v) else v).astype(object)


def _blank_cells(table: Table, columns: Iterable[str], skip: Iterable[str] = ()) -> list[Fault]:
    found = []
    for column in columns:
        rows = table.frame.index[table.frame[column] == ""]
        fix = "补上，或整行删去" + ("；说不清的余数用一个余数名（如 ROW）" if column == "provider" else "")
        found += [Fault("blank", table.file, "空着", fix, int(r), column) for r in rows if column not in skip]
    return found


#: 图的毛病落在哪个文件的哪一列。
_COLUMN = {
    "duplicate_node": "node",
    "self_loop": "to_node",
    "unknown_relation": "relation",
    "several_relations": "relation",
    "duplicate_edge": "to_node",
    "type_cycle": "relation",
    "cycle": None,
    "orphan": "node",
    "not_a_number": "share",
    "negative_share": "share",
    "duplicate_share": "provider",
    "over_100": "share",
}


def _rows(problem: chain.Problem, tables: Mapping[str, Table]) -> list[tuple[str, int, str | None, str | None]]:
    """一处图的毛病在哪些文件的哪些行：（文件，行，列，值）。"""
    nodes, edges, shares = (tables[f].frame for f in (NODES, EDGES, SHARES))
    edge_names = "边 " + edges["from_node"] + " → " + edges["to_node"]
    share_names = "份额 " + shares["node"] + "—" + shares["provider"]
    found = []
    if problem.kind in ("cycle", "type_cycle"):
        inside = set(problem.where.removeprefix("节点 ").split("、"))
        for row, a, b in edges[["from_node", "to_node"]].itertuples():
            if {a, b} <= inside:
                found.append((EDGES, row, None, f"{a} → {b}"))
        return found[:1]
    if problem.kind == "over_100":
        rows = shares.index[("节点 " + shares["node"]) == problem.where]
        return [(SHARES, rows[0], "share", None)] if len(rows) else []
    for file, frame, names, columns in (
        (NODES, nodes, "节点 " + nodes["node"], ("node",)),
        (EDGES, edges, edge_names, ("from_node", "to_node")),
        (SHARES, shares, share_names, ("node",)),
    ):
        for row in frame.index[names == problem.where]:
            if problem.kind == "unknown_node":
                for column in columns:
                    if frame.at[row, column] and problem.message.endswith(f"没有 {frame.at[row, column]}"):
                        found.append((file, row, column, frame.at[row, column]))
            elif (column := _COLUMN.get(problem.kind)) is None or column in frame:
                found.append((file, row, column, frame.at[row, column] if column else None))
    if problem.kind in ("duplicate_node", "duplicate_edge", "duplicate_share"):
        first, *rest = found or [(None,) * 4]
        return rest or [first]
    return found


def _translate(problem: chain.Problem, tables: Mapping[str, Table], known: list[str], labels) -> list[Fault]:
    """``chain.check`` 的一处毛病，补上行、列、值与更具体的改法。"""
    fix, warning, message = problem.fix, problem.kind in chain.TOLERATED, problem.message
    places = _rows(problem, tables) or [(None, None, None, None)]
    found = []
    for file, row, column, value in places:
        if problem.kind == "unknown_node":
            fix, message = _node_fix(value or "", known, labels), f"{NODES} 里没有这个节点"
        elif problem.kind == "unknown_relation":
            fix, message = _relation_fix(value or ""), "不认得这种关系"
        elif problem.kind == "not_a_number":
            fix, message = _share_fix(value or ""), "份额不是数"
        elif problem.kind == "duplicate_node":
            first = tables[NODES].frame.index[tables[NODES].frame["node"] == value][0]
            message, fix = f"与第 {first} 行重复", "合并成一行，或改一个代号"
        elif problem.kind in ("duplicate_edge", "duplicate_share", "several_relations"):
            message = f"{problem.where} {problem.message}"
        elif problem.kind == "over_100":
            message = f"“{problem.where.removeprefix('节点 ')}”的{problem.message}"
            total = float(re.search(r"([\d.]+)%", problem.message)[1])
            rounded = "；若只是各家四舍五入所致，出报告时加 --tolerance（如 --tolerance 3）"
            fix = "逐行核对这个节点的份额" + (rounded if total <= 100 + ROUNDED else "")
        elif problem.kind == "cycle":
            loop = problem.message.removeprefix("构成环 ").replace(" → ", "→")
            message = f"构成环：{loop}。环里互为投入，算断供时把它看作正在运转的整体"
        found.append(
            Fault(
                problem.kind,
                file or problem.where.split(" ")[0],
                message,
                fix.replace(";", "；"),
                None if row is None else int(row),
                column,
                value,
                warning,
            )  # fmt: skip
        )
    return found


def _graph_faults(tables: Mapping[str, Table], tolerance: float) -> list[Fault]:
    """调用 ``chain.check``；有一张表读不出来时，只查其余的。"""
    nodes, edges, shares = (tables[f].frame for f in (NODES, EDGES, SHARES))
    edges = edges[(edges["from_node"] != "") & (edges["to_node"] != "") & (edges["relation"] != "")]
    shares = shares[(shares["node"] != "") & (shares["provider"] != "")]
    known = [n for n in nodes["node"] if n]
    if not tables[NODES].usable:
        every = pd.concat([edges["from_node"], edges["to_node"], shares["node"]]).unique()
        nodes = pd.DataFrame({"node": every})
    labels = {row.name: row.node for row in tables[NODES].frame.itertuples(index=False) if row.name and row.node}
    problems = chain.check(
        nodes[nodes["node"] != ""][["node"]],
        edges[["from_node", "to_node", "relation"]],
        shares[["node", "provider", "share"]].assign(share=_numbers(shares["share"])),
        tolerance=tolerance + SLACK,
    )
    single = len(known) == 1  # 只有一个节点时，没有边不是毛病
    skip = {"orphan"} if single or not tables[EDGES].usable else set()
    done, found = set(), []
    for problem in problems:
        if problem.kind in skip:
            continue
        for fault in _translate(problem, tables, known, labels):
            if fault not in done:
                done.add(fault)
                found.append(fault)
    lonely = list({f.value: f for f in found if f.kind == "orphan"}.values())
    if len(lonely) <= ORPHANS_LISTED:
        return found
    names, rows = "、".join(f.value for f in lonely[:3]), "、".join(str(r) for r in sorted(f.row for f in lonely))
    message = f"{names}等 {len(lonely)} 个节点没有一条边（第 {rows} 行）"
    merged = Fault("orphan", NODES, message, lonely[0].fix, warning=True)
    return [f for f in found if f.kind != "orphan"] + [merged]


def _provider_faults(table: Table, names: Mapping[str, str]) -> list[Fault]:
    """供应者的写法：大小写、两位代码、同一家两种写法、代码与中文名混用。"""
    frame, found = table.frame, []
    where = {p: [int(r) for r in rows] for p, rows in frame.groupby("provider", sort=False).groups.items() if p}
    folded: dict[str, list[str]] = {}
    for provider in where:
        folded.setdefault(re.sub(r"\s+", "", provider).casefold(), []).append(provider)
    # 同一家的几种写法里，以国家代码表里有的、其次行数最多的为准
    right = {k: max(v, key=lambda p: (p in names, len(where[p]))) for k, v in folded.items()}
    for provider, rows in where.items():
        row, first = rows[0], right[re.sub(r"\s+", "", provider).casefold()]
        if first != provider:
            message = f"与第 {where[first][0]} 行的“{first}”看来是同一家，写法不同会算成两家"
            fix = f"统一成 {first}" + (f"（共 {len(rows)} 行）" if len(rows) > 1 else "")
            found.append(Fault("provider_spelling", SHARES, message, fix, row, "provider", provider))
            continue
        code = next((c for c, name in names.items() if name == provider), None)
        if code in where:
            message = f"与第 {where[code][0]} 行的“{code}”是同一个经济体，会算成两家"
            found.append(Fault("provider_spelling", SHARES, message, f"统一成 {code}", row, "provider", provider))
        elif names and re.fullmatch("[a-z]{3}", provider) and provider.upper() in names:
            message = "国家代码应为大写"
            fix = f"写 {provider.upper()}"
            found.append(Fault("provider_code", SHARES, message, fix, row, "provider", provider))
        elif re.fullmatch("[A-Za-z]{2}", provider):
            message, fix = (
                "像是两位的国家代码；经济体用三位代码（ISO 3166-1 alpha-3）",
                "改成三位（如 CN 写 CHN）；是企业名就不用改",
            )
            found.append(Fault("provider_code", SHARES, message, fix, row, "provider", provider, warning=True))
        elif names and re.fullmatch("[A-Z]{3}", provider) and provider not in names:
            message, fix = "不在三位国家代码之列", "核对拼写；是企业名或余数名就不用改"
            found.append(Fault("provider_code", SHARES, message, fix, row, "provider", provider, warning=True))
    return found


def _scale_faults(table: Table) -> list[Fault]:
    """份额像是写成了 0–1 的比例。"""
    frame = table.frame.assign(number=pd.to_numeric(table.frame["share"], errors="coerce")).dropna(subset=["number"])
    if frame.empty or frame["number"].max() > 1 or (frame["number"] < 0).any():
        return []
    by_node = frame.groupby("node")["number"].agg(["sum", "size"])
    if not ((by_node["sum"] - 1).abs().le(FRACTION_TOLERANCE) & (by_node["size"] > 1)).any():
        return []
    message = "全部份额都不超过 1，而有的节点合计正好是 1：像是写成了 0–1 的比例"
    row = int(frame.index[0])
    return [Fault("fraction", SHARES, message, "每个数乘以 100", row, "share", str(frame["share"].iloc[0]))]


_ORDER = {NODES: 0, EDGES: 1, SHARES: 2}


def examine(
    folder: Path, names: Mapping[str, str], tolerance: float = chain.SUM_TOLERANCE
) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """读三张表，一次列出全部毛病。

    Parameters
    ----------
    folder : Path
        文件夹。
    names : mapping
        三位国家代码 → 中文名；空的就不查代码。
    tolerance : float
        份额之和可以超出 100 多少个百分点。

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        文件名 → 表；没有妨碍的毛病时可以直接建图，``share`` 已经是数。
    faults : list of Fault
        按文件、行、列排列；``warning`` 为真的不妨碍出报告。
    """
    if not folder.is_dir():
        what = "这是一个文件，不是文件夹" if folder.exists() else "没有这个文件夹"
        return {}, [
            Fault("missing", str(folder), what, "写三张表所在的文件夹；还没有就用 python -m chokepoint template 写一份")
        ]
    tables = {file: read(folder, file) for file in (NODES, EDGES, SHARES)}
    faults = [f for t in tables.values() for f in t.faults]
    nodes, edges, shares = (tables[f] for f in (NODES, EDGES, SHARES))
    if nodes.usable and nodes.frame.empty:
        faults.append(Fault("empty", NODES, "只有表头，没有一个节点", "至少写一个节点"))
    if edges.usable and edges.frame.empty and len(nodes.frame) > 1:
        message, fix = "没有一条边：节点之间没有关系", "补上投入关系；确实互不相干就不用改"
        faults.append(Fault("no_edges", EDGES, message, fix, warning=True))
    if shares.usable and shares.frame.empty and not shares.faults:
        message, fix = "没有一行份额：只能看结构，断供的结论都会是“说不清”", "知道多少填多少"
        faults.append(Fault("no_shares", SHARES, message, fix, warning=True))
    faults += _blank_cells(nodes, ["node"]) if nodes.usable else []
    faults += _blank_cells(edges, ["from_node", "to_node", "relation"]) if edges.usable else []
    faults += _blank_cells(shares, ["node", "provider"]) if shares.usable else []
    faults += _graph_faults(tables, tolerance)
    if shares.usable:
        faults += _provider_faults(shares, names) + _scale_faults(shares)
    faults.sort(key=lambda f: (_ORDER.get(f.file, 3), f.row or 0, f.column or ""))
    found = {file: t.frame.reset_index(drop=True) for file, t in tables.items()}
    if not any(not f.warning for f in faults):
        found[SHARES] = found[SHARES].assign(share=_numbers(found[SHARES]["share"]).astype(float))
    return found, faults
