"""命令行与写文件：退出码、不覆盖、写到一半被打断不留半截。"""

import os
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from chokepoint import report
from chokepoint.__main__ import main
from tools.paths import ROOT

from .folders import GOOD, write


def test_template_writes_what_the_package_holds(tmp_path, capsys):
    assert main(["template", str(tmp_path / "kite")]) == 0
    source = ROOT / "chokepoint" / "report" / "templates"
    assert sorted(p.name for p in (tmp_path / "kite").iterdir()) == sorted(report.TEMPLATES)
    for name in report.TEMPLATES:
        assert (tmp_path / "kite" / name).read_bytes() == (source / name).read_bytes()
    assert "report" in capsys.readouterr().out


@pytest.mark.parametrize("there", report.TEMPLATES)
def test_template_refuses_to_overwrite(tmp_path, capsys, there):
    (tmp_path / there).write_text("我的", "utf-8")
    assert main(["template", str(tmp_path)]) == 1
    assert [p.name for p in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text("utf-8") == "我的"
    assert there in capsys.readouterr().err


def test_report_writes_one_file(tmp_path, capsys):
    folder, out = write(tmp_path / "chain"), tmp_path / "r.html"
    options = ["--domestic", "CHN", "--bloc", "日美=JPN，USA", "--threshold", "50", "--product", "machine"]
    options += ["--residual", "ROW,其他", "--title", "试一试", "--no-shares", "unknown", "--tolerance", "1"]
    assert main(["report", str(folder), "--out", str(out), *options]) == 0
    page = out.read_text("utf-8")
    assert "试一试" in page
    assert "阈值 50%" in page
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chain", "r.html"]
    assert "KB" in capsys.readouterr().out


def test_bad_tables_leave_the_old_report(tmp_path, capsys):
    folder = write(tmp_path / "chain", shares=GOOD["shares.csv"] + "ore,JPN,12%\n")
    out = tmp_path / "r.html"
    out.write_text("旧的", "utf-8")
    assert main(["report", str(folder), "--out", str(out)]) == 1
    assert out.read_text("utf-8") == "旧的"
    assert "写 12，不写百分号" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--bloc", "没有等号"], "形如"),
        (["--bloc", "甲=JPN", "--bloc", "甲=USA"], "同名"),
        (["--domestic", "FRA"], "没有这个供应者"),
        (["--threshold", "0"], "阈值"),
    ],
)
def test_bad_options_are_explained(tmp_path, capsys, options, said):
    out = tmp_path / "r.html"
    assert main(["report", str(write(tmp_path / "chain")), "--out", str(out), *options]) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_hints_go_to_stderr_and_do_not_stop(tmp_path, capsys):
    folder = write(tmp_path / "chain", shares=None)
    assert main(["report", str(folder), "--out", str(tmp_path / "r.html")]) == 0
    assert "提醒" in capsys.readouterr().err


def test_unwritable_place(tmp_path, capsys):
    folder = write(tmp_path / "chain")
    assert main(["report", str(folder), "--out", str(tmp_path / "no" / "r.html")]) == 1
    assert main(["report", str(folder), "--out", str(tmp_path)]) == 1
    assert "写不了" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chain"]


def test_wrong_usage_is_two():
    with pytest.raises(SystemExit) as caught:
        main(["report"])
    assert caught.value.code == 2


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    out = tmp_path / "r.html"
    out.write_text("旧的", "utf-8")

    def fail(*_):
        raise OSError("盘满了")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="盘满了"):
        report.write_whole(out, "新的" * 1000)
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]
    assert out.read_text("utf-8") == "旧的"


def test_interrupted_in_the_middle(tmp_path):
    """真的进程，写到一半收到中断：旧报告原样在，没有半截的文件。"""
    out = tmp_path / "r.html"
    out.write_text("旧的", "utf-8")
    code = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from chokepoint.report import write_whole\n"
        "real = os.fsync\n"
        "def slow(handle):\n    print('写到一半', flush=True)\n    time.sleep(60)\n"
        "os.fsync = slow\n"
        f"write_whole({str(out)!r}, '新的' * 100_000)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout.readline().strip() == "写到一半"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) != 0
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]
    assert out.read_text("utf-8") == "旧的"


def test_the_shell_command(tmp_path):
    """真的命令行：模板 → 报告，退出码为零。"""
    command = [sys.executable, "-m", "chokepoint"]
    for part in (["template", str(tmp_path / "k")], ["report", str(tmp_path / "k"), "--out", str(tmp_path / "r.html")]):
        result = subprocess.run([*command, *part], cwd=ROOT, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
    assert (tmp_path / "r.html").stat().st_size > 10_000


def test_the_wheel_carries_templates_and_style(tmp_path):
    """打成的包里有模板与样式；从源码的副本打，不动仓库。"""
    import shutil

    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "chokepoint", tmp_path / "chokepoint", ignore=shutil.ignore_patterns("__pycache__"))
    code = f"import sys; from setuptools.build_meta import build_wheel; print(build_wheel({str(tmp_path / 'dist')!r}))"
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"chokepoint/report/templates/{name}" for name in report.TEMPLATES} | {"chokepoint/report/style.css"}
    assert wanted <= held
