"""Earning and spending at every stage of life with the brand, and the stages at which nothing happens (B-03)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from denizen.insight.central_bank.queries import (
    GRADE_TITLES,
    LIFE_STAGES,
    Clocks,
    GradeLine,
    LifeLine,
    Scope,
    grade_lines,
    life_lines,
)
from denizen.portal.desk.bank.panels import Page, Table, title_of
from denizen.portal.words import chinese, spoken
from denizen.shell.drawings import Bar, bar_chart


def stages(scope: Scope, clocks: Clocks) -> Page:
    grades, lives = grade_lines(scope, clocks), life_lines(scope, clocks)
    return Page(
        "stages",
        _("Stages"),
        _("What residents earn and spend as fans, depositors, owners; points should run through the whole life."),
        tables=[by_grade(grades), by_stage(lives)],
        missing=[
            *empty(grades, lives),
            _("What is spent at a stage of life (at a test drive, at a renewal): a purchase does not say at which."),
        ],
    )


def by_grade(lines: list[GradeLine]) -> Table:
    bars = [Bar(spoken(GRADE_TITLES[line.grade]), line.issued.amount) for line in lines]
    return Table(
        "grades",
        _("By what residents were at that moment"),
        [_("Stage"), _("Earned"), title_of("spent"), _("Balance of the two")],
        [
            [spoken(GRADE_TITLES[line.grade]), line.issued, line.spent, line.issued.amount - line.spent.amount]
            for line in lines
        ],
        _("The grade held when the points moved, not the one held today."),
        bar_chart(bars, label=_("Points earned, by grade")),
    )


def by_stage(lines: list[LifeLine]) -> Table:
    return Table(
        "stages",
        _("By stage of life"),
        [_("Stage"), _("Rules in force"), _("Earned")],
        [[spoken(LIFE_STAGES[line.stage]), line.rules, line.issued] for line in lines],
        _("From registration to resale; each should have at least one rule that pays points."),
        bar_chart(
            [Bar(spoken(LIFE_STAGES[line.stage]), line.issued.amount) for line in lines],
            label=_("Points earned, by stage of life"),
        ),
    )  # fmt: skip


def empty(grades: list[GradeLine], lives: list[LifeLine]) -> list[str]:
    """The empty stages, by name."""
    told = [
        (
            _("No earning in these days: %(stages)s."),
            [GRADE_TITLES[line.grade] for line in grades if not line.issued.amount],
        ),
        (
            _("No spending in these days: %(stages)s."),
            [GRADE_TITLES[line.grade] for line in grades if not line.spent.amount],
        ),
        (_("No rule pays points at: %(stages)s."), [LIFE_STAGES[line.stage] for line in lives if not line.rules]),
        (
            _("A rule, but nothing earned in these days at: %(stages)s."),
            [LIFE_STAGES[line.stage] for line in lives if line.rules and not line.issued.amount],
        ),
    ]
    comma = "、" if chinese() else ", "
    return [sentence % {"stages": comma.join(map(spoken, found))} for sentence, found in told if found]
