"""报告的数字：在小链上用手算的结果核对；各种古怪的链要么做得出，要么自己说清楚。"""

import itertools

import pandas as pd
import pytest

from chokepoint import report

from .folders import GOOD, chain_of, write

NAMES = {"CHN": "中国", "JPN": "日本", "USA": "美国", "DEU": "德国", "AUS": "澳大利亚"}


def build(folder, changes=None, **options):
    return report.build(write(folder, **(changes or {})), names=NAMES, **options)


@pytest.fixture
def good(tmp_path):
    return build(tmp_path, domestic="CHN", blocs={"日美": ("JPN", "USA")})


# ---- 手算 ----
def test_single_nodes_by_hand(good):
    single = good.frames["single"]
    assert single["provider"].to_dict() == {"part": "DEU", "ore": "CHN"}
    assert single["share"].to_dict() == {"part": 100.0, "ore": 70.0}
    assert single["home"].to_dict() == {"part": False, "ore": True}
    assert good.frames["holders"]["total"].to_dict() == {"CHN": 1, "DEU": 1}


def test_concentration_by_hand(good):
    nodes = good.frames["nodes"]
    assert nodes.loc["metal", "low"] == pytest.approx(50**2 + 30**2 + 20**2)
    assert nodes.loc["metal", "high"] == pytest.approx(nodes.loc["metal", "low"])
    assert nodes.loc["metal", "bloc_low"] == pytest.approx(80**2 + 20**2)
    assert pd.isna(nodes.loc["machine", "low"])


def test_bloc_bounds_when_members_may_be_hidden(tmp_path):
    """名单不全：未列出的可能全是集团的，也可能全归一家外人。"""
    shares = "node,provider,share\nore,JPN,40\nore,CHN,20\n"
    nodes = build(tmp_path, {"shares": shares}, blocs={"日美": ("JPN", "USA")}).frames["nodes"]
    assert nodes.loc["ore", "low"] == pytest.approx(40**2 + 20**2)
    assert nodes.loc["ore", "high"] == pytest.approx(40**2 + 20**2 + 40**2)
    assert nodes.loc["ore", "bloc_high"] == pytest.approx(80**2 + 20**2)


def test_scenarios_by_hand(good):
    cases = good.frames["scenarios"].set_index("name")
    states = good.frames["states"]
    # 德国独供零件：零件与整机断；中国占矿石七成：全链断；日本单独只占一半：不断；日美合起来：金属往下断
    assert cases.loc["DEU", ["blocked", "unknown"]].tolist() == [2, 0]
    assert states["CHN"].tolist() == ["blocked"] * 4
    assert cases.loc["JPN", "blocked"] == 0
    assert states["日美"].tolist() == ["producible", "blocked", "blocked", "blocked"]
    assert states["国外全部"].tolist() == ["producible", "blocked", "blocked", "blocked"]
    assert cases.loc["DEU", "product"] == "blocked"
    assert (cases[["blocked", "unknown", "producible"]].sum(axis=1) == 4).all()


def test_only_one_country_gives_unknown_not_a_guess(tmp_path):
    """只知道一国占多少：它占得多就断，占得少就说不清；指明本方之后，其余确是国外的。"""
    shares = "node,provider,share\nore,CHN,70\nmetal,CHN,10\npart,CHN,50\n"
    found = build(tmp_path, {"shares": shares}, domestic="CHN")
    assert found.frames["states"]["CHN"].tolist() == ["blocked"] * 4
    abroad = found.frames["states"]["国外全部"]
    assert abroad.to_dict() == {"ore": "producible", "metal": "blocked", "part": "blocked", "machine": "blocked"}
    lower = build(tmp_path / "b", {"shares": shares.replace("70", "40")})
    assert lower.frames["states"]["CHN"]["ore"] == "unknown"
    nodes = found.frames["nodes"]
    assert nodes.loc["metal", "low"] == pytest.approx(100)
    assert nodes.loc["metal", "high"] == pytest.approx(10**2 + 90**2)
    assert "补上别家的份额" in found.html()


@pytest.mark.parametrize(("home", "row"), list(itertools.product([None, 30], [True, False])))
def test_residual_is_never_a_provider(tmp_path, home, row):
    shares = (
        "node,provider,share\n" + (f"ore,CHN,{home}\n" if home else "") + ("ore,ROW,70\n" if row else "ore,AUS,70\n")
    )
    found = build(tmp_path, {"shares": shares})
    assert ("ROW" in found.frames["states"]) is False
    assert ("ore" in found.frames["single"].index) is (not row)


def test_a_node_without_shares_follows_its_inputs(tmp_path):
    """没有份额的整机：缺省看投入；也可以一律未知，或一律不受影响。"""
    assert build(tmp_path / "a").frames["states"]["AUS"]["machine"] == "producible"
    assert build(tmp_path / "b", no_shares="unknown").frames["states"]["AUS"]["machine"] == "unknown"
    source = {"nodes": GOOD["nodes.csv"] + "gas,气,原料\n", "edges": GOOD["edges.csv"] + "gas,part,goes_into\n"}
    assert build(tmp_path / "c", source).frames["states"]["AUS"]["gas"] == "unknown"
    assert build(tmp_path / "d", source, no_shares="available").frames["states"]["AUS"]["gas"] == "producible"


def test_stages_are_not_counted(tmp_path):
    changes = {"nodes": GOOD["nodes.csv"] + "front,前段,阶段\n", "edges": GOOD["edges.csv"] + "ore,front,in_stage\n"}
    cases = build(tmp_path, changes).frames["scenarios"]
    assert (cases[["blocked", "unknown", "producible"]].sum(axis=1) == 4).all()


def test_routes_by_hand(good):
    routes = good.frames["routes"]
    assert good.product == "machine"
    assert routes["dominates"].to_dict() == {"ore": True, "metal": True, "part": True}
    assert routes["cut"].to_dict() == {"ore": False, "metal": False, "part": True}


def test_threshold_changes_the_answer(tmp_path):
    assert "ore" in build(tmp_path / "a", threshold=70).frames["single"].index
    assert "ore" not in build(tmp_path / "b", threshold=71).frames["single"].index


def test_ranking_needs_enough_nodes(tmp_path):
    found = build(tmp_path)
    assert found.frames["ranking"].empty
    assert "少于 5 个" in found.notes["ranking"]
    assert "没有排名" in found.html()


def test_ranking_when_there_is_enough(tmp_path):
    found = build(tmp_path, big(), domestic="CHN")
    table = found.frames["ranking"]
    assert len(table) == 8
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    assert "不计本方" in found.notes["ranking"]


def big():
    """八个节点，都有份额，集中的程度与位置各不相同。"""
    parts = chain_of(8)
    shares = "".join(f"n{i:02d},CHN,{5 * i}\nn{i:02d},USA,{90 - 8 * i}\nn{i:02d},JPN,{10 + 3 * i}\n" for i in range(8))
    return {**parts, "shares": "node,provider,share\n" + shares}


# ---- 古怪的链 ----
ODD = {
    "twenty_nodes_no_shares": (chain_of(20), "没有一个节点知道份额"),
    "shares_file_missing": ({"shares": None}, "没有这个文件"),
    "one_country": ({"shares": "node,provider,share\nore,CHN,40\n"}, "说不清的超过一半"),
    "loop": ({"edges": GOOD["edges.csv"] + "machine,metal,goes_into\n"}, "构成环"),
    "all_in_a_loop": (
        {"edges": "from_node,to_node,relation\nore,metal,goes_into\nmetal,ore,goes_into\n"},
        "没有最终产出",
    ),
    "single_node": (
        {
            "nodes": "node\nore\n",
            "edges": "from_node,to_node,relation\n",
            "shares": "node,provider,share\nore,CHN,80\n",
        },
        "没有最终产出",
    ),
    "single_node_nothing_else": (
        {"nodes": "node\nore\n", "edges": "from_node,to_node,relation\n", "shares": None},
        "没有什么可以断供的",
    ),
    "only_types": (
        {
            "nodes": "node\na\nb\nc\n",
            "edges": "from_node,to_node,relation\na,c,is_type_of\nb,c,is_type_of\n",
            "shares": "node,provider,share\na,CHN,100\nb,USA,100\n",
        },
        "断供",
    ),
    "unknown_shares": ({"shares": "node,provider,share\nore,CHN,\nore,AUS,\n"}, "说不清"),
    "zero_shares": ({"shares": "node,provider,share\nore,CHN,0\n"}, "说不清"),
    "only_residual": ({"shares": "node,provider,share\nore,ROW,100\n"}, "没有什么可以断供的"),
    "many_nodes_without_edges": (
        {
            "nodes": "node\n" + "".join(f"n{i}\n" for i in range(60)),
            "edges": "from_node,to_node,relation\n",
            "shares": None,
        },
        "没有画链图",
    ),
    "everyone_alike": (
        {
            **chain_of(6),
            "shares": "node,provider,share\n" + "".join(f"n{i:02d},CHN,50\nn{i:02d},USA,50\n" for i in range(6)),
        },
        "名次",
    ),
    "marks_in_names": ({"nodes": GOOD["nodes.csv"].replace("矿石", "<b>矿&石</b>")}, "&lt;b&gt;矿&amp;石&lt;/b&gt;"),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_chains_work_or_explain_themselves(tmp_path, case):
    changes, said = ODD[case]
    found = build(tmp_path, changes)
    page = found.html()
    assert said in page
    assert all(frame is not None for frame in found.frames.values())
    for section in ("outline", "single", "concentration", "routes", "scenarios", "ranking", "limits"):
        body = page.split(f'<section id="{section}">')[1].split("</section>")[0]
        assert len(body) > 40, section
    assert "nan" not in page.lower().replace("finance", "")


def test_a_loop_does_not_block_itself(tmp_path):
    """环里互为投入，环外不断，环就不断；环外断了，整个环断。"""
    found = build(tmp_path, {"edges": GOOD["edges.csv"] + "machine,metal,goes_into\n"})
    assert found.loops == {"metal", "part", "machine"}
    assert set(found.frames["states"]["AUS"]) == {"producible"}
    assert set(found.frames["states"]["CHN"]) == {"blocked"}
    assert "环（" in found.html()


def test_same_folder_same_page(tmp_path):
    """同样的三张表得到逐字节相同的网页，与文件夹在哪里无关。"""
    one = build(tmp_path / "a", big(), title="链").html()
    two = build(tmp_path / "b", big(), title="链").html()
    assert one == two
    assert str(tmp_path) not in one


def test_figures_are_made_by_plots_and_can_be_reused(good):
    from chokepoint import plots

    assert set(good.figures) <= {"map", "holders", "concentration", "scenarios", "ranking"}
    for picture in good.pictures.values():
        assert picture.caption
        assert len(picture.alt) > 10
        assert picture.figure.get_size_inches()[0] == pytest.approx(plots.canvas()[0].get_size_inches()[0])


def test_frames_refuse_unknown_names(good):
    with pytest.raises(KeyError, match="现有 outline"):
        good.frames["nothing"]
    with pytest.raises(KeyError, match="现有"):
        good.pictures["nothing"]


def test_the_invented_example_is_labelled_and_works(tmp_path):
    report.template(tmp_path)
    assert "数字是编的" in (tmp_path / "nodes.csv").read_text("utf-8-sig")
    assert "数字是编的" in (tmp_path / "README.txt").read_text("utf-8-sig")
    found = report.build(tmp_path, domestic="甲国", blocs={"乙丙": ("乙国", "丙国")})
    assert found.hints == ()
    assert not found.frames["ranking"].empty
    assert "不受供应者影响" in report.build(tmp_path, no_shares="available").html()


def test_works_without_the_data_package(tmp_path, monkeypatch):
    """装了包而没有数据：显示代码，报告照出。"""
    from chokepoint import data
    from chokepoint.report import _build

    def missing(name):
        raise data.TableError([])

    monkeypatch.setattr(data, "load", missing)
    assert _build.economies() == {}
    assert "CHN" in report.build(write(tmp_path)).html()
