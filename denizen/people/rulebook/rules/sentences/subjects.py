"""What a condition can speak of: fields of the entry, what is known of a person, parts of the moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, cast

from denizen.kit.schema import Field, Shape

from ..expressions import ATTRIBUTE_INT_MAX, ATTRIBUTES, MOMENT_PARTS, Attribute, Entry, Expr, Moment, Who
from ..model import Text

SubjectType = Literal["int", "bool", "word", "words"]
_TYPES: dict[str, SubjectType] = {"int": "int", "bool": "bool", "string": "word", "strings": "words"}


class Subject(NamedTuple):
    """``entry.length``, ``resident.grade``, ``moment.hour``: a root and a name."""

    root: str
    name: str

    def __str__(self) -> str:
        return f"{self.root}.{self.name}"


WEEKDAY = Subject("moment", "weekday")
"""Monday is 1."""


class Described(NamedTuple):
    """A subject with its type; ``low`` and ``high`` bound an int, ``choices`` are all words it can be (none: any).

    ``optional``: an entry may lack it.
    """

    subject: Subject
    type: SubjectType
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    optional: bool = False
    unit: str = ""
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may be spoken of in one place. ``shape`` is None where the entry is not known (caps).

    ``grades`` are all grades there are. ``titles`` name codes of grades and levels for people.
    ``one_person``: the beneficiary is the resident himself, so that both names mean the same.
    """

    shape: Shape | None = None
    tables: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    people: tuple[str, ...] = ("resident", "beneficiary")
    moment: bool = True
    grades: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    titles: Mapping[str, Text] = field(default_factory=dict)
    one_person: bool = False

    def subjects(self) -> tuple[Described, ...]:
        """Everything that may be spoken of, in the order it is offered."""
        return tuple(self._all())

    def described(self, subject: Subject) -> Described | None:
        """A subject with its type, or nothing when it is not known here."""
        match subject.root:
            case "entry":
                declared = self.shape.field(subject.name) if self.shape else None
                return _of_field(declared) if declared else None
            case "moment":
                return _of_moment(subject.name) if self.moment and subject.name in MOMENT_PARTS else None
            case who:
                known = who in self.people and subject.name in ATTRIBUTES
                return self._of_person(who, subject.name) if known else None

    def _all(self) -> Iterator[Described]:
        for declared in self.shape.fields if self.shape else ():
            yield _of_field(declared)
        for who in self.people:
            if who == "resident" or not self.one_person:
                yield from (self._of_person(who, name) for name in ATTRIBUTES)
        if self.moment:
            yield from map(_of_moment, MOMENT_PARTS)

    def _of_person(self, who: str, name: str) -> Described:
        choices = {"grade": self.grades, "levels": self.levels}.get(name, ())
        return Described(Subject(who, name), _TYPES[ATTRIBUTES[name]], 0, ATTRIBUTE_INT_MAX, choices)


def _of_field(declared: Field) -> Described:
    kind: SubjectType = "int" if declared.type == "int" else "bool" if declared.type == "bool" else "word"
    title = Text(declared.title_en, declared.title_zh) if declared.title_en else None
    return Described(
        Subject("entry", declared.name), kind, declared.minimum, declared.maximum, declared.choices,
        not declared.required, declared.unit, title,
    )  # fmt: skip


def _of_moment(part: str) -> Described:
    low, high = MOMENT_PARTS[part]
    return Described(Subject("moment", part), "int", low, high)


def subject_tree(subject: Subject) -> Expr:
    """The node that reads a subject."""
    match subject.root:
        case "entry":
            return Entry(subject.name)
        case "moment":
            return Moment(subject.name)
        case who:
            return Attribute(cast(Who, who), subject.name)


def subject_of(tree: Expr) -> Subject | None:
    """The subject a node reads, or nothing when it is no subject."""
    match tree:
        case Entry(name=name):
            return Subject("entry", name)
        case Attribute(who=who, name=name):
            return Subject(who, name)
        case Moment(part=part):
            return Subject("moment", part)
        case _:
            return None
