# %% [markdown]
# # 把同系标准合成一张
#
# 对应《产业链上下游协同》一章的“动手”练习。`consortium_members` 一行是一个成员参加一张名单：`member_zh` 成员，`consortium_id` 名单，`list_status` 为 `complete` 的名单才列全了成员。编号以 `tcamet-` 开头的几张，是同一系城市轨道交通信号标准，成员大致相同。
#
# 下面每个量都算两遍：**合并之前**，每个 `consortium_id` 算一张名单；**合并之后**，`tcamet-` 开头的合成一张，同一成员在合成的名单里只算一次。

# %%
from chokepoint import data

members = data.load("consortium_members")
members[["consortium_id", "member_zh", "list_status"]].head()

# %% [markdown] question="bridges" points=2
# 只用列全的名单。参加不止一张名单的成员有几个？合并之前写进 `several_before`，合并之后写进 `several_after`（整数）。筛好的、合并去重后的表都留着，下面的题还要用。

# %%
rows = members.loc[members["list_status"] == "complete", ["member_zh", "consortium_id"]]  # SOLUTION
family = rows["consortium_id"].str.startswith("tcamet-")  # SOLUTION
merged = rows.assign(consortium_id=rows["consortium_id"].mask(family, "tcamet")).drop_duplicates()  # SOLUTION
several_before = (rows.groupby("member_zh").size() > 1).sum()  # SOLUTION
several_after = (merged.groupby("member_zh").size() > 1).sum()  # SOLUTION


# %% test
def test_members_on_more_than_one_list(several_before, several_after):
    from chokepoint import data

    assert several_before is not ..., "还没有作答：把合并之前的个数写进 several_before。"
    assert several_after is not ..., "还没有作答：把合并之后的个数写进 several_after。"
    table = data.load("consortium_members")

    def lists(keep, merge):
        found = {}
        for row in table[keep].itertuples():
            key = "tcamet" if merge and row.consortium_id.startswith("tcamet-") else row.consortium_id
            found.setdefault(row.member_zh, set()).add(key)
        return found

    def several(keep, merge):
        return sum(len(v) > 1 for v in lists(keep, merge).values())

    full, every = table["list_status"] == "complete", table["list_status"].notna()
    got, right = (several_before, several_after), (several(full, False), several(full, True))
    assert got != (several(every, False), several(every, True)), "你没有筛 list_status：没有列全的名单也算了进去。"
    assert got != tuple(len(lists(full, m)) for m in (False, True)), "这是全部成员的个数：只要参加不止一张名单的。"
    assert several_after != several_before, (
        "合并之后没有变少：改名以后同一成员在合成的名单里出现几次，要先 drop_duplicates。"
    )
    extra = tuple(sum(len(v) - 1 for v in lists(full, m).values()) for m in (False, True))
    assert got != extra, "你数的是多出来的行，不是成员：一个成员参加再多张名单，也只算一个。"
    assert got == right, "个数不对：先筛列全的名单，再合并、去重，再按成员数名单，数大于一的成员。"


# %% wrong="没有筛列全的"
rows = members[["member_zh", "consortium_id"]]
names = rows["consortium_id"].mask(rows["consortium_id"].str.startswith("tcamet-"), "tcamet")
merged = rows.assign(consortium_id=names).drop_duplicates()
several_before = (rows.groupby("member_zh").size() > 1).sum()
several_after = (merged.groupby("member_zh").size() > 1).sum()

# %% wrong="合并之后没有去重"
rows = members.loc[members["list_status"] == "complete", ["member_zh", "consortium_id"]]
names = rows["consortium_id"].mask(rows["consortium_id"].str.startswith("tcamet-"), "tcamet")
merged = rows.assign(consortium_id=names)
several_before = (rows.groupby("member_zh").size() > 1).sum()
several_after = (merged.groupby("member_zh").size() > 1).sum()

# %% wrong="数了多出来的行"
rows = members.loc[members["list_status"] == "complete", ["member_zh", "consortium_id"]]
names = rows["consortium_id"].mask(rows["consortium_id"].str.startswith("tcamet-"), "tcamet")
merged = rows.assign(consortium_id=names).drop_duplicates()
several_before, several_after = rows["member_zh"].duplicated().sum(), merged["member_zh"].duplicated().sum()

# %% [markdown] question="first" points=1
# 按 Newman 权，一个成员的强度就是他参加的名单数。合并之后，强度居首的是谁？把全称写成列表，并列的都写，放进 `first`。

# %%
strength = merged.groupby("member_zh").size()  # SOLUTION
first = strength.index[strength == strength.max()].tolist()  # SOLUTION


# %% test
def test_who_is_first_after_merging(first):
    from chokepoint import data

    assert first is not ..., "还没有作答：把居首的成员写成列表，放进 first。"
    assert not isinstance(first, str), "first 要写成列表：即使只有一家，也放在方括号里。"
    rows = data.load("consortium_members").query("list_status == 'complete'")

    def top(merge):
        found = {}
        for row in rows.itertuples():
            key = "tcamet" if merge and row.consortium_id.startswith("tcamet-") else row.consortium_id
            found.setdefault(row.member_zh, set()).add(key)
        most = max(map(len, found.values()))
        return {name for name, own in found.items() if len(own) == most}

    got, right = set(first), top(True)
    assert got != top(False), "这是合并之前的居首者：先把同一系标准合成一张，再数名单。"
    assert not got < right, "漏了并列的：取名单数等于最大值的全部成员，不要只取一个；按次数排也会只得一家。"
    assert got == right, "不对：合并、去重以后按成员数名单，取最多的，并列的都要。"


# %% wrong="合并之前的"
strength = rows.groupby("member_zh").size()
first = strength.index[strength == strength.max()].tolist()

# %% wrong="只取了一家"
first = [merged["member_zh"].value_counts().idxmax()]

# %% [markdown] question="repeat" points=2
# 一对成员同在不止一张名单上，叫反复相遇；甲与乙、乙与甲是同一对。只用列全的名单，反复相遇的有几对？合并之前写进 `repeat_before`，合并之后写进 `repeat_after`（整数）。
#
# 提示：把表与自己按 `consortium_id` 连接（`merge`），每张名单就配出了它的各对成员。

# %%
both = [t.merge(t, on="consortium_id").query("member_zh_x < member_zh_y") for t in (rows, merged)]  # SOLUTION
times = [t.groupby(["member_zh_x", "member_zh_y"]).size() for t in both]  # SOLUTION
repeat_before = (times[0] > 1).sum()  # SOLUTION
repeat_after = (times[1] > 1).sum()  # SOLUTION


# %% test
def test_pairs_that_meet_again(repeat_before, repeat_after):
    from collections import Counter
    from itertools import combinations

    from chokepoint import data

    assert repeat_before is not ..., "还没有作答：把合并之前的对数写进 repeat_before。"
    assert repeat_after is not ..., "还没有作答：把合并之后的对数写进 repeat_after。"
    table = data.load("consortium_members")

    def meetings(keep, merge):
        lists = {}
        for row in table[keep].itertuples():
            key = "tcamet" if merge and row.consortium_id.startswith("tcamet-") else row.consortium_id
            lists.setdefault(key, set()).add(row.member_zh)
        return Counter(pair for own in lists.values() for pair in combinations(sorted(own), 2))

    def again(keep, merge):
        return sum(n > 1 for n in meetings(keep, merge).values())

    full, every = table["list_status"] == "complete", table["list_status"].notna()
    right = (again(full, False), again(full, True))
    several = sum(table[full].groupby("member_zh").size() > 1)
    assert (repeat_before, repeat_after) != (again(every, False), again(every, True)), (
        "没有筛 list_status：名单没有列全的不能用来数对。"
    )
    assert repeat_before != 2 * right[0], "每一对数了两遍：甲乙与乙甲是同一对，只留一个次序。"
    assert repeat_before != 2 * right[0] + several, (
        "成员与自己也配成了对，次序又算了两遍：只留前一个名字排在后一个之前的。"
    )
    assert repeat_before != len(meetings(full, False)), "这是相遇过的全部对数：要相遇不止一次的。"
    assert repeat_after != right[0] or right[0] == right[1], (
        "合并之后没有变：检查改名与去重，同一系标准只能算相遇一次。"
    )
    assert (repeat_before, repeat_after) == right, (
        "对数不对：先筛、合并、去重，再在每张名单里配对，最后数相遇不止一次的对。"
    )


# %% wrong="每一对数了两遍"
both = [t.merge(t, on="consortium_id").query("member_zh_x != member_zh_y") for t in (rows, merged)]
repeat_before, repeat_after = [(t.groupby(["member_zh_x", "member_zh_y"]).size() > 1).sum() for t in both]

# %% wrong="与自己也配了对"
both = [t.merge(t, on="consortium_id") for t in (rows, merged)]
repeat_before, repeat_after = [(t.groupby(["member_zh_x", "member_zh_y"]).size() > 1).sum() for t in both]

# %% wrong="合并之后没有去重"
names = rows["consortium_id"].mask(rows["consortium_id"].str.startswith("tcamet-"), "tcamet")
both = [
    t.merge(t, on="consortium_id").query("member_zh_x < member_zh_y") for t in (rows, rows.assign(consortium_id=names))
]
repeat_before, repeat_after = [(t.groupby(["member_zh_x", "member_zh_y"]).size() > 1).sum() for t in both]

# %% wrong="没有筛列全的"
names = members["consortium_id"].mask(members["consortium_id"].str.startswith("tcamet-"), "tcamet")
both = members[["member_zh", "consortium_id"]], members[["member_zh"]].assign(consortium_id=names).drop_duplicates()
both = [t.merge(t, on="consortium_id").query("member_zh_x < member_zh_y") for t in both]
repeat_before, repeat_after = [(t.groupby(["member_zh_x", "member_zh_y"]).size() > 1).sum() for t in both]
