"""“产业基础与协同一起长吗”一章的数字：各省的耦合协调度，换着做法重算，再问两边的变化是否相关。

没有分省的产业基础数据：“基础”一边只有研发与专利，“协同”一边只有技术合同与研发经费里的企业资金。协调度的区间是做法的
不确定；相关的区间是对省重抽样；“打乱”是把一边的整条序列在省之间重新分配。都不说口径与登记的误差。
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from .. import coupling, inference
from . import cross_regional as crr

#: 六项指标都有数的首末年；技术合同比企业资金早一年（缺北京 2012 年的企业资金）。
FIRST, LAST = 2013, crr.LAST
START = crr.CONTRACT_FIRST
#: 没有 2017 年以前合同输出额的一省：看变化时不含它。
TIBET = crr.UNCOVERED
BEIJING, GUANGDONG, JIANGSU = crr.BEIJING, "CN-GD", "CN-JS"
BASE, LINK = "研发与专利基础", "技术交易与企业出资"
#: 换做法的次数（两种版本各这么多）、打乱与重抽样的次数。
DRAWS = 200
NULLS = 1999
RESAMPLES = 2000
#: 各省按 GDP 分成几组，只在组内打乱。
BANDS = 6
#: 同一次抽取里比，多少次同一方向才算有别；区间所含的比例；名次前几；C 多高算“挤在顶上”。
SHARE, INNER, TOP, HIGH = 0.95, 0.9, 5, 0.9
#: 面板的指标代码 → 规模版的列名，及所属的子系统。
SIZE = {
    "研发经费": "rd_internal_total",
    "研发人员": "rd_fte_total",
    "有效发明专利": "patent_valid_invention",
    "合同输出": crr.OUT,
    "合同吸纳": crr.IN,
    "企业资金": "rd_fund_enterprise",
}
SYSTEMS = {
    "规模": {BASE: list(SIZE)[:3], LINK: list(SIZE)[3:]},
    "强度": {
        BASE: ["研发经费 ÷ GDP", "研发经费 ÷ 人员", "有效发明专利 ÷ 人员"],
        LINK: ["合同输出 ÷ 分母", "合同吸纳 ÷ 分母", "企业资金占研发经费"],
    },
}
#: 强度版里合同额除以什么；首项是主要的做法。
DENOMINATORS = ("研发人员", "研发经费", "倒推的 GDP", "财政支出")


# ---- 第一步：两个子系统 -----------------------------------------------------------------------------


def _source(code: str, repair: bool) -> pd.DataFrame:
    return crr.repaired(code) if repair else crr.wide(code)


@cache
def panel(
    kind: str = "规模", per: str = DENOMINATORS[0], repair: bool = False, drop: tuple[str, ...] = ()
) -> pd.DataFrame:
    """指标的面板：索引为（年，省份代码），只留六项都有数的格。

    ``kind`` 规模（总量）或强度（有分母）；``per`` 强度版里合同额的分母，见 :data:`DENOMINATORS`；``repair`` 标为离群的
    合同额换不换成前后年的平均；``drop`` 去掉的省份代码。
    """
    size = {name: _source(code, repair) for name, code in SIZE.items()}
    found = size
    if kind == "强度":
        below = {
            "研发人员": size["研发人员"],
            "研发经费": size["研发经费"],
            "倒推的 GDP": crr.implied_gdp(),
            "财政支出": crr.wide("budget_total"),
        }[per]
        found = dict(
            zip(
                [c for columns in SYSTEMS["强度"].values() for c in columns],
                [
                    crr.wide("rd_intensity"),
                    size["研发经费"] / size["研发人员"],
                    size["有效发明专利"] / size["研发人员"],
                    size["合同输出"] / below,
                    size["合同吸纳"] / below,
                    size["企业资金"] / size["研发经费"],
                ],
                strict=True,
            )
        )
    long = pd.DataFrame({name: table.loc[FIRST:LAST].stack() for name, table in found.items()}).dropna()
    return long.drop(list(drop), level="province")


def indicators() -> pd.DataFrame:
    """两个子系统各用哪些指标：``system``、``size``、``intensity``、``not``（它不是什么）。"""
    said = [
        "钱花了不等于做成了",
        "人在不等于人强",
        "有效不等于在用",
        "登记的金额，按卖方所在地",
        "按买方所在地",
        "多半是企业给自己做研发",
    ]
    rows = [
        (system, size, ratio.replace("分母", DENOMINATORS[0]), note)
        for (system, size, ratio), note in zip(
            [(s, a, b) for s in (BASE, LINK) for a, b in zip(SYSTEMS["规模"][s], SYSTEMS["强度"][s], strict=True)],
            said,
            strict=True,
        )
    ]
    return pd.DataFrame(rows, columns=["system", "size", "intensity", "not"])


def enterprise_share() -> float:
    """末年各省企业资金之和占研发经费之和（0–1，年鉴）。"""
    now = panel().xs(LAST, level="year")
    return float(now["企业资金"].sum() / now["研发经费"].sum())


@cache
def level(kind: str = "规模", scale: str = "min-max", **options) -> pd.DataFrame:
    """两个子系统在整个面板里的水平（等权），0–1；``options`` 同 :func:`panel`。"""
    return coupling.levels(panel(kind, **options), SYSTEMS[kind], scale)


def degree(kind: str = "规模", form: str = "corrected", year: int = LAST, **options) -> pd.Series:
    """一年的协调度 D，索引为省份代码；``options`` 同 :func:`level`。"""
    return coupling.coordination(level(kind, **options), form)["d"].xs(year, level="year")


def identity() -> dict[str, float]:
    """通行写法的 D 与 (U₁U₂)^¼ 最多差多少 ``gap``，及它与几何平均的名次相关 ``rank``（整个面板）。"""
    u = level()
    d = coupling.coordination(u)["d"]
    product = u.prod(axis=1)
    return {"gap": float((d - product**0.25).abs().max()), "rank": float(d.corr(np.sqrt(product), "spearman"))}


@cache
def closeness(kind: str = "规模") -> pd.DataFrame:
    """整个面板的耦合度 C：列为写法，一行一省一年。"""
    label = {"original": "通行写法", "corrected": "修正写法"}
    return pd.DataFrame({label[f]: coupling.coupling(level(kind), f) for f in coupling.FORMS})


def crowded(kind: str = "规模") -> pd.Series:
    """C 不低于 :data:`HIGH` 的占比（0–1），索引为写法。"""
    return (closeness(kind) >= HIGH).mean()


#: C 的直方图的分格。
EDGES = np.linspace(0, 1, 21)
#: 一边是另一边的几倍，举例用。
TIMES = 4


def example() -> float:
    """一边是另一边的 :data:`TIMES` 倍时，通行写法的 C。"""
    return float(coupling.coupling(pd.DataFrame({"a": [0.2], "b": [0.2 * TIMES]}))[0])


# ---- 第二步：规模与强度 -----------------------------------------------------------------------------


@cache
def both(form: str = "corrected") -> pd.DataFrame:
    """末年两种版本的协调度与名次：索引为简称，列 ``规模``、``强度``、``规模名次``、``强度名次``，依规模由高到低。"""
    found = pd.DataFrame({kind: degree(kind, form) for kind in SYSTEMS}).rename(index=crr.names())
    places = found.rank(ascending=False).astype(int).add_suffix("名次")
    return found.join(places).sort_values("规模", ascending=False)


def moved(n: int = 3, form: str = "corrected") -> dict[str, list[str]]:
    """由规模换成强度，名次升得最多 ``up``、降得最多 ``down`` 的省，如 ``青海（30→14）``。"""
    table = both(form)
    gain = table["规模名次"] - table["强度名次"]
    say = {name: f"{name}（{table.loc[name, '规模名次']}→{table.loc[name, '强度名次']}）" for name in table.index}
    return {
        "up": [say[k] for k in gain.nlargest(n).index],
        "down": [say[k] for k in gain.nsmallest(n).index],
    }


def size_link() -> dict[str, float]:
    """末年协调度与倒推的 GDP 的名次相关（−1 到 1），索引为版本；GDP 不在指标之内，可以当作省的大小。"""
    gdp = crr.implied_gdp().loc[LAST]
    return {kind: float(degree(kind).corr(gdp, "spearman")) for kind in SYSTEMS}


def _correlation(frame: pd.DataFrame) -> float:
    return float(np.corrcoef(frame.to_numpy(float).T)[0, 1])


@cache
def denominators() -> pd.DataFrame:
    """强度版换分母：末年两个子系统的相关 ``estimate`` 与对省重抽样的 ``low``、``high``，去掉北京 ``rest``，名次相关
    ``spearman``，只用合同 ``contracts``（都在 −1 到 1），修正写法协调度的前五名 ``top``。"""
    rows = {}
    link = [c for c in SYSTEMS["强度"][LINK] if "÷" in c]
    for per in DENOMINATORS:
        u = level("强度", per=per).xs(LAST, level="year")
        only = coupling.levels(panel("强度", per), {BASE: SYSTEMS["强度"][BASE], LINK: link}).xs(LAST, level="year")
        top = degree("强度", per=per).nlargest(TOP).index
        rows[per] = inference.bootstrap(u, _correlation, draws=RESAMPLES // 2)._asdict() | {
            "rest": _correlation(u.drop(BEIJING)),
            "spearman": u[BASE].corr(u[LINK], "spearman"),
            "contracts": _correlation(only),
            "top": "、".join(crr.names()[top]),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def denominator_table() -> pd.DataFrame:
    """:func:`denominators` 写成文字的表。"""
    found = denominators()
    said_ = [crr.said((r.estimate, r.low, r.high), ".2f", brief=True) for r in found.itertuples()]
    numbers = found[["rest", "spearman", "contracts"]].map("{:.2f}".format)
    return pd.concat([pd.Series(said_, index=found.index, name="estimate"), numbers, found["top"]], axis=1)


# ---- 第三步：换着做法重算 ---------------------------------------------------------------------------


@cache
def drawn(kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """换着做法重算末年的协调度：``values`` 索引为简称，一列一次；``chosen`` 一行一次。强度版的分母平均分给各种。"""
    panels = [panel(kind)] if kind == "规模" else [panel(kind, per) for per in DENOMINATORS]
    values, chosen = [], []
    for i, own in enumerate(panels):
        found, how = coupling.draws(own, SYSTEMS[kind], DRAWS // len(panels), seed=inference.SEED + i)
        values.append(found.xs(LAST, level="year").rename(index=crr.names()))
        chosen.append(how)
    return pd.concat(values, axis=1, ignore_index=True), pd.concat(chosen, ignore_index=True)


@cache
def rank_rows(kind: str) -> pd.DataFrame:
    """每省名次的 ``median`` 与区间 ``low``、``high``，进前几名的 ``top_share``，另一版本的中位名次 ``reference``。"""
    ranks = {k: drawn(k)[0].rank(ascending=False) for k in SYSTEMS}
    other = next(k for k in SYSTEMS if k != kind)
    frame = coupling.intervals(ranks[kind], INNER)
    frame["top_share"] = (ranks[kind] <= TOP).mean(axis=1)
    frame["reference"] = ranks[other].median(axis=1)
    return frame.sort_values(["median", "high", "low"])


@cache
def apart(kind: str) -> dict[str, float]:
    """分得开的 ``pairs`` 对（共 ``total``），相邻名次 ``adjacent`` 对（共 ``neighbours``），名次区间中位 ``width``。"""
    values, order = drawn(kind)[0], rank_rows(kind)
    clear = coupling.separable(values, SHARE)
    upper = [clear.loc[a, b] for a, b in zip(order.index[:-1], order.index[1:], strict=True)]
    n = len(values)
    return {
        "pairs": int(clear.to_numpy().sum()),
        "total": n * (n - 1) // 2,
        "adjacent": int(sum(upper)),
        "neighbours": n - 1,
        "width": float((order["high"] - order["low"]).median()),
    }


@cache
def grades(kind: str) -> pd.Series:
    """每省在各次抽取里落进过几个级，索引为简称。"""
    long = drawn(kind)[0].stack()
    return coupling.grade(long).groupby(level=0).nunique()


def scale_medians(kind: str = "规模") -> pd.Series:
    """三种归一办法下，31 省协调度中位数的中位数：索引为办法。"""
    values, how = drawn(kind)
    return values.median().groupby(how["scale"]).median().reindex(coupling.SCALES)


# ---- 第四步：打乱、安慰剂、去掉谁 -------------------------------------------------------------------


def bands() -> pd.Series:
    """末年各省按倒推的 GDP 由小到大分成 :data:`BANDS` 组：索引为省份代码，值为组号。"""
    place = crr.implied_gdp().loc[LAST].rank(method="first") - 1
    return (place * BANDS // len(place)).astype(int)


@cache
def shuffles() -> pd.DataFrame:
    """末年的平均协调度 ``real``，与打乱配对之后的 ``mean``、``low``、``high``：一行一种配对 ``pair`` 与写法 ``form``。

    ``drop`` 打乱后低多少（0–1），``outside`` 实际在不在打乱的范围之外。“只用合同”去掉与研发经费重复的企业资金；
    “财政支出”是安慰剂：它不是协同；“同组”只在 GDP 相近的省之间打乱，见 :func:`bands`。
    """
    budget = crr.wide("budget_total").loc[FIRST:LAST].stack().rename("财政支出")
    foundation, link = SYSTEMS["规模"][BASE], SYSTEMS["规模"][LINK]
    contracts = coupling.levels(panel(), {BASE: foundation, LINK: link[:2]})
    placebo = coupling.levels(panel().join(budget), {BASE: foundation, "财政": ["财政支出"]})
    pairs = {
        "规模": (level(), None),
        "规模，只用合同": (contracts, None),
        "规模，只用合同，同组": (contracts, bands()),
        "规模，财政顶替": (placebo, None),
        "规模，财政顶替，同组": (placebo, bands()),
    } | {f"强度（合同 ÷ {per}）": (level("强度", per=per), None) for per in DENOMINATORS}
    rows = []
    for pair, (u, within) in pairs.items():
        now = u.xs(LAST, level="year")
        for form in coupling.FORMS:
            real, mean, low, high = coupling.shuffled(now, form, count=NULLS, within=within)
            rows.append((pair, form, real, mean, low, high, 1 - mean / real, not low <= real <= high))
    return pd.DataFrame(rows, columns=["pair", "form", "real", "mean", "low", "high", "drop", "outside"])


def shuffle_table() -> pd.DataFrame:
    """:func:`shuffles` 写成文字的表，一行一种配对：修正写法的数，与通行写法低多少；落在打乱的范围之内的注明分不清。"""
    t = shuffles()
    t = t.assign(fall=t["drop"].map("{:.1%}".format) + np.where(t["outside"], "", "，分不清"))
    new, old = (t[t["form"] == form].set_index("pair") for form in ("corrected", "original"))
    return pd.DataFrame(
        {
            "real": new["real"].map("{:.3f}".format),
            "mean": [f"{r.mean:.3f}（{r.low:.3f}–{r.high:.3f}）" for r in new.itertuples()],
            "fall": new["fall"],
            "original": old["fall"],
        }
    )


def without_table() -> pd.DataFrame:
    """:func:`without` 写成文字的表，两种写法的换级并列。"""
    t, other = without("original"), without("corrected")
    return pd.DataFrame(
        {
            "drop": t.index,
            "mean": [crr._signed(v, "+.3f") for v in t["mean"]],
            "most": [
                f"{w} {crr._signed(v, '+.3f')}" if w != "—" else "—" for w, v in zip(t["who"], t["most"], strict=True)
            ],
            "regraded": t["regraded"].to_numpy(),
            "corrected": other["regraded"].to_numpy(),
            "rank": t["rank"].map("{:.3f}".format).to_numpy(),
        }
    )


@cache
def without(form: str = "original") -> pd.DataFrame:
    """去掉一省，其余各省末年规模版的协调度怎样变：索引为简称；``mean`` 平均变化、``most`` 变得最多的（带符号）、
    ``who``、``regraded`` 换了级的省数、``rank`` 名次相关。"""
    whole, rows = degree(form=form), {}
    for code in (BEIJING, GUANGDONG, JIANGSU, TIBET):
        rest = degree(form=form, drop=(code,))
        kept = whole.drop(code)
        change = rest - kept
        rows[crr.names()[code]] = {
            "mean": change.mean(),
            "most": change[change.abs().idxmax()],
            "who": crr.names()[change.abs().idxmax()] if change.abs().max() > 5e-4 else "—",
            "regraded": int((coupling.grade(rest) != coupling.grade(kept)).sum()),
            "rank": rest.corr(kept, "spearman"),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


@cache
def risen() -> dict[str, int]:
    """规模版的协调度首末年之间升了的省数 ``up``，分母 ``total``（不含西藏）。"""
    d = coupling.coordination(level(), "corrected")["d"].unstack("province").drop(columns=TIBET)
    return {"up": int((d.loc[LAST] > d.loc[FIRST]).sum()), "total": d.shape[1]}


# ---- 第五步：变化是否相关 ---------------------------------------------------------------------------

FOUNDATION = ("rd_internal_total", "rd_fte_total", "patent_valid_invention")
CONTRACTS = (crr.OUT, crr.IN)
MONEY, BUDGET = "rd_fund_enterprise", "budget_total"
#: 标过离群的省。
MARKED = ("CN-GX", "CN-QH", "CN-HL")


@cache
def logs(codes: tuple[str, ...], repair: bool = False) -> pd.DataFrame:
    """几项指标自然对数的平均，年 × 30 省（不含西藏）；即几何平均的对数。"""
    tables = [np.log(_source(c, repair).drop(columns=TIBET).loc[START:LAST]) for c in codes]
    return sum(tables) / len(tables)


def _net(table: pd.DataFrame, own: bool) -> np.ndarray:
    """减去当年各省的平均；``own`` 则再减去本省各年的平均。"""
    x = table.to_numpy(float)
    x = x - x.mean(axis=1, keepdims=True)
    return x - x.mean(axis=0) if own else x


def _r(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """年 × 省的两个数组的相关；中间多一维（各次重抽），则一次一个。"""
    axes = (0, -1)
    return (a * b).sum(axes) / np.sqrt((a * a).sum(axes) * (b * b).sum(axes))


def _picks(n: int) -> np.ndarray:
    """对省整条重抽样的各次取法，(次数, n)。"""
    return np.random.default_rng(inference.SEED).integers(n, size=(RESAMPLES, n))


@cache
def associate(
    first: tuple[str, ...] = FOUNDATION,
    second: tuple[str, ...] = CONTRACTS,
    step: int = 1,
    lead: int = 0,
    own: bool = False,
    repair: bool = False,
    drop: tuple[str, ...] = (),
) -> dict[str, float]:
    """两边的变化是否相关：各取相隔 ``step`` 年的对数变化，减去当年各省的平均，再算相关。

    ``first``、``second`` 两边的指标代码；``lead`` 正数则 ``first`` 早几年，负数则 ``second`` 早几年；``own`` 再减去本省
    各年的平均变化，只看省内偏离自己趋势的部分。相隔多年的窗互相重叠，所以区间只对省整条重抽样。

    Returns
    -------
    dict
        ``estimate`` 与 95% 区间 ``low``、``high``；``null_low``、``null_high``、``p``：把 ``second`` 的整条序列在省之间
        打乱（共同的起伏与各自的前后相关都保留）的中间 95% 与双侧概率；``years`` 变化的年数。
    """
    x, y = (logs(codes, repair).drop(columns=list(drop)).diff(step) for codes in (first, second))
    x = x.shift(lead) if lead > 0 else x
    y = y.shift(-lead) if lead < 0 else y
    common = x.dropna().index.intersection(y.dropna().index)
    a, b = _net(x.loc[common], own), _net(y.loc[common], own)
    n = a.shape[1]
    order = np.random.default_rng(inference.SEED).permuted(np.tile(np.arange(n), (NULLS, 1)), axis=1)
    picks, estimate = _picks(n), float(_r(a, b))
    null = _r(a[:, None, :], b[:, order])
    low, high = np.quantile(_r(a[:, picks], b[:, picks]), [0.025, 0.975])
    null_low, null_high = np.quantile(null, [0.025, 0.975])
    p = (1 + (np.abs(null) >= abs(estimate)).sum()) / (1 + NULLS)
    return {
        "estimate": estimate, "low": float(low), "high": float(high),
        "null_low": float(null_low), "null_high": float(null_high), "p": float(p), "years": len(common),
    }  # fmt: skip


#: 逐年变化的各种做法：名称 → :func:`associate` 的参数；都减去当年各省的平均与本省各年的平均。
VARIANTS = {
    "基础 × 合同": {},
    "换掉离群的格": {"repair": True},
    "去掉三个标过离群的省": {"drop": MARKED},
    "只看合同输出": {"second": (crr.OUT,)},
    "只看合同吸纳": {"second": (crr.IN,)},
    "合同项数": {"second": ("tech_contract_out_count", "tech_contract_in_count")},
    "基础早一年": {"lead": 1},
    "合同早一年": {"lead": -1},
}
#: 对照：应当相关的，与协同无关的。
CONTROLS = {
    "对照：研发经费 × 研发人员": {"first": ("rd_internal_total",), "second": ("rd_fte_total",)},
    "对照：合同输出 × 吸纳": {"first": (crr.OUT,), "second": (crr.IN,)},
    "安慰剂：财政支出 × 合同": {"first": (BUDGET,)},
}


@cache
def yearly(own: bool = True) -> pd.DataFrame:
    """逐年变化的相关：索引为做法与对照，列同 :func:`associate`；``own`` 见彼处。"""
    return pd.DataFrame.from_dict(
        {k: associate(own=own, **v) for k, v in (VARIANTS | CONTROLS).items()}, orient="index"
    )


def outside(own: bool = True) -> list[str]:
    """逐年的做法（不含对照）里，落在打乱的范围之外的。"""
    found = yearly(own).loc[list(VARIANTS)]
    return list(found.index[(found["estimate"] < found["null_low"]) | (found["estimate"] > found["null_high"])])


def yearly_span() -> str:
    """逐年各种做法的相关，最小到最大。"""
    return _span(yearly().loc[list(VARIANTS), "estimate"], ".2f")


def survivors(own: bool) -> list[str]:
    """同上，概率乘以做法的个数（Bonferroni）之后仍小于 0.05 的。"""
    found = yearly(own).loc[list(VARIANTS), "p"] * len(VARIANTS)
    return list(found.index[found < 1 - SHARE])


def enterprise_added() -> dict[str, dict[str, float]]:
    """企业资金也算协同，逐年的相关：``part`` 的基础含研发经费（大半就是企业资金），``rest`` 只留人员与专利。"""
    link = (*CONTRACTS, MONEY)
    return {"part": associate(second=link, own=True), "rest": associate(first=FOUNDATION[1:], second=link, own=True)}


def _point(first: tuple[str, ...], step: int, repair: bool = False) -> float:
    return float(_r(*(_net(logs(c, repair).diff(step).dropna(), False) for c in (first, CONTRACTS))))


def _lead(step: int) -> dict[str, float]:
    """基础 × 合同的相关比财政支出 × 合同的高多少 ``gap``，与同一次重抽样里相减得到的 95% 区间。"""
    base, link, money = (_net(logs(c).diff(step).dropna(), False) for c in (FOUNDATION, CONTRACTS, (BUDGET,)))
    k = _picks(base.shape[1])
    gap = float(_r(base, link) - _r(money, link))
    low, high = np.quantile(_r(base[:, k], link[:, k]) - _r(money[:, k], link[:, k]), [0.025, 0.975])
    return {"gap": gap, "gap_low": float(low), "gap_high": float(high)}


@cache
def horizons() -> pd.DataFrame:
    """相隔一年到十一年的变化，减去当年各省的平均：索引为年数，列同 :func:`associate`。

    另有 ``placebo``（财政支出 × 合同）、``gap`` 与区间 ``gap_low``、``gap_high``（基础的相关减安慰剂的）、``repaired``
    （换掉离群的格）。
    """
    rows = {}
    for step in range(1, LAST - START + 1):
        extra = {"placebo": _point((BUDGET,), step), "repaired": _point(FOUNDATION, step, repair=True)}
        rows[step] = associate(step=step) | extra | _lead(step)
    return pd.DataFrame.from_dict(rows, orient="index")


def horizon_said(steps: tuple[int, ...] = (1, 5, 11)) -> str:
    """几个间隔的相关、安慰剂与打乱的范围，写成替代文本。"""
    found = horizons()
    return "；".join(
        f"相隔 {k} 年，基础与合同 {found.loc[k, 'estimate']:.2f}，财政支出与合同 {found.loc[k, 'placebo']:.2f}，"
        f"打乱的范围 {_span(found.loc[k, ['null_low', 'null_high']].astype(float), '.2f')}"
        for k in steps
    )


def gap_said() -> str:
    """首末年之间，基础的相关比安慰剂的高多少，连同区间。"""
    return crr.said(horizons().iloc[-1][["gap", "gap_low", "gap_high"]], ".2f")


def horizon_lines() -> pd.DataFrame:
    """供断线图：``line``、``x`` 相隔的年数、``y``、``low``、``high``。"""
    found = horizons()
    parts = {
        "基础 × 合同": found[["estimate", "low", "high"]],
        "财政 × 合同": found[["placebo"]],
        "打乱配对": found[["null_low", "null_high"]].assign(y=0.0)[["y", "null_low", "null_high"]],
    }
    rows = [
        (line, step, *values, *[np.nan] * (3 - len(values)))
        for line, table in parts.items()
        for step, *values in table.itertuples()
    ]
    return pd.DataFrame(rows, columns=["line", "x", "y", "low", "high"])


def _growth(codes: tuple[str, ...], repair: bool = False) -> pd.Series:
    table = logs(codes, repair)
    return table.loc[LAST] - table.loc[START]


def _left(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    design = np.column_stack([np.ones(len(y)), x])
    return y - design @ np.linalg.lstsq(design, y, rcond=None)[0]


@cache
def long_run() -> pd.DataFrame:
    """首末年之间的增长在省之间的相关与偏相关：列 ``estimate``、``low``、``high``（对省重抽样）。"""
    gdp = np.log(crr.implied_gdp()).drop(columns=TIBET)
    begin = pd.DataFrame({"基础": logs(FOUNDATION).loc[START], "合同": logs(CONTRACTS).loc[START]})
    extra = {
        "不扣": pd.DataFrame(index=begin.index),
        "扣财政支出的增长": _growth((BUDGET,)).to_frame(),
        "扣 GDP 的增长": (gdp.loc[LAST] - gdp.loc[START]).to_frame(),
        "扣起点的高低": begin,
    }
    extra["都扣"] = pd.concat([v for v in extra.values() if v.size], axis=1)
    rows = {}
    for label, controls in extra.items():
        frame = pd.concat([_growth(FOUNDATION), _growth(CONTRACTS), controls], axis=1).reset_index(drop=True)
        rows[label] = inference.bootstrap(frame, _partial, draws=RESAMPLES // 2)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])
    table.loc["不扣"] = horizons().iloc[-1][["estimate", "low", "high"]]  # 同一个量只用一个区间
    return table


def _partial(frame: pd.DataFrame) -> float:
    x = frame.to_numpy(float)
    return float(np.corrcoef(_left(x[:, 0], x[:, 2:]), _left(x[:, 1], x[:, 2:]))[0, 1])


@cache
def long_drop_one() -> pd.Series:
    """每次去掉一省，2012 到 2023 年增长的相关；索引为简称，由小到大。"""
    a, b = _growth(FOUNDATION), _growth(CONTRACTS)
    found = {crr.names()[p]: a.drop(p).corr(b.drop(p)) for p in a.index}
    return pd.Series(found).sort_values()


def sides() -> dict[str, float]:
    """2012 到 2023 年的增长与各省中位数比：``both`` 两边都快、``neither`` 两边都慢、``split`` 一快一慢的省数。

    ``p``：两边互不相干时，两边都快的不少于这么多的概率（超几何分布，单侧）。
    """
    fast = [_growth(c) > _growth(c).median() for c in (FOUNDATION, CONTRACTS)]
    same, more = fast[0] == fast[1], fast[0] & fast[1]
    p = hypergeom.sf(more.sum() - 1, len(more), fast[0].sum(), fast[1].sum())
    return {
        "both": int(more.sum()), "neither": int((same & ~more).sum()), "split": int((~same).sum()), "p": float(p),
    }  # fmt: skip


def growth(name: str) -> tuple[float, float]:
    """一省 2012 到 2023 年基础、合同各是原来的几倍（几何平均）。"""
    code = crr.names()[crr.names() == name].index[0]
    return float(np.exp(_growth(FOUNDATION)[code])), float(np.exp(_growth(CONTRACTS)[code]))


def paths() -> pd.DataFrame:
    """各省两边与当年各省几何平均之比，逐年：``name``、``year``、``x`` 基础、``y`` 合同（倍），依省、年。"""
    both_sides = {
        k: np.exp(logs(c).sub(logs(c).mean(axis=1), axis=0)) for k, c in (("x", FOUNDATION), ("y", CONTRACTS))
    }
    frame = pd.DataFrame({k: v.stack() for k, v in both_sides.items()}).reset_index()
    return frame.assign(name=frame["province"].map(crr.names())).sort_values(["province", "year"])


# ---- 离群与总表 -------------------------------------------------------------------------------------


@cache
def outliers() -> pd.DataFrame:
    """标过离群的省年：规模版修正写法的协调度与名次，照表与换成前后年的平均。"""
    rows = []
    for code, year in (("CN-GX", 2021), ("CN-QH", 2018), ("CN-HL", LAST)):
        plain, mended = (degree(year=year, repair=r) for r in (False, True))
        places = [int(v.rank(ascending=False)[code]) for v in (plain, mended)]
        rows.append((f"{crr.names()[code]} {year} 年", plain[code], mended[code], *places))
    return pd.DataFrame(rows, columns=["who", "before", "after", "rank_before", "rank_after"])


def outlier_said() -> str:
    """:func:`outliers` 的协调度连成一句，如 ``0.235→0.229``。"""
    return "、".join(f"{r.before:.3f}→{r.after:.3f}" for r in outliers().itertuples())


def robust() -> pd.DataFrame:
    """每个结论换过什么、结果多少、站不站得住：列 ``claim``、``varied``、``found``、``verdict``（由数判定）。"""
    size, per, null = apart("规模"), apart("强度"), shuffles()
    own, falls = (null[null["pair"].str.startswith(k)] for k in ("规模，只用合同", "强度"))
    year, one, run, den = yearly().loc[list(VARIANTS)], long_drop_one(), long_run(), denominators()
    fixed, last, ways = int((grades("规模") == 1).sum()), horizons().iloc[-1], "指标、归一、赋权、写法"
    least = min(one.min(), last["repaired"])

    def pairs(found: dict, key: str, total: str) -> tuple[str, bool]:
        return f"{found[key]}／{found[total]} 对分得开", found[key] > found[total] / 2

    rows = [
        ("规模版：大省高、小省低", ways, *pairs(size, "pairs", "total")),
        ("规模版：相邻名次有别", ways, *pairs(size, "adjacent", "neighbours")),
        ("强度版：名次", f"{ways}、分母", *pairs(per, "pairs", "total")),
        ("某省属于某一级", ways, f"规模版始终同级的 {fixed} 省", fixed > size["neighbours"] / 2),
        ("规模版：真配对高于打乱", "写法、同组", f"打乱后低 {_span(own['drop'], '.1%')}", own["outside"].all()),
        ("强度版：真配对高于打乱", "写法、分母", f"打乱后低 {_span(falls['drop'], '.1%')}", falls["outside"].all()),
        ("除过分母，两边仍相关", "分母", f"相关 {_span(den['estimate'], '.2f')}", (den["low"] > 0).all()),
        ("同一省逐年一起长", "口径、离群、先后", f"相关 {_span(year['estimate'], '.2f')}", bool(survivors(True))),
        ("整段看，两边同快同慢", "离群、去省、扣别的", f"相关 {_span(run['estimate'], '.2f')}；去省最低 {least:.2f}",
         bool((run["low"] > 0).all() and least > last["null_high"])),
        ("这种相关高过安慰剂", "财政 × 合同", f"高 {gap_said()}", last["gap_low"] > 0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["claim", "varied", "found", "verdict"])
    return table.assign(verdict=np.where(table["verdict"], "站得住", "站不住"))


def _span(values: pd.Series, spec: str) -> str:
    return f"{values.min():{spec}} 到 {values.max():{spec}}".replace("-", "\N{MINUS SIGN}")


def said(row, spec: str = ".2f") -> str:
    """估计与区间连成一句，即 :func:`chokepoint.findings.cross_regional.said`。"""
    return crr.said((row["estimate"], row["low"], row["high"]), spec)
