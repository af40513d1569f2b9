"""多部分的书：首章、部分、附录、不编号的篇，在 LaTeX 里各就各位（以后加章不用改代码）。"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.paths import BOOK, ROOT, environment
from tools.pdf import JOB

TOC = """format: jb-book
root: book/index
parts:
  - caption: 甲部分
    numbered: 2
    chapters: [{file: book/one/a}, {file: book/one/b}]
  - caption: 乙部分
    numbered: 2
    chapters: [{file: book/two/c}]
  - caption: 附录
    numbered: 2
    chapters: [{file: book/appendix/data}, {file: book/appendix/answers}]
  - caption: 索引
    chapters: [{file: book/appendix/words}]
"""
TABLE = "```{{table}} 表题{0}\n:name: tbl-{0}\n\n| 甲 | 乙 |\n|:---|---:|\n| 一 | 1 |\n```\n"
CHAPTER = """# 章{0}

## 节

$$ a = b $$ (eq-{0})

```{{exercise}} 题{0}
:label: ex-{0}

问{0}。
```

```{{solution}} ex-{0}
:class: dropdown

答案文字{0}。
```
"""
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": CHAPTER.format("b") + TABLE.format("b")},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"tags": ["show-input"]},
            "source": "leaked_code = 1",
            "execution_count": 1,
            "outputs": [],
        },
    ],
}


def write(root, toc=TOC):
    for name in ("_config.yml", "CITATION.cff", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    (root / "_toc.yml").write_text(toc, "utf-8")
    book = root / "book"
    for folder in ("one", "two", "appendix"):
        (book / folder).mkdir(parents=True)
    for name in ("_ext", "_static", "_templates"):
        (book / name).symlink_to(BOOK / name)
    (book / "references.bib").write_text("", "utf-8")
    (book / "index.md").write_text(
        "# 首页\n\n开头。\n\n" + TABLE.format("front") + "\n## 首页的节\n\n正文。\n", "utf-8"
    )
    (book / "one" / "a.md").write_text(CHAPTER.format("a") + TABLE.format("a"), "utf-8")
    (book / "one" / "b.ipynb").write_text(json.dumps(NOTEBOOK, ensure_ascii=False), "utf-8")
    (book / "two" / "c.md").write_text(CHAPTER.format("c"), "utf-8")
    (book / "appendix" / "data.md").write_text("# 数据\n\n" + TABLE.format("data"), "utf-8")
    (book / "appendix" / "answers.md").write_text("# 答案\n\n```{answers}\n```\n", "utf-8")
    (book / "appendix" / "words.md").write_text("# 术语\n\n文字。\n", "utf-8")


def latex(root):
    """写 LaTeX，返回退出码、输出与 .tex。"""
    command = [Path(sys.executable).parent / "jupyter-book", "build", str(root), "--builder", "latex"]
    done = subprocess.run(
        [*command, "--path-output", str(root / "out"), "-W", "-n", "--keep-going"],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=root,
    )
    path = root / "out" / "_build" / "latex" / f"{JOB}.tex"
    return done.returncode, done.stdout + done.stderr, path.read_text("utf-8") if path.exists() else ""


@pytest.fixture(scope="module")
def tex(tmp_path_factory):
    root = tmp_path_factory.mktemp("book")
    write(root)
    code, output, text = latex(root)
    assert code == 0, output[-3000:]
    return text


def test_order_of_parts_and_chapters(tex):
    heads = re.findall(r"\\(part|zhappendixpart|zhtocpart|chapter|setcounter\{secnumdepth\})\{([^}]*)\}", tex)
    depth = "setcounter{secnumdepth}"
    assert heads == [
        (depth, "-1"),
        ("chapter", "首页"),
        ("part", "甲部分"),
        (depth, "1"),
        ("chapter", "章a"),
        ("chapter", "章b"),
        ("part", "乙部分"),
        (depth, "1"),
        ("chapter", "章c"),
        ("zhappendixpart", "附录"),
        (depth, "1"),
        ("chapter", "数据"),
        ("chapter", "答案"),
        ("zhtocpart", "索引"),
        (depth, "-1"),
        ("chapter", "术语"),
    ]


def test_numbers_come_from_sphinx(tex):
    assert re.findall(r"\\gdef\\thetable\{(.*?)\}", tex) == ["0.1", "1.1", "2.1", "A.1"]
    assert re.findall(r"\\gdef\\theequation\{(.*?)\}", tex) == ["1.1", "2.1", "3.1"]


def test_answers_move_to_the_appendix(tex):
    body, answers = tex.split(r"\chapter{答案}")
    titles = [f"练习 {number}.1（题{name}）" for number, name in enumerate("abc", 1)]
    assert [t for t in titles if t not in body] == []
    places = [answers.index(t) for t in titles]
    assert places == sorted(places)
    assert all(f"答案文字{name}" in answers and f"答案文字{name}" not in body for name in "abc")
    assert r"book/one/a:ex-a" in answers, "答案没有链接回题目"


def test_code_is_left_out_even_when_shown_in_html(tex):
    assert r"\chapter{章b}" in tex
    assert "leaked" not in tex


SWAP = re.compile(r"(  - caption: 乙部分.*?)(  - caption: 附录.*?)(?=  - caption: 索引)", re.S)
WIDE = "\n".join("|" + f" {cell} |" * 9 for cell in ("a", "---", "unbreakableword" * 2))
#: 警告里该有的话 → (改哪个文件, 改成什么)；一本书里同时犯，逐条都要报出来
BAD_BOOKS = {
    "附录": ("_toc.yml", SWAP.sub(r"\2\1", TOC)),
    "没有答案": ("book/one/a.md", CHAPTER.format("a").split("```{solution}")[0]),
    "放不进一页": ("book/two/c.md", f"# 宽\n\n{WIDE}\n"),
}


def test_bad_book_stops_the_build(tmp_path):
    write(tmp_path)
    for name, text in BAD_BOOKS.values():
        (tmp_path / name).write_text(text, "utf-8")
    code, output, _ = latex(tmp_path)
    assert code != 0
    warnings = "\n".join(line for line in output.splitlines() if "WARNING" in line or "警告" in line)
    assert [fault for fault in BAD_BOOKS if fault not in warnings] == [], output[-2000:]
