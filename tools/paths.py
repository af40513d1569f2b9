"""各工具共用的路径与少量常量。"""

from __future__ import annotations

import getpass
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
BUILD = ROOT / "_build"
STAGE = BUILD / "stage"
HTML = BUILD / "html"
PDF = BUILD / "chokepoint-book.pdf"
EPUB = BUILD / "chokepoint-book.epub"
LOCK = ROOT / "requirements.lock"
#: 启动内核用的锁；同一台机器上的各份拷贝共用，因为它们抢的是同样的端口。
KERNEL_LOCK = Path(tempfile.gettempdir()) / f"chokepoint-kernel-{getpass.getuser()}.lock"

#: 执行章节、nbval 复核、出 PDF 都用的环境：单线程、固定散列种子、固定时间戳。
ENV = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "FORCE_SOURCE_DATE": "1"}


def citation() -> dict:
    """书名、版次与日期：只有 ``CITATION.cff`` 一处。"""
    return yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


def toc_files() -> list[str]:
    """``_toc.yml`` 里的文档名，按书中次序，首页在先。"""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return [toc["root"], *(c["file"] for part in toc.get("parts", []) for c in part["chapters"])]


def notebooks() -> list[Path]:
    """书中的笔记本，按目录次序。

    Raises
    ------
    FileNotFoundError
        目录所列文档没有对应文件。
    """
    found = []
    for name in toc_files():
        path = ROOT / f"{name}.ipynb"
        if path.exists():
            found.append(path)
        elif not (ROOT / f"{name}.md").exists():
            raise FileNotFoundError(f"_toc.yml 列出的 {name} 没有文件：应有 {name}.ipynb 或 {name}.md")
    return found


def environment() -> dict[str, str]:
    """子进程的环境变量；产物里的时间一律是版本的日期，两次构建才能逐字节相同。"""
    day = datetime.fromisoformat(str(citation()["date-released"])).replace(tzinfo=UTC)
    return {**os.environ, **ENV, "SOURCE_DATE_EPOCH": str(int(day.timestamp()))}
