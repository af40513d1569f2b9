"""“前沿与未来”一章的数字：前沿各领域有几个数、换一种数法谁领先，以及下一个卡点由哪一种判据挑出。

前沿的数多数只有一两个年份，所以这里不外推：只比同一时点的几种数法，只在各年齐全的一条线（知名人工智能模型的追溯计数）上
估斜率。“下一个卡点”是照写明的判据挑出的候选，不是预测；判据是本书定的，换一种就换一批。
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from .. import concentration, data, inference
from . import four_paths, import_dependence, international, materials, overview
from . import industry_chain as chain
from . import open_ecosystem as opened
from ._rows import value

#: 追溯计数里满一年的首末（首年起中国的个数不再是零；末年的次年只到十一月）。
FIRST, LAST = 2014, 2024
#: 比较的两方。
PAIR = ("CHN", "USA")
#: 能谈趋势的最少年数。
ENOUGH = 5
#: 判据：“近”是最大一家的份额不到独占的门槛、又不低于这个数（%）；检验时换用的各档。
NEAR, NEARS = 50.0, (40.0, 45.0, 50.0, 55.0)
#: 候选至少合几种判据；“多个年份”从几个算起；哪一方居前的分界（%）。
LEAST, SEVERAL, EVEN = 3, 3, 50.0
#: 判据：“涨”在芯片图上是最大一家的份额至少多这么多个百分点。
ROSE = 5.0
#: 判据的名字，次序即表与图的次序。
CRITERIA = ("近", "盟", "集", "涨")
#: 谁握着。
SIDES = ("中国", "美日荷", "其他")
CHIPS, MINERALS = opened.CHIPS, opened.MINERALS
#: 公民科学素质：调查方式改变的一年。
SURVEY_BREAK = 2022
#: 别人的预测取哪一年（与今年的估计相比）。
FORECAST = 2035


# ---- 有几个数 ----------------------------------------------------------------------------------------


def _frontier() -> pd.DataFrame:
    return data.load("frontier")


#: 前沿表的指标 → 领域。
FIELDS = {
    "人工智能": ("ai_notable_models_aiindex", "ai_private_investment"),
    "量子": (
        "quantum_patent_holder_share", "quantum_patent_share_all", "quantum_patent_share_ipf", "quantum_patent_filings",
        "quantum_publication_share", "qkd_network_length", "qkd_backbone_nodes", "qkd_metro_networks", "qkd_cities",
        "qkd_metro_length", "tf_qkd_distance", "qubits",
    ),
    "创新药": (
        "license_out_value", "license_out_deals", "pharma_deals", "pharma_deal_value", "drug_pipeline_share",
        "drug_pipeline", "drug_company_share", "new_drugs_added", "china_share_bigpharma_inlicensing",
    ),
}  # fmt: skip


@cache
def years() -> pd.DataFrame:
    """前沿表每个指标（中国的；没有中国的取全球的）有几个年份，供年份图。

    Returns
    -------
    pandas.DataFrame
        一行一个指标的一个年份：``field``、``series``、``row``（中文名）、``x``（年）。
    """
    table, label = _frontier(), data.labels("frontier", "series")
    kept = table[table["iso3"].eq("CHN") | table["series"].eq("qubits") | table["series"].eq("qkd_metro_length")]
    rest = table[~table["series"].isin(kept["series"])]
    table = pd.concat([kept, rest]).drop_duplicates(["series", "year"])
    where = {series: field for field, names in FIELDS.items() for series in names}
    order = {series: at for at, series in enumerate(where)}
    out = table.assign(field=table["series"].map(where), row=table["series"].map(label), x=table["year"].astype(int))
    out = out.sort_values("x").sort_values("series", key=lambda s: s.map(order), kind="stable")
    return out[["field", "series", "row", "x"]].reset_index(drop=True)


def year_counts() -> dict[str, int]:
    """``series`` 指标数；``one``、``two``、``several``、``enough`` 有一个、两个、多个、够多年份的；``most`` 最多。"""
    found = years().groupby("series").size()
    return {
        "series": len(found),
        "one": int(found.eq(1).sum()),
        "two": int(found.eq(2).sum()),
        "several": int(found.ge(SEVERAL).sum()),
        "most": int(found.max()),
        "enough": int(found.ge(ENOUGH).sum()),
    }


def year_rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    """年份图的行（``row``、``stage``）与点（``row``、``x``、``kind``）。"""
    table = years()
    rows = table.drop_duplicates("series")[["row", "field"]].set_axis(["row", "stage"], axis=1)
    return rows.reset_index(drop=True), table[["row", "x"]].assign(kind="observed")


# ---- 人工智能模型 -------------------------------------------------------------------------------------


@cache
def models() -> pd.DataFrame:
    """追溯计数（Epoch AI 快照）：行为年，列 ``CHN``、``USA``、``WLD``（个；世界合计里一个模型只计一次）。"""
    wide = data.load("ai_models").pivot(index="year", columns="iso3", values="value")[["CHN", "USA", "WLD"]]
    wide = wide.fillna(0).astype(int)
    return wide.set_axis(wide.index.astype(int)).rename_axis(columns=None)


@cache
def editions() -> pd.DataFrame:
    """AI Index 各版发布当时的个数：行为年，列 ``CHN``、``USA``。"""
    table = _frontier().query("series == 'ai_notable_models_aiindex' and iso3 in @PAIR")
    wide = table.pivot(index="year", columns="iso3", values="value").astype(int)
    return wide.set_axis(wide.index.astype(int)).rename_axis(columns=None)


@cache
def fit(start: int = FIRST, base: str = "USA") -> dict[str, float]:
    """中国占的比例随年变化：准二项回归，标准误按过度离散放大（Wedderburn, 1974）。

    Parameters
    ----------
    start : int
        首年；末年为 :data:`LAST`，不满一年的不用。
    base : str
        ``USA`` 为占中美之和，``WLD`` 为占世界合计。

    Returns
    -------
    dict
        ``estimate``、``low``、``high`` 优势（中国对其余）每年的倍数与区间（t 分布）；``phi`` 离散度（Pearson χ² ÷
        自由度，1 是二项）；``p`` 离散度为 1 的检验；``flat`` 比例不随年变时的离散度；``years`` 年数。
    """
    table = models().loc[start:LAST]
    ours = table["CHN"].to_numpy(float)
    rest = (table["WLD"] - table["CHN"] if base == "WLD" else table["USA"]).to_numpy(float)
    time = sm.add_constant(table.index.to_numpy(float) - table.index[0])
    found = sm.GLM(np.column_stack([ours, rest]), time, family=sm.families.Binomial()).fit()
    free = int(found.df_resid)
    phi = float(found.pearson_chi2) / free
    error = float(found.bse[1]) * np.sqrt(max(phi, 1.0))
    wide = stats.t.ppf((1 + inference.LEVEL) / 2, free) * error
    step = float(found.params[1])
    share = ours.sum() / (ours.sum() + rest.sum())
    size = ours + rest
    flat = float(((ours - size * share) ** 2 / (size * share * (1 - share))).sum()) / (len(ours) - 1)
    return {
        "estimate": float(np.exp(step)), "low": float(np.exp(step - wide)), "high": float(np.exp(step + wide)),
        "phi": phi, "p": float(stats.chi2.sf(found.pearson_chi2, free)), "flat": flat, "years": len(ours),
    }  # fmt: skip


def fits() -> pd.DataFrame:
    """:func:`fit` 换首年、换分母：索引为做法，列同 :func:`fit`。"""
    ways = {f"{y} 年起，占中美之和": fit(y) for y in range(FIRST - 2, FIRST + 4)}
    ways |= {f"{FIRST} 年起，占世界": fit(FIRST, "WLD")}
    return pd.DataFrame.from_dict(ways, orient="index")


@cache
def model_lines() -> pd.DataFrame:
    """中国占中美之和（%），供断线图：追溯计数逐年，带 Wilson 区间；发布当时的数一版一点，从不相连。"""
    rows = []
    for year, row in models().loc[FIRST - 2 :].iterrows():
        found = inference.proportion(int(row["CHN"]), int(row["CHN"] + row["USA"]))
        rows.append({"line": "追溯计数", "x": year, "y": 100 * found.estimate, "segment": "后",
                     "low": 100 * found.low, "high": 100 * found.high,
                     "kind": "observed" if year <= LAST else "uncertain"})  # fmt: skip
    for year, row in editions().iterrows():
        found = inference.proportion(int(row["CHN"]), int(row["CHN"] + row["USA"]))
        rows.append({"line": "发布当时", "x": year + 0.25, "y": 100 * found.estimate, "segment": str(year),
                     "low": 100 * found.low, "high": 100 * found.high, "kind": "uncertain"})  # fmt: skip
    return pd.DataFrame(rows)


def step(first: tuple[int, int], second: tuple[int, int], phi: float = 1.0) -> inference.Interval:
    """两次计数之间，中国对美国的优势变为几倍（Woolf, 1955），方差乘以离散度。

    Parameters
    ----------
    first, second : tuple of int
        （中国，美国）的个数，都为正。
    phi : float
        离散度，小于 1 的当作 1。
    """
    log = np.log(second[0] / second[1]) - np.log(first[0] / first[1])
    error = np.sqrt(max(phi, 1.0) * sum(1 / v for v in (*first, *second)))
    wide = stats.norm.ppf((1 + inference.LEVEL) / 2) * error
    return inference.Interval(float(np.exp(log)), float(np.exp(log - wide)), float(np.exp(log + wide)))


@cache
def steps() -> pd.DataFrame:
    """相邻两年、两种计数，优势变为几倍：索引为说明，列 ``estimate``、``low``、``high``。"""
    phi, rows = fit()["phi"], {}
    for name, table in (("发布当时", editions()), ("追溯计数", models()[list(PAIR)])):
        for year in editions().index[1:]:
            pair = [tuple(int(v) for v in table.loc[y, list(PAIR)]) for y in (year - 1, year)]
            rows[f"{name}，{year - 1} → {year} 年"] = step(*pair, phi)
    return pd.DataFrame.from_dict({k: v._asdict() for k, v in rows.items()}, orient="index")


@cache
def revisions() -> pd.DataFrame:
    """发布当时的数，追溯之后补了多少，行为年；追溯的数反而少的年份（还没有补全）不在内。

    Returns
    -------
    pandas.DataFrame
        ``CHN``、``USA`` 补了几个，``chn``、``usa`` 变为几倍，``p`` Fisher（双侧）。
    """
    later, rows = models().loc[editions().index, list(PAIR)], {}
    for year, was in editions().iterrows():
        now = later.loc[year]
        added = now - was
        if (added < 0).any():
            continue
        test = stats.fisher_exact([[added["CHN"], was["CHN"]], [added["USA"], was["USA"]]])
        rows[year] = {
            "CHN": int(added["CHN"]), "USA": int(added["USA"]),
            "chn": now["CHN"] / was["CHN"], "usa": now["USA"] / was["USA"], "p": float(test.pvalue),
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


# ---- 同一领域，几种数法 ---------------------------------------------------------------------------------


def _front(series: str, year: int, iso3: str, column: str = "value"):
    rows = _frontier().query("series == @series and year == @year and iso3 == @iso3 and period.isna()")
    rows = rows if len(rows) else _frontier().query("series == @series and year == @year and iso3 == @iso3")
    if len(rows) != 1:
        raise ValueError(f"{series} {year} {iso3}：应有一行，得到 {len(rows)}")
    return rows.iloc[0][column]


def _part(field: str, name: str, year: int, ours: float, theirs: float, least: bool = False) -> dict[str, object]:
    share = 100 * ours / (ours + theirs)
    return {"field": field, "row": f"{name}（{year}）", "value": share, "low": share, "high": 100.0 if least else share}


@cache
def lenses() -> pd.DataFrame:
    """中国占中美之和（%），一行一种数法：``field``、``row``、``value``、``low``、``high``（“超过”的只知下限）。

    几种数法的时点与范围不同，只比方向，不相减。
    """
    papers = {iso3: int(international.papers("ai")["total"].loc[("2023-04", iso3, 2022)]) for iso3 in PAIR}
    found, rows = models(), []
    rows.append(_part("人工智能", "论文", 2022, papers["CHN"], papers["USA"]))
    rows.append(_part("人工智能", "知名模型，追溯", LAST, *found.loc[LAST, list(PAIR)]))
    rows.append(_part("人工智能", "知名模型，发布当时", LAST, *editions().loc[LAST, list(PAIR)]))
    rows.append(_part("人工智能", "私人投资", 2024, *(_front("ai_private_investment", 2024, c) for c in PAIR)))
    quantum = [
        ("持有专利的公司", "quantum_patent_holder_share", 2022, True),
        ("专利申请", "quantum_patent_filings", 2024, True),
        ("论文", "quantum_publication_share", 2022, False),
        ("跨国专利族", "quantum_patent_share_ipf", 2024, False),
    ]
    rows += [_part("量子", name, y, *(_front(s, y, c) for c in PAIR), least) for name, s, y, least in quantum]
    drugs = [("新增在研药物", "new_drugs_added", 2023), ("研发药物的企业", "drug_company_share", 2024)]
    rows += [_part("创新药", name, y, *(_front(s, y, c) for c in PAIR)) for name, s, y in drugs]
    return pd.DataFrame(rows)


def crossing() -> pd.DataFrame:
    """每个领域里中国份额的最小与最大（%）：``low``、``high``，``flips`` 是不是跨过一半（先后倒过来）。"""
    found = lenses().groupby("field", sort=False)["value"].agg(["min", "max"]).set_axis(["low", "high"], axis=1)
    return found.assign(flips=found["low"].lt(50) & found["high"].gt(50))


@cache
def fields() -> pd.DataFrame:
    """24 个技术领域，中国占中美之和（0–1）：``family`` 同族、``grant`` 美国授权；``flips`` 两种数法先后相反。"""
    out = {}
    for name, measure in (("family", "inpadoc_family"), ("grant", "uspto_grant")):
        found = overview.counts(measure)
        out[name] = found["CHN"] / (found["CHN"] + found["USA"])
    frame = pd.DataFrame(out)
    return frame.assign(flips=(frame["family"] - 0.5) * (frame["grant"] - 0.5) < 0)


@cache
def quantum() -> pd.DataFrame:
    """同样叫量子专利的份额（%）：一行一种数法，``period``、四方的份额（文字）、``ratio`` 中国是美国的几倍（文字）。

    没有给出的写“—”；来源写“超过”“略低于”的照写。
    """
    ways = {
        "持有专利的公司占比": ("quantum_patent_holder_share", 2022),
        "全部专利": ("quantum_patent_share_all", 2022),
        "跨国保护的专利族": ("quantum_patent_share_ipf", 2024),
        "论文（对照）": ("quantum_publication_share", 2022),
    }
    sign, rows = {"at_least": "≥ ", "at_most": "≤ "}, []
    for name, key in ways.items():
        table = _frontier().set_index(["series", "year"]).loc[[key]].set_index("iso3")
        year = key[1]
        said = {c: sign.get(r["bound"], "") + f"{r['value']:g}" for c, r in table.iterrows()}
        period = table["period"].dropna()
        span = f"{period.iloc[0][:4]}–{year}" if len(period) else str(year)
        ratio = "—"
        if {"CHN", "USA"} <= set(table.index):
            ratio = (
                sign.get(table.loc["CHN", "bound"], "") + f"{table.loc['CHN', 'value'] / table.loc['USA', 'value']:.1f}"
            )
        europe = said.get("EUR", said.get("EUU", "—"))
        rows.append({"way": name, "period": span, "CHN": said["CHN"], "USA": said.get("USA", "—"),
                     "JPN": said.get("JPN", "—"), "EUR": europe, "ratio": ratio})  # fmt: skip
    return pd.DataFrame(rows)


def abroad() -> dict[str, float]:
    """全部领域的国际专利申请（PCT）里中国、美国的份额（%），取自“四大支柱全景”一章：``CHN``、``USA``、``ratio``、``year``。

    在几种数法里，它与“跨国保护的专利族”最近：都要出海。
    """
    found = overview.three_counts()["pct"]
    ours, theirs = float(found["中国"]), float(found["美国"])
    return {"CHN": ours, "USA": theirs, "ratio": ours / theirs, "year": int(found.index.name)}


def europe_shift() -> dict[str, float]:
    """跨国专利族里欧洲、美国的份额（%），“此前五年”与后五年：``eur_then``、``eur_now``、``usa_then``、``usa_now``。"""
    name = "quantum_patent_share_ipf"
    return {
        f"{c.lower()}_{w}": float(_front(name, y, c))
        for c in ("EUR", "USA")
        for w, y in (("then", 2019), ("now", 2024))
    }


# ---- 创新药 -------------------------------------------------------------------------------------------


@cache
def drugs() -> dict[str, float]:
    """创新药授权与中国的占比。

    Returns
    -------
    dict
        ``half_low``、``half_high`` 2025 年上半年两家的数（亿美元，低的不完全），``gap`` 相差（0–1）；``pipeline``
        占在研药物、``companies`` 占企业、``inlicensing`` 占大型药企的引进（%）；``world`` 占全球交易笔数（0–1）。
    """
    table = _frontier().query("series == 'license_out_value'")
    half = sorted(table[table["conflict"].notna()]["value"])
    return {
        "half_low": half[0], "half_high": half[-1], "gap": half[-1] / half[0] - 1,
        "pipeline": value("frontier", series="drug_pipeline_share", year=2024),
        "companies": value("frontier", series="drug_company_share", year=2024, iso3="CHN"),
        "inlicensing": value("frontier", series="china_share_bigpharma_inlicensing"),
        "world": value("frontier", series="pharma_deals", year=2024, iso3="CHN")
        / value("frontier", series="pharma_deals", year=2024, iso3="WLD"),
    }  # fmt: skip


@cache
def new_drugs(phi: float = 1.0) -> inference.Interval:
    """新增在研药物：中国对美国的优势，2022 到 2023 年变为几倍；年份太少，离散度估不出，``phi`` 是借来的。"""
    pair = [tuple(int(_front("new_drugs_added", y, c)) for c in PAIR) for y in (2022, 2023)]
    return step(*pair, phi)


# ---- 创新文化 -----------------------------------------------------------------------------------------


@cache
def literacy() -> pd.DataFrame:
    """具备科学素质的公民（%）：行为年，列 ``all``、``urban``、``rural``、``male``、``female``；没有公布的缺失。"""
    table = data.load("innovation_culture").query("series == 'science_literacy' and province.isna()")
    wide = table.assign(entity=table["entity"].fillna("all")).pivot(index="year", columns="entity", values="value")
    return wide.set_axis(wide.index.astype(int))[["all", "urban", "rural", "male", "female"]].rename_axis(columns=None)


def literacy_lines() -> pd.DataFrame:
    """断线图：全国、城镇、农村，换调查方式处断开；目标画菱形。"""
    label = {"all": "全国", "urban": "城镇", "rural": "农村"}
    long = literacy()[list(label)].rename(columns=label).melt(ignore_index=False, var_name="line", value_name="y")
    long = long.dropna().rename_axis("x").reset_index()
    long = long.assign(segment=np.where(long["x"] < SURVEY_BREAK, "前", "后"), kind="observed")
    goal = value("innovation_culture", series="science_literacy_target")
    target = {"line": "全国", "x": 2025, "y": goal, "segment": "目标", "kind": "target"}
    return pd.concat([long, pd.DataFrame([target])], ignore_index=True)


@cache
def gaps() -> pd.DataFrame:
    """两组之差的三种量法：索引为（组，年），列 ``points`` 百分点、``ratio`` 倍数、``odds`` 优势比。"""
    table, rows = literacy() / 100, {}
    for name, (high, low) in {"城乡": ("urban", "rural"), "男女": ("male", "female")}.items():
        pair = table[[high, low]].dropna()
        for year, (a, b) in pair.iterrows():
            rows[name, year] = {"points": 100 * (a - b), "ratio": a / b, "odds": a / (1 - a) / (b / (1 - b))}
    return pd.DataFrame.from_dict(rows, orient="index")


def widened() -> pd.DataFrame:
    """首末两年，差距变宽了没有：索引为组，列同 :func:`gaps`，值为真（变宽）或假；跨过换调查方式的一年，只看方向。"""
    found = gaps()
    out = {
        name: found.loc[name].iloc[-1] > found.loc[name].iloc[0] for name in found.index.get_level_values(0).unique()
    }
    return pd.DataFrame(out).T


def literacy_steps() -> dict[str, float]:
    """每年升几个百分点：``before`` 2010–2020、``across`` 2020–2022（跨换法）、``after`` 2022–2024。"""
    s = literacy()["all"]
    spans = {"before": (2010, 2020), "across": (2020, 2022), "after": (2022, 2024)}
    return {k: float((s[b] - s[a]) / (b - a)) for k, (a, b) in spans.items()}


# ---- 气候与健康：只有一条渠道看得见 -------------------------------------------------------------------

#: 欧盟项目的主题 → 怎样认：指南编号的样式、题目的样式（正则，不分大小写）。
THEMES = {
    "气候": (r"CLA-|CL5-\d+-D1|CLIMATE", r"climat|carbon|greenhouse|emission"),
    "健康": (r"^SC1|HLTH|^PHC|^IMI", r"health|disease|patient|medic|virus|covid"),
}
REST = "其余研究项目"


@cache
def themed(by: str = "topic") -> pd.DataFrame:
    """有中国机构参加的欧盟研究与创新项目（不含人员交流），按主题、按开始年的两段计数。

    Parameters
    ----------
    by : str
        ``topic`` 照指南编号认主题，``title`` 照题目，``either`` 有一样就算。

    Returns
    -------
    pandas.DataFrame
        行为主题（认作气候的不再算健康），列 ``before``、``after`` 项目数，段同
        :func:`international.eu_change`。
    """
    table = international.projects().query("not mobility")
    kind = pd.Series(REST, index=table.index)
    for name, (topic, title) in reversed(THEMES.items()):
        seen = {
            "topic": table["topic"].fillna("").str.contains(topic),
            "title": table["title"].str.contains(title, case=False),
        }
        kind = kind.mask(seen["topic"] | seen["title"] if by == "either" else seen[by], name)
    spans = {"before": international.BEFORE, "after": international.AFTER}
    counts = {k: kind[table["start_year"].between(*v)].value_counts() for k, v in spans.items()}
    return pd.DataFrame(counts).reindex([*THEMES, REST]).fillna(0).astype(int)


@cache
def theme_tests() -> pd.DataFrame:
    """各主题在两段之间，与其余研究项目相比：``before``、``after`` 项目数，``odds`` 优势变为几倍，``p`` Fisher（双侧）。

    索引为（认法，主题）。
    """
    rows = {}
    for by, said in (("topic", "指南编号"), ("title", "题目"), ("either", "有一样就算")):
        counts = themed(by)
        rest = counts.loc[REST]
        for name in THEMES:
            own = counts.loc[name]
            cells = [[own["after"], own["before"]], [rest["after"], rest["before"]]]
            odds = (own["after"] * rest["before"] / (own["before"] * rest["after"])) if own["before"] else np.inf
            rows[said, name] = {"before": own["before"], "after": own["after"], "odds": odds,
                                "p": float(stats.fisher_exact(cells).pvalue)}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


# ---- 下一个卡点：几种判据 -------------------------------------------------------------------------------


def side(iso3: str) -> str:
    """一个经济体算哪一边：中国、美日荷（同 :data:`industry_chain.BLOC`）、其他。"""
    return SIDES[0] if iso3 == "CHN" else SIDES[1] if iso3 in chain.BLOC else SIDES[2]


@cache
def shares() -> pd.DataFrame:
    """两张图上有份额的节点与各家的份额（%）：``graph``、``node``、``name``、``provider``、``share``。

    芯片图不含阶段合计与成品；矿产图不含有矛盾的氢与 15 种分列的稀土（同“开放合作”一章）。
    """
    nodes = chain.chip_nodes()
    nodes = nodes[~nodes["kind"].isin(["stage", "output"])]
    chips, rocks = chain.chip_shares(), chain.material_shares()
    chips = chips[chips["node"].isin(nodes.index)].assign(graph=CHIPS)
    rocks = rocks[rocks["node"].isin(opened.kept(MINERALS, rare=False))].assign(graph=MINERALS)
    called = pd.concat([nodes["name_zh"], data.load("crm_nodes").set_index("node_id")["name_zh"]])
    both = pd.concat([chips, rocks], ignore_index=True).dropna(subset="share")
    both = both[~both["provider"].isin(chain.RESIDUAL)]
    return both.assign(name=both["node"].map(called))[["graph", "node", "name", "provider", "share"]]


@cache
def held(threshold: float = chain.CHOKE_SHARE) -> pd.DataFrame:
    """每个节点的最大一家。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``graph``、``name``、``provider``、``share``（%）、``side``，``single`` 达到门槛，``bloc`` 美日荷
        合计（%），``hhi`` 下界（0–1）。
    """
    table = shares().sort_values("share", ascending=False, kind="stable")
    top = table.drop_duplicates("node").set_index("node")
    bloc = table[table["provider"].isin(chain.BLOC)].groupby("node")["share"].sum()
    hhi = table.groupby("node")["share"].apply(_least)
    return top.assign(
        side=top["provider"].map(side),
        single=top["share"].ge(threshold),
        bloc=bloc.reindex(top.index).fillna(0.0),
        hhi=hhi.reindex(top.index),
    )


def _least(listed: pd.Series) -> float:
    """名单不全时 HHI 的下界（0–1）；合计超过一百的按和归一，同 :func:`materials.shares_bounds`。"""
    return concentration.hhi_bounds(listed, max(100.0, float(listed.sum())), tolerance=materials.OVER).low


@cache
def chip_rises() -> pd.Series:
    """芯片设备节点现在最大的一家，比前一版多几个百分点；索引为节点。

    只比两版都有份额、后一版不是沿用旧数、不含改记总部的企业的设备（同 :func:`industry_chain.china_change` 的条件）。
    两版的来源不同，所以“涨”里有多少是口径，分不出。
    """
    both = chain._both()
    kept = both[both["year"].gt(2019) & both["moved"].str.len().eq(0)].index
    before = chain.chip_shares(chain.EARLIER).set_index(["node", "provider"])["share"]
    top = held().loc[held().index.intersection(kept)]
    old = pd.Series({node: before.get((node, row["provider"])) for node, row in top.iterrows()}, dtype=float)
    return (top["share"] - old).dropna()


@cache
def mineral_rises() -> pd.DataFrame:
    """矿产节点现在最大的一家，在逐年的年鉴里每年变几个百分点（Theil–Sen）：索引为节点，``estimate``、``low``、``high``。"""
    book = data.load("mineral_production")
    where = data.load("crm_nodes").set_index("node_id")
    rows = {}
    for node, top in held().query("graph == @MINERALS").iterrows():
        material, stage = where.loc[node, ["material", "stage"]]
        own = book[book["material"].eq(material) & book["stage"].eq(stage)]
        ours = own[own["iso3"].eq(top["provider"])].set_index("year")["share"].sort_index()
        if len(ours) >= ENOUGH:
            rows[node] = inference.slope(ours.index, ours)._asdict()
    return pd.DataFrame.from_dict(rows, orient="index")


@cache
def rising() -> pd.Series:
    """“涨”成立（真）、不成立（假）、没法比（缺失）：索引为节点。"""
    chips, rocks = chip_rises().ge(ROSE), mineral_rises()["low"].gt(0)
    return pd.concat([chips, rocks]).reindex(held().index).astype("boolean")


@cache
def criteria(near: float = NEAR, threshold: float = chain.CHOKE_SHARE, hhi: float | None = None) -> pd.DataFrame:
    """还没有握在一家手里的节点，各种判据成立与否。

    Parameters
    ----------
    near : float
        “近”的下端（%）。
    threshold : float
        独占的门槛（%）。
    hhi : float, optional
        “集”的门槛（0–1）；缺省为“进口依赖”一章的判据（:func:`import_dependence.threshold`）。

    Returns
    -------
    pandas.DataFrame
        索引为节点；:func:`held` 的各列，:data:`CRITERIA` 各列（布尔；“涨”没法比的当作不成立），``met`` 成立几种。
    """
    line = import_dependence.threshold() if hhi is None else hhi
    table = held(threshold)
    table = table[~table["single"]]
    found = table.assign(
        近=table["share"].ge(near),
        盟=table["bloc"].ge(threshold),
        集=table["hhi"].ge(line),
        涨=rising().reindex(table.index).fillna(False).astype(bool),
    )
    return found.assign(met=found[list(CRITERIA)].sum(axis=1))


def holder(row: pd.Series, criterion: str) -> str:
    """照一种判据，候选算在哪一边：“盟”按定义是美日荷，其余看最大的一家。"""
    return SIDES[1] if criterion == "盟" else row["side"]


def by_side(near: float = NEAR, threshold: float = chain.CHOKE_SHARE, hhi: float | None = None) -> pd.DataFrame:
    """每张图、每种判据挑出几个候选，各在哪一边：索引为“图：判据”，列为 :data:`SIDES`；另有“已独占”作对照。"""
    table, every, rows = criteria(near, threshold, hhi), held(threshold), {}
    for graph in (CHIPS, MINERALS):
        now = every[every["graph"].eq(graph) & every["single"]]
        rows[f"{graph}：已独占"] = now["side"].value_counts()
        for name in CRITERIA:
            part = table[table["graph"].eq(graph) & table[name]]
            rows[f"{graph}：{name}"] = pd.Series(
                [holder(r, name) for _, r in part.iterrows()], dtype=object
            ).value_counts()
    return pd.DataFrame(rows).T.reindex(columns=SIDES).fillna(0).astype(int)


def totals() -> dict[str, int]:
    """两张图合计的节点数。

    Returns
    -------
    dict
        ``every`` 有份额的、``single`` 已独占的、``left`` 余下的；``any``、``two``、``four`` 至少合一种、两种、四种的。
    """
    table = criteria()
    return {
        "every": len(held()),
        "single": int(held()["single"].sum()),
        "left": len(table),
        "any": int(table["met"].ge(1).sum()),
        "two": int(table["met"].ge(2).sum()),
        "four": int(table["met"].eq(len(CRITERIA)).sum()),
    }


@cache
def agreement() -> pd.DataFrame:
    """两种判据挑出的是不是同一批；“涨”只在能比的节点里算。

    Returns
    -------
    pandas.DataFrame
        索引为（甲，乙）；``n`` 节点数，``a``、``b`` 各几个，``both`` 都成立，``expected`` 互不相关时应有几个，
        ``jaccard`` 交并比（0–1），``p`` Fisher（双侧）。
    """
    table, rows = criteria(), {}
    able = rising().reindex(table.index).notna()
    for at, first in enumerate(CRITERIA):
        for second in CRITERIA[at + 1 :]:
            part = table[able] if "涨" in (first, second) else table
            a, b = part[first], part[second]
            cells = pd.crosstab(a, b).reindex(index=[False, True], columns=[False, True], fill_value=0)
            rows[first, second] = {
                "n": len(part), "a": int(a.sum()), "b": int(b.sum()), "both": int((a & b).sum()),
                "expected": a.sum() * b.sum() / len(part), "jaccard": (a & b).sum() / max((a | b).sum(), 1),
                "p": float(stats.fisher_exact(cells.to_numpy()).pvalue),
            }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def china_first() -> pd.Series:
    """每种判据，两张图合起来，候选里中国握着的比例（0–1）：索引为判据；按定义只在一边的“盟”不算。"""
    found = by_side()
    out = {}
    for name in CRITERIA:
        rows = found.loc[[f"{CHIPS}：{name}", f"{MINERALS}：{name}"]].sum()
        if name != "盟":
            out[name] = rows[SIDES[0]] / rows.sum()
    return pd.Series(out)


@cache
def variants() -> pd.DataFrame:
    """换界线之后各判据挑出几个、两张图里中国各握几个：索引为做法，列为文字“个数（中国）”。"""
    ways = {f"近的下端 {v:g}%": criteria(near=v) for v in NEARS}
    ways |= {f"独占的门槛 {v:g}%": criteria(threshold=v, near=min(NEAR, v - 15)) for v in (60.0, 70.0)}
    ways |= {f"集的门槛 {import_dependence.antitrust():g}": criteria(hhi=import_dependence.antitrust())}
    leaves = set(chain.leaves())
    main = criteria()
    ways |= {"芯片图只数叶子": main[main["graph"].eq(MINERALS) | main.index.isin(leaves)]}
    return pd.DataFrame.from_dict({k: _said(v) for k, v in ways.items()}, orient="index")


def _said(table: pd.DataFrame) -> dict[str, str]:
    out = {}
    for graph in (CHIPS, MINERALS):
        part = table[table["graph"].eq(graph)]
        for name in ("近", "集", "涨"):
            hit = part[part[name]]
            out[f"{graph}：{name}"] = f"{len(hit)}（{(hit['side'] == SIDES[0]).sum()}）"
    return out


# ---- 别人的预测 ---------------------------------------------------------------------------------------


@cache
def forecasts(year: int = FORECAST) -> pd.DataFrame:
    """国际能源署：每种矿物每个环节最大的一家，今年的估计与对 ``year`` 年的预测（%）。

    Returns
    -------
    pandas.DataFrame
        索引为“材料（环节）：国家”；``now``、``then``，``enters`` 由门槛以下到以上，``leaves`` 由以上到以下。
    """
    table = data.load("iea_minerals").query("iso3 != 'ROW'")
    base, later = (table[table["year"].eq(y)] for y in (2024, year))
    top = base.sort_values("share", ascending=False, kind="stable").drop_duplicates(["material", "stage"])
    both = top.merge(later, on=["material", "stage", "iso3"], suffixes=("", "_then"))
    label = {c: data.labels("iea_minerals", c) for c in ("material", "stage")}
    called = import_dependence.names()
    index = [
        f"{label['material'][r.material].split('（')[0]}（{label['stage'][r.stage]}）：{called[r.iso3]}"
        for r in both.itertuples()
    ]
    frame = pd.DataFrame({"now": both["share"].to_numpy(), "then": both["share_then"].to_numpy()}, index=index)
    line = chain.CHOKE_SHARE
    frame = frame.assign(
        enters=frame["now"].lt(line) & frame["then"].ge(line), leaves=frame["now"].ge(line) & frame["then"].lt(line)
    )
    return frame.sort_values("now", ascending=False)


# ---- 各领域有什么、缺什么 -------------------------------------------------------------------------------


def _depth(field: str) -> str:
    found = years().query("field == @field").groupby("series").size()
    return f"{len(found)} 个指标，每个至多 {found.max()} 年"


@cache
def fronts() -> pd.DataFrame:
    """前沿各领域：``field``、``has`` 有什么数、``missing`` 没有的、``so`` 因此说不了什么。"""
    moved, share = four_paths.last_steps()["estimate"], international.iter_shares()
    table, silent_ = themed(), silent()
    readers = literacy()["all"].dropna()
    blank = silent_.loc[~silent_["given"], "name"]
    change = f"{moved.min():+.2f} 到 {moved.max():+.2f} 个百分点".replace("-", "−")
    rows = [
        ("人工智能", f"{_depth('人工智能')}；追溯计数 {models().index[0]}–{models().index[-1]} 年",
         f"算力；设计环节里 {len(blank)} 个没有份额（{'、'.join(blank)}）",
         "谁握着芯片这一环"),
        ("量子", _depth("量子"), "器件、制冷、材料的供应者；错误率", "谁领先；缺谁不可"),
        ("创新药", _depth("创新药"), "授权的实收；试剂、耗材、设备的供应者", "授权换来多少收入"),
        ("数字化转型", f"工业互联网占 GDP，末一年变动 {change}，看怎么算",
         "工具是国产还是进口；用得怎样", "转型进没进"),
        ("大科学工程", f"ITER：{len(share)} 方的费用，中国 {share['CHN']:g}%；承担的采购项",
         "进度、返工、超支", "谁学到了什么"),
        ("气候合作",
         f"有中国机构的欧盟项目：前段 {table.loc['气候', 'before']} 个，后段 {table.loc['气候', 'after']} 个",
         "出资、联合观测、排放清单的共用；别的渠道", "合作的多少"),
        ("健康合作", f"同一渠道：前段 {table.loc['健康', 'before']} 个，后段 {table.loc['健康', 'after']} 个",
         "病原、疫苗、临床数据的共用；别的渠道", "合作的多少"),
        ("创新文化", f"科学素质 {len(readers)} 年，{SURVEY_BREAK} 年换了调查方式；容错条款",
         "与创新结果相连的数；容错的执行", "文化起了什么作用"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["field", "has", "missing", "so"])


# ---- 汇总 --------------------------------------------------------------------------------------------


def silent() -> pd.DataFrame:
    """芯片图的设计环节：``name``、``given`` 有没有给份额。"""
    nodes = chain.chip_nodes().query("kind == 'design_segment'")
    given = set(chain.with_shares())
    return pd.DataFrame({"name": nodes["name_zh"], "given": [v in given for v in nodes.index]}, index=nodes.index)


def rise_chance() -> dict[str, float]:
    """年鉴里最大一家的份额，区间整个在零以上的 ``up``、以下的 ``down`` 几种，共 ``kinds`` 种。

    ``walk`` 是一年接一年、每步升降各半时，区间不含零的期望种数：年份这样少，不含零就是各年一路同向，每种的机会是
    ``2 / 2**(n - 1)``（同 :func:`materials.trend_chance`）；``p`` 是随机游走里至少有这么多种的概率（各种当作独立）。
    """
    found = mineral_rises()
    steps_ = data.load("mineral_production")["year"].nunique() - 1
    clear = int((found["low"].gt(0) | found["high"].lt(0)).sum())
    chance = 2 / 2**steps_
    return {
        "up": int(found["low"].gt(0).sum()),
        "down": int(found["high"].lt(0).sum()),
        "kinds": len(found),
        "walk": chance * len(found),
        "p": float(stats.binom.sf(clear - 1, len(found), chance)),
    }


def _for(row: pd.Series) -> str:
    parts = [f"占 {row['share']:g}%"]
    parts += [f"美日荷合占 {row['bloc']:g}%"] if row["盟"] else []
    return "，".join(parts)


def _against(node: str, row: pd.Series) -> str:
    able = pd.notna(rising().get(node))
    unmet = [
        f"“{c}”" for c in CRITERIA if not row[c] and (able or c != "涨") and not (row["side"] != SIDES[1] and c == "盟")
    ]
    parts = [f"不合{'、'.join(unmet)}"] if unmet else []
    parts += [] if able else ["“涨”没法比"]
    return "；".join([*parts, _elsewhere(node, row)])


def _elsewhere(node: str, row: pd.Series) -> str:
    """另一版或另一来源怎么说。"""
    called = import_dependence.names()
    if row["graph"] == MINERALS:
        where = data.load("crm_nodes").set_index("node_id").loc[node]
        said = materials.share_of(row["provider"], where["material"], where["stage"])
        own = sorted(v for v in said.values() if abs(v - row["share"]) > 1)
        return (
            f"别的来源作 {own[0]:.0f}%–{own[-1]:.0f}%"
            if len(own) > 1
            else f"别的来源作 {own[0]:.0f}%"
            if own
            else "没有第二个来源"
        )
    before = chain.chip_shares(chain.EARLIER).query("node == @node").dropna(subset="share")
    if before.empty:
        return "前一版没有份额"
    old = before.sort_values("share", ascending=False, kind="stable").iloc[0]
    if old["provider"] != row["provider"]:
        return f"前一版最大的是{called[old['provider']]}（{old['share']:g}%）"
    return f"前一版 {old['share']:g}%" + ("" if node in chip_rises().index else "，两版不可比")


@cache
def candidates(least: int = LEAST) -> pd.DataFrame:
    """至少成立 ``least`` 种判据的候选（芯片图只列叶子）。

    列 ``name``、``holder``、``which`` 判据、``reasons``、``against``；芯片图在前，图内成立得多的在前，再依份额。
    """
    table, called = criteria(), import_dependence.names()
    table = table[table["met"].ge(least) & (table["graph"].eq(MINERALS) | table.index.isin(chain.leaves()))]
    table = table.sort_values(["graph", "met", "share"], ascending=[False, False, False], kind="stable")
    rows = {
        node: {
            "name": row["name"], "holder": called[row["provider"]],
            "which": "、".join(c for c in CRITERIA if row[c]), "reasons": _for(row), "against": _against(node, row),
        }
        for node, row in table.iterrows()
    }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def comparisons() -> dict[str, int]:
    """本章看过几个比较：``all``；单个过线的 ``seen``（区间不含“没有变”，或 p 小）；照个数校正仍过线的 ``kept``。

    “近”“盟”“集”都由同一批份额算出，两两重合是构造使然，不算比较；与“涨”的重合算。
    """
    rise = agreement()["p"][[k for k in agreement().index if "涨" in k]]
    p = [*revisions()["p"], *theme_tests()["p"], *rise, rise_chance()["p"]]
    spans = [
        *fits()[["low", "high"]].itertuples(index=False),
        *steps()[["low", "high"]].itertuples(index=False),
        new_drugs()[1:],
    ]
    out = [bool(v < 1 - inference.LEVEL) for v in p] + [not low <= 1 <= high for low, high in spans]
    cut = (1 - inference.LEVEL) / len(out)
    kept = sum(v < cut for v in p)
    return {"all": len(out), "seen": sum(out), "kept": int(kept)}


def survivals() -> pd.DataFrame:
    """几句话换了选择还在不在：``claim``、``choice`` 换什么、``result``（文字）、``holds`` 全都成立。"""
    way, fit_, tests, flips, book = variants(), fits(), theme_tests(), fields()["flips"], yearbook_near()
    clear = int((fit_["low"] > 1).sum())
    climate = tests.xs("气候", level=1)["p"].lt(1 - inference.LEVEL)
    chips = [by_side().loc[f"{CHIPS}：{c}", SIDES[0]] / by_side().loc[f"{CHIPS}：{c}"].sum() for c in CRITERIA]
    rocks = way.loc[way.index.str.startswith(("近", "独占")), f"{MINERALS}：近"].map(_ratio)
    even = (rocks > EVEN / 100).sum()
    rows = [
        ("换数法，先后倒过来：不是量子特有", f"{len(flips)} 个技术领域",
         f"{flips.sum()} 个也倒过来；按国际申请，全部领域中国是美国的 {abroad()['ratio']:.1f} 倍", bool(flips.all())),
        ("中国的模型占比在升", "首年、分母", f"{len(fit_)} 种做法里 {clear} 种的区间在“不变”以上", clear == len(fit_)),
        ("气候项目比别的经得起", "怎样认主题", f"{len(climate)} 种认法里 {climate.sum()} 种分得清",
         bool(climate.all())),
        ("芯片图上的候选多在中国以外", "判据", f"中国占 {min(chips):.0%}–{max(chips):.0%}", max(chips) < EVEN / 100),
        ("矿产图上“近”的，中国占多数", "界线、来源",
         f"{len(rocks)} 种界线里 {even} 种成立；换成年鉴，{len(book)} 个里 {(book['side'] == SIDES[0]).sum()} 个",
         bool((rocks > EVEN / 100).all() and (book["side"] == SIDES[0]).mean() > EVEN / 100)),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["claim", "choice", "result", "holds"])


@cache
def yearbook_near() -> pd.DataFrame:
    """换成年鉴（最近一年，种类少、多为开采）：“近”的矿物，``share``、``side``；索引为（矿物，环节）代码。"""
    book = data.load("mineral_production")
    top = book[book["year"].eq(book["year"].max())].sort_values("share", ascending=False, kind="stable")
    top = top.drop_duplicates(["material", "stage"]).set_index(["material", "stage"])
    near = top[top["share"].ge(NEAR) & top["share"].lt(chain.CHOKE_SHARE)]
    return near.assign(side=near["iso3"].map(side))[["share", "side"]]


def by_stage() -> pd.DataFrame:
    """矿产图上“近”的候选按环节：行为 ``extraction``、``processing``，列 ``near`` 个数、``china`` 其中中国的。"""
    table = criteria()
    near = table[table["graph"].eq(MINERALS) & table["近"]]
    stage = data.load("crm_nodes").set_index("node_id")["stage"].reindex(near.index)
    ours = near["side"].eq(SIDES[0])
    return pd.DataFrame({"near": stage.value_counts(), "china": stage[ours].value_counts()}).fillna(0).astype(int)


def _ratio(said: str) -> float:
    """“个数（中国）”里中国的比例。"""
    every, ours = said.rstrip("）").split("（")
    return int(ours) / int(every)


@cache
def headline() -> dict[str, float]:
    """本章主要数字，供本章与结语共用：前沿指标的年数，模型占比的斜率，候选的个数。"""
    counts, total, rise = year_counts(), totals(), fit()
    sides = by_side()
    return {
        "series": counts["series"], "several": counts["several"], "enough": counts["enough"],
        "slope": rise["estimate"], "slope_low": rise["low"], "slope_high": rise["high"],
        "flips": int(fields()["flips"].sum()), "fields": len(fields()),
        "open": total["left"], "any": total["any"], "two": total["two"], "four": total["four"],
        "near_chips": int(sides.loc[f"{CHIPS}：近"].sum()),
        "near_chips_china": int(sides.loc[f"{CHIPS}：近", SIDES[0]]),
        "near_minerals": int(sides.loc[f"{MINERALS}：近"].sum()),
        "near_minerals_china": int(sides.loc[f"{MINERALS}：近", SIDES[0]]),
        "enters": int(forecasts()["enters"].sum()), "leaves": int(forecasts()["leaves"].sum()),
    }  # fmt: skip
