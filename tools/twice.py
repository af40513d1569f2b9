"""再造一遍，看两次是否逐字节相同。

    python -m tools.twice

把当前的提交克隆到 ``_build/twice/``，用同一套软件从头造书（HTML、PDF、EPUB、练习笔记本），
与 ``_build/`` 里的逐个文件比散列。先把改动提交，并且 ``make book`` 已造好。
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .paths import BUILD, EPUB, HTML, PDF, ROOT, environment

PLACE = BUILD / "twice"
#: 比什么：名字 → 相对 ``_build/`` 的位置。
COMPARED = {"HTML": HTML.name, "PDF": PDF.name, "EPUB": EPUB.name, "练习笔记本": "exercises"}


def digests(path: Path) -> dict[str, str]:
    """一个文件或文件夹里各文件的散列，按相对的名字。"""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    base = path.parent if path.is_file() else path
    return {p.relative_to(base).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def total(found: dict[str, str]) -> str:
    """一组散列的散列。"""
    return hashlib.sha256("".join(f"{name} {digest}\n" for name, digest in found.items()).encode()).hexdigest()


def differences(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """不同的、只在一边的文件。"""
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def main() -> int:
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True).stdout.strip():
        print("有没提交的改动：请先提交，再 make book", file=sys.stderr)
        return 2
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    tree = PLACE / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(tree)], check=True)
    env = {**environment(), "PYTHONPATH": str(tree), "CHOKEPOINT_DATA": str(tree / "data")}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    subprocess.run([sys.executable, "-m", "doit", "run"], cwd=tree, env=env, check=True)
    same = True
    for name, where in COMPARED.items():
        first, second = digests(BUILD / where), digests(tree / "_build" / where)
        apart = differences(first, second)
        same = same and not apart
        print(f"{name}：{len(first)} 个文件，{total(first)[:16]} 与 {total(second)[:16]}，{len(apart)} 个不同")
        for file in apart[:20]:
            print(f"    {file}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
