"""严格读 CSV：编码、表头、列数、行数、末尾换行，一处不合即报。"""

from __future__ import annotations

import csv
import hashlib
import io

import pandas as pd

from . import _package
from ._errors import Problem, TableError

#: 行号所在的列名；只在校验过程中存在。
LINE = "__line__"


def _decode(name: str, content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        raise TableError([Problem(name, "应是不带 BOM 的 UTF-8，文件以 BOM 开头", row=1)])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        bad = content[error.start : error.end].hex(" ")
        raise TableError([Problem(name, f"应是 UTF-8 编码，这一行的字节 {bad} 不是", row=line)]) from error


def _header(name: str, header: list[str], expected: list[str]) -> list[Problem]:
    missing = [c for c in expected if c not in header]
    extra = [c for c in header if c not in expected]
    found = [Problem(name, "表头应有这一列，没有找到", row=1, column=c) for c in missing]
    found += [Problem(name, "表头不应有这一列", row=1, column=c) for c in extra]
    if not found and header != expected:
        for at, (have, want) in enumerate(zip(header, expected, strict=False), 1):
            if have != want:
                found.append(Problem(name, f"第 {at} 列应是 {want}", row=1, column=have))
        if not found:
            found.append(Problem(name, f"表头应恰好是 {','.join(expected)}，有重复的列", row=1))
    return found


def read(name: str, content: bytes | None = None, rows: int | None = None) -> pd.DataFrame:
    """读成全是字符串的表，另有一列行号。

    Parameters
    ----------
    name : str
        表名。
    content : bytes, optional
        CSV 原文，缺省从数据目录读现行版。
    rows : int, optional
        应有几行；缺省不查。

    Returns
    -------
    pandas.DataFrame
        各列为字符串，空格子为空串；``__line__`` 为每条记录首行的行号。

    Raises
    ------
    TableError
        编码、表头、列数、行数或末尾换行不合。
    """
    content = _package.raw(name) if content is None else content
    text = _decode(name, content)
    expected = list(_package.fields(name))
    if not text:
        raise TableError([Problem(name, "文件是空的，应有表头和数据")])
    problems = (
        [] if text.endswith("\n") else [Problem(name, "最后一行应以换行结束：文件可能被截断", row=text.count("\n") + 1)]
    )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    records, lines, start = [], [], 1
    try:
        for record in reader:
            if header is None:
                header = record
                problems += _header(name, header, expected)
                if len(problems) and header != expected:
                    raise TableError(problems)
            elif len(record) != len(expected):
                problems.append(Problem(name, f"应有 {len(expected)} 列，有 {len(record)} 列", row=start))
            else:
                records.append(record)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(name, f"不是合法的 CSV（{error}）：引号可能没有配对", row=start))
    if not problems and rows is not None and len(records) != rows:
        problems.append(
            Problem(
                name,
                f"应有 {rows} 行数据，有 {len(records)} 行；若确是增删了记录，运行 python -m chokepoint seal {name}",
            )
        )
    if problems:
        raise TableError(problems)
    frame = pd.DataFrame(records, columns=expected, dtype="str")
    frame[LINE] = lines
    return frame


_VALUES: dict[tuple[str, str, str], list[str]] = {}


def values(name: str, column: str, edition: str | None = None) -> list[str]:
    """一列里有的值：原文，去重、排序，不含空格子；文件没变就不重读。

    Parameters
    ----------
    name, column : str
        表名与列名。
    edition : str, optional
        哪一版，缺省为现行版。

    Returns
    -------
    list of str

    Raises
    ------
    TableError
        文件读不了。
    """
    content = _package.raw(name, edition)
    digest = hashlib.sha256(content).hexdigest()
    if (name, column, digest) not in _VALUES:
        frame = read(name, content)
        for each in {column, *_package.source_columns(name)}:
            _VALUES[name, each, digest] = sorted(set(frame[each]) - {""})
    return _VALUES[name, column, digest]
