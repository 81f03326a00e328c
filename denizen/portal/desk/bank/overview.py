"""Six numbers for a tired person, each with its sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from denizen.insight.central_bank.queries import Clocks, Scope, circulation
from denizen.portal.desk.bank.circulation import months
from denizen.portal.desk.bank.panels import Page, Stat


def overview(scope: Scope, clocks: Clocks) -> Page:
    sums = circulation(scope, clocks)
    stats = [
        Stat(_("Outstanding"), sums.cell("outstanding"), _("Points in all wallets on the last day."), _("points")),
        Stat(_("Issued"), sums.cell("issued"), _("Points put into wallets in these days."), _("points")),
        Stat(_("Spent"), sums.cell("spent"), _("Points residents paid with, less refunds."), _("points")),
    ]
    return Page("bank", _("Central bank"), _("What became of the city's points."), stats, [months(sums)])
