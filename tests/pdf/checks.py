"""对成书的检查：每个函数返回毛病的清单，空即合格。"""

from __future__ import annotations

import re
from collections import Counter

A4 = (595.28, 841.89)
FURNITURE = [
    r"^\s*(Contents|References|Bibliography|Index|Appendix|Note|Warning|Abstract)\s*$",
    r"\b(Chapter|Figure|Table|Part|Appendix|Exercise|Equation|Section)\s+[0-9A-Z]+(?:\.\d+)*\b\s*(?:[:.]|$)",
    r"\b(Fig|Tab)\.\s*\d",
    r"continue[sd] (from|on) (previous|next) page",
    r"Solution to|Show code|Release \d",
]
UNRESOLVED = [r"\?\?", r"\[\?\]", r"\{(?:numref|ref|glue|term|cite|eq|doc|eval)\b", r"^\s*:(?:name|alt|label):", r"%s"]


def check_fonts(rows: list[str]) -> list[str]:
    """字体全部嵌入、可复制文字、没有 Type 3，也没有读取警告。"""
    problems = []
    for row in rows:
        if re.search(r"warning|error", row, re.I):
            problems.append(f"字体有毛病：{row}")
            continue
        flags = re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$", row)
        if flags is None:
            problems.append(f"看不懂的字体行：{row}")
        elif flags[1] == "no":
            problems.append(f"字体没有嵌入：{row.split()[0]}")
        elif flags[3] == "no":
            problems.append(f"字体缺少文字映射，不能检索与复制：{row.split()[0]}")
        if "Type 3" in row:
            problems.append(f"Type 3 字体：{row.split()[0]}")
    return problems if rows else ["没有任何字体"]


def check_page_size(sizes: set[tuple[float, float]]) -> list[str]:
    """每页都是 A4。"""
    wrong = [s for s in sizes if any(abs(a - b) > 1 for a, b in zip(s, A4, strict=True))]
    return [f"页面不是 A4：{w:.0f}×{h:.0f} pt" for w, h in wrong] if sizes else ["没有页"]


def check_outline(found: list[tuple[int, str]], expected: list[tuple[int, str]]) -> list[str]:
    """书签与 ``_toc.yml`` 的部分、各篇一致。"""
    problems = []
    for number in range(max(len(found), len(expected))):
        ours = found[number] if number < len(found) else None
        wanted = expected[number] if number < len(expected) else None
        if ours != wanted:
            problems.append(f"书签第 {number + 1} 条是 {ours}，应为 {wanted}")
    return problems


def _search(pages: list[str], patterns: list[str], what: str) -> list[str]:
    problems = []
    for number, page in enumerate(pages, 1):
        for line in page.splitlines():
            if any(re.search(pattern, line) for pattern in patterns):
                problems.append(f"{what}（PDF 第 {number} 页）：{line.strip()}")
    return problems


def check_furniture(pages: list[str]) -> list[str]:
    """没有英文的“Chapter 1”“Figure 2”“Contents”之类。"""
    return _search(pages, FURNITURE, "英文套话")


def check_resolved(pages: list[str]) -> list[str]:
    """没有悬空的引用，也没有漏成原样的标记。"""
    return _search(pages, UNRESOLVED, "没有解析的引用或标记")


def check_figures(tex: str) -> list[str]:
    """每张图都有图题与来源行。"""
    problems = []
    blocks = re.findall(r"\\begin\{figure\}.*?\\end\{figure\}", tex, re.S)
    for block in blocks:
        image = re.search(r"\\sphinxincludegraphics(?:\[.*?\])?\{+(.*?)\}", block)
        name = image[1] if image else "（没有图片）"
        if not re.search(r"\\caption\{\s*\S", block):
            problems.append(f"图 {name} 没有图题")
        legend = re.search(r"\\begin\{sphinxlegend\}(.*?)\\end\{sphinxlegend\}", block, re.S)
        if not (legend and re.search(r"(来源|数据)：", legend[1])):
            problems.append(f"图 {name} 没有来源行")
    pictures = len(re.findall(r"\\sphinxincludegraphics", tex))
    if pictures != len(blocks):
        problems.append(f"有 {pictures} 张图片，只有 {len(blocks)} 个带题的图")
    return problems


def check_same_items(html: list[tuple[str, str, str]], pdf: list[tuple[str, str, str]]) -> list[str]:
    """图、表、公式、练习的号码与标题，HTML 与 PDF 相同，且各自不重复。"""
    problems = []
    ours, theirs = Counter(html), Counter(pdf)
    problems += [f"只在 HTML：{' '.join(item)}" for item in (ours - theirs)]
    problems += [f"只在 PDF：{' '.join(item)}" for item in (theirs - ours)]
    for name, items in (("HTML", html), ("PDF", pdf)):
        numbers = Counter((kind, number) for kind, number, _ in items)
        problems += [f"{name} 号码重复：{k} {n}" for (k, n), times in numbers.items() if times > 1]
    return problems if html else ["HTML 里没有任何带号的图、表、公式、练习"]


def check_printed(items: list[tuple[str, str, str]], text: str) -> list[str]:
    """每个图题、表题、练习题目都连同号码印在纸上。"""
    return [
        f"纸上没有：{kind} {number} {title}"
        for kind, number, title in items
        if (f"({number})" if kind == "式" else f"{kind}{number}{title}") not in text
    ]


def check_no_code(lines: set[str], text: str) -> list[str]:
    """代码一行也没有印出来。"""
    return [f"印出了代码：{line}" for line in sorted(lines) if line in text]


def check_answers(exercises: list[tuple[str, str]], body: str, answers: str) -> list[str]:
    """每道练习的题目在正文与答案里各有一处。"""
    problems = []
    for number, title in exercises:
        name = f"练习{number}{title}"
        problems += [f"{where}里没有 {name}" for where, text in (("正文", body), ("答案", answers)) if name not in text]
    return problems if exercises else ["没有练习"]


def check_solutions_moved(samples: list[str], body: str, answers: str) -> list[str]:
    """答案的文字只印在附录里，正文里没有。"""
    problems = [f"答案没有印出：{sample}" for sample in samples if sample not in answers]
    problems += [f"答案留在了正文：{sample}" for sample in samples if sample in body]
    return problems if samples else ["没有读到答案的文字"]
