"""Giving honours: signed records by people, with a reason, never to oneself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from denizen.ground.identity import commands as identity
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import StaffAct
from denizen.ground.identity.queries import post_of
from denizen.people.standing import commands, queries
from denizen.people.standing.commands import UnableToGiveHonour
from denizen.people.standing.models import Honour, HonourReason
from denizen.people.standing.testing import a_resident, a_staff_member

HIRED = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)
WORDS = {"title_en": "Pathfinder", "title_zh": "引路人", "reason": "Led forty newcomers\nthrough the first winter."}


@pytest.fixture
def odo(db):
    return a_staff_member("Odo", Permission.HONOURS_GIVE, moment=HIRED)


@pytest.fixture
def ada(db):
    return a_resident()


def give(actor, resident, moment=NOW, **changed):
    return commands.give_honour(actor=actor, resident=resident.pk, **{**WORDS, **changed}, moment=moment)


def forge(**columns: object) -> None:
    """Change honours the way only somebody at the database could: with the triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for name, value in columns.items():
            cursor.execute(f"UPDATE standing_honour SET {name} = %s", (value,))
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.partial("D-20")
def test_an_honour_says_who_for_what_and_when_and_is_signed(odo, ada):
    given = give(odo, ada)

    (record,) = queries.honours_for(ada.pk, ada.pk)
    assert (record.public_id, record.title_en, record.title_zh) == (given.public_id, "Pathfinder", "引路人")
    assert (record.reason, record.given_at, record.signed) == (WORDS["reason"], NOW, True)
    assert (record.given_by, record.department_en, record.department_zh) == ("Odo", "User relations", "用户关系部")


def test_giving_is_noted_as_an_act_of_the_department(odo, ada):
    given = give(odo, ada)

    act = StaffAct.objects.get(act="honour.given")
    assert (act.staff, act.subject_id, act.department) == (odo, str(given.public_id), given.department)


def test_giving_again_is_another_honour_and_the_latest_comes_first(odo, ada):
    give(odo, ada)
    second = give(odo, ada, moment=NOW + timedelta(days=1))

    records = queries.honours_for(ada.pk, ada.pk)
    assert [record.signed for record in records] == [True, True]
    assert records[0].public_id == second.public_id


def test_it_refuses_who_holds_no_permit(ada):
    fei = a_staff_member("Fei", moment=HIRED)

    with pytest.raises(UnableToGiveHonour) as refused:
        give(fei, ada)

    assert refused.value.code == "permit"
    assert not Honour.objects.exists()


def test_it_refuses_before_the_permit_begins(odo, ada):
    with pytest.raises(UnableToGiveHonour):
        give(odo, ada, moment=HIRED - timedelta(seconds=1))


def test_it_refuses_who_holds_no_post_any_more(odo, ada):
    identity.end_post(actor=HOUSE, post=post_of(odo, NOW), moment=HIRED + timedelta(days=1))

    with pytest.raises(UnableToGiveHonour) as refused:
        give(odo, ada)

    assert refused.value.code == "post"


def test_it_refuses_to_honour_oneself(ada):
    odo = a_staff_member("Odo", Permission.HONOURS_GIVE, moment=HIRED, resident_id=ada.pk)

    with pytest.raises(UnableToGiveHonour) as refused:
        give(odo, ada)

    assert refused.value.code == "own"
    assert refused.value.message("zh") == "不能给自己授予荣誉：该居民就是您本人。"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": " \n "}, "reason"),
        ({"reason": "x" * 1_001}, "reason"),
        ({"title_en": ""}, "title"),
        ({"title_zh": " "}, "title"),
        ({"title_en": "x" * 121}, "title"),
    ],
)
def test_it_refuses_without_a_title_in_both_languages_and_a_reason(odo, ada, changed, code):
    with pytest.raises(UnableToGiveHonour) as refused:
        give(odo, ada, **changed)

    assert refused.value.code == code
    assert refused.value.message("zh") != refused.value.message("en")


def test_it_refuses_a_resident_who_does_not_exist(odo):
    with pytest.raises(UnableToGiveHonour) as refused:
        commands.give_honour(actor=odo, resident=999_999_999, **WORDS, moment=NOW)

    assert refused.value.code == "nobody"


@pytest.mark.parametrize(
    ("column", "value"),
    [("title_en", "Founder"), ("title_zh", "创始人"), ("given_at", HIRED), ("reason_digest", "0" * 64)],
)
def test_a_changed_record_is_told_apart(odo, ada, column, value):
    give(odo, ada)

    forge(**{column: value})

    assert [record.signed for record in queries.honours_for(ada.pk, ada.pk)] == [False]
    assert len(queries.verify()) == 1


def test_a_record_moved_to_another_resident_or_giver_is_told_apart(odo, ada):
    give(odo, ada)
    ben, fei = a_resident(), a_staff_member("Fei", moment=HIRED)

    forge(resident_id=ben.pk)
    assert [record.signed for record in queries.honours_for(None, ben.pk)] == [False]
    forge(resident_id=ada.pk)
    assert [record.signed for record in queries.honours_for(None, ada.pk)] == [True]
    forge(staff_id=fei.pk)
    assert [record.signed for record in queries.honours_for(None, ada.pk)] == [False]


def test_a_changed_reason_is_told_apart_and_an_erased_one_keeps_the_signature(odo, ada):
    give(odo, ada)
    HonourReason.objects.update(reason="Paid well.")
    assert [record.signed for record in queries.honours_for(ada.pk, ada.pk)] == [False]

    with transaction.atomic():
        assert commands.erase_honour_reasons(resident=ada.pk) == 1
        assert commands.erase_honour_reasons(resident=ada.pk) == 0

    assert [(record.reason, record.signed) for record in queries.honours_for(ada.pk, ada.pk)] == [(None, True)]


def test_signatures_outlive_a_change_of_the_secret_only_while_the_old_one_is_kept(odo, ada, settings):
    give(odo, ada)

    settings.SECRET_KEY, old = "another secret", settings.SECRET_KEY
    assert [record.signed for record in queries.honours_for(ada.pk, ada.pk)] == [False]
    settings.SECRET_KEY_FALLBACKS = [old]
    assert [record.signed for record in queries.honours_for(ada.pk, ada.pk)] == [True]


def test_a_guest_sees_the_honour_without_its_reason(odo, ada):
    give(odo, ada)

    assert [(record.title_en, record.reason) for record in queries.honours_for(None, ada.pk)] == [("Pathfinder", None)]


def test_a_resident_without_honours_has_none(odo, ada):
    give(odo, ada)

    assert queries.honours_for(ada.pk, a_resident().pk) == []


def test_a_profile_of_honours_takes_two_queries(odo, ada, query_count):
    for _ in range(5):
        give(odo, ada)
    before = query_count()

    queries.honours_for(ada.pk, ada.pk)

    assert query_count() - before == 2


def test_the_database_refuses_to_edit_an_honour(odo, ada):
    give(odo, ada)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Honour.objects.update(title_en="Founder")
