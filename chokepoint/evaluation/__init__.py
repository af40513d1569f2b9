"""评估：目标有没有达到，知道多少，还差多快，什么时候该改主意。

三件事分开说：判定（:func:`judge`）只看数与口径；达成率（:func:`met_bounds`）把没有公布结果的也放进分母，给出上下界；
监测（:class:`Watch`）是事先写下的规则，不看结果再定。这里不认得任何一张表。
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from ..inference import LEVEL, Interval, proportion

__all__ = [
    "Association",
    "MetBounds",
    "Watch",
    "association",
    "difference_bounds",
    "episodes",
    "judge",
    "lag",
    "met_bounds",
    "pace",
    "shuffled_alarms",
    "watch",
]

#: 比较的两种方向：不低于、不高于。
COMPARATORS = ("ge", "le")


def judge(outcome: float, target: float, comparator: str, margin: float = 0.0) -> str:
    """按数判定一个目标。

    Parameters
    ----------
    outcome, target : float
        结果与目标，单位相同。
    comparator : {"ge", "le"}
        不低于，还是不高于。
    margin : float
        离目标多近算“在界上”，与目标之比，非负；结果取过整时用得着。

    Returns
    -------
    {"met", "missed", "borderline"}
        达到、没有达到、在界上（差得不超过 ``margin``）。

    Raises
    ------
    ValueError
        有缺失、不认识的方向，或 ``margin`` 为负。
    """
    if comparator not in COMPARATORS:
        raise ValueError(f"不认识的方向 {comparator!r}：应为 ge 或 le")
    if not np.isfinite([outcome, target]).all() or not margin >= 0:
        raise ValueError(f"判定要有结果与目标、margin 非负，得到 {outcome}、{target}、{margin}")
    if margin and abs(outcome - target) <= margin * abs(target):
        return "borderline"
    good = outcome >= target if comparator == "ge" else outcome <= target
    return "met" if good else "missed"


class MetBounds(NamedTuple):
    """达成率的三个数，0–1。"""

    #: 有结果的里面达到的占比与它的 Wilson 区间。
    known: Interval
    #: 没有结果的全算没达到。
    low: float
    #: 没有结果的全算达到。
    high: float


def met_bounds(met: int, missed: int, unknown: int, level: float = LEVEL) -> MetBounds:
    """达成率的上下界：没有结果的目标，往最坏与最好两头算 [1]_。

    有结果的不是随机的一部分（容易量的、好看的更容易公布），所以有结果的里面的占比不能代表全部；只有上下界不靠这个假设。

    Parameters
    ----------
    met, missed, unknown : int
        达到、没有达到、没有结果的个数，非负；前两项之和至少为 1。
    level : float
        置信水平。

    Returns
    -------
    MetBounds
        0–1。

    Raises
    ------
    ValueError
        个数为负，或没有一个有结果的。

    References
    ----------
    .. [1] C. F. Manski (1989), "Anatomy of the selection problem", *Journal of Human Resources* 24(3), 343–360.
    """
    if min(met, missed, unknown) < 0 or met + missed < 1:
        raise ValueError(f"个数应非负、至少一个有结果，得到 {met}、{missed}、{unknown}")
    total = met + missed + unknown
    return MetBounds(proportion(met, met + missed, level), met / total, (met + unknown) / total)


def difference_bounds(first: tuple[int, int, int], second: tuple[int, int, int]) -> tuple[float, float]:
    """两组达成率之差的上下界：没有结果的各往最坏与最好两头算。

    Parameters
    ----------
    first, second : tuple of int
        两组各自的（达到，没有达到，没有结果）个数。

    Returns
    -------
    tuple of float
        第一组减第二组，−1 到 1；含零就是连谁高都说不准。

    Raises
    ------
    ValueError
        同 :func:`met_bounds`。
    """
    one, two = met_bounds(*first), met_bounds(*second)
    return one.low - two.high, one.high - two.low


class Association(NamedTuple):
    """两组比例的差别。"""

    #: 优势比与条件精确区间；有空格时一端为 0 或无穷。
    odds: Interval
    #: Fisher 精确检验的双侧概率。
    p: float


def association(first: tuple[int, int], second: tuple[int, int], level: float = LEVEL) -> Association:
    """两组的成败有没有差别：条件优势比、精确区间与 Fisher 检验 [1]_。

    Parameters
    ----------
    first, second : tuple of int
        两组各自的（成，败）个数，非负；每组至少一个。
    level : float
        置信水平。

    Returns
    -------
    Association
        优势比大于 1，第一组更容易成。

    Raises
    ------
    ValueError
        个数为负、有一组是空的，或两组合起来全成或全败（优势比没有定义）。

    References
    ----------
    .. [1] R. A. Fisher (1935), "The logic of inductive inference", *Journal of the Royal Statistical Society*
       98(1), 39–82.
    """
    table = np.array([first, second], dtype=int)
    if (table < 0).any() or (table.sum(axis=1) < 1).any():
        raise ValueError(f"每组要有至少一个、个数非负，得到 {first} 与 {second}")
    if (table.sum(axis=0) < 1).any():
        raise ValueError("两组全成或全败，优势比没有定义")
    found = stats.contingency.odds_ratio(table)
    interval = found.confidence_interval(level)
    odds = Interval(float(found.statistic), float(interval.low), float(interval.high))
    return Association(odds, float(stats.fisher_exact(table).pvalue))


def pace(series: pd.Series, target: float, due: int) -> tuple[float, float]:
    """走到现在平均每年变多少，往后每年要变多少才赶得上。

    线性地算：只说快慢，不是预测。口径换过的序列要先截到同一口径。

    Parameters
    ----------
    series : pandas.Series
        逐年（可缺年）的数，索引为年份（整数），至少两年；单位与目标相同。
    target : float
        目标。
    due : int
        目标年，晚于最后一年。

    Returns
    -------
    tuple of float
        已有的年均变化、往后所需的年均变化，单位为每年。

    Raises
    ------
    ValueError
        不足两年、年份重复，或目标年不晚于最后一年。
    """
    known = series.dropna().sort_index()
    if len(known) < 2 or not known.index.is_unique:
        raise ValueError("要至少两个不同年份的数")
    first, last = int(known.index[0]), int(known.index[-1])
    if due <= last:
        raise ValueError(f"目标年 {due} 应晚于最后一年 {last}")
    done = (known.iloc[-1] - known.iloc[0]) / (last - first)
    return float(done), float((target - known.iloc[-1]) / (due - last))


def lag(series: pd.Series, target: float, due: int) -> pd.Series:
    """逐年看：往后所需的速度是已有速度的几倍（:func:`pace` 的两数之比）。

    只用到那一年为止的数，所以可以拿来回测：当年的人也算得出。

    Parameters
    ----------
    series : pandas.Series
        自起点起逐年（可缺年）的数，索引为年份。
    target : float
        目标，不等于起点。
    due : int
        目标年；这一年及以后的数不用。

    Returns
    -------
    pandas.Series
        索引为年份，自第二个有数的年份起；1 为照现在的速度恰好赶上，大于 1 为落后，不大于 0 为已经达到，
        正无穷为没有动或在往回走。

    Raises
    ------
    ValueError
        目标年以前不足两年，或目标等于起点。
    """
    known = series.dropna().sort_index()
    known = known[known.index < due]
    if len(known) < 2:
        raise ValueError("目标年以前至少要两个数")
    toward = np.sign(target - known.iloc[0])
    if toward == 0:
        raise ValueError("目标等于起点，没有路要走")
    out = {}
    for at in range(2, len(known) + 1):
        done, needed = (toward * v for v in pace(known.iloc[:at], target, due))
        out[known.index[at - 1]] = 0.0 if needed <= 0 else needed / done if done > 0 else np.inf
    return pd.Series(out, dtype=float)


@dataclass(frozen=True)
class Watch:
    """一条监测规则：越过 ``threshold`` 连续 ``runs`` 期才报警，退到 ``release`` 之内才解除。

    解除线与报警线分开（滞回），免得数在线上下摆动时来回改主意。

    Attributes
    ----------
    threshold : float
        报警线，单位同所看的数。
    side : {"above", "below"}
        高过还是低过报警线算越过。
    runs : int
        连续几期越过才报警，至少为 1。
    release : float, optional
        解除线；缺省与报警线相同。``above`` 时不高于报警线，``below`` 时不低于报警线。
    """

    threshold: float
    side: str = "above"
    runs: int = 1
    release: float | None = None

    def __post_init__(self):
        if self.side not in ("above", "below"):
            raise ValueError(f"不认识的方向 {self.side!r}：应为 above 或 below")
        if self.runs < 1:
            raise ValueError(f"至少连续一期，得到 {self.runs}")
        back = self.threshold if self.release is None else self.release
        if (back - self.threshold) * (1 if self.side == "above" else -1) > 0:
            raise ValueError(f"解除线 {back} 在报警线 {self.threshold} 的另一边：永远解除不了")


def watch(series: pd.Series, rule: Watch) -> pd.DataFrame:
    """把一条规则用到一个序列上，逐期给出状态。

    缺失的一期沿用上一期的状态，也不计入连续的期数：没有数不等于没有事。

    Parameters
    ----------
    series : pandas.Series
        按时间先后。
    rule : Watch
        规则。

    Returns
    -------
    pandas.DataFrame
        列 ``value``、``crossed``（这一期越过没有）、``alarm``（报警中没有），索引同 ``series``。
    """
    return pd.DataFrame(_run(series, rule), columns=["value", "crossed", "alarm"], index=series.index)


def _run(values, rule: Watch) -> list[tuple[float, bool, bool]]:
    """逐期的（数，越过没有，报警中没有）。"""
    sign = 1 if rule.side == "above" else -1
    back = rule.threshold if rule.release is None else rule.release
    alarm, streak, rows = False, 0, []
    for value in values:
        seen = not pd.isna(value)
        crossed = seen and sign * (value - rule.threshold) > 0
        if seen:
            streak = streak + 1 if crossed else 0
            alarm = streak >= rule.runs or (alarm and sign * (value - back) > 0)
        rows.append((value, crossed, alarm))
    return rows


def episodes(watched: pd.DataFrame, patience: int = 1) -> pd.DataFrame:
    """一段一段地数报警，分出很快就自己解除的。

    Parameters
    ----------
    watched : pandas.DataFrame
        :func:`watch` 的结果。
    patience : int
        报警至多几个有数的期就解除，算虚惊，至少 1。

    Returns
    -------
    pandas.DataFrame
        一段一行：``start`` 起报的期、``end`` 解除的期（没有解除为缺失）、``length`` 报警的有数的期数、``kind``：
        ``"brief"`` 虚惊、``"lasting"`` 持续、``"open"`` 序列完了还没有到 ``patience``，说不准。

    Raises
    ------
    ValueError
        ``patience`` 小于 1。
    """
    if patience < 1:
        raise ValueError(f"至少一期，得到 {patience}")
    rows: list[dict[str, object]] = []
    seen = watched[watched["value"].notna()]
    before = False
    for period, on in seen["alarm"].items():
        if on and not before:
            rows.append({"start": period, "end": None, "length": 0})
        if on:
            rows[-1]["length"] += 1
        elif before:
            rows[-1]["end"] = period
        before = on
    for row in rows:
        ended = row["end"] is not None
        row["kind"] = "lasting" if row["length"] > patience else "brief" if ended else "open"
    return pd.DataFrame(rows, columns=["start", "end", "length", "kind"])


def shuffled_alarms(changes: pd.Series, rule: Watch, draws: int, seed: int, periods: bool = False) -> np.ndarray:
    """把逐期的变化打乱次序，同一条规则会报几次警、有几期在报警里。

    变化的大小与升降的次数都不变，变的只有先后：与实际相比，看得出报警里有多少只是升降凑巧挨在一起。段数与期数要一起看：
    一连多年往坏处走，期数多而段数少。

    Parameters
    ----------
    changes : pandas.Series
        逐期的变化，缺失的不参加打乱，留在原处。
    rule : Watch
        规则，用在变化上。
    draws : int
        打乱次数，至少 100。
    seed : int
        随机种子。
    periods : bool
        数报警的有数的期数，而不是段数。

    Returns
    -------
    numpy.ndarray, shape (draws,)
        每次的报警段数或期数。

    Raises
    ------
    ValueError
        次数少于 100。
    """
    if draws < 100:
        raise ValueError(f"打乱至少 100 次，得到 {draws}")
    rng = np.random.default_rng(seed)
    values = changes.to_numpy(dtype=float)
    seen = ~np.isnan(values)
    out = np.empty(draws, dtype=int)
    for at in range(draws):
        mixed = values.copy()
        mixed[seen] = rng.permutation(values[seen])
        on = np.array([alarm for _, _, alarm in _run(mixed, rule)], dtype=bool)
        out[at] = np.sum(on & seen) if periods else np.sum(on & ~np.r_[False, on[:-1]])
    return out
