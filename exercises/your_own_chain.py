# %% [markdown]
# # 风筝断在哪里
#
# 对应“换成你的产业链”一章的“动手”练习。`report.template(文件夹)` 写出三张表的样子：`nodes.csv` 节点、`edges.csv` 连边、`shares.csv` 份额，例子是风筝。连边的 `relation` 有两种：`goes_into` 是缺一不可的投入，`is_type_of` 是可以互相替代的一种。
#
# `report.build(文件夹, domestic="甲国").frames["scenarios"]` 是断供推演：一行一种情形，`name` 是断供的一方，`product` 是成品的结论，`fine` 做得出、`unknown` 说不清、`blocked` 断供。

# %%
import tempfile
from pathlib import Path

import pandas as pd

from chokepoint import report

kite = Path(tempfile.mkdtemp()) / "kite"
report.template(kite)
report.build(kite, domestic="甲国").frames["scenarios"][["kind", "name", "product"]]

# %% [markdown] question="after" points=2
# 把 `edges.csv` 里的 `is_type_of` 都改成 `goes_into`，重出报告。乙国断供时成品的结论是什么？写进 `after`（`fine`、`unknown` 或 `blocked`）。

# %%
edges = pd.read_csv(kite / "edges.csv", encoding="utf-8-sig")  # SOLUTION
edges = edges.replace({"relation": {"is_type_of": "goes_into"}})  # SOLUTION
done = edges.to_csv(kite / "edges.csv", index=False, encoding="utf-8-sig")  # SOLUTION
cases = report.build(kite, domestic="甲国").frames["scenarios"].set_index("name")  # SOLUTION
after = str(cases.loc["乙国", "product"])  # SOLUTION


# %% test
def test_after(after):
    import tempfile
    from pathlib import Path

    from chokepoint import report

    assert after is not ..., "还没有作答：把结论写进 after。"
    assert isinstance(after, str), "结论是一个词：fine、unknown 或 blocked，不是整张表。"
    assert after in ("fine", "unknown", "blocked"), "结论写代码里的词：fine、unknown 或 blocked。"

    def product(change):
        with tempfile.TemporaryDirectory() as folder:
            report.template(Path(folder) / "kite")
            path = Path(folder) / "kite" / "edges.csv"
            path.write_text(change(path.read_text("utf-8-sig")), "utf-8-sig")
            cases = report.build(Path(folder) / "kite", domestic="甲国").frames["scenarios"].set_index("name")
            return str(cases.loc["乙国", "product"])

    assert after != product(lambda text: text), "这是没有改连边时的结论：改了以后要存回 edges.csv，再重出报告。"
    right = product(lambda text: text.replace("is_type_of", "goes_into"))
    assert after == right, "结论不对：染料变成缺一不可以后，合成染料断了，看绢布还做不做得出。"


# %% wrong="改了没有存"
cases = report.build(kite, domestic="甲国").frames["scenarios"].set_index("name")
after = str(cases.loc["乙国", "product"])

# %% wrong="交了整张表"
after = report.build(kite, domestic="甲国").frames["scenarios"]

# %% wrong="写了中文"
after = "断供"

# %% wrong="凭感觉：还能替代"
after = "fine"
