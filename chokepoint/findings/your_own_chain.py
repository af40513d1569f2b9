"""“换成你的产业链”一章的数字：把关键材料链写成三张表，交给报告房间，再与另一段不经过报告的代码核对。"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pandas as pd

from .. import data, prose, report

#: 份额的分母：全球产量。
SCOPE = "global_production"

#: 15 种稀土在数据里属于轻、重两组；钪不在内。
RARE_EARTHS = ("lrees", "hrees")

#: 稀土的三种数法：各算各的、份额相同的归成一组、另放一边。
WAYS = {"each": "各算各的", "grouped": "份额相同的归成一组", "apart": "另放一边"}

#: 来源各国都取了整，合计可以略超过一百：放宽到这么多个百分点。
TOLERANCE = 2.5

#: 敏感性检验的阈值（%）。
THRESHOLDS = (50.0, 65.0, 80.0)

#: 名次的前几个，看它们以谁为最大产地。
FRONT = 10

#: 本方。
HOME = "CHN"

#: 演示集团的选项用：两个相邻的产地，只为演示，不表示它们会一起行动。
BLOC = {"南非与津巴布韦": ("ZAF", "ZWE")}


def _materials() -> pd.DataFrame:
    """有全球份额的材料与环节，索引为节点代号。"""
    nodes = data.load("crm_nodes").set_index("node_id")
    provision = data.load("crm_provision")
    return nodes.loc[nodes.index.isin(provision.loc[provision["scope"] == SCOPE, "node_id"])]


def provision(*, censored: bool = True, cautioned: bool = True) -> pd.DataFrame:
    """全球产量份额。

    Parameters
    ----------
    censored : bool
        留不留“只知小于 0.1%”的行。
    cautioned : bool
        留不留有警告（所列不全、与别的数字矛盾）的节点。

    Returns
    -------
    pandas.DataFrame
        列 ``node``、``provider``、``share``（百分数）。
    """
    rows = data.load("crm_provision")
    rows = rows[rows["scope"] == SCOPE]
    if not censored:
        rows = rows[~rows["censored"].astype(bool)]
    if not cautioned:
        doubtful = set(rows.loc[rows["caution"].notna(), "node_id"])
        rows = rows[~rows["node_id"].isin(doubtful)]
    return rows.rename(columns={"node_id": "node", "iso3": "provider"})[["node", "provider", "share"]].reset_index(
        drop=True
    )


def _merged(rare_earths: str) -> dict[str, str]:
    """节点 → 归组以后的节点；``apart`` 时稀土不在其中。"""
    if rare_earths not in WAYS:
        raise ValueError(f"稀土的数法应为 {'、'.join(WAYS)} 之一，现为 {rare_earths}")
    materials = _materials()
    own = {v: v for v in materials.index}
    rare = materials["material_group"].isin(RARE_EARTHS)
    if rare_earths == "each":
        return own
    if rare_earths == "apart":
        return {v: v for v in materials.index[~rare]}
    shares = provision()
    seen: dict[tuple, str] = {}
    for v, row in materials[rare].iterrows():
        part = shares[shares["node"] == v].sort_values("provider")
        pattern = (row["material_group"], row["stage"], *part[["provider", "share"]].itertuples(index=False, name=None))
        own[v] = seen.setdefault(pattern, v)
    return own


def tables(rare_earths: str = "each", *, censored: bool = True, cautioned: bool = True) -> dict[str, pd.DataFrame]:
    """关键材料链写成报告所要的三张表。

    材料与环节是节点，用途行业也是节点；开采 → 加工、材料 → 行业都写成投入，一个行业的几项应用合成一条。

    Parameters
    ----------
    rare_earths : {"each", "grouped", "apart"}
        稀土的数法，见 :data:`WAYS`。
    censored, cautioned : bool
        同 :func:`provision`。

    Returns
    -------
    dict of str to pandas.DataFrame
        文件名 → 表。没有全球份额的材料与“未指定行业”不写。
    """
    merged, nodes = _merged(rare_earths), data.load("crm_nodes")
    stage = data.labels("crm_nodes", "stage")
    sectors = nodes[(nodes["kind"] == "industry_sector") & nodes["nace"].notna()]
    place = merged | {v: v for v in sectors["node_id"]}
    kept = nodes[nodes["node_id"].isin(set(place.values()))]
    members = pd.Series(merged).value_counts()
    groups = data.labels("crm_nodes", "material_group")
    name = kept["name_zh"].where(
        kept["node_id"].map(members).fillna(1) == 1,
        kept["material_group"].map(groups)
        + " "
        + kept["node_id"].map(members).astype("Int64").astype(str)
        + " 种（"
        + kept["stage"].map(stage) + "）",
    )  # fmt: skip
    found = pd.DataFrame({"node": kept["node_id"], "name": name, "stage": kept["stage"].map(stage).fillna("行业")})
    edges = data.load("crm_edges")
    edges = pd.DataFrame({"from_node": edges["from_node"].map(place), "to_node": edges["to_node"].map(place)})
    edges = edges.dropna().drop_duplicates().assign(relation="goes_into")
    shares = provision(censored=censored, cautioned=cautioned)
    return {
        "nodes.csv": found.reset_index(drop=True),
        "edges.csv": edges.reset_index(drop=True),
        "shares.csv": shares[shares["node"].isin(set(merged.values()))].reset_index(drop=True),
    }


def write_chain(
    folder: str | Path, rare_earths: str = "each", *, censored: bool = True, cautioned: bool = True
) -> None:
    """把关键材料链的三张表写进一个文件夹；参数同 :func:`tables`。"""
    for name, frame in tables(rare_earths, censored=censored, cautioned=cautioned).items():
        frame.to_csv(Path(folder) / name, index=False, encoding="utf-8")


@cache
def analysed(
    rare_earths: str = "each",
    threshold: float = 65.0,
    *,
    censored: bool = True,
    cautioned: bool = True,
    domestic: str = HOME,
    bloc: bool = False,
) -> report.Report:
    """写三张表到临时文件夹，出报告，删去文件夹；同样的参数只算一次。

    Parameters
    ----------
    rare_earths, censored, cautioned
        同 :func:`tables`。
    threshold : float
        一家占到多少算卡住，百分数。
    domestic : str
        本方。
    bloc : bool
        要不要 :data:`BLOC`。

    Returns
    -------
    Report
        报告；几处共用，不要改它的表。
    """
    with tempfile.TemporaryDirectory() as folder:
        write_chain(folder, rare_earths, censored=censored, cautioned=cautioned)
        return report.build(
            folder,
            title="关键材料",
            domestic=domestic,
            tolerance=TOLERANCE,
            threshold=threshold,
            blocs=BLOC if bloc else {},
        )


def hand_count(rare_earths: str = "each", threshold: float = 65.0) -> tuple[int, int]:
    """另算的一遍：不经过报告房间，直接在数据表上数一家占到阈值的材料与环节，以及其中握在中国的。

    Returns
    -------
    tuple of int
        （总数，其中中国）。
    """
    shares = data.load("crm_provision")
    shares = shares[shares["scope"] == SCOPE]
    group = shares["node_id"].map(data.load("crm_nodes").set_index("node_id")["material_group"])
    stage = shares["node_id"].map(data.load("crm_nodes").set_index("node_id")["stage"])
    rare = group.isin(RARE_EARTHS)
    if rare_earths == "apart":
        shares = shares[~rare]
    found = []
    for node, part in shares.groupby("node_id"):
        first = part.loc[part["share"].idxmax()]
        if first["share"] < threshold:
            continue
        where = part.index[0]
        pattern = tuple(sorted(zip(part["iso3"], part["share"], strict=True)))
        same = rare_earths == "grouped" and rare[where]
        found.append(((group[where], stage[where], pattern) if same else node, first["iso3"]))
    kept = dict(found)
    return len(kept), sum(iso3 == HOME for iso3 in kept.values())


def machine_count(rare_earths: str = "each", threshold: float = 65.0, **options) -> tuple[int, int]:
    """报告里的同样两个数：（总数，其中中国）；``options`` 同 :func:`analysed`。"""
    held = analysed(rare_earths, threshold, **options).frames["holders"]["total"]
    return int(held.sum()), int(held.get(HOME, 0))


def matches() -> pd.DataFrame:
    """三种数法下，报告与另算各得多少，是否一致。

    Returns
    -------
    pandas.DataFrame
        一种数法一行：``way``、``machine``、``hand``（都写成“中国的 / 全部”）、``same``。
    """
    rows = []
    for way, title in WAYS.items():
        machine, hand = machine_count(way), hand_count(way)
        said = [f"{china} / {total}" for total, china in (machine, hand)]
        rows.append({"way": title, "machine": said[0], "hand": said[1], "same": machine == hand})
    return pd.DataFrame(rows)


def sensitivity() -> pd.DataFrame:
    """换阈值、去掉靠不住的份额，握在一家手里的节点各有几个。

    Returns
    -------
    pandas.DataFrame
        ``case``，以及三种数法各一列，写成“中国的 / 全部”。
    """
    cases = [(f"阈值 {t:g}%", {"threshold": t}) for t in THRESHOLDS]
    cases += [("去掉只知小于 0.1% 的份额", {"censored": False}), ("去掉有警告的节点", {"cautioned": False})]
    rows = []
    for case, options in cases:
        counts = {way: machine_count(way, **options) for way in WAYS}
        rows.append({"case": case} | {WAYS[w]: f"{china} / {total}" for w, (total, china) in counts.items()})
    return pd.DataFrame(rows)


def leaders(n: int = 5) -> list[str]:
    """做得最多的几个经济体：在最多的材料与环节上是第一大生产者（稀土归组以后）。"""
    nodes = analysed("grouped").frames["nodes"]
    counts = nodes.loc[nodes["top"] != "", "top"].value_counts()
    return sorted(counts.index, key=lambda c: (-counts[c], c))[:n]


def homes(n: int = 5) -> pd.DataFrame:
    """换一个本方：拿走它一家，断供几个节点；只剩它一家，断供几个节点（稀土归组以后）。

    Returns
    -------
    pandas.DataFrame
        索引为代码；``name``、``leads``（第一大生产者的节点数）、``without``（拿走它）、``alone``（只剩它）。
    """
    nodes = analysed("grouped").frames["nodes"]
    rows = {}
    for home in leaders(n):
        found = analysed("grouped", domestic=home)
        cases = found.frames["scenarios"].set_index("name")["blocked"]
        rows[home] = {
            "name": found.provider(home),
            "leads": int((nodes["top"] == home).sum()),
            "without": int(cases[home]),
            "alone": int(cases["国外全部"]),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def sectors(found: report.Report) -> pd.DataFrame:
    """各行业有几种材料投入，其中断供几种：拿走中国，或只剩中国。

    行业的投入在报告里一律当作缺一不可，所以几乎都会“断供”；逐种数投入，才看得出轻重。

    Parameters
    ----------
    found : Report
        :func:`analysed` 的结果，本方为中国。

    Returns
    -------
    pandas.DataFrame
        索引为行业名；``inputs``、``without``、``alone``，按 ``without``、``alone`` 降序。
    """
    states, graph = found.frames["states"], found.chain.graph
    rows = {}
    for v in graph:
        if graph.nodes[v]["stage"] == "行业":
            inputs = list(graph.predecessors(v))
            part = states.loc[inputs] == "blocked"
            rows[found.label(v)] = {
                "inputs": len(inputs),
                "without": int(part[HOME].sum()),
                "alone": int(part["国外全部"].sum()),
            }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.sort_values(["without", "alone"], ascending=False, kind="stable")


def columns() -> pd.DataFrame:
    """三张表要填的列，备注除外：``file``、``column``、``meaning``（先说必填还是可空）。"""
    rows = [
        {"file": file, "column": name, "meaning": f"{'必填' if needed else '可空'}。{meaning}"}
        for file, found in report.COLUMNS.items()
        for name, (needed, meaning) in found.items()
        if name != "note"
    ]
    return pd.DataFrame(rows)


def over_hundred() -> int:
    """不放宽容差时，合计超过一百的材料与环节有几个（来源各国取整所致）。"""
    from .. import chain

    totals = provision().groupby("node")["share"].sum().round(6)
    return int((totals > 100 + chain.SUM_TOLERANCE).sum())


def broken() -> pd.DataFrame:
    """把关键材料链的三张表故意改坏几处，看检查怎样说。

    改坏的有：节点表存成 GBK、第一行抄了两遍；边表有一个代号拼错、一行关系沿用原表的 ``used_in``、
    一行反着写成了环；份额表有一格带百分号、一格全角、一格写“约”、一个国家代码小写、一格没有供应者、
    一格多写了一位。

    Returns
    -------
    pandas.DataFrame
        一处一行：``where``、``value``、``message``、``fix``、``warning``，次序同报告。
    """
    found = tables("apart")
    name = found["nodes.csv"].set_index("node")["name"]
    nodes, edges, shares = (found[file].astype(object) for file in report.TEMPLATES[:3])
    for frame in (nodes, edges, shares):  # 代号改用中文名，看得懂
        for column in frame.columns.intersection(["node", "from_node", "to_node"]):
            frame[column] = frame[column].map(name)
    nodes = pd.concat([nodes, nodes.iloc[[0]]])
    edges.loc[0, "from_node"] = edges.loc[0, "from_node"].replace("开采", "采矿")
    edges.loc[1, "relation"] = "used_in"
    a, b = edges.loc[2, ["from_node", "to_node"]]
    edges = pd.concat([edges, pd.DataFrame({"from_node": [b], "to_node": [a], "relation": ["goes_into"]})])
    shares.loc[0, "share"] = f"{shares.loc[0, 'share']:g}%"
    shares.loc[1, "share"] = "１２"
    shares.loc[2, "share"] = f"约 {shares.loc[2, 'share']:g}"
    shares.loc[3, "provider"] = shares.loc[3, "provider"].lower() if shares.loc[3, "provider"] != HOME else "chn"
    shares.loc[4, "provider"] = ""
    wrong = shares.index[shares["node"] == shares["node"].iloc[-1]][0]
    shares.loc[wrong, "share"] = 999.0
    with tempfile.TemporaryDirectory() as folder:
        nodes.to_csv(Path(folder) / "nodes.csv", index=False, encoding="gb18030")
        edges.to_csv(Path(folder) / "edges.csv", index=False, encoding="utf-8")
        shares.to_csv(Path(folder) / "shares.csv", index=False, encoding="utf-8")
        try:
            report.build(folder, tolerance=TOLERANCE)
        except report.FolderError as error:
            faults = error.faults
        else:
            raise AssertionError("改坏的三张表竟然通过了检查")
    rows = [
        {
            "where": f"{f.file}" + (f" 第 {f.row} 行" if f.row else "") + (f" {f.column} 列" if f.column else ""),
            "value": f.value,
            "message": f.message,
            "fix": f.fix,
            "warning": f.warning,
        }
        for f in faults
    ]
    return pd.DataFrame(rows)


def headline() -> dict[str, object]:
    """本章的主要数字。

    Returns
    -------
    dict
        ``total``、``china``（各算各的）、``grouped_total``、``grouped_china``、``apart_total``、``apart_china``；
        ``agrees`` 三种数法是否都与另算一致；``nodes``、``without``、``alone``（稀土归组以后的节点数，拿走中国、
        只剩中国时断供的节点数）；
        ``materials``、``materials_without``、``materials_alone`` 同前，但不含行业。
    """
    each, grouped, apart = (machine_count(way) for way in WAYS)
    found = analysed("grouped")
    cases = found.frames["scenarios"].set_index("name")["blocked"]
    graph = found.chain.graph
    materials = [v for v in graph if graph.nodes[v]["stage"] != "行业"]
    lost = found.frames["states"].loc[materials, [HOME, "国外全部"]] == "blocked"
    return {
        "total": each[0],
        "china": each[1],
        "grouped_total": grouped[0],
        "grouped_china": grouped[1],
        "apart_total": apart[0],
        "apart_china": apart[1],
        "agrees": bool(matches()["same"].all()),
        "nodes": len(found.chain.graph),
        "without": int(cases[HOME]),
        "alone": int(cases["国外全部"]),
        "materials": len(materials),
        "materials_without": int(lost[HOME].sum()),
        "materials_alone": int(lost["国外全部"].sum()),
    }


def front(n: int = FRONT) -> dict[str, int]:
    """综合名次的前 ``n`` 个里，本方为最大产地的有几个；参评的节点里，没有下游的有几个（稀土归组以后）。

    没有下游多半是来源没有给用途，不是没有用途：名次把它当作零。

    Returns
    -------
    dict of str to int
        ``home``、``ranked``、``idle``。
    """
    frames = analysed("grouped", bloc=True).frames
    ranked = frames["ranking"].join(frames["nodes"][["top", "reach"]])
    return {
        "home": int((ranked["top"].head(n) == HOME).sum()),
        "ranked": len(ranked),
        "idle": int((ranked["reach"] == 0).sum()),
    }


def of_all() -> list[str]:
    """三种数法下，中国占到阈值的材料与环节，占全部有份额的多少：“个数 / 全部（百分数）”。"""
    found = []
    for way in WAYS:
        china, every = machine_count(way)[1], tables(way)["shares.csv"]["node"].nunique()
        found.append(f"{china} / {every}（{prose.percent(china / every)}）")
    return found


def china_majority() -> pd.Series:
    """敏感性表各格里，中国所占的比例（0–1）。"""
    cells = sensitivity().set_index("case").stack()
    return cells.map(lambda text: int(text.split(" / ")[0]) / int(text.split(" / ")[1]))


def brief(faults: pd.DataFrame, most: int = 40) -> pd.DataFrame:
    """毛病表排成给人看的三列；太长的句子截短。"""

    def cut(text: object) -> str:
        text = "" if pd.isna(text) else str(text)
        return text if len(text) <= most else text[: most - 2] + "……"

    quoted = faults["value"].map(lambda v: "" if pd.isna(v) else f" `{cut(v)}`")
    where = faults["where"] + quoted + faults["warning"].map({True: "（提醒）", False: ""})
    shown = {"在哪里": where, "错在哪里": faults["message"].map(cut), "怎样改": faults["fix"].map(cut)}
    return pd.DataFrame(shown)


def kite() -> dict[str, str]:
    """模板里虚构的风筝：乙国断供时成品的状态，把“是一种”改成“投入”之前与之后。"""
    found = {}
    for name in ("before", "after"):
        with tempfile.TemporaryDirectory() as folder:
            report.template(folder)
            edges = Path(folder) / "edges.csv"
            if name == "after":
                edges.write_text(edges.read_text("utf-8-sig").replace("is_type_of", "goes_into"), "utf-8")
            cases = report.build(folder, domestic="甲国", names={}).frames["scenarios"].set_index("name")
        found[name] = report.STATE_NAMES[cases.at["乙国", "product"]]
    return found


def how_many(flags: pd.Series) -> str:
    """有几个为真，写成一句：“一个也没有”或“有几个”。"""
    count = int(flags.sum())
    return f"有 {count} 个" if count else "一个也没有"
