"""GB/T 7714—2015 顺序编码制的参考文献（pybtex 样式与引用样式）。

约定：

* 中文姓名整写、不含空格与逗号（``王小明``），多人用 ``and`` 隔开；
* 机构作者放在花括号里（``{国务院办公厅}``、``{World Bank}``）；
* 条目类型决定文献类型标识；有 ``url`` 或 ``doi`` 的电子文献加 ``/OL``；
* ``urldate`` 是引用日期，``date`` 是发布或更新日期（没有就用 ``year``）。
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pybtex.plugin import register_plugin as register_pybtex_plugin
from pybtex.richtext import HRef, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.super_ import SuperReferenceStyle

CHINESE = re.compile(r"[\u3400-\u9fff]")
MAX_AUTHORS = 3
MARKS = {
    "article": "J",
    "book": "M",
    "incollection": "M",
    "inbook": "M",
    "inproceedings": "C",
    "proceedings": "C",
    "phdthesis": "D",
    "mastersthesis": "D",
    "techreport": "R",
    "report": "R",
    "standard": "S",
    "newspaper": "N",
    "patent": "P",
    "dataset": "DS",
    "online": "EB",
    "misc": "Z",
}


def _plain(text: str) -> str:
    return str(Text.from_latex(text)) if text else ""


def format_person(person) -> str:
    """一位责任者：中文整名照录；西文姓在前、全大写，名取首字母；机构照录。

    Raises
    ------
    ValueError
        中文姓名里有空格或逗号，分不清姓与名。
    """
    given = person.first_names + person.middle_names
    family = person.prelast_names + person.last_names
    if CHINESE.search(str(person)):
        if given or len(family) > 1:
            raise ValueError(f"参考文献：中文姓名“{person}”请连写，不用空格或逗号")
        return _plain(family[0])
    surname = " ".join(_plain(part) for part in family)
    if not given:
        return surname
    initials = [word[0].upper() for part in given for word in re.split(r"[\s\-.]+", _plain(part)) if word]
    return " ".join([surname.upper(), *initials, *(_plain(p) for p in person.lineage_names)])


def format_people(people, chinese: bool) -> str:
    """责任者项：三人以内全列，更多则列前三人加“等”或 et al。"""
    names = [format_person(person) for person in people[:MAX_AUTHORS]]
    if len(people) > MAX_AUTHORS:
        names.append("等" if chinese else "et al")
    return ", ".join(names)


def _place_and_publisher(fields) -> str:
    publisher = fields.get("publisher") or fields.get("institution") or fields.get("school")
    return ": ".join(_plain(part) for part in (fields.get("address"), publisher) if part)


def _pages(fields) -> str:
    return f": {_plain(fields['pages']).replace('--', '-')}".replace("–", "-") if "pages" in fields else ""


def _issue(fields) -> str:
    """年, 卷(期): 页码。"""
    text = fields.get("year", "")
    if "volume" in fields:
        text += f", {fields['volume']}"
    if "number" in fields:
        text += f"({fields['number']})"
    return text + _pages(fields)


def publication(entry) -> str:
    """出版项：期刊、报纸、图书与报告、析出文献、网页各有格式。"""
    fields = entry.fields
    if entry.type == "article":
        return f"{_plain(fields.get('journal', ''))}, {_issue(fields)}"
    if entry.type == "newspaper":
        edition = f"({fields['number']})" if "number" in fields else ""
        return f"{_plain(fields.get('journal', ''))}, {fields.get('date', fields.get('year', ''))}{edition}"
    where = _place_and_publisher(fields)
    if where:
        return ", ".join(part for part in (where, fields.get("year", "")) if part) + _pages(fields)
    day = fields.get("date") or fields.get("year")
    if not day:
        return ""
    return f"({day})" if "url" in fields else day


class GBT7714Style(BaseStyle):
    """GB/T 7714—2015 顺序编码制的著录格式。"""

    default_sorting_style = "none"
    default_label_style = "number"

    def format_entry(self, label, entry, bib_data=None):
        """一条文献的富文本。"""
        fields = entry.fields
        title = _plain(fields.get("title", ""))
        chinese = bool(CHINESE.search(title))
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        online = "url" in fields or "doi" in fields
        mark = MARKS.get(entry.type)
        if mark is None:
            raise ValueError(f"参考文献 {entry.key}：不认识的类型 {entry.type}，可用 {', '.join(MARKS)}")
        mark += "/OL" if online else ""
        parts = [format_people(people, chinese)] if people else []
        host = f"//{_plain(fields['booktitle'])}" if "booktitle" in fields else ""
        parts.append(f"{title}[{mark}]{host}")
        issued = publication(entry)
        accessed = f"[{fields['urldate']}]" if "urldate" in fields else ""
        if issued or accessed:
            parts.append(issued + accessed)
        text = Text(". ".join(parts) + ".")
        if "url" in fields:
            text += Text(" ", HRef(fields["url"], fields["url"]), ".")
        if "doi" in fields:
            text += Text(" DOI: ", HRef(f"https://doi.org/{fields['doi']}", fields["doi"]), ".")
        return FormattedEntry(entry.key, text, label)


@dataclass
class GBT7714ReferenceStyle(SuperReferenceStyle):
    """正文里的引用：上标方括号数字，如 [1] 或 [2,5]。"""

    bracket_parenthetical: BracketStyle = field(default_factory=lambda: BracketStyle(left="[", right="]", sep=","))
    bracket_textual: BracketStyle = field(default_factory=lambda: BracketStyle(left="[", right="]", sep=","))


def setup(app):
    """登记 ``gbt7714`` 著录样式与引用样式。"""
    register_pybtex_plugin("pybtex.style.formatting", "gbt7714", GBT7714Style)
    register_plugin("sphinxcontrib.bibtex.style.referencing", "gbt7714", GBT7714ReferenceStyle)
