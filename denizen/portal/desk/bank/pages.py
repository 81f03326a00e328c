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
from denizen.portal.desk.bank.overview import overview
from denizen.portal.desk.bank.panels import Page
from denizen.portal.doors import Visitor, for_staff

Making = Callable[[Scope, Clocks], Page]


def tabs() -> list[tuple[str, str, str]]:
    return [
        ("bank", _("Overview"), reverse("portal:bank")),
        ("circulation", _("Circulation"), reverse("portal:bank_circulation")),
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
        "asked": urlencode({"since": scope.since, "last": last}),
        **page.extra,
    }
    return render(request, "portal/desk/bank/page.html", context, status=status)


bank = figures(overview)
bank_circulation = figures(circulation)
