"""四大支柱全景的面板：网页上的份额与 RTA 逐个等于 ``overview.advantage``。"""

import json

import pandas as pd
import pytest

from chokepoint.findings import overview as ovw

PAGE = "book/pillars/overview.html"
PANEL = "#fig-ovw-rta-panel"
READY = f"{PANEL} tbody tr"
CODES = (*ovw.PILLARS, ovw.SOFTWARE)


def shown(tab):
    return json.loads(tab.get_attribute(PANEL, "data-result"))


def same(tab, groups, iso3):
    found = shown(tab)
    for m, measure in enumerate(ovw.MEASURES):
        share, rta = ovw.shares(measure, groups=groups)[iso3], ovw.advantage(measure, groups=groups)[iso3]
        for p, code in enumerate(CODES):
            if code not in rta.index:
                assert found[m][p] is None
                continue
            assert found[m][p]["share"] == pytest.approx(share[code])
            assert found[m][p]["rta"] == pytest.approx(rta[code])


def alternative():
    other = ovw.alternatives()
    return other.where(other.index != ovw.SOFTWARE_FIELD, ovw.SOFTWARE)


@pytest.mark.parametrize(
    ("button", "groups"), [("main", ovw.mapping), ("alternative", alternative), ("five", ovw.five)]
)
@pytest.mark.parametrize("economy", range(len(ovw.PEERS)))
def test_the_buttons_equal_the_package(tab, button, groups, economy):
    tab.select_option("#fig-ovw-rta-economy", str(economy))
    tab.click(f"#fig-ovw-rta-{button}")
    same(tab, groups(), ovw.PEERS[economy])


def test_one_field_moved_by_hand(tab):
    given = ovw.picker()
    names = {name: code for code, name in zip(ovw.mapping().index, ovw.field_points().index, strict=True)}
    at = next(i for i, f in enumerate(given["fields"]) if names[f["name"]] == "semiconductors")
    tab.select_option("#fig-ovw-rta-economy", "0")
    tab.click("#fig-ovw-rta-main")
    tab.evaluate("document.querySelector('.pillar-picker-fields').open = true")
    tab.select_option(f"#fig-ovw-rta-f-{at}", str(ovw.PILLARS.index("processes")))
    moved: pd.Series = ovw.mapping()
    moved["semiconductors"] = "processes"
    same(tab, moved, "CHN")
    assert "RTA 最高" in tab.inner_text(f"{PANEL} .pillar-picker-said")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_left_to_compare(tab):
    """所有领域都改成不归入：表空，说明白，不报错；按一下又回来。"""
    tab.click("#fig-ovw-rta-main")
    outside = str(ovw.picker()["outside"])
    tab.evaluate(
        """code => document.querySelectorAll('.pillar-picker-fields select').forEach(s => {
            s.value = code;
            s.dispatchEvent(new Event('change'));
        })""",
        outside,
    )
    assert "无从比较" in tab.inner_text(f"{PANEL} .pillar-picker-said")
    assert all(cell is None for measure in shown(tab) for cell in measure)
    assert tab.locator(f"{PANEL} tbody tr").count() == 0
    tab.click("#fig-ovw-rta-main")
    assert "RTA 最高" in tab.inner_text(f"{PANEL} .pillar-picker-said")
