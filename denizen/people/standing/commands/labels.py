"""Labels earned by deeds: counted when an entry is decided, withdrawn when its ground is undone (D-17).

Deeds are kept as they were handed over, so what waits for review or was dismissed never counts. A label is folded from
them in order of occurring: a late service moves ground and date to where they would have been, a withdrawn one moves
them on, and any order of arrival ends in the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from denizen.ground.chronicle.queries import entries_by_key
from denizen.kit import db
from denizen.kit.clock import from_micros
from denizen.people.standing.constants import LABEL_RULES
from denizen.people.standing.models import Deed, Label
from denizen.people.standing.queries.labels import LabelKey, labels_due, labels_stored
from denizen.people.standing.rules import LabelSpan

SUBJECT_BY_KIND = {rule.kind: rule.subject for rule in LABEL_RULES}
UNDOINGS = frozenset(rule.undone_by for rule in LABEL_RULES)


class DecidedEntry(Protocol):
    """What is read of an entry; ``occurred_at`` in microseconds (``kit.clock``)."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def resident(self) -> int: ...
    @property
    def source(self) -> int: ...
    @property
    def occurred_at(self) -> int: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...


def earn_labels(*, entries: Iterable[DecidedEntry], moment: datetime) -> int:
    """Count the deeds among decided ``entries`` and bring labels up to date; how many label rows changed.

    ``moment``: when they were decided. No query when no entry is of a kind that a label counts. The caller holds the
    residents' wallets locked. Needs an open transaction. Repeating is harmless: a deed is keyed by its entry.
    """
    db.required()
    deeds, undoings = [], []
    for entry in entries:
        if entry.kind in SUBJECT_BY_KIND:
            deeds.append(entry)
        elif entry.kind in UNDOINGS:
            undoings.append(entry)
    residents = {entry.resident for entry in deeds}
    if deeds:
        _keep(deeds, moment)
    if undoings:
        residents |= _undo(undoings)
    return _write_changes(residents) if residents else 0


def _keep(entries: list[DecidedEntry], moment: datetime) -> None:
    Deed.objects.bulk_create(
        [
            Deed(
                entry_id=entry.id,
                resident_id=entry.resident,
                kind=entry.kind,
                subject=entry.payload[SUBJECT_BY_KIND[entry.kind]],
                occurred_at=from_micros(entry.occurred_at),
                recorded_at=moment,
            )
            for entry in entries
        ],
        ignore_conflicts=True,
    )


def _undo(entries: list[DecidedEntry]) -> set[int]:
    """Mark the deeds that ``entries`` undo; their residents. The pipeline decides an original before its undoing."""
    asked = [(entry.source, entry.payload["original"]) for entry in entries]
    originals = entries_by_key(asked)
    undone = [
        (originals[key].id, entry.occurred_at) for key, entry in zip(asked, entries, strict=True) if key in originals
    ]
    # Of two undoings the earlier counts, and none before the deed: so their order of arrival does not matter.
    rows = db.fetch(
        "UPDATE standing_deed AS deed SET undone_at = greatest(deed.occurred_at, least(deed.undone_at, told.moment))"
        " FROM (SELECT entry, '2000-01-01 00:00:00+00'::timestamptz + min(micros) * interval '1 microsecond' AS moment"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS t(entry, micros) GROUP BY entry) AS told"
        " WHERE deed.entry_id = told.entry RETURNING deed.resident_id",
        ([entry for entry, _ in undone], [micros for _, micros in undone]),
    )
    return {resident for (resident,) in rows}


def _write_changes(residents: set[int]) -> int:
    due, stored = labels_due(residents), labels_stored(residents)
    gone = [key for key in stored if key not in due]
    fresh = {key: span for key, span in due.items() if stored.get(key) != span}
    if gone:
        db.execute(
            "DELETE FROM standing_label USING unnest(%s::bigint[], %s::text[], %s::text[]) AS gone(r, c, o)"
            " WHERE (resident_id, code, occurrence) = (r, c, o)",
            [list(column) for column in zip(*gone, strict=True)],
        )
    if fresh:
        Label.objects.bulk_create(
            [_label(key, span) for key, span in fresh.items()],
            update_conflicts=True,
            unique_fields=["resident", "code", "occurrence"],
            update_fields=["entry", "earned_at", "withdrawn_at"],
        )
    return len(gone) + len(fresh)


def _label(key: LabelKey, span: LabelSpan) -> Label:
    resident, code, occurrence = key
    return Label(
        resident_id=resident,
        code=code,
        occurrence=occurrence,
        entry_id=span.entry,
        earned_at=span.earned_at,
        withdrawn_at=span.withdrawn_at,
    )
