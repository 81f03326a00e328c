"""The account that runs the server: ourselves, or, since PostgreSQL refuses root, an unprivileged one that exists."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from denizen.kit.embedded.failures import UnableToRunDatabase
from denizen.kit.home import Home

ROOT = 0
ACCOUNTS_BY_HABIT = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server. ``dropped`` says that we are root and must change into it."""

    name: str
    uid: int
    gid: int
    dropped: bool

    def keywords(self, *, binaries: Path) -> dict[str, Any]:
        """Keywords for ``subprocess`` that run a server program: as this account, with a known environment."""
        keywords: dict[str, Any] = {"cwd": "/", "env": plain_environment(binaries), "start_new_session": True}
        if self.dropped:
            keywords |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return keywords

    def own(self, path: Path) -> None:
        """Hand a folder that we have just created to this account."""
        if self.dropped:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can(self, test: str, path: Path) -> bool:
        """Ask the system, as this account: ``test`` is an operator of test(1), ``-x`` to enter a folder or to run."""
        command = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", test, str(path)]
        return subprocess.run(command, check=False, **self.keywords(binaries=path)).returncode == 0


def plain_environment(binaries: Path) -> dict[str, str]:
    """No PG* variable, no locale and no library path of the caller may change what the server does."""
    return {"PATH": f"{binaries}:/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "LANG": "C", "TZ": "UTC"}


def account_for(home: Home, environ: Mapping[str, str]) -> Account:
    """Ourselves; for root: DENIZEN_PG_USER, else whoever owns the data or the home, else ``postgres``, else ``nobody``.

    Raises UnableToRunDatabase: nameless_account, no_account, other_owner.
    """
    owner = _owner(home)
    account = _for_root(environ, owner) if os.geteuid() == ROOT else _ourselves()
    if home.postgres.exists() and owner != account.uid:
        raise UnableToRunDatabase("other_owner", path=home.postgres, owner=_name(owner), account=account.name)
    return account


def _ourselves() -> Account:
    uid = os.geteuid()
    try:
        return _account(pwd.getpwuid(uid), dropped=False)
    except KeyError as nameless:
        raise UnableToRunDatabase("nameless_account", uid=uid) from nameless


def _for_root(environ: Mapping[str, str], owner: int) -> Account:
    named = environ.get("DENIZEN_PG_USER", "")
    if named:
        return _unprivileged(named)
    if owner != ROOT:
        try:
            return _account(pwd.getpwuid(owner), dropped=True)
        except KeyError as nameless:
            raise UnableToRunDatabase("nameless_account", uid=owner) from nameless
    known = {entry.pw_name for entry in pwd.getpwall()}
    return _unprivileged(next((name for name in ACCOUNTS_BY_HABIT if name in known), ACCOUNTS_BY_HABIT[-1]))


def _unprivileged(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError as missing:
        raise UnableToRunDatabase("no_account", account=name) from missing
    if entry.pw_uid == ROOT:
        raise UnableToRunDatabase("no_account", account=name)
    return _account(entry, dropped=True)


def _account(entry: pwd.struct_passwd, *, dropped: bool) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, dropped=dropped)


def _owner(home: Home) -> int:
    """The uid that the data, or before there is any the home, belongs to."""
    return (home.postgres if home.postgres.exists() else home.path).stat().st_uid


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
