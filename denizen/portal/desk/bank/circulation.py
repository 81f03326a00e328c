"""What moved, month by month and week by week, by system of points and by purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from denizen.insight.central_bank.queries import (
    SYSTEM_TITLES,
    WEEK,
    Circulation,
    Clocks,
    Scope,
    Text,
    purposes_by_system,
    titles_by_purpose,
)
from denizen.insight.central_bank.queries import circulation as sums_of
from denizen.portal.desk.bank.panels import Month, Page, Table, title_of
from denizen.portal.words import spoken
from denizen.shell.drawings import Bar, Series, bar_chart, line_chart
from denizen.shell.figures import day, month_name

MOVEMENTS = ("issued", "spent", "given", "expired", "reversed", "clawed_back", "outstanding")
TONES = ("lake", "lamp", "over", "quiet")
WEEKS_SHOWN = 12
BROAD = 640

PEOPLE_PURPOSES = {
    "goodwill": Text("Goodwill", "心意积分"),
    "surprise": Text("Surprises", "惊喜积分"),
    "correction": Text("Corrections", "更正"),
    "expiry": Text("Expiry", "到期"),
    "repayment": Text("Repayment of debt", "偿还欠分"),
    "spend:gift": Text("Gifts from the shop", "商城兑换"),
    "refund:gift": Text("Refunds of the shop", "商城退款"),
    "gift": Text("Gifts between residents", "居民互赠"),
}


def circulation(scope: Scope, clocks: Clocks) -> Page:
    sums = sums_of(scope, clocks)
    recent = replace(scope, since=scope.until - timedelta(weeks=WEEKS_SHOWN))
    return Page(
        "circulation",
        _("Circulation"),
        _("Where points came from and where they went, by the day it happened. Every number leads to its rows."),
        tables=[
            months(sums),
            systems(sums, clocks),
            purposes(sums, clocks),
            weeks(sums_of(recent, clocks, step=WEEK)),
            holdings(sums),
        ],
    )


def months(sums: Circulation) -> Table:
    rows = [[Month(step.since or step.until), *(sums.cell(code, step) for code in MOVEMENTS)] for step in sums.steps()]
    return Table(
        "months",
        _("Month by month"),
        [_("Month"), *(title_of(code) for code in MOVEMENTS)],
        rows,
        _("Points. Outstanding is what stood at the end of the month."),
        picture_of(sums, ("issued", "spent", "expired"), _("Points issued, spent and expired, by month")),
    )


def weeks(sums: Circulation) -> Table:
    rows = [[step.since, *(sums.cell(code, step) for code in MOVEMENTS)] for step in sums.steps()]
    return Table(
        "weeks",
        _("The last twelve weeks"),
        [_("Week from"), *(title_of(code) for code in MOVEMENTS)],
        rows,
        _("Weeks begin on Monday; the first and the last may be cut."),
        picture_of(sums, ("issued", "spent"), _("Points issued and spent, by week"), days=True),
    )


def systems(sums: Circulation, clocks: Clocks) -> Table:
    """Issued by the four systems of points, and by people (B-04)."""
    known = purposes_by_system(clocks.now)
    steps = sums.steps()
    rows = [
        [
            Month(step.since or step.until),
            *(
                sums.cell("issued", step, purposes=purposes, narrowed=Scope(until=step.until, system=code))
                for code, purposes in known.items()
            ),
        ]
        for step in steps
    ]
    whole = [
        Bar(spoken(title), sums.cell("issued", purposes=known[code]).amount) for code, title in SYSTEM_TITLES.items()
    ]
    return Table(
        "systems",
        _("Issued by system of points"),
        [_("Month"), *(spoken(SYSTEM_TITLES[code]) for code in known)],
        rows,
        _("Every rule belongs to exactly one of the four systems; what no rule gave stands last."),
        bar_chart(whole, label=_("Points issued by system, in these days")) if steps else None,
    )


def purposes(sums: Circulation, clocks: Clocks) -> Table:
    """What each purpose put in and took out, largest first."""
    titles = {**titles_by_purpose(clocks.now), **PEOPLE_PURPOSES}
    codes = ("issued", "spent", "given", "expired", "reversed")
    found: list[list[Any]] = []
    for purpose in {key.purpose for key in sums.within.sums}:
        narrowed = Scope(until=sums.scope.until, purpose=purpose)
        cells = [sums.cell(code, purposes=frozenset({purpose}), narrowed=narrowed) for code in codes]
        if any(cell.amount for cell in cells):
            title = titles.get(purpose)
            found.append([spoken(title) if title else purpose, *cells])
    found.sort(key=lambda row: -max(abs(cell.amount) for cell in row[1:]))
    return Table(
        "purposes",
        _("By purpose"),
        [_("Purpose"), *(title_of(code) for code in codes)],
        found,
        _("What points were given and spent for, in these days."),
    )


def holdings(sums: Circulation) -> Table:
    """What stood at both ends, and every movement between them: the two ends differ by exactly these."""
    parts = (("issued", 1), ("spent", -1), ("expired", -1), ("reversed", -1), ("taken", -1), ("settled", -1))
    before = replace(sums.scope, until=sums.scope.since or sums.scope.until, since=None)
    opening = sums.opening("outstanding", before)
    rows: list[list[Any]] = [[_("Outstanding before"), "", opening]]
    rows += [[title_of(code), "+" if sign > 0 else "\u2212", sums.cell(code)] for code, sign in parts]
    rows.append([_("Outstanding after"), "=", sums.cell("outstanding")])
    return Table(
        "bridge",
        _("From the first day to the last"),
        [_("What"), _("Sign"), _("Points")],
        rows,
        _("Nothing is left over: what stood before and what moved is what stands now."),
    )


def picture_of(
    sums: Circulation, codes: tuple[str, ...], label: str, *, days: bool = False, width: int = BROAD
) -> Markup | None:
    steps = sums.steps()
    if len(steps) < 2:
        return None
    series = [
        Series(title_of(code), [sums.cell(code, step).amount for step in steps], tone)
        for code, tone in zip(codes, TONES, strict=False)
    ]
    first, last = ((day(step.begins) if days else month_name(step.begins)) for step in (steps[0], steps[-1]))
    return line_chart(series, first=first, last=last, label=label, width=width)
