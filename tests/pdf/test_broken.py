"""每项检查都在坏副本上失败：从成书的真材料出发，只弄坏一处。"""

import pytest

from tests.pdf import checks, reader


def items():
    return reader.html_items()


def test_font_not_embedded_or_unmapped_or_type3_or_warned():
    rows = reader.fonts()
    good = rows[0]
    assert checks.check_fonts(rows) == []
    assert checks.check_fonts([good.replace("yes yes yes", "no  yes yes")])
    assert checks.check_fonts([good.replace("yes yes yes", "yes yes no ")])
    assert checks.check_fonts(["ABCDEF+DejaVuSans    Type 3            Custom           yes yes yes      9  0"])
    assert checks.check_fonts([*rows, "Syntax Warning: Mismatch between font type and embedded font file"])
    assert checks.check_fonts([])


def test_other_paper():
    assert checks.check_page_size({(612.0, 792.0)})
    assert checks.check_page_size({*reader.page_sizes(), (841.89, 595.28)})
    assert checks.check_page_size(set())


def test_outline_changed_lost_or_added():
    titles = reader.html_titles()
    expected = reader.expected_outline(reader.toc(), titles)
    for broken in (expected[:-1], [*expected, (1, "多出的一章")], [(0, "Contents"), *expected[1:]]):
        assert checks.check_outline(broken, expected)
    # 目录多了一部分，书签没有跟上
    toc = reader.toc()
    toc["parts"].insert(0, toc["parts"][0])
    assert checks.check_outline(reader.outline(), reader.expected_outline(toc, titles))


@pytest.mark.parametrize(
    "line",
    [
        "Contents",
        "  References",
        "Chapter 3",
        "Figure 2.1: x",
        "Table A.1",
        "see Fig. 3",
        "continued from previous page",
    ],
)
def test_english_furniture(line):
    pages = reader.pages()
    assert checks.check_furniture([*pages[:2], pages[2] + "\n" + line])


@pytest.mark.parametrize("line", ["见图 ?? 所示", "文献 [?]", "见 {numref}`fig-x`", ":name: fig-x", "练习 %s"])
def test_unresolved(line):
    assert checks.check_resolved([*reader.pages(), line])


def test_figure_without_caption_or_source():
    tex = reader.latex_file(".tex")
    assert checks.check_figures(tex) == []
    start = tex.index(r"\caption{", tex.index(r"\begin{figure}"))
    assert checks.check_figures(tex[:start] + tex[start:].replace(r"\caption{", r"\mbox{", 1))
    start = tex.index(r"\begin{sphinxlegend}")
    assert checks.check_figures(tex[:start] + tex[start:].replace("数据：", "", 1).replace("来源：", "", 1))
    assert checks.check_figures(tex + r"\sphinxincludegraphics{{loose}.pdf}")


def test_numbers_or_titles_differ():
    good = items()
    assert checks.check_same_items(good, list(good)) == []
    kind, number, title = good[0]
    assert checks.check_same_items(good, [(kind, number + "9", title), *good[1:]])
    assert checks.check_same_items(good, [(kind, number, title + "改"), *good[1:]])
    assert checks.check_same_items(good, good[1:])
    assert checks.check_same_items([*good, good[0]], [*good, good[0]])
    assert checks.check_same_items([], [])


def test_pdf_counts_on_its_own():
    """PDF 若自己另数一套号码（附录不换字母），就对不上。"""
    aux = reader.latex_file(".aux").replace(r"\numberline {A.", r"\numberline {2.")
    assert checks.check_same_items(items(), reader.pdf_items(aux, reader.running_text()))


def test_lost_from_the_page():
    text = reader.running_text()
    kind, number, title = next(i for i in items() if i[0] == "图")
    assert checks.check_printed(items(), text.replace(f"{kind}{number}{title}", ""))


def test_code_leaks():
    line = sorted(reader.code_lines())[0]
    assert checks.check_no_code({line}, reader.running_text() + line)


def test_answers_left_in_the_body_or_lost():
    exercises = [(n, t) for k, n, t in items() if k == "练习"]
    body, answers = reader.split_at("练习答案")
    assert checks.check_answers(exercises, body, "")
    assert checks.check_answers(exercises, answers, answers) == [], "题目在答案里也印了一遍"
    assert checks.check_answers(exercises, "", answers)
    assert checks.check_answers([*exercises, ("9.9", "(没有)")], body, answers)
    assert checks.check_answers([], body, answers)


def test_solution_in_the_body_or_lost():
    samples = reader.html_solutions()
    body, answers = reader.split_at("练习答案")
    assert checks.check_solutions_moved(samples, body + samples[0], answers)
    assert checks.check_solutions_moved(samples, body, answers.replace(samples[0], ""))
    assert checks.check_solutions_moved([], body, answers)
