# %% [markdown]
# # 自己造一个伪相关
#
# 对应《知识产权》一章的“动手”练习：发得快的省，“每件专利的合同额”是不是长得慢（稀释）？`grants` 是发明专利授权（件），`contracts` 是技术合同输出额；都是一行一年、一列一省，31 省。
#
# 答案格里有些中间量的名字只是建议，可以改、可以删；判分只看题里写明要写进的变量。

# %%
import numpy as np

from chokepoint import data

panel = data.load("province_panel").query("scope == 'province'")
grants, contracts = (
    panel[panel["indicator"] == name].pivot(index="year", columns="province", values="value")
    for name in ("patent_grant_invention", "tech_contract_out_value")
)
grants.tail(3)

# %% [markdown] question="naive" points=2
# 增长 = 2023 年与 2018 年之比的自然对数，一省一个数。“每件的合同额”= 合同额 ÷ 授权件数。专利的增长与“每件的合同额”的增长，在各省之间的相关（皮尔逊相关）是多少？写进 `naive`。

# %%
patent_growth = np.log(grants.loc[2023] / grants.loc[2018])  # SOLUTION
contract_growth = np.log(contracts.loc[2023] / contracts.loc[2018])  # SOLUTION
naive = patent_growth.corr(contract_growth - patent_growth)  # SOLUTION


# %% test
def test_correlation_with_contracts_per_patent(naive):
    import numpy as np

    from chokepoint import data

    assert naive is not ..., "还没有作答：把相关写进 naive。"
    rows = data.load("province_panel").query("scope == 'province'")

    def wide(name):
        return rows[rows["indicator"] == name].pivot(index="year", columns="province", values="value")

    patent, money = wide("patent_grant_invention"), wide("tech_contract_out_value")
    x, y = (np.log(t.loc[2023] / t.loc[2018]) for t in (patent, money))

    def near(v):
        return abs(naive - v) < 1e-6

    assert not near(x.corr(y)), "你算的是专利增长与合同增长的相关：题目要的是“每件的合同额”的增长，合同还要除以专利。"
    assert not near(x.corr(x - y)), "比倒了：每件的合同额 = 合同 ÷ 专利，你算的是专利 ÷ 合同，正负正好相反。"
    level = patent.loc[2023].corr(money.loc[2023] / patent.loc[2023])
    assert not near(level), "你比的是 2023 年的水平，不是增长：先求末年与首年之比的对数。"
    assert near(x.corr(y - x)), (
        "相关不对：两个增长都取 2018 到 2023 年之比的对数，每件的合同额的增长 = 合同增长 − 专利增长。"
    )


# %% wrong="没有除以专利"
patent_growth = np.log(grants.loc[2023] / grants.loc[2018])
contract_growth = np.log(contracts.loc[2023] / contracts.loc[2018])
naive = patent_growth.corr(contract_growth)

# %% wrong="比倒了"
patent_growth = np.log(grants.loc[2023] / grants.loc[2018])
contract_growth = np.log(contracts.loc[2023] / contracts.loc[2018])
naive = patent_growth.corr(patent_growth - contract_growth)

# %% wrong="水平，不是增长"
patent_growth, contract_growth = grants.loc[2023], contracts.loc[2023]
naive = patent_growth.corr(contract_growth / patent_growth)

# %% [markdown] question="shifted" points=3
# 分母里就有专利：专利涨得多，“每件的合同额”自己就会显得涨得少。那么，与合同**毫不相干**的专利，会得出多大的相关？把合同的增长整体错开 k 省（`np.roll(…, k)`），重算“每件的合同额”的增长与它同专利增长的相关；k 从 1 到“省数减 1”。
#
# - 各次相关的平均写进 `null`；
# - 有几次的相关不高于 `naive`，写进 `lower`（整数，次）。若真有稀释，`naive` 应当比几乎所有的错位都低。

# %%
x = patent_growth.to_numpy()  # SOLUTION
y = contract_growth.to_numpy()  # SOLUTION
fake = [np.corrcoef(x, np.roll(y, k) - x)[0, 1] for k in range(1, len(x))]  # SOLUTION
null = np.mean(fake)  # SOLUTION
lower = sum(r <= naive for r in fake)  # SOLUTION


# %% test
def test_reference_is_not_zero(null, lower):
    import numpy as np

    from chokepoint import data

    assert null is not ..., "还没有作答：把错位之后的平均相关写进 null。"
    assert lower is not ..., "还没有作答：把不高于实测的次数写进 lower。"
    rows = data.load("province_panel").query("scope == 'province'")

    def growth(name):
        table = rows[rows["indicator"] == name].pivot(index="year", columns="province", values="value")
        return np.log(table.loc[2023] / table.loc[2018]).to_numpy(float)

    x, y = growth("patent_grant_invention"), growth("tech_contract_out_value")
    fake = np.array([np.corrcoef(x, np.roll(y, k) - x)[0, 1] for k in range(len(x))])
    real, fake = fake[0], fake[1:]
    ready = [np.corrcoef(x, np.roll(y - x, k))[0, 1] for k in range(1, len(x))]
    assert abs(null - np.mean(ready)) > 1e-9, (
        "你错开的是已经除好的“每件的合同额”：分母就不再是本省的专利，伪相关被一起打散了。先错开合同，再除以本省的专利。"
    )
    both = [np.corrcoef(x, np.roll(y, k))[0, 1] for k in range(1, len(x))]
    assert abs(null - np.mean(both)) > 1e-9, "错开之后没有再除以专利：伪相关正是除出来的，要看的就是它。"
    assert abs(null - np.mean([real, *fake])) > 1e-9, "k = 0 是真实的配对，不能算进参照：k 从 1 起。"
    assert abs(null - fake.mean()) < 1e-6, "null 不对：每次错开合同，减去本省的专利增长，再与专利增长求相关，最后平均。"
    right = int((fake <= real).sum())
    assert lower != int((fake < 0).sum()), "你数的是低于零的次数：参照不是零，要与实测的 naive 比。"
    assert lower != len(fake) - right, "方向反了：要数的是不高于 naive 的错位。"
    assert lower == right, "lower 不对：各次错位的相关里，不高于 naive 的有几次。"


# %% wrong="错开了除好的比"
x, y = patent_growth.to_numpy(), contract_growth.to_numpy()
fake = [np.corrcoef(x, np.roll(y - x, k))[0, 1] for k in range(1, len(x))]
null, lower = np.mean(fake), sum(r <= naive for r in fake)

# %% wrong="错开之后没有再除"
x, y = patent_growth.to_numpy(), contract_growth.to_numpy()
fake = [np.corrcoef(x, np.roll(y, k))[0, 1] for k in range(1, len(x))]
null, lower = np.mean(fake), sum(r <= naive for r in fake)

# %% wrong="真实的配对也算进参照"
x, y = patent_growth.to_numpy(), contract_growth.to_numpy()
fake = [np.corrcoef(x, np.roll(y, k) - x)[0, 1] for k in range(len(x))]
null, lower = np.mean(fake), sum(r <= naive for r in fake)

# %% wrong="与零相比"
x, y = patent_growth.to_numpy(), contract_growth.to_numpy()
fake = [np.corrcoef(x, np.roll(y, k) - x)[0, 1] for k in range(1, len(x))]
null, lower = np.mean(fake), sum(r < 0 for r in fake)
