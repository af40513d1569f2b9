"""CEPII BACI 的年度文件：找到、查验、流式地读、筛。

BACI 每年一个文件 ``BACI_HS17_Y2022_V202401b.csv``，列 ``t,i,j,k,v,q``（年、出口方、进口方、HS 六位编码、千美元、吨），
连同 ``country_codes_V202401b.csv`` 与 ``product_codes_HS17_V202401b.csv``。解压之后放在同一个文件夹里即可。
一年一千多万行，由内嵌的 DuckDB 从文件里流式地读，不整个装进内存。

BACI 里没有“中国台湾”的代码：相应的贸易在 490（Other Asia, nes；iso3 为 S19）之下。
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import pandas as pd

from ._measures import BLANKS, NO_EXPORTS, _by_exporter, _by_product, tidy
from ._simple import import_export_ratio
from ._variants import VARIANTS, persistent, screens

COLUMNS = ("t", "i", "j", "k", "v", "q")
_NAME = re.compile(r"BACI_HS(?P<revision>\d\d)_Y(?P<year>\d{4})_V(?P<version>\w+)\.csv")
_TYPES = dict(zip(COLUMNS, ("INTEGER", "INTEGER", "INTEGER", "VARCHAR", "DOUBLE", "VARCHAR"), strict=True))
#: 标准四看几年。
WINDOW = 3

Progress = Callable[[int, float], None]


class BaciError(ValueError):
    """文件读不了；消息里有文件名，能定位的还有行与列。"""


@dataclass(frozen=True)
class BaciFiles:
    """一年的三个文件。

    Attributes
    ----------
    flows, countries, products : pathlib.Path
        贸易流、国家代码、产品代码。
    year : int
        年份。
    revision, version : str
        HS 版本（如 ``17``）与 BACI 版本（如 ``202401b``）。
    """

    flows: Path
    countries: Path
    products: Path
    year: int
    revision: str
    version: str


def find(folder: str | Path, year: int | None = None, revision: str | None = None) -> BaciFiles:
    """在文件夹里找一年的文件。

    Parameters
    ----------
    folder : path
        解压后的文件夹。
    year : int, optional
        年份；省略则取最近的一年。
    revision : str, optional
        HS 版本的两位数，如 ``"17"``；文件夹里只有一个版本时可省略。

    Returns
    -------
    BaciFiles
        三个文件，都在。

    Raises
    ------
    BaciError
        没有文件夹、没有这一年、同一年有几个版本，或缺代码表。
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise BaciError(f"没有文件夹 {folder}")
    named = [(m, p) for p in sorted(folder.iterdir()) if (m := _NAME.fullmatch(p.name))]
    named = [(m, p) for m, p in named if revision in (None, m["revision"])]
    if not named:
        raise BaciError(f"{folder} 里没有 BACI_HS{revision or '??'}_Y年份_V版本.csv；压缩包要先解开")
    years = sorted({int(m["year"]) for m, _ in named})
    year = years[-1] if year is None else int(year)
    found = [(m, p) for m, p in named if int(m["year"]) == year]
    if not found:
        raise BaciError(f"{folder} 里没有 {year} 年；现有：{'、'.join(map(str, years))}")
    if len(found) > 1:
        raise BaciError(f"{year} 年有几个版本：{'、'.join(p.name for _, p in found)}；请指定 revision 或只留一个")
    match, flows = found[0]
    countries = folder / f"country_codes_V{match['version']}.csv"
    products = folder / f"product_codes_HS{match['revision']}_V{match['version']}.csv"
    for path in (countries, products):
        if not path.is_file():
            raise BaciError(f"缺代码表 {path.name}：它与 {flows.name} 在同一个压缩包里")
    return BaciFiles(flows, countries, products, year, match["revision"], match["version"])


def _codes(path: Path, needed: Sequence[str]) -> pd.DataFrame:
    """一张代码表，全是文本；“NA”是纳米比亚，不是缺失。"""
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
            break
        except UnicodeDecodeError:
            continue
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise BaciError(f"{path.name} 不是完整的 CSV：{error}") from error
    lacking = [c for c in needed if c not in table]
    if lacking:
        raise BaciError(f"{path.name} 第 1 行缺列 {'、'.join(lacking)}，现有 {'、'.join(table.columns)}")
    wrong = ~table[needed[0]].str.strip().str.fullmatch(r"\d{1,6}")
    if needed[0] == "code":
        wrong &= ~table["code"].str.fullmatch(r"[0-9A-Z]{6}")
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise BaciError(f"{path.name} 第 {row + 2} 行 {needed[0]} 列：{table[needed[0]].iat[row]!r} 不是代码")
    return table


def _check_ends(path: Path) -> None:
    """表头对不对，末行完不完整：只看两端，不读全文。"""
    with path.open("rb") as file:
        head = file.readline()
        first = file.readline()
        size = file.seek(0, 2)
        file.seek(max(0, size - 4096))
        tail = file.read()
    names = [c.strip().strip('"') for c in head.decode("utf-8-sig", "replace").strip().split(",")]
    if names != list(COLUMNS):
        lacking = [c for c in COLUMNS if c not in names]
        extra = [c for c in names if c not in COLUMNS]
        detail = "；".join(f"{what} {'、'.join(c)}" for what, c in (("缺", lacking), ("多", extra)) if c) or "次序不对"
        raise BaciError(f"{path.name} 第 1 行：列应为 {','.join(COLUMNS)}，现为 {','.join(names)[:80]}（{detail}）")
    if not first.strip():
        raise BaciError(f"{path.name} 只有表头，没有数据")
    last = tail.rstrip(b"\r\n").rsplit(b"\n", 1)[-1].decode("utf-8", "replace").strip()
    if not tail.endswith(b"\n") or last.count(",") != len(COLUMNS) - 1:
        raise BaciError(
            f"{path.name} 末行不完整（{last[:60]!r}），文件可能没有下载或解压完；若确认无误，在末尾补一个换行"
        )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _fault(line: str, year: int) -> str | None:
    """一行数据的毛病；没有则为 None。"""
    cells = [c.strip().strip('"').strip() for c in line.rstrip("\r\n").split(",")]
    if len(cells) != len(COLUMNS):
        return f"有 {len(cells)} 个字段，应为 {len(COLUMNS)} 个"
    row = dict(zip(COLUMNS, cells, strict=True))
    for name in ("t", "i", "j"):
        if not row[name].isdecimal():
            return f"{name} 列：{row[name]!r} 不是整数"
    if int(row["t"]) != year:
        return f"t 列：年份是 {row['t']}，文件名却是 {year} 年"
    if not re.fullmatch(r"[0-9A-Z]{1,6}", row["k"]):
        return f"k 列：{row['k']!r} 不是 HS 六位编码"
    value = _number(row["v"])
    if value is None or not 0 <= value < 1e15:
        return f"v 列：{row['v']!r} 不是非负的数"
    amount = _number(row["q"])
    if row["q"] not in BLANKS and (amount is None or not 0 <= amount < 1e15):
        return f"q 列：{row['q']!r} 既不是非负的数，也不是空白或 NA"
    return None


def locate_fault(path: str | Path, year: int) -> str | None:
    """逐行找出第一处毛病。只在已知有错时用：一千万行要几十秒。

    Parameters
    ----------
    path : path
        贸易流的文件。
    year : int
        文件名里的年份。

    Returns
    -------
    str or None
        “文件名 第几行 哪一列：什么毛病”；没有毛病为 None。
    """
    path = Path(path)
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        next(file, None)
        for number, line in enumerate(file, start=2):
            if (fault := _fault(line, year)) is not None:
                return f"{path.name} 第 {number} 行 {fault}"
    return None


def read(con: ibis.backends.BaseBackend, files: BaciFiles) -> ibis.Table:
    """DuckDB 上的一年，尚未执行。

    Parameters
    ----------
    con : ibis 的 DuckDB 连接
        ``ibis.duckdb.connect()``。别的后端请自己读成表，再交给 :func:`tidy` 与 :func:`measures`。
    files : BaciFiles
        :func:`find` 的结果。

    Returns
    -------
    ibis.Table
        列同 :func:`tidy` 的结果；``fault`` 标出不合格的行。

    Raises
    ------
    BaciError
        表头不对，或末行不完整。
    """
    _check_ends(files.flows)
    raw = con.read_csv(str(files.flows), header=True, delim=",", quote='"', auto_detect=False, columns=_TYPES)
    return tidy(raw, files.year)


class _Watch:
    """另一个线程里每隔一会儿报一次 DuckDB 的进度。"""

    def __init__(self, con, year: int, report: Progress | None):
        self._con, self._year, self._report = con.con, year, report
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._poll, daemon=True)

    def _poll(self) -> None:
        while not self._done.wait(0.2):
            percent = self._con.query_progress()
            if percent >= 0:
                self._report(self._year, min(percent / 100, 1.0))

    def __enter__(self) -> None:
        if self._report:
            self._report(self._year, 0.0)
            self._thread.start()

    def __exit__(self, kind, *_) -> None:
        if self._report:
            self._done.set()
            self._thread.join()
            if kind is None:
                self._report(self._year, 1.0)


def print_progress(year: int, share: float) -> None:
    """把进度写到标准错误，原地刷新。

    Parameters
    ----------
    year : int
        正在读的年份。
    share : float
        读了多少，0–1。
    """
    print(f"\r{year} 年 {share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _pairs(con, files: BaciFiles, importers: list[int], progress: Progress | None) -> ibis.Table:
    """扫描一遍文件，落成“产品 × 出口方”的小表；有不合格的行则报出第一处。"""
    name = f"pairs_{files.year}"
    try:
        with _Watch(con, files.year, progress):
            table = con.create_table(name, _by_exporter(read(con, files), importers), temp=True)
    except duckdb.OutOfMemoryException as error:
        raise BaciError(f"{files.flows.name}：给定的内存不够，请调大 memory_limit（{error}）") from error
    except duckdb.Error as error:
        raise BaciError(locate_fault(files.flows, files.year) or f"{files.flows.name} 读不了：{error}") from error
    if table.faults.sum().execute() or table.filter(~table.k.re_search("^[0-9A-Z]{6}$")).count().execute():
        raise BaciError(locate_fault(files.flows, files.year) or f"{files.flows.name} 有不合格的行")
    return table


def _known(table: ibis.Table, column: str, codes: Iterable, files: BaciFiles, listing: Path) -> None:
    strange = sorted(set(table[[column]].distinct().execute()[column]) - set(codes))
    if strange:
        raise BaciError(f"{files.flows.name} 的 {column} 列有 {strange[0]}，{listing.name} 里没有：两者的版本不同？")


def _numbers(iso3: str | Sequence[str], countries: pd.DataFrame, listing: Path, what: str) -> list[int]:
    wanted = [iso3] if isinstance(iso3, str) else list(iso3)
    number = dict(zip(countries["country_iso3"], countries["country_code"].astype(int), strict=True))
    unknown = [c for c in wanted if c not in number]
    if unknown:
        near = [c for c in number if c[:2] == str(unknown[0])[:2].upper()][:5]
        hint = f"；相近的有 {'、'.join(near)}" if near else ""
        raise BaciError(f"{what} {'、'.join(map(str, unknown))} 不在 {listing.name} 的 country_iso3 列里{hint}")
    return [number[c] for c in wanted]


def _one_year(con, files, importer_iso3, partners, progress) -> pd.DataFrame:
    countries = _codes(files.countries, ("country_code", "country_iso3"))
    products = _codes(files.products, ("code", "description"))
    importers = _numbers(importer_iso3, countries, files.countries, "进口方")
    friends = _numbers(partners, countries, files.countries, "伙伴")
    if set(importers) & set(friends):
        raise BaciError("伙伴又是进口方")
    pairs = _pairs(con, files, importers, progress)
    iso3 = dict(zip(countries["country_code"].astype(int), countries["country_iso3"], strict=True))
    names = dict(zip(products["code"].str.zfill(6), products["description"], strict=True))
    _known(pairs, "i", iso3, files, files.countries)
    _known(pairs, "k", names, files, files.products)
    found = _by_product(pairs, importers, friends).order_by("k").execute()
    if found.empty:
        raise BaciError(f"{files.flows.name} 里没有 {importer_iso3} 的进口")
    found.insert(0, "description", found["k"].map(names))
    found["top_supplier"] = found["top_supplier"].map(iso3)
    found["ratio"] = import_export_ratio(found["imports"], found["exports"], NO_EXPORTS)
    found["year"] = files.year
    return found.rename(columns={"k": "product"}).set_index(["product", "year"])


def screen(
    folder: str | Path,
    importer_iso3: str | Sequence[str] = "CHN",
    years: int | Sequence[int] | None = None,
    partners: str | Sequence[str] = (),
    variants: Iterable[str] = tuple(VARIANTS),
    revision: str | None = None,
    memory_limit: str = "1GB",
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """从 BACI 筛出一国（或一个关税区）依赖进口的产品。

    Parameters
    ----------
    folder : path
        解压后的文件夹。
    importer_iso3 : str or sequence of str
        进口方的三字母代码；几个代码合成一个关税区。
    years : int or sequence of int, optional
        年份；省略则取最近一年。要判 GeoDep 的标准四，须含该年与前两年。
    partners : str or sequence of str
        伙伴的三字母代码，合算它们占进口几成；没有给，用到它的各条为缺失。
    variants : iterable of str
        :data:`VARIANTS` 的代号。
    revision : str, optional
        HS 版本，见 :func:`find`；几年须用同一版本。
    memory_limit : str
        DuckDB 的内存上限，如 ``"1GB"``。
    threads : int, optional
        线程数；省略由 DuckDB 决定。
    progress : callable, optional
        每隔一会儿以（年份，0–1）调用；:func:`print_progress` 打印到标准错误。

    Returns
    -------
    measured : pandas.DataFrame
        索引（``product``、``year``）；``description``、:func:`measures` 的各列（``top_supplier`` 换成三字母代码）、
        ``ratio``（无出口记 9999）、``years_held``（前两年不全则缺失）。只有有进口的产品。
    flags : pandas.DataFrame
        同样的索引；:func:`screens` 的结果。

    Raises
    ------
    BaciError
        文件缺失、表头不对、末行不完整、年份不对、有不是数的格子、代码表对不上，或不认识进口方与伙伴。
    ValueError
        不认识的标准。
    """
    screens(pd.DataFrame(index=[]), variants)  # 先查代号，免得读完几年才报错
    chosen = [years] if years is None or isinstance(years, int) else sorted(set(years))
    files = [find(folder, year, revision) for year in chosen]
    if len({(f.revision, f.version) for f in files}) > 1:
        raise BaciError(f"几年的版本不同：{'、'.join(f.flows.name for f in files)}；产品编码不可比")
    options = {"memory_limit": memory_limit} | ({} if threads is None else {"threads": threads})
    parts = []
    for each in files:
        con = _connect(options)
        try:
            parts.append(_one_year(con, each, importer_iso3, partners, progress))
        finally:
            con.disconnect()
    measured = pd.concat(parts).sort_index()
    measured["years_held"] = _years_held(measured)
    return measured, screens(measured, variants)


def _connect(options: dict):
    try:
        con = ibis.duckdb.connect(**options)
    except duckdb.Error as error:
        raise BaciError(f"DuckDB 不接受 {options}：{error}") from error
    con.raw_sql("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    con.raw_sql("SET preserve_insertion_order = false")
    return con


def _years_held(measured: pd.DataFrame) -> pd.Series:
    """窗口里 GeoDep 前三条同时成立的年数；前两年不全的年份为缺失。"""
    held = screens(measured, ["cepii_2024"])["cepii_2024"][["c1", "c2", "c3"]].all(axis=1)
    wide = held.astype(bool).unstack("year", fill_value=False)
    found = pd.Series(float("nan"), index=measured.index)
    for year in wide.columns:
        window = list(range(year - WINDOW + 1, year + 1))
        if set(window) <= set(wide.columns):
            here = measured.index[measured.index.get_level_values("year") == year]
            found[here] = persistent(wide[window], WINDOW)["years_held"].reindex(here).astype(float)
    return found
