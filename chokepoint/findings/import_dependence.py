"""“进口依赖”一章的主要数字：海关数据能说什么，不能说什么。

联盟的成员是写明的假设 (:data:`BLOCS`)，不是从数据里长出来的；每个用到它的数都另有备选。
"""

from __future__ import annotations

from itertools import combinations, product

import pandas as pd

from .. import concentration, data, trade
from . import identify

#: 三个半导体设备编码与图上的短名；第一个是本章的主角。
CODES = {"848620": "前道设备", "903082": "测试检验仪器", "903141": "光学检验仪器"}
TOOL = "848620"

#: 本章所取的年份，与提取时还没有报齐的一年（取它的前一年）。
FULL, THIN = 2019, 2020

#: 单列的门槛：不到世界进口或出口的这一份的经济体，不单列。
LISTED = 0.001

#: 进出口比值图上的经济体：先净进口，后净出口。
COMPARED = ("CHN", "TWN", "KOR", "USA", "JPN", "NLD")

#: 联盟由谁组成：写明的假设，自小到大。第一个是各算各的。
BLOCS = {
    "各算各的": (),
    "美、日": ("USA", "JPN"),
    "美、荷": ("USA", "NLD"),
    "日、荷": ("JPN", "NLD"),
    "美、日、荷": ("USA", "JPN", "NLD"),
    "再加德国": ("USA", "JPN", "NLD", "DEU"),
    "再加韩国、中国台湾": ("USA", "JPN", "NLD", "DEU", "KOR", "TWN"),
    "再加新加坡": ("USA", "JPN", "NLD", "DEU", "KOR", "TWN", "SGP"),
}
ALLIES = BLOCS["美、日、荷"]

#: 互动图里可以勾选的成员。
MEMBERS = ("USA", "JPN", "NLD", "DEU", "KOR", "TWN", "SGP")

#: 公开发布、点名了来源的几份名单：（商品，指标，年，时段）→ 图上的名字。
LISTS = {
    ("integrated_circuits", "import_share", 2024, "full_year"): "集成电路 2024",
    ("integrated_circuits", "import_share", 2025, "full_year"): "集成电路 2025",
    ("semiconductor_equipment", "import_share", 2021, "q3"): "半导体设备 2021 三季度",
    ("semiconductor_equipment", "import_share", 2023, "q3"): "半导体设备 2023 三季度",
    ("semiconductor_equipment", "import_value", 2024, "full_year"): "半导体设备 2024（主要来源内）",
    ("lithography_machines", "import_share", 2023, "full_year"): "光刻机 2023",
    ("aircraft_hs88", "import_share", 2018, "full_year"): "航空器 2018",
}

#: 逐条判定所用的来源名单，与份额取整带来的误差（半个百分点）。
JUDGED = ("semiconductor_equipment", "import_share", 2023, "q3")
ROUNDING = 0.005

#: 集成电路的三个六位编码（出口方的镜像数据里有的）。
CHIPS = ("854231", "854232", "854239")

#: 日本一侧的几种商品。
JAPAN_EXPORTS = ("semiconductor_machinery", "photographic_supplies", "all_goods")

#: 各家筛出的数目：（研究，结果）→ 图上的判据。前一组不限伙伴，后一组只问靠谁。
STUDY_RULES = {
    ("cepii_geodep", "dependent_products"): "进口集中、出口集中、净进口",
    ("wang_sun_2023", "dependent_products"): "关键产品中的敏感依赖",
    ("ec_2021", "dependent_products"): "进口集中、区外为主、净进口",
    ("arjona_2023", "dependent_products"): "改进欧盟委员会的判据",
    ("ecipe_2022", "dependent_products"): "更细的分类，靠区外",
    ("merics_2024", "dependent_products_on_single_eu_states"): "靠单个欧盟成员国",
    ("merics_2024", "dependent_products_on_eu"): "靠欧盟整体",
    ("cha_2023", "dependent_products_on_us_group"): "靠作者所列的一组伙伴",
    ("merics_2020", "critical_products_on_china"): "靠中国，关键领域",
    ("merics_2020", "strategic_products_on_china"): "进口多半来自中国",
    ("merics_2024", "dependent_products_on_china"): "净进口，靠中国",
}

#: 图与表上用的短名，作者与年。
STUDY_SHORT = {
    "cepii_geodep": "CEPII 2024",
    "wang_sun_2023": "王有鑫等 2023",
    "ec_2021": "欧盟委员会 2021",
    "arjona_2023": "Arjona 等 2023",
    "ecipe_2022": "ECIPE 2022",
    "merics_2024": "MERICS 2024",
    "merics_2020": "MERICS 2020",
    "cha_2023": "Cha 2023",
}


def names() -> dict[str, str]:
    """经济体代码 → 中文名；ROW 为“其余”。"""
    return data.load("countries").set_index("iso3")["name_zh"].to_dict()


def threshold() -> float:
    """CEPII 判定“集中”的 HHI 门槛（0–1），取自判据表。"""
    rows = data.load("dependency_criteria").set_index(["study", "criterion"])
    return float(rows.loc[("cepii_geodep", "import_concentration"), "threshold"])


def antitrust() -> float:
    """美国《合并指南》“高度集中”的门槛，0–1。"""
    return concentration.US_HIGH / concentration.HHI_POINTS


# ---- 第一步：进出口之比 -----------------------------------------------------------------------------


def flows(hs6: str = TOOL) -> pd.DataFrame:
    """一个编码的进口额与出口额（百万美元），索引 (``iso3``，``year``)；没有单列的为缺失。"""
    table = data.load("semi_equipment_trade")
    return table[table["hs6"] == hs6].pivot(index=["iso3", "year"], columns="flow", values="value")


def ratios(hs6: str = TOOL) -> pd.DataFrame:
    """进口额除以出口额：行为年，列为经济体；任一方没有单列则缺失。

    Parameters
    ----------
    hs6 : str
        :data:`CODES` 之一。
    """
    table = flows(hs6).drop("ROW")
    return trade.import_export_ratio(table["import"], table["export"]).unstack("iso3")


def ratio_lines() -> pd.DataFrame:
    """比值图：行为年，列为 :data:`COMPARED` 的中文名。"""
    return ratios()[list(COMPARED)].rename(columns=names())


def ratio_change(first: int, last: int, iso3: str = "CHN") -> dict[str, float]:
    """两年之间比值变了几倍，进口与出口各变了几倍（比值之变 = 进口之变 ÷ 出口之变）。"""
    table = flows().loc[iso3]
    grown = table.loc[last] / table.loc[first]
    return {"ratio": float(grown["import"] / grown["export"]), "import": grown["import"], "export": grown["export"]}


def coverage(hs6: str = TOOL) -> pd.DataFrame:
    """各年有多少申报方：行为年，列 ``import``、``export``。"""
    table = data.load("semi_equipment_trade")
    table = table[table["hs6"] == hs6]
    return table.pivot_table(index="year", columns="flow", values="n_reporters", aggfunc="sum")


def ratio_ranks(year: int) -> list[str]:
    """一年里比值自高到低的经济体名（只有进出口都单列的）。"""
    return ratios().loc[year].dropna().sort_values(ascending=False).rename(names()).index.tolist()


def china_first() -> list[str]:
    """中国的比值居首的年份，如 ``["2017 年"]``；只比进出口都单列的经济体。"""
    return [f"{year} 年" for year, row in ratios().iterrows() if row.idxmax() == "CHN"]


def ratio_floors(year: int, hs6: str = TOOL) -> pd.Series:
    """出口没有单列的经济体，比值至少是多少：索引为经济体名，降序。

    没有单列，即出口不到世界出口的 :data:`LISTED`；进口额除以这个上限，便是比值的下限。

    Parameters
    ----------
    year : int
        年份。
    hs6 : str
        :data:`CODES` 之一。
    """
    table = flows(hs6).xs(year, level="year")
    ceiling = LISTED * table["export"].sum()
    hidden = table.drop("ROW").query("export.isna()")["import"].dropna()
    return (hidden / ceiling).sort_values(ascending=False).rename(names())


def floors_said() -> str:
    """下限就已高过同年所有单列经济体的，连成一句，如“以色列（2016 年至少 52.0）”。"""
    said = []
    for year, row in ratios().iterrows():
        floors = ratio_floors(year)
        said += [f"{name}（{year} 年至少 {low:.1f}）" for name, low in floors[floors > row.max()].items()]
    return "、".join(said)


def chip_exports(year: int = 2018) -> pd.Series:
    """世贸组织：各经济体集成电路与电子元件的出口（百万美元，含再出口），索引为 ISO 代码。"""
    table = data.load("wto_ic_exports")
    table = table[(table["year"] == year) & table["iso3"].notna() & (table["iso3"] != "WLD")]
    return table.set_index("iso3")["value"]


# ---- 第二步：供应集中度 -----------------------------------------------------------------------------


def suppliers(year: int = FULL, hs6: str = TOOL) -> pd.Series:
    """各经济体占世界出口的份额（0–1），降序；``ROW`` 是没有单列的申报方之和。"""
    table = data.load("semi_equipment_trade")
    chosen = table[(table["hs6"] == hs6) & (table["flow"] == "export") & (table["year"] == year)]
    value = chosen.set_index("iso3")["value"]
    return (value / value.sum()).sort_values(ascending=False)


def world_hhi(year: int = FULL, members: tuple[str, ...] = (), hs6: str = TOOL) -> float:
    """世界出口的 HHI（0–1），``members`` 合为一家；没有单列的申报方合为一家（对结果的影响见 :func:`rest_effect`）。"""
    return concentration.bloc_hhi(suppliers(year, hs6), {"联盟": members})


def bloc_table(year: int = FULL) -> pd.DataFrame:
    """各种联盟假设下三个编码的 HHI：行为 :data:`BLOCS` 的名字，列为 :data:`CODES` 的短名。"""
    rows = {bloc: [world_hhi(year, m, code) for code in CODES] for bloc, m in BLOCS.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(CODES.values()))


def own_top(year: int = FULL, size: int = len(ALLIES)) -> pd.DataFrame:
    """每种设备各把自己最大的几家合并：索引为编码，列 ``members``（ISO 代码）、``hhi``、``said``（一句话）。"""
    rows = {}
    for code, label in CODES.items():
        members = tuple(suppliers(year, code).drop("ROW").index[:size])
        value = world_hhi(year, members, code)
        said = f"{label} {value:.2f}（{'、'.join(names()[m] for m in members)}）"
        rows[code] = {"members": members, "hhi": value, "said": said}
    return pd.DataFrame.from_dict(rows, orient="index")


def bloc_years() -> pd.DataFrame:
    """前道设备各年的 HHI：行为年，列 ``national``、``pair``（任意两家联手的最大值）、``allies``。"""
    rows = {}
    for year in sorted(data.load("semi_equipment_trade")["year"].unique()):
        shares = suppliers(year)
        pairs = [concentration.bloc_hhi(shares, {"联盟": pair}) for pair in combinations(MEMBERS, 2)]
        allies = concentration.bloc_hhi(shares, {"联盟": ALLIES})
        rows[year] = {"national": concentration.hhi(shares), "pair": max(pairs), "allies": allies}
    return pd.DataFrame.from_dict(rows, orient="index")


def bloc_cases(year: int = FULL) -> dict:
    """互动图的数据：每一种联盟（:data:`MEMBERS` 的任一子集）下三个编码的 HHI，都在这里算好。

    Returns
    -------
    dict
        ``members``、``codes`` 名字；``cases`` 第 b 项是成员集合（b 的二进制第 i 位为第 i 个成员）的三个 HHI；
        ``start`` 开始时的集合；``threshold``、``antitrust`` 两条门槛；``year``。
    """
    label = names()

    def members(mask: int) -> tuple[str, ...]:
        return tuple(m for i, m in enumerate(MEMBERS) if mask >> i & 1)

    shares = [suppliers(year, code) for code in CODES]
    masks = range(2 ** len(MEMBERS))
    cases = [[round(concentration.bloc_hhi(s, {"联盟": members(b)}), 3) for s in shares] for b in masks]
    return {
        "members": [label[m] for m in MEMBERS],
        "codes": list(CODES.values()),
        "cases": cases,
        "start": sum(1 << MEMBERS.index(m) for m in ALLIES),
        "threshold": threshold(),
        "antitrust": antitrust(),
        "year": year,
    }


def rest_effect(year: int = FULL) -> float:
    """没有单列的申报方怎样分布，对 HHI 的影响至多多少（上界减下界，0–1）。"""
    bounds = concentration.hhi_bounds(suppliers(year).drop("ROW"))
    return bounds.high - bounds.low


def panel_hhi(year: int) -> dict[str, float]:
    """只留各年都单列的出口方，重算 HHI：``national``、``allies``（0–1）。"""
    table = data.load("semi_equipment_trade")
    table = table[(table["hs6"] == TOOL) & (table["flow"] == "export")]
    wide = table.pivot(index="iso3", columns="year", values="value").drop("ROW").dropna()
    shares = wide[year] / wide[year].sum()
    return {"national": concentration.hhi(shares), "allies": concentration.bloc_hhi(shares, {"联盟": ALLIES})}


def panel_years() -> pd.Series:
    """固定名单下美日荷合一的 HHI，各年一个。"""
    return pd.Series({y: panel_hhi(y)["allies"] for y in bloc_years().index})


def _listed(key: tuple) -> tuple[pd.Series, float]:
    """一份来源名单：点名的来源各多少，与总数。"""
    goods, indicator, year, period = key
    table = data.load("import_origins")
    table = table[(table["goods"] == goods) & (table["indicator"] == indicator)]
    table = table[(table["year"] == year) & (table["period"] == period)]
    single = table[table["partner_group"] == "single"].set_index("partner_iso3")["value"]
    if indicator == "import_share":
        return single, 100.0
    return single, float(table.loc[table["partner_group"] == "major_origins", "value"].iloc[0])


def origin_bounds(members: tuple[str, ...] = ALLIES) -> pd.DataFrame:
    """中国公开的进口来源：名单不全时 HHI 的上下界，逐国与联盟各一组。

    没有点名的余额由无穷多家分掉（下界），或全归一家（上界）；联盟若有成员没有点名，余额也可能全归联盟。

    Returns
    -------
    pandas.DataFrame
        索引为 :data:`LISTS` 的名字；``listed`` 点名的个数，``rest`` 余额（0–1），
        ``low``、``high`` 逐国，``bloc_low``、``bloc_high`` 联盟（0–1）。
    """
    rows = {}
    for key, label in LISTS.items():
        listed, total = _listed(key)
        one, bloc = _bounds(listed, total, ()), _bounds(listed, total, members)
        rows[label] = {
            "listed": len(listed),
            "rest": 1 - listed.sum() / total,
            "low": one.low,
            "high": one.high,
            "bloc_low": bloc.low,
            "bloc_high": bloc.high,
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype({"listed": int})


def chamber(year: int = 2022) -> dict[str, float]:
    """中国机电商会的全年数：美日荷合占的下限 ``share``，与由此而来的合并 HHI 的下界 ``low``（0–1）。"""
    table = data.load("import_origins")
    table = table[(table["goods"] == "semiconductor_equipment") & (table["partner_group"] == "jpn_nld_usa")]
    share = float(table.loc[table["year"] == year, "value"].iloc[0]) / 100
    return {"share": share, "low": concentration.hhi_bounds(pd.Series({"联盟": share}), 1.0).low}


def _bounds(listed: pd.Series, total: float, members: tuple[str, ...]) -> concentration.Bounds:
    """名单不全时 HHI 的上下界；联盟若有成员没有点名，余额也可能全归联盟。"""
    inside = listed.index.isin(members)
    merged = listed[~inside].astype(float)
    if inside.any():
        merged["联盟"] = listed[inside].sum()
    low, high = concentration.hhi_bounds(merged, total)
    if inside.any() and not set(members) <= set(listed.index):
        merged["联盟"] += total - listed.sum()
        high = max(high, concentration.hhi(merged / total))
    return concentration.Bounds(low, high)


def rounded_bounds(key: tuple = JUDGED, members: tuple[str, ...] = ()) -> concentration.Bounds:
    """名单的份额各有半个百分点的取整误差时，HHI 的上下界（0–1）。

    平方和是份额的凸函数，极值在误差的顶点上，所以逐个顶点算。
    """
    listed, total = _listed(key)
    room = total * ROUNDING
    corners = [_bounds(listed + list(move), total, members) for move in product((-room, room), repeat=len(listed))]
    return concentration.Bounds(min(b.low for b in corners), max(b.high for b in corners))


# ---- 第三步：单价 -----------------------------------------------------------------------------------


def _side(goods: str, side: str) -> pd.DataFrame:
    """一种商品一侧的金额与数量，同一年、同一时段各取一个：先美元后人民币，同一来源优先。"""
    table = data.load("trade_totals")
    table = table[(table["goods"] == goods) & (table["iso3"] == "CHN")]
    value = table[table["indicator"] == f"{side}_value"]
    amount = table[table["indicator"] == f"{side}_quantity"]
    both = value.merge(amount, on=["year", "period"], suffixes=("", "_q"))
    both = both.assign(same=both["source_id"] == both["source_id_q"], usd=both["unit"] == "USD_100m")
    both = both.sort_values(["usd", "same"], ascending=False, kind="stable")
    return both.drop_duplicates(["year", "period", "unit"]).set_index(["year", "period", "unit"])


def computed_gaps(goods: str) -> pd.DataFrame:
    """由金额与数量算出的进口单价与出口单价之比，两侧同一年、同一货币。

    Returns
    -------
    pandas.DataFrame
        索引 (``year``，``period``，``unit``)；``ratio``、``log_gap`` 见 :func:`chokepoint.trade.unit_value_gap`；
        一年有两种货币的只留美元。
    """
    sides = {side: _side(goods, side) for side in ("import", "export")}
    shared = sides["import"].index.intersection(sides["export"].index)
    price = {s: trade.unit_value(f.loc[shared, "value"], f.loc[shared, "value_q"]) for s, f in sides.items()}
    found = trade.unit_value_gap(price["import"], price["export"]).sort_index()
    usd = found.index.get_level_values("unit") == "USD_100m"
    return pd.concat([found[usd], found[~usd]]).groupby(level=["year", "period"], sort=True).head(1).sort_index()


def published_gap(goods: str = "metalworking_machine_tools") -> pd.Series:
    """来源直接给出的进口均价与出口均价之比，索引为年。"""
    table = data.load("trade_totals")
    table = table[(table["goods"] == goods) & (table["indicator"] == "import_export_unit_value_ratio")]
    return table.set_index("year")["value"].sort_index()


def priced_gap(goods: str = "steel_products") -> pd.Series:
    """来源分别给出进口均价与出口均价的，两者之比，索引为 (年，时段)。"""
    table = data.load("trade_totals")
    table = table[(table["goods"] == goods) & table["indicator"].isin(["import_unit_value", "export_unit_value"])]
    wide = table.pivot(index=["year", "period"], columns="indicator", values="value").sort_index()
    return trade.unit_value_gap(wide["import_unit_value"], wide["export_unit_value"])["ratio"]


def unit_values() -> pd.DataFrame:
    """单价之比一览，供作图。

    Returns
    -------
    pandas.DataFrame
        索引为行名（商品与时段）；``ratio`` 进口单价除以出口单价；``goods`` 商品代码。
    """
    period = data.labels("trade_totals", "period")
    goods = data.labels("trade_totals", "goods")

    def label(key: str, year: int, when: str = "full_year") -> str:
        name = goods[key].split("（")[0]
        return f"{name} {year}" + ("" if when == "full_year" else f"（{period[when]}）")

    rows = [(label(k, y), v, k) for k in ["metalworking_machine_tools"] for y, v in published_gap(k).items()]
    rows += [(label("rolling_bearings", y, w), v, "rolling_bearings") for (y, w), v in _ratio("rolling_bearings")]
    rows += [(label("steel_products", y, w), v, "steel_products") for (y, w), v in priced_gap().items()]
    rows += [(label("integrated_circuits", y, w), v, "integrated_circuits") for (y, w), v in _ratio()]
    return pd.DataFrame(rows, columns=["label", "ratio", "goods"]).set_index("label")


def _ratio(goods: str = "integrated_circuits"):
    found = computed_gaps(goods).reset_index("unit")["ratio"]
    return list(found.items())


def machine_balance() -> pd.DataFrame:
    """机床：同一来源、同一时段的进口额与出口额之比。

    Returns
    -------
    pandas.DataFrame
        ``goods_zh``、``period_zh``、``import``、``export``（亿美元）、``ratio``；年份存疑的冲突行不收。
    """
    table = data.load("trade_totals")
    kinds = ["machine_tools_and_tools", "metal_cutting_machine_tools", "metal_forming_machine_tools"]
    table = table[table["goods"].isin(kinds) & table["indicator"].isin(["import_value", "export_value"])]
    doubtful = table["note"].fillna("").str.startswith("年份存疑")
    wide = table[~doubtful].pivot(index=["goods", "year", "period"], columns="indicator", values="value").dropna()
    wide = wide.reset_index()
    label = data.labels("trade_totals", "period")
    period = ["" if p == "full_year" else f" {label[p]}" for p in wide["period"]]
    goods = wide["goods"].map(data.labels("trade_totals", "goods"))
    wide["ratio"] = trade.import_export_ratio(wide["import_value"], wide["export_value"])
    wide["goods_zh"], wide["period_zh"] = goods, [f"{y} 年{p}" for y, p in zip(wide["year"], period, strict=True)]
    return wide.rename(columns={"import_value": "import", "export_value": "export"})[
        ["goods", "year", "goods_zh", "period_zh", "import", "export", "ratio"]
    ]


# ---- 第四步：日本一侧 -------------------------------------------------------------------------------


def japan_shares(flow: str = "export", partner: str = "CHN") -> pd.DataFrame:
    """伙伴占日本各类商品出口或进口的份额（0–1）：行为年，列为商品代码。"""
    table = data.load("japan_trade")
    table = table[table["flow"] == flow]
    wide = table.pivot(index=["year", "goods"], columns="partner_iso3", values="value")
    return (wide[partner] / wide["WLD"]).unstack("goods")


def japan_lines() -> pd.DataFrame:
    """中国占日本出口的份额（%），列为 :data:`JAPAN_EXPORTS` 的中文名；没有的年份缺失。"""
    return (japan_shares()[list(JAPAN_EXPORTS)] * 100).rename(columns=data.labels("japan_trade", "goods"))


def japan_hhi(goods: str = "semiconductor_machinery") -> pd.DataFrame:
    """日本一类商品出口目的地的 HHI 上下界（0–1）与没有单列的余额：行为年，列 ``low``、``high``、``rest``。

    只用单个经济体；欧盟与其成员国重叠，不计，没有单列的成员国在余额里。
    """
    table = data.load("japan_trade")
    table = table[(table["flow"] == "export") & (table["goods"] == goods)]
    rows = {}
    for year, part in table.groupby("year"):
        value = part.set_index("partner_iso3")["value"]
        single = value.drop(["WLD", "EUU"], errors="ignore")
        bounds = concentration.hhi_bounds(single, value["WLD"])
        rows[year] = {"low": bounds.low, "high": bounds.high, "rest": 1 - single.sum() / value["WLD"]}
    return pd.DataFrame.from_dict(rows, orient="index")


def japan_both_ways(year: int = 2025) -> pd.DataFrame:
    """中国在日本各类商品出口与进口中的份额（%）：索引为商品中文名，按两者之差排列。

    Returns
    -------
    pandas.DataFrame
        ``export`` 日本出口中输往中国的，``import`` 日本进口中来自中国的；只收两边都有的商品，
        不含几类的合计（它们与所含的商品重叠）。
    """
    frame = pd.DataFrame({f: japan_shares(f).loc[year] * 100 for f in ("export", "import")}).dropna()
    frame = frame[~frame.index.str.endswith("_total")]
    order = (frame["export"] - frame["import"]).sort_values(ascending=False).index
    return frame.loc[order].rename(index=lambda g: data.labels("japan_trade", "goods")[g].split("（")[0])


def yen_and_share(first: int = 2022, last: int = 2024) -> dict[str, float]:
    """日本对华半导体等制造设备出口：``value`` 日元金额变了几倍，``share`` 中国所占份额变了几倍。"""
    table = data.load("japan_trade")
    table = table[(table["flow"] == "export") & (table["goods"] == "semiconductor_machinery")]
    value = table[table["partner_iso3"] == "CHN"].set_index("year")["value"]
    share = japan_shares()["semiconductor_machinery"]
    return {"value": value[last] / value[first], "share": share[last] / share[first]}


# ---- 第五步：定义决定数目 ---------------------------------------------------------------------------


def studies() -> pd.DataFrame:
    """各家筛出的依赖产品数。

    Returns
    -------
    pandas.DataFrame
        ``label``（作者与年，换行，判据）、``said``（连成一句）、``iso3``、``overall``（不限伙伴）、``value``（个）、``year``、``study``、
        ``result``；中国在前，不限伙伴的在前，再按数目升序。
        只收 :data:`STUDY_RULES` 所列的中国与欧盟的结果；一家有几年的取最近一年。
    """
    table = data.load("dependency_results")
    chosen = pd.MultiIndex.from_frame(table[["study", "result"]]).isin(list(STUDY_RULES))
    table = (
        table[chosen & table["iso3"].isin(["CHN", "EUU"])]
        .sort_values("year")
        .drop_duplicates(["study", "iso3", "result"], keep="last")
    )
    rule = [STUDY_RULES[k] for k in zip(table["study"], table["result"], strict=True)]
    frame = table.assign(label=[f"{STUDY_SHORT[s]}\n{r}" for s, r in zip(table["study"], rule, strict=True)])
    frame["overall"] = frame["result"] == "dependent_products"
    frame["said"] = [
        f"{t.replace(chr(10), '，')} {v:.0f} 种" for t, v in zip(frame["label"], frame["value"], strict=True)
    ]
    frame = frame.sort_values(["iso3", "overall", "value"], ascending=[True, False, True], kind="stable")
    return frame.reset_index(drop=True)[["label", "said", "iso3", "overall", "value", "year", "study", "result"]]


def sensitive_products() -> pd.DataFrame:
    """王有鑫、孙可昕的两个年份：``count`` 敏感依赖产品数（个），``share`` 其占进口额（%）；索引为年。"""
    table = data.load("dependency_results")
    table = table[(table["study"] == "wang_sun_2023")]
    wide = table.pivot(index="year", columns="result", values="value")
    return wide[["dependent_products", "share_of_import_value"]].set_axis(["count", "share"], axis=1)


def churn(result: str) -> float:
    """欧盟委员会办法下清单的更替（%）：``churn_one_year`` 或 ``churn_five_years``。"""
    table = data.load("dependency_results")
    table = table[table["study"] == "vicard_wibaux_2023"].set_index("result")
    return float(table.loc[result, "value"])


def criteria() -> pd.DataFrame:
    """各家的判据与门槛：``study_zh``、``criterion_zh``、``definition``、``threshold``（文字）、``status_zh``。"""
    table = data.load("dependency_criteria")
    sign = {"gt": "大于", "ge": "不小于"}
    unit = {"years": " 年"}

    def limit(row: pd.Series) -> str:
        if pd.isna(row["threshold"]):
            return "—"
        return f"{sign[row['operator']]} {row['threshold']:g}{unit.get(row['unit'], '')}"

    return pd.DataFrame(
        {
            "study_zh": table["study"].map(STUDY_SHORT),
            "criterion_zh": table["criterion"].map(data.labels("dependency_criteria", "criterion")),
            "definition": table["definition"],
            "threshold": [limit(row) for _, row in table.iterrows()],
            "status_zh": table["threshold_status"].map(data.labels("dependency_criteria", "threshold_status")),
        }
    )


def measured(members: tuple[str, ...] = ()) -> pd.DataFrame:
    """半导体设备在各家判据下的量，可能的最小与最大。

    进口来源取 :data:`JUDGED` 的名单，份额按四舍五入留半个百分点的余地，没有点名的余额可全归一家，也可分散；
    世界出口的集中度取各年的最小与最大；进出口之比取各年的最小与最大。

    Parameters
    ----------
    members : tuple of str
        合为一家的供应方；空则各算各的。

    Returns
    -------
    pandas.DataFrame, shape (2, 5)
        行 ``low``、``high``；列 ``import_hhi``、``world_hhi``、``ratio``、``largest``（最大的单一来源）、
        ``allies``（美国为首的一组合占；成员不只美、日、荷，所以上界为 1），HHI 与份额 0–1。
    """
    listed, total = _listed(JUDGED)
    shares, room = listed / total, ROUNDING * len(listed)
    rest = 1 - shares.sum() + room
    years = data.load("semi_equipment_trade")["year"].unique()
    world = [world_hhi(y, members) for y in years]
    ratio, bounds = ratios()["CHN"], rounded_bounds(JUDGED, members)
    ally = float(shares[shares.index.isin(ALLIES)].sum())
    return pd.DataFrame(
        {
            "import_hhi": list(bounds),
            "world_hhi": [min(world), max(world)],
            "ratio": [ratio.min(), ratio.max()],
            "largest": [shares.max() - ROUNDING, max(shares.max() + ROUNDING, rest)],
            "allies": [ally - room, 1.0],
        },
        index=["low", "high"],
    )


#: 用到半导体设备上的判据：（研究，判据，量）。欧盟为关税同盟而设的一条对单个国家恒成立，不列；
#: MERICS 2020 原为欧盟对中国，这里借来问“有没有哪一个来源过半”。
APPLIED = (
    ("cepii_geodep", "import_concentration", "import_hhi"),
    ("cepii_geodep", "world_export_concentration", "world_hhi"),
    ("cepii_geodep", "import_export_ratio", "ratio"),
    ("merics_2024", "import_export_ratio", "ratio"),
    ("merics_2020", "partner_share", "largest"),
    ("cha_2023", "group_share", "allies"),
    ("ec_2021", "import_concentration", "import_hhi"),
    ("ec_2021", "import_export_ratio", "ratio"),
)


def _verdict(low: float, high: float, operator: str, limit: float) -> str:
    if pd.isna(limit):
        return "没有门槛"
    holds = [v > limit if operator == "gt" else v >= limit for v in (low, high)]
    return "成立" if all(holds) else "不成立" if not any(holds) else "不定"


def verdicts() -> pd.DataFrame:
    """半导体设备：各家判据逐条成立与否，各算各的与美日荷合为一家各判一次。

    Returns
    -------
    pandas.DataFrame
        ``study_zh``、``criterion_zh``、``range``（各算各的值）、``threshold``、``single``、``bloc``
        （``成立``、``不成立``、``不定``、``没有门槛``）；另有代码列 ``study``、``criterion``。
    """
    rules = data.load("dependency_criteria").set_index(["study", "criterion"])
    criterion = data.labels("dependency_criteria", "criterion")
    one, bloc = measured(), measured(ALLIES)
    bloc["largest"] = bloc["allies"]
    rows = []
    for s, c, m in APPLIED:
        limit, operator = rules.loc[(s, c), "threshold"], rules.loc[(s, c), "operator"]
        digits = 1 if m == "ratio" else 2
        rows.append(
            {
                "study": s,
                "criterion": c,
                "study_zh": STUDY_SHORT[s],
                "criterion_zh": criterion[c],
                "range": f"{one.loc['low', m]:.{digits}f}–{one.loc['high', m]:.{digits}f}",
                "threshold": "—" if pd.isna(limit) else f"{'≥' if operator == 'ge' else '>'} {limit:g}",
                "single": _verdict(one.loc["low", m], one.loc["high", m], operator, limit),
                "bloc": _verdict(bloc.loc["low", m], bloc.loc["high", m], operator, limit),
            }
        )
    return pd.DataFrame(rows)


# ---- 冲突与镜像 -------------------------------------------------------------------------------------


def conflicts() -> pd.DataFrame:
    """半导体设备进口额：同一年不止一个总数的，并列。

    Returns
    -------
    pandas.DataFrame
        ``year``、``period_zh``、``when``（年与时段，全年只写年）、``value``（亿美元）、``note``、
        ``kind``（``published`` 或 ``codes``）；
        2020 年另列 Comtrade 一个编码与三个编码之和。
    """
    table = data.load("trade_totals")
    table = table[(table["goods"] == "semiconductor_equipment") & (table["indicator"] == "import_value")]
    table = table[table["conflict"].notna() | (table["year"] == THIN)].sort_values(["year", "value"])
    period = data.labels("trade_totals", "period")
    rows = [
        {"year": r.year, "period_zh": period[r.period], "value": r.value, "note": r.note, "kind": "published"}
        for r in table.itertuples()
    ]
    codes = pd.Series({code: flows(code).loc[("CHN", THIN), "import"] for code in CODES}) / 100
    full = period["full_year"]
    rows += [
        {
            "year": THIN,
            "period_zh": full,
            "value": codes[TOOL],
            "note": "联合国 Comtrade，只有前道设备一个编码",
            "kind": "codes",
        },
        {
            "year": THIN,
            "period_zh": full,
            "value": codes.sum(),
            "note": "联合国 Comtrade，本章所用的编码之和",
            "kind": "codes",
        },
    ]
    frame = pd.DataFrame(rows).sort_values(["year", "value"], kind="stable").reset_index(drop=True)
    frame["when"] = [
        f"{y} 年" + ("" if p == full else f" {p}") for y, p in zip(frame["year"], frame["period_zh"], strict=True)
    ]
    return frame


def exchange_rate(year: int = 2024) -> float:
    """人民币兑美元（元/美元）：同一份统计里集成电路出口额的人民币数除以美元数。"""
    table = data.load("trade_totals")
    table = table[(table["goods"] == "integrated_circuits") & (table["indicator"] == "export_value")]
    sold = table[table["year"] == year].set_index("unit")["value"]
    return float(sold["CNY_100m"] / sold["USD_100m"])


def mirrors() -> pd.DataFrame:
    """同一股流，中国所记的进口与对方所记的对华出口（亿美元）。

    Returns
    -------
    pandas.DataFrame
        ``goods_zh``、``iso3``、``name_zh``、``year``、``importer``、``exporter``、``ratio``（前者除以后者）、
        ``codes``（对方的数由几个编码相加）。集成电路只收三个编码里至少有两个的出口方。
    """
    origins, sold = data.load("import_origins"), data.load("exports_to_china")
    said = origins[
        (origins["indicator"] == "import_value")
        & (origins["period"] == "full_year")
        & (origins["partner_group"] == "single")
    ].rename(columns={"partner_iso3": "iso3"})
    chips = (said["goods"] == "integrated_circuits") & (said["year"] == 2024)
    said = said[chips | (said["goods"] == "semiconductor_equipment")].copy()
    said["value"] = said["value"].where(said["unit"] == "USD_100m", said["value"] / exchange_rate())
    code = dict.fromkeys(CHIPS, "integrated_circuits") | {TOOL: "semiconductor_equipment"}
    sold = sold.assign(goods=sold["hs6"].map(code)).dropna(subset="goods").rename(columns={"exporter_iso3": "iso3"})
    sold = sold.groupby(["goods", "iso3", "year"])["value"].agg(["sum", "size"]).reset_index()
    sold = sold[(sold["goods"] != "integrated_circuits") | (sold["size"] >= 2)]
    sold["value"] = sold["sum"] / 100
    keys = ["goods", "iso3", "year"]
    found = trade.mirror_compare(said[[*keys, "value"]], sold[[*keys, "value"]], keys)
    found = found[found["status"] == "both"].reset_index()
    found["codes"] = found[keys].merge(sold, on=keys)["size"].to_numpy()
    found["name_zh"] = found["iso3"].map(names())
    found["goods_zh"] = found["goods"].map(data.labels("import_origins", "goods"))
    return found.sort_values(["goods", "ratio"], ascending=[False, False]).reset_index(drop=True)


def hong_kong(year: int = 2024) -> float:
    """中国香港申报的三个集成电路编码对内地出口（亿美元），多为别处原产的转口。"""
    sold = data.load("exports_to_china")
    sold = sold[(sold["exporter_iso3"] == "HKG") & (sold["year"] == year) & sold["hs6"].isin(CHIPS)]
    return float(sold["value"].sum() / 100)


def same_amount() -> dict[str, float]:
    """2025 年集成电路来源里同额的美国与日本：中国一侧所记日本的增幅，与日本海关所记的增幅（小数）。"""
    origins = data.load("import_origins")
    origins = origins[(origins["goods"] == "integrated_circuits") & (origins["indicator"] == "import_value")]
    said = origins[origins["partner_iso3"] == "JPN"].set_index("year")["value"]
    sold = data.load("japan_trade")
    sold = sold[(sold["flow"] == "export") & (sold["goods"] == "integrated_circuits") & (sold["partner_iso3"] == "CHN")]
    sold = sold.set_index("year")["value"]
    return {"china": said[2025] / said[2024] - 1, "japan": sold[2025] / sold[2024] - 1}


def blind_spots() -> pd.DataFrame:
    """三十五项技术按海关代理的质量：``proxy_zh``、``count``、``examples``（最多四个名称）。"""
    best = identify.visibility()["proxy"]
    label = data.labels("hs_proxy", "proxy_quality")
    name = identify.technologies()["name_zh"]
    rows = []
    for grade in identify.PROXY_ORDER:
        inside = name.reindex(best.index[best == grade])
        rows.append((label[grade], len(inside), "、".join(inside.head(4))))
    return pd.DataFrame(rows, columns=["proxy_zh", "count", "examples"])


def headline() -> dict[str, float]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        ``ratio_2016``、``ratio_2018``、``ratio_2020`` 中国前道设备的进出口比；
        ``export_share`` 中国占世界出口（0–1，:data:`THIN` 年）；
        ``national``、``allies`` 世界出口的 HHI（各算各的、美日荷合一，:data:`FULL` 年）；
        ``bloc_share`` 美日荷合占世界出口（0–1）；``gap_machine`` 机床最近一个进出口单价比；
        ``gap_ic_first``、``gap_ic_last`` 集成电路单价比的首末；
        ``japan_first``、``japan_peak``、``japan_last`` 中国占日本半导体设备出口（0–1），
        ``japan_peak_year`` 最高的年份；``photo_first``、``photo_last`` 中国占日本照相与电影用材料出口；
        ``strict`` CEPII 筛出的中国依赖产品数（不限伙伴），``most`` 各家中最多的；
        ``fails`` 各算各的时“不成立”的判据条数，``flips`` 其中美日荷合一后改为“成立”的。
    """
    ratio, blocs, price = ratios()["CHN"], bloc_years().loc[FULL], computed_gaps("integrated_circuits")["ratio"]
    japan = japan_shares()
    tools, photo = japan["semiconductor_machinery"].dropna(), japan["photographic_supplies"]
    counts = studies().query("iso3 == 'CHN'").set_index("study")["value"]
    judged = verdicts()
    failed = judged["single"] == "不成立"
    return {
        "ratio_2016": ratio[2016],
        "ratio_2018": ratio[2018],
        "ratio_2020": ratio[THIN],
        "export_share": float(suppliers(THIN)["CHN"]),
        "national": blocs["national"],
        "allies": blocs["allies"],
        "bloc_share": float(suppliers()[list(ALLIES)].sum()),
        "gap_machine": published_gap().iloc[-1],
        "gap_ic_first": price.iloc[0],
        "gap_ic_last": price.iloc[-1],
        "japan_first": tools.iloc[0],
        "japan_peak": tools.max(),
        "japan_peak_year": int(tools.idxmax()),
        "japan_last": tools.iloc[-1],
        "photo_first": photo.iloc[0],
        "photo_last": photo.iloc[-1],
        "strict": int(counts["cepii_geodep"]),
        "most": int(counts.max()),
        "fails": int(failed.sum()),
        "flips": int((failed & (judged["bloc"] == "成立")).sum()),
    }
