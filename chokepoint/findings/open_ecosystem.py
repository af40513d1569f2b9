"""“开放合作”一章的数字：开放的几本账，管制与反制的先后，两边关门各失去什么。

事件只数件数，从不把 ``value`` 相加；实体清单的两段从不相接。断供由 :mod:`chokepoint.chain` 算，芯片一侧就是“产业链”
一章的函数；流量的前后比较、使用费、标准必要专利都调用已有的各章，不重算。
"""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd

from .. import chain, data, inference, networks
from . import _rows, chips, materials, technology_base
from . import industry_chain as ic
from . import intellectual_property as ip

#: 打乱的次数与重抽的次数。
DRAWS, RESAMPLES = 999, 500
#: 管制表最后一件之后，打乱时不放日子。
LAST_DAY = "2026-04-30"


# ---- 第一步：开放的几本账 ---------------------------------------------------------------------------


@cache
def _open() -> pd.DataFrame:
    return data.load("openness")


def figure_of(indicator: str, year: int, **equal) -> float:
    """一项指标某年的数；``equal`` 再限定别的列。不止一行或没有都报错。"""
    return _rows.value("openness", indicator=indicator, year=year, **equal)


def rail_points() -> pd.DataFrame:
    """高铁里程（千公里），供断线图：年末的点实心，“约”与“超过”空心，“超过”不与别的相连；``x`` 是年末的十进制年份。"""
    rows = _open().query("indicator == 'hsr_operating_length'")
    when = [
        int(y) if pd.isna(d) else int(d[:4]) - 1 + (int(d[5:7]) if len(d) > 4 else 12) / 12
        for y, d in zip(rows["year"], rows["as_of"], strict=True)
    ]
    return pd.DataFrame(
        {
            "line": "高铁里程",
            "x": when,
            "y": rows["value"].to_numpy(float) / 1000,
            "kind": np.where(rows["bound"] == "exact", "observed", "uncertain"),
            "segment": np.where(rows["bound"] == "at_least", "下限", "年末"),
        }
    )


def rail_slope() -> inference.Interval:
    """高铁里程每年增加多少公里：年末的各点（不含下限）的 Theil–Sen 斜率。"""
    rows = rail_points().query("segment == '年末'")
    return inference.Interval(*(v * 1000 for v in inference.slope(rows["x"], rows["y"])))


def rail_gap() -> dict[str, float]:
    """2024 年的里程：``new`` 公布的投产，``grown`` 两个年末数之差（公里）。"""
    length = {y: figure_of("hsr_operating_length", y, period="full_year") for y in (2023, 2024)}
    return {"new": figure_of("hsr_new_length", 2024), "grown": length[2024] - length[2023]}


def rail_blank() -> list[int]:
    """首末两年之间，没有年末里程的年份。"""
    have = set(rail_points().query("segment == '年末'")["x"].astype(int))
    return [y for y in range(min(have), max(have)) if y not in have]


def tender() -> list[int]:
    """2004 年动车组招标互相冲突的列数，由少到多。"""
    rows = _open().query("indicator == 'emu_tender_2004_trainsets'")
    return sorted(int(v) for v in rows["value"])


def abroad() -> pd.DataFrame:
    """对外直接投资流量：索引为年；``flow`` 亿美元，``share`` 占世界（0–1），``world``、``low``、``high`` 由份额倒推的
    世界流量（份额取整到 0.1 个百分点）。只含三个数都有的年份。"""
    rows = {}
    for year in (2020, 2023, 2024):
        flow, share = figure_of("odi_flow_total", year), figure_of("odi_flow_world_share", year)
        rows[year] = [flow, share / 100, *(100 * flow / (share + d) for d in (0, 0.05, -0.05))]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["flow", "share", "world", "low", "high"])


def denominator(first: int = 2020, last: int = 2023) -> dict[str, float]:
    """份额的下降拆成两半：``flow`` 流量、``world`` 倒推的世界合计、``share`` 份额各为首年的几倍。"""
    frame = abroad()
    return {c: float(frame.loc[last, c] / frame.loc[first, c]) for c in ("flow", "world", "share")}


def since_peak() -> float:
    """对外直接投资流量 2024 年是 2016 年的几倍（2016 年没有收到占世界的份额）。"""
    return figure_of("odi_flow_total", 2024) / figure_of("odi_flow_total", 2016)


def accounts() -> pd.DataFrame:
    """开放的几本账：``account``、``what``、``value``、``silent`` 没有交代的。"""
    out, (low, high) = abroad(), technology_base.sep_overlap()
    bounds, votes = ip.cover_bounds(), technology_base.secretariats().loc["CHN"]
    bids = _open().query("indicator == 'emu_tender_2004_bid'")["value"]
    rows = [
        ("引进", "2004 年动车组招标", f"{tender()[0]} 列，又作 {tender()[1]} 列", "成交几列、付了多少"),
        ("引进", "同次招标三家的报价", f"{bids.min():,.0f}–{bids.max():,.0f} 亿日元", "各报几列；报价不是成交"),
        (
            "消化",
            "2010 年高铁“国产化率”",
            f"线路 ≥ {figure_of('hsr_localisation_rate', 2010, entity='track_civil'):g}%，动车组 ≥ "
            f"{figure_of('hsr_localisation_rate', 2010, entity='emu'):g}%",
            "统计定义；业内人士的说法",
        ),
        (
            "再创新",
            "2017 年“复兴号”重要标准里的中国标准",
            f"{figure_of('fuxing_key_standards', 2017):g} 项的 {figure_of('fuxing_chinese_standard_share', 2017):g}%",
            "企业口径；其余的来历",
        ),
        (
            "走出去",
            "对外直接投资流量，占世界",
            "；".join(f"{y} 年 {r.flow:,.0f} 亿美元，{r.share:.1%}" for y, r in out.iterrows()),
            "最终去向；逐年的制造业",
        ),
        (
            "走出去",
            "其中制造业",
            f"2020 年 {figure_of('odi_flow_manufacturing', 2020):g}"
            f"（{figure_of('odi_flow_manufacturing_share', 2020):g}%）；"
            f"2018 年沿线 {figure_of('odi_flow_manufacturing_bri', 2018):g} 亿美元",
            "别的年份；两数不同口径",
        ),
        (
            "标准",
            "主导制定的 ISO、IEC 国际标准，累计",
            f"2022 年末 {figure_of('iso_iec_standards_led_cumulative', 2022):,.0f} 项",
            "逐年；别国的数；“主导”的定义",
        ),
        ("标准", "ISO 技术机构秘书处，2016 年", f"{votes['count']} 个（{votes['share']:.1%}）", "别的年份"),
        ("标准", "5G 标准必要专利，假如各口径量的是同一样", f"{low:.0f}%–{high:.0f}%", "必要性；许可收入"),
        (
            "许可",
            "使用费收入 ÷ 支出",
            f"2005 年 {ip.cover('CHN', 2005):.2f}；2020 年 {ip.cover('CHN', 2020):.2f}；"
            f"2023 年约 {bounds.estimate:.2f}",
            "2021、2022、2024 年；商标与版权占多少",
        ),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["account", "what", "value", "silent"])


# ---- 第二步：管制与反制的浪潮 -----------------------------------------------------------------------

AGAINST, BY = "against_china", "by_china"
TIGHT = ("impose", "expand")


@cache
def events() -> pd.DataFrame:
    """全部事件；``day`` 为日期（只知年份的缺失），``tight`` 是否收紧（新设、扩大），``federal`` 是否联邦公报的规则。"""
    table = data.load("export_controls")
    text = table["event"].astype(str) + table["note"].fillna("").astype(str)
    known = table["date_precision"] == "day"
    return table.assign(
        day=pd.to_datetime(table["date"].astype(str).where(known)),
        tight=table["action"].isin(TIGHT),
        federal=(table["iso3"] == "USA")
        & (table["url"].notna() | (table["source_id"] == "strat-fr-abstracts-mirror") | text.str.contains(r"\bFR\b")),
    )


def waves() -> dict[str, pd.DataFrame]:
    """每半年的件数：方向 → 表（索引 ``"2024 上"``，列为动作的中文名）；只知年份的不在内。"""
    found, labels = events().dropna(subset=["day"]), data.labels("export_controls", "action")
    half = found["day"].dt.year * 2 + (found["day"].dt.month > 6)
    index = range(2 * int(found["day"].dt.year.min()), int(half.max()) + 1)
    names = [f"{h // 2} {'下' if h % 2 else '上'}" for h in index]
    return {
        side: pd.crosstab(half[found["direction"] == side], found["action"])
        .reindex(index=index, columns=list(labels), fill_value=0)
        .set_axis(names)
        .rename(columns=labels)
        for side in (AGAINST, BY)
    }


def counted(direction: str, first: int = 2017, last: int = 2026, **equal) -> int:
    """一个方向几年之间的件数，含只知年份的；``equal`` 再限定别的列。"""
    rows = events()
    rows = rows[(rows["direction"] == direction) & rows["date"].astype(str).str[:4].astype(int).between(first, last)]
    for column, value in equal.items():
        rows = rows[rows[column] == value]
    return len(rows)


def loosened(direction: str) -> inference.Interval:
    """放松与暂停占一个方向全部事件的比例（0–1）与 Wilson 区间。"""
    rows = events().query("direction == @direction")
    return inference.proportion(int((~rows["tight"]).sum()), len(rows))


def peak(direction: str) -> dict[str, object]:
    """件数最多的半年：``when``（并列的都在，如 ``2023 下半年``，用“、”连）、``count``。"""
    total = waves()[direction].sum(axis=1)
    return {"when": "、".join(f"{n}半年" for n in total.index[total == total.max()]), "count": int(total.max())}


def domains(direction: str) -> pd.Series:
    """一个方向的件数按领域，索引为领域的中文名，由多到少。"""
    rows = events().query("direction == @direction")
    return rows["domain"].map(data.labels("export_controls", "domain")).value_counts()


def truce() -> int:
    """两方“暂停”的首尾相隔几天。"""
    days = events().query("action == 'suspend'")["day"]
    return int((days.max() - days.min()).days)


# ---- 实体清单的两段 --------------------------------------------------------------------------------

SNAPSHOT, RULES = "快照里仍在册的", "规则摘要写明的"


def entity_points() -> pd.DataFrame:
    """实体清单逐年的条目，供断线图：两段各一条线；快照只到年中的 2022 年与规则一段（下限）画成空心，不相连。"""
    table = data.load("entity_list_monthly")
    year = table["month"].astype(str).str[:4].astype(int)
    rows, end = [], 2022
    for series, name in (("listed_2022_05", SNAPSHOT), ("china_in_rules", RULES)):
        own = table["series"] == series
        total = table.loc[own, "entries"].groupby(year[own]).sum()
        rows += [(name, y, int(v), str(y) if y >= end else "") for y, v in total.items() if y >= 2010]
    found = pd.DataFrame(rows, columns=["line", "x", "y", "segment"])
    return found.assign(kind=np.where(found["x"] >= end, "uncertain", "observed"))


def entity_totals() -> dict[str, int]:
    """两段各自的合计（条）：``snapshot``、``rules``，后者是下限；规则里 ``split`` 分列了中国、``all`` 全部的项数。"""
    table, rules = data.load("entity_list_monthly"), data.load("entity_list_rules")
    total = table.groupby("series")["entries"].sum()
    return {
        "snapshot": int(total["listed_2022_05"]),
        "rules": int(total["china_in_rules"]),
        "split": int(rules["china_entries"].notna().sum()),
        "all": len(rules),
    }


def overlap() -> pd.DataFrame:
    """两段都看得见的月份（2022 年 5 月以前、规则写明了中国条目的）：``rules`` 规则里的，``alive`` 快照里仍在册的。"""
    rules = data.load("entity_list_rules").dropna(subset=["china_entries"])
    month = pd.to_datetime(rules["date"]).dt.strftime("%Y-%m")
    listed = rules["china_entries"].astype(int).groupby(month).sum()
    table = data.load("entity_list_monthly").query("series == 'listed_2022_05'")
    alive = table.groupby(table["month"].astype(str))["entries"].sum()
    return pd.DataFrame({"rules": listed, "alive": alive}).loc[:"2022-05"].dropna().astype(int)


# ---- 第三步：一来一往吗 -----------------------------------------------------------------------------

#: 窗口（天）。
WINDOWS = (7, 14, 30, 60, 90)
#: 报倍数的窗口。
FORTNIGHT = 14
#: 两个方向：统计量的名字。
AFTER_THEM, AFTER_US = "中方在后", "对方在后"
#: 换做法：名字 → 传给 :func:`answered` 的参数；第一种是主口径。
WAYS = {
    "主口径": {},
    "同一天也算": {"least": 0},
    "不算法律的施行": {"laws": False},
    "对方只看美国": {"usa": True},
    "只看 2023 年起": {"since": 2023},
    "在半年之内打乱": {"null": "half"},
    "日期不动，打乱归属": {"null": "swap"},
    "联邦公报的日期前移 3 天": {"lead": 3},
    "联邦公报的日期前移 6 天": {"lead": 6},
}


def documented_leads() -> pd.Series:
    """备注里写了更早的宣布、签署或生效日的事件：早几天（1–30），索引为事件代码。"""
    found = {}
    for row in events().dropna(subset=["day"]).itertuples():
        earlier = [
            (row.day - pd.Timestamp(d)).days for d in re.findall(r"\d{4}-\d{2}-\d{2}", f"{row.note} {row.event}")
        ]
        if near := [gap for gap in earlier if 0 < gap <= 30]:
            found[row.event_id] = max(near)
    return pd.Series(found, dtype=int)


@cache
def days(lead: int = 0, laws: bool = True, usa: bool = False, since: int = 2017) -> tuple[np.ndarray, np.ndarray]:
    """两方收紧的日子（自 1970 年起的天数，同一天的合成一个）：对华的，中方的。

    Parameters
    ----------
    lead : int
        联邦公报的规则往前移几天。
    laws : bool
        中方的法律法规施行算不算。
    usa : bool
        对华一方只看美国。
    since : int
        自哪一年起。
    """
    rows = events().dropna(subset=["day"]).query("tight")
    when = (rows["day"] - pd.Timestamp("1970-01-01")).dt.days - lead * rows["federal"]
    kept = (rows["day"].dt.year >= since) & ((rows["iso3"] == "USA") | (rows["direction"] == BY) | (not usa))
    kept &= (rows["instrument"] != "law") | (rows["direction"] == AGAINST) | laws
    return tuple(np.unique(when[kept & (rows["direction"] == side)]) for side in (AGAINST, BY))


def followed(against: np.ndarray, by: np.ndarray, least: int = 1) -> np.ndarray:
    """一方收紧之后若干天内另一方也收紧的比例。

    Parameters
    ----------
    against : numpy.ndarray, shape (m,)
        对华收紧的日子。
    by : numpy.ndarray, shape (d, n)
        中方收紧的日子，一行一次打乱。
    least : int
        至少隔几天；零则同一天也算。

    Returns
    -------
    numpy.ndarray, shape (d, 2 × 窗口数)
        前一半 :data:`AFTER_THEM`（分母是对华收紧的日子），后一半 :data:`AFTER_US`（分母是中方收紧的日子），0–1。
    """
    gap = by[:, None, :] - against[None, :, None]
    return np.stack(
        [
            ((gap * sign >= least) & (gap * sign <= n)).any(axis=axis).mean(axis=1)
            for sign, axis in ((1, 2), (-1, 1))
            for n in WINDOWS
        ],
        axis=1,
    )


def _blocks(when: np.ndarray, half: bool) -> np.ndarray:
    month = when.astype("datetime64[D]").astype("datetime64[M]").astype(int)
    return month // (6 if half else 12)


def _moved(by: np.ndarray, half: bool, rng: np.random.Generator) -> np.ndarray:
    """每一行：中方的日子在各自的年（或半年）之内重新放，不重叠。"""
    block, size = _blocks(by, half), 6 if half else 12
    out = np.empty((DRAWS, len(by)), int)
    stop = int(np.datetime64(LAST_DAY).astype(int)) + 1
    for b in np.unique(block):
        own = np.flatnonzero(block == b)
        first, after = (int(np.datetime64(int(b + k) * size, "M").astype("datetime64[D]").astype(int)) for k in (0, 1))
        days_in = np.arange(first, min(after, stop))
        picked = np.argsort(rng.random((DRAWS, len(days_in))), axis=1)[:, : len(own)]
        out[:, own] = days_in[picked]
    return out


def _swapped(against: np.ndarray, by: np.ndarray, least: int, rng: np.random.Generator) -> np.ndarray:
    """日期都不动，同一年里打乱哪一件是哪一方的。"""
    pool, mine = np.concatenate([against, by]), np.repeat([False, True], [len(against), len(by)])
    year, rows = _blocks(pool, half=False), []
    groups = [np.flatnonzero(year == y) for y in np.unique(year)]
    for _ in range(DRAWS):
        label = mine.copy()
        for own in groups:
            label[own] = mine[rng.permutation(own)]
        rows.append(followed(pool[~label], pool[label][None], least)[0])
    return np.array(rows)


@cache
def answered(way: str = "主口径") -> pd.DataFrame:
    """一种做法的实测与打乱。

    Returns
    -------
    pandas.DataFrame
        索引为（方向、窗口）；``observed`` 比例，``mean``、``low``、``high`` 打乱的平均与中间 95%，``p`` 双侧概率，
        ``adjusted`` 照这种做法的十次比较校正之后的单侧概率（Westfall 与 Young, 1993，取最小的 p）。
    """
    how = dict(WAYS[way])
    least, null, lead = how.pop("least", 1), how.pop("null", "year"), how.pop("lead", 0)
    against, by = days(lead, **how)
    rng = np.random.default_rng(inference.SEED)
    real = followed(against, by[None], least)[0]
    if null == "swap":
        fake = _swapped(against, by, least, rng)
    else:
        fake = followed(against, _moved(by, null == "half", rng), least)
    found = []
    for k, value in enumerate(real):
        stream = iter(fake[:, k])
        found.append(networks.against_chance(value, lambda _, s=stream: next(s), draws=DRAWS))
    whole = np.vstack([real, fake]).round(9)
    order = np.sort(whole, axis=0)
    upper = 1 - np.stack([np.searchsorted(order[:, k], whole[:, k]) for k in range(len(real))], axis=1) / len(whole)
    adjusted = [(upper.min(axis=1) <= upper[0, k] + 1e-12).mean() for k in range(len(real))]
    index = pd.MultiIndex.from_product([(AFTER_THEM, AFTER_US), WINDOWS], names=["direction", "window"])
    frame = pd.DataFrame(found, index=index).rename(columns={"expected": "mean"})
    return frame.assign(adjusted=adjusted)


def answer_rows(ways: tuple[str, ...] = ("主口径", "联邦公报的日期前移 6 天")) -> pd.DataFrame:
    """供 :func:`chokepoint.plots.chance_rows`：每种做法、每个方向一节，一行一个窗口。"""
    parts = []
    for way, short in zip(ways, ("照表里的日期", "联邦公报前移 6 天"), strict=True):
        found = answered(way)
        scaled = found[["observed", "low", "high"]].div(found["mean"], axis=0)
        parts.append(
            scaled.assign(
                label=[f"{n} 天内" for n in found.index.get_level_values("window")],
                group=[f"{short}：{d}" for d in found.index.get_level_values("direction")],
                outside=found["p"].to_numpy() < 1 - inference.LEVEL,
                text=[f"{a:.0%}（打乱 {b:.0%}）" for a, b in zip(found["observed"], found["mean"], strict=True)],
            )
        )
    return pd.concat(parts).set_index("label")


def answer_table() -> pd.DataFrame:
    """每种做法：两个方向各有几个窗口双侧 p 不到 0.05（``them``、``us``），校正后最小的单侧 p（``them_p``、``us_p``），
    ``ratio_them``、``ratio_us`` 两周之内实测是打乱的几倍。"""
    rows = {}
    for way in WAYS:
        found = answered(way)
        row = {}
        for key, direction in (("them", AFTER_THEM), ("us", AFTER_US)):
            own = found.loc[direction]
            row[key] = int((own["p"] < 1 - inference.LEVEL).sum())
            row[f"{key}_p"] = float(own["adjusted"].min())
            row[f"ratio_{key}"] = float(own.loc[FORTNIGHT, "observed"] / own.loc[FORTNIGHT, "mean"])
        rows[way] = row
    return pd.DataFrame.from_dict(rows, orient="index").astype({"them": int, "us": int})


# ---- 流量：已有的估计 -------------------------------------------------------------------------------


def flows() -> pd.DataFrame:
    """已有的前后比较：``flow``、``who`` 谁在管、``change``（倍，带区间）、``placebo``、``p``；都取自两章的函数。"""
    ranks, fake = chips.ranks(), materials.graphite_rank()

    def said(found: inference.Interval) -> str:
        return f"{found.estimate:.2f}（{found.low:.2f}–{found.high:.2f}）"

    def placed(found: dict, what: str) -> str:
        return f"{found['count']} {what}里，{found['lower']} 个更低、{found['higher']} 个更高；p = {found['p']:.2f}"

    japan, installed = chips.change(chips.japan_partner("CHN")), chips.change(chips.region("CHN"))
    processors = chips.change(chips.chip_series(chips.TREATED))
    graphite = inference.change_ratio(materials.graphite())
    apart = f"{fake['count']} 个假日子里，{fake['lower']} 个更低；p = {fake['p']:.2f}"
    found = [ranks["partner"]["p"], ranks["region"]["p"], ranks["chips"]["p"], fake["p"]]
    rows = [
        ("日本卖出的设备里，中国的份额", "美、日、荷", said(japan), placed(ranks["partner"], "个别的伙伴")),
        ("世界装机里，中国的份额", "美、日、荷", said(installed), placed(ranks["region"], "个别的地区")),
        ("美国卖出的处理器里，中国的份额", "美国", said(processors), placed(ranks["chips"], "条别的数列")),
        ("中国石墨一篮的出口量", "中国", said(graphite), apart),
    ]
    return pd.DataFrame(rows, columns=["flow", "who", "change", "placebo"]).assign(p=found)


# ---- 第四步：关门的代价 -----------------------------------------------------------------------------

CHIPS, MINERALS = "芯片图", "矿产图"
CHINA = ("CHN",)
#: 三种状态的说法，自坏到好。
VERDICTS = dict(zip(chain.STATES, ("做不出", "说不准", "做得出"), strict=True))
#: 谁关门：情景的名字。
USA_ONLY, ALLIES, EVERYONE, CHINA_SHUTS = "美国关门", "美日荷关门", "别家全部关门", "中国关门"
CLOSINGS = (USA_ONLY, ALLIES, EVERYONE, CHINA_SHUTS)
#: 画曲线的门槛（%）。
THRESHOLDS = (50, 65, 70, 80, 100)
#: 部分关门：撤出的供给，扣掉能替代的，还剩几成。
PARTS = (1.0, 0.8, 0.5)


@cache
def _mineral_nodes() -> pd.DataFrame:
    nodes = data.load("crm_nodes").query("kind == 'raw_material'").set_index("node_id").rename_axis("node")
    rare = nodes["material_group"].isin(["lrees", "hrees"])
    against = data.load("crm_provision").query("caution == 'contradicted'")["node_id"]
    return nodes.assign(rare=rare, cluster=nodes["material_group"].where(rare, nodes["material"]).astype(str),
                        contradicted=nodes.index.isin(against))  # fmt: skip


@cache
def mineral_chain() -> chain.Chain:
    """矿产图：欧盟 2023 年研究的“材料与环节”，开采供加工，份额为全球产量。"""
    edges = data.load("crm_edges").query("relation == 'goes_into'")[["from_node", "to_node", "relation"]]
    return chain.build(_mineral_nodes().reset_index(), edges, ic.material_shares(), tolerance=ic.ROUNDING)


@cache
def closers(graph: str, closing: str) -> tuple[str, ...]:
    """一张图里，一种情景去掉的供应者；“别家全部”是中国以外的各家，不含未具名的余数。"""
    if closing != EVERYONE:
        return {USA_ONLY: ("USA",), ALLIES: ic.BLOC, CHINA_SHUTS: CHINA}[closing]
    listed = (ic.chip_shares() if graph == CHIPS else ic.material_shares())["provider"]
    return tuple(sorted(set(listed) - {*CHINA, *ic.RESIDUAL}))


def shut(graph: str, closing: str, threshold: float = chain.CHOKE_SHARE, reading: str = "any") -> pd.DataFrame:
    """断供的结果，列见 :func:`chokepoint.chain.knock_out`；芯片图不含阶段合计。

    ``reading`` 是芯片图有子类时的读法；矿产图没有子类，两种读法相同。
    """
    return _shut(graph, closing, float(threshold), reading if graph == CHIPS else "any")


@cache
def _shut(graph: str, closing: str, threshold: float, reading: str) -> pd.DataFrame:
    gone = closers(graph, closing)
    if graph == CHIPS:
        return ic.knock_out(gone, reading, threshold=threshold)
    return chain.knock_out(mineral_chain(), gone, rule=chain.Rule(threshold, remainder="others", no_shares="available"))


def rare_earths() -> int:
    """矿产图里一种一行的稀土有几种（不含钪，不含没有份额的重稀土合计一行）。"""
    nodes = _mineral_nodes()
    return int(nodes.loc[nodes["rare"] & (nodes["material"] != nodes["material_group"]), "material"].nunique())


@cache
def kept(graph: str, rare: bool = True) -> pd.Index:
    """数哪些节点：芯片图全部；矿产图去掉有矛盾的氢，``rare`` 为假再去掉 15 种稀土。"""
    if graph == CHIPS:
        return shut(CHIPS, CHINA_SHUTS).index
    nodes = _mineral_nodes()
    return nodes.index[~nodes["contradicted"] & (~nodes["rare"] | rare)]


def stopped(
    graph: str, closing: str, rare: bool = True, column: str = "state", state: str = chain.STATES[0], **how
) -> int:
    """停下的节点数；``column="own"`` 只看自己的供应者，``state="unknown"`` 数说不准的。"""
    return int((shut(graph, closing, **how).loc[kept(graph, rare), column] == state).sum())


def closing_lines() -> pd.DataFrame:
    """停下的节点占全图的百分比随门槛，供断线图；带子的下沿、上沿是两种读法。"""
    rows, short = [], {ALLIES: "美日荷关", EVERYONE: "别家全关", CHINA_SHUTS: "中国关"}
    for graph in (CHIPS, MINERALS):
        for closing in short:
            for t in THRESHOLDS:
                low, high = (
                    100 * stopped(graph, closing, threshold=t, reading=r) / len(kept(graph)) for r in ic.READINGS
                )
                rows.append((f"{graph[:2]}：{short[closing]}", t, low, low, high))
    return pd.DataFrame(rows, columns=["line", "x", "y", "low", "high"])


def without_rare() -> dict[int, float]:
    """不含 15 种稀土，中国关门停下的矿产环节占比（0–1）：门槛 → 占比。"""
    nodes = len(kept(MINERALS, rare=False))
    return {t: stopped(MINERALS, CHINA_SHUTS, rare=False, threshold=t) / nodes for t in THRESHOLDS}


@cache
def lost(graph: str, closing: str) -> pd.Series:
    """有具名份额的节点，各失去多少（%，下界：没有列出的不算）；矿产图不含有矛盾的氢。"""
    named = set((ic.chip_shares() if graph == CHIPS else ic.material_shares()).dropna(subset=["share"])["node"])
    found = shut(graph, closing)["lost_low"]
    return found[found.index.isin(named) & found.index.isin(kept(graph))]


def partly(graph: str, closing: str, part: float, rare: bool = True) -> int:
    """撤出（扣掉替代）的只有几成时，自己达到门槛的节点数：失去 × ``part`` ≥ 门槛。"""
    found = lost(graph, closing)
    found = found[found.index.isin(kept(graph, rare))]
    return int((found * part + 1e-9 >= chain.CHOKE_SHARE).sum())


def uses_lost(closing: str) -> dict[str, int]:
    """矿产图的下游：停下的材料牵涉的用途 ``uses``（共 ``total``）与行业 ``sectors``（共 ``of``，不含未指定的）。"""
    used = data.load("crm_edges").query("relation == 'used_in'")
    found = shut(MINERALS, closing)["state"].loc[kept(MINERALS)]
    hit = used[used["from_node"].isin(found.index[found == chain.STATES[0]])]
    sectors = data.load("crm_nodes").query("kind == 'industry_sector' and nace.notna()")["node_id"]
    return {
        "uses": len(hit),
        "total": len(used),
        "sectors": int(sectors.isin(hit["to_node"]).sum()),
        "of": len(sectors),
    }


@cache
def _clusters(graph: str, rare: bool = True, leaf: bool = False, threshold: float | None = None) -> pd.DataFrame:
    """每个聚类（芯片：节点；矿产：材料，稀土合为轻、重两组）的节点数 ``n`` 与各种关门失去之和，供重抽样。

    给出 ``threshold`` 则每个节点只算断（1）不断（0）。
    """
    frame = pd.DataFrame({c: lost(graph, c) for c in CLOSINGS})
    frame = frame if threshold is None else (frame + 1e-9 >= threshold).astype(float)
    frame = frame[frame.index.isin(kept(graph, rare))]
    if leaf and graph == CHIPS:
        frame = frame[frame.index.isin(ic.leaves())]
    cluster = frame.index if graph == CHIPS else _mineral_nodes()["cluster"].reindex(frame.index)
    return frame.assign(n=1).groupby(np.asarray(cluster)).sum()


@cache
def average(graph: str, closing: str, rare: bool = True) -> inference.Interval:
    """平均每个节点失去的份额（%），区间由重抽聚类得到：问结论靠不靠少数几个节点，不是抽样误差。"""
    table = _clusters(graph, rare)[[closing, "n"]].to_numpy(float)
    return _resampled([table], lambda parts: float(np.divide(*parts[0].sum(axis=0))))


@cache
def many_against_one(rare: bool = True) -> inference.Interval:
    """矿产图：别家全部关门、中国平均失去的，减去中国关门、别人平均失去的（百分点）；区间由重抽材料得到，成对相减。"""
    table = _clusters(MINERALS, rare)[[EVERYONE, CHINA_SHUTS, "n"]].to_numpy(float)

    def apart(parts: list[np.ndarray]) -> float:
        theirs, ours, count = parts[0].sum(axis=0)
        return float((theirs - ours) / count)

    return _resampled([table], apart)


def _resampled(parts: list[np.ndarray], statistic) -> inference.Interval:
    """各表自己重抽行 :data:`RESAMPLES` 次，取百分位区间。"""
    rng = np.random.default_rng(inference.SEED)
    draws = [statistic([t[rng.integers(len(t), size=len(t))] for t in parts]) for _ in range(RESAMPLES)]
    low, high = np.quantile(draws, [(1 - inference.LEVEL) / 2, (1 + inference.LEVEL) / 2])
    return inference.Interval(statistic(parts), float(low), float(high))


def product_stops() -> dict[str, str]:
    """各门槛下成品芯片的结论：情景 → 乐观读法各档的结论（做不出、说不准、做得出）里不同的，按出现次序连起来。"""
    end = ic.product()
    return {
        c: "、".join(dict.fromkeys(VERDICTS[shut(CHIPS, c, threshold=t).loc[end, "state"]] for t in THRESHOLDS))
        for c in (ALLIES, EVERYONE, CHINA_SHUTS)
    }


def both_sides() -> pd.DataFrame:
    """两边关门的代价，一行一张图一种情景：``graph``、``closing``、``any``、``all`` 两种读法停下的、``unsure_any``、
    ``unsure_all`` 说不准的、``parts``（依 :data:`PARTS`）、``average`` 平均失去与区间。"""
    rows = []
    for graph, closing in ((g, c) for g in (CHIPS, MINERALS) for c in CLOSINGS):
        rows.append(
            {
                "graph": graph,
                "closing": closing,
                **{k: stopped(graph, closing, reading=k) for k in ic.READINGS},
                **{f"unsure_{k}": stopped(graph, closing, reading=k, state=chain.STATES[1]) for k in ic.READINGS},
                "parts": [partly(graph, closing, p) for p in PARTS],
                "average": average(graph, closing),
            }
        )
    return pd.DataFrame(rows)


#: 平衡权重的换法：名字 → 传给 :func:`balance` 的参数；第一种是主口径。
WEIGHINGS = {
    "美日荷对中国，平均失去": {},
    "只有美国对中国": {"closing": USA_ONLY},
    "不含 15 种稀土": {"rare": False},
    "芯片只数叶子": {"leaf": True},
    "不含稀土，只数叶子": {"rare": False, "leaf": True},
    "数停下的节点，门槛 50%": {"threshold": 50.0},
    "数停下的节点，门槛 65%": {"threshold": 65.0},
    "数停下的节点，门槛 80%": {"threshold": 80.0},
}


def balance(
    closing: str = ALLIES, rare: bool = True, leaf: bool = False, threshold: float | None = None
) -> inference.Interval:
    r"""芯片图的权重多大时，两边失去的一样多（0–1）；比它大，中国失去的更多。

    :math:`w^* = (m_2 - m_1) / (c_1 - c_2 + m_2 - m_1)`：下标 1 是对方关门、中国失去的，2 是中国关门、别人失去的。

    Parameters
    ----------
    closing : str
        对方是谁。
    rare, leaf : bool
        矿产含不含 15 种稀土，芯片是否只数叶子。
    threshold : float, optional
        给出则每个节点只算断不断（自己的供应者失去的份额达到门槛，%），缺省算失去的份额。

    Returns
    -------
    Interval
        区间由两张图各自重抽聚类得到。
    """
    columns = [closing, CHINA_SHUTS, "n"]
    parts = [_clusters(graph, rare, leaf, threshold)[columns].to_numpy(float) for graph in (CHIPS, MINERALS)]

    def weight(tables: list[np.ndarray]) -> float:
        (c1, c2), (m1, m2) = (t[:, :2].sum(axis=0) / t[:, 2].sum() for t in tables)
        return float((m2 - m1) / (c1 - c2 + m2 - m1))

    return _resampled(parts, weight)


@cache
def balances() -> pd.DataFrame:
    """各种换法的平衡权重与区间（百分数），索引为 :data:`WEIGHINGS` 的名字。"""
    rows = {name: [100 * v for v in balance(**how)] for name, how in WEIGHINGS.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


def named_nodes(graph: str, rare: bool = True) -> int:
    """有具名份额、算进平均失去的节点数。"""
    return int(lost(graph, CHINA_SHUTS).index.isin(kept(graph, rare)).sum())


def node_weight(rare: bool = True) -> float:
    """照有具名份额的节点数，芯片图占两图之和的比例（0–1）。"""
    a, b = named_nodes(CHIPS), named_nodes(MINERALS, rare)
    return a / (a + b)


def rank_among(graph: str, economy: str = "CHN") -> dict[str, int]:
    """任意一家关门，平均失去多少：``economy`` 在 ``of`` 家里排第几（``rank``）。"""
    shares = ic.chip_shares() if graph == CHIPS else ic.material_shares()
    shares = shares[shares["node"].isin(kept(graph)) & ~shares["provider"].isin(ic.RESIDUAL)]
    total = shares.groupby("provider")["share"].sum()
    return {"rank": int((total > total[economy]).sum()) + 1, "of": len(total)}


def trio_rank() -> dict[str, int]:
    """美日荷在芯片图任意三家里，平均失去的份额排第几。"""
    shares = ic.chip_shares()
    shares = shares[shares["node"].isin(kept(CHIPS)) & ~shares["provider"].isin((*ic.RESIDUAL, *CHINA))]
    total = shares.groupby("provider")["share"].sum()
    own = total[list(ic.BLOC)].sum()
    trios = [total[list(t)].sum() for t in combinations(total.index, len(ic.BLOC))]
    return {"rank": int((np.array(trios) > own + 1e-9).sum()) + 1, "of": len(trios)}


def headline() -> dict[str, object]:
    """本章主要数字，供本章、首页与结语共用：``events``、``chips_allies``、``minerals_china``（停下的节点数，主门槛、
    乐观读法），``chips_nodes``、``minerals_nodes``，``balance``（百分数，点与区间）。"""
    return {
        "events": len(events()),
        "chips_allies": stopped(CHIPS, ALLIES),
        "chips_nodes": len(kept(CHIPS)),
        "minerals_china": stopped(MINERALS, CHINA_SHUTS),
        "minerals_nodes": len(kept(MINERALS)),
        "balance": balances().iloc[0].to_dict(),
    }
