"""The city's money as relations of rows: every figure is the sum of such a relation, so its rows add up to it.

``flows``     what each posting of points did to circulation: one word for every route.
``lines``     a relation of rows, its total, its pages; the builders beside it say which rows.
``cohorts``   movements of lots by the month in which their points were first issued.
``holdings``  who holds how much, as of a moment; who holds and is not seen any more.
``days``      both again, summed by day, for the daily summary of the central bank.

Two times: ``effective_at`` (when it happened) decides which day a figure belongs to; ``recorded_at`` (when the city
learnt it) decides which month a close belongs to.
"""

from denizen.ground.ledger.queries.circulation.cohorts import cohort_lines
from denizen.ground.ledger.queries.circulation.crowd import (
    active_lines,
    purpose_codes,
    resident_lines,
    residents_by,
    spender_lines,
)
from denizen.ground.ledger.queries.circulation.days import (
    COHORT_COLUMNS,
    FLOW_COLUMNS,
    cohort_days,
    flow_days,
    recorded_days,
)
from denizen.ground.ledger.queries.circulation.flows import DEBT, ISSUES, WALLET, WORTH, Flow
from denizen.ground.ledger.queries.circulation.holdings import (
    Kept,
    balance_days,
    dead_lines,
    gini_lines,
    holding_lines,
    kept,
    reserved_lines,
    tenth_lines,
    tenths,
    top_lines,
)
from denizen.ground.ledger.queries.circulation.lines import (
    PAGE,
    Key,
    Line,
    Lines,
    Span,
    count,
    page,
    page_and_total,
    people,
    posting_lines,
    stage_lines,
    stage_sums,
    total,
)

__all__ = [
    "COHORT_COLUMNS", "DEBT", "FLOW_COLUMNS", "ISSUES", "PAGE", "WALLET", "WORTH", "Flow", "Kept", "Key", "Line",
    "Lines", "Span", "active_lines", "balance_days", "cohort_days", "cohort_lines", "count", "dead_lines",
    "flow_days", "gini_lines", "holding_lines", "kept", "page", "page_and_total", "people", "posting_lines",
    "purpose_codes", "recorded_days", "reserved_lines", "resident_lines", "residents_by", "spender_lines",
    "stage_lines", "stage_sums", "tenth_lines", "tenths", "top_lines", "total",
]  # fmt: skip
