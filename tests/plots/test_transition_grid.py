"""转移方格与多栏曲线：格里的字、框与刻度，坏数据被拒绝。"""

import pandas as pd
import pytest

from chokepoint import plots

GRID = pd.DataFrame(
    [
        ("a", "a", 4, 0.75, 0.3, 0.95),
        ("a", "b", 4, 0.25, 0.05, 0.7),
        ("b", "a", 2, 0.5, 0.1, 0.9),
        ("b", "b", 2, 0.5, 0.1, 0.9),
    ],
    columns=["start", "end", "total", "estimate", "low", "high"],
)


def test_cells_and_labels():
    fig = plots.transition_grid(GRID, names={"a": "甲", "b": "乙"}, xlabel="下一年", ylabel="当年")
    (ax,) = fig.axes
    texts = [t.get_text() for t in ax.texts]
    assert texts[:4] == ["75%", "30%–95%", "25%", "5%–70%"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["甲\n4 次", "乙\n2 次"]
    framed = [p for p in ax.patches if not p.get_fill()]
    assert len(framed) == 2, "没有变的两格加框"


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.concat([GRID, GRID.iloc[:1]]), "两行"),
        (GRID.assign(estimate=[0.75, 0.35, 0.5, 0.5]), "“a”出发的比例加起来不是一"),
    ],
)
def test_grid_refuses(frame, message):
    with pytest.raises(ValueError, match=message):
        plots.transition_grid(frame, names={"a": "甲", "b": "乙"}, xlabel="", ylabel="")
