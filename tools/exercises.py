"""一份源 → 学生用的、带答案的两份练习笔记本与判分包（otter-grader）。

    python -m tools.exercises        # 由 exercises/ 生成 _build/exercises/

源是 ``exercises/<章>.py``，jupytext 的百分号格式（纯文字，看得出改了哪一行）。除普通的格外，有三种：

* ``# %% [markdown] question="名字" points=2``：一道题，其后的第一个代码格是答案，要学生写的行末注明 ``# SOLUTION``；
* ``# %% test``：判分的函数，参数是学生的变量，不对就 ``assert`` 出一句有用的话；
* ``# %% wrong="一句话"``：一种典型的错答，只供检验：判分必须不通过。

两份笔记本由 ``otter assign`` 生成，判分的函数存在笔记本的元数据里，学生不必联网、不必另带文件。
老师收齐后用 :mod:`tools.grading` 判。
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from .paths import BUILD, ROOT, environment
from .zips import settle

SOURCES = ROOT / "exercises"
OUT = BUILD / "exercises"
VIEWS = ("student", "answers")
CONFIG = """# ASSIGNMENT CONFIG
generate: {environment: false}
export_cell: false
check_all_cell: false
solutions_pdf: false
run_tests: false
tests: {files: false, ok_format: false}
"""


class SourceError(ValueError):
    """练习的源写得不对。"""


@dataclass
class Question:
    """一道题：名字、分值、题面、答案格、判分格、典型错答（一句话 → 代码）。"""

    name: str
    points: int
    prompt: str
    answer: str = ""
    tests: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass
class Exercise:
    """一章的练习：``parts`` 按次序是说明、公用的代码格与题。"""

    name: str
    parts: list

    @property
    def questions(self) -> list[Question]:
        """其中的题。"""
        return [part for part in self.parts if isinstance(part, Question)]


def sources() -> list[Path]:
    """全部练习的源。"""
    return sorted(SOURCES.glob("*.py"))


def read(path: Path) -> Exercise:
    """读一份源。

    Raises
    ------
    SourceError
        题没有答案、没有判分、分值不是正整数，或判分、错答不在题后。
    """
    parts: list = []
    for cell in jupytext.read(path).cells:
        marks, text = cell.metadata, cell.source
        last = parts[-1] if parts and isinstance(parts[-1], Question) else None
        where = f"{path.name}：{text.splitlines()[0][:40] if text else '空格'}"
        if marks.get("title") == "test" or "wrong" in marks:
            if last is None or not last.answer:
                raise SourceError(f"{where}：test 与 wrong 要跟在一道题的答案之后")
            if "wrong" in marks:
                last.wrong[marks["wrong"]] = text
            else:
                last.tests.append(text)
        elif "question" in marks:
            points = marks.get("points")
            if not isinstance(points, int) or points < 1:
                raise SourceError(f"{where}：points 应为正整数，实为 {points!r}")
            parts.append(Question(marks["question"], points, text))
        elif last is not None and not last.answer and cell.cell_type == "code":
            last.answer = text
        else:
            parts.append(new_code_cell(text) if cell.cell_type == "code" else new_markdown_cell(text))
    exercise = Exercise(path.stem, parts)
    for question in exercise.questions:
        if "# SOLUTION" not in question.answer and "# BEGIN SOLUTION" not in question.answer:
            raise SourceError(f"{path.name} 的题 {question.name}：答案里没有注明 # SOLUTION 的行")
        if not question.tests:
            raise SourceError(f"{path.name} 的题 {question.name}：没有判分的 test 格")
    if not exercise.questions:
        raise SourceError(f"{path.name}：没有题")
    return exercise


def master(exercise: Exercise) -> nbformat.NotebookNode:
    """``otter assign`` 所要的母本。"""
    cells = [new_raw_cell(CONFIG + f"name: {exercise.name}\n")]
    for part in exercise.parts:
        if not isinstance(part, Question):
            cells.append(part)
            continue
        each = part.points / len(part.tests)
        cells += [
            new_raw_cell(f"# BEGIN QUESTION\nname: {part.name}\npoints: {part.points}"),
            new_markdown_cell(f"{part.prompt}（{part.points} 分）"),
            new_raw_cell("# BEGIN SOLUTION"),
            new_code_cell(part.answer),
            new_raw_cell("# END SOLUTION"),
            new_raw_cell("# BEGIN TESTS"),
            *(
                new_code_cell(f'""" # BEGIN TEST CONFIG\npoints: {each:g}\n""" # END TEST CONFIG\n{t}')
                for t in part.tests
            ),
            new_raw_cell("# END TESTS"),
            new_raw_cell("# END QUESTION"),
        ]
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    return new_notebook(cells=cells, metadata={**kernel, "language_info": {"name": "python"}})


def _settle(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """去掉生成的痕迹；格的编号改由次序定，两次生成逐字节相同。"""
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.source = cell.source.replace("# Initialize Otter\n", "# 判分用，请先运行这一格\n")
        cell.source = "\n".join(line.removesuffix("# SOLUTION").rstrip() for line in cell.source.split("\n"))
    return notebook


def _parses(notebook: nbformat.NotebookNode, where: str) -> None:
    """挖去答案之后仍是能运行的代码。"""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            try:
                ast.parse(cell.source)
            except SyntaxError as error:
                said = f"{where}：挖去答案后不成代码（# SOLUTION 要写在一行之内）：{error.text}"
                raise SourceError(said) from None


def generate(path: Path, out: Path = OUT) -> None:
    """一份源生成两份笔记本与判分包：``student/``、``answers/``、``grading/<章>.zip``。"""
    from otter.assign import main as assign

    exercise = read(path)
    with tempfile.TemporaryDirectory() as work:
        source = Path(work) / path.with_suffix(".ipynb").name
        nbformat.write(master(exercise), source)
        with contextlib.redirect_stdout(io.StringIO()):
            assign(str(source), str(Path(work) / "dist"), no_pdfs=True, no_run_tests=True)
        for view, made in zip(VIEWS, ("student", "autograder"), strict=True):
            (out / view).mkdir(parents=True, exist_ok=True)
            notebook = _settle(nbformat.read(Path(work) / "dist" / made / source.name, as_version=4))
            _parses(notebook, f"{path.name} 的 {view}")
            nbformat.write(notebook, out / view / source.name)
        (out / "grading").mkdir(parents=True, exist_ok=True)
        package = next((Path(work) / "dist" / "autograder").glob("*.zip"))
        shutil.copyfile(package, out / "grading" / f"{path.stem}.zip")
        settle(out / "grading" / f"{path.stem}.zip")


@dataclass
class Result:
    """一道题判得如何：得分、满分、给学生看的话。"""

    score: float
    possible: float
    said: str


def trial(notebook: Path, answers: dict[str, str] | None = None) -> dict[str, Result]:
    """在本进程里跑一份生成的笔记本并判分；``answers`` 把某题的答案格换成另一段代码。

    不开内核，所以快；与老师判分用的是同一份判分函数。

    Raises
    ------
    Exception
        笔记本里的代码自己出错（判分函数的错误则算不通过）。
    """
    from otter.test_files import ExceptionTestFile

    book = nbformat.read(notebook, as_version=4)
    tests, env = book.metadata["otter"]["tests"], {}
    # 元数据里的次序不作数（nbformat 按键排），题的次序看各题后面的判分格。
    names = iter(re.findall(r'grader\.check\("(\w+)"\)', "\n".join(cell.source for cell in book.cells)))
    for cell in book.cells:
        code = cell.source
        if cell.cell_type != "code" or "grader" in code:
            continue
        if {"otter_answer_cell", "otter_assign_solution_cell"} & set(cell.metadata.get("tags", [])):
            code = (answers or {}).get(next(names), code)
        exec(compile(code, notebook.name, "exec"), env)
    found = {}
    for name, text in tests.items():
        file = ExceptionTestFile.from_metadata(text, str(notebook))
        file.run(env)
        said = "\n".join(r.message for r in file.test_case_results if not r.passed)
        found[name] = Result(file.score, file.possible, said)
    return found


def main(argv: list[str]) -> int:
    if argv:
        print(__doc__, file=sys.stderr)
        return 2
    os.environ.update(environment())
    shutil.rmtree(OUT, ignore_errors=True)
    try:
        for path in sources():
            generate(path)
    except (SourceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "made").write_text("".join(f"{path.stem}\n" for path in sources()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
