"""Levels as published: which one is in force at a moment, and what it gives (A-02, B-70, D-04)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from denizen.ground.identity.constants import DEPOSIT_PLAN, Grade, Mark, Notice, Right, Title
from denizen.kit.clock import DAY

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
PLANS = frozenset({"energy", "service", DEPOSIT_PLAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelDraft:
    """A level before it is published. Its condition: one of ``grades`` is held, or one of ``plans`` runs.

    ``term_days``: how long the level lasts from its beginning; None: as long as the condition holds.
    ``assumed``: the brand's material does not state it, we filled the gap.
    """

    code: str
    title_en: str
    title_zh: str
    condition_en: str
    condition_zh: str
    rights: tuple[Right, ...]
    grades: tuple[Grade, ...] = ()
    plans: tuple[str, ...] = ()
    term_days: int | None = None
    mark: Mark = Mark.NONE
    notices: tuple[Notice, ...] = ()
    assumed: bool = False


def problems_of(draft: LevelDraft) -> list[Title]:
    """What forbids publishing ``draft``, in both languages; empty when nothing does."""
    texts = (draft.title_en, draft.title_zh, draft.condition_en, draft.condition_zh)
    findings = (
        (not CODE.fullmatch(draft.code), Title("The code must be a lower-case word.", "代码须为小写单词。")),
        (
            not all(text.strip() for text in texts),
            Title("Title and condition are needed in both languages.", "名称与条件须有中英文两种文本。"),
        ),
        (
            not draft.grades and not draft.plans,
            Title("A condition names at least one grade or plan.", "条件须至少指定一个身份或计划。"),
        ),
        (not set(draft.grades) <= set(Grade), Title("The condition names an unknown grade.", "条件中含有未知的身份。")),
        (not set(draft.plans) <= PLANS, Title("The condition names an unknown plan.", "条件中含有未知的计划。")),
        (not set(draft.rights) <= set(Right), Title("It gives an unknown right.", "含有未知的权益。")),
        (draft.mark not in set(Mark), Title("It shows an unknown mark.", "含有未知的标志。")),
        (not set(draft.notices) <= set(Notice), Title("It names an unknown notice.", "含有未知的通知。")),
        (
            draft.term_days is not None and draft.term_days < 1,
            Title("A term lasts at least one day.", "期限至少为一天。"),
        ),
        (
            draft.term_days is not None and Grade.FAN in draft.grades,
            Title(
                "A level of fans has no term, for being a fan has no beginning.",
                "粉丝级别没有期限，因为粉丝身份没有起点。",
            ),
        ),
    )
    return [problem for found, problem in findings if found]


@dataclass(frozen=True, slots=True)
class Level:
    """One published version, as much of it as checks need. ``conditions``: codes of grades and plans that give it."""

    id: int
    code: str
    conditions: frozenset[str]
    rights: frozenset[str]
    term_us: int | None
    effective_us: int

    @staticmethod
    def term(days: int | None) -> int | None:
        return None if days is None else days * DAY

    def lasts(self, since_us: int | None, moment_us: int) -> bool:
        """Whether the term is not over. ``since_us`` None: the condition holds since ever."""
        return self.term_us is None or (since_us is not None and moment_us < since_us + self.term_us)


@dataclass(slots=True)
class LevelBook:
    """All published versions, ready to answer which are in force at a moment (microseconds, ``kit.clock``)."""

    levels: Iterable[Level]
    _starts: list[int] = field(init=False)
    _in_force: list[dict[str, tuple[Level, ...]]] = field(init=False)

    def __post_init__(self) -> None:
        ascending = sorted(self.levels, key=lambda level: (level.effective_us, level.id))
        self._starts = sorted({level.effective_us for level in ascending})
        self._in_force = [_by_condition(ascending, start) for start in self._starts]

    def in_force(self, moment_us: int) -> dict[str, tuple[Level, ...]]:
        """The levels in force at the moment, under each grade or plan that gives them."""
        epoch = bisect_right(self._starts, moment_us)
        return self._in_force[epoch - 1] if epoch else {}


def _by_condition(ascending: list[Level], moment_us: int) -> dict[str, tuple[Level, ...]]:
    latest = {level.code: level for level in ascending if level.effective_us <= moment_us}
    conditions = {condition for level in latest.values() for condition in level.conditions}
    return {
        condition: tuple(sorted((lv for lv in latest.values() if condition in lv.conditions), key=lambda lv: lv.code))
        for condition in conditions
    }
