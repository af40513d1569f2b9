# %% [markdown]
# # 换一个窗口
#
# 对应《关键基础材料》一章的“动手”练习。`basket_exports` 是中国每月的申报出口（若干伙伴之和）：`month` 月份，`basket` 商品篮，`quantity` 出口量（吨），`value` 出口额（百万美元）。石墨管制 2023 年 10 月公布，**2023 年 12 月生效**：12 月起算“之后”。公布到生效之间的两个月（10 月、11 月）里有抢运，另作去掉它们的比较。
#
# 前后比较：先取自然对数，用“之后”的平均减“之前”的平均，再取指数，得到**倍数**（1 是没有变）。

# %%
import numpy as np

from chokepoint import data, inference

graphite = data.load("basket_exports").query("basket == 'graphite'").set_index("month").sort_index()
graphite.loc["2023-08":"2024-02", ["quantity", "value"]]

# %% [markdown] question="ratio" points=2
# 前后各取 9 个月，石墨出口量是原来的几倍？写进 `ratio`。先去掉 2023 年 10 月与 11 月，再取生效之前余下的最近 9 个月，与之后的 9 个月相比，写进 `clean`。

# %%
logs = np.log(graphite["quantity"])  # SOLUTION
after = logs[logs.index >= "2023-12"].iloc[:9]  # SOLUTION
before = logs[logs.index < "2023-12"].iloc[-9:]  # SOLUTION
calm = logs[logs.index < "2023-10"].iloc[-9:]  # SOLUTION
ratio = np.exp(after.mean() - before.mean())  # SOLUTION
clean = np.exp(after.mean() - calm.mean())  # SOLUTION


# %% test
def test_before_and_after(ratio, clean):
    import numpy as np

    from chokepoint import data

    assert ratio is not ..., "还没有作答：把前后各 9 个月的倍数写进 ratio。"
    assert clean is not ..., "还没有作答：把去掉两个月以后的倍数写进 clean。"
    rows = data.load("basket_exports").query("basket == 'graphite'").sort_values("month")
    amount = dict(zip(rows["month"], rows["quantity"], strict=True))
    money = dict(zip(rows["month"], rows["value"], strict=True))
    months = list(amount)
    at = months.index("2023-12")
    late, early, calm = months[at : at + 9], months[at - 9 : at], months[at - 11 : at - 2]

    def times(first, last, what=amount, mean=lambda v: float(np.exp(np.mean(np.log(v))))):
        return mean([what[m] for m in last]) / mean([what[m] for m in first])

    def near(value, right):
        return abs(value - right) < 1e-6

    right = times(early, late)
    assert not near(ratio, np.log(right)), "这是对数点：还要取指数（np.exp），才是倍数。"
    assert not near(ratio, 1 / right), "方向反了：要“之后”除以“之前”。"
    assert not near(ratio, times(early, late, mean=np.mean)), "你比的是算术平均：先取对数，再求平均，最后取指数。"
    assert not near(ratio, times(early, late, what=money)), "这是出口额：题目问出口量（quantity）。"
    assert not near(ratio, times(months[at - 12 : at], months[at : at + 12])), (
        "窗口不对：这是前后各一年，题目要各 9 个月。"
    )
    shifted = times(months[at - 8 : at + 1], months[at + 1 : at + 10])
    assert not near(ratio, shifted), "2023 年 12 月放错了边：管制在这个月生效，它属于“之后”。"
    assert near(ratio, right), "ratio 不对：出口量取对数，12 月起的 9 个月的平均减此前 9 个月的平均，再取指数。"
    assert not near(clean, right), "clean 与 ratio 相同：10 月与 11 月没有去掉。"
    assert not near(clean, times(months[at - 9 : at - 2], late)), (
        "去掉两个月以后“之前”只剩 7 个月：先去掉，再往前取满 9 个月。"
    )
    assert near(clean, times(calm, late)), "clean 不对：先去掉 10 月与 11 月，再取生效之前余下的最近 9 个月。"


# %% wrong="忘了取指数"
logs = np.log(graphite["quantity"])
after = logs[logs.index >= "2023-12"].iloc[:9].mean()
ratio = after - logs[logs.index < "2023-12"].iloc[-9:].mean()
clean = after - logs[logs.index < "2023-10"].iloc[-9:].mean()

# %% wrong="用了算术平均"
amount = graphite["quantity"]
after = amount[amount.index >= "2023-12"].iloc[:9].mean()
ratio = after / amount[amount.index < "2023-12"].iloc[-9:].mean()
clean = after / amount[amount.index < "2023-10"].iloc[-9:].mean()

# %% wrong="十二月放错了边"
logs = np.log(graphite["quantity"])
after = logs[logs.index > "2023-12"].iloc[:9].mean()
ratio = np.exp(after - logs[logs.index <= "2023-12"].iloc[-9:].mean())
clean = np.exp(after - logs[logs.index < "2023-10"].iloc[-9:].mean())

# %% wrong="去掉以后没有补满"
logs = np.log(graphite["quantity"])
after = logs[logs.index >= "2023-12"].iloc[:9].mean()
before = logs[logs.index < "2023-12"].iloc[-9:]
ratio = np.exp(after - before.mean())
clean = np.exp(after - before.drop(["2023-10", "2023-11"]).mean())

# %% [markdown] question="windows" points=2
# 一个窗口靠不住，就多换几个。`inference.before_after(数列, "2023-12", before=n, after=n)` 给出前后各 `n` 个月的变化及其区间（`.low`、`.high`），单位是**对数点**。
#
# `n` 取 6 到 12，每次都先去掉 2023 年 10 月与 11 月：哪几个窗口里，出口量的区间含着“没有变”？把这些 `n` 写成列表，放进 `unclear`。

# %%
series = graphite["quantity"].drop(["2023-10", "2023-11"])  # SOLUTION
found = {n: inference.before_after(series, "2023-12", before=n, after=n) for n in range(6, 13)}  # SOLUTION
unclear = [n for n, change in found.items() if change.low <= 0 <= change.high]  # SOLUTION


# %% test
def test_which_windows_say_nothing(unclear):
    from chokepoint import data, inference

    assert unclear is not ..., "还没有作答：把含着“没有变”的窗口写成列表，放进 unclear。"
    rows = data.load("basket_exports").query("basket == 'graphite'").sort_values("month").set_index("month")

    def holding(rush):
        line = rows.loc[rush | ~rows.index.isin(["2023-10", "2023-11"]), "quantity"]
        spans = {n: inference.before_after(line, "2023-12", before=n, after=n) for n in range(6, 13)}
        return {n for n, s in spans.items() if s.low <= 0 <= s.high}

    got, right = set(unclear), holding(False)
    every = set(range(6, 13))
    assert got != every - right, "正好选反了：要的是区间含着“没有变”的窗口，不是不含的。"
    assert got or not right, "一个也没有：多半是在对数点的区间里找 1，而“没有变”是 0；也可能误用了出口额。"
    assert got != holding(True), "没有去掉 10 月与 11 月：先从数列里去掉，再逐个窗口计算。"
    assert got == right, "不对：去掉两个月，n 从 6 到 12 各算一次，留下 low 不大于 0、high 不小于 0 的。"


# %% wrong="在对数点里找一"
series = graphite["quantity"].drop(["2023-10", "2023-11"])
found = {n: inference.before_after(series, "2023-12", before=n, after=n) for n in range(6, 13)}
unclear = [n for n, change in found.items() if change.low <= 1 <= change.high]

# %% wrong="没有去掉抢运的月份"
found = {n: inference.before_after(graphite["quantity"], "2023-12", before=n, after=n) for n in range(6, 13)}
unclear = [n for n, change in found.items() if change.low <= 0 <= change.high]

# %% wrong="选反了"
series = graphite["quantity"].drop(["2023-10", "2023-11"])
found = {n: inference.before_after(series, "2023-12", before=n, after=n) for n in range(6, 13)}
unclear = [n for n, change in found.items() if not change.low <= 0 <= change.high]
