"""PDF：把拼合好的全书文档树排成 ctexbook 的 LaTeX。

分工：

* :func:`configure` 定文档类、扉页信息与选项，版式细节在 ``zhbook.sty``；
* :class:`BookStructure` 整理拼合后的文档树：首页成为不编号的首章，各部分按
  ``_toc.yml`` 出分隔页，附录前自动放 ``\\appendix``，单元格代码一律不印，
  参考文献留在所在的文档；
* :class:`BookTranslator` 写 LaTeX：图、表、公式的号码取自 Sphinx（与 HTML 同源），
  表格的列宽、字号与是否跨页由 :mod:`zhbook.tables` 按内容算。
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex.nodes import thebibliography
from sphinx.locale import admonitionlabels
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging, texescape
from sphinx.util.fileutil import copy_asset_file
from sphinx.writers.latex import LaTeXTranslator
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node

from .numbering import APPENDIX_PREFIX
from .pages import edition
from .tables import layout

logger = logging.getLogger(__name__)

STYLES = (Path(__file__).with_name("zhbook.sty"), Path(__file__).with_name("zhbook.ist"))
TARGET = "chokepoint-book.tex"
#: TeX Gyre 没有、改由 Noto CJK 排的西文符号：希腊、西里尔字母，上下标，箭头，数学符号。
SYMBOLS = re.compile(r"[\u0370-\u04ff\u2070-\u209f\u2100-\u218f\u2190-\u22ff\u2a00-\u2aff]+")
FIGURE_SCALE = 86  # 图按屏幕设计，印出来缩一点：图中字约 8 pt，与来源行相当
APOSTROPHE = re.compile(r"(?<=[A-Za-z])[’'](?=[A-Za-z])")
WARNING_BOXES = {"attention", "caution", "danger", "error", "warning"}


def configure(app, config):
    """定文档类与选项；在别的扩展之后运行，以免被它们改回去。"""
    book = edition(Path(app.confdir))
    title_lines = book["title"].replace("——", r"\\[10pt]\LARGE ")
    config.latex_engine = "xelatex"
    config.latex_theme = "manual"
    config.latex_docclass = {"manual": "ctexbook"}
    config.latex_toplevel_sectioning = "chapter"
    config.latex_documents = [(config.root_doc, TARGET, book["title"], book["author"], "manual")]
    config.latex_additional_files = []
    config.latex_domain_indices = False
    config.latex_use_xindy = False
    config.latex_show_urls = "no"
    config.latex_table_style = ["booktabs"]
    config.latex_elements = {
        "papersize": "a4paper",
        "pointsize": "zihao=5",
        "extraclassoptions": "openany,oneside,fontset=none,scheme=chinese",
        "babel": "",
        "cmappkg": "",
        "fncychap": "",
        "fontpkg": "",
        "figure_align": "!htb",
        "sphinxsetup": "hmargin=2.5cm,vmargin=2.6cm,verbatimforcewraps=true,iconpackage=none",
        "passoptionstopackages": r"\PassOptionsToPackage{bookmarksnumbered,bookmarksopen,pdflang=zh-CN}{hyperref}",
        "preamble": "\n".join(
            [
                r"\usepackage{zhbook}",
                rf"\renewcommand{{\zhedition}}{{版本 {book['version']}}}",
                rf"\newcommand{{\zhtitlelines}}{{{title_lines}}}",
                rf"\hypersetup{{pdftitle={{{book['title']}}},pdfauthor={{{book['author']}}}}}",
            ]
        ),
        "makeindex": r"\usepackage{makeidx}\makeindex",
        "printindex": r"\zhprintindex",
    }
    config.today = book["date_zh"]


def copy_style(app):
    """把版式文件放进 LaTeX 目录。"""
    if app.builder.format == "latex":
        Path(app.outdir).mkdir(parents=True, exist_ok=True)
        for style in STYLES:
            copy_asset_file(str(style), str(app.outdir))


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="latex")


class UnescapeLinks(SphinxTransform):
    """MyST 把网址里的 ``&`` 先转义了一遍，写 HTML、LaTeX 时会再转义，网址就坏了。"""

    default_priority = 500

    def apply(self, **kwargs):
        for link in self.document.findall(nodes.reference):
            if "://" in link.get("refuri", ""):
                link["refuri"] = html.unescape(link["refuri"])


class ScaleFigures(SphinxPostTransform):
    """图缩到印刷的大小（SVG 转 PDF 由 sphinxcontrib-svg2pdfconverter 做）。"""

    default_priority = 150
    formats = ("latex",)

    def run(self, **kwargs):
        for image in self.document.findall(nodes.image):
            if isinstance(image.parent, nodes.figure) and not {"width", "height", "scale"} & set(image.attributes):
                image["scale"] = FIGURE_SCALE


class MarkBibliography(SphinxPostTransform):
    """记下参考文献原来的位置：Sphinx 会把条目全部搬到全书末尾。"""

    default_priority = 740
    formats = ("latex",)

    def run(self, **kwargs):
        citation = next(self.document.findall(nodes.citation), None)
        if citation is not None:
            place = nodes.container(classes=["zh-bibliography"])
            citation.parent.replace(citation, [place, citation])


class BookStructure(SphinxPostTransform):
    """把 Sphinx 拼合的文档树整理成书：首章、部分、附录，去掉代码。"""

    default_priority = 850
    formats = ("latex",)

    def run(self, **kwargs):
        if not isinstance(self.document.next_node(nodes.section), nodes.section):
            return
        self._drop_code()
        self._place_bibliography()
        self._arrange()

    def _drop_code(self):
        for cell in list(self.document.findall(nodes.container)):
            kind = cell.get("nb_element")
            hidden = {"tag_hide-output", "tag_hide-cell"} & set(cell.get("classes", []))
            if kind == "cell_code_source" or kind == "cell_code" and hidden:
                cell.parent.remove(cell)

    def _place_bibliography(self):
        place = next((c for c in self.document.findall(nodes.container) if "zh-bibliography" in c["classes"]), None)
        bibliography = next(self.document.findall(thebibliography), None)
        if place is not None and bibliography is not None:
            bibliography.parent.remove(bibliography)
            place.replace_self(bibliography)

    def _parts(self):
        """``_toc.yml`` 的各部分：标题、编号深度、所含文档。"""
        root = self.env.get_doctree(self.config.root_doc)
        for toctree in root.findall(addnodes.toctree):
            yield toctree.get("caption") or "", toctree.get("numbered", 0), toctree["includefiles"]

    def _arrange(self):
        root = self.document.next_node(nodes.section)
        title = root[0]
        files = {f["docname"]: f for f in self.document.findall(addnodes.start_of_file)}
        # 首页自己的内容：除各部分的目录之外的一切。
        content = [child for child in root[1:] if not _is_toctree(child)]
        front = nodes.section("", title.deepcopy(), *content, ids=list(root["ids"]))
        body: list[nodes.Node] = [_raw(_depth(0)), front]
        in_appendix = False
        for caption, numbered, docnames in self._parts():
            chapters = [files[name] for name in docnames if name in files]
            if not chapters:
                continue
            appendix = bool(numbered) and all(n.startswith(APPENDIX_PREFIX) for n in docnames)
            if numbered and not appendix and (in_appendix or any(n.startswith(APPENDIX_PREFIX) for n in docnames)):
                logger.warning("编号的部分“%s”混有附录或排在附录之后，PDF 无法编号", caption)
            name = texescape.escape(caption, "xelatex")
            if appendix and not in_appendix:
                body.append(_raw(rf"\zhappendixpart{{{name}}}"))
                in_appendix = True
            elif numbered:
                body.append(_raw(rf"\part{{{name}}}"))
            else:
                body.append(_raw(rf"\zhtocpart{{{name}}}"))
            body.append(_raw(_depth(numbered)))
            body += chapters
        for chapter in files.values():
            if chapter.parent is not None:
                chapter.parent.remove(chapter)
        root.children = []
        root += [title, *body]
        root["ids"] = []


def _is_toctree(node) -> bool:
    return isinstance(node, addnodes.start_of_file) or (
        isinstance(node, nodes.compound) and "toctree-wrapper" in node.get("classes", [])
    )


def _source_of(table):
    """紧跟表后的来源行（``{container} source``）。"""
    following = table.next_node(siblings=True, descend=False)
    found = isinstance(following, nodes.container) and "source" in following["classes"]
    return following if found else None


def _depth(numbered: int | bool) -> str:
    """``numbered`` 的深度 → LaTeX 的 secnumdepth：不编号的章也进目录与页眉。"""
    return rf"\setcounter{{secnumdepth}}{{{min(int(numbered), 4) - 1}}}"


class BookTranslator(LaTeXTranslator):
    """在 Sphinx 的 LaTeX 写法上，固定号码、排表、换方框。"""

    box_end = ""  # 等来源行写完再关的表格盒子
    anchors = ""  # 等练习标题写到再放的锚点

    def _number(self, node, kind: str, counter: str):
        """让下一个 ``counter`` 印成 Sphinx 给的号码。"""
        numbers = self.builder.env.toc_fignumbers.get(self.curfilestack[-1], {}).get(kind, {})
        number = next((numbers[i] for i in node["ids"] if i in numbers), None)
        if number:
            self.body.append(rf"\gdef\the{counter}{{{'.'.join(map(str, number))}}}" + "\n")

    def visit_Text(self, node):
        text = APOSTROPHE.sub("\ue000", node.astext())
        pieces = re.split(f"({SYMBOLS.pattern}|\ue000)", text)
        for piece in pieces:
            if piece == "\ue000":
                self.body.append(r"\zhapostrophe{}")
            elif SYMBOLS.fullmatch(piece):
                self.body.append(rf"\zhsymbol{{{piece}}}")
            else:
                self.body.append(self._breakable(self.encode(piece)))

    def _breakable(self, text):
        """表里的标识符、网址可以在斜线与下划线之后折行。"""
        return re.sub(r"(/|\\_)(?=\w)", r"\1\\allowbreak{}", text) if self.table else text

    def visit_title(self, node):
        super().visit_title(node)
        self.body.append(self.anchors)
        self.anchors = ""

    def visit_figure(self, node):
        self.body.append("\n")
        self._number(node, "figure", "figure")
        super().visit_figure(node)

    def visit_math_block(self, node):
        self.body.append("\n")
        self._number(node, "displaymath", "equation")
        super().visit_math_block(node)

    def visit_table(self, node):
        plan = layout(node)
        chosen = self.next_table_colspec  # 作者用 {tabularcolumns} 自己定的列
        if plan.crowded and not chosen:
            logger.warning("表的各列放不进一页的宽度，请改形状或拆表", location=node)
        if plan.long and "longtable" not in node["classes"]:
            node["classes"].append("longtable")
        self.next_table_colspec = chosen or plan.spec
        self.body.append("\n\n")
        self._number(node, "table", "table")
        place = "[H]" if self.no_latex_floats else ""
        self.body.append(r"\begingroup" if plan.long else rf"\begin{{zhtable}}{place}")
        self.body.append(rf"\{plan.size}" + "\n")
        super().visit_table(node)
        # 列宽已经算好，用 tabular 就够；tabulary 只在作者自己给列格式时用。
        self.table.has_verbatim = not plan.long and not chosen

    def depart_table(self, node):
        long = self.table.is_longtable()
        super().depart_table(node)
        # 不跨页的表连同来源行放在一个盒子里；跨页的表只能请求不在来源行前断页。
        end = r"\endgroup\nopagebreak" if long else r"\end{zhtable}"
        if _source_of(node) is not None and not long:
            self.box_end = end
        else:
            self.body.append(end + "\n")

    def depart_container(self, node):
        super().depart_container(node)
        if self.box_end and "source" in node["classes"]:
            self.body.append(self.box_end + "\n")
            self.box_end = ""

    def visit_admonition(self, node):
        self.body.append("\n" + r"\begin{sphinxadmonition}{note}")
        self.no_latex_floats += 1

    def _visit_named_admonition(self, node):
        kind = "warning" if node.tagname in WARNING_BOXES else "note"
        self.body.append("\n" + rf"\begin{{sphinxadmonition}}{{{kind}}}{{{admonitionlabels[node.tagname]}}}")
        self.no_latex_floats += 1

    visit_attention = visit_caution = visit_danger = visit_error = visit_hint = _visit_named_admonition
    visit_important = visit_note = visit_tip = visit_warning = _visit_named_admonition


def visit_exercise(self, node):
    """练习：标题行加正文，锚点供正文与答案互链。"""
    self.anchors = self.hypertarget_to(node, anchor=True) + rf"\label{{exercise:{node['label']}}}"
    self.body.append("\n" + r"\begin{zhexercise}")
    self.no_latex_floats += 1


def depart_exercise(self, node):
    self.body.append("\n" + r"\end{zhexercise}" + "\n")
    self.no_latex_floats -= 1


def _exercise_visitors(app):
    """换掉 sphinx-exercise 的 LaTeX 写法（HTML 的照旧）。"""
    handlers = app.registry.translation_handlers.setdefault("latex", {})
    for cls in (exercise_node, exercise_enumerable_node):
        handlers[cls.__name__] = (visit_exercise, depart_exercise)


def setup(app):
    app.connect("config-inited", configure, priority=900)
    app.connect("builder-inited", copy_style)
    app.connect("builder-inited", _exercise_visitors)
    app.add_transform(UnescapeLinks)
    app.add_post_transform(ScaleFigures)
    app.add_post_transform(MarkBibliography)
    app.add_post_transform(BookStructure)
    app.set_translator("latex", BookTranslator, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
