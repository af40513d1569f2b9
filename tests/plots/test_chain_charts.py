"""产业链的几种图：只查有逻辑的地方。"""

import pandas as pd
import pytest

from chokepoint import plots
from chokepoint.plots.charts.threshold_lines import _spread


def test_line_ends_are_spread_and_keep_their_order():
    placed = _spread({"甲": 5, "乙": 5, "丙": 4, "丁": 30}, 2)
    assert sorted(placed, key=placed.get) == ["丙", "甲", "乙", "丁"]
    values = sorted(placed.values())
    assert all(b - a >= 2 for a, b in zip(values, values[1:], strict=False))
    assert (placed["丙"], placed["丁"]) == (4, 30)


def test_mirror_has_one_scale_and_names_once():
    frame = pd.DataFrame({"左": [26, 0], "右": [1, 13]}, index=["甲", "乙"])
    fig = plots.mirror_bars(frame, titles=("左（个）", "右（个）"))
    left, right = fig.axes
    assert sorted(left.get_xlim()) == pytest.approx(sorted(right.get_xlim()))
    assert left.xaxis_inverted()
    assert [t.get_text() for t in right.get_yticklabels()] == ["甲", "乙"]
    assert not any(t.get_text() for t in left.get_yticklabels())
