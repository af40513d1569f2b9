"""EPUB：与 PDF 同样的正文，给手机与电子书阅读器。

书名、作者、版次取自 ``CITATION.cff``；样式是 ``epub_static/`` 里一个小文件，字体用阅读器自己的。
代码、互动图、“引用与下载”不进 EPUB（它们在网页与笔记本里）；公式是 MathML，图是 SVG，答案在练习之下。
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from .light import THEBE_CONFIG
from .pages import edition

BASENAME = "chokepoint-book"
STATIC = Path(__file__).with_name("epub_static")


def configure(app, config):
    """书名、标识、目录的深度；对别的产物没有作用。"""
    book = edition(Path(app.confdir))
    config.version = config.release = book["version"]
    config.epub_basename = BASENAME
    config.epub_title = book["title"]
    config.epub_author = config.epub_publisher = config.epub_contributor = book["author"]
    config.epub_language = "zh-CN"
    config.epub_uid = "book-id"
    config.epub_scheme = "URN"
    config.epub_identifier = f"urn:chokepoint-book:{book['version']}:{book['date']}"
    config.epub_description = "用数据回答卡脖子技术怎样识别、怎样破解：可以重跑、可以核对的报告。"
    config.epub_css_files = [(path.name, {}) for path in STATIC.glob("*.css")]
    config.epub_tocscope = "includehidden"
    config.epub_tocdepth = 2
    config.epub_show_urls = "no"
    config.epub_use_index = False


class LeaveOut(SphinxPostTransform):
    """去掉阅读器里用不上的：代码格、内嵌的网页代码、没有文件可下的下载链接。"""

    default_priority = 5
    builders = ("epub",)

    def run(self, **kwargs):
        """改这一篇。"""
        unwanted = [n for n in self.document.findall(nodes.container) if "cell" in n["classes"]]
        unwanted += [n for n in self.document.findall(nodes.raw) if n.get("format") == "html"]
        for node in unwanted:
            node.parent.remove(node)
        for link in list(self.document.findall(addnodes.download_reference)):
            link.replace_self(nodes.inline("", link.astext()))


def _own_files_only(app):
    """网页用的脚本与样式不装进书里；目录页的名字写中文。"""
    if app.builder.name == "epub":
        app.config.html_static_path = [str(STATIC)]
        app.builder.guide_titles = {**app.builder.guide_titles, "toc": "目录"}


def _page_context(app, pagename, templatename, context, doctree):
    """只用自己的样式；扩展给网页添的样式与脚本不要。"""
    if app.builder.name == "epub":
        own = {path.name for path in STATIC.glob("*.css")} | {"epub.css", "pygments.css"}
        kept = [css for css in context.get("css_files", []) if str(css.filename).rpartition("/")[2] in own]
        body = THEBE_CONFIG.sub("", context.get("body") or "")
        context.update(css_files=kept, script_files=[], body=body)


def setup(app):
    """登记；``configure`` 在 Sphinx 自己补默认值（800）之后。"""
    app.connect("config-inited", configure, priority=850)
    app.connect("builder-inited", _own_files_only)
    app.connect("html-page-context", _page_context, priority=960)
    app.add_post_transform(LeaveOut)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
