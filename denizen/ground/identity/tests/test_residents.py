"""The person behind the key: registered, seen through a gate, exported and erased."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from denizen.ground.chronicle.kinds import purchase
from denizen.ground.identity import queries
from denizen.ground.identity.commands import (
    Particulars,
    UnableToAct,
    UnableToErase,
    UnableToRegister,
    accept_invitation,
    erase,
    erase_by_staff,
    issue_invite_code,
    publish_reference_levels,
    register,
)
from denizen.ground.identity.models import Fact, GradeSpan, InviteCode, Profile, Staff, StaffAct, User
from denizen.ground.identity.queries import Viewer
from denizen.ground.identity.testing import NOW, a_resident, a_staff, ada, ben, fei, lived, odo, takes_delivery

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TOLD = Particulars(name=" Ada ", city="杭州", city_tier=2, born_on=date(1990, 5, 4), about="Rows at dawn")


class TestRegister:
    def test_a_resident_has_a_key_above_the_systems_and_what_he_told(self):
        profile = register(particulars=TOLD, moment=NOW)

        assert (profile.name, profile.city, profile.born_on) == ("Ada", "杭州", date(1990, 5, 4))
        assert profile.resident.created_at == NOW
        assert profile.resident_id >= 1_000

    @pytest.mark.parametrize("name", ["", "  ", "x" * 61])
    def test_it_refuses_a_name_that_is_none(self, name):
        with pytest.raises(UnableToRegister) as refused:
            register(particulars=Particulars(name=name), moment=NOW)

        assert refused.value.code == "bad_name"

    def test_it_refuses_a_sign_in_twice(self):
        with pytest.raises(UnableToRegister) as refused:
            register(particulars=TOLD, user=ada().user, moment=NOW)

        assert refused.value.code == "sign_in_taken"


class TestProfileFor:
    """Himself and permitted staff see all, everybody else the public part."""

    @pytest.fixture(autouse=True)
    def _ada(self):
        publish_reference_levels(moment=NOW)
        self.user = User.objects.create_user("ada@lakeside.example", "x")
        self.ada = register(particulars=TOLD, user=self.user, moment=NOW)

    def seen_by(self, viewer: Viewer, moment=NOW) -> queries.ProfileView:
        return queries.profile_for(viewer, self.ada.resident.public_id, moment)

    def test_she_sees_herself_whole(self):
        view = self.seen_by(queries.viewer_of(self.user))

        assert view.particulars.email == "ada@lakeside.example"
        assert view.particulars.born_on == date(1990, 5, 4)

    def test_another_resident_and_a_guest_see_the_public_part_only(self):
        for viewer in (queries.viewer_of(ben().user), queries.viewer_of(AnonymousUser())):
            view = self.seen_by(viewer)

            assert (view.name, view.about, view.particulars) == ("Ada", "Rows at dawn", None)

    def test_staff_see_her_whole_only_with_the_permit(self):
        assert self.seen_by(queries.viewer_of(fei().user)).particulars is not None
        assert self.seen_by(Viewer(staff=a_staff())).particulars is None

    def test_staff_do_not_see_her_before_their_permit_begins(self):
        assert self.seen_by(Viewer(staff=fei()), NOW - 9_999 * DAY).particulars is None

    @pytest.mark.partial("D-04", "D-13")
    def test_everybody_sees_the_marks_of_the_moment(self):
        takes_delivery(self.ada, NOW)

        assert [label.mark for label in self.seen_by(Viewer()).labels] == ["crown"]
        assert self.seen_by(Viewer(), NOW - DAY).labels == []

    def test_nobody_is_found_behind_an_unknown_id(self):
        assert queries.profile_for(Viewer(), uuid.uuid4(), NOW) is None

    def test_a_resident_is_known_by_his_sign_in(self):
        assert queries.resident_of(self.user) == self.ada
        assert queries.resident_of(odo().user) is None
        assert queries.resident_of(AnonymousUser()) is None


class TestOpenDeposits:
    """Sales and fellows see who has paid and waits (D-02)."""

    def pay(self, profile, days: int, key: str = "") -> None:
        lived(profile, purchase.DepositPaid(order=f"o-{profile.pk}", stage="deposit"), NOW + days * DAY, key=key)

    @pytest.mark.partial("D-02")
    def test_the_latest_payer_comes_first_and_pages_go_on(self):
        payers = [a_resident(f"Payer {number}") for number in range(3)]
        for number, profile in enumerate(payers):
            self.pay(profile, number)
        fellow, later = fei(), NOW + 9 * DAY

        first = queries.open_deposits_for(fellow, later, limit=2)
        rest = queries.open_deposits_for(fellow, later, before=first[-1].key, limit=2)

        assert [each.name for each in first + rest] == ["Payer 2", "Payer 1", "Payer 0"]

    @pytest.mark.partial("D-02")
    def test_who_was_refunded_is_gone_and_an_owner_who_pays_again_is_there(self):
        refunded, owner = ada(), ben()
        self.pay(refunded, 0, key="p-1")
        lived(refunded, purchase.DepositRefunded(original="p-1"), NOW + DAY)
        takes_delivery(owner, NOW)
        self.pay(owner, 1)

        assert [each.name for each in queries.open_deposits_for(fei(), NOW + 2 * DAY)] == ["Ben"]

    def test_staff_without_the_permit_see_nobody(self):
        self.pay(ada(), 0)

        assert queries.open_deposits_for(a_staff(), NOW) == []


def test_names_are_for_everybody_and_the_erased_have_none():
    kept, gone = ada(), ben()
    erase(resident_id=gone.resident_id)

    assert queries.names_of([kept.resident_id, gone.resident_id]) == {kept.resident_id: "Ada"}


class TestExport:
    def test_everything_kept_about_a_person_comes_out_as_json(self):
        publish_reference_levels(moment=NOW)
        inviter, profile = ada(), ben()
        takes_delivery(inviter, NOW)
        code = issue_invite_code(resident_id=inviter.resident_id, moment=NOW).code
        accept_invitation(buyer_id=profile.resident_id, code=code, moment=NOW)
        lived(profile, purchase.DepositPaid(order="o-1", stage="deposit"), NOW)

        mine = json.loads(json.dumps(queries.export(profile.resident_id)))
        hers = queries.export(inviter.resident_id)

        assert mine["profile"]["email"] == "ben@lakeside.example"
        assert mine["grades"][0]["grade"] == "depositor"
        assert mine["grades"][0]["since"] == NOW.isoformat()
        assert [fact["kind"] for fact in mine["facts"]] == ["deposit_paid"]
        assert mine["invited_by"] == inviter.resident_id
        assert (hers["invitation_code"], hers["invited"]) == (code, [profile.resident_id])


class TestErase:
    def test_the_person_goes_and_what_happened_to_the_key_stays(self):
        publish_reference_levels(moment=NOW)
        profile = ada()
        key = profile.resident_id
        EmailAddress.objects.create(user=profile.user, email=profile.user.email)
        takes_delivery(profile, NOW)
        issue_invite_code(resident_id=key, moment=NOW)

        erase(resident_id=key)

        assert not Profile.objects.exists()
        assert not User.objects.exists()
        assert not EmailAddress.objects.exists()
        assert not InviteCode.objects.exists()
        assert (Fact.objects.count(), GradeSpan.objects.get().grade) == (1, "owner")
        assert queries.export(key)["profile"] is None

    def test_it_refuses_to_erase_twice(self):
        key = a_resident().resident_id
        erase(resident_id=key)

        with pytest.raises(UnableToErase):
            erase(resident_id=key)

    def test_who_is_also_staff_keeps_that_sign_in(self):
        profile = ada()
        staff = a_staff(resident_id=profile.resident_id)
        Staff.objects.filter(pk=staff.pk).update(user=profile.user)

        erase(resident_id=profile.resident_id)
        staff.refresh_from_db()

        assert staff.resident_id is None
        assert staff.user.email == "ada@lakeside.example"

    def test_staff_erase_with_a_permit_and_a_note(self):
        profile, operator = ada(), odo()

        erase_by_staff(actor=operator, resident_id=profile.resident_id, moment=NOW)

        act = StaffAct.objects.get(act="resident.erased")
        assert (act.staff, act.subject_id) == (operator, str(profile.resident_id))

    def test_it_refuses_staff_without_the_permit(self):
        with pytest.raises(UnableToAct):
            erase_by_staff(actor=fei(), resident_id=ada().resident_id, moment=NOW)

        assert Profile.objects.count() == 1
