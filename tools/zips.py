"""逐字节可复现的压缩包：时间一律是版本的日期，权限定死。"""

from __future__ import annotations

import zipfile
from pathlib import Path

from .paths import citation


def entry(name: str, compressed: bool = True) -> zipfile.ZipInfo:
    """压缩包里的一项。"""
    date = tuple(int(part) for part in str(citation()["date-released"]).split("-"))
    info = zipfile.ZipInfo(name, (*date, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    info.external_attr, info.create_system = 0o644 << 16, 3
    return info


def settle(path: Path) -> None:
    """把一个压缩包改写成可复现的：次序与内容照旧，只换时间与权限。"""
    with zipfile.ZipFile(path) as archive:
        items = [(i.filename, i.compress_type != zipfile.ZIP_STORED, archive.read(i)) for i in archive.infolist()]
    part = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(part, "w", compresslevel=9) as archive:
        for name, compressed, content in items:
            archive.writestr(entry(name, compressed), content, compresslevel=9)
    part.replace(path)
