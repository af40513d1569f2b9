"""``make test`` 在造好书之后做的检验：代码规矩，然后一次 pytest。

    python -m tools.check [pytest 的其他参数]

一次 pytest 里既有 ``tests/`` 的全部测试，也有书中每个笔记本的逐格复核（nbval 严格模式）。
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from .paths import BUILD, ROOT, environment, notebooks


def run(*command: str) -> int:
    """运行一步，报告用时，返回退出码。"""
    started = time.monotonic()
    code = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment()).returncode
    print(f"{'✓' if code == 0 else '✗'} {' '.join(command[:2])}（{time.monotonic() - started:.0f} 秒）", flush=True)
    return code


def workers() -> str:
    """并行的进程数：每核一个，至少两个，最多八个。"""
    return str(min(max(os.cpu_count() or 2, 2), 8))


def main(argv: list[str]) -> int:
    missing = BUILD / "missing-apt"
    if missing.exists():
        print(f"缺少系统包，检验做不全：{missing.read_text().strip()}", file=sys.stderr)
        print(f"请运行：sudo apt-get install -y --no-install-recommends {missing.read_text().strip()}", file=sys.stderr)
        return 1
    codes = [run("ruff", "check", "--quiet", "."), run("ruff", "format", "--check", "--quiet", ".")]
    chapters = [path.relative_to(ROOT).as_posix() for path in notebooks()]
    # 按次序发：最费时的几个文件（造书、教室）在前，末尾都是小的，免得一个进程空等。
    parallel = ["-n", workers(), "--dist", "loadfile", "--no-loadscope-reorder"]
    parallel += ["--durations", "15", "--durations-min", "3"]
    codes.append(run("pytest", "--nbval", "-q", *parallel, *argv, "tests", *chapters))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
