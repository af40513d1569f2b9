"""线名推开：不重叠，次序不变，不挤的不动。"""

from hypothesis import given
from hypothesis import strategies as st

from chokepoint.plots.charts.trend_lines import spread

HEIGHTS = st.lists(st.floats(0, 1), min_size=1, max_size=7).map(sorted)


@given(HEIGHTS)
def test_names_never_overlap(heights):
    found = spread(heights, 0.06)
    assert all(b - a >= 0.06 - 1e-9 for a, b in zip(found, found[1:], strict=False))
    assert abs(sum(found) - sum(heights)) < 1e-9


def test_names_far_apart_stay():
    assert spread([0.1, 0.5, 0.9], 0.06) == [0.1, 0.5, 0.9]
    assert spread([0.5, 0.5], 0.1) == [0.45, 0.55]
