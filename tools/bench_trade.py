"""量一量：从一年的 BACI 筛出一国依赖的产品，要多少时间与内存。

    python -m tools.bench_trade                     # 一千一百万行
    python -m tools.bench_trade --rows 500000 --importer USA

先按真文件的格式造一年的流（种子固定，放在临时文件夹，量完即删），再各开一个进程来量：
``chokepoint.trade.screen`` 流式地筛大文件；然后在小文件上，与“pandas 一口气读进来再算”比较，
并核对两者逐项相等。峰值内存是那个进程自己的（Linux 的 VmHWM），超过 2 GB 即以错误结束。
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from chokepoint.trade import screen

ROWS, SMALL = 11_000_000, 1_000_000
SEED, YEAR, VERSION = 20_240_101, 2022, "202401b"
COUNTRIES, PRODUCTS = 226, 5_381
#: 与真文件相近：约百分之二的流没有数量。
NO_QUANTITY = 0.02
LIMIT_MB = 2000
MEMORY_LIMIT = "1GB"
_CHUNK = 500_000


def generate(folder: Path, rows: int) -> Path:
    """造一年的流与两张代码表；同样的行数总得同样的文件。

    每一对（出口方、进口方、产品）至多一行：在全部组合里等距地取，再打散金额。

    Parameters
    ----------
    folder : pathlib.Path
        已有的文件夹。
    rows : int
        行数，不超过全部组合数（约 2.7 亿）。

    Returns
    -------
    pathlib.Path
        贸易流的文件。
    """
    rng = np.random.default_rng(SEED)
    numbers = np.sort(rng.choice(np.arange(1, 900), COUNTRIES, replace=False))
    numbers[np.searchsorted(numbers, 156) % COUNTRIES] = 156
    numbers = np.unique(numbers)
    iso3 = {156: "CHN"} | {n: f"X{n:03d}"[:4] for n in numbers if n != 156}
    codes = pd.DataFrame({"country_code": numbers, "country_name": "c", "country_iso2": "NA"})
    codes["country_iso3"] = [iso3[n] for n in numbers]
    codes.to_csv(folder / f"country_codes_V{VERSION}.csv", index=False)
    products = np.sort(rng.choice(np.arange(10_000, 980_000), PRODUCTS, replace=False))
    names = pd.DataFrame({"code": [f"{k:06d}" for k in products], "description": 'goods, "nes"'})
    names.to_csv(folder / f"product_codes_HS17_V{VERSION}.csv", index=False)
    total = len(numbers) * (len(numbers) - 1) * len(products)
    path = folder / f"BACI_HS17_Y{YEAR}_V{VERSION}.csv"
    weight = rng.lognormal(0, 2, (len(products), len(numbers)))
    with path.open("w") as file:
        file.write("t,i,j,k,v,q\n")
        for start in range(0, rows, _CHUNK):
            cell = np.arange(start, min(start + _CHUNK, rows)) * (total / rows)
            cell = cell.astype(np.int64)
            pair, k = np.divmod(cell, len(products))
            i, j = np.divmod(pair, len(numbers) - 1)
            j = j + (j >= i)
            v = np.round(weight[k, i] * rng.lognormal(2, 2, len(cell)) + 0.001, 3)
            q = np.char.mod("%.3f", v * rng.lognormal(-1, 1, len(cell)))
            q[rng.random(len(cell)) < NO_QUANTITY] = "NA"
            part = pd.DataFrame({"t": YEAR, "i": numbers[i], "j": numbers[j], "k": products[k], "v": v})
            part["q"] = pd.Series(q).str.rjust(12)
            part.to_csv(file, header=False, index=False)
    return path


def gulp(folder: Path, importer: str) -> pd.DataFrame:
    """对照：pandas 把整个文件读进内存，再算同样的几个量。"""
    codes = pd.read_csv(folder / f"country_codes_V{VERSION}.csv", keep_default_na=False)
    home = codes.set_index("country_iso3")["country_code"][importer]
    flows = pd.read_csv(next(folder.glob("BACI_*.csv")), dtype={"k": str}, skipinitialspace=True, na_values=["NA", ""])
    flows["k"] = flows["k"].str.zfill(6)
    supply = flows[flows["j"] == home].groupby(["k", "i"])["v"].sum()
    world = flows.groupby(["k", "i"])["v"].sum()
    imports = supply.groupby("k").sum()
    found = pd.DataFrame({"imports": imports, "import_hhi": (supply**2).groupby("k").sum() / imports**2})
    found["exports"] = flows[flows["i"] == home].groupby("k")["v"].sum().reindex(found.index).fillna(0.0)
    found["world_hhi"] = (world**2).groupby("k").sum() / world.groupby("k").sum() ** 2
    return found


def _peak() -> float:
    """本进程的峰值内存，MB；不把启动它的进程算进来。"""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _work(how: str, folder: Path, importer: str) -> None:
    """子进程：算一遍，把代价与结果的摘要写到标准输出。"""
    wall, cpu, before = time.perf_counter(), time.process_time(), _peak()
    if how == "screen":
        found, flags = screen(folder, importer, YEAR, memory_limit=MEMORY_LIMIT)
        found = found.droplevel("year")
        held = int(flags["cepii_2024"][["c1", "c2", "c3"]].all(axis=1).sum())
    else:
        found, held = gulp(folder, importer), None
    cost = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak": _peak(),
        "before": before,
        "products": len(found),
        "held": held,
    }
    found[["imports", "exports", "import_hhi", "world_hhi"]].to_csv(folder / f"{how}.out")
    print(json.dumps(cost))


def _measure(how: str, folder: Path, importer: str) -> dict:
    command = [sys.executable, "-W", "ignore", "-m", "tools.bench_trade", "--work", how, str(folder)]
    command += ["--importer", importer]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{how} 没有算成：\n{done.stderr}")
    return json.loads(done.stdout)


def _row(name: str, rows: int, size: float, cost: dict) -> str:
    return (
        f"| {name} | {rows:,} | {size:.0f} | {cost['wall']:.1f} | {cost['cpu']:.1f} | {cost['peak']:.0f} |"
        f" {cost['products']:,} |"
    )


def main(rows: int, importer: str) -> int:
    """量一遍，打印表格；峰值内存超过上限或与 pandas 不符则返回 1。"""
    print(f"{platform.platform()}，Python {platform.python_version()}；DuckDB 内存上限 {MEMORY_LIMIT}")
    lines, failed = [], []
    with tempfile.TemporaryDirectory(prefix="bench_trade_") as name:
        big, small = Path(name) / "big", Path(name) / "small"
        for folder in (big, small):
            folder.mkdir()
        start = time.perf_counter()
        path = generate(big, rows)
        size = path.stat().st_size / 2**20
        print(f"造 {rows:,} 行，{size:.0f} MB，用 {time.perf_counter() - start:.0f} 秒", flush=True)
        cost = _measure("screen", big, importer)
        lines.append(_row("screen（DuckDB 流式）", rows, size, cost))
        held = cost["held"]
        if cost["peak"] >= LIMIT_MB:
            failed.append(f"峰值内存 {cost['peak']:.0f} MB，超过 {LIMIT_MB} MB")
        path.unlink()
        few = min(SMALL, rows)
        size = generate(small, few).stat().st_size / 2**20
        for how, label in (("screen", "screen（小文件）"), ("gulp", "pandas 一口气（小文件）")):
            lines.append(_row(label, few, size, _measure(how, small, importer)))
        ours, theirs = (pd.read_csv(small / f"{how}.out", index_col=0).sort_index() for how in ("screen", "gulp"))
        if not (ours.index.equals(theirs.index) and np.allclose(ours, theirs[ours.columns], rtol=1e-9)):
            failed.append("小文件上与 pandas 的结果不符")
    print("| 做法 | 行数 | 文件 MB | 墙上秒 | 处理器秒 | 峰值 MB | 产品数 |\n|:--|--:|--:|--:|--:|--:|--:|")
    print("\n".join(lines))
    print(f"大文件中 GeoDep 前三条同时成立的产品：{held}")
    print("；".join(failed) or f"峰值内存在 {LIMIT_MB} MB 以内；小文件上与 pandas 逐项相等")
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS, help="行数")
    parser.add_argument("--importer", default="CHN", help="进口方的三字母代码")
    parser.add_argument("--work", nargs=2, metavar=("做法", "文件夹"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        _work(options.work[0], Path(options.work[1]), options.importer)
    else:
        sys.exit(main(options.rows, options.importer))
