"""测试自己：没有一个文件夹被悄悄跳过，没有一条测试被跳过或标为会失败。"""

import ast
import fnmatch

from tools.paths import ROOT

FILES = sorted((ROOT / "tests").rglob("test_*.py"))
ESCAPES = {"skip", "skipif", "xfail", "importorskip"}
#: Spark 是可选的：没有 Java 或 pyspark 的机器上，那一条不跑；同样的表达式在 DuckDB 上总是要跑的。
#: 教室文件夹要真的断网才算试过：不许另开网络名字空间、或不是 x86-64 Linux 的机器上不跑。
OPTIONAL = {"test_baci.py": ["importorskip", "skip"], "test_classroom.py": ["skipif", "skipif"]}


def skipped(folder: str, patterns: list[str]) -> bool:
    """pytest 会不会跳过叫这个名字的文件夹。"""
    return any(fnmatch.fnmatch(folder, pattern) for pattern in patterns)


def escapes(code: str) -> list[str]:
    """代码里让测试不算数的地方。"""
    return [n.attr for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Attribute) and n.attr in ESCAPES]


def test_no_folder_is_skipped(pytestconfig):
    patterns = pytestconfig.getini("norecursedirs")
    folders = {part for path in FILES for part in path.relative_to(ROOT).parts[:-1]}
    assert "build" in folders
    assert [f for f in folders if skipped(f, patterns)] == []


def test_a_folder_named_build_would_be_skipped_by_default():
    assert skipped("build", ["*.egg", ".*", "build", "dist"])


def test_no_test_escapes():
    assert {path.name: sorted(found) for path in FILES if (found := escapes(path.read_text("utf-8")))} == OPTIONAL


def test_an_escape_is_found():
    assert escapes("import pytest\n\n@pytest.mark.skip\ndef test():\n    pass\n") == ["skip"]
    assert escapes("import pytest\n\npytest.importorskip('x')\n") == ["importorskip"]
