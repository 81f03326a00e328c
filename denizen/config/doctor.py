"""``denizen doctor``: whether this machine and this home are fit for a city, line by line, and what to do where not."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from denizen.config.opening import City, pending_steps, prepare, reached
from denizen.config.processes.port import UnableToListen, listen
from denizen.config.speech import either, refusal_of, tell
from denizen.kit.embedded.binaries import find_binaries
from denizen.kit.explained import Explained
from denizen.kit.home import Home
from denizen.shell.catalogues import sources

PYTHON_MIN = (3, 11)
FREE_BYTES_MIN = 1_000_000_000
GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One look: what was looked at, what was found, and whether that is fine."""

    what: str
    found: str
    fine: bool


def examine(*, port: int) -> int:
    """Tell every line; 1 where anything is not fine. Never changes data; starts the database if it does not run."""
    looks: tuple[Callable[[], Line], ...] = (_python, _home, _binaries, _space, _words, lambda: _port(port))
    lines = [_careful(look) for look in looks]
    lines += _database()
    for line in lines:
        mark = either("ok", "正常") if line.fine else either("TO DO", "待处理")
        tell(f"{mark:<6} {line.what:<14} {line.found}", f"{mark}  {line.what}：{line.found}")
    return 0 if all(line.fine for line in lines) else 1


def _careful(look: Callable[[], Line]) -> Line:
    try:
        return look()
    except Explained as refusal:
        return Line(look.__name__.strip("_<>"), refusal_of(refusal), False)


def _python() -> Line:
    found = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info[:2] >= PYTHON_MIN
    advice = "" if fine else either(" - install Python 3.11 or later", " - 请安装 Python 3.11 或更高版本")
    return Line("Python", found + advice, fine)


def _home() -> Line:
    return Line(either("home", "主目录"), str(Home.find(os.environ).path), True)


def _binaries() -> Line:
    if os.environ.get("DATABASE_URL"):
        return Line("PostgreSQL", either("runs elsewhere (DATABASE_URL)", "由外部提供（DATABASE_URL）"), True)
    found = find_binaries(os.environ)
    return Line("PostgreSQL", f"{found.version}, {found.folder}", True)


def _space() -> Line:
    free = shutil.disk_usage(Home.find(os.environ).path).free
    fine = free >= FREE_BYTES_MIN
    advice = "" if fine else either(" - free at least 1 GB", " - 请至少腾出 1 GB")
    return Line(either("disk space", "磁盘空间"), f"{free / GIGABYTE:.1f} GB{advice}", fine)


def _words() -> Line:
    """Translations are compiled by every start, where the program's folder can be written."""
    stale = [path for path in sources() if not path.with_suffix(".mo").exists() and not _writable(path.parent)]
    if stale:
        advice = either("cannot be compiled; make the folder writable once", "无法编译；请让该目录可写一次")
        return Line(either("translations", "译文"), f"{stale[0].parent}: {advice}", False)
    return Line(either("translations", "译文"), f"{len(sources())}", True)


def _port(port: int) -> Line:
    try:
        listen("127.0.0.1", port).close()
    except UnableToListen as refusal:
        return Line(either("port", "端口"), refusal_of(refusal), False)
    return Line(either("port", "端口"), str(port), True)


def _database() -> list[Line]:
    what = either("database", "数据库")
    try:
        with reached() as city:
            return [Line(what, _server_version(city), True), _migrations(city)]
    except Explained as refusal:
        return [Line(what, refusal_of(refusal), False)]


def _server_version(city: City) -> str:
    with psycopg.connect(city.address.as_conninfo()) as connection:
        number = connection.info.server_version
    return f"PostgreSQL {number // 10_000}.{number % 10_000}, {city.address.host}"


def _migrations(city: City) -> Line:
    prepare(city)
    missing = pending_steps()
    found = either("up to date", "已是最新") if not missing else either(
        f"{missing} steps to come; the next command takes them", f"还有 {missing} 步，下一条命令会自动完成"
    )  # fmt: skip
    return Line(either("schema", "表结构"), found, True)


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)
