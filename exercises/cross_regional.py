# %% [markdown]
# # 去掉一个省
#
# 对应《跨区域协同》一章的“动手”练习。`province_panel` 一行是一地一年的一个数；`scope` 为 `province` 的是各省，为 `national` 的是全国；`tech_contract_out_value` 是技术合同的输出额（亿元）。下面排成表：行为年，列为省份代码（北京 `CN-BJ`、广东 `CN-GD`、西藏 `CN-XZ`）。`gini` 算基尼系数：零是各省相同，越大越集中。
#
# 西藏在 2017 年以前没有数，前后要比同样的省，所以**两年都不算西藏**。

# %%
from chokepoint import data
from chokepoint.concentration import gini

panel = data.load("province_panel")
kept = panel[(panel["scope"] == "province") & (panel["indicator"] == "tech_contract_out_value")]
output = kept.pivot(index="year", columns="province", values="value")
output.loc[[2012, 2023]]

# %% [markdown] question="covered" points=1
# 除西藏外的全部省，基尼系数 2023 年减 2012 年是多少？写进 `whole`（小数，变匀为负）。

# %%
covered = output.drop(columns="CN-XZ")  # SOLUTION
whole = gini(covered.loc[2023]) - gini(covered.loc[2012])  # SOLUTION


# %% test
def test_the_same_provinces_are_compared(whole):
    import numpy as np

    from chokepoint import data

    assert whole is not ..., "还没有作答：把基尼系数的变化写进 whole。"

    def even(values):
        x = np.asarray(values, dtype=float)
        return float(np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean()))

    def ends(indicator, scope=("province",)):
        rows = data.load("province_panel")
        rows = rows[(rows["indicator"] == indicator) & rows["scope"].isin(scope)]
        year = {y: rows[(rows["year"] == y) & (rows["province"] != "CN-XZ")]["value"].dropna() for y in (2012, 2023)}
        return even(year[2012]), even(year[2023])

    first, last = ends("tech_contract_out_value")
    rows = data.load("province_panel").query("scope == 'province' and indicator == 'tech_contract_out_value'")
    uneven = even(rows[rows["year"] == 2023]["value"].dropna()) - even(rows[rows["year"] == 2012]["value"].dropna())

    def near(value):
        return abs(whole - value) < 1e-4

    assert not near(uneven), "末年多了一个西藏：前后要比同样的省，两年都去掉它。"
    assert not near(first - last), "方向反了：要末年减首年，变匀应为负。"
    assert not near(last / first - 1), "你算的是变化的比例：要两年的基尼系数相减。"
    assert not near(last), "这是末年的基尼系数：还要减去首年的。"
    bought = ends("tech_contract_in_value")
    assert not near(bought[1] - bought[0]), "这是吸纳额的变化：要用输出额。"
    assert near(last - first), "数不对：去掉西藏，各算首末两年的基尼系数，再相减。"


# %% wrong="末年多了西藏"
whole = gini(output.loc[2023].dropna()) - gini(output.loc[2012].dropna())

# %% wrong="方向反了"
covered = output.drop(columns="CN-XZ")
whole = gini(covered.loc[2012]) - gini(covered.loc[2023])

# %% wrong="变化的比例"
covered = output.drop(columns="CN-XZ")
whole = gini(covered.loc[2023]) / gini(covered.loc[2012]) - 1

# %% [markdown] question="dropped" points=2
# 再各去掉一省（西藏仍不算）：只去掉广东时的变化写进 `without_gd`，只去掉北京时的变化写进 `without_bj`（同样是末年减首年）。哪一省改变了“变匀”的结论？

# %%
covered = output.drop(columns="CN-XZ")  # SOLUTION
no_gd = covered.drop(columns="CN-GD")  # SOLUTION
no_bj = covered.drop(columns="CN-BJ")  # SOLUTION
without_gd = gini(no_gd.loc[2023]) - gini(no_gd.loc[2012])  # SOLUTION
without_bj = gini(no_bj.loc[2023]) - gini(no_bj.loc[2012])  # SOLUTION


# %% test
def test_one_province_is_left_out_of_both_years(without_gd, without_bj):
    import numpy as np

    from chokepoint import data

    assert without_gd is not ..., "还没有作答：把去掉广东时的变化写进 without_gd。"
    assert without_bj is not ..., "还没有作答：把去掉北京时的变化写进 without_bj。"
    rows = data.load("province_panel").query("scope == 'province' and indicator == 'tech_contract_out_value'")

    def even(year, *gone):
        x = rows[(rows["year"] == year) & ~rows["province"].isin(gone)]["value"].dropna().to_numpy(dtype=float)
        return float(np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean()))

    def change(first, last):
        return even(2023, *last) - even(2012, *first)

    tibet, asked = "CN-XZ", ("CN-GD", "CN-BJ")
    right = [change((tibet, p), (tibet, p)) for p in asked]

    def said(values):
        return all(abs(got - v) < 1e-4 for got, v in zip((without_gd, without_bj), values, strict=True))

    assert not said(right[::-1]), "两个写反了：without_gd 是去掉广东的，without_bj 是去掉北京的。"
    assert not said([-v for v in right]), "末年与首年减反了：变匀应为负。"
    assert not said([change((tibet,), (tibet, p)) for p in asked]), "只在末年去掉了那一省：首年也要去掉，前后才可比。"
    assert not said([change((p,), (p,)) for p in asked]), "末年把西藏也算进来了：首年没有它，两年都要去掉。"
    gone = (tibet, *asked)
    assert abs(without_bj - change(gone, gone)) >= 1e-4, (
        "你把广东与北京一起去掉了：每次只去掉一省，去掉北京时广东要留着。"
    )
    assert said(right), "数不对：先去掉西藏，再各去掉一省，首末两年用同样的省，末年减首年。"


# %% wrong="只在末年去掉"
covered = output.drop(columns="CN-XZ")
without_gd = gini(covered.drop(columns="CN-GD").loc[2023]) - gini(covered.loc[2012])
without_bj = gini(covered.drop(columns="CN-BJ").loc[2023]) - gini(covered.loc[2012])

# %% wrong="末年多了西藏"
no_gd, no_bj = output.drop(columns="CN-GD"), output.drop(columns="CN-BJ")
without_gd = gini(no_gd.loc[2023].dropna()) - gini(no_gd.loc[2012].dropna())
without_bj = gini(no_bj.loc[2023].dropna()) - gini(no_bj.loc[2012].dropna())

# %% wrong="越去越多"
covered = output.drop(columns=["CN-XZ", "CN-GD"])
without_gd = gini(covered.loc[2023]) - gini(covered.loc[2012])
covered = covered.drop(columns="CN-BJ")
without_bj = gini(covered.loc[2023]) - gini(covered.loc[2012])
