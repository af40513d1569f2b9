"""卡脖子指数的权重面板：网页上的名次与 ``composite.score`` 逐个相同。"""

import json

import pytest

from chokepoint import composite
from chokepoint.findings import chokepoint_index as index

PAGE = "book/identify/chokepoint_index.html"
PANEL = "#fig-idx-ranks-panel"
READY = f"{PANEL} .weights-table tbody tr"
CODES = list(index.NAMES)
#: 六个滑块（0–100）、合成办法、规模的方向。
SETTINGS = [
    ((50, 50, 50, 50, 50, 50), "arithmetic", 1),
    ((50, 50, 50, 50, 50, 50), "geometric", 1),
    ((100, 0, 0, 0, 0, 0), "arithmetic", 1),
    ((0, 7, 93, 21, 64, 100), "arithmetic", -1),
    ((13, 88, 0, 41, 5, 77), "geometric", -1),
    ((0, 0, 0, 0, 50, 0), "geometric", 1),
]


@pytest.fixture(scope="module")
def frame():
    return index.panel().values


def dial(tab, weights, mean, size):
    for code, value in zip(CODES, weights, strict=True):
        tab.locator(f"#fig-idx-ranks-w-{code}").fill(str(value))
    tab.check(f"#fig-idx-ranks-{mean}")
    tab.set_checked("#fig-idx-ranks-turned", size == -1)


def shown(tab):
    return json.loads(tab.get_attribute(PANEL, "data-ranks"))


def expected(frame, weights, mean, size):
    given = dict(zip(CODES, weights, strict=True))
    scores = composite.score(frame, "min-max", "given", mean, direction={"size": size}, given=given)
    return scores, composite.ranks(scores).to_dict()


@pytest.mark.parametrize(("weights", "mean", "size"), SETTINGS)
def test_ranks_equal_the_package(tab, frame, weights, mean, size):
    dial(tab, weights, mean, size)
    scores, ranks = expected(frame, weights, mean, size)
    assert shown(tab) == ranks
    rows = tab.locator(f"{PANEL} .weights-table tbody tr").all()
    assert len(rows) == 15
    places = index.directions().set_index("name")
    for row in rows:
        place, name, score, _, share = (cell.strip() for cell in row.locator("th, td").all_inner_texts())
        node = index.names()[index.names() == name].index[0]
        assert int(place) == ranks[node]
        assert float(score) == pytest.approx(100 * scores[node], abs=0.051)
        value = places.at[name, "smaller" if size == -1 else "larger"]
        assert share == "<1%" if 0 < value < 0.005 else abs(float(share.rstrip("%")) - 100 * value) < 0.51


def test_reset_restores_the_reference(tab, frame):
    dial(tab, (3, 0, 99, 0, 12, 50), "geometric", -1)
    assert shown(tab) != index.reference()["rank"].to_dict()
    tab.click(f"{PANEL} .weights-reset")
    assert shown(tab) == index.reference()["rank"].to_dict()


def test_all_zero_explains_itself(tab):
    dial(tab, (0,) * 6, "arithmetic", 1)
    assert "排不了名" in tab.inner_text(f"{PANEL} .weights-status")
    assert tab.locator(f"{PANEL} .weights-table tbody tr").count() == 0


def test_keyboard_moves_a_slider(tab):
    tab.click(f"{PANEL} .weights-reset")
    slider = tab.locator(f"#fig-idx-ranks-w-{CODES[0]}")
    slider.focus()
    tab.keyboard.press("End")
    assert slider.input_value() == "100"
    assert shown(tab) != index.reference()["rank"].to_dict()
