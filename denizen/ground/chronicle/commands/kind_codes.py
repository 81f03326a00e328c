"""The stored vocabulary: which number stands for which kind."""

from __future__ import annotations

from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.ground.chronicle.models import KindCode
from denizen.kit.explained import Explained


class UnableToSyncKinds(Explained):
    sentences = {
        "number_taken": {
            "en": "Number {number} is stored as {stored}, but the vocabulary calls it {called}."
            " A number is never reused: give {called} a new one.",
            "zh": "编号 {number} 已存为 {stored}，而词汇表称之为 {called}。"
            "编号不得重复使用：请为 {called} 分配新编号。",
        }
    }


def sync_kinds() -> int:
    """Store the numbers and codes of the vocabulary after a migration; how many were new. Repeating is harmless.

    Stored kinds that the vocabulary no longer has are kept: their entries still need a name.
    """
    stored = dict(KindCode.objects.values_list("id", "code"))
    for number, kind in BY_NUMBER.items():
        if stored.get(number, kind.code) != kind.code:
            raise UnableToSyncKinds("number_taken", number=number, stored=stored[number], called=kind.code)
    new = [KindCode(id=number, code=kind.code) for number, kind in BY_NUMBER.items() if number not in stored]
    KindCode.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
