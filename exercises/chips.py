# %% [markdown]
# # 换一个对照
#
# 对应《案例：芯片制造》一章的“动手”练习。`japan_trade` 是日本海关的年度进出口额（十亿日元）；`semiconductor_machinery` 是半导体等制造设备。下面把它的**出口**排成表：行为年，列为伙伴：`CHN` 中国大陆，`KOR` 韩国，`TWN` 中国台湾，`USA` 美国，`SGP` 新加坡，`EUU` 欧盟，`MYS` 马来西亚；`WLD` 是全世界。日本的管制在 2023 年年中生效，所以 2023 年起算“之后”，以前各年算“之前”。
#
# **前后的倍数**：数列取自然对数，之后各年的平均减去之前各年的平均，再取指数（`np.exp`）；也就是两段几何平均之比，大于一是多了。

# %%
import numpy as np

from chokepoint import data

trade = data.load("japan_trade")
kept = trade[(trade["flow"] == "export") & (trade["goods"] == "semiconductor_machinery")]
sales = kept.pivot(index="year", columns="partner_iso3", values="value")
partners = ["KOR", "TWN", "USA", "SGP", "EUU", "MYS"]
sales[["CHN", *partners, "WLD"]]

# %% [markdown] question="alone" points=1
# 中国大陆（`CHN`）占日本这类设备出口的**份额**（除以 `WLD`），前后的倍数是多少？写进 `own`。

# %%
share = np.log(sales["CHN"] / sales["WLD"])  # SOLUTION
own = np.exp(share.loc[2023:].mean() - share.loc[:2022].mean())  # SOLUTION


# %% test
def test_the_share_before_and_after(own):
    import math

    from chokepoint import data

    assert own is not ..., "还没有作答：把份额前后的倍数写进 own。"
    rows = data.load("japan_trade").query("flow == 'export' and goods == 'semiconductor_machinery'")
    value = {(r.partner_iso3, r.year): r.value for r in rows.itertuples()}
    years = sorted(set(rows["year"]))
    share = {y: value["CHN", y] / value["WLD", y] for y in years}
    amount = {y: value["CHN", y] for y in years}

    def mean(values):
        return sum(values) / len(values)

    def times(series, start=2023):
        after, before = ([math.log(v) for y, v in series.items() if (y >= start) == side] for side in (True, False))
        return math.exp(mean(after) - mean(before))

    def near(value):
        return abs(own - value) < 2e-4

    right = times(share)
    assert not near(times(amount)), "你算的是金额的倍数：要先除以世界合计，换成份额。"
    assert not near(1 / right), "倒过来了：要之后除以之前。"
    assert not near(math.log(right)), "还差一步：对数之差要取指数，才是倍数。"
    assert not near(times(share, 2022)), "你把 2022 年也算作之后：日本的管制在 2023 年生效。"
    assert not near(times(share, 2024)), "你把 2023 年算作之前：2023 年起就是之后。"
    plain = mean([v for y, v in share.items() if y >= 2023]) / mean([v for y, v in share.items() if y < 2023])
    assert not near(plain), "你用的是算术平均之比：先取对数再平均，最后取指数。"
    assert near(right), "数不对：份额取对数，之后的平均减之前的平均，再取指数。"


# %% wrong="算了金额"
logs = np.log(sales["CHN"])
own = np.exp(logs.loc[2023:].mean() - logs.loc[:2022].mean())

# %% wrong="算术平均"
share = sales["CHN"] / sales["WLD"]
own = share.loc[2023:].mean() / share.loc[:2022].mean()

# %% wrong="2022 年算作之后"
share = np.log(sales["CHN"] / sales["WLD"])
own = np.exp(share.loc[2022:].mean() - share.loc[:2021].mean())

# %% [markdown] question="each" points=2
# 换成与每个伙伴比：卖给中国的 ÷ 卖给这个伙伴的，前后的倍数各是多少？写进 `versus`（字典或 Series，键为 `partners` 里的代码）。

# %%
ratio = {p: np.log(sales["CHN"] / sales[p]) for p in partners}  # SOLUTION
versus = {p: np.exp(r.loc[2023:].mean() - r.loc[:2022].mean()) for p, r in ratio.items()}  # SOLUTION


# %% test
def test_china_against_each_partner(versus):
    import math

    from chokepoint import data

    assert versus is not ..., "还没有作答：把与每个伙伴之比的倍数写进 versus。"
    rows = data.load("japan_trade").query("flow == 'export' and goods == 'semiconductor_machinery'")
    value = {(r.partner_iso3, r.year): r.value for r in rows.itertuples()}
    years, asked = sorted(set(rows["year"])), ("KOR", "TWN", "USA", "SGP", "EUU", "MYS")
    assert hasattr(versus, "keys"), "versus 应是字典或 Series：每个伙伴一个倍数。"
    assert set(versus.keys()) == set(asked), "伙伴不对：键应恰是 partners 里的各个代码。"

    def mean(values):
        return sum(values) / len(values)

    def times(top, bottom, start=2023):
        logs = {y: math.log(value[top, y] / value[bottom, y]) for y in years}
        return math.exp(
            mean([v for y, v in logs.items() if y >= start]) - mean([v for y, v in logs.items() if y < start])
        )

    def said(expected):
        return all(abs(versus[p] - expected(p)) < 2e-4 for p in asked)

    assert not said(lambda p: times(p, "CHN")), "分子分母反了：要卖给中国的除以卖给伙伴的。"
    assert not said(lambda p: times(p, "WLD")), "这是各伙伴自己份额的倍数：分子要换成卖给中国的，分母是卖给伙伴的。"
    assert not said(lambda p: times("CHN", p, 2022)), "之后应从 2023 年算起，你从 2022 年就算了。"
    sums = {
        p: [sum(value[p, y] for y in years if (y >= 2023) == side) for side in (True, False)] for p in ("CHN", *asked)
    }
    together = {p: (sums["CHN"][0] / sums[p][0]) / (sums["CHN"][1] / sums[p][1]) for p in asked}
    assert not said(together.get), "你先把各年的金额加了起来：要逐年求比，取对数再平均。"
    assert said(lambda p: times("CHN", p)), "倍数不对：逐年求比，取对数，之后的平均减之前的平均，再取指数。"


# %% wrong="分子分母反了"
ratio = {p: np.log(sales[p] / sales["CHN"]) for p in partners}
versus = {p: np.exp(r.loc[2023:].mean() - r.loc[:2022].mean()) for p, r in ratio.items()}

# %% wrong="各伙伴自己的份额"
ratio = {p: np.log(sales[p] / sales["WLD"]) for p in partners}
versus = {p: np.exp(r.loc[2023:].mean() - r.loc[:2022].mean()) for p, r in ratio.items()}

# %% wrong="先加总再求比"
after, before = sales.loc[2023:].sum(), sales.loc[:2022].sum()
versus = {p: (after["CHN"] / after[p]) / (before["CHN"] / before[p]) for p in partners}

# %% [markdown] question="flipped" points=1
# 与大多数伙伴比，卖给中国的多了（倍数大于一）。与哪些伙伴比，反而是少了？把代码写成列表，放进 `flipped`。你能为它找到一个不该作对照的理由吗？

# %%
logs = np.log(sales[partners].rdiv(sales["CHN"], axis=0))  # SOLUTION
less = logs.loc[2023:].mean() < logs.loc[:2022].mean()  # SOLUTION
flipped = less.index[less].tolist()  # SOLUTION


# %% test
def test_which_partner_changes_the_sign(flipped):
    import math

    from chokepoint import data

    assert flipped is not ..., "还没有作答：把使倍数小于一的伙伴写成列表，放进 flipped。"
    assert not isinstance(flipped, str), "flipped 要写成列表：即使只有一个代码，也放在方括号里。"
    rows = data.load("japan_trade").query("flow == 'export' and goods == 'semiconductor_machinery'")
    value = {(r.partner_iso3, r.year): r.value for r in rows.itertuples()}
    years, asked = sorted(set(rows["year"])), ("KOR", "TWN", "USA", "SGP", "EUU", "MYS")

    def less(start):
        found = set()
        for p in asked:
            logs = {y: math.log(value["CHN", y] / value[p, y]) for y in years}
            after, before = ([v for y, v in logs.items() if (y >= start) == side] for side in (True, False))
            if sum(after) / len(after) < sum(before) / len(before):
                found.add(p)
        return found

    got, right = set(flipped), less(2023)
    assert got != set(asked) - right, "选反了：这些伙伴的倍数都大于一，要小于一的。"
    assert got != less(2022) or less(2022) == right, "你把 2022 年也算作之后，多选了伙伴：之后从 2023 年起。"
    assert got == right, "不对：逐个看与伙伴之比的倍数，挑出小于一的。"


# %% wrong="选反了"
flipped = [p for p in partners if p != "MYS"]

# %% wrong="2022 年算作之后"
logs = {p: np.log(sales["CHN"] / sales[p]) for p in partners}
flipped = [p for p in partners if logs[p].loc[2022:].mean() < logs[p].loc[:2021].mean()]
