"""构建的依赖关系（doit）：数据 → 章节 → HTML 与 LaTeX → PDF → 换入。

用 ``make book`` 调用；单独看：``doit list``、``doit html``。
"""

import os
import sys

from tools import execute, exercises, stage
from tools.paths import BUILD, ROOT, notebooks
from tools.report import Reporter

PYTHON = sys.executable
WITH_PDF = os.environ.get("BOOK_PDF", "1") == "1"

BUILD.mkdir(exist_ok=True)
DOIT_CONFIG = {
    "default_tasks": ["publish"],
    "dep_file": str(BUILD / "doit.db"),
    "reporter": Reporter,
    "num_process": os.cpu_count() or 1,
    "par_type": "process",
    "continue": True,
    "verbosity": 0,
}


def task_check():
    """校验整个数据包；任何一处不对，后面的都不做。改了数试一试是允许的，摘要留给 make test。"""
    return {"actions": [[PYTHON, "-m", "chokepoint", "check", "--edited"]], "doc": "校验数据"}


def task_chapter():
    """重跑过期的章节。"""
    for path in notebooks():
        name = path.relative_to(ROOT).as_posix()
        yield {
            "name": name,
            "actions": [[PYTHON, "-m", "tools.execute", name]],
            "uptodate": [lambda path=path: execute.fresh(path)],
            "task_dep": ["check"],
            "doc": f"执行 {name}",
        }


def task_exercises():
    """由一份源生成学生用与带答案的练习笔记本。"""
    return {
        "actions": [[PYTHON, "-m", "tools.exercises"]],
        "file_dep": [*map(str, exercises.sources()), exercises.__file__],
        "targets": [str(exercises.OUT / "made")],
        "doc": "生成练习笔记本",
    }


def task_html():
    """搭 HTML（在一旁）。"""
    return {
        "actions": [[PYTHON, "-m", "tools.stage", "html"]],
        "task_dep": ["chapter", "exercises"],
        "uptodate": [lambda: stage.fresh("html")],
        "doc": "搭 HTML",
    }


def task_latex():
    """写 LaTeX（在一旁）。"""
    return {
        "actions": [[PYTHON, "-m", "tools.stage", "latex"]],
        "task_dep": ["chapter", "exercises"],
        "uptodate": [lambda: stage.fresh("latex")],
        "doc": "写 LaTeX",
    }


def task_epub():
    """出 EPUB（在一旁）。读入的文档树与 HTML 合用，所以排在它之后。"""
    return {
        "actions": [[PYTHON, "-m", "tools.stage", "epub"]],
        "task_dep": ["html"],
        "uptodate": [lambda: stage.fresh("epub")],
        "doc": "出 EPUB",
    }


def task_pdf():
    """排 PDF（在一旁）。"""
    return {
        "actions": [[PYTHON, "-m", "tools.stage", "pdf"]],
        "task_dep": ["latex"],
        "uptodate": [lambda: stage.fresh("pdf")],
        "doc": "排 PDF",
    }


def task_publish():
    """全部成功后换入 _build/html 与 PDF。"""
    return {
        "actions": [[PYTHON, "-m", "tools.stage", "publish"]],
        "task_dep": ["epub", *(["pdf"] if WITH_PDF else [])],
        "uptodate": [lambda: stage.fresh("publish")],
        "doc": "换入",
    }
