"""网页各项检查的证明：一页改坏一处，那项检查必须失败。"""

import pytest

from tools.paths import ROOT

from . import checks
from .site import Site, parse, served, visit
from .test_pages import CHAPTERS

HEAD = "</head>"
END = "</article>"


@pytest.fixture(scope="module")
def page(site):
    """最轻的一章，有图也有表。"""
    light = sorted(CHAPTERS, key=lambda p: len(site.text(p)))
    return next(p for p in light if site.soup(p).select("figure") and site.soup(p).select("table[id^='tbl-']"))


@pytest.fixture(scope="module")
def intact(browser, axe, base, page):
    """没有改坏的那一页，在手机上看。"""
    return visit(browser, base, page, width=390, axe=axe)


def broken(site, page, old, new):
    """把 ``old`` 换成 ``new`` 的副本。

    ``old`` 是选择器且 ``new`` 为 ``None`` 时删去那个元素；是链接的，连同一句里的其他链接。
    """
    if new is None:
        soup = parse(site.text(page))
        first = soup.select_one(old)
        for element in first.parent.find_all("a", recursive=False) if first.name == "a" else [first]:
            element.decompose()
        return Site(site.root, {page: str(soup)})
    text = site.text(page)
    assert old in text, f"坏副本没有改到：{old}"
    return Site(site.root, {page: text.replace(old, new, 1)})


def worse(check, site, page, old, new) -> bool:
    """改坏之后，检查是否说出了原来没有的问题。"""
    return bool(set(check(broken(site, page, old, new).soup(page))) - set(check(site.soup(page))))


def source_lines(soup):
    """查全部带标签的表的来源行。"""
    return checks.check_tables(soup, {t["id"] for t in soup.select("table[id^='tbl-']")})


#: 改动 → 必须失败的检查（看渲染好的页）。
RENDERED = [
    ('lang="zh-CN"', 'lang="en"', checks.check_language),
    (END, "<button>Show code</button></article>", checks.check_furniture),
    (END, '<button aria-label="Copy to clipboard">复制</button></article>', checks.check_furniture),
    ("</body>", "<footer>Powered by something</footer></body>", checks.check_furniture),
    ("</body>", '<input placeholder="Search the docs"></body>', checks.check_furniture),
    (END, '<img src="a.svg"></article>', checks.check_images),
    (END, '<img src="a.svg" alt="_images/a.svg"></article>', checks.check_images),
    (END, '<img src="a.svg" alt=" "></article>', checks.check_images),
    (END, '<img src="a.svg" alt="条形图：甲最多"></article>', checks.check_figures),
    (END, "<figure id='x'><img src='a.svg' alt='甲'></figure></article>", checks.check_figures),
    ("figure .caption-number", None, checks.check_figures),
    ("figure div.legend", None, checks.check_figures),
    ("figure div.legend a", None, checks.check_figures),
    ("figure .caption-text", None, checks.check_figures),
    ("table[id^='tbl-'] .caption-number", None, source_lines),
    ("table[id^='tbl-'] .caption-text", None, source_lines),
    ("div.source a", None, source_lines),
    ("div.source", None, source_lines),
    (END, "<table id='tbl-x'><tr><td>1</td></tr></table></article>", source_lines),
    (END, "<table><tr><td>1</td></tr></table></article>", checks.check_tables_labelled),
]


@pytest.mark.parametrize(("old", "new", "check"), RENDERED, ids=[check.__name__ for *_, check in RENDERED])
def test_a_broken_page_fails(site, page, old, new, check):
    assert worse(check, site, page, old, new)


@pytest.mark.parametrize("what", ["a.left-prev, a.right-next", "p.book-footer", "a.download-notebook"])
def test_missing_furniture_fails(site, page, what):
    soup = parse(site.text(page))
    assert checks.check_furnished(soup, notebook=True, pdf=False) == []
    for element in soup.select(what):
        element.decompose()
    assert checks.check_furnished(soup, notebook=True, pdf=False)


def test_a_missing_pdf_link_fails(site, page):
    soup = parse(site.text(page))
    for element in soup.select("a.download-pdf"):
        element.decompose()
    assert checks.check_furnished(soup, notebook=True, pdf=True)


#: 改动 → 必须失败的检查（看文件之间）。
FILES = [
    (HEAD, '<script src="https://cdn.example.org/a.js"></script></head>', checks.check_outside),
    (HEAD, '<link rel="stylesheet" href="//fonts.example.org/a.css"></head>', checks.check_outside),
    (END, '<img src="http://example.org/a.png" alt="甲"></article>', checks.check_outside),
    (HEAD, "<style>@import 'https://example.org/a.css'</style></head>", checks.check_outside),
    (END, '<p style="background:url(https://example.org/a.png)">甲</p></article>', checks.check_outside),
    (END, '<a href="nowhere.html">甲</a></article>', checks.check_links),
    (END, '<a href="#nowhere">甲</a></article>', checks.check_links),
    (END, '<a href="../index.html#nowhere">甲</a></article>', checks.check_links),
    (END, '<script src="../../_static/gone.js"></script></article>', checks.check_links),
]


@pytest.mark.parametrize(("old", "new", "check"), FILES, ids=[check.__name__ for *_, check in FILES])
def test_a_broken_file_fails(site, page, old, new, check):
    assert set(check(broken(site, page, old, new), page)) - set(check(site, page))


def test_a_broken_stylesheet_fails(site):
    name = "_static/book.css"
    for css in ("@import 'a.css';", "a{background:url(//example.org/a.png)}", "a{background:url(gone.png)}"):
        assert checks.check_stylesheets(Site(site.root, {name: site.text(name) + css}))


def test_a_broken_notebook_fails(site, page):
    link = site.soup(page).select_one("a.download-notebook")
    target, _ = site.resolve(page, link["href"])
    for content in ("{", '{"cells": []}', None):
        copy = Site(site.root, {target: content})
        assert checks.check_notebook(copy, page) + checks.check_links(copy, page)


def provenance(site, page):
    """一章的第一条来源链接：目录页与 CSV。"""
    link = site.soup(page).select_one("figure a[href*='#data-']")
    target, anchor = site.resolve(page, link["href"])
    element = site.soup(target).find(id=anchor)
    section = element if element.name == "section" else element.find_parent("section")
    csv = site.resolve(target, section.select_one("a[href$='.csv']")["href"])[0]
    return target, anchor, csv


def test_broken_provenance_fails(site, page):
    target, anchor, csv = provenance(site, page)
    catalogue = site.text(target)
    copies = [
        {target: catalogue.replace(f'id="{anchor}"', 'id="lost"')},
        {target: catalogue.replace(csv.rsplit("/", 1)[-1], "other.csv")},
        {csv: site.text(csv) + "\n1,2,3\n"},
        {csv: None},
    ]
    assert checks.check_provenance(site, page, ROOT / "data") == []
    for overrides in copies:
        assert checks.check_provenance(Site(site.root, overrides), page, ROOT / "data")


#: 改动 → 必须失败的检查（在浏览器里看）。
SEEN = [
    (END, '<img src="http://example.org/a.png" alt="甲"></article>', checks.check_requests),
    (HEAD, '<script src="../../_static/gone.js"></script></head>', checks.check_requests),
    (HEAD, "<script>throw new Error('坏了')</script></head>", checks.check_console),
    (HEAD, "<script>console.error('坏了')</script></head>", checks.check_console),
    (END, '<div style="width:900px;height:1px">宽</div></article>', checks.check_width),
    (END, '<p style="color:#999;background:#fff">看不清的字</p></article>', checks.check_axe),
    (END, '<img src="../../_static/book.css"></article>', checks.check_axe),
    (END, '<a href="#"></a></article>', checks.check_axe),
    (END, f"<p hidden>{'重' * 300_000}</p></article>", checks.check_weight),
    (
        HEAD,
        "".join(f'<link rel="stylesheet" href="../../_static/book.css?{i}">' for i in range(16)) + HEAD,
        checks.check_weight,
    ),
]


@pytest.mark.parametrize(("old", "new", "check"), SEEN, ids=[check.__name__ for *_, check in SEEN])
def test_a_broken_page_fails_in_the_browser(browser, axe, site, page, intact, old, new, check):
    with served(broken(site, page, old, new)) as url:
        seen = visit(browser, url, page, width=390, axe=axe if check is checks.check_axe else None)
    assert set(check(seen)) - set(check(intact))


@pytest.mark.parametrize(
    "text",
    [
        '<p class="strange">甲</p>',
        '<p>甲</p><p>乙<em>丙</em></p><p>丁<em class="strange">戊</em></p>',
        "<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>",
        '<ul><li>甲</li><li>乙</li></ul><ul class="strange"><li>甲</li></ul>',
    ],
    ids=["class", "inner", "even_row", "outer"],
)
def test_a_kind_of_element_seen_nowhere_else_is_looked_at(browser, axe, site, page, text):
    """证明：看颜色时每种元素都看到，不论它是第几个、在哪一种里面。"""
    style = (
        "<style>em.strange, p.strange, ul.strange li, tr:nth-child(even) td { color: #aaa; background: #fff }</style>"
    )
    for broken_style in ("", style):
        changed = site.text(page).replace(HEAD, broken_style + HEAD, 1).replace(END, text + END, 1)
        with served(Site(site.root, {page: changed})) as url:
            found = checks.check_axe(visit(browser, url, page, axe=axe))
        assert any("color-contrast" in problem for problem in found) == bool(broken_style)


def test_text_lost_in_the_dark_fails(browser, axe, site, page):
    """浅色看得清、深色看不清的字，只有深色那一遍抓得到。"""
    with served(broken(site, page, END, '<p style="color:#222;background:none">深色里看不清</p></article>')) as url:
        assert checks.check_axe(visit(browser, url, page, dark=False, axe=axe)) == []
        assert checks.check_axe(visit(browser, url, page, dark=True, axe=axe))
