"""记录条：断点之后才打斜线，条的高是各来源之和，跨过断点的条被拒绝。"""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from chokepoint import plots

FRAME = pd.DataFrame({"left": [2020, 2021, 2021.5], "right": [2021, 2021.5, 2022], "甲": [3, 1, 0], "乙": [1, 0, 4]})
OPTIONS = {"labels": ("前", "后"), "ylabel": "件", "colors": {"甲": "#0072B2", "乙": "#D55E00"}}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def bars(ax):
    return [
        (p.get_x(), p.get_width(), p.get_y(), p.get_height(), bool(p.get_hatch())) for c in ax.containers for p in c
    ]


def test_only_bars_after_the_break_are_hatched():
    found = bars(plots.archive_bars(FRAME, break_at=2021.5, **OPTIONS).axes[0])
    assert len(found) == 6
    assert all(hatched == (x >= 2021.5) for x, *_, hatched in found)


def test_bars_are_stacked_and_span_their_period():
    found = bars(plots.archive_bars(FRAME, break_at=2021.5, **OPTIONS).axes[0])
    assert (2020, 1, 3, 1, False) in found
    assert (2021.5, 0.5, 0, 4, True) in found


def test_break_and_labels_are_written():
    ax = plots.archive_bars(FRAME, break_at=2021.5, **OPTIONS).axes[0]
    assert [t.get_text() for t in ax.texts] == ["前", "后"]
    assert 2021.5 in [line.get_xdata()[0] for line in ax.lines]


def test_a_bar_across_the_break_is_refused():
    with pytest.raises(ValueError, match="跨过断点"):
        plots.archive_bars(FRAME, break_at=2020.5, **OPTIONS)
