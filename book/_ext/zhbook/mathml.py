"""公式在构建时写成 MathML：读者的浏览器不需要任何脚本。

LaTeX → MathML 由 math-core 转换；它遇到不认识的命令、环境或残缺的式子就报错，
这里把错误变成 Sphinx 警告（构建以 ``-W`` 运行，即失败），并指出文档与源码。
"""

from __future__ import annotations

import html
import re
import unicodedata
from importlib.resources import as_file, files

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from .light import subset_font

logger = logging.getLogger(__name__)

NUMBERED_ENVIRONMENT = re.compile(r"\\begin\{(align|alignat|eqnarray|equation|flalign|gather|multline)\}")
#: XML 自己没有的命名字符，如 ``&nbsp;``。
NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]+;")
_converter = LatexToMathML(fancy_error=False)


def to_mathml(latex: str, display: bool) -> str:
    """一个 LaTeX 公式的 MathML。

    Parameters
    ----------
    latex : str
        公式源码，不含定界符；空行隔开的几段各成一行。
    display : bool
        单独成行（True）还是行内（False）。

    Returns
    -------
    str
        ``<math>`` 元素。

    Raises
    ------
    ValueError
        math-core 不能转换，或用了自带编号的环境（编号由 Sphinx 管）。
    """
    numbered = NUMBERED_ENVIRONMENT.search(latex)
    if numbered:
        name = numbered.group(1)
        raise ValueError(f"环境 {name} 会自己编号；请用 {name}* 或 aligned，编号写在 $$ … $$ (标签)")
    parts = [part for part in re.split(r"\n\s*\n", latex.strip()) if part.strip()]
    if len(parts) > 1:
        latex = r"\begin{gathered}" + r" \\ ".join(parts) + r"\end{gathered}"
    try:
        # EPUB 是 XML，不认得 HTML 的命名字符。
        return NAMED.sub(
            lambda m: html.unescape(m[0]), _converter.convert_with_local_state(latex, displaystyle=display)
        )
    except LatexError as error:
        raise ValueError(str(error)) from None


def _convert(node, display):
    try:
        return to_mathml(node.astext(), display)
    except ValueError as error:
        logger.warning("公式不能写成 MathML：%s；源码：%s", error, node.astext(), location=node)
        return ""


def visit_math(self, node):
    """行内公式。"""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate"))
    self.body.append(_convert(node, display=False) + "</span>")
    raise nodes.SkipNode


def visit_math_block(self, node):
    """单独成行的公式，带 Sphinx 的编号与锚点。"""
    self.body.append(self.starttag(node, "div", "", CLASS="math notranslate"))
    # 长公式在窄屏上自己横向滚动；能用键盘滚动，就要能得到焦点、有名字。
    box = '<div class="equation" tabindex="0" role="group" aria-label="公式">'
    self.body.append(box + _convert(node, display=True) + "</div>")
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>")
    raise nodes.SkipNode


def _italics() -> dict[str, int]:
    """字母 → 数学斜体的码位：浏览器把单个字母的 ``<mi>`` 换成这些字来画。"""
    slanted = [*range(0x1D434, 0x1D468), 0x1D6A4, 0x1D6A5, *range(0x1D6E2, 0x1D71C)]
    table = {unicodedata.normalize("NFKC", chr(code)): code for code in slanted}
    return {**table, "h": 0x210E}


ITALICS = _italics()


def math_characters(pages: list[str]) -> set[int]:
    """全部页面的公式要用的码位：写着的字、单个字母的斜体、浏览器自己画的根号。"""
    found: set[int] = set()
    for page in pages:
        for formula in re.findall(r"<math\b.*?</math>", page, re.DOTALL):
            found.update(map(ord, html.unescape(re.sub(r"<[^>]*>", "", formula))))
            found.update(ITALICS[letter] for letter in re.findall(r"<mi>(.)</mi>", formula) if letter in ITALICS)
            found.update({0x221A} if re.search(r"<m(?:sqrt|root)\b", formula) else ())
    return {code for code in found if code > 0x20}


def _font(app, pages, static):
    """公式用的字体子集与它的声明；没有公式就什么也不写，没有公式的页不会下载。"""
    codepoints = math_characters(list(pages.values()))
    if not codepoints:
        return None
    with as_file(files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf") as source:
        (static / "math.woff2").write_bytes(subset_font(source, codepoints | set(range(0x21, 0x7F))))
    return (
        '@font-face{font-family:"STIX Two Math";font-style:normal;font-weight:400;'
        'font-display:swap;src:url(math.woff2) format("woff2")}\n'
    )


def setup(app):
    """登记名为 ``mathml`` 的公式渲染器（配置 ``html_math_renderer: mathml`` 选用）。"""
    app.add_html_math_renderer("mathml", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None))
    app.connect("zhbook-fonts", _font)
