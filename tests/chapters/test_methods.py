"""附录“方法”：一个公式不缺，一个名字不错，“用在”各行属实，算例由另一处的数证明。"""

from __future__ import annotations

import copy
import re

import pytest

from chokepoint.findings import methods as page
from tests.chapters import worked
from tools import methods
from tools.paths import BOOK, ROOT
from tools.text import read, specs

PARTS = ("**符号**：", "**小心**：", "**出处**：", "**函数**：", methods.USED)


@pytest.fixture(scope="module")
def notebook():
    return read(methods.PAGE)


@pytest.fixture(scope="module")
def chapters():
    return methods.uses()


# ---- 检查：每条返回问题 --------------------------------------------------------------------------------


def check_complete(notebook):
    """每个公共函数有一节，或在例外里；名字都真有其物。"""
    named = [n for s in methods.sections(notebook) for n in s.names]
    known = methods.functions()
    problems = [f"没有写到 {n}" for n in known if n not in named and n not in methods.WITHOUT_FORMULA]
    problems += [f"没有名为 {n} 的东西" for n in sorted(set(named)) if not methods.exists(n)]
    problems += [f"{n} 既有公式，又列为例外" for n in named if n in methods.WITHOUT_FORMULA]
    return problems + [f"例外里的 {n} 已经不在" for n in methods.WITHOUT_FORMULA if n not in known]


def check_parts(notebook):
    """每一节：问题、公式、符号、小心、出处、函数、用在。"""
    keys = set(re.findall(r"^@\w+\{([\w-]+),", (BOOK / "references.bib").read_text("utf-8"), re.M))
    problems = []
    for s in methods.sections(notebook):
        question = s.text.strip().split("\n\n")[0]
        if not question.endswith("？"):
            problems.append(f"{s.label} 没有以问句开头")
        if not re.search(r"^\$\$\n.+\n\$\$$", s.text, re.M):
            problems.append(f"{s.label} 没有公式")
        problems += [f"{s.label} 没有“{part.strip('*：')}”" for part in PARTS if s.text.count(part) != 1]
        if not s.names:
            problems.append(f"{s.label} 没有函数")
        source = re.search(r"\*\*出处\*\*：(.*)", s.text)
        said = source[1] if source else ""
        cited = [k for part in re.findall(r"\{cite\}`([^`]+)`", said) for k in part.split(",")]
        problems += [f"{s.label} 引的 {k} 不在文献里" for k in cited if k not in keys]
        if not cited and not re.search("本书自|定义|恒等式|推出|解出|科学与工程指标", said):
            problems.append(f"{s.label} 的出处既不是文献，也没有说明由来")
    return problems


def check_index(notebook):
    """开头的表把每个方法列一次，问题与名称同那一节。"""
    text = "\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "markdown")
    text = text[text.index("## 查方法") :]
    start = text[: text.index("\n## ", 5)]
    rows = re.findall(r"^\| (.+?) \| \{ref\}`(.+?) <(method-[\w-]+)>` \|$", start, re.M)
    wanted = [(s.text.strip().split("\n\n")[0], s.title, s.label) for s in methods.sections(notebook)]
    return [f"开头的表与各节不符：{a} / {b}" for a, b in zip(rows, wanted, strict=False) if a != b] + (
        [] if len(rows) == len(wanted) else [f"开头的表有 {len(rows)} 行，方法有 {len(wanted)} 节"]
    )


def check_used(notebook, chapters):
    """“用在”是真的调用了的那几章。"""
    problems = []
    for s in methods.sections(notebook):
        wanted = methods.used_line(s.names, chapters)
        if s.used != wanted:
            problems.append(f"{s.label} 的“用在”过时：请运行 python -m tools.methods --write")
    return problems


def rows(notebook):
    """存下的算例：(节, 名称) → (应得, 程序给出)。"""
    found, label = {}, None
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            label = (re.findall(r"^\((method-[\w-]+)\)=$", cell["source"], re.M) or [None])[-1]
            continue
        for spec in specs({"cells": [cell]}):
            for line in spec.get("markdown", "").splitlines()[2:] if spec["kind"] == "markdown" else []:
                name, _, expected, got = (part.strip() for part in line.strip("|").split("|"))
                found[label, name] = (expected, got)
    return found


def number(text):
    return float(text.replace("−", "-"))


def check_examples(notebook, expected):
    """存下的算例与这里另记的数相同，一个不多，一个不少。"""
    found = rows(notebook)
    problems = [f"算例 {k} 没有另记的数" for k in found if k not in expected]
    problems += [f"附录里没有算例 {k}" for k in expected if k not in found]
    for key in found.keys() & expected.keys():
        value, slack = expected[key]
        for what, said in zip(("应得", "程序给出"), found[key], strict=True):
            if isinstance(value, str):
                wrong = said != value
            else:
                wrong = abs(number(said) - value) > slack + 1e-5 * max(abs(value), 1)
            if wrong:
                problems.append(f"{key} {what} {said}，另记的是 {value}")
    return problems


def check_every_method_has_an_example(notebook):
    """方法房间里的每个方法都有算例；只在一章里的算式可以没有。"""
    having = {label for label, _ in rows(notebook)}
    return [
        f"{s.label} 没有算例"
        for s in methods.sections(notebook)
        if s.label not in having and not all(n.startswith("chokepoint.findings.") for n in s.names)
    ]


# ---- 附录本身 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [check_complete, check_parts, check_index, check_every_method_has_an_example])
def test_page(check, notebook):
    assert check(notebook) == []


def test_used(notebook, chapters):
    assert check_used(notebook, chapters) == []


def test_examples(notebook):
    assert check_examples(notebook, worked.expected()) == []


@pytest.mark.parametrize("label", sorted({label for label, _ in worked.EXAMPLES}))
def test_the_package_gives_what_is_noted(label):
    """同样的题另写一遍，程序给出的与另记的数相同。"""
    for (section, name), (value, slack, compute) in worked.EXAMPLES.items():
        if section == label:
            got = compute()
            if isinstance(value, str):
                assert got == value, name
            else:
                assert float(got) == pytest.approx(value, abs=slack + 1e-9), name


# ---- 检查先证明自己会失败 ------------------------------------------------------------------------------


def broken(notebook, pattern, new):
    out = copy.deepcopy(notebook)
    hits = 0
    for cell in out["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"], n = re.subn(pattern, new, cell["source"], count=0 if hits == 0 else 1, flags=re.M)
            hits += n
    assert hits, f"坏副本没有改到：{pattern}"
    return out


BROKEN = [
    (check_complete, r"、`chokepoint\.trade\.hhi`", "", "没有写到 chokepoint.trade.hhi"),
    (
        check_complete,
        r"`chokepoint\.regions\.moran`",
        "`chokepoint.regions.geary`",
        "没有名为 chokepoint.regions.geary",
    ),
    (check_complete, r"`chokepoint\.regions\.moran`", "`chokepoint.chain.build`", "又列为例外"),
    (check_parts, r"^\*\*小心\*\*：只看份额，", "只看份额，", "没有“小心”"),
    (check_parts, r"^供应集中到什么程度？$", "供应集中到什么程度。", "问句"),
    (check_parts, r"^\$\$\nN=\\frac1H\n\$\$$", "", "没有公式"),
    (check_parts, r"`rhoades1993`", "`rhoades1939`", "rhoades1939 不在文献里"),
    (check_parts, r"^\*\*出处\*\*：\{cite\}`moran1950`。$", "**出处**：常识。", "没有说明由来"),
    (check_index, r"^\| 供应集中到什么程度？ .*$", "", "开头的表"),
    (check_index, r"^### 等效家数$", "### 等效的家数", "不符"),
    (check_every_method_has_an_example, r"^\(method-gini\)=$", "(method-gini-two)=", "method-gini-two 没有算例"),
]


@pytest.mark.parametrize(("check", "pattern", "new", "message"), BROKEN)
def test_a_broken_page_fails(check, pattern, new, message, notebook):
    changed = broken(notebook, pattern, new)
    if check is check_every_method_has_an_example:  # 算例跟着改了标签的那一节走，所以把算例也拿掉
        at = next(i for i, c in enumerate(changed["cells"]) if "(method-gini-two)=" in c["source"])
        del changed["cells"][at + 1]
    assert any(message in problem for problem in check(changed))


def test_a_wrong_chapter_fails(notebook, chapters):
    line = r"^(\*\*用在\*\*：)\{doc\}`\.\./collaboration/mechanisms`。$"
    assert check_used(broken(notebook, line, r"\1{doc}`../fusion/coupling`。"), chapters)
    assert check_used(broken(notebook, line, r"\1" + methods.NOT_USED), chapters)


def test_a_wrong_example_fails(notebook):
    expected = worked.expected()
    key = ("method-hhi", "美国司法部说明页的算例")
    assert check_examples(notebook, {**expected, key: (0.27, 0)})
    assert check_examples(notebook, {k: v for k, v in expected.items() if k != key})
    assert check_examples(notebook, {**expected, ("method-hhi", "没有的"): (1, 0)})


# ---- 谁用到谁：在生成的小包上 ----------------------------------------------------------------------------


def tiny(**files):
    return {name.replace("__", "."): methods.module(text, name.replace("__", "."), "chokepoint.findings")
            for name, text in files.items()}  # fmt: skip


SMALL = {
    "chokepoint__findings__one": (
        "from .. import concentration\nfrom ..games import shapley as split\n"
        "def used(x):\n    return _inner(x)\n"
        "def _inner(x):\n    return concentration.hhi(x)\n"
        "def other(x):\n    return split(x, len)\n"
        "def shadowed(concentration):\n    return concentration.gini\n"
        "TABLE = {'a': concentration.cr}\n"
    ),
    "chokepoint__findings__two": "from . import one\ndef through(x):\n    return one.used(x) + one.TABLE['a'](x, 1)\n",
}


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        ("chokepoint.findings.one.used", {"chokepoint.concentration.hhi"}),
        ("chokepoint.findings.one.other", {"chokepoint.games.shapley"}),
        ("chokepoint.findings.one.shadowed", set()),
        ("chokepoint.findings.two.through", {"chokepoint.concentration.hhi", "chokepoint.concentration.cr"}),
        ("chokepoint.coding.recode", {"chokepoint.coding.recode"}),
    ],
)
def test_reached_follows_calls_and_nothing_else(start, wanted):
    found = methods.reached([start], tiny(**SMALL))
    assert {n for n in found if ".findings." not in n} == wanted


def test_a_notebook_uses_what_it_calls():
    cells = [{"cell_type": "code", "source": "from chokepoint import inference\nx = inference.proportion(1, 2)"}]
    assert methods.used_by({"cells": cells}) == {"chokepoint.inference.proportion"}
    cells[0]["source"] = "from chokepoint import inference\nx = 1"
    assert methods.used_by({"cells": cells}) == set()


def test_write_mends_stale_lines(tmp_path, notebook, chapters):
    import json

    path = tmp_path / "methods.ipynb"
    path.write_text(json.dumps(broken(notebook, r"^\*\*用在\*\*：.*$", methods.USED), ensure_ascii=False), "utf-8")
    assert check_used(read(path), chapters)
    assert methods.write(path)
    assert check_used(read(path), chapters) == []
    assert not methods.write(path)


# ---- 手算的求值 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value"),
    [("1 + 2*3", 7), ("-2**2", -4), ("(1 - 4)/2", -1.5), ("ln(exp(2))", 2), ("sqrt(9)", 3), ("8**(1/3)", 2)],
)
def test_evaluate(expression, value):
    assert page.evaluate(expression) == pytest.approx(value)


@pytest.mark.parametrize("expression", ["hhi(2)", "x + 1", "'a'*3", "True + 1", "[1]", "__import__('os')"])
def test_evaluate_refuses(expression):
    with pytest.raises(ValueError, match="不认识"):
        page.evaluate(expression)


def test_a_case_that_disagrees_stops():
    assert page.case("甲", "1/2", 0.5).expected == 0.5
    for wrong in (0.51, float("nan"), "0.5"):
        with pytest.raises(ValueError, match="应得"):
            page.case("甲", "1/2", wrong)
    assert page.printed("甲", 0.157, 3, 0.1574).by_hand == "文献印出"
    with pytest.raises(ValueError, match="应得"):
        page.printed("甲", 0.157, 3, 0.1576)
    with pytest.raises(ValueError, match="应得 是"):
        page.case("甲", "是", False)


def test_written_shows_what_is_computed():
    assert page.written("0.3**2 - 2*sqrt(4)") == "0.3² − 2×√(4)"
    assert page.table(page.case("甲", "1 - 2", -1.0)).splitlines()[-1] == "| 甲 | 1 − 2 | −1 | −1 |"


def test_the_page_is_listed():
    assert (ROOT / "_toc.yml").read_text("utf-8").count("book/appendix/methods") == 1
