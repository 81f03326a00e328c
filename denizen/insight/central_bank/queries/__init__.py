"""What the desk may ask of the central bank: measures and their rows, sums kept by day, what is assumed."""

from denizen.insight.central_bank.models import Assumption, MonthClose
from denizen.insight.central_bank.queries.assumptions import (
    assumption_now,
    assumptions,
    outlier_times,
    quiet_months,
    terms_of,
)
from denizen.insight.central_bank.queries.cells import Cell
from denizen.insight.central_bank.queries.circulation import Circulation, circulation
from denizen.insight.central_bank.queries.closes import (
    MOVED,
    STOOD,
    Recomputed,
    month_close_of,
    month_closes,
    next_to_close,
    recomputed,
    statement,
)
from denizen.insight.central_bank.queries.cohorts import CohortLine, Cohorts, cohorts
from denizen.insight.central_bank.queries.communication import TalkLine, talk_lines
from denizen.insight.central_bank.queries.envelopes import EnvelopeLine, Envelopes, envelopes
from denizen.insight.central_bank.queries.grants import Grants, UnusualGrant, grants
from denizen.insight.central_bank.queries.liability import Liability, liability_of
from denizen.insight.central_bank.queries.measures import MEASURES, Measure
from denizen.insight.central_bank.queries.scope import Clocks, Scope, last_months
from denizen.insight.central_bank.queries.stages import GRADE_TITLES, GradeLine, LifeLine, grade_lines, life_lines
from denizen.insight.central_bank.queries.summary import (
    MONTH,
    WEEK,
    WHOLE,
    CohortSums,
    FlowSums,
    cohort_sums,
    flow_sums,
)
from denizen.insight.central_bank.queries.systems import (
    LIFE_STAGES,
    NO_SYSTEM,
    SYSTEM_TITLES,
    purposes_by_system,
    systems_by_purpose,
    titles_by_purpose,
)
from denizen.insight.central_bank.queries.topics import TOPICS
from denizen.insight.central_bank.queries.use import Use, use
from denizen.insight.central_bank.queries.verification import Finding, verify
from denizen.insight.central_bank.queries.wealth import (
    Concentration,
    DeadBalances,
    cell_of,
    concentration,
    dead_balances,
)
from denizen.insight.central_bank.queries.words import FLOW_TITLES, Text
from denizen.insight.central_bank.rules import months_on, permille, ratio, rounded

__all__ = [
    "FLOW_TITLES", "GRADE_TITLES", "LIFE_STAGES", "MEASURES", "MONTH", "MOVED", "NO_SYSTEM", "STOOD", "SYSTEM_TITLES",
    "TOPICS", "WEEK", "WHOLE", "Assumption", "Cell", "Circulation", "Clocks", "CohortLine", "CohortSums", "Cohorts",
    "Concentration", "DeadBalances", "EnvelopeLine", "Envelopes", "Finding", "FlowSums", "GradeLine", "Grants",
    "Liability", "LifeLine", "Measure", "MonthClose", "Recomputed", "Scope", "TalkLine", "Text", "UnusualGrant",
    "Use", "assumption_now", "assumptions", "cell_of", "circulation", "cohort_sums", "cohorts", "concentration",
    "dead_balances", "envelopes", "flow_sums", "grade_lines", "grants", "last_months", "liability_of", "life_lines",
    "month_close_of", "month_closes", "months_on", "next_to_close", "outlier_times", "permille", "purposes_by_system",
    "quiet_months", "ratio", "recomputed", "rounded", "statement", "systems_by_purpose", "talk_lines", "terms_of",
    "titles_by_purpose", "use", "verify",
]  # fmt: skip
