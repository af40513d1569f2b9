"""贸易依赖：比值、单价、镜像、逐个产品的集中度，以及几家已发表的“依赖”筛法。

前一半是对普通数据表的小函数（:func:`import_export_ratio`、:func:`unit_value`、:func:`mirror_compare`、
:func:`hhi` 等；来源没有列全时的上下界在 :mod:`chokepoint.concentration`）。后一半从 CEPII BACI 的年度文件
筛出一国所有依赖的产品：:func:`measures` 用 Ibis 写成一次，默认在内嵌的 DuckDB 上流式地跑，也能原样在 Spark
等别的后端上跑；:func:`screens` 套上各家的标准（:data:`VARIANTS`）；:func:`screen` 把读、算、判连成一步。

各家标准的阈值是否见于原文，写在每条 :class:`Criterion` 的 ``origin`` 与 ``seen`` 里；
没有见到阈值的一条只给出量，不下判断。
"""

from __future__ import annotations

from ._baci import BaciError, BaciFiles, find, locate_fault, print_progress, read, screen
from ._measures import NO_EXPORTS, measures, tidy
from ._simple import (
    hhi,
    import_export_ratio,
    mirror_compare,
    mirror_coverage,
    unit_value,
    unit_value_gap,
)
from ._variants import VARIANTS, Criterion, Variant, persistent, screens, variant_table

__all__ = [
    "NO_EXPORTS",
    "VARIANTS",
    "BaciError",
    "BaciFiles",
    "Criterion",
    "Variant",
    "find",
    "hhi",
    "import_export_ratio",
    "locate_fault",
    "measures",
    "mirror_compare",
    "mirror_coverage",
    "persistent",
    "print_progress",
    "read",
    "screen",
    "screens",
    "tidy",
    "unit_value",
    "unit_value_gap",
    "variant_table",
]
