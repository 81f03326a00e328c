"""Receipts: the stored decision told to a person, in his language, the "no" as calmly as the "yes".

Nothing is computed again: amounts, caps and reasons are those of the trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from denizen.ground.chronicle.kinds import BY_NUMBER, Kind
from denizen.ground.identity import queries as identity
from denizen.kit import db
from denizen.kit.clock import from_micros
from denizen.people.growth.models import Decision
from denizen.people.rulebook.queries import Book, Line, Rule, Text, book_numbers, limits_of, lines_from_json

PAGE = 20
PAGE_MAX = 100


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What one rule said: ``paid`` in points, or in n of ``contribution_class``; ``sentence`` says why."""

    rule: str
    title: str
    contribution_class: str | None
    paid: int
    asked: int
    outcome: str
    sentence: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """One entry as its resident sees it.

    ``state``: ``decided``, ``undecided``, ``review`` (it came late), ``waiting``, ``held`` (a rule of its kind is
    paused) or ``case`` (entries like it are being looked at).
    ``waited``: why it was held before it was decided, empty when it was not.
    """

    entry: int
    kind: str
    title: str
    occurred_at: datetime
    recorded_at: datetime
    state: str
    outcome: str
    book: int | None
    lines: tuple[ReceiptLine, ...]
    sentence: str
    late: bool
    waited: str = ""

    @property
    def points(self) -> int:
        return sum(line.paid for line in self.lines if line.mine and line.contribution_class is None)

    @property
    def contribution(self) -> int:
        return sum(line.paid for line in self.lines if line.mine and line.contribution_class is not None)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of receipts, newest first. ``older`` is the key to hand over for the next page, None at the end."""

    receipts: list[Receipt]
    older: str | None


RECEIPT_SQL = (
    "SELECT e.id, e.kind_id, e.occurred_at, e.recorded_at, d.book_id, d.outcome, d.trace, u.state,"
    " s.reason_en, s.reason_zh"
    " FROM chronicle_entry e LEFT JOIN growth_decision d ON d.entry_id = e.id"
    " LEFT JOIN chronicle_undecided u ON u.entry_id = e.id"
    " LEFT JOIN growth_holding h ON h.entry_id = e.id LEFT JOIN rulebook_suspension s ON s.id = h.suspension_id"
)
HISTORY_SQL = RECEIPT_SQL + (
    " WHERE e.resident_id = %(resident)s"
    " AND (%(moment)s::timestamptz IS NULL OR (e.occurred_at, e.id) < (%(moment)s, %(entry)s))"
    " ORDER BY e.occurred_at DESC, e.id DESC LIMIT %(limit)s"
)


def history_for(*, resident: int, older_than: str | None = None, limit: int = PAGE) -> Page:
    """The receipts of a resident's own entries, newest first, by keyset. Three queries at most, whatever the page.

    ``older_than`` is the key a previous page gave; an unreadable one starts from the top.
    """
    moment, entry = _read_key(older_than)
    size = max(1, min(limit, PAGE_MAX))
    rows = db.fetch(HISTORY_SQL, {"resident": resident, "moment": moment, "entry": entry, "limit": size + 1})
    receipts = _receipts(rows[:size], {row[0]: resident for row in rows})
    older = f"{receipts[-1].occurred_at.isoformat()}~{receipts[-1].entry}" if len(rows) > size else None
    return Page(receipts, older)


def receipt_for(*, resident: int, entry: int) -> Receipt | None:
    """One receipt of a resident's own entry; None when it is not his."""
    rows = db.fetch(RECEIPT_SQL + " WHERE e.id = %s AND e.resident_id = %s", (entry, resident))
    found = _receipts(rows, {entry: resident})
    return found[0] if found else None


def receipts_of(entries: Mapping[int, int]) -> dict[int, Receipt]:
    """Receipts by entry, each as the resident it is given with sees it. Few queries for any number."""
    rows = db.fetch(RECEIPT_SQL + " WHERE e.id = ANY(%s::bigint[])", (list(entries),))
    return {receipt.entry: receipt for receipt in _receipts(rows, entries)}


def _read_key(key: str | None) -> tuple[datetime | None, int]:
    try:
        moment, _tilde, entry = (key or "").partition("~")
        return datetime.fromisoformat(moment), int(entry)
    except ValueError:
        return None, 0


def _receipts(stored: Sequence[tuple[Any, ...]], seen_by: Mapping[int, int]) -> list[Receipt]:
    """``seen_by``: the resident who looks, by entry."""
    rows = [(*row[:6], orjson.loads(row[6]) if row[6] is not None else None, *row[7:]) for row in stored]
    books = book_numbers({row[4] for row in rows if row[4] is not None})
    decided = [lines_from_json(row[6], books[row[4]]) if isinstance(row[6], list) and row[4] else () for row in rows]
    names = identity.names_of({line.named_id for lines in decided for line in lines if line.named_id is not None})
    return [
        _receipt(row, lines, books.get(row[4]), names, seen_by[row[0]])
        for row, lines in zip(rows, decided, strict=True)
    ]


def _receipt(
    row: tuple[Any, ...], lines: Iterable[Line], book: Book | None, names: dict[int, str], resident: int
) -> Receipt:
    entry, kind_number, occurred_at, recorded_at, number, outcome, trace, state, reason_en, reason_zh = row
    reason = in_language(Text(reason_en, reason_zh)) if reason_en else ""
    kind = BY_NUMBER[kind_number]
    heard = [line for line in lines if line.outcome != "elsewhere"]
    told = tuple(_line(line, book, names, resident) for line in heard if book is not None)
    unheard = [book.rules[line.rule] for line in lines if book is not None and not heard]
    if isinstance(trace, dict) and book is not None:
        told = tuple(_taken_back(book.rules[rule], paid) for rule, paid in trace.get("lines", ()))
    return Receipt(
        entry=entry,
        kind=kind.code,
        title=in_language(Text(kind.title_en, kind.title_zh)),
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        state="decided" if outcome is not None else _state(state, reason),
        outcome=Decision.Outcome(outcome).name.lower() if outcome is not None else "",
        book=number,
        lines=told,
        sentence=_held(reason) if state == "held" else _whole(kind, outcome, trace, told, unheard),
        late=(recorded_at - occurred_at).total_seconds() > 86_400,
        waited=_waited(reason, number) if reason and outcome is not None else "",
    )


def _held(reason: str) -> str:
    if not reason:
        return _("It waits while a person looks at entries like it. Nothing is lost: it is decided afterwards.")
    return _("A rule for this is paused: %(reason)s Your entry waits in its place, and nothing is lost.") % {
        "reason": ended(reason)
    }


def _waited(reason: str, book: int | None) -> str:
    """Why a decided entry had waited, and which version judged it."""
    if book is None:
        return _("It waited while a rule for this was paused: %(reason)s") % {"reason": ended(reason)}
    return _("It waited while a rule for this was paused: %(reason)s Version %(number)s of the rules decided it.") % {
        "reason": ended(reason), "number": book,
    }  # fmt: skip


def ended(sentence: str) -> str:
    """Staff's words as a whole sentence: with a full stop where they left it out."""
    return sentence if sentence[-1:] in ".!?。！？" else sentence + ("。" if _speaks_chinese() else ".")


def _speaks_chinese() -> bool:
    return (get_language() or settings.LANGUAGE_CODE).startswith("zh")


def _state(state: str | None, reason: str) -> str:
    if state == "held" and not reason:
        return "case"
    return "undecided" if state in {None, "ready"} else str(state)


def _line(line: Line, book: Book, names: dict[int, str], resident: int) -> ReceiptLine:
    rule = book.rules[line.rule]
    return ReceiptLine(
        rule=rule.code,
        title=in_language(rule.title),
        contribution_class=rule.contribution_class,
        paid=line.paid,
        asked=line.asked,
        outcome=line.outcome,
        sentence=_sentence(line, rule, book, names),
        mine=line.beneficiary_id == resident,
    )


def _taken_back(rule: Rule, paid: int) -> ReceiptLine:
    return ReceiptLine(
        rule=rule.code, title=in_language(rule.title), contribution_class=rule.contribution_class,
        paid=-paid, asked=0, outcome="reversed", sentence=_("Exactly what this had brought was taken back."), mine=True,
    )  # fmt: skip


def _whole(
    kind: Kind, outcome: int | None, trace: Any, lines: Sequence[ReceiptLine], elsewhere: Sequence[Rule] = ()
) -> str:
    """One sentence about the entry as a whole, where its lines do not say it. ``elsewhere``: pilots of other cities."""
    if outcome is None:
        return _("Recorded. It is being decided right now.")
    if outcome == Decision.Outcome.NO_BOOK:
        return _("No rule book was in force when this happened, so it brings nothing.")
    if outcome == Decision.Outcome.DISMISSED and isinstance(trace, dict) and trace.get("why") == "case":
        return _("It waited for a review of entries like it, which ended without admitting it. The reason is on “Me”.")
    if outcome == Decision.Outcome.DISMISSED:
        return _("It was reported too late; a person looked at it and did not admit it.")
    why = trace.get("why") if isinstance(trace, dict) else ""
    if why:
        return {
            "already_undone": _("This was already taken back once; nothing more moves."),
            "other_kind": _("This cannot take back an entry of another kind; nothing moves."),
            "other_resident": _("The entry it wants to take back is somebody else's; nothing moves."),
        }[why]
    if not lines and elsewhere:
        return _("It is on your record. Only a pilot pays for it, in %(cities)s; you did not live there then.") % {
            "cities": listed(city for rule in elsewhere if rule.pilot for city in rule.pilot.cities)
        }
    if not lines and kind.reverses is None:
        return _("It is on your record. No rule pays for it.")
    return ""


def listed(words: Iterable[str]) -> str:
    """Names in a row, with the comma of the language."""
    return ("、" if _speaks_chinese() else ", ").join(dict.fromkeys(words))


def _sentence(line: Line, rule: Rule, book: Book, names: dict[int, str]) -> str:
    said = _own_sentence(line, rule, book, names)
    if rule.pilot is None or rule.valid_to is None:
        return said
    ends = rule.valid_to.astimezone(ZoneInfo(book.time_zone))
    return _("%(sentence)s This is a pilot in %(cities)s until %(day)s.") % {
        "sentence": said, "cities": listed(rule.pilot.cities), "day": ends.strftime("%Y-%m-%d"),
    }  # fmt: skip


def _own_sentence(line: Line, rule: Rule, book: Book, names: dict[int, str]) -> str:
    if line.outcome == "paid":
        return _thanks(line, rule, names)
    if line.outcome in {"capped", "capped_part"}:
        return _capped(line, rule, book)
    said = {
        "refused": _("This time it does not count. What counts: %(behaviour)s")
        % {"behaviour": in_language(rule.behaviour)},
        "not_valid": _("This rule was not in force when it happened."),
        "missing": _("The report lacks “%(field)s”, so this rule could not say yes.") % {"field": line.detail.name},
        "no_beneficiary": _("There is nobody this would go to: no inviter was recorded before the order.")
        if "inviter" in {rule.beneficiary, rule.names}
        else _("There is nobody this would go to."),
        "budget_exhausted": _("The campaign's budget is used up: %(left)s points were left.")
        % {"left": line.detail.left},
    }
    return said[line.outcome]


def _thanks(line: Line, rule: Rule, names: dict[int, str]) -> str:
    feedback = in_language(rule.feedback)
    if line.named_id is None:
        return feedback
    return _("%(feedback)s Named on this line: %(name)s.") % {
        "feedback": feedback, "name": names.get(line.named_id, _("a resident")),
    }  # fmt: skip


def _capped(line: Line, rule: Rule, book: Book) -> str:
    """“Daily limit of 20 reached; 20 more from tomorrow, 00:00.”"""
    limit = next(limit for limit in limits_of(rule, book) if limit.code == line.detail.name)
    reached = limit_reached(limit.per, limit.unit, limit.limit)
    if line.paid:
        reached = _("%(paid)s of %(asked)s: %(reached)s") % {
            "paid": line.paid, "asked": line.asked, "reached": reached,
        }  # fmt: skip
    if line.detail.ends_us is None:
        return reached
    again = from_micros(line.detail.ends_us).astimezone(ZoneInfo(book.time_zone))
    return _("%(reached)s %(more)s from %(moment)s.") % {
        "reached": reached,
        "more": more_of(limit.unit, limit.limit),
        "moment": again.strftime("%Y-%m-%d %H:%M"),
    }


def limit_reached(per: str, unit: str, limit: int) -> str:
    """A sentence that names the limit by its window."""
    if unit == "times":
        sentences = {
            "day": ngettext("Once a day: done for today.", "%(limit)s times a day: done for today.", limit),
            "week": ngettext("Once a week: done.", "%(limit)s times a week: done.", limit),
            "month": ngettext("Once a month: done.", "%(limit)s times a month: done.", limit),
            "year": ngettext("Once a year: done.", "%(limit)s times a year: done.", limit),
            "lifetime": ngettext("This counts once.", "This counts %(limit)s times.", limit),
        }
    else:
        sentences = {
            "day": _("The daily limit of %(limit)s is reached."),
            "week": _("The weekly limit of %(limit)s is reached."),
            "month": _("The monthly limit of %(limit)s is reached."),
            "year": _("The yearly limit of %(limit)s is reached."),
            "lifetime": _("The limit of %(limit)s in total is reached."),
        }
    return sentences[per] % {"limit": limit}


def more_of(unit: str, limit: int) -> str:
    if unit == "times":
        return ngettext("Once more", "%(limit)s times more", limit) % {"limit": limit}
    return pgettext("amount", "%(limit)s more") % {"limit": limit}


def in_language(text: Text) -> str:
    """A text of the rule book in the reader's language."""
    return text.zh if _speaks_chinese() else text.en
