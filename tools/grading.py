"""老师判分：把收来的练习笔记本逐本重跑，写成一张 CSV。不需要网络。

    python grade.py 文件夹 [-o 成绩.csv]      # 教室文件夹里的 teacher/grade.py 就是本文件
    python -m tools.grading 文件夹            # 在项目里

文件夹里每章一个子文件夹，名字是章（如 ``chokepoint_list``），其中每个学生一份 ``学生.ipynb``。
用的是书里的判分函数（``grading/<章>.zip``），不是交上来的笔记本里的那一份。
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import sys
import zipfile
from pathlib import Path

#: 判分包所在：教室文件夹里在旁边，项目里在 ``_build/exercises/``。
PLACES = (
    Path(__file__).with_name("grading"),
    Path(__file__).resolve().parent.parent / "_build" / "exercises" / "grading",
)
NO_QUESTION = "（整份）"


class GradingError(ValueError):
    """判不了：没有笔记本，或不认识的一章。"""


def _possible(package: Path) -> float:
    from otter.test_files import ExceptionTestFile

    with zipfile.ZipFile(package) as archive:
        tests = [archive.read(n).decode() for n in archive.namelist() if n.startswith("tests/") and n.endswith(".py")]
    return sum(ExceptionTestFile.from_string(text).possible for text in tests)


def grade(folder: Path, packages: Path) -> list[dict]:
    """判一个文件夹里交上来的全部笔记本。

    Parameters
    ----------
    folder : pathlib.Path
        ``文件夹/<章>/<学生>.ipynb``。
    packages : pathlib.Path
        放判分包 ``<章>.zip`` 的文件夹。

    Returns
    -------
    list of dict
        每份每题一行：chapter、student、question、score、possible、said；
        整份跑不起来的只有一行，零分，写明缘由。

    Raises
    ------
    GradingError
        没有笔记本，或子文件夹的名字不是书里的一章。
    """
    from otter.api import grade_submission

    submissions = sorted(folder.glob("*/*.ipynb"))
    if not submissions:
        raise GradingError(f"{folder}：没有 <章>/<学生>.ipynb")
    for chapter in sorted({path.parent.name for path in submissions}):
        if not (packages / f"{chapter}.zip").exists():
            raise GradingError(f"{folder / chapter}：书里没有名为 {chapter} 的练习")
    rows = []
    for path in submissions:
        package = packages / f"{path.parent.name}.zip"
        who = {"chapter": path.parent.name, "student": path.stem}
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                graded = grade_submission(str(path), str(package), quiet=True)
        except Exception as error:
            said = f"整份没有跑起来：{type(error).__name__}：{str(error)[:200]}"
            rows.append({**who, "question": NO_QUESTION, "score": 0, "possible": _possible(package), "said": said})
            continue
        for name, file in graded.results.items():
            said = "；".join(r.message.strip().splitlines()[-1] for r in file.test_case_results if not r.passed)
            rows.append({**who, "question": name, "score": file.score, "possible": file.possible, "said": said})
    return rows


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description="判收来的练习笔记本")
    parser.add_argument("folder", type=Path, help="其中每章一个子文件夹，每个学生一份笔记本")
    parser.add_argument("-o", "--out", type=Path, default=Path("成绩.csv"))
    options = parser.parse_args(argv)
    packages = next((place for place in PLACES if place.is_dir()), None)
    try:
        if packages is None:
            raise GradingError("没有判分包：请先运行 make book，或在教室文件夹里运行")
        rows = grade(options.folder, packages)
    except GradingError as error:
        print(error, file=sys.stderr)
        return 1
    part = options.out.with_name(f"{options.out.name}.part")
    with part.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    part.replace(options.out)
    print(f"{len({(r['chapter'], r['student']) for r in rows})} 份，{len(rows)} 题，写在 {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
