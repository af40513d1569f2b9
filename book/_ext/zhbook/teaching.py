"""教学用的两张表：``{exercise-table}`` 练习一览，``{capacity-table}`` 许多人同时用要多少。

时间与难度取自各题的第一段（“目标：……。约 10 分钟，难度 ★☆☆。”），只写在题里一处。
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .pages import link, notebook_run, table, toc_documents

#: 每道练习的第一段：目标、要多久、多难。
AIM = re.compile(r"^目标：[^\n。]{6,}。约 (?P<minutes>\d+) 分钟，难度 (?P<level>★{1,3}☆{0,2})。$", re.M)
EXERCISE = re.compile(r"^`{3,}\{exercise\} (?P<kind>理解|动手|开放).*?(?=^`{3,}\s*$)", re.M | re.S)
KINDS = ("理解", "动手", "开放")


def exercises(path: Path) -> dict[str, tuple[int, str]]:
    """一章的练习：类别 → (分钟, 难度)；同类有几道的，分钟相加，难度取最难。"""
    if path.suffix != ".ipynb" or not path.exists():
        return {}
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found: dict[str, tuple[int, str]] = {}
    for exercise in EXERCISE.finditer(text):
        aim = AIM.search(exercise[0])
        if aim:
            minutes, level = found.get(exercise["kind"], (0, ""))
            hardest = max(level, aim["level"], key=lambda stars: stars.count("★"))
            found[exercise["kind"]] = (minutes + int(aim["minutes"]), hardest)
    return found


class ExerciseTable(SphinxDirective):
    """一章一行；内容取决于别的笔记本，所以每次构建都重读。"""

    def run(self):
        """表：章、三类练习的分钟与难度。"""
        self.env.note_reread()
        rows, total = [], 0
        for doc in toc_documents(self.config):
            found = exercises(Path(self.env.doc2path(doc)))
            if not found:
                continue
            cells = [f"{found[k][0]}　{found[k][1]}" if k in found else "—" for k in KINDS]
            rows.append([nodes.paragraph("", "", link(self.env, "doc", f"/{doc}", doc)), *cells])
            total += sum(minutes for minutes, _ in found.values())
        made = table(
            f"各章练习要多久（分钟）、多难：全部做完约 {total / 60:.0f} 小时",
            "exercise-table",
            ["章", *KINDS],
            rows,
            [43, 19, 19, 19],
        )
        self.state.document.note_explicit_target(made)
        return [made]


#: 容量表：班有多大；一台机器的内存（GB）与其中可以分给人的部分；最重的一章要在几秒内跑完。
CLASSES, NODE, USABLE, PATIENCE = (30, 100, 300), 64, 0.85, 300


def capacity(people: int, peak_mb: float, cpu: float) -> dict[str, float]:
    """``people`` 个人要多少。

    Parameters
    ----------
    people : int
        同时在用的人数。
    peak_mb : float
        一份环境的峰值内存，MB。
    cpu : float
        最重的一章的处理器秒。

    Returns
    -------
    dict
        ``memory`` GB；``nodes`` :data:`NODE` GB 的机器几台；``cores`` 人人同时执行最重的一章、
        要在 :data:`PATIENCE` 秒内跑完的核数。
    """
    memory = people * peak_mb / 1024
    return {
        "memory": memory,
        "nodes": math.ceil(memory / (NODE * USABLE)),
        "cores": math.ceil(people * cpu / PATIENCE),
    }


class CapacityTable(SphinxDirective):
    """各班要多少内存与核；数取自笔记本里的执行记录。"""

    def run(self):
        """表；没有执行记录就不出。"""
        self.env.note_reread()
        runs = [notebook_run(Path(self.env.doc2path(doc))) for doc in toc_documents(self.config)]
        runs = [run for run in runs if "peak_mb" in run]
        if not runs:
            raise self.error("没有一章记着执行所费：先执行各章")
        peak, cpu = max(run["peak_mb"] for run in runs), max(run["cpu"] for run in runs)
        rows = []
        for people in CLASSES:
            need = capacity(people, peak, cpu)
            rows.append([f"{people}", f"{need['memory']:,.0f}", f"{need['nodes']}", f"{need['cores']}"])
        made = table(
            f"人人打开最重的一章（内存 {peak:,.0f} MB，处理器 {cpu:.0f} 秒）时要多少",
            "capacity-table",
            ["人数", "内存（GB）", f"{NODE} GB 的机器（台）", f"{PATIENCE // 60} 分钟内全部跑完的核数"],
            rows,
            [16, 24, 28, 32],
            numeric=(0, 1, 2, 3),
        )
        self.state.document.note_explicit_target(made)
        spare = f"每台机器留 {1 - USABLE:.0%} 给系统；不含 JupyterLab 服务自己的内存。"
        return [made, nodes.paragraph("", spare)]


def setup(app):
    """登记指令。"""
    app.add_directive("exercise-table", ExerciseTable)
    app.add_directive("capacity-table", CapacityTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
