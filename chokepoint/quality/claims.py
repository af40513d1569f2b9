"""核对：卡脖子清单各表。"""

from __future__ import annotations

import pandas as pd

from chokepoint import data

from ._check import Check, compare, count

#: 同一份技术追踪：清单里的记录 → 外部标尺里的版次。
ASPI_EDITIONS = {"aspi_2023": "2023-03", "aspi_2024": "2024-08", "aspi_2025": "2025-12"}


def technologies_counted() -> Check:
    """逐项登记的技术数，对照另一家机构对同一系列的计数。"""
    lists = data.load("other_lists").set_index("list_id")
    return count(
        len(data.load("chokepoints")),
        int(lists.loc["cset_chokepoints", "n_items"]),
        tables=("chokepoints", "other_lists"),
        title="系列报道的技术项数",
        against="美国安全与新兴技术中心的计数",
        remark="两边都数同一组报道，只能说明没有漏项。",
    )


def aspi_leads() -> Check:
    """ASPI 各版中国领先的项数，对照另一处转述。"""
    listed = data.load("other_lists").set_index("list_id")["china_leads"]
    index = data.load("index_checks")
    led = index[(index["measure"] == "technologies_led") & (index["iso3"] == "CHN")]
    rows = []
    for name, edition in ASPI_EDITIONS.items():
        here = led[led["edition"] == edition].sort_values("year").iloc[-1]
        rows.append({"label": f"{edition} 版", "left": listed[name], "right": here["value"]})
    return compare(
        pd.DataFrame(rows),
        tables=("other_lists", "index_checks"),
        title="ASPI 技术追踪中国领先的项数",
        against="外部标尺一表的另行登记",
        unit="项",
        tolerance=0,
        remark="最近一版两处出自同一篇报道，只能查出抄录之误。",
    )


def proxy_descriptions() -> Check:
    """海关编码代理的商品描述，对照 CEPII 的商品编码表。"""

    def plain(text: pd.Series) -> pd.Series:
        return text.str.lower().str.replace(r"[^a-z0-9]", "", regex=True)

    both = data.load("hs_proxy").dropna(subset="hs6").drop_duplicates("hs6")
    both = both.merge(data.load("hs_products"), on="hs6")
    same = plain(both["hs_description"]) == plain(both["name_en"])
    return count(
        int(same.sum()),
        len(both),
        tables=("hs_proxy", "hs_products"),
        title="六位海关编码的商品描述",
        against="CEPII 的商品编码表",
        remark="不计标点与大小写；两表共有的编码才比，CEPII 表里没有的编码没有核对。",
        tolerance=2,
    )


#: 长三角的省级行政区。
DELTA = ("CN-SH", "CN-JS", "CN-ZJ", "CN-AH")
#: 每种判定，证据里至少要有的立场与不该有的立场。
WANTED = {
    "supported": ({"supports"}, {"contradicts"}),
    "supported_with_qualification": ({"supports"}, set()),
    "imprecise": ({"qualifies", "contradicts"}, set()),
    "outdated": ({"qualifies", "contradicts", "updates"}, set()),
    "contradicted": ({"contradicts"}, {"supports"}),
    "not_verifiable": (set(), {"contradicts"}),
}


def statement_verdicts() -> Check:
    """每条说法的判定，对照它的证据的立场。"""
    stances = data.load("statement_evidence").groupby("statement_id")["stance"].agg(set)
    verdicts = data.load("statements").set_index("statement_id")["verdict"]
    fits = 0
    for code, verdict in verdicts.items():
        wanted, barred = WANTED[verdict]
        found = stances.get(code, set())
        fits += bool(not wanted or found & wanted) and not found & barred
    return count(
        fits,
        len(verdicts),
        tables=("statements", "statement_evidence"),
        title="说法的判定",
        against="各条证据的立场",
        remark="立场与判定出自同一位编者，只能查出前后不一。",
    )


def statement_figures_again() -> Check:
    """说法里的数字，对照别的表里另一来源的同一个数。"""
    rows = data.load("statement_figures").set_index("figure_id")
    trade = data.load("trade_totals").query("indicator == 'import_value' and goods == 'integrated_circuits'")
    trade = trade[(trade["year"] == 2020) & (trade["unit"] == "CNY_100m")]
    panel = data.load("province_panel").query("indicator == 'rd_expenditure' and year == 2021")
    iter_ = data.load("iter_contributions").query("iso3 == 'CHN'").set_index("measure")["value"]
    fund = data.load("fiscal_instruments").query("programme == 'big_fund_2' and measure == 'registered_capital'")
    jet = data.load("aero_engine").query("series == 'c919_deliveries' and year == 2024")
    pairs = {
        "集成电路进口额": ("F001", trade["value"].item()),
        "长三角的研发经费": ("F020", panel.loc[panel["province"].isin(DELTA), "value"].sum()),
        "ITER 的份额": ("F021", iter_["construction_cost_share"]),
        "ITER 的采购包": ("F022", iter_["procurement_arrangements"]),
        "大基金二期的注册资本": ("F044", fund["value"].item()),
        "C919 在 2024 年的交付": ("F015", jet["value"].item()),
    }
    frame = [{"label": k, "left": rows.loc[code, "value_min"], "right": v} for k, (code, v) in pairs.items()]
    return compare(
        pd.DataFrame(frame),
        tables=("statement_figures",),
        title="说法里的数字",
        against="别的表里另一来源的同一个数",
        tolerance=1.5,
        floor=5 / 6,
        remark="C919 的交付两家统计差一架，两个都留着；研发经费与四省市之和差百分之一多，原因没有写明。",
    )


#: 本组的核对，按先后。
CHECKS = [technologies_counted, aspi_leads, proxy_descriptions, statement_verdicts, statement_figures_again]
