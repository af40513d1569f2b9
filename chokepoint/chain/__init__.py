"""供应链：谁依赖谁，一处断了会怎样。

一张图三种关系：``goes_into``（投入 → 产出）、``is_type_of``（子类 → 父类）、``in_stage``（环节 → 阶段）。
份额缺失表示未知，从不当作零；所以结论有三种：可得、断供、未知。

- 建图与检查：:func:`build`、:func:`check`；
- 结构：:func:`centralities`、:func:`dominators`、:func:`min_cut`、:func:`k_core`；
- 断供：:func:`single_provider`、:func:`knock_out`；
- 企业网络上的传导：:func:`esri`。

都没有替代弹性与库存：算的是“断了而无所准备”的一侧。
"""

from __future__ import annotations

from ._build import (
    PRODUCTION_RELATIONS,
    RELATIONS,
    SUM_TOLERANCE,
    TOLERATED,
    Chain,
    ChainError,
    Problem,
    build,
    check,
)
from ._esri import PRODUCTION, esri
from ._graph import centralities, dominators, k_core, min_cut
from ._knock_out import CHOKE_SHARE, STATES, Rule, knock_out, single_provider

__all__ = [
    "CHOKE_SHARE",
    "PRODUCTION",
    "PRODUCTION_RELATIONS",
    "RELATIONS",
    "STATES",
    "SUM_TOLERANCE",
    "TOLERATED",
    "Chain",
    "ChainError",
    "Problem",
    "Rule",
    "build",
    "centralities",
    "check",
    "dominators",
    "esri",
    "k_core",
    "knock_out",
    "min_cut",
    "single_provider",
]
