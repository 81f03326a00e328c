"""A question that takes the jobs process some work. Imported in an open city only."""

from __future__ import annotations

from django.db import transaction

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.kit.clock import now
from denizen.people.growth.commands import ask_backtest
from denizen.people.rulebook.queries import reference_book_text, tried_text


def ask() -> str:
    """The key of a backtest of the reference book over everything that was decided."""
    with transaction.atomic():
        staff = a_staff("Yu", permissions=[Permission.RULES_PROPOSE])
    return str(ask_backtest(actor=staff, book=tried_text(reference_book_text()), moment=now()).key)
