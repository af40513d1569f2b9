"""事实核查的登记册：按判定、节、类型挑选；没有脚本时各条都在；每条的图表号都通到书里的一处。"""

import csv
import json
from collections import Counter

import pytest

from tools.paths import ROOT

PAGE = "book/appendix/fact_check.html"
READY = "#fact-check-filter select"
ROWS = list(csv.DictReader((ROOT / "data" / "statements.csv").open(encoding="utf-8")))
PACKAGE = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
FIELDS = next(r for r in PACKAGE["resources"] if r["name"] == "statements")["schema"]["fields"]
LABELS = {f["name"]: f["labels"] for f in FIELDS if "labels" in f}
SELECTS = {"verdict": "verdict", "section": "section", "kind": "type"}


def shown(tab) -> list[str]:
    return tab.eval_on_selector_all(
        "#tbl-fc-register tbody tr", "rows => rows.filter(r => !r.hidden).map(r => r.cells[0].innerText.trim())"
    )


def said(tab) -> str:
    return tab.inner_text("#fact-check-filter output")


@pytest.fixture(autouse=True)
def whole(tab):
    tab.click("#fact-check-reset")


@pytest.mark.parametrize(("select", "column"), SELECTS.items())
def test_each_choice_shows_exactly_its_statements(tab, select, column):
    count = Counter(r[column] for r in ROWS)
    texts = tab.eval_on_selector_all(f"#fact-check-{select} option", "o => o.map(x => x.textContent)")
    assert len(texts) == len(count) + 1
    for code in count:
        tab.select_option(f"#fact-check-{select}", label=LABELS[column][code])
        assert shown(tab) == [r["statement_id"] for r in ROWS if r[column] == code]
        assert said(tab) == f"显示 {count[code]} 条，共 {len(ROWS)} 条"


def test_choices_combine_and_reset(tab):
    one = ROWS[0]
    for select, column in SELECTS.items():
        tab.select_option(f"#fact-check-{select}", label=LABELS[column][one[column]])
    found = shown(tab)
    assert found == [r["statement_id"] for r in ROWS if all(r[c] == one[c] for c in SELECTS.values())]
    assert 1 <= len(found) < len(ROWS)
    tab.click("#fact-check-reset")
    assert len(shown(tab)) == len(ROWS)


def test_an_empty_combination_says_so(tab):
    have = {(r["verdict"], r["section"]) for r in ROWS}
    verdict, section = next((v, s) for v in LABELS["verdict"] for s in LABELS["section"] if (v, s) not in have)
    tab.select_option("#fact-check-verdict", label=LABELS["verdict"][verdict])
    tab.select_option("#fact-check-section", label=LABELS["section"][section])
    assert shown(tab) == []
    assert said(tab) == f"显示 0 条，共 {len(ROWS)} 条"


def test_by_keyboard_and_read_aloud(tab):
    tab.focus("#fact-check-verdict")
    for key in ("Tab", "Tab", "Tab"):
        tab.keyboard.press(key)
    assert tab.evaluate("document.activeElement.id") == "fact-check-reset"
    assert tab.get_attribute("#fact-check-filter output", "aria-live") == "polite"
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_every_statement_is_there(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + PAGE)
    assert page.locator("#tbl-fc-register tbody tr:visible").count() == len(ROWS)
    assert not page.locator("#fact-check-filter").is_visible()
    context.close()


def test_each_row_leads_to_its_place(site):
    table = site.soup(PAGE).find(id="tbl-fc-register")
    for line, row in zip(table.select("tbody tr"), ROWS, strict=True):
        links = [a["href"] for a in line.select("td:last-child a")]
        assert [href.split("#")[1] for href in links] == [row["anchor"]]
        page = links[0].split("#")[0]
        assert not page or page.endswith(f"{row['page'].split('/')[1]}.html")
