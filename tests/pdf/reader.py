"""读成书：PDF 的文字、字体、书签、尺寸，LaTeX 的源文与辅助文件，HTML 的编号。"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import unicodedata
from functools import cache
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tools.paths import HTML, PDF, ROOT, STAGE, notebooks, toc_files
from tools.pdf import JOB, advice

LATEX = STAGE / "latex" / "_build" / "latex"
APPENDIX = "book/appendix/"


def pdf_path() -> Path:
    """被检验的 PDF；环境变量 ``BOOK_PDF_FILE`` 可另指一份。"""
    path = Path(os.environ.get("BOOK_PDF_FILE", PDF))
    if not path.exists():
        raise AssertionError(f"没有 {path}：先运行 make book（缺 TeX 时它会说要装什么）")
    return path


def latex_folder() -> Path:
    """写出这份 PDF 的 LaTeX 目录；``BOOK_LATEX`` 可另指。"""
    folder = Path(os.environ.get("BOOK_LATEX", LATEX))
    if not (folder / f"{JOB}.log").exists():
        raise AssertionError(f"{folder} 里没有 {JOB}.log：先运行 make book")
    return folder


def html_folder() -> Path:
    """与 PDF 同一次搭出的 HTML；``BOOK_HTML`` 可另指。"""
    folder = Path(os.environ.get("BOOK_HTML", HTML))
    if not folder.exists():
        raise AssertionError(f"没有 {folder}：先运行 make book")
    return folder


def latex_file(suffix: str) -> str:
    """LaTeX 目录里 ``.tex``、``.log``、``.aux`` 的全文。"""
    return (latex_folder() / f"{JOB}{suffix}").read_text("utf-8", "replace")


def poppler(program: str, *arguments: str) -> tuple[str, str]:
    """跑一个 poppler 程序，返回标准输出与标准错误。"""
    if shutil.which(program) is None:
        raise AssertionError(f"缺少 {program}。{advice()}")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


@cache
def pages() -> list[str]:
    """逐页的文字。"""
    text, _ = poppler("pdftotext", "-layout", str(pdf_path()), "-")
    return text.split("\f")[:-1]


@cache
def raw_pages() -> list[str]:
    """逐页的文字，按排版的先后、去掉空白。"""
    text, _ = poppler("pdftotext", "-raw", str(pdf_path()), "-")
    return [squeeze(page) for page in text.split("\f")[:-1]]


def running_text() -> str:
    """全书文字，按排版的先后、去掉空白。"""
    return "".join(raw_pages())


def split_at(title: str) -> tuple[str, str]:
    """以书签为 ``title`` 的一篇开始的那页为界，分开全书文字。"""
    document = PdfReader(pdf_path())

    def flat(items):
        for item in items:
            if isinstance(item, list):
                yield from flat(item)
            else:
                yield item

    start = [document.get_destination_page_number(b) for b in flat(document.outline) if b.title.endswith(title)]
    assert len(start) == 1, f"书签里应有且只有一篇“{title}”"
    return "".join(raw_pages()[: start[0]]), "".join(raw_pages()[start[0] :])


def fonts() -> list[str]:
    """``pdffonts`` 的各行，外加它的警告。"""
    table, warnings = poppler("pdffonts", str(pdf_path()))
    return [*table.splitlines()[2:], *warnings.splitlines()]


def page_sizes() -> set[tuple[float, float]]:
    """各页的宽与高（pt）。"""
    return {(float(p.mediabox.width), float(p.mediabox.height)) for p in PdfReader(pdf_path()).pages}


def outline() -> list[tuple[int, str]]:
    """书签的前两层（部分与各篇）：层次与文字；首页自己的小节不算。"""
    found = []

    def walk(items, level):
        for item in items:
            if isinstance(item, list):
                walk(item, level + 1)
            elif level < 2:
                found.append((level, squeeze(item.title)))

    walk(PdfReader(pdf_path()).outline, 0)
    parts = [i for i, (level, _) in enumerate(found) if level == 0]
    return found[:1] + found[parts[1] :] if len(parts) > 1 else found


#: PDF 末尾的索引：只在印刷的书里有，``_toc.yml`` 不列。
INDEX = "术语索引"


def squeeze(text: str) -> str:
    """统一字形（连字、全角空格）并去掉空白，两种版本才好比。"""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def toc() -> dict:
    """``_toc.yml``。"""
    return yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))


def expected_outline(toc: dict, titles: dict[str, tuple[str, str]]) -> list[tuple[int, str]]:
    """``_toc.yml`` 与各篇的号码、标题 → PDF 应有的两层书签。"""
    found, part_number = [(0, titles[toc["root"]][1])], 0
    for part in toc["parts"]:
        documents = [chapter["file"] for chapter in part["chapters"]]
        appendix = all(name.startswith(APPENDIX) for name in documents)
        caption = part["caption"]
        if part.get("numbered") and not appendix:
            part_number += 1
            caption = f"第{chinese(part_number)}部分{caption}"
        found.append((0, squeeze(caption)))
        for name in documents:
            number, title = titles[name]
            label = f"第{number}章" if number.isdigit() else f"附录{number}" if number else ""
            found.append((1, squeeze(label + title)))
    return [*found, (1, INDEX)]


def chinese(number: int) -> str:
    """1–19 的汉字数字。"""
    digits = "零一二三四五六七八九"
    return digits[number] if number < 10 else "十" + (digits[number - 10] if number > 10 else "")


@cache
def page(name: str) -> BeautifulSoup:
    """一篇的 HTML 正文。"""
    text = (html_folder() / f"{name}.html").read_text("utf-8")
    return BeautifulSoup(text, "html.parser").select_one("article.bd-article")


def html_titles() -> dict[str, tuple[str, str]]:
    """各篇 HTML 的号码与标题。"""
    found = {}
    for name in toc_files():
        heading = page(name).find("h1")
        number = heading.select_one(".section-number")
        label = squeeze(number.extract().get_text()).rstrip(".") if number else ""
        for link in heading.select("a.headerlink"):
            link.extract()
        found[name] = (label, squeeze(heading.get_text()))
    page.cache_clear()
    return found


CAPTION = re.compile(r"(图|表|练习)\s*([0-9A-Z]+\.\d+)")


def html_items() -> list[tuple[str, str, str]]:
    """HTML 里的图、表、公式、练习：种类、号码、标题（公式是标签）。"""
    found = []
    for name in toc_files():
        for number in page(name).select(".caption-number"):
            kind = CAPTION.match(number.get_text().strip())
            if kind:
                rest = squeeze("".join(s.get_text() for s in number.next_siblings if not _is_link(s)))
                found.append((kind[1], kind[2], rest.split("#")[0]))
        for number in page(name).select(".eqno"):
            label = number.find_parent(id=True)["id"].removeprefix("equation-")
            found.append(("式", squeeze(number.get_text()).strip("()#¶"), label.lower()))
    return found


def html_solutions() -> list[str]:
    """HTML 里各答案最长的一段纯文字的开头（去空白），用来在 PDF 里找它；短得认不出的不要。"""
    found = []
    for name in toc_files():
        for box in page(name).select("div.solution"):
            paragraphs = box.find("section").find_all("p")
            pieces = [squeeze(text) for p in paragraphs for text in p.find_all(string=True)]
            found.append(max(pieces, key=len, default="")[:16])
    return [sample for sample in found if len(sample) >= 8]


def _is_link(node) -> bool:
    return getattr(node, "name", None) == "a" and "headerlink" in node.get("class", [])


def plain(latex: str) -> str:
    """LaTeX 标题 → 去空白的纯文字。"""
    text = latex.replace(r"\sphinxhyphen", "-").replace(r"\zhapostrophe", "’").replace("~", " ")
    text = re.sub(r"\\textquotesingle|\\textquotedbl", "'", text)
    text = re.sub(r"\\([%&_#$])", r"\1", text)
    return squeeze(re.sub(r"\\[A-Za-z@]+\s*|[{}]", "", text))


def pdf_items(aux: str, text: str) -> list[tuple[str, str, str]]:
    """PDF 里的图、表、公式、练习：号码取自 LaTeX 排版时写下的辅助文件与印出的文字。"""
    found = []
    entry = re.compile(
        r"\\contentsline \{(figure|table)\}\{\\numberline \{([^}]*)\}\{\\ignorespaces (.*?)\}\}\{[^{}]*\}\{"
    )
    for kind, number, title in entry.findall(aux):
        found.append(({"figure": "图", "table": "表"}[kind], number, plain(title)))
    for label, number in re.findall(r"\\newlabel\{equation:[^:}]*:([^}]*)\}\{\{([^}]*)\}", aux):
        found.append(("式", number, label.lower()))
    seen = set()
    for number, title in re.findall(r"练习([0-9A-Z]+\.\d+)(\([^()]*(?:\([^()]*\)[^()]*)*\))", text):
        if (number, title) not in seen:
            found.append(("练习", number, title))
            seen.add((number, title))
    return found


def code_lines() -> set[str]:
    """各笔记本代码单元里够长、可辨认的行（去空白）；正文里引作例子的不算。"""
    code, prose = set(), ""
    for path in notebooks():
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                code |= {squeeze(line) for line in source.splitlines()}
            else:
                prose += squeeze(source)
    return {line for line in code if len(line) >= 20 and line not in prose}
