"""排版规则：该报的报，正常的句子不报。"""

import pytest

from tools.typography import faults

BAD = [
    "正文,有半角逗号",
    "有句号.",
    "图(a)中",
    "HHI(赫芬达尔指数)为",
    "“芯片”占35%",
    "说明5%的份额",
    "占 31.7%的",
    "人均GDP",
    "来源:甲",
    '他说"好"',
    "等等...",
    "甲--乙",
    "「引」",
    "甲 乙",
    "甲 ，乙",
    "第3章",
    "28nm工艺",
    "好!",
    "为什么?",
    "甲;乙",
    "见 `load`读",
    "Hello,世界",
]
GOOD = [
    "正文，有全角逗号。",
    "图（a）中",
    "HHI（赫芬达尔指数）为 0.18。",
    "“芯片”占 35%，其余不详",
    "2018—2023 年",
    "2018–2023 年",
    "——他说",
    "等等……",
    "28nm 工艺",
    "GB/T 7714—2015",
    "3–5 项",
    "用 `load` 读",
    "来源：国家统计局，2023。许可：CC BY 4.0。",
    "2026-11-23",
    "CC BY-NC 4.0（署名—非商业）",
    "DUV/EUV 光刻",
    "占比 5%–10%",
    "R&D 投入",
    "U.S. 出口管制",
    "A 级 12 条，B 级 3 条",
    "~20%",
    "“A”与“B”",
    "甲·乙",
    "10 000 次",
    "光刻机：>90%",
]


@pytest.mark.parametrize("text", BAD)
def test_a_fault_is_found(text):
    assert faults(text)


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_left_alone(text):
    assert faults(text) == []
