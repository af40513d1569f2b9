"""作图与制表：全书一种样式，一种收尾。

>>> fig = plots.range_bars(frame, xlabel="项数")
>>> plots.figure(fig, "fig-pillars", caption=…, alt=…, tables=["chokepoints"])

图的种类在 ``charts/`` 里，一种一个模块，模块名就是函数名，用到才装入。
"""

import pkgutil
from pathlib import Path

import lazy_loader

from ._emit import figure, provenance, table
from ._style import COUNTRY_COLORS, INK, MUTED, PALETTE, PILLAR_COLORS, RUNG_COLORS, canvas, fonts

_CHARTS = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent / "charts")]))

__getattr__, *_ = lazy_loader.attach(__name__, submod_attrs={f"charts.{name}": [name] for name in _CHARTS})

__all__ = [
    "COUNTRY_COLORS",
    "INK",
    "MUTED",
    "PALETTE",
    "PILLAR_COLORS",
    "RUNG_COLORS",
    "canvas",
    "figure",
    "fonts",
    "provenance",
    "table",
    *_CHARTS,
]
