"""One book's shadow: the caps and budgets it has used, its contribution, and what it may have to take back."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from denizen.ground.identity.queries import FactsByResident
from denizen.ground.ledger.constants import SLOTS
from denizen.people.growth.backtest.history import Past
from denizen.people.growth.backtest.tally import Tally
from denizen.people.rulebook.queries import Attributes, CapKey, Facts, Line, Person, State, TriedBook, decide

FIRST_CLASS = 2
CLASSES = 4
NOTHING = (0, 0, 0, 0)
LIMITING = {"cap", "budget"}
NOBODY = Attributes(grade="fan")
"""Who is nothing in particular yet; all of them share it."""


class ContributionLog:
    """Contribution of everybody as of any moment: ascending moments, each with the four sums reached then."""

    def __init__(self) -> None:
        self._moments: dict[int, array[int]] = {}
        self._sums: dict[int, array[int]] = {}

    def add(self, resident: int, effective_us: int, slot: int, amount: int) -> None:
        moments = self._moments.setdefault(resident, array("q"))
        sums = self._sums.setdefault(resident, array("q"))
        place = bisect_right(moments, effective_us)
        if not place or moments[place - 1] != effective_us:
            before = sums[CLASSES * (place - 1) : CLASSES * place] if place else array("q", NOTHING)
            moments.insert(place, effective_us)
            sums[CLASSES * place : CLASSES * place] = before
            place += 1
        for later in range(place - 1, len(moments)):
            sums[CLASSES * later + slot - FIRST_CLASS] += amount

    def at(self, resident: int, moment_us: int) -> tuple[int, int, int, int]:
        moments = self._moments.get(resident)
        place = bisect_right(moments, moment_us) if moments is not None else 0
        if not place:
            return NOTHING
        first, second, third, fourth = self._sums[resident][CLASSES * (place - 1) : CLASSES * place]
        return first, second, third, fourth


class People:
    """What rules may know about people, from the facts learnt so far."""

    def __init__(self, known: FactsByResident) -> None:
        self._known = known
        self._plain: dict[tuple[str, bool], Attributes] = {}

    def attributes(self, resident: int, moment: int, levels: bool, log: ContributionLog | None) -> Attributes:
        facts = self._known.get(resident)
        if facts is None:
            if log is None and not levels:
                return NOBODY  # most residents have told no facts
            facts = self._known.plain
        grade, invited = facts.grade_at(moment), facts.invited_before_order(moment)
        if levels or log is not None:
            counted = log.at(resident, moment) if log is not None else NOTHING
            held = facts.levels_at(moment) if levels else ()
            return Attributes(grade, sum(counted), *counted, held, invited)
        found = self._plain.get((grade, invited))
        if found is None:
            found = self._plain[grade, invited] = Attributes(grade=grade, invited=invited)
        return found

    def inviter_of(self, resident: int, moment: int) -> int | None:
        return self._known[resident].inviter_at(moment)

    def question(self, past: Past, roles: Iterable[str], levels: bool, log: ContributionLog | None, city: str) -> Facts:
        people: dict[str, Person] = {}
        for role in roles:
            inviting = role == "inviter"
            person = self.inviter_of(past.resident, past.occurred_us) if inviting else past.payload.get(role)
            if person is not None:
                people[role] = Person(person, self.attributes(person, past.occurred_us, levels, log))
        resident = self.attributes(past.resident, past.occurred_us, levels, log)
        return Facts(past.kind, past.occurred_us, past.payload, past.resident, resident, people, city)


class Shadow:
    """What one book would have done. ``paid`` is what the proof compares: entry, rule, account, amount, in order.

    ``log`` is there when some book asks for contribution; ``budgets`` are the codes of its limited budgets.
    """

    def __init__(self, tally: Tally, *, counts: bool, budgets: Iterable[str], keeps_payments: bool) -> None:
        self.state = State(budgets=dict.fromkeys(budgets, 0))
        self.log = ContributionLog() if counts else None
        self.tally = tally
        self.rules: dict[str, int] = {}
        self.paid = array("q") if keeps_payments else None
        self._kept: dict[int, tuple[TriedBook, tuple[Line, ...], bool]] = {}

    def decide(self, past: Past, book: TriedBook, question: Facts, *, undone_later: bool) -> None:
        """Decide an entry of the span anew, and count what comes of it."""
        lines = decide(book.compiled, question, self.state)
        tally = self.tally
        for line in lines:
            if line.paid:
                terms = book.terms[line.rule]
                slot = terms.slot
                resident = line.beneficiary_id or 0
                tally.granted(line.code, slot, resident, line.paid, past.occurred_us)
                if slot and self.log is not None:
                    self.log.add(resident, past.occurred_us, slot, line.paid)
                if self.paid is not None:
                    number = self.rules.setdefault(line.code, len(self.rules))
                    self.paid.extend((past.entry, number, resident * SLOTS + slot, line.paid))
                if terms.budget is not None and self.state.budgets[terms.budget] <= 0:
                    tally.exhausted_us.setdefault(terms.budget, past.occurred_us)
            if line.detail.reason in LIMITING:
                tally.limited(line, past.occurred_us)
        if undone_later:
            self._kept[past.entry] = (book, lines, False)

    def take_as_given(self, past: Past, book: TriedBook, lines: tuple[Line, ...], *, undone_later: bool) -> None:
        """Let an entry outside the span use up what it really used."""
        used = self.state.used
        for line in lines:
            if not line.paid:
                continue
            for use in line.consumed:
                used[use.key] = used.get(use.key, 0) + use.amount
            terms = book.terms[line.rule]
            if terms.budget in self.state.budgets:
                self.state.budgets[terms.budget] -= line.paid
            if terms.slot:
                self.count(line.beneficiary_id or 0, past.occurred_us, terms.slot, line.paid)
        if undone_later:
            self._kept[past.entry] = (book, lines, True)

    def undo(self, original: int, past: Past, *, counted: bool) -> None:
        """Take back what this shadow paid for ``original``, where its rule says that this kind undoes it.

        ``counted``: the reversal is of the span; what was paid outside the span is given back uncounted.
        """
        book, lines, given = self._kept.pop(original, (None, (), True))
        if book is None:
            return
        for line in lines:
            terms = book.terms[line.rule]
            if not line.paid or terms.reversal_kind != past.kind:
                continue
            self._free(line)
            resident = line.beneficiary_id or 0
            if terms.budget in self.state.budgets:
                self.state.budgets[terms.budget] += line.paid
            if terms.slot:
                self.count(resident, past.occurred_us, terms.slot, -line.paid)
            if counted and not given:
                self.tally.took_back(line.code, terms.slot, resident, line.paid, past.occurred_us)

    def count(self, resident: int, effective_us: int, slot: int, amount: int) -> None:
        """Contribution that came or went outside the rules' new decisions."""
        self.tally.stands[resident] = self.tally.stands.get(resident, 0) + amount
        if self.log is not None:
            self.log.add(resident, effective_us, slot, amount)

    def fund(self, budget: str, amount: int) -> None:
        if budget in self.state.budgets:
            self.state.budgets[budget] += amount

    def forget(self, ends: Mapping[str, str], before_day: int) -> None:
        """Drop the counters of windows that no entry to come can fall into. ``ends``: the period of each cap."""
        lengths = {"day": 1, "week": 7, "month": 31, "year": 366}
        last = {code: before_day - lengths[per] for code, per in ends.items() if per in lengths}
        used = self.state.used
        self.state.used = {
            key: amount for key, amount in used.items() if key.window_start > last.get(key.code, -(10**9))
        }

    def _free(self, line: Line) -> None:
        used = self.state.used
        for use in line.consumed:
            key: CapKey = use.key
            if key in used:
                used[key] = max(used[key] - use.amount, 0)
