"""Where the server's socket stands: in the home, or, where its path is too long for the system, in a short folder."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from denizen.kit.embedded.account import Account
from denizen.kit.embedded.failures import UnableToRunDatabase
from denizen.kit.home import Home

PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
# The system's own limit is 104 to 108 bytes with the closing zero.
SOCKET_PATH_BYTES_MAX = 99
# PostgreSQL and its clients read these as separators or quotes in a list of folders.
AWKWARD = frozenset(",'\"\\@")


def socket_folder_for(home: Home) -> Path:
    """The folder of the socket, derived from the home alone, so that every command finds the same one."""
    return next(folder for folder in _places(home) if _serves(folder))


def make_socket_folder(folder: Path, *, home: Home, account: Account) -> None:
    """Make the folder, open to ``account`` only, or prove that it is so already.

    In a shared temp folder anybody may have made it before us. Raises UnableToRunDatabase: foreign_folder.
    """
    try:
        folder.mkdir(mode=0o700)
        account.own(folder)
    except FileExistsError:
        if home.path in folder.parents and not folder.is_symlink():
            account.own(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise UnableToRunDatabase("foreign_folder", path=folder, account=account.name)


def remove_socket_folder(folder: Path, *, home: Home) -> None:
    """Leave nothing in the shared temp folder. What is not empty, or not ours, stays."""
    if home.path not in folder.parents:
        with suppress(OSError):
            folder.rmdir()


def _places(home: Home) -> Iterator[Path]:
    yield home.run / "socket"
    name = "denizen-" + hashlib.sha256(os.fsencode(home.path.resolve())).hexdigest()[:16]
    yield Path(tempfile.gettempdir()).resolve() / name
    yield Path("/tmp") / name


def _serves(folder: Path) -> bool:
    text = str(folder)
    fits = len(os.fsencode(folder / SOCKET)) <= SOCKET_PATH_BYTES_MAX
    return fits and text.isprintable() and not AWKWARD & set(text)
