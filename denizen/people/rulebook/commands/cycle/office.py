"""What all acts of the cycle have in common: a permit, a department, words that somebody answers for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from denizen.ground.identity import commands as identity
from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.ground.identity.queries import permits_of
from denizen.kit.explained import Explained
from denizen.people.rulebook.models import BookVersion, Words

WORDS_LENGTH_MIN, WORDS_LENGTH_MAX = 2, 2_000


class UnableToGoOn(Explained):
    """An act of the cycle that is not allowed, not possible, or was already done."""

    sentences = {
        "no_version": {"en": "There is no version {number} of the rule book.", "zh": "没有第 {number} 版规则书。"},
        "words": {
            "en": "Say it in words, between {least} and {most} characters.",
            "zh": "请用文字说明，{least} 到 {most} 个字符。",
        },
        "language": {"en": "Words are written in Chinese or in English.", "zh": "文字须为中文或英文。"},
        "said_already": {
            "en": "You have said exactly this about version {number} already; it is on record.",
            "zh": "您已就第 {number} 版说过同样的话，已记录在案。",
        },
        "not_in_force": {
            "en": "Version {number} has not been in force yet, so there is nothing to look at.",
            "zh": "第 {number} 版尚未生效，还没有可看的结果。",
        },
    }


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody writes, and the language he writes it in (``zh-hans`` or ``en``)."""

    text: str
    language: str = "zh-hans"


def require_one_of(actor: Staff, permissions: tuple[Permission, ...], moment: datetime) -> None:
    """Refuse with ``UnableToAct`` unless ``actor`` holds one of ``permissions`` at ``moment``."""
    if permits_of(actor, moment).isdisjoint(permissions):
        raise UnableToAct("no_permit", permission=permissions[0], name=actor.name)


def in_office(actor: Staff, act: str, number: int | str, moment: datetime) -> dict[str, Any]:
    """Note the act and answer the columns of its row: who, for which department, when. Needs an open transaction."""
    noted = identity.note_act(
        actor=actor, act=act, subject_kind="rule_book", subject_id=str(number), details={}, moment=moment
    )
    return {"by": actor, "department_id": noted.department_id, "at": moment}


def version_named(number: int) -> BookVersion:
    version = BookVersion.objects.filter(number=number).first()
    if version is None:
        raise UnableToGoOn("no_version", number=number)
    return version


def keep_words(said: Said) -> Words:
    """Put words on record. Refused when there are none, too many, or in a language the city does not keep."""
    return Words.objects.create(text=_sound(said), language=said.language)


def refuse_repeat(rows: Any, field: str, actor: Staff, said: Said, number: int) -> None:
    """Pressing twice records once: the same words of the same person about the same version are refused."""
    if rows.filter(book_id=number, by=actor, **{f"{field}__text": _sound(said)}).exists():
        raise UnableToGoOn("said_already", number=number)


def _sound(said: Said) -> str:
    text = said.text.strip()
    if not WORDS_LENGTH_MIN <= len(text) <= WORDS_LENGTH_MAX or "\x00" in text:
        raise UnableToGoOn("words", least=WORDS_LENGTH_MIN, most=WORDS_LENGTH_MAX)
    if said.language not in ("zh-hans", "en"):
        raise UnableToGoOn("language")
    return text
