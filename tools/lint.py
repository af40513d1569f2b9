"""书稿的文字规矩：统计数字不手打；中文排版。

    python -m tools.lint          查全书；有毛病则退出码为 1

数字查正文与代码里的字符串（图题、替代文本、关键发现都从那里来）；
排版另查存下的输出，因为那里才是读者看见的句子。
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from .numerals import Allowed, statistics
from .paths import ROOT, toc_files
from .text import Passage, glue_values, prose, read, specs, strings
from .typography import faults

ALLOWED = ROOT / "tests" / "chapters" / "allowed_numbers.toml"
_HAN = re.compile(r"[\u4e00-\u9fff]")
#: 没有汉字的字符串里，只有像数值的才看：百分数、小数。
_FIGURE = re.compile(r"\d\s*%|^\s*[+-]?\d[\d,]*\.\d+\s*$")
#: 这些调用的字符串是写给读者的，光秃秃的整数也算。
_SPOKEN = re.compile(r"^(?:prose|plots)\.")


def allowed(path: Path = ALLOWED) -> list[Allowed]:
    """读例外清单。

    Raises
    ------
    ValueError
        某条没有理由，或形式为空。
    """
    entries = tomllib.loads(path.read_text("utf-8")).get("allow", [])
    for entry in entries:
        if not entry.get("pattern") or len(entry.get("reason", "")) < 4:
            raise ValueError(f"{path.name}：每条都要有 pattern 与 reason，现有 {entry}")
    return [Allowed(entry["pattern"], entry["reason"]) for entry in entries]


def _cells(notebook: dict, name: str) -> Iterator[tuple[str, dict]]:
    for index, cell in enumerate(notebook["cells"], 1):
        yield f"{name} 第 {index} 格", cell


def passages(path: Path, name: str, *, typeset: bool = False) -> Iterator[Passage]:
    """一个文件里要查的文字。

    Parameters
    ----------
    path : Path
        ``.md`` 或 ``.ipynb``。
    name : str
        报告里用的文件名。
    typeset : bool
        查排版（填入算出的值，连同存下的输出）还是查数字（算出的值换成占位符，连同代码里的字符串）。
    """
    if path.suffix == ".md":
        for line, text in prose(path.read_text("utf-8"), keep_code=typeset):
            yield Passage(f"{name} 第 {line} 行", "markdown", text)
        return
    notebook = read(path)
    values = glue_values(notebook) if typeset else {}
    for place, cell in _cells(notebook, name):
        if cell["cell_type"] == "markdown":
            for _, text in prose(cell["source"], values, keep_code=typeset):
                yield Passage(place, "markdown", text)
        elif cell["cell_type"] == "code" and not typeset:
            for _, text, call in strings(cell["source"])[0]:
                yield Passage(place, "code", text, call)
        elif cell["cell_type"] == "code":
            yield from _outputs(place, cell)


def _outputs(place: str, cell: dict) -> Iterator[Passage]:
    for spec in specs({"cells": [cell]}):
        markdown = [spec[k] for k in ("caption", "alt", "note", "source", "markdown") if spec.get(k)]
        markdown += list(spec.get("values", {}).values())
        for text in markdown:
            for _, words in prose(text, keep_code=True):
                yield Passage(f"{place}的输出", "output", words)


def _worth(passage: Passage) -> bool:
    if passage.kind == "markdown" or _HAN.search(passage.text):
        return True
    bare = _SPOKEN.match(passage.call) and re.search(r"(?<![\w-])\d+(?![\w-])", passage.text)
    return bool(_FIGURE.search(passage.text) or bare)


def typed_numbers(path: Path, name: str, entries: list[Allowed]) -> list[str]:
    """一个文件里手打的统计数字。"""
    problems = []
    for passage in passages(path, name):
        if _worth(passage):
            for number in statistics(passage.text, entries):
                text = " ".join(passage.text.split())
                problems.append(f"{passage.place}：统计数字“{number}”是手打的：{text[:60]}")
    if path.suffix == ".ipynb":
        for place, cell in _cells(read(path), name):
            if cell["cell_type"] == "code":
                for _, code, _ in strings(cell["source"])[1]:
                    problems.append(f"{place}：数字写在代码里再印进句子：{code[:60]}")
            elif cell["cell_type"] == "markdown":
                problems += [f"{place}：{what}" for what in _hidden(cell["source"])]
    elif path.suffix == ".md":
        problems += [f"{name}：{what}" for what in _hidden(path.read_text("utf-8"))]
    return problems


def _hidden(markdown: str) -> list[str]:
    """藏在公式或行内代码里的百分数与小数。"""
    found = re.findall(r"(?<!`)[`$]\s*[+-]?(\d[\d.,]*\s*\\?%|\d+\.\d+)\s*[`$]", markdown)
    return [f"统计数字“{number}”藏在公式或代码里" for number in found]


def typography(path: Path, name: str) -> list[str]:
    """一个文件里的排版毛病。"""
    return [
        f"{passage.place}：{fault}"
        for passage in passages(path, name, typeset=True)
        if _HAN.search(passage.text)
        for fault in faults(passage.text)
    ]


def files() -> list[Path]:
    """全书的文件，按目录次序。"""
    found = [(ROOT / f"{name}{suffix}") for name in toc_files() for suffix in (".ipynb", ".md")]
    return [path for path in found if path.exists()]


def check(paths: list[Path], entries: list[Allowed]) -> list[str]:
    """这些文件的全部毛病，连同没有用到的例外。"""
    problems = []
    for path in paths:
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        problems += typed_numbers(path, name, entries) + typography(path, name)
    unused = [f"{ALLOWED.name}：没有用到的例外 {entry.pattern!r}，请删去" for entry in entries if not entry.used]
    return problems + unused


def main() -> int:
    paths = files()
    problems = check(paths, allowed())
    for problem in problems:
        print(problem)
    print(f"查了 {len(paths)} 个文件，{len(problems)} 处要改。")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
