"""核对：芯片产业链、制程时间线、方法参照值与半导体设备销售额。"""

from __future__ import annotations

import networkx as nx
import pandas as pd

from chokepoint import data

from ._check import Check, compare, count

#: 未具名的余项，不与具名的经济体比。
UNNAMED = "VAR"


def _shares(kind: str) -> pd.DataFrame:
    """给出份额的供应方行；``kind`` 为 country 或 firm。"""
    table = data.load("chip_provision")
    return table[(table["provider_kind"] == kind) & (table["share_status"] == "reported")]


def _node(codes: pd.Series) -> pd.Series:
    """节点代码换成中文名。"""
    return codes.map(data.load("chip_nodes").set_index("node_id")["name_zh"])


def _place(codes: pd.Series) -> pd.Series:
    """经济体代码换成中文名。"""
    return codes.map(data.load("countries").set_index("iso3")["name_zh"])


def _graph(release: str, relations: list[str]) -> nx.DiGraph:
    """一版产业链里所列关系的有向图。"""
    edges = data.load("chip_edges")
    edges = edges[(edges["release"] == release) & edges["relation"].isin(relations)]
    return nx.from_pandas_edgelist(edges, "from_node", "to_node", create_using=nx.DiGraph)


def _sizes(release: str) -> pd.DataFrame:
    """一版的市场规模，按节点取。"""
    sizes = data.load("chip_market_size")
    return sizes[sizes["release"] == release].set_index("node_id")


def _hardware() -> set[str]:
    """设备节点，不含 EDA 软件（原库也归为设备）。"""
    nodes = data.load("chip_nodes")
    return set(nodes.loc[(nodes["kind"] == "tool") & (nodes["role"] != "software_and_ip"), "node_id"])


def _tools(release: str) -> nx.DiGraph:
    """设备之间的上下级：下级属于上级，或（刻蚀与清洗）投入上级。"""
    return _graph(release, ["goes_into", "is_type_of"]).subgraph(_hardware())


def _leaf_sum(release: str) -> float:
    """没有下级设备的设备节点市场规模之和，百万美元。"""
    tools, sizes = _tools(release), _sizes(release)["market_size"]
    return float(sum(sizes[node] for node in tools if tools.in_degree(node) == 0 and node in sizes.index))


def _world_billings(year: int, period: str = "annual") -> float:
    """SEMI 的世界设备销售额，百万美元。"""
    table = data.load("chip_equipment_billings")
    row = table[(table["year"] == year) & (table["period"] == period) & (table["iso3"] == "WLD")]
    return float(row["value"].item()) * 1000


def shares_by_headquarters() -> Check:
    """各企业份额按总部加总，与原库的经济体份额比。"""
    key = ["release", "node_id", "hq_iso3"]
    firms = _shares("firm").groupby(key)["share"].sum().rename("left")
    places = _shares("country").groupby(key)["share"].sum().rename("right")
    pairs = pd.concat([firms, places], axis=1).dropna().reset_index()
    pairs = pairs[pairs["hq_iso3"] != UNNAMED]
    pairs["label"] = pairs["release"] + " 年版" + _node(pairs["node_id"]) + "，" + _place(pairs["hq_iso3"])
    return compare(
        pairs,
        tables=("chip_provision",),
        title="企业份额按总部加总",
        against="同版同节点的经济体份额",
        unit="个百分点",
        tolerance=1.0,
        floor=0.9,
        remark="经济体的份额含没有列名的小企业，所以企业之和略小；总部没有记错，两边就应当接近。未具名的余项不比。",
    )


def firms_never_exceed() -> Check:
    """一国企业之和不应超过该国份额（舍入除外）。"""
    key = ["release", "node_id", "hq_iso3"]
    firms = _shares("firm").groupby(key)["share"].agg(["sum", "count"])
    places = _shares("country").set_index(key)["share"].rename("place")
    pairs = firms.join(places).dropna().reset_index()
    pairs = pairs[pairs["hq_iso3"] != UNNAMED]
    slack = (pairs["count"] + 1) * 0.05 + 1e-9
    return count(
        int((pairs["sum"] > pairs["place"] + slack).sum()),
        0,
        tables=("chip_provision",),
        title="企业之和大于所属经济体的份额",
        against="应当没有（每个数舍入到 0.1）",
        remark="企业之和只能小于等于所属经济体的份额；允许的只有逐个舍入的误差。",
    )


def country_sums() -> Check:
    """一个节点各经济体份额之和，与 100 比。"""
    sums = _shares("country").groupby(["release", "node_id"])["share"].sum().reset_index()
    pairs = sums.rename(columns={"share": "left"}).assign(right=100.0)
    pairs["label"] = pairs["release"] + " 年版" + _node(pairs["node_id"])
    return compare(
        pairs,
        tables=("chip_provision",),
        title="各经济体份额之和",
        against="100%",
        unit="个百分点",
        tolerance=1.0,
        floor=0.95,
        remark="2022 年版取整且把 0 到 1% 进为 1%，和可到 104；2026 年版多在 0.1 之内。"
        "超出 0.15 的逐一记在表的说明里，改动一格就会露出来。",
    )


def carried_over_shares() -> Check:
    """2026 年版里仍为 2019 年的份额，与 2022 年版比。"""
    shares = _shares("country").set_index(["node_id", "hq_iso3"])
    old = shares.loc[shares["release"] == "2022", "share"].rename("right")
    new = shares.loc[(shares["release"] == "2026") & (shares["year"] == 2019), "share"].rename("left")
    nodes = new.index.get_level_values("node_id").unique()
    pairs = pd.concat([new, old[old.index.get_level_values("node_id").isin(nodes)]], axis=1).fillna(0.0).reset_index()
    pairs["label"] = _node(pairs["node_id"]) + "，" + _place(pairs["hq_iso3"])
    return compare(
        pairs,
        tables=("chip_provision",),
        title="2026 年版沿用的 2019 年份额",
        against="2022 年版的同一份额",
        unit="个百分点",
        tolerance=0.0,
        remark="EDA、IP 核、硅片、光掩模四个节点没有更新，两版应当一样；谈 2025 年的格局时不能用它们。",
    )


def china_falls_share_a_recode() -> Check:
    """中国大陆份额大降的节点，与其中两版都有 ASMPT 的比。"""
    shares = _shares("country")
    both = set(shares.loc[shares["release"] == "2022", "node_id"]) & set(
        shares.loc[shares["release"] == "2026", "node_id"]
    )
    china = shares[shares["hq_iso3"] == "CHN"].pivot(index="node_id", columns="release", values="share")
    china = china.reindex(sorted(both)).fillna(0.0)
    falls = set(china.index[china["2022"] - china["2026"] > 5])
    firm = data.load("chip_provision")
    firm = firm[firm["provider"] == "ASM Pacific"].groupby("node_id")["release"].nunique()
    return count(
        len(falls & set(firm.index[firm == 2])),
        len(falls),
        tables=("chip_provision",),
        title="中国大陆份额降 5 个百分点以上、且两版都有 ASMPT 的节点",
        against="降 5 个百分点以上的全部节点",
        remark="下降全在组装类设备，每一个都牵涉 ASMPT 的归属改记（2026 年版计入新加坡）：不可读作产业退步。"
        "改记只解释一部分，其余是市场变化还是别的改记，数据里分不出来。",
    )


def parents_and_children() -> Check:
    """下级设备的市场规模之和，与上级的比（2026 年版，同年）。"""
    sizes, tree = _sizes("2026"), _tools("2026")

    def total(node: str) -> float:
        """一个节点的规模；没有则用下级之和。"""
        if node in sizes.index:
            return float(sizes.at[node, "market_size"])
        return sum(total(child) for child in tree.predecessors(node))

    rows = []
    for parent in tree:
        children = list(tree.predecessors(parent))
        below = nx.ancestors(tree, parent) & set(sizes.index)
        if children and parent in sizes.index and set(sizes.loc[list(below), "year"]) == {sizes.at[parent, "year"]}:
            rows.append((parent, sum(map(total, children)), sizes.at[parent, "market_size"]))
    pairs = pd.DataFrame(rows, columns=["label", "left", "right"])
    return compare(
        pairs.assign(label=_node(pairs["label"])),
        tables=("chip_market_size", "chip_edges", "chip_nodes"),
        title="下级市场规模之和",
        against="上级节点的市场规模（2026 年版，同一年份）",
        tolerance=3.0,
        floor=0.85,
        remark="多数在舍入之内；光刻设备与引线键合设备的细目比合计少一成上下，合计里有没有列出的类别。",
    )


def parents_shares() -> Check:
    """下级设备的份额按市场规模加权，与上级的份额比（2026 年版，同年）。"""
    sizes, tree = _sizes("2026"), _tools("2026")
    shares = _shares("country")
    shares = shares[shares["release"] == "2026"].pivot(index="node_id", columns="hq_iso3", values="share").fillna(0.0)
    complete = set(shares.index) & set(sizes.index)
    found = []
    for parent in complete & set(tree):
        children = list(tree.predecessors(parent))
        if not children or not set(children) <= complete:
            continue
        if set(sizes.loc[children, "year"]) != {sizes.at[parent, "year"]}:
            continue
        weight = sizes.loc[children, "market_size"]
        mixed = shares.loc[children].mul(weight, axis=0).sum() / weight.sum()
        found.append(pd.DataFrame({"node_id": parent, "left": mixed, "right": shares.loc[parent]}))
    pairs = pd.concat(found).rename_axis("hq_iso3").reset_index().sort_values(["node_id", "hq_iso3"])
    pairs = pairs[(pairs[["left", "right"]] > 0).any(axis=1) & (pairs["hq_iso3"] != UNNAMED)]
    pairs["label"] = _node(pairs["node_id"]) + "，" + _place(pairs["hq_iso3"])
    return compare(
        pairs,
        tables=("chip_provision", "chip_market_size", "chip_edges"),
        title="下级份额按市场规模加权",
        against="上级节点的份额（2026 年版，同一年份）",
        unit="个百分点",
        tolerance=0.5,
        floor=0.95,
        remark="份额与规模分在两表，互相独立地算出上级的份额；细目比合计少的引线键合设备差得最多。",
    )


def carried_over_sizes() -> Check:
    """2026 年版里仍为 2019 年的市场规模，与 2022 年版比。"""
    new, old = _sizes("2026"), _sizes("2022")
    pairs = new[new["year"] == 2019].join(old["market_size"].rename("right"), how="left").reset_index()
    pairs = pairs.rename(columns={"market_size": "left"}).assign(label=_node(pairs["node_id"]))
    return compare(
        pairs,
        tables=("chip_market_size",),
        title="2026 年版沿用的 2019 年市场规模",
        against="2022 年版的同一规模",
        tolerance=0.0,
        remark="材料、EDA、IP 核与三个设计门类没有更新，两版应当一样。",
    )


def design_parts() -> Check:
    """三大设计门类之和，与芯片设计和设计阶段的合计比。"""
    sizes = _sizes("2026")
    parts = [n for n in _graph("2026", ["goes_into"]).predecessors("chip_design") if n in sizes.index]
    parts = [n for n in parts if sizes.at[n, "year"] == sizes.at["chip_design", "year"]]
    left = float(sizes.loc[parts, "market_size"].sum())
    pairs = pd.DataFrame(
        [(whole, left, sizes.at[whole, "market_size"]) for whole in ("chip_design", "stage_design")],
        columns=["label", "left", "right"],
    )
    return compare(
        pairs.assign(label=_node(pairs["label"])),
        tables=("chip_market_size", "chip_edges"),
        title="逻辑、存储、DAO 三类设计的市场规模之和",
        against="芯片设计与设计阶段的合计（2022 年）",
        tolerance=0.1,
        remark="差在舍入。",
    )


def tools_against_semi() -> Check:
    """设备节点的市场规模之和，与 SEMI 的世界设备销售额比。"""
    half = _world_billings(2025, "q1") + _world_billings(2025, "q2")
    rows = [
        ("2019 年", _leaf_sum("2022"), _world_billings(2019)),
        ("2025 年（上半年的两倍）", _leaf_sum("2026"), half * 2),
    ]
    return compare(
        pd.DataFrame(rows, columns=["label", "left", "right"]),
        tables=("chip_market_size", "chip_nodes", "chip_edges", "chip_equipment_billings"),
        title="没有下级的设备节点市场规模之和",
        against="SEMI 的世界半导体设备销售额",
        tolerance=10.0,
        remark="两家机构、两种范围。2019 年少了涂胶显影与存储器测试等没有给规模的设备，所以偏低；"
        "2025 年全年的 SEMI 数没有找到，用上半年的两倍粗比，所以偏高。EDA 软件不计入。",
    )


def nodes_in_edges() -> Check:
    """连边里出现的节点数，与节点表所标的版次比。"""
    nodes = data.load("chip_nodes")
    rows = []
    for release in ("2022", "2026"):
        graph = _graph(release, ["goes_into", "is_type_of", "in_stage"])
        flagged = set(nodes.loc[nodes[f"in_release_{release}"], "node_id"])
        rows.append((f"{release} 年版", len(flagged & set(graph)), len(flagged | set(graph))))
    return compare(
        pd.DataFrame(rows, columns=["label", "left", "right"]),
        tables=("chip_nodes", "chip_edges"),
        title="既在连边里又标为该版的节点数",
        against="两边之并",
        unit="个",
        tolerance=0.0,
        remark="没有孤立的节点，也没有连边用了该版没有的节点。",
    )


def one_direction() -> Check:
    """产业链图没有回路；2026 年版每个节点都通到成品。"""
    rows = []
    for release in ("2022", "2026"):
        graph = _graph(release, ["goes_into", "is_type_of"])
        in_loops = sum(len(part) for part in nx.strongly_connected_components(graph) if len(part) > 1)
        rows.append((f"{release} 年版在回路上的节点", in_loops, 0))
    graph = _graph("2026", ["goes_into", "is_type_of"])
    rows.append(("2026 年版通到成品的节点", len(nx.ancestors(graph, "finished_logic_chip")) + 1, len(graph)))
    return compare(
        pd.DataFrame(rows, columns=["label", "left", "right"]),
        tables=("chip_edges",),
        title="连边的方向",
        against="没有回路，2026 年版只有一个终点",
        unit="个",
        tolerance=0.0,
        remark="2022 年版的四个设计门类没有连到制造，不比通达。",
    )


def timeline_against_updates() -> Check:
    """时间线上的年份，与进展表里另有来源的同一件事比。"""
    actors = data.labels("node_timeline", "actor")
    timeline, updates = data.load("node_timeline"), data.load("status_updates")
    timeline = timeline[timeline["milestone"].isin(["volume_production", "success_claimed"])]
    rows = []
    for event in timeline.itertuples():
        name = actors[event.actor].split("（")[0].removesuffix("国际")
        same = updates[
            updates["event"].str.contains(name, regex=False)
            & (updates["metric"] == "process_node")
            & (updates["value_min"] == event.node_nm)
        ]
        label = f"{actors[event.actor]}，{event.node_nm:g} nm"
        rows += [(label, int(event.date[:4]), int(date[:4])) for date in same["date"]]
    return compare(
        pd.DataFrame(rows, columns=["label", "left", "right"]),
        tables=("node_timeline", "status_updates"),
        title="时间线所记的年份",
        against="进展表中另有来源的同一件事",
        unit="年",
        tolerance=0.0,
        remark="只有两件事两边都有：中芯国际 14 nm 量产（第三、第四季度两说，年份相同）与张江集团撤回的说法。"
        "其余各行没有第二个来源。",
    )


def nodes_shrink() -> Check:
    """同一家量产的制程只应越来越小。"""
    timeline = data.load("node_timeline")
    timeline = timeline[(timeline["milestone"] == "volume_production") & timeline["node_nm"].notna()]
    timeline = timeline.assign(firm=timeline["actor"].str.split("_").str[0]).sort_values(["firm", "date"])
    back = timeline.groupby("firm")["node_nm"].diff() > 0
    return count(
        int(back.sum()),
        0,
        tables=("node_timeline",),
        title="后量产的制程反而更大",
        against="应当没有",
        remark="日期或制程记错一格，多半会在这里露出来；中芯北京并入中芯国际。",
    )


def billings_add_up() -> Check:
    """各地区的设备销售额之和，与世界合计比。"""
    table = data.load("chip_equipment_billings")
    periods = data.labels("chip_equipment_billings", "period")
    wide = table.pivot(index=["year", "period"], columns="iso3", values="value").dropna()
    pairs = pd.DataFrame(
        {
            "label": [f"{year} 年{periods[period]}" for year, period in wide.index],
            "left": wide.drop(columns="WLD").sum(axis=1).to_numpy(),
            "right": wide["WLD"].to_numpy(),
        }
    )
    return compare(
        pairs,
        tables=("chip_equipment_billings",),
        title="七个地区的设备销售额之和",
        against="同一公报的世界合计",
        tolerance=0.2,
        remark="只比地区齐全的时段；2024 年只给到 0.1，差 0.2（十亿美元）。",
    )


def betweenness_again() -> Check:
    """用 networkx 现算的介数，与参照值比。"""
    graphs = {
        "florentine_families": nx.florentine_families_graph(),
        "krackhardt_kite": nx.krackhardt_kite_graph(),
    }
    table = data.load("method_reference_values")
    table = table[table["metric"] == "betweenness"]
    computed = {
        (name, str(node)): value
        for name, graph in graphs.items()
        for node, value in nx.betweenness_centrality(graph).items()
    }
    pairs = table.assign(
        label=table["network"].map(data.labels("method_reference_values", "network")) + "，节点 " + table["node"],
        left=[computed[key] for key in zip(table["network"], table["node"], strict=True)],
        right=table["value"],
    )
    return compare(
        pairs,
        tables=("method_reference_values",),
        title="现算的介数中心性",
        against="networkx 测试所印的参照值",
        unit="归一单位",
        tolerance=0.001,
        remark="原文只印三位小数。",
    )


def dominators_again() -> Check:
    """用本书所存的连边现算直接支配点，与参照值比。"""
    edges = data.load("method_networks")
    edges = edges[edges["network"] == "boost_lengauer_tarjan"]
    graph = nx.from_pandas_edgelist(edges, "from_node", "to_node", create_using=nx.DiGraph)
    computed = nx.immediate_dominators(graph, "0")
    table = data.load("method_reference_values")
    table = table[table["metric"] == "immediate_dominator"]
    same = sum(int(computed[row.node]) == row.value for row in table.itertuples())
    return count(
        same,
        len(table),
        tables=("method_networks", "method_reference_values"),
        title="现算的直接支配点与参照值相同的节点",
        against="networkx 测试的全部参照值",
        remark="连边与参照值分开抄录，一条边抄错就对不上。",
    )


def esri_bounds() -> Check:
    """ESRI 应在理论的上下界之间。"""
    edges = data.load("method_networks")
    edges = edges[edges["network"] == "diem2022_fig1"]
    weight = edges.groupby("from_node")["weight"].sum() / edges["weight"].sum()
    table = data.load("method_reference_values")
    table = table[table["network"] == "diem2022_fig1"].pivot(
        index=["node", "variant"], columns="metric", values="value"
    )
    own = table.index.get_level_values("node").map(weight).fillna(0.0)
    parts = table[["esri_downstream", "esri_upstream"]]
    slack = 1e-9
    inside = (
        (table["esri"] >= parts.max(axis=1) - slack)
        & (table["esri"] <= parts.sum(axis=1) + slack)
        & (table["esri"] >= own - slack)
    )
    return count(
        int(inside.sum()),
        len(table),
        tables=("method_networks", "method_reference_values"),
        title="落在上下界之内的 ESRI 参照值",
        against="全部参照值",
        remark="合计不小于上下游两项中的大者，不大于两项之和，也不小于该企业自己的产出份额；逐值重算在方法的检验里。",
    )


#: 本组的核对，按先后。
CHECKS = [
    country_sums,
    shares_by_headquarters,
    firms_never_exceed,
    carried_over_shares,
    china_falls_share_a_recode,
    parents_and_children,
    parents_shares,
    carried_over_sizes,
    design_parts,
    tools_against_semi,
    nodes_in_edges,
    one_direction,
    timeline_against_updates,
    nodes_shrink,
    billings_add_up,
    betweenness_again,
    dominators_again,
    esri_bounds,
]
