"""Whether points are of use, and whether the same acts earn more than they did (P-28)."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from denizen.insight.central_bank.queries import (
    Clocks,
    Scope,
    TalkLine,
    Use,
    quiet_months,
    ratio,
    rounded,
    talk_lines,
    use,
)
from denizen.portal.desk.bank.circulation import BROAD
from denizen.portal.desk.bank.panels import Month, Page, Ratio, Share, Stat, Table, title_of
from denizen.shell.drawings import Series, line_chart
from denizen.shell.figures import month_name


def uses(scope: Scope, clocks: Clocks) -> Page:
    told = use(scope, clocks)
    stats = [
        Stat(_("Velocity"), Ratio(told.velocity), _("Spent in these days over the average outstanding.")),
        Stat(_("Spent of what was issued"), Share(told.spent_of_issued), _("Points spent over points issued.")),
        Stat(_("Have ever spent"), Share(told.ever_spent), _("Residents who paid with points at least once.")),
        Stat(
            _("Dead balances"),
            told.dead.points,
            _("Points of %(count)d residents who did nothing for %(months)d months.")
            % {"count": told.dead.residents, "months": quiet_months()},
            _("points"),
        ),
    ]
    return Page(
        "use",
        _("Use of points"),
        _("Points that nobody spends are decoration. What was earned, what was spent, what sleeps."),
        stats,
        [parts(told), inflation(talk_lines(scope, clocks))],
        missing=[
            _("How satisfied residents are with what points buy: prices and stock of the shop are not kept here.")
        ],
    )


def parts(told: Use) -> Table:
    """The parts every share on this page is made of."""
    return Table(
        "parts",
        _("What these numbers are made of"),
        [_("Figure"), _("Value"), _("Part"), _("Whole")],
        [
            [_("Velocity"), Ratio(told.velocity), told.spent, Ratio(told.average)],
            [_("Average outstanding"), Ratio(told.average), told.balance_days, told.days],
            [_("Spent of what was issued"), Share(told.spent_of_issued), told.spent, told.issued],
            [_("Have ever spent"), Share(told.ever_spent), told.spenders, told.residents],
            [_("Dead balances"), Share(told.dead_share), told.dead.points, told.outstanding],
        ],
        _("Every share is its part over its whole; each leads to its rows."),
    )


def inflation(lines: list[TalkLine]) -> Table:
    rows = [
        [
            Month(line.month),
            line.issued,
            line.active,
            Ratio(ratio(line.issued.amount, line.active.amount)),
            Share(line.same_acts[1]) if line.same_acts else None,
            line.same_acts[0] if line.same_acts else 0,
        ]
        for line in lines
    ]
    values = [rounded(ratio(line.issued.amount, line.active.amount) or Fraction(0)) for line in lines]
    return Table(
        "inflation",
        _("Inflation of earning"),
        [
            _("Month"), title_of("issued"), _("Active residents"), _("Per active resident"), _("Same acts earn"),
            _("Rules compared"),
        ],
        rows,
        _(
            "Points issued per active resident; and what the same acts earn, compared with the first month: of rules "
            "that paid in both, the points per award, weighted by how often they paid then. 100% is no inflation."
        ),
        line_chart(
            [Series(_("Per active resident"), values, "lake")],
            first=month_name(lines[0].month), last=month_name(lines[-1].month),
            label=_("Points issued per active resident, by month"), width=BROAD,
        )
        if len(lines) > 1
        else None,
    )  # fmt: skip
