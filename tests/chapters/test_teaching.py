"""教师手册：每章有教案，十六次课教完全书，例子里的图真在那一章。"""

from __future__ import annotations

import re

import pytest
import yaml

from tools.paths import BOOK, ROOT, toc_files
from tools.text import read, specs

PARTS = ("identify", "pillars", "collaboration", "fusion", "strategy", "outlook")
CHAPTERS = [name for name in toc_files() if name.split("/")[1] in PARTS]
FIELDS = ["目标", "课前", "先猜", "讨论", "易错"]
TEXT = (BOOK / "appendix" / "teaching.md").read_text("utf-8")


def lessons(text: str) -> dict[str, dict[str, str]]:
    """章 → 教案的五项。"""
    whole = text.partition("## 各章教案")[2]
    parts = re.split(r"^\*\*\{doc\}`\.\./([\w/]+)`\*\*$", whole, flags=re.M)[1:]
    return {
        f"book/{doc}": dict(re.findall(r"^- \*\*(\w+)\*\*：(.+)$", body, re.M))
        for doc, body in zip(parts[::2], parts[1::2], strict=True)
    }


def strange(text: str) -> list[str]:
    """教案缺章、缺项、引了别章的图。"""
    found = lessons(text)
    problems = [f"没有教案：{doc}" for doc in CHAPTERS if doc not in found]
    for doc, fields in found.items():
        if list(fields) != FIELDS:
            problems.append(f"{doc} 的教案应依次是 {FIELDS}")
        own = {s["name"] for s in specs(read(ROOT / f"{doc}.ipynb")) if s["kind"] in ("figure", "table")}
        used = re.findall(r"\{numref\}`([\w-]+)`", " ".join(fields.values()))
        problems += [f"{doc} 没有 {label}" for label in used if label not in own]
        if not set(re.findall(r"\{numref\}`([\w-]+)`", fields.get("先猜", ""))) & own:
            problems.append(f"{doc} 的“先猜”没有指出看哪张图")
    return problems


def test_every_chapter_has_a_lesson():
    assert strange(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("**讨论**：", "**议论**："),
        ("`fig-list-ladder`", "`fig-imp-blocs`"),
        ("../identify/chokepoint_list`**", "x`**"),
    ],
)
def test_a_poor_lesson_is_found(old, new):
    head, mark, plans = TEXT.partition("## 各章教案")
    assert strange(head + mark + plans.replace(old, new, 1)) != []


def test_sixteen_sessions_teach_the_whole_book():
    course = TEXT.partition("## 一门课")[2].partition("## ")[0]
    rows = re.findall(r"^\| 第 (\d+) 次 \|(.+)$", course, re.M)
    assert [int(n) for n, _ in rows] == list(range(1, 17))
    taught = [f"book/{doc}" for _, row in rows for doc in re.findall(r"\{doc\}`\.\./([\w/]+)`", row)]
    assert taught == CHAPTERS


def test_the_hub_files_are_what_the_page_shows():
    values = yaml.safe_load((ROOT / "docs/hub/values.yaml").read_text("utf-8"))
    assert values["cull"]["enabled"] is True
    assert set(values["singleuser"]["memory"]) == {"guarantee", "limit"}
    recipe = (ROOT / "docs/hub/Dockerfile").read_text("utf-8")
    for name in re.findall(r"^COPY ([\w. ]+) /tmp/", recipe, re.M)[0].split():
        assert (ROOT / name).exists(), name
