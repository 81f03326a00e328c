"""Who takes part in a change in these tests, and a city whose book is in force and checked."""

from __future__ import annotations

from datetime import timedelta

from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.people.rulebook.commands import Said, approve_book, propose_book, publish_first_book
from denizen.people.rulebook.models import BookVersion
from denizen.people.rulebook.testing import WAIVED, checked, colleague
from denizen.people.rulebook.tests.conftest import book_text

NOW = people.NOW
DAY = timedelta(days=1)
WORDS = Said("Neighbours have asked for this since spring.", "en")


def author() -> Staff:
    return colleague("Zhou", Permission.RULES_PROPOSE)


def signer() -> Staff:
    return colleague("Qin", Permission.RULES_APPROVE)


def speaker() -> Staff:
    return colleague("Shu", Permission.RULES_SPEAK)


def checker() -> Staff:
    return colleague("Cai", Permission.RULES_CHECK)


def stranger() -> Staff:
    return colleague("Wei")


def founded() -> BookVersion:
    """A city with its first book, in force since yesterday."""
    return publish_first_book(text=book_text(), moment=NOW - DAY)


def proposed(by: Staff | None = None, amount: int = 2) -> BookVersion:
    """The next version, proposed now."""
    founded()
    checked(NOW - DAY)
    return propose_book(actor=by or author(), text=book_text(amount), note="A little more.", moment=NOW)


def in_force(by: Staff | None = None) -> BookVersion:
    """The next version, in force from now on."""
    version = proposed(by)
    approve_book(actor=signer(), number=version.number, effective_from=NOW, moment=NOW, **WAIVED)
    return version
