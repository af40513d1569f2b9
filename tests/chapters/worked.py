"""附录“方法”的算例另记一遍：数由手算或文献写下，题目在这里重新出给程序。

每条：（节，名称）→（应得的数，容许的差，重新算一遍的函数）。数不从程序来。
"""

from __future__ import annotations

from functools import cache, partial
from math import comb, log, sqrt

import ibis
import networkx as nx
import numpy as np
import pandas as pd

from chokepoint import (
    chain,
    coding,
    composite,
    concentration,
    coupling,
    data,
    evaluation,
    games,
    networks,
    portfolio,
    quality,
    regions,
    trade,
)
from chokepoint import inference as inf
from chokepoint.findings import industry_university, technology_base

DRAWN = 0.02  # 随机模拟
ABOUT = {"tables": (), "title": "算例", "against": "另一方", "remark": ""}


def series(**values):
    return pd.Series(values, dtype=float)


# ---- 重新出题 ----------------------------------------------------------------------------------------


@cache
def compared():
    pairs = pd.DataFrame([("甲", 102, 50 * 2), ("乙", 50, 50)], columns=["label", "left", "right"])
    return quality.compare(pairs, tolerance=1, **ABOUT)


@cache
def bounds():
    return coding.category_bounds(pd.Series(list("aab")), pd.Series([None, "b", "a"])).loc["a"]


def rank_first():
    coded = pd.DataFrame([[True, False]], columns=["x", "y"])
    return coding.recode_ranks(coded, 0.5, 20_000, 7).loc["x", "top_share"]


def stays():
    return coding.survival([np.array([0, 1])], lambda found: found[0] == [0, 1], share=0.5, draws=20_000, seed=7)[1]


@cache
def groups():
    return concentration.theil_groups(pd.Series([4.0, 1, 4, 3]), pd.Series(list("yxyx")))[["within", "between"]].sum()


@cache
def measured():
    rows = [(392, 156, 60.0), (410, 156, 40.0), (156, 842, 50.0), (392, 842, 30.0)]
    table = pd.DataFrame([(i, j, "850000", v, 1.0) for i, j, v in rows], columns=list("ijkvq"))
    return trade.measures(ibis.memtable(table), [156], [410]).to_pandas().iloc[0]


@cache
def verdicts():
    row = {"import_hhi": 0.5, "world_hhi": 0.45, "external_share": 1.0, "ratio": 2.0, "years_held": 2}
    return trade.screens(pd.DataFrame([row])).iloc[0]


@cache
def mirrored():
    rows = trade.mirror_compare(
        pd.DataFrame({"k": list("ab"), "value": [11.0, 5]}), pd.DataFrame({"k": list("ac"), "value": [10.0, 7]}), ["k"]
    )
    return rows, trade.mirror_coverage(rows)


@cache
def shares():
    rows = [("甲", "美", 70), ("甲", "日", 30), ("乙", "美", 40), ("乙", "日", 60)]
    return pd.DataFrame(rows, columns=["node", "provider", "share"])


def built(nodes, pairs, held=None):
    edges = pd.DataFrame([(a, b, "goes_into") for a, b in pairs], columns=["from_node", "to_node", "relation"])
    return chain.build(pd.DataFrame({"node": list(nodes)}), edges, held)


@cache
def stopped():
    graph = built("甲乙丙", ["甲丙", "乙丙"], shares())
    return chain.knock_out(graph, ["美"], rule=chain.Rule(no_shares="available"))


def state(node):
    return {"blocked": "断供", "unknown": "说不准", "producible": "可得"}[stopped().loc[node, "state"]]


@cache
def line():
    return built("甲乙丙丁", ["甲乙", "乙丙", "丁丙"])


def sorted_names(frame):
    return "、".join(sorted(frame.index))


@cache
def cores():
    return chain.k_core(built("甲乙丙丁", ["甲乙", "乙丙", "甲丙", "丙丁"]))["core"]


def lost(replacement):
    rows = [("s1", "d", 3.0), ("s2", "d", 1.0), ("d", "e", 2.0)]
    edges = pd.DataFrame(rows, columns=["from_node", "to_node", "weight"])
    return chain.esri(edges, pd.Series({"s1": "S", "s2": "S", "d": "D", "e": "E"}), replacement=replacement)["esri"][
        "s2"
    ]


def furthest():
    web = data.load("method_networks").query("network == 'diem2022_fig1'")
    ends = [web[[f"{e}_node", f"{e}_sector"]].set_axis(["node", "sector"], axis=1) for e in ("from", "to")]
    ours = chain.esri(web, pd.concat(ends).drop_duplicates().set_index("node")["sector"])["esri"].rename(index=str)
    given = data.load("method_reference_values").query("variant == 'leontief_replacement' and metric == 'esri'")
    return max(abs(ours[n] - v) for n, v in zip(given["node"], given["value"], strict=True))


@cache
def filled():
    return composite.impute(pd.DataFrame({"x": [1.0, None, 3.0]}), "bounds")


def scaled(method):
    return composite.normalise(pd.DataFrame({"x": [2.0, 4, 10]}), method).loc[1, "x"]


PAIR = pd.DataFrame({"x": [1.0, 2, 3], "y": [1.0, 3, 2]})
XU = [[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]]
TUS = [
    [5000, 3, 3, 4, 3, 2],
    [680, 5, 3, 2, 2, 1],
    [2000, 3, 2, 3, 4, 3],
    [600, 4, 3, 1, 2, 2],
    [800, 2, 4, 3, 3, 4],
]


def weight(matrix, method, at, **more):
    return composite.weights(pd.DataFrame(matrix), method, **more).iloc[at]


def merged(values, method="arithmetic"):
    frame = pd.DataFrame([values], dtype=float)
    return composite.aggregate(frame, pd.Series(1.0, index=frame.columns), method).item()


CROSSED = pd.DataFrame({"x": [0.0, 5, 10], "y": [10.0, 6, 0]})
OMIT = [composite.Choice("omission", "算例", True, values=("none", "x", "y"))]


@cache
def explained():
    return composite.sobol(CROSSED, OMIT, unit=0, n=256)


INCIDENCE = pd.DataFrame({"x": [1, 1, 1, 0], "y": [1, 0, 1, 0]}, dtype=bool)
CLUBS = pd.DataFrame({"o": list("abcab"), "c": [1, 1, 1, 2, 2]})


@cache
def projected(kind):
    return networks.projection(CLUBS, "o", "c", kind)


@cache
def mixed():
    return networks.shuffle(CLUBS, "o", "c", np.random.default_rng(3))


def same_degrees():
    graph = nx.cycle_graph(8)
    turned = networks.rewired(graph, np.random.default_rng(3))
    return "是" if all(turned.degree(v) == 2 for v in graph) else "否"


@cache
def surprise():
    return networks.against_chance(2.0, lambda rng: float(rng.standard_normal()), 4000, seed=5)


@cache
def core():
    graph = nx.Graph([(0, 1), (0, 2), (1, 2), (0, 3), (1, 4), (2, 5), (0, 6)])
    return networks.core(graph)


@cache
def cut():
    star = pd.DataFrame({"o": list("hhhhab"), "c": [1, 2, 3, 4, 1, 2]})
    return networks.pruned(star, "o", "c").iloc[1]


def coin():
    return inf.bootstrap(pd.DataFrame({"x": [0.0, 1.0]}), lambda part: part["x"].mean(), seed=9)


YEARS = pd.Series([2.0, 8, 8, 16], index=range(4), name="x")


def beside():
    panel = pd.DataFrame({"x": [1.0, 4, 4, 16], "y": [1.0, 2, 4, 2]})
    return inf.placebo_series(panel, "x", 2).loc["y", "versus"]


def fake():
    past = pd.Series([1.0, 2, 4, 2, 8, 9], name="x")
    return inf.placebo_dates(past, 5, before=2, after=2)["estimate"].iloc[0]


def bend():
    return inf.turning_point(pd.Series([0.0, 1, 2, 3, 4, 3, 2, 1, 0], index=range(2000, 2009), name="x"))


@cache
def moved():
    rows = [("a", 1, "优"), ("a", 2, "优"), ("a", 3, "差"), ("b", 1, "优"), ("b", 3, "优")]
    panel = pd.DataFrame(rows, columns=["u", "t", "s"])
    return inf.transitions(panel, "u", "t", "s", ["优", "差"]).iloc[0]


@cache
def moran():
    return regions.moran(series(a=1, b=2, c=3, d=4), [("a", "b"), ("b", "c"), ("c", "d")], draws=99)


@cache
def halved():
    first = pd.Series(np.exp([0.0, 1, 2, 3, 5]))
    return regions.beta_convergence(first, np.sqrt(first), 10)


@cache
def gloves():
    return games.shapley("LRS", lambda s: float("L" in s and len(s) > 1))


@cache
def halves():
    return games.graph_shapley(
        pd.DataFrame([("p", "q", 5.0), ("p", "r", 1.0), ("q", "r", 2.0)], columns=list("abw")), *"abw"
    )


def research(regime, what="x"):
    return games.rd_outcome(0.5, regime, gamma=2)[what]


PACT = games.Partnership(gain=4, costs=(1, 1))


@cache
def rest():
    return {(p.x, p.y): p for p in games.rest_points(PACT).itertuples()}


KINDS = {"stable": "稳定", "saddle": "鞍点", "unstable": "不稳定", "neutral": "中性"}


def two(a, b):
    return pd.DataFrame({"x": [a], "y": [b]})


WIDE = pd.DataFrame({"x": [1.0, 2, 4], "y": [10.0, 20, 40]})
BOTH = {"甲": ["x"], "乙": ["y"]}


@cache
def tried():
    return coupling.draws(WIDE, BOTH, count=50, seed=4)[0]


@cache
def paired():
    level = pd.DataFrame({"x": [0.2, 0.8], "y": [0.2, 0.8]})
    return coupling.shuffled(level, count=4000, seed=4)


SAID = {"met": "达到", "missed": "没有达到", "borderline": "在界上"}
WENT = pd.Series({2015: 10.0, 2020: 20.0})


@cache
def watched():
    values = pd.Series([1.0, 6, 1, 6, 7, 4.5, 3])
    return evaluation.watch(values, evaluation.Watch(5, runs=2, release=4))


def alarms():
    rule = evaluation.Watch(0, runs=2)
    return evaluation.shuffled_alarms(pd.Series([-1.0, 1, -1, 1]), rule, 4000, seed=6).mean()


def items(cost, risk, names, success=1.0):
    return pd.DataFrame({"cost": cost, "success": success, "risk": risk}, index=list(names))


PLAIN = items([1.0, 10], [2.0, 10], "小大")


def chosen(found):
    return "、".join(found.index[found])


def left(budget):
    return portfolio.frontier(PLAIN, [budget])["residual"].item()


def lone(rule, risk):
    costs = pd.DataFrame([[8.0, 8, 8, 12]], index=["甲"])
    return "是" if rule(items([8.0], [1.0], "甲"), 10, costs, risk)["甲"] else "否"


def robust(gamma):
    three = items(4.0, [3.0, 2, 1], "甲乙丙")
    return chosen(portfolio.robust(three, 10, pd.Series(2.0, index=three.index), gamma))


def sorry(order):
    plan = pd.Series(True, index=list(order))
    return portfolio.regret({"贵": items(2.0, [1.0, 3], "甲乙")}, {"": plan}, 2).iloc[0, 0]


NEEDS = items(1.0, [1.1, 1, 5], "甲乙丙", [0.9, 0.9, 0.2])
SET = {"一对": [frozenset("甲乙")]}


def campus():
    table = pd.DataFrame({"mainland": [True, True, False, False], "industry_share": [3.0, 5, 3, 1]})
    return industry_university.superiority(table, draws=50).found.estimate


# ---- 应得的数 ----------------------------------------------------------------------------------------

Z = 1.959963984540054
WILSON = [(0.8 + Z**2 / 20 + s * Z * sqrt(0.016 + Z**2 / 400)) / (1 + Z**2 / 10) for s in (-1, 1)]
THEIL = (0.5 * log(0.5) + 1.5 * log(1.5)) / 2
#: 品茶：条件期望等于 3 的优势比，是 w⁴ − 36w² − 32w − 3 = 0 的正根。
TEA = max(np.roots([1, 0, -36, -32, -3]).real)

EXAMPLES = {
    ("method-check", "差的中位数（百分数）"): (1, 0, lambda: compared().median),
    ("method-check", "在容差之内的比例"): (0.5, 0, lambda: compared().share),
    ("method-check", "计数之差"): (2, 0, lambda: quality.count(3, 5, **ABOUT).worst),
    ("method-category-bounds", "甲类至少"): (1, 0, lambda: bounds()["low"]),
    ("method-category-bounds", "甲类至多"): (3, 0, lambda: bounds()["high"]),
    ("method-category-bounds", "甲类的主编码"): (2, 0, lambda: bounds()["main"]),
    ("method-recode", "甲居首（含并列）：等可能的组合里"): (0.75, DRAWN, rank_first),
    ("method-recode", "只有一对类别，全改：第一条变成"): (
        1,
        0,
        lambda: coding.recode([np.array([0, 1])], 1, np.random.default_rng(0))[0][0],
    ),
    ("method-recode", "第二条仍在原类：改动恰落在另一条"): (0.5, DRAWN, stays),
    ("method-hhi", "美国司法部说明页的算例"): (0.26, 0, lambda: concentration.hhi([0.2, 0.3, 0.2, 0.3])),
    ("method-hhi", "进口来源：由金额算"): (
        0.44,
        0,
        lambda: trade.hhi(pd.DataFrame({"product": 1, "value": [2, 6, 2]}))[1],
    ),
    ("method-equivalent-number", "均分"): (4, 0, lambda: concentration.equivalent_number([0.25] * 4)),
    ("method-equivalent-number", "上一个算例"): (
        3.8461538462,
        1e-9,
        lambda: concentration.equivalent_number([0.3, 0.3, 0.2, 0.2]),
    ),
    ("method-hhi-bounds", "下界：其余无穷碎"): (0.29, 0, lambda: concentration.hhi_bounds([0.2, 0.5]).low),
    ("method-hhi-bounds", "上界：其余归一家"): (0.38, 0, lambda: concentration.hhi_bounds([0.2, 0.5]).high),
    ("method-hhi-bounds", "上界：每家不超过名单里最小的"): (
        0.34,
        0,
        lambda: concentration.hhi_bounds([20, 50], 100, 20).high,
    ),
    ("method-cr", "列全"): (0.7, 0, lambda: concentration.cr([0.1, 0.2, 0.2, 0.5], 2)),
    ("method-cr", "不全：下界"): (0.7, 0, lambda: concentration.cr_bounds([0.2, 0.5], 3, cap="smallest").low),
    ("method-cr", "不全：上界，再来一家与最小的同大"): (
        0.9,
        0,
        lambda: concentration.cr_bounds([20, 50], 3, 100, 20).high,
    ),
    ("method-bloc-hhi", "不合并"): (0.34, 0, lambda: concentration.bloc_hhi(series(a=0.4, b=0.3, c=0.3), {})),
    ("method-bloc-hhi", "美、日合并"): (
        0.58,
        0,
        lambda: concentration.bloc_hhi(series(a=0.4, b=0.3, c=0.3), {"盟": "ab"}),
    ),
    ("method-gini", "一家独有"): (0.75, 0, lambda: concentration.gini([7, 0, 0, 0])),
    ("method-gini", "一与三"): (0.25, 0, lambda: concentration.gini([6, 2])),
    ("method-theil", "一与三"): (THEIL, 0, lambda: concentration.theil([30, 10])),
    ("method-theil", "一家独有"): (1.3862943611, 1e-9, lambda: concentration.theil([0, 5, 0, 0])),
    ("method-theil-groups", "组内"): (THEIL / 3, 0, lambda: groups()["within"]),
    ("method-theil-groups", "组间"): (log(2 / 3) / 3 + 2 * log(4 / 3) / 3, 0, lambda: groups()["between"]),
    ("method-theil-groups", "相加"): (log(1 / 3) / 12 + 2 * log(4 / 3) / 3, 0, lambda: groups().sum()),
    ("method-import-export-ratio", "进口与出口之比"): (
        2,
        0,
        lambda: trade.import_export_ratio(series(a=6), series(a=3))["a"],
    ),
    ("method-import-export-ratio", "没有出口"): (
        9999,
        0,
        lambda: trade.import_export_ratio(series(a=5), series(a=0), trade.NO_EXPORTS)["a"],
    ),
    ("method-dependence", "进口来源的 HHI"): (0.52, 0, lambda: measured()["import_hhi"]),
    ("method-dependence", "世界出口的 HHI"): (12200 / 32400, 0, lambda: measured()["world_hhi"]),
    ("method-dependence", "区外进口占比"): (1, 0, lambda: measured()["external_share"]),
    ("method-dependence", "伙伴占比"): (0.4, 0, lambda: measured()["partner_share"]),
    ("method-screens", "欧盟：各条都过门槛"): ("是", 0, lambda: "是" if verdicts()["ec_2021", "verdict"] else "否"),
    ("method-screens", "GeoDep：由持续的年数定"): (
        "是",
        0,
        lambda: "是" if verdicts()["cepii_2024", "verdict"] else "否",
    ),
    ("method-screens", "MERICS：有一条没有门槛，说不准"): (
        "是",
        0,
        lambda: "是" if pd.isna(verdicts()["merics_2024", "verdict"]) else "否",
    ),
    ("method-screens", "成立的年数"): (
        2,
        0,
        lambda: trade.persistent(pd.DataFrame([[True, False, True]], columns=[1, 2, 3]))["years_held"].item(),
    ),
    ("method-unit-value", "单位价值"): (2.5, 0, lambda: trade.unit_value(series(a=10), series(a=4))["a"]),
    ("method-unit-value", "比值"): (2, 0, lambda: trade.unit_value_gap(series(a=2.5), series(a=1.25))["ratio"]["a"]),
    ("method-unit-value", "对数差"): (
        0.6931471806,
        1e-9,
        lambda: trade.unit_value_gap(series(a=2.5), series(a=1.25))["log_gap"]["a"],
    ),
    ("method-mirror", "进口方与出口方所报之比"): (1.1, 0, lambda: mirrored()[0].loc["a", "ratio"]),
    ("method-mirror", "对数差"): (log(1.1), 0, lambda: mirrored()[0].loc["a", "log_gap"]),
    ("method-mirror", "买卖双方都报的股数占比"): (1 / 3, 0, lambda: mirrored()[1]["both"]),
    ("method-mirror", "进口方金额里对方也报了的"): (11 / 16, 0, lambda: mirrored()[1]["importer_value"]),
    ("method-single-provider", "过门槛的节点"): ("甲", 0, lambda: sorted_names(chain.single_provider(shares()))),
    ("method-single-provider", "它的最大份额"): (70, 0, lambda: chain.single_provider(shares())["share"].item()),
    ("method-knock-out", "甲失去的份额"): (70, 0, lambda: stopped().loc["甲", "lost_high"]),
    ("method-knock-out", "甲的状态"): ("断供", 0, lambda: state("甲")),
    ("method-knock-out", "乙的状态：失去的不到门槛"): ("可得", 0, lambda: state("乙")),
    ("method-knock-out", "丙停下的直接原因"): ("甲", 0, lambda: stopped().loc["丙", "cause"]),
    ("method-betweenness", "乙在甲到丙的路上"): (1 / 6, 0, lambda: chain.centralities(line()).loc["乙", "betweenness"]),
    ("method-betweenness", "丙的上游共有"): (3, 0, lambda: chain.centralities(line()).loc["丙", "in_reach"]),
    ("method-dominators", "只从甲出发的必经点"): (
        "甲、乙",
        0,
        lambda: "、".join(chain.dominators(line(), "丙", ["甲"]).query("dominates").index),
    ),
    ("method-dominators", "从甲、丁出发的必经点"): (0, 0, lambda: chain.dominators(line(), "丙")["dominates"].sum()),
    ("method-min-cut", "割的大小"): (2, 0, lambda: len(chain.min_cut(line(), "丙"))),
    ("method-min-cut", "最靠近产品的一种"): ("丁、乙", 0, lambda: sorted_names(chain.min_cut(line(), "丙"))),
    ("method-min-cut", "最靠近源头的一种"): (
        "丁、甲",
        0,
        lambda: sorted_names(chain.min_cut(line(), "丙", near="sources")),
    ),
    ("method-k-core", "三角形里的甲"): (2, 0, lambda: cores()["甲"]),
    ("method-k-core", "挂在外面的丁"): (1, 0, lambda: cores()["丁"]),
    ("method-esri", "乙停产，甲能顶一部分"): (7 / 36, 1e-7, lambda: lost(True)),
    ("method-esri", "乙停产，无人能顶"): (0.25, 1e-7, lambda: lost(False)),
    ("method-esri", "与作者程序最多差"): (0, 1e-4, furthest),
    ("method-impute", "有值的比例"): (
        2 / 3,
        0,
        lambda: composite.coverage(pd.DataFrame({"x": [1.0, None, 3.0]}))["share"].item(),
    ),
    ("method-impute", "补上的中位数"): (2, 0, lambda: filled().values.iat[1, 0]),
    ("method-impute", "可取的下限"): (1, 0, lambda: filled().low.iat[1, 0]),
    ("method-impute", "可取的上限"): (3, 0, lambda: filled().high.iat[1, 0]),
    ("method-normalise", "极差"): (0.25, 0, lambda: scaled("min-max")),
    ("method-normalise", "标准分"): (-4 / 3 / sqrt(52 / 3), 0, lambda: scaled("z-score")),
    ("method-normalise", "名次"): (0.5, 0, lambda: scaled("rank")),
    ("method-normalise", "联合国开发计划署的收入指数"): (
        0.5506,
        5e-5,
        lambda: composite.normalise(pd.DataFrame({"x": [log(3829)]}), bounds={"x": (log(100), log(75_000))}).iat[0, 0],
    ),
    ("method-correlations", "甲与乙"): (0.5, 0, lambda: composite.correlations(PAIR).loc["x", "y"]),
    ("method-correlations", "重复的一对"): (
        "甲丙",
        0,
        lambda: "".join(
            composite.redundant(PAIR.set_axis(list("甲乙"), axis=1).assign(丙=[-2.0, -4, -6]), 0.99)
            .loc[0, ["first", "second"]]
            .tolist()
        ),
    ),
    ("method-cronbach", "相关的一对"): (2 / 3, 0, lambda: composite.cronbach_alpha(PAIR)),
    ("method-cronbach", "去掉乙，余下的完全一样"): (
        1,
        0,
        lambda: composite.alpha_if_dropped(PAIR.assign(z=PAIR["x"])).loc["y", "alpha"],
    ),
    ("method-pca", "第一个特征值"): (1.5, 0, lambda: composite.eigenvalues(PAIR)["eigenvalue"].iloc[0]),
    ("method-pca", "它占总方差"): (0.75, 0, lambda: composite.eigenvalues(PAIR)["share"].iloc[0]),
    ("method-pca", "甲的载荷"): (sqrt(3) / 2, 0, lambda: composite.loadings(PAIR).iat[0, 0]),
    ("method-entropy-weight", "第一项的权"): (0.4630, 5e-5, partial(weight, XU, "entropy", 0, raw=True)),
    ("method-entropy-weight", "第二项的权"): (0.3992, 5e-5, partial(weight, XU, "entropy", 1, raw=True)),
    ("method-entropy-weight", "第三项的权"): (0.1378, 5e-5, partial(weight, XU, "entropy", 2, raw=True)),
    ("method-critic", "第一项的权"): (0.157, 5e-4, partial(weight, TUS, "critic", 0)),
    ("method-critic", "第二项的权"): (0.249, 5e-4, partial(weight, TUS, "critic", 1)),
    ("method-critic", "第三项的权"): (0.168, 5e-4, partial(weight, TUS, "critic", 2)),
    ("method-pca-weight", "相关的一对，平分"): (0.5, 0, lambda: composite.weights(PAIR, "pca")["x"]),
    ("method-pca-weight", "等权，作对照"): (0.5, 0, lambda: composite.weights(PAIR)["x"]),
    ("method-aggregate", "算术"): (6, 0, lambda: merged([21, 1, 1, 1])),
    ("method-aggregate", "几何"): (2.1406951429, 1e-9, lambda: merged([21, 1, 1, 1], "geometric")),
    ("method-aggregate", "人类发展指数"): (0.510, 5e-4, lambda: merged([0.6971, 0.3447, 0.5506], "geometric")),
    ("method-aggregate", "极差、等权、算术"): (
        0.75,
        0,
        lambda: composite.score(pd.DataFrame({"x": [0.0, 1, 2], "y": [0.0, 3, 3]}))[1],
    ),
    ("method-ranks", "并列居首"): (1, 0, lambda: composite.ranks(pd.Series([3.0, 1, 3]))[0]),
    ("method-ranks", "垫底"): (3, 0, lambda: composite.ranks(pd.Series([3.0, 1, 3]))[1]),
    ("method-ranks", "去掉乙，第一个对象移动"): (1, 0, lambda: composite.leave_one_out(CROSSED).loc[0, "y"]),
    ("method-monte-carlo", "第一个对象居首：只在去掉甲时"): (
        1 / 3,
        0.03,
        lambda: composite.monte_carlo(CROSSED, OMIT, n=6000, seed=3, top=1).loc[0, "top_share"],
    ),
    ("method-monte-carlo", "它的平均名次"): (
        2,
        0.05,
        lambda: composite.rank_draws(CROSSED, OMIT, n=6000, seed=3)[1][0].mean(),
    ),
    ("method-sobol", "只有一处可变：一阶"): (1, 0.1, lambda: explained()["first"].item()),
    ("method-sobol", "只有一处可变：总"): (1, 0.1, lambda: explained()["total"].item()),
    ("method-cooccurrence", "甲与乙共现"): (2, 0, lambda: networks.cooccurrence(INCIDENCE).loc["y", "x"]),
    ("method-cooccurrence", "有甲的对象"): (3, 0, lambda: networks.cooccurrence(INCIDENCE).loc["x", "x"]),
    ("method-hypergeometric", "无关时应有"): (1.5, 0, lambda: networks.chance(INCIDENCE, "y", "x")["expected"]),
    ("method-hypergeometric", "不少于这么多的概率"): (
        comb(3, 2) * comb(1, 0) / comb(4, 2),
        0,
        lambda: networks.chance(INCIDENCE, "y", "x")["p"],
    ),
    ("method-projection", "共同的名单"): (2, 0, lambda: projected("count").edges["a", "b"]["weight"]),
    ("method-projection", "按人数摊薄"): (1.5, 0, lambda: projected("newman").edges["a", "b"]["weight"]),
    ("method-projection", "甲的边权之和等于名单数"): (2, 0, lambda: projected("newman").degree("a", weight="weight")),
    ("method-null-model", "打乱后甲仍在几张名单上"): (2, 0, lambda: (mixed()["o"] == "a").sum()),
    ("method-null-model", "打乱后第一张名单仍有几人"): (3, 0, lambda: (mixed()["c"] == 1).sum()),
    ("method-null-model", "换边后每个节点的度不变"): ("是", 0, same_degrees),
    ("method-against-chance", "正态的零模型：平均"): (0, 0.05, lambda: surprise().expected),
    ("method-against-chance", "这么远的概率"): (0.0455, 0.01, lambda: surprise().p),
    ("method-against-chance", "上侧分位"): (1.96, 0.1, lambda: surprise().high),
    ("method-pair-mixing", "跨类的对数占全部"): (
        0.5,
        0,
        lambda: networks.pair_mixing(CLUBS, "o", "c", pd.Series({"a": 1, "b": 1, "c": 2})),
    ),
    ("method-expected-links", "实际是规模所料的"): (
        2,
        0,
        lambda: networks.expected_links(
            pd.DataFrame({"a": ["x"], "b": ["y"], "n": [12]}), *"abn", series(x=30, y=20, WLD=100)
        )[0],
    ),
    ("method-core", "三角形各挂一根须：核心的人数"): (3, 0, lambda: len(core()[0])),
    ("method-core", "与理想形状的相关"): (1, 0, lambda: core()[1]),
    ("method-pruned", "拿掉甲，最大的一片"): (0.25, 0, lambda: cut()["largest"]),
    ("method-pruned", "还剩的边"): (1 / 3, 0, lambda: cut()["edges"]),
    ("method-pruned", "一个成员也不剩的名单"): (2, 0, lambda: cut()["alone"]),
    ("method-wilson", "一次不中：上限"): (Z**2 / (20 + Z**2), 0, lambda: inf.proportion(0, 20).high),
    ("method-wilson", "多数命中：下限"): (WILSON[0], 0, lambda: inf.proportion(8, 10).low),
    ("method-wilson", "多数命中：上限"): (WILSON[1], 0, lambda: inf.proportion(8, 10).high),
    ("method-bootstrap", "零与一的平均"): (0.5, 0, lambda: coin().estimate),
    ("method-bootstrap", "下限：可能全抽到零"): (0, 0, lambda: coin().low),
    ("method-bootstrap", "上限"): (1, 0, lambda: coin().high),
    ("method-theil-sen", "一个离群的年份动不了它"): (1, 0, lambda: inf.slope(range(5), [0, 1, 2, 3, 99]).estimate),
    ("method-theil-sen", "区间含住它"): (
        "是",
        0,
        lambda: "否" if inf.slope(range(5), [0, 1, 2, 3, 40]).excludes(1) else "是",
    ),
    ("method-before-after", "对数均值之差"): (1.5 * log(2), 0, lambda: inf.before_after(YEARS, 2).estimate),
    ("method-before-after", "换成比值"): (
        sqrt(8),
        0,
        lambda: inf.change_ratio(inf.Interval(1.5 * log(2), 0, 1)).estimate,
    ),
    ("method-placebo", "真的与几个假的相比"): (0.75, 0, lambda: inf.placebo_share(2, [-1, 2, -3])),
    ("method-placebo", "与乙之比的前后之差"): (log(2), 0, beside),
    ("method-placebo", "头一个假日子"): (log(2), 0, fake),
    ("method-turning-point", "转折的年份"): (2004, 0, lambda: bend().when),
    ("method-turning-point", "转折前每年"): (1, 0, lambda: bend().before),
    ("method-turning-point", "转折后每年"): (-1, 0, lambda: bend().after),
    ("method-transitions", "由优到优：乙隔了一年，不算"): (0.5, 0, lambda: moved()["estimate"]),
    ("method-transitions", "由优出发的次数"): (2, 0, lambda: moved()["total"]),
    ("method-moran", "一字排开"): (0.4, 0, lambda: moran().estimate),
    ("method-moran", "无关时的期望"): (-1 / 3, 0, lambda: moran().expected),
    ("method-beta-convergence", "按已知的速度缩小：回归系数"): (-0.05, 0, lambda: halved().estimate),
    ("method-beta-convergence", "收敛速度"): (0.0693147181, 1e-9, lambda: regions.speed(halved(), 10).estimate),
    ("method-sigma-convergence", "变异系数"): (
        0.5,
        0,
        lambda: regions.dispersion(pd.DataFrame({"a": [2.0], "b": [6.0]}))["cv"][0],
    ),
    ("method-sigma-convergence", "对数的标准差"): (
        log(3) / 2,
        0,
        lambda: regions.dispersion(pd.DataFrame({"a": [2.0], "b": [6.0]}))["sd_log"][0],
    ),
    ("method-shapley", "一只左手套"): (2 / 3, 0, lambda: gloves()["L"]),
    ("method-shapley", "每只右手套"): (1 / 6, 0, lambda: gloves()["S"]),
    ("method-shapley", "合计"): (1, 0, lambda: gloves().sum()),
    ("method-graph-shapley", "甲得"): (3, 0, lambda: halves()["p"]),
    ("method-graph-shapley", "合计"): (8, 0, lambda: halves().sum()),
    ("method-rd-game", "各做各的"): (2 / 9, 0, lambda: research("rival")),
    ("method-rd-game", "只合作研发：这时恰好相同"): (2 / 9, 0, lambda: research("joint_rd")),
    ("method-rd-game", "研发与产量都合作"): (6 / 23, 0, lambda: research("joint_all")),
    ("method-rd-game", "各做各的：每家产量"): (4 / 9, 0, lambda: research("rival", "q")),
    ("method-rd-stability", "反应斜率"): (-1.75 / 8.275, 0, lambda: games.rd_reaction_slope(0.25, 1, 1.6)),
    ("method-rd-stability", "变号的溢出率"): (0.5, 1e-8, lambda: games.rd_threshold(games.rd_reaction_slope)),
    ("method-rd-stability", "稳定的边界上斜率为负一"): (
        -1,
        0,
        lambda: games.rd_reaction_slope(1.5 - sqrt(7) / 2),
    ),
    ("method-replicator", "守约的比例每单位时间变"): (-0.125, 0, lambda: PACT.drift(0.5, 0.25)[0]),
    ("method-replicator", "从都很守约出发，最后"): (
        1,
        1e-3,
        lambda: games.paths(PACT, [(0.9, 0.9)])[0]["y"].iloc[-1],
    ),
    ("method-rest-points", "都守约"): ("稳定", 0, lambda: KINDS[rest()[1, 1].kind]),
    ("method-rest-points", "正中"): ("鞍点", 0, lambda: KINDS[rest()[0.5, 0.5].kind]),
    ("method-rest-points", "正中的较大特征值"): (0.5, 0, lambda: rest()[0.5, 0.5].first),
    ("method-rest-points", "对称时的吸引域"): (0.5, 0.03, lambda: games.basin(PACT, side=22)),
    ("method-coupling", "通行的写法"): (0.8, 0, lambda: coupling.coupling(two(0.8, 0.2))[0]),
    ("method-coupling", "修正的写法"): (sqrt(0.1), 0, lambda: coupling.coupling(two(0.8, 0.2), "corrected")[0]),
    ("method-coordination", "综合水平"): (0.5, 0, lambda: coupling.coordination(two(0.8, 0.2))["t"][0]),
    ("method-coordination", "协调度：乘积的四次方根"): (
        0.6324555320,
        1e-9,
        lambda: coupling.coordination(two(0.8, 0.2))["d"][0],
    ),
    ("method-coordination", "级名"): ("初级协调", 0, lambda: coupling.grade(pd.Series([0.6324]))[0]),
    ("method-levels", "中间的对象"): (0.34, 0, lambda: coupling.levels(WIDE, BOTH)["乙"][1]),
    ("method-levels", "先取对数"): (0.505, 0, lambda: coupling.levels(WIDE, BOTH, "log")["乙"][1]),
    ("method-coupling-draws", "样样最高的，每次都是"): (1, 0, lambda: tried().iloc[2].min()),
    ("method-coupling-draws", "零到一百的中位数"): (
        50,
        0,
        lambda: coupling.intervals(pd.DataFrame([range(101)]))["median"][0],
    ),
    ("method-coupling-draws", "零到一百的区间：下端"): (
        5,
        0,
        lambda: coupling.intervals(pd.DataFrame([range(101)]))["low"][0],
    ),
    ("method-coupling-draws", "最高的站得住地高于最低的"): (
        "是",
        0,
        lambda: "是" if coupling.separable(tried()).iat[2, 0] else "否",
    ),
    ("method-coupling-shuffled", "实际的平均"): ((sqrt(0.2) + sqrt(0.8)) / 2, 0, lambda: paired()[0]),
    ("method-coupling-shuffled", "打乱的平均"): (
        ((sqrt(0.2) + sqrt(0.8)) / 2 + sqrt(0.4)) / 2,
        2e-3,
        lambda: paired()[1],
    ),
    ("method-judge", "差一点，没有余地"): ("没有达到", 0, lambda: SAID[evaluation.judge(24, 25, "ge")]),
    ("method-judge", "差一点，留了余地"): ("在界上", 0, lambda: SAID[evaluation.judge(24, 25, "ge", 0.05)]),
    ("method-judge", "不高于的目标"): ("达到", 0, lambda: SAID[evaluation.judge(3, 5, "le")]),
    ("method-met-bounds", "最坏"): (0.3, 0, lambda: evaluation.met_bounds(6, 2, 12).low),
    ("method-met-bounds", "最好"): (0.9, 0, lambda: evaluation.met_bounds(6, 2, 12).high),
    ("method-met-bounds", "有结果的里面"): (0.75, 0, lambda: evaluation.met_bounds(6, 2, 12).known.estimate),
    ("method-met-bounds", "两组之差：下界"): (
        -0.125,
        0,
        lambda: evaluation.difference_bounds((3, 1, 4), (2, 2, 0))[0],
    ),
    ("method-met-bounds", "两组之差：上界"): (0.375, 0, lambda: evaluation.difference_bounds((3, 1, 4), (2, 2, 0))[1]),
    ("method-association", "双侧概率"): (34 / 70, 0, lambda: evaluation.association((1, 3), (3, 1)).p),
    ("method-association", "条件优势比：条件期望等于实测的根"): (
        TEA,
        1e-4,
        lambda: evaluation.association((3, 1), (1, 3)).odds.estimate,
    ),
    ("method-pace", "已有的年均变化"): (2, 0, lambda: evaluation.pace(WENT, 40, 2025)[0]),
    ("method-pace", "所需的年均变化"): (4, 0, lambda: evaluation.pace(WENT, 40, 2025)[1]),
    ("method-pace", "所需与已有之比"): (2, 0, lambda: evaluation.lag(WENT, 40, 2025).item()),
    ("method-watch", "报警的期数：连续越过才报，退到解除线才停"): (2, 0, lambda: watched()["alarm"].sum()),
    ("method-watch", "报警几段"): (1, 0, lambda: len(evaluation.episodes(watched()))),
    ("method-watch", "这一段不算虚惊"): (
        "是",
        0,
        lambda: "是" if evaluation.episodes(watched())["kind"].item() == "lasting" else "否",
    ),
    ("method-shuffled-alarms", "各种次序里的平均"): (0.5, 0.03, alarms),
    ("method-knapsack", "最优的选"): ("大", 0, lambda: chosen(portfolio.best(PLAIN, 10))),
    ("method-knapsack", "按性价比从头挑的选"): ("小", 0, lambda: chosen(portfolio.rule(PLAIN, 10))),
    ("method-residual", "选大的一项之后"): (
        1 / 6,
        0,
        lambda: portfolio.residual(PLAIN, pd.Series({"大": True, "小": False})),
    ),
    ("method-residual", "预算最少的一档"): (5 / 6, 0, lambda: left(1)),
    ("method-residual", "都投"): (0, 0, lambda: left(11)),
    ("method-cost-scenarios", "没有离散就是原来的花费"): (
        10,
        0,
        lambda: portfolio.scenarios(PLAIN, 0, 1).at["大", 0],
    ),
    ("method-cost-scenarios", "平均不变"): (
        1,
        0.02,
        lambda: portfolio.scenarios(PLAIN, 0.5, 40_000, seed=8).loc["小"].mean(),
    ),
    ("method-cost-scenarios", "超支的比例"): (
        0.5,
        0,
        lambda: portfolio.overrun(pd.Series({"a": True}), pd.DataFrame([[4.0, 3, 2, 1]], index=["a"]), 2),
    ),
    ("method-chance-constraint", "容许得宽：投"): ("是", 0, partial(lone, portfolio.chance, 0.25)),
    ("method-chance-constraint", "容许得窄：不投"): ("否", 0, partial(lone, portfolio.chance, 0.1)),
    ("method-chance-constraint", "打折的预算，容许得宽：投"): ("是", 0, partial(lone, portfolio.reserve, 0.25)),
    ("method-robust", "少防：正好装下"): ("甲、乙", 0, partial(robust, 1)),
    ("method-robust", "多防：只装得下一项"): ("甲", 0, partial(robust, 2)),
    ("method-regret", "付不起的跳过，投几项"): (2, 0, lambda: portfolio.filled(np.array([[2.0, 9, 1]]), 3).sum()),
    ("method-regret", "付不起就停，投几项"): (1, 0, lambda: portfolio.filled(np.array([[2.0, 9, 1]]), 3, False).sum()),
    ("method-regret", "先甲：剩下的比本可剩下的多"): (0.5, 0, partial(sorry, "甲乙")),
    ("method-regret", "先乙"): (0, 0, partial(sorry, "乙甲")),
    ("method-bundles", "各算各的，选"): ("甲、丙", 0, lambda: chosen(portfolio.best(NEEDS, 2))),
    ("method-bundles", "凑齐才算，选"): ("甲、乙", 0, lambda: chosen(portfolio.complete(NEEDS, 2, SET))),
    ("method-bundles", "甲、乙都成，一对凑齐"): (
        "是",
        0,
        lambda: (
            "是"
            if portfolio.completed(pd.DataFrame([[True, True, False]], columns=list("甲乙丙")), SET).iat[0, 0]
            else "否"
        ),
    ),
    ("method-superiority", "四对里三胜一平"): (0.875, 0, campus),
    ("method-odds-of-shares", "数量占得少，金额占得多"): (4, 0, lambda: technology_base.odds_ratio(0.2, 0.5)),
}


def expected() -> dict:
    """（节，名称）→（应得的数，容许的差）。"""
    return {key: (value, slack) for key, (value, slack, _) in EXAMPLES.items()}
