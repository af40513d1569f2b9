# %% [markdown]
# # 换一个经济体
#
# 对应《四大支柱全景》一章的“动手”练习。`patents` 一行是一个经济体（`iso3`，`WLD` 为世界合计）在一个技术领域（`field`）一年的专利数 `value`；`measure` 是数法：`inpadoc_family` 各局同族，`uspto_grant` 美国授权。`patent_fields` 写明领域归入哪一支柱（`pillar`），空着的不归入四大支柱。
#
# 相对技术优势 RTA，是一个经济体在某一支柱占世界的份额，除以它在**全部领域**（不归入支柱的也算）占世界的份额；大于 1 为偏重。

# %%
from chokepoint import data

patents = data.load("patents").query("year == 2020")
pillar = data.load("patent_fields").set_index("field")["pillar"]
patents.head()

# %% [markdown] question="advantage" points=2
# 算出日本（`JPN`）四大支柱的 RTA，都用 2020 年：按美国授权的写进 `rta_grant`，按同族的写进 `rta_family`。两个都是 Series，索引为支柱代码（`components` 等），值为倍数。

# %%
counts = patents.pivot_table(index="field", columns=["measure", "iso3"], values="value")  # SOLUTION
by_pillar = counts.groupby(pillar).sum()  # SOLUTION
total = counts.sum()  # SOLUTION
grant = by_pillar["uspto_grant"]  # SOLUTION
family = by_pillar["inpadoc_family"]  # SOLUTION
whole_grant = total["uspto_grant"]["JPN"] / total["uspto_grant"]["WLD"]  # SOLUTION
whole_family = total["inpadoc_family"]["JPN"] / total["inpadoc_family"]["WLD"]  # SOLUTION
rta_grant = grant["JPN"] / grant["WLD"] / whole_grant  # SOLUTION
rta_family = family["JPN"] / family["WLD"] / whole_family  # SOLUTION


# %% test
def test_relative_advantage_of_japan(rta_grant, rta_family):
    import pandas as pd

    from chokepoint import data

    assert rta_grant is not ..., "还没有作答：把按美国授权的 RTA 写进 rta_grant。"
    assert rta_family is not ..., "还没有作答：把按同族的 RTA 写进 rta_family。"
    rows = data.load("patents").query("year == 2020")
    groups = data.load("patent_fields").set_index("field")["pillar"].dropna()
    pillars = sorted(groups.unique())

    def sums(measure, iso3):
        own = rows[(rows["measure"] == measure) & (rows["iso3"] == iso3)].set_index("field")["value"].astype(float)
        return own, pd.Series({p: own[groups.index[groups == p]].sum() for p in pillars})

    def found(measure, iso3="JPN", base="all"):
        (own, mine), (world, everyone) = sums(measure, iso3), sums(measure, "WLD")
        below = {"all": own.sum() / world.sum(), "pillars": mine.sum() / everyone.sum(), "none": 1.0}[base]
        return mine / everyone / below

    def average(measure):
        (own, _), (world, _) = sums(measure, "JPN"), sums(measure, "WLD")
        each = own / world / (own.sum() / world.sum())
        return each.groupby(groups).mean()

    def same(answer, right):
        return len(answer.reindex(pillars).dropna()) == len(pillars) and all(
            abs(answer[p] - right[p]) < 1e-6 for p in pillars
        )

    kinds = {"rta_grant": (rta_grant, "uspto_grant"), "rta_family": (rta_family, "inpadoc_family")}
    for name, (answer, measure) in kinds.items():
        assert isinstance(answer, pd.Series), f"{name} 要写成 Series：索引为四个支柱的代码，值为倍数。"
        other = "inpadoc_family" if measure == "uspto_grant" else "uspto_grant"
        assert not same(answer, found(measure, base="none")), "这是日本占世界的份额：还要除以它在全部领域的份额。"
        assert not same(answer, found(measure, base="pillars")), (
            "你的分母只含归入支柱的领域：没有归入支柱的领域，求合计时也要算。"
        )
        assert not same(answer, 1 / found(measure)), "比值颠倒了：支柱里的份额作分子，全部领域的份额作分母。"
        assert not same(answer, average(measure)), (
            "你把各领域的 RTA 平均了：大小领域不该等权，应先把专利数加到支柱，再求份额。"
        )
        assert not same(answer, found(measure, "CHN")), "这是中国的 RTA：题目要的是日本（JPN）。"
        assert not same(answer, found(other)), "两种数法写反了：美国授权写进 rta_grant，同族写进 rta_family。"
        assert same(answer, found(measure)), (
            f"{name} 不对：按支柱把专利数相加，求日本占世界的份额，再除以它在全部领域占世界的份额。"
        )


# %% wrong="只是份额"
counts = patents.pivot_table(index="field", columns=["measure", "iso3"], values="value")
grant, family = (counts.groupby(pillar).sum()[m] for m in ("uspto_grant", "inpadoc_family"))
rta_grant = grant["JPN"] / grant["WLD"]
rta_family = family["JPN"] / family["WLD"]

# %% wrong="分母只含归入支柱的领域"
counts = patents.pivot_table(index="field", columns=["measure", "iso3"], values="value")
grant, family = (counts.groupby(pillar).sum()[m] for m in ("uspto_grant", "inpadoc_family"))
rta_grant = grant["JPN"] / grant["WLD"] / (grant["JPN"].sum() / grant["WLD"].sum())
rta_family = family["JPN"] / family["WLD"] / (family["JPN"].sum() / family["WLD"].sum())

# %% wrong="各领域的 RTA 平均"
counts = patents.pivot_table(index="field", columns=["measure", "iso3"], values="value")
grant, family = counts["uspto_grant"], counts["inpadoc_family"]
rta_grant = (grant["JPN"] / grant["WLD"] / (grant["JPN"].sum() / grant["WLD"].sum())).groupby(pillar).mean()
rta_family = (family["JPN"] / family["WLD"] / (family["JPN"].sum() / family["WLD"].sum())).groupby(pillar).mean()

# %% wrong="两种数法写反"
counts = patents.pivot_table(index="field", columns=["measure", "iso3"], values="value")
family, grant = (counts.groupby(pillar).sum()[m] for m in ("uspto_grant", "inpadoc_family"))
total = counts.sum()
rta_grant = grant["JPN"] / grant["WLD"] / (total["inpadoc_family"]["JPN"] / total["inpadoc_family"]["WLD"])
rta_family = family["JPN"] / family["WLD"] / (total["uspto_grant"]["JPN"] / total["uspto_grant"]["WLD"])

# %% [markdown] question="moved" points=1
# 归类是判断：半导体（`semiconductors`）现归零部件，它也含制造方法，可以改归工艺（`processes`）。只改这一个领域，按美国授权，日本的零部件 RTA 变为多少？写进 `moved`（倍数）。

# %%
moved_pillar = pillar.where(pillar.index != "semiconductors", "processes")  # SOLUTION
changed = patents[patents["measure"] == "uspto_grant"].pivot(index="field", columns="iso3", values="value")  # SOLUTION
parts = changed.groupby(moved_pillar).sum().loc["components"]  # SOLUTION
moved = parts["JPN"] / parts["WLD"] / (changed["JPN"].sum() / changed["WLD"].sum())  # SOLUTION


# %% test
def test_moving_one_field(moved):
    from chokepoint import data

    assert moved is not ..., "还没有作答：把改归类以后的零部件 RTA 写进 moved。"
    rows = data.load("patents").query("year == 2020 and measure == 'uspto_grant'")
    table = rows.pivot(index="field", columns="iso3", values="value").astype(float)
    groups = data.load("patent_fields").set_index("field")["pillar"]
    parts = groups.index[groups == "components"]
    left = parts.drop("semiconductors")

    def rta(fields, all_fields):
        own, every = table.loc[fields].sum(), table.loc[all_fields].sum()
        return own["JPN"] / own["WLD"] / (every["JPN"] / every["WLD"])

    def near(value):
        return abs(moved - value) < 1e-6

    assert not near(rta(parts, table.index)), "没有变：你算的还是原来的归类，先把半导体改到 processes 再合计。"
    assert not near(rta(left, table.index.drop("semiconductors"))), (
        "你把半导体整个删掉了：它只是换了支柱，全部领域的份额里仍有它。"
    )
    tools = groups.index[groups == "processes"].union(["semiconductors"])
    assert not near(rta(tools, table.index)), "这是工艺的 RTA：题目问的是零部件（components）。"
    assert near(rta(left, table.index)), "不对：改一个领域的支柱，重新按支柱合计；全部领域的份额不变。"


# %% wrong="还是原来的归类"
changed = patents[patents["measure"] == "uspto_grant"].pivot(index="field", columns="iso3", values="value")
parts = changed.groupby(pillar).sum().loc["components"]
moved = parts["JPN"] / parts["WLD"] / (changed["JPN"].sum() / changed["WLD"].sum())

# %% wrong="删掉了半导体"
changed = patents[patents["measure"] == "uspto_grant"].pivot(index="field", columns="iso3", values="value")
changed = changed.drop(index="semiconductors")
parts = changed.groupby(pillar).sum().loc["components"]
moved = parts["JPN"] / parts["WLD"] / (changed["JPN"].sum() / changed["WLD"].sum())
