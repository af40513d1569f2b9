"""“事实核查”一章的数字：从 CSV 另行重算；每条说法都有去处；看守每一句定性的话。"""

import json
import re
from collections import Counter
from math import comb

import pytest

from chokepoint.findings import fact_check as fc
from tools.paths import ROOT
from tools.text import specs

from .by_hand import fisher
from .raw import one, rows

STATEMENTS = {r["statement_id"]: r for r in rows("statements")}
GRADE = {r["source_id"]: r["grade"] for r in rows("sources")}
KIND = {r["source_id"]: r["url_kind"] for r in rows("sources")}
VERDICT = {code: r["verdict"] for code, r in STATEMENTS.items()}
COUNT = Counter(VERDICT.values())
HOLD = {c for c, v in VERDICT.items() if v in ("supported", "supported_with_qualification")}
OPEN = {c for c, v in VERDICT.items() if v == "not_verifiable"}
EVIDENCE = rows("statement_evidence")
#: 一种判定靠哪些立场，与模块各写各的。
FITS = {
    ("supported", "supports"), ("supported_with_qualification", "supports"), ("imprecise", "qualifies"),
    ("imprecise", "contradicts"), ("outdated", "qualifies"), ("outdated", "contradicts"), ("outdated", "updates"),
    ("contradicted", "contradicts"),
}  # fmt: skip
DECISIVE = [r for r in EVIDENCE if (VERDICT[r["statement_id"]], r["stance"]) in FITS]
CHANGED = {c: r for c, r in STATEMENTS.items() if r["verdict_before"]}


def labels(page: str) -> set[str]:
    """那一章里定义的图表标签：有输出的看输出，还没有执行的看代码。"""
    notebook = json.loads((ROOT / "book" / f"{page}.ipynb").read_text("utf-8"))
    found = {s["name"] for s in specs(notebook) if s.get("kind") in ("figure", "table")}
    source = "\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code")
    return found | set(re.findall(r'"((?:fig|tbl)-[a-z0-9-]+)"', source))


class TestRegister:
    def test_every_statement_has_a_place(self):
        assert len(STATEMENTS) == 57
        at = {page: labels(page) for page in {r["page"] for r in STATEMENTS.values()}}
        lost = {c: (r["page"], r["anchor"]) for c, r in STATEMENTS.items() if r["anchor"] not in at[r["page"]]}
        assert lost == {}

    def test_a_place_that_is_not_there_is_noticed(self):
        assert "tbl-fc-nowhere" not in labels("appendix/fact_check")
        assert "tbl-fc-register" in labels("appendix/fact_check")

    def test_every_page_is_in_the_book(self):
        toc = (ROOT / "_toc.yml").read_text("utf-8")
        assert all(f"file: book/{r['page']}\n" in toc for r in STATEMENTS.values())

    def test_at_least_fifteen_are_checked_anew(self):
        anew = {c for c, r in STATEMENTS.items() if r["checked_anew"]}
        assert len(anew) >= 15
        assert anew == {c for c, r in STATEMENTS.items() if r["basis"]}
        assert set(CHANGED) <= anew
        assert set(fc.again().index) <= anew
        assert fc.headline()["checked"] == len(anew)

    def test_no_verdict_without_evidence(self):
        with_evidence = {r["statement_id"] for r in EVIDENCE}
        assert set(STATEMENTS) - with_evidence - OPEN == set()
        assert {r["statement_id"] for r in DECISIVE} == set(STATEMENTS) - OPEN

    def test_a_change_is_a_change(self):
        assert all(r["verdict_before"] != r["verdict"] and r["why_changed"] for r in CHANGED.values())

    def test_the_register_shows_each_once_in_order(self):
        shown = fc.register()
        assert shown["编号"].tolist() == sorted(STATEMENTS)
        for code, text in zip(shown["编号"], shown["说法"], strict=True):
            own = STATEMENTS[code]
            place, kind = fc.label("section")[own["section"]], fc.label("type")[own["type"]]
            assert text == f"{own['statement']}［{place}·{kind}］"
        for code, seen in zip(shown["编号"], shown["查到了什么"], strict=True):
            grades = Counter(GRADE[r["source_id"]] for r in EVIDENCE if r["statement_id"] == code)
            assert f"证据 {'、'.join(f'{g} {grades[g]}' for g in sorted(grades))}，" in seen
            assert f"{{numref}}`{STATEMENTS[code]['anchor']}`" in seen

    def test_only_here(self):
        own = {c for c, r in STATEMENTS.items() if r["page"] == "appendix/fact_check"}
        assert set(fc.only_here()["编号"]) == own
        assert fc.headline()["elsewhere"] == len(STATEMENTS) - len(own)


class TestCounts:
    def test_grid(self):
        grid, section, verdict = fc.grid(), fc.label("section"), fc.label("verdict")
        cells = Counter((r["section"], r["verdict"]) for r in STATEMENTS.values())
        for s in section:
            for v in verdict:
                assert grid.loc[section[s], verdict[v]] == cells[s, v]
        assert grid.to_numpy().sum() == len(STATEMENTS)

    def test_headline(self):
        h = fc.headline()
        assert (h["supported"], h["qualified"], h["open"]) == (
            COUNT["supported"], COUNT["supported_with_qualification"], COUNT["not_verifiable"],
        )  # fmt: skip
        assert h["hold"] == len(HOLD)
        old = {c: r["verdict_before"] or r["verdict"] for c, r in STATEMENTS.items()}
        assert h["hold_before"] == sum(v in ("supported", "supported_with_qualification") for v in old.values())

    def test_types(self):
        found, name = fc.types(), fc.label("type")
        sizes = Counter(r["type"] for r in STATEMENTS.values())
        assert set(found.index) == {name[t] for t, n in sizes.items() if n >= 5}
        for kind, size in sizes.items():
            if size < 5:
                continue
            own = {c for c, r in STATEMENTS.items() if r["type"] == kind}
            a, c = len(own & HOLD), len(HOLD - own)
            row = found.loc[name[kind]]
            assert (row["hold"], row["total"]) == (a, size)
            assert row["p"] == pytest.approx(fisher(a, size - a, c, len(STATEMENTS) - size - c))
        ordered = found.sort_values("p")
        worst = 0.0
        for step, (kind, row) in enumerate(ordered.iterrows()):
            worst = max(worst, min(1.0, row["p"] * (len(ordered) - step)))
            assert found.loc[kind, "adjusted"] == pytest.approx(worst)

    def test_rules(self):
        found = fc.rules()["合计"]
        by = {}
        for r in DECISIVE:
            by.setdefault(r["statement_id"], []).append(r)
        assert found[fc.ALL] == len(by)
        assert found[fc.FIRST] == sum(any(r["round"] == "first" for r in own) for own in by.values())
        assert found[fc.PAIR] == sum(len(own) > 1 for own in by.values())
        assert found[fc.PAGES] == sum(
            any(KIND[r["source_id"]] in ("official", "publisher") for r in own) for own in by.values()
        )
        assert found[fc.PRIMARY] == sum(any(GRADE[r["source_id"]] == "A" for r in own) for own in by.values())

    def test_firmness_adds_up(self):
        firm = fc.firmness()
        assert firm.to_numpy().sum() == len(STATEMENTS) - len(OPEN)
        assert firm["有一手证据"].sum() == fc.rules().loc[fc.PRIMARY, "合计"]

    def test_ranges(self):
        found = fc.ranges()
        primary = {r["statement_id"] for r in DECISIVE if GRADE[r["source_id"]] == "A"}
        assert found.loc["现在的判定", "high"] == len(HOLD | OPEN)
        assert found.loc["只算“有依据”", "main"] == COUNT["supported"]
        assert found.loc["“已过时”也算", "main"] == len(HOLD) + COUNT["outdated"]
        assert found.loc["只认一手", "main"] == len(HOLD & primary)
        assert found.loc["只认一手", "high"] == len(STATEMENTS) - len(primary - HOLD)

    def test_drift(self):
        order = ["supported", "supported_with_qualification", "imprecise", "contradicted"]
        place = {v: i for i, v in enumerate(order)} | {"outdated": 2, "not_verifiable": 3}
        steps = [place[r["verdict"]] - place[r["verdict_before"]] for r in CHANGED.values()]
        down, up = sum(s > 0 for s in steps), sum(s < 0 for s in steps)
        found, n = fc.drift(), down + up
        assert (found["down"], found["up"], found["level"]) == (down, up, steps.count(0))
        tail = sum(comb(n, k) for k in range(min(down, up) + 1)) / 2**n
        assert found["p"] == pytest.approx(min(1, 2 * tail))

    def test_credits_name_each_in_the_same_words(self):
        lines = fc.credits().splitlines()
        for line, verdict in zip(lines, ("supported", "contradicted", "outdated"), strict=True):
            own = sorted(c for c, v in VERDICT.items() if v == verdict)
            assert line.startswith(f"- **{fc.label('verdict')[verdict]}**（{len(own)} 条）：")
            assert all(f"{c}：{STATEMENTS[c]['statement']}" in line for c in own)


class TestAgain:
    """书里的表再算一次，与判定合；挑几条从 CSV 另算。"""

    def test_all_hold(self):
        found = fc.again()
        assert found.index[~found["holds"]].tolist() == []
        assert found.index.is_unique
        assert len(found) >= 15

    def test_imports(self):
        equal = {"goods": "integrated_circuits", "iso3": "CHN", "year": "2020", "unit": "CNY_100m"}
        bought = one("trade_totals", indicator="import_value", **equal)
        assert f"进口 {bought:,.0f} 亿元" in fc.again().loc["S01", "answer"]

    def test_nodes(self):
        year = next(r for r in rows("node_timeline") if r["event_id"] == "smic_28nm")["date"][:4]
        assert fc.again().loc["S30", "answer"].startswith(f"{year} 年")

    def test_funds(self):
        capital = [
            one("fiscal_instruments", programme=f"big_fund_{n}", measure="registered_capital") for n in (1, 2, 3)
        ]
        assert capital[2] > capital[0] + capital[1]
        assert capital[1] > 2000

    def test_equity_is_the_rarest_way_by_count(self):
        who = {"entity": "universities_institutes", "year": "2023"}
        ways = {
            w: one("regional_indicators", indicator=f"transfer_count_{w}", **who)
            for w in ("equity", "licence", "assignment")
        }
        assert min(ways, key=ways.get) == "equity"
        assert f"按项数 {ways['equity'] / sum(ways.values()):.1%}" in fc.again().loc["S22", "answer"]

    def test_no_split_for_the_second_fund(self):
        assert not [r for r in rows("fiscal_instruments", programme="big_fund_2") if r["measure"].startswith("share_")]
        assert VERDICT["S40"] == "not_verifiable"

    def test_tolerance(self):
        own = rows("tolerance_provisions", instrument="中华人民共和国科学技术进步法")
        assert {r["article"] for r in own} == {"68", "97"}
        assert {r["consequence"] for r in own} == {"exempt"}


class TestSentences:
    def test_right_and_wrong_are_both_many(self):
        wrong = COUNT["imprecise"] + COUNT["outdated"] + COUNT["contradicted"]
        assert min(len(HOLD), wrong, len(OPEN)) > len(STATEMENTS) / 6

    def test_half_turns_over(self):
        h = fc.headline()
        assert h["hold_before"] * 2 > h["all"] > h["hold"] * 2

    def test_attribution_is_lowest(self):
        found = fc.types()
        assert found.index[0] == "归因"
        assert found.loc["归因", "adjusted"] < 0.05
        assert found.loc["归因", "hold"] / found.loc["归因", "total"] < found.loc["归因", "rest"]

    def test_direction_survives_and_the_number_does_not(self):
        found = fc.shaken()
        assert (found["lower"] > 0.95).all()
        assert found["few"].iloc[-1] < 0.75
        assert 0.05 < found["half"].iloc[0] < 0.95

    def test_most_rest_on_second_hand(self):
        h = fc.headline()
        assert h["primary"] * 2 < h["determined"]
        assert fc.rules()["合计"].idxmin() == fc.PRIMARY

    def test_right_and_wrong_lose_alike(self):
        found, name = fc.rules(), fc.label("verdict")
        left = {v: found.loc[fc.PRIMARY, name[v]] / found.loc[fc.ALL, name[v]] for v in ("supported", "imprecise")}
        assert abs(left["supported"] - left["imprecise"]) < 0.15

    def test_both_contradicted_are_too_late_not_too_proud(self):
        written = {
            r["statement_id"]: int(r["value_min"]) for r in rows("statement_figures", role="article", unit="year")
        }
        seen = {r["statement_id"]: int(r["value_min"]) for r in rows("statement_figures", role="evidence", unit="year")}
        assert {c for c, v in VERDICT.items() if v == "contradicted"} == set(written) == set(seen)
        assert all(written[c] > seen[c] for c in written)

    def test_drift_is_not_settled(self):
        found = fc.drift()
        assert found["down"] > found["up"] == 1
        assert 0.05 < found["p"] < 0.2

    def test_the_one_that_went_up_was_open_and_has_the_text_of_the_law(self):
        up = [c for c in CHANGED if fc.changed().loc[c, "step"] < 0]
        assert [CHANGED[c]["verdict_before"] for c in up] == ["not_verifiable"]
        assert all(GRADE[STATEMENTS[c]["source_id"]] == "A" for c in up)

    def test_every_open_verdict_of_the_first_round_was_checked_again(self):
        first = {c: r["verdict_before"] or r["verdict"] for c, r in STATEMENTS.items()}
        assert all(STATEMENTS[c]["checked_anew"] for c, v in first.items() if v == "not_verifiable")

    def test_two_changes_came_from_the_stances(self):
        assert {c for c, r in CHANGED.items() if "立场" in r["why_changed"]} == {"S40", "S44"}

    def test_the_softest_line(self):
        found = fc.reach()
        width = found["high"] - found["low"]
        assert set(width.nlargest(2).index) == {"supported_with_qualification", "imprecise"}

    def test_the_other_conflicts_are_kept(self):
        cover = [float(r["value"]) for r in rows("innovation_finance", series="tech_insurance_cover", year="2024")]
        jets = one("aero_engine", series="c919_deliveries", year="2024")
        figure = one("statement_figures", "value_min", metric="c919_deliveries", year="2024")
        assert max(cover) - min(cover) == 20000
        assert jets - figure == 1
