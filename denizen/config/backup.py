"""Backup and restore: one file with everything a city is: its database, its media, its secrets and its roots.

A tar with ``manifest.json`` first, then ``database.dump`` (pg_dump's custom format, one consistent sight of the
database), ``secrets/``, ``media/`` and ``roots/``. Whoever has it has the city, so only its owner may read it.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path

import psycopg

from denizen.config.opening import City
from denizen.kit.embedded.account import plain_environment
from denizen.kit.embedded.binaries import find_binaries
from denizen.kit.explained import Explained
from denizen.kit.home import Home

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
FOLDERS = ("secrets", "media", "roots")
# PostgreSQL 17 brought it; zero, which tools set, is what it is anyway.
YOUNG_SETTING = b"transaction_timeout"
HEAD_BYTES = 4_096


class UnableToBackUp(Explained):
    sentences = {
        "exists": {
            "en": "{path} exists already; a backup never overwrites anything, so name another file.",
            "zh": "{path} 已存在；备份绝不覆盖任何文件，请换一个文件名。",
        },
        "not_written": {"en": "{path} cannot be written ({reason}).", "zh": "无法写入 {path}（{reason}）。"},
        "dump_failed": {
            "en": "The database could not be dumped ({reason}); nothing was written.",
            "zh": "数据库导出失败（{reason}）；没有写入任何文件。",
        },
    }


class UnableToRestore(Explained):
    sentences = {
        "no_file": {"en": "The backup {path} cannot be read ({reason}).", "zh": "无法读取备份 {path}（{reason}）。"},
        "not_a_backup": {
            "en": "{path} is not a whole backup of a city ({reason}).",
            "zh": "{path} 不是一份完整的城市备份（{reason}）。",
        },
        "not_empty": {
            "en": "There is a city here already ({what}); restore into an empty home (set DENIZEN_HOME).",
            "zh": "这里已有一座城市（{what}）；只能恢复到空的主目录：请把 DENIZEN_HOME 设为新的目录。",
        },
        "load_failed": {
            "en": "The database could not be restored ({reason}); nothing was kept.",
            "zh": "数据库恢复失败（{reason}）；没有保留任何内容。",
        },
    }


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is of. ``dump_sha256`` proves that the dump is whole."""

    format: int
    denizen: str
    made_at: str
    dump_sha256: str
    media_files: int


def back_up(city: City, *, output: Path | None, moment: datetime) -> Path:
    """Write a backup, while the city goes on; the path of the file (mode 0600). Raises UnableToBackUp."""
    path = output or city.home.backups / f"denizen-{moment:%Y%m%d-%H%M%S}.tar"
    if path.exists():
        raise UnableToBackUp("exists", path=path)
    making = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with _workspace(city.home) as workspace:
            dump = workspace / DUMP
            # Before the dump: a file that knew a day more than its database would be told from a forgery by nobody.
            shutil.copytree(city.home.roots, workspace / "roots")
            _dump(city, dump)
            _write_tar(making, city.home, dump, moment, workspace)
        making.rename(path)
        city.home.adopt(path)
    except OSError as refusal:
        raise UnableToBackUp("not_written", path=path, reason=refusal.strerror or refusal) from refusal
    finally:
        making.unlink(missing_ok=True)
    return path


def restore(city: City, *, path: Path) -> Manifest:
    """Load a backup into an empty home and an empty database. Raises UnableToRestore; then nothing has changed."""
    if not path.is_file():
        raise UnableToRestore("no_file", path=path, reason=os.strerror(errno.ENOENT))
    _refuse_inhabited(city)
    with _workspace(city.home) as workspace:
        manifest = _unpack(path, workspace)
        _load(city, workspace / DUMP)
        for name in FOLDERS:
            _move_content(workspace / name, city.home.path / name, city.home)
    return manifest


@contextmanager
def _workspace(home: Home) -> Iterator[Path]:
    """A private folder on the disk of the home, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix=".packing-", dir=home.backups))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _dump(city: City, dump: Path) -> None:
    done = _tool(city, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
    if done.returncode:
        raise UnableToBackUp("dump_failed", reason=_last_line(done))


def _write_tar(path: Path, home: Home, dump: Path, moment: datetime, workspace: Path) -> None:
    media = [file for file in sorted(home.media.rglob("*")) if file.is_file()]
    with dump.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    manifest = Manifest(FORMAT, version("denizen"), moment.isoformat(), digest, len(media))
    words = workspace / MANIFEST
    words.write_text(json.dumps({name: getattr(manifest, name) for name in Manifest.__slots__}), encoding="utf-8")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            tar.add(words, MANIFEST)
            tar.add(dump, DUMP)
            for each in [*sorted(home.secrets.glob("*")), *media]:
                with suppress(FileNotFoundError):  # a picture that was deleted meanwhile
                    tar.add(each, str(each.relative_to(home.path)), recursive=False)
            for each in sorted((workspace / "roots").iterdir()):
                tar.add(each, f"roots/{each.name}", recursive=False)
        os.fsync(file.fileno())


def _refuse_inhabited(city: City) -> None:
    with psycopg.connect(city.address.as_conninfo()) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchone()
    if found is not None and found[0]:
        raise UnableToRestore("not_empty", what=f"{found[0]} tables")
    for name in FOLDERS:
        if any((city.home.path / name).iterdir()):
            raise UnableToRestore("not_empty", what=city.home.path / name)


def _unpack(path: Path, workspace: Path) -> Manifest:
    """The parts of a backup in the workspace, proven whole."""
    for name in FOLDERS:
        (workspace / name).mkdir()
    try:
        with tarfile.open(path, mode="r:") as tar:  # as it was written: nothing that unpacks to more than it is
            _extract(tar, workspace)
        manifest = Manifest(**json.loads((workspace / MANIFEST).read_text(encoding="utf-8")))
        with (workspace / DUMP).open("rb") as content:
            digest = file_digest(content, "sha256").hexdigest()
    except (tarfile.TarError, ValueError, TypeError, KeyError, EOFError) as refusal:
        raise UnableToRestore("not_a_backup", path=path, reason=refusal) from refusal
    except OSError as refusal:
        raise UnableToRestore("no_file", path=path, reason=refusal.strerror or refusal) from refusal
    if manifest.format != FORMAT or digest != manifest.dump_sha256:
        reason = "another format" if manifest.format != FORMAT else "the dump is damaged"
        raise UnableToRestore("not_a_backup", path=path, reason=reason)
    return manifest


def _extract(tar: tarfile.TarFile, workspace: Path) -> None:
    """Plain files inside the workspace and nothing else; the filters of tarfile are younger than Python 3.11.0."""
    for member in tar:
        target = Path(os.path.normpath(workspace / member.name))
        plain = member.isreg() and not member.issparse() and target.is_relative_to(workspace)
        content = tar.extractfile(member) if plain else None
        if content is None:
            raise tarfile.ExtractError(f"{member.name} is no plain file inside it")
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("xb") as file:
            shutil.copyfileobj(content, file)


def _load(city: City, dump: Path) -> None:
    """All or nothing, and as a script, for our tools may be newer than the server: they set what it does not know."""
    script = dump.with_suffix(".sql")
    done = _tool(city, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    if done.returncode == 0:
        _strike(script, YOUNG_SETTING)
        options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}")
        done = _tool(city, "psql", *options, f"--file={script}")
    if done.returncode:
        raise UnableToRestore("load_failed", reason=_last_line(done))
    with psycopg.connect(city.address.as_conninfo(), autocommit=True) as connection:
        connection.execute("ANALYZE")  # a dump has no statistics, and the server may stop before it has made them


def _strike(script: Path, setting: bytes) -> None:
    """Make the first line that sets ``setting`` a comment of the same length; such lines stand before all data."""
    with script.open("r+b") as file:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        file.write(head.replace(b"\nSET " + setting, b"\n--  " + setting, 1))


def _move_content(source: Path, target: Path, home: Home) -> None:
    for each in sorted(source.iterdir()):
        shutil.move(each, target / each.name)
        for moved in (target / each.name, *(target / each.name).rglob("*")):
            moved.chmod(0o700 if moved.is_dir() else 0o600)
            home.adopt(moved)


def _tool(city: City, name: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """One of PostgreSQL's own programs, against this city's database wherever it is."""
    if city.embedded is not None:
        return city.embedded.tool(name).run(*arguments, capture_output=True)
    binaries = find_binaries(os.environ)
    environ = plain_environment(binaries.folder) | city.address.as_environ()
    return subprocess.run([binaries.program(name), *arguments], check=False, capture_output=True, env=environ)


def _last_line(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"
