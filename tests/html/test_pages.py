"""每一页：电脑与手机，浅色与深色，http 与 file。"""

import re

import pytest

from tools.paths import ROOT
from tools.text import read, specs

from . import checks
from .site import ENTRY, SEARCH, built, pages, visit

PAGES = pages(built()) if built().exists() else []
CHAPTERS = [p for p in PAGES if (ROOT / p).with_suffix(".ipynb").exists() and "/appendix/" not in p]


def test_there_are_pages(site):
    assert PAGES
    assert CHAPTERS


@pytest.fixture(scope="module")
def names(site):
    return checks.headings(site)


def from_data(page):
    """一页中由 ``plots.table`` 给出、应有来源行的表。"""
    notebook = (ROOT / page).with_suffix(".ipynb")
    return (
        {s["name"] for s in specs(read(notebook)) if s["kind"] == "table" and s["source"]}
        if notebook.exists()
        else set()
    )


def own_scripts(page):
    """一页用 ``page-script`` 声明的脚本。"""
    sources = [(ROOT / page).with_suffix(suffix) for suffix in (".ipynb", ".md")]
    found = [re.findall(r"\{page-script\} ([\w. -]+)", s.read_text("utf-8")) for s in sources if s.exists()]
    return {name for names in found for line in names for name in line.split()}


@pytest.mark.parametrize("page", PAGES)
def test_on_a_desk(browser, base, axe, names, page, site):
    """1280 像素、浅色：请求、控制台、axe、语言、界面、图表、重量。"""
    seen = visit(browser, base, page, axe=axe)
    problems = checks.check_requests(seen) + checks.check_console(seen) + checks.check_width(seen)
    problems += checks.check_axe(seen) + checks.check_language(seen.soup) + checks.check_furniture(seen.soup, names)
    problems += checks.check_images(seen.soup) + checks.check_figures(seen.soup)
    problems += checks.check_tables(seen.soup, from_data(page))
    problems += checks.check_weight(seen, own_scripts(page))
    if page in CHAPTERS:
        problems += checks.check_tables_labelled(seen.soup)
        assert from_data(page) <= {t["id"] for t in seen.soup.select("table[id]")}
    if page != SEARCH:
        notebook = (ROOT / page).with_suffix(".ipynb").exists()
        problems += checks.check_furnished(seen.soup, notebook=notebook, pdf=_has_pdf(site))
    assert problems == []
    assert seen.theme == "light"


def _has_pdf(site):
    return any(site.root.glob("*.pdf"))


@pytest.mark.parametrize("page", PAGES)
def test_on_a_phone_in_the_dark_from_a_disk(browser, axe, site, page):
    """390 像素、深色、从 file:// 打开：不求外面，不报错，不横滚，字看得清。"""
    root = f"{site.root.as_uri()}/"
    seen = visit(browser, root, page, width=390, dark=True, axe=axe)
    assert seen.theme == "dark"
    assert checks.check_requests(seen) + checks.check_console(seen) == []
    assert checks.check_width(seen) + checks.check_axe(seen) == []


@pytest.mark.parametrize("page", PAGES)
def test_files(site, page):
    """链接、锚点、下载与来源。"""
    problems = checks.check_outside(site, page) + checks.check_links(site, page) + checks.check_notebook(site, page)
    assert problems + checks.check_provenance(site, page, ROOT / "data") == []


def test_stylesheets(site):
    assert checks.check_stylesheets(site) == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_entry_leads_to_the_front_page(browser, base, site, scheme):
    root = base if scheme == "http" else f"{site.root.as_uri()}/"
    seen = visit(browser, root, ENTRY, act=lambda tab: tab.wait_for_selector(checks.ARTICLE))
    assert checks.check_requests(seen) + checks.check_console(seen) + checks.check_language(seen.soup) == []
    assert seen.soup.select_one(f"{checks.ARTICLE} h1")
    assert checks.check_links(site, ENTRY) + checks.check_outside(site, ENTRY) == []


def test_every_figure_was_checked(site):
    """书里确有图与表受了检查，来源行确能通到数据目录。"""
    soups = [site.soup(page) for page in PAGES]
    assert sum(len(s.select(f"{checks.ARTICLE} figure")) for s in soups)
    assert sum(len(s.select(f"{checks.ARTICLE} table[id^='tbl-']")) for s in soups)


def test_a_missing_browser_fails_with_what_to_install(monkeypatch):
    from . import site as module

    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match="apt-get install chromium"):
        module.chromium()
