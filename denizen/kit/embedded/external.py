"""A server that somebody else runs, named by ``DATABASE_URL``."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from denizen.kit.embedded.address import Address
from denizen.kit.embedded.binaries import MAJOR_MIN
from denizen.kit.embedded.failures import UnableToReachDatabase

SCHEMES = ("postgres://", "postgresql://")
SECONDS_MAX = 10
VERSION_OF_A_MAJOR = 10_000
OURS = {"host", "port", "dbname", "user", "password"}


def external(database_url: str, *, seconds: int = SECONDS_MAX) -> Address:
    """The address that ``DATABASE_URL`` names, once its server has answered within ``seconds`` (2 or more).

    Raises UnableToReachDatabase: bad_url, refused, unknown_host, timeout, wrong_password, unknown_database,
    old_version, not_accepted.
    """
    address = parse(database_url)
    try:
        conninfo = address.as_conninfo()
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=seconds) as connection:
            version = connection.info.server_version
    except psycopg.Error as refusal:
        raise _explained(address, refusal, seconds=seconds) from None
    if version < MAJOR_MIN * VERSION_OF_A_MAJOR:
        found = version // VERSION_OF_A_MAJOR
        raise UnableToReachDatabase("old_version", place=_place(address), found=found, minimum=MAJOR_MIN)
    return address


def parse(database_url: str) -> Address:
    """The parts of the URL, without asking anybody. Raises UnableToReachDatabase: bad_url."""
    if not database_url.startswith(SCHEMES):
        raise UnableToReachDatabase("bad_url")
    try:
        words = {key: str(value) for key, value in conninfo_to_dict(database_url).items() if value is not None}
        port = int(words.get("port", "5432"))
    except (psycopg.Error, ValueError):
        # The original error quotes the URL, and with it the password.
        raise UnableToReachDatabase("bad_url") from None
    user = words.get("user", "")
    name = words.get("dbname", user)
    if not user or not name:
        raise UnableToReachDatabase("bad_url")
    options = {key: value for key, value in words.items() if key not in OURS}
    host = words.get("host", "localhost")
    return Address(host=host, port=port, name=name, user=user, password=words.get("password", ""), options=options)


def _explained(address: Address, refusal: psycopg.Error, *, seconds: int) -> UnableToReachDatabase:
    words = str(refusal)
    facts = {"place": _place(address), "seconds": seconds, "user": address.user, "name": address.name}
    return UnableToReachDatabase(_code(address, refusal, words), reason=_last_line(words), **facts)


def _code(address: Address, refusal: psycopg.Error, words: str) -> str:
    if isinstance(refusal, psycopg.errors.ConnectionTimeout) or "timeout expired" in words:
        return "timeout"
    if any(sign in words for sign in ("Connection refused", "No such file or directory", "Is the server running")):
        return "refused"
    if any(sign in words for sign in ("resolve host", "translate host name", "Name or service", "nodename")):
        return "unknown_host"
    if f'database "{address.name}" does not exist' in words:
        return "unknown_database"
    if "password authentication failed" in words or "no password supplied" in words:
        return "wrong_password"
    return "not_accepted"


def _place(address: Address) -> str:
    return f"{address.host}:{address.port}"


def _last_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[-1] if lines else "no words"
