"""卡脖子指数：从 CSV 用循环独立再算一遍，并守住正文里的定性判断。"""

import math
from collections import defaultdict

import numpy as np
import pytest

from chokepoint import chain, composite
from chokepoint.findings import chokepoint_index as index

from . import raw


def rows(name):
    return [r for r in raw.rows(name) if r.get("release", index.RELEASE) == index.RELEASE]


@pytest.fixture(scope="module")
def shares():
    """节点 → 经济体 → 份额（百分数），只收给出数的。"""
    found = defaultdict(dict)
    for r in rows("chip_provision"):
        if r["provider_kind"] == "country" and r["share"]:
            found[r["node_id"]][r["provider"]] = float(r["share"])
    return found


@pytest.fixture(scope="module")
def edges():
    return [(r["from_node"], r["to_node"], r["relation"]) for r in rows("chip_edges")]


@pytest.fixture(scope="module")
def kinds():
    return {r["node_id"]: r["kind"] for r in rows("chip_nodes") if r["in_release_2026"] == "true"}


@pytest.fixture(scope="module")
def leaves(kinds, edges, shares):
    inputs = {v for v, k in kinds.items() if k in ("tool", "material")}
    parents = {b for a, b, r in edges if a in inputs and r in ("goes_into", "is_type_of")}
    kept = set()
    for v in inputs - parents:
        named = sum(s for p, s in shares[v].items() if p != "VAR")
        if shares[v] and named / sum(shares[v].values()) >= index.NAMED_LEAST:
            kept.add(v)
    return kept


@pytest.fixture(scope="module")
def panel():
    return index.panel()


def test_leaves_and_funnel_by_hand(leaves, kinds, edges, shares):
    assert set(index.used()) == leaves
    inputs = {v for v, k in kinds.items() if k in ("tool", "material")}
    parents = {b for a, b, r in edges if a in inputs and r in ("goes_into", "is_type_of")} & inputs
    silent = {v for v in inputs - parents if not shares[v]}
    total = index.funnel()["total"].tolist()
    assert total[:3] == [len(inputs), len(parents), len(silent)]
    assert total[-1] == total[0] - sum(total[1:4]) == len(leaves)
    h = index.headline()
    assert h["unranked"] == sum(kinds[v] == "material" for v in silent)
    assert h["materials"] == sum(kinds[v] == "material" for v in inputs - parents)


def test_no_parent_is_ranked_with_its_child(leaves, edges):
    assert not [(a, b) for a, b, _ in edges if a in leaves and b in leaves]


def test_supply_indicators_by_hand(panel, leaves, shares):
    unknown = set(index.firm_limits().index)
    firms = defaultdict(list)
    for r in rows("chip_provision"):
        if r["provider_kind"] == "firm" and r["share"]:
            firms[r["node_id"]].append((r["hq_iso3"], float(r["share"])))
    for v in leaves - {"photomasks"}:
        total = sum(shares[v].values())
        part = {p: s / total for p, s in shares[v].items()}
        row = panel.values.loc[v]
        assert row["foreign"] == pytest.approx(100 * (1 - part.get("CHN", 0)))
        assert row["country"] == pytest.approx(sum(s * s for p, s in part.items() if p not in ("CHN", "VAR")))
        assert row["bloc"] == pytest.approx(100 * sum(part.get(p, 0) for p in index.bloc()))
        if v in unknown:
            assert not firms[v]
        else:
            whole = sum(s for _, s in firms[v])
            squares = sum((s / whole) ** 2 for hq, s in firms[v] if hq not in ("CHN", "VAR"))
            assert row["firm"] == pytest.approx(squares)


def test_not_reported_is_not_zero(panel, shares):
    """光掩模：大陆在供应而没有给份额，取值介于零与名单里最小的一家之间。"""
    least = min(shares["photomasks"].values()) / sum(shares["photomasks"].values())
    low, value, high = (getattr(panel, t).at["photomasks", "foreign"] for t in ("low", "values", "high"))
    assert (low, value, high) == pytest.approx((100 - 100 * least, 100 - 50 * least, 100))


def test_bloc_by_hand(leaves, shares):
    size = {r["node_id"]: float(r["market_size"]) for r in rows("chip_market_size")}
    revenue = defaultdict(float)
    for v in leaves:
        for p, s in shares[v].items():
            revenue[p] += s / sum(shares[v].values()) * size[v]
    order = sorted((p for p in revenue if p not in ("CHN", "VAR")), key=revenue.get, reverse=True)
    assert index.bloc() == order[: index.BLOC_SIZE]
    assert index.bloc_revenue() == pytest.approx(sum(revenue[p] for p in index.bloc()) / sum(revenue.values()))


def test_reach_and_size_by_hand(panel, edges, kinds):
    size = {r["node_id"]: float(r["market_size"]) for r in rows("chip_market_size")}

    def reached(start, links):
        seen, todo = set(), [start]
        while todo:
            for b in links[todo.pop()]:
                if b not in seen:
                    seen.add(b)
                    todo.append(b)
        return sum(kinds[b] == "process" for b in seen)

    links = defaultdict(list)
    for a, b, r in edges:
        if r in ("goes_into", "is_type_of"):
            links[a].append(b)
    assert panel.values["reach"].to_dict() == {v: reached(v, links) for v in panel.values.index}
    links[index.LOOP[-1]].append(index.LOOP[0])
    assert panel.high["reach"].to_dict() == {v: reached(v, links) for v in panel.values.index}
    for v, value in panel.values["size"].items():
        assert value == pytest.approx(math.log10(size[v]))


def test_limits_enclose_and_move_with_contested_seats(panel, shares):
    assert (panel.low <= panel.values).all(axis=None)
    assert (panel.values <= panel.high).all(axis=None)
    # 盛美在湿法清洗设备里改按大陆计，境外份额的下限至少低这么多
    acm = next(
        float(r["share"])
        for r in rows("chip_provision")
        if r["node_id"] == "wet_etching_and_cleaning_tools" and r["provider"] == "ACM Research"
    )
    gap = panel.values.at["wet_etching_and_cleaning_tools", "foreign"]
    assert gap - panel.low.at["wet_etching_and_cleaning_tools", "foreign"] >= acm - 0.01
    assert not (panel.low["size"] < panel.high["size"]).any()


def test_reference_ranks_by_hand(panel):
    x = panel.values.to_numpy()
    scores = ((x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))).mean(axis=1)
    best = panel.values.index[np.argsort(-scores)]
    assert index.reference().index[: index.TOP].tolist() == best[: index.TOP].tolist()
    found = index.reference()["score"]
    assert found.to_numpy() == pytest.approx(np.sort(scores)[::-1])


def test_draws_are_the_rooms_draws(panel):
    """一万次抽取自己数一遍；换一颗种子，稳的名单不变。"""
    _, ranks = composite.rank_draws(
        panel.values, index.choices(), index.DRAWS, index.SEED, low=panel.low, high=panel.high
    )
    share = (ranks <= index.TOP).mean()
    found = index.stability()["top_share"]
    assert found.to_dict() == pytest.approx(share[found.index].to_dict())
    other = composite.monte_carlo(
        panel.values, index.choices(), index.DRAWS, 7, index.TOP, low=panel.low, high=panel.high
    )
    assert set(other.index[other["top_share"] >= index.FIRM]) == set(index.robust()["firm"])
    groups = index.robust()
    assert sum(map(len, groups.values())) == len(found)


def test_importance_and_structure_by_hand(panel):
    scores = composite.score(panel.values)
    squares = {c: np.corrcoef(panel.values[c], scores)[0, 1] ** 2 for c in panel.values}
    assert index.importance().to_dict() == pytest.approx({c: v / sum(squares.values()) for c, v in squares.items()})
    r = np.corrcoef(panel.values.to_numpy().T)
    q = len(r)
    assert index.structure()["alpha"] == pytest.approx(q / (q - 1) * (1 - q / r.sum()))
    assert index.structure()["r"] == pytest.approx(np.abs(r[np.triu_indices(q, 1)]).max())


def test_alone_by_hand(panel):
    """只放开归一：三种做法各排一次，按抽到的次数加权；只放开数据：自己在上下限之间抽。"""
    base = index.reference()["rank"].reindex(panel.values.index)
    found = index.alone()
    assert set(found.index) == set(index.METHOD_NAMES.values())
    methods = ("min-max", "z-score", "rank")
    shifts = [(composite.ranks(composite.score(panel.values, normalisation=m)) - base).abs().mean() for m in methods]
    assert found.at["归一", "mean"] == pytest.approx(np.mean(shifts), rel=0.06)
    random, low, high = np.random.default_rng(5), panel.low.to_numpy(), panel.high.to_numpy()
    total = np.zeros(len(base))
    for _ in range(600):
        x = low + (high - low) * random.random(low.shape)
        scores = ((x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))).mean(axis=1)
        placed = np.empty(len(x))
        placed[np.argsort(-scores, kind="stable")] = np.arange(1, len(x) + 1)
        total += np.abs(placed - base.to_numpy())
    mine = total / 600
    assert found.at["数据的区间", "mean"] == pytest.approx(mine.mean(), rel=0.05)
    assert found.at["数据的区间", "most"] == pytest.approx(mine.max(), rel=0.05)
    assert found.at["数据的区间", "name"] == index.names()[base.index[mine.argmax()]]


def test_shared_line_and_open_line_by_hand(panel):
    table = index.directions().set_index("name")
    lists = {p: [set(table.index[table[c] >= p / 100]) for c in ("larger", "smaller")] for p in range(90, 0, -5)}
    line = next(p for p in lists if lists[p][0] & lists[p][1])
    found = index.shared_line()
    assert found["line"] == pytest.approx(line / 100)
    assert set(found["names"]) == lists[line][0] & lists[line][1]
    high = panel.high.assign(reach=panel.values["reach"])
    low = panel.low.assign(reach=panel.values["reach"])
    _, ranks = composite.rank_draws(panel.values, index.choices(), index.DRAWS, index.SEED, low=low, high=high)
    share = (ranks <= index.TOP).mean().rename(index.names())
    edge = index.open_line()
    firm = index.headline()["firm_names"]
    assert edge["name"] == share[firm].idxmin()
    assert edge["share"] == pytest.approx(share[firm].min())
    assert edge["before"] == pytest.approx(table.at[edge["name"], "larger"])


def test_influence_and_front_gap_by_hand(panel):
    groups, share = index.factor_names(), index.importance().rename(index=index.NAMES)
    assert index.group_influence() == pytest.approx([sum(share[i] for i in g) for g in groups])
    x = panel.values.to_numpy()
    scaled = 100 * (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
    front = np.isin(panel.values.index, index.reference().index[: index.TOP])
    gaps = dict(zip(index.NAMES.values(), scaled[front].mean(axis=0) - scaled[~front].mean(axis=0), strict=True))
    assert index.front_gap().to_dict() == pytest.approx(gaps)
    weakest = [k for k, v in index.NAMES.items() if v == index.structure()["weakest"]][0]
    r = {c: np.corrcoef(panel.values[c], panel.values[weakest])[0, 1] for c in panel.values if c != weakest}
    closest = max(r, key=lambda c: abs(r[c]))
    assert index.structure()["closest"] == index.NAMES[closest]
    assert index.structure()["closest_r"] == pytest.approx(r[closest])


def test_rule_and_list_checks_by_pairs(shares, leaves):
    rank = index.reference()["rank"]
    met = {v for v in leaves if max(s for p, s in shares[v].items() if p not in ("CHN", "VAR")) >= chain.CHOKE_SHARE}

    def auc(group):
        rest = set(rank.index) - group
        wins = sum((rank[a] < rank[b]) + 0.5 * (rank[a] == rank[b]) for a in group for b in rest)
        return wins / len(group) / len(rest)

    found = index.rule_check()
    assert found["met"] == len(met)
    assert found["top"] == sum(rank[v] <= index.TOP for v in met)
    assert found["low"] == sum(rank[v] > len(rank) / 2 for v in met)
    assert found["auc"] == pytest.approx(auc(met))
    litho = {v for v in leaves if v in set(index.listed_nodes().query("tech_id == 1")["node"])}
    found = index.list_check()
    assert (found["count"], found["auc"]) == (len(litho), pytest.approx(auc(litho)))
    assert found["median"] == np.median([rank[v] for v in litho])


def test_list_match_stands_on_named_suppliers():
    """核心工业软件对到 EDA：清单点名的供应方正是 EDA 三家，也都列在 EDA 节点里。"""
    named = {r["supplier_zh"] for r in rows("chokepoint_suppliers") if r["tech_id"] == "13"}
    makers = {r["provider_zh"] for r in rows("chip_provision") if r["node_id"] == index.LISTED[13]}
    assert {"新思科技", "楷登电子"} <= named & makers


def test_evidence_by_hand():
    table, tops = index.evidence(), index.LENS_TOPS
    assert len(table) == len(rows("chokepoints"))
    level = {"weak": 1, "medium": 2, "strong": 3}
    best, stuck = defaultdict(int), defaultdict(int)
    rungs = ("announced", "sampled", "volume_production", "independent_share")
    for r in rows("status_updates"):
        t = int(r["tech_id"])
        if r["direction"] == "progress":
            best[t] = max(best[t], rungs.index(r["solidity"]) + 1)
        if r["direction"] in ("dependence_level", "persisting_dependence"):
            stuck[t] = max(stuck[t], level[r["source_strength"]])
    strength = defaultdict(int)
    for r in rows("status_updates"):
        t = int(r["tech_id"])
        if r["direction"] == "progress" and rungs.index(r["solidity"]) + 1 == best[t]:
            strength[t] = max(strength[t], level[r["source_strength"]])
    proxy, papers = defaultdict(int), defaultdict(int)
    for r in rows("hs_proxy"):
        proxy[int(r["tech_id"])] = max(
            proxy[int(r["tech_id"])], ["none", "poor", "partial", "good"].index(r["proxy_quality"])
        )
    for r in rows("aspi_map"):
        papers[int(r["tech_id"])] = max(
            papers[int(r["tech_id"])], ["none", "partial", "strong"].index(r["match_strength"])
        )
    for t, row in table.iterrows():
        assert row[["proxy", "papers", "rung", "strength", "dependence"]].tolist() == [
            proxy[t], papers[t], best[t], strength[t], stuck[t],
        ]  # fmt: skip
    levels = table[list(tops)]
    found = index.evidence_summary()
    assert found["empty"] == int((levels == 0).to_numpy().sum())
    assert found["full"] == sum(all(v > 0 for v in row) for row in levels.to_numpy())
    assert (levels.max() <= list(tops.values())).all()
    assert (index.evidence_rows().to_numpy() > 0).sum() == found["cells"] - found["empty"]


def test_refusal_by_hand():
    levels = index.evidence()[list(index.LENSES)].to_numpy(dtype=float)
    filled = levels.copy()
    for column in filled.T:
        column[column == 0] = np.median(column[column > 0])

    def ranks(x):
        scores = ((x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))).mean(axis=1).round(12)
        return np.array([1 + (scores > s).sum() for s in scores])

    first, second = ranks(levels), ranks(filled)
    found = index.refusal()
    assert found["shift"] == np.abs(first - second).max()
    assert found["kept"] == ((first <= index.TOP) & (second <= index.TOP)).sum()


def test_payload_carries_every_node_and_no_gap():
    payload = index.slider_payload()
    assert len(payload["nodes"]) == len(index.used())
    assert all(len(n["x"]) == len(index.NAMES) and 0 <= min(n["x"]) <= max(n["x"]) <= 1 for n in payload["nodes"])


class TestSentences:
    """正文里没有写成数字的判断：数据变了、判断不再成立，就在这里失败。"""

    def test_leaves_have_no_betweenness(self):
        assert (index.betweenness() == 0).all()

    def test_most_materials_are_not_ranked(self):
        h = index.headline()
        assert h["unranked"] > h["materials"] / 2
        absent = index.candidates().query("fate == 'no_share'").index
        assert {"photoresists", "electronic_gases", "wet_chemicals"} <= set(absent)

    def test_true_gaps_are_few_and_vague_cells_many(self):
        cover = index.coverage_table()
        assert cover["missing"].sum() * 10 < cover["interval"].sum()

    def test_two_groups_of_equal_size(self):
        groups = index.factor_names()
        assert [set(g) for g in groups] == [{"境外份额", "国别集中", "企业集中"}, {"集团合计", "下游工序", "市场规模"}]
        assert index.structure()["components"] == 2
        assert len(groups[0]) == len(groups[1])
        mine, other = index.group_influence()
        assert abs(mine - other) > 0.05

    def test_size_stands_apart_and_is_offset(self):
        shape, r = index.structure(), index.correlations()["市场规模"]
        assert shape["weakest"] == "市场规模"
        assert shape["alpha_without"] > shape["alpha"]
        assert (r[["境外份额", "国别集中", "企业集中"]] < 0).all()
        assert shape["closest"] == "集团合计"
        assert r["集团合计"] > 0.5
        spread = composite.normalise(index.panel().values).std()
        assert spread["size"] < spread.median()
        assert index.importance().idxmin() == "size"

    def test_entropy_and_pca_are_the_two_ends_for_reach(self):
        reach = index.weights().loc["reach"]
        assert reach.idxmax() == "entropy"
        assert reach.idxmin() == "pca"

    def test_back_end_tools_have_little_downstream(self):
        stage = index.nodes()["stage"].reindex(index.used())
        reach = index.panel().values["reach"]
        assert reach[stage == "atp"].max() < reach[stage != "atp"].min()

    def test_choice_of_indicators_drives_the_variance(self):
        total = index.sensitivity()["total"]
        assert total.index[0] == "去掉一项指标"
        assert total["数据的区间"] < 0.1

    def test_a_small_index_is_not_a_small_shift(self):
        found = index.alone()
        mean = found["mean"]
        assert mean.idxmax() == "去掉一项指标" == index.headline()["driver"]
        assert mean["赋权"] < mean["去掉一项指标"]
        assert abs(mean["数据的区间"] / mean["归一"] - 1) < 0.1
        assert mean["数据的区间"] > 1
        assert found["most"].idxmax() == "数据的区间"

    def test_one_firm_node_stands_on_the_line(self):
        edge = index.open_line()
        assert edge["lost"] == [edge["name"]] == ["涂胶显影设备"]
        assert edge["share"] < index.FIRM <= edge["before"]

    def test_keeping_every_indicator_lengthens_the_list(self):
        assert set(index.robust()["firm"]) < set(index.firm_if_all_kept())

    def test_direction_changes_the_list(self):
        found = index.direction_summary()
        assert found["always"] == 0
        assert not set(found["larger"]) & set(found["smaller"])
        assert index.shared_line()["line"] < index.FIRM
        assert set(found["without"]) < set(found["larger"])
        assert set(found["larger"]) == set(index.headline()["firm_names"])
        assert found["leader_smaller"] < 0.5
        flip = index.scenarios().iloc[0]
        assert flip["kept"] == index.scenarios()["kept"].min()
        assert flip["spearman"] == index.scenarios()["spearman"].min()

    def test_direction_proof_node_leads_under_none(self):
        found, best = index.directions().set_index("name"), index.direction_summary()["best"]
        assert not any(found[c].idxmax() == best for c in ("larger", "without", "smaller"))

    def test_four_scenarios_leave_the_top_alone(self):
        kept = index.scenarios().set_index("name")["kept"]
        still = [n for n in kept.index if n.startswith(("产线", "集团", "几何", "份额"))]
        assert len(still) == 4
        assert (kept[still] == index.TOP).all()

    def test_merged_pair_does_not_touch_the_firm_ones(self):
        merged = index.scenarios().iloc[-1]
        assert merged["name"].endswith("合算一项")
        assert not set(merged["left"].split("、")) & set(index.headline()["firm_names"])

    def test_weights_spare_the_front_and_move_the_middle(self):
        values, base = index.panel().values, index.reference()["rank"]
        for method in ("entropy", "critic", "pca"):
            placed = composite.ranks(composite.score(values, weighting=method))
            assert (placed[index.robust()["firm"]] <= index.TOP).all()
            shift = (placed - base.reindex(placed.index)).abs()
            front = base.reindex(placed.index) <= index.TOP
            assert shift[front].mean() < shift[~front].mean()

    def test_compensation_matters_behind_the_front(self):
        values, base = index.panel().values, index.reference()["rank"]
        shift = (composite.ranks(composite.score(values, aggregation="geometric")) - base.reindex(values.index)).abs()
        front = base.reindex(values.index) <= index.TOP
        assert index.switch_to_geometric()["kept"] == index.TOP
        assert shift[front].mean() < 1 < shift[~front].mean()

    def test_lowest_score_of_the_front_is_not_low(self):
        assert index.lowest_scores()["score"].min() > 45

    def test_the_least_telling_indicator_is_high_for_most(self):
        least = {v: k for k, v in index.NAMES.items()}[index.front_gap().index[-1]]
        scaled = composite.normalise(index.panel().values)[least]
        assert (scaled > 0.9).mean() > 0.5

    def test_intervals_lengthen_behind_the_front(self):
        shown = index.stability().head(25)
        width = shown["high"] - shown["low"]
        front, behind = width.iloc[: index.TOP], width.iloc[index.TOP :]
        assert (behind > front.mean()).mean() > 0.5

    def test_the_whole_front_meets_the_rule(self):
        assert index.rule_check()["top"] == index.TOP

    def test_lithography_does_not_stand_out(self):
        found = index.list_check()
        assert found["p"] > 0.1
        table = index.listed_nodes()
        front = table[(table["tech_id"] == 1) & (table["rank"] <= index.TOP)]
        assert set(front["node"]) == {
            "euv_lithography_tools", "arf_immersion_duv_lithography_tools", "arf_dry_duv_lithography_tools",
        }  # fmt: skip
        assert index.listed_table().set_index("name").loc["光刻胶", "rank"] is None
        assert table.loc[table["tech_id"] == 31, "rank"].item() > len(index.used()) / 2

    def test_other_lithography_is_small_or_shared(self):
        table = index.listed_nodes()
        rest = table[(table["tech_id"] == 1) & (table["rank"] > index.TOP)]["node"]
        size, firm = index.market_size(), index.panel().values["firm"]
        assert all(size[v] < size.median() or firm[v] < 0.6 for v in rest)

    def test_empty_cells_follow_the_kind_of_thing(self):
        found = index.evidence_summary()
        assert found["software_proxy"] < found["software"] / 2
        assert found["full"] < 5
        assert index.refusal()["spearman"] < 0.7

    def test_exercise_names_a_scattered_node(self):
        alone = composite.score(index.panel().values[["reach", "size"]]).nlargest(3).index
        rank = index.reference()["rank"][alone]
        assert rank.max() > index.TOP >= rank.min()
        moved, kept = rank.index[rank > index.TOP], rank.index[rank <= index.TOP]
        values = index.panel().values[["country", "firm"]]
        assert (values.loc[moved] < values.median()).all(axis=None)
        assert (values.loc[kept] > values.median()).all(axis=None)
