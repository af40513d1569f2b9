# %% [markdown]
# # 您的花费
#
# 对应《攻关组合》一章的“动手”练习。`items` 一行一个候选的节点：`cost` 花费（参照假设：一律相同，这里记作一份），`success` 成功的概率（参照假设：一律 0.5），`risk` 不做时留着的风险（“卡脖子”指数的参照分数）。花费与概率没有公开的数据，都是设定。`budget` 是全做一遍所需的四分之一，取整。
#
# `portfolio.best(items, 预算)` 给出消去风险最多的组合（真为投）：一项要么投要么不投，投了且成功，它的风险才消去。
#
# 答案格里有些中间量的名字只是建议，可以改、可以删；判分只看题里写明要写进的变量。

# %%
import numpy as np

from chokepoint import portfolio
from chokepoint.findings import chokepoint_index as index

score = index.reference()["score"]
items = score.rename("risk").to_frame().assign(cost=1.0, success=0.5)[["cost", "success", "risk"]]
budget = np.floor(items["cost"].sum() / 4)
software = "electronic_design_automation_software"
items.head()

# %% [markdown] question="chosen" points=2
# 设计软件（`software`）的花费改为 3 份，别的不变，**预算仍是上面的 `budget`**。选中几项？写进 `count`（整数，项）；设计软件在不在里面？写进 `kept`（`True` 或 `False`）。请另存一份 `dearer`，不要改动 `items`。

# %%
dearer = items.assign(cost=items["cost"].mask(items.index == software, 3))  # SOLUTION
chosen = portfolio.best(dearer, budget)  # SOLUTION
count = int(chosen.sum())  # SOLUTION
kept = bool(chosen[software])  # SOLUTION


# %% test
def test_best_under_the_same_budget(count, kept):
    import numpy as np
    import pandas as pd

    from chokepoint import portfolio
    from chokepoint.findings import chokepoint_index as index

    assert count is not ..., "还没有作答：把选中的项数写进 count。"
    assert kept is not ..., "还没有作答：设计软件在不在里面，写进 kept。"
    risk, name = index.reference()["score"], "electronic_design_automation_software"
    table = pd.DataFrame({"cost": 1.0, "success": 0.5, "risk": risk})
    budget = np.floor(table["cost"].sum() / 4)
    before = portfolio.best(table, budget)
    table.loc[name, "cost"] = 3
    right = portfolio.best(table, budget)
    wider = portfolio.best(table, np.floor(table["cost"].sum() / 4))
    assert (count, bool(kept)) != (wider.sum(), bool(wider[name])), (
        "你的预算跟着花费一起涨了：贵了的是项目，不是钱袋，预算仍是改价之前的 budget。"
    )
    assert (count, bool(kept)) != (before.sum(), bool(before[name])), "花费没有改成：重算的还是改价之前的组合。"
    assert count != len(table), "你数的是全部的项：选中的是 best 结果里为真的，用 sum 去数。"
    assert count == right.sum(), (
        "count 不对：只把设计软件的 cost 改为 3，用原来的 budget 调 portfolio.best，数为真的有几项。"
    )
    assert bool(kept) is bool(right[name]), "kept 不对：看 best 的结果里设计软件那一项是真还是假。"


# %% wrong="预算跟着涨"
dearer = items.assign(cost=items["cost"].mask(items.index == software, 3))
chosen = portfolio.best(dearer, np.floor(dearer["cost"].sum() / 4))
count, kept = int(chosen.sum()), bool(chosen[software])

# %% wrong="没有改价"
chosen = portfolio.best(items, budget)
count, kept = int(chosen.sum()), bool(chosen[software])

# %% wrong="数了全部的项"
chosen = portfolio.best(items.assign(cost=items["cost"].mask(items.index == software, 3)), budget)
count, kept = len(chosen), bool(chosen[software])

# %% [markdown] question="left" points=2
# 照这个组合做，期望还剩多少风险，占**全部**节点风险的几分之几？写进 `left`（0–1）。提示：投了的一项，期望消去的是 `success` × `risk`。

# %%
removed = (items["success"] * items["risk"])[chosen].sum()  # SOLUTION
left = 1 - removed / items["risk"].sum()  # SOLUTION


# %% test
def test_expected_risk_left(left):
    import numpy as np
    import pandas as pd

    from chokepoint import portfolio
    from chokepoint.findings import chokepoint_index as index

    assert left is not ..., "还没有作答：把剩余风险的占比写进 left。"
    table = pd.DataFrame({"cost": 1.0, "success": 0.5, "risk": index.reference()["score"]})
    budget = np.floor(table["cost"].sum() / 4)
    table.loc["electronic_design_automation_software", "cost"] = 3
    chosen = portfolio.best(table, budget)
    hit, total = table.loc[chosen, "risk"].sum(), table["risk"].sum()
    right = 1 - 0.5 * hit / total

    def near(v):
        return abs(left - v) < 1e-6

    assert not near(1 - hit / total), "你当作投了就一定成：要乘上成功的概率。"
    assert not near(1 - right), "这是消去的占比，不是剩下的：用 1 去减。"
    assert not near(right * total), "你给的是剩余风险本身：题目要的是占全部节点风险的比例。"
    assert not near(1 - chosen.mean() * 0.5), "你数的是项数：各项的风险不一样大，要用 risk 加权。"
    assert near(right), "剩余风险不对：1 − 选中各项 success × risk 之和 ÷ 全部各项 risk 之和。"


# %% wrong="当作一定成"
left = 1 - items.loc[chosen, "risk"].sum() / items["risk"].sum()

# %% wrong="给了消去的占比"
left = (items["success"] * items["risk"])[chosen].sum() / items["risk"].sum()

# %% wrong="没有除以全部"
left = items["risk"].sum() - (items["success"] * items["risk"])[chosen].sum()

# %% wrong="按项数"
left = 1 - chosen.mean() * 0.5
