"""一章该有的样子。每条检查都是 ``check_x(chapter) -> list[str]``，返回问题。"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from chokepoint import data
from tests.data.copies import resources
from tools.paths import BOOK, ROOT, notebooks
from tools.text import MIME, glue_values, prose, read, specs

SECTIONS = ["稳健性与局限", "小结", "练习", "数据与来源"]
EXERCISE_KINDS = ["理解", "动手", "开放"]
MAX_LINES = 15
sys.path.insert(0, str(BOOK / "_ext"))
AIM = importlib.import_module("zhbook.teaching").AIM
PICTURES = {"image/svg+xml"}
NBVAL = re.compile(r"#\s*(?:NBVAL_|PYTEST_VALIDATE)")
_GLUE = re.compile(r"\{glue:?([a-z]*)\}`([^`]+)`")
_LABEL = re.compile(r"^:(?:name|label):\s*(\S+)|^\(([\w-]+)\)=", re.M)
_FENCE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\}[ ]*(?P<title>[^\n]*)\n(?P<body>.*?)^(?P=fence)\s*$", re.M | re.S
)
_EMITS = re.compile(r"\b(?:plots\.(?:figure|table)|prose\.(?:findings|numbers|text))\(")


@dataclass
class Chapter:
    """一章及其常用的几个侧面。"""

    name: str
    notebook: dict
    code: list[dict] = field(init=False)
    markdown: list[str] = field(init=False)

    def __post_init__(self):
        cells = self.notebook["cells"]
        self.code = [c for c in cells if c["cell_type"] == "code"]
        self.markdown = [c["source"] for c in cells if c["cell_type"] == "markdown"]

    @property
    def text(self) -> str:
        """正文，连同输出成书的 Markdown。"""
        return "\n\n".join([*self.markdown, *(s["markdown"] for s in specs(self.notebook) if s["kind"] == "markdown")])

    @property
    def headings(self) -> list[tuple[int, str]]:
        bare = re.sub(r"^(`{3,}|:{3,}).*?^\1", "", "\n\n".join(self.markdown), flags=re.M | re.S)
        return [(len(m[1]), m[2].strip()) for m in re.finditer(r"^(#{1,6})\s+(.+)$", bare, re.M)]

    def section(self, title: str) -> str:
        """一节的正文：从它的二级标题到下一个。"""
        match = re.search(rf"^##\s+{title}.*?$(.*?)(?=^##\s|\Z)", "\n\n".join(self.markdown), re.M | re.S)
        return match[1] if match else ""

    def bundles(self, *kinds: str) -> list[dict]:
        return [s for s in specs(self.notebook) if s["kind"] in kinds]


def load(path: Path) -> Chapter:
    return Chapter(path.relative_to(ROOT).as_posix(), read(path))


def is_chapter(path: Path) -> bool:
    """正文的章：首页与附录之外的笔记本。"""
    return path.parent not in (BOOK, BOOK / "appendix")


def book() -> list[Path]:
    return notebooks()


# ---- 骨架 ----
def check_opening(chapter: Chapter) -> list[str]:
    """一级标题，紧跟一句话的答案，然后是阅读时间与你将学到。"""
    problems = []
    titles = [text for level, text in chapter.headings if level == 1]
    if len(titles) != 1:
        problems.append(f"一级标题应恰有一个，现有 {len(titles)} 个")
    first = chapter.markdown[0] if chapter.markdown else ""
    if chapter.notebook["cells"][0]["cell_type"] != "markdown" or not first.lstrip("(").lstrip().startswith("#"):
        body = re.sub(r"^\([\w-]+\)=\s*", "", first)
        if not body.startswith("# "):
            problems.append("第一格应以一级标题开头")
    blocks = [" ".join(text.split()) for _, text in prose(first)]
    answer = blocks[1] if len(blocks) > 1 else ""
    sentences = [s for s in re.split(r"(?<=[。！？])", answer) if s.strip("”） ")]
    if answer.startswith(("阅读时间", "你将学到")) or len(sentences) != 1 or not answer.endswith(("。", "。”", "。）")):
        problems.append(f"标题之后应是一句话的答案，现为“{answer[:40]}”（{len(sentences)} 句）")
    for line in ("阅读时间", "你将学到"):
        if not any(line in text for text in chapter.markdown[:4]):
            problems.append(f"开头没有“{line}”")
    return problems


def check_findings(chapter: Chapter) -> list[str]:
    """关键发现框恰有一个，三到五条，且在第一节之前。"""
    boxes = [s["markdown"] for s in chapter.bundles("markdown") if "关键发现" in s["markdown"]]
    if len(boxes) != 1:
        return [f"关键发现框应恰有一个，现有 {len(boxes)} 个"]
    items = re.findall(r"^\d+\.\s+\S", boxes[0], re.M)
    problems = [] if 3 <= len(items) <= 5 else [f"关键发现应有三到五条，现有 {len(items)} 条"]
    for cell in chapter.notebook["cells"]:
        if cell["cell_type"] == "markdown" and re.search(r"^## ", cell["source"], re.M):
            return [*problems, "关键发现应在第一节之前"]
        if any("关键发现" in s.get("markdown", "") for s in specs({"cells": [cell]})):
            break
    return problems


def check_sections(chapter: Chapter) -> list[str]:
    """至少两节分析，再依次是稳健性与局限、小结、练习、数据与来源，各有内容。"""
    titles = [text for level, text in chapter.headings if level == 2]
    problems = []
    order = [next((i for i, t in enumerate(titles) if t.startswith(s)), None) for s in SECTIONS]
    for section, at in zip(SECTIONS, order, strict=True):
        if at is None:
            problems.append(f"没有“{section}”一节")
        elif len("".join(chapter.section(re.escape(titles[at])).split())) < 20:
            problems.append(f"“{section}”一节是空的")
    found = [at for at in order if at is not None]
    if found != sorted(found):
        problems.append("结尾各节次序应为 " + "、".join(SECTIONS))
    if found and found[0] < 2:
        problems.append("“稳健性与局限”之前至少要有两节分析")
    return problems


def check_exercises(chapter: Chapter) -> list[str]:
    """至少三道练习，理解、动手、开放都有，每道写明目标、时间与难度，都有答案；动手的有笔记本。"""
    fences = list(_FENCE.finditer(chapter.text))
    labels, titles = [], []
    problems = []
    for fence in fences:
        if fence["name"] == "exercise":
            label = re.search(r"^:label:\s*(\S+)", fence["body"], re.M)
            titles.append(fence["title"])
            if label:
                labels.append(label[1])
            else:
                problems.append(f"练习“{fence['title']}”没有 :label:")
            if ":nonumber:" in fence["body"]:
                problems.append(f"练习“{fence['title']}”应编号")
            aim = AIM.search(fence["body"])
            if aim is None or len(aim["level"]) != 3:
                problems.append(f"练习“{fence['title']}”的第一段应是“目标：……。约 N 分钟，难度 ★★☆。”")
    answered = {f["title"].strip() for f in fences if f["name"] == "solution" and len(f["body"].split("\n")) > 2}
    notebook = f"</_build/exercises/student/{Path(chapter.name).stem}.ipynb>"
    if not any("动手" in f["title"] and notebook in f["body"] for f in fences if f["name"] == "exercise"):
        problems.append(f"没有一道动手的练习给出自己的笔记本 {notebook}")
    if len(titles) < 3:
        problems.append(f"练习至少三道，现有 {len(titles)} 道")
    problems += [f"练习 {label} 没有答案" for label in labels if label not in answered]
    problems += [f"没有“{kind}”类的练习" for kind in EXERCISE_KINDS if not any(kind in t for t in titles)]
    return problems


# ---- 代码 ----
def check_code(chapter: Chapter) -> list[str]:
    """单元格短，没有定义、循环与分支：有这些的逻辑住在包里。"""
    banned = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.Lambda)
    problems = []
    for cell in chapter.code:
        at = f"第 {chapter.notebook['cells'].index(cell) + 1} 格"
        lines = [line for line in cell["source"].splitlines() if line.strip()]
        if not lines:
            problems.append(f"{at}是空的")
        if len(lines) > MAX_LINES:
            problems.append(f"{at}有 {len(lines)} 行，最多 {MAX_LINES} 行")
        if NBVAL.search(cell["source"]):
            problems.append(f"{at}用注释躲过复核")
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, banned):
                problems.append(f"{at}有 {type(node).__name__}：请移进 chokepoint")
    return problems


def check_stored(chapter: Chapter) -> list[str]:
    """存下的输出完整干净：依次执行过，没有报错与警告，没有躲过复核的标签。"""
    problems = []
    ids = [c.get("id") for c in chapter.notebook["cells"]]
    if None in ids or len(set(ids)) != len(ids):
        problems.append("单元格要有各不相同的 id")
    counts = [c["execution_count"] for c in chapter.code]
    if counts != list(range(1, len(counts) + 1)):
        problems.append(f"执行次序应为 1..{len(counts)}，现为 {counts}")
    for cell in chapter.notebook["cells"]:
        at = f"第 {chapter.notebook['cells'].index(cell) + 1} 格"
        tags = cell.get("metadata", {}).get("tags", [])
        escapes = [t for t in tags if t.startswith("nbval") or t in {"raises-exception", "skip-execution"}]
        if escapes:
            problems.append(f"{at}的标签 {escapes} 躲过复核")
        for output in cell.get("outputs", []):
            if output["output_type"] == "error" or output.get("name") == "stderr":
                problems.append(f"{at}存着报错或警告")
            elif not _is_ours(output):
                problems.append(f"{at}有不是 plots 或 prose 给出的输出，书里会印成英文或等宽字")
        if cell["cell_type"] == "code" and not cell["outputs"] and _EMITS.search(cell["source"]):
            problems.append(f"{at}应有输出而没有")
    return problems


def _is_ours(output: dict) -> bool:
    return any(mime == MIME or mime.startswith("application/papermill.record/") for mime in output.get("data", {}))


# ---- 图表 ----
def check_bundles(chapter: Chapter) -> list[str]:
    """每张图、每张表：图题、替代文本、来源行、许可、所用的表，都齐全。"""
    record = chapter.notebook["metadata"].get("chokepoint", {}).get("depends", {}).get("tables", [])
    problems = []
    for cell in chapter.code:
        for output in cell["outputs"]:
            spec = output.get("data", {}).get(MIME, {})
            if spec.get("kind") not in {"figure", "table"}:
                continue
            problems += [f"{spec['name']}：{p}" for p in _bundle(spec, output["data"], record)]
    return problems


def _bundle(spec: dict, mimes: dict, record: list[str]) -> list[str]:
    tables = spec.get("tables", [])
    required = {"caption": "图题", "licence": "许可"}
    problems = [f"没有{what}" for key, what in required.items() if not spec.get(key, "").strip()]
    if not tables:
        return [*problems, "没有写明所用的表"]
    # “数据与来源”表自己就逐行写明来源与许可，不另有来源行
    own = spec["kind"] == "table" and not spec.get("source")
    where = spec.get("markdown", "") if own else spec.get("source", "")
    if "来源" not in where or "许可" not in where:
        problems.append("来源行应写明来源与许可")
    # 用到整个数据包的，一个链接通到总表
    listed = ["all"] if set(tables) >= set(resources()) else tables
    problems += [f"来源行没有通到数据目录的 {t}" for t in listed if f"(#{data.anchor(t)})" not in where]
    binding = data.licence(tables)
    if spec.get("licence") != binding["name"] or binding["title"] not in where:
        problems.append(f"许可应为 {binding['title']}：由所用的表决定")
    if len(spec.get("caption", "")) < 6:
        problems.append("图题太短")
    unknown = sorted(set(spec.get("tables", [])) - set(record)) if "*" not in record else []
    if unknown:
        problems.append(f"所用的表 {unknown} 没有加载过")
    if spec["kind"] == "figure":
        alt = spec.get("alt", "")
        if len(alt) < 15:
            problems.append("替代文本太短：要说出结论和关键数字")
        elif alt == spec.get("caption"):
            problems.append("替代文本不能照抄图题")
        elif not re.search(r"\d", alt):
            problems.append("替代文本没有数字")
        if re.search(r"\.(?:svg|png|pdf)\b|^\S+/\S+$", alt):
            problems.append("替代文本是文件名")
        problems += [f"没有 {mime}" for mime in sorted(PICTURES) if not "".join(mimes.get(mime, "")).strip()]
    elif not spec.get("markdown", "").strip() or "text/html" not in mimes:
        problems.append("表的内容不全")
    return problems


def labels(chapter: Chapter) -> list[str]:
    """本章定义的全部标签：图、表、练习、公式、小节。"""
    own = [s["name"] for s in chapter.bundles("figure", "table")]
    text = "\n\n".join([*chapter.markdown, *(s["markdown"] for s in chapter.bundles("markdown"))])
    return own + [a or b for a, b in _LABEL.findall(text)]


def check_labels(chapters: list[Chapter]) -> list[str]:
    """标签全书唯一。"""
    seen: dict[str, str] = {}
    problems = []
    for chapter in chapters:
        for label in labels(chapter):
            if label in seen:
                problems.append(f"标签 {label} 在 {seen[label]} 与 {chapter.name} 重复")
            seen[label] = chapter.name
    return problems


def check_referenced(chapter: Chapter) -> list[str]:
    """每张图、每张表都在正文里被提到。"""
    named = set(re.findall(r"\{numref\}`(?:[^`<]*<)?([\w-]+)>?`", chapter.text))
    return [f"{s['name']} 没有被正文引用" for s in chapter.bundles("figure", "table") if s["name"] not in named]


def check_glue(chapter: Chapter) -> list[str]:
    """行内数字只引用本章登记过的，登记过的都用上，不用 eval。"""
    defined = glue_values(chapter.notebook)
    text = "\n\n".join(chapter.markdown)
    used, problems = set(), []
    for kind, key in _GLUE.findall(text):
        used.add(key)
        if kind != "text":
            problems.append(f"{{glue{':' + kind if kind else ''}}}`{key}`：只用 glue:text")
        elif key not in defined:
            problems.append(f"行内数字“{key}”没有在本章登记")
        elif not defined[key].strip():
            problems.append(f"行内数字“{key}”是空的")
    problems += [f"登记的“{key}”没有用到" for key in defined if key not in used]
    if re.search(r"\{eval[^}]*\}", text):
        problems.append("不用 {eval}：它会静静地变空")
    return problems


#: 每个笔记本都要过的，与只有正文各章才要过的。
EVERY = [check_code, check_stored, check_bundles, check_referenced, check_glue]
CHAPTER = [check_opening, check_findings, check_sections, check_exercises]
