"""“四条实施路径”一章的主要数字：识别、基础研究、标准、平台，各自的投入、活动、产出与证据。

目标不与实绩相连；缺的年份就是缺；没有点名的份额只给上下界。
"""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from .. import data, inference
from . import components, identify
from . import technology_base as tec

#: 图上对照的经济体（研发强度），中国居首。
COMPARED = ("CHN", "USA", "JPN", "DEU", "KOR", "GBR", "FRA")

#: 英国研发强度改口径的第一年；与此前不可相连。
UK_BREAK = 2014

#: 中国强度的两个统计口径都有公布值的年份（五经普修订 GDP 前与后）。
REVISED_YEARS = (2012, 2020, 2023)

#: 修订后才有强度的第一年。
REVISED_FROM = 2024

#: 基础研究占比分前后两半的分界：前半截止、后半起始。
FIRST_HALF, SECOND_HALF = 2018, 2019

#: 逐段算斜率时，每段取相邻的这么多个有数的年份。
WINDOW = 5

#: 矩阵里一列数至少有这么多年，才算“成序列”（与斜率所需的点数相同）；另用相邻的两个值试。
MIN_YEARS = 4
YEAR_CHOICES = (3, 4, 5)

#: 至少有这么多个经济体，才算“有对照”。
MIN_UNITS = 2

#: 四条路径与四个环节，按此次序画。
PATHS = {"identify": "精准识别", "basic": "基础研究", "standards": "标准", "platforms": "公共平台"}
STAGES = {"input": "投入", "activity": "活动", "output": "产出", "evidence": "证据"}

#: 图上各环节与矩阵各级的颜色。
STAGE_COLORS = {"input": "#0072B2", "activity": "#E69F00", "output": "#009E73", "evidence": "#D55E00"}
DEPTH_COLORS = ("#FFFFFF", "#F4F4F4", "#C6DBEF", "#6BAED6", "#2171B5")

#: 矩阵格子的深浅，由浅到深。
DEPTHS = ("空", "只有旁证", "单点", "成序列或有对照", "成序列且有对照")

#: 查找文中例子时翻过的表 → 表名（与数据包所载相同，也一并查）。
SEARCHED = {
    "chokepoints": "35 项卡脖子技术",
    "status_updates": "2018 年以后的进展与依赖",
    "chip_nodes": "芯片产业链节点",
    "crm_nodes": "关键材料链：节点",
    "hs_products": "与卡脖子有关的海关产品清单",
    "localisation": "国产化与进口依赖的各种说法",
    "green_materials": "绿色制造、增材制造与先进材料",
    "industrial_base": "中国产业基础的家底",
    "events": "案例大事记",
    "sep_5g": "5G 标准必要专利",
}

#: 5G 各口径的证据档，用“核心基础零部件”一章的名字；归档由编者判断。
SEP_BAND = {
    "cnipa_declared": "官方转述",
    "miit_declared": "官方转述",
    "caict_effective": "机构与媒体",
    "iplytics_declared": "机构与媒体",
}

#: 对文中例子的判断与缺口：路径 → （判断，还缺什么）；有没有命中由 :func:`mentions` 算。
VERDICTS = {
    "basic": ("数据里没有，不能判断", "器件与衬底的份额、技术源头的专利或论文链"),
    "platforms": ("数据里没有，不能判断", "服务的企业数、流片次数、收费与资金来源"),
    "standards": ("件数有据，话语权无据", "逐件的必要性认定、许可收入、同一口径的长序列"),
}

#: 文中的例子：路径 → （名字，查找词，正则）。
EXAMPLES = {
    "basic": ("碳化硅与第三代半导体", ("碳化硅", "第三代半导体", "氮化镓", "[Ss]ilicon carbide", "SiC")),
    "platforms": ("芯片公共服务平台", ("集成电路公共服务", "芯片公共服务", "集成电路产业公共服务", "流片服务")),
    "standards": ("5G 国际标准", ("5G", "标准必要专利")),
}


def final(indicator: str, status: str = "final") -> pd.Series:
    """``cn_rd`` 的一列：索引年份，值为公布的数；缺的年份不补。

    Parameters
    ----------
    indicator : str
        指标代码，如 ``rd_basic_share``。
    status : str
        ``final``、``preliminary`` 或 ``derived``。

    Returns
    -------
    pandas.Series
        单位见表 ``cn_rd`` 的单位列。
    """
    table = data.load("cn_rd")
    table = table[(table["indicator"] == indicator) & (table["status"] == status)]
    return table.set_index(table["year"].astype(int))["value"].sort_index().rename(indicator)


def country_names() -> dict[str, str]:
    """经济体代码 → 中文名。"""
    return data.load("countries").set_index("iso3")["name_zh"].to_dict()


def panel(indicator: str) -> pd.DataFrame:
    """``innovation_panel`` 的一个指标：索引 ``iso3``，列 ``year``、``value``（占比为 0–100）。"""
    table = data.load("innovation_panel")
    table = table[table["indicator"] == indicator].astype({"year": int})
    return table.set_index("iso3")[["year", "value"]]


# ---- 路径一：识别 -----------------------------------------------------------------------------------


def measured_again() -> dict[str, set[int]]:
    """清单上哪些技术的起点与后来可以对照，一步比一步严。

    Returns
    -------
    dict of str to set of int
        ``baseline`` 点名时有可比的国内与前沿之差；``later`` 后来有带数字的证据；``unit`` 后来的数与起点单位相同；
        ``metric`` 后来用同一指标再量过；``repeat`` 不问起点，后来同一指标有两个以上年份；
        ``repeat_firm`` 同上，只用强来源。值为 ``tech_id``。
    """
    gaps = data.load("chokepoint_gaps")
    gaps = gaps[gaps["like_for_like"]].set_index("tech_id")
    updates = data.load("status_updates")
    updates = updates[updates["value_status"] == "quoted"]
    start = gaps[["metric", "unit"]].add_suffix("_then")
    pairs = updates.join(start, on="tech_id", how="inner")
    same_unit, same = pairs["unit"] == pairs["unit_then"], pairs["metric"] == pairs["metric_then"]

    def repeated(rows: pd.DataFrame) -> set[int]:
        years = rows["date"].str[:4].groupby([rows["tech_id"], rows["metric"]]).nunique()
        return set(years[years > 1].index.get_level_values("tech_id"))

    return {
        "baseline": set(gaps.index),
        "later": set(updates["tech_id"]),
        "unit": set(pairs["tech_id"][same_unit]),
        "metric": set(pairs["tech_id"][same]),
        "repeat": repeated(updates),
        "repeat_firm": repeated(updates[updates["source_strength"] == "strong"]),
    }


#: 图上各步的名字，自上而下。
STEPS = {
    "later": "后来有数字",
    "repeat": "后来同一指标量过两年",
    "baseline": "起点有可比的差距",
    "unit": "与起点单位相同",
    "metric": "与起点指标相同",
}


def identify_steps() -> pd.DataFrame:
    """识别之后有没有再量：占清单的百分比与 Wilson 区间。

    Returns
    -------
    pandas.DataFrame
        索引为 :data:`STEPS` 的名字；``count`` 项数；``main``、``low``、``high`` 为 0–100。
    """
    total, found = len(identify.technologies()), measured_again()
    rows = {}
    for step, label in STEPS.items():
        share = inference.proportion(len(found[step]), total)
        rows[label] = (len(found[step]), round(100 * share.estimate), 100 * share.low, 100 * share.high)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["count", "main", "low", "high"])


def remeasured_names() -> list[str]:
    """用起点的同一指标再量过的技术名。"""
    names = identify.technologies()["name_zh"]
    return [names[i] for i in sorted(measured_again()["metric"])]


def lists() -> pd.DataFrame:
    """可见的各家清单，见 :func:`chokepoint.findings.identify.comparable_lists`。"""
    return identify.comparable_lists()


def guide() -> int:
    """共性技术指南的条目数（项）。"""
    return int(_select("industrial_base", {"indicator": "guide_total"})["value"].iloc[0])


# ---- 路径二：基础研究 --------------------------------------------------------------------------------


def intensity_points() -> pd.DataFrame:
    """研发强度的对照图（世界银行）：一行一点，列 ``line``、``x``、``y``、``segment``；英国在 :data:`UK_BREAK` 断开。"""
    table, names = data.load("innovation_panel"), country_names()
    table = table[(table["indicator"] == "gerd_to_gdp") & table["iso3"].isin(COMPARED)]
    after = (table["iso3"] == "GBR") & (table["year"] >= UK_BREAK)
    return pd.DataFrame(
        {
            "line": table["iso3"].map(names).to_numpy(),
            "x": table["year"].astype(int).to_numpy(),
            "y": table["value"].to_numpy(),
            "segment": np.where(after, "改口径后", ""),
        }
    )


def intensity(iso3: str, year: int) -> float:
    """世界银行的研发强度，%。"""
    table = panel("gerd_to_gdp").loc[iso3].set_index("year")["value"]
    return float(table[year])


def uk_jump() -> dict[str, float]:
    """英国改口径当年的变动，其余各年里变动最大的一年与幅度，再其余的最大幅度；百分点。"""
    line = panel("gerd_to_gdp").loc["GBR"].set_index("year")["value"].sort_index().diff().dropna()
    rest = line.drop(UK_BREAK).abs()
    second = int(rest.idxmax())
    return {
        "jump": float(line[UK_BREAK]),
        "second_year": second,
        "second": float(rest[second]),
        "other": float(rest.drop(second).max()),
    }


#: 中国强度图上的三条线。
INTENSITY_LINES = {"world_bank": "世界银行", "before": "公报，修订前", "after": "公报，修订后"}


def china_intensity_points() -> pd.DataFrame:
    """中国研发强度的三个来源，各画各的：``line``、``x``、``y``、``kind``（初步数为 ``uncertain``）。"""
    wdi = panel("gerd_to_gdp").loc["CHN"].set_index("year")["value"]
    wdi = wdi[wdi.index >= final("rd_intensity").index.min()]
    derived = final("rd_intensity_revised", "derived")
    early = final("rd_intensity_revised", "preliminary")
    after = final("rd_intensity_revised")
    parts = [
        ("world_bank", wdi, "observed"),
        ("before", final("rd_intensity"), "observed"),
        ("after", pd.concat([after, derived]), "observed"),
        ("after", early.drop(after.index, errors="ignore"), "uncertain"),
    ]
    frames = [
        pd.DataFrame({"line": INTENSITY_LINES[name], "x": series.index, "y": series.to_numpy(), "kind": kind})
        for name, series, kind in parts
    ]
    return pd.concat(frames, ignore_index=True)


def revisions() -> pd.DataFrame:
    """同一年修订前后的强度：索引年份，列 ``before``、``after``、``world_bank``（%），``gap`` 为后减前。"""
    after = pd.concat([final("rd_intensity_revised"), final("rd_intensity_revised", "derived")])
    frame = pd.DataFrame({"before": final("rd_intensity"), "after": after}).loc[list(REVISED_YEARS)]
    frame["world_bank"] = panel("gerd_to_gdp").loc["CHN"].set_index("year")["value"].reindex(frame.index)
    return frame.assign(gap=frame["after"] - frame["before"])


def intensity_slopes() -> pd.DataFrame:
    """中国研发强度的斜率，三个来源各算各的，不跨断点。

    Returns
    -------
    pandas.DataFrame
        索引 ``before``（修订前）、``after``（修订后，含推得的一年，不含初步数）、``world_bank``；
        ``n`` 年数，``estimate``、``low``、``high`` 为百分点每年。
    """
    points = china_intensity_points()
    points = points[points["kind"] == "observed"]
    rows = {}
    for key, name in (("before", "公报，修订前"), ("after", "公报，修订后"), ("world_bank", "世界银行")):
        own = points[points["line"] == name]
        rows[key] = (len(own), *inference.slope(own["x"], own["y"]))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n", "estimate", "low", "high"])


def said_slopes() -> dict[str, str]:
    """正文里引用的三条斜率：引用名 → “每年……个百分点（下端–上端）”。"""
    keys = {"强度前": "before", "强度后": "after", "强度世行": "world_bank"}
    table = intensity_slopes()
    said = {}
    for key, row in keys.items():
        estimate, low, high = table.loc[row, ["estimate", "low", "high"]]
        said[key] = f"每年 {estimate:.3f} 个百分点（{low:.3f}–{high:.3f}）"
    return said


def last_step() -> dict[str, float]:
    """2023 到 2024 年强度的变动：跨断点相减，与同一口径相减，百分点。"""
    last = final("rd_intensity_revised")[REVISED_FROM]
    table = revisions().loc[REVISED_FROM - 1]
    return {"across": float(last - table["before"]), "within": float(last - table["after"])}


def basic_points() -> pd.DataFrame:
    """中国基础研究占比：终值实心、初步数空心；缺的年份不画。列 ``line``、``x``、``y``、``kind``。"""
    solid, early = final("rd_basic_share"), final("rd_basic_share", "preliminary")
    rows = [("终值", x, y, "observed") for x, y in solid.items()]
    rows += [("初步数", x, y, "uncertain") for x, y in early.items()]
    return pd.DataFrame(rows, columns=["line", "x", "y", "kind"])


def missing_years() -> list[int]:
    """首末之间没有基础研究占比的年份。"""
    years = final("rd_basic_share").index
    return [y for y in range(years.min(), years.max() + 1) if y not in years]


def amounts_share() -> pd.Series:
    """由金额相除得到的基础研究占比，%；比公布的百分数多留几位。"""
    return (final("rd_basic") / final("rd_total") * 100).dropna()


def basic_sources() -> pd.DataFrame:
    """基础研究占比各年终值的来源等级：索引年份，列 ``value``（%）、``grade``（见表 ``sources``）。"""
    table = data.load("cn_rd")
    table = table[(table["indicator"] == "rd_basic_share") & (table["status"] == "final")]
    grades = data.load("sources").set_index("source_id")["grade"]
    frame = table.assign(grade=table["source_id"].map(grades)).astype({"year": int})
    return frame.set_index("year")[["value", "grade"]].sort_index()


def between_halves() -> float:
    """前半末年到后半首年，基础研究占比变了几个百分点：这一步不在任何一半里。"""
    share = final("rd_basic_share")
    return float(share[SECOND_HALF] - share[FIRST_HALF])


def enterprise_slope() -> inference.Interval:
    """中国企业执行占比（由金额相除）的斜率，百分点每年。"""
    share = (final("rd_by_enterprise") / final("rd_total") * 100).dropna()
    return inference.slope(share.index, share)


def years_to(level: float) -> inference.Interval:
    """若斜率不变，从最近一年到 ``level``（%）要多少年：外推，只作练习。"""
    line, last = slope_choices().loc["全部终值"], final("rd_basic_share").iloc[-1]
    return inference.Interval(*(float((level - last) / line[k]) for k in ("estimate", "high", "low")))


def slope_choices() -> pd.DataFrame:
    """基础研究占比的斜率，换数据、换年份各算一次。

    Returns
    -------
    pandas.DataFrame
        索引为选法，全部年份的几种在前，:func:`window_slopes` 的各段在后；``n`` 年数，``estimate``、``low``、``high``
        为每年几个百分点，``rises`` 区间是否整个在零以上。
    """
    base = final("rd_basic_share")
    early = base.copy()
    early.update(final("rd_basic_share", "preliminary"))
    whole = _slopes({"全部终值": base, "有初步数的年份换成初步数": early, "由金额相除": amounts_share()})
    return pd.concat([whole, window_slopes()])


def window_slopes(series: pd.Series | None = None) -> pd.DataFrame:
    """每段相邻的 :data:`WINDOW` 个有数的年份各算一次斜率，自早到晚。

    Parameters
    ----------
    series : pandas.Series, optional
        索引为年份，缺的年份不在其中；缺省为基础研究占比的终值（%）。

    Returns
    -------
    pandas.DataFrame
        索引为“只用 2013–2018 年”等，列同 :func:`slope_choices`。五个点的 95% 区间就是各点两两斜率的最小与最大。
    """
    line = final("rd_basic_share") if series is None else series
    parts = [line.iloc[at : at + WINDOW] for at in range(len(line) - WINDOW + 1)]
    return _slopes({f"只用 {p.index.min()}–{p.index.max()} 年": p for p in parts})


def _slopes(chosen: dict[str, pd.Series]) -> pd.DataFrame:
    rows = {}
    for name, series in chosen.items():
        found = inference.slope(series.index, series)
        rows[name] = (len(series), *found, found.low > ZERO)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n", "estimate", "low", "high", "rises"])


#: 区间的下端要高于它才算“上升”：容许浮点误差。
ZERO = 1e-9


def leave_one_out() -> inference.Interval:
    """逐年去掉一年，斜率的最小与最大（``low``、``high``）与全部年份的估计；单位为百分点每年。"""
    base = final("rd_basic_share")
    kept = [inference.slope(base.drop(y).index, base.drop(y)) for y in base.index]
    return inference.Interval(
        inference.slope(base.index, base).estimate, min(k.low for k in kept), max(k.high for k in kept)
    )


def growth() -> dict[str, inference.Interval]:
    """现价年增长率（对数斜率换成比例，0–1）：基础研究经费与全部研发经费。"""
    found = {}
    for key, indicator in (("basic", "rd_basic"), ("total", "rd_total")):
        series = final(indicator)
        line = inference.slope(series.index, np.log(series))
        found[key] = inference.Interval(*(float(np.expm1(v)) for v in line))
    return found


def basic_by_country() -> pd.DataFrame:
    """基础研究占研发的国际截面，各国年份不一。

    Returns
    -------
    pandas.DataFrame
        索引 ``iso3``，按占比降序；``name_zh``、``year``、``basic``、``applied``、``other``（占研发，0–100），
        ``gerd`` 同年研发强度（%），``to_gdp`` 基础研究占 GDP（%），``to_gdp_high`` 把没有归类的活动全算作基础研究；
        ``rank``、``rank_gdp`` 两种名次（一为最高）。
    """
    basic = panel("gerd_basic")
    frame = pd.DataFrame({"year": basic["year"], "basic": basic["value"]})
    frame.insert(0, "name_zh", frame.index.map(country_names()))
    frame["applied"] = panel("gerd_applied")["value"]
    frame["other"] = panel("gerd_other_type")["value"]
    frame["gerd"] = [intensity(i, y) for i, y in frame["year"].items()]
    frame["to_gdp"] = frame["basic"] * frame["gerd"] / 100
    frame["to_gdp_high"] = (frame["basic"] + frame["other"]) * frame["gerd"] / 100
    for column, rank in (("basic", "rank"), ("to_gdp", "rank_gdp")):
        frame[rank] = frame[column].rank(ascending=False).astype(int)
    return frame.sort_values("basic", ascending=False)


def basic_ranges() -> dict[str, pd.DataFrame]:
    """截面图：没有归类的活动全不算与全都算基础研究之间，以及把应用研究也加进来。"""
    table = basic_by_country()
    label = table["name_zh"] + " " + table["year"].astype(str)
    narrow = pd.DataFrame({"low": table["basic"], "high": table["basic"] + table["other"]})
    wide = narrow.add(table["applied"], axis=0)
    return {"基础研究": narrow.set_index(label), "基础加应用": wide.set_index(label)}


def performers() -> pd.DataFrame:
    """研发由谁执行：企业与高校的占比（0–100），按企业占比降序；末行为中国的基础研究。"""
    table = pd.DataFrame(
        {"business": panel("gerd_by_business")["value"], "university": panel("gerd_by_higher_education")["value"]}
    )
    table.index = table.index.map(country_names())
    own = basic_performers()
    table = table.sort_values("business", ascending=False)
    table.loc["中国：基础研究"] = (own["enterprise"], own["university"])
    return table


def performer_ranks() -> dict[str, int]:
    """中国在各经济体（不计欧盟）里的名次：``business`` 企业占比自高，``university`` 高校占比自低，``total`` 个数。"""
    found = {"total": 0}
    for key, indicator, ascending in (
        ("business", "gerd_by_business", False),
        ("university", "gerd_by_higher_education", True),
    ):
        values = panel(indicator)["value"].drop("EUU")
        found[key] = int(values.rank(ascending=ascending)["CHN"])
        found["total"] = len(values)
    return found


def basic_performers() -> dict[str, float]:
    """中国基础研究的执行者占比（0–100），只有一年：``enterprise``、``institute``、``university``、``other``、``year``。"""
    parts = {k: final(f"rd_basic_by_{k}") for k in ("enterprise", "institute", "university")}
    year = int(parts["enterprise"].index[-1])
    total = float(final("rd_basic")[year])
    found = {k: float(100 * v[year] / total) for k, v in parts.items()}
    return {**found, "other": 100 - sum(found.values()), "year": year}


def enterprise_basic_intensity() -> tuple[float, float]:
    """企业研发里基础研究的占比（0–100）的上下界：当年企业总额没有公布，用相邻两个公布年份的数作界。"""
    own, total = final("rd_basic_by_enterprise"), final("rd_by_enterprise")
    year = own.index[-1]
    around = total[total.index < year].iloc[-1], total[total.index > year].iloc[0]
    bounds = [float(100 * own[year] / t) for t in around]
    return min(bounds), max(bounds)


def paper_editions() -> pd.DataFrame:
    """ASPI 各主要版次中国领先的领域数：索引版次，``led``、``out_of``、``share``、``low``、``high``（0–1，Wilson）。

    只收 :func:`chokepoint.findings.identify.comparable_lists` 同一批（各版各算各的，分母不同，不可连线）。
    """
    lists = data.load("other_lists").dropna(subset="china_leads").sort_values("year")
    rows = {}
    for row in lists.itertuples():
        share = inference.proportion(int(row.china_leads), int(row.n_items))
        rows[int(row.year)] = (int(row.china_leads), int(row.n_items), *share)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["led", "out_of", "share", "low", "high"])


def papers_same_edition() -> dict[str, int]:
    """同一版次里首末两个窗口中国领先的领域数：``first``、``last``、``first_year``、``last_year``、``out_of``。"""
    table = data.load("index_checks")
    table = table[(table["measure"] == "technologies_led") & (table["iso3"] == "CHN")]
    edition = table["edition"].value_counts().idxmax()
    line = table[table["edition"] == edition].sort_values("year")
    first, last = line.iloc[0], line.iloc[-1]
    return {
        "first": int(first["value"]),
        "last": int(last["value"]),
        "first_year": int(first["year"]),
        "last_year": int(last["year"]),
        "out_of": int(last["out_of"]),
    }


def papers_and_progress() -> pd.DataFrame:
    """论文名录里有没有对应 × 有没有强来源的进展：索引 ``True``（有对应）、``False``；

    列 ``n``、``progress``、``share``、``low``、``high``（0–1，Wilson）。
    """
    matched = identify.visibility()["match"] != "none"
    moved = identify.evidence_ladder(identify.STRENGTHS["只留强来源"])["rung"] > 0
    rows = {}
    for flag in (True, False):
        own = moved[matched == flag]
        rows[flag] = (len(own), int(own.sum()), *inference.proportion(int(own.sum()), len(own)))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n", "progress", "share", "low", "high"])


#: “有对应”的两种定义：名字 → 算作有对应的匹配等级。
MATCHES = {"有任何对应": ("strong", "partial"), "只算强对应": ("strong",)}


def paper_tests() -> pd.DataFrame:
    """论文名录里有没有对应与有没有进展，换定义各做一次双侧 Fisher 精确检验。

    Returns
    -------
    pandas.DataFrame
        索引 (:data:`MATCHES` 的名字，来源口径)；``gap`` 有对应的一组进展占比减去无对应的（小数）；
        ``p`` 双侧概率（0–1）。
        几个检验用的是同一批技术，不独立。
    """
    match, rows = identify.visibility()["match"], {}
    for kind, grades in MATCHES.items():
        seen = match.isin(grades)
        for source, strengths in identify.STRENGTHS.items():
            moved = identify.evidence_ladder(strengths)["rung"] > 0
            table = [[int((moved & g).sum()), int((~moved & g).sum())] for g in (seen, ~seen)]
            rows[kind, source] = (moved[seen].mean() - moved[~seen].mean(), stats.fisher_exact(table).pvalue)
    return pd.DataFrame(list(rows.values()), index=pd.MultiIndex.from_tuples(rows), columns=["gap", "p"])


# ---- 路径三、四：标准与平台 ---------------------------------------------------------------------------


class Row(NamedTuple):
    """图上的一行：环节、名字、表、条件；没有表的，是想看而没有找到的量，画成空行。"""

    stage: str
    label: str
    table: str = ""
    where: dict[str, str] | None = None


def _base(stage: str, label: str, indicator: str, iso3: str = "CHN") -> Row:
    return Row(stage, label, "industrial_base", {"indicator": indicator, "iso3": iso3})


#: 标准与平台两路的指标，自上而下；最后几行没有找到数。
ROWS = {
    "standards": (
        _base("input", "标准化技术委员会", "standards_committees"),
        _base("input", "ISO 秘书处席位", "iso_secretariats"),
        _base("activity", "当年发布国家标准", "standards_issued"),
        _base("activity", "ISO 新提案", "iso_new_proposals"),
        _base("output", "国家标准存量", "standards_national"),
        _base("output", "行业标准存量", "standards_sector"),
        _base("output", "团体标准累计", "standards_group"),
        Row("output", "5G 有效专利族份额", "sep_5g", {"definition": "caict_effective", "holder": "huawei"}),
        Row("evidence", "标准的许可收入"),
        Row("evidence", "采用本国标准的产品占比"),
    ),
    "platforms": (
        Row("input", "平台的公共投入"),
        _base("activity", "制造业创新中心", "innovation_centres"),
        _base("activity", "双跨工业互联网平台", "iiot_platforms"),
        _base("activity", "国家级中试平台", "pilot_national"),
        _base("activity", "部重点实验室", "miit_labs"),
        _base("output", "自报突破的技术", "innovation_centre_results"),
        Row("output", "服务次数与用户"),
        _base("evidence", "案例：同集团收入占比", "cosmoplat_haier_share"),
        Row("evidence", "用户因此少买了多少进口"),
    ),
}


def _select(table: str, where: dict[str, str]) -> pd.DataFrame:
    frame = data.load(table)
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame


def _years(frame: pd.DataFrame) -> pd.Series:
    """每行的年份：时点列取前四位。"""
    for column in ("year", "as_of", "date", "article_date"):
        if column in frame:
            return frame[column].astype(str).str[:4].astype(int)
    raise KeyError(f"这张表没有年份列：{'、'.join(frame.columns)}")


def row_names(path: str) -> pd.DataFrame:
    """一路的各行：列 ``row``、``stage``，自上而下，连同没有数的空行。"""
    return pd.DataFrame([(r.label, r.stage) for r in ROWS[path]], columns=["row", "stage"])


def row_points(path: str) -> pd.DataFrame:
    """一路的指标哪些年有数：列 ``row``、``x``、``value``、``kind``（``observed`` 或 ``target``）；空行没有点。"""
    parts = []
    for row in ROWS[path]:
        if row.table:
            own = _select(row.table, row.where)
            kind = own.get("status", "observed")
            parts.append(pd.DataFrame({"row": row.label, "x": _years(own), "value": own["value"], "kind": kind}))
    return pd.concat(parts, ignore_index=True)


def row_depth(path: str) -> pd.Series:
    """每行有几个实绩年份，索引为行名；空行为零。"""
    points = row_points(path)
    seen = points[points["kind"] == "observed"].groupby("row")["x"].nunique()
    return seen.reindex(row_names(path)["row"], fill_value=0)


def standard_multiples() -> pd.Series:
    """2019 到 2023 年各类标准变为几倍，索引为指标代码。"""
    found = {}
    for indicator in ("standards_national", "standards_sector", "standards_local", "standards_group"):
        own = _select("industrial_base", {"indicator": indicator}).set_index("year")["value"]
        found[indicator] = float(own[2023] / own[2019])
    return pd.Series(found)


def secretariats() -> pd.DataFrame:
    """ISO 技术委员会与分委员会的秘书处，2016 年：索引 ``iso3``，``seats`` 个数，``share`` 占全部（0–1）。"""
    own = _select("industrial_base", {"indicator": "iso_secretariats"}).set_index("iso3")["value"]
    bodies = _select("industrial_base", {"iso3": "WLD"}).set_index("indicator")["value"]
    total = bodies["iso_tc"] + bodies["iso_sc"]
    return pd.DataFrame({"seats": own.astype(int), "share": own / total}).sort_values("seats", ascending=False)


def centre_goal() -> dict[str, float]:
    """制造业创新中心 2025 年的实绩与目标（家），取自“产业技术基础”一章；``results`` 为自报突破的技术数（项，约数）。"""
    row = tec.centre_targets().loc[tec.TARGET_YEARS[-1]]
    results = _select("industrial_base", {"indicator": "innovation_centre_results"})["value"].iloc[0]
    return {"observed": float(row["observed"]), "target": float(row["target"]), "results": float(results)}


def cosmoplat() -> dict[str, float]:
    """唯一有账目可查的平台案例：``haier`` 来自同一集团的收入占比下限（0–100），``subsidy`` 补贴下限（亿元），

    ``losses`` 亏损的时段数，``years`` 有利润数的时段数。
    """
    value = _select("industrial_base", {"topic": "platform_case"}).set_index(["indicator", "year"])["value"]
    return {
        "haier": float(value["cosmoplat_haier_share"].iloc[0]),
        "subsidy": float(value["cosmoplat_subsidy"].iloc[0]),
        "losses": int((value["cosmoplat_profit"] < 0).sum()),
        "years": int(value["cosmoplat_profit"].size),
    }


# ---- 文中的例子与证据矩阵 -----------------------------------------------------------------------------


def mentions() -> pd.DataFrame:
    """逐表查找文中例子的字样：索引为路径，``example``、``rows`` 翻过的行数、``hits`` 命中行数、``tables`` 命中的表。

    查表的名字、表里的文字与枚举的中文名。没有命中，指这些表里没有，不等于世上没有。
    """
    texts = {name: _texts(name) for name in SEARCHED}
    rows = {}
    for path, (example, words) in EXAMPLES.items():
        found = {name: int(text.str.contains("|".join(words)).sum()) for name, text in texts.items()}
        where = [SEARCHED[name] for name, hits in found.items() if hits]
        rows[path] = (example, sum(map(len, texts.values())), sum(found.values()), "、".join(where) or None)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["example", "rows", "hits", "tables"])


def examples() -> pd.DataFrame:
    """文中例子的分级表。

    Returns
    -------
    pandas.DataFrame
        列 ``example``、``path``、``hits`` 命中行数、``band`` 最强的证据（没有则缺失）、``verdict``、``missing``。
    """
    found = mentions()
    used = data.load("sep_5g")["definition"].map(SEP_BAND)
    strongest = min(used.unique(), key=list(components.BANDS).index)
    return pd.DataFrame(
        {
            "example": found["example"],
            "path": [PATHS[p] for p in found.index],
            "hits": found["hits"],
            "band": [strongest if hits else None for hits in found["hits"]],
            "verdict": [VERDICTS[p][0] for p in found.index],
            "missing": [VERDICTS[p][1] for p in found.index],
        }
    )


def search_words() -> str:
    """查找词，连成一句供图注；正则的写法还原成普通写法。"""
    words = [w.replace("[Ss]", "S") for _, group in EXAMPLES.values() for w in group]
    return "、".join(words)


def holder_moves(holder: str = "华为") -> dict[str, float]:
    """一家企业的 5G 份额之差（百分点）：``same`` 信通院先后两次，``across`` 跨口径（IPlytics 到信通院）。"""
    share = {key: tec.sep_shares(key)["share"][holder] for key in tec.SEP if holder in tec.sep_shares(key).index}
    effective = sorted(k for k in share if k[0] == tec.CAICT[0])
    return {
        "same": float(share[effective[-1]] - share[effective[0]]),
        "across": float(share[tec.CAICT] - share[tec.IPLYTICS]),
    }


def _texts(name: str) -> pd.Series:
    """一张表每行的全部文字：表名在前，代码换成中文名。"""
    frame = data.load(name)
    joined = pd.Series(SEARCHED[name], index=frame.index)
    for column in frame.columns:
        text = frame[column].astype(object).where(frame[column].notna(), "").astype(str)
        with suppress(KeyError):
            text = text.replace(data.labels(name, column))
        joined = joined + " " + text
    return joined


class Entry(NamedTuple):
    """矩阵里的一条：路径、环节、名字、表、条件、哪几列合起来认定“同一列数”，是不是直接的。

    ``direct`` 为假的是旁证：说的是别的事、只是一个案例，或来源自己说不能作此用。
    """

    path: str
    stage: str
    label: str
    table: str
    where: dict[str, str]
    series: tuple[str, ...]
    direct: bool = True


_QUOTED = {"value_status": "quoted"}
_CN = ("indicator",)
_BASE = ("indicator", "iso3")
_PANEL = ("indicator", "iso3")
_SHARE, _HOLDER = {"measure": "sep_share"}, ("definition", "holder")


def _industrial(path: str, stage: str, label: str, indicator: str, direct: bool = True) -> Entry:
    return Entry(path, stage, label, "industrial_base", {"indicator": indicator}, _BASE, direct)


#: 证据矩阵的登记册；环节的归属由编者判断，见说明。
ENTRIES = (
    Entry("identify", "activity", "各家清单", "other_lists", {}, ("list_id",)),
    _industrial("identify", "output", "共性技术指南的条目", "guide_total"),
    Entry("identify", "output", "卡脖子清单的条目", "chokepoints", {}, ("slug",)),
    Entry("identify", "evidence", "点名以后的量测", "status_updates", _QUOTED, ("tech_id", "metric")),
    Entry("basic", "input", "研发经费", "cn_rd", {"indicator": "rd_total"}, _CN),
    Entry("basic", "input", "基础研究经费", "cn_rd", {"indicator": "rd_basic"}, _CN),
    Entry("basic", "input", "研发强度", "innovation_panel", {"indicator": "gerd_to_gdp"}, _PANEL),
    Entry("basic", "input", "基础研究占比", "innovation_panel", {"indicator": "gerd_basic"}, _PANEL),
    Entry("basic", "activity", "企业执行的研发", "cn_rd", {"indicator": "rd_by_enterprise"}, _CN),
    Entry("basic", "activity", "高校执行占比", "innovation_panel", {"indicator": "gerd_by_higher_education"}, _PANEL),
    Entry("basic", "activity", "谁做基础研究", "cn_rd", {"indicator": "rd_basic_by_enterprise"}, _CN),
    Entry(
        "basic", "output", "论文领先的领域", "index_checks", {"measure": "technologies_led"},
        ("benchmark", "edition", "iso3"),
    ),
    Entry("basic", "output", "PCT 申请", "innovation_panel", {"indicator": "pct_all"}, _PANEL, False),
    Entry("basic", "evidence", "论文名录与进展", "aspi_map", {}, ("map_id",), False),
    _industrial("standards", "input", "标准化技术委员会", "standards_committees"),
    _industrial("standards", "input", "ISO 秘书处席位", "iso_secretariats"),
    _industrial("standards", "activity", "当年发布的国家标准", "standards_issued"),
    _industrial("standards", "activity", "ISO 新提案", "iso_new_proposals"),
    _industrial("standards", "output", "国家标准存量", "standards_national"),
    _industrial("standards", "output", "团体标准累计", "standards_group"),
    Entry(
        "standards", "output", "5G 专利族份额", "sep_5g", {"measure": "sep_share"},
        ("definition", "holder"),
    ),
    Entry("standards", "evidence", "5G 份额当话语权", "sep_5g", _SHARE, _HOLDER, False),
    _industrial("platforms", "input", "案例企业的补贴", "cosmoplat_subsidy", False),
    _industrial("platforms", "activity", "制造业创新中心", "innovation_centres"),
    _industrial("platforms", "activity", "双跨平台", "iiot_platforms"),
    _industrial("platforms", "activity", "国家级中试平台", "pilot_national"),
    _industrial("platforms", "output", "自报突破的技术", "innovation_centre_results"),
    _industrial("platforms", "evidence", "案例：同集团收入占比", "cosmoplat_haier_share", False),
)  # fmt: skip


def entries() -> pd.DataFrame:
    """登记册逐条：几个实绩年份（同一列数里最多的一列）、几个经济体、首末年。

    Returns
    -------
    pandas.DataFrame
        列 ``path``、``stage``、``label``、``direct``、``years``、``units``、``first``、``last``。
        目标与初步数不计；没有经济体列的按一个算；没有年份列的，年数记一、首末年缺失。
    """
    rows = []
    for e in ENTRIES:
        own = _select(e.table, e.where)
        if "status" in own:
            own = own[own["status"].isin(["observed", "final"])]
        try:
            year = _years(own)
        except KeyError:
            rows.append((e.path, e.stage, e.label, e.direct, 1, 1, np.nan, np.nan))
            continue
        depth = year.groupby([own[c] for c in e.series]).nunique().max()
        column = next((c for c in ("iso3", "hq_iso3") if c in own), None)
        units = own[column].replace("WLD", pd.NA).dropna().nunique() if column else 1
        rows.append((e.path, e.stage, e.label, e.direct, int(depth), int(units), int(year.min()), int(year.max())))
    names = ["path", "stage", "label", "direct", "years", "units", "first", "last"]
    return pd.DataFrame(rows, columns=names)


def matrix(min_years: int = MIN_YEARS, accept_proxies: bool = False) -> pd.DataFrame:
    """证据矩阵：路径 × 环节，每格取最深的一条。

    Parameters
    ----------
    min_years : int
        同一列数至少几个年份才算成序列。
    accept_proxies : bool
        是否把旁证当作直接证据。

    Returns
    -------
    pandas.DataFrame, shape (4, 4)
        行、列为 :data:`PATHS`、:data:`STAGES` 的代码；值为 0–4，对应 :data:`DEPTHS`。
    """
    table = entries()
    series, compared = table["years"] >= min_years, table["units"] >= MIN_UNITS
    depth = 2 + series.astype(int) + compared.astype(int)
    if not accept_proxies:
        depth = depth.where(table["direct"], 1)
    cells = depth.groupby([table["path"], table["stage"]]).max().unstack("stage")
    return cells.reindex(index=list(PATHS), columns=list(STAGES)).fillna(0).astype(int)


def matrix_labels() -> pd.DataFrame:
    """矩阵各格的文字：几项指标，最早与最晚的年份；空格子为空文字。"""
    table = entries()
    cells = {}
    for path in PATHS:
        for stage in STAGES:
            own = table[(table["path"] == path) & (table["stage"] == stage)]
            first, last = own["first"].min(), own["last"].max()
            span = "" if pd.isna(first) else f"\n{first:.0f}" if first == last else f"\n{first:.0f}–{last:.0f}"
            cells[path, stage] = f"{len(own)} 项{span}" if len(own) else ""
    found = pd.Series(cells).unstack()
    return found.reindex(index=list(PATHS), columns=list(STAGES))


def matrix_choices() -> pd.DataFrame:
    """换门槛、换旁证的算法，矩阵怎样变。

    Returns
    -------
    pandas.DataFrame
        索引为选法；``evidence`` “证据”一列有直接量测的路径数，``series`` 其中成序列或有对照的，
        ``empty`` 全空的格数，``deep`` 成序列或有对照的格数。
    """
    rows = {}
    for accept in (False, True):
        for years in YEAR_CHOICES:
            found = matrix(years, accept)
            right = found["evidence"]
            name = f"至少 {years} 年，{'旁证也算' if accept else '旁证不算'}"
            cells = found.to_numpy()
            rows[name] = [int(v.sum()) for v in (right > 1, right > 2, cells == 0, cells > 2)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["evidence", "series", "empty", "deep"])


def headline() -> dict[str, float]:
    """本章主要数字，首页与别的章从这里取。

    Returns
    -------
    dict
        ``total``、``baseline``、``metric`` 清单总数、有可比起点的、同一指标再量过的（项）；
        ``basic_first``、``basic_last`` 基础研究占比（%），``slope``、``slope_low``、``slope_high``（百分点每年）；
        ``enterprise`` 中国企业执行占比（%），``enterprise_basic`` 基础研究里企业的占比（%）；
        ``evidence`` 有直接证据的路径数，``evidence_series`` 其中成序列的；``cells`` 格数、``empty`` 空格数。
    """
    found, share, line = measured_again(), final("rd_basic_share"), slope_choices().loc["全部终值"]
    cells = matrix()
    return {
        "total": len(identify.technologies()),
        "baseline": len(found["baseline"]),
        "metric": len(found["metric"]),
        "basic_first": float(share.iloc[0]),
        "basic_last": float(share.iloc[-1]),
        "slope": float(line["estimate"]),
        "slope_low": float(line["low"]),
        "slope_high": float(line["high"]),
        "enterprise": float(panel("gerd_by_business").loc["CHN", "value"]),
        "enterprise_basic": basic_performers()["enterprise"],
        "evidence": int((cells["evidence"] > 1).sum()),
        "evidence_series": int((cells["evidence"] > 2).sum()),
        "cells": int(cells.size),
        "empty": int((cells == 0).sum().sum()),
    }
