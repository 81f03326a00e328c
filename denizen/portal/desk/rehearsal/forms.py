"""The form of a dry run: its fields are those of the kind that is tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from denizen.ground.chronicle.kinds import KINDS, Kind
from denizen.kit.schema import TOKEN_LENGTH_MAX, Field
from denizen.portal.forms import Choices
from denizen.portal.living_days import LivingDayField, LivingMomentField
from denizen.portal.words import chinese

PART = "part_"
"""Before the names of a kind's fields, so that they meet no field of the form itself."""

YES_NO = (("", _("Not told")), ("yes", _("Yes")), ("no", _("No")))
UNITS = {
    "minor units": _("In the smallest unit of the currency, such as cents."),
    "watt hours": _("In watt hours."),
}
MOMENT = {"type": "datetime-local"}


def kind_choices() -> list[tuple[str, str]]:
    """Every kind by its title, in the order of the vocabulary."""
    return [(code, kind.title_zh if chinese() else kind.title_en) for code, kind in KINDS.items()]


class EntryForm(forms.Form):
    """One entry of a kind. ``with_people``: existing residents may be named in it; else newcomers take their places."""

    def __init__(
        self, *arguments: Any, kind: Kind, sources: Choices, books: Choices, with_people: bool, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.kind, self.with_people = kind, with_people
        for part in kind.shape.fields:
            if with_people or part.type != "resident":
                self.fields[PART + part.name] = _field(part)
        self.fields["occurred_at"] = LivingMomentField(
            label=_("When it happens"), widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"),
            help_text=_("On the city's clocks."),
        )  # fmt: skip
        self.fields["book"] = forms.ChoiceField(label=_("By which rules"), choices=list(books), required=False)
        self.fields["source"] = forms.ChoiceField(label=_("Told by"), choices=list(sources))

    def occurred_at(self) -> datetime:
        given: datetime = self.cleaned_data["occurred_at"]
        return given.replace(tzinfo=ZoneInfo(settings.CITY_TIME_ZONE))

    def entry(self, resident: str) -> dict[str, Any]:
        """The entry as the API takes it."""
        return {
            "kind": self.kind.code,
            "resident": resident,
            "occurred_at": self.occurred_at().isoformat(),
            "external_id": f"rehearsal-{uuid4()}",
            "payload": dict(self._payload()),
        }

    def _payload(self) -> Iterator[tuple[str, Any]]:
        for part in self.kind.shape.fields:
            value = self.cleaned_data.get(PART + part.name)
            if part.type == "resident" and not self.with_people and part.required:
                value = f"rehearsal-{uuid4()}"
            if value not in (None, ""):
                yield part.name, _as_reported(part, value)


def _as_reported(part: Field, value: Any) -> Any:
    if part.type == "bool":
        return value == "yes"
    if isinstance(value, datetime):
        return value.replace(tzinfo=ZoneInfo(settings.CITY_TIME_ZONE)).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _field(part: Field) -> forms.Field:
    title = part.title_zh if chinese() else part.title_en
    told: dict[str, Any] = {"label": title or part.name, "required": part.required}
    if part.type == "int":
        told["help_text"] = UNITS.get(part.unit, "")
        return forms.IntegerField(min_value=part.minimum, max_value=part.maximum, **told)
    if part.type == "bool":
        return forms.ChoiceField(choices=YES_NO[1:] if part.required else YES_NO, **told)
    if part.type == "moment":
        return LivingMomentField(widget=forms.DateTimeInput(attrs=MOMENT), **told)
    if part.type == "day":
        return LivingDayField(widget=forms.DateInput(attrs={"type": "date"}), **told)
    if part.type == "resident":
        return forms.UUIDField(help_text=_("The public id of a resident."), **told)
    if part.choices:
        none = [] if part.required else [("", _("Not told"))]
        return forms.ChoiceField(choices=[*none, *((each, each) for each in part.choices)], **told)
    if part.required and part.name != "original":
        # Ids and digests come from other programs: nobody at the desk knows one, and any will do for trying.
        told["initial"] = f"try-{uuid4().hex[:8]}"
    return forms.CharField(max_length=TOKEN_LENGTH_MAX, help_text=_original(part), **told)


def _original(part: Field) -> Any:
    return _("The external id of the entry that is taken back.") if part.name == "original" else ""
