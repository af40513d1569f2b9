# %% [markdown]
# # 加一种金属
#
# 对应《航空发动机》一章的“动手”练习。`metals` 是本章成分表里的金属，末尾加上钌（`ruthenium`）。`crm_nodes` 一行是一个环节：`material` 材料，`stage` 开采（`extraction`）或加工（`processing`）。`crm_provision` 一行是一个经济体 `iso3` 在一个环节的份额 `share`（百分数）；`scope` 为 `global_production` 是占世界产量，为 `eu_sourcing` 是占欧盟的供应。
#
# 一个环节里有一个经济体的份额不低于 65，就叫**过线**，由它**握着**。

# %%
from chokepoint import data
from chokepoint.findings import aero_engine as aero

metals = [*aero.COMPOSITION, "ruthenium"]
nodes = data.load("crm_nodes")[["node_id", "material", "stage"]]
shares = data.load("crm_provision")[["node_id", "scope", "iso3", "share"]].merge(nodes, on="node_id")
shares.head()

# %% [markdown] question="crossing" points=2
# 按世界产量，成分表（不含钌）里过线的**环节**有几个？加上钌以后有几个？写进 `before` 与 `after`（整数）。

# %%
world = shares[(shares["scope"] == "global_production") & shares["material"].isin(metals)]  # SOLUTION
held = world[world["share"] >= 65]  # SOLUTION
after = held["node_id"].nunique()  # SOLUTION
before = held.loc[held["material"] != "ruthenium", "node_id"].nunique()  # SOLUTION


# %% test
def test_stages_over_the_line(before, after):
    from chokepoint import data
    from chokepoint.findings import aero_engine as aero

    assert before is not ..., "还没有作答：把不含钌的个数写进 before。"
    assert after is not ..., "还没有作答：把加上钌的个数写进 after。"
    rows = data.load("crm_provision").merge(data.load("crm_nodes")[["node_id", "material"]], on="node_id")

    def found(chosen, key="node_id", line=65, scopes=("global_production",)):
        kept = rows[rows["material"].isin(chosen) & rows["scope"].isin(scopes) & (rows["share"] >= line)]
        return kept[key].nunique()

    alloy = list(aero.COMPOSITION)
    more = [*alloy, "ruthenium"]
    got, right = (before, after), (found(alloy), found(more))
    both = ("global_production", "eu_sourcing")
    assert got != (found(alloy, scopes=both), found(more, scopes=both)), (
        "没有筛 scope：欧盟的供应也算了进去，只留 global_production。"
    )
    assert got != (found(alloy, "material"), found(more, "material")), (
        "你数的是金属：同一种金属的开采与加工是两个环节，要按 node_id 数。"
    )
    assert got != (found(alloy, line=50), found(more, line=50)), "分界线取成了过半：题目的线是 65。"
    every = set(rows["material"].dropna())
    assert after != found(every), "没有筛 material：全部材料都算了进去，只留 metals 里的。"
    assert got == right, "个数不对：留下世界产量与名单里的金属，份额不低于 65，按 node_id 去重。"


# %% wrong="没有筛范围"
held = shares[shares["material"].isin(metals) & (shares["share"] >= 65)]
after = held["node_id"].nunique()
before = held.loc[held["material"] != "ruthenium", "node_id"].nunique()

# %% wrong="数了金属"
world = shares[(shares["scope"] == "global_production") & shares["material"].isin(metals)]
after = world.loc[world["share"] >= 65, "material"].nunique()
before = after - 1

# %% wrong="没有筛材料"
world = shares[shares["scope"] == "global_production"]
held = world[world["share"] >= 65]
after = held["node_id"].nunique()
before = held.loc[held["material"] != "ruthenium", "node_id"].nunique()

# %% [markdown] question="missing" points=2
# 多出来的环节握在谁手里？把它的 `iso3` 写进 `holder`。一家握着的环节断供，这种金属就拿不到：它不供货时，`metals` 里哪些金属拿不到？把 `material` 代码写成列表，放进 `lost`。

# %%
product = shares[(shares["scope"] == "global_production") & shares["material"].isin(metals)]  # SOLUTION
top = product[(product["material"] == "ruthenium") & (product["share"] >= 65)]  # SOLUTION
holder = top["iso3"].iloc[0]  # SOLUTION
lost = product.loc[(product["iso3"] == holder) & (product["share"] >= 65), "material"].unique().tolist()  # SOLUTION


# %% test
def test_who_holds_it_and_what_is_lost(holder, lost):
    from chokepoint import data
    from chokepoint.findings import aero_engine as aero

    assert holder is not ..., "还没有作答：把握有者的 iso3 写进 holder。"
    assert lost is not ..., "还没有作答：把拿不到的金属写成列表，放进 lost。"
    assert not isinstance(lost, str), "lost 要写成列表：即使只有一种，也放在方括号里。"
    rows = data.load("crm_provision").query("scope == 'global_production'")
    rows = rows.merge(data.load("crm_nodes")[["node_id", "material"]], on="node_id")
    ruthenium = rows[rows["material"] == "ruthenium"].sort_values("share")
    owner = ruthenium["iso3"].iloc[-1]
    assert holder == owner, "holder 不对：看钌的那个环节，份额最大的是谁。"
    metals = {*aero.COMPOSITION, "ruthenium"}
    own = rows[rows["iso3"] == owner]
    inside = own[own["material"].isin(metals)]
    got, right = set(lost), set(inside.loc[inside["share"] >= 65, "material"])
    assert got != set(own.loc[own["share"] >= 65, "material"]), (
        "名单之外的金属也写了进来：只看 metals 里的，先筛 material。"
    )
    assert got != set(inside["material"]), "凡有它供应的都算了：份额不到 65 的，还有别家可以供货。"
    largest = rows.loc[rows.groupby("node_id")["share"].idxmax()]
    first = set(largest.loc[(largest["iso3"] == owner) & largest["material"].isin(metals), "material"])
    assert got != first, "最大不等于独大：它虽是最大产地、份额却不到 65 的，不算拿不到。"
    assert got == right, "lost 不对：在 metals 里，找它的份额不低于 65 的环节，写出 material。"


# %% wrong="名单之外的也算了"
holder = "ZAF"
rows = shares[(shares["scope"] == "global_production") & (shares["iso3"] == holder)]
lost = rows.loc[rows["share"] >= 65, "material"].unique().tolist()

# %% wrong="有它供应的都算了"
holder = "ZAF"
world = shares[(shares["scope"] == "global_production") & shares["material"].isin(metals)]
lost = world.loc[world["iso3"] == holder, "material"].unique().tolist()

# %% wrong="把最大当成独大"
world = shares[(shares["scope"] == "global_production") & shares["material"].isin(metals)]
largest = world.loc[world.groupby("node_id")["share"].idxmax()]
holder = largest.loc[largest["material"] == "ruthenium", "iso3"].iloc[0]
lost = largest.loc[largest["iso3"] == holder, "material"].unique().tolist()
