"""Envelopes with the benefit each names; the share of spending that reached residents; spending per resident."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from denizen.ground.ledger.queries.circulation import residents_by
from denizen.insight.central_bank.queries import (
    SYSTEM_TITLES,
    Cell,
    Circulation,
    Clocks,
    EnvelopeLine,
    Envelopes,
    Scope,
    cohorts,
    purposes_by_system,
    ratio,
)
from denizen.insight.central_bank.queries import envelopes as envelopes_of
from denizen.portal.desk.bank.circulation import BROAD
from denizen.portal.desk.bank.panels import Month, Page, Ratio, Share, Shown, Stat, Table, title_of
from denizen.portal.words import spoken
from denizen.shell.drawings import Bar, Series, bar_chart, line_chart
from denizen.shell.figures import month_name


def envelopes(scope: Scope, clocks: Clocks) -> Page:
    told = envelopes_of(scope, clocks)
    reached, undone = reach(scope, clocks)
    return Page(
        "envelopes",
        _("Envelopes"),
        _("Every point spent should serve a resident: what each envelope is good for, and how long it lasts."),
        [
            Stat(
                _("Reached residents"), Share(ratio(reached.amount - undone.amount, reached.amount)),
                _("Of all points issued and not undone: what did not expire in a wallet."),
            ),
            Stat(
                _("Names its benefit"), Share(told.named_share),
                _("Of what envelopes gave in these days: what names the benefit a resident has of it."),
            ),
            Stat(_("Alarms"), len(told.ringing), _("Envelopes that are overrun or nearly used up.")),
        ],
        [lines(told), burning(told), per_resident(told.sums, clocks), reached_table(reached, undone)],
        missing=[
            _("What the city spends beside points (stations, houses, people): such expenses are not recorded here."),
            _("Idle resources by region: how full stations, houses and people are is not recorded here yet."),
            _("Expectation against capacity by cohort: promises and their capacity are not recorded here yet."),
        ],
        extra={"ringing": told.ringing},
    )  # fmt: skip


def reach(scope: Scope, clocks: Clocks) -> tuple[Cell, Cell]:
    """Issued (less undone) and expired, of everything up to the scope's end."""
    known = cohorts(scope, clocks)
    end = Scope(until=scope.until)
    return (
        Cell(sum(line.issued.amount for line in known.lines), "cohort_issued", end),
        Cell(sum(line.expired.amount for line in known.lines), "cohort_expired", end),
    )


def lines(told: Envelopes) -> Table:
    return Table(
        "envelopes",
        _("What each envelope is good for"),
        [
            _("Envelope"), _("State"), _("Left"), _("Lasts until"), _("Last 90 days"), _("Put in"), _("Given out"),
            _("Came back"), _("Benefit of residents"),
        ],
        [
            [
                spoken(line.title), state(line), line.left if line.has_limit else None, lasts(line), line.pace,
                line.funded, line.granted, line.returned, spoken(line.benefit) or _("names none"),
            ]
            for line in told.lines
        ],
        _("Lasts until: at the pace of the last 90 days. What is not limited overruns and is only shown."),
        bar_chart(
            [Bar(spoken(line.title), line.drawn.amount) for line in told.lines if line.drawn.amount],
            label=_("Given by each envelope in these days, net"),
        )
        if any(line.drawn.amount for line in told.lines)
        else None,
    )  # fmt: skip


def lasts(line: EnvelopeLine) -> Shown:
    """Until when the envelope lasts, or why that cannot be said."""
    if not line.has_limit:
        return _("not limited")
    if line.left <= 0:
        return _("used up")
    return line.ends_on or _("no end at this pace")


def state(line: EnvelopeLine) -> str:
    words = {
        "over": _("overrun"), "due": _("nearly used up"), "calm": _("in order"), "open": _("not limited"),
    }  # fmt: skip
    return words[line.state]


def burning(told: Envelopes) -> Table:
    """What envelopes gave, month by month, net of what came back."""
    steps = told.sums.steps()
    shown = [line for line in told.lines if line.drawn.amount]
    rows = [
        [Month(step.since or step.until), *(told.sums.cell("drawn", step, account=line.account) for line in shown)]
        for step in steps
    ]
    largest = sorted(shown, key=lambda line: -line.drawn.amount)[:3]
    picture = None
    if largest and len(steps) > 1:
        picture = line_chart(
            [
                Series(
                    spoken(line.title),
                    [told.sums.cell("drawn", step, account=line.account).amount for step in steps], tone,
                )
                for line, tone in zip(largest, ("lake", "lamp", "quiet"), strict=False)
            ],
            first=month_name(steps[0].begins), last=month_name(steps[-1].begins),
            label=_("Given by the three largest envelopes, by month"), width=BROAD,
        )  # fmt: skip
    return Table(
        "burning",
        _("Month by month"),
        [_("Month"), *(spoken(line.title) for line in shown)],
        rows if shown else [],
        _("What left each envelope, less what came back. Drawn are the three that gave most."),
        picture,
    )


def per_resident(sums: Circulation, clocks: Clocks) -> Table:
    """Points issued per resident of the city, with what most of them were for (P-11)."""
    steps = sums.steps()
    people = residents_by([clocks.midnight(step.until) for step in steps])
    systems = purposes_by_system(clocks.now)
    rows, drawn = [], []
    for step, count in zip(steps, people, strict=True):
        issued = sums.cell("issued", step)
        parts = {code: sums.cell("issued", step, purposes=known).amount for code, known in systems.items()}
        reason = max(parts, key=lambda code: parts[code])
        each = ratio(issued.amount, count)
        drawn.append(int(each) if each else 0)
        rows.append(
            [
                Month(step.since or step.until), issued, Cell(count, "residents", replace(step, since=None)),
                Ratio(each),
                spoken(SYSTEM_TITLES[reason]) if issued.amount else None,
                Share(ratio(parts[reason], issued.amount)),
            ]
        )  # fmt: skip
    return Table(
        "per-resident",
        _("Spent on each resident"),
        [_("Month"), title_of("issued"), _("Residents"), _("Per resident"), _("Mostly for"), _("Share of it")],
        rows,
        _("Points issued over the residents of the city at the end of the month, and what most of them were for."),
        line_chart(
            [Series(_("Per resident"), drawn, "lake")], first=month_name(steps[0].begins),
            last=month_name(steps[-1].begins), label=_("Points issued per resident, by month"), width=BROAD,
        )
        if len(steps) > 1
        else None,
    )  # fmt: skip


def reached_table(issued: Cell, expired: Cell) -> Table:
    return Table(
        "reached",
        _("What reached residents"),
        [_("What"), _("Points")],
        [
            [_("Issued, less what was undone"), issued],
            [_("Expired in a wallet"), expired],
            [_("Reached: spent, given on to debts, or still there"), issued.amount - expired.amount],
        ],
    )
