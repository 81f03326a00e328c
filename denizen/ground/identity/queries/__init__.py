"""Reads of identity: what residents are at a moment, what staff may do, who is who."""

from denizen.ground.identity.queries.facts import FactsByResident, ResidentFacts, facts_for
from denizen.ground.identity.queries.levels import (
    HeldLevel,
    Label,
    comment_labels_for,
    labels_for,
    levels_held,
    may,
    published_levels,
)
from denizen.ground.identity.queries.people import (
    OpenDeposit,
    Particulars,
    ProfileView,
    Viewer,
    export,
    names_of,
    open_deposits_for,
    profile_for,
    resident_of,
    viewer_of,
)
from denizen.ground.identity.queries.staff import (
    StaffCard,
    department_of,
    is_own_matter,
    may_staff,
    post_of,
    staff_card,
    staff_of,
)

__all__ = [
    "FactsByResident",
    "HeldLevel",
    "Label",
    "OpenDeposit",
    "Particulars",
    "ProfileView",
    "ResidentFacts",
    "StaffCard",
    "Viewer",
    "comment_labels_for",
    "department_of",
    "export",
    "facts_for",
    "is_own_matter",
    "labels_for",
    "levels_held",
    "may",
    "may_staff",
    "names_of",
    "open_deposits_for",
    "post_of",
    "profile_for",
    "published_levels",
    "resident_of",
    "staff_card",
    "staff_of",
    "viewer_of",
]
