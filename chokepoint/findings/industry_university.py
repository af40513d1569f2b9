"""“产学研协同”一章的数字：问卷、合同、经费、论文与名单，各量到合作的哪一步。

五样材料各有定义，彼此不能相加：产业化率是专利权人的答卷，技术合同是卖方登记的交易，经费的执行与来源是两个边际，
合著只说一篇论文，名单只写挂牌的单位。这里的区间有两种：大学之间的比较由重抽大学而来，说的是结论靠不靠少数几所；
经费交叉项的范围由两个边际推出（Fréchet 界），不是抽样误差。
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from .. import data, inference, networks
from . import cross_regional, mechanisms, paths

#: 画产业化率的几类专利权人，依次。
HOLDERS = ("firms", "all_holders", "universities")
#: 技术合同连续有数的首年，末年。
FIRST, LAST = 2012, 2023
#: 两份名单都有的经济体：依次为图上的次序。
COMPARED = ("CHN", "JPN", "KOR", "USA", "DEU", "FRA", "GBR")
#: 自助法与零模型的次数。
DRAWS = 1_000
#: 相近大学的宽窄：国际合著占比相差几个百分点以内；论文数相差几个自然对数以内；高被引占比相差几个百分点以内。
NEAR_SHARE, NEAR_SIZE, NEAR_TOP = 3.0, 0.3, 1.5
#: 按论文数设的下限（篇）。
MINIMA = (0, 4_000, 8_000)
#: 校名里有这些词的，当作工科为主。
TECHNICAL = r"Technolog|Polytech|Technical|Engineering"
#: 医学与师范，由校名。
OTHER_FIELDS = r"Medic|Pharm|Normal"
#: 名单识别时断行的长度：前一段至少这么长，后一段至多这么长，是同一个名称断成的两行。
LINE, REST = 15, 7
#: 校企合著最高的几所内地大学的中文名。
CHINESE = {
    "China University of Petroleum Beijing": "中国石油大学（北京）",
    "China University of Petroleum East China": "中国石油大学（华东）",
    "Southwest Petroleum University": "西南石油大学",
    "Chengdu University of Technology": "成都理工大学",
}
#: 分布图的细线在两端各去掉的份额。
TAIL = 0.05
#: 画出来的专项至少有几项。
LEAST = 30
#: 完整的立项名单只有这一年。
PROJECT_YEAR = 2018


class Reproduced(NamedTuple):
    """复算公布的数：个数、最大的差（相对差，0–1）与差在哪里。"""

    count: int
    largest: float
    where: str


# ---- 一、产业化率 -----------------------------------------------------------------------------------


@cache
def _survey() -> pd.DataFrame:
    table = data.load("regional_indicators")
    return table[table["indicator"] == "invention_patent_industrialisation_rate"]


def rate(entity: str, year: int) -> float:
    """有效发明专利产业化率（%）：一类专利权人一年；几个来源一致才取。"""
    return mechanisms.figure("invention_patent_industrialisation_rate", year, entity)


def rate_lines() -> pd.DataFrame:
    """产业化率的各点，供断线图：``line``、``x``、``y``、``kind``（只由公布的变动倒推的为 ``uncertain``）。"""
    names = data.labels("regional_indicators", "entity")
    table = _survey()[_survey()["entity"].isin(HOLDERS)]
    direct = set(map(tuple, table.loc[table["status"] == "observed", ["entity", "year"]].to_numpy()))
    table = table.drop_duplicates(["entity", "year"]).sort_values(["entity", "year"])
    kind = [
        "observed" if (e, y) in direct else "uncertain" for e, y in zip(table["entity"], table["year"], strict=True)
    ]
    return pd.DataFrame(
        {"line": table["entity"].map(names), "x": table["year"], "y": table["value"], "kind": kind}
    ).reset_index(drop=True)


def firm_sizes(year: int = 2023) -> pd.Series:
    """企业按规模的产业化率（%），自大到小。"""
    names = data.labels("regional_indicators", "entity")
    order = ("large_firms", "medium_firms", "small_firms", "micro_firms")
    return pd.Series({names[e]: rate(e, year) for e in order})


def survey_scope() -> dict[str, int]:
    """问卷的覆盖：高校有数的年份数，全表有数的年份跨度，有没有样本量一列（没有则为零）。"""
    rows = _survey()
    years = rows.loc[rows["entity"] == "universities", "year"].nunique()
    return {"universities": int(years), "first": int(rows["year"].min()), "last": int(rows["year"].max())}


def patents_needed(first: float = 2021, last: float = 2022) -> int:
    """要分得出高校两年的产业化率，每年至少要多少件互相独立的专利的答卷（双侧 5%，两个比例之差恰好显著）。"""
    p, q = rate("universities", first) / 100, rate("universities", last) / 100
    z = stats.norm.ppf((1 + inference.LEVEL) / 2)
    return int(np.ceil(z**2 * (p * (1 - p) + q * (1 - q)) / (q - p) ** 2))


def joint_revenue() -> dict[str, float]:
    """产学研专利的平均收益（万元）：``joint``、``firms``，与高出的比例 ``more``（0–1）。"""
    name = "invention_patent_industrialisation_revenue"
    joint, firms = (mechanisms.figure(name, 2023, who) for who in ("iur_patents", "firms"))
    return {"joint": joint, "firms": firms, "more": joint / firms - 1}


def stock() -> dict[str, float]:
    """存量专利盘点（2024 年）：盘点 ``surveyed``、进库 ``pool`` 件，占比 ``share``，高校自评较好 ``good``（%）。"""
    who = "universities_institutes"
    surveyed, pool = (mechanisms.figure(f"stock_patents_{k}", 2024, who) for k in ("surveyed", "in_pool"))
    good = mechanisms.figure("stock_good_prospect_share", 2024, "universities")
    return {"surveyed": surveyed, "pool": pool, "share": pool / surveyed, "good": good}


# ---- 二、技术合同与成果转化 ---------------------------------------------------------------------------


@cache
def market() -> pd.DataFrame:
    """全国技术合同，索引为年：``value`` 成交额、``rd`` 研发经费（亿元），``ratio`` 之比，``count`` 项数，
    ``mean`` 平均每项（万元）。"""
    value = cross_regional.national("tech_contract_out_value").loc[FIRST:LAST]
    count = cross_regional.national("tech_contract_out_count").loc[FIRST:LAST]
    rd = cross_regional.national("rd_internal_total").loc[FIRST:LAST]
    frame = pd.DataFrame({"value": value, "rd": rd, "count": count})
    return frame.assign(ratio=frame["value"] / frame["rd"], mean=frame["value"] / frame["count"] * 1e4)


def market_growth() -> pd.Series:
    """首年到末年各列的倍数。"""
    frame = market()
    return frame.iloc[-1] / frame.iloc[0]


def first_above_rd() -> int:
    """合同额首次超过全国研发经费的年份，此后年年超过。"""
    ratio = market()["ratio"]
    return int(ratio[::-1].le(1).idxmax()) + 1


def services() -> pd.DataFrame:
    """合同的类型，只有两年：``service`` 技术服务、``development`` 技术开发占成交额（0–1），没有公布的缺失；
    ``rest`` 是其余各类合计的上限（0–1）。"""
    rows = {}
    for year in (2013, 2019):
        total = mechanisms.figure("tech_contract_value", year, "national")
        service = mechanisms.figure("tech_contract_value_service", year) / total
        table = data.load("regional_indicators").query(
            "indicator == 'tech_contract_value_development' and year == @year"
        )
        development = float(table["value"].iloc[0]) / total if len(table) else np.nan
        rows[year] = (service, development, 1 - service - np.nan_to_num(development))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["service", "development", "rest"])


def seller_share() -> float:
    """企业作卖方占合同额（%），2013 年。"""
    return mechanisms.figure("tech_contract_share_seller_enterprise", 2013)


def _units(year: int) -> int:
    """成果转化年报的填报单位数，取自同一年合同金额的备注。"""
    table = data.load("regional_indicators")
    rows = table[(table["year"] == year) & (table["entity"] == "universities_institutes")]
    found = rows["note"].str.extract(r"^(\d+) ?[家所]$")[0].dropna().unique()
    if len(found) != 1:
        raise ValueError(f"{year} 年的填报单位数应有一个，得到 {list(found)}")
    return int(found[0])


@cache
def transfer_table() -> pd.DataFrame:
    """高校院所的成果转化，索引为年。

    Returns
    -------
    pandas.DataFrame
        ``units`` 填报单位；``count``、``value``、``mean`` 转让许可作价三种方式的项数、金额（亿元）、每项（万元）；
        ``each`` 每家单位的金额（万元）；``all`` 含技术开发咨询服务的总额（亿元，没有公布的缺失），
        ``part`` 三种方式占它，
        ``market`` 三种方式与全国技术合同额之比（0–1；两套登记，不是包含关系）。
    """
    frame = mechanisms.transfers().copy()
    table = data.load("regional_indicators")
    six = table[table["indicator"] == "transfer_value_6modes"].set_index("year")["value"]
    frame["units"] = [_units(year) for year in frame.index]
    frame["each"] = frame["value"] / frame["units"] * 1e4
    frame["all"] = six.reindex(frame.index)
    frame["part"] = frame["value"] / frame["all"]
    frame["market"] = frame["value"] / market()["value"].reindex(frame.index)
    return frame


def other_unit_count() -> int:
    """2017 年填报单位数的另一种说法。"""
    return int(mechanisms.figure("transfer_reporting_units", 2017))


def against_rd(year: int = LAST) -> dict[str, float]:
    """一年里三种方式、全部方式的金额与高校、研究机构研发经费之和的比（0–1）；两边的单位范围不同，只作量级。"""
    rd = paths.final("rd_by_university")[year] + paths.final("rd_by_institute")[year]
    row = transfer_table().loc[year]
    return {"narrow": row["value"] / rd, "wide": row["all"] / rd}


# ---- 三、谁出钱、谁做 ---------------------------------------------------------------------------------


@cache
def structure(edition: str) -> pd.DataFrame:
    """一版的构成：索引 ``iso3``，列为指标与 ``year``；没有公布的缺失，占比为 0–100。"""
    table = data.load("gerd_structure")
    table = table[table["edition"] == edition]
    wide = table.pivot(index="iso3", columns="indicator", values="value")
    return wide.assign(year=table.groupby("iso3")["year"].first())


@cache
def net_flow() -> pd.DataFrame:
    """企业出的钱减企业花的钱，占全国研发经费（百分点）：两版各经济体，依 ``edition``、``iso3``、``year``、``net``。"""
    found = []
    for edition in ("2017", "2021"):
        table = structure(edition)
        net = (table["gerd_from_business"] - table["gerd_by_business"]).dropna()
        found.append(
            pd.DataFrame({"edition": edition, "iso3": net.index, "year": table["year"][net.index], "net": net})
        )
    return pd.concat(found, ignore_index=True)


@cache
def net_china() -> pd.Series:
    """中国各年企业出的钱（年鉴）减企业花的钱（公报），占全国研发经费（百分点）；公报没有给企业数的年份没有。"""
    spent, total = paths.final("rd_by_enterprise"), paths.final("rd_total")
    paid = cross_regional.national("rd_fund_enterprise")
    return ((paid - spent) / total * 100).dropna()


class Pace(NamedTuple):
    """净额的快慢，缺数前后分开（百分点）：``before`` 每年与区间，``after`` 每年，``jump`` 缺数几年里多升的。"""

    before: inference.Interval
    after: float
    jump: float


@cache
def net_pace() -> Pace:
    """中国的净额每年升多少：缺数（2019、2020 年）以前与以后各算一个 Theil–Sen 斜率，不跨过断点。

    ``jump`` 是缺数前后两点之差，减去照以前的快慢应升的；以后只有三点，区间没有意义，不给。
    """
    net = net_china()
    first, later = net[net.index < 2019], net[net.index > 2020]
    before, after = inference.slope(first.index, first), stats.theilslopes(later, later.index).slope
    years = later.index[0] - first.index[-1]
    return Pace(before, float(after), float(later.iloc[0] - first.iloc[-1] - before.estimate * years))


def net_lines() -> pd.DataFrame:
    """断线图：中国逐年（缺的年份断开），各经济体两版各一点（不相连）。"""
    names = paths.country_names()
    own = pd.DataFrame({"line": names["CHN"], "x": net_china().index, "y": net_china(), "segment": "own"})
    table = net_flow()
    table = table[table["iso3"].isin(COMPARED[1:])]
    others = pd.DataFrame(
        {"line": table["iso3"].map(names), "x": table["year"], "y": table["net"], "segment": table["edition"]}
    )
    return pd.concat([own, others], ignore_index=True)


def outside_floor(year: int = LAST) -> dict[str, float]:
    """企业以外执行的研发里至少有多少是企业出的钱：``points`` 占全国（百分点），``share`` 占企业以外执行的（0–1）。

    企业的钱都花在企业里也还多出这么多；净额为负时下限是零。
    """
    net = max(0.0, float(net_china()[year]))
    outside = 100 * (1 - paths.final("rd_by_enterprise")[year] / paths.final("rd_total")[year])
    return {"points": net, "share": net / outside}


def payers(edition: str = "2021") -> pd.DataFrame:
    """净额为正的经济体：企业出的钱多于企业花的钱，索引 ``iso3``，列 ``year``、``net``。"""
    table = net_flow()
    table = table[(table["edition"] == edition) & (table["net"] > 0) & ~table["iso3"].isin(["OED", "EUU"])]
    return table.set_index("iso3")[["year", "net"]].sort_values("net", ascending=False)


@cache
def bounds() -> pd.DataFrame:
    """企业的钱占高校研发的多少，由两个边际只能框到哪里（Fréchet 界，%）。

    高校执行 ``P``、企业出资 ``F``，都占全国研发经费：交叉项不小于 ``max(0, F + P - 100)``，不大于 ``min(F, P)``。

    Returns
    -------
    pandas.DataFrame
        索引 ``iso3``；``low``、``high`` 占高校研发的百分数，``year``。
    """
    table = structure("2021").dropna(subset=["gerd_from_business", "gerd_by_higher_education"])
    table = table.drop(index=["OED", "EUU"], errors="ignore")
    paid, done = table["gerd_from_business"], table["gerd_by_higher_education"]
    low, high = (paid + done - 100).clip(lower=0), np.minimum(paid, done)
    return pd.DataFrame({"low": low / done * 100, "high": high / done * 100, "year": table["year"]})


def structure_table() -> pd.DataFrame:
    """两版都有的经济体：名称、版、年份、企业出资、企业执行、净额、高校执行（%），不拼接。"""
    names, rows = paths.country_names(), []
    for iso3 in COMPARED:
        for edition in ("2017", "2021"):
            row = structure(edition).loc[iso3]
            paid, done = row["gerd_from_business"], row["gerd_by_business"]
            rows.append((names[iso3], f"{edition} 年版", int(row["year"]), paid, done, paid - done,
                         row["gerd_by_higher_education"]))  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "edition", "year", "paid", "done", "net", "university"]).round(1)


def uninformative() -> int:
    """Fréchet 界从零到全部（什么也没说）的经济体个数；中国不在其中则报错。"""
    table = bounds()
    empty = table[(table["low"] == 0) & (table["high"] == 100)]
    if "CHN" not in empty.index:
        raise ValueError("中国的界不再是零到全部：正文须改")
    return len(empty)


def government_share() -> pd.Series:
    """中国研发经费里政府资金的占比（0–1），索引为年。"""
    return cross_regional.national("rd_fund_government") / cross_regional.national("rd_internal_total")


def country(iso3: str) -> str:
    """经济体的中文名。"""
    return paths.country_names()[iso3]


# ---- 四、校企合著 -----------------------------------------------------------------------------------


@cache
def _universities() -> pd.DataFrame:
    """一校一行，另加 ``papers`` 论文数（国际合著的篇数除以占比，占比只到一位小数，所以是近似）。"""
    table = data.load("universities")
    return table.assign(papers=table["international_papers"] / table["international_share"] * 100)


def _split(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return table[table["mainland"]], table[~table["mainland"]]


def spread() -> dict[str, pd.DataFrame]:
    """两组大学几项占比的分布，供套叠区间图：中位数、四分位、5% 与 95% 分位（%）。"""
    names = {"industry_share": "校企合著", "international_share": "国际合著", "short_distance_share": "百公里内合作",
             "top10_share": "高被引"}  # fmt: skip
    found = {}
    for name, part in zip(("中国内地", "其他地方"), _split(_universities()), strict=True):
        q = part[list(names)].quantile([0.5, 0.25, 0.75, TAIL, 1 - TAIL]).T
        found[name] = q.set_axis(["main", "low", "high", "least", "most"], axis=1).rename(index=names)
    return found


def papers_weighted() -> dict[str, float]:
    """按论文加总的校企合著占比（0–1）：大校算得重。"""
    inside, outside = _split(_universities())
    return {k: part["industry_papers"].sum() / part["papers"].sum() for k, part in
            (("mainland", inside), ("elsewhere", outside))}  # fmt: skip


class Superiority(NamedTuple):
    """优势概率与区间，用到的内地大学数、别处的大学数。"""

    found: inference.Interval
    inside: int
    outside: int


def superiority(
    table: pd.DataFrame, column: str = "industry_share", near: dict[str, float] | None = None, draws: int = DRAWS
) -> Superiority:
    """随便取一所内地大学和一所别处的大学，内地的数较大的概率（相等算一半），与重抽大学的百分位区间。

    没有 ``near`` 时，它就是 Mann–Whitney 的 U 除以两组个数之积（scipy 核对过），Cliff 的 delta 等于它的两倍减一
    （Cliff, 1993；Vargha 与 Delaney, 2000）。有 ``near`` 时，每所内地大学只与 ``near`` 各列都相近的别处大学相比，
    再对内地大学平均；一所也找不到相近的，不计入。

    Parameters
    ----------
    table : pandas.DataFrame
        一校一行，列 ``mainland``、``column`` 与 ``near`` 的各列。
    column : str
        比哪一列。
    near : dict of str to float, optional
        列名 → 容许的差（同列的单位；``papers`` 用自然对数之差）。
    draws : int
        重抽次数，两组各自重抽。

    Returns
    -------
    Superiority
        概率 0–1；一半是没有差别。

    Raises
    ------
    ValueError
        没有可比的大学。
    """
    inside, outside = _split(table)
    a, b = inside[column].to_numpy(), outside[column].to_numpy()
    wins = (a[:, None] > b) + 0.5 * (a[:, None] == b)
    close = np.ones_like(wins)
    for name, width in (near or {}).items():
        x, y = (part[name].to_numpy(dtype=float) for part in (inside, outside))
        x, y = (np.log(x), np.log(y)) if name == "papers" else (x, y)
        close *= np.abs(x[:, None] - y) <= width + 1e-9
    kept = close.sum(axis=1) > 0
    if not kept.any():
        raise ValueError("没有可比的大学")
    wins, close = (wins * close)[kept], close[kept]
    rng = np.random.default_rng(inference.SEED)
    rows = rng.multinomial(kept.sum(), np.full(kept.sum(), 1 / kept.sum()), size=draws).T.astype(float)
    columns = rng.multinomial(len(b), np.full(len(b), 1 / len(b)), size=draws).T.astype(float)
    part = close @ columns
    each = np.divide(wins @ columns, part, out=np.zeros_like(part), where=part > 0)
    weight = rows * (part > 0)
    tried = (each * weight).sum(axis=0) / weight.sum(axis=0)
    low, high = np.quantile(tried, [(1 - inference.LEVEL) / 2, (1 + inference.LEVEL) / 2])
    estimate = float((wins.sum(axis=1) / close.sum(axis=1)).mean())
    used = int((close.sum(axis=0) > 0).sum())
    return Superiority(inference.Interval(estimate, float(low), float(high)), int(kept.sum()), used)


@cache
def variants() -> pd.DataFrame:
    """校企合著的优势概率，换着比法：索引为比法，列 ``estimate``、``low``、``high``、``inside``、``outside``、``kind``。

    ``kind``：``main`` 全部；``size`` 只留论文多的；``near`` 只与相近的比；``name`` 按校名的词分。
    """
    table = _universities()
    technical = table["university"].str.contains(TECHNICAL)
    found = {"全部大学": ("main", superiority(table))}
    for least in MINIMA[1:]:
        found[f"论文不少于 {least:,} 篇"] = ("size", superiority(table[table["papers"] >= least]))
    found["校名是工科的"] = ("name", superiority(table[technical]))
    found["校名不是工科的"] = ("name", superiority(table[~technical]))
    size, share, top = {"papers": NEAR_SIZE}, {"international_share": NEAR_SHARE}, {"top10_share": NEAR_TOP}
    found["规模相近的"] = ("near", superiority(table, near=size))
    found["高被引相近的"] = ("near", superiority(table, near=top))
    found["国际合著相近的"] = ("near", superiority(table, near=share))
    found["规模、国际合著都相近"] = ("near", superiority(table, near=size | share))
    rows = {k: (*s.found, s.inside, s.outside, kind) for k, (kind, s) in found.items()}
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["estimate", "low", "high", "inside", "outside", "kind"]
    )


@cache
def international() -> inference.Interval:
    """国际合著占比的优势概率。"""
    return superiority(_universities(), "international_share").found


@cache
def median_gap() -> inference.Interval:
    """校企合著占比的中位数之差，内地减别处（百分点），整行重抽大学。"""
    table = _universities()[["mainland", "industry_share"]]

    def gap(part: pd.DataFrame) -> float:
        inside, share = part["mainland"].to_numpy(), part["industry_share"].to_numpy()
        return float(np.median(share[inside]) - np.median(share[~inside]))

    return inference.bootstrap(table, gap, draws=DRAWS)


@cache
def near_widths() -> pd.Series:
    """“国际合著相近”放宽放窄时的优势概率：索引为容许的差（百分点）。"""
    table = _universities()
    tried = (1.0, NEAR_SHARE, 5.0, 10.0)
    return pd.Series({w: superiority(table, near={"international_share": w}, draws=2).found.estimate for w in tried})


def near_median_gap() -> float:
    """内地大学与国际合著相近的别处大学：各自之差（减相近者的中位数）的中位数（百分点）。"""
    inside, outside = _split(_universities())
    share = outside["international_share"].to_numpy()
    gaps = [
        own - np.median(outside["industry_share"].to_numpy()[np.abs(share - at) <= NEAR_SHARE + 1e-9])
        for own, at in zip(inside["industry_share"], inside["international_share"], strict=True)
    ]
    return float(np.median(gaps))


def misassigned() -> int:
    """至少要有多少所内地大学是误判的（且恰是占比最低的那些），优势概率才会到一半。"""
    inside, outside = _split(_universities())
    own = np.sort(inside["industry_share"].to_numpy())
    for wrong in range(len(own)):
        rest, moved = own[wrong:], np.concatenate([outside["industry_share"], own[:wrong]])
        if stats.mannwhitneyu(rest, moved).statistic / (len(rest) * len(moved)) >= 0.5:
            return wrong
    return len(own)


def top_mainland(k: int = 4) -> pd.DataFrame:
    """内地校企合著占比最高的几所：``name`` 中文名，``industry_share``（%）。"""
    inside, _ = _split(_universities())
    top = inside.nlargest(k, "industry_share").reset_index(drop=True)
    return top.assign(name=[CHINESE[n] for n in top["university"]])[["name", "industry_share"]]


def field_medians() -> dict[str, float]:
    """内地大学校企合著占比的中位数（%），按校名：``normal`` 师范，``technical`` 工科。"""
    inside, _ = _split(_universities())
    normal, technical = (inside["university"].str.contains(p) for p in ("Normal", TECHNICAL))
    return {
        "normal": float(inside.loc[normal, "industry_share"].median()),
        "technical": float(inside.loc[technical, "industry_share"].median()),
    }


def _ranks(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """加权的秩（并列取平均）：``values`` 形状 ``(校,)``，``weights`` 形状 ``(次, 校)`` 的次数；返回 ``(次, 校)``。"""
    _, at = np.unique(values, return_inverse=True)
    order = np.argsort(at, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(at[order]) > 0])
    tied = np.add.reduceat(weights[:, order], starts, axis=1)
    return (np.cumsum(tied, axis=1) - tied / 2)[:, at]


def _partial(columns: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """前两列的秩的偏相关，扣去第三列起的各列；每一行 ``weights``（各校重抽到几次）算一个数。"""
    ranks = np.stack([_ranks(column, weights) for column in columns], axis=1)
    total = weights.sum(axis=1)[:, None, None]
    centred = ranks - (ranks * weights[:, None, :]).sum(axis=2, keepdims=True) / total
    inverse = np.linalg.inv((centred * weights[:, None, :]) @ np.swapaxes(centred, 1, 2))
    return -inverse[:, 0, 1] / np.sqrt(inverse[:, 0, 0] * inverse[:, 1, 1])


@cache
def impact() -> pd.DataFrame:
    """高被引占比与校企合著占比的秩相关，合并与分组、扣与不扣国际合著和规模。

    Returns
    -------
    pandas.DataFrame
        索引为行名；``estimate``、``low``、``high``（重抽大学、每次重新取秩的 95% 百分位区间），``universities`` 校数。
    """
    table, plain, held = _universities(), {}, {}
    inside, outside = _split(table)
    tails = [(1 - inference.LEVEL) / 2, (1 + inference.LEVEL) / 2]
    for name, part in {"合并": table, "中国内地": inside, "其他地方": outside}.items():
        columns = [part[c].to_numpy() for c in ("industry_share", "top10_share", "international_share", "papers")]
        size = len(part)
        drawn = (
            np.random.default_rng(inference.SEED).multinomial(size, np.full(size, 1 / size), DRAWS // 2).astype(float)
        )
        for rows, label, width in ((plain, name, 2), (held, f"{name}，扣两样", 4)):
            low, high = np.quantile(_partial(columns[:width], drawn), tails)
            rows[label] = (float(_partial(columns[:width], np.ones((1, size)))[0]), float(low), float(high), size)
    columns = ["estimate", "low", "high", "universities"]
    return pd.DataFrame.from_dict(plain | held, orient="index", columns=columns)


def impact_without_other_fields() -> float:
    """去掉校名是医学、药学、师范的之后，内地的秩相关。"""
    inside, _ = _split(_universities())
    part = inside[~inside["university"].str.contains(OTHER_FIELDS)]
    return float(stats.spearmanr(part["industry_share"], part["top10_share"]).statistic)


# ---- 五、谁牵头、谁合办 -------------------------------------------------------------------------------


@cache
def projects() -> pd.DataFrame:
    """名单完整的那一年的立项项目，一项一行。"""
    table = data.load("rd_projects")
    return table[table["year"] == PROJECT_YEAR]


@cache
def leads() -> pd.DataFrame:
    """牵头单位的类型：索引为中文名，``projects`` 项数、``share`` 占比，``funds`` 占公布了的经费（0–1）。"""
    table, names = projects(), data.labels("rd_projects", "org_type")
    count = table["org_type"].value_counts()
    funds = table.groupby("org_type")["funds"].sum()
    order = ["university", "research_institute", "enterprise", "hospital"]
    frame = pd.DataFrame({"projects": count, "share": count / len(table), "funds": funds / funds.sum()})
    return frame.loc[order].rename(index=names)


def former_institutes() -> dict[str, float]:
    """归为企业、名称里有“研究”二字的（多为改制的院所）：``count`` 项，不算它们时企业牵头的占比 ``share``（0–1）。"""
    table = projects()
    firm = table["org_type"] == "enterprise"
    former = firm & table["lead"].str.contains("研究")
    return {"count": int(former.sum()), "share": float((firm & ~former).mean())}


@cache
def by_programme() -> pd.DataFrame:
    """各专项的项目数与企业牵头的占比，自高到低：``projects``、``firms``、``share``（0–1）。"""
    table = projects()
    firm = (table["org_type"] == "enterprise").groupby(table["programme"])
    frame = pd.DataFrame({"projects": firm.size(), "firms": firm.sum()})
    return frame.assign(share=frame["firms"] / frame["projects"]).sort_values(["share", "projects"], ascending=False)


@cache
def no_firm() -> networks.Chance:
    """没有一个企业牵头的专项有几个；零模型：各专项的项目数不变，把牵头单位的类型在全部项目里打乱。"""
    table = projects()
    firm, codes = (table["org_type"] == "enterprise").to_numpy(), pd.factorize(table["programme"])[0]

    def none(flags: np.ndarray) -> int:
        return int((np.bincount(codes, weights=flags) == 0).sum())

    return networks.against_chance(none(firm), lambda rng: none(rng.permutation(firm)), draws=DRAWS)


def lead_rows(least: int = LEAST) -> pd.DataFrame:
    """较大的专项企业牵头的占比与 Wilson 区间（%），供带范围的点图；区间把立项当作一次抽签，只作宽窄的参考。"""
    rows = by_programme()
    rows = rows[rows["projects"] >= least]
    found = [inference.proportion(int(f), int(n)) for f, n in zip(rows["firms"], rows["projects"], strict=True)]
    label = [f"{name}（{n} 项）" for name, n in zip(rows.index, rows["projects"], strict=True)]
    return pd.DataFrame(found, index=label) * 100


def _kind(name: str) -> str:
    if re.search(r"公司|集团", name):
        return "企业"
    return "大学" if re.search(r"大学|学院$", name) else "院所"


@cache
def labs() -> pd.DataFrame:
    """依托单位的名单，补好断行：一行一个实验室的一个依托单位，``lab_type``、``lab``、``institution``、``kind``。

    企业类名单识别时把长名称断成了两行（前一段至少 :data:`LINE` 字，后一段至多 :data:`REST` 字），看去像两家合办；
    这里接回去。
    """
    rows = []
    for (lab_type, lab), part in data.load("key_labs").groupby(["lab_type", "lab"], sort=False):
        hosts = list(part["institution"])
        if len(hosts) == 2 and lab_type == "enterprise":
            hosts = _joined(hosts)
        rows += [(lab_type, lab, host, _kind(host)) for host in hosts]
    return pd.DataFrame(rows, columns=["lab_type", "lab", "institution", "kind"])


def _joined(hosts: list[str]) -> list[str]:
    """两行是一个名称断成的，接起来；否则原样。文件里的次序可能颠倒，长的在前。"""
    first, second = sorted(hosts, key=len, reverse=True)
    return [first + second] if len(first) >= LINE and len(second) <= REST else hosts


@cache
def lab_table() -> pd.DataFrame:
    """三份名单：``labs`` 个数，``listed`` 照原表有两家以上，``joint`` 接回断行之后，
    ``cross`` 其中跨大学、院所、企业的，``firm_university`` 大学与企业合办的。"""
    names = data.labels("key_labs", "lab_type")
    raw = data.load("key_labs").groupby(["lab_type", "lab"])["institution"].nunique()
    kinds = labs().groupby(["lab_type", "lab"], sort=False)["kind"].agg(["size", "nunique", set])
    rows = {}
    for code, name in names.items():
        part = kinds.loc[code]
        both = part["set"].map(lambda s: {"大学", "企业"} <= s)
        rows[name] = (len(part), int((raw.loc[code] > 1).sum()), int((part["size"] > 1).sum()),
                      int((part["nunique"] > 1).sum()), int(both.sum()))  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["labs", "listed", "joint", "cross", "firm_university"])


@cache
def lab_mixing() -> networks.Chance:
    """学科类合办的实验室里，同办的一对有多大比例不是同一类；零模型保住各单位合办几个、各实验室有几家。"""
    table = labs()
    table = table[table["lab_type"] == "discipline"]
    joint = table[table.groupby("lab")["institution"].transform("size") > 1]
    kind = joint.drop_duplicates("institution").set_index("institution")["kind"]

    pairs = joint[["institution", "lab"]]
    codes = pd.Series(pd.factorize(kind)[0], index=kind.index)

    def mixed(drawn: pd.DataFrame) -> float:
        counts = np.zeros((drawn["lab"].nunique(), codes.nunique()))
        np.add.at(counts, (pd.factorize(drawn["lab"])[0], codes[drawn["institution"]].to_numpy()), 1)
        size = counts.sum(axis=1)
        return 1 - (counts * (counts - 1)).sum() / (size * (size - 1)).sum()

    return networks.against_chance(
        networks.pair_mixing(pairs, "institution", "lab", kind),
        lambda rng: mixed(networks.shuffle(pairs, "institution", "lab", rng)),
        draws=DRAWS // 5,
    )


# ---- 复算与汇总 -------------------------------------------------------------------------------------


@cache
def reproduced() -> Reproduced:
    """由别的数复算公布的数：合计、占比、增幅与另一份表里的同一个数。"""
    fig, who = mechanisms.figure, "universities_institutes"
    value, count = (
        cross_regional.national("tech_contract_out_value"),
        cross_regional.national("tech_contract_out_count"),
    )
    rd, paid = cross_regional.national("rd_internal_total"), cross_regional.national("rd_fund_enterprise")
    state = cross_regional.national("rd_fund_government")
    total, by = paths.final("rd_total"), paths.final
    modes = ("assignment", "licence", "equity")
    pairs = {
        "三种方式金额 2023": (
            sum(fig(f"transfer_value_{m}", 2023) for m in modes),
            fig("transfer_value_3modes", 2023, who),
        ),
        "三种方式项数 2023": (
            sum(fig(f"transfer_count_{m}", 2023) for m in modes),
            fig("transfer_count_3modes", 2023, who),
        ),
        "全部方式金额 2020": (
            fig("transfer_value_3modes", 2020, who) + fig("transfer_value_dev_cons_serv", 2020),
            fig("transfer_value_6modes", 2020),
        ),
        "全部方式项数 2020": (
            fig("transfer_count_3modes", 2020, who) + fig("transfer_count_dev_cons_serv", 2020),
            fig("transfer_count_6modes", 2020),
        ),
        "合同额 2013": (value[2013], fig("tech_contract_value", 2013, "national")),
        "合同额 2019": (value[2019], fig("tech_contract_value", 2019, "national")),
        "合同项数 2019": (count[2019], fig("tech_contract_count", 2019, "national")),
    }
    for edition, year in (("2017", 2017), ("2021", 2021)):
        row = structure(edition).loc["CHN"]
        pairs |= {
            f"{year} 年的企业执行占比": (by("rd_by_enterprise")[year] / total[year] * 100, row["gerd_by_business"]),
            f"{year} 年的高校执行占比": (
                by("rd_by_university")[year] / total[year] * 100,
                row["gerd_by_higher_education"],
            ),
            f"{year} 年的企业资金占比": (paid[year] / rd[year] * 100, row["gerd_from_business"]),
            f"{year} 年的政府资金占比": (state[year] / rd[year] * 100, row["gerd_from_government"]),
        }
    off = {name: abs(ours / theirs - 1) for name, (ours, theirs) in pairs.items()}
    where = max(off, key=off.get)
    return Reproduced(len(pairs), float(off[where]), where)


def ladder() -> pd.DataFrame:
    """几种量法各量到合作的哪一步：``what``、``who``、``value``、``not`` 四列文字，数由上面各函数算出。"""
    effect, lead = variants().loc["全部大学"], leads().loc["企业", "share"]
    own, last, joint = lab_table(), transfer_table().loc[LAST], joint_revenue()
    rows = [
        ("合写一篇论文", "数据库登记", f"优势概率 {effect['estimate']:.2f}", "技术有没有交给企业"),
        ("合办一个实验室", "挂牌名单", f"大学与企业合办 {own['firm_university'].sum()} 个", "没有挂牌的合作"),
        ("牵头一个项目", "立项公示", f"企业牵头 {lead:.0%}", "参加的单位与成果"),
        ("企业出钱", "统计调查", f"净额 {net_china().iloc[-1]:+.1f} 个百分点", "钱给了谁"),
        ("签一份合同", "卖方登记", f"是研发经费的 {market()['ratio'].iloc[-1]:.1f} 倍", "是不是转移，是不是同一集团"),
        ("转让、许可、作价", "单位填报", f"{last['value']:.1f} 亿元", "买的人用了没有"),
        ("专利产业化", "专利权人问卷", f"高校 {rate('universities', 2022):g}%", "别人用它做成了什么"),
        ("产业化的收益", "专利权人问卷", f"产学研的高 {joint['more']:.1%}", "是合作的功劳还是挑选"),
    ]
    return pd.DataFrame(rows, columns=["what", "who", "value", "not"])


def fine_percent(share: float) -> str:
    """很小的占比（0–1）写成两位小数的百分数。"""
    return f"{share:.2%}"


def said(found: inference.Interval, digits: int, unit: str) -> str:
    """估计与区间连成一句，如 ``-1.9 个百分点（95% 区间 -2.2 到 -1.5）``。"""
    level = f"{inference.LEVEL:.0%}"
    return f"{found.estimate:.{digits}f} {unit}（{level} 区间 {found.low:.{digits}f} 到 {found.high:.{digits}f}）"


def span(found) -> str:
    """优势概率与区间的写法，如 ``0.29（0.25 到 0.32）``；``found`` 有 ``estimate``、``low``、``high``。"""
    return f"{found.estimate:.2f}（{found.low:.2f} 到 {found.high:.2f}）"


def size_window() -> float:
    """规模相近的容许之差换成倍数。"""
    return float(np.exp(NEAR_SIZE))


@cache
def headline() -> dict[str, float]:
    """关键发现与摘要用的数。"""
    frame = variants()
    return {
        "universities": rate("universities", 2022),
        "firms": rate("firms", 2022),
        "effect": frame.loc["全部大学", "estimate"],
        "effect_near": frame.loc["国际合著相近的", "estimate"],
        "ratio": float(market()["ratio"].iloc[-1]),
        "net_first": float(net_china().iloc[0]),
        "net_last": float(net_china().iloc[-1]),
        "joint": int(lab_table()["joint"].sum()),
        "listed": int(lab_table()["listed"].sum()),
    }
