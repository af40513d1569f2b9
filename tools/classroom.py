"""``make classroom``：一个文件夹，拷进没有互联网的教室就能上课。

    python -m tools.classroom [文件夹] [--only 平台 ...]

里面有：造好的书（网页、PDF、EPUB、幻灯片）、各章的笔记本与数据、学生用与带答案的练习、判分包，
以及各平台的安装包（wheel）。只装有 Python 的电脑运行 ``install.py`` 就装好，不碰网络；
``start.py`` 打开中文 JupyterLab。

装哪些包取自 ``requirements.txt`` 的 :data:`PACKAGES`，版本以 ``requirements.lock`` 为准；
造书才用的（Sphinx、TeX 等）不装。没有网络的机器造不了安装包：请先在有网络的机器上运行。
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from . import exercises
from .lab import SETTINGS
from .paths import BUILD, EPUB, HTML, LOCK, PDF, ROOT, citation

OUT = BUILD / "classroom"
#: 上课要用的直接依赖；其余由它们带来。
PACKAGES = [
    "pandas",
    "numpy",
    "scipy",
    "statsmodels",
    "networkx",
    "nashpy",
    "coopgt",
    "contourpy",
    "matplotlib",
    "seaborn",
]
PACKAGES += ["lazy-loader", "scour", "pandera", "ibis-framework[duckdb]", "SALib", "pybtex", "PyYAML"]
PACKAGES += ["ipykernel", "jupyterlab", "jupyterlab-myst", "jupyterlab-language-pack-zh-CN", "otter-grader"]
#: 索引上只有源码的；都是纯 Python。
SOURCE_ONLY = {"scour"}
#: 平台：名字 → uv 的名字、pip 的平台标签（宽者在后）。
PLATFORMS = {
    "linux-x86_64": (
        "x86_64-manylinux_2_28",
        ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    ),
    "windows-amd64": ("x86_64-pc-windows-msvc", ("win_amd64",)),
    "macos-arm64": (
        "aarch64-apple-darwin",
        ("macosx_14_0_arm64", "macosx_13_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64"),
    ),
}
PYTHONS = ("3.11", "3.12", "3.13")
#: 项目里学生与老师用得上的；检验与造书的工具不带。
PROJECT = ["chokepoint", "data", "book", "exercises", "_toc.yml", "_config.yml", "pyproject.toml"]
PROJECT += ["CITATION.cff", "LICENSE", "LICENSE-TEXT.md"]
#: 教室里运行的两个脚本，只用标准库。
KIT = Path(__file__).with_name("kit")
NOT_CARRIED = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "_ext", "_templates", "_slides")


def targets(only: list[str] | None = None) -> list[tuple[str, str]]:
    """要带的（平台，Python 版本）。

    Raises
    ------
    SystemExit
        不认识的平台或版本。
    """
    every = [(platform, python) for platform in PLATFORMS for python in PYTHONS]
    if only is None:
        return every
    wanted = [tuple(item.rsplit("-", 1)) for item in only]
    for item in wanted:
        if item not in every:
            known = "、".join("-".join(pair) for pair in every)
            raise SystemExit(f"不认识的平台 {'-'.join(item)}；可以是 {known}")
    return wanted


def pinned(platform: str, python: str, work: Path) -> list[str]:
    """某平台、某版本要装的全部包，``名字==版本``。"""
    wanted, out = work / "wanted.in", work / "pinned.txt"
    wanted.write_text("\n".join(PACKAGES) + "\n", "utf-8")
    command = ["pip", "compile", "-q", "--no-header", "--no-annotate", "--python-platform", PLATFORMS[platform][0]]
    command += ["--python-version", python, "-c", LOCK, wanted, "-o", out, "--no-emit-index-url"]
    subprocess.run([Path(sys.executable).parent / "uv", *map(str, command)], check=True, stdout=subprocess.DEVNULL)
    return out.read_text("utf-8").split()


def download(pins: list[str], platform: str, python: str, house: Path) -> None:
    """把安装包取进 ``house``；只有源码的（:data:`SOURCE_ONLY`，纯 Python）就地做成安装包。

    Raises
    ------
    SystemExit
        取不到：写明是哪个平台，和 pip 说的话。
    """
    built = [pin for pin in pins if pin.partition("==")[0] in SOURCE_ONLY]
    tags = [option for tag in PLATFORMS[platform][1] for option in ("--platform", tag)]
    binary = ["download", "--only-binary=:all:", *tags, "--python-version", python, "--implementation", "cp"]
    _pip([*binary, "--dest", house, *(pin for pin in pins if pin not in built)], f"{platform}-{python}")
    _pip(["wheel", "--no-build-isolation", "--wheel-dir", house, *built], "、".join(built))


def _pip(arguments: list, what: str) -> None:
    verb, *rest = map(str, arguments)
    command = [sys.executable, "-m", "pip", verb, "-qq", "--disable-pip-version-check", "--no-deps", *rest]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        said = [line for line in result.stderr.splitlines() if line.startswith("ERROR")] or [result.stderr[-500:]]
        raise SystemExit(f"{what} 的安装包没有取到：{said[-1]}")


def note(book: dict) -> str:
    """文件夹里的说明。"""
    return (
        f"{book['title']}\n版本 {book['version']}，{book['date-released']}\n\n"
        "1. 读：双击 book/index.html；印刷版 book/chokepoint-book.pdf；幻灯片 book/slides/index.html。\n"
        "2. 装：装有 Python 的电脑运行 python install.py（Windows：py install.py），不需要网络。\n"
        "3. 做：python start.py 打开 JupyterLab；notebooks/chapters 是各章，notebooks/exercises 是练习。\n"
        "4. 教：teacher/ 里是答案与判分包，发给学生之前请先取走。\n"
        "   判分：把收来的笔记本放成 文件夹/<章>/<学生>.ipynb，运行 venv 里的 python teacher/grade.py 文件夹。\n"
        "教学安排见书的附录“教师手册”。\n"
    )


def assemble(folder: Path, html: Path = HTML) -> None:
    """书、笔记本、数据、练习与说明；不含安装包。

    Raises
    ------
    SystemExit
        书还没有造好。
    """
    needed = (html / "index.html", html / PDF.name, html / EPUB.name, html / "slides" / "index.html")
    for path in (*needed, exercises.OUT / "made"):
        if not path.exists():
            raise SystemExit(f"没有 {path.name}：书还没有造好。请先运行 make book")
    shutil.copytree(html, folder / "book")
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / "project" / name, ignore=NOT_CARRIED)
        else:
            (folder / "project").mkdir(exist_ok=True)
            shutil.copyfile(source, folder / "project" / name)
    for path in sorted((ROOT / "book").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            target = folder / "notebooks" / "chapters" / path.relative_to(ROOT / "book")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.copytree(exercises.OUT / "student", folder / "notebooks" / "exercises")
    for view in ("answers", "grading"):
        shutil.copytree(exercises.OUT / view, folder / "teacher" / view)
    shutil.copyfile(Path(exercises.__file__).with_name("grading.py"), folder / "teacher" / "grade.py")
    for script in KIT.glob("*.py"):
        shutil.copyfile(script, folder / script.name)
    (folder / "settings.json").write_text(json.dumps(SETTINGS, indent=2), "utf-8")
    (folder / "README.txt").write_bytes(note(citation()).replace("\n", "\r\n").encode("utf-8-sig"))


def build(out: Path = OUT, only: list[str] | None = None, html: Path = HTML) -> dict:
    """造教室文件夹；全部做成后才换入。

    Returns
    -------
    dict
        各部分的字节数，与各平台的包数。
    """
    wanted = targets(only)
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    assemble(part, html)
    house = part / "wheelhouse"
    house.mkdir()
    counts = {}
    for platform, python in wanted:
        pins = pinned(platform, python, part)
        download(pins, platform, python, house)
        (house / f"{platform}-{python}.txt").write_text("\n".join(pins) + "\n", "utf-8")
        counts[f"{platform}-{python}"] = len(pins)
    for scrap in ("wanted.in", "pinned.txt"):
        (part / scrap).unlink()
    shutil.rmtree(out, ignore_errors=True)
    part.rename(out)
    sizes = Counter()
    for path in out.rglob("*"):
        if path.is_file():
            sizes[path.relative_to(out).parts[0]] += path.stat().st_size
    return {"bytes": dict(sizes), "packages": counts}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description="一个拷进教室就能用的文件夹")
    parser.add_argument("folder", nargs="?", type=Path, default=OUT)
    parser.add_argument("--only", nargs="+", metavar="平台-版本", help="如 linux-x86_64-3.12；缺省是全部")
    options = parser.parse_args(argv)
    made = build(options.folder, options.only)
    for name, size in sorted(made["bytes"].items(), key=lambda item: -item[1]):
        print(f"{name}\t{size / 1e6:,.1f} MB")
    print(f"共 {sum(made['bytes'].values()) / 1e6:,.0f} MB：{options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
