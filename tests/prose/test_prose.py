"""数字入文：格式、行内数字与关键发现。"""

import math

import pytest

from chokepoint import OUTPUT_MIME, prose

FORMATS = [
    (prose.percent, (0.317, 1), {}, "31.7%"),
    (prose.percent, (0.317,), {}, "32%"),
    (prose.percent, (1,), {}, "100%"),
    (prose.percent, (0,), {}, "0%"),
    (prose.percent, (-0.05, 1), {}, "-5.0%"),
    (prose.points, (0.052,), {}, "5.2 个百分点"),
    (prose.points, (-0.0525, 2), {}, "-5.25 个百分点"),
    (prose.number, (12345.6, 1, "亿元"), {}, "12,345.6 亿元"),
    (prose.number, (35,), {"unit": "项"}, "35 项"),
    (prose.number, (1234,), {}, "1,234"),
    (prose.number, (-2.5, 1), {}, "-2.5"),
    (prose.times, (2.5,), {}, "2.5 倍"),
    (prose.interval, (3, 5, 0, "项"), {}, "3–5 项"),
    (prose.interval, (0.1, 0.25, 2), {}, "0.10–0.25"),
    (prose.listing, (["甲", "乙"],), {}, "甲、乙"),
    (prose.listing, (["甲", "乙", "丙"], 2), {}, "甲、乙等"),
]


@pytest.mark.parametrize(("write", "args", "how", "expected"), FORMATS)
def test_formats(write, args, how, expected):
    assert write(*args, **how) == expected


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("write", [prose.percent, prose.points, prose.number, prose.times])
def test_what_is_not_a_number_is_refused(write, value):
    with pytest.raises(ValueError, match="有限的数"):
        write(value)


def test_a_missing_bound_is_refused():
    with pytest.raises(ValueError, match="有限的数"):
        prose.interval(math.nan, 5)


def test_an_empty_list_is_refused():
    with pytest.raises(ValueError, match="没有可列举"):
        prose.listing([])


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(prose, "display", lambda bundle, raw, metadata=None: outputs.append((bundle, metadata)))
    return outputs


def test_numbers_are_glued_one_by_one_and_listed_together(shown):
    prose.numbers(清单项数="35 项", 甲的份额="61%")
    *glued, (table, _) = shown
    assert [m["scrapbook"]["name"] for _, m in glued] == ["清单项数", "甲的份额"]
    assert [b["application/papermill.record/text/plain"] for b, _ in glued] == ["35 项", "61%"]
    assert table[OUTPUT_MIME] == {"kind": "values", "values": {"清单项数": "35 项", "甲的份额": "61%"}}
    assert "| 清单项数 | 35 项 |" in table["text/markdown"]


@pytest.mark.parametrize("value", [35, 0.61, None])
def test_a_bare_number_is_not_glued(shown, value):
    with pytest.raises(TypeError, match="不是文字"):
        prose.numbers(甲=value)


@pytest.mark.parametrize("count", [0, 1, 2, 6])
def test_findings_are_three_to_five(shown, count):
    with pytest.raises(ValueError, match="三到五条"):
        prose.findings(*["一条。"] * count)
    assert shown == []


@pytest.mark.parametrize("count", [3, 4, 5])
def test_findings_are_numbered_in_their_box(shown, count):
    prose.findings(*[f"第 {i} 句。" for i in range(count)])
    ((bundle, _),) = shown
    markdown = bundle[OUTPUT_MIME]["markdown"]
    assert markdown.startswith(":::{admonition} 关键发现")
    assert f"{count}. 第 {count - 1} 句。" in markdown
