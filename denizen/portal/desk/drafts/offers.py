"""What the boxes of a rule offer to choose from, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from denizen.people.rulebook.queries.language import (
    LIST_COMPARISONS,
    PLAIN_COMPARISONS,
    TABLE_COMPARISONS,
    WEEKDAY,
    Described,
    Subject,
    Vocabulary,
    spoken_comparison,
    spoken_subject,
    spoken_value,
)
from denizen.portal.desk.drafts.boxes import BY_HAND, ClauseBox, comparisons_for
from denizen.portal.desk.drafts.editor import RuleBoxes
from denizen.portal.desk.drafts.speech import cap_vocabulary
from denizen.portal.words import spoken

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SubjectGroup:
    title: str
    choices: Choices


@dataclass(frozen=True, slots=True)
class ClauseOffer:
    """The controls of one clause. ``control``: ``none``, ``one`` or ``many`` of ``values``, ``number`` or ``text``."""

    comparisons: Choices
    control: str
    values: Choices
    hint: str


@dataclass(frozen=True, slots=True)
class Speech:
    """The offers of one place: a rule's conditions, or those of its caps."""

    vocabulary: Vocabulary

    @property
    def subjects(self) -> list[SubjectGroup]:
        titles = {
            "entry": _("The record"), "resident": _("The resident"), "beneficiary": _("Whoever is paid"),
            "moment": _("The moment"),
        }  # fmt: skip
        groups: dict[str, Choices] = {}
        for about in self.vocabulary.subjects():
            words = spoken(spoken_subject(about.subject, self.vocabulary)).strip("“”")
            groups.setdefault(about.subject.root, []).append((str(about.subject), words[:1].upper() + words[1:]))
        return [SubjectGroup(titles[root], choices) for root, choices in groups.items()]

    def clause(self, box: ClauseBox) -> ClauseOffer:
        """The controls that fit what the clause looks at; a comparison that does not fit gives way to the first."""
        root, _dot, name = box.subject.partition(".")
        about = self.vocabulary.described(Subject(root, name))
        if about is None:
            return ClauseOffer([], BY_HAND if box.subject == BY_HAND else "none", [], "")
        fitting = comparisons_for(about)
        if box.comparison not in fitting:
            box.comparison = fitting[0]
        comparisons: Choices = [(str(each), spoken(spoken_comparison(each)).strip("：")) for each in fitting]
        control, values = self._control(box, about)
        hint = _("Several, with commas between") if control == "text" and box.comparison in LIST_COMPARISONS else ""
        return ClauseOffer(comparisons, control, values, hint)

    def _control(self, box: ClauseBox, about: Described) -> tuple[str, Choices]:
        if box.comparison in PLAIN_COMPARISONS:
            return "none", []
        if box.comparison in TABLE_COMPARISONS:
            return "one", [(table, table) for table in self.vocabulary.tables]
        many = box.comparison in LIST_COMPARISONS
        if about.subject == WEEKDAY:
            days = [(str(day), spoken(spoken_value(day, self.vocabulary, WEEKDAY))) for day in range(1, 8)]
            return "many" if many else "one", days
        if about.choices:
            return "many" if many else "one", self.worded(about.choices)
        return "number" if about.type == "int" and not many else "text", []

    def worded(self, codes: Sequence[str]) -> Choices:
        return [(code, spoken(spoken_value(code, self.vocabulary)).strip("“”")) for code in codes]

    def of_type(self, kind: str) -> list[SubjectGroup]:
        """The subjects of one type, for an amount that counts or looks something up."""
        wanted = {str(about.subject) for about in self.vocabulary.subjects() if about.type == kind}
        groups = [
            SubjectGroup(group.title, [choice for choice in group.choices if choice[0] in wanted])
            for group in self.subjects
        ]
        return [group for group in groups if group.choices]


@dataclass(frozen=True, slots=True)
class Offers:
    rule: Speech
    caps: Speech
    shapes: Choices
    roundings: Choices
    rounds: Choices
    policies: Choices


def offers_for(boxes: RuleBoxes) -> Offers:
    return Offers(
        rule=Speech(boxes.vocabulary),
        caps=Speech(cap_vocabulary(boxes.titles)),
        shapes=[
            ("fixed", _("a number")), ("per_unit", _("so much per unit")), ("table", _("a table's value")),
            ("decision", _("a decision table")), (BY_HAND, _("by hand")),
        ],
        roundings=[
            ("floor", _("round down")), ("ceil", _("round up")), ("round_half_up", _("round to the nearest")),
            ("round_half_even", _("to the nearest, halves to even")),
        ],
        rounds=[("units", _("the number of units")), ("amount", _("the amount, in proportion"))],
        policies=[
            ("first", _("the first row that holds pays")), ("collect", _("all rows that hold pay together")),
            ("max", _("the row that pays most counts")),
        ],
    )  # fmt: skip
