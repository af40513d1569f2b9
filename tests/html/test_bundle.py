"""``make bundle``：解开的压缩包就是造好的书，从磁盘打开不缺东西。"""

import zipfile

import pytest

from tools.bundle import NAME, NOTE, bundle
from tools.paths import PDF

from . import checks
from .site import ENTRY, visit


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    """造好的书装包再解开：压缩包与其中的文件夹。"""
    folder = tmp_path_factory.mktemp("bundle")
    archive = bundle(site.root, folder)
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        opened.extractall(folder / "stick")
    (top,) = (folder / "stick").iterdir()
    return archive, top


def test_it_holds_the_whole_book(site, unpacked):
    _, top = unpacked
    mine = {p.relative_to(top).as_posix(): p.read_bytes() for p in top.rglob("*") if p.is_file()}
    said = mine.pop(NOTE).decode("utf-8-sig")
    assert "index.html" in said
    assert PDF.name == f"{NAME}.pdf"
    assert mine == {p.relative_to(site.root).as_posix(): p.read_bytes() for p in site.root.rglob("*") if p.is_file()}


def test_it_opens_from_a_stick(browser, unpacked):
    _, top = unpacked
    seen = visit(browser, f"{top.as_uri()}/", ENTRY, act=lambda tab: tab.wait_for_selector(checks.ARTICLE))
    assert checks.check_requests(seen) + checks.check_console(seen) == []
    assert seen.soup.select_one(f"{checks.ARTICLE} h1")


def test_the_same_book_packs_the_same(site, unpacked, tmp_path):
    assert bundle(site.root, tmp_path).read_bytes() == unpacked[0].read_bytes()


def test_no_book_no_bundle(tmp_path):
    with pytest.raises(SystemExit, match="make book"):
        bundle(tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []
