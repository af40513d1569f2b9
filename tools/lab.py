"""``make lab``：中文界面的 JupyterLab，能渲染 MyST，从 ``book/`` 打开各章。

多余的参数原样交给 jupyter lab，如 ``python -m tools.lab --no-browser --port 8899``。
没有签过名的笔记本，JupyterLab 不显示其中的 SVG；所以启动前先把书里的笔记本记为可信，
签名存在 ``_build/jupyter``，界面设置存在虚拟环境，都不动用户自己的。
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from .paths import BOOK, BUILD, notebooks

SETTINGS = {
    "@jupyterlab/translation-extension:plugin": {"locale": "zh_CN"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
BIN = Path(sys.executable).parent


def prepare() -> dict[str, str]:
    """写好界面设置，给笔记本签名；返回启动用的环境变量。"""
    overrides = Path(sys.prefix) / "share/jupyter/lab/settings/overrides.json"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    overrides.write_text(json.dumps(SETTINGS, indent=2), "utf-8")
    env = {**os.environ, "JUPYTER_DATA_DIR": str(BUILD / "jupyter")}
    subprocess.run([BIN / "jupyter-trust", *notebooks()], env=env, check=True, stdout=subprocess.DEVNULL)
    return env


def command(*extra: str) -> list[str]:
    """启动命令。"""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [str(BIN / "jupyter-lab"), "--notebook-dir", str(BOOK), *root, *extra]


if __name__ == "__main__":
    start = command(*sys.argv[1:])
    os.execve(start[0], start, prepare())
