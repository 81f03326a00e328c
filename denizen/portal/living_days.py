"""Fields for days and moments that the database, and every page after it, can read back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from denizen.kit.clock import MOMENT_MAX, MOMENT_MIN

FIRST_DAY = MOMENT_MIN.date() + timedelta(days=1)
LAST_DAY = MOMENT_MAX.date() - timedelta(days=2)
"""A day within on both sides, so that midnight and the day after lie within in every time zone."""


class LivingDayField(forms.DateField):
    """A day between 1970 and 2199."""

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        _require_living(found)
        return found


class LivingMomentField(forms.DateTimeField):
    """A moment on the city's clocks between 1970 and 2199."""

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        _require_living(found.date() if found else None)
        return found


def _require_living(day: date | None) -> None:
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(_("Choose a day between 1970 and 2199."))
