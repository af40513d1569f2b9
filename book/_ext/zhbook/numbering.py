"""全书编号：正文各章连续编号，附录用字母，首页的图表编作 0.x。

Sphinx 先照常给章节与图表编号（见 ``env-get-updated``），本模块随后改写结果：

* ``book/appendix/`` 下的编号文档依次成为 A、B、C……，其余编号文档依次为 1、2、3……；
* 首页（``root_doc``）的图、表、公式、练习编作 0.1、0.2……；
* 不编号的文档里不许有编号的图表，否则号码会与首页相撞。

改写只动 ``env.toc_secnumbers``、``env.toc_fignumbers`` 与目录节点，标题、侧栏、
``numref``、``eq`` 因此一致；增量构建时先把 Sphinx 自己的编号放回去再让它比较。
"""

from __future__ import annotations

from docutils import nodes
from sphinx.domains.std import StandardDomain
from sphinx.util import logging

logger = logging.getLogger(__name__)

APPENDIX_PREFIX = "book/appendix/"


def chapter_labels(chapters: dict[str, int], prefix: str = APPENDIX_PREFIX) -> dict[int, int | str]:
    """Sphinx 的章号 → 书上的章号。

    Parameters
    ----------
    chapters : dict of str to int
        编号文档的文档名与 Sphinx 给的章号。
    prefix : str
        附录文档名的前缀。

    Returns
    -------
    dict of int to (int or str)
        附录为大写字母，其余为从 1 起的整数，各按原来的先后。
    """
    ordered = sorted(chapters, key=chapters.get)
    body = [chapters[doc] for doc in ordered if not doc.startswith(prefix)]
    appendix = [chapters[doc] for doc in ordered if doc.startswith(prefix)]
    if len(appendix) > 26:
        raise ValueError(f"附录有 {len(appendix)} 篇，字母只够 26 篇")
    labels: dict[int, int | str] = {number: i for i, number in enumerate(body, 1)}
    labels.update({number: chr(ord("A") + i) for i, number in enumerate(appendix)})
    return labels


def relabel_figures(
    fignumbers: dict, labels: dict[int, int | str], numbered: set[str], root: str
) -> tuple[dict, list[tuple[str, str]]]:
    """改写图、表、公式、练习的号码。

    Returns
    -------
    tuple
        改写后的 ``toc_fignumbers``，以及不该有编号却有编号的 (文档名, 节点名) 清单。
    """
    result, stray = {}, []
    for doc, types in fignumbers.items():
        result[doc] = {}
        for kind, items in types.items():
            if doc in numbered:
                renamed = {key: (labels[num[0]], *num[1:]) for key, num in items.items()}
            else:
                ordered = sorted(items, key=items.get)
                renamed = {key: (0, i) for i, key in enumerate(ordered, 1)}
                if doc != root:
                    stray += [(doc, key) for key in ordered]
            result[doc][kind] = renamed
    return result, stray


def _restore(app, env):
    """编号之前：放回 Sphinx 自己的号码，让它只重写真正变了的页。"""
    env.toc_secnumbers = getattr(env, "zhbook_raw_secnumbers", env.toc_secnumbers)
    env.toc_fignumbers = getattr(env, "zhbook_raw_fignumbers", env.toc_fignumbers)
    return []


def _relabel_titles(env, labels):
    """标题与侧栏目录里的章号。"""

    def mapped(number):
        return [labels[number[0]], *number[1:]] if number else number

    for doc, secnumbers in env.toc_secnumbers.items():
        if not any(secnumbers.values()):
            continue
        title = env.titles.get(doc)
        if title is not None and title.get("secnumber"):
            title["secnumber"] = mapped(title["secnumber"])
        for reference in env.tocs[doc].findall(nodes.reference):
            if reference.get("secnumber"):
                reference["secnumber"] = mapped(reference["secnumber"])


def _relabel(app, env):
    env.zhbook_raw_secnumbers = env.toc_secnumbers
    env.zhbook_raw_fignumbers = env.toc_fignumbers
    chapters = {}
    for doc, secnumbers in env.toc_secnumbers.items():
        number = next((n for n in secnumbers.values() if n), None)
        if number:
            chapters[doc] = number[0]
    labels = chapter_labels(chapters)
    _relabel_titles(env, labels)
    env.toc_secnumbers = {
        doc: {key: (labels[num[0]], *num[1:]) if num else num for key, num in secnumbers.items()}
        for doc, secnumbers in env.toc_secnumbers.items()
    }
    env.toc_fignumbers, stray = relabel_figures(env.toc_fignumbers, labels, set(chapters), env.config.root_doc)
    for doc, key in stray:
        logger.warning("不编号的文档里有编号的图、表、公式或练习：%s", key, location=doc)

    old = getattr(env, "zhbook_numbers", {})
    new = {
        doc: (env.toc_secnumbers.get(doc), env.toc_fignumbers.get(doc))
        for doc in {*env.toc_secnumbers, *env.toc_fignumbers}
    }
    env.zhbook_numbers = new
    return [doc for doc in new if new[doc] != old.get(doc)]


class Numbered(StandardDomain):
    """``numref`` 要看所指之处是图是表。Sphinx 每遇一个就把那一篇的文档树从磁盘重读一遍，
    占去造书的一半时间；这里一篇只读一遍。"""

    def resolve_xref(self, env, fromdocname, builder, typ, target, node, contnode):
        """与 Sphinx 的相同，只是读过的文档树留着。"""
        if typ == "numref":
            env = _Kept(env)
        return super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)


class _Kept:
    """只读的环境：文档树读过就留着；要改文档树的人仍从 Sphinx 那里取新的。"""

    trees: dict[str, nodes.document] = {}

    def __init__(self, env):
        self._env = env

    def __getattr__(self, name):
        return getattr(self._env, name)

    def get_doctree(self, docname):
        if docname not in self.trees:
            self.trees[docname] = self._env.get_doctree(docname)
        return self.trees[docname]


def _forget(app, env):
    """文档重读过了，留着的作废。"""
    _Kept.trees.clear()


def setup(app):
    """在 Sphinx 编号前后各插一步。"""
    app.add_domain(Numbered, override=True)
    app.connect("env-updated", _forget)
    app.connect("env-get-updated", _restore, priority=100)
    app.connect("env-get-updated", _relabel, priority=900)
