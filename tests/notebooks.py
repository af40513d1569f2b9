"""逐格复核笔记本：nbval 严格模式，加上本书的四条规矩。

一、文字、数字、元数据、JSON 一律逐字比较，没有例外的格子。
二、图片：记录的字体与本机相同，逐字节比较；不同，则只认同一位置有同一种、非空的图。
三、内核逐个启动（两个同时启动会抢端口），环境与执行章节时相同。
四、内核里除了本机，连哪里都出错（``tests/offline/``）。
"""

from __future__ import annotations

import atexit
import base64
import binascii
import copy
import json
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock
from nbval.plugin import IPyNbCell, IPyNbFile

from tools.paths import ENV, KERNEL_LOCK, ROOT

#: 图片的种类与开头（base64 解开之后）。
PICTURES = {
    "image/svg+xml": re.compile(rb"\s*(?:<\?xml|<svg|<!DOCTYPE svg)"),
    "application/pdf": re.compile(rb"%PDF-"),
    "image/png": re.compile(rb"\x89PNG"),
    "image/jpeg": re.compile(rb"\xff\xd8"),
}
#: nbval 里逐次执行必然不同的键；其余都比。
VOLATILE = ("execution_count", "traceback")


@cache
def offline() -> Path:
    """一个 IPython 的设置文件夹：内核启动时先断网。"""
    home = Path(tempfile.mkdtemp(prefix="offline-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    startup = home / "profile_default" / "startup"
    startup.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "offline" / "no_network.py", startup / "00-no-network.py")
    return home


@cache
def machine_fonts() -> dict[str, str]:
    from chokepoint import plots

    return plots.fonts()


def same_fonts(metadata: dict) -> bool:
    """笔记本记录的字体是否就是本机的；没有记录的（不画图的）当然相同。"""
    recorded = metadata.get("chokepoint", {}).get("fonts", {})
    return not recorded or recorded == machine_fonts()


def _picture(mime: str, value: str) -> str:
    """图片换成“有没有”：空的、种类不对的都与“有图”不等。"""
    content = value.encode()
    if mime != "image/svg+xml":
        try:
            content = base64.b64decode(value, validate=False)
        except binascii.Error:
            content = b""
    return f"有 {mime}" if len(content) > 32 and PICTURES[mime].match(content) else f"不是 {mime}"


def comparable(outputs: list, bytes_too: bool) -> list:
    """改写输出，使 nbval 能比：JSON 成文本；图片视情形成“有没有”。"""
    outputs = copy.deepcopy(outputs)
    for output in outputs:
        for mime, value in output.get("data", {}).items():
            if not isinstance(value, str):
                output["data"][mime] = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
            elif mime in PICTURES and (not bytes_too or not value):
                output["data"][mime] = _picture(mime, value)
        if "metadata" in output:
            output["metadata"] = json.dumps(output["metadata"], ensure_ascii=False, sort_keys=True)
    return outputs


class Cell(IPyNbCell):
    """一格。"""

    def compare_outputs(self, test, ref, skip_compare=None):
        exact = same_fonts(self.parent.nb.metadata)
        return super().compare_outputs(comparable(test, exact), comparable(ref, exact), VOLATILE)

    def runtest(self):
        if self.cell.execution_count is None:
            self.raise_cell_error("这一格没有执行过，存下的输出无从复核")
        super().runtest()


class Notebook(IPyNbFile):
    """一个笔记本。"""

    def setup(self):
        os.environ.update(ENV, IPYTHONDIR=str(offline()))
        with FileLock(KERNEL_LOCK):
            super().setup()

    def collect(self):
        for item in super().collect():
            options = {"check": True, "check_exception": False, "skip": False}
            yield Cell.from_parent(self, name=item.name, cell_num=item.cell_num, cell=item.cell, options=options)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    collectors = yield
    return [Notebook.from_parent(parent, path=file_path) if isinstance(c, IPyNbFile) else c for c in collectors]
