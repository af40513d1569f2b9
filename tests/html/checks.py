"""读者得到的网页该是什么样。每条检查都返回问题的清单；空清单即合格。

``check_x(soup)`` 看浏览器里渲染好的页，``check_x(visit)`` 看打开它的经过，
``check_x(site, page)`` 看文件之间的关系。
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from .site import SEARCH, Site, Visit

ARTICLE = "article.bd-article"
SPOKEN = ("aria-label", "title", "placeholder", "data-tooltip", "data-bs-title", "data-bs-original-title", "value")
#: 可以原样出现在中文界面里的词：名称与文件格式。
NAMES = {
    *("notebook", "pdf", "epub", "html", "csv", "svg", "json", "xml", "ipynb"),
    *("cc", "by", "nc", "mit", "gb", "zh", "cn"),
    *("jupyter", "book", "python", "sphinx", "github", "javascript", "ctrl", "alt", "esc", "enter"),
}
MAX_BYTES = 800_000
MAX_REQUESTS = 15
_WORD = re.compile(r"[A-Za-z]{2,}")
_NUMBER = re.compile(r"^(图|表)\s(?:\d+|[A-Z])\.\d+\s*$")
_FILE_NAME = re.compile(r"\.(?:svg|png|jpe?g|gif|pdf)\b|^[\w./-]+/[\w./-]+$", re.I)


# ---- 打开的经过 ----
def check_requests(visit: Visit) -> list[str]:
    """不向别的主机要任何东西，要的都要到了。"""
    problems = []
    for url in visit.urls:
        parts = urlsplit(url)
        if parts.scheme in {"data", "blob", "about"}:
            continue
        if parts.netloc != visit.host:
            problems.append(f"{visit.page}：向外请求 {url}")
    return problems + [f"{visit.page}：请求失败 {what}" for what in visit.failed]


def check_console(visit: Visit) -> list[str]:
    """控制台没有报错，脚本没有异常。"""
    return [f"{visit.page}：控制台 {text[:160]}" for text in visit.errors]


def check_width(visit: Visit) -> list[str]:
    """不横向滚动。"""
    if visit.scroll_width > visit.width:
        return [f"{visit.page}：{visit.width} 像素宽时要横向滚动（内容宽 {visit.scroll_width}）"]
    return []


def check_axe(visit: Visit) -> list[str]:
    """axe 没有意见。"""
    return [
        f"{visit.page}：axe {v['id']}（{v['help']}）{node['target']}"
        for v in visit.violations
        for node in v["nodes"][:3]
    ]


def check_weight(visit: Visit, own_scripts: set[str] = frozenset()) -> list[str]:
    """首次打开的字节与请求数；公式字体与本页声明的交互图脚本另算。"""
    apart = {"math.woff2", *own_scripts}
    counted = {name: size for name, size in visit.sizes.items() if name.rsplit("/", 1)[-1] not in apart}
    problems = []
    if not counted:
        problems.append(f"{visit.page}：没有记到任何字节")
    if sum(counted.values()) > MAX_BYTES:
        largest = sorted(counted.items(), key=lambda item: -item[1])[:3]
        problems.append(f"{visit.page}：首次打开 {sum(counted.values())} 字节，上限 {MAX_BYTES}；最大的 {largest}")
    if len(counted) > MAX_REQUESTS:
        problems.append(f"{visit.page}：首次打开 {len(counted)} 个请求，上限 {MAX_REQUESTS}")
    return problems


# ---- 渲染好的页 ----
def check_language(soup) -> list[str]:
    """页面声明为中文。"""
    lang = soup.html.get("lang") if soup.html else None
    return [] if lang == "zh-CN" else [f"lang 应为 zh-CN，现为 {lang}"]


def _words(text: str, names: set[str]) -> set[str]:
    return {word for word in _WORD.findall(text or "") if word.lower() not in names}


def _is_control(element) -> bool:
    return element.name in {"button", "summary", "input", "details"} or bool(
        {"headerlink", "btn", "copybtn"} & set(element.get("class", []))
    )


def check_furniture(soup, names: set[str] = frozenset()) -> list[str]:
    """正文之外（导航、按钮、提示、页脚）没有英文；正文里的按钮与提示也没有。

    ``names`` 是书中标题里的西文词：目录会照抄标题。
    """
    allowed = NAMES | {n.lower() for n in names}
    problems = []
    article = set(map(id, soup.select(f"{ARTICLE} *")))
    for element in soup.find_all(True):
        if element.name in {"script", "style", "template", "math", "annotation", "svg", "link", "meta"}:
            continue
        if id(element) in article and not _is_control(element):
            continue  # 正文里的提示（如文献的著录）是内容，不是界面
        for attribute in SPOKEN:
            if attribute == "value" and element.get("type") not in {"submit", "button"}:
                continue
            words = _words(element.get(attribute), allowed)
            if words:
                problems.append(
                    f"<{element.name}> 的 {attribute} 有英文 {sorted(words)}：{element.get(attribute)[:60]}"
                )
    aside = set(map(id, soup.select("article *, article, script, style, template")))
    outside = [t for t in soup.find_all(string=True) if id(t.parent) not in aside]
    inside = [t for e in soup.select(f"{ARTICLE} button, {ARTICLE} summary") for t in e.find_all(string=True)]
    for text in [*outside, *inside]:
        if type(text).__name__ != "NavigableString":
            continue
        words = _words(re.sub(r"https?://\S+", "", text), allowed)
        if words:
            problems.append(f"界面文字有英文 {sorted(words)}：{' '.join(text.split())[:60]}")
    return problems


def check_images(soup) -> list[str]:
    """正文里每张图都有替代文本，且不是文件名。"""
    problems = []
    for image in soup.select(f"{ARTICLE} img"):
        alt = (image.get("alt") or "").strip()
        if not alt or _FILE_NAME.search(alt):
            problems.append(f"图 {image.get('src')} 的替代文本是 {alt!r}")
    return problems


def _source_problems(what: str, line) -> list[str]:
    text = line.get_text() if line else ""
    problems = [f"{what}的来源行没有“{word}”" for word in ("来源", "许可") if word not in text]
    if not (line and line.select("a[href*='#data-']")):
        problems.append(f"{what}的来源行没有通到数据目录的链接")
    return problems


def check_figures(soup) -> list[str]:
    """每张图有编号、图题、来源行；来源行通到数据目录。"""
    problems = []
    for figure in soup.select(f"{ARTICLE} figure"):
        what = f"图 {figure.get('id')} "
        number, caption = figure.select_one(".caption-number"), figure.select_one(".caption-text")
        if not number or not _NUMBER.match(number.get_text()):
            problems.append(f"{what}没有编号")
        if not caption or len(caption.get_text(strip=True)) < 4:
            problems.append(f"{what}没有图题")
        lines = figure.select("div.legend > p")
        problems += _source_problems(what, lines[-1] if lines else None)
    loose = [i for i in soup.select(f"{ARTICLE} img") if not i.find_parent("figure")]
    return problems + [f"图 {image.get('src')} 不在 figure 里，没有编号与来源" for image in loose]


def check_tables(soup, from_data: set[str]) -> list[str]:
    """每张有标签的表有编号与表题；``from_data`` 所列（由数据算出的）还有来源行。"""
    problems = []
    for table in soup.select(f"{ARTICLE} table[id^='tbl-']"):
        what = f"表 {table['id']} "
        number, caption = table.select_one(".caption-number"), table.select_one(".caption-text")
        if not number or not _NUMBER.match(number.get_text()):
            problems.append(f"{what}没有编号")
        if not caption or len(caption.get_text(strip=True)) < 4:
            problems.append(f"{what}没有表题")
        if table["id"] not in from_data:
            continue
        box = table.find_parent(class_="pst-scrollable-table-container") or table
        after = box.find_next_sibling()
        problems += _source_problems(what, after if after and "source" in after.get("class", []) else None)
    return problems


def check_tables_labelled(soup) -> list[str]:
    """章里的表都有标签（因而有编号、表题与来源）。"""
    bare = [t for t in soup.select(f"{ARTICLE} table") if not str(t.get("id", "")).startswith("tbl-")]
    bare = [t for t in bare if not t.find_parent(class_="interactive")]  # 互动图里由脚本列出的，随图编号
    return [f"有一张表没有标签：{t.get_text(' ', strip=True)[:40]}" for t in bare]


def check_furnished(soup, *, notebook: bool, pdf: bool) -> list[str]:
    """前后页、笔记本与 PDF 的下载、版次与日期。"""
    wanted = {"a.left-prev, a.right-next": "前后页", "p.book-footer": "版次与日期"}
    if notebook:
        wanted["a.download-notebook"] = "下载本页 notebook"
    if pdf:
        wanted["a.download-pdf"] = "下载全书 PDF"
    return [f"没有“{what}”" for selector, what in wanted.items() if not soup.select(selector)]


# ---- 文件之间 ----
def check_outside(site: Site, page: str) -> list[str]:
    """脚本、样式、字体、图片都在书里，没有外面的。"""
    problems = []
    for element in site.soup(page).find_all(["script", "link", "img", "iframe", "source", "object", "embed", "video"]):
        for attribute in ("src", "href", "data", "srcset", "poster"):
            if re.match(r"\s*(?:https?:)?//", element.get(attribute) or "", re.I):
                problems.append(f"{page}：<{element.name}> 指向外面 {element[attribute]}")
    styles = [e.get_text() for e in site.soup(page).find_all("style")]
    styles += [e["style"] for e in site.soup(page).select("[style]")]
    if any(re.search(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", s) for s in styles):
        problems.append(f"{page}：行内样式指向外面")
    return problems


def check_stylesheets(site: Site) -> list[str]:
    """样式表里没有外面的地址，用到的文件都在。"""
    problems = []
    for path in sorted(site.root.rglob("*.css")):
        name = path.relative_to(site.root).as_posix()
        css = site.text(name)
        if re.search(r"@import\s", css):
            problems.append(f"{name}：有 @import")
        for url in re.findall(r"url\(\s*['\"]?([^'\")]+)", css):
            if re.match(r"(?:https?:)?//", url):
                problems.append(f"{name}：指向外面 {url}")
            elif not url.startswith(("data:", "#")) and not site.exists(site.resolve(name, url)[0]):
                problems.append(f"{name}：没有 {url}")
    return problems


def check_links(site: Site, page: str) -> list[str]:
    """页内与页间的链接、锚点、下载都通。"""
    problems = []
    for element in site.soup(page).find_all(True):
        for attribute in ("href", "src"):
            href = element.get(attribute)
            if href is None or re.match(r"(?:https?|mailto|data|javascript):", href):
                continue
            target, anchor = site.resolve(page, href)
            if not site.exists(target):
                problems.append(f"{page}：{href} 没有这个文件")
            elif anchor and target.endswith(".html") and anchor not in site.anchors(target):
                problems.append(f"{page}：{href} 没有这个锚点")
    return problems


def check_notebook(site: Site, page: str) -> list[str]:
    """下载的笔记本读得出来。"""
    problems = []
    for link in site.soup(page).select("a.download-notebook"):
        target, _ = site.resolve(page, link["href"])
        try:
            cells = json.loads(site.text(target))["cells"]
        except (OSError, ValueError, KeyError) as error:
            problems.append(f"{page}：下载的笔记本 {target} 读不出来（{error}）")
        else:
            if not cells:
                problems.append(f"{page}：下载的笔记本 {target} 是空的")
    return problems


def check_provenance(site: Site, page: str, data: Path) -> list[str]:
    """两次点击：来源行 → 数据目录的那一节 → 与 data/ 逐字节相同的 CSV。"""
    problems = []
    tables = {path.stem.replace("_", "-"): path.stem for path in data.glob("*.csv")}
    for link in site.soup(page).select(
        ", ".join(f"{ARTICLE} {where} a[href*='#data-']" for where in ("figure", "div.source", "table"))
    ):
        target, anchor = site.resolve(page, link["href"])
        table = tables.get(anchor.removeprefix("data-"), anchor)
        section = site.soup(target).find(id=anchor) if site.exists(target) else None
        if section is None:
            problems.append(f"{page}：数据目录里没有 {table}")
            continue
        section = section if section.name == "section" else section.find_parent("section")
        if anchor == "data-all":  # 用到整个数据包的：先到总表，总表通到每一张
            listed = {a["href"].rpartition("#data-")[2] for a in section.select("a[href*='#data-']")}
            problems += [f"{page}：总表里没有 {tables[t]}" for t in sorted(tables.keys() - listed)]
            continue
        files = [site.resolve(target, a["href"])[0] for a in section.select(f"a[href$='{table}.csv']")]
        if not files:
            problems.append(f"{page}：数据目录的 {table} 一节没有 CSV 下载")
        for name in files:
            if not site.exists(name):
                problems.append(f"{page}：{name} 不在")
            elif site.text(name).encode() != (data / f"{table}.csv").read_bytes().replace(b"\r\n", b"\n"):
                problems.append(f"{page}：下载的 {table}.csv 与 data/ 里的不同")
    return problems


def headings(site: Site) -> set[str]:
    """全书标题里的西文词。"""
    found: set[str] = set()
    for page in site.pages():
        for heading in site.soup(page).select(f"{ARTICLE} h1, {ARTICLE} h2, {ARTICLE} h3, {ARTICLE} h4"):
            found |= set(_WORD.findall(heading.get_text()))
    return found


def is_search(page: str) -> bool:
    return page == SEARCH
