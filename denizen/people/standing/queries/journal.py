"""What the ledger's journal says about contribution, as set-based SQL over postings.

Kept in one place because the stored standing, its rebuilding, its proof and the yearly list must all read the journal
in exactly the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from denizen.ground.ledger.constants import RESIDENT_ACCOUNT_MIN, SLOTS, Slot
from denizen.kit import db

CLASS_SLOTS = (Slot.INTERACTION, Slot.DEVELOPMENT, Slot.EFFICIENCY, Slot.SPECIAL)
NOTHING = (0, 0, 0, 0)


def _side(column: str, sign: str) -> str:
    return (
        f"SELECT id AS posting, {column} AS account, {sign}amount AS amount, effective_at FROM ledger_posting"
        f" WHERE {column} >= {RESIDENT_ACCOUNT_MIN}"
        f" AND {column} %% {SLOTS} BETWEEN {CLASS_SLOTS[0].value} AND {CLASS_SLOTS[-1].value}"
    )


MOVES = f"({_side('credit_id', '')} UNION ALL {_side('debit_id', '-')})"
"""Every movement of contribution: posting, account, signed amount, effective_at."""

REBUILT = (
    f"SELECT account / {SLOTS} AS resident_id, "
    + ", ".join(
        f"coalesce(sum(amount) FILTER (WHERE account %% {SLOTS} = {slot.value}), 0)::bigint AS {slot.name.lower()}"
        for slot in CLASS_SLOTS
    )
    + f", sum(amount)::bigint AS total, max(effective_at) AS reached_at FROM {MOVES} AS moves GROUP BY 1"
)
"""Standing as the journal tells it, one row per resident who ever received contribution."""


def contribution_balances(residents: Sequence[int]) -> Mapping[int, tuple[int, int, int, int]]:
    """Stored contribution of ``residents`` in n: (interaction, development, efficiency, special).

    Residents who never received any are absent. One query.
    """
    accounts = [resident * SLOTS + slot for resident in residents for slot in CLASS_SLOTS]
    balances = dict(db.fetch("SELECT id, balance FROM ledger_account WHERE id = ANY(%s) AND balance <> 0", (accounts,)))
    found = {account // SLOTS for account in balances}
    return {
        resident: tuple(balances.get(resident * SLOTS + slot, 0) for slot in CLASS_SLOTS)  # type: ignore[misc]
        for resident in found
    }
