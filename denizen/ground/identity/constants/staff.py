"""What staff may do, and how acts of staff are called."""

from __future__ import annotations

from enum import Enum, StrEnum


class House(Enum):
    """The house itself as actor: the command line on the machine, which founds the city and hires the first people.

    A word of its own, so that nobody becomes the house by not being signed in.
    """

    HOUSE = "house"


HOUSE = House.HOUSE


class Permission(StrEnum):
    """What a staff member may do while he holds a permit for it."""

    STAFF_MANAGE = "staff.manage"
    RESIDENTS_READ = "residents.read"
    RESIDENTS_ERASE = "residents.erase"
    LEVELS_PUBLISH = "levels.publish"
    RULES_PROPOSE = "rules.propose"
    RULES_APPROVE = "rules.approve"
    RULES_SPEAK = "rules.speak"
    RULES_CHECK = "rules.check"
    GRANTS_GOODWILL = "grants.goodwill"
    GRANTS_SURPRISE = "grants.surprise"
    CORRECTIONS_PROPOSE = "corrections.propose"
    CORRECTIONS_APPROVE = "corrections.approve"
    ENTRIES_REVIEW = "entries.review"
    RISK_REVIEW = "risk.review"
    HONOURS_GIVE = "honours.give"
    YEARS_FREEZE = "years.freeze"
    KEYS_ISSUE = "keys.issue"
    ACTS_DEFINE = "acts.define"
    BANK_READ = "bank.read"
    BANK_CLOSE = "bank.close"


class ActCode(StrEnum):
    """Acts that identity itself notes; other rooms name theirs."""

    DEPARTMENT_FOUNDED = "department.founded"
    STAFF_HIRED = "staff.hired"
    POST_ASSIGNED = "post.assigned"
    POST_ENDED = "post.ended"
    PERMIT_GIVEN = "permit.given"
    PERMIT_ENDED = "permit.ended"
    LEVEL_PUBLISHED = "level.published"
    RESIDENT_ERASED = "resident.erased"
