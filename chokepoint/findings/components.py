"""“核心基础零部件”一章的主要数字：轴承、减速器与机器人、传感器、液压件，以及每个国产化说法的证据强弱。

说法（:func:`claims`）只按证据排列，从不平均、从不排名；能计算的只有分子分母齐全的几组。
"""

from __future__ import annotations

import re

import pandas as pd

from .. import data, inference, trade
from . import import_dependence as imp

#: 证据类型，由强到弱；次序就是表 ``localisation`` 里登记的次序。
EVIDENCE_ORDER = (
    "official_statistics",
    "official_statistics_restated",
    "official_survey_restated",
    "official_speech_restated",
    "industry_association",
    "expert_statement",
    "consultancy",
    "brokerage",
    "trade_media",
    "unsourced",
)

#: 图上的几档，由强到弱：一档的名字 → 属于它的证据类型。
BANDS = {
    "官方统计": ("official_statistics",),
    "官方转述": ("official_statistics_restated", "official_survey_restated", "official_speech_restated"),
    "行业协会": ("industry_association",),
    "专家说法": ("expert_statement",),
    "机构与媒体": ("consultancy", "brokerage", "trade_media"),
    "没有出处": ("unsourced",),
}

#: 数的性质写成的符号；点值不写。
SIGNS = {"about": "约 ", "at_least": "≥", "at_most": "≤"}

#: 图上太长的名字换成短名；其余用表里的中文名。
SHORT = {
    "key_components_and_materials": "关键零部件与材料",
    "precision_machining_and_test_equipment": "高档机床与检测装备",
    "key_basic_materials_130": "关键基础材料（130 多种）",
    "large_research_instruments": "大型科研仪器（存量）",
    "large_research_instruments_new": "大型科研仪器（新增）",
    "inspection_sector_instruments": "检验检测机构的仪器",
    "cryo_em": "冷冻透射电镜",
}
_BAND_OF = {code: band for band, codes in BANDS.items() for code in codes}


def claims(pillar: str | None = None) -> pd.DataFrame:
    """公开流传的自给率、进口依赖度与国产份额，一个说法一行，按证据由强到弱。

    Parameters
    ----------
    pillar : str, optional
        只取一根支柱（``components``、``materials``、``processes``、``technology_base``）；缺省为全部。

    Returns
    -------
    pandas.DataFrame
        表 ``localisation`` 的各列，另有 ``item_zh``、``measure_zh``、``evidence_zh``、``unit_zh``、``bound_zh``、
        ``status_zh`` 中文名；``strength`` 有序分类，由弱到强（可以写 ``strength >= "industry_association"``）；
        ``band`` 有序分类，取值为 :data:`BANDS` 的名字，由强到弱（供作图）；``short`` 图上用的短名
        （:data:`SHORT`）；``said`` 带符号与单位的数（如“≥70%”“约 20%”）；
        ``publisher``、``grade``、``url_kind`` 取自来源表。
        份额为百分数（0–100）。

    Raises
    ------
    ValueError
        没有这根支柱。
    """
    table = data.load("localisation")
    if pillar is not None:
        known = list(data.labels("localisation", "pillar"))
        if pillar not in known:
            raise ValueError(f"没有名为 {pillar} 的支柱；现有：{'、'.join(known)}")
        table = table[table["pillar"] == pillar]
    for column in ("item", "measure", "evidence", "unit", "bound", "status"):
        table[f"{column}_zh"] = table[column].map(data.labels("localisation", column))
    table["short"] = table["item"].map(SHORT).fillna(table["item_zh"])
    table["strength"] = pd.Categorical(table["evidence"], categories=EVIDENCE_ORDER[::-1], ordered=True)
    table["band"] = pd.Categorical(table["evidence"].map(_BAND_OF), categories=list(BANDS), ordered=True)
    sign, unit = table["bound"].map(SIGNS).fillna(""), table["unit_zh"].where(table["unit"] == "percent", "")
    table["said"] = sign + table["value"].map("{:g}".format) + unit
    other = table["unit"] != "percent"
    table.loc[other, "said"] += " " + table.loc[other, "unit_zh"]
    origin = data.load("sources").set_index("source_id")[["publisher", "grade", "url_kind"]]
    table = table.join(origin, on="source_id")
    order = ["strength", "item", "measure", "year"]
    return table.sort_values(order, ascending=[False, True, True, True], kind="stable").reset_index(drop=True)


def how_many(count: int, unit: str = "条") -> str:
    """写成句中的话：0 为“没有一条”，其余为“有 3 条”。"""
    return f"有 {count} {unit}" if count else f"没有一{unit}"


# ---- 第一步：说法与证据 -----------------------------------------------------------------------------

#: 算作“国产化说法”的测度：说的是自给、进口依赖或国产占多少。统计公报里的金额、套数和成本占比不算。
DEBATE = (
    "self_sufficiency",
    "import_dependence",
    "domestic_share",
    "domestic_share_items",
    "import_share_units",
    "import_dependent_share",
    "domestic_blank_share",
)

#: 图上测度的短名。
MEASURES = {"self_sufficiency": "自给率", "import_dependence": "进口依赖度", "domestic_share": "国产份额"}

#: 从哪里往下算“弱”：名字 → 仍算强的最弱一类证据。
CUTS = {
    "只算没有出处": "trade_media",
    "再加机构与媒体": "expert_statement",
    "再加专家说法": "industry_association",
    "再加协会、讲话": "official_survey_restated",
}

#: 没有出处的一份清单；标题里写着它有几项，本书只收了其中几项。
UNSOURCED = "pillars-import20-list"


def debate(pillar: str | None = None) -> pd.DataFrame:
    """国产化说法：:func:`claims` 里测度属于 :data:`DEBATE` 的，不含目标。"""
    table = claims(pillar)
    return table[table["measure"].isin(DEBATE) & (table["status"] != "target")].reset_index(drop=True)


#: 归在零部件里、说的其实是芯片的对象。
CHIPS = ("high_end_special_chips", "smart_terminal_processors", "chips_market")


def chip_claims() -> int:
    """零部件的国产化说法里，说芯片的有几条。"""
    return int(debate("components")["item"].isin(CHIPS).sum())


def debate_rows() -> pd.DataFrame:
    """零部件的国产化说法与目标，供 :func:`chokepoint.plots.graded_dots`。

    Returns
    -------
    pandas.DataFrame
        索引为“对象，测度”；``value``（%）、``band``、``bound``、``status``、``text``（年份或首末年份）、``said``、``item``。
    """
    table = claims("components")
    table = table[table["measure"].isin(DEBATE)]
    label = [f"{s}，{MEASURES[m]}" for s, m in zip(table["short"], table["measure"], strict=True)]
    table = table.assign(label=label)
    years = table.groupby("label")["year"].agg(["min", "max"])
    text = [f"{a}" if a == b else f"{a}–{b}" for a, b in years.to_numpy()]
    return table.assign(text=table["label"].map(dict(zip(years.index, text, strict=True)))).set_index("label")


def strongest(keys: str, table: pd.DataFrame) -> pd.DataFrame:
    """同一个对象（或来源）有几个说法的，只留证据最强的一个。

    Parameters
    ----------
    keys : str
        合并的列，如 ``item``、``source_id``。
    table : pandas.DataFrame
        见 :func:`debate`。
    """
    return table.sort_values("strength", ascending=False, kind="stable").drop_duplicates(keys)


def countings() -> dict[str, pd.DataFrame]:
    """同一批材料的几种数法：名字 → 一行一个单位的表（列同 :func:`claims`）。

    前三种只看零部件：数表中每一行（包括统计公报里的金额与套数），只数国产化说法，说法之外再加上
    机器人整机的本土份额（:func:`robot_shares`，记在别的表里）；后三种看全部支柱，依次数说法、对象、来源，
    一个单位有几个说法的取最强的。
    """
    everything, mine = debate(), debate("components")
    return {
        "零部件：表中每一行": claims("components").query("status != 'target'"),
        "零部件：国产化说法": mine,
        "零部件：连同机器人": pd.concat([mine, robot_shares()], ignore_index=True),
        "全部支柱：说法": everything,
        "全部支柱：对象": strongest("item", everything),
        "全部支柱：来源": strongest("source_id", everything),
    }


def band_counts() -> pd.DataFrame:
    """各种数法下每档证据有几个：行为 :func:`countings` 的名字，列为 :data:`BANDS` 的名字，由强到弱。"""
    rows = {name: table["band"].value_counts().reindex(list(BANDS)) for name, table in countings().items()}
    return pd.DataFrame(rows).T.astype(int)


def weak_shares() -> pd.DataFrame:
    """弱的一端占多少（0–1）：行为 :func:`countings` 的名字，列为 :data:`CUTS` 的名字，越往右算得越严。"""
    return pd.DataFrame(
        {
            name: {cut: float((table["strength"] < floor).mean()) for cut, floor in CUTS.items()}
            for name, table in countings().items()
        }
    ).T


def listed_total() -> int:
    """没有出处的那份清单自称有几项（取自来源表里的标题）。"""
    title = data.load("sources").set_index("source_id").loc[UNSOURCED, "title"]
    return int(re.search(r"(\d+) *项", title).group(1))


def with_whole_list() -> dict[str, float]:
    """假如把那份清单的其余各项也收进来，“没有出处”占全部说法的多少。

    Returns
    -------
    dict
        ``now``、``then`` 占比（0–1）；``kept``、``total`` 收了几项、清单共几项。
    """
    table = debate()
    kept = int((table["source_id"] == UNSOURCED).sum())
    unsourced = int((table["band"] == "没有出处").sum())
    more = listed_total() - kept
    return {
        "now": unsourced / len(table),
        "then": (unsourced + more) / (len(table) + more),
        "kept": kept,
        "total": listed_total(),
    }


def heaviest(count: int = 2) -> pd.DataFrame:
    """说法最多的几个来源：索引为来源代码，``claims`` 条数、``title``、``publisher``，降序。"""
    found = debate().groupby("source_id").size().sort_values(ascending=False, kind="stable").head(count)
    origin = data.load("sources").set_index("source_id")[["title", "publisher"]]
    return found.rename("claims").to_frame().join(origin)


# ---- 第二步：轴承 -----------------------------------------------------------------------------------

GOODS = "rolling_bearings"
#: 分子分母最全的一年。
YEAR = 2023
#: 行业收入换算成美元所用汇率的年份：同一份统计同时给出人民币与美元，离 :data:`YEAR` 只差一年。
RATE_YEAR = 2024
#: 汇率上下各动这么多（:data:`YEAR` 没有两种币值并列的数，前一年的也在此范围内）；
#: 行业收入里真正的轴承销售是它的几成。都是写明的假设。
RATE_SWING = 0.10
REVENUE_SCALES = (0.8, 1.2)
#: 思想实验：两边同一张价目表，贵的品种是普通品种的几倍价。
PRICE_MULTIPLE = 10


def bearings(year: int = YEAR) -> pd.Series:
    """轴承的公开总量：``import_value``、``export_value``（亿美元），``import_quantity``、``export_quantity``、
    ``production_quantity``（亿套），``industry_revenue``（亿元）；没有的年份缺失。"""
    table = data.load("trade_totals")
    table = table[(table["goods"] == GOODS) & (table["year"] == year)].set_index("indicator")["value"]
    names = ["import_value", "export_value", "import_quantity", "export_quantity"]
    return table.reindex([*names, "production_quantity", "industry_revenue"])


def bearing_changes(first: int = 2021, last: int = YEAR) -> dict[str, str]:
    """两年之间进口套数、进口金额与产量的变动，写成句中可用的文字（键为中文名）。"""
    change = bearings(last) / bearings(first) - 1
    names = {"进口套数变": "import_quantity", "进口金额变": "import_value", "产量变": "production_quantity"}
    return {name: f" {change[column] * 100:+.0f}%".replace("-", "−") for name, column in names.items()}


def rate() -> float:
    """换算用的汇率（元/美元）：同一份统计里集成电路出口额的人民币数除以美元数，:data:`RATE_YEAR` 年。"""
    return imp.exchange_rate(RATE_YEAR)


def bearing_table() -> pd.DataFrame:
    """进口、出口与国内产出：套数、金额与每套。

    Returns
    -------
    pandas.DataFrame
        ``what``、``year``、``quantity``（亿套）、``value``（带单位的文字）、
        ``each``（美元/套，国内产出按 :func:`rate` 折算）。
    """
    sides = {"进口": ("import_quantity", "import_value"), "出口": ("export_quantity", "export_value")}
    rows = []
    for year in (2021, YEAR):
        table = bearings(year)
        for what, (amount, value) in sides.items():
            price = trade.unit_value(table[[value]], table[[amount]].set_axis([value])).iloc[0]
            money = "—" if pd.isna(table[value]) else f"{table[value]:.2f} 亿美元"
            rows.append((what, year, table[amount], money, price))
        price = table["industry_revenue"] / rate() / table["production_quantity"]
        rows.append(("国内产出", year, table["production_quantity"], f"{table['industry_revenue']:,.0f} 亿元", price))
    frame = pd.DataFrame(rows, columns=["what", "year", "quantity", "value", "each"])
    order = {name: at for at, name in enumerate(["进口", "出口", "国内产出"])}
    return frame.sort_values(["what", "year"], key=lambda c: c.map(order) if c.name == "what" else c, kind="stable")


def price_ratio() -> float:
    """轴承进口单价除以出口单价（:data:`YEAR` 年），与 ``import_dependence`` 一章同一个函数。"""
    return float(imp.computed_gaps(GOODS)["ratio"].xs(YEAR, level="year").iloc[0])


def rounding_range() -> tuple[float, float]:
    """公布的数都只有两位小数；由取整带来的单价比的最小与最大。"""
    table, half = bearings(), 0.005
    value = (table["import_value"], table["export_value"])
    amount = (table["import_quantity"], table["export_quantity"])
    low = (value[0] - half) / (amount[0] + half) / ((value[1] + half) / (amount[1] - half))
    high = (value[0] + half) / (amount[0] - half) / ((value[1] - half) / (amount[1] + half))
    return low, high


def mix_share(ratio: float, multiple: float = PRICE_MULTIPLE) -> float:
    """两边价目表相同、出口全是普通品种时，进口里贵品种要占套数的多少（0–1），才能算出这个单价比。

    ``1 - s + s * multiple = ratio``。

    Raises
    ------
    ValueError
        比值不在 1 与倍数之间。
    """
    if not 1 <= ratio <= multiple:
        raise ValueError(f"单价比应在 1 与 {multiple} 之间，得到 {ratio}")
    return (ratio - 1) / (multiple - 1)


def import_share(year: int = YEAR, *, by: str = "units", exchange: float | None = None, scale: float = 1.0) -> float:
    """进口占表观消费（国内产出减出口加进口）的份额，0–1。

    Parameters
    ----------
    year : int
        年份；没有出口的年份得缺失。
    by : str
        ``units`` 按套数，``value`` 按金额（行业收入按汇率折算，出厂价与口岸价混用，只是近似）。
    exchange : float, optional
        汇率（元/美元），缺省为 :func:`rate`。
    scale : float
        行业收入里真正的轴承销售占几成。

    Raises
    ------
    ValueError
        ``by`` 不认得。
    """
    table = bearings(year)
    if by == "units":
        inside, sold, bought = table["production_quantity"], table["export_quantity"], table["import_quantity"]
    elif by == "value":
        exchange = exchange or rate()
        inside = table["industry_revenue"] * scale / exchange
        sold, bought = table["export_value"], table["import_value"]
    else:
        raise ValueError(f"by 只能是 units 或 value，得到 {by}")
    return float(bought / (inside - sold + bought))


def instrument_import_shares() -> dict[str, float]:
    """对照：检验检测机构的仪器，进口占台套数 ``units`` 与原值 ``value`` 的份额（0–1），同 ``technology_base``。"""
    from . import technology_base  # 那一章也用本章的 claims，所以到用时才装入

    return {kind: technology_base.imported_share(kind) for kind in ("units", "value")}


def firm_shares() -> pd.Series:
    """轴承行业收入在外资、国有、民营企业之间的分布（0–1），索引 ``foreign``、``state``、``private``。"""
    table = claims("components").query("item == 'bearings'").set_index("measure")["value"] / 100
    return pd.Series({kind: float(table[f"{kind}_firm_revenue_share"]) for kind in ("foreign", "state", "private")})


def owned(exchange: float | None = None, scale: float = 1.0) -> dict[str, float]:
    """国内消费的轴承里，本土企业（国有加民营）供应的占多少（0–1）：只有上下界。

    知道外资企业的收入 ``F``、全行业的收入 ``R``、出口 ``X`` 与进口 ``M``，不知道出口里外资占多少。
    外资若一件不出口，本土企业的内销最少：``R - X - F``；出口若尽量由外资承担，最多：``R - X - max(F - X, 0)``。
    分母同为表观消费 ``R - X + M``（最坏情形的界，Manski, 2003）。

    Parameters
    ----------
    exchange, scale : float
        见 :func:`import_share`。

    Returns
    -------
    dict
        ``low``、``high``；``even`` 各类企业出口比例相同时的值；``domestic`` 进口份额的补数（国内生产的占比）。
    """
    table, exchange = bearings(), exchange or rate()
    revenue = table["industry_revenue"] * scale
    sold, bought = table["export_value"] * exchange, table["import_value"] * exchange
    foreign = revenue * firm_shares()["foreign"]
    home = revenue - sold
    used = home + bought
    return {
        "low": float((home - min(foreign, home)) / used),
        "high": float((home - max(foreign - sold, 0)) / used),
        "even": float(home * (1 - firm_shares()["foreign"]) / used),
        "domestic": float(home / used),
    }


def owned_scenarios() -> pd.DataFrame:
    """换汇率、换收入口径，:func:`owned` 变多少（%）：索引为情形，列 ``low``、``high``、``even``、``domestic``。"""
    base, (less, more) = rate(), REVENUE_SCALES
    cases = {
        f"基准（汇率 {base:.2f}）": owned(),
        f"汇率 {base * (1 - RATE_SWING):.2f}": owned(base * (1 - RATE_SWING)),
        f"汇率 {base * (1 + RATE_SWING):.2f}": owned(base * (1 + RATE_SWING)),
        f"收入打 {less * 10:.0f} 折": owned(scale=less),
        f"收入加 {(more - 1) * 10:.0f} 成": owned(scale=more),
    }
    return pd.DataFrame.from_dict(cases, orient="index") * 100


def value_range() -> tuple[float, float]:
    """按金额的进口占比（0–1）在 :func:`owned_scenarios` 各情形里的最小与最大。"""
    share = 1 - owned_scenarios()["domestic"] / 100
    return float(share.min()), float(share.max())


def scale_flip() -> float:
    """行业收入打到几折（0–1），外资的收入恰好等于出口额：再低，出口就可以全由外资承担。"""
    table = bearings()
    return float(table["export_value"] * rate() / (table["industry_revenue"] * firm_shares()["foreign"]))


# ---- 第三步：机器人与减速器 -------------------------------------------------------------------------

ROBOTS = "industrial_robots"
#: 机器人份额的几个来源：来源代码 → （谁的数，证据类型）。国际联合会按供应商的国籍算，另两家说“自主品牌”，定义未见原文。
ROBOT_SOURCES = {
    "trade-ifr-2022-china-plan": ("国际机器人联合会", "industry_association"),
    "claims-itbear-robot-2025": ("工信部", "official_statistics_restated"),
    "claims-chinatimes-robot-2025": ("工信部", "official_statistics_restated"),
    "claims-cria-robot-2024": ("机器人分会", "industry_association"),
}


def robot_shares() -> pd.DataFrame:
    """本土机器人的市场份额，一行一个公布的数，供 :func:`chokepoint.plots.graded_dots`。

    Returns
    -------
    pandas.DataFrame
        索引为“谁的数，年份”；``who``、``year``、``value``（%）、``source_id``、``grade`` 来源等级、``evidence``、
        ``strength``、``band``（见 :func:`claims`）、``text``、``group``（``国籍`` 或 ``品牌``）；
        按年、口径排列。国际联合会的数只到 2020 年。
    """
    table = data.load("trade_totals")
    table = table[(table["goods"] == ROBOTS) & (table["indicator"] == "domestic_supplier_share")]
    said = data.load("status_updates")
    said = said[(said["tech_id"] == 15) & (said["metric"] == "domestic_share")]
    rows = [(int(r.year), float(r.value), r.source_id) for r in table.itertuples()]
    rows += [(int(r.date[:4]), float(r.value_min), r.source_id) for r in said.itertuples()]
    frame = pd.DataFrame(rows, columns=["year", "value", "source_id"])
    frame["who"] = [ROBOT_SOURCES[s][0] for s in frame["source_id"]]
    frame["grade"] = frame["source_id"].map(data.load("sources").set_index("source_id")["grade"])
    frame["evidence"] = [ROBOT_SOURCES[s][1] for s in frame["source_id"]]
    frame["strength"] = pd.Categorical(frame["evidence"], categories=EVIDENCE_ORDER[::-1], ordered=True)
    frame["band"] = pd.Categorical(frame["evidence"].map(_BAND_OF), categories=list(BANDS), ordered=True)
    frame["group"] = ["国籍" if who == "国际机器人联合会" else "品牌" for who in frame["who"]]
    frame["text"] = [f"{v:g}%" for v in frame["value"]]
    frame.index = [f"{w}，{y}" for w, y in zip(frame["who"], frame["year"], strict=True)]
    return frame.sort_values(["group", "year"], kind="stable")


def robot_rise() -> dict[str, float]:
    """本土份额升了多少（百分点），取决于拿哪个数作起点。

    Returns
    -------
    dict
        ``same`` 同一口径（工信部）首末之差；``spliced`` 以国际联合会的数为起点；``gap`` 同一年两种口径之差；
        ``first``、``last`` 首末年份；``units`` 由台数算出的国际联合会份额（%），核对公布的数。
    """
    table = robot_shares().set_index(["who", "year"])["value"]
    ministry = table["工信部"].sort_index()
    other = float(table["国际机器人联合会", ministry.index[0]])
    units = data.load("trade_totals")
    units = units[(units["goods"] == ROBOTS) & (units["year"] == ministry.index[0])].set_index("indicator")["value"]
    mine, theirs = units["domestic_supplier_units"], units["foreign_supplier_units"]
    return {
        "same": float(ministry.iloc[-1] - ministry.iloc[0]),
        "spliced": float(ministry.iloc[-1] - other),
        "gap": float(ministry.iloc[0] - other),
        "first": int(ministry.index[0]),
        "last": int(ministry.index[-1]),
        "units": float(mine / (mine + theirs) * 100),
    }


def densities() -> pd.DataFrame:
    """机器人密度（台/万人）：``iso3``、``name``、``year``、``value``、``segment``；分母修订前后各为一段。"""
    table = data.load("trade_totals")
    table = table[(table["goods"] == ROBOTS) & (table["indicator"] == "robot_density")].copy()
    table["name"] = table["iso3"].map(imp.names())
    table["segment"] = (table["year"] <= 2020).map({True: "修订前", False: "修订后"})
    return table.sort_values(["iso3", "year"])[["iso3", "name", "year", "value", "segment"]].reset_index(drop=True)


def density_margins(year: int = 2023) -> pd.Series:
    """中国的密度比各国高多少（小数，负为低），索引为 ISO 代码；分母若差这么多，名次就变。"""
    table = densities().query("year == @year").set_index("iso3")["value"]
    return table["CHN"] / table.drop("CHN") - 1


def installations(year: int = 2024) -> float:
    """中国占全球工业机器人年装机量的份额（0–1）。"""
    table = data.load("trade_totals")
    table = table[(table["goods"] == ROBOTS) & (table["indicator"] == "annual_installations") & (table["year"] == year)]
    value = table.set_index("iso3")["value"]
    return float(value["CHN"] / value["WLD"])


def foreign_robots() -> float:
    """国际机器人联合会口径的外国供应商份额（%，2020 年，含外国品牌在华生产）。"""
    table = data.load("trade_totals")
    return float(table[(table["goods"] == ROBOTS) & (table["indicator"] == "foreign_supplier_share")]["value"].iloc[0])


def cost_shares() -> pd.Series:
    """机器人整机成本里各部件的占比（%，证券机构转引），索引为短名，降序。"""
    table = claims("components").query("measure == 'cost_share'")
    return table.set_index(table["item_zh"].str.split("：").str[1])["value"].sort_values(ascending=False)


# ---- 第四步：有什么数，没有什么数 -------------------------------------------------------------------

#: 每类零部件 → 它在各表里的身份：说法的对象、三十五项技术的编号、海关编码的开头、日本海关的商品（宽口径的记在后面）。
PARTS = {
    "轴承": (("bearings", "high_speed_rail_bearings"), (24,), ("8482",), "rolling_bearings", "进口占比、单价"),
    "减速器": (("robot_cost_reducer",), (), ("848340",), "", "无"),
    "伺服与控制器": (("robot_cost_servo", "robot_cost_controller"), (), ("850152",), "", "无"),
    "机器人整机": ((), (15,), ("847950", "842870"), "", "本土份额、密度"),
    "传感器": (("mid_high_end_sensors",), (5,), ("854151", "902620"), "electrical_measuring_instruments", "无"),
    "液压件": ((), (19,), ("841350", "841360"), "pumps_centrifuges", "无"),
}
_SHARES = ("domestic_share", "foreign_share", "foreign_top5_share", "import_share", "china_market_share")


def inventory() -> pd.DataFrame:
    """六类零部件各有什么数。

    Returns
    -------
    pandas.DataFrame
        索引为零部件；``claims`` 国产化说法条数、``best`` 其中最强的一档证据、``updates`` 2018 年以后的记录条数、
        ``shares`` 其中给出份额的、``solid`` 给出份额且来源为强的、``codes`` 本书清单里的海关编码个数、
        ``japan`` 日本海关的商品（短名，分类较宽的注明，没有为“—”）、``computable`` 能算的量。
    """
    said, after = debate(), data.load("status_updates")
    codes = data.load("hs_products")["hs6"]
    rows = {}
    for part, (items, techs, prefixes, japan, computable) in PARTS.items():
        mine, later = said[said["item"].isin(items)], after[after["tech_id"].isin(techs)]
        share = later["metric"].isin(_SHARES)
        rows[part] = {
            "claims": len(mine),
            "best": mine["band"].iloc[0] if len(mine) else "—",
            "updates": len(later),
            "shares": int(share.sum()),
            "solid": int((share & (later["source_strength"] == "strong")).sum()),
            "codes": int(codes.str.startswith(prefixes).sum()),
            "japan": JAPAN[japan] + ("" if japan == GOODS else "（宽）") if japan else "—",
            "computable": computable,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def early_shares() -> pd.Series:
    """2018 年前后媒体给出的份额（%）：``pumps`` 高压柱塞泵主要外企合计（下限）、``tbm`` 掘进机主轴承进口。"""
    table = data.load("chokepoint_shares").set_index("tech_id")
    return pd.Series({"pumps": float(table.loc[19, "share_min"]), "tbm": float(table.loc[24, "share_min"])})


def tactile() -> float:
    """触觉传感器：前五家海外企业合计的份额（%，研报转引，弱来源）。"""
    table = data.load("status_updates")
    return float(table[(table["tech_id"] == 5) & (table["metric"] == "foreign_top5_share")]["value_min"].iloc[0])


# ---- 第五步：日本一侧 -------------------------------------------------------------------------------

#: 日本一侧看的几类商品：代码 → 图上的短名。泵比液压件宽，电气计量测试仪器比传感器宽。
JAPAN = {
    "rolling_bearings": "滚动轴承",
    "pumps_centrifuges": "泵",
    "electrical_measuring_instruments": "电气测试仪器",
    "all_goods": "全部商品",
}
#: 趋势从哪一年算起，逐一试。
STARTS = (2009, 2015, 2018, 2020)


def japan_lines() -> pd.DataFrame:
    """中国占日本出口的份额（%）：行为年，列为 :data:`JAPAN` 的短名。"""
    return (imp.japan_shares()[list(JAPAN)] * 100).rename(columns=JAPAN)


def japan_slopes() -> pd.DataFrame:
    """各类商品的份额每年变几个百分点：Theil–Sen 斜率与区间，起点逐一试。

    Returns
    -------
    pandas.DataFrame
        索引 (短名，起点)；``estimate``、``low``、``high``。年份之间相关，区间偏窄。
    """
    table = japan_lines()
    rows = {
        (name, start): inference.slope(table.loc[start:].index, table.loc[start:, name])
        for name in table
        for start in STARTS
    }
    return pd.DataFrame(list(rows.values()), index=pd.MultiIndex.from_tuples(rows), columns=["estimate", "low", "high"])


def slope_rows() -> pd.DataFrame:
    """轴承份额的斜率，不计与并入中国香港，供作图。

    Returns
    -------
    pandas.DataFrame
        索引为“不计香港，2009 年起”等；列 ``estimate``、``low``、``high``（百分点/年）。
    """
    sides = {"不计香港": japan_lines()[JAPAN[GOODS]], "并入香港": with_hong_kong()}
    rows = {
        f"{side}，{start} 年起": inference.slope(line.loc[start:].index, line.loc[start:])
        for side, line in sides.items()
        for start in STARTS
    }
    return pd.DataFrame(list(rows.values()), index=list(rows), columns=["estimate", "low", "high"])


def rising_rows() -> list[str]:
    """:func:`slope_rows` 里区间整个在零以上或以下的各行的名字。"""
    rows = slope_rows()
    return list(rows.index[(rows["low"] > 0) | (rows["high"] < 0)])


def slopes_said() -> list[str]:
    """:func:`slope_rows` 逐行写成话，如“不计香港，2009 年起 +0.33（+0.09 至 +0.53）”。"""
    rows = slope_rows().itertuples()
    return [f"{r.Index} {r.estimate:+.2f}（{r.low:+.2f} 至 {r.high:+.2f}）".replace("-", "−") for r in rows]


def jump(first: int = 2019, last: int = 2020) -> dict[str, float]:
    """轴承份额在两年之间的变化拆成两半（百分点）。

    Returns
    -------
    dict
        ``total`` 份额之差；``own`` 只让对华出口变、其余不变时的差；``others`` 余下的，来自对其他地方的出口；
        ``own_last`` 换一个次序，先让其他地方变，余给对华出口的差。
    """
    table = data.load("japan_trade")
    table = table[(table["flow"] == "export") & (table["goods"] == GOODS)]
    wide = table.pivot(index="year", columns="partner_iso3", values="value")[["CHN", "WLD"]]
    china, rest = wide["CHN"], wide["WLD"] - wide["CHN"]
    share = china / (china + rest) * 100
    only = china[last] / (china[last] + rest[first]) * 100
    total = float(share[last] - share[first])
    own = float(only - share[first])
    later = float(share[last] - china[first] / (china[first] + rest[last]) * 100)
    return {"total": total, "own": own, "others": total - own, "own_last": later}


def relative(hong_kong: bool = False) -> pd.Series:
    """中国占日本轴承出口的份额，除以中国占日本全部出口的份额：1 为轴承并不特别，索引为年。

    Parameters
    ----------
    hong_kong : bool
        两个份额是否都并入中国香港。
    """
    shares = imp.japan_shares()[[GOODS, "all_goods"]]
    if hong_kong:
        shares = shares + imp.japan_shares(partner="HKG")[[GOODS, "all_goods"]]
    return shares[GOODS] / shares["all_goods"]


def levels(since: int = 2020) -> pd.DataFrame:
    """``since`` 年以来的每一年，是不是都高于此前的任何一年。

    Returns
    -------
    pandas.DataFrame
        索引 ``share``、``share_hk``（份额，%；后者并入中国香港）、``ratio``、``ratio_hk``（:func:`relative`，倍）；
        ``before`` 此前最高、``before_year``、``after`` 此后最低、``after_year``、``holds`` 后者是否高于前者。
    """
    lines = {
        "share": japan_lines()[JAPAN[GOODS]],
        "share_hk": with_hong_kong(),
        "ratio": relative(),
        "ratio_hk": relative(hong_kong=True),
    }
    rows = {}
    for name, line in lines.items():
        old, new = line.loc[: since - 1], line.loc[since:]
        rows[name] = (old.max(), int(old.idxmax()), new.min(), int(new.idxmin()), bool(new.min() > old.max()))
    columns = ["before", "before_year", "after", "after_year", "holds"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def with_hong_kong() -> pd.Series:
    """中国内地与中国香港合计占日本轴承出口的份额（%），索引为年。"""
    both = imp.japan_shares()[GOODS] + imp.japan_shares(partner="HKG")[GOODS]
    return both * 100


def yen_and_share(first: int = 2021, last: int = 2023) -> dict[str, float]:
    """轴承，两年之间的变动（小数）：``yen`` 日本对华出口的日元金额，``share`` 中国所占份额，``china`` 中国的进口额。"""
    table = data.load("japan_trade")
    table = table[(table["flow"] == "export") & (table["goods"] == GOODS) & (table["partner_iso3"] == "CHN")]
    value, share = table.set_index("year")["value"], imp.japan_shares()[GOODS]
    china = bearings(last)["import_value"] / bearings(first)["import_value"] - 1
    return {"yen": value[last] / value[first] - 1, "share": share[last] / share[first] - 1, "china": float(china)}


def instruments_both_ways(year: int = 2025) -> pd.Series:
    """电气计量测试仪器：日本出口中输往中国的、日本进口中来自中国的（%），``export``、``import``。"""
    code = "electrical_measuring_instruments"
    return pd.Series({flow: float(imp.japan_shares(flow).loc[year, code] * 100) for flow in ("export", "import")})


def instruments_surplus(year: int = 2025) -> float:
    """电气计量测试仪器：日本对中国的出口额除以自中国的进口额（倍，日元）。"""
    table = data.load("japan_trade").query("goods == 'electrical_measuring_instruments' and partner_iso3 == 'CHN'")
    value = table[table["year"] == year].set_index("flow")["value"]
    return float(value["export"] / value["import"])


def bearing_origins() -> float:
    """日本、德国、中国台湾合计占中国轴承进口额的份额（%，2021 年，来源作“近六成”）。"""
    table = data.load("import_origins")
    return float(table[table["goods"] == GOODS]["value"].iloc[0])


def has_imports(goods: str = GOODS) -> bool:
    """日本海关的表里有没有这类商品的进口。"""
    table = data.load("japan_trade")
    return bool(((table["goods"] == goods) & (table["flow"] == "import")).any())


# ---- 第六步：目标 -----------------------------------------------------------------------------------

TARGET_ITEM = "key_components_and_materials"
#: 说法只说“约”“三分之一”，上下各留这么多百分点。
SLACK = 2.5


def target_points() -> pd.DataFrame:
    """目标与说法，供 :func:`chokepoint.plots.broken_lines`：``line``、``x``、``y``（%）、``kind``；目标从不连线。"""
    table = claims("components").query("item == @TARGET_ITEM")
    base = data.load("industrial_base").query("indicator == 'matching_capacity'")
    rows = [("自给率", int(r.year), r.value, r.status) for r in table.itertuples()]
    rows += [("配套能力", int(r.year), r.value, r.status) for r in base.itertuples()]
    frame = pd.DataFrame(rows, columns=["line", "x", "y", "status"])
    frame["kind"] = frame["status"].map({"target": "target", "estimate": "uncertain", "observed": "observed"})
    return frame.sort_values(["line", "x"], ascending=[False, True]).reset_index(drop=True)


def outcomes() -> int:
    """两组目标（自给率、配套能力）在数据里有几行实绩。"""
    return int((target_points()["status"] == "observed").sum())


def pace() -> dict[str, float]:
    """假如几个说法可比：已有的速度与剩下的路（百分点/年），连同 :data:`SLACK` 带来的范围。

    Returns
    -------
    dict
        ``past``、``past_low``、``past_high`` 两个说法之间每年升多少；``need``、``need_low``、``need_high``
        从后一个说法到最后一个目标每年要升多少。
    """
    table = target_points().query("line == '自给率'")
    said = table[table["kind"] != "target"].set_index("x")["y"]
    goal = table[table["kind"] == "target"].set_index("x")["y"]
    (a, b), end = said.index, goal.index[-1]

    def speeds(start: float, now: float) -> tuple[float, float]:
        return (now - start) / (b - a), (goal[end] - now) / (end - b)

    past, need = speeds(said[a], said[b])
    corners = [speeds(said[a] + i, said[b] + j) for i in (-SLACK, SLACK) for j in (-SLACK, SLACK)]
    return {
        "past": past,
        "past_low": min(c[0] for c in corners),
        "past_high": max(c[0] for c in corners),
        "need": need,
        "need_low": min(c[1] for c in corners),
        "need_high": max(c[1] for c in corners),
    }


def headline() -> dict[str, float]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        ``claims`` 零部件的国产化说法条数、``official`` 其中官方统计或行业协会的；``all_claims`` 全部支柱的条数；
        ``weak_low``、``weak_high`` 各种数法与分界下弱证据占比的最小与最大（0–1，不含“表中每一行”）；
        ``top_two`` 说法最多的两个来源共有几条、``primary`` 看得到一手文本的条数；``price`` 轴承进出口单价比；
        ``units``、``value`` 进口占消费（0–1）；``owned_low``、``owned_high``、``domestic`` 见 :func:`owned`；
        ``same``、``spliced`` 见 :func:`robot_rise`；``japan_first``、``japan_last`` 中国占日本轴承出口（%）；
        ``relative_first``、``relative_last`` 见 :func:`relative`；``outcomes`` 目标有几行实绩。
    """
    mine, everything = debate("components"), debate()
    weak, robots, share = weak_shares().drop("零部件：表中每一行"), robot_rise(), owned()
    line, ratio = japan_lines()["滚动轴承"], relative()
    return {
        "claims": len(mine),
        "official": int(mine["evidence"].isin(["official_statistics", "industry_association"]).sum()),
        "all_claims": len(everything),
        "weak_low": float(weak.min().min()),
        "weak_high": float(weak.max().max()),
        "top_two": int(heaviest()["claims"].sum()),
        "primary": int((everything["grade"] == "A").sum()),
        "price": price_ratio(),
        "units": import_share(),
        "value": import_share(by="value"),
        "owned_low": share["low"],
        "owned_high": share["high"],
        "domestic": share["domestic"],
        "same": robots["same"],
        "spliced": robots["spliced"],
        "japan_first": float(line.iloc[0]),
        "japan_last": float(line.iloc[-1]),
        "relative_first": float(ratio.iloc[0]),
        "relative_last": float(ratio.iloc[-1]),
        "outcomes": outcomes(),
    }
