"""就地执行过期的章节，并记下它真正依赖的东西。

    python -m tools.execute book/identify/chokepoint_list.ipynb    执行并存回
    python -m tools.execute --status                               各章是否为最新

一章的钥匙是一个摘要，覆盖：代码单元、它加载过的数据表（行、字段说明、所引来源）、
它导入过的 ``chokepoint`` 模块、它导入过的第三方包在 requirements.lock 中的版本。
依赖由上一次执行时实测得到，和钥匙一起存进笔记本的 metadata，随 git 走。
jupyter-cache 的钥匙只看代码单元，因而不用。
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import platform
import re
import sys
import time
from functools import cache
from pathlib import Path

import nbformat
from filelock import FileLock
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from chokepoint import data

from .paths import ENV, KERNEL_LOCK, LOCK, ROOT, notebooks

TIMEOUT = 600
PACKAGE = ROOT / "chokepoint"

# 在章节执行完后、同一内核里运行一次，回报实际依赖；不存进笔记本。
PROBE = """
import importlib.metadata as _m, json as _j, pathlib as _p, re as _r, resource as _u, sys as _s
_used = _u.getrusage(_u.RUSAGE_SELF)
import chokepoint as _c
_root = _p.Path(_c.__file__).resolve().parent
_files = {_p.Path(m.__file__).resolve() for m in list(_s.modules.values()) if getattr(m, "__file__", None)}
_top = {n.partition(".")[0] for n in _s.modules}
_dist = {d for n, ds in _m.packages_distributions().items() if n in _top for d in ds}
_data = _s.modules.get("chokepoint.data")
_plots = _s.modules.get("chokepoint.plots")
print(_j.dumps({
    "tables": sorted(_data.loaded()) if _data else [],
    "modules": sorted(f.relative_to(_root).as_posix() for f in _files if f.is_relative_to(_root)),
    "packages": sorted({_r.sub(r"[-_.]+", "-", d).lower() for d in _dist}),
    "fonts": _plots.fonts() if _plots else {},
    "cpu": _used.ru_utime + _used.ru_stime,
    "peak": _used.ru_maxrss / (2**20 if _s.platform == "darwin" else 2**10),
}))
"""


class ChapterError(Exception):
    """一章执行失败；消息写明章、单元格与错误。"""


@cache
def _pins() -> dict[str, str]:
    """requirements.lock 中各包的版本；同一包按 Python 版本分行时合并。"""
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK.read_text("utf-8"), re.M):
        pins.setdefault(re.sub(r"[-_.]+", "-", name).lower(), []).append(version)
    return {name: "|".join(sorted(versions)) for name, versions in pins.items()}


def key(notebook, depends: dict) -> str:
    """一章的钥匙。

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        章节。
    depends : dict
        ``tables``、``modules``、``packages`` 三个名单。

    Returns
    -------
    str
        十六进制 sha256。
    """
    digest = hashlib.sha256()

    def add(label: str, content: bytes) -> None:
        digest.update(f"{label}\0{len(content)}\0".encode() + content)

    for cell in notebook.cells:
        if cell.cell_type == "code":
            add("cell", cell.source.encode())
    for table in depends["tables"]:
        add(f"table {table}", data.table_key(table).encode())
    for module in depends["modules"]:
        path = PACKAGE / module
        add(f"module {module}", path.read_bytes() if path.exists() else b"?")
    for package in depends["packages"]:
        add(f"package {package}", _pins().get(package, "?").encode())
    return digest.hexdigest()


def outputs_digest(notebook) -> str:
    """存下的输出的摘要：删了、改了都看得出来。"""
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(outputs, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def fresh(path: Path) -> bool:
    """已存的输出是否仍然有效（不执行任何单元就能知道）。"""
    notebook = nbformat.read(path, as_version=4)
    record = notebook.metadata.get("chokepoint", {})
    if not record.get("key") or record.get("outputs") != outputs_digest(notebook):
        return False
    try:
        return record["key"] == key(notebook, record["depends"])
    except data.TableError:
        return False


def _start(client: NotebookClient) -> None:
    """逐个启动内核：两个内核同时启动会抢端口。"""
    with FileLock(KERNEL_LOCK):
        client.create_kernel_manager()
        client.start_new_kernel(env={**os.environ, **ENV})
        client.start_new_kernel_client()


def _depends(client: NotebookClient) -> dict:
    cell = nbformat.v4.new_code_cell(PROBE)
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1, store_history=False)
    finally:
        client.nb.cells.pop()
    return json.loads("".join(o["text"] for o in cell.outputs if o.get("name") == "stdout"))


def _complain(path: Path, notebook) -> None:
    """写到标准错误的警告也算失败：它会印进书里，也会让复核不稳。"""
    for index, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                text = output["text"].strip().splitlines()[-1]
                raise ChapterError(f"{path}：第 {index} 格向标准错误写了内容：{text}")


def run(path: Path) -> float:
    """执行一章并原子地存回；返回秒数。

    Raises
    ------
    ChapterError
        某一格出错或写了标准错误；原文件不动。
    """
    started = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    before = notebook.metadata.get("chokepoint", {})
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=40"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        _start(client)
        for index, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, index)
            except CellExecutionError as error:
                what = f"{error.ename}: {error.evalue}"
                head = cell.source.strip().splitlines()[0] if cell.source.strip() else ""
                raise ChapterError(f"{path.relative_to(ROOT)}：第 {index + 1} 格（{head}）出错\n{what}") from error
        depends = _depends(client)
    finally:
        if client.km is not None:
            client._cleanup_kernel()
    _complain(path.relative_to(ROOT), notebook)
    seconds = time.monotonic() - started
    fonts = depends.pop("fonts")
    stamp = {
        "seconds": round(seconds, 1),
        "cpu": round(depends.pop("cpu"), 1),
        "peak_mb": round(depends.pop("peak")),
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
    }
    record = {
        "key": key(notebook, depends),
        "outputs": outputs_digest(notebook),
        "depends": depends,
        "fonts": fonts,
        "run": stamp,
    }
    if before.get("key") == record["key"] and before.get("fonts") == fonts:
        record["run"] = before["run"]  # 同样的依赖、同样的字体：文件应逐字节不变
    notebook.metadata["chokepoint"] = record
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python"}
    part = path.with_name(f".{path.name}.part")
    nbformat.write(notebook, part)
    os.replace(part, path)
    return seconds


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.execute", description="执行章节并存回")
    parser.add_argument("notebook", nargs="*", type=Path)
    parser.add_argument("--status", action="store_true", help="只报告各章是否为最新")
    args = parser.parse_args(argv)
    if args.status:
        for path in notebooks():
            print("最新" if fresh(path) else "过期", path.relative_to(ROOT))
        return 0
    for path in args.notebook:
        try:
            print(f"{path}：{run(path.resolve()):.1f} 秒")
        except ChapterError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
