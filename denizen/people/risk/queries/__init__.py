"""What others may ask of risk."""

from denizen.people.risk.queries.cases import cases_lapsed, kinds_waiting
from denizen.people.risk.queries.proofs import Finding, verify

__all__ = ["Finding", "cases_lapsed", "kinds_waiting", "verify"]
