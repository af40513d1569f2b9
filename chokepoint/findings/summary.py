"""执行摘要：全书的主要发现，各有出处的图、换过的做法与把握的大小。

把握只由两样算出：换了做法还成立的比例，与来源里见到原文的比例。它说的是“这句话经得起本书试过的哪些改动”，
不是这句话为真的概率；没有试过的改动不在里面。
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from .. import data
from ..chain import STATES
from . import (
    assessment,
    chokepoint_index,
    coupling,
    identify,
    import_dependence,
    industry_chain,
    industry_university,
    international,
    materials,
    open_ecosystem,
    overview,
    portfolio,
)

#: 成立的比例到这条线算“稳”，到另一条线算“多半”。
STEADY, MOSTLY = 0.95, 0.5
#: 来源里见到原文（A 级）的比例到这条线，算“原文为主”。
FIRSTHAND = 0.5
#: 来源少于这么多个，再稳也只算“中等”：换一位估计的人会怎样，没有试过。
SEVERAL = 3
GRADES = ("较高", "中等", "较低")


@dataclass(frozen=True)
class Finding:
    """一条发现。

    Parameters
    ----------
    key : str
        短名。
    part : str
        所在的部分。
    page, figure : str
        章（文档名，相对 ``book/``）与图的标签。
    tables : tuple of str
        依据的数据表。
    over : str
        换过什么做法。
    say : callable
        返回这句话。
    trials : callable
        返回（成立几次，试了几次）。
    """

    key: str
    part: str
    page: str
    figure: str
    tables: tuple[str, ...]
    over: str
    say: Callable[[], str]
    trials: Callable[[], tuple[int, int]]


def _count(held) -> tuple[int, int]:
    held = np.asarray(held, dtype=bool)
    return int(held.sum()), int(held.size)


def _share(share: float, draws: int) -> tuple[int, int]:
    return round(share * draws), draws


# ---- 一 · 识别短板 ----


def _knowhow() -> str:
    h = identify.headline()
    return f"被点名的 {h['total']} 项技术里，{h['knowhow']} 项以工艺诀窍为障碍，居各类障碍之首。"


def _allies() -> str:
    h = import_dependence.headline()
    return (
        f"芯片前道设备的世界出口，逐国算不集中（HHI {h['national']:.2f}），"
        f"美、日、荷合为一家就集中（{h['allies']:.2f}）。"
    )


def _allies_trials() -> tuple[int, int]:
    years, line = import_dependence.bloc_years(), import_dependence.threshold()
    return _count((years["national"] < line) & (years["allies"] > line))


def _supply() -> str:
    h = industry_chain.headline()
    return (
        f"按总部计，芯片链 {h['shared']} 个有份额的节点里 {h['single']} 个握在一家手里；"
        "只去掉美国，或只去掉日本，成品就做不出。"
    )


def _supply_trials() -> tuple[int, int]:
    end, lines = industry_chain.product(), industry_chain.THRESHOLDS[::5]
    cases = product(("USA", "JPN"), industry_chain.READINGS, lines)
    states = [industry_chain.knock_out((who,), how, threshold=line).loc[end, "state"] for who, how, line in cases]
    return _count([state == STATES[0] for state in states])


def _rank() -> str:
    h = chokepoint_index.headline()
    return f"“先攻哪里”只有 {h['firm']} 个节点稳居前列：{'、'.join(h['firm_names'])}。"


def _rank_trials() -> tuple[int, int]:
    found = chokepoint_index.direction_summary()
    return found["always"], len(found["larger"])


# ---- 二 · 产业基础 ----


def _pillars() -> str:
    h = overview.headline()
    return (
        f"换一种专利的数法，支柱的长短就颠倒：材料的相对优势，按同族 {h['rta_family_materials']:.2f}，"
        f"按美国授权 {h['rta_grant_materials']:.2f}。"
    )


def _graphite() -> str:
    return f"石墨管制前后各一年，出口额变为 {materials.headline()['value']:.2f} 倍。"


def _graphite_trials() -> tuple[int, int]:
    found = materials.robust("value")
    return found["clear"], found["count"]


# ---- 三 · 协同创新 ----


def _universities() -> str:
    found = industry_university.variants()["estimate"].iloc[0]
    return f"内地大学与企业合著偏少：随便取内地与别处各一所，内地较高的概率是 {found:.2f}。"


def _universities_trials() -> tuple[int, int]:
    return _count(industry_university.variants()["high"] < 0.5)


def _papers() -> str:
    h = international.headline()
    return (
        f"国际合著的占比由 {h['peak_year']} 年的 {h['peak']:.1f}% 降到 2022 年的 {h['last']:.1f}%，"
        "降的主要是与美国合著的部分。"
    )


def _papers_trials() -> tuple[int, int]:
    years = international.with_us().loc[2011:].index
    parts = [international.fall(int(first)).loc["CHN"] for first in years if first < years.max()]
    return _count([p["us"] < 0 and p["us"] < p["rest"] for p in parts])


# ---- 四、五 · 融合与策略 ----


def _together() -> str:
    found = coupling.yearly().loc["基础 × 合同"]
    return f"各省的研发与专利同技术合同，逐年看不出一起长：相关 {coupling.said(found, '.2f')}。"


def _together_trials() -> tuple[int, int]:
    return len(coupling.VARIANTS) - len(coupling.outside()), len(coupling.VARIANTS)


def _closing() -> str:
    h = open_ecosystem.headline()
    rest = open_ecosystem.stopped(open_ecosystem.MINERALS, open_ecosystem.CHINA_SHUTS, rare=False)
    return (
        f"关门两边都停，停的地方不同：美、日、荷关，芯片图 {h['chips_nodes']} 个节点停 {h['chips_allies']} 个；"
        f"中国关，矿产图 {h['minerals_nodes']} 个停 {h['minerals_china']} 个（不含稀土 {rest} 个）。"
    )


def _closing_trials() -> tuple[int, int]:
    low = open_ecosystem.closing_lines().set_index(["line", "x"])["low"].unstack("line")
    chips = low["芯片：美日荷关"] > low["芯片：中国关"]
    minerals = low["矿产：中国关"] > low["矿产：美日荷关"]
    return _count([chips, minerals])


def _targets() -> str:
    h = assessment.headline()
    return (
        f"到期的 {h['due']} 个目标，{h['unknown']} 个没有确定的结果；"
        f"达成率在 {h['least']:.0%} 与 {h['most']:.0%} 之间，过没过半说不准。"
    )


def _targets_trials() -> tuple[int, int]:
    found = assessment.rates()
    return _count((found["least"] < 0.5) & (found["most"] > 0.5))


def _bundle() -> str:
    return "一道工序凑齐才算数时，成套地挑比逐项挑凑齐的多。"


def _bundle_trials() -> tuple[int, int]:
    found = portfolio.against_additive()
    return _count(found["complete"] > found["best"])


PARTS = ("识别短板", "产业基础再造", "协同创新", "融合路径", "策略与保障")
_CHIPS = ("chip_nodes", "chip_edges", "chip_provision")
FINDINGS = (
    Finding(
        "knowhow", PARTS[0], "identify/chokepoint_list", "fig-list-barriers", ("chokepoints", "chokepoint_barriers"),
        "随机改动一成的编码", _knowhow, lambda: _share(identify.headline()["knowhow_top"], identify.DRAWS),
    ),
    Finding(
        "allies", PARTS[0], "identify/import_dependence", "fig-imp-blocs", ("semi_equipment_trade",),
        "各年", _allies, _allies_trials,
    ),
    Finding(
        "supply", PARTS[0], "identify/industry_chain", "fig-chn-knockout", _CHIPS,
        "断供的阈值与两种读法", _supply, _supply_trials,
    ),
    Finding(
        "rank", PARTS[0], "identify/chokepoint_index", "fig-idx-ranks", (*_CHIPS, "chip_market_size"),
        "市场规模的方向", _rank, _rank_trials,
    ),
    Finding(
        "pillars", PARTS[1], "pillars/overview", "fig-ovw-rta", ("patents", "patent_fields"),
        "随机换归类", _pillars, lambda: _share(overview.headline()["swap"], overview.DRAWS),
    ),
    Finding(
        "graphite", PARTS[1], "pillars/materials", "fig-mat-effects", ("basket_exports",),
        "时段、月份与趋势", _graphite, _graphite_trials,
    ),
    Finding(
        "universities", PARTS[2], "collaboration/industry_university", "fig-iu-effect", ("universities",),
        "比法", _universities, _universities_trials,
    ),
    Finding(
        "papers", PARTS[2], "collaboration/international", "fig-intl-us", ("coauthorship", "us_coauthor_shares"),
        "起点", _papers, _papers_trials,
    ),
    Finding(
        "together", PARTS[3], "fusion/coupling", "fig-cpl-yearly", ("province_panel",),
        "口径、离群与先后", _together, _together_trials,
    ),
    Finding(
        "closing", PARTS[4], "strategy/open_ecosystem", "fig-oe-closing",
        (*_CHIPS, "crm_nodes", "crm_edges", "crm_provision"), "门槛", _closing, _closing_trials,
    ),
    Finding(
        "targets", PARTS[4], "strategy/assessment", "fig-ase-bounds", ("targets", "target_outcomes"),
        "算法", _targets, _targets_trials,
    ),
    Finding(
        "bundle", PARTS[4], "strategy/portfolio", "fig-pf-bundles", (*_CHIPS, "chip_market_size"),
        "花费、把握、风险与读法", _bundle, _bundle_trials,
    ),
)  # fmt: skip


def steadiness(held: int, tried: int, steady: float = STEADY) -> str:
    """换了做法还成立的比例归成三档：稳、多半、不稳。"""
    share = held / tried
    return "稳" if share >= steady else "多半" if share >= MOSTLY else "不稳"


def grade(held: int, tried: int, firsthand: float, sources: int, steady: float = STEADY) -> str:
    """把握：稳、原文为主、来源不止一两个为“较高”；稳而缺其一，或多半而原文为主为“中等”；其余“较低”。

    Parameters
    ----------
    held, tried : int
        成立几次、试了几次。
    firsthand : float
        来源里见到原文的比例，0–1。
    sources : int
        来源几个。
    steady : float
        算“稳”的线，0–1。
    """
    level, own = steadiness(held, tried, steady), firsthand >= FIRSTHAND
    if level == "稳":
        return GRADES[0] if own and sources >= SEVERAL else GRADES[1]
    return GRADES[1] if level == "多半" and own else GRADES[2]


@cache
def _register() -> pd.DataFrame:
    rows = {}
    for f in FINDINGS:
        cited = data.sources(f.tables)
        primary = float((cited["grade"] == "A").mean())
        held, tried = f.trials()
        rows[f.key] = (f.part, f.say(), f.page, f.figure, f.over, held, tried, len(cited), primary)
    columns = ["part", "said", "page", "figure", "over", "held", "tried", "sources", "firsthand"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def register(steady: float = STEADY) -> pd.DataFrame:
    """全部发现与把握。

    Parameters
    ----------
    steady : float
        算“稳”的线，0–1。

    Returns
    -------
    pandas.DataFrame
        索引为短名；``part``、``said``、``page``、``figure``、``over``；``held``、``tried`` 次数；``sources`` 来源数，
        ``firsthand`` 其中见到原文的比例（0–1）；``grade`` 把握。
    """
    table = _register()
    basis = table[["held", "tried", "firsthand", "sources"]].itertuples(index=False)
    return table.assign(grade=[grade(*row, steady) for row in basis])


def shown() -> pd.DataFrame:
    """首页的表：``发现``（连同图的链接）、``把握``、``成立``、``换过什么``、``见到原文``。"""
    table = register()
    primary = (table["sources"] * table["firsthand"]).round().astype(int)
    return pd.DataFrame(
        {
            "发现": [
                f"{s.rstrip('。')}（{{numref}}`{f}`）" for s, f in zip(table["said"], table["figure"], strict=True)
            ],
            "把握": table["grade"],
            "成立": [f"{h:,} / {t:,}" for h, t in zip(table["held"], table["tried"], strict=True)],
            "换过什么": table["over"],
            "见到原文": [f"{n} / {t}" for n, t in zip(primary, table["sources"], strict=True)],
        }
    )


def grades(steady: float = STEADY) -> pd.Series:
    """各档把握有几条，次序照 :data:`GRADES`。"""
    return register(steady)["grade"].value_counts().reindex(GRADES, fill_value=0)


# ---- 2023 年以来 ----

#: 前一版公开讨论大多停在这一年。
SINCE = 2023


def since(year: int = SINCE) -> dict[str, int]:
    """某年以后（不含该年）多了什么。

    Returns
    -------
    dict
        ``updates`` 清单的后续证据几条，``technologies`` 涉及几项技术，``shares`` 其中独立份额几条，``depends`` 其中说
        “仍依赖”的几条；``against``、``by`` 对中国的管制、中国的管制各几件；``stay``、``left``、``entered`` 两版芯片图
        都有份额的节点里一直、不再、新近握在一家手里的，``both`` 共几个；``due`` 到期的目标，``unknown`` 查不到结果的。
    """
    rows = data.load("status_updates")
    rows = rows[rows["date"].str[:4].astype(int) > year]
    graph, goals = assessment.graph(), assessment.due()
    late = goals[goals["target_year"] > year]
    return {
        "updates": len(rows),
        "technologies": rows["tech_id"].nunique(),
        "shares": int((rows["solidity"] == "independent_share").sum()),
        "depends": int(rows["direction"].isin(identify.DEPENDENCE).sum()),
        "against": open_ecosystem.counted(open_ecosystem.AGAINST, first=year + 1),
        "by": open_ecosystem.counted(open_ecosystem.BY, first=year + 1),
        **{key: graph[key] for key in ("both", "stay", "left", "entered")},
        "due": len(late),
        "unknown": int((~late["group"].isin([assessment.MET, assessment.MISSED])).sum()),
    }
