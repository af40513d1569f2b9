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


#: 本组的核对，按先后。
CHECKS = [technologies_counted, aspi_leads, proxy_descriptions]
