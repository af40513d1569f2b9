"""命令行：检查数据包，换新一个表，看两版之差；为读者自己的产业链写模板、出报告。"""

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
    template = commands.add_parser("template", help="写一份三张表的模板，照着填自己的产业链；不覆盖已有的文件")
    template.add_argument("folder", metavar="文件夹")
    report = commands.add_parser("report", help="由三张表出一份报告：一个网页文件；填得不对，一次说全")
    report.add_argument("folder", metavar="文件夹", help="含 nodes.csv、edges.csv、shares.csv")
    report.add_argument("--out", default="report.html", metavar="文件", help="写到哪里，缺省为 report.html")
    report.add_argument("--title", metavar="题目", help="缺省用文件夹名")
    report.add_argument("--residual", metavar="名字,名字", help="余数名，不算一家；缺省为 ROW、VAR、其他等")
    report.add_argument("--threshold", type=float, metavar="百分数", help="一家占到多少就算卡在它手里，缺省为 65")
    report.add_argument(
        "--bloc", action="append", default=[], metavar="名字=成员,成员", help="并成一家的集团，可以写几次"
    )
    report.add_argument("--domestic", metavar="供应者", help="本方的供应者名，如 CHN；另算“国外全部断供”")
    report.add_argument("--product", metavar="节点", help="看哪一个产品，缺省取上游最多的最终产出")
    report.add_argument("--tolerance", type=float, metavar="百分点", help="份额之和可以超出 100 多少，缺省为 0.5")
    report.add_argument("--no-shares", choices=["auto", "unknown", "available"], help="没有份额的节点怎样算，缺省 auto")
    return parser


def _names(text: str) -> list[str]:
    """逗号、顿号隔开的名字。"""
    return [name.strip() for name in text.replace("，", ",").replace("、", ",").split(",") if name.strip()]


def _bloc(text: str) -> tuple[str, list[str]]:
    """“名字=成员,成员”。"""
    name, mark, members = text.replace("＝", "=").partition("=")
    if not mark or not name.strip() or not _names(members):
        raise ValueError(f'--bloc {text!r} 写得不对，应形如 --bloc "名字=USA,JPN,NLD"')
    return name.strip(), _names(members)


def _why(error: OSError) -> str:
    """写不了文件的原因，用中文说。"""
    known = {
        FileNotFoundError: "所在的文件夹不存在",
        PermissionError: "没有写的权限",
        IsADirectoryError: "那是一个文件夹",
        NotADirectoryError: "路径中间有一段不是文件夹",
    }
    return known.get(type(error), error.strerror or str(error))


def _report(options: argparse.Namespace) -> int:
    """出一份报告；填得不对、选项不对、写不了，都说清楚并返回 1，已有的文件不动。"""
    from pathlib import Path

    from chokepoint import report

    try:
        given = {
            k: getattr(options, k) for k in ("title", "threshold", "domestic", "product", "tolerance", "no_shares")
        }
        given = {k: v for k, v in given.items() if v is not None}
        if options.residual is not None:
            given["residual"] = _names(options.residual)
        blocs = [_bloc(text) for text in options.bloc]
        if len(dict(blocs)) < len(blocs):
            raise ValueError("两个集团同名，换一个名字")
        found = report.build(options.folder, blocs=dict(blocs), **given)
        for hint in found.hints:
            print(f"提醒：{hint}", file=sys.stderr)
        path = found.save(Path(options.out))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"写不了 {options.out}：{_why(error)}", file=sys.stderr)
        return 1
    print(f"写好了 {path}（{path.stat().st_size / 1000:.0f} KB），用浏览器打开")
    return 0


def _template(folder: str) -> int:
    """写模板；已有同名文件就不写，返回 1。"""
    from chokepoint import report

    try:
        for path in report.template(folder):
            print(f"写了 {path}")
    except OSError as error:
        print(error if isinstance(error, FileExistsError) and not error.errno else f"写不了 {folder}：{_why(error)}",
              file=sys.stderr)  # fmt: skip
        return 1
    print(f"照着填，然后运行：python -m chokepoint report {folder}")
    return 0


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
    if options.command == "template":
        return _template(options.folder)
    if options.command == "report":
        return _report(options)

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
