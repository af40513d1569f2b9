"""二分网络：与定义和已知分布对照。"""

from collections import Counter
from itertools import combinations
from math import comb

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare

from chokepoint.networks import (
    against_chance,
    chance,
    cooccurrence,
    core,
    expected_links,
    pair_mixing,
    projection,
    pruned,
    rewired,
    shuffle,
)


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


# ---- 投影的另一种权


def test_newman_weights_split_a_group_among_its_pairs():
    pairs = pd.DataFrame({"org": list("abcab"), "club": [1, 1, 1, 2, 2]})
    graph = projection(pairs, "org", "club", weight="newman")
    assert graph.edges["a", "b"]["weight"] == pytest.approx(1 / 2 + 1)
    assert graph.edges["a", "c"]["weight"] == pytest.approx(1 / 2)
    assert graph.degree("a", weight="weight") == pytest.approx(2)  # 参加的联合体数


# ---- 零模型


@pytest.fixture
def clubs():
    rng = np.random.default_rng(3)
    rows = [(f"o{i}", f"c{j}") for i in range(12) for j in range(9) if rng.random() < 0.3 + 0.5 * (i < 2)]
    return pd.DataFrame(rows, columns=["org", "club"])


def test_shuffle_keeps_every_degree_and_moves_edges(clubs):
    drawn = shuffle(clubs, "org", "club", np.random.default_rng(1))
    assert not drawn.duplicated().any()
    for side in ("org", "club"):
        assert drawn[side].value_counts().sort_index().equals(clubs[side].value_counts().sort_index())
    assert set(drawn.itertuples(index=False)) != set(clubs.itertuples(index=False))


def test_shuffle_visits_every_network_equally_often():
    """两个组织各在一处、另一处：度相同的网络只有这几个，出现的机会应当一样。"""
    pairs = pd.DataFrame({"org": list("abc"), "club": [1, 2, 3]})
    rng = np.random.default_rng(5)
    seen = Counter(tuple(shuffle(pairs, "org", "club", rng, trades=25)["org"]) for _ in range(1200))
    assert len(seen) == 6
    assert chisquare(list(seen.values())).pvalue > 0.001


def test_rewired_keeps_degrees_and_moves_edges():
    graph = nx.karate_club_graph()
    found = rewired(graph, np.random.default_rng(2))
    assert dict(found.degree()) == dict(graph.degree())
    assert set(map(frozenset, found.edges)) != set(map(frozenset, graph.edges))


def test_against_chance_counts_the_tail():
    found = against_chance(2.0, lambda rng: rng.normal(), draws=4000)
    assert found.expected == pytest.approx(0, abs=0.05)
    assert (found.low, found.high) == (pytest.approx(-1.96, abs=0.1), pytest.approx(1.96, abs=0.1))
    assert found.p == pytest.approx(0.0455, abs=0.01)
    with pytest.raises(ValueError, match="没有定义"):
        against_chance(float("nan"), lambda rng: 1.0, draws=2)


def test_mixing_counts_each_pair_in_each_club():
    pairs = pd.DataFrame({"org": list("abcab"), "club": [1, 1, 1, 2, 2]})
    kind = pd.Series({"a": "企业", "b": "企业", "c": "高校"})
    # 第一处三对里两对不同类，第二处一对同类。
    assert pair_mixing(pairs, "org", "club", kind) == pytest.approx(2 / 4)
    with pytest.raises(ValueError, match="c 没有类别"):
        pair_mixing(pairs, "org", "club", kind.drop("c"))
    with pytest.raises(ValueError, match="没有两个成员"):
        pair_mixing(pairs.iloc[:1], "org", "club", kind)


def test_planted_segregation_stands_out_from_chance(clubs):
    """只与同类来往的网络：跨类占比远低于打乱之后；而打乱过的网络自己看不出偏离。"""
    apart = pd.DataFrame([(f"{k}{i}", f"{k}c{j}") for k in "xy" for i in range(6) for j in range(5) if (i + j) % 2])
    apart.columns = ["org", "club"]
    kind = pd.Series({v: v[0] for v in apart["org"]})

    def draw(rng):
        return pair_mixing(shuffle(apart, "org", "club", rng), "org", "club", kind)

    found = against_chance(pair_mixing(apart, "org", "club", kind), draw, draws=99)
    assert found.observed == 0 < found.low
    assert found.p == pytest.approx(1 / 100)


def test_expected_links_is_one_when_only_size_matters():
    totals = pd.Series({"X": 30.0, "Y": 20.0, "WLD": 100.0})
    links = pd.DataFrame({"a": ["X"], "b": ["Y"], "n": [30 * 20 / 100]})
    assert expected_links(links, "a", "b", "n", totals).tolist() == pytest.approx([1])
    assert expected_links(links.assign(n=12), "a", "b", "n", totals).tolist() == pytest.approx([2])
    with pytest.raises(KeyError, match="WLD"):
        expected_links(links, "a", "b", "n", totals.drop("WLD"))


# ---- 结构


def by_enumeration(graph):
    """把每一种分法都试一遍，取代价最小的。"""
    nodes = list(graph)

    def cost(inside):
        outside = [v for v in nodes if v not in inside]
        missing = sum(not graph.has_edge(a, b) for a, b in combinations(inside, 2))
        return missing + sum(graph.has_edge(a, b) for a, b in combinations(outside, 2))

    return min(cost(c) for k in range(1, len(nodes)) for c in combinations(nodes, k)), cost


@pytest.mark.parametrize("seed", range(6))
def test_core_is_the_best_of_all_partitions(seed):
    graph = nx.gnp_random_graph(8, 0.4, seed=seed)
    best, cost = by_enumeration(graph)
    assert cost(core(graph)[0]) == best


def test_core_of_an_ideal_network_fits_perfectly():
    graph = nx.complete_graph(3)
    graph.add_edges_from([(0, 3), (1, 4), (2, 5), (0, 6)])
    nodes, fit = core(graph)
    assert set(nodes) == {0, 1, 2}
    assert fit == pytest.approx(1)


def test_core_fit_is_a_correlation():
    graph = nx.karate_club_graph()
    nodes, fit = core(graph)
    inside = set(nodes)
    pairs = [(a, b) for a, b in combinations(graph, 2) if (a in inside) == (b in inside)]
    ideal, real = [a in inside for a, _ in pairs], [graph.has_edge(a, b) for a, b in pairs]
    assert fit == pytest.approx(np.corrcoef(ideal, real)[0, 1])


@pytest.mark.parametrize("graph", [nx.empty_graph(4), nx.complete_graph(4), nx.path_graph(2)])
def test_core_refuses(graph):
    with pytest.raises(ValueError, match="核心—边缘"):
        core(graph)


def test_pruning_the_hub_breaks_a_star():
    pairs = pd.DataFrame({"org": list("hhhhab"), "club": [1, 2, 3, 4, 1, 2]})
    found = pruned(pairs, "org", "club", 2)
    assert found["gone"].isna().tolist() == [True, False, False]
    assert found["gone"].tolist()[1:] == ["h", "a"]
    assert found["edges"].tolist() == pytest.approx([1, 2 / 6, 1 / 6])
    assert found["largest"].tolist() == pytest.approx([1, 1 / 4, 1 / 4])
    assert found["pieces"].tolist() == [1, 4, 4]
    assert found["alone"].tolist() == [0, 2, 3]
    with pytest.raises(ValueError, match="拿不掉 4 个"):
        pruned(pairs, "org", "club", 4)
