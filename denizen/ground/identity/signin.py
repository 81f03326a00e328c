"""What our city asks of the sign-in library. The library's own forms and flows stay as they are."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class SignInAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail and password; messages of the library are not repeated as toasts."""
