"""“先进基础工艺”一章的数字：机床、芯片工序、制程节点、增材与绿色制造。

工艺本身没有数据，只有它的替身：做工艺的机器、机器的卖家、做出来的节点和别人的说法。
份额都按企业总部；2022 年版的数据年份约为 2019 年，2026 年版多为 2025 年，两版不可直接相减。
这里的区间大多不是抽样区间，而是取整、缺报、总部记法与日期精度容许的范围（Manski, 2003）。
"""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
import pandas as pd

from .. import data, inference, trade
from . import identify
from . import import_dependence as imp
from . import industry_chain as chain
from .industry_chain import EARLIER, LATEST

#: 2022 年版的份额取整，半个单位；2026 年版给到一位小数。
HALF = {EARLIER: 0.5, LATEST: 0.05}
#: “微小”的上限，百分数：原库的说法是约 2% 以下。
NEGLIGIBLE = 2.0
#: 2022 年版里 0 到 1% 一律进为 1%。
ROUNDED_UP = 1.0

#: 工序 → 合计节点（2026 年版里投入这道工序的设备；名次即图上的次序）。
STEPS = {
    "薄膜沉积": "deposition_tools",
    "光刻": "lithography_tools",
    "刻蚀与清洗": "etch_and_clean_tools",
    "离子注入": "ion_implanters",
    "CMP": "cmp_tools",
    "量测检测": "process_control_tools",
}
#: 图上单列的设备 → 所属的工序，按工序排列。
SHOWN = {
    "deposition_tools": "薄膜沉积",
    "physical_vapor_deposition_tools": "薄膜沉积",
    "chemical_vapor_deposition_tools": "薄膜沉积",
    "atomic_layer_deposition_tools": "薄膜沉积",
    "rapid_thermal_processing_tools": "薄膜沉积",
    "lithography_tools": "光刻",
    "euv_lithography_tools": "光刻",
    "arf_immersion_duv_lithography_tools": "光刻",
    "i_line_lithography_tools": "光刻",
    "resist_processing_tools": "光刻",
    "dry_etch_tools": "刻蚀与清洗",
    "dry_stripping_tools": "刻蚀与清洗",
    "wet_etching_and_cleaning_tools": "刻蚀与清洗",
    "ion_implanters": "离子注入",
    "cmp_tools": "CMP",
    "process_control_tools": "量测检测",
}
#: 合计节点里算术上多出（少去）的下位：合计节点 → 节点。由收入之差认出，见 :func:`audit`。
HIDDEN = {
    "lithography_tools": "resist_processing_tools",
    "dry_etch_tools": "dry_etching_tools_adv_pkg",
    "etch_and_clean_tools": "dry_etching_tools_adv_pkg",
}
#: 混在光刻设备合计里、却不造光刻机的企业。
COATER = "Tokyo Electron"
#: 总部有两种记法的企业：另一种记法算不算中国。
CONTESTED = {"ASM Pacific": True, "ACM Research": True, "Mattson Tech": False}

#: 有 2025 年进口额的工序：贸易表的商品 → 图上的名字与节点。
IMPORTED = {
    "thin_film_deposition_equipment": ("薄膜沉积", "deposition_tools"),
    "lithography_machines": ("光刻", "lithography_tools"),
    "dry_etch_equipment": ("干法刻蚀", "dry_etch_tools"),
    "ion_implantation_equipment": ("离子注入", "ion_implanters"),
}
#: 沉积设备的窄口径：只取气相沉积几类，不含热处理、管式、电镀。光刻与干法刻蚀的窄口径是去掉 :data:`HIDDEN`。
NARROW = ("chemical_vapor_deposition_tools", "physical_vapor_deposition_tools", "atomic_layer_deposition_tools")
#: 进口额的年份。
YEAR = 2025
#: 上限的敏感性：本国企业的收入也许漏记到几分之一，进口额里也许只有这么大一份真属于这道工序。
UNDERCOUNT, SCOPE = 2.0, 0.8
#: 反过来问：上限要到多少，本国收入须漏记几倍。
TARGET = 0.5

#: 假想的“手持小机器占出口件数”的比例。
HANDHELD = (0.0, 0.5, 0.9, 0.99, 0.996)
#: 管制文件落地的年份：美国 2022 年 10 月，按年度数据从当年起算“之后”。
CONTROL = 2022


def knowhow() -> int:
    """卡脖子清单里以工艺诀窍为障碍的技术有几项（与“卡脖子清单”一章同一个函数）。"""
    return int(identify.headline()["knowhow"])


# ---- 第一步：机床 -----------------------------------------------------------------------------------


def _machine(indicator: str) -> pd.DataFrame:
    table = data.load("trade_totals")
    return table[(table["goods"] == "metalworking_machine_tools") & (table["indicator"] == indicator)]


def disputed() -> pd.DataFrame:
    """转载文本记作 2011 年的几行：两种年份下与前后各年比，哪一种说得通。

    Returns
    -------
    pandas.DataFrame
        索引为商品中文名；``import``、``export``（亿美元）、``ratio``，及 ``year`` 表里所记的年份、
        ``other`` 备注里所疑的年份。
    """
    table = data.load("trade_totals")
    rows = table[table["note"].fillna("").str.startswith("年份存疑")]
    rows = rows.assign(side=rows["indicator"].str.replace("_value", ""))
    wide = rows.pivot(index="goods", columns="side", values="value")
    wide["ratio"] = trade.import_export_ratio(wide["import"], wide["export"])
    years = rows["note"].str.extractall(r"(\d{4}) 年")[0].astype(int)
    other = sorted(set(years) - set(rows["year"]))
    wide["year"], wide["other"] = int(rows["year"].iloc[0]), min(other)
    order = ["machine_tools_and_tools", "metalworking_machine_tools"]
    return wide.loc[order].rename(index=data.labels("trade_totals", "goods"))


def disputed_growth() -> dict[str, float]:
    """“2011 年”的进口额，来源自称的增幅与按表里的上一年算出的增幅（小数）。"""
    table = data.load("trade_totals")
    rows = table[(table["goods"] == "machine_tools_and_tools") & (table["indicator"] == "import_value")]
    rows = rows.set_index("year")
    said = float(re.search(r"较上年增 ([\d.]+)%", rows.loc[2011, "note"])[1]) / 100
    return {"said": said, "computed": rows.loc[2011, "value"] / rows.loc[2010, "value"] - 1}


def balance() -> pd.DataFrame:
    """机床进出口额之比，四种篮子，供断线图。

    Returns
    -------
    pandas.DataFrame
        ``line``（篮子）、``x`` 年、``y`` 比值、``segment``（来源与时段）、``kind``（年份存疑的为 ``uncertain``，
        同一个数在两个年份各一点）。金属加工机床近年两点由切削与成形相加而得。
    """
    label = data.labels("trade_totals", "goods")
    known = imp.machine_balance()
    when = known["period_zh"].str.extract(r"年 ?(.*)")[0]
    rows = pd.DataFrame({"line": known["goods_zh"], "x": known["year"], "y": known["ratio"], "segment": when})
    metal = label["metalworking_machine_tools"]
    both = known[known["goods"].isin(["metal_cutting_machine_tools", "metal_forming_machine_tools"])]
    both = both.groupby("year")[["import", "export"]].sum()
    summed = pd.DataFrame({"line": metal, "x": both.index, "y": both["import"] / both["export"], "segment": "相加"})
    early = pd.DataFrame({side: _machine(f"{side}_value").set_index("year")["value"] for side in ("import", "export")})
    early = early.loc[[2003, 2006]]
    whole = pd.DataFrame({"line": metal, "x": early.index, "y": early["import"] / early["export"], "segment": "全年"})
    said = _machine("import_export_value_ratio")
    said = pd.DataFrame({"line": metal, "x": said["year"], "y": said["value"], "segment": "全年"})
    found = [rows, summed, whole, said]
    for name, row in disputed().iterrows():
        found.append(
            pd.DataFrame(
                {"line": name, "x": [row["year"], row["other"]], "y": row["ratio"], "segment": ["a", "b"],
                 "kind": "uncertain"}
            )
        )  # fmt: skip
    frame = pd.concat(found, ignore_index=True).astype({"x": int})
    return frame.assign(kind=frame["kind"].fillna("observed")).sort_values(["line", "x"]).reset_index(drop=True)


def balance_range(year: int) -> pd.Series:
    """一年里各种篮子的比值，自小到大，索引为篮子名。"""
    frame = balance()
    return frame[(frame["x"] == year) & (frame["kind"] == "observed")].set_index("line")["y"].sort_values()


def disputed_direction() -> dict[str, float]:
    """全行业比值从相邻一年到 2010 年的变化（百分比，小数）：年份存疑的数当作 2008 年，或当作 2011 年。

    Returns
    -------
    dict
        ``as_2008``：由它到 2010 年的变化；``as_2011``：由 2010 年到它的变化。
    """
    tools = disputed()["ratio"].iloc[0]
    base = balance().query("line.str.startswith('机床工具') and x == 2010")["y"].iloc[0]
    return {"as_2008": base / tools - 1, "as_2011": tools / base - 1}


def pieces() -> pd.DataFrame:
    """每进口一台、出口了几台：由单价之比除以金额之比反推，不知道的取上下界。

    单价之比 = 金额之比 × 件数之比，所以（出口件数 ÷ 进口件数）= 单价之比 ÷ 金额之比。2014 年的进口额没有数，
    只知道它不超过 2003–2017 年的最高值，金额之比不低于这几年的最低值。

    Returns
    -------
    pandas.DataFrame
        索引为年；``gap`` 单价之比，``value_low``、``value_high`` 金额之比，``low``、``high`` 件数之比。
    """
    gap, ratio = imp.published_gap(), _machine("import_export_value_ratio").set_index("year")["value"]
    bought = _machine("import_value").set_index("year")["value"]
    sold = _machine("export_value").set_index("year")["value"]
    first, last = gap.index[0], gap.index[-1]
    exact = bought[first] / sold[first]
    rows = {first: (gap[first], exact, exact), last: (gap[last], ratio.min(), bought.drop(2017).max() / sold[last])}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["gap", "value_low", "value_high"])
    return frame.assign(low=frame["gap"] / frame["value_high"], high=frame["gap"] / frame["value_low"])


def like_for_like(shares: tuple[float, ...] = HANDHELD) -> pd.DataFrame:
    """出口里混着多少手持小机器，同类机床的价差至少还剩多少倍。

    出口均价 = s × 小机器的价 + (1 − s) × 同类机床的价；小机器的价不小于零，所以同类的价差不小于
    (1 − s) × 单价之比，不大于单价之比本身（小机器比同类便宜时）。s 没有公布。

    Returns
    -------
    pandas.DataFrame
        索引为 s（0–1），列为年。
    """
    gap = imp.published_gap()
    return pd.DataFrame({year: [value * (1 - s) for s in shares] for year, value in gap.items()}, index=list(shares))


def handheld_needed(target: float = 1.0) -> pd.Series:
    """要让同类的价差降到 ``target`` 倍，手持小机器至少须占出口件数的多少（0–1），索引为年。"""
    return 1 - target / imp.published_gap()


def cheap_enough() -> pd.Series:
    """要让同类的价差降到没有，手持小机器的价至多是同类机床的多少（0–1），索引为年：再贵，混多少也不够。"""
    return 1 / imp.published_gap()


def at_least(ratio: float) -> str:
    """价差下界的写法，如 ``至少 2.5 倍``。"""
    return f"至少 {ratio:.1f} 倍"


def said(found: inference.Interval, digits: int, unit: str) -> str:
    """估计与区间连成一句，如 ``3.2 个百分点（95% 区间 2.3 到 4.0）``。"""
    level = f"{inference.LEVEL:.0%}"
    return f"{found.estimate:.{digits}f} {unit}（{level} 区间 {found.low:.{digits}f} 到 {found.high:.{digits}f}）"


def growing_slope() -> dict[str, inference.Interval]:
    """中国占日本机床、半导体设备出口份额的年变化（百分点/年）：``machine`` 全部年份，``machine_late`` 与
    ``semiconductor`` 半导体设备有数的年份。Theil–Sen 斜率与 95% 区间。"""
    shares = imp.japan_shares() * 100
    chips = shares["semiconductor_machinery"].dropna()
    machine = shares["metalworking_machinery"].dropna()
    late = machine.reindex(chips.index)
    return {
        "machine": inference.slope(machine.index, machine),
        "machine_late": inference.slope(late.index, late),
        "semiconductor": inference.slope(chips.index, chips),
    }


# ---- 第二步：芯片工序 -------------------------------------------------------------------------------


@cache
def _provision() -> pd.DataFrame:
    return data.load("chip_provision")


@cache
def _sizes(release: str) -> pd.Series:
    """节点的世界市场收入（百万美元），只留设备那一版的主要年份（2019 或 2025）。"""
    found = chain.market(release)
    return found[found["year"] == (YEAR if release == LATEST else 2019)]["market_size"]


@cache
def _firm(release: str, provider: str, node: str) -> float:
    rows = _provision().query("release == @release and provider_kind == 'firm' and provider == @provider")
    return float(rows[rows["node_id"] == node]["share"].sum())


@cache
def reported(node: str, release: str = LATEST, iso3: str = "CHN") -> float:
    """原表所记的份额，百分数；没有列出或没有给数为缺失。"""
    rows = _provision().query("release == @release and node_id == @node and provider_kind == 'country'")
    found = rows.loc[rows["provider"] == iso3, "share"]
    return float(found.iloc[0]) if len(found) else float("nan")


@cache
def share_bounds(node: str, release: str = LATEST) -> tuple[float, float]:
    """中国总部的企业在一个节点上的份额，取整与缺报容许的范围，百分数。

    给了数的：前后各半个单位（2022 年版的 1% 可以是 0 到 1%）；未具名的多国可能全是中国的，加在上端。
    没有给数的：下端为零，上端为别家最少占去之后的余额；标明“微小”的，再以 :data:`NEGLIGIBLE` 封顶。

    Returns
    -------
    tuple of float
        下端、上端，0–100。
    """
    half = HALF[release]
    rows = _provision().query("release == @release and node_id == @node and provider_kind == 'country'")
    value = rows.set_index("provider")["share"]
    least = (value - half).where(value > ROUNDED_UP if release == EARLIER else value >= 0, 0.0).clip(lower=0)
    unnamed = float(value.get("VAR", 0.0) or 0.0)
    others = float(least.drop(["CHN", "VAR"], errors="ignore").sum())
    room = max(100.0 - others, 0.0)
    own = value.get("CHN", np.nan)
    if not np.isnan(own):
        low, high = float(least["CHN"]), own + (0.0 if release == EARLIER and own <= ROUNDED_UP else half)
        return low, min(high + unnamed, 100.0)
    states = rows.loc[rows["provider"] == "CHN", "share_status"].tolist()
    return 0.0, min(room, NEGLIGIBLE) if "negligible" in states else room


@cache
def hq_range(node: str) -> tuple[float, float]:
    """换一种总部记法，2026 年版里中国的份额可以少到、多到多少，百分数。

    ASM Pacific 与盛美半导体（ACM Research）原库记在新加坡、美国，可以记到中国；Mattson 原库记在中国，2022 年版
    记在美国，可以记回去。合计节点里没有单列的，由下位节点按收入加上来。
    """
    own, plus, minus = np.nan_to_num(reported(node)), 0.0, 0.0
    for firm, into in CONTESTED.items():
        part = _contested(firm, node)
        plus, minus = (plus + part, minus) if into else (plus, minus + part)
    return max(own - minus, 0.0), min(own + plus, 100.0)


def _contested(firm: str, node: str) -> float:
    """一家企业在节点上的份额；节点没有单列它的，由下位节点的收入加上来。"""
    direct = _firm(LATEST, firm, node)
    below = children(node)
    size = _sizes(LATEST)
    if direct or not below or node not in size.index:
        return direct
    return sum(_contested(firm, v) * size[v] for v in below if v in size.index) / size[node]


@cache
def children(node: str, release: str = LATEST) -> tuple[str, ...]:
    """合计节点的下位设备：属于它的，以及 2026 年版里投入它的设备。"""
    edges = data.load("chip_edges").query("release == @release and to_node == @node")
    kind = data.load("chip_nodes").set_index("node_id")["kind"]
    below = edges[edges["relation"].isin(["is_type_of", "goes_into"])]["from_node"]
    return tuple(sorted(v for v in below if kind[v] == "tool")) if kind[node] == "tool" else ()


def steps() -> pd.DataFrame:
    """2026 年版：各设备上中国总部企业的份额，原库记法与另一种记法。

    Returns
    -------
    pandas.DataFrame
        索引为中文名（:data:`SHOWN` 的次序）；``node``、``share``（没有列出记 0）、``low``、``high`` 百分数，
        ``named`` 是否给出中国的份额，``group`` 工序。
    """
    name = chain.chip_nodes()["name_zh"]
    rows = []
    for node in SHOWN:
        low, high = hq_range(node)
        share = reported(node)
        rows.append((node, np.nan_to_num(share), low, high, not np.isnan(share)))
    frame = pd.DataFrame(rows, columns=["node", "share", "low", "high", "named"])
    frame["group"] = frame["node"].map(SHOWN)
    return frame.set_index(pd.Index([name[v].replace("（合计）", "合计") for v in frame["node"]]))


def rebuilt(node: str, release: str = LATEST, extra: tuple[str, ...] = ()) -> pd.Series:
    """由下位节点的收入与份额重算合计：``size`` 百万美元，``share`` 百分数（没有列出中国的按 0）。"""
    below = [v for v in leaf_tools(node, release) if v in _sizes(release).index] + list(extra)
    size = _sizes(release)[below]
    share = pd.Series({v: np.nan_to_num(reported(v, release)) for v in below})
    return pd.Series({"size": size.sum(), "share": (size * share).sum() / size.sum()})


@cache
def leaf_tools(node: str, release: str = LATEST) -> tuple[str, ...]:
    """合计节点之下、再没有下位的设备；自己就是叶子的返回自己。"""
    below = children(node, release)
    return tuple(sorted({v for c in below for v in leaf_tools(c, release)})) if below else (node,)


def audit() -> pd.DataFrame:
    """合计节点与下位相加对不对得上，差在哪里。

    Returns
    -------
    pandas.DataFrame
        索引为合计节点；``name_zh``、``size`` 原表、``sum`` 下位相加（亿美元）、``gap`` 两者之差、``hidden`` 补上
        （去掉）之后对得上的节点名、``left`` 补上之后的差、``share`` 原表的中国份额、``again`` 不含该节点重算的
        份额（%）。
    """
    name, size = chain.chip_nodes()["name_zh"], _sizes(LATEST)
    rows = {}
    for node in ("deposition_tools", "lithography_tools", "dry_etch_tools", "etch_and_clean_tools"):
        again, hidden = rebuilt(node), HIDDEN.get(node)
        below = [v for v in children(node) if v in size.index] if node == "etch_and_clean_tools" else leaf_tools(node)
        total = size[[v for v in below if v in size.index]].sum()
        gap = size[node] - total
        moved = 0.0 if hidden is None else np.sign(gap) * size[hidden]
        rows[node] = {
            "name_zh": name[node],
            "size": size[node] / 100,
            "sum": total / 100,
            "gap": gap / 100,
            "hidden": "—" if hidden is None else name[hidden],
            "left": (gap - moved) / 100,
            "share": reported(node),
            "again": again["share"],
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def without_coaters() -> dict[str, float]:
    """光刻设备合计里去掉涂胶显影之后。

    Returns
    -------
    dict
        ``nld_before``、``nld_after`` 荷兰总部的份额（%）；``coater_in`` 合计里 :data:`COATER` 的收入，
        ``coater_own`` 它在涂胶显影设备里的收入（亿美元），两者几乎相等即是证据；``china_after`` 中国（%）。
    """
    node, hidden = "lithography_tools", HIDDEN["lithography_tools"]
    size = _sizes(LATEST)
    rest = size[node] - size[hidden]
    china = reported(node) * size[node] - reported(hidden) * size[hidden]
    return {
        "nld_before": reported(node, iso3="NLD"),
        "nld_after": reported(node, iso3="NLD") * size[node] / rest,
        "coater_in": _firm(LATEST, COATER, node) * size[node] / 1e4,
        "coater_own": _firm(LATEST, COATER, hidden) * size[hidden] / 1e4,
        "china_after": china / rest,
    }


def front_end() -> dict[str, float]:
    """前道各工序合在一起：中国总部企业占多少。

    Returns
    -------
    dict
        ``revenue`` 中国总部企业的收入、``market`` 世界收入（亿美元），``share`` 原库记法，``low``、``high`` 总部的
        另一种记法（%）。
    """
    size = _sizes(LATEST)
    nodes = list(STEPS.values())
    market = size[nodes].sum()
    own = sum(np.nan_to_num(reported(v)) * size[v] for v in nodes) / 100
    ends = [sum(hq_range(v)[i] * size[v] for v in nodes) / market for i in (0, 1)]
    return {
        "revenue": own / 100,
        "market": market / 100,
        "share": own / market * 100,
        "low": ends[0],
        "high": ends[1],
    }


# ---- 第三步：两版之间 -------------------------------------------------------------------------------

#: 各种“变化”的名目，依次判断，先中先算。
KINDS = (
    "新版才有的节点",
    "行业合计或未注明依据",
    "沿用旧版的数",
    "涉及改记总部的企业",
    "旧版没有给中国的数",
    "大致可比",
)


def classified() -> pd.DataFrame:
    """凡有一版给出中国份额的节点，逐个判断两版之差是不是世界的变化。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``name_zh``、``earlier``、``latest``（%）、``naive``（空缺当作零相减，百分点）、``kind``
        （:data:`KINDS` 之一）。
    """
    rows = _provision().query("provider_kind == 'country' and provider == 'CHN' and share.notna()")
    wide = rows.pivot(index="node_id", columns="release", values="share")
    basis = rows.pivot(index="node_id", columns="release", values="share_basis")
    year = rows.pivot(index="node_id", columns="release", values="year")
    nodes = data.load("chip_nodes").set_index("node_id").loc[wide.index]
    firms = _provision().query("provider_kind == 'firm' and provider in @chain.MOVED")
    moved = set(firms["node_id"])
    tests = {
        KINDS[0]: ~nodes["in_release_2022"],
        KINDS[1]: basis[LATEST].isin(["not_stated", "wsts_sia"]),
        KINDS[2]: year[LATEST] == 2019,
        KINDS[3]: pd.Series(wide.index.isin(moved), index=wide.index),
        KINDS[4]: wide[EARLIER].isna(),
    }
    hits = [t.fillna(False).astype(bool).to_numpy() for t in tests.values()]
    kind = np.select(hits, list(tests), default=KINDS[5])
    frame = pd.DataFrame({"name_zh": nodes["name_zh"], "earlier": wide[EARLIER], "latest": wide[LATEST]})
    return frame.assign(naive=frame["latest"].fillna(0) - frame["earlier"].fillna(0), kind=kind)


def traps() -> pd.DataFrame:
    """名目的汇总：``kind``、``count`` 节点数、``up``、``down`` 空缺当作零时升、降的个数、``median`` 中位变化
    （百分点）、``example`` 变化最大的一个（名称与两版之数）。"""
    frame, rows = classified(), []
    for kind in KINDS:
        part = frame[frame["kind"] == kind]
        top = part.loc[part["naive"].abs().idxmax()]
        ends = [f"{v:g}" if pd.notna(v) else "无" for v in (top["earlier"], top["latest"])]
        rows.append(
            (kind, len(part), int((part["naive"] > 0).sum()), int((part["naive"] < 0).sum()), part["naive"].median(),
             f"{top['name_zh']}：{ends[0]} → {ends[1]}")
        )  # fmt: skip
    return pd.DataFrame(rows, columns=["kind", "count", "up", "down", "median", "example"])


def assembly_story() -> pd.DataFrame:
    """含 ASM Pacific 的设备：直接相减与把它记回中国之后的变化（百分点），索引为中文名。"""
    frame = chain.china_recoded()
    naive = frame["latest"].fillna(0) - frame["earlier"]
    return pd.DataFrame({"naive": naive, "back": frame["back"] - frame["earlier"]}).set_index(frame["name_zh"])


def step_nodes(step: str) -> list[str]:
    """一道工序里两版都有收入、都单列的叶子设备。"""
    old, new = _sizes(EARLIER), _sizes(LATEST)
    return [v for v in leaf_tools(STEPS[step]) if v in old.index and v in new.index]


def step_change(weights: str | None = None, as_recorded: bool = False) -> pd.DataFrame:
    """同一批设备上，各工序的中国份额在两版各是多少，取整与缺报容许的范围。

    Parameters
    ----------
    weights : {"2022", "2026"}, optional
        两版都用某一版的收入作权；缺省各用各的。
    as_recorded : bool
        照 2026 年版的总部记法（Mattson 算中国）；缺省两版都用 2022 年版的记法，使口径相同。

    Returns
    -------
    pandas.DataFrame
        索引为工序；``nodes`` 设备数，``low_2022``、``high_2022``、``low_2026``、``high_2026``（%），
        ``low``、``high`` 变化（百分点），``known`` 变化的正负定不定得下来，``covered`` 同一批设备占合计收入的比例
        （0–1），``factor`` 新版的下端是旧版上端的几倍：两版由不同的一方整理，新版须把中国高估到这么多倍，上升才会消失。
    """
    rows = {}
    for step, parent in STEPS.items():
        nodes = step_nodes(step)
        found = {}
        for release in (EARLIER, LATEST):
            size = _sizes(weights or release)[nodes]
            bounds = pd.DataFrame([share_bounds(v, release) for v in nodes], index=nodes, columns=["low", "high"])
            if release == LATEST and not as_recorded:
                back = pd.Series({v: _firm(LATEST, "Mattson Tech", v) for v in nodes})
                bounds = bounds.sub(back, axis=0).clip(lower=0)
            for end in ("low", "high"):
                found[f"{end}_{release}"] = float((bounds[end] * size).sum() / size.sum())
        low = found[f"low_{LATEST}"] - found[f"high_{EARLIER}"]
        high = found[f"high_{LATEST}"] - found[f"low_{EARLIER}"]
        covered = _sizes(LATEST)[nodes].sum() / _sizes(LATEST)[parent]
        rows[step] = {"nodes": len(nodes), **found, "low": low, "high": high, "known": low > 0 or high < 0,
                      "covered": covered, "factor": found[f"low_{LATEST}"] / found[f"high_{EARLIER}"]}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


# ---- 第四步：买来多少、自产至多多少 -------------------------------------------------------------------


def imports() -> pd.Series:
    """2025 年各工序设备的进口额（亿美元），索引为 :data:`IMPORTED` 的名字。"""
    table = data.load("trade_totals").query("indicator == 'import_value' and year == @YEAR")
    value = table.set_index("goods")["value"]
    return pd.Series({name: value[goods] for goods, (name, _) in IMPORTED.items()})


def narrow(node: str) -> dict[str, float]:
    """窄口径的设备：世界收入与中国总部企业的收入（亿美元）。

    沉积只取气相沉积（:data:`NARROW`），光刻去掉涂胶显影，干法刻蚀去掉先进封装用的；没有窄口径的照原样。进口的税号
    没有公布，可能只对应窄口径。
    """
    size = _sizes(LATEST)
    if node == "deposition_tools":
        return {"market": size[list(NARROW)].sum() / 100, "own": sum(reported(v) * size[v] for v in NARROW) / 1e4}
    out = [v for v in [HIDDEN.get(node)] if v]
    own = reported(node) * size[node] - sum(reported(v) * size[v] for v in out)
    return {"market": (size[node] - size[out].sum()) / 100, "own": own / 1e4}


def ceilings() -> pd.DataFrame:
    """各工序：中国总部的企业占世界收入多少，占国内采购至多多少。

    中国总部企业在国内的销售不超过它们在全世界的收入 H；国内的采购不少于进口额 M 加上这部分销售。于是国内采购里
    本国企业的份额不超过 H ÷ (H + M)。外企在华生产、本国企业出口，都只会使真值更低；进口的税号若宽于这道工序，
    则可能更高。

    Returns
    -------
    pandas.DataFrame
        索引为工序；``imports``、``market``（亿美元）、``bought`` 进口占世界收入（%），``bought_low``、``bought_high``
        分母取宽口径或窄口径（:func:`narrow`），``share``、``low``、``high`` 中国总部占世界收入（%，两种总部记法与
        取整），``ceiling``、``ceiling_low``、``ceiling_high`` 上限（%，下端兼取窄口径）。
    """
    size, bought, rows = _sizes(LATEST), imports(), {}
    for name, node in IMPORTED.values():
        low, high = hq_range(node)
        half = HALF[LATEST]
        shares = {"mid": reported(node), "low": max(low - half, 0.0), "high": high + half}
        top = {k: v * size[node] / 1e4 for k, v in shares.items()}
        tight = narrow(node)
        top["low"] = min(top["low"], tight["own"])
        ceiling = {k: v / (v + bought[name]) * 100 for k, v in top.items()}
        rows[name] = {
            "imports": bought[name],
            "market": size[node] / 100,
            "bought": bought[name] / size[node] * 1e4,
            "bought_low": bought[name] / size[node] * 1e4,
            "bought_high": bought[name] / tight["market"] * 100,
            "share": shares["mid"],
            "low": shares["low"],
            "high": shares["high"],
            "ceiling": ceiling["mid"],
            "ceiling_low": ceiling["low"],
            "ceiling_high": ceiling["high"],
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def ceiling_what_ifs() -> pd.DataFrame:
    """上限随两样假设怎样变：本国企业的收入漏记，进口的税号宽于工序。

    Returns
    -------
    pandas.DataFrame
        索引为工序；``base`` 照表、``under`` 本国收入乘 :data:`UNDERCOUNT`、``scope`` 进口额乘 :data:`SCOPE`、
        ``both`` 两样同时（%）；``needed`` 上限要到 :data:`TARGET`，本国收入须是表里的几倍。
    """
    frame = ceilings()
    own, bought = frame["share"] / 100 * frame["market"], frame["imports"]
    rows = {
        "base": own / (own + bought),
        "under": own * UNDERCOUNT / (own * UNDERCOUNT + bought),
        "scope": own / (own + bought * SCOPE),
        "both": own * UNDERCOUNT / (own * UNDERCOUNT + bought * SCOPE),
    }
    found = pd.DataFrame(rows) * 100
    return found.assign(needed=TARGET / (1 - TARGET) * bought / own)


def import_totals() -> dict[str, float]:
    """2025 年半导体设备的进口合计（亿美元），两说互相冲突：``full`` 全年，``ten`` 另一来源的前十个月；``steps`` 是
    :func:`imports` 各工序之和占 ``full`` 的比例（0–1）。"""
    table = data.load("trade_totals")
    table = table[(table["goods"] == "semiconductor_equipment") & (table["year"] == YEAR)]
    value = table[table["indicator"] == "import_value"].set_index("period")["value"]
    return {"full": value["full_year"], "ten": value["jan_oct"], "steps": imports().sum() / value["full_year"]}


def exporter(iso3: str, hs6: str = imp.TOOL) -> pd.DataFrame:
    """一个出口方对华出口前道设备（亿美元），只有有记录的年份；没有记录不等于零，也定不出上限。

    Returns
    -------
    pandas.DataFrame
        索引为年；``value``、``status``。
    """
    own = data.load("exports_to_china").query("exporter_iso3 == @iso3 and hs6 == @hs6").set_index("year")
    return pd.DataFrame({"value": own["value"] / 100, "status": own["status"]}).sort_index()


def buyer_side() -> dict[str, float]:
    """买方（中国海关，经日经按它选定的设备清单整理）所记的半导体设备进口来源。

    Returns
    -------
    dict
        ``usa_2021``、``usa_2024`` 来自美国的进口（亿美元），``usa_growth`` 美国 2024 年的同比（0–1）；
        ``USA``、``JPN``、``NLD`` 各是一对：2021 年、2023 年第三季度占进口的份额（0–1）。
    """
    table = data.load("import_origins")
    table = table[(table["goods"] == "semiconductor_equipment") & (table["partner_group"] == "single")]
    usa = table[(table["partner_iso3"] == "USA") & (table["period"] == "full_year")].set_index(["indicator", "year"])
    share = table[(table["indicator"] == "import_share") & (table["period"] == "q3")]
    share = share.pivot(index="partner_iso3", columns="year", values="value") / 100
    return {
        "usa_2021": usa.loc[("import_value", 2021), "value"],
        "usa_2024": usa.loc[("import_value", 2024), "value"],
        "usa_growth": usa.loc[("import_value_yoy_usd", 2024), "value"] / 100,
        **{iso3: (share.loc[iso3, 2021], share.loc[iso3, 2023]) for iso3 in ("USA", "JPN", "NLD")},
    }


def billings() -> pd.DataFrame:
    """世界半导体设备销售额（亿美元）：行为年，列为装机地区；只有全年。"""
    table = data.load("chip_equipment_billings").query("period == 'annual'")
    return table.pivot(index="year", columns="iso3", values="value") * 10


def billing_share(iso3: str = "CHN") -> pd.Series:
    """一个地区占世界装机额的比例（0–1），索引为年。"""
    frame = billings()
    return (frame[iso3] / frame["WLD"]).dropna()


def part_years(iso3: str = "CHN") -> pd.Series:
    """不足一年的季度里，一个地区占世界装机额的比例（0–1），索引为“2025 年第一季度”之类。"""
    table = data.load("chip_equipment_billings").query("period != 'annual'")
    label = data.labels("chip_equipment_billings", "period")
    wide = table.pivot(index=["year", "period"], columns="iso3", values="value")
    found = wide[iso3] / wide["WLD"]
    return found.set_axis([f"{y} 年{label[p]}" for y, p in found.index])


#: 出口图上的线名，自上而下。
EXPORT_LINES = ("中国大陆装机", "中国所记进口", "日本所记出口", "美国所记出口")


def export_lines() -> pd.DataFrame:
    """装机额、卖方所记的对华出口、买方所记的进口，供断线图：``line``、``x``、``y``（亿美元）、``kind``。

    ``uncertain`` 为初步数。
    """
    installed = billings()["CHN"].dropna()
    rows = [pd.DataFrame({"line": "中国大陆装机", "x": installed.index, "y": installed.to_numpy()})]
    for iso3, name in (("JPN", "日本所记出口"), ("USA", "美国所记出口")):
        seen = exporter(iso3)
        kind = np.where(seen["status"] == "observed", "observed", "uncertain")
        rows.append(pd.DataFrame({"line": name, "x": seen.index, "y": seen["value"], "kind": kind}))
    own = imp.flows().loc["CHN", "import"].dropna() / 100
    rows.append(pd.DataFrame({"line": "中国所记进口", "x": own.index, "y": own.to_numpy()}))
    frame = pd.concat(rows, ignore_index=True).astype({"x": int, "y": float})
    return frame.assign(kind=frame["kind"].fillna("observed"))


def split() -> dict[str, object]:
    """美国与日本对华出口前道设备之比，管制前后。

    Returns
    -------
    dict
        ``ratio`` 各年之比；``before``、``after`` 前后各年的平均；``change`` 前后对数变化换成的倍数
        （:class:`inference.Interval`），``trend`` 同时容许一条直线趋势时的倍数；``years`` 用到的年数；``short`` 只取
        前后各两年的倍数，``placebo`` 管制之前的假日子用同样算法的倍数，``p`` 置换的 p 值。
    """
    ratio = (exporter("USA")["value"] / exporter("JPN")["value"]).dropna().rename("美国/日本")
    short = inference.before_after(ratio, CONTROL, before=2, after=2).estimate
    placebo = inference.placebo_dates(ratio, CONTROL, before=2, after=2)["estimate"]
    return {
        "ratio": ratio,
        "before": ratio[ratio.index < CONTROL].mean(),
        "after": ratio[ratio.index >= CONTROL].mean(),
        "change": inference.change_ratio(inference.before_after(ratio, CONTROL)),
        "trend": inference.change_ratio(inference.before_after(ratio, CONTROL, trend=True)),
        "years": len(ratio),
        "placebo": [float(v) for v in np.exp(placebo)],
        "short": float(np.exp(short)),
        "p": inference.placebo_share(short, placebo),
    }


def billing_slopes() -> dict[str, inference.Interval]:
    """各地区占世界装机额的年变化（百分点/年），Theil–Sen 斜率与 95% 区间，2017–2024 年。"""
    found = {}
    for iso3 in ("CHN", "KOR", "TWN", "JPN"):
        share = billing_share(iso3) * 100
        found[iso3] = inference.slope(share.index, share)
    return found


# ---- 第五步：制程节点 -------------------------------------------------------------------------------

#: 里程碑归入的几级，图上的符号与此对应。
RUNGS = {
    "mpw_shuttle": "试制",
    "risk_production": "试制",
    "volume_production": "量产",
    "capacity": "量产",
    "shipment": "拆解推定",
    "teardown_report": "拆解推定",
}
#: 参照方（先量产的一方）：节点 → 事件。
LEADERS = {28: ("tsmc_28nm",), 14: ("tsmc_16nm", "globalfoundries_14nm"), 7: ("tsmc_7nm",)}
#: 以占收入的比例为准的读法：日期取自备注，见 :func:`revenue_shares`。
REVENUE = "占收入有了分量"
#: 追赶方的日期，一种读法一行：节点、读法、事件（几个说法并列的取并集）。
READINGS = (
    (28, "首次流片", ("smic_28nm_mpw",)),
    (28, "首次量产", ("smic_28nm",)),
    (28, REVENUE, ("smic_28nm",)),
    (14, "风险量产", ("smic_14nm_risk",)),
    (14, "首次量产", ("smic_14nm_q3", "smic_14nm_q4")),
    (14, "月产达到所述产能", ("smic_14nm_capacity",)),
    (7, "拆解推定的出货", ("smic_7nm_shipment",)),
    (7, "拆解报告", ("techinsights_n1",)),
    (7, "手机芯片的拆解", ("techinsights_n2",)),
)
_FREQ = {"day": "D", "month": "M", "quarter": "Q", "year": "Y"}


def _decimal(moment: pd.Timestamp) -> float:
    days = 366 if moment.is_leap_year else 365
    return moment.year + (moment.day_of_year - 1) / days


def spans() -> pd.DataFrame:
    """每件事可能发生的时段：只写到年的，是那一整年。

    Returns
    -------
    pandas.DataFrame
        ``node_timeline`` 各列，索引为 ``event_id``，另加 ``start``、``end``（小数年，左闭右开）与 ``when``（中文）。
    """
    table = data.load("node_timeline").set_index("event_id")
    periods = [pd.Period(str(d), freq=_FREQ[p]) for d, p in zip(table["date"], table["date_precision"], strict=True)]
    said = {
        "D": "{0.year} 年 {0.month} 月 {0.day} 日",
        "M": "{0.year} 年 {0.month} 月",
        "Q": "{0.year} 年第 {0.quarter} 季度",
        "Y": "{0.year} 年",
    }
    keys = [_FREQ[p] for p in table["date_precision"]]
    return table.assign(
        start=[_decimal(p.start_time) for p in periods],
        end=[_decimal((p + 1).start_time) for p in periods],
        when=[said[k].format(p) for k, p in zip(keys, periods, strict=True)],
    )


def revenue_shares() -> list[tuple[str, float]]:
    """中芯国际 28 nm 占收入的比例（%）：备注里写明的两个季度，如 ``[("2015 年第三季度", 0.1), …]``。"""
    note = data.load("node_timeline").set_index("event_id").loc["smic_28nm", "note"]
    return [(f"{y} 年{q}", float(v)) for y, q, v in re.findall(r"(\d{4}) 年(第[一二三四]季度) ([\d.]+)%", note)]


def _quarter(said: str) -> dict[str, object]:
    """“2017 年第三季度”→ ``start``、``end``、``when``。"""
    year, which = re.fullmatch(r"(\d{4}) 年第([一二三四])季度", said).groups()
    period = pd.Period(f"{year}Q{'一二三四'.index(which) + 1}", freq="Q")
    return {"start": _decimal(period.start_time), "end": _decimal((period + 1).start_time),
            "when": f"{year} 年第 {period.quarter} 季度"}  # fmt: skip


def node_gaps() -> pd.DataFrame:
    """追赶方比参照方晚几年：日期精度容许的范围。

    Returns
    -------
    pandas.DataFrame
        ``node``、``reading``、``when`` 追赶方的时间、``leader`` 参照方与时间、``status`` 谁说的、``strength`` 来源
        强弱、``low``、``high`` 晚几年。
    """
    table = spans()
    who, claim = data.labels("node_timeline", "actor"), data.labels("node_timeline", "claim_status")
    grade = data.labels("node_timeline", "source_strength")
    rows = []
    for node, reading, events in READINGS:
        late, lead = table.loc[list(events)], table.loc[list(LEADERS[node])]
        if reading == REVENUE:
            late = late.assign(**_quarter(revenue_shares()[-1][0]))
        rows.append(
            {
                "node": f"{node} nm 级",
                "reading": reading,
                "when": "、".join(late["when"]),
                "leader": f"{'、'.join(who[a] for a in lead['actor'])} {lead['when'].iloc[0]}",
                "status": claim[late["claim_status"].iloc[0]],
                "strength": grade[late["source_strength"].iloc[0]],
                "low": late["start"].min() - lead["end"].max(),
                "high": late["end"].max() - lead["start"].min(),
            }
        )
    return pd.DataFrame(rows)


def gap_said(low: float, high: float) -> str:
    """晚几年的写法，如 ``3.5–4.7``（年）。"""
    return f"{low:.1f}–{high:.1f}"


def follower_gap() -> tuple[float, float]:
    """14 nm 级，以较晚的联电为参照时晚几年（下端、上端）：参照方不止一家。"""
    table = spans()
    late, lead = table.loc[["smic_14nm_q3", "smic_14nm_q4"]], table.loc["umc_14nm"]
    return float(late["start"].min() - lead["end"]), float(late["end"].max() - lead["start"])


def directions() -> pd.DataFrame:
    """从 28 nm 级到 7 nm 级，差距是缩小还是拉大：两级各取一种读法，逐对判一次。

    Returns
    -------
    pandas.DataFrame
        行为 28 nm 级的读法，列为 7 nm 级的读法；值为 ``缩小``、``拉大`` 或 ``分不出``（两个区间重叠）。
    """
    gaps = node_gaps().set_index("reading")
    old, new = (gaps[gaps["node"] == f"{n} nm 级"] for n in (28, 7))
    rows = {
        base: {
            name: "缩小" if row["high"] < first["low"] else "拉大" if row["low"] > first["high"] else "分不出"
            for name, row in new.iterrows()
        }
        for base, first in old.iterrows()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def node_spans() -> pd.DataFrame:
    """时间线图：``row`` 行名（节点与企业）、``start``、``end``、``kind``（级别）、``who``、``actor``。

    只收制程节点，不收光刻机的分辨率与所称节点；14 与 16 nm 归在一行。
    """
    table = spans()
    table = table[(table["nm_meaning"] == "process_node") & table["node_nm"].isin([28, 16, 14, 7])]
    node = table["node_nm"].astype(int).replace(16, 14)
    late = table["actor"].isin(["smic", "techinsights"])
    side = table["actor"].map(data.labels("node_timeline", "actor")).where(~late, "中芯国际")
    frame = table.assign(
        group=node.map({28: "28 nm", 14: "14/16 nm", 7: "7 nm 级"}),
        kind=table["milestone"].map(RUNGS),
        late=late,
        first=table.groupby([node, side])["start"].transform("min"),
        node=node,
    )
    frame = frame.assign(row=side + " " + frame["group"])
    frame = frame.sort_values(["node", "late", "first", "start"], ascending=[False, True, True, True], kind="stable")
    return frame[["row", "start", "end", "kind", "when", "actor", "group", "source_strength"]]


def gap_cases() -> dict:
    """互动图的数据：28 nm 级与 7 nm 级各取一种读法，晚几年，差距是缩小还是拉大，都在这里算好。

    Returns
    -------
    dict
        ``levels``：两级，各有 ``name`` 与 ``readings``（``label``、``low``、``high``，年）；``verdicts[i][j]`` 是前一级
        第 i 种、后一级第 j 种读法的判断（见 :func:`directions`）；``start`` 开始时的读法；``top`` 横条的右端（年）。
    """
    gaps, found = node_gaps(), directions()
    levels = []
    for name, order in (("28 nm 级", found.index), ("7 nm 级", found.columns)):
        part = gaps[gaps["node"] == name].set_index("reading").loc[list(order)]
        levels.append(
            {
                "name": name,
                "readings": [
                    {"label": f"{k}（{r['when']}）", "low": round(r["low"], 4), "high": round(r["high"], 4)}
                    for k, r in part.iterrows()
                ],
            }
        )
    start = [list(found.index).index("首次量产"), 0]
    return {"levels": levels, "verdicts": found.to_numpy().tolist(), "start": start,
            "top": math.ceil(gaps["high"].max())}  # fmt: skip


def spans_said() -> str:
    """时间线图念出来：一行一句，连成一段。"""
    frame = node_spans()
    rows = [
        f"{row}：{'，'.join(k + ' ' + w for k, w in zip(part['kind'], part['when'], strict=True))}"
        for row, part in frame.groupby("row", sort=False)
    ]
    return "；".join(rows)


def twenty_eight() -> pd.DataFrame:
    """同一个“28 nm”：工艺与光刻机的各个日期，依时间排列。

    Returns
    -------
    pandas.DataFrame
        ``when``、``who``、``meaning``、``what``、``status``、``strength``。
    """
    table = spans()
    table = table[table["node_nm"] == 28].sort_values("start")
    label = {
        c: data.labels("node_timeline", c)
        for c in ("actor", "nm_meaning", "milestone", "claim_status", "source_strength")
    }
    return pd.DataFrame(
        {
            "when": table["when"],
            "who": table["actor"].map(label["actor"]),
            "meaning": table["nm_meaning"].map(label["nm_meaning"]),
            "what": table["milestone"].map(label["milestone"]),
            "status": table["claim_status"].map(label["claim_status"]),
            "strength": table["source_strength"].map(label["source_strength"]),
        }
    )


def catalogue_tools() -> list[str]:
    """政府目录列出的国产光刻机，如 ``["KrF 光刻机 110 nm 以下", …]``，自粗到细。"""
    table = data.load("node_timeline").query("milestone == 'catalogue_listing'").sort_values("node_nm", ascending=False)
    kind = table["note"].str.extract(r"^(\S+) 光刻机")[0]
    return [f"{k} 光刻机 {v:.0f} nm 以下" for k, v in zip(kind, table["node_nm"], strict=True)]


# ---- 第六步：增材与绿色制造 -------------------------------------------------------------------------

_GREEN = ("green_factories_cumulative", "green_factory_output_share", "green_factory_output_target")
_ADDITIVE = ("am_output", "am_sales_target")


def green() -> pd.DataFrame:
    """增材与绿色制造能找到的全部数：``series``、``when``、``value``（带单位与界限）、``status``、``note``。"""
    table = data.load("green_materials")
    table = table[table["series"].isin([*_ADDITIVE, *_GREEN])]
    order = {s: i for i, s in enumerate([*_ADDITIVE, *_GREEN])}
    table = table.assign(rank=table["series"].map(order)).sort_values(["rank", "year", "period"], kind="stable")
    label = {c: data.labels("green_materials", c) for c in ("series", "status", "unit", "bound")}
    sign = {"at_least": "≥ ", "at_most": "≤ "}
    return pd.DataFrame(
        {
            "series": table["series"].map(label["series"]),
            "when": table["period"].fillna(table["year"].astype(int).astype(str)),
            "value": [
                f"{sign.get(b, '')}{v:,.0f} {label['unit'][u]}".strip()
                for v, b, u in zip(table["value"], table["bound"], table["unit"], strict=True)
            ],
            "status": table["status"].map(label["status"]),
            "note": table["note"].fillna("—"),
        }
    )


def additive_needed() -> float:
    """要从 2016 年的产值到 2020 年的目标，每年至少要增多少（0–1）；产值是上限，所以是下限。两者口径不同，只作示意。"""
    table = data.load("green_materials").set_index("series")
    first, target = table.loc["am_output"], table.loc["am_sales_target"]
    return float((target["value"] / first["value"]) ** (1 / (target["year"] - first["year"])) - 1)


def exits() -> dict[str, int]:
    """绿色工厂的退出：最近一年累计数加新增减去新的累计数，与 2023 年两个月之间的差。"""
    table = data.load("green_materials")
    total = table[table["series"] == _GREEN[0]].set_index("period")["value"]
    new = table[table["series"] == "green_factories_new"].set_index("year")["value"]
    return {
        "latest": int(total["2024-03"] + new[2024] - total["2025-01"]),
        "spring": int(total["2023-03"] - total["2023-05"]),
    }


# ---- 汇总 -------------------------------------------------------------------------------------------


def headline() -> dict[str, float]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        ``lithography``、``etch``、``cmp`` 中国总部的份额（%，2026 年版）；``front``、``front_low``、``front_high``
        前道合计（%）；``ceiling_*``（litho、etch）国内采购里的上限（%）；``bought_low``、``bought_high`` 各工序的进口占
        世界收入（%，宽窄两种分母）；``nodes``、``comparable`` 有中国份额的节点与其中大致可比的；``fell``、``fell_real``
        直接相减下降的与可比的里下降的；``tools_ratio``、``metal_ratio`` 最近一年全行业与金属切削机床的进出口比。
    """
    size, front = ceilings(), front_end()
    frame = classified()
    like = frame["kind"] == KINDS[-1]
    last = balance_range(2024)
    return {
        "lithography": reported("lithography_tools"),
        "etch": reported("dry_etch_tools"),
        "cmp": reported("cmp_tools"),
        "front": front["share"],
        "front_low": front["low"],
        "front_high": front["high"],
        "ceiling_litho": size.loc["光刻", "ceiling"],
        "ceiling_etch": size.loc["干法刻蚀", "ceiling"],
        "bought_low": size["bought_low"].min(),
        "bought_high": size["bought_high"].max(),
        "nodes": len(frame),
        "comparable": int(like.sum()),
        "fell": int((frame["naive"] < 0).sum()),
        "fell_real": int((frame.loc[like, "naive"] < 0).sum()),
        "tools_ratio": float(last.filter(like="机床工具").iloc[0]),
        "metal_ratio": float(last.filter(like="切削").iloc[0]),
    }
