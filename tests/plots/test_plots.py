"""图与表的收尾：一次调用，该有的都有，不该过的不过。"""

import re
import warnings
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from chokepoint import OUTPUT_MIME, data, plots
from chokepoint.plots import _emit
from tests.data.copies import copied
from tools.paths import ROOT, notebooks
from tools.text import read, specs

TABLES = ["chokepoints"]


@pytest.fixture
def shown(monkeypatch):
    """收下显示出来的输出。"""
    outputs = []
    monkeypatch.setattr(_emit, "display", lambda bundle, raw, **how: outputs.append(bundle))
    return outputs


def drawn(text="光刻机与光刻胶"):
    fig, ax = plots.canvas()
    ax.barh([text, "轴承钢"], [3, 1])
    ax.set_xlabel("项数（−1 ≤ x，≈ 2.5 µm）")
    return fig


def make(fig=None, name="fig-a", caption="甲占大头", alt="条形图：甲占 61%，乙占 30%", tables=TABLES, **how):
    plots.figure(fig or drawn(), name, caption=caption, alt=alt, tables=tables, **how)


def test_a_figure_carries_everything(shown):
    make(note="分母为清单。")
    (bundle,) = shown
    spec = bundle[OUTPUT_MIME]
    assert spec["kind"] == "figure"
    assert (spec["name"], spec["caption"], spec["alt"]) == ("fig-a", "甲占大头", "条形图：甲占 61%，乙占 30%")
    assert spec["note"] == "分母为清单。"
    assert spec["tables"] == TABLES
    assert spec["source"] == data.source_line(TABLES, markdown=True)
    assert "甲占大头" in bundle["text/plain"]


def test_a_figure_is_a_vector_with_text_as_paths(shown):
    make()
    root = ElementTree.fromstring(shown[0]["image/svg+xml"])
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "path" in names
    assert not names & {"text", "image", "foreignObject", "script"}


def test_the_same_figure_is_the_same_bytes(shown):
    make()
    make()
    assert shown[0] == shown[1]


def test_a_figure_is_closed(shown):
    before = plt.get_fignums()
    make()
    assert plt.get_fignums() == before


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "a"},
        {"name": "tbl-a"},
        {"name": "fig-甲"},
        {"name": "fig-A b"},
        {"caption": " "},
        {"alt": ""},
        {"tables": []},
        {"tables": ["no_such_table"]},
    ],
)
def test_a_bad_figure_is_refused(shown, bad):
    with pytest.raises((ValueError, data.TableError)):
        make(**bad)
    assert shown == []


def test_noncommercial_data_make_a_noncommercial_figure(shown):
    """一张 CC BY 的表与一张 CC BY-NC 的表：图与表都只能是 CC BY-NC。"""
    with copied() as package:
        for table, name in (("chokepoints", "CC-BY-4.0"), ("other_lists", "CC-BY-NC-4.0")):
            with package.resource(table) as resource:
                resource["licenses"] = [{"name": name}]
        make(tables=["chokepoints"])
        make(tables=["chokepoints", "other_lists"])
        make(tables=["other_lists", "chokepoints"])
        plots.table(frame(), "tbl-a", caption="甲与乙", tables=["other_lists", "chokepoints"])
    open_, *closed = [bundle[OUTPUT_MIME] for bundle in shown]
    assert open_["licence"] == "CC-BY-4.0"
    assert "BY-NC" not in open_["source"]
    for spec in closed:
        assert spec["licence"] == "CC-BY-NC-4.0"
        assert "CC BY-NC 4.0" in spec["source"]


# ---- 字 ----
def test_a_missing_glyph_is_an_error(shown):
    """字体里没有的字会印成方块：测试设置把这个警告当作错误。"""
    with pytest.raises(UserWarning, match="missing"):
        make(drawn("\U0001f680"))


def test_no_label_of_the_book_is_missing_a_glyph():
    """书里图上可能出现的字（各表的中文标签、图题、轴题）字体里都有。"""
    texts = [s["caption"] + s["alt"] for path in notebooks() for s in specs(read(path)) if s["kind"] == "figure"]
    texts += [path.read_text("utf-8") for path in sorted((ROOT / "data").glob("*.csv")) if path.stem != "sources"]
    texts += [p.read_text("utf-8") for p in (ROOT / "chokepoint" / "plots").rglob("*.py")]
    characters = sorted({c for text in texts for c in text if c.isprintable() and not c.isspace()})
    fig = plt.figure(layout="none")
    fig.text(0, 0, "".join(characters))
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        fig.canvas.draw()
    plt.close(fig)


def test_the_fonts_are_recorded():
    fonts = plots.fonts()
    assert fonts["name"]
    assert re.fullmatch(r"[0-9a-f]{16}", fonts["sha256"])


# ---- 表 ----
def frame():
    return pd.DataFrame(
        {
            "技术": ["光刻机", "甲|乙"],
            "份额": [61.25, None],
            "项数": pd.array([12345, pd.NA], dtype="Int64"),
            "年份": [2018, 2023],
            "是否": [True, False],
        }
    )


def test_a_table_says_what_is_missing_and_aligns_its_numbers(shown):
    plots.table(frame(), "tbl-a", caption="甲与乙", tables=TABLES, note="“—”表示没有数。")
    (bundle,) = shown
    lines = bundle[OUTPUT_MIME]["markdown"].splitlines()
    head = lines.index("| 技术 | 份额 | 项数 | 年份 | 是否 |")
    assert lines[head + 1].startswith("|:---|---:|---:|---:|")
    assert lines[head + 2] == "| 光刻机 | 61.2 | 12,345 | 2018 | 是 |"
    assert lines[head + 3] == "| 甲\\|乙 | — | — | 2023 | 否 |"
    assert bundle[OUTPUT_MIME]["source"] in bundle[OUTPUT_MIME]["markdown"]
    assert "甲|乙" in bundle["text/html"]
    assert "nan" not in str(bundle).lower()


def test_a_table_is_the_same_twice(shown):
    for _ in range(2):
        plots.table(frame(), "tbl-a", caption="甲与乙", tables=TABLES)
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("bad", "how"),
    [
        (frame(), {"name": "fig-a"}),
        (frame(), {"caption": ""}),
        (frame().iloc[:0], {}),
        (pd.DataFrame([range(9)], columns=[f"列{i}" for i in range(9)]), {}),
        (frame(), {"tables": ["no_such_table"]}),
    ],
)
def test_a_bad_table_is_refused(shown, bad, how):
    arguments = {"name": "tbl-a", "caption": "甲与乙", "tables": TABLES, **how}
    with pytest.raises((ValueError, data.TableError)):
        plots.table(bad, arguments.pop("name"), **arguments)
    assert shown == []


def test_eight_columns_are_still_allowed(shown):
    plots.table(
        pd.DataFrame([range(8)], columns=[f"列{i}" for i in range(8)]), "tbl-a", caption="甲与乙", tables=TABLES
    )
    assert len(shown) == 1


def test_the_provenance_table_leads_to_the_catalogue(shown):
    plots.provenance("tbl-sources", ["chokepoints", "other_lists"])
    markdown = shown[0][OUTPUT_MIME]["markdown"]
    for table in ("chokepoints", "other_lists"):
        assert f"(#{data.anchor(table)})" in markdown
        assert f"/data/{table}.csv" in markdown
        assert data.licence([table])["title"] in markdown


def test_an_interactive_figure_carries_its_script_and_data(shown):
    make(script="chain.js", payload={"名": ["甲"], "数": [1, None]})
    assert shown[0][OUTPUT_MIME]["interactive"] == {"script": "chain.js", "payload": {"名": ["甲"], "数": [1, None]}}
    make(name="fig-b")
    assert "interactive" not in shown[1][OUTPUT_MIME]


@pytest.mark.parametrize(
    "how",
    [
        {"script": "chain.js"},
        {"payload": {}},
        {"script": "../chain.js", "payload": {}},
        {"script": "chain.js", "payload": {"a": float("nan")}},
    ],
)
def test_half_an_interaction_is_refused(shown, how):
    with pytest.raises(ValueError):  # noqa: PT011
        make(**how)
    assert shown == []
