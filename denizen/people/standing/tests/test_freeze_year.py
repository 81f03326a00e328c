"""Freezing the year: one list, once, that anybody can compute again from the journal."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import StaffAct
from denizen.ground.ledger import constants as ledger
from denizen.ground.ledger.commands import journal
from denizen.kit.clock import to_micros
from denizen.people.standing import commands, queries
from denizen.people.standing.commands import UnableToFreeze
from denizen.people.standing.models import FrozenLine, FrozenYear
from denizen.people.standing.testing import Move, a_resident, a_staff_member, earn

HIRED = datetime(2025, 1, 1, tzinfo=UTC)
SPRING = datetime(2026, 3, 1, 9, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 9, tzinfo=UTC)
YEAR_BEGINS = datetime(2025, 12, 31, 16, tzinfo=UTC)  # midnight in Shanghai
YEAR_ENDS = datetime(2026, 12, 31, 16, tzinfo=UTC)
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_shanghai(settings):
    settings.CITY_TIME_ZONE = "Asia/Shanghai"


@pytest.fixture
def odo(db):
    return a_staff_member("Odo", Permission.YEARS_FREEZE, moment=HIRED)


def earned(amount: int, when: datetime = SPRING, resident: int | None = None) -> int:
    resident = resident or a_resident().pk
    earn([Move(resident, "special", amount, when)], recorded_at=NOW)
    return resident


def freeze(actor, **changed):
    return commands.freeze_year(actor=actor, **{"year": 2026, "moment": NOW, **changed})


def lines(year: int = 2026) -> list[tuple[int, int]]:
    return [(line.resident, line.contribution) for line in queries.frozen_year(year).lines]


@pytest.mark.partial("B-64", "C-05")
def test_the_list_admits_exactly_120_by_the_published_tie_rule(odo):
    residents = [a_resident().pk for _ in range(130)]
    earn([Move(one, "special", 5 + (n == 129), SUMMER if n < 3 else SPRING) for n, one in enumerate(residents)],
         recorded_at=NOW)  # fmt: skip

    freeze(odo)

    listed = [resident for resident, _ in lines()]
    assert listed == [residents[129], *residents[3:122]]
    assert len(listed) == 120


def test_the_year_is_the_citys_and_counts_what_became_effective_within_it(odo):
    microsecond = timedelta(microseconds=1)
    first = earned(1, YEAR_BEGINS)
    last = earned(2, YEAR_ENDS - microsecond)
    earned(50, YEAR_BEGINS - microsecond)
    earned(50, YEAR_ENDS)

    freeze(odo)

    assert lines() == [(last, 2), (first, 1)]


def test_reversals_count_in_the_year_they_are_effective(odo):
    ada, ben = a_resident().pk, a_resident().pk
    earlier, kept = earn([Move(ada, "special", 9, HIRED), Move(ben, "special", 4, SPRING)], recorded_at=NOW)
    earn([Move(ada, "interaction", 10, SPRING)], recorded_at=NOW)
    earn([Move(ada, "special", 7, SUMMER, reverses=earlier)], recorded_at=NOW)
    earn([Move(ben, "special", 4, YEAR_ENDS, reverses=kept)], recorded_at=NOW)

    freeze(odo)

    assert lines() == [(ben, 4), (ada, 3)]


def test_by_total_everything_before_the_moment_counts(odo):
    ada = earned(3, HIRED)
    earned(4, SPRING, ada)
    ben = earned(5, SPRING)
    earned(90, SUMMER, ben)

    freeze(odo, basis="total", until=SUMMER)

    assert lines() == [(ada, 7), (ben, 5)]
    assert queries.frozen_year(2026).since is None


def test_the_digest_is_over_lines_anybody_can_write(odo):
    ada, ben = earned(7, SUMMER), earned(3, SPRING)

    frozen = freeze(odo)

    ids = {line.resident: line.public_id for line in queries.frozen_year(2026).lines}
    text = f"1,{ids[ada]},7,2026-07-01T09:00:00.000000+00:00\n2,{ids[ben]},3,2026-03-01T09:00:00.000000+00:00\n"
    assert frozen.digest == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.partial("B-64")
def test_late_entries_show_as_differences_and_leave_the_list_and_its_digest(odo):
    ada, ben, cai = earned(7), earned(5), earned(3)
    freeze(odo, limit=2)
    before = queries.frozen_year(2026)

    earned(9, SUMMER, cai)
    earned(8, SUMMER, ben)

    assert queries.frozen_year(2026) == before
    assert queries.recompute_year(2026).matches
    found = {(d.resident, d.frozen_position, d.position_today, d.contribution_today)
             for d in queries.year_differences(2026)}  # fmt: skip
    assert found == {(ada, 1, None, None), (ben, 2, 1, 13), (cai, None, 2, 12)}


def test_a_posting_under_way_while_freezing_stays_outside_for_good(odo):
    ada, ben = a_resident().pk, a_resident().pk
    (number,) = journal.posting_ids(1)
    earned(1, SPRING, ada)
    frozen = freeze(odo)

    account, when = ledger.standing(ben, "special"), to_micros(SPRING)
    purpose = journal.purpose_ids(["award:test"])["award:test"]
    sides = (ledger.CONTRIBUTION_MINT, account)
    journal.lock([ben])
    journal.settle({account: 5})
    journal.write([journal.NewPosting(number, *sides, 5, ledger.Code.AWARD, purpose, None, 0, when, when)])

    assert number < frozen.known_to
    assert queries.recompute_year(2026).matches
    assert {difference.resident for difference in queries.year_differences(2026)} == {ada, ben}


def test_nothing_differs_while_nothing_came_late(odo):
    earned(7)
    freeze(odo)

    assert queries.year_differences(2026) == []


def test_the_digest_tells_when_the_list_was_tampered_with(odo):
    earned(7)
    freeze(odo)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE standing_frozenline SET contribution = 8")
        cursor.execute("SET session_replication_role = DEFAULT")

    check = queries.recompute_year(2026)

    assert (check.matches, check.stored == check.frozen, check.recomputed == check.frozen) == (False, False, True)
    assert ["2026" in finding.en for finding in queries.verify()] == [True]


def test_it_refuses_to_freeze_the_same_year_again(odo):
    earned(7)
    freeze(odo)

    with pytest.raises(UnableToFreeze) as refused:
        freeze(odo, basis="total")

    assert refused.value.code == "frozen"
    assert FrozenYear.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"moment": YEAR_ENDS - timedelta(microseconds=1)}, "future"),
        ({"until": YEAR_BEGINS}, "until"),
        ({"until": YEAR_ENDS + timedelta(microseconds=1)}, "until"),
        ({"basis": "month"}, "basis"),
        ({"limit": 0}, "places"),
        ({"limit": 10_001}, "places"),
        ({"year": 1999}, "year"),
        ({"year": 2200}, "year"),
    ],
)
def test_it_refuses_terms_that_make_no_list(odo, changed, code):
    with pytest.raises(UnableToFreeze) as refused:
        freeze(odo, **changed)

    assert refused.value.code == code
    assert refused.value.message("zh") != refused.value.message("en")
    assert not FrozenYear.objects.exists()


def test_it_refuses_who_holds_no_permit(db):
    fei = a_staff_member("Fei", Permission.HONOURS_GIVE, moment=HIRED)

    with pytest.raises(UnableToAct):
        freeze(fei)

    assert not FrozenYear.objects.exists()


def test_freezing_is_noted_as_an_act_and_the_house_may_freeze_too(odo):
    frozen = freeze(odo)
    house = freeze(HOUSE, year=2025)

    act = StaffAct.objects.get(act="year.frozen", subject_id="2026")
    assert (act.staff, act.details["digest"], frozen.staff) == (odo, frozen.digest, odo)
    assert house.staff is None
    assert queries.frozen_years() == [2026, 2025]


def test_a_year_of_nobody_has_an_empty_list(odo):
    freeze(odo)

    assert lines() == []
    assert queries.recompute_year(2026).matches


def test_a_year_that_is_not_frozen_has_no_list(db):
    assert queries.frozen_year(2026) is None
    assert queries.recompute_year(2026) is None
    assert queries.year_differences(2026) == []


def test_the_database_refuses_to_edit_a_frozen_list(odo):
    earned(7)
    freeze(odo)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FrozenLine.objects.update(contribution=9)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FrozenYear.objects.update(digest="0" * 64)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_freeze_at_once_one_wins():
    odo = a_staff_member("Odo", Permission.YEARS_FREEZE, moment=HIRED)
    with transaction.atomic():
        earned(7)
    together, outcomes = Barrier(2), []

    def try_to_freeze(limit: int) -> None:
        together.wait()
        try:
            outcomes.append(freeze(odo, limit=limit).places)
        except UnableToFreeze as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=try_to_freeze, args=(limit,)) for limit in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, outcomes)) in (["1", "frozen"], ["2", "frozen"])
    assert FrozenYear.objects.count() == 1
    assert len(lines()) == 1
