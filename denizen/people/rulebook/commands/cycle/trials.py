"""A content is tried before it becomes law."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.rulebook.commands.cycle.office import UnableToGoOn, in_office, require_one_of
from denizen.people.rulebook.commands.turns import one_at_a_time
from denizen.people.rulebook.models import Trial

TRIED_BY = (Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RULES_CHECK, Permission.RULES_SPEAK)
FIGURES_MAX = 400
DIGEST = re.compile(r"[0-9a-f]{64}")
RUN = re.compile(r"\S{1,80}")
FIGURE = re.compile(r"[a-z][a-z0-9_.:]{0,79}")
INT64 = 2**63


class UnableToTry(UnableToGoOn):
    """What was tried, or what came out, is not told in the form a trial has."""

    sentences = {
        "digest": {
            "en": "A trial names the content it tried by its SHA-256: 64 small hexadecimal digits.",
            "zh": "试算须以 SHA-256 指明所试内容：64 位小写十六进制数字。",
        },
        "run": {
            "en": "A trial names its run in at most 80 characters without blanks.",
            "zh": "试算须以不超过 80 个、不含空格的字符命名其运行。",
        },
        "figures": {
            "en": "The summary of a trial holds at most {most} whole numbers under short names.",
            "zh": "试算摘要最多含 {most} 个以短名标记的整数。",
        },
    }


def record_trial(*, actor: Staff, digest: str, run: str, summary: Mapping[str, int], moment: datetime) -> Trial:
    """Record that the content ``digest`` was tried in ``run``, with its figures (whole numbers by name).

    A trial belongs to the content: a draft's counts for the version proposed from it. Recorded again for the same run,
    the first one is answered. Raises UnableToTry, UnableToAct.
    """
    with db.opening():
        one_at_a_time()
        require_one_of(actor, TRIED_BY, moment)
        if not DIGEST.fullmatch(digest):
            raise UnableToTry("digest")
        if not RUN.fullmatch(run):
            raise UnableToTry("run")
        require_figures(summary)
        known = Trial.objects.filter(digest=digest, run_key=run).first()
        if known is not None:
            return known
        office = in_office(actor, "rules.try", digest[:60], moment)
        return Trial.objects.create(digest=digest, run_key=run, summary=dict(summary), **office)


def require_figures(figures: Mapping[str, int]) -> None:
    """Refuse anything but a few whole numbers by name: no floats, no words."""
    sound = all(
        FIGURE.fullmatch(name) and type(value) is int and -INT64 <= value < INT64 for name, value in figures.items()
    )
    if not sound or len(figures) > FIGURES_MAX:
        raise UnableToTry("figures", most=FIGURES_MAX)
