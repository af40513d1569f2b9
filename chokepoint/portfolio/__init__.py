"""攻关组合：钱有限，先投哪几项。

``items`` 表一行一项，索引为项名，列 ``cost``（花费）、``success``（成功的概率，0–1）、``risk``（不做时留着的
风险，非负）。一项要么投要么不投；投了且成功，它的风险消去。求解用 scipy 带的 HiGHS（整数规划）。这里不认得任何
一张表：花费与成功的概率没有公开的数据，由使用者给出。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from ..inference import SEED

__all__ = [
    "RULES",
    "best",
    "chance",
    "complete",
    "completed",
    "filled",
    "frontier",
    "overrun",
    "regret",
    "reserve",
    "residual",
    "robust",
    "rule",
    "scenarios",
]

#: 成套：一套的名字 → 凑齐它的几种办法，每种是一组项名；凑齐任何一种就算成。
Bundles = Mapping[str, Sequence[frozenset]]

#: 可以不用求解器就照着做的几条规则。
RULES = {
    "ratio": "期望消去的风险除以花费，从高到低",
    "risk": "风险从高到低",
    "success": "成功的概率从高到低",
    "cheap": "花费从低到高",
}
#: 浮点比较的余地，相对于预算。
_SLACK = 1e-9
#: 动态规划的表最多这么多格；再多用整数规划。
_CELLS = 5_000_000


def _checked(items: pd.DataFrame, budget: float) -> pd.DataFrame:
    """核对各项与预算。"""
    missing = {"cost", "success", "risk"} - set(items.columns)
    if missing:
        raise ValueError(f"各项缺列 {sorted(missing)}")
    if items.empty or not items.index.is_unique:
        raise ValueError("至少要一项，项名不得重复")
    frame = items[["cost", "success", "risk"]].astype(float)
    for column, good in {
        "cost": frame["cost"] > 0,
        "success": frame["success"].between(0, 1),
        "risk": frame["risk"] >= 0,
    }.items():
        if not good.all():
            at = good.index[~good][0]
            raise ValueError(f"项 {at} 的 {column}={frame.at[at, column]} 不对：花费应为正，概率在 0–1，风险非负")
    if not budget >= 0:
        raise ValueError(f"预算应非负，得到 {budget}")
    return frame


def _solve(gain: np.ndarray, rules: list[LinearConstraint], whole: np.ndarray, top: np.ndarray) -> np.ndarray:
    """最大化 ``gain``，返回解。"""
    found = milp(-gain, constraints=rules, integrality=whole, bounds=Bounds(0, top), options={"mip_rel_gap": 0})
    if not found.success:
        raise RuntimeError(f"求解没有成功：{found.message}")
    return found.x


def _knapsack(cost: np.ndarray, gain: np.ndarray, budget: int) -> np.ndarray:
    """整数花费的 0–1 背包，动态规划；并列时取先列的各项里不投后一项的。"""
    value, taken = np.zeros(budget + 1), np.zeros((len(cost), budget + 1), dtype=bool)
    for i, (c, g) in enumerate(zip(cost, gain, strict=True)):
        if c <= budget:
            tried = value[: budget + 1 - c] + g
            taken[i, c:] = tried > value[c:]
            value[c:] = np.maximum(tried, value[c:])
    chosen, left = np.zeros(len(cost), dtype=bool), budget
    for i in range(len(cost) - 1, -1, -1):
        if taken[i, left]:
            chosen[i], left = True, left - cost[i]
    return chosen


def best(items: pd.DataFrame, budget: float) -> pd.Series:
    r"""花费确定时的最优组合（0–1 背包 [1]_）。

    .. math:: \max\sum p_ir_ix_i\quad\text{s.t.}\quad\sum c_ix_i\le B,\ x_i\in\{0,1\}

    各项的风险可以相加才成立：一项消去多少，不取决于别的项成不成。上下游相连的环节不满足这一条。

    花费都是整数、预算不大时用动态规划（网页上的脚本照同样的次序算，逐项相同），否则用 HiGHS；两者的最优值相同，
    并列时选的项可以不同。

    Parameters
    ----------
    items : pandas.DataFrame, shape (n, 3+)
        列 ``cost``、``success``、``risk``。
    budget : float
        预算，单位同 ``cost``，非负。

    Returns
    -------
    pandas.Series of bool, shape (n,)
        投不投；消不去风险的一项不投。

    Raises
    ------
    ValueError
        缺列、没有项、项名重复、数不在范围，或预算为负。

    References
    ----------
    .. [1] H. Kellerer, U. Pferschy & D. Pisinger (2004), *Knapsack Problems*, Springer.
    """
    frame = _checked(items, budget)
    cost, gain = frame["cost"].to_numpy(), (frame["success"] * frame["risk"]).to_numpy()
    if (cost == np.floor(cost)).all() and len(frame) * budget <= _CELLS:
        return pd.Series(_knapsack(cost.astype(int), gain, int(budget)), index=frame.index, name="chosen")
    ones = np.ones(len(frame))
    found = _solve(gain, [LinearConstraint(cost[None], -np.inf, budget)], ones, ones) > 0.5
    return pd.Series(found & (gain > 0), index=frame.index, name="chosen")


def rule(items: pd.DataFrame, budget: float, by: str = "ratio") -> pd.Series:
    """照一条规则从头挑：排好次序，装得下就投，装不下就跳过。

    Parameters
    ----------
    items, budget
        同 :func:`best`。
    by : str
        规则，见 :data:`RULES`。并列的按表中次序。

    Returns
    -------
    pandas.Series of bool, shape (n,)
        投不投，次序同 ``items``。

    Raises
    ------
    ValueError
        同 :func:`best`；或不认识的规则。
    """
    frame = _checked(items, budget)
    if by not in RULES:
        raise ValueError(f"不认识的规则 {by!r}：应为 {'、'.join(RULES)} 之一")
    cost, success, weight = (frame[c].to_numpy() for c in ("cost", "success", "risk"))
    keys = {"ratio": -success * weight / cost, "risk": -weight, "success": -success, "cheap": cost}
    left, chosen = budget, np.zeros(len(frame), dtype=bool)
    for i in np.argsort(keys[by], kind="stable"):
        if cost[i] <= left * (1 + _SLACK):
            chosen[i], left = True, left - cost[i]
    return pd.Series(chosen, index=frame.index, name="chosen")


def residual(items: pd.DataFrame, chosen: pd.Series) -> float:
    """投了这些之后期望还剩的风险，占全部风险的比例。

    Parameters
    ----------
    items : pandas.DataFrame
        同 :func:`best`。
    chosen : pandas.Series of bool
        投不投，索引同 ``items``。

    Returns
    -------
    float
        0–1；全部风险为零时为 0。

    Raises
    ------
    ValueError
        同 :func:`best`；``chosen`` 的项名对不上。
    """
    frame = _checked(items, 0)
    if set(chosen.index) != set(frame.index):
        raise ValueError("chosen 的项名与 items 对不上")
    removed = (frame["success"] * frame["risk"])[chosen.reindex(frame.index).astype(bool)].sum()
    total = frame["risk"].sum()
    return float(1 - removed / total) if total else 0.0


def frontier(items: pd.DataFrame, budgets: Iterable[float], by: str | None = None) -> pd.DataFrame:
    """预算与剩余风险的前沿。

    Parameters
    ----------
    items : pandas.DataFrame
        同 :func:`best`。
    budgets : iterable of float
        各档预算。
    by : str, optional
        照哪条规则挑；缺省为最优组合。

    Returns
    -------
    pandas.DataFrame, shape (m, 4)
        列 ``budget``、``spent``、``count``（投了几项）、``residual``（剩余风险，0–1）。

    Raises
    ------
    ValueError
        同 :func:`best`、:func:`rule`。
    """
    rows = []
    for budget in budgets:
        chosen = best(items, budget) if by is None else rule(items, budget, by)
        rows.append((budget, float(items["cost"][chosen].sum()), int(chosen.sum()), residual(items, chosen)))
    return pd.DataFrame(rows, columns=["budget", "spent", "count", "residual"])


def scenarios(
    items: pd.DataFrame, spread: float, count: int = 200, seed: int = SEED, common: float = 0
) -> pd.DataFrame:
    """花费的情景：每项的花费乘以均值为 1 的对数正态数，各项独立，或部分同涨同落。

    Parameters
    ----------
    items : pandas.DataFrame
        同 :func:`best`。
    spread : float
        对数的标准差，非负；0.5 约合七成的情景落在 0.5–1.5 倍之间。
    count, seed : int
        情景数、种子。
    common : float
        对数的方差里各项共有的份额，0（独立）到 1（同涨同落）。

    Returns
    -------
    pandas.DataFrame, shape (n, count)
        各情景的花费，单位同 ``cost``。

    Raises
    ------
    ValueError
        同 :func:`best`；``spread`` 为负，或 ``common`` 不在 0–1。
    """
    frame = _checked(items, 0)
    if not spread >= 0:
        raise ValueError(f"spread 应非负，得到 {spread}")
    if not 0 <= common <= 1:
        raise ValueError(f"common 应在 0–1，得到 {common}")
    rng = np.random.default_rng(seed)
    own, shared = rng.normal(size=(len(frame), count)), rng.normal(size=count)
    factors = np.exp(spread * (np.sqrt(1 - common) * own + np.sqrt(common) * shared) - spread**2 / 2)
    return pd.DataFrame(frame["cost"].to_numpy()[:, None] * factors, index=frame.index)


def overrun(chosen: pd.Series, costs: pd.DataFrame, budget: float) -> float:
    """超支的概率：在多大比例的情景里，这个组合的花费超过预算。

    Parameters
    ----------
    chosen : pandas.Series of bool
        投不投。
    costs : pandas.DataFrame, shape (n, m)
        各情景的花费，见 :func:`scenarios`。
    budget : float
        预算。

    Returns
    -------
    float
        0–1。

    Raises
    ------
    ValueError
        项名对不上。
    """
    if set(chosen.index) != set(costs.index):
        raise ValueError("chosen 的项名与 costs 对不上")
    spent = costs[chosen.reindex(costs.index).astype(bool)].sum()
    return float((spent > budget * (1 + _SLACK)).mean())


def chance(items: pd.DataFrame, budget: float, costs: pd.DataFrame, risk: float = 0.1) -> pd.Series:
    r"""机会约束：超支的情景不超过 ``risk``，期望消去的风险最大（样本平均近似 [1]_）。

    .. math:: \max\sum p_ir_ix_i\quad\text{s.t.}\quad \sum c_{is}x_i\le B+M_sz_s,\ \ \sum z_s\le\lfloor\alpha S\rfloor

    这是对给定的情景最优；换一批情景，超支的比例会略高（样本内的乐观），要用新抽的情景核对（:func:`overrun`）。

    Parameters
    ----------
    items, budget
        同 :func:`best`；``cost`` 列不用。
    costs : pandas.DataFrame, shape (n, S)
        各情景的花费。
    risk : float
        允许超支的比例 α，0 到 1（不含 1）。

    Returns
    -------
    pandas.Series of bool, shape (n,)
        投不投。

    Raises
    ------
    ValueError
        同 :func:`best`；项名对不上、花费不为正，或 α 不在范围。

    References
    ----------
    .. [1] J. Luedtke & S. Ahmed (2008), "A sample approximation approach for optimization with probabilistic
       constraints", *SIAM Journal on Optimization* 19(2), 674–699.
    """
    frame = _checked(items, budget)
    if set(costs.index) != set(frame.index):
        raise ValueError("items 与 costs 的项名对不上")
    if not 0 <= risk < 1:
        raise ValueError(f"允许超支的比例应在 0 到 1 之间（不含 1），得到 {risk}")
    c = costs.reindex(frame.index).to_numpy(dtype=float).T
    if not (c > 0).all():
        raise ValueError("各情景的花费应为正")
    n, s = len(frame), len(c)
    big = np.maximum(c.sum(axis=1) - budget, 0)
    rules = [
        LinearConstraint(hstack([csr_array(c), csr_array(-np.diag(big))], format="csr"), -np.inf, budget),
        LinearConstraint(np.r_[np.zeros(n), np.ones(s)][None], -np.inf, np.floor(risk * s + _SLACK)),
    ]
    gain = np.r_[(frame["success"] * frame["risk"]).to_numpy(), np.zeros(s)]
    ones = np.ones(n + s)
    found = _solve(gain, rules, ones, ones)
    return pd.Series(found[:n] > 0.5, index=frame.index, name="chosen")


def reserve(items: pd.DataFrame, budget: float, costs: pd.DataFrame, risk: float = 0.1, steps: int = 40) -> pd.Series:
    """留余地：按打了折的预算挑最优，折扣取超支的情景不超过 ``risk`` 的里面最小的。

    满足与 :func:`chance` 相同的约束，只在“某个折扣之下的最优组合”里找，所以不会好过它；项数多、情景多时 :func:`chance`
    求不动，用这个代替。

    Parameters
    ----------
    items, budget
        同 :func:`best`。
    costs : pandas.DataFrame, shape (n, S)
        各情景的花费。
    risk : float
        允许超支的比例，0 到 1（不含 1）。
    steps : int
        折扣的档数，正整数：从不打折起，每档少 ``1/steps``。

    Returns
    -------
    pandas.Series of bool, shape (n,)
        投不投；都不满足时一项不投。

    Raises
    ------
    ValueError
        同 :func:`best`；项名对不上，比例不在范围，或档数不是正数。
    """
    if not 0 <= risk < 1:
        raise ValueError(f"允许超支的比例应在 0 到 1 之间（不含 1），得到 {risk}")
    if steps < 1:
        raise ValueError(f"折扣至少一档，得到 {steps}")
    plans = (best(items, budget * step / steps) for step in range(steps, -1, -1))
    return next(plan for plan in plans if overrun(plan, costs, budget) <= risk + _SLACK)  # 末一档一项不投，必不超支


def robust(items: pd.DataFrame, budget: float, deviation: pd.Series, gamma: float) -> pd.Series:
    r"""预算稳健的组合：至多 ``gamma`` 项的花费同时涨到上限，也不超支 [1]_。

    组合 x 可行，当且仅当有 :math:`z\ge0` 使 :math:`\Gamma z+\sum(c_i+\max(d_i-z,0))x_i\le B`；最好的 z 是零或某个
    :math:`d_i`，所以解几个普通的背包，取最好的 [2]_。

    Parameters
    ----------
    items, budget
        同 :func:`best`。
    deviation : pandas.Series, shape (n,)
        每项的花费最多会多出多少，单位同 ``cost``，非负。
    gamma : float
        同时出现最坏情形的项数 Γ，0 到 n；0 即 :func:`best`，n 即按全部最坏的花费挑。

    Returns
    -------
    pandas.Series of bool, shape (n,)
        投不投。

    Raises
    ------
    ValueError
        同 :func:`best`；项名对不上、``deviation`` 为负，或 ``gamma`` 不在范围。

    References
    ----------
    .. [1] D. Bertsimas & M. Sim (2004), "The price of robustness", *Operations Research* 52(1), 35–53.
    .. [2] D. Bertsimas & M. Sim (2003), "Robust discrete optimization and network flows",
       *Mathematical Programming* 98, 49–71.
    """
    frame = _checked(items, budget)
    n = len(frame)
    if set(deviation.index) != set(frame.index) or not (deviation >= 0).all():
        raise ValueError("deviation 应给出每一项的非负数")
    if not 0 <= gamma <= n:
        raise ValueError(f"gamma 应在 0 到 {n} 之间，得到 {gamma}")
    d = deviation.reindex(frame.index).to_numpy(dtype=float)
    plans = [pd.Series(False, index=frame.index, name="chosen")]
    for z in np.unique(np.r_[0.0, d]):
        if gamma * z <= budget:
            plans.append(best(frame.assign(cost=frame["cost"] + np.maximum(d - z, 0)), budget - gamma * z))
    return min(plans, key=lambda plan: residual(frame, plan))


def filled(costs: np.ndarray, budget: float, skip: bool = True) -> np.ndarray:
    """照次序投：哪几项付得起。

    Parameters
    ----------
    costs : numpy.ndarray, shape (m, n)
        一行一种次序，自左至右为投的先后，值为花费。
    budget : float
        预算。
    skip : bool
        付不起的跳过、接着往下投；否则投到第一项付不起为止。

    Returns
    -------
    numpy.ndarray of bool, shape (m, n)
    """
    if not skip:
        return costs.cumsum(axis=1) <= budget * (1 + _SLACK)
    left, done = np.full(len(costs), float(budget)), np.zeros(costs.shape, dtype=bool)
    for j in range(costs.shape[1]):
        done[:, j] = costs[:, j] <= left + budget * _SLACK
        left -= costs[:, j] * done[:, j]
    return done


def regret(
    truths: Mapping[object, pd.DataFrame], plans: Mapping[str, pd.Series], budget: float, skip: bool = True
) -> pd.DataFrame:
    """后悔值：假如真相是另一套参数，先定的组合比事后最优的多剩多少风险。

    真相里花费更高、组合装不下时，照 ``plans`` 里的次序投（先列的先投），见 :func:`filled`。

    Parameters
    ----------
    truths : mapping of object to pandas.DataFrame
        各种可能的真相，每个都是一张 ``items``。
    plans : mapping of str to pandas.Series of bool
        各个组合；索引的次序就是投的先后。
    budget : float
        预算。
    skip : bool
        付不起的一项是跳过，还是到此为止。

    Returns
    -------
    pandas.DataFrame, shape (len(truths), len(plans))
        剩余风险之差，占全部风险的比例，非负（组合不可能好过事后最优）。

    Raises
    ------
    ValueError
        同 :func:`best`；项名对不上。
    """
    rows = {}
    for name, items in truths.items():
        ideal = residual(items, best(items, budget))
        rows[name] = {}
        for plan, chosen in plans.items():
            wanted = chosen.index[chosen.astype(bool)]
            if set(chosen.index) != set(items.index):
                raise ValueError(f"组合 {plan} 的项名与真相 {name} 对不上")
            afford = filled(items["cost"].reindex(wanted).to_numpy(dtype=float)[None], budget, skip)[0]
            done = pd.Series(False, index=items.index)
            done[wanted[afford]] = True
            rows[name][plan] = max(residual(items, done) - ideal, 0.0)
    return pd.DataFrame.from_dict(rows, orient="index")


def _known(items: pd.DataFrame, bundles: Bundles) -> None:
    """核对成套里的项名。"""
    if not bundles:
        raise ValueError("至少要有一套")
    for name, ways in bundles.items():
        if not ways or any(not way for way in ways):
            raise ValueError(f"{name} 没有凑齐的办法，或有一种办法是空的")
        if strange := sorted(set().union(*ways) - set(items.index)):
            raise ValueError(f"{name} 里的 {strange} 不在各项之中")


def complete(items: pd.DataFrame, budget: float, bundles: Bundles) -> pd.Series:
    r"""成套的收益：凑齐才算，期望凑齐的套数最多（集合并背包 [1]_）。

    .. math::

        \max\sum_g\sum_{a}\Big(\prod_{i\in S_{ga}}p_i\Big)y_{ga}\quad\text{s.t.}\quad
        \sum c_ix_i\le B,\ y_{ga}\le x_i\ (i\in S_{ga}),\ \sum_ay_{ga}\le1

    ``risk`` 列不用。各项成败独立；一套有几种办法时只按其中一种计，所以目标是期望套数的下界，没有备选办法时恰好相等。

    Parameters
    ----------
    items, budget
        同 :func:`best`。
    bundles : mapping of str to sequence of frozenset
        一套的名字 → 凑齐它的几种办法，每种是一组项名。

    Returns
    -------
    pandas.Series of bool, shape (n,)
        投不投；凑不成套的一律不投。

    Raises
    ------
    ValueError
        同 :func:`best`；没有一套，某一套没有办法，或项名对不上。

    References
    ----------
    .. [1] O. Goldschmidt, D. Nehme & G. Yu (1994), "Note: On the set-union knapsack problem",
       *Naval Research Logistics* 41(6), 833–842.
    """
    frame = _checked(items, budget)
    _known(frame, bundles)
    n, place = len(frame), {v: i for i, v in enumerate(frame.index)}
    ways = [(g, sorted(way, key=place.get)) for g, options in bundles.items() for way in options]
    m = len(ways)
    needs = [(k, place[v]) for k, (_, way) in enumerate(ways) for v in way]
    linked = np.zeros((len(needs), n + m))
    for row, (k, i) in enumerate(needs):
        linked[row, n + k], linked[row, i] = 1, -1
    once = np.zeros((len(bundles), n + m))
    for k, (g, _) in enumerate(ways):
        once[list(bundles).index(g), n + k] = 1
    rules = [
        LinearConstraint(np.r_[frame["cost"].to_numpy(), np.zeros(m)][None], -np.inf, budget),
        LinearConstraint(linked, -np.inf, 0),
        LinearConstraint(once, -np.inf, 1),
    ]
    gain = np.r_[np.zeros(n), [frame.loc[way, "success"].prod() for _, way in ways]]
    ones = np.ones(n + m)
    found = _solve(gain, rules, ones, ones)[n:] > 0.5
    kept = {v for take, (_, way) in zip(found, ways, strict=True) if take for v in way}
    return pd.Series(frame.index.isin(kept), index=frame.index, name="chosen")


def completed(done: pd.DataFrame, bundles: Bundles) -> pd.DataFrame:
    """哪些套凑齐了。

    Parameters
    ----------
    done : pandas.DataFrame of bool, shape (m, n)
        每行一种情形，列为项名：做成了没有。
    bundles : mapping of str to sequence of frozenset
        同 :func:`complete`。

    Returns
    -------
    pandas.DataFrame of bool, shape (m, 套数)
        任何一种办法的各项都做成了，即为凑齐。

    Raises
    ------
    ValueError
        没有一套，某一套没有办法，或项名对不上。
    """
    _known(done.T, bundles)
    values = done.to_numpy(dtype=bool)
    flags = {
        g: np.logical_or.reduce([values[:, done.columns.get_indexer(sorted(way))].all(axis=1) for way in ways])
        for g, ways in bundles.items()
    }
    return pd.DataFrame(flags, index=done.index)
