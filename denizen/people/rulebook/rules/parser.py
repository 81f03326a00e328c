"""From text to tree: recursive descent over our own tokens; user text never reaches Python's own parser.

Grammar, loosest first: ``c ? a : b``, ``||``, ``&&``, relations and ``in``, ``+ -``, ``* / %``, ``! -``, then
literals, names and calls. It is a subset of CEL's; a minus directly before a number belongs to the number.
"""

from __future__ import annotations

from .expressions import (
    DEPTH_MAX,
    FUNCTIONS,
    NODES_MAX,
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
    Position,
    Str,
    Table,
    Unary,
    depth,
    walk,
)
from .problems import Problem, UnableToReadExpression
from .tokens import Token, tokens_of

_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",),
    ("&&",),
    ("==", "!=", "<", "<=", ">", ">=", "in"),
    ("+", "-"),
    ("*", "/", "%"),
)
_ROOTS = ("entry", "resident", "beneficiary", "moment", "tables")
_NESTING_MAX = 3 * DEPTH_MAX
"""Canonical text opens at most a bracket and a call per level; anything deeper is hostile."""


def parse(text: str) -> Expr:
    """The tree of a text. Raises :class:`UnableToReadExpression` with one problem, at the first fault."""
    parser = _Parser(tokens_of(text))
    expression = parser.choice()
    parser.expect_end()
    check_size(expression)
    return expression


def check_size(expression: Expr) -> None:
    """Refuses a tree of more than ``NODES_MAX`` nodes or ``DEPTH_MAX`` levels."""
    at = expression.at or Position(1, 1)
    if sum(1 for _ in walk(expression)) > NODES_MAX:
        raise UnableToReadExpression([Problem("too_many_nodes", at, {"limit": NODES_MAX})])
    if depth(expression) > DEPTH_MAX:
        raise UnableToReadExpression([Problem("too_deep", at, {"limit": DEPTH_MAX})])


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.nesting = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.tokens[self.index]
        self.index += token.kind != "end"
        return token

    def accept(self, sign: str) -> Token | None:
        return self.take() if self.next.kind == "sign" and self.next.text == sign else None

    def expect(self, sign: str) -> Token:
        return self.accept(sign) or self.unexpected(sign)

    def expect_end(self) -> None:
        if self.next.kind != "end":
            self.unexpected("&& || + - * / == ?")

    def unexpected(self, expected: str) -> Token:
        token = self.next
        if token.kind == "end":
            raise self.refused("ended_early", token, expected=expected)
        raise self.refused("token_unexpected", token, found=token.text[:40], expected=expected)

    def refused(self, code: str, token: Token, **values: str | int) -> UnableToReadExpression:
        return UnableToReadExpression([Problem(code, token.at, values)])

    def enter(self) -> None:
        self.nesting += 1
        if self.nesting > _NESTING_MAX:
            raise self.refused("too_deep", self.next, limit=DEPTH_MAX)

    def choice(self) -> Expr:
        self.enter()
        condition = self.level(0)
        sign = self.accept("?")
        if sign is not None:
            then = self.level(0)
            self.expect(":")
            condition = Choice(condition, then, self.choice(), at=sign.at)
        self.nesting -= 1
        return condition

    def level(self, number: int) -> Expr:
        if number == len(_LEVELS):
            return self.unary()
        left = self.level(number + 1)
        while self.next.kind in ("sign", "name") and self.next.text in _LEVELS[number]:
            operator = self.take()
            left = Binary(operator.text, left, self.level(number + 1), at=operator.at)
        return left

    def unary(self) -> Expr:
        token = self.accept("!") or self.accept("-")
        if token is None:
            return self.primary()
        if token.text == "-" and self.next.kind == "number":
            return Int(-int(self.take().text), at=token.at)
        self.enter()
        operand = self.unary()
        self.nesting -= 1
        return Unary("!" if token.text == "!" else "-", operand, at=token.at)

    def primary(self) -> Expr:
        token = self.next
        if token.kind == "number":
            return Int(int(self.take().text), at=token.at)
        if token.kind == "string":
            return Str(self.take().text, at=token.at)
        if self.accept("("):
            inner = self.choice()
            self.expect(")")
            return inner
        if self.accept("["):
            return self.listing(token)
        if token.kind == "name" and token.text != "in":
            return self.named()
        self.unexpected('entry. resident. beneficiary. moment. tables. ( [ 1 "…" true false')
        raise AssertionError("unexpected() always raises")

    def listing(self, opening: Token) -> Listing:
        items: list[Int | Str | Bool] = []
        while not self.accept("]"):
            if items:
                self.expect(",")
            item = self.next
            value = self.unary()
            if not isinstance(value, Int | Str | Bool):
                raise self.refused("list_not_constant", item)
            items.append(value)
        if not items:
            raise self.refused("list_empty", opening)
        return Listing(tuple(items), at=opening.at)

    def named(self) -> Expr:
        token = self.take()
        if token.text in ("true", "false"):
            return Bool(token.text == "true", at=token.at)
        if self.next.text == "(" and self.next.kind == "sign":
            return self.call(token)
        if token.text in _ROOTS:
            return self.member(token)
        raise self.refused("name_unknown", token, name=token.text[:40])

    def call(self, name: Token) -> Expr:
        self.expect("(")
        if name.text == "has":
            return self.has(name)
        if name.text not in FUNCTIONS:
            raise self.refused("function_unknown", name, name=name.text[:40], known=", ".join(("has", *FUNCTIONS)))
        arguments: list[Expr] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.choice())
        self.check_count(name, len(arguments))
        return Call(name.text, tuple(arguments), at=name.at)

    def check_count(self, name: Token, count: int) -> None:
        wanted = {"min": "2+", "max": "2+", "ratio": "2"}.get(name.text, "1")
        if count < int(wanted[0]) or (count > int(wanted[0]) and "+" not in wanted):
            raise self.refused("arguments_count", name, name=name.text, wanted=wanted, found=count)

    def has(self, name: Token) -> Has:
        field = self.choice()
        self.expect(")")
        if not isinstance(field, Entry):
            raise self.refused("has_needs_field", name)
        return Has(field.name, at=name.at)

    def member(self, root: Token) -> Expr:
        self.expect(".")
        if self.next.kind != "name" or self.next.text in ("in", "true", "false", "null"):
            self.unexpected(f"{root.text}.…")
        name = self.take().text
        match root.text:
            case "entry":
                return Entry(name, at=root.at)
            case "resident" | "beneficiary" as who:
                return Attribute(who, name, at=root.at)
            case "moment":
                return Moment(name, at=root.at)
            case _:
                return self.table(name, root)

    def table(self, name: str, root: Token) -> Expr:
        if not self.accept("["):
            return Table(name, at=root.at)
        key = self.choice()
        self.expect("]")
        return Lookup(name, key, at=root.at)
