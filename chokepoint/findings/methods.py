"""附录“方法”的算例：手算的算式与程序给出的数并排，对不上就报错。

算式写成文字，由这里按四则、乘方、``ln``、``exp``、``sqrt`` 求值，所以页上印的算式就是算出“应得”的算式，
与被检验的程序无关。
"""

from __future__ import annotations

import ast
import math
import operator
import re
from typing import NamedTuple

_TWO = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS = {"ln": math.log, "exp": math.exp, "sqrt": math.sqrt}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: 精确的手算容许的差，只为浮点误差。
EXACT = 1e-9


class Case(NamedTuple):
    """一个算例：名称、算式、应得、程序给出。"""

    name: str
    by_hand: str
    expected: float | str
    found: float | str


def evaluate(expression: str) -> float:
    """求一个算式的值。

    Parameters
    ----------
    expression : str
        数、``+ - * / **``、括号，与 ``ln``、``exp``、``sqrt``。

    Returns
    -------
    float

    Raises
    ------
    ValueError
        有别的东西。
    """

    def value(node: ast.AST) -> float:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return node.value
        if isinstance(node, ast.BinOp) and type(node.op) in _TWO:
            return _TWO[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
            return _FUNCTIONS[node.func.id](*map(value, node.args))
        raise ValueError(f"算式里有不认识的东西：{ast.unparse(node)}")

    return float(value(ast.parse(expression, mode="eval").body))


def written(expression: str) -> str:
    """算式印出来的样子：乘方写成上标，乘号、减号、根号用数学符号。"""
    text = re.sub(r"\*\*(\d+)", lambda m: m[1].translate(_RAISED), expression).replace("**", "^")
    return text.replace("*", "×").replace("sqrt", "√").replace("-", "−")


def _number(value: float) -> str:
    return f"{value if abs(value) > EXACT else 0:.6g}".replace("-", "−")


def case(name: str, by_hand: str | float, found, *, within: float = EXACT) -> Case:
    """一个算例。

    Parameters
    ----------
    name : str
        什么数。
    by_hand : str or float
        手算的算式，或现成的数；``found`` 是文字时，就是应得的文字。
    found : float, str or bool
        程序给出的数。文字逐字相比；真假写成“是”“否”。
    within : float
        容许的差；随机模拟的才放宽。

    Returns
    -------
    Case

    Raises
    ------
    ValueError
        对不上。
    """
    if isinstance(found, str | bool) or type(found).__name__ == "bool":
        said = found if isinstance(found, str) else "是" if found else "否"
        if said != by_hand:
            raise ValueError(f"算例“{name}”应得 {by_hand}，程序给出 {said}")
        return Case(name, "逐项数", by_hand, said)
    expected = evaluate(by_hand) if isinstance(by_hand, str) else float(by_hand)
    if not abs(expected - float(found)) <= within:
        raise ValueError(f"算例“{name}”应得 {expected:g}，程序给出 {float(found):g}")
    return Case(name, written(by_hand) if isinstance(by_hand, str) else "现成的数", expected, float(found))


def printed(name: str, value: float, digits: int, found: float) -> Case:
    """文献里印出的数：容许差到末位的一半。

    Parameters
    ----------
    name : str
        什么数。
    value : float
        印出的数。
    digits : int
        印了几位小数。
    found : float
        程序给出的数。

    Returns
    -------
    Case

    Raises
    ------
    ValueError
        差得超过末位的一半。
    """
    checked = case(name, value, found, within=0.5 * 10**-digits + EXACT)
    return checked._replace(by_hand="文献印出", expected=f"{value:.{digits}f}")


def table(*cases: Case) -> str:
    """几个算例写成一张表。

    Parameters
    ----------
    *cases : Case
        算例。

    Returns
    -------
    str
        Markdown，四列：算例、手算、应得、程序给出。
    """
    rows = ["| 算例 | 手算 | 应得 | 程序给出 |", "|:---|:---|---:|---:|"]
    for name, by_hand, *values in cases:
        cells = [v if isinstance(v, str) else _number(v) for v in values]
        rows.append("| " + " | ".join([name, by_hand, *cells]) + " |")
    return "\n".join(rows)
