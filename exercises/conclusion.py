# %% [markdown]
# # 换一条线
#
# 对应“结语”一章的“动手”练习。书里判断一条说法的规矩是：换着做法试了 `tried` 次，成立 `held` 次；成立的比例不低于 `line` 是“站得住”，不高于 `1 - line` 是“站不住”，其余“定不了”。自己把它写出来，再看换一条线改了谁的判断。

# %%
yes, unsure, no = "站得住", "定不了", "站不住"

# %% [markdown] question="judge" points=2
# 写一个函数 `judge(held, tried, line)`，返回 `yes`、`unsure` 或 `no`；两端都含等于。


# %%
def judge(held, tried, line):
    share = held / tried  # SOLUTION
    answer = yes if share >= line else no if share <= 1 - line + 1e-12 else unsure  # SOLUTION
    return answer  # SOLUTION


# %% test
def test_judge(judge):
    from chokepoint.findings.conclusion import VERDICTS, verdict

    assert callable(judge), "judge 要是一个函数。"
    answers = {
        (h, t, line): judge(h, t, line) for t in (1, 4, 20, 100) for h in range(t + 1) for line in (0.8, 0.95, 1.0)
    }
    assert set(answers.values()) & set(VERDICTS), "还没有作答：写出 judge 的判断，返回 yes、unsure 或 no。"
    assert set(answers.values()) <= set(VERDICTS), "返回值只能是 yes、unsure、no 三个变量之一。"
    assert answers[80, 100, 0.8] == VERDICTS[0], "正好在线上的算站得住：不低于，含等于。"
    assert answers[0, 100, 0.95] == VERDICTS[2], "几乎从不成立的是站不住，不是定不了：下端是 1 - line。"
    assert answers[3, 4, 1.0] == VERDICTS[1], "线为 1 时，不是全成立就不算站得住。"
    assert answers[50, 100, 0.8] == VERDICTS[1], "一半成立、一半不成立，是定不了。"
    wrong = [key for key, value in answers.items() if value != verdict(*key)]
    assert not wrong, f"成立、试了、线为 {wrong[:1]} 时判断不对：先算比例，再与 line、1 - line 比。"


# %% wrong="大于而不含等于"
def judge(held, tried, line):
    share = held / tried
    return yes if share > line else no if share < 1 - line else unsure


# %% wrong="没有站不住"
def judge(held, tried, line):
    return yes if held / tried >= line else unsure


# %% wrong="一半以下都站不住"
def judge(held, tried, line):
    share = held / tried
    return yes if share >= line else no if share <= 0.5 else unsure


# %% wrong="拿次数比"
def judge(held, tried, line):
    return yes if held >= tried * line - 1 else no if held <= tried * (1 - line) else unsure
