"""“关键基础材料”一章的主要数字：欧盟的评分、矿物的集中、反向的瓶颈，以及光刻胶、硅片与先进材料。

矿物的份额按生产地，芯片材料的份额按企业总部，出口是中国申报的 39 个伙伴之和；三者不可相加。
前后比较只说数列自己变了多少，不说变化由管制引起。
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd

from .. import concentration, data, inference
from . import components, import_dependence, industry_chain

# ---- 欧盟的评分 ----

#: 欧盟研究的各版；2017 年起换了方法，与以前不可比。
EDITIONS = (2011, 2014, 2017, 2020, 2023)
METHOD = 2017

#: 2017 年起的两条线：供应风险、经济重要性都达到（含等于）即为关键。
RISK_LINE, IMPORTANCE_LINE = 1.0, 2.8

#: 断线图上换方法的位置（两版之间）与四条线的颜色。
BREAK_AT, LINE_COLORS = 2015.5, ("#D55E00", "#E69F00", "#0072B2", "#56B4E9")

#: 静态图上写名字的材料。
NAMED = ("gallium", "germanium", "natural_graphite", "lrees", "hrees", "magnesium", "tungsten", "niobium", "indium",
         "copper", "nickel", "cobalt", "lithium", "silicon_metal", "aluminium", "helium")  # fmt: skip

#: 互动图一开始选中的材料。
START = "gallium"


@cache
def _scores() -> pd.DataFrame:
    return data.load("crm_scores").pivot(index="material", columns="year")


def material_names() -> dict[str, str]:
    """评分表里的材料代码 → 中文名。"""
    return data.labels("crm_scores", "material")


def critical(strict: bool = False) -> pd.DataFrame:
    """各版的材料是否达到现行的两条线。

    Parameters
    ----------
    strict : bool
        真：要超过线，恰在线上的不算。评分公布到一位小数，恰在线上的归属说不准。

    Returns
    -------
    pandas.DataFrame
        索引为材料，列为版次；布尔值，没有评估的缺失。2017 年以前的两版只为演示“硬套”的后果。
    """
    risk, weight = _scores()["supply_risk"], _scores()["economic_importance"]
    hit = (
        (risk > RISK_LINE) & (weight > IMPORTANCE_LINE) if strict else (risk >= RISK_LINE) & (weight >= IMPORTANCE_LINE)
    )
    return hit.astype(object).where(risk.notna())


def counts(strict: bool = False) -> pd.DataFrame:
    """各版评估与达线的材料数：行为版次，列 ``assessed``、``critical``。"""
    hit = critical(strict)
    return pd.DataFrame({"assessed": hit.notna().sum(), "critical": hit.eq(True).sum()}).astype(int)


def moves() -> pd.DataFrame:
    """相邻两版之间跨线的材料，只比同一方法的各版；末行为 2017 年对 2023 年。

    Returns
    -------
    pandas.DataFrame
        索引为（前版，后版）；``before``、``after`` 两版达线的种数；``common`` 两版都评估的；``entered``、``left`` 其中
        越线进入、退出的；``added``、``removed`` 因为开始评估、不再评估而增减的达线材料；``names_in``、``names_out``
        进入与退出者的名单。恒等式：after = before + entered − left + added − removed。
    """
    hit, called = critical(), material_names()
    rows = {}
    for first, last in ((2017, 2020), (2020, 2023), (2017, 2023)):
        a, b = hit[first], hit[last]
        both = a.notna() & b.notna()
        into, out = both & a.eq(False) & b.eq(True), both & a.eq(True) & b.eq(False)
        rows[first, last] = {
            "before": int(a.eq(True).sum()),
            "after": int(b.eq(True).sum()),
            "common": int(both.sum()),
            "entered": int(into.sum()),
            "left": int(out.sum()),
            "added": int((a.isna() & b.eq(True)).sum()),
            "removed": int((b.isna() & a.eq(True)).sum()),
            "names_in": [called[m] for m in hit.index[into]],
            "names_out": [called[m] for m in hit.index[out]],
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def moves_table() -> pd.DataFrame:
    """跨线的材料，供列表：两版，种数，越线进入与退出的名单，名单变动带来的增减。"""
    frame = moves()
    return pd.DataFrame(
        {
            "pair": [f"{a}→{b}" for a, b in frame.index],
            "common": frame["common"],
            "change": frame["before"].astype(str) + " → " + frame["after"].astype(str),
            "entered": ["、".join(n) for n in frame["names_in"]],
            "left": ["、".join(n) for n in frame["names_out"]],
            "set": [f"增 {a}，减 {r}" for a, r in zip(frame["added"], frame["removed"], strict=True)],
        }
    )


def added_names(first: int = 2017, last: int = 2023) -> list[str]:
    """前一版没有评估、后一版达线的材料名。"""
    hit = critical()
    return [material_names()[m] for m in hit.index[hit[first].isna() & hit[last].eq(True)]]


def method_lines() -> pd.DataFrame:
    """各版的平均评分与自助区间，全部评估的与各版都有的各一条。

    Returns
    -------
    pandas.DataFrame
        ``line``、``x``（版次）、``y``、``low``、``high``、``segment``（换方法前后）；区间由重抽材料得出，说的是
        “换一批材料会怎样”，不是评分自身的误差。
    """
    rows = []
    for code, name in (("economic_importance", "经济重要性"), ("supply_risk", "供应风险")):
        wide = _scores()[code]
        for kind, frame in (("全部", wide), ("固定名单", wide.dropna())):
            for year in EDITIONS:
                mean = inference.bootstrap(frame[[year]].dropna(), _mean)
                segment = "新" if year >= METHOD else "旧"
                rows.append((f"{name}（{kind}）", year, *mean, segment))
    return pd.DataFrame(rows, columns=["line", "x", "y", "low", "high", "segment"])


def _mean(frame: pd.DataFrame) -> float:
    return float(frame.iloc[:, 0].mean())


def method_jump() -> dict[str, float]:
    """换方法的一步（2014 → 2017）与同法的一步（2017 → 2020）之中，固定名单的平均分变了多少。

    Returns
    -------
    dict
        ``count`` 固定名单的材料数；``importance_break``、``importance_same``、
        ``risk_break``、``risk_same`` 平均分之差；
        ``forced`` 2017 年的线硬套到 2014 年，达线的种数，``now`` 2017 年的种数。
    """
    out = {"count": len(_scores()["supply_risk"].dropna())}
    for code, name in (("economic_importance", "importance"), ("supply_risk", "risk")):
        mean = _scores()[code].dropna().mean()
        out[f"{name}_break"] = float(mean[2017] - mean[2014])
        out[f"{name}_same"] = float(mean[2020] - mean[2017])
    table = counts()["critical"]
    return {**out, "forced": int(table[2014]), "now": int(table[2017])}


def plane(year: int = EDITIONS[-1]) -> pd.DataFrame:
    """某一版的平面：索引为材料，``name_zh``、``x`` 经济重要性、``y`` 供应风险、``critical``、``named``。"""
    frame = _scores().xs(year, axis=1, level="year").dropna()
    return pd.DataFrame(
        {
            "name_zh": [material_names()[m] for m in frame.index],
            "x": frame["economic_importance"],
            "y": frame["supply_risk"],
            "critical": critical()[year].reindex(frame.index).astype(bool),
            "named": frame.index.isin(NAMED),
        }
    )


def plane_payload() -> dict:
    """互动图的数据：各版的点与达线与否，都在这里算好。

    Returns
    -------
    dict
        ``years``；``materials`` 一行一种材料：名字与各版的 ``[经济重要性, 供应风险, 是否达线]``，
        没有评估的为 ``null``；
        ``said`` 每版一句话；``lines`` 两条线；``method`` 换方法的一版；``start`` 开始时选中的材料的序号。
    """
    risk, weight, hit, called = (
        *(_scores()[c] for c in ("supply_risk", "economic_importance")),
        critical(),
        material_names(),
    )
    order = sorted(hit.index, key=lambda m: (-hit.loc[m].notna().sum(), m))
    rows = [
        {
            "name": called[m],
            "at": [
                None
                if pd.isna(risk.loc[m, y])
                else [float(weight.loc[m, y]), float(risk.loc[m, y]), bool(hit.loc[m, y])]
                for y in EDITIONS
            ],
        }
        for m in order
    ]
    table = counts()
    said = [
        f"{y} 年版评估 {n.assessed} 种"
        + (f"，{n.critical} 种达到两条线" if y >= METHOD else "，方法不同，两条线不适用")
        for y, n in zip(EDITIONS, table.itertuples(), strict=True)
    ]
    return {
        "years": list(EDITIONS),
        "materials": rows,
        "said": said,
        "lines": [IMPORTANCE_LINE, RISK_LINE],
        "method": METHOD,
        "start": order.index(START),
    }


# ---- 集中度 ----

#: 几家来源都列名、或最常被引的材料与环节；再多，图在 PDF 里就放不进一页。
COMPARED = (
    ("copper", "extraction"), ("nickel", "extraction"), ("lithium", "extraction"), ("cobalt", "extraction"),
    ("natural_graphite", "extraction"), ("tungsten", "extraction"), ("niobium", "extraction"),
    ("cobalt", "processing"), ("germanium", "processing"), ("gallium", "processing"),
)  # fmt: skip

#: 年鉴里与欧盟研究年份最近的三年、最新的一年；国际能源署的实绩或估计所在的一年。
ALIGNED, RECENT, ENERGY = (2018, 2019, 2020), 2022, 2024

#: 趋势图上的矿物。
TRENDED = (
    ("nickel", "extraction"), ("cobalt", "extraction"), ("lithium", "extraction"), ("natural_graphite", "extraction"),
    ("rare_earths", "extraction"), ("germanium", "processing"),
)  # fmt: skip

#: 份额之和因取整超出总数的容差（比例）；国际能源署的镍与石墨最多超出约百分之三。
OVER = 0.05


def _eu(scope: str = "global_production") -> pd.DataFrame:
    rows = data.load("crm_provision")
    nodes = data.load("crm_nodes")[["node_id", "material", "stage", "material_group", "name_zh"]]
    return rows[rows["scope"] == scope].merge(nodes, on="node_id")


@cache
def _source_shares() -> dict[str, pd.DataFrame]:
    """四组份额（百分数）：来源的名字 → 列 ``material``、``stage``、``iso3``、``share``。"""
    book, energy = data.load("mineral_production"), data.load("iea_minerals")
    key = ["material", "stage", "iso3"]
    near = book[book["year"].isin(ALIGNED)].groupby(key)["share"].sum().div(len(ALIGNED)).reset_index()
    return {
        "欧盟（多年平均）": _eu()[[*key, "share"]],
        "年鉴 2018–2020 年平均": near,
        f"年鉴 {RECENT} 年": book.loc[book["year"] == RECENT, [*key, "share"]],
        f"国际能源署 {ENERGY} 年": energy.loc[energy["year"] == ENERGY, [*key, "share"]],
    }


def shares_bounds(shares: pd.Series) -> concentration.Bounds:
    """一份名单（索引为经济体，百分数）的 HHI 上下界；``ROW`` 与差额是没有列名的余额。

    各国之和超过一百的（取整，或来源自己的分母）按和归一。
    """
    total = max(100.0, float(shares.sum()))
    return concentration.hhi_bounds(shares.drop("ROW", errors="ignore"), total, tolerance=OVER)


def node_names() -> dict[tuple[str, str], str]:
    """（材料，环节）→ 中文名，如“钴（开采）”。"""
    nodes = data.load("crm_nodes").dropna(subset=["material"])
    return {
        (m, s): z.replace("加工或冶炼", "冶炼")
        for m, s, z in nodes[["material", "stage", "name_zh"]].itertuples(index=False)
    }


def source_bounds() -> dict[str, pd.DataFrame]:
    """各家来源的 HHI 上下界：来源 → 表，索引为材料与环节的中文名，列 ``low``、``high``；没有列的缺失。"""
    out, called = {}, node_names()
    for name, frame in _source_shares().items():
        rows = {}
        for pair in COMPARED:
            part = frame[(frame["material"] == pair[0]) & (frame["stage"] == pair[1])].set_index("iso3")["share"]
            rows[called[pair]] = shares_bounds(part) if len(part) else (np.nan, np.nan)
        out[name] = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high"])
    return out


def share_of(iso3: str, material: str, stage: str) -> dict[str, float]:
    """一个经济体在各家来源里的份额（百分数）；来源 → 份额，没有列名的不在其中。"""
    out = {}
    for name, frame in _source_shares().items():
        part = frame[(frame["material"] == material) & (frame["stage"] == stage) & (frame["iso3"] == iso3)]
        if len(part):
            out[name] = float(part["share"].iloc[0])
    return out


@cache
def yearly_hhi() -> pd.DataFrame:
    """年鉴各年的 HHI：行为年，列为（矿物，环节）；各国之和为一百，没有余额。"""
    book = data.load("mineral_production")
    found = book.groupby(["year", "material", "stage"])["share"].apply(lambda s: concentration.hhi(s / s.sum()))
    return found.unstack(["material", "stage"])


def _mineral(pair: tuple[str, str]) -> str:
    """年鉴里一种矿物的中文名；两个环节都有的才写环节。"""
    material, stage = pair
    both = data.load("mineral_production").query("material == @material")["stage"].nunique() > 1
    called = data.labels("mineral_production", "material")[material].split("（")[0]
    return called + (f"（{ {'extraction': '开采', 'processing': '冶炼'}[stage] }）".replace(" ", "") if both else "")


def trend() -> pd.DataFrame:
    """各矿物 HHI 的年变化（Theil–Sen 斜率）与区间，按估计自大到小。

    Returns
    -------
    pandas.DataFrame
        索引为中文名；``estimate``、``low``、``high`` 每年变多少（HHI 以 0–1 计）；``clear`` 区间不含零；
        ``leader`` 最近一年的第一大生产地。
    """
    wide, first = yearly_hhi(), leaders()
    rows = {pair: inference.slope(wide.index, wide[pair]) for pair in wide}
    frame = pd.DataFrame(list(rows.values()), index=[_mineral(p) for p in rows])
    frame["clear"] = [s.excludes() for s in rows.values()]
    frame["leader"] = [import_dependence.names()[first[p]] for p in rows]
    return frame.sort_values("estimate", ascending=False)


def trend_chance() -> dict[str, float]:
    """单凭偶然，:func:`trend` 里会有几种的区间不含零。

    年份这样少，区间不含零就是各年一路同向。两种偶然：``independent`` 各年互相独立，每种的机会是 ``2 / n!``；
    ``walk`` 一年接一年，每步升降各半，每种的机会是 ``2 / 2**(n - 1)``。

    Returns
    -------
    dict
        ``independent``、``walk`` 期望的种数。
    """
    years, kinds = yearly_hhi().shape
    return {"independent": kinds * 2 / math.factorial(years), "walk": kinds * 2 / 2 ** (years - 1)}


def trend_points() -> pd.DataFrame:
    """趋势图：:data:`TRENDED` 各年的 HHI，列 ``line``、``x``、``y``。"""
    wide = yearly_hhi()[list(TRENDED)]
    wide.columns = [_mineral(p) for p in wide]
    return wide.set_axis(wide.index.astype(int)).reset_index(names="x").melt("x", var_name="line", value_name="y")


def leaders(year: int = RECENT) -> pd.Series:
    """年鉴里各矿物的第一大生产地：索引为（矿物，环节），值为经济体代码。"""
    book = data.load("mineral_production").query("year == @year").sort_values("share")
    return book.groupby(["material", "stage"])["iso3"].last()


#: 产量不到世界这么多（%），算作“自己几乎不产”。
THIN = 5.0


def little_at_home(limit: float = THIN, year: int = RECENT) -> pd.Series:
    """中国产量不到世界 ``limit``% 的矿物：索引为中文名，值为份额（百分数，没有列出的为零），自低到高。"""
    book = data.load("mineral_production").query("year == @year")
    key = ["material", "stage"]
    home = book[book["iso3"] == "CHN"].set_index(key)["share"]
    home = home.reindex(pd.MultiIndex.from_frame(book[key].drop_duplicates()), fill_value=0.0)
    home = home[home < limit].sort_values(kind="stable")
    return home.set_axis([_mineral(p) for p in home.index])


def eu_view() -> pd.DataFrame:
    """中国在世界产量与在欧盟供应中的份额：两边都列了中国、又没有保留意见的材料环节。

    稀土各元素沿用所在组的份额，一组只留一行。

    Returns
    -------
    pandas.DataFrame
        索引为中文名；``world``、``union`` 百分数，按 ``world`` 降序。
    """
    sides = []
    for scope, name in (("global_production", "world"), ("eu_sourcing", "union")):
        rows = _eu(scope)
        rows = rows[(rows["iso3"] == "CHN") & rows["caution"].isna()]
        sides.append(
            rows.set_index("node_id")[["name_zh", "stage", "material_group", "share"]].rename(columns={"share": name})
        )
    both = sides[0].join(sides[1]["union"], how="inner")
    rare = both["material_group"].isin(["lrees", "hrees"])
    group = both["material_group"].map({"lrees": "轻稀土", "hrees": "重稀土"}) + both["stage"].map(
        {"extraction": "（开采）", "processing": "（冶炼）"}
    )
    both.loc[rare, "name_zh"] = group[rare]
    both = both.drop_duplicates(["name_zh", "world", "union"])
    both["name_zh"] = both["name_zh"].str.replace("加工或冶炼", "冶炼")
    return both.set_index("name_zh")[["world", "union"]].sort_values("world", ascending=False, kind="stable")


#: 中国的世界份额不低于这么多（%）的环节，才比较欧盟的来源。
HALF = 50.0

#: 世界份额与欧盟供应中的份额相差不到这么多个百分点，算作相当：欧盟一侧只公布到整数。
ALIKE = 1.0


def eu_view_summary(least: float = HALF) -> dict[str, float]:
    """中国的世界份额不低于 ``least``% 的材料环节里，欧盟来自中国的更少、相当、更多的各几个。

    Returns
    -------
    dict
        ``count``、``less``、``same``、``more`` 个数；``low``、``high`` “更少”所占比例的 Wilson 区间（0–1）；
        ``median`` 差的中位数（百分点，欧盟减世界）；``more_names`` 更多者的名称。
    """
    frame = eu_view().query("world >= @least")
    gap = frame["union"] - frame["world"]
    less, more = gap < -ALIKE, gap > ALIKE
    interval = inference.proportion(int(less.sum()), len(gap))
    return {
        "count": len(gap),
        "less": int(less.sum()),
        "same": int((~less & ~more).sum()),
        "more": int(more.sum()),
        "low": interval.low,
        "high": interval.high,
        "median": float(gap.median()),
        "more_names": frame.index[more].tolist(),
    }


def eu_view_other_ways(least: float = HALF) -> dict[str, object]:
    """同 :func:`eu_view_summary` 的比较，换挑环节的办法：按一侧挑，会使另一侧看着偏低。

    Returns
    -------
    dict
        ``all``、``all_less`` 不设门槛的环节数与其中欧盟更少的；``union``、``union_less`` 按欧盟一侧不低于 ``least``%
        挑的；``alike`` 后者里欧盟不更少的名称；``unlisted`` 中国的世界份额不低于 ``least``%、欧盟有数却没有列中国的
        环节数。
    """
    frame = eu_view()
    less = frame["union"] - frame["world"] < -ALIKE
    high = frame["union"] >= least
    world, union = _eu(), _eu("eu_sourcing")
    big = world[(world["iso3"] == "CHN") & (world["share"] >= least) & world["caution"].isna()]["node_id"]
    listed = union.loc[union["iso3"] == "CHN", "node_id"]
    return {
        "all": len(frame),
        "all_less": int(less.sum()),
        "union": int(high.sum()),
        "union_less": int((high & less).sum()),
        "alike": frame.index[high & ~less].tolist(),
        "unlisted": int((big.isin(union["node_id"]) & ~big.isin(listed)).sum()),
    }


# ---- 反向的瓶颈：中国的出口 ----


def said(change) -> str:
    """一个对数变化（估计、下限、上限）写成“0.87 倍（0.77–0.98）”。"""
    ratio = inference.change_ratio(inference.Interval(*change))
    return f"{ratio.estimate:.2f} 倍（{ratio.low:.2f}–{ratio.high:.2f}）"


#: 出口管制生效的月份：镓、锗（商务部、海关总署公告 2023 年第 23 号），石墨（第 39 号，2023 年 10 月 20 日公布）。
GALLIUM_EVENT, GRAPHITE_EVENT = "2023-08", "2023-12"

#: 石墨公布到生效之间受影响的两个月：抢运也许发生在这里。
RUSH = ("2023-10", "2023-11")

#: 三个编码在图上的名字，按所含的货品。
CODES = {"811292": "镓锗铟铌钒（未锻轧）", "250410": "天然石墨", "380110": "人造石墨"}

#: 年度比较：前一年、后一年；2023 年跨着管制，不用。
BEFORE_YEAR, AFTER_YEAR = 2022, 2024

#: 月度比较：前后各几个月。
WINDOW = 12

#: 提取所含的伙伴数（见表的说明），不是全世界。
PARTNER_COUNT = 39

#: 年度安慰剂与前后两年相隔几年；练习里换用的窗口（月）。
GAP, OTHER_WINDOW = AFTER_YEAR - BEFORE_YEAR, 9

#: 格子图上每个编码列几个伙伴。
PARTNERS = 6

#: 月度图上的三条线。
MEASURES = {"quantity": "出口量", "value": "出口额", "price": "单价"}

#: 四个篮子在图上的名字。
BASKETS = {
    "graphite": "石墨",
    "rare_earths_and_magnets": "稀土与永磁体",
    "minor_metals_and_compounds": "稀有金属与化合物",
    "polysilicon": "多晶硅",
}


def exports(hs6: str, measure: str = "quantity") -> pd.DataFrame:
    """一个编码对各伙伴的出口：行为伙伴（``ROW`` 为其余之和），列为年；吨，或百万美元。

    没有单列的伙伴记零，它的数在 ``ROW`` 里。
    """
    rows = data.load("mineral_exports").query("hs6 == @hs6")
    return rows.pivot(index="partner_iso3", columns="year", values=measure).fillna(0.0)


def destinations(hs6: str, top: int = PARTNERS) -> pd.DataFrame:
    """各年按数量的去向份额（百分数）：各年份额之和最大的几个伙伴与“其余”；索引为中文名。"""
    wide = exports(hs6)
    share = wide / wide.sum() * 100
    kept = share.drop("ROW").sum(axis=1).sort_values(ascending=False).index[:top]
    frame = share.loc[kept].rename(index=import_dependence.names())
    frame.loc["其余"] = 100 - frame.sum()
    return frame


def totals(hs6: str) -> pd.DataFrame:
    """39 个伙伴之和：行为年，``value`` 百万美元、``quantity`` 吨、``price`` 美元/千克（单位价值）。"""
    frame = pd.DataFrame({m: exports(hs6, m).sum() for m in ("value", "quantity")})
    return frame.assign(price=frame["value"] / frame["quantity"] * 1_000)


def year_change(
    hs6: str, first: int = BEFORE_YEAR, last: int = AFTER_YEAR, measure: str = "quantity", without: tuple[str, ...] = ()
) -> inference.Interval:
    """两年之间 39 个伙伴之和的对数变化，区间由重抽伙伴得出。

    区间说的是“结果靠哪几个伙伴”，不是抽样误差：这些伙伴就是全部所取的。

    Parameters
    ----------
    hs6 : str
        编码。
    first, last : int
        前后两年。
    measure : str
        ``quantity`` 或 ``value``。
    without : tuple of str
        去掉哪些伙伴。
    """
    wide = exports(hs6, measure).drop(list(without))[[first, last]]
    return inference.bootstrap(wide, _log_ratio)


def graphite_year_change() -> inference.Interval:
    """天然与人造石墨两个编码之和，:data:`BEFORE_YEAR` 与 :data:`AFTER_YEAR` 之间的对数变化；区间由重抽伙伴得出。"""
    both = exports("250410").add(exports("380110"), fill_value=0.0)
    return inference.bootstrap(both[[BEFORE_YEAR, AFTER_YEAR]], _log_ratio)


def _log_ratio(frame: pd.DataFrame) -> float:
    first, last = frame.sum()
    return float(np.log(last / first))


def year_placebos(hs6: str, measure: str = "quantity") -> pd.Series:
    """管制以前同样隔两年的对数变化：索引为“2018 → 2020”一类，止于 :data:`BEFORE_YEAR`。"""
    total = exports(hs6, measure).sum()
    years = [y for y in total.index if y + GAP <= BEFORE_YEAR]
    return pd.Series({f"{y} → {y + GAP}": float(np.log(total[y + GAP] / total[y])) for y in years})


@cache
def monthly(measure: str = "quantity") -> pd.DataFrame:
    """四篮的月度出口：行为月份，列为篮子；``quantity`` 吨、``value`` 百万美元、``price`` 美元/千克。"""
    rows = data.load("basket_exports")
    if measure == "price":
        return monthly("value") / monthly("quantity") * 1_000
    return rows.pivot(index="month", columns="basket", values=measure)[list(BASKETS)]


def month_points(since: str = "2021-01") -> pd.DataFrame:
    """石墨一篮的出口量、出口额与单价，各除以 :data:`BEFORE_YEAR` 年的月平均。

    列 ``line``、``x``（带小数的年）、``y``。
    """
    wide = pd.DataFrame({name: monthly(m)["graphite"] for m, name in MEASURES.items()})
    wide = wide / wide[wide.index.str.startswith(str(BEFORE_YEAR))].mean()
    long = wide[wide.index >= since].reset_index().melt("month", var_name="line", value_name="y")
    return long.assign(x=[event_at(m) + 1 / 24 for m in long["month"]])[["line", "x", "y"]]


def event_at(month: str) -> float:
    """月份在横轴上的位置（月初）。"""
    year, number = map(int, month.split("-"))
    return year + (number - 1) / 12


def graphite(measure: str = "quantity", *, drop: tuple[str, ...] = (), **how) -> inference.Interval:
    """石墨一篮在管制前后的对数变化；``drop`` 去掉的月份，``how`` 传给 :func:`inference.before_after`。"""
    series = monthly(measure)["graphite"].drop(list(drop))
    return inference.before_after(series, GRAPHITE_EVENT, **({"before": WINDOW, "after": WINDOW} | how))


#: 石墨前后比较的各种做法：图上的名字 → 传给 :func:`graphite` 的参数；第一种是主口径。
WAYS = {
    f"前后各 {WINDOW} 个月": {},
    "去掉公布后的两个月": {"drop": RUSH},
    f"前后各 {WINDOW // 2} 个月": {"before": WINDOW // 2, "after": WINDOW // 2},
    f"前 {2 * WINDOW}、后 {WINDOW} 个月": {"before": 2 * WINDOW},
    "全部月份，扣除季节与趋势": {"before": None, "after": None, "season": 12, "trend": True},
}


def graphite_placebos(measure: str = "quantity") -> pd.DataFrame:
    """同一天，其他三篮的前后之差，与石墨对它们的双重差分；见 :func:`inference.placebo_series`。"""
    return inference.placebo_series(monthly(measure), "graphite", GRAPHITE_EVENT, before=WINDOW, after=WINDOW)


def graphite_dates(measure: str = "quantity") -> pd.DataFrame:
    """假的日子：管制以前每个放得下的月份各算一次。"""
    return inference.placebo_dates(monthly(measure)["graphite"], GRAPHITE_EVENT, before=WINDOW, after=WINDOW)


def graphite_rank(measure: str = "quantity") -> dict[str, float]:
    """真日子在假日子中的位置。

    ``count`` 假日子数，``lower`` 估计不高于真日子的个数，``lowest`` 假日子里最低的（倍），``p`` 按绝对值的比例。
    """
    real, fake = graphite(measure).estimate, graphite_dates(measure)["estimate"]
    return {
        "count": len(fake),
        "lower": int((fake <= real).sum()),
        "lowest": float(np.exp(fake.min())),
        "p": inference.placebo_share(real, fake),
    }


#: 图上三个编码的行名。
LABELS = {"250410": "天然石墨（250410）", "380110": "人造石墨（380110）", "811292": "镓锗铟铌钒（811292）"}


def effects() -> pd.DataFrame:
    """前后比较与安慰剂，供作图：一行一个估计，都换成倍数（1 是没有变）。

    Returns
    -------
    pandas.DataFrame
        索引为行名；``estimate``、``low``、``high`` 倍数；``kind``：``main`` 主口径、``variant`` 换做法、
        ``placebo`` 安慰剂；``group`` 分节的名字。
    """
    fake, other = graphite_dates(), graphite_placebos()
    middle = inference.Interval(*(float(fake["estimate"].quantile(q)) for q in (0.5, 0, 1)))
    monthly_rows = [
        (f"出口量，{way}" if not how else way, graphite(**how), "variant" if how else "main")
        for way, how in WAYS.items()
    ]
    monthly_rows += [(f"{MEASURES[m]}，{next(iter(WAYS))}", graphite(m), "main") for m in ("value", "price")]
    placebo_rows = [
        *((f"{BASKETS[b]}，同一天", inference.Interval(*other.loc[b, ["estimate", "low", "high"]]), "placebo")
          for b in list(BASKETS)[1:]),
        (f"石墨，{len(fake)} 个假日子", middle, "placebo"),
    ]  # fmt: skip
    code_rows = [
        (LABELS["250410"], year_change("250410"), "main"),
        (LABELS["380110"], year_change("380110"), "main"),
        ("两种石墨合计", graphite_year_change(), "main"),
        (LABELS["811292"], year_change("811292"), "main"),
        ("同上，不含中国香港", year_change("811292", without=("HKG",)), "variant"),
    ]
    rows = [
        (label, *inference.change_ratio(found), kind, group)
        for group, part in (
            ("石墨一篮，月度", monthly_rows),
            ("安慰剂，月度出口量", placebo_rows),
            (f"分编码，{AFTER_YEAR} 对 {BEFORE_YEAR}，出口量", code_rows),
        )
        for label, found, kind in part
    ]
    return pd.DataFrame(rows, columns=["label", "estimate", "low", "high", "kind", "group"]).set_index("label")


def basket_part(year: int = BEFORE_YEAR) -> dict[str, float]:
    """编码 811292 在“稀有金属与化合物”一篮中占的比例（0–1）：``value``、``quantity``。"""
    whole = {m: monthly(m)["minor_metals_and_compounds"] for m in ("value", "quantity")}
    whole = {m: s[s.index.str.startswith(str(year))].sum() for m, s in whole.items()}
    return {m: float(totals("811292").loc[year, m] / whole[m]) for m in whole}


def rush() -> dict[str, float]:
    """石墨一篮在公布与生效前后的出口量，相对公布前 12 个月的月均：``last`` 生效前一个月，``first`` 生效当月（倍）。

    ``record`` 生效前一个月是否为全部月份之最。
    """
    series = monthly()["graphite"]
    base = series[series.index < RUSH[0]].iloc[-WINDOW:].mean()
    last, first = float(series[RUSH[-1]] / base), float(series[GRAPHITE_EVENT] / base)
    return {"last": last, "first": first, "record": bool(series.idxmax() == RUSH[-1])}


def rush_said() -> str:
    """抢运的月份写成一句话，如“2023 年 10 月、2023 年 11 月”。"""
    return "、".join(f"{m[:4]} 年 {int(m[5:])} 月" for m in RUSH)


def other_prices() -> pd.Series:
    """同一天，其他各篮单价（单位价值）前后的倍数：索引为篮名。"""
    found = graphite_placebos("price")["estimate"].drop("graphite")
    return np.exp(found).rename(index=BASKETS)


def moved(found: dict[str, object], side: str) -> str:
    """:func:`movers` 的一侧写成一句，如“韩国（减 18,910 吨，为 0.64 倍）”。"""
    verb = {"down": "减", "up": "增"}[side]
    return f"{found[side]}（{verb} {found[f'{side}_by']:,.0f} 吨，为 {found[f'{side}_ratio']:.2f} 倍）"


def basket_change(basket: str, event: str = GRAPHITE_EVENT) -> inference.Interval:
    """一篮的出口量在某个月前后（各 :data:`WINDOW` 个月）的对数变化；篮子里受管制的只是一部分，不能当作它的变化。"""
    return inference.before_after(monthly()[basket], event, before=WINDOW, after=WINDOW)


def robust(measure: str = "quantity") -> dict[str, int]:
    """石墨前后之差换 :data:`WAYS` 里的各种做法：``count`` 几种，``clear`` 其中区间不含“没有变”的几种。"""
    found = [graphite(measure, **how) for how in WAYS.values()]
    return {"count": len(found), "clear": sum(c.excludes() for c in found)}


def movers(hs6: str) -> dict[str, object]:
    """一个编码的出口量在 :data:`BEFORE_YEAR` 与 :data:`AFTER_YEAR` 之间减、增最多的伙伴，只比两年都单列的。

    Returns
    -------
    dict
        ``down``、``up`` 伙伴的中文名；``down_by``、``up_by`` 减、增的吨数；``down_ratio``、``up_ratio`` 后年除以前年。
    """
    wide = exports(hs6).drop("ROW")
    wide = wide[(wide[[BEFORE_YEAR, AFTER_YEAR]] > 0).all(axis=1)]
    gap = wide[AFTER_YEAR] - wide[BEFORE_YEAR]
    out = {}
    for side, code in (("down", gap.idxmin()), ("up", gap.idxmax())):
        out[side] = import_dependence.names()[code]
        out[f"{side}_by"] = float(abs(gap[code]))
        out[f"{side}_ratio"] = float(wide.loc[code, AFTER_YEAR] / wide.loc[code, BEFORE_YEAR])
    return out


def japan_placebo() -> dict[str, float]:
    """第二组安慰剂：日本自中国的进口，按商品，隔两年的对数变化减去同一窗口各商品的中位数。

    减去中位数，共同的汇率与景气就消掉了；互相包含的合计与集成电路不计。

    Returns
    -------
    dict
        ``goods`` 商品数，``count`` 窗口 × 商品数（窗口止于 :data:`AFTER_YEAR`），
        ``typical`` 绝对偏离的中位数（对数点）；
        ``natural``、``artificial`` 中国对日天然、人造石墨出口量的对数变化，``natural_p``、``artificial_p``
        绝对偏离不小于它们的比例（连同它们自己在内）。
    """
    rows = data.load("japan_trade").query("flow == 'import' and partner_iso3 == 'CHN'")
    wide = rows.pivot(index="year", columns="goods", values="value").dropna(axis=1)
    kept = [g for g in wide if not g.endswith("_total") and g not in ("all_goods", "integrated_circuits", "aircraft")]
    moved = np.log(wide[kept]).diff(GAP).dropna()
    moved = moved[moved.index <= AFTER_YEAR]
    off = moved.sub(moved.median(axis=1), axis=0).to_numpy().ravel()
    out = {"goods": len(kept), "count": len(off), "typical": float(np.median(np.abs(off)))}
    for name, code in (("natural", "250410"), ("artificial", "380110")):
        own = exports(code).loc["JPN"]
        out[name] = float(np.log(own[AFTER_YEAR] / own[BEFORE_YEAR]))
        out[f"{name}_p"] = inference.placebo_share(out[name], off)
    return out


# ---- 光刻胶与硅片 ----

#: 日本照相与电影用材料（HS 37，含光刻胶，是推断）的去向。
RESIST, RESIST_TO = "photographic_supplies", ("CHN", "KOR", "TWN", "USA")


def resist_points() -> pd.DataFrame:
    """日本照相与电影用材料的出口去向（%），列 ``line``、``x``、``y``；份额由上一部分的同一个函数算出。"""
    rows = []
    for iso3 in RESIST_TO:
        share = import_dependence.japan_shares(partner=iso3)[RESIST].dropna() * 100
        rows += [(import_dependence.names()[iso3], year, value) for year, value in share.items()]
    return pd.DataFrame(rows, columns=["line", "x", "y"])


def resist_trend(iso3: str = "CHN") -> inference.Interval:
    """日本照相与电影用材料的出口中某伙伴的份额，每年变化多少个百分点（Theil–Sen）。"""
    share = import_dependence.japan_shares(partner=iso3)[RESIST].dropna() * 100
    return inference.slope(share.index, share)


def resist_rank() -> dict[str, int]:
    """日本各类出口商品中，中国份额的年变化从大到小，照相与电影用材料排第几（``rank``），共几类（``count``）；不含合计。"""
    shares = import_dependence.japan_shares().drop(columns="all_goods") * 100
    shares = shares[[g for g in shares if not g.endswith("_total")]]
    slopes = {g: inference.slope(s.dropna().index, s.dropna()).estimate for g, s in shares.items()}
    order = sorted(slopes, key=slopes.get, reverse=True)
    return {"rank": order.index(RESIST) + 1, "count": len(order)}


def chip_materials() -> dict[str, object]:
    """芯片链上的材料节点：``total`` 几个，``numbered`` 其中给出份额的名称，``years`` 这些份额的数据年份。"""
    nodes = industry_chain.chip_nodes()
    nodes = nodes[nodes["pillar"] == "materials"]
    rows = data.load("chip_provision").query("release == @industry_chain.LATEST and provider_kind == 'country'")
    rows = rows[rows["node_id"].isin(nodes.index) & rows["share"].notna()]
    numbered = nodes.loc[sorted(rows["node_id"].unique()), "name_zh"].tolist()
    return {"total": len(nodes), "numbered": numbered, "years": sorted(int(y) for y in rows["year"].unique())}


def wafer_shares(release: str = industry_chain.LATEST) -> pd.Series:
    """硅晶圆的市场份额（百分数，按总部），索引为经济体代码，降序。"""
    rows = industry_chain.chip_shares(release).query("node == 'wafer'").dropna(subset="share")
    return rows.set_index("provider")["share"].sort_values(ascending=False)


def wafer_carried_over() -> bool:
    """2026 年版的硅晶圆份额是否与 2022 年版逐格相同（也就是没有新的数）。"""
    old, new = wafer_shares(industry_chain.EARLIER).sort_index(), wafer_shares().sort_index()
    return bool(old.equals(new))


# ---- 复合材料、特种合金与各种说法 ----

#: 本章找过而数据里没有的：只能说没有找到。
ABSENT = ("陶瓷基与树脂基复合材料", "钛合金与铝锂合金", "特种钢分牌号的自给率", "镍基单晶等高温合金分牌号的产量")

#: 指标代码的开头 → 材料名。
SUBJECT = {"carbon": "碳纤维", "superalloy": "高温合金", "ti": "海绵钛"}

#: 先进材料表里的百分数指标。
ADVANCED = (
    "carbon_fibre_localisation",
    "carbon_fibre_capacity_share",
    "superalloy_self_sufficiency",
    "ti_sponge_share",
)

#: 算作弱来源的证据写法的开头。
WEAK = ("弱来源", "行业媒体")

#: 先进材料表没有强弱一栏：期刊记中，咨询与券商的转载记弱；“案例：航空发动机”一章用同一条。
JOURNAL = ("gaps-ti-2021",)

_BOUND = {"at_least": "至少 ", "at_most": "至多 ", "about": "约 "}


def claims_table() -> pd.DataFrame:
    """材料的国产率、依赖度与份额：公开的说法，一个一行，不平均、不排名。

    Returns
    -------
    pandas.DataFrame
        ``material``、``said``、``year``、``value``（带界限的百分数）、``publisher``、``strength``。``strength`` 为证据
        类型（``localisation``）或来源强弱（``status_updates``；``green_materials`` 按 :data:`JOURNAL`）。
    """
    origin = data.load("sources").set_index("source_id")
    rows = []
    for r in components.claims("materials").query("unit == 'percent'").itertuples():
        rows.append((r.item_zh, r.measure_zh, r.year, r.bound, r.value, r.source_id, r.evidence_zh))
    techs = data.load("chokepoints").query("pillar == 'materials'").set_index("tech_id")["name_zh"]
    news = data.load("status_updates").query("unit == 'percent'")
    metric, strength = data.labels("status_updates", "metric"), data.labels("status_updates", "source_strength")
    for r in news[news["tech_id"].isin(techs.index)].itertuples():
        value = r.value_max if pd.isna(r.value_min) else r.value_min
        rows.append((techs[r.tech_id], metric[r.metric], int(r.date[:4]), r.bound, value, r.source_id,
                     f"{strength[r.source_strength]}来源"))  # fmt: skip
    series = data.labels("green_materials", "series")
    for r in data.load("green_materials").query("iso3 == 'CHN' and series in @ADVANCED").itertuples():
        grade = ("中来源" if r.source_id in JOURNAL else "弱来源") + ("，推算" if r.status == "derived" else "")
        rows.append((SUBJECT[r.series.split("_")[0]], series[r.series], r.year,
                     r.bound, r.value, r.source_id, grade))  # fmt: skip
    frame = pd.DataFrame(rows, columns=["material", "said", "year", "bound", "number", "source_id", "strength"])
    frame["value"] = frame["bound"].map(_BOUND).fillna("") + frame["number"].map("{:g}%".format)
    frame["publisher"] = frame["source_id"].map(origin["publisher"])
    return frame


def carbon_fibre() -> dict[str, float]:
    """碳纤维产能：``china``、``second`` 中国与第二家的份额（百分数），``low``、``high`` HHI 的界，``listed`` 合计。"""
    rows = data.load("green_materials").query("series == 'carbon_fibre_capacity_share'").set_index("iso3")["value"]
    bounds = concentration.hhi_bounds(rows, 100)
    order = rows.sort_values(ascending=False)
    return {
        "china": float(rows["CHN"]),
        "second": float(order.iloc[1]),
        "second_iso3": str(order.index[1]),
        "low": bounds.low,
        "high": bounds.high,
        "listed": float(rows.sum()),
    }


def superalloy_ratio() -> dict[str, float]:
    """高温合金产能除以需求（0–1）：``same`` 同一家机构的 2019 年需求，``other`` 另一家预测的 2020 年需求。"""
    rows = data.load("green_materials").query("iso3 == 'CHN'")
    capacity = float(rows.query("series == 'superalloy_capacity'")["value"].iloc[0])
    demand = rows.query("series == 'superalloy_demand'").set_index("year")["value"]
    return {"same": capacity / demand[2019], "other": capacity / demand[2020]}


# ---- 汇总 ----


def headline() -> dict[str, float]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        ``critical_first``、``critical_last`` 2017 与 2023 年版达线的种数；``crossed`` 两版都评估的净越线数，
        ``set_change`` 名单变动带来的净增；``quantity``、``value`` 石墨一篮前后的倍数及区间（``_low``、``_high``）；
        ``quiet``、``quiet_low``、``quiet_high`` 去掉公布后两个月的出口量倍数；
        ``graphite_year`` 天然与人造石墨之和、``natural``、``artificial``、``five``、``five_without`` 各编码 2022 对
        2024 年的出口量倍数（最后一个不含中国香港）；``hong_kong`` 2024 年 811292 中
        去往中国香港的份额（0–1）；
        ``resist_first``、``resist_last`` 中国占日本照相与电影用材料出口的份额（0–1）；
        ``wafer`` 中国大陆的硅晶圆份额（0–1）。
    """
    long, table = moves().loc[(2017, 2023)], counts()["critical"]
    quantity, value, quiet = (inference.change_ratio(c) for c in (graphite(), graphite("value"), graphite(drop=RUSH)))
    share = import_dependence.japan_shares()[RESIST]
    wide = exports("811292")
    return {
        "critical_first": int(table[2017]),
        "critical_last": int(table[2023]),
        "crossed": int(long["entered"] - long["left"]),
        "set_change": int(long["added"] - long["removed"]),
        "quantity": quantity.estimate,
        "quantity_low": quantity.low,
        "quantity_high": quantity.high,
        "value": value.estimate,
        "value_low": value.low,
        "value_high": value.high,
        "quiet": quiet.estimate,
        "quiet_low": quiet.low,
        "quiet_high": quiet.high,
        "graphite_year": float(np.exp(graphite_year_change().estimate)),
        "natural": float(np.exp(year_change("250410").estimate)),
        "artificial": float(np.exp(year_change("380110").estimate)),
        "five": float(np.exp(year_change("811292").estimate)),
        "five_without": float(np.exp(year_change("811292", without=("HKG",)).estimate)),
        "hong_kong": float(wide.loc["HKG", AFTER_YEAR] / wide[AFTER_YEAR].sum()),
        "resist_first": float(share.iloc[0]),
        "resist_last": float(share.iloc[-1]),
        "wafer": float(wafer_shares()["CHN"] / 100),
    }
