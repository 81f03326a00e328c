"""Invitations: one code per owner, one inviter per buyer, never oneself, never after the order (B-20)."""

from __future__ import annotations

import secrets
from datetime import datetime

from denizen.ground.identity.constants import Right
from denizen.ground.identity.models import FirstOrder, Invitation, InviteCode
from denizen.ground.identity.queries.levels import may
from denizen.ground.identity.rules import may_bind
from denizen.kit import db
from denizen.kit.clock import to_micros
from denizen.kit.explained import Explained

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I: codes are read aloud and copied by hand."""

CODE_LENGTH = 8
LOCK_SQL = "SELECT 1 FROM chronicle_resident WHERE id = %s FOR NO KEY UPDATE"


class UnableToInvite(Explained):
    """The level held now does not allow inviting."""

    sentences = {
        "not_allowed": {
            "en": "Only owners can invite friends; your code counts again once you own a vehicle.",
            "zh": "只有车主可以邀请好友；再次成为车主后，您的邀请码将重新生效。",
        },
    }


class UnableToAcceptInvitation(Explained):
    """The code does not exist or does not count now, is one's own, or the buyer is bound or has ordered already."""

    sentences = {
        "unknown": {
            "en": "There is no such invitation code: please check it.",
            "zh": "没有这个邀请码：请核对后重试。",
        },
        "oneself": {
            "en": "Nobody can invite himself.",
            "zh": "不能使用自己的邀请码。",
        },
        "not_counting": {
            "en": "This invitation code does not count now: its owner does not own a vehicle.",
            "zh": "该邀请码目前无效：其主人目前不是车主。",
        },
        "bound": {
            "en": "You have already accepted an invitation; there is one inviter for each buyer.",
            "zh": "您已接受过邀请；每位购车人只能有一位邀请人。",
        },
        "ordered": {
            "en": "An invitation is accepted before the first order.",
            "zh": "邀请须在首次下单之前接受。",
        },
    }


def issue_invite_code(*, resident_id: int, moment: datetime) -> InviteCode:
    """The resident's one code; asked again, the same. Refused with ``UnableToInvite`` to who may not invite now.

    Who sells his last vehicle keeps the code, but it does not count until he is an owner again.
    """
    db.required()
    if not may(resident_id, Right.INVITE_FRIENDS, moment):
        raise UnableToInvite("not_allowed")
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
        raise UnableToAcceptInvitation("unknown")
    inviter_id = issued.resident_id
    if inviter_id == buyer_id:
        raise UnableToAcceptInvitation("oneself")
    if not may(inviter_id, Right.INVITE_FRIENDS, moment):
        raise UnableToAcceptInvitation("not_counting")
    db.fetch(LOCK_SQL, (buyer_id,))
    if Invitation.objects.filter(buyer_id=buyer_id).exists():
        raise UnableToAcceptInvitation("bound")
    order = FirstOrder.objects.filter(resident_id=buyer_id).first()
    placed_us = to_micros(order.placed_at) if order else None
    if not may_bind(buyer=buyer_id, inviter=inviter_id, bound_us=to_micros(moment), first_order_us=placed_us):
        raise UnableToAcceptInvitation("ordered")
    return Invitation.objects.create(buyer_id=buyer_id, inviter_id=inviter_id, bound_at=moment)


def _fresh_code() -> str:
    """A code nobody has; with 32 to the power of 8 of them a second try is already rare."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not InviteCode.objects.filter(code=code).exists():
            return code
