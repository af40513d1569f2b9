"""“顶层设计”一章的数字：从 CSV 另行重算，并看守每一句定性的话。"""

from collections import Counter, defaultdict
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binomtest

from chokepoint.coding import recode
from chokepoint.findings import top_design as td

from .raw import rows

ALL = rows("policies")
BREAK = "2022-07-01"
INDEX = [r for r in ALL if r["seen_in"] == "gov_index"]
PRESS = [r for r in ALL if r["seen_in"] == "press"]
SIGNED = defaultdict(list)
for _row in rows("policy_issuers"):
    SIGNED[_row["policy_id"]].append(_row["issuer"])


def year(row):
    return int(row["date"][:4])


def after(row):
    return row["date"] >= BREAK


def is_fund(row):
    return row["instrument"] == "fund" and row["unit"] == "CNY_100m"


def joint(row):
    many = int(row["issuers_named"]) > 1 or row["issuers_stated"] != "" or row["issuers_complete"] == "false"
    return many and not is_fund(row)


def target(row):
    return row["pillar"] or row["mode"]


def between(table, first, last):
    return [r for r in table if first <= year(r) <= last]


def share(table, flag):
    return sum(map(flag, table)) / len(table)


def is_pilot(row):
    return row["instrument"] == "pilot"


def day(text):
    return date.fromisoformat(text).toordinal()


def control_days(kind):
    """对华新设或收紧、知道日子的管制，去重、升序。"""
    keep = {
        "all": lambda r: True,
        "entity": lambda r: r["instrument"] == "entity_list",
        "chips": lambda r: r["domain"] in ("chips", "ai_computing", "telecom"),
    }[kind]
    return sorted(
        {
            day(r["date"])
            for r in rows("export_controls", direction="against_china", date_precision="day")
            if r["action"] in ("impose", "expand") and keep(r) and r["date"] < BREAK
        }
    )


def wave_days(kind, gap):
    out, last = [], None
    for d in control_days(kind):
        if last is None or d - last > gap:
            out.append(d)
        last = d
    return out


START = control_days("all")[0] - 90
LENGTH = day(BREAK) - START


def counted(docs, waves, window, sign=1):
    """逐日看：文件落没落在任一波之后（之前）的窗口里；时间轴首尾相接。"""
    inside = {(w - START + sign * k) % LENGTH for w in waves for k in range(1, window + 1)}
    return sum((d - START) % LENGTH in inside for d in docs)


def index_days(column="date"):
    found = [day(r[column]) for r in INDEX]
    return [d for d in found if START <= d < START + LENGTH]


class TestRecord:
    def test_kinds(self):
        table = td.source_table()
        for code, name in td.kinds().items():
            own = [r for r in ALL if r["seen_in"] == code]
            row = table.loc[name]
            assert (row["n"], row["after"]) == (len(own), sum(map(after, own)))
            assert row["day"] == sum(r["date_precision"] == "day" for r in own)
            assert row["number"] == sum(r["commitment"] != "" for r in own)
            assert row["before"] + row["after"] == row["day"] + row["coarse"] == row["n"]

    def test_yearly_splits_the_year_of_the_break(self):
        bars = td.yearly()
        names = list(td.kinds().values())
        assert bars[names].to_numpy().sum() == len(ALL)
        late = bars[bars["left"] >= 2022.5]
        assert late[names].to_numpy().sum() == sum(map(after, ALL))
        half = bars[bars["left"] == 2022]
        assert half[names].to_numpy().sum() == sum(year(r) == 2022 and not after(r) for r in ALL)
        assert ((bars["right"] - bars["left"]) == np.where(bars["left"].isin([2022, 2022.5]), 0.5, 1)).all()

    def test_per_year(self):
        for source, table in ((None, ALL), ("press", PRESS)):
            want = len(between(table, 2006, 2021)) / 16, len(between(table, 2023, 2025)) / 3
            assert td.per_year(source) == pytest.approx(want)

    def test_across_and_shares(self):
        flags = {"joint": joint, "number": lambda r: r["commitment"] != "", "plan": lambda r: r["instrument"] == "plan"}
        for column, flag in flags.items():
            for source, table in ((None, ALL), ("press", PRESS)):
                for side, part in (("before", False), ("after", True)):
                    own = [r for r in table if after(r) == part]
                    k = sum(map(flag, own))
                    low, high = binomtest(k, len(own)).proportion_ci(0.95, method="wilson")
                    assert td.across(column, source)[side] == pytest.approx((k / len(own), low, high))
        drawn = td.source_shares()
        assert drawn.loc["有数字：目录", "estimate"] == pytest.approx(100 * share(INDEX, flags["number"]))
        late = [r for r in PRESS if after(r)]
        assert drawn.loc["联合发文：新闻，断点后", "estimate"] == pytest.approx(100 * share(late, joint))

    def test_standardised(self):
        late, total = Counter(r["seen_in"] for r in ALL if after(r)), 0
        for source, n in late.items():
            total += n * share([r for r in ALL if r["seen_in"] == source and not after(r)], joint)
        found = td.standardised_joint()
        assert found.estimate == pytest.approx(total / sum(late.values()))
        assert found.low < found.estimate < found.high

    def test_departmental_leaves_out_what_the_archive_used_to_hold(self):
        ministries = {
            "miit",
            "miit_office",
            "ndrc",
            "mof",
            "sta",
            "most",
            "mohrss",
            "cnipa",
            "pboc",
            "cbirc",
            "nfra",
            "csrc",
        }
        own = [r for r in PRESS if ministries & set(SIGNED[r["policy_id"]]) and not is_fund(r)]
        assert sorted(td.departmental().index) == sorted(r["policy_id"] for r in own)
        for part, found in zip((False, True), td.departmental_joint(), strict=True):
            assert found.estimate == pytest.approx(share([r for r in own if after(r) == part], joint))
        gap = td.departmental_joint()[1].estimate - td.departmental_joint()[0].estimate
        assert td.press_change(departments=True).observed == pytest.approx(gap)

    def test_lag(self):
        lags = [(day(r["published"]) - day(r["date"]), year(r)) for r in INDEX]
        found = td.publication_lag()
        assert found["median"] == np.median([d for d, _ in lags])
        assert found["slow"] == sum(d > 100 for d, _ in lags)
        assert found["slow_last"] == max(y for d, y in lags if d > 100)


class TestInstruments:
    def test_grid(self):
        grid = td.instrument_grid()
        spans = ((2006, 2010), (2011, 2015), (2016, 2020), (2021, 2022))
        for column, span in zip(grid.columns, spans, strict=True):
            own = between(INDEX, *span)
            assert grid[column].sum() == len(own)
            assert column.endswith(f"\n{len(own)}")
            assert grid.loc["试点与示范", column] == sum(map(is_pilot, own))

    @pytest.mark.parametrize("way", list(td.PILOT_WAYS))
    def test_pilots(self, way):
        own = between(INDEX, 2011, 2020)
        if way == "同日同工具合为一件":
            own = list({(r["date"], r["instrument"]): r for r in own}.values())
        elif way == "不收“批复”":
            own = [r for r in own if "批复" not in r["title"]]
        elif way == "不收“推广”":
            own = [r for r in own if "推广" not in r["title"]]
        elif way == "不收 2016 年":
            own = [r for r in own if year(r) != 2016]
        old, new = between(own, 2011, 2015), between(own, 2016, 2020)
        found = td.pilot_change(way)
        assert (found["n_old"], found["n_new"]) == (len(old), len(new))
        assert found["change"] == pytest.approx(share(new, is_pilot) - share(old, is_pilot))
        assert found["low"] < found["change"] < found["high"]
        every, gaps = sorted({year(r) for r in own}), []
        for late in combinations(every, len([y for y in every if y > 2015])):
            sides = [[r for r in own if (year(r) in late) == side] for side in (True, False)]
            gaps.append(abs(share(sides[0], is_pilot) - share(sides[1], is_pilot)))
        assert found["ways"] == len(gaps)
        assert found["p"] == pytest.approx(np.mean([g >= found["change"] - 1e-9 for g in gaps]))

    def test_burst(self):
        found = [r for r in INDEX if is_pilot(r)]
        assert td.pilots() == (len(between(found, 2016, 2016)), len(between(found, 2016, 2020)), len(found))


class TestIssuers:
    def test_counts(self):
        alone = [v for v in SIGNED.values() if v in (["state_council"], ["state_council_office"])]
        assert td.lone_council() == len(alone)
        table = td.coordination()["n"]
        assert list(table) == [
            sum(joint(r) and r["issuers_named"] != "1" for r in ALL),
            sum(joint(r) and r["issuers_named"] == "1" for r in ALL),
            sum("转发" in r["title"] for r in INDEX),
            sum("联席会议" in r["title"] or "领导小组" in r["title"] for r in INDEX),
        ]

    def test_grid_holds_every_signature(self):
        grid = td.cosign_grid()
        names = [r["policy_id"] for r in ALL if joint(r)]
        assert int((grid == 1).to_numpy().sum()) == sum(len(SIGNED[p]) for p in names)
        assert int((grid == 0.3).to_numpy().sum()) == sum(joint(r) and r["issuers_complete"] == "false" for r in ALL)
        assert len(grid) == len(names) + 1
        place = list(grid.index).index("—— 目录中断 ——")
        assert place == sum(joint(r) and not after(r) for r in ALL)

    def test_known_pairs(self):
        many = [r for r in ALL if joint(r)]
        seen = sum(len(list(combinations(SIGNED[r["policy_id"]], 2))) for r in many)
        known = sum(len(list(combinations(range(int(r["issuers_stated"] or r["issuers_named"])), 2))) for r in many)
        assert td.known_pairs() == {"seen": seen, "known": known}
        weights = sum(w for *_, w in td.cosign().edges(data="weight"))
        assert weights == seen

    def test_repeated(self):
        signed = [SIGNED[r["policy_id"]] for r in ALL if joint(r)]
        counts = Counter(pair for v in signed for pair in combinations(sorted(v), 2))
        assert td.cosign_chance().observed == sum(v > 1 for v in counts.values())
        rest = Counter(
            p for v in signed if set(v) != {"cpc_central", "state_council"} for p in combinations(sorted(v), 2)
        )
        assert td.cosign_chance(party=False).observed == sum(v > 1 for v in rest.values())


class TestCoverage:
    def test_matrix(self):
        found, counts = td.coverage(), Counter((r["strategy"], target(r)) for r in ALL)
        assert found.to_numpy().sum() == len(ALL)
        assert all(found.loc[s, t] == n for (s, t), n in counts.items())
        spread = td.spread_of(found)
        assert spread["empty"] == found.size - len(counts)
        assert spread["effective"] == pytest.approx(1 / sum((n / len(ALL)) ** 2 for n in counts.values()))
        assert spread["top"] == pytest.approx(sum(sorted(counts.values())[-10:]) / len(ALL))
        levels, text = td.coverage_levels()
        raw = found.to_numpy()
        want = (raw > 0).astype(int) + (raw > 1) + (raw > 4)
        assert (levels.to_numpy() == want).all()
        assert (text.to_numpy() == raw.astype(str)).all()

    def test_titles(self):
        own = [r for r in ALL if r["pillar"] == "components"]
        assert td.chip_titles() == (sum("集成电路" in r["title"] for r in own), len(own))
        base = [r for r in ALL if r["pillar"] == "technology_base"]
        assert td.base_without_standards() == (len(base), sum(r["strategy"] != "standards" for r in base))


class TestRecoding:
    def test_every_claim_holds_as_coded(self):
        s, t, i = (Counter(f(r) for r in ALL) for f in (lambda r: r["strategy"], target, lambda r: r["instrument"]))
        cells = Counter((r["strategy"], target(r)) for r in ALL)
        old, new = between(INDEX, 2011, 2015), between(INDEX, 2016, 2020)
        pillars = {k: t[k] for k in ("components", "materials", "processes", "technology_base")}
        modes = {k: t[k] for k in ("industry_university", "supply_chain", "cross_regional", "international")}

        def plan(r):
            return r["instrument"] == "plan"

        want = [
            {k for k, _ in s.most_common(2)} == {"top_design", "fiscal_finance"},
            i["plan"] > len(ALL) / 2,
            i["fund"] + i["subsidy"] + i["tax"] + i["procurement"] < i["plan"],
            t["all"] > sum(pillars.values()),
            max(pillars, key=pillars.get) == "technology_base",
            min(pillars, key=pillars.get) == "materials",
            max(modes, key=modes.get) == "cross_regional",
            len(cells) < 36,
            ("fiscal_finance", "materials") not in cells,
            1 / sum((n / len(ALL)) ** 2 for n in cells.values()) < 18,
            share(new, is_pilot) > share(old, is_pilot),
            share(new, plan) < share(old, plan),
        ]
        assert all(want)
        assert list(td.statements()["now"]) == want

    def test_even_spreads_more_than_kept(self):
        rng, columns = np.random.default_rng(2), tuple(codes for _, codes in td._codes())
        empty = {
            e: np.mean([(td.tally(recode(columns, 0.3, rng, e)).cells == 0).sum() for _ in range(60)])
            for e in (True, False)
        }
        assert empty[True] < empty[False] < td.spread_of(td.coverage())["empty"]

    def test_nothing_changed_nothing_moves(self):
        assert all(td.judge(tuple(codes for _, codes in td._codes())))


class TestNumbers:
    def test_status_and_funds(self):
        assert dict(td.number_status()) == Counter(r["status"] for r in ALL if r["status"])
        assert td.measure_counts() == sum(r["commitment"] == "measures" for r in ALL)
        want = sorted(
            (float(r["value"]) for r in ALL if r["instrument"] == "fund" and r["unit"] == "CNY_100m"), reverse=True
        )
        assert list(td.funds()["value"]) == want


class TestTiming:
    @pytest.mark.parametrize("kind", ["all", "entity", "chips"])
    def test_waves(self, kind):
        base = date(2006, 1, 1).toordinal()
        assert list(td.waves(kind) + base) == wave_days(kind, 30)
        assert list(td.waves(kind, gap=90) + base) == wave_days(kind, 90)

    @pytest.mark.parametrize(("kind", "window", "sign"), [("all", 30, -1), ("chips", 60, 1)])
    def test_shift_every_day(self, kind, window, sign):
        docs, waves = index_days(), wave_days(kind, 30)
        placed = [counted(docs, [w + k for w in waves], window, sign) for k in range(1, LENGTH)]
        real = counted(docs, waves, window, sign)
        found = td.follow(window, kind=kind, sign=sign)
        assert found.observed == real
        assert found.expected == pytest.approx(np.mean(placed))
        far = sum(abs(v - np.mean(placed)) >= abs(real - np.mean(placed)) - 1e-9 for v in placed)
        assert found.p == pytest.approx((1 + far) / LENGTH)

    def test_published(self):
        docs = index_days("published")
        assert td.follow(basis="published").observed == counted(docs, wave_days("all", 30), 60)

    def test_within_year_keeps_each_year(self):
        true = td.waves()
        start, stop = td.span()
        placed = td._within_year(true, start, stop)
        base = date(2006, 1, 1).toordinal()
        years = [date.fromordinal(int(d) + base).year for d in true]
        for row in placed[:50]:
            assert [date.fromordinal(int(d) + base).year for d in row] == years
        assert (placed >= start).all()
        assert (placed < stop).all()

    def test_planted_effect_is_found(self):
        """每波之后两到四天各有一件：这样的跟随，同一条线（中间 95% 之外）看得出；放到窗口之外便看不出。"""
        waves = td.waves()
        start, stop = td.span()
        docs = np.sort(np.concatenate([waves + 2, waves + 3, waves + 4]))
        length = stop - start
        moved = td.hits(docs, waves[None, :] + np.arange(1, length)[:, None], 30, length)
        assert td.hits(docs, waves[None, :], 30, length)[0] == len(docs) > np.quantile(moved, 0.975)
        late = td.hits(np.sort(docs + 20), waves[None, :], 15, length)[0]
        assert late < len(docs) / 3

    def test_detectable(self):
        found, power = td.follow(), td.detectable()
        assert power["n"] == len(index_days())
        assert found.expected + power["extra"] == pytest.approx(np.floor(found.high) + 1)


class TestSentences:
    """正文里定性的话。数据变了而话没改，这里失败。"""

    def test_index_ends_before_the_break(self):
        assert not any(map(after, INDEX))
        assert all(r["date_precision"] == "day" for r in ALL if r["seen_in"] != "press")
        kinds = td.source_table()
        assert kinds["number"].idxmax() == kinds.index[2]
        assert kinds["doc_number"].iloc[0] > 0.9 * kinds["doc_number"].sum()

    def test_sources_make_the_change(self):
        before, now = td.per_year("press")
        whole = td.per_year()
        assert now > 3 * before
        assert abs(whole[1] / whole[0] - 1) < 0.15
        assert not any(joint(r) for r in ALL if r["seen_in"] != "press")
        assert td.across("joint")["after"].low > td.across("joint")["before"].high
        assert td.across("joint", "press")["after"].estimate > td.across("joint", "press")["before"].estimate
        early, late = (td.across("joint")[k].estimate for k in ("before", "after"))
        mixed = td.standardised_joint()
        assert mixed.low > early  # 光是构成就造得出增多
        assert mixed.low < late < mixed.high  # 断点后的落在区间里
        before_, after_ = td.departmental_joint()
        assert after_.estimate > before_.estimate
        council = [r for r in PRESS if SIGNED[r["policy_id"]] == ["state_council_office"]]
        assert council
        assert all(map(after, council))  # 断点之后，国办的文件才见于新闻
        assert all(td.press_change(**k).p > 0.1 for k in ({}, {"departments": True}, {"column": "number"}))
        assert td.across("number")["after"].estimate > td.across("number")["before"].estimate
        assert td.across("number", "press")["after"].estimate < td.across("number", "press")["before"].estimate

    def test_pilots_rise_in_every_way(self):
        assert all(td.pilot_change(way)["low"] > 0 for way in td.PILOT_WAYS)
        assert td.pilot_change()["old"] == 0
        assert all(td.pilot_change(way)["p"] < 0.05 for way in td.PILOT_WAYS)  # 按年打乱
        i = Counter(r["instrument"] for r in ALL)
        assert i["plan"] > 3 * sum(i[k] for k in td.MONEY)  # 远多于
        assert td.pilots()[0] > td.pilots()[1] / 2
        assert len(td.zone_approvals()) == sum("自主创新示范区" in r["title"] and "批复" in r["title"] for r in INDEX)

    def test_network_cannot_bear_a_null(self):
        assert td.cosign_chance().p < 0.05 < td.cosign_chance(party=False).p
        pairs = td.known_pairs()
        assert pairs["seen"] < 0.3 * pairs["known"]
        assert set(td.cosign()["cpc_central"]) == {"state_council"}
        assert set(td.cosign()["state_council"]) == {"cpc_central"}  # 只与对方签
        most, how_many = td.most_stated()
        top = [r for r in ALL if r["issuers_stated"] == str(most)]
        assert len(top) == how_many
        assert all(r["issuers_named"] == "1" for r in top)  # 只写了牵头的

    def test_coverage(self):
        found = td.coverage()
        named = [r for r in ALL if "标准" in r["title"] or "计量" in r["title"]]
        assert all(r["strategy"] == "standards" for r in named)
        assert all(r["pillar"] == "technology_base" for r in ALL if r["strategy"] == "standards")
        base, rest = td.base_without_standards()
        parts = sum(r["pillar"] == "components" for r in ALL)
        assert parts < rest < 1.5 * parts < base  # 去掉规则定死的，领先就薄了
        assert found.loc["open_ecosystem", "international"] > 0.8 * found.loc["open_ecosystem"].sum()
        assert not any(r["pillar"] and r["mode"] for r in ALL)
        loose, tight = td.empty_chance(), td.empty_chance(False)
        assert loose.observed > loose.high
        assert tight.observed > tight.high
        assert tight.observed - tight.expected < 0.6 * (loose.observed - loose.expected)
        assert not any(word in r["title"] for r in ALL for word in ("轴承", "齿轮", "液压"))
        hit, of = td.chip_titles()
        assert hit > 0.8 * of

    def test_recoding(self):
        said, firm = td.statements(), td.firm()
        assert {
            "动钱的工具合计少于规划与意见",
            "四根支柱里，产业技术基础最多",
            "目录里，试点的比例后一期高于前一期",
        } == set(firm)
        for name in (td.PLAN_HALF, td.EMPTY_HALF):
            assert said.loc[name, ["even_10", "kept_10"]].max() < 0.5
        assert said.loc["四根支柱里，材料最少"].drop("now").max() < td.FIRM
        assert said.loc["“不分支柱”多于四根支柱之和", "even_30"] < 0.5
        assert td.plan_share().low < 0.5 < td.plan_share().high

    def test_no_following(self):
        rows_ = td.follow_rows()
        assert (rows_["observed"].iloc[:3] < 1).all()
        assert not rows_["outside"].iloc[:6].any()
        inside = rows_.drop(index="跨过断点，连新闻")
        assert not (inside["observed"] > inside["high"]).any()
        found = td.every_test()
        assert found.loc[found["p"] < td.ALPHA, "fewer"].all()
        tests = td.significant()
        assert tests["strict"] == 0
        found = td.every_test()
        assert tests["more"] == (~found["fewer"]).sum() > 0
        assert tests["more_p"] > td.ALPHA
        assert tests["more"] < tests["of"] / 2
        docs, middle = index_days(), START + LENGTH / 2
        base = date(2006, 1, 1).toordinal()
        assert sum(d < middle for d in docs) > len(docs) / 2  # 文件在减
        assert sum(w + base < middle for w in td.waves()) < len(td.waves()) / 2  # 管制在增
        assert tests["year"] < tests["n"] / 2
        assert td.follow(null="year").p > 0.5
        assert td.follow(td.OTHER_WINDOW).p > 0.05 < td.follow(td.OTHER_WINDOW, null="year").p
        start, stop = td.span()
        days = {(w + k) for w in td.waves() for k in range(1, td.WINDOWS[-1] + 1)}
        assert len([d for d in days if d < stop]) > (stop - start) / 2  # 最宽的窗口盖住大半日子
