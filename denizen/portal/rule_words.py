"""A rule in sentences: how much, how often, for whom, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denizen.ground.chronicle.kinds import KINDS, SHAPES
from denizen.people.growth.queries import LimitLeft, Way
from denizen.people.rulebook.queries import (
    Book,
    Limit,
    Rule,
    award_words,
    condition_words,
    constant_amount,
    limits_of,
    to_text,
)
from denizen.people.standing.constants import CLASS_TITLES
from denizen.portal.words import chinese, spoken
from denizen.shell.figures import day, grouped, moment


@dataclass(frozen=True, slots=True)
class RuleTold:
    """A rule for its readers. ``amount`` is empty where it depends on the entry; then ``formula`` says on what.

    ``asks`` and ``pays`` say condition and formula in words, empty where there is nothing to say.
    """

    code: str
    title: str
    kind: str
    behaviour: str
    incentive: str
    complaint_path: str
    amount: str
    formula: str
    lamp: bool
    condition: str
    limits: tuple[str, ...]
    beneficiary: str
    life: str
    guideline: str
    value: str
    asks: str
    pays: str
    hold: str
    rows: tuple[str, ...]
    assumed: bool
    pilot: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rules under one heading. ``key`` is the anchor."""

    key: str
    title: str
    rules: tuple[RuleTold, ...]


def group_titles() -> dict[str, str]:
    """The four systems of points (B-04), then the four classes of contribution (B-49)."""
    systems = {
        "community": _("Community points"),
        "car_use": _("Points for using the car"),
        "owner_care": _("Care for owners"),
        "purchase_invitation": _("Buying and inviting"),
    }
    classes = {code: titles[1] if chinese() else titles[0] for code, titles in CLASS_TITLES.items()}
    return {
        **systems,
        **{f"n-{code}": _("Contribution: %(title)s") % {"title": name} for code, name in classes.items()},
    }


def group_of(system: str | None, contribution_class: str | None) -> str:
    return f"n-{contribution_class}" if contribution_class else system or "community"


def grouped_rules(book: Book) -> list[Group]:
    """The rules of a book under their headings, in the order of the headings and of the book."""
    found: dict[str, list[RuleTold]] = {key: [] for key in group_titles()}
    for rule in book.rules:
        found[group_of(rule.system, rule.contribution_class)].append(rule_told(rule, book))
    return [Group(key, group_titles()[key], tuple(rules)) for key, rules in found.items() if rules]


def rule_told(rule: Rule, book: Book) -> RuleTold:
    amount = constant_amount(rule)
    unit = " n" if rule.contribution_class else ""
    kind = KINDS[rule.kind]
    condition = to_text(rule.when)
    return RuleTold(
        code=rule.code,
        title=spoken(rule.title),
        kind=kind.title_zh if chinese() else kind.title_en,
        behaviour=spoken(rule.behaviour),
        incentive=spoken(rule.incentive),
        complaint_path=spoken(rule.complaint_path),
        amount="" if amount is None else f"+{grouped(amount)}{unit}",
        formula=to_text(rule.amount) if amount is None else "",
        lamp=rule.contribution_class is not None,
        condition="" if condition == "true" else condition,
        limits=tuple(limit_words(limit, book) for limit in limits_of(rule, book)),
        beneficiary=beneficiary_words(rule),
        life=life_words(rule),
        guideline=guideline_words(rule.guideline, book),
        value=value_words(rule, book),
        asks=spoken(condition_words(rule, SHAPES)),
        pays="" if amount is not None else spoken(award_words(rule, SHAPES)),
        hold=hold_words(rule),
        rows=rule.rows,
        assumed=rule.assumed,
        pilot=pilot_label(rule),
        question=spoken(rule.pilot.question) if rule.pilot else "",
    )


def pilot_label(tried: Rule | Way) -> str:
    """“Pilot in Hefei, Shanghai until 4 March”; empty for what is none."""
    if tried.pilot is None or tried.valid_to is None:
        return ""
    return _("Pilot in %(cities)s until %(day)s") % {
        "cities": listed(tried.pilot.cities), "day": day(tried.valid_to),
    }  # fmt: skip


def listed(words: Iterable[str]) -> str:
    """Names in a row, with the comma of the language."""
    return ("、" if chinese() else ", ").join(words)


def guideline_words(guideline: str, book: Book) -> str:
    """The title of a guideline the book states; in older books its words, in both languages with a dot between."""
    stated = book.guideline(guideline)
    if stated is not None:
        return spoken(stated.title)
    english, dot, written = guideline.partition(" · ")
    return written if dot and chinese() else english


def value_words(rule: Rule, book: Book) -> str:
    """The title of the city's value the rule stands for, empty in books that state none."""
    stated = book.value(rule.value)
    return spoken(stated.title) if stated is not None else ""


def hold_words(rule: Rule) -> str:
    if not rule.hold_days:
        return ""
    return ngettext("They can be spent after %(num)s day.", "They can be spent after %(num)s days.", rule.hold_days) % {
        "num": grouped(rule.hold_days)
    }


def beneficiary_words(rule: Rule) -> str:
    if rule.beneficiary == "resident":
        return ""
    if rule.beneficiary == "inviter":
        return _("Goes to whoever invited.")
    return _("Goes to the person the record names.")


def life_words(rule: Rule) -> str:
    if rule.contribution_class:
        return _("Contribution does not end.")
    if rule.lot_days is None:
        return _("These points do not end.")
    return ngettext("These points last %(num)s day.", "These points last %(num)s days.", rule.lot_days) % {
        "num": grouped(rule.lot_days)
    }


def limit_words(limit: Limit, book: Book) -> str:
    """“Once a day”, “at most 100 in all”; a limit that several rules share goes by its title."""
    words = _times_words(limit.limit)[limit.per] if limit.unit == "times" else _amount_words()[limit.per]
    told = words % {"limit": grouped(limit.limit)}
    shared = next((cap for cap in book.shared_caps if cap.code == limit.code), None)
    if shared is not None:
        return _("%(title)s: %(limit)s") % {"title": spoken(shared.title), "limit": told}
    return _("%(limit)s, counted apart for each subject") % {"limit": told} if limit.by else told


def _times_words(limit: int) -> dict[str, str]:
    return {
        "day": ngettext("once a day", "%(limit)s times a day", limit),
        "week": ngettext("once a week", "%(limit)s times a week", limit),
        "month": ngettext("once a month", "%(limit)s times a month", limit),
        "year": ngettext("once a year", "%(limit)s times a year", limit),
        "lifetime": ngettext("once", "%(limit)s times in all", limit),
    }


def _amount_words() -> dict[str, str]:
    return {
        "day": _("at most %(limit)s a day"),
        "week": _("at most %(limit)s a week"),
        "month": _("at most %(limit)s a month"),
        "year": _("at most %(limit)s a year"),
        "lifetime": _("at most %(limit)s in all"),
    }


def left_words(limit: LimitLeft) -> str:
    """What is left of a limit, for the end of its meter."""
    if limit.left == 0 and limit.ends_at is None:
        return _("done")
    if limit.left == 0:
        return _("again from %(moment)s") % {"moment": moment(limit.ends_at)} if limit.ends_at else ""
    return _("%(left)s of %(limit)s left") % {"left": grouped(limit.left), "limit": grouped(limit.limit)}


def window_words(limit: LimitLeft) -> str:
    """The name of a limit's meter: its shared title, else its window."""
    if limit.shared:
        return limit.shared
    names: dict[str, str] = {
        "day": _("today"), "week": _("this week"), "month": _("this month"), "year": _("this year"),
        "lifetime": _("in all"),
    }  # fmt: skip
    return names[limit.per]
