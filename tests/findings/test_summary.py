"""执行摘要：登记的发现各有出处，把握由来源与换做法的次数算出。"""

import pytest

from chokepoint.findings import summary
from tools.paths import BOOK
from tools.text import read, specs

from .raw import one, rows


@pytest.fixture(scope="module")
def table():
    return summary.register()


def figures(page):
    """一章里的图（存下的输出里的）：标签 → 来源行。"""
    found = specs(read(BOOK / f"{page}.ipynb"))
    return {s["name"]: s["source"] for s in found if s["kind"] == "figure"}


def test_every_finding_points_at_a_figure_of_its_chapter():
    assert [f.key for f in summary.FINDINGS if f.figure not in figures(f.page)] == []
    assert {f.part for f in summary.FINDINGS} == set(summary.PARTS)
    assert len({f.key for f in summary.FINDINGS}) == len(summary.FINDINGS) == 12


def test_the_figure_is_drawn_from_the_tables_named():
    for f in summary.FINDINGS:
        source = figures(f.page)[f.figure]
        assert [t for t in f.tables if f"(#data-{t})" in source], f"{f.key}：图的来源行里一张登记的表也没有"


def test_firsthand_is_the_share_of_cited_sources_seen_in_the_original(table):
    grade = {r["source_id"]: r["grade"] for r in rows("sources")}
    cited = {r["source_id"] for r in rows("universities")}
    assert table.loc["universities", "sources"] == len(cited)
    assert table.loc["universities", "firsthand"] == pytest.approx(sum(grade[s] == "A" for s in cited) / len(cited))
    cited = {r["source_id"] for name in ("targets", "target_outcomes") for r in rows(name)}
    assert table.loc["targets", "sources"] == len(cited)
    assert table.loc["targets", "firsthand"] == pytest.approx(sum(grade[s] == "A" for s in cited) / len(cited))


@pytest.mark.parametrize(
    ("held", "tried", "firsthand", "sources", "expected"),
    [
        (95, 100, 0.5, 3, "较高"),
        (95, 100, 0.5, 2, "中等"),
        (95, 100, 0.49, 3, "中等"),
        (94, 100, 0.5, 3, "中等"),
        (94, 100, 0.49, 3, "较低"),
        (50, 100, 0.5, 1, "中等"),
        (49, 100, 1.0, 9, "较低"),
        (0, 4, 1.0, 9, "较低"),
    ],
)
def test_grade_at_its_edges(held, tried, firsthand, sources, expected):
    assert summary.grade(held, tried, firsthand, sources) == expected


def test_a_looser_line_never_lowers_a_grade(table):
    order = {name: i for i, name in enumerate(summary.GRADES)}
    loose, tight = summary.register(0.8)["grade"].map(order), summary.register(1.0)["grade"].map(order)
    assert (loose <= tight).all()
    assert (loose <= table["grade"].map(order)).all()


def test_trials_by_hand(table):
    """两条照原始行重数：前道设备逐年的集中度，与目标的上下界。"""
    years = {}
    for row in rows("semi_equipment_trade", hs6="848620"):
        if row["flow"] == "export" and row["iso3"] != "WLD":
            years.setdefault(row["year"], {})[row["iso3"]] = float(row["value"] or 0)
    line = one("dependency_criteria", "threshold", study="cepii_geodep", criterion="import_concentration")
    held = 0
    for values in years.values():
        total, allies = sum(values.values()), sum(values.get(k, 0) for k in ("USA", "JPN", "NLD"))
        own = sum((v / total) ** 2 for v in values.values())
        joint = (allies / total) ** 2 + sum(
            (v / total) ** 2 for k, v in values.items() if k not in ("USA", "JPN", "NLD")
        )
        held += own < line < joint
    assert (held, len(years)) == tuple(table.loc["allies", ["held", "tried"]])


def test_after_2023_by_hand():
    found = summary.since()
    late = [r for r in rows("status_updates") if int(r["date"][:4]) > 2023]
    assert found["updates"] == len(late)
    assert found["technologies"] == len({r["tech_id"] for r in late})
    assert found["shares"] == sum(r["solidity"] == "independent_share" for r in late)
    assert found["depends"] == sum(r["direction"] in {"dependence_level", "persisting_dependence"} for r in late)
    assert found["unknown"] <= found["due"]


class TestSentences:
    """首页的话。"""

    def test_the_lists_change_with_the_direction(self, table):
        """“换一种目标，名单就换人”。"""
        assert table.loc["rank", "held"] == 0

    def test_both_sides_lose_on_their_own_graph(self, table):
        """“停的地方不同”。"""
        assert table.loc["closing", "held"] == table.loc["closing", "tried"]

    def test_most_known_outcomes_are_met_and_most_targets_unknown(self):
        """“有结果的里面大半达到；可是没有结果的更多”。"""
        main = summary.assessment.rates().iloc[0]
        assert main["known"] > 0.5
        assert main["unknown"] > main["met"] + main["missed"]

    def test_some_findings_are_graded_low(self, table):
        """“较低的也列出”。"""
        assert set(table["grade"]) == set(summary.GRADES)
