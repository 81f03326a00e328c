"""Budgets: system accounts awards are paid from. A plain one may overrun and is reported; a limited one never does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from denizen.ground.ledger.commands import journal
from denizen.ground.ledger.commands.draft import Draft, Why
from denizen.ground.ledger.constants import (
    CONTRIBUTION_BUDGET_MIN,
    CONTRIBUTION_MINT,
    CONTRIBUTION_SYSTEM_MIN,
    POINTS_BUDGET_MIN,
    POINTS_MINT,
    RESIDENT_ACCOUNT_MIN,
    Asset,
    Code,
    Role,
    account_code,
)
from denizen.ground.ledger.models import Account
from denizen.kit import db
from denizen.kit.clock import to_micros

RANGES = {
    Asset.POINTS: (POINTS_BUDGET_MIN, CONTRIBUTION_SYSTEM_MIN),
    Asset.CONTRIBUTION: (CONTRIBUTION_BUDGET_MIN, RESIDENT_ACCOUNT_MIN),
}
MINTS = {Asset.POINTS: POINTS_MINT, Asset.CONTRIBUTION: CONTRIBUTION_MINT}
OPENING_LOCK = 0x6C656467
BOOK_PURPOSE = "book:"


class UnableToOpenBudget(ValueError):
    """The numbers for system accounts are used up, or the budget exists with the other kind of limit."""


def open_budget(*, code: str, limited: bool, asset: Asset = Asset.POINTS) -> int:
    """The account of a budget, opened if new. Raises ``UnableToOpenBudget`` when it exists with the other limit."""
    name = account_code(code, asset)
    _ensure({name: asset}, Role.LIMITED_BUDGET if limited else Role.BUDGET)
    account = Account.objects.get(code=name)
    if (account.role == Role.LIMITED_BUDGET) != limited:
        raise UnableToOpenBudget(f"the budget {code} exists and its limit differs")
    return account.pk


def budget_accounts(codes: Iterable[str]) -> dict[tuple[str, str], int]:
    """The accounts of budgets by (code, ``"points"`` or ``"contribution"``); missing ones are opened without limit.

    Opening needs an open transaction.
    """
    wanted = {account_code(code, asset): (code, asset.name.lower()) for code in codes for asset in Asset}
    accounts = _ensure({name: Asset[asset.upper()] for name, (_, asset) in wanted.items()}, Role.BUDGET)
    return {wanted[name]: account for name, account in accounts.items()}


def _ensure(wanted: Mapping[str, Asset], role: Role) -> dict[str, int]:
    """Accounts by name; missing ones are opened in ``role``."""
    known = _known(wanted)
    if len(known) == len(wanted):
        return known
    db.required()
    db.execute("SELECT pg_advisory_xact_lock(%s)", (OPENING_LOCK,))
    known = _known(wanted)
    for asset in Asset:
        _open([name for name in sorted(wanted) if name not in known and wanted[name] is asset], role, asset)
    return _known(wanted)


def fund(*, code: str, amount: int, purpose: str, entry: int, moment: datetime, asset: Asset = Asset.POINTS) -> int:
    """Put ``amount`` from the mint into an existing budget; returns the posting's id.

    ``entry`` is the recorded decision to fund; staff fund by ``grants.fund_envelope``. Raises ``LookupError``.
    """
    db.required()
    number = journal.purpose_ids([purpose])[purpose]
    draft = Draft()
    place = fund_in(draft, code=code, asset=asset, amount=amount, why=_why(number, moment, entry))
    return draft.write()[place]


def endow(*, code: str, total: int, book: int, moment: datetime) -> int | None:
    """Bring what a limited budget was given in all up to ``total``, as version ``book`` of the rule book publishes it.

    Returns the posting's id, None when it was given that much already: what was promised once is not taken back here.
    The posting's purpose names the version, whose two persons answer for it.
    """
    db.required()
    account = Account.objects.select_for_update(no_key=True).get(code=account_code(code, Asset.POINTS))
    given = db.fetch(
        "SELECT coalesce(sum(amount), 0) FROM ledger_posting WHERE credit_id = %s AND code = %s",
        (account.pk, Code.FUND.value),
    )[0][0]
    if given >= total:
        return None
    purpose = f"{BOOK_PURPOSE}{book}"
    draft = Draft()
    why = _why(journal.purpose_ids([purpose])[purpose], moment, None)
    place = fund_in(draft, code=code, asset=Asset.POINTS, amount=int(total - given), why=why)
    return draft.write()[place]


def fund_in(draft: Draft, *, code: str, asset: Asset, amount: int, why: Why) -> int:
    account = Account.objects.filter(code=account_code(code, asset)).values_list("pk", flat=True).first()
    if account is None:
        raise LookupError(f"there is no budget {code} of {asset.name.lower()}")
    return draft.post(Code.FUND, MINTS[asset], account, amount, why)


def _known(names: Iterable[str]) -> dict[str, int]:
    return {
        name: account
        for account, name in Account.objects.filter(code__in=list(names)).values_list("pk", "code")
        if name
    }


def _open(names: Sequence[str], role: Role, asset: Asset) -> None:
    first, end = RANGES[asset]
    highest = db.fetch("SELECT max(id) FROM ledger_account WHERE id >= %s AND id < %s", (first, end))[0][0]
    start = first if highest is None else highest + 1
    if start + len(names) > end:
        raise UnableToOpenBudget(f"no numbers are left for budgets of {asset.name.lower()}")
    Account.objects.bulk_create([Account(id=start + i, code=name, role=role) for i, name in enumerate(names)])


def _why(purpose: int, moment: datetime, entry: int | None) -> Why:
    at = to_micros(moment)
    return Why(purpose, at, at, entry)
