"""The data folder: made whole or not at all, configured by us, and asked who works in it."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from denizen.kit.embedded.account import Account
from denizen.kit.embedded.binaries import Binaries
from denizen.kit.embedded.failures import UnableToRunDatabase
from denizen.kit.embedded.sockets import PORT
from denizen.kit.home import Home

SUPERUSER = "denizen"
BUILTIN_LOCALE_SINCE = 17
MAKING = "postgres.making-"
INCLUDE = "\n# Everything below is written by the city at every start.\ninclude_if_exists = 'denizen.conf'\n"
SECONDS_MAX = 86_400


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs. ``durable=False`` loses data in a crash of the machine: for tests only."""

    durable: bool = True
    shared_buffers_mb: int = 256
    connections_max: int = 60
    start_seconds_max: int = 120
    stop_seconds_max: int = 120
    copies_under: Path = Path("/var/lib")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """The defaults with ``DENIZEN_PG_START_TIMEOUT`` (whole seconds). Raises UnableToRunDatabase: bad_setting."""
        name = "DENIZEN_PG_START_TIMEOUT"
        value = environ.get(name, "")
        if not value:
            return cls()
        if not (value.isascii() and value.isdigit() and 0 < int(value) <= SECONDS_MAX):
            raise UnableToRunDatabase("bad_setting", name=name, value=value)
        return cls(start_seconds_max=int(value))


def written_by(home: Home) -> int | None:
    """The major version that wrote the data; None while there is none."""
    try:
        return int((home.postgres / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def make_cluster(home: Home, *, binaries: Binaries, account: Account, settings: Settings, lock: int) -> None:
    """Make the data folder unless it is there: in a sibling, then one rename, so that a half one never counts.

    ``lock`` is the start lock. ``initdb`` inherits it: if we are killed, whoever comes next waits for the orphan to end
    and only then sweeps its leftovers away. Raises UnableToRunDatabase: disk_full, not_permitted, not_made.
    """
    _sweep(home)
    if home.postgres.exists():
        return
    making = home.path / f"{MAKING}{secrets.token_hex(4)}"
    try:
        making.mkdir(mode=0o700)
        account.own(making)
        _initdb(making, binaries=binaries, account=account, settings=settings, lock=lock)
        with (making / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write(INCLUDE)
        making.rename(home.postgres)
    except OSError as refusal:
        raise explained(str(refusal), path=home.postgres, account=account, otherwise="not_made") from refusal
    finally:
        shutil.rmtree(making, ignore_errors=True)


def configure(home: Home, *, account: Account, settings: Settings, socket_folder: Path) -> None:
    """Write ``denizen.conf`` anew. The folder belongs to the account, so a planted link must not lead root astray:
    a new file is made and renamed over whatever stands there. Raises UnableToRunDatabase: disk_full, not_permitted."""
    making = home.postgres / f"denizen.conf.{secrets.token_hex(4)}"
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(making, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(_configuration(settings, socket_folder))
        account.own(making)
        making.replace(home.postgres / "denizen.conf")
    except OSError as refusal:
        making.unlink(missing_ok=True)
        raise explained(str(refusal), path=home.postgres, account=account, otherwise="not_made") from refusal


def explained(words: str, *, path: Path, account: Account, otherwise: str, **facts: object) -> UnableToRunDatabase:
    """Turn the words of a PostgreSQL program, or of the system, into our sentence. The words are English (LC_ALL=C)."""
    reason = _last_complaint(words)
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return UnableToRunDatabase("disk_full", path=path)
    if "Unix-domain socket" in words or ".s.PGSQL" in words:
        return UnableToRunDatabase("no_socket", path=facts.get("socket_folder", path), reason=reason)
    if "Permission denied" in words or "Operation not permitted" in words or "Read-only file system" in words:
        return UnableToRunDatabase("not_permitted", path=path, reason=reason, account=account.name)
    if "Cannot allocate memory" in words or "could not map anonymous shared memory" in words:
        return UnableToRunDatabase("out_of_memory", reason=reason)
    return UnableToRunDatabase(otherwise, path=path, reason=reason, **facts)


def _sweep(home: Home) -> None:
    """Remove what interrupted attempts left behind; the start lock says that none is at work."""
    for leftover in home.path.glob(f"{MAKING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _initdb(folder: Path, *, binaries: Binaries, account: Account, settings: Settings, lock: int) -> None:
    command = [str(binaries.program("initdb")), "-D", str(folder), "-U", SUPERUSER, "-E", "UTF8"]
    command += ["--auth-local=trust", "--auth-host=reject", *_locale(binaries)]
    if not settings.durable:
        command.append("--no-sync")
    answer = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        pass_fds=(lock,),
        encoding="utf-8",
        errors="replace",
        **account.keywords(binaries=binaries.folder),
    )
    if answer.returncode != 0:
        words = answer.stderr or f"initdb ended with {answer.returncode}"
        raise explained(words, path=folder.parent, account=account, otherwise="not_made")


def _locale(binaries: Binaries) -> list[str]:
    """The same order of texts on every system, and letters of every script known to lower() and upper()."""
    if binaries.major >= BUILTIN_LOCALE_SINCE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _configuration(settings: Settings, socket_folder: Path) -> str:
    """The socket folder holds no quote, comma or backslash: ``sockets`` sees to that."""
    lines = [
        f"shared_buffers = {settings.shared_buffers_mb}MB",
        f"max_connections = {settings.connections_max}",
        "wal_compression = on",
        "max_wal_size = 4GB",
        "checkpoint_timeout = 15min",
        "listen_addresses = ''",
        f"port = {PORT}",
        f"unix_socket_directories = '\"{socket_folder}\"'",
        "unix_socket_permissions = 0700",
        "log_destination = 'stderr'",
        "logging_collector = off",
        "log_line_prefix = '%m [%p] '",
        "lc_messages = 'C'",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
    ]
    if not settings.durable:
        lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
    return "\n".join(lines) + "\n"


def _last_complaint(words: str) -> str:
    """The sentence that names the cause: the last FATAL, PANIC or error, else the last line."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    for sign in ("PANIC:", "FATAL:", "error:", "Error:"):
        for line in reversed(lines):
            if sign in line:
                return line.split(sign, 1)[1].strip()
    return lines[-1] if lines else "no words"
