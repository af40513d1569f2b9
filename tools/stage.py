"""在一旁搭书，成功后换入。

    python -m tools.stage html|latex|epub|pdf|publish

``_build/stage/`` 是工作区，读者看的 ``_build/html/`` 与 PDF 只在全部成功后才换。
每一步记下输入的摘要（``*.key``，最后写）；中途被杀，摘要不在，下次重做。
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .paths import BOOK, BUILD, EPUB, HTML, PDF, ROOT, STAGE, environment
from .zips import settle

#: 书里可以下载的模板。
TEMPLATES = ROOT / "chokepoint" / "report" / "templates"
#: 练习笔记本的源：各章链接到由它生成的笔记本。
EXERCISES = ROOT / "exercises"
#: 一变就须从头搭（Sphinx 的增量判断看不到）的输入。
FRAME = ["_config.yml", "_toc.yml", "CITATION.cff", "requirements.lock"]


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path, *skip: str) -> list[Path]:
    return [
        p
        for p in folder.rglob("*")
        if p.is_file() and not any(part in {"__pycache__", ".ipynb_checkpoints", *skip} for part in p.parts)
    ]


def _frame() -> list[Path]:
    ours = [p for name in ("_ext", "_templates", "_slides") for p in _files(BOOK / name)]
    return [*(ROOT / name for name in FRAME), ROOT / "tools" / "slides.py", *ours]


def _inputs() -> list[Path]:
    return [
        *_frame(),
        *_files(BOOK, "_ext", "_templates", "_slides"),
        *_files(ROOT / "data"),
        *_files(TEMPLATES),
        *_files(EXERCISES),
    ]


def with_pdf() -> bool:
    """本次是否连 PDF 一起出（没有 TeX 时由 ``tools.book`` 置 0）。"""
    return os.environ.get("BOOK_PDF", "1") == "1"


def _home(builder: str) -> Path:
    """工作区：EPUB 与 HTML 合用（读入的文档树只存一份）；LaTeX 另有一处，好与它们同时进行。"""
    return STAGE / ("latex" if builder == "latex" else "html")


def built(builder: str) -> Path:
    """一种产物搭在哪里。"""
    return _home(builder) / "_build" / builder


#: 每一步做成后必定在的东西。
PRODUCT = {
    "html": built("html") / "index.html",
    "latex": built("latex") / f"{PDF.stem}.tex",
    "epub": built("epub") / EPUB.name,
    "pdf": STAGE / PDF.name,
    "publish": HTML / "index.html",
}


def _state(step: str) -> str:
    """一步的输入摘要。"""
    if step in ("html", "latex", "epub"):
        return _digest(_inputs()) + f" pdf={with_pdf()}"
    if step == "pdf":
        return _state("latex") + _digest([ROOT / "tools" / "pdf.py"])
    return _state("html") + _state("epub") + (_state("pdf") if with_pdf() else "")


def _key(step: str) -> Path:
    return STAGE / f"{step}.key"


def fresh(step: str) -> bool:
    """这一步的产物是否仍对应当前输入。"""
    return PRODUCT[step].exists() and _key(step).exists() and _key(step).read_text() == _state(step)


def _builder(name: str) -> list[str]:
    """Jupyter Book 自己不认得的产物要写成 ``custom``。"""
    return ["--builder", "custom", "--custom-builder", name] if name == "epub" else ["--builder", name]


def _jupyter_book(builder: str) -> None:
    out = _home(builder)
    frame = _digest(_frame()) + f" pdf={with_pdf()}"
    mark = out / f"{builder}.frame"
    if not mark.exists() or mark.read_text() != frame:
        shutil.rmtree(built(builder), ignore_errors=True)
    if not any(path.read_text() == frame for path in out.glob("*.frame")):
        shutil.rmtree(out / "_build" / ".doctrees", ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    command = ["build", str(ROOT), "--path-output", str(out), *_builder(builder), "-W", "-n", "--keep-going"]
    log = BUILD / f"{builder}.log"
    with log.open("w") as stream:
        result = subprocess.run(
            [Path(sys.executable).parent / "jupyter-book", *command],
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**environment(), "BOOK_PDF": "1" if with_pdf() else "0"},
            cwd=ROOT,
        )
    text = log.read_text("utf-8", "replace")
    if result.returncode or not PRODUCT[builder].exists():
        marks = ("WARNING", "ERROR", "Error", "error:", "Exception")
        lines = [line for line in text.splitlines() if any(m in line for m in marks)] or text.splitlines()[-30:]
        raise SystemExit("\n".join(lines[:40]) + f"\n（完整日志：{log.relative_to(ROOT)}）")
    mark.write_text(frame)


def html() -> None:
    """搭 HTML，再由造好的页写幻灯片。"""
    from . import slides

    _jupyter_book("html")
    slides.write(built("html"))


def latex() -> None:
    """写 LaTeX。"""
    _jupyter_book("latex")


def epub() -> None:
    """出 EPUB；时间都是版本的日期，两次逐字节相同。"""
    _jupyter_book("epub")
    # Jupyter Book 在产物旁边写的转跳页；留着，下一次 Sphinx 会想把它装进书里。
    (built("epub") / "index.html").unlink(missing_ok=True)
    settle(PRODUCT["epub"])


def pdf() -> None:
    """排 PDF，并检查日志。"""
    from .pdf import build

    build(built("latex"), STAGE / PDF.name)


def recover() -> None:
    """上次换入时被打断：把旧书放回去，清掉半成品。"""
    old, new = BUILD / "html.old", BUILD / "html.next"
    if old.exists() and not HTML.exists():
        old.rename(HTML)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(new, ignore_errors=True)


def publish() -> None:
    """把一旁搭好的书换入。"""
    recover()
    new, old = BUILD / "html.next", BUILD / "html.old"
    shutil.copytree(built("html"), new)
    shutil.copy2(PRODUCT["epub"], new / EPUB.name)
    book = EPUB.with_suffix(".epub.part")
    shutil.copy2(PRODUCT["epub"], book)
    if with_pdf():
        shutil.copy2(STAGE / PDF.name, new / PDF.name)
        part = PDF.with_suffix(".part")
        shutil.copy2(STAGE / PDF.name, part)
    if HTML.exists():
        HTML.rename(old)
    new.rename(HTML)
    shutil.rmtree(old, ignore_errors=True)
    os.replace(book, EPUB)
    if with_pdf():
        os.replace(part, PDF)


STEPS = {"html": html, "latex": latex, "epub": epub, "pdf": pdf, "publish": publish}


def main(argv: list[str]) -> int:
    if len(argv) != 1 or argv[0] not in STEPS:
        print(__doc__, file=sys.stderr)
        return 2
    step = argv[0]
    _key(step).unlink(missing_ok=True)
    state = _state(step)
    STEPS[step]()
    _key(step).parent.mkdir(parents=True, exist_ok=True)
    _key(step).write_text(state)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
