"""What the desk may ask of the central bank: measures and their rows, sums kept by day, what is assumed."""

from denizen.insight.central_bank.queries.assumptions import (
    assumption_now,
    assumptions,
    outlier_times,
    quiet_months,
    terms_of,
)
from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.circulation import Circulation, circulation
from denizen.insight.central_bank.queries.measures import MEASURES, Measure
from denizen.insight.central_bank.queries.scope import Clocks, Scope, last_months
from denizen.insight.central_bank.queries.summary import (
    MONTH,
    WEEK,
    WHOLE,
    CohortSums,
    FlowSums,
    cohort_sums,
    flow_sums,
)
from denizen.insight.central_bank.queries.systems import SYSTEM_TITLES, systems_by_purpose, titles_by_purpose
from denizen.insight.central_bank.queries.topics import TOPICS
from denizen.insight.central_bank.queries.words import Text

__all__ = [
    "MEASURES", "MONTH", "SYSTEM_TITLES", "TOPICS", "WEEK", "WHOLE", "Cell", "Circulation", "Clocks", "CohortSums",
    "FlowSums", "Measure", "Scope", "Text", "assumption_now", "assumptions", "circulation", "cohort_sums", "flow_sums",
    "last_months", "outlier_times", "quiet_months", "systems_by_purpose", "terms_of", "titles_by_purpose",
]  # fmt: skip
