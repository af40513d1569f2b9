"""“动态评估”一章的数字：目标达到没有，知道多少；两版芯片图怎样对照；监测规则若早就写下，会怎样报警。

判定出自目标表，是编者按见到的证据作的；这里另按数重判一遍。类型的归法、监测的界线都是本书的。没有确定结果的目标
（没有公布、换了口径、没有查到、临界或只有预计）一律当作不知道，从不算作没有达到。
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy import stats

from .. import coding, data, evaluation, inference
from ..evaluation import Watch
from . import industry_chain as chain
from . import international, materials, paths
from . import processes as prc

#: 判定 → 归并的结果，次序即图例的次序。
GROUPS = {
    "met": "达到", "met_early": "达到", "missed": "未达到", "met_on_projection": "临界或只有预计",
    "borderline": "临界或只有预计", "definition_broken": "口径换了", "no_public_outcome": "没有公开测量",
    "not_collected": "本书没有查到", "dropped": "指标消失", "pending": "未到期",
}  # fmt: skip
MET, MISSED, PENDING, DROPPED, ABSENT = "达到", "未达到", "未到期", "指标消失", "本书没有查到"
#: 依据不是同口径的结果、由推断作的两处判定（目标表的局限里写明）。
INFERRED = ("mic_ic70", "ic12_demand")
#: 目标的类型，本书的归法：自给与份额、普及、名次与评分、数量；其余为比率（含增速）。
TYPES = ("数量", "比率", "名次与评分", "普及", "自给与份额")
SUPPLY = TYPES[-1]
_CODED = {
    "自给与份额": "technology_dependence smart_equipment_satisfaction industrial_software_satisfaction "
    "core_components_materials_self_supply ic_self_sufficiency robot_domestic_share smartphone_chip_domestic_share "
    "industrial_sensor_domestic_share ic_world_share ic_domestic_supply own_ic_share_in_key_systems "
    "chip_production_world_share",
    "普及": "digitalised_firms smart_demo_factories maturity_level2_share maturity_level3_share_key_industries "
    "maturity_level3_share_key_regions digital_coverage_key_firms sme_digital_services",
    "名次与评分": "patent_grant_rank paper_citation_rank national_innovation_rank ip_protection_satisfaction "
    "robot_density_rank quality_competitiveness_index",
    "数量": "rd_expenditure hitech_firm_revenue overseas_patents_granted ip_royalties_trade_total solution_suppliers "
    "standards_revised industrial_internet_platforms suppliers_above_5bn ic_sales ic_output design_firms_above_2bn "
    "component_sales component_firms_above_10bn patent_related_tech_contracts patent_intensive_product_output "
    "advanced_pilot_platforms core_components_items key_materials_items processes_items fund_total",
}
#: 也说得通的另一种归法。
_ELSE = {
    "数量": "high_value_invention_patents_per_10k ip_pledge_growth ic_sales_growth pledge_growth_in_parks rd_growth "
    "smart_demo_factories sme_digital_services",
    "比率": "technology_dependence ic_world_share chip_production_world_share smart_equipment_satisfaction "
    "industrial_software_satisfaction ip_protection_satisfaction digitalised_firms maturity_level2_share "
    "maturity_level3_share_key_industries maturity_level3_share_key_regions",
    "普及": "science_literacy industrial_internet_platforms solution_suppliers",
    "名次与评分": "first_instance_ip_acceptance",
}
#: 结果之外，另有逐年公报或序列的指标：（表，指标）。
SERIES = {
    "rd_to_gdp": ("cn_rd", "rd_intensity"),
    "rd_expenditure": ("cn_rd", "rd_total"),
    "basic_research_share": ("cn_rd", "rd_basic_share"),
    "ic_self_sufficiency": ("policy_series", "ic_production_share_china_located"),
}
#: 序列与结果的口径不同、不可相接的：研发强度的序列是首次公布数，结果里后几年是 GDP 修订后的。
UNJOINED = ("rd_to_gdp",)
#: 修订 GDP 之后的研发强度。
REVISED = "rd_intensity_revised"
#: 达成率过没有过这条线。
HALF = 0.5
#: 回测里报警只靠一格、而那一格是两个来源之差的目标。
THIN = ("mic_robot50",)
#: 芯片图换用的“一家”的线（百分数）。
OTHER_LINES = (50.0, 60.0, 70.0, 75.0, 80.0, 90.0)
#: 随机改归类的次数与比例；打乱次数。
DRAWS, SHARES = 1_000, (0.1, 0.2, 0.3)
#: 追赶的报警线（所需的速度是已有的几倍）与连续期数；检验时换用的各档。
BEHIND, BEHIND_RUNS = 1.5, 1
#: 图上只画目标年以前这么多年。
AHEAD = 7
LINES, RUNS = (1.0, 1.25, 1.5, 2.0, 3.0), (1, 2, 3)


def _codes(words: dict[str, str]) -> dict[str, str]:
    return {code: kind for kind, text in words.items() for code in text.split()}


@cache
def targets() -> pd.DataFrame:
    """目标表，索引为目标代码；另加 ``group`` 归并的结果、``kind`` 类型、``name`` 指标的中文名、``plan_name``。

    表里记作未到期、而目标年已有别的目标的结果可查的，其实是没有查到，归入“本书没有查到”，留在分母里。
    """
    table = data.load("targets").set_index("target_id")
    kinds = table["indicator"].map(_codes(_CODED)).fillna(TYPES[1])
    over = table["verdict"].eq("pending") & table["target_year"].le(data.load("target_outcomes")["year"].max())
    return table.assign(
        group=table["verdict"].map(GROUPS).mask(over, ABSENT),
        kind=kinds,
        name=table["indicator"].map(data.labels("targets", "indicator")),
        plan_name=table["plan"].map(data.labels("targets", "plan")),
    )


def due() -> pd.DataFrame:
    """到期而没有被撤掉的目标：达成率的分母。"""
    table = targets()
    return table[~table["group"].isin([PENDING, DROPPED])]


def once(table: pd.DataFrame) -> pd.DataFrame:
    """同一个目标写进两个规划的，只留一个（指标、目标年、目标值都相同）。"""
    return table.drop_duplicates(["indicator", "target_year", "target_value"])


def by_kind() -> pd.DataFrame:
    """类型 × 结果的个数，行序同 :data:`TYPES`。"""
    table = targets()
    return pd.crosstab(table["kind"], table["group"]).reindex(
        index=TYPES, columns=list(dict.fromkeys(GROUPS.values())), fill_value=0
    )


# ---- 达成率 ------------------------------------------------------------------------------------------


def _three(table: pd.DataFrame, met=(MET,), missed=(MISSED,)) -> tuple[int, int, int]:
    """（达到，未达到，不知道）的个数。"""
    good, bad = table["group"].isin(met).sum(), table["group"].isin(missed).sum()
    return int(good), int(bad), int(len(table) - good - bad)


@cache
def rates() -> pd.DataFrame:
    """各种算法的达成率。

    Returns
    -------
    pandas.DataFrame
        索引为算法；``met``、``missed``、``unknown`` 个数，``known``、``low``、``high`` 有结果的里面的占比与 Wilson
        区间，``least``、``most`` 上下界（都是 0–1）。
    """
    table, found = due(), rejudged()
    verdict = table["verdict"]
    unsure = table.assign(group=table["group"].mask(table.index.isin(INFERRED), "推断"))
    own = found.reindex(table.index)["number"].map({"met": MET, "missed": MISSED}).fillna("不知道")
    projected = table.assign(group=table["group"].mask(verdict.eq("met_on_projection"), MET))
    strict = table.assign(group=table["group"].mask(verdict.eq("borderline"), MISSED))
    ways = {
        "照表里的判定": table,
        "只有预计的也算达到": projected,
        "临界的算未达到": strict,
        "推断的判定当作不知道": unsure,
        "同一个目标只算一次": once(table),
        "只认数能确认的": table.assign(group=own),
        "不计本书没有查到的": table[table["group"] != ABSENT],
    }
    return _bounded(ways)


def _bounded(parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """几批目标各自的达成率，列同 :func:`rates`。"""
    rows = {}
    for name, part in parts.items():
        counts = _three(part)
        bounds = evaluation.met_bounds(*counts)
        rows[name] = [*counts, *bounds.known, bounds.low, bounds.high]
    columns = ["met", "missed", "unknown", "known", "low", "high", "least", "most"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return frame.astype({"met": int, "missed": int, "unknown": int})


def kind_rates() -> pd.DataFrame:
    """自给与份额一类、其余各类的达成率，列同 :func:`rates`。"""
    table = due()
    own = table["kind"] == SUPPLY
    return _bounded({f"只看{SUPPLY}": table[own], "其余各类": table[~own]})


def rate_rows() -> pd.DataFrame:
    """供套叠的区间（%）：``main``、``low``、``high`` 有结果的里面的占比与区间，``least``、``most`` 上下界。"""
    frame = pd.concat([rates(), kind_rates()])[["known", "low", "high", "least", "most"]] * 100
    return frame.rename(columns={"known": "main"})


# ---- 重判 --------------------------------------------------------------------------------------------


def usable() -> pd.DataFrame:
    """可以用来判定的结果：口径相同或相近，且不是预测。"""
    table = data.load("target_outcomes")
    return table[table["definition_match"].isin(["same", "close"]) & (table["status"] != "forecast")]


@cache
def rejudged(margin: float = 0.0) -> pd.DataFrame:
    """有可用结果的目标，不看原判定，只按数重判。

    取目标年或以前最近一年的数；同年几个数（口径不同）判得不一样的，记“口径不一”。目标年以前的数没有达到，不能说
    最后没有达到；只有目标年以后的数，也不能说按期达到；只有约数的，记临界。

    Returns
    -------
    pandas.DataFrame
        索引为目标代码；``year``、``value``（判定所用的数，同年取首个）、``number`` 重判：``met``、``missed``、
        ``borderline``、``mixed``，说不准为 ``early``（没有到目标年的数）、``late``（只有目标年以后的）；``recorded``
        原来的归并结果，``agrees`` 一致没有，``early`` 提前达到没有（有数的最早年份早于目标年）。
    """
    table, rows = targets(), {}
    for code, part in usable().groupby("target_id"):
        goal = table.loc[code]
        side = "ge" if goal["comparator"] == "at_least" else "le"
        inside = part[part["year"] <= goal["target_year"]]
        if inside.empty:
            rows[code] = (int(part["year"].min()), float(part["value"].iloc[0]), "late", False)
            continue
        last = inside[inside["year"] == inside["year"].max()]
        calls = {
            "borderline" if row.bound == "about" else evaluation.judge(row.value, goal["target_value"], side, margin)
            for row in last.itertuples()
        }
        call = calls.pop() if len(calls) == 1 else "mixed"
        year = int(last["year"].iloc[0])
        if call == "missed" and year < goal["target_year"]:
            call = "early"
        good = [evaluation.judge(v, goal["target_value"], side) == "met" for v in inside["value"]]
        first = inside.loc[good, "year"].min() if any(good) else np.inf
        rows[code] = (year, float(last["value"].iloc[0]), call, bool(first < goal["target_year"]))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["year", "value", "number", "early"])
    frame = frame.assign(recorded=table["group"], verdict=table["verdict"])
    said = frame["number"].map({"met": MET, "missed": MISSED, "borderline": "临界或只有预计"})
    timed = ~((frame["verdict"] == "met_early") & ~frame["early"])
    unsure = said.isna() & ~frame["recorded"].isin([MET, MISSED])
    return frame.assign(agrees=((said == frame["recorded"]) & timed) | unsure)


#: 按数说不准的。
UNSURE = ("early", "late", "mixed")
#: 判得不同的，为什么。
_WHY = {
    "early": "没有目标年的数",
    "late": "只有目标年以后的数",
    "mixed": "同年几个口径判得不同",
    "missed": "按数差一点，原判临界",
    "met": "达到，但自己的数看不出提前",
}
_SAID = {
    "met": "达到", "missed": "未达到", "borderline": "临界", "early": "说不准", "late": "说不准", "mixed": "说不准",
}  # fmt: skip


def differing() -> pd.DataFrame:
    """数没有确认原判定的目标：``name``、``goal``、``recorded``、``number``、``value``、``why``（文字）。"""
    frame, table = rejudged(), targets()
    frame = frame[~frame["agrees"]].join(table[["name", "target_year", "target_value"]])
    label = data.labels("targets", "verdict")
    return pd.DataFrame(
        {
            "name": frame["name"],
            "goal": [f"{y} 年 {v:g}" for y, v in zip(frame["target_year"], frame["target_value"], strict=True)],
            "recorded": frame["verdict"].map(label),
            "number": frame["number"].map(_SAID),
            "value": [f"{y} 年 {v:g}" for y, v in zip(frame["year"], frame["value"], strict=True)],
            "why": frame["number"].map(_WHY),
        }
    )


def margins(values: tuple[float, ...] = (0.0, 0.01, 0.02, 0.05)) -> pd.DataFrame:
    """离目标多近算临界：行为宽度，列 ``met``、``missed``、``borderline`` 的个数。"""
    rows = {v: rejudged(v)["number"].value_counts() for v in values}
    return pd.DataFrame(rows).T.reindex(columns=["met", "missed", "borderline"]).fillna(0).astype(int)


def replaced() -> pd.DataFrame:
    """指标消失与口径换了的目标：``name`` 指标与目标、``plan``、``fate``、``why``（目标表的备注与口径说明）。"""
    table = targets()
    table = table[table["verdict"].isin(["dropped", "definition_broken"])]
    words = table[["note", "definition_note"]].fillna("").agg(lambda r: "；".join(w for w in r if w), axis=1)
    names = [
        f"{n}（{y} 年" + ("，没有数）" if pd.isna(v) else f" {v:g}）")
        for n, y, v in table[["name", "target_year", "target_value"]].itertuples(index=False)
    ]
    fate = table["verdict"].map(data.labels("targets", "verdict"))
    return pd.DataFrame({"name": names, "plan": table["plan_name"], "fate": fate, "why": words})


# ---- 类型：换一种归法 ---------------------------------------------------------------------------------


def kind_bounds() -> pd.DataFrame:
    """各类的个数，逐个改用另一种归法时的最少与最多（:func:`coding.category_bounds`）。"""
    table = targets()
    return coding.category_bounds(table["kind"], table["indicator"].map(_codes(_ELSE)))


def supply_test(table: pd.DataFrame, kinds: pd.Series) -> dict[str, float]:
    """自给与份额一类，与其余各类相比：``met``、``missed`` 各类的个数，``rest_met``、``rest_missed``，``p`` Fisher。"""
    own = kinds.reindex(table.index) == SUPPLY
    first, rest = _three(table[own])[:2], _three(table[~own])[:2]
    same = min(sum(first), sum(rest)) == 0 or first[0] + rest[0] == 0 or first[1] + rest[1] == 0
    p = 1.0 if same else evaluation.association(first, rest).p
    return {"met": first[0], "missed": first[1], "rest_met": rest[0], "rest_missed": rest[1], "p": p}


def supply_ways() -> dict[str, dict[str, float]]:
    """:func:`supply_test` 的两种做法：照判定、推断的不算。"""
    table = due()
    sure = table[~table.index.isin(INFERRED)]
    return {"照判定": supply_test(table, table["kind"]), "推断的不算": supply_test(sure, table["kind"])}


def supply_chips() -> int:
    """自给与份额一类未达到的目标里，说集成电路的有几个。"""
    table = due()
    return int(table.loc[table["group"].eq(MISSED) & table["kind"].eq(SUPPLY), "indicator"].str.startswith("ic_").sum())


@cache
def relabelled(seed: int = inference.SEED) -> pd.DataFrame:
    """随机把一部分目标改归别的类，三句话还成不成立。

    Returns
    -------
    pandas.DataFrame
        索引为改动的比例；``none`` 自给类没有一个达到的占多少次，``lowest`` 自给类有结果的里面达到的占比最低（含并列），
        ``unmeasured`` 自给类“没有公开测量”的占比最高（0–1）。
    """
    table, rng = targets(), np.random.default_rng(seed)
    at = {k: i for i, k in enumerate(TYPES)}
    base, own = table["kind"].map(at).to_numpy(), at[SUPPLY]
    masks = {
        "met": table["group"].eq(MET), "missed": table["group"].eq(MISSED), "hidden": table["group"].eq("没有公开测量"),
        "all": ~table["group"].isin([PENDING, DROPPED]),
    }  # fmt: skip
    rows = {}
    for share in SHARES:
        held = []
        for _ in range(DRAWS):
            moved = rng.random(len(base)) < share
            kind = np.where(moved, (base + rng.integers(1, len(TYPES), len(base))) % len(TYPES), base)
            count = {n: np.bincount(kind[m], minlength=len(TYPES)) for n, m in masks.items()}
            known = count["met"] + count["missed"]
            rate = np.divide(count["met"], known, out=np.full(len(TYPES), np.inf), where=known > 0)
            blank = np.divide(count["hidden"], count["all"], out=np.zeros(len(TYPES)), where=count["all"] > 0)
            held.append((count["met"][own] == 0, rate[own] <= rate.min(), blank[own] >= blank.max()))
        rows[share] = np.mean(held, axis=0)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["none", "lowest", "unmeasured"])


def supply_gap() -> tuple[float, float]:
    """自给与份额一类的达成率减其余各类的，没有结果的往两头算：下端与上端（−1 到 1）。"""
    table = due()
    own = table["kind"] == SUPPLY
    return evaluation.difference_bounds(_three(table[own]), _three(table[~own]))


# ---- 写了基数，更容易达到吗 ----------------------------------------------------------------------------


@cache
def measured() -> dict[str, object]:
    """写了基数的目标，与没有写的相比：更可能有结果吗；有结果的，更可能达到吗。

    Returns
    -------
    dict
        ``with_``、``without``（达到，未达到，不知道）；``met``、``known`` 两个比较（:class:`evaluation.Association`）；
        ``met_rest`` 去掉自给与份额一类之后的比较；``supply`` 自给与份额一类里写了基数的个数；``bounds`` 达成率之差的
        上下界。
    """
    table = due()
    own = table["kind"] == SUPPLY

    def split(part: pd.DataFrame) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        has = part["baseline_value"].notna()
        return _three(part[has]), _three(part[~has])

    one, two = split(table)
    a, b = split(table[~own])
    return {
        "with_": one,
        "without": two,
        "met": evaluation.association(one[:2], two[:2]),
        "met_rest": evaluation.association(a[:2], b[:2]),
        "supply": int(table.loc[own, "baseline_value"].notna().sum()),
        "known": evaluation.association((one[0] + one[1], one[2]), (two[0] + two[1], two[2])),
        "bounds": evaluation.difference_bounds(one, two),
    }


# ---- 早晚 --------------------------------------------------------------------------------------------


@cache
def track(indicator: str, comparator: str = "at_least") -> pd.Series:
    """一个指标逐年的数：同年几个口径取最有利于目标的；不含预测。索引为年份。"""
    codes = targets().index[targets()["indicator"] == indicator]
    rows = usable()
    rows = rows[rows["target_id"].isin(codes)][["year", "value"]]
    table, code = SERIES.get(indicator, ("", ""))
    if table == "cn_rd":
        own = paths.final(code).rename_axis("year").rename("value").reset_index()
    elif table:
        own = data.load(table).query("indicator == @code and status == 'observed'")[["year", "value"]]
    else:
        own = rows.iloc[:0]
    if indicator in UNJOINED:
        rows = rows.iloc[:0]
    pooled = pd.concat([own, rows[~rows["year"].isin(own["year"])]])
    best = "max" if comparator == "at_least" else "min"
    found = pooled.groupby("year")["value"].agg(best)
    found.index = found.index.astype(int)
    return found.sort_index()


@cache
def timing() -> pd.DataFrame:
    """达到与未达到的目标（同一个只算一次），实际是哪一年达到的：只知道在两次有数的年份之间。

    几年平均的增速不在内：没有到期，谈不上提前。目标值就是基数的（“高于上一个五年”），基数那年不算达到。

    Returns
    -------
    pandas.DataFrame
        索引为目标代码；``name``、``target_year``、``group``、``after`` 最后一次有数而没有达到的年份、``by`` 第一次有数
        而达到的年份（都可缺）、``last`` 最后有数的年份、``early`` 至少早几年（负数为至少晚几年；还没有达到的缺失）。
    """
    table = once(due())
    table = table[table["unit"] != "percent_per_year"]
    rows = {}
    for code, goal in table[table["group"].isin([MET, MISSED])].iterrows():
        seen = track(goal["indicator"], goal["comparator"])
        if seen.empty:
            continue
        side = "ge" if goal["comparator"] == "at_least" else "le"
        good = seen.map(lambda v, t=goal["target_value"], s=side: evaluation.judge(v, t, s) == "met")
        if goal["target_value"] == goal["baseline_value"]:
            good &= seen.index > goal["baseline_year"]
        by = int(good.index[good][0]) if good.any() else np.nan
        before = seen.index[seen.index < by] if good.any() else seen.index
        after = int(before.max()) if len(before) else np.nan
        rows[code] = (goal["name"], goal["target_year"], goal["group"], after, by, int(seen.index.max()))
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=["name", "target_year", "group", "after", "by", "last"]
    )
    return frame.assign(early=frame["target_year"] - frame["by"]).sort_values(
        ["group", "target_year", "by"], key=lambda s: s.ne(MET) if s.name == "group" else s, kind="stable"
    )


def timing_counts() -> dict[str, object]:
    """:func:`timing` 的汇总：``ahead`` 达到的里面有数表明提前的，``met`` 达到的个数，``median`` 至少早几年的中位数，
    ``late`` 未达到而后来达到的（指标 → 至迟晚几年），``never`` 至今没有数表明达到的，``given`` 目标值就是基数的。"""
    frame = timing()
    good, bad = frame[frame["group"] == MET], frame[frame["group"] == MISSED]
    later = bad.dropna(subset="by")
    goals = targets().reindex(frame.index)
    return {
        "ahead": int((good["early"] > 0).sum()),
        "met": len(good),
        "median": float(good.loc[good["early"] > 0, "early"].median()),
        "late": dict(zip(later["name"], -later["early"], strict=True)),
        "never": [f"{n}（{y}）" for n, y in bad.loc[bad["by"].isna(), ["name", "target_year"]].itertuples(index=False)],
        "given": list(frame.loc[goals["target_value"] == goals["baseline_value"], "name"]),
    }


def intensity_late() -> int:
    """研发强度的 2020 年目标，按修订 GDP 之后的数，至迟晚了几年。"""
    goal = targets().loc["mlp06_rd_gdp"]
    rows = data.load("cn_rd").query("indicator == @REVISED")
    return int(rows.loc[rows["value"] >= goal["target_value"], "year"].min() - goal["target_year"])


def growth_by_economy() -> tuple[float, int, int]:
    """研发经费名义增长里 GDP 增长所占（0–1，按对数分解：总额 = 强度 × GDP），与起止年；强度与总额都取首次公布数。"""
    total, ratio = (paths.final(c).dropna() for c in ("rd_total", "rd_intensity"))
    first, last = int(total.index.min()), int(targets().loc["mlp06_rd_total", "target_year"])
    return 1 - float(np.log(ratio[last] / ratio[first]) / np.log(total[last] / total[first])), first, last


def timing_spans() -> pd.DataFrame:
    """供日期条：``row``、``start``、``end``、``kind``、``group``。"""
    rows = []
    for item in timing().itertuples():
        name = f"{item.name.split('：')[0]}（{item.target_year}）"
        rows.append((name, item.target_year, item.target_year + 1, "目标年", item.group))
        if np.isnan(item.by):
            rows.append((name, item.last, item.last + 1, "最后有数，仍未达到", item.group))
        else:
            start = item.by if np.isnan(item.after) else item.after + 1
            rows.append((name, start, item.by + 1, "首次有数表明达到", item.group))
    return pd.DataFrame(rows, columns=["row", "start", "end", "kind", "group"])


# ---- 回测：落后的时候，规则会不会响 ---------------------------------------------------------------------


@cache
def cases() -> dict[str, pd.Series]:
    """可以回测的目标：目标年以前至少两个数的，逐年“所需的速度是已有的几倍”（:func:`evaluation.lag`）。

    起点是规划写的基数；没有写的，取发布那年或以前最近的数。
    """
    out = {}
    for code, goal in once(targets().sort_values("baseline_value", na_position="last", kind="stable")).iterrows():
        if goal["group"] not in (MET, MISSED, ABSENT) or pd.isna(goal["target_value"]):
            continue
        seen = track(goal["indicator"], goal["comparator"])
        if pd.notna(goal["baseline_value"]):
            start, level = int(goal["baseline_year"]), float(goal["baseline_value"])
        elif (seen.index <= goal["plan_year"]).any():
            start = int(seen.index[seen.index <= goal["plan_year"]].max())
            level = float(seen[start])
        else:
            continue
        path = pd.concat([pd.Series({start: level}), seen[seen.index > start]])
        if level != goal["target_value"] and (path.index < goal["target_year"]).sum() > 1:
            out[code] = evaluation.lag(path, goal["target_value"], int(goal["target_year"]))
    return out


def verdict_of(code: str) -> str:
    """回测时的结果：推断的、没有查到的记作没有定论。"""
    group = targets().loc[code, "group"]
    return "没有定论" if code in INFERRED or group == ABSENT else group


def case_name(code: str) -> str:
    """图上的短名：指标（目标年）。"""
    goal = targets().loc[code]
    return f"{goal['name'].replace('核心产业增加值', '').replace('产业增加值', '')}（{goal['target_year']}）"


@cache
def backtest(line: float = BEHIND, runs: int = BEHIND_RUNS) -> pd.DataFrame:
    """一条规则用到每个可回测的目标：``result``、``alarm`` 响过没有、``lead`` 首次响比目标年早几年、``years`` 年数。"""
    rows = {}
    for code, values in cases().items():
        on = evaluation.watch(values, Watch(line, runs=runs))["alarm"]
        lead = targets().loc[code, "target_year"] - on.index[on][0] if on.any() else np.nan
        rows[code] = (verdict_of(code), bool(on.any()), lead, len(values))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["result", "alarm", "lead", "years"])


def hits(line: float = BEHIND, runs: int = BEHIND_RUNS, without: tuple[str, ...] = ()) -> dict[str, float]:
    """有定论的里面（``without`` 除外）：未达到的响过（``hit``）与没有响（``silent``），达到的响过（``false``）与没有响
    （``quiet``）；``p`` 为 Fisher 精确检验的双侧概率。"""
    frame = backtest(line, runs).drop(index=list(without))
    bad, good = (frame.loc[frame["result"] == r, "alarm"] for r in (MISSED, MET))
    found = {"hit": int(bad.sum()), "silent": int((~bad).sum()), "false": int(good.sum()), "quiet": int((~good).sum())}
    p = stats.fisher_exact([[found["hit"], found["silent"]], [found["false"], found["quiet"]]]).pvalue
    return found | {"p": float(p)}


def all_early() -> bool:
    """可回测而达到的目标，是不是全在目标年以前就达到了（比值早已落到零）。"""
    return all((s == 0).any() for c, s in cases().items() if verdict_of(c) == MET)


def hit_grid() -> pd.DataFrame:
    """换报警线与连续期数：行为报警线，列为期数，格里是“未达到的响了几个／达到的响了几个”。"""
    rows = {}
    for line in LINES:
        found = [hits(line, runs) for runs in RUNS]
        rows[f"{line:g} 倍"] = [f"{f['hit']} / {f['false']}" for f in found]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[f"连续 {r} 期" for r in RUNS])


def case_strips() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """供报警条：状态、格里的字、分组；列为离目标年还有几年。"""
    order = {MISSED: 0, MET: 1, "没有定论": 2}
    codes = sorted(cases(), key=lambda c: (order[verdict_of(c)], targets().index.get_loc(c)))
    ahead = range(AHEAD, 0, -1)
    state = pd.DataFrame(np.nan, index=[case_name(c) for c in codes], columns=list(ahead))
    texts = pd.DataFrame("", index=state.index, columns=state.columns)
    for code, name in zip(codes, state.index, strict=True):
        on = evaluation.watch(cases()[code], Watch(BEHIND, runs=BEHIND_RUNS))
        for year, value in cases()[code].items():
            left = int(targets().loc[code, "target_year"] - year)
            if left > AHEAD:
                continue
            state.loc[name, left] = 2 if on.loc[year, "alarm"] else 1 if value > 1 else 0
            texts.loc[name, left] = "不动" if np.isinf(value) else "已到" if value == 0 else f"{value:.1f}"
    group = pd.Series([verdict_of(c) for c in codes], index=state.index)
    return state, texts, group


# ---- 两版芯片图 --------------------------------------------------------------------------------------


@cache
def graph() -> dict[str, float]:
    """两版芯片图的节点与“握在一家手里”的个数：哪些变了是因为图变了，哪些是因为世界变了。

    Returns
    -------
    dict
        ``old``、``new`` 节点数，``added``、``gone``；``old_shared``、``new_shared`` 有份额的，``both`` 两版都有份额的；
        ``old_single``、``new_single`` 握在一家手里的；两版都有份额的里面 ``stay``、``left``、``entered``、``never``，
        ``swapped`` 留下而换了握有者的；``fresh`` 新有份额的里面握在一家手里的，``fresh_all`` 新有份额的；
        ``carried`` 两版都有份额而新版沿用 2019 年的数，``p`` 进与出之差的精确概率（McNemar）。
    """
    nodes = data.load("chip_nodes")
    old, new = chain.single(chain.EARLIER), chain.single()
    had, has = set(chain.with_shares(chain.EARLIER)), set(chain.with_shares())
    both, a, b = had & has, set(old.index), set(new.index)
    stay, left, entered = both & a & b, both & a - b, both & b - a
    rows = data.load("chip_provision").query("release == @chain.LATEST and provider_kind == 'country'")
    year = rows.dropna(subset="share").groupby("node_id")["year"].max()
    return {
        "old": int(nodes["in_release_2022"].sum()), "new": int(nodes["in_release_2026"].sum()),
        "added": int((~nodes["in_release_2022"]).sum()), "gone": int((~nodes["in_release_2026"]).sum()),
        "old_shared": len(had), "new_shared": len(has), "both": len(both), "old_single": len(a), "new_single": len(b),
        "stay": len(stay), "left": len(left), "entered": len(entered), "never": len(both - a - b),
        "swapped": sum(old.loc[v, "provider"] != new.loc[v, "provider"] for v in stay),
        "fresh": len(b - had), "fresh_all": len(has - had),
        "carried": int((year.reindex(sorted(both)) == 2019).sum()),
        "p": float(stats.binomtest(len(entered), len(entered) + len(left)).pvalue),
    }  # fmt: skip


def graph_lines() -> pd.Series:
    """换“一家”的线，两版都有份额的节点里握在一家手里的净增几个（负数为减）；索引为线（百分数）。"""
    both = set(chain.with_shares(chain.EARLIER)) & set(chain.with_shares())
    held = {t: [len(both & set(chain.single(r, t).index)) for r in (chain.EARLIER, chain.LATEST)] for t in OTHER_LINES}
    return pd.Series({t: new - old for t, (old, new) in held.items()})


def switched() -> pd.DataFrame:
    """两版都有份额、单一握有的状态或握有者变了的节点：``name``、``then``、``now``、``trap``（改记总部的企业，可空）。"""
    old, new = chain.single(chain.EARLIER), chain.single()
    both = set(chain.with_shares(chain.EARLIER)) & set(chain.with_shares())
    names, nodes = chain.names(), chain.chip_nodes()
    firms = data.load("chip_provision").query("provider_kind == 'firm' and provider in @chain.MOVED")

    def held(frame: pd.DataFrame, node: str) -> str:
        return (
            f"{names[frame.loc[node, 'provider']]} {frame.loc[node, 'share']:g}" if node in frame.index else "没有一家"
        )

    rows = {}
    for node in sorted(both & (set(old.index) | set(new.index))):
        sides = [f.loc[node, "provider"] if node in f.index else None for f in (old, new)]
        if sides[0] != sides[1]:
            rows[node] = (nodes.loc[node, "name_zh"], held(old, node), held(new, node),
                          "、".join(sorted(set(firms.loc[firms["node_id"] == node, "provider"]))))  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["name", "then", "now", "trap"])


def graph_bars() -> pd.DataFrame:
    """供堆积条：各批节点里握在一家手里的与没有的。"""
    g = graph()
    same = g["stay"] + g["entered"]
    rows = {
        "2022 年版": (g["old_single"], g["old_shared"] - g["old_single"]),
        "2026 年版，同一批": (same, g["both"] - same),
        "2026 年版，新给份额的": (g["fresh"], g["fresh_all"] - g["fresh"]),
        "2026 年版，全部": (g["new_single"], g["new_shared"] - g["new_single"]),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["握在一家手里", "没有"])


# ---- 监测清单 ----------------------------------------------------------------------------------------

#: 往坏处走连续两期才报警，一反转就解除；各项共用，不逐项挑线。
RULE = Watch(0.0, "above", runs=2)
#: 指标 → 往坏处走的方向（+1 上升为坏）、变了该做什么。
WATCHED = {
    "研发经费与 GDP 之比": (-1, "先查 GDP 是否修订，再查是哪一方少投"),
    "国际合著占比": (-1, "按伙伴拆开，看少的是谁"),
    "使用费支出 ÷ 收入": (1, "拆成支出与收入，看是哪一头"),
    "美企在华研发": (-1, "与别国在华研发对照"),
    "装机占世界的份额": (1, "区分扩产与囤货，查到货与开工"),
    "设备出口的 HHI（美日荷合一）": (1, "查第二来源，重排攻关次序"),
    "稀土开采的 HHI": (-1, "重估自己的筹码，不再当作不变"),
}
#: 该看而没有序列的：为什么。
UNSEEN = {
    "零部件与材料的自主保障率": "从未公布篮子与量法",
    "握在一家手里的芯片节点": "只有两版，分母也变了",
    "实体清单的净增": "前后两段口径不同，不可相接",
}
#: 检验时线往里、往外挪多少：各年变化的标准差的几倍。
SHIFTS = {"松": -0.25, "原": 0.0, "严": 0.25}
PATIENCE = 1


@cache
def watched() -> dict[str, pd.Series]:
    """各监测指标逐期的变化，往坏处走为正；缺年处为缺失（不跨年相减）。索引为连续的年份。"""
    levels = {
        "研发经费与 GDP 之比": paths.final("rd_intensity"),
        "国际合著占比": international.series("CHN"),
        "使用费支出 ÷ 收入": international.charges().loc["CHN"]["ratio"].dropna().loc[:2020],
        "美企在华研发": international.us_in_china(),
        "装机占世界的份额": prc.billing_share() * 100,
        "设备出口的 HHI（美日荷合一）": prc.imp.panel_years(),
        "稀土开采的 HHI": materials.yearly_hhi()[("rare_earths", "extraction")],
    }
    out = {}
    for name, level in levels.items():
        level = level.set_axis(level.index.astype(int)).sort_index()
        whole = level.reindex(range(level.index.min(), level.index.max() + 1))
        out[name] = WATCHED[name][0] * whole.diff().iloc[1:]
    return out


def alarms(rule: Watch = RULE, shift: float = 0.0) -> pd.DataFrame:
    """一条规则用到全部指标：每段报警一行，列 ``name``、``start``、``end``、``length``、``kind``。"""
    parts = []
    for name, changes in watched().items():
        line = rule.threshold + shift * float(changes.std())
        found = evaluation.episodes(evaluation.watch(changes, Watch(line, rule.side, rule.runs)), PATIENCE)
        parts.append(found.assign(name=name))
    return pd.concat(parts, ignore_index=True)[["name", "start", "end", "length", "kind"]]


@cache
def chance(seed: int = inference.SEED) -> pd.DataFrame:
    """各指标报了几次警、有几年在报警里，打乱各年变化的次序又会怎样。

    Returns
    -------
    pandas.DataFrame
        索引为（``次``、``年``）与指标（末为“合计”）；``seen`` 实际，``mean``、``low``、``high`` 打乱之后的平均与范围，
        ``p`` 打乱之后不少于实际的比例（0–1）。
    """
    found = alarms().groupby("name")["length"].agg(["size", "sum"]).reindex(list(watched()), fill_value=0)
    found.loc["合计"] = found.sum()
    tail, rows = (1 - inference.LEVEL) / 2, {}
    for at, unit in enumerate(("次", "年")):
        drawn = {
            n: evaluation.shuffled_alarms(c, RULE, DRAWS, seed + i, periods=unit == "年")
            for i, (n, c) in enumerate(watched().items())
        }
        drawn["合计"] = np.sum(list(drawn.values()), axis=0)
        for name, own in drawn.items():
            seen = int(found.loc[name].iloc[at])
            rows[unit, name] = (seen, own.mean(), *np.quantile(own, [tail, 1 - tail]), (own >= seen).mean())
    return pd.DataFrame.from_dict(rows, orient="index", columns=["seen", "mean", "low", "high", "p"]).set_index(
        pd.MultiIndex.from_tuples(rows)
    )


def watch_strips() -> pd.DataFrame:
    """供报警条：行为指标，列为年份，0 平静、1 往坏处走而未报警、2 报警，缺失为没有数。"""
    rows = {}
    for name, changes in watched().items():
        found = evaluation.watch(changes, RULE)
        state = pd.Series(np.where(found["alarm"], 2, np.where(found["crossed"], 1, 0)), index=found.index, dtype=float)
        rows[name] = state.where(changes.notna())
    return pd.DataFrame(rows).T.sort_index(axis=1)


def watch_table() -> pd.DataFrame:
    """监测清单：``name``、``years`` 有数的变化、``seen`` 报警段数、``brief`` 虚惊、``now`` 末期、``do`` 响了怎么办。"""
    found, rows = alarms(), []
    for name, changes in watched().items():
        own = found[found["name"] == name]
        on = evaluation.watch(changes, RULE)["alarm"].iloc[-1]
        known = changes.dropna().index
        rows.append((f"{name}：{'降' if WATCHED[name][0] < 0 else '升'}", f"{known.min()}–{known.max()}", str(len(own)),
                     str(int((own["kind"] == "brief").sum())), "报警" if on else "平静", WATCHED[name][1]))  # fmt: skip
    rows += [(name, "没有序列", "—", "—", "看不见", why) for name, why in UNSEEN.items()]
    return pd.DataFrame(rows, columns=["name", "years", "seen", "brief", "now", "do"])


def rule_grid() -> pd.DataFrame:
    """换报警线与连续期数：行为线，列为期数，格里是“报警段数（其中虚惊）”。"""
    rows = {}
    for word, shift in SHIFTS.items():
        found = [alarms(Watch(0.0, "above", r), shift) for r in RUNS]
        rows[word] = [f"{len(f)}（{int((f['kind'] == 'brief').sum())}）" for f in found]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[f"连续 {r} 期" for r in RUNS])


def both_grids() -> pd.DataFrame:
    """两条规则的 :func:`hit_grid` 与 :func:`rule_grid` 上下相接。"""
    chase, drift = hit_grid().add_prefix("追赶：", axis=0), rule_grid().add_prefix("趋势：", axis=0)
    return pd.concat([chase, drift])


# ---- 容错 --------------------------------------------------------------------------------------------

_NEEDS = {"needs_diligence": "勤勉尽责", "needs_original_record": "原始记录", "needs_no_private_gain": "没有牟利"}


def tolerance() -> pd.DataFrame:
    """各种后果的条数、分布的领域与要的条件，按条数降序。

    Returns
    -------
    pandas.DataFrame
        索引为后果；``total`` 条数，``domains`` 领域与条数（文字），三个条件的条数。
    """
    table = data.load("tolerance_provisions")
    label = {c: data.labels("tolerance_provisions", c) for c in ("domain", "consequence")}
    frame = table.groupby("consequence")[list(_NEEDS)].sum().rename(columns=_NEEDS).astype(int)
    counts = table.groupby("consequence")["domain"].value_counts()
    domains = {kind: "、".join(f"{label['domain'][d]} {n}" for d, n in counts[kind].items()) for kind in frame.index}
    frame.insert(0, "total", table.groupby("consequence").size())
    frame.insert(1, "domains", pd.Series(domains))
    return frame.sort_values("total", ascending=False, kind="stable").rename(index=label["consequence"])


def loss_caps() -> pd.DataFrame:
    """政府出资基金的容亏上限（%）：索引为对象，自高到低；规则许可的上限，不是实际的亏损。"""
    table = data.load("innovation_culture").query("series == 'fund_loss_tolerance'")
    label = data.labels("innovation_culture", "entity")
    return (
        table.assign(name=table["entity"].map(label))
        .set_index("name")[["value", "year"]]
        .sort_values("value", ascending=False)
    )


def comparisons() -> pd.Series:
    """本章看过的比较与各自的概率（0–1），自小到大。"""
    return pd.Series(
        {
            "自给类与其余": supply_ways()["照判定"]["p"],
            "落后的报警": hits()["p"],
            "基数与达到": measured()["met"].p,
            "基数与有没有结果": measured()["known"].p,
            "芯片图的进出": graph()["p"],
            "监测规则": chance().loc[("次", "合计"), "p"],
        }
    ).sort_values()


def headline() -> dict[str, float]:
    """本章主要数字，供本章与结语共用：个数与比例（0–1）。"""
    main = rates().iloc[0]
    found = rejudged()
    return {
        "targets": len(targets()), "due": len(due()), "met": int(main["met"]), "missed": int(main["missed"]),
        "unknown": int(main["unknown"]), "naive": main["known"], "least": main["least"], "most": main["most"],
        "judged": len(found), "agree": int((found["agrees"] & ~found["number"].isin(UNSURE)).sum()),
        "differ": int((~found["agrees"]).sum()),
    }  # fmt: skip
