"""Moments. Inside the hot path a moment is an integer: microseconds since 2000-01-01 UTC, PostgreSQL's own epoch.

So a moment travels in binary COPY without conversion, compares exactly and never touches a float.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
DAY = 86_400 * SECOND
MOMENT_MIN = datetime(1970, 1, 1, tzinfo=UTC)
MOMENT_MAX = datetime(2200, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The only reading of the wall clock; entrances call it and pass the moment down."""
    return datetime.now(tz=UTC)


def to_micros(moment: datetime) -> int:
    """An aware datetime as microseconds since 2000-01-01 UTC; naive datetimes are refused."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def from_micros(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)
