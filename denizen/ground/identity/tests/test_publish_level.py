"""Levels are published, never edited, and every right is checked against the level held on that date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from denizen.ground.chronicle.kinds import purchase
from denizen.ground.identity import queries
from denizen.ground.identity.commands import (
    UnableToAct,
    UnableToPublish,
    publish_level,
    publish_reference_levels,
)
from denizen.ground.identity.commands.reference_levels import REFERENCE_LEVELS
from denizen.ground.identity.constants import HOUSE, Grade, Mark, Right
from denizen.ground.identity.models import LevelVersion, StaffAct
from denizen.ground.identity.rules import LevelDraft, problems_of
from denizen.ground.identity.testing import NOW, a_resident, ada, ben, fei, lived, odo, resells, takes_delivery

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SPRING = datetime(2025, 3, 1, tzinfo=UTC)
OWNER = next(draft for draft in REFERENCE_LEVELS if draft.code == "owner")


@pytest.fixture(autouse=True)
def _levels():
    publish_reference_levels(moment=NOW)


@pytest.mark.parametrize("draft", REFERENCE_LEVELS, ids=lambda draft: draft.code)
def test_every_level_that_comes_with_the_house_is_sound_and_marked_assumed(draft):
    assert problems_of(draft) == []
    assert draft.assumed


def test_the_reference_levels_cover_every_grade_and_both_plans():
    conditions = {condition for draft in REFERENCE_LEVELS for condition in (*draft.grades, *draft.plans)}

    assert conditions == {*Grade, "energy", "service", "deposit"}


def test_publishing_the_reference_levels_again_changes_nothing():
    before = LevelVersion.objects.count()

    assert publish_reference_levels(moment=NOW) == []
    assert LevelVersion.objects.count() == before == len(REFERENCE_LEVELS)


@pytest.mark.row("B-70")
@pytest.mark.partial("A-02")
def test_a_new_version_counts_from_its_day_and_the_old_one_before():
    profile = ada()
    takes_delivery(profile, SPRING)
    poorer = replace(OWNER, rights=(Right.COMMUNITY_READ,))

    published = publish_level(actor=odo(), draft=poorer, effective_from=NOW + DAY, moment=NOW)

    assert published.version == 2
    assert queries.may(profile.resident_id, Right.VOTE, NOW)
    assert not queries.may(profile.resident_id, Right.VOTE, NOW + DAY)
    assert queries.may(profile.resident_id, Right.COMMUNITY_READ, NOW + DAY)
    held = {each.version.code: each.version.version for each in queries.levels_held(profile.resident_id, NOW)}
    then = {each.version.code: each.version.version for each in queries.levels_held(profile.resident_id, NOW + DAY)}
    assert (held, then) == ({"owner": 1}, {"owner": 2})


def test_publishing_is_noted_with_its_department():
    publish_level(actor=odo(), draft=OWNER, effective_from=NOW, moment=NOW)

    act = StaffAct.objects.order_by("pk").last()
    assert (act.act, act.subject_id, act.details) == ("level.published", "owner", {"version": 2})
    assert act.department.code == "user-operation"


def test_it_refuses_who_has_no_permit():
    with pytest.raises(UnableToAct) as refused:
        publish_level(actor=fei(), draft=OWNER, effective_from=NOW, moment=NOW)

    assert refused.value.code == "no_permit"


def test_it_refuses_a_level_for_the_past():
    with pytest.raises(UnableToPublish) as refused:
        publish_level(actor=odo(), draft=OWNER, effective_from=NOW - DAY, moment=NOW)

    assert refused.value.code == "past"


def test_it_refuses_a_level_before_the_latest_version():
    operator = odo()
    publish_level(actor=operator, draft=OWNER, effective_from=NOW + 2 * DAY, moment=NOW)

    with pytest.raises(UnableToPublish) as refused:
        publish_level(actor=operator, draft=OWNER, effective_from=NOW + DAY, moment=NOW)

    assert refused.value.code == "overtaken"


@pytest.mark.parametrize(
    "change",
    [
        {"code": "Not A Word"},
        {"title_zh": " "},
        {"condition_en": ""},
        {"grades": (), "plans": ()},
        {"grades": ("emperor",)},
        {"plans": ("tea",)},
        {"rights": ("fly",)},
        {"mark": "rainbow"},
        {"notices": ("gossip",)},
        {"term_days": 0},
        {"grades": (Grade.FAN,), "term_days": 30},
    ],
    ids=str,
)
def test_it_refuses_an_unsound_level_in_both_languages(change):
    with pytest.raises(UnableToPublish) as refused:
        publish_level(actor=HOUSE, draft=replace(OWNER, **change), effective_from=NOW, moment=NOW)

    assert refused.value.message("en") != refused.value.message("zh")
    assert LevelVersion.objects.filter(version=2).count() == 0


def test_a_published_level_is_never_edited():
    with pytest.raises(DatabaseError, match="append-only"):
        LevelVersion.objects.update(rights=[])


@pytest.mark.row("B-70")
def test_a_level_with_a_term_ends_with_it():
    profile = ada()
    takes_delivery(profile, NOW)
    honeymoon = LevelDraft(
        code="honeymoon",
        title_en="First month",
        title_zh="首月",
        condition_en="The first 30 days of owning.",
        condition_zh="成为车主的前 30 天。",
        grades=(Grade.OWNER, Grade.FOUNDER_OWNER),
        rights=(Right.PILOT_APPLY,),
        term_days=30,
    )
    publish_level(actor=odo(), draft=honeymoon, effective_from=NOW, moment=NOW)

    def codes(moment: datetime) -> set[str]:
        return {held.version.code for held in queries.levels_held(profile.resident_id, moment)}

    takes_delivery(profile, NOW + 20 * DAY, vehicle="car-2", founder_edition=True)

    assert codes(NOW + 29 * DAY) == {"owner", "founder_owner", "honeymoon"}
    assert codes(NOW + 30 * DAY) == {"owner", "founder_owner"}


class TestRights:
    """Rights by the level held on that date, also after it was lost."""

    @pytest.mark.partial("B-25")
    def test_a_seller_keeps_his_community_rights_and_loses_inviting(self):
        profile = ada()
        takes_delivery(profile, SPRING)
        lived(profile, purchase.VehicleBoughtBack(vehicle="car-1"), SPRING + DAY)

        def rights(moment: datetime) -> set[Right]:
            return {right for right in Right if queries.may(profile.resident_id, right, moment)}

        community = {right for right in Right if right.startswith("community.") and right != Right.COMMENT_LABEL}
        assert community <= rights(SPRING)
        assert community <= rights(SPRING + DAY)
        assert rights(SPRING) - rights(SPRING + DAY) == {Right.INVITE_FRIENDS, Right.VOTE, Right.ACTIVITIES_HOST}

    @pytest.mark.partial("D-02")
    def test_paying_gives_and_refunding_takes(self):
        profile = ada()
        lived(profile, purchase.DepositPaid(order="o-1", stage="deposit"), SPRING, key="p-1")
        lived(profile, purchase.DepositRefunded(original="p-1"), SPRING + DAY)

        assert queries.may(profile.resident_id, Right.HOUSE_ENTER, SPRING)
        assert not queries.may(profile.resident_id, Right.HOUSE_ENTER, SPRING + DAY)

    @pytest.mark.row("D-03")
    @pytest.mark.partial("A-02")
    def test_a_resident_reads_which_levels_apply_and_why(self):
        profile = ada()
        sold = SPRING + DAY
        takes_delivery(profile, SPRING)
        entry = resells(profile, sold)

        (held,) = queries.levels_held(profile.resident_id, NOW)
        (before,) = queries.levels_held(profile.resident_id, SPRING)

        assert (held.version.code, held.since, held.until, held.entry) == ("former_owner", sold, None, entry.id)
        assert held.reason == ("You resold your vehicle.", "你转售了车辆。")
        assert (before.version.code, before.since, before.until) == ("owner", SPRING, sold)

    @pytest.mark.partial("D-01")
    def test_a_plain_resident_is_a_fan_since_ever(self):
        plain = ben().resident_id

        (held,) = queries.levels_held(plain, NOW)

        assert (held.version.code, held.since, held.entry) == ("fan", None, None)
        assert queries.may(plain, Right.COMMUNITY_POST, NOW)
        assert not queries.may(plain, Right.VOTE, NOW)


class TestLabels:
    """Marks beside the name, and those under comments."""

    @pytest.mark.partial("D-13")
    def test_each_mark_names_its_ground_and_date(self):
        profile = ada()
        takes_delivery(profile, SPRING)

        (label,) = queries.labels_for([profile.resident_id, ben().resident_id], NOW)[profile.resident_id]

        assert (label.mark, label.since) == (Mark.CROWN, SPRING)
        assert label.ground == ("You took delivery of a vehicle.", "你已提车。")

    @pytest.mark.partial("D-15")
    def test_only_founder_edition_owners_are_labelled_in_comments(self):
        founder, owner, fan = ada(), ben(), a_resident()
        takes_delivery(founder, SPRING, founder_edition=True)
        takes_delivery(owner, SPRING, vehicle="car-2")

        labels = queries.comment_labels_for([founder.resident_id, owner.resident_id, fan.resident_id], NOW)

        assert list(labels) == [founder.resident_id]
        assert [label.mark for label in labels[founder.resident_id]] == [Mark.FOUNDER_CROWN]

    @pytest.mark.partial("D-04")
    def test_marks_are_resolved_for_the_moment_asked(self):
        profile = ada()
        takes_delivery(profile, SPRING)
        resells(profile, SPRING + DAY)

        def marks(moment: datetime) -> list[Mark]:
            return [label.mark for label in queries.labels_for([profile.resident_id], moment)[profile.resident_id]]

        assert marks(SPRING) == [Mark.CROWN]
        assert marks(SPRING + DAY) == [Mark.FORMER_CROWN]
