"""预算曲线：上下几栏，横轴是预算的百分比，一条线是一种做法，纵轴从零起或另给。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from .._style import PALETTE, canvas

_DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))


def budget_lines(
    panels: Mapping[str, pd.DataFrame], *, xlabel: str, names: Mapping[str, str], height: float = 5.4, top: float = 1.06
) -> Figure:
    """几栏曲线，共用横轴；线型不同，黑白打印也分得开。

    Parameters
    ----------
    panels : mapping of str to pandas.DataFrame
        栏题（含单位）→ 表；索引为横轴的数，列为线的代码（各栏可以只有其中几条），值非负，不缺。
    xlabel : str
        横轴标题，含单位。
    names : mapping of str to str
        线的代码 → 图例文字；次序定颜色与线型，至多四条。
    height : float
        高度，英寸。
    top : float
        纵轴上限是最大值的几倍。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        有缺失或负数，或线多于四条。
    """
    if len(names) > len(_DASHES):
        raise ValueError(f"至多 {len(_DASHES)} 条线，得到 {len(names)} 条")
    fig, axes = canvas(height, nrows=len(panels), sharex=True)
    axes = [axes] if len(panels) == 1 else list(axes)
    style = dict(zip(names, zip(PALETTE, _DASHES, strict=False), strict=False))
    shown = {}
    for ax, (title, frame) in zip(axes, panels.items(), strict=True):
        if frame.isna().any(axis=None) or (frame < 0).any(axis=None):
            raise ValueError(f"“{title}”一栏有缺失或负数")
        for code in (c for c in names if c in frame):
            color, dash = style[code]
            (shown[code],) = ax.plot(frame.index, frame[code], color=color, linestyle=dash, linewidth=2)
        ax.set_ylim(0, frame.to_numpy().max() * top)
        ax.set_title(title, loc="left", fontsize=10)
        ax.grid(axis="y")
        ax.grid(visible=False, axis="x")
    axes[-1].set_xlabel(xlabel)
    order = [c for c in names if c in shown]
    fig.legend(
        [shown[c] for c in order], [names[c] for c in order], loc="outside upper center", ncols=2, columnspacing=1.2
    )
    return fig
