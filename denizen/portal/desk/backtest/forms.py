"""The form that asks for a backtest: which book, over which days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from denizen.portal.living_days import LivingDayField


class BacktestForm(forms.Form):
    """``book``: ``version:3`` or ``draft:7``. The days are the city's; the last one is meant whole."""

    book = forms.ChoiceField(label=_("Which rules"), help_text=_("A version, or a draft without faults."))
    since = LivingDayField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty means from the beginning."),
    )  # fmt: skip
    last = LivingDayField(
        label=_("Up to and with"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty means up to now."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, books: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["book"].choices = books  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, last = cleaned.get("since"), cleaned.get("last")
        if since and last and since > last:
            raise forms.ValidationError(_("The span ends before it begins."))
        return cleaned

    def span(self) -> tuple[datetime | None, datetime | None]:
        """The first moment, and the first one after it."""
        since, last = self.cleaned_data["since"], self.cleaned_data["last"]
        return _midnight(since) if since else None, _midnight(last + timedelta(days=1)) if last else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.CITY_TIME_ZONE))
