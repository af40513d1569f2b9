"""预算曲线：每栏每线都在，缺失、负数与过多的线被拒绝。"""

import numpy as np
import pandas as pd
import pytest

from chokepoint import plots

FRAME = pd.DataFrame({"a": [3.0, 2.0, 0.0], "b": [3.0, 3.0, 1.0]}, index=[0, 50, 100])
NAMES = {"b": "乙", "a": "甲"}


def test_lines_and_legend():
    fig = plots.budget_lines({"上": FRAME, "下": FRAME[["a"]]}, xlabel="预算（%）", names=NAMES)
    upper, lower = fig.axes
    assert [line.get_ydata().tolist() for line in upper.lines] == [FRAME["b"].tolist(), FRAME["a"].tolist()]
    assert [line.get_ydata().tolist() for line in lower.lines] == [FRAME["a"].tolist()]
    assert upper.lines[1].get_color() == lower.lines[0].get_color() != upper.lines[0].get_color()
    assert upper.lines[0].get_linestyle() != upper.lines[1].get_linestyle()
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["乙", "甲"]
    assert lower.get_xlabel() == "预算（%）"
    assert upper.get_ylim()[0] == 0


@pytest.mark.parametrize("bad", [np.nan, -1.0])
def test_refuses_bad_values(bad):
    with pytest.raises(ValueError, match="“下”一栏有缺失或负数"):
        plots.budget_lines({"上": FRAME, "下": FRAME.assign(a=[3.0, bad, 0])}, xlabel="", names=NAMES)


def test_refuses_a_fifth_line():
    with pytest.raises(ValueError, match="至多 4 条线"):
        plots.budget_lines({"上": FRAME}, xlabel="", names=dict.fromkeys("abcde", "线"))
