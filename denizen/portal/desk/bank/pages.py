"""Every page of figures is asked for the same way: days in the address, a table as CSV where the address wants it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from denizen.ground.identity.constants import Permission
from denizen.insight.central_bank.queries import Clocks, Scope
from denizen.portal.desk.bank.asked import clocks, scope_asked
from denizen.portal.desk.bank.circulation import circulation
from denizen.portal.desk.bank.closes import closes
from denizen.portal.desk.bank.cohorts import cohorts
from denizen.portal.desk.bank.communication import communication
from denizen.portal.desk.bank.concentration import concentration
from denizen.portal.desk.bank.envelopes import envelopes
from denizen.portal.desk.bank.grants import grants
from denizen.portal.desk.bank.liability import liability
from denizen.portal.desk.bank.overview import overview
from denizen.portal.desk.bank.panels import Page
from denizen.portal.desk.bank.stages import stages
from denizen.portal.desk.bank.uses import uses
from denizen.portal.doors import Visitor, for_staff

Making = Callable[[Scope, Clocks], Page]


def tabs() -> list[tuple[str, str, str]]:
    told = {
        "bank": _("Overview"),
        "circulation": _("Circulation"),
        "use": _("Use of points"),
        "cohorts": _("Cohorts"),
        "liability": _("Liability"),
        "concentration": _("Concentration"),
        "stages": _("Stages"),
        "envelopes": _("Envelopes"),
        "grants": _("Grants"),
        "communication": _("Communication"),
        "closes": _("Month close"),
    }
    return [
        (code, words, reverse("portal:bank" if code == "bank" else f"portal:bank_{code}"))
        for code, words in told.items()
    ]


def figures(making: Making) -> Callable[..., HttpResponse]:
    """The view of a page of figures, for who may read the central bank."""

    @require_safe
    @for_staff(Permission.BANK_READ)
    def view(request: HttpRequest, visitor: Visitor) -> HttpResponse:  # noqa: ARG001
        city = clocks()
        scope = scope_asked(request, city)
        page = making(scope, city)
        wanted = request.GET.get("csv")
        return csv_of(page, wanted, scope) if wanted else show(request, page, scope)

    return view


def csv_of(page: Page, code: str, scope: Scope) -> HttpResponse:
    table = page.table(code)
    if table is None:
        raise Http404
    name = f"{page.here}-{code}-{scope.since}-{scope.until - timedelta(days=1)}.csv"
    return HttpResponse(
        "\ufeff" + table.csv(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def show(request: HttpRequest, page: Page, scope: Scope, status: int = 200) -> HttpResponse:
    last = scope.until - timedelta(days=1)
    context = {
        "page": page,
        "tabs": tabs(),
        "scope": scope,
        "last": last,
        "asked": urlencode({"since": str(scope.since), "last": str(last)}),
        **page.extra,
    }
    return render(request, "portal/desk/bank/page.html", context, status=status)


bank = figures(overview)
bank_circulation = figures(circulation)
bank_use = figures(uses)
bank_cohorts = figures(cohorts)
bank_liability = figures(liability)
bank_concentration = figures(concentration)
bank_stages = figures(stages)
bank_envelopes = figures(envelopes)
bank_grants = figures(grants)
bank_communication = figures(communication)
bank_closes = figures(closes)
