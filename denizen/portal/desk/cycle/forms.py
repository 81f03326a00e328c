"""What staff write about a change. Who may what is the commands' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from denizen.portal.forms import WORDS_MAX, Choices, chosen_from


def words(label: Any, help_text: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, min_length=2, max_length=WORDS_MAX, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}),
        **more,
    )  # fmt: skip


class OwnIds(forms.Form):
    """Several of these stand on one page: a label must find its own field."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **(named | {"auto_id": f"{type(self).__name__.lower()}-%s"}))


class PositionForm(OwnIds):
    """The users' spokesperson speaks (A-40)."""

    stand = forms.ChoiceField(label=_("The users are"), choices=(
        ("for", _("for it")), ("conditions", _("for it, on conditions")), ("against", _("against it")),
    ), widget=forms.RadioSelect)  # fmt: skip
    words = words(_("In your own words"), _("Everybody reads this beside the change, with your name and department."))


class AnswerForm(OwnIds):
    """What is decided about an objection."""

    decision = forms.ChoiceField(label=_("The decision"), choices=(
        ("followed", _("We follow the spokesperson")), ("overruled", _("We go on all the same")),
    ), widget=forms.RadioSelect)  # fmt: skip
    words = words(_("Why"), _("Needed when you go on all the same; everybody reads it."), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("decision") == "overruled" and not told.get("words"):
            self.add_error("words", _("Overruling the users' spokesperson takes a reason."))
        return told


class CheckForm(OwnIds):
    """Whether a version did what it was made for (A-36)."""

    verdict = forms.ChoiceField(label=_("The result is"), choices=(
        ("good", _("good")), ("mixed", _("good and bad")), ("bad", _("bad")),
    ), widget=forms.RadioSelect)  # fmt: skip
    words = words(_("What you found"), _("Was the feedback good? What did the figures say, what did people say?"))


class SupervisionForm(OwnIds):
    """How a version is kept to, and who was told."""

    seen = words(_("What you saw"))
    fed_back = words(_("What you told whom"), required=False)


class FeedbackForm(OwnIds):
    """What residents or the front line say (A-34)."""

    origin = forms.ChoiceField(label=_("Who says it"), choices=(
        ("residents", _("Residents")), ("front_line", _("My own department")),
    ), widget=forms.RadioSelect)  # fmt: skip
    rule = forms.ChoiceField(label=_("About which rule"), required=False)
    words = words(_("What they say"), _("Name no resident here: the words stay on record."))

    def __init__(self, *arguments: Any, rules: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["rule"].choices = [("", _("All of it")), *chosen_from(rules)[1:]]  # type: ignore[attr-defined]
