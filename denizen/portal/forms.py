"""What staff write at the desk. Each form checks what a person can mend; who may what is the commands' to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.ledger.constants import AMOUNT_MAX, REASON_LENGTH_MIN
from denizen.people.standing.constants import HONOUR_REASON_LENGTH_MAX, HONOUR_TITLE_LENGTH_MAX
from denizen.portal.words import chinese

Choices = Iterable[tuple[str, str]]
LOT_DAYS_MAX = 3_650
WORDS_MAX = 1_000
PEOPLE_MAX = 5_000
REASON_HELP = _("The resident reads this, with your name and department. Write to a person.")


def chosen_from(choices: Choices) -> list[tuple[str, str]]:
    """Nothing is chosen before the person chooses: points should not leave the first envelope of a list by habit."""
    return [("", _("Choose")), *choices]  # type: ignore[list-item]


def reason_field(**more: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Why, in your own words"), min_length=REASON_LENGTH_MIN, max_length=WORDS_MAX, help_text=REASON_HELP,
        widget=forms.Textarea, **more,
    )  # fmt: skip


class GrantForm(forms.Form):
    """Goodwill or a surprise for one resident (B-34). ``key`` makes pressing twice give once."""

    kind = forms.ChoiceField(label=_("What it is"))
    amount = forms.IntegerField(label=_("Points"), min_value=1, max_value=AMOUNT_MAX)
    envelope = forms.ChoiceField(label=_("From which envelope"))
    lot_days = forms.IntegerField(
        label=_("Days until they end"), min_value=1, max_value=LOT_DAYS_MAX, required=False,
        help_text=_("Empty means they do not end."),
    )  # fmt: skip
    reason = reason_field()
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, *arguments: Any, kinds: Choices, envelopes: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
        self.fields["envelope"].choices = chosen_from(envelopes)  # type: ignore[attr-defined]
        self.initial.setdefault("key", f"desk:{uuid4()}")


class CorrectionForm(forms.Form):
    """More or fewer points than the rules gave (A-27). Larger ones wait for a second person."""

    amount = forms.IntegerField(
        label=_("Points"), min_value=-AMOUNT_MAX, max_value=AMOUNT_MAX, help_text=_("A minus in front takes them away.")
    )
    envelope = forms.ChoiceField(label=_("Envelope"))
    reason = reason_field()

    def __init__(self, *arguments: Any, envelopes: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["envelope"].choices = chosen_from(envelopes)  # type: ignore[attr-defined]

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Nothing would be corrected: write how many points."))
        return amount


class ManyForm(forms.Form):
    """Goodwill for many: one line for each resident, by public id."""

    people = forms.CharField(
        label=_("For whom"), widget=forms.Textarea, max_length=40 * PEOPLE_MAX,
        help_text=_("Public ids, one in a line."),
    )  # fmt: skip
    amount = forms.IntegerField(label=_("Points for each"), min_value=1, max_value=AMOUNT_MAX)
    envelope = forms.ChoiceField(label=_("Envelope"))
    reason = reason_field()

    def __init__(self, *arguments: Any, envelopes: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["envelope"].choices = chosen_from(envelopes)  # type: ignore[attr-defined]

    def clean_people(self) -> list[UUID]:
        """The public ids, each once, in the order given."""
        words = self.cleaned_data["people"].split()
        try:
            return list(dict.fromkeys(UUID(word) for word in words))
        except ValueError:
            raise forms.ValidationError(_("Not every line is a public id.")) from None


class HonourForm(forms.Form):
    """An honour in both languages, with the reason (D-20)."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=HONOUR_TITLE_LENGTH_MAX)
    title_en = forms.CharField(label=_("Title in English"), max_length=HONOUR_TITLE_LENGTH_MAX)
    reason = forms.CharField(
        label=_("For what"), max_length=HONOUR_REASON_LENGTH_MAX, widget=forms.Textarea,
        help_text=_("It stands on the resident's page, signed by the city."),
    )  # fmt: skip


class ApprovalForm(forms.Form):
    """From when a version is in force, on the city's clocks; empty means as soon as the notice allows.

    ``missing``: what is not on record (``trial``, ``position``) and so asks for a reason. ``offered``: the moment that
    is proposed to the approver.
    """

    effective_from = forms.DateTimeField(
        label=_("In force from"), required=False,
        help_text=_("On the city's clocks. Empty means as soon as the notice allows."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    untried = forms.CharField(
        label=_("Why it was not tried"), max_length=WORDS_MAX, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Nobody has tried this version. The reason stands beside your signature."),
    )  # fmt: skip
    unheard = forms.CharField(
        label=_("Why it cannot wait for the users' spokesperson"), max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("No position is on record. The reason stands beside your signature."),
    )  # fmt: skip

    def __init__(
        self, *arguments: Any, missing: Iterable[str] = (), offered: datetime | None = None, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        if offered is not None:
            self.initial["effective_from"] = f"{offered:%Y-%m-%dT%H:%M}"
        for what, field in (("trial", "untried"), ("position", "unheard")):
            if what not in missing:
                del self.fields[field]

    def moment(self) -> datetime | None:
        """The moment asked for, None when it is left open."""
        given: datetime | None = self.cleaned_data["effective_from"]
        return given.replace(tzinfo=ZoneInfo(settings.CITY_TIME_ZONE)) if given else None


class ActForm(forms.Form):
    """One value of a table of the rule book, new or changed; it becomes a proposal (B-61)."""

    table = forms.ChoiceField(label=_("Table"))
    key = forms.RegexField(
        label=_("Act"), regex=r"^[a-z][a-z0-9_]{0,59}$", help_text=_("A short code: small letters, digits and _."),
        error_messages={"invalid": _("Use small letters, digits and _, beginning with a letter.")},
    )  # fmt: skip
    value = forms.IntegerField(label=_("Value"), min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=_("Why"), max_length=WORDS_MAX, widget=forms.Textarea,
        help_text=_("Whoever approves it reads this, and everybody after him."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, tables: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["table"].choices = list(tables)  # type: ignore[attr-defined]


class FundForm(forms.Form):
    """Points put into an envelope."""

    envelope = forms.ChoiceField(label=_("Envelope"))
    amount = forms.IntegerField(label=_("Points"), min_value=1, max_value=AMOUNT_MAX)
    reason = reason_field()

    def __init__(self, *arguments: Any, envelopes: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["envelope"].choices = chosen_from(envelopes)  # type: ignore[attr-defined]
        self.fields["reason"].help_text = _("Kept with the movement and with your name.")


class DismissForm(forms.Form):
    """Why a late entry is not admitted."""

    reason = forms.CharField(label=_("Why not"), max_length=WORDS_MAX, help_text=_("The resident may read this."))


class KeyForm(forms.Form):
    """A key for a service: its source and what it may report."""

    title = forms.CharField(
        label=_("What it is for"), max_length=120, help_text=_("So that it is recognised when it is to be revoked.")
    )
    source = forms.ChoiceField(label=_("Source"))
    kinds = forms.MultipleChoiceField(label=_("May report"), widget=forms.SelectMultiple(attrs={"size": 8}))
    may_create_residents = forms.BooleanField(
        label=_("May bring new residents"), required=False,
        help_text=_("A reference nobody knows becomes a new resident."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, sources: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["source"].choices = list(sources)  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (code, kind.title_zh if chinese() else kind.title_en) for code, kind in KINDS.items()
        ]
