"""图下的“引用与下载”：号码、图题、版次、地址连成一句可以抄走的著录，图与它的数据就地下载。

号码、版次由 Sphinx 与 ``CITATION.cff`` 给出；数据文件就是数据目录里供下载的那一份。
"""

from __future__ import annotations

import html
from pathlib import Path

from docutils import nodes
from sphinx.util.osutil import relative_uri

from .pages import edition


def tables_of(figure: nodes.figure) -> list[str]:
    """来源行通到的数据表（``…#data-表名``），按先后，不重复；整个数据包的总表不算。"""
    links = [r.get("refuri", "") + "#" + r.get("refid", "") for r in figure.findall(nodes.reference)]
    anchors = [part for link in links for part in link.split("#") if part.startswith("data-")]
    names = [anchor.removeprefix("data-").replace("-", "_") for anchor in anchors]
    return [name for name in dict.fromkeys(names) if name != "all"]


def reference(book: dict[str, str], number: tuple, caption: str, address: str) -> str:
    """一张图的著录。

    Parameters
    ----------
    book : dict
        :func:`zhbook.pages.edition` 的结果。
    number : tuple
        章号与图号。
    caption, address : str
        图题；页的地址加锚点（相对书的根）。
    """
    where = ".".join(map(str, number))
    return "，".join(
        [
            f"{book['author']}：{book['title']}",
            f"版本 {book['version']}",
            book["date_zh"],
            f"图 {where}“{caption}”",
            address,
        ]
    )


def tools(builder, docname: str, figure: nodes.figure) -> str:
    """一张图的“引用与下载”；没有编号的图（不在书里）没有。"""
    env = builder.env
    name = figure["ids"][0]
    number = env.toc_fignumbers.get(docname, {}).get("figure", {}).get(name)
    image, caption = next(figure.findall(nodes.image), None), next(figure.findall(nodes.caption), None)
    if not number or image is None or caption is None:
        return ""
    page = builder.get_target_uri(docname)
    text = reference(edition(Path(env.srcdir)), number, caption.astext(), f"{page}#{name}")
    links = [(f"{builder.imgpath}/{Path(image['uri']).name}", "图（SVG）")]
    for table in tables_of(figure):
        found = env.dlfiles.get(f"data/{table}.csv")
        if found:
            links.append((relative_uri(page, f"_downloads/{found[1]}"), f"{table}.csv"))
    items = "、".join(f'<a download href="{html.escape(url)}">{html.escape(label)}</a>' for url, label in links)
    return (
        f'<details class="figure-tools no-search"><summary>引用与下载</summary><p>{html.escape(text)}</p>'
        f"<p>下载：{items}</p></details>\n"
    )
