"""Binder 的约定：repo2docker 按根目录的几个文件造环境。造环境要容器，这里只核对文件。"""

import os
import re
import tomllib

import pytest
from packaging.specifiers import SpecifierSet

from tools.paths import ROOT


def check_runtime(runtime, project):
    """``runtime.txt`` 里的 Python 是分析包支持的。"""
    found = re.fullmatch(r"python-(3\.\d+)\n", runtime)
    wanted = SpecifierSet(tomllib.loads(project)["project"]["requires-python"])
    return [] if found and found[1] in wanted else [f"runtime.txt 写的 {runtime.strip()} 不在 {wanted} 之内"]


def check_apt(text):
    """``apt.txt`` 一行一个系统包。"""
    return [
        f"apt.txt：{line} 不像包名" for line in text.splitlines() if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", line)
    ]


def check_post_build(text):
    """分析包就地装：装成副本，就找不到旁边的 ``data/``。"""
    first, *rest = text.splitlines()
    commands = [line for line in rest if line and not line.startswith("#")]
    wanted = ["set -eu", "pip install --no-cache-dir --no-deps --editable ."]
    return [] if first == "#!/bin/sh" and commands == wanted else ["postBuild 没有就地安装分析包"]


def read(name):
    return (ROOT / name).read_text("utf-8")


def test_the_files_are_what_binder_reads():
    assert check_runtime(read("runtime.txt"), read("pyproject.toml")) == []
    assert check_apt(read("apt.txt")) == []
    assert check_post_build(read("postBuild")) == []
    assert os.access(ROOT / "postBuild", os.X_OK)
    assert (ROOT / "requirements.txt").exists()
    for name in ("binder", ".binder", "environment.yml", "Dockerfile"):
        assert not (ROOT / name).exists(), f"有了 {name}，Binder 就不看根目录的约定"


@pytest.mark.parametrize("runtime", ["python-3.9\n", "3.11\n", "python-3.11"])
def test_another_python_fails(runtime):
    assert check_runtime(runtime, read("pyproject.toml"))


def test_a_line_that_is_no_package_fails():
    assert check_apt("texlive-xetex\n# 注释\n")


@pytest.mark.parametrize(("old", "new"), [("--editable ", ""), ("#!/bin/sh\n", ""), ("set -eu\n", "")])
def test_a_copy_instead_of_an_install_in_place_fails(old, new):
    assert check_post_build(read("postBuild").replace(old, new))
