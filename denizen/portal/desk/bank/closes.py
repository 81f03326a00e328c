"""Month closes for finance."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from denizen.insight.central_bank.queries import (
    Cell,
    Clocks,
    MonthClose,
    Scope,
    month_closes,
    months_on,
    next_to_close,
    recomputed,
)
from denizen.portal.desk.bank.panels import Money, Month, Page, Shown, Stat, Table, title_of
from denizen.portal.words import of
from denizen.shell.figures import day, month_name

BRIDGE = (("issued", "+"), ("spent", "\u2212"), ("expired", "\u2212"), ("reversed", "\u2212"), ("taken", "\u2212"),
          ("settled", "\u2212"))  # fmt: skip
DEBTS = (("debt_arisen", "+"), ("repaid", "\u2212"))
BESIDE = ("given", "clawed_back")


def closes(scope: Scope, clocks: Clocks) -> Page:  # noqa: ARG001
    known = month_closes()
    return Page(
        "closes",
        _("Month close"),
        _("What was recorded in a month, frozen for finance. What comes late stands in the next month, as such."),
        tables=[listed(known)],
        extra={"part": "portal/desk/bank/parts/close.html", "next_month": next_to_close(clocks), "closes": known},
    )


def listed(known: list[MonthClose]) -> Table:
    rows: list[list[Shown]] = [
        [
            Month(close.month), close.lines["opening_outstanding"], close.lines["issued"], close.lines["spent"],
            close.lines["expired"], close.lines["closing_outstanding"], _liability(close), close.staff.name,
            close.closed_at.date(),
        ]
        for close in known
    ]  # fmt: skip
    return Table(
        "closes",
        _("Closed months"),
        [
            _("Month"), _("Opening"), title_of("issued"), title_of("spent"), title_of("expired"), _("Closing"),
            _("Owed in money"), _("Closed by"), _("Closed on"),
        ],
        rows,
        empty=_("No month is closed yet."),
    )  # fmt: skip


def close_page(close: MonthClose, clocks: Clocks) -> Page:
    again = recomputed(close, clocks)
    return Page(
        "closes",
        _("Close of %(month)s") % {"month": month_name(close.month)},
        _("Everything recorded before %(day)s. Closed by %(name)s for %(department)s.")
        % {
            "day": day(months_on(close.month, 1)),
            "name": close.staff.name,
            "department": of(close.department, "title"),
        },
        [
            Stat(_("Closing"), close.lines["closing_outstanding"], _("Points in wallets at the end."), _("points")),
            Stat(_("Owed in money"), _liability(close), _("By the assumptions in force when it was closed.")),
            Stat(
                _("Worked out again"),
                _("agrees") if again.agrees else _("differs"),
                _("From the journal as it is now, to the last point."),
            ),
        ],
        [bridge(close)],
        extra={"part": "portal/desk/bank/parts/closed.html", "close": close},
    )


def bridge(close: MonthClose) -> Table:
    lines, month = close.lines, close.month
    rows: list[list[Shown]] = [
        [_("Opening, in wallets"), "", _stood(close, "opening_outstanding", "outstanding", month), None]
    ]
    rows += [_moved(close, code, sign) for code, sign in BRIDGE]
    rows.append(
        [_("Closing, in wallets"), "=", _stood(close, "closing_outstanding", "outstanding", months_on(month, 1)), None]
    )
    rows.append([_("Opening, owed by residents"), "", _stood(close, "opening_debt", "debt", month), None])
    rows += [_moved(close, code, sign) for code, sign in DEBTS]
    rows.append(
        [_("Closing, owed by residents"), "=", _stood(close, "closing_debt", "debt", months_on(month, 1)), None]
    )
    rows += [_moved(close, code, "") for code in BESIDE]
    rows.append([_("Movements recorded"), "", lines["postings"], None])
    return Table(
        "statement",
        _("Statement"),
        [_("What"), _("Sign"), _("Points"), _("of which from earlier months")],
        rows,
        _("By the day it was recorded. From earlier months: happened before, learnt in this month."),
    )


def _moved(close: MonthClose, code: str, sign: str) -> list[Shown]:
    month, ends = close.month, months_on(close.month, 1)
    known = Scope(until=ends + timedelta(days=1), known_since=month, known_until=ends)
    late = Scope(until=month, known_since=month, known_until=ends)
    return [
        title_of(code), sign, Cell(close.lines[code], code, known),
        Cell(close.lines[f"late_{code}"], code, late),
    ]  # fmt: skip


def _stood(close: MonthClose, line: str, code: str, day: date) -> Cell:
    return Cell(close.lines[line], code, Scope(until=day + timedelta(days=1), known_until=day))


def _liability(close: MonthClose) -> Shown:
    if close.assumption is None:
        return _("not known")
    return Money(close.lines["liability_minor"], close.assumption.currency)
