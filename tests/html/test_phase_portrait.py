"""相图的面板：网页上的静止点、分界点与盆地逐个等于 ``games``。"""

import json

import pytest

from chokepoint import games
from chokepoint.findings import mechanisms as mec

PAGE = "book/collaboration/mechanisms.html"
PANEL = "#fig-mec-phase-panel"
READY = f"{PANEL} svg circle"
#: 格子中心若恰在分界线上，积分法不同，归到哪边也不同：至多差这么多个起点。
NEAR = 2 / mec.SIDE**2

CASES = {
    "图上的一局": {},
    "收益大": {"gain": 9.5, "share": 0.44},
    "都守约站不住": {"share": 0.7},
    "都背约站不住": {"penalty": 1.3, "incentive": 0.6, "gain": 7.3},
    "一方总想背约": {"b2": 3.4, "c2": 2.1},
    "补助刚好盖过一方的成本": {"incentive": 1.1, "gain": 6.7},
    "成本悬殊": {"gain": 10, "share": 0.61, "c1": 2.7, "c2": 0.8},
}


def put(tab, change):
    tab.click("#fig-mec-phase-reset")
    for key, value in change.items():
        tab.evaluate(
            """([id, value]) => {
                const input = document.getElementById(id);
                input.value = value;
                input.dispatchEvent(new Event("input"));
            }""",
            [f"fig-mec-phase-{key}", str(value)],
        )
    return json.loads(tab.get_attribute(PANEL, "data-result"))


@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
def test_the_page_equals_the_package(tab, change):
    found, game = put(tab, change), mec.game(**change)
    points = games.rest_points(game)
    assert [p["kind"] for p in found["points"]] == points["kind"].tolist()
    for shown, (_, row) in zip(found["points"], points.iterrows(), strict=True):
        assert (shown["x"], shown["y"]) == pytest.approx((row["x"], row["y"]))
    inner = game.saddle()
    assert found["saddle"] == (None if inner is None else pytest.approx(list(inner)))
    assert found["basin"] == pytest.approx(mec.basin(game), abs=NEAR)


def test_cases_cover_every_outcome():
    kinds = {
        name: games.rest_points(mec.game(**change)).set_index(["x", "y"])["kind"] for name, change in CASES.items()
    }
    outcomes = {(k[1.0, 1.0] == "stable", k[0.0, 0.0] == "stable") for k in kinds.values()}
    assert len(outcomes) == 3
    assert any(0 < mec.basin(mec.game(**c)) < 1 for c in CASES.values())


@pytest.mark.parametrize("share", mec.statutory())
def test_the_statutory_buttons(tab, share):
    tab.click("#fig-mec-phase-reset")
    tab.click(f"#fig-mec-phase-share-{round(100 * share)}")
    found = json.loads(tab.get_attribute(PANEL, "data-result"))
    assert found["basin"] == pytest.approx(mec.basin(mec.game(share=share)), abs=NEAR)
    said = tab.inner_text(f"{PANEL} .weights-status")
    assert ("都守约站不住" in said) == (not mec.holds(mec.game(share=share)))


def test_only_the_share_is_not_assumed(tab):
    names = tab.locator(f"{PANEL} .weights-row label").all_inner_texts()
    assert [name for name in names if "假想" not in name] == ["团队的分成（法定下限）"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
