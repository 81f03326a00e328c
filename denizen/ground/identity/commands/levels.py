"""Publishing levels: a new version each time, never an edit (A-02, B-70)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from denizen.ground.identity.commands.reference_levels import REFERENCE_LEVELS
from denizen.ground.identity.commands.staff import Actor, note_act, require_permit
from denizen.ground.identity.constants import HOUSE, ActCode, Permission
from denizen.ground.identity.models import LevelVersion
from denizen.ground.identity.rules import LevelDraft, problems_of
from denizen.kit import db
from denizen.kit.clock import MOMENT_MIN
from denizen.kit.explained import Explained


class UnableToPublish(Explained):
    """The level is incomplete, would hold for the past, or somebody published the same version just now."""

    sentences = {
        "incomplete": {
            "en": "The level cannot be published. {en}",
            "zh": "该级别无法发布。{zh}",
        },
        "past": {
            "en": "A level is published for the future, never for the past.",
            "zh": "级别只能面向未来发布，不能追溯过去。",
        },
        "overtaken": {
            "en": "A later version of this level is already published: choose a later day.",
            "zh": "该级别已有更晚生效的版本：请选择更晚的日期。",
        },
        "at_once": {
            "en": "Somebody else has just published this level: look at his version first.",
            "zh": "他人刚刚发布了该级别：请先查看其版本。",
        },
    }


def publish_level(*, actor: Actor, draft: LevelDraft, effective_from: datetime, moment: datetime) -> LevelVersion:
    """Publish ``draft`` as the next version of its level, in force from ``effective_from``; earlier days keep theirs.

    Refused with ``UnableToPublish`` when the draft has problems, or when ``effective_from`` lies in the past or before
    that of the latest version: a right that was exercised must stay explained. Needs an open transaction.
    """
    db.required()
    require_permit(actor=actor, permission=Permission.LEVELS_PUBLISH, moment=moment)
    if problems := problems_of(draft):
        raise UnableToPublish("incomplete", en=" ".join(p.en for p in problems), zh="".join(p.zh for p in problems))
    if effective_from < moment:
        raise UnableToPublish("past")
    latest = LevelVersion.objects.filter(code=draft.code).order_by("-version").first()
    if latest and effective_from < latest.effective_from:
        raise UnableToPublish("overtaken")
    published = _publish(draft, (latest.version if latest else 0) + 1, effective_from, moment)
    note_act(
        actor=actor,
        act=ActCode.LEVEL_PUBLISHED,
        subject_kind="level",
        subject_id=draft.code,
        details={"version": published.version},
        moment=moment,
    )
    return published


def publish_reference_levels(*, moment: datetime) -> list[LevelVersion]:
    """Publish the levels that come with the house, in force since ever; those with a version already are left alone.

    Answers what was new, so a second run answers an empty list. Needs an open transaction.
    """
    db.required()
    known = set(LevelVersion.objects.values_list("code", flat=True))
    published = [_publish(draft, 1, MOMENT_MIN, moment) for draft in REFERENCE_LEVELS if draft.code not in known]
    for level in published:
        note_act(
            actor=HOUSE,
            act=ActCode.LEVEL_PUBLISHED,
            subject_kind="level",
            subject_id=level.code,
            details={"version": level.version},
            moment=moment,
        )
    return published


def _publish(draft: LevelDraft, version: int, effective_from: datetime, moment: datetime) -> LevelVersion:
    try:
        with transaction.atomic():
            return LevelVersion.objects.create(
                code=draft.code,
                version=version,
                title_en=draft.title_en,
                title_zh=draft.title_zh,
                condition={"grades": [str(grade) for grade in draft.grades], "plans": list(draft.plans)},
                condition_en=draft.condition_en,
                condition_zh=draft.condition_zh,
                term_days=draft.term_days,
                rights=[str(right) for right in draft.rights],
                mark=str(draft.mark),
                notices=[str(notice) for notice in draft.notices],
                assumed=draft.assumed,
                effective_from=effective_from,
                published_at=moment,
            )
    except IntegrityError as error:
        raise UnableToPublish("at_once") from error
