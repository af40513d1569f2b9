"""报告里的图：都由 ``plots`` 画，与书里同一种样式；每张图带着算出来的图题、替代文本与读图说明。"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from scour.scour import parse_args, scourString

from chokepoint import chain, plots

from ._analyse import STATE_NAMES

#: 三种状态的颜色。
STATE_COLORS = {"blocked": "#B4460F", "unknown": "#6E6E6E", "producible": "#0072B2"}
#: 图上节点的三组。
GROUP_COLORS = {"握在一家": "#B4460F", "没有一家独大": "#0072B2", "份额不知道": "#6E6E6E"}
#: 一张图里最多几行；链图最多几个节点。
ROWS = 12
MAP_NODES = 24


@dataclass(frozen=True)
class Picture:
    """一张图与它的说明。

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        画好、已从 pyplot 里关掉的图，可以交给 ``plots.figure``。
    caption, alt, note : str
        图题、替代文本、读图说明，都由数据算出。
    """

    figure: Figure
    caption: str
    alt: str
    note: str = ""


def _width(text: str) -> float:
    """占几个汉字宽：西文与数字算半个。"""
    return sum(0.55 if ord(c) < 0x2000 else 1.0 for c in text)


def _short(text: str, most: float = 13.5) -> str:
    """截到放得下的宽度。"""
    if _width(text) <= most:
        return text
    while text and _width(text) > most - 1:
        text = text[:-1]
    return text + "…"


def _unique(names: pd.Series) -> list[str]:
    """截短之后仍不相同的标签。"""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        text = _short(str(name))
        seen[text] = seen.get(text, 0) + 1
        found.append(text if seen[text] == 1 else f"{_short(text, 11)}·{seen[text]}")
    return found


def map_nodes(report) -> list[str]:
    """链图画哪些节点：全部；太多就取产品上游、握在一家手里的优先，按下游所及。"""
    everything = list(report.chain.graph)
    if len(everything) <= MAP_NODES or report.product is None:
        return everything if len(everything) <= MAP_NODES else []
    import networkx as nx

    production = report.chain.production()
    above = nx.ancestors(production, report.product) | {report.product}
    if len(above) <= MAP_NODES:
        return [v for v in everything if v in above]
    nodes, single = report.frames["nodes"], report.frames["single"]
    rank = nodes.loc[[v for v in everything if v in above]].assign(one=lambda f: f.index.isin(single.index))
    rank = rank.sort_values(["one", "reach", "top_share"], ascending=[False, False, False], kind="stable")
    kept = {report.product, *rank.index[: MAP_NODES - 1]}
    part = production.subgraph(kept)
    return [v for v in everything if v in kept and part.degree(v)]


def chain_map(report) -> Picture | None:
    """链的样子。"""
    keep = map_nodes(report)
    if not keep:
        return None
    nodes, single = report.frames["nodes"], report.frames["single"]
    graph = report.chain.production().subgraph(keep)
    group = {
        v: "握在一家" if v in single.index else "没有一家独大" if pd.notna(nodes.at[v, "top_share"]) else "份额不知道"
        for v in keep
    }
    loops = tuple(v for v in keep if v in report.loops)
    figure = plots.chain_layers(graph, nodes["name"].to_dict(), group, GROUP_COLORS, loops)
    count = {g: sum(x == g for x in group.values()) for g in GROUP_COLORS}
    said = "，".join(f"{g} {n} 个" for g, n in count.items())
    whole = len(keep) == len(nodes)
    what = "全部节点" if whole else f"{len(nodes)} 个节点中的 {len(keep)} 个"
    note = "自上而下是投入到产出的方向。没有画出“属于阶段”的关系。"
    if not whole:
        note += f"节点太多，只画“{report.label(report.product)}”的上游，握在一家手里的优先。"
    if loops:
        note += "虚线框的节点在环里。"
    caption = f"链的样子：{count['握在一家']} 个节点握在一家手里，{count['份额不知道']} 个不知道份额"
    return Picture(figure, caption, f"分层的产业链图，画出{what}：{said}。", note)


def held(report) -> Picture | None:
    """谁独家握着几个节点。"""
    table = report.frames["holders"]
    if table.empty or table["total"].iloc[0] < 2:  # 每家至多一个的，表里一看便知
        return None
    shown = table.head(ROWS).drop(columns="total")
    if shown.shape[1] > 5:
        rest = shown.iloc[:, 4:].sum(axis=1)
        shown = shown.iloc[:, :4].assign(其余环节=rest)
    names = [report.provider(p) for p in shown.index]
    shown = shown.set_axis(_unique(pd.Series(names)), axis=0)
    first = table["total"].iloc[0]
    total = int(table["total"].sum())
    caption = f"{total} 个节点握在一家手里，其中 {first} 个在{names[0]}"
    said = "，".join(f"{n} {t} 个" for n, t in zip(names[:5], table["total"], strict=False))
    figure = plots.stacked_bars(
        shown, xlabel="握在一家手里的节点数（个）", colors=list(plots.PALETTE[: shown.shape[1]])
    )
    return Picture(
        figure, caption, f"堆积条，按供应者：{said}。", f"一家占到 {report.options.threshold:g}% 及以上才算。"
    )


def concentrated(report) -> Picture | None:
    """逐家计与按集团计的集中度。"""
    nodes = report.frames["nodes"].dropna(subset=["low"])
    if nodes.empty:
        return None
    if report.options.blocs:
        nodes = nodes.assign(rise=nodes["bloc_low"] - nodes["low"])
        shown = nodes.sort_values(["rise", "low"], ascending=False, kind="stable").head(ROWS)
        table = shown[["low", "bloc_low"]].round(0).set_axis(_unique(shown["name"]), axis=0)
        names = {"low": "逐家计", "bloc_low": "集团并成一家"}
        figure = plots.paired_dots(table, xlabel="HHI（点，按列出的份额）", names=names)
        rises = int((nodes["rise"] > 0.5).sum())
        blocs = "、".join(report.options.blocs)
        top = shown.iloc[0]
        alt = f"点图：{top['name']}由 {top['low']:,.0f} 点升到 {top['bloc_low']:,.0f} 点。"
        caption = f"把{blocs}各并成一家之后，{rises} 个节点的集中度上升"
        return Picture(figure, caption, alt, "按上升幅度排列；只算列出的份额，是真值的下界。")
    shown = nodes.sort_values(["low", "high"], ascending=False, kind="stable").head(ROWS)
    table = shown[["low", "high"]].round(0).assign(main=lambda f: f["low"]).set_axis(_unique(shown["name"]), axis=0)
    figure = plots.range_bars(table, xlabel="HHI（点）")
    top = shown.iloc[0]
    wide = int((nodes["high"] - nodes["low"] > 1000).sum())
    rest = f"{wide} 个节点因名单不全，上下界相差超过 1,000 点" if wide else "名单大体列全，上下界相差不超过 1,000 点"
    caption = f"最集中的是{top['name']}；{rest}"
    alt = f"横线图：{top['name']}的 HHI 在 {top['low']:,.0f} 与 {top['high']:,.0f} 点之间。"
    return Picture(figure, caption, alt, "圆点只算列出的份额（下界），横线到未列出的全归一家为止（上界）。")


def knocked(report) -> Picture | None:
    """断供之后各节点的状态。"""
    table = report.frames["scenarios"]
    if table.empty:
        return None
    special = table[table["kind"] != "供应者"]
    felt = table[(table["kind"] == "供应者") & (table["blocked"] + table["unknown"] > 0)]
    shown = pd.concat(
        [(felt if len(felt) else table[table["kind"] == "供应者"].head(4)).head(max(ROWS - len(special), 4)), special]
    )
    shown = shown.sort_values(["blocked", "unknown"], ascending=False, kind="stable")
    names = pd.Series([report.scenario(r.kind, r.name_) for r in shown.rename(columns={"name": "name_"}).itertuples()])
    counts = shown[list(chain.STATES)].rename(columns=STATE_NAMES).set_axis(_unique(names), axis=0)
    figure = plots.stacked_bars(counts, xlabel="节点数（个）", colors=list(STATE_COLORS.values()))
    worst = shown.iloc[0]
    if worst["blocked"]:
        caption = f"影响最大的是{names.iloc[0]}：断供 {worst['blocked']} 个节点，另有 {worst['unknown']} 个说不清"
    else:
        caption = f"没有一种断供能确定卡住任何节点；说不清的最多有 {table['unknown'].max()} 个"
    said = "；".join(
        f"{n}断供 {r.blocked} 个、说不清 {r.unknown} 个"
        for n, r in zip(names.head(3), shown.head(3).itertuples(), strict=True)
    )
    note = f"一个节点失去 {report.options.threshold:g}% 及以上即断供，再沿投入传导；没有替代、库存与时间。"
    return Picture(figure, caption, f"堆积条，每条一种断供情景：{said}。", note)


def ranked(report) -> Picture | None:
    """名次区间。"""
    table = report.frames["ranking"]
    if table.empty:
        return None
    shown = table.head(ROWS)
    rows = shown[["low", "high"]].assign(main=shown["median"]).set_axis(_unique(shown["name"]), axis=0)
    figure = plots.range_bars(rows, xlabel="名次（1 为最要紧）")
    top = shown.iloc[0]
    overlap = int((table["low"] <= top["high"]).sum()) - 1
    caption = (
        f"{top['name']}居首，但名次区间与它重叠的还有 {overlap} 个节点" if overlap else f"{top['name']}居首，无论怎样算"
    )
    said = "；".join(
        f"{r.name_}：第 {r.low}–{r.high} 名" for r in shown.head(5).rename(columns={"name": "name_"}).itertuples()
    )
    note = "圆点为名次的中位数，横线为 5% 到 95% 分位。" + report.notes["ranking"] + "。"
    return Picture(figure, caption, f"横线图，名次区间。{said}。", note)


#: 报告里的图，依次出现。
PICTURES: dict[str, Callable] = {
    "map": chain_map,
    "holders": held,
    "concentration": concentrated,
    "scenarios": knocked,
    "ranking": ranked,
}


class Pictures(Mapping):
    """一份报告的各张图，用到才画，画过就留着；数据不支持的不在其中。"""

    def __init__(self, report):
        self._report, self._drawn = report, {}

    def _draw(self, name: str) -> Picture | None:
        if name not in self._drawn:
            picture = PICTURES[name](self._report)
            if picture is not None:
                plt.close(picture.figure)
            self._drawn[name] = picture
        return self._drawn[name]

    def __getitem__(self, name: str) -> Picture:
        picture = self._draw(name) if name in PICTURES else None
        if picture is None:
            raise KeyError(f"报告里没有图 {name}；现有 {'、'.join(self)}")
        return picture

    def __iter__(self) -> Iterator[str]:
        return iter([name for name in PICTURES if self._draw(name) is not None])

    def __len__(self) -> int:
        return sum(1 for _ in self)


#: 报告的深色底上要跟着变的颜色：正文墨色、次要文字、网格。
_INKS = {"#222222": "var(--ink)", "#222": "var(--ink)", "#767676": "var(--muted)", "#e4e4e4": "var(--line)"}


def svg(figure: Figure, prefix: str, label: str) -> str:
    """内联用的 SVG：编号加前缀免得几张图相混，底色透明，墨色随页面的深浅。"""
    figure.patch.set_alpha(0)
    for ax in figure.axes:
        ax.patch.set_alpha(0)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    options = ["--enable-id-stripping", "--shorten-ids", f"--shorten-ids-prefix={prefix}", "--remove-metadata"]
    options += ["--enable-comment-stripping", "--indent=none", "--no-line-breaks", "--set-precision=4", "--quiet"]
    options += ["--strip-xml-prolog", "--enable-viewboxing"]
    text = scourString(buffer.getvalue().decode(), parse_args(options))
    text = re.sub(r"<!DOCTYPE[^>]*>", "", text)
    # 空格的字形是空的，压缩时删去了定义，也删去引用
    defined = set(re.findall(r'\bid="([^"]+)"', text))
    text = re.sub(r'<use\b[^>]*href="#([^"]+)"[^>]*/>', lambda m: m[0] if m[1] in defined else "", text)
    text = re.sub(r"(?i)#222222\b|#222\b|#767676\b|#e4e4e4\b", lambda m: _INKS[m[0].lower()], text)
    safe = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return text.replace("<svg ", f'<svg role="img" aria-label="{safe}" ', 1).strip()


__all__ = ["PICTURES", "Picture", "Pictures", "svg"]
