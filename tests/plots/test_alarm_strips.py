"""报警条：格的颜色、文字与分组线，坏数据被拒绝。"""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from chokepoint import plots
from chokepoint.plots.charts.alarm_strips import COLORS

STATE = pd.DataFrame([[0, 1, 2], [np.nan, 0, 0]], index=["甲", "乙"], columns=[2020, 2021, 2022])
LEVELS = ("平静", "越线", "报警")


def test_cells():
    fig = plots.alarm_strips(STATE, levels=LEVELS, xlabel="年")
    (ax,) = fig.axes
    cells = [to_hex(p.get_facecolor()) if p.get_facecolor()[3] else "none" for p in ax.patches]
    assert cells == [c.lower() for c in (*COLORS, "none", COLORS[0], COLORS[0])]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["甲", "乙"]
    assert [t.get_text() for t in fig.legends[0].get_texts()] == [*LEVELS, "没有数"]
    assert not ax.texts


def test_texts_and_groups():
    texts = STATE.map(lambda v: "" if np.isnan(v) else f"{v:g} 倍")
    fig = plots.alarm_strips(STATE, texts, levels=LEVELS, xlabel="年", group=pd.Series({"甲": "a", "乙": "b"}))
    (ax,) = fig.axes
    assert [t.get_text() for t in ax.texts] == ["0 倍", "1 倍", "2 倍", "0 倍", "0 倍"]
    assert [line.get_ydata()[0] for line in ax.lines] == [1]


@pytest.mark.parametrize(
    ("state", "texts", "message"),
    [
        (STATE.replace(2, 3), None, "只能是 0、1、2"),
        (STATE, STATE.iloc[:1], "行列不同"),
        (pd.DataFrame([range(9)]) * 0, pd.DataFrame([["x"] * 9]), "至多 8 列"),
    ],
)
def test_refuses(state, texts, message):
    with pytest.raises(ValueError, match=message):
        plots.alarm_strips(state, texts, levels=LEVELS, xlabel="年")
