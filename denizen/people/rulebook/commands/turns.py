"""Changes of the law happen one at a time in a city."""

from __future__ import annotations

from denizen.kit import db

PUBLISH_LOCK = 7_301
"""An advisory lock, held until the transaction ends."""


def one_at_a_time() -> None:
    """Wait until nobody else publishes, approves or speaks about a change. Needs an open transaction."""
    db.required()
    db.fetch("SELECT pg_advisory_xact_lock(%s)", (PUBLISH_LOCK,))
