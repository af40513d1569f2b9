"""轻页面：一份样式、一份脚本、一个图标字体子集，别的都不下载。

主题自带的文件（样式约 0.6 MB、图标脚本 1.5 MB）按下面的办法减到约十分之一：

1. 页面模板（``_templates/layout.html``）只引用 ``book.css`` 与 ``book.js``；
2. 构建结束时，把主题与各扩展的样式接成 ``book.css``，删去选择器里提到的类在任何
   页面、任何脚本中都不出现的规则；脚本接成 ``book.js``；
3. 图标字体只留样式里真用到的字形；
4. 输出目录里再没有页面引用的文件一律删去。

删规则很保守：只看类名，``:not()``、``:is()``、属性与标签一概保留，所以明暗两套
配色、打印样式都在。每次构建都读磁盘上的全部页面，增量构建因此与全新构建一样。

页面自己的脚本（交互图）用 ``page-script`` 指令声明，只在那一页加载。
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

import pydata_sphinx_theme
import sphinx_book_theme
import tinycss2
from docutils.parsers.rst import Directive
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError
from sphinx.util import logging

from .search import TEXT as SEARCH_TEXT

logger = logging.getLogger(__name__)

# 依次接起来；名字相对 _static/，可含一个 *（带哈希的文件名）。
STYLES = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "togglebutton.css",
    "copybutton.css",
    "mystnb.*.css",
    "exercise.css",
    "sphinx-design.min.css",
    "zh.css",
)
SCRIPTS = (
    "documentation_options.js",
    "doctools.js",
    "translations.js",
    "sphinx_highlight.js",
    "clipboard.min.js",
    "copybutton.js",
    "togglebutton.js",
    "design-tabs.js",
    "scripts/pydata-sphinx-theme.js",
    "scripts/sphinx-book-theme.js",
)
# 知道而不用的：thebe 要联网，MathJax 由构建时的 MathML 代替，theme.css 只有一句 @import。
DROPPED = ("styles/theme.css", "sphinx-thebe.css", "sphinx-thebe.js", "mathjax")
ASSET_FOLDERS = ("_static", "_images", "_downloads", "_sources")
# 删注释时也删了各家的版权声明，这里补上。
LICENCES = (
    "/*! 内含：Sphinx 基本主题（BSD-2-Clause）、PyData Sphinx Theme 与 Sphinx Book Theme（BSD-3-Clause）、"
    "Bootstrap 5.3.3（MIT，The Bootstrap Authors）、Font Awesome Free 6（图标 CC BY 4.0，字体 SIL OFL 1.1，"
    "代码 MIT）、MyST-NB（BSD-3-Clause）、sphinx-copybutton、sphinx-togglebutton、sphinx-design、"
    "sphinx-exercise、clipboard.js（MIT）、STIX Two Math（SIL OFL 1.1） */\n"
)
THEBE_CONFIG = re.compile(
    r'\s*<script type="text/x-thebe-config">.*?</script>\s*(?:<script>kernelName[^<]*</script>)?', re.DOTALL
)
# 检索页只先装查找的脚本；全文等真有词要找才取，所以没有一页引用它。
SEARCH_SCRIPT = "search-zh.js"

# 脚本里写死的英文；每条在所列文件中必须恰好出现一次，换了版本会立刻发现。
SCRIPT_TEXT = {
    "togglebutton.js": {'aria-label="Toggle hidden content"': 'aria-label="展开或收起"'},
    "copybutton.js": {'<button class="copybtn': '<button type="button" aria-label="复制代码" class="copybtn'},
}

ICON_FONT = "vendor/fontawesome/webfonts/fa-solid-900.woff2"
# 被 _templates 改写的主题模板的摘要；主题升级时构建停下，请人核对改写处。
THEME_TEMPLATES = "6e0b601479387cb11cc221a2"


def theme_digest() -> str:
    """两层主题全部 HTML 模板的摘要（24 位十六进制）。"""
    digest = hashlib.sha256()
    for package, name in ((pydata_sphinx_theme, "pydata_sphinx_theme"), (sphinx_book_theme, "sphinx_book_theme")):
        root = Path(package.__file__).parent / "theme" / name
        for path in sorted(root.rglob("*.html")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def check_theme(found: str, expected: str = THEME_TEMPLATES) -> None:
    """主题模板变了就停下。

    Raises
    ------
    sphinx.errors.ExtensionError
        摘要不符。
    """
    if found != expected:
        raise ExtensionError(
            f"主题模板变了（摘要 {found}，改写时是 {expected}）：请对照新版核对 book/_templates，"
            "再改 book/_ext/zhbook/light.py 的 THEME_TEMPLATES"
        )


# ---- 样式 ----------------------------------------------------------------


def class_tokens(pages: list[str], scripts: list[str]) -> set[str]:
    """页面 ``class`` 属性里的全部类名，加上脚本里一切像标识符的词。"""
    tokens: set[str] = set()
    for page in pages:
        for value in re.findall(r'\bclass="([^"]*)"', page):
            tokens.update(html.unescape(value).split())
    for script in scripts:
        tokens.update(re.findall(r"[A-Za-z_][\w-]*", script))
    return tokens


def _selectors(prelude: list) -> list[list]:
    groups: list[list] = [[]]
    for token in prelude:
        if token == ",":
            groups.append([])
        else:
            groups[-1].append(token)
    return groups


def _classes(selector: list) -> list[str]:
    return [
        after.value
        for before, after in zip(selector, selector[1:], strict=False)
        if before == "." and after.type == "ident"
    ]


def _without_comments(tokens: list) -> list:
    return [token for token in tokens if token.type != "comment"]


def _squeeze(text: str) -> str:
    """去掉换行与成串的空格（字符串里的不动）。"""
    pieces = re.split(r'("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')', text)
    return "".join(p if i % 2 else re.sub(r"\s+", " ", p) for i, p in enumerate(pieces)).strip()


def purge(rules: list, tokens: set[str] | None) -> str:
    """一串规则的文本，去掉用不上的。

    Parameters
    ----------
    rules : list
        tinycss2 的节点。
    tokens : set of str or None
        在用的类名；None 表示一条不删。
    """
    parts = []
    for rule in rules:
        if rule.type == "error":
            raise ExtensionError(f"样式写错了：{rule.message}（第 {rule.source_line} 行）")
        if rule.type == "qualified-rule":
            kept = [
                _squeeze(tinycss2.serialize(_without_comments(selector)))
                for selector in _selectors(rule.prelude)
                if tokens is None or all(name in tokens for name in _classes(selector))
            ]
            body = _squeeze(tinycss2.serialize(_without_comments(rule.content)))
            if kept and body:
                parts.append(",".join(kept) + "{" + body + "}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in {"media", "supports", "layer", "container"}:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            text = purge(inner, tokens)
            if text:
                head = _squeeze(tinycss2.serialize(rule.prelude))
                parts.append(f"@{rule.at_keyword} {head}{{{text}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword == "import":
            raise ExtensionError(f"样式里有 @import：{tinycss2.serialize(rule.prelude)}，请列入 light.STYLES")
        elif rule.type == "at-rule" and rule.lower_at_keyword == "charset":
            continue
        elif rule.type == "at-rule":
            head = _squeeze(tinycss2.serialize(rule.prelude))
            body = _squeeze(tinycss2.serialize(_without_comments(rule.content or [])))
            if rule.lower_at_keyword == "font-face" and "fontawesome" in body:
                continue
            parts.append(f"@{rule.at_keyword} {head}{{{body}}}")
    return "\n".join(parts)


def drop_unused_names(css: str, scripts: str) -> str:
    """删去没有任何 ``var()`` 或脚本用到的自定义属性，以及没人用的动画。"""
    while True:
        used = set(re.findall(r"var\(\s*(--[\w-]+)", css)) | set(re.findall(r"--[\w-]+", scripts))
        declared = set(re.findall(r"(?<=[{;])\s*(--[\w-]+)\s*:", css))
        unused = declared - used - {"--fa"}
        if not unused:
            break
        css = re.sub(
            r"(?<=[{;])\s*(--[\w-]+)\s*:(?:[^;{}\"']|\"[^\"]*\"|'[^']*')*(?:;|(?=}))",
            lambda match, unused=unused: "" if match.group(1) in unused else match.group(0),
            css,
        )
        css = re.sub(r"[^{}\n]+\{\}\n?", "", css)
        if declared == set(re.findall(r"(?<=[{;])\s*(--[\w-]+)\s*:", css)):
            raise ExtensionError(f"删不掉这些自定义属性：{sorted(unused)[:5]}")
    words = set(re.findall(r"[\w-]+", " ".join(re.findall(r"animation(?:-name)?\s*:([^;}]*)", css))))
    lines = css.split("\n")
    return "\n".join(
        line for line in lines if not (m := re.match(r"@(?:-webkit-)?keyframes ([\w-]+)", line)) or m.group(1) in words
    )


def rebase_urls(css: str, source: str) -> str:
    """把一份样式里的相对 ``url()`` 改成相对 ``_static/``。"""

    def rebase(match):
        url = match.group(2)
        if url.startswith(("data:", "#")) or "//" in url:
            return match.group(0)
        return f"url({posixpath.normpath(posixpath.join(posixpath.dirname(source), url))})"

    return re.sub(r"url\((['\"]?)([^'\")]+)\1\)", rebase, css)


def build_css(sources: list[tuple[str, str]], tokens: set[str] | None, scripts: str = "") -> str:
    """把几份样式接成一份。

    Parameters
    ----------
    sources : list of (str, str)
        文件名（相对 ``_static/``）与内容，按层叠先后。
    tokens : set of str or None
        在用的类名；None 表示不删任何规则（用来对照删规则前后的样子）。
    scripts : str
        脚本文本，其中提到的自定义属性要留。

    Returns
    -------
    str
        不含图标字体声明的样式。
    """
    parts = [purge(tinycss2.parse_stylesheet(rebase_urls(text, name), True, True), tokens) for name, text in sources]
    css = "\n".join(part for part in parts if part)
    return css if tokens is None else drop_unused_names(css, scripts)


# ---- 字体 ----------------------------------------------------------------


def subset_font(source: Path, codepoints: set[int]) -> bytes:
    """字体 ``source`` 的 woff2 子集，只含所给码位；同样的输入得到同样的字节。"""
    font = TTFont(source, recalcTimestamp=False)
    missing = sorted(codepoints - set(font.getBestCmap()))
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["*"]
    options.recalc_timestamp = False
    options.notdef_outline = True
    options.drop_tables += ["FFTM"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codepoints - set(missing))
    subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    return buffer.getvalue()


def icon_codepoints(css: str) -> set[int]:
    """样式里用到的图标码位（私用区），无论写成转义还是字符本身。"""
    found = {int(code, 16) for code in re.findall(r"\\([0-9a-fA-F]{4,5})", css)} | {ord(char) for char in css}
    return {code for code in found if 0xE000 <= code <= 0xF8FF}


# ---- 脚本 ----------------------------------------------------------------


def build_js(sources: list[tuple[str, str]], prologue: str) -> str:
    """把几份脚本接成一份；写死的英文换成中文。

    Raises
    ------
    sphinx.errors.ExtensionError
        要换的英文不是恰好出现一次（上游换了版本）。
    """
    parts = []
    for name, text in sources:
        for old, new in SCRIPT_TEXT.get(name, {}).items():
            if text.count(old) != 1:
                raise ExtensionError(f"{name} 里应恰有一处 {old!r}，实有 {text.count(old)} 处")
            text = text.replace(old, new)
        text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
        parts.append(text.strip())
    parts.insert(1, prologue)
    return "\n;\n".join(parts) + "\n"


def _prologue(config) -> str:
    values = {
        "toggleHintShow": config.togglebutton_hint,
        "toggleHintHide": config.togglebutton_hint_hide,
        "toggleOpenOnPrint": str(config.togglebutton_open_on_print).lower(),
        "togglebuttonSelector": config.togglebutton_selector,
    }
    lines = [f"var {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in values.items()]
    return "\n".join(["DOCUMENTATION_OPTIONS.search_as_you_type = false;", *lines])


# ---- 接到 Sphinx ----------------------------------------------------------


class PageScript(Directive):
    """``{page-script} 文件名``：这一页另外加载 ``_static/文件名``（可写多个，空格隔开）。"""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """记在文档的元数据里，由 ``html-page-context`` 取用。"""
        env = self.state.document.settings.env
        scripts = env.metadata[env.docname].setdefault("scripts", [])
        scripts += [name for name in self.arguments[0].split() if name not in scripts]
        return []


def _known(name: str) -> bool:
    base = name.split("?")[0].removeprefix("_static/")
    if any(base.startswith(dropped) or f"/{dropped}" in base for dropped in DROPPED):
        return True
    return any(re.fullmatch(re.escape(p).replace(r"\*", "[^/]*"), base) for p in (*STYLES, *SCRIPTS))


def _page_context(app, pagename, templatename, context, doctree):
    """给模板：这一页自己的脚本；有不认识的公共脚本或样式就报出来。"""
    if app.builder.name != "html":
        return
    context["page_scripts"] = [f"_static/{name}" for name in (app.env.metadata.get(pagename, {}).get("scripts") or [])]
    context["body"] = THEBE_CONFIG.sub("", context.get("body") or "")
    if pagename == "search":
        context["page_scripts"] += [f"_static/{SEARCH_SCRIPT}"]
    for asset in [*context.get("css_files", []), *context.get("script_files", [])]:
        name = str(getattr(asset, "filename", None) or "")
        if name and not _known(name):
            logger.warning("不认识的页面资源 %s：请列入 light.STYLES、SCRIPTS 或 DROPPED", name, location=pagename)


def _read(static: Path, patterns) -> list[tuple[str, str]]:
    found = []
    for pattern in patterns:
        paths = sorted(static.glob(pattern))
        if len(paths) != 1 and "*" not in pattern:
            raise ExtensionError(f"缺少页面资源 _static/{pattern}")
        # 旧构建留下的带哈希文件在清理时已删去，这里只会有一个。
        found += [(path.relative_to(static).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return found


def _references(pages: dict[str, str], css: str) -> set[str]:
    """页面与样式引用的附属文件（相对输出目录）。"""
    kept = {"_static/book.css", "_static/book.js"}
    for page in pages.values():
        for target in re.findall(r'(?:src|href|data)="([^"]*)"', page):
            found = re.search(rf"({'|'.join(ASSET_FOLDERS)})/[^?#]*", html.unescape(unquote(target)))
            if found:
                kept.add(found.group(0))
    kept.update(f"_static/{url}" for url in re.findall(r"url\(([^)\"']+)\)", css) if not url.startswith("data:"))
    return kept


def _pages(app, outdir: Path) -> dict[str, str]:
    """磁盘上的全部页面；已不在书里的页删掉。"""
    valid = {app.builder.get_target_uri(doc) for doc in app.env.found_docs} | {"index.html", "search.html"}
    pages = {}
    for path in sorted(outdir.rglob("*.html")):
        name = path.relative_to(outdir).as_posix()
        if name.split("/")[0] in ASSET_FOLDERS:
            continue
        if name in valid:
            pages[name] = path.read_text(encoding="utf-8")
        else:
            path.unlink()
    return pages


def _page_script_text(pages: dict[str, str], static: Path) -> str:
    """各页自己的小脚本的文本（大的是打包的库，不会用主题的类）。"""
    names = {n for page in pages.values() for n in re.findall(r'<script[^>]*src="[^"]*?_static/([^"?#]+)', page)}
    paths = [static / name for name in sorted(names - {"book.js"})]
    return "".join(p.read_text(encoding="utf-8") for p in paths if p.exists() and p.stat().st_size < 100_000)


def _finish(app, exception):
    if exception is not None or app.builder.name != "html":
        return
    outdir = Path(app.outdir)
    static = outdir / "_static"
    pages = _pages(app, outdir)
    scripts = build_js(_read(static, SCRIPTS), _prologue(app.config))
    tokens = class_tokens(list(pages.values()), [scripts, _page_script_text(pages, static)])
    for name in sorted(tokens & {"fa-brands", "fa-regular", "fab", "far"}):
        logger.warning("页面用了图标类 %s，而 light.py 只带 fa-solid 字体", name)
    css = build_css(_read(static, STYLES), tokens if app.config.light_purge else None, scripts)
    (static / "icons.woff2").write_bytes(subset_font(static / ICON_FONT, icon_codepoints(css)))
    css += (
        '\n@font-face{font-family:"Font Awesome 6 Free";font-style:normal;font-weight:900;'
        'font-display:block;src:url(icons.woff2) format("woff2")}\n'
    )
    css += app.emit_firstresult("zhbook-fonts", pages, static) or ""
    (static / "book.css").write_text(LICENCES + css, encoding="utf-8")
    (static / "book.js").write_text(LICENCES + scripts, encoding="utf-8")
    _clean(outdir, _references(pages, css) | {f"_static/{SEARCH_TEXT}"})


def _clean(outdir: Path, kept: set[str]) -> None:
    """删去附属文件夹里没人引用的文件，以及留下的空文件夹。"""
    for folder in ASSET_FOLDERS:
        for path in sorted((outdir / folder).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(outdir).as_posix() not in kept:
                path.unlink()
    (outdir / "searchindex.js").unlink(missing_ok=True)


def _check(app):
    if app.builder.name == "html":
        check_theme(theme_digest())


def setup(app):
    """登记指令与事件；清理放在其他 ``build-finished`` 处理之后。"""
    app.add_config_value("light_purge", True, "html")
    app.add_event("zhbook-fonts")
    app.add_directive("page-script", PageScript)
    app.connect("builder-inited", _check)
    app.connect("html-page-context", _page_context, priority=960)
    app.connect("build-finished", _finish, priority=960)
