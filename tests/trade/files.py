"""造一个小的 BACI 文件夹：格式与发表的一样，数是随机的；再用最笨的办法逐个产品算一遍。"""

import math
from pathlib import Path

import numpy as np
import pandas as pd

COUNTRIES = {4: "AFG", 156: "CHN", 251: "FRA", 276: "DEU", 392: "JPN", 490: "S19", 516: "NAM", 842: "USA"}
PRODUCTS = {"010121": "Horses: live, pure-bred", "020110": 'Meat; "fresh"', "854231": "Processors", "848620": "Tools"}


def flows(year: int, seed: int = 0) -> pd.DataFrame:
    """一年的流：每对国家、每种产品至多一行；有的没有数量，有的产品有的国家不出口。"""
    rng = np.random.default_rng([seed, year])
    rows = []
    for k in list(PRODUCTS)[:3]:
        for i in COUNTRIES:
            scale = rng.choice([0.0, 1.0, 50.0])
            for j in COUNTRIES:
                if i != j and scale and rng.random() < 0.6:
                    q = rng.choice(["", "NA", f"{rng.random() * 9:.3f}"])
                    rows.append((year, i, j, k, round(float(scale * rng.random() + 0.001), 3), q))
    rows.append((year, 4, 842, "848620", 7.5, ""))
    return pd.DataFrame(rows, columns=["t", "i", "j", "k", "v", "q"])


def write(folder: Path, *years: int, version: str = "202401b", seed: int = 0) -> Path:
    """写成 BACI 的样子：编码不带前导的零，数量靠右、前面有空格。"""
    folder.mkdir(parents=True, exist_ok=True)
    for year in years:
        table = flows(year, seed)
        table["k"] = table["k"].astype(int)
        table["q"] = table["q"].map(lambda q: f"{q:>14}")
        table.to_csv(folder / f"BACI_HS17_Y{year}_V{version}.csv", index=False)
    codes = pd.DataFrame({"country_code": COUNTRIES.keys(), "country_name": "Côte", "country_iso3": COUNTRIES.values()})
    codes.insert(2, "country_iso2", ["AF", "CN", "FR", "DE", "JP", "TW", "NA", "US"])
    codes.to_csv(folder / f"country_codes_V{version}.csv", index=False)
    names = pd.DataFrame({"code": PRODUCTS.keys(), "description": PRODUCTS.values()})
    names.to_csv(folder / f"product_codes_HS17_V{version}.csv", index=False)
    return folder


def brute(table: pd.DataFrame, importers: list[int], partners: list[int]) -> pd.DataFrame:
    """逐个产品、逐行地算，只用 Python 的加法。"""
    found = {}
    for k, part in table.groupby("k"):
        rows = [(r.i, r.j, r.v, float(r.q) if r.q not in ("", "NA") else None) for r in part.itertuples()]
        supply, world = {}, {}
        exports = internal = weighed = quantity = 0.0
        for i, j, v, q in rows:
            world[i] = world.get(i, 0.0) + v
            if i in importers and j not in importers:
                exports += v
            elif i in importers:
                internal += v
            elif j in importers:
                supply[i] = supply.get(i, 0.0) + v
                if q:
                    weighed, quantity = weighed + v, quantity + q
        imports = math.fsum(supply.values())
        if not imports:
            continue
        most = max(supply.values())
        found[k] = {
            "imports": imports,
            "internal": internal,
            "exports": exports,
            "world_exports": math.fsum(world.values()),
            "suppliers": len(supply),
            "top_supplier": min(i for i, v in supply.items() if v == most),
            "import_hhi": sum((v / imports) ** 2 for v in supply.values()),
            "world_hhi": sum((v / math.fsum(world.values())) ** 2 for v in world.values()),
            "top_share": most / imports,
            "external_share": imports / (imports + internal),
            "partner_share": sum(supply.get(p, 0.0) for p in partners) / imports if partners else math.nan,
            "unit_value": weighed / quantity if quantity else math.nan,
        }
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("k")
