"""Goodwill and surprise points, given freely by authorised staff, with a human reason and within a reported envelope.

No approval stands before an act of goodwill (values plus full authorisation); what was given, to whom, why and at what
cost is recorded. An envelope is a plain budget of points: an overrun shows in ``queries.budget_report``, it blocks
nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from denizen.ground.identity.commands import note_act
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Department, Staff
from denizen.ground.identity.queries import department_of, is_own_matter, may_staff
from denizen.ground.ledger.commands import journal, stock
from denizen.ground.ledger.commands.budgets import fund_in
from denizen.ground.ledger.commands.draft import Draft, Why
from denizen.ground.ledger.commands.pressed import pressed_funding
from denizen.ground.ledger.constants import REASON_LENGTH_MIN, Asset, Code, account_code, owner, wallet
from denizen.ground.ledger.models import Account, PostingReason
from denizen.kit import db
from denizen.kit.clock import to_micros

KEY_LOCK_SQL = "SELECT pg_advisory_xact_lock(hashtextextended('ledger grant ' || %s, 0))"
"""One key is looked at by one at a time, also when it is sent for two residents."""


class UnableToGrant(ValueError):
    """No permission or post, no human reason, one's own account, no such envelope, or a key used for something else."""


class GrantKind(StrEnum):
    """What a grant is; also the code of its postings' purpose."""

    GOODWILL = "goodwill"
    SURPRISE = "surprise"


PERMISSIONS = {
    GrantKind.GOODWILL: Permission.GRANTS_GOODWILL,
    GrantKind.SURPRISE: Permission.GRANTS_SURPRISE,
}


def grant(
    *,
    actor: Staff,
    resident: int,
    amount: int,
    reason: str,
    envelope: str,
    moment: datetime,
    kind: GrantKind = GrantKind.GOODWILL,
    lot_days: int | None = None,
    key: str | None = None,
) -> int:
    """Give ``amount`` points out of the budget ``envelope``; returns the posting's id.

    ``lot_days``: life of the points, none means for ever. The same ``key`` again gives nothing and answers with the
    same posting. Debt is repaid first. Raises ``UnableToGrant``. Rows B-34, A-27.
    """
    department = check_actor(actor=actor, permission=PERMISSIONS[kind], residents=[resident], moment=moment)
    words = check_reason(reason)
    if amount <= 0:
        raise UnableToGrant(_("A grant is at least 1 point."))
    account = envelope_account(envelope)
    if key is not None:
        db.fetch(KEY_LOCK_SQL, (key,))
    journal.lock([resident])
    known = _known(key, account, resident, amount)
    if known is not None:
        return known
    draft = Draft()
    at = to_micros(moment)
    why = Why(journal.purpose_ids([kind])[kind], at, at)
    place = draft.post(Code.GOODWILL, account, wallet(resident), amount, why)
    expires_at = None if lot_days is None else to_micros(moment + timedelta(days=lot_days))
    stock.settle_debts(draft, {resident: [draft.open_lot(place, amount, expires_at=expires_at)]}, moment)
    posting = draft.write()[place]
    PostingReason.objects.create(posting_id=posting, staff=actor, department=department, reason=words, key=key)
    note_act(
        actor=actor,
        act=f"points.{kind}",
        subject_kind="resident",
        subject_id=str(resident),
        details={"posting": posting, "points": amount, "envelope": envelope},
        moment=moment,
    )
    return posting


def fund_envelope(*, actor: Staff, envelope: str, amount: int, reason: str, moment: datetime) -> int:
    """Put ``amount`` points from the mint into an envelope, by whoever may approve corrections; the posting's id.

    The same by the same person within half a minute is one funding.
    """
    department = check_actor(actor=actor, permission=Permission.CORRECTIONS_APPROVE, residents=[], moment=moment)
    words = check_reason(reason)
    account = envelope_account(envelope)
    known = pressed_funding(actor=actor, envelope=account, amount=amount, reason=words, moment=moment)
    if known is not None:
        return known
    at = to_micros(moment)
    draft = Draft()
    why = Why(journal.purpose_ids(["funding"])["funding"], at, at)
    place = fund_in(draft, code=envelope, asset=Asset.POINTS, amount=amount, why=why)
    posting = draft.write()[place]
    PostingReason.objects.create(posting_id=posting, staff=actor, department=department, reason=words)
    note_act(
        actor=actor,
        act="envelope.funded",
        subject_kind="budget",
        subject_id=envelope,
        details={"posting": posting, "points": amount},
        moment=moment,
    )
    return posting


def check_actor(*, actor: Staff, permission: Permission, residents: list[int], moment: datetime) -> Department:
    """The department the act is done for. Raises ``UnableToGrant``."""
    db.required()
    if not may_staff(actor, permission, moment):
        raise UnableToGrant(
            _("This needs a permission you do not hold now: %(permission)s.") % {"permission": permission}
        )
    department = department_of(actor, moment)
    if department is None:
        raise UnableToGrant(_("Only who holds a post can act: every act names its department."))
    if is_own_matter(actor, residents):
        raise UnableToGrant(_("Nobody gives points to himself or decides about his own."))
    return department


def check_reason(reason: str) -> str:
    """The reason, trimmed. Raises ``UnableToGrant`` when it says too little."""
    words = " ".join(reason.split())
    if len(words) < REASON_LENGTH_MIN:
        raise UnableToGrant(_("A human reason of at least %(count)d characters is due.") % {"count": REASON_LENGTH_MIN})
    return words


def envelope_account(envelope: str) -> int:
    name = account_code(envelope, Asset.POINTS)
    account = Account.objects.filter(code=name).values_list("pk", flat=True).first()
    if account is None:
        raise UnableToGrant(_("There is no envelope %(envelope)s.") % {"envelope": envelope})
    return account


def _known(key: str | None, account: int, resident: int, amount: int) -> int | None:
    if key is None:
        return None
    known = PostingReason.objects.select_related("posting").filter(key=key).first()
    if known is None:
        return None
    row = known.posting
    if (row.debit_id, owner(row.credit_id), row.amount) != (account, resident, amount):
        raise UnableToGrant(_("This form has already given another grant."))
    return row.pk
