"""Shape of what is asked at the gate, beside the sign-in library's own fields."""

from __future__ import annotations

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from denizen.ground.identity.models import Profile


class SignUpForm(forms.Form):
    """The base of the library's sign-up form: it adds the name to e-mail address and password."""

    name = forms.CharField(
        label=_("Name"),
        max_length=Profile._meta.get_field("name").max_length,
        help_text=_("This is how the city calls you. It need not be your real name."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Asked for by the library after the user is saved; the adapter has registered the resident by then."""
