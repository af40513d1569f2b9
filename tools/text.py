"""把书稿拆成一段段文字：MyST 解析一遍，去掉代码、公式、角色与网址，只留读者看得见的话。

``prose`` 给检查数字与文字版式的工具用，``strings`` 从代码单元取出字符串。
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from chokepoint import OUTPUT_MIME as MIME

#: 占位符：算出来的数、角色的内容、f 字符串里的表达式。
COMPUTED = "□"
#: 内容不是文字的指令。
SILENT = {"bibliography", "code", "code-block", "code-cell", "math", "raw", "toctree", "include", "mermaid"}
#: 值是文字的指令选项。
SPOKEN = {"alt", "caption", "title"}

_STOPS = ("。", "：", "？", "！", "，", "；", "”", "）")

_DIRECTIVE = re.compile(r"^\{([^}]+)\}\s*(.*)$")
_OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")
_TITLED = re.compile(r"^(.*?)\s*<[^<>]+>$", re.S)
_URL = re.compile(r"https?://[^\s，。；）]+")
_HTML = re.compile(r"<!--.*?-->|<[^>]+>", re.S)


@dataclass(frozen=True)
class Passage:
    """一段文字。

    Parameters
    ----------
    place : str
        读者找得到的位置，如 ``book/index.ipynb 第 3 格``。
    kind : str
        ``markdown``（正文）、``code``（代码里的字符串）或 ``output``（存下的输出）。
    text : str
        文字。
    call : str
        代码里的字符串所在调用的名字，如 ``prose.findings``。
    """

    place: str
    kind: str
    text: str
    call: str = ""


@cache
def _parser():
    extensions = {"colon_fence", "dollarmath", "amsmath", "deflist", "html_image", "attrs_inline", "attrs_block"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def _role(name: str, content: str, values: Mapping[str, str]) -> str:
    """一个角色在书页上显示的样子（知道多少写多少）。"""
    if name.startswith("glue"):
        return values.get(content, COMPUTED)
    if name == "numref":
        return "图 1"
    if name.startswith("cite"):
        return ""
    titled = _TITLED.match(content)
    if titled:
        return titled[1]
    return content if name in {"term", "abbr", "sub", "sup"} else COMPUTED


def _child(child, values: Mapping[str, str], keep_code: bool) -> str:
    if child.type in {"text", "image"}:
        return child.content
    if child.type in {"softbreak", "hardbreak"}:
        return "\n"
    if child.type == "myst_role":
        return _role(child.meta["name"], child.content, values)
    if child.type in {"code_inline", "math_inline"}:
        return f"`{child.content}`" if keep_code else f" {COMPUTED} "
    return ""


def _inline(token, values: Mapping[str, str], keep_code: bool) -> str:
    parts: list[str] = []
    bold_ended = False
    for child in token.children or []:
        text = _child(child, values, keep_code)
        if keep_code and bold_ended:
            text = text.lstrip(" ")  # 粗体以标点收尾时，Markdown 要求其后有空格，否则不成粗体
        bold_ended = child.type in {"strong_close", "em_close"} and bool(parts) and parts[-1].endswith(_STOPS)
        if text:
            parts.append(text)
    return _HTML.sub("", _URL.sub("", "".join(parts)))


def _directive(token) -> tuple[str, str, list[str], str]:
    """指令的名字、参数、读者听得到的选项值，以及正文。"""
    match = _DIRECTIVE.match(token.info.strip())
    if not match:
        return "", "", [], ""
    lines = token.content.splitlines()
    spoken, start = [], 0
    if lines and lines[0].strip() == "---":
        start = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0) + 1
        options = [re.match(r"^([\w-]+):\s*(.*)$", line) for line in lines[1:start]]
    else:
        options = []
        while start < len(lines) and (option := _OPTION.match(lines[start].strip())):
            options.append(option)
            start += 1
    spoken = [option[2] for option in options if option and option[1] in SPOKEN]
    return match[1], match[2], spoken, "\n".join(lines[start:])


def prose(
    markdown: str, values: Mapping[str, str] | None = None, *, keep_code: bool = False
) -> Iterator[tuple[int, str]]:
    """Markdown 里读者看得见的文字，逐块给出。

    Parameters
    ----------
    markdown : str
        MyST Markdown。
    values : mapping, optional
        ``{glue:text}`` 各键的值；不给则以占位符代替。
    keep_code : bool
        行内代码与公式是原样保留（查版式用），还是换成占位符（查数字用）。

    Yields
    ------
    tuple of (int, str)
        行号（从 1 起）与文字。
    """
    values = values or {}
    for token in _parser().parse(markdown, {}):
        line = (token.map[0] if token.map else 0) + 1
        if token.type == "inline":
            yield line, _inline(token, values, keep_code)
        elif token.type in {"fence", "colon_fence"}:
            name, argument, spoken, body = _directive(token)
            if not name or name in SILENT:
                continue
            if argument and name not in {"figure", "image", "solution"}:
                spoken.insert(0, argument)
            for text in [*spoken, body]:
                for inner, words in prose(text, values, keep_code=keep_code):
                    yield line + inner - 1, words


class _Strings(ast.NodeVisitor):
    """收集字符串字面量；f 字符串的表达式换成占位符。"""

    def __init__(self):
        self.found: list[tuple[int, str, str]] = []
        self.typed: list[tuple[int, str, str]] = []
        self.calls: list[str] = []

    def visit_Call(self, node):
        name = ast.unparse(node.func)
        self.calls.append(name)
        if (name.startswith("prose.") or name in {"str", "format"}) and node.args and _is_typed_number(node.args[0]):
            self.typed.append((node.lineno, ast.unparse(node), name))
        self.generic_visit(node)
        self.calls.pop()

    def _add(self, node, text):
        self.found.append((node.lineno, text, self.calls[-1] if self.calls else ""))

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self._add(node, node.value)

    def visit_JoinedStr(self, node):
        text = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += part.value
            else:
                text += COMPUTED
                if _is_typed_number(part.value):
                    self.typed.append((node.lineno, ast.unparse(node), "f 字符串"))
                self.visit(part.value)
        self._add(node, text)


def _is_typed_number(node: ast.AST) -> bool:
    """表达式里只有数、没有名字：``0.317``、``35 + 1``、``round(31.7)``。"""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return bool(node.args) and all(_is_typed_number(a) for a in node.args)
    names = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.JoinedStr, ast.Starred)
    return not any(isinstance(n, names) for n in ast.walk(node)) and any(
        isinstance(n, ast.Constant) and isinstance(n.value, int | float) for n in ast.walk(node)
    )


def strings(code: str) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
    """代码里的字符串，与写进句子的数字字面量。

    Returns
    -------
    found, typed : list of (行号, 文字, 所在调用)
        ``found`` 是字符串；``typed`` 是 ``prose.percent(0.3)``、``f"{35} 项"`` 这类绕道。
    """
    visitor = _Strings()
    visitor.visit(ast.parse(code))
    return visitor.found, visitor.typed


def glue_values(notebook: dict) -> dict[str, str]:
    """笔记本存下的行内数字：键 → 值。"""
    values: dict[str, str] = {}
    for spec in specs(notebook):
        if spec["kind"] == "values":
            values.update(spec["values"])
    return values


def specs(notebook: dict) -> list[dict]:
    """笔记本里我们自己的输出（图、表、要点、数字）的说明。"""
    return [
        output["data"][MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]


def read(path: Path) -> dict:
    """读笔记本；各单元与输出的文字合成整串。"""
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook
