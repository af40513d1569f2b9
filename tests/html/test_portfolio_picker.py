"""攻关组合的面板：网页上选出的组合、剩余风险与凑齐的工序，与包里算的逐项相同。"""

import json

import pytest

from chokepoint import portfolio
from chokepoint.findings import portfolio as pf

PAGE = "book/strategy/portfolio.html"
PANEL = "#fig-pf-frontier-panel"
READY = f"{PANEL} .weights-table tbody tr"
#: 预算（%）、花费、成功概率、风险的读法。
SETTINGS = [
    (25, "equal", "even", "score"),
    (10, "size", "falling", "score"),
    (37, "root", "rosy", "smaller"),
    (50, "firm", "rising", "origin"),
    (63, "size", "even", "top"),
    (5, "firm", "falling", "without"),
    (0, "equal", "even", "score"),
    (100, "root", "falling", "score"),
]


def dial(tab, budget, cost, success, risk):
    tab.locator("#fig-pf-frontier-budget").fill(str(budget))
    for kind, value in {"cost": cost, "success": success, "risk": risk}.items():
        tab.select_option(f"#fig-pf-frontier-{kind}", value)


def shown(tab):
    return json.loads(tab.get_attribute(PANEL, "data-result"))


@pytest.mark.parametrize(("budget", "cost", "success", "risk"), SETTINGS)
def test_the_page_equals_the_package(tab, budget, cost, success, risk):
    dial(tab, budget, cost, success, risk)
    items, found = pf.items(cost, success, risk), shown(tab)
    chosen = portfolio.best(items, pf.allowance(cost, budget / 100))
    assert [bool(i in found["chosen"]) for i in range(len(items))] == chosen.tolist()
    assert found["residual"] == pytest.approx(portfolio.residual(items, chosen), abs=1e-12)
    assert found["freed"] == [pf.freed(chosen, reading) for reading in pf.READINGS]
    rows = tab.locator(f"{PANEL} .weights-table tbody tr").count()
    assert rows == int(chosen.sum())


def test_text_says_the_result(tab):
    dial(tab, *SETTINGS[1])
    text = tab.inner_text(f"{PANEL} .weights-status")
    found = shown(tab)
    assert f"选 {len(found['chosen'])} 项" in text
    assert f"还剩 {100 * found['residual']:.1f}%" in text


def test_reset_restores_the_reference(tab):
    dial(tab, *SETTINGS[2])
    before = shown(tab)
    tab.click(f"{PANEL} .weights-reset")
    assert shown(tab) != before
    assert shown(tab)["chosen"] == pf.picker()["reference"]


def test_the_keyboard_moves_the_budget(tab):
    tab.click(f"{PANEL} .weights-reset")
    tab.locator("#fig-pf-frontier-budget").focus()
    tab.keyboard.press("End")
    assert len(shown(tab)["chosen"]) == len(pf.items())
