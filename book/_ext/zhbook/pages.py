"""页面上的固定部分：版次与日期、下载、按钮的中文、构建状态页。"""

from __future__ import annotations

import gettext
import json
import os
import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.locale import translators
from sphinx.util.docutils import SphinxDirective

# Sphinx 的中文消息里缺的几条（其余界面文字在 _templates 里直接写中文）。
MESSAGES = {
    "Link to this heading": "本节的链接",
    "Link to this image": "本图的链接",
    "Link to this table": "本表的链接",
    "Link to this equation": "本式的链接",
    "Link to this definition": "本条的链接",
    "Link to this term": "本术语的链接",
    "Link to this code": "本段代码的链接",
    "Link to this toctree": "本目录的链接",
    "Copyright": "版权",
}
PDF_NAME = "chokepoint-book.pdf"
EPUB_NAME = "chokepoint-book.epub"
#: 执行一章所费：元数据里的名字 → 写几位小数。
SPENT = {"seconds": 1, "cpu": 1, "peak_mb": 0}
# 构建状态页列出的包：书、分析与执行所依赖的主要部分。
PACKAGES = (
    "jupyter-book",
    "sphinx",
    "myst-nb",
    "pandas",
    "numpy",
    "scipy",
    "networkx",
    "matplotlib",
    "pandera",
    "nbclient",
    "ipykernel",
)


class _Messages(gettext.NullTranslations):
    """查不到译文时用的一小份补充。"""

    def gettext(self, message):
        """译文；没有就原样返回。"""
        return MESSAGES.get(message, message)


def edition(srcdir: Path) -> dict[str, str]:
    """版次与日期，取自 ``CITATION.cff``。

    Parameters
    ----------
    srcdir : pathlib.Path
        书的根目录。

    Returns
    -------
    dict of str to str
        title、author、version、date（ISO）、date_zh（2026 年 11 月 24 日）。

    Raises
    ------
    sphinx.errors.ExtensionError
        文件缺项。
    """
    path = Path(srcdir) / "CITATION.cff"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key in ("title", "authors", "version", "date-released"):
        if not data.get(key):
            raise ExtensionError(f"CITATION.cff 缺 {key}")
    date = str(data["date-released"])
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date)
    if not match:
        raise ExtensionError(f"CITATION.cff 的 date-released 应为 YYYY-MM-DD，实为 {date}")
    year, month, day = (int(part) for part in match.groups())
    return {
        "title": data["title"],
        "author": "、".join(who.get("name") or who["family-names"] + who["given-names"] for who in data["authors"]),
        "version": str(data["version"]),
        "date": date,
        "date_zh": f"{year} 年 {month} 月 {day} 日",
    }


def locked_versions(lock: str) -> dict[str, str]:
    """``requirements.lock`` 里各包的版本（第一处为准）。"""
    versions: dict[str, str] = {}
    for name, version in re.findall(r"^([A-Za-z0-9_.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock, re.MULTILINE):
        versions.setdefault(name.lower(), version)
    return versions


def notebook_run(path: Path) -> dict:
    """笔记本元数据里最近一次执行的记录（seconds、date、python）；没有则为空。"""
    if path.suffix != ".ipynb" or not path.exists():
        return {}
    metadata = json.loads(path.read_text(encoding="utf-8")).get("metadata", {})
    return metadata.get("chokepoint", {}).get("run", {})


def table(
    title: str, name: str, header: list[str], rows: list[list], widths: list[int], numeric: tuple[int, ...] = ()
) -> nodes.table:
    """带题的表；``numeric`` 里的列靠右。"""
    whole = nodes.table(classes=["build-status"])
    whole["names"].append(name)
    whole += nodes.title("", title)
    group = nodes.tgroup(cols=len(header))
    whole += group
    for width in widths:
        group += nodes.colspec(colwidth=width)
    head, body = nodes.thead(), nodes.tbody()
    for part, lines in ((head, [header]), (body, rows)):
        for line in lines:
            row = nodes.row()
            for column, cell in enumerate(line):
                entry = nodes.entry(classes=["text-right"] if column in numeric else [])
                entry += cell if isinstance(cell, nodes.Node) else nodes.paragraph("", cell)
                row += entry
            part += row
        group += part
    return whole


def link(env, role: str, target: str, text: str) -> addnodes.pending_xref:
    """指令里的一处链接：``role`` 是 ``doc``、``numref`` 之类，写出时由 Sphinx 换成章名或图号。"""
    reference = addnodes.pending_xref(
        "", refdomain="std", reftype=role, refdoc=env.docname, refexplicit=False, reftarget=target
    )
    reference += nodes.inline("", text)
    return reference


def toc_documents(config) -> list[str]:
    """目录次序的全部文档（``_toc.yml`` 已由 sphinx-external-toc 读入配置）。"""
    site = config.external_site_map
    ordered = [site.root.docname]
    for doc in ordered:
        for toctree in site[doc].subtrees:
            ordered += [item for item in toctree.files() if item not in ordered]
    return ordered


class BuildStatus(SphinxDirective):
    """``{build-status}``：各章的执行时间与日期、主要软件的版本、版次。

    内容取决于别的笔记本，所以这一页每次构建都重读。
    """

    def run(self):
        """三段：版次、各章执行、软件版本。"""
        self.env.note_reread()
        srcdir = Path(self.env.srcdir)
        book = edition(srcdir)
        intro = nodes.paragraph("", f"版本 {book['version']}，{book['date_zh']}。")
        rows = []
        for doc in toc_documents(self.config):
            path = Path(self.env.doc2path(doc))
            if path.suffix != ".ipynb":
                continue
            run = notebook_run(path)
            spent = [f"{run[key]:,.{digits}f}" if key in run else "—" for key, digits in SPENT.items()]
            cell = nodes.paragraph("", "", link(self.env, "doc", f"/{doc}", doc))
            rows.append([cell, *spent, run.get("date", "—"), run.get("python", "—")])
        chapters = table(
            "各章最近一次执行",
            "build-chapters",
            ["章", "用时（秒）", "处理器（秒）", "峰值内存（MB）", "执行日期", "Python"],
            rows,
            [31, 12, 13, 16, 18, 10],
            numeric=(1, 2, 3, 4),  # 日期也不折行
        )
        lock = locked_versions((srcdir / "requirements.lock").read_text(encoding="utf-8"))
        missing = [name for name in PACKAGES if name not in lock]
        if missing:
            raise self.error(f"requirements.lock 里没有 {', '.join(missing)}")
        versions = table(
            "主要软件的版本", "build-packages", ["软件", "版本"], [[name, lock[name]] for name in PACKAGES], [60, 40]
        )
        for made in (chapters, versions):
            self.state.document.note_explicit_target(made)
        return [intro, chapters, versions]


def _page_context(app, pagename, templatename, context, doctree):
    """给模板：版次、本页 notebook 与全书 PDF、EPUB 的地址。"""
    if app.builder.name != "html":
        return
    context["edition"] = edition(Path(app.srcdir))
    pathto = context["pathto"]
    downloads = []
    if pagename in app.env.found_docs and str(app.env.doc2path(pagename)).endswith(".ipynb"):
        url = pathto(f"_sources/{pagename}.ipynb", 1)
        downloads.append({"url": url, "text": "下载本页 notebook", "icon": "fa-file-code", "kind": "notebook"})
    if app.config.book_pdf:
        downloads.append({"url": pathto(PDF_NAME, 1), "text": "下载全书 PDF", "icon": "fa-file-pdf", "kind": "pdf"})
    context["downloads"] = downloads
    context["epub"] = pathto(EPUB_NAME, 1)
    context["theme_search_bar_text"] = "搜索全书"


def _front_door(app, exception):
    """根目录的 ``index.html``：转到首页。"""
    if exception is not None or app.builder.name != "html" or app.config.root_doc == "index":
        return
    target = app.builder.get_target_uri(app.config.root_doc)
    title = app.config.html_title
    page = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f'<meta http-equiv="refresh" content="0; url={target}"/>\n<link rel="icon" href="data:,"/>\n'
        f"<title>{title}</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p><a href="{target}">打开首页</a></p>\n</main>\n</body>\n</html>\n'
    )
    (Path(app.outdir) / "index.html").write_text(page, encoding="utf-8")


def _rewrite_when_shared_text_changes(app, env):
    """别的页会用到的东西（章名、章号、标签、图表号、术语、文献、版次）变了，全部页面重写。

    Sphinx 只重写自己变了的页，侧栏、前后页、交叉引用会因此过时。
    """
    order = [app.config.root_doc, *env.toctree_includes.get(app.config.root_doc, [])]
    titles = [(doc, env.titles[doc].astext(), env.titles[doc].get("secnumber")) for doc in order if doc in env.titles]
    standard = env.domaindata["std"]
    shared = [sorted(standard.get(key, {}).items()) for key in ("labels", "anonlabels", "objects", "terms")]
    cited = [
        (item.key, item.formatted_entry.label, str(item.formatted_entry.text))
        for item in env.get_domain("cite").citations
    ]
    numbers = sorted(env.toc_fignumbers.items())
    signature = repr((titles, shared, numbers, cited, edition(Path(app.srcdir))))
    seen = getattr(env, "zhbook_shared", {})
    changed = signature != seen.get(app.builder.name)
    env.zhbook_shared = {**seen, app.builder.name: signature}
    return sorted(env.found_docs) if changed else []


def _supplement_messages(app):
    translator = translators.get(("general", "sphinx"))
    if translator is not None:
        translator.add_fallback(_Messages())


def setup(app):
    """登记指令、配置 ``book_pdf`` 与页面事件。"""
    app.add_config_value("book_pdf", os.environ.get("BOOK_PDF") == "1", "html")
    app.add_directive("build-status", BuildStatus)
    app.connect("builder-inited", _supplement_messages)
    app.connect("env-updated", _rewrite_when_shared_text_changes, priority=950)
    app.connect("html-page-context", _page_context, priority=900)
    app.connect("build-finished", _front_door, priority=400)
