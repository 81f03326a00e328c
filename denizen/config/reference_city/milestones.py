"""How far the building of the reference city has come, on record, so that it goes on where it was interrupted."""

from __future__ import annotations

from typing import Any

from denizen.ground.identity.models import StaffAct

BEGUN, PEOPLED, COMPLETE = "reference_city.begun", "reference_city.peopled", "reference_city.complete"


def milestone(act: str) -> dict[str, Any] | None:
    found = StaffAct.objects.filter(act=act, subject_kind="reference_city").first()
    return found.details if found else None


def is_underway() -> bool:
    """Whether a reference city is living through its past just now; it seals its own days."""
    return milestone(BEGUN) is not None and milestone(COMPLETE) is None
