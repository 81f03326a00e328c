"""What ``postmaster.pid`` claims, and whether it is true: a number alone may be dead, a zombie, or somebody else."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PID_LINE, SOCKET_LINE = 0, 4
PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The claim of the file. ``socket_folder`` is None until the server has opened its socket."""

    pid: int
    socket_folder: Path | None


def claimed_postmaster(data: Path) -> Postmaster | None:
    """The claim of ``postmaster.pid``; None when there is no file or no sense in it (a server cut short)."""
    return _claim(data / "postmaster.pid")


def works_in(pid: int, data: Path) -> bool:
    """Whether the process lives and is a server of this data: every process of PostgreSQL stands in its data folder.

    A zombie stands nowhere, and whoever was given the number later stands elsewhere.
    """
    if PROCESSES.joinpath("self").exists():
        try:
            return os.path.samefile(PROCESSES / str(pid) / "cwd", data)
        except OSError:
            return False
    answer = subprocess.run(
        ["ps", "-ww", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    words = answer.stdout.strip()
    return bool(words) and not words.startswith("Z") and str(data) in words


def discard_false_claims(data: Path, socket_lock: Path) -> None:
    """Remove a ``postmaster.pid``, and the like file beside the socket, whose process is not a server of this data.

    Only for a caller who knows that no process of the server lives. PostgreSQL believes any number that exists, so a
    zombie that nobody reaps, or a stranger with the number, would keep it from starting for good. Its own check of
    shared memory, which needs no file, still stands behind this one.
    """
    for file in (data / "postmaster.pid", socket_lock):
        claim = _claim(file)
        if claim is None or not works_in(claim.pid, data):
            file.unlink(missing_ok=True)


def _claim(file: Path) -> Postmaster | None:
    try:
        lines = file.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        pid = abs(int(lines[PID_LINE]))
    except (FileNotFoundError, IndexError, ValueError):
        return None
    socket = lines[SOCKET_LINE].strip() if len(lines) > SOCKET_LINE else ""
    return Postmaster(pid, Path(socket) if socket else None)
