"""“卡脖子指数”一章的主要数字：芯片链叶子节点的综合指数，与三十五项技术的证据矩阵。

指数按 OECD/JRC《手册》的十步做；本模块取表、定指标、给区间，方法在 :mod:`chokepoint.composite`。
份额一律按总部归属；“在供应而没有给份额”是未知，不是零，以上下限处理；上下级节点不同时进入排名。
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu, spearmanr

from .. import chain, composite, data
from . import identify

RELEASE = "2026"
#: 进入排名的节点类别（原库的归类：软件在原库算设备，IP 核在原库算材料）。
KINDS = ("tool", "material")
HOME = "CHN"
#: 余项：未具名的多国。
UNNAMED = "VAR"
#: 具名的份额合计至少这么多才排名，否则不知道是谁在供。本书自定。
NAMED_LEAST = 0.5
#: 产线上反复走的一圈；原库只连了其中一遍，补上末道回到首道的一条边，就成闭环。
LOOP = (
    "deposition",
    "photolithography",
    "etch_and_clean",
    "ion_implantation",
    "chemical_mechanical_planarization",
)
#: 总部归属有争议的企业 → 另一种说得通的归属（依据见 ``chip_provision`` 的备注）。
CONTESTED = {"ACM Research": "CHN", "ASM Pacific": "CHN", "Mattson Tech": "USA", "Bruker": "DEU"}
#: 集团取境外收入最多的几个经济体。
BLOC_SIZE = 3
#: “前几名”。
TOP = 10
#: 在这么多比例的抽取里留在前列，才称作稳。
FIRM = 0.9
#: 三种方向下都至少有这么多比例的抽取居前列，才算“常在”。
OFTEN = 0.6
DRAWS = 10_000
SEED = 2026
SOBOL_BASE = 2_048
#: 找两份名单从哪条线起重合时，每次把线降低这么多（百分点）。
LINE_STEP = 5
#: 相关强于它即近乎重复计数。
REDUNDANT = 0.85
#: 几何平均的另一个下限，供敏感性检验。
OTHER_FLOOR = 0.1
#: 集团另取几个经济体，供敏感性检验。
OTHER_BLOC = 5

#: 最像的两项合算一项，供敏感性检验。
MERGED = {"foreign": 1, "country": 0.5, "bloc": 1, "firm": 0.5, "reach": 1, "size": 1}

NAMES = {
    "foreign": "境外份额",
    "country": "国别集中",
    "bloc": "集团合计",
    "firm": "企业集中",
    "reach": "下游工序",
    "size": "市场规模",
}
METHOD_NAMES = {
    "normalisation": "归一",
    "weighting": "赋权",
    "aggregation": "合成",
    "omission": "去掉一项指标",
    "perturbation": "权的扰动",
    "data": "数据的区间",
}
OPTION_NAMES = {
    "min-max": "极差",
    "z-score": "标准差",
    "rank": "名次",
    "equal": "等权",
    "entropy": "熵权",
    "critic": "CRITIC",
    "pca": "主成分",
    "arithmetic": "算术平均",
    "geometric": "几何平均",
    "none": "不去",
    **NAMES,
}

#: 清单的技术 → 芯片链的节点（上级节点代表它的全部叶子），编者判断。
LISTED = {1: "lithography_tools", 13: "electronic_design_automation_software", 21: "photoresists", 31: "cmp_tools"}
#: 光刻机在清单里的编号与对应的上级节点。
LITHOGRAPHY = 1


class Panel(NamedTuple):
    """指标表与它的上下限，行为节点，列为 :data:`NAMES` 的键。"""

    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame


def _release(name: str) -> pd.DataFrame:
    table = data.load(name)
    return table[table["release"] == RELEASE]


def nodes() -> pd.DataFrame:
    """这一版的全部节点，索引为 ``node_id``。"""
    table = data.load("chip_nodes")
    return table[table["in_release_2026"]].set_index("node_id")


def candidates() -> pd.DataFrame:
    """设备与材料节点及其去留。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``name_zh``、``kind``、``stage``、``role``；
        ``fate`` 取 ``parent``（有下级或由别的设备、材料合成）、
        ``no_share``（一个份额也没有）、``unnamed``（具名的合计不到 :data:`NAMED_LEAST`）、``used``。
    """
    return _candidates().copy()


@lru_cache(maxsize=1)
def _candidates() -> pd.DataFrame:
    found = nodes()
    found = found.loc[found["kind"].isin(KINDS), ["name_zh", "kind", "stage", "role"]].copy()
    edges = _release("chip_edges")
    inside = edges["from_node"].isin(found.index) & edges["relation"].isin(chain.PRODUCTION_RELATIONS)
    shares = _shares_as_reported()
    named = shares.drop(columns=UNNAMED).sum(axis=1)
    found["fate"] = "used"
    found.loc[~(named.reindex(found.index) >= NAMED_LEAST), "fate"] = "unnamed"
    found.loc[~found.index.isin(shares.index), "fate"] = "no_share"
    found.loc[found.index.isin(edges["to_node"][inside]), "fate"] = "parent"
    return found


def used() -> pd.Index:
    """进入排名的叶子节点。"""
    found = _candidates()
    return found.index[found["fate"] == "used"]


def funnel() -> pd.DataFrame:
    """从节点到排名，每一步剩多少。

    Returns
    -------
    pandas.DataFrame, shape (5, 4)
        ``step`` 步骤；``tool``、``material``、``total`` 个数。
    """
    table, kept, rows = candidates(), [], []
    steps = {
        "设备与材料节点": (),
        "减：上级节点": ("parent",),
        "减：没有任何份额": ("no_share",),
        "减：供方大半不具名": ("unnamed",),
    }
    for step, fates in steps.items():
        part = table if not fates else table[table["fate"].isin(fates)]
        kept.append(part)
        rows.append((step, *(int((part["kind"] == k).sum()) for k in KINDS), len(part)))
    rest = table[table["fate"] == "used"]
    rows.append(("进入排名", *(int((rest["kind"] == k).sum()) for k in KINDS), len(rest)))
    return pd.DataFrame(rows, columns=["step", *KINDS, "total"])


def _rows(kind: str) -> pd.DataFrame:
    table = _release("chip_provision")
    return table[table["provider_kind"] == kind]


def _shares_as_reported() -> pd.DataFrame:
    """节点 × 经济体的份额，0–1，各行和为 1（原表取整，和略异于一百）；没有记录收入的经济体为 0。"""
    table = _rows("country").dropna(subset="share")
    wide = table.pivot(index="node_id", columns="provider", values="share").fillna(0.0)
    return wide.div(wide.sum(axis=1), axis=0)


@lru_cache(maxsize=1)
def _material() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """份额（节点 × 经济体）、企业份额（长表）、大陆份额未给的节点可能的上限。"""
    index = used()
    shares = _shares_as_reported().loc[index]
    firms = _rows("firm")
    firms = firms[firms["node_id"].isin(index)][["node_id", "provider", "hq_iso3", "share"]].copy()
    firms["share"] = firms["share"] / firms.groupby("node_id")["share"].transform("sum")
    country = _rows("country")
    silent = country["node_id"][(country["provider"] == HOME) & (country["share_status"] == "not_reported")]
    listed = shares.where(shares > 0).drop(columns=UNNAMED).min(axis=1)
    return shares, firms, listed[listed.index.isin(silent)]


def bloc(size: int = BLOC_SIZE) -> list[str]:
    """境外收入（份额 × 市场规模）最多的几个经济体，自多到少。"""
    shares, *_ = _material()
    revenue = shares.drop(columns=[HOME, UNNAMED]).mul(market_size(), axis=0).sum()
    return revenue.sort_values(ascending=False, kind="stable").index[:size].tolist()


def bloc_revenue(size: int = BLOC_SIZE) -> float:
    """集团在叶子节点总收入中的份额，0–1。"""
    shares, *_ = _material()
    revenue = shares.mul(market_size(), axis=0).sum()
    return float(revenue[bloc(size)].sum() / revenue.sum())


def market_size() -> pd.Series:
    """各叶子节点的全球市场收入，百万美元；年份不一，见 :func:`older`。"""
    return _release("chip_market_size").set_index("node_id")["market_size"].reindex(used()).astype(float)


def older() -> list[str]:
    """份额不是最新年份的叶子节点。"""
    years = _rows("country").groupby("node_id")["year"].max().reindex(used())
    return years.index[years < years.max()].tolist()


def _supply(alternate: bool, unnamed: str, silent: float, members: list[str]) -> pd.DataFrame:
    """一种设定下的四项供给指标。

    Parameters
    ----------
    alternate : bool
        有争议的企业改按另一归属。
    unnamed : {"scattered", "single", "largest", "home"}
        余项由无穷多家境外供方分掉、全归另一家境外供方、全归最大的境外供方、全归大陆。
    silent : float
        大陆在供应而没有给份额的节点，其份额取上限的几分之几，0–1。
    members : list of str
        集团成员。
    """
    shares, firms, limit = (t.copy() for t in _material())
    if alternate:
        moved = firms[firms["provider"].isin(CONTESTED)].dropna(subset="share")
        for row in moved.itertuples():
            target = CONTESTED[row.provider]
            if target not in shares:
                shares[target] = 0.0
            part = min(row.share, shares.at[row.node_id, row.hq_iso3])
            shares.loc[row.node_id, row.hq_iso3] -= part
            shares.loc[row.node_id, target] += part
        firms["hq_iso3"] = firms["provider"].map(CONTESTED).fillna(firms["hq_iso3"])
    given = (limit * silent).reindex(shares.index, fill_value=0.0)
    shares = shares.mul(1 - given, axis=0)
    shares[HOME] += given
    rest = shares.pop(UNNAMED)
    abroad = shares.drop(columns=HOME)
    largest = abroad.idxmax(axis=1)
    own = shares[HOME] + (rest if unnamed == "home" else 0.0)
    squares = abroad.pow(2).sum(axis=1)
    together = abroad.reindex(columns=members, fill_value=0.0).sum(axis=1)
    if unnamed == "single":
        squares = squares + rest**2
    if unnamed == "largest":
        squares = squares + (abroad.max(axis=1) + rest) ** 2 - abroad.max(axis=1) ** 2
        together = together + rest.where(largest.isin(members), 0.0)
    return pd.DataFrame(
        {"foreign": 1 - own, "country": squares, "bloc": together, "firm": _firm_squares(firms, unnamed)}
    )


def _firm_squares(firms: pd.DataFrame, unnamed: str) -> pd.Series:
    """境外企业份额的平方和；没有一家给出份额的节点缺失。"""
    known = firms.dropna(subset="share")
    outside = known[~known["hq_iso3"].isin([HOME, UNNAMED])]
    squares = outside["share"].pow(2).groupby(outside["node_id"]).sum()
    squares = squares.reindex(known["node_id"].unique(), fill_value=0.0)
    if unnamed in ("single", "largest"):
        left = known[known["hq_iso3"] == UNNAMED].groupby("node_id")["share"].sum()
        squares = squares + left.reindex(squares.index, fill_value=0.0) ** 2
    return squares


def firm_limits() -> pd.DataFrame:
    """没有企业份额的节点，企业集中度的上下限。

    上限：每个经济体只有一家（平方和等于国别集中）。下限：每个经济体的份额由列出名字的几家均分。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``low``、``high``，0–1。
    """
    shares, firms, _ = _material()
    gaps = firms.groupby("node_id")["share"].count()
    rows = {}
    for node in gaps.index[gaps == 0]:
        held = shares.loc[node].drop([HOME, UNNAMED])
        count = firms[firms["node_id"] == node].groupby("hq_iso3").size().reindex(held.index).fillna(1).clip(lower=1)
        rows[node] = {"low": float((held**2 / count).sum()), "high": float((held**2).sum())}
    return pd.DataFrame.from_dict(rows, orient="index")


@lru_cache(maxsize=2)
def _downstream(loop: bool) -> pd.Series:
    table = nodes()
    edges = _release("chip_edges")[["from_node", "to_node", "relation"]]
    if loop:
        back = pd.DataFrame([(LOOP[-1], LOOP[0], "goes_into")], columns=edges.columns)
        edges = pd.concat([edges, back], ignore_index=True)
    built = chain.build(table.reset_index(names="node")[["node", "kind"]], edges)
    graph = built.production()
    steps = set(table.index[table["kind"] == "process"])
    return pd.Series({v: len(nx.descendants(graph, v) & steps) for v in used()}, dtype=float)


def betweenness() -> pd.Series:
    """叶子节点的介数：叶子都是源头，没有一条路从中穿过，所以全为 0。"""
    built = chain.build(nodes().reset_index(names="node")[["node", "kind"]], _release("chip_edges"))
    return chain.centralities(built)["betweenness"].reindex(used())


@lru_cache(maxsize=2)
def _panel(size: int) -> Panel:
    members, index = bloc(size), used()
    scenes = [
        _supply(alternate, unnamed, silent, members).reindex(index)
        for alternate, unnamed, silent in product(
            (False, True), ("scattered", "single", "largest", "home"), (0.0, 0.5, 1.0)
        )
    ]
    stacked = pd.concat(scenes, keys=range(len(scenes)))
    middle = _supply(False, "scattered", 0.5, members).reindex(index)
    low, high = (getattr(stacked.groupby(level=1), how)().reindex(index) for how in ("min", "max"))
    limits = firm_limits()
    middle.loc[limits.index, "firm"] = limits.mean(axis=1)
    low.loc[limits.index, "firm"], high.loc[limits.index, "firm"] = limits["low"], limits["high"]
    for frame in (middle, low, high):
        frame[["foreign", "bloc"]] *= 100
        frame["reach"] = _downstream(loop=frame is high)
        frame["size"] = np.log10(market_size())
    return Panel(*(frame[list(NAMES)] for frame in (middle, low.clip(upper=middle), high.clip(lower=middle))))


def panel(size: int = BLOC_SIZE) -> Panel:
    """指标表与上下限。

    Parameters
    ----------
    size : int
        集团取境外收入最多的几个经济体。

    Returns
    -------
    Panel
        行为节点。``foreign`` 大陆之外的企业所占的份额（%）；``country``、``firm`` 境外经济体、境外企业份额的平方和
        （0–1）；``bloc`` 集团合计的份额（%）；``reach`` 下游工序的道数；``size`` 市场收入（百万美元）的常用对数。
    """
    return Panel(*(frame.copy() for frame in _panel(size)))


def raw() -> pd.DataFrame:
    """补缺之前的指标表：没有企业份额的格子缺失。"""
    frame = panel().values
    frame.loc[firm_limits().index, "firm"] = np.nan
    return frame


def names() -> pd.Series:
    """叶子节点的中文名。"""
    return nodes()["name_zh"].reindex(used())


def indicator_table() -> pd.DataFrame:
    """六项指标：``name``、``how`` 怎么算、``why`` 为什么越大越要紧、``limit`` 局限。"""
    rows = {
        "foreign": (
            "总部不在大陆的企业所占的份额",
            "自己供得越少，断供时越没有退路",
            "按总部不按产地；份额低不等于造不出",
        ),
        "country": ("境外各经济体份额的平方和", "来源越集中于一处，越容易被一家卡住", "同一经济体的企业未必一致行动"),
        "bloc": ("境外收入最多的几个经济体合计的份额", "它们若一致行动，换一家也没有用", "集团由收入定，不是由协议定"),
        "firm": ("境外企业份额的平方和", "会做的企业越少，手艺越难另找", "没有份额的只知上下限"),
        "reach": ("从它出发能到达的工序道数", "越靠上游，停下来牵连的工序越多", "几乎只分得出前道与后道"),
        "size": ("全球市场收入的对数", "越大，断供牵动的采购与要补的产能越多", "方向可争：小市场也可能更难有人替代"),
    }
    return pd.DataFrame([(NAMES[c], *texts) for c, texts in rows.items()], columns=["name", "how", "why", "limit"])


def coverage_table() -> pd.DataFrame:
    """各指标有值、缺失、有区间的节点数，及最宽的区间占全距的比例。

    Returns
    -------
    pandas.DataFrame, shape (6, 5)
        ``name``、``present``、``missing``、``interval``（上下限不等的节点数）、
        ``widest``（最宽区间 ÷ 该指标的全距，文字）。
    """
    about, (values, low, high) = composite.coverage(raw()).reindex(list(NAMES)), panel()
    width = (high - low) / (values.max() - values.min())
    return pd.DataFrame(
        {
            "name": list(NAMES.values()),
            "present": about["present"].astype(int).to_numpy(),
            "missing": about["missing"].astype(int).to_numpy(),
            "interval": (high > low).sum().reindex(list(NAMES)).to_numpy(),
            "widest": [f"{v:.0%}" for v in width.max().reindex(list(NAMES))],
        }
    )


def imputed_table() -> pd.DataFrame:
    """补了哪些格子：``name``、``indicator``、``low``、``value``、``high``（文字，两位小数）。"""
    values, low, high = panel()
    *_, silent = _material()
    cells = [(v, "firm") for v in firm_limits().index] + [(v, "foreign") for v in silent.index]
    return pd.DataFrame(
        [
            (
                names()[v],
                NAMES[c],
                *(f"{t.at[v, c]:.1f}%" if c == "foreign" else f"{t.at[v, c]:.2f}" for t in (low, values, high)),
            )
            for v, c in cells
        ],
        columns=["name", "indicator", "low", "value", "high"],
    )


def correlations() -> pd.DataFrame:
    """指标两两的 Pearson 相关，行列为中文名。"""
    return composite.correlations(panel().values).rename(index=NAMES, columns=NAMES)


def structure() -> dict[str, float]:
    """指标的结构。

    Returns
    -------
    dict
        ``alpha`` Cronbach α；``pairs`` 相关强于 :data:`REDUNDANT` 的对数；``first``、``second``、``r`` 最强的一对；
        ``components`` 特征值不小于 1 的主成分数，``explained`` 它们所占的方差（0–1）；
        ``weakest`` 与其余之和相关最低的指标，``weakest_r`` 那个相关，``alpha_without`` 去掉它之后的 α；
        ``closest`` 单看一对，与它最相关的指标，``closest_r`` 那个相关。
    """
    frame = panel().values
    pairs, values = composite.redundant(frame, 0.0), composite.eigenvalues(frame)
    dropped = composite.alpha_if_dropped(frame)
    kept = values["eigenvalue"] >= 1
    weakest = dropped["total"].idxmin()
    others = composite.correlations(frame)[weakest].drop(weakest)
    return {
        "alpha": composite.cronbach_alpha(frame),
        "pairs": len(composite.redundant(frame, REDUNDANT)),
        "first": NAMES[pairs.at[0, "first"]],
        "second": NAMES[pairs.at[0, "second"]],
        "r": float(pairs.at[0, "r"]),
        "components": int(kept.sum()),
        "explained": float(values["share"][kept].sum()),
        "weakest": NAMES[weakest],
        "weakest_r": float(dropped.at[weakest, "total"]),
        "alpha_without": float(dropped.at[weakest, "alpha"]),
        "closest": NAMES[others.abs().idxmax()],
        "closest_r": float(others[others.abs().idxmax()]),
    }


def factor_names() -> list[list[str]]:
    """旋转之后的各因子上，载荷最大的指标各是哪些（中文名）。"""
    load = composite.loadings(panel().values).abs()
    return [[NAMES[i] for i in load.index[load.idxmax(axis=1) == f]] for f in load]


def weights() -> pd.DataFrame:
    """四种赋权办法给的权，行为指标代码，列为办法代码，各列和为 1。"""
    methods = composite.CHOICES[1].values
    return pd.DataFrame({m: composite.weights(panel().values, m) for m in methods})


def importance() -> pd.Series:
    """等权、极差、算术平均时，各项指标实际的影响：与指数的相关的平方，缩放到和为 1。

    名义的权相等，实际的影响不一定相等（Paruolo、Saisana 与 Saltelli，2013）；这里取他们的主效应的线性近似。
    """
    frame = panel().values
    share = frame.corrwith(composite.score(frame)) ** 2
    return share / share.sum()


def group_influence() -> list[float]:
    """旋转之后的各因子，等权时各组实际的影响之和（0–1），次序同 :func:`factor_names`。"""
    share = importance().rename(index=NAMES)
    return [float(share[group].sum()) for group in factor_names()]


def weight_table() -> pd.DataFrame:
    """四种权与等权时实际的影响，百分数的文字：``name``、四种办法的中文名、``实际影响``。"""
    table = weights().rename(columns=OPTION_NAMES).assign(实际影响=importance())
    return table.map(lambda v: f"{v:.0%}").rename(index=NAMES).reset_index(names="name")


def reference() -> pd.DataFrame:
    """参照做法（极差、等权、算术平均）的分数与名次，按名次。"""
    scores = composite.score(panel().values)
    found = pd.DataFrame({"name": names(), "score": scores, "rank": composite.ranks(scores)})
    return found.sort_values("rank", kind="stable")


def choices() -> tuple[composite.Choice, ...]:
    """抽取的全部做法，连同出处。"""
    omission = composite.Choice(
        "omission",
        "Saisana 等（2005）把收不收某项指标列为不确定的来源；“每项都可能去掉、机会均等”是本书自定",
        True,
        values=(composite.KEEP_ALL, *NAMES),
    )
    return (*composite.CHOICES[:3], omission, *composite.CHOICES[3:])


def choice_rows() -> pd.DataFrame:
    """做法的表：``name``、``values``、``origin``、``invented``（“是”或“否”）。"""
    rows = []
    for c in choices():
        if c.values:
            text = "、".join(OPTION_NAMES[v] for v in c.values)
        elif c.name == "data":
            text = "各格的下限到上限"
        else:
            text = f"{c.range[0]:g}–{c.range[1]:g} 倍"
        rows.append((METHOD_NAMES[c.name], text, c.origin, c.invented))
    return pd.DataFrame(rows, columns=["name", "values", "origin", "invented"])


@lru_cache(maxsize=1)
def _stability() -> pd.DataFrame:
    values, low, high = panel()
    found = composite.monte_carlo(values, choices(), DRAWS, SEED, TOP, low=low, high=high)
    found.insert(0, "name", names().reindex(found.index))
    return found


def stability() -> pd.DataFrame:
    """:data:`DRAWS` 次抽取下各节点的名次。

    Returns
    -------
    pandas.DataFrame
        见 :func:`chokepoint.composite.monte_carlo`，前面多一列 ``name``；按中位名次。
    """
    return _stability().copy()


def robust() -> dict[str, list[str]]:
    """稳在前列的、有时在前列的、从不在前列的。

    Returns
    -------
    dict
        ``firm`` 至少 :data:`FIRM` 的抽取里居前 :data:`TOP`，``sometimes`` 其余曾居前列的，``never`` 从未居前列的；
        均为节点代码，按进入前列的比例降序。
    """
    share = stability()["top_share"].sort_values(ascending=False, kind="stable")
    return {
        "firm": share.index[share >= FIRM].tolist(),
        "sometimes": share.index[(share > 0) & (share < FIRM)].tolist(),
        "never": share.index[share == 0].tolist(),
    }


@lru_cache(maxsize=1)
def _without_omission() -> tuple[str, ...]:
    values, low, high = panel()
    kept = [c for c in choices() if c.name != "omission"]
    share = composite.monte_carlo(values, kept, DRAWS, SEED, TOP, low=low, high=high)["top_share"]
    return tuple(share.index[share >= FIRM])


def firm_if_all_kept() -> list[str]:
    """假如认定各项指标一项也不能去：稳在前列的节点代码。"""
    return list(_without_omission())


@lru_cache(maxsize=1)
def _directions() -> pd.DataFrame:
    values, low, high = panel()
    rest = [c for c in values if c != "size"]
    kept = (composite.KEEP_ALL, *rest)
    without = [composite.Choice(c.name, c.origin, c.invented, kept) if c.name == "omission" else c for c in choices()]

    def share(columns: list[str], options, **how) -> pd.Series:
        parts = {"low": low[columns], "high": high[columns]}
        return composite.monte_carlo(values[columns], options, DRAWS, SEED, TOP, **parts, **how)["top_share"]

    return pd.DataFrame(
        {
            "larger": _stability()["top_share"],
            "without": share(rest, without),
            "smaller": share(list(values), choices(), direction={"size": -1}),
        }
    )


def directions() -> pd.DataFrame:
    """市场规模取越大越要紧、不计、越小越要紧，各节点居前列的比例。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``name``；``larger``、``without``、``smaller``，0–1，各由 :data:`DRAWS` 次抽取；
        按三者中最小的降序。
    """
    found = _directions()
    order = found.min(axis=1).sort_values(ascending=False, kind="stable").index
    found = found.loc[order]
    found.insert(0, "name", names().reindex(order))
    return found


def direction_table() -> pd.DataFrame:
    """至少一种方向下稳在前列的节点，或三种方向都常在的：``name`` 与三列百分数（文字），见 :func:`directions`。"""
    found = directions()
    columns = ["larger", "without", "smaller"]
    shown = found[(found[columns] >= FIRM).any(axis=1) | (found[columns].min(axis=1) >= OFTEN)]
    shown = shown.sort_values(columns, ascending=False, kind="stable")
    return shown.assign(**{c: [f"{v:.0%}" for v in shown[c]] for c in columns})[["name", *columns]]


def direction_summary() -> dict[str, object]:
    """方向的影响。

    Returns
    -------
    dict
        ``larger``、``without``、``smaller`` 各种方向下稳在前列的节点名；``always`` 三种方向都稳的个数；
        ``best`` 三种方向中最低比例最高的节点，``best_share`` 那个比例（0–1）；
        ``leader_smaller`` 参照名次第一的节点在“越小越要紧”下居前列的比例（0–1），``leader`` 它的名字。
    """
    found = directions()
    columns = ["larger", "without", "smaller"]
    first = reference().index[0]
    return {
        **{c: found["name"][found[c] >= FIRM].tolist() for c in columns},
        "always": int((found[columns] >= FIRM).all(axis=1).sum()),
        "best": found["name"].iloc[0],
        "best_share": float(found[columns].iloc[0].min()),
        "leader": found.at[first, "name"],
        "leader_smaller": float(found.at[first, "smaller"]),
    }


def shared_line() -> dict[str, object]:
    """把 :data:`FIRM` 逐步放低（每次 :data:`LINE_STEP` 个百分点），到哪条线两种方向的名单才有重合。

    Returns
    -------
    dict
        ``line`` 那条线（0–1）；``names`` 届时“越大越要紧”与“越小越要紧”两份名单共有的节点名。
    """
    found = directions()
    both = found[["larger", "smaller"]].min(axis=1)
    for percent in range(round(100 * FIRM) - LINE_STEP, 0, -LINE_STEP):
        if (both >= percent / 100).any():
            return {"line": percent / 100, "names": found["name"][both >= percent / 100].tolist()}
    raise ValueError("放到最低的线，两份名单仍不重合")


@lru_cache(maxsize=1)
def _open_line() -> pd.Series:
    values, low, high = panel()
    high["reach"] = low["reach"]
    return composite.monte_carlo(values, choices(), DRAWS, SEED, TOP, low=low, high=high)["top_share"]


def open_line() -> dict[str, object]:
    """产线一律只按一遍计（下游工序不给区间）时，稳在前列的节点里哪个离 :data:`FIRM` 最近。

    Returns
    -------
    dict
        ``name`` 该节点；``share`` 届时居前列的比例，``before`` 原来的比例，均 0–1；
        ``lost`` 届时够不上 :data:`FIRM` 的节点名。
    """
    share, found, firm = _open_line(), stability(), robust()["firm"]
    least = share[firm].idxmin()
    return {
        "name": found.at[least, "name"],
        "share": float(share[least]),
        "before": float(found.at[least, "top_share"]),
        "lost": [found.at[v, "name"] for v in firm if share[v] < FIRM],
    }


def nearest_miss() -> dict[str, object]:
    """差一点够上 :data:`FIRM` 的节点：``name`` 与 ``share``（0–1）。"""
    found = stability()
    below = found[found["top_share"] < FIRM].sort_values("top_share", kind="stable").iloc[-1]
    return {"name": below["name"], "share": float(below["top_share"])}


@lru_cache(maxsize=1)
def _sensitivity() -> pd.DataFrame:
    values, low, high = panel()
    return composite.sobol(values, choices(), n=SOBOL_BASE, seed=SEED, low=low, high=high)


def sensitivity() -> pd.DataFrame:
    """名次的平均变动出自哪里：Sobol 指数，见 :func:`chokepoint.composite.sobol`；索引为做法的中文名。"""
    return _sensitivity().rename(index=METHOD_NAMES)


@lru_cache(maxsize=1)
def _alone() -> pd.DataFrame:
    values, low, high = panel()
    base, label, rows = reference()["rank"], names(), {}
    for choice in choices():
        _, drawn = composite.rank_draws(values, [choice], SOBOL_BASE, SEED, low=low, high=high)
        shift = (drawn - base).abs().mean()
        rows[METHOD_NAMES[choice.name]] = {
            "mean": float(shift.mean()),
            "most": float(shift.max()),
            "name": label[shift.idxmax()],
        }
    return pd.DataFrame.from_dict(rows, orient="index").sort_values("mean", ascending=False, kind="stable")


def alone() -> pd.DataFrame:
    """只放开一处做法、其余照参照做法，名次动多少位。

    Sobol 指数分解的是“平均变动”的方差，各格独立的误差在全体一平均就抵掉，所以指数小不等于名次不动；
    这里直接量变动的大小。

    Returns
    -------
    pandas.DataFrame, shape (6, 3)
        索引为做法的中文名；``mean`` 全体节点、各次抽取的平均绝对变动（位）；
        ``most`` 动得最多的节点的平均绝对变动，``name`` 它的名字。按 ``mean`` 降序。
    """
    return _alone().copy()


def _compare(frame: pd.DataFrame, **how) -> dict[str, object]:
    """换一种设定重排，与参照相比：名次相关、前列留下几个、换出与换入的是谁。"""
    base = reference()["rank"]
    placed = composite.ranks(composite.score(frame, **how))
    before, after = set(base.index[base <= TOP]), set(placed.index[placed <= TOP])
    label = names()
    common = base.index.intersection(placed.index)
    return {
        "spearman": float(spearmanr(base[common], placed[common]).statistic),
        "kept": len(before & after),
        "left": "、".join(label[sorted(before - after, key=base.get)]) or "",
        "entered": "、".join(label[sorted(after - before, key=placed.get)]) or "",
    }


def leave_one_out() -> pd.DataFrame:
    """逐项去掉一项指标（等权、极差、算术平均）。

    Returns
    -------
    pandas.DataFrame, shape (6, 5)
        ``name`` 去掉的指标；``spearman`` 与参照名次的 Spearman 相关；``kept`` 前列留下几个；
        ``left``、``entered`` 换出、换入者。
    """
    frame = panel().values
    rows = [{"name": NAMES[c], **_compare(frame.drop(columns=c))} for c in frame]
    return pd.DataFrame(rows)


def scenarios() -> pd.DataFrame:
    """换一套设定；有的取值在抽取的范围之内，但抽取不会把它们凑成一套。列同 :func:`leave_one_out`。"""
    values, _, high = panel()
    role = nodes()["role"].reindex(values.index)
    closed = values.assign(reach=high["reach"])
    fresh = values.drop(index=older())
    hard = values[role != "software_and_ip"]
    rows = {
        "市场规模改为越小越要紧": _compare(values, direction={"size": -1}),
        "产线按闭环计下游": _compare(closed),
        f"集团取最大的 {OTHER_BLOC} 个经济体": _compare(panel(OTHER_BLOC).values),
        "只留最新年份的节点": _compare(fresh),
        "去掉软件与 IP": _compare(hard),
        f"几何平均，下限改为 {OTHER_FLOOR:g}": _compare(values, aggregation="geometric", floor=OTHER_FLOOR),
        "份额一律取上下限的下限": _compare(panel().low),
        "国别集中与企业集中合算一项": _compare(values, weighting="given", given=MERGED),
    }
    return pd.DataFrame([{"name": name, **row} for name, row in rows.items()])


def _two_lines(name: str) -> str:
    """四个字的名称折成两行，图上的列才排得开。"""
    return f"{name[:2]}\n{name[2:]}" if len(name) == 4 else name


def profiles(count: int = TOP) -> pd.DataFrame:
    """参照名次前几名的各项得分（极差归一，0–100 的整数），行为节点名，列为指标名（分作两行）。"""
    scaled = composite.normalise(panel().values) * 100
    order = reference().index[:count]
    found = scaled.loc[order].round(0).astype(int).rename(index=names(), columns=NAMES)
    return found.rename(columns=_two_lines)


def front_gap() -> pd.Series:
    """前列与其余各项得分（极差归一，0–100）的均值之差，索引为指标名，降序。"""
    scaled = composite.normalise(panel().values) * 100
    front = scaled.index.isin(reference().index[:TOP])
    gap = (scaled[front].mean() - scaled[~front].mean()).rename(index=NAMES)
    return gap.sort_values(ascending=False, kind="stable")


def lowest_scores() -> pd.DataFrame:
    """前列各节点最弱的一项。

    ``name`` 节点、``indicator`` 指标、``score`` 得分（0–100）；看一项的长处能否掩盖另一项的短处。
    """
    scaled = composite.normalise(panel().values).loc[reference().index[:TOP]] * 100
    return pd.DataFrame(
        {
            "name": names().reindex(scaled.index),
            "indicator": scaled.idxmin(axis=1).map(NAMES),
            "score": scaled.min(axis=1),
        }
    )


def switch_to_geometric() -> dict[str, object]:
    """算术平均换成几何平均（其余同参照），见 :func:`leave_one_out` 的列。"""
    return _compare(panel().values, aggregation="geometric")


# ── 与别的指标相比 ──


def single_country() -> pd.Series:
    """每个叶子节点是否有一个具名的境外经济体达到单一来源的门槛（:data:`chokepoint.chain.CHOKE_SHARE`）。"""
    table = _rows("country").rename(columns={"node_id": "node"})
    found = chain.single_provider(table, residual=(UNNAMED,))
    abroad = found.index[found["provider"] != HOME]
    return pd.Series(used().isin(abroad), index=used())


def rule_check() -> dict[str, float]:
    """指数与“单一来源”规则。

    Returns
    -------
    dict
        ``met`` 符合规则的节点数；``top`` 前列中符合的个数；``low`` 符合规则却排在后一半的个数；
        ``auc`` 任取一个符合的与一个不符合的，前者名次更高的概率（0–1）；``p`` Mann–Whitney 双侧 p 值。
    """
    met, rank = single_country(), reference()["rank"]
    met = met.reindex(rank.index)
    test = mannwhitneyu(-rank[met], -rank[~met])
    return {
        "met": int(met.sum()),
        "top": int(met[rank <= TOP].sum()),
        "low": int(met[rank > len(rank) / 2].sum()),
        "auc": float(test.statistic / (met.sum() * (~met).sum())),
        "p": float(test.pvalue),
    }


def _leaves_of(parent: str) -> list[str]:
    edges = _release("chip_edges")
    tree = nx.from_pandas_edgelist(
        edges[edges["relation"] == "is_type_of"], "to_node", "from_node", create_using=nx.DiGraph
    )
    below = {parent} | (nx.descendants(tree, parent) if parent in tree else set())
    return [v for v in candidates().query("fate != 'parent'").index if v in below]


def listed_nodes() -> pd.DataFrame:
    """清单的技术在芯片链上对应的叶子节点与名次。

    Returns
    -------
    pandas.DataFrame
        每个叶子节点一行：``tech`` 技术、``tech_id``、``name`` 节点、``rank`` 参照名次、
        ``low``、``high`` 名次区间、``met`` 是否符合单一来源规则；
        没有份额、排不了名的缺失。按技术、名次。
    """
    tech, place = identify.technologies()["name_zh"], stability()
    met, label = single_country(), nodes()["name_zh"]
    rows = [
        {
            "tech_id": t,
            "tech": tech[t],
            "node": v,
            "name": label[v],
            **{c: place[c].get(v) for c in ("low", "high")},
            "rank": place["reference"].get(v),
            "met": met.get(v),
        }
        for t, parent in LISTED.items()
        for v in _leaves_of(parent)
    ]
    return pd.DataFrame(rows).sort_values(["tech_id", "rank"], kind="stable", ignore_index=True)


def listed_table() -> pd.DataFrame:
    """清单对照表：``tech``、``name``、``rank``、``interval``（文字）、``met``；排不了名的缺失。"""
    found = listed_nodes()
    ranked = found["rank"].notna()
    return pd.DataFrame(
        {
            "tech": found["tech"],
            "name": found["name"],
            "rank": [int(r) if ok else None for r, ok in zip(found["rank"], ranked, strict=True)],
            "interval": [
                f"{int(a)}–{int(b)}" if ok else None
                for a, b, ok in zip(found["low"], found["high"], ranked, strict=True)
            ],
            "met": [bool(m) if ok else None for m, ok in zip(found["met"], ranked, strict=True)],
        },
        dtype=object,
    )


def list_check() -> dict[str, float]:
    """光刻机的叶子节点是否排得比别的靠前。

    Returns
    -------
    dict
        ``count`` 光刻机的叶子数；``median`` 它们的名次中位数；``top`` 其中在前列的；``bottom`` 排在后一半的；
        ``auc`` 任取一个光刻机节点与一个别的节点，
        前者更靠前的概率（0–1）；``p`` Mann–Whitney 双侧 p 值。
    """
    rank = reference()["rank"]
    found = listed_nodes()
    mine = rank.index.isin(found["node"][found["tech_id"] == LITHOGRAPHY])
    test = mannwhitneyu(-rank[mine], -rank[~mine])
    return {
        "count": int(mine.sum()),
        "median": float(rank[mine].median()),
        "top": int((rank[mine] <= TOP).sum()),
        "bottom": int((rank[mine] > len(rank) / 2).sum()),
        "auc": float(test.statistic / (mine.sum() * (~mine).sum())),
        "p": float(test.pvalue),
    }


# ── 互动图 ──


def slider_payload() -> dict:
    """网页上调权重所需：归一后的分数、参照名次、进入前列的比例（``turned`` 为市场规模越小越要紧时的）。

    脚本按 :func:`chokepoint.composite.score`（极差、给定的权）的算法重算；
    ``tests/html/test_index_weights.py`` 逐名次核对。
    """
    scaled, place, turned = composite.normalise(panel().values), stability(), directions()
    order = reference().index
    return {
        "indicators": [{"code": c, "name": n} for c, n in NAMES.items()],
        "nodes": [
            {
                "id": v,
                "name": place.at[v, "name"],
                "x": [float(s) for s in scaled.loc[v]],
                "reference": int(place.at[v, "reference"]),
                "share": round(float(turned.at[v, "larger"]), 4),
                "turned": round(float(turned.at[v, "smaller"]), 4),
            }
            for v in order
        ],
        "floor": composite.GEOMETRIC_FLOOR,
        "top": TOP,
        "firm": FIRM,
    }


# ── 三十五项的证据矩阵 ──

LENSES = {
    "proxy": "海关代理",
    "papers": "论文对应",
    "rung": "最高进展",
    "strength": "来源强弱",
    "dependence": "仍依赖",
    "barriers": "障碍依据",
}
_STRENGTH = {"weak": 1, "medium": 2, "strong": 3}
_PROXY = {"none": 0, "poor": 1, "partial": 2, "good": 3}
_MATCH = {"none": 0, "partial": 1, "strong": 2}
_BASIS = {"coder_judgement": 1, "summary_seen": 2, "text_seen": 3}
#: 各镜片的最高一级。
LENS_TOPS = {"proxy": 3, "papers": 2, "rung": 4, "strength": 3, "dependence": 3, "barriers": 3}


def evidence() -> pd.DataFrame:
    """三十五项技术 × 六面镜子，每格是证据的级别。

    Returns
    -------
    pandas.DataFrame, shape (35, 8)
        索引 ``tech_id``；``name_zh``、``object_type``；其余列见 :data:`LENSES`，整数，0 为没有查到，
        最高见 :data:`LENS_TOPS`。
        ``strength`` 是最高一级进展的最强来源，``dependence`` 是“仍依赖”证据的最强来源，
        ``barriers`` 是障碍编码所据。
    """
    tech, seen = identify.technologies(), identify.visibility()
    updates, basis = data.load("status_updates"), data.load("chokepoint_barriers").groupby("tech_id")["basis"].first()
    ladder = identify.evidence_ladder()["rung"]
    level = updates["source_strength"].map(_STRENGTH)
    order = updates["solidity"].map({r: i for i, r in enumerate(identify.RUNGS, 1)})
    highest = (updates["direction"] == "progress") & (order == updates["tech_id"].map(ladder))
    stuck = updates["direction"].isin(identify.DEPENDENCE)

    def best(rows: pd.Series) -> pd.Series:
        return level[rows].groupby(updates["tech_id"][rows]).max().reindex(tech.index, fill_value=0).astype(int)

    return pd.DataFrame(
        {
            "name_zh": tech["name_zh"],
            "object_type": tech["object_type"],
            "proxy": seen["proxy"].map(_PROXY).reindex(tech.index),
            "papers": seen["match"].map(_MATCH).reindex(tech.index),
            "rung": ladder,
            "strength": best(highest),
            "dependence": best(stuck),
            "barriers": basis.map(_BASIS).reindex(tech.index),
        }
    )


def evidence_rows() -> pd.DataFrame:
    """画图用。

    按有证据的格子数、再按级别之比降序；索引为技术名，列为镜子的中文名（分作两行），
    值为级别占最高级的比例（0–1，0 为空）。
    """
    table = evidence()
    share = table[list(LENSES)] / pd.Series(LENS_TOPS)
    order = pd.DataFrame({"filled": (share > 0).sum(axis=1), "depth": share.sum(axis=1)})
    order = order.sort_values(["filled", "depth"], ascending=False, kind="stable").index
    return share.loc[order].set_axis(table["name_zh"].reindex(order)).rename(columns=LENSES).rename(columns=_two_lines)


def evidence_summary() -> dict[str, object]:
    """证据矩阵有多空。

    Returns
    -------
    dict
        ``cells`` 格子总数；``empty`` 空格数；``full`` 六格都有的技术数；
        ``software``、``software_proxy`` 软件的项数与其中有海关代理的；
        ``emptiest`` 空格最多的镜子，``emptiest_count`` 它的空格数；
        ``depend_no_progress`` 只有“仍依赖”、没有进展证据的项数。
    """
    table = evidence()
    levels = table[list(LENSES)]
    soft = table["object_type"] == "software"
    empty = (levels == 0).sum()
    return {
        "cells": levels.size,
        "empty": int(empty.sum()),
        "full": int((levels > 0).all(axis=1).sum()),
        "software": int(soft.sum()),
        "software_proxy": int((levels.loc[soft, "proxy"] > 0).sum()),
        "emptiest": LENSES[empty.idxmax()],
        "emptiest_count": int(empty.max()),
        "depend_no_progress": int(((levels["dependence"] > 0) & (levels["rung"] == 0)).sum()),
    }


def refusal() -> dict[str, object]:
    """假如硬要合成一个分数：空格当零与空格取中位数，名次差多少。

    只为说明为什么不合成。两种都用极差、等权、算术平均；空格取中位数时，中位数由有证据的格子算。

    Returns
    -------
    dict
        ``spearman`` 两种名次的相关；``shift`` 名次变动最大的位数，``mover`` 那项技术；
        ``kept`` 前 :data:`TOP` 名里两种都有的个数。
    """
    table = evidence()
    levels = table[list(LENSES)].astype(float)
    filled = levels.where(levels > 0)
    first = composite.ranks(composite.score(levels))
    second = composite.ranks(composite.score(composite.impute(filled, "median").values))
    shift = (first - second).abs()
    return {
        "spearman": float(spearmanr(first, second).statistic),
        "shift": int(shift.max()),
        "mover": table.at[shift.idxmax(), "name_zh"],
        "kept": int(((first <= TOP) & (second <= TOP)).sum()),
    }


def headline() -> dict[str, object]:
    """本章主要数字，供本章、首页与结语共用。

    Returns
    -------
    dict
        ``nodes`` 进入排名的叶子数；``firm`` 稳在前列的节点数，``firm_names`` 它们的中文名；
        ``leader`` 中位名次第一者；
        ``sometimes``、``never`` 有时、从不在前列的个数；``driver`` 总指数最大的做法，``driver_total`` 它的值；
        ``widest`` 名次区间最宽的节点，``widest_low``、``widest_high`` 区间；
        ``unranked`` 没有份额而排不了的材料数，``materials`` 叶子材料数。
    """
    found, groups, sobol = stability(), robust(), sensitivity()
    width = (found["high"] - found["low"]).idxmax()
    table = candidates()
    leaf_material = (table["kind"] == "material") & (table["fate"] != "parent")
    return {
        "nodes": len(found),
        "firm": len(groups["firm"]),
        "firm_names": found.loc[groups["firm"], "name"].tolist(),
        "leader": found["name"].iloc[0],
        "sometimes": len(groups["sometimes"]),
        "never": len(groups["never"]),
        "driver": sobol.index[0],
        "driver_total": float(sobol["total"].iloc[0]),
        "widest": found.at[width, "name"],
        "widest_low": int(found.at[width, "low"]),
        "widest_high": int(found.at[width, "high"]),
        "materials": int(leaf_material.sum()),
        "unranked": int((leaf_material & (table["fate"] == "no_share")).sum()),
    }
