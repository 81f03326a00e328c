"""Invitations: one code per owner, one inviter per buyer, never oneself, never after the order (B-20)."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.identity.constants import Right
from denizen.ground.identity.models import FirstOrder, Invitation, InviteCode
from denizen.ground.identity.queries.levels import may
from denizen.ground.identity.rules import may_bind
from denizen.kit import db
from denizen.kit.clock import to_micros

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I: codes are read aloud and copied by hand."""

CODE_LENGTH = 8
LOCK_SQL = "SELECT 1 FROM chronicle_resident WHERE id = %s FOR NO KEY UPDATE"


class UnableToInvite(Exception):
    """The level held now does not allow inviting."""


class UnableToAcceptInvitation(Exception):
    """The code does not exist or does not count now, is one's own, or the buyer is bound or has ordered already."""


def issue_invite_code(*, resident_id: int, moment: datetime) -> InviteCode:
    """The resident's one code; asked again, the same. Refused with ``UnableToInvite`` to who may not invite now.

    Who sells his last vehicle keeps the code, but it does not count until he is an owner again.
    """
    db.required()
    if not may(resident_id, Right.INVITE_FRIENDS, moment):
        raise UnableToInvite(_("Only owners can invite friends."))
    db.fetch(LOCK_SQL, (resident_id,))
    existing = InviteCode.objects.filter(resident_id=resident_id).first()
    return existing or InviteCode.objects.create(resident_id=resident_id, code=_fresh_code(), issued_at=moment)


def accept_invitation(*, buyer_id: int, code: str, moment: datetime) -> Invitation:
    """Bind ``buyer_id`` to who issued ``code``. Of two claims at once exactly one is bound.

    Refused with ``UnableToAcceptInvitation``; the caller records the entry of an accepted one in the same transaction.
    """
    db.required()
    issued = InviteCode.objects.filter(code=code.strip().upper()).first()
    if issued is None:
        raise UnableToAcceptInvitation(_("There is no such invitation code."))
    inviter_id = issued.resident_id
    if inviter_id == buyer_id:
        raise UnableToAcceptInvitation(_("Nobody can invite himself."))
    if not may(inviter_id, Right.INVITE_FRIENDS, moment):
        raise UnableToAcceptInvitation(_("This invitation code does not count now."))
    db.fetch(LOCK_SQL, (buyer_id,))
    if Invitation.objects.filter(buyer_id=buyer_id).exists():
        raise UnableToAcceptInvitation(_("You have already accepted an invitation."))
    order = FirstOrder.objects.filter(resident_id=buyer_id).first()
    placed_us = to_micros(order.placed_at) if order else None
    if not may_bind(buyer=buyer_id, inviter=inviter_id, bound_us=to_micros(moment), first_order_us=placed_us):
        raise UnableToAcceptInvitation(_("An invitation is accepted before the first order."))
    return Invitation.objects.create(buyer_id=buyer_id, inviter_id=inviter_id, bound_at=moment)


def _fresh_code() -> str:
    """A code nobody has; with 32 to the power of 8 of them a second try is already rare."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
        if not InviteCode.objects.filter(code=code).exists():
            return code
