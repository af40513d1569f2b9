"""“财政与金融”一章的数字：哪些钱可以相比，哪些数列可以相连，怎样才谈得上效应。

“哪一种钱、谁出、包含在哪一笔里”与各项目的打分是本书自己的编码，各有放宽的检验。各省的回归演示一种设计
站不站得住，不是为了得到一个效应；基金的日子与设备的前后比较在“芯片制造”一章，这里不重做。
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm

from .. import data
from . import _rows, import_dependence
from . import cross_regional as crr

SEED = 20_261_130
#: 野自助法的次数。
RESAMPLES = 999

# ---- 第一步：哪些钱可以相比 -------------------------------------------------------------------------

MONEY = {"CNY_100m": "亿元", "USD_bn": "十亿美元", "EUR_bn": "十亿欧元"}
#: 本书的编码：量什么 → （哪一种钱，谁出）。不在此列的不是金额。
KIND = {
    **dict.fromkeys(
        ["registered_capital", "committed", "target_total"]
        + [f"regional_fund_{v}" for v in ("greater_bay", "jingjinji", "yangtze_delta")],
        ("股本", "多方出资"),
    ),
    "fund_size": ("募集规模", "多方出资"),
    "six_state_banks": ("股本", "银行"),
    "central_capital": ("股本", "财政"),
    "quota": ("贷款", "央行"),
    **dict.fromkeys(["mobilised_investment", "investment_encouraged_5y"], ("拟带动", "公私合计")),
    **dict.fromkeys(
        ["support_estimate", "support_estimate_2030", "subsidies_and_tax_credit", "budget_estimate", "earmarked_total"],
        ("混合", "构成不明"),
    ),
    **dict.fromkeys(
        ["production_incentives", "rd_support", "total_appropriation", "allocated", "allocated_early", "subsidy_plan"],
        ("拨款", "财政"),
    ),
    **dict.fromkeys(["award_intel", "award_micron", "award_samsung", "award_tsmc"], ("拨款", "财政")),
}
#: 不是金额的：单位 → 是什么。
RATES = {"percent": "比例", "percent_of_cost": "扣除比例", "years": "年数", "count": "个数"}
#: 一笔在另一笔里（或同一笔的两种说法）：行号 → 上一层的行号。
WITHIN = {
    "f001": "f002", "f012": "f011", "f024": "f030", "f027": "f030", "f028": "f030", "f029": "f030", "f014": "f013",
    "f032": "f031", "f034": "f035", "f040": "f043", "f041": "f043", "f043": "f042", "f044": "f040", "f045": "f044",
    "f046": "f044", "f047": "f044", "f048": "f044", "f031": "f049", "f033": "f049", "f035": "f049", "f042": "f049",
    "f037": "f049",
}  # fmt: skip
#: 行号 → 图表里的短名，次序即图上的次序。
HEADLINE = {
    "f002": "大基金一期资本", "f008": "大基金二期资本", "f011": "大基金三期资本", "f024": "创投：中央出资",
    "f030": "创投：目标规模", "f015": "引导基金认缴", "f023": "再贷款额度", "f013": "外部估计（中国）",
    "f043": "美国：拨款合计", "f044": "美国：已拨", "f033": "印度：补贴计划", "f035": "日本：已拨",
    "f031": "欧盟：拟带动", "f032": "欧盟：预算估计", "f037": "韩国：拟带动",
}  # fmt: skip
#: 税收与比例：行号 → 短名。
TAX = {
    "f019": "所得税：28 纳米及以下免税", "f021": "加计扣除：一般企业", "f022": "加计扣除：芯片与母机企业",
    "f039": "美国：投资税收抵免", "f036": "韩国：设施投资优惠", "f038": "中国台湾：研发抵减",
}  # fmt: skip
#: 缘由，按检查的次序；最后是通得过的。
REASONS = {
    "套": "一笔含着另一笔",
    "混": "至少一方构成不明",
    "性": "不是同一种钱",
    "谁": "出钱的人不同",
    "位": "地位不同",
    "币": "没有汇率",
    "可": "可以相比",
}
REASON_COLORS = {
    "套": "#D9D9D9", "混": "#F4C7A1", "性": "#E8A06B", "谁": "#F2E3A0", "位": "#CFE3F2", "币": "#E4CFE0",
    "可": "#0072B2",
}  # fmt: skip


@cache
def instruments() -> pd.DataFrame:
    """财政与产业基金的全部行，索引为行号；加 ``money`` 是不是金额、``kind``（哪一种钱，或哪一种比例）与 ``payer``。"""
    table = data.load("fiscal_instruments").set_index("fact_id")
    money = table["unit"].isin(MONEY)
    coded = table["measure"].map(KIND)
    return table.assign(
        money=money,
        kind=np.where(money, coded.str[0], table["unit"].map(RATES)),
        payer=coded.str[1].where(money, ""),
    )


@cache
def amounts() -> pd.DataFrame:
    """:func:`instruments` 里的金额。"""
    found = instruments()
    return found[found["money"]]


def _above(key: str) -> set[str]:
    """一笔钱上面各层的行号。"""
    found = set()
    while key in WITHIN:
        key = WITHIN[key]
        found.add(key)
    return found


@cache
def _overlap() -> pd.DataFrame:
    """两笔钱有没有一笔含着另一笔（或说的是同一笔）。"""
    ids = amounts().index
    above = {k: _above(k) for k in ids}
    return pd.DataFrame([[a in above[b] or b in above[a] for b in ids] for a in ids], index=ids, columns=ids)


#: 人民币与美元之间有汇率（同一份统计里推得出），欧元没有。
RATED = ("CNY_100m", "USD_bn")


@cache
def reasons() -> pd.DataFrame:
    """金额两两能不能比：方阵，值为 :data:`REASONS` 的键（第一个不满足的条件；都满足为“可”）。"""
    table, nested = list(amounts().itertuples()), _overlap().to_numpy()
    rows = [[_reason(a, b, nested[i, j]) for j, b in enumerate(table)] for i, a in enumerate(table)]
    ids = amounts().index
    return pd.DataFrame(rows, index=ids, columns=ids)


def _reason(a, b, nested: bool, skipped: tuple[str, ...] = ()) -> str:
    tests = {
        "套": nested,
        "混": "混合" in (a.kind, b.kind),
        "性": a.kind != b.kind,
        "谁": a.payer != b.payer,
        "位": a.status != b.status,
        "币": a.unit != b.unit and not {a.unit, b.unit} <= set(RATED),
    }
    return next((name for name, failed in tests.items() if failed and name not in skipped), "可")


def _pairs(frame: pd.DataFrame) -> np.ndarray:
    return frame.to_numpy()[np.tril_indices(len(frame), -1)]


def headline_grid() -> pd.DataFrame:
    """:data:`HEADLINE` 各行的两两缘由，行名、列名为短名。"""
    keys = list(HEADLINE)
    return reasons().loc[keys, keys].set_axis(list(HEADLINE.values())).set_axis(list(HEADLINE.values()), axis=1)


def tally() -> pd.Series:
    """全部金额两两成对，各种缘由的对数，次序同 :data:`REASONS`。"""
    return pd.Series(_pairs(reasons())).value_counts().reindex(list(REASONS), fill_value=0)


def passing() -> list[tuple[str, str]]:
    """:data:`HEADLINE` 里可以相比的对（短名）。"""
    grid = headline_grid()
    return [(b, a) for i, a in enumerate(grid.index) for b in grid.columns[:i] if grid.loc[a, b] == "可"]


#: 放宽的规则：名字 → 不问的缘由。
RULES = {
    "照规则": (),
    "不问地位": ("位",),
    "不问谁出": ("谁",),
    "不问哪一种钱": ("性",),
    "全都不问": ("性", "谁", "位"),
}


@cache
def relaxed() -> pd.DataFrame:
    """规则放宽后可以相比的对数：索引为 :data:`RULES` 的名字，``pairs`` 对数、``share`` 占全部的比例（0–1）、
    ``china`` 其中一方是中国、另一方不是的。"""
    table = list(amounts().itertuples())
    pairs = [
        (a, b, nested)
        for i, a in enumerate(table)
        for b, nested in zip(table[:i], _overlap().to_numpy()[i, :i], strict=True)
    ]
    rows = {}
    for label, skipped in RULES.items():
        kept = [(a, b) for a, b, nested in pairs if _reason(a, b, nested, skipped) == "可"]
        china = sum((a.iso3 == "CHN") != (b.iso3 == "CHN") for a, b in kept)
        rows[label] = {"pairs": len(kept), "share": len(kept) / len(pairs), "china": china}
    return pd.DataFrame.from_dict(rows, orient="index")


def programme_rows() -> pd.DataFrame:
    """各项目供列表：:data:`HEADLINE` 与 :data:`TAX` 各一行；``name``、``value``（连单位；外币换成“亿”）、``kind``、
    ``payer``、``status``、``source`` 来源强弱。"""
    table = instruments()
    unit, status, strength = (data.labels("fiscal_instruments", c) for c in ("unit", "status", "source_strength"))
    sign = {"exact": "", "about": "约 ", "at_least": "≥ "}
    rows = []
    for key, name in {**HEADLINE, **TAX}.items():
        row = table.loc[key]
        abroad = row["unit"] in ("USD_bn", "EUR_bn")
        text = f"{row['value'] * (10 if abroad else 1):,g} {unit[row['unit']].split('（')[0].replace('十亿', '亿')}"
        rows.append(
            {
                "name": name,
                "value": sign[row["bound"]] + text.replace(" %", "%"),
                "kind": row["kind"] if row["money"] else f"税（{row['kind']}）",
                "payer": row["payer"] or "（税）",
                "status": status[row["status"]],
                "source": strength[row["source_strength"]],
            }
        )
    return pd.DataFrame(rows)


class Ratio(NamedTuple):
    """一个比值与它的界。"""

    value: float
    low: float
    high: float


def _value(key: str) -> float:
    return float(instruments().loc[key, "value"])


def _life(key: str = "f009") -> tuple[float, float]:
    """基金的存续期（年）：三期，与备注所记的前两期。"""
    row = instruments().loc[key]
    return float(row["value"]), float(pd.Series([row["note"]]).str.extract(r"前两期为 (\d+) 年")[0].item())


def third_to_first() -> dict[str, float]:
    """三期与一期注册资本之比：``total`` 总额，``yearly`` 各除以存续期（``third``、``first`` 年）；
    ``raised`` 分母错用一期的募集规模。"""
    third, first = _life()
    total = _value("f011") / _value("f002")
    raised = _value("f011") / _value("f001")
    return {"total": total, "yearly": total * first / third, "third": third, "first": first, "raised": raised}


def third_in_dollars() -> float:
    """三期注册资本按 2024 年汇率折成亿美元。"""
    return _value("f011") / import_dependence.exchange_rate(2024)


def treasury_stakes() -> dict[str, Ratio]:
    """财政部在二期、三期的出资（亿元）：持股比例 × 注册资本，界为比例的取整。"""
    found = {}
    for name, share, capital in (("二期", "f007", "f008"), ("三期", "f010", "f011")):
        base = _value(capital) / 100
        found[name] = Ratio(*(base * (_value(share) + d) for d in (0, -0.005, 0.005)))
    return found


def treasury_ratio() -> Ratio:
    """创投引导基金的中央出资，是财政部在大基金二期、三期出资之和的几倍。"""
    own = treasury_stakes().values()
    value, low, high = (sum(v[i] for v in own) for i in range(3))
    return Ratio(*(_value("f024") / v for v in (value, high, low)))


def american_progress() -> float:
    """美国 390 亿美元生产补贴里，到 2024 年底已拨的占多少（0–1）。"""
    return _value("f044") / _value("f040")


def subsidy_concentration() -> float:
    """2022 年上市芯片企业的政府补助，最大的一家占多少（0–1）。"""
    return _series("smic_subsidies", 2022) / _series("chip_firm_subsidies", 2022)


@cache
def _policy() -> pd.DataFrame:
    return data.load("policy_series")


def _series(indicator: str, year: int, **where: str) -> float:
    return _rows.value("policy_series", indicator=indicator, year=year, **where)


def wrong_ratio() -> float:
    """不该这样除：2024 年国家财政科技支出 ÷ 全国研发经费（终值）。"""
    return _series("fiscal_st_expenditure", 2024) / _series("rd_expenditure", 2024, status="final")


#: 画在图上的经济体（其余只参与排名）。
SHOWN = ("ISR", "JPN", "TWN", "CHN", "GBR", "USA", "KOR", "OED", "DEU", "NLD", "EUU", "FRA", "SGP", "ITA", "RUS")
GROUPS = ("OED", "EUU")
#: 各项之和与一百相差不超过它，算取整（百分点）。
ROUNDING = 0.5


@cache
def government_shares() -> pd.DataFrame:
    """研发经费里政府资金占多少（%），2021 年版。

    Returns
    -------
    pandas.DataFrame
        索引为经济体代码，由低到高；``name``、``year``、``value``、``low``、``high``（上界：没有分类的差额全算政府的）。
    """
    table = data.load("gerd_structure").query("edition == '2021'")
    parts = table[table["indicator"].str.startswith("gerd_from_")]
    wide = parts.pivot(index="iso3", columns="indicator", values="value")
    gap = 100 - wide.sum(axis=1)
    gap = gap.where(gap > ROUNDING, 0)
    own = parts.query("indicator == 'gerd_from_government'").set_index("iso3")
    name = data.load("countries").set_index("iso3")["name_zh"]
    frame = pd.DataFrame({"name": name.reindex(own.index), "year": own["year"], "value": own["value"]})
    frame["low"], frame["high"] = frame["value"], frame["value"] + gap.reindex(own.index)
    return frame.sort_values("value")


def government_rank() -> dict[str, int]:
    """中国的政府资金占比由低到高的名次（不含组织合计）：``low`` 照表、``high`` 差额全算政府的，``total`` 经济体数。"""
    frame = government_shares().drop(list(GROUPS))
    rest = frame.drop("CHN")["value"]
    own = frame.loc["CHN"]
    return {
        "low": int((rest < own["low"]).sum()) + 1,
        "high": int((rest < own["high"]).sum()) + 1,
        "total": len(frame),
    }


# ---- 第二步：哪些数列可以相连 -----------------------------------------------------------------------


@cache
def pledge() -> pd.DataFrame:
    """质押融资登记额（亿元），两个表合起来：``year``、``months`` 覆盖的月数、``value``、``definition``。"""
    table = _policy().query("indicator == 'ip_pledge_finance'")
    months = table["period"].map({"full_year": 12, "jan_jun": 6})
    first = pd.DataFrame(
        {"year": table["year"], "months": months, "value": table["value"], "definition": table["definition"]}
    )
    other = data.load("innovation_finance").query("series == 'ip_pledge_amount'")
    until = other["period"].str[-2:].astype(int)
    second = pd.DataFrame({"year": other["year"], "months": until, "value": other["value"]})
    frame = pd.concat([first, second.assign(definition="patents_trademarks")], ignore_index=True)
    return frame.astype({"year": int, "months": int}).sort_values(["year", "months"], ignore_index=True)


PLEDGE_LINES = {"只含专利，全年": "#6E6E6E", "专利与商标，全年": "#0072B2", "不足一年（月数不同）": "#D55E00"}


def pledge_lines() -> pd.DataFrame:
    """:func:`pledge` 供断线图：口径不同、长短不同的不相连。"""
    frame = pledge()
    whole, (patents, both, part) = frame["months"] == 12, PLEDGE_LINES
    line = np.where(~whole, part, np.where(frame["definition"] == "patents_only", patents, both))
    x = frame["year"] + np.where(whole, 0, (frame["months"] - 12) / 12 / 2)
    segment = np.where(whole, line, frame.index.astype(str))
    kind = np.where(whole, "observed", "uncertain")
    return pd.DataFrame({"line": line, "x": x, "y": frame["value"], "segment": segment, "kind": kind})


def _whole(year: int) -> float:
    return float(pledge().query("year == @year and months == 12")["value"].item())


def splice() -> dict[str, float]:
    """若把 2018 年（只含专利）与 2020 年（含商标）连起来：``spliced`` 年均增速（小数）；
    ``mended`` 照 :func:`trademark_share` 把 2018 年的商标补上之后的。"""
    found = _whole(2020) / _whole(2018)
    return {"spliced": found**0.5 - 1, "mended": (found * (1 - trademark_share())) ** 0.5 - 1}


def trademark_share() -> float:
    """2021 年上半年的质押融资里商标占多少（0–1）：唯一看得见构成的一期。"""
    note = _policy().query("indicator == 'ip_pledge_finance' and period == 'jan_jun'")["note"]
    parts = note.str.extract(r"专利 (\d+) 亿元，商标 (\d+) 亿元").astype(float)
    return float(parts[1].item() / parts.sum(axis=1).item())


def last_quarter() -> float:
    """若用全年减前三季度，2023 年第四季度占全年多少（0–1）；表里写明口径不同，不可这样减。"""
    part = pledge().query("year == 2023 and months == 9")["value"].item()
    return 1 - float(part) / _whole(2023)


def per_project() -> dict[int, Ratio]:
    """每个项目平均质押多少（万元）：项目数以万计、取到千，界由取整算出。"""
    table = data.load("innovation_finance").query("series == 'ip_pledge_projects'").set_index("year")["value"]
    return {year: Ratio(*(_whole(year) / (table[year] + d) * 10_000 for d in (0, 500, -500))) for year in (2021, 2023)}


def pledge_growth() -> dict[str, float]:
    """2021–2023 年：``amount`` 金额、``projects`` 项目数、``size`` 平均每项各是几倍。"""
    table = data.load("innovation_finance").query("series == 'ip_pledge_projects'").set_index("year")["value"]
    amount, projects = _whole(2023) / _whole(2021), float(table[2023] / table[2021])
    return {"amount": amount, "projects": projects, "size": amount / projects}


def insurance() -> dict[str, float]:
    """科技保险：保障额的两说 ``low``、``high``（亿元），保费 ``premium``，``thin``、``thick`` 保费 ÷ 保障额（0–1），
    ``before`` 由高的一说与增速倒推的上一年（及取整的界 ``before_low``、``before_high``）。"""
    table = data.load("innovation_finance")
    cover = table.query("series == 'tech_insurance_cover'")["value"]
    grown = 1 + table.query("series == 'tech_insurance_cover_growth'")["value"].item() / 100
    premium = float(table.query("series == 'tech_insurance_premium'")["value"].item())
    low, high = float(cover.min()), float(cover.max())
    return {
        "low": low, "high": high, "premium": premium, "thin": premium / high, "thick": premium / low,
        "growth": grown - 1, "before": high / grown, "before_low": (high - 5_000) / grown,
        "before_high": (high + 5_000) / grown,
    }  # fmt: skip


def conflict_rows() -> pd.DataFrame:
    """同名的数并排：``what``、``first``、``second``、``why``。"""
    found = insurance()
    finance = data.load("innovation_finance").set_index("row_id")["value"]
    issued = _series("ip_pledge_loans_issued", 2025)
    deals = {k: _series("semiconductor_vc_deals", 2024, definition=k) for k in ("itjuzi_2025", "jiwei")}
    whole = f"{_whole(2023):,.1f}"
    rows = [
        ("科技保险 2024 年保障额", f"≥ {found['low']:,.0f}", f"约 {found['high']:,.0f}", "都没有说明口径"),
        ("科技保险 2025 年保费增速", f"{finance['F41']:.0f}%", f"{finance['F42']:.0f}%",
         "前者写“去年”，后者为前三季度"),
        ("质押：2023 年", f"全年登记 {whole}", f"前三季度 {finance['F28']:,.0f}", "口径不同，不可相减"),
        ("质押：登记与放款", f"2023 年登记 {whole}", f"2023–2025 年放款 ≥ {issued:,.0f}", "担保的登记不是贷款"),
        ("半导体风险投资 2024 年，起", f"{deals['itjuzi_2025']:,.0f}", f"{deals['jiwei']:,.0f}",
         "两家机构，样本不同"),
        ("加计扣除 2023 年", f"前三季度扣除额 {finance['F01']:,.0f}", f"全部减税降费 ≥ {finance['F04']:,.0f}",
         "一个是税基，一个是税额"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "first", "second", "why"])


# ---- 科创板：累计数 → 历年的上下界 ------------------------------------------------------------------


@cache
def star() -> pd.DataFrame:
    """科创板的累计家数：``day``（只写到月的取月末）、``low``、``high``（上限的下界取前一时点）、``said``、``status``。"""
    finance = data.load("innovation_finance").query("series == 'star_listed_cumulative'")
    own = finance.rename(columns={"period": "when"})[["when", "value", "bound"]]
    policy = _policy().query("indicator == 'star_listed_companies'")
    # 只写到月的一行，备注里有日子的用日子。
    day = policy["note"].str.extract(r"(\d{4}-\d{2}-\d{2})")[0].fillna(policy["as_of"])
    other = pd.DataFrame({"when": day, "value": policy["value"], "bound": policy["bound"]})
    frame = pd.concat([own, other], ignore_index=True)
    frame["day"] = [
        pd.Timestamp(w) if len(w) == 10 else pd.Timestamp(w) + pd.offsets.MonthEnd(0) for w in frame["when"]
    ]
    frame = frame.sort_values("day", ignore_index=True)
    before = frame["value"].shift(fill_value=0)
    frame["low"] = np.where(frame["bound"] == "at_most", before, frame["value"])
    frame["high"] = frame["value"]
    return frame[["day", "when", "low", "high", "bound"]]


def fourteenth_plan() -> tuple[float, str]:
    """“十四五”开头（2021 年初）到一个时点新上市的家数，与那个时点。"""
    row = _policy().query("indicator == 'star_new_listings_14fyp'").iloc[0]
    return float(row["value"]), str(row["as_of"])


def _level(day: pd.Timestamp) -> tuple[float, float]:
    """某一天的累计家数的界：前一时点的下界，后一时点的上界。"""
    frame = star()
    return float(frame.loc[frame["day"] <= day, "low"].max()), float(frame.loc[frame["day"] >= day, "high"].min())


@cache
def star_years(plan: bool = True) -> pd.DataFrame:
    """2021–2025 年各年新上市家数的上下界；``plan`` 另用“十四五”期间的合计收紧 2020 年末。

    累计数只增不减时成立；若“家数”扣了退市，界就是净增。

    Returns
    -------
    pandas.DataFrame
        索引为年；``low``、``high``（家）。
    """
    ends = {year: _level(pd.Timestamp(year, 12, 31)) for year in range(2020, 2026)}
    if plan:
        added, when = fourteenth_plan()
        low, high = _level(pd.Timestamp(when) + pd.offsets.MonthEnd(0))
        ends[2020] = (max(ends[2020][0], low - added), min(ends[2020][1], high - added))
    rows = {
        year: (max(ends[year][0] - ends[year - 1][1], 0), ends[year][1] - ends[year - 1][0])
        for year in range(2021, 2026)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high"])


def star_chips() -> dict[str, float]:
    """科创板半导体公司占家数、占首发募资（0–1），各用同一来源的两个数。"""
    firms = _series("star_semiconductor_companies", 2026) / _series("star_listed_companies", 2026)
    money = _series("star_semiconductor_ipo_funds_cumulative", 2025) / _series(
        "star_ipo_funds_cumulative", 2025, as_of="2025-12"
    )
    return {"firms": firms, "money": money}


def deduction() -> dict[str, float]:
    """加计扣除 2023 年前三季度：``base`` 扣除额（亿元，税基）、``growth``（小数）、``rows`` 表里有几个时期。"""
    table = data.load("innovation_finance")
    rows = table[table["series"] == "rd_super_deduction_claimed"]
    growth = table.query("series == 'rd_super_deduction_growth'")["value"].item() / 100
    return {"base": float(rows["value"].iloc[0]), "growth": float(growth), "rows": len(rows)}


# ---- 第三步：效应的清单 -----------------------------------------------------------------------------

#: 条件 → 说明，次序即图上的列。
CONDITIONS = {
    "日子": "开始的日子知道到日或月",
    "金额": "谁在哪一年拿到多少，逐年可查",
    "事前": "开始之前至少有两期同口径的结果",
    "对照": "有一批没遇上它的，结果同口径",
    "未料": "事先不知道，没有提前反应",
    "不挑": "谁得到它，不看他会做得怎样",
    "独自": "同一时间没有别的大事",
}
SCORES = {0.0: "没有", 0.5: "部分或分不清", 1.0: "有"}
#: 项目 → （政策表里的行号，缺失为没有收；其余六个条件的打分）。打分是本书的编码。
PROGRAMMES = {
    "大基金一期（2014）": ("p039", (0, 0.5, 0.5, 0, 0, 0)),
    "大基金二期（2019）": ("p111", (0, 1, 0.5, 0, 0, 0)),
    "大基金三期（2024）": ("p152", (0, 1, 0.5, 0, 0, 0)),
    "集成电路所得税（2020）": ("p117", (0, 0, 0.5, 0.5, 0.5, 0)),
    "加计扣除（2023）": ("p142", (0, 0, 0, 0.5, 0.5, 0)),
    "质押融资行动（2021）": ("p126", (0, 0.5, 0, 0.5, 0, 0.5)),
    "科技保险": ("", (0, 0, 0, 0.5, 0, 0.5)),
    "科创板（2019）": ("p108", (0.5, 0, 0, 0.5, 0, 0)),
    "创投引导基金（2025）": ("p168", (0, 0, 0, 0, 0, 0)),
    "美国芯片法（2022）": ("", (0.5, 1, 0.5, 0, 0, 0)),
    "各省科技预算（逐年）": ("", (1, 1, 1, 0, 0, 0)),
}
#: 日期精度 → 得分；没有收进政策表的为零。
DATED = {"day": 1.0, "month": 1.0, "year": 0.0}
PROVINCES = "各省科技预算（逐年）"


@cache
def scores() -> pd.DataFrame:
    """打分：项目 × :data:`CONDITIONS`，0、0.5、1。“日子”由政策表的精度得出，其余是本书的编码。"""
    precision = data.load("policies").set_index("policy_id")["date_precision"]
    rows = {
        name: (DATED[precision[key]] if key else 0.0, *(float(v) for v in rest))
        for name, (key, rest) in PROGRAMMES.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(CONDITIONS))


def met() -> pd.Series:
    """每个项目满足（得 1）的条件数，降序。"""
    return (scores() == 1).sum(axis=1).sort_values(ascending=False, kind="stable")


def announced_before() -> int:
    """《国家集成电路产业发展推进纲要》公布到大基金一期成立，相隔几天。"""
    day = pd.to_datetime(data.load("policies").set_index("policy_id").loc[["p036", "p039"], "date"])
    return int((day["p039"] - day["p036"]).days)


def lenient() -> pd.Series:
    """每个项目的条件数，“部分或分不清”都算有，降序。"""
    return (scores() > 0).sum(axis=1).sort_values(ascending=False, kind="stable")


# ---- 第四步：一种设计，用得动的数据 -----------------------------------------------------------------

BUDGET, FIRMS, STATE = "budget_science", "rd_fund_enterprise", "rd_fund_government"
TIBET = "CN-XZ"
LAGS, LEADS = 3, 2
#: 算作“报警”的 p。
ALPHA = 0.05


class Effect(NamedTuple):
    """一个线性组合的估计：标准误按省聚类，区间与 p 由野自助法。"""

    estimate: float
    low: float
    high: float
    se: float
    p: float


#: 科技以外的预算支出：总数减科学技术支出。
OTHER = "budget_other"


@cache
def _logs(indicator: str) -> pd.DataFrame:
    """对数，年 × 省。"""
    return np.log(crr.wide("budget_total") - crr.wide(BUDGET) if indicator == OTHER else crr.wide(indicator))


@cache
def growth(indicator: str) -> pd.DataFrame:
    """对数增速，年 × 省。"""
    return _logs(indicator).diff().iloc[1:]


@cache
def design(
    outcome: str = FIRMS,
    driver: str = BUDGET,
    lags: int = LAGS,
    leads: int = LEADS,
    drop: tuple[str, ...] = (),
    levels: bool = False,
) -> pd.DataFrame:
    """回归的表：索引为年、省，列 ``y`` 与 -leads 到 lags 各期的预算（负数是以后的年份）；缺任何一格的行不用。"""
    take = _logs if levels else growth
    y, x = take(outcome).drop(columns=list(drop)), take(driver).drop(columns=list(drop))
    columns = {"y": y.stack()} | {k: x.shift(k).stack() for k in range(-leads, lags + 1)}
    return pd.concat(columns, axis=1).dropna()


def fit(
    frame: pd.DataFrame, groups: dict[str, dict[int, float]], weights: pd.Series | None = None, years: bool = True
) -> dict[str, Effect]:
    """省与年固定效应的回归，系数的几种线性组合，区间由野自助法（Cameron、Gelbach 与 Miller, 2008；按省、Rademacher 权、
    t 值的分位数）。

    Parameters
    ----------
    frame : pandas.DataFrame
        :func:`design` 的表。
    groups : dict
        名字 → 期 → 权数（1 相加，−1 相减）。
    weights : pandas.Series, optional
        省份代码 → 权数；缺省每省一样。
    years : bool
        要不要年固定效应。

    Returns
    -------
    dict of str to Effect
    """
    keys = [c for c in frame.columns if c != "y"]
    places = frame.index.get_level_values("province")
    fixed = (places, frame.index.get_level_values("year")) if years else (places,)
    dummies = [pd.get_dummies(v, drop_first=True, dtype=float).to_numpy() for v in fixed]
    x = np.column_stack([frame[keys].to_numpy(float), np.ones(len(frame)), *dummies])
    scale = np.ones(len(frame)) if weights is None else np.sqrt(weights.reindex(places).to_numpy(float))
    result = sm.OLS(frame["y"].to_numpy(float) * scale, x * scale[:, None]).fit()
    solve, residual = result.model.pinv_wexog, result.resid
    code = pd.factorize(places)[0]
    member = np.eye(code.max() + 1)[code].T
    sign = np.random.default_rng(SEED).choice([-1.0, 1.0], (len(member), RESAMPLES))
    shaken = residual[:, None] * sign[code]
    left = shaken - result.model.exog @ (solve @ shaken)
    n, k, g = *x.shape, len(member)
    factor = g / (g - 1) * (n - 1) / (n - k)
    found = {}
    for name, terms in groups.items():
        pick = np.zeros(k)
        pick[[keys.index(t) for t in terms]] = list(terms.values())
        row = pick @ solve
        estimate = float(pick @ result.params)
        se = float(np.sqrt(factor * ((member @ (row * residual)) ** 2).sum()))
        t = np.abs(row @ shaken) / np.sqrt(factor * ((member @ (row[:, None] * left)) ** 2).sum(axis=0))
        half = float(np.quantile(t, 0.95)) * se
        p = (1 + int((t >= abs(estimate / se)).sum())) / (RESAMPLES + 1)
        found[name] = Effect(estimate, estimate - half, estimate + half, se, p)
    return found


#: 与安慰剂一样长的一段：今年与去年；安慰剂：明年与后年。
NEAR, AHEAD = (0, 1), (-1, -2)


def _groups(lags: int, leads: int) -> dict[str, dict[int, float]]:
    found = {str(k): {k: 1.0} for k in range(-leads, lags + 1)}
    near, before = dict.fromkeys(NEAR, 1.0), dict.fromkeys(AHEAD, 1.0)
    gap = near | dict.fromkeys(AHEAD, -1.0)
    return {**found, "near": near, "before": before, "gap": gap, "after": dict.fromkeys(range(lags + 1), 1.0)}


#: 名字 → :func:`design` 的参数；首行是主要的做法：试过几种滞后与提前之后选定，没有预先登记。
VARIANTS = {
    "主要的做法": {},
    "去掉西藏": {"drop": (TIBET,)},
    "按企业资金加权": {"weighted": True},
    "后推到第二年": {"lags": 2},
    "前推到第三年": {"leads": 3},
    "水平值（不差分）": {"levels": True},
    "结果换成政府资金": {"outcome": STATE},
    "预算换成科技以外的": {"driver": OTHER},
}


@cache
def effects(name: str = "主要的做法") -> dict[str, Effect]:
    """:data:`VARIANTS` 里一种做法的各期系数，连同 ``near``（今年与去年之和）、``before``（明年与后年之和）、
    ``gap``（两者之差）与 ``after``（今年与以前各年之和）。"""
    options = dict(VARIANTS[name])
    weights = crr.wide(FIRMS).mean() if options.pop("weighted", False) else None
    return fit(design(**options), _groups(options.get("lags", LAGS), options.get("leads", LEADS)), weights)


@cache
def naive(driver: str = BUDGET) -> Effect:
    """最容易做、最不该信的：水平值、只有省固定效应、不要提前项，企业资金对一种预算的弹性。"""
    return fit(design(driver=driver, lags=0, leads=0, levels=True), {"now": {0: 1.0}}, years=False)["now"]


#: 几种组合在图上的名字。
SUMS = {
    "near": "今年与去年之和",
    "before": "明年与后年之和（安慰剂）",
    "gap": "两者之差",
    "after": "今年与以前各年之和",
}


def lag_rows(name: str = "主要的做法") -> pd.DataFrame:
    """各期系数供作图：索引为行名，``estimate``、``low``、``high``。"""
    found = effects(name)
    label = {-2: "后年的预算", -1: "明年的预算", 0: "今年的预算", 1: "去年的预算", 2: "前年的预算", 3: "大前年的预算"}
    rows = {label[k]: found[str(k)][:3] for k in range(-LEADS, LAGS + 1)}
    rows |= {name: found[key][:3] for key, name in SUMS.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


@cache
def variant_rows() -> pd.DataFrame:
    """各种做法：:data:`SUMS` 各组合的 :class:`Effect`，``worst`` 提前各期里最小的 p，``n`` 行数、``places`` 省数。"""
    rows = {}
    for name, options in VARIANTS.items():
        found = effects(name)
        frame = design(**{k: v for k, v in options.items() if k != "weighted"})
        rows[name] = {
            **{key: found[key] for key in SUMS},
            "worst": min(v.p for k, v in found.items() if k.startswith("-")),
            "n": len(frame),
            "places": frame.index.get_level_values("province").nunique(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def failing(share: float = ALPHA) -> list[str]:
    """提前各期里至少有一期的 p 小于 ``share`` 的做法。"""
    rows = variant_rows()
    return list(rows.index[rows["worst"] < share])


def per_yuan(name: str = "主要的做法") -> Ratio:
    """弹性换成钱：每多一元科技预算，几年里企业多投几元（2023 年各省合计的比例）。"""
    scale = crr.wide(FIRMS).loc[crr.LAST].sum() / crr.wide(BUDGET).loc[crr.LAST].sum()
    after = effects(name)["after"]
    return Ratio(*(float(v * scale) for v in (after.estimate, after.low, after.high)))


#: 看权数集中在几个省。
HEAVY = 5


def heaviest(count: int = HEAVY) -> float:
    """按企业资金（各年平均）加权时，权数最大的几个省合占多少（0–1）。"""
    weight = crr.wide(FIRMS).mean()
    return float(weight.nlargest(count).sum() / weight.sum())


def tibet_jump() -> float:
    """西藏的企业研发资金一年里变得最多的一次，是几倍（涨或跌）。"""
    return float(np.exp(growth(FIRMS)[TIBET].abs().max()))


def tests_made() -> dict[str, int]:
    """算过的区间：``coefficients`` 各做法单期系数的个数，``leads`` 其中提前的，``low`` 提前的里 p 小于
    :data:`ALPHA` 的，``lags`` 今年与以前的，``lags_low`` 其中 p 小于 :data:`ALPHA` 的。"""
    every = [(k, v.p) for name in VARIANTS for k, v in effects(name).items() if k not in SUMS]
    leads, lags = ([p for k, p in every if k.startswith("-") is early] for early in (True, False))
    low, lags_low = (int(sum(p < ALPHA for p in v)) for v in (leads, lags))
    return {"coefficients": len(every), "leads": len(leads), "low": low, "lags": len(lags), "lags_low": lags_low}


def said(found: Effect | Ratio, digits: int = 2) -> str:
    """“0.09（−0.11 到 0.28）”。"""
    text = [f"{v:.{digits}f}".replace("-", "−") for v in (found[0], found[1], found[2])]
    return f"{text[0]}（{text[1]} 到 {text[2]}）"


def ratio_rows() -> pd.DataFrame:
    """站得住的少数比值：``what``、``value``、``why`` 为什么可以除、``limit`` 不能说什么。"""
    fund, treasury = third_to_first(), treasury_ratio()
    size, chip, cover = per_project(), star_chips(), insurance()
    pledged = "；".join(f"{year} 年 {v.low:,.0f}–{v.high:,.0f} 万元" for year, v in size.items())
    rows = [
        ("大基金三期 ÷ 一期", f"{fund['total']:.2f} 倍；按年摊 {fund['yearly']:.2f} 倍", "都是注册资本",
         "不是已投出的钱"),
        ("创投中央出资 ÷ 财政部在二、三期", f"{treasury.value:.2f} 倍", "都是中央财政的股本", "一期的比例没有公布"),
        ("美国生产补贴：已拨 ÷ 拨款", f"{american_progress():.0%}", "部分 ÷ 全部", "已拨不等于已付"),
        ("最大一家 ÷ 上市芯片企业补助", f"{subsidy_concentration():.0%}", "部分 ÷ 全部，2022 年", "没有别的年份"),
        ("质押：每个项目平均", pledged, "同口径的金额与项目", "登记额，不是贷款"),
        ("科创板：半导体占家数、占首发募资", f"{chip['firms']:.0%}、{chip['money']:.0%}", "部分 ÷ 全部，同一来源",
         "累计数，分不出年份"),
        ("科技保险：保费 ÷ 保障额", f"{cover['thin']:.2%}–{cover['thick']:.2%}", "界由两说给出",
         "低的一端两数来源不同"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "value", "why", "limit"])
