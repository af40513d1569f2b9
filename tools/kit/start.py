"""打开中文 JupyterLab：python start.py（Windows 用 py start.py）。多余的参数交给 jupyter lab。"""

import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main() -> int:
    """写好界面设置，给笔记本签名（不签名就不显示其中的图），再打开。"""
    home = HERE / "venv"
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        sys.exit("还没有安装：请先运行 install.py")
    settings = home / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "settings.json", settings)
    env = {**os.environ, "JUPYTER_DATA_DIR": str(home / "jupyter"), "PYTHONHASHSEED": "0"}
    books = sorted((HERE / "notebooks").rglob("*.ipynb"))
    subprocess.run([python, "-m", "jupyter", "trust", *books], env=env, check=True, stdout=subprocess.DEVNULL)
    lab = [python, "-m", "jupyterlab", "--notebook-dir", HERE / "notebooks", *sys.argv[1:]]
    return subprocess.run(lab, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
