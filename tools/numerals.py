"""找出一句话里的统计数字。

统计数字：带单位的阿拉伯数字或汉字数字、小数、用字写成的份额（三成、近一半、翻番……）、
名次（第二大），以及没有别的身份的阿拉伯数字。
日期、名称（14nm、5G、HS 8486、ISO 9001）、编号与引用不算，规则写在 ``EXEMPT``；
书里其余不算的，逐条写在 ``tests/chapters/allowed_numbers.toml``，附理由。
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_WIDE = str.maketrans("０１２３４５６７８９％．", "0123456789%.")

ZH = "一二三四五六七八九十百千万亿零〇两"
#: 汉字数字后面的量词与单位；步、章、部分之类只数书自己的东西，不列。
UNIT = (
    "个百分点|百分点|个基点|万亿|个国家|国|倍|成(?![不为功果本员立就都熟型分品长交因效体])|亿|万|元|美元|欧元|日元|英镑|韩元|吨|公斤|千克|克|"
    "千瓦时|千瓦|兆瓦|项|家|件|篇|台|套|人|名|位|所|省|市|次|种|个|条|款|例|起|辆|架|艘|颗|片|部|份|"
    "门|类|只|座|支|届|年|天|周|个月|小时|分钟|秒|公里|千米|毫米|微米|厘米|米|平方|户|队|款|批|宗|档"
)
_NAME_BEFORE = r"(?<![A-Za-z0-9])"
_YEAR = r"(?:1[89]|20)\d\d"
_NOT_UNIT = rf"(?!\d|[.,]\d|\s*(?:%|‰|余|多)?\s*(?!年(?!间)){'(?:' + UNIT + ')'})"

#: 不算统计数字的形式。
EXEMPT = [
    # 日期
    rf"{_YEAR}(?:\s*[-–—~～至到、和与/]\s*{_YEAR}){{0,9}}\s*年(?!间)(?:代|度|初|底|末|中|版|春|夏|秋|冬)?"
    r"(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?",
    rf"{_YEAR}\s*[-–—~～]\s*\d{{2}}\s*年",
    rf"(?<!\d){_YEAR}-\d{{2}}(?:-\d{{2}})?(?!\d)",
    rf"(?<![\d.,]){_YEAR}(?:Q[1-4])?{_NOT_UNIT}",
    r"\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?(?:\s*[-–—至到]\s*\d{1,2}\s*[月日])?",
    r"\d{2}\s*世纪|(?<!\d)\d0\s*年代|\d{1,2}:\d{2}(?!\d)",
    r"[一二三四五六七八九〇零]{4}年(?:[一二三四五六七八九十]{1,3}月)?(?:[一二三四五六七八九十]{1,3}日)?",
    r"[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}日)?(?!间)",
    r"(?:二十|十九|二十一)世纪|[二三四五六七八九]十年代",
    # 名称：制程、代次、标准、编码、型号、版本
    rf"{_NAME_BEFORE}\d+\s?(?:nm|纳米)(?![A-Za-z])(?!\s*(?:厚|宽|长|精度|误差))",
    rf"{_NAME_BEFORE}\d+[GDK](?![A-Za-z])",
    rf"{_NAME_BEFORE}(?:HS|SITC|CPC|IPC|ISIC|ICS|NAICS)\s?\d[\d.]*(?:\s*[、,，和与及至–-]\s*\d{{4,10}}(?![\d.]*\s*%))*",
    rf"{_NAME_BEFORE}(?:ISO(?:/IEC)?|IEC|IEEE|GB(?:/T)?|SEMI|EN|DIN|RFC|JIS|ASTM|SJ(?:/T)?)\s?[A-Z]?\d[\d.]*"
    r"(?:[-—–:]\d+)*",
    rf"{_NAME_BEFORE}CC BY(?:-[A-Z]{{2}})*\s?\d\.\d",
    rf"{_NAME_BEFORE}(?:Python|Debian|Ubuntu|TeX Live|Jupyter Book|matplotlib|pandas|v|V)\s?\d+(?:\.\d+)*(?!\s*%)",
    r"(?:工业|版本|中国制造|Web)\s?\d+\.\d+(?!\s*%)|中国制造\s?2025",
    rf"{_NAME_BEFORE}[A-Za-z]+[-‑]?\d+(?:\.\d+)?[A-Za-z]*(?![\d.,]*\s*%)(?!\.\d)",
    r"(?<!\d)\d+[-‑][A-Za-z]{2,}",
    # 编号与引用
    r"(?:图|表|式|练习|附录|步骤|问题|情景|方案|阶段|案例|注|条目|选项)\s*[A-Z]?\.?\d+(?:[.-]\d+)*(?!\s*(?:%|[.,]\d))",
    r"(?<![排名列居])第\s*\d+(?:\s*[、–—至到和与-]\s*\d+)*(?!\s*(?:名|位|大(?!章)|[.,]?\d))",
    rf"(?<![排名列居])第[{ZH}]+(?!\s*(?:名|位|大(?!章)))",
    r"^\s*(?:\(?\d{1,2}[.、)）]|（\d{1,2}）)(?!\d)",
    r"\[\d+(?:[-,–]\d+)*\]",
    # 练习第一段里估计的时间
    r"约 \d+ 分钟，难度 [★☆]{3}",
    # 惯用语
    r"万一(?=[，有出])|千万(?=[不别要])|成千上万|千家万户|百年未有|一国两制|三三两两|七嘴八舌|百分点(?=[，。；]|$)|"
    r"五年规划|五年计划|三位一体|二次(?:开发|创新|加工|电池|元|函数|曲线|规划)|二部(?:图|网络)|"
    r"[二三]元(?:变量|关系|网络|组|函数|结构|论|对立)|(?:七|二十)国集团",
]

#: “一”后面跟这些才是数，跟“个”“种”之类只是冠词。
_COUNTED = {"个百分点", "百分点", "个基点", "倍", "成", "万亿", "亿", "万"}

_APPROX = r"(?:上|近|约|过|超|逾|成)"
STATISTIC = [
    # 阿拉伯数字：任何一个
    rf"[+−-]?\d[\d,，]*(?:\.\d+)?(?:\s*[-–—~～至到]\s*\d[\d,]*(?:\.\d+)?)?\s*(?:余|多|来)?\s*(?:%|‰|[万亿]?(?:{UNIT})|[A-Za-z°]+)?",
    # 汉字数字带单位；单说“一”是冠词，见 _is_article
    rf"(?<![{ZH}第几数])(?P<count>[一二三四五六七八九十两][{ZH}]*)(?:点[一二三四五六七八九零〇]+)?(?:余|多|来|几)?\s*"
    rf"(?P<unit>{UNIT})",
    rf"[几数](?:[十百千万亿]+|(?=[倍成]))(?:余|多)?(?:{UNIT})?",
    rf"{_APPROX}[十百千万]+(?:余|多)?(?:{UNIT})",
    rf"百分之[{ZH}点几]+|千分之[{ZH}]+|万分之[{ZH}]+|[{ZH}]+分之[{ZH}]+",
    r"[一二三四五六七八九两几]成(?![不为功果本员立就都熟型分品长交因效体])",
    r"(?<!通)(?:近|过|逾|超|约)半(?:数)?(?![导径年天月衰成])|一半|半数|对半|减半|腰斩|折半",
    r"翻(?:了)?[一两二三四几]?番|翻了?(?:一|两|几)?倍|成倍|倍增(?![器管])|一倍|[一二三四五六七八九十]倍",
    r"第\s*(?:\d+|[一二三四五六七八九十]+)\s*(?:名|位|大(?!章))",
    rf"(?:排名?|位?列|位?居)第\s*(?:\d+|[{ZH}]+)|(?<![以目此面之])前\s*(?:\d+|[二三四五六七八九十百]+)(?:大|强|名|位|家|国)?(?![面者后边端一人期年天月分节章步])",
    rf"[百千万]余(?:{UNIT})|一多半|(?:仅|只剩|只有)一(?:家|国|项)",
]

_exempt = re.compile("|".join(f"(?:{p})" for p in EXEMPT), re.M)
_statistic = [re.compile(p) for p in STATISTIC]
_DIGIT = re.compile(rf"\d[\d.,]*|[{ZH}半几数番]+|成倍|倍增|腰斩")


@dataclass
class Allowed:
    """例外清单里的一条：形式与理由；``used`` 记它放过了几处。"""

    pattern: str
    reason: str
    used: int = field(default=0, compare=False)

    def __post_init__(self):
        self._regex = re.compile(self.pattern)

    def covers(self, text: str, start: int, end: int) -> bool:
        for match in self._regex.finditer(text):
            if match.start() <= start and end <= match.end():
                self.used += 1
                return True
        return False


def _is_article(match: re.Match) -> bool:
    groups = match.groupdict()
    return groups.get("count") == "一" and groups["unit"] not in _COUNTED


def statistics(text: str, allowed: Iterable[Allowed] = ()) -> list[str]:
    """一段文字里的统计数字。

    Parameters
    ----------
    text : str
        一段文字，算出来的部分已换成占位符。
    allowed : iterable of Allowed
        例外清单。

    Returns
    -------
    list of str
        每处数字连同单位，依出现次序，相互重叠的只报一次。
    """
    text = text.translate(_WIDE)
    exempt = [m.span() for m in _exempt.finditer(text)]
    found: list[tuple[int, int]] = []
    for pattern in _statistic:
        for match in pattern.finditer(text):
            if _is_article(match):
                continue
            core = _DIGIT.search(match.group())
            start = match.start() + (core.start() if core else 0)
            end = match.start() + (core.end() if core else len(match.group()))
            if any(a <= start and end <= b for a, b in exempt):
                continue
            if any(entry.covers(text, start, end) for entry in allowed):
                continue
            if any(a < match.end() and match.start() < b for a, b in found):
                continue
            found.append(match.span())
    return [text[a:b].strip() for a, b in sorted(found)]
