# %% [markdown]
# # 收益要多大，高分成才站得住
#
# 对应《四类实施机制》一章的“动手”练习。两方合作：完成成果的团队与所在单位，各自选守约或背约。
#
# * 都守约，一方得：分成 × 收益 − 成本 ＋ 补助；
# * 对方守约而自己背约，得：占便宜 − 违约金。
#
# 两方都觉得守约得的**多于**背约得的，都守约才稳定。下面的 `game` 是书里的一局，数是假想的：`gain` 收益，`share` 团队的分成（单位得其余），`costs` 成本、`betrayal` 占便宜（都是先团队、后单位），`penalty` 违约金，`incentive` 补助。`revenue_rules` 是法规里的最低分成，一条一行。

# %%
from chokepoint import data
from chokepoint.findings import mechanisms as mec

game = mec.GAME
rules = data.load("revenue_rules")
print(game)
rules[["scope", "province", "year", "mode", "beneficiary", "value", "base"]]

# %% [markdown] question="law" points=1
# 收集到的省市条例（`scope` 为 `province`）里，转让或许可（`mode` 为 `assignment_or_licence`）的净收入至少分给完成人（`beneficiary` 为 `key_contributors`）多少？各省市写的一样。`value` 的单位是 %，把它换成 0–1 的小数，写进 `share`。

# %%
asked = rules[(rules["scope"] == "province") & (rules["mode"] == "assignment_or_licence")]  # SOLUTION
share = asked.loc[asked["beneficiary"] == "key_contributors", "value"].min() / 100  # SOLUTION


# %% test
def test_the_share_in_the_provincial_rules(share):
    from chokepoint import data

    assert share is not ..., "还没有作答：把分成写进 share。"
    rows = data.load("revenue_rules")
    sold = rows[(rows["mode"] == "assignment_or_licence") & (rows["beneficiary"] == "key_contributors")]
    right = set(sold[sold["scope"] == "province"]["value"])
    assert len(right) == 1, "各省市的条文不再一样：请告诉编者。"
    right = right.pop()
    assert abs(share - right) > 1e-9, "你写的是百分数：要换成 0–1 的小数，除以一百。"
    nation = sold[sold["scope"] == "national"]["value"].min() / 100
    assert abs(share - nation) > 1e-9, "这是全国的法律：要收集到的省市条例。"
    own = rows[(rows["scope"] == "province") & (rows["beneficiary"] == "key_contributors")]["value"].min() / 100
    assert abs(share - own) > 1e-9, "你没有筛转化方式：自行或合作实施的分母是利润，不是转让的净收入。"
    assert abs(share - right / 100) < 1e-9, "分成不对：筛省市、筛转让或许可、筛完成人，再除以一百。"


# %% wrong="写成了百分数"
share = rules[(rules["scope"] == "province") & (rules["mode"] == "assignment_or_licence")]["value"].min()

# %% wrong="用了全国的法律"
asked = rules[(rules["scope"] == "national") & (rules["mode"] == "assignment_or_licence")]
share = asked.loc[asked["beneficiary"] == "key_contributors", "value"].min() / 100

# %% wrong="没有筛转化方式"
share = rules[(rules["scope"] == "province") & (rules["beneficiary"] == "key_contributors")]["value"].min() / 100

# %% [markdown] question="needed" points=2
# 团队照上一题的 `share` 分，其余参数照 `game`。收益至少要高过多少，都守约才稳定？写进 `needed`。
#
# 提示：写出“守约得的多于背约得的”，解出各方对收益的要求；两方都要满足。

# %%
team = game.costs[0] + game.betrayal[0] - game.penalty - game.incentive  # SOLUTION
unit = game.costs[1] + game.betrayal[1] - game.penalty - game.incentive  # SOLUTION
needed = max(team / share, unit / (1 - share))  # SOLUTION


# %% test
def test_the_gain_both_sides_need(needed):
    from chokepoint import data
    from chokepoint.findings import mechanisms as mec

    assert needed is not ..., "还没有作答：把所需的收益写进 needed。"
    rows = data.load("revenue_rules").query("scope == 'province' and mode == 'assignment_or_licence'")
    part, game = float(rows["value"].iloc[0]) / 100, mec.GAME
    shares = (part, 1 - part)

    def want(extra):
        each = zip(shares, game.costs, game.betrayal, strict=True)
        return [(cost + grab - extra) / own for own, cost, grab in each]

    def near(value):
        return abs(needed - value) < 1e-3

    team, unit = want(game.penalty + game.incentive)
    assert not near(min(team, unit)), "你只满足了一方：两方都要觉得守约更好，取要求较高的。"
    whole = team * shares[0] + unit * shares[1]
    assert not near(whole), "你拿总收益去比两方负担之和：每一方分得的都要盖过他自己的负担。"
    bare = [(cost + grab) / own for own, cost, grab in zip(shares, game.costs, game.betrayal, strict=True)]
    assert not near(max(bare)), "漏了违约金与补助：它们使守约更合算，要从负担里减去。"
    kept = [(c - game.incentive) / own for own, c in zip(shares, game.costs, strict=True)]
    assert not near(max(kept)), "你拿守约与什么也不做相比：要与对方守约而自己背约时所得的相比。"
    turned = max(team * shares[0] / shares[1], unit * shares[1] / shares[0])
    assert not near(turned), "两方的分成写反了：share 是团队的，单位得其余。"
    half = max(team * shares[0], unit * shares[1]) / game.share
    assert not near(half), "你用的还是 game 里原来的分成：要换成上一题的。"
    assert near(max(team, unit)), "数不对：负担等于成本加占便宜，减违约金，减补助；各除以自己的分成，取较大的。"


# %% wrong="只看团队一方"
team = game.costs[0] + game.betrayal[0] - game.penalty - game.incentive
needed = team / share

# %% wrong="两方的负担相加"
needed = sum(game.costs) + sum(game.betrayal) - 2 * game.penalty - 2 * game.incentive

# %% wrong="漏了违约金与补助"
needed = max((game.costs[0] + game.betrayal[0]) / share, (game.costs[1] + game.betrayal[1]) / (1 - share))

# %% wrong="分成没有换"
needed = mec.needed_gain(game, game.share)

# %% [markdown] question="stable" points=1
# 照这样分，书里这一局（收益是 `game.gain`）的都守约还稳定吗？把 `True` 或 `False` 算出来，写进 `stable`。

# %%
gained = (share * game.gain, (1 - share) * game.gain)  # SOLUTION
load = [c + b - game.penalty - game.incentive for c, b in zip(game.costs, game.betrayal, strict=True)]  # SOLUTION
stable = all(g > w for g, w in zip(gained, load, strict=True))  # SOLUTION


# %% test
def test_whether_keeping_faith_is_stable(stable):
    from dataclasses import replace

    from chokepoint import data
    from chokepoint.findings import mechanisms as mec

    assert stable is not ..., "还没有作答：把 True 或 False 写进 stable。"
    rows = data.load("revenue_rules").query("scope == 'province' and mode == 'assignment_or_licence'")
    team, unit = replace(mec.GAME, share=float(rows["value"].iloc[0]) / 100).payoffs()
    content = (bool(team[0, 0] > team[1, 0]), bool(unit[0, 0] > unit[0, 1]))
    assert stable in (True, False), "stable 应是 True 或 False，不是数：把收益与所需的收益相比。"
    assert bool(stable) == all(content), "不对：两方都要守约得的多于背约得的；先各算一遍，再看是不是两方都成立。"


# %% wrong="只看团队一方"
stable = share * game.gain > game.costs[0] + game.betrayal[0] - game.penalty - game.incentive

# %% wrong="写成了差额"
stable = game.gain - mec.needed_gain(game, share)
