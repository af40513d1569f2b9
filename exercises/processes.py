# %% [markdown]
# # 换一种总部记法
#
# 对应《先进基础工艺》一章的“动手”练习。`chip_provision` 一行是一个供应者在一道工序（`node_id`）上占世界设备收入的份额 `share`（百分数，按总部）。`provider_kind` 为 `country` 的行是一个经济体的合计，为 `firm` 的行是其中列了名的企业：合计里还有没列名的企业，所以列名的加起来可以小于合计。`release` 是版次。
#
# 盛美半导体（`provider` 为 `ACM Research`）的总部，原库记在美国，也可以记到中国。

# %%
from chokepoint import data

provision = data.load("chip_provision").query("release == '2026'")
columns = ["node_id", "provider", "provider_kind", "hq_iso3", "share"]
provision.loc[provision["node_id"].isin(["etch_and_clean_tools", "cmp_tools"]), columns]

# %% [markdown] question="moved" points=2
# “刻蚀与清洗合计”（`etch_and_clean_tools`）里中国大陆（`CHN`）的份额，按原库是 `recorded`；把盛美记到中国以后是 `moved`。都是百分数。

# %%
node = provision[provision["node_id"] == "etch_and_clean_tools"].set_index("provider")["share"]  # SOLUTION
recorded = node["CHN"]  # SOLUTION
moved = recorded + node["ACM Research"]  # SOLUTION


# %% test
def test_share_after_moving_one_firm(recorded, moved):
    from chokepoint import data

    assert recorded is not ..., "还没有作答：把原库的份额写进 recorded。"
    assert moved is not ..., "还没有作答：把盛美记到中国以后的份额写进 moved。"
    rows = data.load("chip_provision").query("release == '2026'")
    node = rows[rows["node_id"] == "etch_and_clean_tools"]
    china = float(node.loc[(node["provider_kind"] == "country") & (node["provider"] == "CHN"), "share"].iloc[0])
    acm = float(node.loc[node["provider"] == "ACM Research", "share"].iloc[0])
    named = float(node.loc[(node["provider_kind"] == "firm") & (node["hq_iso3"] == "CHN"), "share"].sum())
    wet = rows[(rows["node_id"] == "wet_etching_and_cleaning_tools") & (rows["provider"] == "ACM Research")]

    def near(value, right):
        return abs(value - right) < 1e-6

    assert not near(recorded, named), "你加的是列了名的中国企业：合计要取 provider 为 CHN 的那一行，没列名的也在里面。"
    assert not near(recorded, named + china), "重复计算了：CHN 的合计里已经含着这些企业，不能再加一遍。"
    assert near(recorded, china), "recorded 不对：取 provider_kind 为 country、provider 为 CHN 的那一行。"
    assert not near(moved, china + float(wet["share"].iloc[0])), (
        "盛美的份额取错了工序：那是它在湿法清洗里的份额，分母不同，要取刻蚀与清洗合计里的。"
    )
    assert not near(moved, china), "没有变：还要加上盛美在同一道工序里的份额。"
    assert not near(moved, china - acm), "方向反了：盛美记到中国，中国的份额应当变大。"
    assert near(moved, china + acm), "moved 不对：原库的份额加上盛美在同一道工序里的份额，两者分母相同。"


# %% wrong="只加了列名的企业"
node = provision[provision["node_id"] == "etch_and_clean_tools"]
recorded = node.loc[(node["provider_kind"] == "firm") & (node["hq_iso3"] == "CHN"), "share"].sum()
moved = recorded + node.loc[node["provider"] == "ACM Research", "share"].sum()

# %% wrong="合计与企业重复计算"
node = provision[provision["node_id"] == "etch_and_clean_tools"]
recorded = node.loc[node["hq_iso3"] == "CHN", "share"].sum()
moved = recorded + node.loc[node["provider"] == "ACM Research", "share"].sum()

# %% wrong="取了湿法清洗里的份额"
shares = provision.set_index(["node_id", "provider"])["share"]
recorded = shares["etch_and_clean_tools", "CHN"]
moved = recorded + shares["wet_etching_and_cleaning_tools", "ACM Research"]

# %% [markdown] question="order" points=1
# CMP 设备（`cmp_tools`）里中国大陆的份额，比“刻蚀与清洗合计”高多少个**百分点**？按原库写进 `gap_recorded`，盛美记到中国以后写进 `gap_moved`。（CMP 一栏没有列出盛美。）

# %%
cmp = provision[provision["node_id"] == "cmp_tools"].set_index("provider")["share"]  # SOLUTION
gap_recorded = cmp["CHN"] - recorded  # SOLUTION
gap_moved = cmp["CHN"] - moved  # SOLUTION


# %% test
def test_gap_between_two_steps(gap_recorded, gap_moved):
    from chokepoint import data

    assert gap_recorded is not ..., "还没有作答：把按原库的差写进 gap_recorded。"
    assert gap_moved is not ..., "还没有作答：把盛美记到中国以后的差写进 gap_moved。"
    rows = data.load("chip_provision").query("release == '2026'").set_index(["node_id", "provider"])["share"]
    polish, etch = rows["cmp_tools", "CHN"], rows["etch_and_clean_tools", "CHN"]
    after = etch + rows["etch_and_clean_tools", "ACM Research"]

    def near(value, right):
        return abs(value - right) < 1e-6

    assert not near(gap_recorded, (polish / etch - 1) * 100), "这是相对高出的百分数：题目要百分点，直接相减。"
    assert not near(gap_recorded, polish / etch), "这是两个份额之比：题目要差，单位是百分点。"
    assert not near(gap_recorded, etch - polish), "减反了：CMP 的份额减去刻蚀与清洗合计的。"
    assert near(gap_recorded, polish - etch), "gap_recorded 不对：CMP 的份额减 recorded。"
    assert not near(gap_moved, polish - etch), "gap_moved 与 gap_recorded 相同：要减的是盛美记到中国以后的份额。"
    assert near(gap_moved, polish - after), "gap_moved 不对：CMP 的份额减 moved；CMP 一栏没有盛美，不变。"


# %% wrong="相对高出的百分数"
cmp = provision[provision["node_id"] == "cmp_tools"].set_index("provider")["share"]
gap_recorded = (cmp["CHN"] / recorded - 1) * 100
gap_moved = (cmp["CHN"] / moved - 1) * 100

# %% wrong="减反了"
cmp = provision[provision["node_id"] == "cmp_tools"].set_index("provider")["share"]
gap_recorded = recorded - cmp["CHN"]
gap_moved = moved - cmp["CHN"]
