"""“结语”一章的数字：全书的说法哪些站得住、哪些站不住、哪些定不了，换更严的规矩还剩几条，下一版要问什么。

站得住的主要发现取自执行摘要的登记册（:mod:`chokepoint.findings.summary`），这里不另立一份；只补上本书检验过而没有站住、
或定不了的流行说法，用同一种写法、同一种算法：换了做法还成立几次。
"""

from __future__ import annotations

from functools import cache

import pandas as pd
from scipy import stats

from .. import data
from . import (
    assessment,
    chips,
    cross_regional,
    fiscal_finance,
    four_paths,
    frontier,
    industry_chain,
    industry_university,
    intellectual_property,
    materials,
    open_ecosystem,
    paths,
    portfolio,
    summary,
    supply_chain,
)
from .summary import Finding

#: 判断，次序即图与表的次序。
VERDICTS = ("站得住", "定不了", "站不住")
#: 换用的线：成立的比例到它算站得住。
LINES = (0.8, 0.9, summary.STEADY, 1.0)
#: 试得不到这么多次的，“稳”要打折。
FEW = 6
#: 部分，依书的次序。
PARTS = (*summary.PARTS, "展望")


def _more() -> tuple[int, int]:
    found = assessment.graph_lines()
    return int((found > 0).sum()), len(found)


def _graphite() -> tuple[int, int]:
    found = materials.robust("quantity")
    return found["clear"], found["count"]


def _basic() -> tuple[int, int]:
    found = paths.slope_choices()["rises"]
    return int(found.sum()), len(found)


def _processors() -> tuple[int, int]:
    found = chips.verdict_table().loc["美国卖给中国的处理器"]
    return int(found["down"]), int(found.sum())


def _even() -> tuple[int, int]:
    found = cross_regional.verdicts()
    return len(found["more"]), sum(map(len, found.values()))


def _internet() -> tuple[int, int]:
    found = four_paths.last_steps()["low"]
    return int((found > 0).sum()), len(found)


def _reply() -> tuple[int, int]:
    found = open_ecosystem.answer_table()["them_p"]
    return int((found < 0.05).sum()), len(found)


def _diluted() -> tuple[int, int]:
    found = intellectual_property.diluted()
    return len(found["less"]), sum(map(len, found.values()))


def _must() -> tuple[int, int]:
    found = portfolio.verdicts()
    return len(found["always"]), sum(map(len, found.values()))


def _models() -> tuple[int, int]:
    found = frontier.fits()["low"]
    return int((found > 1).sum()), len(found)


def _abroad() -> tuple[int, int]:
    sides = frontier.by_side()
    rows = [sides.loc[f"{frontier.CHIPS}：{c}"] for c in frontier.CRITERIA]
    return sum(bool(r[frontier.SIDES[0]] < r.sum() / 2) for r in rows), len(rows)


def _flips() -> tuple[int, int]:
    found = frontier.fields()["flips"]
    return int(found.sum()), len(found)


def _none() -> tuple[int, int]:
    """芯片图上没有节点握在中国手里：换阈值，再加改记总部的一种。"""
    found = industry_chain.threshold_counts()["CHN"]
    return int((found == 0).sum()) + (industry_chain.recoded_story()["china"] == 0), len(found) + 1


_CHIPS = ("chip_nodes", "chip_provision")
#: 执行摘要以外、本书检验过的流行说法。
TESTED = (
    Finding("none", PARTS[0], "identify/industry_chain", "fig-chn-threshold", _CHIPS, "阈值、总部的记法",
            lambda: "芯片图上没有一个节点握在中国手里。", _none),
    Finding("graphite_quantity", PARTS[1], "pillars/materials", "fig-mat-effects", ("basket_exports",),
            "时段、月份与趋势", lambda: "石墨管制之后，出口量降了。", _graphite),
    Finding("basic", PARTS[1], "pillars/paths", "fig-pth-basic", ("cn_rd",), "年份、终值或金额",
            lambda: "无论取哪几年，都看得出基础研究的占比在升。", _basic),
    Finding("processors", PARTS[2], "collaboration/chips", "fig-chips-processors", ("exports_to_china",), "比法与起止",
            lambda: "管制前后，美国卖给中国的处理器占比降了。", _processors),
    Finding("even", PARTS[2], "collaboration/cross_regional", "fig-crr-gini", ("province_panel",), "各种量",
            lambda: "各省的创新变得更均匀。", _even),
    Finding("internet", PARTS[3], "fusion/four_paths", "fig-fp-platform", ("digitalisation", "cn_rd"), "用哪一种 GDP",
            lambda: "工业互联网占 GDP 在升。", _internet),
    Finding("reply", PARTS[4], "strategy/open_ecosystem", "fig-oe-answer", ("export_controls",), "日期与打乱的办法",
            lambda: "对华收紧，中方随后也收紧。", _reply),
    Finding("diluted", PARTS[4], "strategy/intellectual_property", "fig-ip-elastic", ("province_panel",),
            "年份、专利与合同的量", lambda: "专利发得快的省，每件的合同更少。", _diluted),
    Finding("more", PARTS[4], "strategy/assessment", "fig-ase-graph", _CHIPS, "独占的线",
            lambda: "同一批芯片节点里，握在一家手里的变多了。", _more),
    Finding("must", PARTS[4], "strategy/portfolio", "fig-pf-share", (*_CHIPS, "chip_edges", "chip_market_size"),
            "逐个节点，换遍假设", lambda: "有的节点无论怎样假设都该先攻。", _must),
    Finding("models", PARTS[5], "outlook/frontier", "fig-fr-models", ("ai_models",), "首年、分母",
            lambda: "中国的知名人工智能模型，占比在升。", _models),
    Finding("flips", PARTS[5], "outlook/frontier", "tbl-fr-hold", ("patents",), "逐个技术领域",
            lambda: "同一个技术领域，按同族与按美国授权，中美的先后相反。", _flips),
    Finding("abroad", PARTS[5], "outlook/frontier", "fig-fr-sides", _CHIPS, "判据",
            lambda: "芯片图上的下一批候选，多在中国以外。", _abroad),
)  # fmt: skip
#: 说先后变化或彼此牵动的；其余说的是某一时点的结构与水平。本书的归法，看过判断以后才想到。
CHANGE = (
    "graphite", "graphite_quantity", "basic", "papers", "processors", "even", "together", "internet", "reply",
    "diluted", "more", "models",
)  # fmt: skip
#: 短名 → 缺的、能改变这个判断的数。
MISSING = {
    "knowhow": "第二位编者的独立编码",
    "allies": "进口方的来源；2020 年以后的世界出口",
    "supply": "其余节点的份额；替代要多久",
    "rank": "材料的份额；规模的方向由谁定",
    "pillars": "归类的一致性；年份的原表",
    "graphite": "合同价；没有管制时的价格",
    "universities": "各校的学科与地点；不止一段年份",
    "papers": "合作的缘起；论文以外的合作",
    "together": "买方与卖方的省份",
    "closing": "替代的时间与库存；两张图的权重",
    "targets": "没有结果的目标的结果",
    "bundle": "每个节点的花费与把握",
    "none": "企业的实际控制人；没有份额的节点",
    "graphite_quantity": "许可的申请与批准；更长的管制后序列",
    "basic": "2012 年以前同口径的占比",
    "processors": "按型号、按月的许可与到货",
    "even": "省与省之间的资金与合同",
    "internet": "按同一次 GDP 核算重算的增加值",
    "reply": "文件里写明的反制对象；更多的日子",
    "diluted": "每件专利的转让价",
    "more": "两版都用同一来源的份额",
    "must": "每个节点的花费",
    "models": "各版名录的底层清单；算力",
    "flips": "发明人所在地的逐国计数",
    "abroad": "设计环节的份额",
}


def verdict(held: int, tried: int, steady: float = summary.STEADY) -> str:
    """判断：成立的比例不低于 ``steady`` 为站得住，不高于 ``1 - steady`` 为站不住，其余定不了。

    Parameters
    ----------
    held, tried : int
        成立几次、试了几次，``tried`` 为正。
    steady : float
        算站得住的线，0.5–1。

    Raises
    ------
    ValueError
        没有试过，或成立的次数超过试的次数。
    """
    if tried < 1 or not 0 <= held <= tried:
        raise ValueError(f"成立 {held} 次、试了 {tried} 次：说不通")
    share = held / tried
    return VERDICTS[0] if share >= steady else VERDICTS[2] if share <= 1 - steady + 1e-12 else VERDICTS[1]


@cache
def claims() -> pd.DataFrame:
    """全书的说法：执行摘要的主要发现，与 :data:`TESTED` 的流行说法。

    Returns
    -------
    pandas.DataFrame
        索引为短名，依部分；``part``、``said``、``page``、``figure``、``over``，``held``、``tried`` 次数，``firsthand``
        来源里见到原文的比例（0–1），``verdict`` 判断，``missing`` 缺的数。
    """
    kept = ["part", "said", "page", "figure", "over", "held", "tried", "firsthand"]
    rows = {}
    for f in TESTED:
        held, tried = f.trials()
        primary = float((data.sources(f.tables)["grade"] == "A").mean())
        rows[f.key] = (f.part, f.say(), f.page, f.figure, f.over, held, tried, primary)
    table = pd.concat([summary.register()[kept], pd.DataFrame.from_dict(rows, orient="index", columns=kept)])
    judged = [verdict(h, t) for h, t in zip(table["held"], table["tried"], strict=True)]
    table = table.assign(verdict=judged, missing=[MISSING[k] for k in table.index])
    return table.sort_values("part", key=lambda s: s.map(PARTS.index), kind="stable")


def claim_table() -> pd.DataFrame:
    """:func:`claims` 写成表：部分（同前的留空）、说法（连链接）、判断、成立（次数）、换过什么、缺的数。"""
    table = claims()
    part = table["part"].mask(table["part"].eq(table["part"].shift()), "")
    linked = [f"{r.said.rstrip('。')}（{{numref}}`{r.figure}`）" for r in table.itertuples()]
    count = [f"{r.held:,} / {r.tried:,}" for r in table.itertuples()]
    return pd.DataFrame(
        {
            "部分": part,
            "说法": linked,
            "判断": table["verdict"],
            "成立": count,
            "换过什么": table["over"],
            "缺的数": table["missing"],
        }
    ).reset_index(drop=True)


def tables() -> list[str]:
    """:func:`claims` 里各条所据的数据表，不重复，按名排。"""
    return sorted({t for f in (*summary.FINDINGS, *TESTED) for t in f.tables})


def by_part() -> pd.DataFrame:
    """每个部分各种判断有几条：行照 :data:`PARTS`，列照 :data:`VERDICTS`。"""
    table = claims()
    return pd.crosstab(table["part"], table["verdict"]).reindex(index=PARTS, columns=VERDICTS, fill_value=0)


def rules() -> pd.DataFrame:
    """换规矩：索引为规矩，列为 :data:`VERDICTS` 的条数。

    原文为主的规矩里，来源多半是转述的一律归入“定不了”：转述不足以立，也不足以破。
    """
    table, rows = claims(), {}
    for line in LINES:
        name = "一次也不失手" if line == 1 else f"成立的不少于 {line:.0%}"
        rows[name] = [verdict(h, t, line) for h, t in zip(table["held"], table["tried"], strict=True)]
    weak = table["firsthand"].lt(summary.FIRSTHAND)
    for line, name in ((summary.STEADY, f"不少于 {summary.STEADY:.0%}，且原文为主"), (1.0, "不失手，且原文为主")):
        own = [verdict(h, t, line) for h, t in zip(table["held"], table["tried"], strict=True)]
        rows[name] = [VERDICTS[1] if w else v for v, w in zip(own, weak, strict=True)]
    counts = {name: pd.Series(found).value_counts() for name, found in rows.items()}
    return pd.DataFrame(counts).T.reindex(columns=VERDICTS).fillna(0).astype(int)


def primary_test() -> dict[str, float]:
    """原文为主的说法，定得下判断的是不是更多：``own``、``own_all``、``rest``、``rest_all`` 条数，``p`` Fisher。"""
    table = claims()
    firm, own = table["verdict"].ne(VERDICTS[1]), table["firsthand"].ge(summary.FIRSTHAND)
    cells = pd.crosstab(own, firm).reindex(index=[True, False], columns=[True, False], fill_value=0)
    return {
        "own": int(cells.loc[True, True]), "own_all": int(own.sum()),
        "rest": int(cells.loc[False, True]), "rest_all": int((~own).sum()),
        "p": float(stats.fisher_exact(cells.to_numpy()).pvalue),
    }  # fmt: skip


def _kinds(change: frozenset[str]) -> tuple[list[list[int]], float]:
    table = claims()
    stands, moves = table["verdict"].eq(VERDICTS[0]), table.index.isin(change)
    cells = pd.crosstab(moves, stands.to_numpy()).reindex(index=[False, True], columns=[True, False], fill_value=0)
    return cells.to_numpy().tolist(), float(stats.fisher_exact(cells.to_numpy()).pvalue)


def kind_test() -> dict[str, float]:
    """说结构的与说变化的（:data:`CHANGE`），站得住的各有几条。

    Returns
    -------
    dict
        ``still``、``still_all`` 结构的站得住与全部，``change``、``change_all`` 变化的；``p`` Fisher（双侧）；
        ``low``、``high`` 把任一条改归另一类之后，p 的最小与最大。
    """
    (a, b), (c, d) = _kinds(frozenset(CHANGE))[0]
    swapped = [_kinds(frozenset(CHANGE) ^ {key})[1] for key in claims().index]
    return {
        "still": a, "still_all": a + b, "change": c, "change_all": c + d,
        "p": _kinds(frozenset(CHANGE))[1], "low": min(swapped), "high": max(swapped),
    }  # fmt: skip


def survivors() -> list[str]:
    """最严的规矩（一次也不失手，且原文为主）之下仍站得住的说法。"""
    table = claims()
    best = table["held"].eq(table["tried"]) & table["firsthand"].ge(summary.FIRSTHAND)
    return table.loc[best, "said"].tolist()


def few(limit: int = FEW) -> int:
    """站得住、却只试了不到 ``limit`` 次的说法有几条：试得少，容易“稳”。"""
    table = claims()
    return int((table["tried"].lt(limit) & table["verdict"].eq(VERDICTS[0])).sum())


def mostly() -> int:
    """定不了的里面，成立过半（执行摘要的“多半”）的有几条。"""
    table = claims()
    return int((table["verdict"].eq(VERDICTS[1]) & (table["held"] / table["tried"]).ge(summary.MOSTLY)).sum())


def moved() -> list[str]:
    """线由 :data:`LINES` 的最松换成最严，改了判断的说法。"""
    table = claims()
    pairs = zip(table["held"], table["tried"], strict=True)
    loose, tight = zip(*[(verdict(h, t, LINES[0]), verdict(h, t, LINES[-1])) for h, t in pairs], strict=True)
    return [said for said, a, b in zip(table["said"], loose, tight, strict=True) if a != b]


@cache
def questions() -> dict[str, float]:
    """下一版的问题所引的数，一个数一个键，取自各章的函数。"""
    way, nodes, h = paths.headline(), industry_chain.headline(), assessment.headline()
    kinds, sold, lists = assessment.by_kind(), cross_regional.top_surplus(), supply_chain.headline()
    change, money, blank = chips.headline(), industry_university.headline(), frontier.silent()
    return {
        "listed": way["total"], "again": way["metric"], "unmeasured": int(kinds["没有公开测量"].sum()),
        "supply": int(kinds.loc[assessment.SUPPLY].sum()), "due": h["due"], "unknown": h["unknown"],
        "critical": nodes["critical"], "named": nodes["critical_shared"],
        "sets": len(portfolio.parameter_sets()), "always": len(portfolio.verdicts()["always"]),
        "processor": change["processor"].estimate, "japan": change["japan"].estimate,
        "net": money["net_last"], "exporters": sold["exporters"], "lists": lists["lists"],
        "conditions": len(fiscal_finance.CONDITIONS), "met": float(fiscal_finance.met().max()),
        "blank": int((~blank["given"]).sum()), "design": len(blank),
    }  # fmt: skip


@cache
def headline() -> dict[str, int]:
    """本章主要的条数，供首页用：``all``、``stand``、``open``、``fall``、``strict`` 最严之下站得住的。"""
    counts = claims()["verdict"].value_counts()
    found = {k: int(counts.get(v, 0)) for k, v in zip(("stand", "open", "fall"), VERDICTS, strict=True)}
    return {"all": len(claims()), **found, "strict": len(survivors())}
