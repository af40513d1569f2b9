"""笔记本的输出怎样变成书页：互动图的脚本、数据与位置。"""

import importlib
import json
import re

import pytest

from tools.paths import ROOT


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
