"""中文排版：汉字与西文、数字之间留空格，标点全角，引号弯而成对。

空格与多数标点交给 AutoCorrect；它放过的（括号、句点、直引号）由这里补上。
"""

from __future__ import annotations

import re

import autocorrect_py

_HAN = r"\u4e00-\u9fff"
_RULES = [
    (rf"[{_HAN}”）》、，。□][,;:!?]|(?<![\w.])[,;:!?](?=[{_HAN}“（《])", "标点应为全角"),
    (rf"[{_HAN}”）》]\.(?![\w/])", "句号应为“。”"),
    (rf"[({_HAN}]\((?=[{_HAN}])|[{_HAN}]\s?\((?!\w+\)\s*=)|\)\s?[{_HAN}]|\([{_HAN}]|[{_HAN}]\)", "括号应为全角"),
    (rf"[\"'](?=[{_HAN}])|(?<=[{_HAN}])[\"']", "引号应为“ ”"),
    (r"[「」『』]", "引号应为“ ”"),
    (rf"(?<=[{_HAN}])\.\.\.|(?<=[{_HAN}])…(?!…)(?<!……)", "省略号应为“……”"),
    (rf"(?<=[{_HAN}])--+|--+(?=[{_HAN}])", "破折号应为“——”"),
    (rf"[{_HAN}] +[{_HAN}]", "汉字之间不空格"),
    (r" +[，。；：？！、）》”]|[，。；：？！、（《“] +(?!$)", "全角标点旁不空格"),
]
_rules = [(re.compile(pattern), message) for pattern, message in _RULES]
_CODE = re.compile(r"`[^`]*`")


def faults(text: str) -> list[str]:
    """一段文字的排版毛病。

    Parameters
    ----------
    text : str
        一段文字；行内代码保留反引号。

    Returns
    -------
    list of str
        每处一条：毛病与所在片段。
    """
    found = []
    for line in text.splitlines():
        line = _CODE.sub("`A`", line.strip())
        fixed = autocorrect_py.format(line)
        if fixed != line:
            found.append(_difference(line, fixed))
        for rule, message in _rules:
            match = rule.search(fixed)  # 已经报过的不再报
            if match:
                a, b = max(match.start() - 6, 0), match.end() + 6
                found.append(f"{message}：{fixed[a:b]}")
    return found


def _difference(old: str, new: str) -> str:
    """两行第一处不同的前后几个字。"""
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(at - 6, 0)
    return f"应写作“{new[start : at + 8]}”，现为“{old[start : at + 8]}”"
