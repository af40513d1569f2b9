"""独立重算用的统计：照定义写，不经过 scipy。"""

from math import comb


def fisher(a: int, b: int, c: int, d: int) -> float:
    """四格表的精确检验，双侧：超几何分布里不比实测更可能的各表之和。"""
    top, left, total = a + b, a + c, a + b + c + d

    def chance(x):
        return comb(left, x) * comb(total - left, top - x) / comb(total, top)

    span = range(max(0, top + left - total), min(top, left) + 1)
    return sum(p for x in span if (p := chance(x)) <= chance(a) * (1 + 1e-9))
