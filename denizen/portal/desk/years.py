"""The yearly list: frozen once, kept as it was, and what came later shown beside it (B-64, C-05)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import names_of
from denizen.kit import clock
from denizen.people.standing.commands import UnableToFreeze, freeze_year
from denizen.people.standing.constants import YEARLY_PLACES, YEARLY_PLACES_MAX, YEARS
from denizen.people.standing.queries import frozen_year, frozen_years, recompute_year, year_differences
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.refusals import refusal


class FreezeForm(forms.Form):
    """Which year, ranked by what, and how many places. Everything else is the published tie rule's."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=min(YEARS), max_value=max(YEARS))
    basis = forms.ChoiceField(
        label=gettext_lazy("Ranked by"),
        choices=[
            ("year", gettext_lazy("contribution earned in that year")),
            ("total", gettext_lazy("all contribution by the end of that year")),
        ],
    )
    limit = forms.IntegerField(label=gettext_lazy("Places"), min_value=1, max_value=YEARLY_PLACES_MAX)
    until_now = forms.BooleanField(
        label=gettext_lazy("The year is not over: count until now"), required=False,
        help_text=gettext_lazy("A list is frozen once. Whoever earns more before the year ends is then not in it."),
    )  # fmt: skip


@require_safe
@for_staff(Permission.YEARS_FREEZE)
def years(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The years that have a list, and the form that freezes the next."""
    return _years(request, visitor, None)


@require_POST
@for_staff(Permission.YEARS_FREEZE)
def freeze(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Freeze a year, for good."""
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _years(request, visitor, form)
    now, told = clock.now(), form.cleaned_data
    try:
        frozen = freeze_year(
            actor=visitor.actor, year=told["year"], basis=told["basis"], limit=told["limit"], moment=now,
            until=now if told["until_now"] else None,
        )  # fmt: skip
    except (UnableToFreeze, UnableToAct) as refused:
        form.add_error(None, refusal(refused))
        return _years(request, visitor, form)
    messages.success(request, _("The list of %(year)s is frozen.") % {"year": frozen.year})
    return redirect("portal:year", year=frozen.year)


@require_safe
@for_staff(Permission.YEARS_FREEZE)
def year(request: HttpRequest, _visitor: Visitor, year: int) -> HttpResponse:
    """One list as it was frozen, proven from the journal, with what is known differently today."""
    found = frozen_year(year)
    if found is None:
        raise Http404
    changes = year_differences(year)
    people = {line.resident for line in found.lines} | {change.resident for change in changes}
    context = {"found": found, "check": recompute_year(year), "changes": changes, "names": names_of(people)}
    return render(request, "portal/desk/year.html", context)


def _years(request: HttpRequest, _visitor: Visitor, form: FreezeForm | None) -> HttpResponse:
    found = frozen_years()
    context = {"found": found, "form": form or FreezeForm(initial={"year": _last_year(), "limit": YEARLY_PLACES})}
    return render(request, "portal/desk/years.html", context, status=422 if form else 200)


def _last_year() -> int:
    return clock.now().year - 1
