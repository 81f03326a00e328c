"""The right to be heard: what a resident says to a case about him, until it is decided."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from denizen.kit import db
from denizen.people.risk.constants import STATEMENT_LENGTH_MAX, STATEMENTS_MAX
from denizen.people.risk.models import Case, CaseParty, Statement, Verdict


class UnableToSay(Exception):
    """The case is not about this resident or is decided, nothing was said, or enough was said."""


def say(*, resident: int, case: int, words: str, moment: datetime) -> Statement:
    """Add ``words`` of ``resident`` to the open case about him; the reviewers read them. Opens its transaction.

    Raises ``UnableToSay``; whose case it is not learns nothing about it.
    """
    said = words.strip()
    if not said:
        raise UnableToSay(_("Write what we should know."))
    if len(said) > STATEMENT_LENGTH_MAX or "\x00" in said:
        raise UnableToSay(_("Write at most %(count)d characters of plain text.") % {"count": STATEMENT_LENGTH_MAX})
    with db.opening():
        held = Case.objects.select_for_update().filter(pk=case).first()
        if held is None or not CaseParty.objects.filter(case=held, resident_id=resident).exists():
            raise UnableToSay(_("There is no such review of yours."))
        if held.state != Case.State.OPEN:
            raise UnableToSay(_("This review has ended."))
        if Statement.objects.filter(case=held, resident_id=resident).count() >= STATEMENTS_MAX:
            raise UnableToSay(_("You have said enough for somebody to read; the answer comes here."))
        return Statement.objects.create(case=held, resident_id=resident, words=said, said_at=moment)


def erase_words(*, resident: int) -> None:
    """Empty what a resident said, and what a reviewer wrote about him alone; forget on which devices he was seen.

    Where a case names others too, its reason speaks of all of them and stays. Needs an open transaction.
    """
    db.required()
    Statement.objects.filter(resident_id=resident).update(words="")
    alone = db.fetch(
        "SELECT case_id FROM risk_caseparty GROUP BY 1 HAVING count(*) = 1 AND min(resident_id) = %s", (resident,)
    )
    Verdict.objects.filter(case_id__in=[case for (case,) in alone]).exclude(reason="").update(reason="")
    db.execute("DELETE FROM risk_sighting WHERE resident_id = %s", (resident,))
