"""What others may ask of risk."""

from denizen.people.risk.queries.cases import cases_lapsed, kinds_waiting

__all__ = ["cases_lapsed", "kinds_waiting"]
