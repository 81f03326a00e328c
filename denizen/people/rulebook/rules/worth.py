"""What a change of the book takes away: everything that is not proven to leave each resident at least as well off.

``takings(before, after)`` is empty only when this holds, for any run of entries from any state of the counters, for
the same facts about entries and persons, while the same caps bind a resident throughout: at every moment the sum each
rule has paid to each person is no smaller under ``after``, and what it pays lasts no shorter, is spendable no later and
no easier to take back. Rules that share a limit and pay alike count together where one of them pays more: the sum of
what they paid to a person is no smaller. Where a limited budget has more in it, or fewer rules draw on it, first come
is still first served, so there the claim is about the residents together: the budget has paid no less in sum.

The comparison is conservative: it knows a handful of laws (``dominance`` for expressions, ``relaxing`` for caps) and
counts as a taking whatever they do not show. Words, guidelines, values and review dates take nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from denizen.kit.schema import INT64_MAX, Shape

from .dominance import Comparison
from .evidence import reads
from .model import ALWAYS, Book, Budget, Limit, Rule, Text, limits_of
from .relaxing import a_kinder_cap_pays_more, larger_awards_pay_more, more_awards_pay_more, refines
from .taking import Taking
from .terms import as_from, life_of, lives, terms_taken

Asks = Literal["same", "larger", "wider"]
"""How the new awards compare before caps: the same; the same entries ask for no less; more entries may qualify."""

NO_SHAPES: Mapping[str, Shape] = MappingProxyType({})


def takings(
    before: Book, after: Book, *, shapes: Mapping[str, Shape] = NO_SHAPES, since: datetime | None = None
) -> tuple[Taking, ...]:
    """Why ``after`` may take value away, in the order of the books; empty when it is proven that it does not.

    ``shapes`` tell which fields are always there and within what bounds: without them less can be proven. Only what
    happens from ``since`` on is compared, so a rule whose time is over by then can go.
    """
    weighing = _Weighing(before, after, shapes, since)
    found = [*weighing.of_the_book(), *weighing.of_the_rules(), *weighing.of_new_rules()]
    return tuple(each for place, each in enumerate(found) if each not in found[:place])


class _Weighing:
    """Two books, their living rules by code, and who shares what."""

    def __init__(self, before: Book, after: Book, shapes: Mapping[str, Shape], since: datetime | None) -> None:
        self.before, self.after, self.shapes = before, after, shapes
        self.standing = Comparison({}, {})
        self.old = {rule.code: as_from(rule, since) for rule in before.rules if lives(rule, since)}
        self.new = {rule.code: as_from(rule, since) for rule in after.rules if lives(rule, since)}
        self.old_caps = {cap.code: cap for cap in before.shared_caps}
        self.new_caps = {cap.code: cap for cap in after.shared_caps}
        self.old_budgets = {budget.code: budget for budget in before.budgets}
        self.new_budgets = {budget.code: budget for budget in after.budgets}

    def of_the_book(self) -> Iterator[Taking]:
        """Time zone, notice, limited budgets, and the order in which rules draw on what they share."""
        if self.before.time_zone != self.after.time_zone:
            yield Taking("time_zone", "", {"before": self.before.time_zone, "after": self.after.time_zone})
        if self.after.notice_days < self.before.notice_days:
            yield Taking("notice", "", {"before": self.before.notice_days, "after": self.after.notice_days})
        for code, budget in self.new_budgets.items():
            old = self.old_budgets.get(code)
            if old is not None and _amount(budget) < _amount(old) and self.drawing(self.old, code):
                amounts = {"before": _amount(old), "after": _amount(budget)}
                yield Taking("budget_smaller", "", {"budget": budget.title, **amounts})
            if budget.limited and self.reordered(self.drawing(self.old, code), self.drawing(self.new, code)):
                yield Taking("order", "", {"shared": budget.title})
        for code, cap in self.new_caps.items():
            if self.reordered(self.sharing(self.old, code), self.sharing(self.new, code)):
                yield Taking("order", "", {"shared": cap.title})

    def of_the_rules(self) -> Iterator[Taking]:
        for code, old in self.old.items():
            new = self.new.get(code)
            if new is None:
                yield Taking("rule_removed", code, {"rule": old.title})
            else:
                yield from self.of_a_rule(old, new)

    def of_new_rules(self) -> Iterator[Taking]:
        """A new rule takes nothing by itself, but it may eat what others share."""
        for code, rule in self.new.items():
            if code in self.old:
                continue
            for shared in rule.shared_caps:
                if self.others(code, shared) & self.old.keys():
                    values = {"rule": rule.title, "shared": self.new_caps[shared].title}
                    yield Taking("shared_joined", code, values)
            budget = self.limited_budget(rule, self.new_budgets)
            if budget is not None and set(self.drawing(self.new, budget.code)) & self.old.keys():
                yield Taking("budget_drained", code, {"rule": rule.title, "budget": budget.title})

    def of_a_rule(self, old: Rule, new: Rule) -> Iterator[Taking]:
        found = [*terms_taken(old, new), *self.of_its_budget(old, new)]
        asks = None if any(each.reason in _ANOTHER_AWARD for each in found) else self.asks(old, new, found)
        changed = self.changed_limits(old, new, found)
        yield from found
        if asks is not None and changed is not None:
            yield from self.of_its_limits(old, new, asks, changed)

    def asks(self, old: Rule, new: Rule, found: list[Taking]) -> Asks | None:
        """How the awards compare before caps; None, with the reason noted, when they may be smaller or fewer."""
        proofs = Comparison(self.before.tables, self.after.tables, self.shapes.get(old.kind))
        known = reads(old.when, true=True)
        follows = proofs.follows(old.when, new.when)
        grows = proofs.at_least(old.amount, new.amount, known)
        if not follows:
            found.append(Taking("condition", old.code, {"rule": old.title}))
        if not grows:
            found.append(Taking("amount", old.code, {"rule": old.title}))
        if not follows or not grows or any(each.reason in _FEWER_OCCASIONS for each in found):
            return None
        freed = self.limited_budget(old, self.old_budgets) and not self.limited_budget(new, self.new_budgets)
        steady = _occasions(old) == _occasions(new)
        if freed or not steady or not proofs.turned.follows(new.when, old.when):
            return "wider"
        if proofs.same(old.amount, new.amount):
            return "same"
        return "larger" if self.both_always_ask(old, new, proofs) else "wider"

    def both_always_ask(self, old: Rule, new: Rule, proofs: Comparison) -> bool:
        """Whether an entry that meets the condition asks for something under both books."""
        before, after = proofs.bounds_of_old(old.amount), proofs.bounds_of_new(new.amount)
        known = reads(new.when, true=True) | reads(new.amount)
        always = before is not None and after is not None and before.low >= 1 and after.low >= 1
        return always and proofs.turned.present(old.amount, known)

    def changed_limits(self, old: Rule, new: Rule, found: list[Taking]) -> list[Limit] | None:
        """The old limits that give more room now, or None with the reasons noted when one gives less."""
        before = {limit.code: limit for limit in limits_of(old, self.before)}
        after = {limit.code: limit for limit in limits_of(new, self.after)}
        sound = True
        for code, limit in after.items():
            known = before.get(code)
            if known is None or (known.unit, known.per, known.by) != (limit.unit, limit.per, limit.by):
                found.append(Taking("limit_new", old.code, {"rule": old.title, **self.called(limit)}))
                sound = False
            elif limit.limit < known.limit:
                values = {"rule": old.title, "before": known.limit, "after": limit.limit, **self.called(limit)}
                found.append(Taking("limit_lower", old.code, values))
                sound = False
            elif not self.standing.follows(limit.when, known.when):
                found.append(Taking("limit_binds_more", old.code, {"rule": old.title, **self.called(limit)}))
                sound = False
        if not sound:
            return None
        return [limit for code, limit in before.items() if after.get(code) != limit or self.is_relieved(code)]

    def of_its_limits(self, old: Rule, new: Rule, asks: Asks, changed: list[Limit]) -> Iterator[Taking]:
        """Nothing when a law shows that kinder caps and larger awards pay no less over any run of entries."""
        if asks == "same" and not changed:
            return
        before, after = limits_of(old, self.before), limits_of(new, self.after)
        allowed = {limit.code for limit in changed} if asks == "same" and len(changed) == 1 else set()
        crowded = [code for code in new.shared_caps if code not in allowed and self.others(new.code, code)]
        if asks == "larger" and not changed and len(crowded) == 1 and self.gives_no_less_in_sum(crowded[0]):
            return
        for code in crowded:
            yield Taking("shared_crowded", old.code, {"rule": old.title, "shared": self.new_caps[code].title})
        budget = self.limited_budget(new, self.new_budgets)
        if budget is not None:
            yield Taking("budget_drained", old.code, {"rule": old.title, "budget": budget.title})
        if not crowded and not self.pays_more(old, new, asks, changed, before, after):
            yield Taking("limits_mixed", old.code, {"rule": old.title})

    def pays_more(
        self, old: Rule, new: Rule, asks: Asks, changed: list[Limit], before: tuple[Limit, ...],
        after: tuple[Limit, ...],
    ) -> bool:  # fmt: skip
        kinder = len(changed) == 0 or (len(changed) == 1 and a_kinder_cap_pays_more(before, changed[0]))
        if kinder and (asks == "same" or (asks == "larger" and larger_awards_pay_more(after))):
            return True
        if any(self.others(new.code, code) for code in new.shared_caps):
            return False
        proofs = Comparison(self.before.tables, self.after.tables, self.shapes.get(old.kind))
        least, most = proofs.bounds_of_new(new.amount), proofs.bounds_of_old(old.amount)
        return more_awards_pay_more(
            after,
            least=int(least.low) if least is not None else 0,
            most=int(most.high) if most is not None else INT64_MAX,
        )

    def of_its_budget(self, old: Rule, new: Rule) -> Iterator[Taking]:
        was, now = self.limited_budget(old, self.old_budgets), self.limited_budget(new, self.new_budgets)
        if now is None:
            return
        if was is None or was.code != now.code:
            yield Taking("budget_limited", old.code, {"rule": old.title, "budget": now.title})
            return
        eased = _amount(now) > _amount(was) or set(self.drawing(self.old, now.code)) - set(
            self.drawing(self.new, now.code)
        )
        for code in new.shared_caps:
            if eased and self.others(new.code, code):
                yield Taking("shared_crowded", old.code, {"rule": old.title, "shared": self.new_caps[code].title})

    def gives_no_less_in_sum(self, shared: str) -> bool:
        """Whether larger awards under an amount limit that alike rules share leave each person no less in sum.

        Nothing differs but the sizes until the limit is used up, and then the sum is all there is: for that every
        other cap of the sharing rules lies within its windows, and what they pay is worth the same.
        """
        cap = Limit(shared, 0, self.new_caps[shared].unit, self.new_caps[shared].per, None, ALWAYS)
        members = [self.new[code] for code in self.sharing(self.new, shared)]
        terms = {(each.asset, each.contribution_class, *life_of(each)) for each in members}
        return cap.unit == "amount" and len(terms) == 1 and all(self.keeps_within(each, cap) for each in members)

    def keeps_within(self, new: Rule, cap: Limit) -> bool:
        """Whether a rule that shares ``cap`` asks for no less than before, under the same caps, all within it."""
        old, found = self.old.get(new.code), list[Taking]()
        if old is None or self.limited_budget(new, self.new_budgets) is not None:
            return False
        own = [limit for limit in limits_of(new, self.after) if limit.code != cap.code]
        alone = not any(self.others(new.code, limit.code) for limit in own if limit.code in self.new_caps)
        return (
            alone
            and self.asks(old, new, found) in ("same", "larger")
            and self.changed_limits(old, new, found) == []
            and larger_awards_pay_more(own)
            and all(refines(limit, cap) for limit in own)
        )

    def is_relieved(self, code: str) -> bool:
        """Whether a shared cap has lost a rule that drew on it, which leaves the others more room."""
        return bool(set(self.sharing(self.old, code)) - set(self.sharing(self.new, code)))

    def others(self, rule: str, shared: str) -> set[str]:
        """The other rules that count against a shared cap from now on."""
        return set(self.sharing(self.new, shared)) - {rule}

    def called(self, limit: Limit) -> dict[str, Text | str]:
        shared = self.new_caps.get(limit.code)
        return {"limit": shared.title if shared else _WINDOWS[limit.per]}

    @staticmethod
    def sharing(rules: Mapping[str, Rule], code: str) -> list[str]:
        return [rule.code for rule in rules.values() if code in rule.shared_caps]

    @staticmethod
    def drawing(rules: Mapping[str, Rule], code: str) -> list[str]:
        return [rule.code for rule in rules.values() if rule.budget == code]

    @staticmethod
    def reordered(old: list[str], new: list[str]) -> bool:
        return [code for code in old if code in new] != [code for code in new if code in old]

    @staticmethod
    def limited_budget(rule: Rule, budgets: Mapping[str, Budget]) -> Budget | None:
        found = budgets.get(rule.budget) if rule.budget else None
        return found if found is not None and found.limited else None


_ANOTHER_AWARD = frozenset({"kind", "beneficiary", "names", "asset"})
"""After one of these the amounts cannot be compared any more."""

_FEWER_OCCASIONS = frozenset({"validity", "pilot_begun", "pilot_city_left"})
"""After one of these there are times or places in which nothing is asked for any more."""

_WINDOWS = {
    "day": Text("a day", "每天"),
    "week": Text("a week", "每周"),
    "month": Text("a month", "每月"),
    "year": Text("a year", "每年"),
    "lifetime": Text("in all", "总共"),
}


def _occasions(rule: Rule) -> tuple[Any, ...]:
    """When, where and with whom a rule speaks at all."""
    cities = frozenset(rule.pilot.cities) if rule.pilot else None
    return rule.valid_from, rule.valid_to, rule.names, cities


def _amount(budget: Budget) -> int:
    return budget.amount or 0
