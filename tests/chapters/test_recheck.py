"""逐格复核自己的证明：好副本过，坏副本不过。

一格执行一次，再改坏成若干副本：一本记着本机的字体，一本记着别的字体，每种副本占一格，
交给另一个 pytest 复核，看它逐格怎么说。
"""

import copy
import json
import re
import subprocess
import sys

import nbformat
import pytest
from filelock import FileLock
from nbclient import NotebookClient

from tests.notebooks import machine_fonts
from tools.paths import KERNEL_LOCK, ROOT, environment

SOURCE = """
from IPython.display import display

share = 0.61
svg = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><path d='M0 0 L10 10'/></svg>"
pdf = "JVBERi0xLjQKJcTl8uXrp/Og0MTGCjQgMCBvYmoKPDwgL0xlbmd0aCA1IDAgUiA+PgplbmRvYmoK"
spec = {"kind": "figure", "name": "fig-a", "alt": f"甲占 {share:.0%}", "tables": ["t1", "t2"]}
display(
    {"image/svg+xml": svg, "application/pdf": pdf, "application/vnd.chokepoint+json": spec, "text/plain": "图"},
    raw=True,
    metadata={"scrapbook": {"name": "甲的份额"}},
)
"""
OTHER_FONTS = {"name": "别的字体", "sha256": "0" * 16, "freetype": "0"}


def data(cell):
    return cell["outputs"][0]["data"]


def one_byte(cell):
    data(cell)["image/svg+xml"] = data(cell)["image/svg+xml"].replace("L10", "L11")


def no_svg(cell):
    del data(cell)["image/svg+xml"]


def empty_pdf(cell):
    data(cell)["application/pdf"] = ""


def svg_is_png(cell):
    data(cell)["image/svg+xml"] = "not a picture, though long enough to look like one"


def number(cell):
    data(cell)["application/vnd.chokepoint+json"]["alt"] = "甲占 62%"


def table_list(cell):
    data(cell)["application/vnd.chokepoint+json"]["tables"] = ["t1"]


def text(cell):
    data(cell)["text/plain"] = "表"


def glue_key(cell):
    cell["outputs"][0]["metadata"]["scrapbook"]["name"] = "乙的份额"


def extra_output(cell):
    cell["outputs"].append({"output_type": "stream", "name": "stdout", "text": "hello"})


def exempted(cell):
    number(cell)
    cell["source"] = "# NBVAL_IGNORE_OUTPUT\n" + cell["source"]
    cell["metadata"]["tags"] = ["nbval-ignore-output", "nbval-skip"]


def never_run(cell):
    cell.update(execution_count=None, outputs=[])


def raises(cell):
    cell["source"] = "raise ValueError('坏了')"
    cell["metadata"]["tags"] = ["raises-exception"]


def _online(cell, call):
    """先试着上网，连不上就算了：没有网络的机器上也要看得出来。"""
    cell["source"] = f"import contextlib, socket\nwith contextlib.suppress(OSError):\n    {call}\n" + cell["source"]


def connects(cell):
    _online(cell, "socket.create_connection(('192.0.2.1', 80), timeout=0.1)")


def looks_up(cell):
    _online(cell, "socket.getaddrinfo('example.org', 80)")


def connects_here(cell):
    _online(cell, "socket.create_connection(('127.0.0.1', 9), timeout=0.1)")


def intact(cell):
    pass


#: 改动 → 应否通过：字体相同时、字体不同时。
COPIES = {
    intact: (True, True),
    one_byte: (False, True),
    number: (False, False),
    table_list: (False, False),
    text: (False, False),
    glue_key: (False, False),
    no_svg: (False, False),
    empty_pdf: (False, False),
    svg_is_png: (False, False),
    extra_output: (False, False),
    exempted: (False, False),
    never_run: (False, False),
    raises: (False, False),
    connects: (False, False),
    looks_up: (False, False),
    connects_here: (True, True),
}


def executed():
    """执行一次，得到存好输出的一格。"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE.strip(), id="a")])
    client = NotebookClient(notebook, record_timing=False, kernel_name="python3")
    with FileLock(KERNEL_LOCK):
        client.create_kernel_manager()
        client.start_new_kernel()
        client.start_new_kernel_client()
    client.execute()
    return json.loads(json.dumps(notebook.cells[0]))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """各副本复核的结果：(改动名, 字体是否相同) → PASSED 或 FAILED。"""
    folder = tmp_path_factory.mktemp("recheck")
    good = executed()
    for book, recorded in (("same", machine_fonts()), ("other", OTHER_FONTS)):
        cells = [copy.deepcopy(good) for _ in COPIES]
        for index, (cell, change) in enumerate(zip(cells, COPIES, strict=True)):
            cell["id"] = f"cell-{index}"
            change(cell)
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        metadata = {"kernelspec": kernel, "chokepoint": {"fonts": recorded}}
        content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{book}.ipynb").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-q",
        "-rA",
        "-p",
        "no:xdist",
        "-o",
        f"cache_dir={folder}/cache",
    ]
    command += ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "-p", "tests.notebooks", str(folder)]
    result = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)
    names = [change.__name__ for change in COPIES]
    found = re.findall(r"^(\w+) \S*?(same|other)\.ipynb::Cell (\d+)", result.stdout, re.M)
    assert found, result.stdout + result.stderr
    return {(names[int(index)], book): state for state, book, index in found}


@pytest.mark.parametrize("book", ["same", "other"])
@pytest.mark.parametrize("change", COPIES, ids=lambda c: c.__name__)
def test_recheck(outcomes, change, book):
    expected = COPIES[change][book == "other"]
    assert outcomes.get((change.__name__, book)) == ("PASSED" if expected else "FAILED")
