"""What the import linter cannot see: keys point down, one writer per room, no signals, sizes stay small."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

PACKAGE = Path(__file__).resolve().parents[2] / "denizen"
DOWNWARD = ["portal", "growth", "risk", "rulebook", "standing", "ledger", "identity", "chronicle", "shell"]
"""Rooms with tables from the top of the city to the bottom."""

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts and "tests" not in path.parts)
WRITERS = {"commands", "testing", "reference_city"}
WRITES = re.compile(
    r"\.objects\.(create|bulk_create|update|update_or_create|get_or_create|bulk_update)\(|\.(save|delete)\(\)"
    r"|\.objects\b[^\n]*\.(update|delete)\("
)


def keys_that_cross() -> Iterator[tuple[str, str, models.ForeignKey]]:
    for model in apps.get_models():
        if model._meta.app_label not in DOWNWARD:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                yield model._meta.app_label, field.related_model._meta.app_label, field


def test_foreign_keys_point_down_the_city() -> None:
    rising = [
        f"{field} -> {there}"
        for here, there, field in keys_that_cross()
        if here != there and DOWNWARD.index(here) > DOWNWARD.index(there)
    ]

    assert rising == []


def test_no_key_opens_a_way_back() -> None:
    assert [str(field) for _, _, field in keys_that_cross() if field.remote_field.related_name != "+"] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_commands_write(path: Path) -> None:
    if WRITERS & set(path.with_suffix("").parts):
        return

    assert [line.strip() for line in path.read_text().splitlines() if WRITES.search(line)] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_file_is_read_at_one_sitting(path: Path) -> None:
    source = path.read_text()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]

    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES_MAX]
    assert long == []
    assert len(source.splitlines()) <= FILE_LINES_MAX


def test_nothing_listens_to_signals() -> None:
    listening = [
        path.relative_to(PACKAGE).as_posix()
        for path in SOURCES
        if re.search(r"django\.(db\.models|core)\.signals|@receiver", path.read_text())
    ]

    assert listening == []


def test_no_model_works_while_it_is_saved() -> None:
    overriding = [
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in DOWNWARD and {"save", "delete"} & set(vars(model))
    ]

    assert overriding == []


def test_every_constraint_of_ours_has_a_name_of_ours() -> None:
    unnamed = [
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in DOWNWARD
        for constraint in model._meta.constraints
        if not constraint.name.startswith(f"{model._meta.app_label}_")
    ]

    assert unnamed == []
