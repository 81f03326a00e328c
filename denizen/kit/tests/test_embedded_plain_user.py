"""Everything that holds for root holds for a plain user: the same tests again, in a process that really is one."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from denizen.kit.home import Home
from denizen.kit.tests.conftest import REPOSITORY, as_root

HERE = Path(__file__).parent
PACKAGES = Path(pytest.__file__).parents[1]
VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
INTERPRETERS = (sys.executable, f"/usr/bin/{VERSION}", f"/usr/local/bin/{VERSION}")
PLAIN_USERS = ("games", "daemon", "nobody")
# What an account can change; the rest of ``run`` is PostgreSQL's own behaviour, the same for everybody.
FILES = {
    "home": "",
    "plain_home": "",
    "run": "first_start or name_of_the_home or short or stranger or tools or moved",
    "survival": "",
}


def plain_user() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in PLAIN_USERS if name in known)


def run_as(uid: int, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": f"{REPOSITORY}:{PACKAGES}",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    who = {"user": uid, "group": plain_user().pw_gid, "extra_groups": []}
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", env=environ, **who)


def interpreter(uid: int, folder: Path) -> str:
    """A Python that the plain user can run with our packages; the one we run on may lie in root's own home."""
    for candidate in INTERPRETERS:
        try:
            answer = run_as(uid, folder, candidate, "-B", "-c", "import psycopg, pytest, ctypes; print('ready')")
        except PermissionError:
            continue
        if answer.stdout == "ready\n":
            return candidate
    pytest.skip(f"no {VERSION} on this machine can be run by another user than root")


@as_root
@pytest.mark.parametrize("name", FILES)
def test_a_plain_user_passes_the_same_tests(folder: Path, name: str) -> None:
    user = plain_user()
    python = interpreter(user.pw_uid, folder)
    settings = ["-q", "-W", "error", "-c", "/dev/null", "--rootdir", str(REPOSITORY), "--confcutdir", str(HERE)]
    file = str(HERE / f"test_embedded_{name}.py")

    pytest_command = ("-B", "-m", "pytest", "-p", "no:cacheprovider", *settings, "-k", FILES[name], file)
    result = run_as(user.pw_uid, folder, python, *pytest_command)

    assert result.returncode == 0, result.stdout[-6000:] + result.stderr
    assert " passed" in result.stdout


def refusal_of(uid: int, folder: Path, home: Path) -> str:
    """The code with which a process of this uid is refused the server of ``home``."""
    script = (
        "from denizen.kit.explained import Explained\n"
        "from denizen.kit.home import Home\n"
        "from denizen.kit.embedded import Embedded\n"
        "try:\n"
        f"    Embedded(Home.find({{'DENIZEN_HOME': {str(home)!r}}})).running().__enter__()\n"
        "except Explained as refusal:\n"
        "    print(refusal.code, end='')\n"
    )
    return run_as(uid, folder, interpreter(uid, folder), "-B", "-c", script).stdout


@as_root
def test_an_account_without_an_entry_is_refused_with_a_sentence(folder: Path) -> None:
    uid = next(uid for uid in range(54321, 55000) if uid not in {entry.pw_uid for entry in pwd.getpwall()})
    (folder / "theirs").mkdir(mode=0o700)
    os.chown(folder / "theirs", uid, uid)

    assert refusal_of(uid, folder, folder / "theirs") == "nameless_account"


@as_root
def test_a_plain_user_is_refused_data_of_somebody_else(folder: Path) -> None:
    (folder / "theirs" / "postgres").mkdir(mode=0o700, parents=True)
    os.chown(folder / "theirs", plain_user().pw_uid, plain_user().pw_gid)

    assert refusal_of(plain_user().pw_uid, folder, folder / "theirs") == "other_owner"


@as_root
def test_a_plain_user_is_refused_the_home_of_root(home: Home) -> None:
    assert refusal_of(plain_user().pw_uid, home.path.parent, home.path) == "not_permitted"
