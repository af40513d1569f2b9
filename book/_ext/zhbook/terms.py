"""PDF 的术语索引：术语表里的词，列出它解释的一页（粗体）与正文用到的各页。

makeindex 按字节排序，所以排序键取 GB 18030 的十六进制：常用字在其中按拼音排列，
西文在前。题注与标题里的不标（LaTeX 会排两遍）。
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import texescape

#: 这些元素里的词不进索引。
MOVING = (nodes.title, nodes.caption, nodes.table)


def sort_key(term: str) -> str:
    """排序键：小写后 GB 18030 的十六进制。"""
    return term.lower().encode("gb18030").hex()


def entry(term: str, bold: bool = False) -> str:
    r"""一条 ``\index``；makeindex 的专用字符先转义。"""
    text = texescape.escape(term, "xelatex")
    for char in '"!@|':
        text = text.replace(char, f'"{char}')
    return rf"\index{{{sort_key(term)}@{text}{'|textbf' if bold else ''}}}"


class MarkTerms(SphinxPostTransform):
    """在术语的解释与每处引用后面放索引标记；Sphinx 自己的索引项不要。"""

    default_priority = 860
    formats = ("latex",)

    def run(self, **kwargs):
        """改写拼合后的文档树。"""
        for index in list(self.document.findall(addnodes.index)):
            index.parent.remove(index)
        names = {}
        for glossary in self.document.findall(addnodes.glossary):
            for term in glossary.findall(nodes.term):
                names |= dict.fromkeys(term["ids"], term.astext())
                term += nodes.raw("", entry(term.astext(), bold=True), format="latex")
        for inline in list(self.document.findall(nodes.inline)):
            link = inline.parent
            if "std-term" not in inline["classes"] or not isinstance(link, nodes.reference) or self._moving(inline):
                continue
            target = link.get("refid") or link.get("refuri", "").rpartition("#")[2]
            name = names.get(target, inline.astext())  # 正文可以换个说法，索引里还是术语本来的名字
            link.parent.insert(link.parent.index(link) + 1, nodes.raw("", entry(name), format="latex"))

    @staticmethod
    def _moving(node) -> bool:
        while node is not None:
            if isinstance(node, MOVING):
                return True
            node = node.parent
        return False


def setup(app):
    """登记。"""
    app.add_post_transform(MarkTerms)
