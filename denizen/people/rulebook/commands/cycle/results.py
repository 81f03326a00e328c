"""Check results, supervise, feed back: what a department of user relations does most (A-36)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from denizen.ground.identity import commands as identity
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.rulebook.commands.cycle.office import (
    Said,
    UnableToGoOn,
    in_office,
    keep_words,
    refuse_repeat,
    version_named,
)
from denizen.people.rulebook.commands.cycle.trials import require_figures
from denizen.people.rulebook.commands.turns import one_at_a_time
from denizen.people.rulebook.models import BookVersion, Force, ResultCheck, Supervision
from denizen.people.rulebook.queries.versions import book_of
from denizen.people.rulebook.rules.review import review_day


class UnableToCheck(UnableToGoOn):
    """The verdict is none of the three, or the author checks himself."""

    sentences = {
        "verdict": {"en": "A verdict is good, mixed or bad.", "zh": "结论只能是良好、有得有失或不好。"},
        "own": {
            "en": "Whoever proposed a version does not check its result: nobody sees his own work as others do.",
            "zh": "版本的提出者不能检查其结果：没有人能像别人那样看自己的作品。",
        },
    }


def check_result(
    *, actor: Staff, number: int, verdict: str, said: Said, figures: Mapping[str, int], moment: datetime
) -> ResultCheck:
    """Record whether version ``number`` did what it was made for: ``good``, ``mixed`` or ``bad``, with what was found.

    ``figures``: what was measured, whole numbers by name. Any verdict opens the way to a next version; the next look is
    due after the book's months of review. The author does not check alone what he wrote: a check is a second person's,
    so that in a department of two whoever approved may check. Raises UnableToCheck, UnableToTry, UnableToAct.
    """
    with db.opening():
        one_at_a_time()
        identity.require_permit(actor=actor, permission=Permission.RULES_CHECK, moment=moment)
        version = _ruling(number, moment)
        if version.proposed_by_id == actor.pk:
            raise UnableToCheck("own")
        if verdict not in ResultCheck.Verdict.values:
            raise UnableToCheck("verdict")
        require_figures(figures)
        refuse_repeat(ResultCheck.objects.filter(verdict=verdict), "words", actor, said, number)
        office = in_office(actor, "rules.check", number, moment)
        return ResultCheck.objects.create(
            book=version, verdict=verdict, words=keep_words(said), figures=dict(figures),
            review_on=review_day(moment, book_of(version)), **office,
        )  # fmt: skip


def supervise(*, actor: Staff, number: int, seen: Said, moment: datetime, fed_back: Said | None = None) -> Supervision:
    """Record how version ``number`` is kept to, and what was told to whom. Raises UnableToGoOn, UnableToAct."""
    with db.opening():
        one_at_a_time()
        identity.require_permit(actor=actor, permission=Permission.RULES_CHECK, moment=moment)
        version = _ruling(number, moment)
        refuse_repeat(Supervision.objects, "seen", actor, seen, number)
        office = in_office(actor, "rules.supervise", number, moment)
        told = keep_words(fed_back) if fed_back is not None and fed_back.text.strip() else None
        return Supervision.objects.create(book=version, seen=keep_words(seen), fed_back=told, **office)


def _ruling(number: int, moment: datetime) -> BookVersion:
    """The version, which is or was in force for everybody."""
    version = version_named(number)
    if not Force.objects.filter(book=version, source__isnull=True, effective_from__lte=moment).exists():
        raise UnableToGoOn("not_in_force", number=number)
    return version
