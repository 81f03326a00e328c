"""Honours: given by people for a stated reason, signed by the city (D-20)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings

from denizen.ground.chronicle.models import Resident
from denizen.ground.identity.commands import note_act
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.ground.identity.queries import department_of, is_own_matter, may_staff
from denizen.kit import db
from denizen.kit.explained import Explained
from denizen.people.standing.constants import HONOUR_REASON_LENGTH_MAX, HONOUR_TITLE_LENGTH_MAX
from denizen.people.standing.models import Honour, HonourReason
from denizen.people.standing.queries.honours import signature_of
from denizen.people.standing.rules import reason_digest

TWICE_WITHIN = timedelta(seconds=30)
"""Nobody means the same honour again so soon."""

PRESSED_LOCK_SQL = "SELECT pg_advisory_xact_lock(hashtextextended('honour pressed ' || %s, 0))"


class UnableToGiveHonour(Explained):
    """The honour is not this person's to give, or does not say what for."""

    sentences: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "permit": {
            "en": "You may not give honours: it takes the permit “{permission}”.",
            "zh": "您无权授予荣誉：需要“{permission}”权限。",
        },
        "post": {
            "en": "Only who holds a post can give an honour: it names your department.",
            "zh": "只有在职人员才能授予荣誉：荣誉须署明您的部门。",
        },
        "own": {
            "en": "Nobody honours himself: this resident is you.",
            "zh": "不能给自己授予荣誉：该居民就是您本人。",
        },
        "nobody": {"en": "There is no such resident.", "zh": "没有这位居民。"},
        "title": {
            "en": "An honour has a title in English and in Chinese, each of 1 to {most} characters.",
            "zh": "荣誉须有中英文名称，各 1 至 {most} 个字符。",
        },
        "reason": {
            "en": "Say what the honour is given for, in 1 to {most} characters.",
            "zh": "请写明授予荣誉的理由，1 至 {most} 个字符。",
        },
    }


def give_honour(*, actor: Staff, resident: int, title_en: str, title_zh: str, reason: str, moment: datetime) -> Honour:
    """Give ``resident`` (his key) an honour: a signed record of who, for what and when, and an act of ``actor``.

    Two honours may say the same: giving again is another honour. Only a button pressed twice is not: the same words
    by the same person within moments give once. Opens its transaction. Refused with ``UnableToGiveHonour``; then
    nothing is written.
    """
    title_en, title_zh, reason = title_en.strip(), title_zh.strip(), reason.strip()
    _refuse_words(title_en, title_zh, reason)
    with db.opening():
        _refuse_giver(actor, resident, moment)
        department = department_of(actor, moment)
        honoured = Resident.objects.filter(pk=resident).first()
        if department is None:
            raise UnableToGiveHonour("post")
        if honoured is None:
            raise UnableToGiveHonour("nobody")
        if pressed := _pressed(actor, resident, title_en, title_zh, moment):
            return pressed
        salt = secrets.token_hex(16)
        honour = Honour(
            resident=honoured,
            title_en=title_en,
            title_zh=title_zh,
            reason_digest=reason_digest(salt, reason),
            staff=actor,
            department=department,
            given_at=moment,
        )
        honour.signature = signature_of(honour, settings.SECRET_KEY)
        honour.save(force_insert=True)
        HonourReason.objects.create(honour=honour, salt=salt, reason=reason)
        note_act(
            actor=actor,
            act="honour.given",
            subject_kind="honour",
            subject_id=str(honour.public_id),
            details={"resident": resident},
            moment=moment,
        )
    return honour


def _pressed(actor: Staff, resident: int, title_en: str, title_zh: str, moment: datetime) -> Honour | None:
    """What ``actor`` gave in the same words just now; his next ones wait until this transaction ends."""
    db.fetch(PRESSED_LOCK_SQL, (str(actor.pk),))
    return Honour.objects.filter(
        staff=actor, resident=resident, title_en=title_en, title_zh=title_zh,
        given_at__gt=moment - TWICE_WITHIN, given_at__lt=moment + TWICE_WITHIN,
    ).first()  # fmt: skip


def erase_honour_reasons(*, resident: int) -> int:
    """Empty the words in which a resident's honours were given; how many. Titles, dates and signatures stay.

    Needs an open transaction.
    """
    db.required()
    told = HonourReason.objects.filter(honour__resident=resident).exclude(reason="")
    return told.update(reason="", salt="")


def _refuse_words(title_en: str, title_zh: str, reason: str) -> None:
    if not all(1 <= len(title) <= HONOUR_TITLE_LENGTH_MAX for title in (title_en, title_zh)):
        raise UnableToGiveHonour("title", most=HONOUR_TITLE_LENGTH_MAX)
    if not 1 <= len(reason) <= HONOUR_REASON_LENGTH_MAX:
        raise UnableToGiveHonour("reason", most=HONOUR_REASON_LENGTH_MAX)


def _refuse_giver(actor: Staff, resident: int, moment: datetime) -> None:
    if not may_staff(actor, Permission.HONOURS_GIVE, moment):
        raise UnableToGiveHonour("permit", permission=Permission.HONOURS_GIVE)
    if is_own_matter(actor, [resident]):
        raise UnableToGiveHonour("own")
