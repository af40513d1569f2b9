"""攻关组合：钱有限，先投哪几项。

``items`` 表一行一项，索引为项名，列 ``cost``（花费）、``success``（成功的概率，0–1）、``risk``（不做时留着的
风险，非负）。一项要么投要么不投；投了且成功，它的风险消去。求解用 scipy 带的 HiGHS（整数规划）。这里不认得任何
一张表：花费与成功的概率没有公开的数据，由使用者给出。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from ..inference import SEED

__all__ = ["RULES", "best", "chance", "frontier", "overrun", "regret", "residual", "robust", "rule", "scenarios"]

#: 可以不用求解器就照着做的几条规则。
RULES = {
    "ratio": "期望消去的风险除以花费，从高到低",
    "risk": "风险从高到低",
    "success": "成功的概率从高到低",
    "cheap": "花费从低到高",
}
#: 浮点比较的余地，相对于预算。
_SLACK = 1e-9


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


def best(items: pd.DataFrame, budget: float) -> pd.Series:
    r"""花费确定时的最优组合（0–1 背包 [1]_）。

    .. math:: \max\sum p_ir_ix_i\quad\text{s.t.}\quad\sum c_ix_i\le B,\ x_i\in\{0,1\}

    各项的风险可以相加才成立：一项消去多少，不取决于别的项成不成。上下游相连的环节不满足这一条。

    Parameters
    ----------
    items : pandas.DataFrame, shape (n, 3+)
        列 ``cost``、``success``、``risk``。
    budget : float
        预算，单位同 ``cost``，非负。

    Returns
    -------
    pandas.Series of bool, shape (n,)
        投不投。

    Raises
    ------
    ValueError
        缺列、没有项、项名重复、数不在范围，或预算为负。

    References
    ----------
    .. [1] H. Kellerer, U. Pferschy & D. Pisinger (2004), *Knapsack Problems*, Springer.
    """
    frame = _checked(items, budget)
    rules = [LinearConstraint(frame["cost"].to_numpy()[None], -np.inf, budget)]
    ones = np.ones(len(frame))
    found = _solve((frame["success"] * frame["risk"]).to_numpy(), rules, ones, ones)
    return pd.Series(found > 0.5, index=frame.index, name="chosen")


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
    keys = {
        "ratio": -frame["success"] * frame["risk"] / frame["cost"],
        "risk": -frame["risk"],
        "success": -frame["success"],
        "cheap": frame["cost"],
    }
    left, chosen = budget, pd.Series(False, index=frame.index, name="chosen")
    for name in keys[by].sort_values(kind="stable").index:
        if frame.at[name, "cost"] <= left * (1 + _SLACK):
            chosen[name], left = True, left - frame.at[name, "cost"]
    return chosen


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


def scenarios(items: pd.DataFrame, spread: float, count: int = 200, seed: int = SEED) -> pd.DataFrame:
    """花费的情景：每项的花费乘以均值为 1 的对数正态数，各项独立。

    Parameters
    ----------
    items : pandas.DataFrame
        同 :func:`best`。
    spread : float
        对数的标准差，非负；0.5 约合三分之二的情景落在 0.5–1.5 倍之间。
    count, seed : int
        情景数、种子。

    Returns
    -------
    pandas.DataFrame, shape (n, count)
        各情景的花费，单位同 ``cost``。

    Raises
    ------
    ValueError
        同 :func:`best`；``spread`` 为负。
    """
    frame = _checked(items, 0)
    if not spread >= 0:
        raise ValueError(f"spread 应非负，得到 {spread}")
    rng = np.random.default_rng(seed)
    factors = np.exp(rng.normal(-(spread**2) / 2, spread, (len(frame), count)))
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


def robust(items: pd.DataFrame, budget: float, deviation: pd.Series, gamma: float) -> pd.Series:
    r"""预算稳健的组合：至多 ``gamma`` 项的花费同时涨到上限，也不超支 [1]_。

    等价的线性写法：:math:`\sum c_ix_i+\Gamma z+\sum q_i\le B`，:math:`z+q_i\ge d_ix_i`，:math:`z,q_i\ge0`。

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
    """
    frame = _checked(items, budget)
    n = len(frame)
    if set(deviation.index) != set(frame.index) or not (deviation >= 0).all():
        raise ValueError("deviation 应给出每一项的非负数")
    if not 0 <= gamma <= n:
        raise ValueError(f"gamma 应在 0 到 {n} 之间，得到 {gamma}")
    d = deviation.reindex(frame.index).to_numpy(dtype=float)
    spending = np.r_[frame["cost"].to_numpy(), gamma, np.ones(n)][None]
    covered = np.hstack([np.diag(d), -np.ones((n, 1)), -np.eye(n)])
    rules = [LinearConstraint(spending, -np.inf, budget), LinearConstraint(covered, -np.inf, 0)]
    gain = np.r_[(frame["success"] * frame["risk"]).to_numpy(), np.zeros(n + 1)]
    whole = np.r_[np.ones(n), np.zeros(n + 1)]
    found = _solve(gain, rules, whole, np.r_[np.ones(n), np.full(n + 1, np.inf)])
    return pd.Series(found[:n] > 0.5, index=frame.index, name="chosen")


def regret(truths: Mapping[object, pd.DataFrame], plans: Mapping[str, pd.Series], budget: float) -> pd.DataFrame:
    """后悔值：假如真相是另一套参数，先定的组合比事后最优的多剩多少风险。

    真相里花费更高、组合装不下时，照 ``plans`` 里的次序投到装不下为止（先列的先投）。

    Parameters
    ----------
    truths : mapping of object to pandas.DataFrame
        各种可能的真相，每个都是一张 ``items``。
    plans : mapping of str to pandas.Series of bool
        各个组合；索引的次序就是投的先后。
    budget : float
        预算。

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
            afford = items["cost"].reindex(wanted).cumsum() <= budget * (1 + _SLACK)
            done = pd.Series(False, index=items.index)
            done[wanted[afford]] = True
            rows[name][plan] = max(residual(items, done) - ideal, 0.0)
    return pd.DataFrame.from_dict(rows, orient="index")
