"""Six numbers for a tired person, each with its sentence; what rings; the trend."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from denizen.insight.central_bank.queries import Circulation, Clocks, Scope, envelopes, liability_of, use
from denizen.portal.desk.bank.circulation import BROAD, months, picture_of
from denizen.portal.desk.bank.panels import Money, Month, Page, Ratio, Share, Stat, Table, title_of
from denizen.shell.figures import grouped


def overview(scope: Scope, clocks: Clocks) -> Page:
    told, end = use(scope, clocks), replace(scope, since=None)
    owed = liability_of(end, clocks)
    stats = [
        Stat(
            title_of("outstanding"),
            told.outstanding,
            _("Points in all wallets at the end of the last day."),
            _("points"),
        ),
        Stat(title_of("issued"), told.issued, _("Points that went into wallets in these days."), _("points")),
        Stat(title_of("spent"), told.spent, _("Points residents paid with, less refunds."), _("points")),
        Stat(
            _("Owed in money"),
            Money(owed.minor, owed.assumption.currency) if owed else _("not known"),
            _("What the points still expected to be redeemed are worth, by the assumptions in force.")
            if owed
            else _("Nobody has said yet what a point is worth; it is set under Liability."),
        ),
        Stat(
            _("Velocity"),
            Ratio(told.velocity),
            _("How often the average point was spent in these days: spent over the average outstanding."),
        ),
        Stat(
            _("Have ever spent"),
            Share(told.ever_spent),
            _("%(spenders)s of %(residents)s residents have paid with points at least once.")
            % {"spenders": grouped(told.spenders.amount), "residents": grouped(told.residents.amount)},
        ),
    ]
    ringing = envelopes(scope, clocks).ringing
    return Page(
        "bank",
        _("Central bank"),
        ngettext(
            "What became of the city's points in %(count)d day.",
            "What became of the city's points in %(count)d days.",
            scope.days(),
        )
        % {"count": scope.days()},
        stats,
        [standing(told.sums), months(told.sums)],
        extra={"ringing": ringing},
    )


def standing(sums: Circulation) -> Table:
    """Outstanding and debt at the end of every month."""
    rows = [
        [Month(step.since or step.until), sums.cell("outstanding", step), sums.cell("debt", step)]
        for step in sums.steps()
    ]
    picture: Markup | None = picture_of(sums, ("outstanding",), _("Points outstanding, by month"), width=BROAD)
    return Table(
        "outstanding",
        _("Points outstanding"),
        [_("End of"), _("In wallets"), _("Owed by residents")],
        rows,
        _("What residents hold at the end of each month, and what they owe because an award was taken back too late."),
        picture,
    )
