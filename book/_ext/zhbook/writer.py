"""HTML 的写法：图晚些取、图下的引用与下载、文献写成列表、折叠的代码。"""

from __future__ import annotations

import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.writers.html5 import HTML5Translator

from . import cite

#: 代码里颜色与正文相同的记号（空白、名字、标点、模块名）：包着它们的标签占了代码的大半字节。
PLAIN = re.compile(r'<span class="(?:w|n|p|nn)">([^<]*)</span>')


def visit_hidden_code(self, node):
    """折叠的代码：名字就是看得见的“显示代码/隐藏代码”，不另设 aria-label。"""
    classes = " ".join(node["classes"])
    show, hide = self.encode(node["prompt_show"]), self.encode(node["prompt_hide"])
    self.body.append(
        f'<details class="admonition hide {classes}">\n<summary>'
        f'<span class="collapsed admonition-title">{show}</span>'
        f'<span class="expanded admonition-title">{hide}</span></summary>\n'
    )


class BookTranslator(HTML5Translator):
    """图晚些取；参考文献写成普通列表（docutils 用的 ARIA 角色已废弃，读屏软件不认）。"""

    def visit_image(self, node):
        """图在滚动到近处时才取：首屏文字不必等图。"""
        super().visit_image(node)
        self.body[-1] = self.body[-1].replace("<img ", '<img loading="lazy" ', 1)

    def depart_figure(self, node):
        """图后面是它的引用与下载。"""
        super().depart_figure(node)
        self.body.append(cite.tools(self.builder, self.docnames[-1], node))

    def visit_citation(self, node):
        """第一条之前开列表。"""
        if not isinstance(node.previous_sibling(), nodes.citation):
            self.body.append('<ul class="citation-list">\n')
        self.body.append(self.starttag(node, "li", CLASS="citation"))

    def depart_citation(self, node):
        """最后一条之后关列表。"""
        self.body.append("</li>\n")
        if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
            self.body.append("</ul>\n")

    def visit_literal_block(self, node):
        """代码：去掉不改变颜色的标签。"""
        start = len(self.body)
        try:
            super().visit_literal_block(node)
        finally:
            self.body[start:] = [PLAIN.sub(r"\1", piece) for piece in self.body[start:]]


def setup(app):
    """换上本书的写法。"""
    app.set_translator("html", BookTranslator)
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_code, depart_HideCellInput))
