"""A change said to take nothing pays nobody less: random books, random changes, random lives, decided by ``decide``."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from denizen.people.rulebook.rules import Book, State, compile_book, decide, takings

from .language_samples import SHAPES, STEADY
from .worth_samples import a_book, a_change, a_life, is_sound

LIVES_EACH = 6


@pytest.mark.partial("A-02", "A-38")
@settings(STEADY, max_examples=200)
@given(st.randoms(use_true_random=False))
def test_what_is_said_to_take_nothing_pays_nobody_less(random: Random) -> None:
    before = a_book(random)
    after = a_change(random, before)
    assume(before != after and is_sound(before) and is_sound(after))
    assume(not takings(before, after, shapes=SHAPES))

    for _ in range(LIVES_EACH):
        nobody_is_paid_less(before, after, random)


def nobody_is_paid_less(before: Book, after: Book, random: Random) -> None:
    """One life that goes on under both books, from the same state of counters and budgets."""
    old, new = compile_book(before, SHAPES), compile_book(after, SHAPES)
    life = a_life(random)
    change = random.randint(0, len(life) // 2)
    rest = {budget.code: random.randint(0, budget.amount or 0) for budget in before.budgets if budget.limited}
    shared = _shared_fairly(before, after)
    was = State(budgets=rest)
    for entry in life[:change]:
        decide(old, entry, was)
    now = State(used=dict(was.used), budgets=_budgets_now(before, after, was.budgets))
    paid_before: Counter[tuple[str, int]] = Counter()
    paid_after: Counter[tuple[str, int]] = Counter()
    for entry in life[change:]:
        for lines, sums in ((decide(old, entry, was), paid_before), (decide(new, entry, now), paid_after)):
            for line in lines:
                if line.paid:
                    sums[_account(before, line.code, line.beneficiary_id or 0, shared)] += line.paid
        for account, amount in paid_before.items():
            assert paid_after[account] >= amount, (account, entry)
    for rule in before.rules:
        kept = after.rule(rule.code)
        assert kept is not None
        assert kept.hold_days <= rule.hold_days
        assert kept.lot_days is None or (rule.lot_days is not None and kept.lot_days >= rule.lot_days)


def _account(book: Book, rule: str, person: int, shared: set[str]) -> tuple[str, int]:
    """Whose sum is looked at: a person's from a rule or from all rules that share a limit where one of them pays more,
    or a budget's where more of it is given out first come."""
    known = book.rule(rule)
    if known is not None and known.budget in shared:
        return f"budget {known.budget}", 0
    together = next((code for code in known.shared_caps if code in shared), None) if known is not None else None
    return together or rule, person


def _shared_fairly(before: Book, after: Book) -> set[str]:
    """Limited budgets with more in them, or with fewer rules that draw on them, than before."""
    eased = set()
    for old in before.budgets:
        new = next((budget for budget in after.budgets if budget.code == old.code), None)
        if not old.limited or new is None or not new.limited:
            continue
        drew = {rule.code for rule in before.rules if rule.budget == old.code}
        draws = {rule.code for rule in after.rules if rule.budget == old.code}
        if (new.amount or 0) > (old.amount or 0) or drew - draws:
            eased.add(old.code)
    return eased | _paid_together(before, after)


def _paid_together(before: Book, after: Book) -> set[str]:
    """Shared limits of which some rule asks for another amount than before."""
    return {
        code
        for old, new in ((rule, after.rule(rule.code)) for rule in before.rules)
        if new is not None and (old.amount != new.amount or before.tables != after.tables)
        for code in new.shared_caps
    }


def _budgets_now(before: Book, after: Book, rest: dict[str, int]) -> dict[str, int]:
    amounts = {budget.code: budget.amount or 0 for budget in before.budgets if budget.limited}
    return {
        budget.code: rest[budget.code] + (budget.amount or 0) - amounts[budget.code]
        if budget.code in amounts
        else budget.amount or 0
        for budget in after.budgets
        if budget.limited
    }
