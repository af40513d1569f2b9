"""成书的 PDF。"""

from tests.pdf import checks, reader
from tools.pdf import problems_in_log


def test_log_is_clean():
    assert problems_in_log(reader.latex_file(".log"), reader.latex_file(".tex")) == []


def test_fonts():
    assert checks.check_fonts(reader.fonts()) == []


def test_page_size():
    assert checks.check_page_size(reader.page_sizes()) == []


def test_outline_follows_the_toc():
    expected = reader.expected_outline(reader.toc(), reader.html_titles())
    assert checks.check_outline(reader.outline(), expected) == []


def test_no_english_furniture():
    assert checks.check_furniture(reader.pages()) == []


def test_references_are_resolved():
    assert checks.check_resolved(reader.pages()) == []


def test_figures_are_complete():
    assert checks.check_figures(reader.latex_file(".tex")) == []


def test_same_numbers_as_html():
    items = reader.pdf_items(reader.latex_file(".aux"), reader.running_text())
    assert checks.check_same_items(reader.html_items(), items) == []


def test_numbers_are_printed():
    assert checks.check_printed(reader.html_items(), reader.running_text()) == []


def test_no_code_is_printed():
    lines = reader.code_lines()
    assert lines, "没有读到任何代码行，这项检查没有意义"
    assert checks.check_no_code(lines, reader.running_text()) == []


def test_answers_are_collected():
    exercises = [(number, title) for kind, number, title in reader.html_items() if kind == "练习"]
    assert checks.check_answers(exercises, *reader.split_at("练习答案")) == []


def test_solutions_are_only_in_the_appendix():
    assert checks.check_solutions_moved(reader.html_solutions(), *reader.split_at("练习答案")) == []


def test_title_page_and_edition():
    from tools.paths import citation

    book = citation()
    first = reader.squeeze(reader.pages()[0])
    year, month, day = str(book["date-released"]).split("-")
    assert reader.squeeze(book["title"].split("——")[0]) in first
    assert f"版本{book['version']}" in first
    assert f"{year}年{int(month)}月{int(day)}日" in first
