"""上下几栏的折线：同一横轴，每栏纵轴各自从零起，线名写在右侧。"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .._style import MUTED, canvas
from .trend_lines import spread

#: 线名之间至少隔开一栏高度的几分之几。
PANEL_GAP = 0.105


def panel_lines(
    panels: Mapping[str, pd.DataFrame],
    *,
    colors: Mapping[str, str],
    names: Mapping[str, str],
    level: float | None = None,
    marks: Mapping[float, str] | None = None,
    height: float = 5.6,
) -> Figure:
    """同一批线在几种口径下的样子，上下并列；各栏纵轴不同，图注里要说明。

    Parameters
    ----------
    panels : mapping
        栏题（含单位）→ 表；索引为年份，列为线的代码，各栏的列相同，不能有缺失。
    colors, names : mapping
        线的代码 → 颜色、线名。
    level : float, optional
        各栏都画的一条水平参照线。
    marks : mapping, optional
        年份 → 短话（不超过七个字）：各栏画竖的虚线，短话写在最上一栏的顶上，如断点、序列的终点。
    height : float
        高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        有缺失。
    """
    fig, axes = canvas(height, nrows=len(panels), sharex=True)
    axes = [axes] if len(panels) == 1 else list(axes)
    for ax, (title, frame) in zip(axes, panels.items(), strict=True):
        if frame.isna().any(axis=None):
            raise ValueError(f"“{title}”一栏有缺失，断线图请用 broken_lines")
        for code, line in frame.items():
            ax.plot(line.index, line, color=colors[code], linewidth=2)
            ax.scatter(line.index[-1:], line.iloc[-1:], color=colors[code], s=22, zorder=3)
        ax.set_ylim(bottom=0)
        ax.set_title(title, loc="left", fontsize=10, pad=15 if marks and ax is axes[0] else None)
        ax.grid(axis="y")
        ax.grid(visible=False, axis="x")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        if level is not None:
            ax.axhline(level, color=MUTED, linewidth=1, linestyle="--", zorder=1)
        for x in marks or {}:
            ax.axvline(x, color=MUTED, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
        top = ax.get_ylim()[1]
        last = (frame.iloc[-1] / top).sort_values()
        for code, y in zip(last.index, spread(list(last), PANEL_GAP), strict=True):
            ax.annotate(
                names[code], (1, y), (8, 0), xycoords="axes fraction", textcoords="offset points",
                va="center", color=colors[code], fontsize=9.5, annotation_clip=False,
            )  # fmt: skip
    for x, text in (marks or {}).items():
        axes[0].annotate(
            text, (x, 1), (0, 1), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="right", va="bottom", fontsize=8.5, color=MUTED,
        )  # fmt: skip
    return fig
