"""What has to be on record before the next step: a check before a proposal, a trial and a voice before an approval."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from denizen.people.rulebook.models import BookVersion, Position, PositionAnswer, ResultCheck, Waiver
from denizen.people.rulebook.queries.lacking import missing_for_approval
from denizen.people.rulebook.queries.versions import version_in_force


def unchecked_version(moment: datetime) -> int | None:
    """The version in force at ``moment``, when nobody has checked its result; None when a next one may be proposed."""
    present = version_in_force(moment)
    if present is None or ResultCheck.objects.filter(book=present).exists():
        return None
    return present.number


def unready_to_approve(version: BookVersion, waived: frozenset[str]) -> str:
    """Why ``version`` cannot be approved, empty when it can. ``waived``: what its approver gives reasons for."""
    lacking = missing_for_approval(version.number) - waived
    if Waiver.Missing.TRIAL in lacking:
        return _("Nobody has tried version %(number)s: try it, or say why it need not be tried.") % {
            "number": version.number
        }
    if Waiver.Missing.POSITION in lacking:
        return _(
            "The users' spokesperson has not been heard on version %(number)s: ask, or say why it cannot wait."
        ) % {"number": version.number}
    return _objection(version)


def _objection(version: BookVersion) -> str:
    """Why the spokesperson's latest position stands in the way, empty when it does not."""
    stated = Position.objects.filter(book=version).order_by("-pk").first()
    if stated is None or stated.stand == Position.Stand.FOR:
        return ""
    answer = PositionAnswer.objects.filter(position=stated).first()
    if answer is None:
        return _("The users' spokesperson objects: decide first whether to follow or to overrule, and say why.")
    if answer.decision == PositionAnswer.Decision.FOLLOWED and stated.stand == Position.Stand.AGAINST:
        return _("It was decided to follow the users' spokesperson, who is against this version: it is set aside.")
    return ""
