# %% [markdown]
# # 外推要多少年
#
# 对应《四条实施路径》一章的“动手”练习。`cn_rd` 里 `indicator` 为 `rd_basic_share` 的行，是中国基础研究占研发经费的百分数；`status` 为 `final` 是终值，`preliminary` 是后来被终值取代的初步数。有几年没有公布，年份**不连续**。
#
# `inference.slope(年份, 数值)` 求 Theil–Sen 斜率：所有点对斜率的中位数，`.estimate` 是估计，`.low`、`.high` 是 95% 区间，单位是每年几个百分点。

# %%
from chokepoint import data, inference

rd = data.load("cn_rd").query("indicator == 'rd_basic_share'").sort_values("year")
panel = data.load("innovation_panel").query("indicator == 'gerd_basic'").set_index("iso3")["value"]
japan = panel["JPN"]
rd[["year", "status", "value"]], japan

# %% [markdown] question="slope" points=1
# 只用终值，中国的基础研究占比每年升几个百分点？写进 `line`（`inference.slope` 的结果，带区间）。

# %%
final = rd[rd["status"] == "final"]  # SOLUTION
line = inference.slope(final["year"], final["value"])  # SOLUTION


# %% test
def test_slope_per_year(line):
    from itertools import combinations
    from statistics import median

    from chokepoint import data

    assert line is not ..., "还没有作答：把 inference.slope 的结果写进 line。"
    assert hasattr(line, "estimate"), "line 要写整个结果，不要只取 estimate：下一题还要用它的区间。"
    rows = data.load("cn_rd").query("indicator == 'rd_basic_share'").sort_values("year")
    final = [(int(r.year), r.value) for r in rows.itertuples() if r.status == "final"]

    def slope(points):
        return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2) if a[0] != b[0])

    def near(value):
        return abs(line.estimate - value) < 1e-9

    right = slope(final)
    counted = list(enumerate(v for _, v in final))
    assert not near(slope(counted)), "你用了次序而不是年份：有几年没有数，隔两年的变化不能当作一年的。"
    everything = [(int(r.year), r.value) for r in rows.itertuples()]
    assert not near(slope(everything)), "初步数也算了进去：同一年有两个数时只留终值（status 为 final）。"
    assert not near(slope([(v, y) for y, v in final])), "两个参数写反了：先年份，后数值。"
    assert near(right), "斜率不对：留下终值，用年份与数值两列调用 inference.slope。"
    assert line.low < right < line.high, "区间不对：line 应当是 inference.slope 的原样结果。"


# %% wrong="用了次序而不是年份"
final = rd[rd["status"] == "final"]
line = inference.slope(range(len(final)), final["value"])

# %% wrong="初步数也算进去"
line = inference.slope(rd["year"], rd["value"])

# %% wrong="两个参数写反"
final = rd[rd["status"] == "final"]
line = inference.slope(final["value"], final["year"])

# %% [markdown] question="years" points=2
# 若斜率（上一题的 `line`）不变，从最近一年的终值升到日本的水平 `japan`，要多少年？写进 `years`。斜率的区间换成年数，较快的一端写进 `fast`，较慢的一端写进 `slow`。（算得出来不等于该相信：想想为什么。）

# %%
settled = rd[rd["status"] == "final"]  # SOLUTION
pace = inference.slope(settled["year"], settled["value"])  # SOLUTION
last = settled["value"].iloc[-1]  # SOLUTION
years = (japan - last) / pace.estimate  # SOLUTION
fast = (japan - last) / pace.high  # SOLUTION
slow = (japan - last) / pace.low  # SOLUTION


# %% test
def test_years_to_japan(years, fast, slow):
    from chokepoint import data, inference

    assert years is not ..., "还没有作答：把年数写进 years。"
    assert fast is not ..., "还没有作答：把较快的一端写进 fast。"
    assert slow is not ..., "还没有作答：把较慢的一端写进 slow。"
    rows = data.load("cn_rd").query("indicator == 'rd_basic_share' and status == 'final'").sort_values("year")
    target = float(data.load("innovation_panel").query("indicator == 'gerd_basic' and iso3 == 'JPN'")["value"].iloc[0])
    line = inference.slope(rows["year"], rows["value"])
    first, last = rows["value"].iloc[0], rows["value"].iloc[-1]

    def near(value, right):
        return abs(value - right) < 1e-6

    right = (target - last) / line.estimate
    assert not near(years, target / line.estimate), "你从零算起了：要走的只是日本的水平与中国最近一年之差。"
    assert not near(years, (target - first) / line.estimate), "起点错了：要从最近一年的终值算起，不是最早的一年。"
    assert not near(years, (target / last - 1) / (line.estimate / last) * 100), (
        "百分数与百分点混用了：差与斜率都用百分点，直接相除。"
    )
    assert not near(years, line.estimate / (target - last)), "比值颠倒了：差距除以每年的升幅，才是年数。"
    assert near(years, right), "years 不对：日本的水平减最近一年的终值，除以斜率的估计。"
    assert not near(fast, (target - last) / line.low), "快慢颠倒了：斜率大的一端（high）到得快，年数少。"
    assert near(fast, (target - last) / line.high), "fast 不对：同样的差距，除以斜率区间的上端。"
    assert near(slow, (target - last) / line.low), "slow 不对：同样的差距，除以斜率区间的下端。"


# %% wrong="起点用了最早的一年"
final = rd[rd["status"] == "final"]
line = inference.slope(final["year"], final["value"])
years, fast, slow = ((japan - final["value"].iloc[0]) / s for s in (line.estimate, line.high, line.low))

# %% wrong="快慢颠倒"
final = rd[rd["status"] == "final"]
line = inference.slope(final["year"], final["value"])
years, fast, slow = ((japan - final["value"].iloc[-1]) / s for s in (line.estimate, line.low, line.high))

# %% wrong="比值颠倒"
final = rd[rd["status"] == "final"]
line = inference.slope(final["year"], final["value"])
years, fast, slow = (s / (japan - final["value"].iloc[-1]) for s in (line.estimate, line.high, line.low))
