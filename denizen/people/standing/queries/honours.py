"""Honours: who was honoured by whom, for what and when, and whether the record is still the signed one (D-20)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from denizen.ground.identity.models import Staff
from denizen.people.standing.models import Honour, HonourReason
from denizen.people.standing.rules import honour_text, reason_digest

KEY_SALT = "denizen.people.standing.honour"


@dataclass(frozen=True, slots=True)
class HonourRecord:
    """An honour as shown on a profile. ``reason`` is None for guests, and once its words were erased.

    ``signed``: the record, and its reason unless erased, is what the city signed when it was given.
    """

    public_id: UUID
    title_en: str
    title_zh: str
    reason: str | None
    given_by: str
    department_en: str
    department_zh: str
    given_at: datetime
    signed: bool


def honours_for(viewer: int | Staff | None, resident: int) -> list[HonourRecord]:
    """The honours of ``resident``, latest first, each with its signature checked.

    ``viewer``: key of the resident or the staff member who looks; a guest (None) is not told the reason. Two queries.
    """
    honours = list(
        Honour.objects.filter(resident=resident)
        .select_related("resident", "staff", "department")
        .order_by("-given_at", "-pk")
    )
    reasons = HonourReason.objects.in_bulk([honour.pk for honour in honours]) if honours else {}
    return [_record(honour, reasons.get(honour.pk), told=viewer is not None) for honour in honours]


def unsigned_honours(limit: int) -> list[UUID]:
    """Public ids of up to ``limit`` honours whose record is not what was signed. For the city's proofs."""
    found = []
    for reason in HonourReason.objects.select_related(
        "honour__resident", "honour__staff", "honour__department"
    ).iterator():
        if not is_signed(reason.honour, reason):
            found.append(reason.honour.public_id)
            if len(found) == limit:
                break
    return found


def signature_of(honour: Honour, secret: str) -> str:
    """HMAC-SHA256 over the honour's lines, with a key derived from ``secret`` for this purpose only."""
    text = honour_text(
        public_id=honour.public_id,
        resident=honour.resident.public_id,
        titles=(honour.title_en, honour.title_zh),
        reason=honour.reason_digest,
        giver=(honour.staff.public_id, honour.department.code),
        given_at=honour.given_at,
    )
    return salted_hmac(KEY_SALT, text, secret=secret, algorithm="sha256").hexdigest()


def is_signed(honour: Honour, reason: HonourReason | None) -> bool:
    """Whether the city signed this record, with its present secret or one it had before."""
    if reason is not None and reason.reason and reason_digest(reason.salt, reason.reason) != honour.reason_digest:
        return False
    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return any(hmac.compare_digest(signature_of(honour, secret), honour.signature) for secret in secrets)


def _record(honour: Honour, reason: HonourReason | None, *, told: bool) -> HonourRecord:
    return HonourRecord(
        public_id=honour.public_id,
        title_en=honour.title_en,
        title_zh=honour.title_zh,
        reason=(reason.reason or None) if reason is not None and told else None,
        given_by=honour.staff.name,
        department_en=honour.department.title_en,
        department_zh=honour.department.title_zh,
        given_at=honour.given_at,
        signed=is_signed(honour, reason),
    )
