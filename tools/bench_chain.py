"""量一量 ESRI：整张企业网络逐家停产要多久，与逐家逐边的写法相比。

    python -m tools.bench_chain            # 1 000 与 10 000 家，四种变体
    python -m tools.bench_chain 1000

网络是生成的 (种子固定):平均每家十个供应商，买卖双方的规模与交易额都按幂律分布 (因而约七分之一的企业没有供应商，
约七分之一没有企业买主),五十个部门。
逐家的写法太慢，只量几家，再按家数外推，表里注明。每次计算在单独的进程里，峰值内存互不相染。
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time

import numpy as np
import pandas as pd

from chokepoint.chain import esri
from tests.chain.reference import simple_esri

SIZES = (1_000, 10_000)
DEGREE = 10
SECTORS = 50
SEED = 2018
#: 两种写法用同一个收敛标准;无替代的列昂惕夫网络里有传得极慢的环，再严就要上万步。
TOLERANCE = 1e-4
#: 逐家的写法量几家;由全部企业里等距取，不挑快的。
SAMPLE = {1_000: 10, 10_000: 2}
VARIANTS = (("linear", False), ("linear", True), ("leontief", False), ("leontief", True))


def network(n: int) -> tuple[pd.DataFrame, pd.Series]:
    """``n`` 家企业的生成网络：连边表，以及企业 → 部门。"""
    rng = np.random.default_rng(SEED)
    selling, buying = rng.pareto(1.2, (2, n)) + 0.1
    seller = rng.choice(n, size=n * DEGREE, p=selling / selling.sum())
    buyer = rng.choice(n, size=n * DEGREE, p=buying / buying.sum())
    edges = pd.DataFrame({"from_node": seller, "to_node": buyer, "weight": rng.pareto(1.2, n * DEGREE) + 1})
    edges = edges[edges["from_node"] != edges["to_node"]].drop_duplicates(["from_node", "to_node"])
    share = 1 / np.arange(1, SECTORS + 1)
    return edges, pd.Series(rng.choice(SECTORS, size=n, p=share / share.sum()), name="sector")


def _measure(job, send) -> None:
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    found = job()
    seconds = time.process_time() - start
    send.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, base / 1024, found))


def _apart(job) -> tuple:
    """在单独的进程里做一件事：(处理器秒，峰值内存 MB,开始时内存 MB,结果)。"""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(job, send))
    process.start()
    send.close()  # 否则子进程出错时，这里会一直等
    found = receive.recv()
    process.join()
    return found


def compare(n: int, production: str, replacement: bool) -> dict[str, object]:
    """一种规模、一种变体：两种写法各要多少处理器秒，结果差多少。"""
    edges, sectors = network(n)
    table = _apart(lambda: esri(edges, sectors, production, replacement, tolerance=TOLERANCE))
    picked = np.linspace(0, n - 1, SAMPLE.get(n, 2)).astype(int)
    homes = sectors.to_dict()

    def loop() -> list[float]:
        return [simple_esri(edges, homes, {k: 1.0}, production, replacement, TOLERANCE)[0] for k in picked]

    plain = _apart(loop)
    steps = table[3][["steps_downstream", "steps_upstream"]].mean()
    return {
        "企业": n,
        "边": len(edges),
        "变体": production + (" 可替代" if replacement else " 不可替代"),
        "矩阵,处理器秒": round(table[0], 1),
        "矩阵,峰值 MB": round(table[1]),
        "逐家,外推处理器秒": round(plain[0] / len(picked) * n),
        "逐家量了": len(picked),
        "倍": round(plain[0] / len(picked) * n / table[0]),
        "平均步数,下/上": f"{steps.iloc[0]:.0f}/{steps.iloc[1]:.0f}",
        "最大差": f"{np.abs(table[3]['esri'].to_numpy()[picked] - plain[3]).max():.1e}",
    }


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or SIZES
    for n in sizes:
        for variant in VARIANTS:
            print("；".join(f"{k} {v}" for k, v in compare(n, *variant).items()), flush=True)


if __name__ == "__main__":
    main()
