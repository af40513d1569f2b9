"""“产业技术基础”一章的主要数字：标准、计量、认可、检验检测，仪器的两种分母，5G 标准必要专利，平台与筛选。

哪些序列可以谈趋势、每个说法按什么计，都是写明的规则或编码 (:data:`TREND_POINTS`、:data:`BASIS`)，可以改了再算。
"""

from __future__ import annotations

import math
import re
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from .. import data, inference
from . import components
from . import import_dependence as imp

#: 至少有这么多个时点才谈趋势：Kendall 秩检验的最小双侧 p 值是 2/n!，五个点才低于 5%（:func:`least_p`）；放宽时用
#: :data:`LOOSE`（斜率本身至少要四个点）。
TREND_POINTS, LOOSE = 5, 4

#: 四项技术基础里，有不止一个时点的全部数量（占比与名次不算）→ 表上的短名。
SERIES = {
    "standards_national": "国家标准（存量）",
    "standards_mandatory": "其中强制性（存量）",
    "standards_sector": "行业标准（备案存量）",
    "standards_local": "地方标准（备案存量）",
    "standards_group": "团体标准（累计公布）",
    "standards_issued": "国家标准（当年发布）",
    "cmc": "获国际承认的校准测量能力",
    "cnas_all": "认可机构（合计）",
    "cnas_labs": "认可机构（实验室）",
    "cnas_inspection": "认可机构（检验机构）",
    "cnas_certification": "认可机构（认证机构）",
    "inspection_bodies": "机构数",
    "inspection_large_bodies": "规模以上机构数",
    "inspection_revenue": "营业收入（现价）",
    "inspection_staff": "从业人员",
    "inspection_instruments": "仪器台套",
    "inspection_instrument_value": "仪器原值",
}

#: 检验检测业画在增速图上的指标，自上而下。
SECTOR = (
    "inspection_revenue",
    "inspection_instrument_value",
    "inspection_instruments",
    "inspection_bodies",
    "inspection_staff",
)

#: 增速分前后两段比较时的分界年（两段都含它）。
SPLIT = 2021

#: 事业单位占比：同一份简报给出的最后一年；以后的年份出自另一份简报。
ONE_BRIEF = 2022

#: 事业单位一图的指数，起点记多少。
INDEX = 100

#: 国产与进口仪器两列的末位之半：万台套、亿元都写到两位小数。
HALF_DIGIT = 0.005

#: 来源没有交代分母或存量流量。
NOT_SAID = "没有说"

#: 仪器进口占比的各种说法：（对象，测度）→（按什么计，存量还是流量），据来源的措辞编码。
BASIS = {
    ("inspection_sector_instruments", "imported_units"): ("台套", "存量"),
    ("inspection_sector_instruments", "imported_value"): ("原值", "存量"),
    ("large_research_instruments", "import_share_units"): ("台套", "存量"),
    ("large_research_instruments_new", "import_share_units"): ("台套", "五年新增"),
    ("analytical_instruments", "import_dependence"): (NOT_SAID, NOT_SAID),
    ("cryo_em", "domestic_share"): (NOT_SAID, NOT_SAID),
    ("gene_sequencers", "import_dependence"): (NOT_SAID, NOT_SAID),
    ("sem", "import_share"): (NOT_SAID, NOT_SAID),
}

#: 扫描电镜在卡脖子清单里的编号；它的份额来自厂商网页，证据按媒体一档。
SEM, SEM_BAND = 35, "机构与媒体"

#: 存量说法里，用来与检验检测机构作混合推算的一条。
LARGE = "large_research_instruments"

#: 日本一侧的两类仪器 → 图上的短名。
JAPAN = {"scientific_optical_instruments": "科学与光学仪器", "electrical_measuring_instruments": "电气计量测试仪器"}

#: 仪器所在的技术领域 → 图上的短名；前两个是最贴近仪器的。
FIELDS = {
    "measurement": "测量",
    "analysis_of_biological_materials": "生物材料分析",
    "control": "控制",
    "optics": "光学",
}
PATENT_YEAR = 2020
MEASURES = ("inpadoc_family", "uspto_grant")

#: 5G 标准必要专利的口径：（口径，时点）→ 图上的名字。
SEP = {
    ("caict_effective", "2021-12"): "信通院 2021 年末\n有效族",
    ("caict_effective", "2022-12"): "信通院 2022 年末\n有效族",
    ("iplytics_declared", "2021-02"): "IPlytics 2021 年 2 月\n声明族",
    ("cnipa_declared", "2022-06"): "国知局 2022 年 6 月\n声明族",
    ("miit_declared", "2021-04"): "工信部 2021 年 4 月\n一句话",
}
CAICT, IPLYTICS, CNIPA = ("caict_effective", "2021-12"), ("iplytics_declared", "2021-02"), ("cnipa_declared", "2022-06")

#: 国知局的族数只到千位，取整误差为其一半。
SEP_HALF = 500

#: 假想的必要率之比：中国声明的必要率是别人的几倍。
ESSENTIAL = 0.5

#: 计算席位数组织的总数（见 ``industrial_base`` 指标 ``sdo_majority`` 的说明）。
SDO_TOTAL = 39

#: 国家制造业创新中心目标的两个年份。
TARGET_YEARS = (2020, 2025)


# ---- 第一步：四项基础 -------------------------------------------------------------------------------


def _when(as_of: str) -> float:
    """时点换成以年末为整数的年：2024 年末记为 2024，2024 年 6 月末记为 2023.5。"""
    year, _, month = as_of.partition("-")
    return int(year) - 1 + int(month) / 12 if month else float(year)


def base(indicator: str, iso3: str = "CHN", status: str = "observed") -> pd.Series:
    """一个指标的各个时点：索引为时点（以年末为整数的年），值照来源的单位。"""
    rows = data.load("industrial_base")
    rows = rows[(rows["indicator"] == indicator) & (rows["iso3"] == iso3) & (rows["status"] == status)]
    return pd.Series(rows["value"].to_numpy(), index=[_when(v) for v in rows["as_of"]]).sort_index()


def yearly(indicator: str) -> pd.Series:
    """一个指标的各年实绩，索引为整数年份。"""
    found = base(indicator)
    return found.set_axis([int(np.ceil(t)) for t in found.index])


def growth(indicator: str) -> inference.Interval:
    """对数值的 Theil–Sen 斜率，换成年均增长率（0–1）。"""
    found = base(indicator)
    return inference.Interval(*np.expm1(inference.slope(found.index, np.log(found.to_numpy()))))


def least_p(points: int) -> float:
    """这么多个时点，就算一路只升或只降，Kendall 秩检验的双侧 p 值最小能到多少：2/n!。"""
    return 2 / math.factorial(points)


def series_table() -> pd.DataFrame:
    """四项基础的序列：几个时点，首尾，能不能谈趋势。

    Returns
    -------
    pandas.DataFrame
        索引为指标，列 ``topic_zh``、``name``、``points``、``first``、``last``（年份与数）、``unit``、
        ``span``（末值为首值的几倍）、``trend``（年均增长的估计与区间，点不够则写明不谈）。
    """
    topics, units = data.labels("industrial_base", "topic"), data.labels("industrial_base", "unit")
    rows = data.load("industrial_base").drop_duplicates("indicator").set_index("indicator")
    out = {}
    for indicator, name in SERIES.items():
        found = base(indicator)
        enough = len(found) >= TREND_POINTS
        rate = growth(indicator) if enough else None
        years = yearly(indicator).index
        out[indicator] = {
            "topic_zh": topics[rows.loc[indicator, "topic"]],
            "name": name,
            "points": len(found),
            "first": f"{years[0]}：{found.iloc[0]:,.6g}",
            "last": f"{years[-1]}：{found.iloc[-1]:,.6g}",
            "unit": units[rows.loc[indicator, "unit"]],
            "span": found.iloc[-1] / found.iloc[0],
            "trend": f"{rate.estimate:.1%}（{rate.low:.1%} 至 {rate.high:.1%}）" if enough else "点太少",
        }
    return pd.DataFrame.from_dict(out, orient="index")


def sector_growth() -> pd.DataFrame:
    """检验检测业各量的年均增长：全期的 Theil–Sen 估计与区间，及分界年前后的年均增长。

    Returns
    -------
    pandas.DataFrame
        索引为短名；``estimate``、``low``、``high``、``before``、``after`` 都是 0–1 的年增长率。
    """
    out = {}
    for indicator in SECTOR:
        found = yearly(indicator)
        left, right = found[found.index <= SPLIT], found[found.index >= SPLIT]
        rate = growth(indicator)
        out[SERIES[indicator]] = {
            **rate._asdict(),
            "before": _annual(left),
            "after": _annual(right),
        }
    return pd.DataFrame.from_dict(out, orient="index")


def slowdown() -> tuple[int, int]:
    """换分界年再比：（量，分界年）的全部组合里，后段年均增长低于前段的有几个，一共几个。"""
    slower = []
    for indicator in SECTOR:
        found = yearly(indicator)
        slower += [_annual(found[found.index >= y]) < _annual(found[found.index <= y]) for y in found.index[1:-1]]
    return sum(slower), len(slower)


def _annual(found: pd.Series) -> float:
    """首尾之间的年均增长率（0–1）。"""
    return float((found.iloc[-1] / found.iloc[0]) ** (1 / (found.index[-1] - found.index[0])) - 1)


def public_bodies() -> pd.DataFrame:
    """事业单位制的机构：占比与机构总数都有的年份，各有多少家。

    Returns
    -------
    pandas.DataFrame
        索引为年份，列 ``share``（0–1）、``bodies``、``public``、``other``（家）；家数是相乘得到的。
    """
    share, bodies = yearly("inspection_public_share") / 100, yearly("inspection_bodies")
    both = pd.DataFrame({"share": share, "bodies": bodies}).dropna()
    return both.assign(public=both["share"] * both["bodies"], other=(1 - both["share"]) * both["bodies"])


def public_slope() -> inference.Interval:
    """事业单位占比每年变多少（0–1）：同一份简报的连续年份。"""
    found = yearly("inspection_public_share")
    found = found[found.index <= ONE_BRIEF]
    return inference.Interval(*(v / 100 for v in inference.slope(found.index, found)))


def public_lines() -> pd.DataFrame:
    """事业单位制机构：占比、家数与其他机构的家数，第一个两样都有的年份记 :data:`INDEX`；供断线图。

    Returns
    -------
    pandas.DataFrame
        列 ``line``、``x``、``y``、``segment``：占比在 :data:`ONE_BRIEF` 以后换了一份简报，另成一段。
    """
    share, counts = yearly("inspection_public_share"), public_bodies()
    start = counts.index[0]
    lines = {
        "事业单位占比": INDEX * share / share[start],
        "事业单位家数": INDEX * counts["public"] / counts.loc[start, "public"],
        "其他机构家数": INDEX * counts["other"] / counts.loc[start, "other"],
    }
    rows = [
        {"line": name, "x": year, "y": value, "segment": "另一份简报" if year > ONE_BRIEF else ""}
        for name, found in lines.items()
        for year, value in found.items()
    ]
    return pd.DataFrame(rows)


def loose_growth() -> pd.DataFrame:
    """把谈趋势的门槛放宽到 :data:`LOOSE` 个时点，多出来的序列的年均增长与区间（0–1），索引为短名。"""
    extra = [i for i in SERIES if LOOSE <= len(base(i)) < TREND_POINTS]
    return pd.DataFrame.from_dict({SERIES[i]: growth(i)._asdict() for i in extra}, orient="index")


def large_bodies() -> dict[str, float]:
    """规模以上机构：占收入的比重（0–1），与按相邻两个年份的机构总数算的家数占比。"""
    year = int(yearly("inspection_large_share").index[0])
    count, bodies = yearly("inspection_large_bodies")[year], yearly("inspection_bodies")
    near = bodies[(bodies.index >= year - 1) & (bodies.index <= year + 1)]
    return {
        "year": year,
        "revenue": float(yearly("inspection_large_share")[year]) / 100,
        "low": float(count / near.max()),
        "high": float(count / near.min()),
    }


# ---- 第二步：仪器的两种分母 -------------------------------------------------------------------------


def instruments() -> pd.DataFrame:
    """检验检测机构在用的仪器：国产与进口各多少台套、多少原值。

    Returns
    -------
    pandas.DataFrame
        索引 ``domestic``、``imported``；列 ``units``（万台套）、``value``（亿元）、``average``（万元每台套）。
    """
    rows = data.load("localisation")
    rows = rows[rows["item"] == "inspection_sector_instruments"].set_index("measure")["value"]
    out = pd.DataFrame(
        {kind: {"units": rows[f"{kind}_units"], "value": rows[f"{kind}_value"]} for kind in ("domestic", "imported")}
    ).T
    return out.assign(average=out["value"] / out["units"])


def instruments_year() -> int:
    """检验检测机构的仪器总数是哪一年的。"""
    rows = data.load("localisation")
    return int(rows.loc[rows["item"] == "inspection_sector_instruments", "year"].iloc[0])


def imported_share(column: str) -> float:
    """进口占台套（``units``）或原值（``value``）的份额，0–1。"""
    found = instruments()[column]
    return float(found["imported"] / found.sum())


def odds_ratio(units: float, value: float) -> float:
    r"""两个份额蕴含的平均原值之比 :math:`\frac{v/(1-v)}{u/(1-u)}`：进口的平均原值是国产的几倍。"""
    return value / (1 - value) / (units / (1 - units))


def average_ratio() -> pd.DataFrame:
    """进口与国产平均原值之比：由四个原数算，与由取整后的两个份额算。

    Returns
    -------
    pandas.DataFrame
        索引 ``counts``、``shares``；列 ``estimate``、``low``、``high``。下、上界把各数的末位取整推到最不利。
    """
    table, half = instruments(), HALF_DIGIT
    imported, domestic = table.loc["imported"], table.loc["domestic"]
    units, value = round(imported_share("units"), 3), round(imported_share("value"), 3)
    step = 0.0005
    return pd.DataFrame(
        {
            "counts": {
                "estimate": imported["average"] / domestic["average"],
                "low": (imported["value"] - half) / (imported["units"] + half)
                / ((domestic["value"] + half) / (domestic["units"] - half)),
                "high": (imported["value"] + half) / (imported["units"] - half)
                / ((domestic["value"] - half) / (domestic["units"] + half)),
            },
            "shares": {
                "estimate": odds_ratio(units, value),
                "low": odds_ratio(units + step, value - step),
                "high": odds_ratio(units - step, value + step),
            },
        }
    ).T  # fmt: skip


def reclassify(target: float = 0.5) -> float:
    """国产原值里要有多大一份（0–1）其实该算进口，进口占原值才到 ``target``。"""
    table = instruments()["value"]
    return float((target * table.sum() - table["imported"]) / table["domestic"])


def discount() -> float:
    """进口仪器的原值要打去几成（0–1），按原值算的份额才与按台套算的相同。"""
    return 1 - 1 / float(average_ratio().loc["counts", "estimate"])


def large_count() -> tuple[int, int]:
    """大型科研仪器进口台套与全部台套，取自来源所载（见备注列）。"""
    rows = data.load("localisation")
    note = rows.loc[rows["item"] == LARGE, "note"].iloc[0]
    total, imported = (int(v) for v in re.findall(r"(\d+) 台套", note))
    return imported, total


def large_share() -> inference.Interval:
    """大型科研仪器按台套算的进口份额与 Wilson 区间（0–1）：把全国的机器看作同一过程的一次抽取。"""
    return inference.proportion(*large_count())


def mixture(column: str) -> float:
    """若检验检测业里高价仪器的进口份额与大型科研仪器一样，高价仪器至多占台套或原值的多少（0–1）。

    总份额是高价与其余的加权平均，其余的进口份额不小于零，所以权重至多为总份额除以高价份额。
    """
    return imported_share(column) / large_share().estimate


def instrument_claims() -> pd.DataFrame:
    """仪器进口占比的各种说法，换成进口份额并列；证据分档与“核心基础零部件”一章相同。

    Returns
    -------
    pandas.DataFrame
        列 ``name``（短名与年份）、``low``、``high``（百分数；国产份额“不足”的，进口份额只有下界，上界为 100）、
        ``per``（按什么计）、``kind``（存量还是流量）、``band``（证据分档，有序）、``bound``、``computable``（有没有分子
        分母）；按低端由小到大。国产份额换成进口份额时取补数，把外资在华企业的产出也算进了进口或国产，分不清。
    """
    found = components.claims("technology_base")
    out = []
    for r in found.itertuples():
        if (r.item, r.measure) not in BASIS:
            continue
        low = high = r.value
        if r.measure.startswith("imported_"):
            low = high = 100 * imported_share(r.measure.removeprefix("imported_"))
        elif r.item == LARGE:
            low = high = 100 * large_share().estimate
        elif r.measure == "domestic_share":
            low, high = 100 - r.value, 100.0
        out.append((r.item, r.measure, r.short, r.year, low, high, r.band))
    sem = data.load("chokepoint_shares")
    sem = sem[(sem["tech_id"] == SEM) & (sem["share_kind"] == "import")].iloc[0]
    out.append(("sem", "import_share", "扫描电镜", 2018, sem["share_min"], sem["share_max"], SEM_BAND))
    rows = [
        {
            "item": item,
            "name": f"{short}{year}" if short.endswith("）") else f"{short} {year}",
            "low": low,
            "high": high,
            "per": BASIS[item, measure][0],
            "kind": BASIS[item, measure][1],
            "band": band,
            "bound": "at_least" if high == 100 else "exact",
            "computable": item in (LARGE, "inspection_sector_instruments"),
        }
        for item, measure, short, year, low, high, band in out
    ]
    table = pd.DataFrame(rows).sort_values(["low", "high"]).reset_index(drop=True)
    table["band"] = pd.Categorical(table["band"], categories=list(components.BANDS), ordered=True)
    return table


def claim_dots() -> pd.DataFrame:
    """进口占比的说法，供分级点图：索引为两行的行名（对象与年份，按什么计与存量流量），一段范围画成两点。"""
    rows = []
    for r in instrument_claims().itertuples():
        said = "分母、存量流量都没有说" if r.per == r.kind == NOT_SAID else f"按{r.per}，{r.kind}"
        ends = (r.low,) if r.bound == "at_least" or r.low == r.high else (r.low, r.high)
        rows += [{"label": f"{r.name}\n{said}", "value": v, "band": r.band, "bound": r.bound} for v in ends]
    out = pd.DataFrame(rows).set_index("label")
    out["band"] = pd.Categorical(out["band"], categories=list(components.BANDS), ordered=True)
    return out


# ---- 第三步：海关与专利 -----------------------------------------------------------------------------


def japan_flows(flow: str, partner: str = "CHN") -> pd.DataFrame:
    """日本两类仪器对一方的出口或自一方的进口（十亿日元）：行为年，列为短名。"""
    rows = data.load("japan_trade")
    rows = rows[(rows["flow"] == flow) & (rows["partner_iso3"] == partner) & rows["goods"].isin(JAPAN)]
    return rows.pivot(index="year", columns="goods", values="value").rename(columns=JAPAN)[list(JAPAN.values())]


def japan_ratio(partner: str = "CHN") -> pd.DataFrame:
    """日本对一方的仪器出口额除以自它的进口额：行为年，列为短名。两边同为日元，汇率约去。"""
    return japan_flows("export", partner) / japan_flows("import", partner)


def japan_slopes(first: int | None = None) -> pd.DataFrame:
    """出口与进口之比每年变多少（0–1）：Theil–Sen 斜率与区间；``first`` 为起始年，缺省为全期。"""
    found = japan_ratio()
    found = found if first is None else found[found.index >= first]
    rates = {name: np.expm1(inference.slope(found.index, np.log(found[name]))) for name in found}
    return pd.DataFrame.from_dict(rates, orient="index", columns=list(inference.Interval._fields))


def japan_starts() -> pd.DataFrame:
    """换起始年再算斜率：行为起始年（其后至少 :data:`TREND_POINTS` 个点），列为短名，真为区间整个在零以下。"""
    starts = japan_ratio().index[: -TREND_POINTS + 1]
    return pd.DataFrame({int(y): japan_slopes(y)["high"] < 0 for y in starts}).T.astype(bool)


def customs_codes() -> dict[str, int]:
    """产业技术基础一类的海关编码：共几个，只在一版税则里有效的几个。"""
    rows = data.load("hs_products")
    rows = rows[rows["pillar"] == "technology_base"]
    return {"total": len(rows), "one_version": int((rows["hs_validity"] != "both").sum())}


def china_ratios() -> pd.DataFrame:
    """中国两个半导体测试检验编码的进出口比：行为年，列为短名。与“进口依赖”一章同一函数。"""
    codes = {code: name for code, name in imp.CODES.items() if code != imp.TOOL}
    return pd.DataFrame({name: imp.ratios(code)["CHN"] for code, name in codes.items()})


def patent_shares(year: int = PATENT_YEAR) -> pd.DataFrame:
    """仪器所在各领域，中国占世界的份额（百分数）与名次，两种口径。

    Returns
    -------
    pandas.DataFrame
        索引为短名；每种口径各有 ``<口径>``（百分数）与 ``<口径>_rank``（单列的经济体里的名次，欧盟合计不参加）。
        是全部计数，不是抽样，没有抽样区间。
    """
    rows = data.load("patents")
    rows = rows[(rows["year"] == year) & rows["field"].isin(FIELDS)]
    out: dict[str, dict[str, float]] = {}
    for field, name in FIELDS.items():
        line: dict[str, float] = {}
        for measure in MEASURES:
            found = rows[(rows["field"] == field) & (rows["measure"] == measure)].set_index("iso3")["value"]
            world, own = found["WLD"], found.drop(["WLD", "EUU"], errors="ignore")
            line |= {
                measure: 100 * found["CHN"] / world,
                f"{measure}_rank": int(own.rank(ascending=False)["CHN"]),
            }
        out[name] = line
    return pd.DataFrame.from_dict(out, orient="index")


# ---- 第四步：话语权的几种量法 -----------------------------------------------------------------------


def secretariats() -> pd.DataFrame:
    """2016 年 ISO 技术机构的秘书处：列名的三国各占多少。是全部计数，不是抽样，没有抽样区间。

    Returns
    -------
    pandas.DataFrame
        索引为三位代码，列 ``name_zh``、``count``、``total``（技术委员会加分委员会）、``share``（0–1）；由多到少。
    """
    total = int(base("iso_tc", "WLD").iloc[0] + base("iso_sc", "WLD").iloc[0])
    rows = data.load("industrial_base")
    counts = rows[rows["indicator"] == "iso_secretariats"].set_index("iso3")["value"].sort_values(ascending=False)
    out = pd.DataFrame({"count": counts.astype(int), "total": total, "share": counts / total})
    return out.assign(name_zh=[imp.names()[iso3] for iso3 in out.index])


def voice_table() -> pd.DataFrame:
    """话语权的几种量法。

    Returns
    -------
    pandas.DataFrame
        列 ``measure`` 量的是什么、``who``、``year``、``value`` 数、``share`` 占总数（没有总数的为“—”）、
        ``silent`` 没有交代的。
    """
    rows = [
        ("ISO 技术机构秘书处", r.name_zh, 2016, f"{r.seats} 个", f"{r.share:.1%}", "别的年份；余下各国")
        for r in secretariats().rename(columns={"count": "seats"}).itertuples(index=False)
    ]
    share, seats = base("jtc1_share", "USA").iloc[0], int(base("sdo_majority", "USA").iloc[0])
    rows += [
        ("JTC 1（信息技术）分委会秘书处", "美国", 2021, "—", f"{share:g}%", "总数；中国的数"),
        ("过半选票的国际标准组织", "美国", 2021, f"{seats} 个", f"{seats / SDO_TOTAL:.1%}", "中国的数"),
    ]
    rows += [
        ("对 ISO 贡献率的名次", "中国", year, f"第 {value:g} 位", "—", "编法；各国的分数")
        for year, value in yearly("iso_rank").items()
    ]
    rows += [
        (
            "当年新提交的国际标准提案",
            "中国",
            2017,
            f"{base('iso_new_proposals').iloc[0]:g} 项",
            "—",
            "别国的数；多少获采纳",
        ),
        ("提交并发布的国际标准（累计）", "中国", 2016, f"{base('iso_proposed').iloc[0]:g} 项", "—", "别国的数"),
    ]
    return pd.DataFrame(rows, columns=["measure", "who", "year", "value", "share", "silent"])


def sep_shares(definition: tuple[str, str]) -> pd.DataFrame:
    """一种口径一个时点列出的企业：索引为企业中文名，列 ``share``（百分数）、``hq``；由多到少。"""
    rows = data.load("sep_5g")
    rows = rows[(rows["definition"] == definition[0]) & (rows["as_of"] == definition[1])]
    firms = rows[(rows["holder_kind"] == "firm") & (rows["measure"] == "sep_share")]
    found = firms.set_index("holder_zh").rename(columns={"value": "share", "hq_iso3": "hq"})[["share", "hq"]]
    return found.sort_values("share", ascending=False)


def sep_families(definition: tuple[str, str], holder: str) -> float:
    """一种口径一个时点公布的族数。"""
    rows = data.load("sep_5g").set_index(["definition", "as_of", "holder", "measure"])["value"]
    return float(rows[(*definition, holder, "sep_families")])


def cnipa_share() -> dict[str, float]:
    """国知局口径：由族数算的份额，取整的上下界，Wilson 区间，与来源的说法（都是百分数）。"""
    china, world = sep_families(CNIPA, "china"), sep_families(CNIPA, "world")
    wilson = inference.proportion(int(china), int(world))
    stated = data.load("sep_5g").set_index(["definition", "holder", "measure"])["value"]
    return {
        "estimate": 100 * china / world,
        "low": 100 * (china - SEP_HALF) / (world + SEP_HALF),
        "high": 100 * (china + SEP_HALF) / (world - SEP_HALF),
        "wilson_low": 100 * wilson.low,
        "wilson_high": 100 * wilson.high,
        "stated": float(stated[("cnipa_declared", "china", "sep_share")]),
    }


def sep_bounds() -> pd.DataFrame:
    """中国权利人合计的份额，每种口径的上下界（百分数）。

    列出企业的口径：下界是列名的中国企业之和，上界再加上全部没有列名的余额；国知局取族数取整的上下界；
    工信部只有下界，上界为 100。总部在中国大陆的算中国企业。

    Returns
    -------
    pandas.DataFrame
        索引为图上的名字；列 ``listed``（列出的家数）、``china``（其中中国企业）、``rest``（没有列名的余额）、
        ``low``、``high``。
    """
    out = {}
    for key, name in SEP.items():
        firms = sep_shares(key)
        if len(firms):
            own = firms.loc[firms["hq"] == "CHN", "share"]
            rest = 100 - firms["share"].sum()
            out[name] = (len(firms), len(own), rest, own.sum(), own.sum() + rest)
        elif key == CNIPA:
            found = cnipa_share()
            out[name] = (0, 0, np.nan, found["low"], found["high"])
        else:
            rows = data.load("sep_5g").set_index(["definition", "measure"])["value"]
            out[name] = (0, 0, np.nan, float(rows[(key[0], "sep_share")]), 100.0)
    return pd.DataFrame.from_dict(out, orient="index", columns=["listed", "china", "rest", "low", "high"])


def sep_overlap() -> tuple[float, float]:
    """各口径上下界的公共部分（百分数）：假如它们量的是同一样东西，中国的份额只能在这里。"""
    found = sep_bounds()
    return float(found["low"].max()), float(found["high"].min())


def sep_common() -> pd.DataFrame:
    """信通院 2021 年末与 IPlytics 都列出的企业。

    Returns
    -------
    pandas.DataFrame
        索引为企业，列 ``hq``、``caict``、``iplytics``（百分数）、``caict_rank``、``iplytics_rank``（在共同的企业里），
        ``wilson_low``、``wilson_high``（信通院一列，按公布的总族数，百分数）。
    """
    caict, iplytics = sep_shares(CAICT), sep_shares(IPLYTICS)
    both = caict.join(iplytics["share"].rename("iplytics"), how="inner").rename(columns={"share": "caict"})
    total = int(sep_families(CAICT, "world"))
    bands = [inference.proportion(round(v / 100 * total), total) for v in both["caict"]]
    return both.assign(
        caict_rank=both["caict"].rank(ascending=False).astype(int),
        iplytics_rank=both["iplytics"].rank(ascending=False).astype(int),
        wilson_low=[100 * b.low for b in bands],
        wilson_high=[100 * b.high for b in bands],
    )


def sep_common_total() -> dict[str, float]:
    """两种口径都列出的企业里的中国企业：列名多少不同的影响就没有了。

    Returns
    -------
    dict
        ``firms`` 中国企业的家数；``caict``、``iplytics`` 各自占全球之和；``caict_part``、``iplytics_part`` 占这几家
        共同企业之和的比重；都是百分数。
    """
    both = sep_common()
    own, total = both[both["hq"] == "CHN"], both[["caict", "iplytics"]].sum()
    part = 100 * own[["caict", "iplytics"]].sum() / total
    return {
        "caict": float(own["caict"].sum()),
        "iplytics": float(own["iplytics"].sum()),
        "caict_part": float(part["caict"]),
        "iplytics_part": float(part["iplytics"]),
        "firms": len(own),
    }


def sep_flips() -> dict[str, object]:
    """名次稳不稳：共同企业两两比较，几对在两种口径下次序相反，Kendall 秩相关多少。

    Returns
    -------
    dict
        ``pairs`` 对数、``flipped`` 次序相反的各对、``tau`` 秩相关。
    """
    table = sep_common()
    flipped = [
        (a, b)
        for a, b in combinations(table.index, 2)
        if (table.loc[a, "caict"] - table.loc[b, "caict"]) * (table.loc[a, "iplytics"] - table.loc[b, "iplytics"]) < 0
    ]
    tau = stats.kendalltau(table["caict"], table["iplytics"]).statistic
    return {"pairs": len(table) * (len(table) - 1) // 2, "flipped": flipped, "tau": float(tau)}


def sep_lead(definition: tuple[str, str]) -> dict[str, object]:
    """居首的企业、次位的企业，与“必要率”之比的临界值。

    份额乘以真正必要的比例才是必要专利；居首者的必要率降到次位的 ``break_even`` 倍以下，居首就易手。
    """
    firms = sep_shares(definition)["share"]
    return {"first": firms.index[0], "second": firms.index[1], "break_even": float(firms.iloc[1] / firms.iloc[0])}


def sep_essential(ratio: float) -> float:
    r"""国知局口径的中国份额，若中国声明的必要率是别人的 ``ratio`` 倍：:math:`\frac{sr}{sr + 1 - s}`（百分数）。"""
    share = cnipa_share()["estimate"] / 100
    return 100 * share * ratio / (share * ratio + 1 - share)


def sep_unlisted() -> pd.Series:
    """信通院列出、IPlytics 的报道没有列出的外国企业在信通院口径的份额（百分数）：IPlytics 的上界因此偏宽。"""
    caict = sep_shares(CAICT)
    return caict.loc[(caict["hq"] != "CHN") & ~caict.index.isin(sep_shares(IPLYTICS).index), "share"]


# ---- 第五步：平台与筛选 -----------------------------------------------------------------------------


def centres() -> pd.DataFrame:
    """国家制造业创新中心：索引为时点，列 ``value``、``status``（``observed``、``target``）。"""
    rows = data.load("industrial_base")
    rows = rows[rows["indicator"] == "innovation_centres"]
    out = rows.assign(when=[_when(v) for v in rows["as_of"]])[["when", "year", "as_of", "value", "status"]]
    return out.sort_values("when").reset_index(drop=True)


def centre_lines() -> pd.DataFrame:
    """创新中心的断线图：列 ``line``、``x``、``y``、``kind``；有别的说法或备注的实绩画空心。"""
    table = centres()
    rows = data.load("industrial_base")
    noted = rows[(rows["indicator"] == "innovation_centres") & rows["note"].notna()]["year"]
    kind = table["status"].where(table["status"] == "target", "observed")
    kind = kind.mask((kind == "observed") & table["year"].isin(noted), "uncertain")
    return pd.DataFrame({"line": "创新中心", "x": table["when"], "y": table["value"], "kind": kind})


def centre_targets() -> pd.DataFrame:
    """创新中心：目标与能查到的最近实绩，索引为目标年，列 ``target``、``observed``、``as_of``。"""
    table = centres()
    out = {}
    for year in TARGET_YEARS:
        rows = table[table["year"] == year].set_index("status")
        out[year] = {"target": rows.loc["target", "value"], **rows.loc["observed", ["value", "as_of"]].to_dict()}
    return pd.DataFrame.from_dict(out, orient="index").rename(columns={"value": "observed"})


def giants() -> pd.Series:
    """“小巨人”各批的认定数，索引为公布年份。"""
    return yearly("little_giant_new").astype(int)


def giants_review() -> dict[str, float]:
    """“小巨人”：各批之和与净数之差，复核的两种通过率。

    Returns
    -------
    dict
        ``total`` 七批之和；``dropped`` 前三批之和减净数，``dropped_share`` 其比重；``passed`` 2025 年复核通过数，
        ``rate`` 公布的通过率，``reviewed`` 由两者推出的参评数，``recognised`` 首批与第四批的认定数，
        ``kept`` 通过数除以当初认定数，``low``、``high`` 公布通过率的 Wilson 区间；比例都是 0–1。
    """
    batches = giants()
    first_three = batches.iloc[:3].sum()
    net = base("little_giant_net").iloc[0]
    passed, rate = base("little_giant_review").iloc[0], base("little_giant_review_rate").iloc[0] / 100
    reviewed = round(passed / rate)
    recognised = int(batches.iloc[0] + batches.iloc[3])
    band = inference.proportion(int(passed), reviewed)
    return {
        "total": int(batches.sum()),
        "dropped": float(first_three - net),
        "dropped_share": float((first_three - net) / first_three),
        "passed": float(passed),
        "rate": float(rate),
        "reviewed": reviewed,
        "recognised": recognised,
        "kept": float(passed / recognised),
        "low": band.low,
        "high": band.high,
    }


#: 平台与筛选表的行：指标 → （数的是什么，说明哪一步）。
SELECTED = {
    "innovation_centres": ("国家制造业创新中心（累计）", "挂牌"),
    "innovation_centre_results": ("同上：称已突破的共性技术", "自报"),
    "miit_labs": ("工业和信息化部重点实验室", "挂牌"),
    "pilot_reserve": ("中试平台：储备库", "入库"),
    "pilot_key": ("中试平台：首批重点培育", "入选"),
    "pilot_national": ("中试平台：首批国家级", "挂牌"),
    "iiot_platforms": ("跨行业跨领域工业互联网平台", "遴选"),
    "little_giant_new": ("专精特新“小巨人”（最近一批）", "认定"),
    "champion_total": ("制造业单项冠军（累计）", "认定"),
}

#: 找过而没有公开数的几样。
MISSING = ("产业技术基础公共服务平台（各批）", "共享的材料、工艺与计量数据库", "平台的服务次数、收费与用户")


def platform_table() -> pd.DataFrame:
    """平台与筛选：最近的数、时点、它说明走到哪一步；没有找到的单列。"""
    signs = {"exact": "", "about": "约 ", "at_least": "超 "}
    rows = data.load("industrial_base")
    out = []
    for indicator, (name, step) in SELECTED.items():
        found = rows[(rows["indicator"] == indicator) & (rows["status"] == "observed")].sort_values("as_of").iloc[-1]
        out.append((name, f"{signs[found['bound']]}{found['value']:,.0f}", str(found["as_of"]), step))
    out += [(name, "没有找到", "—", "—") for name in MISSING]
    return pd.DataFrame(out, columns=["name", "value", "as_of", "step"])


# ---- 合起来 -----------------------------------------------------------------------------------------


def headline() -> dict[str, float]:
    """本章的主要数字，首页与别的章从这里取。"""
    common, bounds, ratio = sep_common_total(), sep_bounds(), average_ratio()
    public = public_bodies()
    first, last = public.index[0], public.index[-1]
    return {
        "units": imported_share("units"),
        "value": imported_share("value"),
        "ratio": float(ratio.loc["counts", "estimate"]),
        "ratio_low": float(ratio.loc["shares", "low"]),
        "ratio_high": float(ratio.loc["shares", "high"]),
        "revenue": growth("inspection_revenue").estimate,
        "public_first": float(public.loc[first, "share"]),
        "public_last": float(public.loc[last, "share"]),
        "public_count_change": float(public.loc[last, "public"] / public.loc[first, "public"] - 1),
        "sep_caict": float(bounds.loc[SEP[CAICT], "low"]),
        "sep_iplytics": float(bounds.loc[SEP[IPLYTICS], "low"]),
        "sep_cnipa": cnipa_share()["estimate"],
        "sep_common_gap": common["iplytics"] - common["caict"],
    }
