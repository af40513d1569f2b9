"""“产业基础与协同一起长吗”一章的数字：从 CSV 另行重算，并看守每一句定性的话。"""

from collections import defaultdict
from math import comb, log

import numpy as np
import pytest

from chokepoint.findings import coupling as cpl

from .raw import rows

PANEL, FLAGGED = defaultdict(dict), set()
for _row in rows("province_panel", scope="province"):
    _key = (_row["indicator"], int(_row["year"]))
    PANEL[_key][_row["province"]] = float(_row["value"])
    if _row["flag"] == "outlier":
        FLAGGED.add((*_key, _row["province"]))
NAME = {r["province"]: r["name_zh"] for r in rows("provinces") if r["macro_region"]}
OUT, IN = "tech_contract_out_value", "tech_contract_in_value"
BASE, LINK = ("rd_internal_total", "rd_fte_total", "patent_valid_invention"), (OUT, IN, "rd_fund_enterprise")
YEARS = range(2013, 2024)


def grid(formulas):
    """六个式子在各省各年的值，只留都算得出的格：{(年, 省): [六个数]}。"""
    found = {}
    for year in YEARS:
        for p in NAME:
            try:
                found[year, p] = [f(p, year) for f in formulas]
            except KeyError:
                continue
    return found


def plain(code):
    return lambda p, y: PANEL[code, y][p]


def over(a, b):
    return lambda p, y: PANEL[a, y][p] / PANEL[b, y][p]


SIZE = [plain(c) for c in (*BASE, *LINK)]
FTE = "rd_fte_total"
RATIO = [
    plain("rd_intensity"), over("rd_internal_total", FTE), over("patent_valid_invention", FTE),
    over(OUT, FTE), over(IN, FTE), over("rd_fund_enterprise", "rd_internal_total"),
]  # fmt: skip


def levels(formulas, drop=()):
    """最小—最大归一、三项等权平均、抬到 0.01 以上。"""
    cells = {k: v for k, v in grid(formulas).items() if k[1] not in drop}
    x = np.array(list(cells.values()))
    x = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
    u = 0.01 + 0.99 * np.column_stack([x[:, :3].mean(axis=1), x[:, 3:].mean(axis=1)])
    return dict(zip(cells, u, strict=True))


def gdp(p, y):
    return PANEL["rd_expenditure", y][p] / PANEL["rd_intensity", y][p] * 100


def degree(u, form):
    a, b = sorted(u)
    c = 2 * (a * b) ** 0.5 / (a + b) if form == "original" else ((1 - (b - a)) * a / b) ** 0.5
    return c, (c * (a + b) / 2) ** 0.5


def last(formulas, form, drop=()):
    return {NAME[p]: degree(u, form)[1] for (y, p), u in levels(formulas, drop).items() if y == 2023}


def spearman(x, y):
    ranked = [np.argsort(np.argsort(v)) for v in (x, y)]
    return np.corrcoef(*ranked)[0, 1]


# ---- 变化 ----
PEOPLE = sorted(set(NAME) - {"CN-XZ"})


def logs(codes):
    return np.array([[np.mean([log(PANEL[c, y][p]) for c in codes]) for p in PEOPLE] for y in range(2012, 2024)])


def netted(x, own):
    x = x - x.mean(axis=1)[:, None]
    return x - x.mean(axis=0) if own else x


def together(first, second, step=1, own=True):
    a, b = (netted(x[step:] - x[:-step], own) for x in (logs(first), logs(second)))
    return (a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum())


def grown(codes):
    x = logs(codes)
    return x[-1] - x[0]


class TestDegree:
    @pytest.mark.parametrize("form", ["original", "corrected"])
    @pytest.mark.parametrize(("kind", "formulas"), [("规模", SIZE), ("强度", RATIO)])
    def test_degree_from_the_formula(self, kind, formulas, form):
        found, expected = cpl.both(form)[kind], last(formulas, form)
        assert len(found) == len(expected) == 31
        for name, value in expected.items():
            assert found[name] == pytest.approx(value), name

    def test_panel_has_every_cell_with_all_six(self):
        # 31 省 11 年，只缺西藏 2017 年以前的合同输出
        assert len(cpl.panel()) == len(grid(SIZE)) == 31 * 11 - 4
        assert "CN-BJ" not in PANEL["rd_fund_enterprise", 2012]

    def test_identity(self):
        for u in levels(SIZE).values():
            assert degree(u, "original")[1] == pytest.approx((u[0] * u[1]) ** 0.25)
        assert cpl.identity()["gap"] < 1e-12
        assert cpl.identity()["rank"] == pytest.approx(1)

    def test_crowding_counted_again(self):
        for form, label in (("original", "通行写法"), ("corrected", "修正写法")):
            c = [degree(u, form)[0] for u in levels(SIZE).values()]
            assert cpl.crowded()[label] == pytest.approx(np.mean([v >= 0.9 for v in c]))

    def test_example_and_enterprise_share(self):
        assert cpl.example() == pytest.approx(2 * (1 * 4) ** 0.5 / 5)
        money = [sum(PANEL[c, 2023].values()) for c in ("rd_fund_enterprise", "rd_internal_total")]
        assert cpl.enterprise_share() == pytest.approx(money[0] / money[1])

    def test_size_link(self):
        size = {name: gdp(p, 2023) for p, name in NAME.items()}
        for kind, formulas in (("规模", SIZE), ("强度", RATIO)):
            d = last(formulas, "corrected")
            assert cpl.size_link()[kind] == pytest.approx(spearman(list(d.values()), [size[k] for k in d]))

    @pytest.mark.parametrize(("per", "below"), [("研发经费", "rd_internal_total"), ("财政支出", "budget_total")])
    def test_denominators(self, per, below):
        u = levels([*RATIO[:3], over(OUT, below), over(IN, below), RATIO[5]])
        x = {p: v for (y, p), v in u.items() if y == 2023}
        row = cpl.denominators().loc[per]
        assert row["estimate"] == pytest.approx(np.corrcoef(np.array(list(x.values())).T)[0, 1])
        del x["CN-BJ"]
        assert row["rest"] == pytest.approx(np.corrcoef(np.array(list(x.values())).T)[0, 1])

    @pytest.mark.parametrize("name", ["CN-BJ", "CN-GD", "CN-JS", "CN-XZ"])
    def test_dropping_a_province(self, name):
        whole, rest = last(SIZE, "original"), last(SIZE, "original", (name,))
        row = cpl.without().loc[NAME[name]]
        change = {k: rest[k] - whole[k] for k in rest}
        assert row["mean"] == pytest.approx(np.mean(list(change.values())), abs=1e-12)
        assert abs(row["most"]) == pytest.approx(max(map(abs, change.values())), abs=1e-12)
        assert row["regraded"] == sum(np.ceil(rest[k] * 10) != np.ceil(whole[k] * 10) for k in rest)

    def test_shuffle_real_means(self):
        for form in ("original", "corrected"):
            own = cpl.shuffles().query("form == @form").set_index("pair")["real"]
            assert own["规模"] == pytest.approx(np.mean(list(last(SIZE, form).values())))

    def test_bands_are_by_size(self):
        order = sorted(NAME, key=lambda p: gdp(p, 2023))
        band = cpl.bands()
        assert [band[p] for p in order] == sorted(band)
        assert band.value_counts().between(5, 6).all()

    @pytest.mark.parametrize("banded", [False, True])
    def test_contracts_shuffled_again(self, banded):
        cells = grid([*map(plain, BASE), plain(OUT), plain(IN)])
        x = np.array(list(cells.values()))
        x = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
        u = {
            p: 0.01 + 0.99 * np.array([v[:3].mean(), v[3:].mean()])
            for (y, p), v in zip(cells, x, strict=True) if y == 2023
        }  # fmt: skip
        order = sorted(u, key=lambda p: gdp(p, 2023))
        band = dict(zip(order, np.ceil(np.arange(31) / 5 - 1e-9).clip(1).astype(int), strict=True))  # 6、5、5、5、5、5
        groups = [[p for p in order if band[p] == g] for g in sorted(set(band.values()))] if banded else [order]
        rng, means = np.random.default_rng(99), []
        for _ in range(1500):
            swap = {a: b for g in groups for a, b in zip(g, rng.permutation(g), strict=True)}
            means.append(np.mean([degree((u[p][0], u[swap[p]][1]), "corrected")[1] for p in order]))
        pair = "规模，只用合同，同组" if banded else "规模，只用合同"
        row = cpl.shuffles().set_index(["pair", "form"]).loc[(pair, "corrected")]
        assert row["real"] == pytest.approx(np.mean([degree(v, "corrected")[1] for v in u.values()]))
        assert row["mean"] == pytest.approx(np.mean(means), abs=0.005)
        assert [row["low"], row["high"]] == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=0.008)

    def test_placebo_degree(self):
        cells = grid([*SIZE, plain("budget_total")])
        x = np.array(list(cells.values()))
        x = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
        u = 0.01 + 0.99 * np.column_stack([x[:, :3].mean(axis=1), x[:, 6]])
        d = [degree(v, "original")[1] for (y, _), v in zip(cells, u, strict=True) if y == 2023]
        row = cpl.shuffles().query("pair == '规模，财政顶替' and form == 'original'").iloc[0]
        assert row["real"] == pytest.approx(np.mean(d))


class TestDraws:
    def test_pairs_counted_again(self):
        for kind in cpl.SYSTEMS:
            values = cpl.drawn(kind)[0].to_numpy()
            assert values.shape == (31, cpl.DRAWS)
            pairs = sum(
                max((a > b).mean(), (a < b).mean()) >= 0.95 for i, a in enumerate(values) for b in values[i + 1 :]
            )
            assert cpl.apart(kind)["pairs"] == pairs
            assert cpl.apart(kind)["total"] == 31 * 30 // 2

    def test_grades_counted_again(self):
        values = cpl.drawn("规模")[0]
        expected = {k: len({int(np.ceil(v * 10)) for v in row}) for k, row in values.iterrows()}
        assert cpl.grades("规模").to_dict() == expected

    def test_choices_are_spread(self):
        how = cpl.drawn("规模")[1]
        assert how["scale"].value_counts(normalize=True).between(0.2, 0.5).all()
        assert how["form"].value_counts(normalize=True).between(0.4, 0.6).all()


class TestChanges:
    @pytest.mark.parametrize("own", [True, False])
    def test_yearly_association(self, own):
        assert cpl.yearly(own).loc["基础 × 合同", "estimate"] == pytest.approx(together(BASE, (OUT, IN), own=own))
        control = cpl.yearly(own).loc["对照：研发经费 × 研发人员", "estimate"]
        assert control == pytest.approx(together(BASE[:1], BASE[1:2], own=own))

    def test_lead_runs_the_right_way(self):
        a, b = (np.diff(logs(c), axis=0) for c in (BASE, (OUT, IN)))
        for key, x, y in (("基础早一年", a[:-1], b[1:]), ("合同早一年", a[1:], b[:-1])):
            x, y = netted(x, True), netted(y, True)
            expected = (x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum())
            assert cpl.yearly().loc[key, "estimate"] == pytest.approx(expected)

    @pytest.mark.parametrize("step", [1, 4, 11])
    def test_horizons(self, step):
        row = cpl.horizons().loc[step]
        assert row["estimate"] == pytest.approx(together(BASE, (OUT, IN), step, own=False))
        assert row["placebo"] == pytest.approx(together(("budget_total",), (OUT, IN), step, own=False))

    def test_gap_to_the_placebo(self):
        a, b, c = grown(BASE), grown((OUT, IN)), grown(("budget_total",))
        rng = np.random.default_rng(5)

        def gap(k):
            return np.corrcoef(a[k], b[k])[0, 1] - np.corrcoef(c[k], b[k])[0, 1]

        again = [gap(rng.integers(30, size=30)) for _ in range(2000)]
        row = cpl.horizons().iloc[-1]
        assert row["gap"] == pytest.approx(gap(np.arange(30)))
        assert [row["gap_low"], row["gap_high"]] == pytest.approx(np.quantile(again, [0.025, 0.975]), abs=0.03)

    def test_long_run_is_the_last_horizon(self):
        plain_r = np.corrcoef(grown(BASE), grown((OUT, IN)))[0, 1]
        assert cpl.long_run().loc["不扣", "estimate"] == pytest.approx(plain_r)
        assert cpl.horizons().iloc[-1]["estimate"] == pytest.approx(plain_r)

    def test_partial_from_the_formula(self):
        a, b, z = grown(BASE), grown((OUT, IN)), grown(("budget_total",))
        r = np.corrcoef([a, b, z])
        expected = (r[0, 1] - r[0, 2] * r[1, 2]) / np.sqrt((1 - r[0, 2] ** 2) * (1 - r[1, 2] ** 2))
        assert cpl.long_run().loc["扣财政支出的增长", "estimate"] == pytest.approx(expected)

    def test_sides_and_growth(self):
        a, b = grown(BASE), grown((OUT, IN))
        fast = [x > np.median(x) for x in (a, b)]
        found, both = cpl.sides(), (fast[0] & fast[1]).sum()
        assert found["both"] == both
        assert found["neither"] == (~fast[0] & ~fast[1]).sum()
        assert found["split"] == (fast[0] ^ fast[1]).sum()
        ways = sum(comb(15, k) * comb(15, 15 - k) for k in range(both, 16))
        assert found["p"] == pytest.approx(ways / comb(30, 15))
        at = PEOPLE.index("CN-AH")
        assert cpl.growth("安徽") == pytest.approx((np.exp(a[at]), np.exp(b[at])))

    def test_drop_one_lowest(self):
        a, b = grown(BASE), grown((OUT, IN))
        found = {NAME[p]: np.corrcoef(np.delete(a, i), np.delete(b, i))[0, 1] for i, p in enumerate(PEOPLE)}
        assert cpl.long_drop_one().index[0] == min(found, key=found.get)
        assert cpl.long_drop_one().iloc[0] == pytest.approx(min(found.values()))

    def test_marked_provinces_are_the_flagged_ones(self):
        assert set(cpl.MARKED) == {p for *_, p in FLAGGED}


class TestSentences:
    """句子怎样说，数就得怎样。"""

    def test_size_version_is_size(self):
        assert cpl.size_link()["规模"] > 0.9 > 0.7 > cpl.size_link()["强度"]
        size, per = cpl.apart("规模"), cpl.apart("强度")
        assert size["pairs"] > 0.8 * size["total"] > per["pairs"]
        assert size["adjacent"] < size["neighbours"] / 3
        assert per["adjacent"] <= 1
        assert per["pairs"] < per["total"] / 2

    def test_map_moves(self):
        both = cpl.both()
        assert both["规模"].idxmax() == "广东"
        assert both["强度"].idxmax() == "天津"
        assert both.loc["广东", "强度名次"] > 5

    def test_crowding_and_example(self):
        assert cpl.crowded()["通行写法"] == 1
        assert cpl.crowded()["修正写法"] < 0.5

    def test_nobody_is_firmly_on_top_in_ratios(self):
        assert (cpl.rank_rows("强度")["top_share"] < cpl.SHARE).all()
        assert (cpl.grades("规模") > 1).all()
        assert (cpl.grades("强度") > 1).all()
        assert set(cpl.scale_medians().index) == {"min-max", "log", "rank"}

    def test_shuffles(self):
        t = cpl.shuffles().set_index(["pair", "form"])
        plain_drop = t.loc[("规模", "original"), "drop"]
        assert plain_drop < 0.1 < 0.2 < t.loc[("规模", "corrected"), "drop"]
        true, alike, fake = (t.loc[(f"规模，{k}", "corrected")] for k in ("只用合同", "只用合同，同组", "财政顶替"))
        for row in (true, alike, fake):
            assert row["outside"], "在打乱的范围之外；安慰剂随意打乱也在"
        assert true["drop"] < t.loc[("规模", "corrected"), "drop"], "去掉同一笔钱，低得少些"
        assert alike["drop"] < true["drop"] / 2, "大半是大小"
        assert t.loc[("规模，财政顶替，同组", "corrected"), "drop"] < fake["drop"] / 2
        per = t[t.index.get_level_values("pair").str.startswith("强度")]
        inside = set(per.index.get_level_values("pair")[~per["outside"]])
        assert inside == {"强度（合同 ÷ 研发经费）"}
        assert per["drop"].max() < 0.05

    def test_dropping(self):
        rest = cpl.without()
        assert (rest.loc[["北京", "广东"], "regraded"] > 5).all()
        assert rest.loc["江苏", "regraded"] == 0
        assert abs(rest.loc["江苏", "most"]) < 1e-9
        assert (rest["rank"] > 0.99).all()
        assert cpl.risen()["up"] == cpl.risen()["total"] == 30

    def test_denominators_decide(self):
        table = cpl.denominators()
        found = table["estimate"]
        assert found.min() < 0.3 < 0.6 < found.max()
        assert found.idxmin() == "研发经费"
        assert list(table.index[table["low"] < 0]) == ["研发经费"], "只有最低的一种区间含零"
        assert (found > 0).all()
        assert (table["rest"] < found)[found.nlargest(2).index].all(), "最高的两种有一部分靠北京"
        assert set(found.nlargest(2).index) == {"倒推的 GDP", "财政支出"}
        assert cpl.denominators()["top"].nunique() > 1

    def test_yearly_sees_nothing_but_the_method_is_not_blind(self):
        assert cpl.outside() == []
        assert cpl.survivors(True) == []
        known = cpl.yearly().loc["对照：研发经费 × 研发人员"]
        assert known["low"] > known["null_high"]
        deals = cpl.yearly().loc["对照：合同输出 × 吸纳"]
        assert deals["estimate"] > deals["null_high"]
        tries = cpl.yearly().loc[list(cpl.VARIANTS)]
        assert (1 - tries["estimate"] / tries["null_high"]).idxmin() == tries["p"].idxmin(), "最靠边的一种"
        assert tries["p"].min() > 0.05
        assert cpl.yearly().loc["基础 × 合同", "low"] < 0 < cpl.yearly().loc["基础 × 合同", "high"]
        assert cpl.survivors(False), "正文说不减本省的平均会越出范围"
        added = cpl.enterprise_added()
        assert all(v["null_low"] < v["estimate"] < v["null_high"] for v in added.values())

    def test_longer_is_closer_but_not_special(self):
        far = cpl.horizons()
        assert far["estimate"].is_monotonic_increasing
        assert far["estimate"].iloc[-1] > 1.5 * far["null_high"].iloc[-1]
        assert far["placebo"].iloc[-1] > far["null_high"].iloc[-1]
        assert (far["gap_low"] < 0).all()
        assert (far["gap_high"] > 0).all()
        assert 0.05 < cpl.sides()["p"] < 0.15, "数快慢还分不清"
        assert (cpl.long_run()["low"] > 0).all()
        assert cpl.long_drop_one().iloc[0] > far["null_high"].iloc[-1]

    def test_outliers_do_not_matter(self):
        odd = cpl.outliers()
        assert (odd["before"] - odd["after"]).abs().max() < 0.05
        assert odd["rank_before"].iloc[-1] > odd["rank_after"].iloc[-1]
        assert (cpl.horizons()["repaired"] - cpl.horizons()["estimate"]).abs().max() < 0.06

    def test_table_of_verdicts(self):
        table = cpl.robust().set_index("claim")["verdict"]
        holds = set(table.index[table == "站得住"])
        assert holds == {"规模版：大省高、小省低", "规模版：真配对高于打乱", "整段看，两边同快同慢"}

    def test_swapping_one_side(self):
        for code in ("patent_valid_invention", "rd_fte_total"):
            row = cpl.associate(first=(code,), own=True)
            assert row["null_low"] < row["estimate"] < row["null_high"]
