"""《破解“卡脖子”》一书的分析包。

每个房间（子包）只在第一次用到时才装入：``import chokepoint`` 本身不装入任何房间，
因而一章的依赖就是它真正用到的房间。
"""

from __future__ import annotations

import importlib
import pkgutil

#: 书页认得的输出：``plots`` 与 ``prose`` 写，书的扩展读。
OUTPUT_MIME = "application/vnd.chokepoint+json"


def _rooms() -> list[str]:
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def __getattr__(name: str):
    if name in _rooms():
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"chokepoint 没有名为 {name} 的房间；现有：{'、'.join(_rooms())}")


def __dir__() -> list[str]:
    return _rooms()
