"""What our city asks of the sign-in library. The library's own forms and flows stay as they are."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from denizen.ground.identity.commands import Particulars, sign_up
from denizen.ground.identity.models import User
from denizen.kit import clock, db


class SignInAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail and password. Who signs up is a resident at once (D-01)."""

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Save the sign-in, register its resident and record that he came: all or nothing.

        Who pressed the button twice is a resident by the first press; the second one leads to the gate.
        """
        try:
            with db.opening():
                user.language = get_language() or settings.LANGUAGE_CODE
                saved: User = super().save_user(request, user, form, commit)
                sign_up(particulars=Particulars(name=form.cleaned_data["name"]), user=saved, moment=clock.now())
        except IntegrityError as taken:
            if not User.objects.filter(email__iexact=form.cleaned_data["email"]).exists():
                raise
            raise ImmediateHttpResponse(redirect("account_login")) from taken
        return saved

    def post_login(self, request: HttpRequest, user: User, **steps: Any) -> HttpResponse:
        """On a device that has chosen no language, go on in the one the person signed up in."""
        response: HttpResponse = super().post_login(request, user, **steps)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                samesite="Lax",
                secure=settings.BEHIND_TLS,
            )
        return response

    def format_email_subject(self, subject: str) -> str:
        """Mails name the city, not the host it runs on."""
        chinese = (get_language() or settings.LANGUAGE_CODE).startswith("zh")
        return f"[{settings.CITY_NAME if chinese else settings.CITY_NAME_EN}] {subject}"

    def add_message(self, request: HttpRequest, level: int, *message: Any, **more: Any) -> None:
        """Say nothing: the page one arrives at says it already, and better."""
