"""航空发动机一章的几种图：只查有逻辑的地方。"""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from chokepoint import plots


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def said(ax):
    return [t.get_text() for t in ax.texts]


def test_metal_chain_fills_only_from_the_threshold_and_marks_the_missing():
    frame = pd.DataFrame(
        {
            "first": [("AAA", "甲国", 65.0), ("BBB", "乙国", 64.9)],
            "second": [None, ("AAA", "甲国", 20.0)],
            "linked": [True, True],
            "use": ["无用途数据", "高温合金 36%"],
        },
        index=["一", "二"],
    )
    stages = {"first": "开采", "second": "加工"}
    fig = plots.metal_chain(
        frame, stages=stages, colors={"AAA": "#D55E00"}, threshold=65, use="用途", legend=("实", "空", "无")
    )
    (ax,) = fig.axes
    faces = [to_hex(c.get_facecolor()[0]) for c in ax.collections]
    assert faces == ["#d55e00", "#ffffff", "#ffffff"]
    assert said(ax).count("×") == 1
    assert {"甲国 65", "乙国 65", "甲国 20"} <= set(said(ax))


def test_dated_events_keep_early_years_at_the_edge_and_years_as_bars():
    frame = pd.DataFrame(
        {
            "track": ["甲", "乙", "乙"],
            "date": ["1965", "2011", "2018-05"],
            "precision": ["year", "year", "month"],
            "start": [1965.0, 2011.0, 2018.33],
            "end": [1966.0, 2012.0, 2018.41],
            "strength": ["medium", "weak", "weak"],
        },
        index=["早", "中", "晚"],
    )
    fig = plots.dated_events(
        frame,
        start=2008,
        colors={"medium": "#0072B2", "weak": "#D55E00"},
        hollow="weak",
        strengths={"medium": "中", "weak": "弱"},
        precisions={"day": "日", "month": "月", "year": "年"},
    )
    (ax,) = fig.axes
    assert "← 1965 年" in said(ax)
    (bar,) = ax.patches
    assert bar.get_width() == pytest.approx(1)
    assert [t for t in said(ax) if t in {"甲", "乙"}] == ["甲", "乙"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["早", "中", "晚"]


def test_promised_counts_leave_targets_hollow():
    frame = pd.DataFrame({"value": [13, 5, 75], "kind": ["full", "partial", "target"]}, index=["全年", "部分", "目标"])
    fig = plots.promised_counts(frame, xlabel="架", names={"full": "全年", "partial": "部分", "target": "目标"})
    (ax,) = fig.axes
    faces = [to_hex(c.get_facecolor()[0]) for c in ax.collections if isinstance(c, PathCollection)]
    assert faces[-1] == "#ffffff"
    assert "#ffffff" not in faces[:-1]
    assert {"13", "5", "75"} <= set(said(ax))
