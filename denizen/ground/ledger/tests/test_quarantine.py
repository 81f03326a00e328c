"""What a review keeps apart: pending, then as if nothing had been, or walked back."""

from __future__ import annotations

import pytest

from denizen.ground.ledger import commands
from denizen.ground.ledger.commands import Brought, UnableToSpend
from denizen.ground.ledger.constants import Slot
from denizen.ground.ledger.models import Posting
from denizen.ground.ledger.queries import balance, contribution, verify
from denizen.ground.ledger.testing import a_resident, an_entry, day, earn, earn_contribution
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db

KEY = "case-7"


def entry_of(posting: int) -> int:
    return Posting.objects.values_list("entry_id", flat=True).get(pk=posting)


def apart(ada: int, *postings: int, number: float = 2) -> list[Brought]:
    entries = [entry_of(posting) for posting in postings]
    return commands.set_apart(entries=entries, residents=[ada], key=KEY, moment=day(number))


def test_points_of_the_entries_are_kept_in_exactly_their_lots_and_others_stay_free() -> None:
    ada = a_resident()
    suspicious, honest = earn(ada, 30), earn(ada, 50)

    told = apart(ada, suspicious)

    assert told == [Brought(suspicious, entry_of(suspicious), ada, Slot.WALLET, 30, 30)]
    assert (balance(ada, day(2)).available, balance(ada, day(2)).reserved) == (50, 30)
    with pytest.raises(UnableToSpend):
        commands.spend(resident=ada, amount=51, purpose="mall", entry=an_entry(ada), moment=day(2))
    commands.spend(resident=ada, amount=50, purpose="mall", entry=an_entry(ada), moment=day(2))
    assert verify() == []
    assert entry_of(honest) != entry_of(suspicious)


def test_what_was_spent_before_is_only_told() -> None:
    ada = a_resident()
    suspicious = earn(ada, 30)
    commands.spend(resident=ada, amount=20, purpose="mall", entry=an_entry(ada), moment=day(1))

    told = apart(ada, suspicious)

    assert (told[0].amount, told[0].apart) == (30, 10)
    assert verify() == []


def test_contribution_kept_apart_does_not_count_and_the_journal_is_not_touched() -> None:
    ada = a_resident()
    suspicious = earn_contribution(ada, 7)
    earn_contribution(ada, 5, "special")
    postings = Posting.objects.count()

    apart(ada, suspicious)

    assert contribution(ada) == {"interaction": 0, "development": 0, "efficiency": 0, "special": 5}
    assert Posting.objects.count() == postings
    assert verify() == []


def test_the_same_again_adds_nothing_and_more_entries_add_only_theirs() -> None:
    ada = a_resident()
    first, second = earn(ada, 30), earn_contribution(ada, 4)

    apart(ada, first)
    again = apart(ada, first, second)
    third = apart(ada, first, second)

    assert [row.apart for row in again] == [30, 4] == [row.apart for row in third]
    assert balance(ada, day(2)).reserved == 30
    assert verify() == []


def test_freeing_restores_what_was_there_and_what_passed_its_day_lives_a_grace_longer() -> None:
    ada = a_resident()
    short, contributed = earn(ada, 30, expires_at=day(5)), earn_contribution(ada, 4)
    before = balance(ada, day(2)), contribution(ada)
    apart(ada, short, contributed)

    commands.free_apart(key=KEY, moment=day(3))

    assert (balance(ada, day(2)), contribution(ada)) == before
    commands.set_apart(entries=[entry_of(short)], residents=[ada], key="case-8", moment=day(4))
    commands.expire_due(moment=day(9))
    commands.free_apart(key="case-8", moment=day(10))
    assert balance(ada, day(11)).available == 30
    assert balance(ada, day(41)).available == 0
    assert verify() == []


def test_voiding_walks_back_everything_the_entries_brought_and_what_was_spent_becomes_debt() -> None:
    ada = a_resident()
    suspicious, contributed = earn(ada, 30), earn_contribution(ada, 4)
    commands.spend(resident=ada, amount=20, purpose="mall", entry=an_entry(ada), moment=day(1))
    entries = [entry_of(suspicious), entry_of(contributed)]
    apart(ada, suspicious, contributed)

    commands.void_apart(key=KEY, entries=entries, residents=[ada], moment=day(3))
    commands.void_apart(key=KEY, entries=entries, residents=[ada], moment=day(3))

    held = balance(ada, day(3))
    assert (held.available, held.reserved, held.debt) == (0, 0, 20)
    assert sum(contribution(ada).values()) == 0
    assert verify() == []


def test_a_reversal_meanwhile_takes_what_is_kept_apart_and_no_other_points() -> None:
    ada = a_resident()
    suspicious, contributed, honest = earn(ada, 30), earn_contribution(ada, 4), earn(ada, 50)
    apart(ada, suspicious, contributed)
    undoing, at = an_entry(ada, day(3)), to_micros(day(3))

    commands.reverse_postings(
        undos=[commands.Undo(posting, undoing, at) for posting in (suspicious, contributed)], recorded_at=at
    )

    held = balance(ada, day(3))
    assert (held.available, held.reserved, held.debt) == (50, 0, 0)
    assert verify() == []
    commands.free_apart(key=KEY, moment=day(4))
    assert balance(ada, day(4)).available == 50
    assert honest


def test_what_is_nobodys_of_the_named_is_left_alone() -> None:
    ada, ben = a_resident(), a_resident()
    suspicious = earn(ada, 30)

    told = commands.set_apart(entries=[entry_of(suspicious)], residents=[ben], key=KEY, moment=day(2))

    assert told == []
    assert balance(ada, day(2)).reserved == 0


def test_a_gift_is_kept_at_the_taker_and_goes_back_to_the_giver_when_voided() -> None:
    ada, ben = a_resident(), a_resident()
    earn(ada, 40)
    tip = an_entry(ada, day(1))
    commands.transfer(giver=ada, taker=ben, amount=25, purpose="tip", entry=tip, moment=day(1))

    commands.set_apart(entries=[tip], residents=[ada, ben], key=KEY, moment=day(2))
    kept = balance(ben, day(2)).reserved
    commands.void_apart(key=KEY, entries=[tip], residents=[ada, ben], moment=day(3))

    assert kept == 25
    assert (balance(ada, day(3)).available, balance(ben, day(3)).available) == (40, 0)
    assert verify() == []
