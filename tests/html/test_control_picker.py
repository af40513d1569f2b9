"""芯片制造的选择框：网页上的倍数与区间逐个等于 ``chips.cases``。"""

import json

import pytest

from chokepoint.findings import chips

PAGE = "book/collaboration/chips.html"
PANEL = "#fig-chips-equipment-panel"
READY = f"{PANEL} select"


def pick(tab, *values):
    for i, value in enumerate(values):
        tab.locator(f"{PANEL} select").nth(i).select_option(str(value))
    return json.loads(tab.get_attribute(PANEL, "data-result")), tab.inner_text(f"{PANEL} .gap-picker-said")


def test_opens_with_the_headline(tab):
    found = json.loads(tab.get_attribute(PANEL, "data-result"))
    assert found == pytest.approx(chips.headline()["japan"], abs=1e-4)


def test_every_ledger_shows_its_own_cases(tab):
    cases = chips.cases()
    for i, ledger in enumerate(cases["ledgers"]):
        ways = len(ledger["ways"])
        for j in (0, ways - 1):
            for k in range(len(cases["starts"])):
                for m in range(len(cases["afters"])):
                    found, _ = pick(tab, i, j, k, m)
                    assert found == ledger["found"][j][k][m]
        assert tab.locator(f"{PANEL} select").nth(1).locator("option").count() == ways


def test_verdict_follows_the_interval(tab):
    ways = chips.cases()["ledgers"][0]["ways"]
    assert "少了" in pick(tab, 0, ways.index("与马来西亚之比"), 0, 1)[1]
    assert "多了" in pick(tab, 0, 0, 0, 1)[1]
    assert "分不出" in pick(tab, 0, 0, 0, 0)[1]


def test_too_few_years_says_so(tab):
    found, said = pick(tab, 1, 0, 0, 2)
    assert found is None
    assert "算不出" in said


def test_bar_stays_inside_the_track(tab):
    pick(tab, 2, 0, 0, 1)
    track = tab.locator(f"{PANEL} .gap-picker-track").bounding_box()
    bar = tab.locator(f"{PANEL} .gap-picker-bar").bounding_box()
    assert track["x"] <= bar["x"]
    assert bar["x"] + bar["width"] <= track["x"] + track["width"] + 1
