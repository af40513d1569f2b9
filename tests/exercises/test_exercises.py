"""练习：每章都有；答案通过，空着的不通过，每种典型的错答不通过并得到一句有用的话。"""

from __future__ import annotations

import re

import nbformat
import pytest

from tools import exercises, grading
from tools.paths import ROOT, toc_files

SOURCES = exercises.sources()
PARTS = ("identify", "pillars", "collaboration", "fusion", "strategy", "outlook")
CHAPTERS = [name.rsplit("/", 1)[-1] for name in toc_files() if name.split("/")[1] in PARTS]
#: 一份练习里至少几种典型的错答。
TYPICAL = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """生成的两份笔记本与判分包，按需生成。"""
    out, done = tmp_path_factory.mktemp("exercises"), set()

    def of(path):
        if path not in done:
            exercises.generate(path, out)
            done.add(path)
        return {view: out / view / path.with_suffix(".ipynb").name for view in exercises.VIEWS}

    of.out = out
    return of


def test_every_chapter_has_an_exercise_notebook():
    assert [path.stem for path in SOURCES] == sorted(CHAPTERS)


@pytest.fixture(params=SOURCES, ids=lambda p: p.stem)
def source(request):
    return request.param


def test_the_answers_pass_and_the_unanswered_fail(source, made):
    views = made(source)
    passed = exercises.trial(views["answers"])
    assert {n: r.said for n, r in passed.items() if r.score != r.possible} == {}
    assert all(r.possible > 0 for r in passed.values())
    empty = exercises.trial(views["student"])
    assert {n: r.score for n, r in empty.items()} == dict.fromkeys(passed, 0)
    assert all("还没有作答" in r.said for r in empty.values()), {n: r.said for n, r in empty.items()}


def test_typical_wrong_answers_fail_with_their_own_message(source, made):
    exercise, student = exercises.read(source), made(source)["answers"]
    wrong = [(q, label, code) for q in exercise.questions for label, code in q.wrong.items()]
    assert len(wrong) >= TYPICAL, f"{source.stem} 只有 {len(wrong)} 种典型的错答"
    last_words = []
    for question, label, code in wrong:
        result = exercises.trial(student, {question.name: code})[question.name]
        assert result.score == 0, f"{source.stem} 的 {question.name}：错答“{label}”判成了对"
        said = result.said.strip().splitlines()[-1]
        assert said.startswith("AssertionError: "), f"{label}：不是判分说的话，是 {said}"
        words = said.removeprefix("AssertionError: ")
        assert len(re.findall(r"[\u4e00-\u9fff]", words)) >= 8, f"{label}：这句话帮不上忙：{words}"
        last_words.append((question.name, words))
    assert len(set(last_words)) == len(last_words), f"{source.stem}：不同的错答得到同一句话 {last_words}"


def test_the_student_notebook_holds_no_answer(source, made):
    exercise, student = exercises.read(source), nbformat.read(made(source)["student"], as_version=4)
    seen = "\n".join(cell.source for cell in student.cells)
    hidden = [line for q in exercise.questions for line in q.answer.splitlines() if "# SOLUTION" in line]
    assert hidden
    for line in hidden:
        code = line.replace("# SOLUTION", "").strip()
        assert code not in seen or code.endswith("= ..."), code


def test_two_generations_are_identical(source, made, tmp_path):
    exercises.generate(source, tmp_path)
    for view, path in made(source).items():
        assert path.read_bytes() == (tmp_path / view / path.name).read_bytes()
    package = f"grading/{source.stem}.zip"
    assert (made.out / package).read_bytes() == (tmp_path / package).read_bytes()


PROMPT, ANSWER = '# %% [markdown] question="q" points=1\n# 题\n\n', "# %%\nx = 1  # SOLUTION\n"
TEST = "\n# %% test\ndef test_x(x):\n    assert x\n"
BAD = {
    "没有判分": (PROMPT + ANSWER, "没有判分"),
    "没有注明": (PROMPT + ANSWER.replace("  # SOLUTION", "") + TEST, "SOLUTION"),
    "没有分值": (PROMPT.replace(" points=1", "") + ANSWER + TEST, "points"),
    "判分在先": (TEST + PROMPT + ANSWER, "跟在一道题"),
    "没有题": ("# %% [markdown]\n# 题\n", "没有题"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_source_is_refused(name, tmp_path):
    text, said = BAD[name]
    path = tmp_path / "bad.py"
    path.write_text(text, "utf-8")
    with pytest.raises(exercises.SourceError, match=said):
        exercises.read(path)


def test_questions_out_of_alphabetical_order(tmp_path):
    """错答换进的是它自己那道题的格，不论题名的次序。"""
    two = [PROMPT.replace('"q"', f'"{n}"') + ANSWER.replace("x", n) + TEST.replace("x", n) for n in ("b", "a")]
    (tmp_path / "two.py").write_text("\n".join(two), "utf-8")
    exercises.generate(tmp_path / "two.py", tmp_path)
    results = exercises.trial(tmp_path / "answers" / "two.ipynb", {"b": "b = 0"})
    assert {name: r.score for name, r in results.items()} == {"a": 1, "b": 0}


def test_an_answer_over_two_lines_is_refused(tmp_path):
    path = tmp_path / "two.py"
    path.write_text(PROMPT + "# %%\nx = max(\n    1, 2\n)  # SOLUTION\n" + TEST, "utf-8")
    with pytest.raises(exercises.SourceError, match="一行之内"):
        exercises.generate(path, tmp_path)


def test_grading_a_class(tmp_path, made):
    """真的内核：一份全对、一份空着、一份改了元数据里的判分、一份不是笔记本。"""
    source = ROOT / "exercises" / "chokepoint_list.py"
    views = made(source)
    box = tmp_path / "收来" / source.stem
    box.mkdir(parents=True)
    (box / "甲.ipynb").write_bytes(views["answers"].read_bytes())
    (box / "乙.ipynb").write_bytes(views["student"].read_bytes())
    cheat = nbformat.read(views["student"], as_version=4)
    name = next(iter(cheat.metadata["otter"]["tests"]))
    cheat.metadata["otter"]["tests"][name] = "from otter.test_files import test_case\nname = 'x'\npoints = 2\n"
    nbformat.write(cheat, box / "丙.ipynb")
    (box / "丁.ipynb").write_text("{", "utf-8")
    rows = grading.grade(tmp_path / "收来", made.out / "grading")
    got = {row["student"]: row["score"] for row in rows}
    full = {row["student"]: row["possible"] for row in rows}
    assert got == {"甲": full["甲"], "乙": 0, "丙": 0, "丁": 0}
    assert len(set(full.values())) == 1
    assert "没有跑起来" in next(row["said"] for row in rows if row["student"] == "丁")
    assert "还没有作答" in next(row["said"] for row in rows if row["student"] == "乙")


def test_grading_names_what_is_wrong(tmp_path, made):
    with pytest.raises(grading.GradingError, match="没有 <章>"):
        grading.grade(tmp_path, made.out / "grading")
    (tmp_path / "nowhere").mkdir()
    (tmp_path / "nowhere" / "a.ipynb").write_text("{}")
    with pytest.raises(grading.GradingError, match="没有名为 nowhere"):
        grading.grade(tmp_path, made.out / "grading")
