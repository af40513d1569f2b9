# %% [markdown]
# # 换一个窗口
#
# 对应《顶层设计》一章的“动手”练习：对华管制之后的文件，是不是比碰巧多？检验期从 `start` 起，到国务院文件目录中断的 `stop` 止（不含这一天）。`docs` 是期内目录所载、日期精确到日的文件，一行一件；`acts` 是期内对华新设或收紧的管制，一行一件。两列 `day` 都是日子。
#
# 答案格里有些中间量的名字只是建议，可以改、可以删；判分只看题里写明要写进的变量。

# %%
import pandas as pd

from chokepoint import data

acts = data.load("export_controls").query("direction == 'against_china' and action in ['impose', 'expand']")
acts = acts[acts["date_precision"] == "day"].assign(day=lambda t: pd.to_datetime(t["date"]))
start, stop = acts["day"].min() - pd.Timedelta(days=90), pd.Timestamp("2022-07-01")
acts = acts[acts["day"] < stop].sort_values("day")[["day", "event"]]
docs = data.load("policies").query("seen_in == 'gov_index' and date_precision == 'day'")
docs = docs.assign(day=pd.to_datetime(docs["date"])).query("@start <= day < @stop").sort_values("day")[["day", "title"]]
acts.head()

# %% [markdown] question="distinct" points=1
# 同一阵管制常分几次公布，不能当作几次独立的事。把日子去重、排序：与前一个日子相隔**不超过** 30 天的，并进前面那一波；每一波取首日。各波的首日写进 `waves`（一列日子，自早到晚）。

# %%
days = acts["day"].drop_duplicates().sort_values()  # SOLUTION
waves = days[~(days.diff() <= pd.Timedelta(days=30))]  # SOLUTION


# %% test
def test_waves_are_merged(waves):
    import pandas as pd

    from chokepoint import data

    assert waves is not ..., "还没有作答：把各波的首日写进 waves。"
    rows = data.load("export_controls").query("direction == 'against_china' and action in ['impose', 'expand']")
    rows = pd.to_datetime(rows.loc[rows["date_precision"] == "day", "date"])
    every = rows[rows < "2022-07-01"].sort_values()
    days = every.drop_duplicates().tolist()
    right = [b for a, b in zip([pd.Timestamp(0), *days], days, strict=False) if (b - a).days > 30]
    given = pd.to_datetime(pd.Series(list(waves))).sort_values().tolist()
    assert len(given) != len(every), "你留下了每一件管制：同一天、同一阵的要并成一波。"
    assert len(given) != len(days), "你只去掉了同一天的重复：相隔不超过 30 天的也要并进前一波。"
    assert given == right, "各波不对：日子去重、排序，与前一个日子相隔超过 30 天的才是新一波的首日（头一个日子也是）。"


# %% wrong="每件管制都算一波"
waves = acts["day"]

# %% wrong="只去掉了同一天的"
waves = acts["day"].drop_duplicates()

# %% [markdown] question="followed" points=2
# 一件文件落在**任何一波**首日之后的第 1 到第 45 天（当天不算），就算“跟在后面”。`docs` 里有几件？写进 `followed`（整数，件）。

# %%
near = [any(1 <= (day - wave).days <= 45 for wave in waves) for day in docs["day"]]  # SOLUTION
followed = sum(near)  # SOLUTION


# %% test
def test_documents_after_a_wave(followed):
    import numpy as np
    import pandas as pd

    from chokepoint import data

    assert followed is not ..., "还没有作答：把件数写进 followed。"
    rows = data.load("export_controls").query("direction == 'against_china' and action in ['impose', 'expand']")
    rows = pd.to_datetime(rows.loc[rows["date_precision"] == "day", "date"])
    days = rows[rows < "2022-07-01"].drop_duplicates().sort_values()
    waves = days[~(days.diff().dt.days <= 30)].to_numpy()
    files = data.load("policies").query("date_precision == 'day' and seen_in == 'gov_index'")
    files = pd.to_datetime(files["date"])
    files = files[(files >= days.min() - pd.Timedelta(days=90)) & (files < "2022-07-01")].to_numpy()
    late = (files[:, None] - waves[None, :]) / np.timedelta64(1, "D")
    right = int(((late >= 1) & (late <= 45)).any(axis=1).sum())
    assert followed != int(((late <= -1) & (late >= -45)).any(axis=1).sum()), (
        "方向反了：你数的是管制之前 45 天里的文件。用文件的日子减管制的日子。"
    )
    assert followed != int((np.abs(late) <= 45).any(axis=1).sum()), (
        "你取了绝对值，管制之前的文件也算了进去：只要之后的。"
    )
    assert followed != int(((late >= 1) & (late <= 60)).any(axis=1).sum()), "你用的还是正文的 60 天：题目换成了 45 天。"
    assert followed != int((late >= 1).any(axis=1).sum()), "你没有设上限：有过管制之后的文件全算了，要限在 45 天之内。"
    assert followed == right, "件数不对：每件文件看它离各波首日几天，有任何一波在 1 到 45 天之内就算一件，只算一次。"


# %% wrong="方向反了"
followed = sum(any(1 <= (wave - day).days <= 45 for wave in waves) for day in docs["day"])

# %% wrong="前后都算"
followed = sum(any(abs((day - wave).days) <= 45 for wave in waves) for day in docs["day"])

# %% wrong="还是六十天"
followed = sum(any(1 <= (day - wave).days <= 60 for wave in waves) for day in docs["day"])

# %% wrong="没有上限"
followed = sum(any((day - wave).days >= 1 for wave in waves) for day in docs["day"])

# %% [markdown] question="reference" points=2
# 单看 `followed` 说不出多少，要有参照。假如文件的日子与管制无关，文件落在窗口里的机会，就是检验期里窗口所占的天数之比；碰巧该有的件数 = 文件数 × 这个比例。几波的窗口会重叠，一天只算一次。写进 `by_chance`（件，可带小数）。

# %%
span = pd.date_range(start, stop, inclusive="left")  # SOLUTION
inside = [any(1 <= (day - wave).days <= 45 for wave in waves) for day in span]  # SOLUTION
by_chance = len(docs) * sum(inside) / len(span)  # SOLUTION


# %% test
def test_expected_by_chance(by_chance):
    import numpy as np
    import pandas as pd

    from chokepoint import data

    assert by_chance is not ..., "还没有作答：把碰巧该有的件数写进 by_chance。"
    rows = data.load("export_controls").query("direction == 'against_china' and action in ['impose', 'expand']")
    rows = pd.to_datetime(rows.loc[rows["date_precision"] == "day", "date"])
    days = rows[rows < "2022-07-01"].drop_duplicates().sort_values()
    waves = days[~(days.diff().dt.days <= 30)]
    files = data.load("policies").query("date_precision == 'day' and seen_in == 'gov_index'")
    first = days.min() - pd.Timedelta(days=90)
    count = int(pd.to_datetime(files["date"]).between(first, pd.Timestamp("2022-06-30")).sum())
    length = (pd.Timestamp("2022-07-01") - first).days
    inside = np.zeros(length, dtype=bool)
    for wave in waves:
        at = (wave - first).days
        inside[at + 1 : at + 46] = True
    right = count * inside.sum() / length
    assert abs(by_chance - count * 45 * len(waves) / length) > 1e-6, (
        "你把各波的 45 天直接相加：窗口重叠的日子算了不止一次，一天只能算一次。"
    )
    assert abs(by_chance - inside.sum() / length) > 1e-6, "你给的是天数的比例：再乘上期内的文件数，才是件数。"
    assert abs(by_chance - right) < 1e-6, "参照不对：期内逐日看在不在任何一波的窗口里，占比再乘文件数。"


# %% wrong="重叠的日子算了几次"
by_chance = len(docs) * 45 * len(waves) / (stop - start).days

# %% wrong="只给了比例"
span = pd.date_range(start, stop, inclusive="left")
by_chance = sum(any(1 <= (day - wave).days <= 45 for wave in waves) for day in span) / len(span)
