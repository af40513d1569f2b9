"""几家已发表的“依赖”标准，名称、出处、阈值写成常数。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

_COMPARE = {">": pd.Series.gt, ">=": pd.Series.ge}


@dataclass(frozen=True)
class Criterion:
    """一条标准。

    Attributes
    ----------
    name : str
        短名，如 ``cdi1``。
    measure : str or None
        用 :func:`measures` 的哪一列；没有可算的量（定性的标准）则为 None。
    operator : {">", ">="}
        严格大于还是不小于。
    threshold : float or None
        阈值；没有见到则为 None，不下判断。
    seen : bool
        阈值见于原文（或作者自己的说明）;False 表示通行的转述，或没有见到。
    origin : str
        出处与说明。
    """

    name: str
    measure: str | None
    operator: str
    threshold: float | None
    seen: bool
    origin: str


@dataclass(frozen=True)
class Variant:
    """一家的标准。

    Attributes
    ----------
    key, label, source : str
        代号、中文名、文献。
    criteria : tuple of Criterion
        各条标准。
    note : str
        用到中国等单个国家时要留意的地方。
    decisive : tuple of str
        结论由哪几条合成（须同时成立）；空则由全部各条。
    """

    key: str
    label: str
    source: str
    criteria: tuple[Criterion, ...]
    note: str
    decisive: tuple[str, ...] = ()


_QUOTED = "阈值是通行的转述，没有在原文中见到"
_CEPII = "CEPII GeoDep 数据说明页印出"

VARIANTS: dict[str, Variant] = {
    v.key: v
    for v in (
        Variant(
            "ec_2021",
            "欧盟委员会 2021",
            "European Commission (2021), Strategic dependencies and capacities, SWD(2021) 352",
            (
                Criterion("cdi1", "import_hhi", ">", 0.4, False, f"CDI1 区外进口来源的 HHI；{_QUOTED}"),
                Criterion("cdi2", "external_share", ">", 0.5, False, f"CDI2 区外进口占全部进口；{_QUOTED}"),
                Criterion(
                    "cdi3", "ratio", ">", 1.0, False, "CDI3 区外进口与出口之比；MERICS (2024) 转述：最小的逆差也算"
                ),
            ),
            "为关税同盟而设：单个国家没有区内进口，CDI2 恒为 1，不起作用",
        ),
        Variant(
            "arjona_2023",
            "Arjona 等 2023",
            "Arjona, Connell & Herghelegiu (2023), Single Market Economics Papers 2023/14",
            (
                Criterion("cdi1", "import_hhi", ">", None, False, "阈值没有见到，只给出量"),
                Criterion("cdi2", "external_share", ">", None, False, "阈值没有见到，只给出量"),
                Criterion("cdi3", "ratio", ">", None, False, "阈值没有见到，只给出量"),
            ),
            "方法的细节没有见到原文（只知用 2017–2020 年、约 5400 种产品，得 204 种）：一律不下判断",
        ),
        Variant(
            "cepii_2024",
            "CEPII GeoDep 2024",
            "Lefebvre & Wibaux (2024), Import dependencies: where does the EU stand?, CEPII Policy Brief 47",
            (
                Criterion("c1", "import_hhi", ">", 0.4, True, f"进口来源的 HHI；{_CEPII}"),
                Criterion("c2", "world_hhi", ">", 0.4, True, f"世界出口的 HHI；{_CEPII}"),
                Criterion("c3", "ratio", ">", 1.0, True, f"进口与出口之比，无出口记 9999；{_CEPII}"),
                Criterion("c4", "years_held", ">=", 2.0, True, f"三年里前三条同时成立的年数；{_CEPII}"),
            ),
            "照原文，结论由标准四定：三年里至少两年前三条同时成立。只有一年的数据时前三条照判，结论缺失",
            decisive=("c4",),
        ),
        Variant(
            "merics_2024",
            "MERICS 2024",
            "MERICS (2024), Trade Dependency Database",
            (
                Criterion("deficit", "ratio", ">=", 2.0, True, "进口至少是出口的两倍"),
                Criterion("partner", "partner_share", ">=", 0.3, True, "某一伙伴（如欧盟）占进口三成以上"),
                Criterion("alternatives", None, ">=", None, False, "世界市场上别的供应者少：量化的阈值没有见到"),
            ),
            "第三条无从判断，所以前两条都成立时结论为缺失，不为真",
        ),
        Variant(
            "merics_2020",
            "MERICS 2020",
            "Zenglein (2020), MERICS Mapping and recalibrating Europe's economic interdependence with China",
            (Criterion("partner", "partner_share", ">", 0.5, True, "某一伙伴占进口一半以上"),),
            "原为欧盟对中国；换成任一进口方与伙伴都可算",
        ),
        Variant(
            "cha_2023",
            "Cha 2023",
            "Cha (2023), Collective Resilience, International Security 48(1)",
            (Criterion("group", "partner_share", ">", 0.7, True, "美国领衔的一组国家占该国进口七成以上"),),
            "组里有哪些国家由调用者给出，本包不代定",
        ),
    )
}


def variant_table(variants: Iterable[str] = tuple(VARIANTS)) -> pd.DataFrame:
    """各家标准与阈值一览。

    Parameters
    ----------
    variants : iterable of str
        代号。

    Returns
    -------
    pandas.DataFrame
        每条标准一行：``variant``、``label``、``criterion``、``measure``、``operator``、``threshold``（没有则缺失）、
        ``seen``（布尔）、``origin``、``source``、``note``。

    Raises
    ------
    ValueError
        不认识的代号。
    """
    rows = [
        (v.key, v.label, c.name, c.measure, c.operator, c.threshold, c.seen, c.origin, v.source, v.note)
        for v in _chosen(variants)
        for c in v.criteria
    ]
    names = ["variant", "label", "criterion", "measure", "operator", "threshold", "seen", "origin", "source", "note"]
    table = pd.DataFrame(rows, columns=names)
    return table.astype({"threshold": float})


def _chosen(variants: Iterable[str]) -> list[Variant]:
    variants = [variants] if isinstance(variants, str) else list(variants)
    unknown = [v for v in variants if v not in VARIANTS]
    if unknown or not variants:
        raise ValueError(f"不认识的标准 {'、'.join(map(str, unknown)) or '（空）'}；可用：{'、'.join(VARIANTS)}")
    return [VARIANTS[v] for v in variants]


def screens(measured: pd.DataFrame, variants: Iterable[str] = tuple(VARIANTS)) -> pd.DataFrame:
    """对每种产品逐条判断，再合成各家的结论。

    三值逻辑：有一条不成立，结论为假；都成立，为真；余下（有的条缺量或缺阈值）为缺失。
    GeoDep 的结论只看标准四，见 :attr:`Variant.decisive`。

    Parameters
    ----------
    measured : pandas.DataFrame, shape (n, …)
        索引为产品；列如 :func:`measures` 所给：``import_hhi``、``world_hhi``、``external_share``、``partner_share``
        （0–1）、``ratio``（非负）、``years_held``（0–3）。没有的列当作缺失。
    variants : iterable of str
        :data:`VARIANTS` 里的代号。

    Returns
    -------
    pandas.DataFrame, shape (n, …)
        两层的列（代号，条名），每个代号末尾是 ``verdict``；类型是可缺失的布尔。

    Raises
    ------
    ValueError
        不认识的代号，或产品重复。
    """
    if not measured.index.is_unique:
        raise ValueError(f"产品 {measured.index[measured.index.duplicated()][0]} 重复")
    found = {}
    for v in _chosen(variants):
        flags = {c.name: _holds(measured, c) for c in v.criteria}
        verdict = pd.Series(True, index=measured.index, dtype="boolean")
        for name in v.decisive or flags:
            verdict &= flags[name]
        found |= {(v.key, name): flag for name, flag in flags.items()} | {(v.key, "verdict"): verdict}
    return pd.DataFrame(found, index=measured.index).rename_axis(columns=["variant", "criterion"])


def _holds(measured: pd.DataFrame, c: Criterion) -> pd.Series:
    if c.measure not in measured or c.threshold is None:
        return pd.Series(pd.NA, index=measured.index, dtype="boolean")
    values = measured[c.measure].astype(float)
    return _COMPARE[c.operator](values, c.threshold).astype("boolean").mask(values.isna())


def persistent(held: pd.DataFrame, window: int = 3, least: int = 2) -> pd.DataFrame:
    """连续几年里成立了几年（GeoDep 标准四：三年里至少两年）。

    Parameters
    ----------
    held : pandas.DataFrame, shape (n, years)
        行为产品，列为相连的年份（整数，升序），布尔：该年其余各条是否同时成立。没有进口的年份应先填 False。
    window : int
        窗口的年数，含当年；至少 1。
    least : int
        至少几年，1 到 ``window``。

    Returns
    -------
    pandas.DataFrame
        每个产品、每个窗口满的年份一行，索引 (产品，年)；``years_held`` 成立的年数，0–``window``；``persistent`` 布尔。

    Raises
    ------
    ValueError
        年份不相连、不足一个窗口，有缺失，或 ``window``、``least`` 越界。
    """
    if not 1 <= least <= window:
        raise ValueError(f"least 应在 1–{window} 之间，现为 {least}")
    years = [int(y) for y in held.columns]
    if not years or years != list(range(years[0], years[0] + len(years))):
        raise ValueError(f"年份应相连并升序，现为 {years}")
    if len(years) < window:
        raise ValueError(f"只有 {len(years)} 年，不足 {window} 年的窗口")
    if held.isna().to_numpy().any():
        raise ValueError("有的年份没有判断；没有进口的年份先填 False")
    counts = held.astype(bool).astype(int).T.rolling(window).sum().T.iloc[:, window - 1 :]
    counts.columns = years[window - 1 :]
    found = counts.rename_axis(index="product", columns="year").stack(future_stack=True).astype(int)
    return pd.DataFrame({"years_held": found, "persistent": found >= least})
