"""每章的幻灯片：由造好的那一章取来，不另写一份。

    python -m tools.slides [HTML 文件夹]        默认 _build/html

读造好的 HTML（数字、引用、图表号都已定），在同一文件夹里写 ``slides/<部分>-<章>.html`` 与总目 ``slides/index.html``。
图不复制，用相对路径指向书里的那一张；放映用 reveal.js，取自 ``sphinx-revealjs`` 所带的文件。
版式在 ``book/_slides/``。一句话不在中间断开：放不下就多分一张。
"""

from __future__ import annotations

import copy
import itertools
import math
import posixpath
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

import yaml
from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from .paths import BOOK, HTML, ROOT, citation

TEMPLATES = BOOK / "_slides"
FOLDER = "slides"
REVEAL = "_static/reveal"
#: 不是章的部分。
APART = {"附录", "数据", "索引"}
#: 照原样放上来的几节；别的节，图表上来，文字作讲稿。
SPOKEN = ("稳健性与局限", "小结")
#: 文字片、问题片（半边）、发现片放几行，一行几个汉字（字号与行距在 deck.css）。
TEXT, QUESTION, FINDINGS, SEE, EXERCISE = (11.5, 40), (12.5, 22.5), (14.7, 45), (8, 40), (9, 32)
#: 表最多分到几张；折行的一列至少几个汉字宽。
SHEETS, NARROW = 3, 5
#: 末张列得下几张数据表的名字。
NAMES = 24
#: 图表的地方（像素）：片的内宽、题与正文合起来的高、横图旁边至少留给说明的宽、竖图的高。
WIDTH, HEIGHT, ASIDE, TALL = 1176, 618, 380, 692
#: 高过宽的这么多倍，就放在左边，题与说明都在右边。
UPRIGHT = 0.86


@dataclass
class Slide:
    """一张幻灯片。

    Parameters
    ----------
    kind : str
        版式：title、question、findings、text、figure、table、exercise、end。
    title : str
        片题。
    body : list of str
        正文，一段一块的 HTML。
    step : str
        在章里的哪一节。
    notes : list of str
        讲稿，一段一块的 HTML。
    more : dict
        这种版式另要的东西（编号、链接、图的大小……）。
    """

    kind: str
    title: str
    body: list[str] = field(default_factory=list)
    step: str = ""
    notes: list[str] = field(default_factory=list)
    more: dict = field(default_factory=dict)


def ems(text: str) -> float:
    """一段文字排成一行有几个汉字宽；西文字母与数字算半个多。"""
    return sum(1 if ord(c) > 0x2000 else 0.56 for c in text)


def text_of(element: Tag | None) -> str:
    """元素的文字，空白合成一个；不要“本节的链接”。"""
    if element is None:
        return ""
    parts = [s for s in element.find_all(string=True) if not s.find_parent("a", class_="headerlink")]
    return " ".join("".join(parts).split())


def plain(html: str) -> str:
    """一块 HTML 的文字。"""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def heading(element: Tag) -> tuple[str, str]:
    """标题的编号与文字。"""
    number = text_of(element.select_one(".section-number"))
    return number.rstrip("."), text_of(element).removeprefix(number).strip()


def flow(blocks: list[str]) -> Markup:
    """一串块接起来；相连的 ``<li>`` 放进一个列表。"""
    return Markup(re.sub(r"(?:<li\b.*?</li>)+", r"<ul>\g<0></ul>", "".join(blocks), flags=re.S))


def pack(blocks: list[str], lines: float, line: float) -> list[list[str]]:
    """把几段分到几张上：每张不超过 ``lines`` 行，张数最少，各张尽量一样满。

    引出列表的那一段与列表的第一条放在一起；一段自成一张也放不下的，照放（由测试报出来）。
    """
    units: list[list[str]] = []
    for block in blocks:
        led = block.startswith("<li") and units and units[-1][-1].startswith("<p")
        units[-1:] = [[*units[-1], block]] if led else [*units[-1:], [block]]
    heights = [sum(math.ceil(ems(plain(b)) / line) + 0.45 for b in unit) for unit in units]
    return [[block for unit in units[part] for block in unit] for part in spread(heights, lines)]


def spread(heights: list[float], limit: float) -> list[slice]:
    """依次分组：每组的高不超过 ``limit``（单独一个除外），组数最少，各组尽量一样高。"""

    def fill(limit):
        starts, used = [], math.inf
        for n, height in enumerate(heights):
            if used + height > limit:
                starts.append(n)
                used = 0.0
            used += height
        return [slice(a, b) for a, b in itertools.pairwise([*starts, len(heights)])]

    fewest = fill(limit)
    if len(fewest) < 2:
        return fewest
    tried = (max(heights) + (limit - max(heights)) * step / 40 for step in range(40))
    return next((groups for lower in tried if len(groups := fill(lower)) == len(fewest)), fewest)


class Chapter:
    """造好的一章，连同从中取出的幻灯片。

    Parameters
    ----------
    html : pathlib.Path
        造好的书。
    document : str
        文档名，如 ``book/identify/chokepoint_list``。
    """

    def __init__(self, html: Path, document: str):
        self.html, self.page = html, f"{document}.html"
        self.name = "summary" if document == "book/index" else document.removeprefix("book/").replace("/", "-")
        text = (html / self.page).read_text("utf-8")
        self.edition = plain(text[text.index('<p class="book-footer"') :].partition("</p>")[0])
        article = text[text.index("<article") : text.index("</article>")]
        soup = BeautifulSoup(re.sub(r"<pre>.*?</pre>", "", article, flags=re.S), "html.parser")
        for extra in soup.select(".cell, .highlight, .interactive, .figure-tools, .toctree-wrapper, script, style"):
            extra.decompose()
        self.top = soup.section
        self.number, self.title = heading(self.top.h1)
        self.slides = [*self._opening(), *self._sections(), self._end()]

    def link(self, href: str) -> str:
        """章里的地址改成幻灯片里的。"""
        if re.match(r"[a-z]+:", href):
            return href
        path, _, anchor = href.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.page), path)) if path else self.page
        return posixpath.relpath(target, FOLDER) + (f"#{anchor}" if anchor else "")

    def clean(self, element: Tag, *, links: bool = False) -> str:
        """一块的 HTML：去掉编号与包装；链接只留文献的，``links`` 为真时全留。"""
        element = copy.copy(element)
        for inner in element.select("a.headerlink"):
            inner.decompose()
        for inner in [element, *element.find_all(True)]:
            inner.attrs.pop("id", None)
            if inner.name == "a" and (links or inner.find_parent(class_="bibtex-citation")):
                inner["href"] = self.link(inner["href"])
            elif inner.name == "a" or (inner.name == "span" and "bibtex-citation" not in inner.get("class", [])):
                inner.unwrap()
        return str(element)

    def blocks(self, elements: list[Tag]) -> list[str]:
        """段落与列表拆成一段一块；列表的每一条是一块。"""
        found = []
        for element in elements:
            found += [self.clean(item) for item in element("li")] if element.name in {"ul", "ol"} else []
            found += [self.clean(element)] if element.name not in {"ul", "ol"} else []
        return found

    def _opening(self) -> Iterator[Slide]:
        first = self.top.find_all(["p", "ul"], recursive=False)
        yield Slide("title", self.title, [self.clean(p) for p in first[:1]])
        sections = self.top.find_all("section", recursive=False)
        question = next((s for s in sections if heading(s.h2)[1].startswith("问题：")), None)
        if question:
            said = question.find_all("p", recursive=False)
            rules = ("本章[^。]*问|问题|问：|？", "问|本章", "")
            asked = next(n for rule in rules for n, p in enumerate(said) if re.search(rule, text_of(p)))
            body = pack(self.blocks(said[: asked + 1]), *QUESTION)[-1]
            more = {"learn": self.blocks([next(u for u in first if u.name == "ul")])}
            title = heading(question.h2)[1].removeprefix("问题：")
            yield Slide("question", title, body, "问题", self.blocks(said), more)
        findings = [self.clean(item) for item in self.top.select(".findings li")]
        groups = pack(findings, *FINDINGS)
        for n, group in enumerate(groups):
            yield Slide("findings", "关键发现", group, more={"start": 1 + sum(map(len, groups[:n]))})

    def _sections(self) -> Iterator[Slide]:
        for section in self.top.find_all("section", recursive=False):
            title = heading(section.h2)[1]
            if title == "练习":
                yield from self._exercises(section)
            elif title != "数据与来源":
                yield from self._section(section, title)

    def _section(self, section: Tag, title: str) -> Iterator[Slide]:
        objects = section.select("figure, table[id]")
        talk, pending, last = {o["id"]: [] for o in objects}, [], None
        said = []
        for element in section.find_all(["p", "ul", "ol", "figure", "table", "div"]):
            if element.get("id") in talk:
                last = element["id"]
                talk[last] += pending
                pending = []
            elif element.find_parent(["figure", "table", "ul", "ol"]) or element.find_parent(class_="source"):
                continue
            elif element.name in {"p", "ul", "ol"} or "math" in element.get("class", []):
                said.append(element)
                ahead = {a["href"][1:] for a in element.select("a[href^='#']")} & set(list(talk)[_place(talk, last) :])
                (pending if ahead or pending or not last else talk[last]).append(element)
        if last:
            talk[last] += pending
        if title in SPOKEN or not (objects or title.startswith("问题：")):
            groups = pack(self.blocks(said), *TEXT)
            for n, group in enumerate(groups, 1):
                place = f"（{n}/{len(groups)}）" if len(groups) > 1 else ""
                yield Slide("text", title + place, group, more={"few": _few(group)})
        step = title.removeprefix("问题：")
        for item in objects:
            if item.name == "figure":
                yield from self._figure(item, step, talk[item["id"]])
            else:
                yield from self._table(item, step, talk[item["id"]], told=title in SPOKEN)

    def _common(self, item: Tag, lines: list[Tag]) -> tuple[str, dict]:
        caption = text_of(item.select_one(".caption-text"))
        more = {
            "id": item["id"],
            "number": text_of(item.select_one(".caption-number")),
            "href": f"{self.link('')}#{item['id']}",
            "notes": [self.clean(p) for p in lines[:-1]],
            "source": self.clean(lines[-1], links=True) if lines else "",
            "long": ems(caption) > 2 * WIDTH / 32,
        }
        return caption, more

    def _figure(self, item: Tag, step: str, talk: list[Tag]) -> Iterator[Slide]:
        caption, more = self._common(item, item.select(".legend > p"))
        source = posixpath.normpath(posixpath.join(posixpath.dirname(self.page), item.img["src"]))
        ratio = _ratio(self.html / source)
        tall = ratio > UPRIGHT
        height = min(TALL if tall else 556 - _title_height(ems(caption), more["long"]), (WIDTH - ASIDE) * ratio)
        more |= {"src": self.link(item.img["src"]), "alt": item.img["alt"], "tall": tall}
        more |= {"width": round(height / ratio), "height": round(height)}
        yield Slide("figure", caption, [], step, self.blocks(talk), more)

    def _table(self, item: Tag, step: str, talk: list[Tag], told: bool) -> Iterator[Slide]:
        box = item.find_parent(class_="pst-scrollable-table-container") or item
        after = box.find_next_sibling()
        lines = after("p") if after is not None and "source" in after.get("class", []) else []
        caption, more = self._common(item, lines)
        rows = [[text_of(cell) for cell in row(["th", "td"])] for row in item("tr")]
        room = HEIGHT - _lines_height(caption, more, lines)
        large, small = _layout(rows, 24), _layout(rows, 20)
        few = sum(large.heights) <= room
        widths, (head, *heights) = large if few else small
        groups = spread(heights, room - head)
        if len(groups) <= SHEETS and head + max(heights) <= room:
            notes = self.blocks(talk)
            for n, group in enumerate(groups, 1):
                place = f"（{n}/{len(groups)}）" if len(groups) > 1 else ""
                part = self._part(item, group, widths)
                yield Slide("table", caption + place, [part], step, notes, more | {"few": few, "again": n > 1})
            return
        about = [p for p in talk if p.select_one(f"a[href='#{item['id']}']")] or talk[:1]
        rest = self.blocks([p for p in talk if p not in about])
        more |= {"rows": len(rows) - 1, "columns": len(rows[0])}
        for group in [] if told else pack(self.blocks(about), *SEE) or [[]]:
            yield Slide("see", caption, group, step, rest, more | {"few": _few(group)})

    def _part(self, item: Tag, group: slice, widths: list[float]) -> str:
        """表的几行，列宽照算好的。"""
        bare = copy.copy(item)
        bare.caption.decompose()
        rows = bare.select("tbody tr")
        first = rows[group.start].find(["th", "td"])
        if not text_of(first):  # 空格是“同上”：上一行在前一张
            above = (row.find(["th", "td"]) for row in rows[group.start :: -1])
            first.replace_with(copy.copy(next((cell for cell in above if text_of(cell)), first)))
        for row in rows[: group.start] + rows[group.stop :]:
            row.decompose()
        columns = "".join(f'<col style="width:{100 * w / sum(widths):.2f}%">' for w in widths)
        return self.clean(bare).replace(">", f"><colgroup>{columns}</colgroup>", 1)

    def _exercises(self, section: Tag) -> Iterator[Slide]:
        for exercise in section.select(".exercise"):
            answer = exercise.find_next_sibling(class_="solution")
            title = text_of(exercise.select_one(".admonition-title")).partition("（")[2].removesuffix("）")
            kind, _, title = title.partition("：")
            body = self.blocks(exercise.select_one("section").find_all(["p", "ul", "ol"], recursive=False))
            more = {"number": text_of(exercise.select_one(".caption-number")), "kind": kind}
            more |= {"href": f"{self.link('')}#{answer['id']}"} if answer else {}
            yield Slide("exercise", title, body, "讨论与练习", more=more)

    def _end(self) -> Slide:
        table = next((t for t in self.top("table", id=True) if t["id"].endswith("-sources")), None)
        listed = table.select("tbody tr") if table else []
        names = [f"<li>{self.clean(row.td.p, links=True)}</li>" for row in listed]
        if len(names) > NAMES:
            href, number = f"{self.link('')}#{table['id']}", text_of(table.select_one(".caption-number"))
            names = [f'<p>本章用到 {len(names)} 张数据表，<a href="{href}">见书中{number}</a>。</p>']
        more = {"here": self.link(""), "notebook": f"../_sources/{self.page.removesuffix('.html')}.ipynb"}
        return Slide("end", "数据、来源与许可", names, more=more)


def _few(blocks: list[str]) -> bool:
    """字少，可以放大。"""
    return sum(math.ceil(ems(plain(block)) / TEXT[1]) for block in blocks) <= 4


def _place(talk: dict, last: str | None) -> int:
    """下一张图表在次序里的位置。"""
    return list(talk).index(last) + 1 if last else 0


def _ratio(path: Path) -> float:
    """SVG 的高与宽之比。

    Raises
    ------
    SystemExit
        文件没有写明大小。
    """
    found = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', path.read_text("utf-8")[:2000])
    if not found:
        raise SystemExit(f"{path.name} 没有 viewBox，排不进幻灯片")
    return float(found[2]) / float(found[1])


def _title_height(wide: float, long: bool) -> int:
    """题排下来多高（像素）：``wide`` 个汉字，长的字小。"""
    size, line = (26, 36) if long else (32, 44)
    return math.ceil(wide * size / WIDTH) * line


def _lines_height(caption: str, more: dict, lines: list[Tag]) -> float:
    """表题、注与来源行在片上大约多高（像素）。"""
    title = _title_height(ems(caption) + 3, more["long"]) + 30
    notes = sum(math.ceil(ems(text_of(p)) * 20 / WIDTH) * 30 + 12 for p in lines[:-1])
    return title + notes + sum(math.ceil(ems(text_of(p)) * 15 / WIDTH) * 23 + 12 for p in lines[-1:])


class Layout(NamedTuple):
    """一张表怎样排：各列的宽（汉字），各行的高（像素，表头在先）。"""

    widths: list[float]
    heights: list[float]


def _layout(rows: list[list[str]], size: int) -> Layout:
    """按字号排一张表：短的列照给，余下的由要折行的列均分；列太窄，行就是无穷高。"""
    pad = 24 / size
    widths = [1.05 * max(ems(row[c]) for row in rows if c < len(row)) + pad + 0.5 for c in range(len(rows[0]))]
    room, left = WIDTH / size, sorted(range(len(widths)), key=widths.__getitem__)
    while left and widths[left[0]] <= room / len(left):
        room -= widths[left.pop(0)]
    for c in left:
        widths[c] = room / len(left)
        if widths[c] - pad < NARROW:
            return Layout(widths, [math.inf] * len(rows))
    # 折行的列，行末放不下的词要让到下一行：少算一个字。
    lines = [max(math.ceil(ems(t) / (widths[c] - pad - (c in left))) for c, t in enumerate(row)) for row in rows]
    return Layout(widths, [1.4 * size * n + 11 for n in lines])


def parts() -> list[tuple[str, list[str]]]:
    """有幻灯片的各部分与其中的文档，按书中次序；首页在先。"""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    listed = [
        (p["caption"], [c["file"] for c in p["chapters"]]) for p in toc.get("parts", []) if p["caption"] not in APART
    ]
    return [("全书", [toc["root"]]), *listed]


def _reveal(folder: Path) -> None:
    try:
        wheel = Path(distribution("sphinx-revealjs").locate_file("sphinx_revealjs/_static/revealjs"))
    except PackageNotFoundError:
        raise SystemExit("没有 sphinx-revealjs（reveal.js 由它带来）：请运行 make book 装好所需") from None
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in tomllib.loads((TEMPLATES / "reveal.toml").read_text("utf-8")).items():
        text = (wheel / name).read_text("utf-8")
        for old, new in words.items():
            if old not in text:
                raise SystemExit(f"{name} 里没有 {old}：sphinx-revealjs 换了版本，请核对 book/_slides/reveal.toml")
            text = text.replace(old, new)
        (folder / Path(name).name).write_text(text, "utf-8")


def write(html: Path) -> list[Path]:
    """写出全部幻灯片与总目；先前的一并重写。

    Parameters
    ----------
    html : pathlib.Path
        造好的书所在的文件夹。

    Returns
    -------
    list of pathlib.Path
        写了的页，总目在最后。

    Raises
    ------
    SystemExit
        没有 ``sphinx-revealjs``，或它的文字与这里登记的不符。
    """
    folder = html / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    _reveal(html / REVEAL)
    for name in ("deck.css", "paper.css"):
        (folder / name).write_text((TEMPLATES / name).read_text("utf-8"), "utf-8")
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    pages.filters["flow"] = flow
    pages.globals |= {"book": citation(), "reveal": f"../{REVEAL}"}
    listed = [(part, [Chapter(html, document) for document in documents]) for part, documents in parts()]
    deck, paths = pages.get_template("deck.html"), []
    for chapter in [chapter for _, chapters in listed for chapter in chapters]:
        paths.append(folder / f"{chapter.name}.html")
        paths[-1].write_text(deck.render(chapter=chapter), "utf-8")
    paths.append(folder / "index.html")
    paths[-1].write_text(pages.get_template("index.html").render(parts=listed), "utf-8")
    return paths


def main(argv: list[str]) -> int:
    """命令行入口。"""
    html = Path(argv[0]) if argv else HTML
    if not (html / "index.html").exists():
        print(f"没有造好的书：{html}。请先运行 make book", file=sys.stderr)
        return 1
    print(f"{len(write(html)) - 1} 份幻灯片：{html / FOLDER / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
