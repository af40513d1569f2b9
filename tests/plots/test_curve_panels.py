"""多栏曲线：每栏每线都在，门槛画在各栏，对数轴拒绝零与缺失。"""

import numpy as np
import pandas as pd
import pytest

from chokepoint import plots

FRAME = pd.DataFrame({"one": [1.0, 2.0, 4.0], "two": [3.0, 2.0, 1.0]}, index=[0.0, 0.5, 0.9])


def drawn(frame):
    return plots.curve_panels(
        {"上": FRAME, "下": frame}, xlabel="溢出率", colors={"one": "#000000", "two": "#777777"},
        names={"one": "甲", "two": "乙"}, ticks={"上": (1, 2, 4), "下": (1, 3)}, marks={0.41: "0.41"},
    )  # fmt: skip


def test_lines_marks_and_ticks():
    fig = drawn(FRAME)
    for ax, ticks in zip(fig.axes, ([1, 2, 4], [1, 3]), strict=True):
        curves = [line for line in ax.lines if len(line.get_xdata()) == 3]
        assert [line.get_label() for line in curves] == ["甲", "乙"]
        assert curves[0].get_ydata().tolist() == FRAME["one"].tolist()
        assert [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 2] == [0.41]
        assert ax.get_yscale() == "log"
        assert ax.yaxis.get_majorticklocs().tolist() == ticks
    assert [t.get_text() for t in fig.axes[0].texts] == ["0.41"]


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan])
def test_refuses(bad):
    with pytest.raises(ValueError, match="“下”一栏有缺失或不是正数"):
        drawn(FRAME.assign(two=[3.0, bad, 1.0]))
