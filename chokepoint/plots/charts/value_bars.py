"""分布条：几栏直方图上下叠放，共用一条横轴，比较一批数挤在哪里。"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .._style import INK, MUTED, PALETTE, canvas


def value_bars(
    panels: Mapping[str, pd.Series],
    *,
    edges: np.ndarray,
    xlabel: str,
    threshold: float | None = None,
    colors: tuple[str, ...] = PALETTE,
    row: float = 1.15,
) -> Figure:
    """每栏一批数的直方图，竖轴是占本栏的百分比；门槛以上的占比写在栏里。

    Parameters
    ----------
    panels : mapping
        栏题 → 一批数，不缺，都在 ``edges`` 两端之间。
    edges : numpy.ndarray
        分格的边，由小到大。
    xlabel : str
        横轴标题，含单位。
    threshold : float, optional
        画一条竖的虚线，写出不低于它的占比。
    colors : tuple of str
        各栏的颜色。
    row : float
        一栏的高度，英寸。

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        一栏为空、有缺失或落在分格之外。
    """
    fig, axes = canvas(0.6 + row * len(panels), nrows=len(panels), sharex=True, sharey=True, squeeze=False)
    for ax, (title, values), color in zip(axes.flat, panels.items(), colors, strict=False):
        x = values.to_numpy(dtype=float)
        if not x.size or not ((x >= edges[0]) & (x <= edges[-1])).all():
            raise ValueError(f"“{title}”一栏为空，或有数缺失、落在 {edges[0]:g} 到 {edges[-1]:g} 之外")
        share = np.histogram(x, edges)[0] / x.size * 100
        ax.bar(edges[:-1], share, width=np.diff(edges), align="edge", color=color, edgecolor="white", linewidth=0.6)
        ax.set_title(title, loc="left", fontsize=10)
        ax.grid(visible=False, axis="x")
        if threshold is not None:
            ax.axvline(threshold, color=MUTED, linewidth=1, linestyle="--")
            ax.annotate(f"≥ {threshold:g}：{(x >= threshold).mean():.0%}", (threshold, 0.95),
                        xycoords=("data", "axes fraction"), xytext=(-5, 0), textcoords="offset points",
                        ha="right", va="top", fontsize=9, color=INK)  # fmt: skip
        ax.yaxis.set_major_formatter(lambda v, _: f"{v:g}%")
    axes[-1, 0].set_xlabel(xlabel)
    axes[-1, 0].set_xlim(edges[0], edges[-1])
    return fig
