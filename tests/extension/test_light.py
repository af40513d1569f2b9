"""轻页面：该删的删，该留的留，换了上游立刻停。"""

import json
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError
from zhbook import light

FONT = Path(light.pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static" / light.ICON_FONT


def css(text, tokens, scripts="", name="a.css"):
    return light.build_css([(name, text)], tokens, scripts)


def test_a_rule_for_an_unused_class_goes():
    assert css(".used{color:red}.gone{color:blue}", {"used"}) == ".used{color:red}"


def test_one_selector_of_a_list_goes_alone():
    assert css(".used,.gone,p{color:red}", {"used"}) == ".used,p{color:red}"


@pytest.mark.parametrize(
    "rule",
    [
        "a:not(.gone){color:red}",
        ":is(.gone,.other) p{color:red}",
        'html[data-theme="dark"] p{color:red}',
        'p:hover::before{content:"a  b"}',
        "@media print{p{display:none}}",
        "@page{margin:2cm}",
    ],
)
def test_states_colour_modes_and_print_stay(rule):
    assert css(rule, set()) == rule.replace("@page{", "@page {")


def test_an_empty_media_block_goes():
    assert css("@media print{.gone{color:red}}p{color:red}", set()) == "p{color:red}"


def test_nothing_goes_without_tokens():
    assert css(".gone{color:blue}", None) == ".gone{color:blue}"


def test_unused_custom_properties_and_animations_go():
    text = ":root{--a:1px;--b:var(--a);--c:2px;--js:3px}p{margin:var(--b)}@keyframes x{to{top:0}}"
    kept = css(text, set(), scripts='style.getPropertyValue("--js")')
    assert kept == ":root{--a:1px;--b:var(--a);--js:3px}\np{margin:var(--b)}"
    assert "@keyframes x" in css(text + "p{animation:x 1s}", set())


def test_urls_follow_the_file():
    assert css("p{background:url(../img/a.png)}", set(), name="styles/a.css") == "p{background:url(img/a.png)}"
    assert "data:image" in css("p{background:url(data:image/png;base64,AA)}", set(), name="styles/a.css")


@pytest.mark.parametrize("text", ["@import 'x.css';", "p{color:red}}"])
def test_bad_css_stops_the_build(text):
    with pytest.raises(ExtensionError):
        css(text, set())


def test_classes_come_from_pages_and_scripts():
    assert light.class_tokens(['<p class="a b&amp;c">'], ["el.classList.add('d-e')"]) >= {"a", "b&c", "d-e"}


def test_script_text_is_translated_once():
    source = "f('<button aria-label=\"Toggle hidden content\">')"
    built = light.build_js([("first.js", "var a"), ("togglebutton.js", source)], "var p = 1;")
    assert "展开或收起" in built
    assert built.index("var a") < built.index("var p") < built.index("展开")
    with pytest.raises(ExtensionError, match="实有 0 处"):
        light.build_js([("togglebutton.js", "nothing")], "")


def test_the_icon_font_keeps_only_what_is_used():
    codes = light.icon_codepoints('.a:before{content:"\\f0c9"}.b:before{content:"\uf002"}')
    assert codes == {0xF0C9, 0xF002}
    first, second = (light.subset_font(FONT, codes) for _ in range(2))
    assert first == second
    assert len(first) < 2000


def test_the_subset_holds_the_glyphs(tmp_path):
    path = tmp_path / "icons.woff2"
    path.write_bytes(light.subset_font(FONT, {0xF0C9}))
    assert set(TTFont(path).getBestCmap()) == {0xF0C9}


def test_the_installed_theme_is_the_one_the_templates_were_written_for():
    light.check_theme(light.theme_digest())
    with pytest.raises(ExtensionError, match="主题模板变了"):
        light.check_theme("0" * 24)


def test_references_are_collected_from_pages_and_styles():
    pages = {"a/b.html": '<img src="../_images/x%20y.svg"><a href="../_sources/a/b.ipynb" download>'}
    kept = light._references(pages, "p{background:url(file.png)}")
    assert {"_images/x y.svg", "_sources/a/b.ipynb", "_static/file.png", "_static/book.css"} <= kept


def test_unreferenced_files_are_removed(tmp_path):
    for name in ("_static/book.css", "_static/old/gone.js", "_images/kept.svg", "chokepoint-book.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(name))
    light._clean(tmp_path, {"_static/book.css", "_images/kept.svg"})
    left = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")}
    assert left == {"_static", "_static/book.css", "_images", "_images/kept.svg", "chokepoint-book.pdf"}
