"""本书的 Sphinx 扩展：中文界面、轻页面、全文检索、公式、编号、参考文献、图目、术语索引、PDF 与 EPUB。

每个模块只管一件事，各有自己的 ``setup``；这里只负责依次调用。
"""

from . import (
    answers,
    epub,
    latex,
    light,
    lists,
    mathml,
    numbering,
    outputs,
    pages,
    references,
    search,
    teaching,
    terms,
    writer,
)

MODULES = (outputs, numbering, references, light, search, mathml, pages, lists, writer, latex, epub, terms, answers)
MODULES += (teaching,)


def setup(app):
    """装上全部模块。"""
    for module in MODULES:
        module.setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
