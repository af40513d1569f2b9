"""贸易的小函数：与定义、性质和逐一穷举对照。"""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint import concentration
from chokepoint.trade import (
    VARIANTS,
    hhi,
    import_export_ratio,
    mirror_compare,
    mirror_coverage,
    persistent,
    screens,
    unit_value,
    unit_value_gap,
    variant_table,
)

SHARES = st.lists(st.integers(1, 50), min_size=1, max_size=6)


def test_ratio_handles_zeros():
    imports, exports = pd.Series([6.0, 5, 0, 0, np.nan]), pd.Series([3.0, 0, 0, 2, 1])
    assert import_export_ratio(imports, exports).tolist()[:2] == [2, math.inf]
    found = import_export_ratio(imports, exports, no_exports=9999)
    assert found[:2].tolist() == [2, 9999]
    assert found[3] == 0
    assert found[[2, 4]].isna().all()
    with pytest.raises(ValueError, match="负"):
        import_export_ratio(-imports, exports)
    with pytest.raises(ValueError, match="索引"):
        import_export_ratio(imports, exports.iloc[::-1])


def test_unit_values_and_their_gap():
    value, quantity = pd.Series([10.0, 10, 10]), pd.Series([4.0, 0, np.nan])
    found = unit_value(value, quantity)
    assert found[0] == 2.5
    assert found[1:].isna().all()
    first, second = pd.Series([2.0, 3, np.nan]), pd.Series([1.0, 6, 1])
    gap = unit_value_gap(first, second)
    assert gap["ratio"].tolist()[:2] == [2, 0.5]
    assert gap.loc[0, "log_gap"] == pytest.approx(math.log(2))
    assert gap["log_gap"].add(unit_value_gap(second, first)["log_gap"]).abs().max() == pytest.approx(0)
    assert gap.loc[2].isna().all()
    with pytest.raises(ValueError, match="大于 0"):
        unit_value_gap(first, second * 0)


def test_mirror_keeps_what_only_one_side_reports():
    importer = pd.DataFrame({"k": ["a", "b", "c"], "j": "CHN", "value": [11.0, 5, 4]})
    exporter = pd.DataFrame({"k": ["a", "d", "c"], "j": "CHN", "value": [10.0, 7, 0]})
    found = mirror_compare(importer, exporter, ["k", "j"])
    assert found["status"].tolist() == ["both", "importer_only", "both", "exporter_only"]
    assert found.loc[("a", "CHN"), "ratio"] == pytest.approx(1.1)
    assert found.loc[("a", "CHN"), "log_gap"] == pytest.approx(math.log(1.1))
    assert found["ratio"].notna().sum() == 1
    swapped = mirror_compare(exporter, importer, ["k", "j"])
    assert swapped.loc[("a", "CHN"), "log_gap"] == pytest.approx(-math.log(1.1))
    covered = mirror_coverage(found)
    assert covered == {
        "flows": 4,
        "both": 0.5,
        "importer_value": pytest.approx(15 / 20),
        "exporter_value": pytest.approx(10 / 17),
        "median_ratio": pytest.approx(1.1),
    }


def test_mirror_refuses():
    table = pd.DataFrame({"k": ["a", "a"], "value": [1.0, 2]})
    with pytest.raises(ValueError, match="重复"):
        mirror_compare(table, table, ["k"])
    with pytest.raises(ValueError, match="缺列 j"):
        mirror_compare(table, table, ["k", "j"])
    with pytest.raises(ValueError, match="缺失"):
        mirror_compare(table.iloc[:1].assign(value=np.nan), table.iloc[:1], ["k"])


@given(SHARES)
def test_hhi_is_bounded_by_the_number_of_suppliers(values):
    found = hhi(pd.DataFrame({"product": "x", "value": values}))["x"]
    assert found == pytest.approx(sum((v / sum(values)) ** 2 for v in values))
    assert 1 / len(values) - 1e-12 <= found <= 1 + 1e-12


def test_hhi_by_product_is_that_of_the_concentration_room():
    """一种产品一个数；总额为 0 的缺失，不是零。"""
    flows = pd.DataFrame({"k": ["a", "b", "a", "c", "b"], "v": [3.0, 5, 1, 0, 5]})
    found = hhi(flows, by="k", value="v")
    assert found["a"] == concentration.hhi([0.75, 0.25])
    assert found["b"] == pytest.approx(0.5)
    assert np.isnan(found["c"])
    with pytest.raises(ValueError, match="缺失"):
        hhi(flows.assign(v=np.nan), by="k", value="v")
    with pytest.raises(ValueError, match="负"):
        hhi(flows.assign(v=-1.0), by="k", value="v")


def test_persistence_counts_every_window():
    held = pd.DataFrame(
        [[1, 0, 1, 1], [0, 0, 1, 0], [1, 1, 0, 0]], index=list("abc"), columns=[2019, 2020, 2021, 2022]
    ).astype(bool)
    found = persistent(held)
    assert found["years_held"].to_dict() == {
        ("a", 2021): 2, ("a", 2022): 2, ("b", 2021): 1, ("b", 2022): 1, ("c", 2021): 2, ("c", 2022): 1,
    }  # fmt: skip
    assert (found["persistent"] == (found["years_held"] >= 2)).all()
    with pytest.raises(ValueError, match="相连"):
        persistent(held[[2019, 2021, 2022]])
    with pytest.raises(ValueError, match="不足 3 年"):
        persistent(held[[2019, 2020]])
    with pytest.raises(ValueError, match="没有判断"):
        persistent(held.astype("boolean").mask(held))
    with pytest.raises(ValueError, match="least"):
        persistent(held, window=2, least=3)


MEASURED = pd.DataFrame(
    {
        "import_hhi": [0.4, 0.41, 0.9, 0.9],
        "world_hhi": [0.9, 0.41, 0.41, np.nan],
        "external_share": [1.0, 0.5, 0.51, 1.0],
        "partner_share": [0.3, 0.7, 0.71, 0.51],
        "ratio": [9999, 1.0, 1.01, 2.0],
        "years_held": [1, 2, 3, np.nan],
    },
    index=list("pqrs"),
)


def test_thresholds_are_strict_where_the_source_is():
    found = screens(MEASURED)

    def column(variant, name):
        return [None if v is pd.NA else v for v in found[variant, name]]

    assert column("ec_2021", "cdi1") == [False, True, True, True]
    assert column("ec_2021", "cdi2") == [True, False, True, True]
    assert column("ec_2021", "cdi3") == [True, False, True, True]
    assert column("ec_2021", "verdict") == [False, False, True, True]
    assert column("cepii_2024", "c1") == [False, True, True, True]
    assert column("cepii_2024", "c3") == [True, False, True, True]
    assert column("cepii_2024", "c4") == [False, True, True, None]
    assert column("cepii_2024", "c2") == [True, True, True, None]
    assert column("cepii_2024", "verdict") == [False, True, True, None]
    assert column("merics_2024", "deficit") == [True, False, False, True]
    assert column("merics_2024", "partner") == [True, True, True, True]
    assert column("merics_2024", "verdict") == [None, False, False, None]
    assert column("merics_2020", "verdict") == [False, True, True, True]
    assert column("cha_2023", "verdict") == [False, False, True, False]
    assert column("arjona_2023", "verdict") == [None] * 4


def test_missing_measures_are_not_verdicts():
    found = screens(MEASURED[["import_hhi"]], ["ec_2021", "cha_2023"])
    assert found["ec_2021", "verdict"].tolist()[0] is False
    assert found["ec_2021", "verdict"].isna().tolist() == [False, True, True, True]
    assert found["cha_2023", "verdict"].isna().all()
    with pytest.raises(ValueError, match="不认识的标准 ec_2099"):
        screens(MEASURED, ["ec_2099"])
    with pytest.raises(ValueError, match="重复"):
        screens(pd.concat([MEASURED, MEASURED]))


def test_every_threshold_is_declared():
    table = variant_table()
    assert set(table["variant"]) == set(VARIANTS)
    assert table.loc[table["threshold"].isna(), "seen"].eq(False).all()
    ec = table[table["variant"] == "ec_2021"]
    assert ec["threshold"].tolist() == [0.4, 0.5, 1.0]
    assert not ec["seen"].any()
    cepii = table[table["variant"] == "cepii_2024"]
    assert cepii["threshold"].tolist() == [0.4, 0.4, 1.0, 2.0]
    assert cepii["seen"].all()
