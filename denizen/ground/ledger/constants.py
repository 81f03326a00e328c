"""Numbers of the ledger: assets, slots of a resident's accounts, system accounts, codes of postings."""

from __future__ import annotations

from enum import IntEnum

from denizen.ground.chronicle.constants import RESIDENT_ID_MIN

SLOTS = 8
RESIDENT_ACCOUNT_MIN = RESIDENT_ID_MIN * SLOTS
CONTRIBUTION_SYSTEM_MIN = 4_000
AMOUNT_MAX = 10**15


class Asset(IntEnum):
    POINTS = 1
    CONTRIBUTION = 2


class Slot(IntEnum):
    """A resident's accounts: ``account id = resident id * 8 + slot``. Slots 0 and 1 are points, 2 to 5 contribution."""

    WALLET = 0
    DEBT = 1
    INTERACTION = 2
    DEVELOPMENT = 3
    EFFICIENCY = 4
    SPECIAL = 5


class Role(IntEnum):
    """What a system account is for. Only a limited budget keeps a stored balance; the others are derived by summing."""

    RESIDENT = 0
    MINT = 1
    BUDGET = 2
    LIMITED_BUDGET = 3
    REDEEMED = 4
    EXPIRED = 5


class Code(IntEnum):
    """Why a posting moved what it moved. The allowed routes stand in ``models.Posting.Meta.constraints``."""

    FUND = 1  # mint -> limited budget
    AWARD = 2  # budget -> wallet or standing, by a rule
    GOODWILL = 3  # budget -> wallet, by authorised staff with a human reason
    SPEND = 4  # wallet -> redeemed
    TRANSFER = 5  # wallet -> wallet
    EXPIRE = 6  # wallet -> expired
    REVERSE = 7  # back along a recorded posting
    CLAW_BACK = 8  # debt -> budget: the part of a reversal the wallet could not give
    REPAY = 9  # wallet -> debt
    CORRECTION = 10  # by two persons
    REFUND = 11  # redeemed -> wallet: back along a recorded spend


CLASS_SLOT = {
    "interaction": Slot.INTERACTION,
    "development": Slot.DEVELOPMENT,
    "efficiency": Slot.EFFICIENCY,
    "special": Slot.SPECIAL,
}
SLOT_CLASS = {slot: name for name, slot in CLASS_SLOT.items()}

POINTS_MINT, POINTS_REDEEMED, POINTS_EXPIRED = 1, 2, 3
CONTRIBUTION_MINT = CONTRIBUTION_SYSTEM_MIN + 1
POINTS_BUDGET_MIN = 10
CONTRIBUTION_BUDGET_MIN = CONTRIBUTION_SYSTEM_MIN + 10

UNDOINGS = (Code.REVERSE, Code.CLAW_BACK, Code.REFUND)
PURPOSE_EXPIRY = "expiry"
PURPOSE_REPAYMENT = "repayment"
PURPOSE_QUARANTINE = "quarantine"
"""Of holds on points a review keeps apart, and of the postings that walk back what it voids."""

GRACE_DAYS = 30
"""Assumed: how long points live that come back after their day (a voided hold, a refund)."""

REASON_LENGTH_MIN = 10
"""Assumed: a human reason shorter than this says nothing."""

ALONE_MAX = 1_000
"""Assumed: up to this many points (or n) in all, one person corrects or grants in bulk alone."""

EXPIRING_SOON_DAYS = 90
"""Assumed: how far ahead a resident is shown what expires."""


def wallet(resident_id: int) -> int:
    return resident_id * SLOTS


def debt(resident_id: int) -> int:
    return resident_id * SLOTS + Slot.DEBT


def standing(resident_id: int, contribution_class: str) -> int:
    return resident_id * SLOTS + CLASS_SLOT[contribution_class]


def owner(account_id: int) -> int:
    """The resident a resident's account belongs to."""
    return account_id // SLOTS


def account_code(code: str, asset: Asset) -> str:
    """The lasting name of a budget's account."""
    return f"{asset.name.lower()}:{code}"
