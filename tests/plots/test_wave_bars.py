"""浪潮条：段从中线往外叠，上下同一尺度，坏的件数与对不上的期被拒绝。"""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from chokepoint import plots

TIMES = ["2024 上", "2024 下", "2025 上"]
UP = pd.DataFrame({"新设": [3, 0, 1], "放松": [1, 2, 0]}, index=TIMES)
DOWN = pd.DataFrame({"新设": [0, 4, 1], "放松": [0, 0, 2]}, index=TIMES)
LOOK = {"titles": ("甲", "乙"), "colors": {"新设": "#B34700", "放松": "#56B4E9"}, "ylabel": "件"}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_segments_stack_away_from_the_middle():
    ax = plots.wave_bars(UP, DOWN, **LOOK).axes[0]
    first, second, third, fourth = ax.containers
    assert [p.get_height() for p in first] == [3, 0, 1]
    assert [p.get_y() for p in second] == [3, 0, 1]
    assert [p.get_height() for p in third] == [0, -4, -1]
    assert [p.get_y() + p.get_height() for p in fourth] == [0, -4, -3]


def test_both_sides_share_one_scale_and_counts_are_positive():
    ax = plots.wave_bars(UP, DOWN, **LOOK).axes[0]
    low, high = ax.get_ylim()
    assert low < -4
    assert high > 4
    assert ax.yaxis.get_major_formatter()(-3, 0) == "3"


def test_names_of_the_sides_and_years():
    ax = plots.wave_bars(UP, DOWN, **LOOK).axes[0]
    assert [t.get_text() for t in ax.texts] == ["甲", "乙"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2024", "2025"]


def test_periods_must_agree():
    with pytest.raises(ValueError, match="期不同"):
        plots.wave_bars(UP, DOWN.iloc[:2], **LOOK)


@pytest.mark.parametrize("bad", [-1, None])
def test_bad_counts(bad):
    wrong = UP.astype(float)
    wrong.iloc[0, 0] = bad
    with pytest.raises(ValueError, match="非负"):
        plots.wave_bars(wrong, DOWN, **LOOK)


def test_every_action_needs_a_column():
    with pytest.raises(KeyError):
        plots.wave_bars(UP.drop(columns="放松"), DOWN, **LOOK)
