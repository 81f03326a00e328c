"""What others may ask of risk."""

from denizen.people.risk.queries.cases import cases_lapsed, kinds_waiting
from denizen.people.risk.queries.concerned import Review, entries_in_review, points_in_review, reviews_of
from denizen.people.risk.queries.desk import (
    CaseLine,
    CaseView,
    PartyLine,
    Said,
    SignalView,
    SignalWeight,
    case_view,
    ended_cases,
    moments_of,
    open_case_count,
    open_cases,
    weighed_signals,
)
from denizen.people.risk.queries.fairness import GROUPS, GroupLine, fairness
from denizen.people.risk.queries.proofs import Finding, verify
from denizen.people.risk.rules import Parameter, parameter_list

__all__ = [
    "GROUPS",
    "CaseLine",
    "CaseView",
    "Finding",
    "GroupLine",
    "Parameter",
    "PartyLine",
    "Review",
    "Said",
    "SignalView",
    "SignalWeight",
    "case_view",
    "cases_lapsed",
    "ended_cases",
    "entries_in_review",
    "fairness",
    "kinds_waiting",
    "moments_of",
    "open_case_count",
    "open_cases",
    "parameter_list",
    "points_in_review",
    "reviews_of",
    "verify",
    "weighed_signals",
]
