"""把一份报告排成一个自足的网页：样式、图、表都在一个文件里，不用脚本，不向外请求。"""

from __future__ import annotations

from html import escape
from importlib import resources

import pandas as pd

from ._analyse import FOREIGN, MAX_SCENARIOS, NO_SHARES, STATE_NAMES
from ._figures import svg

#: 表超过这么多行，其余折叠。
ROWS_SHOWN = 15
#: 提醒超过这么多条，其余折叠。
HINTS_SHOWN = 4

_SILENT = dict(
    zip(
        NO_SHARES,
        (
            "没有份额而有投入的节点看作自制，只随投入变；没有份额也没有投入的，记作说不清",
            "没有份额的节点一律记作说不清",
            "没有份额的节点一律当作不受供应者影响",
        ),
        strict=True,
    )
)


def _number(value, digits: int = 0) -> str:
    return "—" if pd.isna(value) else f"{value:,.{digits}f}"


def _state(value: str) -> tuple[str, str]:
    return STATE_NAMES.get(value, "—"), f"s-{value}"


def _cell(value) -> tuple[str, str]:
    """一格的文字与类名。"""
    if isinstance(value, tuple):
        return value
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return "—", ""
    if isinstance(value, bool):
        return ("是" if value else "否"), ""
    if isinstance(value, int):
        return f"{value:,}", "n"
    if isinstance(value, float):
        return f"{value:,.1f}", "n"
    return str(value), "w" if len(str(value)) > 14 else ""


def _table(frame: pd.DataFrame, caption: str) -> str:
    """一张表；宽了自己横滚，长了折叠。"""
    rows = [[_cell(v) for v in row] for row in frame.astype(object).itertuples(index=False, name=None)]
    numeric = [bool(rows) and all(r[i][1] == "n" or r[i][0] == "—" for r in rows) for i in range(frame.shape[1])]

    def cell(tag: str, text: str, kind: str, wide: bool) -> str:
        kind = "n" if wide else kind if kind != "n" else ""
        mark = f' class="{kind}"' if kind else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{mark}>{escape(text)}</{tag}>"

    head = "".join(cell("th", str(c), "", n) for c, n in zip(frame.columns, numeric, strict=True))

    def block(part: list, title: str) -> str:
        body = "".join(
            "<tr>" + "".join(cell("td", *c, n) for c, n in zip(row, numeric, strict=True)) + "</tr>" for row in part
        )
        label = escape(title, quote=True)
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>'
            f"<caption>{escape(title)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    if len(rows) <= ROWS_SHOWN:
        return block(rows, caption)
    rest = block(rows[ROWS_SHOWN:], f"{caption}（其余）")
    more = f"<details><summary>其余 {len(rows) - ROWS_SHOWN} 行</summary>{rest}</details>"
    return block(rows[:ROWS_SHOWN], caption) + more


def _figure(report, name: str) -> str:
    picture = report.pictures.get(name)
    if picture is None:
        return ""
    drawing = svg(picture.figure, f"{name}-", picture.alt)
    note = f'<p class="note">{escape(picture.note)}</p>' if picture.note else ""
    return f"<figure><figcaption>{escape(picture.caption)}</figcaption>{drawing}{note}</figure>"


def _say(text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{escape(text)}</p>" if text else ""


def _skip(text: str) -> str:
    return _say(text, "skip")


# ---- 各节 ----
def _outline(report) -> str:
    frame = report.frames["outline"].set_axis(["项目", "个数", "说明"], axis=1)
    text = _table(frame, "规模与完整程度")
    drawn = _figure(report, "map")
    return text + (drawn or _skip("节点太多，又没有最终产出可取其上游，所以没有画链图。"))


def _single(report) -> str:
    frame, limit = report.frames["single"], report.options.threshold
    known = int(report.frames["nodes"]["top_share"].notna().sum())
    if not known:
        return _skip("没有一个节点知道份额，所以谈不上握在谁手里。shares.csv 里知道多少填多少，再出一次报告。")
    if frame.empty:
        return _skip(f"在知道份额的 {known} 个节点里，没有一个是一家占到 {limit:g}% 及以上的。")
    rows = {
        "节点": frame["name"].astype(str),
        "环节": [s or None for s in frame["stage"]],
        "握在": [report.provider(p) for p in frame["provider"]],
        "份额（%）": [float(v) for v in frame["share"]],
        "下游节点": [int(v) for v in frame["reach"]],
    }
    if report.options.domestic:
        rows["本方"] = [bool(v) for v in frame["home"]]
    text = _say(
        f"知道份额的 {known} 个节点里，{len(frame)} 个由一家占到 {limit:g}% 及以上。没有列出的节点可能只是不知道。"
    )
    return text + _figure(report, "holders") + _table(pd.DataFrame(rows), "握在一家手里的节点")


def _concentration(report) -> str:
    nodes = report.frames["nodes"].dropna(subset=["low"])
    if nodes.empty:
        return _skip("没有一个节点知道份额，算不出集中度。")
    blocs = bool(report.options.blocs)
    text = (
        "HHI 是各家份额平方之和：一家独有为 10,000 点，十家均分为 1,000 点。名单列不全时它落在一个范围里："
        "下界只算列出的份额，上界把未列出的都归给一家。"
    )
    if not blocs:
        text += "几家会一起行动的话，用 --bloc 把它们并成一家再算。"
    rows = {
        "节点": nodes["name"].astype(str),
        "供应者": [int(v) for v in nodes["providers"]],
        "列出（%）": [float(v) for v in nodes["listed"]],
        "HHI 下界": [_dots(v) for v in nodes["low"]],
        "HHI 上界": [_dots(v) for v in nodes["high"]],
    }
    if blocs:
        rows["集团下界"] = [_dots(v) for v in nodes["bloc_low"]]
        rows["集团上界"] = [_dots(v) for v in nodes["bloc_high"]]
    frame = pd.DataFrame(rows).assign(_order=nodes["low"].to_numpy())
    frame = frame.sort_values("_order", ascending=False, kind="stable").drop(columns="_order")
    narrow = nodes[nodes["listed"] < 95]
    warn = ""
    if len(narrow):
        warn = f"有 {len(narrow)} 个节点列出的份额不到 95%，上下界相差得多，不宜比较它们谁更集中。"
    if (nodes["providers"] == 1).all() and (nodes["listed"] < 95).any():
        warn = "每个节点都只有一家的份额：其余归谁不知道，集中度只能给出很宽的范围。补上别家的份额，范围才会收窄。"
    return _say(text) + _say(warn) + _figure(report, "concentration") + _table(frame, "逐节点的集中度（点）")


def _dots(value: float) -> tuple[str, str]:
    return f"{value:,.0f}", "n"


def _routes(report) -> str:
    frame = report.frames["routes"]
    note = report.notes.get("routes", "")
    if frame.empty and not note.startswith("从"):
        return _skip(note + "。")
    text = _say(note + "。")
    if report.options.product is None and len(report.chain.outputs()) > 1:
        others = len(report.chain.outputs())
        text += _say(f"最终产出有 {others} 个，这里看上游最多的一个；看别的用 --product。", "note")
    if frame.empty:
        return text
    rows = {
        "节点": frame["name"].astype(str),
        "环节": [s or None for s in frame["stage"]],
        "必经": [bool(v) for v in frame["dominates"]],
        "在最小点割里": [bool(v) for v in frame["cut"]],
        "最大一家": [report.provider(p) if p else None for p in frame["top"]],
        "份额（%）": [float(v) for v in frame["top_share"]],
    }
    table = _table(pd.DataFrame(rows), "必经点与最小点割")
    why = "“路”是物料的先后，不是缺一不可：一个产品的每种投入都要到齐，断供的后果看下一节。"
    return text + table + _say(why, "note")


def _scenarios(report) -> str:
    frame = report.frames["scenarios"]
    if frame.empty:
        return _skip("份额表里没有一个有名有姓的供应者，没有什么可以断供的。")
    harmless = (frame["blocked"] + frame["unknown"] == 0) & (frame["kind"] == "供应者")
    computed = int((frame["kind"] == "供应者").sum())
    frame, quiet = frame[~harmless], int(harmless.sum())
    options = report.options
    text = (
        f"逐一去掉每个供应者（和每个集团），失去的份额达到 {options.threshold:g}% 的节点断供，再沿投入传导："
        f"每种投入缺一不可，“是一种”的有一个可得即可得。份额不全的地方，结论是“说不清”，不猜。{_SILENT[options.no_shares]}。"
    )
    rows = {
        "去掉": [report.scenario(k, n) for k, n in zip(frame["kind"], frame["name"], strict=True)],
        "断供": [int(v) for v in frame["blocked"]],
        "说不清": [int(v) for v in frame["unknown"]],
        "可得": [int(v) for v in frame["producible"]],
        "断供的产出": [(f"{b} / {n}", "n") for b, n in zip(frame["outputs_blocked"], frame["outputs"], strict=True)],
    }
    if report.product is not None:
        rows[report.label(report.product)] = [_state(v) for v in frame["product"]]
    notes = []
    if quiet:
        notes.append(f"其余 {quiet} 家单独断供，没有一个节点断供或说不清，不列。")
    providers = report.chain.shares["provider"].nunique()
    if providers > MAX_SCENARIOS:
        notes.append(f"供应者很多，只算了份额最大的 {computed} 家。")
    if (frame["name"] == FOREIGN).any():
        home = report.provider(options.domestic)
        notes.append(f"“{FOREIGN}”是只剩{home}：{home}的份额已知的节点，其余份额都算国外的。")
    if len(frame) and frame["unknown"].max() > len(report.chain.graph) / 2:
        notes.append("说不清的超过一半：多数节点没有份额，或列得不全。补上份额，结论才会确定。")
    table = _table(pd.DataFrame(rows), "断供情景") if len(frame) else ""
    return _say(text) + _figure(report, "scenarios") + table + "".join(_say(n, "note") for n in notes)


def _ranking(report) -> str:
    frame = report.frames["ranking"]
    if frame.empty:
        return _skip(report.notes["ranking"] + "。")
    rows = {
        "节点": frame["name"].astype(str),
        "等权名次": [int(v) for v in frame["reference"]],
        "名次中位数": [float(v) for v in frame["median"]],
        "5%–95% 区间": [(f"{a}–{b}", "n") for a, b in zip(frame["low"], frame["high"], strict=True)],
    }
    text = report.notes["ranking"] + "。区间重叠的，不应说谁比谁更要紧。"
    return _say(text) + _figure(report, "ranking") + _table(pd.DataFrame(rows), "名次与区间")


def _limits(report) -> str:
    options = report.options
    residual = sorted(set(report.chain.shares["provider"]) & set(options.residual))
    items = [
        "只有三张表：没有价格、库存、替代的难易、扩产的时间。断供是静态的最坏一问，不是预测。",
        "“投入”一律当作缺一不可；其实可以少用、可以替代的，请改成“是一种”，或不写这条边。",
        f"一家占到 {options.threshold:g}% 才算卡住，是约定，不是规律；换一个阈值（--threshold）再看。",
        "份额按什么计（产地、企业总部、销量、产能）由填表的人定；一张表里混着几种，结论就没有意义。",
        "图里没有的节点不会出现在结论里：漏掉的环节最危险。",
        f"“说不清”不是“没事”。{_SILENT[options.no_shares]}。",
    ]
    if residual:
        items.append(f"{'、'.join(residual)} 当作余数：归谁不知道，所以从不算成一家，断供时当作可能受影响。")
    if report.loops:
        names = "、".join(sorted(report.label(v) for v in report.loops))
        items.append(f"环（{names}）里的节点互为投入，按正在运转算；从无到有建起这个环，要另外想。")
    return "<ul>" + "".join(f"<li>{escape(t)}</li>" for t in items) + "</ul>"


SECTIONS = (
    ("outline", "图是什么样", _outline),
    ("single", "握在一家手里的节点", _single),
    ("concentration", "集中度：逐家与结盟", _concentration),
    ("routes", "必经点与最小点割", _routes),
    ("scenarios", "断供：去掉一家，还剩什么", _scenarios),
    ("ranking", "先看哪里：名次与区间", _ranking),
    ("limits", "这份报告不能说明什么", _limits),
)


def _cards(report) -> str:
    """开头的几个数。"""
    frames = report.frames
    nodes, single, cases = frames["nodes"], frames["single"], frames["scenarios"]
    known = int(nodes["top_share"].notna().sum())
    items = [(str(len(nodes)), f"个节点，{known} 个知道份额")]
    if known:
        items.append((str(len(single)), f"个握在一家手里（{report.options.threshold:g}% 及以上）"))
    if len(cases):
        worst = cases[cases["kind"] == "供应者"].iloc[0]
        items.append((str(worst["blocked"]), f"个节点随{report.provider(worst['name'])}一家断供而断供"))
        unclear = int(cases["unknown"].max())
        items.append((str(unclear), "个节点在某种断供下说不清"))
    cards = "".join(f"<li><b>{escape(n)}</b><span>{escape(t)}</span></li>" for n, t in items)
    return f'<ul class="cards">{cards}</ul>'


def _hints(report) -> str:
    if not report.hints:
        return ""
    items = [f"<li>{escape(str(h))}</li>" for h in report.hints]
    head = f"<p><b>填表时的提醒 {len(items)} 条</b>（不妨碍出报告）</p>"
    rest = items[HINTS_SHOWN:]
    more = f"<details><summary>其余 {len(rest)} 条</summary><ul>{''.join(rest)}</ul></details>" if rest else ""
    shown = "".join(items[:HINTS_SHOWN])
    return f'<section class="hints" aria-label="提醒">{head}<ul>{shown}</ul>{more}</section>'


def page(report) -> str:
    """一份报告的网页。

    Parameters
    ----------
    report : Report
        报告。

    Returns
    -------
    str
        完整的 HTML，同样的三张表与选项得到同样的文字。
    """
    style = (resources.files(__package__) / "style.css").read_text("utf-8")
    title = escape(f"{report.title}：产业链报告")
    links = "".join(f'<li><a href="#{key}">{escape(name)}</a></li>' for key, name, _ in SECTIONS)
    body = "".join(
        f'<section id="{key}"><h2>{escape(name)}</h2>{make(report)}</section>' for key, name, make in SECTIONS
    )
    said = [f"阈值 {report.options.threshold:g}%"]
    if report.options.domestic:
        said.append(f"本方为{report.provider(report.options.domestic)}")
    said += [f"{b}＝{'、'.join(map(report.provider, m))}" for b, m in report.options.blocs.items()]
    if report.product is not None:
        said.append(f"产品为{report.label(report.product)}")
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="data:,"><style>{style}</style></head><body>'
        f'<header class="top"><h1>{title}</h1><p class="lead">{escape("；".join(said))}</p>{_cards(report)}'
        f'{_hints(report)}<nav aria-label="目录"><ol>{links}</ol></nav></header><main>{body}</main>'
        "<footer><p>由《破解“卡脖子”》一书的分析包 chokepoint 生成。数字只来自你填的三张表，"
        "准不准由来源决定：引用之前，先核对份额的出处与口径。</p></footer></body></html>\n"
    )


__all__ = ["SECTIONS", "page"]
