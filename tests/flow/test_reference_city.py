"""The reference city is built through the real engine, the same from the same seed, also when it was interrupted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.contrib.auth import authenticate

from denizen.config.reference_city import building
from denizen.config.reference_city.building import UnableToBuildCity, build_city, is_complete
from denizen.config.reference_city.daily_life import live_day
from denizen.config.reference_city.driving import birthday_in
from denizen.config.reference_city.names import draw_name
from denizen.config.reference_city.people import Path, draw_people
from denizen.config.reference_city.plan import CityPlan
from denizen.config.reference_city.sign_ins import SignIn
from denizen.config.reference_city.treasury import FUNDS, GOODWILL, SURPRISES
from denizen.config.testing import empty_city
from denizen.ground.chronicle.kinds.community import CheckedIn
from denizen.ground.chronicle.models import Entry, Undecided
from denizen.ground.identity import queries as identity
from denizen.ground.identity.models import GradeSpan, Invitation, Profile, Staff
from denizen.ground.identity.testing import ada
from denizen.ground.ledger import queries as ledger
from denizen.ground.ledger.models import Correction, Posting, PostingReason
from denizen.insight.central_bank.models import Assumption, MonthClose
from denizen.people.growth.models import Decision
from denizen.people.rulebook.queries import changes as rule_changes
from denizen.people.rulebook.queries import versions
from denizen.people.standing import queries as standing
from denizen.people.standing.models import Honour

EVENING = datetime(2026, 6, 14, 12, 30, tzinfo=UTC)
SMALL = {"moment": EVENING, "residents": 60, "days": 10}
LARGE = CityPlan(ends_at=EVENING, residents=2_000)


class Interruption(Exception):
    """Somebody pulled the plug."""


def pull_the_plug_at(batch: int) -> Callable[[int, int, str], None]:
    told: list[str] = []

    def progress(done: int, total: int, what: str) -> None:
        told.append(what)
        if len(told) == batch:
            raise Interruption(f"{done} of {total}: {what}")

    return progress


def balances() -> list[tuple[str, int, int]]:
    """Name, points and contribution of everybody, in order of registering."""
    profiles = Profile.objects.order_by("resident_id")
    return [
        (
            profile.name,
            ledger.balance(profile.resident_id, EVENING).available,
            sum(ledger.contribution(profile.resident_id).values()),
        )
        for profile in profiles
    ]


def state_of_the_city() -> list[object]:
    counted = (Entry, Posting, Honour, Correction, PostingReason)
    return [*(model.objects.count() for model in counted), len(versions(EVENING)), balances()]


@pytest.mark.django_db
def test_a_city_is_built_through_the_engine_and_its_books_are_right() -> None:
    told: list[tuple[int, int]] = []

    city = build_city(**SMALL, progress=lambda done, total, what: told.append((done, total)))

    assert city.residents == Profile.objects.count() == 60
    assert told[-1][0] == told[-1][1]
    assert Decision.objects.count() == Entry.objects.count() - 1
    assert [waiting.state for waiting in Undecided.objects.all()] == ["review"]
    assert ledger.verify() == []
    assert standing.verify() == []
    assert {"owner", "founder_owner", "depositor"} <= set(GradeSpan.objects.values_list("grade", flat=True))
    assert Invitation.objects.exists()
    given = {reason.key for reason in PostingReason.objects.filter(key__isnull=False)}
    assert {f"reference-city:{key}" for key, *_ in (*GOODWILL, *SURPRISES)} <= given
    assert Assumption.objects.exists()
    assert Honour.objects.exists()
    assert Correction.objects.get().state == Correction.State.PROPOSED
    assert {line.code for line in ledger.budget_report() if line.funded} == set(FUNDS) | {"contest_prizes"}
    # Ten days are too few for the month of notice that the third version owes.
    assert [each.state for each in versions(EVENING)] == ["proposed", "announced", "announced", "in_force", "replaced"]
    lived = set(Entry.objects.values_list("kind__code", flat=True))
    assert {"checked_in", "commented", "vehicle_delivered", "activity_attended", "purchase_made"} <= lived
    assert {"volunteer_service_confirmed", "own_pile_used", "referral_confirmed", "order_placed"} <= lived


@pytest.mark.django_db
@pytest.mark.partial("A-36", "A-38", "A-40", "A-52")
def test_ninety_days_show_the_whole_cycle_of_the_rules_with_measured_figures() -> None:
    build_city(moment=EVENING, residents=30, days=90)

    assert MonthClose.objects.count() >= 2
    drafted, waiting, announced, ruling, plain, first = rule_changes(EVENING)

    assert (drafted.number, drafted.stage, len(drafted.trials)) == (0, "draft", 1)
    moved = drafted.trials[0].summary
    assert moved["points.difference"] == moved["points.tried"] - moved["points.live"] != 0
    assert [each.stage for each in (waiting, announced, ruling, plain, first)] == [
        "approving", "announced", "supervised", "replaced", "replaced"
    ]  # fmt: skip
    assert [each.task for each in (waiting, announced, ruling)] == ["approve", "wait", "check"]
    assert ruling.review_overdue
    assert (ruling.position.stand, ruling.position.answer.decision) == ("against", "overruled")
    assert (announced.position.stand, announced.position.answer.decision) == ("conditions", "followed")
    assert [each.approvals for each in (announced, ruling, plain, first)] == [2, 2, 1, 0]
    assert [len(each.takes_up) for each in (announced, ruling, plain)] == [1, 1, 1]
    measured = [check.figures["entries"] for each in (first, plain, ruling) for check in each.checks]
    decided = [Decision.objects.filter(book=each.number).count() for each in (first, plain, ruling)]
    assert all(0 < then <= now for then, now in zip(measured, decided, strict=True))
    assert all(
        trial.run.startswith("backtest:") and trial.summary["replay_differing"] == 0
        for each in (drafted, waiting, announced, ruling, plain) for trial in each.trials
    )  # fmt: skip
    assert all(trial.summary["entries"] > 0 for each in (waiting, announced, ruling, plain) for trial in each.trials)


def test_windows_are_lit_at_every_hour_and_the_first_soon_after_midnight() -> None:
    people = draw_people(LARGE)
    lit = [
        planned.occurred_at - LARGE.begins_at - timedelta(days=60)
        for planned in live_day(LARGE, people, 60)
        if isinstance(planned.behaviour, CheckedIn)
    ]

    hours = [sum(at <= timedelta(hours=hour) for at in lit) for hour in range(25)]

    assert timedelta() <= min(lit) < timedelta(minutes=45)
    assert hours[1] > 0
    assert hours[9] > len(lit) // 3
    assert hours[24] == len(lit) > hours[22]


@pytest.mark.django_db
def test_everybody_who_is_shown_can_sign_in_and_a_colleague_is_a_resident_too() -> None:
    city = build_city(**SMALL, password="lake-side-lantern-42")

    for sign_in in city.sign_ins:
        user = authenticate(email=sign_in.email, password="lake-side-lantern-42")
        assert user is not None, sign_in.email
        assert identity.resident_of(user) or identity.staff_of(user)
    assert Staff.objects.filter(resident__isnull=False).count() == 1


@pytest.mark.django_db
def test_a_gift_sent_back_gives_back_exactly_what_it_cost() -> None:
    build_city(**SMALL)

    refunds = Posting.objects.filter(code=ledger.Code.REFUND).select_related("reverses")

    assert refunds.exists()
    for refund in refunds:
        assert refund.reverses.code == ledger.Code.SPEND
        assert (refund.credit_id, refund.amount) == (refund.reverses.debit_id, refund.reverses.amount)


@pytest.mark.django_db
def test_a_complete_city_is_left_alone() -> None:
    build_city(**SMALL)
    recorded = Entry.objects.count()

    again = build_city(moment=EVENING + timedelta(days=3), seed="another")

    assert is_complete()
    assert again.sign_ins == ()
    assert again.plan.ends_at == EVENING
    assert Entry.objects.count() == recorded


@pytest.mark.django_db
def test_it_refuses_to_invent_neighbours_for_real_people() -> None:
    ada()

    with pytest.raises(UnableToBuildCity):
        build_city(**SMALL)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("batch", [1, 5, 12])
def test_an_interrupted_city_goes_on_to_the_same_balances(batch: int) -> None:
    build_city(**SMALL)
    undisturbed = balances()
    empty_city()
    with pytest.raises(Interruption):
        build_city(**SMALL, progress=pull_the_plug_at(batch))
    assert not is_complete()

    build_city(moment=EVENING + timedelta(days=2), residents=7)

    assert balances() == undisturbed
    assert ledger.verify() == []
    assert len({points for _, points, _ in undisturbed}) > 10


@pytest.mark.django_db
def test_what_was_done_on_the_last_day_is_not_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def pull_the_plug(password: str | None = None) -> list[SignIn]:
        raise Interruption

    with monkeypatch.context() as patched:
        patched.setattr(building, "hand_out", pull_the_plug)
        with pytest.raises(Interruption):
            build_city(**SMALL)
    before = state_of_the_city()

    city = build_city(**SMALL)

    assert state_of_the_city() == before
    assert len(city.sign_ins) == 8


def test_the_same_seed_draws_the_same_people_and_another_seed_others() -> None:
    other = CityPlan(ends_at=EVENING, residents=2_000, seed="another")

    assert draw_people(LARGE) == draw_people(LARGE)
    assert draw_people(LARGE) != draw_people(other)


@pytest.mark.partial("B-69")
def test_few_do_much_and_many_are_silent() -> None:
    lively = sorted((person.liveliness for person in draw_people(LARGE)), reverse=True)

    assert sum(lively[:200]) > 0.5 * sum(lively)
    assert sum(1 for liveliness in lively if liveliness < 0.1) > 700


def test_who_invites_owned_a_car_before_his_friend_came() -> None:
    people = draw_people(LARGE)
    invited = [person for person in people if person.inviter is not None]

    assert len(invited) > 600
    for person in invited:
        bought_at = people[person.inviter].bought_at
        assert bought_at is not None
        assert bought_at < person.joined_at


def test_every_way_of_living_is_drawn() -> None:
    assert {person.path for person in draw_people(LARGE)} == set(Path)


@pytest.mark.partial("B-33")
def test_who_was_born_on_29_february_has_a_birthday_every_year() -> None:
    assert birthday_in(2027, date(1992, 2, 29)) == date(2027, 2, 28)
    assert birthday_in(2028, date(1992, 2, 29)) == date(2028, 2, 29)
    assert birthday_in(2027, date(1992, 7, 1)) == date(2027, 7, 1)


def test_names_are_written_in_both_scripts_and_fit_their_column() -> None:
    chance = Random("names")
    names = [draw_name(chance) for _ in range(500)]

    assert any(name.isascii() for name in names)
    assert any("\u4e00" <= name[0] <= "\u9fff" for name in names)
    assert max(map(len, names)) <= 60
