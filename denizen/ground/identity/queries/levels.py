"""Levels and rights: which a resident holds at a moment, and why (A-02, B-70, D-04, D-13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from denizen.ground.identity.constants import (
    MARK_TITLES,
    REASON_BY_KIND,
    SINCE_EVER,
    Mark,
    Right,
    Title,
)
from denizen.ground.identity.models import Fact, LevelVersion
from denizen.ground.identity.queries.facts import facts_for
from denizen.ground.identity.rules import Level, Span
from denizen.kit.clock import from_micros, to_micros


@dataclass(frozen=True, slots=True)
class HeldLevel:
    """A level a resident holds: the version in force, since when, until when (None: open), and because of what.

    ``since`` None: since ever. ``kind`` and ``entry`` name the fact that gave it; empty and None for a plain fan.
    """

    version: LevelVersion
    since: datetime | None
    until: datetime | None
    reason: Title
    kind: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class Label:
    """A mark beside a name, with its ground and date (D-13). ``since`` None: since ever."""

    mark: Mark
    title: Title
    ground: Title
    since: datetime | None


def levels_held(resident: int, moment: datetime) -> list[HeldLevel]:
    """The levels a resident holds at ``moment`` with the reason of each, for him to read."""
    held = facts_for([resident])[resident].held_at(to_micros(moment))
    versions = LevelVersion.objects.in_bulk([level.id for level, _ in held])
    kinds = _kinds_of(span for _, span in held)
    return [_held_level(versions[level.id], level, span, kinds) for level, span in held]


def may(resident: int, right: Right, moment: datetime) -> bool:
    """Whether the levels held at ``moment`` allow ``right`` (B-70)."""
    return right in facts_for([resident])[resident].rights_at(to_micros(moment))


def published_levels(moment: datetime) -> list[LevelVersion]:
    """The levels in force at ``moment``, for everybody to read (A-02)."""
    return list(
        LevelVersion.objects.filter(effective_from__lte=moment)
        .order_by("code", "-effective_from", "-version")
        .distinct("code")
    )


def labels_for(residents: Iterable[int], moment: datetime) -> Mapping[int, list[Label]]:
    """The marks beside the names of ``residents`` at ``moment``, on their pages; who has none is left out."""
    return _labels(residents, moment, only=None)


def comment_labels_for(residents: Iterable[int], moment: datetime) -> Mapping[int, list[Label]]:
    """The marks shown under comments: only levels with that right, which is the founder edition's (D-15)."""
    return _labels(residents, moment, only=Right.COMMENT_LABEL)


def _labels(residents: Iterable[int], moment: datetime, *, only: Right | None) -> Mapping[int, list[Label]]:
    facts = facts_for(residents := set(residents))
    moment_us = to_micros(moment)
    held = {
        resident: [(lv, span) for lv, span in facts[resident].held_at(moment_us) if only is None or only in lv.rights]
        for resident in residents
    }
    versions = LevelVersion.objects.in_bulk({level.id for pairs in held.values() for level, _ in pairs})
    kinds = _kinds_of(span for pairs in held.values() for _, span in pairs)
    labels = {
        resident: [
            _label(each)
            for each in (_held_level(versions[level.id], level, span, kinds) for level, span in pairs)
            if each.version.mark
        ]
        for resident, pairs in held.items()
    }
    return {resident: found for resident, found in labels.items() if found}


def _label(held: HeldLevel) -> Label:
    mark = Mark(held.version.mark)
    return Label(mark, MARK_TITLES[mark], held.reason, held.since)


def _kinds_of(spans: Iterable[Span | None]) -> dict[int, str]:
    entries = {span.entry for span in spans if span}
    return dict(Fact.objects.filter(pk__in=entries).values_list("pk", "kind")) if entries else {}


def _held_level(version: LevelVersion, level: Level, span: Span | None, kinds: Mapping[int, str]) -> HeldLevel:
    if span is None:
        return HeldLevel(version, None, None, SINCE_EVER, "", None)
    ends = [end for end in (span.ends_us, level.term_us and span.begins_us + level.term_us) if end is not None]
    kind = kinds[span.entry]
    return HeldLevel(
        version,
        from_micros(span.begins_us),
        from_micros(min(ends)) if ends else None,
        REASON_BY_KIND[kind],
        kind,
        span.entry,
    )
