"""What a reviewer writes when he decides a case."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from denizen.people.risk.constants import REASON_LENGTH_MIN
from denizen.portal.forms import WORDS_MAX


class VerdictForm(forms.Form):
    """How the case ends, and why. Nothing is chosen before the person chooses."""

    outcome = forms.ChoiceField(
        label=_("How it ends"),
        choices=[
            ("released", _("Release: everything becomes as if nothing had been")),
            ("voided", _("Void: what these entries brought is taken back")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why, in your own words"), min_length=REASON_LENGTH_MIN, max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody this concerns reads it. Write to a person, and name nobody else."),
    )  # fmt: skip
