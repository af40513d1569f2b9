"""换成你的产业链：三张表进，一份报告出。

>>> from chokepoint import report
>>> found = report.build("my_chain/", domestic="CHN")
>>> found.frames["single"]      # 握在一家手里的节点
>>> found.save("report.html")   # 一个文件，不向外请求

命令行上是 ``python -m chokepoint template my_chain/`` 与 ``python -m chokepoint report my_chain/``。
算法都在链、集中度、综合指数三个房间里，这里只管读表、查错、排版。
"""

from __future__ import annotations

from ._analyse import NO_SHARES, RESIDUAL, STATE_NAMES, Options
from ._build import Report, build
from ._check import examine
from ._fault import Fault, FolderError
from ._files import TEMPLATES, template, write_whole
from ._read import COLUMNS

__all__ = [
    "COLUMNS",
    "NO_SHARES",
    "RESIDUAL",
    "STATE_NAMES",
    "TEMPLATES",
    "Fault",
    "FolderError",
    "Options",
    "Report",
    "build",
    "examine",
    "template",
    "write_whole",
]
