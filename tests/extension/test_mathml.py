"""公式：能写的写成 MathML，不能写的说清楚。"""

import pytest
from zhbook.mathml import math_characters, to_mathml

GOOD = {
    r"\frac{a}{b}": "<mfrac>",
    r"\sum_{i=1}^{n} x_i": "<munderover>",
    r"\begin{cases} 1 & x>0 \\ 0 & \text{其他} \end{cases}": "<mtext>其他</mtext>",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}": "<mtable",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "<mtable",
    r"\operatorname{argmax}_x y": "argmax",
    r"\operatorname*{arg\,max}_x y": "<munder>",
    r"\hat{\theta}": "<mover",
    r"\mathbb{R}": "ℝ",
    r"\sqrt{x}": "<msqrt>",
    "a = b\n\nc = d": "<mtable",
}
BAD = {
    r"\foo{x}": "foo",
    r"\frac{a}": "argument",
    "a_{": "closing",
    r"\begin{foo} a \end{foo}": "environment",
    r"\begin{align} a &= b \end{align}": "align\\*",
}


@pytest.mark.parametrize("latex", GOOD)
def test_a_formula_becomes_mathml(latex):
    assert GOOD[latex] in to_mathml(latex, display=True)


@pytest.mark.parametrize("latex", BAD)
def test_a_formula_that_cannot_be_written_is_refused(latex):
    with pytest.raises(ValueError, match=BAD[latex]):
        to_mathml(latex, display=True)


def test_inline_and_display_differ():
    assert 'display="block"' in to_mathml("x", display=True)
    assert 'display="block"' not in to_mathml("x", display=False)


def test_the_font_covers_what_the_browser_draws():
    root = to_mathml(r"\sqrt{x}", display=False)
    assert math_characters([f"<p>文字 z</p>{root}"]) == {ord("x"), ord("𝑥"), ord("√")}
    assert math_characters([to_mathml(r"h \alpha \mathrm{d}", display=False)]) == {
        *map(ord, "hαd"),
        ord("ℎ"),
        ord("𝛼"),
    }


def test_the_formula_is_xml():
    """EPUB 的阅读器按 XML 读：命名字符要写成字。"""
    import xml.etree.ElementTree as ElementTree

    for latex in (r"a\quad b \ c ~ d", r"a < b \,\&\, c > d", r"\text{甲 乙}\;x"):
        ElementTree.fromstring(to_mathml(latex, True))
