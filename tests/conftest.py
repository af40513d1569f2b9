"""每个进程一个浏览器：playwright 的同步接口在一个进程里只能开一次。"""

import pytest
from playwright.sync_api import sync_playwright

from tests.html.site import ARGS, chromium


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        yield browser
        browser.close()
