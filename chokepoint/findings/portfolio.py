"""“攻关组合”一章的数字：预算有限，先攻哪几个节点，答案靠的是哪几个假设。

由数据算出的只有两样：指数给每个节点的分数与它的抽取（:mod:`.chokepoint_index`），芯片链的连边与份额
（:mod:`.industry_chain`）。
每个节点花多少、成不成、花费的起伏、预算，没有公开的数据，都是读者设定的；这里的几套只是示例。花费一律折成“全做一遍”
的几分之几，取整数（:data:`UNITS` 为全部），网页上的脚本才能逐项复算。
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from .. import chain, composite, portfolio
from . import chokepoint_index as index
from . import industry_chain as chips

#: 全做一遍的花费折成这么多份。
UNITS = 10_000
#: 参照的预算，占全做一遍的份额；以及另几档。
BUDGET = 0.25
OTHER_BUDGETS = (0.1, 0.25, 0.5)
#: 画前沿用的各档，百分数。
STEPS = tuple(range(0, 101, 5))
#: 花费的几种假设。
COSTS = {"equal": "一律相同", "root": "按规模的平方根", "size": "按市场规模", "firm": "按企业集中"}
#: 成功概率的几种假设。
SUCCESSES = {"even": "一律相同", "falling": "越集中越难", "rosy": "乐观", "rising": "越集中越易"}
#: 各种假设的两端：企业集中最低者、最高者的成功概率。
ENDS = {"even": (0.5, 0.5), "falling": (0.8, 0.2), "rosy": (0.95, 0.65), "rising": (0.2, 0.8)}
#: 风险的几种读法：都出自指数。
RISKS = {
    "score": "参照分数",
    "origin": "零点移到最低者",
    "without": "不计市场规模",
    "smaller": "规模越小越要紧",
    "top": "居前列的比例",
}
REFERENCE = ("equal", "even", "score")
#: 从指数的抽取里取多少次名次。
DRAWS = 200
#: 随机次序、随机成败的抽取次数。
SHUFFLES = 2_000
SEED = 20260101
#: 花费的起伏：对数的标准差；同涨同落的份额；检验用的新情景数。
SPREAD = 0.5
COMMON = 0.5
FRESH = 2_000
#: 允许超支的各档，与同时涨到上限的项数的各档；上限是原花费多这么多。
ALPHAS = (0.3, 0.2, 0.1, 0.05)
GAMMAS = (1, 3, 6)
DEVIATION = 0.5
#: 两种读法：上级节点有一个下级可得即可，还是下级都要可得。
READINGS = {"all": "悲观读法", "any": "乐观读法"}
#: 断供线的另几档，百分数。
LINES = (50, chain.CHOKE_SHARE, 80)
#: 检验用的花费：各项独立起伏，对数的标准差这么大。
NOISE = 0.1
#: 核算成品时另看的成功概率。
CHANCES = (0.5, 0.9)


# ── 各项 ──


@cache
def _risks() -> pd.DataFrame:
    values, score = index.panel().values, index.reference()["score"]
    return pd.DataFrame(
        {
            "score": score,
            "origin": score - score.min(),
            "without": composite.score(values.drop(columns="size")),
            "smaller": composite.score(values, direction={"size": -1}),
            "top": index.stability()["top_share"],
        }
    ).reindex(score.index)


def risks() -> pd.DataFrame:
    """几种风险：行为节点（按参照名次），列见 :data:`RISKS`，非负；只有相对大小有意义。"""
    return _risks().copy()


@cache
def _costs() -> pd.DataFrame:
    order = _risks().index
    size, firm = index.market_size()[order], index.panel().values["firm"][order]
    weights = pd.DataFrame({"equal": 1.0, "root": size**0.5, "size": size, "firm": firm})
    return (weights / weights.sum() * UNITS).round().clip(lower=1)


def costs() -> pd.DataFrame:
    """几种花费的假设：行为节点，列见 :data:`COSTS`，单位为全做一遍的 1/:data:`UNITS`，正整数。"""
    return _costs().copy()


@cache
def _successes() -> pd.DataFrame:
    firm = index.panel().values["firm"][_risks().index]
    place = (firm - firm.min()) / (firm.max() - firm.min())
    return pd.DataFrame({name: first + (last - first) * place for name, (first, last) in ENDS.items()})


def items(cost: str = "equal", success: str = "even", risk: str = "score") -> pd.DataFrame:
    """一套假设之下的各项：列 ``cost``、``success``、``risk``，行为节点（按参照名次）。"""
    return pd.DataFrame({"cost": _costs()[cost], "success": _successes()[success], "risk": _risks()[risk]})


def allowance(cost: str = "equal", share: float = BUDGET) -> float:
    """预算：全做一遍的 ``share``，取整到份。"""
    return float(np.floor(share * _costs()[cost].sum() + 1e-9))


@cache
def _best(cost: str, success: str, risk: str, share: float) -> pd.Series:
    return portfolio.best(items(cost, success, risk), allowance(cost, share))


def best(cost: str = "equal", success: str = "even", risk: str = "score", share: float = BUDGET) -> pd.Series:
    """一套假设之下的最优组合（逐项相加的目标），行为节点，布尔。"""
    return _best(cost, success, risk, share).copy()


def parameter_sets() -> list[tuple[str, str, str]]:
    """花费 × 成功概率 × 风险的全部组合。"""
    return list(product(COSTS, SUCCESSES, RISKS))


@cache
def _picks(share: float) -> pd.DataFrame:
    return pd.DataFrame({s: _best(*s, share) for s in parameter_sets()}).T.rename_axis(["cost", "success", "risk"])


def chosen_share(share: float = BUDGET) -> pd.DataFrame:
    """每个节点在各种花费之下被选的比例：行为节点名（按总的比例降序），列为 :data:`COSTS` 的中文名与“合计”，0–1。"""
    found = _picks(share)
    frame = found.groupby(level="cost").mean().T[list(COSTS)].rename(columns=COSTS).assign(合计=found.mean())
    frame = frame.astype(float).sort_values("合计", ascending=False, kind="stable")
    return frame.rename(index=index.names())


def verdicts(share: float = BUDGET) -> dict[str, list[str]]:
    """每套都选的 ``always``、有时选的 ``sometimes``、从不选的 ``never``，节点名。"""
    rate = _picks(share).mean()
    called = index.names()
    return {
        "always": called[rate.index[rate == 1]].tolist(),
        "sometimes": called[rate.index[(rate > 0) & (rate < 1)]].tolist(),
        "never": called[rate.index[rate == 0]].tolist(),
    }


def verdict_table() -> pd.DataFrame:
    """各档预算下，每套都选、有时选、从不选的节点数。"""
    rows = []
    for share in OTHER_BUDGETS:
        count = {k: len(v) for k, v in verdicts(share).items()}
        sizes = _picks(share).sum(axis=1)
        rows.append((f"{share:.0%}", *count.values(), f"{sizes.min()}–{sizes.max()}"))
    return pd.DataFrame(rows, columns=["budget", "always", "sometimes", "never", "size"])


# ── 与简单规则相比 ──


@cache
def _frontier(cost: str, success: str) -> pd.DataFrame:
    table = items(cost, success)
    budgets = [allowance(cost, step / 100) for step in STEPS]
    lines = {"best": portfolio.frontier(table, budgets)["residual"]}
    lines |= {by: portfolio.frontier(table, budgets, by=by)["residual"] for by in ("ratio", "cheap", "risk")}
    return (100 * pd.DataFrame(lines)).set_axis(STEPS)


def frontiers(success: str = "falling") -> dict[str, pd.DataFrame]:
    """预算（全做一遍的 %）与剩余风险（%）：栏题 → 表，列 ``best``、``ratio``、``cheap``、``risk``。"""
    return {f"花费{COSTS[c]}": _frontier(c, success) for c in ("equal", "size", "firm")}


@cache
def rule_gaps(share: float = BUDGET) -> pd.DataFrame:
    """简单规则比最优多剩多少风险：行为各套假设，列为规则，占全部风险的比例。"""
    rows = {}
    for s in parameter_sets():
        table, budget = items(*s), allowance(s[0], share)
        ideal = portfolio.residual(table, _best(*s, share))
        rows[s] = {by: portfolio.residual(table, portfolio.rule(table, budget, by)) - ideal for by in portfolio.RULES}
    return pd.DataFrame.from_dict(rows, orient="index").clip(lower=0)


# ── 换一个假设，留下几项 ──


@cache
def _drawn() -> pd.DataFrame:
    """指数的抽取：每次的名次（行为抽取，列为节点）。"""
    values, low, high = index.panel()
    return index.composite.rank_draws(values, index.choices(), DRAWS, SEED, low=low, high=high)[1][_risks().index]


def drawn_risks() -> pd.DataFrame:
    """每次抽取的风险：名次照抽取，分数的分布照参照（第几名就取第几高的分数）。行为抽取，列为节点。"""
    ladder = np.sort(_risks()["score"].to_numpy())[::-1]
    ranks = _drawn()
    return pd.DataFrame(ladder[ranks.to_numpy().astype(int) - 1], index=ranks.index, columns=ranks.columns)


@cache
def _drawn_picks() -> pd.DataFrame:
    base, budget = items(), allowance()
    return pd.DataFrame([portfolio.best(base.assign(risk=row), budget) for _, row in drawn_risks().iterrows()])


def kept(chosen: pd.Series) -> tuple[float, float]:
    """参照组合里还留下几成，与随机选同样多项时该有几成，均 0–1。"""
    base = _best(*REFERENCE, BUDGET)
    return float((chosen & base).sum() / base.sum()), float(chosen.mean())


def _priced(cost: np.ndarray) -> pd.Series:
    """花费换成 ``cost``（只看相对大小），其余照参照时的最优组合。"""
    whole = np.maximum(1, np.round(cost / cost.sum() * UNITS))
    return portfolio.best(items().assign(cost=whole), np.floor(BUDGET * whole.sum()))


@cache
def _other_prices() -> dict[str, list[pd.Series]]:
    """检验用的花费：各项独立起伏；三种假设的花费随机派给各节点。各 :data:`DRAWS` 次。"""
    rng, count = np.random.default_rng(SEED), len(_risks())
    given = [_costs()[c].to_numpy() for c in COSTS if c != "equal"]
    return {
        "noise": [_priced(np.exp(NOISE * rng.normal(size=count))) for _ in range(DRAWS)],
        "shuffled": [_priced(rng.permutation(given[i % len(given)])) for i in range(DRAWS)],
    }


@cache
def overlap() -> pd.DataFrame:
    """只换一个假设，参照组合留下几成。

    Returns
    -------
    pandas.DataFrame
        索引为换的是什么；``estimate`` 平均，``low``、``high`` 最低与最高（抽取的几行为第 5 与第 95 百分位），
        ``chance`` 随机选同样多项该有的平均，均为百分数。
    """
    groups = {
        "成功概率的高低": [portfolio.best(items().assign(success=p), allowance()) for p in (0.1, 0.9)],
        "指数的抽取": [row for _, row in _drawn_picks().iterrows()],
        "风险的读法": [best(risk=r) for r in RISKS if r != "score"],
        "成功概率的形状": [best(success=s) for s in SUCCESSES if s != "even"],
        "花费：随机起伏": _other_prices()["noise"],
        "花费：打乱": _other_prices()["shuffled"],
        "花费": [best(cost=c) for c in COSTS if c != "equal"],
        "全部一起换": [row for _, row in _picks(BUDGET).iterrows()],
    }
    rows = {}
    for name, plans in groups.items():
        share, luck = (100 * np.array([kept(p)[k] for p in plans]) for k in (0, 1))
        ends = np.percentile(share, [5, 95]) if len(plans) == DRAWS else (share.min(), share.max())
        rows[name] = {"estimate": share.mean(), "low": ends[0], "high": ends[1], "chance": luck.mean()}
    return pd.DataFrame.from_dict(rows, orient="index")


# ── 后悔值 ──


def _ordered(table: pd.DataFrame) -> pd.Series:
    """照性价比排好次序、从头投到没有钱为止的组合。"""
    keys = (table["success"] * table["risk"] / table["cost"]).sort_values(ascending=False, kind="stable")
    return pd.Series(True, index=keys.index)


def truths() -> dict[tuple[str, str], pd.DataFrame]:
    """可能的真相：各种花费 × 各种成功概率。"""
    return {(c, s): items(c, s) for c, s in product(COSTS, SUCCESSES)}


@cache
def regrets(skip: bool = True) -> pd.DataFrame:
    """照某一种假设排的次序，真相若是另一种，多剩多少风险。

    Parameters
    ----------
    skip : bool
        付不起的跳过，还是投到第一项付不起为止（:func:`chokepoint.portfolio.filled`）。

    Returns
    -------
    pandas.DataFrame
        行为真相（花费、成功概率的代码），列为次序所照的假设（``equal`` 即指数从高到低）与 ``random``
        （随机次序，:data:`SHUFFLES` 次的平均），占全部风险的百分数。
    """
    plans = {c: _ordered(items(c)) for c in COSTS}
    rng, rows = np.random.default_rng(SEED), {}
    for (c, s), table in truths().items():
        budget = allowance(c)
        found = portfolio.regret({0: table}, plans, budget, skip).loc[0]
        ideal = portfolio.residual(table, _best(c, s, "score", BUDGET))
        gain = (table["success"] * table["risk"]).to_numpy() / table["risk"].sum()
        order = np.argsort(rng.random((SHUFFLES, len(table))), axis=1)
        done = portfolio.filled(table["cost"].to_numpy()[order], budget, skip)
        rows[(c, s)] = {**found, "random": 1 - (gain[order] * done).sum(axis=1).mean() - ideal}
    return 100 * pd.DataFrame.from_dict(rows, orient="index").rename_axis(["cost", "success"])


@cache
def unrelated() -> dict[str, float]:
    """花费的大小照市场规模、却随机派给各节点时，照指数从高到低与随机的次序各后悔多少。

    用来分清“排名没有用”与“要紧的恰好贵”：后者打乱就消失。

    Returns
    -------
    dict
        ``index``、``random`` 后悔值的平均（百分点）；``better`` 照指数好过随机的比例（0–1）；:data:`DRAWS` 次打乱。
    """
    table, budget, rng = items("size"), allowance("size"), np.random.default_rng(SEED)
    gain = (table["success"] * table["risk"]).to_numpy() / table["risk"].sum()
    orders = np.argsort(rng.random((DRAWS, len(table))), axis=1)
    rows = []
    for _ in range(DRAWS):
        cost = rng.permutation(table["cost"].to_numpy())
        ideal = gain[portfolio.best(table.assign(cost=cost), budget)].sum()
        mine = (gain * portfolio.filled(cost[None], budget)).sum()
        luck = (gain[orders] * portfolio.filled(cost[orders], budget)).sum(axis=1).mean()
        rows.append((ideal - mine, ideal - luck))
    mine, luck = 100 * np.array(rows).T
    return {"index": float(mine.mean()), "random": float(luck.mean()), "better": float((mine < luck).mean())}


def regret_grid() -> pd.DataFrame:
    """画图用的后悔值（一位小数），行为真相，列为次序，末行为各列的最大。"""
    found = regrets().round(1)
    short = {"even": "同", "falling": "难", "rosy": "乐", "rising": "易"}
    costs_said = {"equal": "一律相同", "root": "规模方根", "size": "市场规模", "firm": "企业集中"}
    rows = [f"{costs_said[c]}·{short[s]}" for c, s in found.index]
    heads = ["照指数", "照规模\n方根", "照规模", "照集中", "随机"]
    frame = found.set_axis(rows).set_axis(heads, axis=1)
    frame.loc["最坏"] = frame.max()
    return frame


# ── 稳健的代价 ──


@cache
def reserve_curve() -> pd.DataFrame:
    """留出一部分预算不花：超支的概率与剩余风险（参照的假设）。

    Returns
    -------
    pandas.DataFrame
        索引为留出的比例（%）；``own`` 各项独立起伏时、``common`` 部分同涨同落时超支的概率（%，新抽的
        情景），``residual`` 剩余风险（%）。
    """
    table, budget = items(), allowance()
    fresh = {k: portfolio.scenarios(table, SPREAD, FRESH, SEED + 1, v) for k, v in (("own", 0), ("common", COMMON))}
    rows = {}
    for held in range(0, 61, 5):
        plan = portfolio.best(table, budget * (1 - held / 100))
        rows[held] = {k: 100 * portfolio.overrun(plan, f, budget) for k, f in fresh.items()}
        rows[held]["residual"] = 100 * portfolio.residual(table, plan)
    return pd.DataFrame.from_dict(rows, orient="index")


@cache
def robustness() -> pd.DataFrame:
    """稳健的代价：各种写法投几项、剩多少风险、在新情景里超支的概率。

    Returns
    -------
    pandas.DataFrame
        ``how`` 写法；``count`` 项数；``residual`` 剩余风险，``own``、``common`` 超支的概率，均 0–1。
    """
    table, budget = items(), allowance()
    train = {k: portfolio.scenarios(table, SPREAD, FRESH, SEED, v) for k, v in (("own", 0), ("common", COMMON))}
    fresh = {k: portfolio.scenarios(table, SPREAD, FRESH, SEED + 1, v) for k, v in (("own", 0), ("common", COMMON))}
    plans = {"不留余地": portfolio.best(table, budget)}
    for g in GAMMAS:
        plans[f"至多 {g} 项涨到上限"] = portfolio.robust(table, budget, table["cost"] * DEVIATION, g)
    for k, name in (("own", "独立"), ("common", "部分同涨")):
        for a in ALPHAS:
            plans[f"超支不过 {a:.0%}（{name}）"] = portfolio.reserve(table, budget, train[k], a)
    rows = [
        (name, int(p.sum()), portfolio.residual(table, p), *(portfolio.overrun(p, f, budget) for f in fresh.values()))
        for name, p in plans.items()
    ]
    return pd.DataFrame(rows, columns=["how", "count", "residual", "own", "common"])


# ── 成套：工序凑齐才算 ──


@cache
def _held(line: float) -> frozenset:
    own = chips.knock_out(chips.BLOC, threshold=line)["own"]
    return frozenset(v for v in _risks().index if own[v] == chain.STATES[0])


def held(line: float = chain.CHOKE_SHARE) -> list[str]:
    """前章的集团一起断供时自己就断的叶子节点（在排名之内的），按参照名次。"""
    return [v for v in _risks().index if v in _held(line)]


def _minimal(ways: list[frozenset]) -> list[frozenset]:
    """去掉包含了别的办法的办法，按项数、项名排。"""
    ways = sorted(set(ways), key=lambda w: (len(w), sorted(w)))
    return [w for i, w in enumerate(ways) if not any(other <= w for other in ways[:i])]


def _together(parts: list[list[frozenset]]) -> list[frozenset]:
    """几个部分都要：各取一种办法，合起来。"""
    found = [frozenset()]
    for ways in parts:
        found = _minimal([a | b for a in found for b in ways])
    return found


@cache
def _bundles(reading: str, line: float) -> dict[str, list[frozenset]]:
    graph, kinds, choke = chips.chip_chain().graph, chips.chip_nodes()["kind"], _held(line)

    def ways(v: str) -> list[frozenset]:
        into = [a for a, _, r in graph.in_edges(v, data="relation") if r == "goes_into" and kinds[a] != "process"]
        below = [a for a, _, r in graph.in_edges(v, data="relation") if r == "is_type_of"]
        if not below:
            own = [[frozenset([v]) if v in choke else frozenset()]]
        elif reading == "any":
            own = [_minimal([w for a in sorted(below) for w in ways(a)])]
        else:
            own = [ways(a) for a in sorted(below)]
        return _together([*own, *(ways(a) for a in sorted(into))])

    steps = {p: ways(p) for p in kinds.index[kinds == "process"]}
    return {p: found for p, found in steps.items() if found != [frozenset()]}


def bundles(reading: str = "all", line: float = chain.CHOKE_SHARE) -> dict[str, list[frozenset]]:
    """卡住的工序各要凑齐哪些节点：工序 → 几种最小的办法，只算它自己的投入，不算前一道工序。"""
    return dict(_bundles(reading, line))


@cache
def whole(reading: str = "all", line: float = chain.CHOKE_SHARE) -> list[frozenset]:
    """成品要凑齐哪些节点：几种最小的办法。"""
    return _together(list(_bundles(reading, line).values()))


def freed(chosen: pd.Series, reading: str = "all") -> int:
    """这些节点若样样做成，凑齐了几道工序。"""
    have = frozenset(chosen.index[chosen])
    return sum(any(way <= have for way in ways) for ways in _bundles(reading, chain.CHOKE_SHARE).values())


@cache
def _complete(cost: str, success: str, reading: str, share: float, line: float = chain.CHOKE_SHARE) -> pd.Series:
    return portfolio.complete(items(cost, success), allowance(cost, share), bundles(reading, line))


@cache
def steady(share: float = BUDGET, line: float = chain.CHOKE_SHARE) -> list[str]:
    """成套挑时，各种花费、成功概率与两种读法之下次次入选的节点（代码），按参照名次。"""
    sets = product(COSTS, SUCCESSES, READINGS)
    plans = [_complete(c, s, r, share, line) for c, s, r in sets]
    return [v for v in _risks().index if all(p[v] for p in plans)]


def steady_counts() -> dict[str, int]:
    """换预算、换断供线，:func:`steady` 有几个。"""
    found = {f"预算 {b:.0%}": len(steady(b)) for b in OTHER_BUDGETS}
    return found | {f"断供线 {line:g}%": len(steady(line=line)) for line in LINES if line != chain.CHOKE_SHARE}


def steady_steps() -> list[int]:
    """次次入选的节点凑齐的工序（悲观读法），每道要几项。"""
    have = frozenset(steady())
    return sorted(len(way) for ways in bundles("all").values() for way in ways if way <= have)


def additive_always() -> int:
    """逐项挑、风险取参照分数时，各种花费与成功概率之下次次入选的节点数：与 :func:`steady` 可比。"""
    return int(_picks(BUDGET).xs("score", level="risk").all().sum())


def complete(cost: str = "equal", success: str = "even", reading: str = "all", share: float = BUDGET) -> pd.Series:
    """成套的目标之下的最优组合，布尔。"""
    return _complete(cost, success, reading, share).copy()


@cache
def _luck() -> np.ndarray:
    return np.random.default_rng(SEED).random((SHUFFLES, len(_risks())))


def spread_thin(share: float, reading: str = "all") -> float:
    """每项都给 ``share`` 的钱、成功的概率也只有这么多时，期望凑齐几道工序。"""
    done = pd.DataFrame(_luck() < share, columns=_risks().index)
    return float(portfolio.completed(done, bundles(reading)).sum(axis=1).mean())


def thin_needed(reading: str = "all") -> float:
    """平均撒要追平成套挑（参照预算、投了就成），每项的成功概率须到多少；只用于一道工序只有一种办法的读法。"""
    sizes = [len(ways[0]) for ways in bundles(reading).values() if len(ways) == 1]
    goal = bundle_curve(reading).loc[round(100 * BUDGET), "complete"]
    return float(brentq(lambda p: sum(p**n for n in sizes) - goal, 0, 1))


def rough_picks(reading: str) -> tuple[int, float]:
    """逐项挑只在卡住的节点里挑，凑齐几道；随机选同样多项（全部节点里），平均凑齐几道。"""
    narrow = items().loc[held()]
    own = portfolio.best(narrow, allowance()).reindex(_risks().index, fill_value=False)
    order = np.argsort(np.argsort(_luck(), axis=1), axis=1) < int(best().sum())
    done = pd.DataFrame(order, columns=_risks().index)
    return freed(own, reading), float(portfolio.completed(done, bundles(reading)).sum(axis=1).mean())


@cache
def bundle_curve(reading: str) -> pd.DataFrame:
    """花费一律相同、投了就成时，预算（%）与凑齐的工序（道）：``complete`` 成套挑，``best`` 逐项挑，``thin`` 平均撒。"""
    rows = {}
    for step in STEPS:
        share = step / 100
        sure = items().assign(success=1.0)
        rows[step] = {
            "complete": freed(portfolio.complete(sure, allowance(share=share), bundles(reading)), reading),
            "best": freed(best(share=share), reading),
            "thin": spread_thin(share, reading),
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype(float)


def place(node: str) -> dict[str, object]:
    """一个节点（中文名）在指数里排第几 ``rank``，市场规模从小到大排第几 ``size``。"""
    called = index.names().reindex(_risks().index)
    code = called.index[called == node][0]
    size = index.market_size().rank(method="min")
    return {"rank": int(called.index.get_loc(code)) + 1, "size": int(size[code])}


def keys() -> list[str]:
    """乐观读法下成品非有不可的节点（各种办法共有的）的名字，按参照名次。"""
    shared = frozenset.intersection(*whole("any"))
    return [index.names()[v] for v in _risks().index if v in shared]


def depth(ranks: pd.DataFrame, reading: str = "any", line: float = chain.CHOKE_SHARE) -> pd.Series:
    """照名次从高到低投，投到第几项成品才凑齐；行为一种名次，列为节点。"""
    ways = [ranks[list(w)].max(axis=1) for w in whole(reading, line)]
    return pd.concat(ways, axis=1).min(axis=1)


def depth_summary(line: float = chain.CHOKE_SHARE) -> dict[str, float]:
    """照指数投到第几项，成品才凑齐（乐观读法）；与随机的次序比。

    Returns
    -------
    dict
        ``reference`` 参照名次；``low``、``high`` 指数抽取的第 5、95 百分位；``random`` 随机次序的中位数，
        ``random_low``、``random_high`` 第 5、95 百分位；``p`` 随机次序不晚于参照的比例。
    """
    base = pd.DataFrame([np.arange(1, len(_risks()) + 1)], columns=_risks().index)
    drawn = depth(_drawn(), line=line)
    shuffled = pd.DataFrame(1 + np.argsort(np.argsort(_luck(), axis=1), axis=1), columns=_risks().index)
    luck = depth(shuffled, line=line)
    reference = int(depth(base, line=line).iloc[0])
    return {
        "reference": reference,
        "low": int(np.percentile(drawn, 5)),
        "high": int(np.percentile(drawn, 95)),
        "random": int(luck.median()),
        "random_low": int(np.percentile(luck, 5)),
        "random_high": int(np.percentile(luck, 95)),
        "p": float((luck <= reference).mean()),
    }


def whole_table() -> pd.DataFrame:
    """成品要凑齐几项、至少花多少、成得了的概率。

    Returns
    -------
    pandas.DataFrame
        ``reading``；``count`` 最少几项；:data:`COSTS` 各列为最少的花费（占全做一遍，0–1）；
        ``p50``、``p90`` 每项成功的概率为 :data:`CHANCES` 时成品凑齐的概率；``needed`` 要使成品有五成把握，
        每项至少要有的成功概率。
    """
    rows = []
    for reading in READINGS:
        ways = whole(reading)
        least = min(len(w) for w in ways)
        price = {c: min(_costs()[c][list(w)].sum() for w in ways) / _costs()[c].sum() for c in COSTS}
        rows.append(
            {
                "reading": READINGS[reading],
                "count": least,
                **price,
                **{f"p{round(100 * p)}": p**least for p in CHANCES},
                "needed": 0.5 ** (1 / least),
            }
        )
    return pd.DataFrame(rows)


@cache
def against_additive() -> pd.DataFrame:
    """逐项挑与成套挑凑齐的工序数（样样做成）。

    Returns
    -------
    pandas.DataFrame
        每套假设与读法一行：``cost``、``success``、``risk``、``reading``、``best``、``complete``（道数），
        ``product`` 逐项挑的能否凑齐成品。
    """
    rows = []
    for (c, s, r), reading in product(parameter_sets(), READINGS):
        plan = _best(c, s, r, BUDGET)
        got = any(way <= frozenset(plan.index[plan]) for way in whole(reading))
        rows.append((c, s, r, reading, freed(plan, reading), freed(_complete(c, s, reading, BUDGET), reading), got))
    return pd.DataFrame(rows, columns=["cost", "success", "risk", "reading", "best", "complete", "product"])


# ── 成表 ──


def parameter_table() -> pd.DataFrame:
    """每个参数由谁定：``what``、``value``、``who``（“数据算出”或“读者设定”）、``limit``。"""
    mine, real = "读者设定", "数据算出"
    ends = "；".join(f"{SUCCESSES[k]} {a:g}" + (f"–{b:g}" if a != b else "") for k, (a, b) in ENDS.items())
    rows = [
        ("风险的大小", "指数的参照分数", real, "没有单位；零是样本里最低者，不是没有风险"),
        ("风险的不确定", f"指数自己的抽取 {DRAWS} 次；另有 {len(RISKS) - 1} 种读法", real, "不含漏掉的节点"),
        ("工序要哪些节点", "芯片链的连边", real, "只有有无；下级能否互相替代没有数"),
        ("哪些节点算卡住", f"几家合占 {chain.CHOKE_SHARE:g}% 以上", mine, "份额出自数据；线与“一致行动”沿用前章"),
        ("每项花多少", "、".join(COSTS.values()), mine, "规模与集中度出自数据；拿它们当花费是假设"),
        ("成不成", ends, mine, "没有一个节点的成败率公布"),
        ("花费的起伏", f"对数标准差 {SPREAD:g}；共有 0 或 {COMMON:.0%}", mine, "没有预算与决算可比"),
        ("允许超支", "、".join(f"{a:.0%}" for a in ALPHAS), mine, "出资者的偏好，不是事实"),
        ("预算", f"全做一遍的 {BUDGET:.0%}，另看几档", mine, "公布的基金总额不分到节点"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "value", "who", "limit"])


def survivals() -> pd.DataFrame:
    """哪些结论经得起变化。

    Returns
    -------
    pandas.DataFrame
        ``claim`` 说法；``over`` 变了什么；``held`` 成立几次，``tried`` 一共几次；``verdict`` 判断（全成立、全不成立或
        看情形）。
    """
    gaps, pairs, rate, found = rule_gaps(), against_additive(), _picks(BUDGET), regrets()
    first = _risks().index[0]
    thin = [bundle_curve(r).loc[s, "thin"] < bundle_curve(r).loc[s, "complete"] for r in READINGS for s in STEPS[1:-1]]
    always = [bool(verdicts(b)["always"]) for b in OTHER_BUDGETS]
    kept_in, soft = [n > 0 for n in steady_counts().values()], pairs["reading"] == "any"
    early = [depth_summary(line)["p"] < 0.05 for line in LINES]
    sets = f"{len(parameter_sets())} 套假设"
    rows = [
        ("逐项挑的组合凑不齐成品（乐观读法）", sets, ~pairs.loc[soft, "product"].to_numpy(bool)),
        ("成套挑，有的节点次次入选", f"{len(OTHER_BUDGETS)} 档预算、{len(LINES) - 1} 条别的断供线", kept_in),
        ("成套挑，凑齐的工序比逐项挑多", f"{sets} × 各种读法", pairs["complete"] > pairs["best"]),
        ("平均撒钱，凑齐的工序比成套挑少", f"{len(STEPS) - 2} 档预算 × 各种读法", thin),
        ("按性价比挑，比最优多剩的风险不到一个百分点", sets, gaps["ratio"] < 0.01),
        (f"{index.names()[first]}（指数居首）该投", sets, rate[first]),
        ("照指数从高到低，比最优多剩的风险不到一个百分点", sets, gaps["risk"] < 0.01),
        ("照指数从高到低，好过随机的次序", f"{len(found)} 种真相", found["equal"] < found["random"]),
        ("逐项挑，有的节点次次入选", f"{len(OTHER_BUDGETS)} 档预算", always),
        ("照指数投，成品凑齐得比随机的次序早（p < 0.05）", f"{len(LINES)} 条断供线", early),
    ]  # fmt: skip
    table = pd.DataFrame(
        [(claim, over, int(np.sum(list(ok))), len(list(ok))) for claim, over, ok in rows],
        columns=["claim", "over", "held", "tried"],
    )
    table["verdict"] = "看情形"
    table.loc[table["held"] == table["tried"], "verdict"] = "全成立"
    table.loc[table["held"] == 0, "verdict"] = "全不成立"
    return table


def picker() -> dict:
    """网页上自己设参数的面板所用：节点、各种假设、两种读法的成套；算法同 :func:`chokepoint.portfolio.best`。"""
    order = {v: i for i, v in enumerate(_risks().index)}
    called, steps = index.names(), chips.chip_nodes()["name_zh"]

    def columns(frame: pd.DataFrame, names: dict[str, str], kind: type) -> list:
        return [{"code": c, "name": n, "values": [kind(v) for v in frame[c]]} for c, n in names.items()]

    return {
        "nodes": [called[v] for v in order],
        "cost": columns(_costs(), COSTS, int),
        "success": columns(_successes(), SUCCESSES, float),
        "risk": columns(_risks(), RISKS, float),
        "readings": [
            {
                "name": READINGS[r],
                "steps": [
                    {"name": steps[p], "ways": [sorted(order[v] for v in w) for w in ways]}
                    for p, ways in bundles(r).items()
                ],
            }
            for r in READINGS
        ],
        "budget": round(100 * BUDGET),
        "reference": [order[v] for v in order if _best(*REFERENCE, BUDGET)[v]],
    }
