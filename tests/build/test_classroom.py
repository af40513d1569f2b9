"""教室文件夹：断开网络，在只有 Python 的环境里装得上、重跑得出、判得了分。"""

from __future__ import annotations

import csv
import json
import os
import platform
import shutil
import subprocess
import sys

import pytest

from tools import classroom
from tools.paths import BUILD

#: 在没有网络的名字空间里先把回环口打开（内核要用），再运行后面的命令。
LOOPBACK = (
    "import fcntl, os, socket, struct, sys;"
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 1));"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
UNSHARE = ["unshare", "--map-root-user", "--net", sys.executable, "-c", LOOPBACK]
TARGET = f"linux-x86_64-{sys.version_info[0]}.{sys.version_info[1]}"
#: 干净的环境：没有索引，没有代理，找不到项目。
CLEAN = {"PATH": os.environ["PATH"], "HOME": "", "LANG": "C.UTF-8", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}


def offline(*command, cwd, check=True) -> subprocess.CompletedProcess:
    """断网运行。"""
    env = {**CLEAN, "HOME": str(cwd)}
    done = subprocess.run([*UNSHARE, *map(str, command)], cwd=cwd, env=env, capture_output=True, text=True)
    assert not check or done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done


def can_unshare() -> bool:
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


pytestmark = [
    pytest.mark.skipif(platform.machine() != "x86_64" or sys.platform != "linux", reason="没有给这种机器准备安装包"),
    pytest.mark.skipif(not can_unshare(), reason="这台机器不许另开网络名字空间，断不了网"),
]


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """造一份只含本机平台的，搬到别处，断网安装。"""
    made = tmp_path_factory.mktemp("kit") / "教室"
    classroom.build(made, [TARGET])
    moved = tmp_path_factory.mktemp("moved") / "教室 一"
    shutil.move(made, moved)
    offline(sys._base_executable, "install.py", cwd=moved)
    return moved


def test_the_network_is_off(tmp_path):
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    assert offline(sys.executable, "-c", code, cwd=tmp_path, check=False).returncode != 0


def test_the_kit_holds_everything(kit):
    for name in ("book/index.html", "book/chokepoint-book.pdf", "book/chokepoint-book.epub", "book/slides/index.html"):
        assert (kit / name).exists(), name
    for folder in ("notebooks/chapters", "notebooks/exercises", "teacher/answers", "teacher/grading", "project/data"):
        assert any((kit / folder).iterdir()), folder
    seen = "\n".join(p.read_text("utf-8") for p in kit.glob("*.*") if p.suffix in {".py", ".txt", ".json"})
    assert str(BUILD.parent) not in seen


def test_a_student_reruns_and_a_teacher_grades(kit):
    """书里的一章在教室里重跑，输出与书里的一样；判分给出满分。"""
    python = kit / "venv" / "bin" / "python"
    chapter = kit / "notebooks" / "chapters" / "identify" / "chokepoint_list.ipynb"
    code = (
        "import nbformat, sys; from nbclient import NotebookClient;"
        "nb = nbformat.read(sys.argv[1], 4); NotebookClient(nb, kernel_name='python3').execute();"
        "nbformat.write(nb, sys.argv[2])"
    )
    offline(python, "-c", code, chapter, kit / "again.ipynb", cwd=kit)

    def said(path):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        outputs = [o.get("data", {}) for cell in cells for o in cell.get("outputs", [])]
        return [o["application/vnd.chokepoint+json"] for o in outputs if "application/vnd.chokepoint+json" in o]

    assert said(kit / "again.ipynb") == said(chapter) != []
    box = kit / "收来" / "chokepoint_list"
    box.mkdir(parents=True)
    shutil.copy(kit / "teacher" / "answers" / "chokepoint_list.ipynb", box / "甲.ipynb")
    offline(python, "teacher/grade.py", "收来", cwd=kit)
    with (kit / "成绩.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    assert all(float(row["score"]) == float(row["possible"]) > 0 for row in rows), rows


def test_jupyterlab_opens(kit):
    assert offline(sys.executable, "start.py", "--version", cwd=kit).stdout.strip().startswith("4.")


def test_no_package_for_this_python_is_said(kit):
    pins = kit / "wheelhouse" / f"{TARGET}.txt"
    hidden = pins.with_suffix(".hidden")
    pins.rename(hidden)
    try:
        done = offline(sys.executable, "install.py", cwd=kit, check=False)
    finally:
        hidden.rename(pins)
    assert done.returncode != 0
    assert TARGET in done.stderr


def test_an_unknown_platform_is_refused():
    with pytest.raises(SystemExit, match="windows-amd64-3.12"):
        classroom.targets(["plan9-mips-3.12"])
