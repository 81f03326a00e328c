"""When caps that become kinder, or awards that become larger, provably pay nobody less over any run of entries.

A cap is a matter of order: a small award paid early may use up what a large one later would have had. So "the limit
is higher" is no proof by itself. Each law below holds for any entries in any order, from any state of the counters,
for one beneficiary, as long as the same caps bind him throughout (``when`` asks about his standing). What is shown is
that at every moment the sum paid so far is never smaller. The window of a cap is a *block* of entries; a cap
*refines* another when each of its blocks lies within one block of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from .model import Limit
from .windows import Per

_WITHIN: dict[Per, frozenset[Per]] = {
    "day": frozenset({"day", "week", "month", "year", "lifetime"}),
    "week": frozenset({"week", "lifetime"}),
    "month": frozenset({"month", "year", "lifetime"}),
    "year": frozenset({"year", "lifetime"}),
    "lifetime": frozenset({"lifetime"}),
}
"""In which windows a window always lies whole. A week may lie in two months, and in two years."""

Limits = Sequence[Limit]


def refines(fine: Limit, coarse: Limit) -> bool:
    """Whether every block of ``fine`` lies within one block of ``coarse``."""
    return coarse.per in _WITHIN[fine.per] and (coarse.by is None or coarse.by == fine.by)


def is_nested(limits: Limits) -> bool:
    """Whether any two blocks lie one within the other or apart: then paying greedily pays the most there is."""
    return all(refines(one, other) or refines(other, one) for one, other in combinations(limits, 2))


def larger_awards_pay_more(limits: Limits) -> bool:
    """The same entries qualify, each asks for no less, the caps stay.

    With ``times`` caps alone the same awards are paid. An amount cap may be reached sooner; that takes nothing when
    the caps that count awards lie within its windows, for then nothing counted there is wanted after it.
    """
    times = [limit for limit in limits if limit.unit == "times"]
    amounts = [limit for limit in limits if limit.unit == "amount"]
    return is_nested(amounts) and all(refines(fine, coarse) for fine in times for coarse in amounts)


def more_awards_pay_more(limits: Limits, *, least: int, most: int) -> bool:
    """More entries may qualify and the caps may be kinder than before; ``limits`` are those from now on.

    Amount caps alone: the sum of what is asked only grows, and nested caps pay out the most they allow. Times caps
    alone: at least as many awards are paid, which is enough when the ``least`` of them is no less than the ``most``
    there was.
    """
    if not is_nested(limits):
        return False
    if all(limit.unit == "amount" for limit in limits):
        return True
    return all(limit.unit == "times" for limit in limits) and max(least, 1) >= most


def a_kinder_cap_pays_more(before: Limits, changed: Limit) -> bool:
    """The same awards are asked for and only ``changed`` of ``before`` gives more room or goes.

    Until it would have been used up nothing differs; from then on nothing was paid until its window ended. The others
    must lie within that window, or what is paid in addition would be missing later.
    """
    return all(refines(limit, changed) for limit in before if limit.code != changed.code)
