"""检查：每一种毛病都在改坏的一份上报出来，写明文件、行、列与改法；好的一份一声不响。"""
# ruff: noqa: E501  一例一行，断开反而难读

import pytest

from chokepoint import report

from .folders import GOOD, write

NAMES = {"CHN": "中国", "JPN": "日本", "USA": "美国", "DEU": "德国", "AUS": "澳大利亚", "NLD": "荷兰"}
N, E, S = (GOOD[f"{name}.csv"] for name in ("nodes", "edges", "shares"))


def faults(folder):
    return report.examine(folder, NAMES)[1]


def test_a_good_chain_has_nothing_to_say(tmp_path):
    assert faults(write(tmp_path)) == []


#: 名称 → （改坏的文件，种类，文件，行，列，改法里要有的字，是否只是提醒）。
CASES = {
    "no_nodes_file": ({"nodes": None}, "missing", "nodes.csv", None, None, "模板", False),
    "no_edges_file": ({"edges": None}, "missing", "edges.csv", None, None, "模板", False),
    "no_shares_file": ({"shares": None}, "missing", "shares.csv", None, None, "看结构", True),
    "empty": ({"edges": b""}, "empty", "edges.csv", None, None, "表头", False),
    "blank_lines_only": ({"shares": "\n\n"}, "empty", "shares.csv", None, None, "表头", False),
    "header_only": ({"nodes": "node,name\n"}, "empty", "nodes.csv", None, None, "至少", False),
    "gbk": ({"nodes": N.encode("gb18030")}, "encoding", "nodes.csv", 2, None, "CSV UTF-8", False),
    "utf16": ({"nodes": N.encode("utf-16")}, "encoding", "nodes.csv", None, None, "CSV UTF-8", False),
    "binary": ({"nodes": N.encode() + b"\xff\xff\xff\x81"}, "encoding", "nodes.csv", 6, None, "UTF-8", False),
    "workbook": ({"shares": b"PK\x03\x04rest"}, "workbook", "shares.csv", None, None, "另存为", False),
    "semicolons": ({"shares": S.replace(",", ";")}, "delimiter", "shares.csv", 1, None, "半角逗号", False),
    "tabs": ({"edges": E.replace(",", "\t")}, "delimiter", "edges.csv", 1, None, "半角逗号", False),
    "wide_commas": ({"shares": S.replace(",", "，")}, "delimiter", "shares.csv", 1, None, "半角逗号", False),
    "wide_comma_in_a_row": ({"shares": S.replace("ore,AUS,30", "ore，AUS，30")}, "comma", "shares.csv", 3, None, "半角", False),
    "too_many_cells": ({"shares": S.replace("AUS,30", "AUS,30,多,余")}, "ragged", "shares.csv", 3, None, "双引号", False),
    "open_quote": ({"nodes": N + '"没有合上,零件,x\n'}, "quotes", "nodes.csv", 6, None, "成对", False),
    "column": ({"shares": S.replace("share\n", "weight\n", 1)}, "column", "shares.csv", 1, "share", "模板", False),
    "column_in_chinese": ({"edges": E.replace("from_node", "起点")}, "column", "edges.csv", 1, "from_node", "第 1 列", False),
    "column_twice": ({"nodes": N.replace("name,stage", "name,name")}, "column_twice", "nodes.csv", 1, "name", "一列", False),
    "blank_node": ({"nodes": N + ",没有代号,成品\n"}, "blank", "nodes.csv", 6, "node", "补上", False),
    "blank_end": ({"edges": E + "ore,,goes_into\n"}, "blank", "edges.csv", 5, "to_node", "补上", False),
    "blank_provider": ({"shares": S + "part,,1\n"}, "blank", "shares.csv", 8, "provider", "ROW", False),
    "duplicate_node": ({"nodes": N + "ore,又一个,x\n"}, "duplicate_node", "nodes.csv", 6, "node", "合并", False),
    "unknown_node": ({"edges": E + "oree,part,goes_into\n"}, "unknown_node", "edges.csv", 5, "from_node", "是不是“ore”", False),
    "name_for_code": ({"edges": E + "矿石,part,goes_into\n"}, "unknown_node", "edges.csv", 5, "from_node", "改成“ore”", False),
    "two_in_a_cell": ({"edges": E + "ore、metal,machine,goes_into\n"}, "unknown_node", "edges.csv", 5, "from_node", "拆成", False),
    "unknown_in_shares": ({"shares": S + "zzz,CHN,1\n"}, "unknown_node", "shares.csv", 8, "node", "补上", False),
    "relation": ({"edges": E + "ore,part,feeds\n"}, "unknown_relation", "edges.csv", 5, "relation", "之一", False),
    "relation_in_chinese": ({"edges": E + "ore,part,投入\n"}, "unknown_relation", "edges.csv", 5, "relation", "goes_into", False),
    "self_loop": ({"edges": E + "ore,ore,goes_into\n"}, "self_loop", "edges.csv", 5, "to_node", "删去", False),
    "duplicate_edge": ({"edges": E + "ore,metal,goes_into\n"}, "duplicate_edge", "edges.csv", 5, "to_node", "一条", False),
    "two_relations": ({"edges": E + "ore,metal,is_type_of\n"}, "several_relations", "edges.csv", 2, "relation", "一种", False),
    "type_cycle": (
        {"nodes": N + "a,,\nb,,\n", "edges": E + "a,b,is_type_of\nb,a,is_type_of\n"},
        "type_cycle", "edges.csv", 5, None, "子类", False,
    ),
    "loop": ({"edges": E + "machine,metal,goes_into\n"}, "cycle", "edges.csv", 3, None, "保留", True),
    "orphan": ({"nodes": N + "alone,,\n"}, "orphan", "nodes.csv", 6, "node", "孤立", True),
    "no_edges": ({"edges": "from_node,to_node,relation\n"}, "no_edges", "edges.csv", None, None, "补上", True),
    "no_shares": ({"shares": "node,provider,share\n"}, "no_shares", "shares.csv", None, None, "知道多少", True),
    "percent_sign": ({"shares": S + "machine,CHN,12%\n"}, "not_a_number", "shares.csv", 8, "share", "写 12，不写百分号", False),
    "wide_percent": ({"shares": S + "machine,CHN,12％\n"}, "not_a_number", "shares.csv", 8, "share", "写 12，", False),
    "wide_digits": ({"shares": S + "machine,CHN,１２\n"}, "full_width", "shares.csv", 8, "share", "“12”", False),
    "about": ({"shares": S + "machine,CHN,约12\n"}, "not_a_number", "shares.csv", 8, "share", "如 12", False),
    "bound": ({"shares": S + "machine,CHN,<0.1\n"}, "not_a_number", "shares.csv", 8, "share", "如 0.1", False),
    "range": ({"shares": S + "machine,CHN,10-20\n"}, "not_a_number", "shares.csv", 8, "share", "中点", False),
    "unknown_word": ({"shares": S + "machine,CHN,未知\n"}, "not_a_number", "shares.csv", 8, "share", "空着", False),
    "dash": ({"shares": S + "machine,CHN,—\n"}, "not_a_number", "shares.csv", 8, "share", "空着", False),
    "decimal_comma": ({"shares": S + 'machine,CHN,"12,5"\n'}, "not_a_number", "shares.csv", 8, "share", "12.5", False),
    "thousands": ({"shares": S + 'machine,CHN,"1,234"\n'}, "not_a_number", "shares.csv", 8, "share", "产量", False),
    "infinite": ({"shares": S + "machine,CHN,inf\n"}, "not_a_number", "shares.csv", 8, "share", "百分数", False),
    "negative": ({"shares": S + "machine,CHN,-1\n"}, "negative_share", "shares.csv", 8, "share", "不写负数", False),
    "over_100": ({"shares": S + "ore,JPN,30\n"}, "over_100", "shares.csv", 2, "share", "核对", False),
    "barely_over": ({"shares": S + "ore,JPN,1\n"}, "over_100", "shares.csv", 2, "share", "--tolerance", False),
    "duplicate_share": ({"shares": S + "part,DEU,0\n"}, "duplicate_share", "shares.csv", 8, "provider", "合并", False),
    "fractions": (
        {"shares": "node,provider,share\nore,CHN,0.7\nore,AUS,0.3\n"}, "fraction", "shares.csv", 2, "share", "100", False,
    ),
    "wide_space": ({"nodes": N.replace("metal,", "\u3000metal,")}, "full_width", "nodes.csv", 3, "node", "“metal”", False),
    "wide_letters": ({"shares": S.replace("part,DEU", "part,ＤＥＵ")}, "full_width", "shares.csv", 7, "provider", "“DEU”", False),
    "garbled": ({"nodes": N.replace("矿石", "\ufffd石")}, "garbled", "nodes.csv", 2, "name", "另存", False),
    "lower_code": ({"shares": S + "machine,nld,1\n"}, "provider_code", "shares.csv", 8, "provider", "写 NLD", False),
    "two_letters": ({"shares": S + "machine,NL,1\n"}, "provider_code", "shares.csv", 8, "provider", "三位", True),
    "strange_code": ({"shares": S + "machine,XYZ,1\n"}, "provider_code", "shares.csv", 8, "provider", "核对", True),
    "two_spellings": ({"shares": S + "machine,chn,1\n"}, "provider_spelling", "shares.csv", 8, "provider", "CHN", False),
    "code_and_name": ({"shares": S + "machine,中国,1\n"}, "provider_spelling", "shares.csv", 8, "provider", "CHN", False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_fault_says_where_and_how(tmp_path, case):
    changes, kind, file, row, column, fix, warning = CASES[case]
    found = [f for f in faults(write(tmp_path, **changes)) if f.kind == kind]
    assert found, [str(f) for f in faults(tmp_path)]
    first = found[0]
    assert (first.file, first.row, first.column, first.warning) == (file, row, column, warning)
    assert fix in first.fix
    assert file in str(first)
    assert "改法：" in str(first)
    if warning:
        report.build(tmp_path, names=NAMES)
    else:
        with pytest.raises(report.FolderError, match="处要改"):
            report.build(tmp_path, names=NAMES)


@pytest.mark.parametrize("case", [c for c in CASES if CASES[c][1] not in {"encoding", "delimiter"}])
def test_one_fault_does_not_bring_others(tmp_path, case):
    """改坏一处只报那一处（连同不妨碍的提醒），不连带一串。"""
    changes, kind, *_ = CASES[case]
    found = {f.kind for f in faults(write(tmp_path, **changes)) if not f.warning}
    allowed = {kind, "over_100"} if case == "two_spellings" else {kind}
    if case in {"no_nodes_file", "no_edges_file", "header_only", "empty", "open_quote"}:
        allowed |= {"unknown_node"}
    assert found <= allowed


def test_every_problem_at_once(tmp_path):
    """三个文件各坏几处：一次全列出来，次序按文件与行。"""
    folder = write(
        tmp_path,
        nodes=(N + "ore,又一个,x\n,空的,x\n").encode("gb18030"),
        edges=E + "oree,part,goes_into\nore,part,feeds\n",
        shares=S + "machine,CHN,12%\nmachine,nld,1\nmachine,,2\n",
    )
    found = [f for f in faults(folder) if not f.warning]
    kinds = {f.kind for f in found}
    assert kinds == {
        "encoding", "duplicate_node", "blank", "unknown_node", "unknown_relation", "not_a_number", "provider_code",
    }  # fmt: skip
    assert [f.file for f in found] == sorted(
        (f.file for f in found), key=["nodes.csv", "edges.csv", "shares.csv"].index
    )
    with pytest.raises(report.FolderError) as caught:
        report.build(folder, names=NAMES)
    assert all(str(f) in str(caught.value) for f in found)
    assert f"{len(found)} 处要改" in str(caught.value)


def test_bom_crlf_spaces_and_blank_rows_are_fine(tmp_path):
    text = ("\ufeff" + N.replace("ore,", " ore ,").replace("\n", "\r\n") + "\r\n,,\r\n").encode()
    assert faults(write(tmp_path, nodes=text, shares=S.replace("node", "Node", 1))) == []


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path):
    """格子里有换行、中间有空行，行号仍与电子表格一致。"""
    folder = write(tmp_path, nodes=N.replace("矿石", '"矿\n石"') + "\nore,重复,x\n")
    (fault,) = faults(folder)
    assert fault.row == 7


def test_a_missing_or_wrong_folder(tmp_path):
    (fault,) = report.examine(tmp_path / "nowhere", NAMES)[1]
    assert fault.kind == "missing"
    (tmp_path / "file").touch()
    (fault,) = report.examine(tmp_path / "file", NAMES)[1]
    assert "不是文件夹" in fault.message


def test_many_orphans_are_one_hint(tmp_path):
    folder = write(tmp_path, nodes=N + "".join(f"o{i},,\n" for i in range(9)))
    (fault,) = faults(folder)
    assert fault.warning
    assert "9 个节点" in fault.message


def test_options_are_checked_all_at_once(tmp_path):
    with pytest.raises(report.FolderError) as caught:
        report.build(
            write(tmp_path), names=NAMES, domestic="FRA", product="整机", blocs={"甲": ["FRA"], "乙": ["JPN", "USA"], "丙": ["USA"]}
        )  # fmt: skip
    assert [f.kind for f in caught.value.faults] == ["bloc", "bloc", "domestic", "product"]
    assert "写代号：machine" in str(caught.value)


@pytest.mark.parametrize("options", [{"threshold": 0}, {"threshold": 101}, {"residual": "ROW"}, {"no_shares": "maybe"}])
def test_impossible_options(tmp_path, options):
    with pytest.raises(ValueError, match="应"):
        report.build(write(tmp_path), names=NAMES, **options)


def test_wide_parentheses_and_chinese_names_are_left_alone(tmp_path):
    folder = write(
        tmp_path,
        nodes="node\n铜（开采）\n",
        edges="from_node,to_node,relation\n",
        shares="node,provider,share\n铜（开采）,CHN,9\n",
    )
    assert [f for f in faults(folder) if not f.warning] == []
