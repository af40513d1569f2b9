"""在没有网络的电脑上装好：python install.py（Windows 用 py install.py）。

装在本文件夹的 venv 里，不动别处；不用了，删掉整个文件夹就是。
"""

import locale
import pathlib
import platform
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
SYSTEMS = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}
MACHINES = {"AMD64": "amd64", "aarch64": "arm64"}
CHECK = "from chokepoint import data; print('装好了：数据包里有', len(data.load('sources')), '个来源')"


def name() -> str:
    """这台电脑的平台与 Python 版本，与 wheelhouse 里清单的名字同一写法。"""
    system = SYSTEMS.get(platform.system(), platform.system())
    machine = MACHINES.get(platform.machine(), platform.machine())
    return f"{system}-{machine}-{sys.version_info[0]}.{sys.version_info[1]}"


def main() -> None:
    """建虚拟环境，从 wheelhouse 装，再试一试。"""
    pins = HERE / "wheelhouse" / f"{name()}.txt"
    if not pins.exists():
        have = "、".join(sorted(path.stem for path in pins.parent.glob("*.txt")))
        sys.exit(f"没有给 {name()} 准备安装包。准备了的：{have}。请换一个 Python 版本，或在有网络的机器上另造一份。")
    home = HERE / "venv"
    venv.create(home, with_pip=True, clear=True)
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--find-links", HERE / "wheelhouse", "-r", pins], check=True)
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    folder = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
    # 3.13 起 .pth 按 UTF-8 读，之前按系统的编码读；路径里可能有汉字。
    encoding = "utf-8" if sys.version_info >= (3, 13) else locale.getpreferredencoding(False)
    (pathlib.Path(folder) / "chokepoint.pth").write_text(f"{HERE / 'project'}\n", encoding)
    subprocess.run([python, "-c", CHECK], check=True)
    print("打开：python start.py")


if __name__ == "__main__":
    main()
