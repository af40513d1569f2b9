"""同一个数在几章里说，必出自同一个函数：书中每处说法都与那个函数的值相同。"""

import re
from functools import cache

import pytest

from chokepoint.findings import (
    assessment,
    components,
    coupling,
    fiscal_finance,
    identify,
    import_dependence,
    industry_chain,
    industry_university,
    international,
    materials,
    paths,
)
from tools.paths import ROOT, notebooks
from tools.text import glue_values, prose, read, specs

#: 量 → （在书里怎样说：括号里是数；那个函数的值，写成书里的样子）。每个量至少在两章里说过。
SAID = {
    "被点名的技术": (
        r"(?:点名的|数过：|镜子照|\*\* ?)(\d+) 项技术",
        lambda: (f"{identify.headline()['total']}",),
    ),
    "以工艺诀窍为障碍": (
        r"(\d+) 项以工艺诀窍为障碍|工艺诀窍，涉及 (\d+) 项",
        lambda: (f"{identify.headline()['knowhow']}",),
    ),
    "前道设备出口，逐国的集中度": (
        r"逐国算(?:是|不集中（HHI) ([\d.]+\d)",
        lambda: (f"{import_dependence.headline()['national']:.2f}",),
    ),
    "前道设备出口，美日荷合一的集中度": (
        r"美、日、荷合为一家(?:是 |就集中（)([\d.]+\d)",
        lambda: (f"{import_dependence.headline()['allies']:.2f}",),
    ),
    "握在一家手里的芯片节点": (
        r"(\d+) 个有份额的节点里(?:有)? ?(\d+) 个握在一家手里",
        lambda: tuple(str(industry_chain.headline()[k]) for k in ("shared", "single")),
    ),
    "石墨管制前后的出口额": (
        r"石墨(?:管制)?(?:前后各一年，)?[^。；倍]{0,8}出口额(?:变为|降为)? ?([\d.]+\d) 倍",
        lambda: (f"{materials.headline()['value']:.2f}",),
    ),
    "到期的目标": (
        r"(?<!此后)到期的 (\d+) 个目标|(\d+) 个到期的目标",
        lambda: (f"{assessment.headline()['due']}",),
    ),
    "轴承进口占消费": (
        r"轴承，进口只?占消费的? ?(\d+)%",
        lambda: (f"{100 * components.headline()['value']:.0f}",),
    ),
    "基础研究占比的斜率": (
        r"基础研究占比每年升 ([\d.]+\d)|升到 6\.88%，每年 ([\d.]+\d)",
        lambda: (f"{paths.headline()['slope']:.2f}",),
    ),
    "国际合著占比的峰与末": (
        r"([\d.]+)%（2018 年）到 ([\d.]+)%（2022 年）|2018 年的 ([\d.]+)% 降?到 2022 年的 ([\d.]+)%",
        lambda: tuple(f"{international.headline()[k]:.1f}" for k in ("peak", "last")),
    ),
    "高校的产业化率": (
        r"企业答? ?占? ?[\d.]+%，高校答? ?([\d.]+)%（?，?[2都]",
        lambda: (f"{industry_university.headline()['universities']}",),
    ),
    "两两相比的金额": (
        r"(\d+) 对金额",
        lambda: (f"{fiscal_finance.tally().sum()}",),
    ),
    "逐年变化的相关": (
        r"一起长(?:。\*\*|：) ?相关 (−?[\d.]+)（95% 区间 (−?[\d.]+) 到 (−?[\d.]+)）",
        lambda: tuple(
            f"{coupling.yearly().loc['基础 × 合同', k]:.2f}".replace("-", "−") for k in ("estimate", "low", "high")
        ),
    ),
}  # fmt: skip


@cache
def pages() -> dict[str, str]:
    """各章读者看得见的文字，连同要点、图题与表题；数据目录逐表的说明不算。"""
    found = {}
    for path in notebooks():
        if path.stem.startswith("data_"):
            continue
        book = read(path)
        values, text = glue_values(book), []
        for cell in book["cells"]:
            if cell["cell_type"] == "markdown":
                text += [words for _, words in prose(cell["source"], values)]
        text += [s["markdown"] if s["kind"] in {"markdown", "table"} else s.get("caption", "") for s in specs(book)]
        found[path.relative_to(ROOT).as_posix()] = "\n".join(text)
    return found


def quoted(pattern: str, texts: dict[str, str]) -> dict[str, set[tuple[str, ...]]]:
    """各章里这样说的数：章 → 一组组的数。"""
    found = {}
    for page, text in texts.items():
        hits = {tuple(g for g in m.groups() if g is not None) for m in re.finditer(pattern, text)}
        if hits:
            found[page] = hits
    return found


@pytest.mark.parametrize("what", SAID)
def test_the_same_quantity_is_the_same_everywhere(what):
    pattern, value = SAID[what]
    found = quoted(pattern, pages())
    assert len(found) >= 2, f"“{what}”只在 {sorted(found)} 里说过：不必列在这里，或说法变了"
    expected = value()
    assert {page: hits for page, hits in found.items() if hits != {expected}} == {}, f"应为 {expected}"


@pytest.mark.parametrize("what", SAID)
def test_a_chapter_that_says_otherwise_is_found(what):
    """证明：一章里把数改了，就被找出来。"""
    pattern, value = SAID[what]
    page, hits = next(iter(quoted(pattern, pages()).items()))
    match = re.search(pattern, pages()[page])
    group = next(i for i, g in enumerate(match.groups(), 1) if g is not None)
    other = "9.87" if "." in match[group] else "987"
    text = match[0][: match.start(group) - match.start()] + other + match[0][match.end(group) - match.start() :]
    broken = {page: pages()[page].replace(match[0], text)}
    assert quoted(pattern, broken).get(page) not in (None, hits)
