"""“四条融合路径”一章的数字：需求、平台、标准、人才，各查得到什么；支柱 × 协同方式的证据矩阵。

每条路径一个比较：买方买了谁的（需求）、换一种 GDP 占比还升不升（平台）、多组成员署名靠不靠前（标准）、预测对不对得上
（人才）。矩阵的登记册由编者从全书的图表里挑，归类是编者的判断，另随机改动。不同版次、不同口径的数从不相连。
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from .. import data, inference, networks
from . import aero_engine as aero
from . import components as cmp
from . import mechanisms as mec
from . import supply_chain as sc
from . import technology_base as tec

DRAWS = 1_000
#: 打乱的显著界限。
ALPHA = 1 - inference.LEVEL

# ---- 一、需求 ---------------------------------------------------------------------------------------

#: 查“首购”一类字样时翻过的表 → 表名（与数据包所载相同）。
SEARCHED = {
    "policies": "产业基础与协同创新的政策",
    "policy_series": "财政金融、知识产权与目标所涉指标的序列",
    "innovation_finance": "科技金融",
    "fiscal_instruments": "财政与产业基金的规定与数字",
    "industrial_base": "中国产业基础的家底",
    "localisation": "国产化与进口依赖的各种说法",
    "status_updates": "2018 年以后的进展与依赖",
    "aero_engine": "航空发动机与 C919",
    "events": "案例大事记",
    "targets": "带数字的规划目标",
    "node_timeline": "制程与光刻机时间线",
}
#: 查什么 → （正则，编者读过命中的行之后的判断）。
WORDS = {
    "首台（套）、首批次、首版次": (
        "首台|首批次|首版次|推广应用目录",
        "产品的“首台”下线或运行；光刻机列入首台（套）推广应用的目录。没有买方、价格与补贴",
    ),
    "首台（套）等的保险": (
        r"(?:首台|首批次|首版次)[^。；]*?(?:保险|保费)|(?:保险|保费)补偿",
        "没有：保费、投保台数、赔付都没有",
    ),
    "首购、订购": ("首购|订购", "法条的条名，与航空公司的商业订单；没有一笔首购合同"),
    "政府采购": ("政府采购", "文件的题名；其中一份是清理与创新政策挂钩的采购优惠"),
    "科技保险（对照）": ("科技保险", "全部科技保险的总数；其中首台（套）多少没有分列"),
}


#: 本书自己给阶段起的名字，里头的“首台”不算命中。
OWN_STAGE = "样机、首台或送样"


@cache
def _texts(name: str) -> pd.Series:
    """一张表每行的全部文字，代码换成中文名，除去 :data:`OWN_STAGE`。"""
    frame = data.load(name).astype(object).fillna("").astype(str)
    for column in frame.columns:
        with suppress(KeyError):
            known = data.labels(name, column)
            frame[column] = [known.get(v, v) for v in frame[column]]
    return frame.agg(" ".join, axis=1).str.replace(OWN_STAGE, "")


@cache
def searched() -> pd.DataFrame:
    """首购一类的字样在 :data:`SEARCHED` 各表里命中几行：索引为查什么，``hits``、``tables`` 表名、``verdict``。"""
    rows = {}
    for what, (pattern, verdict) in WORDS.items():
        hits = {name: int(_texts(name).str.contains(pattern).sum()) for name in SEARCHED}
        named = [f"{SEARCHED[n]} {v}" for n, v in hits.items() if v]
        rows[what] = {"hits": sum(hits.values()), "tables": "；".join(named) or "—", "verdict": verdict}
    return pd.DataFrame.from_dict(rows, orient="index")


def looked() -> int:
    """查字样时翻过的行数。"""
    return sum(len(_texts(name)) for name in SEARCHED)


def _series(indicator: str, year: int) -> float:
    rows = data.load("policy_series").query("indicator == @indicator and year == @year and status == 'observed'")
    return float(rows["value"].iloc[0])


@cache
def bought() -> pd.DataFrame:
    """国内所买、所用的东西里，本国供给占多少（%），供分级点图；仪器是在用的存量，不是一年的购买。

    Returns
    -------
    pandas.DataFrame
        索引为行名；``good``、``value``、``bound``、``band``（证据档，见 :data:`components.BANDS`）、``text`` 年份、
        ``group``；同一对象的各口径相邻。
    """
    cells = data.load("battery_chain").query("indicator == 'domestic_install_share'")
    claim = data.load("localisation").set_index(["item", "measure"])
    robots, rows = cmp.robot_shares(), []
    for side, label in (("units", "按台套"), ("value", "按原值")):
        share = 100 * (1 - tec.imported_share(side))
        rows.append(("检验检测仪器", label, share, "exact", "官方统计", tec.instruments_year()))
    big = claim.loc[[("large_research_instruments", "import_share_units")]].iloc[0]
    rows.append(
        ("大型科研仪器", "按台套", 100 * (1 - tec.large_share().estimate), "exact", "官方转述", int(big["year"]))
    )
    rows.append(
        ("动力电池", "两家合计", float(cells["value"].sum()), "at_least", "机构与媒体", int(cells["year"].iloc[0]))
    )
    for r in robots.sort_values(["group", "year"]).itertuples():
        rows.append(("工业机器人", r.who, r.value, "exact", str(r.band), r.year))
    chips = claim.loc[[("chips_market", "self_sufficiency")]].iloc[0]
    rows.append(("集成电路", "境内产，机构一", float(chips["value"]), "exact", "机构与媒体", int(chips["year"])))
    for code, label in (("located", "境内产，机构二"), ("headquartered", "本土企业产")):
        share = _series(f"ic_production_share_china_{code}", 2021)
        rows.append(("集成电路", label, share, "exact", "机构与媒体", 2021))
    frame = pd.DataFrame(rows, columns=["good", "how", "value", "bound", "band", "text"])
    frame.index = frame["good"] + "：" + frame["how"].where(frame["how"] != "国际机器人联合会", "国际联合会")
    same = frame.index.duplicated(keep=False)
    frame["band"] = pd.Categorical(frame["band"], categories=list(cmp.BANDS), ordered=True)
    frame.index = [f"{n}，{y}" if d else n for n, y, d in zip(frame.index, frame["text"], same, strict=True)]
    return frame.assign(group=frame["good"], text=frame["text"].astype(str))


def bought_spread() -> dict[str, float]:
    """:func:`bought` 的最小 ``low``、最大 ``high``；同一对象、同一年里，口径之间差得最多的 ``good`` 与差
    ``within``（百分点）。"""
    shares = bought().groupby(["good", "text"], sort=False)["value"].agg(["min", "max"])
    gap = shares["max"] - shares["min"]
    return {"low": shares["min"].min(), "high": shares["max"].max(), "good": gap.idxmax()[0], "within": gap.max()}


def scale() -> dict[str, float]:
    """需求的规模：动力电池，中国占全球需求 ``demand``（%，2024 年），占全球电芯的两说 ``cells``、``cells_later``（%）；
    集成电路 2025 年的进口 ``chips``（亿美元）。"""
    rows = data.load("battery_chain").query("indicator == 'ev_battery_demand_share' and iso3 == 'CHN'")
    cells = sc.china_definitions()["cells"]
    return {
        "demand": float(rows["value"].iloc[0]),
        "cells": cells["stated"],
        "cells_later": cells["later"],
        "chips": _series("ic_imports", 2025),
    }


@cache
def aircraft() -> dict[str, float]:
    """C919 的需求与供给：三大航 2025 年计划 ``planned``、到 12 月 22 日接收 ``taken``、商飞同期交付 ``made``，
    接收 ÷ 计划 ``share`` 与它的两端：不再交付 ``share``，余下几天照 :func:`aero_engine.year_end` 预测区间的上限交付且
    全归三大航 ``most``；``years`` 2024 年 4 月的订单照当年的交付要几年（下限）。"""
    rows = aero.deliveries()
    planned = rows.query("series == 'c919_airline_planned_intake'")["value"].iloc[0]
    taken = rows.query("series == 'c919_airline_actual_intake'")["value"].iloc[0]
    end = aero.year_end()
    return {
        "planned": planned,
        "taken": taken,
        "made": end["so_far"],
        "share": taken / planned,
        "most": (taken + end["high"] - end["so_far"]) / planned,
        "years": aero.backlog()["years"],
    }


# ---- 二、平台 ---------------------------------------------------------------------------------------

#: 取整的半宽：占比与强度（百分点）、增加值（亿元）；2023 年修订后的强度由两个取整的数相减，宽一倍。
HALF, HALF_VALUE = 0.005, 50
#: 末两年。
BEFORE, AFTER = 2023, 2024


@cache
def _digital(series: str) -> pd.DataFrame:
    return data.load("digitalisation").query("series == @series").sort_values(["year", "row_id"])


def _rd(indicator: str, year: int) -> float:
    rows = data.load("cn_rd").query("indicator == @indicator and year == @year and status in ['final', 'derived']")
    return float(rows["value"].iloc[0])


@cache
def share_on(year: int, intensity: str) -> inference.Interval:
    """工业互联网增加值与由研发强度倒推的 GDP 之比（%）；区间只含取整：增加值、强度各自的半宽。"""
    value = float(_digital("iiot_value_added").set_index("year")["value"][year])
    rate, spent = _rd(intensity, year), _rd("rd_total", year)
    half = HALF * (2 if (intensity, year) == ("rd_intensity_revised", BEFORE) else 1)
    ends = [(value + k * HALF_VALUE) * (rate + k * half) / spent for k in (0, -1, 1)]
    return inference.Interval(*ends)


def published_share(year: int) -> inference.Interval:
    """公布的占比（%）与取整的两端。"""
    value = float(_digital("iiot_gdp_share").set_index("year")["value"][year])
    return inference.Interval(value, value - HALF, value + HALF)


@cache
def last_steps() -> pd.DataFrame:
    """2023 到 2024 年占比变了多少（百分点），三种做法，各带取整的上下界：``estimate``、``low``、``high``。"""
    old, new = "rd_intensity", "rd_intensity_revised"
    ways = {
        "照公布的占比": (published_share(BEFORE), published_share(AFTER)),
        "都除以修订后的 GDP": (share_on(BEFORE, new), share_on(AFTER, new)),
        "前一年旧 GDP，后一年新 GDP": (share_on(BEFORE, old), share_on(AFTER, new)),
    }
    rows = {k: (b.estimate - a.estimate, b.low - a.high, b.high - a.low) for k, (a, b) in ways.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


def share_lines() -> pd.DataFrame:
    """占比的断线图：公布的按版次分段（预计画空心），另两年换成修订后的 GDP；列 ``line``、``x``、``y``、``segment``、
    ``kind``、``low``、``high``。"""
    rows = _digital("iiot_gdp_share")
    shown = pd.DataFrame(
        {
            "line": "白皮书公布",
            "x": rows["year"].astype(int),
            "y": rows["value"],
            "segment": rows["source_id"],
            "kind": np.where(rows["status"] == "forecast", "uncertain", "observed"),
        }
    )
    again = [share_on(y, "rd_intensity_revised") for y in (BEFORE, AFTER)]
    other = pd.DataFrame(
        {"line": "换修订后 GDP", "x": [BEFORE, AFTER], "y": [a.estimate for a in again], "segment": "revised",
         "kind": "observed", "low": [a.low for a in again], "high": [a.high for a in again]}
    )  # fmt: skip
    return pd.concat([shown, other], ignore_index=True)


def editions() -> int:
    """占比出自几版白皮书或报告。"""
    return int(_digital("iiot_gdp_share")["source_id"].nunique())


@cache
def core_share() -> float:
    """2024 年核心产业占工业互联网增加值（0–1）；其余是别的产业的“渗透”。"""
    core, total = (_digital(s).set_index("year")["value"] for s in ("iiot_core_value_added", "iiot_value_added"))
    return float(core[AFTER] / total[AFTER])


@cache
def nc_steps() -> list[float]:
    """数控化率 2020 到 2021 年变了多少（百分点）：2021 年的两说各一。"""
    rows = _digital("key_process_nc_rate").set_index("year")["value"]
    return [float(v - rows[2020]) for v in rows[2021]]


#: 数字化一表的行：名称 → （序列，谁数的，不能说什么）。
DIGITAL = {
    "关键工序数控化率（%）": ("key_process_nc_rate", "主管部门", "样本的说法变过；不是国产率"),
    "研发设计工具普及率（%）": ("digital_rd_tool_rate", "主管部门", "用没用，不问好坏与国产"),
    "增加值（亿元）": ("iiot_value_added", "研究机构", "模型测算；各版不相连"),
    "连接设备（万台套）": ("iiot_connected_devices", "平台自报", "“超过”“接近”，不是普查"),
    "有影响力的平台（个）": ("iiot_platforms", "主管部门", "名单，不是用量"),
    "5G 工厂（家）": ("fiveg_factories", "主管部门", "一个时点"),
}


def _said(row) -> str:
    mark = {"at_least": "≥ ", "at_most": "≤ "}.get(row.bound, "")
    return f"{mark}{row.value:,g}（{int(row.year)}）"


def digital_table() -> pd.DataFrame:
    """数字化的几列数：``first``、``last``、``conflict`` 并列的说法、``who``、``cannot``；索引为 :data:`DIGITAL`。"""
    rows = {}
    for name, (series, who, cannot) in DIGITAL.items():
        table = _digital(series)
        clash = table[table["conflict"].notna()]
        ends = [_said(r) for r in table.iloc[[0, -1]].itertuples()]
        both = " 与 ".join(f"{v:g}" for v in clash["value"])
        rows[name] = {
            "first": ends[0],
            "last": ends[1] if len(table) > 1 else "—",
            "conflict": f"{int(clash['year'].iloc[0])} 年 {both}" if len(clash) else "—",
            "who": who,
            "cannot": cannot,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


# ---- 三、标准 ---------------------------------------------------------------------------------------

INSTITUTE = "中国电子技术标准化研究院"
#: 署名位置的几种做法：名称 → （同系合一，不算谁）。
WAYS = {
    "全部名单": (False, ""),
    "同系合一": (True, ""),
    "同系合一，不算电子标准院": (True, INSTITUTE),
    "同系合一，不算华为": (True, "华为技术有限公司"),
    "同系合一，不算北邮": (True, "北京邮电大学"),
}


@cache
def seats(merged: bool) -> pd.DataFrame:
    """标准起草组的席位：``list``、``member``、``position``（0 居首，1 居末）、``multi`` 参加不止一张名单。

    ``merged``：轨道信号一系的几张名单几乎是同一批成员，只留一张。
    """
    rows = data.load("consortium_members").query("consortium_type == 'standard_drafting' and list_status == 'complete'")
    family = rows["consortium_id"].str.startswith(sc.FAMILY)
    if merged:
        rows = rows[~family | (rows["consortium_id"] == rows.loc[family, "consortium_id"].min())]
    rank = rows.groupby("consortium_id")["member_order"].rank(method="first") - 1
    size = rows.groupby("consortium_id")["member_order"].transform("size") - 1
    lists = rows.groupby("member_zh")["consortium_id"].transform("nunique")
    return pd.DataFrame(
        {"list": rows["consortium_id"], "member": rows["member_zh"], "position": rank / size, "multi": lists > 1}
    ).reset_index(drop=True)


@cache
def position(way: str, first: bool = False) -> networks.Chance:
    """多组成员的席位平均排在哪里（0–1），与各名单之内打乱次序相比；``first``：改看居首位的占比。"""
    merged, without = WAYS[way]
    table = seats(merged)
    chosen = (table["multi"] & (table["member"] != without)).to_numpy()
    value = (table["position"] == 0).to_numpy(float) if first else table["position"].to_numpy(float)
    code = pd.factorize(table["list"])[0]
    order = np.argsort(code, kind="stable")

    def draw(rng: np.random.Generator) -> float:
        out = np.empty_like(value)
        out[order] = value[np.lexsort((rng.random(len(value)), code))]
        return float(out[chosen].mean())

    return networks.against_chance(float(value[chosen].mean()), draw, draws=DRAWS - 1)


@cache
def position_rows() -> pd.DataFrame:
    """零模型图的各行：除以打乱之后的平均；列见 ``chance_rows``，另有 ``p``、``raw``。"""
    rows = []
    for first, group in ((False, "署名的平均位置（越小越前）"), (True, "居首位的占比")):
        for way in WAYS:
            c = position(way, first)
            rows.append({
                "label": way, "group": group, "observed": c.observed / c.expected,
                "low": c.low / c.expected, "high": c.high / c.expected, "p": c.p, "outside": c.p < ALPHA,
                "raw": c.observed, "text": f"{c.observed:.2f}（{c.expected:.2f}），p {c.p:.3f}",
            })  # fmt: skip
    return pd.DataFrame(rows).set_index("label")


def survivors() -> list[str]:
    """概率乘以做法的个数（Bonferroni）之后仍小于 :data:`ALPHA` 的，每种统计量一句，如 ``居首位的占比（同系合一）``。"""
    rows = position_rows()
    kept = rows[rows["p"] * len(rows) < ALPHA].groupby("group", sort=False)
    return [f"{group.split('（')[0]}（{'；'.join(part.index)}）" for group, part in kept]


def seat_counts() -> dict[str, int]:
    """同系合一，多组成员的席位数：``all`` 全部，``rest`` 不算电子标准院。"""
    table = seats(True).query("multi")
    return {"all": len(table), "rest": int((table["member"] != INSTITUTE).sum())}


def multi_members(merged: bool = True) -> list[str]:
    """参加不止一张名单的成员。"""
    table = seats(merged)
    return list(dict.fromkeys(table.loc[table["multi"], "member"]))


def led() -> dict[str, float]:
    """国际标准的几个数：``led`` 主导的 ISO、IEC 标准（2022 年累计），``experts`` 注册专家（下限），``fuxing`` “复兴号”
    的重要标准，``fuxing_share`` 其中中国标准（%）。"""
    rows = data.load("openness").set_index("indicator")["value"]
    names = {
        "led": "iso_iec_standards_led_cumulative", "experts": "iso_registered_experts",
        "fuxing": "fuxing_key_standards", "fuxing_share": "fuxing_chinese_standard_share",
    }  # fmt: skip
    return {k: float(rows[v]) for k, v in names.items()}


# ---- 四、人才 ---------------------------------------------------------------------------------------


@cache
def _talent(series: str, entity: str = "ic_all") -> pd.Series:
    rows = data.load("talent").query("series == @series and entity == @entity")
    return rows.set_index("year")["value"].astype(float)


@cache
def chip_people() -> dict[str, float]:
    """集成电路从业人员的预测与实绩（万人）。

    Returns
    -------
    dict
        ``then``、``now`` 两次调查；``forecast`` 2018 年预计 2020 年的需求，``met`` 实绩占它的份额（0–1），``met_low``、
        ``met_high`` “约数”取整的两端；``wanted`` 2023 年的需求，``stated`` 公布的缺口（上限），``static`` 需求减在岗；
        ``pace``、``pace_low``、``pace_high`` 2017–2020 年的年均增速，``needed`` 到 2023 年补满需要的增速；``grown``、
        ``grown_low``、``grown_high`` 照此前的增速 2023 年有多少人，``left``、``left_low``、``left_high`` 余下的缺口。
    """
    people, demand = _talent("ic_employees"), _talent("ic_demand_forecast")
    then, now, want = people[2017], people[2020], demand[2023]
    ends = {"": (then, now), "_low": (then + 0.5, now - 0.05), "_high": (then - 0.5, now + 0.05)}
    pace = {k: (b / a) ** (1 / 3) - 1 for k, (a, b) in ends.items()}
    grown = {k: b * (b / a) for k, (a, b) in ends.items()}
    return {
        "then": then, "now": now, "forecast": demand[2020], "met": now / demand[2020],
        "met_low": (now - 0.05) / (demand[2020] + 0.5), "met_high": (now + 0.05) / (demand[2020] - 0.5),
        "wanted": want, "stated": _talent("ic_gap_forecast")[2023], "static": want - now,
        **{f"pace{k}": v for k, v in pace.items()}, "needed": (want / now) ** (1 / 3) - 1,
        **{f"grown{k}": v for k, v in grown.items()}, "left": want - grown[""],
        "left_low": want - 0.05 - grown["_high"], "left_high": want + 0.05 - grown["_low"],
    }  # fmt: skip


def people_lines() -> pd.DataFrame:
    """预测与实绩的断线图：``line``、``x``、``y``、``segment``、``kind``、``low``、``high``；两次调查不相连。"""
    p = chip_people()
    rows = [
        ("调查的在岗", 2017, p["then"], "observed", p["then"], p["then"]),
        ("调查的在岗", 2020, p["now"], "observed", p["now"], p["now"]),
        ("照此前增速（假想）", 2023, p["grown"], "uncertain", p["grown_low"], p["grown_high"]),
        ("预测的需求", 2020, p["forecast"], "target", p["forecast"], p["forecast"]),
        ("预测的需求", 2023, p["wanted"], "target", p["wanted"], p["wanted"]),
    ]
    frame = pd.DataFrame(rows, columns=["line", "x", "y", "kind", "low", "high"])
    return frame.assign(segment=frame["x"].astype(str))


#: 预测一表：名称 → （表，条件，作出的年份，对照的实绩：表与条件）。
FORECASTS = {
    "集成电路人才需求，2020": ("talent", "P06", 2018, ("talent", "P05")),
    "集成电路人才需求，2023": ("talent", "P07", 2021, None),
    "集成电路人才缺口，2023": ("talent", "P08", 2021, None),
    "工业互联网增加值，2020": ("digitalisation", "T13", 2020, None),
    "工业互联网增加值，2022": ("digitalisation", "T15", 2022, None),
    "工业互联网增加值，2023": ("digitalisation", "T16", 2023, None),
    "工业互联网占 GDP，2022": ("digitalisation", "T22", 2022, None),
    "其中渗透部分，2022": ("digitalisation", "T28", 2022, ("digitalisation", "T27")),
    "研发经费，2020": ("policy_series", "o165", 2021, ("policy_series", "o166")),
    "科技进步贡献率，2020": ("policy_series", "o208", 2021, None),
    "集成电路自给（境内产），2023": ("policy_series", "o153", 2019, ("localisation", "chips_market")),
    "集成电路自给（境内产），2025": ("policy_series", "o154", 2021, None),
}  # fmt: skip


def _row(table: str, key: str) -> pd.Series:
    frame = data.load(table)
    return frame.set_index(frame.columns[0]).loc[key]


@cache
def forecasts() -> pd.DataFrame:
    """到期（2025 年及以前）的预测与后来的数：``made``、``due``、``said``、``actual``（没有则缺失）、
    ``ratio`` 后来 ÷ 预测、``unit``。"""
    units, rows = {"people_10k": "万人", "CNY_100m": "亿元", "percent": "%"}, {}
    for name, (table, key, made, other) in FORECASTS.items():
        row = _row(table, key)
        actual = float(_row(*other)["value"]) if other else np.nan
        said = float(row["value"])
        rows[name] = (made, int(row["year"]), said, actual, actual / said, units[row["unit"]])
    return pd.DataFrame.from_dict(rows, orient="index", columns=["made", "due", "said", "actual", "ratio", "unit"])


def checkable() -> int:
    """到期的预测里，有后来的数可对照的个数。"""
    return int(forecasts()["actual"].notna().sum())


def colleges() -> dict[str, int]:
    """国家卓越工程师学院：三批高校数之和 ``universities``，第一批企业 ``firms``，列得出名字的 ``named``。"""
    rows = data.load("talent")
    total = rows.groupby("series")["value"].sum()
    return {
        "universities": int(total["engineer_college_universities"]),
        "firms": int(total["engineer_college_firms"]),
        "named": int((rows["series"] == "engineer_college_member").sum()),
    }


@cache
def college_ratings(year: int = 2024) -> dict[str, object]:
    """第三批的高校与其余高校，设施开放考核评到良好以上的：``own``、``other`` 比例与区间，``seen`` 在册几所，``p`` 双侧
    Fisher。高校指名称以“大学”“学院”结尾的。"""
    rows = data.load("talent").query("series == 'engineer_college_member'")
    wide = mec.wide_ratings()[year].dropna()
    wide = wide[wide.index.str.contains("大学$|学院$")]
    good, mine = wide.isin(["excellent", "good"]), wide.index.isin(rows["name"])
    table = [[int((good & m).sum()), int((~good & m).sum())] for m in (mine, ~mine)]
    own, other = (inference.proportion(a, a + b) for a, b in table)
    return {"own": own, "other": other, "seen": sum(table[0]), "p": float(stats.fisher_exact(table).pvalue)}


# ---- 五、支柱 × 协同方式 ------------------------------------------------------------------------------

PILLARS = {
    "components": "核心基础零部件", "materials": "关键基础材料", "processes": "先进基础工艺",
    "technology_base": "产业技术基础",
}  # fmt: skip
MODES = {
    "industry_university": "产学研", "supply_chain": "产业链上下游", "cross_regional": "跨区域",
    "international": "国际",
}  # fmt: skip
PATHS = {"demand": "需求", "platform": "平台", "standards": "标准", "talent": "人才"}
#: 格子由浅到深。
LEVELS = ("空", "只有说法", "有量测，量的不是协同", "量的就是协同")
LEVEL_COLORS = ("#FFFFFF", "#F4F4F4", "#C6DBEF", "#2171B5")


class Item(NamedTuple):
    """登记册的一条：图或表的标签、所在的章、支柱、协同方式、路径（可空），与两个判断。

    ``measured``：有分母的统计或完整的名单，不是说法、个例或不全的名单。``joint``：数的是一起做本身，不是贸易、份额、评级
    或由谁牵头。
    """

    label: str
    chapter: str
    pillar: str
    mode: str
    path: str
    measured: bool
    joint: bool


_IU, _SC, _CR, _IN = MODES
_C, _M, _P, _T = PILLARS
REGISTER = (
    Item("fig-iu-leads", "collaboration/industry_university", _C, _IU, "", True, False),
    Item("fig-aero-deliveries", "pillars/aero_engine", _C, _SC, "demand", False, False),
    Item("fig-cmp-owned", "pillars/components", _C, _SC, "demand", False, False),
    Item("fig-cmp-robots", "pillars/components", _C, _SC, "demand", False, False),
    Item("fig-cmp-japan", "pillars/components", _C, _IN, "", True, False),
    Item("fig-aero-buyers", "pillars/aero_engine", _C, _IN, "demand", True, False),
    Item("fig-sc-japan", "collaboration/supply_chain", _C, _IN, "", True, False),
    Item("fig-sc-stages", "collaboration/supply_chain", _M, _SC, "", True, False),
    Item("fig-aero-metals", "pillars/aero_engine", _M, _SC, "", True, False),
    Item("fig-own-holders", "identify/your_own_chain", _M, _SC, "", True, False),
    Item("fig-mat-eu", "pillars/materials", _M, _IN, "", True, False),
    Item("fig-mat-grid", "pillars/materials", _M, _IN, "", True, False),
    Item("fig-mat-resist", "pillars/materials", _M, _IN, "", True, False),
    Item("fig-iu-leads", "collaboration/industry_university", _P, _IU, "", True, False),
    Item("tbl-chips-consortia", "collaboration/chips", _P, _IU, "", False, True),
    Item("fig-chips-chain", "collaboration/chips", _P, _SC, "", True, False),
    Item("fig-chn-map", "identify/industry_chain", _P, _SC, "", True, False),
    Item("fig-chips-equipment", "collaboration/chips", _P, _IN, "", True, False),
    Item("fig-prc-exports", "pillars/processes", _P, _IN, "", True, False),
    Item("fig-iu-leads", "collaboration/industry_university", _T, _IU, "", True, False),
    Item("tbl-iu-labs", "collaboration/industry_university", _T, _IU, "platform", True, True),
    Item("tbl-sc-mixing", "collaboration/supply_chain", _T, _IU, "standards", True, True),
    Item("fig-mec-transitions", "collaboration/mechanisms", _T, _IU, "platform", True, False),
    Item("fig-tec-centres", "pillars/technology_base", _T, _IU, "platform", False, False),
    Item("fig-sc-where", "collaboration/supply_chain", _T, _SC, "standards", True, True),
    Item("tbl-tec-instruments", "pillars/technology_base", _T, _SC, "demand", True, False),
    Item("tbl-tec-platforms", "pillars/technology_base", _T, _SC, "platform", False, False),
    Item("tbl-sc-mixing", "collaboration/supply_chain", _T, _CR, "standards", True, True),
    Item("fig-tec-japan", "pillars/technology_base", _T, _IN, "", True, False),
    Item("fig-tec-sep", "pillars/technology_base", _T, _IN, "standards", True, False),
    Item("tbl-tec-voice", "pillars/technology_base", _T, _IN, "standards", False, False),
)

#: 算数的门槛，由宽到严；第二项看一条能左右多少。
THRESHOLDS = {
    "全部": lambda t: t["measured"] | True,
    "少跨省的一条": lambda t: t["mode"] != _CR,
    "每章一条": lambda t: ~t.duplicated(["chapter", "pillar", "mode"]),
    "有量测": lambda t: t["measured"],
    "量的是协同": lambda t: t["joint"],
    "两者都要": lambda t: t["measured"] & t["joint"],
}


@cache
def register() -> pd.DataFrame:
    """登记册成表，列为 :class:`Item` 的各项。"""
    return pd.DataFrame(REGISTER)


def counts(threshold: str = "全部") -> pd.DataFrame:
    """支柱 × 协同方式的条数（4 × 4，代码）；``threshold`` 见 :data:`THRESHOLDS`。"""
    table = register()
    kept = table[THRESHOLDS[threshold](table)]
    return pd.crosstab(kept["pillar"], kept["mode"]).reindex(index=list(PILLARS), columns=list(MODES), fill_value=0)


def cross_province() -> networks.Chance:
    """跨区域一列唯一的一条：标准起草组同组的对里跨省的占比，与只在起草组之间打乱相比。"""
    return sc.chance("standards", "cross_province")


def matrix() -> tuple[pd.DataFrame, pd.DataFrame]:
    """证据矩阵的等级（:data:`LEVELS`，取格里最深的一条）与格里的字（条数与路径）；行、列为中文名。"""
    table = register()
    level = 1 + table["measured"].astype(int) + (table["measured"] & table["joint"]).astype(int)
    cells = level.groupby([table["pillar"], table["mode"]]).max().unstack().reindex(list(PILLARS), columns=list(MODES))
    words = pd.DataFrame("", index=list(PILLARS), columns=list(MODES))
    for (pillar, mode), part in table.groupby(["pillar", "mode"]):
        named = [PATHS[p] for p in PATHS if p in set(part["path"])]
        lines = [f"{len(part)} 条", "、".join(named[:2]), "、".join(named[2:])]
        words.loc[pillar, mode] = "\n".join(line for line in lines if line)
    return tuple(t.rename(index=PILLARS, columns=MODES) for t in (cells.fillna(0).astype(int), words))


def links() -> pd.DataFrame:
    """矩阵各格的图表链接（MyST 的 ``numref``），只有说法的注明；空格写“（空）”。首列为支柱。"""
    rows = []
    for pillar, name in PILLARS.items():
        row = {"支柱": name}
        for mode, zh in MODES.items():
            own = [i for i in REGISTER if (i.pillar, i.mode) == (pillar, mode)]
            row[zh] = "、".join(f"{{numref}}`{i.label}`" + ("" if i.measured else "（弱）") for i in own) or "（空）"
        rows.append(row)
    return pd.DataFrame(rows)


def _empty(pillar: np.ndarray, mode: np.ndarray, live: int) -> float:
    return float(live - len(np.unique(pillar * len(MODES) + mode)))


@cache
def empties(threshold: str = "全部") -> dict[str, object]:
    """空格与打乱之后相比：各支柱、各方式的条数不变，重配支柱与方式。

    Returns
    -------
    dict
        ``items`` 条数，``filled``、``empty``（16 格里），``live`` 行与列都有条目的格数，``chance`` 这些格里的空格与
        保住边际的零模型，``even`` 16 格里的空格与“每条随意放一格”的零模型。
    """
    table = register()
    kept = table[THRESHOLDS[threshold](table)]
    pillar, mode = (kept[c].map({k: i for i, k in enumerate(m)}).to_numpy() for c, m in
                    (("pillar", PILLARS), ("mode", MODES)))  # fmt: skip
    live = len(np.unique(pillar)) * len(np.unique(mode))
    found = networks.against_chance(
        _empty(pillar, mode, live), lambda rng: _empty(rng.permutation(pillar), mode, live), draws=DRAWS - 1
    )
    filled = len(set(zip(pillar, mode, strict=True)))
    size = len(PILLARS) * len(MODES)
    even = networks.against_chance(
        float(size - filled), lambda rng: float(size - len(np.unique(rng.integers(0, size, len(kept))))), DRAWS - 1
    )
    return {"items": len(kept), "filled": filled, "empty": size - filled, "live": live, "chance": found, "even": even}


def threshold_table() -> pd.DataFrame:
    """各门槛写成表：``items`` 条数、``empty`` 空格、``even`` 随意放的空格、``inside`` 行列都有条目的格里空几格、
    ``null`` 保住边际打乱的空格。"""
    rows = {}
    for name in THRESHOLDS:
        e = empties(name)
        inside, even = e["chance"], e["even"]
        rows[name] = {
            "items": e["items"],
            "empty": e["empty"],
            "even": _chance(even),
            "inside": f"{e['live']} 格里 {inside.observed:.0f} 格",
            "null": _chance(inside) if inside.low < inside.high else "只有一种放法",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _chance(c: networks.Chance) -> str:
    return f"{c.expected:.1f}（{c.low:.0f}–{c.high:.0f}），p {c.p:.3f}"


#: 随机改动：改多少、几次。
RECODED, RECODES = 0.2, 400


@cache
def recoded(share: float = RECODED, seed: int = 0) -> dict[str, float]:
    """随机取一部分条目，支柱与方式各换成别的一个，各句话仍成立的比例（0–1）。

    Returns
    -------
    dict
        ``base_most`` 产业技术基础的条目最多；``regional_least`` 跨区域的条目最少（并列也算）；``joint_base`` 量测且是
        协同的全在产业技术基础；``filled_low``、``filled_high`` 有内容的格数的 95% 范围。
    """
    rng, table = np.random.default_rng(seed), register()
    codes = [table[c].map({k: i for i, k in enumerate(m)}).to_numpy() for c, m in
             (("pillar", PILLARS), ("mode", MODES))]  # fmt: skip
    strict = THRESHOLDS["两者都要"](table).to_numpy()
    held, filled = [], []
    for _ in range(RECODES):
        pillar, mode = (c.copy() for c in codes)
        for own in (pillar, mode):
            hit = rng.permutation(len(own))[: round(share * len(own))]
            own[hit] = (own[hit] + rng.integers(1, 4, len(hit))) % 4
        p, m = np.bincount(pillar, minlength=4), np.bincount(mode, minlength=4)
        held.append((p[3] == p.max(), m[2] == m.min(), (pillar[strict] == 3).all()))
        filled.append(len(np.unique(pillar * 4 + mode)))
    low, high = np.quantile(filled, [0.025, 0.975])
    names = ("base_most", "regional_least", "joint_base")
    return {**dict(zip(names, np.mean(held, axis=0), strict=True)), "filled_low": low, "filled_high": high}


def policy_margins() -> dict[str, int]:
    """政策表里只填支柱 ``pillar``、只填方式 ``mode``、两样都填 ``both`` 的件数。"""
    table = data.load("policies")
    p, m = table["pillar"].notna(), table["mode"].notna()
    return {"pillar": int((p & ~m).sum()), "mode": int((m & ~p).sum()), "both": int((p & m).sum()), "all": len(table)}


def said(row: pd.Series) -> str:
    """占比之差与上下界连成一句，如 ``+0.09 个百分点（+0.08 到 +0.10）``；减号用数学的减号。"""
    first, low, high = (f"{row[c]:+.2f}".replace("-", "−") for c in ("estimate", "low", "high"))
    return f"{first} 个百分点（{low} 到 {high}）"


def share_said(found: inference.Interval) -> str:
    """比例与区间，如 ``57%（25%–84%）``。"""
    return f"{found.estimate:.0%}（{found.low:.0%}–{found.high:.0%}）"
