"""Root runs the server as an account that exists, opens nothing that was closed, and still lets nobody else in."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from denizen.kit.embedded import Embedded, UnableToRunDatabase
from denizen.kit.embedded.account import account_for
from denizen.kit.embedded.binaries import find_binaries
from denizen.kit.embedded.sockets import SOCKET
from denizen.kit.home import Home, UnableToUseHome
from denizen.kit.testing import THROWAWAY
from denizen.kit.tests.conftest import as_root, ask, postmaster, servers_in

pytestmark = as_root
KNOWN = {entry.pw_name: entry for entry in pwd.getpwall()}
STRANGER = KNOWN.get("daemon") or KNOWN["nobody"]


def as_user(entry: pwd.struct_passwd, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
    who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return subprocess.run([*command], check=False, capture_output=True, cwd="/", **who)


def test_the_server_runs_as_an_unprivileged_account_and_root_may_connect(home: Home, server: Embedded) -> None:
    with server.running() as address:
        assert ask(address, "SELECT 1") == 1
        assert os.stat(f"/proc/{postmaster(home)}").st_uid == account_for(home, {}).uid != 0
        assert home.postgres.stat().st_uid == account_for(home, {}).uid


def test_another_local_user_cannot_connect(home: Home, server: Embedded) -> None:
    psql = server.tool("psql").path
    with server.running() as address:
        owner = KNOWN[account_for(home, {}).name]
        command = [psql, "-X", "-h", address.host, "-U", "denizen", "-d", "denizen", "-Atc", "SELECT 'in'"]

        assert as_user(owner, *command).stdout == b"in\n"
        assert as_user(STRANGER, *command).returncode != 0
        assert b"Permission denied" in as_user(STRANGER, *command).stderr
        assert stat.S_IMODE(os.stat(address.host).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(Path(address.host) / SOCKET).st_mode) == 0o700


def test_no_parent_is_opened_and_no_account_is_added(folder: Path) -> None:
    folder.chmod(0o701)
    accounts = Path("/etc/passwd").read_bytes()
    home = Home.find({"DENIZEN_HOME": str(folder / "city")})

    with Embedded(home, settings=THROWAWAY).running():
        pass

    assert stat.S_IMODE(folder.stat().st_mode) == 0o701
    assert Path("/etc/passwd").read_bytes() == accounts


@pytest.mark.parametrize("closed", ["parent", "home", "run"])
def test_it_refuses_a_home_that_the_account_cannot_reach(folder: Path, closed: str) -> None:
    parent = folder / "closed"
    parent.mkdir()
    home = Home.find({"DENIZEN_HOME": str(parent / "city")})
    shut = {"parent": parent, "home": home.path, "run": home.run}[closed]
    shut.chmod(0o700)

    with pytest.raises(UnableToUseHome) as refusal, Embedded(home, settings=THROWAWAY).running():
        pytest.fail("the account cannot be in there")

    assert refusal.value.code == "unreachable"
    assert stat.S_IMODE(shut.stat().st_mode) == 0o700
    assert not home.postgres.exists()


def test_the_account_may_be_named(home: Home) -> None:
    server = Embedded(home, settings=THROWAWAY, environ={"DENIZEN_PG_USER": STRANGER.pw_name})

    with server.running() as address:
        assert ask(address, "SELECT 1") == 1
        assert os.stat(f"/proc/{postmaster(home)}").st_uid == STRANGER.pw_uid


@pytest.mark.parametrize("name", ["nobody-of-this-name", "root"])
def test_it_refuses_an_account_that_is_missing_or_root(home: Home, name: str) -> None:
    with (
        pytest.raises(UnableToRunDatabase) as refusal,
        Embedded(home, settings=THROWAWAY, environ={"DENIZEN_PG_USER": name}).running(),
    ):
        pytest.fail("nobody can run it")

    assert refusal.value.code == "no_account"


def test_data_keeps_its_account(home: Home, server: Embedded) -> None:
    with server.running():
        pass
    shutil.rmtree(home.run / "socket")
    chown_all(home.postgres, STRANGER)

    with server_again(home, {}).running() as address:
        assert ask(address, "SELECT 1") == 1
    with (
        pytest.raises(UnableToRunDatabase) as refusal,
        server_again(home, {"DENIZEN_PG_USER": "nobody"}).running(),
    ):
        pytest.fail("nobody cannot open it")

    assert refusal.value.code == "other_owner"


def server_again(home: Home, environ: dict[str, str]) -> Embedded:
    return Embedded(home, settings=THROWAWAY, environ=environ)


def chown_all(folder: Path, owner: pwd.struct_passwd) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def test_a_users_home_used_once_by_root_still_belongs_to_the_user(folder: Path) -> None:
    (folder / "city").mkdir(mode=0o700)
    os.chown(folder / "city", STRANGER.pw_uid, STRANGER.pw_gid)
    home = Home.find({"DENIZEN_HOME": str(folder / "city")})

    home.secret_key()
    with Embedded(home, settings=THROWAWAY).running() as address:
        assert ask(address, "SELECT 1") == 1

    assert {path.lstat().st_uid for path in home.path.rglob("*")} == {STRANGER.pw_uid}


def test_programs_that_the_account_cannot_reach_are_copied_once(home: Home, folder: Path) -> None:
    found, closed = find_binaries({}), folder / "closed"
    tree = found.folder.parent
    shutil.copytree(tree, closed / "package" / "tree", symlinks=True, ignore=shutil.ignore_patterns("*.a", "include"))
    libraries = tree.parent.with_name(f"{tree.parent.name}.libs")
    if libraries.is_dir():
        # The programs look for them under the name the wheel gave them.
        (closed / "package").rename(closed / tree.parent.name)
        shutil.copytree(libraries, closed / libraries.name)
    closed.chmod(0o700)
    programs = next(closed.glob("*/*/bin"))
    settings = replace(THROWAWAY, copies_under=folder / "copies")

    for _ in range(2):
        server = Embedded(home, settings=settings, environ={"DENIZEN_PG_BIN": str(programs)})
        with server.running() as address:
            assert ask(address, "SELECT 1") == 1
            assert server.tool("pg_dump").run("--version", capture_output=True).returncode == 0

    copies = list((folder / "copies").iterdir())
    assert [copy.name.startswith(f"denizen-bin-{found.version}-") for copy in copies] == [True]
    assert {(path.lstat().st_uid, path.lstat().st_mode & 0o022) for path in copies[0].rglob("*")} == {(0, 0)}
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_planted_link_does_not_lead_root_astray(home: Home, server: Embedded, folder: Path) -> None:
    precious = folder / "precious"
    precious.write_text("root's own")
    (home.postgres / "denizen.conf").unlink(missing_ok=True)
    (home.postgres / "denizen.conf").symlink_to(precious)

    with server.running() as address:
        assert ask(address, "SELECT 1") == 1

    assert precious.read_text() == "root's own"
    assert precious.stat().st_uid == 0


def test_two_users_run_their_own_cities_side_by_side(home: Home, server: Embedded, folder: Path) -> None:
    theirs = folder / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, STRANGER.pw_uid, STRANGER.pw_gid)
    other = Embedded(Home.find({"DENIZEN_HOME": str(theirs)}), settings=THROWAWAY)

    with server.running() as address, other.running() as other_address:
        ask(address, "CREATE TABLE residents AS SELECT 'Ada' AS name")

        assert ask(other_address, "SELECT to_regclass('residents')") is None

    assert servers_in(folder) == []
