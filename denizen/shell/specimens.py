"""What the pattern book shows: places and a form with answers, some of them wrong."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext, gettext_lazy

from denizen.shell.navigation import Place


class SpecimenForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What should we call you?"), max_length=40)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), help_text=gettext_lazy("Only for signing in and for what you ask us to send.")
    )
    plan = forms.ChoiceField(
        label=gettext_lazy("How do you live with the city?"),
        choices=[("fan", gettext_lazy("I look around")), ("owner", gettext_lazy("I own"))],
    )
    words = forms.CharField(label=gettext_lazy("A few words"), required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(
        label=gettext_lazy("Remember what I do here"),
        help_text=gettext_lazy("You can take this back at any time; points you hold stay yours."),
    )


def answered_form() -> SpecimenForm:
    """Bound and invalid, so that labels, help and errors all show."""
    return SpecimenForm({"name": "Ada", "email": "ada@", "plan": "owner", "words": "", "agreed": "on"})


def resident_places() -> list[Place]:
    return [
        Place("today", gettext("Today"), "#", "today"),
        Place("earn", gettext("Ways to earn"), "#", "earn"),
        Place("check-in", gettext("Check in"), "#", "plus", prominent=True),
        Place("history", gettext("History"), "#", "history", count=3),
        Place("me", gettext("Me"), "#", "me"),
    ]


def desk_places() -> list[Place]:
    rules, city = gettext("Rules"), gettext("City")
    return [
        Place("day", gettext("My day"), "#", count=14),
        Place("residents", gettext("Residents"), "#"),
        Place("rule-desk", gettext("Rule desk"), "#", section=rules),
        Place("bank", gettext("Central bank"), "#", section=rules),
        Place("cases", gettext("Cases"), "#", count=3, section=rules),
        Place("news", gettext("Announcements"), "#", section=city),
        Place("calendar", gettext("Calendar"), "#", section=city),
    ]
