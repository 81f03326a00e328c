"""What people gave: unusual grants are looked at afterwards, none is blocked (P-09, A-31)."""

from __future__ import annotations

from fractions import Fraction

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denizen.ground.identity.queries import names_of, public_ids_of
from denizen.ground.ledger.queries import reasons_of
from denizen.insight.central_bank.queries import Cell, Clocks, Grants, Scope
from denizen.insight.central_bank.queries import grants as grants_of
from denizen.portal.desk.bank.circulation import PEOPLE_PURPOSES
from denizen.portal.desk.bank.panels import Page, Ratio, Stat, Table
from denizen.portal.words import spoken

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
SHOWN_MAX = 50


class ReviewForm(forms.Form):
    """Intention first, practice second, then the lesson."""

    meant_well = forms.ChoiceField(label=gettext_lazy("Was it meant to serve the resident?"), choices=YES_NO)
    fitting = forms.ChoiceField(label=gettext_lazy("Was the amount fitting?"), choices=YES_NO)
    lesson = forms.CharField(
        label=gettext_lazy("What others can learn from it"), min_length=10, max_length=1000, widget=forms.Textarea
    )


def grants(scope: Scope, clocks: Clocks) -> Page:
    return grants_page(scope, clocks, {})


def grants_page(scope: Scope, clocks: Clocks, forms_by_posting: dict[int, ReviewForm]) -> Page:
    told = grants_of(scope, clocks)
    waiting = [each for each in told.unusual if each.review is None]
    people = {each.resident for each in told.unusual[:SHOWN_MAX]}
    return Page(
        "grants",
        _("Grants to look at"),
        _("Colleagues give on their own judgement; what is far from the usual is looked at afterwards, to learn."),
        [
            Stat(_("Unusual"), len(told.unusual), _("Grants of these days far above the middle of their kind.")),
            Stat(_("Not looked at yet"), len(waiting), _("Nobody has written down yet what to learn from them.")),
        ],
        [kinds(told, scope)],
        extra={
            "part": "portal/desk/bank/parts/unusual.html",
            "unusual": told.unusual[:SHOWN_MAX],
            "names": names_of(people),
            "public_ids": public_ids_of(people),
            "reasons": reasons_of([each.posting for each in told.unusual[:SHOWN_MAX]]),
            "kinds": PEOPLE_PURPOSES,
            "review_forms": {each.posting: forms_by_posting.get(each.posting) or ReviewForm() for each in waiting},
        },
    )


def kinds(told: Grants, scope: Scope) -> Table:
    rows = [
        [
            spoken(PEOPLE_PURPOSES[kind.purpose]) if kind.purpose in PEOPLE_PURPOSES else kind.purpose,
            kind.count,
            Cell(kind.amount, "by_people", Scope(until=scope.until, since=scope.since, purpose=kind.purpose)),
            Ratio(Fraction(kind.twice_middle, 2)),
            kind.usual_max if kind.usual_max is not None else _("too few to tell"),
        ]
        for kind in told.kinds
    ]
    return Table(
        "kinds",
        _("What people gave"),
        [_("Kind"), _("How often"), _("Points"), _("Middle"), _("Usual up to")],
        rows,
        _(
            "Usual is what lies at most %(times)d times the usual distance above the middle of its kind; "
            "below %(least)d grants nothing is called unusual."
        )
        % {"times": told.times, "least": told.count_min},
        empty=_("Nobody gave points by hand in these days."),
    )
