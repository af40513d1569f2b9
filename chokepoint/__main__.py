"""命令行：检查数据包，换新一个表，看两版之差。"""

from __future__ import annotations

import argparse
import sys


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chokepoint", description="《破解“卡脖子”》的分析包")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="检查整个数据包：每个表、每条来源、每个许可、每个文件的摘要")
    check.add_argument("--edited", action="store_true", help="不比摘要：改了数试一试的时候用")
    seal = commands.add_parser("seal", help="有意改了 CSV 之后，重新登记行数与摘要")
    seal.add_argument("tables", nargs="*", metavar="表名", help="缺省为全部")
    renew = commands.add_parser("renew", help="用新的 CSV 换下一个表，旧版留在旁边；缺省只比较，不写")
    renew.add_argument("table", metavar="表名")
    renew.add_argument("file", metavar="新的CSV")
    renew.add_argument("--edition", required=True, help="新版的代号，如 2027")
    renew.add_argument("--vintage", help="新版的版次说明，给读者看")
    renew.add_argument("--write", action="store_true", help="看过差别之后，真的换")
    diff = commands.add_parser("diff", help="一个表的现行版与往期版之差")
    diff.add_argument("table", metavar="表名")
    diff.add_argument("edition", metavar="往期版的代号")
    return parser


def main(argv: list[str] | None = None) -> int:
    """解析命令并执行，返回退出码。

    Parameters
    ----------
    argv : list of str, optional
        命令行参数，缺省取自 ``sys.argv``。

    Returns
    -------
    int
        0 为成功，1 为数据有问题。
    """
    options = _parser().parse_args(argv)

    from chokepoint import data

    try:
        match options.command:
            case "check":
                report = data.check(sealed=not options.edited)
                print(report)
                return 0 if report.ok else 1
            case "seal":
                changed = data.seal(options.tables)
                print(
                    f"重新登记了 {len(changed)} 个表：{'、'.join(changed)}" if changed else "登记都与文件相符，没有改动"
                )
            case "renew":
                print(data.renew(options.table, options.file, options.edition, options.vintage, options.write))
                print("已换新，旧版在 data/editions/ 里" if options.write else "只是比较，没有写；确认后加 --write")
            case "diff":
                print(data.diff(options.table, options.edition))
    except data.TableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
