"""``make bundle``：造好的书（HTML 与 PDF）装进一个压缩包，拷到 U 盘上，解开就能读。

同样的书两次装出的压缩包逐字节相同：次序、时间、权限都定死，时间取自 ``CITATION.cff``。
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from .paths import BUILD, HTML, citation
from .zips import entry, released

NAME = "chokepoint-book"
NOTE = "README.txt"


def note(book: dict) -> str:
    """压缩包里的说明。"""
    return (
        f"{book['title']}\n版本 {book['version']}，{book['date-released']}\n\n"
        "解开压缩包，双击 index.html，用任何浏览器读；不需要网络，也不需要安装。\n"
        f"印刷版是 {NAME}.pdf。每章的笔记本与数据可以在页面里下载。\n"
    )


def bundle(html: Path = HTML, folder: Path = BUILD) -> Path:
    """装包。

    Parameters
    ----------
    html : Path
        造好的书。
    folder : Path
        压缩包写到这里。

    Returns
    -------
    Path
        压缩包；里面只有一个文件夹，名字带版次。

    Raises
    ------
    SystemExit
        书还没有造好，或没有 PDF。
    """
    book = citation()
    for needed in (html / "index.html", html / f"{NAME}.pdf"):
        if not needed.exists():
            raise SystemExit(f"没有 {needed.name}：书还没有造好。请先运行 make book")
    top = f"{NAME}-{book['version']}"
    files = {p.relative_to(html).as_posix(): p.read_bytes() for p in html.rglob("*") if p.is_file()}
    files[NOTE] = note(book).replace("\n", "\r\n").encode("utf-8-sig")
    target = folder / f"{top}.zip"
    part, when = target.with_suffix(".part"), released()
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            archive.writestr(entry(f"{top}/{name}", when), files[name])
    part.replace(target)
    return target


def main() -> int:
    """命令行入口。"""
    target = bundle()
    print(f"{target}（{target.stat().st_size / 1e6:.1f} MB）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
