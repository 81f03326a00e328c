"""What users of other systems complained about, each as a test with the complaint in a few words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from denizen.ground.chronicle.commands import admit_entry, declare_source, new_entry, record
from denizen.ground.chronicle.kinds import community, purchase, trade
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import facts_for
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.commands import Claim, Settlement, Undo
from denizen.ground.ledger.queries import balance, postings_of, statement, verify
from denizen.ground.ledger.testing import an_entry, earn
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.people.growth.commands import dismiss
from denizen.people.growth.pipeline import advance, work_off
from denizen.people.growth.queries import receipt_for, ways_to_earn
from denizen.people.growth.testing import app_source, behave, fresh_of
from denizen.people.rulebook.commands import approve_book, propose_book, publish_first_book
from denizen.people.rulebook.testing import WAIVED, checked
from denizen.people.standing import queries as standing
from tests.flow.simulator.book import CapRow, RuleRow, as_yaml

pytestmark = pytest.mark.django_db

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = NOON + 300 * DAY

BUYING = RuleRow("buying", "purchase_made", "entry.amount / 100", reversal="purchase_refunded")
MONTHLY = CapRow("check_in:month:amount", 15, "amount", "month")
CHECKING_IN = RuleRow("check_in", "checked_in", "10", caps=(MONTHLY,), reversal="check_in_withdrawn")
CONTRIBUTING = RuleRow("comment_n", "commented", "3", slot=2)


def publish(*rules: RuleRow) -> None:
    publish_first_book(text=as_yaml(rules, "first"), moment=JANUARY, effective_from=JANUARY)


def change_to(*rules: RuleRow, effective_from: datetime) -> None:
    odo, pia = people.odo(), people.a_staff("Pia", permissions=(Permission.RULES_PROPOSE,))
    checked(JANUARY)
    version = propose_book(actor=pia, text=as_yaml(rules, "second"), note="Changed", moment=JANUARY)
    approve_book(actor=odo, number=version.number, effective_from=effective_from, moment=JANUARY, **WAIVED)


def buy(resident: int, cents: int, at: datetime, key: str) -> int:
    return behave(resident, trade.PurchaseMade(amount=cents, items=1), at, key=key).entry_id


def bring_back(resident: int, key: str, at: datetime) -> int:
    return behave(resident, trade.PurchaseRefunded(original=key), at).entry_id


def spend(resident: int, amount: int, moment: datetime) -> int:
    return ledger.spend(
        resident=resident, amount=amount, purpose="mall", entry=an_entry(resident, moment), moment=moment
    )


def has(resident: int, moment: datetime = LATER) -> tuple[int, int]:
    """What a resident can spend, and what he owes."""
    found = balance(resident, moment)
    return found.available, found.debt


def refused(error: type[Exception], act: Callable[[], object]) -> None:
    with pytest.raises(error), transaction.atomic():
        act()


def test_buy_earn_refund_repeat_yields_nothing() -> None:
    """Odoo: the refund keeps the points, so buying and bringing back in a loop prints points."""
    publish(BUYING)
    ada = make_resident()

    for turn in range(5):
        buy(ada, 10_000, NOON + turn * DAY, f"p{turn}")
        bring_back(ada, f"p{turn}", NOON + turn * DAY + timedelta(hours=1))
        bring_back(ada, f"p{turn}", NOON + turn * DAY + timedelta(hours=2))

    assert has(ada) == (0, 0)
    assert verify() == []


def test_a_refund_does_not_take_spent_points_a_second_time() -> None:
    """Odoo: points already spent are taken again; here they become debt once, and later earnings repay it."""
    publish(BUYING)
    ada = make_resident()
    buy(ada, 10_000, NOON, "p")
    spend(ada, 60, NOON + DAY)

    bring_back(ada, "p", NOON + 2 * DAY)
    bring_back(ada, "p", NOON + 3 * DAY)
    assert has(ada) == (0, 60)
    buy(ada, 10_000, NOON + 4 * DAY, "next")

    assert has(ada) == (40, 0)
    assert verify() == []


def test_a_refund_takes_back_what_was_paid_then_whatever_the_rule_says_today() -> None:
    """nopCommerce: the refund is computed with today's settings instead of the recorded award."""
    publish(BUYING)
    change_to(RuleRow("buying", "purchase_made", "700"), effective_from=NOON + DAY)
    ada = make_resident()
    buy(ada, 10_000, NOON, "old")
    buy(ada, 10_000, NOON + 2 * DAY, "new")

    bring_back(ada, "old", NOON + 3 * DAY)

    assert has(ada) == (700, 0)


def test_points_expire_at_their_moment_and_the_history_is_the_balance() -> None:
    """Odoo: points cannot expire, and the history is only a log kept beside the balance."""
    ada = make_resident()
    earn(ada, 30, moment=NOON, expires_at=NOON + 10 * DAY)
    earn(ada, 20, moment=NOON)

    assert has(ada, NOON + 9 * DAY) == (50, 0)
    assert has(ada, NOON + 10 * DAY) == (20, 0)
    ledger.expire_due(moment=NOON + 20 * DAY)

    assert has(ada, NOON + 20 * DAY) == (20, 0)
    assert sum(line.amount for line in statement(ada)) == 20
    assert verify() == []


def test_what_ends_soon_is_told_long_before() -> None:
    """viewfromthewing: points die without notice."""
    ada = make_resident()
    earn(ada, 30, moment=NOON, expires_at=NOON + 60 * DAY)

    assert balance(ada, NOON).expiring == ((NOON + 60 * DAY, 30),)


def test_a_resident_spends_as_much_as_he_chooses() -> None:
    """Odoo: the till always burns the maximum."""
    ada = make_resident()
    earn(ada, 100, moment=NOON)

    spend(ada, 7, NOON + DAY)

    assert has(ada) == (93, 0)


def test_no_condition_no_points_and_never_less_than_nothing() -> None:
    """Odoo: points although the condition was not met, and negative points."""
    publish(RuleRow("message", "message_sent", "20", when="resident.contribution >= 8"))
    ada = make_resident()

    sent = behave(ada, trade.MessageSent(receiver="b"), NOON)

    assert receipt_for(resident=ada, entry=sent.entry_id).lines[0].outcome == "refused"
    refused(ledger.UnableToSpend, lambda: spend(ada, 1, NOON))
    assert has(ada) == (0, 0)


def test_spending_never_lowers_standing() -> None:
    """open-loyalty: the level is computed from the balance, so spending demotes."""
    publish(BUYING, CONTRIBUTING)
    ada = make_resident()
    behave(ada, community.Commented(comment="c", subject="s", length=9, fingerprint="f"), NOON)
    buy(ada, 10_000, NOON, "p")
    before = standing.profile(ada)

    spend(ada, 100, NOON + DAY)

    assert has(ada) == (0, 0)
    assert standing.profile(ada) == before
    assert before.total == 3


def test_every_rule_in_force_is_shown_with_what_is_left_of_it() -> None:
    """open-loyalty: rules are listed, yet invisible to those they are for."""
    publish(BUYING, CHECKING_IN, CONTRIBUTING)
    ada = make_resident()
    behave(ada, community.CheckedIn(), NOON)

    ways = {way.rule: way for way in ways_to_earn(resident=ada, moment=NOON)}

    assert set(ways) == {"buying", "check_in", "comment_n"}
    assert [limit.left for limit in ways["check_in"].limits] == [5]


def test_a_monthly_limit_ends_what_could_be_resold_and_says_until_when() -> None:
    """A carmaker: free goods were resold; the answer was a monthly limit."""
    publish(CHECKING_IN)
    ada = make_resident()
    entries = [behave(ada, community.CheckedIn(), NOON + day * DAY).entry_id for day in range(3)]

    lines = [receipt_for(resident=ada, entry=entry).lines[0] for entry in entries]

    assert [(line.outcome, line.paid) for line in lines] == [("paid", 10), ("capped_part", 5), ("capped", 0)]
    assert "2026-04-01 00:00" in lines[2].sentence


def test_a_receipt_names_the_version_that_decided_after_any_change() -> None:
    """moodle, ResearchHub: after a rule changed nobody can tell how a past result came about."""
    publish(BUYING)
    change_to(RuleRow("buying", "purchase_made", "700"), effective_from=NOON + DAY)
    ada = make_resident()

    old, new = buy(ada, 10_000, NOON, "a"), buy(ada, 10_000, NOON + 2 * DAY, "b")

    receipts = [receipt_for(resident=ada, entry=entry) for entry in (old, new)]
    assert [receipt.points for receipt in receipts] == [100, 700]
    assert receipts[0].book != receipts[1].book


def test_a_refund_of_a_spend_happens_once() -> None:
    """blnk: the refund is not idempotent."""
    ada = make_resident()
    earn(ada, 50, moment=NOON)
    spent = spend(ada, 50, NOON + DAY)

    def back() -> int:
        return ledger.refund(
            posting=spent, purpose="mall back", entry=an_entry(ada, NOON + 2 * DAY), moment=NOON + 2 * DAY
        )

    back()
    refused(ledger.UnableToRefund, back)

    assert has(ada) == (50, 0)


def test_holds_count_and_end_once_one_or_many() -> None:
    """blnk: holds are ignored in the balance check, a rejected one can be committed, many cannot be at once."""
    ada = make_resident()
    earn(ada, 50, moment=NOON)
    claims = [Claim(ada, amount, "mall", f"h{amount}") for amount in (10, 20)]
    first, second = ledger.place_many(claims=claims, moment=NOON)

    refused(ledger.UnableToSpend, lambda: spend(ada, 21, NOON))
    ledger.void(hold=first, moment=NOON)
    refused(ledger.UnableToResolve, lambda: ledger.post(hold=first, moment=NOON))
    refused(
        ledger.UnableToResolve,
        lambda: ledger.post_many(settlements=[Settlement(second), Settlement(first)], moment=NOON),
    )
    ledger.post_many(settlements=[Settlement(second, entry=an_entry(ada, NOON))], moment=NOON)

    assert has(ada) == (30, 0)
    assert verify() == []


def test_all_holds_that_are_due_lapse_in_one_call() -> None:
    """blnk: ending many holds takes as many calls."""
    ada = make_resident()
    earn(ada, 50, moment=NOON)
    claims = [Claim(ada, 10, "mall", f"h{number}", NOON + DAY) for number in range(5)]
    ledger.place_many(claims=claims, moment=NOON)

    assert ledger.lapse_due(moment=NOON + 2 * DAY) == 5
    assert has(ada) == (50, 0)


def test_all_postings_of_one_act_are_found_by_its_entry() -> None:
    """blnk: the records of one business action cannot be found."""
    publish(BUYING, RuleRow("buying_n", "purchase_made", "2", slot=3))
    ada = make_resident()

    bought = buy(ada, 10_000, NOON, "p")

    assert len(postings_of([bought])[bought]) == 2


def test_a_batch_of_reversals_is_all_or_nothing() -> None:
    """Formance: a batch revert may stop half way."""
    ada = make_resident()
    first, second = earn(ada, 30, moment=NOON), earn(ada, 20, moment=NOON)
    undo = an_entry(ada, NOON + DAY)
    at = to_micros(NOON + DAY)
    ledger.reverse_postings(undos=[Undo(second, undo, at)], recorded_at=at)
    again = an_entry(ada, NOON + 2 * DAY)

    refused(
        ledger.UnableToReverse,
        lambda: ledger.reverse_postings(undos=[Undo(first, again, at), Undo(second, again, at)], recorded_at=at),
    )

    assert has(ada) == (30, 0)


def test_a_retry_after_a_failed_submission_is_neither_dropped_nor_counted_twice() -> None:
    """OpenMeter: the key was claimed before the write, so what failed once is never counted."""
    publish(BUYING)
    ada = make_resident()
    entry = new_entry(trade.PurchaseMade(amount=10_000, items=1), resident=ada, occurred_at=NOON, external_id="p")

    def submit(*, failing: bool) -> str:
        with db.opening():
            answers = record(source=app_source(), entries=[entry], recorded_at=NOON, queue=False)
            advance(fresh_of(answers), moment=NOON, tell=False)
            if failing:
                raise ConnectionError("the wire broke")
            return answers[0].status

    with pytest.raises(ConnectionError):
        submit(failing=True)
    assert submit(failing=False) == "accepted"
    assert submit(failing=False) == "exists"

    assert has(ada) == (100, 0)


def test_a_duplicate_is_known_after_months_and_from_any_batch() -> None:
    """Lago: duplicates survive a merge that comes later, or a window that closed."""
    publish(BUYING)
    ada = make_resident()
    buy(ada, 10_000, NOON, "p")

    again = behave(ada, trade.PurchaseMade(amount=10_000, items=1), NOON, key="p", now=NOON + 200 * DAY)

    assert again.status == "exists"
    assert has(ada) == (100, 0)


def late_check_in(admitted: bool) -> int:
    """Ada's check-in of a day in March, reported in April by a source that must not be late."""
    publish(CHECKING_IN)
    change_to(RuleRow("check_in", "checked_in", "1"), effective_from=NOON + 20 * DAY)
    shop, odo, ada = declare_source(code="shop", lateness_seconds_max=3_600), people.a_staff("Oda"), make_resident()
    with db.opening():
        people.permit(
            actor=people.HOUSE, staff=odo, permission=Permission.ENTRIES_REVIEW, begins_at=JANUARY, ends_at=None,
            moment=JANUARY,
        )  # fmt: skip
    behave(ada, community.CheckedIn(), NOON, source=shop)
    behave(ada, community.CheckedIn(), NOON + 30 * DAY, source=shop)
    shop.refresh_from_db()

    late = behave(ada, community.CheckedIn(), NOON + DAY, source=shop, now=NOON + 30 * DAY)

    assert late.late
    assert receipt_for(resident=ada, entry=late.entry_id).state == "review"
    assert has(ada) == (11, 0)
    if admitted:
        admit_entry(actor="staff:1", entry_id=late.entry_id, now=NOON + 31 * DAY)
        work_off(limit=10, moment=NOON + 31 * DAY, tell=False)
    else:
        dismiss(actor=odo, entry_id=late.entry_id, reason="Nobody can tell any more", moment=NOON + 31 * DAY)
        assert work_off(limit=10, moment=NOON + 31 * DAY, tell=False) == 0
    return ada


def test_what_is_reported_late_is_admitted_by_name_and_judged_by_the_rules_and_limits_of_its_day() -> None:
    """flexprice: backfill, yes, but with an audit trail."""
    ada = late_check_in(admitted=True)

    assert has(ada) == (16, 0)  # In March 10 were paid of a limit of 15; the rule of April pays 1.
    assert db.fetch("SELECT admitted_by FROM chronicle_admission") == [("staff:1",)]


def test_what_is_reported_late_and_dismissed_moves_nothing() -> None:
    """flexprice: the same, when a person says no."""
    assert has(late_check_in(admitted=False)) == (11, 0)


def test_nobody_invites_himself_and_the_first_inviter_stays() -> None:
    """bolt.new, me-hub, moistello: referral rewards stop, come twice, or go to oneself."""
    publish(RuleRow("thanks", "vehicle_delivered", "50", beneficiary="inviter"))
    ada, ben, cai = make_resident(), make_resident(), make_resident()

    for day, inviter in enumerate((ada, ben, cai)):
        behave(ada, purchase.InvitationAccepted(inviter=inviter), NOON + day * DAY)
    car = purchase.VehicleDelivered(model="m1", vehicle="v", founder_edition=False, channel="new")
    behave(ada, car, NOON + 9 * DAY)

    assert facts_for([ada])[ada].inviter == ben
    assert [has(who) for who in (ada, ben, cai)] == [(0, 0), (50, 0), (0, 0)]


def test_a_balance_takes_as_many_queries_after_a_thousand_postings(query_count: Callable[[], int]) -> None:
    """hordak: a balance takes seconds on a big account."""
    quiet, busy = make_resident(), make_resident()
    earn(quiet, 1, moment=NOON)
    for _ in range(60):
        earn(busy, 1, moment=NOON)

    taken = []
    for who in (quiet, busy):
        before = query_count()
        balance(who, NOON)
        taken.append(query_count() - before)

    assert taken[0] == taken[1] <= 2


@pytest.mark.parametrize(
    ("first", "later", "same_day"),
    [
        ("2026-03-28T22:59:59+00:00", "2026-03-28T23:00:00+00:00", False),  # midnight in the city
        ("2026-03-28T23:00:00+00:00", "2026-03-29T21:59:59+00:00", True),  # a day of 23 hours
        ("2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00", False),
        ("2026-10-24T22:00:00+00:00", "2026-10-25T22:59:59+00:00", True),  # a day of 25 hours
        ("2026-10-24T22:00:00+00:00", "2026-10-25T23:00:00+00:00", False),
        ("2028-02-28T23:00:00+00:00", "2028-02-29T22:59:59+00:00", True),  # the leap day is a day of its own
        ("2028-02-29T22:59:59+00:00", "2028-02-29T23:00:00+00:00", False),
    ],
)
def test_once_a_day_means_a_day_of_the_city(first: str, later: str, same_day: bool) -> None:
    """Calendars: days that are not 24 hours long, and midnights that are not those of UTC."""
    publish(RuleRow("daily", "checked_in", "1", caps=(CapRow("daily:day:times", 1, "times", "day"),)))
    ada = make_resident()

    for moment in (first, later):
        behave(ada, community.CheckedIn(), datetime.fromisoformat(moment))

    assert has(ada, datetime(2030, 1, 1, tzinfo=UTC)) == (1 if same_day else 2, 0)


@pytest.mark.parametrize(
    ("last", "next_month"),
    [
        ("2026-01-31T22:59:59+00:00", "2026-01-31T23:00:00+00:00"),
        ("2028-02-29T22:59:59+00:00", "2028-02-29T23:00:00+00:00"),
    ],
)
def test_a_month_ends_with_its_last_day_in_the_city(last: str, next_month: str) -> None:
    """Calendars: months of 31 and of 29 days."""
    publish(CHECKING_IN)
    ada = make_resident()

    paid = [
        receipt_for(resident=ada, entry=behave(ada, community.CheckedIn(), moment).entry_id).points
        for at in (last, next_month)
        for moment in (datetime.fromisoformat(at),) * 2
    ]

    assert paid == [10, 5, 10, 5]
