"""``denizen rules diff``: two books side by side, in sentences, with what the change takes away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from denizen.config.speech import tell
from denizen.ground.chronicle.kinds import SHAPES
from denizen.kit.clock import now
from denizen.kit.explained import Explained
from denizen.people.rulebook.models import BookVersion
from denizen.people.rulebook.queries import (
    Book,
    Difference,
    Lawfulness,
    Taking,
    book_of,
    differences,
    lawfulness,
    sentence,
    takings,
    to_plain,
)
from denizen.people.rulebook.rules import digest_of, load_book


class UnableToCompare(Explained):
    sentences = {
        "no_file": {
            "en": "{name} is neither the number of a version nor a file that can be read ({reason}).",
            "zh": "{name} 既不是版本号，也不是可读取的文件（{reason}）。",
        },
        "no_version": {
            "en": "There is no version {name} of the rule book; denizen rules list shows them.",
            "zh": "没有第 {name} 版规则书；可用 denizen rules list 查看。",
        },
    }


@dataclass(frozen=True, slots=True)
class Named:
    """A book as it was named: by number, or by a file (``number`` None)."""

    name: str
    number: int | None
    book: Book


def diff(*, a: str, b: str, as_json: bool) -> int:
    """Say what differs from ``a`` to ``b``, whether it takes value away, and when ``b`` could be in force."""
    before, after, moment = _named(a), _named(b), now()
    found = differences(before.book, after.book)
    taken = takings(before.book, after.book, shapes=SHAPES)
    law = lawfulness(after.book, effective_from=moment, moment=moment, number=after.number)
    if as_json:
        told = json.dumps(_figures(before, after, found, taken, law), ensure_ascii=False, indent=2, sort_keys=True)
        tell(told, told)
        return 0
    _tell_differences(found)
    _tell_takings(taken)
    _tell_date(law)
    return 0


def _named(name: str) -> Named:
    if name.isdecimal():
        version = BookVersion.objects.filter(number=int(name)).first() if len(name) < 10 else None
        if version is None:
            raise UnableToCompare("no_version", name=name)
        return Named(name, version.number, book_of(version))
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as refusal:
        raise UnableToCompare("no_file", name=name, reason=refusal) from refusal
    return Named(name, None, load_book(text, SHAPES))


def _tell_differences(found: tuple[Difference, ...]) -> None:
    if not found:
        tell("The two books are equal.", "两版规则书完全相同。")
    for each in found:
        words = sentence(each, shapes=SHAPES)
        touched = ", ".join(each.rules) if each.part in ("table", "shared_cap", "budget") else ""
        tell(
            f"- {words.en}{f' (touches: {touched})' if touched else ''}",
            f"- {words.zh}{f'（涉及：{touched}）' if touched else ''}",
        )


def _tell_takings(taken: tuple[Taking, ...]) -> None:
    if not taken:
        tell("It is proven that nobody is left with less.", "可以证明没有人会因此少得。")
        return
    tell("It counts as taking value away:", "视为减少用户所得：")
    for each in taken:
        tell(f"- {each.message('en')}", f"- {each.message('zh')}")


def _tell_date(law: Lawfulness) -> None:
    """From when the second book could be in force, if it were approved now."""
    if law.lawful_from <= law.moment:
        tell("Approved now, it could be in force at once.", "若现在批准，可立即生效。")
        return
    when = law.lawful_from.isoformat(timespec="seconds")
    tell(
        f"Approved now, it could be in force from {when} at the earliest: what takes value away from what is promised"
        f" is announced {law.notice_days} days ahead.",
        f"若现在批准，最早可于 {when} 生效：减少已承诺所得的变更须提前 {law.notice_days} 天公告。",
    )


def _figures(
    before: Named, after: Named, found: tuple[Difference, ...], taken: tuple[Taking, ...], law: Lawfulness
) -> dict[str, Any]:
    return {
        "a": _identity(before),
        "b": _identity(after),
        "differences": [_difference(each) for each in found],
        "takes_value": bool(taken),
        "takings": [_taking(each) for each in taken],
        "lawful_from": law.lawful_from.isoformat(),
        "asked_at": _moment(law.moment),
        "notice_days": law.notice_days,
    }


def _identity(named: Named) -> dict[str, Any]:
    return {"name": named.name, "version": named.number, "digest": digest_of(named.book)}


def _difference(each: Difference) -> dict[str, Any]:
    words = sentence(each, shapes=SHAPES)
    return {
        "part": each.part,
        "code": each.code,
        "field": each.field,
        "item": each.item,
        "change": each.change,
        "before": to_plain(each.before),
        "after": to_plain(each.after),
        "rules": list(each.rules),
        "only_words": each.only_words,
        "sentence": {"en": words.en, "zh": words.zh},
    }


def _taking(each: Taking) -> dict[str, Any]:
    return {"reason": each.reason, "rule": each.rule, "sentence": {"en": each.message("en"), "zh": each.message("zh")}}


def _moment(moment: datetime) -> str:
    return moment.isoformat()
