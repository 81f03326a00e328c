"""Nouns of the rule book: book, rule, cap, budget. Frozen values; a book is a complete version of all rules.

The order of the fields is the order in which a book is written for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from .expressions import Bool, Expr
from .windows import Per

Asset = Literal["points", "contribution"]
ContributionClass = Literal["interaction", "development", "efficiency", "special"]
System = Literal["community", "car_use", "owner_care", "purchase_invitation"]
Unit = Literal["amount", "times"]
Clause = Literal["needs_first", "joyful_life", "created_together"]

ASSETS: tuple[str, ...] = get_args(Asset)
CONTRIBUTION_CLASSES: tuple[str, ...] = get_args(ContributionClass)
SYSTEMS: tuple[str, ...] = get_args(System)
UNITS: tuple[str, ...] = get_args(Unit)
CLAUSES: tuple[str, ...] = get_args(Clause)
"""What a user enterprise is for (A-03): needs first, a joyful life, created together."""

AMOUNT_MAX = 10**9
"""The most one award may grant."""

NOTICE_DAYS = 30
"""Assumed: no source states how long before a change for the worse people must know of it."""

PILOT_DAYS_MAX = 184
"""Assumed: a pilot longer than half a year is a rule that was never decided for everybody."""

ALWAYS = Bool(True)


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and simplified Chinese; both are always present."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Cap:
    """The most a rule pays one beneficiary in a window.

    ``amount`` caps count what is paid, ``times`` caps the paid awards. ``by`` names a payload field whose value
    separates the counters (B-07: once per profile item). ``when`` may ask about the beneficiary only; while it is
    false the cap neither binds nor counts (B-13: the cap of those who own no car).
    """

    limit: int
    unit: Unit
    per: Per
    by: str | None = None
    when: Expr = ALWAYS

    def code_in(self, rule_code: str) -> str:
        """The lasting name of the counter: it outlives changes of the limit and of the order of caps."""
        code = f"{rule_code}:{self.per}:{self.unit}"
        return f"{code}:{self.by}" if self.by else code


@dataclass(frozen=True, slots=True)
class SharedCap:
    """A cap several rules count against together; rules name it by its code, which is its counter's name."""

    code: str
    title: Text
    limit: int
    unit: Unit
    per: Per
    when: Expr = ALWAYS


@dataclass(frozen=True, slots=True)
class Budget:
    """Where points come from. A limited budget pays whole awards until one is larger than what is left.

    ``alarm_at``: when no more than this is left, somebody is told. ``benefit``: what the city gets for the expense.
    """

    code: str
    title: Text
    benefit: Text
    limited: bool = False
    amount: int | None = None
    alarm_at: int | None = None


@dataclass(frozen=True, slots=True)
class Guideline:
    """A principle concrete rules come from (A-37). ``assumed`` says that its words are ours, not stated by a source."""

    code: str
    title: Text
    text: Text
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value of the city, readable, with examples of what it looks like when it is lived (A-29)."""

    code: str
    title: Text
    text: Text
    examples: tuple[Text, ...] = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Pilot:
    """A rule tried in some cities for a time. It speaks only of entries of residents who lived in one of ``cities``.

    ``question``: what the city wants to learn. ``compare_with``: cities its effect is measured against; empty means
    the other cities of the same size. What is said here of cities could be said of communities beside them, later.
    """

    cities: tuple[str, ...]
    question: Text
    compare_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One award for one kind of entry.

    ``behaviour``, ``incentive``, ``feedback`` and ``complaint_path`` are the four answers every rule owes (A-35);
    ``guideline`` names the principle it serves (A-37): the code of one where the book lists them, else its words.
    ``value`` is the code of a stated value (A-29), ``clauses`` are those of ``CLAUSES`` the rule serves (A-03).
    ``beneficiary`` is ``resident``, ``inviter`` or a resident field of the payload; ``names`` is the person the ledger
    line names (B-19), ``inviter`` or such a field.
    ``lot_days``: life of the points, none means for ever. ``hold_days``: earned at once, spendable later.
    Valid while ``valid_from <= occurred_at < valid_to``. ``system`` is one of the four points systems (B-04).
    ``pilot``: the rule is tried only where it says, and only for a time.
    ``rows`` are the rows of the specification served; ``assumed`` says that an amount is ours, not stated there.
    """

    code: str
    title: Text
    kind: str
    when: Expr = ALWAYS
    beneficiary: str = "resident"
    names: str | None = None
    asset: Asset
    contribution_class: ContributionClass | None = None
    amount: Expr
    system: System | None = None
    budget: str | None = None
    caps: tuple[Cap, ...] = ()
    shared_caps: tuple[str, ...] = ()
    lot_days: int | None = None
    lot_priority: int = 0
    hold_days: int = 0
    reversal_kind: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    pilot: Pilot | None = None
    behaviour: Text
    incentive: Text
    feedback: Text
    complaint_path: Text
    guideline: str
    value: str | None = None
    clauses: tuple[Clause, ...] = ()
    rows: tuple[str, ...] = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All rules of one version, with the tables, shared caps and budgets they name.

    ``time_zone`` decides when days begin. ``review_months``: after how long the book is looked at again (A-38).
    ``notice_days``: how long before it takes force a change of this book that takes value away is announced.
    A book that lists ``guidelines`` or ``values`` demands that each of its rules names one of them.
    """

    code: str
    title: Text
    time_zone: str
    review_months: int = 6
    notice_days: int = NOTICE_DAYS
    guidelines: tuple[Guideline, ...] = ()
    values: tuple[StatedValue, ...] = ()
    tables: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    shared_caps: tuple[SharedCap, ...] = ()
    budgets: tuple[Budget, ...] = ()
    rules: tuple[Rule, ...]

    def __hash__(self) -> int:
        """Cheap on purpose: books are keys of small caches, where the very same object is what is asked for."""
        return hash((self.code, self.time_zone, len(self.rules)))

    def rule(self, code: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.code == code), None)

    def guideline(self, code: str) -> Guideline | None:
        return next((each for each in self.guidelines if each.code == code), None)

    def value(self, code: str | None) -> StatedValue | None:
        return next((each for each in self.values if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap as it binds one rule, own or shared: the counter's ``code`` with everything needed to count."""

    code: str
    limit: int
    unit: Unit
    per: Per
    by: str | None
    when: Expr


def limits_of(rule: Rule, book: Book) -> tuple[Limit, ...]:
    """The caps that bind a rule: its own in their order, then the shared ones in the order it names them."""
    own = [Limit(cap.code_in(rule.code), cap.limit, cap.unit, cap.per, cap.by, cap.when) for cap in rule.caps]
    shared = {cap.code: cap for cap in book.shared_caps}
    named = [shared[code] for code in rule.shared_caps]
    return (*own, *(Limit(cap.code, cap.limit, cap.unit, cap.per, None, cap.when) for cap in named))
