"""Erasing a person from the whole city: here, because from here every room that keeps words can be reached."""

from __future__ import annotations

from datetime import datetime

from denizen.ground.chronicle import commands as chronicle
from denizen.ground.identity import commands as identity
from denizen.ground.ledger import commands as ledger
from denizen.kit import db
from denizen.people.risk import commands as risk
from denizen.people.standing import commands as standing


def erase_resident(*, actor: identity.Actor, resident: int, moment: datetime) -> None:
    """Erase who a resident was, and every word about him; with a note of the act, which names only his key.

    Entries, postings and decisions stay under a key that names nobody any more, and every seal over them holds. The
    ledger goes first: it keeps what names had committed to before they are forgotten. Raises what
    ``identity.erase_by_staff`` raises; then nothing has changed.
    """
    with db.opening():
        ledger.erase_words(resident=resident)
        chronicle.forget_outside_names(resident=resident)
        standing.erase_honour_reasons(resident=resident)
        risk.erase_words(resident=resident)
        identity.erase_act_words(resident=resident)
        identity.erase_by_staff(actor=actor, resident_id=resident, moment=moment)
