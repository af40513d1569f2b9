"""换一个 Python 版本，各章重跑的输出还一样吗。

    python -m tools.versions python3.12 python3.13 [-- 章 ...]

每个版本在 ``_build/versions/`` 里另建环境，按同一份 ``requirements.lock`` 装，用 nbval 的严格模式
逐格比较书里存着的输出，印出“版本 × 章”的表：一样的格数与总格数。
字体不同的机器上图不比字节，见 ``tests/notebooks.py``。
"""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from .check import workers
from .paths import BUILD, LOCK, ROOT, environment, notebooks

FOLDER = BUILD / "versions"
UV = Path(sys.executable).parent / "uv"


def prepare(interpreter: str) -> tuple[str, Path]:
    """建好环境；返回版本号与其中的 Python。

    Raises
    ------
    SystemExit
        没有这个解释器，或装不成。
    """
    try:
        ask = [interpreter, "-c", "import platform; print(platform.python_version())"]
        version = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"用不了 {interpreter}：{error}") from None
    home = FOLDER / version
    python = home / "bin" / "python"
    steps = [
        [interpreter, "-m", "venv", home],
        [UV, "pip", "sync", "-q", "-p", python, "--require-hashes", LOCK],
        [UV, "pip", "install", "-q", "-p", python, "--no-deps", "--no-build-isolation", "-e", ROOT],
    ]
    for step in steps if not python.exists() else steps[1:]:
        if subprocess.run(list(map(str, step)), cwd=ROOT).returncode:
            raise SystemExit(f"{version} 的环境没有装成")
    return version, python


def rerun(version: str, python: Path, chapters: list[Path]) -> dict[str, Counter]:
    """逐格复核；章 → 通过、不一样各几格。"""
    report = FOLDER / f"{version}.xml"
    names = [path.relative_to(ROOT).as_posix() for path in chapters]
    parallel = ["-n", workers(), "--dist", "loadfile"]
    command = [python, "-m", "pytest", "--nbval", "-q", *parallel, f"--junitxml={report}", "--tb=no", *names]
    env = {**environment(), "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(list(map(str, command)), cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    found: dict[str, Counter] = {path.stem: Counter() for path in chapters}
    for case in ElementTree.parse(report).iter("testcase"):
        chapter = next((c for c in found if f".{c}." in f".{case.get('classname')}."), None)
        if chapter is None:
            raise SystemExit(f"认不出这一格属于哪一章：{case.get('classname')} {case.get('name')}")
        bad = any(child.tag in ("failure", "error") for child in case)
        found[chapter]["differ" if bad else "same"] += 1
    return found


def main(argv: list[str]) -> int:
    interpreters, _, chosen = " ".join(argv).partition(" -- ")
    if not interpreters:
        print(__doc__, file=sys.stderr)
        return 2
    chapters = [p for p in notebooks() if not chosen or p.stem in chosen.split()]
    results = {}
    for interpreter in interpreters.split():
        version, python = prepare(interpreter)
        results[version] = rerun(version, python, chapters)
    print("| 章 | " + " | ".join(results) + " |\n|:---|" + "---:|" * len(results))
    for path in chapters:
        cells = [results[v][path.stem] for v in results]
        print(f"| {path.stem} | " + " | ".join(f"{c['same']}/{c.total()}" for c in cells) + " |")
    differ = sum(c["differ"] for found in results.values() for c in found.values())
    empty = [f"{v} {name}" for v, found in results.items() for name, c in found.items() if not c]
    for name in empty:
        print(f"没有跑：{name}", file=sys.stderr)
    return 1 if differ or empty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
