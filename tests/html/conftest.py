"""每个进程一个服务；扩展不在包里，先把它的文件夹放上搜索路径。"""

import sys

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools.paths import ROOT

from .site import Site, built, served

sys.path.insert(0, str(ROOT / "book" / "_ext"))


@pytest.fixture(scope="session")
def site():
    root = built()
    assert (root / "index.html").exists(), f"没有造好的书：{root}。请先运行 make book"
    return Site(root)


@pytest.fixture(scope="session")
def base(site):
    with served(site) as url:
        yield url


@pytest.fixture(scope="session")
def axe():
    return Axe()


@pytest.fixture(scope="module")
def tab(request, browser, base):
    """手机宽的一页，等到能动手：看哪一页、等什么，由测试模块的 ``PAGE`` 与 ``READY`` 给出。"""
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(base + request.module.PAGE)
    page.wait_for_selector(request.module.READY)
    yield page
    context.close()
