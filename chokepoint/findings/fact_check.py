"""“事实核查”一章的数字：57 条说法的判定、证据、重核与换一种算法。

说法由一位编者切分、挑选、判定，不是抽样；这里只数条数，不给分数。:func:`again` 用本书别的表把一部分判定逐条再算一遍。
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from .. import coding, data, inference
from . import _rows, cross_regional, mechanisms

#: 判定，由有据到无据；次序即图与登记册的次序。
VERDICTS = (
    "supported",
    "supported_with_qualification",
    "imprecise",
    "outdated",
    "contradicted",
    "not_verifiable",
)
#: “站得住”：有依据，或限定之后有依据。
HOLD = VERDICTS[:2]
OPEN = VERDICTS[-1]
#: 一种判定靠哪些立场的证据才定得下来。
DECIDES = {
    "supported": ("supports",),
    "supported_with_qualification": ("supports",),
    "imprecise": ("qualifies", "contradicts"),
    "outdated": ("qualifies", "contradicts", "updates"),
    "contradicted": ("contradicts",),
}
#: 改判的方向：由有据往无据排，“已过时”与“不够准确”同级。
RANK = {
    "supported": 0,
    "supported_with_qualification": 1,
    "imprecise": 2,
    "outdated": 2,
    "contradicted": 3,
    "not_verifiable": 3,
}
#: 相邻的判定：换一位编者最可能改成的一种。
NEAR = {
    "supported": "supported_with_qualification",
    "supported_with_qualification": "imprecise",
    "imprecise": "supported_with_qualification",
    "outdated": "imprecise",
    "contradicted": "imprecise",
    "not_verifiable": "imprecise",
}
#: 随机改动判定的份额、次数；够比的类型至少几条。
SHARES, DRAWS, LEAST = (0.1, 0.2, 0.3), 2000, 5
#: “少”：归因类站得住的低于这一比例。
FEW = 0.25
HERE = "appendix/fact_check"


def label(column: str) -> dict[str, str]:
    """说法一表某列的代码 → 中文。"""
    return data.labels("statements", column)


@cache
def statements() -> pd.DataFrame:
    """说法，索引为编号，按文章的先后。"""
    return data.load("statements").set_index("statement_id")


@cache
def evidence() -> pd.DataFrame:
    """证据，一对说法与来源一行，另有来源的 ``grade`` 与 ``url_kind``。"""
    sources = data.load("sources").set_index("source_id")[["grade", "url_kind"]]
    return data.load("statement_evidence").join(sources, on="source_id")


def held(verdicts: pd.Series) -> pd.Series:
    """哪些站得住。"""
    return verdicts.isin(HOLD)


# ---- 第一步：判定 ------------------------------------------------------------------------------------


def grid() -> pd.DataFrame:
    """文章各节（行，按先后）的各种判定（列）有几条。"""
    table = statements()
    found = pd.crosstab(table["section"], table["verdict"])
    found = found.reindex(index=list(label("section")), columns=list(VERDICTS), fill_value=0)
    return found.rename(index=label("section"), columns=label("verdict")).rename_axis(index=None, columns=None)


def counts() -> pd.Series:
    """各种判定有几条，索引为代码。"""
    return statements()["verdict"].value_counts().reindex(VERDICTS, fill_value=0)


def credits() -> str:
    """有依据、与证据不符、已过时的各条，写成 Markdown 列表；说对的排在前面，写法相同。"""
    names, table = label("verdict"), statements()
    lines = []
    for verdict in ("supported", "contradicted", "outdated"):
        rows = table.loc[table["verdict"] == verdict, "statement"]
        said = "；".join(f"{code}：{text}" for code, text in rows.items())
        lines.append(f"- **{names[verdict]}**（{len(rows)} 条）：{said}。")
    return "\n".join(lines)


def types() -> pd.DataFrame:
    """各类说法里站得住的，与其余相比；只列不少于 :data:`LEAST` 条的类型。

    Returns
    -------
    pandas.DataFrame
        索引为类型，按站得住的比例升序；``hold``、``total``、``rest``（其余里站得住的比例，0–1）、``p`` Fisher
        双侧概率、``adjusted`` 按 Holm 校正。
    """
    table = statements()
    good, rows = held(table["verdict"]), {}
    for kind, size in table["type"].value_counts().items():
        if size < LEAST:
            continue
        own = table["type"] == kind
        a, c = int(good[own].sum()), int(good[~own].sum())
        p = stats.fisher_exact([[a, size - a], [c, int((~own).sum()) - c]]).pvalue
        rows[label("type")[kind]] = (a, int(size), c / (~own).sum(), float(p))
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["hold", "total", "rest", "p"])
    order = found["p"].sort_values()
    steps = (order * (len(order) - np.arange(len(order)))).cummax().clip(upper=1)
    found["adjusted"] = steps
    return found.loc[(found["hold"] / found["total"]).sort_values(kind="stable").index]


def types_table() -> pd.DataFrame:
    """:func:`types` 写成表：类型、站得住、全部、其余站得住的、概率、校正之后。"""
    rows = types()
    return pd.DataFrame(
        {
            "类型": rows.index,
            "站得住": rows["hold"],
            "全部": rows["total"],
            "其余里站得住的": [f"{v:.0%}" for v in rows["rest"]],
            "概率": [f"{v:.3f}" for v in rows["p"]],
            "校正之后": [f"{v:.3f}" for v in rows["adjusted"]],
        }
    )


# ---- 第二步：证据有多硬 ------------------------------------------------------------------------------


@cache
def decisive() -> pd.DataFrame:
    """定得下判定的证据：立场合于 :data:`DECIDES` 的各行；“无法核实”没有。"""
    verdict = statements()["verdict"].to_dict()
    rows = evidence()
    fits = [s in DECIDES.get(verdict[code], ()) for code, s in zip(rows["statement_id"], rows["stance"], strict=True)]
    return rows[fits]


#: 只认哪些证据。
RULES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "全部证据": lambda rows: rows,
    "不算重核时加的": lambda rows: rows[rows["round"] == "first"],
    "不止一个来源": lambda rows: rows[rows.groupby("statement_id")["source_id"].transform("size") > 1],
    "官方或发布者的页面": lambda rows: rows[rows["url_kind"].isin(["official", "publisher"])],
    "只认一手（A 级）": lambda rows: rows[rows["grade"] == "A"],
}
ALL, FIRST, PAIR, PAGES, PRIMARY = RULES


@cache
def standing() -> pd.DataFrame:
    """各种规矩之下，哪些判定还定得下来：行为说法（“无法核实”除外），列为规矩，值为真假。"""
    rows, table = decisive(), statements()
    codes = table.index[table["verdict"] != OPEN]
    return pd.DataFrame({name: codes.isin(rule(rows)["statement_id"]) for name, rule in RULES.items()}, index=codes)


def firmness() -> pd.DataFrame:
    """各种判定（行）里，有一手证据与只有二手证据的（列）各几条；“无法核实”除外。"""
    firm = standing()[PRIMARY]
    verdict = statements()["verdict"].reindex(firm.index)
    found = pd.DataFrame({"有一手证据": firm, "只有二手证据": ~firm}).groupby(verdict).sum().astype(int)
    return found.reindex([v for v in VERDICTS if v in DECIDES]).rename(index=label("verdict")).rename_axis(index=None)


def rules() -> pd.DataFrame:
    """换规矩：各还定得下几条；列为各种判定与 ``合计``。"""
    stand, verdict = standing(), statements()["verdict"]
    found = stand.groupby(verdict.reindex(stand.index)).sum().T
    found = found.reindex(columns=[v for v in VERDICTS if v in DECIDES]).rename(columns=label("verdict"))
    return found.assign(合计=found.sum(axis=1)).astype(int).rename_axis(index=None, columns=None)


def rules_table() -> pd.DataFrame:
    """:func:`rules` 写成表，首列为规矩。"""
    return rules().rename_axis(index="只认").reset_index()


# ---- 第三步：重核 ------------------------------------------------------------------------------------


class Again(NamedTuple):
    """用本书的表再算一次：查什么、算出来的话、合不合现在的判定。"""

    code: str
    ask: str
    answer: str
    holds: bool


@cache
def _load(table: str) -> pd.DataFrame:
    return data.load(table)


def _event(code: str) -> str:
    return _rows.row("events", event_id=code)["date"]


def _node(code: str) -> str:
    return _rows.row("node_timeline", event_id=code)["date"]


def _chip(node: str) -> float:
    found = _rows.row("chip_provision", release="2026", node_id=node, provider="CHN", provider_kind="country")
    return float(found["share"])


def _fund(programme: str, measure: str) -> float:
    return _rows.value("fiscal_instruments", programme=programme, measure=measure)


def _opening() -> list[Again]:
    trade = {"iso3": "CHN", "goods": "integrated_circuits", "year": 2020, "unit": "CNY_100m"}
    bought, sold = (_rows.value("trade_totals", indicator=f"{w}_value", **trade) for w in ("import", "export"))
    eda, tool = _chip("electronic_design_automation_software"), _chip("lithography_tools")
    sensor = _rows.row("localisation", item="mid_high_end_sensors")["evidence"]
    software = (
        _load("eda_software").query("series == 'industrial_software_domestic_share'").set_index("entity")["value"]
    )
    sep = _rows.value("sep_5g", definition="cnipa_declared", holder="china", measure="sep_share")
    return [
        Again("S01", "集成电路进口多于出口吗；传感器有没有可用的数",
              f"2020 年进口 {bought:,.0f} 亿元，出口 {sold:,.0f} 亿元；传感器的说法没有出处",
              bought > sold and sensor == "unsourced"),
        Again("S02", "中国企业占 EDA 多少；研发设计类是不是最低",
              f"按总部 {eda:g}%；研发设计类国产占比 {software['rd_design']:g}%，四类里最低",
              eda < 10 and software.idxmin() == "rd_design"),
        Again("S04", "中国企业占光刻设备多少", f"{tool:g}%", tool < 10),
        Again("S06", "中国占 5G 声明专利族多少", f"约 {sep:g}%", sep > 100 / 3),
    ]  # fmt: skip


def _aero() -> list[Again]:
    jets = _load("aero_engine").query("year == 2025")
    made = jets.query("series == 'c919_deliveries'")["value"].max()
    goals = jets.query("series == 'c919_delivery_target'")["value"]
    flights = _load("events").query("topic == 'aero_engine' and event_id.str.startswith('cj1000')")
    first, cut = _event("c919_first_delivery"), (_event("leap_suspension"), _event("leap_lifted"))
    cell = (_event("altitude_cell_start"), _event("altitude_cell_accept"))
    stands = _load("aero_engine")["series"].str.contains("stand|rig").sum()
    return [
        Again("S08", "进口发动机断过没有", f"{cut[0]} 暂停，{cut[1]} 解除", cut[0] < cut[1]),
        Again("S11", "高空台的年份；地面试车台有没有数", f"{cell[0]} 年开建，{cell[1]} 年验收；试车台 {stands} 个数",
              cell[1] < "2000" and stands == 0),
        Again("S13", "CJ-1000A 的大事出自哪里", f"{len(flights)} 件，强或中等来源 "
              f"{(flights['source_strength'] != 'weak').sum()} 件", (flights["source_strength"] == "weak").all()),
        Again("S14", "C919 首架何时交付；2025 年交付够不够目标",
              f"首架 {first}；2025 年到 12 月 22 日 {made:g} 架，目标先 {goals.max():g} 后 {goals.min():g} 架",
              first < "2023" and made < goals.min()),
    ]  # fmt: skip


def _working_together() -> list[Again]:
    flows = cross_regional.flows()["of_in"]
    before, after = flows["上海→苏浙皖，2018"], flows["上海→苏浙皖，2023"]
    iter_ = _load("iter_contributions").query("iso3 == 'CHN'").set_index("measure")["value"]
    made, haier = mechanisms.equity(), mechanisms.cosmoplat().haier
    years = {w: _fund(f"ic_cit_{w}", "exempt_years") for w in ("28nm", "65nm", "130nm")}
    return [
        Again("S18", "上海占苏浙皖吸纳的技术合同，升了没有",
              f"2018 年 {before:.1%}，2023 年 {after:.1%}", after < before),
        Again("S19", "中国出多少，做多少",
              f"建造费用 {iter_['construction_cost_share']:g}%，采购安排 {iter_['procurement_arrangements']:g} 个",
              iter_["construction_cost_share"] < 10),
        Again("S21", "卡奥斯的收入有多少来自海尔集团", f"至少 {haier:g}%", haier >= 50),
        Again("S22", "作价投资占三种方式多少", f"按项数 {made['count_share']:.1%}，按金额 {made['value_share']:.1%}",
              made["count_share"] < 1 / 3),
        Again("S23", "免税年限分不分线宽", "；".join(f"{w[:-2]} nm {y:g} 年" for w, y in years.items()),
              years["28nm"] == 10 and years["65nm"] < 10),
    ]  # fmt: skip


def _chips() -> list[Again]:
    first28, both14 = _node("smic_28nm"), (_node("smic_14nm_q3"), _node("smic_14nm_q4"))
    seven = (_node("techinsights_n1"), _node("techinsights_n2"))
    split = _load("fiscal_instruments").query("measure.str.startswith('share_')")["programme"].value_counts()
    written = _load("statement_figures").query("role == 'article' and unit == 'year'")
    year = written.set_index("statement_id")["value_min"]
    return [
        Again("S30", "28 nm 哪年量产", f"{first28[:4]} 年，文章写 {year['S30']:.0f} 年",
              int(first28[:4]) < year["S30"]),
        Again("S31", "14 nm 哪年量产；7 nm 级哪次拆解在先",
              f"{both14[0][:4]} 年，文章写 {year['S31']:.0f} 年；7 nm 级 {seven[0]} 在先",
              int(both14[1][:4]) < year["S31"] and seven[0] < seven[1]),
        Again("S40", "基金各期有没有分类的占比",
              f"一期 {split.get('big_fund_1', 0)} 类，二期 {split.get('big_fund_2', 0)} 类",
              "big_fund_2" not in split),
    ]  # fmt: skip


def _money_and_rules() -> list[Again]:
    one, two, three = (_fund(f"big_fund_{n}", "registered_capital") for n in (1, 2, 3))
    aims = _load("targets").set_index("target_id").loc[["sm14_equip", "sm14_software"]]
    star = _rows.value("policy_series", indicator="star_listed_companies", as_of="2026-01")
    pledge = _load("policy_series").query("indicator == 'ip_pledge_finance' and period == 'full_year'")
    pledge = pledge.set_index("year")["value"]
    cover = _load("innovation_finance").query("series == 'tech_insurance_cover' and year == 2024")["value"]
    law = _rows.row("policies", policy_id="p119")
    rules_ = _load("tolerance_provisions")
    own = rules_[rules_["instrument"] == "中华人民共和国科学技术进步法"]
    rail = _rows.value("openness", indicator="fuxing_chinese_standard_share")
    return [
        Again("S36", "两个满足率目标，后来量了没有",
              f"目标 {'、'.join(f'{v:g}%' for v in aims['target_value'])}，没有公开测量",
              (aims["verdict"] == "no_public_outcome").all()),
        Again("S39", "二期过没过 2,000 亿元；三期大不大于前两期",
              f"{two:,.1f} 亿元；三期 {three:,.0f}，前两期 {one + two:,.1f}",
              two > 2000 and three > one + two),
        Again("S41", "科创板有多少家", f"2026 年 1 月 {star:g} 家", star > 25),
        Again("S42", "质押登记 2023 年比上年；科技保险的保额",
              f"升 {pledge[2023] / pledge[2022] - 1:.1%}；{cover.min():,.0f} 与 {cover.max():,.0f} 亿元两说",
              pledge[2023] > pledge[2022] and len(cover) > 1),
        Again("S43", "专利法第四次修正写了几倍", f"最高 {law['value']:g} 倍，{law['date']}", law["value"] == 5),
        Again("S45", "复兴号的重要标准里中国标准占多少", f"{rail:g}%", rail > 50),
        Again("S48", "法律里有没有免责的条款",
              f"《科学技术进步法》{len(own)} 条，全部 {len(rules_)} 条；认定的统计没有",
              len(own) > 0 and (own["consequence"] == "exempt").all()),
    ]  # fmt: skip


def _ahead() -> list[Again]:
    share = _load("frontier").query("series == 'quantum_patent_share_ipf' and year == 2024").set_index("iso3")["value"]
    lead = _load("other_lists").set_index("list_id").loc[["aspi_2023", "aspi_2024", "aspi_2025"]]
    part = lead["china_leads"] / lead["n_items"]
    tier = _rows.value("index_checks", benchmark="cae_manufacturing", measure="index_tier", iso3="CHN")
    prize = _rows.value("innovation_culture", series="national_st_award_top", year=2023)
    sep = _load("sep_5g").query("definition == 'caict_effective' and holder == 'huawei' and measure == 'sep_share'")
    path = [*sep.sort_values("as_of")["value"], _rows.row("statement_figures", metric="huawei_sep_share")["value_max"]]
    return [
        Again("S33", "华为的专利族份额一路升吗", "、".join(f"{v:g}%" for v in path), path[-1] < max(path)),
        Again("S49", "量子的国际专利族，中国占多少", f"{share['CHN']:g}%，美国 {share['USA']:g}%",
              share["CHN"] < share["USA"]),
        Again("S50", "“墨子号”何时发射", _event("micius_launch"), _event("micius_launch") == "2016-08-16"),
        Again("S51", "论文领先的技术占多少", "、".join(f"{v:.0%}" for v in part), part.is_monotonic_increasing),
        Again("S54", "2023 年度最高科学技术奖几人", f"{prize:g} 人", prize > 0),
        Again("S55", "制造强国指数的阵列", f"第 {tier:g} 阵列", tier == 2),
    ]  # fmt: skip


@cache
def again() -> pd.DataFrame:
    """用本书的表逐条再算：索引为编号，列 ``ask``、``answer``、``holds``（合于现在的判定）、``verdict``（代码）。"""
    parts = (_opening, _aero, _working_together, _chips, _money_and_rules, _ahead)
    rows = pd.DataFrame([row for part in parts for row in part()]).set_index("code").sort_index()
    return rows.assign(verdict=statements()["verdict"].reindex(rows.index))


def again_table() -> pd.DataFrame:
    """:func:`again` 写成表：编号、查什么、算出来的、判定。"""
    rows = again()
    names = rows["verdict"].map(label("verdict"))
    return pd.DataFrame({"编号": rows.index, "查什么": rows["ask"], "算出来的": rows["answer"], "判定": names})


def checked() -> pd.DataFrame:
    """重核过的说法。"""
    return statements().dropna(subset="checked_anew")


def by_basis() -> pd.Series:
    """重核过的，据什么，各几条；索引为代码。"""
    return checked()["basis"].value_counts()


@cache
def changed() -> pd.DataFrame:
    """改判的：另有 ``step``，正数是往无据的一边改了，负数相反，零是平移。"""
    rows = statements().dropna(subset="verdict_before")
    return rows.assign(step=[RANK[n] - RANK[b] for n, b in zip(rows["verdict"], rows["verdict_before"], strict=True)])


def changed_table() -> pd.DataFrame:
    """改判的一览：编号、说法、原来、现在、为什么。"""
    names, rows = label("verdict"), changed()
    return pd.DataFrame(
        {
            "编号": rows.index,
            "说法": rows["statement"],
            "原来": rows["verdict_before"].map(names),
            "现在": rows["verdict"].map(names),
            "为什么": rows["why_changed"],
        }
    )


def drift() -> dict[str, float]:
    """改判往哪边：``down`` 往无据、``up`` 往有据、``level`` 平移，``p`` 两边机会相等的精确双侧概率。"""
    step = changed()["step"]
    down, up = int((step > 0).sum()), int((step < 0).sum())
    p = float(stats.binomtest(down, down + up).pvalue)
    return {"down": down, "up": up, "level": int((step == 0).sum()), "p": p}


def before() -> pd.Series:
    """重核以前的判定。"""
    table = statements()
    return table["verdict_before"].where(table["verdict_before"].notna(), table["verdict"])


# ---- 第四步：换一种算法 ------------------------------------------------------------------------------


def ranges() -> pd.DataFrame:
    """“站得住的”有几条，取决于怎么算。

    Returns
    -------
    pandas.DataFrame
        索引为算法；``main`` 条数；``low``、``high``：定不下来的全不算、全算。
    """
    now, old = statements()["verdict"], before()
    firm = standing()[PRIMARY]
    lost = firm.index[~firm]
    sure = now.drop(lost)
    rows = {
        "现在的判定": (held(now).sum(), (now == OPEN).sum()),
        "重核以前": (held(old).sum(), (old == OPEN).sum()),
        "只算“有依据”": ((now == HOLD[0]).sum(), (now == OPEN).sum()),
        "“已过时”也算": ((held(now) | (now == "outdated")).sum(), (now == OPEN).sum()),
        "只认一手": (held(sure).sum(), (sure == OPEN).sum() + len(lost)),
    }
    return pd.DataFrame(
        {k: (int(main), int(main), int(main + unknown)) for k, (main, unknown) in rows.items()},
        index=["low", "main", "high"],
    ).T


def _judge(good: np.ndarray, kind: np.ndarray) -> list[bool]:
    own = kind == "attribution"
    return [
        good.sum() * 2 > len(good),
        good[own].mean() < good[~own].mean(),
        good[own].mean() < FEW,
    ]


@cache
def shaken(seed: int = inference.SEED) -> pd.DataFrame:
    """随机把一部分判定改成相邻的一种（:data:`NEAR`），几句话各在多少次里成立（0–1）。

    Returns
    -------
    pandas.DataFrame
        索引为改动的份额；``half`` 站得住的超过全部的 1/2，``lower`` 归因类比其余低，``few`` 归因类站得住的低于
        :data:`FEW`。
    """
    table = statements()
    verdict, kind = table["verdict"].to_numpy(), table["type"].to_numpy()
    rng, rows = np.random.default_rng(seed), {}
    for share in SHARES:
        size, found = round(share * len(verdict)), []
        for _ in range(DRAWS):
            new = verdict.copy()
            at = rng.permutation(len(new))[:size]
            new[at] = [NEAR[v] for v in new[at]]
            found.append(_judge(np.isin(new, HOLD), kind))
        rows[share] = np.mean(found, axis=0)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["half", "lower", "few"])


def reach() -> pd.DataFrame:
    """各种判定现在有几条，逐条改成相邻的一种时最少与最多几条（:func:`coding.category_bounds`）；索引为代码。"""
    now = statements()["verdict"]
    return coding.category_bounds(now, now.map(NEAR))


# ---- 登记册 ------------------------------------------------------------------------------------------


def _weight() -> pd.Series:
    rows = evidence().groupby(["statement_id", "grade"]).size().unstack(fill_value=0)
    return pd.Series({code: "、".join(f"{g} {n}" for g, n in row.items() if n) for code, row in rows.iterrows()})


def _where(row: pd.Series) -> str:
    return f"{{numref}}`{row['anchor']}`"


def register() -> pd.DataFrame:
    """全部说法，一条一行：编号、说法（方括号里是节与类型）、判定、查到了什么（证据、日期与书里哪里）。"""
    table, names, weight = statements(), label("verdict"), _weight()
    seen = [
        f"{row['finding']}。证据 {weight[code]}，{row['as_of']}；{_where(row)}"
        + ("" if pd.isna(row["checked_anew"]) else f"；{row['checked_anew'][:7]} 重核")
        for code, row in table.iterrows()
    ]
    kinds, parts = label("type"), label("section")
    text = [f"{r['statement']}［{parts[r['section']]}·{kinds[r['type']]}］" for _, r in table.iterrows()]
    return pd.DataFrame(
        {"编号": table.index, "说法": text, "判定": table["verdict"].map(names).to_numpy(), "查到了什么": seen}
    )


def only_here() -> pd.DataFrame:
    """书里没有别处讲到的：编号、说法、判定、查过什么。"""
    rows = statements().query("page == @HERE")
    return pd.DataFrame(
        {
            "编号": rows.index,
            "说法": rows["statement"],
            "判定": rows["verdict"].map(label("verdict")),
            "查过什么，查到什么": rows["finding"],
        }
    )


def places() -> pd.Series:
    """各章讲到几条，索引为路径，按条数降序。"""
    return statements()["page"].value_counts()


@cache
def headline() -> dict[str, int]:
    """本章主要的条数，供本章与结语共用。"""
    table, stand = statements(), standing()
    by = counts()
    return {
        "all": len(table), "supported": int(by["supported"]), "qualified": int(by["supported_with_qualification"]),
        "imprecise": int(by["imprecise"]), "outdated": int(by["outdated"]), "contradicted": int(by["contradicted"]),
        "open": int(by[OPEN]), "hold": int(held(table["verdict"]).sum()), "hold_before": int(held(before()).sum()),
        "determined": len(stand), "primary": int(stand[PRIMARY].sum()), "checked": len(checked()),
        "unchecked": len(table) - len(checked()), "changed": len(changed()),
        "elsewhere": int((table["page"] != HERE).sum()),
    }  # fmt: skip
