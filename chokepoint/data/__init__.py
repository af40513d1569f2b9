"""数据房间：从数据包取表，每次都校验；来源、等级与许可随表而行。

>>> from chokepoint import data
>>> data.load("chokepoints").shape[0]
35
"""

from __future__ import annotations

import lazy_loader
import pandas as pd

from ._catalogue import catalogue, describe, labels, origins
from ._errors import Problem, TableError
from ._provenance import anchor, licence, source_line, sources
from ._use import cited, loaded, table_key, using
from ._validate import validated

# 整包检查与目录页只有少数地方用，用到才装入：一章不因它们改动而重跑。
__getattr__, *_ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_check": ["Report", "check"],
        "_page": ["catalogue_page", "source_list", "table_list", "terms"],
        "_renew": ["Diff", "compare", "diff", "renew", "seal"],
    },
)

__all__ = [
    "Diff",
    "Problem",
    "Report",
    "TableError",
    "anchor",
    "catalogue",
    "catalogue_page",
    "check",
    "compare",
    "describe",
    "diff",
    "labels",
    "licence",
    "load",
    "loaded",
    "origins",
    "renew",
    "seal",
    "source_line",
    "source_list",
    "sources",
    "table_key",
    "table_list",
    "terms",
]


def load(name: str, edition: str | None = None) -> pd.DataFrame:
    """取一个表。

    Parameters
    ----------
    name : str
        表名，见 :func:`catalogue`。
    edition : str, optional
        哪一版，缺省为现行版；往期版见 ``datapackage.json`` 中这个表的 ``editions``。

    Returns
    -------
    pandas.DataFrame
        整数列为 ``Int64``，数为 ``float64``，真假为 ``boolean``，文字与代码为 ``str``；空格子为缺失。
        ``attrs["table"]`` 为表名，``attrs["sources"]`` 为所引来源代码的列表。
        每次都是新的副本，改它不影响以后取到的表。

    Raises
    ------
    TableError
        没有这个表或这一版、文件读不了或内容不合格；列出每处的表、行、列、值与期望。
    """
    using(name)
    frame = validated(name, edition).copy()
    frame.attrs.update(table=name, sources=cited(name, edition))
    return frame
