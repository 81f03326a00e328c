"""What deciding by a version needs, opened: when it takes force, or for a rehearsal that is rolled back."""

from __future__ import annotations

import json
from datetime import datetime

from denizen.ground.ledger.commands import endow, open_budget, purpose_ids
from denizen.kit import db
from denizen.people.rulebook.constants import award_purpose, cap_codes
from denizen.people.rulebook.models import BookVersion, CapCode
from denizen.people.rulebook.queries.force import BookInForce, made_ready
from denizen.people.rulebook.queries.versions import book_of
from denizen.people.rulebook.rules import Book, digest_of, to_json


def open_what_deciding_needs(book: Book, *, number: int, moment: datetime) -> None:
    """Counters, purposes and budgets of ``book``, which is version ``number``; what exists stays."""
    db.required()
    CapCode.objects.bulk_create([CapCode(code=code) for code in cap_codes(book)], ignore_conflicts=True)
    purpose_ids(award_purpose(rule.code) for rule in book.rules)
    for budget in book.budgets:
        open_budget(code=budget.code, limited=budget.limited)
        if budget.limited and budget.amount:
            endow(code=budget.code, total=budget.amount, book=number, moment=moment)


def staged(book: Book | int, *, moment: datetime) -> BookInForce:
    """``book``, a draft or the number of a version, ready to decide inside a transaction that is rolled back.

    Nothing of it is remembered by the process: what is opened here is gone with the transaction. Raises
    ``BookVersion.DoesNotExist`` for a number that is none.
    """
    db.required()
    if isinstance(book, int):
        number, content = book, book_of(BookVersion.objects.get(number=book))
    else:
        number, content = _stored(book, moment), book
    open_what_deciding_needs(content, number=number, moment=moment)
    return made_ready(number)


def _stored(book: Book, moment: datetime) -> int:
    """A draft as a version that nobody proposed."""
    return BookVersion.objects.create(
        title=book.title.en, time_zone=book.time_zone, document=json.loads(to_json(book)), digest=digest_of(book),
        note="", proposed_by=None, proposed_at=moment,
    ).number  # fmt: skip
