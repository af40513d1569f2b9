"""编码的敏感性：换一种归类，结论还在不在。

人工编码 (支柱、障碍、工具……) 是解释，不是测量。这里只回答三个问题：
在每一种可能的归类下，各类的数目落在什么范围 (:func:`category_bounds`);
随机改动一部分编码，各类的名次会怎样变 (:func:`recode_ranks`);
同样改动之后，几句话各在多少次里仍成立 (:func:`survival`)。
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

__all__ = ["category_bounds", "recode", "recode_ranks", "survival"]


def category_bounds(main: pd.Series, alternative: pd.Series) -> pd.DataFrame:
    """每一类在主编码下的数目，以及逐项改用备选编码时可能的最少与最多。

    每个对象要么取主编码，要么取备选编码 (没有备选则只能取主编码),
    因此某一类的最少数目 = 主编码为该类且没有别的备选的对象数，
    最多数目 = 主编码或备选编码为该类的对象数。两端都取得到。

    Parameters
    ----------
    main : pandas.Series, shape (n,)
        主编码，不得缺失。
    alternative : pandas.Series, shape (n,)
        备选编码;缺失表示没有备选。索引须与 ``main`` 相同。

    Returns
    -------
    pandas.DataFrame
        索引为类别，列 ``main``、``low``、``high``(整数，0–n),按 ``main`` 降序。

    Raises
    ------
    ValueError
        索引不一致，或主编码有缺失。
    """
    if not main.index.equals(alternative.index):
        raise ValueError("主编码与备选编码的索引不一致")
    if main.isna().any():
        raise ValueError(f"主编码在 {list(main.index[main.isna()])} 处缺失")
    alternative = alternative.where(alternative.notna(), main)
    categories = pd.unique(pd.concat([main, alternative]))
    frame = pd.DataFrame(
        {
            "main": {c: int((main == c).sum()) for c in categories},
            "low": {c: int(((main == c) & (alternative == c)).sum()) for c in categories},
            "high": {c: int(((main == c) | (alternative == c)).sum()) for c in categories},
        }
    )
    return frame.sort_values(["main", "high"], ascending=False, kind="stable")


def recode_ranks(coded: pd.DataFrame, share: float, draws: int, seed: int) -> pd.DataFrame:
    """随机翻转一部分“是/否”编码，看各列总数与名次的变动。

    每次抽取中，每个格子以概率 ``share`` 独立翻转 (是变否、否变是)。

    Parameters
    ----------
    coded : pandas.DataFrame, shape (n, k)
        布尔编码，行为对象，列为类别。
    share : float
        每格翻转的概率，0–0.5。
    draws : int
        抽取次数，至少 100。
    seed : int
        随机种子。

    Returns
    -------
    pandas.DataFrame
        索引为列名 (按总数降序);``count`` 原总数;``rank`` 原名次 (1 为最多，并列取最小);
        ``rank_low``、``rank_high`` 名次的 5% 与 95% 分位;``top_share`` 居首 (含并列) 的比例，0–1。

    Raises
    ------
    ValueError
        翻转概率或次数越界，或编码有缺失。
    """
    if not 0 <= share <= 0.5:
        raise ValueError(f"翻转概率应在 0–0.5 之间，现为 {share}")
    if draws < 100:
        raise ValueError(f"抽取次数至少 100，现为 {draws}")
    if coded.isna().to_numpy().any():
        raise ValueError("编码有缺失，先决定缺失怎么算")
    values = coded.to_numpy(dtype=bool)
    rng = np.random.default_rng(seed)
    flips = rng.random((draws, *values.shape)) < share
    counts = (values ^ flips).sum(axis=1)
    ranks = 1 + (counts[:, :, None] < counts[:, None, :]).sum(axis=2)
    total = values.sum(axis=0)
    frame = pd.DataFrame(
        {
            "count": total,
            "rank": 1 + (total[:, None] < total[None, :]).sum(axis=1),
            "rank_low": np.quantile(ranks, 0.05, axis=0, method="nearest").astype(int),
            "rank_high": np.quantile(ranks, 0.95, axis=0, method="nearest").astype(int),
            "top_share": (ranks == 1).mean(axis=0),
        },
        index=coded.columns,
    )
    return frame.sort_values("count", ascending=False, kind="stable")


def recode(
    columns: Sequence[np.ndarray], share: float, rng: np.random.Generator, even: bool = True
) -> tuple[np.ndarray, ...]:
    """随机取一部分对象，它们的每一种归类都改成别的一类。

    Parameters
    ----------
    columns : sequence of numpy.ndarray, each shape (n,)
        各种归类的序号，0 到类数减一，每一类都出现过，且不止一类。
    share : float
        改动的对象占全部的份额，0–1；四舍五入到整个。
    rng : numpy.random.Generator
        随机数。
    even : bool
        真：别的各类机会均等；假：依各类现有的个数 (仍不取原来的一类)。

    Returns
    -------
    tuple of numpy.ndarray
        改后的序号，次序同 ``columns``；原来的不动。

    Raises
    ------
    ValueError
        份额越界，或有一种归类只有一类。
    """
    if not 0 <= share <= 1:
        raise ValueError(f"改动的份额应在 0–1 之间，现为 {share}")
    rows = rng.permutation(len(columns[0]))[: round(share * len(columns[0]))]
    out = []
    for codes in columns:
        counts = np.bincount(codes)
        if len(counts) < 2:
            raise ValueError("只有一类，没有别的可改")
        weight = np.ones(len(counts)) if even else counts.astype(float)
        odds = np.where(np.arange(len(counts)) == codes[rows][:, None], 0.0, weight)
        reach = odds.cumsum(axis=1)
        new = codes.copy()
        new[rows] = (rng.random(len(rows))[:, None] * reach[:, -1:] < reach).argmax(axis=1)
        out.append(new)
    return tuple(out)


def survival(
    columns: Sequence[np.ndarray],
    judge: Callable[[tuple[np.ndarray, ...]], Sequence[bool]],
    *,
    share: float,
    draws: int,
    seed: int,
    even: bool = True,
) -> np.ndarray:
    """用 :func:`recode` 改动归类许多次，几句话各在多大比例的次数里仍成立。

    Parameters
    ----------
    columns, share, even
        见 :func:`recode`。
    judge : callable
        由一次归类判断各句话是否成立，长度与次序每次相同。
    draws, seed : int
        改几次、随机种子。

    Returns
    -------
    numpy.ndarray, shape (句数,)
        0–1。
    """
    rng = np.random.default_rng(seed)
    return np.mean([judge(recode(columns, share, rng, even)) for _ in range(draws)], axis=0)
