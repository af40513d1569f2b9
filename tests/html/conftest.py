"""每个进程一个服务。"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .site import Site, built, served


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
