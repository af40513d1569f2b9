"""浪潮条：一期一根，上下各一方，各段是几种动作，件数从中线往两边数。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .._style import INK, canvas


def wave_bars(
    up: pd.DataFrame,
    down: pd.DataFrame,
    *,
    titles: tuple[str, str],
    colors: Mapping[str, str],
    ylabel: str,
    height: float = 3.9,
) -> Figure:
    """两方的件数，一方向上、一方向下，同一尺度；每期先画的段靠近中线。

    Parameters
    ----------
    up, down : pandas.DataFrame
        索引相同的各期（如 ``"2024 上"``，每年两期，首期为上半年），列为动作，值为非负整数，没有的期写零。
    titles : (str, str)
        上、下两方的名字，写在左上、左下。
    colors : mapping
        动作 → 颜色，次序即由中线往外的次序；各列都要有。
    ylabel : str
        纵轴标题，含单位。
    height : float
        高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        两表的期不同，或有负数、缺失。
    """
    if list(up.index) != list(down.index):
        raise ValueError("上下两表的期不同")
    fig, ax = canvas(height)
    x = np.arange(len(up))
    reach = []
    for frame, sign in ((up, 1), (down, -1)):
        values = frame[list(colors)].to_numpy(float)
        if np.isnan(values).any() or (values < 0).any():
            raise ValueError("件数应是非负整数，不能缺失")
        base = np.zeros(len(frame))
        for column, color in zip(values.T, colors.values(), strict=True):
            ax.bar(x, sign * column, bottom=sign * base, color=color, width=0.82, edgecolor="white", linewidth=0.5)
            base += column
        reach.append(base.max())
    ax.axhline(0, color=INK, linewidth=1)
    ax.set_ylim(-reach[1] - 2.2, reach[0] + 2.2)
    for title, at, align in ((titles[0], 0.99, "top"), (titles[1], 0.01, "bottom")):
        ax.text(0.01, at, title, transform=ax.transAxes, va=align, fontsize=10, weight="bold", color=INK)
    ax.set_xticks(x[::2] + 0.5, [str(name)[:4] for name in up.index[::2]])
    ax.set_xlim(-0.7, len(up) - 0.3)
    ax.tick_params(axis="x", length=0)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{abs(v):g}"))
    ax.set_ylabel(ylabel)
    ax.grid(visible=False, axis="x")
    ax.grid(axis="y")
    fig.legend(
        handles=[Patch(facecolor=c, label=name) for name, c in colors.items()],
        loc="outside upper center", ncols=len(colors), columnspacing=1.2, handlelength=1.2,
    )  # fmt: skip
    return fig
