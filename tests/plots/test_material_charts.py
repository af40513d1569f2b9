"""“关键基础材料”一章的三种图：名字不相压，分节与倍数画在该在的地方，份额格写全。"""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from chokepoint import plots
from chokepoint.plots.charts.threshold_plane import PLACES


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def plane(points):
    frame = pd.DataFrame(points, columns=["x", "y"])
    frame = frame.assign(name_zh=[f"材料{i}" for i in range(len(frame))], named=True, critical=frame["y"] >= 1)
    fig = plots.threshold_plane(frame, xlabel="横", ylabel="纵", lines=(2.8, 1.0), names=("达到", "其余"))
    fig.draw_without_rendering()
    ax = fig.axes[0]
    return ax, [t.get_window_extent() for t in ax.texts]


def test_plane_names_never_overlap_and_crowded_ones_are_left_out():
    ax, boxes = plane([(4 + 0.01 * i, 2) for i in range(30)])
    assert 0 < len(boxes) < 30
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    assert all(ax.bbox.contains(*b.min) and ax.bbox.contains(*b.max) for b in boxes)


def test_plane_names_everyone_when_there_is_room():
    _, boxes = plane([(1, 1), (5, 3), (8, 5)])
    assert len(boxes) == 3
    assert PLACES[0][2] == "left"


def effects():
    frame = pd.DataFrame(
        {
            "estimate": [0.8, 1.2, 9.0],
            "low": [0.7, 1.0, 6.0],
            "high": [0.9, 1.5, 50.0],
            "kind": ["main", "variant", "placebo"],
            "group": ["甲", "甲", "乙"],
        },
        index=["一", "二", "三"],
    )
    return plots.effect_rows(frame, xlabel="倍", ticks=(0.5, 1, 2, 10), legend={"main": "主"})


def test_effect_rows_names_groups_once_and_keeps_the_order():
    ax = effects().axes[0]
    labels = {t.get_text(): y for t, y in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)}
    assert labels["甲"] < labels["一"] < labels["二"] < labels["乙"] < labels["三"]
    assert ax.yaxis_inverted()
    assert ax.get_xscale() == "log"


def test_effect_rows_clips_what_does_not_fit():
    ax = effects().axes[0]
    left, right = ax.get_xlim()
    ends = [x for line in ax.collections if hasattr(line, "get_segments") for s in line.get_segments() for x in s[:, 0]]
    assert max(ends) <= right
    assert left < 0.5
    assert right > 10


def test_effect_rows_rejects_an_unknown_kind_and_an_estimate_off_the_scale():
    frame = pd.DataFrame({"estimate": [1], "low": [1], "high": [1], "kind": ["别的"], "group": ["甲"]}, index=["一"])
    with pytest.raises(ValueError, match="刻度"):
        plots.effect_rows(frame.assign(kind="main", estimate=9), xlabel="倍", ticks=(0.5, 1, 2), legend={})
    with pytest.raises(KeyError):
        plots.effect_rows(frame, xlabel="倍", ticks=(0.5, 1, 2), legend={})


def test_share_grid_writes_every_cell_and_boxes_the_year():
    years = [2022, 2023, 2024]
    frame = pd.DataFrame([[60, 0.2, 0], [40, 99.8, 100]], index=["甲", "其余"], columns=years)
    foot = {"组": pd.Series(["1", "2", "3"], index=years, name="合计")}
    ax = plots.share_grid({"组": frame}, title="份额", split=2023, split_label="事", foot=foot).axes[0]
    said = [t.get_text() for t in ax.texts]
    assert said == ["60", "<1", "0", "40", "100", "100", "1", "2", "3"]
    (box,) = [p for p in ax.patches if not p.get_fill()]
    assert (box.get_x(), box.get_width()) == (0.5, 1)
    with pytest.raises(ValueError, match="2019"):
        plots.share_grid({"组": frame}, title="份额", split=2019, split_label="事", foot=foot)
