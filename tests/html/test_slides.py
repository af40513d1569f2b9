"""幻灯片：与那一章对得上，放得下，印得出，从磁盘打开不缺东西；每项检查都证明会失败。"""

import copy
import functools
import io
import re

import pytest
from pypdf import PdfReader

from tools.paths import toc_files

from . import checks
from .site import Site, parse, served, visit

FOLDER = "slides/"
#: 有幻灯片的文档：六个部分的各章与首页。
DOCUMENTS = [name for name in toc_files() if "/appendix/" not in name]


def deck_of(document):
    """一章的幻灯片在哪里。"""
    short = document.removeprefix("book/").replace("/", "-")
    return f"{FOLDER}{'summary' if short == 'index' else short}.html"


DECKS = {deck_of(document): f"{document}.html" for document in DOCUMENTS}
#: 印出来、看无障碍的几份：首页、有算式的、图最多的、表最长的。
SAMPLES = [
    deck_of(f"book/{n}") for n in ("index", "pillars/technology_base", "pillars/materials", "outlook/conclusion")
]
#: 在浏览器里量：每张都展开，看有没有东西出界、互相压着、字太小。
MEASURE = """() => [...document.querySelectorAll('.slides > section')].flatMap((section, i) => {
  section.style.display = 'block';
  section.hidden = false;
  const slide = section.querySelector('.slide'), text = slide.querySelector('.text'), found = [];
  const say = what => found.push(`第 ${i + 1} 张：${what}`);
  for (const box of [slide, text]) {
    if (box.scrollHeight > box.clientHeight + 1) say(`高出 ${box.scrollHeight - box.clientHeight} 像素`);
    if (box.scrollWidth > box.clientWidth + 1) say(`宽出 ${box.scrollWidth - box.clientWidth} 像素`);
  }
  if (slide.clientWidth !== 1280 || slide.clientHeight !== 720) say('片的大小不对');
  const boxes = [...slide.children].map(e => e.getBoundingClientRect());
  boxes.forEach((a, j) => boxes.slice(j + 1).forEach(b => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && down > 1) say('两块互相压着');
  }));
  for (const image of slide.querySelectorAll('img')) if (!image.naturalWidth) say('图没有出来');
  for (const e of text.querySelectorAll('p, li, th, td')) {
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (size < 20 && !e.closest('.source')) say(`字只有 ${size} 像素`);
  }
  return found;
})"""


@functools.cache
def chapter(site, name):
    """一章的正文，不要代码。"""
    text = site.text(name)
    article = text[text.index("<article") : text.index("</article>")] + "</article>"
    return parse(re.sub(r"<pre>.*?</pre>", "", article, flags=re.S))


def words(element):
    """元素的文字，不要空白与“本节的链接”。"""
    if element is None:
        return ""
    strings = [s for s in element.strings if "headerlink" not in (s.parent.get("class") or [])]
    return "".join("".join(strings).split())


def slides(deck):
    return deck.select(".slides > section")


# ---- 与那一章对得上 ----
def check_figures(deck, page):
    """章里每张图恰有一张片：同号、同题、同图、同替代文本，注与来源都在。"""
    problems = []
    drawn = [section for section in slides(deck) if section.select_one("img")]
    for figure in page.select("article figure"):
        found = [section for section in drawn if section.get("id") == figure["id"]]
        if len(found) != 1:
            problems.append(f"{figure['id']} 有 {len(found)} 张片")
            continue
        pairs = {
            "编号": (".step a", ".caption-number"),
            "图题": ("h2", ".caption-text"),
            "来源": (".source", ".legend > p:last-child"),
        }
        for what, (mine, theirs) in pairs.items():
            if words(found[0].select_one(mine)) != words(figure.select_one(theirs)):
                problems.append(f"{figure['id']} 的{what}不同")
        said = [words(e) for e in found[0].select(".note")]
        problems += [f"{figure['id']} 少了注" for p in figure.select(".legend > p")[:-1] if words(p) not in said]
        image = found[0].img
        if (image["src"].rpartition("/")[2], image["alt"]) != (
            figure.img["src"].rpartition("/")[2],
            figure.img["alt"],
        ):
            problems.append(f"{figure['id']} 的图或替代文本不同")
    extra = {section.get("id") for section in drawn} - {figure["id"] for figure in page.select("article figure")}
    return problems + [f"多出一张图 {name}" for name in sorted(map(str, extra))]


def cells(row):
    return [words(cell) for cell in row(["th", "td"])]


def check_tables(deck, page):
    """章里每张表，各行依次在片上，一行不少（各张的表头相同）；太长的只说几行几列，通到书里。"""
    problems = []
    for table in page.select("article > section > section table[id^='tbl-']"):
        if table["id"].endswith("-sources"):
            continue
        head, *rows = map(cells, table("tr"))
        mine = [s for s in slides(deck) if s.select_one(f".step a[href$='#{table['id']}']")]
        shown = [list(map(cells, section("tr"))) for section in mine if section.table]
        found = [row for first, *rest in shown for row in rest]
        # 分到后一张的第一行，“同上”的空格补上了。
        same = len(found) == len(rows) and all(a == b or ["", *a[1:]] == b for a, b in zip(found, rows, strict=True))
        if shown and (not same or any(first != head for first, *_ in shown)):
            problems.append(f"{table['id']} 的各行不同")
        told = words(table.find_parent("section").h2).endswith(("稳健性与局限", "小结"))  # 文字已照原样放上来
        if (not mine and not told) or (not shown and len(rows) <= 10 and len(head) <= 5):
            problems.append(f"{table['id']} 没有上来")
        size = f"{len(rows)}行、{len(head)}列"
        problems += [f"{table['id']} 的大小说错了" for s in mine if not s.table and size not in words(s)]
    return problems


def check_findings(deck, page):
    """每条发现都在，次序不变，一字不差。"""
    mine = [words(e) for e in deck.select(".findings li")]
    theirs = [words(e) for e in page.select("article .findings li")]
    return [] if theirs and mine == theirs else [f"发现不同：{sorted(set(theirs) ^ set(mine))}"]


def blocks(page):
    """章里的段落与条目（不算图表、练习与末节）。"""
    apart = "table, figure, details, .source, .solution, .interactive, .cell, .toctree-wrapper"
    out = {id(inner) for box in page.article.select(apart) for inner in box.find_all(["p", "li"])}
    return {words(e): e for e in page.article.find_all(["p", "li"]) if id(e) not in out}


def check_verbatim(deck, page):
    """片上的文字是章里整段整条的，没有断开的句子。"""
    whole = set(blocks(page))
    shown = [words(e) for e in deck.select(".slide:not(.end) .body > p, .slide:not(.end) .body li, .learn li")]
    return [f"不是整段：{text[:40]}" for text in shown if text not in whole]


def check_argument(deck, page):
    """章里各节的每一段，不在片上就在讲稿里。"""
    told = "".join(words(section) for section in slides(deck))
    problems, told_of = [], blocks(page)
    for section in page.select("article > section > section"):
        if words(section.h2).endswith(("练习", "数据与来源")):
            continue
        inside = set(map(id, section.find_all(["p", "li"])))
        lost = [text for text, e in told_of.items() if id(e) in inside and text not in told]
        problems += [f"没有说到：{text[:40]}" for text in lost]
    return problems


def check_exercises(deck, page):
    """每道练习一张，不带答案；答案有链接。"""
    asked = page.select("article .exercise")
    shown = deck.select(".slide.exercise")
    problems = [] if len(asked) == len(shown) else [f"练习 {len(asked)} 道，片 {len(shown)} 张"]
    for exercise, slide in zip(asked, shown, strict=False):
        if words(exercise.section) not in words(slide):
            problems.append(f"{exercise['id']} 的题目不同")
        answer = exercise.find_next_sibling(class_="solution")
        if not slide.select(f'a[href$="#{answer["id"]}"]'):
            problems.append(f"{exercise['id']} 没有通到答案的链接")
    told = words(deck.main)
    given = [words(p) for p in page.select("article .solution section p")]
    return problems + [f"露了答案：{text[:30]}" for text in given if len(text) > 15 and text in told]


def check_furnished(deck, page):
    """一个大标题，声明为中文；末张通到那一章、数据与许可。"""
    problems = checks.check_language(deck)
    if len(deck.select("h1")) != 1 or words(deck.h1) not in words(deck.title):
        problems.append("大标题或页题不对")
    number = words(page.select_one("article h1 .section-number"))
    if words(page.select_one("article h1")).removeprefix(number) != words(deck.h1):
        problems.append("大标题不是章名")
    end = slides(deck)[-1]
    for what in (".links a[href^='../book/']", "a[href*='creativecommons.org']", "a[href*='data_catalogue']"):
        problems += [] if end.select(what) else [f"末张没有 {what}"]
    return problems


SAME = [check_figures, check_tables, check_findings, check_verbatim, check_argument, check_exercises, check_furnished]


def check_links(site, name):
    """链接、图与锚点都通，都在书的文件夹里。"""
    found = {e.get(a) for a in ("href", "src") for e in site.soup(name).select(f"[{a}]")}
    problems = []
    for href in sorted(h for h in found if not re.match(r"https?:|data:", h)):
        target, anchor = site.resolve(name, href)
        if not site.exists(target) or target.startswith(".."):
            problems.append(f"{href} 没有这个文件")
        elif anchor and anchor not in site.anchors(target):
            problems.append(f"{href} 没有这个锚点")
    return problems


def check_inside(seen, root):
    """只读书的文件夹里的东西。"""
    return [f"读到外面：{url}" for url in seen.urls if not url.startswith((root, "data:", "about:"))]


def check_listed(site):
    """总目列出每一份，没有别的。"""
    listed = [a["href"] for a in site.soup(f"{FOLDER}index.html").select("li a")]
    wanted = [name.removeprefix(FOLDER) for name in DECKS]
    return [] if listed == wanted else [f"总目不全：{sorted(set(wanted) ^ set(listed))}"]


def look(browser, base, name, **how):
    """打开一份，量每一张；产出所见与量出的毛病。"""
    measured = []
    seen = visit(browser, base, name, act=lambda tab: measured.extend(tab.evaluate(MEASURE)), **how)
    return seen, measured


def check_print(browser, url, how):
    """印成 PDF，一张一页，都是 16:9。"""
    tab = browser.new_page()
    try:
        tab.goto(url + how)
        tab.wait_for_selector(".pdf-page" if how else ".reveal.ready")
        wanted = tab.locator("section:has(> .slide)").count()
        sheets = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True, print_background=True))).pages
    finally:
        tab.close()
    sizes = [(round(p.mediabox.width), round(p.mediabox.height)) for p in sheets]
    return [] if sizes == [(960, 540)] * wanted else [f"{wanted} 张印成 {len(sizes)} 页：{set(sizes)}"]


def all_shown(tab):
    """reveal.js 把没放到的都标为隐藏，分页时也不去掉：看无障碍之前去掉。"""
    tab.wait_for_selector(".pdf-page")
    tab.evaluate("""document.querySelectorAll("section").forEach(section => {
      section.removeAttribute("hidden");
      section.removeAttribute("aria-hidden");
    })""")


# ---- 好的 ----
def test_every_chapter_has_a_deck(site):
    assert [name for name in DECKS if not site.exists(name)] == []
    assert check_listed(site) == []
    assert check_links(site, f"{FOLDER}index.html") + checks.check_outside(site, f"{FOLDER}index.html") == []


@pytest.mark.parametrize("name", DECKS)
def test_a_deck(browser, site, name):
    """从磁盘打开：不求外面，不报错，每张都放得下；与那一章对得上，链接都通。"""
    root = f"{site.root.as_uri()}/"
    deck, page = site.soup(name), chapter(site, DECKS[name])
    problems = [problem for check in SAME for problem in check(deck, page)]
    problems += check_links(site, name) + checks.check_outside(site, name)
    seen, measured = look(browser, root, name)
    problems += measured + check_inside(seen, root) + checks.check_requests(seen) + checks.check_console(seen)
    assert problems == []
    assert len(slides(seen.soup)) > 8


@pytest.mark.parametrize("name", SAMPLES[:2])
@pytest.mark.parametrize("how", ["", "?print-pdf"])
def test_one_slide_a_sheet(browser, site, name, how):
    assert check_print(browser, (site.root / name).as_uri(), how) == []


@pytest.mark.parametrize("name", SAMPLES[1:])
def test_axe_on_every_slide_at_once(browser, site, axe, name):
    """在分页的样子里，每张都像正在放映。"""
    root = f"{site.root.as_uri()}/"
    assert checks.check_axe(visit(browser, root, f"{name}?print-pdf", axe=axe, act=all_shown)) == []


def test_axe_on_the_first_slide(browser, site, axe):
    assert checks.check_axe(visit(browser, f"{site.root.as_uri()}/", SAMPLES[0], axe=axe)) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_of_decks(browser, site, axe, width):
    seen = visit(browser, f"{site.root.as_uri()}/", f"{FOLDER}index.html", width=width, axe=axe)
    problems = checks.check_width(seen) + checks.check_axe(seen) + checks.check_console(seen)
    assert problems + checks.check_requests(seen) + checks.check_language(seen.soup) == []


def test_the_keys_and_the_speaker_view(browser, site):
    """方向键翻页；S 打开讲者视图，讲稿是那一段，界面是中文。"""
    tab = browser.new_page()
    tab.goto((site.root / SAMPLES[2]).as_uri())
    tab.wait_for_selector(".reveal.ready")
    count = tab.evaluate("Reveal.getSlides().findIndex(s => s.querySelector('img')) + 1")
    for _ in range(count - 1):
        tab.keyboard.press("ArrowRight")
    present = parse(tab.content()).select_one("section.present")
    with tab.expect_popup() as popup:
        tab.keyboard.press("s")
    speaker = popup.value
    speaker.wait_for_selector(".speaker-controls-notes:not(.hidden) p")
    said = "".join(speaker.inner_text("body").split())
    assert "讲稿" in said
    assert words(present.select_one("aside.notes")) in said
    assert not checks._words(said.partition("讲稿")[0], set())
    assert {button.get("aria-label") for button in parse(tab.content()).select(".controls button")} == {
        "上一张",
        "下一张",
        "上面一张",
        "下面一张",
    }
    speaker.close()
    tab.close()


# ---- 坏的 ----
@pytest.fixture(scope="module")
def name(site):
    """有图有表的各章里最轻的一章。"""
    both = [n for n in list(DECKS)[1:] if 'class="slide table' in site.text(n) and "<img" in site.text(n)]
    return min(both, key=lambda n: len(site.text(n)))


def drop(what):
    """删去一个元素。"""

    def change(soup):
        soup.select_one(what).decompose()

    return change


def say(what, text):
    """换掉一个元素的文字。"""

    def change(soup):
        soup.select_one(what).string = text

    return change


def twice(soup):
    section = soup.select_one("section:has(img)")
    section.insert_after(copy.copy(section))


def no_notes(soup):
    for note in soup.select("aside.notes"):
        note.decompose()


def half(soup):
    block = soup.select_one(".slide.text .body p, .slide.text .body li")
    block.string = block.get_text()[: len(block.get_text()) // 2]


def no_alt(soup):
    soup.img["alt"] = "图"


#: 改动 → 必须失败的检查。
CHANGES = [
    (drop("section:has(img)"), check_figures),
    (twice, check_figures),
    (say("section:has(img) h2", "别的题"), check_figures),
    (say("section:has(img) .step a", "图 9.9"), check_figures),
    (drop("section:has(img) .source"), check_figures),
    (drop("section:has(img) .note"), check_figures),
    (no_alt, check_figures),
    (drop(".slide.table tbody tr"), check_tables),
    (drop(".slide.table thead"), check_tables),
    (say(".slide.table td", "别的格"), check_tables),
    (drop("section:has(table)"), check_tables),
    (drop(".findings li"), check_findings),
    (say(".findings li", "别的发现。"), check_findings),
    (half, check_verbatim),
    (no_notes, check_argument),
    (drop(".slide.text .body"), check_argument),
    (drop(".slide.exercise"), check_exercises),
    (drop(".slide.exercise .see"), check_exercises),
    (say(".slide.exercise .body", "别的题目"), check_exercises),
    (drop("h1"), check_furnished),
    (say("h1", "别的章"), check_furnished),
    (drop(".slide.end .links"), check_furnished),
]


@pytest.mark.parametrize(("change", "check"), CHANGES, ids=[c.__name__ for _, c in CHANGES])
def test_a_changed_deck_fails(site, name, change, check):
    deck = parse(site.text(name))
    page = chapter(site, DECKS[name])
    assert check(deck, page) == []
    change(deck)
    assert check(deck, page)


def test_a_shown_answer_fails(site, name):
    deck, page = parse(site.text(name)), chapter(site, DECKS[name])
    answer = next(p for p in page.select("article .solution section p") if len(words(p)) > 15)
    deck.select_one(".slide.exercise .body").append(copy.copy(answer))
    assert any("露了答案" in problem for problem in check_exercises(deck, page))


def test_an_unlisted_deck_fails(site, name):
    listing = f"{FOLDER}index.html"
    short = site.text(listing).replace(name.removeprefix(FOLDER), "summary.html")
    assert check_listed(Site(site.root, {listing: short}))


@pytest.mark.parametrize(
    ("old", "new"),
    [("../_images/", "../_images/no-"), ("#fig-", "#no-"), ("../book/", "../../book/"), ("deck.css", "no.css")],
)
def test_a_broken_link_fails(site, name, old, new):
    assert check_links(site, name) == []
    assert check_links(Site(site.root, {name: site.text(name).replace(old, new, 1)}), name)


LONG = "<p>" + "放不下的话。" * 200 + "</p>"
#: 换掉的文字 → 量出来要说的话。
LAYOUT = [
    ('<div class="body">', f'<div class="body">{LONG}', "高出"),
    ('<div class="body">', '<div class="body"><p style="white-space:nowrap">' + "很长的一行" * 40 + "</p>", "宽出"),
    ("<footer>", '<footer style="margin-top:-90px;height:90px">', "互相压着"),
    ('<div class="body">', '<div class="body" style="font-size:12px">', "字只有"),
    ("../_images/", "../_images/no-", "图没有出来"),
]


@pytest.mark.parametrize(("old", "new", "said"), LAYOUT, ids=[said for *_, said in LAYOUT])
def test_a_bad_layout_fails(browser, site, name, old, new, said):
    assert old in site.text(name)
    with served(Site(site.root, {name: site.text(name).replace(old, new, 1)})) as url:
        assert any(said in problem for problem in look(browser, url, name)[1])


def test_a_request_outside_fails(browser, site, name):
    for outside in ("http://example.org/a.js", "../../outside.js"):
        text = site.text(name).replace("</body>", f'<script src="{outside}"></script></body>')
        with served(Site(site.root, {name: text})) as url:
            seen, _ = look(browser, url, name)
            assert checks.check_requests(seen)
    root = f"{site.root.as_uri()}/"
    seen.urls = [root + name, f"{site.root.parent.as_uri()}/outside.js"]
    assert len(check_inside(seen, root)) == 1


@pytest.mark.parametrize(
    ("how", "file", "old", "new"),
    [
        ("", "slides/paper.css", "size: 1280px 720px;", ""),
        ("", "slides/deck.css", "height: 720px;", "height: 800px;"),
        ("?print-pdf", "slides/summary.html", '.media = "all"', '.media = "screen"'),
    ],
)
def test_a_bad_print_fails(browser, site, how, file, old, new):
    assert old in site.text(file)
    with served(Site(site.root, {file: site.text(file).replace(old, new)})) as url:
        assert check_print(browser, f"{url}{FOLDER}summary.html", how)


def test_small_print_fails_axe(browser, site, axe):
    bad = site.text(SAMPLES[0]).replace("<footer>", '<footer style="color:#ccc">')
    with served(Site(site.root, {SAMPLES[0]: bad})) as url:
        found = checks.check_axe(visit(browser, url, f"{SAMPLES[0]}?print-pdf", axe=axe, act=all_shown))
    assert any("color-contrast" in problem for problem in found)
