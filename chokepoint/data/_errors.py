"""数据不合格时的报错：每处都写明表、行、列、值与期望。"""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 20
_LONG = 60


@dataclass(frozen=True)
class Problem:
    """一处不合格。

    Attributes
    ----------
    table : str
        表名；数据包本身的问题写 ``datapackage.json``。
    expected : str
        应当怎样。
    row : int or None
        CSV 文件中的行号（表头为第 1 行）。
    column : str or None
        列名。
    value : str or None
        实际的值；空串表示空格子。
    """

    table: str
    expected: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = [f"表 {self.table}"]
        if self.row is not None:
            place.append(f"第 {self.row} 行")
        if self.column is not None:
            place.append(f"列 {self.column}")
        if self.value is not None:
            text = self.value if len(self.value) <= _LONG else self.value[:_LONG] + "…"
            place.append("值为空" if text == "" else f"值“{text}”")
        return f"{'，'.join(place)}：{self.expected}"


class TableError(ValueError):
    """表或数据包不合格。

    Parameters
    ----------
    problems : list of Problem
        全部问题；消息只列前二十处并给出总数。
    """

    def __init__(self, problems: list[Problem]):
        self.problems = list(problems)
        lines = [f"数据不合格，共 {len(self.problems)} 处："]
        lines += [f"  {p}" for p in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"  ……其余 {len(self.problems) - SHOWN} 处从略")
        super().__init__("\n".join(lines))
