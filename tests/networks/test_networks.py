"""二分网络：与定义和已知分布对照。"""

from math import comb

import pandas as pd
import pytest

from chokepoint.networks import chance, cooccurrence, projection


@pytest.fixture
def incidence():
    return pd.DataFrame(
        {"a": [True, True, True, False], "b": [True, False, True, False], "c": [False, False, False, True]}
    )


def test_cooccurrence_counts_rows(incidence):
    found = cooccurrence(incidence)
    assert found.loc["a", "a"] == 3
    assert found.loc["a", "b"] == found.loc["b", "a"] == 2
    assert found.loc["a", "c"] == 0


def test_cooccurrence_refuses_missing(incidence):
    with pytest.raises(ValueError, match="缺失"):
        cooccurrence(incidence.astype(object).where(incidence, None))


def test_chance_matches_the_hypergeometric_sum(incidence):
    found = chance(incidence, "a", "b")
    # 4 行里 a 占 3、b 占 2：两者同现不少于 2 次的组合数，逐项相加。
    assert found["observed"] == 2
    assert found["expected"] == pytest.approx(3 * 2 / 4)
    assert found["p"] == pytest.approx(comb(3, 2) * comb(1, 0) / comb(4, 2))


def test_projection_weights_are_shared_neighbours():
    pairs = pd.DataFrame({"country": ["X", "Y", "X", "Y", "Z", "X"], "tech": [1, 1, 2, 2, 2, 3]})
    graph = projection(pairs, "country", "tech")
    weights = {frozenset(e[:2]): e[2] for e in graph.edges(data="weight")}
    assert weights == {frozenset("XY"): 2, frozenset("XZ"): 1, frozenset("YZ"): 1}
    assert {v: d["degree_bottom"] for v, d in graph.nodes(data=True)} == {"X": 3, "Y": 2, "Z": 1}


def test_projection_keeps_labels_apart_from_ids():
    """两侧取值相同也不会混成一个节点。"""
    graph = projection(pd.DataFrame({"l": [1, 2], "r": [1, 1]}), "l", "r")
    assert sorted(graph) == [1, 2]
    assert graph.edges[1, 2]["weight"] == 1


def test_projection_refuses_repeated_edges():
    with pytest.raises(ValueError, match="重复"):
        projection(pd.DataFrame({"l": ["a", "a"], "r": [1, 1]}), "l", "r")
