"""综合指数：把多项指标合成一个名次，并说清名次有多稳。

步骤依次为：看缺失（:func:`coverage`、:func:`impute`），看指标之间的结构（:func:`correlations`、
:func:`cronbach_alpha`），归一、赋权、合成（:func:`score`），排名（:func:`ranks`）。每一步都有不止一种
说得过去的做法，所以最后一问是：换一种做法，名次变不变（:func:`monte_carlo`、:func:`sobol`、
:func:`leave_one_out`）。凡可变的做法连同范围与出处都写成 :class:`Choice`，由 :func:`choice_table` 列出。

依据：OECD/JRC (2008), *Handbook on Constructing Composite Indicators*，以下简称《手册》。
分数越高越“要紧”，名次 1 为最要紧。
"""

from __future__ import annotations

from ._prepare import Imputed, coverage, impute
from ._score import (
    AGGREGATIONS,
    GEOMETRIC_FLOOR,
    NORMALISATIONS,
    WEIGHTINGS,
    aggregate,
    normalise,
    ranks,
    score,
    weights,
)
from ._structure import alpha_if_dropped, correlations, cronbach_alpha, eigenvalues, loadings, redundant
from ._uncertainty import CHOICES, KEEP_ALL, Choice, choice_table, leave_one_out, monte_carlo, rank_draws, sobol

__all__ = [
    "AGGREGATIONS",
    "CHOICES",
    "GEOMETRIC_FLOOR",
    "KEEP_ALL",
    "NORMALISATIONS",
    "WEIGHTINGS",
    "Choice",
    "Imputed",
    "aggregate",
    "alpha_if_dropped",
    "choice_table",
    "correlations",
    "coverage",
    "cronbach_alpha",
    "eigenvalues",
    "impute",
    "leave_one_out",
    "loadings",
    "monte_carlo",
    "normalise",
    "rank_draws",
    "ranks",
    "redundant",
    "score",
    "sobol",
    "weights",
]
