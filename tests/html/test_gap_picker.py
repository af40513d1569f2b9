"""先进基础工艺的选择框：两级各认一个日期，网页上的年数与判断逐个等于 ``processes.gap_cases``。"""

import pytest

from chokepoint.findings import processes

PAGE = "book/pillars/processes.html"
PANEL = "#fig-prc-nodes-panel"
READY = f"{PANEL} select"


@pytest.fixture(scope="module")
def cases():
    return processes.gap_cases()


def pick(tab, first, second):
    for i, value in enumerate((first, second)):
        tab.locator(f"{PANEL} select").nth(i).select_option(str(value))
    return tab.inner_text(f"{PANEL} .gap-picker-said")


def years(reading):
    return f"{reading['low']:.1f}–{reading['high']:.1f} 年"


def test_opens_with_the_chapter_s_reading(tab, cases):
    opened = [tab.locator(f"{PANEL} select").nth(i).input_value() for i in (0, 1)]
    assert opened == [str(v) for v in cases["start"]]


def test_every_pair_says_its_own_verdict(tab, cases):
    words = set()
    for i, first in enumerate(cases["levels"][0]["readings"]):
        for j, second in enumerate(cases["levels"][1]["readings"]):
            said, verdict = pick(tab, i, j), cases["verdicts"][i][j]
            assert years(first) in said
            assert years(second) in said
            assert ("分不出" if verdict == "分不出" else f"差距{verdict}") in said
            words.add(verdict)
    assert len(words) > 1, "各种读法的判断都一样：这个选择框什么也没有说明"


def test_bars_stay_inside_their_tracks(tab, cases):
    for j in range(len(cases["levels"][1]["readings"])):
        pick(tab, 0, j)
        for i in (0, 1):
            track = tab.locator(f"{PANEL} .gap-picker-track").nth(i).bounding_box()
            bar = tab.locator(f"{PANEL} .gap-picker-bar").nth(i).bounding_box()
            assert track["x"] <= bar["x"]
            assert bar["x"] + bar["width"] <= track["x"] + track["width"] + 1
