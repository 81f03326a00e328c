"""``denizen rules approve``: a second person signs with his own password, and the notice is kept there as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from denizen.config.errands.lawgiving import UnableToGiveRules, approve
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import PASSWORD, a_staff
from denizen.kit.clock import now
from denizen.people.rulebook.commands import (
    UnableToApprove,
    UnableToTakeSoSoon,
    propose_book,
    publish_first_book,
)
from denizen.people.rulebook.models import Approval
from denizen.people.rulebook.testing import checked
from denizen.people.rulebook.tests.conftest import book_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
AUTHOR, SECOND = "zhou@example.org", "qin@example.org"
REASONS = {"untried": "Nothing to try it on.", "unheard": "Nobody speaks yet."}


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DENIZEN_LANGUAGE", "en")
    with translation.override("en"):
        yield


@pytest.fixture
def number() -> int:
    """A version that pays 4 for a check-in instead of 5, proposed by Zhou."""
    publish_first_book(text=book_text(5), moment=now() - timedelta(days=60))
    checked(now())
    both = [Permission.RULES_PROPOSE, Permission.RULES_APPROVE]
    author = a_staff("Zhou", email=AUTHOR, permissions=both)
    a_staff("Qin", email=SECOND, permissions=[Permission.RULES_APPROVE])
    return int(propose_book(actor=author, text=book_text(4), note="", moment=now()).number)


def signed(number: int, email: str = SECOND, password: str = PASSWORD, **more: object) -> int:
    told = {"effective_from": None, **REASONS, **more}
    return approve(number=number, email=email, password=password, **told)  # type: ignore[arg-type]


def test_a_second_person_signs_and_the_notice_is_kept_without_being_asked_for(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = now()

    assert signed(number) == 0

    approval = Approval.objects.get(book_id=number)
    assert approval.effective_from >= before + timedelta(days=30)
    assert f"Version {number} is approved" in capsys.readouterr().out


@pytest.mark.partial("A-38")
def test_it_refuses_to_take_value_before_its_notice(number: int) -> None:
    with pytest.raises(UnableToTakeSoSoon, match="30 days"):
        signed(number, effective_from=now() + timedelta(days=29))

    assert not Approval.objects.filter(book_id=number).exists()


def test_it_refuses_a_wrong_password_an_unknown_colleague_and_ones_own_proposal(number: int) -> None:
    with pytest.raises(UnableToGiveRules, match="not the password"):
        signed(number, password="guessed")
    with pytest.raises(UnableToGiveRules, match="Nobody on the staff"):
        signed(number, email="nobody@example.org")
    with pytest.raises(UnableToApprove, match="Somebody else"):
        signed(number, email=AUTHOR)

    assert not Approval.objects.filter(book_id=number).exists()


def test_it_asks_for_the_reasons_the_desk_asks_for(number: int) -> None:
    with pytest.raises(UnableToApprove):
        signed(number, untried="", unheard="")
    signed(number)

    with pytest.raises(UnableToApprove, match="already approved"):
        signed(number)
