"""每种改坏的办法在哪里被挡住：逐种在真数据包的副本上试，结论与书里“数据的更新与把关”一页的表一致。"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from chokepoint import data

from .copies import REAL, copied, resources, size
from .mutations import LOAD, SEAL, STAGE

PAGE = Path(__file__).resolve().parents[2] / "book" / "appendix" / "data_upkeep.md"
SAID = {LOAD: "装入时", SEAL: "只有比摘要时"}
#: 每种改法试几张表；大表少试，免得慢。
TRIES = 10
TABLES = sorted(n for n in resources() if size(n) <= 2000)


def name(kind) -> str:
    return kind.__doc__.strip()


def unsealed(copy, table: str) -> list[data.Problem]:
    """把登记恢复成改动之前的再检查：好比改了文件而没有封存。"""
    real = json.loads((REAL / "datapackage.json").read_text("utf-8"))["resources"]
    with copy.resource(table) as resource:
        resource.update(next({k: r[k] for k in ("bytes", "hash")} for r in real if r["name"] == table))
    return data.check().problems


def tried(kind) -> list[str]:
    """在若干张表上试一种改法，每次都核对登记的结论；返回用得上的表。"""
    chance, used = random.Random(name(kind)), []
    with copied() as copy:
        for table in chance.sample(TABLES, len(TABLES)):
            if len(used) == TRIES:
                break
            if kind(copy, table, chance):
                used.append(table)
                if STAGE[kind] == LOAD:
                    with pytest.raises(data.TableError) as caught:
                        data.load(table)
                    assert {p.table for p in caught.value.problems} == {table}
                else:
                    assert len(data.load(table)) == size(table)
                    assert [(p.table, p.value) for p in unsealed(copy, table)] == [(table, "2026")]
            copy.restore(table)
    return used


@pytest.mark.parametrize("kind", STAGE, ids=lambda kind: kind.__name__)
def test_each_kind_is_stopped_where_we_say(kind):
    assert tried(kind), "没有一张表用得上这种改法：这条什么也没有证明"


def test_the_page_says_the_same():
    rows = [line.strip("| \n").split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    said = {cells[0].strip(): cells[1].strip() for cells in rows if len(cells) >= 2}
    assert {k: v for k, v in said.items() if v in SAID.values()} == {name(k): SAID[s] for k, s in STAGE.items()}
