"""逐字节可复现的压缩包：时间一律是版本的日期，权限定死。"""

from __future__ import annotations

import zipfile
from pathlib import Path

from .paths import citation


def released() -> tuple[int, ...]:
    """版本的日期，压缩包里的写法；一个压缩包取一次。"""
    return (*(int(part) for part in str(citation()["date-released"]).split("-")), 0, 0, 0)


def entry(name: str, when: tuple[int, ...], compressed: bool = True) -> zipfile.ZipInfo:
    """压缩包里的一项；``when`` 由 :func:`released` 得来。"""
    info = zipfile.ZipInfo(name, when)
    info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    info.external_attr, info.create_system = 0o644 << 16, 3
    return info


def settle(path: Path) -> None:
    """把一个压缩包改写成可复现的：次序与内容照旧，只换时间与权限。"""
    with zipfile.ZipFile(path) as archive:
        items = [(i.filename, i.compress_type != zipfile.ZIP_STORED, archive.read(i)) for i in archive.infolist()]
    part, when = path.with_name(f"{path.name}.part"), released()
    with zipfile.ZipFile(part, "w") as archive:
        for name, compressed, content in items:
            archive.writestr(entry(name, when, compressed), content, compresslevel=9)
    part.replace(path)
