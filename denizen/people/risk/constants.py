"""Numbers and names of risk. Every number is assumed, until a city has measured its own."""

from __future__ import annotations

from enum import StrEnum


class SignalCode(StrEnum):
    """The patterns that are looked for."""

    BURST = "burst"
    REGULARITY = "regularity"
    RING = "ring"
    SHARED_DEVICE = "shared_device"
    SELF_INVITATION = "self_invitation"
    MUTUAL_INVITATION = "mutual_invitation"
    HOLLOW_INVITATIONS = "hollow_invitations"


class TraceCode(StrEnum):
    """What an entry may carry that two accounts of one person would share; salted hashes only."""

    DEVICE = "device"
    PAYMENT = "payment"
    ACCOUNT = "account"


CASE_DAYS = 30
"""Assumed: a case nobody decides for so long releases itself."""

STATEMENTS_MAX = 5
"""How often one resident may add to a case."""

STATEMENT_LENGTH_MAX = 2_000
REASON_LENGTH_MIN = 10

LATE_ROWS_SECONDS = 3_600
"""No transaction that records entries lasts longer, so a sweep looks again at what was recorded since then."""
