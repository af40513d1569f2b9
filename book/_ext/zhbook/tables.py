"""PDF 表格的版面：按单元格内容定列宽、对齐、字号，以及要不要跨页。

宽度以“字”（一个汉字的宽度）计。先看各列一行排下要多宽；放得下就照排，
放不下就让文字列折行，再放不下就降一号字。
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from docutils import nodes

PAGE_WIDTH = 160 / 3.69  # 版心 160 毫米，五号字一字宽 3.69 毫米
SIZES = {"normalsize": 1.0, "small": 0.857, "footnotesize": 0.714}  # 五号、小五、六号，再小就该改表的形状
PADDING = 0.3  # 列宽的余量（字）
SEPARATION = 1.14  # 列间距：每列两侧各 6 pt
STEP = 0.25  # 分配列宽的一步（字）
SHORT = 10  # 短于这么多字的列算短列
MAX_LINES = 2.5  # 一列平均折得超过这么多行，就先降一号字
FEW_COLUMNS = 5  # 列数不多于它的表，最小到小五号
LONG_ROWS = 25  # 行数（折行后估计）超过它就用能跨页的长表


@dataclass(frozen=True)
class Layout:
    """一张表的排法：列格式、字号命令、是否长表、是否放不下。"""

    spec: str
    size: str
    long: bool
    crowded: bool


def text_width(text: str) -> float:
    """一行文字的宽度（字）：汉字与全角标点算 1，西文、数字约算半个。"""
    width = 0.0
    for char in text:
        if unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…—·":
            width += 1.0
        elif char.isupper() or char in "mwMW%@":
            width += 0.75
        elif char in "ijlt.,:;|'! ":
            width += 0.32
        else:
            width += 0.54
    return width


def longest_piece(text: str) -> float:
    """折行时不该拆开的最长一段：西文单词、数字，或四个汉字。"""
    pieces = re.findall(r"[^\s\u2e80-\uffef/_·—-]+[/_-]?", text)
    return max([min(4.0, text_width(text)), *map(text_width, pieces)])


def _rows(table: nodes.table) -> tuple[list[list[nodes.entry]], list[list[nodes.entry]]]:
    head = [list(row) for part in table.findall(nodes.thead) for row in part.findall(nodes.row)]
    body = [list(row) for part in table.findall(nodes.tbody) for row in part.findall(nodes.row)]
    return head, body


def _alignment(cells: list[nodes.entry]) -> str:
    classes = [set(cell.get("classes", [])) for cell in cells]
    if classes and all("text-right" in c for c in classes):
        return "r"
    if classes and all("text-center" in c for c in classes):
        return "c"
    return "l"


def _widths(texts: list[list[str]], natural: list[float], minimum: list[float], room: float):
    """把 ``room`` 分给各列：先给最小宽度，余下的一点一点给撑高行数最多的列。"""
    if sum(natural) <= room:
        return natural
    if sum(minimum) > room:
        return None
    # 短列尽量一行排下，只让长列折行。
    short = [n if n <= SHORT else m for n, m in zip(natural, minimum, strict=True)]
    width = short if sum(short) <= room * 0.7 else list(minimum)
    cells = [[text_width(text) for text in column] for column in texts]
    while room - sum(width) >= STEP:
        load = [0.0] * len(width)
        for row in zip(*cells, strict=True):
            height = [cell / w for cell, w in zip(row, width, strict=True)]
            tallest = max(range(len(width)), key=height.__getitem__)
            load[tallest] += height[tallest]
        wanting = [i for i in range(len(width)) if width[i] < natural[i]]
        widest = max(wanting, key=load.__getitem__)
        width[widest] += STEP
    return width


def layout(table: nodes.table) -> Layout:
    """算出一张表的排法。

    Parameters
    ----------
    table : docutils.nodes.table
        对齐由单元格的 ``text-right``、``text-center`` 类给出（MyST 表格自带）。

    Returns
    -------
    Layout
        ``crowded`` 为真时，最小的字号也放不下。
    """
    head, body = _rows(table)
    count = max((len(row) for row in head + body), default=0)
    # 合并过的单元格不参与定宽。
    head, body = ([row for row in rows if len(row) == count] for rows in (head, body))
    columns = [list(column) for column in zip(*head, *body, strict=True)]
    align = [_alignment(column[len(head) :] or column) for column in columns]
    texts = [[cell.astext().replace("\n", " ") for cell in column] for column in columns]
    natural = [max(map(text_width, column)) + PADDING for column in texts]
    minimum = []
    for side, column in zip(align, texts, strict=True):
        # 数字列的数字不折行，只有表头可以折。
        whole = map(text_width, column[len(head) :]) if side == "r" else []
        minimum.append(max([*whole, *map(longest_piece, column)]) + PADDING)
    smallest = "small" if count <= FEW_COLUMNS else "footnotesize"
    for name, scale in SIZES.items():
        size, page = name, PAGE_WIDTH / scale
        widths = _widths(texts, natural, minimum, page - SEPARATION * count / scale)
        # 字号只为放得下而减；折得太细时，列多的表再减一号。
        if widths is not None and (_height(texts, widths) <= MAX_LINES or name == smallest):
            break
    crowded = widths is None
    widths = minimum if crowded else widths
    lines = sum(max(_lines(t, w) for t, w in zip(row, widths, strict=True)) for row in zip(*texts, strict=True))
    spec = "".join(_column(a, w, n, page) for a, w, n in zip(align, widths, natural, strict=True))
    return Layout(spec, size, "longtable" in table.get("classes", []) or lines > LONG_ROWS, crowded)


def _lines(text: str, width: float) -> int:
    """``text`` 在宽 ``width`` 的列里占几行。"""
    return max(1, math.ceil(text_width(text) / width))


def _height(texts: list[list[str]], widths: list[float]) -> float:
    """折得最厉害的一列，平均每格几行：用来判断是不是挤得太细。"""
    return max(sum(_lines(t, w) for t in column) / len(column) for column, w in zip(texts, widths, strict=True))


def _column(align: str, width: float, natural: float, total: float) -> str:
    if width >= natural:
        return align
    ragged = {"l": r"\raggedright", "r": r"\raggedleft", "c": r"\centering"}[align]
    return rf">{{{ragged}\arraybackslash}}p{{{width / total:.4f}\linewidth}}"
