"""What the tests of the whole city stand on: a seeded test database, and emptying it where tests commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from denizen.ground.chronicle.commands import sync_kinds
from denizen.people.rulebook.queries import force

KEPT = {"django_migrations", "django_content_type", "procrastinate_version", "chronicle_kindcode"}


def empty_city() -> None:
    """Empty every table but the vocabulary, append-only ones included; only a test's superuser can do this."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name not in KEPT]
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("CREATE TEMP TABLE kept AS SELECT * FROM ledger_account WHERE id < 10 OR id = 4001")
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names) + " RESTART IDENTITY CASCADE")
        cursor.execute("INSERT INTO ledger_account SELECT * FROM kept")
        cursor.execute("DROP TABLE kept")
        cursor.execute("SET session_replication_role = DEFAULT")
    force._kept.clear()  # numbers begin anew, and the same version would be remembered with the accounts of before


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:  # noqa: ARG001 - built first
    """The test database with the vocabulary stored, as every living city has it after its migrations."""
    with django_db_blocker.unblock():
        sync_kinds()


@pytest.fixture(scope="session", autouse=True)
def _committing_tests_empty_the_city() -> None:
    """Append-only tables refuse TRUNCATE, so Django's own flush between committing tests is replaced by ours."""

    def teardown(self: TransactionTestCase) -> None:  # noqa: ARG001 - becomes a method
        empty_city()

    setattr(TransactionTestCase, "_fixture_teardown", teardown)  # noqa: B010 - not in the stubs


@pytest.fixture(autouse=True)
def _passwords_are_cheap(settings: Any) -> None:
    """The real password hash takes a third of a second on purpose; tests sign up hundreds of people."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def query_count() -> Callable[[], int]:
    """How many queries ran since the fixture was asked: ``before = query_count()`` ... ``query_count() - before``."""
    connection.force_debug_cursor = True
    return lambda: len(connection.queries_log)
