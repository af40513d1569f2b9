"""一次调用：查三张表，建图，算，成一份报告。"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import networkx as nx
import pandas as pd

from chokepoint import chain

from . import _analyse
from ._analyse import FOREIGN, NO_SHARES, RESIDUAL, Options
from ._check import SLACK, examine
from ._fault import Fault, FolderError
from ._figures import Picture, Pictures
from ._files import write_whole
from ._read import EDGES, NODES, SHARES


def economies() -> dict[str, str]:
    """三位国家代码 → 中文名；装了包而没有数据时为空，报告照样出，只是显示代码。"""
    from chokepoint import data

    try:
        return data.load("countries").set_index("iso3")["name_zh"].to_dict()
    except data.TableError:
        return {}


class Frames(Mapping):
    """各张表，用到才算，算过就留着。"""

    def __init__(self, makers: Mapping[str, Callable[[], pd.DataFrame]]):
        self._makers, self._made = dict(makers), {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._makers:
            raise KeyError(f"报告里没有表 {name}；现有 {'、'.join(self._makers)}")
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __repr__(self) -> str:
        return f"<各张表：{'、'.join(self)}>"


@dataclass(frozen=True)
class Report:
    """一份报告。

    Attributes
    ----------
    title : str
        题目。
    chain : chokepoint.chain.Chain
        建好的图。
    options : Options
        用了哪些选项。
    names : dict
        供应者代码 → 显示的名称。
    hints : tuple of Fault
        不妨碍出报告、但读者应当知道的事。
    """

    title: str
    chain: chain.Chain
    options: Options
    names: Mapping[str, str]
    hints: tuple[Fault, ...]

    @cached_property
    def frames(self) -> Frames:
        """各张表，用到才算。

        ``outline``（图是什么样）、``nodes``（逐节点）、``single``（握在一家手里的节点）、``holders``（各家握着几个）、
        ``scenarios``（断供情景）、``states``（情景下逐节点的状态）、``routes``（必经点与最小点割）、
        ``ranking``（名次区间）；做不了的没有行，原因在 :attr:`notes` 里。
        """
        graph, options = self.chain, self.options
        return Frames(
            {
                "outline": lambda: _analyse.outline(graph, self.frames["nodes"], options),
                "nodes": lambda: _analyse.node_table(graph, options),
                "single": lambda: _analyse.single(graph, options, self.frames["nodes"]),
                "holders": lambda: _analyse.holders(self.frames["single"]),
                "scenarios": lambda: self._scenarios[0],
                "states": lambda: self._scenarios[1],
                "routes": lambda: self._routes[0],
                "ranking": lambda: self._ranking[0],
            }
        )

    @cached_property
    def _scenarios(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return _analyse.scenarios(self.chain, self.options, self.product)

    @cached_property
    def _routes(self) -> tuple[pd.DataFrame, str]:
        return _routes(self.chain, self.product, self.frames["nodes"])

    @cached_property
    def _ranking(self) -> tuple[pd.DataFrame, str]:
        return _analyse.ranking(self.frames["nodes"], self.options)

    @property
    def notes(self) -> dict[str, str]:
        """``routes``、``ranking`` 两节的说明：怎样算的，或为什么做不了。"""
        return {"routes": self._routes[1], "ranking": self._ranking[1]}

    @cached_property
    def product(self) -> str | None:
        """看的是哪个产品；没有最终产出时为 None。"""
        return _analyse.choose_product(self.chain, self.options, self.frames["nodes"])

    @cached_property
    def loops(self) -> frozenset:
        """在环里的节点。"""
        parts = nx.strongly_connected_components(self.chain.production())
        return frozenset(v for part in parts if len(part) > 1 for v in part)

    @cached_property
    def pictures(self) -> Mapping[str, Picture]:
        """各张图，连同图题、替代文本、读图说明，用到才画；数据不支持的不在其中。"""
        return Pictures(self)

    @property
    def figures(self) -> dict:
        """各张图：``map``、``holders``、``concentration``、``scenarios``、``ranking``；数据不支持的不在其中。"""
        return {name: picture.figure for name, picture in self.pictures.items()}

    def label(self, node) -> str:
        """节点的名称。"""
        return str(self.frames["nodes"].at[node, "name"])

    def provider(self, code) -> str:
        """供应者的名称。"""
        return str(self.names.get(code, code))

    def scenario(self, kind: str, name: str) -> str:
        """情景的名称。"""
        return f"{name}（集团）" if kind == "集团" else name if kind == "国外" else self.provider(name)

    def html(self) -> str:
        """整份报告，一个自足的 HTML 文件：图内联，不向外请求，浅色深色随系统。"""
        from ._page import page

        return page(self)

    def save(self, path: str | Path) -> Path:
        """写成一个文件；先写在一旁，写完再换上。"""
        return write_whole(path, self.html())

    def __repr__(self) -> str:
        return f"<报告“{self.title}”：{len(self.chain.graph)} 个节点，{len(self.hints)} 条提醒>"

    def _repr_html_(self) -> str:
        style = "width:100%;height:720px;border:0"
        return f'<iframe title="报告" style="{style}" srcdoc="{html.escape(self.html())}"></iframe>'


def _option_faults(graph: chain.Chain, options: Options) -> list[Fault]:
    """选项里的名字在材料里有没有。"""
    providers = set(graph.shares["provider"]) - set(options.residual)
    have = "、".join(sorted(providers)[:8]) + ("等" if len(providers) > 8 else "") or "没有"
    found = []
    owner: dict[str, str] = {}
    for bloc, members in options.blocs.items():
        absent = [m for m in members if m not in providers]
        for member in members:
            if owner.setdefault(member, bloc) != bloc:
                message = f"{member} 同时属于集团 {owner[member]} 与 {bloc}"
                found.append(Fault("bloc", "--bloc", message, "一个供应者只放进一个集团", value=bloc))
        if len(absent) == len(members):
            message = "没有一个成员在份额表里供应过什么"
            found.append(Fault("bloc", "--bloc", message, f"用份额表里的写法；现有 {have}", value=bloc))
        elif absent:
            message = f"成员 {'、'.join(absent)} 在份额表里没有出现，按没有列出算"
            found.append(Fault("bloc", "--bloc", message, "拼写不对就改正", value=bloc, warning=True))
    if options.domestic is not None and options.domestic not in providers:
        message = "份额表里没有这个供应者"
        found.append(Fault("domestic", "--domestic", message, f"用份额表里的写法；现有 {have}", value=options.domestic))
    if options.product is not None and options.product not in graph.graph:
        names = {d.get("name"): v for v, d in graph.graph.nodes(data=True)}
        fix = f"写代号：{names[options.product]}" if options.product in names else "写 nodes.csv 里的代号"
        found.append(Fault("product", "--product", "没有这个节点", fix, value=options.product))
    return found


def _routes(graph: chain.Chain, product: str | None, nodes: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """必经点与最小点割，连同说明；做不了的给空表与原因。"""
    empty = pd.DataFrame(columns=["name", "stage", "top", "top_share", "dominates", "cut"])
    if product is None:
        why = "没有最终产出（没有一个节点既有投入、又没有去向），所以没有必经点可找"
        return empty, why + "；可以用 --product 指明一个产品"
    try:
        frame, size = _analyse.routes(graph, product, nodes)
    except ValueError as error:
        return empty, f"没有算必经点：{str(error).replace(';', '；')}"
    return frame, (
        f"从各个源头到“{nodes.at[product, 'name']}”，每一条路都要经过的节点有 {int(frame['dominates'].sum())} 个；"
        f"至少去掉 {size} 个节点，才能断开所有的路"
    )


def build(
    folder: str | Path,
    *,
    title: str | None = None,
    residual: Iterable[str] = RESIDUAL,
    threshold: float = chain.CHOKE_SHARE,
    blocs: Mapping[str, Iterable[str]] | None = None,
    domestic: str | None = None,
    product: str | None = None,
    tolerance: float = chain.SUM_TOLERANCE,
    no_shares: str = "auto",
    names: Mapping[str, str] | None = None,
) -> Report:
    """由一个文件夹里的三张表出一份报告。

    Parameters
    ----------
    folder : str or Path
        含 ``nodes.csv``、``edges.csv``、``shares.csv``（可以没有）的文件夹。
    title : str, optional
        题目；缺省用文件夹名。
    residual : iterable of str
        余数名，它们的份额说不清归谁，不算一家。
    threshold : float
        一家占到多少就算卡在它手里，百分数，大于 0、不超过 100。
    blocs : mapping, optional
        集团名 → 成员。
    domestic : str, optional
        本国或本方的供应者名；给了就另算“国外全部断供”。
    product : str, optional
        看哪一个产品（节点代号）；缺省取上游最多的最终产出。
    tolerance : float
        份额之和可以超出 100 多少个百分点。
    no_shares : {"auto", "unknown", "available"}
        没有份额的节点：有投入的看投入、没有投入的记未知；一律未知；一律不受影响。
    names : mapping, optional
        供应者代码 → 显示的名称；缺省用书里的国家代码表。

    Returns
    -------
    Report
        表、图与网页。

    Raises
    ------
    FolderError
        材料或选项有毛病；消息一次列出全部。
    ValueError
        阈值越界，余数名是一个字符串，或 ``no_shares`` 不认得。
    """
    if no_shares not in NO_SHARES:
        raise ValueError(f"no_shares 应为 {'、'.join(NO_SHARES)} 之一，现为 {no_shares}")
    if isinstance(residual, str):
        raise ValueError("余数名应是一组名字，不是一个字符串")
    if not 0 < threshold <= 100:
        raise ValueError(f"阈值应大于 0、不超过 100，现为 {threshold:g}")
    folder = Path(folder)
    names = dict(economies() if names is None else names)
    tables, faults = examine(folder, names, tolerance)
    if any(not f.warning for f in faults):
        raise FolderError(folder, faults)
    groups = {bloc: tuple(members) for bloc, members in (blocs or {}).items()}
    options = Options(tuple(residual), float(threshold), groups, domestic, product, tolerance, no_shares)
    graph = chain.build(tables[NODES].drop(columns="note"), tables[EDGES], tables[SHARES], tolerance=tolerance + SLACK)
    faults += _option_faults(graph, options)
    if any(not f.warning for f in faults):
        raise FolderError(folder, faults)
    return Report(title or folder.resolve().name, graph, options, names, tuple(faults))


__all__ = ["FOREIGN", "Report", "build", "economies"]
