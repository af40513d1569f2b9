"""排 PDF：在 Sphinx 写好的 LaTeX 目录里跑 latexmk，再读日志，有毛病就不算成功。

    python -m tools.pdf LATEX_DIR OUT.pdf

时间戳取自 ``CITATION.cff`` 的日期，所以同样的输入两次排出的 PDF 逐字节相同。
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .paths import ROOT, environment

JOB = "chokepoint-book"
PROGRAMS = ("xelatex", "latexmk", "makeindex", "rsvg-convert")
#: latexmk 用我们的样式排术语索引（Sphinx 的 latexmkrc 里写的是它自己的）。
INDEX = "$makeindex = q/makeindex -s zhbook.ist %O -o %D %S/;"
TABLE_SLACK = 5.0  # 表格伸出版心多少 pt 就算错
TEXT_SLACK = 15.0  # 正文、公式伸出版心多少 pt 就算错
TABLE = re.compile(r"\\(begin|end)\{(tabular|tabulary|longtable)\}")
TOO_HIGH = re.compile(r"Overfull \\vbox \(([\d.]+)pt too high\)[^\n]*(?:\n[^\[]*\[(\d+))?")
OVERFULL = re.compile(r"Overfull \\hbox \(([\d.]+)pt too wide\).*?at lines? (\d+)(?:--(\d+))?")
#: 日志里的毛病：正则 → 说明；``{0}`` 是第一个括号捕获的内容。
FAULTS = [
    (r"Reference `([^']+)' on page \d+ undefined", "引用没有着落：{0}"),
    (r"Hyper reference `([^']+)' on page \d+ undefined", "链接没有着落：{0}"),
    (r"Citation [`']([^']+)' .*undefined", "文献没有着落：{0}"),
    (r"Label `([^']+)' multiply defined", "标签重复定义：{0}"),
    (r"File `([^']+)' not found", "找不到文件：{0}"),
    (r"Font shape `([^']+)'.* undefined", "字体缺字形变体，被替换：{0}"),
    (r'The font "([^"]+)" cannot be found', "找不到字体：{0}"),
    (r"(?:Object|destination) .*?@?([\w.:-]+).*?(?:already defined|been already used)", "链接目标重名：{0}"),
    (r"Float too large for page by ([\d.]+pt) on input line \d+", "图表比一页还高，多出 {0}"),
    (r"(Label\(s\) may have changed)", "交叉引用没有稳定下来（{0}）"),
]


class PdfError(SystemExit):
    """PDF 没排成；消息说明缺什么、错在哪里。"""


def packages() -> list[str]:
    """``apt.txt`` 里的系统软件包。"""
    lines = (ROOT / "apt.txt").read_text("utf-8").splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def advice() -> str:
    """一条能装齐排版软件与字体的命令。"""
    return "请安装：sudo apt-get install --no-install-recommends " + " ".join(packages())


def table_lines(tex: str) -> list[tuple[int, int]]:
    """``.tex`` 里各表格环境的起止行号。"""
    spans, opened = [], []
    for number, line in enumerate(tex.splitlines(), 1):
        for kind, _ in TABLE.findall(line):
            if kind == "begin":
                opened.append(number)
            elif opened:
                spans.append((opened.pop(), number))
    return spans


def _without_contents(log: str) -> str:
    """去掉读 ``.toc``、``.aux`` 那几段：里面的行号不是正文的。"""
    kept, position = [], 0
    for opening in re.finditer(r"\(\./[^\s()]+\.(?:toc|aux|out)\b", log):
        if opening.start() < position:
            continue
        kept.append(log[position : opening.start()])
        depth, position = 0, opening.start()
        while position < len(log):
            depth += {"(": 1, ")": -1}.get(log[position], 0)
            position += 1
            if depth == 0:
                break
    return "".join([*kept, log[position:]])


def _missing(log: str, tex: str) -> list[str]:
    lines = tex.splitlines()
    problems = []
    for char, font in dict.fromkeys(
        re.findall(r"Missing character: There is no (.) (?:\([^)]*\) )?in font ([^!]+)!", log)
    ):
        where = [str(n) for n, line in enumerate(lines, 1) if char in line]
        code = f"U+{ord(char):04X}"
        problems.append(f"缺字“{char}”（{code}）：字体 {font} 里没有；{JOB}.tex 第 {'、'.join(where[:5]) or '？'} 行")
    return problems


def _near(tex: str, line: int) -> str:
    """这一行所在的表题或最近的标题，报错时好找。"""
    for text in reversed(tex.splitlines()[:line]):
        found = re.search(r"\\(?:sphinxcaption|caption|chapter|section|subsection)\{(.*?)\}?(?:\\strut|$)", text)
        if found:
            return found[1].rstrip("}")
    return ""


def _overfull(log: str, tex: str) -> list[str]:
    tables = table_lines(tex)
    problems = []
    for width, first, last in dict.fromkeys(OVERFULL.findall(_without_contents(log))):
        start, end = int(first), int(last or first)
        in_table = any(a <= end and start <= b for a, b in tables)
        if float(width) > (TABLE_SLACK if in_table else TEXT_SLACK):
            what = "表格" if in_table else "正文"
            problems.append(f"{what}伸出版心 {width} pt：{JOB}.tex 第 {start}–{end} 行，“{_near(tex, end)}”附近")
    for height, page in TOO_HIGH.findall(log):
        if float(height) > TEXT_SLACK:
            problems.append(f"一页排不下，向下溢出 {height} pt：印出的第 {page or '？'} 页")
    return problems


def problems_in_log(log: str, tex: str = "") -> list[str]:
    """读 LaTeX 日志（与程序输出），列出不该出现在成书里的毛病。

    Parameters
    ----------
    log : str
        不折行的日志（``max_print_line`` 足够大）。
    tex : str
        对应的 ``.tex`` 全文，用来把行号对到表格、找缺字的位置。

    Returns
    -------
    list of str
        每条一个中文说明；没有毛病时为空。
    """
    found = _missing(log, tex)
    for pattern, message in FAULTS:
        found += [message.format(hit) for hit in re.findall(pattern, log)]
    return list(dict.fromkeys([*found, *_overfull(log, tex)]))


def first_error(log: str) -> str:
    """日志里第一个 TeX 错误及其后几行。"""
    lines = log.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("!") or re.match(r"\S+\.(tex|sty|cls):\d+:", line):
            return "\n".join(lines[number : number + 6])
    return ""


def _environment() -> dict[str, str]:
    return {
        **environment(),
        "max_print_line": "100000",
        "error_line": "254",
        "half_error_line": "238",
        "LATEXOPTS": "",
        "XINDYOPTS": "",
        "LC_ALL": "C.UTF-8",
    }


def _latexmk(folder: Path, *options: str) -> subprocess.CompletedProcess:
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-e", INDEX]
    return subprocess.run(
        [*command, *options, f"{JOB}.tex"],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )


def build(folder: Path, target: Path) -> None:
    """在 ``folder`` 里排版，检查通过后把 PDF 原子地写到 ``target``。

    Raises
    ------
    PdfError
        缺软件、排版出错，或日志里有毛病；``target`` 保持原样。
    """
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if absent:
        raise PdfError(f"排 PDF 缺少程序：{'、'.join(absent)}。\n{advice()}")
    if not (folder / f"{JOB}.tex").exists():
        raise PdfError(f"{folder} 里没有 {JOB}.tex：先写 LaTeX")
    log_file = folder / f"{JOB}.log"
    run = _latexmk(folder)
    if run.returncode:  # 上次被打断留下的半截辅助文件也会出错：清掉再来一次
        _latexmk(folder, "-C")
        run = _latexmk(folder)
    log = log_file.read_text("utf-8", "replace") if log_file.exists() else ""
    tex = (folder / f"{JOB}.tex").read_text("utf-8")
    problems = problems_in_log(log + "\n" + run.stderr, tex)
    if run.returncode:
        detail = first_error(log) or run.stdout[-2000:] + run.stderr[-2000:]
        missing = [p for p in problems if p.startswith(("找不到文件", "找不到字体"))]
        raise PdfError("\n".join(["LaTeX 出错：", detail, *missing, *([advice()] if missing else [])]))
    if problems:
        raise PdfError("\n".join([f"PDF 有 {len(problems)} 处毛病（日志：{log_file}）：", *problems]))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    shutil.copyfile(folder / f"{JOB}.pdf", part)
    os.replace(part, target)


def main(argv: list[str]) -> int:
    """命令行入口。"""
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    build(Path(argv[0]), Path(argv[1]))
    print(argv[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
