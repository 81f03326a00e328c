"""What points may cost in money, what if everybody redeemed at once, and what is assumed for it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denizen.insight.central_bank.queries import (
    Clocks,
    Liability,
    Scope,
    assumptions,
    circulation,
    liability_of,
    ratio,
)
from denizen.portal.desk.bank.panels import Money, Month, Page, Ratio, Share, Stat, Table, decimal, title_of
from denizen.shell.drawings import Bar, bar_chart
from denizen.shell.figures import month_name

MONEY_MAX = 10**12
BARS_MAX = 12


class AssumptionForm(forms.Form):
    """Everything assumed, in one version. Money is written in whole minor units for a thousand points."""

    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, min_length=3)
    value_per_thousand = forms.IntegerField(
        label=gettext_lazy("What a thousand points buy, in cents"), min_value=1, max_value=MONEY_MAX,
        help_text=gettext_lazy("At the prices things have on their own: 0.10 a point are 10,000 cents."),
    )  # fmt: skip
    sold_per_thousand = forms.IntegerField(
        label=gettext_lazy("What is sold with a thousand points, in cents"), min_value=0, max_value=MONEY_MAX,
        help_text=gettext_lazy("The stand-alone price of what they come with; 0: they come with no sale."),
    )  # fmt: skip
    redeemed_permille = forms.IntegerField(
        label=gettext_lazy("Redeemed in the end, of a thousand"), min_value=1, max_value=1000
    )
    month_points_max = forms.IntegerField(
        label=gettext_lazy("Points the shops can serve in a month"), min_value=1, required=False, max_value=MONEY_MAX,
        help_text=gettext_lazy("Empty: not known."),
    )  # fmt: skip
    quiet_months = forms.IntegerField(
        label=gettext_lazy("Months without a behaviour until a balance is dead"), min_value=1, max_value=120
    )
    outlier_times = forms.IntegerField(
        label=gettext_lazy("Usual spreads above the middle until a grant is unusual"), min_value=1, max_value=100
    )
    reason = forms.CharField(label=gettext_lazy("Why these values"), min_length=10, max_length=1000,
                             widget=forms.Textarea)  # fmt: skip


def liability(scope: Scope, clocks: Clocks) -> Page:
    return liability_page(scope, clocks, None)


def liability_page(scope: Scope, clocks: Clocks, form: AssumptionForm | None) -> Page:
    known = assumptions()
    told = liability_of(replace(scope, since=None), clocks)
    begun = AssumptionForm(initial=_initial(told)) if form is None else form
    return Page(
        "liability",
        _("Liability and stress"),
        _("What the points still out may cost, by relative stand-alone prices and expected redemption."),
        stats(told) if told else (),
        [by_month(told), stress(told, scope, clocks), formula(told)] if told else (),
        missing=() if told else [_("Nothing can be said in money before somebody says what a point is worth.")],
        extra={"form": begun, "versions": known, "part": "portal/desk/bank/parts/assumptions.html"},
    )


def _initial(told: Liability | None) -> dict[str, object]:
    fields = [name for name in AssumptionForm.base_fields if name != "reason"]
    usual = {"currency": "CNY", "quiet_months": 6, "outlier_times": 5, "sold_per_thousand": 0}
    return {name: getattr(told.assumption, name) for name in fields} if told else usual


def stats(told: Liability) -> list[Stat]:
    currency = told.assumption.currency
    return [
        Stat(_("Owed in money"), Money(told.minor, currency), _("For points still expected to be redeemed.")),
        Stat(
            _("Expected to be redeemed"), Ratio(told.expected),
            _("Points: what is expected of each month's issue, less what was redeemed of it."),
        ),
        Stat(
            _("If everybody redeems everything"), Money(told.full_minor, currency),
            _("All points outstanding at what they buy on their own."),
        ),
        Stat(
            _("Time to serve everybody"),
            _("%(count)s months") % {"count": decimal(told.months_to_serve, 1)}
            if told.months_to_serve is not None
            else _("not known"),
            _("At the most points the shops can serve in a month."),
        ),
    ]  # fmt: skip


def by_month(told: Liability) -> Table:
    currency = told.assumption.currency
    rows = [
        [
            Month(each.line.month), each.line.issued, each.line.redeemed, each.line.outstanding, Ratio(each.expected),
            Money(each.minor, currency), Money(each.full_minor, currency),
        ]
        for each in told.lines
    ]  # fmt: skip
    latest = told.lines[-BARS_MAX:]
    return Table(
        "liability",
        _("Owed, by month of issue"),
        [
            _("Issued in"), title_of("issued"), _("Redeemed"), title_of("outstanding"), _("Still expected"), _("Owed"),
            _("At full value"),
        ],
        rows,
        _("Each row is rounded for itself; the total above is rounded once, from the exact sum."),
        bar_chart(
            [Bar(month_name(each.line.month), each.minor // 100) for each in latest],
            label=_("Owed, by month of issue, in whole %(currency)s") % {"currency": currency},
        )
        if latest
        else None,
    )  # fmt: skip


def stress(told: Liability, scope: Scope, clocks: Clocks) -> Table:
    """Everybody redeems this month: points and money, against what was ever served and what can be."""
    sums = circulation(scope, clocks)
    best = max((sums.cell("spent", step) for step in sums.steps()), key=lambda cell: cell.amount)
    most, currency = told.assumption.month_points_max, told.assumption.currency
    free = told.outstanding.amount - told.reserved.amount
    rows: list[list[Any]] = [
        [_("Points in wallets"), told.outstanding, Money(told.full_minor, currency)],
        [_("of which reserved already"), told.reserved, None],
        [_("of which free"), free, None],
        [_("Most ever spent in a month of these days"), best, None],
        [_("That many times over"), Ratio(ratio(told.outstanding.amount, best.amount)), None],
        [_("Limit of the shops in a month"), most if most else _("not known"), None],
        [_("Beyond that limit"), max(told.outstanding.amount - most, 0) if most else None, None],
        [_("Owed by the assumptions"), None, Money(told.minor, currency)],
        [_("Missing if everybody comes"), None, Money(told.full_minor - told.minor, currency)],
    ]
    return Table(
        "stress",
        _("If everybody redeems this month"),
        [_("What"), _("Points"), _("Money")],
        rows,
        _("No breakage, full value: the worst month there can be."),
    )


def formula(told: Liability) -> Table:
    """The way to the number, step by step."""
    known, currency = told.assumption, told.assumption.currency
    value = Fraction(known.value_per_thousand * known.redeemed_permille, 1000)
    kept = ratio(known.sold_per_thousand, known.sold_per_thousand + value) if known.sold_per_thousand else Fraction(1)  # type: ignore[arg-type]
    return Table(
        "formula",
        _("How it is worked out"),
        [_("Step"), _("Value")],
        [
            [_("A thousand points buy"), Money(known.value_per_thousand, currency)],
            [_("Redeemed in the end"), Share(Fraction(known.redeemed_permille, 1000))],
            [_("Sold with a thousand points"), Money(known.sold_per_thousand, currency)],
            [_("Share of the price that stays with a point's value"), Share(kept)],
            [_("Still expected, points"), Ratio(told.expected)],
            [_("Owed"), Money(told.minor, currency)],
        ],
        _(
            "Owed = points still expected × value of a point × share of the price. The share is the price of the sale "
            "over that price plus the expected value of its points (IFRS 15); without a sale it is the whole."
        ),
    )
