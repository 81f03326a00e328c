"""How unevenly points and contribution are held."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from denizen.ground.ledger.queries import Asset
from denizen.insight.central_bank.queries import Clocks, Concentration, Scope, ratio
from denizen.insight.central_bank.queries import concentration as concentration_of
from denizen.portal.desk.bank.panels import Page, Ratio, Share, Stat, Table
from denizen.shell.drawings import Bar, bar_chart


def concentration(scope: Scope, clocks: Clocks) -> Page:
    end = replace(scope, since=None)
    told = {
        _("Points"): concentration_of(Asset.POINTS, end, clocks),
        _("Contribution"): concentration_of(Asset.CONTRIBUTION, end, clocks),
    }
    stats = []
    for name, each in told.items():
        stats += [
            Stat(
                _("Gini, %(what)s") % {"what": name}, Ratio(each.gini),
                _("0: everybody holds the same; 1: one holds all. Among all residents, also those who hold nothing."),
            ),
            Stat(
                _("Top 1%%, %(what)s") % {"what": name}, Share(each.top_share),
                _("What the one resident in a hundred who holds most has of all."),
            ),
        ]  # fmt: skip
    tables = [
        tenths(_("Points by tenths of residents"), "points", told[_("Points")]),
        tenths(_("Contribution by tenths of residents"), "contribution", told[_("Contribution")]),
        parts(told),
    ]
    return Page(
        "concentration",
        _("Concentration"),
        _("Who holds how much at the end of the last day. Contribution is never spent, so it gathers by itself."),
        stats,
        tables,
    )


def tenths(title: str, code: str, told: Concentration) -> Table:
    rows = [
        [
            _("The tenth that holds least") if place == 1
            else _("The tenth that holds most") if place == len(told.tenths)
            else _("%(place)d. tenth") % {"place": place},
            cell,
            Share(ratio(cell.amount, told.held.amount)),
        ]
        for place, cell in enumerate(told.tenths, start=1)
    ]  # fmt: skip
    bars = [Bar(str(row[0]), cell.amount) for row, cell in zip(reversed(rows), reversed(told.tenths), strict=True)]
    return Table(
        code,
        title,
        [_("Residents, from least to most"), _("Held"), _("Share")],
        rows if told.held.amount else [],
        _("All residents in ten equal parts, by what they hold; drawn is the upper half."),
        bar_chart(bars[:5], label=title) if told.held.amount else None,
        _("Nobody holds anything yet."),
    )


def parts(told: dict[str, Concentration]) -> Table:
    return Table(
        "parts",
        _("What these numbers are made of"),
        [
            _("What"), _("Residents"), _("Hold some"), _("Held by all"), _("Held by the top 1%"), _("Share"),
            _("Sum of weighted ranks"), _("Gini"),
        ],
        [
            [
                name, each.residents, each.holders, each.held, each.top, Share(each.top_share), each.numerator,
                Ratio(each.gini),
            ]
            for name, each in told.items()
        ],
        _("Gini is the sum of (2 × rank − n − 1) × held over n × held by all, exactly; the top 1% is rounded up."),
    )  # fmt: skip
