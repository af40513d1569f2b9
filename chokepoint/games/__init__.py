"""博弈：怎样分（Shapley 值）、合作研发值不值（d'Aspremont–Jacquemin）、谁会守约（两群体演化博弈）。

三个模型都是推理的工具，参数由使用者给；哪些参数有数据、哪些只是假想，由调用的章节写明。
Shapley 值由 coopgt 算，复制者动态由 nashpy 积分；这里只写模型本身。
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import nashpy
import numpy as np
import pandas as pd
from coopgt.shapley_value import calculate

__all__ = [
    "MAX_PLAYERS",
    "Partnership",
    "Regime",
    "basin",
    "graph_shapley",
    "paths",
    "rd_outcome",
    "rd_reaction_slope",
    "rd_threshold",
    "rest_points",
    "shapley",
]

#: Shapley 值逐个排列地算，人数的阶乘种；八人是四万种。
MAX_PLAYERS = 8

#: 研发合作的三种做法：各做各的、只在研发上合作、研发与产量都合作。
Regime = Literal["rival", "joint_rd", "joint_all"]


# ---- 怎样分 -----------------------------------------------------------------------------------------


def shapley(players: Iterable[Hashable], worth: Callable[[frozenset], float]) -> pd.Series:
    r"""Shapley 值：每个成员对各种先后次序加入时的边际贡献取平均 [1]_。

    :math:`\phi_i=\sum_{S\not\ni i}\frac{|S|!\,(n-|S|-1)!}{n!}\,[v(S\cup\{i\})-v(S)]`。

    Parameters
    ----------
    players : iterable of hashable
        成员，一到 :data:`MAX_PLAYERS` 个，不重复。
    worth : callable
        联盟（``frozenset``）的价值；空联盟须为 0。

    Returns
    -------
    pandas.Series
        索引为成员，次序同输入；单位同 ``worth``，各人之和等于全体联盟的价值。

    Raises
    ------
    ValueError
        没有成员、成员重复或太多；空联盟的价值不是 0；有联盟的价值不是有限的数。

    References
    ----------
    .. [1] L. S. Shapley (1953), "A value for n-person games", in *Contributions to the Theory of Games II*,
       Princeton University Press, 307–317.
    """
    names = list(players)
    if not 1 <= len(names) <= MAX_PLAYERS:
        raise ValueError(f"成员应为 1 到 {MAX_PLAYERS} 个，现有 {len(names)} 个")
    if len(set(names)) < len(names):
        raise ValueError("成员有重复")
    values = {
        tuple(i + 1 for i in group): float(worth(frozenset(names[i] for i in group)))
        for size in range(len(names) + 1)
        for group in combinations(range(len(names)), size)
    }
    if values[()] != 0:
        raise ValueError(f"空联盟的价值应为 0，现为 {values[()]:g}")
    wrong = [group for group, value in values.items() if not np.isfinite(value)]
    if wrong:
        raise ValueError(f"联盟 {[names[i - 1] for i in wrong[0]]} 的价值不是有限的数")
    return pd.Series(calculate(values, len(names)), index=pd.Index(names), name="shapley")


def graph_shapley(links: pd.DataFrame, a: str, b: str, value: str) -> pd.Series:
    """加权图博弈的 Shapley 值：联盟的价值是成员之间各边之和，每人恰得自己各边之和的一半。

    每条边是两个人的一致同意博弈，由对称性对半分，再由可加性相加（Deng 与 Papadimitriou, 1994）；
    所以不必枚举，多大的网络都能算。

    Parameters
    ----------
    links : pandas.DataFrame
        一行一条无向边，同一对只出现一次，没有自环。
    a, b, value : str
        两端与边权的列名；边权非负、不缺。

    Returns
    -------
    pandas.Series
        索引为节点（按名排序），单位同边权；总和等于全部边权之和。

    Raises
    ------
    ValueError
        边重复、有自环、边权缺失或为负。
    """
    pairs = [frozenset(pair) for pair in links[[a, b]].itertuples(index=False)]
    if any(len(pair) == 1 for pair in pairs):
        raise ValueError(f"有自环：{next(iter(pair for pair in pairs if len(pair) == 1))}")
    if len(set(pairs)) < len(pairs):
        raise ValueError("有重复的边")
    if links[value].isna().any() or (links[value] < 0).any():
        raise ValueError(f"边权 {value} 有缺失或负数")
    ends = pd.concat([links.set_index(a)[value], links.set_index(b)[value]])
    return (ends.groupby(level=0).sum() / 2).astype(float).rename("shapley").rename_axis(None)


# ---- 合作研发值不值 ---------------------------------------------------------------------------------


def _rd_checked(beta: float, b: float, gamma: float, margin: float, regime: str) -> None:
    if not 0 <= beta <= 1:
        raise ValueError(f"溢出率应在 0 与 1 之间，现为 {beta:g}")
    if min(b, gamma, margin) <= 0:
        raise ValueError(f"b、gamma、margin 都应为正数，现为 {b:g}、{gamma:g}、{margin:g}")
    curvature = {
        "rival": 9 * b * gamma - 2 * (2 - beta) ** 2,
        "joint_rd": 9 * b * gamma - 2 * (1 + beta) ** 2,
        "joint_all": 4 * b * gamma - (1 + beta) ** 2,
    }
    if regime not in curvature:
        raise ValueError(f"没有名为 {regime} 的做法；可用：{'、'.join(curvature)}")
    if curvature[regime] <= 0:
        raise ValueError(f"b·gamma = {b * gamma:g}、溢出率 {beta:g} 时利润没有最大值（二阶条件不成立）：研发太便宜")


def rd_outcome(beta: float, regime: Regime, b: float = 1.0, gamma: float = 1.0, margin: float = 1.0) -> pd.Series:
    r"""两家企业先投研发降成本、再比产量时的对称均衡 [1]_。

    需求 :math:`p=a-b(q_1+q_2)`，成本 :math:`c_i=A-x_i-\beta x_j`，研发费用 :math:`\gamma x_i^2/2`。

    Parameters
    ----------
    beta : float
        溢出率，0–1：对手的研发有多大一份降低自己的成本。
    regime : {"rival", "joint_rd", "joint_all"}
        各做各的、只在研发上合作、研发与产量都合作。
    b, gamma : float
        需求的斜率、研发费用的系数，正数；结论只取决于二者之积。
    margin : float
        :math:`a-A`，没有研发时需求截距与成本之差，正数；只定单位。

    Returns
    -------
    pandas.Series
        ``x`` 每家的研发（成本降幅），``q`` 每家的产量，``profit`` 每家的利润，``surplus`` 消费者剩余，
        ``welfare`` 两家利润与消费者剩余之和。

    Raises
    ------
    ValueError
        参数越界、做法不认识，或二阶条件不成立。

    References
    ----------
    .. [1] C. d'Aspremont, A. Jacquemin (1988), "Cooperative and noncooperative R&D in duopoly with spillovers",
       *American Economic Review* 78(5), 1133–1137.
    """
    _rd_checked(beta, b, gamma, margin, regime)
    both = 1 + beta
    if regime == "rival":
        x = margin * (2 - beta) / (4.5 * b * gamma - (2 - beta) * both)
    elif regime == "joint_rd":
        x = margin * both / (4.5 * b * gamma - both**2)
    else:
        x = margin * both / (4 * b * gamma - both**2)
    q = (margin + both * x) / ((4 if regime == "joint_all" else 3) * b)
    price_over_cost = margin + both * x - 2 * b * q
    profit = price_over_cost * q - gamma * x**2 / 2
    surplus = b * (2 * q) ** 2 / 2
    return pd.Series({"x": x, "q": q, "profit": profit, "surplus": surplus, "welfare": 2 * profit + surplus})


def rd_reaction_slope(beta: float, b: float = 1.0, gamma: float = 1.0) -> float:
    """各做各的时，自己的研发对对手研发的反应斜率；绝对值不到 1，均衡才稳定 [1]_。

    Parameters
    ----------
    beta, b, gamma : float
        同 :func:`rd_outcome`。

    Returns
    -------
    float
        溢出率低于一半时为负（你多投我就少投），高于一半时为正。

    Raises
    ------
    ValueError
        同 :func:`rd_outcome`。

    References
    ----------
    .. [1] I. Henriques (1990), "Cooperative and noncooperative R&D in duopoly with spillovers: Comment",
       *American Economic Review* 80(3), 638–640.
    """
    _rd_checked(beta, b, gamma, 1.0, "rival")
    return 2 * (2 - beta) * (2 * beta - 1) / (9 * b * gamma - 2 * (2 - beta) ** 2)


def rd_threshold(gap: Callable[[float], float], low: float = 0.0, high: float = 1.0) -> float:
    """溢出率的门槛：``gap`` 由负变正（或由正变负）的地方。

    Parameters
    ----------
    gap : callable
        溢出率的连续函数，例如两种做法的研发之差；在两端异号。
    low, high : float
        找的范围。

    Returns
    -------
    float
        门槛，精确到 1e-10。

    Raises
    ------
    ValueError
        两端同号：这个范围里没有门槛，或不止一个。
    """
    from scipy.optimize import brentq

    if gap(low) * gap(high) > 0:
        raise ValueError(f"在 {low:g} 与 {high:g} 两端符号相同，找不到门槛")
    return float(brentq(gap, low, high, xtol=1e-10))


# ---- 谁会守约 ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Partnership:
    """两方合作的收益：每一方选守约或背约（Friedman, 1991 的两群体框架；各项的设法见 :meth:`payoffs`）。

    Parameters
    ----------
    gain : float
        双方都守约时共同多得的收益，正数。
    share : float
        第一方分得的比例，0–1；第二方得其余。
    costs : tuple of float
        守约各自要付的成本，非负。
    betrayal : tuple of float
        对方守约而自己背约时各自占到的便宜，非负。
    penalty : float
        背约的一方付给守约一方的违约金，非负。
    incentive : float
        守约者各自得到的补助，非负。

    Raises
    ------
    ValueError
        越界。
    """

    gain: float
    share: float = 0.5
    costs: tuple[float, float] = (1.0, 1.0)
    betrayal: tuple[float, float] = (0.0, 0.0)
    penalty: float = 0.0
    incentive: float = 0.0

    def __post_init__(self):
        if self.gain <= 0 or not 0 <= self.share <= 1:
            raise ValueError(f"收益应为正数、分成应在 0 与 1 之间，现为 {self.gain:g}、{self.share:g}")
        if min(*self.costs, *self.betrayal, self.penalty, self.incentive) < 0:
            raise ValueError("成本、占便宜、违约金与补助都不能为负")

    @property
    def shares(self) -> tuple[float, float]:
        """两方各分多少。"""
        return self.share, 1 - self.share

    def payoffs(self) -> tuple[np.ndarray, np.ndarray]:
        """两方的收益矩阵，都以第一方的选择为行（守约、背约），以不合作时的收益为零点。

        Returns
        -------
        tuple of ndarray, shape (2, 2)
            第一方、第二方。都守约得 ``分成×gain - 成本 + 补助``；守约而对方背约得 ``违约金 - 成本 + 补助``；
            背约而对方守约得 ``占便宜 - 违约金``；都背约得 0。
        """
        own = []
        for share, cost, grab in zip(self.shares, self.costs, self.betrayal, strict=True):
            kept = share * self.gain - cost + self.incentive
            cheated = self.penalty - cost + self.incentive
            own.append(np.array([[kept, cheated], [grab - self.penalty, 0.0]]))
        return own[0], own[1].T

    def advantage(self, other: float | np.ndarray, side: int) -> float | np.ndarray:
        """对方以概率 ``other`` 守约时，``side``（0 或 1）一方守约比背约多得多少。"""
        cost = self.costs[side] - self.penalty - self.incentive
        return other * (self.shares[side] * self.gain - self.betrayal[side]) - cost

    def drift(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r"""复制者动态 :math:`\dot x=x(1-x)\Delta_1(y)`、:math:`\dot y=y(1-y)\Delta_2(x)`（Taylor 与 Jonker, 1978）。

        Parameters
        ----------
        x, y : array_like
            两方群体里守约者的比例，0–1，形状相同。

        Returns
        -------
        tuple of ndarray
            两个方向的速度。
        """
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        return x * (1 - x) * self.advantage(y, 0), y * (1 - y) * self.advantage(x, 1)

    def saddle(self) -> tuple[float, float] | None:
        """单位正方形内部的静止点（两方都不觉得守约更好或更坏）；没有则为 None。"""
        inner = []
        for side in (1, 0):  # 第二方的无差异条件定 x，第一方的定 y
            slope = self.shares[side] * self.gain - self.betrayal[side]
            if slope == 0:
                return None
            inner.append((self.costs[side] - self.penalty - self.incentive) / slope)
        return tuple(inner) if all(0 < v < 1 for v in inner) else None


def rest_points(game: Partnership) -> pd.DataFrame:
    """静止点与它们的稳定性：雅可比矩阵两个特征值的实部都为负才稳定（渐近稳定，即演化稳定的纯策略对）。

    Parameters
    ----------
    game : Partnership

    Returns
    -------
    pandas.DataFrame
        一行一个静止点（四个角，加上内部的一个，若有）：``x``、``y`` 位置，``first``、``second`` 特征值的实部
        （大者在前），``kind`` 为 ``stable``、``unstable``、``saddle`` 或 ``neutral``。
    """
    inner = game.saddle()
    rows = []
    for x, y in [(0, 0), (0, 1), (1, 0), (1, 1), *([inner] if inner else [])]:
        slope = [game.shares[side] * game.gain - game.betrayal[side] for side in (0, 1)]
        jacobian = np.array(
            [
                [(1 - 2 * x) * game.advantage(y, 0), x * (1 - x) * slope[0]],
                [y * (1 - y) * slope[1], (1 - 2 * y) * game.advantage(x, 1)],
            ]
        )
        low, high = sorted(np.linalg.eigvals(jacobian).real)
        neutral = min(abs(low), abs(high)) < 1e-12
        kind = "neutral" if neutral else "stable" if high < 0 else "unstable" if low > 0 else "saddle"
        rows.append({"x": float(x), "y": float(y), "first": high, "second": low, "kind": kind})
    return pd.DataFrame(rows)


def paths(game: Partnership, starts: Iterable[tuple[float, float]], until: float = 40.0, steps: int = 201) -> list:
    """由若干起点出发的演化路径，由 nashpy 积分。

    Parameters
    ----------
    game : Partnership
    starts : iterable of (float, float)
        两方守约者的初始比例，0–1。
    until : float
        积分到的时间，正数；时间的单位随收益的单位。
    steps : int
        输出的时刻数。

    Returns
    -------
    list of pandas.DataFrame
        每个起点一张：索引为时间，列 ``x``、``y``。
    """
    first, second = game.payoffs()
    times = np.linspace(0, until, steps)
    found = []
    for x, y in starts:
        rows, columns = nashpy.Game(first, second).asymmetric_replicator_dynamics(
            x0=np.array([x, 1 - x]), y0=np.array([y, 1 - y]), timepoints=times
        )
        found.append(pd.DataFrame({"x": rows[:, 0], "y": columns[:, 0]}, index=pd.Index(times, name="time")))
    return found


def basin(game: Partnership, side: int = 41, until: float = 400.0) -> float:
    """起点均匀撒在单位正方形上时，最后走到“都守约”的占多大比例。

    逐点积分得到，不用折线近似。

    Parameters
    ----------
    game : Partnership
    side : int
        每边取几个起点（格子的中心），至少 2。
    until : float
        积分到的时间；要长到人人都已走定。

    Returns
    -------
    float
        0–1，分辨率为 ``1 / side**2``。

    Raises
    ------
    ValueError
        格子太少；或到时仍有起点没有走定。
    """
    from scipy.integrate import solve_ivp

    if side < 2:
        raise ValueError(f"每边至少两个起点，现为 {side}")
    centres = (np.arange(side) + 0.5) / side
    x, y = (v.ravel() for v in np.meshgrid(centres, centres))

    def speed(_, state):
        return np.concatenate(game.drift(state[: x.size], state[x.size :]))

    end = solve_ivp(speed, (0, until), np.concatenate([x, y]), method="LSODA", rtol=1e-8, atol=1e-10).y[:, -1]
    near = np.minimum(end, 1 - end)
    if near.max() > 0.01:
        raise ValueError(f"到时间 {until:g} 仍有起点没有走定，请把 until 取长些")
    return float(((end[: x.size] > 0.5) & (end[x.size :] > 0.5)).mean())
