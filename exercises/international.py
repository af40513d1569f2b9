# %% [markdown]
# # 换一个起点
#
# 对应《国际协同》一章的“动手”练习。`coauthorship` 一行是一个经济体一年的一个论文数：`field` 为 `ai` 是人工智能，`all_fields` 是全部学科；`measure` 为 `total` 是全部论文，`international` 是国际合著，`domestic_only` 只有国内机构。下面把中国（`CHN`）人工智能的各种数排成表，行为年，列为计数的种类；全部出自同一版数据（`vintage`）。

# %%
from chokepoint import data, inference

table = data.load("coauthorship")
china = table[(table["iso3"] == "CHN") & (table["field"] == "ai")]
counts = china.pivot(index="year", columns="measure", values="value").astype(float)
counts.index = counts.index.astype(int)
counts.tail()

# %% [markdown] question="annual" points=1
# 国际合著占比：国际合著占**全部论文**的百分数（%）。各年的占比写进 `share`（Series，索引为年）。

# %%
share = counts["international"] / counts["total"] * 100  # SOLUTION


# %% test
def test_share_of_all_papers(share):
    import numpy as np

    from chokepoint import data

    assert share is not ..., "还没有作答：把各年的占比写进 share。"
    rows = data.load("coauthorship").query("iso3 == 'CHN' and field == 'ai'")
    years = sorted(set(rows["year"]))
    assert hasattr(share, "loc"), "share 应是索引为年的 Series：两列直接相除就是。"
    assert sorted(share.index) == years, "年份不全：表里的每一年都要有一个占比。"

    def count(measure):
        part = rows[rows["measure"] == measure].set_index("year")["value"]
        return np.array([float(part[y]) for y in years])

    got, right = np.array([float(share.loc[y]) for y in years]), count("international") / count("total") * 100
    assert not np.allclose(got, right / 100), "你写的是小数：单位是百分数，要乘一百。"
    assert not np.allclose(got, count("international") / count("domestic_only") * 100), (
        "分母不对：你除的是只有国内机构的论文，要除以全部论文。"
    )
    assert not np.allclose(got, count("international")), "这是国际合著的篇数，不是占比：还要除以全部论文。"
    assert np.allclose(got, right), "占比不对：国际合著除以全部论文，再乘一百。"


# %% wrong="写成了小数"
share = counts["international"] / counts["total"]

# %% wrong="分母是国内论文"
share = counts["international"] / counts["domestic_only"] * 100

# %% wrong="篇数当作占比"
share = counts["international"]

# %% [markdown] question="clear" points=2
# `inference.turning_point(数列)` 找折线转折的年份：`.when` 是拟合最好的一年，`.candidates` 是与它分不出高下的全部候选年份。把上一题 `share` 的起点从 2003 年逐年移到 2012 年（每次只用起点及以后各年的占比），各求一次候选。
#
# 起点移到哪一年，候选里才**没有一个晚于 2017 年**（2017 年本身可以有）？把最早的这个起点写进 `clear`（整数）。

# %%
latest = {y: max(inference.turning_point(share.loc[y:]).candidates) for y in range(2003, 2013)}  # SOLUTION
clear = min(y for y in latest if latest[y] <= 2017)  # SOLUTION


# %% test
def test_when_the_candidates_are_early_enough(clear):
    from chokepoint import data, inference

    assert clear is not ..., "还没有作答：把最早的起点写进 clear。"

    def turns(iso3="CHN", of="total"):
        rows = data.load("coauthorship").query("iso3 == @iso3 and field == 'ai'")
        wide = rows.pivot(index="year", columns="measure", values="value").astype(float)
        line = wide["international"] / wide[of]
        return {y: inference.turning_point(line[line.index >= y]) for y in range(2003, 2013)}

    own = turns()

    def first(test):
        return next(y for y, found in own.items() if test(found))

    right = first(lambda found: all(year <= 2017 for year in found.candidates))
    assert clear != first(lambda found: found.when <= 2017), (
        "你只看了拟合最好的一年（when）：要看全部候选（candidates）。"
    )
    assert clear != first(lambda found: max(found.candidates) < 2017), (
        "你把 2017 年本身也排除了：只要没有晚于 2017 年的。"
    )
    assert clear != max(own[right].candidates), "这是候选里最晚的年份：要的是数列从哪一年起看，不是转折在哪一年。"
    assert clear != max(own), "这是最晚的起点：满足条件的起点不止一个，要最早的。"
    assert clear == right, "起点不对：每个起点求一次候选，取其中最晚的一年，找它第一次不晚于 2017 年的起点。"


# %% wrong="只看了拟合最好的一年"
clear = next(y for y in range(2003, 2013) if inference.turning_point(share.loc[y:]).when <= 2017)

# %% wrong="连 2017 年也排除"
clear = next(y for y in range(2003, 2013) if max(inference.turning_point(share.loc[y:]).candidates) < 2017)

# %% wrong="取了最晚的起点"
clear = max(y for y in range(2003, 2013) if max(inference.turning_point(share.loc[y:]).candidates) <= 2017)
