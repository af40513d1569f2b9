"""“四类实施机制”一章的数字：用 csv 模块从原始文件独立再算一遍，并守住正文里的定性判断。"""

import json
import math
import random
from collections import Counter
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from chokepoint import games
from chokepoint.findings import mechanisms as mec
from chokepoint.findings import supply_chain
from tools.paths import BOOK, ROOT
from tools.text import read

from .raw import rows

CHAPTER = BOOK / "collaboration" / "mechanisms.ipynb"


def wilson(hits, total, z=1.959963984540054):
    p, n = hits / total, total
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


# ---- 怎样分 ----
def test_rules_by_hand():
    table = mec.rules().set_index(["who", "year"])
    assert len(table) == 7
    assert table.loc[("全国", 1999), "sold"] == 20
    assert np.isnan(table.loc[("全国", 1999), "equity"])
    assert table.loc[("全国", 2015), ["sold", "equity", "own"]].tolist() == [50, 50, 5]
    local = [r for r in rows("revenue_rules", scope="province") if r["beneficiary"] == "key_contributors"]
    sold = {r["province"]: (float(r["value"]), r["permissive"]) for r in local if r["mode"] == "assignment_or_licence"}
    assert set(sold) == {"CN-BJ", "CN-HA", "CN-SD", "CN-SH", "CN-ZJ"}
    assert {v for v, _ in sold.values()} == {70.0}
    assert [k for k, (_, may) in sold.items() if may == "true"] == ["CN-SH"]
    assert table["permissive"].sum() == 1
    assert table.loc[("上海", 2017), "permissive"]
    assert mec.main_share() == pytest.approx(0.5 * 0.5)
    assert mec.statutory() == [0.2, 0.5, 0.7]


def gain(group, second=10):
    """算例的收益，另写一遍。"""
    if "整机企业" not in group:
        return 0
    makers = [m for m in ("材料企业甲", "材料企业乙") if m in group]
    total = 20
    if makers and "高校" in group:
        total += 80 if "设备企业" in group else 60
    total += second if len(makers) == 2 else 0
    return total + (10 if makers and "检测平台" in group else 0)


def test_worked_shapley_by_permutations():
    total = dict.fromkeys(mec.MEMBERS, 0.0)
    for order in permutations(mec.MEMBERS):
        for i, name in enumerate(order):
            total[name] += gain(set(order[: i + 1])) - gain(set(order[:i]))
    split = mec.divisions()
    assert split["shapley"].to_dict() == pytest.approx({k: v / 720 for k, v in total.items()})
    for rule in ("equal", "input", "shapley"):
        assert split[rule].sum() == pytest.approx(gain(set(mec.MEMBERS)))
    assert split["input"].tolist() == pytest.approx([v / 62 * 120 for v in (20, 8, 8, 10, 12, 4)])
    assert np.isnan(split.loc["材料企业乙", "sole"])
    assert split.loc["材料企业甲", "sole"] > 2 * split.loc["材料企业甲", "shapley"]


@pytest.mark.parametrize("rule", ["equal", "input", "shapley"])
def test_objections_by_bitmask(rule):
    share = mec.divisions()[rule].to_dict()
    found = {}
    for mask in range(1, 63):
        group = {m for i, m in enumerate(mec.MEMBERS) if mask >> i & 1}
        extra = gain(group) - sum(share[m] for m in group)
        if extra > 1e-9:
            found["＋".join(m for m in mec.MEMBERS if m in group)] = extra
    assert mec.objections(rule).to_dict() == pytest.approx(found)


def test_the_last_objection_hangs_on_one_made_up_number():
    """第二货源由 10 改成 11，夏普利值就在核里；自己按次序重算一遍。"""
    total = dict.fromkeys(mec.MEMBERS, 0.0)
    for order in permutations(mec.MEMBERS):
        for i, name in enumerate(order):
            total[name] += (gain(set(order[: i + 1]), 11) - gain(set(order[:i]), 11)) / 720
    groups = [{m for i, m in enumerate(mec.MEMBERS) if mask >> i & 1} for mask in range(1, 63)]
    assert max(gain(g, 11) - sum(total[m] for m in g) for g in groups) <= 1e-9
    assert mec.OTHER_SECOND == 11
    assert mec.objections("shapley", mec.OTHER_SECOND).empty
    assert 0 < mec.objections("shapley").iloc[0] < 0.005 * gain(set(mec.MEMBERS)), "不可当真"


def test_a_division_in_the_core_exists():
    """给出一个：替身一分不多拿，检测与设备拿自己添的一部分，其余归整机企业与高校。"""
    share = {"整机企业": 60, "材料企业甲": 5, "材料企业乙": 5, "设备企业": 10, "高校": 35, "检测平台": 5}
    assert sum(share.values()) == 120
    for mask in range(1, 63):
        group = {m for i, m in enumerate(mec.MEMBERS) if mask >> i & 1}
        assert gain(group) <= sum(share[m] for m in group)
    assert mec.core_exists()


def test_voting_by_hand():
    stakes = {r["member_zh"]: float(r["stake"]) for r in rows("consortium_members", consortium_id="smic-jingcheng")}
    power = mec.voting()
    assert power["stake"].to_dict() == pytest.approx({k: v / 100 for k, v in stakes.items()})
    assert power["simple"].tolist() == pytest.approx([1, 0, 0])
    assert power["super"].tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert sorted(power["stake"].iloc[1:]) == pytest.approx([0.2449, 0.2451])


def test_half_degree_by_hand():
    half, rest, abroad = Counter(), Counter(), Counter()
    home = {r["node"]: r["iso3"] for r in rows("ai_network_metrics", level="institution")}
    for r in rows("ai_links"):
        ends, value = (r["institution_a"], r["institution_b"]), float(r["value"]) / 2
        for end in ends:
            half[end] += value
            rest[end] += 0 if set(ends) <= set(mec.CAS_FAMILY) else value
            abroad[end] += value if home[ends[0]] != home[ends[1]] else 0
    found = mec.halves()
    assert found["value"].to_dict() == pytest.approx(dict(half))
    assert found["outside"].to_dict() == pytest.approx(dict(rest))
    published = {
        r["node"]: float(r["value"]) for r in rows("ai_network_metrics", level="institution", metric="strength")
    }
    gaps = [abs(2 * half[k] - published[k]) for k in half]
    assert mec.strength_check() == {"count": len(gaps), "largest": max(gaps)}
    assert max(gaps) == 0
    family = sum(half[k] for k in mec.CAS_FAMILY)
    assert mec.inside_share() == pytest.approx(1 - sum(rest[k] for k in mec.CAS_FAMILY) / family)
    assert found.index[0] == mec.CAS_FAMILY[0]
    assert found["abroad"].to_dict() == pytest.approx(dict(abroad))
    assert rest.most_common(1)[0][0] == "CNRS", "正文说首位换人"
    assert abroad.most_common(1)[0][0] == mec.CAS_FAMILY[0], "正文说又换回来"
    assert found.loc["CNRS", "abroad_rank"] == 1 + sum(v > abroad["CNRS"] for v in abroad.values())


def test_shuffling_who_meets_whom_keeps_the_half_degree():
    """正文说它不含“与谁合作”：同样的加权度，另一张网，值不变。"""
    import pandas as pd

    one = pd.DataFrame({"a": ["p", "r"], "b": ["q", "s"], "w": [4.0, 4.0]})
    other = pd.DataFrame({"a": ["p", "q"], "b": ["r", "s"], "w": [4.0, 4.0]})
    values = [games.graph_shapley(t, "a", "b", "w").to_dict() for t in (one, other)]
    assert values[0] == values[1]


# ---- 合作研发 ----
def effort(beta, scale, regime):
    both = 1 + beta
    return {
        "rival": (2 - beta) / (4.5 * scale - (2 - beta) * both),
        "joint_rd": both / (4.5 * scale - both**2),
        "joint_all": both / (4 * scale - both**2),
    }[regime]


def test_thresholds_in_closed_form():
    table = mec.threshold_table()
    for scale, row in table.iterrows():
        assert row["full"] == pytest.approx(3.5 / 8.5), "与 b·γ 无关"
        assert row["rd"] == pytest.approx(0.5)
        assert row["stable"] == pytest.approx(max((3 - math.sqrt(1 + 6 * scale)) / 2, 0), abs=1e-9)
    assert table["welfare"].dropna().is_monotonic_increasing
    assert table["welfare"].isna().tolist() == [False] * (len(table) - 1) + [True]
    assert (mec.threshold_words()["stable"] == "总是稳定").sum() == (table["stable"] == 0).sum() == 2


def test_welfare_threshold_from_the_surplus():
    def welfare(beta, scale, regime):
        x = effort(beta, scale, regime)
        q = (1 + (1 + beta) * x) / (4 if regime == "joint_all" else 3)
        price = 1 - 2 * q + (1 + beta) * x
        return 2 * (price * q - scale * x * x / 2) + 2 * q * q

    for scale, at in mec.threshold_table()["welfare"].dropna().items():
        assert welfare(at - 1e-4, scale, "joint_all") < welfare(at - 1e-4, scale, "rival")
        assert welfare(at + 1e-4, scale, "joint_all") > welfare(at + 1e-4, scale, "rival")
    over = mec.threshold_table()["over_rd"]
    for scale, at in over.dropna().items():
        assert welfare(at - 1e-4, scale, "joint_all") < welfare(at - 1e-4, scale, "joint_rd")
        assert welfare(at + 1e-4, scale, "joint_all") > welfare(at + 1e-4, scale, "joint_rd")
    grid = np.linspace(0, 0.99, 100)
    for scale in over.index[over.isna()]:
        assert scale >= 2
        assert all(welfare(b, scale, "joint_all") < welfare(b, scale, "joint_rd") for b in grid)
    for scale in (0.9, 1, 2, 5):
        assert welfare(0.49, scale, "joint_rd") < welfare(0.49, scale, "rival"), "溢出低时合作研发使福利变低"
        assert welfare(0.51, scale, "joint_rd") > welfare(0.51, scale, "rival")
    assert all(welfare(b, 5, "joint_all") < welfare(b, 5, "rival") for b in grid)


def test_published_thresholds():
    found = mec.published_thresholds()
    assert found["published"].tolist() == [
        float(v) for v in sorted(r["published"] for r in rows("game_models", element="threshold"))
    ]
    assert found["computed"].tolist() == pytest.approx([(3 - math.sqrt(7)) / 2, 3.5 / 8.5, 0.5])
    assert found["gap"].max() == pytest.approx((3 - math.sqrt(7)) / 2 - 0.17)
    cut = [math.floor(v * 100 + 1e-6) / 100 for v in found["computed"]]
    assert cut == pytest.approx(found["published"].tolist()), "差别来自截尾"


def test_firms_always_want_to_cooperate():
    made = mec.outcomes()
    for beta in mec.BETAS:
        for regime in mec.REGIMES:
            assert made.loc[beta, ("x", regime)] == pytest.approx(effort(beta, 1.0, regime))
        for regime in ("joint_rd", "joint_all"):
            assert made.loc[beta, ("profit", regime)] >= made.loc[beta, ("profit", "rival")] - 1e-12
            if beta < 3.5 / 8.5:
                assert made.loc[beta, ("x", regime)] < made.loc[beta, ("x", "rival")]


# ---- 谁会守约 ----
def ends(game, x, y):
    """逐点用另一种积分法走到底。"""

    def speed(_, state):
        a, b = state
        one = b * (game.share * game.gain - game.betrayal[0]) - (game.costs[0] - game.penalty - game.incentive)
        two = a * ((1 - game.share) * game.gain - game.betrayal[1]) - (game.costs[1] - game.penalty - game.incentive)
        return a * (1 - a) * one, b * (1 - b) * two

    return solve_ivp(speed, (0, 200), (x, y), method="DOP853", rtol=1e-8, atol=1e-10).y[:, -1]


def test_basin_by_another_integrator():
    marks = (np.arange(mec.SIDE) + 0.5) / mec.SIDE
    inner, reached = mec.GAME.saddle(), []
    for x in marks:
        for y in marks:
            good = bool((ends(mec.GAME, x, y) > 0.5).all())
            assert good or not (x > inner[0] and y > inner[1])
            assert not good or not (x < inner[0] and y < inner[1])
            reached.append(good)
    assert mec.basin(mec.GAME) == pytest.approx(np.mean(reached))


def test_two_outcomes_and_the_line_between():
    kinds = {(r.x, r.y): r.kind for r in mec.rest().itertuples()}
    assert kinds[0, 0] == kinds[1, 1] == "stable"
    assert kinds[0, 1] == kinds[1, 0] == "unstable"
    assert kinds[mec.GAME.saddle()] == "saddle"
    x, y = mec.GAME.saddle()
    assert x == pytest.approx((1.6 - 0.4 - 0.2) / (0.5 * 6 - 1.1))
    assert y == pytest.approx((1.4 - 0.4 - 0.2) / (0.5 * 6 - 0.9))
    assert mec.straight(mec.GAME) == pytest.approx(1 - (x + y) / 2)


def test_published_stability_conditions():
    """文献的条件（数据表里的式子）与雅可比的特征值一致。"""
    said = {r["symbol"]: r["expression"] for r in rows("game_models", model="evolution_two", element="ess_condition")}
    assert said["(1,1)"].startswith("s_i*R - c_i + g > B_i - F")
    assert said["(0,0)"].startswith("c_i > F + g")
    draw = random.Random(7)
    seen = Counter()
    for _ in range(200):
        game = games.Partnership(
            draw.uniform(1, 8), draw.random(), (draw.uniform(0, 3), draw.uniform(0, 3)),
            (draw.uniform(0, 3), draw.uniform(0, 3)), draw.uniform(0, 1.5), draw.uniform(0, 1),
        )  # fmt: skip
        kinds = {(r.x, r.y): r.kind for r in games.rest_points(game).itertuples()}
        both = all(
            s * game.gain - c + game.incentive > b - game.penalty
            for s, c, b in zip(game.shares, game.costs, game.betrayal, strict=True)
        )
        none = all(c > game.penalty + game.incentive for c in game.costs)
        assert (kinds[1.0, 1.0] == "stable") == both == mec.holds(game)
        assert (kinds[0.0, 0.0] == "stable") == none
        seen[both, none] += 1
    assert len(seen) == 4, "四种情形都试到了"


def test_signs():
    found = mec.statics()
    said = {r["symbol"]: r["sign"] for r in rows("game_models", model="evolution_two", element="comparative_static")}
    assert set(found.index) == set(said)
    assert {k: "positive" if v > 0 else "negative" for k, v in found["sign"].items()} == said
    assert found["reversed"].sum() == 0, "正文说没有一次反向"
    assert (found["agree"] + found["tied"] == found["tests"]).all()
    assert found["tests"].sum() == mec.DRAWS * 7
    base = mec.drawn()[0]
    raised = replace(base, betrayal=(base.betrayal[0], base.betrayal[1] * 1.5))
    assert games.basin(raised, side=41) < games.basin(base, side=41), "没有变的只是格子太粗"
    costly = replace(base, costs=(base.costs[0] * 1.25, base.costs[1]))
    assert games.basin(costly, side=9) < games.basin(base, side=9)
    assert mec.other_signs() == sum(r["model"].startswith("evolution_three") for r in rows("game_models"))
    assert mec.straight_check()["largest"] > 5


def test_shares_and_who_bears_the_cost():
    curves, base = mec.share_curves(), replace(mec.GAME, gain=mec.GAIN, betrayal=(1.0, 1.0))
    for name, costs in mec.COSTS.items():
        assert sum(costs) == pytest.approx(3)
        for share in mec.SHARES:
            own = share / 100 * mec.GAIN > costs[0] + 1 - 0.6
            other = (1 - share / 100) * mec.GAIN > costs[1] + 1 - 0.6
            assert (curves.loc[share, name] > 0) == (own and other)
        assert mec.needed_gain(replace(base, costs=costs), 0.5) == pytest.approx(max((c + 0.4) / 0.5 for c in costs))
    assert (curves.loc[50] > 50).all(), "分五成，各种情形都站得住"
    assert curves.loc[70, "单位成本高"] == 0
    assert mec.needed_gain(mec.costly("单位成本高"), 0.7) == pytest.approx((2.3 + 1 - 0.6) / 0.3)
    assert mec.needed_gain(mec.costly("单位成本高"), 0.5) == pytest.approx((2.3 + 1 - 0.6) / 0.5)
    assert mec.holds(replace(mec.costly("单位成本高", 0.7), gain=9.01)), "收益再高就不垮"
    assert abs(curves.loc[70, "团队成本高"] - curves.loc[50, "团队成本高"]) < 3, "几乎不变"
    assert (curves.loc[20] > 0).tolist() == [False, False, True]
    times = mec.multiples()
    assert times.loc[0.5].tolist() == pytest.approx([2, 2])
    assert times.loc[0.7].tolist() == pytest.approx([1 / 0.7, 1 / 0.3])
    assert times.loc[0.2, "team"] == pytest.approx(5)
    assert not mec.holds(mec.game(share=0.7)), "练习的答案"
    assert mec.needed_gain(mec.GAME, 0.7) == pytest.approx((1.6 + 1.1 - 0.6) / 0.3)


def test_the_panel_gets_the_game_on_the_figure():
    given = {s["key"]: s["value"] for s in mec.portrait()["sliders"]}
    assert mec.game(**given) == mec.GAME
    assert {s["key"] for s in mec.portrait()["sliders"] if s["kind"] != "假想"} == {"share"}
    assert "假想" in mec.said(mec.GAME)
    assert "法定" in mec.said(mec.GAME)


# ---- 共享平台 ----
@pytest.fixture(scope="module")
def seen():
    return {(r["institution"], int(r["year"])): r["rating"] for r in rows("facility_ratings")}


def test_quotas_by_hand(seen):
    count = Counter((year, rating) for (_, year), rating in seen.items())
    found = mec.quotas()
    for year in range(2018, 2025):
        assert found.loc[year, mec.RATINGS].tolist() == [count[year, r] for r in mec.RATINGS]
    assert {count[y, "excellent"] for y in range(2020, 2025)} == {50}
    assert {count[y, "good"] for y in range(2020, 2025)} == {100}
    assert count[2019, "excellent"] == 52


def test_moves_by_hand(seen):
    for first in (2018, mec.FIXED):
        moved = Counter(
            (rating, seen.get((unit, year + 1), "absent"))
            for (unit, year), rating in seen.items()
            if first <= year < 2024
        )
        total = Counter(start for start, _ in moved.elements())
        for row in mec.moves(first).itertuples():
            assert row.count == moved[row.start, row.end]
            assert row.total == total[row.start]
            assert (row.low, row.high) == pytest.approx(wilson(row.count, row.total), abs=1e-9)
    early, late = mec.move("excellent", "excellent"), mec.move("excellent", "excellent", mec.FIXED)
    assert early.low < late.high
    assert late.low < early.high, "正文说区间重叠"


def test_the_poor_are_absent_and_come_back(seen):
    poor = [(u, y) for (u, y), r in seen.items() if r == "poor" and y < 2024]
    gone = [k for k in poor if (k[0], k[1] + 1) not in seen]
    could = [(u, y) for u, y in poor if y + 2 <= 2024]
    back = [k for k in could if (k[0], k[1] + 2) in seen]
    assert mec.poor_leave() == {"poor": len(poor), "gone": len(gone), "back": len(back), "could": len(could)}
    assert len(gone) == len(poor), "毫无例外"
    table = mec.after_two_years()
    for kind, wanted in {"up": {"excellent", "good"}, "poor": {"poor"}}.items():
        rate, weight = {}, {}
        for start in ("poor", "qualified"):
            for year in range(2018, 2023):
                later = [seen[u, y + 2] for (u, y), r in seen.items() if (r, y) == (start, year) and (u, y + 2) in seen]
                rate[start, year], weight[start, year] = sum(r in wanted for r in later) / len(later), len(later)
        people = {y: weight["poor", y] for y in range(2018, 2023)}
        for start in ("poor", "qualified"):
            mean = sum(rate[start, y] * n for y, n in people.items()) / sum(people.values())
            assert table.loc[kind, start] == pytest.approx(mean), "合格的按年加权"
        assert table.loc[kind, "gap"] == pytest.approx(table.loc[kind, "poor"] - table.loc[kind, "qualified"])
        assert table.loc[kind, "low"] < 0 < table.loc[kind, "high"], "正文说都跨过零"
    assert (table["high"] - table["low"] > 0.1).all(), "区间宽"


def same_share(seen):
    pairs = [(r, seen[u, y + 1]) for (u, y), r in seen.items() if (u, y + 1) in seen]
    return sum(a == b for a, b in pairs) / len(pairs)


def test_persistence_by_hand(seen):
    plain = mec.persistence()
    assert plain.observed == pytest.approx(same_share(seen))
    draw, found = random.Random(3), []
    listed = {year: [u for u, y in seen if y == year] for year in range(2018, 2025)}
    for _ in range(40):
        mixed = {}
        for year, units in listed.items():
            ratings = [seen[u, year] for u in units]
            draw.shuffle(ratings)
            mixed |= {(u, year): r for u, r in zip(units, ratings, strict=True)}
        found.append(same_share(mixed))
    assert plain.expected == pytest.approx(np.mean(found), abs=0.006)
    assert plain.low < np.mean(found) < plain.high < plain.observed
    inside, whole = mec.persistence("administrator"), mec.persistence(balanced=True)
    assert plain.expected < inside.expected < inside.high < inside.observed
    assert whole.high < whole.observed
    assert mec.explained() == pytest.approx((inside.expected - plain.expected) / (plain.observed - plain.expected))
    loose = mec.persistence("placebo")
    assert plain.expected < loose.expected < inside.expected, "随意分的组也得到一部分"
    assert mec.explained("placebo") == pytest.approx(
        (loose.expected - plain.expected) / (plain.observed - plain.expected)
    )


def test_memory_by_hand(seen):
    three = mec.RATINGS[:3]
    step = np.array(
        [[sum(seen.get((u, y + 1)) == b for (u, y), r in seen.items() if r == a) for b in three] for a in three], float
    )
    step /= step.sum(axis=1, keepdims=True)
    for lag, row in mec.memory().iterrows():
        later = [seen[u, y + lag] for (u, y), r in seen.items() if r == "excellent" and (u, y + lag) in seen]
        assert (row["kept"], row["total"]) == (later.count("excellent"), len(later))
        assert row["one"] == pytest.approx(np.linalg.matrix_power(step, lag)[0, 0])
        assert 0.13 < row["random"] < 0.16
    five = mec.memory().loc[mec.LAG]
    assert five["low"] > five["one"] > five["random"], "区间在一步记忆之上"
    assert five["low"] < five["two"] < five["high"], "再前一年也记得，已在区间之内"
    assert mec.memory()["low"].iloc[-1] > mec.memory()["two"].iloc[-1], "隔得最久的一行刚在区间之外"
    assert mec.excess(1).low > 0
    assert not mec.excess(2).excludes(0), "分不开"


def test_two_years_of_memory_by_walking(seen):
    """再前一年也记得：照接连三年的转移随机走许多遍。"""
    three = mec.RATINGS[:3]
    first, second = Counter(), Counter()
    for (u, y), a in seen.items():
        b, c = seen.get((u, y + 1)), seen.get((u, y + 2))
        if a in three and b in three:
            first[a, b] += 1
            second[a, b, c] += c in three
    draw, kept, walks = random.Random(5), 0, 6000
    for _ in range(walks):
        a, b = "excellent", draw.choices(three, [first["excellent", k] for k in three])[0]
        for _ in range(mec.LAG - 1):
            a, b = b, draw.choices(three, [second[a, b, k] for k in three])[0]
        kept += b == "excellent"
    assert mec.memory().loc[mec.LAG, "two"] == pytest.approx(kept / walks, abs=0.02)


# ---- 政策激励与平台 ----
def number(indicator, year, **equal):
    values = {r["value"] for r in rows("regional_indicators", indicator=indicator, year=year, **equal)}
    (value,) = values
    return float(value)


def test_contracts_by_hand():
    sold = mec.transfers()
    who = {"entity": "universities_institutes"}
    for year in (2017, 2020, 2023):
        count, value = number("transfer_count_3modes", year, **who), number("transfer_value_3modes", year, **who)
        assert sold.loc[year].tolist() == pytest.approx([value, count, value / count * 1e4])
    assert sold["count"].is_monotonic_increasing
    assert sold["mean"].is_monotonic_decreasing
    made = mec.equity()
    assert made["count_share"] == pytest.approx(472 / 37741)
    assert made["value_share"] == pytest.approx(44.6 / 241.3)
    assert made["mean"] == pytest.approx(44.6 / 472 * 1e4)
    assert made["sold_mean"] == pytest.approx(106.1 / 23006 * 1e4)
    assert made["mean"] > 10 * made["sold_mean"], "少数大项目"


def test_platforms_by_hand():
    case = {(r["indicator"], r["year"]): float(r["value"]) for r in rows("industrial_base", topic="platform_case")}
    cosmo = mec.cosmoplat()
    profits = [case["cosmoplat_profit", str(y)] for y in (2023, 2024, 2025)]
    assert cosmo.profits == tuple(profits)
    assert cosmo.total == pytest.approx(sum(profits))
    assert cosmo.without == pytest.approx(sum(profits) - case["cosmoplat_subsidy", "2025"])
    assert cosmo.without < 0 < cosmo.total
    assert profits[0] < 0 > profits[1]
    assert (cosmo.haier, cosmo.data_share) == (50, case["cosmoplat_data_share", "2024"])
    (bound,) = {r["bound"] for r in rows("industrial_base", indicator="cosmoplat_subsidy")}
    assert bound == "at_least"
    assert mec.platforms() == {"before": 28, "added": 23, "after": 50, "left": 1}


def test_consortia_by_hand():
    lists = {}
    for r in rows("consortium_members"):
        lists.setdefault(r["consortium_id"], []).append(r)
    whole = {k for k, v in lists.items() if any(r["list_status"] == "complete" for r in v)}
    assert len(whole) == supply_chain.roster()["group"].nunique(), "两章说的是同一批名单"
    assert mec.consortia() == {
        "lists": len(lists),
        "complete": len(whole),
        "stakes": sum(all(r["stake"] for r in lists[k]) for k in whole),
    }
    assert [k for k in whole if all(r["stake"] for r in lists[k])] == [mec.VENTURE], "正文说真实的股比只找到一例"


def test_no_table_of_the_chapter_has_a_tax_number():
    used = ("regional_indicators", "industrial_base", "revenue_rules", "consortium_members", "facility_ratings")
    for name in used:
        assert "tax" not in {part for r in rows(name) for part in r.get("indicator", "").split("_")}
    graded = mec.graded().set_index("mechanism")
    assert graded.loc["政策激励：税收减免", "numbers"] == "没有"
    assert len(graded) == 8


@pytest.fixture(scope="module")
def text():
    return "\n".join(c["source"] for c in read(CHAPTER)["cells"] if c["cell_type"] == "markdown")


class TestSentences:
    """正文的定性判断，逐句对数据。"""

    def test_headline(self):
        h = mec.headline()
        assert (h["first"], h["law"], h["province"]) == (20, 50, 70)
        assert h["poor"] == h["gone"]
        most = [mec.objections(rule).iloc[0] for rule in ("equal", "input", "shapley")]
        assert most == sorted(most, reverse=True)

    def test_the_law_is_a_default(self, text):
        said = {
            r["name"]: r["description"]
            for r in json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))["resources"]
        }
        assert "2015 年的法律定的是没有约定时的法定下限" in said["revenue_rules"]
        assert "2015 年的法律允许先行约定" in text

    def test_the_payoffs_are_our_own_wording(self, text):
        tables = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))["resources"]
        (limits,) = (r["cannot_support"] for r in tables if r["name"] == "game_models")
        assert any("本书按文献所列要素的标准化" in limit for limit in limits)
        assert "式子是本书照文献" in text

    def test_the_law_splits_net_income(self):
        assert {
            r["base"] for r in rows("revenue_rules", mode="assignment_or_licence", beneficiary="key_contributors")
        } == {"net_income"}

    def test_administrators_are_listed_in_two_years_only(self):
        years = {r["year"] for r in rows("facility_ratings") if r["administrator"]}
        assert years == {"2018", "2019"}

    def test_shapley_leaves_out_a_substitute(self):
        first = mec.objections("shapley")
        assert all(("材料企业甲" in name) != ("材料企业乙" in name) for name in first.index)

    def test_no_outcome_column_in_the_consortium_table(self, text):
        assert "数据里没有一个联合体公布过收益" in text
        columns = set(rows("consortium_members")[0])
        assert not columns & {"profit", "revenue", "payoff", "benefit"}

    def test_more_units_reported(self):
        notes = {r["year"]: r["note"] for r in rows("regional_indicators", indicator="transfer_value_3modes")}
        assert int(notes["2017"].rstrip("家")) < int(notes["2023"].rstrip("所")), "填报的单位也多了"
