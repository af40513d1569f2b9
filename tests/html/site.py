"""造好的 HTML：读文件、开服务、在真的 Chromium 里看。"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import posixpath
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from tools.paths import HTML

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
#: 图是滚到近处才取的：这里全部取来，字节与失败才不会少算。
ALL_IMAGES = """() => Promise.all([...document.images].map(image => {
  image.loading = 'eager';
  return image.complete || new Promise(done => { image.onload = image.onerror = done; });
}))"""
#: 同一种元素（从正文到它，各层的标签、类、样式，表行还看单双）只留第一个，其余从页上拿走。
ONE_OF_A_KIND = """() => {
  const first = new Map(), all = [...document.querySelectorAll('body *')];
  const kinds = all.map(element => {
    let kind = '';
    for (let e = element; e !== document.body; e = e.parentElement)
      kind += [e.localName, e.className.baseVal ?? e.className, e.style?.cssText, e.rowIndex % 2].join(' ') + '<';
    return kind;
  });
  kinds.forEach((kind, n) => first.has(kind) || first.set(kind, all[n]));
  for (let n = all.length - 1; n >= 0; n--)
    if (!all[n].children.length && first.get(kinds[n]) !== all[n]) all[n].remove();
}"""
#: 首页的转跳页：没有正文，单独检查。
ENTRY = "index.html"
SEARCH = "search.html"


def built() -> Path:
    """造好的书所在的文件夹：``BOOK_HTML``，否则 ``_build/html``。"""
    return Path(os.environ.get("BOOK_HTML", HTML))


def pages(root: Path) -> list[str]:
    """书里的页，相对根的地址；不含转跳页与幻灯片。"""
    found = [p.relative_to(root).as_posix() for p in root.rglob("*.html")]
    return sorted(p for p in found if p != ENTRY and not p.startswith(("_", "slides/")))


def parse(markup: str) -> BeautifulSoup:
    return BeautifulSoup(markup, "html.parser")


#: 读过的页：坏副本只重读改坏的那一页。
_soup = functools.cache(parse)


@functools.cache
def _anchors(markup: str) -> set[str]:
    return {element["id"] for element in _soup(markup).find_all(id=True)}


@dataclass
class Site:
    """造好的书。

    Parameters
    ----------
    root : Path
        所在文件夹。
    overrides : dict
        地址 → 内容：坏副本用它替换一页，文件本身不动。``None`` 表示删去。
    """

    root: Path
    overrides: dict[str, str | None] = field(default_factory=dict)

    def exists(self, name: str) -> bool:
        if name in self.overrides:
            return self.overrides[name] is not None
        return (self.root / name).is_file()

    def text(self, name: str) -> str:
        if self.overrides.get(name) is not None:
            return self.overrides[name]
        return (self.root / name).read_text("utf-8")

    def soup(self, name: str) -> BeautifulSoup:
        """读过的一页，各处共用：要改坏，请另 ``parse`` 一份。"""
        return _soup(self.text(name))

    def anchors(self, name: str) -> set[str]:
        """一页里有哪些锚点。"""
        return _anchors(self.text(name))

    def pages(self) -> list[str]:
        return pages(self.root)

    def resolve(self, page: str, href: str) -> tuple[str, str]:
        """页里的相对地址 → （相对根的地址，锚点）。"""
        parts = urlsplit(href)
        path = unquote(parts.path)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        return target, unquote(parts.fragment)

    def __hash__(self):
        return id(self)


@contextlib.contextmanager
def served(site: Site):
    """在 127.0.0.1 上给出这本书；产出根地址。"""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            name = unquote(urlsplit(self.path).path).lstrip("/")
            if name not in site.overrides:
                return super().do_GET()
            if site.overrides[name] is None:
                return self.send_error(404)
            content = site.overrides[name].encode()
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(name))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return None

        def log_message(self, *args):
            pass

        def handle(self):
            with contextlib.suppress(ConnectionError):
                super().handle()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site.root)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def chromium() -> str:
    """系统里的 Chromium 或 Chrome。

    Raises
    ------
    RuntimeError
        一个也没有；消息说装什么。
    """
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError(
        "找不到浏览器，网页没有检查。请安装：sudo apt-get install chromium（或任何一种 Chrome/Chromium）"
    )


@dataclass
class Visit:
    """看一页所见。"""

    page: str
    width: int
    host: str
    urls: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    scroll_width: int = 0
    violations: list[dict] = field(default_factory=list)
    soup: BeautifulSoup | None = None
    theme: str = ""


def visit(browser, base: str, page: str, *, width: int = 1280, dark: bool = False, axe=None, act=None) -> Visit:
    """第一次打开一页（全新的缓存），记下请求、报错、宽度与 axe 的意见。

    Parameters
    ----------
    browser
        playwright 的浏览器。
    base : str
        书的根地址，``http://…/`` 或 ``file://…/``。
    page : str
        相对根的地址。
    width : int
        窗口宽度，像素。
    dark : bool
        是否深色。
    axe : Axe, optional
        给了就跑 axe。颜色另跑一遍，每种元素看一个：颜色由种类决定，而这条规则逐个看最费时。
    act : callable, optional
        打开之后、记录之前，在页上做的动作；做了动作就不量字节。
    """
    seen = Visit(page=page, width=width, host=urlsplit(base).netloc)
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="zh-CN"
    )
    try:
        tab = context.new_page()
        responses = []
        tab.on("request", lambda r: seen.urls.append(r.url))
        tab.on("requestfailed", lambda r: seen.failed.append(f"{r.url}（{r.failure}）"))
        tab.on("response", lambda r: responses.append(r))
        tab.on("pageerror", lambda e: seen.errors.append(str(e)))
        tab.on("console", lambda m: seen.errors.append(m.text) if m.type in {"error", "warning"} else None)
        tab.goto(base + page, wait_until="load")
        if act:
            act(tab)
        tab.evaluate("document.fonts.ready.then(() => true)")
        tab.evaluate(ALL_IMAGES)
        if base.startswith("http"):
            for response in responses:
                if response.status >= 400:
                    seen.failed.append(f"{response.url}（{response.status}）")
                elif not act and urlsplit(response.url).netloc == seen.host:
                    seen.sizes[response.url.removeprefix(base)] = len(response.body())
        seen.scroll_width = tab.evaluate("document.documentElement.scrollWidth")
        seen.theme = tab.evaluate("document.documentElement.dataset.theme || ''")
        seen.soup = parse(tab.content())
        if axe:
            # 预取样式只为一条默认不开的规则，从磁盘打开时又取不到：不取。
            common = {"resultTypes": ["violations"], "preload": False}
            structure = common | {"rules": {"color-contrast": {"enabled": False}}}
            seen.violations = axe.run(tab, options=structure).response["violations"]
            tab.evaluate(ONE_OF_A_KIND)
            seen.violations += axe.run(tab, options=common | {"runOnly": ["color-contrast"]}).response["violations"]
    finally:
        context.close()
    return seen
