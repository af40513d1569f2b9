"""GB/T 7714—2015 的著录格式。"""

import pytest
from pybtex.database import Person, parse_string
from zhbook.references import GBT7714Style, format_people, format_person

ENTRIES = {
    "@book{k, author={王小明 and 李华}, title={书名}, address={北京}, publisher={出版社}, year={2020}}": (
        "王小明, 李华. 书名[M]. 北京: 出版社, 2020."
    ),
    "@article{k, author={甲一 and 乙二 and 丙三 and 丁四}, title={题名}, journal={刊名}, year={2021}, volume={5},"
    " number={2}, pages={10--20}}": "甲一, 乙二, 丙三, 等. 题名[J]. 刊名, 2021, 5(2): 10-20.",
    "@article{k, author={Smith, John A. and Doe, Jane and Roe, R. and Poe, E.}, title={A title}, journal={J},"
    " year={2019}, volume={1}}": "SMITH J A, DOE J, ROE R, et al. A title[J]. J, 2019, 1.",
    "@report{k, author={{国务院办公厅}}, title={意见}, date={2024-03-01}, url={https://x.cn/a_b},"
    " urldate={2026-11-23}}": "国务院办公厅. 意见[R/OL]. (2024-03-01)[2026-11-23]. https://x.cn/a_b.",
    "@online{k, author={{World Bank}}, title={Data}, url={https://w.org}, urldate={2026-11-23}}": (
        "World Bank. Data[EB/OL]. [2026-11-23]. https://w.org."
    ),
    "@standard{k, author={{全国标准委}}, title={规则}, address={北京}, publisher={中国标准出版社}, year={2015}}": (
        "全国标准委. 规则[S]. 北京: 中国标准出版社, 2015."
    ),
    "@newspaper{k, author={张三}, title={报道}, journal={科技日报}, date={2018-04-19}, number={1}}": (
        "张三. 报道[N]. 科技日报, 2018-04-19(1)."
    ),
    "@inproceedings{k, author={Ada Lovelace}, title={T}, booktitle={Proc. X}, publisher={P}, year={2001},"
    " pages={1--2}}": "LOVELACE A. T[C]//Proc. X. P, 2001: 1-2.",
    "@article{k, author={Smith, J}, title={T}, journal={J}, year={2022}, doi={10.1/x}}": (
        "SMITH J. T[J/OL]. J, 2022. DOI: 10.1/x."
    ),
}


def written(source):
    entry = parse_string(source, "bibtex").entries["k"]
    return str(GBT7714Style().format_entry("1", entry).text)


@pytest.mark.parametrize("source", ENTRIES)
def test_each_kind_is_written_by_the_standard(source):
    assert written(source) == ENTRIES[source]


def test_the_url_is_a_link():
    entry = parse_string("@online{k, title={T}, url={https://w.org}}", "bibtex").entries["k"]
    assert 'href="https://w.org"' in GBT7714Style().format_entry("1", entry).text.render_as("html")


@pytest.mark.parametrize("name", ["王 小明", "王, 小明"])
def test_a_split_chinese_name_is_refused(name):
    with pytest.raises(ValueError, match="连写"):
        format_person(Person(name))


def test_an_unknown_type_is_refused():
    with pytest.raises(ValueError, match="不认识的类型 podcast"):
        written("@podcast{k, title={T}}")


def test_three_authors_are_all_named():
    people = [Person(name) for name in ("甲一", "乙二", "丙三")]
    assert format_people(people, chinese=True) == "甲一, 乙二, 丙三"
    assert format_people([*people, Person("丁四")], chinese=False).endswith("et al")
