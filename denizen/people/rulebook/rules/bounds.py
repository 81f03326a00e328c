"""Interval arithmetic: between which values a number of an expression can lie.

Exact: integers for ``int``, fractions for ``ratio``. A number that may leave int64 is refused when a rule is saved,
so that no decision can overflow in any engine the book is ever run on.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from denizen.kit.schema import INT64_MAX

INT64_MIN = -INT64_MAX - 1
Number = int | Fraction


class Bounds(NamedTuple):
    low: Number
    high: Number

    @property
    def fits(self) -> bool:
        return self.low >= INT64_MIN and self.high <= INT64_MAX


INT64 = Bounds(INT64_MIN, INT64_MAX)


def union(left: Bounds, right: Bounds) -> Bounds:
    return Bounds(min(left.low, right.low), max(left.high, right.high))


def negated(bounds: Bounds) -> Bounds:
    return Bounds(-bounds.high, -bounds.low)


def combined(operator: str, left: Bounds, right: Bounds) -> Bounds:
    """Bounds of ``left operator right`` for ``+``, ``-`` and ``*``."""
    if operator == "+":
        return Bounds(left.low + right.low, left.high + right.high)
    if operator == "-":
        return Bounds(left.low - right.high, left.high - right.low)
    corners = [a * b for a in left for b in right]
    return Bounds(min(corners), max(corners))


def divided(bounds: Bounds, divisor: int) -> Bounds:
    """Bounds of an integer division that drops the fraction."""
    ends = [truncated(int(end), divisor) for end in bounds]
    return Bounds(min(ends), max(ends))


def remainder(bounds: Bounds, divisor: int) -> Bounds:
    """Bounds of the remainder, which carries the sign of the dividend."""
    most = abs(divisor) - 1
    return Bounds(max(-most, min(bounds.low, 0)), min(most, max(bounds.high, 0)))


def truncated(dividend: int, divisor: int) -> int:
    """Integer division towards zero, as CEL does; Python's own rounds down."""
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def left_over(dividend: int, divisor: int) -> int:
    """Remainder with the sign of the dividend, as CEL does."""
    rest = abs(dividend) % abs(divisor)
    return -rest if dividend < 0 else rest


def rounded(mode: str, value: int | Fraction) -> int:
    """A ratio as an integer: ``floor``, ``ceil``, ``round_half_up`` (towards plus infinity), ``round_half_even``."""
    match mode:
        case "floor":
            return value.__floor__()
        case "ceil":
            return value.__ceil__()
        case "round_half_up":
            return (value + Fraction(1, 2)).__floor__()
        case _:
            return round(value)
