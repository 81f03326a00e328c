"""What a repaired rule owes: the difference to what the repairing version would have paid, upwards only.

Nothing is taken from anybody. What is owed is proposed as a correction, which always waits for a second person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.kinds import BY_NUMBER, KINDS
from denizen.ground.identity.models import Staff
from denizen.ground.ledger.commands import CorrectedLine, correct
from denizen.ground.ledger.models import Correction
from denizen.ground.ledger.queries import Slot
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.growth.commands.decide import decide_entries
from denizen.people.growth.commands.undo import free_caps
from denizen.people.growth.models import Mending
from denizen.people.growth.pipeline import facts_of
from denizen.people.rulebook.commands.turns import one_at_a_time
from denizen.people.rulebook.models import Suspension
from denizen.people.rulebook.queries import BookInForce, Line, book_numbers, book_ready, lines_from_json, timelines
from denizen.people.rulebook.queries.force import unremembered

ENTRIES_MAX = 20_000
STATEMENT_SECONDS_MAX = 20

DECIDED_SQL = """
SELECT e.id, e.kind_id, e.resident_id, e.source_id, e.occurred_at, e.payload, k.external_id, d.book_id, d.trace
FROM chronicle_entry e JOIN chronicle_entrykey k ON k.entry_id = e.id JOIN growth_decision d ON d.entry_id = e.id
WHERE e.kind_id = %s AND e.occurred_at >= %s AND d.book_id IS NOT NULL AND d.book_id <> %s
  AND jsonb_typeof(d.trace) = 'array' AND NOT EXISTS (SELECT FROM growth_undoing u WHERE u.original_id = e.id)
ORDER BY e.id LIMIT %s
"""

Owed = dict[tuple[int, int], int]
"""Amount by (resident, slot)."""


class UnableToMend(Exception):
    """There is nothing to correct, or too much to compute at once."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What the rule paid too little since a moment, by (resident, slot); ``entries`` were looked at."""

    entries: int
    owed: Owed

    @property
    def points(self) -> int:
        return sum(amount for (_, slot), amount in self.owed.items() if slot == Slot.WALLET)

    @property
    def contribution(self) -> int:
        return sum(amount for (_, slot), amount in self.owed.items() if slot != Slot.WALLET)

    @property
    def residents(self) -> int:
        return len({resident for resident, _ in self.owed})


def shortfall(*, rule: str, kind: str, version: int, since: datetime) -> Shortfall:
    """What version ``version`` would have paid by ``rule`` for what happened since ``since``, beyond what was paid.

    The entries are decided anew, in order of arrival, as if what they had used of caps and budgets were free, in a
    transaction that is rolled back. What rules ask about contribution counts what was really paid. Entries undone,
    held, or decided by that version are left out. Raises ``UnableToMend`` beyond ``ENTRIES_MAX`` entries.
    """
    with unremembered(), db.opening():
        db.execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS_MAX}s'")
        rows = db.fetch(DECIDED_SQL, (KINDS[kind].number, since, version, ENTRIES_MAX + 1))
        if len(rows) > ENTRIES_MAX:
            raise UnableToMend(
                _("More than %(most)s entries happened since then: choose a later moment.") % {"most": ENTRIES_MAX}
            )
        owed = _owed(rule, rows, book_ready(version)) if rows else {}
        transaction.set_rollback(True)
    return Shortfall(len(rows), owed)


def propose_mending(
    *, actor: Staff, suspension: int, version: int, since: datetime, reason: str, envelope: str, moment: datetime
) -> Correction:
    """Propose the ``shortfall`` of a paused rule as a correction out of ``envelope``.

    Another person decides, whatever its size. Once for each pause, unless it was refused. Raises ``UnableToMend``, and
    what ``ledger.commands.correct`` raises.
    """
    paused = Suspension.objects.get(pk=suspension)
    found = shortfall(rule=paused.rule, kind=paused.kind, version=version, since=since)
    if not found.owed:
        raise UnableToMend(_("Nobody was paid too little: there is nothing to correct."))
    lines = [CorrectedLine(resident, amount, Slot(slot)) for (resident, slot), amount in sorted(found.owed.items())]
    with db.opening():
        one_at_a_time()
        if standing_mending(suspension) is not None:
            raise UnableToMend(_("A correction was proposed for this pause already."))
        correction = correct(actor=actor, lines=lines, reason=reason, envelope=envelope, moment=moment, alone_max=0)
        Mending.objects.create(correction=correction, suspension=paused, since=since)
        return correction


def standing_mending(suspension: int) -> Mending | None:
    """The correction that was proposed for a pause and not refused."""
    proposed = Mending.objects.filter(suspension=suspension).exclude(correction__state=Correction.State.REFUSED)
    return proposed.select_related("correction").first()


def _owed(rule: str, rows: Sequence[tuple], judge: BookInForce) -> Owed:
    entries = [_fresh(row) for row in rows]
    books = book_numbers({row[7] for row in rows})
    paid = [lines_from_json(orjson.loads(row[8]), books[row[7]]) for row in rows]
    free_caps([line for lines in paid for line in lines])
    anew = decide_entries(
        entries=entries,
        timelines=timelines({entry.source for entry in entries}),
        facts=facts_of(entries),
        drawing=_returned(paid, judge),
        judged_by={entry.id: judge for entry in entries},
    )
    slots = {line.code: line.slot for line in _plans(judge)}
    was = _by_resident(rule, (line for lines in paid for line in lines))
    then = _by_resident(rule, (line for one in anew.decided for line in one.lines))
    return {
        (resident, slots[rule]): amount - was.get(resident, 0)
        for resident, amount in then.items()
        if amount > was.get(resident, 0)
    }


@dataclass(frozen=True, slots=True)
class _Plan:
    code: str
    account: int
    slot: int


def _plans(judge: BookInForce) -> list[_Plan]:
    return [
        _Plan(rule.code, plan.account, plan.slot)
        for rule, plan in zip(judge.compiled.book.rules, judge.grants, strict=True)
    ]


def _returned(paid: Iterable[Sequence[Line]], judge: BookInForce) -> Mapping[int, int]:
    """What the old decisions took from budgets, as if it were there again."""
    accounts = {plan.code: plan.account for plan in _plans(judge)}
    back: defaultdict[int, int] = defaultdict(int)
    for lines in paid:
        for line in lines:
            if line.paid and line.code in accounts:
                back[accounts[line.code]] += line.paid
    return back


def _by_resident(rule: str, lines: Iterable[Line]) -> dict[int, int]:
    found: defaultdict[int, int] = defaultdict(int)
    for line in lines:
        if line.code == rule and line.paid and line.beneficiary_id is not None:
            found[line.beneficiary_id] += line.paid
    return found


def _fresh(row: tuple) -> Fresh:
    number, kind, resident, source, occurred_at, payload, key, _book, _trace = row
    return Fresh(number, BY_NUMBER[kind].code, resident, source, to_micros(occurred_at), orjson.loads(payload), key)
