"""What every test of this room stands on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are read in the language of the source."""
    with translation.override("en"):
        yield
