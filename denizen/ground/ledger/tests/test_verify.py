"""The proof of the books: silent while all is well, and for every way to break them one finding that names the row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from denizen.ground.identity.testing import a_staff
from denizen.ground.ledger.commands import (
    Undo,
    expire_due,
    open_budget,
    place,
    post,
    refund,
    reverse_postings,
    spend,
    transfer,
    void,
)
from denizen.ground.ledger.commands.corrections import CorrectedLine, correct
from denizen.ground.ledger.models import Lot, Posting
from denizen.ground.ledger.queries import verify
from denizen.ground.ledger.queries.verification.checks import CHECKS
from denizen.ground.ledger.queries.verification.truths import truths
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn, earn_contribution
from denizen.kit import db
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db


@dataclass
class City:
    """A little of everything: Ada has earned, held, spent and owes nothing; Ben got a gift."""

    ada: int
    ben: int
    earned: int
    bought: int
    gift: int
    reversal: int
    hold: int
    correction: int
    budget: int


@pytest.fixture
def city() -> City:
    ada, ben = a_resident(), a_resident()
    earned = earn(ada, 1_000)
    earn(ada, 50, expires_at=day(2))
    taken = earn(ada, 70)
    earn_contribution(ada, 12)
    bought = spend(resident=ada, amount=100, purpose="spend:mall", entry=an_entry(ada), moment=day(1))
    refund(posting=bought, amount=30, purpose="refund:mall", entry=an_entry(ada), moment=day(1))
    gift = transfer(giver=ada, taker=ben, amount=40, purpose="gift", entry=an_entry(ada), moment=day(1))
    at = to_micros(day(1))
    reverse_postings(undos=[Undo(taken, an_entry(ada), at, 20)], recorded_at=at)
    done = place(resident=ada, amount=25, purpose="spend:mall", key="done", moment=day(1))
    post(hold=done, amount=20, moment=day(1))
    void(hold=place(resident=ada, amount=5, purpose="spend:mall", key="void", moment=day(1)), moment=day(1))
    hold = place(resident=ada, amount=15, purpose="spend:mall", key="open", moment=day(1))
    expire_due(moment=day(3))
    budget = open_budget(code="repair", limited=False)
    fixed = correct(
        actor=a_staff("Fixer", permissions=["corrections.propose"]),
        lines=[CorrectedLine(ben, 9)],
        reason="A counting mistake at the till.",
        envelope="repair",
        moment=day(3),
    )
    db.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert verify() == []
    reversal = Posting.objects.get(reverses=taken).pk
    return City(ada, ben, earned, bought, gift, reversal, hold, fixed.pk, budget)


def breaking(*statements: str) -> None:
    """Corrupt the data behind the triggers' back, as only a superuser can; the test's transaction is rolled back."""
    db.execute("SET LOCAL session_replication_role = replica")
    for statement in statements:
        db.execute(statement)
    db.execute("SET LOCAL session_replication_role = DEFAULT")


def without(table: str, constraint: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


COPY = (
    "INSERT INTO ledger_posting (debit_id, credit_id, amount, code, purpose_id, entry_id, effect_no, effective_at,"
    " recorded_at, reverses_id) SELECT {0} FROM ledger_posting WHERE id = {1}"
)
SAME = "debit_id, credit_id, amount, code, purpose_id, entry_id, 7, effective_at, recorded_at, reverses_id"


Breaking = tuple[str, Callable[[City], tuple[str, ...]], Callable[[City], str]]

BREAKINGS: list[Breaking] = [
    (
        "asset_sum",
        lambda c: (f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {c.ada * 8}",),
        lambda c: "points",
    ),
    (
        "asset_sum",
        lambda c: (f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {c.ada * 8 + 2}",),
        lambda c: "contribution",
    ),
    (
        "balance",
        lambda c: (f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {c.ada * 8 + 2}",),
        lambda c: f"account {c.ada * 8 + 2}",
    ),
    (
        "account_exists",
        lambda c: (f"DELETE FROM ledger_account WHERE id = {c.ada * 8 + 2}",),
        lambda c: f"account {c.ada * 8 + 2}",
    ),
    (
        "sign",
        lambda c: (
            without("ledger_account", "ledger_account_sign"),
            f"UPDATE ledger_account SET balance = -1 WHERE id = {c.ada * 8 + 2}",
        ),
        lambda c: f"account {c.ada * 8 + 2}",
    ),
    (
        "sign",
        lambda c: (
            without("ledger_account", "ledger_account_sign"),
            "INSERT INTO ledger_account (id, resident_id, role, balance, reserved)"
            f" VALUES ({c.ada * 8 + 1}, {c.ada}, 0, 5, 0)",
        ),
        lambda c: f"account {c.ada * 8 + 1}",
    ),
    (
        "wallet_lots",
        lambda c: (f"UPDATE ledger_lot SET remaining = remaining - 1 WHERE posting_id = {c.gift}",),
        lambda c: f"account {c.ben * 8}",
    ),
    (
        "lot_uses",
        lambda c: (f"UPDATE ledger_lot SET remaining = remaining - 1 WHERE posting_id = {c.gift}",),
        lambda c: f"lot {Lot.objects.get(posting=c.gift).pk}",
    ),
    (
        "lot_amounts",
        lambda c: (
            without("ledger_lot", "ledger_lot_amounts_in_order"),
            f"UPDATE ledger_lot SET remaining = amount + 1 WHERE posting_id = {c.gift}",
        ),
        lambda c: f"lot {Lot.objects.get(posting=c.gift).pk}",
    ),
    (
        "lot_origin",
        lambda c: (f"UPDATE ledger_lot SET account_id = {c.ada * 8} WHERE posting_id = {c.gift}",),
        lambda c: f"lot {Lot.objects.get(posting=c.gift).pk}",
    ),
    (
        "posting_lots",
        lambda c: (f"DELETE FROM ledger_lotuse WHERE posting_id = {c.bought}",),
        lambda c: f"posting {c.bought}",
    ),
    (
        "reserved",
        lambda c: (f"UPDATE ledger_account SET reserved = reserved + 1 WHERE id = {c.ada * 8}",),
        lambda c: f"account {c.ada * 8}",
    ),
    (
        "lot_reserved",
        lambda c: (f"UPDATE ledger_lot SET reserved = reserved - 1 WHERE posting_id = {c.earned} AND reserved > 0",),
        lambda c: f"lot {Lot.objects.get(posting=c.earned).pk}",
    ),
    (
        "hold_lots",
        lambda c: (f"UPDATE ledger_holdlot SET amount = amount + 1 WHERE hold_id = {c.hold}",),
        lambda c: f"hold {c.hold}",
    ),
    (
        "hold_resolved",
        lambda c: (
            f"UPDATE ledger_hold SET state = 'posted', resolved_at = placed_at, posted_amount = 15 WHERE id = {c.hold}",
        ),
        lambda c: f"hold {c.hold}",
    ),
    (
        "hold_resolved",
        lambda c: (
            f"UPDATE ledger_hold SET state = 'posted', resolved_at = placed_at, posted_amount = 15,"
            f" posting_id = {c.bought} WHERE id = {c.hold}",
        ),
        lambda c: f"hold {c.hold}",
    ),
    (
        "amount",
        lambda c: (
            without("ledger_posting", "ledger_posting_amount_positive"),
            f"UPDATE ledger_posting SET amount = 0 WHERE id = {c.bought}",
        ),
        lambda c: f"posting {c.bought}",
    ),
    (
        "route",
        lambda c: (
            without("ledger_posting", "ledger_posting_route"),
            f"UPDATE ledger_posting SET code = 2 WHERE id = {c.bought}",
        ),
        lambda c: f"posting {c.bought}",
    ),
    (
        "route",
        lambda c: (
            without("ledger_posting", "ledger_posting_one_asset"),
            without("ledger_posting", "ledger_posting_route"),
            f"UPDATE ledger_posting SET credit_id = {c.ada * 8 + 2} WHERE id = {c.bought}",
        ),
        lambda c: f"posting {c.bought}",
    ),
    (
        "undone",
        lambda c: (COPY.format(SAME.replace("amount", "51"), c.reversal),),
        lambda c: f"posting {Posting.objects.get(pk=c.reversal).reverses_id}",
    ),
    (
        "undone",
        lambda c: (f"UPDATE ledger_posting SET credit_id = 2 WHERE id = {c.reversal}",),
        lambda c: f"posting {Posting.objects.get(pk=c.reversal).reverses_id}",
    ),
    (
        "one_effect",
        lambda c: ("DROP INDEX ledger_posting_one_effect", COPY.format(SAME.replace(" 7,", " effect_no,"), c.bought)),
        lambda c: f"entry {Posting.objects.get(pk=c.bought).entry_id}",
    ),
    (
        "cause",
        lambda c: (f"UPDATE ledger_posting SET entry_id = NULL WHERE id = {c.bought}",),
        lambda c: f"posting {c.bought}",
    ),
    (
        "cause",
        lambda c: (
            COPY.format(f"1, {c.budget}, 5, 1, purpose_id, NULL, 0, effective_at, recorded_at, NULL", c.earned),
        ),
        lambda c: f"posting {Posting.objects.get(code=1).pk}",
    ),
    (
        "reason",
        lambda c: ("DELETE FROM ledger_postingreason",),
        lambda c: f"posting {Posting.objects.get(code=10).pk}",
    ),
    (
        "two_persons",
        lambda c: (
            without("ledger_correction", "ledger_correction_decided_once"),
            f"UPDATE ledger_correction SET needs_second = true WHERE id = {c.correction}",
        ),
        lambda c: f"correction {c.correction}",
    ),
    (
        "apart",
        lambda c: (
            "INSERT INTO ledger_contributionhold (posting_id, account_id, amount, key, state, placed_at)"
            " SELECT id, credit_id, amount + 1, 'case-1', 'pending', now() FROM ledger_posting"
            f" WHERE credit_id = {c.ada * 8 + 2}",
        ),
        lambda c: f"posting {Posting.objects.get(credit_id=c.ada * 8 + 2).pk}",
    ),
    ("constraint", lambda c: (without("ledger_posting", "ledger_posting_route"),), lambda c: "ledger_posting_route"),
    (
        "constraint",
        lambda c: (without("ledger_lot", "ledger_lot_amounts_in_order"),),
        lambda c: "ledger_lot_amounts_in_order",
    ),
    ("unique", lambda c: ("DROP INDEX ledger_posting_one_effect",), lambda c: "ledger_posting_one_effect"),
    (
        "trigger",
        lambda c: ("ALTER TABLE ledger_posting DISABLE TRIGGER ledger_posting_append_only",),
        lambda c: "ledger_posting_append_only",
    ),
    ("trigger", lambda c: ("DROP TRIGGER ledger_lot_origin ON ledger_lot",), lambda c: "ledger_lot_origin"),
]


@pytest.mark.parametrize(("code", "statements", "row"), BREAKINGS, ids=[f"{i}-{b[0]}" for i, b in enumerate(BREAKINGS)])
def test_every_corruption_is_found_and_its_row_named(
    city: City, code: str, statements: Callable[[City], tuple[str, ...]], row: Callable[[City], str]
) -> None:
    breaking(*statements(city))

    found = {finding.code: finding for finding in verify()}

    assert code in found
    assert row(city) in found[code].rows
    assert row(city) in found[code].en
    assert row(city) in found[code].zh


def test_every_check_has_a_corruption_that_it_finds() -> None:
    assert {check.code for check in (*CHECKS, *truths())} == {code for code, _, _ in BREAKINGS}


def test_a_finding_counts_all_rows_and_names_the_first(city: City) -> None:
    for _ in range(12):
        earn(a_resident(), 5)
    breaking("UPDATE ledger_account SET balance = balance + 1 WHERE id >= 8000 AND id %% 8 = 0")

    finding = next(finding for finding in verify() if finding.code == "balance")

    assert finding.count == 14
    assert len(finding.rows) == 10
    assert finding.en.endswith("and 4 more.")
    assert finding.zh.endswith("等共 14 处。")


def test_reading_changes_nothing(city: City, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(len(CHECKS) + len(truths())):
        verify()
