"""Proofs about expressions of two books: this one is never smaller, that condition follows from the other.

A proof is about every entry: whenever the old expression has a value, the new one has one too (nothing it reads can
be missing) and it is at least as large, or true. What cannot be proven by the few laws here counts as not proven, so
an answer ``True`` can be relied upon and ``False`` means only that nobody should rely on anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from denizen.kit.schema import Shape

from .bounds import Bounds
from .evidence import (
    NOTHING,
    Known,
    Read,
    Tables,
    as_list,
    bounds_of,
    constant,
    constants,
    orders_of,
    reads,
    rising,
    table_of,
)
from .expressions import (
    ROUNDINGS,
    Binary,
    Bool,
    Call,
    Choice,
    Entry,
    Expr,
    Has,
    Int,
    Lookup,
    Str,
    Unary,
    children,
    walk,
)

_ROUNDING_ORDER = {"floor": 0, "round_half_even": 1, "round_half_up": 2, "ceil": 3}
"""A rounding further on never gives less."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Proofs from the old to the new side; ``shape`` is that of the rule's kind, None when nothing is known of it."""

    old: Tables
    new: Tables
    shape: Shape | None = None
    _seen: dict[tuple[object, ...], bool] = field(default_factory=dict, compare=False)

    @property
    def turned(self) -> Comparison:
        """The same, from the new side to the old."""
        return Comparison(self.new, self.old, self.shape)

    def same(self, old: Expr, new: Expr) -> bool:
        """Whether both mean exactly the same: equal trees over equal tables."""
        return old == new and all(
            self.old.get(name) == self.new.get(name) for node in walk(new) if (name := table_of(node)) is not None
        )

    def present(self, new: Expr, known: Known) -> bool:
        """Whether nothing the new expression may read can be missing."""
        return all(self._is_there(node, known) for node in walk(new) if isinstance(node, Entry | Lookup))

    def at_least(self, old: Expr, new: Expr, known: Known = NOTHING) -> bool:
        """Whether the new number is there and never smaller, wherever the old one has a value."""
        return self._ordered(old, new, known | reads(old), up=True)

    def follows(self, old: Expr, new: Expr, known: Known = NOTHING) -> bool:
        """Whether the new condition is there and true, wherever the old one is true."""
        key = (old, new, known)
        if key not in self._seen:
            self._seen[key] = self._follows(old, new, known | reads(old, true=True))
        return self._seen[key]

    def bounds_of_old(self, tree: Expr) -> Bounds | None:
        return bounds_of(tree, self.old, self.shape)

    def bounds_of_new(self, tree: Expr) -> Bounds | None:
        return bounds_of(tree, self.new, self.shape)

    def _is_there(self, node: Read, known: Known) -> bool:
        if node in known:
            return not isinstance(node, Lookup) or self._keeps_keys(node.table)
        if isinstance(node, Lookup):
            return isinstance(node.key, Str) and node.key.value in self.new.get(node.table, {})
        declared = self.shape.field(node.name) if self.shape else None
        return declared is not None and declared.required

    def _keeps_keys(self, table: str) -> bool:
        return self.old.get(table, {}).keys() <= self.new.get(table, {}).keys()

    # Numbers.

    def _ordered(self, old: Expr, new: Expr, known: Known, *, up: bool) -> bool:
        """new >= old (``up``) or new <= old, with everything new reads certainly there."""
        known = known | reads(old)
        key = (old, new, known, up)
        if key not in self._seen:
            self._seen[key] = self._by_value(old, new, known, up) or self._by_law(old, new, known, up)
        return self._seen[key]

    def _by_value(self, old: Expr, new: Expr, known: Known, up: bool) -> bool:
        if self.same(old, new):
            return True
        if not self.present(new, known):
            return False
        before, after = self.bounds_of_old(old), self.bounds_of_new(new)
        if before is None or after is None:
            return False
        return after.low >= before.high if up else after.high <= before.low

    def _by_law(self, old: Expr, new: Expr, known: Known, up: bool) -> bool:
        if isinstance(old, Choice):
            return self._old_choice(old, new, known, up)
        if isinstance(new, Choice):
            return self.present(new.condition, known) and all(
                self._ordered(old, side, known, up=up) for side in (new.then, new.otherwise)
            )
        match old, new:
            case Lookup(), Lookup():
                return old.table == new.table and self.same(old.key, new.key) and self._values_ordered(old.table, up)
            case Unary(operator="-"), Unary(operator="-"):
                return self._ordered(old.operand, new.operand, known, up=not up)
            case Binary(operator=operator), Binary() if operator == new.operator:
                return self._same_operator(old, new, known, up)
            case Call(), Call() if {old.function, new.function} <= set(ROUNDINGS):
                return self._roundings(old, new, known, up)
            case Call(function="ratio"), Call(function="ratio"):
                return self._quotients(old, new, known, up)
        return self._extremes(old, new, known, up) or self._with_more(old, new, known, up)

    def _old_choice(self, old: Choice, new: Expr, known: Known, up: bool) -> bool:
        sides = (old.then, old.otherwise)
        if isinstance(new, Choice) and self.same(old.condition, new.condition):
            pairs = zip(sides, (new.then, new.otherwise), strict=True)
            if all(self._ordered(side, other, known, up=up) for side, other in pairs):
                return True
        return all(self._ordered(side, new, known, up=up) for side in sides)

    def _values_ordered(self, table: str, up: bool) -> bool:
        old, new = self.old.get(table, {}), self.new.get(table, {})
        return all(key in new and (new[key] >= value if up else new[key] <= value) for key, value in old.items())

    def _same_operator(self, old: Binary, new: Binary, known: Known, up: bool) -> bool:
        left = self._ordered(old.left, new.left, known, up=up)
        match old.operator:
            case "+":
                if left and self._ordered(old.right, new.right, known, up=up):
                    return True
            case "-":
                return left and self._ordered(old.right, new.right, known, up=not up)
            case "*":
                return left and self._ordered(old.right, new.right, known, up=up) and self._none_negative(old, new)
            case "/":
                return self._quotients(old, new, known, up)
        return self._with_more(old, new, known, up)

    def _none_negative(self, old: Binary, new: Binary) -> bool:
        sides = [self.bounds_of_old(old.left), self.bounds_of_old(old.right)]
        sides += [self.bounds_of_new(new.left), self.bounds_of_new(new.right)]
        return all(side is not None and side.low >= 0 for side in sides)

    def _quotients(self, old: Expr, new: Expr, known: Known, up: bool) -> bool:
        """``a / 3`` and ``ratio(a, 3)``: more above, or less below when nothing above is negative."""
        (above_old, below_old), (above_new, below_new) = children(old), children(new)
        if (
            not isinstance(below_old, Int)
            or not isinstance(below_new, Int)
            or min(below_old.value, below_new.value) <= 0
        ):
            return False
        if not self._ordered(above_old, above_new, known, up=up):
            return False
        if below_old.value == below_new.value:
            return True
        bounds = (self.bounds_of_old(above_old), self.bounds_of_new(above_new))
        smaller = below_new.value < below_old.value
        return smaller == up and all(each is not None and each.low >= 0 for each in bounds)

    def _roundings(self, old: Call, new: Call, known: Known, up: bool) -> bool:
        before, after = _ROUNDING_ORDER[old.function], _ROUNDING_ORDER[new.function]
        kinder = after >= before if up else after <= before
        return kinder and self._ordered(old.arguments[0], new.arguments[0], known, up=up)

    def _extremes(self, old: Expr, new: Expr, known: Known, up: bool) -> bool:
        """``max`` and ``min`` on either side: one part may be enough, or all are needed."""
        generous, strict = ("max", "min") if up else ("min", "max")
        if isinstance(old, Call) and old.function == generous:
            return all(self._ordered(part, new, known, up=up) for part in old.arguments)
        if isinstance(new, Call) and new.function == strict:
            return all(self._ordered(old, part, known, up=up) for part in new.arguments)
        if (
            isinstance(new, Call)
            and new.function == generous
            and self.present(new, known)
            and any(self._ordered(old, part, known, up=up) for part in new.arguments)
        ):
            return True
        if isinstance(old, Call) and old.function == strict:
            return any(self._ordered(part, new, known, up=up) for part in old.arguments)
        return False

    def _with_more(self, old: Expr, new: Expr, known: Known, up: bool) -> bool:
        """``new + extra`` where the extra is never negative (``up``), or ``new - extra``."""
        if not isinstance(new, Binary) or new.operator != ("+" if up else "-") or not self.present(new, known):
            return False
        pairs = [(new.left, new.right), (new.right, new.left)] if up else [(new.left, new.right)]
        for rest, extra in pairs:
            bounds = self.bounds_of_new(extra)
            if bounds is not None and bounds.low >= 0 and self._ordered(old, rest, known, up=up):
                return True
        return False

    # Conditions.

    def _follows(self, old: Expr, new: Expr, known: Known) -> bool:
        if isinstance(new, Bool):
            return new.value
        if self.same(old, new):
            return True
        match new:
            case Binary(operator="&&", left=left, right=right):
                return self.follows(old, left, known) and self.follows(old, right, known)
            case Binary(operator="||", left=left, right=right):
                if self.follows(old, left, known):
                    return True
                if self.present(left, known) and self.follows(old, right, known):
                    return True
        match old:
            case Bool(value=False):
                return True
            case Binary(operator="||", left=left, right=right):
                # The right side is asked only after the left one, so what the left one always reads is there.
                return self.follows(left, new, known) and self.follows(right, new, known | reads(left))
            case Binary(operator="&&", left=left, right=right):
                return self.follows(left, new, known) or self.follows(right, new, known)
        return self._follows_plainly(old, new, known)

    def _follows_plainly(self, old: Expr, new: Expr, known: Known) -> bool:
        match new:
            case Has(name=name):
                return Entry(name) in known or self.present(Entry(name), NOTHING)
            case Unary(operator="!", operand=denied):
                if not isinstance(old, Unary) or old.operator != "!":
                    return False
                return self.present(denied, known) and self.turned.follows(denied, old.operand, known)
            case Binary(operator="in"):
                return self._among(old, new)
            case Binary(operator="!="):
                return self._differs(old, new)
            case Binary(operator="==" | "<" | "<=" | ">" | ">="):
                return self._orders_follow(old, new, known)
        return False

    def _among(self, old: Expr, new: Binary) -> bool:
        if not isinstance(old, Binary) or old.operator not in ("==", "in") or not self.same(old.left, new.left):
            return False
        found = constants(as_list(old), self.old)
        allowed = constants(new.right, self.new)
        return found is not None and allowed is not None and found <= allowed

    def _differs(self, old: Expr, new: Binary) -> bool:
        """``x == "a"`` and ``x in ["a", "b"]`` say that ``x != "c"``."""
        if not isinstance(new.right, Int | Str | Bool):
            return False
        return (
            isinstance(old, Binary)
            and old.operator in ("==", "in")
            and self.same(old.left, new.left)
            and (found := constants(as_list(old), self.old)) is not None
            and constant(new.right) not in found
        )

    def _orders_follow(self, old: Expr, new: Binary, known: Known) -> bool:
        if new.operator == "==":
            wanted = [Binary(">=", new.left, new.right), Binary(">=", new.right, new.left)]
        else:
            wanted = [rising(new)]
        return all(self._order_follows(old, each, known) for each in wanted)

    def _order_follows(self, old: Expr, new: Binary, known: Known) -> bool:
        """From ``a >= b`` to ``c >= d`` when c is never less than a and d never more than b."""
        if self._always(new, known):
            return True
        return any(
            (given.operator == ">" or new.operator == ">=")
            and self._ordered(given.left, new.left, known, up=True)
            and self._ordered(given.right, new.right, known, up=False)
            for given in orders_of(old)
        )

    def _always(self, new: Binary, known: Known) -> bool:
        low, high = self.bounds_of_new(new.left), self.bounds_of_new(new.right)
        if low is None or high is None or not self.present(new, known):
            return False
        return low.low > high.high or (new.operator == ">=" and low.low == high.high)
