"""Addresses of the portal: the residents' pages at the root, the staff's under ``desk/``."""

from __future__ import annotations

from django.urls import path

from denizen.portal.desk import bank, books, health, home, keys, late, residents, years
from denizen.portal.views import history, me, rules, today, ways

app_name = "portal"

own = [
    path("", today.today, name="today"),
    path("check-in/", today.check_in, name="check_in"),
    path("pulse/", today.pulse, name="pulse"),
    path("me/", me.me, name="me"),
    path("me/points/", me.points, name="points"),
    path("me/invite/", me.invite, name="invite"),
    path("me/history/", history.history, name="history"),
    path("me/history/<int:entry>/", history.receipt, name="receipt"),
    path("me/moved/", history.moved, name="moved"),
    path("ways/", ways.ways, name="ways"),
]

everybody = [
    path("rules/", rules.rules, name="rules"),
    path("rules/<int:number>/", rules.version, name="version"),
    path("levels/", rules.levels, name="levels"),
]

staff = [
    path("desk/", home.desk, name="desk"),
    path("desk/residents/", residents.residents, name="residents"),
    path("desk/residents/<uuid:public_id>/", residents.resident, name="resident"),
    path("desk/residents/<uuid:public_id>/entries/<int:number>/", residents.entry, name="entry"),
    path("desk/residents/<uuid:public_id>/grant/", residents.grant, name="grant"),
    path("desk/residents/<uuid:public_id>/correct/", residents.correction, name="correct"),
    path("desk/residents/<uuid:public_id>/honour/", residents.honour, name="honour"),
    path("desk/rules/", books.books, name="books"),
    path("desk/rules/<int:number>/", books.book, name="book"),
    path("desk/rules/<int:number>/approve/", books.approve, name="approve"),
    path("desk/acts/", books.acts, name="acts"),
    path("desk/acts/propose/", books.propose_act, name="propose_act"),
    path("desk/budgets/", bank.budgets, name="budgets"),
    path("desk/budgets/fund/", bank.fund, name="fund"),
    path("desk/second/", bank.second, name="second"),
    path("desk/second/many/", bank.many, name="many"),
    path("desk/second/<int:number>/", bank.decide, name="decide"),
    path("desk/late/", late.late, name="late"),
    path("desk/late/<int:number>/admit/", late.admit, name="admit"),
    path("desk/late/<int:number>/dismiss/", late.turn_down, name="dismiss"),
    path("desk/keys/", keys.keys, name="keys"),
    path("desk/keys/issue/", keys.issue, name="issue_key"),
    path("desk/keys/<int:number>/revoke/", keys.revoke, name="revoke_key"),
    path("desk/years/", years.years, name="years"),
    path("desk/years/freeze/", years.freeze, name="freeze_year"),
    path("desk/years/<int:year>/", years.year, name="year"),
    path("desk/health/", health.health, name="health"),
]

urlpatterns = [*own, *everybody, *staff]
