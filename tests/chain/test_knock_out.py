"""断供：与手算、与穷举一切可能对照。"""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint import chain
from chokepoint.chain import Rule, knock_out

from .worlds import UNHURRIED, chain_of, graphs

OTHERS = Rule(remainder="others", no_shares="available")


def states(found):
    return found["state"].to_dict()


@pytest.fixture
def line():
    """矿 → 料 → 片 ← 机;机有甲型、乙型两个子类;清洗与片互为投入。"""
    return chain_of(
        ["矿", "料", "机", "甲型", "乙型", "片", "清洗"],
        [
            ("矿", "料"),
            ("料", "片"),
            ("机", "片"),
            ("甲型", "机", "is_type_of"),
            ("乙型", "机", "is_type_of"),
            ("清洗", "片"),
            ("片", "清洗"),
        ],
        [
            ("矿", "甲国", 70.0),
            ("矿", "乙国", 30.0),
            ("料", "乙国", 40.0),
            ("料", "丙国", None),
            ("甲型", "丁国", 100.0),
            ("乙型", "乙国", 90.0),
            ("乙型", "余数", 10.0),
        ],
    )


def test_nothing_removed_nothing_lost(line):
    found = knock_out(line)
    assert set(found["state"]) == {"producible"}
    assert (found[["lost_low", "lost_high"]] == 0).all(axis=None)


def test_blocked_by_the_threshold_and_passed_on(line):
    found = knock_out(line, ["甲国"], rule=OTHERS)
    assert list(found.index[found["state"] == "blocked"]) == ["矿", "料", "片", "清洗"]
    assert found.loc["矿", ["lost_low", "remaining_high"]].tolist() == [70, 30]
    assert found["cause"].to_dict() == {
        "矿": "自身",
        "料": "矿",
        "片": "料、清洗",
        "清洗": "片",
        "机": "",
        "甲型": "",
        "乙型": "",
    }
    assert set(
        states(knock_out(line, ["甲国"], rule=Rule(71, remainder="others", no_shares="available"))).values()
    ) == {"producible"}


def test_a_parent_needs_one_subtype(line):
    assert states(knock_out(line, ["丁国"], rule=OTHERS))["机"] == "producible"
    assert states(knock_out(line, ["丁国", "乙国"], rule=OTHERS))["机"] == "blocked"
    strict = Rule(remainder="others", no_shares="available", subtypes="all")
    found = knock_out(line, ["丁国"], rule=strict)
    assert states(found)["机"] == "blocked"
    assert found.loc["机", "cause"] == "甲型"


def test_a_removed_parent_stays_removed(line):
    found = knock_out(line, nodes=["机"])
    assert found.loc["机", ["own", "state", "cause"]].tolist() == ["blocked", "blocked", "自身"]
    assert states(found)["片"] == "blocked"


def test_unknown_share_is_never_zero(line):
    """丙国在料上份额未知，至多是没列出的 60%,不到 65%;阈值低一些就说不准。"""
    found = knock_out(line, ["丙国"], rule=OTHERS)
    assert found.loc["料", ["lost_low", "lost_high"]].tolist() == [0, 60]
    assert states(found)["料"] == "producible"
    low = knock_out(line, ["丙国"], rule=Rule(50, remainder="others", no_shares="available"))
    assert [states(low)[v] for v in ("矿", "料", "片", "清洗", "机")] == [
        "producible",
        "unknown",
        "unknown",
        "unknown",
        "producible",
    ]
    assert low.loc["片", "cause"] == "料、清洗"


def test_unlisted_remainder_may_belong_to_the_removed_one(line):
    assert knock_out(line, ["甲国"]).loc["料", "lost_high"] == 60
    assert knock_out(line, ["甲国"], rule=OTHERS).loc["料", "lost_high"] == 0


def test_residual_names_count_as_unlisted(line):
    rule = Rule(residual=("余数",))
    assert knock_out(line, ["丁国"], rule=rule).loc["乙型", ["listed", "lost_high"]].tolist() == [90, 10]
    with pytest.raises(ValueError, match="余数"):
        knock_out(line, ["余数"], rule=rule)


def test_a_node_without_rows(line):
    assert knock_out(line, ["丁国"]).loc["清洗", "own"] == "unknown"
    assert knock_out(line, ["丁国"], rule=OTHERS).loc["清洗", "own"] == "producible"


def test_a_loop_ends_and_is_marked(line):
    found = knock_out(line)
    assert found["loop"].dropna().to_dict() == {"片": 1, "清洗": 1}
    # 环从外面断了一处，整个环都停。
    assert states(knock_out(line, nodes=["清洗"]))["片"] == "blocked"
    assert set(states(knock_out(line)).values()) == {"producible"}


def test_a_chain_without_tools():
    """没有设备节点、没有一行份额：材料的去留只由节点决定。"""
    built = chain_of(["矿", "料", "片"], [("矿", "料"), ("料", "片")])
    assert set(states(knock_out(built)).values()) == {"producible"}
    found = knock_out(built, nodes=["矿"])
    assert set(states(found).values()) == {"blocked"}
    assert found["output"].to_dict() == {"矿": False, "料": False, "片": True}
    assert chain.single_provider(built.shares).empty
    with pytest.raises(ValueError, match="没有供应者"):
        knock_out(built, ["甲国"])


def test_only_one_country_is_listed():
    """只有一国的份额：去掉它，失去的正是它的份额;其余归谁不知道，也不算它的。"""
    shares = [("料", "中国", 80.0), ("机", "中国", 5.0), ("片", "中国", 20.0)]
    built = chain_of(["料", "机", "片"], [("料", "片"), ("机", "片")], shares)
    found = knock_out(built, ["中国"], rule=OTHERS)
    assert found["lost_low"].to_dict() == found["lost_high"].to_dict() == {"料": 80, "机": 5, "片": 20}
    assert states(found) == {"料": "blocked", "机": "producible", "片": "blocked"}
    # 说不准余下的是不是它的，三个节点就都不敢说可得。
    assert states(knock_out(built, ["中国"])) == {"料": "blocked", "机": "unknown", "片": "blocked"}
    assert list(chain.single_provider(built.shares).index) == ["料"]


def test_stage_membership_does_not_spread():
    built = chain_of("abs", [("a", "s", "in_stage"), ("b", "s", "in_stage")])
    assert states(knock_out(built, nodes=["a"])) == {"a": "blocked", "b": "producible", "s": "producible"}


def test_shares_at_the_threshold_do_not_fall_to_rounding():
    """四家合计恰好 65%,二进制小数却加成 64.999…:仍算达到。"""
    parts = [0.8, 1.9, 27.5, 34.8]
    rows = [("a", f"p{i}", share) for i, share in enumerate(parts)]
    built = chain_of("ab", [("a", "b")], [*rows, ("a", "q", 35.0)])
    found = knock_out(built, [f"p{i}" for i in range(4)])
    assert found.loc["a", "lost_low"] < 65
    assert found.loc["a", "state"] == "blocked"


# ---- 穷举 ----


@st.composite
def worlds(draw):
    """小图、三种关系、两国的份额 (有的未知)、要去掉的国与节点。"""
    nodes, pairs = draw(graphs(largest=6))
    edges = [(a, b, draw(st.sampled_from(["goes_into", "goes_into", "is_type_of", "in_stage"]))) for a, b in pairs]
    # 子类关系不成环：只许从大号到小号。
    edges = [e for e in edges if e[2] != "is_type_of" or e[0] > e[1]]
    shares = []
    for v in nodes:
        first = draw(st.sampled_from([None, "absent", 0, 30, 60, 65, 80, 100]))
        second = draw(st.sampled_from([None, "absent", 0, 20]))
        shares += [(v, "X", first)] if first != "absent" else []
        shares += [(v, "Y", second)] if second != "absent" and (first in (None, "absent") or first <= 80) else []
    shares += [(nodes[0], p, None) for p in "XY" if (nodes[0], p) not in {s[:2] for s in shares}]
    gone = draw(st.sets(st.sampled_from("XY")))
    cut = draw(st.sets(st.sampled_from(nodes), max_size=1))
    rule = Rule(
        remainder=draw(st.sampled_from(["unknown", "others"])),
        no_shares=draw(st.sampled_from(["unknown", "available"])),
        subtypes=draw(st.sampled_from(["any", "all"])),
    )
    return nodes, edges, shares, gone, cut, rule


def running(nodes, edges, up, cut, rule):
    """最大的自洽集合：集合里每个节点的条件都由集合自己满足。穷举一切子集，取并。"""
    best = set()
    for keep in product([False, True], repeat=len(nodes)):
        group = {v for v, k in zip(nodes, keep, strict=True) if k}
        best |= group if all(holds(v, group, edges, up, cut, rule) for v in group) else set()
    return best


def holds(v, group, edges, up, cut, rule):
    inputs = [a for a, b, r in edges if b == v and r == "goes_into"]
    kinds = [a for a, b, r in edges if b == v and r == "is_type_of"]
    choose = any if rule.subtypes == "any" else all
    own = v not in cut and (choose(a in group for a in kinds) if kinds else v in up)
    return own and all(a in group for a in inputs)


@UNHURRIED
@given(worlds())
def test_states_by_trying_every_completion(world):
    """未知的份额补成一切可能：都做得出才叫可得，都做不出才叫断供。"""
    nodes, edges, shares, gone, cut, rule = world
    found = knock_out(chain_of(nodes, edges, shares), gone, cut, rule)
    choices = []
    for v in nodes:
        rows = {p: s for n, p, s in shares if n == v}
        known = sum(s or 0 for s in rows.values())
        low = sum(rows.get(p) or 0 for p in gone)
        free = rule.no_shares == "unknown" if not rows else rule.remainder == "unknown"
        free = bool(gone) and (free or any(p in rows and rows[p] is None for p in gone))
        # 没列出的部分归被去掉者的比例：一点没有，或全部。
        choices.append({low < 65, (low + (100 - known if free else 0)) < 65})
    outcomes = {v: set() for v in nodes}
    for combo in product(*choices):
        up = {v for v, ok in zip(nodes, combo, strict=True) if ok}
        alive = running(nodes, edges, up, cut, rule)
        for v in nodes:
            outcomes[v].add(v in alive)
    names = {frozenset([True]): "producible", frozenset([False]): "blocked", frozenset([True, False]): "unknown"}
    assert states(found) == {v: names[frozenset(outcomes[v])] for v in nodes}


@UNHURRIED
@given(worlds())
def test_removing_more_never_helps(world):
    nodes, edges, shares, gone, cut, rule = world
    built = chain_of(nodes, edges, shares)
    less, more = (knock_out(built, g, c, rule)["state"] for g, c in ((gone, cut), (["X", "Y"], {*cut, nodes[-1]})))
    rank = chain.STATES.index
    assert all(rank(more[v]) <= rank(less[v]) for v in nodes)


@UNHURRIED
@given(worlds())
def test_every_bad_state_has_a_cause_and_the_bounds_are_in_order(world):
    nodes, edges, shares, gone, cut, rule = world
    found = knock_out(chain_of(nodes, edges, shares), gone, cut, rule)
    assert ((found["cause"] == "") == (found["state"] == "producible")).all()
    assert ((found["lost_low"] >= 0) & (found["lost_low"] <= found["lost_high"]) & (found["lost_high"] <= 100)).all()
    assert (found["remaining_low"] + found["lost_high"] == 100).all()


# ---- 一家独占 ----


def test_single_provider_skips_residuals_and_the_unknown():
    shares = pd.DataFrame(
        [
            ("a", "X", 65.0),
            ("a", "Y", 35.0),
            ("b", "VAR", 100.0),
            ("c", "X", 64.9),
            ("d", "X", None),
            ("e", "ROW", 30.0),
            ("e", "Y", 70.0),
        ],
        columns=["node", "provider", "share"],
    )
    found = chain.single_provider(shares, residual=("VAR", "ROW"))
    assert found.to_dict("index") == {"e": {"provider": "Y", "share": 70.0}, "a": {"provider": "X", "share": 65.0}}
    assert list(chain.single_provider(shares).index) == ["b", "e", "a"]
    assert list(chain.single_provider(shares, threshold=64, residual=("VAR", "ROW")).index) == ["e", "a", "c"]


def test_choke_share_is_the_published_one():
    assert chain.CHOKE_SHARE == 65


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"threshold": 0}, "阈值"),
        ({"threshold": 101}, "阈值"),
        ({"remainder": "zero"}, "remainder"),
        ({"no_shares": "zero"}, "no_shares"),
        ({"subtypes": "some"}, "subtypes"),
        ({"residual": "VAR"}, "一组名字"),
    ],
)
def test_bad_rules_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Rule(**arguments)


def test_bad_questions_are_refused(line):
    with pytest.raises(ValueError, match="没有供应者"):
        knock_out(line, ["戊国"])
    with pytest.raises(ValueError, match="没有节点"):
        knock_out(line, nodes=["无"])
    with pytest.raises(ValueError, match="一组名字"):
        knock_out(line, "甲国")
