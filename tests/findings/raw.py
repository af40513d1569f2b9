"""独立重算用的原始行：绕开包的取表，直接读 ``data/`` 里的 CSV，格子都是文字。"""

import csv
from functools import cache

from tools.paths import ROOT

DATA = ROOT / "data"


@cache
def _whole(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def rows(name, /, **equal):
    """一张表里各列等于所给值的行；每次都是新的字典，改了也不影响别的测试。"""
    return [dict(r) for r in _whole(name) if all(r[k] == str(v) for k, v in equal.items())]


def one(name, column="value", /, **equal):
    """恰有一行时的一个数；不止一行或没有都是错。"""
    (row,) = rows(name, **equal)
    return float(row[column])
