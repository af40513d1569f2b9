"""笔记本的输出怎样变成书页：互动图的脚本、数据与位置。"""

import importlib
import json
import re

import pytest
from bs4 import BeautifulSoup
from myst_nb.core.variables import format_plain_text

from tools.paths import HTML, ROOT, notebooks
from tools.text import glue_values, read


@pytest.fixture
def outputs(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    return importlib.import_module("zhbook.outputs")


def page(outputs, folder, **spec) -> str:
    whole = {"kind": "figure", "name": "fig-a", "alt": "甲", "caption": "乙", "source": "数据：丙", **spec}
    data = {outputs.MIME: whole, "image/svg+xml": "<svg/>"}
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": "", "outputs": [{"data": data}]}
    code, text = outputs.book_cells({"cells": [cell]}, "book/x", folder)
    assert code["outputs"] == []
    return text["source"]


def test_a_still_figure_has_no_script(outputs, tmp_path):
    assert "page-script" not in page(outputs, tmp_path)


def test_an_interactive_figure_brings_script_data_and_panel(outputs, tmp_path):
    payload = {"名": "</script><b>", "数": [1, None]}
    text = page(outputs, tmp_path, interactive={"script": "chain.js", "payload": payload})
    assert "```{page-script} chain.js\n```" in text
    assert '<div class="interactive" id="fig-a-panel" hidden></div>' in text
    (found,) = re.findall(r'<script type="application/json" id="fig-a-data">(.*?)</script>', text)
    assert json.loads(found) == payload


@pytest.mark.parametrize("value", ["0.50", "35 项", "1e3", "'甲'", "−0.10"])
def test_a_registered_value_is_printed_as_written(outputs, tmp_path, value):
    output = {"data": {outputs.GLUED: value}, "metadata": {"scrapbook": {"name": "甲"}}}
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": "", "outputs": [output]}
    (code,) = outputs.book_cells({"cells": [cell]}, "book/x", tmp_path)
    assert format_plain_text(code["outputs"][0]["data"][outputs.GLUED], "") == value
    assert output["data"][outputs.GLUED] == value, "原来的输出不该改"


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
def test_the_page_prints_what_was_registered(path):
    """书页里每个引来的数，与笔记本登记的一字不差。"""
    registered = set(glue_values(read(path)).values())
    page = BeautifulSoup((HTML / path.relative_to(ROOT)).with_suffix(".html").read_text("utf-8"), "html.parser")
    printed = {tag.get_text() for tag in page.select(".pasted-text")}
    assert printed <= registered
