"""每一章的骨架、代码、存下的输出与图表；每条检查先在坏副本上失败过。"""

import copy
import re

import pytest

from tests.chapters import anatomy, specimen
from tools import execute
from tools.paths import ROOT

NAMES = [path.relative_to(ROOT).as_posix() for path in anatomy.book()]
CHAPTERS = [path.relative_to(ROOT).as_posix() for path in anatomy.book() if anatomy.is_chapter(path)]


def test_there_are_notebooks():
    assert NAMES
    assert CHAPTERS


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("check", anatomy.EVERY, ids=lambda c: c.__name__)
def test_notebook(name, check):
    assert check(anatomy.load(ROOT / name)) == []


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.parametrize("check", anatomy.CHAPTER, ids=lambda c: c.__name__)
def test_chapter(name, check):
    assert check(anatomy.load(ROOT / name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_stored_outputs_are_fresh(name):
    assert execute.fresh(ROOT / name), f"{name} 的输出已过期：请运行 make book"


def test_labels_are_unique_over_the_book():
    assert anatomy.check_labels([anatomy.load(path) for path in anatomy.book()]) == []


# ---- 坏副本 ----
def built(change=lambda notebook: None):
    notebook = copy.deepcopy(specimen.chapter())
    change(notebook)
    return anatomy.Chapter("样品.ipynb", notebook)


def test_the_specimen_passes_everything():
    for check in [*anatomy.EVERY, *anatomy.CHAPTER]:
        assert check(built()) == [], check.__name__
    assert anatomy.check_labels([built()]) == []


def edit(pattern, new, flags=0):
    """在所有单元（与输出里的 Markdown）中替换。"""

    def change(notebook):
        hits = 0
        for cell in notebook["cells"]:
            cell["source"], n = re.subn(pattern, new, cell["source"], flags=flags)
            hits += n
            for out in cell.get("outputs", []):
                spec = out["data"].get(specimen.MIME, {})
                if "markdown" in spec:
                    spec["markdown"], n = re.subn(pattern, new, spec["markdown"], flags=flags)
                    hits += n
        assert hits, f"坏副本没有改到：{pattern}"

    return change


def code_cell(index, **changes):
    def change(notebook):
        [c for c in notebook["cells"] if c["cell_type"] == "code"][index].update(changes)

    return change


def bundle(kind, **changes):
    def change(notebook):
        for spec in [o["data"].get(specimen.MIME, {}) for c in notebook["cells"] for o in c.get("outputs", [])]:
            if spec.get("kind") == kind:
                spec.update(changes)

    return change


def drop(mime):
    def change(notebook):
        for cell in notebook["cells"]:
            for out in cell.get("outputs", []):
                out["data"].pop(mime, None)

    return change


def add(cell):
    return lambda notebook: notebook["cells"].append({"id": "new", "execution_count": 6, **cell})


STREAM = {"output_type": "stream", "name": "stdout", "text": "Hello"}
ERROR = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
RESULT = {"output_type": "execute_result", "data": {"text/plain": "35"}, "metadata": {}, "execution_count": 1}

BROKEN = [
    (anatomy.check_opening, edit("# 样品一章", "样品一章")),
    (anatomy.check_opening, edit("甲占大头，但分母只有样品。", "甲占大头。但分母只有样品。")),
    (anatomy.check_opening, edit("甲占大头，但分母只有样品。\n\n", "")),
    (anatomy.check_opening, edit("阅读时间：不长。", "")),
    (anatomy.check_opening, edit("你将学到", "内容")),
    (anatomy.check_opening, edit("## 小结", "# 小结")),
    (anatomy.check_findings, edit("关键发现", "发现")),
    (anatomy.check_findings, edit(r"\n3\. 丙占 9%。", "")),
    (anatomy.check_findings, edit("怎么读份额。", "怎么读份额。\n\n## 引子\n\n先说几句。")),
    (anatomy.check_sections, edit("## 稳健性与局限", "## 稳健性")),
    (anatomy.check_sections, edit("## 小结.*", "## 小结", re.S)),
    (anatomy.check_sections, edit("## 各是多少", "### 各是多少")),
    (anatomy.check_sections, edit("## (稳健性与局限|小结)", "## 小结")),
    (anatomy.check_exercises, edit("开放：", "动手：")),
    (anatomy.check_exercises, edit(r"\{solution\} ex-sample-2", "{solution} ex-other")),
    (anatomy.check_exercises, edit(":label: ex-sample-3\n", "")),
    (anatomy.check_exercises, edit("```{exercise} 理解.*?```", "", re.S)),
    (anatomy.check_code, code_cell(0, source="\n".join("x = 1" for _ in range(16)))),
    (anatomy.check_code, code_cell(0, source="def f():\n    return 1")),
    (anatomy.check_code, code_cell(0, source="for x in y:\n    print(x)")),
    (anatomy.check_code, code_cell(0, source="if x:\n    y = 1")),
    (anatomy.check_code, code_cell(0, source="# NBVAL_IGNORE_OUTPUT\nx = 1")),
    (anatomy.check_code, code_cell(0, source="")),
    (anatomy.check_stored, code_cell(0, execution_count=None)),
    (anatomy.check_stored, code_cell(0, execution_count=7)),
    (anatomy.check_stored, code_cell(0, id="cell-2")),
    (anatomy.check_stored, code_cell(0, outputs=[STREAM])),
    (anatomy.check_stored, code_cell(0, outputs=[{**STREAM, "name": "stderr"}])),
    (anatomy.check_stored, code_cell(0, outputs=[ERROR])),
    (anatomy.check_stored, code_cell(0, outputs=[RESULT])),
    (anatomy.check_stored, code_cell(3, outputs=[])),
    (anatomy.check_stored, code_cell(0, metadata={"tags": ["nbval-ignore-output"]})),
    (anatomy.check_stored, code_cell(0, metadata={"tags": ["raises-exception"]})),
    (anatomy.check_bundles, bundle("figure", alt="")),
    (anatomy.check_bundles, bundle("figure", alt="甲占样品的大头")),
    (anatomy.check_bundles, bundle("figure", alt="条形图：甲远远超过乙和丙，丙最少")),
    (anatomy.check_bundles, bundle("figure", alt="_build/figures/chokepoint-fig-1.svg")),
    (anatomy.check_bundles, bundle("figure", caption=" ")),
    (anatomy.check_bundles, bundle("figure", source="")),
    (anatomy.check_bundles, bundle("figure", licence="CC-BY-NC-4.0")),
    (anatomy.check_bundles, bundle("figure", source=specimen.SOURCE.replace("CC BY 4.0", "CC0"))),
    (anatomy.check_bundles, bundle("figure", tables=["hs_proxy"])),
    (anatomy.check_bundles, bundle("table", tables=[])),
    (anatomy.check_bundles, bundle("table", caption="")),
    (anatomy.check_bundles, bundle("table", markdown="")),
    (anatomy.check_bundles, drop("image/svg+xml")),
    (anatomy.check_bundles, drop("text/html")),
    (anatomy.check_referenced, edit(r"\{numref\}`fig-sample`", "下图")),
    (anatomy.check_referenced, edit(r"\{numref\}`tbl-sample`", "下表")),
    (anatomy.check_glue, edit("`甲的份额`", "`乙的份额`")),
    (anatomy.check_glue, edit(r"\{glue:text\}`甲的份额`", "许多")),
    (anatomy.check_glue, edit(r"\{glue:text\}", "{glue:figure}")),
    (anatomy.check_glue, edit(r"\{glue:text\}`甲的份额`", "{glue:text}`甲的份额` {eval}`1+1`")),
    (anatomy.check_glue, bundle("values", values={"甲的份额": " "})),
]


@pytest.mark.parametrize(("check", "change"), BROKEN, ids=lambda x: getattr(x, "__name__", None))
def test_a_broken_copy_fails(check, change):
    assert check(built(change))


def test_a_label_used_twice_fails():
    assert anatomy.check_labels([built(), built()])
    assert anatomy.check_labels([built(edit("ex-sample-2", "ex-sample-1"))])
