"""“跨区域协同”一章的数字：31 个省的创新是否更均匀，技术是否在它们之间流动。

各省是全部，不是抽来的；这里的区间或来自对省的重抽样（结论靠不靠少数几个省），或来自把数在省之间重新分配（邻省
相像是不是碰巧），不说口径与登记的误差。技术合同没有省与省之间的表，只有各省的输出与吸纳。
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from .. import concentration, data, inference, regions
from ..quality import Check
from ..quality import collaboration as checks

#: 没有 2017 年以前技术合同输出额的一省：跨年比较一律不含它。
UNCOVERED = "CN-XZ"
#: 研发经费与强度、技术合同（连续有数）的首年，末年；2018 与 2019 年之间，各省 GDP 的口径变了。
FIRST, CONTRACT_FIRST, LAST = 2011, 2012, 2023
OLD_GDP, NEW_GDP = 2018, 2019
#: 打乱重分（连同实测）与自助法的次数。
DRAWS = 1_000
RESAMPLES = 500
#: 指数的基期值；百分比的写法：整数、一位小数。
BASE = 100
WHOLE, TENTH = "+.0%", "+.1%"
#: 教科书里常引的收敛速度，每年（Barro 与 Sala-i-Martin, 1992：约百分之二）。
TEXTBOOK = 0.02
#: 与前后两年的几何平均相差几倍，算一次跳动。
JUMP = 2.0
#: 看输出减吸纳的正负是否稳定，用末几年。
RECENT = range(2019, LAST + 1)

BEIJING, SHANGHAI, TIANJIN = "CN-BJ", "CN-SH", "CN-TJ"
#: 买方的省份：津冀；苏浙皖。
BUYERS = {BEIJING: ("CN-TJ", "CN-HE"), SHANGHAI: ("CN-JS", "CN-ZJ", "CN-AH")}
OUT, IN = "tech_contract_out_value", "tech_contract_in_value"


@cache
def _places() -> pd.DataFrame:
    table = data.load("provinces")
    return table[table["macro_region"].notna()].set_index("province")


def names() -> pd.Series:
    """省份代码 → 简称，31 个。"""
    return _places()["name_zh"]


def tiles() -> pd.DataFrame:
    """格子地图的位置：索引为省份代码，列 ``name``、``col``、``row``。"""
    return (
        _places()[["name_zh", "tile_col", "tile_row"]]
        .set_axis(["name", "col", "row"], axis=1)
        .astype({"col": int, "row": int})
    )


@cache
def _panel() -> pd.DataFrame:
    return data.load("province_panel")


@cache
def wide(indicator: str) -> pd.DataFrame:
    """一项指标：索引为年，列为省份代码；缺失保留。"""
    rows = _panel().query("scope == 'province' and indicator == @indicator")
    return rows.pivot(index="year", columns="province", values="value")


@cache
def national(indicator: str) -> pd.Series:
    """同表公布的全国数，索引为年；技术合同含港澳台与境外。"""
    rows = _panel().query("scope == 'national' and indicator == @indicator")
    return rows.set_index("year")["value"].sort_index()


@cache
def flagged() -> pd.DataFrame:
    """标为离群的行：``indicator``、``province``、``year``、``value``，依省、年。"""
    rows = _panel().query("flag == 'outlier'")
    return rows[["province", "year", "indicator", "value"]].sort_values(["province", "year", "indicator"])


@cache
def repaired(indicator: str) -> pd.DataFrame:
    """同 :func:`wide`，标为离群的格改用前后最近的没有标记的年的平均；末年之后没有数，只用前一年。"""
    table = wide(indicator).copy()
    marks = flagged().query("indicator == @indicator")
    bad = set(zip(marks["province"], marks["year"], strict=True))
    for province, year in sorted(bad):
        good = [y for y in table.index if (province, y) not in bad and pd.notna(wide(indicator).loc[y, province])]
        near = [max((y for y in good if y < year), default=None), min((y for y in good if y > year), default=None)]
        table.loc[year, province] = wide(indicator).loc[[y for y in near if y is not None], province].mean()
    return table


# ---- 第一步：均不均匀 -------------------------------------------------------------------------------


@cache
def _contracts(indicator: str, repair: bool = False) -> pd.DataFrame:
    table = repaired(indicator) if repair else wide(indicator)
    return table.drop(columns=UNCOVERED).loc[CONTRACT_FIRST:]


@cache
def measures(repair: bool = False) -> dict[str, pd.DataFrame]:
    """比较均匀程度的几种量：名称 → 表（年 × 省，没有缺失）。

    前五种是总量，后五种有分母。技术合同的两种各 30 省（不含西藏），其余 31 省。公报与年鉴的研发经费不混用：总量与
    强度用公报的，与人员、合同相除的用年鉴的。
    """
    rd, yearbook = wide("rd_expenditure"), wide("rd_internal_total").loc[FIRST:]
    fte = wide("rd_fte_total").loc[FIRST:]
    patents, out, bought = (
        wide("patent_grant_invention").loc[FIRST:], _contracts(OUT, repair), _contracts(IN, repair)
    )  # fmt: skip
    base = yearbook.drop(columns=UNCOVERED).loc[CONTRACT_FIRST:]
    return {
        "研发经费": rd,
        "研发人员": fte,
        "发明专利授权": patents,
        "技术合同输出": out,
        "技术合同吸纳": bought,
        "研发经费 ÷ GDP": wide("rd_intensity"),
        "研发经费 ÷ 人员": yearbook / fte,
        "发明专利 ÷ 人员": patents / fte,
        "合同输出 ÷ 研发经费": out / base,
        "合同吸纳 ÷ 研发经费": bought / base,
    }


def gini_lines() -> pd.DataFrame:
    """总量的基尼系数逐年，供断线图：``line``、``x`` 年、``y``。"""
    rows = [
        (name, year, concentration.gini(values))
        for name, table in list(measures().items())[:5]
        for year, values in table.iterrows()
    ]
    return pd.DataFrame(rows, columns=["line", "x", "y"])


def between_share(values: pd.Series) -> float:
    """泰尔指数里四大地区之间的差占多少（0–1）。"""
    parts = concentration.theil_groups(values, _places()["macro_region"].reindex(values.index))
    return float(parts["between"].sum() / parts[["within", "between"]].to_numpy().sum())


@cache
def gini_change(name: str, repair: bool = False, drop: tuple[str, ...] = ()) -> tuple[float, float]:
    """一种量首末两年的基尼系数；``repair``：离群的合同额换成前后年的平均，``drop``：去掉的省份。"""
    kept = measures(repair)[name]
    kept = kept.drop(columns=[p for p in drop if p in kept])
    return concentration.gini(kept.iloc[0]), concentration.gini(kept.loc[LAST])


@cache
def evenness() -> pd.DataFrame:
    """每种量首末两年的基尼系数、变化的自助区间与地区之间的份额。

    Returns
    -------
    pandas.DataFrame
        索引为量；``first_year``、``first``、``last``（基尼）、``change``、``low``、``high``、``between_first``、
        ``between_last``（0–1）。
    """
    rows = {}
    for name, table in measures().items():
        moved = _moved(table)
        first, last = gini_change(name)
        rows[name] = {
            "first_year": table.index[0],
            "first": first,
            "last": last,
            "change": moved.estimate,
            "low": moved.low,
            "high": moved.high,
            "between_first": between_share(table.iloc[0]),
            "between_last": between_share(table.loc[LAST]),
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype({"first_year": int})


def _moved(table: pd.DataFrame) -> inference.Interval:
    """首末两年基尼系数之差与对省重抽样的区间；省份换成序号，重抽时不必查代码。"""
    return inference.bootstrap(pd.DataFrame(table.iloc[[0, -1]].to_numpy(float).T), _gini_gap, draws=RESAMPLES)


@cache
def rest_change() -> inference.Interval:
    """去掉北京，技术合同输出首末两年基尼系数之差与区间。"""
    return _moved(measures()["技术合同输出"].drop(columns=BEIJING))


def output_growth() -> dict[str, float]:
    """技术合同输出额末年是首年的几倍：``beijing``，其余各省（不含西藏）合计 ``rest``。"""
    table = measures()["技术合同输出"].iloc[[0, -1]]
    own, rest = table[BEIJING], table.drop(columns=BEIJING).sum(axis=1)
    return {"beijing": float(own.iloc[1] / own.iloc[0]), "rest": float(rest.iloc[1] / rest.iloc[0])}


def _gini_gap(frame: pd.DataFrame) -> float:
    first, last = frame.to_numpy().T
    return concentration.gini(last) - concentration.gini(first)


def verdicts() -> dict[str, list[str]]:
    """按区间把各种量分为 ``more``（更均匀：区间全在零以下）、``less``（更集中）与 ``unclear``（区间含零）。"""
    found = evenness()
    return {
        "more": list(found.index[found["high"] < 0]),
        "less": list(found.index[found["low"] > 0]),
        "unclear": list(found.index[(found["low"] <= 0) & (found["high"] >= 0)]),
    }


def mismatch(year: int) -> float:
    """研发经费与研发人员在各省的份额不重合的部分（0–1）：份额之差的绝对值之和的一半，两者都用年鉴的数。"""
    money, people = wide("rd_internal_total").loc[year], wide("rd_fte_total").loc[year]
    return float((money / money.sum() - people / people.sum()).abs().sum() / 2)


def relative_intensity(year: int) -> pd.Series:
    """各省研发强度是同年全国（首次公布）的几倍，索引为简称。"""
    return (wide("rd_intensity").loc[year] / national("rd_intensity")[year]).rename(index=names())


def share_of(province: str, indicator: str, year: int) -> float:
    """一省占各省之和的比例（0–1；技术合同的各省之和不含西藏）。"""
    values = wide(indicator).loc[year].drop(UNCOVERED)
    return float(values[province] / values.sum())


# ---- 第二步：谁卖谁买 -------------------------------------------------------------------------------


@cache
def net(year: int = LAST, repair: bool = False) -> pd.DataFrame:
    """技术合同输出减吸纳。

    Returns
    -------
    pandas.DataFrame
        索引为省份代码，由多到少；``name``、``out``、``in``、``net``（亿元）与 ``ratio``（差 ÷ 和，-1 到 1）；
        缺数的省在末尾。
    """
    source = repaired if repair else wide
    frame = pd.DataFrame({"name": names(), "out": source(OUT).loc[year], "in": source(IN).loc[year]})
    frame["net"] = frame["out"] - frame["in"]
    frame["ratio"] = frame["net"] / (frame["out"] + frame["in"])
    return frame.sort_values("net", ascending=False)


@cache
def signs(repair: bool = False) -> pd.Series:
    """末五年里输出超过吸纳的年数（0–5），索引为省份代码，由多到少。"""
    source = repaired if repair else wide
    gap = (source(OUT) - source(IN)).loc[list(RECENT)]
    return (gap > 0).sum().sort_values(ascending=False, kind="stable")


def sign_table() -> pd.DataFrame:
    """末五年一直净输出、有时净输出、一直净吸纳的省：``n`` 个数、``names`` 依末年的差额、``net`` 末年差额之和（亿元）、
    ``in_share`` 末年吸纳额占各省之和（0–1）。"""
    count, now = signs(), net()
    years = len(RECENT)
    rows = {}
    for label, low, high in (("每年都净输出", years, years), ("有的年份净输出", 1, years - 1), ("每年都净吸纳", 0, 0)):
        own = now[now.index.isin(count.index[count.between(low, high)])]
        rows[label] = {
            "n": len(own),
            "names": "、".join(own["name"]),
            "net": own["net"].sum(),
            "in_share": own["in"].sum() / now["in"].sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def top_surplus(n: int = 3, year: int = LAST) -> dict:
    """净输出最多的 ``n`` 个省：``names``，占净输出省差额之和的 ``share``（0–1），净输出省的个数 ``exporters``。"""
    found = net(year)
    positive = found[found["net"] > 0]
    return {
        "names": list(positive["name"].head(n)),
        "share": float(positive["net"].head(n).sum() / positive["net"].sum()),
        "exporters": len(positive),
    }


# ---- 第三步：收敛 -----------------------------------------------------------------------------------


@cache
def implied_gdp() -> pd.DataFrame:
    """研发经费 ÷ 强度倒推的 GDP（亿元），年 × 省；强度取整到 0.01 个百分点，所以只是近似。"""
    return wide("rd_expenditure") / wide("rd_intensity") * 100


def gdp_ratio() -> pd.Series:
    """倒推的各省 GDP 之和 ÷ 倒推的全国 GDP，索引为年。"""
    whole = national("rd_expenditure") / national("rd_intensity") * 100
    return implied_gdp().sum(axis=1) / whole


def gdp_jump() -> pd.Series:
    """2018 到 2019 年倒推的名义 GDP 的变化（小数），索引为简称，由少到多。"""
    gdp = implied_gdp()
    return (gdp.loc[NEW_GDP] / gdp.loc[OLD_GDP] - 1).rename(index=names()).sort_values()


def national_gdp_growth() -> float:
    """2018 到 2019 年由全国经费与强度倒推的名义 GDP 的增幅（小数）。"""
    whole = national("rd_expenditure") / national("rd_intensity")
    return float(whole[NEW_GDP] / whole[OLD_GDP] - 1)


def intensity_without_break(province: str = TIANJIN) -> dict[str, float]:
    """一省 2018、2019 年的研发强度，及研发经费同期的增幅（小数）。"""
    level, spent = wide("rd_intensity")[province], wide("rd_expenditure")[province]
    return {
        "before": level[OLD_GDP],
        "after": level[NEW_GDP],
        "spending": spent[NEW_GDP] / spent[OLD_GDP] - 1,
    }


#: σ 收敛的三种量法。
SPREADS = {
    "对数标准差": lambda v: float(np.log(v).std()),
    "变异系数": lambda v: float(v.std() / v.mean()),
    "基尼系数": concentration.gini,
}


@cache
def sigma(indicator: str = "rd_intensity", drop: tuple[str, ...] = ()) -> pd.DataFrame:
    """离散程度逐年：索引为年，列为 :data:`SPREADS`（前两列即 :func:`chokepoint.regions.dispersion`）。"""
    panel = wide(indicator).drop(columns=list(drop))
    found = regions.dispersion(panel).rename(columns={"sd_log": "对数标准差", "cv": "变异系数"})
    return found.assign(基尼系数=panel.apply(concentration.gini, axis=1))


def sigma_lines() -> pd.DataFrame:
    """研发强度的离散程度，首年为 100，供断线图；口径变了的两年之间断开。"""
    found = sigma()
    rows = (found / found.loc[FIRST] * BASE).stack().reset_index().set_axis(["x", "line", "y"], axis=1)
    return rows.assign(segment=np.where(rows["x"] <= OLD_GDP, "旧口径", "新口径"))


@cache
def sigma_change(indicator: str = "rd_intensity", first: int = FIRST, last: int = LAST) -> pd.DataFrame:
    """离散程度的相对变化（小数）与自助区间：索引为量法，列 ``estimate``、``low``、``high``。"""
    frame = pd.DataFrame(wide(indicator).loc[[first, last]].to_numpy(float).T, columns=[first, last])
    rows = {
        name: inference.bootstrap(
            frame, lambda f, s=spread: s(f[last].to_numpy()) / s(f[first].to_numpy()) - 1, draws=RESAMPLES
        )
        for name, spread in SPREADS.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


#: β 收敛的做法：名称 → （指标，首年，末年，去掉的省）。
VARIANTS = {
    "强度，2011–2023": ("rd_intensity", FIRST, LAST, ()),
    "强度，2011–2018（旧口径）": ("rd_intensity", FIRST, OLD_GDP, ()),
    "强度，2019–2023（新口径）": ("rd_intensity", NEW_GDP, LAST, ()),
    "强度，2015 起": ("rd_intensity", 2015, LAST, ()),
    "强度，去西藏": ("rd_intensity", FIRST, LAST, ("CN-XZ",)),
    "强度，去北京": ("rd_intensity", FIRST, LAST, (BEIJING,)),
    "强度，去西藏与海南": ("rd_intensity", FIRST, LAST, ("CN-XZ", "CN-HI")),
    "强度，去藏琼青新": ("rd_intensity", FIRST, LAST, ("CN-XZ", "CN-HI", "CN-QH", "CN-XJ")),
    "经费，2011–2023": ("rd_expenditure", FIRST, LAST, ()),
    "经费，2015 起": ("rd_expenditure", 2015, LAST, ()),
    "经费，去西藏与海南": ("rd_expenditure", FIRST, LAST, ("CN-XZ", "CN-HI")),
}


@cache
def beta_rows() -> pd.DataFrame:
    """各种做法的 β（百分点／年：起点高一倍的 e 倍，年增速差多少）与区间；索引为 :data:`VARIANTS`。"""
    rows = {}
    for label, (indicator, first, last, drop) in VARIANTS.items():
        panel = wide(indicator).drop(columns=list(drop))
        found = regions.beta_convergence(panel.loc[first], panel.loc[last], last - first)
        rate = regions.speed(found, last - first)
        rows[label] = [v * 100 for v in (*found, *rate)]
    columns = ["estimate", "low", "high", "speed", "speed_low", "speed_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def half_life(speed: float) -> float:
    """差距缩小一半要几年：``ln 2 ÷ 速度``（速度为每年的小数，正数）。"""
    return float(np.log(2) / speed)


def national_vintages() -> pd.DataFrame:
    """全国研发强度的首次公布与修订后（%），索引为年，只列两种都有的年。"""
    table = data.load("cn_rd").query("indicator == 'rd_intensity_revised' and status in ['final', 'derived']")
    both = pd.DataFrame({"first": national("rd_intensity"), "revised": table.set_index("year")["value"]})
    return both.dropna()


# ---- 第四步：邻省像不像 -----------------------------------------------------------------------------


@cache
def neighbours(strait: bool = True) -> tuple[tuple[str, str], ...]:
    """31 省之间相邻的对；``strait`` 收不收海南—广东隔海峡的一对。"""
    edges = data.load("province_neighbours")
    known = edges[edges["province_a"].isin(names().index) & edges["province_b"].isin(names().index)]
    known = known if strait else known[known["kind"] == "land"]
    return tuple(zip(known["province_a"], known["province_b"], strict=True))


@cache
def moran(name: str, year: int, strait: bool = True, repair: bool = False, drop: tuple[str, ...] = ()) -> regions.Moran:
    """:func:`measures` 里一种量在一年的 Moran 指数。"""
    values = measures(repair)[name].loc[year].drop(list(drop))
    return regions.moran(values, neighbours(strait), draws=DRAWS - 1)


def moran_lines() -> pd.DataFrame:
    """逐年的 Moran 指数，供断线图：研发强度、合同吸纳与输出 ÷ 研发经费，及打乱研发强度得到的范围。"""
    label = {
        "研发强度": "研发经费 ÷ GDP", "合同吸纳÷经费": "合同吸纳 ÷ 研发经费", "合同输出÷经费": "合同输出 ÷ 研发经费",
    }  # fmt: skip
    rows = []
    for line, name in label.items():
        for year in measures()[name].index:
            segment = "旧口径" if year <= OLD_GDP or "合同" in line else "新口径"
            rows.append((line, year, moran(name, year).estimate, np.nan, np.nan, segment))
    for year in measures()["研发经费 ÷ GDP"].index:
        found = moran("研发经费 ÷ GDP", year)
        rows.append(("随机分配", year, found.expected, found.low, found.high, ""))
    return pd.DataFrame(rows, columns=["line", "x", "y", "low", "high", "segment"])


@cache
def moran_within(year: int = LAST, log: bool = False) -> regions.Moran:
    """研发强度的 Moran 指数，只在四大地区之内打乱重分：地区之别保留，问此外邻省还像不像。

    Parameters
    ----------
    year : int
        哪一年。
    log : bool
        先取自然对数。

    Returns
    -------
    chokepoint.regions.Moran
        ``estimate`` 与 :func:`moran` 相同（不取对数时）；``expected`` 为各次打乱的平均，``low``、``high``、``p`` 都由
        地区之内的打乱得到。
    """
    values = wide("rd_intensity").loc[year]
    z = (np.log(values) if log else values).to_numpy(dtype=float)
    z = z - z.mean()
    place = {province: i for i, province in enumerate(values.index)}
    weights = np.zeros((len(z), len(z)))
    for one, other in neighbours():
        weights[place[one], place[other]] = weights[place[other], place[one]] = 1
    weights /= weights.sum(axis=1, keepdims=True)
    region = _places()["macro_region"].reindex(values.index)
    drawn, rng = np.tile(z, (DRAWS - 1, 1)), np.random.default_rng(inference.SEED)
    for name in sorted(region.unique()):
        own = np.flatnonzero(region == name)
        drawn[:, own] = rng.permuted(drawn[:, own], axis=1)
    found = ((drawn @ weights) * drawn).sum(axis=1) / (z @ z)
    estimate, expected = float(z @ weights @ z / (z @ z)), float(found.mean())
    far = int((np.abs(found - expected) >= abs(estimate - expected) - 1e-12).sum())
    low, high = np.quantile(found, [0.025, 0.975])
    return regions.Moran(estimate, expected, float(low), float(high), (1 + far) / DRAWS)


def within_said() -> dict[str, str]:
    """地区之内打乱的结果写成文字：研发强度与它的对数，范围与概率。"""
    plain, logged = moran_within(), moran_within(log=True)
    return {
        "区内范围": f"{plain.low:.2f} 到 {plain.high:.2f}",
        "区内概率": f"{plain.p:.2f}",
        "对数莫兰": f"{logged.estimate:.2f}",
        "对数范围": f"{logged.low:.2f} 到 {logged.high:.2f}",
        "对数概率": f"{logged.p:.2f}",
    }


def buying_outside() -> pd.Series:
    """合同吸纳 ÷ 研发经费的 Moran 指数是否高出随机的范围，索引为年。"""
    name = "合同吸纳 ÷ 研发经费"
    found = {year: moran(name, year) for year in measures()[name].index}
    return pd.Series({year: m.estimate > m.high for year, m in found.items()})


def buying_most(n: int = 3) -> list[str]:
    """末年合同吸纳 ÷ 研发经费最高的 ``n`` 个省的简称，由高到低。"""
    return list(names()[measures()["合同吸纳 ÷ 研发经费"].loc[LAST].nlargest(n).index])


@cache
def moran_drop_one() -> pd.DataFrame:
    """每次去掉一省，研发强度首末两年的 Moran 指数：索引为简称，列为年与 ``change``，依末年由小到大。"""
    found = {}
    for year in (FIRST, LAST):
        values = wide("rd_intensity").loc[year]
        found[year] = {names()[p]: regions.moran(values.drop(p), neighbours(), draws=1).estimate for p in values.index}
    frame = pd.DataFrame(found)
    return frame.assign(change=frame[LAST] - frame[FIRST]).sort_values(LAST)


# ---- 第五步：京津冀与长三角 -------------------------------------------------------------------------


@cache
def _regional(indicator: str, entity: str) -> pd.Series:
    rows = data.load("regional_indicators").query("indicator == @indicator and entity == @entity")
    return rows.set_index("year")["value"]


@cache
def flows() -> pd.DataFrame:
    """已公布的几条技术流向与它们的分母。

    Returns
    -------
    pandas.DataFrame
        索引为行名；``seller``、``year``、``value``（亿元）、``of_out`` 占卖方全部输出、``of_outflow`` 占卖方流向外省
        （只有北京 2023 年）、``of_in`` 占买方全部吸纳、``even`` 买方吸纳占卖方以外各省吸纳之和：卖方的合同若按各省
        吸纳额的比例分到外省，买方应占的份额。都是 0–1。``relative`` 为 ``of_out ÷ even``：买卖双方的规模都除去；流向
        外省不会超过全部输出，所以它是偏向的下界。北京 2022 年由 2023 年的增幅倒推。
    """
    bj, sh = _regional("tech_flow_value", "bj_to_jh"), _regional("tech_flow_value", "sh_to_jza")
    grown = _regional("tech_flow_value_growth", "bj_to_jh")[LAST] / 100
    outward = _regional("tech_flow_share_of_outflow", "bj_to_jh")[LAST] / 100
    cases = [
        ("北京→津冀，2013", BEIJING, 2013, bj[2013], np.nan),
        ("北京→津冀，2022（倒推）", BEIJING, 2022, bj[LAST] / (1 + grown), np.nan),
        ("北京→津冀，2023", BEIJING, LAST, bj[LAST], outward),
        ("上海→苏浙皖，2018", SHANGHAI, 2018, sh[2018], np.nan),
        ("上海→苏浙皖，2023", SHANGHAI, LAST, sh[LAST], np.nan),
    ]
    rows = {}
    for label, seller, year, value, of_outflow in cases:
        bought = wide(IN).loc[year]
        into = bought[list(BUYERS[seller])].sum()
        rows[label] = {
            "seller": seller,
            "year": year,
            "value": value,
            "of_out": value / wide(OUT).loc[year, seller],
            "of_outflow": of_outflow,
            "of_in": value / into,
            "even": into / bought.drop(seller).sum(),
        }
    found = pd.DataFrame.from_dict(rows, orient="index")
    return found.assign(relative=found["of_out"] / found["even"])


def beijing_balance() -> dict[str, float]:
    """由北京 2023 年的几个数推出的界限（亿元）。

    流向外省 = 流向津冀 ÷ 其份额；余下的是卖给本市与境外的。北京的吸纳里，本市卖给本市的不超过余下的，所以从外地买进
    的至少是吸纳减余下。份额取整到 0.1 个百分点，``outward_low``、``outward_high`` 是它容许的范围，``bought_least`` 取
    最小的一端。

    Returns
    -------
    dict
        ``outward``、``outward_low``、``outward_high``、``rest``（余下）、``bought_least``、``reverse_most``：津冀卖给
        北京的上限，即两地输出与北京吸纳之小者。
    """
    value = _regional("tech_flow_value", "bj_to_jh")[LAST]
    share = _regional("tech_flow_share_of_outflow", "bj_to_jh")[LAST]
    out, bought = wide(OUT).loc[LAST, BEIJING], wide(IN).loc[LAST, BEIJING]
    low, high = value / (share + 0.05) * 100, value / (share - 0.05) * 100
    return {
        "outward": value / share * 100,
        "outward_low": low,
        "outward_high": high,
        "rest": out - value / share * 100,
        "bought_least": max(bought - (out - low), 0.0),
        "reverse_most": float(min(wide(OUT).loc[LAST, list(BUYERS[BEIJING])].sum(), bought)),
    }


def cumulative_share() -> dict[str, float]:
    """北京流向津冀 2014–2020 年的累计（亿元）与它占两地同期吸纳的份额（0–1）。"""
    total = _regional("tech_flow_value_cumulative", "bj_to_jh")[2020]
    bought = wide(IN).loc[2014:2020, list(BUYERS[BEIJING])].to_numpy().sum()
    return {"value": total, "share": total / bought}


def shanghai_needed() -> dict[str, float]:
    """上海 2023 年流向外省的总数没有公布：``ceiling`` 要使苏浙皖的份额不低于按比例的份额，流向外省至多占上海输出的几成
    （0–1）；``as_beijing`` 若与北京流向外省的比重相同，苏浙皖的份额是按比例的几倍。"""
    row = flows().loc["上海→苏浙皖，2023"]
    like = beijing_balance()["outward"] / wide(OUT).loc[LAST, BEIJING]
    return {
        "ceiling": row["of_out"] / row["even"],
        "like": like,
        "as_beijing": row["of_out"] / like / row["even"],
    }


def yrd_internal() -> dict[str, float]:
    """上海输出占长三角内部技术合同的份额倒推内部合同总额（亿元）：``total``，其余三省之间及流向上海的 ``other``。"""
    share = _regional("tech_flow_share_yrd", "sh_to_jza")[LAST] / 100
    value = _regional("tech_flow_value", "sh_to_jza")[LAST]
    return {"total": value / share, "other": value / share - value, "share": share}


def index_versions() -> pd.DataFrame:
    """长三角指数各版的数，一版一行、一项一列；不同的版不可相连。"""
    table = data.load("regional_indicators")
    rows = table[table["indicator"].str.startswith("yrd_")]
    rows = rows.assign(version=rows["source_id"].str[-4:])
    rows["said"] = [f"{y}：{v:g}" for y, v in zip(rows["year"], rows["value"], strict=True)]
    found = rows.sort_values("year").groupby(["version", "indicator"])["said"].agg("；".join).unstack()
    label = data.labels("regional_indicators", "indicator")
    return found.rename(columns=lambda c: label[c].split("（")[0].replace("分指数：", ""))


# ---- 第六步：离群的数 -------------------------------------------------------------------------------


@cache
def outlier_rows() -> pd.DataFrame:
    """标为离群的几格：与自己的前后年、与全国比。

    Returns
    -------
    pandas.DataFrame
        ``name``、``year``、``side``（输出／吸纳）、``value``（亿元）、``instead`` 前后年的平均、``times`` 相差几倍、
        ``of_nation`` 与平均之差占同年全国的比例（带正负号）、``count_times`` 同年合同项数与前后年平均之比。
    """
    rows = []
    for item in flagged().itertuples():
        instead = repaired(item.indicator).loc[item.year, item.province]
        counts = wide(item.indicator.replace("value", "count"))[item.province]
        near = counts[[y for y in (item.year - 1, item.year + 1) if y in counts.index]].mean()
        rows.append(
            {
                "name": names()[item.province],
                "year": item.year,
                "side": "输出" if item.indicator == OUT else "吸纳",
                "value": item.value,
                "instead": instead,
                "times": item.value / instead,
                "of_nation": (item.value - instead) / national(item.indicator)[item.year],
                "count_times": counts[item.year] / near,
            }
        )
    return pd.DataFrame(rows)


def remainder(repair: bool = False) -> pd.Series:
    """全国输出额减各省之和（亿元）：港澳台与境外的卖方；索引为年。"""
    source = repaired if repair else wide
    return (national(OUT) - source(OUT).sum(axis=1)).loc[CONTRACT_FIRST:]


@cache
def jumps() -> pd.DataFrame:
    """合同输出额里，与前后两年的几何平均相差 :data:`JUMP` 倍以上的格：``name``、``year``、``times``、``amount``（亿元，
    与几何平均之差）、``flagged``；由差额大到小。首末两年没有两边，判不了。"""
    table = wide(OUT).loc[CONTRACT_FIRST:]
    middle = np.exp((np.log(table).shift(1) + np.log(table).shift(-1)) / 2)
    ratio = (table / middle).stack()
    found = ratio[(ratio > JUMP) | (ratio < 1 / JUMP)]
    marks = set(zip(flagged()["province"], flagged()["year"], strict=True))
    rows = [(names()[p], y, v, table.loc[y, p] - middle.loc[y, p], (p, y) in marks) for (y, p), v in found.items()]
    frame = pd.DataFrame(rows, columns=["name", "year", "times", "amount", "flagged"])
    return frame.sort_values("amount", key=abs, ascending=False).reset_index(drop=True)


def outlier_lines() -> pd.DataFrame:
    """三省的合同输出额，供断线图；标为离群的画成空心。"""
    marks = flagged().query("indicator == @OUT")
    rows = []
    for province in marks["province"].unique():
        series = wide(OUT)[province].loc[CONTRACT_FIRST:]
        bad = set(marks.query("province == @province")["year"])
        rows += [(names()[province], y, v, "uncertain" if y in bad else "observed") for y, v in series.items()]
    return pd.DataFrame(rows, columns=["line", "x", "y", "kind"])


def steps_said(name: str = "青海") -> str:
    """一省标为离群的各年的数，如 ``青海 2018 年 79、2019 年 9``。"""
    rows = outlier_rows().query("name == @name")
    return f"{name} " + "、".join(f"{y} 年 {v:.0f}" for y, v in zip(rows["year"], rows["value"], strict=True))


@cache
def effects() -> pd.DataFrame:
    """把离群的格换成前后年的平均，本章各个结论变多少。

    Returns
    -------
    pandas.DataFrame
        索引为结论；``before``、``after`` 文字。
    """
    rows = {}
    for name in ("技术合同输出", "技术合同吸纳", "合同输出 ÷ 研发经费"):
        ends = [gini_change(name, repair) for repair in (False, True)]
        rows[f"{name}：基尼的变化"] = [_signed(last - first, "+.3f") for first, last in ends]
    for year, name in ((2021, "技术合同输出"), (LAST, "技术合同输出")):
        rows[f"{year} 年{name}：基尼"] = [
            f"{concentration.gini(measures(r)[name].loc[year]):.3f}" for r in (False, True)
        ]
    rows[f"{LAST} 年净输出的省"] = [f"{int((net(repair=r)['net'] > 0).sum())} 个" for r in (False, True)]
    for province, year in (("CN-HL", LAST), ("CN-QH", OLD_GDP), ("CN-GX", 2021)):
        rows[f"{names()[province]} {year} 年输出减吸纳"] = [
            f"{_signed(net(year, r).loc[province, 'net'], '+,.0f')} 亿元" for r in (False, True)
        ]
    for year in (2021, LAST):
        found = [moran("合同输出 ÷ 研发经费", year, repair=r) for r in (False, True)]
        rows[f"{year} 年合同输出 ÷ 研发经费：Moran 指数（p）"] = [
            f"{_signed(m.estimate, '.2f')}（{m.p:.2f}）" for m in found
        ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["before", "after"])


# ---- 全章 -------------------------------------------------------------------------------------------


def reproduced() -> Check:
    """快报、年报与新闻里的合同额与面板相比：即数据核对用的那一次（:mod:`chokepoint.quality.collaboration`）。"""
    return checks.contracts_two_sources()


def said(found: inference.Interval | tuple[float, float, float], spec: str = "+.3f", brief: bool = False) -> str:
    """估计与区间连成一句，如 ``-0.05（95% 区间 -0.09 到 -0.01）``；减号用数学的减号，``brief`` 略去“95% 区间”。"""
    estimate, low, high = (_signed(v, spec) for v in found)
    return f"{estimate}（{'' if brief else f'{inference.LEVEL:.0%} 区间 '}{low} 到 {high}）"


def _signed(value: float, spec: str) -> str:
    """数的写法：减号用数学的减号，舍入后为零的不带负号。"""
    text = f"{value:{spec}}"
    return text.lstrip("-") if not any(c in "123456789" for c in text) else text.replace("-", "\N{MINUS SIGN}")
