"""写文件：模板不覆盖，报告要么是旧的、要么是完整的新的。"""

from __future__ import annotations

import contextlib
import os
import tempfile
from importlib import resources
from pathlib import Path

#: 模板里的文件。
TEMPLATES = ("nodes.csv", "edges.csv", "shares.csv", "README.txt")


def template(folder: str | Path) -> list[Path]:
    """把三张空表的模板（带一个虚构的小例子）与说明写进文件夹。

    Parameters
    ----------
    folder : str or Path
        文件夹，没有就新建。

    Returns
    -------
    list of Path
        写了哪些文件。

    Raises
    ------
    FileExistsError
        已经有同名的文件；一个也不写。
    """
    folder = Path(folder)
    if there := [name for name in TEMPLATES if (folder / name).exists()]:
        raise FileExistsError(f"{folder} 里已经有 {'、'.join(there)}，没有写；换一个文件夹，或先把它们移走")
    folder.mkdir(parents=True, exist_ok=True)
    source = resources.files(__package__) / "templates"
    written = []
    for name in TEMPLATES:
        path = folder / name
        with path.open("xb") as stream:
            stream.write((source / name).read_bytes())
        written.append(path)
    return written


def write_whole(path: str | Path, text: str) -> Path:
    """写一个文件：先写在一旁，写完再换上；半途被打断，原有的文件不动。

    Parameters
    ----------
    path : str or Path
        目标文件，所在的文件夹须存在。
    text : str
        内容，存成 UTF-8。

    Returns
    -------
    Path
        目标文件。
    """
    path = Path(path)
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(aside, 0o666 & ~umask)
        os.replace(aside, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(aside)
        raise
    return path
