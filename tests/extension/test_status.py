"""构建状态页与页脚所用的几个小函数。"""

import json

import pytest
from sphinx.errors import ExtensionError
from zhbook.pages import edition, locked_versions, notebook_run

CITATION = """\
title: 书
authors:
  - name: 编写组
  - family-names: 王
    given-names: 小明
version: 0.1.0
date-released: {date}
"""


def test_the_edition_comes_from_the_citation_file(tmp_path):
    (tmp_path / "CITATION.cff").write_text(CITATION.format(date="2026-01-05"), "utf-8")
    assert edition(tmp_path) == {
        "title": "书",
        "author": "编写组、王小明",
        "version": "0.1.0",
        "date": "2026-01-05",
        "date_zh": "2026 年 1 月 5 日",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CITATION.format(date="明天"), "明天"),
        ("title: 书\nauthors: [{name: 组}]\n", "缺 version"),
        ("title: 书\n", "缺 authors"),
    ],
)
def test_a_bad_citation_file_is_refused(tmp_path, text, message):
    (tmp_path / "CITATION.cff").write_text(text, "utf-8")
    with pytest.raises(ExtensionError, match=message):
        edition(tmp_path)


def test_versions_are_read_from_the_lock():
    lock = "# 注\npandas==3.1.1 \\\n    --hash=sha256:aa\nfonttools[woff]==4.68.0 ; python_version < '4' \\\n"
    assert locked_versions(lock) == {"pandas": "3.1.1", "fonttools": "4.68.0"}


def test_a_notebook_without_a_record_gives_nothing(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"metadata": {}, "cells": []}))
    assert notebook_run(path) == {}
    path.write_text(json.dumps({"metadata": {"chokepoint": {"run": {"seconds": 1.5}}}, "cells": []}))
    assert notebook_run(path) == {"seconds": 1.5}
    assert notebook_run(tmp_path / "b.md") == {}


def test_capacity_is_people_times_the_heaviest_chapter():
    from zhbook.teaching import NODE, PATIENCE, USABLE, capacity

    need = capacity(300, 512, 90)
    assert need["memory"] == 150
    assert need["nodes"] == 3
    assert 150 / (NODE * USABLE) > 2
    assert need["cores"] * PATIENCE >= 300 * 90 > (need["cores"] - 1) * PATIENCE
    assert capacity(1, 1, 1) == {"memory": 1 / 1024, "nodes": 1, "cores": 1}
