"""Residents: registering a person behind a key, and erasing the person again while the key and its entries stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from denizen.ground.chronicle.commands import app_source, record_one
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.models import Resident
from denizen.ground.identity.commands.staff import Actor, note_act, require_permit
from denizen.ground.identity.constants import ActCode, Permission
from denizen.ground.identity.models import InviteCode, Profile, Residence, Staff, User
from denizen.kit import db
from denizen.kit.explained import Explained

NAME_LENGTH_MAX = 60
CITY_LENGTH_MAX = 60
CITY_KEPT_FROM = 20
"""Assumed: a city in which fewer residents have ever lived is emptied when one of them is erased."""

EMPTY_SMALL_SQL = """
UPDATE identity_residence AS lived SET city = '', city_tier = NULL
WHERE lived.resident_id = %s AND lived.city <> ''
  AND (SELECT count(DISTINCT other.resident_id) FROM identity_residence AS other WHERE other.city = lived.city) < %s
"""


class UnableToRegister(Explained):
    """No name, or the sign-in already belongs to a resident."""

    sentences = {
        "bad_name": {
            "en": "A resident needs a name of 1 to {length} characters.",
            "zh": "居民需要 1 至 {length} 个字符的名字。",
        },
        "sign_in_taken": {
            "en": "This sign-in already belongs to a resident.",
            "zh": "该登录账号已属于一位居民。",
        },
    }


class UnableToMove(Explained):
    """There is no person behind this key, the city has no name that fits, or it is older than what is known."""

    sentences = {
        "nobody": {
            "en": "There is nobody behind this key any more.",
            "zh": "该编号背后已没有个人信息。",
        },
        "bad_city": {
            "en": "A city has a name of at most {length} characters.",
            "zh": "城市名最多 {length} 个字符。",
        },
        "too_early": {
            "en": "He has already moved since then.",
            "zh": "此后他已经搬过家。",
        },
    }


class UnableToErase(Explained):
    """There is no person behind this key any more."""

    sentences = {
        "nobody": {
            "en": "There is nobody behind this key any more.",
            "zh": "该编号背后已没有个人信息。",
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a person tells about himself. All of it can be erased. ``city_tier``: 1 for the largest cities."""

    name: str
    city: str = ""
    city_tier: int | None = None
    born_on: date | None = None
    about: str = ""


def register(*, particulars: Particulars, moment: datetime, user: User | None = None) -> Profile:
    """Make a person a resident of the city, at once and as a fan (D-01). ``user``: the sign-in, if there is one."""
    db.required()
    name = particulars.name.strip()
    if not 0 < len(name) <= NAME_LENGTH_MAX:
        raise UnableToRegister("bad_name", length=NAME_LENGTH_MAX)
    if user and Profile.objects.filter(user=user).exists():
        raise UnableToRegister("sign_in_taken")
    resident = Resident.objects.create(created_at=moment)
    if particulars.city:
        Residence.objects.create(
            resident=resident, city=particulars.city, city_tier=particulars.city_tier, since=moment
        )
    return Profile.objects.create(
        resident=resident,
        user=user,
        name=name,
        city=particulars.city,
        city_tier=particulars.city_tier,
        born_on=particulars.born_on,
        about=particulars.about,
    )


def sign_up(*, particulars: Particulars, user: User, moment: datetime) -> Profile:
    """Register a person who signs up himself, and record it in the chronicle, so that the city greets him (B-05).

    Residents who are brought in by staff or an import are registered only; their own system reports what they did.
    Needs an open transaction.
    """
    profile = register(particulars=particulars, user=user, moment=moment)
    record_one(
        kind_object=community.Registered(),
        resident=profile.resident_id,
        occurred_at=moment,
        external_id=f"sign-up:{profile.resident_id}",
        source=app_source(),
        now=moment,
    )
    return profile


def move(*, resident_id: int, city: str, city_tier: int | None, moment: datetime) -> None:
    """The resident lives in another city from ``moment`` on (empty: he no longer says where). Repeating it is harmless.

    What he did before keeps the city he lived in then. Raises ``UnableToMove``. Needs an open transaction.
    """
    db.required()
    profile = Profile.objects.select_for_update(of=("self",)).filter(resident_id=resident_id).first()
    if profile is None:
        raise UnableToMove("nobody")
    city = city.strip()
    if len(city) > CITY_LENGTH_MAX:
        raise UnableToMove("bad_city", length=CITY_LENGTH_MAX)
    if (profile.city, profile.city_tier) == (city, city_tier):
        return
    if Residence.objects.filter(resident_id=resident_id, since__gte=moment).exists():
        raise UnableToMove("too_early")
    Residence.objects.create(resident_id=resident_id, city=city, city_tier=city_tier, since=moment)
    profile.city, profile.city_tier = city, city_tier
    profile.save(update_fields=["city", "city_tier"])


def erase_by_staff(*, actor: Actor, resident_id: int, moment: datetime) -> None:
    """Erase a person on his request, through a staff member who may, with a note of the act."""
    db.required()
    require_permit(actor=actor, permission=Permission.RESIDENTS_ERASE, moment=moment)
    erase(resident_id=resident_id)
    note_act(
        actor=actor,
        act=ActCode.RESIDENT_ERASED,
        subject_kind="resident",
        subject_id=str(resident_id),
        details={},
        moment=moment,
    )


def erase(*, resident_id: int) -> None:
    """Erase the person behind a key: profile, sign-in with its addresses, invitation code.

    The key, its entries, facts and ranges stay, for they say nothing about who it was; so do the cities he lived in,
    where enough others have lived too. Who is also staff keeps that
    sign-in; the link between the two goes.
    """
    db.required()
    profile = Profile.objects.select_for_update(of=("self",)).filter(resident_id=resident_id).first()
    if profile is None:
        raise UnableToErase("nobody")
    user = profile.user
    InviteCode.objects.filter(resident_id=resident_id).delete()
    db.execute(EMPTY_SMALL_SQL, (resident_id, CITY_KEPT_FROM))
    Staff.objects.filter(resident_id=resident_id).update(resident=None)
    profile.delete()
    if user is not None and not _is_staff(user):
        user.delete()


def _is_staff(user: User) -> bool:
    return Staff.objects.filter(user=user).exists()
