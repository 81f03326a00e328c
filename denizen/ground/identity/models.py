"""Tables of identity."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from denizen.kit.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Creates sign-ins. E-mail addresses are kept as given and compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A sign-in: an e-mail address and a password. Who it is stands in ``Profile`` (resident) and ``Staff``."""

    email = models.EmailField()
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="identity_user_email_unique")]


class Profile(models.Model):
    """The person behind a resident's key. Erasable: entries and postings know only the key."""

    resident = models.OneToOneField("chronicle.Resident", models.PROTECT, primary_key=True, related_name="+")
    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    city = models.CharField(max_length=60, default="")
    city_tier = models.SmallIntegerField(null=True)
    born_on = models.DateField(null=True)
    about = models.CharField(max_length=300, default="")


class Residence(models.Model):
    """Where a resident lived from ``since`` on: what ``Profile.city`` said, kept so that a moment can be asked.

    Never changed, but for one thing: when a person is erased, a city in which too few have lived is emptied, because
    there it could still point at him. In larger ones it stays, so that old decisions can be replayed.
    """

    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+", db_index=False)
    city = models.CharField(max_length=60)
    city_tier = models.SmallIntegerField(null=True)
    since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident"], name="identity_residence_city")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resident", "since"], name="identity_residence_since_unique"),
        ]


class Department(models.Model):
    code = models.CharField(max_length=40, unique=True)
    title_en = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=120)


class Staff(models.Model):
    """An employee's account. ``resident`` links his own resident account: nobody judges in his own matter."""

    public_id = models.UUIDField(unique=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="+")
    resident = models.OneToOneField("chronicle.Resident", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)


class Post(models.Model):
    """A position of a staff member in a department and region, from/until. Named so that *position* stays the title.

    ``field``: the working field he speaks about (D-05), a code such as ``battery``. One post at a time, so that the
    department of an act is never ambiguous.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    region = models.CharField(max_length=60)
    position = models.CharField(max_length=120)
    field = models.CharField(max_length=60)
    held = DateTimeRangeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(held__isempty=False), name="identity_post_range_not_empty"),
            ExclusionConstraint(
                name="identity_post_one_at_a_time",
                expressions=[
                    (
                        Func(F("staff_id"), F("staff_id"), models.Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("held", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Permit(models.Model):
    """A permission of a staff member, from/until. Codes stand in ``constants.Permission``."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    permission = models.CharField(max_length=60)
    held = DateTimeRangeField()
    given_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(held__isempty=False), name="identity_permit_range_not_empty"),
        ]


class StaffAct(models.Model):
    """Every act of staff: who, for which department, what, on which subject (A-11, A-14). Append-only.

    Only the house itself (the command line, before anybody is hired) acts without staff and department.
    """

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    details = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id", "-id"], name="identity_act_subject")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(staff__isnull=True, department__isnull=True)
                | Q(staff__isnull=False, department__isnull=False),
                name="identity_act_names_department",
            ),
        ]


class StaffActWords(models.Model):
    """Why staff acted, in words: a side row, because words can be erased and acts cannot."""

    act = models.OneToOneField(StaffAct, models.PROTECT, primary_key=True, related_name="+")
    words = models.TextField()


class Fact(models.Model):
    """A recorded fact that grades are folded from. One per entry; append-only.

    ``undoes``: the entry whose effect this fact takes back from its own moment on.
    """

    entry = models.OneToOneField("chronicle.Entry", models.PROTECT, primary_key=True, related_name="+")
    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    undoes = models.ForeignKey("chronicle.Entry", models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["resident", "occurred_at", "entry"], name="identity_fact_fold")]


class GradeSpan(models.Model):
    """A grade held over a range of time, derived from facts. Ranges of one resident never overlap.

    Before the first span a resident is a fan.
    """

    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    grade = models.CharField(max_length=20)
    held = DateTimeRangeField()
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="identity_gradespan_no_overlap",
                expressions=[
                    (
                        Func(F("resident_id"), F("resident_id"), models.Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("held", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class PlanSpan(models.Model):
    """A plan (energy, service) held over a range of time, derived from facts.

    An open deposit stands here too, as the plan ``deposit``: an owner who pays one for his next car keeps his grade and
    must still be seen by sales and fellows (D-02).
    """

    resident = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    plan = models.CharField(max_length=40)
    held = DateTimeRangeField()
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+", db_index=False)


class FirstOrder(models.Model):
    """When a buyer's first standing order was placed, derived from facts: after it no inviter can be bound (B-20)."""

    resident = models.OneToOneField("chronicle.Resident", models.PROTECT, primary_key=True, related_name="+")
    placed_at = models.DateTimeField()
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, related_name="+", db_index=False)


class LevelVersion(models.Model):
    """A level as published: condition, term, rights, visible mark, default notices (A-02, B-70, D-04). Immutable.

    ``condition`` names grades, plans or both, one of which must be held: ``{"grades": ["owner"], "plans": []}``.
    """

    code = models.CharField(max_length=40)
    version = models.SmallIntegerField()
    title_en = models.CharField(max_length=80)
    title_zh = models.CharField(max_length=80)
    condition = models.JSONField()
    condition_en = models.CharField(max_length=300)
    condition_zh = models.CharField(max_length=300)
    term_days = models.IntegerField(null=True)
    rights = ArrayField(models.CharField(max_length=60))
    mark = models.CharField(max_length=40, default="")
    notices = ArrayField(models.CharField(max_length=60), default=list)
    assumed = models.BooleanField(default=True)
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="identity_levelversion_unique"),
        ]


class InviteCode(models.Model):
    """The one invitation code of an owner (B-20)."""

    resident = models.OneToOneField("chronicle.Resident", models.PROTECT, primary_key=True, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    issued_at = models.DateTimeField()


class Invitation(models.Model):
    """Who invited a buyer: one inviter per buyer, never oneself, bound before the order."""

    buyer = models.OneToOneField("chronicle.Resident", models.PROTECT, primary_key=True, related_name="+")
    inviter = models.ForeignKey("chronicle.Resident", models.PROTECT, related_name="+")
    bound_at = models.DateTimeField()
    entry = models.ForeignKey("chronicle.Entry", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(buyer=F("inviter")), name="identity_invitation_never_oneself"),
        ]
