"""Colleagues of the central bank."""

from __future__ import annotations

import pytest

from denizen.ground.identity import testing as people
from denizen.ground.identity.models import Staff


@pytest.fixture
def odo(db: None) -> Staff:
    return people.odo()


@pytest.fixture
def fei(db: None) -> Staff:
    return people.fei()
