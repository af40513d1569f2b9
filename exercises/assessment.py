# %% [markdown]
# # 换一条报警线
#
# 对应《动态评估》一章的“动手”练习。**比值** = 往后每年要走多快 ÷ 已有的每年走多快；等于 1 是照现在的速度恰好赶上，大于 1 是落后。规则：比值**高于**报警线，**连续两期**，才报警。
#
# `ratios` 一行是一个目标的一期：`target_id` 目标，`year` 年，`ratio` 比值（只用到那一年的数，`inf` 是没有动或在往回走），`result` 后来的结果。
#
# 答案格里有些中间量的名字只是建议，可以改、可以删；判分只看题里写明要写进的变量。

# %%
import pandas as pd

from chokepoint.findings import assessment as ass

ratios = pd.concat(ass.cases(), names=["target_id", "year"]).rename("ratio").reset_index()
ratios["result"] = ratios["target_id"].map(ass.verdict_of)
made_up = pd.Series({2020: 0.0, 2021: 1.9, 2022: 3.9, 2023: 5.8})
goal, due = 10, 2025
ratios.head()

# %% [markdown] question="alarms" points=3
# 后来**未达到**的目标里，报警线取 1 时报过警的有几个，取 3 时有几个？写进 `loose`、`strict`（整数，个）。写一个函数 `rang`，给一个目标的各期比值（按年）与报警线，返回报没报过警。


# %%
def rang(values, line):
    over = values > line  # SOLUTION
    return bool((over & over.shift(fill_value=False)).any())  # SOLUTION


missed = ratios[ratios["result"] == "未达到"].groupby("target_id")["ratio"]  # SOLUTION
loose = sum(rang(values, 1) for _, values in missed)  # SOLUTION
strict = sum(rang(values, 3) for _, values in missed)  # SOLUTION


# %% test
def test_alarms_need_two_in_a_row(loose, strict):
    from chokepoint import evaluation
    from chokepoint.findings import assessment as ass

    assert loose is not ..., "还没有作答：把报警线取 1 时的个数写进 loose。"
    assert strict is not ..., "还没有作答：把报警线取 3 时的个数写进 strict。"

    def count(line, runs=2, results=("未达到",)):
        rule = evaluation.Watch(line, runs=runs)
        own = [s for code, s in ass.cases().items() if ass.verdict_of(code) in results]
        return sum(bool(evaluation.watch(s, rule)["alarm"].any()) for s in own)

    every = ("未达到", "达到", "没有定论")
    assert (loose, strict) != (count(1, 1), count(3, 1)), "你只要求一期：题目的规则是连续两期都高于报警线才报警。"
    assert (loose, strict) != (count(1, results=every), count(3, results=every)), (
        "你没有筛结果：达到的、没有定论的目标也数了进去。只看“未达到”。"
    )
    periods = [
        sum(int((s > line).sum()) for c, s in ass.cases().items() if ass.verdict_of(c) == "未达到") for line in (1, 3)
    ]
    assert [loose, strict] != periods, "你数的是高于报警线的期数：一个目标报几期也只算一个目标。"
    assert (loose, strict) != (count(3), count(1)), "两条线写反了：线越低越容易报警，loose 是线取 1 的。"
    assert (loose, strict) == (count(1), count(3)), "个数不对：只留未达到的，每个目标看有没有连续两期高于报警线。"


# %% wrong="一期就报警"
missed = ratios[ratios["result"] == "未达到"].groupby("target_id")["ratio"]
loose, strict = ((missed.max() > line).sum() for line in (1, 3))


# %% wrong="没有筛结果"
def rang(values, line):
    over = values > line
    return bool((over & over.shift(fill_value=False)).any())


loose, strict = (sum(rang(values, line) for _, values in ratios.groupby("target_id")["ratio"]) for line in (1, 3))

# %% wrong="数的是期数"
missed = ratios[ratios["result"] == "未达到"]
loose, strict = ((missed["ratio"] > line).sum() for line in (1, 3))

# %% [markdown] question="blind" points=2
# 另造一个目标：2020 年从 0 起，`due` 年（2025）要到 `goal`（10），`made_up` 是它逐年的数，每年都差一点。站在 **2023 年**（不看以后的数），比值是多少？写进 `ratio`。已有的速度取起点到 2023 年的年均；往后的速度是余下的路除以余下的年数。它在报警线 1.5 以下，规则不响——这就是它的盲处。

# %%
done = (made_up[2023] - made_up[2020]) / (2023 - 2020)  # SOLUTION
needed = (goal - made_up[2023]) / (due - 2023)  # SOLUTION
ratio = needed / done  # SOLUTION


# %% test
def test_ratio_of_needed_to_done(ratio):
    import pandas as pd

    from chokepoint import evaluation

    assert ratio is not ..., "还没有作答：把 2023 年的比值写进 ratio。"
    path = pd.Series({2020: 0.0, 2021: 1.9, 2022: 3.9, 2023: 5.8})
    right = float(evaluation.lag(path, 10, 2025)[2023])
    done, needed = (path[2023] - path[2020]) / 3, (10 - path[2023]) / 2

    def near(v):
        return abs(ratio - v) < 1e-6

    assert not near(done / needed), "比倒了：是往后要走的速度除以已有的速度，大于 1 才是落后。"
    assert not near((10 - path[2023]) / done), "余下的路没有除以余下的年数：两个都要是“每年”的速度才能相除。"
    assert not near(needed / (path[2023] - path[2022])), "你只看了最后一年的速度：题目要的是自起点以来的年均。"
    assert not near(needed / (path[2023] / len(path))), "年数多算了一年：2020 到 2023 年是三个间隔，不是四个点。"
    assert near(right), "比值不对：（目标 − 2023 年的数）÷ 余下的年数，再除以（2023 年的数 − 起点）÷ 已过的年数。"


# %% wrong="比倒了"
ratio = ((made_up[2023] - made_up[2020]) / 3) / ((goal - made_up[2023]) / 2)

# %% wrong="没有除以余下的年数"
ratio = (goal - made_up[2023]) / ((made_up[2023] - made_up[2020]) / 3)

# %% wrong="只看最后一年"
ratio = ((goal - made_up[2023]) / 2) / (made_up[2023] - made_up[2022])

# %% wrong="数点不数间隔"
ratio = ((goal - made_up[2023]) / 2) / (made_up[2023] / len(made_up))
