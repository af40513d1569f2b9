"""读者的工具：图下的引用与下载、图目、术语索引。"""

import json
import re

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx import addnodes
from zhbook import cite, lists, terms
from zhbook.writer import PLAIN

from tools.paths import BOOK
from tools.text import read, specs

EDITION = {"author": "编写组", "title": "书", "version": "0.2.0", "date_zh": "2026 年 1 月 5 日"}


def figure(*links):
    """一张图，来源行里有这些链接。"""
    legend = nodes.legend("", *(nodes.paragraph("", "", nodes.reference("", "表", refuri=link)) for link in links))
    return nodes.figure("", nodes.image(uri="_images/a.svg"), nodes.caption("", "图题"), legend, ids=["fig-a"])


class TestCite:
    def test_tables_are_those_of_the_source_line(self):
        found = figure("x.html#data-crm-scores", "x.html#data-crm_nodes", "x.html#data-crm-scores", "x.html#data-all")
        assert cite.tables_of(found) == ["crm_scores", "crm_nodes"]

    def test_other_links_are_not_tables(self):
        assert cite.tables_of(figure("https://example.org/data-x", "x.html#licence")) == []

    def test_a_reference_can_be_copied_whole(self):
        said = cite.reference(EDITION, ("A", 3), "题", "book/a.html#fig-a")
        assert said == "编写组：书，版本 0.2.0，2026 年 1 月 5 日，图 A.3“题”，book/a.html#fig-a"


class TestLists:
    def test_captions_of_a_chapter_in_order(self):
        path = BOOK / "identify" / "chokepoint_list.ipynb"
        expected = [(s["name"], s["caption"]) for s in specs(read(path)) if s["kind"] == "figure"]
        assert lists.captions(path, "figure") == expected
        assert len(expected) > 3
        assert not {name for name, _ in lists.captions(path, "table")} & {name for name, _ in expected}

    def test_a_text_page_has_none(self, tmp_path):
        (tmp_path / "a.md").write_text("# 甲", "utf-8")
        (tmp_path / "b.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown"}]}), "utf-8")
        assert lists.captions(tmp_path / "a.md", "figure") == lists.captions(tmp_path / "b.ipynb", "figure") == []


class TestTerms:
    def test_common_words_sort_by_pinyin_and_letters_come_first(self):
        words = ["证据等级", "产业", "Moran 指数", "国际", "HHI"]
        assert sorted(words, key=terms.sort_key) == ["HHI", "Moran 指数", "产业", "国际", "证据等级"]

    def test_special_characters_are_escaped(self):
        assert terms.entry("甲|乙").endswith('@甲"|乙}')
        assert terms.entry("甲", bold=True).endswith("@甲|textbf}")

    def document(self):
        settings = get_default_settings()
        document = new_document("书", settings)
        glossary = addnodes.glossary()
        glossary += nodes.term("", "甲词", ids=["term-a"])
        link = nodes.reference(
            "", "", nodes.inline("", "换个说法", classes=["xref", "std", "std-term"]), refuri="g#term-a"
        )
        moving = nodes.title("", "", link.deepcopy())
        document += [nodes.paragraph("", "", link), nodes.section("", moving), glossary, addnodes.index()]
        return document

    def test_every_use_is_marked_under_the_name_of_the_term(self):
        document = self.document()
        terms.MarkTerms(document).run()
        marks = [n.astext() for n in document.findall(nodes.raw)]
        key = terms.sort_key("甲词")
        assert marks == [rf"\index{{{key}@甲词}}", rf"\index{{{key}@甲词|textbf}}"], (
            "标题里的不标，正文换个说法也归本名"
        )
        assert not list(document.findall(addnodes.index))


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('<span class="n">a</span><span class="w"> </span><span class="o">=</span>', 'a <span class="o">=</span>'),
        ('<span class="nb">len</span><span class="p">(</span>', '<span class="nb">len</span>('),
    ],
)
def test_only_tags_that_change_no_colour_are_dropped(code, shown):
    assert PLAIN.sub(r"\1", code) == shown


def test_the_dropped_tags_have_the_colour_of_the_text():
    """去掉的四种记号，颜色须与代码的底色字一样，明暗两套都是。"""
    from pygments.styles import get_style_by_name
    from pygments.token import Token

    config = (BOOK.parent / "_config.yml").read_text("utf-8")
    for name in re.findall(r"pygments_\w+_style: (\S+)", config):
        style = get_style_by_name(name)
        base = style.style_for_token(Token.Text)["color"]
        same = [Token.Name, Token.Punctuation, Token.Text.Whitespace, Token.Name.Namespace]
        assert {style.style_for_token(t)["color"] for t in same} == {base}, name
