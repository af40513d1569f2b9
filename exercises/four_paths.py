# %% [markdown]
# # 换一家
#
# 对应《融合的路径》一章的“动手”练习：标准起草组里，参加不止一张名单的成员（“多组成员”），署名靠不靠前？这个结论靠不靠某一家？
#
# 下面的 `seats` 一行是一个席位：`consortium_id` 名单，`member_zh` 成员，`member_order` 署名的次序（小的在前，未必从 1 起）。城市轨道交通信号的几张名单几乎是同一批成员，已只留一张。
#
# 答案格里有些中间量的名字只是建议，可以改、可以删；判分只看题里写明要写进的变量。

# %%
from chokepoint import data

rows = data.load("consortium_members").query("consortium_type == 'standard_drafting' and list_status == 'complete'")
family = rows["consortium_id"].str.startswith("tcamet-")
seats = rows[~family | (rows["consortium_id"] == rows.loc[family, "consortium_id"].min())]
seats = seats[["consortium_id", "member_zh", "member_order"]].reset_index(drop=True)
three = ["中国电子技术标准化研究院", "华为技术有限公司", "北京邮电大学"]
seats.head()

# %% [markdown] question="place" points=3
# 席位的**位置**：在本名单里排第 r，名单共 n 席，位置 = (r − 1) ÷ (n − 1)，居首是 0，居末是 1。多组成员的全部席位，位置的平均是多少？写进 `place`（0–1）。（零假设之下该在 0.5 上下。）

# %%
group = seats.groupby("consortium_id")["member_order"]  # SOLUTION
position = (group.rank() - 1) / (group.transform("size") - 1)  # SOLUTION
multi = seats.groupby("member_zh")["consortium_id"].transform("nunique") > 1  # SOLUTION
place = position[multi].mean()  # SOLUTION


# %% test
def test_mean_place_of_the_many_seated(place):
    from chokepoint import data

    assert place is not ..., "还没有作答：把平均位置写进 place。"
    rows = data.load("consortium_members").query("consortium_type == 'standard_drafting' and list_status == 'complete'")
    family = rows["consortium_id"].str.startswith("tcamet-")
    rows = rows[~family | (rows["consortium_id"] == rows.loc[family, "consortium_id"].min())]
    group = rows.groupby("consortium_id")["member_order"]
    rank, size = group.rank(), group.transform("size")
    position, many = (rank - 1) / (size - 1), rows.groupby("member_zh")["consortium_id"].transform("nunique") > 1

    def near(x):
        return abs(place - x) < 1e-6

    assert not near(position.mean()), "你平均了全部席位：那总是 0.5。先留下参加不止一张名单的成员。"
    assert not near(position[many].groupby(rows["member_zh"]).mean().mean()), (
        "你先求每家的平均再平均：席位少的一家与席位多的一家算得一样重。题目要的是席位的平均。"
    )
    assert not near((rank / size)[many].mean()), "你用 r ÷ n：居首就不是 0 了，短名单里偏得更多。分子分母都要减一。"
    assert not near(rank[many].mean()), "你平均的是名次：名单长短不一，名次不能直接平均，要换成 0–1 的位置。"
    assert near(position[many].mean()), "平均位置不对：每张名单里排名次 → 换成 0–1 → 只留多组成员 → 按席位平均。"


# %% wrong="平均了全部席位"
group = seats.groupby("consortium_id")["member_order"]
position = (group.rank() - 1) / (group.transform("size") - 1)
multi = seats.groupby("member_zh")["consortium_id"].transform("nunique") > 0
place = position[multi].mean()

# %% wrong="每家先平均"
group = seats.groupby("consortium_id")["member_order"]
position = (group.rank() - 1) / (group.transform("size") - 1)
multi = seats.groupby("member_zh")["consortium_id"].transform("nunique") > 1
place = position[multi].groupby(seats["member_zh"]).mean().mean()

# %% wrong="分子分母没有减一"
group = seats.groupby("consortium_id")["member_order"]
position = group.rank() / group.transform("size")
multi = seats.groupby("member_zh")["consortium_id"].transform("nunique") > 1
place = position[multi].mean()

# %% wrong="平均的是名次"
multi = seats.groupby("member_zh")["consortium_id"].transform("nunique") > 1
position = seats.groupby("consortium_id")["member_order"].rank()
place = position[multi].mean()

# %% [markdown] question="swing" points=2
# “不算某一家”：它的席位不进平均，别家的位置与“多组”的身份都照旧。`three` 的三家各不算一次：不算电子标准院时的平均位置写进 `without`（0–1）；三家之中，不算哪一家时平均离开 `place` 最远？名字写进 `who`（照表里的写法）。

# %%
rest = {name: position[multi & (seats["member_zh"] != name)].mean() for name in three}  # SOLUTION
without = rest["中国电子技术标准化研究院"]  # SOLUTION
who = max(rest, key=lambda name: abs(rest[name] - place))  # SOLUTION


# %% test
def test_which_member_moves_the_mean(without, who):
    from chokepoint import data

    assert without is not ..., "还没有作答：把不算电子标准院的平均位置写进 without。"
    assert who is not ..., "还没有作答：把名字写进 who。"
    rows = data.load("consortium_members").query("consortium_type == 'standard_drafting' and list_status == 'complete'")
    family = rows["consortium_id"].str.startswith("tcamet-")
    rows = rows[~family | (rows["consortium_id"] == rows.loc[family, "consortium_id"].min())]

    def places(table):
        group = table.groupby("consortium_id")["member_order"]
        return (group.rank() - 1) / (group.transform("size") - 1)

    many = rows.groupby("member_zh")["consortium_id"].transform("nunique") > 1
    three = ["中国电子技术标准化研究院", "华为技术有限公司", "北京邮电大学"]
    rest = {name: places(rows)[many & (rows["member_zh"] != name)].mean() for name in three}
    with_it = rows["consortium_id"].isin(rows.loc[rows["member_zh"] == three[0], "consortium_id"])
    moved = {name: abs(value - places(rows)[many].mean()) for name, value in rest.items()}
    assert abs(without - places(rows)[many & ~with_it].mean()) > 1e-6, (
        "你把有它的名单整张去掉了：别家在那些名单里的席位还要算，去掉的只是它自己的席位。"
    )
    own = places(rows)[many & (rows["member_zh"] == three[0])].mean()
    assert abs(without - own) > 1e-6, "你算的是它自己席位的平均：要的是不算它之后，其余多组成员的平均。"
    assert abs(without - rest[three[0]]) < 1e-6, "without 不对：位置照旧，只从多组成员的席位里去掉电子标准院的。"
    assert who != min(rest, key=rest.get), (
        "你挑的是不算它时平均最小的一家：要比的是离开 place 多远（绝对值），不是大小。"
    )
    assert who == max(moved, key=moved.get), "who 不对：三家各不算一次，与 place 相减取绝对值，最大的一家。"


# %% wrong="去掉了整张名单"
with_it = seats["consortium_id"].isin(seats.loc[seats["member_zh"] == three[0], "consortium_id"])
without = position[multi & ~with_it].mean()
who = three[0]

# %% wrong="算了它自己的席位"
without = position[multi & (seats["member_zh"] == three[0])].mean()
who = three[0]

# %% wrong="挑了平均最小的一家"
rest = {name: position[multi & (seats["member_zh"] != name)].mean() for name in three}
without = rest[three[0]]
who = min(rest, key=rest.get)
