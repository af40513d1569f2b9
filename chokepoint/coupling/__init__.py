"""耦合协调度：几个子系统是否又高又齐，以及这个数有多经得起换一种算法。

``level`` 表一行一个对象（省、年……），一列一个子系统，数在 0–1 之间。这里不认得任何一张表：子系统由哪些指标
合成，由使用者给出。

耦合协调度不是相关：两列互不相干的数，只要都高，也会得到高的协调度。:func:`shuffled` 拿打乱配对后的数来比。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from ..composite import WEIGHTINGS, aggregate, normalise, weights
from ..inference import SEED

__all__ = [
    "FORMS",
    "LEAN",
    "SCALES",
    "coordination",
    "coupling",
    "draws",
    "grade",
    "intervals",
    "levels",
    "separable",
    "shuffled",
]

#: 耦合度的两种写法：通行的，与王淑佳等（2021）修正的。
FORMS = ("original", "corrected")
#: 归一办法：按最小与最大；先取对数再按最小与最大；按名次。（z 分数再换到 0–1 与第一种相同，故不列。）
SCALES = ("min-max", "log", "rank")
#: 通行的十级名称，每级宽 0.1。分界是惯例，没有理论或数据支持。
GRADES = [
    "极度失调",
    "严重失调",
    "中度失调",
    "轻度失调",
    "濒临失调",
    "勉强协调",
    "初级协调",
    "中级协调",
    "良好协调",
    "优质协调",
]
#: :func:`draws` 里子系统的权在缩放之前的范围。
LEAN = (0.3, 0.7)
#: 修正式的分母里有最大值，全为零时无定义：归一的分数先抬到这个数以上，与文献中常见的平移相同。
FLOOR = 0.01


def _levels(level: pd.DataFrame) -> np.ndarray:
    """核对并取出数组 (n, k)。"""
    if level.shape[1] < 2:
        raise ValueError(f"耦合至少要两个子系统，得到 {list(level.columns)}")
    wrong = level.isna() | (level < 0) | (level > 1)
    if wrong.to_numpy().any():
        row, column = np.argwhere(wrong.to_numpy())[0]
        raise ValueError(
            f"子系统 {level.columns[column]} 在 {level.index[row]} 的值 {level.iat[row, column]} 不对：应在 0 到 1 之间"
        )
    return level.to_numpy(dtype=float)


def _degree(u: np.ndarray, form: str) -> np.ndarray:
    """数组 (..., k) 的耦合度。"""
    if form not in FORMS:
        raise ValueError(f"不认识的写法 {form!r}：应为 {'、'.join(FORMS)} 之一")
    k, top = u.shape[-1], u.max(axis=-1)
    mean = u.mean(axis=-1)
    if form == "original":
        root = u.prod(axis=-1) ** (1 / k)
        return np.divide(root, mean, out=np.zeros_like(mean), where=mean > 0)
    gaps = sum(np.abs(u[..., i] - u[..., j]) for i in range(k) for j in range(i))
    ratio = np.divide(u, top[..., None], out=np.zeros_like(u), where=top[..., None] > 0).prod(axis=-1)
    return np.sqrt((1 - gaps / (k * (k - 1) / 2)).clip(0) * ratio ** (1 / (k - 1)))


def coupling(level: pd.DataFrame, form: str = "original") -> pd.Series:
    r"""耦合度 C：各子系统有多齐。

    通行的写法是几何平均与算术平均之比 :math:`C=\left(\prod U_i\right)^{1/k}/\left(\frac1k\sum U_i\right)` [1]_；
    它大半落在接近 1 的一段，区分不开。修正的写法 [2]_ 再乘以平均差距：

    .. math:: C=\sqrt{\left[1-\frac{\sum_{i>j}|U_i-U_j|}{k(k-1)/2}\right]
              \left(\prod\frac{U_i}{\max U}\right)^{1/(k-1)}}

    文献里还常见丢了系数、在两个子系统时最大只到 0.5 的写法，见 [2]_ 的清理，这里不实现。

    Parameters
    ----------
    level : pandas.DataFrame, shape (n, k)
        各子系统的水平，0–1，不缺；``k`` 至少为 2。
    form : {"original", "corrected"}
        写法。

    Returns
    -------
    pandas.Series, shape (n,)
        0–1；有子系统为零则为零。

    Raises
    ------
    ValueError
        只有一个子系统、数不在 0–1 之间或缺失、不认识的写法。

    References
    ----------
    .. [1] 廖重斌（1999）《环境与经济协调发展的定量评判及其分类体系》，《热带地理》19(2)，171–177。
    .. [2] 王淑佳、孔伟、任亮、治丹丹、戴彬婷（2021）《国内耦合协调度模型的误区及修正》，
       《自然资源学报》36(3)，793–810。
    """
    return pd.Series(_degree(_levels(level), form), index=level.index, name="c")


def coordination(
    level: pd.DataFrame, form: str = "original", weight: Mapping[str, float] | None = None
) -> pd.DataFrame:
    r"""耦合协调度 :math:`D=\sqrt{C\,T}`，:math:`T=\sum\alpha_iU_i`。

    两个子系统、等权、通行写法时 :math:`D=(U_1U_2)^{1/4}`：它只是几何平均的平方根，名次与几何平均完全相同。

    Parameters
    ----------
    level : pandas.DataFrame, shape (n, k)
        各子系统的水平，0–1，不缺。
    form : {"original", "corrected"}
        耦合度的写法，见 :func:`coupling`。
    weight : mapping of str to float, optional
        各子系统的权 α，缩放到和为 1；缺省为等权。

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        列 ``c``、``t``、``d``，都在 0–1 之间。

    Raises
    ------
    ValueError
        同 :func:`coupling`；权与子系统对不上、有负数或全为零。
    """
    c = coupling(level, form)
    t = aggregate(level, pd.Series(weight or dict.fromkeys(level.columns, 1.0)))
    return pd.DataFrame({"c": c, "t": t, "d": np.sqrt(c * t)})


def grade(d: pd.Series) -> pd.Series:
    """协调度的十级名称（每级宽 0.1，惯例）。

    Parameters
    ----------
    d : pandas.Series
        协调度，0–1。

    Returns
    -------
    pandas.Series
        级名。

    Raises
    ------
    ValueError
        有数不在 0–1 之间。
    """
    if not d.between(0, 1).all():
        raise ValueError("协调度应在 0 到 1 之间")
    return pd.cut(d, np.linspace(0, 1, 11), labels=GRADES, include_lowest=True).astype(str)


def levels(
    panel: pd.DataFrame,
    systems: Mapping[str, Iterable[str]],
    scale: str = "min-max",
    weighting: str = "equal",
) -> pd.DataFrame:
    """由指标合成各子系统的水平：在整个面板里归一，子系统之内加权平均。

    在整个面板（所有年份）里归一，各年才可比；在一年之内归一，协调度只说名次，不说变化。
    一个对象的水平因此取决于面板里还有谁。

    Parameters
    ----------
    panel : pandas.DataFrame, shape (n, q)
        一行一个对象（如省与年），一列一项指标，越大越好，不缺。
    systems : mapping of str to iterable of str
        子系统由哪些列合成。
    scale : {"min-max", "log", "rank"}
        归一办法，见 :data:`SCALES`；取对数要求指标全部为正。
    weighting : str
        子系统之内的赋权办法，见 :func:`chokepoint.composite.weights`。

    Returns
    -------
    pandas.DataFrame, shape (n, k)
        各子系统的水平，在 ``FLOOR`` 与 1 之间。

    Raises
    ------
    ValueError
        指标不在面板里、有缺失、取对数遇到不为正的数、不认识的办法。
    """
    if scale not in SCALES:
        raise ValueError(f"不认识的归一办法 {scale!r}：应为 {'、'.join(SCALES)} 之一")
    wanted = [c for columns in systems.values() for c in columns]
    unknown = [c for c in wanted if c not in panel.columns]
    if unknown:
        raise ValueError(f"面板里没有指标 {unknown}")
    used = panel[wanted]
    if scale == "log":
        bad = [c for c in wanted if (used[c] <= 0).any()]
        if bad:
            raise ValueError(f"指标 {bad} 有不为正的数，不能取对数")
        used = np.log(used)
    unit = normalise(used, "rank" if scale == "rank" else "min-max")
    found = {
        name: aggregate(unit[list(columns)], weights(used[list(columns)], weighting))
        for name, columns in systems.items()
    }
    return np.minimum(FLOOR + (1 - FLOOR) * pd.DataFrame(found), 1)  # 浮点误差可使最大者略超过 1


def draws(
    panel: pd.DataFrame,
    systems: Mapping[str, Iterable[str]],
    count: int = 500,
    seed: int = SEED,
    forms: Iterable[str] = FORMS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """换着做法重算协调度：指标、归一、赋权、子系统的权、写法，每次随机取一种。

    每次抽：每个子系统随机去掉至多一项指标（剩下至少两项才去），归一办法与赋权办法各随机取一种，子系统的权在
    ``LEAN`` 之间均匀取再缩放到和为 1，写法随机取一种。这是做法的不确定，不是抽样误差。

    Parameters
    ----------
    panel, systems
        同 :func:`levels`。
    count, seed : int
        次数、种子。
    forms : iterable of str
        从哪些写法里取。

    Returns
    -------
    values : pandas.DataFrame, shape (n, count)
        每次的协调度，索引同 ``panel``，列为 0 起的次序。
    chosen : pandas.DataFrame, shape (count, 4)
        每次取了什么：``form``、``scale``、``weighting``、``dropped``（去掉的指标，顿号相连）。

    Raises
    ------
    ValueError
        同 :func:`levels`。
    """
    rng = np.random.default_rng(seed)
    forms = list(forms)
    ways = [w for w in WEIGHTINGS if w != "given"]
    values, chosen = {}, []
    flat = panel.reset_index(drop=True)  # 多层索引拖慢几百次重算

    @cache
    def one(name: str, columns: tuple[str, ...], scale: str, weighting: str) -> np.ndarray:
        return levels(flat, {name: columns}, scale, weighting)[name].to_numpy()

    for i in range(count):
        kept, dropped = {}, []
        for name, columns in systems.items():
            columns = list(columns)
            out = int(rng.integers(len(columns) + 1)) if len(columns) > 2 else len(columns)
            dropped += columns[out : out + 1]
            kept[name] = tuple(columns[:out] + columns[out + 1 :])
        choice = {
            "form": str(rng.choice(forms)),
            "scale": str(rng.choice(SCALES)),
            "weighting": str(rng.choice(ways)),
            "dropped": "、".join(dropped),
        }
        share = rng.uniform(*LEAN, len(kept))
        u = np.column_stack([one(n, c, choice["scale"], choice["weighting"]) for n, c in kept.items()])
        values[i] = np.sqrt(_degree(u, choice["form"]) * (u @ (share / share.sum())))
        chosen.append(choice)
    return pd.DataFrame(values, index=panel.index), pd.DataFrame(chosen)


def intervals(values: pd.DataFrame, level: float = 0.9) -> pd.DataFrame:
    """每个对象在各次抽取里的中位数与区间。

    Parameters
    ----------
    values : pandas.DataFrame, shape (n, count)
        :func:`draws` 的第一项；也可以是各次的名次。
    level : float
        区间所含的比例，0–1。

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        列 ``median``、``low``、``high``。
    """
    tail = (1 - level) / 2
    found = values.quantile([0.5, tail, 1 - tail], axis=1).T
    return found.set_axis(["median", "low", "high"], axis=1)


def separable(values: pd.DataFrame, share: float = 0.95) -> pd.DataFrame:
    """哪些差别站得住：同一次抽取里比，至少 ``share`` 的次数同一方向才算。

    比较在同一次抽取之内做：两个对象受同一种做法影响，区间重叠不等于分不出。

    Parameters
    ----------
    values : pandas.DataFrame, shape (n, count)
        :func:`draws` 的第一项。
    share : float
        要求的占比，0.5–1。

    Returns
    -------
    pandas.DataFrame, shape (n, n)
        行高于列的差别站得住为真。

    Raises
    ------
    ValueError
        ``share`` 不在 0.5 以上、1 以下。
    """
    if not 0.5 < share <= 1:
        raise ValueError(f"要求的占比应大于 0.5、不超过 1，得到 {share}")
    x = values.to_numpy()
    above = np.array([(row > x).mean(axis=1) for row in x])
    return pd.DataFrame(above >= share, index=values.index, columns=values.index)


def shuffled(
    level: pd.DataFrame,
    form: str = "original",
    count: int = 1000,
    seed: int = SEED,
    within: pd.Series | None = None,
) -> tuple[float, float, float, float]:
    """把子系统的配对打乱，平均协调度会是多少：看“耦合”里有多少来自配对。

    第一列不动，其余各列在对象之间重新分配；各子系统自己的分布因此不变。``within`` 给出分组，则只在同组之内重新分配：
    按大小分组，打乱的范围就留着大小，高出它的才不是大小。

    Parameters
    ----------
    level : pandas.DataFrame, shape (n, k)
        各子系统的水平，0–1。
    form : {"original", "corrected"}
        写法。
    count, seed : int
        次数、种子。
    within : pandas.Series, shape (n,), optional
        分组，索引同 ``level``；缺省为不分组。

    Returns
    -------
    tuple of float
        实际的平均、打乱后的平均、打乱后的 2.5% 与 97.5% 分位。

    Raises
    ------
    ValueError
        同 :func:`coupling`；有对象没有组。
    """
    u = _levels(level)
    group = np.zeros(len(u)) if within is None else within.reindex(level.index).to_numpy()
    if pd.isna(group).any():
        raise ValueError(f"没有组的对象：{list(level.index[pd.isna(group)])}")
    blocks = [np.flatnonzero(group == g) for g in np.unique(group)]
    rng = np.random.default_rng(seed)

    def average(x: np.ndarray) -> float:
        return float(np.sqrt(_degree(x, form) * x.mean(axis=-1)).mean())

    def again() -> np.ndarray:
        x = u.copy()
        for column in range(1, u.shape[1]):
            for rows in blocks:
                x[rows, column] = u[rng.permutation(rows), column]
        return x

    found = [average(again()) for _ in range(count)]
    low, high = np.quantile(found, [0.025, 0.975])
    return average(u), float(np.mean(found)), float(low), float(high)
