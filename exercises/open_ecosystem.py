# %% [markdown]
# # 去掉稀土
#
# 对应《开放合作》一章的“动手”练习。欧盟 2023 年研究的矿产图：一个节点是一种材料的一个环节（开采或加工）。
#
# - `nodes` 一行一个节点，`material_group` 里 `lrees`、`hrees` 是轻、重稀土；与另一公开数字矛盾的氢已去掉。
# - `shares` 一行是一个节点、一个经济体占**全球产量**的份额（%），份额里没有列出的部分算作还在。
# - `edges` 一行是一条“开采供加工”的边：`from_node` 供 `to_node`。
#
# 答案格里有些中间量的名字只是建议，可以改、可以删；判分只看题里写明要写进的变量。

# %%
from chokepoint import data

provision = data.load("crm_provision")
against = provision.loc[provision["caution"] == "contradicted", "node_id"]
nodes = data.load("crm_nodes").query("kind == 'raw_material' and node_id not in @against")
nodes = nodes[["node_id", "material", "stage", "material_group", "name_zh"]]
shares = provision.query("scope == 'global_production'")[["node_id", "iso3", "share"]]
edges = data.load("crm_edges").query("relation == 'goes_into'")[["from_node", "to_node"]]
shares.head()

# %% [markdown] question="halted" points=3
# 关门的一方不再供货。一个节点失去的份额**达到** 65%，它自己就停下。只数**不是稀土**的节点：中国（`CHN`）关门，停下几个？中国以外的各家一起关门，停下几个？写进 `china`、`others`（整数，个）。

# %%
plain = nodes.loc[~nodes["material_group"].isin(["lrees", "hrees"]), "node_id"]  # SOLUTION
is_china = shares["iso3"] == "CHN"  # SOLUTION
lost_china = shares[is_china].groupby("node_id")["share"].sum()  # SOLUTION
lost_others = shares[~is_china].groupby("node_id")["share"].sum()  # SOLUTION
china = plain.isin(lost_china.index[lost_china >= 65]).sum()  # SOLUTION
others = plain.isin(lost_others.index[lost_others >= 65]).sum()  # SOLUTION


# %% test
def test_nodes_that_stop_by_themselves(china, others):
    from chokepoint import data

    assert china is not ..., "还没有作答：把中国关门停下的节点数写进 china。"
    assert others is not ..., "还没有作答：把别家全部关门停下的节点数写进 others。"
    table = data.load("crm_provision")
    bad = set(table.loc[table["caution"] == "contradicted", "node_id"])
    raw = data.load("crm_nodes").query("kind == 'raw_material'")
    raw = raw[~raw["node_id"].isin(bad)]
    rare = set(raw.loc[raw["material_group"].isin(["lrees", "hrees"]), "node_id"])
    every = set(raw["node_id"])
    plain = every - rare

    def stopped(who, scope="global_production"):
        own = table[(table["scope"] == scope) & who]
        lost = own.groupby("node_id")["share"].sum()
        return set(lost.index[lost >= 65])

    is_china = table["iso3"] == "CHN"
    mine, theirs = stopped(is_china), stopped(~is_china)
    largest = table[(table["scope"] == "global_production") & ~is_china].groupby("node_id")["share"].max()
    single = set(largest.index[largest >= 65])
    kind = raw.set_index("node_id")["material"]
    assert china != len(mine & every), "你把稀土也数了进去：先去掉 material_group 为 lrees、hrees 的节点。"
    assert china != len(mine & rare), "你只数了稀土：题目要的是稀土以外的。"
    assert china != kind[sorted(mine & plain)].nunique(), (
        "你数的是材料的种数：同一种材料的开采与加工是两个节点，按节点数。"
    )
    assert others != len(single & plain), "“各家一起关门”要把份额加起来：你看的是其中最大的一家。"
    assert others != len(plain) - len(mine & plain), (
        "你拿总数减去中国的：一边失去不到 65% 的，另一边不一定失去 65%，要各算各的。"
    )
    assert china == len(mine & plain), "china 不对：中国在各节点的份额，达到 65% 的，只数非稀土的节点。"
    assert others == len(theirs & plain), "others 不对：中国以外的份额按节点相加，达到 65% 的，只数非稀土的节点。"


# %% wrong="没有去掉稀土"
lost_china = shares[shares["iso3"] == "CHN"].groupby("node_id")["share"].sum()
plain = nodes["node_id"]
china = plain.isin(lost_china.index[lost_china >= 65]).sum()
lost_others = shares[shares["iso3"] != "CHN"].groupby("node_id")["share"].sum()
others = plain.isin(lost_others.index[lost_others >= 65]).sum()

# %% wrong="数的是材料"
plain = nodes[~nodes["material_group"].isin(["lrees", "hrees"])]
lost_china = shares[shares["iso3"] == "CHN"].groupby("node_id")["share"].sum()
china = plain.loc[plain["node_id"].isin(lost_china.index[lost_china >= 65]), "material"].nunique()
lost_others = shares[shares["iso3"] != "CHN"].groupby("node_id")["share"].sum()
others = plain.loc[plain["node_id"].isin(lost_others.index[lost_others >= 65]), "material"].nunique()
plain = plain["node_id"]

# %% wrong="只看最大的一家"
plain = nodes.loc[~nodes["material_group"].isin(["lrees", "hrees"]), "node_id"]
lost_china = shares[shares["iso3"] == "CHN"].groupby("node_id")["share"].sum()
china = plain.isin(lost_china.index[lost_china >= 65]).sum()
lost_others = shares[shares["iso3"] != "CHN"].groupby("node_id")["share"].max()
others = plain.isin(lost_others.index[lost_others >= 65]).sum()

# %% wrong="总数减去另一边"
plain = nodes.loc[~nodes["material_group"].isin(["lrees", "hrees"]), "node_id"]
lost_china = shares[shares["iso3"] == "CHN"].groupby("node_id")["share"].sum()
china = plain.isin(lost_china.index[lost_china >= 65]).sum()
lost_others = 100 - lost_china
others = len(plain) - china

# %% [markdown] question="starved" points=2
# 没有矿，就不能加工：供它的节点**有一个**停下，加工的节点也停下。连同这样停下的，别家全部关门共停下几个非稀土的节点？写进 `stopped`（整数，个）。

# %%
halted = set(lost_others.index[lost_others >= 65])  # SOLUTION
starved = set(edges.loc[edges["from_node"].isin(halted), "to_node"])  # SOLUTION
stopped = plain.isin(halted | starved).sum()  # SOLUTION


# %% test
def test_what_stops_downstream(stopped):
    from chokepoint import data

    assert stopped is not ..., "还没有作答：把停下的节点数写进 stopped。"
    table, raw = data.load("crm_provision"), data.load("crm_nodes").query("kind == 'raw_material'")
    bad = set(table.loc[table["caution"] == "contradicted", "node_id"])
    plain = set(raw.loc[~raw["material_group"].isin(["lrees", "hrees"]), "node_id"]) - bad
    own = table.query("scope == 'global_production' and iso3 != 'CHN'").groupby("node_id")["share"].sum()
    halted = set(own.index[own >= 65])
    links = data.load("crm_edges").query("relation == 'goes_into'")
    starved = set(links.loc[links["from_node"].isin(halted), "to_node"])
    assert stopped != len(halted & plain), "你只数了自己停下的：供它的环节停了，它也停，还要沿着边往下走一步。"
    assert stopped != len(starved & plain), "你只数了下游：自己停下的也要算，两者合起来去重。"
    assert stopped != len(halted & plain) + len(starved & plain), "两样直接相加，有的节点数了两次：取并集再数。"
    assert stopped == len((halted | starved) & plain), (
        "节点数不对：自己停下的，加上由它们供应的，取并集，只数非稀土的。"
    )


# %% wrong="只数了自己停下的"
stopped = plain.isin(lost_others.index[lost_others >= 65]).sum()

# %% wrong="数了两次"
halted = set(lost_others.index[lost_others >= 65])
stopped = plain.isin(halted).sum() + plain.isin(edges.loc[edges["from_node"].isin(halted), "to_node"]).sum()

# %% wrong="只数了下游"
halted = set(lost_others.index[lost_others >= 65])
stopped = plain.isin(edges.loc[edges["from_node"].isin(halted), "to_node"]).sum()
