"""份额格：一行一个伙伴，一列一年，格里是份额，颜色越深越多；几组上下叠放。"""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from .._style import INK, MUTED, canvas, ink_on


def share_grid(
    panels: Mapping[str, pd.DataFrame], *, title: str, split: int, split_label: str, foot: Mapping[str, pd.Series]
) -> Figure:
    """几组份额，共用一条年份的横轴；虚线框出一件事发生的那一年。

    Parameters
    ----------
    panels : mapping of str to pandas.DataFrame
        组名 → 表；行为伙伴（自上而下），列为年，值为百分数，各组的年相同。
    title : str
        图左上方的说明，含单位。
    split : int
        用虚线框出的一年：那一年跨着这件事。
    split_label : str
        虚线框的说明。
    foot : mapping of str to pandas.Series
        组名 → 每年写在组下的一行文字（如合计），首格的名字取序列的 ``name``。

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = [len(p) + 1 for p in panels.values()]
    fig, axes = canvas(0.55 + 0.25 * sum(rows) + 0.32 * len(panels), nrows=len(panels), height_ratios=rows, sharex=True)
    axes = [axes] if len(panels) == 1 else list(axes)
    shades = mpl.colormaps["Blues"]
    for ax, (name, frame) in zip(axes, panels.items(), strict=True):
        years = list(frame.columns)
        for y, (_, values) in enumerate(frame.iterrows()):
            for x, value in enumerate(values):
                color = mpl.colors.to_hex(shades(min(value / 60, 1) * 0.85))
                ax.add_patch(mpl.patches.Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=color, edgecolor="white"))
                text = "<1" if 0 < value < 0.5 else f"{value:.0f}"
                ax.annotate(text, (x, y), ha="center", va="center", fontsize=9, color=ink_on(color))
        below = foot[name]
        for x, text in enumerate(below):
            ax.annotate(text, (x, len(frame)), ha="center", va="center", fontsize=8.5, color=MUTED)
        ax.add_patch(
            mpl.patches.Rectangle((years.index(split) - 0.5, -0.5), 1, len(frame), fill=False, edgecolor=INK,
                                  linewidth=1.4, linestyle="--", zorder=4)
        )  # fmt: skip
        ax.set(xlim=(-0.5, len(years) - 0.5), ylim=(len(frame) + 0.5, -0.5))
        ax.set_yticks(range(len(frame) + 1), [*frame.index, below.name])
        ax.get_yticklabels()[-1].set_color(MUTED)
        ax.set_title(name, loc="left", fontsize=10, fontweight="bold")
        ax.set_xticks(range(len(years)), years)
        ax.tick_params(length=0)
        ax.grid(visible=False)
        for side in ax.spines.values():
            side.set_visible(False)
    fig.suptitle(f"{title}；虚线框：{split_label}", x=0.01, ha="left", fontsize=9.5, color=MUTED)
    return fig
