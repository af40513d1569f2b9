"""检索文本：正文都在，代码不在，节归节。"""

from zhbook.search import article_sections

PAGE = """<html><body><nav>侧栏</nav><article class="bd-article">
<section id="top"><h1><span class="section-number">1. </span>标题<a class="headerlink" href="#top">#</a></h1>
<p>光<strong>刻</strong>胶 28 nm<br>换行</p>
<details class="above-input"><summary>显示代码</summary><div class="cell_input"><pre>import x</pre></div></details>
<div class="cell_output"><p>输出 31.7%</p></div>
<table><tr><td>甲</td><td>乙</td></tr></table>
<section id="sub"><h2>小节</h2><p>下文<img src="a.svg">完</p></section>
<script>var q = 1;</script></section></article><footer>页脚</footer></body></html>"""


def test_sections_carry_anchor_heading_and_text():
    assert article_sections(PAGE) == [
        ["top", "1. 标题", "光刻胶 28 nm 换行 输出 31.7% 甲 乙"],
        ["sub", "小节", "下文 完"],
    ]


def test_text_outside_the_article_is_left_out():
    text = str(article_sections(PAGE))
    for absent in ("侧栏", "页脚", "import", "显示代码", "var q", "#"):
        assert absent not in text


def test_a_page_without_an_article_gives_nothing():
    assert article_sections("<html><body><p>无</p></body></html>") == []
