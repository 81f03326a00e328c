"""Staff hold posts and permits from/until, and every act names the department it was done for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, transaction

from denizen.ground.identity import queries
from denizen.ground.identity.commands import (
    PostTerms,
    UnableToAct,
    UnableToAssign,
    UnableToEnd,
    UnableToHire,
    UnableToPermit,
    assign,
    end_permit,
    end_post,
    found_department,
    hire,
    note_act,
    permit,
)
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import Department, Permit, Post, Staff, StaffAct
from denizen.ground.identity.testing import NOW, a_staff, ada, fei, odo

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def a_note(actor, moment=NOW) -> StaffAct:
    return note_act(actor=actor, act="badge.given", subject_kind="badge", subject_id="7", details={}, moment=moment)


def terms_of(staff: Staff) -> PostTerms:
    department = Department.objects.get(code="user-operation")
    return PostTerms(department=department, region="lake", position="guide", field="charging", begins_at=NOW + DAY)


class TestNoteAct:
    @pytest.mark.partial("A-14", "A-11")
    def test_an_act_names_who_and_the_department_held_at_that_moment(self):
        fellow = fei()

        act = a_note(fellow)

        assert (act.staff, act.department.code, act.happened_at) == (fellow, "fellows", NOW)

    @pytest.mark.partial("A-11")
    def test_after_a_move_acts_count_for_the_new_department_and_old_ones_stay(self):
        operator, fellow = odo(), fei()
        before = a_note(fellow)
        end_post(actor=operator, post=queries.post_of(fellow, NOW), moment=NOW)
        sales = found_department(actor=operator, code="sales", title_en="Sales", title_zh="销售", moment=NOW)
        terms = replace(terms_of(fellow), department=sales, begins_at=NOW)
        assign(actor=operator, staff=fellow, terms=terms, moment=NOW)

        after = a_note(fellow, NOW)
        before.refresh_from_db()

        assert (before.department.code, after.department.code) == ("fellows", "sales")

    def test_it_refuses_who_holds_no_post_then(self):
        new = hire(actor=HOUSE, name="Kim", moment=NOW)

        with pytest.raises(UnableToAct) as refused:
            a_note(new)

        assert refused.value.code == "no_post"
        assert "Kim" in refused.value.message("zh")

    def test_it_refuses_after_the_post_has_ended(self):
        operator, fellow = odo(), fei()
        end_post(actor=operator, post=queries.post_of(fellow, NOW), moment=NOW - DAY)

        with pytest.raises(UnableToAct):
            a_note(fellow)

    def test_acts_are_never_edited(self):
        a_note(odo())

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            StaffAct.objects.update(act="nothing")

    def test_the_database_too_wants_a_department(self):
        with pytest.raises(IntegrityError, match="identity_act_names_department"), transaction.atomic():
            StaffAct.objects.create(
                staff=odo(), act="x", subject_kind="x", subject_id="1", happened_at=NOW, department=None
            )


@pytest.mark.partial("A-14", "A-11")
def test_every_change_among_staff_is_noted():
    operator = odo()
    before = StaffAct.objects.order_by("pk").last().pk
    staff = hire(actor=operator, name="Kim", moment=NOW)
    sales = found_department(actor=operator, code="sales", title_en="Sales", title_zh="销售", moment=NOW)
    post = assign(
        actor=operator, staff=staff, terms=replace(terms_of(staff), department=sales, begins_at=NOW), moment=NOW
    )
    given = permit(
        actor=operator, staff=staff, permission=Permission.KEYS_ISSUE, begins_at=NOW, ends_at=None, moment=NOW
    )
    end_permit(actor=operator, permit=given, moment=NOW + DAY)
    end_post(actor=operator, post=post, moment=NOW + DAY)

    noted = StaffAct.objects.filter(pk__gt=before, staff=operator, department__code="user-operation").order_by("pk")
    assert [act.act for act in noted] == [
        "staff.hired",
        "department.founded",
        "post.assigned",
        "permit.given",
        "permit.ended",
        "post.ended",
    ]


class TestHire:
    def test_odo_hires_and_it_is_noted(self):
        operator = odo()

        staff = hire(actor=operator, name="Kim", moment=NOW)

        act = StaffAct.objects.get(staff=operator)
        assert (act.act, act.subject_id) == ("staff.hired", str(staff.pk))

    def test_it_refuses_who_may_not_manage_staff(self):
        with pytest.raises(UnableToAct):
            hire(actor=fei(), name="Kim", moment=NOW)

        assert not Staff.objects.filter(name="Kim").exists()

    def test_it_refuses_a_sign_in_or_resident_twice(self):
        resident = ada()
        hire(actor=HOUSE, name="Kim", user=resident.user, resident_id=resident.resident_id, moment=NOW)

        with pytest.raises(UnableToHire) as sign_in:
            hire(actor=HOUSE, name="Lee", user=resident.user, moment=NOW)
        with pytest.raises(UnableToHire) as link:
            hire(actor=HOUSE, name="Lee", resident_id=resident.resident_id, moment=NOW)

        assert (sign_in.value.code, link.value.code) == ("sign_in_taken", "resident_taken")

    def test_nobody_signed_in_is_not_the_house(self):
        guest = queries.staff_of(AnonymousUser())

        with pytest.raises(UnableToAct) as hired:
            hire(actor=guest, name="Kim", moment=NOW)
        with pytest.raises(UnableToAct) as noted:
            a_note(guest)

        assert {hired.value.code, noted.value.code} == {"nobody"}


class TestPosts:
    def test_it_refuses_two_posts_at_one_time(self):
        fellow = fei()
        odo()

        with pytest.raises(UnableToAssign) as refused:
            assign(actor=HOUSE, staff=fellow, terms=terms_of(fellow), moment=NOW)

        assert refused.value.code == "overlaps"

    def test_the_database_too_refuses_two_posts_at_one_time(self):
        fellow = fei()
        post = queries.post_of(fellow, NOW)

        with pytest.raises(IntegrityError, match="identity_post_one_at_a_time"), transaction.atomic():
            Post.objects.create(
                staff=fellow, department=post.department, region="", position="", field="", held=(NOW, None)
            )

    def test_it_refuses_a_post_that_ends_before_it_begins(self):
        fellow = fei()
        odo()
        wrong = replace(terms_of(fellow), ends_at=NOW)

        with pytest.raises(UnableToAssign) as refused:
            assign(actor=HOUSE, staff=fellow, terms=wrong, moment=NOW)

        assert refused.value.code == "ends_early"

    def test_it_refuses_to_end_a_post_twice(self):
        fellow = fei()
        post = queries.post_of(fellow, NOW)
        end_post(actor=HOUSE, post=post, moment=NOW)

        with pytest.raises(UnableToEnd):
            end_post(actor=HOUSE, post=post, moment=NOW + DAY)

    def test_it_refuses_a_stranger(self):
        fellow = fei()
        odo()

        with pytest.raises(UnableToAct):
            assign(actor=fellow, staff=a_staff(), terms=terms_of(fellow), moment=NOW)
        with pytest.raises(UnableToAct):
            end_post(actor=fellow, post=queries.post_of(fellow, NOW), moment=NOW)

    @pytest.mark.partial("D-05")
    def test_the_card_shows_department_and_field(self):
        card = queries.staff_card(fei(), NOW)

        assert (card.name, card.department_en, card.field) == ("Fei", "Fellows", "community")

    def test_who_holds_no_post_has_no_card(self):
        assert queries.staff_card(hire(actor=HOUSE, name="Kim", moment=NOW), NOW) is None

    def test_founding_a_department_again_answers_the_same(self):
        first = found_department(actor=HOUSE, code="sales", title_en="Sales", title_zh="销售", moment=NOW)
        again = found_department(actor=HOUSE, code="sales", title_en="Shop", title_zh="门店", moment=NOW)

        assert (first, again.title_en) == (again, "Sales")
        assert StaffAct.objects.count() == 1


class TestPermits:
    def give(self, staff: Staff, begins_at, ends_at=None, actor=HOUSE) -> Permit:
        return permit(
            actor=actor,
            staff=staff,
            permission=Permission.RULES_APPROVE,
            begins_at=begins_at,
            ends_at=ends_at,
            moment=NOW,
        )

    def test_a_permit_counts_from_its_beginning_until_before_its_end(self):
        staff = a_staff()
        self.give(staff, NOW, NOW + DAY)

        def may(moment) -> bool:
            return queries.may_staff(staff, Permission.RULES_APPROVE, moment)

        assert not may(NOW - DAY)
        assert may(NOW)
        assert not may(NOW + DAY)

    @pytest.mark.partial("A-11")
    def test_a_permission_that_expired_yesterday_is_refused(self):
        manager = a_staff()
        permit(
            actor=HOUSE,
            staff=manager,
            permission=Permission.STAFF_MANAGE,
            begins_at=NOW - 9 * DAY,
            ends_at=NOW - DAY,
            moment=NOW,
        )

        with pytest.raises(UnableToAct) as refused:
            hire(actor=manager, name="Kim", moment=NOW)

        assert refused.value.code == "no_permit"

    def test_an_ended_permit_no_longer_counts(self):
        staff = a_staff()
        given = self.give(staff, NOW - DAY)

        end_permit(actor=odo(), permit=given, moment=NOW)

        assert queries.may_staff(staff, Permission.RULES_APPROVE, NOW - DAY)
        assert not queries.may_staff(staff, Permission.RULES_APPROVE, NOW)

    def test_it_refuses_to_end_a_permit_that_has_not_begun(self):
        given = self.give(a_staff(), NOW + DAY)

        with pytest.raises(UnableToEnd):
            end_permit(actor=HOUSE, permit=given, moment=NOW)

    def test_it_refuses_a_permit_for_oneself(self):
        operator = odo()

        with pytest.raises(UnableToPermit) as refused:
            self.give(operator, NOW, actor=operator)

        assert refused.value.code == "oneself"

    def test_it_refuses_a_permit_that_ends_before_it_begins(self):
        with pytest.raises(UnableToPermit) as refused:
            self.give(a_staff(), NOW, NOW)

        assert refused.value.code == "ends_early"

    def test_it_refuses_a_permission_nobody_knows(self):
        with pytest.raises(ValueError, match="fly"):
            permit(actor=HOUSE, staff=a_staff(), permission="fly", begins_at=NOW, ends_at=None, moment=NOW)

    def test_it_refuses_a_stranger(self):
        with pytest.raises(UnableToAct):
            self.give(a_staff(), NOW, actor=fei())


def test_staff_are_known_by_their_sign_in():
    operator, resident = odo(), ada()

    assert queries.staff_of(operator.user) == operator
    assert queries.staff_of(resident.user) is None
    assert queries.department_of(operator, NOW).code == "user-operation"


def test_nobody_judges_in_his_own_matter():
    resident = ada()
    staff = a_staff(resident_id=resident.resident_id)

    assert queries.is_own_matter(staff, [1, resident.resident_id])
    assert not queries.is_own_matter(staff, [1])
    assert not queries.is_own_matter(a_staff(), [resident.resident_id])
