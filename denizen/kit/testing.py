"""For tests only: a throwaway PostgreSQL, up in half a second, without a promise to keep anything."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from denizen.kit.embedded import Address, Embedded, Settings
from denizen.kit.home import Home

THROWAWAY = Settings(durable=False, shared_buffers_mb=16)
MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 2 * 1024**3


@contextmanager
def temporary_server(path: Path | None = None, *, settings: Settings = THROWAWAY) -> Iterator[Address]:
    """A server for the length of the block. ``path`` becomes its home and stays; without it, a folder comes and goes.

    As root, ``path`` must be reachable for the account that runs the server (pytest's own ``tmp_path`` is not).
    """
    if path is not None:
        with Embedded(Home.find({"DENIZEN_HOME": str(path)}), settings=settings).running() as address:
            yield address
        return
    with temporary_folder() as folder, temporary_server(folder / "home", settings=settings) as address:
        yield address


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that every account may walk through and only its owner may write; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="denizen-test-", dir=_quick_place()))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _quick_place() -> Path | None:
    """Memory, where the system lends enough of it and lets programs run from it; else the usual temp folder."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return None
    found = os.statvfs(MEMORY)
    roomy = found.f_bavail * found.f_frsize >= MEMORY_BYTES_MIN
    return MEMORY if roomy and not found.f_flag & os.ST_NOEXEC else None
