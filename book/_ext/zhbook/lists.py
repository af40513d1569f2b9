"""``{figure-list} 图`` 与 ``{figure-list} 表``：全书的图目与表目，号码与题都照各章。

题取自笔记本里存的输出，号码由 Sphinx 给；附录里数据目录的表不列，那里自有总表。
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .outputs import MIME
from .pages import link, toc_documents

KINDS = {"图": "figure", "表": "table"}
#: 数据目录自己的章：表是逐表的说明，不进表目。
CATALOGUE = "book/appendix/data_"


def captions(path: Path, kind: str) -> list[tuple[str, str]]:
    """一个笔记本里的图或表：(标签, 题)。"""
    if path.suffix != ".ipynb" or not path.exists():
        return []
    cells = json.loads(path.read_text("utf-8"))["cells"]
    specs = [o.get("data", {}).get(MIME) for cell in cells for o in cell.get("outputs", [])]
    return [(s["name"], s["caption"]) for s in specs if s and s["kind"] == kind]


class FigureList(SphinxDirective):
    """按章列出图或表；每次构建都重读，因为内容取决于别的笔记本。"""

    required_arguments = 1

    def run(self):
        """一章一段，一图一行。"""
        if self.arguments[0] not in KINDS:
            raise self.error(f"figure-list 后面写“图”或“表”，实为 {self.arguments[0]!r}")
        kind = KINDS[self.arguments[0]]
        self.env.note_reread()
        out = []
        for doc in toc_documents(self.config):
            found = captions(Path(self.env.doc2path(doc)), kind)
            if not found or doc.startswith(CATALOGUE):
                continue
            out.append(nodes.paragraph("", "", nodes.strong("", "", link(self.env, "doc", f"/{doc}", doc))))
            items = nodes.bullet_list(bullet="-")
            for label, caption in found:
                line = nodes.paragraph("", "", link(self.env, "numref", label, label), nodes.Text("　" + caption))
                items += nodes.list_item("", line)
            out.append(items)
        return out


def setup(app):
    """登记指令。"""
    app.add_directive("figure-list", FigureList)
