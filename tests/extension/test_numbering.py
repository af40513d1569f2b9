"""全书编号：正文连续、附录用字母、首页 0.x。"""

from types import SimpleNamespace

import pytest
from zhbook.numbering import _forget, _Kept, chapter_labels, relabel_figures


def test_body_counts_on_and_appendix_gets_letters():
    chapters = {"book/a/x": 1, "book/b/y": 2, "book/appendix/data": 3, "book/appendix/status": 4}
    assert chapter_labels(chapters) == {1: 1, 2: 2, 3: "A", 4: "B"}


def test_an_appendix_in_the_middle_leaves_no_gap():
    chapters = {"book/a/x": 1, "book/appendix/data": 2, "book/b/y": 3}
    assert chapter_labels(chapters) == {1: 1, 2: "A", 3: 2}


def test_more_than_26_appendices_are_refused():
    with pytest.raises(ValueError, match="27 篇"):
        chapter_labels({f"book/appendix/{i}": i for i in range(27)})


def test_figures_follow_their_chapter():
    raw = {
        "book/index": {"figure": {"f": (1,), "g": (2,)}},
        "book/a/x": {"figure": {"h": (1, 1)}, "table": {"t": (1, 1)}},
        "book/appendix/data": {"figure": {"k": (2, 1)}},
    }
    labels = {1: 1, 2: "A"}
    numbers, stray = relabel_figures(raw, labels, {"book/a/x", "book/appendix/data"}, "book/index")
    assert numbers["book/index"]["figure"] == {"f": (0, 1), "g": (0, 2)}
    assert numbers["book/a/x"] == {"figure": {"h": (1, 1)}, "table": {"t": (1, 1)}}
    assert numbers["book/appendix/data"]["figure"] == {"k": ("A", 1)}
    assert stray == []


def test_a_numbered_figure_in_an_unnumbered_document_is_reported():
    raw = {"book/appendix/glossary": {"figure": {"f": (1,)}}}
    _, stray = relabel_figures(raw, {}, set(), "book/index")
    assert stray == [("book/appendix/glossary", "f")]


def test_a_document_is_read_once_and_again_after_it_changed():
    """几处引用同一篇，只读一遍；文档重读之后取到新的一份，其余照旧问 Sphinx。"""
    read = []
    env = SimpleNamespace(get_doctree=lambda name: read.append(name) or [name], config="设置")
    first = _Kept(env).get_doctree("book/a")
    assert _Kept(env).get_doctree("book/a") is first
    assert _Kept(env).config == "设置"
    _forget(None, env)
    assert _Kept(env).get_doctree("book/a") is not first
    assert read == ["book/a", "book/a"]
    _forget(None, env)
