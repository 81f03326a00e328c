"""All addresses of the city, room by room."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from denizen.config import live
from denizen.config.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("live/ticket/", live.ticket, name="live_ticket"),
    path("", include("denizen.shell.urls")),
    path("", include("denizen.portal.urls")),
]

handler400 = "denizen.shell.views.bad_request"
handler403 = "denizen.shell.views.forbidden"
handler404 = "denizen.shell.views.not_found"
handler500 = "denizen.shell.views.failed"
