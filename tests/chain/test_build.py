"""建图：每一种坏材料都报得出，并且一次报全。"""

import networkx as nx
import pandas as pd
import pytest

from chokepoint import chain

NODES = pd.DataFrame({"node": ["矿", "料", "机", "机甲", "片", "造"], "kind": ["m", "m", "t", "t", "p", "s"]})
EDGES = pd.DataFrame(
    [
        ("矿", "料", "goes_into"),
        ("料", "片", "goes_into"),
        ("机", "片", "goes_into"),
        ("机甲", "机", "is_type_of"),
        ("片", "造", "in_stage"),
    ],
    columns=["from_node", "to_node", "relation"],
)
SHARES = pd.DataFrame(
    [("矿", "甲国", 70.0), ("矿", "乙国", 30.0), ("料", "甲国", None), ("机甲", "乙国", 100.0)],
    columns=["node", "provider", "share"],
)


def edge(*row):
    return pd.concat([EDGES, pd.DataFrame([row], columns=EDGES.columns)], ignore_index=True)


def share(*row):
    return pd.concat([SHARES.astype(object), pd.DataFrame([row], columns=SHARES.columns)], ignore_index=True)


def node(*row):
    return pd.concat([NODES, pd.DataFrame([row], columns=NODES.columns)], ignore_index=True)


def kinds(problems):
    return [p.kind for p in problems]


def test_good_material_has_no_problem():
    assert chain.check(NODES, EDGES, SHARES, providers=["甲国", "乙国"]) == ()


def test_build_keeps_attributes_relations_and_missing_shares():
    built = chain.build(NODES, EDGES, SHARES)
    assert built.graph.nodes["机"] == {"kind": "t"}
    assert built.graph.edges["机甲", "机"] == {"relation": "is_type_of"}
    assert built.shares["share"].isna().sum() == 1
    assert built.outputs() == ["片"]
    with pytest.raises(nx.NetworkXError):
        built.graph.add_node("新")
    with pytest.raises(AttributeError):
        built.shares = None


def test_build_without_shares():
    assert chain.build(NODES, EDGES).shares.empty


@pytest.mark.parametrize(
    ("kind", "where", "material"),
    [
        ("duplicate_node", "节点 矿", (node("矿", "m"), EDGES, SHARES)),
        ("blank", "节点表", (node(None, "m"), EDGES, SHARES)),
        ("orphan", "节点 孤", (node("孤", "m"), EDGES, SHARES)),
        ("unknown_node", "边 矿 → 无", (NODES, edge("矿", "无", "goes_into"), SHARES)),
        ("self_loop", "边 矿 → 矿", (NODES, edge("矿", "矿", "goes_into"), SHARES)),
        ("unknown_relation", "边 矿 → 片", (NODES, edge("矿", "片", "flows"), SHARES)),
        ("several_relations", "边 矿 → 料", (NODES, edge("矿", "料", "is_type_of"), SHARES)),
        ("duplicate_edge", "边 矿 → 料", (NODES, edge("矿", "料", "goes_into"), SHARES)),
        ("cycle", "节点 料、片、矿", (NODES, edge("片", "矿", "goes_into"), SHARES)),
        ("unknown_node", "份额 无—甲国", (NODES, EDGES, share("无", "甲国", 1.0))),
        ("unknown_provider", "份额 机—丙国", (NODES, EDGES, share("机", "丙国", 1.0))),
        ("blank", "份额 机—None", (NODES, EDGES, share("机", None, 1.0))),
        ("negative_share", "份额 机—甲国", (NODES, EDGES, share("机", "甲国", -1.0))),
        ("not_a_number", "份额 机—甲国", (NODES, EDGES, share("机", "甲国", "多"))),
        ("not_a_number", "份额 机—甲国", (NODES, EDGES, share("机", "甲国", float("inf")))),
        ("duplicate_share", "份额 料—甲国", (NODES, EDGES, share("料", "甲国", 1.0))),
        ("over_100", "节点 机甲", (NODES, EDGES, share("机甲", "甲国", 0.6))),
    ],
)
def test_each_problem_is_found_alone(kind, where, material):
    nodes, edges, shares = material
    allowed = ["甲国", "乙国", None] if "None" in where else ["甲国", "乙国"]
    problems = chain.check(nodes, edges, shares, providers=allowed)
    assert [(p.kind, p.where) for p in problems] == [(kind, where)]
    assert problems[0].message
    assert problems[0].fix
    if kind in chain.TOLERATED:
        chain.build(nodes, edges, shares)
    elif kind != "unknown_provider":
        with pytest.raises(chain.ChainError, match=where.split("—")[0]):
            chain.build(nodes, edges, shares)


def test_missing_column_is_found_first():
    assert kinds(chain.check(NODES.rename(columns={"node": "id"}), EDGES[["from_node"]])) == ["column"] * 3


def test_a_type_cycle_is_refused():
    problems = chain.check(NODES, edge("机", "机甲", "is_type_of"), SHARES)
    assert kinds(problems) == ["type_cycle", "cycle"]
    with pytest.raises(chain.ChainError, match="子类与父类"):
        chain.build(NODES, edge("机", "机甲", "is_type_of"), SHARES)


def test_cycle_is_named_in_full():
    (found,) = chain.check(NODES, edge("片", "矿", "goes_into"), SHARES)
    assert {f"{a} → {b}" in found.message for a, b in (("矿", "料"), ("料", "片"), ("片", "矿"))} == {True}


def test_rounding_is_tolerated_as_far_as_told():
    shares = share("机甲", "甲国", 3.0)
    assert kinds(chain.check(NODES, EDGES, shares)) == ["over_100"]
    assert chain.check(NODES, EDGES, shares, tolerance=3) == ()


def test_every_problem_is_listed_at_once():
    nodes = pd.concat([node("孤", "m"), NODES.iloc[[0]]], ignore_index=True)
    edges = pd.concat([edge("矿", "无", "goes_into"), edge("矿", "矿", "flows").iloc[[-1]]], ignore_index=True)
    found = kinds(chain.check(nodes, edges, share("机甲", "乙国", -5.0)))
    expected = "duplicate_node unknown_node self_loop unknown_relation orphan negative_share duplicate_share"
    assert found == expected.split()
    with pytest.raises(chain.ChainError) as refused:
        chain.build(nodes, edges, share("机甲", "乙国", -5.0))
    assert kinds(refused.value.problems) == [k for k in expected.split() if k != "orphan"]
    assert len(str(refused.value).splitlines()) == 6
