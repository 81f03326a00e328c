"""From a checked tree to Python code: the fast form of the same meaning.

The source is put together from the nodes only: names are those the checker knows, strings pass through ``repr``, and
every operator comes from a fixed table. A ratio never becomes an object: its denominator is known when the code is
written, so it is carried as an integer numerator beside a constant denominator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import lcm
from typing import Any, NamedTuple

from .bounds import left_over, truncated
from .expressions import (
    ROUNDINGS,
    Attribute,
    Binary,
    Bool,
    Call,
    Choice,
    Entry,
    Expr,
    Has,
    Int,
    Listing,
    Lookup,
    Moment,
    Str,
    Table,
    Unary,
    walk,
)
from .inputs import Absent, Inputs
from .interpreter import Value

_SYMBOLS = {"&&": "and", "||": "or"}


class Code(NamedTuple):
    """A Python expression; for a ratio the text is the numerator."""

    text: str
    denominator: int = 1


class ValueTable(dict[str, int]):
    """A value table that names itself when a key is missing."""

    def __init__(self, name: str, values: Mapping[str, int]) -> None:
        super().__init__(values)
        self.name = name

    def __missing__(self, key: str) -> int:
        raise Absent(self.name, key)


def absent(name: str) -> Any:
    """Ends an expression whose field is missing; an expression itself, hence a function."""
    raise Absent(name)


def environment(tables: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """The global names generated code may use, and no others: there are no built-in functions beside min and max."""
    helpers: dict[str, Any] = {"absent": absent, "truncated": truncated, "left_over": left_over}
    helpers |= {"min": min, "max": max, "Absent": Absent, "int": int, "__builtins__": {}}
    return helpers | {f"table_{name}": ValueTable(name, values) for name, values in tables.items()}


def compile_expression(expression: Expr, tables: Mapping[str, Mapping[str, int]]) -> Callable[[Inputs], Value | Absent]:
    """The compiled form of a checked ``int``, ``bool`` or ``string`` expression; means what ``interpret`` means."""
    code = code_of(expression)
    if code.denominator != 1:
        raise ValueError("a ratio must be rounded before it can be compiled")
    lines = ["def compiled(inputs):", "    moment = inputs.moment"]
    lines += ["    resident, beneficiary = inputs.resident, inputs.beneficiary"]
    lines += [f"    entry_{name} = inputs.payload.get({name!r})" for name in sorted(fields_of(expression))]
    lines += ["    try:", f"        return {code.text}", "    except Absent as gone:", "        return gone"]
    names = environment(tables)
    exec(compile("\n".join(lines), "<rule>", "exec"), names)
    compiled: Callable[[Inputs], Value | Absent] = names["compiled"]
    return compiled


def fields_of(expression: Expr) -> set[str]:
    """The payload fields an expression mentions."""
    return {node.name for node in walk(expression) if isinstance(node, Entry | Has)}


def code_of(node: Expr) -> Code:
    """Python for a checked node, over the names ``entry_<field>``, ``resident``, ``beneficiary``, ``moment``."""
    match node:
        case Int(value=value):
            return Code(f"({value})" if value < 0 else str(value))
        case Str(value=value) | Bool(value=value):
            return Code(repr(value))
        case Entry(name=name):
            return Code(f"(entry_{name} if entry_{name} is not None else absent({name!r}))")
        case Has(name=name):
            return Code(f"(entry_{name} is not None)")
        case Attribute(who=who, name=name):
            return Code(f"{who}.{name}")
        case Moment(part=part):
            return Code(f"moment.{part}")
        case Lookup(table=table, key=key):
            return Code(f"table_{table}[{code_of(key).text}]")
        case Table(name=name):
            return Code(f"table_{name}")
        case Listing(items=items):
            return Code(f"{{{', '.join(repr(item.value) for item in items)}}}")
        case Unary(operator="!", operand=operand):
            return Code(f"(not {code_of(operand).text})")
        case Unary(operand=operand):
            inner = code_of(operand)
            return Code(f"(-{inner.text})", inner.denominator)
        case Binary():
            return _binary(node.operator, code_of(node.left), code_of(node.right))
        case Choice():
            then, otherwise = _aligned([code_of(node.then), code_of(node.otherwise)])
            text = f"({then.text} if {code_of(node.condition).text} else {otherwise.text})"
            return Code(text, then.denominator)
        case Call():
            return _call(node.function, [code_of(argument) for argument in node.arguments], node)


def _binary(operator: str, left: Code, right: Code) -> Code:
    if operator in ("/", "%"):
        return Code(f"{'truncated' if operator == '/' else 'left_over'}({left.text}, {right.text})")
    if operator == "*":
        return Code(f"({left.text} * {right.text})", left.denominator * right.denominator)
    if operator in ("+", "-"):
        left, right = _aligned([left, right])
        return Code(f"({left.text} {operator} {right.text})", left.denominator)
    if operator not in ("&&", "||", "in"):
        left, right = _aligned([left, right])
    return Code(f"({left.text} {_SYMBOLS.get(operator, operator)} {right.text})")


def _call(function: str, values: list[Code], node: Call) -> Code:
    if function == "ratio":
        divisor = node.arguments[1]
        assert isinstance(divisor, Int)
        numerator = values[0].text if divisor.value > 0 else f"(-{values[0].text})"
        return Code(numerator, abs(divisor.value))
    if function in ROUNDINGS:
        return _rounded(function, values[0])
    values = _aligned(values)
    return Code(f"{function}({', '.join(value.text for value in values)})", values[0].denominator)


def _rounded(mode: str, value: Code) -> Code:
    text, below = value
    if below == 1:
        return Code(text)
    match mode:
        case "floor":
            return Code(f"({text} // {below})")
        case "ceil":
            return Code(f"(-(-{text} // {below}))")
        case "round_half_up":
            return Code(f"((2 * {text} + {below}) // {2 * below})")
        case _:
            # Round halves up; where the value was exactly half-way and that gave an odd number, take one off.
            up = f"(half := (2 * {text} + {below})) // {2 * below}"
            return Code(f"(({up}) - (1 if half % {2 * below} == 0 and half // {2 * below} % 2 else 0))")


def _aligned(values: list[Code]) -> list[Code]:
    """The same values over one common denominator."""
    common = lcm(*(value.denominator for value in values))
    return [
        value if value.denominator == common else Code(f"({value.text} * {common // value.denominator})", common)
        for value in values
    ]
