# %% [markdown]
# # 把余额分给谁
#
# 对应《产业技术基础》一章的“动手”练习。`sep_5g` 的一行是一个权利人在一种口径（`definition`）、一个时点（`as_of`）的一个数：`measure` 为 `sep_share` 是占世界 5G 标准必要专利的份额（百分数），`sep_families` 是族数。`holder_kind` 为 `firm` 是企业，`hq_iso3` 是总部所在地。名单只列前几名，列名的份额加起来不到 100，差的一块叫**余额**：属于没有列名的企业。

# %%
from chokepoint import data

sep = data.load("sep_5g").query("definition == 'caict_effective'")
sep[["as_of", "holder_zh", "holder_kind", "hq_iso3", "measure", "value"]]

# %% [markdown] question="shares" points=3
# 只用信通院 2021 年末（`2021-12`）列名的企业，总部在中国大陆（`CHN`）的算中国企业。三个答案都是百分数：
#
# - `rest`：没有列名的余额；
# - `proportional`：余额里中国的比重若与列名企业里的相同，中国的合计份额；
# - `middle`：下界（余额全不是中国的）与上界（余额全是中国的）的中点。

# %%
firms = sep[(sep["as_of"] == "2021-12") & (sep["measure"] == "sep_share")]  # SOLUTION
listed = firms["value"].sum()  # SOLUTION
low = firms.loc[firms["hq_iso3"] == "CHN", "value"].sum()  # SOLUTION
rest = 100 - listed  # SOLUTION
proportional = low / listed * 100  # SOLUTION
middle = low + rest / 2  # SOLUTION


# %% test
def test_sharing_out_the_rest(rest, proportional, middle):
    from chokepoint import data

    assert rest is not ..., "还没有作答：把没有列名的余额写进 rest。"
    assert proportional is not ..., "还没有作答：把按比例分配的合计写进 proportional。"
    assert middle is not ..., "还没有作答：把上下界的中点写进 middle。"
    rows = data.load("sep_5g").query("definition == 'caict_effective' and measure == 'sep_share'")
    now = rows[rows["as_of"] == "2021-12"]
    values, own = now["value"].tolist(), (now["hq_iso3"] == "CHN").tolist()
    named = sum(values)
    china = sum(v for v, mine in zip(values, own, strict=True) if mine)
    left = 100 - named

    def near(value, right):
        return abs(value - right) < 1e-6

    both = 100 - rows["value"].sum()
    assert not near(rest, both), "你把两个时点的名单加在一起了：只取 as_of 为 2021-12 的。"
    assert not near(rest, named), "这是列名企业的合计：余额是 100 减去它。"
    assert near(rest, left), (
        "余额不对：取 2021-12、measure 为 sep_share 的企业，100 减去它们的合计；族数的行不能加进来。"
    )
    assert not near(proportional, china), "这是下界：没有列名的余额还没有分给中国。"
    assert not near(proportional, china + left), "这是上界：余额没有全给中国，只按比例给一部分。"
    heads = sum(own) / len(own)
    assert not near(proportional, china + left * heads), "你按企业的家数分了余额：比重要按份额算，不按家数算。"
    assert not near(proportional, china / named), "这是 0 到 1 的小数：题目要百分数，乘以 100。"
    assert near(proportional, china / named * 100), "proportional 不对：中国企业的份额除以列名企业的合计，再乘以 100。"
    assert not near(middle, left / 2), "这是半个界宽：中点是下界加上它。"
    assert not near(middle, (china + 100) / 2), "上界取成了 100：上界只是下界加上余额，别国列名的企业不会变成中国的。"
    assert near(middle, china + left / 2), "middle 不对：下界是中国企业之和，上界再加余额，两者相加除以二。"


# %% wrong="两个时点加在一起"
firms = sep[sep["measure"] == "sep_share"]
low, rest = firms.loc[firms["hq_iso3"] == "CHN", "value"].sum(), 100 - firms["value"].sum()
proportional = low / firms["value"].sum() * 100
middle = low + rest / 2

# %% wrong="按家数分余额"
firms = sep[(sep["as_of"] == "2021-12") & (sep["measure"] == "sep_share")]
china = firms["hq_iso3"] == "CHN"
low, rest = firms.loc[china, "value"].sum(), 100 - firms["value"].sum()
proportional = low + rest * china.mean()
middle = low + rest / 2

# %% wrong="余额全给了中国"
firms = sep[(sep["as_of"] == "2021-12") & (sep["measure"] == "sep_share")]
low, rest = firms.loc[firms["hq_iso3"] == "CHN", "value"].sum(), 100 - firms["value"].sum()
proportional = low + rest
middle = low + rest / 2

# %% wrong="上界取成了一百"
firms = sep[(sep["as_of"] == "2021-12") & (sep["measure"] == "sep_share")]
low, rest = firms.loc[firms["hq_iso3"] == "CHN", "value"].sum(), 100 - firms["value"].sum()
proportional = low / (100 - rest) * 100
middle = (low + 100) / 2
