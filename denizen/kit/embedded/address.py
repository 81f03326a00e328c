"""Where a database is and how to speak to it: for Django, for psycopg, and for PostgreSQL's own tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg.conninfo import make_conninfo


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` may be the folder of a socket. ``options`` are further words of libpq (``sslmode`` …)."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    def as_django(self) -> dict[str, Any]:
        """One entry of Django's ``DATABASES``."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.host,
            "PORT": str(self.port),
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "OPTIONS": dict(self.options),
        }

    def as_conninfo(self, *, name: str | None = None) -> str:
        """A connection string for psycopg, to this database or to the one called ``name``."""
        words: dict[str, Any] = {**self.options, "host": self.host, "port": self.port, "user": self.user}
        return make_conninfo(**words, dbname=name or self.name, password=self.password or None)

    def as_environ(self) -> dict[str, str]:
        """Variables that lead psql, pg_dump and pg_restore here, so that no password shows in a list of processes."""
        words = {"PGHOST": self.host, "PGPORT": str(self.port), "PGDATABASE": self.name, "PGUSER": self.user}
        if self.password:
            words["PGPASSWORD"] = self.password
        if "sslmode" in self.options:
            words["PGSSLMODE"] = self.options["sslmode"]
        return words
