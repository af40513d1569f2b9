# %% [markdown]
# # 换掉一边
#
# 对应《产业基础与协同一起长吗：耦合协调》一章的“动手”练习。下面三张表都是一行一年、一列一省（不含技术合同缺数的西藏），格里是自然对数：`patents` 有效发明专利，`people` 研发人员全时当量，`contracts` 技术合同额（输出与吸纳的几何平均）。
#
# 答案格里有些中间量的名字只是建议，可以改、可以删；判分只看题里写明要写进的变量。

# %%
import numpy as np

from chokepoint import data

panel = data.load("province_panel").query("scope == 'province' and province != 'CN-XZ' and 2012 <= year <= 2023")
table = panel.pivot(index="year", columns=["indicator", "province"], values="value")
patents = np.log(table["patent_valid_invention"])
people = np.log(table["rd_fte_total"])
contracts = (np.log(table["tech_contract_out_value"]) + np.log(table["tech_contract_in_value"])) / 2
patents.iloc[:3, :4]

# %% [markdown] question="changes" points=3
# 一张表的**净变化**：每省今年的对数减上年的对数（首年没有，去掉）；先减去当年各省的平均，再减去本省各年的平均。写出函数 `net`：给一张表，返回它的净变化；再把净变化的全部格子一一配对，算专利与合同、人员与合同的相关（皮尔逊相关，−1 到 1），写进 `r_patents`、`r_people`。
#
# 提示：`表.stack()` 把一张表排成一列，`一列.corr(另一列)` 是相关。


# %%
def net(table):
    change = table.diff().dropna()  # SOLUTION
    change = change.sub(change.mean(axis=1), axis=0)  # SOLUTION
    return change - change.mean()  # SOLUTION


r_patents = net(patents).stack().corr(net(contracts).stack())  # SOLUTION
r_people = net(people).stack().corr(net(contracts).stack())  # SOLUTION


# %% test
def test_changes_are_net_of_year_and_place(r_patents, r_people):
    import numpy as np

    from chokepoint import data

    assert r_patents is not ..., "还没有作答：把专利与合同的相关写进 r_patents。"
    assert r_people is not ..., "还没有作答：把人员与合同的相关写进 r_people。"
    rows = data.load("province_panel").query("scope == 'province' and province != 'CN-XZ' and 2012 <= year <= 2023")

    def log(name):
        own = rows[rows["indicator"] == name]
        return np.log(own.pivot(index="year", columns="province", values="value").to_numpy(float))

    def corr(a, b):
        return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])

    def less(a, *axes):
        for axis in axes:
            a = a - a.mean(axis=axis, keepdims=True)
        return a

    money = (log("tech_contract_out_value") + log("tech_contract_in_value")) / 2
    grants, staff = log("patent_valid_invention"), log("rd_fte_total")
    up, more, hired = (np.diff(a, axis=0) for a in (money, grants, staff))

    def near(x, y):
        return abs(x - y) < 1e-6

    assert not near(r_patents, corr(grants, money)), "你比的是水平，不是变化：大省两样都多，水平当然一起高。先用 diff。"
    assert not near(r_patents, corr(more, up)), "你只取了逐年的变化，两种平均都没有减：全国同涨的年份会造出相关。"
    assert not near(r_patents, corr(less(more, 1), less(up, 1))), "你只减了当年各省的平均：还要减去本省各年的平均。"
    assert not near(r_patents, corr(less(more, 0), less(up, 0))), "你只减了本省各年的平均：还要减去当年各省的平均。"
    assert near(r_patents, corr(less(more, 1, 0), less(up, 1, 0))), (
        "r_patents 不对：对数 → 逐年相减 → 减当年各省平均 → 减本省平均 → 全部格子算相关。"
    )
    assert near(r_people, corr(less(hired, 1, 0), less(up, 1, 0))), (
        "r_people 不对：步骤与 r_patents 相同，只把专利换成研发人员。"
    )


# %% wrong="比的是水平"
def net(table):
    return table


r_patents = net(patents).stack().corr(net(contracts).stack())
r_people = net(people).stack().corr(net(contracts).stack())


# %% wrong="两种平均都没有减"
def net(table):
    return table.diff().dropna()


r_patents = net(patents).stack().corr(net(contracts).stack())
r_people = net(people).stack().corr(net(contracts).stack())


# %% wrong="只减了当年的平均"
def net(table):
    change = table.diff().dropna()
    return change.sub(change.mean(axis=1), axis=0)


r_patents = net(patents).stack().corr(net(contracts).stack())
r_people = net(people).stack().corr(net(contracts).stack())


# %% wrong="只减了本省的平均"
def net(table):
    change = table.diff().dropna()
    return change - change.mean()


r_patents = net(patents).stack().corr(net(contracts).stack())
r_people = net(people).stack().corr(net(contracts).stack())

# %% [markdown] question="shifts" points=2
# 相关多大才算大？要有参照。**错位**是打乱的一种：专利的净变化不动，把合同的净变化整体往右错开 k 列（`np.roll(…, k, axis=1)`），每省就配上了别省的合同。k 从 1 到“省数减 1”，每错一次算一次相关。有几次错位的相关，绝对值不小于真实相关的绝对值？写进 `as_far`（整数，次）。

# %%
x = net(patents).to_numpy()  # SOLUTION
y = net(contracts).to_numpy()  # SOLUTION
real = np.corrcoef(x.ravel(), y.ravel())[0, 1]  # SOLUTION
moved = [np.corrcoef(x.ravel(), np.roll(y, k, axis=1).ravel())[0, 1] for k in range(1, y.shape[1])]  # SOLUTION
as_far = sum(abs(r) >= abs(real) for r in moved)  # SOLUTION


# %% test
def test_shifts_as_far_as_the_real_pairing(as_far):
    import numpy as np

    from chokepoint import data

    assert as_far is not ..., "还没有作答：把次数写进 as_far。"
    rows = data.load("province_panel").query("scope == 'province' and province != 'CN-XZ' and 2012 <= year <= 2023")

    def net(*names):
        parts = [rows[rows["indicator"] == n].pivot(index="year", columns="province", values="value") for n in names]
        change = np.diff(np.mean([np.log(p.to_numpy(float)) for p in parts], axis=0), axis=0)
        change = change - change.mean(axis=1, keepdims=True)
        return change - change.mean(axis=0)

    x, y = net("patent_valid_invention"), net("tech_contract_out_value", "tech_contract_in_value")
    found = np.array([np.corrcoef(x.ravel(), np.roll(y, k, axis=1).ravel())[0, 1] for k in range(y.shape[1])])
    real, moved = found[0], found[1:]
    right = int((np.abs(moved) >= abs(real)).sum())
    assert as_far != right + 1, "多了一次：k = 0 没有错位，那是真实的配对，不能拿来当参照。"
    assert as_far != int((moved >= real).sum()), "你没有取绝对值：负得很远的相关也同样“远”。"
    assert as_far != len(moved) - right, "方向反了：要数的是不小于真实相关的错位，不是比它小的。"
    assert as_far == right, "次数不对：k 从 1 起，各算一次相关，取绝对值，数不小于真实的有几次。"


# %% wrong="把真实的配对也算作错位"
x, y = net(patents).to_numpy(), net(contracts).to_numpy()
real = np.corrcoef(x.ravel(), y.ravel())[0, 1]
moved = [np.corrcoef(x.ravel(), np.roll(y, k, axis=1).ravel())[0, 1] for k in range(y.shape[1])]
as_far = sum(abs(r) >= abs(real) for r in moved)

# %% wrong="没有取绝对值"
x, y = net(patents).to_numpy(), net(contracts).to_numpy()
real = np.corrcoef(x.ravel(), y.ravel())[0, 1]
moved = [np.corrcoef(x.ravel(), np.roll(y, k, axis=1).ravel())[0, 1] for k in range(1, y.shape[1])]
as_far = sum(r >= real for r in moved)

# %% wrong="数了比真实小的"
x, y = net(patents).to_numpy(), net(contracts).to_numpy()
real = np.corrcoef(x.ravel(), y.ravel())[0, 1]
moved = [np.corrcoef(x.ravel(), np.roll(y, k, axis=1).ravel())[0, 1] for k in range(1, y.shape[1])]
as_far = sum(abs(r) < abs(real) for r in moved)
