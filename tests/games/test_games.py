"""博弈：与定义、数值优化和发表过的门槛对照。"""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar

from chokepoint import games
from chokepoint.games import Partnership

# ---- 怎样分


def by_orders(players, worth):
    """按定义：所有先后次序里边际贡献的平均。"""
    orders = list(permutations(players))
    total = dict.fromkeys(players, 0.0)
    for order in orders:
        for i, name in enumerate(order):
            total[name] += worth(frozenset(order[: i + 1])) - worth(frozenset(order[:i]))
    return {name: value / len(orders) for name, value in total.items()}


def test_shapley_of_the_glove_game():
    """一只左手套、两只右手套：教科书的 2/3、1/6、1/6。"""
    found = games.shapley(["左", "右甲", "右乙"], lambda s: float("左" in s and len(s) >= 2))
    assert found.tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_shapley_follows_the_definition_and_the_order_of_players():
    def worth(group):
        return sum(ord(p) % 7 for p in group) ** 1.5

    found = games.shapley("dabc", worth)
    assert found.index.tolist() == list("dabc")
    assert found.to_dict() == pytest.approx(by_orders("dabc", worth))
    assert found.sum() == pytest.approx(worth(frozenset("abcd")))


@pytest.mark.parametrize(
    ("players", "worth", "message"),
    [
        ([], len, "1 到 8 个"),
        (range(9), len, "现有 9 个"),
        (["a", "a"], len, "重复"),
        (["a"], lambda s: 1.0, "空联盟"),
        (["a", "b"], lambda s: float("nan") if len(s) == 2 else 0.0, "不是有限的数"),
    ],
)
def test_shapley_refuses(players, worth, message):
    with pytest.raises(ValueError, match=message):
        games.shapley(players, worth)


LINKS = pd.DataFrame({"a": ["p", "p", "q", "r"], "b": ["q", "r", "r", "s"], "w": [5.0, 1.0, 2.0, 7.0]})


def test_half_the_weighted_degree_is_the_shapley_value_of_the_graph_game():
    def worth(group):
        inside = LINKS["a"].isin(group) & LINKS["b"].isin(group)
        return float(LINKS.loc[inside, "w"].sum())

    assert games.graph_shapley(LINKS, "a", "b", "w").to_dict() == pytest.approx(games.shapley("pqrs", worth).to_dict())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.assign(b=["p", "r", "r", "s"]), "自环"),
        (lambda t: t.assign(a=["p", "q", "r", "r"], b=["q", "p", "r", "s"]).drop(2), "重复"),
        (lambda t: t.assign(w=[5, -1, 2, 7]), "负数"),
        (lambda t: t.assign(w=[5, None, 2, 7]), "缺失"),
    ],
)
def test_graph_shapley_refuses(change, message):
    with pytest.raises(ValueError, match=message):
        games.graph_shapley(change(LINKS), "a", "b", "w")


# ---- 合作研发值不值


def quantity_profit(x, y, beta, b, margin):
    """第二阶段古诺均衡里第一家的毛利：产量由一阶条件解线性方程组得到，不用现成的公式。"""
    lead, follow = margin + x + beta * y, margin + y + beta * x
    q = np.linalg.solve(np.array([[2 * b, b], [b, 2 * b]]), [lead, follow])
    return (lead - b * q.sum()) * q[0]


@pytest.mark.parametrize("beta", [0.05, 0.3, 0.5, 0.8])
@pytest.mark.parametrize(("b", "gamma", "margin"), [(1, 1.4, 1), (0.8, 2.5, 3)])
def test_rival_effort_is_a_best_reply_to_itself(beta, b, gamma, margin):
    x = games.rd_outcome(beta, "rival", b, gamma, margin)["x"]

    def loss(mine):
        return gamma * mine**2 / 2 - quantity_profit(mine, x, beta, b, margin)

    assert minimize_scalar(loss, bounds=(0, 10 * x), method="bounded", options={"xatol": 1e-10}).x == pytest.approx(
        x, rel=1e-5
    )


@pytest.mark.parametrize("beta", [0.05, 0.3, 0.8])
def test_joint_efforts_maximise_joint_profit(beta):
    b, gamma, margin = 0.9, 1.9, 2.0

    def rd_only(v):
        return 2 * (gamma * v[0] ** 2 / 2 - quantity_profit(v[0], v[0], beta, b, margin))

    def everything(v):
        x, q = v
        return -2 * ((margin + (1 + beta) * x - 2 * b * q) * q - gamma * x**2 / 2)

    rd = games.rd_outcome(beta, "joint_rd", b, gamma, margin)
    full = games.rd_outcome(beta, "joint_all", b, gamma, margin)
    assert minimize(rd_only, [0.5], tol=1e-12).x[0] == pytest.approx(rd["x"], rel=1e-4)
    assert minimize(everything, [0.5, 0.5], tol=1e-12).x == pytest.approx(full[["x", "q"]].tolist(), rel=1e-4)
    assert -everything(full[["x", "q"]]) == pytest.approx(2 * full["profit"])
    assert -rd_only([rd["x"]]) == pytest.approx(2 * rd["profit"])


@pytest.mark.parametrize("regime", ["rival", "joint_rd", "joint_all"])
def test_surplus_is_the_triangle_under_demand(regime):
    beta, b, gamma, margin = 0.4, 1.3, 2.0, 1.5
    found = games.rd_outcome(beta, regime, b, gamma, margin)
    prices = np.linspace(0, b * 2 * found["q"], 10_001)  # 相对成交价之上的价格
    assert found["surplus"] == pytest.approx(np.trapezoid(2 * found["q"] - prices / b, prices), rel=1e-6)
    assert found["welfare"] == pytest.approx(2 * found["profit"] + found["surplus"])


def test_published_thresholds():
    """Henriques（1990）在 b·γ = 1 时报告 0.17 与 0.41；一半是两种研发相等之处。"""
    stable = games.rd_threshold(lambda v: games.rd_reaction_slope(v) + 1, 0, 0.4)
    assert stable == pytest.approx((3 - 7**0.5) / 2)
    assert f"{stable:.3f}".startswith("0.17")

    def difference(other):
        return lambda v: games.rd_outcome(v, "rival")["x"] - games.rd_outcome(v, other)["x"]

    assert f"{games.rd_threshold(difference('joint_all'), 0, 0.99):.3f}".startswith("0.41")
    assert games.rd_threshold(difference("joint_rd")) == pytest.approx(0.5)


def test_slope_is_the_slope_of_the_best_reply():
    beta, b, gamma = 0.25, 1.0, 1.6

    def reply(rival):
        return minimize_scalar(
            lambda x: gamma * x**2 / 2 - quantity_profit(x, rival, beta, b, 1.0),
            bounds=(0, 3),
            method="bounded",
            options={"xatol": 1e-11},
        ).x

    assert (reply(0.4) - reply(0.2)) / 0.2 == pytest.approx(games.rd_reaction_slope(beta, b, gamma), rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.2, "rival"), "0 与 1 之间"),
        ((0.2, "rival", 0), "正数"),
        ((0.2, "together"), "可用：rival、joint_rd、joint_all"),
        ((1.0, "joint_all"), "二阶条件"),
        ((0.0, "rival", 0.5), "二阶条件"),
    ],
)
def test_rd_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        games.rd_outcome(*arguments)


def test_threshold_refuses_the_same_sign():
    with pytest.raises(ValueError, match="找不到门槛"):
        games.rd_threshold(lambda v: v + 1)


# ---- 谁会守约

GAME = Partnership(gain=6, share=0.45, costs=(1.5, 1.2), betrayal=(0.8, 0.5), penalty=0.4, incentive=0.2)


def test_payoffs_spell_out_the_four_cells():
    first, second = GAME.payoffs()
    assert first[0, 0] == pytest.approx(0.45 * 6 - 1.5 + 0.2)
    assert second[0, 0] == pytest.approx(0.55 * 6 - 1.2 + 0.2)
    assert first[0, 1] == pytest.approx(0.4 - 1.5 + 0.2)  # 第一方守约，第二方背约
    assert second[0, 1] == pytest.approx(0.5 - 0.4)
    assert first[1, 0] == pytest.approx(0.8 - 0.4)  # 第一方背约
    assert second[1, 0] == pytest.approx(0.4 - 1.2 + 0.2)
    assert first[1, 1] == second[1, 1] == 0


def test_drift_is_the_replicator_equation_of_the_payoffs():
    x, y = 0.3, 0.7
    first, second = GAME.payoffs()
    mine, theirs = np.array([x, 1 - x]), np.array([y, 1 - y])
    dx = x * ((first @ theirs)[0] - mine @ first @ theirs)
    dy = y * ((mine @ second)[0] - mine @ second @ theirs)
    assert GAME.drift(x, y) == pytest.approx((dx, dy))


parameter = st.floats(0.05, 3).map(lambda v: round(v, 3))


@given(gain=st.floats(1, 12), costs=st.tuples(parameter, parameter), grabs=st.tuples(parameter, parameter), f=parameter)
def test_corner_stability_is_the_pay_off_condition(gain, costs, grabs, f):
    """守约对守约者更好 ⇔ 都守约稳定；守约对背约者更坏 ⇔ 都背约稳定。"""
    game = Partnership(gain, 0.5, costs, grabs, f)
    points = game_points(game)
    first, second = game.payoffs()
    edge = [
        first[0, 0] - first[1, 0],
        second[0, 0] - second[0, 1],
        first[1, 1] - first[0, 1],
        second[1, 1] - second[1, 0],
    ]
    if min(abs(v) for v in edge) < 1e-9:
        return
    assert (points[1, 1] == "stable") == (edge[0] > 0 and edge[1] > 0)
    assert (points[0, 0] == "stable") == (edge[2] > 0 and edge[3] > 0)


def game_points(game):
    return {(p.x, p.y): p.kind for p in games.rest_points(game).itertuples()}


def test_the_jacobian_agrees_with_finite_differences():
    step = 1e-6
    for point in games.rest_points(GAME).itertuples():
        spot = np.array([point.x, point.y])
        columns = [
            (np.array(GAME.drift(*(spot + move))) - np.array(GAME.drift(*(spot - move)))) / (2 * step)
            for move in step * np.eye(2)
        ]
        found = sorted(np.linalg.eigvals(np.column_stack(columns)).real)
        assert found == pytest.approx([point.second, point.first], abs=1e-6)


def test_saddle_separates_the_two_corners():
    x, y = GAME.saddle()
    assert GAME.drift(x, y) == pytest.approx((0, 0), abs=1e-12)
    assert game_points(GAME)[x, y] == "saddle"
    up, down = games.paths(GAME, [(x + 0.05, y + 0.05), (x - 0.05, y - 0.05)])
    assert up.iloc[-1].tolist() == pytest.approx([1, 1], abs=1e-3)
    assert down.iloc[-1].tolist() == pytest.approx([0, 0], abs=1e-3)


def test_no_saddle_when_cooperation_always_pays():
    always = Partnership(gain=6, costs=(1, 1), penalty=2)
    assert always.saddle() is None
    assert games.basin(always, side=5) == 1
    never = Partnership(gain=1, costs=(2, 2))
    assert games.basin(never, side=5) == 0
    assert Partnership(gain=2, betrayal=(1, 1)).saddle() is None  # 分成恰等于占便宜


def test_basin_of_a_symmetric_game_is_half():
    """对称而门槛恰在正中：按对角线一分为二；落在分界线上的格心除外。"""
    game = Partnership(gain=4, costs=(1, 1))
    assert game.saddle() == pytest.approx((0.5, 0.5))
    assert games.basin(game, side=20) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("name", "more", "sign"),
    [
        ("gain", 7, 1),
        ("penalty", 0.6, 1),
        ("incentive", 0.4, 1),
        ("costs", (1.7, 1.4), -1),
        ("betrayal", (1.2, 0.9), -1),
    ],
)
def test_basin_moves_as_published(name, more, sign):
    """发表过的比较静态：收益、违约金、补助扩大合作的吸引域，成本与占便宜缩小它。"""
    from dataclasses import replace

    assert sign * (games.basin(replace(GAME, **{name: more}), side=21) - games.basin(GAME, side=21)) > 0


def test_basin_refuses_what_has_not_settled():
    with pytest.raises(ValueError, match="没有走定"):
        games.basin(GAME, side=5, until=1)
    with pytest.raises(ValueError, match="至少两个"):
        games.basin(GAME, side=1)


@pytest.mark.parametrize(
    "wrong",
    [{"gain": 0}, {"share": 1.2}, {"costs": (-1, 0)}, {"betrayal": (0, -1)}, {"penalty": -1}, {"incentive": -1}],
)
def test_partnership_refuses(wrong):
    with pytest.raises(ValueError, match="应|不能"):
        Partnership(**{"gain": 4, **wrong})
