"""练习答案：HTML 里答案折叠在练习之下，PDF 里集中到“练习答案”一篇。

指令 ``{answers}`` 放在附录里。HTML 页列出各章的练习，逐题链接到题目与答案；
PDF 则把散在各章的答案搬到这里，按练习编号排，各有链接回到题目。
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, exercise_subtitle, solution_node

logger = logging.getLogger(__name__)

EXERCISE_NODES = (exercise_node, exercise_enumerable_node, solution_node)


class answers_node(nodes.General, nodes.Element):
    """答案清单的占位。"""


class AnswersDirective(SphinxDirective):
    """``{answers}``：全书练习的答案。"""

    def run(self):
        docs = getattr(self.env, "zhbook_answers", set())
        self.env.zhbook_answers = docs | {self.env.docname}
        return [answers_node()]


def reading_order(env) -> list[str]:
    """按目录次序列出全部文档，首页在前。"""
    order: list[str] = []

    def walk(docname):
        if docname not in order:
            order.append(docname)
            for child in env.toctree_includes.get(docname, []):
                walk(child)

    walk(env.config.root_doc)
    return order


def exercise_title(env, exercise) -> str:
    """“练习 1.1（标题）”，号码与 HTML 同源。"""
    numbers = env.toc_fignumbers.get(exercise["docname"], {}).get("exercise", {})
    number = ".".join(map(str, numbers.get(exercise["ids"][0], ())))
    subtitle = next(iter(exercise.findall(exercise_subtitle)), None)
    name = f"练习 {number}".strip()
    return f"{name}（{subtitle.astext()}）" if subtitle is not None else name


def chapter_title(env, docname: str) -> str:
    """“第 1 章 标题”“附录 A 标题”，不编号的只有标题。"""
    title = env.titles[docname]
    number = (title.get("secnumber") or [None])[0]
    if number is None:
        return title.astext()
    prefix = f"第 {number} 章" if isinstance(number, int) else f"附录 {number}"
    return f"{prefix}　{title.astext()}"


def exercises(env) -> dict[str, list[tuple[nodes.Element, str | None]]]:
    """各文档的练习与其答案的标签，按书的次序。

    Returns
    -------
    dict
        文档名 → [(练习节点, 答案标签或 None), …]；没有练习的文档不列。
    """
    registry = getattr(env, "sphinx_exercise_registry", {})
    order = getattr(env, "sphinx_exercise_node_order", {})
    found = {}
    for docname in reading_order(env):
        entries = order.get(docname, [])
        solutions = {e["target_label"]: e["label"] for e in entries if e["type"].startswith("solution")}
        listed = [
            (registry[e["label"]]["node"], solutions.get(e["label"]))
            for e in entries
            if e["type"].startswith("exercise") and e["label"] in registry
        ]
        if listed:
            found[docname] = listed
    return found


def _check(app, env):
    """每道练习都要有答案；答案清单总要重写。"""
    for docname, listed in exercises(env).items():
        for exercise, solution in listed:
            if solution is None:
                logger.warning(
                    "%s没有答案：请加 {solution} %s",
                    exercise_title(env, exercise),
                    exercise["label"],
                    location=docname,
                )
    return sorted(getattr(env, "zhbook_answers", set()) & set(env.found_docs))


def _purge(app, env, docname):
    env.zhbook_answers = getattr(env, "zhbook_answers", set()) - {docname}


def _merge(app, env, docnames, other):
    env.zhbook_answers = getattr(env, "zhbook_answers", set()) | getattr(other, "zhbook_answers", set())


def _link(app, fromdoc, exercise, label, text):
    return make_refnode(app.builder, fromdoc, exercise["docname"], label, nodes.Text(text))


def _list_in_html(app, doctree, docname):
    if app.builder.format == "latex":
        return
    env = app.env
    for place in list(doctree.findall(answers_node)):
        content = []
        for chapter, listed in exercises(env).items():
            items = nodes.bullet_list()
            for exercise, solution in listed:
                line = nodes.paragraph()
                line += _link(app, docname, exercise, exercise["label"], exercise_title(env, exercise))
                if solution:
                    line += nodes.Text("：")
                    line += _link(app, docname, exercise, solution, "看答案")
                items += nodes.list_item("", line)
            content += [nodes.rubric("", chapter_title(env, chapter)), items]
        place.replace_self(content)


class FullWidthParentheses(SphinxPostTransform):
    """练习标题里的括号用全角（sphinx-exercise 写死了半角）。"""

    default_priority = 25

    def run(self, **kwargs):
        for box in self.document.findall(nodes.Admonition):
            if not isinstance(box, EXERCISE_NODES):
                continue
            for text in list(box[0].findall(nodes.Text)):
                if text == " (":
                    text.parent.replace(text, nodes.Text("（"))
                elif text == ")":
                    text.parent.replace(text, nodes.Text("）"))


class CollectAnswers(SphinxPostTransform):
    """PDF：把各章的答案搬到 ``{answers}`` 处。"""

    default_priority = 900
    formats = ("latex",)

    def run(self, **kwargs):
        place = next(self.document.findall(answers_node), None)
        if place is None:
            if next(self.document.findall(solution_node), None) is not None:
                logger.warning("书里有答案，却没有 {answers} 指令收它们")
            return
        found: dict[str, nodes.Element] = {}
        for solution in list(self.document.findall(solution_node)):
            found[solution["label"]] = solution
            solution.parent.remove(solution)
        content = []
        for chapter, listed in exercises(self.env).items():
            # 答案里的标签、脚注仍属原来的文档。
            group = addnodes.start_of_file(docname=chapter)
            group += nodes.rubric("", chapter_title(self.env, chapter))
            for exercise, label in listed:
                if label in found:
                    group += self._answer(exercise, found[label])
            content.append(group)
        place.replace_self(content)

    def _answer(self, exercise, solution):
        link = nodes.reference("", exercise_title(self.env, exercise), internal=True)
        link["refuri"] = f"%{exercise['docname']}#{exercise['label']}"
        target = nodes.target("", "", ids=list(solution["ids"]))
        heading = [_latex(r"\zhanswer{"), target, link, _latex("}")]
        body = [child for child in solution.children if not isinstance(child, nodes.title)]
        return [*heading, *body]


def _latex(text):
    return nodes.raw("", text, format="latex")


def setup(app):
    app.add_node(answers_node)
    app.add_directive("answers", AnswersDirective)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _check)
    app.connect("doctree-resolved", _list_in_html)
    app.add_post_transform(FullWidthParentheses)
    app.add_post_transform(CollectAnswers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
