"""What staff write when they stop a rule and make good for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from denizen.people.rulebook.commands.suspension import REASON_LENGTH_MAX
from denizen.portal.forms import Choices, chosen_from, reason_field
from denizen.portal.living_days import LivingMomentField


class SuspensionForm(forms.Form):
    """Which rule, and the public reason in both languages."""

    rule = forms.ChoiceField(label=_("Which rule"))
    reason_zh = forms.CharField(
        label=_("Why, in Chinese"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason_en = forms.CharField(
        label=_("Why, in English"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody reads this reason, on the public rule book and on the receipts of what waits."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, rules: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["rule"].choices = chosen_from(rules)  # type: ignore[attr-defined]


class SinceForm(forms.Form):
    """From when on one looks at what the rule paid, on the city's clocks."""

    since = LivingMomentField(
        label=_("What happened since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def moment(self) -> datetime:
        given: datetime = self.cleaned_data["since"]
        return given.replace(tzinfo=ZoneInfo(settings.CITY_TIME_ZONE))


class MendingForm(SinceForm):
    """The correction for what was paid too little: since when, out of which envelope, and why."""

    envelope = forms.ChoiceField(label=_("Envelope"))
    reason = reason_field()

    def __init__(self, *arguments: Any, envelopes: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["since"].widget = forms.HiddenInput()
        self.fields["envelope"].choices = chosen_from(envelopes)  # type: ignore[attr-defined]
