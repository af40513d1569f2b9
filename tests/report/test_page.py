"""网页：一个自足的文件；在真的浏览器里打开，手机宽与电脑宽、浅色与深色，没有报错，不横滚，无障碍。"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from chokepoint import report

from .folders import chain_of, write
from .test_report import NAMES, big


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """名称 → 网页文件：模板的例子、一条大的、一条什么都不知道的。"""
    root = tmp_path_factory.mktemp("pages")
    report.template(root / "kite")
    made = {
        "kite": report.build(root / "kite", domestic="甲国", blocs={"乙丙": ("乙国", "丙国")}),
        "big": report.build(write(root / "big", **big()), names=NAMES),
        "bare": report.build(write(root / "bare", **chain_of(20)), names=NAMES),
    }
    return {name: found.save(root / f"{name}.html") for name, found in made.items()}


def outside(html: str) -> list[str]:
    """网页里要向外取的东西。"""
    soup = BeautifulSoup(html, "html.parser")
    found = [str(t)[:80] for t in soup.find_all(["script", "iframe", "object", "embed", "img", "audio", "video"])]
    for tag in soup.find_all(True):
        for name in ("src", "srcset", "href", "xlink:href", "data", "action", "poster"):
            value = tag.get(name)
            if value and not value.startswith(("#", "data:")):
                found.append(f"<{tag.name} {name}={value}>")
    found += re.findall(r"url\((?!['\"]?(?:#|data:))[^)]*\)|@import[^;]*", html)
    return found


@pytest.mark.parametrize("name", ["kite", "big", "bare"])
def test_self_contained(pages, name):
    html = pages[name].read_text("utf-8")
    assert outside(html) == []
    assert html.startswith("<!doctype html>")
    assert html.rstrip().endswith("</html>")


@pytest.mark.parametrize(
    "smuggled",
    [
        '<img src="https://example.org/a.png">',
        '<link rel="stylesheet" href="//example.org/a.css">',
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>p { background: url(https://example.org/a.png) }</style>",
        "<script src='a.js'></script>",
    ],
)
def test_an_outside_request_is_seen(pages, smuggled):
    """证明：夹带一处向外的请求，检查必须看得出来。"""
    assert outside(pages["kite"].read_text("utf-8").replace("</body>", smuggled + "</body>"))


def opened(browser, path, width, dark):
    """打开一页：（请求，报错，内容宽，axe 的意见）。"""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="zh-CN"
    )
    try:
        tab, urls, errors = context.new_page(), [], []
        tab.on("request", lambda r: urls.append(r.url))
        tab.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
        tab.on("pageerror", lambda e: errors.append(str(e)))
        tab.goto(path.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        wide = tab.evaluate("document.documentElement.scrollWidth")
        found = Axe().run(tab).response["violations"]
        return urls, errors, wide, [f"{v['id']}：{n['target']}" for v in found for n in v["nodes"][:2]]
    finally:
        context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["kite", "big", "bare"])
def test_opens_cleanly(browser, pages, name, width, dark):
    urls, errors, wide, violations = opened(browser, pages[name], width, dark)
    assert [u for u in urls if not u.startswith(("file:", "data:"))] == []
    assert errors == []
    assert wide <= width
    assert violations == []


def test_a_wide_page_is_seen(browser, pages, tmp_path):
    """证明：一格撑宽的内容，宽度的检查必须看得出来。"""
    broken = tmp_path / "wide.html"
    broken.write_text(
        pages["kite"].read_text("utf-8").replace("<main>", "<main><p style='width:900px'>宽</p>"), "utf-8"
    )
    assert opened(browser, broken, 390, False)[2] > 390


def test_drawings_do_not_share_ids(pages):
    """几张图内联在一页里：编号不能相混，否则字形会张冠李戴。"""
    soup = BeautifulSoup(pages["kite"].read_text("utf-8"), "html.parser")
    ids = [t["id"] for t in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    known = {f"#{i}" for i in ids}
    used = {t.get("xlink:href") or t.get("href") for t in soup.find_all("use")}
    assert used
    assert used <= known


def test_drawings_say_what_they_show(pages):
    soup = BeautifulSoup(pages["kite"].read_text("utf-8"), "html.parser")
    drawings = soup.select("figure svg")
    assert len(drawings) >= 3
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert re.search(r"\d", drawing["aria-label"])
        assert drawing.get("viewbox") or drawing.get("viewBox")


def test_ink_follows_the_theme(browser, pages):
    """深色时坐标轴的字随页面变浅，不是黑底黑字。"""
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    tab.goto(pages["kite"].as_uri())
    fills = tab.evaluate("[...document.querySelectorAll('figure svg *')].map(e => getComputedStyle(e).fill)")
    context.close()
    assert "rgb(34, 34, 34)" not in fills
    assert "rgb(230, 233, 238)" in fills
