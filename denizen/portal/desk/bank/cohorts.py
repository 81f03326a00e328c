"""Points by month of issue: what became of them, and how much will ever be redeemed."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from markupsafe import Markup

from denizen.insight.central_bank.queries import Clocks, CohortLine, Cohorts, Scope, permille, ratio
from denizen.insight.central_bank.queries import cohorts as cohorts_of
from denizen.portal.desk.bank.circulation import BROAD, TONES
from denizen.portal.desk.bank.panels import Month, Page, Share, Stat, Table, decimal, title_of
from denizen.shell.drawings import Bar, Series, bar_chart, line_chart
from denizen.shell.figures import month_name

CURVES, BARS_MAX, GROWN_MONTHS = 4, 12, 3


def cohorts(scope: Scope, clocks: Clocks) -> Page:
    told = cohorts_of(scope, clocks)
    return Page(
        "cohorts",
        _("Cohorts and breakage"),
        _("Points by the month in which they were first issued; points given on stay in their month."),
        stats(told),
        [becoming(told), curves(told)],
    )


def stats(told: Cohorts) -> list[Stat]:
    issued = sum(line.issued.amount for line in told.lines)
    redeemed = sum(line.redeemed.amount for line in told.lines)
    expired = sum(line.expired.amount for line in told.lines)
    between = told.experience()
    return [
        *oldest_out(told),
        Stat(
            _("Redeemed so far"), Share(ratio(redeemed, issued)), _("Of all points ever issued, less what was undone.")
        ),
        Stat(
            _("Expired so far"),
            Share(ratio(expired, issued)),
            _("Of all points ever issued: breakage that is certain."),
        ),
        Stat(
            _("Redeemed in the end"),
            span_of(between) if between else _("too young to tell"),
            _("Between these shares lie the %(count)d months of which at most 5%% is still out.")
            % {"count": told.finished}
            if between
            else _("No month of issue is used up yet: at most 5% may still be out before its share says anything."),
        ),
    ]


def oldest_out(told: Cohorts) -> list[Stat]:
    """The month of issue that comes to its end first."""
    oldest = next((line for line in told.lines if line.outstanding.amount), None)
    if oldest is None:
        return []
    why = _("Issued in %(month)s. Where all points last equally long, they expire next.")
    month = {"month": month_name(oldest.month)}
    return [Stat(_("Oldest points still out"), oldest.outstanding, why % month, _("points"))]


def becoming(told: Cohorts) -> Table:
    rows = [
        [
            Month(line.month), line.issued, line.redeemed, line.expired, line.settled, line.outstanding,
            Share(ratio(line.redeemed.amount, line.issued.amount)), span_of(line.between),
        ]
        for line in told.lines
    ]  # fmt: skip
    latest = told.lines[-BARS_MAX:]
    return Table(
        "cohorts",
        _("What became of each month's points"),
        [
            _("Issued in"), title_of("issued"), _("Redeemed"), title_of("expired"), _("Settled debt"),
            title_of("outstanding"), _("Redeemed so far"), _("In the end"),
        ],
        rows,
        _("In the end: for certain between what is redeemed by now and that with everything still out."),
        bar_chart(
            [Bar(month_name(line.month), line.outstanding.amount) for line in latest],
            label=_("Points outstanding, by month of issue"),
        )
        if latest
        else None,
    )  # fmt: skip


def curves(told: Cohorts) -> Table:
    """The share redeemed by the end of each month of age, of the months most was redeemed of."""
    grown = [line for line in told.lines if line.age >= GROWN_MONTHS] or list(told.lines)
    large = sorted(grown, key=lambda line: (-line.redeemed.amount, line.month))[:CURVES]
    shown = sorted(large, key=lambda line: line.month)
    ages = range(max((len(line.ages) for line in shown), default=0))
    rows = [[age, *(Share(line.ages[age]) if age < len(line.ages) else None for line in shown)] for age in ages]
    return Table(
        "curves",
        _("How fast points are redeemed"),
        [_("Age in months"), *(month_name(line.month) for line in shown)],
        rows,
        _("Share of a month's points redeemed by the end of each month of age, of the months most was redeemed of."),
        curve_picture(shown),
    )


def curve_picture(shown: list[CohortLine]) -> Markup | None:
    """As far as the youngest of them goes, so that all stand over the same ages."""
    steps = min((len(line.ages) for line in shown), default=0)
    if steps < 2:
        return None
    series = [
        Series(month_name(line.month), [permille(share) or 0 for share in line.ages[:steps]], tone)
        for line, tone in zip(shown, TONES, strict=False)
    ]
    label = _("Redeemed of a thousand points, by age in months")
    return line_chart(series, first="0", last=str(steps - 1), label=label, width=BROAD)


def span_of(between: tuple[Fraction, Fraction] | None) -> str:
    if between is None:
        return "–"
    low, high = between
    if low == high:
        return f"{decimal(low * 100, 1)}%"
    return f"{decimal(low * 100, 1)}–{decimal(high * 100, 1)}%"
