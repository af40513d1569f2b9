"""核对：关键材料、矿产份额、EDA 与工业软件、航空发动机、绿色制造与先进材料、大事记。"""

from __future__ import annotations

import pandas as pd

from chokepoint import data

from ._check import Check, compare, count

#: 只比任一方不低于这个百分数的经济体；更小的差在小数里。
LEAST = 5
#: 事件与航空发动机表里说同一件事的指标。
SAME_YEAR = {
    "aecc_found": "aecc_registered_capital",
    "aecc_registered": "aecc_subordinate_units",
    "acae_found": "acae_registered_capital",
    "altitude_cell_accept": "altitude_cell_country_rank",
    "cj1000_first_fire": "cj1000_core_speed",
    "cj2000_core_fire": "cj2000_core_speed_ratio",
    "c919_target_cut": "c919_delivery_target",
}


def _place(codes: pd.Series) -> pd.Series:
    """经济体代码换成中文名。"""
    return codes.map(data.load("countries").set_index("iso3")["name_zh"])


def _label(frame: pd.DataFrame) -> pd.Series:
    """材料、环节与经济体的中文名，说明是哪一对。"""
    nodes = data.load("crm_nodes").dropna(subset=["material"])
    names = {(m, s): z for m, s, z in nodes[["material", "stage", "name_zh"]].itertuples(index=False)}
    named = [names[pair] for pair in zip(frame["material"], frame["stage"], strict=True)]
    return pd.Series(named, index=frame.index) + "，" + _place(frame["iso3"])


def _eu_world() -> pd.DataFrame:
    """欧盟研究的全球产量份额，带材料与环节；所列不全的节点与有矛盾的行除外。"""
    shares = data.load("crm_provision")
    shares = shares[(shares["scope"] == "global_production") & shares["caution"].isna()]
    return shares.merge(data.load("crm_nodes")[["node_id", "material", "stage", "material_group"]], on="node_id")


def _wmd(years: list[int]) -> pd.DataFrame:
    """World Mining Data 的份额，取这些年的平均；某年没有列出的按零。"""
    table = data.load("mineral_production")
    table = table[table["year"].isin(years)]
    return (table.groupby(["material", "stage", "iso3"])["share"].sum() / len(years)).reset_index()


def _iea() -> pd.DataFrame:
    """国际能源署 2024 年列名经济体的份额，不含其他。"""
    table = data.load("iea_minerals")
    return table[(table["year"] == 2024) & (table["iso3"] != "ROW")]


def _outer(left: pd.DataFrame, right: pd.DataFrame, least: float = LEAST) -> pd.DataFrame:
    """两方都评估的材料与环节里，任一方不低于 ``least`` 的经济体；一方没有列出的按零。"""
    key = ["material", "stage"]
    both = left[key].drop_duplicates().merge(right[key].drop_duplicates())
    pairs = left.merge(right, on=[*key, "iso3"], how="outer").merge(both, on=key)
    pairs = pairs.rename(columns={"share_x": "left", "share_y": "right"}).fillna({"left": 0, "right": 0})
    pairs = pairs[pairs[["left", "right"]].max(axis=1) >= least]
    return pairs.assign(label=_label(pairs))


def _inner(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """两方都列名的材料、环节与经济体。"""
    pairs = left.merge(right, on=["material", "stage", "iso3"]).rename(columns={"share_x": "left", "share_y": "right"})
    return pairs.assign(label=_label(pairs))


def _columns(frame: pd.DataFrame) -> pd.DataFrame:
    """只留配对要用的列。"""
    return frame[["material", "stage", "iso3", "share"]]


def eu_against_world_mining() -> Check:
    """欧盟研究的全球份额对 World Mining Data。"""
    pairs = _outer(_columns(_eu_world()), _wmd([2018, 2019, 2020]))
    return compare(
        pairs,
        tables=("crm_provision", "mineral_production"),
        title="各国占世界产量的份额：欧盟研究",
        against="World Mining Data 2018–2020 年三年平均",
        unit="个百分点",
        tolerance=5,
        floor=0.9,
        remark=f"只比任一方不低于 {LEAST}% 的经济体。两方的年份不完全重合，欧盟研究也部分取材于同一年鉴，"
        "所以接近不等于互相独立的证实。差得最多的是碲与铋的加工（年鉴没有列韩国的碲、老挝的铋），"
        "其次是中国的天然石墨与南非的铬。",
    )


def leading_producer() -> Check:
    """两方所说的第一大生产国是否相同。"""
    eu, wmd = _columns(_eu_world()), _wmd([2018, 2019, 2020])
    first = [
        frame.sort_values(["share", "iso3"]).groupby(["material", "stage"])["iso3"].last().rename(side)
        for side, frame in (("left", eu), ("right", wmd))
    ]
    both = pd.concat(first, axis=1, join="inner")
    return count(
        int((both["left"] == both["right"]).sum()),
        len(both),
        tables=("crm_provision", "mineral_production"),
        title="欧盟研究所列第一大生产国与年鉴相同的材料数",
        against="两方都评估的材料与环节数",
        remark="左边是相同的个数，右边是可比的个数。谁是第一大生产国比份额的大小稳当得多。",
    )


def light_rare_earths() -> Check:
    """欧盟的轻稀土组对年鉴的稀土合计。"""
    group = _eu_world()
    group = group[(group["material_group"] == "lrees") & (group["stage"] == "extraction")]
    left = group.groupby("iso3")["share"].mean().rename("left")
    total = _wmd([2018, 2019, 2020])
    right = total[total["material"] == "rare_earths"].set_index("iso3")["share"].rename("right")
    pairs = pd.concat([left, right], axis=1).fillna(0)
    pairs = pairs[pairs.max(axis=1) >= LEAST].reset_index(names="iso3")
    return compare(
        pairs.assign(label=_place(pairs["iso3"])),
        tables=("crm_provision", "mineral_production"),
        title="轻稀土开采的国别份额：欧盟研究",
        against="World Mining Data 稀土氧化物合计，2018–2020 年平均",
        unit="个百分点",
        tolerance=6,
        remark="两边范围不同，只能大体相比：欧盟研究各轻稀土元素用同一组份额，年鉴的合计还含重稀土。差得最多的是中国，约四个百分点。",
    )


def iea_against_world_mining() -> Check:
    """国际能源署的开采份额对 World Mining Data。"""
    pairs = _inner(_columns(_iea()), _wmd([2022]))
    return compare(
        pairs,
        tables=("iea_minerals", "mineral_production"),
        title="开采份额：国际能源署 2024 年",
        against="World Mining Data 2022 年",
        unit="个百分点",
        tolerance=5,
        floor=0.65,
        remark="相隔两年，印度尼西亚的镍与钴、津巴布韦的锂份额上升，差里既有口径也有变化，分不开。"
        "中国的天然石墨一项最悬殊：国际能源署 85.5%，年鉴 67.2%，欧盟研究 66.7%，引用时须说明是哪一家。"
        "只比两方都列名的经济体；稀土不比，因为国际能源署只计磁材所用的几种。",
    )


def iea_against_eu() -> Check:
    """国际能源署的份额对欧盟研究，开采与加工都比。"""
    pairs = _inner(_columns(_iea()), _columns(_eu_world()))
    return compare(
        pairs,
        tables=("iea_minerals", "crm_provision"),
        title="开采与精炼份额：国际能源署 2024 年",
        against="欧盟 2023 年研究的多年平均",
        unit="个百分点",
        tolerance=10,
        floor=0.7,
        remark="三个来源里年份相差最远的一对，欧盟的数是更早几年的平均。钴与锂的加工，国际能源署给中国的份额高出"
        "十四到十九个百分点，可能是这几年的变化，也可能是口径；不可把两者连成时间序列。欧盟所列不全的镍没有比。",
    )


def iea_own_total() -> Check:
    """国际能源署各国之和对它自己的总量。"""
    table = data.load("iea_minerals")
    key = ["material", "stage", "year"]
    largest = table.loc[table.groupby(key)["value"].idxmax()].set_index(key)
    implied = (largest["value"] / largest["share"] * 100).rename("right")
    pairs = pd.concat([table.groupby(key)["value"].sum().rename("left"), implied], axis=1).reset_index()
    names = data.labels("iea_minerals", "material"), data.labels("iea_minerals", "stage")
    pairs["label"] = (
        pairs["material"].map(names[0]) + pairs["stage"].map(names[1]) + "，" + pairs["year"].astype(str) + " 年"
    )
    return compare(
        pairs,
        tables=("iea_minerals",),
        title="各国与其他经济体之和",
        against="来源自己的总量（由最大一国的量与份额反推）",
        tolerance=0.1,
        floor=0.65,
        remark="铜、钴、锂、磁材稀土相合；镍与石墨的各行之和多数比总量多出 0.5–3.3%，来源没有说明原因，"
        "用份额时要自己归一。",
    )


def economic_importance_recomputed() -> Check:
    """由终端用途份额与行业增加值复算经济重要性。"""
    nodes = data.load("crm_nodes").set_index("node_id")
    edges = data.load("crm_edges")
    edges = edges[edges["relation"] == "used_in"]
    scale = nodes["value_added"].max() / 10
    edges = edges.assign(part=edges["share"] / 100 * edges["to_node"].map(nodes["value_added"]) / scale)
    left = edges.groupby("from_node")["part"].sum().rename("left")
    scores = data.load("crm_scores")
    scores = scores[scores["year"] == 2023].set_index("material")["economic_importance"]
    own = nodes[nodes["material_group"].isna()]
    right = own["score_material"].map(scores).rename("right")
    pairs = pd.concat([left, right], axis=1, join="inner").dropna()
    return compare(
        pairs.assign(label=pairs.index.map(nodes["name_zh"])),
        tables=("crm_edges", "crm_nodes", "crm_scores"),
        title="经济重要性：由用途份额乘以行业增加值复算",
        against="欧盟 2023 年公布的评分",
        tolerance=15,
        floor=0.8,
        remark="复算没有乘替代指数（数据包里没有；它不大于 1），所以多半高于公布值，铜、滑石、铝、天然橡胶差得最多，"
        "其中铜高出近一半，不像只由替代指数而来；按组评分的材料没有比。其余多在 15% 以内，说明三张表彼此相合。",
    )


def edges_sum_to_whole() -> Check:
    """各材料的终端用途之和对一百。"""
    edges = data.load("crm_edges")
    edges = edges[edges["relation"] == "used_in"]
    pairs = edges.groupby("from_node")["share"].sum().rename("left").reset_index()
    names = data.load("crm_nodes").set_index("node_id")["name_zh"]
    return compare(
        pairs.assign(right=100, label=pairs["from_node"].map(names)),
        tables=("crm_edges",),
        title="各材料终端用途份额之和",
        against="全部用量（100%）",
        tolerance=2,
        floor=0.95,
        remark="一两个百分点的差可能是取整；铟只列出 90%，锰 97%，都按来源原样保留，用时不要补足。",
    )


def supply_risk_churn() -> Check:
    """相邻两版供应风险之差。"""
    scores = data.load("crm_scores").pivot(index="material", columns="year", values="supply_risk")
    pairs = scores[[2023, 2020]].dropna().set_axis(["left", "right"], axis=1).reset_index()
    names = data.labels("crm_scores", "material")
    return compare(
        pairs.assign(label=pairs["material"].map(names)),
        tables=("crm_scores",),
        title="供应风险评分：2023 年版",
        against="2020 年版同一材料",
        unit="分",
        tolerance=1,
        floor=0.9,
        remark="两版同在 2017 年改定的方法之下，差是重评，来自供应格局与输入数据两方面：镓由 1.3 升到 3.9，"
        "锗由 3.9 降到 1.8。一版的评分不宜读到小数。2014 年及以前的方法不同，没有比。",
    )


def _value(table: str, series: str, year: int, iso3: str | None = None, status: str = "observed") -> pd.DataFrame:
    """一个指标某年的各行。"""
    rows = data.load(table)
    rows = rows[(rows["series"] == series) & (rows["year"] == year) & (rows["status"] == status)]
    return rows if iso3 is None else rows[rows["iso3"] == iso3]


def _number(table: str, series: str, year: int, iso3: str, unit: str) -> float:
    """一个指标某年唯一的数。"""
    return float(_value(table, series, year, iso3).query("unit == @unit")["value"].item())


def eda_market_two_houses() -> Check:
    """2020 年全球 EDA 市场两家口径。"""
    rows = _value("eda_software", "eda_market_size", 2020, "WLD").sort_values("value")
    low, high = rows["value"]
    pairs = pd.DataFrame({"label": ["全球 EDA 市场，2020 年"], "left": [low], "right": [high]})
    return compare(
        pairs,
        tables=("eda_software",),
        title="全球 EDA 市场规模：较低的一家",
        against="较高的一家研究机构",
        tolerance=40,
        remark="两家相差三分之一强，口径不同，来源没有交代差在哪里；凡以 EDA 市场为分母的份额都带着这么大的不确定。",
    )


def eda_shares_within_whole() -> Check:
    """三巨头与国产份额之和。"""
    rows = data.load("eda_software")
    rows = rows[(rows["iso3"] == "CHN") & (rows["year_status"] == "stated")]
    big, own = (rows[rows["series"] == s].set_index("year")["value"] for s in ("eda_big3_share", "eda_domestic_share"))
    pairs = pd.concat([(big + own).rename("left")], axis=1).dropna().reset_index()
    return compare(
        pairs.assign(right=100, label=pairs["year"].astype(str) + " 年"),
        tables=("eda_software",),
        title="中国 EDA 市场：三巨头份额与国产份额之和",
        against="整个市场（100%）",
        unit="个百分点",
        tolerance=10,
        remark="两个份额出自不同来源。2020 年之和超过 100%，不可能同时成立；"
        "2025 年的两个数一为约数、一为下限，和为 90%。",
    )


def software_growth() -> Check:
    """工业软件收入的公布增速对由绝对值推算的增速。"""
    rows = data.load("eda_software")
    level = rows[rows["series"] == "industrial_software_revenue"].set_index("year")["value"]
    stated = rows[rows["series"] == "industrial_software_revenue_growth"].set_index("year")["value"]
    years = [year for year in stated.index if year in level.index and year - 1 in level.index]
    pairs = pd.DataFrame(
        {
            "label": [f"{year} 年" for year in years],
            "left": [(level[year] / level[year - 1] - 1) * 100 for year in years],
            "right": [stated[year] for year in years],
        }
    )
    return compare(
        pairs,
        tables=("eda_software",),
        title="工业软件产品收入：由相邻两年绝对值推算的增速",
        against="工业和信息化部公布的增速",
        unit="个百分点",
        tolerance=5.5,
        remark="公布的增速按修订后的上年数计算，绝对值没有随之修订：2023 年推算偏高，2024 年推算偏低。绝对值不可连线。",
    )


def software_world_share() -> Check:
    """中国工业软件占全球的比重：由规模推算对公布。"""
    china, world = (_number("eda_software", "industrial_software_market", 2020, c, "USD_100m") for c in ("CHN", "WLD"))
    stated = _number("eda_software", "industrial_software_world_share", 2020, "CHN", "percent")
    pairs = pd.DataFrame({"label": ["2020 年"], "left": [china / world * 100], "right": [stated]})
    return compare(
        pairs,
        tables=("eda_software",),
        title="中国工业软件市场占全球的比重：由两个规模相除",
        against="同一来源所说的比重",
        unit="个百分点",
        tolerance=1,
        remark="来源把比重取整到个位；两个规模都转引同一家研究机构，只说明内部相合。",
    )


def c919_fleet() -> Check:
    """在役 C919 对累计交付。"""
    rows = data.load("aero_engine")
    delivered = rows[(rows["series"] == "c919_deliveries") & (rows["year"] < 2025)]["value"].sum()
    first = data.load("events").query("event_id == 'c919_first_delivery'")
    fleet = rows[rows["series"] == "c919_fleet_in_service"]["value"].item()
    return count(
        int(fleet),
        int(delivered) + len(first),
        tables=("aero_engine", "events"),
        title="2025 年 5 月底投入商业运营的 C919",
        against="截至 2024 年底的累计交付：2022 年首架，加 2023 与 2024 两年",
        tolerance=2,
        remark="三个来源：在役数出自报纸，交付数出自两家媒体，首架见大事记。2025 年头五个月的交付没有逐月数，"
        "在役数应略多于上年底的累计数。",
    )


def c919_airlines_and_maker() -> Check:
    """2025 年三大航引进数对厂家交付数。"""
    until = data.load("aero_engine").query("period == '2025-01/2025-12-22'").set_index("series")["value"]
    return count(
        int(until["c919_airline_actual_intake"]),
        int(until["c919_deliveries"]),
        tables=("aero_engine",),
        title="2025 年至 12 月 22 日三大航实际引进的 C919",
        against="同期厂家交付总数",
        tolerance=1,
        remark="同一报道里的两个数；三大航以外还可能有别的用户，应不多于总数。当年目标先为 75 架，后下调到 25 架，"
        "到 12 月 22 日都还相差很远。",
    )


def acae_stakes() -> Check:
    """中航商发各方股比之和。"""
    rows = data.load("aero_engine").query("series == 'acae_stake'")
    pairs = pd.DataFrame({"label": ["中航商发"], "left": [rows["value"].sum()], "right": [100]})
    return compare(
        pairs,
        tables=("aero_engine",),
        title="中航商发成立时各方股比之和",
        against="全部股权（100%）",
        unit="个百分点",
        tolerance=0,
        remark="其中三成当时是待引入的投资者，不是已有的股东。",
    )


def green_factories_identity() -> Check:
    """绿色工厂：上期累计加当年新增对下期累计。"""
    rows = data.load("green_materials")
    total = rows[rows["series"] == "green_factories_cumulative"].sort_values(["year", "period"], na_position="first")
    new = rows[rows["series"] == "green_factories_new"].set_index("year")["value"]
    pairs = []
    for year, now in total.drop_duplicates("year").set_index("year").iterrows():
        before = total[total["year"] < year]
        if year - 1 in new.index and len(before):
            right = before["value"].iloc[-1] + new[year - 1]
            pairs.append({"label": now["period"], "left": now["value"], "right": right})
    return compare(
        pd.DataFrame(pairs),
        tables=("green_materials",),
        title="国家级绿色工厂累计数",
        against="上一次累计数加所含年度的新增数（各出自不同报道）",
        tolerance=1,
        remark="2023 年 3 月正好相合；2025 年 1 月少 47 家，是动态退出。所以累计数不等于逐年新增之和。",
    )


def superalloy_self_sufficiency() -> Check:
    """高温合金自给率：产能除以需求对所说的自给率。"""
    capacity, demand = (
        _number("green_materials", series, 2019, "CHN", "kt") for series in ("superalloy_capacity", "superalloy_demand")
    )
    stated = _number("green_materials", "superalloy_self_sufficiency", 2019, "CHN", "percent")
    pairs = pd.DataFrame({"label": ["2019 年"], "left": [capacity / demand * 100], "right": [stated]})
    return compare(
        pairs,
        tables=("green_materials",),
        title="高温合金自给率：产能除以需求",
        against="来源所说的自给率",
        unit="个百分点",
        tolerance=1,
        remark="相合，但也说明这个自给率是产能与需求之比，不是国产产品在用量中的份额；三个数出自同一篇转引。",
    )


def event_years() -> Check:
    """大事记的年份对航空发动机表的年份。"""
    events = data.load("events").set_index("event_id")
    rows = data.load("aero_engine").drop_duplicates("series").set_index("series")
    pairs = pd.DataFrame(
        {
            "label": [events["event"][event] for event in SAME_YEAR],
            "left": [int(events["date"][event][:4]) for event in SAME_YEAR],
            "right": [int(rows["year"][series]) for series in SAME_YEAR.values()],
        }
    )
    return compare(
        pairs,
        tables=("events", "aero_engine"),
        title="大事记里的年份",
        against="航空发动机表中说同一件事的行",
        unit="年",
        tolerance=0,
        remark="只有中国航发成立大会一件出自不同来源，其余同源，只能防转录错误；高铁、电池、量子各件在本组里没有可比的数。",
    )


#: 本组的核对，按先后。
CHECKS = [
    eu_against_world_mining,
    leading_producer,
    light_rare_earths,
    iea_against_world_mining,
    iea_against_eu,
    iea_own_total,
    economic_importance_recomputed,
    edges_sum_to_whole,
    supply_risk_churn,
    eda_market_two_houses,
    eda_shares_within_whole,
    software_growth,
    software_world_share,
    c919_fleet,
    c919_airlines_and_maker,
    acae_stakes,
    green_factories_identity,
    superalloy_self_sufficiency,
    event_years,
]
