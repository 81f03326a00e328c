"""Entrances of the shell: the theme choice, the error pages and the pattern book."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from denizen.shell import specimens, stylesheet
from denizen.shell.theme import COOKIE, COOKIE_SECONDS_MAX, THEMES

KEPT_SECONDS = 365 * 86_400


@require_safe
def style(_request: HttpRequest, digest: str) -> HttpResponse:
    """The city's style sheet. Only the address of the present one answers for ever; an older page is sent to it."""
    if digest != stylesheet.digest():
        return HttpResponseRedirect(stylesheet.stylesheet_url())
    response = HttpResponse(stylesheet.joined(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme of this device and return to the page; an unknown theme changes nothing."""
    response = HttpResponseRedirect(way_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            COOKIE, chosen, max_age=COOKIE_SECONDS_MAX, samesite="Lax", secure=settings.BEHIND_TLS, httponly=True
        )
    return response


def way_back(request: HttpRequest) -> str:
    """``next`` where it stays on this host, else the front page."""
    asked = request.POST.get("next", "")
    stays = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if stays else "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 Django's signature
    return render(request, "shell/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "shell/403.html", {"reason": str(exception)}, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 Django's signature
    """The form's token was missing or old."""
    return render(request, "shell/403_form.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 Django's signature
    return render(request, "shell/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/500.html", status=500)


def patterns(request: HttpRequest) -> HttpResponse:
    """Every component in all its states; no domain and no database behind it."""
    return render(request, "shell/patterns.html", {"specimen_form": specimens.answered_form()})


def resident_pattern(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/patterns/resident_page.html", {"resident_nav": specimens.resident_places()})


def desk_pattern(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/patterns/desk_page.html", {"desk_nav": specimens.desk_places()})
