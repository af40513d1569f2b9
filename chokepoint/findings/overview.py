"""“四大支柱全景”一章的主要数字：专利的两种数法、增加值、外部标尺、从四基到五基。

领域归入哪一支柱是本书的判断（表 ``patent_fields``），每个领域说得通的另一种归法写在 :data:`ALTERNATIVES`；
凡由归类得出的结论，都连同换归类之后的范围一起给出。
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from .. import data, inference
from . import identify, industry_chain

#: 两种数法都有的最后一年；此后只有半导体的美国授权。
YEAR = 2020
#: 同族（各局都算，本国局占多数）与美国授权：代码 → 图上的名字，次序即书中的次序。
MEASURES = {"inpadoc_family": "同族", "uspto_grant": "美国授权"}
FAMILY, GRANT = MEASURES
#: 对照的经济体；前五个画在图上。
PEERS = ("CHN", "USA", "JPN", "DEU", "KOR")
ECONOMIES = (*PEERS, "TWN", "GBR", "FRA", "CHE")
PILLARS = ("components", "materials", "processes", "technology_base")
#: 第五基在本章的代码：只有换归类时才用到。
SOFTWARE = "software"
#: 五基中工业基础软件在专利分类里最近的领域。
SOFTWARE_FIELD = "computer_technology"
OUTSIDE = "outside"

#: 每个领域说得通的另一种归法与理由；没有列出的，本书想不出第二种。:data:`OUTSIDE` 为不归入四大支柱。
ALTERNATIVES = {
    "semiconductors": ("processes", "也含制造方法，可以算工艺"),
    "electrical_machinery_apparatus_energy": ("materials", "电池与电缆的要害在材料"),
    "basic_communication_processes": ("technology_base", "信号处理与测试电路相通"),
    "engines_pumps_turbines": (OUTSIDE, "动力机械是整机"),
    "basic_materials_chemistry": (OUTSIDE, "燃料与日用化学品离产业基础较远"),
    "materials_metallurgy": ("processes", "冶炼本身是工艺"),
    "chemical_engineering": ("materials", "多用于制备材料"),
    "handling": ("components", "含机器人与夹持部件"),
    "machine_tools": (OUTSIDE, "机床是整机装备"),
    "microstructural_technology_and_nanotechnology": ("components", "含微机电器件"),
    "other_special_machines": (OUTSIDE, "专用机械是整机装备"),
    "surface_technology_coating": ("materials", "涂层本身是材料"),
    "textile_and_paper_machines": (OUTSIDE, "纺织、造纸机械是整机装备"),
    "thermal_processes_and_apparatus": ("components", "换热器与压缩机是部件"),
    "analysis_of_biological_materials": (OUTSIDE, "主要服务于医药"),
    SOFTWARE_FIELD: (OUTSIDE, "依“五基”，软件另立一基"),
    "control": ("components", "控制器是部件"),
    "measurement": ("components", "传感器是零部件"),
    "optics": ("components", "光学元件是零部件"),
    "digital_communication": ("technology_base", "通信标准属于技术基础"),
    "telecommunications": ("technology_base", "通信标准属于技术基础"),
    "transport": ("components", "车辆与飞行器的部件混在其中"),
}

#: 随机换归类的次数。
DRAWS = 10_000
#: 随机换归类报告的两端分位：``1 - TAIL`` 与 ``TAIL``。
TAIL = 0.95
#: 置换检验的次数。
SHUFFLES = 9_999
#: 逐领域相关的自助区间重抽几次。
RESAMPLES = 1_000
SEED = 20200405

#: 增加值表里不重叠的行业：制造业九个、服务业三个；小计与合计不在内。
MANUFACTURING = (
    "electrical_equipment", "rail_military_other_transport", "machinery_equipment", "chemicals",
    "computer_electronic_optical", "motor_vehicles", "pharmaceuticals", "medical_instruments", "aerospace",
)  # fmt: skip
SERVICES = ("scientific_rd_services", "it_services", "software_publishing")
INDUSTRIES = MANUFACTURING + SERVICES

#: 清单里属于软件的技术（表 ``chokepoints`` 的 ``object_type``）。
SOFTWARE_OBJECT = "software"
#: 芯片链上的 EDA 节点与所取的版次（两版同值，都是 2019 年的数）。
EDA_NODE, EDA_RELEASE = "electronic_design_automation_software", "2026"


def names() -> dict[str, str]:
    """经济体代码 → 中文名。"""
    return data.load("countries").set_index("iso3")["name_zh"].to_dict()


def pillar_names() -> dict[str, str]:
    """支柱代码 → 中文名，含第五基与“不归入”。"""
    named = data.labels("patent_fields", "pillar")
    return {p: named[p] for p in PILLARS} | {SOFTWARE: "产业基础软件", OUTSIDE: "不归入"}


# ---- 归类 -------------------------------------------------------------------------------------------


def mapping() -> pd.Series:
    """主归类：领域 → 支柱代码，不归入的为 :data:`OUTSIDE`。"""
    table = data.load("patent_fields").set_index("field")["pillar"]
    return table.astype(object).where(table.notna(), OUTSIDE)


def alternatives() -> pd.Series:
    """备选归类：领域 → 支柱代码；想不出第二种的与主归类相同。"""
    main = mapping()
    return pd.Series({field: ALTERNATIVES.get(field, (main[field],))[0] for field in main.index}, name="alternative")


def five() -> pd.Series:
    """五基的归类：软件所在的领域从产业技术基础里分出来，另立一基。"""
    return mapping().where(lambda s: s.index != SOFTWARE_FIELD, SOFTWARE)


def field_table() -> pd.DataFrame:
    """归类表：领域、主归类、理由、备选归类、备选理由，按支柱排列。"""
    label, fields = pillar_names(), data.labels("patent_fields", "field")
    table = data.load("patent_fields").set_index("field")
    main, other = mapping(), alternatives()
    rank = {p: i for i, p in enumerate((*PILLARS, OUTSIDE))}
    order = sorted(main.index, key=lambda f: (rank[main[f]], fields[f]))
    return pd.DataFrame(
        {
            "field": [fields[f] for f in order],
            "pillar": [label[main[f]] for f in order],
            "reason": [table.loc[f, "reason"] for f in order],
            "alternative": [label[other[f]] if f in ALTERNATIVES else "—" for f in order],
            "why": [ALTERNATIVES.get(f, ("", "—"))[1] for f in order],
        }
    )


# ---- 专利：份额与相对技术优势 -----------------------------------------------------------------------


def counts(measure: str, year: int = YEAR) -> pd.DataFrame:
    """一年的专利数：行为领域，列为经济体（``WLD`` 为世界合计）。绝对数不可引用，只供算份额。

    Parameters
    ----------
    measure : str
        :data:`MEASURES` 之一。
    year : int
        1998–:data:`YEAR`。
    """
    table = data.load("patents")
    table = table[(table["measure"] == measure) & (table["year"] == year)]
    return table.pivot(index="field", columns="iso3", values="value").astype(float)


def by_pillar(measure: str, year: int = YEAR, groups: pd.Series | None = None) -> pd.DataFrame:
    """按归类合计：行为支柱（不归入的不在内），列为经济体。"""
    groups = mapping() if groups is None else groups
    summed = counts(measure, year).groupby(groups).sum()
    return summed.drop(index=OUTSIDE, errors="ignore")


def shares(measure: str, year: int = YEAR, groups: pd.Series | None = None) -> pd.DataFrame:
    """各支柱里各经济体占世界的份额（0–1）：行为支柱，列为经济体。"""
    table = by_pillar(measure, year, groups)
    return table.div(table["WLD"], axis=0)


def overall(measure: str, year: int = YEAR) -> pd.Series:
    """全部领域合计，各经济体占世界的份额（0–1）。"""
    total = counts(measure, year).sum()
    return total / total["WLD"]


def advantage(measure: str, year: int = YEAR, groups: pd.Series | None = None, base: str = "all") -> pd.DataFrame:
    """相对技术优势 RTA：一个经济体在某一支柱的世界份额，除以它在全部领域的世界份额。

    即 Balassa (1965) 的显性比较优势用在专利上（Soete, 1987）。大于 1 是相对偏重，不是绝对领先：份额处处很高的，
    RTA 也只能有高有低。

    Parameters
    ----------
    measure, year, groups
        见 :func:`shares`。
    base : {"all", "pillars"}
        分母取全部领域，还是只取归入支柱的领域。

    Returns
    -------
    pandas.DataFrame
        行为支柱，列为经济体，正数。

    Raises
    ------
    ValueError
        ``base`` 不认得。
    """
    if base not in ("all", "pillars"):
        raise ValueError(f"分母只能取 all 或 pillars，得到 {base}")
    grouped = by_pillar(measure, year, groups)
    total = counts(measure, year).sum() if base == "all" else grouped.sum()
    return grouped.div(grouped["WLD"], axis=0) / (total / total["WLD"])


def field_advantage(measure: str, year: int = YEAR) -> pd.DataFrame:
    """逐领域的 RTA：行为领域，列为经济体。"""
    table = counts(measure, year)
    return table.div(table["WLD"], axis=0) / overall(measure, year)


def share_lines(measure: str, iso3: str = "CHN") -> pd.DataFrame:
    """各支柱的份额逐年的变化（%）：行为年，列为支柱代码。"""
    table = data.load("patents")
    table = table[(table["measure"] == measure) & (table["year"] <= YEAR) & table["iso3"].isin([iso3, "WLD"])]
    summed = table.groupby(["year", table["field"].map(mapping()), "iso3"])["value"].sum().unstack("iso3")
    return (summed[iso3] / summed["WLD"] * 100).unstack()[list(PILLARS)]


def advantage_lines(iso3: str = "CHN") -> dict[str, pd.DataFrame]:
    """两种数法下 RTA 的逐年变化：行为年，列为支柱代码。"""
    years = range(data.load("patents")["year"].min(), YEAR + 1)
    return {m: pd.DataFrame({y: advantage(m, y)[iso3] for y in years}).T[list(PILLARS)] for m in MEASURES}


def swapped_years() -> list[int]:
    """哪些年里两种数法对“材料与零部件谁更偏重”答案相反（同族说材料，美国授权说零部件）。"""
    lines = advantage_lines()
    family, grant = lines[FAMILY], lines[GRANT]
    swapped = (family["materials"] > family["components"]) & (grant["materials"] < grant["components"])
    return [int(y) for y in swapped.index[swapped]]


def three_counts() -> pd.DataFrame:
    """同一年的三种数法：各经济体占世界的份额（%），列 ``family``、``pct``、``grant``。

    PCT 为全部技术的申请（按申请人国别），前两种只有 24 个领域；年份取 PCT 在 :data:`YEAR` 以前的最后一年。
    """
    checks = data.load("index_checks")
    pct = checks[(checks["benchmark"] == "wipo_pct") & (checks["year"] <= YEAR)]
    year = int(pct["year"].max())
    filed = pct[pct["year"] == year].set_index("iso3")["value"]
    table = pd.DataFrame({"family": overall(FAMILY, year), "pct": filed / filed["WLD"], "grant": overall(GRANT, year)})
    return (table.loc[list(PEERS)] * 100).rename(index=names()).rename_axis(str(year))


def foreign_share(year: int = YEAR) -> pd.Series:
    """美国授权里去掉美国自己的，各经济体占其余的份额（0–1）。"""
    total = counts(GRANT, year).sum()
    return total / (total["WLD"] - total["USA"])


# ---- 归类换了，结论换不换 ---------------------------------------------------------------------------


def left_out(measure: str, iso3: str = "CHN") -> pd.DataFrame:
    """逐个去掉支柱里的一个领域，RTA 的最小与最大：行为支柱，列 ``low``、``high``；分母不变。"""
    table, main = counts(measure), mapping()
    whole = overall(measure)[iso3]
    rows = {}
    for pillar in PILLARS:
        own = table[main == pillar]
        each = [float(rest[iso3].sum() / rest["WLD"].sum() / whole) for rest in (own.drop(f) for f in own.index)]
        rows[pillar] = {"low": min(each), "high": max(each)}
    return pd.DataFrame.from_dict(rows, orient="index")


def remapped(measure: str, iso3: str = "CHN") -> pd.DataFrame:
    """逐领域任取主、备归类的全部组合，RTA 的最小与最大：行为支柱，列 ``low``、``high``；精确穷举，不是抽样。

    一个支柱的值只取决于能进出它的那些领域，所以逐支柱穷举即可。
    """
    table, main, other = counts(measure), mapping(), alternatives()
    whole = overall(measure)[iso3]
    rows = {}
    for pillar in PILLARS:
        fixed = table[(main == pillar) & (other == pillar)][[iso3, "WLD"]].sum()
        moving = table[(main == pillar) ^ (other == pillar)][[iso3, "WLD"]].to_numpy()
        sums = np.array(list(product((0, 1), repeat=len(moving)))) @ moving + fixed.to_numpy()
        found = sums[sums[:, 1] > 0]
        values = found[:, 0] / found[:, 1] / whole
        rows[pillar] = {"low": values.min(), "high": values.max()}
    return pd.DataFrame.from_dict(rows, orient="index")


def ranges(measure: str, iso3: str = "CHN") -> pd.DataFrame:
    """RTA 图所需：行为支柱名，列 ``main``、``low``、``high``（去一领域）、``least``、``most``（换归类）。"""
    table = left_out(measure, iso3)
    wide = remapped(measure, iso3)
    return table.assign(main=advantage(measure)[iso3], least=wide["low"], most=wide["high"]).rename(
        index=pillar_names()
    )


def _flips() -> np.ndarray:
    """随机换归类改不改：:data:`DRAWS` 行，一列一个领域，真为改用备选；机会均等，各领域独立。"""
    return np.random.default_rng(SEED).random((DRAWS, len(mapping()))) < 0.5


def random_mappings(iso3: str = "CHN") -> dict[str, pd.DataFrame]:
    """随机换归类：每个有备选的领域以一半的概率改用备选，:data:`DRAWS` 次；两种数法用同一批归类。

    Returns
    -------
    dict of str to pandas.DataFrame
        数法 → RTA，一行一次抽取，列为支柱；支柱里一个领域也不剩的为缺失。
    """
    main, other = mapping(), alternatives()
    flip = _flips()
    inside = {p: np.where(flip, other.to_numpy() == p, main.to_numpy() == p) for p in PILLARS}
    found = {}
    for measure in MEASURES:
        table, whole = counts(measure).loc[main.index], overall(measure)[iso3]
        own, world = table[iso3].to_numpy(), table["WLD"].to_numpy()
        sums = {p: (pd.Series(inside[p] @ own), pd.Series(inside[p] @ world)) for p in PILLARS}
        found[measure] = pd.DataFrame({p: mine / everyone / whole for p, (mine, everyone) in sums.items()})
    return found


def single_moves() -> pd.DataFrame:
    """只改一个领域的归类，看每种数法下居首的支柱变不变：一行一个领域，列为数法（居首的支柱名）。"""
    main, other, label = mapping(), alternatives(), pillar_names()
    rows = {}
    for field in ALTERNATIVES:
        moved = main.where(main.index != field, other[field])
        rows[field] = {m: label[advantage(m, groups=moved)["CHN"].loc[list(PILLARS)].idxmax()] for m in MEASURES}
    return pd.DataFrame.from_dict(rows, orient="index").rename(index=data.labels("patent_fields", "field"))


def movers(measure: str) -> list[str]:
    """单独改它一个的归类，居首的支柱就换人的领域名。"""
    first = pillar_names()[advantage(measure)["CHN"].idxmax()]
    moved = single_moves()[measure]
    return list(moved.index[moved != first])


def _between(values: np.ndarray, codes: np.ndarray) -> float:
    """组间平方和占总平方和的比例（0–1）；``codes`` 为 0 起的组号，空组不算。"""
    centred = values - values.mean()
    groups = [centred[codes == k] for k in range(len(PILLARS))]
    return float(sum(len(g) * g.mean() ** 2 for g in groups if len(g)) / (centred**2).sum())


def _log_advantage(measure: str, groups: pd.Series, iso3: str) -> tuple[np.ndarray, np.ndarray]:
    """归入支柱的各领域的 log RTA 与支柱的组号。"""
    kept = groups[groups.isin(PILLARS)]
    values = np.log(field_advantage(measure)[iso3].loc[kept.index].to_numpy(dtype=float))
    return values, pd.Categorical(kept, categories=PILLARS).codes


def pillar_signal(measure: str, iso3: str = "CHN", groups: pd.Series | None = None) -> dict[str, float]:
    """支柱说明了领域间差异的多少，随手分组能不能一样好（置换检验）。

    统计量为归入支柱的各领域 log RTA 的组间平方和占比，各领域等权；把支柱的标签在领域间打乱 :data:`SHUFFLES` 次。

    Parameters
    ----------
    measure, iso3, groups
        见 :func:`shares`；``groups`` 缺省为主归类，只算归入四大支柱的领域。

    Returns
    -------
    dict
        ``share`` 组间占比（0–1），``p`` 打乱后达到或超过它的比例。
    """
    values, codes = _log_advantage(measure, mapping() if groups is None else groups, iso3)
    rng = np.random.default_rng(SEED)
    found = _between(values, codes)
    drawn = np.array([_between(values, rng.permutation(codes)) for _ in range(SHUFFLES)])
    return {"share": found, "p": float((1 + (drawn >= found - 1e-12).sum()) / (1 + SHUFFLES))}


def signal_range(iso3: str = "CHN") -> pd.DataFrame:
    """支柱说明了领域间差异的多少，换归类之后还剩多少。

    Returns
    -------
    pandas.DataFrame
        索引为数法；列 ``main`` 主归类、``alternative`` 有备选的全部改用备选、``median``、``low``、``high``
        随机换归类（与 :func:`random_mappings` 同一批）的中位数与 :data:`TAIL` 两端的分位；都是 0–1。
    """
    main, other = mapping(), alternatives()
    drawn = np.where(_flips(), other.to_numpy(), main.to_numpy())
    codes = np.select([drawn == p for p in PILLARS], range(len(PILLARS)), default=-1)
    rows = {}
    for measure in MEASURES:
        values = np.log(field_advantage(measure)[iso3].loc[main.index].to_numpy(dtype=float))
        low, median, high = np.quantile([_between(values[k >= 0], k[k >= 0]) for k in codes], [1 - TAIL, 0.5, TAIL])
        rows[measure] = {
            "main": _between(*_log_advantage(measure, main, iso3)),
            "alternative": _between(*_log_advantage(measure, other, iso3)),
            "median": median,
            "low": low,
            "high": high,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def agreement() -> pd.DataFrame:
    """两种数法的逐领域 RTA 是否同序：Spearman 相关与自助区间（以领域为单位重抽）。

    Returns
    -------
    pandas.DataFrame
        索引为经济体中文名，列 ``estimate``、``low``、``high``，自高到低。
    """
    family, grant = field_advantage(FAMILY), field_advantage(GRANT)
    label, rows = names(), {}
    for iso3 in ECONOMIES:
        pair = pd.DataFrame({"family": family[iso3], "grant": grant[iso3]})
        rows[label[iso3]] = inference.bootstrap(pair, _same_order, draws=RESAMPLES)._asdict()
    return pd.DataFrame.from_dict(rows, orient="index").sort_values("estimate", ascending=False)


def _same_order(pair: pd.DataFrame) -> float:
    """Spearman 秩相关：两列名次的相关系数。"""
    return float(np.corrcoef(stats.rankdata(pair.to_numpy(dtype=float), axis=0), rowvar=False)[0, 1])


def field_points(iso3: str = "CHN") -> pd.DataFrame:
    """散点图所需：行为领域名，列 ``family``、``grant``（RTA）与 ``pillar``（代码）。"""
    fields = data.labels("patent_fields", "field")
    table = pd.DataFrame(
        {"family": field_advantage(FAMILY)[iso3], "grant": field_advantage(GRANT)[iso3], "pillar": mapping()}
    )
    return table.rename(index=fields)


def quadrants(iso3: str = "CHN") -> dict[str, list[str]]:
    """领域按两种数法各自是否大于 1 分组：``both``、``family_only``、``grant_only``、``neither``，组内按领域名。"""
    table = field_points(iso3)
    over = table[["family", "grant"]] > 1
    code = {(True, True): "both", (True, False): "family_only", (False, True): "grant_only", (False, False): "neither"}
    groups = over.apply(tuple, axis=1).map(code)
    return {name: sorted(groups.index[groups == name]) for name in code.values()}


def quoted(names: list[str]) -> str:
    """把领域名各加引号连成一串：有的领域名里自带顿号，用顿号分不清有几个。"""
    return "".join(f"“{n}”" for n in names)


def counting_error(iso3: str = "CHN") -> float:
    """专利数若当作泊松计数，支柱 RTA 的 95% 区间最宽能有多宽（半宽相对于估计值，0–1）。

    对数 RTA 的方差近似为 1/支柱数 - 1/总数（世界一侧的数大得多，略去）；取各支柱、两种数法中最宽的。
    """
    widest = 0.0
    for measure in MEASURES:
        grouped, total = by_pillar(measure)[iso3], counts(measure)[iso3].sum()
        widest = max(widest, float(np.sqrt(1 / grouped - 1 / total).max()))
    return float(np.expm1(stats.norm.ppf(0.5 + inference.LEVEL / 2) * widest))


def picker() -> dict:
    """互动图的数据：2020 年各领域的专利数、主归类与备选归类；网页上换归类、换经济体，照 :func:`advantage` 重算。"""
    label, fields, zh = pillar_names(), data.labels("patent_fields", "field"), names()
    main, other = mapping(), alternatives()
    codes = [*PILLARS, SOFTWARE, OUTSIDE]
    order = sorted(main.index, key=lambda f: (codes.index(main[f]), fields[f]))
    tables = {m: counts(m).loc[order] for m in MEASURES}
    return {
        "year": YEAR,
        "pillars": [label[p] for p in codes],
        "outside": codes.index(OUTSIDE),
        "measures": list(MEASURES.values()),
        "economies": [zh[i] for i in PEERS],
        "fields": [
            {
                "name": fields[f],
                "main": codes.index(main[f]),
                "alternative": codes.index(SOFTWARE if f == SOFTWARE_FIELD else other[f]),
                "software": f == SOFTWARE_FIELD,
                "counts": [[int(t.loc[f, i]) for i in PEERS] for t in tables.values()],
                "world": [int(t.loc[f, "WLD"]) for t in tables.values()],
            }
            for f in order
        ],
    }


def semiconductor_tail() -> pd.Series:
    """半导体的美国授权：唯一到 2022 年的序列，中国份额（%），索引为年；后几年取自新版。"""
    table = data.load("patents")
    table = table[(table["field"] == "semiconductors") & (table["measure"] == GRANT)]
    wide = table.pivot(index="year", columns="iso3", values="value")
    return wide["CHN"] / wide["WLD"] * 100


# ---- 增加值与贸易 -----------------------------------------------------------------------------------


def value_shares(iso3: str = "CHN") -> pd.DataFrame:
    """各行业占世界增加值的份额（0–1）：行为年，列为行业（含小计、合计）。"""
    table = data.load("industry_value_added").pivot(index=["industry", "iso3"], columns="year", values="value")
    return (table.xs(iso3, level="iso3") / table.xs("WLD", level="iso3")).T


def value_span() -> tuple[int, int]:
    """增加值表的首年与末年。"""
    years = data.load("industry_value_added")["year"]
    return int(years.min()), int(years.max())


def value_pairs() -> pd.DataFrame:
    """首年与末年中国的份额（%）：索引为行业名，列 ``first``、``last``，按末年自高到低；不含小计与合计。"""
    table, (first, last) = value_shares()[list(INDUSTRIES)] * 100, value_span()
    pairs = pd.DataFrame({"first": table.loc[first], "last": table.loc[last]}).sort_values("last", ascending=False)
    return pairs.rename(index=data.labels("industry_value_added", "industry"))


def lead_years(industry: str, other: str = "USA") -> list[int]:
    """哪些年里中国的增加值多于另一个经济体。"""
    own, peer = value_shares()[industry], value_shares(other)[industry]
    return [int(y) for y in own.index[own > peer]]


def lead_margin(industry: str, year: int, other: str = "USA") -> float:
    """一年里中国的增加值比另一个经济体多多少（0–1，负数为少）。"""
    return float(value_shares().loc[year, industry] / value_shares(other).loc[year, industry] - 1)


def without_japan(industry: str = "kti_manufacturing") -> pd.Series:
    """世界合计里去掉日本再算中国的份额（0–1），索引为年：日元贬值会抬高别人的份额，去掉它看差多少。"""
    table = data.load("industry_value_added")
    wide = table[table["industry"] == industry].pivot(index="year", columns="iso3", values="value")
    return wide["CHN"] / (wide["WLD"] - wide["JPN"])


def trade_shares(iso3: str = "CHN") -> pd.DataFrame:
    """知识技术密集型产业的进出口：行为年，列 ``exports``、``imports``（占世界，0–1）与 ``ratio``（出口除以进口）。"""
    table = data.load("kti_trade").set_index(["iso3", "year"])[["exports", "imports"]]
    own, world = table.loc[iso3], table.loc["WLD"]
    return (own / world).assign(ratio=own["exports"] / own["imports"])


# ---- 外部标尺 ---------------------------------------------------------------------------------------

#: 名次图上的标尺与线名；每版自成一段，不相连。
BENCHMARKS = {
    "cae_manufacturing": "制造强国",
    "unido_cip": "工业绩效",
    "wipo_gii": "全球创新",
    "harvard_eci": "经济复杂度",
}


def rank_points() -> pd.DataFrame:
    """中国的名次，一行一点：列 ``line``、``x``（年）、``y``（名次）、``segment``（版次）、``kind``。"""
    table = data.load("index_checks")
    table = table[(table["iso3"] == "CHN") & (table["measure"] == "index_rank") & table["benchmark"].isin(BENCHMARKS)]
    return pd.DataFrame(
        {
            "line": table["benchmark"].map(BENCHMARKS),
            "x": table["year"],
            "y": table["value"],
            "segment": table["edition"],
            "kind": table["status"].map({"observed": "observed", "derived": "uncertain"}),
        }
    ).reset_index(drop=True)


def latest_ranks() -> pd.Series:
    """各标尺中国最近一个名次：索引为线名，值为名次；年份见 :func:`latest_years`。"""
    return rank_points().sort_values("x").groupby("line")["y"].last().astype(int)


def latest_years() -> pd.Series:
    """各标尺中国最近一个名次的参考年。"""
    return rank_points().sort_values("x").groupby("line")["x"].last().astype(int)


def rank(benchmark: str, edition: str, year: int, measure: str = "index_rank", iso3: str = "CHN") -> int:
    """外部标尺里的一个整数：名次，或领先的技术数。

    Raises
    ------
    KeyError
        没有这一行，或不止一行。
    """
    table = data.load("index_checks")
    found = table[
        (table["benchmark"] == benchmark) & (table["edition"] == edition) & (table["year"] == year)
        & (table["measure"] == measure) & (table["iso3"] == iso3)
    ]  # fmt: skip
    if len(found) != 1:
        raise KeyError(f"{benchmark} {edition} 版 {year} 年的 {measure} 有 {len(found)} 行，应当恰好一行")
    return int(found["value"].iloc[0])


def led(edition: str, year: int, iso3: str = "CHN") -> str:
    """ASPI 某一版里领先的技术数，连同分母：``57/64 项``。"""
    table = data.load("index_checks")
    row = table[
        (table["benchmark"] == "aspi_tracker") & (table["edition"] == edition) & (table["year"] == year)
        & (table["iso3"] == iso3) & (table["measure"] == "technologies_led")
    ].iloc[0]  # fmt: skip
    return f"{row['value']:.0f}/{row['out_of']:.0f} 项"


# ---- 第五基：软件 -----------------------------------------------------------------------------------


def software_items() -> pd.DataFrame:
    """清单里的软件与算法：列 ``name_zh``、``proxy``（海关代理质量）、``reason``。"""
    listed = identify.technologies()
    listed = listed[listed["object_type"] == SOFTWARE_OBJECT]
    proxies = data.load("hs_proxy").set_index("tech_id").loc[listed.index]
    quality = data.labels("hs_proxy", "proxy_quality")
    return pd.DataFrame(
        {"name_zh": listed["name_zh"], "proxy": proxies["proxy_quality"].map(quality), "reason": proxies["reason"]}
    )


def eda_provision() -> pd.Series:
    """芯片链上 EDA 软件按总部的份额（%，来源取整），索引为经济体代码；年份为 2019。"""
    table = industry_chain.chip_shares(EDA_RELEASE)
    table = table[table["node"] == EDA_NODE].dropna(subset=["share"])
    return table.set_index("provider")["share"].sort_values(ascending=False)


def software_lenses() -> pd.DataFrame:
    """同一件事的几面镜子：镜子、量的是什么、中国、美国、年份、看不见什么。"""
    last = value_span()[1]
    china, usa = value_shares(), value_shares("USA")
    eda = eda_provision()
    blind = software_items()
    none = (blind["proxy"] == data.labels("hs_proxy", "proxy_quality")["none"]).sum()
    rows = [("海关", f"清单里 {len(blind)} 项软件，{none} 项没有编码", "—", "—", "—", "许可与下载都不过关")]
    for measure, name in MEASURES.items():
        field = counts(measure).loc[SOFTWARE_FIELD]
        rows.append((
            f"专利（{name}）", "计算机技术领域的份额", f"{field['CHN'] / field['WLD']:.1%}",
            f"{field['USA'] / field['WLD']:.1%}", f"{YEAR} 年", "工业软件与消费软件混在一起",
        ))  # fmt: skip
    for code, gap in (("software_publishing", "随硬件、服务一起卖的软件"), ("it_services", "按所在地，不按谁控股")):
        name = data.labels("industry_value_added", "industry")[code]
        rows.append((
            "增加值", name, f"{china.loc[last, code]:.1%}", f"{usa.loc[last, code]:.1%}", f"{last} 年", gap,
        ))  # fmt: skip
    rows.append((
        "芯片链", "EDA 软件，按总部", f"{eda['CHN']:.0f}%", f"{eda['USA']:.0f}%", "2019 年", "新版没有更新；份额取整",
    ))  # fmt: skip
    return pd.DataFrame(rows, columns=["lens", "what", "china", "usa", "year", "blind"])


def eda() -> pd.DataFrame:
    """EDA 与工业软件表，索引为行号。"""
    return data.load("eda_software").set_index("row_id")


def eda_claims() -> pd.DataFrame:
    """国产份额的说法与三巨头之外的余地（%）：一行一个年份（没有写年份的单列，不进时间轴）。

    余地为 100 减去三巨头在中国的份额；三巨头“不少于”的，余地只知上限，下限记 0。

    Returns
    -------
    pandas.DataFrame
        索引为年份的写法，列 ``said_low``、``said_high``、``rest_low``、``rest_high``。
    """
    table = eda()
    table = table[table["iso3"].eq("CHN") & table["entity"].isna()]
    when = table["year"].map(lambda y: f"{y:.0f} 年", na_action="ignore").fillna("没有写年份")
    rows = {}
    for label in ("没有写年份", *sorted(set(when) - {"没有写年份"})):
        own = table[when == label]
        said, big = own[own["series"] == "eda_domestic_share"], own[own["series"] == "eda_big3_share"]
        if said.empty or big.empty:
            continue
        (claim,), (three,) = said.itertuples(), big.itertuples()
        rows[label] = {
            "said_low": claim.value,
            "said_high": claim.value,
            "rest_low": 0.0 if three.bound == "at_least" else 100 - three.value,
            "rest_high": 100 - three.value,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def eda_conflicts() -> pd.DataFrame:
    """互相冲突的说法，按组并列：列 ``conflict``、``series``、``where``、``when``、``value``、``source``。"""
    table = eda().dropna(subset=["conflict"]).sort_values(["conflict", "series", "year"])
    series, bound = data.labels("eda_software", "series"), {"at_least": "不少于 ", "at_most": "不高于 ", "about": "约 "}
    unit, publisher = data.labels("eda_software", "unit"), data.load("sources").set_index("source_id")["publisher"]
    zh = names() | {"WLD": "全球"}
    value = [
        f"{bound.get(r.bound, '')}{r.value:,g}{'%' if r.unit == 'percent' else ' ' + unit[r.unit]}"
        for r in table.itertuples()
    ]
    return pd.DataFrame(
        {
            "conflict": table["conflict"],
            "series": table["series"].map(series),
            "where": table["iso3"].map(zh),
            "when": table["year"].map(lambda y: f"{y:.0f} 年", na_action="ignore").fillna("没有写"),
            "value": value,
            "source": table["source_id"].map(publisher),
        }
    )


def revenue_growth() -> pd.DataFrame:
    """工信部工业软件收入：由相邻两年的公布数相除得到的增速，与公布的增速（%），索引为年。"""
    table = eda()
    level = table[table["series"] == "industrial_software_revenue"].set_index("year")["value"].sort_index()
    said = table[table["series"] == "industrial_software_revenue_growth"].set_index("year")["value"]
    rows = {
        int(y): {"implied": (level[y] / level[y - 1] - 1) * 100, "said": said[y]}
        for y in level.index if y - 1 in level.index and y in said.index
    }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def domestic_by_class() -> pd.Series:
    """2019 年工业软件各大类的国产份额（%），索引为类名，自高到低；来源为白皮书的转引。"""
    table = eda()
    table = table[table["series"] == "industrial_software_domestic_share"]
    return table.set_index(table["entity"].map(data.labels("eda_software", "entity")))["value"].sort_values(
        ascending=False
    )


def headline() -> dict[str, float]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        ``share_{数法}_{支柱}``、``rta_{数法}_{支柱}``（数法为 ``family`` 或 ``grant``）；``all_family``、``all_grant``
        全部领域的份额；``value_first``、``value_last`` 制造业小计的份额；``software`` 软件出版的份额（都是 0–1）；
        ``swap`` 随机换归类后两种数法仍相反的比例。
    """
    found: dict[str, float] = {}
    for measure, short in ((FAMILY, "family"), (GRANT, "grant")):
        found[f"all_{short}"] = float(overall(measure)["CHN"])
        for pillar in PILLARS:
            found[f"share_{short}_{pillar}"] = float(shares(measure).loc[pillar, "CHN"])
            found[f"rta_{short}_{pillar}"] = float(advantage(measure).loc[pillar, "CHN"])
    table, (first, last) = value_shares(), value_span()
    return found | {
        "value_first": float(table.loc[first, "kti_manufacturing"]),
        "value_last": float(table.loc[last, "kti_manufacturing"]),
        "software": float(table.loc[last, "software_publishing"]),
        "swap": float(_statements(*random_mappings().values())[SWAP].mean()),
    }


# ---- 说法站不站得住 ---------------------------------------------------------------------------------


#: 本章最要紧的一句。
SWAP = "材料与零部件的先后，数法一换就颠倒"


def _statements(family: pd.DataFrame, grant: pd.DataFrame) -> dict[str, pd.Series]:
    """六句话在每一种归类下是否成立：两表一行一种归类，列为支柱的 RTA；支柱空了的算不成立。"""
    return {
        "同族：材料居首": family.idxmax(axis=1) == "materials",
        "同族：材料高于平均": family["materials"] > 1,
        "同族：零部件低于平均": family["components"] < 1,
        "美国授权：技术基础居首": grant.idxmax(axis=1) == "technology_base",
        "美国授权：工艺低于平均": grant["processes"] < 1,
        SWAP: (family["materials"] > family["components"]) & (grant["materials"] < grant["components"]),
    }


def claim_table() -> pd.DataFrame:
    """六句话：主归类下是否成立、每次只改一个领域时成立几次、随机换归类时成立的比例。

    Returns
    -------
    pandas.DataFrame
        索引为说法；列 ``main``（布尔）、``single``、``moves``（次数）、``random``（0–1）。
    """
    main, other = mapping(), alternatives()
    cases = {"main": main} | {f: main.where(main.index != f, other[f]) for f in ALTERNATIVES}
    rta = {m: pd.DataFrame({k: advantage(m, groups=g)["CHN"] for k, g in cases.items()}).T for m in MEASURES}
    exact = _statements(*(rta[m][list(PILLARS)] for m in MEASURES))
    drawn = _statements(*random_mappings().values())
    return pd.DataFrame.from_dict(
        {
            name: {
                "main": bool(kept["main"]),
                "single": int(kept.drop("main").sum()),
                "moves": len(ALTERNATIVES),
                "random": float(drawn[name].mean()),
            }
            for name, kept in exact.items()
        },
        orient="index",
    )


def year_shift(years: int = 1) -> dict[str, float]:
    """改用早几年的数，中国各支柱的 RTA 最多差多少（还原的年份若错一年，影响就是这么大）：数法 → 差的绝对值。"""
    return {m: float((advantage(m)["CHN"] - advantage(m, YEAR - years)["CHN"]).abs().max()) for m in MEASURES}


def base_shift() -> dict[str, float]:
    """分母只取归入支柱的领域：``most`` RTA 最多动多少（绝对值）；``order`` 为 1 即各支柱的次序都不变。"""
    most, same = 0.0, True
    for measure in MEASURES:
        wide, narrow = advantage(measure)["CHN"], advantage(measure, base="pillars")["CHN"]
        most = max(most, float((wide - narrow).abs().max()))
        same &= list(wide.sort_values().index) == list(narrow.sort_values().index)
    return {"most": most, "order": float(same)}


def grants_jump(year: int = 2015) -> float:
    """国内发明专利授权比上一年多多少（0–1）：同族份额的跃升主要随它而来。"""
    table = data.load("index_checks")
    series = table[table["benchmark"] == "cnipa_grants"].set_index("year")["value"]
    return float(series[year] / series[year - 1] - 1)


def eda_grades() -> dict[str, int]:
    """EDA 与工业软件表的来源：``rows`` 行数、``grade_a`` 见到原文的行数、``undated`` 没有写年份的行数。"""
    table = eda().join(data.load("sources").set_index("source_id")[["grade", "url_kind"]], on="source_id")
    return {
        "rows": len(table),
        "grade_a": int((table["grade"] == "A").sum()),
        "undated": int((table["year_status"] == "not_stated").sum()),
    }


def market_gap() -> float:
    """2020 年全球 EDA 市场，较大的一家比较小的一家多多少（0–1）。"""
    table = eda()
    same = table[(table["series"] == "eda_market_size") & (table["iso3"] == "WLD") & (table["year"] == 2020)]["value"]
    return float(same.max() / same.min() - 1)
