"""“国际协同”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import math
from functools import cache
from statistics import median

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from chokepoint import networks
from chokepoint.findings import international as intl
from tools.paths import BOOK
from tools.text import read

from .raw import one, rows

CHAPTER = BOOK / "collaboration" / "international.ipynb"


@cache
def _papers():
    keys = ("iso3", "year", "measure", "field", "vintage")
    return {tuple(r[k] for k in keys): float(r["value"]) for r in rows("coauthorship")}


def papers(iso3, year, measure, field="all_fields", vintage="2023-04"):
    return _papers()[iso3, str(year), measure, field, vintage]


def share(iso3, year, **more):
    return papers(iso3, year, "international", **more) / papers(iso3, year, "total", **more) * 100


def link(a, b, period, field="all_fields"):
    a, b = sorted((a, b))
    return one("coauthorship_links", iso3_a=a, iso3_b=b, period=period, field=field)


def every(field="all_fields"):
    return sorted({r["iso3"] for r in rows("coauthorship", field=field, year=2022)} - {"WLD"})


@pytest.fixture(scope="module")
def h():
    return intl.headline()


@pytest.fixture(scope="module")
def text():
    return "\n".join(c["source"] for c in read(CHAPTER)["cells"] if c["cell_type"] == "markdown")


# ---- 占比与转折 ----
def test_headline_by_hand(h):
    own = {y: share("CHN", y) for y in range(2003, 2023)}
    assert h["peak"] == pytest.approx(max(own.values()))
    assert h["peak_year"] == max(own, key=own.get) == 2018
    assert h["last"] == pytest.approx(own[2022])
    assert h["drop"] == pytest.approx(own[2018] - own[2022])
    for key, measure in (("count", "international"), ("domestic", "domestic_only")):
        assert h[key] == pytest.approx(papers("CHN", 2022, measure) / papers("CHN", 2018, measure))
    fell = [c for c in every() if share(c, 2022) < share(c, 2018)]
    assert (h["down"], h["economies"]) == (len(fell), len(every()))
    assert set(fell) == {"CHN", "VNM", "GRC", "ISR", "PRT"}


def test_versions_are_never_joined():
    lines = intl.share_lines()
    assert lines.groupby("segment")["x"].agg(["min", "max"]).to_numpy().tolist() == [[1996, 2002], [2003, 2022]]
    assert intl.series("CHN", start=1990).index.min() == 2003
    for vintage, periods in intl.PAIRS.items():
        assert {r["vintage"] for p in periods for r in rows("coauthorship_links", period=p)} == {vintage}


def bent(series, start, margin=3):
    """不经 statsmodels：每个年份用最小二乘试两段直线，返回残差平方和。"""
    years = [y for y in sorted(series) if y >= start]
    y = np.array([series[t] for t in years])
    t = np.array(years, dtype=float)
    found = {}
    for when in years[margin : len(years) - margin]:
        x = np.column_stack([np.ones_like(t), t - t[0], np.maximum(t - when, 0)])
        beta = np.linalg.lstsq(x, y, rcond=None)[0]
        found[when] = (float(((y - x @ beta) ** 2).sum()), beta[1], beta[1] + beta[2])
    return found, len(years)


@pytest.mark.parametrize(("start", "expected"), [(2003, [2006, 2007, 2008, 2017, 2018, 2019]), (2006, [2018, 2019])])
def test_the_turn_by_hand(start, expected):
    fits, n = bent({y: share("CHN", y) for y in range(2003, 2023)}, start)
    best = min(fits, key=lambda k: fits[k][0])
    near = [k for k, v in fits.items() if n * math.log(v[0] / fits[best][0]) <= stats.chi2.ppf(0.95, 1)]
    found = intl.turn("CHN", start=start)
    assert near == expected == list(found.candidates)
    assert (found.when, found.before, found.after) == pytest.approx((best, *fits[best][1:]))


def test_the_ai_turn_rests_on_the_start():
    wide, narrow = intl.turn("CHN", field="ai", start=2003), intl.turn("CHN", field="ai", start=2008)
    assert wide.p == 1
    assert len(wide.candidates) == 14
    fits, n = bent({y: share("CHN", y, field="ai") for y in range(2003, 2023)}, 2008)
    low = min(v[0] for v in fits.values())
    assert [k for k, v in fits.items() if n * math.log(v[0] / low) <= stats.chi2.ppf(0.95, 1)] == [2014, 2015]
    assert list(narrow.candidates) == [2014, 2015]
    assert intl.first_narrow() == 2007
    assert max(intl.turn("CHN", field="ai", start=2006).candidates) > 2017


def test_world_without_china():
    for field in ("all_fields", "ai"):
        for year in (2018, 2022):
            parts = [papers("WLD", year, m, field) - papers("CHN", year, m, field) for m in ("international", "total")]
            assert intl.without("CHN", field)[year] == pytest.approx(parts[0] / parts[1] * 100)
    # 世界合计每篇只算一次，各国相加才会大于它
    assert sum(papers(c, 2022, "total") for c in every()) > papers("WLD", 2022, "total")


def test_spans():
    turning = intl.turn("CHN")._replace(candidates=(2006, 2007, 2008, 2011, 2017, 2018))
    assert intl.span(turning) == "2006–2008、2011、2017–2018"
    assert intl.p_said(0.0004) == "<0.001"
    assert intl.p_said(0.0123) == "0.012"
    assert [intl.signed(v) for v in (-0.002, 0.456, -3.144)] == ["+0.00", "+0.46", "-3.14"]


def test_revision_by_hand():
    old = one("coauthorship_links", iso3_a="WLD", iso3_b="CHN", period=2020)
    new = papers("CHN", 2020, "international")
    found = intl.revision()
    assert found["gap"] == pytest.approx(old / new - 1)
    assert found["points"] == pytest.approx((old / new - 1) * share("CHN", 2020))
    three = [share("CHN", y) for y in (2018, 2019, 2020)]
    assert found["spread"] == pytest.approx(max(three) - min(three))
    assert found["points"] > found["spread"] / 2, "改版的幅度与三年的极差同一量级，所以排不出先后"


# ---- 篇数 ----
def test_paces_by_hand():
    found = intl.paces()
    for measure in ("international", "domestic_only"):
        logs = {y: math.log(papers("CHN", y, measure)) for y in range(2006, 2023)}
        for side, years in (("before", range(2006, 2019)), ("after", range(2018, 2023))):
            pairs = [(logs[b] - logs[a]) / (b - a) for a in years for b in years if b > a]
            assert found.loc[measure, (side, "estimate")] == pytest.approx(median(pairs) * 100)
    assert found.loc["international", ("after", "estimate")] < found.loc["international", ("before", "low")]
    assert found.loc["domestic_only", ("after", "low")] > found.loc["domestic_only", ("before", "high")]


def test_blame_by_hand_and_it_can_flip():
    for bend in (2017, 2018, 2019):
        change = {}
        for measure in ("international", "domestic_only"):
            a, b, c = (math.log(papers("CHN", y, measure)) for y in (2006, bend, 2022))
            change[measure] = (c - b) / (2022 - bend) - (b - a) / (bend - 2006)
        expected = -change["international"] / (change["domestic_only"] - change["international"])
        assert intl.blame(bend) == pytest.approx(expected)
    assert intl.blame(2017) < 0.5 < intl.blame(2019), "正文说谁占大头取决于弯折的年份"


# ---- 与谁 ----
def us_part(iso3, year):
    if year == 2022:
        shared = link(iso3, "USA", 2022)
    else:
        shared = (
            one("us_coauthor_shares", direction="us_in_partner", iso3=iso3, year=year, vintage="2023-04")
            / 100
            * papers(iso3, year, "international")
        )
    total, international = papers(iso3, year, "total"), papers(iso3, year, "international")
    return shared, shared / total * 100, (international - shared) / total * 100


def test_the_fall_is_the_american_part(h):
    (n0, us0, rest0), (n1, us1, rest1) = us_part("CHN", 2019), us_part("CHN", 2022)
    assert (h["us"], h["rest"]) == pytest.approx((us1 - us0, rest1 - rest0))
    assert h["us"] + h["rest"] == pytest.approx(share("CHN", 2022) - share("CHN", 2019))
    assert h["us_share"] == pytest.approx((us1 - us0) / (share("CHN", 2022) - share("CHN", 2019)))
    assert h["us_papers"] == pytest.approx(n1 / n0)
    assert h["us_share"] > 0.9
    assert h["us_papers"] < 1 < h["others"]


def test_rounding_cannot_turn_the_count():
    shared, *_ = us_part("CHN", 2019)
    slack = 0.005 / 100 * papers("CHN", 2019, "international")
    assert slack < 10
    assert link("CHN", "USA", 2022) < shared - slack


def test_every_start_blames_the_american_part_but_the_rest_changes_sign():
    signs = []
    for first in (2017, 2019, 2021):
        row = intl.fall(first).loc["CHN"]
        _, us0, rest0 = us_part("CHN", first)
        _, us1, rest1 = us_part("CHN", 2022)
        assert (row["us"], row["rest"]) == pytest.approx((us1 - us0, rest1 - rest0))
        assert row["us"] / row["all"] > 0.8
        signs.append(row["rest"] > 0)
    assert len(set(signs)) == 2


def test_only_china_lost_its_american_part():
    found = intl.fall()
    assert found.index[0] == "CHN"
    assert found["us"].iloc[0] < 10 * found["us"].iloc[1]
    for iso3 in found.index:
        (n0, us0, _), (n1, us1, _) = us_part(iso3, 2019), us_part(iso3, 2022)
        assert found.loc[iso3, "us"] == pytest.approx(us1 - us0)
        assert found.loc[iso3, "papers"] == pytest.approx(n1 / n0)
    assert set(found.index[found["papers"] < 1]) == {"CHN", "RUS"}
    assert (found.loc[["KOR", "IND"], "of_international"] < -4).all()
    assert found.loc["RUS", "us"] > -0.1


def test_closeness_by_hand():
    for period, vintage in (("2003", "2023-04"), ("2022", "2023-04"), ("1996", "2021-05")):
        world = papers("WLD", period, "international", vintage=vintage)
        totals = {c: one("coauthorship_links", iso3_a="WLD", iso3_b=c, period=period) for c in ("CHN", "USA", "SGP")}
        found = intl.closeness(period)
        for iso3 in ("USA", "SGP"):
            count = link("CHN", iso3, period)
            expected = (count / totals["CHN"]) / (totals[iso3] / world)
            assert found.loc[iso3, "index"] == pytest.approx(expected)
            assert found.loc[iso3, "low"] < expected < found.loc[iso3, "high"]


def test_the_closed_null_keeps_every_total():
    edges = intl.links("2022")
    ratio = intl._closed(edges)
    both = pd.concat([edges, edges.rename(columns={"iso3_a": "iso3_b", "iso3_b": "iso3_a"})])
    matrix = both.pivot_table(index="iso3_a", columns="iso3_b", values="value", aggfunc="sum").astype(float)
    expected = (matrix / ratio).sum(axis=1)
    assert expected.to_numpy() == pytest.approx(matrix.sum(axis=1).to_numpy(), rel=1e-6)


def test_the_null_changes_the_count_not_the_direction():
    found = intl.agreement(intl.NEW)
    assert found["closed"] > 2 * found["index"]
    assert found["same"] / found["all"] > 0.8
    near = intl.closeness("2022")
    assert near.loc["GBR", "index"] < 1 < near.loc["GBR", "closed"]
    assert near.loc["USA", "low"] < 1 < near.loc["USA", "high"], "恰如规模所料"
    moved, old = intl.moves(intl.NEW), intl.moves(intl.OLD)
    assert moved.loc["MYS", "then"] > 2
    assert moved.loc["MYS", "now"] < 1
    assert moved.loc["PAK", "then"] < 1 < moved.loc["PAK", "now"]
    for frame in (moved, old):
        assert frame.loc["USA", "now"] > frame.loc["USA", "then"]
        for iso3 in ("JPN", "SGP", "TWN", "MYS"):
            assert frame.loc[iso3, "now"] < frame.loc[iso3, "then"]
    europe = moved[moved["group"] == "europe"]
    assert (europe["now"] > europe["then"]).all()
    assert (europe["now"] < 1).all()


# ---- 人工智能 ----
def test_ai_degrees_by_hand():
    edges = [
        (r["iso3_a"], r["iso3_b"], int(r["value"]))
        for r in rows("coauthorship_links", field="ai")
        if int(r["value"]) >= 400 and r["iso3_a"] != "WLD"
    ]
    found = intl.centralities()
    published = rows("ai_network_metrics", level="country")
    for metric in ("degree", "strength"):
        known = {r["node"]: float(r["value"]) for r in published if r["metric"] == metric}
        assert len(known) == 38
        for node, value in known.items():
            own = [w for a, b, w in edges if node in (a, b)]
            assert found.loc[node, metric] == (len(own) if metric == "degree" else sum(own)) == value
    between = {r["node"]: float(r["value"]) for r in published if r["metric"] == "betweenness_raw"}
    assert max(abs(found.loc[n, "betweenness_raw"] - v) for n, v in between.items()) <= 0.5


def test_all_published_ranks_are_reproduced():
    found = intl.reproduced()
    assert found["values"].to_dict() == {
        m: 38 if m in ("degree", "strength", "betweenness_raw") else 0 for m in found.index
    }
    assert (found["equal"] == found["values"]).all()
    assert (found["same"] == 38).all()
    assert found.loc["closeness", "default"] == 0, "缺省的定义一个名次也对不上"
    assert (found["default"].drop("closeness") == 38).all()
    assert found.loc[["degree", "strength"], "gap"].tolist() == [0, 0]
    parts = sorted(nx.connected_components(intl.graph()), key=len)
    assert parts[0] == {"CZE", "SVK"}
    ranks = {r["node"]: int(r["rank"]) for r in rows("ai_network_metrics", level="country", metric="closeness")}
    assert ranks["CZE"] == ranks["SVK"] == 1


def test_the_threshold_moves_the_rank():
    found = intl.thresholds()
    assert found.loc[400, ["chn_degree", "chn_strength"]].tolist() == [3, 2]
    assert found.loc[intl.EDGES[4], "chn_strength"] == 1
    assert found.loc[400, "nodes"] == 38


def test_the_ai_network_clusters_more_than_degrees_allow():
    found = intl.ai_chance(20)
    g = intl.graph()
    assert found["triangles"].observed == pytest.approx(nx.transitivity(g))
    group = {code: key for key, codes in intl.GROUPS.items() for code in codes}
    same = [group.get(a, a) == group.get(b, b) for a, b in g.edges]
    assert found["within"].observed == pytest.approx(sum(same) / len(same))
    assert found["triangles"].observed > found["triangles"].high
    assert found["within"].observed > found["within"].high


# ---- 欧盟 ----
def test_eu_change_by_hand():
    mobile = [r for r in rows("eu_projects") if "MSCA" in r["funding_scheme"] or "ERC" in r["funding_scheme"]]
    other = [r for r in rows("eu_projects") if r not in mobile]
    for after in ((2021, 2024), (2022, 2024), (2023, 2024)):
        found = intl.eu_change(after)
        for key, part in (("research", other), ("mobility", mobile)):
            years = [int(r["start_year"]) for r in part]
            early = sum(2015 <= y <= 2020 for y in years) / 6
            late = sum(after[0] <= y <= after[1] for y in years) / (after[1] - after[0] + 1)
            assert found[key].estimate == pytest.approx(late / early)
        assert found["research"].high < 1
        assert found["mobility"].low < 1 < found["mobility"].high


def test_eu_years_and_their_intervals():
    frame = intl.eu_years().set_index(["line", "x"])
    assert frame["y"].sum() == len(rows("eu_projects"))
    row = frame.loc["研究与创新", 2024]
    assert stats.poisson.sf(row["y"] - 1, row["low"]) == pytest.approx(0.025)
    assert stats.poisson.cdf(row["y"], row["high"]) == pytest.approx(0.025)
    assert set(frame.loc[(slice(None), [2025, 2026]), "kind"]) == {"uncertain"}
    assert frame.loc["人员交流"]["y"].idxmax() == 2017


def test_mixing_by_hand():
    members = rows("eu_project_members", iso3="CHN")
    home = {}
    for r in members:
        home.setdefault(r["org"], r["province"])
    by = {}
    for r in members:
        by.setdefault(r["project_id"], []).append(home[r["org"]])
    differ = total = 0
    for part in by.values():
        for i, a in enumerate(part):
            for b in part[i + 1 :]:
                total += 1
                differ += a != b
    found = intl.eu_chance(20)
    assert found["province"].observed == pytest.approx(differ / total)
    table = intl.chinese_members()
    for column in ("province", "org_type"):
        kind = table.drop_duplicates("org").set_index("org")[column]
        assert intl._mixed(table, kind) == pytest.approx(networks.pair_mixing(table, "org", "project_id", kind))
    assert found["province"].observed < found["province"].expected
    assert found["org_type"].low < found["org_type"].observed < found["org_type"].high


# ---- 其他渠道 ----
def test_charges_by_hand():
    got, paid = (
        {y: one("ip_charges", iso3="CHN", flow=f, year=y, unit="USD_100m") for y in range(2005, 2021)}
        for f in ("receipts", "payments")
    )
    found = intl.charge_jump()
    ratio = {y: paid[y] / got[y] for y in got}
    assert found["receipts"] == pytest.approx(got[2017] / got[2016])
    assert found["next"] == pytest.approx(max(got[y] / got[y - 1] for y in range(2006, 2021) if y != 2017))
    assert 0.5 < found["share"] < 1, "多半，不是全部"
    assert found["share"] == pytest.approx(math.log(ratio[2017] / ratio[2016]) / math.log(ratio[2020] / ratio[2005]))
    assert not found["slope"].excludes(0)
    assert found["receipts"] > 2 * found["next"]
    assert intl.charge_gaps() == [2021, 2022]
    total, sold = (one("ip_charges", iso3="CHN", flow=f, year=2023) for f in ("total", "receipts"))
    assert intl.charges().loc[("CHN", 2023), "ratio"] == pytest.approx((total - sold) / sold)


def test_research_abroad_by_hand():
    own = {y: one("us_rd_abroad", location="CHN", year=y) / one("us_rd_abroad", location="total", year=y) * 100
           for y in range(2015, 2023)}  # fmt: skip
    assert intl.us_abroad().loc["CHN"].to_dict() == pytest.approx(own)
    pairs = [(own[b] - own[a]) / (b - a) for a in own for b in own if b > a]
    slope = intl.us_abroad_slope("CHN")
    assert slope.estimate == pytest.approx(median(pairs))
    assert not slope.excludes(0)
    assert intl.us_abroad_slope("IND").low > 0
    assert intl.us_in_china()[2022] == pytest.approx(130.52)


def test_iter_shares():
    found = intl.iter_shares()
    assert found["EUU"] == 45.6
    assert set(found.drop("EUU")) == {9.1}
    assert len(found) == 7


# ---- 正文 ----
class TestSentences:
    """正文的定性判断，逐句对数据。"""

    def test_the_list_of_turned_economies(self):
        assert intl.turned_down() == ["CHN", "GRC", "ISR"]
        assert intl.turned_down(start=2003) == ["ISR", "RUS"], "换起点，名单就变"
        assert not set(intl.turned_down()) & (set(intl.SHOWN) - {"CHN"}), "图题说这几条线里只有中国"
        found = intl.turns()
        assert found.loc["CHN", "p"] < found.loc[["GRC", "ISR"], "p"].min()

    def test_only_the_first_start_hides_the_turn(self):
        assert intl.turn("CHN", start=2003).p > 0.05
        for start in range(2004, 2013):
            found = intl.turn("CHN", start=start)
            assert found.p < 0.05
            assert set(found.candidates) <= {2018, 2019}

    def test_the_rest_has_a_part_in_the_bend(self):
        for bend in (2017, 2019):
            parts = {y: us_part("CHN", y)[1:] for y in (2009, bend, 2022)}
            us, rest = (
                (parts[2022][i] - parts[bend][i]) / (2022 - bend) - (parts[bend][i] - parts[2009][i]) / (bend - 2009)
                for i in (0, 1)
            )
            assert intl.rest_in_bend(bend) == pytest.approx(rest / (us + rest))
            assert us < rest < 0

    def test_korea_and_india_still_wrote_more_with_america(self):
        for iso3 in ("KOR", "IND"):
            assert us_part(iso3, 2022)[0] > us_part(iso3, 2019)[0]

    def test_malaysia_depends_on_the_null(self):
        near = intl.closeness("2022").loc["MYS"]
        assert near["index"] < 1 < near["closed"]
        assert "USA" not in intl.flipped(intl.NEW)

    def test_the_eu_fall_is_not_at_the_change_of_programme(self):
        years = {}
        for r in rows("eu_projects"):
            if not ("MSCA" in r["funding_scheme"] or "ERC" in r["funding_scheme"]):
                years.setdefault(int(r["start_year"]), []).append(r["programme"])
        assert set(years[2022]) == {"horizon_europe"}
        assert len(years[2022]) >= len(years[2015])
        assert len(years[2023]) == len(years[2024]) < len(years[2022]) / 2

    def test_the_eu_contrast(self):
        found, both = intl.eu_contrast(), intl.eu_change()
        assert found.estimate == pytest.approx(both["research"].estimate / both["mobility"].estimate)
        assert found.high < 1
        early = intl.eu_years().set_index(["line", "x"]).loc["人员交流"]["y"].loc[2015:2020]
        assert early.var() > 3 * early.mean(), "起落比 Poisson 大得多"

    def test_others_slowed_but_did_not_fall(self):
        found = intl.turns()
        for iso3 in ("USA", "ITA", "ESP"):
            row = found.loc[iso3]
            assert row["p"] < 0.05
            assert row["before"] > row["after"] > 0
            assert row["last"] >= 2017

    def test_world_flattened_and_without_china_did_not(self):
        world, rest = intl.turn("WLD"), intl.turn_without()
        assert abs(world.after) < 0.1 < world.before
        assert rest.p > 0.05
        assert rest.after > 0.2

    def test_no_economy_lost_international_papers(self):
        assert all(papers(c, 2022, "international") > papers(c, 2018, "international") for c in every())
        up = [c for c in every() if share(c, 2022) > share(c, 2018)]
        assert len(up) > len(every()) / 2

    def test_the_us_share_fell_after_2015_every_time(self):
        own = intl.with_us()["of_international"]
        assert own.idxmax() == 2015
        assert (own.loc[2015:].diff().dropna() < 0).all()
        assert max(intl.us_turn("of_international").candidates) < max(intl.turn("CHN").candidates)

    def test_the_american_count_grew_until_2019(self):
        count = intl.with_us()["papers"]
        assert (count.loc[:2019].diff().dropna() > 0).all()
        assert (count.loc[2019:].diff().dropna() < 0).all()

    def test_domestic_papers_raced_ahead_before_2006(self):
        early = intl.turn("CHN", "domestic_only", start=2003)
        assert early.when == 2006
        assert early.before > 2 * early.after
        assert share("CHN", 2006) < share("CHN", 2003)

    def test_the_rest_rose_then_stood_still(self):
        rest = intl.with_us()["rest"]
        assert (rest.loc[2009:2019].diff().dropna() > 0).all()
        assert abs(rest[2022] - rest[2019]) < 0.2
        assert intl.us_turn("us").candidates == (2017,)

    def test_ai_turned_everywhere_in_the_aggregate(self):
        for found in (intl.turn("WLD", field="ai", start=2008), intl.turn_without("ai", 2008)):
            assert found.candidates == (2014, 2015)
            assert found.before > 0 > found.after
        away = intl.without("CHN", "ai")
        assert away[2015] > away[2022] > away[2018]
        for iso3 in ("USA", "GBR", "KOR"):
            own = intl.series(iso3, field="ai")
            assert own[2022] > own[2018] > own[2010]
        own = intl.series("CHN", field="ai")
        assert own[2022] < own[2018] < own[2015]

    def test_ai_partners_follow_all_fields(self):
        found = intl.ai_partners()
        assert found.corr("spearman").iloc[0, 1] > 0.8

    def test_the_table_of_channels(self):
        found = intl.channels().set_index("channel")
        assert found.loc["合著，全部学科", "verdict"].startswith("转降，2018–2019")
        assert found.loc["美企在华研发", "verdict"] == "平"
        assert "分不出" in found.loc["欧盟项目，人员交流", "verdict"]
        assert found.loc["使用费，支出 ÷ 收入", "now"].endswith("（2023）")

    def test_the_greek_and_czech_exercise(self):
        grown = intl.growth()
        assert grown.loc["GRC", "change"] < 0 < grown.loc["CZE", "change"]
        assert grown.loc["CZE", "domestic_only"] < 0.9

    def test_marks_are_names_in_the_table(self, text):
        assert set(intl.GROWTH_MARKS) <= {intl.name(c) for c in intl.growth().index}
        assert set(intl.INDEX_MARKS) <= {intl.name(c) for c in intl.moves(intl.NEW).index}
        assert "不能说见顶于某年" in text
