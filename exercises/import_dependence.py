# %% [markdown]
# # 换一个联盟
#
# 对应“进口依赖”一章的“动手”练习。`semi_equipment_trade` 是半导体设备的贸易：`hs6` 海关编码（848620 是前道设备），`flow` 为 `export` 或 `import`，`iso3` 申报的经济体，`value` 金额（百万美元），`ROW` 是没有单列的申报方之和。
#
# HHI 是各家份额的平方和，份额写成 0–1 的小数，所以 HHI 也在 0 与 1 之间；结成联盟的几家先并成一家，份额相加，再平方。

# %%
from chokepoint import data

trade = data.load("semi_equipment_trade")
tools = trade[(trade["hs6"] == "848620") & (trade["year"] == 2019)]
tools.head()

# %% [markdown] question="hhi" points=2
# 2019 年前道设备世界出口，把日本（JPN）、荷兰（NLD）、新加坡（SGP）并成一家，HHI 是多少？写进 `hhi`（0–1 的小数）。

# %%
exports = tools[tools["flow"] == "export"].set_index("iso3")["value"]  # SOLUTION
share = exports / exports.sum()  # SOLUTION
bloc = share[["JPN", "NLD", "SGP"]].sum()  # SOLUTION
hhi = bloc**2 + (share.drop(["JPN", "NLD", "SGP"]) ** 2).sum()  # SOLUTION


# %% test
def test_bloc(hhi):
    import math

    from chokepoint import data

    assert hhi is not ..., "还没有作答：把 HHI 写进 hhi。"
    rows = data.load("semi_equipment_trade").query("hs6 == '848620' and year == 2019")
    sides = {flow: part.set_index("iso3")["value"] for flow, part in rows.groupby("flow")}
    share = sides["export"] / sides["export"].sum()
    three = ["JPN", "NLD", "SGP"]
    right = share[three].sum() ** 2 + (share.drop(three) ** 2).sum()

    def near(x):
        return math.isclose(hhi, x, rel_tol=1e-6)

    assert not near(10_000 * right), "份额要写成 0–1 的小数：你用的是百分数，HHI 大了一万倍。"
    assert not near((share**2).sum()), "你没有把三家并成一家：先把份额相加，再平方。"
    assert not near((share.drop(three) ** 2).sum()), "你把联盟丢掉了：三家并成的一家也要算进去。"
    both = rows["value"].groupby(rows["iso3"]).sum()
    both = both / both.sum()
    assert not near(both[three].sum() ** 2 + (both.drop(three) ** 2).sum()), (
        "你把进口也算了进去：只要 flow 为 export 的。"
    )
    assert near(right), "HHI 不对：只取出口，除以合计得份额，三家相加为一家，各家平方再相加。"


# %% wrong="用了百分数"
exports = tools[tools["flow"] == "export"].set_index("iso3")["value"]
share = 100 * exports / exports.sum()
hhi = share[["JPN", "NLD", "SGP"]].sum() ** 2 + (share.drop(["JPN", "NLD", "SGP"]) ** 2).sum()

# %% wrong="没有并成一家"
exports = tools[tools["flow"] == "export"].set_index("iso3")["value"]
hhi = ((exports / exports.sum()) ** 2).sum()

# %% wrong="丢掉了联盟"
exports = tools[tools["flow"] == "export"].set_index("iso3")["value"]
share = exports / exports.sum()
hhi = (share.drop(["JPN", "NLD", "SGP"]) ** 2).sum()

# %% wrong="进口也算了"
both = tools.groupby("iso3")["value"].sum()
share = both / both.sum()
hhi = share[["JPN", "NLD", "SGP"]].sum() ** 2 + (share.drop(["JPN", "NLD", "SGP"]) ** 2).sum()
