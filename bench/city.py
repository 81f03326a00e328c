"""A throwaway city for measuring: a durable server of its own on disk, migrated, nothing in it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

from denizen.kit.embedded import Settings
from denizen.kit.testing import temporary_server


@contextmanager
def city() -> Iterator[None]:
    """An empty city; fsync is on, so figures are durable. ``DENIZEN_BENCH_FOLDER`` says on which disk."""
    folder = Path(tempfile.mkdtemp(prefix="denizen-bench-", dir=os.environ.get("DENIZEN_BENCH_FOLDER")))
    folder.chmod(0o711)
    try:
        with temporary_server(folder / "home", settings=Settings(durable=True)) as address:
            os.environ["DENIZEN_DATABASE"] = json.dumps(address.as_django())
            os.environ["DENIZEN_HOME"] = str(folder / "home")
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denizen.config.settings")
            django.setup()
            call_command("migrate", verbosity=0)
            yield
            close_connections()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def close_connections() -> None:
    """Let go of every connection, before a fork and at the end."""
    connections.close_all()
    for connection in connections.all():
        connection.close_pool()  # type: ignore[attr-defined]
