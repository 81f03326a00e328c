"""What a page of figures is made of: numbers that lead to their rows, tables with their picture, and their CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from markupsafe import Markup

from denizen.insight.central_bank.queries import MEASURES, Cell, Scope, rounded
from denizen.portal.words import spoken
from denizen.shell.figures import day, grouped, month_name
from denizen.shell.sheets import sheet

NOTHING = "–"
MINOR = 100
LARGE = 1_000


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, shown with one decimal of a percent; None where there is no whole."""

    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient shown with two decimals, with its unit behind."""

    value: Fraction | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """Whole minor units of a currency."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Month:
    first: date


Shown = str | int | date | None | Cell | Share | Ratio | Money | Month


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their heads, with the picture drawn of them; cells are ``Shown``. ``code`` names its CSV."""

    code: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    picture: Markup | None = None
    empty: str = ""

    @property
    def small(self) -> bool:
        """Whether its picture takes half of a broad page."""
        return bool(self.rows and self.picture and "chart broad" not in self.picture)

    def html(self) -> list[list[str | Markup]]:
        return [[html_of(cell) for cell in row] for row in self.rows]

    def csv(self) -> str:
        """The same rows for a machine: plain whole numbers, shares as fractions of one, days as ISO."""
        return sheet([self.heads, *([plain(cell) for cell in row] for row in self.rows)])


@dataclass(frozen=True, slots=True)
class Stat:
    """A key number: what it is, the number, one sentence."""

    what: str
    value: Shown
    why: str
    unit: str = ""

    def html(self) -> str | Markup:
        return html_of(self.value)


@dataclass(frozen=True, slots=True)
class Page:
    """``here``: which tab; ``words``: one sentence under the title."""

    here: str
    title: str
    words: str
    stats: Sequence[Stat] = ()
    tables: Sequence[Table] = ()
    missing: Sequence[str] = ()
    extra: dict[str, object] = field(default_factory=dict)

    def table(self, code: str) -> Table | None:
        return next((table for table in self.tables if table.code == code), None)


def query_of(scope: Scope) -> str:
    """A scope as it stands in an address."""
    told = {
        "since": scope.since, "until": scope.until, "purpose": scope.purpose, "system": scope.system,
        "account": scope.account, "cohort": scope.cohort, "grade": scope.grade, "topic": scope.topic,
        "stage": scope.stage,
        "known_since": scope.known_since,
        "known_until": scope.known_until,
    }  # fmt: skip
    return urlencode({name: str(value) for name, value in told.items() if value not in (None, "")})


def rows_url(cell: Cell) -> str:
    return f"{reverse('portal:bank_rows', args=[cell.measure])}?{query_of(cell.scope)}"


def html_of(cell: Shown) -> str | Markup:
    if isinstance(cell, Cell):
        title = spoken(MEASURES[cell.measure].sentence)
        return Markup('<a class="rows-link" href="{}" title="{}"><data value="{}">{}</data></a>').format(
            rows_url(cell), title, cell.amount, grouped(cell.amount)
        )
    if isinstance(cell, Share):
        return NOTHING if cell.value is None else f"{decimal(cell.value * 100, 1)}%"
    if isinstance(cell, Ratio):
        return NOTHING if cell.value is None else f"{quotient(cell.value)}{cell.unit}"
    if isinstance(cell, Money):
        return money(cell)
    if isinstance(cell, Month):
        return month_name(cell.first)
    if isinstance(cell, int):
        return grouped(cell)
    if isinstance(cell, date):
        return day(cell)
    return NOTHING if cell is None else cell


def plain(cell: Shown) -> str | int:
    if isinstance(cell, Cell):
        return cell.amount
    if isinstance(cell, Share | Ratio):
        return "" if cell.value is None else decimal(cell.value, 6)
    if isinstance(cell, Money):
        return decimal(Fraction(cell.minor, MINOR), 2)
    if isinstance(cell, Month):
        return f"{cell.first:%Y-%m}"
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


def decimal(value: Fraction, places: int) -> str:
    """Exactly rounded, without a float; the whole part is grouped only for people (by ``money``)."""
    steps = rounded(value * 10**places)
    whole, rest = divmod(abs(steps), 10**places)
    return f"{'-' if steps < 0 else ''}{whole}.{rest:0{places}d}" if places else str(steps)


def quotient(value: Fraction) -> str:
    """For people: two decimals of what is small, whole numbers of what is large."""
    if value.denominator == 1 or abs(value) >= LARGE:
        return grouped(rounded(value))
    return decimal(value, 2)


def title_of(measure: str) -> str:
    return spoken(MEASURES[measure].title)


def money(amount: Money) -> str:
    whole, rest = divmod(abs(amount.minor), MINOR)
    sign = "\u2212" if amount.minor < 0 else ""
    mark = {"CNY": "¥", "EUR": "€", "USD": "$"}.get(amount.currency, f"{amount.currency} ")
    return f"{sign}{mark}{grouped(whole)}.{rest:02d}"
