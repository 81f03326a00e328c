"""The reference city at the first start: built with a bar that moves, resumed when it was interrupted, told at the end.

The password of the demo sign-ins is made before anything is built and kept in the home's secrets, so that a crash
between building and telling loses nothing.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from django.db import connections
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from denizen.config.reference_city.building import UnableToBuildCity, build_city, is_complete
from denizen.config.reference_city.sign_ins import SignIn, hand_out
from denizen.config.speech import either, tell
from denizen.kit.clock import now
from denizen.kit.home import Home

PASSWORD_FILE = "demo_password"
SIGN_INS_FILE = "demo_sign_ins.json"
PASSWORD_BYTES = 8

Told = Callable[[int, int, str], None]


def people_city(home: Home, *, residents: int, days: int) -> None:
    """Build the reference city in an empty home, or go on with an interrupted one. Real people are left alone."""
    password = _kept_password(home)
    try:
        if is_complete():
            if not (home.secrets / SIGN_INS_FILE).exists():
                _keep_sign_ins(home, hand_out(password))
            return
        tell(
            f"Inventing a city: {residents:,} residents, {days} days. This happens once and takes a moment.",
            f"正在生成城市：{residents:,} 位居民、{days} 天的生活。仅此一次，请稍候。",
        )
        with _bar() as told:
            built = build_city(moment=now(), residents=residents, days=days, password=password, progress=told)
        _keep_sign_ins(home, built.sign_ins)
    except UnableToBuildCity:
        (home.secrets / PASSWORD_FILE).unlink()
    finally:
        connections.close_all()


def tell_sign_ins(home: Home) -> None:
    """Who can sign in to the demo, where there is one."""
    path = home.secrets / SIGN_INS_FILE
    if not path.exists():
        return
    known = [SignIn(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
    told = known[0].password
    tell(f"Demo sign-ins, all with the password {told}", f"演示账号，密码均为 {told}")
    width = max(len(each.email) for each in known)
    for each in known:
        tell(f"  {each.email:<{width}}  {each.name}, {each.en}", f"  {each.email:<{width}}  {each.name}，{each.zh}")


@contextmanager
def _bar() -> Iterator[Told]:
    """A bar on standard error; where that is no terminal, it draws nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(either("Inventing a city", "正在生成城市"), total=None)

        def told(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        yield told


def _kept_password(home: Home) -> str:
    path = home.secrets / PASSWORD_FILE
    if not path.exists():
        _write_privately(path, secrets.token_hex(PASSWORD_BYTES), home)
    return path.read_text(encoding="utf-8").strip()


def _keep_sign_ins(home: Home, sign_ins: Sequence[SignIn]) -> None:
    _write_privately(home.secrets / SIGN_INS_FILE, json.dumps([asdict(each) for each in sign_ins]), home)


def _write_privately(path: Path, text: str, home: Home) -> None:
    """As a whole or not at all, readable for the owner only."""
    making = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    home.adopt(making)
    making.replace(path)
