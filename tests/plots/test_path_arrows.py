"""路径箭头：箭头指向末年，点名的写名字，其余只有首末一段；坏数与没有的名字被拒绝。"""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.text import Annotation

from chokepoint import plots

POINTS = pd.DataFrame(
    {
        "name": ["甲"] * 3 + ["乙"] * 3,
        "year": [2013, 2012, 2014] * 2,
        "x": [1.0, 0.5, 2.0, 3.0, 3.5, 2.5],
        "y": [1.0, 0.4, 3.0, 1.0, 2.0, 0.5],
    }
)
LOOK = {"xlabel": "横", "ylabel": "纵", "ticks": (0.5, 1, 2)}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def arrows(fig):
    found = [t for t in fig.axes[0].texts if isinstance(t, Annotation) and t.arrow_patch is not None]
    return [(tuple(t.xyann), tuple(t.xy)) for t in found]


def test_arrows_run_from_early_to_late():
    fig = plots.path_arrows(POINTS, colors={"甲": "#000000"}, **LOOK)
    # 点名的：末一步；没有点名的：首年直到末年
    assert arrows(fig) == [((1.0, 1.0), (2.0, 3.0)), ((3.5, 2.0), (2.5, 0.5))]


def test_only_named_are_written_and_traced_in_year_order():
    fig = plots.path_arrows(POINTS, colors={"甲": "#000000"}, **LOOK)
    assert [t.get_text() for t in fig.axes[0].texts if t.get_text()] == ["甲"]
    assert list(fig.axes[0].lines[1].get_xdata()) == [0.5, 1.0, 2.0]


def test_left_offset_aligns_right():
    fig = plots.path_arrows(POINTS, colors={"乙": "#000000"}, marked={"乙": (-6, 0)}, **LOOK)
    (name,) = [t for t in fig.axes[0].texts if t.get_text()]
    assert name.get_ha() == "right"


def test_refused():
    with pytest.raises(ValueError, match="正数"):
        plots.path_arrows(POINTS.assign(x=0.0), colors={}, **LOOK)
    with pytest.raises(ValueError, match="没有点：丙"):
        plots.path_arrows(POINTS, colors={"丙": "#000000"}, **LOOK)
