"""ESRI:与作者程序的参照值、与逐家逐边的写法对照。"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint import data
from chokepoint.chain import esri

from .reference import simple_esri
from .worlds import UNHURRIED

VARIANTS = [(p, r) for p in ("linear", "leontief") for r in (False, True)]
COLUMNS = {"esri": "esri", "esri_downstream": "downstream", "esri_upstream": "upstream"}


def published():
    """参照网络：连边，企业 → 部门。"""
    edges = data.load("method_networks").query("network == 'diem2022_fig1'")
    ends = [edges[[f"{e}_node", f"{e}_sector"]].set_axis(["node", "sector"], axis=1) for e in ("from", "to")]
    return edges, pd.concat(ends).drop_duplicates().set_index("node")["sector"]


def test_every_reference_value_is_reproduced():
    edges, sectors = published()
    expected = data.load("method_reference_values").query("network == 'diem2022_fig1'")
    assert len(expected) == 132
    for variant, part in expected.groupby("variant"):
        production, _, replacement = variant.partition("_")
        found = esri(edges, sectors, production, replacement == "replacement").rename(index=str)
        got = np.array([found.loc[v, COLUMNS[m]] for v, m in zip(part["node"], part["metric"], strict=True)])
        assert (np.abs(got - part["value"]) <= part["tolerance"]).all()


def test_the_variants_differ_on_the_reference_network():
    edges, sectors = published()
    totals = [esri(edges, sectors, *v)["esri"].sum() for v in VARIANTS]
    assert len({round(t, 6) for t in totals}) == 4


@st.composite
def networks(draw):
    n = draw(st.integers(2, 8))
    pairs = [(a, b) for a in range(n) for b in range(n) if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1, max_size=3 * n))
    weights = draw(st.lists(st.integers(1, 20), min_size=len(chosen), max_size=len(chosen)))
    edges = pd.DataFrame([(a, b, w) for (a, b), w in zip(chosen, weights, strict=True)])
    sectors = draw(st.lists(st.sampled_from("xyz"), min_size=n, max_size=n))
    return edges.set_axis(["from_node", "to_node", "weight"], axis=1), pd.Series(sectors)


@UNHURRIED
@given(networks(), st.sampled_from(VARIANTS), st.integers(1, 9))
def test_matrix_agrees_with_the_plain_loop(network, variant, batch):
    edges, sectors = network
    found = esri(edges, sectors, *variant, tolerance=1e-6, batch=batch)
    for k in sectors.index:
        plain = simple_esri(edges, sectors.to_dict(), {k: 1.0}, *variant, tolerance=1e-6)
        assert np.abs(found.loc[k, ["esri", "downstream", "upstream"]] - np.array(plain)).max() < 1e-12


@UNHURRIED
@given(networks(), st.sampled_from(VARIANTS), st.data())
def test_partial_and_joint_shocks_agree_with_the_plain_loop(network, variant, draw):
    edges, sectors = network
    losses = draw.draw(st.lists(st.sampled_from([0, 0.25, 0.5, 1]), min_size=len(sectors), max_size=len(sectors)))
    scenarios = pd.DataFrame({"联合": losses})
    found = esri(edges, sectors, *variant, scenarios=scenarios, tolerance=1e-6).loc["联合"]
    plain = simple_esri(edges, sectors.to_dict(), dict(enumerate(losses)), *variant, tolerance=1e-6)
    assert np.abs(found[["esri", "downstream", "upstream"]] - np.array(plain)).max() < 1e-12


@UNHURRIED
@given(networks(), st.sampled_from(["linear", "leontief"]))
def test_order_of_the_variants(network, production):
    """可替代不比不可替代更坏;缺一不可不比可互补更轻;两个方向之和是上界。"""
    edges, sectors = network
    rigid, soft = (esri(edges, sectors, production, r, tolerance=1e-6) for r in (False, True))
    slack = 1e-3  # 迭代停在容差处，慢环会留下一点差
    assert (soft["downstream"] <= rigid["downstream"] + slack).all()
    linear, leontief = (esri(edges, sectors, p, False, tolerance=1e-6)["downstream"] for p in ("linear", "leontief"))
    assert (linear <= leontief + slack).all()
    assert (rigid["esri"] <= rigid["downstream"] + rigid["upstream"] + 1e-12).all()
    assert (rigid["esri"] >= rigid[["downstream", "upstream"]].max(axis=1) - 1e-12).all()
    assert rigid[["esri", "downstream", "upstream"]].stack().between(-1e-12, 1 + 1e-12).all()


def test_a_two_firm_loop_stops_everything():
    edges = pd.DataFrame({"from_node": ["a", "b"], "to_node": ["b", "a"], "weight": [3.0, 1.0]})
    assert (esri(edges, pd.Series({"a": "x", "b": "y"}))["esri"] == 1).all()


def test_unaffected_when_nothing_is_shocked_and_weights_can_be_given():
    edges, sectors = published()
    calm = pd.DataFrame({"无事": [0.0]}, index=sectors.index[:1])
    assert (esri(edges, sectors, scenarios=calm)[["esri", "downstream", "upstream"]] == 0).all(axis=None)
    only = pd.Series(0.0, index=sectors.index)
    only.iloc[0] = 2.0
    assert esri(edges, sectors, weights=only)["esri"].iloc[0] == 1


GOOD = pd.DataFrame({"from_node": ["a"], "to_node": ["b"], "weight": [1.0]})
SECTORS = pd.Series({"a": "x", "b": "y"})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"edges": GOOD.drop(columns="weight")}, "缺少列"),
        ({"edges": GOOD.iloc[:0]}, "没有连边"),
        ({"edges": GOOD.assign(weight=0)}, "正数"),
        ({"edges": GOOD.assign(to_node="a")}, "自己卖给自己"),
        ({"edges": pd.concat([GOOD, GOOD])}, "重复"),
        ({"edges": GOOD.assign(to_node="c")}, "没有部门"),
        ({"sectors": pd.Series({"a": "x", "b": None})}, "没有部门"),
        ({"sectors": pd.Series(["x", "y", "z"], index=["a", "b", "a"])}, "企业重复"),
        ({"production": "ces"}, "生产函数"),
        ({"tolerance": 0}, "应为正"),
        ({"weights": pd.Series({"a": 1.0})}, "权重"),
        ({"scenarios": pd.DataFrame({"s": {"c": 1.0}})}, "没有 c"),
        ({"scenarios": pd.DataFrame({"s": {"a": 1.5}})}, "0–1"),
        ({"scenarios": pd.DataFrame({"s": {"a": None}}, dtype=float)}, "缺失"),
    ],
)
def test_bad_material_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        esri(**({"edges": GOOD, "sectors": SECTORS} | arguments))


def test_slow_loops_are_reported():
    edges = pd.DataFrame(
        [("a", "b", 1.0), ("b", "a", 1.0), ("c", "a", 1e-6)], columns=["from_node", "to_node", "weight"]
    )
    with pytest.raises(ValueError, match="没有收敛"):
        esri(edges, pd.Series({"a": "x", "b": "x", "c": "x"}), "linear", False, max_steps=1)
