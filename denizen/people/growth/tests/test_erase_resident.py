"""Erasing a person from the whole city: the words go, the numbers stay, and every seal still holds."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.db import connection

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_resident, a_staff
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger import queries
from denizen.ground.ledger.models import Correction, Posting, PostingReason, seal_models
from denizen.ground.ledger.testing import day, earn
from denizen.people.growth import commands as growth

WHY = "Because Wolkenstein helped a stranger."
SHANGHAI = "Asia/Shanghai"

pytestmark = pytest.mark.django_db


def seal(moment_day: float) -> None:
    noted = ledger.horizon()
    assert ledger.is_settled(noted)
    while ledger.seal_next(up_to=noted.last_id, moment=day(moment_day), time_zone=SHANGHAI):
        pass


def a_city(*, sealed: bool) -> tuple[int, int]:
    """Ada with earnings, a grant and a correction; Ben with a grant. Their keys."""
    ada, ben = a_resident(email="a@lakeside.example").resident_id, a_resident(email="b@lakeside.example").resident_id
    odo = a_staff("Odo", permissions=tuple(Permission))
    ledger.open_budget(code="kindness", limited=False)
    for number in range(3):
        earn(ada, 10, moment=day(number))
    for resident in (ada, ben):
        ledger.grant(actor=odo, resident=resident, amount=9, reason=WHY, envelope="kindness", moment=day(3))
    lines = [ledger.CorrectedLine(resident=ada, slot=0, amount=3)]
    ledger.correct(actor=odo, lines=lines, reason=WHY, envelope="kindness", moment=day(4))
    both = [ledger.CorrectedLine(resident=each, slot=0, amount=2) for each in (ada, ben)]
    ledger.correct(actor=odo, lines=both, reason="Goodwill after the storm.", envelope="kindness", moment=day(5))
    if sealed:
        seal(6)
    return ada, ben


def erase(ada: int) -> None:
    eraser = a_staff("Una", permissions=(Permission.RESIDENTS_ERASE,))
    growth.erase_resident(actor=eraser, resident=ada, moment=day(7))


@pytest.mark.parametrize("sealed", [True, False])
def test_the_words_go_and_the_seals_hold(sealed: bool) -> None:
    ada, _ = a_city(sealed=sealed)
    postings = Posting.objects.count()
    before = [bytes(each) for each in seal_models.Seal.objects.values_list("hash", flat=True)]

    erase(ada)
    seal(8)

    assert Posting.objects.count() == postings
    after = [bytes(each) for each in seal_models.Seal.objects.order_by("number").values_list("hash", flat=True)]
    assert after[: len(before)] == before
    assert queries.verify_seals() == []
    assert PostingReason.objects.filter(reason=WHY).count() == 1  # Ben's own
    assert sorted(Correction.objects.values_list("reason", flat=True)) == ["", "Goodwill after the storm."]


def test_nobody_can_test_a_guess_against_what_stays() -> None:
    ada, _ = a_city(sealed=True)
    salts = {row.posting_id: bytes(row.salt) for row in seal_models.ReasonCommitment.objects.all()}
    erase(ada)

    for row in seal_models.ReasonCommitment.objects.filter(posting__credit_id__in=range(ada * 8, ada * 8 + 8)):
        assert row.salt is None
        assert bytes(row.commitment) != sha256(WHY.encode()).digest()
    assert not seal_models.EntrySalt.objects.filter(resident=ada).exists()
    assert seal_models.EntryCommitment.objects.filter(entry__resident=ada).count() == 3
    kept = "".join(str(row) for table in connection.introspection.table_names() for row in _rows(table))
    assert all(salt.hex() not in kept for posting, salt in salts.items() if _is_of(posting, ada))


def test_words_put_back_after_erasure_are_found() -> None:
    ada, _ = a_city(sealed=True)
    erase(ada)
    told = PostingReason.objects.filter(reason="").first()
    assert told is not None

    PostingReason.objects.filter(pk=told.pk).update(reason="Because of something else.")

    assert [finding.code for finding in queries.verify_seals()] == ["reason_changed"]


def test_a_stranger_erases_nobody() -> None:
    ada, _ = a_city(sealed=True)

    with pytest.raises(UnableToAct):
        growth.erase_resident(actor=a_staff("Fei"), resident=ada, moment=day(7))

    assert PostingReason.objects.filter(reason=WHY).count() == 3
    assert seal_models.EntrySalt.objects.filter(resident=ada).exists()


def _rows(table: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT row::text FROM "{table}" AS row')
        return cursor.fetchall()


def _is_of(posting: int, resident: int) -> bool:
    row = Posting.objects.get(pk=posting)
    return resident in (row.debit_id // 8, row.credit_id // 8)
