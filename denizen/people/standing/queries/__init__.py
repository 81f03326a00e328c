"""What others may ask of standing."""

from denizen.people.standing.queries.honours import HonourRecord, honours_for
from denizen.people.standing.queries.labels import EarnedLabel, labels_for
from denizen.people.standing.queries.proofs import Finding, verify
from denizen.people.standing.queries.ranks import (
    ClassShare,
    Profile,
    RankKey,
    RankLine,
    distance_to,
    profile,
    rank_of,
    ranking,
)
from denizen.people.standing.queries.years import (
    YearCheck,
    YearDifference,
    YearList,
    frozen_year,
    frozen_years,
    recompute_year,
    year_differences,
)

__all__ = [
    "ClassShare", "EarnedLabel", "Finding", "HonourRecord", "Profile", "RankKey", "RankLine", "YearCheck",
    "YearDifference", "YearList", "distance_to", "frozen_year", "frozen_years", "honours_for", "labels_for", "profile",
    "rank_of", "ranking", "recompute_year", "verify", "year_differences",
]  # fmt: skip
