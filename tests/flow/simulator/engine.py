"""The real city behind the doors the simulation uses: record, decide, the ledger's commands, and what it now says."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from denizen.ground.chronicle.commands import admit_entry, declare_source, new_entry, record
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity import testing as named
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import facts_for
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.testing import an_entry
from denizen.kit import db
from denizen.kit.clock import from_micros, to_micros
from denizen.people.growth.commands import dismiss
from denizen.people.growth.pipeline import advance, work_off
from denizen.people.rulebook.commands import approve_book, propose_book, publish_first_book
from denizen.people.rulebook.testing import WAIVED, checked

from .book import CLASSES, FIRST, SECOND, as_yaml
from .oracle import Happening
from .oracle_books import DAY

OUTCOMES = {1: "paid", 2: "capped", 3: "nothing", 4: "reversed", 5: "no_book", 6: "dismissed"}
MICROS = "((extract(epoch FROM {0}) - 946684800) * 1000000)::bigint"


class Engine:
    """Gives every action of the world to the city; entries, spends and holds are named by their place in order."""

    def __init__(self) -> None:
        self.entries: list[int] = []
        self.spends: list[int] = []
        self.holds: list[int] = []

    def found(self, people: int, lateness: dict[str, int | None], moment: int, change: int) -> list[int]:
        """Publish both books, which funds the campaign, and let residents move in; their keys."""
        founded_at = from_micros(moment)
        for code, allowed in lateness.items():
            seconds = None if allowed is None else allowed // 1_000_000
            declare_source(code=code, lateness_seconds_max=seconds)
        with transaction.atomic():
            self.clerk = named.odo()
            partner = named.a_staff("Pia", permissions=(Permission.RULES_PROPOSE,))
        publish_first_book(
            text=as_yaml(FIRST, "first"), moment=founded_at, effective_from=from_micros(moment + 7 * DAY)
        )
        checked(founded_at)
        second = propose_book(actor=partner, text=as_yaml(SECOND, "second"), note="Changed", moment=founded_at)
        approve_book(
            actor=self.clerk, number=second.number, moment=founded_at, effective_from=from_micros(change),
            **WAIVED,
        )  # fmt: skip
        return [make_resident() for _ in range(people)]

    def record(self, code: str, batch: list[Happening], now: int, *, decide: bool = False) -> list[str]:
        """Report a batch, or record and decide it in one transaction as imports do; the answers."""
        moment = from_micros(now)
        entries = [
            new_entry(
                KINDS[each.kind].payload(**each.details), resident=each.who, occurred_at=from_micros(each.at),
                external_id=each.key,
            )
            for each in batch
        ]  # fmt: skip
        with db.opening():
            answers = record(
                source=Source.objects.get(code=code), entries=entries, recorded_at=moment, queue=not decide
            )
            fresh = [answer.fresh for answer in answers if answer.fresh is not None and not answer.late]
            if decide:
                advance(fresh, moment=moment, tell=False)
        self.entries += [answer.entry_id for answer in answers if answer.status == "accepted"]
        return ["late" if answer.late and answer.fresh else answer.status for answer in answers]

    def work(self, limit: int, now: int) -> int:
        return work_off(limit=limit, moment=from_micros(now), tell=False)

    def spend(self, who: int, amount: int, now: int) -> bool:
        try:
            with transaction.atomic():
                posting = ledger.spend(
                    resident=who, amount=amount, purpose="mall", entry=self.fill(who), moment=from_micros(now)
                )
        except ledger.UnableToSpend:
            return False
        self.spends.append(posting)
        return True

    def refund(self, spend: int, amount: int, now: int) -> bool:
        try:
            with transaction.atomic():
                ledger.refund(
                    posting=self.spends[spend], amount=amount, purpose="mall back", entry=self.fill(),
                    moment=from_micros(now),
                )  # fmt: skip
        except ledger.UnableToRefund:
            return False
        return True

    def fill(self, who: int | None = None) -> int:
        """An entry for a posting to name."""
        return an_entry(who) if who else an_entry(db.fetch("SELECT min(id) FROM chronicle_resident")[0][0])

    def place(self, who: int, amount: int, lapses: int | None, now: int) -> None:
        with db.opening():
            hold = ledger.place(
                resident=who, amount=amount, purpose="mall", key=f"h{len(self.holds)}", moment=from_micros(now),
                lapses_at=None if lapses is None else from_micros(lapses),
            )  # fmt: skip
        self.holds.append(hold)

    def resolve(self, number: int, amount: int, now: int, taker: int | None) -> None:
        with db.opening():
            if not amount:
                ledger.void(hold=self.holds[number], moment=from_micros(now))
                return
            posting = ledger.post(
                hold=self.holds[number], amount=amount, taker=taker, entry=self.fill(), moment=from_micros(now)
            )
        if taker is None:
            self.spends.append(posting)

    def lapse(self, now: int) -> None:
        with db.opening():
            ledger.lapse_due(moment=from_micros(now))

    def transfer(self, giver: int, taker: int, amount: int, now: int) -> None:
        with db.opening():
            ledger.transfer(
                giver=giver, taker=taker, amount=amount, purpose="gift", entry=self.fill(giver),
                moment=from_micros(now),
            )  # fmt: skip

    def sweep(self, now: int) -> None:
        with db.opening():
            ledger.expire_due(moment=from_micros(now))

    def review(self, number: int, admitted: bool, now: int) -> None:
        entry, moment = self.entries[number], from_micros(now)
        if admitted:
            admit_entry(actor="staff:1", entry_id=entry, now=moment)
        else:
            dismiss(actor=self.clerk, entry_id=entry, reason="Too late to tell", moment=moment)

    def picture(self, people: list[int], now: int) -> dict[str, Any]:
        """Everything the oracle knows too, read from the tables."""
        accounts = {row[0]: row[1:] for row in db.fetch("SELECT id, balance, reserved FROM ledger_account")}
        numbers = {entry: number for number, entry in enumerate(self.entries)}
        facts = facts_for(people)
        return {
            "wallets": {who: accounts.get(who * 8, (0, 0)) for who in people},
            "debts": {who: -accounts.get(who * 8 + 1, (0, 0))[0] for who in people},
            "lots": self._lots(people),
            "contribution": {
                who: {slot: accounts.get(who * 8 + slot, (0, 0))[0] for slot in CLASSES} for who in people
            },
            "standing": self._standing(people),
            "campaign": db.fetch("SELECT balance FROM ledger_account WHERE code = 'points:campaign'")[0][0],
            "counters": {
                tuple(row[:4]): row[4]
                for row in db.fetch(
                    'SELECT k.code, c.resident_id, c."window", c.by, c.used FROM growth_capcounter c'
                    " JOIN rulebook_capcode k ON k.id = c.cap_id WHERE c.used > 0"
                )
            },
            "states": {
                numbers[entry]: state for entry, state in db.fetch("SELECT entry_id, state FROM chronicle_undecided")
            },
            "outcomes": {
                numbers[entry]: OUTCOMES[outcome]
                for entry, outcome in db.fetch("SELECT entry_id, outcome FROM growth_decision")
            },
            "awards": {
                (numbers[entry], code.removeprefix("award:")): (account // 8, amount)
                for entry, code, account, amount in db.fetch(
                    "SELECT p.entry_id, u.code, p.credit_id, p.amount FROM ledger_posting p"
                    " JOIN ledger_purpose u ON u.id = p.purpose_id WHERE p.code = 2"
                )
            },
            "grades": {who: facts[who].grade_at(now) for who in people},
            "inviters": {who: inviter for who in people if (inviter := facts[who].inviter) is not None},
        }

    def _lots(self, people: list[int]) -> dict[int, list[tuple[Any, ...]]]:
        rows = db.fetch(
            "SELECT account_id / 8, remaining, reserved, priority, " + MICROS.format("expires_at") + ", "
            + MICROS.format("spendable_from") + " FROM ledger_lot WHERE remaining > 0 ORDER BY id"
        )  # fmt: skip
        found: dict[int, list[tuple[Any, ...]]] = {who: [] for who in people}
        for who, *rest in rows:
            found[who].append(tuple(rest))
        return found

    def _standing(self, people: list[int]) -> dict[int, tuple[int, int]]:
        rows = db.fetch("SELECT resident_id, total, reached_at FROM standing_standing")
        return {who: (total, to_micros(reached)) for who, total, reached in rows if who in people}
