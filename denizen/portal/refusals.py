"""What refused commands say, in the reader's language.

Most refusals are written in both languages where they are raised. The ledger's are plain English sentences; they stand
here once more, so that the catalogue knows them.
"""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from denizen.kit.explained import Explained
from denizen.portal.words import chinese

OF_THE_LEDGER = (
    gettext_noop("only who holds a post can act: every act names its department"),
    gettext_noop("nobody gives points to himself or decides about his own"),
    gettext_noop("a grant is at least 1 point"),
    gettext_noop("there is nothing to correct"),
    gettext_noop("a resident's account stands in one line"),
    gettext_noop("goodwill is given in points"),
    gettext_noop("this is not waiting for a decision"),
    gettext_noop("another person decides"),
    gettext_noop("this needs the permission corrections.approve"),
    gettext_noop("this needs the permission corrections.propose"),
    gettext_noop("this needs the permission grants.goodwill"),
    gettext_noop("this needs the permission grants.surprise"),
)


def refusal(error: Exception) -> str:
    """What a refused command says to the person who asked: a sentence, beginning with a capital."""
    if isinstance(error, Explained):
        return error.message("zh" if chinese() else "en")
    words = gettext(str(error))
    return words[:1].upper() + words[1:]
