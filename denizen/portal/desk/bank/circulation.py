"""What moved, month by month, by system of points and by purpose."""

from __future__ import annotations

from django.utils.translation import gettext as _

from denizen.insight.central_bank.queries import MEASURES, Circulation, Clocks, Scope
from denizen.insight.central_bank.queries import circulation as sums_of
from denizen.portal.desk.bank.panels import Month, Page, Table
from denizen.portal.words import spoken
from denizen.shell.drawings import Series, line_chart

MOVEMENTS = ("issued", "spent", "given", "expired", "reversed", "clawed_back", "outstanding")


def circulation(scope: Scope, clocks: Clocks) -> Page:
    sums = sums_of(scope, clocks)
    return Page(
        "circulation",
        _("Circulation"),
        _("Where points came from and where they went, by the day it happened. Every number leads to its rows."),
        tables=[months(sums)],
    )


def months(sums: Circulation) -> Table:
    steps = sums.steps()
    rows = [[Month(step.since), *(sums.cell(code, step) for code in MOVEMENTS)] for step in steps]
    return Table(
        "months",
        _("Month by month"),
        [_("Month"), *(spoken(MEASURES[code].title) for code in MOVEMENTS)],
        rows,
        _("Points. Outstanding is what stood at the end of the month."),
        picture_of(sums, ("issued", "spent", "expired"), _("Points issued, spent and expired, by month")),
    )


def picture_of(sums: Circulation, codes: tuple[str, ...], label: str, width: int = 640):
    steps = sums.steps()
    if len(steps) < 2:
        return None
    tones = ("lake", "lamp", "over", "quiet")
    series = [
        Series(spoken(MEASURES[code].title), [sums.cell(code, step).amount for step in steps], tone)
        for code, tone in zip(codes, tones, strict=False)
    ]
    return line_chart(
        series, first=f"{steps[0].since:%Y-%m}", last=f"{steps[-1].since:%Y-%m}", label=label, width=width
    )
