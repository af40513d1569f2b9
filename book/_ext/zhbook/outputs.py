"""笔记本输出 → 书页：把 ``chokepoint`` 的图、表、要点输出改写成 MyST 指令。

笔记本里存的是图和表本身（JupyterLab、GitHub 直接看得见），旁边附一份
``application/vnd.chokepoint+json``，写明种类、名字、图题、替代文本与来源。
Sphinx 读入笔记本时（``source-read``），本模块把这些输出换成紧跟其后的
Markdown 单元：图成为 ``{figure}``（LaTeX 用的 PDF 由 sphinxcontrib-svg2pdfconverter 转），表成为
``{table}``，于是编号、交叉引用、图题都由 Sphinx 负责。

没有标签的代码单元一律折叠（``hide-input``）；要摊开就打 ``show-input``。
"""

from __future__ import annotations

import json
import os
from pathlib import Path

MIME = "application/vnd.chokepoint+json"
#: ``prose.numbers`` 登记的值。
GLUED = "application/papermill.record/text/plain"
KEEP_TAGS = {"show-input", "hide-input", "hide-cell", "remove-input", "remove-cell"}


def _write(path: Path, content: bytes) -> None:
    """内容变了才写（mtime 决定 Sphinx 是否重读），先写旁边再换入。"""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def _verbatim(output: dict) -> dict:
    """登记的值照写的印：myst-nb 把它当 Python 的值读，``0.50`` 会印成 0.5，所以给它带引号的。"""
    data = output.get("data", {})
    if GLUED not in data:
        return output
    return {**output, "data": {**data, GLUED: repr("".join(data[GLUED]))}}


def _figure(spec: dict, data: dict, docname: str, srcdir: Path) -> str:
    stem = f"{docname.rsplit('/', 1)[-1]}-{spec['name']}"
    folder = srcdir / "_build" / "figures"
    _write(folder / f"{stem}.svg", "".join(data["image/svg+xml"]).encode())
    lines = [
        f"````{{figure}} /_build/figures/{stem}.svg",
        f":name: {spec['name']}",
        f":alt: {spec['alt']}",
        "",
        spec["caption"],
        "",
    ]
    lines += [text + "\n" for text in (spec.get("note"), spec["source"]) if text]
    return "\n".join([*lines, "````", "", *_panel(spec), ""])


def _panel(spec: dict) -> list[str]:
    """互动图：这一页的脚本、它的数据、留给它的一块地方。"""
    if "interactive" not in spec:
        return []
    payload = json.dumps(spec["interactive"]["payload"], ensure_ascii=False).replace("</", "<\\/")
    return [
        f"```{{page-script}} {spec['interactive']['script']}\n```",
        "",
        "````{raw} html",
        f'<script type="application/json" id="{spec["name"]}-data">{payload}</script>',
        f'<div class="interactive" id="{spec["name"]}-panel" hidden></div>',
        "````",
    ]


def _markdown(spec: dict, data: dict, docname: str, srcdir: Path) -> str:
    return spec["markdown"]


def _nothing(spec: dict, data: dict, docname: str, srcdir: Path) -> str:
    return ""


RENDER = {"figure": _figure, "table": _markdown, "markdown": _markdown, "values": _nothing}


def book_cells(notebook: dict, docname: str, srcdir: Path) -> list[dict]:
    """笔记本的单元，其中我们的输出已换成 Markdown 单元。

    Parameters
    ----------
    notebook : dict
        nbformat 4 的笔记本。
    docname : str
        Sphinx 文档名，用来给图片文件取不重复的名字。
    srcdir : pathlib.Path
        书的根目录；图片写到其下的 ``_build/figures/``。

    Returns
    -------
    list of dict
        改写后的单元；原对象不动。
    """
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        kept, pages = [], []
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).get(MIME)
            if spec is None:
                kept.append(_verbatim(output))
            else:
                pages.append(RENDER[spec["kind"]](spec, output["data"], docname, srcdir))
        tags = cell.get("metadata", {}).get("tags", [])
        if not KEEP_TAGS & set(tags):
            tags = [*tags, "hide-input"]
        cells.append({**cell, "outputs": kept, "metadata": {**cell.get("metadata", {}), "tags": tags}})
        cells += [
            {"cell_type": "markdown", "id": f"{cell.get('id', 'cell')}-{i}", "metadata": {}, "source": text}
            for i, text in enumerate(pages)
            if text
        ]
    return cells


def _source_read(app, docname, source):
    if not str(app.env.doc2path(docname)).endswith(".ipynb"):
        return
    notebook = json.loads(source[0])
    notebook["cells"] = book_cells(notebook, docname, Path(app.srcdir))
    source[0] = json.dumps(notebook, ensure_ascii=False)


def setup(app):
    app.connect("source-read", _source_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
