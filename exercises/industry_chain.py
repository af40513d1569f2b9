# %% [markdown]
# # 换一条线
#
# 对应“产业链图谱”一章的“动手”练习。`chip_provision` 是芯片各节点的供应份额：`release` 版次，`node_id` 节点，`provider_kind` 为 `country` 的是经济体、为 `firm` 的是企业，`share` 份额（百分数，没有给数的空着）；`provider` 为 `VAR` 的一行是“各国合计的余数”，不是一家。

# %%
from chokepoint import data

provision = data.load("chip_provision")
latest = provision[provision["release"] == "2026"]
latest[latest["share"].notna()].head()

# %% [markdown] question="nodes" points=2
# 在 2026 年版里，有一个经济体的份额达到 60%（含）的节点有几个？写进 `nodes`（整数）。

# %%
countries = latest[(latest["provider_kind"] == "country") & (latest["provider"] != "VAR")]  # SOLUTION
nodes = countries.loc[countries["share"] >= 60, "node_id"].nunique()  # SOLUTION


# %% test
def test_nodes(nodes):
    from chokepoint import data

    assert nodes is not ..., "还没有作答：把节点数写进 nodes。"
    rows = data.load("chip_provision")
    high = rows[(rows["share"] >= 60) & (rows["provider_kind"] == "country")]
    now = high[high["release"] == "2026"]
    right = now.loc[now["provider"] != "VAR", "node_id"].nunique()
    assert nodes != now["node_id"].nunique(), "VAR 是余数，不是一家：把它当作一家，就凭空造出了供应者。"
    assert nodes != high.loc[high["provider"] != "VAR", "node_id"].nunique(), (
        "你把 2022 年版也算了进去：只用 2026 年版。"
    )
    assert nodes != now.loc[(now["provider"] != "VAR") & (now["share"] >= 65), "node_id"].nunique(), (
        "你用的还是本章原来的线（65%）：这里要换成 60%。"
    )
    assert nodes == right, "节点数不对：2026 年版，只要经济体，去掉 VAR，份额不低于 60，按 node_id 去重。"


# %% wrong="余数当作一家"
nodes = latest.loc[(latest["provider_kind"] == "country") & (latest["share"] >= 60), "node_id"].nunique()

# %% wrong="两版都算"
countries = provision[(provision["provider_kind"] == "country") & (provision["provider"] != "VAR")]
nodes = countries.loc[countries["share"] >= 60, "node_id"].nunique()

# %% wrong="线没有换"
countries = latest[(latest["provider_kind"] == "country") & (latest["provider"] != "VAR")]
nodes = countries.loc[countries["share"] >= 65, "node_id"].nunique()
