# %% [markdown]
# # 换一条分界线
#
# 对应《卡脖子清单》一章的“动手”练习。证据阶梯（自低到高）：`announced` 宣布、`sampled` 样机、`volume_production` 量产、`independent_share` 独立统计的份额。一项技术取它查得到的最高一级。

# %%
from chokepoint import data

updates = data.load("status_updates")
progress = updates[updates["direction"] == "progress"]
progress[["tech_id", "event", "solidity", "source_strength"]].head()

# %% [markdown] question="reached" points=2
# 只认 `source_strength` 为 `medium` 或 `strong` 的来源，达到“量产”及以上（`volume_production` 或 `independent_share`）的技术有几项？写进 `reached`（整数）。

# %%
kept = progress[progress["source_strength"].isin(["medium", "strong"])]  # SOLUTION
high = kept[kept["solidity"].isin(["volume_production", "independent_share"])]  # SOLUTION
reached = high["tech_id"].nunique()  # SOLUTION


# %% test
def test_counts_technologies_not_reports(reached):
    from chokepoint import data

    assert reached is not ..., "还没有作答：把项数写进 reached。"
    rows = data.load("status_updates").query("direction == 'progress'")
    high = rows[rows["solidity"].isin(["volume_production", "independent_share"])]
    kept = high[high["source_strength"].isin(["medium", "strong"])]
    assert reached != len(kept), "你数的是报道的条数：同一项技术有几条报道，要按 tech_id 去重。"
    assert reached != high["tech_id"].nunique(), "你没有筛来源的强度：弱来源也算了进去。"
    strong = high.loc[high["source_strength"] == "strong", "tech_id"].nunique()
    assert reached != strong, "你只留了强来源：中等来源也该留下。"
    assert reached == kept["tech_id"].nunique(), "项数不对：先筛方向，再筛来源强度，再筛等级，最后按 tech_id 去重。"


# %% wrong="报道的条数"
kept = progress[progress["source_strength"].isin(["medium", "strong"])]
reached = len(kept[kept["solidity"].isin(["volume_production", "independent_share"])])

# %% wrong="没有筛来源"
reached = progress[progress["solidity"].isin(["volume_production", "independent_share"])]["tech_id"].nunique()

# %% wrong="只留了强来源"
kept = progress[progress["source_strength"] == "strong"]
reached = kept[kept["solidity"].isin(["volume_production", "independent_share"])]["tech_id"].nunique()
