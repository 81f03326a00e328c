"""Earning labels: the volunteer mark at the third confirmed service, in whatever order services are learnt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from denizen.ground.chronicle.kinds import KINDS, SHAPES
from denizen.kit.db import TransactionMisuse
from denizen.people.standing import commands, queries, rules
from denizen.people.standing.constants import LABEL_RULES
from denizen.people.standing.models import Label
from denizen.people.standing.testing import a_resident, decided, service_confirmed, service_withdrawn

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
NOW = datetime(2026, 8, 1, tzinfo=UTC)
DAYS = [MONDAY + timedelta(days=n) for n in range(10)]


def earn(*entries):
    return commands.earn_labels(entries=entries, moment=NOW)


def held(resident: int, moment: datetime = NOW):
    return [
        (label.code, label.entry, label.earned_at) for label in queries.labels_for([resident], moment).get(resident, [])
    ]


@pytest.mark.partial("D-13", "D-17", "B-60")
def test_the_third_confirmed_service_earns_the_volunteer_label_with_ground_and_date(db):
    ada = a_resident()
    services = [service_confirmed(ada, f"s-{n}", DAYS[n]) for n in range(4)]

    earn(*services[:2])
    early = held(ada.pk)
    earn(services[2])
    earn(services[3])

    assert early == []
    (label,) = queries.labels_for([ada.pk], NOW)[ada.pk]
    assert (label.entry, label.earned_at) == (services[2].id, DAYS[2])
    assert (label.title_en, label.title_zh, label.ground_zh) == ("Volunteer", "志愿者", "第三次经确认的志愿服务")


def test_one_service_confirmed_three_times_is_one_service(db):
    ada = a_resident()

    earn(*(service_confirmed(ada, "s-1", day) for day in DAYS[:3]))

    assert held(ada.pk) == []


def test_services_of_another_resident_do_not_count(db):
    ada, ben = a_resident(), a_resident()

    earn(service_confirmed(ada, "s-1", DAYS[0]), service_confirmed(ada, "s-2", DAYS[1]))
    earn(service_confirmed(ben, "s-3", DAYS[2]))

    assert (held(ada.pk), held(ben.pk)) == ([], [])


def test_the_same_entries_again_change_nothing(db):
    ada = a_resident()
    services = [service_confirmed(ada, f"s-{n}", DAYS[n]) for n in range(3)]
    earn(*services)
    before = held(ada.pk)

    assert earn(*services) == 0
    assert held(ada.pk) == before


def test_a_late_service_moves_ground_and_date_to_where_they_would_have_been(db):
    ada = a_resident()
    earn(*(service_confirmed(ada, f"s-{n}", DAYS[n]) for n in (1, 2, 3)))

    earn(service_confirmed(ada, "s-0", DAYS[0]))

    assert [when for _, _, when in held(ada.pk)] == [DAYS[2]]


def test_a_withdrawn_service_withdraws_the_label_and_keeps_its_row(db):
    ada = a_resident()
    services = [service_confirmed(ada, f"s-{n}", DAYS[n]) for n in range(3)]
    earn(*services)

    earn(service_withdrawn(services[0], DAYS[5]))

    assert held(ada.pk) == []
    assert held(ada.pk, DAYS[4]) == [("volunteer", services[2].id, DAYS[2])]
    assert Label.objects.get(resident=ada).withdrawn_at == DAYS[5]


@pytest.mark.parametrize("order", [(5, 7), (7, 5)])
def test_of_two_undoings_the_earlier_counts_whichever_is_learnt_first(db, order):
    ada = a_resident()
    services = [service_confirmed(ada, f"s-{n}", DAYS[n]) for n in range(3)]
    earn(*services)

    for day in order:
        earn(service_withdrawn(services[0], DAYS[day]))

    assert Label.objects.get(resident=ada).withdrawn_at == DAYS[5]


def test_what_is_undone_before_it_happened_never_counted(db):
    ada = a_resident()
    services = [service_confirmed(ada, f"s-{n}", DAYS[n + 1]) for n in range(3)]
    earn(*services)

    earn(service_withdrawn(services[2], DAYS[0]))

    assert not Label.objects.filter(resident=ada).exists()


def test_a_label_earned_again_is_its_next_occurrence(db):
    ada = a_resident()
    services = [service_confirmed(ada, f"s-{n}", DAYS[n]) for n in range(3)]
    earn(*services)
    earn(service_withdrawn(services[0], DAYS[5]))

    fourth = service_confirmed(ada, "s-9", DAYS[7])
    earn(fourth)

    rows = Label.objects.filter(resident=ada).order_by("occurrence")
    assert list(rows.values_list("occurrence", "earned_at", "withdrawn_at")) == [
        ("1", DAYS[2], DAYS[5]), ("2", DAYS[7], None),
    ]  # fmt: skip
    assert held(ada.pk) == [("volunteer", fourth.id, DAYS[7])]


def test_a_late_service_heals_the_gap_between_two_occurrences(db):
    ada = a_resident()
    services = [service_confirmed(ada, f"s-{n}", DAYS[n]) for n in range(3)]
    earn(*services, service_confirmed(ada, "s-9", DAYS[7]))
    earn(service_withdrawn(services[0], DAYS[5]))

    earn(service_confirmed(ada, "s-4", DAYS[4]))

    assert list(Label.objects.filter(resident=ada).values_list("occurrence", "withdrawn_at")) == [("1", None)]


def test_every_order_of_arrival_ends_in_the_same_labels(db):
    days = [DAYS[n] for n in (0, 1, 2, 6)]
    outcomes = set()

    for order in permutations(range(4)):
        ada = a_resident()
        services = [service_confirmed(ada, f"s-{n}", days[n]) for n in range(4)]
        for n in order:
            earn(services[n])
            if n == 1:
                earn(service_withdrawn(services[1], DAYS[4]))
        grounds = {service.id: n for n, service in enumerate(services)}
        rows = Label.objects.filter(resident=ada).order_by("occurrence")
        outcomes.add(tuple((row.occurrence, grounds[row.entry_id], row.earned_at, row.withdrawn_at) for row in rows))

    assert outcomes == {(("1", 2, DAYS[2], DAYS[4]), ("2", 3, DAYS[6], None))}


def test_a_batch_without_such_kinds_asks_nothing(db, query_count):
    ada = a_resident()
    entry = decided("checked_in", ada, DAYS[0], {})
    before = query_count()

    assert earn(entry) == 0
    assert query_count() == before


def test_a_batch_takes_the_same_queries_however_many_residents(db, query_count):
    def queries_of(count: int) -> int:
        residents = [a_resident() for _ in range(count)]
        batch = [service_confirmed(one, f"s-{n}", DAYS[n]) for one in residents for n in range(3)]
        before = query_count()
        assert earn(*batch) == count
        return query_count() - before

    assert queries_of(1) == queries_of(20) == 4


@pytest.mark.django_db(transaction=True)
def test_it_refuses_outside_a_transaction():
    with pytest.raises(TransactionMisuse):
        earn()


def test_the_rules_name_fields_their_kinds_have():
    for rule in LABEL_RULES:
        assert SHAPES[rule.kind].field(rule.subject) is not None
        assert KINDS[rule.undone_by].reverses == rule.kind


DEEDS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from("abcd"), st.none() | st.integers(0, 9)), max_size=8
)  # fmt: skip


@given(DEEDS, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_spans_say_at_every_moment_whether_three_subjects_stand(drawn, random):
    deeds = [
        rules.DeedDone(DAYS[done], number, subject, None if undone is None else max(DAYS[done], DAYS[undone]))
        for number, (done, subject, undone) in enumerate(drawn, start=1)
    ]
    spans = rules.label_spans(deeds, 3)
    random.shuffle(deeds)

    assert rules.label_spans(deeds, 3) == spans
    for day in DAYS:
        standing = {d.subject for d in deeds if d.occurred_at <= day and (d.undone_at is None or day < d.undone_at)}
        holding = [s for s in spans if s.earned_at <= day and (s.withdrawn_at is None or day < s.withdrawn_at)]
        assert len(holding) == (len(standing) >= 3)
