"""综合指数：与印出来的算例对照。

- OECD/JRC (2008)《手册》的技术成就指数（TAI）：原始数据是表 A.2 的前 23 国（印刷时电话、用电只留两位小数，
  所以由它重算的数容许差到末位的一两个单位）;相关是表 6，特征值是表 7，载荷是表 9，α 是第 72 页与表 11，
  归一是表 15，主成分权是表 18，等权等四套权是表 22，几何平均是第 104 页。
- UNDP《人类发展报告》技术注释 1 的算例：收入指数 0.5506,HDI 0.510。
- Tuş & Aytaç Adalı (2019), *OPSEARCH* 56(2), 528–538:CRITIC 权。
- Xu (2004), *EJOR* 156(2), 530–532：熵权。
"""

import io

import numpy as np
import pandas as pd
import pytest

from chokepoint.composite import (
    aggregate,
    alpha_if_dropped,
    correlations,
    cronbach_alpha,
    eigenvalues,
    loadings,
    normalise,
    weights,
)

TAI = pd.read_csv(
    io.StringIO(
        """country,patents,royalties,internet,exports,telephones,electricity,schooling,university
Finland,187,125.6,200.2,50.7,3.08,4.15,10,27.4
United States,289,130,179.1,66.2,3.00,4.07,12,13.9
Sweden,271,156.6,125.8,59.7,3.10,4.14,11.4,15.3
Japan,994,64.6,49,80.8,3.00,3.86,9.5,10
Korea,779,9.8,4.8,66.7,2.97,3.65,10.8,23.2
Netherlands,189,151.2,136,50.9,3.02,3.77,9.4,9.5
United Kingdom,82,134,57.4,61.9,3.02,3.73,9.4,14.9
Canada,31,38.6,108,48.7,2.94,4.18,11.6,14.2
Australia,75,18.2,125.9,16.2,2.94,3.94,10.9,25.3
Singapore,8,25.5,72.3,74.9,2.95,3.83,7.1,24.2
Germany,235,36.8,41.2,64.2,2.94,3.75,10.2,14.4
Norway,103,20.2,193.6,19,3.12,4.39,11.9,11.2
Ireland,106,110.3,48.6,53.6,2.97,3.68,9.4,12.3
Belgium,72,73.9,58.9,47.6,2.91,3.86,9.3,13.6
New Zealand,103,13,146.7,15.4,2.86,3.91,11.7,13.1
Austria,165,14.8,84.2,50.3,2.99,3.79,8.4,13.6
France,205,33.6,36.4,58.9,2.97,3.80,7.9,12.6
Israel,74,43.6,43.2,45,2.96,3.74,9.6,11
Spain,42,8.6,21,53.4,2.86,3.62,7.3,15.6
Italy,13,9.8,30.4,51,3.00,3.65,7.2,13
Czech Republic,28,4.2,25,51.7,2.75,3.68,9.5,8.2
Hungary,26,6.2,21.6,63.5,2.73,3.46,9.1,7.7
Slovenia,105,4,20.3,49.5,2.84,3.71,7.1,10.6
"""
    ),
    index_col="country",
)


def test_table_6_correlations():
    printed = [
        [0.13, -0.09, 0.45, 0.28, 0.03, 0.22, 0.08],
        [0.46, 0.25, 0.56, 0.32, 0.30, 0.06],
        [-0.45, 0.56, 0.84, 0.63, 0.27],
        [0.00, -0.36, -0.35, -0.03],
        [0.64, 0.30, 0.33],
        [0.65, 0.26],
        [0.08],
    ]
    found = correlations(TAI).to_numpy()
    upper = np.concatenate([found[i, i + 1 :] for i in range(7)])
    assert np.abs(upper - np.concatenate([np.array(row) for row in printed])).max() <= 0.02 + 1e-9


def test_table_7_eigenvalues():
    found = eigenvalues(TAI)
    assert found["eigenvalue"].round(1).tolist() == pytest.approx([3.3, 1.7, 1.0, 0.9, 0.5, 0.3, 0.2, 0.1], abs=0.101)
    printed = [41.9, 21.8, 12.3, 11.1, 6.0, 3.7, 2.2, 0.9]
    assert (found["share"] * 100).tolist() == pytest.approx(printed, abs=0.15)
    assert found["cumulative"].iloc[-1] == pytest.approx(1)


def test_table_9_rotated_loadings():
    # 印出的列序是因子 1–4;按解释的方差降序则是 1、4、2、3。
    printed = pd.DataFrame(
        {
            1: [0.07, 0.13, 0.79, -0.64, 0.37, 0.82, 0.88, 0.08],
            2: [0.06, 0.93, 0.42, 0.36, 0.68, 0.35, 0.09, 0.04],
            3: [0.97, 0.07, -0.21, 0.56, 0.17, -0.04, 0.23, 0.04],
            4: [0.06, -0.07, 0.21, -0.04, 0.38, 0.25, -0.09, 0.96],
        },
        index=TAI.columns,
    )
    found = loadings(TAI, factors=4)
    assert np.abs(found - printed).to_numpy().max() < 0.02
    assert (found**2).sum().tolist() == pytest.approx([2.64, 1.76, 1.39, 1.19], abs=0.03)


def test_page_72_and_table_11_alpha():
    assert cronbach_alpha(TAI) == pytest.approx(0.70, abs=0.005)
    found = alpha_if_dropped(TAI)
    assert found["alpha"].tolist() == pytest.approx(
        [0.704, 0.645, 0.636, 0.774, 0.603, 0.624, 0.662, 0.706], abs=0.0015
    )
    assert found["total"].tolist() == pytest.approx(
        [0.261, 0.527, 0.566, -0.108, 0.701, 0.614, 0.451, 0.249], abs=0.007
    )


def test_table_15_normalisations():
    countries = ["Finland", "United States", "Sweden", "Japan", "Korea", "Canada", "Singapore", "Norway", "Austria"]
    z = [0.26, 1.52, 1.14, -0.06, 0.76, 1.27, -1.58, 1.46, -0.76]
    min_max = [0.59, 1.00, 0.88, 0.49, 0.76, 0.92, 0.00, 0.98, 0.27]
    part = TAI[["schooling"]]
    for method, printed in (("z-score", z), ("min-max", min_max)):
        assert normalise(part, method).loc[countries, "schooling"].tolist() == pytest.approx(printed, abs=0.006)
    # 印出的名次并列取最小;只比没有并列的国家。
    alone = {"Finland": 15, "United States": 23, "Sweden": 19, "Korea": 17, "Norway": 22, "Germany": 16, "Israel": 14}
    found = 1 + 22 * normalise(part, "rank")["schooling"]
    assert found[list(alone)].round(9).to_dict() == alone


def test_table_18_principal_component_weights():
    printed = [0.17, 0.15, 0.11, 0.07, 0.08, 0.12, 0.14, 0.16]
    assert weights(TAI, "pca", factors=4).tolist() == pytest.approx(printed, abs=0.0075)
    # 与等权、与表 22 的另两套权都差得远，所以这一条会失败。
    assert np.abs(weights(TAI, "equal") - printed).max() > 0.04


def test_page_104_geometric_mean():
    pair = pd.DataFrame([[21, 1, 1, 1], [6, 6, 6, 6], [21, 2, 1, 1], [6, 7, 6, 6]], columns=list("abcd"))
    even = pd.Series(1.0, index=list("abcd"))
    found = aggregate(pair, even, "geometric")
    # 书上印的 2.54 与 6.23 是截去尾数，不是四舍五入。
    assert (np.floor(found * 100 + 1e-9) / 100).tolist() == [2.14, 6.0, 2.54, 6.23]
    assert aggregate(pair, even).tolist() == [6, 6, 6.25, 6.25]


def test_undp_human_development_index():
    income = normalise(pd.DataFrame({"income": [np.log(3829)]}), bounds={"income": (np.log(100), np.log(75_000))})
    assert income["income"].item() == pytest.approx(0.5506, abs=5e-5)
    part = pd.DataFrame({"health": [0.6971], "education": [0.3447], "income": [0.5506]})
    found = aggregate(part, pd.Series(1.0, index=part.columns), "geometric").item()
    assert round(found, 3) == 0.510
    assert round(aggregate(part, pd.Series(1.0, index=part.columns)).item(), 3) != 0.510


def test_critic_of_tus_and_adali():
    matrix = [
        [5000, 3, 3, 4, 3, 2],
        [680, 5, 3, 2, 2, 1],
        [2000, 3, 2, 3, 4, 3],
        [600, 4, 3, 1, 2, 2],
        [800, 2, 4, 3, 3, 4],
    ]
    found = weights(pd.DataFrame(matrix), "critic")
    assert found.tolist() == pytest.approx([0.157, 0.249, 0.168, 0.121, 0.154, 0.151], abs=0.0006)


def test_entropy_of_xu():
    matrix = pd.DataFrame([[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]])
    found = weights(matrix, "entropy", raw=True)
    assert found.round(4).tolist() == [0.4630, 0.3992, 0.1378, 0.0]
