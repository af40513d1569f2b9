"""与零模型相比的行、链上的环节：画了什么，不该画的拒绝。"""

import pandas as pd
import pytest

from chokepoint import plots


def chance(**changes):
    frame = pd.DataFrame(
        {
            "observed": [0.5, 1.1],
            "low": [0.8, 0.9],
            "high": [1.2, 4.0],
            "outside": [True, False],
            "text": ["甲", "乙"],
            "group": ["一", "二"],
        },
        index=["跨类", "跨类"],
    )
    return frame.assign(**changes)


class TestChanceRows:
    def test_hollow_inside_solid_outside_and_bars_cut_at_the_edge(self):
        ax = plots.chance_rows(chance(), xlabel="倍", right=2).axes[0]
        faces = [tuple(c.get_facecolor()[0][:3]) for c in ax.collections]
        assert faces[1] == (1.0, 1.0, 1.0)
        assert faces[0] != faces[1]
        ends = [p.get_x() + p.get_width() for p in ax.patches]
        assert ends == pytest.approx([1.2, 2])
        said = [t.get_text() for t in ax.texts]
        assert {"一", "二", "甲", "乙"} <= set(said)

    def test_same_group_is_named_once(self):
        ax = plots.chance_rows(chance(group="一"), xlabel="倍").axes[0]
        assert [t.get_text() for t in ax.texts].count("一") == 1

    def test_refuses_a_point_off_the_axis(self):
        with pytest.raises(ValueError, match="落在横轴之外"):
            plots.chance_rows(chance(observed=[0.5, 3]), xlabel="倍", right=2)


class TestStageRanges:
    points = pd.DataFrame(
        {"row": ["开采", "开采", "电芯"], "kind": ["旧", "新", "新"], "low": [0.2, 0.3, 0.1], "high": [0.2, 0.5, 0.4]}
    )
    colors = {"旧": "#000000", "新": "#0072B2"}

    def test_a_row_without_data_is_hatched_and_said(self):
        ax = plots.stage_ranges(self.points, ["开采", "隔膜", "电芯"], xlabel="HHI", colors=self.colors).axes[0]
        assert [p.get_hatch() for p in ax.patches] == ["////"]
        assert [t.get_text() for t in ax.texts] == ["没有数"]
        assert [t.get_text() for t in ax.get_yticklabels()] == ["开采", "隔膜", "电芯"]

    def test_nothing_is_hatched_when_all_have_data(self):
        ax = plots.stage_ranges(self.points, ["开采", "电芯"], xlabel="HHI", colors=self.colors).axes[0]
        assert not ax.patches

    def test_refuses_unknown_rows_and_kinds(self):
        with pytest.raises(KeyError, match="电芯"):
            plots.stage_ranges(self.points, ["开采"], xlabel="HHI", colors=self.colors)
        with pytest.raises(KeyError, match="新"):
            plots.stage_ranges(self.points, ["开采", "电芯"], xlabel="HHI", colors={"旧": "#000000"})
