"""每个进程一个浏览器：playwright 的同步接口在一个进程里只能开一次。"""

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

from tests.html.site import ARGS, chromium

# 机器忙的时候一例也会慢，快慢不在测试里量（见 make bench）。
settings.register_profile("book", deadline=None)
settings.load_profile("book")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        yield browser
        browser.close()
