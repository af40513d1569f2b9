"""附录“方法”的登记：包里有哪些方法，哪几章真的用到。

    python -m tools.methods            报告附录“方法”里缺什么、多什么、哪几行过时
    python -m tools.methods --write    重写“用在”各行

“用到”由语法树算出：从一章的代码单元出发，经 ``findings`` 与 ``report`` 里被它点到的函数，走到方法房间的
公共函数为止。方法互相调用不算（综合指数里用到归一，章里没有直接用归一，就不记在归一名下）。
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .paths import BOOK, ROOT, notebooks
from .text import read

PAGE = BOOK / "appendix" / "methods.ipynb"
PACKAGE = ROOT / "chokepoint"
#: 方法的房间，次序同 CONTRIBUTING.md 的表。
ROOMS = (
    "quality",
    "coding",
    "concentration",
    "trade",
    "chain",
    "composite",
    "networks",
    "inference",
    "regions",
    "games",
    "coupling",
    "evaluation",
    "portfolio",
)
#: 没有公式的公共函数与理由；别的都要在附录里有一节。
WITHOUT_FORMULA = {
    "chokepoint.quality.checks": "调用登记过的核对",
    "chokepoint.quality.register": "登记表",
    "chokepoint.quality.lines": "把核对写成句子",
    "chokepoint.quality.table": "把核对列成表",
    "chokepoint.trade.find": "找文件",
    "chokepoint.trade.read": "读文件",
    "chokepoint.trade.tidy": "理列名",
    "chokepoint.trade.locate_fault": "找坏行",
    "chokepoint.trade.print_progress": "印进度",
    "chokepoint.trade.screen": "把读、算、判连起来",
    "chokepoint.trade.variant_table": "列门槛",
    "chokepoint.chain.build": "建图",
    "chokepoint.chain.check": "查错",
    "chokepoint.networks.bipartite": "建图",
    "chokepoint.composite.choice_table": "列做法",
}
#: 只转述各章数字的页，不算用到方法；“方法”自己也不算。
RETELLING = {"book/index", "book/outlook/conclusion", "book/appendix/methods"}
USED = "**用在**："
NOT_USED = "本版没有一章直接用它。"
#: 全名；``findings`` 里的省去包名，手机上才排得下一行。
_NAME = re.compile(r"(?<!`)`((?:chokepoint|findings)(?:\.\w+)+)`(?!`)")
_SECTION = re.compile(r"^\((method-[a-z0-9-]+)\)=\n#{3} (.+)$", re.M)


# ---- 包里的方法 -------------------------------------------------------------------------------------


def functions() -> dict[str, object]:
    """方法房间的公共函数：全名 → 函数，按房间与字母排列。"""
    found = {}
    for room in ROOMS:
        module = importlib.import_module(f"chokepoint.{room}")
        for name in sorted(module.__all__):
            if inspect.isfunction(value := getattr(module, name)):
                found[f"chokepoint.{room}.{name}"] = value
    return found


def exists(name: str) -> bool:
    """全名所指的函数、类或常数在不在。"""
    module, _, rest = name.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), rest)
    except ImportError:
        return module != name and "." in module and _has(module, rest)


def _has(name: str, attribute: str) -> bool:
    module, _, owner = name.rpartition(".")
    try:
        return hasattr(getattr(importlib.import_module(module), owner, None), attribute)
    except ImportError:
        return False


# ---- 谁用到谁 ---------------------------------------------------------------------------------------


@dataclass
class _Module:
    """一个文件：别名 → 全名，定义 → 它点到的名字。"""

    name: str
    aliases: dict[str, str] = field(default_factory=dict)
    uses: dict[str, set[str]] = field(default_factory=dict)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def _imports(tree: ast.AST, package: str) -> dict[str, str]:
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            for alias in node.names:
                found[alias.asname or alias.name] = f"{base}.{alias.name}"
    return found


def _chain(node: ast.AST) -> list[str] | None:
    """``a.b.c`` → ``["a", "b", "c"]``。"""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else None


def _touched(tree: ast.AST, name: str, aliases: dict[str, str], own: Iterable[str]) -> set[str]:
    """一段代码点到的全名；参数与局部变量遮住的同名模块不算。"""
    hidden = set()
    if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef):
        hidden = {a.arg for a in ast.walk(tree.args) if isinstance(a, ast.arg)}
        hidden |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own, found = set(own), set()
    for node in ast.walk(tree):
        parts = _chain(node) if isinstance(node, ast.Attribute | ast.Name) else None
        if not parts or parts[0] in hidden:
            continue
        if parts[0] in own:
            found.add(f"{name}.{parts[0]}")
        elif parts[0] in aliases:
            found.add(".".join([aliases[parts[0]], *parts[1:]]))
    return found


def module(source: str, name: str, package: str) -> _Module:
    """解析一个文件。

    Parameters
    ----------
    source : str
        源码。
    name : str
        模块全名。
    package : str
        相对导入所依的包名。
    """
    tree = ast.parse(source)
    parts: dict[str, list[ast.AST]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            parts.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in (n for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)):
                parts.setdefault(target.id, []).append(node)
    out = _Module(name, _imports(tree, package))
    for key, nodes in parts.items():
        out.uses[key] = set().union(*(_touched(n, name, out.aliases, parts) for n in nodes)) - {f"{name}.{key}"}
    return out


@cache
def _package() -> dict[str, _Module]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = ["chokepoint", *path.relative_to(PACKAGE).with_suffix("").parts]
        inner = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if inner else parts)
        found[name] = module(path.read_text("utf-8"), name, name if inner else ".".join(parts[:-1]))
    return found


def _is_method(name: str) -> str | None:
    """方法房间里的名字，截到公共名为止。"""
    parts = name.split(".")
    if len(parts) >= 3 and parts[0] == "chokepoint" and parts[1] in ROOMS:
        return ".".join(parts[:3])
    return None


def _resolve(name: str, modules: dict[str, _Module], seen: frozenset = frozenset()) -> str | None:
    """全名 → 定义处的全名；经包里的再导出。"""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        found = modules.get(".".join(parts[:cut]))
        if found is None:
            continue
        key = parts[cut]
        if key in found.uses:
            return f"{found.name}.{key}"
        if key in found.aliases and name not in seen:
            return _resolve(".".join([found.aliases[key], *parts[cut + 1 :]]), modules, seen | {name})
        return None
    return None


def reached(starts: Iterable[str], modules: dict[str, _Module] | None = None) -> set[str]:
    """从这些名字出发，走得到的方法，与一路经过的函数。"""
    modules = _package() if modules is None else modules
    waiting, seen, found = list(starts), set(), set()
    while waiting:
        name = waiting.pop()
        if method := _is_method(name):
            found.add(method)
            continue
        place = _resolve(name, modules)
        if place is None or place in seen:
            continue
        seen.add(place)
        if method := _is_method(place):
            found.add(method)
            continue
        owner, _, key = place.rpartition(".")
        waiting += modules[owner].uses[key]
    return found | seen


def code(notebook: dict) -> str:
    """全部代码单元，连成一个文件。"""
    return "\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "code")


def used_by(notebook: dict) -> set[str]:
    """一章用到的方法与 ``findings`` 的函数。"""
    tree = ast.parse(code(notebook))
    return reached(_touched(tree, "", _imports(tree, ""), ()))


def uses() -> dict[str, list[str]]:
    """方法 → 用到它的文档，按目录次序。"""
    found: dict[str, list[str]] = {}
    for path in notebooks():
        name = path.relative_to(ROOT).with_suffix("").as_posix()
        if name in RETELLING:
            continue
        for method in sorted(used_by(read(path))):
            found.setdefault(method, []).append(name)
    return found


def users(names: Iterable[str], found: dict[str, list[str]] | None = None) -> list[str]:
    """这些函数中任一个被哪些文档用到，按目录次序。"""
    found = uses() if found is None else found
    wanted = {n for name in names for n in found.get(name, [])}
    return [n for path in notebooks() if (n := path.relative_to(ROOT).with_suffix("").as_posix()) in wanted]


# ---- 附录“方法” -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """一个方法：标签、名称、正文、所列的函数。"""

    label: str
    title: str
    text: str

    @property
    def names(self) -> list[str]:
        """“函数”一行所列的全名。"""
        line = re.search(r"\*\*函数\*\*：(.*)", self.text)
        found = _NAME.findall(line[1]) if line else []
        return [f"chokepoint.{name}" if name.startswith("findings.") else name for name in found]

    @property
    def used(self) -> str | None:
        """“用在”一行，没有则为 None。"""
        line = re.search(rf"^{re.escape(USED)}(.*)$", self.text, re.M)
        return line[1] if line else None


def sections(notebook: dict) -> list[Section]:
    """附录里的各个方法，依次。"""
    text = "\n\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "markdown")
    found = []
    for match in _SECTION.finditer(text):
        rest = text[match.end() :]
        end = re.search(r"^(?:\([\w-]+\)=\n)?#{1,3} ", rest, re.M)
        found.append(Section(match[1], match[2].strip(), rest[: end.start()] if end else rest))
    return found


def used_line(names: Iterable[str], found: dict[str, list[str]]) -> str:
    """“用在”之后应有的文字。"""
    docs = users(names, found)
    links = []
    for doc in docs:
        folder, _, leaf = doc.removeprefix("book/").rpartition("/")
        links.append("{doc}`" + (leaf if folder == "appendix" else f"../{folder}/{leaf}") + "`")
    return "、".join(links) + "。" if links else NOT_USED


def stale(notebook: dict) -> list[str]:
    """“用在”与代码对不上的方法。"""
    found, problems = uses(), []
    for section in sections(notebook):
        wanted = used_line(section.names, found)
        if section.used != wanted:
            problems.append(f"{section.label} 的“用在”应为：{wanted}")
    return problems


def write(path: Path = PAGE) -> bool:
    """重写“用在”各行；有改动则返回真。"""
    notebook, found = json.loads(path.read_text("utf-8")), uses()
    lines = {s.label: USED + used_line(s.names, found) for s in sections(read(path))}
    changed, label = False, None
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        out = []
        for line in "".join(cell["source"]).split("\n"):
            if match := re.match(r"^\((method-[a-z0-9-]+)\)=$", line):
                label = match[1]
            if line.startswith(USED) and label in lines:
                changed |= line != lines[label]
                line = lines[label]
            out.append(line)
        text = "\n".join(out)
        cell["source"] = text.splitlines(keepends=True)
    if changed:
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return changed


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.methods", description="附录“方法”的登记")
    parser.add_argument("--write", action="store_true", help="重写“用在”各行")
    args = parser.parse_args(argv)
    if args.write:
        print("已重写" if write() else "没有要改的")
        return 0
    notebook = read(PAGE)
    named = {n for s in sections(notebook) for n in s.names}
    problems = [f"没有写到 {n}" for n in functions() if n not in named and n not in WITHOUT_FORMULA]
    problems += [f"没有名为 {n} 的函数" for n in sorted(named) if not exists(n)] + stale(notebook)
    print("\n".join(problems) or "附录“方法”与代码相符")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
