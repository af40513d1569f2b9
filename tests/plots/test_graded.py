"""分级点图与分级条：深浅、箭头、菱形与图例各就其位。"""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from chokepoint import plots

BANDS = ["强", "中", "弱"]


def frame(**changes):
    table = pd.DataFrame(
        {
            "value": [95.0, 70.0, 1.0, 40.0],
            "band": pd.Categorical(["强", "中", "弱", "中"], categories=BANDS, ordered=True),
            "bound": ["exact", "at_least", "at_most", "exact"],
            "status": ["estimate", "estimate", "estimate", "target"],
        },
        index=["甲", "乙", "丙", "乙"],
    )
    return table.assign(**changes)


@pytest.fixture(autouse=True)
def tidy():
    yield
    plt.close("all")


def test_one_row_a_name_and_the_weakest_is_hollow():
    ax = plots.graded_dots(frame(), xlabel="%", right=100).axes[0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["甲", "乙", "丙"]
    faces = [to_hex(c.get_facecolor()[0]) for c in ax.collections if len(c.get_facecolor())]
    assert faces[2] == "#ffffff"
    assert "#ffffff" not in faces[:2]
    assert faces[0] != faces[1]
    assert faces[3] == "#ffffff"


def test_arrows_point_the_way_of_the_bound():
    ax = plots.graded_dots(frame(), xlabel="%", right=100).axes[0]
    arrows = [(a.xyann[0], a.xy[0]) for a in ax.texts if a.arrow_patch is not None]
    assert [tip > start for start, tip in arrows] == [True, False]


def test_legend_names_only_what_is_drawn():
    words = [t.get_text() for t in plots.graded_dots(frame(), xlabel="%").legends[0].get_texts()]
    assert words == ["强", "中", "弱", "目标", "界限"]
    plain = frame(bound="exact", status="estimate")
    words = [t.get_text() for t in plots.graded_dots(plain, xlabel="%").legends[0].get_texts()]
    assert words == BANDS


def test_same_text_is_written_once():
    ax = plots.graded_dots(frame(text=["2018", "2019", "2020", "2019"]), xlabel="%").axes[0]
    assert [a.get_text() for a in ax.texts if a.get_text()] == ["2018", "2019", "2020"]


def test_bands_must_be_ordered():
    with pytest.raises(ValueError, match="有序分类"):
        plots.graded_dots(frame(band=["强", "中", "弱", "中"]), xlabel="%")
    many = pd.Categorical(["a"] * 4, categories=list("abcdefgh"), ordered=True)
    with pytest.raises(ValueError, match="最多"):
        plots.graded_dots(frame(band=many), xlabel="%")


def test_bars_add_up_and_skip_empty_bands():
    table = pd.DataFrame({"强": [0, 0], "中": [3, 1], "弱": [2, 0]}, index=["甲", "乙"])
    fig = plots.graded_bars(table, xlabel="个")
    words = [t.get_text() for t in fig.legends[0].get_texts()]
    assert words == ["中", "弱"]
    ends = [max(p.get_x() + p.get_width() for p in fig.axes[0].patches if abs(p.get_y() - y) < 0.5) for y in (1, 0)]
    assert ends == [5, 1]
    with pytest.raises(ValueError, match="最多"):
        plots.graded_bars(pd.DataFrame([[1] * 8], columns=list("abcdefgh")), xlabel="个")
