"""``make book``：执行过期的章节，搭 HTML 与 PDF，成功后换入。

退出码非零：有一步没做成（原有的书不动），或系统缺 TeX、字体而没出 PDF（HTML 照出）。
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from . import stage
from .paths import BUILD, HTML, PDF, ROOT


def main() -> int:
    started = time.monotonic()
    missing = BUILD / "missing-apt"
    lacking = missing.read_text().strip() if missing.exists() else ""
    env = {**os.environ, "BOOK_PDF": "0" if lacking else "1"}
    stage.recover()
    result = subprocess.run([sys.executable, "-m", "doit", "run", "--dir", str(ROOT)], env=env, cwd=ROOT)
    if result.returncode:
        print("构建没有完成：见上。", file=sys.stderr)
        return result.returncode
    print(f"共 {time.monotonic() - started:.1f} 秒")
    print(f"HTML：{HTML / 'index.html'}")
    if lacking:
        print(f"PDF 没有出：缺少系统包 {lacking}", file=sys.stderr)
        print(f"请运行：sudo apt-get install -y --no-install-recommends {lacking}", file=sys.stderr)
        return 1
    print(f"PDF：{PDF}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
