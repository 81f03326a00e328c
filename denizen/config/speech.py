"""What the city says in a terminal: one sentence at a time, English or Chinese."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from denizen.kit.explained import Explained

ASKED_IN_ORDER = ("DENIZEN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def language(environ: Mapping[str, str] = os.environ) -> str:
    """``zh`` or ``en``: what DENIZEN_LANGUAGE says, else the terminal's locale."""
    spoken = next((environ[name] for name in ASKED_IN_ORDER if environ.get(name)), "")
    return "zh" if spoken.lower().startswith("zh") else "en"


def either(en: str, zh: str) -> str:
    """The one of two texts that this terminal reads."""
    return zh if language() == "zh" else en


def tell(en: str, zh: str) -> None:
    """A sentence on standard output, at once."""
    sys.stdout.write(either(en, zh) + "\n")
    sys.stdout.flush()


def warn(en: str, zh: str) -> None:
    """A sentence on standard error, at once."""
    sys.stderr.write(either(en, zh) + "\n")
    sys.stderr.flush()


def refusal_of(failure: BaseException) -> str:
    """One sentence for a refusal, without line breaks that would look like a traceback."""
    text = failure.message(language()) if isinstance(failure, Explained) else str(failure)
    return text.strip() or type(failure).__name__
