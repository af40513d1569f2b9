"""命令行：``python -m chokepoint check`` 检查整个数据包。"""

from __future__ import annotations

import argparse
import sys


def main(argv: list[str] | None = None) -> int:
    """解析命令并执行，返回退出码。

    Parameters
    ----------
    argv : list of str, optional
        命令行参数，缺省取自 ``sys.argv``。

    Returns
    -------
    int
        0 为合格，1 为数据有问题。
    """
    parser = argparse.ArgumentParser(prog="python -m chokepoint", description="《破解“卡脖子”》的分析包")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="检查整个数据包：每个表、每条来源、每个许可")
    parser.parse_args(argv)

    from chokepoint.data import check

    report = check()
    print(report)
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
