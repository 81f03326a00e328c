"""The users' spokesperson is heard on every change, and hears what was decided and why (A-40)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from denizen.ground.identity.commands import UnableToAct
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.rulebook.commands import (
    Said,
    UnableToAnswer,
    UnableToApprove,
    UnableToGoOn,
    UnableToSpeak,
    answer_position,
    approve_book,
    state_position,
)
from denizen.people.rulebook.models import BookVersion, Position, PositionAnswer, Waiver
from denizen.people.rulebook.queries import positions_for
from denizen.people.rulebook.testing import UNHEARD, UNTRIED, colleague
from denizen.people.rulebook.tests.cycle_people import (
    DAY,
    NOW,
    WORDS,
    in_force,
    proposed,
    signer,
    speaker,
    stranger,
)

pytestmark = pytest.mark.django_db
REASON = Said("We have the means for one line, not for two.", "en")


def objected(version: BookVersion, stand: str = "against", by: Staff | None = None) -> Position:
    return state_position(actor=by or speaker(), number=version.number, stand=stand, said=WORDS, moment=NOW)


def approve(version: BookVersion, by: Staff | None = None) -> None:
    approve_book(
        actor=by or signer(), number=version.number, effective_from=NOW + 40 * DAY, moment=NOW, untried=UNTRIED
    )


@pytest.mark.partial("A-40")
def test_a_position_its_decision_and_the_reason_stand_beside_the_change_with_moments_of_their_own() -> None:
    version, shu, qin = proposed(), speaker(), signer()
    position = state_position(
        actor=shu, number=version.number, stand="against", said=Said("先别动。", "zh-hans"), moment=NOW
    )
    answer_position(actor=qin, position=position.pk, decision="overruled", said=REASON, moment=NOW + DAY)

    (voice,) = positions_for([version.number])[version.number]

    assert (voice.stand, voice.words.text, voice.words.language) == ("against", "先别动。", "zh-hans")
    assert (voice.office.staff, voice.office.at) == (shu.pk, NOW)
    assert voice.overruled
    assert (voice.answer.words.text, voice.answer.office.at) == (REASON.text, NOW + DAY)
    assert voice.office.department_en == voice.answer.office.department_en == "User-Operation"


@pytest.mark.partial("A-40")
def test_a_change_is_not_approved_unheard_without_a_reason() -> None:
    version = proposed()

    with pytest.raises(UnableToApprove):
        approve(version)

    approve_book(
        actor=signer(), number=version.number, effective_from=NOW + DAY, moment=NOW, untried=UNTRIED, unheard=UNHEARD
    )
    assert Waiver.objects.get(missing="position").words.text == UNHEARD.text


def test_a_spokesperson_who_is_for_it_leaves_nothing_to_decide() -> None:
    version = proposed()
    position = objected(version, "for")

    with pytest.raises(UnableToAnswer) as refusal:
        answer_position(actor=signer(), position=position.pk, decision="followed", moment=NOW)

    assert refusal.value.code == "no_objection"
    approve(version)


@pytest.mark.partial("A-40")
@pytest.mark.parametrize("stand", ["against", "conditions"])
def test_an_objection_is_decided_before_the_approval(stand: str) -> None:
    version, qin = proposed(), signer()
    position = objected(version, stand)
    with pytest.raises(UnableToApprove):
        approve(version, qin)

    answer_position(actor=qin, position=position.pk, decision="overruled", said=REASON, moment=NOW)

    approve(version, qin)


def test_a_version_is_set_aside_when_the_spokesperson_against_it_is_followed() -> None:
    version, qin = proposed(), signer()
    answer_position(actor=qin, position=objected(version).pk, decision="followed", moment=NOW)

    with pytest.raises(UnableToApprove):
        approve(version, qin)


def test_conditions_that_are_met_open_the_way() -> None:
    version, qin = proposed(), signer()
    answer_position(actor=qin, position=objected(version, "conditions").pk, decision="followed", moment=NOW)

    approve(version, qin)


def test_a_later_position_takes_the_place_of_an_earlier_one_which_stays_on_record() -> None:
    version, shu, qin = proposed(), speaker(), signer()
    first = objected(version, "against", shu)
    state_position(actor=shu, number=version.number, stand="for", said=WORDS, moment=NOW + DAY)

    with pytest.raises(UnableToAnswer) as refusal:
        answer_position(actor=qin, position=first.pk, decision="overruled", said=REASON, moment=NOW + DAY)

    assert refusal.value.code == "outdated"
    assert [voice.stand for voice in positions_for([version.number])[version.number]] == ["against", "for"]
    approve(version, qin)


@pytest.mark.partial("A-40", "A-41")
def test_a_position_may_come_after_the_decision() -> None:
    version = in_force()

    position = state_position(actor=speaker(), number=version.number, stand="against", said=WORDS, moment=NOW + DAY)

    assert position.at == NOW + DAY


@pytest.mark.partial("A-40")
@pytest.mark.parametrize("said", [None, Said("", "en"), Said("   ", "en")])
def test_it_refuses_to_overrule_without_a_reason(said: Said | None) -> None:
    position = objected(proposed())

    with pytest.raises(UnableToAnswer) as refusal:
        answer_position(actor=signer(), position=position.pk, decision="overruled", said=said, moment=NOW)

    assert refusal.value.code == "reason"


def test_the_database_itself_refuses_an_overruling_without_a_reason() -> None:
    position = objected(proposed())

    with pytest.raises(IntegrityError, match="rulebook_overruling_has_a_reason"), transaction.atomic():
        PositionAnswer.objects.create(
            position=position, decision="overruled", by=position.by, department_id=position.department_id, at=NOW
        )


def test_it_refuses_a_second_decision() -> None:
    position, qin = objected(proposed()), signer()
    answer_position(actor=qin, position=position.pk, decision="overruled", said=REASON, moment=NOW)

    with pytest.raises(UnableToAnswer) as refusal:
        answer_position(actor=qin, position=position.pk, decision="followed", moment=NOW)

    assert refusal.value.code == "decided"


def test_neither_who_spoke_nor_who_proposed_decides() -> None:
    everything = (Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RULES_SPEAK)
    zhou, shu = colleague("Zhou", *everything), colleague("Shu", *everything)
    position = objected(proposed(zhou), by=shu)

    for own in (zhou, shu):
        with pytest.raises(UnableToAnswer) as refusal:
            answer_position(actor=own, position=position.pk, decision="overruled", said=REASON, moment=NOW)
        assert refusal.value.code == "own"


def test_nobody_speaks_for_the_users_about_what_he_proposed_himself() -> None:
    zhou = colleague("Zhou", Permission.RULES_PROPOSE, Permission.RULES_SPEAK)
    version = proposed(zhou)

    with pytest.raises(UnableToSpeak) as refusal:
        objected(version, "for", zhou)

    assert refusal.value.code == "own"


def test_pressing_twice_states_it_once() -> None:
    version, shu = proposed(), speaker()
    objected(version, by=shu)

    with pytest.raises(UnableToGoOn) as refusal:
        objected(version, by=shu)

    assert refusal.value.code == "said_already"
    assert Position.objects.count() == 1


def test_it_refuses_strangers() -> None:
    version = proposed()
    position = objected(version)

    with pytest.raises(UnableToAct):
        objected(version, "for", stranger())
    with pytest.raises(UnableToAct):
        answer_position(actor=speaker(), position=position.pk, decision="overruled", said=REASON, moment=NOW)


@pytest.mark.parametrize(("number", "stand", "said", "code"), [
    (99_999, "for", WORDS, "no_version"), (None, "perhaps", WORDS, "stand"), (None, "for", Said("", "en"), "words"),
    (None, "for", Said("x" * 2_001, "en"), "words"), (None, "for", Said("a\x00b", "en"), "words"),
    (None, "for", Said("Très bien", "fr"), "language"),
])  # fmt: skip
def test_it_refuses_what_is_no_position(number: int | None, stand: str, said: Said, code: str) -> None:
    version = proposed()

    with pytest.raises(UnableToGoOn) as refusal:
        state_position(actor=speaker(), number=number or version.number, stand=stand, said=said, moment=NOW)

    assert refusal.value.code == code
    assert not Position.objects.exists()


def test_it_refuses_to_decide_about_nothing() -> None:
    with pytest.raises(UnableToAnswer) as refusal:
        answer_position(actor=signer(), position=99_999, decision="followed", moment=NOW)

    assert refusal.value.code == "no_position"


@pytest.mark.parametrize("table", ["position", "positionanswer", "waiver"])
def test_what_was_said_and_decided_never_changes(table: str) -> None:
    version, qin = proposed(), signer()
    answer_position(actor=qin, position=objected(version).pk, decision="overruled", said=REASON, moment=NOW)
    approve(version, qin)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        db.execute(f"DELETE FROM rulebook_{table}")
