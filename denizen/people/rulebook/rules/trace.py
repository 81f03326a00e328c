"""The decision as stored: arrays without names, trailing defaults cut off.

A trace belongs to the book version that decided: rules and caps are stored as their places in that book, so reading
needs the same version. A refused line costs some 12 bytes, a paid line with one cap some 35.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from .decide import CapKey, Detail, Line, Outcome, Reason, Use
from .model import Book, limits_of

_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_REASONS: tuple[Reason, ...] = get_args(Reason)
_LINE_DEFAULTS = (0, 0, None, None, (), ())
_DETAIL_DEFAULTS = ("", "", 0, 0, None)


def lines_to_json(lines: Iterable[Line], book: Book) -> str:
    """Compact JSON text of the lines of one entry, decided by ``book``."""
    data = [_packed_line(line, book) for line in lines]
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def lines_from_json(stored: str | Sequence[Any], book: Book) -> tuple[Line, ...]:
    """The lines again, exactly; ``stored`` is the text, or the lists a JSON column returns."""
    data = json.loads(stored) if isinstance(stored, str) else stored
    return tuple(_unpacked_line(array, book) for array in data)


def _codes(rule: int, book: Book) -> list[str]:
    return [limit.code for limit in limits_of(book.rules[rule], book)]


def _packed_line(line: Line, book: Book) -> list[Any]:
    codes = _codes(line.rule, book) if line.consumed or line.detail.reason == "cap" else []
    uses = tuple(_packed_use(use, codes) for use in line.consumed)
    rest = (line.paid, line.asked, line.beneficiary_id, line.named_id, uses, _packed_detail(line.detail, codes))
    return [line.rule, _OUTCOMES.index(line.outcome), *_cut(rest, _LINE_DEFAULTS)]


def _unpacked_line(array: Sequence[Any], book: Book) -> Line:
    rule, outcome, *given = array
    paid, asked, beneficiary, named, uses, detail = _filled(given, _LINE_DEFAULTS)
    codes = _codes(rule, book)
    consumed = tuple(_unpacked_use(use, codes, beneficiary) for use in uses)
    why = _unpacked_detail(detail, codes)
    code = book.rules[rule].code
    return Line(rule, code, _OUTCOMES[outcome], asked, paid, beneficiary, named, consumed, why)


def _packed_use(use: Use, codes: list[str]) -> list[Any]:
    array = [codes.index(use.key.code), use.key.window_start, use.amount, use.used, use.limit]
    return [*array, use.key.by_value] if use.key.by_value else array


def _unpacked_use(array: Sequence[Any], codes: list[str], person_id: int) -> Use:
    cap, start, amount, used, limit, *by = array
    return Use(CapKey(codes[cap], person_id, start, by[0] if by else ""), amount, used, limit)


def _packed_detail(detail: Detail, codes: list[str]) -> tuple[Any, ...]:
    if not detail.reason:
        return ()
    name: str | int = codes.index(detail.name) if detail.reason == "cap" else detail.name
    rest = (name, detail.key, detail.limit, detail.left, detail.ends_us)
    return (_REASONS.index(detail.reason), *_cut(rest, _DETAIL_DEFAULTS))


def _unpacked_detail(array: Sequence[Any], codes: list[str]) -> Detail:
    if not array:
        return Detail("")
    reason, *given = array
    name, *rest = _filled(given, _DETAIL_DEFAULTS)
    return Detail(_REASONS[reason], codes[name] if _REASONS[reason] == "cap" else name, *rest)


def _filled(given: Sequence[Any], defaults: tuple[Any, ...]) -> list[Any]:
    return [*given, *defaults[len(given) :]]


def _cut(values: tuple[Any, ...], defaults: tuple[Any, ...]) -> list[Any]:
    kept = list(values)
    while kept and kept[-1] == defaults[len(kept) - 1]:
        kept.pop()
    return kept
