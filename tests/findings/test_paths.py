"""“四条实施路径”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import json
import math
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from statistics import median

import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from chokepoint import plots
from chokepoint.findings import components, identify
from chokepoint.findings import paths as pth
from tools.paths import BOOK
from tools.text import read

from .raw import one, rows

DATA = Path(__file__).resolve().parents[2] / "data"
CHAPTER = BOOK / "pillars" / "paths.ipynb"


def rd(indicator, status="final"):
    return {int(r["year"]): float(r["value"]) for r in rows("cn_rd", indicator=indicator, status=status)}


def middle_slope(series):
    """所有两点连线斜率的中位数，手算。"""
    return median((series[b] - series[a]) / (b - a) for a, b in combinations(sorted(series), 2))


def wilson(k, n, z=1.959963984540054):
    p = k / n
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def fisher(a, n, b, total):
    """双侧 Fisher 精确检验：n 个里有 a 个，总共 total 个里有 b 个；把不比它更可能的各种分法加起来。"""
    chance = {k: math.comb(b, k) * math.comb(total - b, n - k) for k in range(max(0, n + b - total), min(n, b) + 1)}
    return sum(v for v in chance.values() if v <= chance[a]) / math.comb(total, n)


@pytest.fixture(scope="module")
def h():
    return pth.headline()


@pytest.fixture(scope="module")
def prose_text():
    return "\n".join(c["source"] for c in read(CHAPTER)["cells"] if c["cell_type"] == "markdown")


# ---- 路径一 ----
def test_remeasurement_by_hand(h):
    start = {r["tech_id"]: r for r in rows("chokepoint_gaps", like_for_like="true")}
    updates = rows("status_updates", value_status="quoted")
    years = defaultdict(set)
    strong = defaultdict(set)
    for r in updates:
        years[r["tech_id"], r["metric"]].add(r["date"][:4])
        if r["source_strength"] == "strong":
            strong[r["tech_id"], r["metric"]].add(r["date"][:4])
    both = [r for r in updates if r["tech_id"] in start]
    same = [r for r in both if r["metric"] == start[r["tech_id"]]["metric"]]
    expected = {
        "baseline": set(start),
        "later": {r["tech_id"] for r in updates},
        "unit": {r["tech_id"] for r in both if r["unit"] == start[r["tech_id"]]["unit"]},
        "metric": {r["tech_id"] for r in same},
        "repeat": {t for (t, _), y in years.items() if len(y) > 1},
        "repeat_firm": {t for (t, _), y in strong.items() if len(y) > 1},
    }
    assert pth.measured_again() == {k: {int(t) for t in v} for k, v in expected.items()}
    assert (h["baseline"], h["metric"], h["total"]) == (8, 1, 35)
    for step, label in pth.STEPS.items():
        row = pth.identify_steps().loc[label]
        low, high = wilson(len(expected[step]), 35)
        assert row["count"] == len(expected[step])
        assert (row["low"], row["high"]) == pytest.approx((100 * low, 100 * high))
        assert row["main"] == round(100 * len(expected[step]) / 35)
    (name,) = pth.remeasured_names()
    (tech,) = expected["metric"]
    assert name == next(r["name_zh"] for r in rows("chokepoints", tech_id=tech))
    assert pth.guide() == one("industrial_base", indicator="guide_total")
    assert len(pth.lists()) == len(rows("other_lists"))


# ---- 路径二 ----
def test_intensity_by_hand():
    world = {(r["iso3"], int(r["year"])): float(r["value"]) for r in rows("innovation_panel", indicator="gerd_to_gdp")}
    points = pth.intensity_points()
    names = pth.country_names()
    assert len(points) == sum(i in pth.COMPARED for i, _ in world)
    for r in points.itertuples():
        iso3 = next(i for i in pth.COMPARED if names[i] == r.line)
        assert r.y == world[iso3, r.x]
        assert (r.segment != "") == (iso3 == "GBR" and r.x >= 2014)
    steps = {y: world["GBR", y] - world["GBR", y - 1] for y in range(1997, 2022)}
    jump = pth.uk_jump()
    assert jump["jump"] == pytest.approx(steps.pop(2014))
    second = max(steps, key=lambda y: abs(steps[y]))
    assert (jump["second_year"], jump["second"]) == (second, pytest.approx(abs(steps.pop(second))))
    assert jump["other"] == pytest.approx(max(map(abs, steps.values())))


def test_revisions_by_hand():
    before, after = rd("rd_intensity"), rd("rd_intensity_revised") | rd("rd_intensity_revised", "derived")
    table = pth.revisions()
    assert set(before) & set(after) == set(pth.REVISED_YEARS) == set(table.index)
    for year in pth.REVISED_YEARS:
        assert table.loc[year, ["before", "after", "gap"]].tolist() == pytest.approx(
            [before[year], after[year], after[year] - before[year]]
        )
    assert [(table.loc[y, "before"], table.loc[y, "after"]) for y in table.index] == [
        (1.98, 1.91),
        (2.4, 2.36),
        (2.65, 2.58),
    ]
    step = pth.last_step()
    assert step["across"] == pytest.approx(after[2024] - before[2023])
    assert step["within"] == pytest.approx(after[2024] - after[2023])
    slopes = pth.intensity_slopes()
    assert slopes.loc["before", "estimate"] == pytest.approx(middle_slope(before))
    assert slopes.loc["after", "estimate"] == pytest.approx(middle_slope(after))
    points = pth.china_intensity_points()
    assert set(points["line"]) == set(pth.INTENSITY_LINES.values())
    assert points.loc[points["kind"] == "uncertain", "x"].tolist() == [2025]


def test_basic_share_by_hand(h):
    share = rd("rd_basic_share")
    assert pth.missing_years() == [y for y in range(2013, 2025) if y not in share] == [2015, 2020]
    table = pth.slope_choices()
    assert table.loc["全部终值", "estimate"] == pytest.approx(middle_slope(share))
    assert table.loc["有初步数的年份换成初步数", "estimate"] == pytest.approx(
        middle_slope(share | rd("rd_basic_share", "preliminary"))
    )
    basic, total = rd("rd_basic"), rd("rd_total")
    ratio = {y: 100 * basic[y] / total[y] for y in basic}
    assert table.loc["由金额相除", "estimate"] == pytest.approx(middle_slope(ratio))
    for y, v in share.items():
        assert ratio[y] == pytest.approx(v, abs=0.06)
    years = sorted(share)
    runs = [years[i : i + 5] for i in range(len(years) - 4)]
    assert table.index[3:].tolist() == [f"只用 {r[0]}–{r[-1]} 年" for r in runs]
    for source, found in ((share, table.iloc[3:]), (ratio, pth.window_slopes(pth.amounts_share()))):
        for run, row in zip(runs, found.itertuples(), strict=True):
            steps = [(source[b] - source[a]) / (b - a) for a, b in combinations(run, 2)]
            assert row.n == 5
            assert row.estimate == pytest.approx(median(steps))
            assert (row.low, row.high) == pytest.approx((min(steps), max(steps)), abs=1e-9)
    assert (h["basic_first"], h["basic_last"]) == (share[2013], share[2024])
    assert round(h["slope"], 2) == 0.21
    assert pth.between_halves() == pytest.approx(share[2019] - share[2018])
    points = pth.basic_points()
    assert {(r.x, r.y) for r in points.itertuples() if r.kind == "observed"} == set(share.items())
    growth = pth.growth()
    for key, series in (("basic", basic), ("total", total)):
        logs = {y: math.log(v) for y, v in series.items()}
        assert growth[key].estimate == pytest.approx(math.expm1(middle_slope(logs)))


def test_cross_section_by_hand():
    table = pth.basic_by_country()
    basic = {r["iso3"]: (int(r["year"]), float(r["value"])) for r in rows("innovation_panel", indicator="gerd_basic")}
    assert set(table.index) == set(basic)
    to_gdp = {}
    for iso3, (year, value) in basic.items():
        gerd = one("innovation_panel", indicator="gerd_to_gdp", iso3=iso3, year=year)
        to_gdp[iso3] = value * gerd / 100
        assert table.loc[iso3, ["year", "basic", "gerd", "to_gdp"]].tolist() == pytest.approx(
            [year, value, gerd, value * gerd / 100]
        )
    for iso3 in basic:
        assert table.loc[iso3, "rank"] == 1 + sum(v > basic[iso3][1] for _, v in basic.values())
        assert table.loc[iso3, "rank_gdp"] == 1 + sum(v > to_gdp[iso3] for v in to_gdp.values())
    narrow, wide = pth.basic_ranges().values()
    for at, iso3 in enumerate(table.index):
        parts = {
            k: one("innovation_panel", indicator=f"gerd_{k}", iso3=iso3) for k in ("basic", "applied", "other_type")
        }
        low, high = parts["basic"], parts["basic"] + parts["other_type"]
        assert narrow.iloc[at].tolist() == pytest.approx([low, high])
        assert table.loc[iso3, "to_gdp_high"] == pytest.approx(high * table.loc[iso3, "gerd"] / 100)
        assert wide.iloc[at].tolist() == pytest.approx([low + parts["applied"], high + parts["applied"]])


def test_performers_by_hand(h):
    business = {r["iso3"]: float(r["value"]) for r in rows("innovation_panel", indicator="gerd_by_business")}
    schools = {r["iso3"]: float(r["value"]) for r in rows("innovation_panel", indicator="gerd_by_higher_education")}
    ranks = pth.performer_ranks()
    assert ranks["total"] == len(business) - 1
    assert ranks["business"] == 1 + sum(v > business["CHN"] for k, v in business.items() if k != "EUU")
    assert ranks["university"] == 1 + sum(v < schools["CHN"] for k, v in schools.items() if k != "EUU")
    parts, total = pth.basic_performers(), rd("rd_basic")[2019]
    for kind in ("enterprise", "institute", "university"):
        assert parts[kind] == pytest.approx(100 * rd(f"rd_basic_by_{kind}")[2019] / total)
    assert sum(parts[k] for k in ("enterprise", "institute", "university", "other")) == pytest.approx(100)
    assert h["enterprise"] == business["CHN"]
    assert pth.performers().loc["中国：基础研究"].tolist() == [parts["enterprise"], parts["university"]]
    around = [100 * rd("rd_basic_by_enterprise")[2019] / rd("rd_by_enterprise")[y] for y in (2018, 2021)]
    assert pth.enterprise_basic_intensity() == pytest.approx((min(around), max(around)))
    firms, everyone = rd("rd_by_enterprise"), rd("rd_total")
    assert pth.enterprise_slope().estimate == pytest.approx(
        middle_slope({y: 100 * v / everyone[y] for y, v in firms.items()})
    )


def test_papers_by_hand():
    for r in rows("other_lists"):
        if r["china_leads"]:
            row = pth.paper_editions().loc[int(r["year"])]
            k, n = int(r["china_leads"]), int(r["n_items"])
            assert row.tolist() == pytest.approx([k, n, k / n, *wilson(k, n)])
    same = pth.papers_same_edition()
    table = rows("index_checks", measure="technologies_led", iso3="CHN", edition="2024-08")
    assert {int(r["year"]): float(r["value"]) for r in table} == {
        same["first_year"]: same["first"],
        same["last_year"]: same["last"],
    }
    grades, levels = {"strong": {"strong"}, "any": {"strong", "partial"}}, ("weak", "medium", "strong")
    everyone = {r["tech_id"] for r in rows("chokepoints")}
    expected = []
    for kept in (grades["any"], grades["strong"]):
        seen = {r["tech_id"] for r in rows("aspi_map") if r["match_strength"] in kept}
        for at in range(3):
            progress = rows("status_updates", direction="progress")
            moved = {r["tech_id"] for r in progress if r["source_strength"] in levels[at:]}
            a, b, n = len(seen & moved), len(moved), len(seen)
            gap = a / n - (b - a) / (len(everyone) - n)
            expected.append((gap, fisher(a, n, b, len(everyone))))
    table = pth.paper_tests()
    assert table["gap"].tolist() == pytest.approx([e[0] for e in expected])
    assert table["p"].tolist() == pytest.approx([e[1] for e in expected])
    matched = {r["tech_id"] for r in rows("aspi_map") if r["match_strength"] != "none"}
    moved = {r["tech_id"] for r in rows("status_updates", direction="progress", source_strength="strong")}
    split = pth.papers_and_progress()
    for flag, group in ((True, matched), (False, everyone - matched)):
        assert split.loc[flag].tolist() == pytest.approx(
            [len(group), len(group & moved), len(group & moved) / len(group), *wilson(len(group & moved), len(group))]
        )


# ---- 路径三、四 ----
def test_rows_and_years_by_hand():
    for path, group in pth.ROWS.items():
        depth = pth.row_depth(path)
        for row in group:
            if not row.table:
                assert depth[row.label] == 0
                continue
            found = [r for r in rows(row.table, **row.where) if r.get("status", "observed") == "observed"]
            years = {r["year"] if "year" in r else r["as_of"][:4] for r in found}
            assert depth[row.label] == len(years) > 0
    goals = pth.row_points("platforms").query("kind == 'target'")
    assert sorted(goals["x"]) == sorted(
        int(r["year"]) for r in rows("industrial_base", indicator="innovation_centres", status="target")
    )


def test_standards_and_platforms_by_hand():
    for indicator, value in pth.standard_multiples().items():
        last, first = (one("industrial_base", indicator=indicator, year=y) for y in (2023, 2019))
        assert value == pytest.approx(last / first)
    bodies = one("industrial_base", indicator="iso_tc") + one("industrial_base", indicator="iso_sc")
    for iso3, row in pth.secretariats().iterrows():
        seats = one("industrial_base", indicator="iso_secretariats", iso3=iso3)
        assert row.tolist() == pytest.approx([seats, seats / bodies])
    goal = pth.centre_goal()
    assert goal["target"] == one("industrial_base", indicator="innovation_centres", status="target", year=2025)
    assert goal["observed"] == one("industrial_base", indicator="innovation_centres", status="observed", year=2025)
    assert goal["results"] == one("industrial_base", indicator="innovation_centre_results")
    case = pth.cosmoplat()
    profit = [float(r["value"]) for r in rows("industrial_base", indicator="cosmoplat_profit")]
    assert (case["losses"], case["years"]) == (sum(v < 0 for v in profit), len(profit))
    assert case["haier"] == one("industrial_base", indicator="cosmoplat_haier_share")
    assert case["subsidy"] == one("industrial_base", indicator="cosmoplat_subsidy")


def test_sep_by_hand():
    share = {(r["definition"], r["as_of"]): float(r["value"]) for r in rows("sep_5g", holder="huawei")}
    moves = pth.holder_moves()
    assert moves["same"] == pytest.approx(share["caict_effective", "2022-12"] - share["caict_effective", "2021-12"])
    assert moves["across"] == pytest.approx(share["caict_effective", "2021-12"] - share["iplytics_declared", "2021-02"])


def test_search_by_hand():
    """逐字读原始文件与数据包说明里的中文名：命中的行数相同；表名与数据包一致。"""
    package = {r["name"]: r for r in json.loads((DATA / "datapackage.json").read_text("utf-8"))["resources"]}
    assert {k: package[k]["title"] for k in pth.SEARCHED} == pth.SEARCHED
    expected = dict.fromkeys(pth.EXAMPLES, 0)
    total = 0
    for name in pth.SEARCHED:
        labels = {f["name"]: f.get("labels", {}) for f in package[name]["schema"]["fields"]}
        for r in rows(name):
            total += 1
            text = " ".join([package[name]["title"], *(labels[k].get(v, v) for k, v in r.items())])
            for path, (_, words) in pth.EXAMPLES.items():
                expected[path] += any(re.search(w, text) for w in words)
    found = pth.mentions()
    assert found["hits"].to_dict() == expected
    assert set(found["rows"]) == {total}
    assert expected["basic"] == expected["platforms"] == 0 < expected["standards"]


def test_the_search_can_find_something(monkeypatch):
    """找得到确实在表里的词，空格子不会把整行吞掉。"""
    monkeypatch.setattr(pth, "EXAMPLES", {"basic": ("轴承", ("轴承",))})
    assert pth.mentions().loc["basic", "hits"] > 5


def test_matrix_by_hand(h):
    best = {}
    for e in pth.ENTRIES:
        found = rows(e.table, **e.where)
        found = [r for r in found if r.get("status", "observed") in ("observed", "final")]
        assert found, e.label
        column = next((c for c in ("year", "as_of", "date", "article_date") if c in found[0]), None)
        years = defaultdict(set)
        for r in found:
            years[tuple(r[c] for c in e.series)].add(r[column][:4] if column else "")
        place = next((c for c in ("iso3", "hq_iso3") if c in found[0]), None)
        units = len({r[place] for r in found} - {"WLD"}) if place else 1
        depth = 2 + (max(map(len, years.values())) >= 4) + (units >= 2) if e.direct else 1
        best[e.path, e.stage] = max(best.get((e.path, e.stage), 0), depth)
    cells = pth.matrix()
    for path in pth.PATHS:
        for stage in pth.STAGES:
            assert cells.loc[path, stage] == best.get((path, stage), 0), (path, stage)
    assert h["cells"] == 16
    assert h["empty"] == 16 - len(best)
    assert (h["evidence"], h["evidence_series"]) == (1, 0)
    assert (pth.matrix_labels() == "").equals(cells == 0)


# ---- 图 ----
def test_evidence_years_leaves_gaps_and_empty_rows():
    frame = pd.DataFrame({"row": ["甲", "乙"], "stage": ["input", "output"]})
    dots = pd.DataFrame({"row": ["甲", "甲"], "x": [2016, 2020], "kind": ["observed", "target"]})
    fig = plots.evidence_years(frame, dots, stages=pth.STAGES, colors=pth.STAGE_COLORS)
    (ax,) = fig.axes
    solid, hollow = ax.collections
    assert solid.get_offsets().tolist() == [[2016, 1]]
    assert hollow.get_offsets().tolist() == [[2020, 1]]
    assert [t.get_text() for t in ax.texts] == ["没有找到"]
    assert not [line for line in ax.lines if len(set(line.get_ydata())) > 1]
    with pytest.raises(KeyError, match="丙"):
        plots.evidence_years(frame, dots.assign(row="丙"), stages=pth.STAGES, colors=pth.STAGE_COLORS)


def test_evidence_matrix_keeps_empty_cells_empty():
    depth = pd.DataFrame([[0, 1], [2, 4]], index=["甲", "乙"], columns=["投入", "证据"])
    words = pd.DataFrame([["", "一"], ["二", "三"]], index=depth.index, columns=depth.columns)
    fig = plots.evidence_matrix(depth, words, levels=pth.DEPTHS, colors=pth.DEPTH_COLORS)
    (ax,) = fig.axes
    assert [t.get_text() for t in ax.texts] == ["一", "二", "三"]
    assert [p.get_hatch() for p in ax.patches] == [None, "////", None, None]
    assert ax.patches[0].get_facecolor()[3] == 0
    with pytest.raises(ValueError, match="行列不同"):
        plots.evidence_matrix(depth, words.iloc[:1], levels=pth.DEPTHS, colors=pth.DEPTH_COLORS)
    with pytest.raises(ValueError, match="等级"):
        plots.evidence_matrix(depth + 1, words, levels=pth.DEPTHS, colors=pth.DEPTH_COLORS)


def test_matrix_words_are_readable_on_every_colour():
    """格里的字与底色的对比不低于 4.5 比 1（第零级不写字）。"""

    def light(color):
        parts = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(color)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    depth = pd.DataFrame([range(1, 5)], columns=list("abcd"))
    fig = plots.evidence_matrix(depth, depth.astype(str), levels=pth.DEPTHS, colors=pth.DEPTH_COLORS)
    for level, text in zip(range(1, 5), fig.axes[0].texts, strict=True):
        low, high = sorted([light(text.get_color()), light(pth.DEPTH_COLORS[level])])
        assert (high + 0.05) / (low + 0.05) >= 4.5


class TestSentences:
    """正文里没有写成数字的判断：数据变了、判断不再成立，就在这里失败。"""

    def test_unit_is_not_the_same_thing(self):
        """“一个百分数可以是全球份额，也可以是国内份额”。"""
        extra = pth.measured_again()["unit"] - pth.measured_again()["metric"]
        start = {int(r["tech_id"]): r["metric"] for r in rows("chokepoint_gaps", like_for_like="true")}
        later = {(int(r["tech_id"]), r["metric"]) for r in rows("status_updates", value_status="quoted")}
        assert any(start[t] == "global_share" and (t, "china_share") in later for t in extra)

    def test_many_or_almost_none(self):
        found = pth.measured_again()
        assert len(found["repeat"]) > 5 * len(found["repeat_firm"])
        counts = pth.identify_steps()["count"].tolist()
        assert counts == sorted(counts, reverse=True)

    def test_china_passes_france_only(self):
        line = {i: pth.intensity(i, 2022) for i in ("CHN", "FRA", "KOR", "USA", "JPN", "DEU")}
        assert line["FRA"] < line["CHN"] < min(line[i] for i in ("KOR", "USA", "JPN", "DEU"))
        assert pth.intensity("CHN", 2021) < pth.intensity("GBR", 2021)
        assert max(pth.intensity_points().query("line == '英国'")["x"]) == 2021

    def test_the_jump_is_the_definition(self):
        jump = pth.uk_jump()
        assert jump["jump"] > jump["second"] > jump["other"]
        notes = {r["year"] for r in rows("innovation_panel", indicator="gerd_to_gdp", iso3="GBR") if r["note"]}
        assert notes == {"2014"}
        assert jump["second_year"] not in notes

    def test_stalled_or_not(self):
        step = pth.last_step()
        assert step["within"] > 2 * step["across"]
        assert pth.revisions()["gap"].max() < 0

    def test_world_bank_mixes_the_two(self):
        table = pth.revisions()
        near = (table["world_bank"] - table["after"]).abs() < (table["world_bank"] - table["before"]).abs()
        assert near[2012]
        assert not near[2020]
        slopes = pth.intensity_slopes()
        assert slopes["low"].max() < slopes["high"].min()
        assert (slopes["low"] > 0).all()
        assert slopes["estimate"].idxmax() == "after"

    def test_rising_needs_more_than_five_years(self):
        table, windows = pth.slope_choices(), pth.window_slopes()
        assert table["rises"].iloc[:3].all()
        tied = [all(int(a) <= y <= int(b) for y in (2017, 2018)) for a, b in windows.index.str.findall(r"\d{4}")]
        assert windows["rises"].tolist() == [not t for t in tied] == [False] * 4 + [True] * 2
        share = rd("rd_basic_share")
        assert share[2017] == share[2018]
        exact = pth.window_slopes(pth.amounts_share())
        assert exact["rises"].all()
        assert exact["low"].min() < 0.001
        loo = pth.leave_one_out()
        assert loo.low > 0
        first, last = windows.iloc[0], windows.iloc[-1]
        assert (first.name, last.name) == ("只用 2013–2018 年", "只用 2019–2024 年")
        assert first["low"] == pytest.approx(0)
        shared = min(first["high"], last["high"]) - max(first["low"], last["low"])
        assert shared > 0.5 * min(first["high"] - first["low"], last["high"] - last["low"])
        assert max(first["estimate"], last["estimate"]) < table.iloc[0]["estimate"]

    def test_numerator_grows_faster(self):
        growth = pth.growth()
        assert growth["basic"].low > growth["total"].high

    def test_the_step_comes_with_another_source(self):
        table = pth.basic_sources()
        assert (table.loc[2018, "grade"], table.loc[2019, "grade"]) == ("A", "B")
        decimals = {int(r["year"]): r["value"] for r in rows("cn_rd", indicator="rd_basic_share", status="final")}
        assert all(len(v.split(".")[1]) == 1 for y, v in decimals.items() if y <= 2018)
        assert len(decimals[2019].split(".")[1]) == 2
        assert pth.basic_by_country().loc["CHN", "basic"] == pytest.approx(table.loc[2019, "value"], abs=0.05)
        assert set(table["grade"]) == {"A", "B"}

    def test_lowest_by_every_boundary_but_not_by_gdp(self):
        table = pth.basic_by_country()
        narrow, wide = pth.basic_ranges().values()
        for frame in (narrow, wide):
            others = frame.drop(index=[i for i in frame.index if i.startswith("中国 ")])
            assert frame.loc["中国 2019", "high"] < others["low"].min()
        assert pth.final("rd_basic_share").max() < table["basic"].drop("CHN").min()
        assert "DEU" not in table.index
        assert table["year"].between(2017, 2019).all()
        assert max(rd("rd_basic_share")) > 2019
        assert table["basic"].idxmax() == "FRA"
        assert table["gerd"].idxmax() == table["to_gdp"].idxmax() == "KOR"
        assert table["to_gdp"].idxmin() == "IND"
        assert table.loc["IND", "to_gdp_high"] > table.loc["CHN", "to_gdp_high"]
        assert table["to_gdp"].drop(["IND", "CHN"]).min() > table.loc["CHN", "to_gdp_high"]
        assert table["basic"].idxmin() == "CHN"
        assert table["other"].idxmax() == "IND"

    def test_small_universities_are_not_enough(self):
        table = pth.performers().drop("中国：基础研究")
        small = table["university"].nsmallest(4).index
        assert {"以色列", "中国台湾", "韩国", "中国"} == set(small)
        basic = pth.basic_by_country().set_index("name_zh")["basic"]
        assert basic["韩国"] > 2 * basic["中国"]
        parts = pth.basic_performers()
        assert parts["university"] > parts["institute"] > parts["enterprise"]
        assert not pth.enterprise_slope().excludes(0)
        assert set(rd("rd_basic_by_enterprise")) == {2019}

    def test_the_doubling_is_the_denominator(self):
        table = pth.paper_editions()
        first, last = table.iloc[0], table.iloc[-1]
        assert last["led"] / first["led"] > 1.7
        assert first["high"] > last["share"] > first["share"] > last["low"]
        same = pth.papers_same_edition()
        assert same["last"] > 10 * same["first"]

    def test_papers_do_not_go_with_progress(self):
        split = pth.papers_and_progress()
        assert split.loc[True, "share"] < split.loc[False, "share"]
        assert split.loc[True, "high"] > split.loc[False, "share"] > split.loc[True, "share"] > split.loc[False, "low"]
        tests = pth.paper_tests()
        assert len(tests) == 6
        assert tests["p"].min() > 0.1
        assert 0 < (tests["gap"] > 0).sum() < 3

    def test_standards_grow_unevenly(self):
        multiples = pth.standard_multiples()
        assert multiples.idxmax() == "standards_group"
        assert multiples.idxmin() == "standards_national"
        assert {r["year"] for r in rows("industrial_base", indicator="iso_secretariats")} == {"2016"}
        names = pth.row_names("standards")
        depth = pth.row_depth("standards")
        assert (depth[names.loc[names["stage"] == "evidence", "row"]] == 0).all()

    def test_two_signs(self):
        moves = pth.holder_moves()
        assert moves["same"] > 0 > moves["across"]

    def test_what_platforms_lack(self):
        names, depth = pth.row_names("platforms").set_index("row")["stage"], pth.row_depth("platforms")
        assert set(names[depth.index[depth == 0]]) == {"input", "output", "evidence"}
        assert pth.centre_goal()["observed"] < pth.centre_goal()["target"]

    def test_examples(self):
        table = pth.examples().set_index("path")
        assert table["hits"].gt(0).to_dict() == {"基础研究": False, "公共平台": False, "标准": True}
        assert table.loc["标准", "band"] in components.BANDS
        assert table["band"].isna().tolist() == [h == 0 for h in table["hits"]]
        assert set(pth.SEP_BAND) == {r["definition"] for r in rows("sep_5g")}
        nodes = "".join(r["name_zh"] for r in rows("chip_nodes"))
        assert "碳化硅" not in nodes
        assert {r["field"] for r in rows("patent_fields")} >= {"semiconductors"}

    def test_thinner_to_the_right(self):
        cells = pth.matrix()
        assert cells.loc["identify", "input"] == 0
        assert (cells == 0).sum().sum() == 1
        assert (cells == 4).to_numpy().nonzero()[0].tolist() == [1]
        assert cells.loc["basic", "input"] == 4
        assert (cells["evidence"] == 1).sum() > (cells[["input", "activity", "output"]] == 1).sum().sum()
        assert cells["evidence"].sum() < cells[["input", "activity", "output"]].sum().min()

    def test_only_identification_has_direct_evidence(self):
        evidence = pth.matrix()["evidence"]
        assert evidence[evidence > 1].index.tolist() == ["identify"]
        assert (evidence.drop("identify") == 1).all()

    def test_the_lists_repeat_each_other(self):
        """“同一份清单的转述、同一名录的各版，各算一份”。"""
        issuers = [r["issuer"] for r in rows("other_lists")]
        assert max(map(issuers.count, issuers)) > 1
        assert sum(r["n_items"] == "35" for r in rows("other_lists")) > 1

    def test_what_the_choices_change(self):
        table = pth.matrix_choices()
        strict, loose = table.iloc[:3], table.iloc[3:]
        assert set(strict["evidence"]) == {1}
        assert set(loose["evidence"]) == {4}
        assert strict["series"].tolist() == [1, 0, 0]
        assert {pth.matrix(y)["evidence"].idxmax() for y in pth.YEAR_CHOICES} == {"identify"}

    def test_extrapolation_in_the_exercise(self):
        level = pth.basic_by_country().loc["JPN", "basic"]
        found = pth.years_to(level)
        share = rd("rd_basic_share")
        assert found.estimate == pytest.approx((level - share[2024]) / middle_slope(share))
        assert found.low < found.estimate < found.high

    def test_search_words_are_on_the_page(self):
        words = pth.search_words()
        for _, group in pth.EXAMPLES.values():
            assert all(w.replace("[Ss]", "S") in words for w in group)
        tables = "".join(str(c) for c in read(CHAPTER)["cells"])
        assert words in tables

    def test_the_list_is_the_one_of_part_one(self, h):
        assert h["total"] == identify.headline()["total"]

    def test_no_cause_is_claimed(self, prose_text):
        assert "本章不谈因果" in prose_text
        assert not re.search(r"(导致|带来了|使得|促成了)", prose_text)
