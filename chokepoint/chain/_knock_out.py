"""断供：去掉一些供应者或节点，还做得出什么。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

from ._build import Chain

#: 一家占到多少就算卡在它手里，百分数。美国半导体行业协会与波士顿咨询（2021），*Strengthening the Global
#: Semiconductor Supply Chain in an Uncertain Era*：一个地区占全球市场 65% 以上。原文是“超过”，这里含等于。
CHOKE_SHARE = 65.0

#: 三种状态，自坏到好。
STATES = ("blocked", "unknown", "producible")


@dataclass(frozen=True)
class Rule:
    """断供的算法。

    Attributes
    ----------
    threshold : float
        节点失去的份额达到它即断供，百分数，大于 0、不超过 100。
    residual : tuple of str
        余数名（如 ``"VAR"``、``"ROW"``）；它们的份额当作没有列出。
    remainder : {"unknown", "others"}
        没有列出的份额可能属于被去掉的供应者（``unknown``），还是确属别人（``others``）；
        被去掉的供应者在该节点列了名而份额未知时，总按可能算。
    no_shares : {"unknown", "available"}
        一行份额也没有的节点：当作份额全未知，还是不受供应者影响（如工序）。
    subtypes : {"any", "all"}
        父类要有一个子类可得，还是全部子类可得。
    """

    threshold: float = CHOKE_SHARE
    residual: tuple[str, ...] = ()
    remainder: str = "unknown"
    no_shares: str = "unknown"
    subtypes: str = "any"

    def __post_init__(self):
        if not 0 < self.threshold <= 100:
            raise ValueError(f"阈值应大于 0、不超过 100，现为 {self.threshold}")
        if isinstance(self.residual, str):
            raise ValueError("余数名应是一组名字，不是一个字符串")
        choices = {
            "remainder": ("unknown", "others"),
            "no_shares": ("unknown", "available"),
            "subtypes": ("any", "all"),
        }
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} 应为 {'、'.join(allowed)}，现为 {getattr(self, name)}")


def single_provider(shares: pd.DataFrame, threshold: float = CHOKE_SHARE, residual: Iterable[str] = ()) -> pd.DataFrame:
    """握在一家手里的节点：最大的有名供应者占到 ``threshold`` 以上（含）。

    Parameters
    ----------
    shares : pandas.DataFrame
        列 ``node``、``provider``、``share``（百分数，缺失为未知）；即 ``Chain.shares``。
    threshold : float
        阈值，百分数，大于 0、不超过 100。
    residual : iterable of str
        余数名，不算有名的供应者。

    Returns
    -------
    pandas.DataFrame
        索引为节点；``provider`` 最大的一家（并列取名字在前的），``share`` 它的份额。按份额降序，并列按节点名。
        份额未知的供应者不参与比较，所以没有列出的节点可能只是不知道。

    Raises
    ------
    ValueError
        阈值越界，或余数名是一个字符串。
    """
    rule = Rule(threshold=threshold, residual=residual if isinstance(residual, str) else tuple(residual))
    named = shares[~shares["provider"].isin(rule.residual) & shares["share"].notna()]
    named = named.sort_values(["share", "node", "provider"], ascending=[False, True, True], kind="stable")
    top = named.drop_duplicates("node").set_index("node")[["provider", "share"]]
    return top[top["share"] >= threshold]


def _losses(chain: Chain, removed: frozenset, rule: Rule) -> pd.DataFrame:
    """每个节点失去的份额的下界与上界。"""
    shares = chain.shares[~chain.shares["provider"].isin(rule.residual)]
    gone = shares["provider"].isin(removed)
    nodes = pd.Index(list(chain.graph), name="node")

    def per_node(values: pd.Series) -> pd.Series:
        return values.groupby(shares["node"]).sum().reindex(nodes, fill_value=0)

    listed = per_node(shares["share"].fillna(0.0))
    low = per_node(shares["share"].fillna(0.0).where(gone, 0.0))
    hidden = per_node((gone & shares["share"].isna()).astype(int)) > 0
    silent = ~nodes.isin(chain.shares["node"])
    rest = (100 - listed).clip(lower=0)
    possible = pd.Series(rule.remainder == "unknown", index=nodes) | hidden
    # 一行份额也没有的，由 no_shares 定；什么也没去掉，就什么也没失去。
    possible = possible.mask(silent, rule.no_shares == "unknown") & bool(removed)
    low = low.clip(upper=100)
    high = (low + rest.where(possible, 0.0)).clip(upper=100)
    return pd.DataFrame({"listed": listed, "lost_low": low, "lost_high": high})


def _own(losses: pd.DataFrame, removed_nodes: frozenset, threshold: float) -> dict:
    """只看自己的供应者时的状态：0 断供，1 未知，2 可得。"""
    # 份额由四舍五入的小数相加，恰好等于阈值的不应因浮点误差而落到另一边。
    low, high = losses["lost_low"] + 1e-9, losses["lost_high"] + 1e-9
    level = np.where(low >= threshold, 0, np.where(high >= threshold, 1, 2))
    level = np.where(losses.index.isin(removed_nodes), 0, level)
    return dict(zip(losses.index, level.tolist(), strict=True))


def _settle(chain: Chain, own: dict, removed_nodes: frozenset, rule: Rule) -> tuple[dict, dict]:
    """传导到不再变。状态只降不升，至多降 2n 次，所以有环也必停；返回状态与直接原因。"""
    inputs: dict = {v: [] for v in chain.graph}
    subtypes: dict = {v: [] for v in chain.graph}
    for a, b, relation in chain.graph.edges(data="relation"):
        if relation == "goes_into":
            inputs[b].append(a)
        elif relation == "is_type_of":
            subtypes[b].append(a)
    pick = max if rule.subtypes == "any" else min

    def parts(v) -> dict:
        """各项必要条件：名字 → 状态。"""
        found = {u: state[u] for u in inputs[v]}
        if subtypes[v] and v not in removed_nodes:
            value = pick(state[u] for u in subtypes[v])
            blamed = [u for u in subtypes[v] if state[u] == value] if value < 2 else []
            return found | dict.fromkeys(blamed, value)
        return found | {None: own[v]}

    state = dict.fromkeys(chain.graph, 2)
    while True:
        following = {v: min(parts(v).values(), default=2) for v in chain.graph}
        if following == state:
            break
        state = following
    causes = {}
    for v in chain.graph:
        worst = [u for u, value in parts(v).items() if value == state[v] < 2]
        causes[v] = tuple(sorted(("自身" if u is None else str(u) for u in worst), key=lambda u: (u != "自身", u)))
    return state, causes


def _loops(chain: Chain) -> dict:
    """节点 → 所在环的编号（从 1 起，按环中最小的节点名排）；不在环里的没有。"""
    parts = [sorted(c, key=str) for c in nx.strongly_connected_components(chain.production()) if len(c) > 1]
    return {v: k for k, part in enumerate(sorted(parts, key=lambda p: str(p[0])), 1) for v in part}


def knock_out(
    chain: Chain, providers: Iterable[str] = (), nodes: Iterable[str] = (), rule: Rule | None = None
) -> pd.DataFrame:
    """去掉一些供应者（一家或一个集团）或节点之后，各节点还剩多少份额，还做不做得出来。

    先看自己：被去掉的供应者的已知份额之和是失去的下界；加上可能属于它们的未列出、未知的部分是上界。
    下界达到阈值即断供，上界也达不到即可得，否则未知。再看传导，取三值逻辑：

    - ``goes_into``：每一种投入都要有，取最坏的；
    - ``is_type_of``：有子类的父类，有一个子类可得即可得，取最好的（``rule.subtypes="all"`` 时取最坏的）。
      父类的份额是子类的汇总，不再重复计；它的投入仍都要有。子类未必真能互相替代，所以 ``any`` 偏乐观；
    - ``in_stage``：只是归类，不传导。

    环里的节点互为投入：算的是正在运转的链，环本身不算断供，除非从环外断了其中一个。从无到有建起这样一个环，
    不在此列。没有替代弹性、库存、扩产与时间，阈值以上即全断、以下即全通，是静态的最坏一问。

    Parameters
    ----------
    chain : Chain
        供应链图。
    providers : iterable of str
        去掉的供应者；须在份额表里出现过，不能是余数名。
    nodes : iterable of str
        去掉的节点。
    rule : Rule, optional
        算法，缺省为 ``Rule()``。

    Returns
    -------
    pandas.DataFrame, shape (n, 10)
        索引为节点，次序同建图时。

        - ``listed`` 列出的有名份额之和；``lost_low``、``lost_high`` 失去的份额的上下界；
          ``remaining_low``、``remaining_high`` 还剩的份额，都是百分数，0–100
          （``listed`` 可因四舍五入略超 100）。被去掉的节点不另改份额；
        - ``own`` 只看自己，``state`` 连同传导，取值见 :data:`STATES`；
        - ``cause`` 直接原因：``自身``，或没有到位的上游节点，用“、”分隔；可得的为空；
        - ``loop`` 所在环的编号，缺失表示不在环里；``output`` 是否为最终产出。

    Raises
    ------
    ValueError
        没有这个供应者或节点，供应者是余数名，或参数是一个字符串。
    """
    rule = rule or Rule()
    if isinstance(providers, str) or isinstance(nodes, str):
        raise ValueError("providers 与 nodes 应是一组名字，不是一个字符串")
    gone, cut = frozenset(providers), frozenset(nodes)
    if unknown := sorted(map(str, gone - set(chain.shares["provider"]))):
        raise ValueError(f"份额表里没有供应者 {'、'.join(unknown)}")
    if residual := sorted(gone & set(rule.residual)):
        raise ValueError(f"{'、'.join(residual)} 是余数，不是供应者")
    if unknown := sorted(map(str, cut - set(chain.graph))):
        raise ValueError(f"图里没有节点 {'、'.join(unknown)}")
    frame = _losses(chain, gone, rule)
    own = _own(frame, cut, rule.threshold)
    state, causes = _settle(chain, own, cut, rule)
    loops, outputs = _loops(chain), set(chain.outputs())
    return frame.assign(
        remaining_low=100 - frame["lost_high"],
        remaining_high=100 - frame["lost_low"],
        own=[STATES[own[v]] for v in frame.index],
        state=[STATES[state[v]] for v in frame.index],
        cause=["、".join(causes[v]) for v in frame.index],
        loop=pd.array([loops.get(v) for v in frame.index], dtype="Int64"),
        output=[v in outputs for v in frame.index],
    )
