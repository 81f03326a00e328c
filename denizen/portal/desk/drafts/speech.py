"""Rules of a draft in sentences, and what is wrong with them in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from markupsafe import Markup

from denizen.ground.chronicle.kinds import KINDS, SHAPES
from denizen.ground.identity.constants import Grade
from denizen.ground.identity.queries import published_levels
from denizen.people.rulebook.queries import DraftView, Limit, limits_of
from denizen.people.rulebook.queries.language import (
    Book,
    DecisionTable,
    Fixed,
    Problem,
    Rule,
    Text,
    Vocabulary,
    amount_of,
    condition_of,
    findings_of,
    spoken_amount,
    spoken_condition,
    spoken_finding,
)
from denizen.portal.rule_words import limit_words
from denizen.portal.words import chinese, spoken

Titles = Mapping[str, Text]


def titles_at(moment: datetime) -> dict[str, Text]:
    """Codes of grades and levels with their titles. One query."""
    return {level.code: Text(level.title_en, level.title_zh) for level in published_levels(moment)}


def vocabulary_of(rule: Rule, book: Book, titles: Titles) -> Vocabulary:
    """What a rule may speak of."""
    return Vocabulary(
        shape=SHAPES.get(rule.kind), tables=book.tables, grades=tuple(Grade), levels=tuple(titles), titles=titles,
        one_person=rule.beneficiary == "resident",
    )  # fmt: skip


def cap_vocabulary(titles: Titles) -> Vocabulary:
    """What a cap may speak of: the beneficiary alone."""
    return Vocabulary(people=("beneficiary",), moment=False, grades=tuple(Grade), levels=tuple(titles), titles=titles)


def unit_of(asset: str) -> Text:
    return Text("points", "积分") if asset == "points" else Text("n", "n")


def kind_title(code: str) -> str:
    kind = KINDS.get(code)
    return code if kind is None else kind.title_zh if chinese() else kind.title_en


def rule_sentence(rule: Rule, book: Book, titles: Titles) -> Markup:
    """“For “Checked in” the resident gets 5 points; once a day”, with the amount in bold."""
    vocabulary = vocabulary_of(rule, book, titles)
    condition = spoken(spoken_condition(condition_of(rule.when), vocabulary))
    amount = spoken(spoken_amount(amount_of(rule.amount), vocabulary, unit_of(rule.asset)))
    parts = {
        "kind": Markup.escape(kind_title(rule.kind)),
        "who": Markup.escape(_who(rule)),
        "condition": Markup.escape(condition),
        "amount": Markup("<b>") + Markup.escape(amount) + Markup("</b>"),
    }
    words = (
        _("For “%(kind)s” %(who)s gets %(amount)s, if %(condition)s")
        if condition
        else _("For “%(kind)s” %(who)s gets %(amount)s")
    )
    said = Markup(Markup.escape(words)) % parts
    limits = [limit_words(limit, book) for limit in _limits(rule, book)]
    ended = [*limits, *_life(rule)]
    return said + Markup.escape("".join(f"{_('; ')}{each}" for each in ended) + _("."))


def _limits(rule: Rule, book: Book) -> Iterable[Limit]:
    known = {cap.code for cap in book.shared_caps}
    return limits_of(rule, book) if set(rule.shared_caps) <= known else ()


def _who(rule: Rule) -> str:
    if rule.beneficiary == "resident":
        return _("the resident")
    if rule.beneficiary == "inviter":
        return _("whoever invited him")
    shape = SHAPES.get(rule.kind)
    field = shape.field(rule.beneficiary) if shape else None
    named = (field.title_zh if chinese() else field.title_en) if field else rule.beneficiary
    return _("the person named as “%(field)s”") % {"field": named}


def _life(rule: Rule) -> list[str]:
    found = []
    if rule.pilot is not None:
        found.append(_("tried only in %(cities)s") % {"cities": ", ".join(rule.pilot.cities)})
    if rule.hold_days:
        found.append(_("to be spent after %(days)s days") % {"days": rule.hold_days})
    if rule.lot_days is not None:
        found.append(_("good for %(days)s days") % {"days": rule.lot_days})
    return found


def short_amount(rule: Rule, book: Book, titles: Titles) -> str:
    """The amount for the end of a row: a number where it is one."""
    amount = amount_of(rule.amount)
    if isinstance(amount, Fixed):
        return spoken(spoken_amount(amount, vocabulary_of(rule, book, titles), unit_of(rule.asset)))
    return _("decision table") if isinstance(amount, DecisionTable) else _("depends")


def effect_words(before: Rule | None, after: Rule, book: Book, titles: Titles) -> str:
    """What a saving changed, for the moment after it."""
    title = spoken(after.title)
    if before is None:
        return _("Added “%(title)s”.") % {"title": title}
    if isinstance(amount_of(after.amount), DecisionTable) and after.amount != before.amount:
        return _("“%(title)s” is saved with its new table.") % {"title": title}
    vocabulary = vocabulary_of(after, book, titles)
    old, new = (
        spoken(spoken_amount(amount_of(each.amount), vocabulary, unit_of(each.asset))) for each in (before, after)
    )
    if old != new:
        return _("Saved: “%(title)s” pays %(new)s instead of %(old)s.") % {"title": title, "new": new, "old": old}
    return _("“%(title)s” is saved.") % {"title": title}


def table_findings(rule: Rule, book: Book, titles: Titles) -> list[tuple[str, str]]:
    """What was found about a decision table: (code, sentence); empty for other amounts."""
    amount = amount_of(rule.amount)
    if not isinstance(amount, DecisionTable):
        return []
    vocabulary = vocabulary_of(rule, book, titles)
    found = findings_of(amount, condition_of(rule.when), vocabulary)
    told: list[tuple[str, str]] = [(str(each.code), spoken(spoken_finding(each, vocabulary))) for each in found]
    if amount.otherwise and any(code == "gap" for code, _words in told):
        rest = spoken(spoken_amount(Fixed(amount.otherwise), vocabulary, unit_of(rule.asset)))
        told.append(("rest", _("Whatever no row covers gets the rest: %(amount)s.") % {"amount": rest}))
    return told


def problem_words(problem: Problem) -> str:
    words = problem.message("zh" if chinese() else "en")
    if problem.at is None:
        return words
    return _("Line %(line)s, character %(column)s: %(words)s") % {
        "line": problem.at.line, "column": problem.at.column, "words": words,
    }  # fmt: skip


def problems_of(draft: DraftView, item: str) -> dict[str, list[str]]:
    """What is wrong with one part of the book (``rule check_in``), by field."""
    found: dict[str, list[str]] = {}
    for problem in draft.problems:
        if problem.item == item:
            found.setdefault(problem.place, []).append(problem_words(problem))
    return found
