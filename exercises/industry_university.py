# %% [markdown]
# # 换一个宽窄
#
# 对应《产学研协同》一章的“动手”练习。`universities` 一校一行：`mainland` 是否内地，`industry_share` 校企合著、`international_share` 国际合著占该校论文的百分数。下面把每所内地大学与每所别处的大学配成一对：`industry_in`、`industry_out` 是内地、别处的校企合著占比，`gap` 是国际合著占比之差的绝对值（百分点）。

# %%
from chokepoint import data

columns = ["university", "industry_share", "international_share"]
table = data.load("universities")
inside = table.loc[table["mainland"], columns].set_axis(["inside", "industry_in", "international_in"], axis=1)
outside = table.loc[~table["mainland"], columns].set_axis(["outside", "industry_out", "international_out"], axis=1)
pairs = inside.merge(outside, how="cross")
pairs["gap"] = (pairs["international_in"] - pairs["international_out"]).abs().round(1)
pairs.head()

# %% [markdown] question="every" points=2
# 优势概率：随便取一对，内地的校企合著占比较高的概率，相等的算一半。不作匹配，用全部的对，算出 `plain`（0–1 的小数）。

# %%
higher = pairs["industry_in"] > pairs["industry_out"]  # SOLUTION
equal = pairs["industry_in"] == pairs["industry_out"]  # SOLUTION
plain = higher.mean() + equal.mean() / 2  # SOLUTION


# %% test
def test_superiority_counts_ties_as_half(plain):
    from chokepoint import data

    assert plain is not ..., "还没有作答：把优势概率写进 plain。"
    table = data.load("universities")
    a = table.loc[table["mainland"], "industry_share"].to_numpy()[:, None]
    b = table.loc[~table["mainland"], "industry_share"].to_numpy()[None, :]
    more, same = float((a > b).mean()), float((a == b).mean())
    right = more + same / 2

    def near(value):
        return abs(plain - value) < 1e-4

    assert not near(more), "你只数了内地较高的对：相等的对还要加上一半。"
    assert not near(more + same), "你把相等的对整个算作内地较高：相等的只加一半。"
    assert not near(1 - right), "方向反了：这是别处较高的概率，要的是内地较高的。"
    above = float((a > sorted(b.ravel())[b.size // 2]).mean())
    assert abs(plain - above) >= 2e-3, "你拿内地大学与别处的中位数比：要每一对都比，再求平均。"
    assert near(right), "概率不对：较高的对占全部的对多少，加上相等的对所占的一半。"


# %% wrong="相等的不算"
higher = pairs["industry_in"] > pairs["industry_out"]
equal = pairs["industry_in"] == pairs["industry_out"]
plain = higher.mean()

# %% wrong="相等的算全数"
higher = pairs["industry_in"] > pairs["industry_out"]
equal = pairs["industry_in"] == pairs["industry_out"]
plain = (higher | equal).mean()

# %% wrong="方向反了"
higher = pairs["industry_in"] > pairs["industry_out"]
equal = pairs["industry_in"] == pairs["industry_out"]
plain = 1 - higher.mean() - equal.mean() / 2

# %% wrong="与中位数比"
higher = pairs["industry_in"] > pairs["industry_out"]
equal = pairs["industry_in"] == pairs["industry_out"]
plain = (inside["industry_in"] > outside["industry_out"].median()).mean()

# %% [markdown] question="near" points=3
# 只与国际合著相近的比：只留 `gap` 不超过某个宽窄的对；先对**每所内地大学**（`inside`）求它的优势概率，再对各所内地大学平均。宽窄取 2 个百分点时写进 `narrow`，取 20 个百分点时写进 `wide`（0–1 的小数）。哪一个更接近 `plain`？

# %%
scored = pairs.assign(win=higher + equal / 2)  # SOLUTION
narrow = scored[scored["gap"] <= 2].groupby("inside")["win"].mean().mean()  # SOLUTION
wide = scored[scored["gap"] <= 20].groupby("inside")["win"].mean().mean()  # SOLUTION


# %% test
def test_only_close_universities_are_compared(narrow, wide):
    import numpy as np

    from chokepoint import data

    assert narrow is not ..., "还没有作答：把较窄的结果写进 narrow。"
    assert wide is not ..., "还没有作答：把较宽的结果写进 wide。"
    table = data.load("universities")
    own, other = table[table["mainland"]], table[~table["mainland"]]
    a, b = own["industry_share"].to_numpy()[:, None], other["industry_share"].to_numpy()[None, :]
    x, y = own["international_share"].to_numpy()[:, None], other["international_share"].to_numpy()[None, :]
    strict, win, gap = 1.0 * (a > b), (a > b) + 0.5 * (a == b), np.abs(x - y).round(1)

    def each(score, kept):
        some = kept.any(axis=1)
        return float(((score * kept).sum(axis=1)[some] / kept.sum(axis=1)[some]).mean())

    right = [each(win, gap <= width) for width in (2, 20)]

    def said(values):
        return all(abs(got - value) < 1e-4 for got, value in zip((narrow, wide), values, strict=True))

    assert abs(wide - float(win.mean())) >= 1e-4, "较宽的结果与不匹配的完全相同：先按 gap 筛，只留相近的对。"
    assert not said(right[::-1]), "宽窄写反了：narrow 是容许之差小的一个。"
    pooled = [float(win[gap <= width].mean()) for width in (2, 20)]
    assert not said(pooled), "你把所有相近的对合在一起平均：先按 inside 分组求每所内地大学的，再对各所平均。"
    assert not said([each(win, gap > width) for width in (2, 20)]), "你留下的是不相近的对：要 gap 不超过宽窄的。"
    assert not said([each(strict, gap <= width) for width in (2, 20)]), "相近的对里，相等的也要算一半，不能当作没有赢。"
    assert said(right), "数不对：先给每一对记分，再按 gap 筛，再按 inside 求平均，最后对各所内地大学平均。"


# %% wrong="没有按大学分组"
win = higher + equal / 2
narrow, wide = win[pairs["gap"] <= 2].mean(), win[pairs["gap"] <= 20].mean()

# %% wrong="留下了不相近的"
scored = pairs.assign(win=higher + equal / 2)
narrow = scored[scored["gap"] > 2].groupby("inside")["win"].mean().mean()
wide = scored[scored["gap"] > 20].groupby("inside")["win"].mean().mean()

# %% wrong="没有筛"
narrow = wide = pairs.assign(win=higher + equal / 2).groupby("inside")["win"].mean().mean()

# %% wrong="相等的不算"
scored = pairs.assign(win=higher)
narrow = scored[scored["gap"] <= 2].groupby("inside")["win"].mean().mean()
wide = scored[scored["gap"] <= 20].groupby("inside")["win"].mean().mean()
