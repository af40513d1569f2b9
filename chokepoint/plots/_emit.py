"""图和表的收尾：一次调用，存下书、JupyterLab、GitHub 各自要的形式。"""

from __future__ import annotations

import html
import io
import json
import re

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from scour.scour import parse_args, scourString

from .. import OUTPUT_MIME, data

_SCOUR = parse_args(
    [
        "--enable-id-stripping",
        "--shorten-ids",
        "--enable-comment-stripping",
        "--remove-metadata",
        "--indent=none",
        "--no-line-breaks",
        "--set-precision=4",
        "--quiet",
    ]
)
_NAME = re.compile(r"(fig|tbl)-[a-z0-9-]+")
#: 右对齐的列：每格都是数、区间、百分数或缺失。
_NUMERAL = r"[-+−]?[\d,]+(?:\.\d+)?(?:–[\d,]+(?:\.\d+)?)?%?|—"
_SCRIPT = re.compile(r"[a-z][a-z0-9-]*\.js")
#: 一张表最多几列；再宽就请改造，不要缩小。
MAX_COLUMNS = 8


def _check_name(name: str, prefix: str) -> None:
    if not _NAME.fullmatch(name) or not name.startswith(prefix):
        raise ValueError(f"名字 {name!r} 应形如 {prefix}import-share：小写字母、数字与连字符")


def _one_line(text: str, what: str) -> str:
    text = " ".join(str(text).split())
    if not text:
        raise ValueError(f"{what}不能为空：它是读者 (或读屏软件) 唯一能看到的说明")
    return text


def _svg(fig) -> str:
    """图存成 SVG（再用 scour 压去约四成）；PDF 由构建时转换，笔记本里不存第二份。"""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return scourString(buffer.getvalue().decode(), _SCOUR)


def _interaction(script: str, payload: dict | None) -> dict | None:
    """网页上的互动部分：脚本名与它用的数据；没有就是 None。"""
    if not script and payload is None:
        return None
    if not _SCRIPT.fullmatch(script) or payload is None:
        raise ValueError(f"互动图要有脚本名（形如 chain.js）和数据，现为 {script!r} 与 {type(payload).__name__}")
    return {"script": script, "payload": json.loads(json.dumps(payload, ensure_ascii=False, allow_nan=False))}


def figure(
    fig,
    name: str,
    *,
    caption: str,
    alt: str,
    tables: list[str],
    note: str = "",
    script: str = "",
    payload: dict | None = None,
) -> None:
    """收尾一张图：编号由书给，图题、来源行、替代文本都是算出来的字符串。

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        画好的图；调用后关闭。
    name : str
        全书唯一的标签，``fig-`` 开头，正文用 ``{numref}`` 引用。
    caption : str
        图题：说出结论。数字须由数据算出。
    alt : str
        替代文本：读屏软件念给看不见图的人，要说出结论和关键数字。
    tables : list of str
        图所用的数据表；来源行与许可由它们算出。
    note : str, optional
        读图说明：分母、口径、怎么读。
    script, payload : str and dict, optional
        网页上的互动部分：``book/_static/`` 里的脚本与它用的数据（能写成 JSON，没有缺失）。
        图之后有一块 ``<div id="名字-panel" hidden>`` 与一份 ``<script id="名字-data">``，由脚本接手；
        没有脚本时、在 PDF 与 JupyterLab 里，读者看到的就是这张静态的图。

    Raises
    ------
    ValueError
        名字不合规、说明为空，或所列数据表在本章没有加载过。
    """
    _check_name(name, "fig-")
    spec = {
        "kind": "figure",
        "name": name,
        "caption": _one_line(caption, "图题"),
        "alt": _one_line(alt, "替代文本"),
        "note": " ".join(note.split()),
        "source": data.source_line(tables, markdown=True),
        "tables": list(tables),
        "licence": data.licence(tables)["name"],
    }
    if interaction := _interaction(script, payload):
        spec["interactive"] = interaction
    bundle = {
        "image/svg+xml": _svg(fig),
        "text/plain": f"[图] {spec['caption']}\n{data.source_line(tables)}",
        OUTPUT_MIME: spec,
    }
    plt.close(fig)
    display(bundle, raw=True)


def _cell(value, decimals: int) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:,.{decimals}f}"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return str(value).replace("\n", " ").replace("|", "\\|")


def table(
    frame: pd.DataFrame,
    name: str,
    *,
    caption: str,
    tables: list[str],
    decimals: int = 1,
    note: str = "",
) -> None:
    """收尾一张表：有编号、题目和来源行；网页、PDF、JupyterLab 各得其所。

    Parameters
    ----------
    frame : pandas.DataFrame
        要显示的表，列名即表头 (中文);索引不显示。
    name : str
        全书唯一的标签，``tbl-`` 开头。
    caption : str
        表题：说出结论或内容。
    tables : list of str
        所用的数据表。
    decimals : int
        小数位数。
    note : str, optional
        读表说明。

    Raises
    ------
    ValueError
        名字不合规、表题为空、没有行，或列太多。
    """
    _check_name(name, "tbl-")
    if frame.empty:
        raise ValueError(f"表 {name} 没有行")
    if len(frame.columns) > MAX_COLUMNS:
        raise ValueError(f"表 {name} 有 {len(frame.columns)} 列，超过 {MAX_COLUMNS} 列：请改造，不要缩小")
    cells = frame.astype(object).map(lambda v: _cell(v, decimals))
    numeric = [cells[c].str.fullmatch(_NUMERAL).all() for c in cells]
    _table(cells, numeric, name, caption, data.source_line(tables, markdown=True), note, tables)


def provenance(name: str, tables: list[str]) -> None:
    """收尾“数据与来源”表：每张数据表的行数、来源、等级、许可与下载，链接到数据目录。

    Parameters
    ----------
    name : str
        全书唯一的标签，``tbl-`` 开头。
    tables : list of str
        数据表名，通常是 ``data.loaded()``。
    """
    _check_name(name, "tbl-")
    about = data.catalogue(tables).set_index("name")
    rows = [
        {
            "数据表": f"[{about.loc[t, 'title']}](#{data.anchor(t)})",
            "行数": int(about.loc[t, "rows"]),
            "来源数": int(about.loc[t, "n_sources"]),
            "A 级占比": f"{about.loc[t, 'share_a']:.0%}",
            "许可": data.licence([t])["title"],
            "下载": f"{{download}}`CSV </data/{t}.csv>`",
        }
        for t in tables
    ]
    cells = pd.DataFrame(rows).map(lambda v: _cell(v, 0))
    numeric = [False, True, True, True, False, False]
    _table(cells, numeric, name, "本章所用的数据表", "", "", tables)


def _plain(text: str) -> str:
    """单元格里的 Markdown 链接与角色，退回成普通文字（给 JupyterLab 与 GitHub）。"""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\{[a-z]+\}`([^`<]*?)\s*(?:<[^>`]*>)?`", r"\1", text).replace("\\|", "|")


def _table(cells, numeric, name, caption, source, note, tables) -> None:
    """由已写成文字的单元格发出一张表。"""
    caption, note = _one_line(caption, "表题"), " ".join(note.split())
    rows = ["| " + " | ".join(map(str, cells.columns)) + " |"]
    rows += ["|" + "|".join("---:" if n else ":---" for n in numeric) + "|"]
    rows += ["| " + " | ".join(row) + " |" for row in cells.itertuples(index=False, name=None)]
    below = "\n\n".join(text for text in (note, source) if text)
    markdown = "\n".join([f"````{{table}} {caption}", f":name: {name}", "", *rows, "````", ""])
    if below:
        markdown += f"\n````{{container}} source\n{below}\n````\n"
    spec = {
        "kind": "table",
        "name": name,
        "caption": caption,
        "note": note,
        "source": source,
        "tables": list(tables),
        "licence": data.licence(tables)["name"],
        "markdown": markdown,
    }
    plain = cells.map(_plain)
    display(
        {
            "text/html": f"<p>{html.escape(caption)}</p>{plain.to_html(index=False, border=0)}",
            "text/plain": f"{caption}\n{plain.to_string(index=False)}",
            OUTPUT_MIME: spec,
        },
        raw=True,
    )
