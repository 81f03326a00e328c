"""Backups that somebody else has packed: only plain files inside, nothing larger than the file itself."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from denizen.config.backup import YOUNG_SETTING, UnableToRestore, _strike, _unpack, restore
from denizen.config.opening import City
from denizen.kit.home import Home

MEBIBYTE = 1_048_576


def member(name: str, **more: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    for what, value in more.items():
        setattr(info, what, value)
    return info


def packed(path: Path, *members: tarfile.TarInfo, mode: str = "w") -> Path:
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for each in members:
            tar.addfile(each, io.BytesIO(b"\0" * each.size) if each.isreg() else None)
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


def on_disk(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*")}


@pytest.mark.parametrize(
    "evil",
    [
        member("../outside", size=4),
        member("/tmp/denizen-outside", size=4),
        member("media/../../outside", size=4),
        member("media/link", type=tarfile.SYMTYPE, linkname="../../.."),
        member("media/link", type=tarfile.LNKTYPE, linkname="secrets/secret_key"),
        member("media/pipe", type=tarfile.FIFOTYPE),
        member("media/disk", type=tarfile.BLKTYPE, devmajor=8),
        member("media/zero", type=tarfile.CHRTYPE, devmajor=1, devminor=5),
    ],
    ids=lambda info: f"{info.name}-{info.type.decode(errors='replace')}",
)
def test_it_refuses_what_is_no_plain_file_inside(tmp_path: Path, workspace: Path, evil: tarfile.TarInfo) -> None:
    before = on_disk(tmp_path)

    with pytest.raises(UnableToRestore, match="not a whole backup"):
        _unpack(packed(tmp_path / "evil.tar", member("media/fine", size=4), evil), workspace)

    outside = {name for name in on_disk(tmp_path) - before if not name.startswith("workspace")}
    assert outside == {"evil.tar"}
    assert not Path("/tmp/denizen-outside").exists()


def test_it_refuses_a_file_that_claims_more_than_it_holds(tmp_path: Path, workspace: Path) -> None:
    """An old sparse member: a thousand mebibytes of nothing in a few bytes."""
    packed(tmp_path / "sparse.tar", member("media/nothing", size=0))
    raw = bytearray((tmp_path / "sparse.tar").read_bytes())
    raw[156:157] = b"S"
    raw[257:265] = b"ustar  \0"
    raw[386:410] = b"%011o\0%011o\0" % (0, 0)
    raw[483:495] = b"%011o\0" % (1_000 * MEBIBYTE)
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw[:512])
    (tmp_path / "sparse.tar").write_bytes(raw)

    with pytest.raises(UnableToRestore):
        _unpack(tmp_path / "sparse.tar", workspace)

    assert sum(each.stat().st_size for each in workspace.rglob("*") if each.is_file()) < MEBIBYTE


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_it_refuses_a_compressed_file_because_backups_are_none(tmp_path: Path, workspace: Path, mode: str) -> None:
    bomb = packed(tmp_path / "bomb.tar", member("media/nothing", size=64 * MEBIBYTE), mode=mode)

    with pytest.raises(UnableToRestore):
        _unpack(bomb, workspace)

    assert sum(each.stat().st_size for each in workspace.rglob("*") if each.is_file()) < MEBIBYTE


@pytest.mark.parametrize("make", [lambda path: os.mkfifo(path), lambda path: path.mkdir(), lambda path: None])
def test_it_waits_for_no_pipe(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "backup.tar")
    nowhere = City(Home(tmp_path), None, None)  # type: ignore[arg-type]

    with pytest.raises(UnableToRestore, match="cannot be read"):
        restore(nowhere, path=tmp_path / "backup.tar")


def test_a_setting_older_servers_do_not_know_becomes_a_comment_and_data_stays(tmp_path: Path) -> None:
    script = tmp_path / "city.sql"
    script.write_bytes(
        b"--\n\nSET lock_timeout = 0;\nSET transaction_timeout = 0;\nCOPY x FROM stdin;\nSET transaction_timeout\n"
    )

    _strike(script, YOUNG_SETTING)

    assert script.read_bytes() == (
        b"--\n\nSET lock_timeout = 0;\n--  transaction_timeout = 0;\nCOPY x FROM stdin;\nSET transaction_timeout\n"
    )
