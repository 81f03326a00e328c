"""Conditions and amounts as forms that people fill in, and back: the same tree, no node of its own. Pure.

``condition_of`` and ``amount_of`` read a tree into a form; ``condition_tree`` and ``amount_tree`` write it back. What a
form cannot hold stays in it as ``Written``, so nothing is ever lost: ``condition_tree(condition_of(t)) == t`` and
``amount_tree(amount_of(t)) == t`` for every tree. ``findings_of`` looks for rows of a decision table that overlap, that
are never reached, and for cases no row covers, each with an example. ``spoken_condition`` and ``spoken_amount`` say a
form in both languages.
"""

from .amounts import (
    POLICIES,
    ROUNDS,
    Amount,
    DecisionTable,
    Fixed,
    PerUnit,
    Policy,
    Row,
    TableAmount,
    amount_of,
    amount_tree,
)
from .conditions import (
    BOOL_COMPARISONS,
    INT_COMPARISONS,
    LEVEL_COMPARISONS,
    LIST_COMPARISONS,
    PLAIN_COMPARISONS,
    TABLE_COMPARISONS,
    WORD_COMPARISONS,
    Clause,
    Comparison,
    Condition,
    Written,
    condition_of,
    condition_tree,
)
from .findings import Finding, findings_of
from .subjects import WEEKDAY, Described, Subject, Vocabulary
from .titles import titled
from .words import spoken_amount, spoken_comparison, spoken_condition, spoken_finding, spoken_subject, spoken_value

__all__ = [
    "BOOL_COMPARISONS",
    "INT_COMPARISONS",
    "LEVEL_COMPARISONS",
    "LIST_COMPARISONS",
    "PLAIN_COMPARISONS",
    "POLICIES",
    "ROUNDS",
    "TABLE_COMPARISONS",
    "WEEKDAY",
    "WORD_COMPARISONS",
    "Amount",
    "Clause",
    "Comparison",
    "Condition",
    "DecisionTable",
    "Described",
    "Finding",
    "Fixed",
    "PerUnit",
    "Policy",
    "Row",
    "Subject",
    "TableAmount",
    "Vocabulary",
    "Written",
    "amount_of",
    "amount_tree",
    "condition_of",
    "condition_tree",
    "findings_of",
    "spoken_amount",
    "spoken_comparison",
    "spoken_condition",
    "spoken_finding",
    "spoken_subject",
    "spoken_value",
    "titled",
]
