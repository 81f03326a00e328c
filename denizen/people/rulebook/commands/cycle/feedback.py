"""What residents and front-line departments say about a rule, and the version that takes it up (A-34, P-14)."""

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
from denizen.people.rulebook.models import Approval, Feedback, FeedbackTaken, Words
from denizen.people.rulebook.queries.versions import book_of


class UnableToReport(UnableToGoOn):
    """The feedback names no rule of that version, or nobody it could come from."""

    sentences = {
        "origin": {
            "en": "Feedback comes from residents or from a front-line department.",
            "zh": "反馈来自居民或一线部门。",
        },
        "no_rule": {"en": "Version {number} has no rule “{rule}”.", "zh": "第 {number} 版没有规则“{rule}”。"},
    }


class UnableToTakeUp(UnableToGoOn):
    """The feedback is not there, or the version came before it."""

    sentences = {
        "no_feedback": {"en": "There is no such feedback.", "zh": "没有这条反馈。"},
        "earlier": {
            "en": "Version {number} was written before this was said: only a later version can take it up.",
            "zh": "第 {number} 版写于这条反馈之前：只有之后的版本才能采纳它。",
        },
        "approved": {
            "en": "Version {number} is approved already; what it takes up is signed with it.",
            "zh": "第 {number} 版已获批准；它采纳的内容随之确定。",
        },
    }


def report_feedback(
    *, actor: Staff, number: int, origin: str, said: Said, moment: datetime, rule: str = ""
) -> Feedback:
    """Record what ``residents`` or the ``front_line`` say about version ``number``, or one ``rule`` of it.

    Every colleague with a post may: the rules are made in one place, relations are kept everywhere (A-34).
    Raises UnableToReport, UnableToAct.
    """
    with db.opening():
        one_at_a_time()
        version = version_named(number)
        if origin not in Feedback.Origin.values:
            raise UnableToReport("origin")
        if rule and rule not in {each.code for each in book_of(version).rules}:
            raise UnableToReport("no_rule", number=number, rule=rule)
        refuse_repeat(Feedback.objects.filter(rule=rule), "words", actor, said, number)
        office = in_office(actor, "rules.feedback", number, moment)
        return Feedback.objects.create(book=version, rule=rule, origin=origin, words=keep_words(said), **office)


def take_up_feedback(*, actor: Staff, feedback: int, number: int, moment: datetime) -> FeedbackTaken:
    """Say that version ``number``, still to be approved, takes up a feedback. Repeated, the first answer stands.

    Raises UnableToTakeUp, UnableToAct.
    """
    with db.opening():
        one_at_a_time()
        identity.require_permit(actor=actor, permission=Permission.RULES_PROPOSE, moment=moment)
        told = Feedback.objects.filter(pk=feedback).first()
        if told is None:
            raise UnableToTakeUp("no_feedback")
        version = version_named(number)
        known = FeedbackTaken.objects.filter(feedback=told, book=version).first()
        if known is not None:
            return known
        if told.book_id >= number:
            raise UnableToTakeUp("earlier", number=number)
        if Approval.objects.filter(book=version).exists():
            raise UnableToTakeUp("approved", number=number)
        office = in_office(actor, "rules.take_up", number, moment)
        return FeedbackTaken.objects.create(feedback=told, book=version, **office)


def empty_words(*, actor: Staff, words: int, moment: datetime) -> bool:
    """Empty what somebody wrote, because it says too much about a person; whether anything was left to empty.

    The row around it stays: who, for which department, when, and the decision. Raises UnableToAct.
    """
    with db.opening():
        identity.require_permit(actor=actor, permission=Permission.RESIDENTS_ERASE, moment=moment)
        emptied = Words.objects.filter(pk=words, emptied_at=None).update(text="", emptied_at=moment)
        if emptied:
            identity.note_act(
                actor=actor, act="rules.empty_words", subject_kind="rule_words", subject_id=str(words), details={},
                moment=moment,
            )  # fmt: skip
        return bool(emptied)
