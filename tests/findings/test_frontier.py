"""“前沿与未来”一章的数字：从 CSV 另行重算，并看守每一句定性的话。"""

import json
import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from scipy import optimize, stats

from chokepoint.findings import frontier as fr
from tools.paths import ROOT

from .by_hand import fisher
from .raw import one, rows

BLOC = {"USA", "JPN", "NLD"}
RESIDUAL = {"ROW", "VAR"}


def counts(iso3):
    return {int(r["year"]): int(r["value"]) for r in rows("ai_models", iso3=iso3)}


CHN, USA, WLD = counts("CHN"), counts("USA"), counts("WLD")


class TestYears:
    def test_counts(self):
        seen = defaultdict(set)
        for r in rows("frontier"):
            if r["iso3"] == "CHN" or r["series"] in ("qubits", "qkd_metro_length"):
                seen[r["series"]].add(r["year"])
        for r in rows("frontier"):
            if r["series"] not in {s for s in seen if any(q["iso3"] != "WLD" for q in rows("frontier", series=s))}:
                seen[r["series"]].add(r["year"])
        found = fr.year_counts()
        sizes = [len(v) for v in seen.values()]
        assert found["series"] == len({r["series"] for r in rows("frontier")})
        assert (found["one"], found["most"]) == (sizes.count(1), max(sizes))
        assert found["several"] == sum(v >= fr.SEVERAL for v in sizes)
        assert found["enough"] == sum(v >= fr.ENOUGH for v in sizes) == 0

    def test_every_series_has_a_field(self):
        assert {s for names in fr.FIELDS.values() for s in names} == {r["series"] for r in rows("frontier")}


class TestModels:
    @pytest.mark.parametrize("start", [2012, 2014, 2016])
    @pytest.mark.parametrize("base", ["USA", "WLD"])
    def test_slope_by_plain_likelihood(self, start, base):
        years = range(start, fr.LAST + 1)
        k = np.array([CHN.get(y, 0) for y in years], float)
        rest = np.array([USA[y] if base == "USA" else WLD[y] - CHN.get(y, 0) for y in years], float)
        t = np.arange(len(k), dtype=float)

        def loss(b):
            eta = b[0] + b[1] * t
            return float(((k + rest) * np.logaddexp(0, eta) - k * eta).sum())

        b = optimize.minimize(loss, [0.0, 0.0], method="BFGS", options={"gtol": 1e-9}).x
        mean = 1 / (1 + np.exp(-(b[0] + b[1] * t)))
        n = k + rest
        weight = n * mean * (1 - mean)
        phi = float(((k - n * mean) ** 2 / weight).sum() / (len(k) - 2))
        design = np.column_stack([np.ones_like(t), t])
        error = math.sqrt(np.linalg.inv(design.T @ (design * weight[:, None]))[1, 1] * max(phi, 1))
        wide = stats.t.ppf(0.975, len(k) - 2) * error
        found = fr.fit(start, base)
        assert found["estimate"] == pytest.approx(math.exp(b[1]), rel=1e-4)
        assert found["phi"] == pytest.approx(phi, rel=1e-3)
        assert found["low"] == pytest.approx(math.exp(b[1] - wide), rel=1e-3)

    def test_steps(self):
        published = {
            (r["iso3"], int(r["year"])): int(r["value"]) for r in rows("frontier", series="ai_notable_models_aiindex")
        }
        a, b = (published["CHN", 2024], published["USA", 2024]), (published["CHN", 2025], published["USA", 2025])
        found = fr.step(a, b)
        assert found.estimate == pytest.approx(b[0] / b[1] / (a[0] / a[1]))
        half = 1.959964 * math.sqrt(sum(1 / v for v in (*a, *b)))
        assert math.log(found.high / found.estimate) == pytest.approx(half, rel=1e-5)
        assert fr.step(a, b, 4.0).high > found.high
        assert fr.step(a, b, 0.2) == found

    def test_revisions(self):
        was = {c: one("frontier", series="ai_notable_models_aiindex", iso3=c, year=2024) for c in ("CHN", "USA")}
        found = fr.revisions().loc[2024]
        assert found["chn"] == pytest.approx(CHN[2024] / was["CHN"])
        assert found["p"] == pytest.approx(
            fisher(int(CHN[2024] - was["CHN"]), int(was["CHN"]), int(USA[2024] - was["USA"]), int(was["USA"]))
        )


class TestLenses:
    def test_values(self):
        found = fr.lenses().set_index("row")["value"]
        papers = [one("coauthorship", iso3=c, year=2022, field="ai", measure="total") for c in ("CHN", "USA")]
        assert found["论文（2022）"].tolist()[0] == pytest.approx(100 * papers[0] / sum(papers))
        money = [one("frontier", series="ai_private_investment", iso3=c, year=2024) for c in ("CHN", "USA")]
        assert found["私人投资（2024）"] == pytest.approx(100 * money[0] / sum(money))
        ipf = [one("frontier", series="quantum_patent_share_ipf", iso3=c, year=2024) for c in ("CHN", "USA")]
        assert found["跨国专利族（2024）"] == pytest.approx(100 * ipf[0] / sum(ipf))

    def test_lower_bounds_reach_the_end(self):
        found = fr.lenses().set_index("row")
        least = {r["series"] for r in rows("frontier", bound="at_least", iso3="CHN")}
        assert {"quantum_patent_holder_share", "quantum_patent_filings"} <= least
        assert (found.loc[["持有专利的公司（2022）", "专利申请（2024）"], "high"] == 100).all()

    def test_fields(self):
        found = fr.fields()
        for name, measure in (("family", "inpadoc_family"), ("grant", "uspto_grant")):
            a, b = (
                float(rows("patents", year=2020, iso3=c, field="semiconductors", measure=measure)[0]["value"])
                for c in ("CHN", "USA")
            )
            assert found.loc["semiconductors", name] == pytest.approx(a / (a + b))

    def test_drugs(self):
        half = [float(r["value"]) for r in rows("frontier", series="license_out_value", conflict="K01")]
        assert fr.drugs()["gap"] == pytest.approx(max(half) / min(half) - 1)
        assert fr.drugs()["world"] == pytest.approx(213 / 743)


class TestCulture:
    def test_gaps(self):
        city = {
            y: [one("innovation_culture", series="science_literacy", entity=e, year=y) for e in ("urban", "rural")]
            for y in (2010, 2023)
        }
        found = fr.gaps().loc["城乡"]
        assert found.loc[2023, "points"] == pytest.approx(city[2023][0] - city[2023][1])
        assert found.loc[2010, "ratio"] == pytest.approx(city[2010][0] / city[2010][1])

    def test_themes(self):
        found = fr.themed("topic")
        seen = Counter()
        for r in rows("eu_projects"):
            if "MSCA" in r["funding_scheme"] or "ERC" in r["funding_scheme"]:
                continue
            year, topic = int(r["start_year"]), r["topic"]
            when = "before" if 2015 <= year <= 2020 else "after" if 2022 <= year <= 2024 else None
            climate = "CLA-" in topic or "CLIMATE" in topic or ("CL5-" in topic and "-D1" in topic)
            health = topic.startswith(("SC1", "PHC", "IMI")) or "HLTH" in topic
            seen["气候" if climate else "健康" if health else fr.REST, when] += 1
        for name in found.index:
            assert (found.loc[name, "before"], found.loc[name, "after"]) == (seen[name, "before"], seen[name, "after"])
        row = fr.theme_tests().loc[("指南编号", "气候")]
        rest = found.loc[fr.REST]
        assert row["p"] == pytest.approx(
            fisher(seen["气候", "after"], seen["气候", "before"], rest["after"], rest["before"])
        )


def tops(name, node, iso, **equal):
    """节点 → （最大一家，份额），逐行取最大。"""
    best = {}
    for r in rows(name, **equal):
        if r["share"] and r[iso] not in RESIDUAL and r[iso]:
            best[r[node]] = max(best.get(r[node], (0.0, "")), (float(r["share"]), r[iso]))
    return best


class TestCandidates:
    def test_minerals(self):
        rare = {r["node_id"] for r in rows("crm_nodes") if r["material_group"] in ("lrees", "hrees")}
        against = {r["node_id"] for r in rows("crm_provision", caution="contradicted")}
        best = {
            k: v
            for k, v in tops("crm_provision", "node_id", "iso3", scope="global_production").items()
            if k not in rare | against
        }
        near = {k: v for k, v in best.items() if 50 <= v[0] < 65}
        found = fr.by_side()
        assert found.loc["矿产图：近"].sum() == len(near)
        assert found.loc["矿产图：近", "中国"] == sum(v[1] == "CHN" for v in near.values())
        assert found.loc["矿产图：已独占"].sum() == sum(v[0] >= 65 for v in best.values())
        stage = fr.by_stage()
        assert stage.loc["extraction", "near"] == sum(k.endswith("_extraction") for k in near)
        assert stage.loc["processing", "china"] == sum(
            k.endswith("_processing") and v[1] == "CHN" for k, v in near.items()
        )

    def test_chips(self):
        kinds = {r["node_id"]: r["kind"] for r in rows("chip_nodes")}
        best = {
            k: v
            for k, v in tops("chip_provision", "node_id", "hq_iso3", release="2026", provider_kind="country").items()
            if kinds[k] not in ("stage", "output")
        }
        near = {k: v for k, v in best.items() if 50 <= v[0] < 65}
        found = fr.by_side()
        assert found.loc["芯片图：近"].sum() == len(near)
        assert found.loc["芯片图：近", "中国"] == sum(v[1] == "CHN" for v in near.values())
        bloc = defaultdict(float)
        for r in rows("chip_provision", release="2026", provider_kind="country"):
            if r["share"] and r["hq_iso3"] in BLOC:
                bloc[r["node_id"]] += float(r["share"])
        assert found.loc["芯片图：盟", "美日荷"] == sum(bloc[k] >= 65 for k, v in best.items() if v[0] < 65)

    def test_yearbook(self):
        best = {}
        for r in rows("mineral_production", year=2022):
            key = (r["material"], r["stage"])
            best[key] = max(best.get(key, (0.0, "")), (float(r["share"]), r["iso3"]))
        near = {k: v for k, v in best.items() if 50 <= v[0] < 65}
        assert set(fr.yearbook_near().index) == set(near)
        assert (fr.yearbook_near()["side"] == "中国").sum() == sum(v[1] == "CHN" for v in near.values())

    def test_rising_minerals_are_monotone(self):
        """五个年份里区间不含零，就是最大一家的份额年年同向。"""
        for node, row in fr.mineral_rises().iterrows():
            material, stage = node.removeprefix("mat_").rsplit("_", 1)
            top = fr.held().loc[node, "provider"]
            path = [
                float(r["share"])
                for y in range(2018, 2023)
                for r in rows("mineral_production", material=material, stage=stage, iso3=top, year=y)
            ]
            assert (row["low"] > 0) == (path == sorted(path) and len(set(path)) == len(path))

    def test_luck(self):
        found = fr.rise_chance()
        assert found["walk"] == pytest.approx(found["kinds"] / 8)

    def test_agreement(self):
        table = fr.criteria()
        row = fr.agreement().loc[("近", "集")]
        assert row["both"] == (table["近"] & table["集"]).sum()
        assert row["p"] == pytest.approx(
            fisher(*(int((table["近"].eq(a) & table["集"].eq(b)).sum()) for a in (True, False) for b in (True, False)))
        )

    def test_hhi_is_a_lower_bound(self):
        listed = [
            float(r["share"])
            for r in rows("crm_provision", node_id="mat_vanadium_extraction", scope="global_production")
        ]
        assert fr.held().loc["mat_vanadium_extraction", "hhi"] <= sum((v / 100) ** 2 for v in listed) + 1e-4

    def test_candidates_meet_what_they_claim(self):
        table, named = fr.criteria(), fr.candidates()
        for node, row in named.iterrows():
            said = set(row["which"].split("、"))
            assert said == {c for c in fr.CRITERIA if table.loc[node, c]}
            assert len(said) >= fr.LEAST


class TestForecasts:
    def test_crossings(self):
        best, later = {}, {}
        for r in rows("iea_minerals"):
            key = (r["material"], r["stage"])
            if r["iso3"] != "ROW" and r["year"] == "2024":
                best[key] = max(best.get(key, (0.0, "")), (float(r["share"]), r["iso3"]))
            later[(*key, r["iso3"], r["year"])] = float(r["share"])
        pairs = [(v[0], later[(*k, v[1], "2035")]) for k, v in best.items()]
        found = fr.forecasts()
        assert found["leaves"].sum() == sum(a >= 65 > b for a, b in pairs)
        assert found["enters"].sum() == sum(a < 65 <= b for a, b in pairs)
        assert (found["then"] < found["now"]).sum() == sum(b < a for a, b in pairs)


class TestSentences:
    """正文里定性的话；数据换了而话不再成立，这里先失败。"""

    def test_no_trend_is_possible(self):
        assert fr.year_counts()["enough"] == 0

    def test_model_share_is_not_settled(self):
        fits = fr.fits()
        assert fr.fit()["low"] < 1 < fr.fit()["high"]
        assert (fits["estimate"] > 1).all()
        assert 0 < (fits["low"] > 1).sum() < len(fits)
        assert fr.fit()["phi"] > 1
        assert fr.fit()["p"] < 0.05

    def test_no_year_to_year_change_is_clear(self):
        steps = fr.steps()
        assert ((steps["low"] < 1) & (steps["high"] > 1)).all()

    def test_revision_leans_in_one_year_only(self):
        p = fr.revisions()["p"]
        assert p[2024] < 0.05 < p[2023]

    def test_who_leads_flips(self):
        flips = fr.crossing()["flips"]
        assert flips.to_dict() == {"人工智能": True, "量子": True, "创新药": False}
        assert fr.fields()["flips"].all()
        assert (fr.fields()["family"] > 0.5).all()

    def test_pct_is_even_and_quantum_is_not(self):
        assert 0.9 < fr.abroad()["ratio"] < 1.1
        assert float(fr.quantum()["ratio"].iloc[2]) < 0.5
        assert fr.quantum()["ratio"].iloc[0].startswith("≥")

    def test_drug_change_vanishes_when_widened(self):
        assert fr.new_drugs().excludes(1)
        assert not fr.new_drugs(fr.fit()["phi"]).excludes(1)

    def test_climate_depends_on_the_rule(self):
        found = fr.theme_tests()
        assert found.loc[("指南编号", "气候"), "p"] < 0.05
        assert (found.xs("气候", level=1)["p"].iloc[1:] > 0.05).all()
        assert (found.xs("健康", level=1)["p"] > 0.05).all()
        assert (found.xs("气候", level=1)["odds"] > 1).all()

    def test_city_gap_by_points_and_by_ratio(self):
        wide = fr.widened().loc["城乡"]
        assert wide["points"]
        assert not wide["ratio"]
        assert fr.literacy_steps()["after"] > fr.literacy_steps()["before"]

    def test_candidates_on_both_sides(self):
        sides = fr.by_side()
        for name in fr.CRITERIA:
            row = sides.loc[f"芯片图：{name}"]
            assert row["中国"] < row.sum() / 2
        near = sides.loc["矿产图：近"]
        assert near["中国"] > near.sum() / 2
        hhi = sides.loc["矿产图：集"]
        assert hhi["中国"] == hhi["其他"]
        assert fr.totals()["four"] == 0

    def test_majority_in_minerals_needs_the_source(self):
        book = fr.yearbook_near()
        assert (book["side"] == "中国").sum() <= len(book) / 2
        stage = fr.by_stage()
        assert (
            stage.loc["processing", "china"] / stage.loc["processing", "near"]
            > stage.loc["extraction", "china"] / stage.loc["extraction", "near"]
        )

    def test_near_and_rising_cannot_be_told_apart(self):
        assert fr.agreement().loc[("近", "涨"), "p"] > 0.05
        assert fr.rise_chance()["p"] > 0.05

    def test_chip_counts_keep_their_order(self):
        vary = fr.variants()
        for said in vary["芯片图：近"]:
            every, ours = said.rstrip("）").split("（")
            assert int(ours) < int(every) / 2

    def test_design_blanks_are_the_frontier_ones(self):
        blank = fr.silent().query("not given").index
        assert {"ai_asics", "discrete_gpus"} <= set(blank)

    def test_more_leave_than_enter(self):
        found = fr.forecasts()
        assert found["leaves"].sum() > found["enters"].sum()
        assert (found["then"] < found["now"]).sum() > (found["then"] > found["now"]).sum()

    def test_what_survives(self):
        found = fr.survivals().set_index("claim")["holds"]
        assert found.tolist() == [True, False, False, True, False]

    def test_one_test_survives_correction(self):
        found = fr.comparisons()
        assert found["kept"] == 1
        assert fr.theme_tests()["p"].min() < 0.05 / found["all"]

    def test_no_table_is_about_climate_or_health(self):
        """“本书没有专门的表”：数据包里没有一张表的标题写着这两样。"""
        titles = [r["title"] for r in json.loads((ROOT / "data/datapackage.json").read_text("utf-8"))["resources"]]
        assert not [t for t in titles if "气候" in t or "健康" in t or "卫生" in t]
