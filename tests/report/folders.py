"""测试用的文件夹：一条好的链，以及在它上面改坏一处。"""

from __future__ import annotations

from pathlib import Path

GOOD = {
    "nodes.csv": "node,name,stage\nore,矿石,原料\nmetal,金属,材料\npart,零件,零部件\nmachine,整机,成品\n",
    "edges.csv": "from_node,to_node,relation\nore,metal,goes_into\nmetal,part,goes_into\npart,machine,goes_into\n",
    "shares.csv": "node,provider,share\nore,CHN,70\nore,AUS,30\nmetal,JPN,50\nmetal,USA,30\nmetal,CHN,20\n"
    "part,DEU,100\n",
}


def write(folder: Path, **changes: str | bytes | None) -> Path:
    """写一条好的链，再照 ``changes`` 换掉（``nodes=…``、``edges=…``、``shares=…``；None 为删去）。"""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in GOOD.items():
        content = changes.get(name.split(".")[0], text)
        if content is None:
            continue
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def chain_of(n: int) -> dict[str, str]:
    """一条 ``n`` 个节点的直链，没有份额。"""
    nodes = "node,name\n" + "".join(f"n{i:02d},环节{i}\n" for i in range(n))
    edges = "from_node,to_node,relation\n" + "".join(f"n{i:02d},n{i + 1:02d},goes_into\n" for i in range(n - 1))
    return {"nodes": nodes, "edges": edges, "shares": "node,provider,share\n"}
