"""“案例：芯片制造”一章的数字：沿设计、制造、封测与生态，协同与管制各改变了什么。

份额按企业总部，取自“产业链”“工艺”两章的同一批函数。前后比较用年度数据：事件落在年中，2022、2023 两年都跨着它；
同一数列的前后之差不是管制的效应，所以每个估计都与别的伙伴、别的商品、别的日子比。
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from .. import concentration, data, inference, networks
from . import components
from . import import_dependence as imp
from . import industry_chain as chain
from . import processes as prc
from .industry_chain import LATEST

#: 出口管制生效的日子：美国临时最终规则、日本省令、荷兰条例（出处见正文所引的文件）。
CONTROLS = {"美国": "2022-10-07", "日本": "2023-07-23", "荷兰": "2023-09-01"}
#: 年度数据里“之后”的第一年：美国规则之后第一个完整的年份，也是日本、荷兰规则的当年。
EVENT = 2023
#: 跨着日本、荷兰规则的一年；2022 年跨着美国规则。
STRADDLE = 2023
#: 指数的基年：第一次管制之前最后一个完整的年份。
BASE = 2021


def names() -> dict[str, str]:
    """经济体代码 → 中文名。"""
    return imp.names()


# ---- 第一步：沿链站在哪里 ---------------------------------------------------------------------------

#: 环节 → 图上的行：节点代码 → 短名；``FRONT`` 是由各道工序合成的前道设备。
FRONT = "front_end"
LINKS = {
    "设计": {
        "stage_design": "设计合计",
        "logic_chip_design": "逻辑芯片设计",
        "memory_chip_design": "存储芯片设计",
        "dao_chip_design": "分立、模拟、光电设计",
    },
    "制造": {"stage_fabrication": "晶圆制造合计", FRONT: "前道设备", "wafer": "硅晶圆"},
    "封测": {
        "stage_assembly_testing_and_packaging_atp": "封装测试合计",
        "bonding_tools": "键合设备",
        "test_tools": "测试设备",
    },
    "生态": {"electronic_design_automation_software": "EDA 软件", "core_intellectual_property": "IP 核"},
}


@cache
def _shares() -> pd.DataFrame:
    """2026 年版各节点各经济体的份额（百分数），行为节点，取自 :func:`industry_chain.chip_shares`；不含未具名的。"""
    found = chain.chip_shares(LATEST)
    found = found[~found["provider"].isin(chain.RESIDUAL)]
    return found.pivot(index="node", columns="provider", values="share")


@cache
def _front() -> pd.Series:
    """前道设备各道工序按收入合成之后，各经济体的份额（百分数）；没有给数的当作没有列出。"""
    size = chain.market(LATEST)["market_size"]
    nodes = list(prc.STEPS.values())
    return _shares().loc[nodes].mul(size[nodes], axis=0).sum() / size[nodes].sum()


@cache
def links() -> pd.DataFrame:
    """沿链各环节：中国的份额，与中国以外份额最大的一家。

    Returns
    -------
    pandas.DataFrame
        索引为行名；``link`` 环节，``year`` 数据年份，``china``（%），``top`` 中国以外最大一家的代码，``largest``（%）。
    """
    table, rows = _shares(), {}
    year = data.load("chip_provision").query("release == @LATEST and provider_kind == 'country' and share.notna()")
    year = year.groupby("node_id")["year"].max()
    for link, nodes in LINKS.items():
        for node, label in nodes.items():
            share = (_front() if node == FRONT else table.loc[node]).drop("CHN")
            when = int(year[list(prc.STEPS.values())].max() if node == FRONT else year[node])
            rows[label] = {
                "link": link,
                "year": when,
                "china": prc.front_end()["share"] if node == FRONT else prc.reported(node),
                "top": share.idxmax(),
                "largest": share.max(),
            }
    return pd.DataFrame.from_dict(rows, orient="index")


def link_rows() -> pd.DataFrame:
    """:func:`links` 供作图：行名写明年份与别家里最大的一家，列 ``china``、``largest``。"""
    frame, label = links(), names()
    index = [f"{name}（{row['year']}，{label[row['top']]}）" for name, row in frame.iterrows()]
    return frame[["china", "largest"]].set_axis(index)


def links_said() -> str:
    """:func:`links` 念出来。"""
    label = names()
    return "；".join(
        f"{name}，中国 {r['china']:.1f}%，{label[r['top']]} {r['largest']:.0f}%" for name, r in links().iterrows()
    )


def leads() -> list[str]:
    """中国居首的各行。"""
    return list(links().query("china > largest").index)


def behind() -> tuple[float, float]:
    """中国不居首的各行，最大的一家是中国的几倍：最小、最大。"""
    rows = links().query("largest > china")
    times = rows["largest"] / rows["china"]
    return float(times.min()), float(times.max())


def leading() -> dict[str, object]:
    """有具名份额的全部节点里，中国居首的：``all`` 节点数，``others`` 不在 :data:`LINKS` 里的节点中文名。"""
    table = _shares().dropna(how="all")
    first = table.index[table.idxmax(axis=1) == "CHN"]
    shown = {node for nodes in LINKS.values() for node in nodes}
    label = chain.chip_nodes()["name_zh"]
    return {"all": len(table), "first": len(first), "others": sorted(label[v] for v in first if v not in shown)}


# ---- 第二步：先后 -----------------------------------------------------------------------------------

FUNDS = {"big_fund_1": "一期", "big_fund_2": "二期", "big_fund_3": "三期"}
#: 流行的说法：节点 → 年份，只作对照的一方，不是数据。
POPULAR = {28: 2015, 14: 2019, 7: 2023}
#: 节点 → 该级里最早有记录的事、最早的量产或出货、流行年份所指的事。
RECORDED = {
    28: ("smic_28nm_mpw", "smic_28nm", "smic_28nm"),
    14: ("smic_14nm_risk", "smic_14nm_q3", "smic_14nm_q3"),
    7: ("smic_7nm_shipment", "smic_7nm_shipment", "techinsights_n2"),
}


@cache
def _fund() -> pd.DataFrame:
    table = data.load("regional_indicators")
    return table[table["entity"].isin(FUNDS)]


def founded() -> pd.Series:
    """大基金各期设立的日子（备注所记），索引为期。"""
    rows = _fund().query("indicator == 'fund_registered_capital'").set_index("entity")
    return rows["note"].str.extract(r"设立 ?(\d{4}-\d{2}-\d{2})")[0].rename(FUNDS).loc[list(FUNDS.values())]


def _span(day: str) -> tuple[float, float]:
    moment = pd.Timestamp(day)
    return prc._decimal(moment), prc._decimal(moment + pd.Timedelta(days=1))


#: 时间线的种类，次序即图例。
KINDS = ("自述与报道", "拆解", "基金设立", "管制生效")


def chronology() -> pd.DataFrame:
    """中芯国际各节点、大基金、管制的日子，同一条时间轴。

    Returns
    -------
    pandas.DataFrame
        ``row``、``start``、``end``（小数年）、``kind``（:data:`KINDS`）、``when``（中文）、``group``。
    """
    spans, rows = prc.spans(), []
    label = {28: "28 nm", 14: "14 nm", 7: "7 nm 级"}
    smic = spans[spans["actor"].isin(["smic", "techinsights"]) & spans["node_nm"].isin(list(label))]
    for node, text in label.items():
        part = smic[smic["node_nm"] == node].sort_values("start")
        for item in part.itertuples():
            kind = KINDS[1] if item.claim_status == "teardown" else KINDS[0]
            rows.append((f"中芯国际 {text}", item.start, item.end, kind, item.when, "制程"))
    for name, day in founded().items():
        rows.append(("大基金", *_span(day), KINDS[2], f"{name} {day}", "政策"))
    for name, day in CONTROLS.items():
        rows.append(("出口管制", *_span(day), KINDS[3], f"{name} {day}", "政策"))
    return pd.DataFrame(rows, columns=["row", "start", "end", "kind", "when", "group"])


def chronology_said() -> str:
    """时间线念出来。"""
    frame = chronology()
    return "；".join(f"{row}：{'、'.join(part['when'])}" for row, part in frame.groupby("row", sort=False))


def _earlier(start: float, end: float, dates: dict[str, str]) -> str:
    """一件事之前已经有的：确定在前的写名字，落在同一时段里分不出的加问号。"""
    found = [n if _span(d)[1] <= start else f"{n}？" for n, d in dates.items() if _span(d)[0] < end]
    return "、".join(found) or "没有"


def popular() -> pd.DataFrame:
    """流行的年份与记录的日期。

    Returns
    -------
    pandas.DataFrame
        一行一级；``node``、``said`` 流行的年份、``first`` 最早有记录的事与时间、``volume`` 最早的量产或出货、``gap``
        比参照方晚几年（各种读法的最小到最大，见 :func:`processes.node_gaps`）、``funds``、``controls`` 最早的量产或出货
        之前已有的基金、管制。
    """
    spans, gaps = prc.spans(), prc.node_gaps()
    mark = data.labels("node_timeline", "milestone")
    rows = []
    for node, year in POPULAR.items():
        first, volume, _ = (spans.loc[v] for v in RECORDED[node])
        part = gaps[gaps["node"] == f"{node} nm 级"]
        rows.append(
            {
                "node": f"{node} nm 级",
                "said": f"{year} 年",
                "first": f"{first['when']}，{mark[first['milestone']]}",
                "volume": f"{volume['when']}，{mark[volume['milestone']]}",
                "gap": prc.gap_said(part["low"].min(), part["high"].max()),
                "funds": _earlier(volume["start"], volume["end"], founded().to_dict()),
                "controls": _earlier(volume["start"], volume["end"], CONTROLS),
            }
        )
    return pd.DataFrame(rows)


def early() -> dict[str, float]:
    """7 nm 级的出货（拆解推定）早于美国规则几年、早于流行的年份几年：``control``、``popular``（下端）。"""
    span = prc.spans().loc["smic_7nm_shipment"]
    return {"control": _span(CONTROLS["美国"])[0] - span["end"], "popular": POPULAR[7] - span["end"]}


def after_fund_chance(founding: bool = False) -> float:
    """到最晚的一件节点记录为止，有多大比例的时间在大基金一期之后（0–1）：随便挑一天，“在基金之后”的概率。

    缺省从最早的节点记录算起；``founding`` 为真则从中芯国际成立算起。
    """
    rows = chronology()
    node = rows[rows["group"] == "制程"]
    first, last = node["start"].min(), node["end"].max()
    first = prc.spans().loc["smic_founded", "start"] if founding else first
    return float((last - _span(founded()["一期"])[0]) / (last - first))


# ---- 第三步：四本账 ---------------------------------------------------------------------------------

#: 账的名字，自上而下。
BOOKS = ("日本卖给中国的设备", "荷兰卖给中国的光刻机", "装在中国的设备", "美国卖给中国的设备", "美国卖给中国的处理器")
PROCESSOR = "854231"


@cache
def _japan() -> pd.DataFrame:
    """日本半导体等制造设备的出口（十亿日元）：行为年，列为伙伴。"""
    table = data.load("japan_trade").query("flow == 'export' and goods == 'semiconductor_machinery'")
    return table.pivot(index="year", columns="partner_iso3", values="value")


def dutch_machines() -> pd.Series:
    """中国自荷兰进口的光刻机（台），索引为年。"""
    table = data.load("import_origins")
    table = table[(table["goods"] == "lithography_machines") & (table["indicator"] == "import_quantity")]
    return table[table["partner_iso3"] == "NLD"].set_index("year")["value"].sort_index()


def book(name: str) -> pd.Series:
    """一本账的原数，索引为年；荷兰为台，其余为亿美元。日本的金额用美元，免得日元贬值抬高增速。"""
    found = {
        BOOKS[0]: lambda: prc.exporter("JPN")["value"],
        BOOKS[1]: dutch_machines,
        BOOKS[2]: lambda: prc.billings()["CHN"].dropna(),
        BOOKS[3]: lambda: prc.exporter("USA")["value"],
        BOOKS[4]: lambda: prc.exporter("USA", PROCESSOR)["value"],
    }[name]()
    return found.sort_index().rename(name)


def books(since: int = 2017) -> pd.DataFrame:
    """五本账都以 :data:`BASE` 年为 1：``line``、``x``、``y``、``kind``（初步数为 ``uncertain``）。"""
    rows = []
    for name in BOOKS:
        own = book(name)
        own = own[own.index >= since] / own[BASE]
        rows.append(pd.DataFrame({"line": name, "x": own.index.astype(int), "y": own.to_numpy()}))
    status = prc.exporter("JPN")["status"]
    frame = pd.concat(rows, ignore_index=True)
    soft = (frame["line"] == BOOKS[0]) & frame["x"].isin(status.index[status != "observed"])
    return frame.assign(kind=np.where(soft, "uncertain", "observed"))


def relative(name: str, year: int) -> float:
    """一本账在某年是 :data:`BASE` 年的几倍。"""
    own = book(name)
    return float(own[year] / own[BASE])


def books_said() -> str:
    """各本账的最后一年念出来。"""
    return "；".join(f"{k} {book(k).index[-1]:.0f} 年 {relative(k, book(k).index[-1]):.2f} 倍" for k in BOOKS)


def straddle() -> dict[str, float]:
    """美国规则的那一年：``after`` 规则以后的日子占全年（0–1），``tools``、``chips`` 美国两本账比上年的降幅（0–1），
    ``second`` 另一个来源（机电商会引美国海关，编码没有写明）所记的设备降幅（0–1）。

    各季大致相等时，即使规则以后一笔不卖，也只能解释 ``after`` 那么多的降幅。
    """
    year = BASE + 1
    fall = {key: 1 - book(name)[year] / book(name)[BASE] for key, name in (("tools", BOOKS[3]), ("chips", BOOKS[4]))}
    other = data.load("import_origins").query("goods == 'semiconductor_equipment' and partner_iso3 == 'USA'")
    other = other.query("indicator == 'partner_export_yoy' and year == @year")
    return {"after": year + 1 - _span(CONTROLS["美国"])[0], **fall, "second": -float(other["value"].item()) / 100}


def quarters_said() -> str:
    """三家占中国半导体设备进口的份额，2021 年到 2023 年第三季度，念出来（同 :func:`processes.buyer_side`）。"""
    label, found = names(), prc.buyer_side()
    return "，".join(f"{label[v]} {found[v][0] * 100:.0f}%→{found[v][1] * 100:.0f}%" for v in ("NLD", "JPN", "USA"))


def japan_fall() -> dict[str, float]:
    """日本对华设备 2025 年比上年的降幅（0–1）：``dollars`` 美元账（初步数），``yen`` 日本海关的日元账（更宽）。"""
    dollars, yen = book(BOOKS[0]), _japan()["CHN"]
    return {"dollars": float(1 - dollars[2025] / dollars[2024]), "yen": float(1 - yen[2025] / yen[2024])}


#: 日经按自己选定的设备清单整理的中国海关数。
NIKKEI = "trade-nikkei-2025-05-sme-2024"


def _nikkei() -> pd.DataFrame:
    table = data.load("import_origins")
    table = table[(table["goods"] == "semiconductor_equipment") & (table["source_id"] == NIKKEI)]
    table = table[table["partner_group"] == "single"]
    return table.pivot(index="partner_iso3", columns=["indicator", "year"], values="value")


def buyer_changes() -> pd.DataFrame:
    """买方（中国海关，日经选定的清单）所记，各来源管制前后的倍数：由公布的增幅或两年的金额算出。

    Returns
    -------
    pandas.DataFrame
        索引为经济体代码（美国有两行，首年不同）；``first``、``last`` 年份，``ratio`` 倍，``bound`` 为 ``at_least``
        的只是下限。
    """
    table = _nikkei()
    usa = table.loc["USA", ("import_value", 2024)] / table.loc["USA", ("import_value", BASE)]
    rows = [("USA", BASE, 2024, usa, "exact")]
    for iso3 in ("USA", "JPN", "NLD"):
        rows.append((iso3, 2023, 2024, 1 + table.loc[iso3, ("import_value_yoy_usd", 2024)] / 100, "exact"))
    grown = data.load("import_origins").query("indicator == 'import_value_growth_since_2018'").set_index("partner_iso3")
    for iso3 in ("SGP", "KOR"):
        rows.append((iso3, 2018, 2024, 1 + grown.loc[iso3, "value"] / 100, grown.loc[iso3, "bound"]))
    return pd.DataFrame(rows, columns=["iso3", "first", "last", "ratio", "bound"]).set_index("iso3")


#: 谁的账 → 组名，次序即图上的次序。
SIDES = {"seller": "卖方所记", "buyer": "买方（中国）所记", "installed": "装在中国的"}


def sellers() -> pd.DataFrame:
    """谁卖得少了、谁卖得多了：一行一本账的首末两年之比。

    Returns
    -------
    pandas.DataFrame
        索引为行名（卖什么、首末年份与倍数），``ratio`` 倍，``seller`` 卖方的代码（装机为缺失），``side``
        （:data:`SIDES` 的键）；同一组里按倍数升序。
    """
    rows, label = [], names()
    for name, what, iso3, last, side in (
        (BOOKS[4], "美国的处理器", "USA", 2024, "seller"),
        (BOOKS[3], "美国的设备", "USA", 2023, "seller"),
        (BOOKS[0], "日本的设备", "JPN", 2024, "seller"),
        (BOOKS[1], "荷兰光刻机，台", "NLD", 2023, "buyer"),
        (BOOKS[2], "全部设备", None, 2024, "installed"),
    ):
        rows.append((what, BASE, last, relative(name, last), iso3, side, ""))
    for iso3, item in buyer_changes().iterrows():
        sign = "≥ " if item["bound"] == "at_least" else ""
        rows.append((f"自{label[iso3]}的设备", item["first"], item["last"], item["ratio"], iso3, "buyer", sign))
    columns = ["what", "first", "last", "ratio", "seller", "side", "sign"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["order"] = frame["side"].map({k: i for i, k in enumerate(SIDES)})
    frame = frame.sort_values(["order", "ratio"])
    said = [f"{r.what} {r.first}–{r.last}，{r.sign}{r.ratio:.2f} 倍" for r in frame.itertuples()]
    return frame.set_axis(said)[["ratio", "seller", "side"]]


def seller_rows() -> pd.DataFrame:
    """:func:`sellers` 供 :func:`chokepoint.plots.effect_rows`：没有抽样误差，所以没有横线；少了的为 ``main``。"""
    frame = sellers()
    kind = np.where(frame["ratio"] < 1, "main", "variant")
    ratio = frame["ratio"]
    return pd.DataFrame(
        {"estimate": ratio, "low": ratio, "high": ratio, "kind": kind, "group": frame["side"].map(SIDES)}
    )


# ---- 第四步：前后比较与安慰剂 -----------------------------------------------------------------------

#: 日本设备出口的伙伴：金额较大、互不重叠的几个（欧盟含德国、荷兰）。
PARTNERS = ("KOR", "TWN", "USA", "SGP", "EUU", "MYS")
#: 日本出口里互不包含的商品（集成电路在半导体电子零部件之内，只取后者之一；不取合计）。
GOODS = (
    "metalworking_machinery", "rolling_bearings", "pumps_centrifuges", "power_generating_machinery", "computers",
    "integrated_circuits", "batteries", "electrical_measuring_instruments", "scientific_optical_instruments",
    "organic_chemicals", "plastic_materials", "photographic_supplies", "iron_steel", "nonferrous_metals",
    "motor_vehicle_parts", "aircraft",
)  # fmt: skip
EQUIPMENT = "semiconductor_machinery"
REGIONS = ("KOR", "TWN", "JPN", "NAC", "EUR")
TREATED = ("USA", PROCESSOR)
#: 安慰剂不用中国香港：多为转口。
ENTREPOT = "HKG"


def japan_partner(iso3: str) -> pd.Series:
    """一个伙伴占日本设备出口的份额（0–1），索引为年。"""
    frame = _japan()
    return (frame[iso3] / frame["WLD"]).rename(iso3)


def japan_goods(goods: str) -> pd.Series:
    """中国占日本一类商品出口的份额（0–1），自设备有数的年份起。"""
    return imp.japan_shares()[goods].dropna().loc[_japan().index.min() :].rename(goods)


def region(iso3: str) -> pd.Series:
    """一个地区占世界装机额的份额（0–1），索引为年。"""
    return prc.billing_share(iso3).rename(iso3)


@cache
def _chips() -> pd.DataFrame:
    """各供应方各编码的出口里中国内地所占的份额（0–1）：行为年，列为（出口方，编码）；只留整段不缺的。"""
    table = data.load("exports_to_china").query("world_total.notna()")
    table = table.assign(share=table["value"] / table["world_total"])
    wide = table.pivot(index="year", columns=["exporter_iso3", "hs6"], values="share")
    return wide.loc[:2024].dropna(axis=1)


def chip_series(key: tuple[str, str]) -> pd.Series:
    """一个供应方一个编码的出口里，中国内地占的份额（0–1），索引为年。"""
    return _chips()[key].rename(" ".join(key))


def others() -> list[tuple[str, str]]:
    """处理器的安慰剂：别的供应方或别的编码，不含中国香港。"""
    return [k for k in _chips().columns if k != TREATED and k[0] != ENTREPOT]


def change(series: pd.Series, event: int = EVENT, **how) -> inference.Interval:
    """份额前后的倍数与区间，见 :func:`inference.before_after`。"""
    return inference.change_ratio(inference.before_after(series, event, **how))


def fake_dates(series: pd.Series, before: int, after: int) -> pd.Series:
    """真事件以前的假日子，各自的倍数，索引为假事件的年份。"""
    return np.exp(inference.placebo_dates(series, EVENT, before=before, after=after)["estimate"])


def rank(own: float, placebos) -> dict[str, float]:
    """真估计在安慰剂之中：``p`` 双侧（连同自己），``lower``、``higher`` 比它低、比它高的个数，``count`` 总数。"""
    placebos = np.asarray(list(placebos), dtype=float)
    return {
        "p": inference.placebo_share(np.log(own), np.log(placebos)),
        "lower": int((placebos < own).sum()),
        "higher": int((placebos > own).sum()),
        "count": len(placebos),
    }


@cache
def goods_changes() -> pd.Series:
    """同一天，中国占日本各类别的商品出口的份额变为几倍，索引为商品中文名，升序。"""
    label = data.labels("japan_trade", "goods")
    return pd.Series({label[g]: change(japan_goods(g)).estimate for g in GOODS}).sort_values()


def ranks() -> dict[str, dict[str, float]]:
    """三本账各在自己的安慰剂里排第几：``partner``、``goods``（日本设备），``region``（装机），``chips``（美国处理器）。"""
    own = change(japan_partner("CHN")).estimate
    return {
        "partner": rank(own, [change(japan_partner(p)).estimate for p in PARTNERS]),
        "goods": rank(own, goods_changes()),
        "region": rank(change(region("CHN")).estimate, [change(region(p)).estimate for p in REGIONS]),
        "chips": rank(change(chip_series(TREATED)).estimate, [change(chip_series(k)).estimate for k in others()]),
    }


def equipment_effects() -> pd.DataFrame:
    """设备：日本与装机的前后倍数和安慰剂，供 :func:`chokepoint.plots.effect_rows`。

    Returns
    -------
    pandas.DataFrame
        索引为行名；``estimate``、``low``、``high`` 倍数，``kind``、``group``。
    """
    label, own = names(), japan_partner("CHN")
    fake, goods = fake_dates(own, 2, 2), goods_changes()
    rows = [
        ("2023 年起", change(own), "main", "中国占日本的设备出口"),
        ("2022 年起", change(own, 2022), "variant", "中国占日本的设备出口"),
        ("去掉 2023 年", change(own.drop(STRADDLE), 2024), "variant", "中国占日本的设备出口"),
        ("不算 2025 年", change(own.drop(2025)), "variant", "中国占日本的设备出口"),
        *((f"{label[p]}", change(japan_partner(p)), "placebo", "别的伙伴，同一天") for p in PARTNERS),
        (f"{len(goods)} 种别的商品", _spread(goods), "placebo", "中国份额，别的商品与日子"),
        (f"设备，{len(fake)} 个假日子", _spread(fake), "placebo", "中国份额，别的商品与日子"),
        ("2023 年起", change(region("CHN")), "main", "中国占世界装机"),
        ("容许直线趋势", change(region("CHN"), trend=True), "variant", "中国占世界装机"),
        *((f"{label[p]}", change(region(p)), "placebo", "别的地区的装机，同一天") for p in REGIONS),
    ]
    return _rows(rows)


def _spread(values: pd.Series) -> inference.Interval:
    """安慰剂的中位、最小与最大。"""
    return inference.Interval(float(values.median()), float(values.min()), float(values.max()))


def _rows(rows: list) -> pd.DataFrame:
    found = [(name, *interval, kind, group) for name, interval, kind, group in rows]
    columns = ["label", "estimate", "low", "high", "kind", "group"]
    return pd.DataFrame(found, columns=columns).set_index("label")


#: 编码 → 短名。
SHORT = {"854231": "处理器", "854232": "存储器", "854239": "其他集成电路", "847330": "计算机零件"}
#: 处理器的各种做法。
WAYS = {
    "2023 年起": {},
    "2022 年起": {"event": 2022},
    "前三年、后两年": {"before": 3, "after": 2},
    "容许直线趋势": {"trend": True},
}


def processor_effects() -> pd.DataFrame:
    """处理器：美国对华份额的前后倍数、与各安慰剂之比，供 :func:`chokepoint.plots.effect_rows`；列同上。"""
    label, own, head = names(), chip_series(TREATED), "中国占美国的处理器出口"
    fake = fake_dates(own, 3, 2)
    rows = [
        *((way, change(own, **how), "variant" if how else "main", head) for way, how in WAYS.items()),
        ("与韩国处理器之比", versus_same(), "variant", head),
        *((f"{label[k[0]]}，{SHORT[k[1]]}", change(chip_series(k)), "placebo", "别的供应方与编码，同一天")
          for k in others()),
        *((f"假日子 {year} 年", inference.Interval(v, *_fake_interval(own, year)), "placebo", "美国处理器，假日子")
          for year, v in fake.items()),
    ]  # fmt: skip
    return _rows(rows)


def effects_said(frame: pd.DataFrame) -> str:
    """效应行念出来，如“别的伙伴，同一天：韩国 0.85 倍，……”，一节一句。"""
    parts = [
        f"{group}：{'，'.join(f'{k} {r.estimate:.2f} 倍' for k, r in zip(part.index, part.itertuples(), strict=True))}"
        for group, part in frame.groupby("group", sort=False)
    ]
    return "；".join(parts)


def placebo_lowest() -> tuple[str, float]:
    """处理器的安慰剂里降得最多的：名字与倍数。"""
    label = names()
    found = pd.Series({f"{label[k[0]]}的{SHORT[k[1]]}": change(chip_series(k)).estimate for k in others()})
    return found.idxmin(), float(found.min())


def _fake_interval(series: pd.Series, year: int) -> tuple[float, float]:
    found = inference.placebo_dates(series, EVENT, before=3, after=2).loc[year]
    return float(np.exp(found["low"])), float(np.exp(found["high"]))


def versus_same() -> inference.Interval:
    """美国处理器的中国份额对韩国处理器的中国份额：前后的倍数（双重差分）。"""
    return change((chip_series(TREATED) / chip_series(("KOR", PROCESSOR))).rename("versus"))


def versus_goods() -> inference.Interval:
    """日本设备的中国份额对日本全部出口的中国份额：前后的倍数（双重差分）。"""
    return change((japan_goods(EQUIPMENT) / japan_goods("all_goods")).rename("versus"))


def versus_partner(iso3: str) -> inference.Interval:
    """日本卖给中国的设备对卖给另一伙伴的设备：前后的倍数（双重差分）。"""
    return change((japan_partner("CHN") / japan_partner(iso3)).rename("versus"))


def processor_share(year: int) -> float:
    """中国内地占美国处理器出口的份额（0–1）。"""
    return float(chip_series(TREATED)[year])


def processor_span(first: int, last: int) -> tuple[float, float]:
    """中国内地占美国处理器出口的份额（0–1）在几年里的最小与最大。"""
    part = chip_series(TREATED).loc[first:last]
    return float(part.min()), float(part.max())


def japan_mean(iso3: str) -> tuple[float, float]:
    """一个伙伴占日本设备出口的份额（0–1），:data:`EVENT` 之前与以后的各年平均。"""
    own = japan_partner(iso3)
    return float(own[own.index < EVENT].mean()), float(own[own.index >= EVENT].mean())


# ---- 第五步：差额有多大 -------------------------------------------------------------------------

#: 没有管制会怎样：几种假设的名字。
WORLDS = (
    f"守住 {BASE} 年的金额",
    f"守住 {BASE} 年占装机之比",
    f"守住 2017–{BASE} 年最高之比",
    "与日本对华设备同涨",
    "照原来的趋势，相对日本下降",
)


def shortfalls(year: int = 2023) -> pd.DataFrame:
    """美国对华设备，假如没有管制会有多少：几种假设，全部的差额都算给管制。

    Parameters
    ----------
    year : int
        2022 或 2023（有记录的最后一年）。

    Returns
    -------
    pandas.DataFrame
        索引为 :data:`WORLDS`；``would``、``actual``、``gap``（亿美元，负的是没有少卖），``part`` 差额占当年中国装机额
        （0–1）。
    """
    usa, japan, installed = prc.exporter("USA")["value"], prc.exporter("JPN")["value"], prc.billings()["CHN"]
    past = usa[usa.index <= BASE]
    ratio = (past / installed[past.index]).dropna()
    relative = np.log(past / japan[past.index])
    line = np.polynomial.Polynomial.fit(relative.index.to_numpy(float), relative.to_numpy(), 1)
    would = [
        usa[BASE],
        ratio[BASE] * installed[year],
        ratio.max() * installed[year],
        usa[BASE] * japan[year] / japan[BASE],
        float(np.exp(line(float(year)))) * japan[year],
    ]
    frame = pd.DataFrame({"would": would, "actual": usa[year]}, index=list(WORLDS))
    frame["gap"] = frame["would"] - frame["actual"]
    return frame.assign(part=frame["gap"] / installed[year])


def most() -> dict[str, float]:
    """差额的汇总：各种假设下差额的最小与最大（亿美元）、占装机（0–1），与同期装机的增加（亿美元）。"""
    frame, installed = shortfalls(), prc.billings()["CHN"]
    return {
        "low": frame["gap"].min(),
        "high": frame["gap"].max(),
        "part_low": frame["part"].min(),
        "part_high": frame["part"].max(),
        "added": installed[2023] - installed[BASE],
        "added_later": installed[2024] - installed[BASE],
    }


# ---- 第六步：协同：基金与联合体 ---------------------------------------------------------------------


def funds() -> pd.DataFrame:
    """大基金三期的资本、期限与股东。

    Returns
    -------
    pandas.DataFrame
        索引为期；``founded``、``capital``（亿元）、``term``（年，没有为缺失）、``holders`` 股东数、``named``
        具名的股东数、``stake`` 具名而有比例的合计（%，没有为缺失）、``public`` 财政部的比例（%）。
    """
    wide = _fund().pivot_table(index="entity", columns="indicator", values="value").rename(index=FUNDS)
    members = data.load("consortium_members")
    members = members[members["consortium_id"].str.startswith("bigfund-")]
    own = members.groupby("consortium_id").agg(named=("member_zh", "nunique"), stake=("stake", "sum"))
    own.index = [list(FUNDS.values())[int(k[-1]) - 1] for k in own.index]
    frame = pd.DataFrame(
        {
            "founded": founded(),
            "capital": wide["fund_registered_capital"],
            "term": wide["fund_term"],
            "holders": wide["fund_shareholders"],
            "named": own["named"],
            "stake": own["stake"].where(own["stake"] > 0),
            "public": wide["fund_mof_share"],
        }
    )
    return frame.loc[list(FUNDS.values())]


def fund_rows() -> pd.DataFrame:
    """:func:`funds` 供列表：没有的写“没有找到”，比例带百分号。"""
    frame, blank = funds(), "没有找到"
    shown = frame.reset_index(names="phase").astype({"holders": int})
    for column, form in (("term", "{:.0f} 年"), ("stake", "{:.1f}%"), ("public", "{:.1f}%")):
        shown[column] = [form.format(v) if pd.notna(v) else blank for v in frame[column]]
    return shown


def recurring() -> pd.Series:
    """出现在两个以上芯片出资名单（三期基金与中芯京城）里的股东：名字 → 名单数，只数看得见的。"""
    members = data.load("consortium_members")
    fund, venture = members["consortium_id"].str.startswith("bigfund-"), members["consortium_id"] == "smic-jingcheng"
    members = members[fund | venture]
    found = members.groupby("member_zh")["consortium_id"].nunique().sort_values(ascending=False, kind="stable")
    return found[found > 1]


def third_phase() -> dict[str, float]:
    """三期股东：``named`` 具名的比例合计、``first`` 最大的一家（0–1），``count`` 具名、``rest`` 没有公布的股东数，
    ``low``、``high`` HHI 的上下界（0–1）。"""
    members = data.load("consortium_members").query("consortium_id == 'bigfund-3'")
    stake = members["stake"].to_numpy() / 100
    rest = int(funds().loc["三期", "holders"]) - len(members)
    bounds = concentration.hhi_bounds(stake)
    return {
        "named": float(stake.sum()),
        "first": float(stake.max()),
        "count": len(members),
        "rest": rest,
        "low": bounds.low,
        "high": bounds.high,
    }


def allocation() -> pd.Series:
    """一期投资期末的分布（%），索引为环节，降序。"""
    rows = _fund()[_fund()["indicator"].str.startswith("fund_allocation_")]
    label = data.labels("regional_indicators", "indicator")
    short = rows["indicator"].map(label).str.replace("投资分布：", "")
    return pd.Series(rows["value"].to_numpy(), index=short.to_numpy()).sort_values(ascending=False)


def fund_indicators() -> list[str]:
    """表里关于大基金的全部指标（中文名）。"""
    label = data.labels("regional_indicators", "indicator")
    return sorted({label[v] for v in _fund()["indicator"]})


def capital_against_tools() -> dict[str, float]:
    """三期注册资本合计（亿元），按 2024 年汇率折成亿美元，是中国 2024 年设备装机额的几倍。"""
    total, rate, installed = funds()["capital"].sum(), imp.exchange_rate(2024), prc.billings()["CHN"].dropna()
    return {
        "total": float(total),
        "dollars": float(total / rate),
        "years": float(total / rate / installed[2024]),
    }


#: 与芯片有关的联合体（按表里的领域与名称挑选）→ 环节。
CONSORTIA = {
    "smic-jingcheng": "制造",
    "ncic": "制造",
    "gbt-44795-2024": "封测",
    "nsta-2020-packaging": "封测",
    "nsta-2023-interconnect": "封测",
    "rise": "生态",
    "openharmony-pmc": "生态",
}
#: 短名。
CALLED = {
    "smic-jingcheng": "中芯京城（合资企业）",
    "ncic": "国家集成电路创新中心",
    "gbt-44795-2024": "系统级封装基板国家标准",
    "nsta-2020-packaging": "电子封装（2020 年国家奖）",
    "nsta-2023-interconnect": "高密度互连封装（2023 年国家奖）",
    "rise": "RISE（RISC-V 软件）创始成员",
    "openharmony-pmc": "OpenHarmony 创始成员",
}


@cache
def _members() -> pd.DataFrame:
    """芯片联合体的成员；名单有前后两批的，只取完整的一批。"""
    table = data.load("consortium_members")
    table = table[table["consortium_id"].isin(CONSORTIA)]
    whole = table.groupby("consortium_id")["list_status"].transform(lambda v: (v == "complete").any())
    return table[~whole | (table["list_status"] == "complete")]


def mixing(ids: tuple[str, ...]) -> float:
    """几个联合体里，两个成员不是同一类（企业、院校、研究机构……）的比例（0–1）。"""
    rows = _members()
    rows = rows[rows["consortium_id"].isin(ids)]
    kind = rows.drop_duplicates("member_zh").set_index("member_zh")["org_type"]
    return networks.pair_mixing(rows, "member_zh", "consortium_id", kind)


def consortia() -> pd.DataFrame:
    """芯片联合体一览。

    Returns
    -------
    pandas.DataFrame
        ``link`` 环节、``name``、``year``、``listed`` 名单是否完整、``members`` 具名成员、``firms`` 其中企业、
        ``foreign`` 其中总部不在中国大陆的、``mixed`` 跨类型的成员对占比（0–1）。
    """
    rows, label = [], data.labels("consortium_members", "list_status")
    for key, link in CONSORTIA.items():
        part = _members().query("consortium_id == @key")
        rows.append(
            {
                "link": link,
                "name": CALLED[key],
                "year": int(part["year"].min()),
                "listed": label[part["list_status"].iloc[0]],
                "members": len(part),
                "firms": int((part["org_type"] == "enterprise").sum()),
                "foreign": int((part["iso3"] != "CHN").sum()),
                "mixed": mixing((key,)),
            }
        )
    return pd.DataFrame(rows)


def complete_ids() -> tuple[str, ...]:
    """名单完整的芯片联合体。"""
    rows = _members()
    found = rows[rows["list_status"] == "complete"]["consortium_id"].unique()
    return tuple(k for k in CONSORTIA if k in found)


@cache
def mixing_chance(without: str = "", draws: int = 1_000) -> networks.Chance:
    """名单完整的芯片联合体里跨类型的成员对占比，与零模型：类型在表中全部完整名单的组织之间随机重排。

    ``without`` 不计的一个联合体（代码）。
    """
    table = data.load("consortium_members").query("list_status == 'complete'")
    kind = table.drop_duplicates("member_zh").set_index("member_zh")["org_type"].astype(str)
    rows = table[table["consortium_id"].isin([v for v in complete_ids() if v != without])]
    observed = networks.pair_mixing(rows, "member_zh", "consortium_id", kind)
    codes = pd.factorize(kind)[0]
    who = kind.index.get_indexer(rows["member_zh"])
    groups = pd.factorize(rows["consortium_id"])[0]
    size = np.bincount(groups)
    every = float((size * (size - 1)).sum())

    def draw(rng: np.random.Generator) -> float:
        counts = np.zeros((len(size), codes.max() + 1))
        np.add.at(counts, (groups, rng.permutation(codes)[who]), 1)
        return 1 - float((counts * (counts - 1)).sum()) / every

    return networks.against_chance(observed, draw, draws=draws)


def shared_members() -> int:
    """在两个以上名单完整的芯片联合体里都出现的组织数。"""
    rows = _members()
    rows = rows[rows["consortium_id"].isin(complete_ids())]
    return int((rows.groupby("member_zh")["consortium_id"].nunique() > 1).sum())


# ---- 第七步：国产化的说法 ---------------------------------------------------------------------------

#: 2018 年前后的份额里与芯片有关的技术编号 → 短名与环节。
EARLY = {13: ("EDA（核心工业软件一项）", "设计"), 2: ("25G 以上光芯片", "设计"), 14: ("靶材", "制造")}
#: 国产化说法里与芯片有关的对象 → 环节。
CLAIMED = {
    "high_end_special_chips": "设计",
    "smart_terminal_processors": "设计",
    "chips_market": "制造",
    "ic_materials": "制造",
}


def claims() -> pd.DataFrame:
    """芯片的国产化说法，一条一行，证据由强到弱（:func:`components.claims` 的分级）。

    Returns
    -------
    pandas.DataFrame
        ``link``、``what``、``said``、``year``、``evidence``、``grade`` 来源等级、``note``。
    """
    rows = components.claims()
    rows = rows[rows["item"].isin(CLAIMED)]
    graded = pd.DataFrame(
        {
            "link": rows["item"].map(CLAIMED),
            "what": rows["short"] + "：" + rows["measure_zh"],
            "said": rows["said"],
            "year": rows["year"].astype(int).astype(str),
            "evidence": rows["evidence_zh"],
            "note": rows["note"].fillna("—"),
        }
    )
    shares, grade = data.load("chokepoint_shares").set_index("tech_id"), data.load("sources").set_index("source_id")
    kind = data.labels("chokepoint_shares", "share_kind")
    found = []
    for tech, (name, link) in EARLY.items():
        row = shares.loc[tech]
        value = row["share_max"] if row["bound"] == "at_most" else row["share_min"]
        found.append(
            {
                "link": link,
                "what": f"{name}：{kind[row['share_kind']]}",
                "said": f"{components.SIGNS.get(row['bound'], '')}{value:g}%",
                "year": str(int(row["year"])) if pd.notna(row["year"]) else "不详",
                "evidence": f"没有分级，来源 {grade.loc[row['source_id'], 'grade']} 级",
                "note": row["note"],
            }
        )
    return pd.concat([graded, pd.DataFrame(found)], ignore_index=True)


def graded() -> dict[str, int]:
    """芯片说法的条数：``all`` 全部，``ranked`` 原表分了级的，``official`` 其中的官方统计（不含转述），``unclear``
    写明“口径没有说明”的。"""
    rows = components.claims()
    rows = rows[rows["item"].isin(CLAIMED)]
    return {
        "all": len(claims()),
        "ranked": len(rows),
        "official": int((rows["evidence"] == "official_statistics").sum()),
        "unclear": int(rows["note"].fillna("").str.contains("没有说明").sum()),
    }


# ---- 重算 -------------------------------------------------------------------------------------------


def reproduced() -> pd.DataFrame:
    """公布的值与由另一处重算的值：``what``、``published``、``computed``，单位随组（%、亿元、亿美元）。"""
    rows = []
    members, wide = data.load("consortium_members"), _fund().set_index(["entity", "indicator"])["value"]
    capital = wide["big_fund_3", "fund_registered_capital"]
    third = members.query("consortium_id == 'bigfund-3' and amount.notna()")
    rows += [("三期股东的比例", r.stake, r.amount / capital * 100) for r in third.itertuples()]
    banks = third[third["source_id"] == "collab-bigfund3-banks"]
    rows.append(("六大行合计", wide["big_fund_3", "fund_bank_share"], banks["amount"].sum() / capital * 100))
    rows.append(("六大行出资", wide["big_fund_3", "fund_bank_amount"], banks["amount"].sum()))
    venture = members.query("consortium_id == 'smic-jingcheng'")
    rows += [("中芯京城的比例", r.stake, r.amount / venture["amount"].sum() * 100) for r in venture.itertuples()]
    table = data.load("chip_equipment_billings")
    wide = table.pivot(index=["year", "period"], columns="iso3", values="value").dropna()
    parts = wide.drop(columns="WLD").sum(axis=1)
    rows += [("装机额之和", w * 10, s * 10) for w, s in zip(wide["WLD"], parts, strict=True)]
    return pd.DataFrame(rows, columns=["what", "published", "computed"])


def reproduced_summary() -> dict[str, object]:
    """重算了几个值，差得最多的一组与相对差（0–1）。"""
    frame = reproduced()
    off = (frame["computed"] / frame["published"] - 1).abs()
    return {"count": len(frame), "largest": float(off.max()), "where": frame.loc[off.idxmax(), "what"]}


# ---- 互动图 -----------------------------------------------------------------------------------------

#: 起点的选择与“之后”的选择。
STARTS = {"全部年份": None, "2019 年起": 2019}
AFTERS = {"2022 年起": (2022, ()), "2023 年起": (2023, ()), "2024 年起，不算 2023 年": (2024, (2023,))}


def _ledgers() -> dict[str, dict[str, pd.Series]]:
    """三本账，各有几种比法：名字 → 比法 → 数列（份额，或与另一家之比）。"""
    label, chips = names(), chip_series(TREATED)
    return {
        "日本卖给中国的设备": {
            "占日本全部设备出口": japan_partner("CHN"),
            **{f"与{label[p]}之比": japan_partner("CHN") / japan_partner(p) for p in PARTNERS},
        },
        "装在中国的设备": {
            "占世界装机": region("CHN"),
            **{f"与{label[p]}之比": (region("CHN") / region(p)).dropna() for p in REGIONS},
        },
        "美国卖给中国的处理器": {
            "占美国全部处理器出口": chips,
            **{f"与{label[k[0]]}的{SHORT[k[1]]}之比": chips / chip_series(k) for k in others()},
        },
    }


@cache
def cases() -> dict:
    """互动图的数据：每一种账、比法、起点与“之后”的倍数和区间，都在这里算好；算不出的为 ``None``。

    Returns
    -------
    dict
        ``ledgers``：各有 ``name``、``ways``（比法的名字）、``found[比法][起点][之后]``，为 ``[估计, 下限, 上限]`` 或
        ``None``；``starts``、``afters`` 名字；``start`` 开始时的选择；``edge`` 横条两端的倍数。
    """
    found = []
    for name, ways in _ledgers().items():
        grid = []
        for series in ways.values():
            grid.append(
                [
                    [_case(series.rename("case"), start, *after) for after in AFTERS.values()]
                    for start in STARTS.values()
                ]
            )
        found.append({"name": name, "ways": list(ways), "found": grid})
    shown = {"starts": list(STARTS), "afters": list(AFTERS), "start": [0, 0, 0, 1], "edge": [0.2, 5]}
    return {"ledgers": found, **shown}


def _case(series: pd.Series, start: int | None, event: int, drop: tuple[int, ...]) -> list[float] | None:
    series = series[~series.index.isin(drop)]
    series = series if start is None else series[series.index >= start]
    if min((series.index < event).sum(), (series.index >= event).sum()) < 2:
        return None
    return [round(v, 4) for v in change(series, event)]


def verdicts() -> dict[str, int]:
    """互动图的全部做法里，区间整个在一以上（``up``）、以下（``down``）、含一（``unclear``）各几种；键为 ``账:向``。"""
    count: dict[str, int] = {}
    for ledger in cases()["ledgers"]:
        for way in ledger["found"]:
            for case in (c for start in way for c in start if c):
                key = "up" if case[1] > 1 else "down" if case[2] < 1 else "unclear"
                count[f"{ledger['name']}:{key}"] = count.get(f"{ledger['name']}:{key}", 0) + 1
    return count


def verdict_table() -> pd.DataFrame:
    """:func:`verdicts` 排成表：行为账，列 ``down``、``unclear``、``up`` 做法数。"""
    count = verdicts()
    ledgers = list(dict.fromkeys(k.split(":")[0] for k in count))
    return pd.DataFrame(
        {side: [count.get(f"{name}:{side}", 0) for name in ledgers] for side in ("down", "unclear", "up")},
        index=ledgers,
    )


def malaysia_only() -> list[str]:
    """日本设备这本账里，得出“少了”的做法都是与谁比（比法的名字）。"""
    (ledger,) = [v for v in cases()["ledgers"] if v["name"] == BOOKS[0]]
    pairs = zip(ledger["ways"], ledger["found"], strict=True)
    return [way for way, grid in pairs if any(c and c[2] < 1 for start in grid for c in start)]


# ---- 汇总 -------------------------------------------------------------------------------------------


def headline() -> dict[str, object]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        ``packaging``、``fabrication``、``design``、``eda`` 中国的份额（%）；``japan`` 日本设备的中国份额前后的倍数，
        ``processor`` 美国处理器的，``same`` 后者对韩国处理器的（:class:`inference.Interval`）；``most_low``、
        ``most_high`` 美国设备在各种假设下的差额（亿美元）；``capital`` 三期注册资本合计（亿元）；
        ``early`` 7 nm 级出货早于美国规则的年数（下端）。
    """
    frame, top = links()["china"], most()
    return {
        "packaging": frame["封装测试合计"],
        "fabrication": frame["晶圆制造合计"],
        "design": frame["设计合计"],
        "eda": frame["EDA 软件"],
        "japan": change(japan_partner("CHN")),
        "processor": change(chip_series(TREATED)),
        "same": versus_same(),
        "most_low": top["low"],
        "most_high": top["high"],
        "capital": float(funds()["capital"].sum()),
        "early": early()["control"],
    }
