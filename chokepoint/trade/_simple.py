"""对普通数据表的小函数：比值、单价、镜像、集中度。"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .. import concentration


def _amount(values: pd.Series, what: str) -> pd.Series:
    values = values.astype(float)
    wrong = values.notna() & ((values < 0) | np.isinf(values))
    if wrong.any():
        raise ValueError(f"{what}在 {list(values.index[wrong])[:3]} 处为负或无穷")
    return values


def _paired(first: pd.Series, second: pd.Series) -> None:
    if not first.index.equals(second.index):
        raise ValueError("两列的索引不一致")


def import_export_ratio(imports: pd.Series, exports: pd.Series, no_exports: float = float("inf")) -> pd.Series:
    """进口与出口之比：大于 1 即净进口，国内供给替代不了（CDI3、GeoDep 标准三）。

    Parameters
    ----------
    imports, exports : pandas.Series, shape (n,)
        同一国、同一批产品的进口额与出口额，同一单位，非负；缺失的仍是缺失。
    no_exports : float
        没有出口（出口为 0）而有进口时的取值；GeoDep 取 9999。

    Returns
    -------
    pandas.Series, shape (n,)
        比值，非负；进口与出口都是 0 则缺失。

    Raises
    ------
    ValueError
        索引不一致，或有负数。
    """
    _paired(imports, exports)
    imports, exports = _amount(imports, "进口额"), _amount(exports, "出口额")
    ratio = imports / exports.where(exports > 0)
    return ratio.mask((exports == 0) & (imports > 0), no_exports).rename("ratio")


def unit_value(value: pd.Series, quantity: pd.Series) -> pd.Series:
    """单价：金额除以数量。

    Parameters
    ----------
    value, quantity : pandas.Series, shape (n,)
        金额与数量，非负。金额以千美元、数量以吨计，则单价是美元/千克。

    Returns
    -------
    pandas.Series, shape (n,)
        数量缺失或为 0 则缺失。

    Raises
    ------
    ValueError
        索引不一致，或有负数。
    """
    _paired(value, quantity)
    value, quantity = _amount(value, "金额"), _amount(quantity, "数量")
    return (value / quantity.where(quantity > 0)).rename("unit_value")


def unit_value_gap(first: pd.Series, second: pd.Series) -> pd.DataFrame:
    """两组单价差多少，例如进口单价对出口单价。

    Parameters
    ----------
    first, second : pandas.Series, shape (n,)
        同一批产品的单价，同一单位，大于 0；缺失的仍是缺失。

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        ``ratio`` 前者除以后者；``log_gap`` 其自然对数，0 为相等，正为前者贵，对调两者则变号。

    Raises
    ------
    ValueError
        索引不一致，或有不大于 0 的单价。
    """
    _paired(first, second)
    first, second = _amount(first, "单价"), _amount(second, "单价")
    if (first == 0).any() or (second == 0).any():
        raise ValueError("单价应大于 0")
    ratio = first / second
    return pd.DataFrame({"ratio": ratio, "log_gap": np.log(ratio)})


def mirror_compare(
    importer: pd.DataFrame, exporter: pd.DataFrame, keys: Sequence[str], value: str = "value"
) -> pd.DataFrame:
    """同一股贸易流，进口方与出口方各报多少。

    进口通常按到岸价（CIF），出口按离岸价（FOB），所以进口方报得略高是常态；转口、归类与保密也会造成差别。

    Parameters
    ----------
    importer, exporter : pandas.DataFrame
        两方的报告，各有 ``keys`` 与 ``value`` 列；``keys``（如年、产品、出口方、进口方）不得重复或缺失，
        ``value`` 为同一单位的非负金额。
    keys : sequence of str
        认定“同一股”的列。
    value : str
        金额列。

    Returns
    -------
    pandas.DataFrame
        索引为 ``keys``；``importer``、``exporter`` 两方所报（没有报则缺失）；``ratio`` 进口方除以出口方；
        ``log_gap`` 其自然对数（任一方为 0 或没有报则两者缺失）；
        ``status``：``both``、``importer_only``、``exporter_only``。

    Raises
    ------
    ValueError
        缺列，键重复或缺失，或金额为负或缺失。
    """
    keys = list(keys)
    sides = {}
    for name, table in (("importer", importer), ("exporter", exporter)):
        lacking = [c for c in (*keys, value) if c not in table]
        if lacking:
            raise ValueError(f"{name} 一方缺列 {'、'.join(lacking)}")
        if table[[*keys, value]].isna().to_numpy().any():
            raise ValueError(f"{name} 一方的键或金额有缺失")
        if table.duplicated(keys).any():
            raise ValueError(f"{name} 一方的键 {table.loc[table.duplicated(keys), keys].iloc[0].tolist()} 重复")
        sides[name] = _amount(table.set_index(keys)[value], f"{name} 一方的金额")
    found = pd.concat(sides, axis=1).sort_index()
    known = found[(found > 0).all(axis=1)]
    found["ratio"] = known["importer"] / known["exporter"]
    found["log_gap"] = np.log(found["ratio"])
    lone = np.where(found["exporter"].isna(), "importer_only", "exporter_only")
    found["status"] = np.where(found[["importer", "exporter"]].notna().all(axis=1), "both", lone)
    return found


def mirror_coverage(compared: pd.DataFrame) -> dict[str, float]:
    """镜像对照覆盖了多少。

    Parameters
    ----------
    compared : pandas.DataFrame
        :func:`mirror_compare` 的结果，不得为空。

    Returns
    -------
    dict
        ``flows`` 流的股数；``both`` 两方都报的比例；``importer_value``、``exporter_value`` 各方所报金额中对方也报了的
        比例（没有金额则缺失）；``median_ratio`` 两方都报者比值的中位数。除 ``flows`` 外前几项在 0–1 之间。

    Raises
    ------
    ValueError
        表是空的。
    """
    if compared.empty:
        raise ValueError("没有可对照的流")
    both = compared["status"] == "both"

    def share(side: str) -> float:
        total = compared[side].sum()
        return float(compared.loc[both, side].sum() / total) if total else float("nan")

    return {
        "flows": len(compared),
        "both": float(both.mean()),
        "importer_value": share("importer"),
        "exporter_value": share("exporter"),
        "median_ratio": float(compared["ratio"].median()),
    }


def hhi(flows: pd.DataFrame, by: str = "product", value: str = "value") -> pd.Series:
    """逐个产品算来源的赫芬达尔指数，见 :func:`chokepoint.concentration.hhi`。

    Parameters
    ----------
    flows : pandas.DataFrame
        每行一个来源（同一产品、同一来源只有一行），含列 ``by`` 与 ``value``；``value`` 非负、不缺失。
    by, value : str
        产品列与金额列。

    Returns
    -------
    pandas.Series
        索引为产品；1/来源数 到 1；总额为 0 则缺失。来源没有列全时请用 :func:`chokepoint.concentration.hhi_bounds`。

    Raises
    ------
    ValueError
        金额为负或缺失。
    """
    if flows[value].isna().any():
        raise ValueError("金额有缺失；来源没有列全时用 concentration.hhi_bounds")
    amount = _amount(flows[value], "金额").groupby(flows[by])
    found = {product: concentration.hhi(v / v.sum()) if v.sum() else np.nan for product, v in amount}
    return pd.Series(found, name="hhi", dtype=float).rename_axis(by)
