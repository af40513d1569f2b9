"""EPUB：装得对、各篇成形、目录齐全、链接通、不向外请求。"""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ElementTree
import zipfile
from urllib.parse import unquote, urlsplit

import pytest

from tools.paths import EPUB, HTML, citation, toc_files

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def book() -> dict[str, bytes]:
    with zipfile.ZipFile(EPUB) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def pages(book) -> dict[str, ElementTree.Element]:
    return {name: ElementTree.fromstring(text) for name, text in book.items() if name.endswith(".xhtml")}


def broken_pages(book: dict[str, bytes]) -> list[str]:
    """不成形的篇：严格的阅读器一字也不显示。"""
    found = []
    for name, text in book.items():
        if name.endswith((".xhtml", ".opf", ".ncx")):
            try:
                ElementTree.fromstring(text)
            except ElementTree.ParseError as error:
                found.append(f"{name}：{error}")
    return found


def dead_links(pages: dict[str, ElementTree.Element], files: set[str]) -> list[str]:
    """通不到的：书里没有的文件、篇里没有的位置、往外取的图与脚本。"""
    places = {name: {e.get("id") for e in root.iter() if e.get("id")} for name, root in pages.items()}
    found = []
    for name, root in pages.items():
        for element in root.iter():
            for attribute in ("href", "src"):
                url = element.get(attribute)
                if url is None:
                    continue
                parts = urlsplit(url)
                if parts.scheme or parts.netloc:
                    if element.tag != f"{XHTML}a":
                        found.append(f"{name} 往外取 {url}")
                    continue
                path = unquote(parts.path)
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
                if target not in files or parts.fragment and unquote(parts.fragment) not in places.get(target, set()):
                    found.append(f"{name} → {url}")
    return found


def test_every_page_is_well_formed(book):
    assert broken_pages(book) == []


def test_a_malformed_page_is_found(book):
    assert broken_pages({**book, "x.xhtml": b"<html><br></html>"}) != []


def test_links_images_and_no_scripts(pages, book):
    assert dead_links(pages, set(book)) == []
    assert [name for name, root in pages.items() if next(root.iter(f"{XHTML}script"), None) is not None] == []


def test_a_dead_link_is_found(pages, book):
    for url, tag in (("nowhere.xhtml", "a"), ("#nowhere", "a"), ("https://example.org/x.png", "img")):
        page = ElementTree.fromstring(f'<html xmlns="{XHTML[1:-1]}"><{tag} href="{url}" src="{url}"/></html>')
        assert dead_links({**pages, "x.xhtml": page}, {*book, "x.xhtml"}) != [], url


def test_spine_and_contents_follow_the_book(pages, book):
    package = ElementTree.fromstring(book["content.opf"])
    items = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    assert set(items.values()) | {"content.opf", "mimetype", "META-INF/container.xml"} == set(book)
    spine = [items[ref.get("idref")] for ref in package.iter(f"{OPF}itemref")]
    wanted = [f"{doc}.xhtml" for doc in toc_files()]
    assert [page for page in spine if page in wanted] == wanted
    listed = [link.get("href").partition("#")[0] for link in pages["nav.xhtml"].iter(f"{XHTML}a")]
    assert list(dict.fromkeys(page for page in listed if page in wanted)) == wanted


def test_metadata_comes_from_the_citation_file(book):
    package, said = ElementTree.fromstring(book["content.opf"]), citation()
    assert next(package.iter(f"{DC}title")).text == said["title"]
    assert next(package.iter(f"{DC}language")).text == "zh-CN"
    assert str(said["version"]) in next(package.iter(f"{DC}identifier")).text
    assert next(package.iter(f"{DC}date")).text.startswith(str(said["date-released"]))


def test_figures_and_formulas_are_all_there(pages):
    """每章的图与公式，数目与网页相同。"""
    for doc in toc_files():
        html = (HTML / f"{doc}.html").read_text("utf-8")
        page = pages[f"{doc}.xhtml"]
        assert sum(1 for _ in page.iter(f"{XHTML}figure")) == html.count("<figure"), doc
        maths = sum(1 for e in page.iter() if e.tag.endswith("}math"))
        assert maths == html.count("<math"), doc


def test_the_footer_gives_the_epub():
    page = (HTML / f"{toc_files()[1]}.html").read_text("utf-8")
    assert f"{EPUB.name}" in page
    assert (HTML / EPUB.name).read_bytes() == EPUB.read_bytes()
