"""文字规矩：手打的统计数字与排版毛病，藏在哪里都找得到。"""

import copy
import json

import pytest

from tests.chapters import specimen
from tools import lint
from tools.numerals import Allowed


@pytest.fixture
def chapter(tmp_path):
    """写一章到磁盘；``change`` 在写之前改它。"""

    def write(change=lambda cells: None):
        notebook = copy.deepcopy(specimen.chapter())
        change(notebook["cells"])
        path = tmp_path / "chapter.ipynb"
        path.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
        return path

    return write


def add(cell_type, source):
    cell = specimen.code(source) if cell_type == "code" else specimen.markdown(source)
    return lambda cells: cells.append({**cell, "id": "new"})


def test_the_specimen_is_clean(chapter):
    path = chapter()
    assert lint.typed_numbers(path, "样品", []) == []
    assert lint.typography(path, "样品") == []


#: 手打统计数字的各种藏法。
TYPED = [
    ("markdown", "清单共 35 项。"),
    ("markdown", "## 占 31.7% 的支柱"),
    ("markdown", "- 甲\n- 近一半来自一国"),
    ("markdown", "| 谁 | 多少 |\n|:--|--:|\n| 甲 | 61.2 |"),
    ("markdown", ":::{admonition} 注意\n占三成。\n:::"),
    ("markdown", ":::{admonition} 共 35 项\n内容。\n:::"),
    ("markdown", "````{note}\n```{tip}\n翻番了。\n```\n````"),
    ("markdown", "```{figure} a.svg\n:alt: 甲占 61%\n\n图题\n```"),
    ("markdown", "```{figure} a.svg\n:name: fig-a\n\n甲占 61%\n```"),
    ("markdown", "**甲占 61%**，[乙占 30%](https://example.org)"),
    ("markdown", "见 {term}`三成的份额 <份额>`。"),
    ("markdown", "占 $31.7\\%$。"),
    ("markdown", "占 `31.7%`。"),
    ("markdown", "[^a]\n\n[^a]: 共 35 项。"),
    ("markdown", "术语\n: 定义里有 2.5 倍。"),
    ("code", 'caption = "甲占 61%"'),
    ("code", 'alt = f"{name}占 61%"'),
    ("code", 'alt = f"{name}占六成"'),
    ("code", 'plots.figure(fig, "fig-a", caption="清单共 35 项", alt=alt, tables=["chokepoints"])'),
    ("code", 'prose.findings("共 35 项", a, b)'),
    ("code", 'prose.numbers(甲的份额="31.7%")'),
    ("code", 'prose.numbers(甲的份额="35")'),
    ("code", "prose.numbers(甲的份额=prose.percent(0.317, 1))"),
    ("code", 'prose.numbers(甲的份额=f"{35} 项")'),
    ("code", "text = name + str(35)"),
    ("code", 'ax.set_title("2018 年共 35 项")'),
    ("code", 'text = ["甲", {"乙": ("丙占 61%",)}]'),
    ("code", 'text = "甲" + "占 61%"'),
]


@pytest.mark.parametrize(("kind", "source"), TYPED)
def test_a_typed_number_is_found(chapter, kind, source):
    assert lint.typed_numbers(chapter(add(kind, source)), "样品", [])


#: 不该报的。
FREE = [
    ("markdown", "清单共 {glue:text}`清单项数`。"),
    ("markdown", "```{code-block} python\nx = 35.2\n```"),
    ("markdown", "```python\nshare = 0.317\n```"),
    ("markdown", "$$\nh = 0.5 x\n$$"),
    ("markdown", "见 <https://example.org/2.5/35> 与 [网页](https://example.org/35.2)。"),
    ("markdown", "```{figure} a-35.2.svg\n:width: 61%\n:name: fig-35\n\n图题\n```"),
    ("markdown", "<!-- 35 项 -->"),
    ("markdown", "% 35 项\n\n正文"),
    ("markdown", "见 {numref}`图 %s <fig-a>` 与 {cite}`wang2018`。"),
    ("code", "weights = [0.25, 0.5]"),
    ("code", 'color = "#0072B2"\nspec = "{:.1f}"'),
    ("code", 'data.load("chokepoints")\nframe["cr4"]'),
    ("code", 'alt = f"{name}占 {share}"'),
    ("code", 'frame.query("year >= 2018")'),
    ("code", "prose.numbers(甲的份额=prose.percent(share, 1))"),
]


@pytest.mark.parametrize(("kind", "source"), FREE)
def test_code_names_and_addresses_are_left_alone(chapter, kind, source):
    assert lint.typed_numbers(chapter(add(kind, source)), "样品", []) == []


def test_the_report_says_where(chapter):
    (problem,) = lint.typed_numbers(chapter(add("markdown", "清单共 35 项。")), "book/样品.ipynb", [])
    assert problem.startswith("book/样品.ipynb 第 13 格：")
    assert "35 项" in problem


def test_markdown_files_are_read_too(tmp_path):
    path = tmp_path / "glossary.md"
    path.write_text("# 术语\n\n第二段占 31.7%。\n", "utf-8")
    (problem,) = lint.typed_numbers(path, "glossary.md", [])
    assert "第 3 行" in problem


#: 排版毛病：改动 → 一章里必须报。
FAULTS = [
    ("markdown", "正文,有半角逗号。"),
    ("markdown", "共 {glue:text}`甲的份额`的份额"),
    ("markdown", "见 {numref}`fig-sample`。"),  # 页上显示“见 图 1”：空格多了
    ("markdown", "人均GDP"),
    ("markdown", '他说"好"。'),
    ("markdown", ":::{admonition} 标题(一)\n内容。\n:::"),
]


@pytest.mark.parametrize(("kind", "source"), FAULTS)
def test_bad_typography_is_found(chapter, kind, source):
    assert lint.typography(chapter(add(kind, source)), "样品")


@pytest.mark.parametrize("field", ["caption", "alt", "source"])
def test_bad_typography_in_outputs_is_found(chapter, field):
    def change(cells):
        spec = next(
            o["data"][specimen.MIME]
            for c in cells
            for o in c.get("outputs", [])
            if o["data"].get(specimen.MIME, {}).get("kind") == "figure"
        )
        spec[field] = "甲占61%,乙占30%"

    assert lint.typography(chapter(change), "样品")


def test_bad_typography_in_findings_is_found(chapter):
    def change(cells):
        for cell in cells:
            for output in cell.get("outputs", []):
                spec = output["data"].get(specimen.MIME, {})
                if spec.get("kind") == "markdown":
                    spec["markdown"] = spec["markdown"].replace("甲占 61%", "甲占61%")

    assert lint.typography(chapter(change), "样品")


def test_an_allowed_number_passes_and_an_unused_entry_is_reported(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# 一\n\n门槛为 65%。\n", "utf-8")
    used = Allowed("门槛为 65%", "写明的门槛")
    assert lint.check([path], [used]) == []
    (problem,) = lint.check([path], [used, Allowed("没有这回事", "多余的一条")])
    assert "没有这回事" in problem
    path.write_text("# 一\n\n门槛为 66%。\n", "utf-8")
    assert len(lint.check([path], [Allowed("门槛为 65%", "写明的门槛")])) == 2


def test_an_entry_without_a_reason_is_refused(tmp_path):
    path = tmp_path / "allowed.toml"
    path.write_text('[[allow]]\npattern = "35 项"\n', "utf-8")
    with pytest.raises(ValueError, match="reason"):
        lint.allowed(path)


def test_the_allow_list_is_well_formed():
    assert all(isinstance(entry, Allowed) for entry in lint.allowed())


def test_the_book_keeps_the_rules():
    """全书：没有手打的统计数字，没有排版毛病，没有多余的例外。"""
    assert lint.check(lint.files(), lint.allowed()) == []
