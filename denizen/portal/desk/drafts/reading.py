"""From boxes to forms: what cannot be read is told at its box, and everything else stays as it was written."""

from __future__ import annotations

import re
from typing import cast

from django.utils.translation import gettext as _

from denizen.people.rulebook.queries.language import (
    LIST_COMPARISONS,
    PLAIN_COMPARISONS,
    POLICIES,
    ROUNDINGS,
    TABLE_COMPARISONS,
    Amount,
    Clause,
    Comparison,
    Condition,
    DecisionTable,
    Described,
    Expr,
    Fixed,
    PerUnit,
    Row,
    Subject,
    TableAmount,
    UnableToReadExpression,
    Vocabulary,
    Written,
    amount_tree,
    condition_tree,
    parse,
    to_text,
)
from denizen.portal.desk.drafts.boxes import (
    BY_HAND,
    AmountBox,
    ClauseBox,
    ConditionBox,
    comparisons_for,
    number_subjects,
    word_subjects,
)
from denizen.portal.words import chinese

_WHOLE = re.compile(r"-?[0-9]{1,18}\Z")
_ROUNDS = ("units", "amount")
_WORD_LENGTH_MAX = 120


class UnableToReadBoxes(Exception):
    """Something in the boxes cannot be read; the boxes say what."""


class _Wrong(Exception):
    """Why one box cannot be read."""


def read_condition(box: ConditionBox, vocabulary: Vocabulary) -> Condition:
    """The condition of the boxes. Raises UnableToReadBoxes, with the reasons noted at the clauses."""
    clauses: list[Clause | Written] = []
    for clause in box.clauses:
        try:
            clauses.append(_clause(clause, vocabulary))
        except _Wrong as wrong:
            clause.error = str(wrong)
    if any(clause.error for clause in box.clauses):
        raise UnableToReadBoxes
    joined = "any" if box.joined == "any" and len(clauses) > 1 else "all"
    condition = Condition("any" if joined == "any" else "all", tuple(clauses))
    try:
        _writable(condition_tree(condition))
    except _Wrong as wrong:
        box.clauses[-1].error = str(wrong)
        raise UnableToReadBoxes from wrong
    return condition


def read_amount(box: AmountBox, vocabulary: Vocabulary) -> Amount:
    """The amount of the boxes. Raises UnableToReadBoxes, with the reasons noted in the boxes."""
    shapes = {"fixed": _fixed, "per_unit": _per_unit, "table": _table, "decision": _decision, BY_HAND: _by_hand}
    amount = shapes[box.shape](box, vocabulary)
    if box.errors or amount is None or any(row.error for row in box.rows):
        raise UnableToReadBoxes
    try:
        _writable(amount_tree(amount))
    except _Wrong as wrong:
        box.errors["shape"] = str(wrong)
        raise UnableToReadBoxes from wrong
    return amount


def _clause(box: ClauseBox, vocabulary: Vocabulary) -> Clause | Written:
    if box.subject == BY_HAND:
        return Written(_expression(box.text))
    root, _dot, name = box.subject.partition(".")
    about = vocabulary.described(Subject(root, name))
    if about is None:
        raise _Wrong(_("Choose what to look at."))
    if box.comparison not in comparisons_for(about):
        raise _Wrong(_("Choose how to compare."))
    comparison = cast(Comparison, box.comparison)
    return Clause(about.subject, comparison, _values(box, about, comparison, vocabulary))


def _values(box: ClauseBox, about: Described, comparison: Comparison, vocabulary: Vocabulary) -> tuple[int | str, ...]:
    if comparison in PLAIN_COMPARISONS:
        return ()
    if comparison in TABLE_COMPARISONS:
        chosen = next(iter(box.values), "")
        if chosen not in vocabulary.tables:
            raise _Wrong(_("Choose a table."))
        return (chosen,)
    if about.choices:
        return _chosen(box, about, comparison)
    written = ",".join(box.values) if comparison in LIST_COMPARISONS else next(iter(box.values), "")
    words = re.split(r"[,，]", written) if comparison in LIST_COMPARISONS else [written]
    found = [word.strip() for word in words if word.strip()]
    if not found:
        raise _Wrong(_("Write what to compare with."))
    return tuple(_number(word) if about.type == "int" else _word(word) for word in found)


def _chosen(box: ClauseBox, about: Described, comparison: Comparison) -> tuple[str, ...]:
    chosen = [choice for choice in about.choices if choice in box.values]
    if not chosen:
        raise _Wrong(_("Choose at least one."))
    return tuple(chosen) if comparison in LIST_COMPARISONS else (chosen[0],)


def _fixed(box: AmountBox, _vocabulary: Vocabulary) -> Amount | None:
    number = _noted(box, "fixed", box.fixed)
    return None if number is None else Fixed(number)


def _per_unit(box: AmountBox, vocabulary: Vocabulary) -> Amount | None:
    points, per = _noted(box, "points", box.points), _noted(box, "per", box.per)
    most = _noted(box, "most", box.most) if box.most.strip() else None
    if per is not None and per < 1:
        box.errors["per"] = _("Write a number of at least 1.")
    if box.subject not in number_subjects(vocabulary):
        box.errors["subject"] = _("Choose what is counted.")
    if box.errors or points is None or per is None:
        return None
    root, _dot, name = box.subject.partition(".")
    rounding = box.rounding if box.rounding in ROUNDINGS else "floor"
    plain = per == 1
    rounds = "units" if plain or points == 1 or box.rounds not in _ROUNDS else box.rounds
    return PerUnit(
        Subject(root, name), points, per, "floor" if plain else rounding,
        "amount" if rounds == "amount" else "units", most,
    )  # fmt: skip


def _table(box: AmountBox, vocabulary: Vocabulary) -> Amount | None:
    if box.table not in vocabulary.tables:
        box.errors["table"] = _("Choose a table.")
    if box.key not in word_subjects(vocabulary):
        box.errors["key"] = _("Choose what is looked up.")
    root, _dot, name = box.key.partition(".")
    return None if box.errors else TableAmount(box.table, Subject(root, name))


def _decision(box: AmountBox, vocabulary: Vocabulary) -> Amount | None:
    policy = next((each for each in POLICIES if each == box.policy), POLICIES[0])
    otherwise = _noted(box, "otherwise", box.otherwise.strip() or "0") if policy == "first" else 0
    if not box.rows:
        box.errors["shape"] = _("Add at least one row.")
    rows: list[Row] = []
    for row in box.rows:
        try:
            rows.append(Row(read_condition(row.condition, vocabulary), _number(row.pays)))
        except UnableToReadBoxes:
            row.error = _("Look at the conditions of this row.")
        except _Wrong as wrong:
            row.error = str(wrong)
    return None if otherwise is None else DecisionTable(policy, tuple(rows), otherwise)


def _by_hand(box: AmountBox, _vocabulary: Vocabulary) -> Amount | None:
    try:
        return Written(_expression(box.text))
    except _Wrong as wrong:
        box.errors["text"] = str(wrong)
        return None


def _noted(box: AmountBox, name: str, text: str) -> int | None:
    try:
        return _number(text)
    except _Wrong as wrong:
        box.errors[name] = str(wrong)
        return None


def _number(text: str) -> int:
    plain = text.strip().replace(",", "").replace("，", "")
    if not _WHOLE.match(plain):
        raise _Wrong(_("Write a whole number, such as 20."))
    return int(plain)


def _word(text: str) -> str:
    if any(mark in text for mark in "\\\n") or ('"' in text and "'" in text) or len(text) > _WORD_LENGTH_MAX:
        raise _Wrong(_("Write plain words, without a backslash or both sorts of quotation marks."))
    return text


def _expression(text: str) -> Expr:
    try:
        return parse(text)
    except UnableToReadExpression as refusal:
        problem = refusal.problems[0]
        place = _("Line %(line)s, character %(column)s: %(words)s") % {
            "line": problem.line, "column": problem.column, "words": problem.message("zh" if chinese() else "en"),
        }  # fmt: skip
        raise _Wrong(place) from refusal


def _writable(tree: Expr) -> None:
    """A form can grow a tree that is too large to be written; better told here than when the draft is read again."""
    try:
        parse(to_text(tree))
    except UnableToReadExpression as refusal:
        raise _Wrong(refusal.problems[0].message("zh" if chinese() else "en")) from refusal
