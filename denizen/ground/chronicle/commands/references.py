"""How a source calls residents, and whom it means."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from denizen.ground.chronicle.models import Source
from denizen.kit import db
from denizen.kit.ids import uuid7


def resolve_references(*, source: Source, refs: Iterable[str], create: bool, now: datetime) -> dict[str, int]:
    """The resident's key for each reference of the source; unknown ones are left out, or created with ``create``.

    One query where all are known, three where some are created. Safe against others creating the same references:
    the unique key (source, reference) decides, and references are claimed in sorted order, so nobody deadlocks.
    Needs an open transaction.
    """
    db.required()
    wanted = sorted(set(refs))
    known = _known(source, wanted)
    missing = [ref for ref in wanted if ref not in known]
    if missing and create:
        known |= _created(source, missing, now)
    return known


def introduce(*, source: Source, references: Iterable[str]) -> int:
    """Let the source call residents by their public ids, where it does not know these references; how many were new.

    Needs an open transaction.
    """
    db.required()
    wanted = sorted(set(references))
    known = _known(source, wanted)
    ids = [str(found) for ref in wanted if ref not in known and (found := _public_id(ref)) is not None]
    if not ids:
        return 0
    return db.execute(
        "INSERT INTO chronicle_externalreference (source_id, reference, resident_id)"
        " SELECT %s, public_id::text, id FROM chronicle_resident WHERE public_id = ANY(%s::uuid[]) ORDER BY public_id"
        " ON CONFLICT (source_id, reference) DO NOTHING",
        (source.id, ids),
    )


def _public_id(reference: str) -> UUID | None:
    """The reference as a public id in its usual writing; None for any other text."""
    try:
        found = UUID(reference)
    except ValueError:
        return None
    return found if str(found) == reference else None


def _known(source: Source, refs: list[str]) -> dict[str, int]:
    if not refs:
        return {}
    return dict(
        db.fetch(
            "SELECT reference, resident_id FROM chronicle_externalreference"
            " WHERE source_id = %s AND reference = ANY(%s)",
            (source.id, refs),
        )
    )


def _created(source: Source, refs: list[str], now: datetime) -> dict[str, int]:
    """Claim references first and create residents only for those we won; the foreign key is checked at commit."""
    ids = db.take_ids("chronicle_resident_id_seq", len(refs))
    won = dict(
        db.fetch(
            "INSERT INTO chronicle_externalreference (source_id, reference, resident_id)"
            " SELECT %s, r, i FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS t(r, i, n) ORDER BY n"
            " ON CONFLICT (source_id, reference) DO NOTHING RETURNING reference, resident_id",
            (source.id, refs, ids),
        )
    )
    db.execute(
        "INSERT INTO chronicle_resident (id, public_id, created_at)"
        " SELECT i, p, %s FROM unnest(%s::bigint[], %s::uuid[]) AS t(i, p)",
        (now, list(won.values()), [uuid7() for _ in won]),
    )
    lost = [ref for ref in refs if ref not in won]
    return won | _known(source, lost)
