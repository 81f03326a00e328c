"""Factories of the ledger for tests: residents, entries, awards on given days. Moments count days from ``DAY_0``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.apps import apps

from denizen.ground.ledger.commands import Award, award, purpose_ids
from denizen.ground.ledger.constants import CLASS_SLOT, CONTRIBUTION_MINT, POINTS_MINT, Slot
from denizen.kit.clock import to_micros

DAY_0 = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    """The moment so many days after ``DAY_0``."""
    return DAY_0 + timedelta(days=number)


def a_resident() -> int:
    return apps.get_model("chronicle", "Resident").objects.create(created_at=DAY_0).pk


def an_entry(resident: int, moment: datetime = DAY_0) -> int:
    """A recorded behaviour of no particular meaning, for postings to name."""
    source, _ = apps.get_model("chronicle", "Source").objects.get_or_create(code="ledger test")
    kinds = apps.get_model("chronicle", "KindCode").objects
    kind = kinds.order_by("id").first() or kinds.create(id=1, code="test")
    entries = apps.get_model("chronicle", "Entry").objects
    return entries.create(
        kind=kind,
        kind_version=1,
        resident_id=resident,
        source=source,
        occurred_at=moment,
        recorded_at=moment,
        payload={},
    ).pk


def earn(
    resident: int,
    amount: int,
    *,
    moment: datetime = DAY_0,
    expires_at: datetime | None = None,
    spendable_from: datetime | None = None,
    priority: int = 0,
    budget: int = POINTS_MINT,
    recorded_at: datetime | None = None,
) -> int:
    """Award points; the posting's id."""
    purpose = purpose_ids(["award:test"])["award:test"]
    row = Award(
        resident=resident,
        slot=Slot.WALLET,
        amount=amount,
        budget=budget,
        purpose=purpose,
        entry=an_entry(resident, moment),
        effect_no=0,
        effective_at=to_micros(moment),
        expires_at=None if expires_at is None else to_micros(expires_at),
        priority=priority,
        spendable_from=None if spendable_from is None else to_micros(spendable_from),
    )
    return award(awards=[row], recorded_at=to_micros(recorded_at or moment))[0]


def earn_contribution(
    resident: int, amount: int, contribution_class: str = "interaction", *, moment: datetime = DAY_0
) -> int:
    """Award contribution (n); the posting's id."""
    purpose = purpose_ids(["award:test"])["award:test"]
    row = Award(
        resident=resident,
        slot=CLASS_SLOT[contribution_class],
        amount=amount,
        budget=CONTRIBUTION_MINT,
        purpose=purpose,
        entry=an_entry(resident, moment),
        effect_no=0,
        effective_at=to_micros(moment),
    )
    return award(awards=[row], recorded_at=to_micros(moment))[0]
