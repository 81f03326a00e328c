"""Forms of the items of a book's other parts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from denizen.portal.desk.drafts.forms import AMOUNT_MAX, code_field, per_titles, prose, unit_titles

TABLE_VALUE_MAX = 10**12


class ItemForm(forms.Form):
    """What every item has: a code, chosen once."""

    code = code_field()

    def __init__(self, *arguments: Any, taken: set[str], fixed: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.taken = taken
        if fixed:
            del self.fields["code"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code in self.taken or code == "new":
            raise forms.ValidationError(_("The book has this code already."))
        return code


class TitledForm(ItemForm):
    title_en = prose(_("Title in English"), long=False)
    title_zh = prose(_("Title in Chinese"), long=False)


class BudgetForm(TitledForm):
    benefit_en = prose(_("What residents get for the expense"), long=False)
    benefit_zh = prose(_("What residents get for the expense, in Chinese"), long=False)
    amount = forms.IntegerField(
        label=_("Points in it"), min_value=1, max_value=AMOUNT_MAX, required=False,
        help_text=_("Empty means it has no end."),
    )  # fmt: skip
    alarm_at = forms.IntegerField(
        label=_("Tell somebody when no more than this is left"), min_value=0, max_value=AMOUNT_MAX, required=False
    )


class SharedCapForm(TitledForm):
    limit = forms.IntegerField(label=_("At most"), min_value=1, max_value=AMOUNT_MAX)
    unit = forms.ChoiceField(label=_("of what"))
    per = forms.ChoiceField(label=_("in which time"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = list(unit_titles().items())  # type: ignore[attr-defined]
        self.fields["per"].choices = list(per_titles().items())  # type: ignore[attr-defined]


class StatedForm(TitledForm):
    """A guideline, or a value without its examples."""

    text_en = prose(_("In words"))
    text_zh = prose(_("In words, in Chinese"))
    assumed = forms.BooleanField(label=_("These words are ours"), required=False, help_text=_("No source states them."))


class ExampleForm(forms.Form):
    """One example of a value lived; both empty takes it out."""

    en = prose(_("Example"), long=False)
    zh = prose(_("Example, in Chinese"), long=False)


class TableRowForm(forms.Form):
    """One value of a table; an empty key takes it out."""

    key = forms.CharField(label=_("Key"), max_length=120, required=False, strip=False)
    value = forms.IntegerField(label=_("Value"), min_value=-TABLE_VALUE_MAX, max_value=TABLE_VALUE_MAX, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("key") and given.get("value") is None and "value" not in self.errors:
            self.add_error("value", _("Write a whole number, such as 20."))
        return given
