"""读三张表：编码、分隔、表头、每一格的写法。能读多少读多少，毛病一次说全。"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ._fault import Fault

NODES, EDGES, SHARES = "nodes.csv", "edges.csv", "shares.csv"

#: 各文件的列：列名 → （是否必填，含义）。
COLUMNS: dict[str, dict[str, tuple[bool, str]]] = {
    NODES: {
        "node": (True, "节点的代号，全表不重复；中文、英文都可以"),
        "name": (False, "图表里显示的名称，空着就用代号"),
        "stage": (False, "所处的环节，如原料、零部件、整机"),
        "note": (False, "备注，程序不读"),
    },
    EDGES: {
        "from_node": (True, "投入、子类或环节一方，写节点的代号"),
        "to_node": (True, "产出、父类或阶段一方，写节点的代号"),
        "relation": (True, "goes_into（投入）、is_type_of（是一种）、in_stage（属于阶段）三者之一"),
        "note": (False, "备注，程序不读"),
    },
    SHARES: {
        "node": (True, "哪一个节点"),
        "provider": (True, "谁供应：三位国家代码（如 CHN），或企业名；一张表只用一种"),
        "share": (True, "占这个节点的百分数，只写数；不知道就空着，不写 0"),
        "note": (False, "备注，程序不读"),
    },
}

#: 表头可能被写成的别的样子。
_ALIASES = {
    "node": ("节点", "节点代号", "代号", "id", "node_id", "环节"),
    "from_node": ("起点", "from", "source", "上游", "投入"),
    "to_node": ("终点", "to", "target", "下游", "产出"),
    "relation": ("关系", "type", "rel"),
    "provider": ("供应者", "供应商", "国家", "经济体", "iso3", "country", "企业"),
    "share": ("份额", "占比", "百分比", "percent", "value", "share_pct"),
}
#: 全角的字母与数字、全角与不换行的空格、零宽字符。
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff]")
_INVISIBLE = re.compile("[\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff]")
_DELIMITERS = {"\t": "制表符", ";": "分号", "；": "全角分号", "，": "全角逗号", "|": "竖线"}
_SAVE = "在 Excel 里选“另存为”，类型选“CSV UTF-8（逗号分隔）”；在记事本里另存为时，编码选 UTF-8"


@dataclass
class Table:
    """一张读进来的表。

    Attributes
    ----------
    file : str
        文件名。
    frame : pandas.DataFrame
        全是文字，列为 :data:`COLUMNS` 所列，索引是电子表格里的行号；空格子是空串。
    faults : list of Fault
        读的时候发现的毛病。
    usable : bool
        必填的列都在，可以往下查。
    """

    file: str
    frame: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    usable: bool = False


def _decode(raw: bytes, file: str) -> tuple[str | None, list[Fault]]:
    """字节到文字；GBK 也读出来，好把别的毛病一并找出。"""
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return None, [Fault("workbook", file, "这是 Excel 工作簿，只是改了扩展名", _SAVE)]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        fault = Fault("encoding", file, "编码是 UTF-16（Excel 的“Unicode 文本”）", _SAVE)
        return raw.decode("utf-16", "replace"), [fault]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        message = "不是 UTF-8，也不是 GBK，从这一行起读不出来"
        return None, [Fault("encoding", file, message, _SAVE, row=line)]
    return text, [Fault("encoding", file, "编码是 GBK（中文 Excel 存 CSV 的缺省），不是 UTF-8", _SAVE, row=line)]


def _records(text: str, file: str) -> tuple[dict[int, list[str]], list[Fault]]:
    """行号 → 各格；空行不算。"""
    faults = []
    head = text.lstrip("\r\n").split("\n", 1)[0]
    if "," not in head:
        found = next((mark for mark in _DELIMITERS if mark in head), None)
        if found:
            fix = "各格之间用半角逗号“,”；" + _SAVE
            faults.append(
                Fault("delimiter", file, f"各格之间用的是{_DELIMITERS[found]}", fix, row=1, value=head.strip())
            )
            text = text.replace(found, ",")
    rows = {}
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            if any(cell.strip() for cell in record):
                rows[number] = record
    except csv.Error:
        fix = "检查这一行前后的双引号：要成对；格子里的双引号写两个"
        faults.append(Fault("quotes", file, "双引号没有成对，往下读不出来", fix, row=max(rows, default=0) + 1))
    return rows, faults


def _header(record: list[str], number: int, file: str) -> tuple[dict[str, int], list[Fault]]:
    """列名 → 第几格；缺的、重的都报。"""
    plain = [unicodedata.normalize("NFKC", _INVISIBLE.sub(" ", cell)).strip().lower() for cell in record]
    places, faults = {}, []
    for name, (required, meaning) in COLUMNS[file].items():
        at = [i for i, cell in enumerate(plain) if cell == name]
        if len(at) > 1:
            faults.append(Fault("column_twice", file, "这一列出现了不止一次", "只留一列", row=number, column=name))
        if at:
            places[name] = at[0]
        elif required:
            like = next((i for i, cell in enumerate(plain) if cell in _ALIASES.get(name, ())), None)
            if like is None:
                fix = f"在表头加上 {name}（{meaning}）；照模板最省事"
            else:
                fix = f"第 {like + 1} 列的表头“{record[like].strip()}”看来就是它，改成 {name}"
                places[name] = like
            faults.append(Fault("column", file, f"缺少列 {name}", fix, row=number, column=name))
    return places, faults


def _cells(rows: dict[int, list[str]], width: int, places: dict[str, int], file: str) -> tuple[pd.DataFrame, list]:
    """各行各列的文字，去掉前后的空格；看不见的字符与全角的字母数字要报。"""
    faults, found = [], {}
    required = [name for name, (needed, _) in COLUMNS[file].items() if needed]
    for number, record in rows.items():
        extra = [cell for cell in record[width:] if cell.strip()]
        whole = ",".join(record)
        if extra:
            fix = "格子里有逗号的，整格用双引号括起；多余的逗号删去"
            message = f"有 {len(record)} 格，表头只有 {width} 格"
            faults.append(Fault("ragged", file, message, fix, row=number, value=whole))
        elif len(record) < len(required) and "，" in whole:
            message = f"只有 {len(record)} 格，至少应有 {len(required)} 格"
            faults.append(Fault("comma", file, message, "全角逗号“，”改成半角“,”", row=number, value=whole))
            record = whole.replace("，", ",").split(",")
        cells = {}
        for name in COLUMNS[file]:
            at = places.get(name)
            text = record[at].strip(" \t\r\n") if at is not None and at < len(record) else ""
            if name in required and (wide := _WIDE.search(text)):
                plain = _clean(text)
                blank = _INVISIBLE.search(wide[0])
                what = "有全角空格、不换行空格或零宽字符" if blank else "有全角的字母或数字"
                faults.append(Fault("full_width", file, what, f"改成“{plain}”", row=number, column=name, value=text))
                text = plain
            if "\ufffd" in text:
                fix = "从原来的表重新另存；" + _SAVE
                faults.append(Fault("garbled", file, "有乱码，原来的字已经丢了", fix, number, name, text))
            cells[name] = text
        found[number] = cells
    frame = pd.DataFrame.from_dict(found, orient="index", columns=list(COLUMNS[file]), dtype=object)
    return frame, faults


def _clean(text: str) -> str:
    """全角的字母、数字变半角，看不见的字符去掉；全角的括号、顿号不动。"""
    narrow = re.sub("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]", lambda m: unicodedata.normalize("NFKC", m[0]), text)
    return re.sub(r"\s+", " ", _INVISIBLE.sub(" ", narrow)).strip()


def read(folder: Path, file: str) -> Table:
    """读一张表。

    Parameters
    ----------
    folder : Path
        文件夹。
    file : str
        ``nodes.csv``、``edges.csv`` 或 ``shares.csv``。

    Returns
    -------
    Table
        读不出来的，``usable`` 为假，``faults`` 说为什么。
    """
    empty = pd.DataFrame(columns=list(COLUMNS[file]), dtype=object)
    path = folder / file
    if not path.is_file():
        near = [p.name for p in sorted(folder.glob("*")) if p.name.lower().split(".")[0] == file.split(".")[0]]
        if file == SHARES and not near:
            fix = "知道各家份额就补上这张表；不知道也可以只看结构"
            return Table(file, empty, [Fault("missing", file, "没有这个文件", fix, warning=True)], usable=True)
        fix = (
            f"把 {near[0]} 另存为 {file}（CSV UTF-8）"
            if near
            else "用 python -m chokepoint template 另写一份模板，照着填"
        )
        return Table(file, empty, [Fault("missing", file, "没有这个文件", fix)])
    raw = path.read_bytes()
    if not raw.strip():
        return Table(file, empty, [Fault("empty", file, "文件是空的，连表头也没有", "照模板写上表头，再逐行填")])
    text, faults = _decode(raw, file)
    if text is None:
        return Table(file, empty, faults)
    rows, more = _records(text, file)
    faults += more
    if not rows:
        return Table(
            file, empty, [*faults, Fault("empty", file, "文件是空的，连表头也没有", "照模板写上表头，再逐行填")]
        )
    number = min(rows)
    header = rows.pop(number)
    places, more = _header(header, number, file)
    faults += more
    frame, more = _cells(rows, len(header), places, file)
    faults += more
    usable = all(name in places for name, (needed, _) in COLUMNS[file].items() if needed)
    return Table(file, frame, faults, usable)
