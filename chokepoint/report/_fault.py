"""一处毛病：在哪个文件、哪一行、哪一列，写的是什么，怎样改。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

#: 一个值最多显示这么多字。
SHOWN = 30


@dataclass(frozen=True)
class Fault:
    """材料里的一处毛病。

    Attributes
    ----------
    kind : str
        类别代码。
    file : str
        文件名；选项的毛病写选项名。
    message : str
        错在哪里。
    fix : str
        怎样改。
    row : int or None
        电子表格里的行号（表头为第 1 行）；说的是整个文件时为 None。
    column : str or None
        列名。
    value : str or None
        写的是什么。
    warning : bool
        真：不妨碍出报告，但读者应当知道。
    """

    kind: str
    file: str
    message: str
    fix: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    warning: bool = False

    def where(self) -> str:
        """位置，写成一句。"""
        place = self.file
        if self.row is not None:
            place += f" 第 {self.row} 行"
        if self.column is not None:
            place += f" {self.column} 列"
        if self.value:
            place += f"“{self.value if len(self.value) <= SHOWN else self.value[:SHOWN] + '……'}”"
        return place

    def __str__(self) -> str:
        return f"{self.where()}：{self.message}。改法：{self.fix}"


class FolderError(ValueError):
    """三张表有妨碍出报告的毛病；``faults`` 是全部毛病，连同提醒。

    Parameters
    ----------
    folder : Path
        三张表所在的文件夹。
    faults : iterable of Fault
        全部毛病。
    """

    def __init__(self, folder: Path, faults: Iterable[Fault]):
        self.folder, self.faults = folder, tuple(faults)
        wrong = [f for f in self.faults if not f.warning]
        hints = [f for f in self.faults if f.warning]
        lines = [f"{folder} 里有 {len(wrong)} 处要改，改好再出报告："]
        lines += [f"  {i}. {f}" for i, f in enumerate(wrong, 1)]
        if hints:
            lines += ["另有提醒（不妨碍出报告）：", *(f"  - {f}" for f in hints)]
        super().__init__("\n".join(lines))
