"""图的结构：与公布的值、与穷举对照。"""

from itertools import combinations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chokepoint import chain, data

from .worlds import UNHURRIED, chain_of, from_graph, graphs


def references(network):
    table = data.load("method_reference_values")
    return table[table["network"] == network].set_index("node")


@pytest.mark.parametrize(
    ("network", "graph", "count"),
    [
        ("florentine_families", nx.florentine_families_graph(), 15),
        ("krackhardt_kite", nx.krackhardt_kite_graph(), 10),
    ],
)
def test_betweenness_matches_the_published_values(network, graph, count):
    expected = references(network)
    found = chain.centralities(from_graph(graph))["betweenness"]
    found.index = found.index.astype(str)
    assert len(expected) == count
    assert (abs(found - expected["value"]) <= expected["tolerance"]).all()


def test_dominator_tree_matches_the_published_one():
    edges = data.load("method_networks").query("network == 'boost_lengauer_tarjan'")
    expected = references("boost_lengauer_tarjan")["value"]
    pairs = list(edges[["from_node", "to_node"]].itertuples(index=False, name=None))
    built = chain_of(sorted({v for p in pairs for v in p}), pairs)
    found = chain.dominators(built, "7", sources=["0"])
    assert found.drop("0")["immediate"].astype(int).to_dict() == expected.astype(int).to_dict()
    assert found.loc["0", "immediate"] is None or pd.isna(found.loc["0", "immediate"])
    assert list(found.index[found["dominates"]]) == ["0", "1"]


@UNHURRIED
@given(graphs())
def test_reach_is_the_transitive_closure(graph):
    nodes, edges = graph
    found = chain.centralities(chain_of(nodes, edges))
    closure = set(edges)
    while larger := {(a, d) for a, b in closure for c, d in closure if b == c} - closure:
        closure |= larger
    for v in nodes:
        assert found.loc[v, "in_reach"] == len({a for a, b in closure if b == v and a != v})
        assert found.loc[v, "out_reach"] == len({b for a, b in closure if a == v and b != v})
        assert found.loc[v, "in_degree"] == sum(b == v for _, b in edges)


def connected(edges, starts, product, without):
    """去掉 without 之后，还有没有一条路从某个源头通到产品。"""
    seen = set(starts) - set(without)
    while larger := {b for a, b in edges if a in seen and b not in without} - seen:
        seen |= larger
    return product in seen


@st.composite
def problems(draw):
    nodes, edges = draw(graphs())
    starts = draw(st.sets(st.sampled_from(nodes[1:]), min_size=1))
    assume(connected(edges, starts, 0, ()))
    return nodes, edges, starts


@UNHURRIED
@given(problems())
def test_dominators_by_removing_each_node(problem):
    nodes, edges, starts = problem
    found = chain.dominators(chain_of(nodes, edges), 0, sources=starts)
    for v in found.index:
        strict = {u for u in nodes if u != v and not connected(edges, starts, v, {u})}
        # 直接支配点是支配者里最靠近的一个：其余支配者都支配它。
        if not strict:
            assert pd.isna(found.loc[v, "immediate"])
        else:
            nearest = found.loc[v, "immediate"]
            others = {u for u in nodes if u != nearest and not connected(edges, starts, nearest, {u})}
            assert strict == others | {nearest}
        assert found.loc[v, "depth"] == len(strict) + 1
    barred = {u for u in nodes[1:] if not connected(edges, starts, 0, {u})}
    assert set(found.index[found["dominates"]]) == barred


@UNHURRIED
@given(problems())
def test_min_cut_by_trying_every_set(problem):
    nodes, edges, starts = problem
    built = chain_of(nodes, edges)
    near = chain.min_cut(built, 0, sources=starts)
    far = chain.min_cut(built, 0, sources=starts, near="sources")
    cuts = []
    for size in range(len(nodes)):
        cuts = [set(c) for c in combinations(nodes[1:], size) if not connected(edges, starts, 0, c)]
        if cuts:
            break
    assert set(near.index) in cuts
    assert set(far.index) in cuts
    # 在全部最小割里，一个最靠近产品，一个最靠近源头：别的割到产品、源头到别的割，都要先经过它。
    for cut in cuts:
        assert not any(connected(edges, {v}, 0, near.index) for v in cut - set(near.index))
        assert not any(connected(edges, starts, v, far.index) for v in cut - set(far.index))
    assert near["source"].to_dict() == {v: v in starts for v in near.index}


@UNHURRIED
@given(graphs())
def test_k_core_by_peeling(graph):
    nodes, edges = graph
    found = chain.k_core(chain_of(nodes, edges))["core"]
    near = {v: {u for e in edges for u in e if v in e and u != v} for v in nodes}
    for k in range(len(nodes)):
        kept = set(nodes)
        while weak := {v for v in kept if len(near[v] & kept) < k}:
            kept -= weak
        assert {v for v in nodes if found[v] >= k} == kept


def test_default_sources_are_the_nodes_without_input():
    built = chain_of("abcp", [("a", "b"), ("b", "p"), ("c", "p")])
    assert chain.dominators(built, "p")["dominates"].sum() == 0
    assert list(chain.min_cut(built, "p").index) == ["b", "c"]
    assert list(chain.min_cut(built, "p", near="sources").index) == ["a", "c"]
    assert list(chain.dominators(built, "p", sources=["a"]).query("dominates").index) == ["a", "b"]


def test_stage_membership_is_not_a_route():
    built = chain_of("abp", [("a", "p"), ("b", "p", "in_stage")])
    assert list(chain.min_cut(built, "p").index) == ["a"]
    assert list(chain.min_cut(built, "p", relations=["goes_into", "in_stage"]).index) == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"product": "z"}, "没有产品"),
        ({"product": "p", "sources": ["z"]}, "没有源头 z"),
        ({"product": "p", "sources": ["p"]}, "自己就是源头"),
        ({"product": "a"}, "没有源头通到"),
        ({"product": "x"}, "全在环里"),
        ({"product": "p", "relations": ["flows"]}, "没有关系"),
    ],
)
def test_impossible_questions_are_refused(arguments, message):
    built = chain_of("apxy", [("a", "p"), ("x", "y"), ("y", "x")])
    for ask in (chain.dominators, chain.min_cut):
        with pytest.raises(ValueError, match=message):
            ask(built, **arguments)
    with pytest.raises(ValueError, match="near"):
        chain.min_cut(built, "p", near="both")
