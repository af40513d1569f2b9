"""分层的产业链图：层次、折行与环。"""

import itertools

import matplotlib.pyplot as plt
import networkx as nx
import pytest

from chokepoint import plots
from chokepoint.plots.charts.chain_layers import layers, two_lines


def level(graph):
    return {v: k for k, row in enumerate(layers(graph)) for v in row}


def test_inputs_lie_above_outputs():
    graph = nx.DiGraph([("a", "b"), ("b", "d"), ("c", "d"), ("a", "d")])
    at = level(graph)
    assert all(at[u] < at[v] for u, v in graph.edges)
    assert at["c"] == at["b"]  # 没有来路的贴近去向，连边才短


def test_a_loop_shares_a_layer_and_nothing_is_lost():
    graph = nx.DiGraph([("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")])
    graph.add_node("alone")
    at = level(graph)
    assert at["b"] == at["c"]
    assert set(at) == set(graph)


def test_order_does_not_depend_on_how_the_graph_was_built():
    edges = [("a", "x"), ("b", "x"), ("b", "y"), ("c", "y")]
    assert len({str(layers(nx.DiGraph(e))) for e in itertools.permutations(edges)}) == 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("铜（开采）", "铜（开采）"),
        ("硼（硼酸盐）（加工或冶炼）", "硼（硼酸盐）\n（加工或冶炼）"),
        ("一二三四五六七八）九", "一二三四五六七\n八）九"),
        ("一二三四五六七八九十一二三四五六七八", "一二三四五六七八\n九十一二三四五…"),
    ],
)
def test_names_break_where_a_reader_would(text, lines):
    assert two_lines(text) == lines


def test_every_node_is_drawn_inside_the_canvas():
    graph = nx.gn_graph(24, seed=1)
    names = {v: f"环节{v}" for v in graph}
    figure = plots.chain_layers(graph, names, dict.fromkeys(graph, "甲"), {"甲": "#0072B2", "乙": "#B4460F"}, (0,))
    figure.canvas.draw()
    texts = [t for t in figure.axes[0].texts if t.get_text()]
    assert sorted(t.get_text() for t in texts) == sorted(names.values())
    boxes = [t.get_window_extent() for t in texts]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    assert all(figure.bbox.x0 <= b.x0 and b.x1 <= figure.bbox.x1 for b in boxes)
    assert [t.get_text() for t in figure.legends[0].get_texts()] == ["甲"]
    plt.close(figure)
