"""How far an ingestion of a file has come, moved in the transaction that records what it read."""

from __future__ import annotations

from datetime import datetime

from denizen.ground.chronicle.models import Checkpoint, Source


def open_checkpoint(*, source: Source, content_hash: bytes) -> Checkpoint:
    """Where an earlier ingestion of the same content stopped; a finished one begins anew."""
    checkpoint, _ = Checkpoint.objects.get_or_create(source=source, content_hash=content_hash)
    if checkpoint.finished_at is None:
        return checkpoint
    fresh = Checkpoint(id=checkpoint.pk, source=source, content_hash=content_hash)
    fresh.save()
    return fresh


def move_checkpoint(*, checkpoint: Checkpoint, moved: dict[str, int]) -> Checkpoint | None:
    """The checkpoint behind one more chunk; None when somebody else moved or finished it meanwhile."""
    here = Checkpoint.objects.filter(id=checkpoint.pk, lines=checkpoint.lines, finished_at=None)
    if not here.update(**moved):
        return None
    return Checkpoint(id=checkpoint.pk, source=checkpoint.source, content_hash=checkpoint.content_hash, **moved)


def finish_checkpoint(*, checkpoint: Checkpoint, moment: datetime) -> None:
    """The whole file is through."""
    Checkpoint.objects.filter(id=checkpoint.pk).update(finished_at=moment)
