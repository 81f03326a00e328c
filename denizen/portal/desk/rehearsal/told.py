"""A dry run in words: receipts, movements, and everybody before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.identity.queries import names_of
from denizen.ground.ledger.queries import Asset, Code, Moved, Side, Slot
from denizen.people.growth.commands.rehearse import Holdings, Person, Rehearsal
from denizen.people.growth.queries import Receipt
from denizen.people.rulebook.queries import book_numbers, condition_words
from denizen.people.standing.constants import CLASS_TITLES
from denizen.portal.desk.envelopes import envelope_choices
from denizen.portal.receipts import Told, told
from denizen.portal.words import chinese, spoken
from denizen.shell.figures import grouped, moment

NOT_MET = "refused"


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    """One receipt: its card, and every rule that was asked. ``asks``: by code, what a rule asks for that was not so."""

    card: Told
    receipt: Receipt
    state: str
    asks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PersonTold:
    """Somebody before and after: what, before, after, and whether it changed."""

    name: str
    rows: tuple[tuple[str, str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class MovedTold:
    """One posting of the ledger in words."""

    what: str
    source: str
    target: str
    amount: int
    unit: str
    when: str


@dataclass(frozen=True, slots=True)
class RehearsalTold:
    """The whole answer."""

    receipts: tuple[ReceiptTold, ...]
    people: tuple[PersonTold, ...]
    moved: tuple[MovedTold, ...]


def rehearsal_told(found: Rehearsal, *, newcomer: bool) -> RehearsalTold:
    """``found`` in the reader's language. With ``newcomer`` the resident was made up for the trial."""
    names = names_of(person.resident for person in found.people)
    accounts = _account_titles()
    receipts = [(each.receipt, each.state) for each in found.tried if each.receipt is not None]
    receipts += [(receipt, "decided") for receipt in found.followed]
    return RehearsalTold(
        receipts=tuple(
            ReceiptTold(told(receipt, found.decided_at, link=False), receipt, state, _asks(receipt))
            for receipt, state in receipts
        ),
        people=tuple(_person(person, names, newcomer) for person in found.people),
        moved=tuple(_moved(moved, names, accounts) for moved in found.moved),
    )


def _asks(receipt: Receipt) -> dict[str, str]:
    """The exact conditions, for the desk: the resident reads what the rule encourages, staff what was missing."""
    book = book_numbers([receipt.book]).get(receipt.book) if receipt.book is not None else None
    rules = [book.rule(line.rule) for line in receipt.lines if line.outcome == NOT_MET] if book is not None else []
    return {rule.code: spoken(condition_words(rule, SHAPES)) for rule in rules if rule is not None}


def _name(resident: int, names: Mapping[int, str], newcomer: bool = True) -> str:
    return names.get(resident) or (_("A new resident") if newcomer else _("a resident"))


def _person(person: Person, names: Mapping[int, str], newcomer: bool) -> PersonTold:
    before, after = _told_holdings(person.before), _told_holdings(person.after)
    return PersonTold(
        _name(person.resident, names, newcomer),
        tuple((what, was, now, was != now) for (what, was), (_what, now) in zip(before, after, strict=True)),
    )


def _told_holdings(held: Holdings) -> list[tuple[str, str]]:
    titles = {code: f"{names[1 if chinese() else 0]}" for code, names in CLASS_TITLES.items()}
    return [
        (_("Points to use now"), grouped(held.available)),
        (_("Points to use later"), grouped(held.waiting)),
        (_("Set aside"), grouped(held.reserved)),
        (_("Still owed"), grouped(held.debt)),
        *((titles[code], f"{grouped(amount)} n") for code, amount in held.contribution),
        (_("Place by contribution"), grouped(held.rank) if held.rank else "–"),
    ]


def _account_titles() -> dict[str, str]:
    """Accounts of the city in words, by their codes; envelopes by the titles of the book in force."""
    envelopes = {f"{Asset.POINTS.name.lower()}:{code}": title for code, title in envelope_choices()}
    issue, spent = _("New issue"), _("The shops")
    return {**envelopes, "mint": issue, "contribution mint": issue, "redeemed": spent, "expired": _("Ended points")}


def _moved(moved: Moved, names: Mapping[int, str], accounts: Mapping[str, str]) -> MovedTold:
    slots = {side.slot for side in (moved.debit, moved.credit)}
    contribution = not slots.isdisjoint({Slot.INTERACTION, Slot.DEVELOPMENT, Slot.EFFICIENCY, Slot.SPECIAL})
    return MovedTold(
        what=_what(moved.code),
        source=_side(moved.debit, names, accounts),
        target=_side(moved.credit, names, accounts),
        amount=moved.amount,
        unit="n" if contribution else "",
        when=_life(moved),
    )


def _what(code: Code) -> str:
    return {
        Code.AWARD: _("Earned"), Code.REVERSE: _("Taken back"), Code.REPAY: _("Made up for what was owed"),
        Code.EXPIRE: _("Ended"), Code.CLAW_BACK: _("Taken back"),
    }.get(code, code.name.lower())  # fmt: skip


def _side(side: Side, names: Mapping[int, str], accounts: Mapping[str, str]) -> str:
    return _name(side.resident, names) if side.resident is not None else accounts.get(side.code, side.code)


def _life(moved: Moved) -> str:
    """From when and until when points can be used."""
    parts = []
    if moved.spendable_from is not None:
        parts.append(_("from %(moment)s") % {"moment": moment(moved.spendable_from)})
    if moved.expires_at is not None:
        parts.append(_("until %(moment)s") % {"moment": moment(moved.expires_at)})
    return " ".join(parts)
