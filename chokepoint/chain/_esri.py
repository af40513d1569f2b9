"""经济系统性风险指数（ESRI）：一家企业停产，全网少产多少。"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

PRODUCTION = ("linear", "leontief")

#: 一批同时算多少个情景；再多只占内存，不更快。
BATCH = 64


class _Network(NamedTuple):
    """矩阵写成的企业网络，n 家企业、g 个投入组。"""

    firms: pd.Index
    strength: np.ndarray  # (n,) 产出强度
    upstream: sparse.csr_array  # (n, n) 每家的销售分给各买方的比例
    inputs: sparse.csr_array  # (g, n) 每个投入组由各卖方供应的比例
    starts: np.ndarray  # 各买方的第一个投入组
    buyers: np.ndarray  # 与 starts 对应的买方
    sectors: sparse.csr_array  # (部门数, n) 归属
    sector: np.ndarray  # (n,) 部门编号


def _edges(edges: pd.DataFrame, sectors: pd.Series) -> pd.DataFrame:
    if missing := [c for c in ("from_node", "to_node", "weight") if c not in edges]:
        raise ValueError(f"连边缺少列：{'、'.join(missing)}")
    if sectors.index.has_duplicates:
        raise ValueError(f"企业重复：{'、'.join(map(str, sectors.index[sectors.index.duplicated()].unique()[:5]))}")
    if sectors.isna().any():
        raise ValueError(f"企业 {'、'.join(map(str, sectors.index[sectors.isna()][:5]))} 没有部门")
    if edges.empty:
        raise ValueError("没有连边，全网没有交易可损失")
    ends = pd.concat([edges["from_node"], edges["to_node"]])
    if unknown := list(ends[~ends.isin(sectors.index)].unique()[:5]):
        raise ValueError(f"连边里的企业没有部门：{'、'.join(map(str, unknown))}")
    if (loops := edges["from_node"] == edges["to_node"]).any():
        raise ValueError(f"自己卖给自己：{'、'.join(map(str, edges.loc[loops, 'from_node'].unique()[:5]))}")
    if edges.duplicated(["from_node", "to_node"]).any():
        again = edges.loc[edges.duplicated(["from_node", "to_node"]), ["from_node", "to_node"]].iloc[0].tolist()
        raise ValueError(f"边 {again} 重复，先合并交易额")
    weight = pd.to_numeric(edges["weight"], errors="coerce")
    if not (np.isfinite(weight) & (weight > 0)).all():
        raise ValueError("交易额应为有限的正数；没有交易就不要列这条边")
    return edges


def _network(edges: pd.DataFrame, sectors: pd.Series, production: str) -> _Network:
    firms, n = sectors.index, len(sectors)
    seller, buyer = (firms.get_indexer(edges[c]) for c in ("from_node", "to_node"))
    weight = edges["weight"].to_numpy(dtype=float)
    sector, names = pd.factorize(sectors)
    strength = np.bincount(seller, weight, n)
    # 投入组：线性时一家买方的全部投入可以互补，合成一组；列昂惕夫时每个卖方部门一组，各组缺一不可。
    kind = sector[seller] if production == "leontief" else np.zeros_like(seller)
    groups, group = np.unique(buyer * len(names) + kind, return_inverse=True)
    bought = np.bincount(group, weight)
    owner = groups // len(names)
    buyers, starts = np.unique(owner, return_index=True)
    return _Network(
        firms,
        strength,
        sparse.csr_array((weight / strength[seller], (seller, buyer)), shape=(n, n)),
        sparse.csr_array((weight / bought[group], (group, seller)), shape=(len(groups), n)),
        starts,
        buyers,
        sparse.csr_array((np.ones(n), (sector, np.arange(n))), shape=(len(names), n)),
        sector,
    )


def _replaceable(net: _Network, lost: np.ndarray) -> np.ndarray:
    """每家卖方有多难替代：它在本部门尚存产能里的份额，最多为 1。"""
    left = net.sectors @ (net.strength[:, None] * (1 - lost))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = net.strength[:, None] / left[net.sector]
    return np.minimum(np.nan_to_num(ratio, nan=1.0, posinf=1.0), 1.0)


def _downstream(net: _Network, lost: np.ndarray, replacement: bool) -> np.ndarray:
    """供应断了，买方少产多少：各投入组的损失取最大。"""
    reach = lost * _replaceable(net, lost) if replacement else lost
    found = np.zeros_like(lost)
    found[net.buyers] = np.maximum.reduceat(net.inputs @ reach, net.starts, axis=0)
    return found


def _settle(step, shock: np.ndarray, tolerance: float, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """反复传导到不再变；每一列各自收敛，收敛了就不再算。

    损失只增不减且不超过 1，所以必收敛；``limit`` 只防参数写错。
    """
    settled, steps = shock.copy(), np.zeros(shock.shape[1], dtype=int)
    active, lost = np.arange(shock.shape[1]), shock
    for count in range(1, limit + 1):
        following = np.maximum(shock[:, active], step(lost))
        moving = np.abs(following - lost).max(axis=0) > tolerance
        settled[:, active[~moving]] = following[:, ~moving]
        steps[active[~moving]] = count
        active, lost = active[moving], np.ascontiguousarray(following[:, moving])
        if not active.size:
            return settled, steps
    raise ValueError(
        f"{limit} 步之内没有收敛：环里的企业几乎没有环外的供应或买主，损失越传越慢；放宽 tolerance 或加大 max_steps"
    )


def _batches(net: _Network, scenarios: pd.DataFrame | None, batch: int) -> Iterator[np.ndarray]:
    n = len(net.firms)
    for start in range(0, n if scenarios is None else scenarios.shape[1], batch):
        if scenarios is None:
            picked = np.arange(start, min(start + batch, n))
            shock = np.zeros((n, len(picked)))
            shock[picked, np.arange(len(picked))] = 1
            yield shock
        else:
            yield np.ascontiguousarray(scenarios.iloc[:, start : start + batch].to_numpy(dtype=float))


def _scenarios(scenarios: pd.DataFrame, firms: pd.Index) -> pd.DataFrame:
    if scenarios.index.has_duplicates or (unknown := scenarios.index.difference(firms)).size:
        raise ValueError(
            "情景的行应是不重复的企业" + ("" if scenarios.index.has_duplicates else f"，没有 {unknown[0]}")
        )
    if scenarios.columns.has_duplicates or not scenarios.shape[1]:
        raise ValueError("情景的列应不重复，且至少一列")
    if not scenarios.stack().between(0, 1).all() or scenarios.isna().to_numpy().any():
        raise ValueError("情景里的初始损失应在 0–1 之间，不得缺失")
    return scenarios.reindex(firms, fill_value=0.0)


def esri(
    edges: pd.DataFrame,
    sectors: pd.Series,
    production: str = "leontief",
    replacement: bool = True,
    scenarios: pd.DataFrame | None = None,
    weights: pd.Series | None = None,
    tolerance: float = 1e-8,
    max_steps: int = 100_000,
    batch: int = BATCH,
) -> pd.DataFrame:
    r"""经济系统性风险指数：各情景下全网产出损失的比例。

    记 :math:`W_{ji}` 为 j 卖给 i 的交易额，:math:`s_j` 为 j 的产出强度（销售额之和），
    :math:`\psi_i` 为初始冲击后 i 还剩的产能。向下游，缺了投入的买方减产

    .. math::
        h^d_i(t+1)=\min\Bigl[\psi_i,\ \min_k\bigl(1-\sum_{j\in k}\sigma_j(t)\Lambda_{ji}(1-h^d_j(t))\bigr)\Bigr],

    :math:`k` 是 i 的投入组，:math:`\Lambda_{ji}` 是 j 在该组采购额中的比例。``"leontief"``:
    一个卖方部门一组，各组缺一不可；``"linear"``：全部投入合为一组。可替代时

    .. math:: \sigma_j(t)=\min\Bigl[1,\ s_j\Big/\sum_{l:\,p_l=p_j}s_l h^d_l(t)\Bigr],

    即 j 在本部门尚存产能里的份额——份额小的容易由同行顶上；不可替代时 :math:`\sigma_j=1`。
    向上游，没了买主的卖方减产
    :math:`h^u_i(t+1)=\min[\psi_i,\ \sum_j (W_{ij}/s_i)\,h^u_j(t)]`，没有买主的不受影响。
    两个方向各自迭代到不变，最后 :math:`\mathrm{ESRI}=\sum_i w_i\,[1-\min(h^d_i,h^u_i)]` [1]_。

    没有替代弹性、库存、价格与时间：它是短期、最坏一侧的估计。程序按论文的公式另写，
    未用作者的程序；许多情景并成矩阵的列一起迭代，每列各自收敛。

    Parameters
    ----------
    edges : pandas.DataFrame
        一行一条交易，列 ``from_node``（卖方）、``to_node``（买方）、``weight``（交易额，正数）；
        同一对企业只能有一行。
    sectors : pandas.Series, shape (n,)
        索引为企业，值为部门；它也决定有哪些企业。
    production : {"leontief", "linear"}
        生产函数。
    replacement : bool
        是否允许按市场份额由同行顶替。
    scenarios : pandas.DataFrame, shape (至多 n, m), optional
        行为企业，列为情景，值为初始损失的产能，0–1；没列出的企业为 0。缺省是每家企业各自全停，共 n 个情景。
    weights : pandas.Series, shape (n,), optional
        各企业在全网中的权重，非负，自动归一；缺省为产出强度。
    tolerance : float
        一步之内变化都不超过它即算收敛，应为正。网络里有环时，余下的误差约为它的 1/(1-ρ) 倍，ρ 为收敛速度。
    max_steps : int
        最多迭代的步数。
    batch : int
        同时算的情景数，只影响快慢与内存（约 投入组数 × ``batch`` × 16 字节）。

    Returns
    -------
    pandas.DataFrame, shape (m, 5)
        索引为情景（缺省为企业）。``esri``、``downstream``、``upstream`` 在 0–1 之间，
        后两列只算一个方向；``steps_downstream``、``steps_upstream`` 是收敛所用步数。

    Raises
    ------
    ValueError
        列不全、企业或边重复、自环、部门缺失、交易额不是正数、情景或权重越界、参数不认得，或没有收敛。

    References
    ----------
    .. [1] C. Diem, A. Borsos, T. Reisch, J. Kertész, S. Thurner (2022), "Quantifying firm-level economic
       systemic risk from nation-wide supply networks", *Scientific Reports* 12, 7719,
       doi:10.1038/s41598-022-11522-z.
    """
    if production not in PRODUCTION:
        raise ValueError(f"生产函数应为 {'、'.join(PRODUCTION)}，现为 {production}")
    if not tolerance > 0 or max_steps < 1 or batch < 1:
        raise ValueError("tolerance、max_steps、batch 都应为正")
    net = _network(_edges(edges, sectors), sectors, production)
    weight = net.strength if weights is None else weights.reindex(net.firms).to_numpy(dtype=float)
    if not (np.isfinite(weight) & (weight >= 0)).all() or not weight.sum() > 0:
        raise ValueError("权重应给出每家企业，非负，且不全为零")
    weight = weight / weight.sum()
    if scenarios is not None:
        scenarios = _scenarios(scenarios, net.firms)
    rows = []
    for shock in _batches(net, scenarios, batch):
        down, down_steps = _settle(lambda lost: _downstream(net, lost, replacement), shock, tolerance, max_steps)
        up, up_steps = _settle(lambda lost: net.upstream @ lost, shock, tolerance, max_steps)
        rows.append((weight @ np.maximum(down, up), weight @ down, weight @ up, down_steps, up_steps))
    names = ("esri", "downstream", "upstream", "steps_downstream", "steps_upstream")
    columns = {name: np.concatenate(part) for name, part in zip(names, zip(*rows, strict=True), strict=True)}
    return pd.DataFrame(columns, index=net.firms if scenarios is None else scenarios.columns)
