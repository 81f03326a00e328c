"""The users' spokesperson states a position on every change, and hears what was decided and why (A-40)."""

from __future__ import annotations

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
from denizen.people.rulebook.commands.turns import one_at_a_time
from denizen.people.rulebook.models import Position, PositionAnswer


class UnableToSpeak(UnableToGoOn):
    """The position is none of the three, or is the author's own."""

    sentences = {
        "stand": {
            "en": "A position is for, against, or with conditions.",
            "zh": "立场只能是赞成、反对或有条件赞成。",
        },
        "own": {
            "en": "Whoever proposed a change does not also speak for the users about it: ask a colleague.",
            "zh": "变更的提出者不能同时代表用户表态：请另一位同事表态。",
        },
    }


class UnableToAnswer(UnableToGoOn):
    """There is nothing to decide about this position, or not by this person, or no reason was given."""

    sentences = {
        "no_position": {"en": "There is no such position.", "zh": "没有这一立场。"},
        "no_objection": {
            "en": "The spokesperson is for this change: there is nothing to decide but the approval.",
            "zh": "代言人赞成此变更：除批准外无须另作决定。",
        },
        "outdated": {
            "en": "The spokesperson has said something newer about this version: answer that.",
            "zh": "代言人已有更新的立场：请就新的立场作出决定。",
        },
        "decided": {"en": "This position was decided already.", "zh": "这一立场已有决定。"},
        "decision": {"en": "A position is followed or overruled.", "zh": "对立场只能采纳或否决。"},
        "reason": {
            "en": "Overruling the users' spokesperson takes a reason that everybody can read.",
            "zh": "否决用户代言人须给出人人可读的理由。",
        },
        "own": {
            "en": "Neither who stated the position nor who proposed the change decides about it.",
            "zh": "表态者与变更提出者都不能对此作出决定。",
        },
    }


def state_position(*, actor: Staff, number: int, stand: str, said: Said, moment: datetime) -> Position:
    """State the users' position on version ``number``: ``for``, ``against`` or ``conditions``, in one's own words.

    It may come after the decision: position and decision keep moments of their own (X-20). A later position takes the
    place of an earlier one, which stays on record. Raises UnableToSpeak, UnableToAct.
    """
    with db.opening():
        one_at_a_time()
        identity.require_permit(actor=actor, permission=Permission.RULES_SPEAK, moment=moment)
        version = version_named(number)
        if version.proposed_by_id == actor.pk:
            raise UnableToSpeak("own")
        if stand not in Position.Stand.values:
            raise UnableToSpeak("stand")
        refuse_repeat(Position.objects.filter(stand=stand), "words", actor, said, number)
        office = in_office(actor, "rules.speak", number, moment)
        return Position.objects.create(book=version, stand=stand, words=keep_words(said), **office)


def answer_position(
    *, actor: Staff, position: int, decision: str, moment: datetime, said: Said | None = None
) -> PositionAnswer:
    """Decide about an objection: ``followed``, or ``overruled`` with the reason. Raises UnableToAnswer, UnableToAct."""
    with db.opening():
        one_at_a_time()
        identity.require_permit(actor=actor, permission=Permission.RULES_APPROVE, moment=moment)
        stated = Position.objects.select_related("book").filter(pk=position).first()
        if stated is None:
            raise UnableToAnswer("no_position")
        _refuse_answer(actor, stated, decision, said)
        office = in_office(actor, f"rules.position_{decision}", stated.book_id, moment)
        words = keep_words(said) if said is not None and said.text.strip() else None
        return PositionAnswer.objects.create(position=stated, decision=decision, words=words, **office)


def _refuse_answer(actor: Staff, stated: Position, decision: str, said: Said | None) -> None:
    if actor.pk in (stated.by_id, stated.book.proposed_by_id):
        raise UnableToAnswer("own")
    if stated.stand == Position.Stand.FOR:
        raise UnableToAnswer("no_objection")
    if Position.objects.filter(book=stated.book, pk__gt=stated.pk).exists():
        raise UnableToAnswer("outdated")
    if PositionAnswer.objects.filter(position=stated).exists():
        raise UnableToAnswer("decided")
    if decision not in PositionAnswer.Decision.values:
        raise UnableToAnswer("decision")
    if decision == PositionAnswer.Decision.OVERRULED and (said is None or not said.text.strip()):
        raise UnableToAnswer("reason")
