"""Writes ``docs/flow.md``: ``python -m tests.contracts.flow_page > docs/flow.md``.

The hops are declared here; ``test_flow.py`` holds the declaration to the source and to what the database saw written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

import django
from django.apps import apps
from django.db import models

from denizen.ground.chronicle.kinds import AREAS, FACTS, KINDS, REVERSALS, kinds_of


class Written(NamedTuple):
    """A table a hop writes. ``key``: the columns that let a row in once; ``how`` says what a repetition meets."""

    table: str
    key: tuple[str, ...]
    how: str


class Hop(NamedTuple):
    """``function``: its name in ``pipeline.py``. ``says``: what it does. A hop without tables reads."""

    word: str
    function: str
    says: str
    writes: tuple[Written, ...] = ()


BY_POSTING = "written with its posting, never alone"
HOPS = (
    Hop("release", "release_due", "pauses whose end has come are over; what they held is ready, in its order", (
        Written("chronicle_undecided", ("entry_id",), "ready is ready, however often it is said"),
        Written("rulebook_release", ("suspension_id",), "a pause ends once"),
    )),
    Hop("claim", "claim", "ready entries leave the queue, skipping those another worker holds", (
        Written("chronicle_undecided", ("entry_id",), "gone once its effects are committed"),
    )),
    Hop("know", "facts_of", "what is known of everybody the entries name"),
    Hop("lock", "lock_watched", "the wallets of all concerned, in ascending order; a new resident gets one", (
        Written("ledger_account", ("id",), "the id is arithmetic: one wallet a resident and slot"),
    )),
    Hop("wait", "take_waiting", "reversals that arrived before their original come in right behind it", (
        Written("chronicle_undecided", ("entry_id",), "gone once its effects are committed"),
    )),
    Hop("review", "keep_for_reviews", "entries like those of an open case wait until a person has decided it", (
        Written("chronicle_undecided", ("entry_id",), "released or dismissed with its case"),
        Written("risk_waitingentry", ("case_id", "entry_id"), "why an entry waited is said once"),
    )),
    Hop("undo", "undo_entries", "a reversing entry walks back what its original was granted, and frees its caps", (
        Written("growth_undoing", ("original_id",), "an original is undone once"),
        Written("growth_decision", ("entry_id",), "an entry is decided once"),
        Written("growth_capcounter", ("cap_id", "resident_id", "window", "by"), "freed by the one undoing only"),
        Written("ledger_posting", ("entry_id", "purpose_id", "effect_no"), "one effect an entry, purpose and number"),
        Written("ledger_lot", ("id",), BY_POSTING),
        Written("ledger_lotuse", ("posting_id", "ord"), BY_POSTING),
        Written("ledger_account", ("id",), BY_POSTING),
        Written("chronicle_undecided", ("entry_id",), "waits until its original is decided"),
    )),
    Hop("learn", "fold_facts", "facts become grades, plans, first orders and invitations, in order of occurring", (
        Written("identity_fact", ("entry_id",), "an entry is one fact"),
        Written("identity_gradespan", ("resident_id", "held"), "folded anew; spans never overlap"),
        Written("identity_planspan", ("id",), "folded anew from all facts"),
        Written("identity_firstorder", ("resident_id",), "folded anew; one a buyer"),
        Written("identity_invitation", ("buyer_id",), "one inviter a buyer"),
    )),
    Hop("hold", "hold", "entries of a paused rule are set aside whole, in their order", (
        Written("chronicle_undecided", ("entry_id",), "released with its pause"),
        Written("growth_holding", ("entry_id",), "why an entry waited is said once"),
    )),
    Hop("decide", "decide_entries", "the rules in force when it happened, in memory: yes or no, with the reason"),
    Hop("grant", "grant", "awards, the decision with its trace, and the use of caps", (
        Written("growth_decision", ("entry_id",), "an entry is decided once"),
        Written("growth_capcounter", ("cap_id", "resident_id", "window", "by"), "counted with the decision"),
        Written("ledger_posting", ("entry_id", "purpose_id", "effect_no"), "one effect an entry, purpose and number"),
        Written("ledger_lot", ("id",), BY_POSTING),
        Written("ledger_account", ("id",), BY_POSTING),
    )),
    Hop("rank", "recompute", "contribution by class and in total, from the journal, written only on change", (
        Written("standing_standing", ("resident_id",), "a function of the journal"),
    )),
    Hop("honour", "earn_labels", "deeds that count towards a label, and the labels they complete", (
        Written("standing_deed", ("entry_id",), "an entry is one deed"),
        Written("standing_label", ("resident_id", "code", "occurrence"), "folded anew from the deeds"),
    )),
    Hop("wake", "wake_waiting", "whoever waits for one of these entries becomes ready", (
        Written("chronicle_undecided", ("entry_id",), "ready is ready, however often it is said"),
    )),
    Hop("draw", "draw", "limited budgets are drawn on, when everything else is written and checked", (
        Written("ledger_account", ("id",), BY_POSTING),
    )),
    Hop("tell", "_tell", "open pages are pushed the change when the transaction commits"),
)  # fmt: skip

HEAD = """\
# The flow · 流程

From a recorded entry to points, contribution and standing. Generated from `tests/contracts/flow_page.py`, which tests
hold to `denizen/people/growth/pipeline.py` and to what the database saw written; do not edit this page.

One entry or ten thousand take the same hops in one transaction. Each hop can be run again: the key in the last column,
a unique index or an exclusion constraint of the database, is what makes a repetition harmless.

| hop | function | what it does | writes | once by | a repetition |
|---|---|---|---|---|---|
"""
AFTER_HOPS = """
The hops never record an entry: awards, postings and standing are answers to behaviour, not behaviour. So the graph of
reactions has no cycle, which `test_flow.py` proves over the functions the hops can reach.

## Facts and reversals

A *fact* changes grades, plans, first orders or invitations. A kind is undone by the kind beside it, which names the
original; what is taken back is read from the recorded decision, never decided again.

| area | kind | fact | undone by |
|---|---|---|---|
"""


def flow_page() -> str:
    """The whole page."""
    return HEAD + "".join(_hop_lines()) + AFTER_HOPS + "".join(_kind_lines())


def unique_keys(table: str) -> set[tuple[str, ...]]:
    """The columns of every key of a table: primary, unique, and of exclusion constraints."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    keys = {tuple(field.column for field in model._meta.pk_fields)}
    keys |= {(field.column,) for field in model._meta.local_fields if field.unique}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            keys.add(tuple(model._meta.get_field(name).column for name in constraint.fields))
        elif hasattr(constraint, "expressions") and type(constraint).__name__ == "ExclusionConstraint":
            keys.add(tuple(_columns_of(constraint.expressions)))
    return keys


def _columns_of(expressions: list[tuple[object, str]]) -> Iterator[str]:
    for expression, _ in expressions:
        flattened = getattr(expression, "flatten", None)
        names = [each.name for each in flattened() if isinstance(each, models.F)] if flattened else [str(expression)]
        yield names[0]


def _hop_lines() -> Iterator[str]:
    for hop in HOPS:
        first = f"**{hop.word}** | `{hop.function}` | {hop.says}"
        for number, written in enumerate(hop.writes or (None,)):
            cells = first if number == 0 else " | | "
            if written is None:
                yield f"| {cells} | nothing | - | - |\n"
            else:
                yield f"| {cells} | `{written.table}` | {', '.join(written.key)} | {written.how} |\n"


def _kind_lines() -> Iterator[str]:
    for area in AREAS:
        for kind in kinds_of(area):
            if kind.reverses is None:
                undone = f"`{REVERSALS[kind.code]}`" if kind.code in REVERSALS else "nothing to undo"
                fact = "fact" if kind.code in FACTS else ""
                yield f"| {kind.area.replace('_', ' ')} | `{kind.code}` | {fact} | {undone} |\n"


def kind_graph() -> dict[str, set[str]]:
    """What a kind acts upon: a reversal on its original."""
    return {code: {kind.reverses} if kind.reverses else set() for code, kind in KINDS.items()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denizen.config.settings")
    django.setup()
    sys.stdout.write(flow_page())
