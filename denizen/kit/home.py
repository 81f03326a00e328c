"""The home: the one folder that holds all state of a city. Two homes are two cities.

``Home.find(environ)`` opens it, and creates it where it is missing. Everything below is private to the account that
runs the city; nothing that already exists is ever made more open than it is.
"""

from __future__ import annotations

import errno
import fcntl
import os
import pwd
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from denizen.kit.explained import Explained

SYSTEM_FOLDER = Path("/var/lib")
SECRET_KEY_BYTES = 48
SECRET_KEY_LENGTH_MIN = 50
PRIVATE = 0o700
# The server of a root's city runs under an unprivileged account: it must walk through, yet see no names.
WALK_THROUGH = 0o711


class UnableToUseHome(Explained):
    """The home cannot serve. Codes: bad_name, no_user_folder, not_a_folder, not_permitted, read_only, disk_full,
    unreachable, broken."""

    sentences = {
        "bad_name": {
            "en": "The name of the home {path} contains a control character; set DENIZEN_HOME to a plain path.",
            "zh": "主目录 {path} 的名称含有控制字符；请把 DENIZEN_HOME 设为普通路径。",
        },
        "no_user_folder": {
            "en": "This account has no home folder; set DENIZEN_HOME to a folder that it may write.",
            "zh": "当前账户没有个人目录；请把 DENIZEN_HOME 设为它可写的目录。",
        },
        "not_a_folder": {
            "en": "{path} is not a folder; remove it or set DENIZEN_HOME to another path.",
            "zh": "{path} 不是目录；请移走它，或把 DENIZEN_HOME 设为其他路径。",
        },
        "not_permitted": {
            "en": "This account may not write to {path}; set DENIZEN_HOME to a folder it owns, or run as the owner.",
            "zh": "当前账户无权写入 {path}；请把 DENIZEN_HOME 设为自己拥有的目录，或以其所有者身份运行。",
        },
        "read_only": {
            "en": "The disk that holds {path} is read-only; set DENIZEN_HOME to a folder on a writable disk.",
            "zh": "{path} 所在的磁盘是只读的；请把 DENIZEN_HOME 设到可写的磁盘上。",
        },
        "disk_full": {
            "en": "The disk that holds {path} is full; free some space or set DENIZEN_HOME to another disk.",
            "zh": "{path} 所在的磁盘已满；请释放空间，或把 DENIZEN_HOME 设到其他磁盘。",
        },
        "unreachable": {
            "en": "The account {account} that runs the database cannot reach {path}; set DENIZEN_HOME to a folder it "
            "can walk to, for example {example}.",
            "zh": "运行数据库的账户 {account} 无法到达 {path}；请把 DENIZEN_HOME 设为它能进入的目录，例如 {example}。",
        },
        "broken": {
            "en": "The home {path} cannot be used ({reason}); repair it or set DENIZEN_HOME to another folder.",
            "zh": "主目录 {path} 无法使用（{reason}）；请修复它，或把 DENIZEN_HOME 设为其他目录。",
        },
    }


REFUSALS = {
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
    errno.EROFS: "read_only",
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.ENOTDIR: "not_a_folder",
    errno.EEXIST: "not_a_folder",
}


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one city. ``path`` is absolute; make one with :meth:`find`, which checks it."""

    path: Path

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Home:
        """The home that ``DENIZEN_HOME`` names, else the default of this account, created and proven writable.

        Raises UnableToUseHome with one sentence that says what to do.
        """
        home = cls(_named(environ) or _default(environ))
        try:
            home._create()
            home._write_a_little()
        except OSError as refusal:
            raise home.explained(refusal) from refusal
        return home

    @property
    def postgres(self) -> Path:
        """The data folder of the embedded database; its manager creates it."""
        return self.path / "postgres"

    @property
    def run(self) -> Path:
        """Sockets, lock files and logs: worthless once nothing runs."""
        return self.path / "run"

    @property
    def media(self) -> Path:
        return self.path / "media"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    @property
    def roots(self) -> Path:
        """The roots of days, outside the database: an append-only file that anybody may copy."""
        return self.path / "roots"

    @property
    def rejected(self) -> Path:
        """Lines of ingested files that were refused, with their reasons."""
        return self.path / "rejected"

    def secret_key(self) -> str:
        """The city's secret key, made once and the same for every process ever after (file mode 0600)."""
        try:
            return self._kept_key()
        except OSError as refusal:
            raise self.explained(refusal) from refusal

    def adopt(self, path: Path | int) -> None:
        """Give what root has just created to the owner of the home, who must be able to use it without root."""
        if os.geteuid() == 0:
            owner = self.path.stat()
            os.chown(path, owner.st_uid, owner.st_gid)

    def explained(self, refusal: OSError) -> UnableToUseHome:
        """What the system refused about this home, as a sentence that says what to do."""
        code = REFUSALS.get(refusal.errno or 0, "broken")
        return UnableToUseHome(code, path=self.path, reason=refusal.strerror or str(refusal))

    def _create(self) -> None:
        passage = WALK_THROUGH if os.geteuid() == 0 else PRIVATE
        if not self.path.is_dir():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _make(self.path, mode=passage)
        for folder, mode in ((self.run, passage), *((each, PRIVATE) for each in self._private_folders())):
            if _make(folder, mode=mode):
                self.adopt(folder)

    def _private_folders(self) -> tuple[Path, ...]:
        return (self.media, self.secrets, self.roots, self.backups, self.rejected)

    def _write_a_little(self) -> None:
        """A full disk often still takes an empty file, so write a block."""
        probe = self.run / f".probe-{os.getpid()}-{secrets.token_hex(4)}"
        try:
            probe.write_bytes(b"\0" * 4096)
        finally:
            with suppress(FileNotFoundError):
                probe.unlink()

    def _kept_key(self) -> str:
        """The lock makes creation single; a key cut short by a crash was never handed out, so it is made anew."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        with os.fdopen(os.open(self.secrets / "secret_key", flags, 0o600), "r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            key = file.read().strip()
            if len(key) < SECRET_KEY_LENGTH_MIN:
                key = secrets.token_urlsafe(SECRET_KEY_BYTES)
                self.adopt(file.fileno())
                file.seek(0)
                file.write(key + "\n")
                file.flush()
                os.fsync(file.fileno())
            return key


def _named(environ: Mapping[str, str]) -> Path | None:
    name = environ.get("DENIZEN_HOME", "")
    if not name:
        return None
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        raise UnableToUseHome("bad_name", path=repr(name))
    try:
        return Path(name).expanduser().absolute()
    except RuntimeError as nowhere:
        raise UnableToUseHome("no_user_folder") from nowhere


def _default(environ: Mapping[str, str]) -> Path:
    if os.geteuid() == 0:
        return SYSTEM_FOLDER / "denizen"
    return _user_folder(environ) / ".local" / "share" / "denizen"


def _user_folder(environ: Mapping[str, str]) -> Path:
    named = environ.get("HOME", "")
    if named:
        return Path(named)
    try:
        return Path(pwd.getpwuid(os.geteuid()).pw_dir)
    except KeyError as nobody:
        raise UnableToUseHome("no_user_folder") from nobody


def _make(folder: Path, *, mode: int) -> bool:
    """Make ``folder`` with exactly ``mode``; False when it is there already."""
    try:
        folder.mkdir(mode=PRIVATE)
    except FileExistsError:
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise
        return False
    folder.chmod(mode)
    return True
