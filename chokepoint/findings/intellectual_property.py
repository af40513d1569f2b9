"""“知识产权”一章的数字：数量与质量的几种读数，诉讼与赔偿，许可，使用费。

口径不同的数从不相连：国内与全部权利人、审结与审理、只含专利与含商标，各是各的。各省与各年的数是全部，不是抽来的；
这里的区间或来自取整与口径的上下界，或来自对省的重抽样，不说登记的误差。
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import permutations, product

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from .. import data, inference
from . import _rows, industry_university, international, mechanisms, overview, technology_base
from . import cross_regional as regional

#: 各省面板的首末年；各经济体相比用的年份：世界的使用费收与支都齐的最后一年。
FIRST, LAST, WORLD_YEAR = 2010, 2023, 2019
#: 省际比较的首末年（技术合同从这年起连续）与中间的分界。
START, MIDDLE = 2012, 2018
#: 打乱与重抽的次数。
SHUFFLES, DRAWS = 4_999, 1_000
#: “最近几年授权”是几年。
RECENT = 4
#: 万件。
TEN_THOUSAND = 10_000
#: 专利与使用费都有数的经济体。
ECONOMIES = ("CHN", "USA", "JPN", "KOR", "DEU", "GBR", "FRA", "CHE")
GRANT, ALL, VALID = "patent_grant_invention", "patent_grant_total", "patent_valid_invention"


@cache
def _series() -> pd.DataFrame:
    return data.load("policy_series")


def row(indicator: str, year: int, **equal) -> pd.Series:
    """序列表的一行；没有或不止一行都报错。

    Raises
    ------
    ValueError
        找到的不是恰好一行。
    """
    return _rows.row("policy_series", indicator=indicator, year=year, **equal)


def value(indicator: str, year: int, **equal) -> float:
    """序列表的一个数，单位见表；条件同 :func:`row`。"""
    return float(row(indicator, year, **equal)["value"])


def noted(indicator: str, year: int, pattern: str, **equal) -> float:
    """备注里写明的一个数：``pattern`` 的第一个括号。

    Raises
    ------
    ValueError
        备注里没有。
    """
    found = re.search(pattern, str(row(indicator, year, **equal)["note"]))
    if found is None:
        raise ValueError(f"{indicator} {year} 的备注里没有 {pattern}")
    return float(found[1])


@cache
def place_sum(indicator: str) -> pd.Series:
    """31 省之和（万件），索引为年：与“不含港澳台”的公布数同一范围。"""
    return regional.wide(indicator).sum(axis=1, min_count=len(regional.names())) / TEN_THOUSAND


# ---- 一、数量 ---------------------------------------------------------------------------------------

LINES = {
    "全部专利授权": (ALL, "国内"),
    "有效发明": (VALID, "国内"),
    "发明授权，含国外": ("invention_patents_granted", "全部"),
    "发明授权": (GRANT, "国内"),
}


def count_lines() -> pd.DataFrame:
    """授权与有效（万件），供断线图：31 省之和逐年，序列表的全部权利人与 2025 年末的有效数另作一段。"""
    rows = []
    for line, (indicator, scope) in LINES.items():
        if scope == "国内":
            rows += [(line, y, v, "panel", "observed") for y, v in place_sum(indicator).items()]
        else:
            own = _series().query("indicator == @indicator")
            rows += [(line, y, v, "series", "observed") for y, v in zip(own["year"], own["value"], strict=True)]
    in_force = value("invention_patents_in_force_domestic", 2025, period="year_end")
    rows.append(("有效发明", 2025, in_force, "series", "uncertain"))
    return pd.DataFrame(rows, columns=["line", "x", "y", "segment", "kind"]).astype({"x": int})


def growth(indicator: str, first: int = FIRST, last: int = LAST) -> float:
    """31 省之和末年是首年的几倍。"""
    total = place_sum(indicator)
    return float(total[last] / total[first])


def domestic_share(year: int) -> float:
    """当年发明专利授权里归 31 省的比例（0–1）：面板 ÷ 全部权利人。"""
    return float(place_sum(GRANT)[year] / value("invention_patents_granted", year))


def outside_share(year: int) -> float:
    """年末有效发明专利里不归 31 省的比例（0–1）：国外与港澳台的权利人。"""
    own = value("invention_patents_in_force_domestic", year, period="year_end")
    return 1 - own / value("invention_patents_in_force_total", year)


def reproduced() -> pd.DataFrame:
    """31 省之和与序列表公布的年末有效数（万件）：``panel``、``published``，索引为年；两边各自收集。"""
    own = place_sum(VALID)
    years = (2021, 2023)
    published = [value("invention_patents_in_force_domestic", y, period="year_end") for y in years]
    return pd.DataFrame({"panel": own[list(years)], "published": published}, index=pd.Index(years, name="year"))


# ---- 二、存活：每年有多少退出 ---------------------------------------------------------------------------


@cache
def exit_rates(scope: str = "places") -> pd.Series:
    """隐含的净退出率（%），索引为年：（上年末有效 + 当年授权 − 当年末有效）÷ 上年末有效。

    ``scope``：``places`` 31 省之和，``national`` 同表的全国（含港澳台）。退出是到期、不续费、被宣告无效与转给范围外的
    权利人之和，减去从外面转入的。
    """
    if scope == "places":
        stock, new = place_sum(VALID), place_sum(GRANT)
    else:
        stock, new = regional.national(VALID), regional.national(GRANT)
    return ((stock.shift() + new - stock) / stock.shift() * 100).dropna()


def _constant_rate(first: float, last: float, new: list[float]) -> float:
    """每年退出率相同时，使存量由 ``first`` 走到 ``last`` 的那个率（%）；``new`` 逐年新增。"""

    def miss(rate: float) -> float:
        stock = first
        for added in new:
            stock = stock * (1 - rate) + added
        return stock - last

    return float(brentq(miss, -0.5, 0.9) * 100)


@cache
def recent_exit() -> dict[str, float]:
    """2024–2025 年 31 省的年均净退出率（%）的上下界，与全部权利人的净退出率。

    这两年只公布了全部权利人的授权；归 31 省的比例取 :func:`domestic_share` 较低的一年到全部。全部权利人不必借比例，
    2024 年末的存量由公布的 2025 年增幅倒推。

    Returns
    -------
    dict
        ``low``、``high``（%）；全部权利人 ``all_before`` 2022–2024 年年均、``all_last`` 2025 年；
        ``share`` 所取的较低比例；``needed`` 归 31 省的比例
        要低到多少（0–1），这两年的退出率才不高于 2023 年。
    """
    kind = {"period": "year_end"}
    stock = [value("invention_patents_in_force_domestic", y, **kind) for y in (LAST, 2025)]
    new = [value("invention_patents_granted", y) for y in (2024, 2025)]
    share = min(domestic_share(2022), domestic_share(LAST))
    own = exit_rates()[LAST]
    needed = brentq(lambda s: _constant_rate(*stock, [s * v for v in new]) - own, 0.5, 1.0)
    total = "invention_patents_in_force_total"
    first, last = (value(total, y) for y in (2021, 2025))
    before = last / (1 + noted(total, 2025, r"增 ([\d.]+)%") / 100)
    flow = [value("invention_patents_granted", y) for y in range(2022, 2026)]
    return {
        "low": _constant_rate(*stock, [share * v for v in new]),
        "high": _constant_rate(*stock, new),
        "share": share,
        "needed": float(needed),
        "all_before": _constant_rate(first, before, flow[:-1]),
        "all_last": _constant_rate(before, last, flow[-1:]),
    }


def exit_lines() -> pd.DataFrame:
    """净退出率，供断线图：31 省逐年，2024–2025 年的上下界一点；全部权利人 2022–2024 年均与 2025 年两点，不相连。"""
    own, late = exit_rates(), recent_exit()
    rows = [("各省之和", y, v, np.nan, np.nan, "observed") for y, v in own.items()]
    middle = (late["low"] + late["high"]) / 2
    rows.append(("2024–2025 年均，上下界", 2024.5, middle, late["low"], late["high"], "uncertain"))
    rows += [
        ("全部权利人", x, late[k], np.nan, np.nan, "uncertain") for x, k in ((2023, "all_before"), (2025, "all_last"))
    ]
    return pd.DataFrame(rows, columns=["line", "x", "y", "low", "high", "kind"])


def young_bounds(year: int, years: int = RECENT) -> tuple[float, float]:
    """最近 ``years`` 年内授权的占年末有效的多少，上下界（0–1）。

    至多：这几年的授权全都还在；至少：存量的净增全由它们补上（更早的一件也没有退出时最少）。
    """
    stock, new = place_sum(VALID), place_sum(GRANT).loc[year - years + 1 : year].sum()
    return float((stock[year] - stock[year - years]) / stock[year]), float(new / stock[year])


def negative_cells() -> tuple[int, int]:
    """逐省逐年的净退出为负的格数与总格数：转入多于退出，或登记有调整。"""
    stock, new = regional.wide(VALID), regional.wide(GRANT)
    gone = (stock.shift() + new - stock).loc[FIRST + 1 :]
    return int((gone < 0).sum().sum()), int(gone.notna().sum().sum())


# ---- 三、高价值 -------------------------------------------------------------------------------------


@cache
def high_value() -> pd.DataFrame:
    """“高价值”发明专利，索引为年末。

    Returns
    -------
    pandas.DataFrame
        ``count`` 高价值、``stock`` 31 省有效（万件），``share`` 占比（0–1），``per`` 每万人件数，``sei`` 战略性新兴产业
        有效（万件）；没有公布的缺失。2020 年的占比由备注里的变动倒推，件数由占比与面板的存量推算。
    """
    kind = {"period": "year_end"}
    now = value("high_value_invention_patents", 2025) / value("invention_patents_in_force_domestic", 2025, **kind)
    rows = {y: {"per": value("high_value_invention_patents_per_10k", y, **kind)} for y in range(2020, 2026)}
    for year in (2023, 2025):
        rows[year]["count"] = value("high_value_invention_patents", year)
        rows[year]["stock"] = value("invention_patents_in_force_domestic", year, **kind)
        rows[year]["share"] = rows[year]["count"] / rows[year]["stock"]
    rows[2021]["stock"] = value("invention_patents_in_force_domestic", 2021, **kind)
    rows[2020] |= {"stock": place_sum(VALID)[2020], "share": now - share_rise()}
    rows[2020]["count"] = rows[2020]["share"] * rows[2020]["stock"]
    for year in (2024, 2025):
        rows[year]["sei"] = value("sei_invention_patents_in_force", year, **kind)
    return pd.DataFrame.from_dict(rows, orient="index")[["count", "stock", "share", "per", "sei"]]


def share_rise() -> float:
    """高价值占有效的比例由“十三五”末到 2025 年末升了多少（0–1），公布的变动。"""
    return noted("high_value_invention_patents", 2025, r"高 ([\d.]+) 个百分点") / 100


@cache
def from_share(first: int = 2020) -> inference.Interval:
    """高价值件数的增长（对数）里，占比的上升说明了多少（0–1），其余是存量；区间是取整的上下界。

    件数 = 存量 × 占比，所以对数之和。取整：件数、存量半个末位（存量照表的位数），占比的变动半个 0.1 个百分点。
    """
    table = high_value()
    stock, count, gained = table["stock"], table["count"], share_rise()

    def part(a: float, b: float, c: float, rise: float, old: float) -> float:
        share = (count[2025] + a * 0.05) / (stock[2025] + b * 0.5)
        before = share - gained - rise * 0.0005 if first == 2020 else (count[first] + old * 0.05) / (
            stock[first] + c * 0.05
        )  # fmt: skip
        grown = np.log((stock[2025] + b * 0.5) / (stock[first] + c * 0.05))
        return float(np.log(share / before) / (np.log(share / before) + grown))

    corners = [part(*signs) for signs in product((-1, 0, 1), repeat=5)]
    return inference.Interval(part(0, 0, 0, 0, 0), min(corners), max(corners))


def sei_share() -> dict[str, float]:
    """战略性新兴产业的有效发明专利，2025 年末：``of_high`` ÷ 高价值；
    ``overlap`` 至少有多少件（万件）必在高价值之内（两数之和超过存量的部分，不足则为零）。"""
    table = high_value().loc[2025]
    return {
        "of_high": table["sei"] / table["count"],
        "overlap": max(0.0, table["sei"] + table["count"] - table["stock"]),
    }


def added_share(first: int = 2020) -> float:
    """到 2025 年末净增的有效发明专利里，净增的高价值占多少（0–1）。"""
    table = high_value()
    grown = table.loc[2025] - table.loc[first]
    return float(grown["count"] / grown["stock"])


# ---- 四、国外市场与收入 -----------------------------------------------------------------------------


@cache
def shares(year: int = WORLD_YEAR) -> pd.DataFrame:
    """各经济体占世界的份额（%）：索引为代码；``family`` 同族、``grant`` 美国授权、``receipts`` 使用费收入。"""
    fees = international.charges()["receipts"].xs(year, level="year")
    return pd.DataFrame(
        {
            "family": overview.overall(overview.FAMILY, year)[list(ECONOMIES)] * 100,
            "grant": overview.overall(overview.GRANT, year)[list(ECONOMIES)] * 100,
            "receipts": fees[list(ECONOMIES)] / fees["WLD"] * 100,
        }
    )


@cache
def rank_match(year: int = WORLD_YEAR, drop: tuple[str, ...] = ()) -> dict[str, float]:
    """两种专利份额各与使用费收入份额的秩相关，与两个相关之差；p 为精确置换检验（枚举收入的全部排列），双侧。

    Returns
    -------
    dict
        ``family``、``grant``、``gap``（美国授权的减同族的），各有 ``*_p``。差的零假设是收入与两者都无关。
    """
    table = shares(year).drop(list(drop)).rank()
    table = (table - table.mean()) / table.std(ddof=0)
    every = table["receipts"].to_numpy()[np.array(list(permutations(range(len(table)))))]
    found = {}
    for name, own in {
        "family": table["family"],
        "grant": table["grant"],
        "gap": table["grant"] - table["family"],
    }.items():
        found[name] = float(own @ table["receipts"] / len(table))
        found[f"{name}_p"] = float((np.abs(every @ own.to_numpy() / len(table)) >= abs(found[name]) - 1e-9).mean())
    return found


@cache
def match_table() -> pd.DataFrame:
    """:func:`rank_match` 换着做法：索引为做法。"""
    cases = {
        f"{WORLD_YEAR} 年": (WORLD_YEAR, ()),
        "去美国": (WORLD_YEAR, ("USA",)),
        "去中国": (WORLD_YEAR, ("CHN",)),
        "2020 年": (2020, ()),
        "2010 年": (2010, ()),
    }
    return pd.DataFrame.from_dict({k: rank_match(*v) for k, v in cases.items()}, orient="index")


# ---- 五、诉讼与赔偿 ---------------------------------------------------------------------------------


@cache
def case_lines() -> pd.DataFrame:
    """知识产权案件（万件），供断线图：三种口径各一条，由公布的增幅倒推的画空心，“余”画成上下界。"""
    work = row("ip_cases_concluded", 2023, definition="work_report")
    heard = row("ip_cases_heard", 2023)
    up = noted("ip_cases_concluded", 2023, r"增 ([\d.]+)%", definition="work_report")
    more = noted("ip_cases_heard", 2023, r"增 ([\d.]+)%")
    floor, top = heard["value"], heard["value"] + 1
    other = value("ip_cases_concluded", 2022), value("ip_cases_concluded", 2024)
    rows = [
        ("审结，工作报告", 2022, work["value"] / (1 + up / 100), np.nan, np.nan, "uncertain"),
        ("审结，工作报告", 2023, work["value"], np.nan, np.nan, "observed"),
        ("审理，白皮书", 2022, floor / (1 + more / 100), floor / (1 + more / 100), top / (1 + more / 100), "uncertain"),
        ("审理，白皮书", 2023, floor, floor, top, "observed"),
        ("审结，其他发布", 2022, other[0], np.nan, np.nan, "observed"),
        ("审结，其他发布", 2024, other[1], other[1], other[1] + 1, "observed"),
    ]
    return pd.DataFrame(rows, columns=["line", "x", "y", "low", "high", "kind"])


def case_changes() -> dict[str, float]:
    """2022 到 2023 年案件的变动（0–1）：两种各自的口径 ``concluded``、``heard``，与拼接的 ``spliced``；
    ``spliced_24`` 是 2023 年（工作报告）到 2024 年（其他发布，下限）的拼接。"""
    work = value("ip_cases_concluded", 2023, definition="work_report")
    return {
        "concluded": noted("ip_cases_concluded", 2023, r"增 ([\d.]+)%", definition="work_report") / 100,
        "heard": noted("ip_cases_heard", 2023, r"增 ([\d.]+)%") / 100,
        "spliced": work / value("ip_cases_concluded", 2022) - 1,
        "spliced_24": value("ip_cases_concluded", 2024) / work - 1,
    }


def award_fold() -> float:
    """判赔金额 2023 年的“几倍增幅”，备注里的原话：读作增到还是增加不明。"""
    return noted("punitive_damage_awards", 2023, r"的 ([\d.]+) 倍")


@cache
def punitive() -> pd.DataFrame:
    """惩罚性赔偿，一行一段：``scope``、``cases`` 件数，``amount_low``、``amount_high``（亿元），``mean_low``、
    ``mean_high`` 平均每件（万元），``per_low``、``per_high`` 每万件案件里几件（分母取各种口径的小与大）。

    2022 年的金额由“3.5 倍增幅”倒推，两种读法（增到、增加）作上下界；最高法院知识产权法庭 2025 年以前的由累计相减。
    """
    paid = value("punitive_damage_awards", 2023)
    fold = award_fold()
    whole, tribunal = "全国法院", "最高法院知识产权法庭"
    year, total = "spc_ip_tribunal_punitive_cases", "spc_ip_tribunal_punitive_cases_cumulative"
    now, ever = noted(year, 2025, r"判赔 ([\d.]+) 亿"), noted(total, 2025, r"判赔 ([\d.]+) 亿")
    ruled = noted("spc_ip_tribunal_cases_received_cumulative", 2025, r"审结 (\d+) 件") / TEN_THOUSAND
    nan = np.nan
    cases = case_lines().assign(top=lambda f: f["high"].fillna(f["y"]), base=lambda f: f["low"].fillna(f["y"]))
    low, high = cases.groupby("x")["base"].min(), cases.groupby("x")["top"].max()
    count = [value("punitive_damage_cases", y) for y in (2022, 2023, 2024)]
    rows = [
        (whole, "2022", count[0], paid / (1 + fold), paid / fold, low[2022], high[2022]),
        (whole, "2023", count[1], paid, paid, low[2023], high[2023]),
        (whole, "2024", count[2], nan, nan, low[2024], high[2024]),
        (tribunal, "2019–2024", value(total, 2025) - value(year, 2025), ever - now, ever - now, nan, nan),
        (tribunal, "2025", value(year, 2025), now, now, nan, nan),
        (tribunal, "2019–2025 累计", value(total, 2025), ever, ever, ruled, ruled),
    ]
    table = pd.DataFrame(rows, columns=["scope", "when", "cases", "amount_low", "amount_high", "least", "most"])
    for side in ("low", "high"):
        table[f"mean_{side}"] = table[f"amount_{side}"] / table["cases"] * TEN_THOUSAND
    return table.assign(per_low=table["cases"] / table["most"], per_high=table["cases"] / table["least"])


def punitive_growth() -> inference.Interval:
    """2023 到 2024 年惩罚性赔偿件数的倍数；区间把两年的件数当作泊松计数（给定合计则为二项），只作宽窄的参考。"""
    first, last = (int(value("punitive_damage_cases", y)) for y in (2023, 2024))
    return inference.Interval(*(p / (1 - p) for p in inference.proportion(last, first + last)))


# ---- 六、许可 ---------------------------------------------------------------------------------------


@cache
def filings() -> pd.DataFrame:
    """专利转让、许可的备案（万次），索引为年：``all``、``universities``、``share``（0–1）；2023 年由公布的增幅倒推，
    高校与院所 2025 年由公布的增幅推算（原文只说“接近”一个整数）。"""
    every, own = "patent_transfer_licence_filings", "patent_transfer_licence_filings_universities"
    rise = r"增 ([\d.]+)%"
    table = pd.DataFrame(
        {k: {y: value(i, y) for y in (2024, 2025)} for k, i in (("all", every), ("universities", own))}
    )
    table.loc[2023] = [table.loc[2024, k] / (1 + noted(i, 2024, rise) / 100) for k, i in (("all", every),
                       ("universities", own))]  # fmt: skip
    table.loc[2025, "universities"] = table.loc[2024, "universities"] * (1 + noted(own, 2025, rise) / 100)
    return table.sort_index().assign(share=lambda f: f["universities"] / f["all"])


def action_rest() -> dict[str, float]:
    """专项行动的累计减去 2024、2025 年，余下的应在 2023 年：``value`` 万次、``share`` 占 2023 年全年（0–1）、
    ``days`` 行动方案发布后当年余下的天数占全年（0–1）。"""
    table = filings()["all"]
    left = value("patent_transfer_licence_filings_cumulative_action", 2025) - table[2024] - table[2025]
    plan = data.load("policies").query("title.str.startswith('专利转化运用专项行动')")["date"].iloc[0]
    rest = (pd.Timestamp("2023-12-31") - pd.Timestamp(plan)).days / 365
    return {"value": left, "share": left / table[2023], "days": rest}


def institute_modes() -> dict[str, float]:
    """高校院所 2023 年的转化合同：``licence`` 许可占三种方式的项数（0–1），``count`` 三种方式的项数（万项）。"""
    who, kinds = "universities_institutes", ("licence", "assignment", "equity")
    found = {k: mechanisms.figure(f"transfer_count_{k}", 2023, who) for k in kinds}
    return {
        "licence": found["licence"] / sum(found.values()),
        "count": mechanisms.figure("transfer_count_3modes", 2023, who) / TEN_THOUSAND,
    }


def intensive() -> dict[str, float]:
    """专利密集型产业占 GDP（%）：规划所写的基数 ``base``，公布的 2020 年 ``first`` 与 2023 年 ``last``；不可相连。"""
    plan = data.load("targets").set_index("target_id").loc["ip14_pidense", "baseline_value"]
    first, last = (value("patent_intensive_gdp_share", y) for y in (2020, 2023))
    return {"base": float(plan), "first": first, "last": last}


# ---- 七、使用费 -------------------------------------------------------------------------------------

#: 画路径的经济体。
PATHS = ("CHN", "KOR", "JPN", "DEU", "USA")


def fee_points(start: int = 1997) -> pd.DataFrame:
    """使用费的支出与收入（亿美元），供路径图：``name``、``year``、``x`` 支出、``y`` 收入。"""
    frame = international.charges().dropna().reset_index()
    frame = frame[frame["iso3"].isin(PATHS) & (frame["year"] >= start)]
    frame = frame.assign(name=frame["iso3"].map(international.names()))
    return frame.rename(columns={"payments": "x", "receipts": "y"})[["name", "year", "x", "y"]].reset_index(drop=True)


def cover(iso3: str, year: int) -> float:
    """收入 ÷ 支出（0 起），即 :func:`chokepoint.findings.international.charges` 的比的倒数。"""
    return float(1 / international.charges().loc[(iso3, year), "ratio"])


def cover_bounds(year: int = 2023, unit: float = 0.5) -> inference.Interval:
    """中国取整到亿美元的一年，收入 ÷ 支出与它的上下界：收支合计、收入各可差 ``unit`` 亿美元。"""
    table = data.load("ip_charges").query("iso3 == 'CHN' and year == @year and unit == 'USD_100m'")
    got = table.set_index("flow")["value"]
    every = [
        (got["receipts"] + a) / (got["total"] + b - got["receipts"] - a) for a in (-unit, unit) for b in (-unit, unit)
    ]
    return inference.Interval(cover("CHN", year), min(every), max(every))


def world_gap() -> float:
    """世界的支出与收入理应相等：2015–2019 年相差最多的一年差多少（0–1），当作登记误差的量级。"""
    frame = international.charges().loc["WLD"].loc[2015:WORLD_YEAR]
    return float((frame["payments"] / frame["receipts"] - 1).abs().max())


@cache
def fee_table() -> pd.DataFrame:
    """收入 ÷ 支出：索引为经济体名，列为年；末列 ``since`` 首次达到中国 2023 年水平的年份。"""
    years, now = (2005, 2020), cover("CHN", 2023)
    rows = {}
    for iso3 in PATHS:
        own = 1 / international.charges().loc[iso3, "ratio"].dropna()
        reached = own.index[own >= now - 1e-12]
        rows[international.name(iso3)] = {
            **{y: own[y] for y in years},
            "since": int(reached[0]),
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype({"since": int})


def total_split() -> inference.Interval:
    """中国 2020 到 2023 年收支合计的增加里，收入占多少（0–1），上下界来自 2023 年的取整。"""
    fees = international.charges().loc["CHN"]
    old, base = fees.loc[2020, "receipts"], fees.loc[2020, ["payments", "receipts"]].sum()
    new, total = fees.loc[2023, "receipts"], fees.loc[2023, ["payments", "receipts"]].sum()
    every = [(new + a - old) / (total + b - base) for a in (-0.5, 0.5) for b in (-0.5, 0.5)]
    return inference.Interval(float((new - old) / (total - base)), float(min(every)), float(max(every)))


def yuan_check() -> dict[str, float]:
    """两个来源 2020 年的使用费各隐含的汇率（元／美元）：``total`` 合计，``receipts`` 收入（由 2021 年倒推）。"""
    fees = international.charges().loc[("CHN", 2020)]
    back = value("ip_royalties_exports", 2021) / (1 + noted("ip_royalties_exports", 2021, r"增 ([\d.]+)%") / 100)
    total = value("ip_royalties_trade_total", 2020) / (fees["payments"] + fees["receipts"])
    return {"total": float(total), "receipts": float(back / fees["receipts"])}


# ---- 八、数量会不会稀释：省际 -----------------------------------------------------------------------

OUT, IN = regional.OUT, regional.IN
COUNT = "tech_contract_out_count"
#: 做法 → （专利，合同，专利首末年，合同首末年，换不换离群值，去掉的省）。
VARIANTS = {
    "发明授权与合同输出，2012–2023": (GRANT, OUT, (START, LAST), (START, LAST), False, ()),
    "离群值换成前后年的平均": (GRANT, OUT, (START, LAST), (START, LAST), True, ()),
    "2012–2018": (GRANT, OUT, (START, MIDDLE), (START, MIDDLE), False, ()),
    "2018–2023": (GRANT, OUT, (MIDDLE, LAST), (MIDDLE, LAST), False, ()),
    "合同换成 2016–2023": (GRANT, OUT, (START, 2019), (2016, LAST), False, ()),
    "去北京": (GRANT, OUT, (START, LAST), (START, LAST), False, (regional.BEIJING,)),
    "换成全部专利授权": (ALL, OUT, (START, LAST), (START, LAST), False, ()),
    "换成有效发明": (VALID, OUT, (START, LAST), (START, LAST), False, ()),
    "换成合同吸纳": (GRANT, IN, (START, LAST), (START, LAST), False, ()),
    "换成合同输出的项数": (GRANT, COUNT, (START, LAST), (START, LAST), False, ()),
}


@cache
def province_growth(label: str = "发明授权与合同输出，2012–2023") -> pd.DataFrame:
    """各省首末年之比的对数：索引为省份代码，``patents``、``contracts``；缺数的省不在内。"""
    patent, contract, own, other, repair, drop = VARIANTS[label]
    money = regional.repaired(contract) if repair else regional.wide(contract)
    grants = regional.wide(patent)
    frame = pd.DataFrame(
        {
            "patents": np.log(grants.loc[own[1]] / grants.loc[own[0]]),
            "contracts": np.log(money.loc[other[1]] / money.loc[other[0]]),
        }
    )
    return frame.dropna().drop(list(drop))


def _slope(frame: np.ndarray) -> float:
    x, y = frame[:, 0] - frame[:, 0].mean(), frame[:, 1] - frame[:, 1].mean()
    return float(x @ y / (x @ x))


def _over_provinces(values: np.ndarray, measure: Callable[[np.ndarray], float]) -> inference.Interval:
    """一省一行的表上的一个量，与对省重抽样的区间。"""
    rng = np.random.default_rng(inference.SEED)
    drawn = [measure(values[rng.integers(0, len(values), len(values))]) for _ in range(DRAWS)]
    edge = (1 - inference.LEVEL) / 2
    return inference.Interval(measure(values), *(float(v) for v in np.quantile(drawn, [edge, 1 - edge])))


@cache
def elasticity(label: str = "发明授权与合同输出，2012–2023", drop: str | None = None) -> inference.Interval:
    """弹性：专利多增百分之一的省，合同额多增百分之几（最小二乘，对数）；区间由对省重抽样得到。

    低于 1：每件专利对应的合同少了（稀释）；等于 0：合同与专利无关，每件的合同也因此变少。
    """
    frame = province_growth(label)
    values = (frame.drop(drop) if drop else frame).to_numpy()
    return _over_provinces(values, _slope)


@cache
def elasticity_rows() -> pd.DataFrame:
    """各做法的弹性与区间：索引为做法，列 ``estimate``、``low``、``high``、``n``。"""
    rows = {k: {**elasticity(k)._asdict(), "n": len(province_growth(k))} for k in VARIANTS}
    return pd.DataFrame.from_dict(rows, orient="index").astype({"n": int})


@cache
def shuffled(label: str = "发明授权与合同输出，2012–2023") -> dict[str, float]:
    """打乱省份：把合同的增长随机配给各省，弹性与“每件的合同”的相关该是多少。

    Returns
    -------
    dict
        ``p`` 弹性（等价于相关）双侧；``naive`` 专利增长与每件合同增长的相关，``null``、``low``、``high`` 打乱之后的
        平均与范围：分母里就有专利，所以它不在零而在负处。
    """
    frame = province_growth(label)
    x, y = frame["patents"].to_numpy(), frame["contracts"].to_numpy()
    rng = np.random.default_rng(inference.SEED)
    mixed = np.array([rng.permutation(y) for _ in range(SHUFFLES)])
    centred = x - x.mean()
    drawn, found = mixed @ centred, y @ centred
    each = mixed - x
    each -= each.mean(axis=1, keepdims=True)
    null = each @ centred / np.sqrt((each**2).sum(axis=1) * (centred @ centred))
    edge = (1 - inference.LEVEL) / 2
    low, high = np.quantile(null, [edge, 1 - edge])
    return {
        "p": float(((np.abs(drawn) >= abs(found)).sum() + 1) / (SHUFFLES + 1)),
        "naive": float(np.corrcoef(x, y - x)[0, 1]),
        "null": float(null.mean()),
        "low": float(low),
        "high": float(high),
    }


def _with_budget() -> pd.DataFrame:
    """:func:`province_growth` 加一列一般公共预算支出的增长 ``budget``。"""
    frame, budget = province_growth(), regional.wide("budget_total")
    return frame.assign(budget=np.log(budget.loc[LAST] / budget.loc[START])[frame.index])


def placebo() -> dict[str, float]:
    """安慰剂：与合同增长的相关，``budget`` 财政支出的，``patents`` 专利的。"""
    found = _with_budget().corr()["contracts"]
    return {"budget": float(found["budget"]), "patents": float(found["patents"])}


@cache
def beside_budget() -> inference.Interval:
    """把财政支出的增长一同放进回归之后，专利的弹性；区间由对省重抽样得到。"""

    def partial(frame: np.ndarray) -> float:
        x = np.column_stack([np.ones(len(frame)), frame[:, 0], frame[:, 2]])
        return float(np.linalg.lstsq(x, frame[:, 1], rcond=None)[0][1])

    return _over_provinces(_with_budget()[["patents", "contracts", "budget"]].to_numpy(), partial)


def drop_one() -> pd.Series:
    """每次去掉一省的弹性，索引为简称，由小到大。"""
    frame = province_growth()
    found = {regional.names()[p]: _slope(frame.drop(p).to_numpy()) for p in frame.index}
    return pd.Series(found).sort_values()


def per_grant(year: int) -> float:
    """30 省（不含西藏）合同输出额 ÷ 当年发明授权（万元／件，名义）。"""
    kept = [p for p in regional.names().index if p != regional.UNCOVERED]
    money, grants = regional.wide(OUT).loc[year, kept].sum(), regional.wide(GRANT).loc[year, kept].sum()
    return float(money / grants * TEN_THOUSAND)


# ---- 汇总 -------------------------------------------------------------------------------------------


def ladder() -> pd.DataFrame:
    """同样叫“专利多”的几种数：``what``、``judge`` 谁说了算、``when``、``value``、``blind`` 看不见什么。"""
    table, share = high_value(), shares()
    low, high = technology_base.sep_overlap()
    rows = [
        (
            "全部专利授权，各省之和",
            "本国审查，含实用新型与外观",
            LAST,
            f"{place_sum(ALL)[LAST]:.1f} 万件",
            "质量、用途",
        ),
        ("发明专利授权，各省之和", "本国实质审查", LAST, f"{place_sum(GRANT)[LAST]:.1f} 万件", "国外认不认、用不用"),
        ("年末有效发明，各省之和", "权利人肯不肯续费", LAST, f"{place_sum(VALID)[LAST]:.1f} 万件", "为何而留"),
        ("其中“高价值”", "主管部门的定义", LAST, f"{table.loc[LAST, 'share']:.1%}", "定义的原文不在数据里"),
        ("企业的产业化率", "问卷里的自答", LAST, f"{industry_university.rate('firms', LAST):.1f}%", "样本量、核实"),
        (
            "高校的产业化率",
            "问卷里的自答",
            2022,
            f"{industry_university.rate('universities', 2022):.1f}%",
            "只有 2021、2022 年",
        ),
        ("5G 标准专利的中国份额", "权利人声明", 2022, f"{low:.1f}%–{high:.1f}%", "必要与否"),
        ("同族的世界份额", "任一局授权", WORLD_YEAR, f"{share.loc['CHN', 'family']:.1f}%", "偏向本国授权多的"),
        ("美国授权的世界份额", "美国审查", WORLD_YEAR, f"{share.loc['CHN', 'grant']:.1f}%", "偏向对美出口多的"),
        (
            "使用费收入的世界份额",
            "境外买方付钱",
            WORLD_YEAR,
            f"{share.loc['CHN', 'receipts']:.1f}%",
            "集团内转移、商标与版权",
        ),
    ]
    return pd.DataFrame(rows, columns=["what", "judge", "when", "value", "blind"])


def diluted() -> dict[str, list[str]]:
    """弹性的区间与 1 相比：``less`` 全在 1 以下（稀释），``more`` 全在 1 以上，``unclear`` 含 1。"""
    rows = elasticity_rows()
    return {
        "less": list(rows.index[rows["high"] < 1]),
        "more": list(rows.index[rows["low"] > 1]),
        "unclear": list(rows.index[(rows["low"] <= 1) & (rows["high"] >= 1)]),
    }


def lowest_cover(year: int = 2020) -> tuple[float, float]:
    """登记误差最不利时：中国收入 ÷ 支出的上限，与 :data:`PATHS` 里其余各国最低者的下限（误差取 :func:`world_gap`）。"""
    gap = 1 + world_gap()
    others = min(cover(c, year) for c in PATHS if c != "CHN")
    return cover("CHN", year) * gap, others / gap


@cache
def claims() -> pd.DataFrame:
    """几句话换一种选择之后：``claim``、``choice``、``main``、``varied``（文字），``holds`` 站不站得住。"""
    own, late, moved, split = exit_rates(), recent_exit(), case_changes(), diluted()
    table, foreign = shares().loc["CHN"], overview.foreign_share(WORLD_YEAR)["CHN"] * 100
    pct = overview.three_counts().loc[international.name("CHN"), "pct"]
    nation, ours, theirs = exit_rates("national"), *lowest_cover()
    part, short = from_share(), from_share(2023)
    match = match_table()
    near, far = match["grant"].iloc[0], match["family"].iloc[0]
    rise = elasticity_rows()
    edges = rise["estimate"].min(), rise["estimate"].iloc[0]
    early = own.loc[:MIDDLE].min()
    rows = [
        ("“高价值”的增长主要来自存量", "起点由 2020 年换成 2023 年", f"占比只说明 {part.estimate:.0%}",
         f"{short.estimate:.0%}", max(part.high, short.high) < 0.5),
        ("美国授权的份额低于同族", "去掉美国自己的；换成 PCT 申请", f"{table['grant']:.1f}% 比 {table['family']:.1f}%",
         f"{foreign:.1f}%；{pct:.1f}%", max(foreign, pct) < table["family"]),
        ("收入 ÷ 支出低于各对照国", "登记误差取最坏", f"{cover('CHN', 2020):.2f}", f"{ours:.2f} 比 {theirs:.2f}",
         ours < theirs),
        ("授权快的省，每件的合同更少", f"{len(VARIANTS)} 种做法", f"弹性 {edges[1]:.1f}",
         f"最低 {edges[0]:.1f}；{len(split['less'])} 种区间全低于 1", len(split["less"]) == len(VARIANTS)),
        ("授权快的省，每件的合同更多", f"{len(VARIANTS)} 种做法", f"弹性 {edges[1]:.1f}",
         f"{len(split['more'])} 种区间全高于 1，{len(split['unclear'])} 种含 1", len(split["more"]) == len(VARIANTS)),
        ("净退出率在下降", "加上港澳台；接上 2024–2025 年", f"{own.iloc[0]:.1f}% 到 {own.iloc[-1]:.1f}%",
         f"{nation.iloc[0]:.1f}% 到 {nation.iloc[-1]:.1f}%；{late['low']:.1f}%–{late['high']:.1f}%",
         late["high"] < early),
        ("2023 年的案件比上年多", "换口径，各与自己的上年比", f"{moved['concluded']:+.1%}", f"{moved['heard']:+.1%}",
         min(moved["concluded"], moved["heard"]) > 0),
        ("美国授权比同族更接近收入", "换年份、去一国", f"{near:.2f} 比 {far:.2f}".replace("-", "−"),
         f"两者之差，最小的 p = {match['gap_p'].min():.2f}", bool(match["gap_p"].max() < 0.05)),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["claim", "choice", "main", "varied", "holds"])


def said(found: inference.Interval, digits: int = 1, scale: float = 1.0, unit: str = "", kind: str = "") -> str:
    """估计与区间连成一句，如 ``7.4%（7.1% 到 7.7%）``；``kind`` 写在括号里的头上。"""
    main, low, high = (f"{v * scale:.{digits}f}{unit}".replace("-", "−") for v in found)
    return f"{main}（{kind}{low} 到 {high}）"


def pair(low: float, high: float, digits: int) -> str | None:
    """上下界写成一格：相同只写一个，缺失为空。"""
    if np.isnan(low):
        return None
    first, last = f"{low:,.{digits}f}", f"{high:,.{digits}f}"
    return first if first == last else f"{first}–{last}"


@cache
def headline() -> dict[str, float]:
    """本章的主要数字，首页与结语从这里取。"""
    share, late = shares(), recent_exit()
    return {
        "family": share.loc["CHN", "family"],
        "grant": share.loc["CHN", "grant"],
        "receipts": share.loc["CHN", "receipts"],
        "from_share": from_share().estimate,
        "cover": cover("CHN", 2023),
        "exit_last": float(exit_rates()[LAST]),
        "exit_low": late["low"],
        "exit_high": late["high"],
        "elasticity": elasticity().estimate,
    }
