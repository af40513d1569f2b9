# %% [markdown]
# # 只看“牵动多大”
#
# 对应“卡脖子指数”一章的“动手”练习。`panel` 一行一个节点：`foreign` 国外份额、`country` 与 `firm` 按国家与企业的集中度、`bloc` 联盟的集中度、`reach` 下游工序数、`size` 市场规模（以十为底的对数）。都是越大越要紧。
#
# 合成的做法：每个指标先归一成 0–1（减去最小值，除以最大值与最小值之差），再等权平均。

# %%
from chokepoint.findings import chokepoint_index as index

panel = index.panel().values
panel.round(2).head()

# %% [markdown] question="first" points=2
# 只用 `reach` 与 `size`，得分最高的三个节点依次是哪三个？写进 `first`：节点代码（`node_id`）的列表，自高到低。

# %%
chosen = panel[["reach", "size"]]  # SOLUTION
scaled = (chosen - chosen.min()) / (chosen.max() - chosen.min())  # SOLUTION
first = scaled.mean(axis=1).nlargest(3).index.tolist()  # SOLUTION


# %% test
def test_first_three(first):
    from chokepoint.findings import chokepoint_index as index

    assert first is not ..., "还没有作答：把三个节点代码写进 first。"
    first = list(first)
    panel = index.panel().values

    def top(columns, largest=True):
        frame = panel[columns]
        score = ((frame - frame.min()) / (frame.max() - frame.min())).mean(axis=1)
        return list((score.nlargest(3) if largest else score.nsmallest(3)).index)

    two = ["reach", "size"]
    assert first != top(list(panel)), "你用了全部指标：这道题只要 reach 与 size。"
    assert first != top(["size"]), "你只用了市场规模：下游工序数也要，两者等权。"
    assert first != top(two, largest=False), "次序反了：越大越要紧，取得分最高的三个。"
    assert set(first) != set(top(two)) or first == top(two), "三个节点对了，次序不对：自高到低。"
    assert first == top(two), "节点不对：各自归一到 0–1，等权平均，再取最高的三个。"


# %% wrong="用了全部指标"
scaled = (panel - panel.min()) / (panel.max() - panel.min())
first = scaled.mean(axis=1).nlargest(3).index.tolist()

# %% wrong="只看市场规模"
first = panel["size"].nlargest(3).index.tolist()

# %% wrong="取了最低的"
chosen = panel[["reach", "size"]]
scaled = (chosen - chosen.min()) / (chosen.max() - chosen.min())
first = scaled.mean(axis=1).nsmallest(3).index.tolist()

# %% wrong="次序乱了"
chosen = panel[["reach", "size"]]
scaled = (chosen - chosen.min()) / (chosen.max() - chosen.min())
first = sorted(scaled.mean(axis=1).nlargest(3).index, reverse=True)
first = first if first != scaled.mean(axis=1).nlargest(3).index.tolist() else first[::-1]
