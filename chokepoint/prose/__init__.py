"""数字入文：中文数字格式、行内数字 (glue) 与关键发现。

正文里的统计数字只有两条路：句中的用 :func:`numbers` 登记、以 ``{glue:text}`` 引用;
成段的用 :func:`findings` 或 :func:`text` 输出。两条路的数字都来自计算。
"""

from __future__ import annotations

import math

from IPython.display import display

from .. import OUTPUT_MIME

#: 很长的一段，纯文本里只留这么多字。
BRIEF = 500
_GLUE = "application/papermill.record/"


def _finite(value) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"不能把 {value!r} 写进句子：它不是有限的数")
    return number


def percent(share, digits: int = 0) -> str:
    """比例 (0–1) 写成百分数:``percent(0.317, 1) == "31.7%"``。"""
    return f"{_finite(share) * 100:.{digits}f}%"


def points(difference, digits: int = 1) -> str:
    """两个比例 (0–1) 之差写成百分点:``points(0.052) == "5.2 个百分点"``。"""
    return f"{_finite(difference) * 100:.{digits}f} 个百分点"


def number(value, digits: int = 0, unit: str = "") -> str:
    """带千分位和单位的数:``number(12345.6, 1, "亿元") == "12,345.6 亿元"``。"""
    text = f"{_finite(value):,.{digits}f}"
    return f"{text} {unit}" if unit else text


def times(ratio, digits: int = 1) -> str:
    """倍数:``times(2.5) == "2.5 倍"``。"""
    return f"{_finite(ratio):.{digits}f} 倍"


def interval(low, high, digits: int = 1, unit: str = "") -> str:
    """区间:``interval(3, 5, 0, "项") == "3–5 项"``。"""
    text = f"{_finite(low):,.{digits}f}–{_finite(high):,.{digits}f}"
    return f"{text} {unit}" if unit else text


def listing(names, limit: int | None = None) -> str:
    """把名称连成顿号列举；超过 ``limit`` 个时以“等”收尾。"""
    names = [str(n) for n in names]
    if not names:
        raise ValueError("没有可列举的名称")
    if limit is not None and len(names) > limit:
        return "、".join(names[:limit]) + "等"
    return "、".join(names)


def numbers(**values: str) -> None:
    """登记本章句中要用的数字，键为中文名，正文以 ``{glue:text}`` 引用。

    书里只看到数字；在 JupyterLab 与 GitHub 上，这一格另显示“键 → 值”的对照表，
    读者据此读懂正文中的引用。

    Parameters
    ----------
    **values : str
        键为引用名（如 ``清单项数``），值为写好的文字（如 ``"35 项"``）。

    Raises
    ------
    TypeError
        值不是字符串：请先用 :func:`number` 等写成带单位的文字。
    """
    for key, value in values.items():
        if not isinstance(value, str):
            raise TypeError(f"{key} 的值 {value!r} 不是文字；请先用 prose.number 等写成带单位的文字")
        display(
            {_GLUE + "text/plain": value},
            raw=True,
            metadata={"scrapbook": {"name": key, "mime_prefix": _GLUE}},
        )
    rows = "\n".join(f"| {k} | {v} |" for k, v in values.items())
    display(
        {
            "text/markdown": f"| 正文中的引用 | 值 |\n|:---|:---|\n{rows}",
            "text/plain": "\n".join(f"{k}:{v}" for k, v in values.items()),
            OUTPUT_MIME: {"kind": "values", "values": values},
        },
        raw=True,
    )


def text(markdown: str) -> None:
    """输出一段算出来的文字（Markdown）；很长的，纯文本里只留开头。"""
    brief = markdown if len(markdown) <= BRIEF else f"{markdown[:BRIEF]}……"
    display(
        {"text/markdown": markdown, "text/plain": brief, OUTPUT_MIME: {"kind": "markdown", "markdown": markdown}},
        raw=True,
    )


def findings(*items: str) -> None:
    """输出“关键发现”框，三到五条，每条一句算出来的话。

    Raises
    ------
    ValueError
        不是三到五条。
    """
    if not 3 <= len(items) <= 5:
        raise ValueError(f"关键发现应有三到五条，现有 {len(items)} 条")
    body = "\n".join(f"{i}. {item}" for i, item in enumerate(items, 1))
    text(f":::{{admonition}} 关键发现\n:class: findings\n\n{body}\n:::")
