"""What refused commands say, in the reader's language."""

from __future__ import annotations

from denizen.kit.explained import Explained
from denizen.portal.words import chinese


def refusal(error: Exception) -> str:
    """The sentence of a refusal for the person who asked."""
    return error.message("zh" if chinese() else "en") if isinstance(error, Explained) else str(error)
