"""The decision as stored: arrays without names, defaults left out.

A trace belongs to the book version that decided: rules, caps and limits are stored as places in that book, so reading
needs the same version. A refused line costs some 12 bytes, a paid line with one cap some 30.

An unpaid line is ``[rule, outcome, beneficiary, detail, asked]``, a paid one ``[rule, outcome, beneficiary, paid,
uses, named, detail, asked - paid]``, both cut after the last value that is not empty. A detail is the number of its
reason, or an array that begins with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, get_args

import orjson

from .decide import CapKey, Detail, Line, Outcome, Reason, Use
from .model import Book, Limit, limits_of

_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_REASONS: tuple[Reason, ...] = get_args(Reason)
_OUTCOME_NUMBERS = {outcome: number for number, outcome in enumerate(_OUTCOMES)}
_REASON_NUMBERS = {reason: number for number, reason in enumerate(_REASONS)}
_PAYING = (_OUTCOME_NUMBERS["paid"], _OUTCOME_NUMBERS["capped_part"])
_UNPAID_DEFAULTS = (None, 0, 0)
_PAID_DEFAULTS: tuple[Any, ...] = (None, 0, [], None, 0, 0)
_DETAIL_DEFAULTS = ("", "", 0, 0, None)


def lines_to_json(lines: Iterable[Line], book: Book) -> str:
    """Compact JSON text of the lines of one entry, decided by ``book``."""
    codec = _codec_of(book)
    return orjson.dumps([codec.packed(line) for line in lines]).decode()


def lines_from_json(stored: str | Sequence[Any], book: Book) -> tuple[Line, ...]:
    """The lines again, exactly; ``stored`` is the text, or the lists a JSON column returns."""
    codec = _codec_of(book)
    data = orjson.loads(stored) if isinstance(stored, str) else stored
    return tuple(codec.unpacked(array) for array in data)


@lru_cache(maxsize=32)
def _codec_of(book: Book) -> _Codec:
    return _Codec(book)


class _Codec:
    """Places of the rules and caps of one book."""

    def __init__(self, book: Book) -> None:
        self._rules = tuple(rule.code for rule in book.rules)
        self._limits: tuple[tuple[Limit, ...], ...] = tuple(limits_of(rule, book) for rule in book.rules)
        self._places = tuple({limit.code: place for place, limit in enumerate(limits)} for limits in self._limits)

    def packed(self, line: Line) -> list[Any]:
        places = self._places[line.rule]
        head = [line.rule, _OUTCOME_NUMBERS[line.outcome]]
        detail = _packed_detail(line.detail, places)
        if not line.paid:
            return head + _cut([line.beneficiary_id, detail, line.asked], _UNPAID_DEFAULTS)
        uses = [_packed_use(use, places) for use in line.consumed]
        rest = [line.beneficiary_id, line.paid, uses, line.named_id, detail, line.asked - line.paid]
        return head + _cut(rest, _PAID_DEFAULTS)

    def unpacked(self, array: Sequence[Any]) -> Line:
        rule, outcome, *given = array
        limits = self._limits[rule]
        if outcome in _PAYING:
            person, paid, uses, named, detail, more = _filled(given, _PAID_DEFAULTS)
        else:
            person, detail, more = _filled(given, _UNPAID_DEFAULTS)
            paid, uses, named = 0, [], None
        consumed = tuple(_unpacked_use(use, limits, person) for use in uses)
        why = _unpacked_detail(detail, limits)
        return Line(rule, self._rules[rule], _OUTCOMES[outcome], paid + more, paid, person, named, consumed, why)


def _packed_use(use: Use, places: dict[str, int]) -> list[Any]:
    code, _, start, by_value = use.key
    array = [places[code], start, use.amount, use.used]
    return [*array, by_value] if by_value else array


def _unpacked_use(array: Sequence[Any], limits: tuple[Limit, ...], person_id: int) -> Use:
    place, start, amount, used, *by = array
    key = CapKey(limits[place].code, person_id, start, by[0] if by else "")
    return Use(key, amount, used, limits[place].limit)


def _packed_detail(detail: Detail, places: dict[str, int]) -> int | list[Any]:
    number = _REASON_NUMBERS[detail.reason]
    if detail.reason == "cap":
        return (
            [number, places[detail.name]] if detail.ends_us is None else [number, places[detail.name], detail.ends_us]
        )
    if not detail.name:
        return number
    return [number, *_cut(list(detail[1:]), _DETAIL_DEFAULTS)]


def _unpacked_detail(packed: int | Sequence[Any], limits: tuple[Limit, ...]) -> Detail:
    if isinstance(packed, int):
        return Detail(_REASONS[packed])
    number, *given = packed
    if _REASONS[number] == "cap":
        limit = limits[given[0]]
        return Detail("cap", limit.code, limit=limit.limit, ends_us=given[1] if len(given) > 1 else None)
    return Detail(_REASONS[number], *_filled(given, _DETAIL_DEFAULTS))


def _cut(values: list[Any], defaults: tuple[Any, ...]) -> list[Any]:
    while values and values[-1] == defaults[len(values) - 1]:
        values.pop()
    return values


def _filled(given: Sequence[Any], defaults: tuple[Any, ...]) -> list[Any]:
    return [*given, *defaults[len(given) :]]
