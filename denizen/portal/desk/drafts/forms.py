"""What staff write about drafts and the parts of a book. Texts may be unfinished: a draft keeps its faults."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from denizen.ground.chronicle.kinds import KINDS, SHAPES
from denizen.people.rulebook.queries.language import Book, Cap, Pilot, Rule, Text
from denizen.portal.rule_words import group_titles
from denizen.portal.words import chinese, spoken

PROSE_MAX = 2_000
AMOUNT_MAX = 10**12
CODE = r"^[a-z][a-z0-9_]{0,59}$"
CODE_WORDS = _("Use small letters, digits and _, beginning with a letter.")
TEXTS = ("title", "behaviour", "incentive", "feedback", "complaint_path")


def code_field() -> forms.RegexField:
    return forms.RegexField(
        label=_("Code"), regex=CODE, error_messages={"invalid": CODE_WORDS},
        help_text=_("Lasts over all versions; nobody but the desk sees it."),
    )  # fmt: skip


def prose(label: Any, help_text: Any = "", *, long: bool = True) -> forms.CharField:
    """A text that may still be missing."""
    widget = forms.Textarea(attrs={"rows": 2}) if long else forms.TextInput()
    return forms.CharField(
        label=label, max_length=PROSE_MAX, required=False, widget=widget, help_text=help_text, strip=False
    )


class StartForm(forms.Form):
    """A new draft, from a version."""

    title = forms.CharField(
        label=_("What will it change?"), max_length=200, help_text=_("A working title, such as “Quiet days pay more”.")
    )
    based_on = forms.TypedChoiceField(label=_("Begin with"), coerce=int)

    def __init__(self, *arguments: Any, versions: Iterable[tuple[int, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["based_on"].choices = list(versions)  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """A draft from a text, pasted or as a file."""

    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(
        label=_("Text of the rule book"), widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        required=False, strip=False,
    )  # fmt: skip
    file = forms.FileField(label=_("or a file"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **(named | {"auto_id": "import-%s"}))  # beside the form that begins a draft

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        upload = cleaned.get("file")
        if upload is not None:
            try:
                cleaned["text"] = upload.read().decode("utf-8")
            except UnicodeDecodeError:
                raise forms.ValidationError(_("The file is not a text in UTF-8.")) from None
        if not cleaned.get("text", "").strip():
            raise forms.ValidationError(_("Paste the text of a rule book, or choose a file."))
        return cleaned


class TextForm(forms.Form):
    """The whole book as text."""

    text = forms.CharField(
        label=_("Text of the rule book"), widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}), strip=False
    )


class HandOverForm(forms.Form):
    """The draft becomes a proposal."""

    note = forms.CharField(
        label=_("Why"), max_length=1_000, widget=forms.Textarea,
        help_text=_("Whoever approves it reads this, and everybody after him."),
    )  # fmt: skip


class NewRuleForm(forms.Form):
    """A rule begins with the behaviour it answers."""

    code = code_field()
    kind = forms.ChoiceField(label=_("For which behaviour"))
    group = forms.ChoiceField(label=_("What it pays"))

    def __init__(self, *arguments: Any, book: Book, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.book = book
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, kind.title_zh if chinese() else kind.title_en) for code, kind in KINDS.items()
        ]
        self.fields["group"].choices = list(group_titles().items())  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if self.book.rule(code) is not None:
            raise forms.ValidationError(_("The book has a rule with this code already."))
        return code


class RuleForm(forms.Form):
    """Everything about a rule but its condition, its amount and its own caps."""

    title_en = prose(_("Title in English"), long=False)
    title_zh = prose(_("Title in Chinese"), long=False)
    behaviour_en = prose(_("Which behaviour we encourage"))
    behaviour_zh = prose(_("Which behaviour we encourage, in Chinese"))
    incentive_en = prose(_("What it earns"))
    incentive_zh = prose(_("What it earns, in Chinese"))
    feedback_en = prose(_("What the resident hears from us"))
    feedback_zh = prose(_("What the resident hears from us, in Chinese"))
    complaint_path_en = prose(_("Where he turns with a complaint or a suggestion"))
    complaint_path_zh = prose(_("Where he turns with a complaint or a suggestion, in Chinese"))
    group = forms.ChoiceField(label=_("What it pays"))
    beneficiary = forms.ChoiceField(label=_("To whom"))
    names = forms.ChoiceField(label=_("Person named beside it"), required=False)
    budget = forms.ChoiceField(label=_("From which envelope"), required=False)
    lot_days = forms.IntegerField(
        label=_("Good for how many days"), min_value=1, max_value=36_500, required=False,
        help_text=_("Empty means they do not end."),
    )  # fmt: skip
    lot_priority = forms.IntegerField(
        label=_("Spent in which order"), min_value=-1_000, max_value=1_000, required=False,
        help_text=_("Lower numbers are spent first."),
    )  # fmt: skip
    hold_days = forms.IntegerField(
        label=_("To be spent after how many days"), min_value=0, max_value=3_650, required=False
    )
    reversal_kind = forms.ChoiceField(label=_("Taken back by"), required=False)
    valid_from = forms.DateTimeField(label=_("Valid from"), required=False)
    valid_to = forms.DateTimeField(label=_("Valid until"), required=False)
    guideline = forms.CharField(label=_("Guideline it comes from"), required=False, max_length=PROSE_MAX)
    value = forms.ChoiceField(label=_("Value it lives"), required=False)
    pilot_cities = forms.CharField(
        label=_("Only in these cities"), max_length=PROSE_MAX, required=False,
        help_text=_("Several, with commas between. Empty means everywhere. A pilot needs both days of its validity."),
    )  # fmt: skip
    pilot_question_en = prose(_("What we want to learn"), long=False)
    pilot_question_zh = prose(_("What we want to learn"), long=False)
    pilot_compare_with = forms.CharField(
        label=_("Compared with these cities"), max_length=PROSE_MAX, required=False,
        help_text=_("Empty means the other cities of the same size."),
    )  # fmt: skip
    shared_caps = forms.MultipleChoiceField(
        label=_("Shared limits"), required=False, widget=forms.CheckboxSelectMultiple
    )
    clauses = forms.MultipleChoiceField(
        label=_("What it does for a user enterprise"), required=False, widget=forms.CheckboxSelectMultiple
    )
    assumed = forms.BooleanField(
        label=_("The amount is our assumption"), required=False, help_text=_("No source states it.")
    )

    def __init__(self, *arguments: Any, rule: Rule, book: Book, **named: Any) -> None:
        named.setdefault("initial", rule_initial(rule, book))
        super().__init__(*arguments, **named)
        self.rule, self.book = rule, book
        self._offer(rule, book)
        for name in ("valid_from", "valid_to"):
            self.fields[name].widget = forms.DateTimeInput(
                attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
            )

    def _offer(self, rule: Rule, book: Book) -> None:
        shape = SHAPES.get(rule.kind)
        people = [
            (each.name, each.title_zh if chinese() else each.title_en)
            for each in (shape.fields if shape else ())
            if each.type == "resident"
        ]
        reversals = [(code, code_title(code)) for code, each in SHAPES.items() if each.reverses == rule.kind]
        self._choices("group", group_titles().items())
        self._choices("beneficiary", [("resident", _("The resident")), ("inviter", _("Whoever invited him")), *people])
        self._choices("names", [("", _("Nobody")), ("inviter", _("Whoever invited him")), *people])
        self._choices("budget", [("", _("None")), *((each.code, spoken(each.title)) for each in book.budgets)])
        self._choices("reversal_kind", [("", _("Nothing")), *reversals])
        self._choices("value", [("", _("None")), *((each.code, spoken(each.title)) for each in book.values)])
        self._choices("shared_caps", [(each.code, spoken(each.title)) for each in book.shared_caps])
        self._choices("clauses", clause_titles().items())
        if book.guidelines:
            listed = [("", _("Choose")), *((each.code, spoken(each.title)) for each in book.guidelines)]
            label = self.fields["guideline"].label
            self.fields["guideline"] = forms.ChoiceField(label=label, required=False)
            self._choices("guideline", listed)

    def _choices(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """What is offered, with what stands there now even if it is unknown: nothing is changed by opening a page."""
        listed = list(choices)
        now = self.initial.get(name)
        known = {code for code, _title in listed}
        missing = [code for code in (now if isinstance(now, list) else [now]) if code and code not in known]
        self.fields[name].choices = [*listed, *((code, code) for code in missing)]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """The fields of the rule these boxes stand for."""
        given = self.cleaned_data
        group: str = given["group"]
        points = not group.startswith("n-")
        kept = {"clauses": self.rule.clauses, "shared_caps": self.rule.shared_caps}
        sets = {name: _ordered(given[name], kept[name]) for name in kept}
        return {
            **{name: Text(lines_of(given[f"{name}_en"]), lines_of(given[f"{name}_zh"])) for name in TEXTS},
            **sets,
            "asset": "points" if points else "contribution",
            "system": group if points else self.rule.system if self.rule.asset == "contribution" else None,
            "contribution_class": None if points else group.removeprefix("n-"),
            "beneficiary": given["beneficiary"],
            "names": given["names"] or None,
            "budget": (given["budget"] or None) if points else None,
            "lot_days": given["lot_days"] if points else None,
            "lot_priority": (given["lot_priority"] or 0) if points else 0,
            "hold_days": (given["hold_days"] or 0) if points else 0,
            "reversal_kind": given["reversal_kind"] or None,
            "valid_from": self._moment("valid_from"),
            "valid_to": self._moment("valid_to"),
            "pilot": self._pilot(),
            "guideline": given["guideline"],
            "value": given["value"] or None,
            "assumed": given["assumed"],
        }

    def _pilot(self) -> Pilot | None:
        """The pilot the boxes describe; a list of cities that was not touched stays as it was."""
        given, before = self.cleaned_data, self.rule.pilot
        question = Text(lines_of(given["pilot_question_en"]), lines_of(given["pilot_question_zh"]))
        lists = {name: cities_of(given[f"pilot_{name}"]) for name in ("cities", "compare_with")}
        if before is not None:
            for name in lists:
                if given[f"pilot_{name}"] == ", ".join(getattr(before, name)):
                    lists[name] = getattr(before, name)
        if not any(lists.values()) and not question.en.strip() and not question.zh.strip():
            return None
        return Pilot(lists["cities"], question, lists["compare_with"])

    def _moment(self, name: str) -> datetime | None:
        """The moment on the book's clocks; what was not touched keeps its fraction of a second."""
        given: datetime | None = self.cleaned_data[name]
        before: datetime | None = getattr(self.rule, name)
        if given is None:
            return None
        chosen = given.replace(tzinfo=ZoneInfo(self.book.time_zone)).astimezone(UTC)
        return before if before is not None and before.replace(microsecond=0) == chosen else chosen


class CapForm(forms.Form):
    """A limit of one rule; ``by`` counts apart for each value of a field."""

    limit = forms.IntegerField(label=_("At most"), min_value=1, max_value=AMOUNT_MAX)
    unit = forms.ChoiceField(label=_("of what"))
    per = forms.ChoiceField(label=_("in which time"))
    by = forms.ChoiceField(label=_("counted apart for each"), required=False)

    def __init__(self, *arguments: Any, rule: Rule, cap: Cap | None = None, **named: Any) -> None:
        if cap is not None:
            named["initial"] = {"limit": cap.limit, "unit": cap.unit, "per": cap.per, "by": cap.by or ""}
        super().__init__(*arguments, **named)
        shape = SHAPES.get(rule.kind)
        fields = [each for each in (shape.fields if shape else ()) if each.type not in ("bool", "moment")]
        named_fields = [(each.name, each.title_zh if chinese() else each.title_en) for each in fields]
        self.fields["unit"].choices = list(unit_titles().items())  # type: ignore[attr-defined]
        self.fields["per"].choices = list(per_titles().items())  # type: ignore[attr-defined]
        self.fields["by"].choices = [("", _("together")), *named_fields]  # type: ignore[attr-defined]
        for each in self.fields.values():  # these boxes stand inside a sentence, without a label above
            each.widget.attrs["aria-label"] = each.label


def unit_titles() -> dict[str, Any]:
    return {"times": _("times"), "amount": _("points or n")}


def per_titles() -> dict[str, Any]:
    return {
        "day": _("a day"), "week": _("a week"), "month": _("a month"), "year": _("a year"), "lifetime": _("in all"),
    }  # fmt: skip


def clause_titles() -> dict[str, Any]:
    """The three clauses of a user enterprise (A-03)."""
    return {
        "needs_first": _("Users' needs come first"),
        "joyful_life": _("A joyful life"),
        "created_together": _("Created together with users"),
    }


def code_title(kind: str) -> str:
    found = KINDS[kind]
    return found.title_zh if chinese() else found.title_en


def rule_initial(rule: Rule, book: Book) -> dict[str, Any]:
    """What stands in the boxes of a rule."""
    zone = ZoneInfo(book.time_zone)
    texts = {f"{name}_{lang}": getattr(getattr(rule, name), lang) for name in TEXTS for lang in ("en", "zh")}
    plain = ("beneficiary", "lot_days", "lot_priority", "hold_days", "guideline", "assumed")
    named = ("names", "budget", "reversal_kind", "value")
    moments = {name: getattr(rule, name) for name in ("valid_from", "valid_to")}
    return {
        **texts,
        **{name: getattr(rule, name) for name in plain},
        **{name: getattr(rule, name) or "" for name in named},
        **pilot_initial(rule),
        **{name: when.astimezone(zone).replace(tzinfo=None) if when else None for name, when in moments.items()},
        "group": f"n-{rule.contribution_class}" if rule.contribution_class else rule.system or "",
        "shared_caps": list(rule.shared_caps),
        "clauses": list(rule.clauses),
    }


def lines_of(text: str) -> str:
    """Browsers send their own line ends."""
    return text.replace("\r\n", "\n")


def pilot_initial(rule: Rule) -> dict[str, str]:
    if rule.pilot is None:
        return {}
    return {
        "pilot_cities": ", ".join(rule.pilot.cities), "pilot_compare_with": ", ".join(rule.pilot.compare_with),
        "pilot_question_en": rule.pilot.question.en, "pilot_question_zh": rule.pilot.question.zh,
    }  # fmt: skip


def cities_of(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in re.split(r"[,，、]", text) if word.strip())


def _ordered(chosen: list[str], before: tuple[str, ...]) -> tuple[str, ...]:
    """A set of marks has no order of its own: what stood there keeps its place, what is new follows."""
    return (*(each for each in before if each in chosen), *(each for each in chosen if each not in before))
