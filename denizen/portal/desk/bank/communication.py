"""Incentives beside daily communication and satisfaction, never alone (A-46)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from denizen.insight.central_bank.queries import TOPICS, Clocks, Scope, TalkLine, talk_lines
from denizen.portal.desk.bank.circulation import BROAD, TONES
from denizen.portal.desk.bank.panels import Month, Page, Ratio, Table, title_of
from denizen.portal.words import spoken
from denizen.shell.drawings import Series, line_chart
from denizen.shell.figures import month_name


def communication(scope: Scope, clocks: Clocks) -> Page:
    lines = talk_lines(scope, clocks)
    return Page(
        "communication",
        _("Communication"),
        _("A city does not live by incentives: points beside what people say, where they meet, how they judge."),
        tables=[beside(lines)],
        missing=[
            _("Contacts and replies of colleagues: conversations with staff are not recorded here yet."),
            _("Satisfaction beyond the scores of evaluations: no survey is recorded here."),
        ],
    )


def beside(lines: list[TalkLine]) -> Table:
    rows = [
        [
            Month(line.month), line.issued, line.spent, line.active, *(line.topics[code] for code in TOPICS),
            Ratio(line.score, "%"),
        ]
        for line in lines
    ]  # fmt: skip
    series = [
        Series(spoken(topic.title), [line.topics[code].amount for line in lines], tone)
        for (code, topic), tone in zip(TOPICS.items(), TONES, strict=False)
    ]
    return Table(
        "beside",
        _("Points and people, month by month"),
        [
            _("Month"), title_of("issued"), title_of("spent"), _("Active residents"),
            *(spoken(topic.title) for topic in TOPICS.values()),
            _("Mean score"),
        ],
        rows,
        _("Behaviours by the day they happened; the mean score of the evaluations of the month, of 100."),
        line_chart(
            series, first=month_name(lines[0].month), last=month_name(lines[-1].month),
            label=_("Behaviours, by month"), width=BROAD,
        )
        if len(lines) > 1
        else None,
    )  # fmt: skip
