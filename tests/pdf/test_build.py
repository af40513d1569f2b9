"""``tools.pdf``：日志的读法，以及真排一份坏文档时它拦不拦得住。"""

import hashlib
import shutil

import pytest

from tools import pdf

HEAD = r"""\documentclass[fontset=none]{ctexart}
\usepackage{array,longtable,graphicx,hyperref}
\setmainfont{TeX Gyre Termes}\setCJKmainfont{Noto Serif CJK SC}
\begin{document}
"""
GOOD = r"见表 \ref{t}。\begin{table}\caption{表题}\label{t}\begin{tabular}{lr}甲&1\\乙&2\end{tabular}\end{table}"
#: 排得出来、但不该进书的毛病。
FAULTY = {
    "缺字“☃”": "缺 \u2603 字",
    "引用没有着落：nowhere": r"见 \ref{nowhere}",
    "链接没有着落：there": r"见 \hyperref[there]{那里}",
    "文献没有着落：nobody": r"见 \cite{nobody}",
    "标签重复定义：same": r"一\label{same}二\label{same}",
    "表格伸出版心": r"\begin{tabular}{l}" + "很长的一行" * 40 + r"\end{tabular}",
    "正文伸出版心": r"\noindent\mbox{" + "很长的一行" * 20 + "}",
    "字体缺字形变体": r"{\fontfamily{nosuch}\selectfont abc}",
}
#: 排不出来的毛病。
FATAL = {
    "no-such-figure": r"\includegraphics{no-such-figure.pdf}",
    "nosuchcommand": r"\nosuchcommand",
}


def folder(path, body):
    (path / f"{pdf.JOB}.tex").write_text(HEAD + body + "\n\\end{document}\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """好文档排两遍，目录不同。"""
    made = []
    for name in ("one", "two"):
        place = folder(tmp_path_factory.mktemp(name), GOOD)
        pdf.build(place, place / "out.pdf")
        made.append(place / "out.pdf")
    return made


def test_good_document_is_written_and_reproducible(built):
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in built}
    assert len(digests) == 1
    assert not list(built[0].parent.glob("*.part"))


def refused(path, body):
    """排一份坏文档，确认原来的 PDF 没动，返回报错。"""
    target = path / "out.pdf"
    target.write_bytes(b"old book")
    with pytest.raises(pdf.PdfError) as caught:
        pdf.build(folder(path, body), target)
    assert target.read_bytes() == b"old book", "失败的构建动了原来的 PDF"
    return str(caught.value)


def test_every_fault_is_named(tmp_path):
    message = refused(tmp_path, "\n\n".join(FAULTY.values()))
    assert [fault for fault in FAULTY if fault not in message] == []
    assert len(message.splitlines()) == 1 + len(FAULTY), "报了不该报的毛病"


@pytest.mark.parametrize("fault", FATAL)
def test_tex_errors_are_shown(fault, tmp_path):
    message = refused(tmp_path, FATAL[fault])
    assert fault in message
    assert "LaTeX 出错" in message


def test_interrupted_run_is_repaired(built, tmp_path):
    """上次被打断，留下半截辅助文件。"""
    place = folder(tmp_path, GOOD)
    (place / f"{pdf.JOB}.aux").write_text(r"\relax \newlabel{t}{{1}{1", "utf-8")
    pdf.build(place, place / "out.pdf")
    assert (place / "out.pdf").read_bytes() == built[0].read_bytes()


def test_missing_program_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "latexmk" else f"/usr/bin/{name}")
    with pytest.raises(pdf.PdfError, match="latexmk") as caught:
        pdf.build(folder(tmp_path, GOOD), tmp_path / "out.pdf")
    assert "apt-get install" in str(caught.value)
    assert "texlive-xetex" in str(caught.value)


def test_missing_source(tmp_path):
    with pytest.raises(pdf.PdfError, match="先写 LaTeX"):
        pdf.build(tmp_path, tmp_path / "out.pdf")


TEX = "\n".join(["一", r"\begin{longtable}{l}", "甲", r"\end{longtable}", "五", "六"])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"Overfull \hbox (5.1pt too wide) in alignment at lines 2--4", "表格伸出版心 5.1 pt"),
        (r"Overfull \hbox (6.0pt too wide) in paragraph at lines 3--3", "表格伸出版心"),
        (r"Overfull \hbox (4.9pt too wide) in alignment at lines 2--4", None),
        (r"Overfull \hbox (14.0pt too wide) in paragraph at lines 5--6", None),
        (r"Overfull \hbox (16.0pt too wide) in paragraph at lines 5--6", "正文伸出版心 16.0 pt"),
        (f"(./{pdf.JOB}.toc\nOverfull \\hbox (99.0pt too wide) in paragraph at lines 3--3\n[] )", None),
        (f"(./{pdf.JOB}.toc [1] )\nOverfull \\hbox (9.0pt too wide) in paragraph at lines 3--3", "表格伸出版心"),
        ("LaTeX Warning: Float too large for page by 47.1pt on input line 88.", "多出 47.1pt"),
        ("LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right.", "没有稳定"),
        ("xdvipdfmx:warning: Object @figure.1.1 already defined.", "链接目标重名：figure.1.1"),
        ('! Package fontspec Error: The font "Noto Serif CJK SC" cannot be found.', "找不到字体：Noto Serif CJK SC"),
        (
            "Overfull \\vbox (99.0pt too high) has occurred while \\output is active []\n\n [7]",
            "99.0 pt：印出的第 7 页",
        ),
        ("Overfull \\vbox (9.0pt too high) has occurred while \\output is active", None),
    ],
)
def test_reading_a_log(line, expected):
    problems = pdf.problems_in_log(f"This is XeTeX\n{line}\nOutput written", TEX)
    if expected is None:
        assert problems == []
    else:
        assert len(problems) == 1
        assert expected in problems[0]


def test_missing_character_is_located():
    log = "Missing character: There is no ☃ in font [lmroman10-regular]:mapping=tex-text;!"
    (problem,) = pdf.problems_in_log(log, "一\n二 ☃ 三\n")
    assert "☃" in problem
    assert "U+2603" in problem
    assert "第 2 行" in problem
