"""The four systems of points (B-04): which rule, and so which purpose of the journal, belongs to which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from denizen.insight.central_bank.queries.words import Text
from denizen.people.rulebook.queries import Book, award_purpose, book_numbers, version_in_force, versions

NO_SYSTEM = "other"
SYSTEM_TITLES: Mapping[str, Text] = {
    "community": Text("Community", "社区积分"),
    "car_use": Text("Car use", "用车积分"),
    "owner_care": Text("Owner care", "车主关怀"),
    "purchase_invitation": Text("Purchase and invitation", "购车与邀请"),
    NO_SYSTEM: Text("Given by people", "人工发放"),
}


def books_known(moment: datetime) -> list[Book]:
    """All books that are or were in force, the present one last. Three queries, books are remembered."""
    numbers = [view.number for view in versions(moment) if view.state in {"in_force", "replaced", "announced"}]
    found = book_numbers(numbers)
    current = version_in_force(moment)
    order = sorted(found, key=lambda number: (current is not None and number == current.number, number))
    return [found[number] for number in order]


def systems_by_purpose(moment: datetime) -> dict[str, str]:
    """The system of every rule there ever was, by the purpose of its awards; a later book has the say."""
    return {
        award_purpose(rule.code): rule.system
        for book in books_known(moment)
        for rule in book.rules
        if rule.asset == "points" and rule.system
    }


def purposes_of_system(system: str, moment: datetime) -> list[str]:
    """The purposes of one system; ``other`` is what no rule gave: goodwill, surprises, corrections."""
    known = systems_by_purpose(moment)
    if system == NO_SYSTEM:
        return ["goodwill", "surprise", "correction"]
    return sorted(purpose for purpose, each in known.items() if each == system)


def titles_by_purpose(moment: datetime) -> dict[str, Text]:
    """The titles of the rules, by the purpose of their awards."""
    return {
        award_purpose(rule.code): Text(rule.title.en, rule.title.zh)
        for book in books_known(moment)
        for rule in book.rules
    }
