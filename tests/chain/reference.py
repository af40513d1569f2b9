"""ESRI 的逐家逐边写法：照公式直译，慢而易查，只作对照。"""

from __future__ import annotations

import pandas as pd


def simple_esri(
    edges: pd.DataFrame,
    sectors: dict,
    shock: dict,
    production: str,
    replacement: bool,
    tolerance: float = 1e-10,
) -> tuple[float, float, float]:
    """一个情景的 (ESRI、下游、上游)。``shock`` 为企业 → 初始损失，没列出的为 0。"""
    suppliers: dict = {i: [] for i in sectors}
    customers: dict = {i: [] for i in sectors}
    sold = dict.fromkeys(sectors, 0.0)
    for seller, buyer, weight in edges[["from_node", "to_node", "weight"]].itertuples(index=False):
        suppliers[buyer].append((seller, weight))
        customers[seller].append((buyer, weight))
        sold[seller] += weight

    def down(left: dict) -> dict:
        capacity = dict.fromkeys(sectors.values(), 0.0)
        for j, sector in sectors.items():
            capacity[sector] += sold[j] * left[j]
        following = {}
        for i in sectors:
            bought, lost = {}, {}
            for j, weight in suppliers[i]:
                kind = sectors[j] if production == "leontief" else "all"
                sigma = 1.0
                if replacement and capacity[sectors[j]] > 0:
                    sigma = min(1.0, sold[j] / capacity[sectors[j]])
                bought[kind] = bought.get(kind, 0.0) + weight
                lost[kind] = lost.get(kind, 0.0) + sigma * weight * (1 - left[j])
            following[i] = min([1 - shock.get(i, 0.0)] + [1 - lost[k] / bought[k] for k in bought])
        return following

    def up(left: dict) -> dict:
        following = {}
        for i in sectors:
            demand = sum(w * left[j] for j, w in customers[i]) / sold[i] if sold[i] else 1.0
            following[i] = min(1 - shock.get(i, 0.0), demand)
        return following

    def settle(step) -> dict:
        left = {i: 1 - shock.get(i, 0.0) for i in sectors}
        while True:
            following = step(left)
            change = max(abs(following[i] - left[i]) for i in sectors)
            left = following
            if change <= tolerance:
                return left

    h_down, h_up, total = settle(down), settle(up), sum(sold.values())
    return (
        sum(sold[i] / total * (1 - min(h_down[i], h_up[i])) for i in sectors),
        sum(sold[i] / total * (1 - h_down[i]) for i in sectors),
        sum(sold[i] / total * (1 - h_up[i]) for i in sectors),
    )
