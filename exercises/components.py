# %% [markdown]
# # 收入口径动到哪里，结论就变
#
# 对应《核心基础零部件》一章的“动手”练习。2023 年轴承的几个公开总量：行业收入（亿元）、出口额与进口额（亿美元）、外资企业占行业收入的份额 `foreign_share`（百分数）。`rate` 是换算用的汇率（元/美元）。
#
# 外资企业的收入若大于全部出口额，就不可能全部用于出口，于是“国内生产”里必有外资在境内卖的一份。
#
# 记 $R$ 行业收入、$X$ 出口额、$M$ 进口额、$F$ 外资收入，都折成亿元：
#
# - 表观消费 $R-X+M$；补数（国内生产占消费）是 $(R-X)/(R-X+M)$；
# - 本土企业份额的上界 $(R-X-\max(F-X,\,0))/(R-X+M)$：让外资尽量多承担出口。

# %%
from chokepoint import data
from chokepoint.findings import components

trade = data.load("trade_totals").query("goods == 'rolling_bearings' and year == 2023")
bearings = trade.set_index("indicator")["value"]
claims = data.load("localisation").query("item == 'bearings'").set_index("measure")["value"]
foreign_share = claims["foreign_firm_revenue_share"]
rate = components.rate()
bearings.to_frame()

# %% [markdown] question="bounds" points=2
# 按公布的收入，补数是多少，本土份额的上界是多少？写进 `domestic` 与 `upper`（0 到 1 的小数）。

# %%
revenue = bearings["industry_revenue"]  # SOLUTION
exports = bearings["export_value"] * rate  # SOLUTION
imports = bearings["import_value"] * rate  # SOLUTION
foreign = revenue * foreign_share / 100  # SOLUTION
used = revenue - exports + imports  # SOLUTION
domestic = (revenue - exports) / used  # SOLUTION
upper = (revenue - exports - max(foreign - exports, 0)) / used  # SOLUTION


# %% test
def test_the_two_shares(domestic, upper):
    from chokepoint import data

    assert domestic is not ..., "还没有作答：把补数写进 domestic。"
    assert upper is not ..., "还没有作答：把本土份额的上界写进 upper。"
    rows = data.load("trade_totals")
    own = rows[(rows["goods"] == "rolling_bearings") & (rows["year"] == 2023)].set_index("indicator")["value"]
    chips = rows[(rows["goods"] == "integrated_circuits") & (rows["indicator"] == "export_value")]
    chips = chips[chips["year"] == 2024].set_index("unit")["value"]
    dollar = chips["CNY_100m"] / chips["USD_100m"]
    said = data.load("localisation").query("item == 'bearings' and measure == 'foreign_firm_revenue_share'")
    part = said["value"].iloc[0] / 100

    def shares(dollar):
        r, x, m = own["industry_revenue"], own["export_value"] * dollar, own["import_value"] * dollar
        return (r - x) / (r - x + m), (r - x - max(r * part - x, 0)) / (r - x + m), (r - x - r * part) / (r - x + m)

    def near(value, right):
        return abs(value - right) < 1e-6

    home, top, bottom = shares(dollar)
    assert not near(domestic, 100 * home), "你写的是百分数：题目要 0 到 1 的小数。"
    assert not near(domestic, shares(1.0)[0]), "币种混了：收入是亿元，进出口是亿美元，先乘以 rate。"
    plain = own["industry_revenue"] / (own["industry_revenue"] + own["import_value"] * dollar)
    assert not near(domestic, plain), "没有减去出口：消费是收入减出口加进口，分子也要减去出口。"
    assert near(domestic, home), "补数不对：收入减出口作分子，收入减出口加进口作分母，都折成亿元。"
    assert not near(upper, bottom), "这是下界：它假定外资一件也不出口。上界要让外资尽量多承担出口。"
    assert not near(upper, home), "上界与补数相同：外资收入大于出口，多出来的那一块要减去，检查外资份额是不是百分数。"
    assert near(upper, top), "上界不对：从收入减出口里再减去 max(外资收入 - 出口, 0)，分母是表观消费。"


# %% wrong="忘了换成人民币"
revenue, exports, imports = (bearings[k] for k in ("industry_revenue", "export_value", "import_value"))
used = revenue - exports + imports
domestic = (revenue - exports) / used
upper = (revenue - exports - max(revenue * foreign_share / 100 - exports, 0)) / used

# %% wrong="没有减去出口"
revenue, exports, imports = (
    bearings["industry_revenue"],
    bearings["export_value"] * rate,
    bearings["import_value"] * rate,
)
domestic = revenue / (revenue + imports)
upper = domestic - max(revenue * foreign_share / 100 - exports, 0) / (revenue + imports)

# %% wrong="上界写成了下界"
revenue, exports, imports = (
    bearings["industry_revenue"],
    bearings["export_value"] * rate,
    bearings["import_value"] * rate,
)
used = revenue - exports + imports
domestic = (revenue - exports) / used
upper = (revenue - exports - revenue * foreign_share / 100) / used

# %% [markdown] question="flip" points=2
# “行业收入”里可能掺着不是轴承的销售。设真正的轴承收入是公布数的 `scale` 倍（外资份额不变）：`scale` 降到多少，外资收入恰好等于出口额，补数恰好等于上界？写进 `scale`（0 到 1 的小数）；它比基准（1）低多少，写进 `gap`（同一单位的差）。

# %%
scale = bearings["export_value"] * rate / (bearings["industry_revenue"] * foreign_share / 100)  # SOLUTION
gap = 1 - scale  # SOLUTION


# %% test
def test_where_the_conclusion_turns(scale, gap):
    from chokepoint import data

    assert scale is not ..., "还没有作答：把临界的倍数写进 scale。"
    assert gap is not ..., "还没有作答：把它与基准之差写进 gap。"
    rows = data.load("trade_totals")
    own = rows[(rows["goods"] == "rolling_bearings") & (rows["year"] == 2023)].set_index("indicator")["value"]
    chips = rows[(rows["goods"] == "integrated_circuits") & (rows["indicator"] == "export_value")]
    chips = chips[chips["year"] == 2024].set_index("unit")["value"]
    dollar = chips["CNY_100m"] / chips["USD_100m"]
    said = data.load("localisation").query("item == 'bearings' and measure == 'foreign_firm_revenue_share'")
    foreign = own["industry_revenue"] * said["value"].iloc[0] / 100
    right = own["export_value"] * dollar / foreign

    def near(value, other):
        return abs(value - other) < 1e-6

    assert not near(scale, 1 / right), "比值颠倒了：打折后的外资收入等于出口额，出口额在上，外资收入在下。"
    assert not near(scale, own["export_value"] / foreign), "币种混了：出口额是亿美元，先乘以 rate 再与收入相比。"
    assert not near(scale, own["import_value"] * dollar / foreign), (
        "你用了进口额：外资能不能全部用于出口，要与出口额比。"
    )
    assert not near(scale, own["export_value"] * dollar / own["industry_revenue"]), (
        "这是出口占全行业收入的份额：分母应当是外资企业的收入。"
    )
    assert near(scale, right), "倍数不对：解 scale × 行业收入 × 外资份额 = 出口额 × rate，份额先除以一百。"
    assert not near(gap, scale), "gap 与 scale 相同：要的是它比 1 低多少。"
    assert near(gap, 1 - right), "gap 不对：用 1 减去 scale。"


# %% wrong="比值颠倒"
scale = bearings["industry_revenue"] * foreign_share / 100 / (bearings["export_value"] * rate)
gap = scale - 1

# %% wrong="用了进口额"
scale = bearings["import_value"] * rate / (bearings["industry_revenue"] * foreign_share / 100)
gap = 1 - scale

# %% wrong="分母用了全行业收入"
scale = bearings["export_value"] * rate / bearings["industry_revenue"]
gap = 1 - scale
