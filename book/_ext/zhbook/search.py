"""全文检索：构建结束时把每页正文写进 ``search-text.js``，由检索页逐字查找。

Sphinx 自带的检索按词建索引，中文要先分词，分错就查不到。这里不分词：两边都做
NFKC、小写、去空白，再查子串，因此任何长度的词、中英混排、短语都查得到。
正文取自磁盘上的全部页面（代码单元除外），增量构建与全新构建结果相同；索引是
一份脚本，``file://`` 下也能加载。正文先用 gzip 压缩再写成 base64（约四成大小），由浏览器自带的
``DecompressionStream`` 解开，不用任何库。
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

#: 检索文本的文件名，在 ``_static`` 里；由 ``search-zh.js`` 取。
TEXT = "search-text.js"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
SKIPPED_TAGS = {"script", "style", "summary", "noscript", "template"}
SKIPPED_CLASSES = {"cell_input", "headerlink", "no-search"}
BLOCKS = {"p", "div", "li", "tr", "td", "th", "dt", "dd", "pre", "figcaption", "caption", "section", "br"} | HEADINGS


class ArticleText(HTMLParser):
    """从一页 HTML 里取出正文，按小节分段。

    Attributes
    ----------
    sections : list of [str, str, str]
        每节的锚点、标题、正文；第一节是页首。
    """

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.sections: list[list[str]] = []
        self._stack: list[tuple[str, bool]] = []
        self._open: list[int] = []
        self._skip = 0
        self._inside = 0
        self._heading = False

    def handle_starttag(self, tag, attrs):
        """进入元素：记下小节、标题与要跳过的部分。"""
        attrs = dict(attrs)
        classes = set((attrs.get("class") or "").split())
        if tag in VOID:
            self._space()
            return
        skip = tag in SKIPPED_TAGS or bool(classes & SKIPPED_CLASSES)
        article = tag == "article" and "bd-article" in classes
        self._stack.append((tag, skip))
        self._skip += skip
        self._inside += article
        if not self._inside:
            return
        if tag == "section":
            self._open.append(len(self.sections))
            self.sections.append([attrs.get("id") or "", "", ""])
        if tag in HEADINGS and self._open:
            self._heading = True
        if tag in BLOCKS:
            self._space()

    def handle_endtag(self, tag):
        """离开元素。"""
        if tag in VOID or tag not in [name for name, _ in self._stack]:
            return
        while self._stack:
            name, skip = self._stack.pop()
            self._skip -= skip
            if name == "section" and self._open:
                self._open.pop()
            if name in HEADINGS:
                self._heading = False
            if name == "article":
                self._inside = 0
            if name == tag:
                break
        if tag in BLOCKS:
            self._space()

    def handle_data(self, data):
        """正文里的字：标题归标题，其余归所在的小节。"""
        if not self._inside or self._skip:
            return
        if not self._open:
            if not data.strip():
                return
            self._open.append(len(self.sections))
            self.sections.append(["", "", ""])
        self.sections[self._open[-1]][1 if self._heading else 2] += data

    def _space(self):
        if self._inside and self._open and not self._skip and not self._heading:
            self.sections[self._open[-1]][2] += " "


def article_sections(page: str) -> list[list[str]]:
    """一页正文的各节：[锚点, 标题, 正文]，空白并成一个空格。"""
    parser = ArticleText()
    parser.feed(page)
    parser.close()
    return [[anchor, _tidy(heading), _tidy(text)] for anchor, heading, text in parser.sections]


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def search_index(outdir: Path, names: list[str]) -> list[dict]:
    """全书的检索文本。

    Parameters
    ----------
    outdir : pathlib.Path
        HTML 输出目录。
    names : list of str
        要收的页（相对路径），按目录先后。

    Returns
    -------
    list of dict
        每页的 title、url 与 sections。
    """
    pages = []
    for name in names:
        sections = article_sections((outdir / name).read_text(encoding="utf-8"))
        if sections:
            title = next((heading for _, heading, _ in sections if heading), name)
            pages.append({"title": title, "url": name, "sections": sections})
    return pages


def _no_stock_search(app):
    """不用 Sphinx 自己的索引，也就不必为它逐页切词。"""
    if app.builder.name == "html":
        app.builder.search = False


def _search_page(app):
    return [("search", {"title": "搜索"}, "search.html")] if app.builder.name == "html" else []


def _finish(app, exception):
    if exception is not None or app.builder.name != "html":
        return
    outdir = Path(app.outdir)
    order = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, [])]
    docs = sorted(app.env.found_docs, key=lambda d: (order.index(d) if d in order else len(order), d))
    names = [app.builder.get_target_uri(doc) for doc in docs]
    index = search_index(outdir, [name for name in names if (outdir / name).exists()])
    (outdir / "_static" / TEXT).write_text(pack(index), encoding="ascii")


def pack(index: list[dict]) -> str:
    """检索文本写成脚本：gzip（不记时间，逐字节可复现）再 base64。"""
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()
    return f'window.searchText="{base64.b64encode(gzip.compress(text, 9, mtime=0)).decode()}";\n'


def unpack(script: str) -> list[dict]:
    """由脚本取回检索文本（:func:`pack` 的反面）。"""
    return json.loads(gzip.decompress(base64.b64decode(script.split('"')[1])))


def setup(app):
    """检索页、检索文本；先于 light 的清理运行。"""
    app.connect("builder-inited", _no_stock_search)
    app.connect("html-collect-pages", _search_page)
    app.connect("build-finished", _finish, priority=900)
