"""Opening a city: from an environment to a database that answers, migrated, with Django ready to use it.

Every command goes through here, so every command works on a fresh home and without ``up`` running.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import django
import psycopg
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import translation

from denizen.config.speech import language, warn
from denizen.kit.embedded import Address, Embedded, external
from denizen.kit.explained import Explained
from denizen.kit.home import Home
from denizen.shell.catalogues import compile_catalogues

SETTINGS = "denizen.config.settings"
MIGRATE_LOCK = 7_300
"""An advisory lock: a city is migrated by one process at a time."""


class UnableToOpen(Explained):
    sentences = {
        "newer": {
            "en": "This database was migrated by a newer Denizen ({name}); install that version again.",
            "zh": "该数据库已由更新版本的 Denizen 迁移（{name}）；请重新安装那个版本。",
        },
    }


@dataclass(frozen=True, slots=True)
class City:
    """An open city. ``embedded`` is None when ``DATABASE_URL`` names a server that somebody else runs."""

    home: Home
    address: Address
    embedded: Embedded | None


@contextmanager
def reached(environ: Mapping[str, str] = os.environ) -> Iterator[City]:
    """Hold the city's database for the length of the block, whatever is in it.

    Raises UnableToUseHome, UnableToRunDatabase, UnableToReachDatabase.
    """
    home = Home.find(environ)
    url = environ.get("DATABASE_URL", "")
    if url:
        yield City(home, external(url), None)
        return
    embedded = Embedded(home, environ=environ)
    with embedded.running() as address:
        yield City(home, address, embedded)


@contextmanager
def opened(environ: Mapping[str, str] = os.environ) -> Iterator[City]:
    """Hold the city with Django set up and the schema of this version. Raises also UnableToOpen."""
    with reached(environ) as city:
        prepare(city)
        migrate(city.address)
        try:
            yield city
        finally:
            connections.close_all()


def environment_of(city: City, *, pooled: bool) -> dict[str, str]:
    """The variables by which ``settings`` find this city; ``pooled`` for a process with many threads."""
    parameters = city.address.as_django()
    if not pooled:
        parameters["OPTIONS"] = {**parameters["OPTIONS"], "pool": False}
    return {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DENIZEN_HOME": str(city.home.path),
        "DENIZEN_DATABASE": json.dumps(parameters),
        "DENIZEN_SECRET_KEY": os.environ.get("DENIZEN_SECRET_KEY") or city.home.secret_key(),
        "DENIZEN_MEDIA_ROOT": str(city.home.media),
        "DENIZEN_ROOTS_FOLDER": str(city.home.roots),
    }


def prepare(city: City) -> None:
    """Make this process a process of the city: settings, catalogues, rooms."""
    os.environ.update(environment_of(city, pooled=False))
    compile_words()
    django.setup()
    translation.activate("zh-hans" if language() == "zh" else "en")


def compile_words() -> None:
    """Compile what is older than its source. Where the program's folder is read-only, the words stay as they are."""
    try:
        compile_catalogues()
    except OSError as refusal:
        warn(
            f"The translations could not be compiled ({refusal}); they stay as they were.",
            f"译文未能编译（{refusal}），仍用原有译文。",
        )


def errand(name: str) -> Any:
    """A module of ``config.errands``: they stand on the rooms' tables, which exist only once Django is set up."""
    return importlib.import_module(f"denizen.config.errands.{name}")


def migrate(address: Address) -> None:
    """Bring the schema and the vocabulary to this version, one process at a time. Raises UnableToOpen: newer."""
    _refuse_the_newer()
    if pending_steps():
        with psycopg.connect(address.as_conninfo(), autocommit=True) as guard:
            guard.execute("SELECT pg_advisory_lock(%s)", [MIGRATE_LOCK])
            if missing := pending_steps():  # else somebody else did it while we waited
                warn(f"Preparing the database: {missing} steps …", f"正在准备数据库：共 {missing} 步……")
                call_command("migrate", verbosity=0, interactive=False)
    errand("vocabulary").sync_kinds()


def pending_steps() -> int:
    """How many migrations this database has not seen. Needs ``prepare``."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_the_newer() -> None:
    loader = MigrationLoader(connection)
    ours = {label for label, _ in loader.disk_migrations}
    for label, name in sorted(loader.applied_migrations):
        if label in ours and (label, name) not in loader.disk_migrations:
            raise UnableToOpen("newer", name=f"{label}.{name}")
