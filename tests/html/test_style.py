"""删减过的样式与没有删减的看上去一样：逐个元素比较浏览器算出的样式。

没有删减的一份由同一扩展、同样的配置（``light_purge: false``）搭一本只有一页的书得到；
那一页有一个公式，数学字体才在样式里。
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.paths import ROOT, environment

from .site import SEARCH, Site, served
from .test_pages import CHAPTERS

CSS = "_static/book.css"
STYLES = """() => {
  const names = ['color', 'background-color', 'background-image', 'border-top', 'border-left', 'border-bottom',
    'display', 'position', 'font-size', 'font-weight', 'font-family', 'line-height', 'text-decoration-line',
    'padding', 'margin', 'visibility', 'opacity', 'overflow-x', 'flex-direction', 'content', 'list-style-type',
    'max-width', 'z-index', 'white-space', 'text-align', 'box-shadow', 'transform', 'cursor'];
  const found = [];
  document.querySelectorAll('body, body *').forEach((element, index) => {
    for (const part of [null, '::before', '::after']) {
      const style = getComputedStyle(element, part);
      if (part && style.content === 'none') continue;
      const where = index + ' ' + element.tagName + '.' + element.getAttribute('class') + (part || '');
      found.push(where + ' | ' + names.map(name => name + ':' + style.getPropertyValue(name)).join(';'));
    }
  });
  return found;
}"""
#: 打开页面之后的动作：各种会改变类名的状态。
STATES = {
    "as_loaded": None,
    "unfolded": "document.querySelectorAll('details').forEach(d => d.open = true)",
    "sidebar": "document.querySelector('button.primary-toggle, .sidebar-toggle.primary-toggle')?.click()",
    "search_dialog": "document.querySelector('button.search-button, .search-button__button')?.click()",
}


@pytest.fixture(scope="session")
def full_css(tmp_path_factory):
    """没有删减的样式。"""
    book = tmp_path_factory.mktemp("unpurged")
    shutil.copy(ROOT / "CITATION.cff", book)
    shutil.copy(ROOT / "requirements.lock", book)
    for name in ("_ext", "_static", "_templates"):
        shutil.copytree(ROOT / "book" / name, book / "book" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (book / "book" / "references.bib").touch()
    (book / "book" / "index.md").write_text("# 一页\n\n文字，公式 $x$。\n", "utf-8")
    (book / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
    config = (ROOT / "_config.yml").read_text("utf-8")
    assert "  config:\n" in config
    (book / "_config.yml").write_text(config.replace("  config:\n", "  config:\n    light_purge: false\n"), "utf-8")
    command = [Path(sys.executable).parent / "jupyter-book", "build", str(book)]
    result = subprocess.run(command, cwd=book, env=environment(), capture_output=True, text=True)
    css = book / "_build" / "html" / CSS
    assert css.exists(), result.stdout[-2000:] + result.stderr[-2000:]
    return css.read_text("utf-8")


def styles(browser, site, page, *, dark, width, action):
    with served(site) as root:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
        )
        tab = context.new_page()
        tab.goto(root + page)
        tab.add_style_tag(content="*,*::before,*::after{transition:none!important;animation:none!important}")
        if action:
            tab.evaluate(action)
            tab.wait_for_timeout(400)
        found = tab.evaluate(STYLES)
        context.close()
    return found


def differences(browser, site, other, page, **how):
    """两份样式下算出的样式不同的元素。"""
    one, two = styles(browser, site, page, **how), styles(browser, other, page, **how)
    if len(one) != len(two):
        return [f"元素数不同：{len(one)} 与 {len(two)}"]
    return [f"{page} {a}\n  ≠ {b}" for a, b in zip(one, two, strict=True) if a != b]


def sample(site, everything: bool):
    """各种页各一：首页、一章、检索；``everything`` 时再加附录里最长的一页（很长，看一遍就够）。"""
    appendix = [p for p in site.pages() if "/appendix/" in p]
    longest = max(appendix, key=lambda p: len(site.text(p)), default=None)
    return [p for p in ("book/index.html", CHAPTERS[0], SEARCH, everything and longest) if p]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_purging_lost_nothing(browser, site, full_css, dark, width):
    full = Site(site.root, {CSS: full_css})
    assert len(full_css) > len(site.text(CSS))
    for page in sample(site, everything=width > 390 and not dark):
        assert differences(browser, site, full, page, dark=dark, width=width, action=None) == []


@pytest.mark.parametrize("state", [s for s in STATES if STATES[s]])
@pytest.mark.parametrize("width", [1280, 390])
def test_purging_lost_nothing_in_other_states(browser, site, full_css, state, width):
    full = Site(site.root, {CSS: full_css})
    assert differences(browser, site, full, CHAPTERS[0], dark=False, width=width, action=STATES[state]) == []


@pytest.mark.parametrize(("dark", "lost"), [(False, ".admonition"), (True, 'html[data-theme="dark"]')])
def test_a_lost_rule_fails(browser, site, full_css, dark, lost):
    """证明：从删减过的样式里再丢一批规则，比较必须看得出来。"""
    css = site.text(CSS)
    rules = [rule for rule in css.split("}") if lost.replace('"', "") not in rule.replace('"', "")]
    broken = Site(site.root, {CSS: "}".join(rules)})
    assert broken.text(CSS) != css
    full = Site(site.root, {CSS: full_css})
    assert differences(browser, broken, full, CHAPTERS[0], dark=dark, width=1280, action=None)
