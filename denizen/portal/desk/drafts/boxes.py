"""What stands in the boxes of the form, as text: so a half-written line survives until it is right.

``condition_box`` and ``amount_box`` fill the boxes from a form; ``posted_condition`` and ``posted_amount`` take them
from what was sent. ``read.py`` turns boxes into forms. A clause that the boxes cannot show without changing it (a word
with a comma, a choice we do not know) is shown as text, written by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import QueryDict

from denizen.people.rulebook.queries.language import (
    BOOL_COMPARISONS,
    INT_COMPARISONS,
    LEVEL_COMPARISONS,
    LIST_COMPARISONS,
    TABLE_COMPARISONS,
    WEEKDAY,
    WORD_COMPARISONS,
    Amount,
    Clause,
    Comparison,
    Condition,
    DecisionTable,
    Described,
    Fixed,
    PerUnit,
    TableAmount,
    Vocabulary,
    Written,
    amount_tree,
    condition_tree,
    to_text,
)

CLAUSES_MAX, ROWS_MAX = 20, 40
_AMOUNT_BOXES = (
    "shape", "fixed", "subject", "points", "per", "rounding", "rounds", "most", "table", "key", "policy", "otherwise",
    "text",
)  # fmt: skip
BY_HAND = "by_hand"
"""Stands in the place of a subject when the clause is written as text."""

SHAPES = ("fixed", "per_unit", "table", "decision", BY_HAND)


@dataclass(slots=True)
class ClauseBox:
    """``values`` as text; for a list of words that are free, one text with commas."""

    subject: str = BY_HAND
    comparison: str = ""
    values: list[str] = field(default_factory=list)
    text: str = ""
    error: str = ""


@dataclass(slots=True)
class ConditionBox:
    prefix: str
    joined: str = "all"
    clauses: list[ClauseBox] = field(default_factory=list)


@dataclass(slots=True)
class RowBox:
    condition: ConditionBox
    pays: str = ""
    error: str = ""


@dataclass(slots=True)
class AmountBox:
    """All shapes at once: what was written under one is still there when its maker comes back to it."""

    shape: str = "fixed"
    fixed: str = ""
    subject: str = ""
    points: str = "1"
    per: str = "1"
    rounding: str = "floor"
    rounds: str = "units"
    most: str = ""
    table: str = ""
    key: str = ""
    policy: str = "first"
    otherwise: str = "0"
    text: str = ""
    rows: list[RowBox] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def comparisons_for(about: Described) -> tuple[Comparison, ...]:
    """The comparisons that fit a subject."""
    fitting: dict[str, tuple[Comparison, ...]] = {
        "int": INT_COMPARISONS, "bool": BOOL_COMPARISONS, "word": WORD_COMPARISONS, "words": LEVEL_COMPARISONS,
    }  # fmt: skip
    found = fitting[about.type]
    return (*found, "stated", "not_stated") if about.optional else found


def condition_box(condition: Condition, prefix: str, vocabulary: Vocabulary) -> ConditionBox:
    return ConditionBox(prefix, condition.joined, [_clause_box(each, vocabulary) for each in condition.clauses])


def _clause_box(clause: Clause | Written, vocabulary: Vocabulary) -> ClauseBox:
    if isinstance(clause, Written):
        return ClauseBox(text=to_text(clause.tree))
    about = vocabulary.described(clause.subject)
    if about is None or not _fits(clause, about, vocabulary):
        return ClauseBox(text=to_text(condition_tree(Condition("all", (clause,)))))
    values = [str(value) for value in clause.values]
    free = clause.comparison in LIST_COMPARISONS and not about.choices and about.subject != WEEKDAY
    return ClauseBox(str(clause.subject), clause.comparison, [", ".join(values)] if free else values)


def _fits(clause: Clause, about: Described, vocabulary: Vocabulary) -> bool:
    if clause.comparison not in comparisons_for(about):
        return False
    if clause.comparison in TABLE_COMPARISONS:
        return clause.values[0] in vocabulary.tables
    if about.subject == WEEKDAY:
        return [day for day in range(1, 8) if day in clause.values] == list(clause.values)
    if about.type == "int":
        return all(isinstance(value, int) for value in clause.values)
    words = [str(value) for value in clause.values if isinstance(value, str)]
    if len(words) != len(clause.values) or len(set(words)) != len(words):
        return False
    if about.choices:
        # A box with several marks keeps no order of its own, so only words in the order of the choices fit it.
        return [choice for choice in about.choices if choice in words] == words
    return all(word and word == word.strip() and "," not in word for word in words)


def amount_box(amount: Amount, vocabulary: Vocabulary) -> AmountBox:
    """The boxes of an amount; its text stands ready for whoever would rather write."""
    box = _amount_box(amount, vocabulary)
    box.text = to_text(amount_tree(amount))
    return box


def _amount_box(amount: Amount, vocabulary: Vocabulary) -> AmountBox:
    match amount:
        case Fixed(amount=value):
            return AmountBox(fixed=str(value))
        case PerUnit() if str(amount.subject) in number_subjects(vocabulary):
            most = "" if amount.most is None else str(amount.most)
            return AmountBox(
                "per_unit", subject=str(amount.subject), points=str(amount.points), per=str(amount.per),
                rounding=amount.rounding, rounds=amount.rounds, most=most,
            )  # fmt: skip
        case TableAmount(table=table, key=key) if table in vocabulary.tables and str(key) in word_subjects(vocabulary):
            return AmountBox("table", table=table, key=str(key))
        case DecisionTable():
            rows = [
                RowBox(condition_box(row.condition, f"row-{number}", vocabulary), str(row.amount))
                for number, row in enumerate(amount.rows)
            ]
            return AmountBox("decision", policy=amount.policy, otherwise=str(amount.otherwise), rows=rows)
        case _:
            return AmountBox(BY_HAND)


def number_subjects(vocabulary: Vocabulary) -> list[str]:
    return [str(each.subject) for each in vocabulary.subjects() if each.type == "int"]


def word_subjects(vocabulary: Vocabulary) -> list[str]:
    return [str(each.subject) for each in vocabulary.subjects() if each.type == "word"]


def posted_condition(data: QueryDict, prefix: str) -> ConditionBox:
    box = ConditionBox(prefix, data.get(f"{prefix}-joined", "all"))
    for number in range(CLAUSES_MAX):
        name = f"{prefix}-{number}"
        if f"{name}-subject" in data:
            box.clauses.append(
                ClauseBox(
                    data.get(f"{name}-subject", BY_HAND), data.get(f"{name}-comparison", ""),
                    data.getlist(f"{name}-value"), data.get(f"{name}-text", ""),
                )
            )  # fmt: skip
    return box


def posted_amount(data: QueryDict) -> AmountBox:
    box = AmountBox()
    for name in _AMOUNT_BOXES:
        setattr(box, name, data.get(f"amount-{name}", getattr(box, name)))
    box.shape = box.shape if box.shape in SHAPES else "fixed"
    for number in range(ROWS_MAX):
        if f"row-{number}-pays" in data:
            box.rows.append(RowBox(posted_condition(data, f"row-{number}"), data.get(f"row-{number}-pays", "")))
    return box


def numbered(box: AmountBox) -> None:
    """Give the rows their names anew after one was added, taken out or moved."""
    for number, row in enumerate(box.rows):
        row.condition.prefix = f"row-{number}"


def new_row() -> RowBox:
    return RowBox(ConditionBox("row", clauses=[ClauseBox("")]))


def changed_boxes(act: str, conditions: Callable[[str], ConditionBox | None], amount: AmountBox | None) -> bool:
    """Do what a button asks of the boxes: add or take out a clause or a row, or move a row. Whether it was one."""
    verb, _, rest = act.partition(":")
    prefix, _, place = rest.partition(":")
    box = conditions(prefix)
    if verb == "add-clause" and box is not None and len(box.clauses) < CLAUSES_MAX:
        box.clauses.append(ClauseBox(""))
    elif verb == "drop-clause" and box is not None and place.isdigit() and int(place) < len(box.clauses):
        del box.clauses[int(place)]
    elif amount is not None and verb == "add-row" and len(amount.rows) < ROWS_MAX:
        amount.rows.append(new_row())
    elif amount is not None and verb in ("drop-row", "up-row") and rest.isdigit() and int(rest) < len(amount.rows):
        row = amount.rows.pop(int(rest))
        if verb == "up-row":
            amount.rows.insert(max(int(rest) - 1, 0), row)
    else:
        return False
    if amount is not None:
        numbered(amount)
    return True
