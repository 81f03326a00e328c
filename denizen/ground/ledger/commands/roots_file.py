"""The roots of days outside the database: an append-only file that anybody may keep a copy of."""

from __future__ import annotations

import fcntl
import os
from io import BufferedRandom
from pathlib import Path

from denizen.ground.ledger.queries.seals import closed_days, roots_text
from denizen.kit import db

NAME = "roots.txt"


class UnableToPublishRoots(RuntimeError):
    """The file says something that the database does not: it is left as it is. ``line`` names the first such line."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            f"{path} and the database tell different histories from line {line} on: compare them with"
            f" `denizen verify --roots {path}`; nothing was written"
        )
        self.path, self.line = path, line


def publish_roots(*, folder: Path) -> int:
    """Append the closed days that the file in ``folder`` lacks, and see them on the disk; how many.

    What a crash left unfinished at the end is written anew. Safe to repeat, and to run twice at once. Raises
    UnableToPublishRoots where the file knows more or something else, as after an older backup was restored.
    """
    db.outside()
    path = folder / NAME
    existed = path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        days = closed_days()
        lines = roots_text(days).encode().splitlines(keepends=True)
        written = _whole_lines(file)
        for number, line in enumerate(written, start=1):
            if number > len(lines) or line != lines[number - 1]:
                raise UnableToPublishRoots(path, number)
        fresh = lines[len(written) :]
        file.seek(sum(map(len, written)))
        file.truncate()
        file.write(b"".join(fresh))
        file.flush()
        os.fsync(file.fileno())
        _adopt(file.fileno(), folder)
    if not existed:
        _see_name_on_disk(folder)
    return sum(1 for line in fresh if not line.startswith(b"#"))


def _whole_lines(file: BufferedRandom) -> list[bytes]:
    lines = file.read().splitlines(keepends=True)
    return lines if not lines or lines[-1].endswith(b"\n") else lines[:-1]


def _adopt(descriptor: int, folder: Path) -> None:
    """A city that root runs belongs to the owner of its home."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _see_name_on_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
