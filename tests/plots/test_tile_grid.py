"""格子地图：缺的不当作零，颜色按值落在色标上，两色以零为中，字不出格，错的用法被拒绝。"""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from chokepoint import data, plots
from chokepoint.plots.charts.tile_grid import DIVERGING, SEQUENTIAL, place

TILES = pd.DataFrame({"name": ["甲", "乙", "丙"], "col": [1, 2, 1], "row": [1, 1, 2]}, index=list("abc"))
VALUES = pd.Series({"a": -4.0, "b": 1.0})


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def cells(ax):
    return [p for p in ax.patches if isinstance(p, Rectangle)]


def test_missing_is_hatched_and_not_written():
    fig = plots.tile_grid(TILES, {"": VALUES}, label="值", diverging=True, spec="+.0f")
    ax = fig.axes[0]
    assert [bool(p.get_hatch()) for p in cells(ax)] == [False, False, True]
    assert [t.get_text() for t in ax.texts] == ["甲", "−4", "乙", "+1", "丙"]
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["没有数"]


def test_zero_is_not_missing_and_sits_in_the_middle():
    fig = plots.tile_grid(
        TILES, {"": VALUES.reindex(list("abc"), fill_value=0)}, label="值", diverging=True, spec="+.0f"
    )
    assert not fig.legends
    assert fig.axes[0].texts[-1].get_text() == "0"
    assert mpl.colors.to_hex(cells(fig.axes[0])[2].get_facecolor()) == mpl.colors.to_hex(DIVERGING(0.5))


def test_colours_follow_the_scale():
    found = plots.tile_grid(TILES, {"": VALUES}, label="值", diverging=True)
    assert mpl.colors.to_hex(cells(found.axes[0])[0].get_facecolor()) == mpl.colors.to_hex(DIVERGING(0.0))
    found = plots.tile_grid(TILES, {"": VALUES}, label="值")
    assert [mpl.colors.to_hex(p.get_facecolor()) for p in cells(found.axes[0])[:2]] == [
        mpl.colors.to_hex(SEQUENTIAL(v)) for v in (0.0, 1.0)
    ]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6), st.floats(0.2, 1))
def test_place_keeps_order_and_bounds(values, power):
    most = max(map(abs, values)) or 1.0
    spots = [place(v, -most, most, power) for v in sorted(values)]
    assert all(0 <= v <= 1 for v in spots)
    assert all(b >= a - 1e-12 for a, b in zip(spots, spots[1:], strict=False))
    assert place(0, -most, most, power) == pytest.approx(0.5)


def test_place_lifts_the_middle_when_power_is_small():
    assert place(1, -100, 100, 0.5) == pytest.approx(0.55)
    assert place(1, -100, 100, 1) == pytest.approx(0.505)
    assert place(500, -100, 100) == 1


def test_names_stay_inside_their_tiles():
    table = data.load("provinces").dropna(subset="tile_col").set_index("province")
    tiles = (
        table[["name_zh", "tile_col", "tile_row"]]
        .set_axis(["name", "col", "row"], axis=1)
        .astype({"col": int, "row": int})
    )
    values = pd.Series(np.linspace(-9_999, 9_999, len(tiles)), index=tiles.index)
    for panels, columns, spec in (({"": values}, 1, "+,.0f"), ({"甲": values, "乙": values}, 2, None)):
        fig = plots.tile_grid(tiles, panels, label="值", diverging=True, spec=spec, ncols=columns)
        fig.draw_without_rendering()
        for ax in fig.axes[: len(panels)]:
            width = ax.transData.transform((2, 1))[0] - ax.transData.transform((1, 1))[0]
            assert len(cells(ax)) == 31
            assert all(t.get_window_extent().width < width for t in ax.texts)


@pytest.mark.parametrize(
    ("tiles", "panels", "options", "message"),
    [
        (TILES.assign(col=1, row=1), {"": VALUES}, {}, "格重叠"),
        (TILES, {"": pd.Series({"z": 1.0})}, {}, "没有格"),
        (TILES, {"": VALUES * np.nan}, {}, "没有一个数值"),
        (TILES, {"": VALUES}, {"power": 0}, "幂"),
        (TILES, {"": VALUES}, {"diverging": True, "limits": (-1, 2)}, "对称"),
    ],
)
def test_wrong_uses_are_refused(tiles, panels, options, message):
    with pytest.raises(ValueError, match=message):
        plots.tile_grid(tiles, panels, label="值", **options)
