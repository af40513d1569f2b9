"""证据矩阵、有数的年份、估计与区间：颜色按级，空的就空，坏的输入不画。"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from chokepoint import plots

LEVELS = ("没有", "弱", "中", "强")
COLORS = ("#FFFFFF", "#EEEEEE", "#6BAED6", "#08306B")
STAGES = {"input": "投入", "outcome": "结果"}
TINTS = {"input": "#0072B2", "outcome": "#D55E00"}


@pytest.fixture(autouse=True)
def tidy():
    yield
    plt.close("all")


def texts(items):
    return [t.get_text() for t in items]


# ---- 证据矩阵 ----
@pytest.fixture
def depth():
    return pd.DataFrame([[0, 1], [2, 3]], index=["甲", "乙"], columns=["投入", "结果"])


@pytest.fixture
def words():
    return pd.DataFrame([["不该写", "一"], ["二", "三"]], index=["甲", "乙"], columns=["投入", "结果"])


def cells(ax):
    """每格的方块，键是它在图上的列与行（自上而下）。"""
    rows = len(ax.get_yticklabels())
    boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
    return {(int(b.get_x()), rows - 1 - int(b.get_y())): b for b in boxes}


def test_matrix_colours_each_cell_by_its_level(depth, words):
    (ax,) = plots.evidence_matrix(depth, words, levels=LEVELS, colors=COLORS).axes
    found = cells(ax)
    assert len(found) == depth.size
    for (column, row), box in found.items():
        level = depth.iat[row, column]
        if level:
            assert to_hex(box.get_facecolor()) == COLORS[level].lower()
        assert (box.get_hatch() is not None) == (level == 1), "只有第一级画斜线"
    assert found[0, 0].get_facecolor()[3] == 0
    assert found[0, 0].get_linestyle() not in {"-", "solid"}, "空格子是虚线框"


def test_matrix_writes_in_the_right_cells_and_never_in_empty_ones(depth, words):
    (ax,) = plots.evidence_matrix(depth, words, levels=LEVELS, colors=COLORS).axes
    placed = {(int(t.get_position()[0]), 1 - int(t.get_position()[1])): t.get_text() for t in ax.texts}
    assert placed == {(1, 0): "一", (0, 1): "二", (1, 1): "三"}
    assert texts(ax.get_xticklabels()) == ["投入", "结果"]
    heights = dict(zip(texts(ax.get_yticklabels()), ax.get_yticks(), strict=True))
    assert heights["甲"] > heights["乙"], "第一行在最上"


def test_matrix_words_can_be_read_on_their_colour(depth, words):
    (ax,) = plots.evidence_matrix(depth, words, levels=LEVELS, colors=COLORS).axes
    ink = {t.get_text(): to_hex(t.get_color()) for t in ax.texts}
    assert ink["三"] == "#ffffff"
    assert ink["二"] != "#ffffff"


def test_matrix_legend_names_every_level_in_order(depth, words):
    fig = plots.evidence_matrix(depth, words, levels=LEVELS, colors=COLORS)
    legend = fig.legends[0]
    assert texts(legend.get_texts()) == list(LEVELS)
    assert [to_hex(p.get_facecolor()) for p in legend.get_patches()[1:]] == [c.lower() for c in COLORS[1:]]


@pytest.mark.parametrize("bad", ["more rows", "other columns", "too deep", "negative"])
def test_matrix_refuses_bad_input(depth, words, bad):
    plots.evidence_matrix(depth, words, levels=LEVELS, colors=COLORS)
    if bad == "more rows":
        words = words.iloc[:1]
    if bad == "other columns":
        words = words.rename(columns={"结果": "产出"})
    if bad == "too deep":
        depth = depth.replace(3, len(LEVELS))
    if bad == "negative":
        depth = depth.replace(0, -1)
    with pytest.raises(ValueError, match="行列不同|之间"):
        plots.evidence_matrix(depth, words, levels=LEVELS, colors=COLORS)


# ---- 有数的年份 ----
@pytest.fixture
def rows():
    return pd.DataFrame({"row": ["经费", "人员", "成效"], "stage": ["input", "input", "outcome"]})


@pytest.fixture
def points():
    return pd.DataFrame(
        {
            "row": ["经费", "经费", "经费", "人员"],
            "x": [2010, 2012, 2020, 2015],
            "kind": ["observed", "observed", "target", "observed"],
        }
    )


def dots(ax):
    """画出的点：（横，纵，是否实心，颜色）。"""
    found = []
    for c in ax.collections:
        if not isinstance(c, PathCollection):
            continue
        faces = c.get_facecolor()
        for i, (x, y) in enumerate(np.ma.filled(c.get_offsets(), np.nan)):
            face = to_hex(faces[i % len(faces)]) if len(faces) else None
            found.append((float(x), float(y), face))
    return found


def test_years_draw_one_dot_a_year_and_nothing_between(rows, points):
    (ax,) = plots.evidence_years(rows, points, stages=STAGES, colors=TINTS).axes
    assert sorted((x, y) for x, y, _ in dots(ax)) == [(2010, 2), (2012, 2), (2015, 1), (2020, 2)]
    sloping = [line for line in ax.lines if len(set(np.round(line.get_ydata(), 6))) > 1]
    assert not sloping, "点与点之间不连线"
    assert not [c for c in ax.collections if isinstance(c, LineCollection)]


def test_years_colour_by_stage_and_targets_are_hollow(rows, points):
    points = pd.concat([points, pd.DataFrame({"row": ["成效"], "x": [2016], "kind": ["observed"]})])
    fig = plots.evidence_years(rows, points, stages=STAGES, colors=TINTS)
    face = {(x, y): f for x, y, f in dots(fig.axes[0])}
    assert face[2010, 2] == face[2015, 1] == TINTS["input"].lower()
    assert face[2016, 0] == TINTS["outcome"].lower()
    assert face[2020, 2] is None
    assert texts(fig.legends[0].get_texts()) == ["投入", "结果", "目标"]


def test_years_say_which_rows_have_nothing(rows, points):
    (ax,) = plots.evidence_years(rows, points, stages=STAGES, colors=TINTS, empty="空着").axes
    assert [(t.get_text(), t.xy[1]) for t in ax.texts] == [("空着", 0)]
    assert texts(ax.get_yticklabels()) == ["经费", "人员", "成效"]


def test_years_without_targets_have_no_target_in_the_legend(rows, points):
    fig = plots.evidence_years(rows, points.query("kind == 'observed'"), stages=STAGES, colors=TINTS)
    assert texts(fig.legends[0].get_texts()) == ["投入", "结果"]


def test_years_rule_off_where_the_stage_changes(rows, points):
    def rules(table):
        (ax,) = plots.evidence_years(table, points, stages=STAGES, colors=TINTS).axes
        return [line.get_ydata()[0] for line in ax.lines if line.get_ydata()[0] % 1]

    assert rules(rows) == [0.5]
    assert rules(rows.assign(stage="input")) == []


def test_years_refuse_a_dot_without_a_row(rows, points):
    with pytest.raises(KeyError, match="专利"):
        plots.evidence_years(rows, points.assign(row="专利"), stages=STAGES, colors=TINTS)


# ---- 估计与区间 ----
@pytest.fixture
def estimates():
    return pd.DataFrame(
        {"estimate": [1.0, -2.0], "low": [0.5, -3.0], "high": [2.0, 0.5], "early": [0.8, np.nan]}, index=["甲", "乙"]
    )


def test_estimates_lie_on_their_own_interval(estimates):
    (ax,) = plots.estimate_ranges(estimates, xlabel="%/年", color="#112233").axes
    (bars,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    ends = {tuple(map(float, (s[0, 1], s[0, 0], s[1, 0]))) for s in bars.get_segments()}
    assert ends == {(1, 0.5, 2), (0, -3, 0.5)}
    assert to_hex(bars.get_color()[0]) == "#112233"
    assert [(x, y) for x, y, _ in dots(ax)] == [(1, 1), (-2, 0)]
    heights = dict(zip(texts(ax.get_yticklabels()), ax.get_yticks(), strict=True))
    assert heights == {"甲": 1, "乙": 0}
    assert ax.get_xlabel() == "%/年"


@pytest.mark.parametrize("level", [0, 1.5])
def test_estimates_mark_the_reference(estimates, level):
    (ax,) = plots.estimate_ranges(estimates, xlabel="%", level=level).axes
    assert [line.get_xdata()[0] for line in ax.lines] == [level]


def test_estimates_leave_a_missing_mark_out(estimates):
    fig = plots.estimate_ranges(estimates, xlabel="%", name="斜率", marks={"early": "前段"})
    seen = [(x, y, face) for x, y, face in dots(fig.axes[0]) if np.isfinite(x)]
    assert [(x, face) for x, _, face in seen if face == "#ffffff"] == [(0.8, "#ffffff")]
    assert texts(fig.legends[0].get_texts()) == ["斜率", "前段"]


def test_estimates_refuse_more_marks_than_shapes(estimates):
    table = estimates.assign(a=0.0, b=0.0, c=0.0)
    plots.estimate_ranges(table, xlabel="%", marks=dict(zip("abc", "甲乙丙", strict=True)))
    with pytest.raises(ValueError, match="最多标 3 列，得到 4 列"):
        plots.estimate_ranges(table, xlabel="%", marks={"early": "早", "a": "甲", "b": "乙", "c": "丙"})


def test_estimates_need_their_columns(estimates):
    with pytest.raises(KeyError, match="low"):
        plots.estimate_ranges(estimates.drop(columns="low"), xlabel="%")
    with pytest.raises(KeyError, match="late"):
        plots.estimate_ranges(estimates, xlabel="%", marks={"late": "后段"})
