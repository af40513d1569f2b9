"""名次有多稳：把说得过去的做法都试一遍。

可变的做法有六种，各是一个 :class:`Choice`：归一 ``normalisation``、赋权 ``weighting``、合成 ``aggregation``、
去掉一项指标 ``omission``（权记作 0，其余按比例放大；做法名见 :data:`KEEP_ALL`）、
权重的扰动 ``perturbation``（每项权独立乘一个均匀分布的系数再缩放到和为 1）、数据的区间 ``data``
（给了 ``low``、``high`` 时，每个不确定的格子在区间里移动）。没有列出的做法取默认：min-max、等权、算术平均、
一项不去、不扰动。
参照名次：各做法取所列的第一个，权不扰动，数据取表中的值。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ._score import (
    AGGREGATIONS,
    GEOMETRIC_FLOOR,
    NORMALISATIONS,
    WEIGHTINGS,
    base_weights,
    combined,
    given_weights,
    normalised,
    oriented,
    positive,
    ranked,
    ranks,
    score,
)
from ._structure import complete

#: ``omission`` 的一种取值：一项也不去掉；其余取值是指标名。
KEEP_ALL = "none"
_METHODS = {"normalisation": NORMALISATIONS, "weighting": WEIGHTINGS, "aggregation": AGGREGATIONS}
#: 离散的做法与没有列出时的取值。
_DEFAULTS = {**{name: options[0] for name, options in _METHODS.items()}, "omission": KEEP_ALL}
_RANGES = ("perturbation", "data")
#: 一批算多少次抽取：限住内存。
_BATCH = 1000


@dataclass(frozen=True)
class Choice:
    """一处可变的做法。

    Attributes
    ----------
    name : str
        ``normalisation``、``weighting``、``aggregation``、``omission``、``perturbation``、``data`` 之一。
    origin : str
        范围的出处，印在章里的表上。
    invented : bool
        范围是本书自定的，而非出自文献。
    values : tuple of str, optional
        可选的做法，等可能；第一个是参照。
    range : tuple of float, optional
        连续的范围（低，高），均匀分布：``perturbation`` 为权的乘数（大于 0）；
        ``data`` 为区间内的位置，0 是 ``low``，1 是 ``high``。

    Raises
    ------
    ValueError
        名称不认识；``values`` 与 ``range`` 不是恰好给了一个；取值重复、不认识或范围颠倒。
    """

    name: str
    origin: str
    invented: bool
    values: tuple[str, ...] | None = None
    range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.name not in (*_DEFAULTS, *_RANGES):
            raise ValueError(f"没有叫 {self.name!r} 的做法；可用：{'、'.join((*_DEFAULTS, *_RANGES))}")
        given, wanted = ("values", "range") if self.name in _DEFAULTS else ("range", "values")
        if getattr(self, given) is None or getattr(self, wanted) is not None:
            raise ValueError(f"{self.name} 要给 {given}，不给 {wanted}")
        if not self.origin:
            raise ValueError(f"{self.name} 没有写出处")
        if self.values is not None:
            wrong = [v for v in self.values if v not in _METHODS.get(self.name, self.values)]
            if wrong or not self.values or len(set(self.values)) < len(self.values):
                raise ValueError(f"{self.name} 的取值 {self.values} 为空、重复或不认识")
            if self.name == "omission" and self.values[0] != KEEP_ALL:
                raise ValueError(f"omission 的第一个取值应为 {KEEP_ALL}（一项不去）：它是参照")
        else:
            low, high = self.range
            least, most = (0, 1) if self.name == "data" else (np.nextafter(0, 1), np.inf)
            if not least <= low <= high <= most:
                raise ValueError(f"{self.name} 的范围 {low}–{high} 不对")


CHOICES = (
    Choice("normalisation", "《手册》第 5 步：三种常用的归一", False, values=NORMALISATIONS),
    Choice("weighting", "《手册》第 6 步（等权、主成分）；熵权与 CRITIC 见各自的文献", False, values=WEIGHTINGS[:4]),
    Choice("aggregation", "《手册》6.10、6.11 节：可完全抵偿与部分抵偿", False, values=AGGREGATIONS),
    Choice("perturbation", "本书自定：每项权上下浮动四分之一", True, range=(0.75, 1.25)),
    Choice("data", "区间由各格的上下限给出；区间内均匀分布是本书自定", True, range=(0.0, 1.0)),
)


def choice_table(choices: Iterable[Choice] = CHOICES) -> pd.DataFrame:
    """可变的做法、范围与出处。

    Parameters
    ----------
    choices : iterable of Choice
        做法，名称不得重复。

    Returns
    -------
    pandas.DataFrame
        索引为 ``name``；``values``（取值以“、”相连，或“低–高”）、``origin``、``invented``（布尔）。

    Raises
    ------
    ValueError
        名称重复。
    """
    by_name = _by_name(choices)
    rows = {
        name: {
            "values": "、".join(c.values) if c.values else f"{c.range[0]:g}–{c.range[1]:g}",
            "origin": c.origin,
            "invented": c.invented,
        }
        for name, c in by_name.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")


def _by_name(choices: Iterable[Choice]) -> dict[str, Choice]:
    choices = list(choices)
    by_name = {c.name: c for c in choices}
    if len(by_name) < len(choices) or not choices:
        raise ValueError("做法是空的，或名称重复")
    return by_name


@dataclass(frozen=True)
class _Problem:
    """备好的题目：指标（方向已理顺）、上下限、做法、给定的权。"""

    frame: pd.DataFrame
    x: np.ndarray
    low: np.ndarray
    high: np.ndarray
    loose: np.ndarray
    choices: dict[str, Choice]
    given: np.ndarray | None
    floor: float

    @property
    def groups(self) -> list[str]:
        """[0, 1) 上每一维属于哪一处做法：离散的一维，扰动每项指标一维，数据每个不确定的格子一维。"""
        width = {"perturbation": self.x.shape[1], "data": int(self.loose.sum())}
        return [name for name, c in self.choices.items() if self._open(c) for _ in range(width.get(name, 1))]

    @staticmethod
    def _open(c: Choice) -> bool:
        return len(c.values) > 1 if c.values else c.range[0] < c.range[1]

    def settings(self, u: np.ndarray) -> dict[str, np.ndarray]:
        """[0, 1) 上的点 (b, d) 换成做法：方法名 (b,)，权的乘数 (b, q)，格子的位置 (b, 格数)。"""
        groups, found = np.array(self.groups), {}
        for name, default in _DEFAULTS.items():
            values = np.array(self.choices[name].values if name in self.choices else [default])
            part = u[:, groups == name]
            pick = np.minimum((part[:, 0] * len(values)).astype(int), len(values) - 1) if part.size else 0
            found[name] = np.broadcast_to(values[pick], len(u))
        for name in _RANGES:
            part = u[:, groups == name]
            if part.shape[1]:
                low, high = self.choices[name].range
                found[name] = low + (high - low) * part
            elif name in self.choices and name == "data" and self.loose.any():
                found[name] = np.full((len(u), int(self.loose.sum())), self.choices[name].range[0])
        return found

    def ranks(self, u: np.ndarray) -> np.ndarray:
        """[0, 1) 上的点 (b, d) 到名次 (b, n)。"""
        parts = [self._ranks(u[i : i + _BATCH]) for i in range(0, len(u), _BATCH)]
        return np.concatenate(parts)

    def _ranks(self, u: np.ndarray) -> np.ndarray:
        chosen, b = self.settings(u), len(u)
        x = self.x[None]
        if "data" in chosen:
            x = np.repeat(x, b, axis=0)
            low, high = self.low[self.loose], self.high[self.loose]
            x[:, self.loose] = low + (high - low) * chosen["data"]
        fixed = len(x) == 1
        w = np.empty((b, x.shape[2]))
        for method in np.unique(chosen["weighting"]):
            rows = chosen["weighting"] == method
            w[rows] = base_weights(x if fixed else x[rows], method, self.given)
        w = w * chosen.get("perturbation", 1.0) * (chosen["omission"][:, None] != self.frame.columns.to_numpy(str))
        if (w.sum(axis=1) <= 0).any():
            raise ValueError("去掉一项指标之后没有权了")
        w /= w.sum(axis=1, keepdims=True)
        total = np.empty((b, x.shape[1]))
        for method in np.unique(chosen["normalisation"]):
            here = chosen["normalisation"] == method
            for how in np.unique(chosen["aggregation"][here]):
                rows = here & (chosen["aggregation"] == how)
                part = normalised(x if fixed else x[rows], method)
                part = positive(part, method, self.floor) if how == "geometric" else part
                total[rows] = combined(part, w[rows], how)
        return ranked(total)

    def reference(self) -> np.ndarray:
        """参照名次 (n,)。"""
        first = {name: self.choices[name].values[0] for name in _METHODS if name in self.choices}
        given = None if self.given is None else pd.Series(self.given, index=self.frame.columns)
        return ranks(score(self.frame, **first, given=given, floor=self.floor)).to_numpy()


def _problem(frame, choices, direction, low, high, given, floor) -> _Problem:
    frame = complete(frame)
    choices = _by_name(choices)
    x = oriented(frame, direction)
    low, high = (frame if t is None else _aligned(t, frame) for t in (low, high))
    if ((frame < low) | (frame > high)).to_numpy().any():
        raise ValueError("有的格子不在自己的上下限之间")
    loose = (low < high).to_numpy() & ("data" in choices)
    low, high = (oriented(t, direction).to_numpy() for t in (low, high))
    if not 0 < floor < 1:
        raise ValueError(f"几何平均的下限应在 0 与 1 之间，现为 {floor}")
    given = given_weights(given, frame.columns)
    if given is None and "weighting" in choices and "given" in choices["weighting"].values:
        raise ValueError("赋权办法 given 要同时给出权重")
    if "omission" in choices and (strange := set(choices["omission"].values[1:]) - set(frame.columns)):
        raise ValueError(f"要去掉的指标 {sorted(strange)} 不在表中")
    return _Problem(x, x.to_numpy(), low, high, loose, choices, given, floor)


def _aligned(table: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    if not (table.index.equals(frame.index) and table.columns.equals(frame.columns)):
        raise ValueError("上下限与指标表的行列不一致")
    return complete(table)


def rank_draws(
    frame: pd.DataFrame,
    choices: Iterable[Choice] = CHOICES,
    n: int = 10_000,
    seed: int = 0,
    direction: Mapping[str, int] | None = None,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    given: Mapping[str, float] | pd.Series | None = None,
    floor: float = GEOMETRIC_FLOOR,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """抽取 ``n`` 组做法，各排一次名。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (m, q)
        行为对象（至少 3 个），列为指标，不得缺失。
    choices : iterable of Choice
        可变的做法；没有列出的取默认。
    n : int
        抽取次数，至少 100。
    seed : int
        随机种子，非负；同样的种子得同样的结果。
    direction : mapping, optional
        指标名到 1（越大越要紧）或 −1。
    low, high : pandas.DataFrame, shape (m, q), optional
        每格取值的下限与上限（如 :func:`impute` 所给）；``choices`` 里有 ``data`` 才用。
    given : mapping or pandas.Series, optional
        赋权办法 ``given`` 的权。
    floor : float
        几何平均的下限，见 :func:`score`。

    Returns
    -------
    settings : pandas.DataFrame, shape (n, 3) or (n, 4)
        每次抽取的归一、赋权、合成办法；``choices`` 里有 ``omission`` 时另有去掉的指标。
    ranks : pandas.DataFrame, shape (n, m)
        每次抽取里各对象的名次，1–m。

    Raises
    ------
    ValueError
        有缺失、上下限不含表中的值、次数太少，或做法与权对不上。
    """
    if n < 100:
        raise ValueError(f"抽取次数至少 100，现为 {n}")
    problem = _problem(frame, choices, direction, low, high, given, floor)
    u = np.random.default_rng(seed).random((n, len(problem.groups)))
    chosen = problem.settings(u)
    settings = pd.DataFrame(
        {name: chosen[name] for name in (*_METHODS, *(["omission"] if "omission" in problem.choices else []))}
    )
    return settings, pd.DataFrame(problem.ranks(u), columns=frame.index)


def monte_carlo(
    frame: pd.DataFrame,
    choices: Iterable[Choice] = CHOICES,
    n: int = 10_000,
    seed: int = 0,
    top: int = 10,
    direction: Mapping[str, int] | None = None,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    given: Mapping[str, float] | pd.Series | None = None,
    floor: float = GEOMETRIC_FLOOR,
) -> pd.DataFrame:
    """在各种做法下，每个对象的名次落在哪里（《手册》第 7 步的不确定性分析）。

    Parameters
    ----------
    frame, choices, n, seed, direction, low, high, given, floor
        同 :func:`rank_draws`。
    top : int
        “前几名”，1 到对象数。

    Returns
    -------
    pandas.DataFrame, shape (m, 5)
        ``reference`` 参照名次；``median`` 名次的中位数；``low``、``high`` 名次的 5% 与 95% 分位（整数）；
        ``top_share`` 进入前 ``top`` 名的比例，0–1。按 ``median``、``reference`` 升序。

    Raises
    ------
    ValueError
        同 :func:`rank_draws`；或 ``top`` 越界。
    """
    problem = _problem(frame, choices, direction, low, high, given, floor)
    if not 1 <= top <= len(frame):
        raise ValueError(f"top 应在 1–{len(frame)} 之间，现为 {top}")
    _, drawn = rank_draws(frame, problem.choices.values(), n, seed, direction, low, high, given, floor)
    drawn = drawn.to_numpy()
    found = pd.DataFrame(
        {
            "reference": problem.reference(),
            "median": np.median(drawn, axis=0),
            "low": np.quantile(drawn, 0.05, axis=0, method="nearest").astype(int),
            "high": np.quantile(drawn, 0.95, axis=0, method="nearest").astype(int),
            "top_share": (drawn <= top).mean(axis=0),
        },
        index=frame.index,
    )
    return found.sort_values(["median", "reference"], kind="stable")


def sobol(
    frame: pd.DataFrame,
    choices: Iterable[Choice] = CHOICES,
    unit: object = None,
    n: int = 1024,
    seed: int = 0,
    direction: Mapping[str, int] | None = None,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    given: Mapping[str, float] | pd.Series | None = None,
    floor: float = GEOMETRIC_FLOOR,
) -> pd.DataFrame:
    """名次的变动有多少出自哪一处做法（Sobol 方差分解）。

    每处做法是一组输入：离散的做法由 [0, 1) 等分对应；扰动与数据各自的许多维合为一组。抽样与估计用
    SALib 的 Saltelli 方案，共算 ``n·(组数+2)`` 次 [1]_。

    Parameters
    ----------
    frame, choices, seed, direction, low, high, given, floor
        同 :func:`rank_draws`；只有一个取值的做法不参与分解。
    unit : object, optional
        看哪个对象的名次；省略则看全体名次对参照名次的平均绝对变动 [2]_。
    n : int
        基础样本数，2 的幂，至少 64。

    Returns
    -------
    pandas.DataFrame
        索引为做法；``first`` 一阶指数（单独所致的份额），``total`` 总指数（连同与别处的交互），各带
        95% 置信区间的半宽 ``first_ci``、``total_ci``。估计有误差，可略小于 0 或大于 1；
        名次毫无变动则全为缺失。按 ``total`` 降序。

    Raises
    ------
    ValueError
        同 :func:`rank_draws`；``n`` 不是 2 的幂；没有这个对象；或没有一处做法可变。

    References
    ----------
    .. [1] A. Saltelli et al. (2010), "Variance based sensitivity analysis of model output",
       *Computer Physics Communications* 181(2), 259–270.
    .. [2] M. Saisana, A. Saltelli & S. Tarantola (2005), "Uncertainty and sensitivity analysis techniques as
       tools for the quality assessment of composite indicators", *JRSS A* 168(2), 307–323.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    if n < 64 or n & (n - 1):
        raise ValueError(f"基础样本数应为 2 的幂，至少 64，现为 {n}")
    problem = _problem(frame, choices, direction, low, high, given, floor)
    if unit is not None and unit not in frame.index:
        raise ValueError(f"没有对象 {unit!r}")
    groups = problem.groups
    names = list(dict.fromkeys(groups))
    if not names:
        raise ValueError("没有一处做法可变，无从分解")
    inputs = {
        "num_vars": len(groups),
        "names": [f"{g}{i}" for i, g in enumerate(groups)],
        "groups": groups,
        "bounds": [[0.0, 1.0]] * len(groups),
    }
    u = sampling.sample(inputs, n, calc_second_order=False, seed=np.random.default_rng(seed))
    drawn = problem.ranks(u)
    if unit is None:
        y = np.abs(drawn - problem.reference()).mean(axis=1)
    else:
        y = drawn[:, frame.index.get_loc(unit)].astype(float)
    if np.ptp(y) == 0:
        return pd.DataFrame(np.nan, index=pd.Index(names, name="choice"), columns=_SOBOL)
    # SALib 把种子 0 当作“没有给”，所以加一。
    found = analysis.analyze(inputs, y, calc_second_order=False, seed=seed + 1)
    table = pd.DataFrame(
        {new: found[old] for new, old in zip(_SOBOL, ("S1", "S1_conf", "ST", "ST_conf"), strict=True)},
        index=pd.Index(names, name="choice"),
    )
    return table.sort_values("total", ascending=False, kind="stable")


_SOBOL = ["first", "first_ci", "total", "total_ci"]


def leave_one_out(
    frame: pd.DataFrame,
    normalisation: str = "min-max",
    weighting: str = "equal",
    aggregation: str = "arithmetic",
    direction: Mapping[str, int] | None = None,
    given: Mapping[str, float] | pd.Series | None = None,
    floor: float = GEOMETRIC_FLOOR,
) -> pd.DataFrame:
    """逐项去掉一项指标，名次移动几位。

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, q)
        行为对象，列为指标（至少两项），不得缺失。
    normalisation, weighting, aggregation, direction, given, floor
        同 :func:`score`；去掉一项之后权重新计算，给定的权按比例放大。

    Returns
    -------
    pandas.DataFrame, shape (n, q)
        列为去掉的指标；整数，正数表示名次变差（数字变大）。

    Raises
    ------
    ValueError
        同 :func:`score`；或不足两项指标。
    """
    if frame.shape[1] < 2:
        raise ValueError("至少两项指标才能去掉一项")

    def placed(part: pd.DataFrame) -> pd.Series:
        signs = {k: v for k, v in (direction or {}).items() if k in part}
        kept = None if given is None else pd.Series(given)[list(part.columns)]
        return ranks(score(part, normalisation, weighting, aggregation, signs, kept, floor))

    full = placed(frame)
    return pd.DataFrame({c: placed(frame.drop(columns=c)) - full for c in frame.columns})
