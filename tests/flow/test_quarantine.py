"""Cases among others who work at the same moment, what they cost who has none, and that nothing is silently lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from denizen.ground.chronicle.commands import new_entry, record
from denizen.ground.chronicle.kinds import community, purchase
from denizen.ground.chronicle.models import Undecided
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity import testing as identity
from denizen.ground.identity.models import Staff
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.commands import UnableToSpend
from denizen.ground.ledger.queries import balance
from denizen.ground.ledger.queries import verify as verify_ledger
from denizen.kit import db
from denizen.people.growth.commands import decide_case
from denizen.people.growth.models import Decision
from denizen.people.growth.pipeline import advance, work_off
from denizen.people.growth.queries.verify import verify as verify_growth
from denizen.people.growth.testing import app_source, behave, behave_all, fresh_of
from denizen.people.risk.commands import UnableToDecide, pursue, sweep
from denizen.people.risk.models import Case, Quarantine, Verdict, WaitingEntry
from denizen.people.risk.queries import verify as verify_risk
from denizen.people.risk.testing import a_signal
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text
from denizen.people.standing.queries import verify as verify_standing
from tests.flow.crowd import at_once

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "Forty comments within a minute, all alike."


@pytest.fixture
def _laws() -> None:
    publish_first_book(text=reference_book_text(), moment=JANUARY, effective_from=JANUARY)


def comment(number: int) -> community.Commented:
    return community.Commented(comment=f"c{number}", subject="s1", length=20, fingerprint=f"f{number}")


def suspected(resident: int, entries: list[int]) -> int:
    return a_signal(resident, entries=entries, moment=NOON)


def opened(signal: int) -> Case | None:
    def once() -> Case | None:
        with db.opening():
            return pursue(signal=signal, moment=NOON + DAY)

    return db.retrying(once)


def sound() -> bool:
    with db.opening():
        grown = verify_growth()
    return not (verify_ledger() or verify_standing() or verify_risk() or grown)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_laws")
def test_points_are_either_spent_or_kept_apart_never_both() -> None:
    for turn in range(6):
        ada = make_resident()
        earned = behave(ada, comment(turn), NOON + turn * timedelta(minutes=1))
        signal = suspected(ada, [earned.entry_id])
        points = balance(ada, NOON + DAY).available

        def spends(ada: int = ada, points: int = points, entry: int = earned.entry_id) -> bool:
            try:
                with db.opening():
                    ledger.spend(resident=ada, amount=points, purpose="mall", entry=entry, moment=NOON + DAY)
            except UnableToSpend:
                return False
            return True

        spent, _ = at_once([spends, lambda signal=signal: opened(signal)])  # type: ignore[misc]

        apart = sum(Quarantine.objects.filter(resident=ada, slot=0).values_list("apart", flat=True))
        assert apart == (0 if spent else points)
        assert balance(ada, NOON + DAY).reserved == apart
    assert sound()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_laws")
def test_an_entry_that_arrives_while_a_case_opens_waits_or_is_decided_and_is_never_lost() -> None:
    for turn in range(6):
        ada = make_resident()
        first = behave(ada, comment(turn), NOON + turn * timedelta(minutes=1))
        signal = suspected(ada, [first.entry_id])

        def comments(ada: int = ada, turn: int = turn) -> int:
            def once() -> int:
                return behave(ada, comment(100 + turn), NOON + DAY, key=f"more-{turn}").entry_id

            return db.retrying(once)

        more, _ = at_once([comments, lambda signal=signal: opened(signal)])  # type: ignore[misc]

        decided = Decision.objects.filter(entry_id=more).exists()
        held = Undecided.objects.filter(entry_id=more, state="held").exists()
        assert decided != held
        assert WaitingEntry.objects.filter(entry_id=more).exists() == held
    assert sound()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_laws")
def test_of_two_reviewers_at_once_one_decides() -> None:
    ada = make_resident()
    entry = behave(ada, comment(1), NOON)
    case = opened(suspected(ada, [entry.entry_id]))
    with db.opening():
        odo = identity.odo()
        other = identity.a_staff("Otto", permissions=odo_permissions(), department="quality")
    assert case is not None

    def decides(actor: Staff, outcome: str) -> bool:
        try:
            decide_case(actor=actor, case=case.pk, outcome=outcome, reason=WHY, moment=NOON + 2 * DAY)  # type: ignore[arg-type]
        except UnableToDecide:
            return False
        return True

    said = at_once([lambda: decides(odo, "released"), lambda: decides(other, "voided")])

    case.refresh_from_db()
    assert sorted(said) == [False, True]
    assert case.state == ("released" if said[0] else "voided") == Verdict.objects.get().outcome
    assert sound()


def odo_permissions() -> tuple[identity.Permission, ...]:
    return tuple(identity.Permission)


@pytest.mark.django_db
@pytest.mark.usefixtures("_laws")
def test_a_city_without_cases_asks_no_query_more_and_one_with_a_case_a_few(query_count: Callable[[], int]) -> None:
    """The watch is read with the lock that is taken anyway; only who is watched costs a question."""
    groups = [[make_resident() for _ in range(5)] for _ in range(4)]
    entries_of = {group[0]: behave(group[0], comment(n), NOON).entry_id for n, group in enumerate(groups)}

    def asked(residents: list[int], name: str) -> int:
        entries = [
            new_entry(community.CheckedIn(), resident=one, occurred_at=NOON + DAY, external_id=f"{name}-{one}")
            for one in residents
        ]
        with db.opening():
            fresh = fresh_of(record(source=app_source(), entries=entries, recorded_at=NOON + DAY, queue=False))
            before = query_count()
            advance(fresh, moment=NOON + DAY, tell=False)
            return query_count() - before

    asked(groups[0], "warm")
    without = asked(groups[1], "without")
    ada = groups[3][0]
    opened(suspected(ada, [entries_of[ada]]))
    beside = asked(groups[2], "beside")
    watched = asked(groups[3], "watched")

    assert beside == without
    assert watched == without + 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_laws")
@pytest.mark.partial("B-44")
def test_a_ring_of_gifts_is_kept_apart_and_goes_back_to_the_givers() -> None:
    with db.opening():
        odo = identity.odo()
    ring = [make_resident() for _ in range(3)]
    for one in ring:
        car = purchase.VehicleDelivered(model="l1", vehicle=f"v{one}", founder_edition=False, channel="new")
        behave(one, car, NOON - 40 * DAY)
    before = [balance(one, NOON + 9 * DAY).available for one in ring]
    for turn in range(4):
        for place, giver in enumerate(ring):
            at = NOON + turn * DAY + place * timedelta(hours=1)
            taker = ring[(place + 1) % 3]
            gift = behave(giver, community.TipGiven(author=taker, work="w1", points=200), at)
            with db.opening():
                ledger.transfer(giver=giver, taker=taker, amount=200, purpose="tip", entry=gift.entry_id, moment=at)

    looked = sweep(moment=NOON + 8 * DAY)
    case = Case.objects.get()
    apart = [balance(one, NOON + 8 * DAY).reserved for one in ring]
    decide_case(actor=odo, case=case.pk, outcome="voided", reason=WHY, moment=NOON + 9 * DAY)

    assert looked is not None
    assert (looked.signals, looked.cases) == (1, 1)
    assert sum(apart) > 0
    assert [balance(one, NOON + 9 * DAY).available for one in ring] == before
    assert sound()


@pytest.mark.django_db
@pytest.mark.usefixtures("_laws")
@pytest.mark.partial("B-20")
def test_who_invites_himself_has_the_invitation_kept_apart_and_his_order_stands() -> None:
    inviter, second = make_resident(), make_resident()
    behave_all(
        [
            (inviter, purchase.VehicleDelivered(model="l1", vehicle="v1", founder_edition=False, channel="new"),
             NOON - 30 * DAY, "car1"),
            (inviter, purchase.OrderPlaced(order="o0", payment="card-1"), NOON - 31 * DAY, "o0"),
            (second, purchase.InvitationAccepted(inviter=inviter), NOON, "invited"),
            (second, purchase.OrderPlaced(order="o1", payment="card-1"), NOON + DAY, "o1"),
            (second, purchase.VehicleDelivered(model="l1", vehicle="v2", founder_edition=False, channel="new",
                                               order="o1"), NOON + 2 * DAY, "car2"),
        ],
        now=NOON + 3 * DAY,
    )  # fmt: skip

    sweep(moment=NOON + 3 * DAY)
    car = behave(second, purchase.VehicleResold(vehicle="v2", official=True), NOON + 4 * DAY)

    case = Case.objects.get()
    assert set(Quarantine.objects.filter(case=case).values_list("resident_id", flat=True)) <= {inviter, second}
    assert balance(second, NOON + 4 * DAY).reserved >= 12_000
    assert Decision.objects.filter(entry_id=car.entry_id).exists()  # facts are true whatever they earn, and never wait
    assert sound()


@pytest.mark.django_db
@pytest.mark.usefixtures("_laws")
def test_what_waited_is_decided_in_its_order_after_release() -> None:
    with db.opening():
        odo = identity.odo()
    ada = make_resident()
    case = opened(suspected(ada, [behave(ada, comment(1), NOON).entry_id]))
    waiting = [behave(ada, comment(10 + n), NOON + DAY + n * timedelta(minutes=5)).entry_id for n in range(4)]
    assert case is not None

    decide_case(actor=odo, case=case.pk, outcome="released", reason=WHY, moment=NOON + 2 * DAY)
    work_off(limit=100, moment=NOON + 2 * DAY, tell=False)

    decided = Decision.objects.filter(entry_id__in=waiting).order_by("entry_id").values_list("entry_id", flat=True)
    assert list(decided) == waiting
    assert not Undecided.objects.filter(state="held").exists()
    assert sound()
