"""A change of the rules in tests: what has to be on record before the next step, put on record by named colleagues."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.people.rulebook.commands import Said, check_result, record_trial, state_position
from denizen.people.rulebook.models import BookVersion
from denizen.people.rulebook.queries import version_in_force
from denizen.people.rulebook.rules import Book, parse

UNTRIED = Said("Only a test tries this.", "en")
UNHEARD = Said("Nobody speaks for the users here.", "en")
WAIVED = {"untried": UNTRIED, "unheard": UNHEARD}
"""For ``approve_book(..., **WAIVED)`` in tests about something else."""


def colleague(name: str, *permissions: Permission) -> Staff:
    with transaction.atomic():
        return people.a_staff(name, permissions=permissions)


def checked(moment: datetime) -> None:
    """The result of the version in force is checked, so that a next one can be proposed. Nothing where none rules."""
    present = version_in_force(moment)
    if present is not None:
        check_result(
            actor=colleague("Cai", Permission.RULES_CHECK), number=present.number, verdict="good",
            said=Said("It did what it was made for.", "en"), figures={"entries": 0}, moment=moment,
        )  # fmt: skip


def ready(version: BookVersion, moment: datetime) -> None:
    """The version was tried, and the users' spokesperson is for it."""
    record_trial(
        actor=colleague("Tao", Permission.RULES_CHECK), digest=version.digest, run=f"run-{version.number}",
        summary={"entries": 0}, moment=moment,
    )  # fmt: skip
    state_position(
        actor=colleague("Shu", Permission.RULES_SPEAK), number=version.number, stand="for",
        said=Said("People have asked for it.", "en"), moment=moment,
    )  # fmt: skip


def repriced(book: Book, rule: str, amount: int) -> Book:
    """The book with another amount for one rule."""
    changed = parse(str(amount))
    rules = [replace(each, amount=changed) if each.code == rule else each for each in book.rules]
    return replace(book, rules=tuple(rules))
