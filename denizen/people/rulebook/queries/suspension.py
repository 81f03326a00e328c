"""Paused rules: what is held now, who judges what was held, and the story of every pause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from django.db.models import QuerySet

from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.rulebook.constants import STOP_LOCK
from denizen.people.rulebook.models import Confirmation, FalseAlarm, Lifting, Refusal, Release, Suspension
from denizen.people.rulebook.queries.versions import book_numbers, book_of, version_in_force
from denizen.people.rulebook.rules import Text

State = Literal["asked", "refused", "paused", "released"]

PAUSES_SQL = """
SELECT s.id, s.kind, c.confirmed_at, l.lifts_at, l.book_id, r.released_at
FROM rulebook_confirmation c JOIN rulebook_suspension s ON s.id = c.suspension_id
LEFT JOIN rulebook_release r ON r.suspension_id = s.id LEFT JOIN rulebook_lifting l ON l.id = r.lifting_id
ORDER BY s.id
"""
DUE_SQL = """
SELECT DISTINCT ON (s.id) s.id, s.kind, l.id
FROM rulebook_lifting l JOIN rulebook_suspension s ON s.id = l.suspension_id
WHERE l.lifts_at <= %s AND NOT EXISTS (SELECT FROM rulebook_release r WHERE r.suspension_id = s.id)
ORDER BY s.id, l.lifts_at, l.book_id DESC NULLS LAST
"""


class Repair(NamedTuple):
    """A pause that a version (``book``) ended. Moments are microseconds.

    It judges what occurred in ``since <= occurred < until``, and what was held until ``released``.
    """

    kind: str
    since: int
    until: int
    released: int
    book: int


@dataclass(frozen=True, slots=True)
class Pauses:
    """What deciding must know: ``held`` names, by kind, the pause that holds its entries; and every repair so far."""

    held: dict[str, int]
    repairs: tuple[Repair, ...]


NO_PAUSES = Pauses({}, ())


def pauses() -> Pauses:
    """The pauses as they are for whoever decides now. Two short queries; needs an open transaction.

    Until it ends nobody confirms or ends a pause: an entry is decided before a pause began, or held.
    """
    db.required()
    db.fetch("SELECT pg_advisory_xact_lock_shared(%s)", (STOP_LOCK,))
    rows = db.fetch(PAUSES_SQL)
    if not rows:
        return NO_PAUSES
    held: dict[str, int] = {}
    repairs = []
    for number, kind, confirmed_at, lifts_at, book, released_at in rows:
        if released_at is None:
            held.setdefault(kind, number)
        elif book is not None:
            repairs.append(Repair(kind, to_micros(confirmed_at), to_micros(lifts_at), to_micros(released_at), book))
    return Pauses(held, tuple(repairs))


class DuePause(NamedTuple):
    """A pause whose end has come, with the lifting that ends it."""

    suspension: int
    kind: str
    lifting: int


def pauses_due(moment: datetime) -> list[DuePause]:
    """The pauses that end by ``moment`` and are not released yet. One query."""
    return [DuePause(*row) for row in db.fetch(DUE_SQL, (moment,))]


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """A pause as its readers see it, from its asking to its release.

    ``title``: of the rule, in the latest book that has it. ``lifts_at`` and ``lifted_by_version`` tell what ends it:
    planned while ``state`` is ``paused``, done once it is ``released``; no version means that two persons called it a
    false alarm. ``entries``: how many were held and released. Names of staff are for the desk only.
    """

    id: int
    rule: str
    kind: str
    title: Text
    reason: Text
    state: State
    asked_by: str
    asked_by_id: int
    asked_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    alarm_by: str
    alarm_by_id: int | None
    lifts_at: datetime | None
    lifted_by_version: int | None
    lifted_by: str
    released_at: datetime | None
    entries: int

    @property
    def is_open(self) -> bool:
        return self.state in {"asked", "paused"}


def suspensions(moment: datetime) -> list[SuspensionView]:
    """Every pause that was ever asked for, newest first. Few queries.

    Residents may see those that were confirmed (``confirmed_at``), without names.
    """
    rows = list(Suspension.objects.order_by("-id").select_related("asked_by"))
    titles, told = _titles({row.rule for row in rows}, moment), _told(rows)
    return [_view(row, told[row.pk], titles[row.rule]) for row in rows]


def suspension_for(number: int, moment: datetime) -> SuspensionView | None:
    row = Suspension.objects.filter(pk=number).select_related("asked_by").first()
    return _view(row, _told([row])[number], _titles({row.rule}, moment)[row.rule]) if row is not None else None


def paused_rules(moment: datetime) -> dict[str, SuspensionView]:
    """The rules that are paused now, by code. Few queries; one when none is."""
    released = Release.objects.values("suspension")
    paused = list(Confirmation.objects.exclude(suspension__in=released).values_list("suspension", flat=True))
    rows = list(Suspension.objects.filter(pk__in=paused).select_related("asked_by")) if paused else []
    titles = _titles({row.rule for row in rows}, moment) if rows else {}
    told = _told(rows)
    return {row.rule: _view(row, told[row.pk], titles[row.rule]) for row in rows}


def open_pauses() -> QuerySet[Suspension]:
    """Those that act or wait for a second person."""
    over = (Refusal.objects.values("suspension"), Release.objects.values("suspension"))
    return Suspension.objects.exclude(pk__in=over[0]).exclude(pk__in=over[1])


def open_pause_count() -> int:
    """How many pauses act or wait for a second person. One query."""
    return open_pauses().count()


def pauses_for_second(actor: Staff, moment: datetime) -> int:
    """How many pauses wait for the word of another person than the one who asked, so that ``actor`` may give it."""
    return sum(
        (view.state == "asked" and view.asked_by_id != actor.pk)
        or (view.state == "paused" and view.alarm_by_id not in {None, actor.pk} and view.lifts_at is None)
        for view in suspensions(moment)
        if view.is_open
    )


@dataclass(slots=True)
class _Story:
    """What was said about one pause after it was asked for."""

    confirmation: Confirmation | None = None
    refused: bool = False
    alarm: FalseAlarm | None = None
    liftings: list[Lifting] = field(default_factory=list)
    release: Release | None = None

    @property
    def state(self) -> State:
        if self.release is not None:
            return "released"
        if self.confirmation is not None:
            return "paused"
        return "refused" if self.refused else "asked"

    @property
    def lifting(self) -> Lifting | None:
        """What ended the pause, or will: the first to come."""
        known = {lifting.pk: lifting for lifting in self.liftings}
        if self.release is not None:
            return known[self.release.lifting_id]
        return min(self.liftings, key=lambda each: (each.lifts_at, -(each.book_id or 0)), default=None)


def _told(rows: Sequence[Suspension]) -> dict[int, _Story]:
    """The story of each pause. Five queries, none for no pause."""
    stories = {row.pk: _Story() for row in rows}
    if not stories:
        return stories
    for confirmation in Confirmation.objects.filter(suspension__in=stories).select_related("confirmed_by"):
        stories[confirmation.suspension_id].confirmation = confirmation
    for number in Refusal.objects.filter(suspension__in=stories).values_list("suspension", flat=True):
        stories[number].refused = True
    for alarm in FalseAlarm.objects.filter(suspension__in=stories).select_related("asked_by"):
        stories[alarm.suspension_id].alarm = alarm
    for lifting in Lifting.objects.filter(suspension__in=stories).select_related("lifted_by"):
        stories[lifting.suspension_id].liftings.append(lifting)
    for release in Release.objects.filter(suspension__in=stories):
        stories[release.suspension_id].release = release
    return stories


def _view(row: Suspension, story: _Story, title: Text) -> SuspensionView:
    confirmation, alarm, lifting, release = story.confirmation, story.alarm, story.lifting, story.release
    return SuspensionView(
        id=row.pk,
        rule=row.rule,
        kind=row.kind,
        title=title,
        reason=Text(row.reason_en, row.reason_zh),
        state=story.state,
        asked_by=row.asked_by.name,
        asked_by_id=row.asked_by_id,
        asked_at=row.asked_at,
        confirmed_by=confirmation.confirmed_by.name if confirmation else "",
        confirmed_at=confirmation.confirmed_at if confirmation else None,
        alarm_by=alarm.asked_by.name if alarm else "",
        alarm_by_id=alarm.asked_by_id if alarm else None,
        lifts_at=lifting.lifts_at if lifting else None,
        lifted_by_version=lifting.book_id if lifting else None,
        lifted_by=lifting.lifted_by.name if lifting and lifting.lifted_by else "",
        released_at=release.released_at if release else None,
        entries=release.entries if release else 0,
    )


def _titles(codes: set[str], moment: datetime) -> dict[str, Text]:
    """Titles of rules: as the book in force calls them, or the latest version that did."""
    found: dict[str, Text] = {}
    current = version_in_force(moment)
    books = [book_of(current)] if current is not None else []
    if any(not any(book.rule(code) for book in books) for code in codes):
        numbers = range(1, (current.number if current else 0) + 1)
        earlier = book_numbers(numbers)
        books += [earlier[number] for number in sorted(earlier, reverse=True)]
    for code in codes:
        rules = (rule for book in books if (rule := book.rule(code)) is not None)
        found[code] = next((rule.title for rule in rules), Text(code, code))
    return found
