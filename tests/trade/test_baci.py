"""BACI 的读与筛：与逐行的笨办法对照；坏文件要说得出坏在哪里。"""

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.trade import NO_EXPORTS, BaciError, find, locate_fault, measures, screen, tidy
from chokepoint.trade import _baci as baci

from .files import COUNTRIES, brute, flows, write

NUMBER = {v: k for k, v in COUNTRIES.items()}
#: Ibis 自己用了 pandas 将要去掉的选项，与本包无关。
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ibis")

YEARS = [2020, 2021, 2022]
FILE = "BACI_HS17_Y2022_V202401b.csv"
EXACT = ["suppliers", "top_supplier"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("baci"), *YEARS)


@pytest.fixture
def copy(tmp_path):
    return write(tmp_path, 2022)


def agree(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert sorted(found.index) == sorted(expected.index)
    found = found.loc[expected.index, expected.columns]
    assert found[EXACT].to_numpy().tolist() == expected[EXACT].to_numpy().tolist()
    numbers = [c for c in expected if c not in EXACT]
    assert np.allclose(found[numbers].astype(float), expected[numbers].astype(float), rtol=1e-9, equal_nan=True)


@pytest.mark.parametrize(
    ("importers", "partners"),
    [(["CHN"], ["JPN", "USA"]), (["CHN"], []), (["DEU", "FRA"], ["CHN"]), (["NAM"], ["S19"])],
)
def test_screen_equals_brute_force(folder, importers, partners):
    measured, flags = screen(folder, importers, YEARS, partners)
    held = {}
    for year in YEARS:
        expected = brute(flows(year), [NUMBER[c] for c in importers], [NUMBER[c] for c in partners])
        found = measured.xs(year, level="year")
        agree(found.assign(top_supplier=found["top_supplier"].map(NUMBER)), expected)
        ratio = (expected["imports"] / expected["exports"]).where(expected["exports"] > 0, NO_EXPORTS)
        here = flags.xs(year, level="year").loc[expected.index]
        held[year] = (expected["import_hhi"] > 0.4) & (expected["world_hhi"] > 0.4) & (ratio > 1)
        three = here["cepii_2024"][["c1", "c2", "c3"]].all(axis=1)
        assert three.tolist() == held[year].tolist()
        ec = (expected["import_hhi"] > 0.4) & (expected["external_share"] > 0.5) & (ratio > 1)
        assert here["ec_2021", "verdict"].tolist() == ec.tolist()
        if partners:
            share = expected["partner_share"]
            assert here["cha_2023", "verdict"].tolist() == (share > 0.7).tolist()
            assert here["merics_2020", "verdict"].tolist() == (share > 0.5).tolist()
            both = (share >= 0.3) & (ratio >= 2)
            assert here["merics_2024", "verdict"].isna().tolist() == both.tolist()
        else:
            assert here["cha_2023", "verdict"].isna().all()
    count = pd.DataFrame(held).fillna(False).astype(int).sum(axis=1)
    final = flags.xs(2022, level="year")["cepii_2024"]
    assert final["c4"].to_dict() == (count[final.index] >= 2).to_dict()
    assert flags.xs(2021, level="year")["cepii_2024", "c4"].isna().all()


def test_some_products_pass_and_some_do_not(folder):
    """对照不是空的：每条标准都有成立的，也有不成立的。"""
    seen = pd.concat([screen(folder, c, YEARS, p)[1] for c, p in (("CHN", ["USA"]), (["DEU", "FRA"], ["CHN"]))])
    columns = [
        ("ec_2021", "cdi1"),
        ("ec_2021", "cdi3"),
        ("ec_2021", "verdict"),
        ("cepii_2024", "c2"),
        ("cepii_2024", "c4"),
    ]
    columns += [
        ("merics_2024", "deficit"),
        ("merics_2024", "partner"),
        ("merics_2020", "partner"),
        ("cha_2023", "group"),
    ]
    assert {c: seen[c].dropna().nunique() for c in columns} == dict.fromkeys(columns, 2)


FLOWS = st.lists(
    st.tuples(
        st.sampled_from(list(COUNTRIES)),
        st.sampled_from(list(COUNTRIES)),
        st.sampled_from(["010121", "854231"]),
        st.integers(1, 9),
        st.sampled_from(["", "NA", "2.5", "4"]),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda r: r[:3],
)


@settings(max_examples=40, deadline=None)
@given(FLOWS, st.sampled_from([[156], [251, 276], [842]]))
def test_measures_equal_brute_force(rows, importers):
    table = pd.DataFrame([r for r in rows if r[0] != r[1]], columns=["i", "j", "k", "v", "q"]).assign(t=2022)
    table["v"] = table["v"].astype(float)
    expected = brute(table, importers, [392, 490])
    found = measures(tidy(ibis.memtable(table.astype({"k": "int64"}) if len(table) else table)), importers, [392, 490])
    found = found.execute().set_index("k")
    if expected.empty:
        assert found.empty
    else:
        agree(found, expected)


def test_measures_refuse():
    table = tidy(ibis.memtable(flows(2022)))
    with pytest.raises(ValueError, match="进口方"):
        measures(table, [])
    with pytest.raises(ValueError, match="伙伴"):
        measures(table, [156], [156])


def test_latest_year_and_progress(folder):
    calls = []
    measured, _ = screen(folder, progress=lambda year, share: calls.append((year, share)))
    assert set(measured.index.get_level_values("year")) == {2022}
    assert calls[0] == (2022, 0.0)
    assert calls[-1] == (2022, 1.0)
    assert all(0 <= share <= 1 for _, share in calls)
    assert measured.loc[("010121", 2022), "description"] == "Horses: live, pure-bred"


def edit(folder, line: int, new: str, name: str = FILE) -> None:
    path = folder / name
    rows = path.read_text().splitlines()
    rows[line - 1] = new
    path.write_text("\n".join(rows) + "\n")


@pytest.mark.parametrize(
    ("line", "new", "message"),
    [
        (1, "t,i,j,k,v", "第 1 行：.*缺 q"),
        (1, "t,i,j,hs6,v,q", "第 1 行：.*缺 k；多 hs6"),
        (1, "i,t,j,k,v,q", "第 1 行：.*次序不对"),
        (6, "2021,4,156,10121,1.0,", "第 6 行 t 列：年份是 2021，文件名却是 2022 年"),
        (6, "2022,four,156,10121,1.0,", "第 6 行 i 列：'four' 不是整数"),
        (7, "2022,4,156,10121,abc,", "第 7 行 v 列：'abc' 不是非负的数"),
        (7, "2022,4,156,10121,,", "第 7 行 v 列：'' 不是非负的数"),
        (7, "2022,4,156,10121,-1,", "第 7 行 v 列：'-1' 不是非负的数"),
        (7, "2022,4,156,10121,nan,", "第 7 行 v 列：'nan' 不是非负的数"),
        (8, "2022,4,156,10121,1.0,ton", "第 8 行 q 列：'ton' 既不是非负的数"),
        (8, "2022,4,156,10121,1.0,-2", "第 8 行 q 列：'-2' 既不是非负的数"),
        (9, "2022,4,156,10-21,1.0,", "第 9 行 k 列：'10-21' 不是 HS 六位编码"),
        (9, "2022,4,156,10121,1.0", "第 9 行 有 5 个字段，应为 6 个"),
        (9, "2022,4,156,777777,1.0,", "k 列有 777777，product_codes_HS17_V202401b.csv 里没有"),
        (9, "2022,5,156,10121,1.0,", "i 列有 5，country_codes_V202401b.csv 里没有"),
    ],
)
def test_bad_lines_are_named(copy, line, new, message):
    screen(copy)
    edit(copy, line, new)
    with pytest.raises(BaciError, match=f"{FILE} .*{message}|{FILE} 的 {message}"):
        screen(copy)


def test_truncated_file_is_refused(copy):
    path = copy / FILE
    whole = path.read_bytes()
    for cut in (1, 9, 25):
        path.write_bytes(whole[:-cut])
        with pytest.raises(BaciError, match="末行不完整.*没有下载或解压完"):
            screen(copy)
    path.write_text("t,i,j,k,v,q\n")
    with pytest.raises(BaciError, match="没有数据"):
        screen(copy)


def test_windows_line_ends_and_byte_order_mark(copy):
    expected, _ = screen(copy)
    path = copy / FILE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    found, _ = screen(copy)
    pd.testing.assert_frame_equal(found, expected)


def test_missing_files_are_named(copy, tmp_path):
    with pytest.raises(BaciError, match="没有文件夹"):
        screen(tmp_path / "nowhere")
    with pytest.raises(BaciError, match="没有 2019 年；现有：2022"):
        screen(copy, years=2019)
    for name in ("country_codes_V202401b.csv", "product_codes_HS17_V202401b.csv"):
        (copy / name).rename(copy / "aside")
        with pytest.raises(BaciError, match=f"缺代码表 {name}"):
            screen(copy)
        (copy / "aside").rename(copy / name)
    (copy / "BACI_HS22_Y2022_V202401b.csv").write_text("t\n")
    with pytest.raises(BaciError, match="几个版本"):
        screen(copy)
    assert find(copy, revision="17").flows.name == FILE
    with pytest.raises(BaciError, match="压缩包要先解开"):
        screen(copy, revision="92")


def test_versions_must_not_mix(copy):
    write(copy, 2021, version="202301")
    with pytest.raises(BaciError, match="版本不同"):
        screen(copy, years=[2021, 2022])


def test_code_lists_are_checked(copy):
    edit(copy, 1, "country_code,country_name,iso_2,iso_3", name="country_codes_V202401b.csv")
    with pytest.raises(BaciError, match="country_codes_V202401b.csv 第 1 行缺列 country_iso3"):
        screen(copy)
    write(copy)
    edit(copy, 3, "CN,China,CN,CHN", name="country_codes_V202401b.csv")
    with pytest.raises(BaciError, match="第 3 行 country_code 列：'CN' 不是代码"):
        screen(copy)
    write(copy)
    edit(copy, 4, ",Côte,FR,FRA", name="country_codes_V202401b.csv")
    with pytest.raises(BaciError, match="第 4 行 country_code 列：'' 不是代码"):
        screen(copy)


def test_unknown_countries_and_variants_are_refused(folder):
    with pytest.raises(BaciError, match="进口方 CHX 不在 country_codes_V202401b.csv.*相近的有 CHN"):
        screen(folder, "CHX")
    with pytest.raises(BaciError, match="伙伴 XYZ"):
        screen(folder, "CHN", partners="XYZ")
    with pytest.raises(BaciError, match="伙伴又是进口方"):
        screen(folder, "CHN", partners=["CHN"])
    with pytest.raises(ValueError, match="不认识的标准"):
        screen(folder, variants=["none"])
    with pytest.raises(BaciError, match="DuckDB 不接受"):
        screen(folder, memory_limit="lots")


def test_too_little_memory_is_said_plainly(tmp_path):
    """十万行、几兆内存：要么算得出，要么说清楚是内存不够，不能默默给错的数。"""
    write(tmp_path, 2022)
    with pytest.raises(BaciError, match="memory_limit|读不了"):
        screen(tmp_path, memory_limit="100KB")


def test_fault_finder_agrees_with_the_checks(folder):
    for year in YEARS:
        assert locate_fault(folder / f"BACI_HS17_Y{year}_V202401b.csv", year) is None
    assert "第 2 行 t 列" in locate_fault(folder / FILE, 2021)


def test_quoted_cells_are_read(copy):
    """编码与数字加了引号也读得到。"""
    expected, _ = screen(copy)
    path = copy / FILE
    head, *rows = path.read_text().splitlines()
    quoted = [",".join(f'"{c}"' for c in row.split(",")) for row in rows]
    path.write_text("\n".join([head, *quoted]) + "\n")
    pd.testing.assert_frame_equal(screen(copy)[0], expected)


def test_nothing_imported_is_said(copy):
    path = copy / FILE
    head, *rows = path.read_text().splitlines()
    kept = [row for row in rows if row.split(",")[2] != "156"]
    path.write_text("\n".join([head, *kept]) + "\n")
    with pytest.raises(BaciError, match="没有 CHN 的进口"):
        screen(copy)


def test_years_held_needs_a_full_window(folder):
    measured, _ = screen(folder, "CHN", [2020, 2022])
    assert measured["years_held"].isna().all()
    assert baci.WINDOW == 3


def test_spark_runs_the_same_expressions(folder):
    """同样的表达式在 Spark 本地模式上跑，与 DuckDB 逐项相等。"""
    import shutil

    if shutil.which("java") is None:
        pytest.skip("没有 java")
    pyspark = pytest.importorskip("pyspark", reason="没有 pyspark")
    session = (
        pyspark.sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        con = ibis.pyspark.connect(session)
        raw = con.read_csv(str(folder / FILE), header=True, inferSchema=False)
        found = measures(tidy(raw, 2022), [251, 276], [156]).execute().set_index("k")
        agree(found, brute(flows(2022), [251, 276], [156]))
    finally:
        session.stop()
