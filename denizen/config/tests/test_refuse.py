"""What somebody at a terminal is told when a command fails: a sentence with what to do, and exit code 1."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError

from denizen.config.cli import main


@pytest.fixture
def fails_with(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run ``denizen`` with a failure in its middle; the exit code and standard error."""

    def run(failure: Exception, language: str = "en") -> tuple[int, str]:
        def fail(**_: object) -> None:
            raise failure

        monkeypatch.setenv("DENIZEN_LANGUAGE", language)
        monkeypatch.delenv("DENIZEN_DEBUG", raising=False)
        monkeypatch.setattr(main.denizen, "main", fail)
        return main.run(["verify"]), capsys.readouterr().err

    return run


def test_a_database_that_stops_midway_is_told_in_a_sentence(fails_with: Callable[..., tuple[int, str]]) -> None:
    code, told = fails_with(OperationalError("No space left on device\nHINT: Check free disk space."))

    assert code == 1
    assert told == "The database could not go on (No space left on device). See what is missing with: denizen doctor\n"
    assert "denizen doctor" in fails_with(OperationalError("x"), language="zh-hans")[1]


def test_a_fault_of_ours_is_named_as_such(fails_with: Callable[..., tuple[int, str]]) -> None:
    for failure in (ZeroDivisionError("division by zero"), AssertionError()):
        code, told = fails_with(failure)

        assert code == 1
        assert type(failure).__name__ in told
        assert "DENIZEN_DEBUG=1" in told
