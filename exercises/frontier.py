# %% [markdown]
# # 换一条界线
#
# 对应“前沿”一章的“动手”练习。`fr.by_side(near=…)` 数候选在哪一边：`near` 是“近”的下端（百分数），最大的一家份额在它与独占的门槛之间的节点算“近”。返回的表一行一种判据，列是 `中国`、`美日荷`、`其他`。`fr.NEARS` 是本章试过的几个下端，自松到紧。

# %%
from chokepoint.findings import frontier as fr

fr.by_side(near=fr.NEARS[0])

# %% [markdown] question="loose" points=1
# 下端取最松的（`fr.NEARS` 的第一个），矿产图上“近”的节点里，中国握的占几成？写进 `loose`（0–1 的小数）。

# %%
row = fr.by_side(near=fr.NEARS[0]).loc["矿产图：近"]  # SOLUTION
loose = row["中国"] / row.sum()  # SOLUTION


# %% test
def test_loose(loose):
    import math

    from chokepoint.findings import frontier as fr

    assert loose is not ..., "还没有作答：把比例写进 loose。"
    table = fr.by_side(near=fr.NEARS[0])
    row, chips = table.loc["矿产图：近"], table.loc["芯片图：近"]
    assert not math.isclose(loose, row["中国"]), "这是个数：比例要除以“近”的节点总数。"
    assert not math.isclose(loose, chips["中国"] / chips.sum()), "这是芯片图的：题目问矿产图。"
    assert not math.isclose(loose, row["中国"] / row["美日荷"]), "分母错了：除以三边之和，不是除以美日荷。"
    assert math.isclose(loose, row["中国"] / row.sum(), rel_tol=1e-9), (
        "比例不对：取“矿产图：近”一行，中国除以三列之和。"
    )


# %% wrong="写了个数"
loose = float(fr.by_side(near=fr.NEARS[0]).loc["矿产图：近", "中国"])

# %% wrong="看错了图"
row = fr.by_side(near=fr.NEARS[0]).loc["芯片图：近"]
loose = row["中国"] / row.sum()

# %% wrong="分母是美日荷"
row = fr.by_side(near=fr.NEARS[0]).loc["矿产图：近"]
loose = row["中国"] / row["美日荷"]

# %% [markdown] question="majority" points=1
# 把下端从最松换到最紧，中国在矿产图“近”的节点里是不是始终过半？每个下端判断一次，把真假依次写进列表 `majority`。

# %%
rows = [fr.by_side(near=near).loc["矿产图：近"] for near in fr.NEARS]  # SOLUTION
majority = [bool(row["中国"] > row.sum() / 2) for row in rows]  # SOLUTION


# %% test
def test_majority(majority):
    from chokepoint.findings import frontier as fr

    assert majority is not ..., "还没有作答：把每个下端的真假写进列表 majority。"
    assert isinstance(majority, list), "每个下端判断一次：要一个列表，不是一个真假。"
    assert len(majority) == len(fr.NEARS), "每个下端都要判断：列表应与 fr.NEARS 一样长。"
    rows = [fr.by_side(near=near).loc["矿产图：近"] for near in fr.NEARS]
    right = [bool(row["中国"] > row.sum() / 2) for row in rows]
    assert [bool(m) for m in majority] == right, "真假不对：过半是中国的个数多于三边之和的一半。"


# %% wrong="只给一个真假"
majority = True

# %% wrong="只试了首尾"
rows = [fr.by_side(near=near).loc["矿产图：近"] for near in (fr.NEARS[0], fr.NEARS[-1])]
majority = [bool(row["中国"] > row.sum() / 2) for row in rows]

# %% wrong="看了芯片图"
rows = [fr.by_side(near=near).loc["芯片图：近"] for near in fr.NEARS]
majority = [bool(row["中国"] > row.sum() / 2) for row in rows]
