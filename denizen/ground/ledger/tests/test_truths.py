"""What the database itself refuses, whoever asks: raw SQL, no command in between."""

import pytest
from django.db import DatabaseError, transaction

from denizen.ground.ledger.commands import place, spend
from denizen.ground.ledger.constants import Code, Slot
from denizen.ground.ledger.models import Lot, Posting
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn, earn_contribution
from denizen.kit import db

pytestmark = pytest.mark.django_db


def refused(sql: str, match: str = "") -> None:
    db.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        db.execute(sql)


def posting_sql(debit: int, credit: int, code: Code, reverses: str = "NULL", amount: int = 1) -> str:
    return (
        "INSERT INTO ledger_posting (debit_id, credit_id, amount, code, purpose_id, effect_no, effective_at,"
        f" recorded_at, reverses_id) SELECT {debit}, {credit}, {amount}, {code.value}, id, 0, now(), now(), {reverses}"
        " FROM ledger_purpose LIMIT 1"
    )


@pytest.mark.partial("B-01")
@pytest.mark.parametrize("table", ["ledger_posting", "ledger_lotuse", "ledger_holdlot"])
def test_the_journal_is_append_only(table: str) -> None:
    ada = a_resident()
    earn(ada, 10)
    spend(resident=ada, amount=5, purpose="spend:mall", entry=an_entry(ada), moment=day(1))
    place(resident=ada, amount=5, purpose="spend:mall", key="a", moment=day(1))

    refused(f"UPDATE {table} SET amount = amount + 1", "append-only")
    refused(f"DELETE FROM {table}", "append-only")
    refused(f"TRUNCATE {table} CASCADE", "append-only")


@pytest.mark.parametrize(
    "table", ["ledger_account", "ledger_lot", "ledger_hold", "ledger_correction", "ledger_postingreason"]
)
def test_what_changes_is_still_never_deleted(table: str) -> None:
    earn(a_resident(), 10)

    refused(f"DELETE FROM {table}", "append-only")
    refused(f"TRUNCATE {table} CASCADE", "append-only")


@pytest.mark.partial("B-01")
@pytest.mark.parametrize("code", list(Code))
@pytest.mark.parametrize("slot", [Slot.INTERACTION, Slot.DEVELOPMENT, Slot.EFFICIENCY, Slot.SPECIAL])
def test_no_posting_leads_from_one_asset_to_the_other(code: Code, slot: Slot) -> None:
    ada = a_resident()
    original = earn(ada, 10)
    earn_contribution(ada, 10)
    reverses = str(original) if code in (Code.REVERSE, Code.CLAW_BACK, Code.REFUND) else "NULL"

    for points in (ada * 8, ada * 8 + 1, 1, 2, 3):
        for contribution in (ada * 8 + slot, 4001):
            refused(posting_sql(points, contribution, code, reverses), "ledger_posting")
            refused(posting_sql(contribution, points, code, reverses), "ledger_posting")


@pytest.mark.parametrize("code", [code for code in Code if code not in (Code.REVERSE, Code.CORRECTION)])
def test_contribution_never_leaves_a_resident_but_by_reversal_or_correction(code: Code) -> None:
    ada, ben = a_resident(), a_resident()
    earn_contribution(ada, 10)

    for other in (4001, ben * 8 + 2, ada * 8 + 3):
        refused(posting_sql(ada * 8 + 2, other, code), "ledger_posting")


def test_spending_and_expiring_never_go_where_only_a_reversal_may() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 10)

    refused(posting_sql(ada * 8, ben * 8, Code.SPEND), "ledger_posting_route")
    refused(posting_sql(ada * 8, ben * 8 + 1, Code.TRANSFER), "ledger_posting_route")
    refused(posting_sql(1, ada * 8 + 1, Code.AWARD), "ledger_posting_route")
    refused(posting_sql(ada * 8, 1, Code.AWARD), "ledger_posting_route")


def test_amounts_are_positive_and_accounts_differ() -> None:
    ada = a_resident()
    earn(ada, 10)

    refused(posting_sql(1, ada * 8, Code.AWARD, amount=0), "amount_positive")
    refused(posting_sql(1, ada * 8, Code.AWARD, amount=-5), "amount_positive")
    refused(posting_sql(ada * 8, ada * 8, Code.TRANSFER), "two_accounts")


def test_an_undoing_goes_back_where_the_original_came_from_and_no_further() -> None:
    ada = a_resident()
    award = earn(ada, 10)

    refused(posting_sql(ada * 8, 2, Code.REVERSE, str(award)), "came from account 1")
    refused(posting_sql(ada * 8, 1, Code.REVERSE, str(award), amount=11), "already undone")
    refused(posting_sql(ada * 8, 1, Code.REVERSE), "reverses_something")


def test_a_balance_never_falls_below_zero_and_debt_never_rises_above() -> None:
    ada = a_resident()
    earn(ada, 10)

    refused(f"UPDATE ledger_account SET balance = -1 WHERE id = {ada * 8}", "ledger_account_sign")
    refused(f"UPDATE ledger_account SET reserved = 11 WHERE id = {ada * 8}", "reserved_within_balance")
    refused(
        f"INSERT INTO ledger_account (id, resident_id, role, balance, reserved) VALUES ({ada * 8 + 1}, {ada}, 0, 1, 0)",
        "ledger_account_sign",
    )


def test_an_accounts_number_tells_its_owner() -> None:
    ada, ben = a_resident(), a_resident()

    refused(
        f"INSERT INTO ledger_account (id, resident_id, role, balance, reserved) VALUES ({ada * 8}, {ben}, 0, 0, 0)",
        "id_is_arithmetic",
    )


@pytest.mark.parametrize(
    "change",
    [
        "amount = amount + 1",
        "account_id = 1",
        "priority = 5",
        "granted_at = now()",
        "spendable_from = now()",
        "expires_at = expires_at - interval '1 second'",
        "expires_at = NULL",
    ],
)
def test_a_lot_keeps_its_origin_and_never_ends_earlier(change: str) -> None:
    posting = earn(a_resident(), 10, expires_at=day(5))

    refused(f"UPDATE ledger_lot SET {change} WHERE posting_id = {posting}", "keeps its origin")
    assert Lot.objects.get().expires_at == day(5)
    assert Posting.objects.count() == 1
