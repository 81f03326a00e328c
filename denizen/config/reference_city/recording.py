"""Recording what was planned, and taking it through the whole flow in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from denizen.config.reference_city.people import Person
from denizen.config.reference_city.plan import Planned
from denizen.ground.chronicle.commands import Fresh, Recorded, record
from denizen.ground.chronicle.commands.own import new_entry
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.queries import entries_by_key
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.queries import postings_of
from denizen.kit import db
from denizen.people.growth import pipeline

SPEND_PURPOSE, REFUND_PURPOSE = "spend:gift", "refund:gift"


def live(planned: Iterable[Planned], people: Sequence[Person], sources: Mapping[str, Source], moment: datetime) -> int:
    """Record, decide and grant ``planned`` in one transaction; how many were new.

    Repeating is harmless: what is on record is answered as existing, and neither decided nor spent again. Entries
    later than their source allows are left to wait for a person.
    """
    ordered = sorted(planned, key=lambda each: (each.source, each.occurred_at, each.external_id))
    with db.opening():
        answers: list[tuple[Planned, Recorded]] = []
        for code, group in groupby(ordered, key=attrgetter("source")):
            of_source = list(group)
            entries = [
                new_entry(
                    each.behaviour, resident=people[each.who].key, occurred_at=each.occurred_at,
                    external_id=each.external_id,
                )
                for each in of_source
            ]  # fmt: skip
            answered = record(source=sources[code], entries=entries, recorded_at=moment, queue=False)
            answers += zip(of_source, answered, strict=True)
        fresh = [answer.fresh for _, answer in answers if answer.fresh is not None and not answer.late]
        pipeline.advance(sorted(fresh, key=_in_time), moment=moment, tell=False)
        for each, answer in answers:
            if each.price and answer.fresh is not None:
                _spend(each, people[each.who], answer.entry_id, moment)
        for refunded in [entry for entry in fresh if entry.kind == "purchase_refunded"]:
            _refund(refunded, moment)
        return len(fresh)


def _in_time(fresh: Fresh) -> tuple[int, int]:
    return (fresh.occurred_at, fresh.id)


def _spend(planned: Planned, person: Person, entry: int, moment: datetime) -> None:
    ledger.spend(resident=person.key, amount=planned.price, purpose=SPEND_PURPOSE, entry=entry, moment=moment)


def _refund(refunded: Fresh, moment: datetime) -> None:
    """Give back exactly what the purchase moved."""
    key = (refunded.source, refunded.payload["original"])
    purchase = entries_by_key([key])[key].id
    for posting in postings_of([purchase])[purchase]:
        ledger.refund(posting=posting, moment=moment, purpose=REFUND_PURPOSE, entry=refunded.id)
