"""全文检索：应找到的页由文章的文字直接算出，一页不能少。"""

import copy
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from zhbook.search import pack, unpack

from .checks import ARTICLE
from .site import SEARCH, Site, parse, served

QUERIES = [
    "芯片", "清单", "证据", "许可", "来源", "支柱", "台阶", "口径",
    "光刻机", "光刻胶", "传感器", "供应商", "操作系统", "卡脖子", "数据目录",
    "核心基础零部件", "关键基础材料", "先进基础工艺", "产业技术基础", "产业基础再造", "协同创新",
    "28nm", "5G", "HHI", "人均GDP", "EDA 软件", "CC BY 4.0", "稳健性与局限", "份额怎么来", "光刻机 证据",
]  # fmt: skip
NONSENSE = "魑魅魍魉zzqx"


def fold(text: str) -> str:
    """检索用的归一：NFKC、小写、去掉空白。"""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())


def article(soup) -> str:
    """一页的文章，不含代码与标题旁的链接符号。"""
    body = copy.copy(soup.select_one(ARTICLE)) or parse("")
    for element in body.select("div.cell_input, details.above-input summary, .no-search, a.headerlink, script, style"):
        element.decompose()
    return body.get_text()


@pytest.fixture(scope="module")
def articles(site):
    return {page: fold(article(site.soup(page))) for page in site.pages() if page != SEARCH}


def expected(articles: dict[str, str], query: str) -> set[str]:
    terms = [fold(term) for term in query.split()]
    return {page for page, text in articles.items() if all(term in text for term in terms)}


def ask(tab, root: str, query: str) -> tuple[set[str], str]:
    """检索页给出的页与那句话。"""
    tab.goto(f"{root}{SEARCH}?q={quote(query)}")
    tab.wait_for_function("/找到/.test(document.querySelector('#search-status').textContent)")
    found = tab.eval_on_selector_all("#search-results a[data-page]", "links => links.map(a => a.dataset.page)")
    return set(found), tab.inner_text("#search-status")


@pytest.fixture
def tab(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def missed(tab, root, articles) -> Iterator[str]:
    """没有找全的检索。"""
    for query in QUERIES:
        lost = expected(articles, query) - ask(tab, root, query)[0]
        if lost:
            yield f"检索“{query}”少了 {sorted(lost)}"


def test_there_are_thirty_queries_and_most_have_answers(articles):
    assert len(set(QUERIES)) == 30
    assert sum(bool(expected(articles, query)) for query in QUERIES) >= 15


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_recall_is_complete(tab, base, site, articles, scheme):
    assert list(missed(tab, base if scheme == "http" else f"{site.root.as_uri()}/", articles)) == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_nonsense_finds_nothing(tab, base, site, scheme):
    found, message = ask(tab, base if scheme == "http" else f"{site.root.as_uri()}/", NONSENSE)
    assert found == set()
    assert "没有找到" in message


def test_nothing_is_found_that_is_not_there(tab, base, articles):
    for query in QUERIES[:12]:
        assert ask(tab, base, query)[0] <= expected(articles, query)


def test_an_empty_index_fails(tab, site, articles):
    """证明：检索文本少了一页，召回就不全。"""
    index = unpack(site.text("_static/search-text.js"))
    page = max(articles, key=lambda p: len(articles[p]))
    assert page in {entry["url"] for entry in index}
    broken = pack([entry for entry in index if entry["url"] != page])
    with served(Site(site.root, {"_static/search-text.js": broken})) as root:
        assert next(missed(tab, root, articles), None)
