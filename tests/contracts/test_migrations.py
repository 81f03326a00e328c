"""The schema grows in one line, by steps that say what they are for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

PACKAGE = Path(__file__).resolve().parents[2] / "denizen"
STEPS = sorted(path for path in PACKAGE.glob("*/*/migrations/*.py") if path.name != "__init__.py")
OUR_WORDS = {"initial", "auto", "update", "fix", "change", "changes", "misc", "alter", "merge", "squashed"}
"""Words that say nothing of an intent."""


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def ours() -> set[str]:
    return {path.parents[1].name for path in STEPS}


def test_no_two_steps_come_from_one(loader: MigrationLoader) -> None:
    assert loader.detect_conflicts() == {}


def test_the_steps_of_a_room_are_one_line(loader: MigrationLoader, ours: set[str]) -> None:
    for room in sorted(ours):
        names = sorted(name for label, name in loader.disk_migrations if label == room)
        before = {
            name: [parent for label, parent in loader.disk_migrations[room, name].dependencies if label == room]
            for name in names
        }
        assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
        assert before == {name: names[:place][-1:] for place, name in enumerate(names)}


@pytest.mark.parametrize("path", STEPS, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_a_step_is_named_by_its_intent(path: Path) -> None:
    number, *words = path.stem.split("_")

    assert re.fullmatch(r"\d{4}", number)
    assert words
    assert not OUR_WORDS & set(words)


@pytest.mark.django_db
def test_the_tables_are_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_a_migrated_city_has_nothing_left_to_do() -> None:
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_no_step_edits_what_is_append_only() -> None:
    """Entries, postings and decisions are never rewritten, not by a migration either."""
    table = r"(chronicle_entry|ledger_posting|ledger_lotuse|growth_decision|identity_staffact|identity_fact)\b"
    editing = re.compile(rf"\b(UPDATE|DELETE FROM|TRUNCATE)\s+\"?{table}", re.I)

    assert [path.name for path in STEPS if editing.search(path.read_text(encoding="utf-8"))] == []
