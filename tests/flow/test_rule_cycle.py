"""A rule goes once round: written, tried, objected to, signed, announced, in force, checked, looked after, and again.

Every step is a page of the desk, taken by the person whose turn it is.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from denizen.config.errands.lawgiving import UnableToGiveRules, checked, propose
from denizen.ground.chronicle.kinds import community
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import StaffAct, User
from denizen.kit import clock
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import hand_over, publish_first_book, record_trial, start_draft
from denizen.people.rulebook.models import ResultCheck
from denizen.people.rulebook.queries import (
    Stage,
    change_named,
    changes,
    positions_for,
    reference_book_text,
    version_in_force,
)

pytestmark = pytest.mark.django_db
LATER = timedelta(days=40)
CHEAPER = ("avatar: 10", "avatar: 11")


def signed_in(name: str, *permissions: Permission, department: str = "user-relations") -> Client:
    people.a_staff(name, email=f"{name.lower()}@lakeside.example", permissions=permissions, department=department)
    browser = Client()
    browser.cookies["django_language"] = "en"
    user = User.objects.get(email=f"{name.lower()}@lakeside.example")
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def stage_of(number: int) -> Stage:
    found = change_named(number, clock.now())
    assert found is not None
    return found.stage


@pytest.mark.row("A-34", "A-36", "A-40", "A-52", "P-14")
def test_a_rule_goes_once_round_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    publish_first_book(text=reference_book_text(), moment=people.LONG_AGO, effective_from=people.LONG_AGO)
    first = version_in_force(clock.now()).number
    zhou = people.a_staff("Zhou", email="zhou@lakeside.example", permissions=[Permission.RULES_PROPOSE])
    shu, qin = signed_in("Shu", Permission.RULES_SPEAK), signed_in("Qin", Permission.RULES_APPROVE)
    cai, fei = signed_in("Cai", Permission.RULES_CHECK), signed_in("Fei", department="fellows")
    author = Client()
    author.force_login(User.objects.get(pk=zhou.user_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    board = f"/desk/rules/board/{first}/"
    behave(people.ada().resident_id, community.CheckedIn(), clock.now())

    # The front line reports; the result is checked, which opens the way.
    fei.post(f"{board}report/", {"origin": "residents", "rule": "", "words": "A face should count more."})
    cai.post(f"{board}check/", {"verdict": "mixed", "words": "Few show their face."})
    assert ResultCheck.objects.get().figures["entries"] == 1

    # A draft is written, tried, and handed over; it names the feedback it answers.
    draft = start_draft(actor=zhou, title="A face", moment=clock.now(), text=reference_book_text().replace(*CHEAPER))
    assert changes(clock.now())[0].stage is Stage.DRAFT
    record_trial(actor=zhou, digest=draft.digest, run="run-1", summary={"entries": 1}, moment=clock.now())
    version = hand_over(actor=zhou, draft=draft.pk, revision=1, note="A face counts more.", moment=clock.now())
    number, page = version.number, f"/desk/rules/board/{version.number}/"
    assert stage_of(number) is Stage.APPROVING
    feedback = change_named(first, clock.now()).feedback[0]
    author.post(f"{page}take-up/{feedback.id}/")

    # The spokesperson objects, is overruled with a reason, and a second person signs.
    shu.post(f"{page}speak/", {"stand": "conditions", "words": "Only if nobody has to show it."})
    begins_at = (clock.now() + timedelta(days=31)).strftime("%Y-%m-%dT%H:%M")
    qin.post(f"/desk/rules/{number}/approve/", {"effective_from": begins_at})
    assert stage_of(number) is Stage.APPROVING
    qin.post(f"{page}answer/", {"decision": "overruled", "words": "Nobody has to: it stands in the sentence."})
    qin.post(f"/desk/rules/{number}/approve/", {"effective_from": begins_at})
    assert stage_of(number) is Stage.ANNOUNCED
    (voice,) = positions_for([number])[number]
    assert voice.overruled

    # A month passes: in force, looked at, looked after, and ready for the next.
    now = clock.now() + LATER
    monkeypatch.setattr(clock, "now", lambda: now)
    assert stage_of(number) is Stage.IN_FORCE
    cai.post(f"{page}check/", {"verdict": "good", "words": "Many more faces."})
    assert stage_of(number) is Stage.CHECKED
    cai.post(f"{page}supervise/", {"seen": "Two desks explain it well.", "fed_back": "Thanked them."})
    assert stage_of(number) is Stage.SUPERVISED
    assert stage_of(first) is Stage.REPLACED
    following = start_draft(
        actor=zhou, title="Again", moment=now, text=reference_book_text().replace("avatar: 10", "avatar: 12")
    )
    assert hand_over(actor=zhou, draft=following.pk, revision=1, note="And more.", moment=now).number > number

    found = change_named(number, now)
    assert found is not None
    assert found.approvals == 2
    assert [heard.words.text for heard in found.takes_up] == ["A face should count more."]
    acts = StaffAct.objects.filter(subject_kind="rule_book", subject_id=str(number))
    assert all(act.department_id for act in acts)


@pytest.mark.row("A-36")
def test_a_terminal_is_told_what_is_missing_and_can_go_on(tmp_path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DENIZEN_LANGUAGE", "en")
    publish_first_book(text=reference_book_text(), moment=people.LONG_AGO, effective_from=people.LONG_AGO)
    number = version_in_force(clock.now()).number
    people.a_staff("Zhou", email="zhou@lakeside.example", permissions=[Permission.RULES_PROPOSE])
    people.a_staff("Cai", email="cai@lakeside.example", permissions=[Permission.RULES_CHECK])
    file = tmp_path / "next.yaml"
    file.write_text(reference_book_text().replace(*CHEAPER), encoding="utf-8")

    with pytest.raises(UnableToGiveRules, match=f"denizen rules checked {number} --as"):
        propose(path=file, email="zhou@lakeside.example", note="A face counts more.")
    assert checked(number=number, email="cai@lakeside.example", verdict="good", note="It does what it should.") == 0
    assert propose(path=file, email="zhou@lakeside.example", note="A face counts more.") == 0

    told = capsys.readouterr().out
    assert f"The result of version {number} is on record: 0 entries decided" in told
    assert "is proposed" in told


def test_a_terminal_without_a_colleague_records_nothing() -> None:
    publish_first_book(text=reference_book_text(), moment=people.LONG_AGO, effective_from=people.LONG_AGO)
    number = version_in_force(clock.now()).number

    with pytest.raises(UnableToGiveRules, match="nobody@lakeside"):
        checked(number=number, email="nobody@lakeside.example", verdict="good", note="Fine.")

    assert not ResultCheck.objects.exists()
