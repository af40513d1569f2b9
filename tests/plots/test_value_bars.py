"""分布条：条的高度是占比，门槛以上的占比另数一遍，落在外面的数被拒绝。"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from chokepoint import plots

EDGES = np.linspace(0, 1, 6)
ONE, TWO = pd.Series([0.05, 0.95, 0.97, 1.0]), pd.Series([0.1, 0.3, 0.5, 0.9])


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_heights_are_shares_of_the_panel():
    fig = plots.value_bars({"甲": ONE, "乙": TWO}, edges=EDGES, xlabel="值")
    heights = [[round(p.get_height()) for p in ax.patches] for ax in fig.axes]
    assert heights == [[25, 0, 0, 0, 75], [25, 25, 25, 0, 25]]


def test_threshold_counts_the_border_itself():
    fig = plots.value_bars({"甲": ONE, "乙": TWO}, edges=EDGES, xlabel="值", threshold=0.9)
    assert [ax.texts[0].get_text() for ax in fig.axes] == ["≥ 0.9：75%", "≥ 0.9：25%"]


@pytest.mark.parametrize("bad", [pd.Series([0.5, 1.2]), pd.Series([0.5, np.nan]), pd.Series([], dtype=float)])
def test_bad_values_name_the_panel(bad):
    with pytest.raises(ValueError, match="“乙”一栏"):
        plots.value_bars({"甲": ONE, "乙": bad}, edges=EDGES, xlabel="值")
