"""Addresses of the portal: the residents' pages at the root, the staff's under ``desk/``."""

from __future__ import annotations

from django.urls import path

from denizen.portal.views import history, me, rules, today, ways

app_name = "portal"

residents = [
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

urlpatterns = [*residents, *everybody]
