"""“顶层设计”一章的数字：169 个政策文件从哪里来、说了什么，又有哪些说不了。

文件记录在 2022 年 7 月断开：此前有国务院文件目录可查，此后只有法律文本与新闻。凡跨过断点的比较，都另在同一种来源里算
X，:func:`statements` 随机改动一部分，看哪些话还成立。这些文件是收到的
全部，不是抽来的；比例的区间只说“同样的过程再来一遍”的起伏，不说漏收与归错。
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import combinations, product
from typing import NamedTuple

import networkx as nx
import numpy as np
import pandas as pd

from .. import coding, concentration, data, inference, networks

#: 目录中断的一天：此后只有新闻与法律文本。
BREAK = "2022-07-01"
#: 断点在图上的位置（小数年）；断点所在的年拆成两半画。
BREAK_AT = 2022.5
#: 来源的次序。
KINDS = ("gov_index", "law_text", "press")
#: 断点前后的整年：首年到末年，两端在内。
WHOLE_BEFORE, WHOLE_AFTER = (2006, 2021), (2023, 2025)
#: 目录之内的各期：五年规划，末一期只到目录中断。
PERIODS = {"2006–2010": (2006, 2010), "2011–2015": (2011, 2015), "2016–2020": (2016, 2020), "2021–2022": (2021, 2022)}
OLD, NEW = "2011–2015", "2016–2020"
#: 各期的五年规划。
PLANS = dict(zip(PERIODS, ("十一五", "十二五", "十三五", "十四五"), strict=True))
#: 试点最多的一年。
BURST = 2016
#: 直接动钱的工具。
MONEY = ("fund", "subsidy", "tax", "procurement")
PILLARS = ("components", "materials", "processes", "technology_base")
MODES = ("industry_university", "supply_chain", "cross_regional", "international")
#: 矩阵的列，依次写短名。
TARGETS = dict(
    zip(
        (*PILLARS, "all", *MODES),
        ("零部件", "材料", "工艺", "技术\n基础", "不分\n支柱", "产学研", "上下游", "跨区域", "国际"),
        strict=True,
    )
)
#: 归类时几乎由题名里的词决定的策略：它们那一行集中，是归类的结果。
BY_DEFINITION = ("standards", "open_ecosystem")
#: 机关的短名，图上用。
SHORT = {
    "cpc_central": "中共中央", "state_council": "国务院", "mof": "财政部", "sta": "税务总局", "ndrc": "发展改革委",
    "miit": "工信部", "cnipa": "知识产权局", "most": "科技部", "mohrss": "人社部", "pboc": "人民银行",
    "csrc": "证监会", "nfra": "金融监管局", "cbirc": "银保监会",
}  # fmt: skip
#: 党政联合发文的两方：不是部门之间的会签。
PARTY = {"cpc_central", "state_council"}
#: 不是部门的发文机关。
ABOVE = PARTY | {"state_council_office", "npc", "npcsc", "deepening_reform", "spc", "sse"}
#: 打乱的次数，连同实测。
DRAWS = 1_000
SHUFFLES = 200
RESAMPLES = 500
#: 改动归类的份额，每种改多少次，以及“站得住”的线。
SHARES = (0.1, 0.2, 0.3)
RECODINGS = 500
FIRM = 0.95
SEED = 20260101
#: 时间检验：看前后多少天（练习另换一个）；相隔不超过多少天的管制合为一波。
WINDOWS = (30, 60, 90)
MAIN_WINDOW, OTHER_WINDOW, GAP, WIDE_GAP = 60, 45, 30, 90
#: 覆盖矩阵的等级；看最满的几格；成文到公开，多少天算久。
LEVELS = ("没有", "一件", "二至四件", "五件以上")
TOP, SLOW = 10, 100
#: 显著的线。
ALPHA = 0.05
#: 管制的三种取法：全部；只算实体清单；只算芯片、计算与通信。
CONTROLS = {"all": "全部管制", "entity": "只算实体清单", "chips": "只算芯片、计算、通信"}
CHIP_DOMAINS = ("chips", "ai_computing", "telecom")


@cache
def policies() -> pd.DataFrame:
    """政策表，另加 ``year``、``after``（断点后）、``target``（支柱或方式）、``number``，
    ``fund``（写明规模的基金）、``joint``（不止一个机关发的文件；基金不算）。"""
    table = data.load("policies")
    fund = (table["instrument"] == "fund") & (table["unit"] == "CNY_100m")
    many = (table["issuers_named"] > 1) | table["issuers_stated"].notna() | ~table["issuers_complete"]
    return table.assign(
        year=table["date"].str[:4].astype(int),
        after=table["date"] >= BREAK,
        target=table["pillar"].fillna(table["mode"]),
        fund=fund.astype(bool),
        joint=(many & ~fund).astype(bool),
        number=table["commitment"].notna(),
    ).set_index("policy_id")


def archive() -> pd.DataFrame:
    """只取目录所载的文件，另加 ``period``。"""
    table = policies().query("seen_in == 'gov_index'")
    names = {year: name for name, (first, last) in PERIODS.items() for year in range(first, last + 1)}
    return table.assign(period=table["year"].map(names))


def kinds() -> dict[str, str]:
    """来源的代码 → 中文名。"""
    return {k: data.labels("policies", "seen_in")[k] for k in KINDS}


# ---- 第一步：记录从哪里来 ---------------------------------------------------------------------------


def yearly() -> pd.DataFrame:
    """各年的件数，供断点图：列 ``left``、``right``（小数年）与各来源的中文名；断点所在的年分成两半。"""
    table = policies()
    half = int(BREAK_AT)
    start = table["year"].where(~(table["after"] & (table["year"] == half)), BREAK_AT)
    counts = pd.crosstab(start, table["seen_in"])[list(KINDS)].rename(columns=kinds())
    left = counts.index.to_numpy(dtype=float)
    right = np.where(np.isin(left, (half, BREAK_AT)), left + 0.5, left + 1)
    return counts.assign(left=left, right=right).reset_index(drop=True)


def source_table() -> pd.DataFrame:
    """三种来源各有多少：索引为中文名；``n``、断点前后、日期精确到日的、写明数字的、有文号的，与首末日期。"""
    rows = {}
    for code, name in kinds().items():
        own = policies()[policies()["seen_in"] == code]
        rows[name] = {
            "n": len(own),
            "before": int((~own["after"]).sum()),
            "after": int(own["after"].sum()),
            "day": int((own["date_precision"] == "day").sum()),
            "coarse": int((own["date_precision"] != "day").sum()),
            "doc_number": int(own["doc_number"].notna().sum()),
            "number": int(own["number"].sum()),
            "span": f"{own['date'].min()[:4]}–{own['date'].max()[:4]}",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def per_year(source: str | None = None) -> tuple[float, float]:
    """断点前、后整年里平均每年几件；``source``：只看一种来源。"""
    table = policies() if source is None else policies().query("seen_in == @source")
    found = []
    for first, last in (WHOLE_BEFORE, WHOLE_AFTER):
        found.append(float(table["year"].between(first, last).sum() / (last - first + 1)))
    return found[0], found[1]


@cache
def across(column: str, source: str | None = None) -> dict[str, inference.Interval]:
    """断点前、后某种文件（布尔列，或“工具=代码”）的比例，各带 Wilson 区间；``source``：只看一种来源。"""
    table = policies() if source is None else policies().query("seen_in == @source")
    flag = table["instrument"] == column if column in set(table["instrument"]) else table[column]
    return {
        name: inference.proportion(int(flag[side].sum()), int(side.sum()))
        for name, side in (("before", ~table["after"]), ("after", table["after"]))
    }


def departmental() -> pd.DataFrame:
    """新闻里的文件，只留至少有一个部门具名的，不要基金：断点之后国务院与它的办公厅的文件也只见于新闻，断点前却在目录里。"""
    signed = data.load("policy_issuers").groupby("policy_id")["issuer"].agg(set)
    own = policies().query("seen_in == 'press' and not fund")
    return own[[bool(signed[code] - ABOVE) for code in own.index]]


@cache
def press_change(column: str = "joint", departments: bool = False) -> networks.Chance:
    """只看新闻，断点后与前某种文件的比例之差，与打乱断点前后相比；``departments``：只看 :func:`departmental`。"""
    own = departmental() if departments else policies().query("seen_in == 'press'")
    flag, after = own[column].to_numpy(float), own["after"].to_numpy()
    return networks.against_chance(_gap(after, flag), lambda rng: _gap(rng.permutation(after), flag), draws=DRAWS - 1)


def departmental_joint() -> tuple[inference.Interval, inference.Interval]:
    """:func:`departmental` 里联合发文的比例，断点前、后。"""
    own = departmental()
    before, after = (own[own["after"] == side]["joint"] for side in (False, True))
    return inference.proportion(int(before.sum()), len(before)), inference.proportion(int(after.sum()), len(after))


def plan_share() -> inference.Interval:
    """规划与意见占全部文件的比例（0–1）。"""
    return inference.proportion(int((policies()["instrument"] == "plan").sum()), len(policies()))


def naive_table() -> pd.DataFrame:
    """跨过断点的几种比较，用全部文件与只用新闻各做一遍；格里是写好的文字。"""
    means = [v for source in (None, "press") for v in per_year(source)]
    rows = {"每年件数（整年）": [f"{v:.1f}" for v in means]}
    for column, name in (("joint", "联合发文"), ("number", "见到数字"), ("plan", "工具为规划与意见")):
        shares = [v for source in (None, "press") for v in across(column, source).values()]
        rows[name] = [f"{v.estimate:.0%}（{v.low:.0%}–{v.high:.0%}）" for v in shares]
    return pd.DataFrame.from_dict(rows, orient="index")


@cache
def standardised_joint() -> inference.Interval:
    """断点前联合发文的比例，照断点后的来源构成加权（0–1）：断点后没有目录，所以目录的权重是零；区间对文件重抽样。"""
    table = policies()
    weight = table.loc[table["after"], "seen_in"].value_counts(normalize=True)

    def weighted(early: pd.DataFrame) -> float:
        return float((early.groupby("seen_in")["joint"].mean().reindex(weight.index).fillna(0) * weight).sum())

    return inference.bootstrap(table.loc[~table["after"], ["seen_in", "joint"]], weighted, draws=RESAMPLES)


def source_shares() -> pd.DataFrame:
    """联合发文与写明数字的比例（%），按来源，新闻再分断点前后；列 ``estimate``、``low``、``high``、``n``。"""
    table = policies()
    cuts = {name: table["seen_in"] == code for code, name in (("gov_index", "目录"), ("law_text", "法律"))}
    press = table["seen_in"] == "press"
    cuts |= {"新闻，断点前": press & ~table["after"], "新闻，断点后": press & table["after"]}
    rows = {}
    for column, what in (("joint", "联合发文"), ("number", "有数字")):
        for name, cut in cuts.items():
            found = inference.proportion(int(table.loc[cut, column].sum()), int(cut.sum()))
            rows[f"{what}：{name}"] = (*(100 * v for v in found), int(cut.sum()))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high", "n"])


def publication_lag() -> dict[str, float]:
    """目录文件从成文到公开的天数：中位数 ``median``，
    超过 :data:`SLOW` 天的件数 ``slow`` 与其中最晚的成文年 ``slow_last``。"""
    own = archive()
    days = (pd.to_datetime(own["published"]) - pd.to_datetime(own["date"])).dt.days
    slow = days > SLOW
    return {"median": float(days.median()), "slow": int(slow.sum()), "slow_last": int(own.loc[slow, "year"].max())}


# ---- 第二步：用什么工具 -----------------------------------------------------------------------------


def instrument_grid() -> pd.DataFrame:
    """目录之内，各期各种工具的件数；行为工具（依总数），列名为五年规划与该期的件数。"""
    own = archive()
    counts = pd.crosstab(own["instrument"], own["period"])[list(PERIODS)]
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    counts = counts.loc[order].rename(index=data.labels("policies", "instrument"))
    return counts.set_axis([f"{PLANS[p]}\n{n}" for p, n in counts.sum().items()], axis=1)


#: 试点增多的几种做法：名称 → 怎样去掉一部分目录文件。
PILOT_WAYS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "全部目录文件": lambda t: t,
    "同日同工具合为一件": lambda t: t.drop_duplicates(["date", "instrument"]),
    "不收“批复”": lambda t: t[~t["title"].str.contains("批复")],
    "不收“推广”": lambda t: t[~t["title"].str.contains("推广")],
    "不收 2016 年": lambda t: t[t["year"] != BURST],
}


@cache
def pilot_change(way: str = "全部目录文件") -> dict[str, float]:
    """试点占目录文件的比例，两期之差；``way`` 见 :data:`PILOT_WAYS`。

    Returns
    -------
    dict
        ``old``、``new`` 两期的比例，``change``、``low``、``high`` 之差与对文件重抽样的区间（0–1），``n_old``、``n_new``
        件数；``p``、``ways`` 以年为单位（一年的文件往往同批而来）把各年分到两期的全部分法，差至少这么大的比例与分法数。
    """
    own = PILOT_WAYS[way](archive().query("period in [@OLD, @NEW]"))
    frame = own[["year"]].assign(new=own["period"] == NEW, pilot=(own["instrument"] == "pilot").astype(float))
    moved = inference.bootstrap(frame, lambda f: _gap(f["new"].to_numpy(), f["pilot"].to_numpy()), draws=RESAMPLES)
    new, flag, year = frame["new"].to_numpy(), frame["pilot"].to_numpy(), frame["year"].to_numpy()
    split = [_gap(np.isin(year, late), flag) for late in combinations(np.unique(year), len(np.unique(year[new])))]
    return {
        "old": float(flag[~new].mean()), "new": float(flag[new].mean()), "change": moved.estimate, "low": moved.low,
        "high": moved.high, "n_old": int((~new).sum()), "n_new": int(new.sum()), "ways": len(split),
        "p": float(np.mean(np.abs(split) >= abs(moved.estimate) - 1e-9)),
    }  # fmt: skip


def _gap(side: np.ndarray, flag: np.ndarray) -> float:
    """真的一侧的平均减假的一侧的平均。"""
    return float(flag[side].mean() - flag[~side].mean())


def pilots(year: int = BURST) -> tuple[int, int, int]:
    """目录里的试点：这一年的、后一期的、全部的件数。"""
    own = archive().query("instrument == 'pilot'")
    return int((own["year"] == year).sum()), int((own["period"] == NEW).sum()), len(own)


def zone_approvals() -> pd.DataFrame:
    """目录里题名含“自主创新示范区”的批复：``date``、``title``。"""
    own = archive()
    return own.loc[own["title"].str.contains("自主创新示范区") & own["title"].str.contains("批复"), ["date", "title"]]


# ---- 第三步：谁签 -----------------------------------------------------------------------------------


def lone_council() -> int:
    """国务院或国务院办公厅单独发文的件数。"""
    found = data.load("policy_issuers").groupby("policy_id")["issuer"].agg(set)
    return int(sum(group in ({"state_council"}, {"state_council_office"}) for group in found))


@cache
def named_pairs() -> pd.DataFrame:
    """联合发文里具名机关不止一个的“机关—文件”边：列 ``issuer``、``policy_id``。"""
    table = data.load("policy_issuers")
    many = (table.groupby("policy_id")["issuer"].transform("size") > 1) & table["policy_id"].map(policies()["joint"])
    return table.loc[many, ["issuer", "policy_id"]].reset_index(drop=True)


@cache
def cosign() -> nx.Graph:
    """联合发文的投影网络：节点为机关，边权为一起具名的件数。"""
    return networks.projection(named_pairs(), "issuer", "policy_id")


def cosign_grid() -> pd.DataFrame:
    """联合发文一件一行、机关一列，供点图：1 具名，0.3 写了“等”而没有全部具名；断点处空一行。"""
    table = policies().query("joint").sort_values(["date"], kind="stable")
    signed = data.load("policy_issuers").groupby("policy_id")["issuer"].agg(set)
    columns = [*SHORT, "others"]
    rows, names = [], []
    for after in (False, True):
        for code, item in table[table["after"] == after].iterrows():
            row = {c: float(c in signed[code]) for c in SHORT}
            rows.append(row | {"others": 0.0 if item["issuers_complete"] else 0.3})
            names.append(f"{_short_title(item['title'])} {item['date'][:4]}")
        if not after:
            rows.append(dict.fromkeys(columns, 0.0))
            names.append("—— 目录中断 ——")
    head = [*("\n".join(v) for v in SHORT.values()), "\n".join("没有具名")]
    return pd.DataFrame(rows, index=names)[columns].set_axis(head, axis=1)


def _short_title(title: str, keep: int = 12) -> str:
    plain = title.removeprefix("关于").split("（2")[0]
    return plain if len(plain) <= keep else f"{plain[:keep]}…"


def _spaced(title: str) -> str:
    """题名照本书的排法：年字前空，汉字之间不空。"""
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "，", re.sub(r"(?<=\d)年", " 年", title))


def pairs_among(n):
    """``n`` 个机关之间有几对。"""
    return n * (n - 1) // 2


def most_stated() -> tuple[int, int]:
    """写明的发文机关总数，最多的是几个、有几件。"""
    stated = policies()["issuers_stated"]
    return int(stated.max()), int((stated == stated.max()).sum())


def known_pairs() -> dict[str, int]:
    """联合发文里确知存在的“机关对”（一件一件地数）。

    Returns
    -------
    dict
        ``seen`` 两方都具名的；``known`` 由具名数或写明的总数得出的全部；只写“等”、没有总数的，按具名数计，所以是下限。
    """
    table = policies().query("joint")
    named = table["issuers_named"].astype(int)
    stated = table["issuers_stated"].fillna(table["issuers_named"]).astype(int)
    return {"seen": int(pairs_among(named).sum()), "known": int(pairs_among(stated).sum())}


def repeated(pairs: pd.DataFrame) -> float:
    """一起具名不止一件的机关对有几对；``pairs`` 含列 ``issuer``、``policy_id``。"""
    groups: dict[str, list[str]] = {}
    for issuer, policy in zip(pairs["issuer"], pairs["policy_id"], strict=True):
        groups.setdefault(policy, []).append(issuer)
    counts = Counter(pair for group in groups.values() for pair in combinations(sorted(group), 2))
    return float(sum(v > 1 for v in counts.values()))


@cache
def cosign_chance(party: bool = True) -> networks.Chance:
    """重复的机关对与零模型（保住各机关的件数、各文件的机关数）相比；``party``：收不收党政联合发文。"""
    pairs = named_pairs()
    if not party:
        whole = pairs.groupby("policy_id")["issuer"].agg(set)
        pairs = pairs[pairs["policy_id"].map(whole) != PARTY]
    return networks.against_chance(
        repeated(pairs), lambda rng: repeated(networks.shuffle(pairs, "issuer", "policy_id", rng)), draws=SHUFFLES - 1
    )


def coordination() -> pd.DataFrame:
    """四处看得见部门协调的痕迹：``n`` 件数，``counted`` 是否进了联合发文，``example`` 一个例子。"""
    table, own = policies(), archive()
    named = table[table["joint"] & (table["issuers_named"] > 1)]
    rest = table[table["joint"] & (table["issuers_named"] == 1)]
    passed = own[own["title"].str.contains("转发")]
    bodies = own[own["title"].str.contains("联席会议|领导小组")]
    rows = {
        "不止一个机关具名": (named, "是"),
        "写了“等”，只具名一个": (rest, "有边而画不出"),
        "国务院办公厅“转发”部门文件": (passed, "否"),
        "设“联席会议”或“领导小组”": (bodies, "否"),
    }
    return pd.DataFrame(
        {
            name: {
                "n": len(f),
                "index": int((f["seen_in"] == "gov_index").sum()),
                "counted": how,
                "example": _spaced(f.sort_values("date")["title"].iloc[-1]),
            }
            for name, (f, how) in rows.items()
        }
    ).T


# ---- 第四步：覆盖了什么 -----------------------------------------------------------------------------


def coverage() -> pd.DataFrame:
    """策略 × 支柱或方式的件数；行依总数，列为 :data:`TARGETS` 的代码。"""
    table = policies()
    counts = pd.crosstab(table["strategy"], table["target"]).reindex(columns=list(TARGETS), fill_value=0)
    return counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]


def coverage_levels() -> tuple[pd.DataFrame, pd.DataFrame]:
    """证据矩阵用的等级（0 空，1 一件，2 两到四件，3 五件以上）与格里的字。"""
    counts = coverage().rename(index=data.labels("policies", "strategy")).rename(columns=TARGETS)
    counts.index.name = counts.columns.name = None
    levels = counts.apply(lambda c: pd.cut(c, [-1, 0, 1, 4, np.inf], labels=False)).astype(int)
    return levels, counts.astype(str)


def spread_of(counts: pd.DataFrame) -> dict[str, float]:
    """一张矩阵的集中：``cells`` 格数，``empty`` 空格，``effective`` 有效格数（1 ÷ HHI），
    ``top`` 最满的 :data:`TOP` 格的份额。"""
    shares = counts.to_numpy(float).ravel() / counts.to_numpy().sum()
    return {
        "cells": counts.size,
        "empty": int((counts.to_numpy() == 0).sum()),
        "effective": concentration.equivalent_number(shares),
        "top": concentration.cr(shares, TOP),
    }


@cache
def empty_chance(definitional: bool = True) -> networks.Chance:
    """空格数与打乱之后（策略与支柱或方式各自的件数不变）相比；``definitional``：收不收归类时由题名定死的两种策略。"""
    table = policies() if definitional else policies().query("strategy not in @BY_DEFINITION")
    rows, _ = pd.factorize(table["strategy"])
    columns, _ = pd.factorize(table["target"])
    size = (rows.max() + 1) * (columns.max() + 1)

    def empty(order: np.ndarray) -> float:
        return float(size - len(np.unique(order * (columns.max() + 1) + columns)))

    return networks.against_chance(empty(rows), lambda rng: empty(rng.permutation(rows)), draws=DRAWS - 1)


def chip_titles() -> tuple[int, int]:
    """归入核心基础零部件的文件里，题名写着“集成电路”的，与全部。"""
    own = policies().query("pillar == 'components'")
    return int(own["title"].str.contains("集成电路").sum()), len(own)


def base_without_standards() -> tuple[int, int]:
    """归入产业技术基础的件数；其中不归“标准”策略的（标准、计量的支柱由归类的规则定死）。"""
    own = policies().query("pillar == 'technology_base'")
    return len(own), int((own["strategy"] != "standards").sum())


# ---- 第五步：归类改动一部分 -------------------------------------------------------------------------


class Tally(NamedTuple):
    """一次归类数出来的：各代码的件数，策略 × 支柱或方式的矩阵，目录之内后一期减前一期各工具的比例。"""

    strategy: dict[str, int]
    target: dict[str, int]
    instrument: dict[str, int]
    cells: np.ndarray
    change: dict[str, float]


FIELDS = ("strategy", "target", "instrument")


@cache
def _codes() -> tuple[tuple[list[str], np.ndarray], ...]:
    """三种归类：各是（代码，每件的序号）。"""
    table = policies()
    return tuple((sorted(table[c].unique()), pd.factorize(table[c], sort=True)[0]) for c in FIELDS)


@cache
def _period_masks() -> tuple[np.ndarray, np.ndarray]:
    period = archive()["period"].reindex(policies().index)
    return (period == OLD).to_numpy(), (period == NEW).to_numpy()


def tally(codes: tuple[np.ndarray, ...]) -> Tally:
    """由三列序号数出 :class:`Tally`。"""
    names = [n for n, _ in _codes()]
    counts = [np.bincount(c, minlength=len(n)) for c, n in zip(codes, names, strict=True)]
    rows, columns, tools = codes
    cells = np.bincount(rows * len(names[1]) + columns, minlength=len(names[0]) * len(names[1]))
    old, new = _period_masks()
    size = len(names[2])
    moved = np.bincount(tools[new], minlength=size) / new.sum() - np.bincount(tools[old], minlength=size) / old.sum()
    dicts = [dict(zip(n, c, strict=True)) for n, c in zip(names, counts, strict=True)]
    return Tally(*dicts, cells, dict(zip(names[2], moved, strict=True)))


def _sum(counts: dict[str, int], which: tuple[str, ...]) -> int:
    return sum(counts[k] for k in which)


def _first(counts: dict[str, int], one: str, of: tuple[str, ...], sign: int = 1) -> bool:
    return all(sign * counts[one] > sign * counts[other] for other in of if other != one)


def _two_lead(counts: dict[str, int]) -> bool:
    pair = ("top_design", "fiscal_finance")
    return min(counts[k] for k in pair) > max(v for k, v in counts.items() if k not in pair)


def _gap_cell(t: Tally) -> bool:
    (rows, _), (columns, _), _ = _codes()
    return t.cells[rows.index("fiscal_finance") * len(columns) + columns.index("materials")] == 0


#: 最不牢的两句。
PLAN_HALF, EMPTY_HALF = "规划与意见超过半数", "超过半数的格子是空的"
#: 关于覆盖的话：话 → 在一次归类里是否成立。
CLAIMS: dict[str, Callable[[Tally], bool]] = {
    "顶层设计、财政金融两种策略最多": lambda t: _two_lead(t.strategy),
    PLAN_HALF: lambda t: t.instrument["plan"] * 2 > sum(t.instrument.values()),
    "动钱的工具合计少于规划与意见": lambda t: _sum(t.instrument, MONEY) < t.instrument["plan"],
    "“不分支柱”多于四根支柱之和": lambda t: t.target["all"] > _sum(t.target, PILLARS),
    "四根支柱里，产业技术基础最多": lambda t: _first(t.target, "technology_base", PILLARS),
    "四根支柱里，材料最少": lambda t: _first(t.target, "materials", PILLARS, -1),
    "协同方式里，跨区域最多": lambda t: _first(t.target, "cross_regional", MODES),
    EMPTY_HALF: lambda t: (t.cells == 0).sum() * 2 > t.cells.size,
    "财政金融 × 材料是空的": _gap_cell,
    "有效格数不到全部的四分之一": lambda t: concentration.equivalent_number(t.cells / t.cells.sum()) * 4 < t.cells.size,
    "目录里，试点的比例后一期高于前一期": lambda t: t.change["pilot"] > 0,
    "目录里，规划的比例后一期低于前一期": lambda t: t.change["plan"] < 0,
}


def judge(columns: tuple[np.ndarray, ...]) -> list[bool]:
    """:data:`CLAIMS` 的每句话在一次归类（三列序号）里是否成立。"""
    drawn = tally(columns)
    return [bool(claim(drawn)) for claim in CLAIMS.values()]


@cache
def statements() -> pd.DataFrame:
    """:data:`CLAIMS` 的每句话，改动之后仍成立的比例。

    Returns
    -------
    pandas.DataFrame
        索引为话；``now`` 现在是否成立；其余各列如 ``even_10``、``kept_10``（均等、依现有件数；份额的百分数），0–1。
    """
    columns = tuple(codes for _, codes in _codes())
    table = pd.DataFrame({"now": dict(zip(CLAIMS, judge(columns), strict=True))})
    for share, even in product(SHARES, (True, False)):
        table[f"{'even' if even else 'kept'}_{100 * share:.0f}"] = coding.survival(
            columns, judge, share=share, draws=RECODINGS, seed=SEED, even=even
        )
    return table


def recode_name(column: str) -> str:
    """:func:`statements` 的列名写成表头。"""
    how, share = column.split("_")
    return f"{'均' if how == 'even' else '依'} {share}%"


def firm(column: str | None = None) -> list[str]:
    """站得住的话：成立的比例不低于 :data:`FIRM`；缺省要求六种改法都如此。"""
    table = statements().drop(columns="now")
    held = (table >= FIRM).all(axis=1) if column is None else table[column] >= FIRM
    return list(table.index[held])


# ---- 第六步：数字 -----------------------------------------------------------------------------------


def number_status() -> pd.Series:
    """写明数字的文件，按数字的地位：目标、规定、实绩的件数（代码）。"""
    return policies()["status"].dropna().value_counts()


def measure_counts() -> int:
    """“规定”里只数了措施条数的件数：那不是承诺。"""
    return int((policies()["commitment"] == "measures").sum())


def funds() -> pd.DataFrame:
    """写明规模的基金：``title``、``value``（亿元），由大到小；注册资本、募资规模与中央出资口径不同，不可相加。"""
    return policies().query("fund")[["title", "commitment", "value"]].sort_values("value", ascending=False)


# ---- 第七步：跟着管制走吗 ---------------------------------------------------------------------------


def _days(dates: pd.Series) -> np.ndarray:
    return ((pd.to_datetime(dates) - pd.Timestamp("2006-01-01")) // pd.Timedelta(days=1)).to_numpy()


@cache
def controls(kind: str = "all") -> pd.DataFrame:
    """对华新设或收紧、日期精确到日的管制；``kind`` 见 :data:`CONTROLS`。"""
    table = data.load("export_controls").query(
        "direction == 'against_china' and action in ['impose', 'expand'] and date_precision == 'day'"
    )
    if kind == "entity":
        return table[table["instrument"] == "entity_list"]
    return table[table["domain"].isin(CHIP_DOMAINS)] if kind == "chips" else table


def span(end: str = BREAK) -> tuple[int, int]:
    """检验的起止（天）：首次管制之前最长的一窗，到 ``end``（不含）。"""
    first = int(_days(controls()["date"]).min())
    return first - max(WINDOWS), int(_days(pd.Series([end]))[0])


@cache
def waves(kind: str = "all", gap: int = GAP, end: str = BREAK) -> np.ndarray:
    """管制的波：相隔不超过 ``gap`` 天的合为一波，取首日（天）。"""
    start, stop = span(end)
    days = np.unique(_days(controls(kind)["date"]))
    days = days[(days >= start) & (days < stop)]
    return days[np.diff(days, prepend=days[0] - gap - 1) > gap]


@cache
def documents(sources: tuple[str, ...] = ("gov_index",), basis: str = "date", end: str = BREAK) -> np.ndarray:
    """检验期内、日期精确到日的文件（天）；``basis``：``date`` 成文日或 ``published`` 公开日。"""
    start, stop = span(end)
    own = policies().query("seen_in in @sources and date_precision == 'day'")
    days = np.sort(_days(own[basis].dropna()))
    return days[(days >= start) & (days < stop)]


def hits(docs: np.ndarray, placed: np.ndarray, window: int, length: int, sign: int = 1) -> np.ndarray:
    """落在任何一波之后（``sign=1``）或之前（``-1``）``window`` 天之内的文件数；时间轴首尾相接。

    Parameters
    ----------
    docs : numpy.ndarray, shape (d,)
        文件的日子。
    placed : numpy.ndarray, shape (m, w)
        一行一种摆法：各波的日子。
    window, length : int
        窗口、时间轴的长度（天）。
    sign : int
        1 或 -1。

    Returns
    -------
    numpy.ndarray, shape (m,)
    """
    ahead = (sign * (docs[None, :, None] - placed[:, None, :])) % length
    return ((ahead >= 1) & (ahead <= window)).any(axis=2).sum(axis=1)


@cache
def follow(
    window: int = MAIN_WINDOW,
    *,
    sign: int = 1,
    kind: str = "all",
    sources: tuple[str, ...] = ("gov_index",),
    basis: str = "date",
    gap: int = GAP,
    null: str = "shift",
    end: str = BREAK,
) -> networks.Chance:
    """管制之后的文件比碰巧多吗。

    ``null="shift"``：整串管制的日子一起平移，每个偏移试一遍（首尾相接），波与波的间隔、文件的日子都不动；
    ``null="year"``：每一波在当年之内另取一天，各年的波数不变，所以不受文件逐年多少的影响。

    Returns
    -------
    networks.Chance
        ``observed`` 落在窗口里的文件数；其余见 :func:`chokepoint.networks.against_chance`。
    """
    start, stop = span(end)
    length, docs, true = stop - start, documents(sources, basis, end), waves(kind, gap, end)
    observed = float(hits(docs, true[None, :], window, length, sign)[0])
    if null == "shift":
        found = hits(
            docs, (true[None, :] - start + np.arange(1, length)[:, None]) % length + start, window, length, sign
        )
    else:
        found = hits(docs, _within_year(true, start, stop), window, length, sign)
    middle = float(found.mean())
    far = int((np.abs(found - middle) >= abs(observed - middle) - 1e-9).sum())
    low, high = np.quantile(found, [0.025, 0.975])
    return networks.Chance(observed, middle, float(low), float(high), (1 + far) / (1 + len(found)))


def _within_year(true: np.ndarray, start: int, stop: int) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    years = pd.Series(pd.Timestamp("2006-01-01") + pd.to_timedelta(true, unit="D")).dt.year
    edges = _days(pd.Series([f"{y}-01-01" for y in [*years, *(years + 1)]]))
    low, high = np.maximum(edges[: len(true)], start), np.minimum(edges[len(true) :], stop)
    return rng.integers(low, high, size=(DRAWS - 1, len(true)))


def follow_rows() -> pd.DataFrame:
    """零模型图的各行：除以零模型的平均；列见 ``chance_rows``。"""
    laws = ("gov_index", "law_text")
    plan = [("管制之后", f"其后 {w} 天", {"window": w}) for w in WINDOWS]
    plan += [("对照：管制之前", f"其前 {w} 天", {"window": w, "sign": -1}) for w in WINDOWS]
    plan += [
        (f"换做法（{MAIN_WINDOW} 天）", CONTROLS["entity"], {"kind": "entity"}),
        (f"换做法（{MAIN_WINDOW} 天）", CONTROLS["chips"], {"kind": "chips"}),
        (f"换做法（{MAIN_WINDOW} 天）", "连法律一起", {"sources": laws}),
        (f"换做法（{MAIN_WINDOW} 天）", "改用公开日", {"basis": "published"}),
        (f"换做法（{MAIN_WINDOW} 天）", f"隔 {WIDE_GAP} 天才另算一波", {"gap": WIDE_GAP}),
        (f"换做法（{MAIN_WINDOW} 天）", "波只在当年之内挪", {"null": "year"}),
        ("不该这样做", "跨过断点，连新闻", {"sources": KINDS, "end": "2026-05-01"}),
    ]
    rows = {}
    for group, name, options in plan:
        found = follow(**{"window": MAIN_WINDOW, **options})
        rows[name] = {
            **{k: getattr(found, k) / found.expected for k in ("observed", "low", "high")},
            "outside": not found.low <= found.observed <= found.high,
            "text": f"{found.observed:.0f} 对 {found.expected:.1f}，p = {found.p:.2f}",
            "group": group,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


#: 文件的取法与用哪个日子。
DOCS: dict[str, dict] = {
    "目录，成文日": {"sources": KINDS[:1]},
    "目录，公开日": {"sources": KINDS[:1], "basis": "published"},
    "目录与法律": {"sources": KINDS[:2]},
}


@cache
def every_test() -> pd.DataFrame:
    """断点之内全部做法：管制的取法 × 窗口 × 文件与日子 × 零模型；列 ``p``、``fewer``（之后偏少）、``null``。"""
    rows = []
    for kind, window, docs, null in product(CONTROLS, WINDOWS, DOCS, ("shift", "year")):
        found = follow(window, kind=kind, null=null, **DOCS[docs])
        rows.append((kind, window, docs, null, found.p, found.observed < found.expected))
    return pd.DataFrame(rows, columns=["kind", "window", "docs", "null", "p", "fewer"])


def significant() -> dict[str, float]:
    """全部做法里 p 小于 :data:`ALPHA` 的。

    Returns
    -------
    dict
        ``n`` 种数，``of`` 全部，``expected`` 全靠巧合也该有几种，``year`` 其中当年之内挪的，
        ``fewer`` 其中偏少的，``more`` 全部做法里文件偏多的种数，
        ``more_p`` 其中最小的 p，``strict`` 按全部做法作 Bonferroni 修正之后还剩几种。
    """
    found = every_test()
    low = found[found["p"] < ALPHA]
    return {
        "n": len(low),
        "of": len(found),
        "expected": ALPHA * len(found),
        "year": int((low["null"] == "year").sum()),
        "fewer": int(low["fewer"].sum()),
        "more": int((~found["fewer"]).sum()),
        "more_p": float(found.loc[~found["fewer"], "p"].min()),
        "strict": int((found["p"] < ALPHA / len(found)).sum()),
    }


def detectable() -> dict[str, float]:
    """主做法看得出的最小差：窗口里要比零模型的平均多几件才出范围（``extra``），占检验期 ``n`` 件的 ``share``。"""
    found = follow()
    extra = np.floor(found.high) + 1 - found.expected
    return {"extra": float(extra), "share": float(extra / len(documents())), "n": len(documents())}
