"""Every measure of the desk: its name, its sentence in both languages, and the rows whose sum it is."""

from __future__ import annotations

from collections.abc import Mapping

from denizen.insight.central_bank.queries.measures.flows import COHORTS, FLOWS, ISSUED, SPENT, STAGES
from denizen.insight.central_bank.queries.measures.holdings import CROWD, HOLDINGS
from denizen.insight.central_bank.queries.measures.shape import Measure

MEASURES: Mapping[str, Measure] = {each.code: each for each in (*FLOWS, *STAGES, *COHORTS, *HOLDINGS, *CROWD)}

__all__ = ["ISSUED", "MEASURES", "SPENT", "Measure"]
