"""The embedded server: started by the first who needs it, stopped by the last who leaves.

Three lock files in ``run/`` carry the whole protocol; the kernel frees each when its holder dies.

- ``start.lock``, exclusive: whoever starts, enters, leaves or stops. Nobody decides anything without it.
- ``use.lock``, shared: everybody who needs the server, for as long as it is needed. Who leaves and can take it
  exclusively was the last.
- ``alive.lock``, exclusive: inherited by the server and all its children. While it is held, some process of the server
  lives, whatever ``postmaster.pid`` says; once it is free, none does. It also keeps two containers off one home.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from denizen.kit.embedded.account import Account, account_for
from denizen.kit.embedded.address import Address
from denizen.kit.embedded.binaries import Binaries, find_binaries, reachable
from denizen.kit.embedded.cluster import SUPERUSER, Settings, configure, explained, make_cluster, written_by
from denizen.kit.embedded.failures import UnableToRunDatabase
from denizen.kit.embedded.locks import UnableToLock, held, lock, locked, open_lock
from denizen.kit.embedded.postmaster import claimed_postmaster, discard_false_claims, works_in
from denizen.kit.embedded.sockets import PORT, SOCKET, make_socket_folder, remove_socket_folder, socket_folder_for
from denizen.kit.embedded.tools import Tool
from denizen.kit.home import SYSTEM_FOLDER, Home, UnableToUseHome

DATABASE = "denizen"
PAUSE_SECONDS = 0.03
CONNECT_SECONDS = 5
LOG_BYTES_MAX = 20_000_000
# All places taken is also an answer, and the only one that a live server may give besides yes.
FULL = "too many clients"
IN_BACKGROUND = '"$@" &'


class Embedded:
    """The server of one home.

    ``environ`` is read for ``DENIZEN_PG_BIN``, ``DENIZEN_PG_USER`` and, where no ``settings`` are given,
    ``DENIZEN_PG_START_TIMEOUT``.
    """

    def __init__(
        self, home: Home, *, settings: Settings | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        self.home = home
        self.settings = settings or Settings.from_environ(environ)
        self._environ = environ

    @contextmanager
    def running(self) -> Iterator[Address]:
        """Hold the server for as long as the block lasts: start it or join it; the last to leave stops it.

        Raises UnableToRunDatabase, UnableToUseHome.
        """
        entered_by = os.getpid()
        lease = self._enter()
        try:
            yield self.address
        finally:
            try:
                if os.getpid() == entered_by:
                    self._leave(lease)
            finally:
                os.close(lease)

    def ensure_running(self) -> Address:
        """For a holder of :meth:`running`: bring the server back if it has died. Harmless while it lives."""
        with self._deciding(seconds=self.settings.start_seconds_max) as start_lock:
            self._bring_up(start_lock)
            return self.address

    def is_running(self) -> bool:
        """Whether any process of this home's server lives. A look, not a promise."""
        descriptor = open_lock(self.home.run / "alive.lock", self.home)
        try:
            return held(descriptor)
        finally:
            os.close(descriptor)

    @property
    def address(self) -> Address:
        """Where the server is, or will be once it runs."""
        return Address(host=str(self._socket_folder()), port=PORT, name=DATABASE, user=SUPERUSER)

    @property
    def log(self) -> Path:
        return self.home.run / "postgres.log"

    def tool(self, name: str) -> Tool:
        """``pg_dump``, ``psql`` and the like. Raises UnableToRunDatabase: no_tool."""
        return Tool(self._binaries.program(name), self._account, self.address)

    @cached_property
    def _account(self) -> Account:
        account = account_for(self.home, self._environ)
        for folder in (self.home.path, self.home.run):
            if account.dropped and not account.can("-x", folder):
                example = SYSTEM_FOLDER / "denizen"
                raise UnableToUseHome("unreachable", path=folder, account=account.name, example=example)
        return account

    @cached_property
    def _binaries(self) -> Binaries:
        account = self._account  # first, for it refuses data that we may not even read
        found = find_binaries(self._environ, written=written_by(self.home), data=self.home.postgres)
        return reachable(found, account=account, copies_under=self.settings.copies_under)

    def _socket_folder(self) -> Path:
        """A live server says where its socket is; a command with another TMPDIR would compute another place."""
        claim = claimed_postmaster(self.home.postgres)
        if claim and claim.socket_folder and works_in(claim.pid, self.home.postgres):
            return claim.socket_folder
        return socket_folder_for(self.home)

    @contextmanager
    def _deciding(self, *, seconds: float) -> Iterator[int]:
        """Hold the start lock; yields its descriptor. Raises UnableToRunDatabase: busy."""
        with ExitStack() as stack:
            try:
                descriptor = stack.enter_context(locked(self.home.run / "start.lock", self.home, seconds=seconds))
            except UnableToLock:
                raise UnableToRunDatabase("busy", seconds=seconds) from None
            yield descriptor

    def _enter(self) -> int:
        """Returns the descriptor that holds our share of ``use.lock``."""
        lease = open_lock(self.home.run / "use.lock", self.home)
        try:
            with self._deciding(seconds=self.settings.start_seconds_max) as start_lock:
                lock(lease, fcntl.LOCK_SH, seconds=0)
                self._bring_up_or_withdraw(start_lock, lease)
        except BaseException:
            os.close(lease)
            raise
        return lease

    def _bring_up_or_withdraw(self, start_lock: int, lease: int) -> None:
        try:
            self._bring_up(start_lock)
        except BaseException as failure:
            # A recovery that takes long is left at work, else every attempt would begin it anew and none would end it.
            if getattr(failure, "code", "") != "slow_start":
                self._stop_if_last(lease)
            raise

    def _leave(self, lease: int) -> None:
        with self._deciding(seconds=self.settings.start_seconds_max + self.settings.stop_seconds_max):
            self._stop_if_last(lease)

    def _stop_if_last(self, lease: int) -> None:
        """Nobody can enter meanwhile, for entering takes the start lock that we hold."""
        with suppress(UnableToLock):
            lock(lease, fcntl.LOCK_EX, seconds=0)
            if self.is_running():
                folder = self._socket_folder()
                self._stop()
                remove_socket_folder(folder, home=self.home)

    def _bring_up(self, start_lock: int) -> None:
        """Join the server that lives, wait for one that is coming or going, start one where there is none."""
        make_cluster(self.home, binaries=self._binaries, account=self._account, settings=self.settings, lock=start_lock)
        make_socket_folder(self._socket_folder(), home=self.home, account=self._account)
        log_bytes_before: int | None = None
        end = time.monotonic() + self.settings.start_seconds_max
        while not (self._exists() and self._answers()):
            if not self._exists():
                if log_bytes_before is not None:
                    raise self._explained(log_bytes_before)
                log_bytes_before = self._launch()
            elif time.monotonic() >= end:
                raise UnableToRunDatabase("slow_start", seconds=self.settings.start_seconds_max, log=self.log)
            time.sleep(PAUSE_SECONDS)

    def _exists(self) -> bool:
        """Ours, or one that somebody started by hand in our data folder."""
        if self.is_running():
            return True
        claim = claimed_postmaster(self.home.postgres)
        return claim is not None and works_in(claim.pid, self.home.postgres)

    def _answers(self) -> bool:
        """Readiness is a real connection, and the database of the city is there."""
        conninfo = self.address.as_conninfo(name="postgres")
        try:
            with psycopg.connect(conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
                known = "SELECT 1 FROM pg_database WHERE datname = %s"
                if connection.execute(known, [DATABASE]).fetchone() is None:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
                return True
        except psycopg.OperationalError as refusal:
            return FULL in str(refusal)

    def _launch(self) -> int:
        """Start the server as nobody's child, so that whoever reaps orphans reaps it. Returns the size of its log."""
        folder = socket_folder_for(self.home)
        make_socket_folder(folder, home=self.home, account=self._account)
        configure(self.home, account=self._account, settings=self.settings, socket_folder=folder)
        discard_false_claims(self.home.postgres, folder / f"{SOCKET}.lock")
        log, alive = self._open_log(), open_lock(self.home.run / "alive.lock", self.home)
        try:
            size = os.fstat(log).st_size
            self._claim_life(alive)
            subprocess.run(
                ["/bin/sh", "-c", IN_BACKGROUND, "sh", self._binaries.program("postgres"), "-D", self.home.postgres],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(alive,),
                **self._account.keywords(binaries=self._binaries.folder),
            )
        finally:
            os.close(alive)
            os.close(log)
        return size

    def _claim_life(self, alive: int) -> None:
        """Nothing lives, so only others who look may be in the way, and they look briefly."""
        try:
            lock(alive, fcntl.LOCK_EX, seconds=CONNECT_SECONDS)
        except UnableToLock:
            raise UnableToRunDatabase("busy", seconds=CONNECT_SECONDS) from None

    def _open_log(self) -> int:
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_BYTES_MAX:
                self.log.replace(self.log.with_suffix(".log.1"))
        try:
            descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as refusal:
            raise self.home.explained(refusal) from refusal
        self.home.adopt(descriptor)
        return descriptor

    def _explained(self, log_bytes_before: int) -> UnableToRunDatabase:
        words = self.log.read_bytes()[log_bytes_before:].decode(errors="replace")
        folder = socket_folder_for(self.home)
        facts = {"log": self.log, "socket_folder": folder}
        return explained(words, path=self.home.postgres, account=self._account, otherwise="did_not_start", **facts)

    def _stop(self) -> None:
        """Stop our server, and only ours: its number is used only while it is proven to be a server of this data.

        Raises UnableToRunDatabase: does_not_stop.
        """
        seconds, words = self.settings.stop_seconds_max, "no process to speak to"
        end = time.monotonic() + seconds
        while self.is_running():
            claim = claimed_postmaster(self.home.postgres)
            if claim and works_in(claim.pid, self.home.postgres):
                words = self._ask_to_stop(max(1, int(end - time.monotonic())))
            if time.monotonic() >= end:
                raise UnableToRunDatabase("does_not_stop", seconds=seconds, reason=words, log=self.log)
            time.sleep(PAUSE_SECONDS)

    def _ask_to_stop(self, seconds: int) -> str:
        stop = ("stop", "-D", self.home.postgres, "-m", "fast", "-w", "-t", str(seconds))
        answer = self.tool("pg_ctl").run(*stop, stdin=subprocess.DEVNULL, capture_output=True)
        return (answer.stderr or answer.stdout).decode(errors="replace").strip().replace("\n", " ")
