# %% [markdown]
# # 换一个界
#
# 对应《财政与金融》一章的“动手”练习：科创板只公布过几个日子的**累计**上市家数，没有逐年的数。`star` 一行一个日子：`low`、`high` 是那天累计家数的下界与上界（“至多”一类的说法，下界取前一个时点）。累计数只增不减。
#
# 答案格里有些中间量的名字只是建议，可以改、可以删；判分只看题里写明要写进的变量。

# %%
import pandas as pd

from chokepoint.findings import fiscal_finance as ff

star = ff.star()[["day", "low", "high"]]
star.head(8)

# %% [markdown] question="bounds" points=2
# 某一天的累计家数不一定公布过，但有界：不少于此前（含当天）最近一次的下界，不多于此后（含当天）最近一次的上界。写出函数 `level`，给一个日子，返回 `(下界, 上界)`；2021 年末（2021-12-31）的界写进 `end_2021`。


# %%
def level(day):
    low = star.loc[star["day"] <= day, "low"].max()  # SOLUTION
    high = star.loc[star["day"] >= day, "high"].min()  # SOLUTION
    return low, high  # SOLUTION


end_2021 = level(pd.Timestamp(2021, 12, 31))  # SOLUTION


# %% test
def test_level_is_bounded_on_both_sides(end_2021):
    import numpy as np
    import pandas as pd

    from chokepoint.findings import fiscal_finance as ff

    assert end_2021 is not ..., "还没有作答：写好 level，把 2021 年末的界写进 end_2021。"
    table, day = ff.star(), pd.Timestamp(2021, 12, 31)
    early, late = table[table["day"] <= day], table[table["day"] >= day]
    right = early["low"].iloc[-1], late["high"].iloc[0]
    assert np.shape(end_2021) == (2,), "end_2021 要有两个数：(下界, 上界)。你只给了一个点，可是这一天没有公布过。"
    given = tuple(float(v) for v in end_2021)
    assert given != (right[1], right[0]), "次序反了：先下界，后上界。"
    assert given != (early["low"].iloc[-1], early["high"].iloc[-1]), (
        "上界也取自此前的日子：此前的数只管得住下界，上界要看此后最近的一次。"
    )
    assert np.allclose(given, right), "界不对：下界看此前最近一次的 low，上界看此后最近一次的 high。"


# %% wrong="前后两点之间插值"
def level(day):
    return star.loc[star["day"] <= day, "low"].max(), star.loc[star["day"] >= day, "high"].min()


points = star.set_index("day")["high"].groupby(level=0).max()
points[pd.Timestamp(2021, 12, 31)] = float("nan")
end_2021 = points.sort_index().interpolate("time")[pd.Timestamp(2021, 12, 31)]


# %% wrong="上界也取自此前"
def level(day):
    return tuple(star[star["day"] <= day][["low", "high"]].iloc[-1])


end_2021 = level(pd.Timestamp(2021, 12, 31))


# %% wrong="上下界写反"
def level(day):
    return star.loc[star["day"] >= day, "high"].min(), star.loc[star["day"] <= day, "low"].max()


end_2021 = level(pd.Timestamp(2021, 12, 31))

# %% [markdown] question="new" points=3
# 一年里新上市的家数 = 年末的累计 − 上年末的累计。两头都只有界：什么时候相减最小，什么时候最大？2021 年新上市家数的界写进 `new_2021`，2025 年的写进 `new_2025`，都是 `(下界, 上界)`，家；负的下界改为 0。

# %%
ends = {year: level(pd.Timestamp(year, 12, 31)) for year in range(2020, 2026)}  # SOLUTION
new_2021 = max(ends[2021][0] - ends[2020][1], 0), ends[2021][1] - ends[2020][0]  # SOLUTION
new_2025 = max(ends[2025][0] - ends[2024][1], 0), ends[2025][1] - ends[2024][0]  # SOLUTION


# %% test
def test_yearly_bounds_cross_the_ends(new_2021, new_2025):
    import numpy as np
    import pandas as pd

    from chokepoint.findings import fiscal_finance as ff

    assert new_2021 is not ..., "还没有作答：把 2021 年的界写进 new_2021。"
    assert new_2025 is not ..., "还没有作答：把 2025 年的界写进 new_2025。"
    table, ends = ff.star(), {}
    for year in (2020, 2021, 2024, 2025):
        day = pd.Timestamp(year, 12, 31)
        ends[year] = table.loc[table["day"] <= day, "low"].iloc[-1], table.loc[table["day"] >= day, "high"].iloc[0]

    def same(given, right):
        return np.shape(given) == (2,) and np.allclose([float(v) for v in given], right)

    def same_side(year):
        return ends[year][0] - ends[year - 1][0], ends[year][1] - ends[year - 1][1]

    assert not same(new_2021, ends[2021]), "这是年末的累计家数，不是当年新上市的：要减去上年末的累计。"
    assert not same(new_2021, same_side(2021)), (
        "你用下界减下界、上界减上界：最少应当是这头的下界减那头的上界，最多反过来。"
    )
    raw = ends[2025][0] - ends[2024][1], ends[2025][1] - ends[2024][0]
    assert not (same(new_2025, raw) and raw[0] < 0), "2025 年的下界是负数：累计只增不减，家数不会少于零，改为 0。"
    for given, year in ((new_2021, 2021), (new_2025, 2025)):
        right = max(ends[year][0] - ends[year - 1][1], 0), ends[year][1] - ends[year - 1][0]
        assert same(given, right), (
            f"{year} 年的界不对：下界 = 年末下界 − 上年末上界（不小于 0），上界 = 年末上界 − 上年末下界。"
        )


# %% wrong="累计当成当年"
new_2021 = level(pd.Timestamp(2021, 12, 31))
new_2025 = level(pd.Timestamp(2025, 12, 31))

# %% wrong="同一边的界相减"
ends = {year: level(pd.Timestamp(year, 12, 31)) for year in range(2020, 2026)}
new_2021 = ends[2021][0] - ends[2020][0], ends[2021][1] - ends[2020][1]
new_2025 = ends[2025][0] - ends[2024][0], ends[2025][1] - ends[2024][1]

# %% [markdown] question="surely" points=1
# 2022–2025 年里，哪些年的新上市家数**一定**比 2021 年少（无论真实的数落在界内哪里）？年份写进 `fewer`（列表，如 `[2024]`）。

# %%
ends = {year: level(pd.Timestamp(year, 12, 31)) for year in range(2020, 2026)}  # SOLUTION
most = {year: ends[year][1] - ends[year - 1][0] for year in range(2022, 2026)}  # SOLUTION
fewer = [year for year in most if most[year] < new_2021[0]]  # SOLUTION


# %% test
def test_only_separated_bounds_count(fewer):
    import pandas as pd

    from chokepoint.findings import fiscal_finance as ff

    assert fewer is not ..., "还没有作答：把年份的列表写进 fewer。"
    table, ends = ff.star(), {}
    for year in range(2020, 2026):
        day = pd.Timestamp(year, 12, 31)
        ends[year] = table.loc[table["day"] <= day, "low"].iloc[-1], table.loc[table["day"] >= day, "high"].iloc[0]
    low = {y: max(ends[y][0] - ends[y - 1][1], 0) for y in range(2021, 2026)}
    high = {y: ends[y][1] - ends[y - 1][0] for y in range(2021, 2026)}
    middle = [y for y in range(2022, 2026) if low[y] + high[y] < low[2021] + high[2021]]
    assert sorted(fewer) != middle, "你比的是中点（或同一边的界）：界还重叠着，真实的次序可以反过来，不能说“一定”。"
    right = [y for y in range(2022, 2026) if high[y] < low[2021]]
    assert sorted(fewer) == right, "年份不对：那一年的上界小于 2021 年的下界，才“一定”少。"


# %% wrong="比的是中点"
ends = {year: level(pd.Timestamp(year, 12, 31)) for year in range(2020, 2026)}
middle = {y: (max(ends[y][0] - ends[y - 1][1], 0) + ends[y][1] - ends[y - 1][0]) / 2 for y in range(2022, 2026)}
fewer = [year for year in middle if middle[year] < sum(new_2021) / 2]
