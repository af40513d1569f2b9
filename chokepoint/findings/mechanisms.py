"""“四类实施机制”一章的数字：怎样分、合作研发的门槛、谁会守约、共享平台的考核，以及每种机制有没有数据。

数据与模型分开：法定比例、合著、考核、合同与企业披露是数据；Shapley 的算例、研发合作与演化博弈是模型，参数除法定分成外
都是假想。模型的函数在 :mod:`chokepoint.games`，这里只给参数、作比较。
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import data, games, inference, networks
from ..games import Partnership

# ---- 一、怎样分 ---------------------------------------------------------------------------------------

#: 归入“转让或许可”的方式；1999 年的规定只写转让。
SOLD = ("assignment", "assignment_or_licence")
#: 算例的成员；可分的净收益与各自的投入都是本书假想的。
MEMBERS = ("整机企业", "材料企业甲", "材料企业乙", "设备企业", "高校", "检测平台")
INPUTS = pd.Series([20, 8, 8, 10, 12, 4], index=pd.Index(MEMBERS), dtype=float)
#: 中国科学院一家的机构：彼此的合著是母子之间的。
CAS_FAMILY = (
    "Chinese Academy of Sciences",
    "CAS - Institute of Automation",
    "U. Chinese Academy of Sciences",
    "U. Science and Technology of China",
)
#: 只有一家写明了全部股比的合资企业。
VENTURE = "smic-jingcheng"
#: 表决的门槛：简单多数、三分之二。门槛是假设，章程没有公开。
QUOTAS = {"simple": 0.5, "super": 2 / 3}


def rules() -> pd.DataFrame:
    """法定与条例的最低比例：一行一个文本，三种方式各一列。

    Returns
    -------
    pandas.DataFrame
        ``who``（全国或省）、``year``、``sold``（转让或许可，占净收入）、``equity``（作价投资，占股份）、``own``（自行或合作
        实施，占每年的净收入或利润），百分数，没有规定为缺失；``permissive`` 条文写“可以”；``note``。按年、再按名。
    """
    table = data.load("revenue_rules")
    table = table[table["beneficiary"] == "key_contributors"]
    name = data.load("provinces").set_index("province")["name_zh"]
    rows = []
    for (scope, province, year), part in table.groupby(["scope", table["province"].fillna(""), "year"]):
        value = part.set_index("mode")["value"]
        sold = value[[m for m in SOLD if m in value]]
        rows.append(
            {
                "who": "全国" if scope == "national" else name[province],
                "year": int(year),
                "sold": float(sold.iloc[0]),
                "equity": float(value.get("equity_investment", np.nan)),
                "own": float(value["self_or_joint_implementation"]),
                "permissive": bool(part["permissive"].all()),
                "note": "；".join(dict.fromkeys(part["note"].dropna())),
            }
        )
    return pd.DataFrame(rows).sort_values(["year", "who"], kind="stable").reset_index(drop=True)


def main_share() -> float:
    """2016 年的规定折成净收入：主要贡献人员至少得奖励总额的一部分，奖励总额至少为净收入的一部分（0–1）。"""
    table = data.load("revenue_rules").query("scope == 'national' and mode == 'assignment_or_licence'")
    return float(np.prod(table["value"] / 100))


#: 算例里第二货源添的一份；改成 :data:`OTHER_SECOND`，夏普利值就没有人想走。
SECOND, OTHER_SECOND = 10.0, 11.0


def worth(group: frozenset, second: float = SECOND) -> float:
    """算例里一个联盟的净收益：整机企业必不可少，新材料要高校与任一家材料企业，设备、第二货源与检测各加一份。"""
    supplier = bool(group & {"材料企业甲", "材料企业乙"})
    if "整机企业" not in group:
        return 0.0
    value = 20.0
    if supplier and "高校" in group:
        value += 60 + 20 * ("设备企业" in group)
    if group >= {"材料企业甲", "材料企业乙"}:
        value += second
    return value + 10 * (supplier and "检测平台" in group)


def _coalitions(players: Iterable[str]) -> list[frozenset]:
    names = list(players)
    return [frozenset(c) for size in range(1, len(names)) for c in combinations(names, size)]


@cache
def divisions(second: float = SECOND) -> pd.DataFrame:
    """算例的几种分法：``equal`` 平均分，``input`` 按投入分，``shapley`` 夏普利值，``sole`` 没有材料企业乙时的。"""

    def value(group: frozenset) -> float:
        return worth(group, second)

    total = value(frozenset(MEMBERS))
    alone = [m for m in MEMBERS if m != "材料企业乙"]
    return pd.DataFrame(
        {
            "equal": pd.Series(total / len(MEMBERS), index=pd.Index(MEMBERS)),
            "input": INPUTS / INPUTS.sum() * total,
            "shapley": games.shapley(MEMBERS, value),
            "sole": games.shapley(alone, value).reindex(MEMBERS),
        }
    )


def objections(rule: str, second: float = SECOND) -> pd.Series:
    """一种分法之下，自己另起炉灶能得更多的小联盟，以及各自多得多少（大者在前）。

    全体以外的联盟都试一遍；一个也没有，这种分法就在核里。
    """
    share = divisions(second)[rule]
    gain = {group: worth(group, second) - share[list(group)].sum() for group in _coalitions(MEMBERS)}
    found = pd.Series({"＋".join(m for m in MEMBERS if m in g): v for g, v in gain.items() if v > 1e-9}, dtype=float)
    return found.sort_values(ascending=False)


@cache
def core_exists() -> bool:
    """算例的核是否不空：有没有一种分法，哪个小联盟都不想走（线性规划求最小的最大不满）。"""
    from scipy.optimize import linprog

    groups = _coalitions(MEMBERS)
    rows = [[-float(m in g) for m in MEMBERS] + [-1.0] for g in groups]
    whole = [[1.0] * len(MEMBERS) + [0.0]]
    found = linprog(
        [0.0] * len(MEMBERS) + [1.0], A_ub=rows, b_ub=[-worth(g) for g in groups], A_eq=whole,
        b_eq=[worth(frozenset(MEMBERS))], bounds=[(None, None)] * (len(MEMBERS) + 1),
    )  # fmt: skip
    return bool(found.fun <= 1e-9)


def voting() -> pd.DataFrame:
    """一家合资企业的真实股比，与两种假设的表决门槛下的 Shapley–Shubik 权力指数。

    Returns
    -------
    pandas.DataFrame
        索引为股东；``stake`` 持股（0–1），其余各列为 :data:`QUOTAS` 的门槛，各列之和为一。
    """
    rows = data.load("consortium_members").query("consortium_id == @VENTURE").set_index("member_zh")
    stake = rows["stake"] / 100

    def power(quota: float) -> pd.Series:
        return games.shapley(stake.index, lambda group: float(stake[list(group)].sum() > quota))

    return pd.DataFrame({"stake": stake, **{name: power(quota) for name, quota in QUOTAS.items()}})


@cache
def _links() -> pd.DataFrame:
    return data.load("ai_links")


@cache
def halves() -> pd.DataFrame:
    """机构合著网络的夏普利值（各边之和的一半）与名次；去掉中国科学院一家内部的边、只留跨经济体的边，各再算一次。

    Returns
    -------
    pandas.DataFrame
        索引为机构，按值降序；``value`` 篇，``share`` 占全部边权（0–1），``rank`` 名次，``outside`` 去掉之后的值，
        ``outside_rank`` 去掉之后的名次，``abroad``、``abroad_rank`` 只留两端不在同一经济体的边的值与名次。
    """
    links = _links()
    inside = links["institution_a"].isin(CAS_FAMILY) & links["institution_b"].isin(CAS_FAMILY)
    home = (
        data.load("ai_network_metrics")
        .query("level == 'institution'")
        .drop_duplicates("node")
        .set_index("node")["iso3"]
    )
    domestic = links["institution_a"].map(home) == links["institution_b"].map(home)
    value = games.graph_shapley(links, "institution_a", "institution_b", "value")
    frame = pd.DataFrame(
        {"value": value, "share": value / value.sum(), "rank": value.rank(ascending=False, method="min")}
    )
    for name, kept in {"outside": links[~inside], "abroad": links[~domestic]}.items():
        rest = games.graph_shapley(kept, "institution_a", "institution_b", "value").reindex(value.index).fillna(0)
        frame[name], frame[f"{name}_rank"] = rest, rest.rank(ascending=False, method="min")
    frame = frame.astype(dict.fromkeys(["rank", "outside_rank", "abroad_rank"], int))
    return frame.sort_values("value", ascending=False)


def strength_check() -> dict[str, float]:
    """两倍的夏普利值与发表的强度相比：``count`` 个数，``largest`` 最大的差（篇）。"""
    metrics = data.load("ai_network_metrics").query("level == 'institution' and metric == 'strength'")
    published = metrics.set_index("node")["value"]
    gap = (2 * halves()["value"] - published.reindex(halves().index)).abs()
    return {"count": int(gap.notna().sum()), "largest": float(gap.max())}


def inside_share() -> float:
    """中国科学院一家内部的合著，占它们全部边权的多少（0–1）。"""
    family = halves().loc[list(CAS_FAMILY)]
    return float(1 - family["outside"].sum() / family["value"].sum())


# ---- 二、合作研发 -------------------------------------------------------------------------------------

#: 画图与主结论用的 b·γ；表里另换几个。
SCALE = 1.0
SCALES = (0.9, 1.0, 1.2, 2.0, 5.0)
REGIMES = {"rival": "各做各的", "joint_rd": "只合作研发", "joint_all": "研发与产量都合作"}
#: 替代文本里举例的高溢出率。
HIGH = 0.8
#: 图上溢出率的范围：再大，全面合作的利润在 b·γ = 1 时没有上限。
BETAS = tuple(np.round(np.arange(0, 0.851, 0.05), 2))


@cache
def outcomes(scale: float = SCALE) -> pd.DataFrame:
    """各溢出率、各做法的均衡。

    Returns
    -------
    pandas.DataFrame
        索引 ``beta``，两级列：（``x``、``welfare``、``profit``；做法），单位由 ``margin`` = 1 定。
    """
    columns = {
        (measure, regime): [games.rd_outcome(beta, regime, 1.0, scale)[measure] for beta in BETAS]
        for measure in ("x", "welfare", "profit")
        for regime in REGIMES
    }
    return pd.DataFrame(columns, index=pd.Index(BETAS, name="beta"))


def _gap(measure: str, other: str, scale: float, base: str = "rival"):
    return lambda beta: (
        games.rd_outcome(beta, other, 1.0, scale)[measure] - games.rd_outcome(beta, base, 1.0, scale)[measure]
    )


def stable_from(scale: float = SCALE) -> float:
    """各做各的均衡稳定的溢出率下限；总是稳定的为零。"""
    if games.rd_reaction_slope(0.0, 1.0, scale) > -1:
        return 0.0
    return games.rd_threshold(lambda beta: games.rd_reaction_slope(beta, 1.0, scale) + 1, 0, 0.49)


def thresholds(scale: float = SCALE) -> pd.Series:
    """门槛（溢出率）：``stable`` 各做各的开始稳定；``full``、``rd`` 全面合作、只合作研发的研发开始多于各做各的；
    ``welfare``、``over_rd`` 全面合作的福利开始高于各做各的、高于只合作研发，到哪里也不高的为缺失。"""
    top = 0.99 * min(1.0, 2 * scale**0.5 - 1)

    def crossing(base: str) -> float:
        gap = _gap("welfare", "joint_all", scale, base)
        return games.rd_threshold(gap, 0, top) if gap(top) > 0 else float("nan")

    return pd.Series(
        {
            "stable": stable_from(scale),
            "full": games.rd_threshold(_gap("x", "joint_all", scale), 0, top),
            "rd": games.rd_threshold(_gap("x", "joint_rd", scale), 0, top),
            "welfare": crossing("rival"),
            "over_rd": crossing("joint_rd"),
        }
    )


@cache
def threshold_table() -> pd.DataFrame:
    """:data:`SCALES` 各值下的门槛，索引为 b·γ。"""
    return pd.DataFrame({scale: thresholds(scale) for scale in SCALES}).T


def threshold_words() -> pd.DataFrame:
    """:func:`threshold_table` 写成文字：没有的写“没有”，各做各的恒稳定的写“总是稳定”。"""
    table = threshold_table()
    words = table.map(lambda v: "没有" if np.isnan(v) else f"{v:.2f}")
    words["stable"] = words["stable"].mask(table["stable"] == 0, "总是稳定")
    return words.rename(index="{:g}".format).reset_index()


def published_thresholds() -> pd.DataFrame:
    """发表的门槛与本书算出的：``published``、``computed``、``gap``（绝对差）。"""
    table = data.load("game_models").query("element == 'threshold'").set_index("symbol")["published"]
    ours = thresholds().rename(
        {"stable": "beta_stability_threshold", "full": "beta_noncoop_vs_full", "rd": "beta_noncoop_vs_rdcoop"}
    )
    frame = pd.DataFrame({"published": table, "computed": ours.reindex(table.index)})
    return frame.assign(gap=(frame["computed"] - frame["published"]).abs()).sort_values("published")


# ---- 三、谁会守约 -------------------------------------------------------------------------------------

#: 图上的一局：一方是成果完成人的团队，另一方是所在单位。分成是法定的下限，其余都是假想，单位任意。
GAME = Partnership(gain=6, share=0.5, costs=(1.4, 1.6), betrayal=(0.9, 1.1), penalty=0.4, incentive=0.2)
#: 数盆地用的格子：每边几个起点。网页上用同样的格子。
SIDE = 11
#: 三种假想的成本分担（总数不变），看法定分成在哪种情形下帮忙、在哪种情形下帮倒忙。
COSTS = {"成本相近": (1.4, 1.6), "团队成本高": (2.3, 0.7), "单位成本高": (0.7, 2.3)}
#: 画分成曲线时的合作收益（假想）。
GAIN = 8.0
#: 分成，百分数。
SHARES = tuple(range(15, 86, 5))
#: 抽几组参数来验比较静态的方向；参数各自均匀地抽自这些范围。
DRAWS = 6
RANGES = {
    "gain": (5, 12), "share": (0.35, 0.65), "c1": (1, 2.5), "c2": (1, 2.5), "b1": (0.3, 1.5), "b2": (0.3, 1.5),
    "penalty": (0.1, 0.8), "incentive": (0.05, 0.4),
}  # fmt: skip
#: 文献的符号 → 本书的参数（成本与占便宜各有两方）。
SYMBOLS = {"R": ("gain",), "c_i": ("c1", "c2"), "B_i": ("b1", "b2"), "F": ("penalty",), "g": ("incentive",)}
#: 每次加多少。
STEP = 0.5


def statutory() -> list[float]:
    """法定与条例给完成人的转让净收入下限（0–1），由小到大，不重复。"""
    return sorted(set(rules()["sold"] / 100))


def game(**change: float) -> Partnership:
    """在 :data:`GAME` 上改几个参数；``c1``、``c2``、``b1``、``b2`` 是两方各自的成本与占便宜。"""
    return _with(GAME, **change)


def _with(base: Partnership, **change: float) -> Partnership:
    costs = (change.pop("c1", base.costs[0]), change.pop("c2", base.costs[1]))
    grab = (change.pop("b1", base.betrayal[0]), change.pop("b2", base.betrayal[1]))
    return replace(base, costs=costs, betrayal=grab, **change)


def holds(played: Partnership) -> bool:
    """都守约是否演化稳定：两方在对方守约时都觉得守约更好。"""
    return all(played.advantage(1.0, side) > 0 for side in (0, 1))


@cache
def basin(played: Partnership, side: int = SIDE) -> float:
    """:func:`chokepoint.games.basin`，存起来；都守约不稳定的不必积分，是 0。"""
    return games.basin(played, side=side) if holds(played) else 0.0


def straight(played: Partnership) -> float:
    """文献的近似：把分界线当作过鞍点的折线，盆地为 1 减去鞍点两个坐标的平均。没有内部鞍点为缺失。"""
    saddle = played.saddle()
    return float("nan") if saddle is None else 1 - sum(saddle) / 2


def costly(name: str, share: float = GAME.share) -> Partnership:
    """分成曲线上的一局：成本按 :data:`COSTS` 的一种分担，收益为 :data:`GAIN`。"""
    return replace(GAME, gain=GAIN, betrayal=(1.0, 1.0), share=share, costs=COSTS[name])


@cache
def share_curves() -> pd.DataFrame:
    """盆地（百分数）随团队的分成变：索引为分成（百分数），一列一种成本分担。"""
    return pd.DataFrame(
        {name: [100 * basin(costly(name, share / 100)) for share in SHARES] for name in COSTS},
        index=pd.Index(SHARES, name="share"),
    )


def burden(played: Partnership, side: int) -> float:
    """一方守约的负担：成本＋占便宜－违约金－补助；这一方分得的收益高过它，守约才稳定。"""
    return played.costs[side] + played.betrayal[side] - played.penalty - played.incentive


def needed_gain(played: Partnership, share: float) -> float:
    """团队分得 ``share`` 时，合作的总收益至少要多少，都守约才稳定（两方要求里较高的）。"""
    return max(burden(played, 0) / share, burden(played, 1) / (1 - share))


def multiples() -> pd.DataFrame:
    """都守约要稳定，合作的总收益至少是一方“成本＋占便宜－违约金－补助”的几倍：``team``、``unit``，索引为法定分成。"""
    share = np.array(statutory())
    return pd.DataFrame({"team": 1 / share, "unit": 1 / (1 - share)}, index=pd.Index(share, name="share"))


@cache
def drawn() -> tuple[Partnership, ...]:
    """随机抽出的 :data:`DRAWS` 组参数，只留“都守约”与“都背约”各自稳定的，免得方向无从谈起。"""
    rng = np.random.default_rng(inference.SEED)
    found = []
    while len(found) < DRAWS:
        p = {name: round(float(rng.uniform(*ends)), 2) for name, ends in RANGES.items()}
        played = Partnership(
            p["gain"], p["share"], (p["c1"], p["c2"]), (p["b1"], p["b2"]), p["penalty"], p["incentive"]
        )
        both = all(played.advantage(0.0, side) < 0 for side in (0, 1))
        if both and all(played.advantage(1.0, side) > 0.3 for side in (0, 1)):
            found.append(played)
    return tuple(found)


def _value(played: Partnership, name: str) -> float:
    pair = {"c1": played.costs[0], "c2": played.costs[1], "b1": played.betrayal[0], "b2": played.betrayal[1]}
    return pair[name] if name in pair else getattr(played, name)


@cache
def statics() -> pd.DataFrame:
    """文献的比较静态与本书积分的盆地：每组参数、每个量各加 :data:`STEP`，看盆地变大还是变小。

    Returns
    -------
    pandas.DataFrame
        索引为文献的符号；``sign`` 文献的方向，``tests`` 试了几次，``agree`` 同向的次数，``reversed`` 反向的次数，
        ``tied`` 盆地没有变的次数（格子太粗）。
    """
    table = data.load("game_models").query("model == 'evolution_two' and element == 'comparative_static'")
    said = table.set_index("symbol")["sign"].map({"positive": 1, "negative": -1})
    rows = {}
    for symbol, names in SYMBOLS.items():
        change = np.array(
            [
                basin(_with(played, **{name: _value(played, name) * (1 + STEP)})) - basin(played)
                for played in drawn()
                for name in names
            ]
        )
        way = np.sign(np.round(change, 12)) * said[symbol]
        kinds = [int((way > 0).sum()), int((way < 0).sum()), int((way == 0).sum())]
        rows[symbol] = (int(said[symbol]), len(change), *kinds)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["sign", "tests", "agree", "reversed", "tied"])


def straight_check() -> dict[str, float]:
    """折线近似与逐点积分相差多少：``count`` 组数，``largest`` 最大的差（百分点，绝对值）。"""
    gap = [100 * abs(straight(played) - basin(played)) for played in drawn()]
    return {"count": len(gap), "largest": max(gap)}


def other_signs() -> int:
    """三方模型里只有方向、本书没有重算的结论有几条。"""
    table = data.load("game_models")
    return int((table["model"].str.startswith("evolution_three") & (table["element"] == "comparative_static")).sum())


#: 画路径的起点。
STARTS = ((0.1, 0.9), (0.3, 0.6), (0.6, 0.3), (0.9, 0.1), (0.2, 0.2), (0.5, 0.8), (0.8, 0.5))


def rest() -> pd.DataFrame:
    """图上那一局的静止点（:func:`chokepoint.games.rest_points`）。"""
    return games.rest_points(GAME)


@cache
def trails() -> list[pd.DataFrame]:
    """图上那一局由 :data:`STARTS` 出发的路径。"""
    return games.paths(GAME, STARTS)


def said(played: Partnership) -> str:
    """写在图上的参数：哪个有依据，哪些是假想。"""
    costs, grab = ("、".join(f"{v:g}" for v in pair) for pair in (played.costs, played.betrayal))
    return (
        f"有依据：团队的分成 {played.share:.0%}（2015 年的法定下限）\n"
        f"假想：收益 {played.gain:g}，成本 {costs}，背约的便宜 {grab}，"
        f"违约金 {played.penalty:g}，补助 {played.incentive:g}"
    )


def portrait() -> dict:
    """网页面板的数据：起始参数、滑块、格子与法定的分成。"""
    bounds = {
        "gain": ("合作多得的收益", 1, 12, 0.1, "假想"),
        "share": ("团队的分成", 0, 1, 0.01, "法定下限"),
        "c1": ("团队守约的成本", 0, 4, 0.1, "假想"),
        "c2": ("单位守约的成本", 0, 4, 0.1, "假想"),
        "b1": ("团队背约的便宜", 0, 4, 0.1, "假想"),
        "b2": ("单位背约的便宜", 0, 4, 0.1, "假想"),
        "penalty": ("违约金", 0, 3, 0.1, "假想"),
        "incentive": ("守约的补助", 0, 2, 0.1, "假想"),
    }
    sliders = [
        {"key": key, "name": name, "min": low, "max": high, "step": step, "kind": kind, "value": _value(GAME, key)}
        for key, (name, low, high, step, kind) in bounds.items()
    ]
    return {"sliders": sliders, "side": SIDE, "statutory": statutory()}


# ---- 四、共享平台 -------------------------------------------------------------------------------------

RATINGS = ["excellent", "good", "qualified", "poor"]
ABSENT = "absent"
#: 关键发现里隔几年。
LAG = 5
#: 名额固定下来的第一年。
FIXED = 2020


@cache
def _ratings() -> pd.DataFrame:
    return data.load("facility_ratings")


def names() -> dict[str, str]:
    """档次的中文名，连同“不在册”。"""
    return {**data.labels("facility_ratings", "rating"), ABSENT: "不在册"}


@cache
def quotas() -> pd.DataFrame:
    """每年各档的个数：索引为年，列为 :data:`RATINGS`，另有 ``total``、``left`` 次年不在册的个数（末年缺失）。"""
    table = _ratings()
    frame = pd.crosstab(table["year"], table["rating"])[RATINGS].rename_axis(columns=None)
    frame["total"] = frame.sum(axis=1)
    wide = wide_ratings()
    frame["left"] = [
        float((wide[y].notna() & wide[y + 1].isna()).sum()) if y + 1 in wide else np.nan for y in frame.index
    ]
    return frame


@cache
def wide_ratings() -> pd.DataFrame:
    """单位 × 年的档次，不在册为缺失。"""
    return _ratings().pivot(index="institution", columns="year", values="rating")


@cache
def moves(first: int = 2018) -> pd.DataFrame:
    """相邻两年的转移，次年不在册也算一种去向（同 :func:`chokepoint.inference.transitions` 的列）。

    Parameters
    ----------
    first : int
        由哪一年的档次起算；给 :data:`FIXED` 则只用名额固定之后的。
    """
    table = _ratings()[["year", "institution", "rating"]]
    table = table[table["year"] >= first]
    seen = pd.MultiIndex.from_frame(table[["institution", "year"]])
    following = table[table["year"] < table["year"].max()].assign(year=lambda t: t["year"] + 1, rating=ABSENT)
    gone = following[~pd.MultiIndex.from_frame(following[["institution", "year"]]).isin(seen)]
    panel = pd.concat([table, gone], ignore_index=True)
    found = inference.transitions(panel, "institution", "year", "rating", [*RATINGS, ABSENT])
    return found[found["start"] != ABSENT].reset_index(drop=True)


def move(start: str, end: str, first: int = 2018) -> inference.Interval:
    """一格转移的比例与 Wilson 区间。"""
    row = moves(first).query("start == @start and end == @end").iloc[0]
    return inference.Interval(row["estimate"], row["low"], row["high"])


@cache
def poor_leave() -> dict[str, float]:
    """评为较差的次数（末年除外）``poor``，次年不在册的 ``gone``，隔一年可查的 ``could``，其中又回到名单的 ``back``。"""
    wide, years = wide_ratings(), sorted(_ratings()["year"].unique())
    poor = [(unit, y) for y in years[:-1] for unit in wide.index[wide[y] == "poor"]]
    could = [(unit, y) for unit, y in poor if y + 2 in wide]
    return {
        "poor": len(poor),
        "gone": sum(pd.isna(wide.loc[unit, y + 1]) for unit, y in poor),
        "back": sum(pd.notna(wide.loc[unit, y + 2]) for unit, y in could),
        "could": len(could),
    }


#: 隔一年再看的几种结果：哪些档次算数（:data:`RATINGS` 里的序号）。
LATER = {"up": (0, 1), "poor": (3,)}


def _after(codes: np.ndarray, kind: str) -> tuple[float, float]:
    """较差的与合格的，隔一年成为 ``kind`` 的比例；合格的各年按较差的人次加权。"""
    before, later = codes[:, :-2], codes[:, 2:]
    hit = np.isin(later, LATER[kind])
    poor, fine = ((before == RATINGS.index(start)) & (later >= 0) for start in ("poor", "qualified"))
    weight = poor.sum(axis=0)
    rate = (fine & hit).sum(axis=0) / np.maximum(fine.sum(axis=0), 1)
    return float((poor & hit).sum() / weight.sum()), float((rate * weight).sum() / weight.sum())


@cache
def after_two_years() -> pd.DataFrame:
    """评为较差的与同年合格的，隔一年再看：合格的各年按较差的人次加权，免得年份不同混进来。

    Returns
    -------
    pandas.DataFrame
        索引同 :data:`LATER`（评到良好以上、再评为较差）；``poor``、``qualified`` 两边的比例，``gap`` 之差与按单位自助的
        区间 ``low``、``high``，都是 0–1。
    """
    codes, rows = pd.DataFrame(_codes(wide_ratings())), {}
    for kind in LATER:
        gap = inference.bootstrap(codes, lambda t, k=kind: float(np.subtract(*_after(t.to_numpy(), k))), draws=500)
        rows[kind] = (*_after(codes.to_numpy(), kind), *gap)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["poor", "qualified", "gap", "low", "high"])


def _codes(wide: pd.DataFrame) -> np.ndarray:
    return np.column_stack([pd.Categorical(wide[y], RATINGS).codes for y in wide])


def _same(codes: np.ndarray, lag: int, level: int | None = None) -> tuple[int, int]:
    """隔 ``lag`` 年两头都在册的对里，同档的与全部；``level`` 只看起点是这一档的。"""
    a, b = codes[:, :-lag], codes[:, lag:]
    both = (a >= 0) & (b >= 0) & ((a == level) if level is not None else True)
    return int((both & (a == b)).sum()), int(both.sum())


def _kinds(group: str) -> np.ndarray | None:
    """打乱时分的组：``year`` 不分，其余按主管部门（只有 2018、2019 年的名单列了，没有的合为一组）。"""
    if group == "year":
        return None
    table = _ratings().dropna(subset=["administrator"]).drop_duplicates("institution", keep="last")
    known = table.set_index("institution")["administrator"].reindex(wide_ratings().index).fillna("没有列出")
    return pd.factorize(known)[0]


@cache
def persistence(group: str = "year", balanced: bool = False, draws: int = 1_000) -> networks.Chance:
    """相邻两年同档的比例，与“每年的档次在当年的单位之间随机重分”相比。

    Parameters
    ----------
    group : {"year", "administrator", "placebo"}
        重分只在当年之内，或在当年、同一主管部门之内；``placebo`` 每次把主管部门在单位之间随机换过，组的大小不变。
    balanced : bool
        只用七年都在册的单位。
    draws : int
        抽几次。

    Returns
    -------
    chokepoint.networks.Chance
        0–1。
    """
    wide, kinds = wide_ratings(), _kinds(group)
    full = wide.notna().all(axis=1).to_numpy() if balanced else np.ones(len(wide), dtype=bool)
    codes = _codes(wide)[full]
    kinds = None if kinds is None else kinds[full]

    def ratio(table: np.ndarray) -> float:
        same, total = _same(table, 1)
        return same / total

    def draw(rng: np.random.Generator) -> float:
        out, part = codes.copy(), kinds if group != "placebo" else rng.permutation(kinds)
        for column in out.T:
            here = np.flatnonzero(column >= 0)
            if part is None:
                column[here] = rng.permutation(column[here])
            else:
                order, mixed = np.argsort(part[here], kind="stable"), np.lexsort((rng.random(len(here)), part[here]))
                column[here[order]] = column[here[mixed]]
        return ratio(out)

    return networks.against_chance(ratio(codes), draw, draws=draws)


def explained(group: str = "administrator") -> float:
    """同档超出随机的部分里，组之间的差别占多少（0–1）：组内重分的期望比随机高出多少，除以实测高出多少。

    组小，打乱就不彻底，所以与 ``placebo``（同样大小、随意分的组）相比才有意义。
    """
    plain, inside = persistence(), persistence(group)
    return (inside.expected - plain.expected) / (plain.observed - plain.expected)


@cache
def memory() -> pd.DataFrame:
    """评为优秀的，隔 k 年（两头都在册）仍是优秀的比例，与几种设想相比。

    Returns
    -------
    pandas.DataFrame
        索引为隔几年；``kept``、``total``、``estimate``、``low``、``high``（0–1）；``one``、``two`` 若只记得上一年、
        前两年（:func:`_recalled`），``random`` 若当年随机重分（终点年优秀所占的比例）。
    """
    codes = _codes(wide_ratings())
    last = codes.shape[1]
    share = (quotas()["excellent"] / quotas()["total"]).to_numpy()
    rows = {}
    for lag in range(1, last):
        kept, total = _same(codes, lag, 0)
        weight = np.array([_same(codes[:, [y, y + lag]], 1, 0)[1] for y in range(last - lag)])
        rows[lag] = (kept, total, *inference.proportion(kept, total), _recalled(codes, lag, 1),
                     _recalled(codes, lag, 2), float((share[lag:] * weight).sum() / weight.sum()))  # fmt: skip
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["kept", "total", "estimate", "low", "high", "one", "two", "random"]
    )


def _recalled(codes: np.ndarray, lag: int, years: int) -> float:
    """只记得前一年或前两年时，优秀的隔 ``lag`` 年仍优秀的比例：三档，各步都在册，转移不随年份变。"""

    def seen(length: int) -> np.ndarray:
        runs = np.stack([codes[:, k : codes.shape[1] - length + 1 + k].ravel() for k in range(length)])
        runs = runs[:, ((runs >= 0) & (runs < 3)).all(axis=0)]
        count = np.bincount(np.ravel_multi_index(tuple(runs), (3,) * length), minlength=3**length)
        count = count.reshape((3,) * length).astype(float)
        return count / np.maximum(count.sum(axis=-1, keepdims=True), 1)

    step = seen(2)
    if years == 1:
        return float(np.linalg.matrix_power(step, lag)[0, 0])
    triples = seen(3)
    state = np.zeros((3, 3))
    state[0] = step[0]
    for _ in range(lag - 1):
        state = np.einsum("ab,abc->bc", state, triples)
    return float(state[:, 0].sum())


@cache
def excess(years: int) -> inference.Interval:
    """隔 :data:`LAG` 年仍优秀的比例，比只记得前 ``years`` 年的设想高多少（0–1），按单位自助。"""

    def gap(codes: np.ndarray) -> float:
        kept, total = _same(codes, LAG, 0)
        return kept / total - _recalled(codes, LAG, years)

    frame = pd.DataFrame(_codes(wide_ratings()))
    return inference.bootstrap(frame, lambda t: gap(t.to_numpy()), draws=500)


# ---- 五、政策激励与平台 -------------------------------------------------------------------------------


@cache
def _regional() -> pd.DataFrame:
    return data.load("regional_indicators")


def figure(indicator: str, year: int, entity: str | None = None) -> float:
    """零散数字里的一个数；几个来源说法不一的报错，一致的取其一。

    Raises
    ------
    ValueError
        没有这个数，或来源互相冲突。
    """
    rows = _regional().query("indicator == @indicator and year == @year")
    rows = rows if entity is None else rows[rows["entity"] == entity]
    found = set(rows["value"])
    if len(found) != 1:
        raise ValueError(f"{indicator} {year}：应有一个数，得到 {sorted(found)}")
    return float(found.pop())


@cache
def transfers() -> pd.DataFrame:
    """转让、许可、作价投资三种方式合计：索引为年；``value`` 亿元，``count`` 项，``mean`` 平均每项（万元）。"""
    years, who = (2017, 2020, 2023), "universities_institutes"
    frame = pd.DataFrame(
        {
            "value": [figure("transfer_value_3modes", y, who) for y in years],
            "count": [figure("transfer_count_3modes", y, who) for y in years],
        },
        index=pd.Index(years, name="year"),
    )
    return frame.assign(mean=frame["value"] / frame["count"] * 1e4)


@cache
def equity() -> dict[str, float]:
    """作价投资（给研究人员股权的途径），2023 年：``count`` 项、``value`` 亿元，占三种方式的 ``count_share``、
    ``value_share``（0–1），平均每项 ``mean`` 与转让平均每项 ``sold_mean``（万元）。"""
    who, total = "universities_institutes", transfers().loc[2023]
    count, value = figure("transfer_count_equity", 2023, who), figure("transfer_value_equity", 2023, who)
    sold = figure("transfer_value_assignment", 2023, who) / figure("transfer_count_assignment", 2023, who) * 1e4
    return {
        "count": count,
        "value": value,
        "count_share": count / total["count"],
        "value_share": value / total["value"],
        "mean": value / count * 1e4,
        "sold_mean": sold,
    }


class Cosmoplat(NamedTuple):
    """卡奥斯招股文件的几个数：亿元与百分数。"""

    revenue: float
    profits: tuple[float, ...]
    total: float
    subsidy: float
    without: float
    haier: float
    data_share: float


@cache
def cosmoplat() -> Cosmoplat:
    """卡奥斯：2024 年营业收入，报告期三段的利润与合计，补助（至少），扣去补助的合计（至多），来自海尔的收入（至少），
    数据智能方案占收入。"""
    table = data.load("industrial_base")
    rows = {name: part.sort_values("year") for name, part in table.groupby("indicator")}
    profits = tuple(rows["cosmoplat_profit"]["value"])
    subsidy = float(rows["cosmoplat_subsidy"]["value"].iloc[0])
    revenue = rows["cosmoplat_revenue"].set_index("year")["value"]
    return Cosmoplat(
        float(revenue[2024]),
        profits,
        sum(profits),
        subsidy,
        sum(profits) - subsidy,
        float(rows["cosmoplat_haier_share"]["value"].iloc[0]),
        float(rows["cosmoplat_data_share"].set_index("year")["value"][2024]),
    )


def platforms() -> dict[str, float]:
    """双跨平台：``before`` 2023 年年中，``added`` 当年新增，``after`` 次年，``left`` 由此推出的退出。"""
    rows = data.load("industrial_base").set_index(["indicator", "year"])["value"]
    before, added = rows["iiot_platforms", 2023], rows["iiot_platforms_new", 2023]
    after = rows["iiot_platforms", 2024]
    return {"before": before, "added": added, "after": after, "left": before + added - after}


def consortia() -> dict[str, int]:
    """联合体的成员表：``lists`` 联合体数，``complete`` 在某一时点名单完整的，``stakes`` 其中写明全部股比的。"""
    table = data.load("consortium_members")
    whole = table.groupby("consortium_id")["list_status"].agg(lambda s: (s == "complete").any())
    stated = table.groupby("consortium_id")["stake"].agg(lambda s: s.notna().all())
    return {"lists": len(whole), "complete": int(whole.sum()), "stakes": int((whole & stated).sum())}


def span(low: float, high: float, digits: int = 0) -> str:
    """两个比例（0–1）之间写成 ``49%–61%``。"""
    return f"{low:.{digits}%}–{high:.{digits}%}"


def _money(value: float, digits: int = 0) -> str:
    return f"{value:,.{digits}f} 亿元"


def graded() -> pd.DataFrame:
    """每种机制有什么数、谁说的、缺什么，供表用；数都由数据表算出。"""
    made, cosmo, hub, group = equity(), cosmoplat(), platforms(), consortia()
    base = data.load("industrial_base").set_index(["indicator", "year"])["value"]
    ratings, text = _ratings(), rules()
    number = {
        "consortium": f"中央企业启动 {figure('soe_consortia', 2024):.0f} 个；见到成员的联合体 {group['lists']} 个，"
        f"名单完整的 {group['complete']} 个，写明全部股比的 {group['stakes']} 个",
        "facility": f"{ratings['institution'].nunique()} 个单位、{len(ratings):,} 次考核",
        "iiot": f"双跨平台由 {hub['before']:.0f} 个到 {hub['after']:.0f} 个；"
        f"产业规模至少 {base['iiot_industry', 2023] / 1e4:g} 万亿元",
        "cosmoplat": f"2024 年收入 {_money(cosmo.revenue, 1)}；报告期利润合计 {_money(cosmo.total, 2)}；"
        f"补助至少 {_money(cosmo.subsidy, 1)}；来自海尔至少 {cosmo.haier:.0f}%",
        "share": f"全国下限由 {text['sold'].iloc[0]:g}% 到 {headline()['law']:g}%，"
        f"收集到的省市 {headline()['province']:g}%；共 {len(text)} 个文本",
        "equity": f"2023 年作价投资 {made['count']:.0f} 项、{_money(made['value'], 1)}，"
        f"占转让、许可、作价投资合计的 {made['count_share']:.1%}（项）、{made['value_share']:.1%}（金额）",
        "subsidy": f"只有上面一家企业的至少 {_money(cosmo.subsidy, 1)}",
    }
    rows = [
        (
            "创新联合体",
            number["consortium"],
            "国资部门的转述；标准前言、公告",
            "个数",
            "收益怎样分、谁退出、做成了什么",
        ),
        ("共享平台：科研设施", number["facility"], "官方名单的副本", "数据：排名", "机时、用户、共享之后做成了什么"),
        ("共享平台：工业互联网", number["iiot"], "主管部门的公布", "挂牌数", "接入了谁、谁付费、省下多少"),
        ("平台一例：卡奥斯", number["cosmoplat"], "企业的招股文件", "数据：一家", "集团外用户的收益；别的平台的账"),
        ("利益分享：法定比例", number["share"], "法规原文", "数据：规则", "实际分到多少、先行约定的占多少"),
        ("研究人员的股权", number["equity"], "官方年报的转述", "数据：合同", "个人所得、兑现、企业后来如何"),
        ("政策激励：补助", number["subsidy"], "企业的招股文件", "模型：方向", "补了谁、没补的同类怎样"),
        ("政策激励：税收减免", "没有", "—", "模型：方向", "税额、受益者、没有受益的同类"),
    ]
    return pd.DataFrame(rows, columns=["mechanism", "numbers", "who", "kind", "missing"])


@cache
def headline() -> dict[str, float]:
    """关键发现与摘要用的数：全国先后两个下限、收集到的省市里最低的一个，评为较差的次数与次年不在册的次数。"""
    text, poor = rules(), poor_leave()
    return {
        "first": float(text["sold"].iloc[0]),
        "law": float(text.query("who == '全国' and year == 2015")["sold"].iloc[0]),
        "province": float(text.query("who != '全国'")["sold"].min()),
        "poor": poor["poor"],
        "gone": poor["gone"],
    }
