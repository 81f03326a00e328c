"""Ingesting a file: chunk by chunk, each with its effects in one transaction, and resumable at every chunk."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from denizen.ground.chronicle import commands
from denizen.ground.chronicle.commands import Answer, Fresh
from denizen.ground.chronicle.models import Checkpoint, Source
from denizen.ground.chronicle.schemas import Verdict, check_parts
from denizen.kit import db
from denizen.kit.batches import without_collector
from denizen.kit.clock import to_micros
from denizen.kit.explained import Explained

from .conversion import RawEntry, Rejection
from .entries import CHUNK_ENTRIES, Numbered, read_entries
from .mapping import FileMapping

Advance = Callable[[Sequence[Fresh], datetime], object]
"""What decides fresh entries in the transaction that recorded them: the pipeline, passed in from above."""


class UnableToIngest(Explained):
    sentences = {
        "no_file": {"en": "There is no file {path}.", "zh": "没有文件 {path}。"},
        "rejected_not_written": {
            "en": "Rejected lines cannot be written to {path} ({reason}); nothing of this chunk was kept.",
            "zh": "被拒绝的行无法写入 {path}（{reason}）；本批内容未保存。",
        },
        "at_work_elsewhere": {
            "en": "Another ingestion of this file is at work; nothing of this chunk was kept.",
            "zh": "该文件正由另一个导入进程处理；本批内容未保存。",
        },
    }


@dataclass(frozen=True, slots=True)
class Report:
    """How an ingestion stands, or ended. ``resumed_behind``: the line an interrupted ingestion had come to.

    The counts are those of the file, also of what was done before an interruption; ``seconds`` and
    ``entries_per_second`` are those of this run. ``late`` entries are accepted ones that wait for review.
    """

    lines: int
    accepted: int
    existing: int
    conflicting: int
    rejected: int
    late: int
    resumed_behind: int
    seconds: float
    entries_per_second: float
    peak_memory_mb: int
    rejected_path: Path | None


def ingest_file(
    *,
    path: Path | str,
    mapping: FileMapping,
    advance: Advance,
    clock: Callable[[], datetime],
    progress: Callable[[Report], None] | None = None,
    rejected_path: Path | str | None = None,
    chunk_entries: int = CHUNK_ENTRIES,
) -> Report:
    """Record every entry of a file and have it advanced, in the order of the lines.

    Per chunk one transaction resolves residents, records, calls ``advance`` with the fresh entries that are not late,
    and moves the checkpoint; interrupted at any point, the same call goes on behind the last chunk. A finished
    ingestion repeated answers *exists* for every entry. Rejected and conflicting lines go to ``rejected_path`` (default
    ``<file>.rejected.jsonl``), in a folder to a file of this content; without any there is no file. Must not run inside
    a transaction.
    """
    path = Path(path)
    if not path.is_file():
        raise UnableToIngest("no_file", path=path)
    source = commands.declare_source(code=mapping.source, lateness_seconds_max=mapping.lateness_seconds_max)
    checkpoint = _checkpoint(source, path, mapping)
    run = _Run(
        mapping=mapping,
        source=source,
        checkpoint=checkpoint,
        advance=advance,
        rejected_path=_rejected_path(path, checkpoint, Path(rejected_path) if rejected_path else None),
    )
    for chunk in read_entries(path, mapping, chunk_entries):
        pending = [each for each in chunk if each[0] > run.checkpoint.lines]
        if pending:
            with without_collector():
                run.take(pending, clock())
            if progress:
                progress(run.report())
    run.finish(clock())
    return run.report()


def _checkpoint(source: Source, path: Path, mapping: FileMapping) -> Checkpoint:
    """Where an earlier ingestion of the same bytes by the same mapping stopped; a finished one begins anew."""
    digest = sha256(mapping.digest)
    with path.open("rb") as file:
        while block := file.read(1_048_576):
            digest.update(block)
    return commands.open_checkpoint(source=source, content_hash=digest.digest())


def _rejected_path(path: Path, checkpoint: Checkpoint, named: Path | None) -> Path:
    """A file, or the file of this content in a folder: an interrupted ingestion finds it again, others leave it."""
    if named is None:
        return path.with_name(path.name + ".rejected.jsonl")
    if named.is_dir():
        return named / f"{path.name}.{bytes(checkpoint.content_hash).hex()[:8]}.rejected.jsonl"
    return named


class _Run:
    """One run over a file: what it needs for every chunk, and the checkpoint it moves."""

    def __init__(
        self, *, mapping: FileMapping, source: Source, checkpoint: Checkpoint, advance: Advance, rejected_path: Path
    ) -> None:
        self.mapping = mapping
        self.source = source
        self.checkpoint = checkpoint
        self.advance = advance
        self.rejected_path = rejected_path
        self.resumed_behind = checkpoint.lines
        self.counted_before = checkpoint.accepted + checkpoint.existing + checkpoint.conflicting + checkpoint.rejected
        self.started = time.perf_counter()

    def take(self, chunk: list[Numbered], now: datetime) -> None:
        """Record and advance a chunk. Rejections are on disk before the commit that says how many bytes they are."""
        micros = to_micros(now)
        verdicts = [_verdict(each, micros) for _, each in chunk]

        def once() -> Checkpoint:
            with db.opening():
                self.source.refresh_from_db()
                answers = commands.record_checked(
                    source=self.source,
                    verdicts=verdicts,
                    create_residents=self.mapping.create_residents,
                    now=now,
                    queue=False,
                )
                fresh = [answer.fresh for answer in answers if answer.fresh is not None and not answer.late]
                if fresh:
                    self.advance(fresh, now)
                return self._moved(answers, chunk[-1][0], self._write_rejected(_told(chunk, answers)))

        self.checkpoint = db.retrying(once)

    def _write_rejected(self, told: list[bytes]) -> int:
        """Write behind what the last checkpoint knows of, so that a repeated chunk is told once; the new length."""
        known = self.checkpoint.rejected_bytes
        if not told and not self.rejected_path.exists():
            return known
        try:
            descriptor = os.open(self.rejected_path, os.O_WRONLY | os.O_CREAT, 0o600)  # it quotes what people did
            with os.fdopen(descriptor, "wb") as file:
                file.seek(min(known, os.fstat(descriptor).st_size))
                file.truncate()
                file.write(b"".join(told))
                return file.tell()
        except OSError as refusal:
            reason = refusal.strerror or refusal
            raise UnableToIngest("rejected_not_written", path=self.rejected_path, reason=reason) from refusal

    def _moved(self, answers: Sequence[Answer], line: int, rejected_bytes: int) -> Checkpoint:
        """The checkpoint behind this chunk; refused when somebody else moved it meanwhile."""
        old = self.checkpoint
        status = [answer.status for answer in answers]
        moved = {
            "lines": line,
            "accepted": old.accepted + status.count("accepted"),
            "existing": old.existing + status.count("exists"),
            "conflicting": old.conflicting + status.count("conflict"),
            "rejected": old.rejected + status.count("invalid"),
            "late": old.late + sum(answer.late for answer in answers),
            "rejected_bytes": rejected_bytes,
        }
        checkpoint = commands.move_checkpoint(checkpoint=old, moved=moved)
        if checkpoint is None:
            raise UnableToIngest("at_work_elsewhere")
        return checkpoint

    def finish(self, now: datetime) -> None:
        commands.finish_checkpoint(checkpoint=self.checkpoint, moment=now)
        if not self.checkpoint.rejected_bytes:
            self.rejected_path.unlink(missing_ok=True)

    def report(self) -> Report:
        at = self.checkpoint
        counted = at.accepted + at.existing + at.conflicting + at.rejected
        seconds = time.perf_counter() - self.started
        return Report(
            lines=counted,
            accepted=at.accepted,
            existing=at.existing,
            conflicting=at.conflicting,
            rejected=at.rejected,
            late=at.late,
            resumed_behind=self.resumed_behind,
            seconds=seconds,
            entries_per_second=(counted - self.counted_before) / seconds if seconds else 0.0,
            peak_memory_mb=_peak_memory_mb(),
            rejected_path=self.rejected_path if at.rejected_bytes else None,
        )


def _verdict(read: RawEntry | Rejection, now: int) -> Verdict:
    if isinstance(read, Rejection):
        return Verdict(None, read.problems)
    return check_parts(
        kind=read.kind,
        resident=read.resident,
        occurred_at=read.occurred_at,
        external_id=read.external_id,
        payload=read.payload,
        now=now,
    )


def _told(chunk: Sequence[Numbered], answers: Sequence[Answer]) -> list[bytes]:
    """A line of JSON for each line of the file that was rejected or conflicts."""
    told = []
    for (line, read), answer in zip(chunk, answers, strict=True):
        if answer.status not in ("invalid", "conflict"):
            continue
        reasons = [{"field": each.field, "code": each.code, "message": each.message()} for each in answer.problems]
        reasons += [{"field": name, "code": "conflict", "message": "differs from entry"} for name in answer.differs]
        body = {"line": line, "status": answer.status, "reasons": reasons, "content": read.content}
        if answer.entry_id is not None:
            body["entry"] = str(answer.entry_id)
        told.append(json.dumps(body).encode() + b"\n")
    return told


def _peak_memory_mb() -> int:
    """The largest resident set of this process; Linux counts kibibytes, macOS bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1_048_576 if sys.platform == "darwin" else 1_024)
