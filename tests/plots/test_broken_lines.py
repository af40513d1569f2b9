"""断线图：该断的断，目标不连线。"""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from chokepoint import plots
from chokepoint.plots.charts.broken_lines import runs

POINTS = pd.DataFrame(
    {
        "line": "中国",
        "x": [2012, 2013, 2015, 2016, 2017, 2020],
        "y": [1.0, 2, 3, 4, 5, 9],
        "segment": ["旧", "旧", "旧", "旧", "新", "新"],
        "kind": ["observed", "observed", "observed", "uncertain", "observed", "target"],
    }
)


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def lines(fig):
    return [line.get_xydata() for line in fig.axes[0].lines if len(line.get_xdata()) > 1]


def test_a_gap_and_a_new_definition_both_break():
    assert [list(part["x"]) for part in runs(POINTS, 1)] == [[2012, 2013], [2015, 2016], [2017], [2020]]
    assert [list(part["x"]) for part in runs(POINTS, None)] == [[2012, 2013, 2015, 2016], [2017, 2020]]


def test_targets_are_never_joined_to_outcomes():
    drawn = lines(plots.broken_lines(POINTS, ylabel="份", colors={"中国": "#000000"}, step=None))
    assert not any((part[:, 0] == 2020).any() for part in drawn)
    joined = lines(
        plots.broken_lines(POINTS.assign(kind="observed"), ylabel="份", colors={"中国": "#000000"}, step=None)
    )
    assert any((part[:, 0] == 2020).any() for part in joined)


def test_the_band_is_the_interval():
    table = POINTS.head(2).assign(low=[0.5, 1.5], high=[1.5, 2.5])
    (band,) = plots.broken_lines(table, ylabel="份", colors={"中国": "#000000"}).axes[0].collections[:1]
    corners = band.get_paths()[0].vertices
    assert np.ptp(corners[corners[:, 0] == 2012][:, 1]) == pytest.approx(1)


def test_a_line_without_a_colour_is_named():
    with pytest.raises(KeyError, match="中国"):
        plots.broken_lines(POINTS, ylabel="份", colors={"美国": "#000000"})


def test_nullable_years_lose_no_point():
    """数据表的年份是可缺失的整数：第一点也要在。"""
    table = POINTS.astype({"x": "Int64", "y": "Float64"})
    assert sum(len(part) for part in runs(table, 1)) == len(POINTS)
    drawn = lines(plots.broken_lines(table, ylabel="份", colors={"中国": "#000000"}))
    assert any((part[:, 0] == 2012).any() for part in drawn)
