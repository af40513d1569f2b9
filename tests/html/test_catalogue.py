"""数据目录：网页上查得到表，每张表都有说明、局限、许可、前几行，CSV 从书里就能下载。"""

import csv
import io
import json

import pytest

from tools.paths import ROOT

from .checks import ARTICLE

PAGE = "book/appendix/data_catalogue.html"
PACKAGE = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
GROUPS = [item["name"] for item in PACKAGE["groups"]]


@pytest.fixture
def tab(browser, base):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(base + PAGE)
    yield tab
    context.close()


def shown(tab) -> list[str]:
    return tab.eval_on_selector_all(
        "#tbl-catalogue-tables tbody tr", "rows => rows.filter(r => !r.hidden).map(r => r.innerText)"
    )


def test_every_table_is_listed_and_found(tab):
    assert len(shown(tab)) == len(PACKAGE["resources"])
    box = tab.locator("#catalogue-filter input")
    for words, least in (("专利", 2), ("海关 半导体", 1), ("Etalab", 1)):
        box.fill(words)
        found = shown(tab)
        assert least <= len(found) < len(PACKAGE["resources"])
        assert all(all(word in row for word in words.split()) for row in found)
        assert tab.inner_text("#catalogue-filter output") == f"{len(found)} 张表"
    box.fill("查无此表")
    assert shown(tab) == []
    box.fill("")
    assert len(shown(tab)) == len(PACKAGE["resources"])


def test_without_scripts_every_table_is_there(browser, base):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(base + PAGE)
    assert tab.locator("#tbl-catalogue-tables tbody tr:visible").count() == len(PACKAGE["resources"])
    assert not tab.locator("#catalogue-filter").is_visible()
    context.close()


@pytest.mark.parametrize("group", GROUPS)
def test_each_table_has_what_a_reader_needs(site, group):
    soup = site.soup(f"book/appendix/data_{group}.html")
    members = [r for r in PACKAGE["resources"] if r["group"] == group]
    assert len(soup.select(f"{ARTICLE} a.download")) == len(members)
    for resource in members:
        here = soup.find(id=f"data-{resource['name'].replace('_', '-')}")
        section = here if here.name == "section" else here.find_parent("section")
        text = section.get_text()
        assert resource["title"] in section.h2.get_text()
        assert all(limit.replace(" ", "") in text.replace(" ", "") for limit in resource["cannot_support"])
        assert all(item["title"] in text for item in resource["licenses"])
        link = section.select_one("a.download")["href"]
        served = (site.root / "book" / "appendix" / link).resolve()
        assert served.read_bytes() == (ROOT / "data" / resource["path"]).read_bytes()
        fields, preview = section.select("details table")[:2]
        names = [f["name"] for f in resource["schema"]["fields"]]
        assert [row.td.get_text(strip=True) for row in fields.select("tbody tr")] == names
        head = [cell.get_text(strip=True) for cell in preview.select("thead th")]
        assert set(head) <= set(names)
        rows = list(csv.DictReader(io.StringIO(served.read_text("utf-8"))))
        for line, row in zip(preview.select("tbody tr"), rows, strict=False):
            first = line.td.get_text(strip=True)
            assert row[head[0]].startswith(first.rstrip("…"))
