"""“案例：航空发动机”一章的数字：金属由谁供应，产业占多大份额，飞机交付了多少，每个方面有什么证据。

没有发动机的进口额、维修费与试车台数目；能查到的是它的上游（金属）、所在的行业（航空航天器）、装它的飞机（C919）
和关于它的公开说法。四样口径各不相同，只并列，不相加。
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
from scipy import stats

from .. import data, inference
from ..chain import CHOKE_SHARE, Chain, Rule, build, single_provider
from ..chain import knock_out as _knock_out
from . import materials, overview
from .industry_chain import names

#: 镍基高温合金常用的金属元素：Pollock 与 Tin（2006）成分表里的合金元素，去掉碳、硼与微量的锆、钇；铪在内。
COMPOSITION = (
    "nickel",
    "cobalt",
    "chromium",
    "molybdenum",
    "tungsten",
    "tantalum",
    "niobium",
    "rhenium",
    "hafnium",
    "titanium_metal",
    "aluminium",
)

#: 用途连边挂在“钛”上，说的是金属（颜料用的钛白不在这几项用途里）；份额取“金属钛”，两者开采一级的份额相同。
METAL_OF = {"titanium": "titanium_metal"}

#: 用途名称（英文）里写明高温合金、写明航空的认法；不含“空调”。
SUPERALLOY = r"(?i)super ?alloys"
AEROSPACE = r"(?i)aerospace|aeronautic|\(air,"

#: 欧盟 2017 年起判定关键材料的两条门槛：供应风险、经济重要性，两条都要达到。
CRITICAL = {"supply_risk": materials.RISK_LINE, "economic_importance": materials.IMPORTANCE_LINE}

#: 阈值的三档，%；主口径取 :data:`chokepoint.chain.CHOKE_SHARE`。
THRESHOLDS = (50.0, CHOKE_SHARE, 80.0)

#: 七国集团的成员，只作“西方合计”的一种写明的取法。
G7 = ("CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA")

#: 断供情景之外，几家一起的取法。
GROUPS = {"法国＋美国": ("FRA", "USA"), "七国集团": G7}

#: 几个来源之差达到这么多个百分点，或最大产地不同，才画出来。
APART = 10.0

#: 中国的产量份额处处不到这么多（%），算作“自己几乎不产”，与材料一章同一条；放宽时用后一条。
THIN, THIN_LOOSE = materials.THIN, 10.0

#: 份额取整，各家之和可以略超一百，百分点。
ROUNDING = 5.0

#: 增加值图上的经济体；欧盟与其中的德国、法国重叠，不可相加。
COMPARED = ("USA", "EUU", "CHN", "DEU", "FRA", "GBR", "JPN")

#: 看近年快慢的一段从哪一年起；与它比的前一段到上一年为止，两段不重叠。
RECENT = 2012

#: 大事的短名与所属的线；次序即图上自上而下的次序。
TRACKS = {
    "试验设施": {"altitude_cell_start": "高空台建设队伍进驻", "altitude_cell_accept": "高空台通过验收"},
    "机构": {"acae_found": "中航商发成立", "aecc_registered": "中国航发登记", "aecc_found": "中国航发成立大会"},
    "长江发动机": {
        "cj1000_approved": "CJ-1000 方案获批",
        "cj1000_first_assembled": "CJ-1000 首台装配",
        "cj1000_first_fire": "CJ-1000 首次点火",
        "cj2000_core_fire": "CJ-2000 核心机点火",
        "cj1000_flight_test": "CJ-1000A 装机试飞",
    },
    "涡轴与取证": {"U22": "AES100 型号合格证", "U23": "AES100 生产许可证"},
    "C919": {
        "c919_first_delivery": "首架交付",
        "c919_multi_user": "国航、南航接收首架",
        "c919_target_cut": "年交付目标下调",
    },
    "许可": {"leap_suspension": "美国暂停部分发动机出口", "leap_lifted": "暂停解除"},
}

#: 六个方面各有哪些证据：（表，标识列，标识）。一条证据只归一个方面，由编者判断。
ASPECTS = {
    "整机与零部件": (
        ("aero_engine", "series", ("cj1000_prototypes_planned", "cj1000_thrust")),
        ("events", "event_id", ("cj1000_approved", "cj1000_first_assembled")),
        ("localisation", "item", ("aero_engines_domestic_market",)),
    ),
    "材料": (
        (
            "green_materials",
            "series",
            ("superalloy_capacity", "superalloy_demand", "superalloy_self_sufficiency", "ti_sponge_share"),
        ),
        ("status_updates", "update_id", ("U37",)),
    ),
    "工艺": (),
    "试验设施": (
        (
            "aero_engine",
            "series",
            (
                "altitude_cell_country_rank",
                "cj1000_core_speed",
                "cj1000_flight_test_hours",
                "cj2000_core_speed_ratio",
                "cj2000_thrust",
                "cj2000_running_hours",
            ),
        ),
        (
            "events",
            "event_id",
            (
                "altitude_cell_start",
                "altitude_cell_accept",
                "cj1000_first_fire",
                "cj2000_core_fire",
                "cj1000_flight_test",
            ),
        ),
    ),
    "适航与软件": (("status_updates", "update_id", ("U21", "U22", "U23", "U43")),),
    "协同": (
        (
            "aero_engine",
            "series",
            (
                "acae_registered_capital",
                "acae_stake",
                "aecc_registered_capital",
                "aecc_beijing_stake",
                "aecc_shareholders",
                "aecc_subordinate_units",
                "c919_suppliers",
                "c919_orders_big3",
            ),
        ),
        ("events", "event_id", ("acae_found", "aecc_registered", "aecc_found", "c919_multi_user")),
    ),
}

#: 另一种归法：起落架锻件按备选编码归“工艺”，涡轴的两张证归“整机与零部件”。
MOVABLE = {"U37": "工艺", "U22": "整机与零部件", "U23": "整机与零部件"}

#: 查“工艺”一行是不是真的空，用这些词在与航空有关的行里找。
PROCESS_WORDS = ("铸", "锻", "涂层", "焊", "叶片", "单晶", "增材")

#: 证据强弱，自强到弱；“没有出处”另成一级。
STRENGTHS = {"strong": "强", "medium": "中", "weak": "弱", "unsourced": "没有出处"}

#: 每个方面没有查到什么。
MISSING = {
    "整机与零部件": "装机量、进口额、维修费、短舱进展",
    "材料": "单晶合金产量、合格率、装机用量",
    "工艺": "铸造、锻造、涂层、焊接的任何数",
    "试验设施": "地面试车台数目、各国对照、利用率",
    "适航与软件": "CJ 系列的取证进度、软件国产份额",
    "协同": "供应额、合作研发支出、专利合作",
}

#: C919 的供应商数来源只到“欧洲”。
SUPPLIERS = {"USA": "美国", "europe": "欧洲", "CHN": "中国"}


# ---- 第一步：金属 ----


def _material(node: str) -> str:
    """节点代码 → 材料代码，钛并入金属钛。"""
    found = re.fullmatch(r"mat_(.+)_(?:extraction|processing)", node)
    material = found.group(1) if found else node
    return METAL_OF.get(material, material)


def uses() -> pd.DataFrame:
    """用途里写明高温合金或航空的金属。

    Returns
    -------
    pandas.DataFrame
        一行一项用途：``material``、``application_zh``、``share`` 占欧盟用量的百分数、``superalloy`` 是否写明高温合金。
    """
    edges = data.load("crm_edges").query("relation == 'used_in'")
    alloy, air = (edges["application"].str.contains(p, regex=True) for p in (SUPERALLOY, AEROSPACE))
    kept = edges[alloy | air].assign(superalloy=alloy)
    frame = kept[["application_zh", "share", "superalloy"]].assign(material=kept["from_node"].map(_material))
    return frame[["material", "application_zh", "share", "superalloy"]].reset_index(drop=True)


def with_uses() -> list[str]:
    """有任何终端用途连边的材料；不在其中的，没有连边不等于没有用途。"""
    edges = data.load("crm_edges").query("relation == 'used_in'")
    return sorted({_material(v) for v in edges["from_node"]})


def critical() -> list[str]:
    """成分表里欧盟 2023 年判为关键的：两条门槛都达到。"""
    scores = data.load("crm_scores").query("year == 2023").set_index("material")
    kept = scores[(scores[list(CRITICAL)] >= pd.Series(CRITICAL) - 1e-9).all(axis=1)]
    return [m for m in COMPOSITION if m in kept.index]


def lists() -> dict[str, list[str]]:
    """几种“高温合金金属”的名单：名单名 → 材料代码。"""
    found = uses()
    alloy = found.loc[found["superalloy"], "material"].drop_duplicates().tolist()
    air = found["material"].drop_duplicates().tolist()
    return {
        "成分表": list(COMPOSITION),
        "成分表中欧盟判为关键的": critical(),
        "用途写明高温合金": alloy,
        "用途写明高温合金或航空": air,
        "成分表与用途的并集": [*COMPOSITION, *(m for m in air if m not in COMPOSITION)],
    }


def metal_name(material: str) -> str:
    """材料的中文名。"""
    return data.labels("crm_nodes", "material")[material]


def stages(metals: list[str] | tuple[str, ...] = COMPOSITION, scope: str = "global_production") -> pd.DataFrame:
    """每种金属每个环节的最大供应者。

    Parameters
    ----------
    metals : list of str
        材料代码。
    scope : {"global_production", "eu_sourcing"}
        世界产量，还是欧盟的供应来源。

    Returns
    -------
    pandas.DataFrame
        一行一个有份额的环节，按 ``metals`` 的次序，先开采后加工：``node``、``material``、``stage``、``provider``
        最大的经济体、``share`` 它的份额、``china``、``g7`` 合计，均为百分数。
    """
    rows = data.load("crm_provision").query("scope == @scope")
    place = data.load("crm_nodes").set_index("node_id")
    found = []
    for material in metals:
        for stage in ("extraction", "processing"):
            part = rows[rows["node_id"] == f"mat_{material}_{stage}"]
            if part.empty or f"mat_{material}_{stage}" not in place.index:
                continue
            part = part.sort_values(["share", "iso3"], ascending=[False, True], kind="stable")
            share = part.set_index("iso3")["share"]
            found.append(
                {
                    "node": f"mat_{material}_{stage}",
                    "material": material,
                    "stage": stage,
                    "provider": share.index[0],
                    "share": float(share.iloc[0]),
                    "china": float(share.get("CHN", 0.0)),
                    "g7": float(share.reindex(G7).sum()),
                }
            )
    return pd.DataFrame(found)


def _tally(frame: pd.DataFrame) -> str:
    """最大供应者的计数，如“中国 2、巴西 2”。"""
    called = names()
    counts = frame["provider"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return "、".join(f"{called[p]}{'' if called[p].endswith('）') else ' '}{n}" for p, n in counts.items()) or "没有"


def list_table() -> pd.DataFrame:
    """换名单、换阈值、换范围。

    Returns
    -------
    pandas.DataFrame
        一行一份名单：``list``、``metals`` 金属数、``nodes`` 有世界份额的环节数、``china`` 其中中国最大的、``eu`` 欧盟
        供应里中国最大的（“个数 / 有数的环节”）、``loose``、``main``、``strict`` 三档阈值下各家握有的环节。
    """
    rows = []
    for name, metals in lists().items():
        world, europe = stages(metals), stages(metals, "eu_sourcing")
        held = {t: _tally(world[world["share"] >= t - 1e-9]) for t in THRESHOLDS}
        rows.append(
            {
                "list": name,
                "metals": len(metals),
                "nodes": len(world),
                "china": int((world["provider"] == "CHN").sum()),
                "eu": f"{int((europe['provider'] == 'CHN').sum())} / {len(europe)}",
                **dict(zip(("loose", "main", "strict"), held.values(), strict=True)),
            }
        )
    return pd.DataFrame(rows)


@cache
def chain(metals: tuple[str, ...] = COMPOSITION) -> Chain:
    """金属子图：开采 → 加工 → 高温合金；每种金属都算必需，这是最坏的一问。

    没有世界份额的环节也在图上。份额为世界产量。
    """
    nodes = data.load("crm_nodes").rename(columns={"node_id": "node"})
    kept = nodes[nodes["node"].map(_material).isin(metals) & ~nodes["material"].isin(METAL_OF)]
    order = kept.sort_values(["material", "stage"])[["node", "name_zh", "material", "stage"]]
    last = order.groupby("material")["node"].last()
    links = data.load("crm_edges").query("relation == 'goes_into' and from_node in @order.node")
    edges = pd.concat(
        [
            links[["from_node", "to_node", "relation"]],
            pd.DataFrame({"from_node": last, "to_node": "superalloy", "relation": "goes_into"}),
        ]
    )
    end = pd.DataFrame([{"node": "superalloy", "name_zh": "高温合金", "material": "", "stage": ""}])
    shares = data.load("crm_provision").query("scope == 'global_production' and node_id in @order.node")
    shares = shares.rename(columns={"node_id": "node", "iso3": "provider"})[["node", "provider", "share"]]
    return build(pd.concat([order, end]), edges, shares, tolerance=ROUNDING)


def stopped(
    providers: tuple[str, ...], threshold: float = CHOKE_SHARE, metals: tuple[str, ...] = COMPOSITION
) -> list[str]:
    """去掉几家供应者之后，哪些金属拿不到（名称），按名单的次序；没有世界份额的环节当作不受影响。"""
    rule = Rule(threshold, remainder="others", no_shares="available")
    built = chain(tuple(metals))
    listed = set(built.shares["provider"])
    state = _knock_out(built, [p for p in providers if p in listed], rule=rule)["state"]
    dead = {_material(v) for v in state.index[state == "blocked"]}
    return [metal_name(m) for m in metals if m in dead]


def vetoes(metals: tuple[str, ...] = COMPOSITION) -> pd.DataFrame:
    """一家或几家断供，高温合金会缺哪些金属。

    Returns
    -------
    pandas.DataFrame
        索引为断供方；三档阈值各一列，值为缺的金属（顿号连写，没有则为“—”），只留最低阈值下有缺的。
    """
    called = names()
    shares = data.load("crm_provision").query("scope == 'global_production'")
    nodes = set(chain(tuple(metals)).graph)
    held = shares[shares["node_id"].isin(nodes)].groupby("iso3")["share"].max()
    singles = held[held >= THRESHOLDS[0] - 1e-9].index
    scenarios = {called[p]: (p,) for p in singles} | GROUPS
    rows = {
        name: ["、".join(stopped(providers, t, tuple(metals))) or "—" for t in THRESHOLDS]
        for name, providers in scenarios.items()
    }
    frame = pd.DataFrame(rows, index=THRESHOLDS).T
    order = frame.map(lambda cell: 0 if cell == "—" else cell.count("、") + 1).sum(axis=1)
    frame = frame.loc[order.sort_values(ascending=False, kind="stable").index]
    return frame[frame[THRESHOLDS[0]] != "—"]


def metal_rows(metals: tuple[str, ...] = COMPOSITION) -> pd.DataFrame:
    """子图的画法所用：一行一种金属。

    Returns
    -------
    pandas.DataFrame
        索引为金属名；``extraction``、``processing`` 为（经济体代码，名称，份额）或 ``None``（没有世界份额）；``linked``
        两个环节在图上是否相连；``use`` 写明高温合金或航空的用途（“用途 份额”），没有用途数据的为“无用途数据”，
        有而没写明
        的为“未写明”。
    """
    called, frame, found = names(), stages(metals).set_index(["material", "stage"]), uses()
    links = data.load("crm_edges").query("relation == 'goes_into'")
    linked = {_material(a) for a, b in links[["from_node", "to_node"]].itertuples(index=False)}
    known = set(with_uses())
    rows = {}
    for material in metals:
        cells = {}
        for stage in ("extraction", "processing"):
            top = frame.loc[(material, stage)] if (material, stage) in frame.index else None
            cells[stage] = None if top is None else (top["provider"], called[top["provider"]], float(top["share"]))
        named = found[found["material"] == material]
        said = [f"{r.application_zh.split('、')[0]} {r.share:.0f}%" for r in named.itertuples()]
        use = "；".join(said) or ("未写明" if material in known else "无用途数据")
        rows[metal_name(material)] = {**cells, "linked": material in linked, "use": use}
    return pd.DataFrame.from_dict(rows, orient="index")


def solid_metals(metals: tuple[str, ...] = COMPOSITION) -> list[str]:
    """有一个环节达到 :data:`chokepoint.chain.CHOKE_SHARE` 的金属（名称），按名单的次序。"""
    frame = stages(metals)
    held = set(frame.loc[frame["share"] >= CHOKE_SHARE - 1e-9, "material"])
    return [metal_name(m) for m in metals if m in held]


def thin_metals(metals: tuple[str, ...] = COMPOSITION, limit: float = THIN) -> list[str]:
    """中国在每个有数的环节都不到 ``limit``% 的金属（名称）。只说产量，用量与进口不在数据里。"""
    most = stages(metals).groupby("material")["china"].max()
    return [metal_name(m) for m in metals if m in most.index and most[m] < limit]


def source_shares() -> pd.DataFrame:
    """同一环节、同一经济体，几个来源各说多少。

    Returns
    -------
    pandas.DataFrame
        索引为（材料，环节，经济体），取每个来源说的最大产地；``crm`` 欧盟研究的多年平均，``wmd_low``、``wmd_high``
        《世界矿业数据》2018–2022 年的最小与最大，``wmd_last`` 2022 年，``iea`` 国际能源署 2024 年，``journal_low``、
        ``journal_high`` 期刊的海绵钛（当作金属钛的加工），百分数；``apart`` 是否差得远：相差达 :data:`APART`，
        或最大产地
        不同，或分在 :data:`chokepoint.chain.CHOKE_SHARE` 的两侧。
    """
    crm = data.load("crm_provision").query("scope == 'global_production'")
    crm = crm.assign(material=crm["node_id"].str.extract(r"mat_(.+)_(?:extraction|processing)")[0])
    crm["stage"] = crm["node_id"].str.rpartition("_")[2]
    wmd = data.load("mineral_production")
    wmd = wmd.assign(material=wmd["material"].replace(METAL_OF))
    iea = data.load("iea_minerals").query("year == 2024 and iso3 != 'ROW'")
    sponge = data.load("green_materials").query("series == 'ti_sponge_share'")
    key = ["material", "stage", "iso3"]
    last = wmd[wmd["year"] == wmd["year"].max()]
    rows, tops = {}, []
    for table in (crm, last, iea):
        part = table[table["material"].isin(COMPOSITION)]
        tops.append(part.loc[part.groupby(["material", "stage"])["share"].idxmax(), key])
    tops.append(pd.DataFrame([("titanium_metal", "processing", "CHN")], columns=key))
    for at in sorted(set(map(tuple, pd.concat(tops).to_numpy()))):
        material, stage, iso3 = at
        picked = [t[(t["material"] == material) & (t["stage"] == stage) & (t["iso3"] == iso3)] for t in (crm, wmd, iea)]
        own = sponge if at == ("titanium_metal", "processing", "CHN") else sponge.iloc[:0]
        rows[at] = {
            "crm": picked[0]["share"].max(),
            "wmd_low": picked[1]["share"].min(),
            "wmd_high": picked[1]["share"].max(),
            "wmd_last": picked[1].loc[picked[1]["year"] == wmd["year"].max(), "share"].max(),
            "iea": picked[2]["share"].max(),
            "journal_low": own["value"].min(),
            "journal_high": own["value"].max(),
        }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = pd.MultiIndex.from_tuples(frame.index, names=key)
    shown = frame[["crm", "wmd_last", "iea", "journal_high"]]
    several = frame.reset_index().groupby(["material", "stage"])["iso3"].transform("nunique").to_numpy() > 1
    spread = shown.max(axis=1) - shown.min(axis=1)
    astride = shown.max(axis=1).ge(CHOKE_SHARE) & shown.min(axis=1).lt(CHOKE_SHARE)
    frame["apart"] = (shown.count(axis=1) > 1) & ((spread >= APART) | several | astride)
    return frame


def source_rows() -> dict[str, pd.DataFrame]:
    """来源之间差得远的环节，写成界线图要的样子：来源名 → 列 ``low``、``high``（0–100），索引为图上的行名。"""
    frame, called = source_shares(), names()
    frame = frame[frame["apart"]]
    step = data.labels("crm_nodes", "stage")
    frame.index = [f"{metal_name(m)}{step[s][:2]}：{called[c]}" for m, s, c in frame.index]
    other = pd.DataFrame({"low": frame["iea"].fillna(frame["journal_low"])})
    other["high"] = frame["iea"].fillna(frame["journal_high"])
    return {
        "欧盟研究": pd.DataFrame({"low": frame["crm"], "high": frame["crm"]}),
        "世界矿业数据": pd.DataFrame({"low": frame["wmd_low"], "high": frame["wmd_high"]}),
        "国际能源署或期刊": other,
    }


def newest_held(threshold: float = CHOKE_SHARE) -> pd.DataFrame:
    """每个环节改用最新的来源之后，一家占到阈值的环节。

    先用国际能源署 2024 年，其次《世界矿业数据》2022 年，都没有的仍用欧盟研究。


    Returns
    -------
    pandas.DataFrame
        索引为环节（如“钴加工”）；``provider``、``share`` 百分数。
    """
    frame = source_shares()
    share = frame["iea"].fillna(frame["wmd_last"]).fillna(frame["crm"])
    step = data.labels("crm_nodes", "stage")
    rows = [(f"{metal_name(m)}{step[s][:2]}", c, v) for (m, s, c), v in share.items() if v >= threshold - 1e-9]
    return pd.DataFrame(rows, columns=["node", "provider", "share"]).set_index("node")


def nickel_mining() -> dict[str, object]:
    """印度尼西亚的镍矿份额：``first``、``last`` 2018、2022 年，``slope`` 每年变动的 Theil–Sen 估计与区间（百分点）。"""
    rows = data.load("mineral_production").query("material == 'nickel' and stage == 'extraction' and iso3 == 'IDN'")
    line = rows.set_index("year")["share"].sort_index()
    return {"first": line.iloc[0], "last": line.iloc[-1], "slope": inference.slope(line.index, line)}


def self_sufficiency() -> dict[str, float]:
    """高温合金 2019 年：``capacity``、``demand`` 千吨，``stated`` 所称自给率、``ratio`` 产能除以需求（%）。"""
    rows = data.load("green_materials").query("year == 2019").set_index("series")["value"]
    capacity, demand = rows["superalloy_capacity"], rows["superalloy_demand"]
    stated = rows["superalloy_self_sufficiency"]
    ratio = materials.superalloy_ratio()["same"] * 100
    return {"capacity": capacity, "demand": demand, "stated": stated, "ratio": ratio}


# ---- 第二步：行业与买卖 ----


def value_shares() -> pd.DataFrame:
    """航空航天器制造业增加值的世界份额：索引为年份，列为 :data:`COMPARED`，百分数。"""
    return pd.DataFrame({iso3: overview.value_shares(iso3)["aerospace"] * 100 for iso3 in COMPARED})


def value_residual(year: int = 2019) -> float:
    """世界合计里没有逐个列出的经济体所占的份额，百分数（欧盟成员只算欧盟）。"""
    rows = data.load("industry_value_added").query("industry == 'aerospace' and year == @year").set_index("iso3")
    values = rows["value"]
    return float((1 - values.drop(["WLD", "DEU", "FRA", "ITA"]).sum() / values["WLD"]) * 100)


def value_slopes(start: int | None = None, end: int | None = None) -> pd.DataFrame:
    """世界份额每年变动几个百分点：Theil–Sen 估计与区间。

    Parameters
    ----------
    start, end : int, optional
        从哪一年算起、到哪一年为止（含）；缺省为全部年份。

    Returns
    -------
    pandas.DataFrame
        索引为经济体代码，列 ``estimate``、``low``、``high``。
    """
    shares = value_shares().loc[start:end]
    rows = {iso3: inference.slope(shares.index, line) for iso3, line in shares.items()}
    return pd.DataFrame(rows, index=["estimate", "low", "high"]).T


def spoken(row: pd.Series) -> str:
    """斜率与区间写成一句，带正负号：“+0.22 个百分点（区间 +0.17 到 +0.31）”。"""
    value, low, high = (f"{v:+.2f}".replace("-", "−") for v in (row["estimate"], row["low"], row["high"]))
    return f"{value} 个百分点（区间 {low} 到 {high}）"


def value_rank(year: int, bloc: bool) -> int:
    """中国的名次：``bloc`` 为真时欧盟算一家（去掉成员国），否则逐国。"""
    rows = data.load("industry_value_added").query("industry == 'aerospace' and year == @year").set_index("iso3")
    values = rows["value"].drop("WLD")
    members = ["DEU", "FRA", "ITA"]
    values = values.drop(members if bloc else ["EUU"])
    return int(values.rank(ascending=False)["CHN"])


def china_ranks() -> pd.DataFrame:
    """各年中国的名次：列 ``alone`` 逐国、``bloc`` 欧盟算一家。"""
    return pd.DataFrame(
        {y: {"alone": value_rank(y, bloc=False), "bloc": value_rank(y, bloc=True)} for y in value_shares().index}
    ).T


def aircraft_trade() -> pd.DataFrame:
    """中国的航空器及零件（HS 88），索引为年份。

    列 ``import``、``export`` 亿美元，``ratio`` 之比；``usa`` 美国份额（%），``usa_value`` 自美进口额。
    """
    rows = data.load("trade_totals").query("goods == 'aircraft_hs88' and iso3 == 'CHN' and period == 'full_year'")
    wide = rows.pivot(index="year", columns="indicator", values="value")
    found = data.load("import_origins").query("goods == 'aircraft_hs88' and partner_iso3 == 'USA'")
    found = found.pivot(index="year", columns="indicator", values="value")
    frame = pd.DataFrame({"import": wide["import_value"], "export": wide["export_value"]})
    frame["ratio"] = frame["import"] / frame["export"]
    return frame.assign(usa=found["import_share"], usa_value=found["import_value"])


def american_exports() -> pd.Series:
    """美国申报的对华航空器、发动机及零件出口，亿美元，索引为年份。"""
    rows = data.load("trade_totals").query("goods == 'aircraft_engines_parts' and iso3 == 'USA'")
    return rows.set_index("year")["value"].sort_index()


def japan_origins() -> pd.DataFrame:
    """日本航空器与原动机进口中来自美国、欧盟的份额。

    Returns
    -------
    pandas.DataFrame
        索引为年份；列为（商品，伙伴），百分数。欧盟 2020 年起不含英国。
    """
    rows = data.load("japan_trade").query("flow == 'import' and goods in ['aircraft', 'power_generating_machinery']")
    wide = rows.pivot(index="year", columns=["goods", "partner_iso3"], values="value")
    parts = {
        (goods, partner): wide[goods, partner] / wide[goods, "WLD"] * 100
        for goods in ("aircraft", "power_generating_machinery")
        for partner in ("USA", "EUU", "CHN")
    }
    return pd.DataFrame(parts)


def japan_export_drop(first: int = 2019, last: int = 2021) -> float:
    """日本航空器出口（日元）后一年是前一年的几成（0–1），作同期的对照。"""
    rows = data.load("japan_trade").query("flow == 'export' and goods == 'aircraft' and partner_iso3 == 'WLD'")
    line = rows.set_index("year")["value"]
    return float(line[last] / line[first])


def buyers() -> pd.DataFrame:
    """“谁更靠美国”的折线：日本航空器进口自美国与自欧盟、中国航空器进口自美国，写成断线图要的样子。"""
    japan, china = japan_origins()["aircraft"], aircraft_trade()["usa"]
    rows = [("日本自美国", y, v, "") for y, v in japan["USA"].items()]
    rows += [("日本自欧盟", y, v, "含英国" if y < 2020 else "不含英国") for y, v in japan["EUU"].items()]
    rows += [("中国自美国", y, v, "") for y, v in china.items()]
    return pd.DataFrame(rows, columns=["line", "x", "y", "segment"])


def engine_patents(year: int = 2020) -> dict[str, float]:
    """发动机、泵与涡轮领域中国所占的份额（0–1）：``family`` 各国同族，``grant`` 美国授权；美国的两项同样给出。"""
    rows = data.load("patents").query("field == 'engines_pumps_turbines' and year == @year")
    wide = rows.pivot(index="iso3", columns="measure", values="value")
    share = wide.div(wide.loc["WLD"])
    short = {"inpadoc_family": "family", "uspto_grant": "grant"}
    return {f"{short[m]}_{c.lower()}": float(share.loc[c, m]) for m in short for c in ("CHN", "USA")}


# ---- 第三步：时间线与交付 ----

#: 各种日期精度对应的时段长度。
_SPAN = {"day": pd.DateOffset(days=1), "month": pd.DateOffset(months=1), "year": pd.DateOffset(years=1)}


def _decimal(when: pd.Timestamp) -> float:
    return when.year + (when.day_of_year - 1) / (366 if when.is_leap_year else 365)


def timeline(weak: bool = True) -> pd.DataFrame:
    """大事记。

    Parameters
    ----------
    weak : bool
        留不留弱来源。

    Returns
    -------
    pandas.DataFrame
        索引为短名；``track`` 所属的线、``date``、``precision``（``day``、``month``、``year``）、``start``、``end``
        十进制年份（不知道日、月的取整段）、``strength``。按 :data:`TRACKS` 的次序，线内按日期。
    """
    events = data.load("events").query("topic == 'aero_engine'").set_index("event_id")
    events = events[["date", "date_precision", "source_strength"]]
    updates = data.load("status_updates").set_index("update_id")[["date", "date_precision", "source_strength"]]
    every = pd.concat([events, updates])
    rows = []
    for track, members in TRACKS.items():
        for key, label in members.items():
            date, precision, strength = every.loc[key]
            start = pd.Timestamp(date)
            end = start + _SPAN[precision]
            rows.append((label, track, date, precision, _decimal(start), _decimal(end), strength))
    frame = pd.DataFrame(rows, columns=["label", "track", "date", "precision", "start", "end", "strength"])
    frame["order"] = frame["track"].map({t: i for i, t in enumerate(TRACKS)})
    frame = frame.sort_values(["order", "start"], kind="stable").drop(columns="order").set_index("label")
    return frame if weak else frame[frame["strength"] != "weak"]


def deliveries() -> pd.DataFrame:
    """C919 的交付、目标与引进。

    Returns
    -------
    pandas.DataFrame
        索引为图上的行名；``value`` 架，``kind`` 取 ``full``（全年）、``partial``（不足一年，只能当下限）、
        ``target``（目标或计划）。
    """
    rows = data.load("aero_engine")
    kept = ["c919_deliveries", "c919_delivery_target", "c919_airline_planned_intake", "c919_airline_actual_intake"]
    called = {"c919_airline_planned_intake": "三大航计划", "c919_airline_actual_intake": "三大航接收"}
    found = []
    for row in rows[rows["series"].isin(kept)].itertuples():
        period = "" if pd.isna(row.period) else str(row.period)
        if row.status == "target":
            when = f"，{int(period[5:7])} 月所说" if period else ""
            label, kind = f"{called.get(row.series, '目标')}{when}", "target"
        elif "/" in period:
            end = period.split("/")[1]
            when = f"{int(end[5:7])} 月 {int(end[8:])} 日" if len(end) > 7 else f"{int(end[5:7])} 月"
            label, kind = f"{called[row.series]}，到 {when}" if row.series in called else f"到 {when}", "partial"
        else:
            label, kind = "全年", "full"
        found.append((f"{row.year} {label}", row.series, float(row.value), kind, row.year, period))
    frame = pd.DataFrame(found, columns=["label", "series", "value", "kind", "year", "period"])
    order = {s: i for i, s in enumerate(["c919_deliveries", "c919_delivery_target", *called])}
    frame["order"] = frame["series"].map(order)
    return frame.sort_values(["order", "year", "period"], kind="stable").drop(columns="order").set_index("label")


def _row(series: str, **equal) -> pd.Series:
    rows = data.load("aero_engine").query("series == @series")
    for column, value in equal.items():
        rows = rows[rows[column] == value]
    if len(rows) != 1:
        raise ValueError(f"{series} {equal} 应恰有一行，找到 {len(rows)} 行")
    return rows.iloc[0]


def year_end(level: float = inference.LEVEL, rush: bool = False) -> dict[str, float]:
    """2025 年余下几天照此前的速度会再交几架：泊松过程，Jeffreys 先验的预测区间。

    只回答“速度不变会怎样”，不预测年末：两种速度都出自同一次计数，都假定余下几天不再变快。
    速度取 9 月底到 12 月 22 日（假定前一个数截至 9 月最后一天，这使速度偏高）；交付若在年末赶工，区间就偏窄。

    Parameters
    ----------
    level : float
        区间的置信水平，0–1。
    rush : bool
        最宽的一问：假定其间的交付全挤在 12 月，速度按 12 月已过的天数算。

    Returns
    -------
    dict
        ``days``、``left`` 已观察与余下的天数；``count`` 其间交付，``early`` 头九个月的交付；
        ``so_far`` 到 12 月 22 日的累计；``low``、``high`` 全年的预测区间；``target`` 下调后的目标；
        ``needed`` 余下须交几架；``faster`` 须是此前速度的几倍；
        ``chance`` 照此前的速度能够达到目标的概率。
    """
    early = _row("c919_deliveries", period="2025-01/2025-09")
    late = _row("c919_deliveries", period="2025-01/2025-12-22")
    stop = pd.Timestamp(late["period"].split("/")[1])
    first = pd.Timestamp(early["period"].split("/")[1]) + pd.offsets.MonthEnd(0)
    first = pd.Timestamp(stop.year, 11, 30) if rush else first
    days, left = (stop - first).days, (pd.Timestamp(stop.year, 12, 31) - stop).days
    count = late["value"] - early["value"]
    target = _row("c919_delivery_target", period="2025-09")["value"]
    needed = target - late["value"]
    law = stats.nbinom(count + 0.5, days / (days + left))
    low, high = law.interval(level)
    return {
        "days": days,
        "left": left,
        "count": count,
        "early": early["value"],
        "so_far": late["value"],
        "low": late["value"] + float(low),
        "high": late["value"] + float(high),
        "target": target,
        "needed": needed,
        "faster": (needed / left) / (count / days),
        "chance": float(law.sf(needed - 1)),
    }


def fleet_check() -> dict[str, float]:
    """在役数与交付数对得上吗：2025 年 5 月底在役 ``fleet``，交付累计应在 ``low``–``high`` 之间。

    累计从首架交付（2022 年，只知一架）加 2023、2024 两年；上限再加 2025 年前九个月。
    """
    events = data.load("events").set_index("event_id")
    first = int(events.loc["c919_first_delivery", "date"][:4] == "2022")
    before = first + sum(_row("c919_deliveries", year=y)["value"] for y in (2023, 2024))
    return {
        "fleet": _row("c919_fleet_in_service")["value"],
        "low": before,
        "high": before + _row("c919_deliveries", period="2025-01/2025-09")["value"],
    }


def backlog() -> dict[str, float]:
    """三大航订单（``orders``，下限）除以 2024 年交付、除以下调前的目标，各要几年：``years``、``years_target``。"""
    orders, made = _row("c919_orders_big3")["value"], _row("c919_deliveries", year=2024)["value"]
    target = _row("c919_delivery_target", period="2025-03")["value"]
    return {"orders": orders, "years": orders / made, "years_target": orders / target, "made": made, "target": target}


def suppliers() -> pd.DataFrame:
    """C919 的供应商数：索引为来源方，``count`` 个、``share`` 占个数的比例（0–1），降序。个数不是金额。"""
    rows = data.load("aero_engine").query("series == 'c919_suppliers'")
    who = rows["iso3"].fillna(rows["entity"]).map(SUPPLIERS)
    frame = pd.DataFrame({"count": rows["value"].astype(int).to_numpy()}, index=who)
    return frame.assign(share=frame["count"] / frame["count"].sum()).sort_values("count", ascending=False)


# ---- 第四步：说法与证据 ----


def _publisher() -> pd.Series:
    return data.sources(["aero_engine"]).set_index("source_id")["publisher"]


def implied_hours() -> dict[str, float]:
    """弱来源的试飞小时意味着什么：只有一架试验机、天天飞，每天要飞几小时。

    Returns
    -------
    dict
        ``low``、``high``（起飞那年年初或年末、说法那月月初或月末）；``hours`` 累计小时。
    """
    claim = _row("cj1000_flight_test_hours")
    year = int(data.load("events").set_index("event_id").loc["cj1000_flight_test", "date"])
    said = pd.Timestamp(claim["period"])
    longest = (said + pd.offsets.MonthEnd(0) - pd.Timestamp(year, 1, 1)).days
    shortest = (said - pd.Timestamp(year, 12, 31)).days
    return {"hours": claim["value"], "low": claim["value"] / longest, "high": claim["value"] / shortest}


def claims() -> pd.DataFrame:
    """CJ 系列的公开数字。

    Returns
    -------
    pandas.DataFrame
        ``what``、``said``（数与单位）、``when``、``who``（出处）、``strength``、``beside``（旁证或备注）。
    """
    rows = data.load("aero_engine")
    rows = rows[rows["series"].str.startswith("cj")]
    series, unit = data.labels("aero_engine", "series"), data.labels("aero_engine", "unit")
    bound = {"at_least": "不少于 ", "at_most": "不高于 "}
    hours = implied_hours()
    beside = (
        rows["note"]
        .fillna("—")
        .mask(
            rows["series"] == "cj1000_flight_test_hours",
            f"一架机天天飞，须每天 {hours['low']:.1f}–{hours['high']:.1f} 小时",
        )
    )
    plain = rows["unit"].map(unit).where(rows["unit"] != "ratio", "倍")
    return pd.DataFrame(
        {
            "what": rows["series"].map(series),
            "said": rows["bound"].map(bound).fillna("") + rows["value"].map("{:,g}".format) + " " + plain,
            "when": rows["period"].fillna(rows["year"].astype(str)),
            "who": rows["source_id"].map(_publisher()).str.replace(".ru", " 博客", regex=False),
            "strength": rows["source_strength"].map(STRENGTHS),
            "beside": beside,
        }
    ).reset_index(drop=True)


def unsourced() -> dict[str, object]:
    """没有出处的流行说法：国产航空发动机占国内市场的份额；``said``（%，上限）、``note``。只作“人们怎样说”的样本。"""
    row = data.load("localisation").query("item == 'aero_engines_domestic_market'").iloc[0]
    return {"said": float(row["value"]), "year": int(row["year"]), "note": row["note"]}


def items(alternative: bool = False) -> pd.DataFrame:
    """六个方面的证据，一行一条。

    Parameters
    ----------
    alternative : bool
        换另一种归法（:data:`MOVABLE`）。

    Returns
    -------
    pandas.DataFrame
        ``aspect``、``table``、``key``、``strength``（:data:`STRENGTHS` 的键）。
    """
    rows = []
    for aspect, groups in ASPECTS.items():
        for table, column, keys in groups:
            part = data.load(table)
            part = part[part[column].isin(keys)]
            if "source_strength" in part:
                strength = part["source_strength"]
            elif "evidence" in part:
                strength = part["evidence"]
            else:
                strength = part["source_id"].isin(materials.JOURNAL).map({True: "medium", False: "weak"})
            rows += [(aspect, table, k, s) for k, s in zip(part[column].astype(str), strength.astype(str), strict=True)]
    frame = pd.DataFrame(rows, columns=["aspect", "table", "key", "strength"])
    if alternative:
        frame["aspect"] = frame["key"].map(MOVABLE).fillna(frame["aspect"])
    return frame


def process_rows() -> pd.DataFrame:
    """与航空有关的行里，文字写到工艺（:data:`PROCESS_WORDS`）的。

    找的是航空发动机表全部、大事记的航空发动机主题、航空航天各技术的进展、国产化说法里的航空各项、先进材料表里的
    高温合金与海绵钛。

    Returns
    -------
    pandas.DataFrame
        一行一条：``table``、``key``、``text``。
    """
    air = data.load("chokepoints").query("sector == 'aerospace'")["tech_id"]
    updates, said, green = (data.load(t) for t in ("status_updates", "localisation", "green_materials"))
    picked = {
        "aero_engine": ("series", data.load("aero_engine")),
        "events": ("event_id", data.load("events").query("topic == 'aero_engine'")),
        "status_updates": ("update_id", updates[updates["tech_id"].isin(air)]),
        "localisation": ("item", said[said["item"].astype(str).str.contains("aero")]),
        "green_materials": ("series", green[green["series"].astype(str).str.contains("superalloy|ti_sponge")]),
    }
    rows = []
    for table, (column, part) in picked.items():
        labels = data.labels(table, column) if column in ("series", "item") else {}
        for row in part.astype(object).fillna("").to_dict("records"):
            key = str(row[column])
            rows.append((table, key, " ".join([labels.get(key, ""), *map(str, row.values())])))
    frame = pd.DataFrame(rows, columns=["table", "key", "text"])
    return frame[frame["text"].str.contains("|".join(PROCESS_WORDS))].reset_index(drop=True)


def evidence_counts(alternative: bool = False) -> pd.DataFrame:
    """方面 × 强弱的证据条数；没有就是零，画时留空。"""
    frame = items(alternative)
    wide = pd.crosstab(frame["aspect"], frame["strength"]).reindex(
        index=list(ASPECTS), columns=list(STRENGTHS), fill_value=0
    )
    return wide.rename(columns=STRENGTHS)


def best_seen() -> dict[str, str]:
    """每个方面查得到的最好的一条，写成一句；没有的为“—”。"""
    rank = _row("altitude_cell_country_rank")
    units, owners = _row("aecc_subordinate_units")["value"], _row("aecc_shareholders")["value"]
    ratio = self_sufficiency()
    updates = data.load("status_updates").set_index("update_id")["event"]
    sponge = data.load("green_materials").query("series == 'ti_sponge_share'")["value"].max()
    return {
        "整机与零部件": "方案获批、首台装配、推力范围，全出自弱来源",
        "材料": f"{updates['U37']}；海绵钛占世界 {sponge:g}%；产能是需求的 {ratio['ratio']:.0f}%",
        "工艺": "—",
        "试验设施": f"{rank['year']} 年验收高空台，称为第 {rank['value']:.0f} 个拥有的国家",
        "适航与软件": f"{updates['U22']}；{updates['U21']}",
        "协同": f"中国航发由 {owners:.0f} 家股东出资，并入 {units:.0f} 家单位；C919 供应商有个数，没有金额",
    }


def grid(alternative: bool = False) -> pd.DataFrame:
    """证据矩阵：同 :func:`evidence_counts`，没有的格子缺失，画时留空。"""
    counts = evidence_counts(alternative)
    return counts.where(counts > 0).rename_axis(index=None, columns=None)


def gaps() -> pd.DataFrame:
    """每个方面查得到的最好一条与没有查到的：``aspect``、``best``、``missing``。"""
    return pd.DataFrame({"best": best_seen(), "missing": MISSING}).rename_axis("aspect").reset_index()


def without_weak() -> dict[str, int]:
    """去掉弱来源之前与之后。

    Returns
    -------
    dict
        ``events``、``events_kept`` 大事；``cj``、``cj_kept`` 长江发动机的大事；``claims``、``claims_kept`` 长江发动机的
        数字；``items``、``items_kept`` 六个方面的证据；``strong`` 其中强的；``engine_strong`` 整机、材料、工艺、
        试验四个
        方面里强的。
    """
    every, solid, said, found = timeline(), timeline(weak=False), claims(), items()
    firm = found["strength"].isin(["strong", "medium"])
    own = found["aspect"].isin(["整机与零部件", "工艺", "试验设施"])
    return {
        "events": len(every),
        "events_kept": len(solid),
        "cj": int((every["track"] == "长江发动机").sum()),
        "cj_kept": int((solid["track"] == "长江发动机").sum()),
        "claims": len(said),
        "claims_kept": int((said["strength"] != STRENGTHS["weak"]).sum()),
        "items": len(found),
        "items_kept": int(firm.sum()),
        "strong": int((found["strength"] == "strong").sum()),
        "engine_strong": int(((found["strength"] == "strong") & own).sum()),
    }


def listed_technologies() -> pd.DataFrame:
    """清单里属于航空航天的技术。

    列 ``name_zh``、``pillar_zh``、``proxy`` 海关代理最好的质量、``countries`` 被点名的经济体。
    """
    listed = data.load("chokepoints").query("sector == 'aerospace'")
    pillar, order = data.labels("chokepoints", "pillar"), list(data.labels("hs_proxy", "proxy_quality"))
    proxy = data.load("hs_proxy").groupby("tech_id")["proxy_quality"].agg(lambda s: min(s, key=order.index))
    places, called = data.load("chokepoint_countries"), names()
    named = places.groupby("tech_id")["iso3"].agg(lambda s: "、".join(called[c] for c in sorted(s)))
    return pd.DataFrame(
        {
            "name_zh": listed["name_zh"],
            "pillar_zh": listed["pillar"].map(pillar),
            "proxy": listed["tech_id"].map(proxy).map(data.labels("hs_proxy", "proxy_quality")),
            "countries": listed["tech_id"].map(named).fillna("—"),
        }
    ).reset_index(drop=True)


def headline() -> dict[str, float]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        ``metals``、``nodes`` 成分表的金属与有世界份额的环节数；``china_top`` 中国是最大产地的环节，``eu_nodes``、
        ``eu_top`` 欧盟供应一侧的；``held``、``held_china`` 达到 65% 的环节与其中的中国；``loose``、
        ``loose_china`` 50% 的；
        ``value_year`` 最后一年，``value_china``、``value_usa``、``value_eu`` 该年世界份额（%），
        ``value_first`` 中国 2002 年；
        ``ratio`` 2018 年 HS 88 进出口比，``usa``、``japan_usa`` 2018 年中国、日本航空器进口自美国的份额（%）；
        ``delivered``、``cut``、``target`` 2025 年到 12 月 22 日的交付、下调后与下调前的目标（架）；``low``、
        ``high`` 全年预测
        区间；以及 :func:`without_weak` 的各项。
    """
    world, europe, value = stages(), stages(scope="eu_sourcing"), value_shares()
    held = single_provider(chain().shares)
    loose = single_provider(chain().shares, THRESHOLDS[0])
    end, trade = year_end(), aircraft_trade().loc[2018]
    first, last = value.index[0], value.index[-1]
    return {
        "metals": len(COMPOSITION),
        "nodes": len(world),
        "china_top": int((world["provider"] == "CHN").sum()),
        "eu_nodes": len(europe),
        "eu_top": int((europe["provider"] == "CHN").sum()),
        "held": len(held),
        "held_china": int((held["provider"] == "CHN").sum()),
        "loose": len(loose),
        "loose_china": int((loose["provider"] == "CHN").sum()),
        "value_year": int(last),
        "value_china": float(value.loc[last, "CHN"]),
        "value_usa": float(value.loc[last, "USA"]),
        "value_eu": float(value.loc[last, "EUU"]),
        "value_first": float(value.loc[first, "CHN"]),
        "ratio": float(trade["ratio"]),
        "usa": float(trade["usa"]),
        "japan_usa": float(japan_origins().loc[2018, ("aircraft", "USA")]),
        "delivered": end["so_far"],
        "cut": end["target"],
        "target": float(_row("c919_delivery_target", period="2025-03")["value"]),
        "low": end["low"],
        "high": end["high"],
        **without_weak(),
    }
