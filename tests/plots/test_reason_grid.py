"""缘由三角：只画下三角，颜色与字对得上，坏数据被拒绝。"""

import pandas as pd
import pytest

from chokepoint import plots

NAMES = ["甲", "乙", "丙"]
GRID = pd.DataFrame([["可", "性", "性"], ["性", "可", "可"], ["位", "可", "可"]], index=NAMES, columns=NAMES)
COLORS = {"性": "#E8A06B", "位": "#CFE3F2", "可": "#0072B2"}
LEGEND = {"性": "性：不同", "位": "位：不同", "可": "可以"}


def draw(grid=GRID, colors=COLORS):
    return plots.reason_grid(grid, colors=colors, legend=LEGEND)


def test_lower_triangle_only():
    fig = draw()
    (ax,) = fig.axes
    assert len(ax.patches) == 3
    assert [t.get_text() for t in ax.texts] == ["性", "位", "可", "1", "2"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["甲 1", "乙 2", "丙 3"]
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["性：不同", "位：不同", "可以"]


def test_unused_reasons_leave_the_legend():
    fig = draw(GRID.replace("位", "性"))
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["性：不同", "可以"]


@pytest.mark.parametrize(
    ("grid", "message"),
    [(GRID.rename(index={"甲": "丁"}), "行名与列名不同"), (GRID.replace("位", "币"), "没有颜色的缘由：币")],
)
def test_refuses(grid, message):
    with pytest.raises(ValueError, match=message):
        draw(grid)
