"""相图：静止点与路径都画上，不认识的种类与没有来历的参数被拒绝。"""

import pandas as pd
import pytest

from chokepoint import games, plots
from chokepoint.plots.charts import phase_portrait as chart

GAME = games.Partnership(gain=6, share=0.5, costs=(1.4, 1.6), betrayal=(0.9, 1.1), penalty=0.4, incentive=0.2)
POINTS = games.rest_points(GAME)
TRAILS = [pd.DataFrame({"x": [0.1, 0.9], "y": [0.2, 0.95]}), pd.DataFrame({"x": [0.4, 0.0], "y": [0.3, 0.0]})]


def drawn(**change):
    given = {"xlabel": "甲", "ylabel": "乙", "note": "都是假想"} | change
    return plots.phase_portrait(GAME.drift, given.pop("points", POINTS), TRAILS, **given)


def test_points_paths_and_note():
    fig = drawn()
    (ax,) = fig.axes
    assert ax.get_xlabel() == "甲\n都是假想"
    ends = {tuple(line.get_xydata()[-1]): line.get_color() for line in ax.lines}
    assert ends == {(0.9, 0.95): plots.PALETTE[0], (0.0, 0.0): plots.PALETTE[1]}
    spots = [tuple(c.get_offsets()[0]) for c in ax.collections if len(c.get_offsets()) == 1]
    assert set(zip(POINTS["x"], POINTS["y"], strict=True)) <= set(spots)
    names = [text.get_text() for text in fig.legends[0].get_texts()]
    assert names == ["稳定", "鞍点", "不稳定", "走到都守约", "走到别处"]


def test_arrows_follow_the_drift():
    (ax,) = drawn().axes
    quiver = next(c for c in ax.collections if hasattr(c, "U"))
    assert len(quiver.U) == chart.ARROWS**2
    u, v = GAME.drift(quiver.X, quiver.Y)
    assert abs(quiver.U * v - quiver.V * u).max() < 1e-9
    assert (quiver.U * u + quiver.V * v >= 0).all()


def test_refuses():
    with pytest.raises(ValueError, match="不认识的种类：centre"):
        drawn(points=POINTS.assign(kind="centre"))
    with pytest.raises(ValueError, match="假想"):
        drawn(note=" ")
